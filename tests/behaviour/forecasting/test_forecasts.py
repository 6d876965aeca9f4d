"""A member says how likely a prediction is: from its card, from a form, by command; takes it back; gives a reason."""

from __future__ import annotations

import pytest

from tests.behaviour.conftest import Seen, World, click, complete, slash

PROBABILITY = "How likely is it?"


async def exact(member: object, world: World, code: int = 1) -> Seen:
    """The form behind Exact…."""
    panel = await slash(member, world, "forecast", prediction=str(code))
    return await panel.click("Exact…")


async def test_a_forecast_takes_two_taps_from_the_public_card(world: World) -> None:
    card = await slash(world.manager, world, "prediction add", statement="GPT-6 is released", by="31 Dec 2027")
    panel = await click(world.ada, card.message, "Forecast")
    placed = await panel.choose(PROBABILITY, "0.7")
    assert "You said **70%** on **#1**" in placed.text
    assert world.forecasts_of(world.ada) == [(0.7,)]


async def test_panel_and_answer_are_private(world: World) -> None:
    card = await slash(world.manager, world, "prediction add", statement="GPT-6 is released", by="31 Dec 2027")
    before = world.posts()
    panel = await click(world.ada, card.message, "Forecast")
    assert panel.is_private
    assert world.posts() == before
    placed = await panel.choose(PROBABILITY, "0.7")
    assert placed.is_private
    assert all("70%" not in post for post in world.posts())


async def test_the_answer_takes_the_panels_place(world: World) -> None:
    world.create_prediction()
    panel = await slash(world.ada, world, "forecast", prediction="1")
    placed = await panel.choose(PROBABILITY, "0.7")
    assert placed.message.id == panel.message.id


TYPED = {
    "70": (0.7, "70%"),
    "70%": (0.7, "70%"),
    " 70 % ": (0.7, "70%"),
    "0.7": (0.7, "70%"),
    "0,7": (0.7, "70%"),
    "7/10": (0.7, "70%"),
    "7:3": (0.7, "70%"),
    "99.9": (0.999, "99.9%"),
    "0.05%": (0.0005, "0.05%"),
    "1": (0.01, "1%"),
    "1/3": (1 / 3, "33.3%"),
}


@pytest.mark.parametrize("way", ["form", "command"])
async def test_a_probability_may_be_written_in_every_usual_way_and_is_repeated(world: World, way: str) -> None:
    for code, (typed, (stored, repeated)) in enumerate(TYPED.items(), 1):
        world.create_prediction()
        if way == "form":
            placed = await (await exact(world.ada, world, code)).fill_in(probability=typed)
        else:
            placed = await slash(world.ada, world, "forecast", prediction=str(code), probability=typed)
        assert f"You said **{repeated}** on **#{code}**" in placed.text, typed
        assert world.forecasts_of(world.ada, code) == [(pytest.approx(stored),)], typed


async def test_certainty_is_stored_as_said_and_told_how_it_is_scored(world: World) -> None:
    said = {"0": (0.0, "0.1%"), "100": (1.0, "99.9%"), "0.01%": (0.0001, "0.1%")}
    for code, (typed, (stored, counted)) in enumerate(said.items(), 1):
        world.create_prediction()
        placed = await (await exact(world.ada, world, code)).fill_in(probability=typed)
        assert f"You said **{typed.rstrip('%')}%**" in placed.text
        assert f"Saved as you said it; scores count it as {counted}." in placed.text
        assert world.forecasts_of(world.ada, code) == [(stored,)]


async def test_what_is_not_clipped_is_not_said_to_be(world: World) -> None:
    world.create_prediction()
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="99.9")
    assert "scores count it" not in placed.text


async def test_undo_of_a_first_forecast_leaves_none(world: World) -> None:
    world.create_prediction()
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="70")
    undone = await placed.click("Undo")
    assert "You no longer have a forecast on **#1**. It was 70%" in undone.text
    assert world.standing_of(world.ada) is None
    assert world.view(1).forecasters == 0


async def test_undo_of_a_changed_forecast_brings_the_old_one_back(world: World) -> None:
    world.create_prediction()
    await slash(world.ada, world, "forecast", prediction="1", probability="40")
    changed = await slash(world.ada, world, "forecast", prediction="1", probability="70")
    assert "You said **70%** on **#1** (was 40%)" in changed.text
    undone = await changed.click("Undo")
    assert "You said **40%** on **#1** (was 70%)" in undone.text
    assert world.standing_of(world.ada) == (0.4,)


async def test_undo_twice_is_refused_and_changes_nothing(world: World) -> None:
    world.create_prediction()
    await slash(world.ada, world, "forecast", prediction="1", probability="40")
    second = await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await slash(world.ada, world, "forecast", prediction="1", probability="80")
    late = await second.click("Undo")
    assert "made a newer forecast on #1 since" in late.text
    assert world.standing_of(world.ada) == (0.8,)


