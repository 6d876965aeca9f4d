"""From a plan with “every” to a rule."""

from __future__ import annotations

import calendar
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import Refused
from bot.domain.moments.cursor import Unread
from bot.domain.moments.plan import Plan
from bot.domain.moments.reading import Clocks, time_of
from bot.domain.moments.recurrence import Recurrence
from bot.domain.moments.words import DAY, MONTH, MORNING, QUARTER, WEEK, YEAR


def rule_of(plan: Plan, clocks: Clocks) -> Recurrence:
    """The rule that a plan with “every” means. Raises Unread for what does not go together, and Refused."""
    assert plan.every is not None
    every, unit = plan.every
    for part in ("instant", "span", "day", "edge", "step", "which"):
        if part in plan.said and getattr(plan, part) is not None:
            raise Unread(*plan.said[part])
    if unit < DAY:
        raise Refused("A reminder comes once a day at most. Write it like this: every day at 9.")
    place = plan.places[clocks.choose(len(plan.places)) if len(plan.places) > 1 else 0] if plan.places else None
    zone = clocks.zone if place is None or place.key is None else ZoneInfo(place.key)
    if place is not None and place.key is None and place.minutes != 0:
        raise Unread(*plan.said["places"])
    if place is not None and place.key is None:
        zone = ZoneInfo("UTC")
    today = clocks.now.astimezone(zone).date()
    seconds, shift = time_of(plan)
    if shift or seconds == 86400:
        raise Unread(*plan.said["clock"])
    weekdays = plan.weekdays or (frozenset() if plan.weekday is None else frozenset({plan.weekday}))
    month = month_day = None
    if plan.date is not None:
        year, month, month_day = plan.date
        is_of_calendar = 1 <= month <= 12 and 1 <= month_day <= calendar.monthrange(2028, month)[1]
        if unit != YEAR or year or not is_of_calendar:
            raise Unread(*plan.said["date"])
    elif plan.month_day is not None:
        month_day = plan.month_day
    if (weekdays and unit not in (WEEK, MONTH)) or (month_day is not None and unit not in (MONTH, YEAR, QUARTER)):
        raise Unread(*max(plan.said.values()))
    if (unit == MONTH and weekdays and plan.nth is None) or (weekdays and month_day is not None):
        raise Unread(*max(plan.said.values()))
    if unit == QUARTER:
        every, unit = every * 3, MONTH
    if unit == WEEK and not weekdays:
        weekdays = frozenset({today.weekday()})
    if unit in (MONTH, YEAR) and not weekdays and month_day is None:
        month_day = today.day
    if unit == YEAR and month is None:
        month = today.month
    until = None if plan.until is None else _last_day(plan.until, clocks, zone)
    at_minute = MORNING * 60 if seconds is None else seconds // 60
    return Recurrence(every, unit, at_minute, zone.key, today, tuple(sorted(weekdays)), month_day, month, plan.nth, until)


def _last_day(plan: Plan, clocks: Clocks, zone: ZoneInfo) -> date:
    """The last day on which something comes that ends with this."""
    moment = clocks.moment(plan)
    if plan.is_of_prediction:  # which is over when the next day begins, in UTC
        return (moment - timedelta(microseconds=1)).astimezone(UTC).date()
    return moment.astimezone(zone).date()
