"""Proposals and early votes: who may, one at a time, and that nothing about the prediction changes until the result is final."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.errors import NotAManager, NotFound, Refused
from bot.domain.outcomes import Outcome
from bot.domain.types import Kind, State
from bot.services.exporting import guild_export
from bot.services.forecasting import forecasts
from bot.services.predictions import editing
from bot.services.voting import ballots, objections, proposals, resolutions, views, votes
from db.database import Database
from db.models import Ballot, Prediction, Proposal, Score, VoteState
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_document, load
from tests.rows import count, everything, rows, values
from tests.services.voting.polls import (
    ACCEPT,
    DATE,
    DAY,
    HOUR,
    NOT_YET,
    PERIOD,
    YES,
    cast,
    create_prediction,
    create_voter,
    deliver,
    forecast,
    log,
    propose,
    result_of,
    set_rule,
    snowflake,
    state_of,
    votes_of,
    wake,
)

MONA = create_actor("mona", manager=True, joined_at=NOW - timedelta(days=400))
ADA, BOB, CEM = create_voter("ada"), create_voter("bob"), create_voter("cem")
SOON = NOW + HOUR


def second(database: Database, proposal_id: int, *, by: Any = BOB, now: Any = SOON) -> proposals.MadeProposal:
    return database.run_here(proposals.second, by, proposal_id=proposal_id, now=now)


def early_vote(database: Database, **given: Any) -> int:
    """A prediction with an early vote that was proposed by Ada and seconded by Bob; returns its code."""
    code = create_prediction(database, **given).code
    second(database, propose(database, code, by=ADA).proposal_id)
    deliver(database, SOON)
    return code


# Who


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"is_bot": True}, "Bots"),
        ({"user_id": snowflake(SOON - timedelta(seconds=1))}, "less than 30 days old"),
        ({"user_id": snowflake(SOON - 30 * DAY + HOUR)}, "less than 30 days old"),
        ({"joined_at": SOON - 23 * HOUR}, "joined less than 24 hours ago"),
        ({"joined_at": None}, "joined less than 24 hours ago"),
        ({}, "Only members with the role <@&66>"),
    ],
)
def test_strangers_neither_propose_nor_second_and_nothing_is_stored(
    database: Database, facts: dict[str, Any], sentence: str
) -> None:
    code = create_prediction(database).code
    stranger = create_voter(**facts)
    if not facts:
        set_rule(database, voter_role_id=66)
    proposal_id = propose(database, code, by=create_voter(role_ids=frozenset({66}))).proposal_id
    before = everything(database)
    with pytest.raises(Refused, match=sentence):
        propose(database, code, by=stranger)
    with pytest.raises(Refused, match=sentence):
        second(database, proposal_id, by=stranger)
    with pytest.raises(Refused, match=sentence):
        database.read_here(proposals.check_may_propose, stranger, code=code, now=SOON)
    assert everything(database) == before
    forecast(database, code, now=SOON)


def test_who_gets_the_role_a_minute_later_can_second_then(database: Database) -> None:
    code = create_prediction(database).code
    set_rule(database, voter_role_id=66)
    proposal_id = propose(database, code, by=create_voter(role_ids=frozenset({66}))).proposal_id
    with pytest.raises(Refused, match="role"):
        second(database, proposal_id)
    later = create_voter(role_ids=frozenset({66}))
    assert second(database, proposal_id, by=later, now=SOON + timedelta(minutes=1)).is_open


# What


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"link": None}, "Add a link"),
        ({"link": "  "}, "Add a link"),
        ({"link": "javascript:alert(1)"}, "n't a web address"),
        ({"link": "ftp://example.org"}, "n't a web address"),
        ({"words": "x" * 4000}, "4,000 characters"),
        ({"outcome": Outcome("annulled")}, "yes or no"),
        ({"outcome": Outcome("maybe")}, "yes or no"),
        ({"outcome": Outcome("option", 0)}, "yes or no"),
        ({"happened_at": None}, "Say when it became publicly known"),
        ({"happened_at": "1 Jan 2020"}, "more than 7 days|before this prediction opened"),
        ({"happened_at": NOW - timedelta(minutes=1)}, "before this prediction opened"),
        ({"happened_at": SOON + HOUR}, "still to come"),
        ({"happened_at": "tomorrow"}, "as a moment|still to come|a date"),
        ({"happened_at": NOW + DAY, "now": NOW + 9 * DAY}, "more than 7 days ago"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused_and_nothing_is_stored(
    database: Database, given: dict[str, Any], sentence: str
) -> None:
    code = create_prediction(database).code
    before = everything(database)
    with pytest.raises(Refused, match=sentence):
        propose(database, code, by=ADA, **given)
    assert everything(database) == before


def test_a_manager_can_say_that_it_was_long_ago_and_needs_no_second(database: Database) -> None:
    code = create_prediction(database).code
    made = propose(database, code, by=MONA, link=None, happened_at=NOW + DAY, now=NOW + 20 * DAY)
    assert (made.is_open, state_of(database, code)) == (True, State.OPEN)
    assert count(database, Ballot) == 1


def test_a_manager_who_is_no_voter_neither_proposes_nor_seconds_but_can_decide(database: Database) -> None:
    """Proposer and second have voted: nobody gets a ballot who couldn't cast it."""
    code = create_prediction(database).code
    newcomer = create_actor("newcomer", manager=True, joined_at=NOW - HOUR)
    proposal_id = propose(database, code, by=ADA).proposal_id
    before = everything(database)
    for attempt in (
        lambda: propose(database, code, by=newcomer),
        lambda: second(database, proposal_id, by=newcomer),
    ):
        with pytest.raises(Refused, match=r"joined less than 24 hours ago.*you can decide with /resolution override"):
            attempt()
    assert everything(database) == before
    facts = {"outcome": Outcome("yes"), "words": "Seen."}
    database.run_here(resolutions.override, newcomer, code=code, now=SOON, **facts)
    assert state_of(database, code) is State.RESOLVED


