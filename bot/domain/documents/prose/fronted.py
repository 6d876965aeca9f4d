"""Predictions in a document's front matter: the document is one (`statement:`, `confidence:`, `deadline:`), or it lists several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from bot.domain.documents.prose import lexicon
from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.front_matter import FrontMatter
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.outcomes import read_verdict
from bot.domain.documents.prose.probabilities import read_cell
from bot.domain.documents.prose.records import Key, key_of
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.types import Sureness

_OF_THE_PAGE = frozenset(
    (
        "title",
        "date",
        "author",
        "authors",
        "created",
        "updated",
        "modified",
        "published",
        "status",
        "description",
        "summary",
        "by",
        "from",
    )
)
"""What a page's front matter says of the page, whatever is on it."""
_DECIDES = (Key.PROBABILITY, Key.WINDOW, Key.OUTCOME)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[_-]+")
_MOST = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """A prediction as the front matter has it."""

    statement: str
    fields: Mapping[Key, str]
    line: int
    is_page: bool
    """Whether the whole document is about it."""

    def block(self) -> Block:
        """It as a block above the document's own."""
        return Block(BlockKind.PARAGRAPH, self.statement, self.line)

    def candidate(self, index: int, others: frozenset[int]) -> Candidate:
        """It as a find."""
        given = self.fields.get(Key.PROBABILITY)
        stated = read_cell(given) if given else None
        outcome = self.fields.get(Key.OUTCOME)
        return Candidate(
            index,
            self.line,
            self.statement,
            "the front matter",
            Sureness.HIGH,
            stated,
            verdict=read_verdict(outcome) if outcome else None,
            verbal=given if given and stated is None else None,
            window_words=self.fields.get(Key.WINDOW),
            criteria=self.fields.get(Key.CRITERIA),
            made_on=self.fields.get(Key.MADE),
            covers=others if self.is_page else frozenset(),
        )


def read_entries(front: FrontMatter, text: str) -> list[Entry]:
    """The predictions of a document's front matter, in its order."""
    if not front.fields:
        return []
    lines = text.split("\n", front.lines)[: front.lines]
    if whole := _whole(front, lines):
        return [whole]
    found: list[Entry] = []
    for name, value in front.fields.items():
        if not isinstance(value, list):
            continue
        is_named = lexicon.PREDICTED.search(_CAMEL.sub(" ", name)) is not None
        for item in cast("list[Any]", value)[:_MOST]:
            if isinstance(item, dict):
                fields = dict(_fields(cast("dict[Any, Any]", item)))
                statement = fields.get(Key.STATEMENT) or (_titled(cast("dict[Any, Any]", item)) if fields else None)
                if statement and (is_named or any(key in fields for key in _DECIDES)):
                    found.append(Entry(statement, fields, _line_of(statement, lines), is_page=False))
            elif is_named and isinstance(item, str) and len(item.split()) > 1:
                found.append(Entry(tidy(item), {}, _line_of(item, lines), is_page=False))
    return found


def _whole(front: FrontMatter, lines: list[str]) -> Entry | None:
    fields = dict(_fields({name: value for name, value in front.fields.items() if name not in _OF_THE_PAGE}))
    statement = fields.get(Key.STATEMENT)
    title = front.text("title")
    if statement is None and title and Key.PROBABILITY in fields and (Key.WINDOW in fields or Key.OUTCOME in fields):
        statement = tidy(title)
    if statement is None or len(statement.split()) < 2 or not any(key in fields for key in _DECIDES):
        return None
    return Entry(statement, fields, _line_of(statement, lines), is_page=True)


def _fields(mapping: Mapping[Any, Any]) -> Iterator[tuple[Key, str]]:
    seen: set[Key] = set()
    for name, value in mapping.items():
        if isinstance(value, str | int | float) and str(value).strip():
            words = tidy(str(value))
            known = key_of(f"{_CAMEL.sub(' ', str(name)).strip()}: x")
            if known is not None and known[0] not in seen:
                seen.add(known[0])
                yield known[0], words


def _titled(mapping: Mapping[Any, Any]) -> str | None:
    value = next((mapping[name] for name in ("title", "name", "event") if isinstance(mapping.get(name), str)), None)
    return tidy(value) if value else None


def _line_of(statement: str, lines: list[str]) -> int:
    """The line on which a statement begins, by its first words; folded text begins a line below its name."""
    words = statement.split()
    for count in (6, 3, 1):
        beginning = " ".join(words[:count])
        for number, line in enumerate(lines, 1):
            if beginning in " ".join(line.split()):
                return number
    return 1
