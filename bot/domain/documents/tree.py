"""YAML and JSON text to plain data, with the line of every value.

Built from the parser's events without recursion, so hostile nesting can't exhaust the stack. Anchors and tags are
refused, so nothing can multiply itself or name a type. Plain words follow YAML 1.2: `yes` is a word, not a boolean.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any, cast

import yaml

Path = tuple[str | int, ...]

MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 32
MAX_VALUES = 100_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_parse: Any = getattr(yaml, "parse")  # noqa: B009  (has no types)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_MAX_DIGITS = 40
_ESCAPE = re.compile(r"\\(?:u(d[89ab]..)\\u(d[c-f]..)|.)", re.IGNORECASE)
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class Unreadable(Exception):
    """The text as a whole can't be read; `line` is where, `str()` says why and what's allowed."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class TooMuch(Unreadable):
    """The text holds or nests more than any prediction file does."""


@dataclass(slots=True)
class Tree:
    """The data, the line of each value by its path, and the places where a key appears twice."""

    data: Any
    lines: dict[Path, int]
    repeated: list[tuple[Path, int]] = field(default_factory=list[tuple[Path, int]])

    def line_of(self, path: Path) -> int:
        """The line of a value, or, if it's missing, of what holds it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def decode(raw: bytes, *, limit: int = MAX_BYTES) -> str:
    """The text of a file: UTF-8 with or without a byte order mark. Raises Unreadable."""
    if len(raw) > limit:
        raise Unreadable(
            1, f"the file has {len(raw) / 1024 / 1024:.1f} MiB; at most {limit // 1024 // 1024} MiB can be loaded"
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable(line, "the file isn't UTF-8 text; save it as UTF-8 and load it again") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_yaml(text: str) -> Tree:
    """Data and lines of one YAML document. Raises Unreadable."""
    builder = _Builder()
    try:
        for event in _parse(text, Loader=_Loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(mark.line + 1 if mark else 1, f"this isn't valid YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise Unreadable(1, f"this isn't valid YAML: {' '.join(str(error).split())[:200]}") from None
    if builder.documents != 1:
        raise Unreadable(
            1,
            "the file is empty"
            if builder.documents == 0
            else "the file holds several YAML documents; put each in its own file",
        )
    return Tree(builder.data, builder.lines, builder.repeated)


def read_json(text: str) -> Tree:
    """Data and lines of a JSON text. Raises Unreadable."""

    repeated: list[str] = []

    def block(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                repeated.append(key)
            found[key] = value
        return found

    def number(digits: str) -> Any:
        value = float(digits) if len(digits) > _MAX_DIGITS or not _INTEGER.fullmatch(digits) else int(digits)
        if len(digits) > _MAX_DIGITS or not math.isfinite(value):
            line = text.count("\n", 0, text.find(digits)) + 1
            raise Unreadable(line, f"{digits[:_MAX_DIGITS]} isn't a number that can be stored")
        return value

    def no_constant(name: str) -> Any:
        raise Unreadable(1, f"{name} isn't a number that can be stored")

    try:
        data = json.loads(text, parse_int=number, parse_float=number, parse_constant=no_constant, object_pairs_hook=block)
    except json.JSONDecodeError as error:
        raise _broken(error) from None
    except RecursionError:
        raise TooMuch(1, _TOO_DEEP) from None
    try:
        # For the lines and the repeated keys: JSON is YAML, except for escaped surrogate pairs and a few characters.
        tree = read_yaml(_ESCAPE.sub(_one_character, text))
    except TooMuch:
        raise
    except Unreadable:
        _check_size(data)
        return Tree(data, {}, [((key,), 1) for key in repeated])
    return Tree(data, tree.lines, tree.repeated)


_TOO_DEEP = f"the file is nested deeper than {MAX_DEPTH} levels"
_TOO_MANY = f"the file holds more than {MAX_VALUES:,} values; split it into several files"


def _broken(error: json.JSONDecodeError) -> Unreadable:
    """What's wrong and where, the same on every Python: before 3.13 they blame the bracket after a trailing comma."""
    line, message = error.lineno, error.msg
    before, after = error.doc[: error.pos].rstrip(), error.doc[error.pos : error.pos + 1]
    if before.endswith(",") and after in ("}", "]"):
        line = before.count("\n") + 1
        message = f"Illegal trailing comma before end of {'object' if after == '}' else 'array'}"
    return Unreadable(line, f"this isn't valid JSON: {message}")


def _one_character(escape: re.Match[str]) -> str:
    return chr(0x10000 + (int(escape[1], 16) - 0xD800) * 0x400 + int(escape[2], 16) - 0xDC00) if escape[1] else escape[0]


def _check_size(data: Any) -> None:
    level, depth, count = _inside(data), 0, 0
    while level:
        depth, count = depth + 1, count + len(level)
        level = [inner for value in level for inner in _inside(value)]
        if depth > MAX_DEPTH:
            raise TooMuch(1, _TOO_DEEP)
    if count > MAX_VALUES:
        raise TooMuch(1, _TOO_MANY)


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(cast("dict[str, Any]", value).values())
    return cast("list[Any]", value) if isinstance(value, list) else []


class _Builder:
    """Takes a parser's events one by one. The stack holds (container, path, pending key)."""

    def __init__(self) -> None:
        self.data: Any = None
        self.lines: dict[Path, int] = {}
        self.repeated: list[tuple[Path, int]] = []
        self.documents = 0
        self._stack: list[tuple[dict[str, Any] | list[Any], Path]] = []
        self._keys: list[str | None] = []
        self._count = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable(line, "anchors and aliases (& and *) aren't allowed; write the value out")
        if getattr(event, "tag", None) is not None:
            raise Unreadable(line, f"the tag {event.tag} isn't allowed; write plain values")
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
        elif isinstance(event, yaml.ScalarEvent):
            self._count += 1
            if self._count > 2 * MAX_VALUES:  # keys count too
                raise TooMuch(line, _TOO_MANY)
            self._value(_scalar(event), line, is_key_like=True)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(self._stack) >= MAX_DEPTH:
                raise TooMuch(line, _TOO_DEEP)
            container: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
            path = self._value(container, line, is_key_like=False)
            self._stack.append((container, path))
            self._keys.append(None)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._stack.pop()
            self._keys.pop()

    def _value(self, value: Any, line: int, *, is_key_like: bool) -> Path:
        if not self._stack:
            if self.documents == 1:
                self.data = value
                self.lines[()] = line
            return ()
        container, path = self._stack[-1]
        if isinstance(container, list):
            path = (*path, len(container))
            container.append(value)
        elif (key := self._keys[-1]) is None:
            if not is_key_like:
                raise Unreadable(line, "a key must be a plain word")
            key = "" if value is None else str(value)
            path = (*path, key)
            if key in container:
                self.repeated.append((path, line))
            self._keys[-1] = key
        else:
            path = (*path, key)
            container[key] = value
            self._keys[-1] = None
        self.lines.setdefault(path, line)
        return path


def _scalar(event: Any) -> Any:
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if len(text) <= _MAX_DIGITS:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
            return number
    return text
