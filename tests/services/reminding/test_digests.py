from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from discord import ui
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from bot.domain.outcomes import Outcome
from bot.domain.types import Actor, Kind, State, Values
from bot.domain.voting import Choice
from bot.services import outbox, sweep
from bot.services.forecasting import forecasts
from bot.services.members import guilds
from bot.services.members.people import Nudge
from bot.services.reminding import digests
from bot.services.reminding.digests import Digest, DigestItem, GuildDigest
from bot.services.settings import changing
from bot.services.voting import resolutions
from bot.ui.cards.reminding.digest import digest_card
from db.database import Database
from db.models import Ballot, Guild, Member, OutboxMessage, Prediction, Score, User, Vote, VoteState
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_prediction
from tests.properties import examples
from tests.rows import counted_statements, everything, rows, values

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""The morning after NOW, in UTC: when whoever switches something on at NOW is looked at first."""


def create_person(database: Database, *nudges: Nudge, zone: str = "UTC", now: datetime = NOW, **facts: Any) -> Actor:
    """A member who wants to be told of these things; of all without any."""
    actor = create_actor(**facts)
    change(database, actor, zone=zone, **dict.fromkeys(nudges or Nudge, True), now=now)
    database.run_here(guilds.member_of, actor, now=now)
    return actor


def change(database: Database, actor: Actor, *, now: datetime = NOW, **changes: Any) -> None:
    database.run_here(changing.change_own_settings, actor, changes=changes, now=now)


def forecast(database: Database, actor: Actor, code: int = 1, *, values: Values = (0.7,), now: datetime = NOW) -> None:
    database.run_here(forecasts.place, actor, code=code, values=values, now=now)


def create_vote(database: Database, prediction_id: int, *, opened_at: datetime = NOW, **given: Any) -> int:
    """A vote, open for three days."""
    row = {"round": 1, "state": VoteState.OPEN, "opened_at": opened_at, "closes_at": opened_at + 3 * DAY, "rule": {}}
    with database.engine.begin() as connection:
        made = insert(Vote).values(prediction_id=prediction_id, **(row | given)).returning(Vote.id)
        return connection.execute(made).scalar_one()


def resolve(database: Database, prediction_id: int, *, at: datetime = NOW, **given: Any) -> None:
    """Give a prediction its outcome."""
    outcome = {"state": State.RESOLVED, "outcome": "yes", "resolved_at": at} | given
    with database.engine.begin() as connection:
        connection.execute(update(Prediction).where(Prediction.id == prediction_id).values(**outcome))


def member_id(database: Database, actor: Actor) -> int:
    found = database.read_here(guilds.known_member, actor)
    assert found is not None
    return found


def plan(database: Database, *, now: datetime = NINE) -> int:
    return database.run_here(digests.plan, now=now)


def queued(database: Database) -> list[dict[str, Any]]:
    """What every digest was queued with, oldest first."""
    asked = select(OutboxMessage.payload).where(OutboxMessage.kind == "digest").order_by(OutboxMessage.id)
    return values(database, asked)


def deliver(database: Database, *, now: datetime) -> list[Digest | None]:
    """Make all digests that are waiting, and mark them as sent."""
    made: list[Digest | None] = []
    for message in database.run_here(outbox.claim_due, now=now, limit=100):
        if message.kind is outbox.MessageKind.DIGEST:
            made.append(content(database, **message.payload, now=now))
        database.run_here(outbox.mark_sent, message.id, now=now)
    return made


def content(database: Database, *, user_id: int, since: str | None, until: str, now: datetime) -> Digest | None:
    """What a digest with this payload says."""
    return database.read_here(
        digests.digest_of,
        user_id=user_id,
        since=None if since is None else datetime.fromisoformat(since),
        until=datetime.fromisoformat(until),
        now=now,
    )


def look(
    database: Database, actor: Actor, *, since: datetime | None = None, until: datetime = NINE, now: datetime | None = None
) -> dict[str, list[int]]:
    """The codes of what a member would be told in their only guild, by kind; kinds with nothing are left out."""
    found = database.read_here(digests.digest_of, user_id=actor.user_id, since=since, until=until, now=now or until)
    return {} if found is None else codes(*found.guilds)


def codes(guild: GuildDigest) -> dict[str, list[int]]:
    kinds = {nudge.value: [item.view.code for item in getattr(guild, nudge)] for nudge in Nudge}
    return {nudge: found for nudge, found in kinds.items() if found}


def item(database: Database, actor: Actor, nudge: Nudge, *, until: datetime = NINE) -> DigestItem:
    """The only thing of a kind that a member is told."""
    found = database.read_here(digests.digest_of, user_id=actor.user_id, since=None, until=until, now=until)
    assert found is not None
    (guild,) = found.guilds
    (only,) = getattr(guild, nudge)
    return only


# Forecasts untouched for 30 days.


def test_a_forecast_is_told_of_when_it_is_30_days_old(database: Database) -> None:
    ada = create_person(database, Nudge.STALE)
    create_prediction(database, resolves_at=NOW + 300 * DAY)
    forecast(database, ada)
    moment = NOW + 30 * DAY
    assert look(database, ada, until=moment - timedelta(microseconds=1)) == {}
    assert look(database, ada, until=moment) == {"stale": [1]}
    assert look(database, ada, since=moment - timedelta(microseconds=1), until=moment) == {"stale": [1]}
    assert look(database, ada, since=moment, until=moment + DAY) == {}
    assert item(database, ada, Nudge.STALE, until=moment).view.own is not None


def test_a_forecast_that_was_touched_meanwhile_is_not(database: Database) -> None:
    ada = create_person(database, Nudge.STALE)
    for _ in range(3):
        create_prediction(database, resolves_at=NOW + 300 * DAY)
    for code in (1, 2, 3):
        forecast(database, ada, code)
    database.run_here(forecasts.reaffirm, ada, code=2, now=NOW + 20 * DAY)
    database.run_here(forecasts.withdraw, ada, code=3, now=NOW + 30 * DAY)
    assert look(database, ada, until=NOW + 31 * DAY) == {"stale": [1]}
    assert look(database, ada, since=NOW + 31 * DAY, until=NOW + 51 * DAY) == {"stale": [2]}
    assert look(database, ada, until=NOW + 51 * DAY) == {"stale": [1, 2]}


def test_on_a_prediction_that_takes_no_forecasts_it_is_not(database: Database) -> None:
    ada = create_person(database, Nudge.STALE)
    create_prediction(database, resolves_at=NOW + 30 * DAY)
    forecast(database, ada)
    assert look(database, ada, until=NOW + 30 * DAY) == {}
    database.run_here(sweep.close_due, now=NOW + 30 * DAY)
    assert look(database, ada, until=NOW + 30 * DAY) == {}


# Predictions that close within a week.


def test_a_prediction_is_told_of_a_week_before_it_closes(database: Database) -> None:
    ada = create_person(database, Nudge.CLOSING)
    create_prediction(database, resolves_at=NOW + 20 * DAY, closes_at=NOW + 17 * DAY)
    moment = NOW + 10 * DAY
    assert look(database, ada, until=moment - timedelta(microseconds=1)) == {}
    assert look(database, ada, until=moment) == {"closing": [1]}
    assert look(database, ada, since=moment - DAY, until=moment) == {"closing": [1]}
    assert look(database, ada, since=moment, until=moment + DAY) == {}
    assert look(database, ada, until=moment, now=NOW + 17 * DAY) == {}


def test_one_that_opens_in_its_last_week_is_told_of_when_it_opens(database: Database) -> None:
    ada = create_person(database, Nudge.CLOSING)
    create_prediction(database, resolves_at=NOW + 3 * DAY)
    assert look(database, ada, since=NOW - DAY, until=NOW - HOUR, now=NOW) == {}
    assert look(database, ada, since=NOW - HOUR, until=NOW) == {"closing": [1]}
    assert look(database, ada, since=NOW, until=NOW + DAY) == {}
    assert look(database, ada, until=NOW + DAY) == {"closing": [1]}


def test_one_that_the_member_has_forecast_is_not(database: Database) -> None:
    ada, bob = create_person(database, Nudge.CLOSING), create_person(database, Nudge.CLOSING)
    for _ in range(2):
        create_prediction(database, resolves_at=NOW + 3 * DAY)
    forecast(database, ada)
    assert (look(database, ada), look(database, bob)) == ({"closing": [2]}, {"closing": [1, 2]})
    database.run_here(forecasts.withdraw, ada, code=1, now=NOW + HOUR)
    assert look(database, ada) == {"closing": [1, 2]}


def test_those_that_close_first_come_first_and_undated_ones_never(database: Database) -> None:
    ada = create_person(database, Nudge.CLOSING)
    for days in (5, 3, 6):
        create_prediction(database, resolves_at=NOW + days * DAY)
    create_prediction(database, resolves_at=None)
    assert look(database, ada) == {"closing": [2, 1, 3]}


# Votes.


def test_a_vote_waits_until_the_member_has_cast_a_ballot(database: Database) -> None:
    ada, bob = create_person(database, Nudge.VOTES), create_person(database, Nudge.VOTES)
    view = create_prediction(database)
    vote_id = create_vote(database, view.id)
    assert (look(database, ada), look(database, bob)) == ({"votes": [1]}, {"votes": [1]})
    assert item(database, ada, Nudge.VOTES).vote_ends_at == NOW + 3 * DAY
    ballot = insert(Ballot).values(vote_id=vote_id, member_id=member_id(database, ada), choice=Choice.YES, cast_at=NOW)
    with database.engine.begin() as connection:
        connection.execute(ballot)
    assert (look(database, ada), look(database, bob)) == ({}, {"votes": [1]})


def test_a_vote_is_told_of_when_it_opens(database: Database) -> None:
    ada = create_person(database, Nudge.VOTES)
    create_vote(database, create_prediction(database).id)
    assert look(database, ada, since=NOW - DAY, until=NOW - HOUR) == {}
    assert look(database, ada, since=NOW - HOUR, until=NOW) == {"votes": [1]}
    assert look(database, ada, since=NOW, until=NOW + DAY) == {}
    assert look(database, ada, until=NOW + DAY) == {"votes": [1]}
    assert look(database, ada, until=NOW + DAY, now=NOW + 3 * DAY) == {}


@pytest.mark.parametrize("state", [state for state in VoteState if state is not VoteState.OPEN])
def test_a_vote_that_has_ended_is_not_told_of(database: Database, state: VoteState) -> None:
    ada = create_person(database, Nudge.VOTES)
    create_vote(database, create_prediction(database).id, state=state)
    assert look(database, ada) == {}


# Results.


def test_a_result_is_told_of_to_who_forecast_it(database: Database) -> None:
    ada, bob, cleo = (create_person(database, Nudge.RESULTS) for _ in range(3))
    view = create_prediction(database)
    forecast(database, ada)
    forecast(database, bob)
    database.run_here(forecasts.withdraw, bob, code=1, now=NOW + HOUR)
    resolve(database, view.id, at=NINE - HOUR)
    assert [look(database, actor) for actor in (ada, bob, cleo)] == [{"results": [1]}, {"results": [1]}, {}]
    found = item(database, ada, Nudge.RESULTS)
    assert (found.view.outcome, found.peer, found.baseline) == ("yes", None, None)
    assert found.view.own is not None


def test_a_result_belongs_to_the_digest_in_which_it_was_settled(database: Database) -> None:
    ada = create_person(database, Nudge.RESULTS)
    for code, at in enumerate((NINE - 2 * DAY, NINE - DAY, NINE - HOUR, NINE, NINE + HOUR), 1):
        view = create_prediction(database)
        forecast(database, ada, code)
        resolve(database, view.id, at=at)
    assert look(database, ada, since=NINE - 3 * DAY) == {"results": [1, 2, 3, 4]}
    assert look(database, ada, since=NINE - HOUR) == {"results": [4]}
    assert look(database, ada) == {"results": [3, 4]}, "the first digest has those of the last day"


def test_a_result_comes_with_the_members_own_scores(database: Database) -> None:
    ada, bob = create_person(database, Nudge.RESULTS), create_person(database, Nudge.RESULTS)
    view = create_prediction(database)
    for actor in (ada, bob):
        forecast(database, actor)
    resolve(database, view.id)
    scored = [(member_id(database, ada), 12.5, 48.5), (member_id(database, bob), -12.5, None), (None, 3.0, 4.0)]
    with database.engine.begin() as connection:
        for member, peer, baseline in scored:
            row = {"prediction_id": view.id, "member_id": member, "peer": peer, "baseline": baseline}
            connection.execute(insert(Score).values(coverage=1.0, presence=1.0, mean_values=[0.5], computed_at=NOW, **row))
    found = [item(database, actor, Nudge.RESULTS) for actor in (ada, bob)]
    assert [(told.peer, told.baseline) for told in found] == [(12.5, 48.5), (-12.5, None)]


def test_a_result_is_scored_before_it_is_told(database: Database) -> None:
    ada, bob = create_person(database, Nudge.RESULTS), create_person(database, Nudge.RESULTS)
    create_prediction(database)
    forecast(database, ada, values=(0.8,))
    forecast(database, bob, values=(0.4,))
    mona = create_actor("mona", manager=True)
    given: dict[str, Any] = {"code": 1, "outcome": Outcome("yes"), "words": "Seen.", "now": NOW + 15 * DAY}
    database.run_here(resolutions.override, mona, **given)
    told = item(database, ada, Nudge.RESULTS, until=NOW + 15 * DAY + HOUR)
    # It was planned for twice as long.
    assert told.peer == pytest.approx(69.31 / 2, abs=0.005)
    assert told.baseline == pytest.approx(67.81 / 2, abs=0.005)


@pytest.mark.parametrize("state", [state for state in State if state is not State.RESOLVED])
def test_what_is_not_resolved_has_no_result_to_tell(database: Database, state: State) -> None:
    ada = create_person(database, Nudge.RESULTS)
    view = create_prediction(database)
    forecast(database, ada)
    resolve(database, view.id, state=state)
    assert look(database, ada) == {}


# Whom and where.


def create_all(database: Database, actor: Actor) -> None:
    """One thing of each kind, by its code: 1 is stale, 2 closes, 3 has a vote, 4 its result."""
    by = create_actor(guild_id=actor.guild_id, manager=True)
    long_ago = NOW - 30 * DAY
    views = [create_prediction(database, by=by, now=long_ago, resolves_at=NOW + 90 * DAY) for _ in range(4)]
    for view in (views[0], views[3]):
        forecast(database, actor, view.code, now=long_ago)
    with database.engine.begin() as connection:
        connection.execute(update(Prediction).where(Prediction.id == views[1].id).values(closes_at=NOW + 5 * DAY))
    create_vote(database, views[2].id)
    resolve(database, views[3].id)


def test_only_what_was_switched_on_is_told(database: Database) -> None:
    ada = create_person(database)
    create_all(database, ada)
    assert look(database, ada) == {"stale": [1], "closing": [2], "votes": [3], "results": [4]}
    for code, nudge in enumerate(Nudge, 1):
        change(database, ada, now=NOW, **{other: other is nudge for other in Nudge})
        assert look(database, ada) == {nudge: [code]}
    change(database, ada, results=False)
    assert look(database, ada) == {}


def test_who_has_no_settings_or_is_gone_is_told_nothing(database: Database) -> None:
    ada = create_person(database)
    create_all(database, ada)
    assert look(database, create_actor()) == {}
    with database.engine.begin() as connection:
        connection.execute(update(Member).values(forgotten_at=NOW))
    assert look(database, ada) == {}
    with database.engine.begin() as connection:
        connection.execute(update(Member).values(forgotten_at=None))
        connection.execute(delete(User))
    assert look(database, ada) == {}


def test_all_guilds_of_a_person_are_in_one_digest_and_those_that_were_left_are_not(database: Database) -> None:
    ada = create_person(database)
    elsewhere = Actor(guild_id=OTHER_GUILD, user_id=ada.user_id, name="ada")
    create_all(database, ada)
    create_all(database, elsewhere)
    plan(database)
    (found,) = deliver(database, now=NINE)
    assert found is not None
    assert [guild.guild_id for guild in found.guilds] == [GUILD, OTHER_GUILD]
    assert [sum(map(len, codes(guild).values())) for guild in found.guilds] == [4, 4]
    assert all(told.view.guild_id == guild.guild_id for guild in found.guilds for told in guild.stale + guild.votes)
    database.run_here(guilds.say_goodbye, OTHER_GUILD, now=NINE)
    again = database.read_here(digests.digest_of, user_id=ada.user_id, since=None, until=NINE, now=NINE)
    assert again is not None
    assert [guild.guild_id for guild in again.guilds] == [GUILD]


def test_ten_of_a_kind_are_shown_and_the_others_counted(database: Database) -> None:
    ada = create_person(database, Nudge.CLOSING)
    for _ in range(13):
        create_prediction(database, resolves_at=NOW + 3 * DAY)
    found = database.read_here(digests.digest_of, user_id=ada.user_id, since=None, until=NINE, now=NINE)
    assert found is not None
    assert len(found.guilds[0].closing) == digests.MOST_SHOWN
    assert found.guilds[0].counts == {Nudge.CLOSING: 13}


def test_the_number_of_statements_does_not_depend_on_the_number_of_things(database: Database) -> None:
    ada = create_person(database)
    numbers: list[tuple[int, int]] = []
    for _ in range(2):
        for _ in range(3):
            create_all(database, ada)
        with counted_statements(database) as reading:
            look(database, ada)
        with counted_statements(database) as planning:
            database.rehearse_here(digests.plan, now=NINE)
        numbers.append((len(reading), len(planning)))
    assert numbers[0] == numbers[1]


def test_a_digest_has_no_crowd_that_its_reader_may_not_see(database: Database) -> None:
    ada = create_person(database)
    create_all(database, ada)
    for code in (1, 2, 3):
        forecast(database, create_actor(), code, values=(0.637,))
    found = database.read_here(digests.digest_of, user_id=ada.user_id, since=None, until=NINE, now=NINE)
    assert found is not None
    (guild,) = found.guilds
    for told in (*guild.closing, *guild.votes):
        assert told.view.forecasters == 1
        assert (told.view.crowd, told.view.crowd_is_hidden) == (None, True)
    assert "63.7" not in shown(found)
    assert "**#2** GPT-6 is released by the end of March · closes" in shown(found)


# Planning.


def test_who_has_something_to_be_told_gets_a_digest(database: Database) -> None:
    ada = create_person(database)
    create_person(database)
    create_prediction(database, resolves_at=NOW + 5 * DAY, by=ada)
    forecast(database, ada)
    assert plan(database, now=NINE - timedelta(microseconds=1)) == 0
    assert plan(database) == 2
    (payload,) = queued(database)
    assert payload == {"user_id": payload["user_id"], "since": None, "until": NINE.isoformat()}
    assert payload["user_id"] != ada.user_id
    assert rows(database, select(OutboxMessage.guild_id, OutboxMessage.due_at, OutboxMessage.dedupe_key)) == [
        (None, NINE, f"digest:{payload['user_id']}")
    ]
    assert set(rows(database, select(User.last_digest_at, User.next_digest_at))) == {(NINE, NINE + DAY)}


def test_planning_again_changes_nothing(database: Database) -> None:
    create_person(database)
    create_prediction(database, resolves_at=NOW + 5 * DAY)
    plan(database)
    before = everything(database)
    assert plan(database) == 0
    assert everything(database) == before


def test_planning_and_telling_agree_on_whether_there_is_something(database: Database) -> None:
    for nudge in Nudge:
        create_all(database, create_person(database, nudge, guild_id=9000 + len(nudge)))
    create_person(database)
    plan(database)
    made = deliver(database, now=NINE)
    assert len(made) == len(Nudge)
    assert None not in made


def test_who_wants_nothing_is_not_looked_at(database: Database) -> None:
    ada = create_person(database, Nudge.CLOSING)
    create_prediction(database, resolves_at=NOW + 5 * DAY)
    change(database, ada, closing=False)
    assert plan(database) == 0
    assert database.read_here(digests.next_due_at) is None


def test_the_next_digest_begins_where_this_one_ended(database: Database) -> None:
    create_person(database)
    create_prediction(database, resolves_at=NOW + 5 * DAY)
    plan(database)
    deliver(database, now=NINE)
    create_prediction(database, now=NINE + HOUR, resolves_at=NOW + 5 * DAY)
    assert plan(database, now=NINE + DAY) == 1
    assert queued(database)[1] == queued(database)[0] | {"since": NINE.isoformat(), "until": (NINE + DAY).isoformat()}
    (found,) = deliver(database, now=NINE + DAY)
    assert found is not None
    assert codes(*found.guilds) == {"closing": [2]}


def test_what_is_gone_when_it_is_sent_is_not_said(database: Database) -> None:
    ada = create_person(database)
    create_prediction(database, resolves_at=NOW + 5 * DAY)
    plan(database)
    forecast(database, ada, now=NINE)
    assert deliver(database, now=NINE) == [None]


def test_while_one_waits_to_be_sent_there_is_no_other_and_nothing_is_lost(database: Database) -> None:
    create_person(database)
    for days in (5, 9):
        create_prediction(database, resolves_at=NOW + days * DAY)
    plan(database)
    assert plan(database, now=NINE + DAY) == 1
    plan(database, now=NINE + 2 * DAY)
    assert len(queued(database)) == 1
    (first,) = deliver(database, now=NINE + 2 * DAY + HOUR)
    plan(database, now=NINE + 3 * DAY)
    (second,) = deliver(database, now=NINE + 3 * DAY)
    assert first is not None
    assert second is not None
    assert (codes(*first.guilds), codes(*second.guilds)) == ({"closing": [1]}, {"closing": [2]})


def test_a_late_one_is_followed_by_none_on_the_same_day(database: Database) -> None:
    create_person(database)
    late = NINE + DAY - HOUR
    create_prediction(database, resolves_at=NOW + 5 * DAY)
    plan(database, now=late)
    deliver(database, now=late)
    create_prediction(database, now=late + HOUR / 2, resolves_at=NOW + 5 * DAY)
    assert database.read_here(digests.next_due_at) == NINE + DAY
    plan(database, now=NINE + DAY)
    assert len(queued(database)) == 1
    plan(database, now=NINE + 2 * DAY)
    (found,) = deliver(database, now=NINE + 2 * DAY)
    assert found is not None
    assert codes(*found.guilds) == {"closing": [2]}


def test_one_that_was_sent_late_is_followed_by_none_on_the_same_day(database: Database) -> None:
    create_person(database)
    create_prediction(database, resolves_at=NOW + 5 * DAY)
    plan(database)
    deliver(database, now=NINE + DAY - HOUR)
    create_prediction(database, now=NINE + HOUR, resolves_at=NOW + 5 * DAY)
    plan(database, now=NINE + DAY)
    assert len(queued(database)) == 1
    plan(database, now=NINE + 2 * DAY)
    assert len(queued(database)) == 2


def test_a_move_to_the_east_does_not_bring_a_second_one(database: Database) -> None:
    ada = create_person(database, zone="America/Los_Angeles")
    create_prediction(database, resolves_at=NOW + 5 * DAY)
    first = datetime(2026, 3, 1, 17, tzinfo=UTC)  # 09:00 there, and 06:00 of the next day in Auckland
    plan(database, now=first)
    deliver(database, now=first)
    create_prediction(database, now=first + HOUR, resolves_at=NOW + 5 * DAY)
    change(database, ada, zone="Pacific/Auckland", now=first + HOUR)
    assert database.read_here(digests.next_due_at) == first + 3 * HOUR
    plan(database, now=first + 3 * HOUR)
    assert len(queued(database)) == 1
    plan(database, now=first + 27 * HOUR)
    assert len(queued(database)) == 2


def test_each_person_is_looked_at_in_their_own_morning(database: Database) -> None:
    for zone in ("Asia/Tokyo", "Europe/Berlin", "America/New_York"):
        create_person(database, zone=zone)
    create_prediction(database, resolves_at=NOW + 5 * DAY)
    looked: list[tuple[datetime, int]] = []
    while (at := database.read_here(digests.next_due_at)) is not None and at < NOW + DAY:
        looked.append((at, plan(database, now=at)))
    assert [(at.hour, people_looked_at) for at, people_looked_at in looked] == [(14, 1), (0, 1), (8, 1)]


def test_mornings_follow_daylight_saving(database: Database) -> None:
    create_person(database, zone="Europe/Berlin")
    looks: list[datetime] = []
    while (at := database.read_here(digests.next_due_at)) is not None and len(looks) < 40:
        looks.append(at.astimezone(ZoneInfo("Europe/Berlin")))
        plan(database, now=at)
    assert {at.hour for at in looks} == {9}
    assert [at.date() for at in looks] == [(NOW + days * DAY).date() for days in range(1, 41)]
    assert len({at.utcoffset() for at in looks}) == 2


def test_everybody_is_looked_at_a_batch_at_a_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "BATCH", 2)
    for _ in range(5):
        create_person(database)
    create_prediction(database, resolves_at=NOW + 5 * DAY)
    assert [plan(database) for _ in range(4)] == [2, 2, 1, 0]
    assert len({payload["user_id"] for payload in queued(database)}) == 5


async def test_planning_at_the_same_moment_tells_nobody_twice(database: Database) -> None:
    for _ in range(8):
        create_person(database)
    create_prediction(database, resolves_at=NOW + 5 * DAY)
    looked = await asyncio.gather(*(database.run(digests.plan, now=NINE) for _ in range(6)))
    assert sum(looked) == 8
    assert Counter(payload["user_id"] for payload in queued(database)).most_common(1)[0][1] == 1
    assert len(queued(database)) == 8


MOMENTS = st.lists(st.integers(0, 15 * 24), min_size=2, max_size=6)
STEPS = st.lists(st.tuples(st.integers(4, 18), st.booleans()), min_size=25, max_size=40)


@hypothesis_settings(
    max_examples=examples(10),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink what fails would take minutes on a database
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata"]),
    stale=MOMENTS,
    closing=MOMENTS,
    steps=STEPS,
)
def test_nobody_gets_two_in_a_day_and_each_thing_is_told_once(
    database: Database, zone: str, stale: list[int], closing: list[int], steps: list[tuple[int, bool]]
) -> None:
    """Whenever it is planned, at most 18 hours apart, and when what was planned is sent at most two steps later."""
    with database.engine.begin() as connection:  # all that the example before this one left
        for table in (OutboxMessage, User, Guild):
            connection.execute(delete(table))
    start = NOW + 25 * DAY - HOUR  # daylight saving begins on the way
    ada = create_person(database, Nudge.STALE, Nudge.CLOSING, zone=zone, now=start)
    moments: dict[int, datetime] = {}
    for hours in stale:
        at = start - 5 * DAY + hours * HOUR
        view = create_prediction(database, now=at - 30 * DAY, resolves_at=start + 900 * DAY)
        forecast(database, ada, view.code, now=at - 30 * DAY)
        moments[view.code] = at
    for hours in closing:
        at = start - 5 * DAY + hours * HOUR
        view = create_prediction(database, now=at - 60 * DAY, resolves_at=at + 7 * DAY)
        moments[view.code] = at
    now, told_on, told, waited = start, [], Counter[int](), 0
    for hours, is_sent in steps:
        now += hours * HOUR
        plan(database, now=now)
        if is_sent or waited == 2:
            made = [found for found in deliver(database, now=now) if found is not None]
            told_on += [now.astimezone(ZoneInfo(zone)).date()] * len(made)
            told.update(code for found in made for some in codes(*found.guilds).values() for code in some)
        waited = 0 if is_sent or waited == 2 else waited + 1
    assert len(set(told_on)) == len(told_on)
    assert set(told.values()) <= {1}
    still_open = {code for code, at in moments.items() if at > start - 2 * DAY or code <= len(stale)}
    assert {code for code in still_open if moments[code] < now - 7 * DAY} <= set(told)


# The card.


def shown(digest: Digest, names: dict[int, str] | None = None) -> str:
    """All the text of a digest's card."""
    view = digest_card(digest, guild_names=names or {GUILD: "Forecasters"})
    found = list(view.walk_children())
    assert not any(isinstance(child, ui.Button | ui.Select | ui.ActionRow) for child in found)
    texts = [child.content for child in found if isinstance(child, ui.TextDisplay)]
    assert sum(map(len, texts)) <= 4000
    return "\n".join(texts)


