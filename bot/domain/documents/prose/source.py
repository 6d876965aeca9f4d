"""Who wrote a document, when, under which title, and whether its text is whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.domain.documents.prose.front_matter import FrontMatter
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.documents.prose.windows import read_day, read_month, without_days, years_in

_SAVED = re.compile(
    r"\b(?:saved|bookmarked|archived|clipped|retrieved|accessed)\b[^.\n]{0,20}?(?=\w*\d|\b[A-Z])(.{6,30})", re.IGNORECASE
)
_WRITTEN = re.compile(
    r"\b(?:last\s+updated|updated|published|posted|written|date|originally\s+published)\b\W{0,6}(?:on\s+)?(.{4,30})",
    re.IGNORECASE,
)
_DATED_PATH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/_](\d{1,2})(?:[-/_](\d{1,2}))?(?!\d)")
_CUT_OFF = re.compile(
    r"(?:\[…\]|\[\.\.\.\]|\(more…?\)|(?:continue|keep)\s+reading\b.{0,20}|read\s+(?:more|the\s+(?:rest|full\s+\w+))\b.{0,40}|this\s+post\s+is\s+for\s+(?:paid|paying)\s+subscribers.*)$",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"^(?:originally\s+published|related\s+articles?|share|subscribe|no\s+comments|comments|stay\s+updated|read\s+more|more\s+in|tags:|sign\s+up)",
    re.IGNORECASE,
)
_GLUED = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2}, 20\d\d"
_MAX_TITLE = 200
_LATE = 20
"""From this day of December on, a document without a year is about the next one."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a document as a whole."""

    title: str | None
    authors: tuple[str, ...]
    date: str | None
    """As precisely as it is known: "2026", "2026-02" or "2026-02-14"."""
    written: date | None
    """The day from which relative terms run; the first of a month or year that is all that is known."""
    saved: date | None
    url: str | None
    language: str
    is_truncated: bool
    year: int | None
    """The year that the predictions are about."""
    years: tuple[int, ...]
    year_from: str
    """Where that year stands, in words."""


def read_origin(front: FrontMatter, blocks: list[Block], *, path: str) -> Origin:
    """Title, date, authors and year of a document, from its front matter, its words and its path, in this order."""
    title = _title(front, blocks)
    stated = front.text("date", "published", "pubdate", "publishdate", "publish_date", "created", "created_at")
    given = _as_date(stated) if stated else None
    saved = next((day for block in blocks[:8] if (found := _SAVED.search(block.text)) and (day := read_day(found[1]))), None)
    written = given or _in_text(blocks) or _in_path(path)
    year, years, year_from = _year(title, front, blocks, path, written)
    url = front.text("url", "canonical_url", "canonical", "link")
    return Origin(
        title[:_MAX_TITLE].rstrip() if title else None,
        front.names("authors", "author", "by"),
        written,
        date.fromisoformat((written + "-01-01")[:10]) if written else None,
        saved,
        url if url and re.fullmatch(r"https?://\S+", url) else None,
        front.text("language", "lang") or _language(blocks),
        _is_truncated(blocks),
        year,
        years,
        year_from,
    )


def _title(front: FrontMatter, blocks: list[Block]) -> str | None:
    if named := front.text("title"):
        return tidy(named)
    heading = next((block for block in blocks if block.kind is BlockKind.HEADING and block.level <= 2), None)
    if heading is not None and heading in blocks[:6]:
        return tidy(re.sub(r"^[^\w“\"‘']+\s", "", heading.text)) or None
    first = blocks[0] if blocks else None
    if first is not None and first.kind is BlockKind.PARAGRAPH:
        lines = first.text.split("\n")
        if (
            len(lines[0]) < 100
            and not lines[0].rstrip().endswith((".", ","))
            and re.search(r"[^\W\d_]{3}.*\s.*[^\W\d_]{3}", lines[0])
            and not re.search(r"min\s+read", lines[0])
        ):
            return tidy(lines[0])
    return None


