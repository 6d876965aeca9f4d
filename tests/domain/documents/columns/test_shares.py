"""Probabilities are read by the column: whether 1 is certain or one percent, its name and its other cells tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.documents.columns.shares import read_shares
from bot.domain.types import Qualifier


def values(*cells: str, name: str = "forecast") -> list[float | None]:
    """The probabilities of a column."""
    return [None if share is None else share.value for share in read_shares(cells, name=name).values]


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("my probability", ("0.9", "1", "0.05"), (0.9, 1, 0.05)),
        ("forecast", ("1", "0", "0.5"), (1, 0, 0.5)),
        ("forecast", ("1", "50", "99", "0.5"), (0.01, 0.5, 0.99, 0.005)),
        ("probability (%)", ("0.5", "1", "95"), (0.005, 0.01, 0.95)),
        ("percent", ("1", "0"), (0.01, 0)),
        ("Forecast (scale = 0-1)", ("1", "0.2"), (1, 0.2)),
        ("scale 0-100", ("1", "0.2"), (0.01, 0.002)),
        ("forecast", ("40%", "0.4", "55"), (0.4, 0.4, 0.55)),
        ("forecast", ("0,4", "0,65"), (0.4, 0.65)),
        ("forecast", ("70 %", "70％", "70 percent"), (0.7, 0.7, 0.7)),
        ("forecast", ("1 in 1000", "1 in 1,000", "1/3", "1 out of 2.500"), (0.001, 0.001, 1 / 3, 0.0004)),
        ("odds", ("7:3", "3 to 1 against", "even"), (0.7, 0.25, 0.5)),
    ],
)
def test_the_scale_is_the_columns(name: str, cells: tuple[str, ...], expected: tuple[float, ...]) -> None:
    assert values(*cells, name=name) == pytest.approx(expected)


def test_hedges_are_kept() -> None:
    shares = read_shares([">99%", "<1%", "~70%", "50%"])
    hedges = [share.qualifier if share else None for share in shares.values]
    assert hedges == [Qualifier.MORE, Qualifier.LESS, Qualifier.ABOUT, None]


def test_more_than_all_is_wrong_and_said_to_be() -> None:
    shares = read_shares(["40%", "120%", "likely", ""])
    assert ([share and share.value for share in shares.values], shares.wrong) == ([0.4, None, None, None], (1,))


@pytest.mark.parametrize("cell", ["", "likely", "-5%", "40-50%", "1,000", "7:3:2", "3 in 2", "0:0", "70%%", "²", "٧"])
def test_what_is_no_probability_is_none(cell: str) -> None:
    assert values(cell, "0.5")[0] is None


@given(st.lists(st.floats(0.001, 0.999), min_size=2, max_size=8))
def test_fractions_read_back_as_themselves(numbers: list[float]) -> None:
    assert values(*(f"{number:.6f}" for number in numbers)) == pytest.approx([float(f"{number:.6f}") for number in numbers])


@given(st.lists(st.text(max_size=60), max_size=5), st.text(max_size=20))
def test_any_cells_are_read_without_a_fault(cells: list[str], name: str) -> None:
    shares = read_shares(cells, name=name)
    assert len(shares.values) == len(cells)
    assert all(share is None or 0 <= share.value <= 1 for share in shares.values)
