"""Steps of the log are stored by their words: old rows must keep their meaning, and people a sentence for each."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bot.domain.events import EventKind, VoteNews
from bot.ui.cards.voting.log import WORDS
from tests.conftest import ROOT

STORED = {
    *("added", "loaded", "reworded", "clarified", "rescheduled", "closed", "withdrawn", "restored", "proposed", "seconded"),
    *("vote_opened", "vote_extended", "handed_over", "provisional", "objected", "second_round", "too_early", "undecided"),
    *("called_off", "rejected", "resolved", "annulled", "overridden", "graded", "ungraded", "restated", "reopened"),
    "forecasting_again",
    "rescored",
    "approved",
    "taken_back",
    *("hidden", "shown_again", "left_out", "taken_in", "accepted", "sent_back", "declined", "lapsed"),
}
STORED_NEWS = {"extended", "handed_over", "provisional", "too_early", "undecided", "called_off", "rejected"}


def test_no_stored_word_is_renamed() -> None:
    assert set(EventKind) == STORED
    assert set(VoteNews) == STORED_NEWS


def test_every_step_has_words_for_people() -> None:
    assert set(WORDS) == set(EventKind)


@pytest.mark.parametrize("path", sorted((ROOT / "bot" / "services").rglob("*.py")), ids=lambda path: path.stem)
def test_no_service_writes_a_step_as_a_free_string(path: Path) -> None:
    free = [
        ast.unparse(word)
        for word in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(word, ast.keyword) and word.arg == "kind" and isinstance(word.value, ast.Constant)
    ]
    assert free == []
