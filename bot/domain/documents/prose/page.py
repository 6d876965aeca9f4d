"""A document as all witnesses see it: its blocks, where each of them stands, and what is known of the whole."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.domain.documents.prose import lexicon
from bot.domain.documents.prose.front_matter import FrontMatter
from bot.domain.documents.prose.fronted import Entry
from bot.domain.documents.prose.sections import Place, Role, read_places
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.documents.prose.source import Origin

_YEAR = re.compile(r"(?<!\d)20[0-4]\d(?!\d)")


@dataclass(frozen=True)
class Page:
    """What is read of a document before anything in it is taken for a prediction."""

    blocks: list[Block]
    places: list[Place]
    """Of their roles, only that a section is one of predictions: what speaks against a section is in `roles`."""
    roles: list[Role]
    origin: Origin
    front: FrontMatter
    path: str
    fenced: float = 0.0
    """The share of its lines that are code."""
    unread: int | None = None
    """The line from which on the document was too long to be read."""
    entries: tuple[Entry, ...] = ()
    """The predictions of the front matter; their blocks are the first ones."""

    @property
    def title(self) -> str:
        """Its title and the name of its file."""
        return f"{self.origin.title or ''} {self.path}"

    @cached_property
    def title_signals(self) -> dict[str, float]:
        """What the title, the file's name and the first words say on whether predictions follow."""
        title = self.origin.title or ""
        opening = " ".join(block.text[:400] for block in self.blocks[:4])
        said = {
            "title predicts": lexicon.PREDICTING.search(title),
            "title has a year": _YEAR.search(title),
            "path predicts": lexicon.PREDICTING.search(
                re.split(r"[/\\]", self.path)[-1].replace("_", " ").replace("-", " ")
            ),
            "title teaches": lexicon.TEACHES.search(title),
            "title predicts of a year": lexicon.PREDICTING.search(title) and _YEAR.search(title),
            "title asks": title.rstrip().endswith("?") or None,
            "opening predicts": lexicon.PREDICTING.search(opening),
            "opening forecasts": lexicon.OWN.search(opening),
            "title is personal": lexicon.PERSONAL.search(title),
        }
        headings = [block.text[:200] for block in self.blocks if block.kind is BlockKind.HEADING]
        manual = sum(lexicon.MANUAL.search(heading) is not None for heading in headings)
        return {name: float(found is not None) for name, found in said.items()} | {
            "headings of a manual": math.log1p(manual),
            "share of such headings": manual / max(1, len(headings)),
            "fenced": self.fenced,
        }


def made_page(
    blocks: list[Block],
    *,
    origin: Origin,
    front: FrontMatter,
    path: str,
    entries: Sequence[Entry] = (),
    fenced: float = 0.0,
    unread: int | None = None,
) -> Page:
    """The page of these blocks, behind those of the front matter's entries."""
    ahead = len(entries)
    shifted = [
        replace(block, parent=block.parent + ahead) if block.parent is not None and ahead else block for block in blocks
    ]
    blocks = [*(entry.block() for entry in entries), *shifted]
    places = read_places(blocks, title=origin.title, year=origin.year)
    open_places = [place if place.role is Role.PREDICTIONS else replace(place, role=Role.PLAIN) for place in places]
    return Page(blocks, open_places, [place.role for place in places], origin, front, path, fenced, unread, tuple(entries))
