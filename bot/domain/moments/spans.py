"""Lengths of time: in 2 weeks, 1h 30m, 2 days before 1 May, 3 days before the prediction's date."""

from __future__ import annotations

from bot.domain.moments.cursor import Cursor
from bot.domain.moments.plan import Plan, Span
from bot.domain.moments.tokens import MomentSort
from bot.domain.moments.words import HOUR, MINUTE, MONTH, WordRole


def take_span(cursor: Cursor, plan: Plan) -> bool:
    """Use up a length of time with what it counts from; False when none comes next."""
    began = cursor.at
    is_in = cursor.takes(WordRole.IN) is not None
    span, has_letter_h = _lengths(cursor)
    if span is None:
        cursor.at = began
        return False
    side, is_bare = 1, not is_in
    if cursor.takes(WordRole.LATER) is not None:
        is_bare = False
    elif cursor.takes(WordRole.AGO) is not None:
        side, is_bare = -1, False
    elif (cursor.role(WordRole.BEFORE) is not None or cursor.role(WordRole.AFTER) is not None) and not is_in:
        return _take_counted(cursor, plan, began, span)
    may_be_clock = has_letter_h and is_bare and span.minutes <= 24 * 60
    if may_be_clock and (plan.has_day or cursor.choose(2) == (0 if cursor.is_h_clock else 1)):
        # 18h is a clock to the French and Portuguese, and a span in chats.
        return cursor.set(plan, began, clock=int(span.minutes * 60))
    return cursor.set(plan, began, span=span, side=side)


def _take_counted(cursor: Cursor, plan: Plan, began: int, span: Span) -> bool:
    """A span before or after a day, or before the prediction's date."""
    is_after = cursor.role(WordRole.BEFORE) is None
    marked = cursor.at
    cursor.at += 1
    cursor.fillers()
    is_of_prediction = cursor.at == len(cursor.tokens) or cursor.takes(WordRole.ITS) is not None
    if is_of_prediction and is_after:
        cursor.refuse(marked)
    cursor.set(plan, began, span=span, side=1 if is_after else -1, is_of_prediction=is_of_prediction)
    if is_of_prediction:
        return True
    cursor.at = marked + 1
    anchor = cursor.rest()
    if not anchor.has_day and anchor.instant is None and anchor.span is None and not span.has_hours:
        # “2 days before at 9” names the hour, and not what it is before.
        if is_after or anchor.clock is None or anchor.part is not None or anchor.places:
            cursor.refuse(marked)
        plan.is_of_prediction, plan.clock, plan.said["clock"] = True, anchor.clock, anchor.said["clock"]
        return True
    plan.anchor = anchor
    return True


def _lengths(cursor: Cursor) -> tuple[Span | None, bool]:
    """Amounts with their units, as far as they go; and whether it is just hours, written with an h."""
    span, last, pieces, has_letter_h = Span(), 0, 0, False
    while True:
        start = cursor.at
        if pieces:
            cursor.takes(WordRole.AND)
        token = cursor.peek()
        if token is not None and token.sort is MomentSort.HOURS and not pieces:
            cursor.at += 1
            span.add(token.values[0] * 60 + token.values[1], MINUTE)
            return span, True
        amount = _amount(cursor)
        unit = None if _is_calendar_mark(cursor) else cursor.role(WordRole.UNIT)
        token = cursor.peek()
        if amount == 0.5 and pieces and unit is None:
            span.add(0.5, last)  # an hour and a half
            break
        if amount is None or token is None or unit is None:
            cursor.at = start
            break
        if unit == -1:  # m
            unit = MINUTE if last == HOUR or amount > 24 else (MINUTE, MONTH)[cursor.choose(2)]
        cursor.at += 1
        span.add(amount, unit)
        has_letter_h = not pieces and unit == HOUR and (token.end - token.start == 1 or WordRole.OCLOCK in token.roles)
        pieces, last = pieces + 1, unit
    if not pieces:
        return None, False
    if span.months % 1:
        cursor.at -= 1
        cursor.refuse(cursor.at)
    return span, has_letter_h


def _is_calendar_mark(cursor: Cursor) -> bool:
    """Whether 年, 月 or 日 come next as part of a date; 3日前 and 2年後 are spans."""
    is_mark = any(cursor.role(role) is not None for role in (WordRole.YEAR_MARK, WordRole.MONTH_MARK, WordRole.DAY_MARK))
    return is_mark and cursor.role(WordRole.LATER, 1) is None and cursor.role(WordRole.BEFORE, 1) is None


def _amount(cursor: Cursor) -> float | None:
    """A number, a number word, half a, one and a half."""
    if cursor.takes(WordRole.HALF) is not None:
        if cursor.role(WordRole.NUMBER) == 1:
            cursor.at += 1
        return 0.5
    if cursor.whole(1, 1) and cursor.role(WordRole.HALF, 1) == 0:  # eine halbe Stunde
        cursor.at += 2
        return 0.5
    token = cursor.peek()
    if token is None:
        return None
    is_before = cursor.role(WordRole.BEFORE, 1) is not None or cursor.role(WordRole.AFTER, 1) is not None
    if WordRole.UNIT in token.roles and is_before and token.sort is MomentSort.WORD:
        return 1.0  # the day before
    amount = token.number if token.number is not None else token.roles.get(WordRole.NUMBER)
    if amount is None:
        return None
    cursor.at += 1
    if cursor.role(WordRole.AND) is not None:
        ahead = 2 if cursor.role(WordRole.NUMBER, 1) == 1 else 1  # two and a half hours
        if cursor.role(WordRole.HALF, ahead) == 0 and cursor.role(WordRole.UNIT, ahead + 1) is not None:
            cursor.at += ahead + 1
            return float(amount) + 0.5
    return float(amount)
