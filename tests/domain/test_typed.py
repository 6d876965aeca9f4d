"""The tables of what people type, and what their language, unit and other numbers decide."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.answers import read_answer
from bot.domain.errors import NotUnderstood, Refused, TwoReadings
from bot.domain.moments.recurrence import Recurrence
from bot.domain.numbers.notation import LOCALES
from bot.domain.outcomes import read_outcome
from bot.domain.probabilities import read_probability, read_quantity
from bot.domain.times import day_text
from bot.domain.types import Kind
from bot.domain.when import read_day, read_reminder, read_when
from tests.domain.typed_moments import LATER, MOMENTS, Case
from tests.domain.typed_numbers import PROBABILITIES, QUANTITIES, Right

NOW = datetime(2026, 3, 4, 14, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def values_of(refusal: TwoReadings) -> tuple[float, ...]:
    """What the readings' own texts are read as; they mean one thing in every language."""
    found = {tuple(read_any(each.text, locale) for each in refusal.readings) for locale in (None, *LOCALES)}
    assert len(found) == 1
    return found.pop()


def read_any(text: str, locale: str | None) -> float:
    return read_probability(text, locale=locale) if "%" in text else read_quantity(text, locale=locale)


@pytest.mark.parametrize(("typed", "right"), QUANTITIES)
def test_every_quantity_of_the_table_is_read_refused_or_asked(typed: str, right: Right) -> None:
    if right is None:
        with pytest.raises(Refused) as refusal:
            read_quantity(typed)
        assert not isinstance(refusal.value, TwoReadings)
    elif isinstance(right, tuple):
        with pytest.raises(TwoReadings) as asked:
            read_quantity(typed)
        assert values_of(asked.value) == pytest.approx(right)
    else:
        assert read_quantity(typed) == pytest.approx(right, rel=1e-12)


@pytest.mark.parametrize(("typed", "right"), PROBABILITIES)
def test_every_probability_of_the_table_is_read_refused_or_asked(typed: str, right: Right) -> None:
    if right is None:
        with pytest.raises(Refused) as refusal:
            read_probability(typed)
        assert not isinstance(refusal.value, TwoReadings)
    elif isinstance(right, tuple):
        with pytest.raises(TwoReadings) as asked:
            read_probability(typed)
        assert values_of(asked.value) == pytest.approx(right)
    else:
        assert read_probability(typed) == pytest.approx(right, rel=1e-12)


def clock(written: str, zone: ZoneInfo) -> datetime:
    moment = datetime.fromisoformat(written)
    return (moment.replace(tzinfo=zone) if moment.tzinfo is None else moment).astimezone(UTC)


@pytest.mark.parametrize("case", [*MOMENTS, *LATER], ids=lambda case: f"{case.typed}-{case.locale}")
def test_every_moment_of_the_table_is_read_refused_or_asked(case: Case) -> None:
    zone = ZoneInfo(case.zone)
    now = clock(case.now, zone)

    def read(text: str, locale: str | None) -> datetime:
        return read_when(text, now=now, zone=zone, resolves_at=None, locale=locale).at

    if case.right is None:
        with pytest.raises(Refused) as refusal:
            read(case.typed, case.locale)
        assert not isinstance(refusal.value, TwoReadings)
    elif isinstance(case.right, tuple):
        with pytest.raises(TwoReadings) as asked:
            read(case.typed, case.locale)
        for locale in (None, *LOCALES):
            assert [read(each.text, locale) for each in asked.value.readings] == [clock(each, zone) for each in case.right]
    else:
        assert read(case.typed, case.locale) == clock(case.right, zone)


@pytest.mark.parametrize(
    ("typed", "locale", "value"),
    [
        ("1,000", None, 1000),
        ("1,000", "en-US", 1000),
        ("1.000", "de", 1000),
        ("1,5", "en-US", 1.5),
        ("12 Mio", "de", 12e6),
        ("3 mil", "pt-BR", 3000),
        ("5 Billionen", "de", 5e12),
        ("1.234M", "de", 1_234_000),
        ("1,000M", "en-US", 1e9),
    ],
)
def test_the_members_language_says_which_mark_is_which(typed: str, locale: str | None, value: float) -> None:
    assert read_quantity(typed, locale=locale) == pytest.approx(value)


