"""`python -m bot export`: a guild's export from the database to files, whole or not at all."""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.domain.documents.export_writing import DOCUMENT, TABLES
from bot.domain.errors import SetupError
from bot.services.exporting import guild_export
from bot.services.exporting.guild_export import ExportCounts
from bot.services.scoring import scores
from bot.ui.archive import Gathering
from db.database import Database


def check_targets(output: Path | None, tables: Path | None, *, is_forced: bool) -> None:
    """Raises SetupError if a target exists already or can't be written, before any work is done."""
    if output is not None and output.suffix.lower() not in (".json", ".zip"):
        raise SetupError(f"{output}: --output needs a file ending in .json, or in .zip for the JSON and the tables together")
    if tables is not None and tables.suffix.lower() in (".csv", ".json"):
        raise SetupError(f"{tables}: there are {len(TABLES)} tables, so --csv needs a folder or a file ending in .zip")
    if output is not None and output == tables:
        raise SetupError(f"{output}: a .zip already includes the tables; leave out --csv")
    for path in filter(None, (output, tables)):
        if not path.parent.is_dir():
            raise SetupError(f"{path}: the folder {path.parent} doesn't exist")
        is_folder = path == tables and path.suffix.lower() != ".zip"
        if path.exists() and path.is_dir() != is_folder:
            raise SetupError(f"{path}: this is already a {'folder' if path.is_dir() else 'file'}; choose another name")
        there = [path / name for name in TABLES if (path / name).exists()] if is_folder else [path] if path.exists() else []
        if there and not is_forced:
            raise SetupError(f"{there[0]}: already exists; overwrite it with --force")


def save(database: Database, *, guild_id: int, output: Path | None, tables: Path | None, now: datetime) -> ExportCounts:
    """Write the document to `output` (`.zip`: with the tables) and the tables to `tables` (a folder or `.zip`); with neither, print
    the document. Raises SetupError for a guild that isn't in the database, and a target that can't be written."""
    known = database.read_here(guild_export.known_guilds)
    if guild_id not in known:
        listed = ", ".join(map(str, known[:10])) + (f" and {len(known) - 10} more" if len(known) > 10 else "")
        raise SetupError(
            f"The server {guild_id} isn't in this database. "
            + (f"Its servers: {listed}." if known else "It has no servers.")
        )
    target = output or tables
    with _explained(target), Gathering(beside=None if target is None else target.parent) as gathering:
        if database.read_here(scores.has_missing):
            while database.run_here(scores.record_missing, now=now):
                pass
        found = database.read_here(guild_export.export, guild_id=guild_id, now=now, put=gathering.put)
        names = gathering.finish()
        if target is None:
            with (gathering.folder / DOCUMENT).open("rb") as document:
                while piece := document.read(1 << 20):
                    sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
        if output is not None:
            _place(gathering, names if output.suffix.lower() == ".zip" else [DOCUMENT], output, now)
        if tables is not None:
            _place(gathering, list(TABLES), tables, now)
    return found


def _place(gathering: Gathering, names: Sequence[str], path: Path, now: datetime) -> None:
    """Put files where they belong: in an archive, in a folder, or at the path itself."""
    if path.suffix.lower() == ".zip":
        packed = gathering.folder / "packed.zip"
        gathering.pack(packed, names, at=now)
        packed.replace(path)
    elif names == [DOCUMENT]:
        (gathering.folder / DOCUMENT).replace(path)
    else:
        path.mkdir(exist_ok=True)
        for name in names:
            (gathering.folder / name).replace(path / name)


@contextmanager
def _explained(target: Path | None) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise SetupError(f"{target or 'standard output'}: can't be written: {error.strerror}") from None