def read(database: Database, actor: Actor, *, until: datetime = NINE) -> Digest:
    found = database.read_here(digests.digest_of, user_id=actor.user_id, since=None, until=until, now=until)
    assert found is not None
    return found


def stamp(moment: datetime) -> str:
    return f"<t:{int(moment.timestamp())}:R>"


def test_each_thing_is_one_line(database: Database) -> None:
    ada = create_person(database)
    create_all(database, ada)
    told = shown(read(database, ada)).splitlines()
    what = "GPT-6 is released by the end of March"
    assert told[1:-1] == [
        "**__Forecasters__**",
        "**1 prediction without your forecast, closing within a week**",
        f"**#2** {what} · closes {stamp(NOW + 5 * DAY)}",
        "**1 vote waiting for you**",
        f"**#3** {what} · vote ends {stamp(NOW + 3 * DAY)}",
        "**1 result**",
        f"**#4** {what} · resolved yes · you said 70%",
        "**1 of your forecasts, untouched for 30 days**",
        f"**#1** {what} · you said 70% {stamp(NOW - 30 * DAY)}",
    ]
    assert told[-1] == "-# Use `/next` on the server to go through them, or `/settings me` to turn this off."


@pytest.mark.parametrize(
    ("kind", "said", "outcome", "value", "line"),
    [
        (Kind.BINARY, (0.7,), "no", None, "resolved no · you said 70%"),
        (Kind.MULTIPLE_CHOICE, (0.2, 0.5, 0.3), "option", 1.0, "resolved Google · you said Google 50% and 2 more"),
        (Kind.NUMERIC, (1.0, 2.0, 3.0), "value", 2.5, "resolved 2.5 USD · you said 2 USD"),
        (Kind.DATE, (20500.0, 20600.0, 20700.0), "value", 20530.0, "resolved 18 Mar 2026 · you said 27 May 2026"),
    ],
)
def test_a_result_says_what_happened_and_what_one_said(
    database: Database, kind: Kind, said: Values, outcome: str, value: float | None, line: str
) -> None:
    ada = create_person(database)
    view = create_prediction(database, kind=kind)
    forecast(database, ada, values=said)
    resolve(database, view.id, outcome=outcome, outcome_value=value)
    assert shown(read(database, ada)).splitlines()[3].endswith(line)
    row = {"prediction_id": view.id, "member_id": member_id(database, ada), "peer": -12.34, "baseline": 40.0}
    with database.engine.begin() as connection:
        connection.execute(insert(Score).values(coverage=1.0, presence=1.0, mean_values=[0.5], computed_at=NOW, **row))
    assert f"{line} · peer score -12.3 · baseline score +40.0" in shown(read(database, ada))


