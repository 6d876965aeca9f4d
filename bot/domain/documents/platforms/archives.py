"""Zip archives, read in memory and only up to a limit, whatever size they claim."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Collection
from io import BytesIO

from bot.domain.documents.tree import Unreadable

MAX_BYTES = 20 * 1024 * 1024
"""The limit for an export, and for everything in an archive together."""
MAX_ENTRIES = 100
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def is_archive(raw: bytes) -> bool:
    """Whether these bytes begin like a zip archive."""
    return raw[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def unpack(raw: bytes, *, suffixes: Collection[str]) -> dict[str, bytes]:
    """The contents of an archive's files with these endings, by name without folders. Raises Unreadable."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise Unreadable(1, f"the archive holds {len(entries)} files; at most {MAX_ENTRIES} can be read")
            return _contents(archive, [entry for entry in entries if entry.filename.lower().endswith(tuple(suffixes))])
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError, OverflowError):
        raise Unreadable(1, "the archive is damaged, or of a kind that can't be read; download it again") from None


def _contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = MAX_BYTES
    for entry in entries:
        name = entry.filename.rsplit("/", 1)[-1]
        if entry.flag_bits & 1:
            raise Unreadable(1, f"{name[:60]!r} in the archive is encrypted; unpack it and load the files")
        if entry.compress_type not in _METHODS:
            raise Unreadable(1, f"{name[:60]!r} in the archive is compressed in an unusual way; zip it again")
        with archive.open(entry) as packed:
            content = packed.read(left + 1)  # the archive may lie about its size
        if (left := left - len(content)) < 0:
            raise Unreadable(1, f"the archive unpacks to more than {MAX_BYTES // 1024 // 1024} MiB")
        if name in found:
            raise Unreadable(1, f"the archive holds {name[:60]!r} twice")
        found[name] = content
    return found
