"""The README and the page for contributors against the code: every command, every setting, every picture, every room."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from discord import app_commands

from bot.client import Almanac
from bot.domain.documents.reading import read_prediction_file
from bot.permissions import PERMISSIONS
from bot.settings import Settings
from db.database import Database
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text under a second-level heading."""
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


async def test_the_commands_table_is_what_the_bot_has(sqlite: Database) -> None:
    bot = Almanac(sqlite)
    await bot.load_cogs()
    commands = {
        f"/{command.qualified_name}" for command in bot.tree.walk_commands() if isinstance(command, app_commands.Command)
    }
    menus = {command.name for command in bot.tree.get_commands() if isinstance(command, app_commands.ContextMenu)}
    listed = re.findall(r"^\| (.+?) \|", section("Commands"), re.MULTILINE)[2:]
    named = {re.findall(r"`(.+?)`", cell)[-1] for cell in listed}
    assert named == commands | menus


def test_the_configuration_table_is_what_the_settings_are() -> None:
    lines = [line for line in section("Configuration").splitlines() if line.startswith("| `")]
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    fields = [
        (f"`{name.upper()}`", "" if field.default is None else f"`{field.default}`", field.description)
        for name, field in Settings.model_fields.items()
    ]
    assert rows == fields


def test_the_invite_link_asks_for_what_the_bot_asks_for() -> None:
    link = re.search(r"oauth2/authorize\?\S+?permissions=(\d+)", section("Run it on your server"))
    assert link is not None
    assert int(link[1]) == PERMISSIONS.value


def test_every_picture_and_page_is_there() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    links = [
        (page, link) for page in pages for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    ]
    assert links
    assert [(page.name, link) for page, link in links if not Path(page.parent, link).exists()] == []


def test_the_example_file_of_the_docs_is_valid() -> None:
    example = re.search(r"```yaml\n(.*?)```", (ROOT / "docs" / "prediction-files.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    reading = read_prediction_file(example[1].encode(), file="example.yaml", today=date(2027, 1, 2))
    assert reading.problems == ()


def drawn_paths() -> list[Path]:
    """What the layout in CONTRIBUTING.md draws, each line four or more blanks in, below what it lies in."""
    layout = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("\n## The house\n")[1].split("\n\nA noun")[0]
    found: list[Path] = []
    folders: list[str] = []
    for blanks, names in re.findall(r"^ {4}( *)((?:[a-z_]+[./][a-z]*(?: |$))+)", layout, re.MULTILINE):
        depth = len(blanks) // 2
        folders = [*folders[:depth], names.split()[0]]
        found.append(Path(*folders))
    return found


def test_the_layout_for_contributors_is_that_of_the_house() -> None:
    drawn = drawn_paths()
    assert [path for path in drawn if not (ROOT / path).exists()] == []
    for floor in ("bot", "bot/services", "bot/domain", "bot/domain/documents", "db"):
        rooms = {path for path in (ROOT / floor).iterdir() if path.is_dir() and path.name != "__pycache__"}
        assert {path.relative_to(ROOT) for path in rooms} <= set(drawn), floor
