from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refused
from bot.domain.times import ago, day_number, day_of, last_day_before, over_at, read_last_day, read_zone, span

DAYS = st.dates(date(1970, 1, 1), date(2200, 12, 31))


def test_a_day_is_over_when_the_next_begins_in_utc() -> None:
    assert over_at(date(2026, 12, 31)) == datetime(2027, 1, 1, tzinfo=UTC)


def test_a_moment_within_a_day_has_that_day_as_its_last() -> None:
    assert last_day_before(datetime(2026, 12, 31, 0, 0, 1, tzinfo=UTC)) == date(2026, 12, 31)
    assert last_day_before(datetime(2027, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))) == date(2026, 12, 31)


@given(DAYS)
def test_over_at_and_last_day_before_undo_each_other(day: date) -> None:
    assert last_day_before(over_at(day)) == day


@given(DAYS)
def test_day_number_and_day_of_undo_each_other(day: date) -> None:
    assert day_of(day_number(day)) == day
    assert day_of(day_number(day) + 0.99) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31 Dec 2026", date(2026, 12, 31)),
        ("31 December 2026", date(2026, 12, 31)),
        ("Dec 31, 2026", date(2026, 12, 31)),
        ("December 31st, 2026", date(2026, 12, 31)),
        ("1st of May 2026", date(2026, 5, 1)),
        ("may 5 2026", date(2026, 5, 5)),
        ("Sept. 3 2026", date(2026, 9, 3)),
        ("2026-12-31", date(2026, 12, 31)),
        ("2026/12/31", date(2026, 12, 31)),
        ("2026-12-31T00:00:00Z", date(2026, 12, 31)),
        ("31.12.2026", date(2026, 12, 31)),
        ("1.5.2026", date(2026, 5, 1)),
        ("13/4/2026", date(2026, 4, 13)),
        ("4/13/2026", date(2026, 4, 13)),
        ("4/4/2026", date(2026, 4, 4)),
        ("29 Feb 2028", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_in_the_usual_forms(text: str, day: date) -> None:
    assert read_last_day(text) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026", date(2026, 12, 31)),
        ("by 2026", date(2026, 12, 31)),
        ("Dec 2026", date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 28)),
        ("February 2028", date(2028, 2, 29)),
        ("Q1 2026", date(2026, 3, 31)),
        ("2026 Q2", date(2026, 6, 30)),
        ("2026-q4", date(2026, 12, 31)),
        ("H1 2026", date(2026, 6, 30)),
        ("2026 H2", date(2026, 12, 31)),
        ("end of 2026", date(2026, 12, 31)),
        ("EOY 2026", date(2026, 12, 31)),
        ("by the end of March 2026", date(2026, 3, 31)),
        ("By end of Q3 2026", date(2026, 9, 30)),
        ("until the end of 2027", date(2027, 12, 31)),
        ("before the end of 2026", date(2026, 12, 31)),
        ("until 5 May 2026", date(2026, 5, 5)),
    ],
)
def test_a_period_means_its_last_day(text: str, day: date) -> None:
    assert read_last_day(text) == day


@pytest.mark.parametrize("text", ["3/4/2026", "12/11/2026", "01/02/2026"])
def test_a_date_that_could_be_two_days_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(Refused, match=r"could be two days. Write the month by name, as in 3 Apr 2026, or 2026-04-03"):
        read_last_day(text)


@pytest.mark.parametrize("text", ["31 Feb 2026", "2026-02-30", "29 Feb 2027", "2026-13-01", "32.1.2026", "13/13/2026"])
def test_a_day_that_the_calendar_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"isn't a day on the calendar\. Write 31 Dec 2026"):
        read_last_day(text)


@pytest.mark.parametrize("text", ["2201-01-01", "31 Dec 1969", "0000-01-01"])
def test_years_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(Refused, match="outside the years 1970 to 2200"):
        read_last_day(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "tomorrow",
        "30 February",
        "31 Dec 26",
        "2026-13",
        "2026-W05",
        "1969",
        "before 2026",
        pytest.param("9" * 100_000, id="long"),
    ],
)
def test_what_cannot_be_read_for_certain_is_refused_with_the_forms_that_work(text: str) -> None:
    with pytest.raises(Refused, match="31 Dec 2026, 2026-12-31, Dec 2026, Q4 2026 or 2026") as refusal:
        read_last_day(text)
    assert len(str(refusal.value)) < 200


@given(DAYS)
def test_every_day_is_read_in_every_certain_form(day: date) -> None:
    for form in ("%Y-%m-%d", "%d %B %Y", "%b %d, %Y", "%d.%m.%Y"):
        assert read_last_day(day.strftime(form)) == day


@given(st.text(alphabet="0123456789 -/.qhQHTdecjanmay", max_size=20))
def test_any_text_gives_a_day_or_a_refusal(text: str) -> None:
    with suppress(Refused):
        assert 1970 <= read_last_day(text).year <= 2200


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("utc", "UTC"),
        ("America/New York", "America/New_York"),
    ],
)
def test_a_zone_is_known_by_its_name_in_any_case(text: str, name: str) -> None:
    assert read_zone(text).key == name


@pytest.mark.parametrize(
    "text", ["", "Mars/Phobos", "../etc/passwd", "+99:00", "localtime", "Factory", pytest.param("x" * 10_000, id="long")]
)
def test_what_is_no_zone_of_the_world_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"isn't a time zone I know\. Write one like Europe/Berlin"):
        read_zone(text)


@pytest.mark.parametrize(
    ("length", "shown", "when"),
    [
        (timedelta(seconds=20), "1 minute", "just now"),
        (timedelta(seconds=60), "1 minute", "1 minute ago"),
        (timedelta(minutes=119), "119 minutes", "119 minutes ago"),
        (timedelta(hours=1), "1 hour", "1 hour ago"),
        (timedelta(hours=47), "47 hours", "47 hours ago"),
        (timedelta(days=2, hours=5), "2 days", "2 days ago"),
        (timedelta(days=364), "364 days", "364 days ago"),
        (timedelta(days=365), "12 months", "12 months ago"),
        (timedelta(days=400), "13 months", "13 months ago"),
    ],
)
def test_a_span_is_said_in_whole_units(length: timedelta, shown: str, when: str) -> None:
    assert (span(length), ago(length)) == (shown, when)
