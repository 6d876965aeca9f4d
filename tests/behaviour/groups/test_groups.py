"""A group on Discord: made in a form, posted as one card, forecast in one form, and walked past once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.services.forecasting import forecasts
from db.models import Forecast, GroupedPrediction, OutboxMessage, Prediction, PredictionGroup
from tests import factories
from tests.behaviour.conftest import Seen, World, ask, click, forge, shown, slash
from tests.factories import OTHER_GUILD

TITLE = "GPT-6 is released by …"
QUARTERS = "Q1 2031: 31 Mar 2031; Q2 2031; Q3 2031; Q4 2031"


async def choose_channel(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    await world.advance(1)


async def add(world: World, predictions: str = QUARTERS, title: str = TITLE, member: Any = None, **given: Any) -> Seen:
    """Make a group as a member does, its preview confirmed."""
    seen = await slash(member or world.manager, world, "group add", title=title, predictions=predictions, **given)
    await world.advance(1)
    return seen


def group_card(world: World, words: str = "### GPT-6 is released by") -> Any:
    return next(message for message in reversed(world.messages()) if words in shown(message))


async def forecast(world: World, member: Any, **values: str) -> Seen:
    """Forecast on the group from its public card, in one tap and one form."""
    form = await click(member, group_card(world), "Forecast all")
    return await form.submit(**values)


async def test_a_group_is_made_in_a_form_and_previewed(world: World) -> None:
    await choose_channel(world)
    form = await ask(world.manager, world, "group add")
    preview = await form.submit(
        title=TITLE, predictions="Q1 2031: 31 Mar 2031\nQ2 2031", criteria="OpenAI says so", topics="AI"
    )
    assert "**Q1 2031** · by 31 Mar 2031" in preview.text
    assert "**Q2 2031** · by 30 Jun 2031" in preview.text
    assert "Each date includes those before it" in preview.text
    turned = await preview.click("Each stands alone")
    assert "a later one may be less likely" in turned.text
    preview = await turned.click("Later ones include earlier ones")
    assert world.rows(select(Prediction.id)) == []
    done = await preview.click("Post it")
    assert "Added **#1, #2**" in done.text
    await world.advance(1)
    card = shown(group_card(world))
    assert "OpenAI says so" in card
    assert [text for text in world.posts() if "#1 ·" in text or "Q1 2031" in text] == [card], "one card for both"
    rows = world.rows(select(Prediction.code, Prediction.statement, Prediction.criteria).order_by(Prediction.code))
    assert [tuple(row) for row in rows] == [
        (1, "GPT-6 is released by Q1 2031", "OpenAI says so"),
        (2, "GPT-6 is released by Q2 2031", "OpenAI says so"),
    ]


async def test_all_of_a_group_is_forecast_in_one_form_and_seen_beside_the_crowd(world: World) -> None:
    await choose_channel(world)
    await add(world)
    world.create_forecasts(1, (0.1,), (0.1,))
    world.create_forecasts(2, (0.3,), (0.3,))
    done = await forecast(world, world.ada, q1_2031="20", q2_2031="40%", q3_2031="0.6")
    assert done.is_private
    assert "You forecast **3** of" in done.text
    assert "▰▰▱▱▱▱▱▱▱▱ **You** 20%\n▰▱▱▱▱▱▱▱▱▱ **Crowd** 10%\n" in done.text
    assert "**Crowd** 30%" in done.text
    assert "-# 3 forecasts in each crowd\n-# You're the first on Q3 2031." in done.text
    assert "🤔" not in done.text
    assert [world.forecasts_of(world.ada, code) for code in (1, 2, 3, 4)] == [[(0.2,)], [(0.4,)], [(0.6,)], []]
    undone = await done.click("Undo")
    assert "Took 3 forecasts back" in undone.text
    assert world.standing_of(world.ada, 1) is None
    assert world.standing_of(world.ada, 3) is None


async def test_the_details_of_one_in_a_group_have_all_buttons(world: World) -> None:
    await choose_channel(world)
    await add(world, "Q1 2031; Q2 2031")
    await slash(world.ada, world, "forecast", prediction="1", probability="70%")
    card = await slash(world.ada, world, "prediction show", prediction="1")
    details = await card.click("Details")
    back = await details.click("Back to the card")
    assert "GPT-6 is released by Q1 2031" in back.text
    again = await back.click("Details")
    assert "Group · 2 predictions" in (await again.click("See its group")).text


async def test_one_bad_answer_stores_none(world: World) -> None:
    await choose_channel(world)
    await add(world)
    refused = await forecast(world, world.ada, q1_2031="20", q2_2031="maybe")
    assert "I can't read “maybe”" in refused.text
    assert world.rows(select(Forecast.id)) == []
    nothing = await forecast(world, world.ada)
    assert "Type at least one number" in nothing.text


async def test_a_falling_series_is_asked_about_and_stored(world: World) -> None:
    await choose_channel(world)
    await add(world)
    done = await forecast(world, world.ada, q1_2031="40", q2_2031="30", q3_2031="35")
    assert "🤔 Q2 2031 includes Q1 2031, and you say 30% to it and 40% to Q1 2031. Meant it?" in done.text
    assert world.standing_of(world.ada, 2) == (0.3,)
    alone = await slash(world.ada, world, "forecast", prediction="3", probability="20")
    assert "Q3 2031 includes Q2 2031" in alone.text
    assert "Q2 2031 includes Q1 2031" not in alone.text


async def test_a_series_that_stands_alone_may_fall(world: World) -> None:
    await choose_channel(world)
    await add(world, title="The price is above 100 in …")
    form = await click(world.ada, group_card(world, "### The price"), "Forecast all")
    done = await form.submit(q1_2031="40", q2_2031="30")
    assert "You forecast **2**" in done.text
    assert "🤔" not in done.text


async def test_the_crowd_is_hidden_row_by_row(world: World) -> None:
    await choose_channel(world)
    await add(world)
    world.create_forecasts(1, (0.37,), (0.37,))
    world.create_forecasts(2, (0.73,))
    await world.advance(40)
    card = shown(group_card(world))
    assert "37%" not in card
    assert "73%" not in card
    assert "-# 2 forecasts" in card
    assert "hidden until you make your forecast" in card
    done = await forecast(world, world.ada, q1_2031="20")
    assert "37%" in done.text
    assert "73%" not in done.text
    own = await done.click("Show card")
    assert "**Crowd** 37%" in own.text
    assert "-# 3 forecasts in the crowd\n-# The crowd on Q2 2031 is hidden until you make your forecast." in own.text
    assert "73%" not in own.text
    await slash(world.manager, world, "settings guild", blind=False)
    assert "73%" in (await slash(world.bob, world, "group show", group="GPT-6")).text


async def test_next_shows_a_group_once(world: World) -> None:
    await choose_channel(world)
    await add(world)
    world.create_prediction("Something else", resolves_at=world.now + timedelta(days=9000))
    first = await slash(world.ada, world, "next")
    assert "### GPT-6 is released by …" in first.text
    form = await first.click("Forecast all")
    done = await form.submit(q1_2031="10", q4_2031="50")
    assert "Next · 1 left" in done.text
    following = await done.click("Next · 1 left ▸")
    assert "Something else" in following.text
    skipped = await slash(world.bob, world, "next")
    assert "Something else" in (await skipped.click("Skip")).text
    back = await (await (await slash(world.bob, world, "next")).click("Skip")).click("Go through the skipped ones")
    assert "### GPT-6 is released by …" in back.text


async def test_a_single_prediction_left_of_a_group_is_asked_about_by_itself(world: World) -> None:
    await choose_channel(world)
    await add(world, "Q1 2031; Q2 2031")
    await slash(world.ada, world, "forecast", prediction="1", probability="20")
    left = await slash(world.ada, world, "next")
    assert "### #2 · GPT-6 is released by Q2 2031" in left.text


async def test_more_than_five_are_forecast_in_two_forms(world: World) -> None:
    await choose_channel(world)
    await add(world, "; ".join(str(year) for year in range(2031, 2038)))
    first = await (await click(world.ada, group_card(world), "Forecast 1–3")).submit(
        **{"2031": "10", "2032": "20", "2033": "30"}
    )
    assert "You forecast **3** of" in first.text
    second = await first.click("Forecast 4–7")
    assert list(second.form) == ["2034", "2035", "2036", "2037"]
    done = await second.submit(**{"2034": "25"})
    assert "2034 includes 2033" in done.text
    assert world.standing_of(world.ada, 4) == (0.25,)


async def test_the_card_ends_in_the_true_state_with_few_edits(world: World) -> None:
    await choose_channel(world)
    await add(world)
    await world.advance(60)
    before = len(world.requests("PATCH", f"/messages/{group_card(world).id}"))
    for number in range(5):
        member = world.guild.add_member(world.env.create_user(f"member{number}"))
        await forecast(world, member, q1_2031="20", q2_2031="30", q3_2031="40", q4_2031="50")
    await world.advance(31)
    await world.advance(31)
    assert len(world.requests("PATCH", f"/messages/{group_card(world).id}")) - before <= 2
    assert shown(group_card(world)).count("-# 5 forecasts") == 4
    await slash(world.manager, world, "resolution override", prediction="1", outcome="no", reason="It's over")
    await world.advance(31)
    card = shown(group_card(world))
    assert "**Q1 2031** · **No** · #1" in card
    assert "4 predictions · 3 open" in card


async def test_a_change_shows_on_the_card(world: World) -> None:
    await choose_channel(world)
    await add(world)
    await slash(world.manager, world, "prediction edit", prediction="1", by="15 Apr 2031")
    await world.advance(31)
    assert "**Q1 2031** · by 15 Apr 2031" in shown(group_card(world))


async def test_predictions_that_are_there_are_grouped_and_taken_out(world: World) -> None:
    await choose_channel(world)
    first, second = world.create_prediction("Early"), world.create_prediction("Late")
    await world.advance(1)
    await add(world, f"early: #{first.code}; late: #{second.code}; latest: 2032", title="Three of a kind")
    card = group_card(world, "### Three of a kind")
    assert "**early**" in shown(card)
    listed = await slash(world.ada, world, "prediction list")
    assert listed.text.count("· in a group") == 3
    own = await slash(world.ada, world, "prediction show", prediction="1")
    assert "early in the group “Three of a kind”" in own.text
    assert "Three of a kind" in (await own.click("See its group")).text
    asked = await ask(world.manager, world, "group leave", prediction="3")
    assert "goes on by itself" in asked.text
    assert len(world.rows(select(GroupedPrediction.label))) == 3
    await asked.click("Take it out")
    await world.advance(31)
    assert "latest" not in shown(group_card(world, "### Three of a kind"))
    assert any("### #3 · Three of a kind (latest)" in text for text in world.posts()), "it has a card of its own now"
    joined = await slash(world.manager, world, "group join", prediction="3", group="three kind", label="again")
    assert "**again**" in joined.text
    await slash(world.manager, world, "group leave", prediction="3")
    ended = await slash(world.manager, world, "group leave", prediction="2")
    assert "taken apart" in ended.text
    await world.advance(31)
    assert any("This group was taken apart" in text for text in world.posts())
    assert world.rows(select(GroupedPrediction.label)) == []
    assert "no group like" in (await slash(world.ada, world, "group show", group="Three")).text


@pytest.mark.parametrize(
    ("predictions", "said"),
    [
        ("Q1 2031", "would have 1"),
        ("Q1: 2031; q1: 2032", "is there twice"),
        ("Q1: 31 Mar 2001; Q2: 2031", "already over"),
        ("Q1: sometime; Q2: 2031", "I can't read “sometime”"),
        ("old: #1; new: 2031", "is resolved already"),
        ("taken: #2; new: 2031", "is in the group “Taken” already"),
        ("none: #99; new: 2031", "There's no prediction #99"),
    ],
)
async def test_what_makes_no_group_is_refused_and_nothing_is_stored(world: World, predictions: str, said: str) -> None:
    await choose_channel(world)
    factories.create_prediction(
        world.database, now=world.now, by=factories.create_actor("olaf", guild_id=OTHER_GUILD, manager=True)
    )
    for statement in ("Over", "In a group", "In a group, too"):
        world.create_prediction(statement)
    await slash(world.manager, world, "resolution override", prediction="1", outcome="no", reason="It's over")
    await add(world, "a: #2; b: #3", title="Taken")
    before = (len(world.rows(select(Prediction.id))), len(world.rows(select(GroupedPrediction.label))))
    refused = await ask(world.manager, world, "group add", title=TITLE, predictions=predictions)
    assert refused.is_private
    assert said in refused.text
    assert before == (len(world.rows(select(Prediction.id))), len(world.rows(select(GroupedPrediction.label))))
    again = await refused.click("Try again")
    assert again.form["Title"] == TITLE


async def test_members_group_only_what_they_added(world: World) -> None:
    await choose_channel(world)
    world.create_prediction("The manager's")
    refused = await ask(world.ada, world, "group add", title=TITLE, predictions="a: #1; b: 2031")
    assert "Only managers can put it into a group, unless you added it: #1 isn't yours" in refused.text
    await add(world, "Q1 2031; Q2 2031", member=world.ada)
    assert "Only managers can take it out" in (await ask(world.bob, world, "group leave", prediction="2")).text
    assert (
        "Only managers can put it into a group"
        in (await slash(world.bob, world, "group join", prediction="1", group="GPT-6", label="more")).text
    )
    assert len(world.rows(select(GroupedPrediction.label))) == 2
    await slash(world.ada, world, "group leave", prediction="2")
    assert world.rows(select(GroupedPrediction.label)) == [], "one alone is no group"


async def test_a_group_is_renamed_in_a_form_and_its_card_follows(world: World) -> None:
    await choose_channel(world)
    await add(world, "Q1 2031; Q2 2031", member=world.ada)
    await world.advance(1)
    form = await ask(world.ada, world, "group rename", group="GPT-6")
    assert form.form["Labels"] == "Q1 2031: #1\nQ2 2031: #2"
    refused = await form.submit(title="When does GPT-6 come?", labels="spring: #1")
    assert "The lines have to be about #1, #2, each once" in refused.text
    refused = await (await refused.click("Try again")).submit(labels="spring\nsummer: #2")
    assert "“spring” needs a code behind its label" in refused.text
    again = await refused.click("Try again")
    assert again.form["Title"] == "When does GPT-6 come?"
    renamed = await again.submit(labels="spring: #1\nsummer: #2")
    assert "✅ Renamed. It was called “GPT-6 is released by …”." in renamed.text
    await world.advance(31)
    card = shown(group_card(world, "### When does GPT-6 come?"))
    assert "**spring** · by 31 Mar 2031" in card
    assert "**summer** · by 30 Jun 2031" in card
    theirs = await ask(world.bob, world, "group rename", group="GPT-6")
    assert (
        "Only managers can rename a group that someone else made"
        in (await theirs.submit(title="Mine", labels="spring: #1\nsummer: #2")).text
    )


async def test_a_label_with_a_semicolon_can_be_renamed(world: World) -> None:
    await choose_channel(world)
    await add(world, "Q1 2031; Q2 2031")
    world.create_prediction("Another")
    await slash(world.manager, world, "group join", prediction="3", group="GPT-6", label="- a; b")
    form = await ask(world.manager, world, "group rename", group="GPT-6")
    assert "✅ Renamed" in (await form.submit(title="Three of them")).text
    assert "- a; b" in {row.label for row in world.rows(select(GroupedPrediction.label))}


async def test_a_group_has_one_public_card(world: World) -> None:
    await choose_channel(world)
    await add(world)
    await world.advance(1)
    card = group_card(world)
    again = await slash(world.ada, world, "group show", group="GPT-6", public=True)
    assert f"Its card is at https://discord.com/channels/{world.guild.id}/{world.channel.id}/{card.id} already" in again.text
    assert again.is_private


async def test_no_form_opens_with_more_than_fits(world: World) -> None:
    await choose_channel(world)
    refused = await ask(world.manager, world, "group add", title="x" * 300, predictions="Q1 2031; Q2 2031")
    assert "at most" in refused.text
    assert (await refused.click("Try again")).form["Title"] == "x" * 257
    options = "; ".join(f"{number} {'o' * 75}" for number in range(20))
    await slash(
        world.manager, world, "prediction add", statement="Which?", by="2031", kind="multiple_choice", options=options
    )
    await slash(world.manager, world, "prediction add", statement="Whether?", by="2031")
    await add(world, "a: #1; b: #2", title="Two of a kind")
    await slash(world.ada, world, "forecast", prediction="1", probability="; ".join(["5"] * 20))
    opened = await ask(world.ada, world, "group show", group="Two")
    assert (await opened.click("Change forecasts")).form["a"] == "", "what doesn't fit would be another answer"


async def test_a_date_with_two_readings_is_asked_about(world: World) -> None:
    await choose_channel(world)
    asked = await ask(world.manager, world, "group add", title=TITLE, predictions="a: 3/4/2031; b: 13/4/2031")
    assert "In “a”, “3/4/2031” could be" in asked.text
    preview = await asked.click("3 Apr 2031")
    assert "**a** · by 3 Apr 2031" in preview.text
    assert "**b** · by 13 Apr 2031" in preview.text


async def test_nothing_of_another_server_is_reached(world: World) -> None:
    await choose_channel(world)
    await add(world)
    group_id = world.rows(select(PredictionGroup.id))[0].id
    factories.create_prediction(
        world.database, now=world.now, by=factories.create_actor("olaf", guild_id=OTHER_GUILD, manager=True)
    )
    world.change(update(PredictionGroup).values(guild_id=OTHER_GUILD))
    card = group_card(world)
    for name in (f"group.show:{group_id}", f"group.form:{group_id}:0", f"group.post:{group_id}", f"group.undo:{group_id}:1"):
        seen = await forge(world.ada, card, name)
        assert shown(seen.message).startswith("⚠️"), name
        assert "GPT-6" not in shown(seen.message)
    assert "GPT-6" not in str(await world.ada.autocomplete(world.channel, "group show", "group", "GPT"))


async def test_a_result_is_said_under_the_card_of_the_group(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    await add(world)
    await forecast(world, world.ada, q1_2031="20")
    card = group_card(world)
    await slash(world.manager, world, "resolution override", prediction="1", outcome="yes", reason="It's out")
    await world.advance(60)
    result = next(message for message in reversed(world.messages()) if "It's out" in shown(message))
    assert result.reference is not None
    assert result.reference.message_id == card.id


async def test_without_a_channel_the_card_stands_where_it_was_made(world: World) -> None:
    seen = await slash(world.manager, world, "group add", title=TITLE, predictions="Q1 2031; Q2 2031")
    assert "Nothing will be posted until you choose a channel" in "\n".join(
        shown(one) for one in [seen.result.response, *seen.result.followups] if one
    )
    await world.advance(1)
    assert "### GPT-6 is released by" in shown(group_card(world))
    await forecast(world, world.ada, q1_2031="20")
    await world.advance(31)
    assert "-# 1 forecast\n" in shown(group_card(world)), "the card is kept current"


async def test_titles_ping_nobody_and_keep_their_look(world: World) -> None:
    await choose_channel(world)
    await add(world, "**Q1** @everyone: 2031; <@1>: 2032", title="@everyone [a](https://evil.example) …")
    card = shown(world.messages()[-1]).partition("<Open one…>")[0]
    assert "**Q1**" not in card
    assert "@everyone" not in card
    assert "](https" not in card


async def test_what_managers_have_to_approve_is_grouped_once_they_do(world: World) -> None:
    await choose_channel(world)
    settings = await slash(world.manager, world, "settings guild")
    await (await settings.click("People")).click("Turn on")
    sent = await add(world, "Q1 2031; Q2 2031", member=world.ada)
    assert "Sent to the managers as **#1, #2**" in sent.text
    assert not any("GPT-6" in text for text in world.posts())
    assert "no group like" in (await slash(world.bob, world, "group show", group="GPT-6")).text
    queue = await slash(world.manager, world, "prediction queue")
    opened = await queue.choose("Open one…", "1")
    await opened.click("Approve")
    await world.advance(1)
    card = shown(group_card(world))
    assert "Q1 2031" in card
    assert "Q2 2031" not in card


async def test_a_forecast_that_closes_meanwhile_stores_none(world: World) -> None:
    await choose_channel(world)
    await add(world)
    form = await click(world.ada, group_card(world), "Forecast all")
    world.change(update(Prediction).where(Prediction.code == 2).values(closes_at=world.now))
    refused = await form.submit(q1_2031="20", q2_2031="30")
    assert "#2 closed" in refused.text
    assert world.forecasts_of(world.ada, 1) == []
    assert (
        world.rows(select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == "refresh_group"))[0][0] == 0
    )


async def test_changing_shows_what_stands_and_keeps_it_exactly(world: World) -> None:
    await choose_channel(world)
    await add(world)
    world.database.run_here(forecasts.place, world.actor(world.ada), code=1, values=(1 / 3,), now=world.now)
    form = await click(world.ada, group_card(world), "Forecast all")
    assert form.form["Q1 2031"] == "33.3%"
    await form.submit(q2_2031="50")
    assert world.standing_of(world.ada, 1) == (1 / 3,)
    assert world.standing_of(world.ada, 2) == (0.5,)
