"""Documents are read in a process of its own: one that takes too much is stopped, and servers take turns."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.domain.documents.uploads import read_upload
from bot.domain.errors import Refused
from bot.reading import MOST_WAITING, DocumentReader

BETS = b"format: predictions/1\nsource: {title: T}\npredictions: [{id: a, statement: It rains}]"


@pytest.fixture
async def reader() -> AsyncIterator[DocumentReader]:
    """A reader with a process of its own."""
    made = DocumentReader()
    yield made
    made.close()


def noted(path: str, word: str) -> None:
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(word)


def content(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def hoard() -> int:
    return len(bytearray(8 * 1024**3))


async def test_a_document_reads_as_it_does_here_in_another_process(reader: DocumentReader) -> None:
    upload = await reader.read(1, read_upload, BETS, file="bets.yaml", today=date(2026, 11, 29))
    assert upload == read_upload(BETS, file="bets.yaml", today=date(2026, 11, 29))
    assert await reader.read(1, os.getpid) != os.getpid()


async def test_what_takes_too_long_is_stopped_and_the_next_is_read() -> None:
    reader = DocumentReader(seconds=0.5)
    with pytest.raises(Refused, match="takes too long, or too much memory"):
        await reader.read(1, time.sleep, 600)
    patient = DocumentReader()
    assert await patient.read(1, len, "abc") == 3
    reader.close()
    patient.close()


async def test_what_takes_too_much_memory_is_stopped_and_the_next_is_read(reader: DocumentReader) -> None:
    with pytest.raises(Refused, match="takes too long, or too much memory"):
        await reader.read(1, hoard)
    assert await reader.read(1, len, "abc") == 3


async def test_a_process_that_dies_is_replaced(reader: DocumentReader) -> None:
    with pytest.raises(Refused, match="takes too long, or too much memory"):
        await reader.read(1, os._exit, 1)
    assert await reader.read(1, len, "abc") == 3


async def test_servers_take_turns_and_one_has_only_so_many_in_line(reader: DocumentReader, tmp_path: object) -> None:
    path = f"{tmp_path}/order"
    greedy = [asyncio.create_task(reader.read(1, noted, path, "1")) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    modest = asyncio.create_task(reader.read(2, noted, path, "2"))
    await asyncio.sleep(0)
    with pytest.raises(Refused, match="still reading other files of this server"):
        await reader.read(1, noted, path, "1")
    await asyncio.gather(*greedy, modest)
    assert content(path) == "12" + "1" * (MOST_WAITING - 1)
