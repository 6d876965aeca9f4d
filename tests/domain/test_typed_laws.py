"""What must hold for any text: nothing is passed over, and what the bot shows is read back as it was."""

from __future__ import annotations

import math
import re
import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.answers import read_answer
from bot.domain.errors import NotUnderstood, Refused, TwoReadings
from bot.domain.moments.recurrence import Recurrence
from bot.domain.moments.words import LANGUAGES, phrases_of
from bot.domain.numbers.notation import LOCALES
from bot.domain.numbers.tokens import tokens_of
from bot.domain.numbers.words import FRACTIONS
from bot.domain.outcomes import read_outcome
from bot.domain.probabilities import read_probability, read_quantity
from bot.domain.times import day_number, read_last_day
from bot.domain.types import Kind
from bot.domain.when import ReminderTime, read_reminder, read_when
from bot.ui import text as shown

LOCALE = st.sampled_from([None, *LOCALES])
NOW = datetime(2026, 3, 4, 14, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
NUMBER_SIGNS = "0123456789 .,'’%‰-−–—()½²×^eEkKmMbBnt$€£¥万億/:~<>≥±+٣٫٬７．，日in outofaminus\u00a0\u202f\u200e"
_WORDS = (
    "in at on the of 2 9 17 9am 1st Monday next this every end month week day days weeks hours tomorrow tonight before after "
    "it closes May 2027 3/4 05-06-2026 9.30 18h and half noon UTC EST IST until not or morgen um demain à 明日 9時 の 3日前"
)
MOMENT_WORDS = st.sampled_from(_WORDS.split())
"""Words that often stand together."""
ANY_WORDS = st.sampled_from(LANGUAGES).flatmap(
    lambda language: st.lists(
        st.sampled_from([way for ways in phrases_of(language).values() for way, _ in ways]) | MOMENT_WORDS,
        min_size=1,
        max_size=6,
    )
)
"""All the words of a language, in any order."""


def refusal_of(read: Callable[[str], object], typed: str) -> Refused | None:
    """How a text is refused; None when it is read."""
    try:
        read(typed)
    except Refused as refusal:
        return refusal
    return None


@given(st.floats(-1e15, 1e15, allow_nan=False), LOCALE)
def test_a_quantity_as_the_bot_shows_it_is_read_back_in_every_language(value: float, locale: str | None) -> None:
    typed = shown.quantity(value)
    stored = read_quantity(typed, near=[value])
    assert stored == pytest.approx(value, rel=1e-5, abs=1e-300)
    assert read_quantity(typed, locale=locale, near=[value]) == stored
    # Without what it must be like, three decimals are asked about, or are thousands where the member writes those so.
    with suppress(TwoReadings):
        assert read_quantity(typed, locale=locale) == stored or re.search(r"\.\d{3}(?!\d)", typed)


@given(st.floats(1e-6, 1) | st.just(0.0), LOCALE)
def test_a_probability_as_the_bot_shows_it_is_read_back_in_every_language(value: float, locale: str | None) -> None:
    assert read_probability(shown.percent(value), locale=locale) == pytest.approx(value, abs=6e-4, rel=6e-3)


@given(st.dates(date(1970, 1, 1), date(2200, 12, 31)), LOCALE)
def test_a_day_as_the_bot_shows_it_is_read_back_in_every_language(day: date, locale: str | None) -> None:
    typed = shown.day(day)
    assert read_last_day(typed, locale=locale) == day
    assert read_outcome(typed, kind=Kind.DATE, locale=locale).value == day_number(day)


@given(st.tuples(*[st.floats(-1e9, 1e9, allow_nan=False)] * 3).map(sorted), LOCALE)
def test_an_answer_as_the_bot_shows_it_is_read_back_in_every_language(values: list[float], locale: str | None) -> None:
    typed = "; ".join(shown.quantity(value) for value in values)
    read = read_answer(typed, kind=Kind.NUMERIC, locale=locale, near=values)
    assert read == pytest.approx(values, rel=1e-5, abs=1e-300)


@given(st.text(max_size=40) | st.text(NUMBER_SIGNS, max_size=25), LOCALE)
def test_a_number_is_read_only_when_every_sign_of_the_text_belongs_to_it(typed: str, locale: str | None) -> None:
    for read in (read_quantity, read_probability):
        with suppress(Refused):
            value = read(typed, locale=locale)
            tokens = tokens_of(typed.strip())
            covered = {at for token in tokens for at in range(token.start, token.end)}
            left = [sign for at, sign in enumerate(typed.strip()) if at not in covered]
            assert all(sign.isspace() or unicodedata.category(sign) == "Cf" for sign in left)
            assert math.isfinite(value)
            has_digit = any(unicodedata.decimal(sign, None) is not None or sign in FRACTIONS for sign in typed)
            assert has_digit or any(word in typed.lower() for word in ("half", "a ", "an "))


@given(
    st.floats(0.001, 1e6),
    st.sampled_from('!?<>=≤≥±#@&|\\[]{}"_“”…¡¿№§ªº²³₂①Ⅻ⅟🔥'),
    st.sampled_from(["before", "behind", "within"]),
)
def test_a_number_with_a_sign_too_many_is_never_read(value: float, sign: str, place: str) -> None:
    text = shown.quantity(value)
    assume(len(text) > 1 or place != "within")
    typed = {"before": sign + text, "behind": text + sign, "within": text[:1] + sign + text[1:]}[place]
    assume(not (sign == "_" and place == "within"))
    with pytest.raises(Refused) as refusal:
        read_quantity(typed)
    assert "“" in str(refusal.value)
    with pytest.raises(Refused):
        read_probability(typed)


@given(st.text(min_size=1, max_size=60) | st.text(NUMBER_SIGNS, min_size=1, max_size=25))
def test_a_refused_number_is_quoted_with_its_part_and_an_example(typed: str) -> None:
    for read in (read_quantity, read_probability):
        refusal = refusal_of(read, typed)
        if isinstance(refusal, NotUnderstood):
            assert refusal.part in refusal.given
            assert re.search(r"Try |^Give .+, for example ", str(refusal))
        if refusal is not None:
            assert "“" in str(refusal) or not typed.strip()


@given((st.lists(MOMENT_WORDS, min_size=1, max_size=7) | ANY_WORDS).map(" ".join) | st.text(max_size=40), LOCALE)
def test_any_text_is_a_moment_to_come_or_refused_with_its_part(typed: str, locale: str | None) -> None:
    def read(text: str) -> ReminderTime | Recurrence:
        return read_reminder(text, now=NOW, zone=BERLIN, resolves_at=NOW + timedelta(days=90), locale=locale)

    refusal = refusal_of(read, typed)
    if isinstance(refusal, NotUnderstood):
        assert refusal.part in refusal.given
    if isinstance(refusal, TwoReadings):
        assert len(refusal.readings) > 1
        for reading in refusal.readings:
            read(reading.text)
    elif refusal is not None:
        assert any(word in str(refusal) for word in ("Write ", "Name ", "Try ", "Give "))
    else:
        found = read(typed)
        at = found.at if isinstance(found, ReminderTime) else found.first_after(NOW)
        assert at is not None
        assert at > NOW


@given(
    st.lists(MOMENT_WORDS, min_size=1, max_size=5),
    st.sampled_from(["zork", "perhaps", "§", "🔥", "never", "xyz9"]),
    st.integers(0, 5),
)
def test_a_word_that_means_nothing_is_never_passed_over(words: list[str], stray: str, at: int) -> None:
    typed = " ".join([*words[:at], stray, *words[at:]])
    with pytest.raises(Refused) as refusal:
        read_reminder(typed, now=NOW, zone=BERLIN, resolves_at=NOW + timedelta(days=90))
    assert not isinstance(refusal.value, TwoReadings)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC)),  # noqa: DTZ001
    st.integers(1, 5000),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", "America/Santiago"]),
)
def test_minutes_and_hours_are_time_that_passes(now: datetime, amount: int, name: str) -> None:
    zone = ZoneInfo(name)
    assert read_when(f"in {amount} minutes", now=now, zone=zone, resolves_at=None).at == now + timedelta(minutes=amount)
    assert read_when(f"in {amount} hours", now=now, zone=zone, resolves_at=None).at == now + timedelta(hours=amount)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC)),  # noqa: DTZ001
    st.integers(1, 300),
)
def test_days_keep_the_hour_of_the_clock(now: datetime, amount: int) -> None:
    at = read_when(f"in {amount} days", now=now, zone=BERLIN, resolves_at=None).at.astimezone(BERLIN)
    here = now.astimezone(BERLIN)
    assert at.date() == here.date() + timedelta(days=amount)
    assert at.hour == here.hour or (here.hour == 2 and at.hour == 3)  # an hour that this night does not have


