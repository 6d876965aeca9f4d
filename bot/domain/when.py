"""Reading when somebody wants to be reminded, in their own zone: "in 2 weeks", "1 Dec 9am", "3 days before", "every Monday"."""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import NotUnderstood, Reading, Refused, TwoReadings, shortened
from bot.domain.moments.calendar_words import OUR_DAYS, OUR_MONTHS
from bot.domain.moments.cursor import Unread
from bot.domain.moments.grammar import plan_of
from bot.domain.moments.reading import Clocks, NoSuchDay
from bot.domain.moments.recurrence import Recurrence
from bot.domain.moments.repeats import rule_of
from bot.domain.moments.tokens import LONGEST, MomentSort, MomentToken, tokens_of
from bot.domain.moments.words import LANGUAGES
from bot.domain.numbers.notation import DateOrder, Notation, notation_of
from bot.domain.numbers.tokens import foreign_digit
from bot.domain.times import TWO_DAYS, day_readings, day_text, read_last_day

FORMS = "“in 2 weeks”, “Friday 6pm”, “1 Dec 9am” or “3 days before”"
FURTHEST = timedelta(days=3660)
_WHAT = "a time"
_MOST_READINGS = 12


@dataclass(frozen=True, slots=True)
class ReminderTime:
    """A moment; `before_days` is set when it was said relative to the prediction's date, and then moves with it."""

    at: datetime
    before_days: float | None = None


def read_when(
    text: str, *, now: datetime, zone: ZoneInfo, resolves_at: datetime | None, locale: str | None = None
) -> ReminderTime:
    """The moment that was typed.

    Raises Refused when it is past or more than ten years away, NotUnderstood with the part that can't be read, TwoReadings
    where it can mean two moments, in the order of the member's `locale`.
    """
    found = read_reminder(text, now=now, zone=zone, resolves_at=resolves_at, locale=locale)
    if isinstance(found, Recurrence):
        given = " ".join(text.split())
        raise Refused(f"“{shortened(given)}” repeats, and this needs one moment. Write it like this: {FORMS}.")
    return found


def read_reminder(
    text: str, *, now: datetime, zone: ZoneInfo, resolves_at: datetime | None, locale: str | None = None
) -> ReminderTime | Recurrence:
    """The same, and what comes again and again: "every Monday at 9"."""
    given = unicodedata.normalize("NFC", " ".join(text.split()))
    found = _understood(given, now, zone, resolves_at, locale)
    if len(found) > 1:
        readings = tuple(_reading(each, zone) for each in found)
        days = {each.at.astimezone(zone).date() for each in found if isinstance(each, ReminderTime)}
        raise TwoReadings(given, readings, TWO_DAYS if len(days) > 1 and "/" in given else "")
    return found[0]


def read_day(text: str, *, now: datetime, zone: ZoneInfo, locale: str | None = None) -> date:
    """The last day of what was typed, as `read_last_day` has it, or one counted from today: "tomorrow", "in 2 weeks"."""
    try:
        return read_last_day(text, locale=locale)
    except TwoReadings:
        raise
    except Refused as refusal:
        try:
            when = read_when(text, now=now, zone=zone, resolves_at=None, locale=locale)
        except TwoReadings as asked:
            days = dict.fromkeys(day_readings(each.text.rpartition(" ")[0])[0] for each in asked.readings)
            if len(days) == 1:
                return next(iter(days))
            shown = tuple(Reading(day_text(day), day_text(day)) for day in days)
            raise TwoReadings(asked.given, shown, TWO_DAYS) from None
        except Refused:
            raise refusal from None
        return when.at.astimezone(zone).date()


def _understood(
    given: str, now: datetime, zone: ZoneInfo, resolves_at: datetime | None, locale: str | None
) -> list[ReminderTime | Recurrence]:
    """All that a text can mean. It is read in the member's language, English, and then the others, until one fits."""
    if not given or len(given) > LONGEST or foreign_digit(given) is not None:
        raise NotUnderstood(given, "", _WHAT, FORMS)
    notation = notation_of(locale)
    refusals: list[Refused] = []
    for language in dict.fromkeys((notation.language, *LANGUAGES)):
        if language not in LANGUAGES:
            continue
        tokens = tokens_of(given, language=language, month_first=notation.order is not DateOrder.DMY)
        stray = _unknown(tokens)
        if stray is not None:
            refusals.append(NotUnderstood(given, given[stray[0] : stray[1]], _WHAT, FORMS))
            continue
        clocks = Clocks(now, zone, _first, resolves_at)
        found, refusal = _all_readings(given, tokens, clocks, notation, language)
        if found:
            return found
        if refusal is not None and not isinstance(refusal, NotUnderstood):
            raise refusal
        refusals.append(refusal or NotUnderstood(given, "", _WHAT, FORMS))
    raise min(refusals, key=lambda refusal: len(refusal.part) if isinstance(refusal, NotUnderstood) else 0)