@pytest.mark.parametrize("minutes", [0, 1])
def test_a_moment_at_or_a_minute_after_the_opening_is_fine(database: Database, minutes: int) -> None:
    code = create_prediction(database).code
    moment = NOW + timedelta(minutes=minutes)
    propose(database, code, happened_at=moment)
    assert values(database, select(Proposal.happened_at)) == [moment]


# Side by side


def test_five_values_within_a_minute_stand_side_by_side_and_one_is_voted_on_at_a_time(database: Database) -> None:
    code = create_prediction(database, kind=Kind.NUMERIC).code
    made = [
        propose(database, code, outcome=Outcome("value", number), now=SOON + timedelta(seconds=number))
        for number in range(5)
    ]
    status = database.read_here(views.show_status, BOB, code=code, now=SOON + timedelta(minutes=1))
    assert [proposal.outcome.value for proposal in status.proposals] == [0, 1, 2, 3, 4]
    later = SOON + timedelta(minutes=1)
    assert second(database, made[3].proposal_id, now=later).is_open
    assert not second(database, made[1].proposal_id, by=CEM, now=later).is_open
    assert [vote.proposal_id for vote in votes_of(database, code)] == [made[3].proposal_id]


def test_each_voter_has_one_proposal_and_can_withdraw_it(database: Database) -> None:
    code = create_prediction(database).code
    proposal_id = propose(database, code, by=ADA).proposal_id
    with pytest.raises(Refused, match="already have a proposal"):
        propose(database, code, by=ADA, outcome=Outcome("no"))
    with pytest.raises(Refused, match="isn't your proposal"):
        database.run_here(proposals.withdraw, BOB, proposal_id=proposal_id, now=SOON)
    database.run_here(proposals.withdraw, ADA, proposal_id=proposal_id, now=SOON)
    with pytest.raises(Refused, match="no longer needs a second"):
        second(database, proposal_id)
    propose(database, code, by=ADA, outcome=Outcome("no"))
    assert log(database, code)[-3:] == ["proposed", "taken_back", "proposed"]


def test_who_proposed_or_seconded_has_one_early_vote_at_a_time(database: Database) -> None:
    early_vote(database)
    other = create_prediction(database).code
    by_cem = propose(database, other, by=CEM).proposal_id
    for busy in (ADA, BOB):
        with pytest.raises(Refused, match="You have another early vote going, on #1"):
            second(database, by_cem, by=busy)
    by_ada = propose(database, other, by=ADA).proposal_id
    with pytest.raises(Refused, match="Whoever proposed this has another early vote"):
        second(database, by_ada, by=CEM)


