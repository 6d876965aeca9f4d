"""Tables and CSV: which column holds the statements, which the author's probabilities, which the outcomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.documents.columns.days import Days, order_of, read_days
from bot.domain.documents.columns.shares import Shares, read_shares
from bot.domain.documents.columns.text import rows_of
from bot.domain.documents.prose.candidates import Candidate, Omission
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.leads import unreadable
from bot.domain.documents.prose.outcomes import read_outcome_cell
from bot.domain.documents.prose.probabilities import Form, Stated, read_cell
from bot.domain.documents.prose.sections import tier_of
from bot.domain.documents.prose.sentences import has_predicate, is_question
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.documents.prose.verdict_words import Meaning, Verdict
from bot.domain.documents.prose.windows import find_terms
from bot.domain.types import Kind, Sureness

MAX_CELLS = 60
_STATEMENT = re.compile(
    r"\b(?:predictions?|questions?|statements?|claims?|events?|propositions?|forecasts?|what|item|topic|bets?|scenario|thesis|description|aussage|prédiction|vorhersage)\b",
    re.IGNORECASE,
)
_PROBABILITY = re.compile(
    r"\bsure|how\s+(?:sure|likely)|probab|confidence|likelihood|\bodds\b|chance|credence|certainty|\bprob\b|^\W*p\W*$|^\W*%\W*$|p\(|estimate|forecast|prediction|wahrscheinlich|sannolik|\bmine\b|\bme\b|^i\b|my\b",
    re.IGNORECASE,
)
_OUTCOME = re.compile(
    r"how\s+(?:it|they)\s+(?:went|did)|did\s+it|pass(?:ed)?\b|came|yes/no|y/n|outcome|result|happened|resolution|resolved|correct|\btrue\b|came\s+true|verdict|status|actual|right\??|\bhit\b|answer|grade|ergebnis|ausgang|résultat|resultado|risultato|esito|uitkomst|eingetreten|✅|✓",
    re.IGNORECASE,
)
_WINDOW = re.compile(
    r"\bwhen\b|\bby\b|date|deadline|time\s?(?:line|frame|horizon)?|horizon|expected|\beta\b|quarter|year|resolves|due|target|window",
    re.IGNORECASE,
)
_RESOLVES = re.compile(r"resol|decided|settle|\bby\b|\bdue\b|deadline|target", re.IGNORECASE)
_CLOSES = re.compile(r"clos", re.IGNORECASE)
_ANSWER = re.compile(
    r"\b(?:answers?|guess(?:es)?|picks?|calls?|predict(?:ed|ion)s?(?:\s+(?:made|answer|outcome|result))?|my\s+(?:answer|call|view)|yes/no)\b",
    re.IGNORECASE,
)
"""What the author thinks will happen, where another column has what did."""
_HAPPENED = re.compile(
    r"outcome|result|resol(?:ution|ved)|happened|actual|came\s+true|correct|ergebnis|ausgang|résultat|resultado|esito|uitkomst",
    re.IGNORECASE,
)
_SURE_OF_ANSWER = re.compile(r"confiden|certain|\bsure", re.IGNORECASE)
_BEGINS = re.compile(r"\b(?:start|begin(?:s|ning)?|from)\b", re.IGNORECASE)
_MADE = re.compile(
    r"(?:prediction|made|created|asked|written)\s*(?:date|on)?|date\s+(?:made|predicted|created)|predicted\s+on",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"ticker|company|country|team|subject|asset|symbol|product|entity|area|category|topic|domain|model", re.IGNORECASE
)
_FORECASTER = re.compile(
    r"\b(?:who|by\s+whom|authors?|forecasters?|predictors?|users?(?:\s?names?)?|person|member|name|from|made\s+by)\b",
    re.IGNORECASE,
)
_CRITERIA = re.compile(
    r"criteri|resolution\s+source|how\s+(?:judged|resolved)|notes?\b|comments?|details|reason|rationale|why", re.IGNORECASE
)
_MINE = re.compile(r"\b(?:my|mine|me|i|our|own|author)\b|['’]s\s", re.IGNORECASE)
_OTHER = re.compile(
    r"market|metaculus|polymarket|manifold|predictit|kalshi|crowd|median|average|mean|consensus|community|others?|readers?|base\s*rate|super\s?forecasters?|experts?|538|baseline|prior|last\s+year|previous|\bconditional|\bgiven\b",
    re.IGNORECASE,
)
_CALIBRATION = re.compile(
    r"\b(?:bin|bucket|count|n|number|total|said|brier|calibration|score|right|wrong|correct|accuracy|hit\s+rate|frequency|observed)\b|#",
    re.IGNORECASE,
)
_MONEY = re.compile(r"\b(?:price|stake|payout|profit|bought|shares?|position|cost|bet\s+size|return|pnl)\b", re.IGNORECASE)
_TIER_WORDS = re.compile(
    r"(?:very\s+)?(?:high|medium|moderate|low|likely|unlikely|possible|probable|certain)", re.IGNORECASE
)
_MEASURE = re.compile(r"\W*(?:precision|recall|f1|accuracy|coverage)\W*", re.IGNORECASE)
_NAMES_STATEMENTS = re.compile(r"\W*(?:my\s+)?(?:predictions?|questions?|events?|claims?|statements?)\W*$", re.IGNORECASE)
_PICK = re.compile(
    r"\W{0,20}(?:will\s{1,20}win|(?:my\s{1,20})?picks?|(?:predicted|projected|expected)\s{1,20}winner|winner)\W{0,20}",
    re.IGNORECASE,
)
_TERSE = 0.8
_SHORT_NAME = 8
_LONGEST_CELL = 25


@dataclass(frozen=True, slots=True)
class _Columns:
    statement: int
    probability: int | None
    outcome: int | None
    window: int | None
    made: int | None
    subject: int | None
    forecaster: int | None
    tier: int | None
    criteria: int | None
    pick: int | None = None
    """Who or what is picked, where the statement only names a prize or a contest."""
    dated: tuple[int, ...] = ()
    """Several columns of probabilities whose names are times: one prediction for each."""
    answer: int | None = None
    """What the author thinks will happen, where the probability is how sure they are of it."""
    shares: dict[int, Shares] = field(default_factory=dict[int, Shares])
    days: dict[int, Days] = field(default_factory=dict[int, Days])


def read_csv(text: str) -> list[Block]:
    """The rows of a CSV as one table's rows, each with its line. Ragged rows are kept. One without names for its columns has none."""
    blocks: list[Block] = []
    header: tuple[str, ...] | None = None
    for line, row in rows_of(text):
        cells = tuple(tidy(cell) for cell in row[:MAX_CELLS])
        if header is None:
            header = tuple(_spaced(cell) for cell in cells)
            if not _is_data(cells):
                continue
            header = ()
        blocks.append(
            Block(BlockKind.ROW, " | ".join(cell for cell in cells if cell), line, cells=cells, header=header, table=1)
        )
    return blocks


