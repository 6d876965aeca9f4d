"""What the demo changes about the simulation's page is still there to be changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from discord import AppCommandType
from simcord import preview

from bot.demo.page import MENUS, REWORDED
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
