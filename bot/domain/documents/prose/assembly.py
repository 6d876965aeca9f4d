"""Candidates to predictions of the file: statement cut to length, window, outcome, parent, notes on what was inferred."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.documents.models import MAX_FORECASTERS, REFERENCE, FilePrediction
from bot.domain.documents.parts import NamedForecast, Numeric, Option, Window
from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.leads import without_lead
from bot.domain.documents.prose.outcomes import happened, settled_meanings
from bot.domain.documents.prose.page import Page
from bot.domain.documents.prose.sections import heading_level, is_predictive_title, is_review_title, tier_of
from bot.domain.documents.prose.sentences import cut
from bot.domain.documents.prose.source import Origin
from bot.domain.documents.prose.subjects import is_elided, needs_subject, relation_of
from bot.domain.documents.prose.verdict_words import Meaning
from bot.domain.documents.prose.windows import Term, find_terms, read_day, read_window, whole_year, year_of_heading
from bot.domain.types import MAX_CRITERIA, MAX_OPTION, MAX_OPTIONS, MAX_STATEMENT, Kind, Sureness

_DOUBTS = re.compile(r"\b(?:unlikely|improbable|doubtful|long\s?shots?|remote|probably\s+not|low)\b", re.IGNORECASE)
_DATED_BET = re.compile(
    r"\W*on\s+(?P<day>(?:the\s+)?[\w\s.,/-]{6,40}?),?\s+(?:i|we)\s+(?=(?:bet|predict|wager|forecast|said)(?:ed|s|ted)?\b)",
    re.IGNORECASE,
)
_TOLD_THEN = re.compile(
    r"\b(?:i|we)\s+(?:\w+\s+)?(?:made|wrote|published|posted|recorded|predicted|offered)\b[^.:]*\b(?:last|this|in|on|back\s+in)\s+(?!20\d\d)\w+",
    re.IGNORECASE,
)
"""`I made these last January`: when they were made."""
"""`On the 4th of September 2020, I bet ...`: when it was said, not by when it is decided."""
_NAMED_YEAR = re.compile(r"\W*(20\d\d)\s+(?:will|shall|is\s+going)\b", re.IGNORECASE)
_ANCHOR_WORDS = 7
_LONGEST_SECTION = 200
_LONGEST_DAY = 40
_NO_DAY = "no day could be read"
_DOUBTFUL, _LIKELY, _AHEAD, _LONG_AGO, _SHORT_HEADING = 0.3, 0.5, 4, 3, 8


@dataclass(frozen=True, slots=True)
class Item:
    """A prediction of the file, with all the words that it was read from."""

    prediction: FilePrediction
    words: str

    def as_row(self) -> dict[str, object]:
        """As plain data: the whole words, the line, what was stated and what happened."""
        prediction = self.prediction
        window = prediction.window
        return {
            "statement": self.words,
            "line": prediction.line,
            "probability": prediction.probability,
            "outcome": prediction.outcome,
            "kind": prediction.kind.value,
            "options": [{"name": option.name, "probability": option.probability} for option in prediction.options],
            "window": {
                "start": window.start.isoformat() if window.start else None,
                "end": window.end.isoformat() if window.end else None,
                "end_strict": window.end_strict.isoformat() if window.end_strict else None,
                "raw": window.raw,
            },
            "parent": prediction.parent,
        }


def assemble(candidates: list[Candidate], page: Page) -> tuple[Item, ...]:
    """The predictions of the file, in the document's order."""
    blocks, places, origin = page.blocks, page.places, page.origin
    graded = [(_leaning(candidate), candidate.verdict) for candidate in candidates if candidate.verdict]
    settled = settled_meanings([(probability, verdict) for probability, verdict in graded if verdict])
    by_block = {candidate.block: (at, candidate) for at, candidate in reversed(list(enumerate(candidates)))}
    numbers = {id(candidate): at for at, candidate in enumerate(candidates)}
    width = max(2, len(str(len(candidates))))
    items: list[Item] = []
    whole: str | None = None
    bylines = frozenset(
        tidy(block.text).rstrip(": ") for block in blocks[:_AHEAD] if heading_level(block) and _is_byline(block.text, origin)
    )
    for at, candidate in enumerate(candidates):
        place = places[candidate.block]
        parent = numbers.get(id(candidate.parent)) if candidate.parent is not None else None
        above = blocks[candidate.block].parent
        if parent is None and above is not None and above in by_block and by_block[above][1] is not candidate:
            parent = by_block[above][0]
        parent = parent if parent is not None and parent < at else None
        found = tidy(candidate.statement or candidate.words)
        led = without_lead(found, candidate.stated)
        own, candidate.stated = led.statement, candidate.stated or led.stated
        subject = candidate.subject or next((text for text in reversed(place.path)), None)
        if parent is not None and needs_subject(own):
            subject = tidy(candidates[parent].statement or candidates[parent].words)
        elif is_elided(own):
            subject = whole
        else:
            whole = own
        statement, added = _statement(own, subject)
        path = " / ".join(place.path)
        lead = blocks[place.lead].text if place.lead is not None else ""
        window = _window(
            candidate,
            own,
            lead,
            place.path,
            origin,
            items[parent].prediction.window if parent is not None else None,
            bylines,
        )
        outcome = (
            happened(candidate.verdict, probability=_leaning(candidate), settled=settled) if candidate.verdict else None
        )
        prediction = FilePrediction(
            id=f"p{at + 1:0{width}}",
            statement=statement,
            kind=_kind(candidate),
            criteria=_criteria(candidate, found, statement),
            probability=_probability(candidate) if _kind(candidate) is Kind.BINARY else None,
            probability_raw=tidy(candidate.stated.raw) if candidate.stated else None,
            qualifier=candidate.stated.qualifier if candidate.stated else None,
            verbal=cut(tidy(candidate.verbal), 200) if candidate.verbal else None,
            window=window,
            section=cut(path, _LONGEST_SECTION) if path else None,
            parent=items[parent].prediction.id if parent is not None else None,
            relation=relation_of(own) if parent is not None else None,
            options=_options(candidate) if _kind(candidate) is Kind.MULTIPLE_CHOICE else (),
            numeric=_quantity(candidate),
            forecaster=cut(tidy(candidate.forecaster), 100) or None if candidate.forecaster else None,
            forecasters=tuple(
                NamedForecast(name=name, probability=value) for name, value in candidate.forecasts[:MAX_FORECASTERS]
            ),
            outcome=outcome,
            anchor=" ".join(found.split()[:_ANCHOR_WORDS]) or None,
            line=candidate.line,
            sureness=_sureness(candidate),
            notes=_plain(_notes(candidate, settled, outcome, added)),
        )
        items.append(Item(prediction, _all_words(candidate)))
    return tuple(items)


