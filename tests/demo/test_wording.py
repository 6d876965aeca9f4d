"""What the demo changes about the simulation's page is still there to be changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from discord import AppCommandType
from simcord import preview
from simcord.preview._markdown import markdown_tokens

from bot.demo.page import MENUS, REWORDED, end_quotes
from tests.demo.walking import walked_demo

STATIC = Path(preview.__file__).with_name("static")


@pytest.mark.parametrize("address", REWORDED)
def test_every_word_that_the_demo_replaces_is_on_the_page(address: str) -> None:
    page = (STATIC / (address.removeprefix("/") or "index.html")).read_text(encoding="utf-8")
    assert [theirs for theirs, _ in REWORDED[address] if theirs not in page] == []


async def test_the_menu_of_a_message_has_all_commands_that_the_bot_has_for_messages(tmp_path: Path) -> None:
    async with walked_demo(tmp_path) as preview:
        commands = preview.env.bot.tree.get_commands(type=AppCommandType.message)
        assert sorted(command.name for command in commands) == sorted(MENUS)


@pytest.mark.parametrize(
    ("said", "quoted"),
    [("> a\nb", ["a"]), ("> a\n> b\nc", ["ab"]), (">>> a\nb", ["ab"]), ("> a\n\nb", ["a"])],
)
def test_a_quote_ends_with_its_line(said: str, quoted: list[str]) -> None:
    end_quotes()
    assert quotes_in(markdown_tokens(said, "text_display")) == quoted


def quotes_in(tokens: list[dict[str, Any]]) -> list[str]:
    """The words of each quote."""
    return [words_of(token) for token in tokens if token["type"] == "blockquote"]


def words_of(token: dict[str, Any]) -> str:
    """All words of a part of a message."""
    return token.get("content", "") + "".join(words_of(child) for child in token.get("children", ()))
