"""Votes: who may, when they open, what they come to, and that every ballot counts once."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from bot.domain.errors import NotFound, Refused
from bot.domain.outcomes import Outcome
from bot.domain.times import day_number, over_at
from bot.domain.types import Kind, State
from bot.domain.voting import Answer, Choice
from bot.services import outbox
from bot.services.forecasting import forecasts
from bot.services.members import guilds
from bot.services.predictions import editing
from bot.services.voting import ballots, clocks, counting, objections, proposals, resolutions, views, votes
from db.database import Database
from db.models import (
    Ballot,
    ChannelTrouble,
    Objection,
    OutboxMessage,
    PostedCard,
    Prediction,
    Reminder,
    Vote,
    VoteState,
)
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_document, load
from tests.processes import crowd
from tests.rows import count, everything, rows, values
from tests.services.voting.polls import (
    ACCEPT,
    CHANNEL,
    COUNTED,
    DATE,
    DAY,
    HOUR,
    LINK,
    NO,
    PERIOD,
    TOO_EARLY,
    VOID,
    YES,
    cast,
    create_prediction,
    create_provisional,
    create_vote,
    create_voter,
    deliver,
    log,
    propose,
    queued,
    result_of,
    set_rule,
    snowflake,
    state_of,
    votes_of,
    wake,
)

MONA = create_actor("mona", manager=True)


def states(database: Database) -> list[State]:
    return values(database, select(Prediction.state).order_by(Prediction.code))


# Opening


@pytest.mark.parametrize("kind", list(Kind))
def test_a_vote_opens_by_itself_at_the_date_and_not_before(database: Database, kind: Kind) -> None:
    view = create_prediction(database, kind=kind)
    wake(database, DATE - timedelta(microseconds=1))
    assert state_of(database, view.code) is State.OPEN
    wake(database, DATE)
    assert state_of(database, view.code) is State.VOTING
    (vote,) = votes_of(database, view.code)
    assert (vote.state, vote.opened_at, vote.closes_at, vote.round) == (VoteState.OPEN, DATE, DATE + PERIOD, 1)
    assert log(database, view.code) == ["added", "closed", "vote_opened"]
    assert queued(database, "vote") == [{"prediction_id": view.id, "vote_id": vote.id, "is_direct": False}]


def test_a_pack_of_old_dates_opens_five_votes_and_the_next_as_each_ends(database: Database) -> None:
    items = [{"window": {"end": (NOW - timedelta(days=30 - number)).date().isoformat()}} for number in range(20)]
    load(database, create_document(*items))
    set_rule(database, post_channel_id=CHANNEL)
    with database.engine.begin() as connection:
        connection.execute(update(Prediction).values(forecasters=1))
    wake(database, NOW)
    wake(database, NOW + HOUR)
    assert states(database) == [State.VOTING] * 5 + [State.CLOSED] * 15
    for _ in range(3):
        database.run_here(ballots.cast, create_voter(), code=3, answer=YES, now=NOW + HOUR)
    database.run_here(resolutions.override, MONA, code=1, outcome=Outcome("yes"), words="Seen.", now=NOW + 2 * HOUR)
    wake(database, NOW + 2 * HOUR)
    assert states(database)[:7] == [State.RESOLVED] + [State.VOTING] * 5 + [State.CLOSED]
    wake(database, NOW + DAY)
    assert states(database)[:8] == [State.RESOLVED, State.VOTING, State.PROVISIONAL] + [State.VOTING] * 4 + [State.CLOSED]


def test_votes_on_one_date_take_one_place_for_each_post(database: Database) -> None:
    for number in range(30):
        create_prediction(database, resolves_at=DATE if number % 15 else DATE - DAY)
    set_rule(database, open_votes_limit=1)
    wake(database, DATE)
    assert states(database).count(State.VOTING) == 2
    set_rule(database, open_votes_limit=2)
    assert database.read_here(votes.next_due_at) == DATE
    wake(database, DATE)
    assert states(database).count(State.VOTING) == 2 + 25
    assert database.read_here(votes.next_due_at) == DATE + PERIOD
    database.run_here(resolutions.override, MONA, code=2, outcome=Outcome("yes"), words="Seen.", now=DATE + HOUR)
    wake(database, DATE + HOUR)
    assert states(database).count(State.VOTING) == 2 + 25, "there's room in the post of that date"


def test_early_votes_take_a_place_each(database: Database) -> None:
    for _ in range(4):
        create_prediction(database)
    for code in range(1, 5):
        made = propose(database, code)
        database.run_here(proposals.second, create_voter(), proposal_id=made.proposal_id, now=NOW + HOUR)
    assert values(database, select(func.count()).select_from(Vote)) == [3]


def test_each_guild_has_its_own_limit(database: Database) -> None:
    for guild_id in (GUILD, OTHER_GUILD):
        manager = create_actor(guild_id=guild_id, manager=True)
        for hours in range(3):
            create_prediction(database, by=manager, resolves_at=DATE - hours * HOUR)
    set_rule(database, open_votes_limit=2)
    wake(database, DATE)
    opened = select(Prediction.guild_id, func.count()).where(Prediction.state == State.VOTING).group_by(Prediction.guild_id)
    assert dict(rows(database, opened)) == {GUILD: 2, OTHER_GUILD: 3}


def test_what_members_forecast_comes_before_what_was_only_proposed_on(database: Database) -> None:
    create_prediction(database, is_forecast=False)
    create_prediction(database, resolves_at=DATE + HOUR)
    propose(database, 1, now=NOW + DAY)
    set_rule(database, open_votes_limit=1)
    wake(database, DATE + 2 * HOUR)
    assert states(database) == [State.CLOSED, State.VOTING]


def test_what_nobody_forecast_ends_silently_after_two_weeks(database: Database) -> None:
    code = create_prediction(database, is_forecast=False).code
    wake(database, DATE)
    assert (state_of(database, code), votes_of(database, code)) == (State.CLOSED, [])
    due = database.read_here(votes.next_due_at)
    assert due == DATE + 14 * DAY
    wake(database, DATE + 14 * DAY)
    assert result_of(database, code) == (State.ANNULLED, "annulled", None)
    assert log(database, code) == ["added", "closed", "annulled"]
    assert queued(database, "vote") == queued(database, "result") == []


def test_a_proposal_after_the_date_gives_what_nobody_forecast_its_vote(database: Database) -> None:
    code = create_prediction(database, is_forecast=False).code
    wake(database, DATE)
    propose(database, code, now=DATE + DAY)
    wake(database, DATE + DAY)
    assert (state_of(database, code), votes_of(database, code)[0].is_early) == (State.VOTING, False)


def test_without_a_channel_no_vote_opens_until_there_is_one(database: Database) -> None:
    code = create_prediction(database).code
    set_rule(database, post_channel_id=None)
    wake(database, DATE)
    assert state_of(database, code) is State.CLOSED
    assert database.read_here(votes.next_due_at) is None
    set_rule(database, post_channel_id=CHANNEL)
    wake(database, DATE + 3 * DAY)
    (vote,) = votes_of(database, code)
    assert vote.closes_at == DATE + 3 * DAY + PERIOD


def test_the_rule_is_frozen_at_the_opening(database: Database) -> None:
    create_prediction(database)
    set_rule(database, vote_hours=10, quorum_least=2, majority_share=0.5, objection_hours=3, voter_hours=7)
    wake(database, DATE)
    set_rule(database, vote_hours=99, quorum_least=9, majority_share=1.0, objection_hours=99, voter_hours=9999)
    cast(database, 1, YES, YES, NO)
    wake(database, DATE + 10 * HOUR)
    assert state_of(database, 1) is State.PROVISIONAL
    wake(database, DATE + 13 * HOUR)
    assert result_of(database, 1) == (State.RESOLVED, "yes", None)


def test_the_quorum_is_a_quarter_of_those_who_forecast(database: Database) -> None:
    code = create_prediction(database).code
    for _ in range(17):
        database.run_here(forecasts.place, create_actor(), code=code, values=(0.5,), now=NOW)
    wake(database, DATE)
    assert votes_of(database, code)[0].rule["quorum"] == 5
    cast(database, code, YES, YES, YES, YES)
    wake(database, DATE + PERIOD)
    assert log(database, code)[-1] == "vote_extended"


def test_no_forecast_is_taken_while_it_is_voted_on(database: Database) -> None:
    code = create_vote(database)
    with pytest.raises(Refused, match="and the vote on what happened is open: /vote #1"):
        database.run_here(forecasts.place, create_actor(), code=code, values=(0.5,), now=DATE + HOUR)


# A guild that the bot has left


def test_in_a_guild_that_was_left_no_vote_opens_until_the_bot_is_back(database: Database) -> None:
    code = create_prediction(database).code
    database.run_here(guilds.say_goodbye, GUILD, now=DATE - DAY)
    wake(database, DATE)
    assert state_of(database, code) is State.CLOSED
    assert database.read_here(votes.next_due_at) is None
    database.run_here(guilds.welcome, GUILD, now=DATE + DAY)
    wake(database, DATE + DAY)
    assert state_of(database, code) is State.VOTING


def test_in_a_guild_that_was_left_nothing_is_counted_until_the_bot_is_back(database: Database) -> None:
    code = create_vote(database)
    cast(database, code, YES, YES, YES)
    database.run_here(guilds.say_goodbye, GUILD, now=DATE + 2 * HOUR)
    before = everything(database)
    wake(database, DATE + PERIOD)
    assert everything(database) == before
    assert database.read_here(votes.next_due_at) is None
    database.run_here(guilds.welcome, GUILD, now=DATE + 2 * PERIOD)
    wake(database, DATE + 2 * PERIOD)
    assert state_of(database, code) is State.PROVISIONAL


# Ballots


def ballot_rows(database: Database) -> list[tuple[Any, ...]]:
    columns = (Ballot.choice, Ballot.position, Ballot.new_resolves_at, Ballot.link, Ballot.words)
    return rows(database, select(*columns).order_by(Ballot.member_id))


def test_a_ballot_is_one_a_member_and_changeable_till_the_end(database: Database) -> None:
    code, vera = create_vote(database), create_voter()
    first = database.run_here(ballots.cast, vera, code=code, answer=YES, link=LINK, words=" Seen. ", now=DATE + HOUR)
    assert (first.previous, first.vote.closes_at) == (None, DATE + PERIOD)
    assert ballot_rows(database) == [(Choice.YES, None, None, LINK, "Seen.")]
    second = database.run_here(ballots.cast, vera, code=code, answer=NO, now=DATE + PERIOD - timedelta(microseconds=1))
    assert second.previous == YES
    assert ballot_rows(database) == [(Choice.NO, None, None, None, None)]


def test_the_same_click_twice_is_one_ballot(database: Database) -> None:
    code, vera = create_vote(database), create_voter()
    for _ in range(2):
        database.run_here(ballots.cast, vera, code=code, answer=YES, now=DATE + HOUR)
    assert ballot_rows(database) == [(Choice.YES, None, None, None, None)]


def test_a_ballot_can_be_taken_back_and_cast_again(database: Database) -> None:
    code, vera = create_vote(database), create_voter()
    database.run_here(ballots.cast, vera, code=code, answer=YES, now=DATE + HOUR)
    database.run_here(ballots.withdraw, vera, code=code, now=DATE + HOUR)
    assert ballot_rows(database) == []
    with pytest.raises(Refused, match="You haven't voted on #1"):
        database.run_here(ballots.withdraw, vera, code=code, now=DATE + HOUR)
    database.run_here(ballots.cast, vera, code=code, answer=NO, now=DATE + HOUR)
    assert len(ballot_rows(database)) == 1


@pytest.mark.parametrize("now", [DATE + PERIOD, DATE + PERIOD + DAY])
@pytest.mark.parametrize("is_counted", [True, False])
def test_nothing_is_cast_or_taken_back_after_the_end(database: Database, now: Any, is_counted: bool) -> None:
    code = create_vote(database)
    (vera, *_) = cast(database, code, YES, YES, YES)
    if is_counted:
        wake(database, DATE + PERIOD)
    before = everything(database)
    tries: list[tuple[Any, dict[str, Any]]] = [(ballots.cast, {"answer": NO}), (ballots.withdraw, {})]
    for use_case, given in tries:
        with pytest.raises(Refused, match="#1 has no open vote"):
            database.run_here(use_case, vera, code=code, now=now, **given)
    assert everything(database) == before


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (Kind.BINARY, ACCEPT),
        (Kind.BINARY, Answer(Choice.OPTION, 0)),
        (Kind.BINARY, Answer(Choice.YES, 0)),
        (Kind.MULTIPLE_CHOICE, YES),
        (Kind.MULTIPLE_CHOICE, Answer(Choice.OPTION, 3)),
        (Kind.MULTIPLE_CHOICE, Answer(Choice.OPTION, -1)),
        (Kind.MULTIPLE_CHOICE, Answer(Choice.OPTION)),
    ],
)
def test_an_answer_of_another_prediction_is_refused(database: Database, kind: Kind, answer: Answer) -> None:
    code = create_vote(database, kind=kind)
    with pytest.raises(Refused, match="#1 can't be answered like that"):
        database.run_here(ballots.cast, create_voter(), code=code, answer=answer, now=DATE + HOUR)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"link": "javascript:alert(1)"}, "n't a web address"),
        ({"link": "example.org"}, "n't a web address"),
        ({"link": "https://example.org/a b"}, "n't a web address"),
        ({"link": "https://example.org/" + "x" * 500}, "520 characters"),
        ({"words": "x" * 4000}, "4,000 characters"),
        ({"new_date": date(2027, 1, 1)}, "takes a new date"),
        ({"answer": TOO_EARLY, "new_date": DATE.date()}, "already over"),
        ({"answer": TOO_EARLY, "new_date": date(2026, 3, 2)}, "already over"),
        ({"answer": TOO_EARLY, "new_date": date(2126, 3, 2)}, "more than 50 years"),
        ({"answer": TOO_EARLY, "new_date": date.max}, "more than 50 years"),
    ],
)
def test_a_ballot_that_cannot_be_is_refused_and_nothing_is_stored(
    database: Database, given: dict[str, Any], sentence: str
) -> None:
    code = create_vote(database)
    before = everything(database)
    with pytest.raises(Refused, match=sentence):
        database.run_here(ballots.cast, create_voter(), **({"code": code, "answer": YES, "now": DATE + HOUR} | given))
    assert everything(database) == before


def test_words_that_a_database_cannot_hold_are_refused(database: Database) -> None:
    code = create_vote(database)
    with pytest.raises(Refused, match="broken character"):
        cast(database, code, YES, words="Se\x00en.")
    with pytest.raises(Refused, match="broken character"):
        cast(database, code, YES, link="https://example.org/\x00")
    assert rows(database, select(Ballot.words, Ballot.link)) == []


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"is_bot": True}, "Bots can't vote"),
        ({"joined_at": DATE - 24 * HOUR + timedelta(seconds=1)}, "24 hours before this vote opened"),
        ({"joined_at": DATE + HOUR}, "24 hours before this vote opened"),
        ({"joined_at": None}, "24 hours before this vote opened"),
        ({"user_id": snowflake(DATE - 30 * DAY + 2 * HOUR)}, "account is less than 30 days old"),
    ],
)
def test_who_may_not_vote_is_told_why(database: Database, facts: dict[str, Any], sentence: str) -> None:
    code = create_vote(database)
    with pytest.raises(Refused, match=sentence):
        database.run_here(ballots.cast, create_voter(**facts), code=code, answer=YES, now=DATE + HOUR)
    assert ballot_rows(database) == []


def test_who_was_there_a_day_before_the_opening_may_vote(database: Database) -> None:
    code = create_vote(database)
    vera = create_voter(joined_at=DATE - 24 * HOUR)
    database.run_here(ballots.cast, vera, code=code, answer=YES, now=DATE + HOUR)
    assert len(ballot_rows(database)) == 1


def test_the_voter_role_is_that_of_the_opening(database: Database) -> None:
    create_prediction(database)
    set_rule(database, voter_role_id=66)
    wake(database, DATE)
    set_rule(database, voter_role_id=None)
    with pytest.raises(Refused, match="Only members with the role <@&66>"):
        database.run_here(ballots.cast, create_voter(), code=1, answer=YES, now=DATE + HOUR)
    voter = create_voter(role_ids=frozenset({65, 66}))
    database.run_here(ballots.cast, voter, code=1, answer=YES, now=DATE + HOUR)
    assert len(ballot_rows(database)) == 1


def test_another_guild_has_no_such_vote(database: Database) -> None:
    code = create_vote(database)
    stranger = create_voter(guild_id=OTHER_GUILD)
    with pytest.raises(NotFound):
        database.run_here(ballots.cast, stranger, code=code, answer=YES, now=DATE + HOUR)
    with pytest.raises(NotFound):
        database.run_here(objections.object_to, stranger, code=code, words="No.", now=DATE + HOUR)


def test_the_votes_card_follows_every_change(database: Database) -> None:
    code = create_vote(database)

    def delivered(now: Any) -> list[str]:
        messages = database.run_here(outbox.claim_due, now=now)
        for message in messages:
            database.run_here(outbox.mark_sent, message.id, now=now)
        return [message.kind for message in messages]

    delivered(DATE)
    for number in range(3):
        now = DATE + HOUR * (number + 1)
        cast(database, code, YES, YES, now=now)
        assert delivered(now + timedelta(minutes=1)) == ["refresh_vote"]
    wake(database, DATE + PERIOD)
    assert sorted(delivered(DATE + PERIOD + timedelta(minutes=1))) == ["refresh_vote"]


def test_a_ballot_cast_while_the_card_is_drawn_has_a_drawing_of_its_own(database: Database) -> None:
    code = create_vote(database)
    for post in database.run_here(outbox.claim_due, now=DATE):
        database.run_here(outbox.mark_sent, post.id, now=DATE)
    cast(database, code, YES)
    (drawing,) = database.run_here(outbox.claim_due, now=DATE + HOUR + timedelta(seconds=10))
    cast(database, code, YES)
    assert len(queued(database, "refresh_vote")) == 2
    now = DATE + 2 * HOUR
    database.run_here(outbox.mark_failed, drawing.id, reason="500", retry_at=now, now=now)
    waiting = select(OutboxMessage.id).where(OutboxMessage.sent_at.is_(None), OutboxMessage.kind == "refresh_vote")
    assert len(values(database, waiting)) == 1


# Counting


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ((YES, YES, YES), (State.RESOLVED, "yes", None)),
        ((NO, NO, YES), (State.RESOLVED, "no", None)),
        ((VOID, VOID, VOID), (State.ANNULLED, "annulled", None)),
    ],
)
def test_enough_ballots_give_a_provisional_result_that_becomes_final(
    database: Database, answers: tuple[Answer, ...], result: tuple[Any, ...]
) -> None:
    code = create_provisional(database, *answers)
    counted = votes_of(database, code)[0].clock_started_at
    assert result_of(database, code)[1:] == (None, None)
    wake(database, counted + 24 * HOUR - timedelta(microseconds=1))
    assert state_of(database, code) is State.PROVISIONAL
    wake(database, counted + 24 * HOUR)
    assert result_of(database, code) == result
    (vote,) = votes_of(database, code)
    assert (vote.state, vote.ended_at, vote.result["total"]) == (VoteState.DECIDED, counted + 24 * HOUR, 3)
    assert queued(database, "vote_news") == []  # an edit of its post says so
    assert len(queued(database, "result")) == 1


def test_an_options_result_has_its_position(database: Database) -> None:
    option = Answer(Choice.OPTION, 2)
    code = create_provisional(database, option, option, option, kind=Kind.MULTIPLE_CHOICE)
    wake(database, DATE + PERIOD + DAY)
    assert result_of(database, code) == (State.RESOLVED, "option", 2)


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ((YES, YES), (State.RESOLVED, "yes", None)),
        ((YES, YES, NO, NO), (State.ANNULLED, "annulled", None)),
        ((YES, YES, YES, NO, NO), (State.RESOLVED, "yes", None)),
        ((), (State.ANNULLED, "annulled", None)),
    ],
)
def test_not_enough_extends_once_and_then_hands_over_and_at_last_more_than_half_decide(
    database: Database, answers: tuple[Answer, ...], result: tuple[Any, ...]
) -> None:
    code = create_vote(database)
    cast(database, code, *answers)
    wake(database, DATE + PERIOD)
    (vote,) = votes_of(database, code)
    assert (vote.state, vote.closes_at) == (VoteState.OPEN, DATE + 2 * PERIOD)
    wake(database, DATE + 2 * PERIOD)
    (vote,) = votes_of(database, code)
    assert (vote.state, vote.closes_at) == (VoteState.HANDED_OVER, DATE + 2 * PERIOD + 14 * DAY)
    assert state_of(database, code) is State.VOTING
    with pytest.raises(Refused, match="no open vote"):
        cast(database, code, YES, now=DATE + 2 * PERIOD)
    wake(database, vote.closes_at)
    assert result_of(database, code) == result
    assert log(database, code)[2:-1] == ["vote_opened", "vote_extended", "handed_over"]
    assert [payload["what"] for payload in queued(database, "vote_news")] == ["handed_over"]
    assert votes_of(database, code)[0].ended_at == vote.closes_at


def test_what_comes_in_the_extension_counts(database: Database) -> None:
    code = create_vote(database)
    cast(database, code, YES, YES)
    wake(database, DATE + PERIOD)
    cast(database, code, YES, now=DATE + PERIOD + HOUR)
    wake(database, DATE + 2 * PERIOD)
    assert state_of(database, code) is State.PROVISIONAL


def test_a_vote_that_was_handed_over_gives_its_place_to_the_next(database: Database) -> None:
    for hours in range(2):
        create_prediction(database, resolves_at=DATE - HOUR + hours * HOUR)
    set_rule(database, open_votes_limit=1)
    wake(database, DATE)
    wake(database, DATE + PERIOD)
    assert states(database) == [State.VOTING, State.CLOSED]
    wake(database, DATE + 2 * PERIOD)
    assert states(database) == [State.VOTING, State.VOTING]


def test_too_early_asks_again_in_30_days_and_takes_no_forecasts(database: Database) -> None:
    code = create_vote(database)
    cast(database, code, TOO_EARLY, TOO_EARLY, TOO_EARLY)
    wake(database, DATE + DAY)
    new = DATE + DAY + timedelta(days=30)
    columns = (Prediction.state, Prediction.resolves_at, Prediction.closes_at, Prediction.closed_at)
    assert rows(database, select(*columns)) == [(State.CLOSED, new, DATE, DATE)]
    with pytest.raises(Refused):
        database.run_here(forecasts.place, create_actor(), code=code, values=(0.5,), now=DATE + DAY + HOUR)
    wake(database, new)
    assert [vote.round for vote in votes_of(database, code)] == [1, 1]


def test_too_early_takes_the_day_that_most_name(database: Database) -> None:
    code = create_vote(database)
    cast(database, code, TOO_EARLY, TOO_EARLY, new_date=date(2026, 9, 30))
    cast(database, code, TOO_EARLY, new_date=date(2027, 9, 30))
    wake(database, DATE + PERIOD)
    assert values(database, select(Prediction.resolves_at)) == [over_at(date(2026, 9, 30))]


def test_what_a_member_wanted_before_the_date_follows_the_new_one(database: Database) -> None:
    view = create_prediction(database)
    member_id = values(database, select(Prediction.author_id))[0]
    with database.engine.begin() as connection:
        reminder = {"prediction_id": view.id, "member_id": member_id, "due_at": DATE + 50 * DAY, "before_days": 3}
        connection.execute(insert(Reminder).values(**reminder, at_home=False, created_at=NOW))
    wake(database, DATE)
    cast(database, view.code, TOO_EARLY, TOO_EARLY, TOO_EARLY)
    wake(database, DATE + PERIOD)
    assert values(database, select(Reminder.due_at)) == [DATE + PERIOD + timedelta(days=27)]


def value(number: float) -> Answer:
    return Answer(Choice.VALUE, value=number)


def test_two_thirds_for_one_value_as_cards_show_it_make_it_the_result(database: Database) -> None:
    code = create_vote(database, kind=Kind.NUMERIC)
    cast(database, code, value(41.5), value(41.50000001), value(43))
    wake(database, DATE + PERIOD)
    wake(database, DATE + PERIOD + DAY)
    assert result_of(database, code) == (State.RESOLVED, "value", 41.5)


def test_values_that_differ_are_extended_with_those_that_were_named_and_then_handed_over(database: Database) -> None:
    code = create_vote(database, kind=Kind.NUMERIC)
    cast(database, code, value(1), value(2), value(3), value(2))
    wake(database, DATE + PERIOD)
    (found,) = database.read_here(views.list_open_votes, create_voter(), now=DATE + PERIOD).shown
    assert found.named == (1, 2, 3)
    wake(database, DATE + 2 * PERIOD)
    assert log(database, code)[-1] == "handed_over"


def test_of_a_date_the_day_is_the_moment(database: Database) -> None:
    code = create_vote(database, kind=Kind.DATE)
    day = day_number((NOW + timedelta(days=10)).date())
    cast(database, code, value(day), value(day), value(day))
    wake(database, DATE + DAY)
    wake(database, DATE + 2 * DAY)
    assert result_of(database, code) == (State.RESOLVED, "value", day)
    (moment,) = values(database, select(Prediction.happened_at))
    assert moment == datetime.combine((NOW + timedelta(days=10)).date(), time(), UTC)


@pytest.mark.parametrize("day", [DATE + 3 * DAY, DATE + 400 * DAY])
def test_a_day_to_come_is_no_answer(database: Database, day: datetime) -> None:
    code = create_vote(database, kind=Kind.DATE)
    with pytest.raises(Refused, match="still to come"):
        cast(database, code, value(day_number(day.date())))
    assert ballot_rows(database) == []


# The end of a vote in which all agree


def test_a_vote_in_which_all_agree_ends_after_a_day(database: Database) -> None:
    code = create_vote(database)
    cast(database, code, YES, YES)
    wake(database, DATE + DAY)
    assert state_of(database, code) is State.VOTING
    cast(database, code, YES, now=DATE + 30 * HOUR)
    wake(database, DATE + 30 * HOUR)
    assert state_of(database, code) is State.VOTING
    assert database.read_here(votes.next_due_at) == DATE + 31 * HOUR
    wake(database, DATE + 31 * HOUR)
    assert state_of(database, code) is State.PROVISIONAL


def test_who_withdraws_a_ballot_has_time_to_think(database: Database) -> None:
    code = create_vote(database)
    cast(database, code, YES, YES, YES)
    (doubter,) = cast(database, code, NO)
    wake(database, DATE + DAY)
    database.run_here(ballots.withdraw, doubter, code=code, now=DATE + 30 * HOUR)
    wake(database, DATE + 30 * HOUR)
    database.run_here(ballots.cast, doubter, code=code, answer=NO, now=DATE + 30 * HOUR + timedelta(minutes=50))
    wake(database, DATE + 40 * HOUR)
    assert state_of(database, code) is State.VOTING


def test_the_end_that_is_shown_says_nothing_about_the_ballots(database: Database) -> None:
    code = create_vote(database)
    for answers in ((YES,), (YES,), (YES,), (NO,)):
        cast(database, code, *answers)
        assert votes_of(database, code)[0].closes_at == DATE + PERIOD


# The moment


@pytest.mark.parametrize(
    ("moments", "result"),
    [
        (("3 days ago", "2 days ago", "1 day ago"), DATE + HOUR - 2 * DAY),
        (("3 days ago", None, None), DATE),
        ((None, "1 day ago", "2 days ago", None), DATE + HOUR - DAY),
    ],
)
def test_the_lower_median_of_the_winning_ballots_is_the_moment(
    database: Database, moments: tuple[str | None, ...], result: datetime
) -> None:
    code = create_vote(database)
    for moment in moments:
        cast(database, code, YES, happened_at=moment)
    wake(database, DATE + DAY)
    wake(database, DATE + 2 * DAY)
    assert values(database, select(Prediction.happened_at)) == [result]


@pytest.mark.parametrize("moment", ["tomorrow", "31 Dec 2026", "1 Jan 2020", "yesterday 25:00", "soon", ""])
def test_a_moment_that_cannot_be_is_refused(database: Database, moment: str) -> None:
    code = create_vote(database)
    with pytest.raises(Refused):
        cast(database, code, YES, happened_at=moment)
    assert ballot_rows(database) == []


def test_one_member_alone_does_not_set_the_moment_of_everybodys_vote(database: Database) -> None:
    code = create_prediction(database).code
    propose(database, code, happened_at=NOW, now=NOW + 6 * DAY)
    wake(database, DATE)
    cast(database, code, YES, YES, YES)
    wake(database, DATE + DAY)
    wake(database, DATE + 2 * DAY)
    assert values(database, select(Prediction.happened_at)) == [DATE]


def test_a_seconded_value_keeps_its_moment_however_cards_round_it(database: Database) -> None:
    code = create_prediction(database, kind=Kind.NUMERIC).code
    made = propose(database, code, outcome=Outcome("value", 1_234_567), happened_at=NOW + DAY, now=NOW + 5 * DAY)
    database.run_here(proposals.second, create_voter(), proposal_id=made.proposal_id, now=DATE - HOUR)
    wake(database, DATE)
    cast(database, code, *[value(1_234_570)] * 3)
    wake(database, DATE + DAY)
    wake(database, DATE + 2 * DAY)
    assert values(database, select(Prediction.happened_at)) == [NOW + DAY]


@pytest.mark.parametrize("day", [2_932_896, -719_162, 1e6, float("nan"), float("inf")])
def test_a_day_that_no_calendar_here_has_is_refused(database: Database, day: float) -> None:
    code = create_vote(database, kind=Kind.DATE)
    with pytest.raises(Refused):
        cast(database, code, value(day))
    assert ballot_rows(database) == []


def test_one_alone_cannot_put_the_vote_off_for_decades(database: Database) -> None:
    code = create_vote(database)
    cast(database, code, TOO_EARLY, TOO_EARLY)
    cast(database, code, TOO_EARLY, new_date=date(2070, 1, 1))
    wake(database, DATE + DAY)
    assert values(database, select(Prediction.resolves_at)) == [DATE + DAY + timedelta(days=30)]


def test_what_did_not_happen_has_no_moment(database: Database) -> None:
    create_provisional(database, NO, NO, NO)
    wake(database, COUNTED + DAY)
    assert values(database, select(Prediction.happened_at)) == [None]


# Clocks


def test_a_vote_runs_from_the_moment_its_post_arrives(database: Database) -> None:
    code = create_prediction(database).code
    wake(database, DATE, delivers=False)
    wake(database, DATE + 30 * DAY, delivers=False)
    (vote,) = votes_of(database, code)
    assert (vote.state, vote.clock_started_at) == (VoteState.OPEN, None)
    deliver(database, DATE + 31 * DAY)
    assert votes_of(database, code)[0].closes_at == DATE + 31 * DAY + PERIOD


def at_work(database: Database, now: datetime) -> None:
    """The bot wakes, and notes that it's at work."""
    wake(database, now)
    database.run_here(clocks.beat, now=now)


