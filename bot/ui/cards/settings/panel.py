"""The panel of settings: a page for each group, every setting with its control. What changes is said on top, with Undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import discord
from discord import ui

from bot.domain.zones import find_zones
from bot.services.members.people import PersonSettings
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.settings.table import GROUPS, OWN
from bot.ui.cards.settings.values import CHANNEL, HOME, NONE, OFF, ON, OWN_ZONE, ROLE, ZONE, Setting
from bot.ui.items import button, channel_select, role_select, select

IN_A_ROW = 5
"""How many buttons Discord puts in a row."""
ANOTHER = "another"
"""The last option of a select, which opens a form."""
_SWITCH_WORDS = {
    "add": ("Managers only", "All members"),
    "secret": ("Show it", "Hide it"),
    "record": ("Hide it", "Show it"),
    "author": ("Always show it", "Hide it"),
    "named": ("Don't name me", "Name me"),
    "interested": ("Forbid it", "Allow it"),
}
"""What a switch's button says while it's on, and while it's off, where on and off say too little."""


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that has just changed, with its values before and after."""

    setting: Setting
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def guild_panel(
    values: Mapping[str, Any],
    *,
    group: str,
    now: datetime,
    is_manager: bool,
    changes: Sequence[Change] = (),
    refusal: str | None = None,
    stuck: int = 0,
    more: Sequence[ui.Item[Any]] = (),
) -> ui.LayoutView:
    """A page of the server's settings, with what else stands on it. `stuck` counts what couldn't be posted; members may only
    look."""
    title, settings = GROUPS[group]
    heading = [f"### This server's settings · {title}"]
    if group in ("votes", "results"):
        heading.append("-# Open votes keep the rules they started with.")
    if not is_manager:
        heading.append("-# Only managers can change these.")
    if group == "posts" and values["post_channel_id"] is None and is_manager:
        heading.append(
            "⚠️ Nothing will be posted until you choose a channel. Until then, new cards appear where they're added."
        )
    body: list[ui.Item[Any]] = [*_news(changes, refusal), ui.TextDisplay("\n".join(heading))]
    for setting in settings:
        body += _control(setting, values, now=now, off=not is_manager)
    if group == "news" and is_manager and values["ping_role_id"] is not None:
        body.append(parts.beside("Members can take the role from a card.", button("Post the card here", "ping.post")))
    body += more
    if stuck:
        stuck_button = button("See what's stuck", "trouble.show", style="danger")
        body.append(parts.beside("⚠️ Some messages couldn't be posted.", stuck_button))
    return parts.layout(*body, ui.Separator(), *page_buttons(group), colour=_colour(changes, refusal))


def page_buttons(group: str = "") -> list[ui.ActionRow[Any]]:
    """Buttons for the pages of a server's settings; the one that's shown is off."""
    pages = [
        button(name, "setting.page", key, style="primary" if key == group else "secondary", off=key == group)
        for key, (name, _) in GROUPS.items()
        if key != OWN
    ]
    return [parts.row(*pages[start : start + IN_A_ROW]) for start in range(0, len(pages), IN_A_ROW)]


def own_panel(
    settings: PersonSettings,
    *,
    now: datetime,
    has_ping_role: bool = False,
    changes: Sequence[Change] = (),
    refusal: str | None = None,
) -> ui.LayoutView:
    """A person's own settings. `has_ping_role`: whether they have taken the server's role for pings, if it has one."""
    title, table = GROUPS[OWN]
    heading = [f"### {title}", "-# They apply on every server with Almanac. You get at most one direct message a day."]
    if settings.next_digest_at:
        heading.append(f"Next one: {text.moment(settings.next_digest_at)}, if there's something to tell.")
    if settings.unreachable_at:
        heading.append(
            f"⚠️ My last direct message to you couldn't be delivered {text.moment(settings.unreachable_at)}. "
            "To get the next one, allow direct messages from this server's members in its privacy settings."
        )
    body: list[ui.Item[Any]] = [*_news(changes, refusal), ui.TextDisplay("\n".join(heading))]
    for setting in table:
        body += _control(setting, settings.values, now=now, servers=settings.guild_zone)
    if settings.ping_role_id is not None:
        said = f"**Pings** {'on' if has_ping_role else 'off'}\n-# <@&{settings.ping_role_id}> is mentioned in the day's posts here."
        switch = button("Stop pings", "ping.leave") if has_ping_role else button("Get pinged", "ping.take")
        body.append(parts.beside(said, switch))
    return parts.layout(*body, colour=_colour(changes, refusal))


def changed_card(changes: Sequence[Change], *, group: str) -> ui.LayoutView:
    """What a command with several options changed, each with Undo."""
    return parts.layout(
        ui.TextDisplay(f"### {text.count(len(changes), 'setting')} changed"),
        *_news(changes, None),
        parts.row(button("All settings", "setting.page", group)),
        colour=palette.GREEN,
    )


def _news(changes: Sequence[Change], refusal: str | None) -> list[ui.Item[Any]]:
    """What has just changed, or why it hasn't."""
    news: list[ui.Item[Any]] = [] if refusal is None else [ui.TextDisplay(f"⚠️ {text.tame(refusal)}")]
    for change in changes:
        setting, before, after = change.setting, change.setting.written(change.before), change.setting.written(change.after)
        said = f"**{setting.title}** is now {setting.shown(change.after)}.\n-# It was {setting.shown(change.before)}."
        if before == after:
            news.append(ui.TextDisplay(f"**{setting.title}** was already {setting.shown(change.after)}."))
        else:
            undo = button("Undo", "setting.undo", f"{setting.key}|{after}|{before}")
            news.append(parts.beside(said, undo))
    return news