def _sureness(candidate: Candidate) -> Sureness:
    """How sure the reading is: as sure as its witness, and never surer than the evidence on the block."""
    if candidate.chance < _DOUBTFUL:
        return Sureness.LOW
    return Sureness.MEDIUM if candidate.chance < _LIKELY and candidate.sureness is Sureness.HIGH else candidate.sureness


def _all_words(candidate: Candidate) -> str:
    words = tidy(candidate.words)
    statement = tidy(candidate.statement or "")
    names = [option.name for option in candidate.options if option.name not in words]
    return " ".join([words, *([statement] if statement and statement not in words else []), *names])


def _probability(candidate: Candidate) -> float | None:
    return candidate.stated.value if candidate.stated else None


def _leaning(candidate: Candidate) -> float | None:
    """The stated probability; where only words say it, a number below one half for those that mean unlikely. For grades only."""
    if candidate.stated is not None:
        return candidate.stated.value
    return 0.25 if candidate.verbal and _DOUBTS.search(candidate.verbal) else None


def _statement(own: str, subject: str | None) -> tuple[str, str | None]:
    added = None
    bare = re.sub(r"^\[[ xX✓✗]\]\s+", "", own) or own
    bare = re.sub(r"^(?:\.{2,}|…)\s*", "", bare) or bare
    bare = re.sub(r"^[^\w\"“‘'(\[<>≥≤~$€£.…+-]+", "", bare) or bare
    if (
        subject
        and not tier_of(subject)
        and not is_predictive_title(subject)
        and not is_review_title(subject)
        and re.search(r"[^\W\d_]{2}", subject)
        and needs_subject(own)
        and subject.casefold() not in own.casefold()
    ):
        added = cut(subject, 120)
        bare = f"{added.rstrip('.:')}: {bare}"
    return cut(bare, MAX_STATEMENT), added


