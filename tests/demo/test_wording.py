"""What the demo changes about the simulation's page is still there to be changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from simcord import preview

from bot.demo.page import REWORDED

STATIC = Path(preview.__file__).with_name("static")


@pytest.mark.parametrize("address", REWORDED)
def test_every_word_that_the_demo_replaces_is_on_the_page(address: str) -> None:
    page = (STATIC / (address.removeprefix("/") or "index.html")).read_text(encoding="utf-8")
    assert [theirs for theirs, _ in REWORDED[address] if theirs not in page] == []
