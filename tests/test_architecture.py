"""The arrows between the layers, and other rules that a reader of the code can rely on."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

EVERYTHING = ("",)
PURE = ("bot.domain", "numpy")
ALLOWED: dict[str, tuple[str, ...]] = {
    "bot.domain.documents.prose": (
        *PURE,
        "markdown_it",
        "mdit_py_plugins",
        "ftfy",
        "charset_normalizer",
        "lxml",
        "rapidfuzz",
    ),
    "bot.domain.documents": (*PURE, "pydantic", "pydantic_core", "yaml"),
    "bot.domain": PURE,
    "db.migrations": ("alembic", "sqlalchemy", "db", "bot.domain", "numpy"),
    "db.migrate": ("alembic", "sqlalchemy", "db", "bot.domain"),
    "db": ("sqlalchemy", "bot.domain", "db"),
    "bot.services": ("bot.services", "bot.domain", "db", "sqlalchemy", "numpy", "rapidfuzz"),
    "bot.ui.charts": ("bot.ui", "bot.domain", "numpy", "matplotlib"),
    "bot.ui": ("bot.ui", "bot.services", "bot.domain", "db.models", "discord", "icalendar"),
    "cogs": ("cogs._params", "bot.ui", "bot.services", "bot.domain", "discord"),
    "bot.settings": ("bot.domain", "pydantic", "pydantic_settings"),
    "bot.log": ("pythonjsonlogger",),
}
"""What each layer may import beside the standard library; the longest name that fits rules, and what is not here may all."""
ROOMS: dict[str, dict[str, tuple[str, ...]]] = {
    "bot.services": {
        "claims": (),
        "registering": (),
        "waking": (),
        "outbox": ("waking",),
        "limits": (),
        "members": (),
        "homes": ("members", "outbox"),
        "predictions": ("homes", "limits", "members", "outbox"),
        "groups": ("homes", "members", "outbox", "predictions"),
        "scoring": ("members", "predictions"),
        "forecasting": ("groups", "homes", "limits", "members", "outbox", "predictions", "scoring", "waking"),
        "sharing": ("outbox",),
        "turns": ("outbox",),
        "posts": ("outbox", "predictions", "sharing"),
        "voting": ("limits", "members", "outbox", "posts", "predictions", "scoring", "waking"),
        "moderation": ("forecasting", "members", "outbox", "predictions", "voting"),
        "following": ("members", "outbox", "predictions", "scoring"),
        "reminding": ("following", "homes", "members", "outbox", "predictions", "scoring"),
        "tournaments": ("members", "outbox", "predictions", "scoring"),
        "packs": ("homes", "members", "outbox", "predictions", "scoring", "voting"),
        "exporting": ("homes", "members", "predictions", "scoring"),
        "settings": ("homes", "members", "outbox", "predictions"),
        "health": ("outbox",),
        "announcements": ("members", "packs", "predictions", "scoring"),
        "privacy": ("members", "outbox", "predictions", "voting"),
        "sweep": (
            "claims",
            "homes",
            "moderation",
            "outbox",
            "packs",
            "posts",
            "predictions",
            "privacy",
            "reminding",
            "scoring",
            "tournaments",
            "voting",
        ),
    },
    "bot.ui.cards": {
        "parts": (),
        "confirming": ("parts",),
        "charts": ("parts",),
        "predictions": ("parts",),
        "forecasting": ("parts", "predictions"),
        "voting": ("parts", "predictions"),
        "groups": ("forecasting", "parts", "voting"),
        "moderation": ("parts",),
        "scoring": ("charts", "parts", "predictions"),
        "following": ("parts", "voting"),
        "reminding": ("following", "parts", "predictions", "voting"),
        "tournaments": ("parts", "scoring", "voting"),
        "packs": ("parts", "predictions"),
        "exporting": (),
        "privacy": ("parts",),
        "settings": ("parts", "voting"),
    },
}
"""Which rooms of a floor a room may import. Rooms further down the list may import those above, never the other way round."""
READS_NO_CLOCK = ("bot.domain", "bot.services", "bot.ui", "db", "cogs")
CLOCKS = {"now", "utcnow", "today", "time_ns", "monotonic", "perf_counter", "current_timestamp", "localtime", "gmtime"}
"""Whatever they are called on, the database's own clock included; only the bot's, which is handed to it, may be asked."""
NEVER = {"eval", "exec", "__import__", "relationship"}
NEVER_OF_A_MODULE = {"yaml.load", "yaml.unsafe_load", "yaml.full_load"}
PURE_LAYERS = ("bot.domain", "bot.services", "db.models", "db.queries", "db.base")
OUTSIDE = {
    "asyncio",
    "http",
    "io",
    "multiprocessing",
    "os",
    "pathlib",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
}
OUTSIDE |= {"threading", "urllib"}


PROSE = "bot.domain.documents.prose."
"""Left out of the rule that a class name is used once: its rooms share none of their classes with the rest."""


PATHS = [
    path
    for folder in ("bot", "cogs", "db")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "__pycache__" not in path.parts
]
"""Of every module of the program. A test parses its own: all trees at once are two million objects."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the program, by its dotted name."""
    for path in PATHS:
        yield name_of(path), tree_of(path)


