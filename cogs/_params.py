"""How command options are read and completed. People type percentages and dates; what comes out is fractions and moments."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

import discord
from discord import app_commands

from bot.domain.errors import NotFound, Reading, Refused, TwoReadings
from bot.domain.leaderboard import Ranking
from bot.domain.seasons import ALL_TIME
from bot.domain.texts import clean_line
from bot.domain.times import over_at, read_first_day
from bot.domain.types import Actor, Kind
from bot.domain.when import read_day
from bot.domain.zones import find_zones
from bot.services.exporting.calendar import CalendarScope
from bot.services.groups import membership
from bot.services.members import people
from bot.services.packs import library
from bot.services.predictions import listing, search
from bot.services.predictions.listing import ListOrder, ListShow
from bot.services.scoring import calibrations, resolved
from bot.services.scoring.calibrations import THE_CROWD
from bot.ui import replies, text
from bot.ui.cards.exporting.files import WHOSE_NAMES
from bot.ui.cards.predictions.lists import ORDER_NAMES, SHOW_NAMES
from bot.ui.cards.scoring.leaderboard import RANKING_NAMES
from bot.ui.items import whole_number
from bot.ui.questions import replaced

if TYPE_CHECKING:
    from bot.client import Almanac

Interaction: TypeAlias = "discord.Interaction[Almanac]"
Choices: TypeAlias = list[app_commands.Choice[str]]
CommandCallback = TypeVar("CommandCallback", bound=Callable[..., Coroutine[Any, Any, None]])

THE_SERVERS = "the server's"

_GROUP = re.compile(r"group ([0-9]{1,15})")
_OPTIONS = re.compile(r"[;\n]")
_CODE = re.compile(r"#?\s*(\d{1,9})")


def text_channel_of(interaction: discord.Interaction[Any]) -> discord.TextChannel | None:
    """The text channel that the member is in; None in a thread, a direct message or any other kind."""
    channel = None if interaction.guild is None else interaction.guild.get_channel(interaction.channel_id or 0)
    return channel if isinstance(channel, discord.TextChannel) else None


def actor_of(interaction: discord.Interaction[Any]) -> Actor:
    """The member who acts, as Discord knows them right now."""
    user = interaction.user
    assert interaction.guild_id is not None
    return Actor(
        guild_id=interaction.guild_id,
        user_id=user.id,
        name=clean_line(user.display_name, refuse=False) or user.name,
        can_manage_guild=interaction.permissions.manage_guild,
        role_ids=frozenset(role.id for role in user.roles) if isinstance(user, discord.Member) else frozenset(),
        joined_at=user.joined_at if isinstance(user, discord.Member) else None,
        is_bot=user.bot,
    )


def code_of(argument: str) -> int:
    """The code in a button's argument. Refuses anything our buttons never carry."""
    try:
        return whole_number(argument, digits=9)
    except ValueError:
        raise Refused(
            "This button is from another version of the bot. Use /prediction list to find the prediction."
        ) from None


class PredictionTransformer(app_commands.Transformer):
    """A prediction's code, from `42`, `#42` or words that match only one prediction."""

    async def transform(self, interaction: discord.Interaction[Any], value: str, /) -> int:
        if code := _CODE.fullmatch(value.strip()):
            return int(code[1])
        assert interaction.guild_id is not None
        bot = interaction.client
        found = await bot.database.read(search.find, guild_id=interaction.guild_id, text=value, now=bot.now(), limit=2)
        if len(found) == 1:
            return found[0].code
        if not found:
            raise NotFound(f"like “{text.cut(value, 60)}”")
        raise Refused(
            f"“{text.cut(value, 60)}” matches several predictions. Pick one from the list, or type its code, such as #{found[0].code}."
        )

    async def autocomplete(self, interaction: discord.Interaction[Any], value: str, /) -> Choices:  # type: ignore[override]
        assert interaction.guild_id is not None
        bot = interaction.client
        found = await bot.database.read(search.find, guild_id=interaction.guild_id, text=value, now=bot.now())
        shown = [(hit, "" if hit.is_open else " (closed)") for hit in found]
        return [
            app_commands.Choice(name=text.cut(f"#{hit.code} {hit.statement}", 90) + note, value=str(hit.code))
            for hit, note in shown
        ]


class GroupTransformer(app_commands.Transformer):
    """A group's id, from words of its title or the code of a prediction in it."""

    async def transform(self, interaction: discord.Interaction[Any], value: str, /) -> int:
        assert interaction.guild_id is not None
        bot = interaction.client
        if picked := _GROUP.fullmatch(value.strip()):
            return int(picked[1])
        found = await bot.database.read(membership.find, guild_id=interaction.guild_id, text=value)
        if not found:
            raise Refused(f"There's no group like “{text.cut(value, 60)}” on this server. Make one with /group add.")
        if len(found) > 1:
            raise Refused(f"“{text.cut(value, 60)}” matches several groups. Pick one from the list.")
        return found[0].id

    async def autocomplete(self, interaction: discord.Interaction[Any], value: str, /) -> Choices:  # type: ignore[override]
        assert interaction.guild_id is not None
        bot = interaction.client
        found = await bot.database.read(membership.find, guild_id=interaction.guild_id, text=value)
        return [app_commands.Choice(name=text.cut(one.title, 100), value=f"group {one.id}") for one in found]


class WordTransformer(app_commands.Transformer):
    """One word of an enumeration, each with the name members see."""

    def __init__(self, names: dict[Any, str]) -> None:
        self._names = names

    @property
    def choices(self) -> Any:
        return [app_commands.Choice(name=name, value=str(word)) for word, name in self._names.items()]

    async def transform(self, interaction: discord.Interaction[Any], value: str, /) -> Any:
        return next(word for word in self._names if word == value)


