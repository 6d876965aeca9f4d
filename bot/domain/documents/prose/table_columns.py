"""What each column of a table is, by its name and its cells: statements, the author's probabilities, outcomes, dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.domain.documents.columns import headers
from bot.domain.documents.columns.days import Days, order_of, read_days
from bot.domain.documents.columns.headers import spaced
from bot.domain.documents.columns.shares import Shares, read_shares
from bot.domain.documents.prose.outcomes import read_outcome_cell
from bot.domain.documents.prose.probabilities import read_cell
from bot.domain.documents.prose.sections import tier_of
from bot.domain.documents.prose.sentences import is_question
from bot.domain.documents.prose.windows import find_terms
from bot.domain.errors import Refused
from bot.domain.probabilities import read_quantity

_MINE = re.compile(r"\b(?:my|mine|me|i|our|own|author)\b|['’]s\s", re.IGNORECASE)
_CALIBRATION = re.compile(
    r"\b(?:bin|bucket|count|n|number|total|said|brier|calibration|score|right|wrong|correct|accuracy|hit\s+rate|frequency|observed)\b|#",
    re.IGNORECASE,
)
_MONEY = re.compile(r"\b(?:price|stake|payout|profit|bought|shares?|position|cost|bet\s+size|return|pnl)\b", re.IGNORECASE)
_TIER_WORDS = re.compile(
    r"(?:very\s+)?(?:high|medium|moderate|low|likely|unlikely|possible|probable|certain)", re.IGNORECASE
)
_MEASURE = re.compile(r"\W*(?:precision|recall|f1|accuracy|coverage)\W*", re.IGNORECASE)
PICK = re.compile(
    r"\W{0,20}(?:will\s{1,20}win|(?:my\s{1,20})?picks?|(?:predicted|projected|expected)\s{1,20}winner|winner)\W{0,20}",
    re.IGNORECASE,
)
_PLAIN_DATE = re.compile(r"\W*(?:date|day|added|datum|fecha|data)\W*", re.IGNORECASE)
_LEVEL = re.compile(r"\W*[pq]?\s?\d{1,2}(?:th|st|nd|rd|%)?\W*(?:percentile|quantile)?\W*|\W*median\W*", re.IGNORECASE)
"""A column of one percentile: `p25`, `75th`, `median`."""
_AFTERWARDS, _LOOKED_AT = 31, 300
_TERSE, _WORDED = 0.8, 1.3
"""How many words a cell of statements has at least, where its name says that it holds some, and elsewhere."""
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Columns:
    """A table's columns by what they hold; None for what it has none of."""

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
    quantiles: tuple[int | None, int, int | None] | None = None
    """The author's low, middle and high values, where what is asked for is a number."""
    unit: int | None = None
    says_so: bool = False
    """Whether the names of the columns say that each row is a prediction, with its probability, its date or its outcome."""


