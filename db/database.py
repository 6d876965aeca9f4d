"""Where transactions run: whole use cases on database threads, so that no transaction is open while Discord is awaited."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import stat
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

from bot.domain.errors import SetupError

P = ParamSpec("P")
R = TypeVar("R")

SQLITE_READERS = 3
POSTGRESQL_CONNECTIONS = 8
BUSY_TIMEOUT_SECONDS = 30

_QUOTED = re.compile(r"\n(?=DETAIL|CONTEXT|HINT)")


class Database:
    """One database and the threads that work on it.

    SQLite: one writer thread (writers never wait on each other's locks) and a few readers beside it on the WAL.
    PostgreSQL: a pool of threads as wide as the pool of connections, for reading and writing alike.
    """

    def __init__(self, url: str) -> None:
        self.url = _parsed(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._writers = ThreadPoolExecutor(
            1 if self.is_sqlite else POSTGRESQL_CONNECTIONS, thread_name_prefix="database-write"
        )
        self._readers = (
            ThreadPoolExecutor(SQLITE_READERS, thread_name_prefix="database-read") if self.is_sqlite else self._writers
        )

    async def run(self, use_case: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a use case as one transaction on a database thread: committed when it returns, rolled back when it raises."""
        call = partial(self.run_here, use_case, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._writers, call)

    async def rehearse(self, use_case: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`run` that always rolls back: what would happen."""
        call = partial(self.rehearse_here, use_case, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._writers, call)

    async def read(self, use_case: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a use case that only reads. It sees one consistent state and never waits for a writer."""
        call = partial(self.read_here, use_case, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._readers, call)

    def run_here(self, use_case: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`run` on the caller's own thread, for the command line and tests."""
        with self._sessions.begin() as session:
            return use_case(session, *args, **kwargs)

    def read_here(self, use_case: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`read` on the caller's own thread."""
        with self._read_session() as session:
            return use_case(session, *args, **kwargs)

    def rehearse_here(self, use_case: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`run_here` that always rolls back: shows what would happen and stores nothing."""
        with self._sessions() as session:
            try:
                return use_case(session, *args, **kwargs)
            finally:
                session.rollback()

    def dispose(self) -> None:
        """Let running transactions end, then close threads and connections."""
        self._writers.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self.engine.dispose()

    @contextmanager
    def _read_session(self) -> Generator[Session]:
        # Otherwise each statement on PostgreSQL could see a different state; on SQLite it never does.
        isolation = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self._sessions() as session:
            session.connection(execution_options={"reads_only": True, **isolation})
            yield session
            session.rollback()


def _parsed(url: str) -> URL:
    if not url.startswith("sqlite") and url.count("@") > 1:
        raise SetupError(
            "DATABASE_URL has more than one @. In a password, write @ as %40 (and / as %2F, : as %3A, # as %23)."
        )
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise SetupError(
            "DATABASE_URL isn't a database address. Examples: sqlite:///almanac.db, postgresql+psycopg://user@host/name."
        ) from None
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise SetupError(f"DATABASE_URL names {parsed.get_backend_name()}, but Almanac runs on SQLite and PostgreSQL.")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise SetupError(
            f"DATABASE_URL names {parsed.drivername}, which Almanac doesn't use. Write sqlite:///FILE or postgresql+psycopg://..."
        )
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:" or "mode=memory" in url:
            raise SetupError("DATABASE_URL needs a file for SQLite, for example sqlite:///almanac.db.")
        folder = Path(parsed.database).parent
        if not folder.is_dir():
            raise SetupError(f"DATABASE_URL: the folder {folder} doesn't exist. Create it, or name another file.")
    return parsed


def _postgresql_engine(url: URL) -> Engine:
    # Without its parameters, no error says what somebody wrote or how they voted.
    engine = create_engine(url, pool_size=POSTGRESQL_CONNECTIONS, max_overflow=2, pool_pre_ping=True, hide_parameters=True)

    @event.listens_for(engine, "handle_error")
    def keep_rows_secret(context: ExceptionContext) -> None:
        """PostgreSQL quotes the row that failed, below its message."""
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None and error.args:
                error.args = (_QUOTED.split(str(error.args[0]), maxsplit=1)[0], *error.args[1:])

    return engine


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False, "cached_statements": 512},
        pool_size=SQLITE_READERS + 2,
        hide_parameters=True,
    )

    @event.listens_for(engine, "do_connect")
    def make_private(*_given: object) -> None:
        _make_private(url.database or "")

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # `begin` below opens transactions, so the driver must not
        cursor = connection.cursor()
        _use_wal(cursor)
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred transaction that reads, then writes, can fail or lose an update if another writes in between.
        reads_only = connection.get_execution_options().get("reads_only", False)
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")

    return engine


def _make_private(path: str) -> None:
    """Let only the owner of a database's files read them. SQLite gives `-wal` and `-shm` the mode of the file."""
    if os.name != "posix" or path.startswith("file:"):
        return
    with suppress(OSError):  # it's there already, or can't be created, which opening it says better
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    for name in (path, f"{path}-wal", f"{path}-shm"):
        with suppress(OSError):  # not there, or somebody else's
            if stat.S_IMODE(os.stat(name).st_mode) & 0o077:
                os.chmod(name, 0o600)  # without opening it: closing it again would free this process's locks


def _use_wal(cursor: sqlite3.Cursor) -> None:
    for _ in range(200):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.05)  # another process is creating the same file; SQLite's own timeout doesn't cover this
        else:
            return
    raise SetupError("Another program is using the database. Close it, or wait, and try again.")