def test_three_weeks_away_cost_nobody_their_time(database: Database) -> None:
    """At each step of a vote: open, extended, provisional, handed over."""
    away = timedelta(days=21)
    code = create_vote(database)
    database.run_here(clocks.beat, now=DATE + HOUR)
    assert database.run_here(clocks.resume, now=DATE + HOUR + away) == away
    at_work(database, DATE + HOUR + away)
    assert votes_of(database, code)[0].closes_at == DATE + PERIOD + away
    end = DATE + PERIOD + away
    at_work(database, end)
    database.run_here(clocks.resume, now=end + away)
    at_work(database, end + away)
    assert votes_of(database, code)[0].closes_at == end + PERIOD + away
    end += PERIOD + away
    at_work(database, end)
    assert log(database, code)[-1] == "handed_over"
    database.run_here(clocks.resume, now=end + away)
    at_work(database, end + away)
    assert votes_of(database, code)[0].closes_at == end + 14 * DAY + away
    other = create_vote(database, now=end + 40 * DAY, resolves_at=end + 39 * DAY)
    cast(database, other, YES, YES, YES, now=end + 40 * DAY)
    at_work(database, end + 41 * DAY)
    assert state_of(database, other) is State.PROVISIONAL
    database.run_here(clocks.resume, now=end + 41 * DAY + away)
    at_work(database, end + 41 * DAY + away)
    assert state_of(database, other) is State.PROVISIONAL
    assert object_to(database, other, now=end + 42 * DAY + away - HOUR) == 1


