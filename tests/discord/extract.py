"""The part of Discord's OpenAPI document that the bot's requests are checked against: `python -m tests.discord.extract FILE`.

Discord publishes the document at https://github.com/discord/discord-api-spec (`specs/openapi.json`) under the MIT licence.
When the bot begins to use another route, add it to `ROUTES` and run this on the whole document again.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EXTRACT = Path(__file__).parent / "openapi.json"

ROUTES = {
    "/applications/@me": ("get",),
    "/applications/{application_id}/commands": ("get", "put"),
    "/applications/{application_id}/guilds/{guild_id}/commands": ("put",),
    "/channels/{channel_id}": ("get",),
    "/channels/{channel_id}/messages": ("get", "post"),
    "/channels/{channel_id}/messages/{message_id}": ("get", "patch", "delete"),
    "/guilds/{guild_id}/members/{user_id}": ("get",),
    "/guilds/{guild_id}/members/{user_id}/roles/{role_id}": ("put", "delete"),
    "/interactions/{interaction_id}/{interaction_token}/callback": ("post",),
    "/oauth2/applications/@me": ("get",),
    "/users/@me": ("get",),
    "/users/@me/channels": ("post",),
    "/webhooks/{webhook_id}/{webhook_token}": ("post",),
    "/webhooks/{webhook_id}/{webhook_token}/messages/@original": ("get", "patch", "delete"),
    "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}": ("get", "patch", "delete"),
}
"""The routes that the bot, and discord.py for it, uses."""

JSON = "application/json"
SCHEMA = "#/components/schemas/"


def extract(document: dict[str, Any]) -> dict[str, Any]:
    """These routes, what their requests may hold, and the document's own words on its origin and licence.

    Answers are left out: they are Discord's affair. Every part that stays is as Discord wrote it.
    """
    paths = {
        path: {method: _request_alone(document["paths"][path][method]) for method in methods}
        for path, methods in ROUTES.items()
    }
    schemas: dict[str, Any] = {}
    pending = list(references(paths))
    while pending:
        name = pending.pop()
        if name not in schemas:
            schemas[name] = document["components"]["schemas"][name]
            pending += references(schemas[name])
    kept = {key: document[key] for key in ("openapi", "info", "externalDocs", "servers") if key in document}
    return kept | {"paths": paths, "components": {"schemas": dict(sorted(schemas.items()))}}


def references(part: Any) -> Iterator[str]:
    """The names of the schemas that a part of the document refers to."""
    if isinstance(part, dict):
        reference = part.get("$ref")
        if isinstance(reference, str):
            yield reference.removeprefix(SCHEMA)
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def _request_alone(operation: dict[str, Any]) -> dict[str, Any]:
    kept = {key: operation[key] for key in ("operationId",) if key in operation}
    if body := operation.get("requestBody"):
        kept["requestBody"] = body | {"content": {JSON: body["content"][JSON]}}
    return kept


def written(extracted: dict[str, Any]) -> str:
    """The extract as it is committed: a line for each route and each schema, so that a change of one can be read."""
    paths, schemas = extracted["paths"], extracted["components"]["schemas"]
    head = {key: value for key, value in extracted.items() if key not in ("paths", "components")}
    return (
        f'{_packed(head)[:-1]},\n"paths":{{\n{_lines(paths)}\n}},\n"components":{{"schemas":{{\n{_lines(schemas)}\n}}}}}}\n'
    )


def _lines(parts: dict[str, Any]) -> str:
    return ",\n".join(f"{_packed(name)}:{_packed(part)}" for name, part in parts.items())


def _packed(part: Any) -> str:
    return json.dumps(part, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    whole = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    EXTRACT.write_text(written(extract(whole)), encoding="utf-8")
