"""Times of day: 9am, at 17, half past 8, 9h30, noon."""

from __future__ import annotations

from bot.domain.moments.cursor import Cursor
from bot.domain.moments.plan import Plan
from bot.domain.moments.tokens import MomentSort, MomentToken
from bot.domain.moments.words import MINUTE, QUARTER, WordRole


def take_clock(cursor: Cursor, plan: Plan) -> bool:
    """Use up a time of day; False when none comes next."""
    began = cursor.at
    is_at = cursor.takes(WordRole.AT) is not None
    if is_at:
        cursor.fillers()
    seconds = _time(cursor, plan, is_at=is_at)
    if seconds is None:
        cursor.at = began
        return False
    return cursor.set(plan, began, clock=seconds)


def _time(cursor: Cursor, plan: Plan, *, is_at: bool) -> int | None:
    token = cursor.peek()
    if token is None:
        return None
    began = cursor.at
    if (noon := cursor.takes(WordRole.TIME)) is not None:
        return noon * 60
    before = _halfday(cursor)
    token = cursor.peek()
    if token is None:
        return None
    if (half := cursor.role(WordRole.HALF)) and (hour := cursor.whole(0, 24, 1)) is not None:
        cursor.at += 2
        cursor.takes(WordRole.OCLOCK)
        return _seconds(cursor, began, hour, 0, before, shift=half)
    if (
        token.sort is MomentSort.CLOCK
        or token.sort is MomentSort.HOURS
        or (token.sort is MomentSort.DOTTED and _is_dotted_clock(cursor, token))
    ):
        cursor.at += 1
        cursor.takes(WordRole.OCLOCK)
        hour, minute, second = (*token.values, 0)[:3]
        return _seconds(cursor, began, hour, minute, before, second=second)
    if cursor.role(WordRole.UNIT) == QUARTER or cursor.role(WordRole.UNIT, 1) == QUARTER:
        return _quarter(cursor, began)
    hour = cursor.whole(0, 24)
    if hour is None or (token.sort is not MomentSort.NUMBER and not is_at):
        return None
    is_marked = is_clock_behind(cursor, 1) and (
        cursor.role(WordRole.UNIT, 1) is None or cursor.role(WordRole.OCLOCK, 1) is not None
    )
    is_before_day = cursor.role(WordRole.DAY, 1) is not None
    if not (is_at or is_marked or is_before_day or before is not None or plan.has_day or plan.part is not None):
        return None
    cursor.at += 1
    minute = 0
    if cursor.takes(WordRole.OCLOCK) is not None:
        following = cursor.whole(0, 59)
        if (
            following is not None
            and cursor.role(WordRole.UNIT, 1) in (None, MINUTE)
            and cursor.role(WordRole.MONTH, 1) is None
        ):
            cursor.at += 1
            minute = following
            if cursor.takes(WordRole.MINUTE_MARK) is None:
                cursor.takes(WordRole.UNIT)
    if cursor.takes(WordRole.HALF) is not None:
        minute = 30
    return _seconds(cursor, began, hour, minute, before)


def _quarter(cursor: Cursor, began: int) -> int | None:
    """Quarter past 8, a quarter to 9."""
    if cursor.role(WordRole.UNIT) != QUARTER:
        cursor.at += 1
    cursor.at += 1
    is_past = cursor.takes(WordRole.PAST) is not None
    if not is_past and cursor.takes(WordRole.TO) is None:
        return None
    hour = cursor.whole(1, 24)
    if hour is None:
        return None
    cursor.at += 1
    cursor.takes(WordRole.OCLOCK)
    return _seconds(cursor, began, hour, 0, None, shift=15 if is_past else -15)


def _is_dotted_clock(cursor: Cursor, token: MomentToken) -> bool:
    return token.values[0] <= 24 and token.values[1] < 60


def _halfday(cursor: Cursor) -> bool | None:
    """Whether PM (or AM) comes next; None if neither does."""
    if cursor.role(WordRole.AM) is not None and cursor.role(WordRole.FILLER) is None:
        cursor.at += 1
        return False
    return True if cursor.takes(WordRole.PM) is not None else None


def _seconds(
    cursor: Cursor, began: int, hour: int, minute: int, is_pm: bool | None, *, second: int = 0, shift: int = 0
) -> int:
    if is_pm is None and cursor.role(WordRole.AM) is not None and (hour <= 12 or cursor.role(WordRole.FILLER) is None):
        cursor.at += 1
        is_pm = False
    elif is_pm is None and cursor.takes(WordRole.PM) is not None:
        is_pm = True
    if (is_pm is not None and not 1 <= hour <= 12 and not (is_pm and hour <= 23)) or minute > 59 or second > 59:
        cursor.at -= 1
        cursor.refuse(began)
    if is_pm is not None:
        hour = hour % 12 + (12 if is_pm else 0) if hour <= 12 else hour
    if (hour, minute) > (24, 0):
        cursor.at -= 1
        cursor.refuse(began)
    minutes = hour * 60 + minute + shift
    return (minutes if minutes == 1440 else minutes % 1440) * 60 + second


def is_clock_behind(cursor: Cursor, ahead: int = 0) -> bool:
    """Whether a token says that the number before it is an hour or an amount, and no day."""
    return any(cursor.role(role, ahead) is not None for role in (WordRole.AM, WordRole.PM, WordRole.OCLOCK, WordRole.UNIT))
