"""Series: a statement for each month, quarter or year."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.errors import Refused
from bot.domain.series import filled, periods_of
from bot.domain.times import read_first_day


@pytest.mark.parametrize(
    ("template", "first", "last", "statements", "days"),
    [
        (
            "Rain by the end of {month}",
            date(2026, 11, 30),
            date(2027, 1, 1),
            ["Rain by the end of November 2026", "Rain by the end of December 2026", "Rain by the end of January 2027"],
            [date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31)],
        ),
        (
            "Rain in { Month } of {year}",
            date(2028, 2, 1),
            date(2028, 2, 3),
            ["Rain in February of 2028"],
            [date(2028, 2, 29)],
        ),
        (
            "Rain by {quarter}",
            date(2026, 9, 30),
            date(2026, 10, 1),
            ["Rain by Q3 2026", "Rain by Q4 2026"],
            [date(2026, 9, 30), date(2026, 12, 31)],
        ),
        ("{quarter}/{year}: rain", date(2026, 1, 1), date(2026, 1, 1), ["Q1/2026: rain"], [date(2026, 3, 31)]),
        (
            "Rain in {year}",
            date(2026, 12, 31),
            date(2028, 1, 1),
            ["Rain in 2026", "Rain in 2027", "Rain in 2028"],
            [date(2026, 12, 31), date(2027, 12, 31), date(2028, 12, 31)],
        ),
    ],
)
def test_each_period_has_its_statement_and_its_last_day(
    template: str, first: date, last: date, statements: list[str], days: list[date]
) -> None:
    periods = periods_of(template, first=first, last=last)
    assert [filled(template, period) for period in periods] == statements
    assert [period.last_day for period in periods] == days


@pytest.mark.parametrize(
    ("template", "last", "further", "words"),
    [
        (
            "Rain in {week}",
            date(2027, 1, 1),
            (),
            "I don't know the placeholder {week}. There are {month}, {quarter} and {year}.",
        ),
        ("Rain in {}", date(2027, 1, 1), (), "I don't know the placeholder {}."),
        ("Rain in {month", date(2027, 1, 1), (), "A curly bracket stands alone in “Rain in {month”."),
        ("Rain", date(2027, 1, 1), (), "The statement has no placeholder"),
        ("Rain in {month}", date(2026, 1, 1), (), "end before it begins"),
        ("Rain in {month}", date(2028, 2, 1), (), "That would be 25 predictions, and a series has at most 24."),
        ("Rain in {year}", date(2028, 2, 1), ("As {month} says",), "{month} has to be in the statement, too"),
        ("Rain in {year}", date(2028, 2, 1), ("As {day} says",), "I don't know the placeholder {day}."),
    ],
)
def test_what_makes_no_series_is_refused(template: str, last: date, further: tuple[str, ...], words: str) -> None:
    with pytest.raises(Refused) as refused:
        periods_of(template, first=date(2026, 2, 1), last=last, further=further)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2027", date(2027, 1, 1)),
        ("Q3 2027", date(2027, 7, 1)),
        ("h2 2027", date(2027, 7, 1)),
        ("Feb 2027", date(2027, 2, 1)),
        ("by the end of 2027-11", date(2027, 11, 1)),
        ("3 Feb 2027", None),
        ("in 2 weeks", None),
    ],
)
def test_the_first_day_of_a_period_is_read(typed: str, day: date | None) -> None:
    assert read_first_day(typed) == day