def test_who_proposed_cannot_second_and_a_second_click_is_refused(database: Database) -> None:
    code = create_prediction(database).code
    proposal_id = propose(database, code, by=ADA).proposal_id
    with pytest.raises(Refused, match="your own proposal"):
        second(database, proposal_id, by=ADA)
    second(database, proposal_id)
    with pytest.raises(Refused, match="no longer needs a second"):
        second(database, proposal_id)
    assert log(database, code).count("seconded") == 1


def test_a_vote_on_a_proposal_whose_member_was_forgotten_goes_on(database: Database) -> None:
    code = early_vote(database)
    with database.engine.begin() as connection:
        connection.execute(update(Proposal).values(member_id=None))
    cast(database, code, ACCEPT, now=SOON)
    wake(database, SOON + DAY)
    wake(database, SOON + 2 * DAY)
    assert state_of(database, code) is State.RESOLVED


# What it changes


def test_the_proposer_and_the_second_have_voted_and_can_change_it(database: Database) -> None:
    code = early_vote(database)
    assert values(database, select(Ballot.choice)) == ["accept", "accept"]
    database.run_here(ballots.cast, BOB, code=code, answer=NOT_YET, now=SOON + HOUR)
    assert sorted(values(database, select(Ballot.choice))) == ["accept", "not_yet"]
    with pytest.raises(Refused, match="can't be answered like that"):
        database.run_here(ballots.cast, CEM, code=code, answer=YES, now=SOON + HOUR)


def test_while_an_early_vote_runs_forecasts_go_on_and_the_crowd_stays_hidden(database: Database) -> None:
    code = early_vote(database)
    cast(database, code, ACCEPT, now=SOON)
    for moment in (SOON, SOON + DAY):  # open, then provisional
        wake(database, moment)
        assert state_of(database, code) is State.OPEN
        view = database.read_here(editing.show, CEM, code=code, now=moment)
        assert (view.crowd, view.crowd_is_hidden) == (None, True)
        forecast(database, code, now=moment + HOUR)
    wake(database, SOON + 2 * DAY)
    assert state_of(database, code) is State.RESOLVED


def test_what_is_exported_while_an_early_vote_runs_is_what_would_be_without(database: Database) -> None:
    code = create_prediction(database).code
    before = forecasts_exported(database)
    second(database, propose(database, code, by=ADA).proposal_id)
    assert forecasts_exported(database) == before


def forecasts_exported(database: Database) -> dict[str, bytes]:
    """The export's tables of forecasts and of the crowd."""
    pieces: dict[str, list[bytes]] = {}
    database.read_here(
        guild_export.export, guild_id=GUILD, now=SOON, put=lambda name, piece: pieces.setdefault(name, []).append(piece)
    )
    assert "forecasts.csv" in pieces
    return {name: b"".join(found) for name, found in pieces.items() if name in ("forecasts.csv", "crowd.csv")}


@pytest.mark.parametrize("answers", [(NOT_YET, NOT_YET, NOT_YET, NOT_YET, NOT_YET), (NOT_YET, NOT_YET), ()])
def test_an_early_vote_that_fails_leaves_everything_as_it_was_and_rests_for_a_week(
    database: Database, answers: tuple[Any, ...]
) -> None:
    code = early_vote(database)
    before = rows(database, select(Prediction.__table__))
    cast(database, code, *answers, now=SOON)
    wake(database, SOON + PERIOD)
    wake(database, SOON + 2 * PERIOD)
    (vote,) = votes_of(database, code)
    assert (vote.state, vote.ended_at is not None) == (VoteState.CANCELLED, True)
    assert rows(database, select(Prediction.__table__)) == before
    shown = database.read_here(views.vote_view, guild_id=GUILD, vote_id=vote.id, now=SOON + 2 * PERIOD)
    assert shown is not None
    assert shown.counts is None
    with pytest.raises(Refused, match="An early vote on #1 failed"):
        propose(database, code, by=CEM, now=vote.ended_at + 7 * DAY - HOUR)
    propose(database, code, by=CEM, now=vote.ended_at + 7 * DAY)