def _kind(candidate: Candidate) -> Kind:
    if candidate.kind is Kind.MULTIPLE_CHOICE:
        names = {cut(option.name, MAX_OPTION).casefold() for option in candidate.options}
        if not 2 <= len(candidate.options) <= MAX_OPTIONS or len(names) < len(candidate.options):
            return Kind.BINARY
    return candidate.kind


def _options(candidate: Candidate) -> tuple[Option, ...]:
    return tuple(Option(name=cut(option.name, MAX_OPTION), probability=option.probability) for option in candidate.options)


def _quantity(candidate: Candidate) -> Numeric | None:
    found = candidate.quantiles
    return Numeric(unit=found.unit, p10=found.low, p50=found.median, p90=found.high) if found else None


def _criteria(candidate: Candidate, own: str, statement: str) -> str | None:
    parts = [candidate.criteria] if candidate.criteria else []
    if statement.endswith("…") or len(tidy(candidate.words)) > len(own) + 20:
        parts.append(f"In the document's words: {tidy(candidate.words)}")
    parts += [f"Option in full: {option.name}" for option in candidate.options if len(option.name) > MAX_OPTION]
    text = cut(_plain("\n".join(parts)) or "", MAX_CRITERIA)
    return text.strip() or None


def _window(
    candidate: Candidate,
    own: str,
    lead: str,
    path: tuple[str, ...],
    origin: Origin,
    of_parent: Window | None,
    bylines: frozenset[str],
) -> Window:
    made_on = (read_day(candidate.made_on) if candidate.made_on else None) or origin.written
    year = made_on.year if candidate.made_on and made_on else origin.year

    def term(text: str) -> Term | None:
        return read_window(text, written=made_on, year=year)

    found, where = None, ""
    if candidate.window_words:
        if _is_no_day(candidate.window_words) and term(candidate.window_words) is None:
            return Window(raw=cut(tidy(candidate.window_words), _LONGEST_SECTION), basis=_NO_DAY)
        found, where = term(candidate.window_words) or term(f"in {candidate.window_words}"), "its own line or column"
    if found is None:
        dated = _DATED_BET.match(own)
        if dated is not None:
            made_on, own = read_day(dated["day"]) or made_on, own[dated.end() :]
            year = made_on.year if made_on else year
        found, where = term(own), "the statement"
        if found is None and (named := _NAMED_YEAR.match(own)):
            found = term(f"in {named[1]}")
        is_behind = found is not None and found.end is not None and found.end.year < (origin.year or 0)
        if found is not None and found.end is not None and origin.year is not None and is_behind and dated is None:
            is_long_ago = found.end.year < origin.year - _LONG_AGO
            found = (
                None if is_long_ago or _is_in_passing(own, found.raw) else found
            )  # what was before what the page is about
    relative = found.relative if found is not None and found.end is None else None
    if relative:
        found = None  # it runs from an event or an unknown day; what the list or heading says bounds it
    if found is None and lead and not _is_byline(lead, origin) and not _TOLD_THEN.search(lead):
        found, where = term(lead) or term(f"in {lead}") if len(lead) < 200 else None, "the line above the list"
    if found is None and of_parent is not None and of_parent.end is not None:
        return Window(
            start=of_parent.start,
            end=of_parent.end,
            end_strict=of_parent.end_strict,
            relative=relative,
            raw=of_parent.raw,
            basis="as of the prediction it depends on",
        )
    for heading in reversed(path[1:] if path and path[0] == origin.title else path):
        if found is None and heading not in bylines:
            found, where = (
                (term(heading) or term(f"in {heading}")) if len(heading) < _LONGEST_SECTION else None,
                "the heading",
            )
            if found is None and len(heading.split()) <= _SHORT_HEADING and (named := year_of_heading(heading, origin.year)):
                found, where = whole_year(named, source="the heading", written=origin.written), ""
    if found is None and origin.year is not None and (not candidate.made_on or origin.year_from == "the title"):
        first, last = min(origin.years or (origin.year,)), max(origin.years or (origin.year,))
        found, where = whole_year(first, source=origin.year_from, written=origin.written), ""
        if last > first:
            found = Term(
                found.start,
                date(last, 12, 31),
                f"{first} to {last}",
                f"the years {first} to {last}, from {origin.year_from}",
            )
    if found is None:
        return (
            Window(relative=relative, basis="runs from an event or a day that the document does not date")
            if relative
            else Window(raw=cut(tidy(candidate.window_words), _LONGEST_SECTION), basis=_NO_DAY)
            if candidate.window_words
            else Window()
        )
    start, end, strict = found.start, found.end, found.end_strict
    if start and end and start > end:
        start = None
    if strict and end and strict > end:
        strict = None
    basis = f"{found.basis} ({where})" if where else found.basis
    return Window(
        start=start,
        end=end,
        end_strict=strict,
        relative=relative or found.relative,
        raw=found.raw or None,
        basis=_plain(basis),
    )


