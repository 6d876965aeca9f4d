"""Predictions kept as records: `Text: ...`, `From: ...`, `Expected: Q1 2026`, `Resolution: SUCCESS`, under a heading or bullet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.documents.prose.answered import read_share_of_yes
from bot.domain.documents.prose.candidates import Candidate, Omission
from bot.domain.documents.prose.clauses import is_comment, is_label
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.outcomes import read_inline_verdict, read_sign, read_verdict
from bot.domain.documents.prose.probabilities import read_cell, read_stated
from bot.domain.documents.prose.sections import Place
from bot.domain.documents.prose.sentences import is_about_the_future, is_question
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.documents.prose.verdict_words import Meaning
from bot.domain.documents.prose.windows import find_terms
from bot.domain.types import Sureness


class Key(StrEnum):
    """What a line of a record says."""

    STATEMENT = "statement"
    DESCRIPTION = "description"
    PROBABILITY = "probability"
    OUTCOME = "outcome"
    WINDOW = "window"
    FORECASTER = "forecaster"
    CRITERIA = "criteria"
    MADE = "made"


_KEYS: tuple[tuple[str, Key], ...] = (
    (
        r"(?:my\s+)?(?:text|prediction|statement|claim|question|forecast|the\s+bet|bet|hypothesis|proposition|scenario|what)(?:\s*#?\d+)?",
        Key.STATEMENT,
    ),
    (r"(?:short\s+|full\s+)?(?:description|details?|in\s+full)", Key.DESCRIPTION),
    (
        r"(?:my\s+)?(?:probability|confidence(?:\s+level)?|credence|likelihood|odds|certainty|chance|estimate|p)|"
        r"(?:agent|model|ai|bot|ensemble|final|own|current)\s+(?:forecast|probability|prediction|estimate|confidence)",
        Key.PROBABILITY,
    ),
    (
        r"(?:resolution|outcome|result|status|verdict|grade|resolved|actual(?:\s+outcome)?|what\s+happened|happened)",
        Key.OUTCOME,
    ),
    (
        r"(?:expected|deadline|by\s+when|by|when|due(?:\s+date)?|date|time\s?(?:line|frame)|eta|target(?:\s+date)?|window|horizon|resolves(?:\s+(?:on|by))?|resolution\s+date|resolve\s+by|to\s+be\s+resolved(?:\s+by)?|check(?:ed)?\s+(?:by|on)|review\s+date|release(?:\s+date)?)",
        Key.WINDOW,
    ),
    (r"(?:from|by\s+whom|who|author|forecaster|predictor|predicted\s+by|made\s+by)", Key.FORECASTER),
    (
        r"(?:resolution\s+criteria|criteria|resolves\s+(?:yes|true)\s+if|(?:wrong|right|true|false|falsified|fails|correct)\s+if|how\s+(?:judged|to\s+judge)|how\s+i[’']ll\s+(?:check|judge|know))",
        Key.CRITERIA,
    ),
    (r"(?:made(?:\s+on)?|written(?:\s+on)?|logged|created|predicted(?:\s+on)?|date\s+made|prediction\s+date)", Key.MADE),
)
_LINE = re.compile(
    r"[\s*_>]{0,20}(?P<key>[A-Za-z][A-Za-z #0-9’']{0,28}?)(?:\s{0,20}\([^()\n]{0,30}\))?[*_]{0,20}\s{0,20}(?::|\s[-–—]\s|(?=\s@))[*_]{0,20}\s{0,20}(?P<value>.*)"
)
_DOTTED = re.compile(
    r"[\s*_>]*(?P<key>Prediction|Forecast|Claim|Bet|Statement|(?:Wrong|Right|True|False|Falsified)\s+if|How\s+I[’']ll\s+(?:check|judge|know)|Outcome|Result|Resolution|Verdict|Probability|Confidence|Deadline)[*_]*\.[*_]*\s+(?P<value>\S.*)"
)
"""A name set off by a full stop: "**Prediction.** By the end of ..."."""
_ASIDE = re.compile(
    r"\W{0,20}(?:source|essay|link|url|id|tags?|category|topic|area|domain|type|theme|series|version|ref(?:erence)?)(?:\s{1,20}\w+)?[\s*_]{0,20}:[*_]{0,20}\s",
    re.IGNORECASE,
)
_DUE = re.compile(r"\W*(?:resolve|check(?:ed)?|to\s+be\s+resolved)\s+by\b(?!\W*by\b)", re.IGNORECASE)
_BEFORE = frozenset((Key.FORECASTER, Key.MADE, Key.WINDOW))
_BELOW_HEADING = _BEFORE | {Key.OUTCOME, Key.PROBABILITY}
"""What may stand before a record's statement."""
_PAIR = 2
_SHARE = re.compile(r"[\s*_~<>≈]*\d{1,3}(?:\.\d+)?\s?%[\s*_.]*")
_DATED = re.compile(r"\W{0,20}(?P<day>\d{4}-\d{1,2}-\d{1,2})\W{1,20}")
"""A record's day before its statement."""
_QUOTES = '"“”„«» '
_KNOWN = tuple((re.compile(pattern, re.IGNORECASE), key) for pattern, key in _KEYS)


