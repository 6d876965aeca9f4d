"""Text from people never pings, never breaks a card, never pretends to be a link; and all of it can be read."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.types import Kind
from bot.services.predictions import editing
from bot.services.predictions.editing import NewPrediction
from db.models import Prediction
from tests import factories
from tests.behaviour.conftest import World, raw, read_file, shown, slash, walk

STARS = "*" * 300
NASTY = (
    "@everyone @here <@123> <@!123> <@&456> <#789> </forecast:1> <t:0:R> <:smile:1> <id:customize> "
    "[free money](https://evil.example) [a](b) [again](https://evil.example) **bold** __under__ ||spoiler|| ~~gone~~ `code` "
    "```fence``` # Big ### Bigger > quote - list -# small https://ok.example/a_b_c"
)
MENTION = re.compile(r"<@!?\d|<@&\d|@everyone|@here|</\w|<t:\d|<id:")
LINK = re.compile(r"(?<!\\)\]\((?!https://discord\.com/channels/)")


def is_harmless(message: Any, *, members: tuple[Any, ...] = ()) -> None:
    """Its markdown mentions nobody and hides no link, beyond those that the bot itself made. Labels are no markdown."""
    shown = "\n".join(part["content"] for part in walk(raw(message)) if "content" in part)
    for member in members:
        shown = shown.replace(f"<@{member.id}>", "")
    shown = re.sub(r"<t:\d+:[RfD]>", "", shown)
    assert MENTION.search(shown) is None, shown
    assert LINK.search(shown) is None, shown


async def look_at(world: World, member: Any, code: int, answer: str) -> None:
    """All the cards of a prediction, while a member forecasts on it with a long reason and posts it: none does harm."""
    name = str(code)
    reason = (NASTY * 3)[:1000]
    card = await slash(member, world, "prediction show", prediction=name)
    is_harmless(card.message, members=(world.manager,))
    panel = await slash(member, world, "forecast", prediction=name)
    is_harmless(panel.message)
    await panel.click(next(label for label in panel.buttons if label.endswith("…")))
    await slash(member, world, "forecast", prediction=name, probability=answer, reason=reason)
    placed = await slash(member, world, "forecast", prediction=name, probability=answer, reason=reason)
    is_harmless(placed.message)
    await placed.click("Post my reason")
    is_harmless((await slash(member, world, "forecasts", prediction=name)).message)
    panel = await slash(member, world, "forecast", prediction=name)
    is_harmless(panel.message)
    card = await slash(member, world, "prediction show", prediction=name)
    is_harmless(card.message, members=(world.manager, member))
    is_harmless((await card.click("Details")).message, members=(world.manager,))
    card = await slash(member, world, "prediction show", prediction=name)
    is_harmless((await card.click("All reasons")).message, members=(member,))
    is_harmless((await panel.click("Withdraw")).message)


KINDS: dict[str, tuple[dict[str, Any], str]] = {
    "binary": ({}, "70"),
    "multiple_choice": (
        {
            "kind": Kind.MULTIPLE_CHOICE,
            "options": tuple((f"{number} " + NASTY + STARS)[:80] for number in range(25)),
        },
        "; ".join(["4"] * 25),
    ),
    "numeric": ({"kind": Kind.NUMERIC, "unit": STARS[:40]}, "1.23456e299; 2.34567e299; 3.45678e299"),
    "date": ({"kind": Kind.DATE}, "1 Mar 2027; 1 Jun 2027; 2028"),
}


@pytest.mark.parametrize("filler", [NASTY, STARS, "https://x.example/" + "_" * 282, "\\[" * 150, "a\n" * 100], ids=range(5))
async def test_no_card_breaks_or_pings_however_nasty_its_words(world: World, filler: str) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    for code, (given, _) in enumerate(KINDS.values(), 1):
        tags = tuple(f"{tag}{STARS}"[:40] for tag in range(8))
        statement = ("nasty " + f"{code} " + filler * 5)[:300]
        new = NewPrediction(statement, world.now + timedelta(days=30), criteria=(filler * 20)[:2000], tags=tags, **given)
        await world.bot.write(editing.add, world.actor(world.manager), new=new, now=world.now)
    for code, (given, answer) in enumerate(KINDS.values(), 1):
        world.create_forecasts(code, VALUES[given.get("kind", Kind.BINARY)])
        await look_at(world, world.ada, code, answer)
    for code, (_, answer) in enumerate(KINDS.values(), 1):
        await slash(world.ada, world, "forecast", prediction=str(code), probability=answer)
    is_harmless((await slash(world.ada, world, "prediction list")).message)
    is_harmless((await slash(world.ada, world, "prediction search", words="nasty")).message)
    await world.advance(60)
    assert len(world.messages()) == 2 * len(KINDS)
    for message in world.messages():
        is_harmless(message, members=(world.ada, world.manager))


async def test_a_list_of_long_statements_keeps_its_limits(world: World) -> None:
    for given, answer in (KINDS["multiple_choice"], KINDS["numeric"]):
        first = len(world.rows(select(Prediction.id))) + 1
        for number in range(8):
            world.create_prediction(f"{number} {STARS}"[:300], **given)
            world.create_forecasts(first + number, VALUES[given["kind"]])
            await slash(world.ada, world, "forecast", prediction=str(first + number), probability=answer)
        listed = await slash(world.ada, world, "prediction list", kind=str(given["kind"]))
        assert len(listed.options("Open one…")) == 8
        assert listed.text.count("you ") >= 8


async def test_a_long_history_keeps_its_limits_and_all_of_it_can_be_read(world: World) -> None:
    given, answer = KINDS["multiple_choice"]
    world.create_prediction("Who?", **given)
    for number in range(12):
        reason = f"Reason {number}: " + "*" * 900
        await slash(world.ada, world, "forecast", prediction="1", probability=answer, reason=reason)
    history = await slash(world.ada, world, "forecasts", prediction="1")
    assert "earlier" in history.text
    whole = await history.file()
    for number in range(12):
        assert f"Reason {number}: " + "*" * 900 in whole


async def test_a_long_clarification_keeps_its_limits_and_all_of_it_can_be_read(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    old, new = "old " + STARS * 6, "new " + STARS * 6
    await slash(world.manager, world, "prediction add", statement=STARS, by="31 Dec 2027", criteria=old)
    world.create_forecasts(1, (0.5,))
    await slash(world.manager, world, "prediction edit", prediction="1", statement="#" * 300, criteria=new)
    assert "was clarified" in world.posts()[-1]
    whole = await read_file(world.messages()[-1])
    assert old in whole
    assert new in whole


VALUES: dict[Kind, tuple[float, ...]] = {
    Kind.BINARY: (0.5,),
    Kind.MULTIPLE_CHOICE: (0.04,) * 25,
    Kind.NUMERIC: (1.23456e299, 2.34567e299, 3.45678e299),
    Kind.DATE: (30000.0, 40000.0, 50000.0),
}


async def test_the_walk_keeps_its_limits_with_what_was_said_before(world: World) -> None:
    given, _ = KINDS["multiple_choice"]
    for number in range(2):
        world.create_prediction(f"{number} {STARS}"[:300], criteria=STARS * 6, **given)
    world.create_forecasts(1, (0.04,) * 25)
    walk = await slash(world.ada, world, "next")
    form = await walk.click("Set probabilities…")
    (field,) = [name for name in form.form if name != "Reason"]
    lines = form.form[field].splitlines()
    typed = "\n".join(f"{line}4" for line in lines)
    placed = await form.fill_in(probabilities_one_per_line_adding_up_to_100=typed)
    assert "You said" in placed.text
    walk = await placed.click("Next · 1 left ▸")
    end = await (await walk.click("Set probabilities…")).fill_in(
        probabilities_one_per_line_adding_up_to_100="\n".join(
            f"{line}4" for line in (await walk.click("Set probabilities…")).form[field].splitlines()
        )
    )
    assert "That's all 2" in (await end.click("Finish ▸")).text


async def test_all_of_a_long_predictions_words_can_be_read(world: World) -> None:
    options = tuple(f"Option {number} " + "x" * 60 for number in range(25))
    criteria = " ".join(f"criterion-{number}" for number in range(130))
    statement = ("A statement " + "of many words " * 30)[:300].strip()
    world.create_prediction(statement, criteria=criteria, kind=Kind.MULTIPLE_CHOICE, options=options, tags=("one", "two"))
    card = await slash(world.ada, world, "prediction show", prediction="1")
    assert statement in card.text
    assert "criterion-0" in card.text
    assert "…" in card.text
    whole = await (await card.click("Details")).file()
    assert statement in whole
    assert criteria in whole
    for option in options:
        assert option in whole


async def test_all_of_a_documents_words_can_be_read(world: World) -> None:
    long = {name: " ".join(f"{name}-{number}" for number in range(80)) for name in ("notes", "criteria")}
    section, basis, raw = "Section " + "s" * 150, "Basis " + "b" * 250, "Window " + "w" * 100
    document = factories.create_document(
        {
            "statement": "Long",
            **long,
            "section": section,
            "window": {"end": "2026-12-31", "basis": basis, "raw": raw},
            "verbal": "Rather likely, " * 12,
        },
        title="Title " + "t" * 150,
        authors=[f"Author {number} " + "a" * 60 for number in range(5)],
    )
    world.load(document)
    details = await (await slash(world.ada, world, "prediction show", prediction="1")).click("Details")
    whole = await details.file()
    for words in (*long.values(), section, basis, raw, "Title " + "t" * 150, "Rather likely, " * 11):
        assert words.strip() in whole
    for author in document.source.authors:
        assert author in whole


async def test_a_documents_words_do_no_harm(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    nasty = NASTY[:190]
    document = factories.create_document(
        {
            "statement": NASTY[:300],
            "criteria": NASTY * 3,
            "notes": NASTY * 3,
            "section": NASTY,
            "verbal": NASTY[:100],
            "window": {"end": "2026-12-31", "raw": nasty, "basis": NASTY},
        },
        {"statement": NASTY[:300], "kind": "numeric", "numeric": {"low": 1, "high": 2, "unit": nasty}},
        {"statement": STARS, "parent": "p1", "relation": "requires", "relation_note": NASTY},
        title=nasty,
        authors=[nasty] * 9,
    )
    world.load(document, adopted=False)
    listed = await slash(world.manager, world, "pack list")
    is_harmless(listed.message)
    is_harmless((await listed.click("Adopt")).message)
    for code in ("1", "2", "3"):
        card = await slash(world.ada, world, "prediction show", prediction=code)
        is_harmless(card.message)
        is_harmless((await card.click("Details")).message)
        is_harmless((await slash(world.ada, world, "forecast", prediction=code)).message)
    is_harmless((await slash(world.ada, world, "prediction list", pack="pack")).message)
    is_harmless((await slash(world.manager, world, "pack drop", pack="pack")).message)
    (announced,) = world.messages()
    is_harmless(announced)


async def test_a_short_prediction_has_no_file(world: World) -> None:
    world.create_prediction("Short", criteria="Short as well")
    details = await (await slash(world.ada, world, "prediction show", prediction="1")).click("Details")
    assert details.message.attachments == []


async def test_the_file_goes_with_the_details(world: World) -> None:
    world.create_prediction("Long", criteria="*" * 2000)
    details = await (await slash(world.ada, world, "prediction show", prediction="1")).click("Details")
    assert len(details.message.attachments) == 1
    card = await details.click("Back to the card")
    assert card.message.attachments == []


async def test_words_read_as_they_were_written(world: World) -> None:
    world.create_prediction("2*3*4 is snake_case_name at https://x.example/a_b_c [sic] (or not)")
    card = await slash(world.ada, world, "prediction show", prediction="1")
    assert "2\\*3\\*4 is snake\\_case\\_name at https://x.example/a_b_c [sic] (or not)" in card.text
    listed = await slash(world.ada, world, "prediction list")
    assert "#1 2*3*4 is snake_case_name" in listed.options("Open one…")["1"]


async def test_a_refusal_shows_hostile_input_harmlessly(world: World) -> None:
    world.create_prediction(
        "Who?", kind=Kind.MULTIPLE_CHOICE, options=("[a](https://evil.example)", "<@&456>", "c", "d", "e")
    )
    for typed in (NASTY, STARS, "<@123>: 50", "[x](https://evil.example)" * 20):
        for name in ("probability", "prediction"):
            given = {"prediction": "1", "probability": "50"} | {name: typed}
            refused = await slash(world.ada, world, "forecast", **given)
            assert refused.text.startswith("⚠️")
            is_harmless(refused.message)


async def test_a_form_that_is_refused_gives_back_all_that_was_typed(world: World) -> None:
    options = tuple(f"{number:02} " + "*" * 77 for number in range(25))
    world.create_prediction("Who?", kind=Kind.MULTIPLE_CHOICE, options=options)
    form = await (await slash(world.ada, world, "forecast", prediction="1")).click("Set probabilities…")
    (field,) = [name for name in form.form if name != "Reason"]
    typed = form.form[field].replace(": ", ": 5")
    refused = await form.fill_in(probabilities_one_per_line_adding_up_to_100=typed, reason=STARS * 3)
    assert "They add up to 125%" in refused.text
    returned = refused.text + (await refused.file() if refused.message.attachments else "")
    assert typed in returned
    assert STARS * 3 in returned


async def test_a_members_name_is_never_spelled_out(world: World) -> None:
    nasty = world.guild.add_member(world.env.create_user("mallory"), nick="@everyone [x](y) **")
    await slash(nasty, world, "prediction add", statement="Mine", by="31 Dec 2027")
    placed = await slash(nasty, world, "forecast", prediction="1", probability="70", reason="Because")
    await placed.click("Post my reason")
    assert len(world.messages()) == 2
    for message in world.messages():
        assert "everyone" not in shown(message)
        is_harmless(message, members=(nasty,))


async def test_the_title_of_a_form_is_cut(world: World) -> None:
    world.create_prediction("x" * 300)
    form = await (await slash(world.ada, world, "forecast", prediction="1")).click("Exact…")
    assert len(form.form_title) <= 45
    assert form.form_title.endswith("…")
