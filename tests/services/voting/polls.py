"""What several tests of votes do: people who may vote, time that passes, ballots."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot.domain.types import Actor, State
from bot.domain.voting import Answer, Choice
from bot.services import sweep
from bot.services.voting import ballots
from db.database import Database
from db.models import Event, Guild, OutboxMessage, Prediction, Vote
from tests.factories import GUILD, NOW, create_actor, create_prediction
from tests.rows import rows, values

DATE = NOW + timedelta(days=30)
"""When a prediction of `create_prediction` resolves."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PERIOD = timedelta(hours=72)
YES, NO = Answer(Choice.YES), Answer(Choice.NO)
ACCEPT, REJECT = Answer(Choice.ACCEPT), Answer(Choice.REJECT)
TOO_EARLY, VOID = Answer(Choice.TOO_EARLY), Answer(Choice.VOID)
LINK = "https://example.org/news"


def create_voter(name: str = "vera", *, guild_id: int = GUILD, **facts: Any) -> Actor:
    """A member who has been in the guild for long."""
    known: dict[str, Any] = {"joined_at": NOW - timedelta(days=400)} | facts
    return create_actor(name, guild_id=guild_id, **known)


def wake(database: Database, now: datetime) -> None:
    """What the bot does when it wakes."""
    for part in sweep.PARTS:
        while database.run_here(part, now=now) is True:
            pass


def create_vote(database: Database, *, now: datetime = DATE, **given: Any) -> int:
    """A prediction whose date has come and whose vote is open; returns its code."""
    code = create_prediction(database, **given).code
    note_forecast(database, code)
    wake(database, now)
    assert state_of(database, code) is State.VOTING
    return code


def note_forecast(database: Database, code: int) -> None:
    """As if a member had forecast: what nobody forecast isn't posted."""
    with database.engine.begin() as connection:
        connection.execute(update(Prediction).where(Prediction.code == code).values(forecasters=1))


def cast(database: Database, code: int, *answers: Answer, now: datetime = DATE + HOUR, **given: Any) -> list[Actor]:
    """Ballots of as many members; returns these."""
    voters = [create_voter() for _ in answers]
    for voter, answer in zip(voters, answers, strict=True):
        database.run_here(ballots.cast, voter, code=code, answer=answer, now=now, **given)
    return voters


def create_provisional(database: Database, *answers: Answer, **given: Any) -> int:
    """A prediction with a provisional result, three times yes unless told otherwise: counted at `DATE + PERIOD`."""
    code = create_vote(database, **given)
    cast(database, code, *(answers or (YES, YES, YES)))
    wake(database, DATE + PERIOD)
    assert state_of(database, code) is State.PROVISIONAL
    return code


def set_rule(database: Database, *, guild_id: int = GUILD, **settings: Any) -> None:
    """Change what a guild has set, of which commands do not change all yet."""
    with database.engine.begin() as connection:
        connection.execute(update(Guild).where(Guild.id == guild_id).values(**settings))


def state_of(database: Database, code: int, *, guild_id: int = GUILD) -> State:
    return values(database, select(Prediction.state).where(Prediction.code == code, Prediction.guild_id == guild_id))[0]


def result_of(database: Database, code: int) -> tuple[Any, ...]:
    """State, outcome and its value."""
    columns = (Prediction.state, Prediction.outcome, Prediction.outcome_value)
    return rows(database, select(*columns).where(Prediction.code == code, Prediction.guild_id == GUILD))[0]


def votes_of(database: Database, code: int) -> list[Any]:
    """The rows of a prediction's votes, oldest first."""
    with database.engine.connect() as connection:
        found = select(*Vote.__table__.c).join(Prediction.__table__, Prediction.id == Vote.prediction_id)
        return list(connection.execute(found.where(Prediction.code == code, Prediction.guild_id == GUILD).order_by(Vote.id)))


def log(database: Database, code: int) -> list[str]:
    """The kinds of a prediction's steps, oldest first."""
    found = select(Event.kind).join(Prediction, Prediction.id == Event.prediction_id)
    return values(database, found.where(Prediction.code == code, Prediction.guild_id == GUILD).order_by(Event.id))


def queued(database: Database, kind: str) -> list[dict[str, Any]]:
    """The payloads of the messages of a kind, oldest first."""
    return values(database, select(OutboxMessage.payload).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id))
