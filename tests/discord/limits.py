"""Limits that Discord documents in prose, and its OpenAPI document does not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

ROW, BUTTON, TEXT = 1, 2, 10
OLD_COMPONENTS = {1, 2, 3, 4, 5, 6, 7, 8}
"""Rows, buttons, selects and text inputs, which need no flag."""
IS_COMPONENTS_V2 = 1 << 15

Part = dict[str, Any]


def over_limits(body: Any) -> list[str]:
    """What Discord would refuse in a body of the right shape."""
    if isinstance(body, list):
        return [problem for command in body for problem in _of_command(command)]
    data = body.get("data") or {}
    if body.get("type") == 9:
        return _of_components(data.get("components") or [])
    message = data if "type" in body and "data" in body else body
    return [*_of_message(message), *_of_components(message.get("components") or [])]


def nested(components: Sequence[Part]) -> Iterator[Part]:
    """All components, those inside of others too."""
    for component in components:
        yield component
        yield from nested(component.get("components") or [])
        yield from nested([component[key] for key in ("accessory", "component") if component.get(key)])


def _of_message(message: Part) -> Iterator[str]:
    components = list(nested(message.get("components") or []))
    if not (message.get("flags") or 0) & IS_COMPONENTS_V2:
        if len(message.get("content") or "") > 2000:
            yield "more than 2000 characters"
        if sum(map(_embed_length, message.get("embeds") or [])) > 6000:
            yield "more than 6000 characters in embeds"
        if len(message.get("components") or []) > 5:
            yield "more than 5 rows"
        if any(component.get("type") not in OLD_COMPONENTS for component in components):
            yield "new components without the flag for them"
        return
    if len(components) > 40:
        yield f"{len(components)} components, more than 40"
    if (length := sum(len(found.get("content") or "") for found in components if found.get("type") == TEXT)) > 4000:
        yield f"{length} characters of text, more than 4000"
    for field in ("content", "embeds", "poll", "sticker_ids"):
        if message.get(field):
            yield f"{field} beside new components"


def _of_components(components: Sequence[Part]) -> list[str]:
    problems: list[str] = []
    for component in nested(components):
        if component.get("type") == ROW:
            inside = component.get("components") or []
            if len(inside) > 1 and any(found.get("type") != BUTTON for found in inside):
                problems.append("something beside a select in a row")
        if twice := _twice(option.get("value") for option in component.get("options") or ()):
            problems.append(f"two options of a select with the value {twice}")
        fewest, most = component.get("min_values"), component.get("max_values")
        if fewest is not None and most is not None and fewest > most:
            problems.append("a select of which more must be chosen than may be")
        if sum(bool(option.get("default")) for option in component.get("options") or ()) > (1 if most is None else most):
            problems.append("a select with more chosen than may be")
    if twice := _twice(component.get("custom_id") for component in nested(components)):
        problems.append(f"two components with the custom_id {twice}")
    return problems


def _of_command(command: Part) -> Iterator[str]:
    name = command.get("name")
    if (length := _command_length(command)) > 8000:
        yield f"command {name}: {length} characters, more than 8000"
    pending = [command]
    while pending:
        part = pending.pop()
        options = part.get("options") or []
        pending += options
        required = [bool(option.get("required")) for option in options]
        if required != sorted(required, reverse=True):
            yield f"command {name}: in {part.get('name')} an option that may be left out stands before one that may not"
        if twice := _twice(option.get("name") for option in options):
            yield f"command {name}: two options named {twice} in {part.get('name')}"


def _command_length(part: Part) -> int:
    own = len(part.get("name") or "") + len(part.get("description") or "")
    choices = sum(len(str(choice.get("name"))) + len(str(choice.get("value"))) for choice in part.get("choices") or ())
    return own + choices + sum(map(_command_length, part.get("options") or ()))


def _embed_length(embed: Part) -> int:
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    texts += [text for field in embed.get("fields") or () for text in (field.get("name"), field.get("value"))]
    return sum(len(text or "") for text in texts)


def _twice(names: Iterable[Any]) -> Any:
    return next((name for name, times in Counter(name for name in names if name).items() if times > 1), None)
