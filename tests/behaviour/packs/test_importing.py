"""Importing a file: upload, review page by page and one by one, confirm, undo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import discord
import pytest
from sqlalchemy import func, select, update

from bot.domain.types import State
from db.models import Import, Pack, Prediction
from tests.behaviour.conftest import Seen, World, forge, raw, shown, slash, walk
from tests.behaviour.test_hostile_text import NASTY, STARS, is_harmless
from tests.conftest import SHARED

PICK, LIST = "Open one…", "Filter…"
POST = b"""---
title: My bets for 2026
author: Ann Example
date: 2026-01-02
---
# Predictions for 2030

- OpenAI releases GPT-6 by the end of 2030: 70%
- A model wins a gold medal at the IMO by the end of 2030: 40%
- Nvidia is worth more than 6 trillion dollars by the end of 2030: 55%
"""


async def upload(world: World, content: bytes = POST, name: str = "bets.md", *, by: Any = None) -> Seen:
    return await slash(by or world.manager, world, "prediction import", file=(name, content))


async def confirm(review: Seen) -> Seen:
    label = next(label for label in review.buttons if label.startswith(("Load", "Update")))
    return await review.click(label)


def number_of(world: World, model: Any) -> int:
    return world.rows(select(func.count()).select_from(model))[0][0]


def many(count: int, **facts: str) -> bytes:
    lines = ["format: predictions/1", "source: {title: Many}", "predictions:"]
    given = "".join(f", {name}: {value}" for name, value in facts.items())
    lines += [f"  - {{id: n{number}, statement: Statement {number} comes true{given}}}" for number in range(1, count + 1)]
    return "\n".join(lines).encode()


async def test_forecasts_of_several_people_are_shown_by_name_and_hidden_with_the_authors(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    table = (
        b"question,forecaster,probability,due\nWill the bridge open?,Ann @everyone,0.4,2030-12-31\n"
        b"Will the bridge open?,Ben Roe,0.6,2030-12-31\nWill the mine close?,Ben Roe,0.3,2030-12-31\n"
    )
    review = await upload(world, table, "calls.csv")
    assert "**1.** Will the bridge open?\n-# 2 people's forecasts · by 31 Dec 2030" in review.text
    item = await review.choose(PICK, "1")
    assert "**Probability** **Ann @\u200beveryone** 40% · **Ben Roe** 60%" in item.text
    await confirm(await item.click("Back to the list"))
    card = await slash(world.ada, world, "prediction show", prediction="1")
    assert "**Ann @\u200beveryone** 40% · **Ben Roe** 60%" in card.text

    await slash(world.manager, world, "settings guild", hide_author=True)
    card = await slash(world.ada, world, "prediction show", prediction="1")
    assert "Ben Roe" not in card.text
    assert "gave a forecast, hidden until you make yours" in card.text


async def test_a_manager_reviews_a_document_drops_one_corrects_one_and_loads_the_rest(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    review = await upload(world)
    assert review.is_private
    assert "### Review: My bets for 2026" in review.text
    assert "bets.md · by Ann Example · written 2 Jan 2026" in review.text
    assert "**3 predictions** found · all with a probability · all with a date" in review.text
    assert "**1.** OpenAI releases GPT-6 by the end of 2030\n-# 70% · by 31 Dec 2030" in review.text
    assert "This adds 3 predictions and announces them in the server's channel." in review.text

    item = await review.choose(PICK, "1")
    assert "### 1 of 3 · kept" in item.text
    assert "**Probability** 70%, from “70%”" in item.text
    assert "“by the end of 2030”" in item.text
    assert "Found at line 8" in item.text
    assert "### 1 of 3 · dropped" in (await item.click("Drop")).text
    assert "### 2 of 3 · kept" in (await item.click("Next ▸")).text
    form = await item.click("Correct…")
    assert (form.form["Probability"], form.form["By when"]) == ("40%", "31 Dec 2030")
    item = await form.fill_in(statement="An AI wins gold at the IMO", probability="0.45", by_when="Q3 2031")
    assert "### 2 of 3 · corrected" in item.text
    assert "**Probability** 45%" in item.text
    assert "by 30 Sep 2031" in item.text
    review = await item.click("Back to the list")
    assert "1 dropped · 1 corrected" in review.text
    assert "**1.** ~~OpenAI releases GPT-6 by the end of 2030~~ dropped" in review.text
    assert world.posts() == []

    done = await confirm(review)
    assert done.is_private
    assert "### My bets for 2026 is loaded\n2 predictions new: #1 to #2." in done.text
    assert "New predictions: My bets for 2026" in world.posts()[0]
    card = await slash(world.ada, world, "prediction show", prediction="1")
    assert "#1 · An AI wins gold at the IMO" in card.text
    assert "**Ann Example** 45%" in card.text
    assert "by 30 Sep 2031" in card.text
    assert "✅ **My bets for 2026**" in (await slash(world.ada, world, "pack list")).text
    assert "**#2** Nvidia is worth" in (await done.click("See them")).text


BAD = b"""statement,probability,by
Apple releases a phone,70%,31 Dec 2027
OpenAI goes public,120%,31 Dec 2027
The ECB cuts rates,40%,31 Feb 2027
Tesla sells a robotaxi,surely,2027-12-31
,50%,2027-12-31
The dollar falls,-5%,soon
"""


async def test_all_that_a_file_holds_is_there_or_left_out_and_bad_values_are_shown_as_such(world: World) -> None:
    review = await upload(world, BAD, "bad.csv")
    assert "**5 predictions** found" in review.text
    assert "1 left out" in review.text
    for words in (
        "“120%” isn't one probability from 0% to 100%",
        "“31 Feb 2027” isn't a day that I can read",
        "“-5%” isn't one probability from 0% to 100%",
        "“soon” isn't a day that I can read",
    ):
        assert f"⚠️ {words}" in review.text
    item = await review.choose(PICK, "2")
    assert "**Probability** none; the document says “120%”" in item.text
    assert "none stated" not in item.text
    item = await (await item.click("Next ▸")).click("Next ▸")
    assert "none; the document says “surely”" in item.text
    left = await (await item.click("Back to the list")).click("Left out: 1")
    assert r"line 6: 50% \| 2027-12-31" in left.text
    assert "no statement could be read in it" in left.text


async def test_whoever_wrote_it_can_be_named_and_stays_named(world: World) -> None:
    review = await upload(world, BAD, "bad.csv")
    assert "no author named" in review.text
    form = await review.click("Name the author…")
    review = await form.fill_in(title="Bets of a friend", who_wrote_it="Ann Ames, Ben  Bode")
    assert "### Review: Bets of a friend" in review.text
    assert "by Ann Ames and Ben Bode" in review.text
    await confirm(review)
    assert "**Ann Ames and Ben Bode** 70%" in (await slash(world.ada, world, "prediction show", prediction="1")).text
    again = await upload(world, BAD + b"Rain falls,10%,2027-12-31\n", "bad.csv")
    assert "by Ann Ames and Ben Bode" in again.text
    form = await again.click("Change author…")
    assert "Give at most 20 names" in (await form.fill_in(who_wrote_it="x" * 101)).text


async def test_the_same_file_again_says_that_nothing_would_change(world: World) -> None:
    review = await upload(world)
    await (await review.choose(PICK, "2")).click("Drop")
    await confirm(await review.click("Back to the list"))
    again = await upload(world)
    assert "1 dropped" in again.text
    assert "This server already has all of it in its pack “My bets for 2026”, so nothing would change." in again.text
    assert "[Update the pack] (off)" in again.text
    changed = await upload(world, POST.replace(b"70%", b"75%") + b"- Claude 9 is released by the end of 2030: 80%\n")
    assert "This updates the server's pack “My bets for 2026”: 1 new, 1 changed, 1 unchanged." in changed.text
    done = await confirm(changed)
    assert "is up to date\n1 prediction new: #3; 1 prediction changed; 1 prediction unchanged." in done.text
    assert "1 new" not in (await done.click("Undo")).text
    assert world.view(1).author_values == (0.7,)


async def test_undo_takes_everything_back_until_the_first_forecast(world: World) -> None:
    done = await confirm(await upload(world))
    undone = await done.click("Undo")
    assert "Undid the import of My bets for 2026\n3 predictions were annulled." in undone.text
    assert world.view(1).state is State.ANNULLED
    done = await confirm(await upload(world))
    assert world.view(1).state is State.OPEN
    await slash(world.ada, world, "forecast", prediction="2", probability="60")
    refused = await done.click("Undo")
    assert "Someone has forecast on #2 since, so the import stays." in refused.text
    assert world.view(1).state is State.OPEN


async def test_a_review_goes_on_after_a_restart(world: World) -> None:
    review = await upload(world)
    await (await review.choose(PICK, "1")).click("Drop")
    await world.restart()
    review = await review.click("Back to the list")
    assert "1 dropped" in review.text
    assert "2 predictions new" in (await confirm(review)).text


async def test_a_discarded_file_is_gone(world: World) -> None:
    review = await upload(world)
    assert "Discarded bets.md. Nothing was loaded." in (await review.click("Discard")).text
    assert number_of(world, Import) == 0


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
async def test_the_given_documents_can_be_imported(world: World, number: str) -> None:
    found = sorted((SHARED / "seeds").glob(f"{number}_*.txt"))
    if not found:
        pytest.skip("the documents are not beside the checkout")
    review = await upload(world, found[0].read_bytes(), found[0].name)
    if "I found no predictions" in review.text:
        assert "Nothing was stored" in review.text
        return
    done = await confirm(review)
    assert "is loaded" in done.text
    assert number_of(world, Prediction) > 0


# Many


async def test_three_hundred_predictions_are_paged_and_loaded(world: World) -> None:
    review = await upload(world, many(300), "many.yaml")
    assert "[Page 1 of 60] (off)" in review.text
    assert "300 without a date stay open until a manager sets one." in review.text
    review = await review.click("More ▸")
    assert list(review.options(PICK)) == ["6", "7", "8", "9", "10"]
    item = await review.choose(PICK, "10")
    assert "### 11 of 300" in (await item.click("Next ▸")).text
    assert "[Page 3 of 60] (off)" in (await item.click("Back to the list")).text
    assert "300 predictions new: #1 to #300." in (await confirm(review)).text


async def test_those_to_look_at_are_listed_by_themselves(world: World) -> None:
    content = many(7, window="{end: 2030-12-31}").replace(b"n4, statement", b"n4, probability: 1, statement")
    review = await upload(world, content, "seven.yaml")
    assert "**1 to check**" in review.text
    assert review.options(LIST) == {"all": "All (7)", "doubtful": "To check (1)", "dropped": "Dropped (0)"}
    review = await review.choose(LIST, "doubtful")
    assert list(review.options(PICK)) == ["4"]
    assert "⚠️ 100%, scored as 99.9%" in review.text
    review = await review.choose(LIST, "dropped")
    assert "None." in review.text
    assert list((await review.choose(LIST, "all")).options(PICK)) == ["1", "2", "3", "4", "5"]


async def test_what_was_left_out_is_shown_with_the_reasons(world: World) -> None:
    content = POST + b"\n## Topics to watch\n\nThese are not predictions.\n\n- Copyright will matter more: 50%\n"
    review = await upload(world, content)
    label = next((label for label in review.buttons if label.startswith("Left out")), None)
    assert label is not None, review.text
    left = await review.click(label)
    assert "Copyright" in left.text
    assert "### Review" in (await left.click("Back to the list")).text


# Refusals: private, a sentence, nothing stored


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "bets.md", "The file is empty"),
        (b"x" * (1024 * 1024 + 1), "bets.md", "The file has 1.0 MiB; at most 1 MiB can be imported"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "bets.yaml", "The document is a picture"),
        (POST, "bets.yaml", "rename it to end in .md or .txt"),
        (
            b"format: predictions/1\nsource: {}\npredictions: [{id: a}]\n",
            "bets.yaml",
            "line 3: predictions[0].statement: is missing",
        ),
        (b"# Minutes\n\nWe met and talked about lunch.\n", "minutes.md", "I found no predictions in minutes.md"),
    ],
)
async def test_a_file_that_cannot_be_imported_is_refused(world: World, content: bytes, name: str, told: str) -> None:
    refused = await upload(world, content, name)
    assert refused.is_private
    assert refused.text.startswith("⚠️")
    assert told in refused.text
    assert number_of(world, Import) == 0


async def test_many_problems_are_cut_to_fit_and_all_of_them_can_be_read(world: World) -> None:
    refused = await upload(world, many(200, probability="70"), "bad.yaml")
    assert "more, in the file" in refused.text
    whole = await refused.file()
    assert whole.count("predictions[") == 200
    assert "line 203: predictions[199].probability: is 70; it must be a number from 0 to 1" in whole


async def test_members_may_not_import(world: World) -> None:
    refused = await upload(world, by=world.ada)
    assert refused.is_private
    assert "Only managers can import predictions" in refused.text
    assert number_of(world, Import) == 0


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("probability", "120", "isn't between 0% and 100%"),
        ("by_when", "1 Jan 2020", "1 Jan 2020 is already over"),
        ("by_when", "soon", "I can't read “soon” as a date. Try 31 Dec 2026"),
        ("statement", "   ", "The statement is empty"),
    ],
)
async def test_a_correction_that_cannot_be_gives_back_what_was_typed(
    world: World, field: str, typed: str, told: str
) -> None:
    review = await upload(world)
    form = await (await review.choose(PICK, "1")).click("Correct…")
    refused = await form.fill_in(**{field: typed})
    assert refused.is_private
    assert told in refused.text
    assert "You wrote" in refused.text
    assert world.rows(select(Import.edits)) == [({},)]


async def test_an_untouched_form_changes_nothing(world: World) -> None:
    review = await upload(world, many(1, probability="0.123456", window="{end: 2030-12-31}"), "one.yaml")
    form = await (await review.choose(PICK, "1")).click("Correct…")
    assert form.form["Probability"] == "12.3%"
    assert "· kept" in (await form.fill_in()).text


async def test_blank_fields_take_the_probability_and_the_date_out(world: World) -> None:
    review = await upload(world)
    form = await (await review.choose(PICK, "1")).click("Correct…")
    item = await form.fill_in(probability="", by_when="")
    assert "**Probability** none stated" in item.text
    assert "⚠️ no date" in item.text


GRADED = b"""---
title: My bets for 2025, graded
author: Ann Example
date: 2026-01-02
---

