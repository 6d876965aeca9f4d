"""What the settings say about homes beside their two settings: what's missing there, how far they are, and packs and tags that have
channels of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import ui

from bot.domain import homes as rules
from bot.services.homes.overview import HomesOfGuild
from bot.services.homes.places import OwnPlace
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.items import button
from bot.ui.permissions import missing_for_homes, needed

NEEDS_TEXT = "⚠️ Votes, results and reminders need a text channel. Choose one under Posts, so that everyone sees them."


def homes_items(
    values: Mapping[str, Any],
    homes: HomesOfGuild,
    guild: discord.Guild | None,
    *,
    is_manager: bool,
) -> list[ui.Item[Any]]:
    """The rest of the page about homes."""
    items: list[ui.Item[Any]] = []
    lines = home_notes(guild, values, topics=homes.topics) if is_manager else []
    if not homes.made.is_done:
        lines.append(
            f"🏠 **{homes.made.made} of {homes.made.wanted} homes made.** The rest follow one by one, the soonest dates first."
        )
    for place in homes.own:
        channel = guild.get_channel(place.channel_id) if guild is not None else None
        if is_manager and (lacking := needed(missing_for_homes(channel))):
            lines.append(f"⚠️ <#{place.channel_id}>: {lacking}.")
    if lines:
        items.append(ui.TextDisplay("\n".join(lines)))
    for place in homes.own:
        remove = button("Remove", "place.remove", place.id, off=not is_manager)
        items.append(parts.beside(f"{subject_of(place)} → <#{place.channel_id}>", remove))
    items.append(
        ui.TextDisplay(
            "-# Packs and tags can have channels of their own: `/settings homes` with a channel and a pack or a tag."
        )
    )
    return items


def home_notes(guild: discord.Guild | None, values: Mapping[str, Any], *, topics: Sequence[str]) -> list[str]:
    """What's missing in the channel for homes, for managers; nothing if all is there."""
    channel_id = values["home_channel_id"]
    channel = guild.get_channel(channel_id) if guild is not None and channel_id is not None else None
    if channel_id is None or guild is None:
        return []
    if channel is None:
        return [f"⚠️ <#{channel_id}> was deleted, or I can't see it. Choose another channel."]
    lacking = missing_for_homes(channel, with_threads=values["home_threads"])
    notes = [f"⚠️ <#{channel_id}>: {needed(lacking)}."] if lacking else []
    if isinstance(channel, discord.ForumChannel):
        notes += _about_tags(channel, topics)
        if values["post_channel_id"] is None:
            notes.append(NEEDS_TEXT)
    return notes


def place_card(place: OwnPlace, lacking: Sequence[str], *, is_removed: bool = False) -> ui.LayoutView:
    """Says that a pack or a tag has a channel of its own now, or no longer."""
    if is_removed:
        lines = [f"{subject_of(place)} no longer has a channel of its own.", "-# Posts and cards that are there stay."]
    else:
        lines = [
            f"{subject_of(place)} now goes to <#{place.channel_id}>.",
            "-# Predictions that have a home elsewhere stay there.",
        ]
    if lacking:
        lines.append(f"⚠️ {needed(list(lacking))}.")
    undo = None if is_removed else button("Undo", "place.remove", place.id)
    return parts.layout(
        ui.TextDisplay("\n".join(lines)), parts.row(undo, button("Homes", "setting.page", "homes")), colour=palette.GREEN
    )


def subject_of(place: OwnPlace) -> str:
    """A pack or a tag, for people."""
    if place.tag is not None:
        return f"Tag **{text.plain_line(place.tag, 60)}**"
    return f"**{text.plain_line(place.pack_title or '', 100)}**"


def _about_tags(forum: discord.ForumChannel, topics: Sequence[str]) -> list[str]:
    """Which tags a forum lacks, if the bot can't make them."""
    there = [tag.name.casefold() for tag in forum.available_tags]
    missing = [name for name in rules.Stage if name.casefold() not in there]
    if forum.permissions_for(forum.guild.me).manage_channels:
        room = rules.MOST_TAGS - len(there)
        left = missing[room:] if room < len(missing) else []
        why = f"<#{forum.id}> is full of tags: Discord allows {rules.MOST_TAGS}"
    else:
        left = [*missing, *(name for name in map(rules.tag_name, topics) if name.casefold() not in there)]
        why = f"I need Manage Channels in <#{forum.id}> to add tags"
    if not left:
        return []
    named = ", ".join(text.plain_line(name, 20) for name in left[:8]) + (
        f" and {len(left) - 8} more" if len(left) > 8 else ""
    )
    return [
        f"-# {why}. Without it, posts go without: {named}." if "need" in why else f"-# {why}. Posts go without: {named}."
    ]
