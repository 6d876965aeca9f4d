"""Which column is what, and what is made of it: small tables as people keep them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.documents.prose.extract import extract

Row = tuple[str, float | None, bool | None, date | None]


def read(text: str) -> list[Row]:
    """The predictions of a CSV: statement, probability, outcome, last day."""
    found = extract(text.encode(), path="mine.csv").document.predictions
    outcomes = [one.outcome if isinstance(one.outcome, bool) else None for one in found]
    return [(one.statement, one.probability, said, one.window.end) for one, said in zip(found, outcomes, strict=True)]


END = date(2025, 12, 31)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            'title,close_time,resolve_time\n"Will A win?",2024-10-22,2025-12-31\n"Will B win?",2024-10-22,2025-03-15\n',
            [("Will A win?", None, None, END), ("Will B win?", None, None, date(2025, 3, 15))],
            id="when it is decided beats when it closes",
        ),
        pytest.param(
            "question_title,myProbability,resolve_by\nThe bridge opens,0.4,2025-12-31\nThe mine closes,1,2025-12-31\n",
            [("The bridge opens", 0.4, None, END), ("The mine closes", 1.0, None, END)],
            id="names with underscores and humps",
        ),
        pytest.param(
            "question,confidence,answer,result\nWill the bridge open?,90%,No,No\nWill the mine close?,60%,Yes,No\n",
            [("Will the bridge open?", pytest.approx(0.1), False, None), ("Will the mine close?", 0.6, False, None)],
            id="how sure one is of a no",
        ),
        pytest.param(
            "prediction,probability,prediction made,outcome\nThe bridge opens,0.2,No,No\nThe mine closes,0.8,Yes,No\n",
            [("The bridge opens", 0.2, False, None), ("The mine closes", 0.8, False, None)],
            id="an answer that only rounds the probability",
        ),
        pytest.param(
            "prediction,probability,result\nThe bridge opens,0.01,1\nThe mine closes,0.02,1\nThe dam breaks,0.005,1\n",
            [
                ("The bridge opens", 0.01, True, None),
                ("The mine closes", 0.02, True, None),
                ("The dam breaks", 0.005, True, None),
            ],
            id="surprises stay what happened",
        ),
        pytest.param(
            'question,forecaster,probability,resolution\n"Will it rain?",ann,0.4,no\n"Will it rain?",ben,0.6,no\n',
            [("Will it rain?", None, False, None)],
            id="a row for each forecaster",
        ),
        pytest.param(
            '"Will the bridge open in 2025?",0.954,0.58\n"Will the mine close in 2025?",0.03,0.26\n',
            [("Will the bridge open in 2025?", 0.954, None, END), ("Will the mine close in 2025?", 0.03, None, END)],
            id="no names for the columns",
        ),
        pytest.param(
            "question,forecast,due\nWill it rain?,40%,12/31/2025\nWill it snow?,65%,3/4/2025\n",
            [("Will it rain?", 0.4, None, END), ("Will it snow?", 0.65, None, date(2025, 3, 4))],
            id="months first",
        ),
    ],
)
def test_a_table_is_read_by_its_columns(text: str, expected: list[Row]) -> None:
    assert read(text) == expected


def test_who_said_what_is_kept_where_several_people_forecast() -> None:
    text = 'question,forecaster,probability\n"Will it rain?",Ann Lee,0.4\n"Will it rain?",Ben Roe,0.6\n'
    (one,) = extract(text.encode(), path="mine.csv").document.predictions
    assert "Forecasts in the document: Ann Lee 0.4, Ben Roe 0.6." in (one.notes or "")


def test_a_probability_above_all_and_a_date_of_two_readings_are_said() -> None:
    text = "question,forecast,due\nWill it rain?,120%,5/6/2026\nWill it snow?,65%,7/8/2026\n"
    first, second = extract(text.encode(), path="mine.csv").document.predictions
    assert first.probability is None
    assert "“120%” isn't one probability" in (first.notes or "")
    assert first.probability_raw == "120%"
    assert "“7/8/2026” has two readings" in (second.notes or "")