AWAY = timedelta(days=21)


def go_away(database: Database, now: datetime) -> None:
    """The bot is at work until `now`, and again three weeks later."""
    database.run_here(clocks.beat, now=now)
    assert database.run_here(clocks.resume, now=now + AWAY) == AWAY
    at_work(database, now + AWAY)


def test_a_date_that_comes_while_the_bot_is_away_gets_a_whole_vote(database: Database) -> None:
    code = create_prediction(database).code
    go_away(database, DATE - DAY)
    (vote,) = votes_of(database, code)
    assert (vote.state, vote.closes_at) == (VoteState.OPEN, DATE - DAY + AWAY + PERIOD)


def test_three_weeks_away_cost_nobody_their_time_in_an_early_vote(database: Database) -> None:
    code, start = create_prediction(database, resolves_at=NOW + 300 * DAY).code, NOW + HOUR
    made = propose(database, code)
    database.run_here(proposals.second, create_voter(), proposal_id=made.proposal_id, now=start)
    deliver(database, start)
    go_away(database, start + HOUR)
    assert votes_of(database, code)[0].closes_at == start + PERIOD + AWAY
    cast(database, code, ACCEPT, now=start + AWAY + DAY)
    counted = start + AWAY + DAY + HOUR
    at_work(database, counted)
    assert log(database, code)[-1] == "provisional"
    go_away(database, counted)
    assert votes_of(database, code)[0].closes_at == counted + DAY + AWAY
    assert object_to(database, code, now=counted + DAY + AWAY - HOUR) == 1


