"""One process at a time: of all that want to be the only one on a database, one is, until it ends or dies."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from db.database import Database


class Alone:
    """A lock that the database holds for as long as this process lives, so nobody waits for a dead one.

    On PostgreSQL it's an advisory lock of a connection of its own, for one name; on SQLite, a lock on a file beside the database.
    Whoever wants only `parts` of the name shares it with those who want other parts (PostgreSQL).
    """

    def __init__(self, database: Database, name: str, parts: Sequence[int] | None = None) -> None:
        self._database = database
        if parts is None:
            self._locks = [("pg_try_advisory_lock", _key(name))]
        else:
            self._locks = [("pg_try_advisory_lock_shared", _key(name))]
            self._locks += [("pg_try_advisory_lock", _key(f"{name}, part {part}")) for part in parts]
        self._file: sqlite3.Connection | None = None
        self._connection: Connection | None = None

    def take(self) -> bool:
        """Become the only one; False if another process is."""
        return self._lock_file() if self._database.is_sqlite else self._lock_key()

    def keep(self) -> bool:
        """Make sure we still are: False if another process took our place, because the connection was lost meanwhile."""
        if self._database.is_sqlite:
            return True
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return True
        except DBAPIError:
            self.give_back()
        try:
            return self._lock_key()
        except DBAPIError:
            return True  # nobody can take it while the database is away

    def give_back(self) -> None:
        """Let another one."""
        with suppress(DBAPIError, sqlite3.Error):
            if self._file is not None:
                self._file.close()
            if self._connection is not None:
                self._connection.close()
        self._file = self._connection = None

    def _lock_file(self) -> bool:
        if self._file is not None:
            return True
        file = sqlite3.connect(f"{self._database.url.database}-running", timeout=0, check_same_thread=False)
        try:
            file.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            file.close()
            return False
        self._file = file
        return True

    def _lock_key(self) -> bool:
        if self._connection is not None:
            return True
        connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # the pool would give it to others
        # If this machine vanishes without a word, the server notices after 25 s.
        for setting, value in (("idle", 10), ("interval", 5), ("count", 3)):
            connection.execute(text(f"SET tcp_keepalives_{setting} = {value}"))
        if all(connection.execute(text(f"SELECT {lock}(:key)"), {"key": key}).scalar() for lock, key in self._locks):
            self._connection = connection
            return True
        connection.close()
        return False


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
