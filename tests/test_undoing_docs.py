"""docs/undoing.md names every command and button that changes something, with what it shows before and how it's undone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
WRITES = {"self.bot.write", "self.bot.database.run", "self.bot.rehearse"}
Method = ast.AsyncFunctionDef | ast.FunctionDef
MENUS = {"make_from_message": "Make a prediction", "quote_message": "Quote as evidence", "hide_reason": "Hide this reason"}
"""What the commands in a message's menu are called, by their methods."""
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def methods() -> Iterator[tuple[ast.ClassDef, dict[str, Method]]]:
    """The methods of each cog."""
    for path in sorted((ROOT / "cogs").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name.endswith("Cog"):
                yield (
                    node,
                    {item.name: item for item in node.body if isinstance(item, ast.AsyncFunctionDef | ast.FunctionDef)},
                )


def group_of(cog: ast.ClassDef) -> str:
    """The first word of its commands, with a space; empty where there is none."""
    given = {keyword.arg: keyword.value for keyword in cog.keywords}
    return f"{ast.literal_eval(given['group_name'])} " if "group_name" in given else ""


def name_of(cog: ast.ClassDef, method: Method) -> str | None:
    """/pack drop for a command, vote.cast for what a button does; None for anything else."""
    for decorator in method.decorator_list:
        if not isinstance(decorator, ast.Call):
            continue
        called = ast.unparse(decorator.func)
        if called == "action":
            return str(ast.literal_eval(decorator.args[0]))
        if called == "app_commands.command":
            given = {keyword.arg: ast.literal_eval(keyword.value) for keyword in decorator.keywords}
            return f"/{group_of(cog)}{given.get('name', method.name)}"
    return MENUS.get(method.name)


def writes(name: str, known: dict[str, Method], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a method changes something, itself or through the others it uses or hands on."""
    if name in seen or name not in known:
        return False
    used = {ast.unparse(node) for node in ast.walk(known[name]) if isinstance(node, ast.Attribute)}
    if used & WRITES:
        return True
    return any(writes(other.removeprefix("self."), known, seen | {name}) for other in used if other.startswith("self."))


def writers() -> set[str]:
    """Every command and button that changes something."""
    return {
        name
        for cog, known in methods()
        for method in known.values()
        if (name := name_of(cog, method)) is not None and writes(method.name, known)
    }


def test_every_command_and_button_that_changes_something_is_in_the_table_and_nothing_else() -> None:
    rows = ROW.findall((ROOT / "docs" / "undoing.md").read_text(encoding="utf-8"))
    named = [name for name, _, _ in rows]
    assert len(named) == len(set(named))
    assert set(named) == writers()
    assert all(before.strip() and after.strip() for _, before, after in rows)


def test_what_writes_through_another_method_is_found() -> None:
    found = writers()
    assert {"/prediction add", "/pack drop", "/resolution override", "Make a prediction", "vote.cast", "next.skip"} <= found
    assert not found & {"/next", "/prediction list", "/help", "card.show", "vote.status"}
