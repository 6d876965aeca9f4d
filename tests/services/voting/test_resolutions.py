"""Proposals and seconds, decisions of managers, reopening, what hangs on a result, and the log of it all."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.domain.errors import NotAManager, NotFound, Refused
from bot.domain.outcomes import Outcome
from bot.domain.types import Kind, Relation, State
from bot.services.forecasting import forecasts
from bot.services.settings import changing
from bot.services.voting import objections, proposals, resolutions
from db.database import Database
from db.models import Event, Prediction, Reminder, VoteState
from tests.factories import NOW, OTHER_GUILD, create_actor, create_document, load
from tests.rows import rows, values
from tests.services.voting.polls import (
    DATE,
    DAY,
    HOUR,
    LINK,
    NO,
    PERIOD,
    YES,
    cast,
    create_prediction,
    create_provisional,
    create_vote,
    create_voter,
    log,
    queued,
    result_of,
    set_rule,
    state_of,
    votes_of,
    wake,
)

MONA = create_actor("mona", manager=True)
ADA, BOB = create_voter("ada"), create_voter("bob")
HAPPENED, FAILED = Outcome("yes"), Outcome("no")


def propose(database: Database, code: int, by: Any = ADA, **given: Any) -> proposals.MadeProposal:
    facts: dict[str, Any] = {"outcome": HAPPENED, "happened_at": "now", "link": LINK, "now": NOW + HOUR}
    return database.run_here(proposals.propose, by, code=code, **(facts | given))


def override(
    database: Database, code: int, outcome: Outcome = HAPPENED, by: Any = MONA, **given: Any
) -> resolutions.ManagerDecision:
    facts: dict[str, Any] = {"words": "It is in the news.", "now": NOW + HOUR}
    return database.run_here(resolutions.override, by, code=code, outcome=outcome, **(facts | given))


def reopen(database: Database, code: int, by: Any = MONA, **given: Any) -> resolutions.ManagerDecision:
    facts: dict[str, Any] = {"words": "It was not true.", "now": NOW + 2 * HOUR}
    return database.run_here(resolutions.reopen, by, code=code, **(facts | given))


# Managers


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (Kind.MULTIPLE_CHOICE, Outcome("yes")),
        (Kind.MULTIPLE_CHOICE, Outcome("option")),
        (Kind.MULTIPLE_CHOICE, Outcome("option", 3)),
        (Kind.MULTIPLE_CHOICE, Outcome("option", -1)),
        (Kind.MULTIPLE_CHOICE, Outcome("option", 0.5)),
        (Kind.MULTIPLE_CHOICE, Outcome("option", float("nan"))),
        (Kind.NUMERIC, Outcome("value")),
        (Kind.NUMERIC, Outcome("value", float("nan"))),
        (Kind.NUMERIC, Outcome("value", float("-inf"))),
        (Kind.NUMERIC, Outcome("value", 1e19)),
        (Kind.NUMERIC, Outcome("yes")),
        (Kind.DATE, Outcome("value", float("inf"))),
        (Kind.DATE, Outcome("value", 1e12)),
        (Kind.DATE, Outcome("value", -1e12)),
    ],
)
def test_a_result_of_another_kind_is_refused(database: Database, kind: Kind, outcome: Outcome) -> None:
    code = create_prediction(database, kind=kind).code
    with pytest.raises(Refused):
        propose(database, code, outcome=outcome)
    with pytest.raises(Refused):
        override(database, code, outcome)
    assert state_of(database, code) is State.OPEN


def test_another_guilds_prediction_and_proposal_are_not_found(database: Database) -> None:
    code = create_prediction(database).code
    proposed = propose(database, code)
    stranger = create_voter(guild_id=OTHER_GUILD, manager=True)
    for use_case, given in (
        (propose, {}),
        (override, {}),
        (reopen, {}),
    ):
        with pytest.raises(NotFound):
            use_case(database, code, by=stranger, **given)
    with pytest.raises(NotFound):
        database.read_here(resolutions.log_of, stranger, code=code)
    for proposal_id in (proposed.proposal_id, 999):
        with pytest.raises(Refused, match="That proposal doesn't exist"):
            database.run_here(proposals.second, stranger, proposal_id=proposal_id, now=NOW + HOUR)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (Kind.BINARY, FAILED),
        (Kind.MULTIPLE_CHOICE, Outcome("option", 1)),
        (Kind.NUMERIC, Outcome("value", -2.5)),
        (Kind.DATE, Outcome("value", 20_000)),
    ],
)
def test_a_manager_decides_with_a_reason(database: Database, kind: Kind, outcome: Outcome) -> None:
    view = create_prediction(database, kind=kind)
    assert not override(database, view.code, outcome).is_interested
    assert result_of(database, view.code) == (State.RESOLVED, outcome.word, outcome.value)
    assert rows(database, select(Prediction.closed_at, Prediction.resolved_at)) == [(NOW + HOUR, NOW + HOUR)]
    assert queued(database, "result") == [{"prediction_id": view.id, "is_direct": True}]
    (step,) = [step for step in database.read_here(resolutions.log_of, ADA, code=view.code) if step.kind == "overridden"]
    assert (step.user_id, step.words, step.from_state, step.to_state) == (
        MONA.user_id,
        "It is in the news.",
        State.OPEN,
        State.RESOLVED,
    )


def test_a_manager_annuls(database: Database) -> None:
    code = create_prediction(database).code
    override(database, code, Outcome("annulled"))
    assert result_of(database, code) == (State.ANNULLED, "annulled", None)


def test_a_decision_ends_the_open_vote(database: Database) -> None:
    code = create_vote(database)
    cast(database, code, NO, NO, NO)
    override(database, code, now=DATE + 2 * HOUR)
    (vote,) = votes_of(database, code)
    assert (vote.state, vote.ended_at) == (VoteState.CANCELLED, DATE + 2 * HOUR)
    with pytest.raises(Refused, match="no open vote"):
        cast(database, code, YES, now=DATE + 3 * HOUR)
    for now in (DATE + PERIOD, DATE + 2 * PERIOD, DATE + 30 * DAY):
        wake(database, now)
    assert result_of(database, code) == (State.RESOLVED, "yes", None)


def test_a_decision_ends_the_wait_for_objections(database: Database) -> None:
    code = create_provisional(database)
    override(database, code, FAILED, now=DATE + PERIOD + HOUR)
    with pytest.raises(Refused, match="no provisional result"):
        database.run_here(objections.object_to, create_voter(), code=code, words="No.", now=DATE + PERIOD + 2 * HOUR)
    wake(database, DATE + PERIOD + DAY)
    assert result_of(database, code) == (State.RESOLVED, "no", None)
    assert votes_of(database, code)[0].ended_at == DATE + PERIOD + HOUR


def test_a_decision_about_what_was_handed_over(database: Database) -> None:
    code = create_vote(database)
    wake(database, DATE + PERIOD)
    wake(database, DATE + 2 * PERIOD)
    override(database, code, now=DATE + 2 * PERIOD + HOUR)
    wake(database, DATE + 60 * DAY)
    assert result_of(database, code) == (State.RESOLVED, "yes", None)
    assert len(queued(database, "result")) == 1


@pytest.mark.parametrize("words", ["", "   "])
def test_managers_need_reasons(database: Database, words: str) -> None:
    code = create_prediction(database).code
    with pytest.raises(Refused, match="Give a reason"):
        override(database, code, words=words)
    with pytest.raises(Refused, match="4,000 characters"):
        override(database, code, words="x" * 4000)
    override(database, code)
    with pytest.raises(Refused, match="Give a reason"):
        reopen(database, code, words=words)
    assert state_of(database, code) is State.RESOLVED


def test_only_managers_decide_and_reopen(database: Database) -> None:
    code = create_prediction(database).code
    with pytest.raises(NotAManager):
        override(database, code, by=ADA)
    override(database, code)
    with pytest.raises(NotAManager):
        reopen(database, code, by=ADA)
    database.run_here(changing.change_guild_settings, MONA, changes={"manager_role_id": 9}, now=NOW)
    reopen(database, code, by=create_actor(role_ids=frozenset({9})))
    assert state_of(database, code) is State.OPEN


def test_what_has_a_result_is_not_decided_again_and_what_has_none_not_reopened(database: Database) -> None:
    code = create_prediction(database).code
    with pytest.raises(Refused, match="no final result"):
        reopen(database, code)
    override(database, code)
    with pytest.raises(Refused, match="is already resolved"):
        override(database, code, FAILED)
    reopen(database, code)
    with pytest.raises(Refused, match="no final result"):
        reopen(database, code)


def test_an_interested_manager_is_flagged_or_forbidden(database: Database) -> None:
    code = create_prediction(database).code
    database.run_here(forecasts.place, MONA, code=code, values=(0.9,), now=NOW)
    set_rule(database, interested_override=False)
    with pytest.raises(Refused, match="a manager who didn't has to decide"):
        override(database, code)
    override(database, code, by=create_actor(manager=True))
    with pytest.raises(Refused, match="a manager who didn't has to decide"):
        reopen(database, code)
    set_rule(database, interested_override=True)
    assert reopen(database, code).is_interested
    assert override(database, code, now=NOW + 3 * HOUR).is_interested
    found = select(Event.kind, Event.data).where(Event.kind.in_(["overridden", "reopened"])).order_by(Event.id)
    assert [(kind, data["is_interested"]) for kind, data in rows(database, found)] == [
        ("overridden", False),
        ("reopened", True),
        ("overridden", True),
    ]


def test_reminders_end_at_the_result(database: Database) -> None:
    view = create_prediction(database)
    author_id = values(database, select(Prediction.author_id))[0]
    reminder = {"prediction_id": view.id, "member_id": author_id, "due_at": DATE, "at_home": False, "created_at": NOW}
    with database.engine.begin() as connection:
        connection.execute(insert(Reminder).values(**reminder))
    override(database, view.code)
    assert values(database, select(Reminder.closed_at)) == [NOW + HOUR]
    assert values(database, select(Prediction.next_step_at)) == [None]


async def test_two_managers_at_the_same_moment_give_one_result(database: Database) -> None:
    code = create_prediction(database).code
    clicks = [
        database.run(
            resolutions.override, create_actor(manager=True), code=code, outcome=outcome, words="Seen.", now=NOW + HOUR
        )
        for outcome in (HAPPENED, FAILED, HAPPENED)
    ]
    answers = await asyncio.gather(*clicks, return_exceptions=True)
    assert sum(isinstance(answer, Refused) for answer in answers) == 2
    assert len(queued(database, "result")) == 1


# Reopening


def test_what_is_reopened_before_its_date_takes_forecasts_again(database: Database) -> None:
    view = create_prediction(database)
    override(database, view.code)
    reopen(database, view.code)
    columns = (Prediction.state, Prediction.outcome, Prediction.resolved_at, Prediction.closed_at)
    assert rows(database, select(*columns)) == [(State.OPEN, None, None, None)]
    assert queued(database, "superseded") == [{"prediction_id": view.id}]
    assert log(database, view.code) == ["added", "overridden", "reopened", "forecasting_again"]
    database.run_here(forecasts.place, ADA, code=view.code, values=(0.5,), now=NOW + 3 * HOUR)


def test_what_is_reopened_after_its_date_is_voted_on_anew(database: Database) -> None:
    code = create_provisional(database)
    counted = DATE + PERIOD + DAY
    wake(database, counted)
    reopen(database, code, now=counted + HOUR)
    assert state_of(database, code) is State.REOPENED
    wake(database, counted + HOUR)
    assert [vote.state for vote in votes_of(database, code)] == [VoteState.DECIDED, VoteState.OPEN]
    cast(database, code, NO, NO, NO, now=counted + 2 * HOUR)
    wake(database, counted + HOUR + PERIOD)
    wake(database, counted + HOUR + PERIOD + DAY)
    assert result_of(database, code) == (State.RESOLVED, "no", None)


def test_what_is_reopened_can_be_decided_at_once(database: Database) -> None:
    code = create_prediction(database).code
    override(database, code, now=DATE)
    reopen(database, code, now=DATE + HOUR)
    override(database, code, FAILED, now=DATE + 2 * HOUR)
    assert result_of(database, code) == (State.RESOLVED, "no", None)


# What hangs on a result


def family(database: Database, relation: Relation = Relation.CONDITIONAL, generations: int = 2) -> list[int]:
    """Predictions of which each hangs on the one before."""
    views = [create_prediction(database) for _ in range(generations)]
    with database.engine.begin() as connection:
        for parent, child in pairwise(views):
            hangs = update(Prediction).where(Prediction.id == child.id)
            connection.execute(hangs.values(parent_id=parent.id, relation=relation))
    return [view.code for view in views]


def test_what_is_conditional_on_what_failed_is_annulled_and_comes_back(database: Database) -> None:
    parent, child = family(database)
    override(database, parent, FAILED)
    assert result_of(database, child) == (State.ANNULLED, "annulled", None)
    assert len(queued(database, "result")) == 1, "nobody forecast on the child, and the parent's result would name it"
    reopen(database, parent)
    assert result_of(database, child) == (State.OPEN, None, None)
    assert len(queued(database, "superseded")) == 2
    database.run_here(forecasts.place, ADA, code=child, values=(0.5,), now=NOW + 3 * HOUR)
    override(database, parent, now=NOW + 4 * HOUR)
    assert state_of(database, child) is State.OPEN


def test_the_condition_of_a_condition_fails_with_it(database: Database) -> None:
    parent, child, grandchild = family(database, generations=3)
    override(database, parent, FAILED)
    assert state_of(database, child) is State.ANNULLED
    assert state_of(database, grandchild) is State.ANNULLED
    reopen(database, parent)
    assert [state_of(database, code) for code in (parent, child, grandchild)] == [State.OPEN] * 3


@pytest.mark.parametrize("relation", [Relation.REQUIRES, Relation.INSTANCE, Relation.CONSEQUENCE])
def test_what_hangs_on_it_otherwise_goes_on(database: Database, relation: Relation) -> None:
    parent, child = family(database, relation)
    override(database, parent, FAILED)
    assert state_of(database, child) is State.OPEN


@pytest.mark.parametrize(("outcome", "state"), [(HAPPENED, State.OPEN), (Outcome("annulled"), State.ANNULLED)])
def test_what_is_conditional_goes_on_only_if_its_parent_came_true(
    database: Database, outcome: Outcome, state: State
) -> None:
    parent, child = family(database)
    override(database, parent, outcome)
    assert state_of(database, child) is state


def test_what_is_loaded_after_its_condition_failed_is_annulled(database: Database) -> None:
    first = {"id": "a", "window": {"end": "2026-03-30"}}
    load(database, create_document(first))
    override(database, 1, FAILED)
    second = {"id": "b", "parent": "a", "relation": "conditional", "window": {"end": "2026-03-30"}}
    load(database, create_document(first, second))
    wake(database, NOW + DAY)
    assert result_of(database, 2) == (State.ANNULLED, "annulled", None)


def test_what_was_annulled_for_its_own_reasons_stays_so(database: Database) -> None:
    parent, child = family(database)
    override(database, child, Outcome("annulled"))
    override(database, parent, FAILED)
    reopen(database, parent)
    assert state_of(database, child) is State.ANNULLED


def test_what_comes_back_after_its_date_is_voted_on_and_its_condition_first(database: Database) -> None:
    parent, child = family(database)
    override(database, parent, FAILED)
    reopen(database, parent, now=DATE + DAY)
    wake(database, DATE + DAY)
    assert [state_of(database, code) for code in (parent, child)] == [State.VOTING, State.REOPENED]
    override(database, parent, HAPPENED, now=DATE + DAY)
    wake(database, DATE + DAY)
    assert state_of(database, child) is State.VOTING


def test_a_condition_is_voted_on_before_what_depends_on_it(database: Database) -> None:
    parent, child = family(database)
    wake(database, DATE)
    assert [state_of(database, code) for code in (parent, child)] == [State.VOTING, State.CLOSED]
    cast(database, parent, NO, NO, NO)
    wake(database, DATE + DAY)
    wake(database, DATE + 2 * DAY)
    assert result_of(database, parent) == (State.RESOLVED, "no", None)
    assert result_of(database, child) == (State.ANNULLED, "annulled", None)
    wake(database, DATE + PERIOD + 2 * DAY)
    assert log(database, child).count("annulled") == 1


# The log


def test_the_log_says_who_did_what_when_and_why(database: Database) -> None:
    load(database, create_document({"window": {"end": "2026-03-30"}}))
    propose(database, 1, words="See there.")
    steps = database.read_here(resolutions.log_of, BOB, code=1)
    assert [(step.kind, step.user_id, step.words, step.at) for step in steps] == [
        ("loaded", None, None, NOW),
        ("proposed", ADA.user_id, "See there.", NOW + HOUR),
    ]
    assert steps[1].data["link"] == LINK
    with pytest.raises(NotFound):
        database.read_here(resolutions.log_of, BOB, code=2)


def test_no_ballot_is_in_the_log(database: Database) -> None:
    code = create_vote(database)
    before = log(database, code)
    cast(database, code, YES, NO)
    assert log(database, code) == before


def test_a_long_log_shows_its_latest_steps(database: Database) -> None:
    code = create_prediction(database).code
    for number in range(60):
        override(database, code, now=NOW + timedelta(minutes=2 * number))
        reopen(database, code, now=NOW + timedelta(minutes=2 * number + 1))
    steps = database.read_here(resolutions.log_of, ADA, code=code)
    assert len(steps) == resolutions.MAX_LOG
    assert steps[-1].kind == "forecasting_again"
    assert list(steps) == sorted(steps, key=lambda step: step.at)