def test_three_weeks_away_cost_nobody_their_time_in_a_second_round(database: Database) -> None:
    code = create_provisional(database)
    for _ in range(2):
        object_to(database, code)
    deliver(database, COUNTED + HOUR)
    go_away(database, COUNTED + 2 * HOUR)
    assert votes_of(database, code)[-1].closes_at == COUNTED + HOUR + PERIOD + AWAY


def test_what_was_reopened_before_three_weeks_away_gets_a_whole_vote(database: Database) -> None:
    code = create_provisional(database)
    wake(database, COUNTED + DAY)
    database.run_here(resolutions.reopen, MONA, code=code, words="Not so.", now=COUNTED + 2 * DAY)
    go_away(database, COUNTED + 2 * DAY)
    assert state_of(database, code) is State.VOTING
    assert votes_of(database, code)[-1].closes_at == COUNTED + 2 * DAY + AWAY + PERIOD


def test_a_short_pause_changes_nothing(database: Database) -> None:
    code = create_vote(database)
    assert database.run_here(clocks.resume, now=DATE + timedelta(minutes=9)) == timedelta()
    assert votes_of(database, code)[0].closes_at == DATE + PERIOD


def test_a_vote_that_cannot_be_posted_takes_no_place(database: Database) -> None:
    for hours in range(2):
        create_prediction(database, resolves_at=DATE + hours * HOUR)
    set_rule(database, open_votes_limit=1)
    with database.engine.begin() as connection:
        trouble = {"guild_id": GUILD, "channel_id": 99, "reason": "Missing access", "since": NOW}
        connection.execute(insert(ChannelTrouble), [trouble])
        card = {"prediction_id": 1, "channel_id": 99, "message_id": 5, "is_home": True, "posted_at": NOW, "edited_at": NOW}
        connection.execute(insert(PostedCard), [card])
    wake(database, DATE + HOUR)
    assert states(database) == [State.CLOSED, State.VOTING]


