"""CSV as people and spreadsheets write it."""

from __future__ import annotations

import pytest

from bot.domain.documents.columns.text import BrokenTable, rows_of

PLAIN = [("question", "forecast"), ("Will it rain, or snow?", "0,4")]


@pytest.mark.parametrize(
    ("text", "first_line"),
    [
        ('question,forecast\n"Will it rain, or snow?","0,4"\n', 1),
        ("question;forecast\nWill it rain, or snow?;0,4\n", 1),
        ("question\tforecast\nWill it rain, or snow?\t0,4", 1),
        ("sep=;\nquestion;forecast\nWill it rain, or snow?;0,4\n", 2),
        ("\ufeffsep=;\nquestion;forecast\nWill it rain, or snow?;0,4\n", 2),
        ('\n \n,,\nquestion,forecast\n"Will it rain, or snow?","0,4"\n\n', 4),
    ],
)
def test_the_same_table_in_every_dress(text: str, first_line: int) -> None:
    rows = list(rows_of(text))
    assert [cells for _, cells in rows] == PLAIN
    assert [line for line, _ in rows] == [first_line, first_line + 1]


def test_a_row_of_several_lines_has_the_line_that_it_begins_on() -> None:
    rows = list(rows_of('a,b\n"one\ntwo",x\n3,y\n'))
    assert [line for line, _ in rows] == [1, 2, 4]
    assert rows[1][1] == ("one\ntwo", "x")


def test_a_quote_that_never_ends_is_refused_with_its_line() -> None:
    with pytest.raises(BrokenTable) as raised:
        list(rows_of('a,b\n1,2\n"never ends,3\n', strict=True))
    assert raised.value.line == 3


def test_a_cell_without_an_end_in_sight_costs_its_row_alone() -> None:
    text = "a,b\n" + "x" * 200_000 + ",1\nlast,2\n"
    assert [cells for _, cells in rows_of(text)] == [("a", "b"), ("last", "2")]