@dataclass(slots=True)
class _Field:
    value: str
    block: int
    line: int


@dataclass(slots=True)
class _Record:
    owner: int | None
    fields: dict[Key, _Field] = field(default_factory=dict[Key, _Field])
    named: set[Key] = field(default_factory=set[Key])
    """All keys that it has, those left empty as well."""


def read_records(blocks: list[Block], places: list[Place]) -> tuple[list[Candidate], list[Omission], set[int]]:
    """The predictions of records, and the blocks that these take up, which no other reader needs to look at."""
    found: list[Candidate] = []
    used: set[int] = set()
    for record, spent in _records(blocks, places):
        if candidate := _candidate(record, blocks, places):
            found.append(candidate)
            used |= spent
    return found, [], used


def key_of(line: str) -> tuple[Key, str] | None:
    """The known key of a line and what follows it."""
    found = _DOTTED.fullmatch(line.strip()) or _LINE.fullmatch(line.strip())
    if found is None:
        return None
    name = found["key"].strip()
    for pattern, key in _KNOWN:
        if pattern.fullmatch(name):
            if name.lower() == "scenario" and not _lies_ahead(found["value"]):
                return None
            if key is Key.STATEMENT and _SHARE.fullmatch(found["value"].strip()):
                key = Key.PROBABILITY
            return key, found["value"].strip()
    return None


def _lies_ahead(scenario: str) -> bool:
    """Whether a scenario is a question on what will be, and no step of a test."""
    return is_question(scenario) or is_about_the_future(scenario) or bool(find_terms(scenario))


def _records(blocks: list[Block], places: list[Place]) -> list[tuple[_Record, set[int]]]:
    records: list[tuple[_Record, set[int]]] = []
    current: tuple[_Record, set[int]] | None = None
    at_place: tuple[int | None, int | None] | None = None
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            continue
        heading = places[index].headings[-1] if places[index].headings else None
        outer = _outer(blocks, index)
        for offset, line in enumerate(_lines(block)):
            known = key_of(line)
            if known is None:
                if current is not None and is_comment(line) and at_place is not None and at_place[0] == heading:
                    current[1].add(index)
                continue
            key, value = known
            value_line = block.line + offset
            owner = (
                outer if outer is not None and outer != index and key_of(blocks[outer].text.split("\n")[0]) is None else None
            )
            if (
                offset
                and owner is None
                and key_of(block.text.split("\n")[0]) is None
                and not _ASIDE.match(block.text.split("\n")[0])
            ):
                owner = index
            if not value and (child := _first_child(blocks, index)) is not None:
                value = blocks[child].text.split("\n")[0] if key is Key.OUTCOME else blocks[child].text
                value_line = blocks[child].line
            here = (heading, owner)
            if (
                current is None
                or here != at_place
                or (key is Key.STATEMENT and not set(current[0].fields) <= (_BEFORE if heading is None else _BELOW_HEADING))
            ):
                current = (_Record(owner if owner is not None else heading), set())
                records.append(current)
                at_place = here
            current[0].named.add(key)
            if key is Key.WINDOW and value and _DUE.match(line):
                value = f"by {value}"
            if value:
                whole = (
                    "\n".join(block.text.split("\n")[offset:])
                    if key is Key.STATEMENT and offset == 0 and _is_one(block)
                    else None
                )
                words = key_of(whole.replace("\n", " ")) if whole else None
                current[0].fields.setdefault(key, _Field(words[1] if words else value, index, value_line))
                current[1].add(index)
    return records