# Objections


def object_to(database: Database, code: int, *, by: Any = None, now: Any = COUNTED + HOUR, words: str = "Wrong.") -> int:
    return database.run_here(objections.object_to, by or create_voter(), code=code, words=words, now=now)


def test_two_objections_open_a_second_round_under_the_same_rule_that_is_final(database: Database) -> None:
    code = create_provisional(database)
    assert object_to(database, code) == 1
    assert state_of(database, code) is State.PROVISIONAL
    assert object_to(database, code) == 2
    assert state_of(database, code) is State.VOTING
    first, second = votes_of(database, code)
    assert (first.state, first.ended_at) == (VoteState.DECIDED, COUNTED + HOUR)
    assert (second.round, second.rule) == (2, first.rule)
    deliver(database, COUNTED + HOUR)
    cast(database, code, NO, NO, NO, YES, now=COUNTED + 2 * HOUR)
    wake(database, COUNTED + HOUR + PERIOD)
    assert result_of(database, code) == (State.RESOLVED, "no", None)
    assert log(database, code)[-5:] == ["objected", "objected", "second_round", "provisional", "resolved"]


def test_the_second_round_keeps_the_rule_whatever_was_set_since(database: Database) -> None:
    code = create_provisional(database)
    set_rule(database, quorum_least=10, majority_share=1.0, voter_role_id=66)
    object_to(database, code)
    object_to(database, code)
    first, second = votes_of(database, code)
    assert second.rule == first.rule


