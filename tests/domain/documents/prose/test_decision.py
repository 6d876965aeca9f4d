"""What is decided for a whole document: which group is taken, which is offered, how sure it is, and that it ends in time."""

from __future__ import annotations

import time

import pytest

from bot.domain.documents.prose.extract import MAX_BLOCKS, Extraction, extract


def read(text: str, path: str = "post.md") -> Extraction:
    """The extraction of a text."""
    return extract(text.encode(), path=path)


def found(text: str, path: str = "post.md") -> list[tuple[str, float | None, str | None]]:
    """Statement, probability and last day of each prediction."""
    return [
        (
            item.prediction.statement,
            item.prediction.probability,
            str(item.prediction.window.end) if item.prediction.window.end else None,
        )
        for item in read(text, path).items
    ]


def test_the_day_of_the_post_is_no_deadline() -> None:
    for day in ("2024-12-28", "December 28, 2024", "Posted on 28 December 2024"):
        text = (
            f"# My predictions\n\n{day}\n\n- The rate falls three times: 70%\n"
            "- The mill is sold: 20%\n- The bridge stays shut: 60%\n"
        )
        assert {end for _, _, end in found(text)} == {"2025-12-31"}, day


def test_the_day_of_the_post_is_no_deadline_as_a_heading_either() -> None:
    text = (
        "# Predictions #5\n\n#### August 6, 2023 7:50 PM\n\n"
        "- The bridge is shut on October 1: 70%\n- The mill is sold by the end of September: 20%\n- The ferry sinks: 10%\n"
    )
    assert [end for _, _, end in found(text)] == ["2023-10-01", "2023-09-30", "2023-12-31"]


def test_a_list_is_about_the_year_of_its_heading() -> None:
    text = (
        "# 2024 in review, 2025 in preview\n\n## Grading 2024\n\n- The mill is sold: 70%\n- The ferry sinks: 20%\n\n"
        "## New for 2025\n\n- The bridge stays shut: 60%\n- Bread stays cheap: 80%\n"
    )
    assert [end for _, _, end in found(text)] == ["2024-12-31", "2024-12-31", "2025-12-31", "2025-12-31"]


def test_what_was_decided_before_is_no_window() -> None:
    text = (
        "# Predictions for 2009\n\n- The troops leave under the plan approved in 2008: 70%\n"
        "- The index stays above 900 (it closed at 903 on December 31, 2008): 60%\n- The mill is sold: 20%\n"
    )
    assert {end for _, _, end in found(text)} == {"2009-12-31"}


def test_the_day_on_which_someone_bet_is_no_deadline() -> None:
    text = (
        "# My bets\n\n- On the 8th of September 2020, I bet $20 that the mayor will be elected again in 2021.\n"
        "- On the 18th of October 2020, I bet $1 that the mill will be sold in November.\n"
    )
    assert [end for _, _, end in found(text)] == ["2021-12-31", "2020-11-30"]


def test_percentiles_that_are_no_tenth_and_ninetieth_leave_the_median() -> None:
    text = (
        "# Forecasts for Q3 2026\n\n| Question | p5 | p25 | p50 | p75 | p95 |\n|---|---|---|---|---|---|\n"
        "| Inflation in July | 2.0 | 2.4 | 2.7 | 3.0 | 3.6 |\n| Unemployment in July | 3.9 | 4.0 | 4.2 | 4.3 | 4.6 |\n"
    )
    medians = [item.prediction.numeric for item in read(text).items]
    assert [(numeric.p10, numeric.p50, numeric.p90) for numeric in medians if numeric] == [
        (None, 2.7, None),
        (None, 4.2, None),
    ]


def test_the_year_in_which_something_began_is_no_window() -> None:
    text = (
        "# Our calls\n\nSince 2018 we have made forecasts.\n\n## Predictions\n\n"
        "- The mill will be sold: 70%\n- The ferry sinks: 20%\n- Bread stays cheap: 60%\n"
    )
    assert {end for _, _, end in found(text)} == {None}


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("In the 2040s, most ferries will be electric", "2049-12-31"),
        ("By mid century, the glacier will be gone", "2050-12-31"),
        ("By the end of this century, the sea rises a metre", "2099-12-31"),
        ("By the end of this decade, the mill will run again", "2029-12-31"),
        ("In the next decade, the tram will reach the harbour", "2034-01-01"),
    ],
)
def test_decades_and_centuries_are_windows(words: str, end: str) -> None:
    text = (
        f"# Predictions\n\n2024-01-01\n\n- {words}: 70%\n"
        "- The old bridge will be rebuilt: 20%\n- Bread will stay cheap: 60%\n"
    )
    assert found(text)[0][2] == end


