"""Buttons and selects whose whole state is their custom_id, so that they work for years and through restarts.

A custom_id reads `action:argument`, for example `forecast.open:42`. It is a public API: old messages keep theirs. The
functions behind the actions are methods of cogs, marked with `@action`; permission is checked in the services.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import discord
from discord import ui

from bot.domain.texts import clean_line

Interaction = discord.Interaction[Any]
Handler = Callable[[Interaction, str], Awaitable[None]]
MarkedT = TypeVar("MarkedT", bound=Callable[..., Awaitable[None]])

OWN_IDS_FROM = 1_000_000_000
"""Component ids from here on are ours; Discord numbers the others of a message from 1."""
TEMPLATE = r"(?P<action>[a-z]+\.[a-z]+)(?::(?P<argument>.*))?"


def action(name: str, *, anywhere: bool = False) -> Callable[[MarkedT], MarkedT]:
    """Mark a cog's method `(interaction, argument)` as what happens on items of this action.

    `anywhere` is for items of direct messages, whose clicks come from no guild.
    """

    def mark(method: MarkedT) -> MarkedT:
        method.__almanac_action__ = name  # type: ignore[attr-defined]
        method.__almanac_anywhere__ = anywhere  # type: ignore[attr-defined]
        return method

    return mark


def custom_id(name: str, argument: object = "") -> str:
    """The custom_id of an action, in the 100 characters Discord allows."""
    made = f"{name}:{argument}" if argument != "" else name
    if len(made) > 100:
        raise ValueError(f"custom_id of {len(made)} characters: {made[:40]}…")
    return made


class ActionItem(ui.DynamicItem[ui.Item[Any]], template=TEMPLATE):
    """A button or select that names its action."""

    def __init__(self, item: ui.Item[Any], name: str = "", argument: str = "") -> None:
        super().__init__(item)
        self._name, self._argument = name, argument

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /) -> ActionItem:
        return cls(item, match["action"], match["argument"] or "")

    async def callback(self, interaction: Interaction) -> None:
        await interaction.client.dispatch_action(interaction, self._name, self._argument)


class CardView(ui.LayoutView):
    """A message that discord.py need not keep in memory, with a timer each: all that can be clicked in it is a DynamicItem."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    def is_finished(self) -> bool:
        """Whether there's nothing to wait for: always."""
        return True


def button(
    label: str, name: str, argument: object = "", *, style: str = "secondary", emoji: str | None = None, off: bool = False
) -> ActionItem:
    """A button. `style` is primary (blue), success, danger or secondary."""
    made = ui.Button[Any](
        label=label, custom_id=custom_id(name, argument), style=discord.ButtonStyle[style], emoji=emoji, disabled=off
    )
    return ActionItem(made)


def select(
    name: str, argument: object, options: list[discord.SelectOption], *, placeholder: str, off: bool = False
) -> ActionItem:
    """A select of one of up to 25 options.

    Its component id goes with what it's about, so a message that is edited shows a new select instead of the last choice.
    """
    key = custom_id(name, argument)
    made = ui.Select[Any](custom_id=key, options=options, placeholder=placeholder, id=_own_id(key), disabled=off)
    return ActionItem(made)


def channel_select(
    name: str, argument: object, chosen_id: int | None, *, placeholder: str, off: bool = False, forums: bool = False
) -> ActionItem:
    """A select of one text channel, or forum if wanted, or none."""
    key = custom_id(name, argument)
    made = ui.ChannelSelect[Any](
        custom_id=key,
        channel_types=[
            discord.ChannelType.text,
            discord.ChannelType.news,
            *([discord.ChannelType.forum] if forums else []),
        ],
        placeholder=placeholder,
        min_values=0,
        disabled=off,
        default_values=_default(chosen_id, discord.SelectDefaultValueType.channel),
        id=_own_id(key),
    )
    return ActionItem(made)


def role_select(name: str, argument: object, chosen_id: int | None, *, placeholder: str, off: bool = False) -> ActionItem:
    """A select of one role, or none."""
    key = custom_id(name, argument)
    made = ui.RoleSelect[Any](
        custom_id=key,
        placeholder=placeholder,
        min_values=0,
        disabled=off,
        default_values=_default(chosen_id, discord.SelectDefaultValueType.role),
        id=_own_id(key),
    )
    return ActionItem(made)


def chosen(interaction: Interaction) -> str:
    """The value chosen in a select; empty if none is."""
    data: Any = interaction.data
    return clean_line(str(next(iter(data.get("values") or ()), "")))


def whole_number(text: str, *, digits: int = 15) -> int:
    """The number that a custom_id carries: plain digits, and not too many. Raises ValueError for anything else."""
    if not text.isascii() or not text.isdigit() or len(text) > digits:
        raise ValueError(f"{text[:20]!r} is no number of ours")
    return int(text)


def _default(chosen_id: int | None, kind: discord.SelectDefaultValueType) -> list[discord.SelectDefaultValue]:
    return [] if chosen_id is None else [discord.SelectDefaultValue(id=chosen_id, type=kind)]


def _own_id(key: str) -> int:
    return OWN_IDS_FROM + zlib.crc32(key.encode()) % OWN_IDS_FROM