def test_a_result_of_a_withdrawn_forecast_says_so(database: Database) -> None:
    ada = create_person(database)
    view = create_prediction(database)
    forecast(database, ada)
    database.run_here(forecasts.withdraw, ada, code=1, now=NOW + HOUR)
    resolve(database, view.id)
    assert "resolved yes · you'd withdrawn your forecast" in shown(read(database, ada))


def test_peoples_words_ping_nobody_and_break_nothing(database: Database) -> None:
    ada = create_person(database)
    create_prediction(database, statement="@everyone <@123> **bold**\n# [a](https://b.c) `x", resolves_at=NOW + 5 * DAY)
    told = shown(read(database, ada), {GUILD: "@here <@&5>\n### **Mine**"})
    assert "@everyone" not in told
    assert "@here" not in told
    assert "<@" not in told
    assert "](" not in told
    assert len(told.splitlines()) == 5


def test_what_is_more_than_a_card_holds_is_counted(database: Database) -> None:
    ada = create_person(database)
    for number in range(60):
        guild_id = GUILD + number
        by = create_actor(guild_id=guild_id, manager=True)
        database.run_here(guilds.member_of, Actor(guild_id=guild_id, user_id=ada.user_id, name="ada"), now=NOW)
        for _ in range(12 if number < 2 else 1):
            create_prediction(database, by=by, statement="*" * 300, resolves_at=NOW + 5 * DAY)
    names = {GUILD + number: f"Guild {number} " + "_" * 80 for number in range(60)}
    everywhere = read(database, ada)
    told = shown(everywhere, names)
    assert f"-# and {60 - told.count('**__Guild')} more servers" in told
    one = shown(Digest(ada.user_id, everywhere.guilds[:1]), names)
    assert "**12 predictions without your forecast, closing within a week**" in one
    assert one.count("· closes") == 10
    assert "-# and 2 more" in one
    two = shown(Digest(ada.user_id, everywhere.guilds[:2]), names)
    assert two.count("· closes") == two.count("**#") > 10
    assert two.count(" more") == 2