def tree_of(path: Path) -> ast.Module:
    """A module, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    """bot/ui/text.py is bot.ui.text."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.Module, *, when_checking: bool = False) -> Iterator[str]:
    """The modules that are imported when the program runs, or those imported for the type checker alone."""
    hidden = {
        node
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and ast.unparse(branch.test) == "TYPE_CHECKING"
        for node in ast.walk(branch)
    }
    for node in ast.walk(tree):
        if (node in hidden) is not when_checking:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module in ("bot", "db", "cogs"))


def forbidden_imports(name: str, tree: ast.Module) -> list[str]:
    """What this module imports and its layer may not."""
    layer = max((layer for layer in ALLOWED if f"{name}.".startswith(f"{layer}.")), key=len, default=None)
    allowed = EVERYTHING if layer is None else ALLOWED[layer]
    found: list[str] = []
    for imported in imports(tree):
        is_own = imported in ("bot", "db", "cogs")
        if is_own or imported.split(".")[0] in STANDARD:
            continue
        if allowed != EVERYTHING and not any(f"{imported}.".startswith(f"{prefix}.") for prefix in allowed):
            found.append(imported)
    return found


def rule_breakers(name: str, tree: ast.Module) -> list[str]:
    """Calls that this module may not make."""
    found: list[str] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        last = called.split(".")[-1]
        is_the_bots = name.startswith("cogs") and called.endswith("bot.now")
        if name.startswith(READS_NO_CLOCK) and not is_the_bots and (last in CLOCKS or called == "time.time"):
            found.append(f"{called} reads the clock")
        if last in NEVER or called in NEVER_OF_A_MODULE:
            found.append(called)
    return found


STANDARD = sys.stdlib_module_names


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_a_module_imports_only_what_its_layer_may(path: Path) -> None:
    assert forbidden_imports(name_of(path), tree_of(path)) == []


