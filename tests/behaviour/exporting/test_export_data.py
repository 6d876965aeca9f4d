"""/export data: everything public of the server, for whoever wants to keep it or check it."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from bot.domain.audit import audit
from bot.domain.documents.comparing import compare
from bot.domain.documents.export_reading import read_export
from bot.domain.documents.export_writing import DOCUMENT, TABLES
from bot.domain.documents.files import read_file
from bot.services.exporting.guild_export import ExportCounts
from bot.ui.cards.exporting.files import data_card
from tests.behaviour.conftest import Seen, World, raw, slash, walk
from tests.services.scoring.scored import store_scores

DAY = 86400.0
NUMBER = "63.7"


async def archive(seen: Seen) -> zipfile.ZipFile:
    """The archive that came along."""
    (attachment,) = seen.message.attachments
    assert attachment.filename == "almanac-export.zip"
    return zipfile.ZipFile(io.BytesIO(await attachment.read()))


async def create_record(world: World) -> None:
    """A prediction that came true and one that is open, with forecasts of two members, one with a posted reason."""
    await slash(world.manager, world, "settings guild", channel=world.channel)
    for statement in ("It rains", "It pours"):
        await slash(world.manager, world, "prediction add", statement=statement, by="31 Dec 2026")
    await world.advance(60)
    for code in ("1", "2"):
        await slash(world.ada, world, "forecast", prediction=code, probability=NUMBER, reason=f"My secret reason {code}")
        await slash(world.bob, world, "forecast", prediction=code, probability="20")
    await world.advance(DAY)
    await slash(world.manager, world, "resolution override", prediction="1", outcome="yes", reason="I got wet.")
    store_scores(world.database)


async def test_any_member_gets_the_archive_privately_with_how_to_check_it(world: World) -> None:
    await create_record(world)
    seen = await slash(world.bob, world, "export data")
    assert seen.is_private
    assert "**2 predictions (1 resolved), 2 forecasts**, the crowd, scores, rankings and logs" in seen.text
    assert "Leaves out the forecasts on 1 prediction, because" in seen.text
    assert "`python -m bot score almanac-export.zip`" in seen.text
    assert [part["name"] for part in walk(raw(seen.message)) if part["type"] == 13] == ["almanac-export.zip"]
    packed = await archive(seen)
    assert packed.namelist() == [DOCUMENT, *TABLES]
    reading = read_export(packed.read(DOCUMENT))
    assert reading.export is not None
    compared = compare(reading.export, audit(reading.export.cases))
    assert (compared.differences, compared.scores) == ((), 3)
    (first, second) = json.loads(packed.read(DOCUMENT))["predictions"]
    assert (first["resolution"], len(first["scores"]), second["hidden"]) == ("yes", 3, True)
    assert {one["name"] for one in json.loads(packed.read(DOCUMENT))["forecasters"]} == {"mona", "ada", "bob", "crowd"}


async def test_it_shows_who_has_forecast_no_more_than_who_has_not(world: World) -> None:
    await create_record(world)
    contents = [await archive(await slash(member, world, "export data")) for member in (world.ada, world.bob, world.manager)]
    first, *others = [{name: packed.read(name) for name in packed.namelist()} for packed in contents]
    for other in others:
        assert {name: raw for name, raw in other.items() if name != DOCUMENT} == {
            name: raw for name, raw in first.items() if name != DOCUMENT
        }
    whole = b"".join(first.values())
    assert b"secret" not in whole
    of_open = [line for line in first["forecasts.csv"].splitlines() if line.startswith(b"2,")]
    assert of_open == []
    assert all(str(member.id).encode() not in whole for member in (world.ada, world.bob, world.manager))


async def test_a_second_export_within_a_minute_is_refused_politely(world: World) -> None:
    await create_record(world)
    await archive(await slash(world.bob, world, "export data"))
    seen = await slash(world.bob, world, "export data")
    assert seen.is_private
    assert "You just asked for an export, and it's the same for everyone. Try again in 60 seconds." in seen.text
    assert seen.message.attachments == []
    await archive(await slash(world.ada, world, "export data"))
    await world.advance(61)
    await archive(await slash(world.bob, world, "export data"))


async def test_the_seal_of_an_export_is_posted_for_everyone_on_request(world: World) -> None:
    await create_record(world)
    before = len(world.posts())
    seen = await slash(world.bob, world, "export data", post="yes")
    (*_, post) = world.posts()
    assert len(world.posts()) == before + 1
    assert "🔏 An export of everything public here" in post
    assert "2 predictions (1 resolved)" in post
    packed = await archive(seen)
    assert json.loads(packed.read(DOCUMENT))["seal"]["sha256"] in post


async def test_the_seal_is_posted_also_where_the_file_is_too_large_for_discord(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await create_record(world)
    monkeypatch.setattr("cogs.exporting.LARGEST_FILE", 1000)  # the real limit would take minutes to fill
    seen = await slash(world.bob, world, "export data", post="yes")
    assert "python -m bot export --guild" in seen.text
    assert seen.message.attachments == []
    (*_, post) = world.posts()
    assert "Its seal:" in post


async def test_where_there_is_nothing_it_says_what_to_do(world: World) -> None:
    seen = await slash(world.ada, world, "export data", post="yes")
    assert world.posts() == []
    assert seen.is_private
    assert "There's nothing to export yet. Adopt a pack with `/pack list`" in seen.text
    assert seen.message.attachments == []


def test_what_discord_does_not_take_names_the_command() -> None:
    found = ExportCounts(predictions=3, resolved=1, hidden=0, forecasts=9, seal="5ea1")
    card, file = data_card(found, b"x" * 2_000_000, has_tables=True, limit=1_048_576, guild_id=77)
    assert file is None
    (container,) = card.children
    assert "python -m bot export --guild 77 --output export.zip" in str(container.to_component_dict())
    card, file = data_card(found, b"x", has_tables=False, limit=1_048_576, guild_id=77)
    assert file is not None
    assert "as JSON; the tables didn't fit" in str([child.to_component_dict() for child in card.children])


async def test_a_member_takes_their_own_forecasts_to_fatebook(world: World) -> None:
    await create_record(world)
    await slash(world.ada, world, "forecast", prediction="2", probability="80")
    seen = await slash(world.ada, world, "export data", what="my forecasts, for Fatebook")
    assert seen.is_private
    assert "**3 forecasts** on 2 predictions" in seen.text
    (attachment,) = seen.message.attachments
    reading = read_file(await attachment.read(), file=attachment.filename, today=world.now.date())
    assert reading.document is not None
    assert reading.document.source.authors == ("ada",)
    told = {
        item.statement: ([share for (share,) in item.dated_values], item.outcome) for item in reading.document.predictions
    }
    assert told == {"It rains": ([0.637], True), "It pours": ([0.637, 0.8], None)}


async def test_who_has_no_forecast_has_nothing_to_take_along(world: World) -> None:
    seen = await slash(world.bob, world, "export data", what="my forecasts, for Fatebook")
    assert "You have no probability forecasts to export yet" in seen.text
    assert not seen.message.attachments
