"""No log, at any level, holds a token, a password, a reason, a ballot or an interaction's token."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from bot import log as logs
from bot.domain.errors import SetupError
from bot.settings import Settings
from db.database import Database
from db.models import Ballot, Reason
from tests.canaries import WatchedLog

TOKEN, PASSWORD, REASON = "canary-token.AbC.123", "canary@pass/word", "canary: my private reason"


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger; what a test does to it is undone."""
    logger = logging.getLogger()
    handlers = logger.handlers[:]
    yield logger
    logger.handlers[:] = handlers
    logs.set_levels("DEBUG")


def written(monkeypatch: pytest.MonkeyPatch, form: str = "text", level: str = "DEBUG") -> io.StringIO:
    """Set up logging as `run` does, and where it writes."""
    output = io.StringIO()
    monkeypatch.setattr("sys.stderr", output)
    url = "postgresql+psycopg://almanac:canary%40pass%2Fword@db.example/almanac"
    settings = Settings(discord_token=TOKEN, database_url=url)  # type: ignore[arg-type]
    logs.set_up_logging(level, form, secrets=settings.secrets)
    return output


@pytest.mark.parametrize(
    "library", ["discord.http", "aiohttp.client", "sqlalchemy.engine", "psycopg", "asyncio", "any.other"]
)
def test_libraries_say_nothing_below_info_whatever_the_level(
    root: logging.Logger, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    output = written(monkeypatch)
    logging.getLogger(library).debug("everything in the request")
    assert output.getvalue() == ""
    logging.getLogger("bot.client").debug("prediction 42 open -> closed")
    assert "prediction 42" in output.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
def test_secrets_are_left_out_of_lines_and_tracebacks(
    root: logging.Logger, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    output = written(monkeypatch, form)
    url = "https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb246Canary/messages/@original"
    logging.getLogger("discord.http").warning("We are being rate limited. PATCH %s", url)
    try:
        raise RuntimeError(f"postgresql://almanac:{PASSWORD}@db, or canary%40pass%2Fword, Bot {TOKEN}")
    except RuntimeError:
        logging.getLogger("bot.client").exception("failed with %s", TOKEN)
    for canary in (TOKEN, PASSWORD, "canary%40", "Canary/messages", "pass/word"):
        assert canary not in output.getvalue()
    assert "webhooks/123/(secret)/messages" in output.getvalue()
    if form == "json":
        assert [json.loads(line)["level"] for line in output.getvalue().splitlines()] == ["WARNING", "ERROR"]


def test_a_database_error_names_no_row(database: Database, watched_log: WatchedLog) -> None:
    for statement in (
        insert(Reason).values(forecast_id=1, words=REASON),
        insert(Ballot).values(vote_id=1, member_id=1, choice="canary-choice", words=REASON),
        text("INSERT INTO reasons (forecast_id, words) VALUES (NULL, :words)").bindparams(words=REASON),
    ):
        try:
            with database.engine.begin() as connection:
                connection.execute(statement)
        except Exception:
            logging.getLogger("bot.client").exception("interaction failed (ref 7f3a)")
    assert sum("interaction failed" in line for line in watched_log.lines) == 3
    watched_log.secrets |= {REASON, "canary-choice"}


def test_a_logged_secret_fails_its_test(watched_log: WatchedLog) -> None:
    logging.getLogger("bot.client").debug("reason %s", REASON)
    watched_log.secrets.add(REASON)
    with pytest.raises(AssertionError, match="canary: my private reason"):
        watched_log.check()
    watched_log.secrets.clear()


@pytest.mark.parametrize(
    "password", ["canary@one", "ca@na@ry", "@canary", "canary@", "canary@/?", "canary@1:2", "canary@x/y", "canary@#"]
)
def test_a_password_with_an_at_sign_is_asked_for_in_percent_and_never_printed(password: str) -> None:
    with pytest.raises(SetupError) as refused:
        Database(f"postgresql+psycopg://almanac:{password}@db.example/almanac")
    assert "write @ as %40" in str(refused.value)
    assert "canary" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_path_with_an_at_sign_is_fine(tmp_path: object) -> None:
    Database(f"sqlite:///{tmp_path}/a@b@c.db").dispose()


def test_an_integrity_error_still_says_what_failed(database: Database) -> None:
    with pytest.raises(IntegrityError) as failed, database.engine.begin() as connection:
        connection.execute(insert(Reason).values(forecast_id=1, words=REASON))
    assert "reason" in str(failed.value).lower() or "FOREIGN KEY" in str(failed.value)
    assert REASON not in str(failed.value)
