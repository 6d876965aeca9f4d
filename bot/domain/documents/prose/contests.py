"""Tables of contests: two sides, which of them is picked to win and how likely, and sometimes who won."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.documents.prose.candidates import Candidate, OptionWords
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.outcomes import read_outcome_cell
from bot.domain.documents.prose.probabilities import Stated, may_state, read_cell
from bot.domain.documents.prose.shapes import Block
from bot.domain.documents.prose.stated import NUMBER
from bot.domain.documents.prose.verdict_words import Meaning, Verdict
from bot.domain.types import Kind, Sureness

_PICK = re.compile(
    r"\b(?:picks?|predict\w*|forecast\w*|favou?rites?|projected|expected|winners?|tips?|call|choice|my)\b", re.IGNORECASE
)
_CHANCE = re.compile(
    r"probab|\bprob\b|confidence|chance|likelihood|certainty|\bodds\b|win\s*(?:%|pct|prob)|^\W*[p%]\W*$", re.IGNORECASE
)
_MEASURED = re.compile(
    r"possession|shots?|share|attendance|poll|season|record|average|historical|accuracy|last", re.IGNORECASE
)
_RESULT = re.compile(
    r"\b(?:winner|won|results?|actual|real|final|outcome|score|correct|right|hit|✅|✓)\b|[✅✓]", re.IGNORECASE
)
_DAY = re.compile(r"\b(?:date|day|kick-?off|when)\b", re.IGNORECASE)
_NAMED_SHARE = re.compile(
    rf"(?P<name>[^\W\d_][^%|\n]{{0,60}}?)\s*[(:\[–—-]*\s*(?P<share>{NUMBER}\s?%)\s*[)\]]?|(?P<first>{NUMBER}\s?%)\s*[:–—-]?\s*(?P<behind>[^\W\d_][^%|\n]{{0,60}})"
)
_VERSUS = re.compile(r"\s{1,20}(?:vs?\.?|versus|at|against|[@x×–—-])\s{1,20}", re.IGNORECASE)
_SIDE_CHANCE = re.compile(
    r"\W{0,20}(?:p|prob(?:ability)?|chance)?\W{0,20}(?:home|away|draw|tie|[12x]|team\s?[12ab]|host|guest|visitors?)\W{0,20}(?:wins?|team)?\W{0,20}(?:%|prob\w*|chance|odds|pct)?\W{0,20}",
    re.IGNORECASE,
)
_HOME = re.compile(r"home|host|(?:\b|team\s?)(?:1|a)\b", re.IGNORECASE)
_TOLERANCE = 0.025
_DRAWN = ("draw", "tie", "drawn", "x")
_LONGEST_NAME = 6
_MOST = 0.6


def read_contests(rows: list[tuple[int, Block]]) -> list[Candidate]:
    """One prediction for each row of a table in which a side that stands in the row is picked with a probability; else none.

    The pick and its probability share a cell ("PHI 73.0%"), or the pick has a column and its probability another. Who won is
    read from a column that names a side of the row; a row without one is open."""
    header = rows[0][1].header
    if not any(may_state(row.text) for _, row in rows[:20]):
        return []
    width = max(len(header), *(len(row.cells) for _, row in rows))
    names = [header[at] if at < len(header) else "" for at in range(width)]
    for pick in range(width):
        joined = sum(_pick_in(_cell(row, pick)) is not None for _, row in rows) >= _MOST * len(rows)
        if not joined and not _PICK.search(names[pick]):
            continue
        shares = (
            [pick]
            if joined
            else [at for at in range(width) if at != pick and _CHANCE.search(names[at]) and not _MEASURED.search(names[at])]
        )
        if not shares:
            continue
        found = [
            made
            for index, row in rows
            if (made := _contest(index, row, names, pick, None if joined else shares[0])) is not None
        ]
        if len(found) >= max(1, _MOST * len(rows)):
            return found
    return _shared(rows, names)


def _shared(rows: list[tuple[int, Block]], names: list[str]) -> list[Candidate]:
    """Contests with a probability for each outcome, in columns that sum to one: questions with two or three options."""
    columns = [at for at, name in enumerate(names) if _SIDE_CHANCE.fullmatch(name) and not _MEASURED.search(name)]
    found: list[Candidate] = []
    for index, row in rows:
        shares = {at: stated.value for at in columns if (stated := read_cell(_cell(row, at))) and stated.value is not None}
        sides, at_sides = _sides(row, None, None)
        if len(shares) not in (2, 3) or len(sides) != 2 or abs(sum(shares.values()) - 1) > _TOLERANCE:
            continue
        named = [name for name in sides if name.casefold() not in _DRAWN]
        drawn = next((at for at in shares if re.search(r"draw|tie|^\W*x\W*$", names[at], re.IGNORECASE)), None)
        if len(named) != 2 or (len(shares) == 3) != (drawn is not None):
            continue
        home = int(_is_away_first(row, names, at_sides))
        options = tuple(
            OptionWords("Draw" if at == drawn else sides[home if _HOME.search(names[at]) else 1 - home], share)
            for at, share in shares.items()
        )
        if len({option.name for option in options}) < len(options):
            continue
        words = " | ".join(_cell(row, at) for at in at_sides)
        found.append(
            Candidate(
                index,
                row.line,
                words,
                "a row of a table of contests",
                Sureness.HIGH,
                kind=Kind.MULTIPLE_CHOICE,
                options=options,
                statement=f"Who wins: {sides[0]} – {sides[1]}?",
            )
        )
    return found if len(found) >= _MOST * len(rows) else []


def _contest(index: int, row: Block, names: list[str], pick: int, share: int | None) -> Candidate | None:
    if share is None:
        picked = _pick_in(_cell(row, pick))
        if picked is None:
            return None
        name, stated = picked
    else:
        name, stated = _plain(_cell(row, pick)), read_cell(_cell(row, share))
    if not name or stated is None:
        return None
    sides, at_sides = _sides(row, pick, share)
    is_draw = name.casefold() in _DRAWN
    own = [side for side in sides if _same(side, name)]
    if len(sides) != 2 or (len(own) != 1 and not is_draw):
        return None
    statement = f"{'Draw' if is_draw else f'{name} to win'} ({sides[0]} – {sides[1]})"
    return Candidate(
        index,
        row.line,
        " | ".join([*(_cell(row, at) for at in at_sides), name]),
        "a row of a table of contests",
        Sureness.HIGH,
        stated,
        verdict=_verdict(row, names, {pick, share, *at_sides}, sides, own[0] if own else None),
        window_words=next((_cell(row, at) for at, called in enumerate(names) if _DAY.search(called)), None) or None,
        statement=statement,
    )


def _is_away_first(row: Block, names: list[str], at_sides: list[int]) -> bool:
    """Whether the side named first is the guest: below "Away", or in "Bears @ Lions"."""
    if len(at_sides) == 1:
        return re.search(r"\s(?:@|at)\s", _cell(row, at_sides[0])) is not None and not any(
            re.search(r"[12ab]\b", name, re.IGNORECASE) for name in names
        )
    return re.search(r"away|guest|visitor", names[at_sides[0]], re.IGNORECASE) is not None


def _sides(row: Block, pick: int | None, share: int | None) -> tuple[list[str], list[int]]:
    """The two sides that a row names: in one cell ("A vs B"), or in the first two cells of words before or after the pick."""
    at_names: list[int] = []
    for at in range(len(row.cells)):
        cell = _plain(_cell(row, at))
        if at in (pick, share) or not re.search(r"[^\W\d_]", cell):
            continue
        parts = [part.strip() for part in _VERSUS.split(cell, maxsplit=1)]
        if len(parts) == 2 and all(re.match(r"[^\W_]", part) and _is_name(part) for part in parts):
            return parts, [at]
        if _is_name(cell) and not re.search(r"\d\s?[-–:/]\s?\d", cell):
            at_names.append(at)
    return [_plain(_cell(row, at)) for at in at_names[:2]], at_names[:2]


def _verdict(row: Block, names: list[str], used: set[int | None], sides: list[str], own: str | None) -> Verdict | None:
    """Whether the picked side won, by a column that names who did or that says whether the pick was right."""
    for at, called in enumerate(names):
        cell = _plain(_cell(row, at))
        if at in used or not _RESULT.search(called) or not cell:
            continue
        words = re.sub(r"[\d\W_]+", " ", cell).strip()
        won = [side for side in sides if _same(side, words)] if words else []
        if len(won) == 1:
            return Verdict(Meaning.EVENT, won[0] == own, cell)
        if words.casefold() in _DRAWN:
            return Verdict(Meaning.EVENT, own is None, cell)
        if verdict := read_outcome_cell(_cell(row, at), called):
            return replace(verdict, meaning=Meaning.EVENT)
    return None


def _pick_in(cell: str) -> tuple[str, Stated] | None:
    found = _NAMED_SHARE.fullmatch(_plain(cell))
    if found is None:
        return None
    name = tidy(found["name"] or found["behind"]).strip(" :–—-([)]")
    stated = read_cell(found["share"] or found["first"])
    return (name, stated) if stated is not None and _is_name(name) else None


def _same(side: str, name: str) -> bool:
    """Whether two ways to write a name mean one side: "Lakers" and "Los Angeles Lakers"."""
    ours, theirs = side.casefold().split(), name.casefold().split()
    shorter, longer = sorted((ours, theirs), key=len)
    return bool(shorter) and set(shorter) <= set(longer)


def _is_name(text: str) -> bool:
    return 1 <= len(text.split()) <= _LONGEST_NAME and len(text) <= 60


def _plain(cell: str) -> str:
    return cell.strip().strip("*_~` ")


def _cell(row: Block, at: int) -> str:
    return row.cells[at].strip() if at < len(row.cells) else ""