- OpenAI releases GPT-6 by the end of 2025: 70% (happened)
- Nvidia is worth more than $5T by the end of 2025: 40% (happened)
- It snows in Rome in 2025: 20%
"""


async def test_what_happened_is_shown_and_set_right_before_it_is_loaded(world: World) -> None:
    review = await upload(world, GRADED)
    assert "70% · by 31 Dec 2025 · happened: yes" in review.text
    assert (
        "3 predictions** found · all with a probability · all with a date · 2 with a result · **1 to check**" in review.text
    )
    item = await review.choose(PICK, "2")
    assert "**What happened** the document says: yes" in item.text
    form = await item.click("Correct…")
    assert form.form["What happened"] == "yes"
    item = await form.fill_in(what_happened="No")
    assert "**What happened** no" in item.text
    refused = await (await item.click("Correct…")).fill_in(what_happened="perhaps")
    assert "“perhaps” isn't an answer to a yes-or-no prediction. Answer yes or no." in refused.text
    item = await (await (await item.click("◂ Previous")).click("Correct…")).fill_in(what_happened="")
    assert "What happened" not in item.text
    await confirm(await item.click("Back to the list"))
    states = world.rows(select(Prediction.state, Prediction.outcome).order_by(Prediction.code))
    assert [tuple(map(str, row)) for row in states] == [("closed", "None"), ("resolved", "no"), ("closed", "None")]


@pytest.mark.parametrize(
    "name",
    [
        "import.page:1:all:x",
        "import.page:1:some:0",
        "import.page:",
        "import.item:1",
        "import.item:1:0",
        "import.item:1:99",
        "import.item:1:-1",
        "import.item:9999999999999999:1",
        "import.drop:99:1",
        "import.keep:x:1",
        "import.correct:1:4",
        "import.left:99",
        "import.confirm:99",
        "import.confirm:",
        "import.undo:1",
        "import.discard:99",
        "import.back:x:1",
    ],
)
async def test_a_button_that_nobody_made_does_no_harm(world: World, name: str) -> None:
    review = await upload(world)
    refused = await forge(world.manager, review.message, name)
    assert refused.is_private
    assert refused.text.startswith("⚠️")
    assert world.rows(select(Import.edits, Import.confirmed_at)) == [({}, None)]


async def test_the_buttons_of_somebody_elses_review_are_refused(world: World) -> None:
    review = await upload(world)
    (import_id,) = world.rows(select(Import.id))[0]
    world.create_prediction()
    listed = await slash(world.ada, world, "prediction show", prediction="1")
    refused = await forge(world.ada, listed.message, f"import.confirm:{import_id}")
    assert "Only managers can import predictions" in refused.text
    role = world.guild.create_role("Other mods", permissions=discord.Permissions(manage_guild=True))
    other = world.guild.add_member(world.env.create_user("max"), roles=[role])
    listed = await slash(other, world, "prediction show", prediction="1")
    refused = await forge(other, listed.message, f"import.confirm:{import_id}")
    assert "it's someone else's" in refused.text
    assert number_of(world, Pack) == 0
    assert "is loaded" in (await confirm(review)).text


async def test_an_old_draft_is_forgotten_and_its_buttons_say_so(world: World) -> None:
    review = await upload(world)
    world.change(update(Import).values(created_at=world.now - timedelta(days=8)))
    await world.wake()
    assert number_of(world, Import) == 0
    refused = await confirm(review)
    assert "This review is gone" in refused.text


# Hostile words


async def test_a_hostile_document_pings_nobody_and_breaks_no_card(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    words = (NASTY + STARS)[:250].replace("\n", " ")
    lines = "".join(f"- {number} {words} by the end of 2030: 100%\n" for number in range(12))
    content = f"# {NASTY}\n\n## Predictions for 2030\n\n{lines}".encode()
    review = await upload(world, content, "@everyone [a](b).md")
    is_harmless(review.message)
    assert "Review" in review.text
    item = await review.choose(PICK, "1")
    is_harmless(item.message)
    await item.click("Drop")
    form = await item.click("Correct…")
    refused = await form.fill_in(probability=NASTY[:200])
    is_harmless(refused.message)
    form = await item.click("Correct…")
    item = await form.fill_in(statement=NASTY[:300], criteria=(NASTY * 9)[:2000])
    is_harmless(item.message)
    assert (NASTY * 9)[:1900] in await item.file()
    done = await confirm(await item.click("Back to the list"))
    is_harmless(done.message)
    for post in world.messages():
        is_harmless(post)


async def test_a_hostile_prediction_file_keeps_discords_limits(world: World) -> None:
    options = ", ".join(f'{{name: "{number} {"*" * 70}"}}' for number in range(25))
    words = STARS.replace("*", "\\\\*")[:290]
    lines = [
        "format: predictions/1",
        f'source: {{title: "{"*" * 200}", authors: ["{"*" * 300}"]}}',
        "predictions:",
        *(
            f'  - {{id: n{number}, kind: multiple_choice, statement: "{number} {words}", criteria: "{"*" * 1900}", '
            f'section: "{"_" * 500}", notes: "{"~" * 3000}", verbal: "{"*" * 300}", options: [{options}], '
            f'window: {{end: 2025-12-31, raw: "{"*" * 900}", basis: "{"*" * 900}"}}}}'
            for number in range(30)
        ),
    ]
    review = await upload(world, "\n".join(lines).encode(), "hostile.yaml")
    assert "30 of them are already over and will go to a vote." in review.text
    is_harmless(review.message)
    item = await review.choose(PICK, "3")
    is_harmless(item.message)
    assert sum(len(part.get("content", "")) for part in walk(raw(item.message))) <= 4000
    whole = await item.file()
    assert "*" * 1900 in whole
    assert "~" * 3000 in whole
    assert "24 " + "*" * 70 in whole
    review = await item.click("Back to the list")
    assert review.message.attachments == []
    assert "30 predictions new" in (await confirm(review)).text


async def test_the_announcement_of_an_import_is_for_everybody(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    await confirm(await upload(world))
    (post,) = world.messages()
    assert "3 predictions by Ann Example" in shown(post)


async def test_a_correction_with_two_readings_goes_on_with_the_one_that_is_tapped(world: World) -> None:
    review = await upload(world)
    form = await (await review.choose(PICK, "1")).click("Correct…")
    first = await form.fill_in(probability="1.0", by_when="3/4/2031")
    assert first.buttons == ["1%", "100%"]
    second = await first.click("1%")
    assert second.buttons == ["4 Mar 2031", "3 Apr 2031"]
    item = await second.click("3 Apr 2031")
    assert "**Probability** 1%" in item.text
    assert "by 3 Apr 2031" in item.text