def _control(
    setting: Setting, values: Mapping[str, Any], *, now: datetime, off: bool = False, servers: str = ""
) -> list[ui.Item[Any]]:
    """A setting with its name, its value, what it does and how to change it."""
    shown = setting.shown(values) + (
        f": {servers}" if servers and setting.sort is OWN_ZONE and values["zone"] is None else ""
    )
    said = f"**{setting.title}** {shown}\n-# {setting.about}"
    # A message that is edited shows the select's new value, and not the last choice, only if the select is another one.
    argument = f"{setting.key}|{int(now.timestamp()) % 100_000}"
    if setting.sort in (CHANNEL, HOME, ROLE):
        made = partial(channel_select, forums=setting.sort is HOME) if setting.sort is not ROLE else role_select
        number, placeholder = values[setting.names[0]], f"{setting.title}: choose…"
        return [ui.TextDisplay(said), parts.row(made("setting.choose", argument, number, placeholder=placeholder, off=off))]
    if not setting.offered:
        is_on = setting.written(values) == ON
        words = _SWITCH_WORDS.get(setting.key, ("Turn off", "Turn on"))[not is_on]
        return [parts.beside(said, button(words, "setting.set", f"{setting.key}|{OFF if is_on else ON}", off=off))]
    offers = [(typed, words) for typed, words in setting.offers(now) if typed != setting.written(values)]
    options = [
        discord.SelectOption(label=_label(setting, typed, words, now), value=typed)
        for typed, words in offers[: parts.MAX_OPTIONS - 1]
    ]
    if setting.hint is not None:
        options.append(discord.SelectOption(label="Something else…", value=ANOTHER))
    change = select("setting.choose", argument, options, placeholder=f"{setting.title}: change…", off=off)
    return [ui.TextDisplay(said), parts.row(change)]


def _label(setting: Setting, typed: str, words: str, now: datetime) -> str:
    """An option's words, which begin with a capital; a zone comes with its distance from UTC."""
    if setting.sort in (ZONE, OWN_ZONE) and typed not in (NONE, "UTC"):
        words = find_zones(typed, now=now, limit=1)[0].label
    return text.cut(words[0].upper() + words[1:], 100)


def _colour(changes: Sequence[Change], refusal: str | None) -> int:
    return palette.RED if refusal is not None else palette.GREEN if changes else palette.BLUE
