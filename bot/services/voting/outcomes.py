"""What can be the result of a prediction, and the moment that a result carries."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.happenings import check_moment, read_moment
from bot.domain.outcomes import ANNULLED, NO, OPTION, VALUE, YES, Outcome, read_outcome
from bot.domain.times import FIRST_YEAR, LAST_YEAR, day_number, day_of, read_zone
from bot.domain.types import Kind
from db import queries
from db.models import Guild, Prediction

FIRST_DAY, LAST_DAY = day_number(date(FIRST_YEAR, 1, 1)), day_number(date(LAST_YEAR, 12, 31))


def check_outcome(
    session: Session,
    prediction: Prediction,
    outcome: Outcome | str,
    *,
    locale: str | None = None,
    may_annul: bool = False,
) -> Outcome:
    """The outcome, or what its words say in the notation of a member's `locale`, if it fits this prediction's kind.

    Refuses others and says what would fit; TwoReadings where the words could mean two things.
    """
    if isinstance(outcome, str):
        options = tuple(queries.option_names(session, prediction.id))
        outcome = read_outcome(outcome, kind=prediction.kind, options=options, unit=prediction.unit, locale=locale)
    if outcome.word == ANNULLED and may_annul:
        return Outcome(ANNULLED)
    match prediction.kind:
        case Kind.BINARY if outcome.word in (YES, NO):
            return Outcome(outcome.word)
        case Kind.MULTIPLE_CHOICE if outcome.word == OPTION:
            count = len(queries.option_names(session, prediction.id))
            if outcome.value is not None and outcome.value in range(count):
                return outcome
        case Kind.NUMERIC | Kind.DATE if (
            outcome.word == VALUE and outcome.value is not None and math.isfinite(outcome.value)
        ):
            return Outcome(VALUE, checked_value(prediction, outcome.value))
        case _:
            pass
    fitting = {
        Kind.BINARY: "yes or no",
        Kind.MULTIPLE_CHOICE: "one of its options",
        Kind.NUMERIC: f"a number in {prediction.unit}",
        Kind.DATE: "a date",
    }[prediction.kind]
    raise Refused(f"That can't be the result of #{prediction.code}: it takes {fitting}.")


def checked_value(prediction: Prediction, value: float) -> float:
    """A number or day that can be a result. Raises Refused."""
    if not math.isfinite(value) or (prediction.kind is Kind.NUMERIC and abs(value) > 1e18):
        raise Refused(f"{value:g} {prediction.unit} is too large. Check the number.")
    if prediction.kind is Kind.DATE and not (FIRST_DAY <= value <= LAST_DAY):
        raise Refused("That day isn't in the calendar. Check the date.")
    return value if prediction.kind is Kind.NUMERIC else math.floor(value)


def as_shown(prediction: Prediction, value: float) -> float:
    """A number as cards show it, so that ballots that read the same are the same. Days are whole, and stay."""
    return value if prediction.kind is not Kind.NUMERIC else float(f"{value:.6g}")


def zone_of(session: Session, guild_id: int) -> ZoneInfo:
    """A guild's zone, in which a day begins."""
    return read_zone(session.get_one(Guild, guild_id).zone)


def moment_of(
    session: Session,
    prediction: Prediction,
    outcome: Outcome,
    given: datetime | str | None,
    *,
    now: datetime,
    locale: str | None = None,
    farthest_back: timedelta | None = None,
    is_managers: bool = False,
) -> datetime | None:
    """When an outcome became known: of a date, the beginning of that day, else what was given, in the notation of a member's
    `locale`. Raises Refused, and TwoReadings where the day could be two.

    None if nothing was given, or nothing happened; or if a manager decides on a day that was announced and is still to come.
    """
    if prediction.kind is Kind.DATE and outcome.value is not None:
        if is_managers and outcome.value > day_number(now.date()):
            return None
        return beginning_of_day(session, prediction, outcome.value, now=now)
    if given is None or outcome.word == ANNULLED:
        return None
    zone = zone_of(session, prediction.guild_id)
    moment = read_moment(given, now=now, zone=zone, locale=locale) if isinstance(given, str) else given
    return check_moment(moment, opens_at=prediction.opens_at, now=now, farthest_back=farthest_back)


def beginning_of_day(session: Session, prediction: Prediction, day: float, *, now: datetime) -> datetime:
    """When a day begins where the guild is, but not before the prediction opened. Raises Refused for a day to come."""
    midnight = datetime.combine(day_of(day), time(), zone_of(session, prediction.guild_id)).astimezone(UTC)
    if midnight > now:
        raise Refused("That day is still to come. Say what happened once it has.")
    return max(midnight, prediction.opens_at)
