"""Whether a request keeps to Discord's description of its API: a known route, a body of the right shape, no field too many."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from tests.discord.extract import EXTRACT, JSON, SCHEMA
from tests.discord.limits import over_limits

NOT_DESCRIBED = {
    "ApplicationCommandUpdateRequest": "nsfw",
    "BaseCreateMessageCreateRequest": "tts",
    "CreateForumThreadRequest": "type",
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": "tts",
    "IncomingWebhookUpdateRequestPartial": "tts",
    "MessageEditRequestPartial": "tts",
}
"""A field that discord.py sends with each of these: Discord takes it, its description leaves it out."""

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Operation:
    pattern: re.Pattern[str]
    method: str
    validator: Validator | None
    needs_body: bool


class Description:
    """Discord's OpenAPI document, or an extract of it."""

    def __init__(self, document: Schema) -> None:
        self._schemas: dict[str, Schema] = {
            name: _as_discord_takes_it(schema, name) for name, schema in document["components"]["schemas"].items()
        }
        # A route without a variable goes first: /messages/@original is also a /messages/{message_id}.
        routes = sorted(document["paths"].items(), key=lambda item: item[0].count("{"))
        self._operations = [
            self._operation(path, method, operation)
            for path, item in routes
            for method, operation in item.items()
            if method != "parameters"
        ]

    def problems(self, method: str, path: str, body: Any = None) -> list[str]:
        """What is wrong with a request, a sentence each; nothing where Discord would take it."""
        plain = re.sub(r"^(https?://[^/]+)?(/api/v\d+)?", "", path.partition("?")[0])
        for operation in self._operations:
            if operation.method == method.lower() and operation.pattern.fullmatch(plain):
                break
        else:
            return [f"{method} {plain}: no such route; a new one is added in tests/discord/extract.py"]
        if operation.validator is None:
            return [f"{method} {plain}: takes no body"] if body else []
        if body is None:
            return [f"{method} {plain}: needs a body"] if operation.needs_body else []
        wrong = [f"{error.json_path}: {_end(error.message)}" for error in operation.validator.iter_errors(body)]
        return [f"{method} {plain}: {problem}" for problem in wrong or over_limits(body)]

    def _operation(self, path: str, method: str, operation: Schema) -> _Operation:
        pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
        described = operation.get("requestBody")
        if described is None:
            return _Operation(pattern, method, None, needs_body=False)
        schema = _as_discord_takes_it(described["content"][JSON]["schema"])
        root = schema | {"components": {"schemas": self._schemas}}
        rules = {"oneOf": self._one_branch, "anyOf": self._one_branch}
        validator = extend(Draft202012Validator, rules)(root, format_checker=_FORMATS)
        return _Operation(pattern, method, validator, needs_body=described.get("required", False))

    def _one_branch(
        self, validator: Any, branches: list[Schema], instance: Any, _schema: Schema
    ) -> Iterator[ValidationError]:
        """One of several shapes. Discord means the same by `oneOf` and `anyOf`: its README says so.

        What is wrong is said of the shape that was meant, which `type` tells, and not of thirty others.
        """
        meant = [branch for branch in branches if self._may_be_meant(branch, instance)]
        if not meant:
            yield ValidationError(f"{_cut(instance)} is none of the {len(branches)} things that may stand here")
        failures: list[list[ValidationError]] = []
        for branch in meant:
            errors = list(validator.descend(instance, branch))
            if not errors:
                return
            failures.append(errors)
        yield from min(failures, key=len, default=[])

    def _may_be_meant(self, branch: Schema, instance: Any) -> bool:
        schema = self._schemas[branch["$ref"].removeprefix(SCHEMA)] if "$ref" in branch else branch
        if not isinstance(instance, Mapping):
            return schema.get("type") != "object"
        kinds = schema.get("properties", {}).get("type", {}).get("enum")
        return schema.get("type") in ("object", None) and (kinds is None or instance.get("type") in kinds)


@cache
def description() -> Description:
    """The description that comes with the tests."""
    return Description(json.loads(EXTRACT.read_text(encoding="utf-8")))


def _as_discord_takes_it(schema: Any, name: str = "") -> Any:
    """A schema with what Discord's document does not say: no other fields, and a snowflake may be a number."""
    if isinstance(schema, list):
        return [_as_discord_takes_it(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _as_discord_takes_it(part) for key, part in schema.items()}
    if made.get("format") == "snowflake":
        made["type"] = [*_listed(made["type"]), "integer"]
    if isinstance(made.get("properties"), dict) and "additionalProperties" not in made:
        made["additionalProperties"] = False
        if name in NOT_DESCRIBED:
            made["properties"][NOT_DESCRIBED[name]] = {"type": ["boolean", "integer"]}
    return made


def _listed(value: str | Iterable[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _cut(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:200]


def _end(message: str) -> str:
    """The end of a message: it begins with the value, which may be long."""
    return message if len(message) < 300 else "…" + message[-200:]


_FORMATS = FormatChecker(())


@_FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@_FORMATS.checks("uri")
def _is_address(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"(https?|attachment|discord)://\S+", value) is not None
