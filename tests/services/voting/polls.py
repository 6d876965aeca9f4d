"""What several tests of votes do: people who may vote, time that passes, ballots."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot.domain.outcomes import Outcome
from bot.domain.types import Actor, Kind, State
from bot.domain.voting import Answer, Choice
from bot.services import sweep
from bot.services.forecasting import forecasts
from bot.services.predictions import editing
from bot.services.predictions.views import PredictionView
from bot.services.voting import ballots, clocks, proposals
from db.database import Database
from db.models import Event, Guild, OutboxMessage, Prediction, Vote
from tests import factories
from tests.factories import GUILD, NOW, create_actor
from tests.rows import rows, values

DATE = NOW + timedelta(days=30)
"""When a prediction of `create_prediction` resolves."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PERIOD = timedelta(hours=72)
COUNTED = DATE + DAY
"""When a vote that opened at its date is counted if all agree."""
CHANNEL = 77
YES, NO = Answer(Choice.YES), Answer(Choice.NO)
ACCEPT, NOT_YET = Answer(Choice.ACCEPT), Answer(Choice.NOT_YET)
TOO_EARLY, VOID = Answer(Choice.TOO_EARLY), Answer(Choice.VOID)
LINK = "https://example.org/news"


def create_voter(name: str = "vera", *, guild_id: int = GUILD, **facts: Any) -> Actor:
    """A member who has been in the guild for long."""
    known: dict[str, Any] = {"joined_at": NOW - timedelta(days=400)} | facts
    user_id = known.pop("user_id", None)
    voter = create_actor(name, guild_id=guild_id, **known)
    return voter if user_id is None else replace(voter, user_id=user_id)


def create_prediction(database: Database, *, is_forecast: bool = True, **given: Any) -> PredictionView:
    """An open prediction on which a member has forecast, in a guild that has a channel."""
    view = factories.create_prediction(database, **given)
    set_rule(database, guild_id=view.guild_id, post_channel_id=CHANNEL)
    if is_forecast:
        forecast(database, view.code, guild_id=view.guild_id)
    return view


def make_ready(database: Database) -> None:
    """Give the guild a channel, and every prediction a forecaster, so that votes open at their dates."""
    set_rule(database, post_channel_id=CHANNEL)
    with database.engine.begin() as connection:
        connection.execute(update(Prediction).where(Prediction.forecasters == 0).values(forecasters=1))


def forecast(database: Database, code: int, *, guild_id: int = GUILD, by: Actor | None = None, now: datetime = NOW) -> None:
    """A member's forecast, whatever the kind."""
    actor = by or create_voter(guild_id=guild_id)
    view = database.read_here(editing.show, actor, code=code, now=now)
    values = {Kind.BINARY: (0.5,), Kind.MULTIPLE_CHOICE: (1 / max(len(view.options), 1),) * len(view.options)}
    database.run_here(forecasts.place, actor, code=code, values=values.get(view.kind, (1.0, 2.0, 3.0)), now=now)


def wake(database: Database, now: datetime, *, delivers: bool = True) -> None:
    """What the bot does when it wakes, and that its messages about votes arrive."""
    for part in sweep.PARTS:
        while database.run_here(part, now=now) is True:
            pass
    if delivers:
        deliver(database, now)


def deliver(database: Database, now: datetime) -> None:
    """Members are shown what every vote is at."""
    waiting = values(database, select(Vote.id).where(Vote.ended_at.is_(None), Vote.clock_started_at.is_(None)))
    database.run_here(clocks.started, waiting, place=None, now=now)


def create_vote(database: Database, *, now: datetime = DATE, **given: Any) -> int:
    """A prediction whose date has come and whose vote is open; returns its code."""
    code = create_prediction(database, **given).code
    wake(database, now)
    assert state_of(database, code) is State.VOTING
    return code


def cast(database: Database, code: int, *answers: Answer, now: datetime = DATE + HOUR, **given: Any) -> list[Actor]:
    """Ballots of as many members; returns these."""
    voters = [create_voter() for _ in answers]
    for voter, answer in zip(voters, answers, strict=True):
        database.run_here(ballots.cast, voter, code=code, answer=answer, now=now, **given)
    return voters


def create_provisional(database: Database, *answers: Answer, **given: Any) -> int:
    """A prediction with a provisional result, three times yes unless told otherwise: counted when its time is over."""
    code = create_vote(database, **given)
    cast(database, code, *(answers or (YES, YES, YES)))
    wake(database, COUNTED)
    if state_of(database, code) is not State.PROVISIONAL:
        wake(database, votes_of(database, code)[0].closes_at)
    assert state_of(database, code) is State.PROVISIONAL
    return code


def propose(database: Database, code: int, *, by: Actor | None = None, **given: Any) -> proposals.MadeProposal:
    """A member proposes that it happened, just now."""
    facts: dict[str, Any] = {"outcome": Outcome("yes"), "happened_at": "now", "link": LINK, "now": NOW + HOUR}
    return database.run_here(proposals.propose, by or create_voter(), code=code, **(facts | given))


def snowflake(made_at: datetime) -> int:
    """The id of an account made then."""
    return int((made_at - datetime(2015, 1, 1, tzinfo=UTC)).total_seconds() * 1000) << 22


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