def _is_data(cells: tuple[str, ...]) -> bool:
    """Whether the first row of a CSV is a row like the others: it has a number or a day where names would have words."""
    return any(read_shares([cell]).share or read_days([cell]).share for cell in cells if cell.strip())


def read_table(
    rows: list[tuple[int, Block]], *, author: str | None, year: int | None = None
) -> tuple[list[Candidate], Omission | None]:
    """The predictions of one table, given as (index, row); or why it holds none."""
    header = rows[0][1].header
    width = min(max(len(header), max(len(row.cells) for _, row in rows)), MAX_CELLS)
    columns = _columns(header, [row.cells for _, row in rows], width, author, year)
    what = " | ".join(cell for cell in header if cell) or rows[0][1].text
    if isinstance(columns, str):
        return [], Omission(what, columns, rows[0][1].line)
    found: list[Candidate] = []
    for number, (index, row) in enumerate(rows):
        for dated in columns.dated or (None,):
            at = columns if dated is None else replace(columns, probability=dated, window=None)
            candidate = _candidate(index, number, row, at, header)
            if candidate is not None and dated is not None:
                candidate.window_words = f"by {header[dated]}" if re.match(r"\d{4}", header[dated]) else header[dated]
                if candidate.stated is None:
                    continue
            if candidate is not None:
                found.append(candidate)
    return _of_several(found), None