def _as_date(text: str) -> str | None:
    if day := read_day(text):
        return day.isoformat()
    if month := read_month(text):
        return f"{month[0]}-{month[1]:02}"
    if found := re.fullmatch(r"\D*((?:19|20)\d\d)(?:-(\d\d))?\D*", text.strip()):
        return f"{found[1]}-{found[2]}" if found[2] and 1 <= int(found[2]) <= 12 else found[1]
    return None


def _in_text(blocks: list[Block]) -> str | None:
    for block in blocks[:6]:  # a byline that ran together with the text: "Nathan LambertApr 15, 202655154Share"
        found = re.search(rf"(?<=[a-z])({_GLUED})", block.text[:600])
        if found and (day := read_day(found[1])):
            return day.isoformat()
    for block in [*blocks[:8], *blocks[-6:]]:
        if block.kind in (BlockKind.ROW, BlockKind.ITEM):
            continue
        if (found := _WRITTEN.search(block.text[:3000])) and (dated := _as_date(found[1])):
            return dated
    for block in blocks[:4]:
        first = block.text.strip().split("\n")[0]
        longest = {BlockKind.PARAGRAPH: 120, BlockKind.HEADING: 40}.get(block.kind, 0)
        if len(first) < longest and (day := read_day(first)):
            return day.isoformat()
    return None


def _in_path(path: str) -> str | None:
    for found in reversed(list(_DATED_PATH.finditer(path))):
        year, month, day = found[1], int(found[2]), int(found[3] or 0)
        if not 1 <= month <= 12:
            continue
        try:
            return date(int(year), month, day).isoformat() if day else f"{year}-{month:02}"
        except ValueError:
            return f"{year}-{month:02}"
    return None


def _year(
    title: str | None, front: FrontMatter, blocks: list[Block], path: str, written: str | None
) -> tuple[int | None, tuple[int, ...], str]:
    for words, source in (
        (title, "the title"),
        (front.text("description", "subtitle", "summary"), "the description"),
        (
            " ".join(without_days(block.text[:300]) for block in blocks[:3] if block.kind is not BlockKind.ROW),
            "the opening words",
        ),
    ):
        if words and (years := years_in(words)):
            chosen = [year for year in years if written is None or year >= int(written[:4])] or years
            return chosen[0], tuple(chosen), source
    undated = _DATED_PATH.sub(" ", path)
    if years := years_in(undated.rsplit("/", 1)[-1]) or years_in(undated):
        return years[-1], (years[-1],), "the path"
    if written:
        year, month = int(written[:4]), int(written[5:7]) if len(written) > 4 else 1
        is_late = month == 12 and (
            int(written[8:10] or 1) >= _LATE
            or any(re.search(r"new\s+year|next\s+year|coming\s+year", block.text, re.IGNORECASE) for block in blocks[:4])
        )
        about = year + 1 if is_late else year
        return about, (about,), "the date of the document"
    return None, (), ""


def _language(blocks: list[Block]) -> str:
    words = re.findall(r"[^\W\d_]+", " ".join(block.text for block in blocks[:30])[:5000].lower())
    counts = {
        language: sum(word in known for word in words)
        for language, known in (
            ("en", {"the", "and", "of", "will", "to", "is"}),
            ("fr", {"le", "la", "les", "des", "et", "sera", "une"}),
            ("de", {"der", "die", "und", "wird", "das", "nicht"}),
            ("es", {"el", "los", "que", "será", "una", "las"}),
        )
    }
    return max(counts, key=lambda language: counts[language])


def _is_truncated(blocks: list[Block]) -> bool:
    """Whether a long paragraph breaks off within a sentence, at the end or before what a page puts around an article."""
    for index, block in enumerate(blocks):
        text = block.text.rstrip()
        if (
            _CUT_OFF.search(text)
            and (len(text) < 200 or index >= len(blocks) - 3)
            and block.kind is BlockKind.PARAGRAPH
            and index > 0
            and (len(text) > 60 or index >= len(blocks) - 4)
        ):
            return True
        if block.kind is not BlockKind.PARAGRAPH or len(text) < 300 or not re.search(r"(?:[\w,]|\.{3}|…)$", text):
            continue
        if len(re.findall(r"[.!?]\s", text)) < 3:
            continue
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        if following is None or (following.kind is BlockKind.PARAGRAPH and _FURNITURE.match(following.text.strip())):
            return True
    return False
