"""The reasons for forecasts: adding one, and posting it for everyone to read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.evidence import checked_words
from bot.domain.types import Actor, State
from bot.services import limits, outbox, waking
from bot.services.forecasting import placing
from bot.services.forecasting.placing import PlacedForecast
from bot.services.homes import card_homes
from bot.services.limits import Limited
from bot.services.members import guilds
from db.base import AnyRow
from db.models import Forecast, Prediction, Reason


def show_reason(session: Session, actor: Actor, *, forecast_id: int) -> tuple[int, str]:
    """The code of the prediction and the reason so far, for a form. Raises Refused if the forecast takes no reason now."""
    said = _own_forecast(session, actor, forecast_id, member_id=guilds.known_member(session, actor) or 0)
    _require_standing(said)
    return said.code, said.words or ""


@waking.tells_when
def add_reason(session: Session, actor: Actor, *, forecast_id: int, words: str, now: datetime) -> PlacedForecast:
    """Give a member's standing forecast a private reason, or another one until it's posted.

    Raises NotFound, or Refused once the prediction is closed, the forecast replaced or its reason posted.
    """
    member_id = guilds.member_of(session, actor, now=now)
    code = _own_forecast(session, actor, forecast_id, member_id=member_id).code
    placing.hold_open(session, guild_id=actor.guild_id, code=code, now=now)
    said = _own_forecast(session, actor, forecast_id, member_id=member_id)
    _require_standing(said)
    reason = checked_words(words)
    if reason is None:
        raise Refused("Write why you think so.")
    kept = session.get(Reason, forecast_id)
    if kept is None:
        session.add(Reason(forecast_id=forecast_id, words=reason))
    else:
        kept.words = reason
    session.flush()
    return placing.said_before(session, actor, said, reason=reason, is_posted=False, member_id=member_id, now=now)


@waking.tells_when
def post_reason(session: Session, actor: Actor, *, forecast_id: int, now: datetime) -> PlacedForecast:
    """Post the reason for a member's forecast at the prediction's home, together with the forecast. Works once.

    Raises Refused where nobody would see it: no card, and no channel for posts.
    """
    member_id = guilds.member_of(session, actor, now=now)
    said = _own_forecast(session, actor, forecast_id, member_id=member_id)
    posted = update(Reason).where(Reason.forecast_id == forecast_id, Reason.posted_at.is_(None)).values(posted_at=now)
    limits.require_room(session, actor, Limited.REASONS, member_id=member_id, now=now)
    if said.state is State.ANNULLED:
        raise Refused(f"#{said.code} is annulled, so its discussion is over. Your reason stays private.")
    words = session.scalar(posted.returning(Reason.words))
    if words is None:
        raise Refused("This forecast has no reason, or you've already posted it.")
    has_home = card_homes.home_of(session, said.prediction_id) is not None
    if not has_home and guilds.settings_of(session, actor.guild_id).post_channel_id is None:
        raise Refused(
            f"#{said.code} has no public card yet, so there's nowhere to post your reason. "
            "Press Show card, then Post here. After that you'll find Post my reason under My history."
        )
    payload = {"prediction_id": said.prediction_id, "forecast_id": forecast_id}
    outbox.queue(session, outbox.MessageKind.REASON, guild_id=actor.guild_id, payload=payload, due_at=now)
    outbox.queue_card_refresh(session, guild_id=actor.guild_id, prediction_id=said.prediction_id, now=now)
    return placing.said_before(session, actor, said, reason=words, is_posted=True, member_id=member_id, now=now)


def _own_forecast(session: Session, actor: Actor, forecast_id: int, *, member_id: int) -> AnyRow:
    mine = (
        select(
            Forecast.id,
            Forecast.prediction_id,
            Forecast.values.label("numbers"),
            Forecast.ended_at,
            Prediction.code,
            Prediction.kind,
            Prediction.state,
            Reason.words,
            Reason.posted_at,
        )
        .join(Prediction, Prediction.id == Forecast.prediction_id)
        .outerjoin(Reason, Reason.forecast_id == Forecast.id)
    )
    said = session.execute(
        mine.where(Forecast.id == forecast_id, Forecast.member_id == member_id, Prediction.guild_id == actor.guild_id)
    ).first()
    if said is None:
        raise Refused("That isn't your forecast, so its reason isn't yours to give.")
    return said


def _require_standing(said: AnyRow) -> None:
    if said.ended_at is not None:
        raise Refused(
            f"That forecast on #{said.code} no longer stands. Give the reason with a new one: /forecast #{said.code}."
        )
    if said.posted_at is not None:
        raise Refused(f"Your reason is posted. To give another one, forecast again: /forecast #{said.code}.")
