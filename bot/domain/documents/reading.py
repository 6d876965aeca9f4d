"""A prediction file's text to a checked `PredictionFile`, or all its problems at once, each with its line and field."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from pydantic import ValidationError

from bot.domain.documents.models import REFERENCE, FilePrediction, FileSource, LeftOut, PredictionFile, structure_problems
from bot.domain.documents.parts import DatedForecast, Numeric, Option, Window
from bot.domain.documents.tree import Path, Tree, Unreadable, decode, read_json, read_yaml
from bot.domain.types import Relation

_MODELS: dict[str, Any] = {
    "": PredictionFile,
    "source": FileSource,
    "predictions": FilePrediction,
    "left_out": LeftOut,
    "window": Window,
    "numeric": Numeric,
    "options": Option,
    "forecasts": DatedForecast,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file; it reads `file:line: field: what is wrong and what is allowed`. Line 0 means the file itself."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.field + ': ' if self.field else ''}{self.message}"


@dataclass(frozen=True, slots=True)
class FileReading:
    """What we read from a file: a document, or problems. Warnings don't stop it from being loaded."""

    file: str
    slug: str
    document: PredictionFile | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def read_prediction_file(raw: bytes, *, file: str, today: date) -> FileReading:
    """Read YAML, or JSON if the name ends in .json. `file` is its name, for messages, and for the pack if it names none."""
    slug = slug_of(file)
    try:
        text = decode(raw)
        tree = read_json(text) if file.lower().endswith(".json") else read_yaml(text)
    except Unreadable as error:
        return FileReading(file, slug, None, (Problem(file, error.line, "", str(error)),))
    problems = [Problem(file, line, _field(path), "this key appears twice; keep one") for path, line in tree.repeated]
    problems += _structure(tree, file) + _characters(tree, file)
    try:
        document = PredictionFile.model_validate(tree.data)
    except ValidationError as error:
        problems += validation_problems(error, tree, file)
        return FileReading(file, slug, None, in_order(problems))
    if problems:
        return FileReading(file, slug, None, in_order(problems))
    return FileReading(file, document.pack or slug, document, (), tuple(_warnings(document, tree, file, today)))


def slug_of(file: str) -> str:
    """The pack name for a file name: "My File.yaml" gives my-file."""
    stem = re.split(r"[/\\]", file)[-1].rsplit(".", 1)[0]
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:64].strip("-") or "pack"


def _structure(tree: Tree, file: str) -> list[Problem]:
    links: list[tuple[str, str | None]] = []
    indexes: list[int] = []
    for index, item in enumerate(_items(tree.data)):
        identifier, parent = item.get("id"), item.get("parent")
        if isinstance(identifier, str):
            links.append((identifier, parent if isinstance(parent, str) else None))
            indexes.append(index)
    found: list[Problem] = []
    for (position, key), message in structure_problems(links):
        path: Path = ("predictions", indexes[position], key)
        found.append(Problem(file, tree.line_of(path), _field(path), message))
    return found + _references(tree, file, known={identifier for identifier, _ in links})


def _references(tree: Tree, file: str, *, known: set[str]) -> list[Problem]:
    found: list[Problem] = []
    for index, item in enumerate(_items(tree.data)):
        window: Any = item.get("window")
        texts: dict[Path, Any] = {(name,): item.get(name) for name in ("criteria", "notes", "relation_note")}
        texts["window", "basis"] = cast("dict[str, Any]", window).get("basis") if isinstance(window, dict) else None
        for name, text in texts.items():
            unknown = set(REFERENCE.findall(text)) - known if isinstance(text, str) else set[str]()
            for identifier in sorted(unknown):
                path: Path = ("predictions", index, *name)
                message = f"refers to [[{identifier}]], but this file has no prediction with that id; give the id of one"
                found.append(Problem(file, tree.line_of(path), _field(path), message))
    return found