@pytest.mark.parametrize("notation", ["(*p* 0.8)", "(p 0.8)", "(p = 0.8)", "(80%)"])
def test_headings_with_a_number_are_read_in_any_notation(notation: str) -> None:
    names = ("The mill will reopen.", "The ferry is not replaced", "The tram jumps the rails")
    text = "# 2025 town predictions\n\n" + "".join(f"#### {name} {notation}\nBecause.\n\n" for name in names)
    assert [probability for _, probability, _ in found(text)] == [0.8, 0.8, 0.8]


def test_expectations_of_theories_are_no_outcomes() -> None:
    text = "# Pre-registered predictions\n\n"
    for number, year in (("P1", 2033), ("P2", 2035), ("P3", 2040)):
        text += (
            f"**{number}.** By {year}, the sixth wave will be seen in the lake.\n"
            "- *Theory A expectation:* TRUE.\n- *Null expectation:* FALSE.\n\n"
        )
    items = read(text).items
    assert [item.prediction.outcome for item in items] == [None, None, None]


def test_a_statement_and_its_confidence_in_one_paragraph_are_one_prediction() -> None:
    text = (
        "# My Predictions\n\n### Pending\n\n"
        "**2021-10-05:** The old mayor won't ever be elected again.  \n"
        "**Confidence:** 60%, **Bets:** Not accepting\n"
    )
    assert found(text)[0][:2] == ("The old mayor won't ever be elected again.", 0.6)


def test_a_prediction_in_the_front_matter_is_read() -> None:
    text = (
        "---\nid: glasses\nstatement: >-\n"
        "  The works will announce glasses under 900 euros by\n  December 31, 2027\n"
        "confidence: 70\ndeadline: 2027-12-31\n---\n\n"
    )
    text += (
        "# Resolution criteria\n\n"
        "1. **Official announcement**: Must be announced by the works\n"
        "2. **Price**: Must be under 900 euros\n"
    )
    assert found(text) == [("The works will announce glasses under 900 euros by December 31, 2027", 0.7, "2027-12-31")]


@pytest.mark.parametrize("text", ['---\ntitle: "My bets"\ndate: "2011-12-27"', "Title: Rates fall\nDate: 2025-12-31\n"])
def test_records_without_a_description_do_not_end_the_reading(text: str) -> None:
    assert read(text).items == ()


def test_a_fence_that_nothing_closes_hides_no_text() -> None:
    text = (
        "title=My predictions for 2025\ndate=2025-1-6\n~~~~~~\n\n"
        "- The mill will reopen: 80%\n- The ferry sinks: 10%\n- Bread stays cheap: 60%\n"
    )
    assert len(found(text)) == 3


def test_points_below_predictions_grade_them() -> None:
    text = "# How did my 2024 predictions go?\n\n"
    for name, points in (("The mill reopens", "+1"), ("The ferry sinks", "-1"), ("Bread gets dearer", "+1")):
        text += f"#### {name} (70%)\n\n***Result*** Nobody would have thought of it in spring. **{points}** for this.\n\n"
    assert [item.prediction.outcome for item in read(text).items] == [True, False, True]


def test_the_next_best_group_is_offered_and_not_taken() -> None:
    text = "# Predictions for 2026\n\n## Town\n\n- The mill will reopen: 70%\n- The ferry will sink: 10%\n\n## Things to watch\n\n"
    text += "- The tram will reach the harbour: 40%\n- The school will get a new roof: 80%\n"
    extraction = read(text)
    assert [item.prediction.line for item in extraction.items] == [5, 6]
    assert extraction.runner_up is not None
    assert extraction.runner_up.what.startswith("2 items below “Things to watch”")
    assert [item.prediction.line for item in extraction.runner_up.with_them.items] == [5, 6, 10, 11]


def test_the_more_doubtful_items_are_not_called_sure() -> None:
    items = read(
        "# Predictions for 2026\n\n- The mill will reopen: 70%\n- The ferry will sink: 10%\n- Bread stays cheap: 60%\n"
    ).items
    assert [item.prediction.sureness for item in items] == ["high", "high", "high"]


@pytest.mark.parametrize(
    "piece", ["1234567890", "12 34 5.6\n", "# A heading will come\n", "[(", "[70%] ", "- It will rain: 70%\n", "✅ a b\n"]
)
def test_a_megabyte_of_anything_ends_in_time_and_says_what_was_not_read(piece: str) -> None:
    raw = (piece * (1_000_000 // len(piece.encode()))).encode()
    begun = time.process_time()
    extraction = extract(raw, path="x.md")
    assert time.process_time() - begun < 120  # five on a quiet machine; what grows with the square takes hours
    assert any("left out" in warning for warning in extraction.warnings)


def test_what_lies_behind_the_limit_is_said_to_be_unread() -> None:
    text = "# Words\n\n" + "A paragraph about soup.\n\n" * (MAX_BLOCKS + 10)
    assert any("longer than can be read" in warning for warning in read(text).warnings)
