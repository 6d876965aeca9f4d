"""What only says how likely it is isn't a part of the statement, and what's no probability is shown as it stands."""

from __future__ import annotations

import pytest

from bot.domain.documents.prose.extract import extract
from bot.domain.documents.review import doubts, impossible_days
from tests.factories import NOW

OTHERS = "".join(f"- Statement {number} comes true in 2027: {10 * number}%\n" for number in range(1, 6))


def read(line: str) -> tuple[str, float | None, str | None]:
    """The statement, the probability and its words, of a line in a list of predictions."""
    found = extract(f"# Predictions for 2027\n\n{OTHERS}- {line}\n".encode(), path="list.md")
    last = found.document.predictions[-1]
    assert last.line == 8, [item.statement for item in found.document.predictions]
    return last.statement, last.probability, last.probability_raw


@pytest.mark.parametrize(
    ("line", "statement", "probability"),
    [
        ("70% chance that Apple releases a phone", "Apple releases a phone", 0.7),
        ("There is a 40% chance that the ECB cuts rates", "The ECB cuts rates", 0.4),
        ("There's a 40% chance the ECB cuts rates", "There's a 40% chance the ECB cuts rates", 0.4),
        ("I give a 25% probability that OpenAI goes public", "OpenAI goes public", 0.25),
        ("I'm 80% sure that Labour wins", "Labour wins", 0.8),
        ("33% that iPhones get cheaper", "iPhones get cheaper", 0.33),
        ("60% probability of a recession in Germany", "There is a recession in Germany", 0.6),
        ("Chance that Tesla sells a robotaxi: 15%", "Tesla sells a robotaxi", 0.15),
        ("A 90% chance for SpaceX to land on Mars", "SpaceX to land on Mars", 0.9),
        ("5% odds that the dollar collapses", "The dollar collapses", 0.05),
        ("The odds of a recession are rising: 30%", "The odds of a recession are rising", 0.3),
        ("Chances are good that it rains: 30%", "Chances are good that it rains", 0.3),
    ],
)
def test_a_statement_is_a_whole_sentence_without_its_chance(line: str, statement: str, probability: float) -> None:
    assert read(line)[:2] == (statement, probability)


@pytest.mark.parametrize(
    ("line", "statement", "raw"),
    [
        ("120% chance that it rains in May", "It rains in May", "120%"),
        ("Google buys a studio: 120%", "Google buys a studio", "120%"),
        ("Google buys a studio (-5%)", "Google buys a studio", "-5%"),
    ],
)
def test_what_is_no_probability_is_kept_beside_the_statement(line: str, statement: str, raw: str) -> None:
    assert read(line) == (statement, None, raw)


def test_a_percentage_that_the_statement_is_about_stays_in_it() -> None:
    assert read("OpenAI's revenue grows by 300%")[0] == "OpenAI's revenue grows by 300%"


def test_an_item_without_a_statement_is_left_out_with_its_reason() -> None:
    found = extract(f"# Predictions for 2027\n\n{OTHERS}- 50%\n".encode(), path="list.md").document
    assert len(found.predictions) == 5
    assert [(item.line, item.what) for item in found.left_out] == [(8, "50%")]
    assert "no statement" in found.left_out[0].reason


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("by 31/13/2027", ["31/13/2027"]),
        ("on 31 February 2027", ["31 February 2027"]),
        ("2027-13-45", ["2027-13-45"]),
        ("February 30, 2027 or Feb 29th, 2028", ["February 30, 2027"]),
        ("31.12.2027, 12/31/2027, 2027-12-31, Dec 31st, 2027 and version 1.2.3", []),
    ],
)
def test_a_day_that_is_in_no_calendar_is_found(text: str, days: list[str]) -> None:
    assert impossible_days(text) == days


def test_a_reviewer_is_told_of_bad_values() -> None:
    found = extract(f"# Predictions for 2027\n\n{OTHERS}- The dollar falls by 31/13/2027: 120%\n".encode(), path="list.md")
    told = doubts(found.document.predictions, today=NOW.date())
    assert told["p06"] == ("“120%” isn't one probability from 0% to 100%", "“31/13/2027” isn't in any calendar")
