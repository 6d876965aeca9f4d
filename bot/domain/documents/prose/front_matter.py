"""What stands above a document's text: YAML between `---`, TOML between `+++`, or lines like `Title: My bets`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from bot.domain.documents.tree import Unreadable, read_yaml

_MAX_LINES = 400
_PLAIN = re.compile(r"#?\+?([A-Za-z][A-Za-z_ -]{0,30}):\s*(\S.*)")
_ASSIGNED = re.compile(r"([a-z][a-z_-]{0,30})\s?=\s?(\S.*)")
_KNOWN = {"title", "date", "author", "authors", "tags", "category", "slug", "summary", "status", "modified", "published"}
_SIMPLE = re.compile(r"([A-Za-z_][\w -]{0,40})\s*[:=]\s*(.*)")
_RULE = re.compile(r"[~=-]{3,}")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields by small-lettered name, and how many lines they take, the fences included."""

    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    lines: int = 0

    def text(self, *names: str) -> str | None:
        """The first of these fields that holds words or a number."""
        for name in names:
            value = self.fields.get(name)
            if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
                return str(value).strip()
        return None

    def names(self, *names: str) -> tuple[str, ...]:
        """The people or labels of the first of these fields: a word, a list of words, or a list of mappings with a name."""
        for name in names:
            value: Any = self.fields.get(name)
            listed: list[Any] = cast("list[Any]", value) if isinstance(value, list) else [value]
            found = [_name(item) for item in listed]
            if kept := tuple(item for item in found if item):
                return kept
        return ()


def read_front_matter(text: str) -> FrontMatter:
    """The front matter of a text, empty where there is none. Never raises: what cannot be parsed is read line by line."""
    lines = text.split("\n", _MAX_LINES)[:_MAX_LINES]
    first = lines[0].strip() if lines else ""
    if first in ("---", "+++"):
        ends = ("---", "...") if first == "---" else ("+++",)
        end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() in ends), None)
        if end is None and len(lines) > 1 and all(not line.strip() or _SIMPLE.match(line.strip()) for line in lines[1:]):
            end = len(lines)  # the text is nothing else, and was cut before the mark that ends it
        if end is not None and (end == 1 or any(_SIMPLE.match(line.strip()) for line in lines[1:end])):
            inner = lines[1:end]
            return FrontMatter(_toml(inner) if first == "+++" else _yaml(inner), min(end + 1, len(lines)))
        return FrontMatter()
    return _plain(lines)


def _plain(lines: list[str]) -> FrontMatter:
    fields: dict[str, Any] = {}
    count = 0
    for line in lines:
        found = _PLAIN.fullmatch(line.strip()) or _ASSIGNED.fullmatch(line.strip())
        if found is None:
            count += bool(count and _RULE.fullmatch(line.strip()))  # it belongs to them, and would open a fence
            break
        fields.setdefault(found[1].strip().lower(), found[2].strip())
        count += 1
    if count == 0 or not (set(fields) & {"title", "date"} and set(fields) & _KNOWN):
        return FrontMatter()
    return FrontMatter(fields, count)


def _yaml(lines: list[str]) -> Mapping[str, Any]:
    try:
        data: Any = read_yaml("\n".join(lines)).data
    except Unreadable:
        return _simple(lines)
    return _small(data) if isinstance(data, dict) else _simple(lines)


def _toml(lines: list[str]) -> Mapping[str, Any]:
    try:
        return _small(tomllib.loads("\n".join(lines)))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return _simple(lines)


def _simple(lines: list[str]) -> Mapping[str, Any]:
    found = [match for line in lines if (match := _SIMPLE.fullmatch(line.rstrip()))]
    return {match[1].strip().lower(): match[2].strip().strip("\"'") for match in reversed(found)}


def _small(data: Any) -> dict[str, Any]:
    plain = cast("dict[Any, Any]", data)
    return {str(key).lower(): value.isoformat() if hasattr(value, "isoformat") else value for key, value in plain.items()}


def _name(value: Any) -> str:
    if isinstance(value, dict):
        return _name(cast("dict[str, Any]", value).get("name"))
    return value.strip() if isinstance(value, str) else ""
