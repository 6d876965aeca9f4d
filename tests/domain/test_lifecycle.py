from __future__ import annotations

import pytest

from bot.domain.lifecycle import ENDED, TRANSITIONS, may_move
from bot.domain.types import State

NEIGHBOURS = {
    "draft": "open annulled",
    "open": "closed voting resolved annulled",
    "closed": "open voting resolved annulled",
    "voting": "open closed provisional resolved annulled",
    "provisional": "voting resolved annulled",
    "resolved": "reopened",
    "annulled": "reopened",
    "reopened": "open closed voting resolved annulled",
}


@pytest.mark.parametrize("origin", State)
def test_a_prediction_moves_only_along_the_table(origin: State) -> None:
    allowed = {target for target in State if may_move(origin, target)}
    assert allowed == {State(word) for word in NEIGHBOURS[origin].split()}


def test_no_state_leads_to_itself() -> None:
    assert not any(may_move(state, state) for state in State)


def test_every_state_is_reached_from_a_draft_and_none_is_a_trap() -> None:
    reached, waiting = set[State](), [State.DRAFT]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += TRANSITIONS[state]
    assert reached == set(State)
    assert all(TRANSITIONS[state] for state in State)


def test_what_has_ended_can_only_be_reopened() -> None:
    assert {state for state in State if TRANSITIONS[state] == {State.REOPENED}} == ENDED