def _characters(tree: Tree, file: str) -> list[Problem]:
    """Characters that no database stores; YAML and JSON can write them as escapes."""
    found: list[Problem] = []
    waiting: list[tuple[Path, Any]] = [((), tree.data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            for key, inner in cast("dict[str, Any]", value).items():
                waiting += [((*path, key), key), ((*path, key), inner)]
        elif isinstance(value, list):
            waiting += [((*path, index), inner) for index, inner in enumerate(cast("list[Any]", value))]
        elif isinstance(value, str) and (bad := _UNSTORABLE.search(value)):
            message = f"holds the character U+{ord(bad[0]):04X}, which can't be stored; remove it"
            found.append(Problem(file, tree.line_of(path), _field(path), message))
    return found


def _items(data: Any) -> list[dict[str, Any]]:
    """The predictions of a file that may hold anything; whatever isn't a block of fields counts as an empty one."""
    predictions: Any = data.get("predictions") if isinstance(data, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if not isinstance(predictions, list):
        return []
    items = cast("list[object]", predictions)
    return [cast("dict[str, Any]", item) if isinstance(item, dict) else {} for item in items]


def validation_problems(error: ValidationError, tree: Tree, file: str) -> list[Problem]:
    """What pydantic found wrong, with the lines from the tree."""
    problems: list[Problem] = []
    for item in error.errors(include_url=False):
        path: Path = item["loc"]
        if not path and item["type"] == "value_error":
            continue  # ids, parents and references: `_structure` has reported it, with the line
        if item["type"] == "string_unicode":
            continue  # `_characters` has reported it
        if "outcome" in path[:-1]:  # a value that fits none of several types is one problem
            path = path[: path.index("outcome") + 1]
        problems.append(Problem(file, tree.line_of(path), _field(path), _sentence(item, path)))
    return problems


def _sentence(item: Any, path: Path) -> str:
    context: dict[str, Any] = item.get("ctx", {})
    given = _AS_WRITTEN.get(repr(item.get("input")), repr(item.get("input")))
    if path and path[-1] == "outcome" and len(path) == 3:
        return f"is {given[:60]}; it must be true, false, an option's name or a number"
    given = given if len(given) <= 60 else given[:57] + "…"
    match item["type"]:
        case "missing":
            return "is missing; add it"
        case "extra_forbidden":
            allowed = _allowed(path)
            close = difflib.get_close_matches(str(path[-1]), allowed, n=1)
            hint = f" (did you mean {close[0]}?)" if close else ""
            return f"isn't a field{hint}; the fields are {', '.join(allowed)}"
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"must be a block of fields ({', '.join(_allowed((*path, '')))}), not {given}"
        case "tuple_type" | "list_type":
            return f"must be a list, not {given}"
        case "enum" | "literal_error":
            return f"is {given}; it must be {context['expected']}"
        case "bool_type" | "bool_parsing":
            return f"is {given}; it must be true or false"
        case _ if path and path[-1] == "line":
            return f"is {given}; it must be a whole number from 1 up"
        case "string_too_long":
            return f"has {len(item['input'])} characters; at most {context['max_length']} are allowed"
        case "string_too_short":
            return "is empty; fill it in, or leave the field out"
        case "string_pattern_mismatch":
            return f"is {given}; it must be {_PATTERNS.get(context['pattern'], 'text like ' + context['pattern'])}"
        case "float_parsing" | "float_type" | "greater_than_equal" | "less_than_equal" | "finite_number":
            return f"is {given}; {_number_hint(path)}"
        case "date_from_datetime_parsing" | "date_parsing":
            return f"is {given}; that day isn't in the calendar"
        case "string_type":
            return f"is {given}; it must be text (put quotes around it)"
        case _:
            return str(item["msg"]).removeprefix("Value error, ")


_AS_WRITTEN = {"None": "null", "True": "true", "False": "false"}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_PATTERNS = {
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$": "up to 64 letters, digits, dots, dashes and underscores",
    r"^[a-z0-9][a-z0-9-]{0,63}$": "up to 64 lower-case letters, digits and dashes",
    r"^[\w][\w .+-]{0,39}$": "a tag of up to 40 letters, digits and spaces",
    r"^\d{4}(-\d{2}(-\d{2})?)?$": "a date like 2026-02-14, 2026-02 or 2026",
    r"^https?://\S+$": "an address that begins with http:// or https://",
    r"^[0-9a-f]{64}$": "a SHA-256 sum of 64 hexadecimal digits",
}


def _number_hint(path: Path) -> str:
    if path and path[-1] == "probability":
        return "it must be a number from 0 to 1 (70% is 0.7)"
    return "it must be a number"


def _allowed(path: Path) -> list[str]:
    names = [part for part in path[:-1] if isinstance(part, str)]
    model = _MODELS.get(names[-1] if names else "", PredictionFile)
    return list(model.model_fields)


def _field(path: Path) -> str:
    field = ""
    for part in path:
        name = f"[{part}]" if isinstance(part, int) else _UNPRINTABLE.sub("\ufffd", part[:60])
        field += f".{name}" if field and isinstance(part, str) else name
    return field


def in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    """Each problem once, by line."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.line))


def _warnings(document: PredictionFile, tree: Tree, file: str, today: date) -> list[Problem]:
    found: list[Problem] = []
    by_id = {prediction.id: prediction for prediction in document.predictions}
    words: dict[str, str] = {}

    def warn(index: int, key: str, message: str) -> None:
        path: Path = ("predictions", index, key)
        found.append(Problem(file, tree.line_of(path), _field(path), message))

    for index, prediction in enumerate(document.predictions):
        same = " ".join(prediction.statement.casefold().split())
        if same in words:
            warn(index, "statement", f"has the same words as {words[same]}")
        words.setdefault(same, prediction.id)
        if prediction.probability in (0, 1):
            warn(
                index,
                "probability",
                f"is {prediction.probability:.0%}; scores count it as {'99.9' if prediction.probability else '0.1'}%",
            )
        if prediction.window.end and prediction.window.end < today and prediction.result is None:
            warn(index, "window", f"ended on {prediction.window.end}; it's loaded closed")
        said = prediction.outcome if prediction.outcome is not None else any(option.outcome for option in prediction.options)
        if said not in (None, False) and prediction.result is None:
            warn(
                index,
                "outcome",
                f"can't be used as a result of kind {prediction.kind}; it's shown, but not loaded as one",
            )
        if prediction.forecasts and prediction.forecasts[-1].at.date() > today + timedelta(days=1):
            warn(index, "forecasts", "lie partly in the future; those are loaded when their time comes")
        parent = by_id.get(prediction.parent or "")
        hangs = parent is not None and prediction.relation in (Relation.REQUIRES, Relation.INSTANCE)
        if hangs and parent and (prediction.probability or 0) > (1 if parent.probability is None else parent.probability):
            warn(index, "probability", f"is higher than that of {parent.id}, and it can't happen without that")
    return found
