"""Days by their date, weekday or place in a period: 1 Dec, next Friday, the 15th, end of next month."""

from __future__ import annotations

from bot.domain.moments.clocks import is_clock_behind
from bot.domain.moments.cursor import Cursor
from bot.domain.moments.plan import Plan
from bot.domain.moments.tokens import MomentSort
from bot.domain.moments.words import DAY, MONTH, QUARTER, WEEK, YEAR, WordRole


def take_edge(cursor: Cursor, plan: Plan) -> bool:
    """Use up the end or beginning of a period; False when none comes next."""
    began = cursor.at
    whole = cursor.role(WordRole.END)
    if whole:
        cursor.at += 1
        return cursor.set(plan, began, edge=(True, 0, whole, 0))
    is_end = cursor.takes(WordRole.END) is not None
    if not is_end and cursor.takes(WordRole.START) is None:
        return False
    cursor.fillers()
    which = next((value for role, value in _WHICH if cursor.takes(role) is not None), 0)
    token = cursor.peek()
    if (unit := cursor.takes(WordRole.UNIT)) is not None:
        which = next((value for role, value in _WHICH if cursor.takes(role) is not None), which)
        if not DAY <= unit <= YEAR:
            cursor.refuse(began)
        return cursor.set(plan, began, edge=(is_end, which, unit, 0))
    if cursor.role(WordRole.DAY) == 0:
        cursor.at += 1
        return cursor.set(plan, began, edge=(is_end, 0, DAY, 0))
    if (month := cursor.takes(WordRole.MONTH)) is not None:
        return cursor.set(plan, began, edge=(is_end, month, -MONTH, _year(cursor)))
    if token is not None and token.sort is MomentSort.QUARTER:
        cursor.at += 1
        return cursor.set(plan, began, edge=(is_end, token.values[0], -QUARTER, _year(cursor)))
    if (year := _year(cursor)) != 0:
        return cursor.set(plan, began, edge=(is_end, 0, -YEAR, year))
    cursor.refuse(began)


def take_step(cursor: Cursor, plan: Plan) -> bool:
    """Next month, this week, la semaine prochaine."""
    began = cursor.at
    which = next((value for role, value in _WHICH if cursor.takes(role) is not None), None)
    unit = cursor.takes(WordRole.UNIT)
    if unit is None or unit < WEEK:
        cursor.at = began
        return False
    if which is None:
        which = next((value for role, value in _WHICH if cursor.takes(role) is not None), None)
    if which is None:
        cursor.at = began
        return False
    if cursor.role(WordRole.END) == 0 and cursor.peek(1) is None:
        cursor.at += 1
        return cursor.set(plan, began, edge=(True, which, unit, 0))
    return cursor.set(plan, began, step=(which, unit))


def take_weekday(cursor: Cursor, plan: Plan) -> bool:
    """Use up a weekday with its “next” or “this”; False when none comes next."""
    began = cursor.at
    which = next((value for role, value in _WHICH if cursor.takes(role) is not None), None)
    cursor.fillers()
    if plan.every is not None and which is None and (days := take_weekdays(cursor)):
        return cursor.set(plan, began, weekdays=days)
    weekday = cursor.takes(WordRole.WEEKDAY)
    if weekday is None:
        cursor.at = began
        return False
    if which is None and cursor.role(WordRole.UNIT, 1) is None:
        which = next((value for role, value in _WHICH if cursor.takes(role) is not None), None)
    return cursor.set(plan, began, weekday=weekday, which=which)


