"""What a changed pack does to a prediction that is voted on."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.errors import Refused
from bot.domain.lifecycle import may_move
from bot.domain.outcomes import Outcome
from bot.domain.types import State
from bot.services.forecasting import forecasts
from bot.services.voting import proposals, resolutions
from db.database import Database
from db.models import Event, VoteState
from tests.factories import NOW, create_actor, create_document, load
from tests.rows import rows
from tests.services.voting.polls import (
    DAY,
    HOUR,
    PERIOD,
    YES,
    cast,
    create_voter,
    make_ready,
    propose,
    queued,
    result_of,
    state_of,
    votes_of,
    wake,
)

MONA = create_voter("mona", manager=True)


def test_a_pack_that_takes_a_prediction_out_ends_its_vote(database: Database) -> None:
    load(database, create_document({"window": {"end": "2026-02-01"}}, {}))
    make_ready(database)
    wake(database, NOW)
    cast(database, 1, YES, YES, YES, now=NOW + HOUR)
    load(database, create_document({"id": "p2"}), now=NOW + 2 * HOUR)
    assert result_of(database, 1) == (State.ANNULLED, "annulled", None)
    with pytest.raises(Refused, match="no open vote"):
        cast(database, 1, YES, now=NOW + 3 * HOUR)
    wake(database, NOW + PERIOD)
    (vote,) = votes_of(database, 1)
    assert (vote.state, vote.ended_at, vote.result) == (VoteState.CANCELLED, NOW + 2 * HOUR, None)
    assert queued(database, "refresh_vote") == [{"prediction_id": 1, "vote_id": vote.id}]


def test_a_pack_that_takes_a_provisional_result_out_ends_it(database: Database) -> None:
    load(database, create_document({"window": {"end": "2026-02-01"}}, {}))
    make_ready(database)
    wake(database, NOW)
    cast(database, 1, YES, YES, YES, now=NOW + HOUR)
    wake(database, NOW + PERIOD)
    load(database, create_document({"id": "p2"}), now=NOW + PERIOD + HOUR)
    wake(database, NOW + PERIOD + DAY)
    assert result_of(database, 1) == (State.ANNULLED, "annulled", None)


def test_what_comes_back_with_its_pack_is_voted_on_anew(database: Database) -> None:
    document = create_document({"window": {"end": "2026-02-01"}}, {})
    load(database, document)
    make_ready(database)
    wake(database, NOW)
    load(database, create_document({"id": "p2"}), now=NOW + HOUR)
    load(database, document, now=NOW + 2 * HOUR)
    make_ready(database)
    wake(database, NOW + 2 * HOUR)
    assert state_of(database, 1) is State.VOTING
    assert [vote.state for vote in votes_of(database, 1)] == [VoteState.CANCELLED, VoteState.OPEN]


def test_what_comes_with_a_condition_that_failed_before_is_annulled(database: Database) -> None:
    parent = {"id": "deal", "statement": "The deal is signed"}
    child = {"id": "after", "parent": "deal", "relation": "conditional"}
    load(database, create_document(parent))
    resolutions_of = {"outcome": Outcome("no"), "words": "It fell through.", "now": NOW + HOUR}
    database.run_here(resolutions.override, MONA, code=1, **resolutions_of)
    load(database, create_document(parent, child), now=NOW + 2 * HOUR)
    assert result_of(database, 2) == (State.ANNULLED, "annulled", None)
    database.run_here(resolutions.reopen, MONA, code=1, words="It did not.", now=NOW + 3 * HOUR)
    assert state_of(database, 2) is State.OPEN


def test_a_pack_that_moves_the_date_on_calls_the_vote_off(database: Database) -> None:
    load(database, create_document({"window": {"end": "2026-02-01"}}))
    make_ready(database)
    wake(database, NOW)
    load(database, create_document({"window": {"end": "2026-06-01"}}), now=NOW + HOUR)
    assert state_of(database, 1) is State.OPEN
    assert votes_of(database, 1)[0].state is VoteState.CANCELLED
    assert len(queued(database, "refresh_vote")) == 1, "an edit of its post says so"
    database.run_here(forecasts.place, create_actor(), code=1, values=(0.5,), now=NOW + 2 * HOUR)
    wake(database, NOW + PERIOD)
    assert state_of(database, 1) is State.OPEN


def test_a_pack_that_moves_the_date_leaves_an_early_vote_alone(database: Database) -> None:
    load(database, create_document({"window": {"end": "2026-05-01"}}))
    make_ready(database)
    assert propose(database, 1, by=MONA, now=NOW).is_open
    load(database, create_document({"window": {"end": "2026-06-01"}}), now=NOW + HOUR)
    assert (state_of(database, 1), votes_of(database, 1)[0].state) == (State.OPEN, VoteState.OPEN)


def test_a_pack_cannot_change_the_kind_of_what_is_voted_on(database: Database) -> None:
    window = {"window": {"end": "2026-02-01"}}
    load(database, create_document(window))
    make_ready(database)
    wake(database, NOW)
    options = [{"name": "A"}, {"name": "B"}]
    with pytest.raises(Refused, match="can't change once a vote has opened"):
        load(database, create_document(window | {"kind": "multiple_choice", "options": options}), now=NOW + HOUR)


def test_what_comes_back_with_its_pack_goes_the_way_of_the_table(database: Database) -> None:
    document = create_document({"window": {"end": "2026-02-01"}}, {})
    load(database, document)
    load(database, create_document({"id": "p3"}), now=NOW + HOUR)
    load(database, document, now=NOW + 2 * HOUR)
    assert [state_of(database, code) for code in (1, 2)] == [State.CLOSED, State.OPEN]
    moves = rows(database, select(Event.from_state, Event.to_state).where(Event.from_state.is_not(None)))
    assert all(may_move(origin, target) for origin, target in moves)


def test_a_proposal_of_another_kind_ends_with_the_kind(database: Database) -> None:
    load(database, create_document({"window": {"end": "2026-05-01"}}))
    proposed = propose(database, 1, now=NOW)
    options = [{"name": "A"}, {"name": "B"}]
    changed = {"window": {"end": "2026-05-01"}, "kind": "multiple_choice", "options": options}
    load(database, create_document(changed), now=NOW + HOUR)
    with pytest.raises(Refused, match="no longer needs a second"):
        database.run_here(proposals.second, create_voter("bob"), proposal_id=proposed.proposal_id, now=NOW + 2 * HOUR)
