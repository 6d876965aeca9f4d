"""The community decides what happened: proposals, ballots, objections, a second round, managers; as people see it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.types import State
from db.models import Ballot, Event, Prediction, Proposal, Vote
from tests.behaviour.conftest import Seen, World, choose, click, forge, shown, slash
from tests.behaviour.forecasting.test_questions import speak
from tests.factories import create_document

DAY, HOUR = 86400, 3600
DATE = datetime(2026, 3, 1, tzinfo=UTC)
"""The simulated world begins on 1 January 2026, at midnight UTC."""


async def arrange(world: World, members: int = 10, **given: Any) -> list[Any]:
    """A channel for posts, a prediction with its card there, and so many members who have been here for two days."""
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    people = [world.guild.add_member(world.env.create_user(f"member{number}")) for number in range(members)]
    await world.env.settle()
    wanted = {"statement": "GPT-6 is released by the end of February", "by": "28 Feb 2026"} | given
    await slash(world.manager, world, "prediction add", **wanted)
    world.change(update(Prediction).values(forecasters=1))  # what nobody forecast is not told of
    await world.advance(2 * DAY)
    forecast(world)
    return people


def forecast(world: World) -> None:
    """Somebody forecasts on whatever nobody has forecast on, so that it gets its vote."""
    world.change(update(Prediction).where(Prediction.forecasters == 0).values(forecasters=1))


async def until(world: World, moment: datetime) -> None:
    """Let time pass up to a moment."""
    await world.advance((moment - world.now).total_seconds())


async def vote(member: Any, world: World, label: str) -> Seen:
    """Vote by a click on the ballot paper."""
    return await (await slash(member, world, "vote", prediction="1")).click(label)


def posted(world: World, words: str) -> Any:
    """The latest public message with these words."""
    return [message for message in world.messages() if words in shown(message)][-1]


def state(world: World, code: int = 1) -> State:
    """Where a prediction stands."""
    return world.rows(select(Prediction.state).where(Prediction.code == code))[0][0]


async def test_the_whole_way_from_the_date_to_a_result_taken_back(world: World) -> None:
    transcript: list[str] = []

    def say(who: str, what: str) -> None:
        transcript.append(f"--- {who}\n{what}")

    people = await arrange(world)
    for number, person in enumerate(people):
        await slash(person, world, "forecast", prediction="1", probability=str(10 + 8 * number))
    await until(world, DATE)
    assert state(world) is State.VOTING

    card = posted(world, "What happened?")
    say("the channel", shown(card))
    assert "**0** of **3** votes needed" in shown(card)
    first = await click(people[0], card, "Vote")
    say("member0: Vote", first.text)
    taken = await first.click("Yes")
    say("member0: Yes", taken.text)
    assert "You voted **Yes**" in taken.text
    assert taken.is_private
    for person in people[1:8]:
        await vote(person, world, "Yes")
    for person in people[8:]:
        await vote(person, world, "No")
    changed = await vote(people[9], world, "Can't be decided")
    assert "(was No)" in changed.text
    await world.advance(60)
    card = posted(world, "What happened?")
    assert "**10 votes** in · enough to decide (3 needed)" in shown(card)
    assert "Yes **" not in shown(card), "ballots are secret"

    await world.advance(3 * DAY)
    await world.advance(60)
    provisional = posted(world, "It becomes final")
    say("the channel", shown(provisional))
    assert "10 votes: Yes **8**" in shown(provisional)
    assert state(world) is State.PROVISIONAL
    for person, told in zip(people[8:], ("One more starts a second round.", "A second round starts."), strict=True):
        form = await click(person, provisional, "Object")
        objected = await form.fill_in(what_s_wrong_with_it="It is a preview only.")
        say(f"{person.name}: Object", objected.text)
        assert told in objected.text
    assert state(world) is State.VOTING
    await world.advance(60)
    second = posted(world, "Second round")
    assert second.id == provisional.id, "the second round takes the place of the first"
    say("the channel", shown(second))
    assert "of **3** votes needed" in shown(second)
    assert "It is a preview only." in shown(second)
    for person in people[:7]:
        await vote(person, world, "No")
    await world.advance(3 * DAY + HOUR)
    assert state(world) is State.RESOLVED
    await world.advance(DAY)
    result = posted(world, "🏁")
    say("the channel", shown(result))
    assert "🏁 No · #1" in shown(result)
    assert "7 votes: No **7**" in shown(result)
    assert "points" not in shown(result), "too few on one side: it would say who they are"

    refused = await slash(world.ada, world, "resolution reopen", prediction="1", reason="I disagree")
    assert "Only managers can" in refused.text
    reopened = await slash(
        world.manager, world, "resolution reopen", prediction="1", reason="The final version came out in time."
    )
    say("mona: /resolution reopen", reopened.text)
    await world.advance(60)
    assert "Result withdrawn" in shown(posted(world, "Result withdrawn"))
    decided = await slash(
        world.manager, world, "resolution override", prediction="1", outcome="yes", reason="OpenAI's notes say so."
    )
    say("mona: /resolution override", decided.text)
    await world.advance(60)
    final = posted(world, "🏁")
    say("the channel", shown(final))
    assert "🏁 Yes · #1" in shown(final)
    assert "Decided by" in shown(final)
    assert "OpenAI's notes say so." in shown(final)
    log = await slash(world.bob, world, "resolution log", prediction="1")
    say("bob: /resolution log", log.text)
    assert f"**Result withdrawn** by <@{world.manager.id}> (manager)" in log.text
    assert f"**Decided** by <@{world.manager.id}> (manager): Yes\n" in log.text
    kinds = [row.kind for row in world.rows(select(Event.kind).order_by(Event.id))]
    for kind in (
        "vote_opened",
        "provisional",
        "objected",
        "second_round",
        "resolved",
        "reopened",
        "overridden",
    ):
        assert kind in kinds
    print("\n".join(transcript))


async def test_a_vote_opens_at_the_date_and_is_extended_handed_over_and_annulled_where_nobody_votes(world: World) -> None:
    await arrange(world)
    await until(world, DATE)
    assert "What happened?" in shown(posted(world, "What happened?"))
    await world.advance(3 * DAY)
    await world.advance(60)
    assert "Extended once." in shown(posted(world, "What happened?"))
    await world.advance(3 * DAY)
    await world.advance(60)
    assert "Managers decide now" in shown(posted(world, "What happened?"))
    assert "Over to the managers" in shown(world.manager.user.dm_channel.history()[-1])
    await world.advance(14 * DAY + 120)
    assert state(world) is State.ANNULLED
    assert "🚫 annulled · #1" in shown(posted(world, "🚫"))


async def test_too_early_asks_again_on_the_day_that_was_named(world: World) -> None:
    people = await arrange(world)
    await until(world, DATE)
    for person in people[:3]:
        early = await vote(person, world, "Too early")
        form = await early.click("Add link, comment or new date…")
        await form.fill_in(check_again_by="30 Jun 2026")
    await world.advance(3 * DAY)
    assert state(world) is State.CLOSED
    await world.advance(60)
    assert "Too early to say **3**" in shown(posted(world, "What happened?"))
    assert "You said" not in (await slash(world.ada, world, "forecast", prediction="1", probability="70")).text


async def test_five_votes_are_open_and_the_next_follow(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    items = [{"window": {"end": f"2025-12-{day:02}"}} for day in range(1, 21)]
    world.load(create_document(*items))
    forecast(world)
    await world.advance(60)
    (post,) = [post for post in world.posts() if "What happened?" in post]
    assert "What happened? 5 votes" in post
    assert [row.code for row in world.rows(select(Prediction.code).join(Vote))] == [1, 2, 3, 4, 5]
    await slash(world.manager, world, "resolution override", prediction="2", outcome="no", reason="It did not.")
    await world.advance(60)
    assert [row.code for row in world.rows(select(Prediction.code).join(Vote).order_by(Vote.id))] == [1, 2, 3, 4, 5, 6]


async def test_an_early_vote_waits_while_the_places_are_for_what_is_due(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    world.load(create_document(*({"window": {"end": f"2025-12-{day:02}"}} for day in range(1, 21))))
    world.create_prediction("It is out")
    forecast(world)
    await world.advance(2 * DAY)
    proposed = await propose(world, world.ada, prediction="21")
    seconded = await click(world.bob, proposed.message, "Second it")
    assert "Its vote opens as soon as there's room for another one" in seconded.text
    await slash(world.manager, world, "resolution override", prediction="2", outcome="no", reason="It did not.")
    await world.advance(60)
    assert [row.code for row in world.rows(select(Prediction.code).join(Vote).order_by(Vote.id))] == [1, 2, 3, 4, 5, 6]


async def propose(world: World, member: Any, **given: Any) -> Seen:
    """Say that it has happened."""
    facts = {"prediction": "1", "outcome": "yes", "happened": "1 hour ago", "link": "https://example.com/gpt-6"} | given
    known = {name: value for name, value in facts.items() if value is not None}
    return await slash(member, world, "resolution propose", **known)


async def test_an_early_vote_from_the_proposal_to_the_result(world: World) -> None:
    people = await arrange(world)
    for number, person in enumerate(people):
        await slash(person, world, "forecast", prediction="1", probability=str(10 + 8 * number))
    proposed = await propose(world, world.ada, words="It is out")
    assert "says: **Yes**, known since" in proposed.text
    assert "An early vote opens once another member seconds it." in proposed.text
    own = await click(world.ada, proposed.message, "Second it")
    assert "Another member has to second it" in own.text
    await click(world.bob, proposed.message, "Second it")
    assert state(world) is State.OPEN
    card = posted(world, "Has it happened?")
    ((closes_at,),) = world.rows(select(Vote.closes_at))
    assert f"**2** of **3** votes needed · ends <t:{int(closes_at.timestamp())}:R>" in shown(card)
    assert "Forecasting goes on until the result is final" in shown(card)
    paper = await click(people[0], card, "Vote")
    assert "[Yes, as proposed]" in paper.text
    assert "[Not yet]" in paper.text
    taken = await paper.click("Yes, as proposed")
    assert "You voted **Yes, as proposed**" in taken.text
    assert "You said **88%**" in (await slash(people[1], world, "forecast", prediction="1", probability="88")).text
    await world.advance(DAY)
    assert state(world) is State.OPEN
    assert "It becomes final" in shown(posted(world, "Has it happened?"))
    await world.advance(DAY + 60)
    assert state(world) is State.RESOLVED
    result = shown(posted(world, "🏁"))
    assert "🏁 Yes · #1" in result
    assert "Known since <t:" in result
    assert "[Who said what]" in result
    history = await slash(people[1], world, "forecasts", prediction="1")
    assert history.text.count(" · after the fact, not scored") == 2, "both came within the hour after it was known"
    log = await slash(world.bob, world, "resolution log", prediction="1")
    assert "**Result proposed** by" in log.text
    assert "): Yes, known since" in log.text or ": Yes, known since" in log.text


async def test_two_strangers_are_refused_at_the_first_step_and_forecasting_goes_on(world: World) -> None:
    """An account of a second ago neither sees a form nor proposes nor seconds, and nothing changes for the others."""
    await arrange(world)
    proposed = await propose(world, world.ada)
    users = [world.env.create_user(name, account_age=timedelta(seconds=1)) for name in ("mal", "lam")]
    strangers = [world.guild.add_member(user) for user in users]
    await world.env.settle()
    before = world.messages()
    for stranger in strangers:
        for seen in (
            await propose(world, stranger),
            await click(stranger, posted(world, "[Propose result]"), "Propose result"),
            await click(stranger, proposed.message, "Second it"),
        ):
            assert "Your Discord account is less than 30 days old" in seen.text
            assert seen.is_private
    await world.advance(60)
    assert [shown(message) for message in world.messages()] == [shown(message) for message in before]
    assert world.rows(select(Vote.id)) == []
    assert "You said **70%**" in (await slash(world.bob, world, "forecast", prediction="1", probability="70")).text


async def test_who_came_late_does_not_vote_and_is_told_why(world: World) -> None:
    await arrange(world)
    await until(world, DATE)
    late = world.guild.add_member(world.env.create_user("late"))
    await world.env.settle()
    refused = await slash(late, world, "vote", prediction="1")
    assert "joined less than 24 hours before this vote opened" in refused.text
    assert world.rows(select(Ballot.member_id)) == []


async def test_an_option_a_number_and_a_day_can_be_proposed_and_voted(world: World) -> None:
    people = await arrange(world, kind="multiple_choice", statement="Who leads?", options="OpenAI; Google; Anthropic")
    await until(world, DATE)
    for person in people[:3]:
        paper = await slash(person, world, "vote", prediction="1")
        await paper.choose("Which one is it?", "option=2")
    await world.advance(3 * DAY)
    await world.advance(1 * DAY)
    assert "🏁 Anthropic" in shown(posted(world, "🏁"))
    await slash(
        world.manager, world, "prediction add", statement="What does it cost?", by="31 Mar 2026", kind="numeric", unit="USD"
    )
    forecast(world)
    await until(world, datetime(2026, 4, 1, tzinfo=UTC))
    paper = await slash(people[0], world, "vote", prediction="2")
    assert "What was the number?" in paper.text
    form = await paper.click("Give the number…")
    refused = await form.fill_in(what_is_the_number="a lot")
    assert "as one number" in refused.text
    for person in people[:3]:
        form = await (await slash(person, world, "vote", prediction="2")).click("Give the number…")
        taken = await form.fill_in(what_is_the_number="12.5", when_did_it_become_known="yesterday")
        assert "You voted **12.5 USD**" in taken.text
    await world.advance(1 * DAY)
    await world.advance(1 * DAY + 60)
    assert "🏁 12.5 USD" in shown(posted(world, "🏁"))
    await slash(world.manager, world, "prediction add", statement="When is it out?", by="30 Apr 2026", kind="date")
    forecast(world)
    await until(world, datetime(2026, 5, 1, tzinfo=UTC))
    for person in people[:3]:
        form = await (await slash(person, world, "vote", prediction="3")).click("Give the day…")
        assert "You voted **3 Apr 2026**" in (await form.fill_in(on_which_day="3 Apr 2026")).text
    await world.advance(1 * DAY)
    await world.advance(1 * DAY + 60)
    assert "🏁 3 Apr 2026" in shown(posted(world, "🏁"))


async def test_a_number_that_nobody_agrees_on_is_handed_over_and_ends(world: World) -> None:
    people = await arrange(world, kind="numeric", statement="What does it cost?", unit="USD")
    await until(world, DATE)
    for number, person in enumerate(people[:4]):
        form = await (await slash(person, world, "vote", prediction="1")).click("Give the number…")
        await form.fill_in(what_is_the_number=str(10 + number))
    await world.advance(3 * DAY)
    await world.advance(60)
    paper = await slash(people[5], world, "vote", prediction="1")
    assert all(f"[{number} USD]" in paper.text for number in (10, 11, 12, 13))
    await world.advance(3 * DAY)
    await world.advance(60)
    assert "Over to the managers" in shown(world.manager.user.dm_channel.history()[-1])
    await world.advance(14 * DAY + 120)
    assert state(world) is State.ANNULLED


async def test_a_value_and_a_moment_are_read_in_the_members_language(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    people = await arrange(world, kind="numeric", statement="What does it cost?", unit="USD")
    await until(world, datetime(2026, 2, 8, tzinfo=UTC))
    speak(monkeypatch, "de")
    asked = await propose(world, world.ada, outcome="1.234,5", happened="5/2/2026 15:00")
    assert asked.buttons == ["5 Feb 2026 15:00", "2 May 2026 15:00"]
    await asked.click("5 Feb 2026 15:00")
    afternoon = datetime(2026, 2, 5, 15, tzinfo=UTC)
    assert world.rows(select(Proposal.outcome_value, Proposal.happened_at)) == [(1234.5, afternoon)]
    await until(world, DATE)
    form = await (await slash(people[0], world, "vote", prediction="1")).click("Another…")
    asked = await form.fill_in(what_is_the_number="1.000,5", when_did_it_become_known="6/2/2026")
    await asked.click("6 Feb 2026")
    assert world.rows(select(Ballot.value, Ballot.happened_at)) == [(1000.5, datetime(2026, 2, 6, tzinfo=UTC))]


async def test_a_ballot_after_the_end_or_forged_is_refused(world: World) -> None:
    people = await arrange(world)
    await until(world, DATE)
    paper = await slash(people[0], world, "vote", prediction="1")
    for argument in ("1:1:option=9", "1:1:value=nan", "1:1:value=x", "1:1:perhaps", "1:99:yes", "2:1:yes", "1:1:accept"):
        assert "⚠️" in (await forge(people[1], (await slash(people[1], world, "help")).message, f"vote.cast:{argument}")).text
    await world.advance(4 * DAY)
    await world.advance(60)
    await world.advance(4 * DAY)
    late = await paper.click("Yes")
    assert "That vote is over" in late.text
    assert world.rows(select(Ballot.member_id)) == []


async def test_what_is_wrong_with_a_proposal_is_said_privately(world: World) -> None:
    await arrange(world)
    for given, sentence in (
        ({"outcome": "maybe"}, "Answer yes or no"),
        ({"link": None}, "Add a link"),
        ({"link": "javascript:alert(1)"}, "isn't a web address"),
        ({"words": "x" * 4000}, "at most 1,000 fit"),
        ({"happened": None}, "Say when it became publicly known"),
        ({"happened": "tomorrow"}, "⚠️"),
        ({"happened": "1 Jan 2025"}, "⚠️"),
    ):
        seen = await propose(world, world.ada, **given)
        assert sentence in seen.text, given
        assert seen.is_private
    assert state(world) is State.OPEN
    assert not re.search("proposed", str(world.rows(select(Event.kind))))


async def test_the_card_leads_to_a_proposal_and_then_to_the_vote(world: World) -> None:
    people = await arrange(world)
    card = posted(world, "GPT-6 is released")
    form = await click(people[0], card, "Propose result")
    when = {"when_did_it_become_known": "2 hours ago"}
    refused = await form.fill_in(what_happened="perhaps", link_that_shows_it="https://example.com", **when)
    assert "Answer yes or no" in refused.text
    assert "**You wrote**" in refused.text
    form = await click(people[0], card, "Propose result")
    proposed = await form.fill_in(what_happened="yes", link_that_shows_it="https://example.com", **when)
    assert not proposed.is_private
    await click(people[1], proposed.message, "Second it")
    await world.advance(60)
    paper = await click(people[2], posted(world, "Has it happened?"), "Vote")
    assert "[Yes, as proposed]" in paper.text


async def test_a_manager_annuls_with_a_reason_and_nobody_else_does(world: World) -> None:
    await arrange(world)
    refused = await slash(world.ada, world, "prediction annul", prediction="1", reason="I do not like it")
    assert "Only managers can" in refused.text
    empty = await slash(world.manager, world, "prediction annul", prediction="1", reason=" ")
    assert "Give a reason" in empty.text
    assert state(world) is State.OPEN
    await slash(world.manager, world, "prediction annul", prediction="1", reason="It is asked twice.")
    await world.advance(60)
    assert state(world) is State.ANNULLED
    assert "It is asked twice." in shown(posted(world, "🚫"))


async def test_an_early_vote_that_comes_to_nothing_changes_nothing(world: World) -> None:
    people = await arrange(world)
    proposed = await propose(world, people[0])
    await click(people[1], proposed.message, "Second it")
    for _ in range(2):
        await world.advance(3 * DAY)
        await world.advance(60)
    assert "This vote ended without a result." in shown(posted(world, "Has it happened?"))
    log = await slash(people[0], world, "resolution log", prediction="1")
    assert "Vote came to nothing: forecasting continues" in log.text
    placed = await slash(people[0], world, "forecast", prediction="1", probability="70")
    assert "You said **70%**" in placed.text
    again = await propose(world, people[2])
    assert "An early vote on #1 failed" in again.text


async def test_a_vote_that_cannot_be_counted_holds_up_no_other(world: World) -> None:
    people = await arrange(world, members=3)
    for code in (2, 3):
        await slash(world.manager, world, "prediction add", statement=f"Another one, number {code}", by="28 Feb 2026")
    forecast(world)
    await until(world, DATE)
    assert [state(world, code) for code in (1, 2, 3)] == [State.VOTING] * 3
    for code in (1, 2, 3):
        for person in people:
            await (await slash(person, world, "vote", prediction=str(code))).click("Yes")
    ((rule,),) = world.rows(select(Vote.rule).where(Vote.prediction_id == 2))
    world.change(update(Vote).where(Vote.prediction_id == 2).values(rule=rule | {"objection_hours": "many"}))
    await world.advance(3 * DAY)
    await world.advance(60)
    assert [state(world, code) for code in (1, 2, 3)] == [State.PROVISIONAL, State.VOTING, State.PROVISIONAL]
    failures = [record.getMessage() for record in world.errors.records]
    assert failures == ["vote 2 could not be counted"], "it is not tried again and again"
    world.change(update(Vote).where(Vote.prediction_id == 2).values(rule=rule))
    await world.advance(HOUR)
    assert state(world, 2) is State.PROVISIONAL
    world.errors.records.clear()


async def test_votes_that_end_together_are_told_of_in_one_post(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    await world.advance(2 * DAY)
    world.load(create_document(*({"window": {"end": f"2025-12-{day:02}"}} for day in range(1, 5))))
    world.change(update(Prediction).values(forecasters=1))
    for seconds in (60, 3 * DAY, 60):
        await world.advance(seconds)
    (post,) = [post for post in world.posts() if "What happened?" in post]
    assert "What happened? 4 votes" in post
    assert all(f"**#{code}**" in post for code in range(1, 5))
    paper = await choose(world.ada, posted(world, "What happened?"), "Vote on…", "3")
    assert "#3 ·" in paper.text
    await world.advance(60)
    await world.advance(3 * DAY)
    (letter,) = [shown(message) for message in world.manager.user.dm_channel.history()]
    assert "Over to the managers: 4 votes" in letter
