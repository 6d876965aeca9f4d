"""Adding predictions: by command and from a message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from bot.domain.types import Kind
from db.models import Prediction
from tests.behaviour.conftest import Seen, World, ask, custom_id, forge, shown, slash


async def add(member: object, world: World, **given: object) -> Seen:
    """/prediction add, with what a prediction needs at least."""
    return await slash(member, world, "prediction add", **({"statement": "GPT-6 is released", "by": "31 Dec 2026"} | given))


def count(world: World) -> int:
    """How many predictions there are."""
    return world.rows(select(func.count()).select_from(Prediction))[0][0]


async def test_the_card_appears_right_there_where_no_channel_is_set(world: World) -> None:
    card = await add(world.ada, world, criteria="OpenAI says so", tags="OpenAI, releases")
    assert not card.is_private
    assert card.message.id == world.messages()[-1].id
    assert "### #1 · GPT-6 is released" in card.text
    assert "-# Open · by 31 Dec 2026" in card.text
    assert "OpenAI says so" in card.text
    assert f"Added by <@{world.ada.id}>" in card.text
    assert "be the first" in card.text
    assert card.buttons == ["Forecast", "Propose result", "Details", "Remind me"]
    assert world.view(1).tags == ("openai", "releases")


async def test_the_card_appears_in_the_guilds_channel_and_who_added_it_is_told_privately(world: World) -> None:
    elsewhere = world.guild.create_text_channel("almanac")
    await slash(world.manager, world, "settings guild", channel=elsewhere)
    told = await add(world.ada, world)
    assert told.is_private
    assert f"Added as **#1**. Its card goes to <#{elsewhere.id}>" in told.text
    (card,) = world.posts(elsewhere)
    assert "### #1 · GPT-6 is released" in card
    assert world.posts() == []


async def test_every_kind_can_be_added(world: World) -> None:
    lines = {
        "multiple_choice": ({"options": "OpenAI; Google; Anthropic"}, "**Options** OpenAI · Google · Anthropic"),
        "numeric": ({"unit": "USD per 1M tokens"}, "Open · number"),
        "date": ({}, "Open · date"),
        "binary": ({}, "-# Open · by"),
    }
    for kind, (given, line) in lines.items():
        card = await add(world.ada, world, kind=kind, **given)
        assert line in card.text, kind
    assert [world.view(code).kind for code in (1, 2, 3, 4)] == [Kind(kind) for kind in lines]
    assert world.view(1).options == ("OpenAI", "Google", "Anthropic")
    assert world.view(2).unit == "USD per 1M tokens"


async def test_options_are_parted_by_semicolons_or_else_commas(world: World) -> None:
    await add(world.ada, world, kind="multiple_choice", options="OpenAI, Google ,Meta")
    await add(world.ada, world, kind="multiple_choice", options="Yes, by June; Yes, later; No")
    assert world.view(1).options == ("OpenAI", "Google", "Meta")
    assert world.view(2).options == ("Yes, by June", "Yes, later", "No")


async def test_the_last_day_is_included_and_may_be_written_in_every_usual_way(world: World) -> None:
    for code, (typed, over) in enumerate(
        {
            "31 Dec 2026": datetime(2027, 1, 1, tzinfo=UTC),
            "2026-06-30": datetime(2026, 7, 1, tzinfo=UTC),
            "Q3 2026": datetime(2026, 10, 1, tzinfo=UTC),
            "2026": datetime(2027, 1, 1, tzinfo=UTC),
            "by the end of March 2026": datetime(2026, 4, 1, tzinfo=UTC),
            "13/4/2026": datetime(2026, 4, 14, tzinfo=UTC),
        }.items(),
        1,
    ):
        await add(world.ada, world, by=typed)
        view = world.view(code)
        assert (view.resolves_at, view.closes_at) == (over, over), typed


async def test_the_last_day_is_read_as_reminders_are_and_counts_from_ones_own_today(world: World) -> None:
    world.env.backend.advance_clock(20 * 3600)  # 1 January, 20:00 UTC: in Tokyo it's the 2nd
    await slash(world.ada, world, "settings me", zone="Asia/Tokyo")
    typed = {"tomorrow": 3, "in 2 weeks": 16, "next Friday": 9, "31/1/26": 31, "15 Jan 9am": 15, "in 3 days": 5}
    for code, (words, day) in enumerate(typed.items(), 1):
        seen = await add(world.ada, world, by=words)
        if "Which" in seen.text or "could be" in seen.text:
            await seen.click(seen.buttons[0])
        assert world.view(code).resolves_at == datetime(2026, 1, day, tzinfo=UTC) + timedelta(days=1), words


async def test_forecasts_may_close_earlier(world: World) -> None:
    card = await add(world.ada, world, closes="30 Jun 2026")
    assert world.view(1).closes_at == datetime(2026, 7, 1, tzinfo=UTC)
    assert "by 31 Dec 2026" in card.text
    assert "forecasts close <t:1782864000:R>" in card.text


async def test_what_cannot_be_added_is_refused_and_nothing_is_stored(world: World) -> None:
    refusals: list[tuple[dict[str, object], str]] = [
        ({"statement": "   "}, "The statement is empty. Say in one sentence what you predict"),
        (
            {"statement": "x" * 5000},
            "The statement has 5,000 characters; at most 300 fit. Move the details to the criteria.",
        ),
        ({"criteria": "x" * 5000}, "The criteria have 5,000 characters; at most 2,000 fit."),
        ({"by": "31 Dec 2025"}, "31 Dec 2025 is already over. Choose a date that's still to come."),
        ({"by": "2199"}, "more than 50 years away"),
        ({"by": "soon"}, "I can't read “soon” as a date. Try 31 Dec 2026, 2026-12-31"),
        ({"by": "3/4/2026"}, "“3/4/2026” could be two days. Write the month by name, as in 3 Apr 2026, or 2026-04-03."),
        ({"by": "31 Feb 2026"}, "isn't a day on the calendar"),
        ({"closes": "1 Jan 2027"}, "Forecasting can't close after the prediction resolves."),
        ({"closes": "31 Dec 2025"}, "The closing date, 31 Dec 2025, is already over."),
        ({"kind": "multiple_choice"}, "Give 2 to 25 options, separated by commas or semicolons. You gave 0."),
        ({"kind": "multiple_choice", "options": "Only one"}, "You gave 1."),
        ({"kind": "multiple_choice", "options": ";".join(map(str, range(26)))}, "You gave 26."),
        ({"kind": "multiple_choice", "options": "One; one"}, "Two options have the same name."),
        ({"kind": "multiple_choice", "options": f"One; {'x' * 81}"}, "has 81 characters; at most 80 fit."),
        ({"options": "One; Two"}, "Only multiple choice takes options."),
        ({"kind": "numeric"}, "Give the number's unit, for example: USD per 1M tokens."),
        ({"kind": "numeric", "unit": "x" * 41}, "The unit has 41 characters; at most 40 fit."),
        ({"unit": "USD"}, "Only a number takes a unit."),
        ({"tags": ",".join(map(str, range(9)))}, "You gave 9 tags; at most 8 fit"),
        ({"tags": "x" * 41}, "is longer than 40 characters"),
    ]
    for given, said in refusals:
        refused = await add(world.ada, world, **given)
        assert refused.is_private, given
        assert refused.text.startswith("⚠️"), given
        assert said in refused.text, given
    assert count(world) == 0
    assert world.posts() == []


async def test_a_guild_may_reserve_adding_to_managers(world: World) -> None:
    await slash(world.manager, world, "settings guild", add="managers")
    refused = await add(world.ada, world)
    assert "Only managers can add predictions on this server" in refused.text
    assert refused.is_private
    assert count(world) == 0
    await add(world.manager, world)
    assert count(world) == 1


# From a message.


async def from_message(member: object, world: World, message: object) -> Seen:
    """Right click → Apps → Make a prediction."""
    return Seen(member, await member.context_menu(world.channel, "Make a prediction", message))  # type: ignore[attr-defined]


async def test_a_message_becomes_a_prediction_that_links_back_to_it(world: World) -> None:
    said = await world.bob.send(world.channel, "GPT-6 will be\nout by summer")
    form = await from_message(world.ada, world, said)
    assert form.form == {"Statement": "GPT-6 will be out by summer"} | dict.fromkeys(
        ("By when", "Criteria", "Topics", "Last day for forecasts"), ""
    )
    card = await form.fill_in(by_when="30 Jun 2026", criteria="OpenAI says so")
    assert "### #1 · GPT-6 will be out by summer" in card.text
    assert f"[a message]({said.jump_url})" in card.text
    assert f"Added by <@{world.ada.id}>" in card.text


async def test_a_long_message_is_cut_to_fit_the_form_and_an_empty_one_leaves_it_empty(world: World) -> None:
    long = await world.bob.send(world.channel, "long " * 300)
    form = await from_message(world.ada, world, long)
    assert len(form.form["Statement"]) <= 300
    assert form.form["Statement"].endswith("…")
    picture = await world.bob.send(world.channel, "", attachments=[("chart.png", b"png")])
    assert (await from_message(world.ada, world, picture)).form["Statement"] == ""


async def test_the_form_refuses_with_all_that_was_typed(world: World) -> None:
    said = await world.bob.send(world.channel, "GPT-6 will be out")
    for by, why in (("soon", "as a date"), ("1 Jan 2020", "already over"), ("3/4/2026", "could be two days")):
        refused = await (await from_message(world.ada, world, said)).fill_in(by_when=by, criteria="OpenAI says so")
        assert refused.is_private
        assert why in refused.text
        assert f"Statement: GPT-6 will be out\nBy when: {by}\nCriteria: OpenAI says so" in refused.text
    assert count(world) == 0


async def test_a_member_who_may_not_add_is_told_before_the_form_opens(world: World) -> None:
    await slash(world.manager, world, "settings guild", add="managers")
    said = await world.bob.send(world.channel, "GPT-6 will be out")
    refused = await from_message(world.ada, world, said)
    assert "Only managers can add predictions" in refused.text


# The preview, and the form.


async def test_who_adds_sees_the_card_first_and_nothing_is_stored_until_they_post_it(world: World) -> None:
    preview = await ask(world.ada, world, "prediction add", statement="GPT-6 is released", by="in 2 weeks")
    assert preview.is_private
    assert "### #1 · GPT-6 is released" in preview.text
    assert "by 15 Jan 2026" in preview.text
    assert "Here's how it will look here, for everyone." in preview.text
    assert preview.buttons == ["Post it", "Change…", "Cancel"]
    assert count(world) == 0
    assert world.posts() == []
    cancelled = await preview.click("Cancel")
    assert cancelled.text == "Cancelled. Nothing was changed."
    assert count(world) == 0


async def test_after_posting_ones_own_forecast_is_asked_for_and_posting_twice_is_impossible(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    preview = await ask(world.ada, world, "prediction add", statement="GPT-6 is released", by="31 Dec 2026")
    assert f"Here's how it will look in <#{world.channel.id}>" in preview.text
    old = preview.message
    key = custom_id(old, "Post it")
    posted = await preview.click("Post it")
    assert "Its card goes to" in posted.text
    assert "How likely do you think it is?" in posted.text
    assert posted.message.id == old.id
    again = await forge(world.ada, posted.message, key)
    assert "this button before, and it works once" in again.text
    assert count(world) == 1
    placed = await posted.choose("How likely is it?", "0.7")
    assert "You said **70%** on **#1**" in placed.text


async def test_nobody_else_can_post_what_someone_was_shown(world: World) -> None:
    preview = await ask(world.ada, world, "prediction add", statement="GPT-6 is released", by="31 Dec 2026")
    card = await add(world.bob, world, statement="It snows in Rome")
    stolen = await forge(world.bob, card.message, custom_id(preview.message, "Post it"))
    assert "This button has expired" in stolen.text
    assert count(world) == 1


async def test_change_opens_the_form_with_everything_that_was_typed(world: World) -> None:
    given = {"statement": "How many?", "by": "2026", "kind": "numeric", "unit": "USD", "range": "0 to 100"}
    preview = await ask(world.ada, world, "prediction add", **given, criteria="The price list", tags="openai")
    form = await preview.click("Change…")
    assert form.form == {
        "Statement": "How many?",
        "Unit": "USD",
        "By when": "2026",
        "Criteria": "The price list",
        "Expected range": "0 to 100",
    }
    card = await form.fill_in(statement="How many by then?")
    assert "How many by then?" in card.text
    assert world.view(1).tags == ("openai",)
    assert count(world) == 1


async def test_each_kind_has_a_form_with_its_own_fields(world: World) -> None:
    fields = {
        "binary": ["Statement", "By when", "Criteria", "Topics", "Last day for forecasts"],
        "multiple_choice": ["Statement", "Options", "By when", "Criteria", "Topics"],
        "numeric": ["Statement", "Unit", "By when", "Criteria", "Expected range"],
        "date": ["Statement", "By when", "Criteria", "Expected range", "Topics"],
    }
    values = {"options": "OpenAI\nGoogle", "unit": "USD", "expected_range": ""}
    for code, (kind, labels) in enumerate(fields.items(), 1):
        form = await slash(world.ada, world, "prediction add", kind=kind)
        assert list(form.form) == labels
        own = {name: value for name, value in values.items() if name.replace("_", " ").capitalize() in labels}
        await form.fill_in(statement=f"Statement {code}", by_when="31/12/2026", criteria="As reported", **own)
        assert world.view(code).kind == kind
        assert world.view(code).resolves_at == datetime(2027, 1, 1, tzinfo=UTC)


async def test_what_looks_a_lot_like_another_one_is_shown_before_it_is_posted(world: World) -> None:
    await add(world.bob, world, statement="DeepSeek releases R2 by 31 December 2026")
    await add(world.bob, world, statement="It rains in Paris on 31 December 2026")
    preview = await ask(
        world.ada, world, "prediction add", statement="R2 is released by DeepSeek by December 2026", by="2026"
    )
    assert "Looks a lot like **#1** “DeepSeek releases R2 by 31 December 2026”" in preview.text
    assert "#2" not in preview.text
    same = await ask(world.ada, world, "prediction add", statement="deepseek releases r2 by 31 december 2026", by="2026")
    assert "(100% the same words)" in same.text
    other = await ask(world.ada, world, "prediction add", statement="The Seine floods", by="2026")
    assert "Looks a lot like" not in other.text


# Home: where the card stands, and how it is kept current.


def home(world: World) -> str:
    """The text of the first post."""
    return world.posts()[0]


async def test_the_card_is_brought_up_to_date_after_a_forecast(world: World) -> None:
    await add(world.manager, world)
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    assert "**1 forecast**" in home(world)


async def test_a_card_is_edited_at_most_once_in_30_seconds(world: World) -> None:
    await add(world.manager, world)
    for member in (world.ada, world.bob, world.manager):
        await slash(member, world, "forecast", prediction="1", probability="70")
    assert len(world.requests("PATCH", "/channels/")) == 1
    await world.advance(20)
    assert len(world.requests("PATCH", "/channels/")) == 1
    assert "**1 forecast**" in home(world)
    await world.advance(11)
    assert len(world.requests("PATCH", "/channels/")) == 2
    assert "**3 forecasts**" in home(world)
    await world.advance(300)
    assert len(world.requests("PATCH", "/channels/")) == 2


async def test_each_card_has_its_own_30_seconds(world: World) -> None:
    await add(world.manager, world)
    await add(world.manager, world, statement="Another")
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await slash(world.ada, world, "forecast", prediction="2", probability="70")
    assert all("**1 forecast**" in post for post in world.posts())


async def test_withdrawing_and_editing_show_on_the_card(world: World) -> None:
    await add(world.manager, world)
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await world.advance(31)
    await (await slash(world.ada, world, "forecast", prediction="1")).click("Withdraw")
    assert "No forecasts yet" in home(world)
    await world.advance(31)
    await slash(world.manager, world, "prediction edit", prediction="1", criteria="OpenAI says so")
    assert "OpenAI says so" in home(world)


async def test_the_first_card_stays_the_home(world: World) -> None:
    await add(world.manager, world)
    await slash(world.ada, world, "prediction show", prediction="1", public=True)
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="70", reason="Because")
    await placed.click("Post my reason")
    first, second, reason = world.messages()
    assert "**1 forecast**" in shown(first)
    assert "No forecasts yet" in shown(second)
    assert reason.reference is not None
    assert reason.reference.message_id == first.id


async def test_a_card_that_is_posted_later_becomes_the_home(world: World) -> None:
    world.create_prediction()
    card = await slash(world.ada, world, "prediction show", prediction="1")
    posted = await card.click("Post here")
    assert not posted.is_private
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    assert "**1 forecast**" in home(world)


async def test_nobodys_forecast_is_on_the_public_card(world: World) -> None:
    await add(world.manager, world)
    await slash(world.ada, world, "forecast", prediction="1", probability="63.7")
    await slash(world.ada, world, "prediction show", prediction="1", public=True)
    assert all("63.7" not in post and "**You**" not in post for post in world.posts())
