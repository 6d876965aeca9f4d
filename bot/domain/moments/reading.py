"""From a plan to a moment: the calendar and the clock of a zone.

Days, weeks, months and years go by the calendar, so that a month after 31 January is 28 February; hours and minutes are time
that passes, also through the nights in which clocks change.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from bot.domain.errors import Refused
from bot.domain.moments.cursor import Choose, Unread
from bot.domain.moments.plan import Plan, Span
from bot.domain.moments.words import DAY, EVENING, MONTH, MORNING, NIGHT, QUARTER, WEEK, YEAR

_IsToCome = Callable[[date], bool]
_Make = Callable[[], datetime]
_DAYS = ("instant", "span", "day", "date", "month_day", "edge", "step", "weekday")
_TOGETHER = ({"weekday", "date"}, {"weekday", "month_day"}, {"weekday", "step"}, {"month_day", "step"})
_LAST_YEAR = 9998


class NoSuchDay(Refused):
    """A day that the calendar does not have."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """Whose time it is, and what may be asked of the one who reads."""

    now: datetime
    zone: ZoneInfo
    choose: Choose
    resolves_at: datetime | None = None

    def moment(self, plan: Plan) -> datetime:
        """The moment that a plan means, UTC. Raises Unread for what does not go together, NoSuchDay, or Refused."""
        said = [part for part in _DAYS if part in plan.said]
        if len(said) > 1 and set(said) not in _TOGETHER:
            raise Unread(*max(plan.said[part] for part in said))
        if plan.instant is not None:
            self._only(plan, "instant")
            return _checked(lambda: datetime.fromtimestamp(plan.instant or 0, UTC))
        if plan.places:
            place = plan.places[self.choose(len(plan.places)) if len(plan.places) > 1 else 0]
            zone: tzinfo = timezone(timedelta(minutes=place.minutes or 0)) if place.key is None else ZoneInfo(place.key)
            local = self._local(plan, zone) if plan.span is None else None
            if local is None:
                return self._spanned(plan, zone)
            clocks = place.clocks(local)
            return _utc(local, clocks[self.choose(len(clocks)) if len(clocks) > 1 else 0], self.now)
        if plan.span is not None:
            return self._spanned(plan, self.zone)
        return _utc(self._local(plan, self.zone), self.zone, self.now)

    def _only(self, plan: Plan, part: str) -> None:
        others = [place for name, place in plan.said.items() if name != part]
        if others:
            raise Unread(*max(others))

    def _spanned(self, plan: Plan, zone: tzinfo) -> datetime:
        """A span from now, or before or after a day."""
        span, seconds = plan.span, plan.clock
        assert span is not None
        if plan.part is not None or (seconds is not None and (span.has_hours or seconds == 86400)):
            raise Unread(*max(plan.said[part] for part in ("part", "clock") if part in plan.said))
        if plan.is_of_prediction:
            if self.resolves_at is None:
                raise Refused("This prediction has no date yet, so there is no “before”. Name a day instead.")
            if seconds is None and (span.has_hours or not (span.months or span.days)):
                return _shifted(self.resolves_at, span, plan.side, UTC, self.now)
            # Whole days count from the last day that people read on the card, and mean the morning. By the member's own clock
            # that day is the one before the midnight at which it is over.
            base = self.resolves_at - timedelta(microseconds=1)
            base = datetime.combine(base.date(), time(), UTC).replace(tzinfo=zone)
            seconds = MORNING * 3600 if seconds is None else seconds
        else:
            base = self.now if plan.anchor is None else self.moment(plan.anchor)
        moment = _shifted(base, span, plan.side, zone, self.now)
        if seconds is None:
            return moment
        return _utc(datetime.combine(moment.astimezone(zone).date(), _clock(seconds)), zone, self.now)

    def _local(self, plan: Plan, zone: tzinfo) -> datetime:
        """What the zone's clock shows then, without its zone."""
        here = self.now.astimezone(zone)
        seconds, shift = time_of(plan)
        if seconds == 86400:
            seconds, shift = 0, shift + 1
        clock = time(MORNING) if seconds is None else _clock(seconds)

        def is_to_come(day: date) -> bool:
            return _utc(datetime.combine(day, clock) + timedelta(days=shift), zone, self.now) > self.now

        today = here.date()
        if plan.day is not None:
            day = today + timedelta(days=plan.day)
            clock = here.time().replace(tzinfo=None) if seconds is None and plan.day else clock
        elif plan.date is not None:
            day = self._dated(plan, today.year, is_to_come)
        elif plan.month_day is not None:
            day = self._month_day(plan, today, is_to_come)
        elif plan.edge is not None:
            day, at_end_of_day = self._edge(plan.edge, today, is_to_come, plan)
            clock = time(23, 59) if at_end_of_day and seconds is None else clock
        elif plan.weekday is not None:
            day = self._weekday(plan.weekday, plan, today, is_to_come)
        elif plan.step is not None:
            which, unit = plan.step
            if not which:
                raise Unread(*plan.said["step"])
            span = Span()
            span.add(which, unit)
            later = _moved(datetime.combine(today, here.time().replace(tzinfo=None)), span, 1)
            day, clock = later.date(), later.time() if seconds is None else clock
        elif seconds is not None:
            day = today if is_to_come(today) else today + timedelta(days=1)
        else:
            raise Unread(0, 10**6)
        return datetime.combine(day, clock) + timedelta(days=shift)

    def _dated(self, plan: Plan, this_year: int, is_to_come: _IsToCome) -> date:
        assert plan.date is not None
        year, month, number = plan.date
        if not 1 <= month <= 12 or not 1 <= number <= calendar.monthrange(2028, month)[1] or year > _LAST_YEAR:
            raise NoSuchDay
        if year:
            if not (year and number <= calendar.monthrange(year, month)[1]):
                raise NoSuchDay
            day = date(year, month, number)
        else:
            years = (this_year + more for more in range(9))
            days = (date(each, month, number) for each in years if number <= calendar.monthrange(each, month)[1])
            day = next(day for day in days if is_to_come(day))
        if plan.weekday is not None and day.weekday() != plan.weekday:
            raise Unread(*plan.said["weekday"])
        return day

    def _month_day(self, plan: Plan, today: date, is_to_come: _IsToCome) -> date:
        assert plan.month_day is not None
        if plan.step is not None:
            which, unit = plan.step
            if unit != MONTH:
                raise Unread(*plan.said["step"])
            year, month = divmod(today.year * 12 + today.month - 1 + which, 12)
            if plan.month_day > calendar.monthrange(year, month + 1)[1]:
                raise NoSuchDay
            return date(year, month + 1, plan.month_day)
        for index in range(today.year * 12 + today.month - 1, today.year * 12 + today.month + 119):
            year, month = divmod(index, 12)
            if plan.month_day <= calendar.monthrange(year, month + 1)[1]:
                day = date(year, month + 1, plan.month_day)
                if is_to_come(day) and plan.weekday in (None, day.weekday()):
                    return day
        raise NoSuchDay

    def _weekday(self, weekday: int, plan: Plan, today: date, is_to_come: _IsToCome) -> date:
        monday = today - timedelta(days=today.weekday())
        if plan.step is not None:
            which, unit = plan.step
            if unit != WEEK:
                raise Unread(*plan.said["step"])
            return monday + timedelta(days=7 * which + weekday)
        coming = today + timedelta(days=(weekday - today.weekday()) % 7)
        if plan.which == -1:
            return coming - timedelta(days=7)
        if plan.which == 1:
            if coming == today:
                coming += timedelta(days=7)
            readings = sorted({coming, monday + timedelta(days=7 + weekday)})
            return readings[self.choose(2) if len(readings) > 1 else 0]
        return coming if is_to_come(coming) else coming + timedelta(days=7)

    def _edge(self, edge: tuple[bool, int, int, int], today: date, is_to_come: _IsToCome, plan: Plan) -> tuple[date, bool]:
        """The first or last day of a period, and whether it is the end of a day."""
        is_end, which, unit, year = edge
        if unit == DAY:
            return today + timedelta(days=which), is_end
        if unit == WEEK:
            monday = today + timedelta(days=7 * which - today.weekday())
            return monday + timedelta(days=(6, 4)[self.choose(2)] if is_end else 0), False
        if unit == -YEAR:
            return date(year, 12, 31) if is_end else date(year, 1, 1), False
        months = {MONTH: 1, QUARTER: 3, YEAR: 12}[abs(unit)]
        if unit > 0:
            first = ((today.year * 12 + today.month - 1) // months + which) * months
        else:
            first = (year or today.year) * 12 + (which - 1) * months
            if not year and not is_to_come(_edge_day(first, months, is_end=is_end)):
                first += 12
        return _edge_day(first, months, is_end=is_end), False


def _edge_day(first: int, months: int, *, is_end: bool) -> date:
    year, month = divmod(first + months - 1 if is_end else first, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1] if is_end else 1)