def test_a_second_round_does_not_wait_for_other_votes(database: Database) -> None:
    for _ in range(2):
        create_prediction(database)
    set_rule(database, open_votes_limit=1)
    wake(database, DATE)
    cast(database, 1, YES, YES, YES)
    wake(database, COUNTED)
    assert states(database) == [State.PROVISIONAL, State.VOTING]
    object_to(database, 1)
    object_to(database, 1)
    assert states(database) == [State.VOTING, State.VOTING]


def test_one_objection_leaves_the_result(database: Database) -> None:
    code = create_provisional(database)
    object_to(database, code)
    wake(database, DATE + PERIOD + DAY)
    assert state_of(database, code) is State.RESOLVED


@pytest.mark.parametrize("words", ["", "  \n "])
def test_an_objection_needs_a_reason(database: Database, words: str) -> None:
    code = create_provisional(database)
    with pytest.raises(Refused, match="Give a reason"):
        object_to(database, code, words=words)
    with pytest.raises(Refused, match="4,000 characters"):
        object_to(database, code, words="x" * 4000)
    assert count(database, Objection) == 0


def test_one_member_objects_once(database: Database) -> None:
    code, vera = create_provisional(database), create_voter()
    object_to(database, code, by=vera)
    with pytest.raises(Refused, match="already objected to the result of #1"):
        object_to(database, code, by=vera)
    assert state_of(database, code) is State.PROVISIONAL