def _of_several(found: list[Candidate]) -> list[Candidate]:
    """Where each row is one person's forecast, one prediction for all rows of a statement, with who said what in its notes."""
    by_statement: dict[str, list[Candidate]] = {}
    for candidate in found:
        by_statement.setdefault(candidate.words.casefold(), []).append(candidate)
    if len(by_statement) == len(found) or not all(candidate.forecaster for candidate in found):
        return found
    kept: list[Candidate] = []
    for rows in by_statement.values():
        first = rows[0]
        if len({candidate.forecaster for candidate in rows}) > 1:
            said = [f"{one.forecaster} {one.stated.raw}" for one in rows if one.stated is not None]
            first.notes += [f"Forecasts in the document: {', '.join(said)}."] if said else []
            first.stated, first.forecaster = None, None
        first.verdict = next((one.verdict for one in rows if one.verdict is not None), None)
        kept.append(first)
    return kept


def _columns(
    header: tuple[str, ...], rows: list[tuple[str, ...]], width: int, author: str | None, year: int | None
) -> _Columns | str:
    by_column = [[row[at].strip() if at < len(row) else "" for row in rows] for at in range(width)]
    names = [_spaced(header[at]) if at < len(header) else "" for at in range(width)]
    order = order_of(by_column)
    days = {at: read_days(by_column[at], order=order) for at in range(width)}
    shares = {at: read_shares(by_column[at], name=names[at]) for at in range(width)}
    dates = [at for at in range(width) if _of_filled(days[at].share, by_column[at]) > 0.5]
    percents = [
        at
        for at in range(width)
        if at not in dates
        and (
            _of_filled(shares[at].share, by_column[at]) > 0.5
            or _share(by_column[at], lambda cell: read_cell(cell) is not None) > 0.5
        )
    ]
    signed = [at for at in percents if shares[at].says_percent or _PROBABILITY.search(names[at]) or not any(names)]
    texts = [
        at
        for at in range(width)
        if at not in percents
        and at not in dates
        and _words(by_column[at]) >= (_TERSE if signed and _NAMES_STATEMENTS.match(names[at]) else 1.3)
    ]
    happened = [
        at
        for at in range(width)
        if _OUTCOME.search(names[at]) and at not in texts[:1] and at not in dates and _is_outcome(by_column[at])
    ]
    outcome = next((at for at in happened if _HAPPENED.search(names[at])), happened[0] if happened else None)
    if outcome is None:
        outcome = next(
            (at for at in range(width) if at not in signed and at not in dates and _is_outcome(by_column[at], least=0.8)),
            None,
        )
    texts = [at for at in texts if at != outcome]
    named = [at for at in texts if _STATEMENT.search(names[at]) and not re.search(r"date|price", names[at], re.IGNORECASE)]
    if not texts:
        return "its cells hold no statements"
    longest = max(
        texts,
        key=lambda at: _words(by_column[at]) - (100 if _CRITERIA.search(names[at]) or _FORECASTER.search(names[at]) else 0),
    )
    statement = named[0] if named and (_words(by_column[named[0]]) >= 2 or len(named) == 1) else longest
    if named and _words(by_column[named[0]]) < 2.5 and len(named) > 1:
        statement = max(named, key=lambda at: _words(by_column[at]))
    probability = _authors_column([at for at in signed if at != outcome], names, author)
    others = [at for at in range(width) if at not in (statement, probability, outcome)]
    tier = next(
        (
            at
            for at in others
            if _PROBABILITY.search(names[at])
            and _share(by_column[at], lambda cell: bool(_TIER_WORDS.search(cell)) or tier_of(cell) is not None) > 0.6
        ),
        None,
    )
    made = next((at for at in others if _MADE.match(names[at]) and "date" in names[at].lower()), None)
    windows = [
        at
        for at in others
        if at != made
        and (_WINDOW.search(names[at]) or (at in dates and (_RESOLVES.search(names[at]) or _CLOSES.search(names[at]))))
        and not re.search(r"outcome|result|resolved", names[at], re.IGNORECASE)
    ]
    # When it is decided beats when forecasts close, and a plain date beats when it begins.
    windows.sort(
        key=lambda at: (not _RESOLVES.search(names[at]), bool(_BEGINS.search(names[at])), bool(_CLOSES.search(names[at])))
    )
    window = windows[0] if windows else None
    if sum(bool(_MEASURE.fullmatch(name)) for name in names) > 1:
        return "a table of measurements"
    if probability is not None and _is_calibration(names, by_column, statement, probability):
        return "a table of how often the author was right, not of predictions"
    says_so = bool(_STATEMENT.search(names[statement])) and not re.fullmatch(
        r"(?i)\W*(?:item|topic|what|event|description)s?\W*", names[statement]
    )
    if (
        probability is None
        and tier is None
        and not (
            (says_so or _share(by_column[statement], is_question) > 0.5)
            and (
                outcome is not None
                or window is not None
                or re.search(r"predict|forecast|bet|claim", names[statement], re.IGNORECASE)
            )
        )
    ):
        return "a table without probabilities, outcomes or dates of predictions"
    if probability is not None and _MONEY.search(names[probability]):
        return "a table of prices or stakes"
    dated = tuple(at for at in signed if at != outcome and find_terms(f"by {names[at]}") and not _OTHER.search(names[at]))
    issued = {at: int(names[at]) for at in dated if re.fullmatch(r"(?:19|20)\d\d", names[at].strip())}
    if year is not None and len(issued) > 1 and year in issued.values() and min(issued.values()) < year:
        # last year's number and this year's: the later one is the document's
        probability, dated = next(at for at, of in issued.items() if of == year), ()
    answer = next(
        (
            at
            for at in others
            if at not in (tier, made, window)
            and _ANSWER.search(names[at])
            and outcome is not None
            and _is_outcome(by_column[at], least=0.8)
        ),
        None,
    )
    if answer is not None and not (
        probability is not None and _is_about_answer(names[probability], shares[probability], by_column[answer])
    ):
        answer = None
    remaining = [at for at in others if at not in (tier, made, window, answer)]
    return _Columns(
        statement,
        probability,
        outcome,
        window,
        made,
        next((at for at in remaining if _SUBJECT.search(names[at])), None),
        next((at for at in remaining if _FORECASTER.search(names[at]) and _words(by_column[at]) > 0), None),
        tier,
        next((at for at in remaining if _CRITERIA.search(names[at])), None),
        next((at for at in others if _PICK.fullmatch(names[at]) and _words(by_column[at]) > 0), None),
        dated if len(dated) > 1 else (),
        answer,
        shares,
        days,
    )