def _first(_count: int) -> int:
    return 0


def _unknown(tokens: list[MomentToken]) -> tuple[int, int] | None:
    """Where the first run of words that no language has stands."""
    run = [at for at, token in enumerate(tokens) if token.sort is MomentSort.UNKNOWN]
    if not run:
        return None
    last = run[0]
    while last + 1 < len(tokens) and tokens[last + 1].sort is MomentSort.UNKNOWN:
        last += 1
    return tokens[run[0]].start, tokens[last].end


def _all_readings(
    given: str, tokens: list[MomentToken], clocks: Clocks, notation: Notation, language: str
) -> tuple[list[ReminderTime | Recurrence], Refused | None]:
    """Every way through the grammar's choices, the likeliest first, and why there is none."""
    found: dict[ReminderTime | Recurrence, None] = {}
    refusals: list[Refused] = []
    waiting: deque[list[int]] = deque([[]])
    for _ in range(_MOST_READINGS):
        if not waiting:
            break
        picks = waiting.popleft()
        widths: list[int] = []

        def choose(count: int, picks: list[int] = picks, widths: list[int] = widths) -> int:
            widths.append(count)
            return picks[len(widths) - 1] if len(widths) <= len(picks) else 0

        try:
            reading = _one_reading(given, tokens, Clocks(clocks.now, clocks.zone, choose, clocks.resolves_at), language)
            found.setdefault(reading)
        except Unread as stray:
            refusals.append(NotUnderstood(given, given[stray.start : stray.end], _WHAT, FORMS))
        except NoSuchDay:
            refusals.append(Refused(f"“{shortened(given)}” isn't a day on the calendar. Write it like this: {FORMS}."))
        except Refused as refusal:
            refusals.append(refusal)
        waiting.extend(_others(picks, widths))
    if refusals:
        # What was understood and cannot be is worth more than what was not understood.
        refusals.sort(key=lambda refusal: isinstance(refusal, NotUnderstood))
    return list(found), refusals[0] if refusals else None


def _others(picks: list[int], widths: list[int]) -> Iterator[list[int]]:
    for at in range(len(picks), len(widths)):
        for other in range(1, widths[at]):
            yield picks + [0] * (at - len(picks)) + [other]


def _one_reading(given: str, tokens: list[MomentToken], clocks: Clocks, language: str) -> ReminderTime | Recurrence:
    is_h_clock = language in ("fr", "pt", "es", "de")
    plan = plan_of(tokens, clocks.choose, is_h_clock=is_h_clock)
    if plan.every is not None:
        rule = rule_of(plan, clocks)
        if rule.first_after(clocks.now) is None:
            raise Refused(f"“{shortened(given)}” never comes. Write it like this: every Monday at 9.")
        return rule
    at = clocks.moment(plan)
    if at <= clocks.now:
        local = at.astimezone(clocks.zone)
        raise Refused(
            f"“{shortened(given)}” is {local:%d %b %Y %H:%M} {local.tzname()}, which is over. Name a moment that is still to come."
        )
    if at > clocks.now + FURTHEST:
        raise Refused(f"“{shortened(given)}” is more than ten years away. Name an earlier moment.")
    if not plan.is_of_prediction or clocks.resolves_at is None:
        return ReminderTime(at)
    before = (clocks.resolves_at - at) / timedelta(days=1)
    return ReminderTime(at, before)


def _reading(found: ReminderTime | Recurrence, zone: ZoneInfo) -> Reading:
    if isinstance(found, Recurrence):
        elsewhere = "" if found.zone == zone.key else f" {found.zone}"
        return Reading(f"{found}{elsewhere}", f"{found}{elsewhere}")
    local = found.at.astimezone(zone)
    shown = f"{OUR_DAYS[local.weekday()][:3]} {local.day} {OUR_MONTHS[local.month - 1]} {local.year} {local:%H:%M}"
    is_repeated = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    seconds = "" if not local.second else f":{local.second:02}"
    return Reading(shown, f"{local:%Y-%m-%d %H:%M}{seconds}" + (f"{local:%z}" if is_repeated else ""))