def _is_in_passing(statement: str, term: str) -> bool:
    """Whether a time belongs to something else in the statement: "the plan approved in 2008", "(closed on 25 December 2020)"."""
    before = statement[: max(0, statement.find(term))]
    return before.rfind("(") > before.rfind(")") or re.search(r"\b\w{2,}ed\s+(?:\w+\s+){0,3}$", before) is not None


def _is_no_day(words: str) -> bool:
    """Whether it's written like a day: with digits, and with little else. Then nothing else may take its place."""
    return (
        len(words) < _LONGEST_DAY
        and re.search(r"\d{1,4}\s?[./-]\s?\d{1,2}\b|\d{1,2}(?:st|nd|rd|th)?\s+[^\W\d]{3,}", words) is not None
    )


def _is_byline(lead: str, origin: Origin) -> bool:
    """Whether a line above a list says when it was written: its only time is the document's day, and nothing runs to it."""
    if origin.written is None or len(lead) > _LONGEST_SECTION:
        return False
    terms = find_terms(lead)
    return bool(terms) and all(
        term.end == origin.written and not re.match(r"by|before|until", term.raw, re.IGNORECASE) for term in terms
    )


def _notes(candidate: Candidate, settled: Mapping[Meaning, Meaning], outcome: bool | None, added: str | None) -> str:
    notes = [f"Found by {candidate.form}."]
    if added:
        notes.append("Its subject was taken from above.")
    if candidate.stated and candidate.stated.value is None:
        notes.append(f"“{tidy(candidate.stated.raw)}” isn't one probability, so none was taken.")
    verdict = candidate.verdict
    if verdict is not None:
        meaning = settled[verdict.meaning]
        if outcome is None:
            notes.append(f"Graded “{verdict.raw}”: left open.")
        elif meaning is Meaning.AUTHOR:
            notes.append(f"Graded “{verdict.raw}”, which says whether the author was right.")
        else:
            notes.append(f"Graded “{verdict.raw}”, which says whether it happened.")
    return " ".join([*notes, *candidate.notes])


def _plain(text: str) -> str:
    """Without what a prediction file would take for a reference to another prediction."""
    return REFERENCE.sub(lambda found: f"[{found[1]}]", text) if "[[" in text else text