def arrows_between_rooms(floor: str, name: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The rooms of its floor that a module imports, beside its own, each as an arrow."""
    room = name.removeprefix(f"{floor}.").split(".")[0]
    names = [
        f"{node.module}.{alias.name}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    ]
    for imported in names:
        target = imported.removeprefix(f"{floor}.").split(".")[0]
        if imported.startswith(f"{floor}.") and target != room:
            yield room, target


@pytest.mark.parametrize("floor", ROOMS)
def test_rooms_have_the_arrows_that_the_table_says_and_no_others(floor: str) -> None:
    found: dict[str, set[str]] = {}
    for name, tree in modules():
        if name.startswith(f"{floor}."):
            found.setdefault(name.removeprefix(f"{floor}.").split(".")[0], set())
            for room, target in arrows_between_rooms(floor, name, tree):
                found[room].add(target)
    assert found == {room: set(allowed) for room, allowed in ROOMS[floor].items()}


@pytest.mark.parametrize("floor", ROOMS)
def test_no_arrow_between_rooms_goes_up(floor: str) -> None:
    order = list(ROOMS[floor])
    for room, allowed in ROOMS[floor].items():
        assert all(order.index(target) < order.index(room) for target in allowed), room


def test_an_arrow_is_found_however_it_is_written() -> None:
    text = (
        "from bot.services import outbox\nfrom bot.services.packs.library import load\nfrom bot.services.voting import votes"
    )
    found = set(arrows_between_rooms("bot.services", "bot.services.voting.counting", ast.parse(text)))
    assert found == {("voting", "outbox"), ("voting", "packs")}


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_a_module_calls_nothing_that_it_should_not(path: Path) -> None:
    tree = tree_of(path)
    assert rule_breakers(name_of(path), tree) == []
    assert not any(imported.split(".")[0] in ("pickle", "marshal", "shelve") for imported in imports(tree))
    hides_a_clock = any(isinstance(node, ast.ImportFrom) and node.module == "time" for node in ast.walk(tree))
    assert not hides_a_clock, "import time, so that a reader sees the clock"


@pytest.mark.parametrize("path", [path for path in PATHS if name_of(path).startswith(PURE_LAYERS)], ids=name_of)
def test_the_domain_and_the_use_cases_neither_wait_nor_touch_files(path: Path) -> None:
    tree = tree_of(path)
    assert not {imported.split(".")[0] for imported in imports(tree) if not is_in_memory(tree, imported)} & OUTSIDE
    assert not any(isinstance(node, ast.AsyncFunctionDef | ast.Await) for node in ast.walk(tree))
    assert not any(
        isinstance(node, ast.Call) and ast.unparse(node.func) in ("open", "print", "input") for node in ast.walk(tree)
    )


def is_in_memory(tree: ast.Module, imported: str) -> bool:
    """Whether all that is imported of `io` are its bytes and texts in memory, which an archive is read from."""
    names = [node.names for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "io"]
    is_whole = any(
        isinstance(node, ast.Import) and any(alias.name == "io" for alias in node.names) for node in ast.walk(tree)
    )
    return imported == "io" and not is_whole and {alias.name for some in names for alias in some} <= {"BytesIO", "StringIO"}


@pytest.mark.parametrize(
    ("text", "verdict"), [("from io import BytesIO", True), ("import io", False), ("from io import open", False)]
)
def test_of_io_only_memory_is_pure(text: str, verdict: bool) -> None:
    assert is_in_memory(ast.parse(text), "io") is verdict


def test_a_cog_knows_the_bot_only_as_a_type() -> None:
    for name, tree in modules():
        if name.startswith("cogs."):
            assert "bot.client" not in set(imports(tree))
            assert set(imports(tree, when_checking=True)) <= {"bot.client"}


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("bot.domain.scoring", "import sqlalchemy", "sqlalchemy"),
        ("bot.domain.times", "from pydantic import BaseModel", "pydantic"),
        ("bot.services.packs.library", "import discord", "discord"),
        ("bot.ui.cards.predictions.lists", "from db.database import Database", "db.database"),
        ("cogs.help", "from cogs.packs import PacksCog", "cogs.packs"),
        ("db.models", "from bot.services import packs", "bot.services"),
    ],
)
def test_the_table_refuses_an_arrow_that_points_the_wrong_way(name: str, text: str, problem: str) -> None:
    assert forbidden_imports(name, ast.parse(text)) == [problem]


@pytest.mark.parametrize(
    "call",
    [
        "datetime.now(UTC)",
        "dt.datetime.utcnow()",
        "date.today()",
        "time.time()",
        "func.now()",
        "discord.utils.utcnow()",
    ],
)
def test_reading_the_clock_below_the_cogs_is_found(call: str) -> None:
    assert rule_breakers("bot.services.packs.library", ast.parse(call)) == [f"{call.split('(')[0]} reads the clock"]


@pytest.mark.parametrize(
    "call", ["eval(text)", "builtins.exec(text)", "yaml.load(text)", "orm.relationship(Pack)", "relationship()"]
)
def test_a_forbidden_call_is_found(call: str) -> None:
    assert rule_breakers("db.models", ast.parse(call)) == [call.split("(")[0]]


def classes_by_name(modules: Iterable[tuple[str, ast.Module]]) -> dict[str, list[str]]:
    """Where each class name is defined; the reading of prose is left out."""
    found: dict[str, list[str]] = {}
    for name, tree in modules:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not f"{name}.".startswith(PROSE):
                found.setdefault(node.name, []).append(name)
    return found


def test_no_two_classes_share_a_name() -> None:
    assert {name: places for name, places in classes_by_name(modules()).items() if len(places) > 1} == {}


def test_two_classes_of_one_name_are_found() -> None:
    texts = {"bot.domain.voting": "class Verdict: ...", "bot.domain.reminders": "class Verdict: ...\nclass Step: ..."}
    found = classes_by_name((name, ast.parse(text)) for name, text in texts.items())
    assert found == {"Verdict": ["bot.domain.voting", "bot.domain.reminders"], "Step": ["bot.domain.reminders"]}


def raw_colours(text: str) -> list[str]:
    """Colours written as numbers."""
    return re.findall(r"\b0x[0-9A-Fa-f]{6}\b|[\"']#[0-9A-Fa-f]{6}[\"']", text)


@pytest.mark.parametrize("folder", ["bot/ui", "cogs", "bot/delivery"])
def test_only_the_palette_writes_colours_as_numbers(folder: str) -> None:
    paths = [path for path in (ROOT / folder).rglob("*.py") if path.name != "palette.py"]
    assert {path.name: found for path in paths if (found := raw_colours(path.read_text(encoding="utf-8")))} == {}


def test_a_raw_colour_is_found_in_cards_and_charts() -> None:
    assert raw_colours("colour=0x3BA55D, ink='#F2F3F5'") == ["0x3BA55D", "'#F2F3F5'"]


def test_the_scheduler_may_read_the_clock() -> None:
    assert rule_breakers("bot.scheduler", ast.parse("datetime.now(UTC)")) == []