def _authors_column(candidates: list[int], names: list[str], author: str | None) -> int | None:
    """Of several columns of probabilities, the author's: by their name, by "my", or else the first that is no market's."""
    if not candidates:
        return None
    named = [
        at for at in candidates if author and any(part and part in names[at].lower() for part in author.lower().split())
    ]
    mine = [at for at in candidates if re.search(r"\b(?:my|mine|me|i|our|own)\b", names[at], re.IGNORECASE)]
    last = [at for at in candidates if re.search(r"\b(?:final|current|updated|revised|now|new)\b", names[at], re.IGNORECASE)]
    own = [at for at in candidates if not _OTHER.search(names[at])]
    said = [at for at in own if _PROBABILITY.search(names[at])]
    return (named or mine or last or said or own or candidates)[0]


def _candidate(index: int, number: int, row: Block, columns: _Columns, header: tuple[str, ...]) -> Candidate | None:
    def cell(at: int | None) -> str:
        return row.cells[at].strip() if at is not None and at < len(row.cells) else ""

    words = cell(columns.statement)
    if not re.search(r"[^\W\d_]{2}", words) or re.fullmatch(
        r"\W*(?:total|average|mean|sum|overall|score)s?\b.*", words, re.IGNORECASE
    ):
        return None
    if columns.pick is not None and cell(columns.pick) and len(words.split()) <= _SHORT_NAME and not has_predicate(words):
        words = f"{words}: {cell(columns.pick)}"
    stated, notes = _stated(number, cell(columns.probability), cell(columns.answer), columns)
    window = cell(columns.window) or None
    if columns.window is not None and (day := columns.days[columns.window].values[number]) is not None:
        if number in columns.days[columns.window].doubtful:
            notes.append(f"“{window}” has two readings, and was read with the day first.")
        window = day.isoformat()
    made = cell(columns.made) or None
    if columns.made is not None and (day := columns.days[columns.made].values[number]) is not None:
        made = day.isoformat()
    subject = cell(columns.subject) or None
    if subject and columns.statement < len(header) and _PICK.fullmatch(header[columns.statement]):
        words = f"{subject}: {words}"
    verdict = (
        _verdict(cell(columns.outcome), header[columns.outcome] if columns.outcome < len(header) else "")
        if columns.outcome is not None
        else None
    )
    return Candidate(
        index,
        row.line,
        words,
        "a row of a table of predictions",
        Sureness.HIGH if (stated and stated.value is not None) or columns.outcome is not None else Sureness.MEDIUM,
        stated,
        Kind.BINARY,
        (),
        None,
        verdict,
        cell(columns.tier) or _in_words(cell(columns.probability)),
        window,
        made,
        cell(columns.forecaster) or None,
        subject if subject and subject.lower() not in words.lower() else None,
        cell(columns.criteria) or None,
        notes=notes,
    )