def asks(command: CommandCallback) -> CommandCallback:
    """A command with options that could mean two things: each reading is a button, and the one that's tapped runs it again.

    Such options are read in the command, not by a transformer, so that it's the command that finds them doubtful.
    """

    @wraps(command)
    async def run(cog: object, interaction: Interaction, **options: Any) -> None:
        async def go_on(click: Interaction, asked: TwoReadings, reading: Reading) -> None:
            again = options if reading.values is not None else replaced(options, asked.given, reading.text)
            await run(cog, click, **again)

        try:
            await command(cog, interaction, **options)
        except TwoReadings as asked:
            await replies.explain(interaction, asked, go_on=go_on)

    # discord.py reads the options' types in the module of the function that it gets
    run.__dict__["__signature__"] = inspect.signature(command, eval_str=True)
    return cast(CommandCallback, run)


async def day_over_at(interaction: discord.Interaction[Any], typed: str) -> datetime:
    """The moment when the last day of what was typed is over: "31 Dec 2026", "tomorrow", "in 2 weeks".

    A day counts from the member's own today, and is over when it's over in UTC.
    """
    bot: Any = interaction.client
    zone = await bot.database.read(people.zone_of, user_id=interaction.user.id, guild_id=interaction.guild_id)
    return over_at(read_day(typed, now=bot.now(), zone=zone, locale=str(interaction.locale)))


async def first_day(interaction: discord.Interaction[Any], typed: str) -> datetime:
    """The first moment of what was typed: of a whole month, quarter or year, or of a day as `day_over_at` reads it."""
    first = read_first_day(typed)
    if first is None:
        return await day_over_at(interaction, typed) - timedelta(days=1)
    return datetime(first.year, first.month, first.day, tzinfo=UTC)


def options_of(typed: str | None) -> tuple[str, ...]:
    """The options of a multiple choice, separated by semicolons, lines, or else commas."""
    if not typed:
        return ()
    parts = _OPTIONS.split(typed)
    return tuple(part.strip() for part in (parts if len(parts) > 1 else typed.split(",")) if part.strip())


async def complete_tag(interaction: Interaction, value: str) -> Choices:
    """The guild's tags that start like this."""
    assert interaction.guild_id is not None
    tags = await interaction.client.database.read(listing.tags_of_guild, guild_id=interaction.guild_id, beginning=value)
    return [app_commands.Choice(name=tag, value=tag) for tag in tags]


async def complete_pack(interaction: Interaction, value: str) -> Choices:
    """Packs by name or title."""
    assert interaction.guild_id is not None
    bot = interaction.client
    found = await bot.database.read(library.list_packs, guild_id=interaction.guild_id, now=bot.now())
    wanted = value.casefold().strip()
    fitting = [pack for pack in found if wanted in pack.title.casefold() or wanted in pack.slug]
    return [
        app_commands.Choice(name=text.cut(f"{pack.title}{' (adopted)' if pack.is_adopted else ''}", 100), value=pack.slug)
        for pack in fitting[:25]
    ]


async def complete_forecaster(interaction: Interaction, value: str) -> Choices:
    """The crowd, and documents whose authors stated numbers."""
    assert interaction.guild_id is not None
    found = await interaction.client.database.read(calibrations.sources_of_guild, guild_id=interaction.guild_id, words=value)
    crowd = [app_commands.Choice(name=THE_CROWD.capitalize(), value=THE_CROWD)] if value.casefold() in THE_CROWD else []
    authors = [
        app_commands.Choice(
            name=text.cut(f"{', '.join(source.authors[:2]) or 'Author'} · {source.title}", 100), value=str(source.id)
        )
        for source in found
    ]
    return [*crowd, *authors][:25]


async def complete_zone(interaction: Interaction, value: str) -> Choices:
    """Time zones by city, country, abbreviation or offset."""
    bot = interaction.client
    found = find_zones(value, now=bot.now())
    return [app_commands.Choice(name=text.cut(zone.label, 100), value=zone.key) for zone in found]


async def complete_own_zone(interaction: Interaction, value: str) -> Choices:
    """The same, plus the server's."""
    servers = [app_commands.Choice(name=THE_SERVERS, value=THE_SERVERS)] if value.casefold() in THE_SERVERS else []
    return [*servers, *await complete_zone(interaction, value)][:25]


async def complete_season(interaction: Interaction, value: str) -> Choices:
    """Seasons with resolved predictions."""
    assert interaction.guild_id is not None
    found = await interaction.client.database.read(resolved.seasons_of, guild_id=interaction.guild_id)
    names = [str(season) for season in (ALL_TIME, *found)]
    wanted = value.casefold().strip()
    return [app_commands.Choice(name=name, value=name) for name in names if wanted in name.casefold()][:25]


PredictionParam: TypeAlias = app_commands.Transform[int, PredictionTransformer]
GroupParam: TypeAlias = app_commands.Transform[int, GroupTransformer]
ShowParam: TypeAlias = app_commands.Transform[ListShow, WordTransformer(SHOW_NAMES)]
OrderParam: TypeAlias = app_commands.Transform[ListOrder, WordTransformer(ORDER_NAMES)]
KindParam: TypeAlias = app_commands.Transform[Kind, WordTransformer(text.KIND_NAMES)]
RankingParam: TypeAlias = app_commands.Transform[Ranking, WordTransformer(RANKING_NAMES)]
WhoseParam: TypeAlias = app_commands.Transform[CalendarScope, WordTransformer(WHOSE_NAMES)]
