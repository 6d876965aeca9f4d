"""From tokens to a plan: every word is used once, or named. Words may stand in any order, as they do across languages."""

from __future__ import annotations

from bot.domain.moments.clocks import take_clock
from bot.domain.moments.cursor import Choose, Cursor
from bot.domain.moments.days import take_date, take_edge, take_of_month, take_step, take_weekday, take_weekdays
from bot.domain.moments.plan import Plan, Span
from bot.domain.moments.spans import take_span
from bot.domain.moments.tokens import MomentSort, MomentToken
from bot.domain.moments.words import DAY, FORTNIGHT, MONTH, WEEK, WordRole


def plan_of(tokens: list[MomentToken], choose: Choose, *, is_h_clock: bool = False) -> Plan:
    """All that was said. Raises Unread for what no rule uses, and for what is said twice."""
    return _read_rest(Cursor(tokens, choose, read_rest=_read_rest, is_h_clock=is_h_clock))


def _read_rest(cursor: Cursor) -> Plan:
    plan = Plan()
    while cursor.at < len(cursor.tokens):
        began = cursor.at
        for take in _RULES:
            cursor.at = began
            if take(cursor, plan):
                break
        else:
            cursor.at = began + any(role in cursor.tokens[began].roles for role in _JOINING)
            cursor.refuse(began)
    return plan


def _take_every(cursor: Cursor, plan: Plan) -> bool:
    began = cursor.at
    if cursor.role(WordRole.PLURAL) is not None:
        return cursor.set(plan, began, every=(1, WEEK), weekdays=take_weekdays(cursor))
    unit = cursor.takes(WordRole.EVERY)
    if unit is None:
        return False
    if unit:
        return cursor.set(plan, began, every=(1, unit))
    cursor.fillers()
    if cursor.role(WordRole.PART) is not None:
        return cursor.set(plan, began, every=(1, DAY))
    count, nth = (2, None) if cursor.takes(WordRole.OTHER) is not None else _count(cursor)
    if nth is not None and nth > 0 and (unit := cursor.takes(WordRole.UNIT)) is not None:
        return cursor.set(plan, began, every=(nth, unit))
    if (unit := cursor.takes(WordRole.UNIT)) is not None and nth is None:
        return cursor.set(plan, began, every=(2 * count, WEEK) if unit == FORTNIGHT else (count, unit))
    if count == 1 and nth is None and cursor.takes(WordRole.WEEKDAYS) is not None:
        return cursor.set(plan, began, every=(1, WEEK), weekdays=frozenset(range(5)))
    days = take_weekdays(cursor)
    if not days and nth is not None and 0 < nth <= 31:
        take_of_month(cursor)
        return cursor.set(plan, began, every=(1, MONTH), month_day=nth)
    if not days or (nth is not None and nth > 5):
        cursor.refuse(began)
    if nth is None:
        return cursor.set(plan, began, every=(count, WEEK), weekdays=days)
    # Every second Friday may be every two weeks, or the second of each month.
    if take_of_month(cursor) or nth < 2 or cursor.choose(2) == 1:
        return cursor.set(plan, began, every=(1, MONTH), weekdays=days, nth=nth)
    return cursor.set(plan, began, every=(nth, WEEK), weekdays=days)


def _count(cursor: Cursor) -> tuple[int, int | None]:
    """The 2 of “every 2 weeks”, and the 2nd (or last, -1) of “every 2nd Friday”."""
    if cursor.takes(WordRole.LAST) is not None:
        return 1, -1
    if (nth := cursor.takes(WordRole.NTH)) is not None:
        return 1, nth
    number = cursor.whole(1, 99)
    if number is None:
        return 1, None
    cursor.at += 1
    return (1, number) if cursor.tokens[cursor.at - 1].is_ordinal else (number, None)


def _take_day(cursor: Cursor, plan: Plan) -> bool:
    began = cursor.at
    day = cursor.takes(WordRole.DAY)
    if day is None:
        return False
    part = cursor.tokens[began].roles.get(WordRole.PART)
    return cursor.set(plan, began, day=day) and (part is None or cursor.set(plan, began, part=part))


def _take_part(cursor: Cursor, plan: Plan) -> bool:
    began = cursor.at
    is_today = cursor.takes(WordRole.THIS) is not None
    part = cursor.takes(WordRole.PART)
    if part is None:
        cursor.at = began
        return False
    return cursor.set(plan, began, part=part) and (not is_today or cursor.set(plan, began, day=0))


def _take_other(cursor: Cursor, plan: Plan) -> bool:
    """Zones, timestamps, the prediction's own date, ends of what repeats, and words that only join."""
    began = cursor.at
    token = cursor.tokens[began]
    if cursor.takes(WordRole.UNTIL) is not None and plan.every is not None:
        cursor.set(plan, began, until=None)
        plan.until = cursor.rest()
        return True
    cursor.at = began
    if cursor.role(WordRole.FILLER) is not None or (
        cursor.role(WordRole.AT) is not None and cursor.role(WordRole.ITS, 1) is not None
    ):
        cursor.at += 1
        return cursor.at < len(cursor.tokens) or cursor.tokens[began].roles.get(WordRole.FILLER) == 1
    if cursor.takes(WordRole.IN) is not None:
        token = cursor.peek() or token
    if token.sort is MomentSort.ZONE:
        cursor.at += 1
        cursor.takes(WordRole.CLOCK_WORD)
        return cursor.set(plan, began, places=token.places)
    if token.sort is MomentSort.INSTANT:
        cursor.at += 1
        return cursor.set(plan, began, instant=token.values[0])
    if cursor.takes(WordRole.ITS) is not None:
        return cursor.set(plan, began, span=Span(), side=-1, is_of_prediction=True)
    return False


_RULES = (
    _take_every,
    take_span,
    take_edge,
    take_weekday,
    take_step,
    take_date,
    take_clock,
    _take_day,
    _take_part,
    _take_other,
)
_JOINING = (WordRole.AT, WordRole.IN, WordRole.BEFORE, WordRole.AFTER)