def test_an_early_result_carries_its_moment_and_forecasts_from_then_on_count_for_nothing(database: Database) -> None:
    """News a day before the vote ends: who forecast after it gains nothing over who didn't."""
    code = create_prediction(database, is_forecast=False).code
    for by, chance in ((ADA, 0.4), (BOB, 0.4), (CEM, 0.6)):
        database.run_here(forecasts.place, by, code=code, values=(chance,), now=SOON)
    news = SOON + 2 * DAY
    dora = create_voter("dora")
    proposal_id = propose(database, code, by=ADA, happened_at=news, now=news + HOUR).proposal_id
    database.run_here(forecasts.place, BOB, code=code, values=(0.999,), now=news + HOUR)
    second(database, proposal_id, by=dora, now=news + HOUR)
    deliver(database, news + HOUR)
    cast(database, code, ACCEPT, now=news + HOUR)
    wake(database, news + HOUR + DAY)
    wake(database, news + HOUR + 2 * DAY)
    assert result_of(database, code) == (State.RESOLVED, "yes", None)
    assert values(database, select(Prediction.happened_at)) == [news]
    scored = select(Score.baseline).where(Score.member_id.is_not(None)).order_by(Score.member_id)
    ada, bob, _ = values(database, scored)
    assert bob == pytest.approx(ada, abs=1e-12)


def test_the_date_ends_an_early_vote_and_its_proposals_stand_in_the_vote(database: Database) -> None:
    code = create_prediction(database).code
    second(database, propose(database, code, by=ADA, now=DATE - DAY).proposal_id, now=DATE - DAY)
    wake(database, DATE)
    early, due = votes_of(database, code)
    assert (early.is_early, early.state, due.is_early, due.state) == (True, VoteState.CANCELLED, False, VoteState.OPEN)
    vote = database.read_here(ballots.open_vote, CEM, code=code, now=DATE)
    assert [proposal.outcome for proposal in vote.proposals] == [Outcome("yes")]


def test_ten_decoys_leave_room_for_what_is_due(database: Database) -> None:
    due = create_prediction(database).code
    for _ in range(10):
        decoy = create_prediction(database, resolves_at=DATE + 300 * DAY).code
        made = propose(database, decoy, now=DATE - HOUR)
        second(database, made.proposal_id, by=create_voter(), now=DATE - HOUR)
    assert len([code for code in range(2, 12) if votes_of(database, code)]) == 3
    wake(database, DATE)
    assert state_of(database, due) is State.VOTING


def test_two_objections_to_an_early_result_open_a_second_round_on_the_same_proposal(database: Database) -> None:
    code = early_vote(database)
    cast(database, code, ACCEPT, now=SOON)
    wake(database, SOON + DAY)
    for by in (create_voter(), create_voter()):
        database.run_here(objections.object_to, by, code=code, words="Not so.", now=SOON + DAY + HOUR)
    first, again = votes_of(database, code)
    assert (again.is_early, again.round, again.proposal_id) == (True, 2, first.proposal_id)
    deliver(database, SOON + DAY + HOUR)
    cast(database, code, NOT_YET, NOT_YET, NOT_YET, now=SOON + DAY + HOUR)
    wake(database, SOON + 3 * DAY)
    assert (state_of(database, code), votes_of(database, code)[-1].state) == (State.OPEN, VoteState.CANCELLED)


def test_a_manager_decides_while_an_early_vote_runs_and_no_count_is_published(database: Database) -> None:
    code = early_vote(database)
    database.run_here(resolutions.override, MONA, code=code, outcome="yes", words="Seen.", happened_at=SOON, now=SOON + HOUR)
    (vote,) = votes_of(database, code)
    assert (vote.state, vote.result, state_of(database, code)) == (VoteState.CANCELLED, None, State.RESOLVED)
    database.run_here(resolutions.reopen, MONA, code=code, words="Not so.", now=SOON + 2 * HOUR)
    shown = database.read_here(views.vote_view, guild_id=GUILD, vote_id=vote.id, now=SOON + 2 * HOUR)
    assert shown is not None
    assert (shown.counts, state_of(database, code)) == (None, State.OPEN)


def test_what_is_voted_on_at_its_date_takes_no_proposals(database: Database) -> None:
    code = create_prediction(database).code
    wake(database, DATE)
    with pytest.raises(Refused, match="is voting, so you can't propose"):
        propose(database, code, now=DATE + HOUR)