def _candidate(record: _Record, blocks: list[Block], places: list[Place]) -> Candidate | None:
    fields = record.fields
    statement = fields.get(Key.STATEMENT)
    anchor_block = statement.block if statement else record.owner
    if anchor_block is None:
        return None
    heading = blocks[record.owner] if record.owner is not None else None
    if (
        statement is None
        and heading is not None
        and Key.PROBABILITY in fields
        and fields[Key.PROBABILITY].block == record.owner
    ):
        lines = [text for text in heading.text.split("\n") if not is_label(text)]
        first = (
            lines[0] if lines and key_of(lines[0]) is None else heading.text.split("\n", 1)[0]
        )  # "**2021-10-05:** It rains.", and below it "**Confidence:** 60%"
        dated = _DATED.match(first)
        statement = fields[Key.STATEMENT] = _Field(first[dated.end() if dated else 0 :], record.owner or 0, heading.line)
        if dated:
            fields.setdefault(Key.MADE, _Field(dated["day"], record.owner or 0, heading.line))
        record.named.add(Key.STATEMENT)
    if (
        statement is None
        and not (Key.WINDOW in fields and _is_window(fields[Key.WINDOW].value))
        and not (Key.PROBABILITY in fields and (Key.OUTCOME in fields or Key.DESCRIPTION in fields))
    ):
        return None
    if statement is not None and len(record.named) < _PAIR:
        return None
    described = fields.get(Key.DESCRIPTION) if statement is None and Key.PROBABILITY in fields else None
    if statement is None and heading is not None:
        sign = read_sign(heading.text)
        words, line = heading.text[sign[1] if sign else 0 :].strip(), heading.line
        words = re.sub(r"^[^\w\"“(\[$€£<>~-]+", "", words)
        if described is not None:
            words, line = f"{words}\n{described.value}", described.line
    elif statement is not None:
        words, line = statement.value.strip(_QUOTES), statement.line
    else:
        return None
    if not re.search(r"[^\W\d_]{2}", words):
        return None
    stated = None
    inline = read_stated(words)
    if statement is not None and len(inline) == 1:
        stated = inline[0]
        words = words[: stated.start].strip(" :–—-(,.") or words[stated.end :].strip()
    if stated is None and (given := fields.get(Key.PROBABILITY)) is not None:
        stated = next(iter(read_stated(f"Probability: {given.value}")), None) or read_cell(given.value)
    outcome = fields.get(Key.OUTCOME)
    if stated is None and outcome is not None and is_question(words.strip(_QUOTES)):
        stated = read_share_of_yes(outcome.value)
    verdict = read_verdict(outcome.value) if outcome else read_inline_verdict(statement.value) if statement else None
    if stated is None and verdict and verdict.meaning is Meaning.AUTHOR and is_question(words):
        verdict = replace(verdict, value=None)  # right, but about which answer?
    forecaster = fields.get(Key.FORECASTER)
    window = fields.get(Key.WINDOW)
    return Candidate(
        anchor_block,
        line,
        words,
        "a record with named lines" if statement else "a heading with a date of its own",
        Sureness.HIGH if statement else Sureness.MEDIUM,
        stated,
        verdict=verdict,
        verbal="Expected" if window and statement is None and stated is None else None,
        window_words=window.value if window else None,
        made_on=fields[Key.MADE].value
        if Key.MADE in fields
        else (heading.text if heading is not None and statement else None),
        forecaster=tidy(forecaster.value).strip(":* ") if forecaster else None,
        subject=tidy(heading.text)
        if heading is not None and statement is not None and heading.kind is BlockKind.HEADING
        else None,
        criteria=tidy(fields[Key.CRITERIA].value) if Key.CRITERIA in fields else None,
        statement=described.value if described is not None else None,
        is_named=statement is not None,
    )


def _is_window(value: str) -> bool:
    return (
        bool(re.search(r"(?<!\d)20\d\d|\b(?:Q[1-4]|H[12]|EOY|20\d\ds)\b|\b(?:early|mid|late|end)\b", value))
        and len(value) < 60
    )


def _lines(block: Block) -> list[str]:
    """The lines of a block; a table's row that pairs a name with its value ("Probability | 30%") is one."""
    if block.kind is not BlockKind.ROW:
        return block.text.split("\n")
    return [f"{block.cells[0]}: {block.cells[1]}"] if len(block.cells) == _PAIR else []


def _outer(blocks: list[Block], index: int) -> int | None:
    at, seen = blocks[index].parent, index
    while (
        at is not None and at < seen and blocks[at].parent is not None and key_of(blocks[at].text.split("\n")[0]) is not None
    ):
        seen, at = at, blocks[at].parent
    return at


def _first_child(blocks: list[Block], index: int) -> int | None:
    following = index + 1
    return following if following < len(blocks) and blocks[following].parent == index else None


def _is_one(block: Block) -> bool:
    return all(key_of(line) is None for line in block.text.split("\n")[1:])