def _stated(number: int, cell: str, answer: str, columns: _Columns) -> tuple[Stated | None, list[str]]:
    """The probability of a row by its column's scale, turned round where it is how sure the author is of a no; and notes."""
    if columns.probability is None or not cell:
        return None, []
    shares = columns.shares[columns.probability]
    if number in shares.wrong:
        return unreadable(cell), []
    share = shares.values[number]
    stated = read_cell(cell) if share is None else Stated(0, len(cell), share.value, cell, Form.ALONE, share.qualifier)
    if stated is None and re.search(r"\d", cell) and len(cell) <= _LONGEST_CELL:
        return unreadable(cell), []
    said = read_outcome_cell(answer) if answer else None
    if stated is None or stated.value is None or said is None or said.value is not False:
        return stated, []
    turned = replace(stated, value=round(1 - stated.value, 12), raw=f"{cell} on {answer}")
    return turned, []


def _in_words(cell: str) -> str | None:
    """How likely it is, where the column of probabilities says it in words."""
    return cell if re.search(r"[^\W\d_]{2}", cell) and not re.search(r"\d", cell) else None


def _verdict(cell: str, name: str) -> Verdict | None:
    verdict = read_outcome_cell(cell, name)
    is_outcome = verdict is not None and verdict.meaning is Meaning.EVENT and _HAPPENED.search(_spaced(name)) is not None
    return replace(verdict, meaning=Meaning.OUTCOME) if verdict is not None and is_outcome else verdict


def _is_about_answer(name: str, shares: Shares, answers: Sequence[str]) -> bool:
    """Whether a probability is how sure the author is of their answer, rather than of the event: then a no goes with 90%."""
    said = [read_outcome_cell(answer) for answer in answers]
    on_no = [
        share.value
        for share, verdict in zip(shares.values, said, strict=True)
        if share is not None and verdict is not None and verdict.value is False
    ]
    if not on_no:
        return False
    return _SURE_OF_ANSWER.search(name) is not None or sum(value > 0.5 for value in on_no) > len(on_no) / 2


def _spaced(name: str) -> str:
    """A column's name as words: `questionTitle` and `question_title` are `question title`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_+", " ", name).strip()


def _of_filled(share: float, cells: Sequence[str]) -> float:
    """A share of all cells as a share of those that are not empty."""
    filled = sum(bool(cell) and not re.fullmatch(r"[-–—?\s]*", cell) for cell in cells)
    return share * len(cells) / filled if filled else 0.0


def _is_calibration(names: list[str], columns: list[list[str]], statement: int, probability: int) -> bool:
    others = [names[at] for at in range(len(names)) if at != statement and names[at].strip()]
    if any(re.search(r"\b(?:bin|bucket|calibration|said)\b", name, re.IGNORECASE) for name in names):
        return True
    numbers = _share(
        columns[statement],
        lambda cell: not re.search(r"[^\W\d_]{3}", re.sub(r"(?i)percent|confiden\w+|predictions?", "", cell)),
    )
    return numbers > 0.5 or (
        len(others) > 1 and sum(bool(_CALIBRATION.search(name)) for name in others) >= max(2, len(others) - 1)
    )


def _is_outcome(cells: list[str], *, least: float = 0.5) -> bool:
    filled = [cell for cell in cells if cell and not re.fullmatch(r"[-–—\s]*", cell)]
    if not filled:
        return least <= 0.5
    return sum(read_outcome_cell(cell) is not None and len(cell) < 80 for cell in filled) >= least * len(filled)


def _words(cells: list[str]) -> float:
    filled = [len(re.findall(r"[^\W\d_]{2,}", cell)) for cell in cells if cell]
    return sum(filled) / len(filled) if filled else 0.0


def _share(cells: list[str], holds: Callable[[str], bool]) -> float:
    filled = [cell for cell in cells if cell and not re.fullmatch(r"[-–—?\s]*", cell)]
    return sum(bool(holds(cell)) for cell in filled) / len(filled) if filled else 0.0
