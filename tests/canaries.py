"""What must never be in a log: every test's log is searched for it, at DEBUG."""

from __future__ import annotations

import logging

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.log import Discreet
from db.database import Database
from db.models import Ballot, Objection, Reason

SHORTEST = 8
"""Shorter words can be in a log by chance."""


class WatchedLog(logging.Handler):
    """Keeps what is logged, as it would be written, and the secrets of the test."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(Discreet(logging.Formatter("%(name)s: %(message)s"), ()))
        self.lines: list[str] = []
        self.secrets: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def check(self) -> None:
        """Raises AssertionError with the secret that was logged, and where."""
        written = "\n".join(self.lines)
        for secret in self.secrets:
            if len(secret) >= SHORTEST and secret in written:
                line = next((line for line in self.lines if secret in line), "several lines")
                raise AssertionError(f"{secret!r} was logged: {line[:2000]}")


def secrets_in(database: Database) -> set[str]:
    """The words of reasons, ballots and objections in a database; none if a test broke it."""
    found: set[str] = set()
    for words in (Reason.words, Ballot.words, Ballot.link, Objection.words):
        try:
            with database.engine.connect() as connection:
                found |= {word for (word,) in connection.execute(select(words)) if word}
        except SQLAlchemyError:
            continue
    return found
