"""Dates are read by the column: how one cell is meant, the others tell."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.documents.columns.days import DayOrder, order_of, read_days

YEAR_END, MID_YEAR = date(2026, 12, 31), date(2027, 6, 30)


@pytest.mark.parametrize(
    "cells",
    [
        ("2026-12-31", "2027-06-30"),
        ("2026/12/31", "2027/6/30"),
        ("2026-12-31T23:59:00Z", "2027-06-30 12:00"),
        ("2026-12-31 11:59:00 PM", "2027-06-30 09:05:00 AM"),
        ("31.12.2026", "30.6.2027"),
        ("31/12/2026", "30/06/2027"),
        ("12/31/2026", "6/30/2027"),
        ("12/31/26", "6/30/27"),
        ("31-Dec-2026", "30-Jun-27"),
        ("31 December 2026", "30 June 2027"),
        ("December 31, 2026", "Jun 30th, 2027"),
        ("31. Dezember 2026", "30 juin 2027"),
        ("46387", "46568"),
        ("1798761600", "1814400000"),
        ("1798761600000", "1814400000000"),
    ],
)
def test_every_common_form_is_read(cells: tuple[str, str]) -> None:
    assert read_days(cells).values == (YEAR_END, MID_YEAR)


def test_the_column_settles_which_number_is_the_day() -> None:
    assert read_days(["5/6/2026", "30/06/2027"]).values[0] == date(2026, 6, 5)
    assert read_days(["5/6/2026", "06/30/2027"]).values[0] == date(2026, 5, 6)
    assert read_days(["5/6/2026", "30/06/2027"]).doubtful == ()


def test_another_column_of_the_table_settles_it_too() -> None:
    closes, resolves = ["10/22/24", "10/22/24"], ["1/1/25", "3/5/25"]
    order = order_of([closes, resolves])
    assert order is DayOrder.MONTH_FIRST
    assert read_days(resolves, order=order).values == (date(2025, 1, 1), date(2025, 3, 5))


def test_what_nothing_settles_is_doubtful() -> None:
    days = read_days(["5/6/2026", "7/7/2026", "2026-01-02"])
    assert days.values == (date(2026, 6, 5), date(2026, 7, 7), date(2026, 1, 2))
    assert days.doubtful == (0,)


@pytest.mark.parametrize("cell", ["", "soon", "2026", "31/31/2026", "2026-02-30", "99999", "0.5", "12", "1e9", "²0.1.2026"])
def test_what_is_no_date_is_none(cell: str) -> None:
    assert read_days([cell, "no date either"]).values[0] is None


@given(
    st.lists(st.dates(min_value=date(1971, 1, 1), max_value=date(2199, 12, 31)), min_size=1, max_size=6), st.integers(0, 3)
)
def test_what_was_written_is_what_is_read(days: list[date], form: int) -> None:
    forms = ("{0:%Y-%m-%d}", "{0.day}.{0.month}.{0.year}", "{0.day} {0:%B} {0.year}", "{0:%b} {0.day}, {0.year}")
    assert read_days([forms[form].format(day) for day in days]).values == tuple(days)


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_cells_are_read_without_a_fault(cells: list[str]) -> None:
    assert len(read_days(cells).values) == len(cells)