def time_of(plan: Plan) -> tuple[int | None, int]:
    """Seconds of the day, None if no time was said, and how many days later: midnight tonight is tomorrow's first moment."""
    clock, part = plan.clock, plan.part
    if clock is None or part is None:
        return part * 3600 if clock is None and part is not None else clock, 0
    hour = clock // 3600
    if part == MORNING:
        return (clock - 43200 if hour == 12 else clock), 0
    if hour in (0, 24) or (hour == 12 and part in (EVENING, NIGHT)):
        return clock % 3600, 1 if plan.day is not None or hour == 24 else 0
    if part == NIGHT and hour <= 4:
        return clock, 1 if plan.day is not None else 0
    return (clock + 43200 if hour < 12 else clock), 0


def _clock(seconds: int) -> time:
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _moved(local: datetime, span: Span, side: int) -> datetime:
    """By the calendar: months first, the last day of a shorter month for one that it lacks; then whole days."""
    index = local.year * 12 + local.month - 1 + side * int(span.months)
    year, month = divmod(index, 12)
    if not 1 <= year <= _LAST_YEAR or abs(span.days) > 10**6:
        raise Refused("That is too far away. Name an earlier moment.")
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return _checked(lambda: local.replace(year=year, month=month + 1, day=day) + timedelta(days=side * int(span.days)))


def _shifted(base: datetime, span: Span, side: int, zone: tzinfo, now: datetime) -> datetime:
    moment = base
    if span.months or int(span.days):
        local = base.astimezone(zone)
        moment = _utc(_moved(local.replace(tzinfo=None), span, side), zone, now)
    minutes = span.minutes + span.days % 1 * 1440
    if minutes > 10**8:
        raise Refused("That is too far away. Name an earlier moment.")
    return moment.astimezone(UTC) + side * timedelta(minutes=minutes)


def _utc(local: datetime, zone: tzinfo, now: datetime) -> datetime:
    """What a clock shows as a moment: of a repeated hour the first that is to come, and after a missing hour the next."""
    first = _checked(lambda: local.replace(tzinfo=zone, fold=0).astimezone(UTC))
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return second if first <= now < second else first


def _checked(make: _Make) -> datetime:
    try:
        return make()
    except (OverflowError, OSError, ValueError):
        raise Refused("That is too far away. Name an earlier moment.") from None
