"""Which column is what, and what is made of it: small tables as people keep them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.documents.prose.extract import extract
from bot.domain.types import Kind
from tests.domain.documents.columns.small_tables import SMALL_TABLES, Row


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


@pytest.mark.parametrize("name", SMALL_TABLES)
def test_a_small_table_is_read_with_its_scale_outcome_and_dates(name: str) -> None:
    text, right = SMALL_TABLES[name]
    found = read(text)
    assert [(words, said, last) for words, _, said, last in found] == [(words, said, last) for words, _, said, last in right]
    for (_, value, *_), (_, expected, *_) in zip(found, right, strict=True):
        assert value == (None if expected is None else pytest.approx(expected))


COLUMNS = {
    "statement": "prediction|question|claim|Statement text|Aussage|Vorhersage|énoncé|"
    "prévision|pregunta|previsão|domanda|voorspelling|予測|问题|예측",
    "probability": "p|P(yes)|chance|likelihood|confidence|credence|odds|my forecast|belief|Wahrscheinlichkeit|probabilité|"
    "probabilidad|probabilidade|probabilità|kans|sannolikhet|確率|概率|확률",
    "due": "by|by when|deadline|date|resolves_at|resolve by|end|expires|until|target date|Frist|bis|échéance|fecha|prazo|scadenza|"
    "deadline|期限|日付|截止日期",
    "outcome": "result|resolution|resolved|happened|did it happen|came true|answer|Ergebnis|eingetreten|résultat|resultado|"
    "risultato|uitkomst|結果|结果|결과",
    "forecaster": "who|author|user|username|name|Wer|Autor|auteur|quién|quem|予測者|作者",
}
"""What people call each column."""


@pytest.mark.parametrize("role", COLUMNS)
def test_a_column_is_known_by_whatever_it_is_called_and_wherever_it_stands(role: str) -> None:
    cells = {
        "statement": ("The bridge opens", "Rates fall below 3%"),
        "probability": ("0.4", "0.65"),
        "due": ("2026-12-31", "2027-06-30"),
        "outcome": ("yes", "no"),
        "forecaster": ("Ann Lee", "Ben Roe"),
    }
    for called in COLUMNS[role].split("|"):
        for order in (list(cells), list(cells)[::-1]):
            rows = [
                [called if name == role else name for name in order],
                *([cells[name][at] for name in order] for at in (0, 1)),
            ]
            text = "\n".join(",".join(row) for row in rows)
            found = extract(text.encode(), path="mine.csv").document.predictions
            assert [(one.statement, one.probability, one.window.end, one.outcome, one.forecaster) for one in found] == [
                ("The bridge opens", 0.4, date(2026, 12, 31), True, "Ann Lee"),
                ("Rates fall below 3%", 0.65, date(2027, 6, 30), False, "Ben Roe"),
            ], called


def test_one_prediction_has_the_forecasts_of_all_who_made_one() -> None:
    text = (
        "question,forecaster,probability,resolution\nWill B happen?,Ann Lee,0.4,no\nWill B happen?,Ben Roe,0.6,no\n"
        "Will C happen?,Ann Lee,0.2,yes\nWill C happen?,Ben Roe,0.3,yes\nWill C happen?,Ben Roe,0.5,yes\n"
    )
    first, second = extract(text.encode(), path="mine.csv").document.predictions
    assert (first.statement, first.outcome, first.probability) == ("Will B happen?", False, None)
    assert [(one.name, one.probability) for one in first.forecasters] == [("Ann Lee", 0.4), ("Ben Roe", 0.6)]
    assert (second.outcome, [(one.name, one.probability) for one in second.forecasters]) == (
        True,
        [("Ann Lee", 0.2), ("Ben Roe", 0.5)],
    )
    assert "several forecasts of one person; the last one was taken" in (second.notes or "")


@pytest.mark.parametrize("names", ["p10,p50,p90", "10%,50%,90%", "low,median,high"])
def test_three_columns_of_quantiles_ask_for_a_number(names: str) -> None:
    text = (
        f'question,{names},unit\nHow many houses are built in 2027?,10,20,40,houses\nHow cold does it get?,−12,"−5,5",3,°C\n'
    )
    first, second = extract(text.encode(), path="mine.csv").document.predictions
    assert (first.kind, first.stated_values, first.numeric and first.numeric.unit) == (Kind.NUMERIC, (10, 20, 40), "houses")
    assert (second.stated_values, second.numeric and second.numeric.unit) == ((-12, -5.5, 3), "°C")


@pytest.mark.parametrize(
    "text",
    [
        "event,date\nBoard meeting with the council,2026-03-01\nSummer party in the garden,2026-06-01\n",
        "title,due,status\nWrite the report,2026-03-01,open\nCall the bank,2026-03-02,done\n",
        "description,count,share\nPeople who cycle to work,120,0.4\nPeople who drive,200,0.6\n",
        "bin,count,right\n0-10%,12,1\n10-20%,14,2\n",
    ],
    ids=["a calendar", "tasks", "statistics", "how well calibrated"],
)
def test_a_table_of_something_else_makes_no_predictions(text: str) -> None:
    assert read(text) == []


def test_a_probability_above_all_and_a_date_of_two_readings_are_said() -> None:
    text = "question,forecast,due\nWill it rain?,120%,5/6/2026\nWill it snow?,65%,7/8/2026\n"
    first, second = extract(text.encode(), path="mine.csv").document.predictions
    assert first.probability is None
    assert "“120%” isn't one probability" in (first.notes or "")
    assert first.probability_raw == "120%"
    assert "“7/8/2026” has two readings" in (second.notes or "")