async def test_the_slip_stays_in_the_history(world: World) -> None:
    world.create_prediction()
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await placed.click("Undo")
    history = await slash(world.ada, world, "forecasts", prediction="1")
    assert "**70%**" in history.text
    assert "stands" not in history.text


async def test_change_opens_the_panel_with_what_was_said(world: World) -> None:
    world.create_prediction()
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="70")
    panel = await placed.click("Change")
    assert "**You** 70%" in panel.text
    assert (await panel.click("Exact…")).form["Probability"] == "70%"


async def test_reaffirming_says_the_same_anew(world: World) -> None:
    world.create_prediction()
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await world.advance(86400)
    panel = await placed.click("Change")
    again = await panel.click("Reaffirm")
    assert "You said **70%** on **#1**" in again.text
    assert "was" not in again.text.split("\n")[0]
    assert world.forecasts_of(world.ada) == [(0.7,), (0.7,)]
    own = world.view(1, world.ada).own
    assert own is not None
    assert own.created_at == world.now


async def test_withdrawing_takes_the_forecast_back_and_the_history_keeps_it(world: World) -> None:
    world.create_prediction()
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    panel = await slash(world.ada, world, "forecast", prediction="1")
    withdrawn = await panel.click("Withdraw")
    assert "You no longer have a forecast on **#1**. It was 70%" in withdrawn.text
    assert world.standing_of(world.ada) is None
    assert "**70%**" in (await slash(world.ada, world, "forecasts", prediction="1")).text


async def test_reaffirm_and_withdraw_are_offered_only_to_who_has_a_forecast(world: World) -> None:
    world.create_prediction()
    panel = await slash(world.ada, world, "forecast", prediction="1")
    assert "Withdraw" not in panel.buttons
    assert "Reaffirm" not in panel.buttons
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    assert {"Withdraw", "Reaffirm"} <= set((await slash(world.ada, world, "forecast", prediction="1")).buttons)


async def test_the_history_has_every_forecast_newest_first(world: World) -> None:
    world.create_prediction()
    for typed in ("20", "30", "40"):
        await slash(world.ada, world, "forecast", prediction="1", probability=typed)
        await world.advance(3600)
    history = await slash(world.ada, world, "forecasts", prediction="1")
    assert history.is_private
    lines = [line for line in history.text.splitlines() if line.startswith("- **")]
    assert [line.split("**")[1] for line in lines] == ["40%", "30%", "20%"]
    assert "current" in lines[0]
    assert all("until" in line for line in lines[1:])


async def test_forecasts_without_a_prediction_lists_ones_own(world: World) -> None:
    for number in (1, 2, 3):
        world.create_prediction(f"Statement {number}")
    await slash(world.ada, world, "forecast", prediction="2", probability="70")
    listed = await slash(world.ada, world, "forecasts")
    assert listed.is_private
    assert "Statement 2" in listed.text
    assert "you 70%" in listed.text
    assert "Statement 1" not in listed.text


# Reasons.


async def test_a_reason_is_private(world: World) -> None:
    card = await slash(world.manager, world, "prediction add", statement="GPT-6 is released", by="31 Dec 2027")
    form = await (await click(world.ada, card.message, "Forecast")).click("Exact…")
    placed = await form.fill_in(probability="70", reason="A leak said so")
    assert "A leak said so" in placed.text
    assert "Only you can see this reason" in placed.text
    await world.advance(60)
    assert all("leak" not in post for post in world.posts())
    mark = world.mark
    for name in ("prediction show", "forecast", "forecasts"):
        await slash(world.bob, world, name, prediction="1")
    assert "leak" not in world.sent_since(mark)
    assert "A leak said so" in (await slash(world.ada, world, "forecasts", prediction="1")).text


async def test_a_posted_reason_appears_at_home_with_its_forecast(world: World) -> None:
    card = await slash(world.manager, world, "prediction add", statement="GPT-6 is released", by="31 Dec 2027")
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="70", reason="A leak said so")
    told = await placed.click("Post my reason")
    assert told.is_private
    assert "posted" in told.text
    posted = world.messages()[-1]
    assert posted.reference is not None
    assert posted.reference.message_id == card.message.id
    assert f"<@{world.ada.id}> on **#1**" in world.posts()[-1]
    assert "70%" not in world.posts()[-1], "while the crowd is hidden"
    assert "> A leak said so" in world.posts()[-1]