RULES = st.sampled_from(
    [
        *("every Monday", "every day at 8:15", "every 2 weeks on Tuesday and Friday", "every month on the 31st", "daily"),
        *("every last Friday of the month at 3pm", "every 1st Monday of the month", "every year on 29 Feb", "every 10 days"),
        *("every weekday at 7", "every 3 months on the 15th until 1 May 2028", "alle 2 Wochen", "毎週月曜日 9時"),
    ]
)


@given(RULES, st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tokyo"]), st.integers(0, 500))
def test_what_comes_again_is_read_back_from_its_own_words_and_its_column(typed: str, name: str, days: int) -> None:
    zone, now = ZoneInfo(name), NOW + timedelta(days=days)
    rule = read_reminder(typed, now=now, zone=zone, resolves_at=None)
    assert isinstance(rule, Recurrence)
    assert read_reminder(str(rule), now=now, zone=zone, resolves_at=None) == rule
    assert Recurrence.from_json(rule.to_json()) == rule
    assert Recurrence.from_code(rule.to_code()) == rule
    comes = [now]
    for _ in range(5):
        following = rule.first_after(comes[-1])
        if following is None:
            assert rule.until is not None
            break
        comes.append(following)
    assert comes == sorted(set(comes))
    assert all(at.astimezone(zone).hour * 60 + at.astimezone(zone).minute == rule.at_minute for at in comes[1:])


@pytest.mark.parametrize(
    "piece", ["9", "1,", "(", "a ", "½", "万", "in 2 weeks ", "3/4 ", "9.30 ", "m ", "3m ", "日", "every ", "1 1/"]
)
def test_a_long_text_takes_no_time(piece: str) -> None:
    typed = piece * (6000 // len(piece))
    began = time.process_time()
    for text in (typed, typed[:180]):
        for read in (read_quantity, read_probability, read_last_day):
            with suppress(Refused):
                read(text)
        with suppress(Refused):
            read_reminder(text, now=NOW, zone=BERLIN, resolves_at=None)
        with suppress(Refused):
            read_answer(text, kind=Kind.NUMERIC)
    assert time.process_time() - began < 30  # a tenth of a second; what grows with the square takes minutes