@pytest.mark.parametrize(
    ("typed", "locale", "values"),
    [
        ("1,000", "de", (1, 1000)),
        ("1.000", "en-US", (1, 1000)),
        ("2,5 billion", "fr", (2.5e9, 2.5e12)),
        ("5 mil", None, (5e6, 5e3)),
        ("2.500 Mio", None, (2.5e6, 2.5e9)),
        ("1,234M", "de", (1.234e6, 1.234e9)),
    ],
)
def test_what_the_language_leaves_open_is_asked(typed: str, locale: str | None, values: tuple[float, ...]) -> None:
    with pytest.raises(TwoReadings) as asked:
        read_quantity(typed, locale=locale)
    assert values_of(asked.value) == pytest.approx(values)


def test_what_a_number_must_be_like_settles_it() -> None:
    assert read_quantity("1.234", near=[1.1, 1.3]) == 1.234
    assert read_quantity("1.234", near=[1100, 1300]) == 1234
    assert read_quantity("1,234", locale="de", near=[1100]) == 1234
    with pytest.raises(TwoReadings):
        read_quantity("1,234", locale="en-US", near=[1.1, 1.3])  # sure by its notation, and odd by its size


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("3k tokens", "tokens", 3000),
        ("3 token", "tokens", 3),
        ("5 m", "m", 5),
        ("5M", "m", 5e6),
        ("5 million USD", "million USD", 5),
        ("5", "million USD", 5),
        ("2 bn", "USD million", 2000),
        ("$5", "USD per barrel", 5),
        ("5 USD per barrel", "USD per barrel", 5),
        ("120 km/h", "km/h", 120),
        ("5 percent", "% of GDP", 5),
        ("5 per cent", "%", 5),
        ("3 medals", "gold medals", 3),
        ("€5/MWh", "EUR/MWh", 5),
        ("5 barrels", "USD per barrel", None),
        ("$5%", "USD", None),
        ("(12.5 %)", "%", -12.5),
        ("A$5", "AUD", None),
        ("5 EUR", "USD", None),
        ("5%", "USD", None),
        ("5 USD each", "USD", None),
    ],
)
def test_the_unit_of_the_prediction_may_stand_around_a_number_and_no_other(
    typed: str, unit: str, value: float | None
) -> None:
    if value is None:
        with pytest.raises(NotUnderstood) as refusal:
            read_quantity(typed, unit=unit)
        assert refusal.value.part
        assert f"in {unit}" in str(refusal.value)
    else:
        assert read_quantity(typed, unit=unit) == pytest.approx(value)


@pytest.mark.parametrize(("typed", "unit"), [("5 m", "metres"), ("5m", "models"), ("5 t", "tonnes")])
def test_a_letter_that_may_be_the_unit_or_a_magnitude_is_asked_about(typed: str, unit: str) -> None:
    with pytest.raises(TwoReadings) as asked:
        read_quantity(typed, unit=unit)
    assert values_of(asked.value)[1] == 5


def test_in_an_answer_the_numbers_settle_each_other() -> None:
    assert read_answer("900; 1.000; 1.200", kind=Kind.NUMERIC) == (900, 1000, 1200)
    assert read_answer("0,9; 1,000; 1,2", kind=Kind.NUMERIC, locale="de") == (0.9, 1, 1.2)
    assert read_answer("8, 12, 20", kind=Kind.NUMERIC) == (8, 12, 20)
    with pytest.raises(TwoReadings) as asked:
        read_answer("1.000; 1.200; 2.500", kind=Kind.NUMERIC)
    found = [read_answer(each.text, kind=Kind.NUMERIC, locale="de") for each in asked.value.readings]
    assert found == [(1, 1.2, 2.5), (1000, 1200, 2500)]
    with pytest.raises(TwoReadings) as asked:
        read_answer("3/4/2027; 2028; 2029", kind=Kind.DATE, locale="en-US")
    assert asked.value.readings[0].text == "4 Mar 2027; 31 Dec 2028; 31 Dec 2029"
    with pytest.raises(Refused, match="has two probabilities"):
        read_answer("A: 50; A: 30; B: 20", kind=Kind.MULTIPLE_CHOICE, options=("A", "B"))
    assert read_answer("A: 1 in 1,000; B: 99.9", kind=Kind.MULTIPLE_CHOICE, options=("A", "B")) == (0.001, 0.999)


@pytest.mark.parametrize("typed", ["−0.5", "–0.5", "－0.5", "(0.5)", "minus 0.5"])
def test_an_outcome_keeps_its_sign(typed: str) -> None:
    assert read_outcome(typed, kind=Kind.NUMERIC).value == -0.5


