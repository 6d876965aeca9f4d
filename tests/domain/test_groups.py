"""Groups as people type them."""

from __future__ import annotations

import pytest

from bot.domain.errors import Refused
from bot.domain.groups import GroupLine, is_cumulative, read_lines, row_statement
from bot.domain.homes import Stage, stage_of_group


def test_lines_are_read_with_days_codes_and_labels_that_are_days_themselves() -> None:
    typed = "- Q1 2027: 31 Mar 2027\n\n• later: in the year: 2028;Q3 2027 ; old one: # 12"
    assert read_lines(typed) == (
        GroupLine("Q1 2027", "31 Mar 2027"),
        GroupLine("later: in the year", "2028"),
        GroupLine("Q3 2027", "Q3 2027"),
        GroupLine("old one", code=12),
    )


def test_a_line_reads_as_it_is_written_again() -> None:
    lines = read_lines("a: b: 2028; Q3 2027; old one: #12")
    assert read_lines("\n".join(line.typed for line in lines)) == lines


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "would have 0"),
        ("Q1 2027", "would have 1"),
        ("; ".join(f"{year}" for year in range(2027, 2038)), "would have 11"),
        ("Q1: 2027\nq1: 2028", "“Q1” is there twice"),
        ("a: #3\nb: #3", "#3 is there twice"),
        ("#3\nb: 2028", "#3 needs a label"),
        (": 2027\nb: 2028", "A label is missing"),
        (f"{'x' * 41}: 2027\nb: 2028", "has 41 characters; at most 40 fit"),
    ],
)
def test_lines_that_make_no_group_are_refused(typed: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_lines(typed)


@pytest.mark.parametrize(
    ("title", "statement"),
    [
        ("GPT-6 is released by …", "GPT-6 is released by Q1"),
        ("GPT-6 is released by ... at last", "GPT-6 is released by Q1 at last"),
        ("In ___ it rains", "In Q1 it rains"),
        ("GPT-6 is released", "GPT-6 is released (Q1)"),
        (r"\1 … …", r"\1 Q1 …"),
    ],
)
def test_a_label_fills_the_gap_of_the_title_or_stands_behind_it(title: str, statement: str) -> None:
    assert row_statement(title, "Q1") == statement


@pytest.mark.parametrize(
    ("title", "labels", "expected"),
    [
        ("GPT-6 is released by …", ("Q1", "Q2"), True),
        ("GPT-6 is released", ("by Q1", "before July"), True),
        ("GPT-6 is released", ("by Q1", "Q2"), False),
        ("The price is above 100 in …", ("Q1", "Q2"), False),
        ("Hobby drones", ("Q1", "Q2"), False),
    ],
)
def test_the_words_say_whether_a_later_date_includes_the_earlier_ones(
    title: str, labels: tuple[str, ...], expected: bool
) -> None:
    assert is_cumulative(title, labels) is expected


def test_a_group_is_tagged_by_what_members_can_do_something_about_first() -> None:
    assert stage_of_group([Stage.RESOLVED, Stage.OPEN, Stage.CLOSING]) is Stage.CLOSING
    assert stage_of_group([Stage.CLOSED, Stage.VOTING, Stage.ANNULLED]) is Stage.VOTING
    assert stage_of_group([Stage.ANNULLED, Stage.RESOLVED]) is Stage.RESOLVED