@pytest.mark.parametrize("facts", [{"is_bot": True}, {"joined_at": DATE}, {"joined_at": None}])
def test_only_who_could_vote_can_object(database: Database, facts: dict[str, Any]) -> None:
    code = create_provisional(database)
    with pytest.raises(Refused):
        object_to(database, code, by=create_voter(**facts))
    assert count(database, Objection) == 0


def test_nobody_objects_before_or_after_its_time(database: Database) -> None:
    code = create_vote(database)
    with pytest.raises(Refused, match="no provisional result"):
        object_to(database, code, now=DATE + HOUR)
    cast(database, code, YES, YES, YES)
    wake(database, DATE + PERIOD)
    for _ in range(2):
        with pytest.raises(Refused, match="no provisional result"):
            object_to(database, code, now=DATE + PERIOD + DAY)
        wake(database, DATE + PERIOD + DAY)


def test_a_prediction_cannot_be_edited_while_it_is_voted_on(database: Database) -> None:
    code = create_vote(database)
    changes = editing.PredictionChanges(resolves_at=DATE + 10 * DAY)
    with pytest.raises(Refused, match="is voting, so it can't be edited"):
        database.run_here(editing.edit, MONA, code=code, changes=changes, now=DATE + HOUR)


# When the scheduler must wake


def test_the_next_thing_is_the_end_of_a_vote(database: Database) -> None:
    code = create_vote(database)
    assert database.read_here(votes.next_due_at) == DATE + PERIOD
    cast(database, code, YES, YES, YES)
    wake(database, DATE + PERIOD)
    assert database.read_here(votes.next_due_at) == DATE + PERIOD + DAY
    wake(database, DATE + PERIOD + DAY)
    assert database.read_here(votes.next_due_at) is None


def test_what_closed_before_its_date_wakes_the_scheduler_at_the_date(database: Database) -> None:
    create_prediction(database, closes_at=DATE - 5 * DAY)
    wake(database, DATE - 5 * DAY)
    assert database.read_here(votes.next_due_at) == DATE


