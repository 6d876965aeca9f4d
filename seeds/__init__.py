"""The packs that come with Almanac, and the JSON Schema of their format. The files are beside this one, installed or not."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def packs() -> list[Path]:
    """The packs' prediction files, sorted by name."""
    return sorted(FOLDER.glob("*.yaml"))