async def test_who_changes_their_mind_by_twenty_points_is_asked_why_in_the_answer(world: World) -> None:
    world.create_prediction()
    first = await slash(world.ada, world, "forecast", prediction="1", probability="30")
    assert "What changed your mind?" not in first.text
    changed = await slash(world.ada, world, "forecast", prediction="1", probability="50")
    assert "What changed your mind?" in changed.text
    assert "Add a reason…" in changed.buttons
    for probability, reason in (("60", None), ("90", "A leak said so")):
        given = {"probability": probability} | ({} if reason is None else {"reason": reason})
        assert "What changed your mind?" not in (await slash(world.ada, world, "forecast", prediction="1", **given)).text
    slip = await slash(world.ada, world, "forecast", prediction="1", probability="10")
    assert "What changed your mind?" not in (await slip.click("Undo")).text
    assert world.posts() == []


async def test_a_posted_reason_pings_nobody(world: World) -> None:
    await slash(world.manager, world, "prediction add", statement="GPT-6 is released", by="31 Dec 2027")
    reason = f"@everyone <@{world.bob.id}> ask them"
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="70", reason=reason)
    await placed.click("Post my reason")
    stored = world.env.backend.get_message(world.channel.id, world.messages()[-1].id)
    assert "@everyone" not in world.posts()[-1]
    assert f"<@{world.bob.id}>" not in world.posts()[-1]
    assert (stored.ping_user_ids, stored.ping_role_ids, stored.mention_everyone) == ([], [], False)


async def test_a_reason_is_posted_once(world: World) -> None:
    await slash(world.manager, world, "prediction add", statement="GPT-6 is released", by="31 Dec 2027")
    await slash(world.ada, world, "forecast", prediction="1", probability="70", reason="A leak said so")
    first = await slash(world.ada, world, "forecasts", prediction="1")
    second = await slash(world.ada, world, "forecasts", prediction="1")
    await first.click("Post my reason")
    again = await second.click("Post my reason")
    assert "already posted" in again.text
    assert sum("A leak said so" in post for post in world.posts()) == 1
    assert "Post my reason" not in (await slash(world.ada, world, "forecasts", prediction="1")).buttons


async def test_without_a_home_or_a_channel_the_reason_stays_private_and_can_be_posted_later(world: World) -> None:
    world.create_prediction()
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="70", reason="A leak said so")
    refused = await placed.click("Post my reason")
    assert refused.text.startswith("⚠️")
    assert "Post here" in refused.text
    card = await placed.click("Show card")
    await card.click("Post here")
    history = await card.click("My history")
    await history.click("Post my reason")
    assert sum("> A leak said so" in post for post in world.posts()) == 1


# By command.


async def test_a_prediction_is_named_by_its_code(world: World) -> None:
    world.create_prediction("Something else")
    world.create_prediction("The 2 of hearts is drawn")
    for typed in ("2", "#2", "# 2", " #2 "):
        placed = await slash(world.ada, world, "forecast", prediction=typed, probability="70")
        assert "on **#2**" in placed.text, typed


async def test_a_prediction_is_named_by_words_that_only_it_has(world: World) -> None:
    world.create_prediction("GPT-6 is released")
    world.create_prediction("Gemini 4 is released")
    placed = await slash(world.ada, world, "forecast", prediction="released gemini", probability="70")
    assert "on **#2**" in placed.text


async def test_words_that_several_have_are_refused_with_a_hint(world: World) -> None:
    world.create_prediction("GPT-6 is released")
    world.create_prediction("Gemini 4 is released")
    refused = await slash(world.ada, world, "forecast", prediction="released", probability="70")
    assert refused.is_private
    assert "matches several predictions" in refused.text
    assert "Pick one from the list" in refused.text
    assert world.forecasts_of(world.ada, 1) == world.forecasts_of(world.ada, 2) == []


async def test_words_that_none_has_are_refused_with_a_next_step(world: World) -> None:
    world.create_prediction("GPT-6 is released")
    refused = await slash(world.ada, world, "forecast", prediction="bitcoin", probability="70")
    assert "There's no prediction like “bitcoin” on this server. Search by words with /prediction search" in refused.text


async def test_forecast_without_a_probability_opens_the_panel(world: World) -> None:
    world.create_prediction()
    panel = await slash(world.ada, world, "forecast", prediction="1")
    assert panel.is_private
    assert len(panel.options(PROBABILITY)) == 25
    assert "Exact…" in panel.buttons


async def test_the_command_completes_predictions(world: World) -> None:
    world.create_prediction("GPT-6 is released")
    assert await complete(world.ada, world, "forecast", "prediction", "gpt") == {"1": "#1 GPT-6 is released"}


async def test_the_middle_half_of_the_crowd_shows_from_five_forecasts_on(world: World) -> None:
    world.create_prediction()
    told: list[str] = []
    for number in range(5):
        member = world.guild.add_member(world.env.create_user(f"member{number}"))
        placed = await slash(member, world, "forecast", prediction="1", probability=str(10 + 20 * number))
        told.append(placed.text)
    assert ["middle half" in words for words in told] == [False, False, False, False, True]
    assert "**Crowd** 70% · middle half 50–90% · 5 forecasts" in told[-1]