@pytest.mark.parametrize(
    ("typed", "comes"),
    [
        ("every Monday at 9", ["2026-03-09 09:00", "2026-03-16 09:00", "2026-03-23 09:00", "2026-03-30 09:00"]),
        ("every other Friday at 17:30", ["2026-03-06 17:30", "2026-03-20 17:30", "2026-04-03 17:30"]),
        ("every month on the 31st", ["2026-03-31 09:00", "2026-04-30 09:00", "2026-05-31 09:00"]),
        ("every last Friday of the month", ["2026-03-27 09:00", "2026-04-24 09:00"]),
        ("every 5th Monday of the month", ["2026-03-30 09:00", "2026-06-29 09:00"]),
        ("every year on 29 Feb", ["2027-02-28 09:00", "2028-02-29 09:00"]),
        ("every 10 days at 8", ["2026-03-14 08:00", "2026-03-24 08:00"]),
        ("every Monday until 10 March", ["2026-03-09 09:00"]),
        ("every day until it closes", ["2026-03-05 09:00", "2026-03-06 09:00", None]),
        ("Mondays at 9", ["2026-03-09 09:00", "2026-03-16 09:00"]),
        ("every evening at 8", ["2026-03-04 20:00", "2026-03-05 20:00"]),
    ],
)
def test_what_comes_again_comes_by_the_clock(typed: str, comes: list[str | None]) -> None:
    rule = read_reminder(typed, now=NOW, zone=BERLIN, resolves_at=datetime(2026, 3, 7, tzinfo=UTC))
    assert isinstance(rule, Recurrence)
    at: datetime | None = NOW
    for expected in comes:
        assert at is not None
        at = rule.first_after(at)
        assert at == (None if expected is None else clock(expected, BERLIN))


def test_every_second_friday_is_two_things() -> None:
    with pytest.raises(TwoReadings) as asked:
        read_reminder("every second Friday", now=NOW, zone=BERLIN, resolves_at=None)
    assert [each.text for each in asked.value.readings] == [
        "every 2 weeks on Friday at 09:00",
        "every 2nd Friday of the month at 09:00",
    ]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("when it closes", 0),
        ("36 hours before", 1.5),
        ("90 min before", 0.0625),
    ],
)
def test_before_the_predictions_date_moves_with_it(text: str, days: float) -> None:
    when = read_when(text, now=NOW, zone=BERLIN, resolves_at=datetime(2027, 1, 1, tzinfo=UTC))
    assert when.before_days == days
    assert when.at == datetime(2027, 1, 1, tzinfo=UTC) - timedelta(days=days)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 days before it closes", "2026-12-28"),
        ("the day before", "2026-12-30"),
        ("1 month before", "2026-11-30"),
        ("3 Tage vorher", "2026-12-28"),
        ("3日前", "2026-12-28"),
    ],
)
def test_days_before_are_counted_from_the_last_day_and_mean_the_morning(text: str, day: str) -> None:
    when = read_when(text, now=NOW, zone=BERLIN, resolves_at=datetime(2027, 1, 1, tzinfo=UTC))
    assert when.at == clock(f"{day} 09:00", BERLIN)


def test_an_hour_of_the_day_before_the_predictions_date_is_the_members_own() -> None:
    when = read_when("2 days before at 9", now=NOW, zone=BERLIN, resolves_at=datetime(2027, 1, 1, tzinfo=UTC))
    assert when.at == clock("2026-12-29 09:00", BERLIN)  # the last day is 31 December
    assert when.before_days == (datetime(2027, 1, 1, tzinfo=UTC) - when.at) / timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31 Dec 2026", date(2026, 12, 31)),
        ("Q3 2026", date(2026, 9, 30)),
        ("tomorrow", date(2026, 3, 5)),
        ("in 2 weeks", date(2026, 3, 18)),
        ("end of next month", date(2026, 4, 30)),
        ("18h", date(2026, 3, 4)),
    ],
)
def test_a_day_may_be_counted_from_today(text: str, day: date) -> None:
    if text == "18h":  # two moments of two days
        with pytest.raises(TwoReadings) as asked:
            read_day(text, now=NOW, zone=BERLIN)
        assert asked.value.readings[1].text == day_text(day)
    else:
        assert read_day(text, now=NOW, zone=BERLIN) == day


def test_one_moment_is_refused_where_something_comes_again() -> None:
    with pytest.raises(Refused, match="repeats, and this needs one moment"):
        read_when("every Monday", now=NOW, zone=BERLIN, resolves_at=None)
