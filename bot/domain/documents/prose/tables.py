"""Tables and CSV: which column holds the statements, which the author's probabilities, which the outcomes."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.documents.prose.candidates import Candidate, Omission
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.outcomes import Verdict, read_outcome_cell
from bot.domain.documents.prose.probabilities import Stated, read_cell
from bot.domain.documents.prose.sections import tier_of
from bot.domain.documents.prose.sentences import has_predicate
from bot.domain.documents.prose.shapes import Block, BlockKind
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
_BEGINS = re.compile(r"\b(?:start|begin(?:s|ning)?|from)\b", re.IGNORECASE)
_MADE = re.compile(
    r"(?:prediction|made|created|asked|written)\s*(?:date|on)?|date\s+(?:made|predicted|created)|predicted\s+on",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"ticker|company|country|team|subject|asset|symbol|product|entity|area|category|topic|domain|model", re.IGNORECASE
)
_FORECASTER = re.compile(r"\b(?:who|by\s+whom|author|forecaster|predictor|name|from|made\s+by)\b", re.IGNORECASE)
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


def read_csv(text: str) -> list[Block]:
    """The rows of a CSV (comma, semicolon or tab) as one table's rows, each with its line. Ragged rows are kept."""
    sample = text[:8192]
    marks = {mark: sample.count(mark) for mark in (",", ";", "\t")}
    reader = csv.reader(text.split("\n"), delimiter=max(marks, key=lambda mark: marks[mark]))
    blocks: list[Block] = []
    header: tuple[str, ...] | None = None
    line = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error:  # a field of more than 128 KiB is no prediction
            line = reader.line_num + 1
            continue
        if row is None:
            return blocks
        cells = tuple(tidy(cell) for cell in row[:MAX_CELLS])
        if any(cells):
            if header is None:
                header = cells
            else:
                words = " | ".join(cell for cell in cells if cell)
                blocks.append(Block(BlockKind.ROW, words, line, cells=cells, header=header, table=1))
        line = reader.line_num + 1


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
    for index, row in rows:
        for dated in columns.dated or (None,):
            at = columns if dated is None else replace(columns, probability=dated, window=None)
            candidate = _candidate(index, row, at, header)
            if candidate is not None and dated is not None:
                candidate.window_words = f"by {header[dated]}" if re.match(r"\d{4}", header[dated]) else header[dated]
                if candidate.stated is None:
                    continue
            if candidate is not None:
                found.append(candidate)
    return found, None


def _columns(
    header: tuple[str, ...], rows: list[tuple[str, ...]], width: int, author: str | None, year: int | None
) -> _Columns | str:
    by_column = [[row[at].strip() if at < len(row) else "" for row in rows] for at in range(width)]
    names = [header[at] if at < len(header) else "" for at in range(width)]
    percents = [at for at in range(width) if _share(by_column[at], lambda cell: read_cell(cell) is not None) > 0.5]
    signed = [at for at in percents if any("%" in cell for cell in by_column[at]) or _PROBABILITY.search(names[at])]
    texts = [
        at
        for at in range(width)
        if at not in percents and _words(by_column[at]) >= (_TERSE if signed and _NAMES_STATEMENTS.match(names[at]) else 1.3)
    ]
    outcome = next(
        (at for at in range(width) if _OUTCOME.search(names[at]) and at not in texts[:1] and _is_outcome(by_column[at])),
        None,
    )
    if outcome is None:
        outcome = next((at for at in range(width) if at not in signed and _is_outcome(by_column[at], least=0.8)), None)
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
        if at != made and _WINDOW.search(names[at]) and not re.search(r"outcome|result|resolved", names[at], re.IGNORECASE)
    ]
    window = next((at for at in windows if not _BEGINS.search(names[at])), windows[0] if windows else None)
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
            says_so
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
    remaining = [at for at in others if at not in (tier, made, window)]
    return _Columns(
        statement,
        probability,
        outcome,
        window,
        made,
        next((at for at in remaining if _SUBJECT.search(names[at])), None),
        next((at for at in remaining if _FORECASTER.search(names[at]) and at in texts), None),
        tier,
        next((at for at in remaining if _CRITERIA.search(names[at])), None),
        next((at for at in others if _PICK.fullmatch(names[at]) and _words(by_column[at]) > 0), None),
        dated if len(dated) > 1 else (),
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


def _candidate(index: int, row: Block, columns: _Columns, header: tuple[str, ...]) -> Candidate | None:
    def cell(at: int | None) -> str:
        return row.cells[at].strip() if at is not None and at < len(row.cells) else ""

    words = cell(columns.statement)
    if not re.search(r"[^\W\d_]{2}", words) or re.fullmatch(
        r"\W*(?:total|average|mean|sum|overall|score)s?\b.*", words, re.IGNORECASE
    ):
        return None
    if columns.pick is not None and cell(columns.pick) and len(words.split()) <= _SHORT_NAME and not has_predicate(words):
        words = f"{words}: {cell(columns.pick)}"
    stated: Stated | None = read_cell(cell(columns.probability)) if columns.probability is not None else None
    subject = cell(columns.subject) or None
    if subject and columns.statement < len(header) and _PICK.fullmatch(header[columns.statement]):
        words = f"{subject}: {words}"
    verdict: Verdict | None = (
        read_outcome_cell(cell(columns.outcome), header[columns.outcome] if columns.outcome < len(header) else "")
        if columns.outcome is not None
        else None
    )
    return Candidate(
        index,
        row.line,
        words,
        "a row of a table of predictions",
        Sureness.HIGH if stated or columns.outcome is not None else Sureness.MEDIUM,
        stated,
        Kind.BINARY,
        (),
        None,
        verdict,
        cell(columns.tier) or None,
        cell(columns.window) or None,
        cell(columns.made) or None,
        cell(columns.forecaster) or None,
        subject if subject and subject.lower() not in words.lower() else None,
        cell(columns.criteria) or None,
    )


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
