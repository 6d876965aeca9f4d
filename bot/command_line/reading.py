"""Reading a file that somebody named on the command line."""

from __future__ import annotations

from pathlib import Path


class UnreadableFile(Exception):
    """The file can't be read; `str()` says why."""


def read_bytes(path: Path, *, limit: int) -> bytes:
    """A file's bytes. Raises UnreadableFile, without reading it, if it's no file or has more bytes than `limit`."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise UnreadableFile("isn't a file")
        if size > limit:
            raise UnreadableFile(f"has {size / 1024 / 1024:.1f} MiB; at most {limit // 1024 // 1024} MiB can be read")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"can't be read: {error.strerror}") from None
