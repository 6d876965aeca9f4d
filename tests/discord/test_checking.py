"""The check of requests finds what Discord would refuse; behaviour tests rely on it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import SHARED
from tests.discord.checking import description
from tests.discord.extract import EXTRACT, extract, written

WHOLE = SHARED / "discord" / "openapi.json"

MESSAGES = "/channels/123456789012345678/messages"
CALLBACK = "/interactions/1/token/callback"
COMMANDS = "/applications/123456789012345678/commands"
V2 = 1 << 15


def text(content: str = "Hello") -> dict[str, Any]:
    return {"type": 10, "content": content}


def button(custom_id: str = "a", **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": custom_id} | more


def select(*values: str, **more: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": [{"label": value, "value": value} for value in values]} | more


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def post(*components: dict[str, Any], **more: Any) -> list[str]:
    """What is wrong with a message of these components."""
    return description().problems("POST", MESSAGES, {"components": list(components), "flags": V2} | more)


def commands(*options: dict[str, Any], **more: Any) -> list[str]:
    """What is wrong with a command of these options."""
    command = {"name": "vote", "description": "Say what happened.", "type": 1, "options": list(options)} | more
    return description().problems("PUT", COMMANDS, [command])


def option(name: str = "when", **more: Any) -> dict[str, Any]:
    return {"name": name, "description": "When it happened.", "type": 3} | more


def test_what_discord_takes_is_let_through() -> None:
    box = {"type": 17, "components": [text(), row(button("a"), button("b")), row(select("x", "y"))]}
    assert post(box, nonce="1", enforce_nonce=True, allowed_mentions={"parse": []}) == []
    answer = {"type": 4, "data": {"components": [box], "flags": V2 | 64, "tts": False}}
    assert description().problems("POST", CALLBACK, answer) == []
    assert description().problems("POST", CALLBACK, {"type": 5, "data": {"flags": 64}}) == []
    assert description().problems("POST", CALLBACK, {"type": 8, "data": {"choices": [{"name": "a", "value": "b"}]}}) == []
    label = {"type": 18, "label": "Why", "component": {"type": 4, "style": 1, "custom_id": "why"}}
    form = {"type": 9, "data": {"custom_id": "f", "title": "A form", "components": [label]}}
    assert description().problems("POST", CALLBACK, form) == []
    assert commands(option(required=True), option("why"), nsfw=False) == []
    assert description().problems("POST", "/users/@me/channels", {"recipient_id": 123456789012345678}) == []
    assert description().problems("GET", "https://discord.com/api/v10/users/@me?x=1") == []


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("POST", "/channels/1/pins", {}, "no such route"),
        ("PATCH", "/users/@me", {}, "no such route"),
        ("GET", "/users/@me", {"a": 1}, "takes no body"),
        ("POST", MESSAGES, None, "needs a body"),
        ("POST", CALLBACK, {"type": 99}, "none of the"),
        ("POST", CALLBACK, {"type": 8, "data": {"choices": [{"name": "a", "value": "b"}] * 26}}, "$.data.choices"),
        ("POST", CALLBACK, {"type": 9, "data": {"custom_id": "f", "title": "t" * 46, "components": []}}, "$.data.title"),
        ("POST", CALLBACK, {"type": 4, "data": {"content": "x", "flag": 64}}, "'flag' was unexpected"),
        ("PUT", COMMANDS, [{"name": "Vote now" * 5, "description": "d"}], "$[0].name"),
        ("POST", "/users/@me/channels", {"recipient_id": "ada"}, "$.recipient_id"),
    ],
)
def test_a_wrong_request_is_found(method: str, path: str, body: Any, said: str) -> None:
    assert said in "\n".join(description().problems(method, path, body))


@pytest.mark.parametrize(
    ("component", "said"),
    [
        (text("x" * 4001), "is too long"),
        (text(""), "$.components[0].content"),
        ({"type": 10}, "'content' is a required property"),
        ({"type": 77}, "none of the"),
        (text() | {"colour": 1}, "'colour' was unexpected"),
        (row(), "$.components[0].components"),
        (row(*(button(str(number)) for number in range(6))), "$.components[0].components"),
        (row(button(label="x" * 81)), "label"),
        (row({"type": 2, "label": "Go", "custom_id": "a"}), "'style' is a required property"),
        (row(button("x" * 101)), "custom_id"),
        (row(select(*map(str, range(26)))), "options"),
        (row(select("x", custom_id="x" * 101)), "custom_id"),
        (row(select("x", placeholder="x" * 151)), "placeholder"),
        (row(select("x", max_values=26)), "max_values"),
        ({"type": 17, "components": [text("")]}, "$.components[0].components[0].content"),
        ({"type": 12, "items": [{"media": {"url": "chart.png"}}]}, "url"),
    ],
)
def test_a_wrong_component_is_found_where_it_stands(component: dict[str, Any], said: str) -> None:
    problems = post(component)
    assert said in "\n".join(problems)
    assert len(problems) == 1, "what is wrong is said of the component that was meant"


@pytest.mark.parametrize(
    ("problems", "said"),
    [
        (lambda: post(*[{"type": 17, "components": [text()] * 20}] * 2), "42 components"),
        (lambda: post({"type": 17, "components": [text("x" * 2001)] * 2}), "4002 characters"),
        (lambda: post(text(), content="x"), "content beside new components"),
        (lambda: post(text(), flags=0), "without the flag"),
        (lambda: post(flags=0, content="x" * 2001), "more than 2000 characters"),
        (lambda: post(flags=0, embeds=[{"description": "x" * 4000}] * 2), "more than 6000 characters"),
        (lambda: post(*(row(button(str(number))) for number in range(6)), flags=0), "more than 5 rows"),
        (lambda: post(row(button("a"), button("a"))), "two components with the custom_id a"),
        (lambda: post({"type": 9, "components": [text()], "accessory": button("a")}, row(button("a"))), "custom_id a"),
        (lambda: post(row(select("x"), button("a"))), "beside a select"),
        (lambda: post(row(select("x", "x"))), "the value x"),
        (lambda: post(row(select("x", "y", min_values=2, max_values=1))), "must be chosen"),
        (lambda: post(row(select("x") | {"options": [{"label": v, "value": v, "default": True} for v in "xy"]})), "chosen"),
        (lambda: commands(option("why"), option("when", required=True)), "may be left out"),
        (lambda: commands(option(), option()), "two options named when"),
        (lambda: commands(*(option(str(n), choices=[{"name": "n" * 90, "value": str(v) * 50} for v in range(25)])
                            for n in range(3))), "more than 8000"),
    ],
)  # fmt: skip
def test_a_limit_that_the_document_does_not_hold_is_kept(problems: Any, said: str) -> None:
    assert said in "\n".join(problems())


@pytest.mark.skipif(not WHOLE.exists(), reason="Discord's whole document is not beside this checkout")
def test_the_extract_is_what_discord_published() -> None:
    whole = extract(json.loads(WHOLE.read_text(encoding="utf-8")))
    assert EXTRACT.read_text(encoding="utf-8") == written(whole), "python -m tests.discord.extract FILE takes it again"


def test_the_extract_keeps_the_documents_licence() -> None:
    assert json.loads(EXTRACT.read_text(encoding="utf-8"))["info"]["license"]["identifier"] == "MIT"