def take_date(cursor: Cursor, plan: Plan) -> bool:
    """Use up a date, a month or a day of the month; False when none comes next."""
    began = cursor.at
    cursor.takes(WordRole.IN)
    token = cursor.peek()
    if token is None:
        cursor.at = began
        return False
    if token.sort is MomentSort.DATE:
        cursor.at += 1
        date = token.dates[cursor.choose(len(token.dates)) if len(token.dates) > 1 else 0]
        return cursor.set(plan, began, date=date)
    if token.sort is MomentSort.DOTTED and not plan.has_day:
        day, month = token.values
        is_clock = day < 24 and month < 60 and plan.clock is None
        is_date = 1 <= day <= 31 and 1 <= month <= 12
        if is_date and (not is_clock or cursor.choose(2) == 1):
            cursor.at += 1
            return cursor.set(plan, began, date=(0, month, day))
    if _marked_date(cursor, plan, began):
        return True
    if (day := cursor.whole(1, 31)) is not None:
        cursor.at += 1
        cursor.fillers()
        if (month := cursor.takes(WordRole.MONTH)) is not None:
            return cursor.set(plan, began, date=(_year(cursor), month, day))
        cursor.at = began + 1
        is_named = token.is_ordinal or (
            began > 0 and WordRole.FILLER in cursor.tokens[began - 1].roles and token.sort is MomentSort.NUMBER
        )
        is_of_weekday = plan.weekday is not None and not is_clock_behind(cursor) and token.sort is MomentSort.NUMBER
        if is_named and not is_clock_behind(cursor) and (token.is_ordinal or plan.weekday is None):
            return cursor.set(plan, began, month_day=day)
        if (
            is_of_weekday
            and "clock" not in plan.said
            and "month_day" not in plan.said
            and (day > 24 or cursor.choose(2) == 1)
        ):
            return cursor.set(plan, began, month_day=day)
        cursor.at = began
        return False
    if (month := cursor.takes(WordRole.MONTH)) is not None:
        cursor.fillers()
        day = cursor.whole(1, 31)
        if day is not None and not is_clock_behind(cursor, 1):
            cursor.at += 1
            return cursor.set(plan, began, date=(_year(cursor), month, day))
        return cursor.set(plan, began, date=(_year(cursor), month, 1))
    cursor.at = began
    return False


def _marked_date(cursor: Cursor, plan: Plan, began: int) -> bool:
    """2026年4月5日, 4月5日, 5日."""
    start = cursor.at
    year = month = day = 0
    if (number := cursor.whole(1900, 2200)) is not None and cursor.role(WordRole.YEAR_MARK, 1) is not None:
        year, cursor.at = number, cursor.at + 2
    if (number := cursor.whole(1, 12)) is not None and cursor.role(WordRole.MONTH_MARK, 1) is not None:
        month, cursor.at = number, cursor.at + 2
    is_counted = cursor.role(WordRole.LATER, 2) is not None or cursor.role(WordRole.BEFORE, 2) is not None
    if (number := cursor.whole(1, 31)) is not None and cursor.role(WordRole.DAY_MARK, 1) is not None and not is_counted:
        day, cursor.at = number, cursor.at + 2
    if month:
        return cursor.set(plan, began, date=(year, month, day or 1))
    if day and not year:
        return cursor.set(plan, began, month_day=day)
    cursor.at = start
    return False


def _year(cursor: Cursor) -> int:
    """A year if one comes next, or 0."""
    start = cursor.at
    cursor.fillers()
    year = cursor.whole(1900, 2200)
    if year is not None and cursor.role(WordRole.UNIT, 1) is None:
        cursor.at += 1
        cursor.takes(WordRole.YEAR_MARK)
        return year
    cursor.at = start
    return 0


def take_weekdays(cursor: Cursor) -> frozenset[int]:
    """Monday, Wednesday and Friday."""
    days: set[int] = set()
    while (weekday := _taken_weekday(cursor)) is not None:
        days.add(weekday)
        if cursor.role(WordRole.AND) is not None and _weekday_ahead(cursor, 1) is not None:
            cursor.at += 1
    return frozenset(days)


def _weekday_ahead(cursor: Cursor, ahead: int) -> int | None:
    plural = cursor.role(WordRole.PLURAL, ahead)
    return cursor.role(WordRole.WEEKDAY, ahead) if plural is None else plural


def _taken_weekday(cursor: Cursor) -> int | None:
    weekday = _weekday_ahead(cursor, 0)
    cursor.at += weekday is not None
    return weekday


def take_of_month(cursor: Cursor) -> bool:
    """Use up “of the month” or “of every month”."""
    start = cursor.at
    cursor.fillers()
    cursor.takes(WordRole.EVERY)
    if cursor.takes(WordRole.UNIT) == MONTH:
        return True
    cursor.at = start
    return False


_WHICH = ((WordRole.NEXT, 1), (WordRole.THIS, 0), (WordRole.LAST, -1))
