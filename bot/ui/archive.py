"""The files of an export, gathered on disk while they are made, and packed into one archive."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Collection
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

LARGEST_FILE = 10 * 1024 * 1024 - 65_536
"""Discord takes 10 MiB in any server, the message around the file included."""
COPIED_AT_ONCE = 1 << 20
_PLAIN_FILE = 0o644 << 16


class Gathering:
    """Takes files piece by piece, in any order, into a folder of its own that is deleted at the end."""

    def __init__(self, *, beside: Path | None = None) -> None:
        """`beside` is where the folder goes, so that a file can be moved there at once. The default is the temporary folder."""
        self._beside = beside
        self._open = ExitStack()
        self._files: dict[str, IO[bytes]] = {}

    def __enter__(self) -> Self:
        self.folder = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix=".export-", dir=self._beside)))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._open.close()

    def put(self, name: str, piece: bytes) -> None:
        """Take the next piece of the file of this name."""
        if name not in self._files:
            self._files[name] = self._open.enter_context((self.folder / name).open("wb"))
        self._files[name].write(piece)

    def finish(self) -> list[str]:
        """The names of the files, in the order they began. Nothing can be added after this."""
        for file in self._files.values():
            file.close()
        return list(self._files)

    def pack(self, archive: IO[bytes] | Path, names: Collection[str], *, at: datetime) -> None:
        """Write a ZIP archive of these files. The same files and moment give the same bytes."""
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for name in names:
                about = zipfile.ZipInfo(name, at.timetuple()[:6])
                about.compress_type, about.external_attr, about.create_system = zipfile.ZIP_DEFLATED, _PLAIN_FILE, 3
                with (self.folder / name).open("rb") as file, packed.open(about, "w") as room:
                    while piece := file.read(COPIED_AT_ONCE):
                        room.write(piece)


def pack(gathering: Gathering, *, limit: int, at: datetime) -> tuple[bytes, bool]:
    """An archive of all files, or only of the JSON document if the rest doesn't fit in `limit` bytes; and whether it has all."""
    names = gathering.finish()
    everything = _packed(gathering, names, at)
    if len(everything) <= limit:
        return everything, True
    document = [name for name in names if name.endswith(".json")]
    return _packed(gathering, document, at), False


def _packed(gathering: Gathering, names: Collection[str], at: datetime) -> bytes:
    archive = io.BytesIO()
    gathering.pack(archive, names, at=at)
    return archive.getvalue()