def test_another_guild_has_no_such_proposal(database: Database) -> None:
    code = create_prediction(database).code
    proposal_id = propose(database, code).proposal_id
    stranger = create_voter(guild_id=OTHER_GUILD)
    create_prediction(database, by=create_actor(guild_id=OTHER_GUILD, manager=True))
    for use_case in (proposals.second, proposals.withdraw):
        with pytest.raises(Refused, match="doesn't exist"):
            database.run_here(use_case, stranger, proposal_id=proposal_id, now=SOON)
    with pytest.raises(NotFound):
        propose(database, 999)


async def test_two_seconds_at_the_same_moment_open_one_vote(database: Database) -> None:
    code = create_prediction(database).code
    proposal_id = propose(database, code).proposal_id
    clicks = [database.run(proposals.second, create_voter(), proposal_id=proposal_id, now=SOON) for _ in range(4)]
    answers = await asyncio.gather(*clicks, return_exceptions=True)
    assert sum(isinstance(answer, Refused) for answer in answers) == 3
    assert len(votes_of(database, code)) == 1


def test_what_was_seconded_and_waits_for_a_place_does_not_keep_the_scheduler_awake(database: Database) -> None:
    codes = [create_prediction(database).code for _ in range(2)]
    set_rule(database, open_votes_limit=3)
    for code in codes:
        second(database, propose(database, code).proposal_id, by=create_voter())
    deliver(database, SOON)
    assert [len(votes_of(database, code)) for code in codes] == [1, 0]
    assert database.read_here(votes.next_due_at) == SOON + DAY  # whether all agree
    wake(database, SOON + DAY)
    assert database.read_here(votes.next_due_at) == SOON + PERIOD
    wake(database, SOON + PERIOD)
    wake(database, SOON + 2 * PERIOD)
    assert [len(votes_of(database, code)) for code in codes] == [1, 1]


def test_who_closed_a_prediction_early_still_has_one_early_vote_at_a_time(database: Database) -> None:
    """Forecasting may close long before the date."""
    codes = [create_prediction(database, closes_at=NOW + DAY).code for _ in range(2)]
    now = NOW + 2 * DAY
    wake(database, now)
    second(database, propose(database, codes[0], by=ADA, now=now).proposal_id, now=now)
    by_cem = propose(database, codes[1], by=CEM, now=now).proposal_id
    with pytest.raises(Refused, match="another early vote going"):
        second(database, by_cem, now=now)


def test_nothing_is_decided_before_its_condition(database: Database) -> None:
    load(database, create_document({"id": "a"}, {"id": "b", "parent": "a", "relation": "conditional"}))
    set_rule(database, post_channel_id=77)
    with pytest.raises(Refused, match="#2 depends on #1, which has no result yet"):
        propose(database, 2)


def test_a_ballot_goes_no_further_back_than_a_proposal_may(database: Database) -> None:
    code = create_prediction(database).code
    now = NOW + 25 * DAY
    made = propose(database, code, by=ADA, happened_at=now - DAY, now=now)
    second(database, made.proposal_id, now=now)
    with pytest.raises(Refused, match="more than 7 days before it was proposed"):
        database.run_here(ballots.cast, BOB, code=code, answer=ACCEPT, happened_at=NOW, now=now + HOUR)
    database.run_here(ballots.cast, BOB, code=code, answer=ACCEPT, happened_at=now - 6 * DAY, now=now + HOUR)


def test_the_words_stay_while_a_vote_is_about_them(database: Database) -> None:
    eve = create_voter("eve")
    code = create_prediction(database, by=eve, is_forecast=False).code
    second(database, propose(database, code, by=ADA).proposal_id)
    changes = editing.PredictionChanges(statement="GPT-6 is not released by the end of March")
    with pytest.raises(NotAManager, match="being voted on"):
        database.run_here(editing.edit, eve, code=code, changes=changes, now=SOON)


def test_what_a_manager_ended_has_not_failed(database: Database) -> None:
    code = early_vote(database)
    wake(database, SOON + PERIOD)
    database.run_here(resolutions.override, MONA, code=code, outcome="yes", words="Seen.", now=SOON + PERIOD + HOUR)
    database.run_here(resolutions.reopen, MONA, code=code, words="Not so.", now=SOON + PERIOD + 2 * HOUR)
    propose(database, code, by=CEM, now=SOON + PERIOD + 3 * HOUR)