def columns_of(
    header: tuple[str, ...],
    rows: list[tuple[str, ...]],
    width: int,
    author: str | None,
    written: date | None,
    year: int | None,
) -> Columns | str:
    """What each of `width` columns is; or, in words, why these rows hold no predictions."""
    by_column = [[row[at].strip() if at < len(row) else "" for row in rows] for at in range(width)]
    names = [spaced(header[at]) if at < len(header) else "" for at in range(width)]
    order = order_of(by_column)
    days = {at: read_days(by_column[at], order=order) for at in range(width)}
    shares = {at: read_shares(by_column[at], name=names[at]) for at in range(width)}
    dates = [at for at in range(width) if _of_filled(days[at].share, by_column[at]) > 0.5]
    numbers = [at for at in range(width) if at not in dates and _of_filled(shares[at].share, by_column[at]) > 0.5]
    worded = [
        at
        for at in range(width)
        if at not in dates and at not in numbers and _share(by_column[at], lambda cell: read_cell(cell) is not None) > 0.5
    ]
    if any(headers.PROBABILITY.search(names[at]) or not any(names) for at in numbers):
        worded = []  # "Rates fall below 3%" is a statement where another column has the probability
    percents = numbers + worded
    quantiles = _quantile_columns(names, by_column)
    levels = {at for at in range(width) if quantiles and _LEVEL.fullmatch(names[at])}.union(quantiles or ())
    percents = [at for at in percents if at not in levels]
    signed = [
        at
        for at in percents
        if shares[at].says_percent or not any(names) or (headers.PROBABILITY.search(names[at]) and not _is_priced(names[at]))
    ]
    texts = [
        at
        for at in range(width)
        if at not in percents and at not in dates and _is_text(names[at], by_column[at], is_beside=bool(signed or dates))
    ]
    if not texts:
        texts = [at for at in worded if headers.IS_STATEMENT.fullmatch(names[at]) and _words(by_column[at]) >= _WORDED]
        percents = signed = []
    happened = [
        at
        for at in range(width)
        if headers.OUTCOME.search(names[at]) and at not in texts[:1] and at not in dates and _is_outcome(by_column[at])
    ]
    outcome = next((at for at in happened if headers.HAPPENED.search(names[at])), happened[0] if happened else None)
    if outcome is None:
        outcome = next(
            (at for at in range(width) if at not in signed and at not in dates and _is_outcome(by_column[at], least=0.8)),
            None,
        )
    texts = [at for at in texts if at != outcome]
    named = [
        at for at in texts if headers.STATEMENT.search(names[at]) and not re.search(r"date|price", names[at], re.IGNORECASE)
    ]
    if not texts:
        return "its cells hold no statements"
    longest = max(
        texts,
        key=lambda at: (
            _words(by_column[at])
            - (100 if headers.CRITERIA.search(names[at]) or headers.FORECASTER.search(names[at]) else 0)
        ),
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
            if headers.PROBABILITY.search(names[at])
            and _share(by_column[at], lambda cell: bool(_TIER_WORDS.search(cell)) or tier_of(cell) is not None) > 0.6
        ),
        None,
    )
    made = next(
        (
            at
            for at in others
            if (headers.MADE.match(names[at]) and (at in dates or "date" in names[at].lower()))
            or (at in dates and _is_day_of_writing(names[at], days[at], by_column[statement], written))
        ),
        None,
    )
    windows = [
        at
        for at in others
        if at != made
        and not _is_priced(names[at])
        and (
            headers.WINDOW.search(names[at])
            or (at in dates and any(kind.search(names[at]) for kind in (headers.RESOLVES, headers.CLOSES, headers.DAY)))
        )
        and not re.search(r"outcome|result|resolved", names[at], re.IGNORECASE)
    ]
    # When it is decided beats when forecasts close, and a plain date beats when it begins.
    windows.sort(
        key=lambda at: (
            not headers.RESOLVES.search(names[at]),
            bool(headers.BEGINS.search(names[at])),
            bool(headers.CLOSES.search(names[at])),
        )
    )
    window = windows[0] if windows else None
    if sum(bool(_MEASURE.fullmatch(name)) for name in names) > 1:
        return "a table of measurements"
    if probability is not None and _is_calibration(names, by_column, statement, probability):
        return "a table of how often the author was right, not of predictions"
    says_so = bool(headers.STATEMENT.search(names[statement])) and not re.fullmatch(
        r"(?i)\W*(?:item|topic|what|event|description|scenario|headline|title|market)s?\W*", names[statement]
    )
    if (
        probability is None
        and tier is None
        and quantiles is None
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
    dated = tuple(
        at for at in signed if at != outcome and find_terms(f"by {names[at]}") and not headers.OTHERS.search(names[at])
    )
    issued = {at: int(names[at]) for at in dated if re.fullmatch(r"(?:19|20)\d\d", names[at].strip())}
    if year is not None and len(issued) > 1 and year in issued.values() and min(issued.values()) < year:
        # last year's number and this year's: the later one is the document's
        probability, dated = next(at for at, of in issued.items() if of == year), ()
    answer = next(
        (
            at
            for at in others
            if at not in (tier, made, window)
            and headers.ANSWER.search(names[at])
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
    return Columns(
        statement,
        probability,
        outcome,
        window,
        made,
        next((at for at in remaining if headers.SUBJECT.search(names[at])), None),
        next((at for at in remaining if headers.FORECASTER.search(names[at]) and _words(by_column[at]) > 0), None),
        tier,
        next((at for at in remaining if headers.CRITERIA.search(names[at])), None),
        next((at for at in others if PICK.fullmatch(names[at]) and _words(by_column[at]) > 0), None),
        dated if len(dated) > 1 else (),
        answer,
        shares,
        days,
        quantiles,
        next((at for at in others if quantiles and headers.UNIT.fullmatch(names[at])), None),
        _says_so(
            names,
            statement,
            has_probability=probability in numbers and bool(headers.PROBABILITY.search(names[probability])),
            has_more=window in dates
            or quantiles is not None
            or (outcome is not None and bool(headers.HAPPENED.search(names[outcome]))),
        ),
    )


def _is_priced(name: str) -> bool:
    """Whether a column that is called after predictions holds what something cost when they were made."""
    return _MONEY.search(name) is not None and re.search(r"\bprice\b", name, re.IGNORECASE) is not None


def _is_day_of_writing(name: str, days: Days, statements: list[str], written: date | None) -> bool:
    """Whether a plain "Date" is when each row was written: not much after the page, or before what the statements speak of."""
    if not _PLAIN_DATE.fullmatch(name):
        return False
    known = [day for day in days.values if day is not None]
    if written is not None and known and all(day <= written + timedelta(days=_AFTERWARDS) for day in known):
        return True
    ahead = behind = 0
    for day, words in zip(days.values, statements, strict=True):
        ends = [term.end for term in find_terms(words[:_LOOKED_AT]) if term.end is not None] if day is not None else []
        if day is not None and ends:
            ahead, behind = ahead + (max(ends) > day), behind + (max(ends) <= day)
    return ahead > max(1, behind)


def _quantile_columns(names: list[str], columns: list[list[str]]) -> tuple[int | None, int, int | None] | None:
    """The columns of the author's low, middle and high values: three so called, each with numbers alone."""
    found = [
        [at for at, name in enumerate(names) if called.fullmatch(name) and _share(columns[at], _is_quantity) > 0.5]
        for called in headers.QUANTILES
    ]
    if all(len(columns) == 1 for columns in found):
        return found[0][0], found[1][0], found[2][0]
    others = [at for at, name in enumerate(names) if _LEVEL.fullmatch(name) and _share(columns[at], _is_quantity) > 0.5]
    return (None, found[1][0], None) if len(found[1]) == 1 and len(others) > 2 else None


def _is_quantity(cell: str) -> bool:
    return quantity_of(cell) is not None


def quantity_of(cell: str) -> float | None:
    """The number that a cell holds, a percentage as it stands; None for anything else."""
    try:
        return read_quantity(cell.replace("%", ""))
    except Refused:
        return None


def _says_so(names: list[str], statement: int, *, has_probability: bool, has_more: bool) -> bool:
    if headers.IS_STATEMENT.fullmatch(names[statement]):
        return has_probability or (has_more and not headers.IS_EVENT.fullmatch(names[statement]))
    return has_probability and bool(names[statement])


def _is_text(name: str, cells: list[str], *, is_beside: bool) -> bool:
    """Whether a column's cells are sentences; one beside probabilities or days that is called so may be of single words."""
    if is_beside and headers.IS_STATEMENT.fullmatch(name) and not _is_outcome(cells, least=_TERSE):
        return _share(cells, lambda cell: re.search(r"[^\W\d_]", cell) is not None) > 0.5
    return _words(cells) >= (_TERSE if is_beside and headers.STATEMENT.search(name) else _WORDED)


def _authors_column(candidates: list[int], names: list[str], author: str | None) -> int | None:
    """Of several columns of probabilities, the author's: by their name, by "my", or else the first that is no market's."""
    if not candidates:
        return None
    named = [
        at for at in candidates if author and any(part and part in names[at].lower() for part in author.lower().split())
    ]
    mine = [at for at in candidates if re.search(r"\b(?:my|mine|me|i|our|own)\b", names[at], re.IGNORECASE)]
    last = [at for at in candidates if re.search(r"\b(?:final|current|updated|revised|now|new)\b", names[at], re.IGNORECASE)]
    own = [at for at in candidates if not headers.OTHERS.search(names[at])]
    said = [at for at in own if headers.PROBABILITY.search(names[at])]
    return (named or mine or last or said or own or candidates)[0]


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
    return headers.SURE_OF_ANSWER.search(name) is not None or sum(value > 0.5 for value in on_no) > len(on_no) / 2


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
    """How many words a cell has on average; two letters of a script without blanks count as one."""
    filled = [cell for cell in cells if cell]
    count = sum(len(re.findall(r"[^\W\d_]{2,}", cell)) + len(_UNSPACED.findall(cell)) / 2 for cell in filled)
    return count / len(filled) if filled else 0.0


def _share(cells: list[str], holds: Callable[[str], bool]) -> float:
    filled = [cell for cell in cells if cell and not re.fullmatch(r"[-–—?\s]*", cell)]
    return sum(bool(holds(cell)) for cell in filled) / len(filled) if filled else 0.0