def test_what_waits_for_a_place_does_not_keep_the_scheduler_awake(database: Database) -> None:
    for hours in range(2):
        create_prediction(database, resolves_at=DATE - hours * HOUR)
    create_prediction(database, kind=Kind.NUMERIC, resolves_at=DATE - 2 * HOUR)
    set_rule(database, open_votes_limit=1)
    wake(database, DATE)
    assert database.read_here(votes.next_due_at) == DATE + PERIOD


# Many at once


async def test_fifty_ballots_at_once_are_fifty(database: Database) -> None:
    code, voters = create_vote(database), [create_voter() for _ in range(50)]
    answers = [YES] * 34 + [NO] * 16
    clicks = [
        database.run(ballots.cast, voter, code=code, answer=answer, now=DATE + HOUR)
        for voter, answer in zip(voters, answers, strict=True)
    ]
    await asyncio.gather(*clicks)
    assert count(database, Ballot) == 50
    wake(database, DATE + PERIOD)
    result = votes_of(database, code)[0].result
    assert result["total"] == 50
    assert {(one["choice"], one["count"]) for one in result["counts"]} == {("yes", 34), ("no", 16)}


async def test_a_double_click_at_the_same_moment_is_one_ballot(database: Database) -> None:
    code, voters = create_vote(database), [create_voter() for _ in range(8)]
    clicks = [
        database.run(ballots.cast, voter, code=code, answer=answer, now=DATE + HOUR)
        for voter in voters
        for answer in (YES, NO, YES)
    ]
    await asyncio.gather(*clicks)
    assert count(database, Ballot) == 8


async def test_two_objections_at_the_same_moment_open_one_second_round(database: Database) -> None:
    code = create_provisional(database)
    now = COUNTED + HOUR
    clicks = [database.run(objections.object_to, create_voter(), code=code, words="Wrong.", now=now) for _ in range(4)]
    answers = await asyncio.gather(*clicks, return_exceptions=True)
    assert sorted(answer for answer in answers if isinstance(answer, int)) == [1, 2]
    assert sum(isinstance(answer, Refused) for answer in answers) == 2
    assert [vote.round for vote in votes_of(database, code)] == [1, 2]


async def test_one_member_who_objects_on_two_devices_at_once_has_objected_once(database: Database) -> None:
    code, vera = create_provisional(database), create_voter()
    facts: dict[str, Any] = {"code": code, "words": "Wrong.", "now": COUNTED + HOUR}
    both = [database.run(objections.object_to, vera, **facts) for _ in range(2)]
    told = await asyncio.gather(*both, return_exceptions=True)
    assert [answer for answer in told if answer == 1] == [1]
    assert next(str(answer) for answer in told if isinstance(answer, Refused)).startswith("You've already objected")
    assert (count(database, Objection), state_of(database, code)) == (1, State.PROVISIONAL)


async def test_ballots_at_the_moment_of_the_count_are_counted_or_refused(database: Database) -> None:
    code = create_vote(database)
    cast(database, code, YES, YES, YES)
    before_the_end = DATE + PERIOD - timedelta(seconds=1)
    calls: list[Any] = []
    for number in range(20):
        calls.append(database.run(ballots.cast, create_voter(), code=code, answer=YES, now=before_the_end))
        if number % 4 == 0:
            calls.append(database.run(counting.count_due, now=DATE + PERIOD))
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(outcome, Refused) for outcome in outcomes if isinstance(outcome, Exception))
    wake(database, DATE + PERIOD)
    (vote,) = votes_of(database, code)
    assert vote.result["total"] == count(database, Ballot)
    assert log(database, code).count("provisional") == 1


STEP = """
from datetime import datetime
from db.database import Database
from bot.domain.types import Actor
from bot.domain.voting import Answer, Choice
from bot.services import sweep
from bot.services.voting import ballots, clocks

databases = {}

def step(line):
    what, url, number, now = line.split()
    now = datetime.fromisoformat(now)
    database = databases.setdefault(url, None) or Database(url)
    databases[url] = database
    if what == "shown":
        database.run_here(clocks.started, range(1, 13), place=None, now=now)
        return "shown"
    if what == "wake":
        for part in sweep.PARTS:
            while database.run_here(part, now=now) is True:
                pass
        return "awake"
    import os
    for one in range(int(number)):
        joined_at = datetime.fromisoformat("2025-01-01T00:00+00:00")
        actor = Actor(guild_id=1001, user_id=os.getpid() * 1000 + one, name="vera", joined_at=joined_at)
        database.run_here(ballots.cast, actor, code=1, answer=Answer(Choice.YES), now=now)
    return "cast"
"""


def test_processes_cast_count_and_open_once(database: Database) -> None:
    for minutes in range(12):
        create_prediction(database, resolves_at=DATE - HOUR + timedelta(minutes=minutes))
    url = database.url.render_as_string(hide_password=False)
    with crowd(STEP, processes=3) as processes:
        for turn in range(3):
            processes.all_at_once(f"wake {url} 0 {(DATE + turn * HOUR).isoformat()}")
            assert states(database).count(State.VOTING) == 5
            processes.all_at_once(f"shown {url} 0 {(DATE + turn * HOUR).isoformat()}")
        processes.all_at_once(f"cast {url} 17 {(DATE + 3 * HOUR).isoformat()}")
        assert count(database, Ballot) == 51
        for turn in range(3):
            processes.all_at_once(f"wake {url} 0 {(DATE + PERIOD + turn * HOUR).isoformat()}")
    assert state_of(database, 1) is State.PROVISIONAL
    assert log(database, 1).count("provisional") == 1
    assert votes_of(database, 1)[0].result["total"] == 51
    open_now = select(func.count()).select_from(Vote).where(Vote.state == VoteState.OPEN)
    assert values(database, open_now) == [5]
    assert all(log(database, code).count("vote_extended") == 1 for code in range(2, 6))
