"""The first steps: a channel, a pack, done. And the message to whoever invited the bot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.services.packs.library import PackReport, PackSummary
from bot.services.settings.first_steps import SHOWN_PACKS, FirstSteps
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.settings.panel import page_buttons
from bot.ui.items import button, channel_select


def channel_card(
    steps: FirstSteps, *, name: str, here: discord.abc.Snowflake | None, refusal: str | None = None
) -> ui.LayoutView:
    """The first step: where to post. After a forum, also where votes and results go. `here` is the text channel we're in."""
    if steps.needs_channel:
        lines = [
            f"### Set up Almanac on {text.plain_line(name, 100)}",
            "**1 of 3 · Where should I post?**",
            "A text channel is all I need. Or choose a forum: each prediction gets its own post there.",
        ]
        choice = channel_select("setup.channel", "", None, placeholder="Choose a channel or a forum…", forums=True)
    else:
        lines = [
            f"✅ Each prediction gets a post in <#{steps.settings.home_channel_id}>.",
            "**1 of 3 · And where do votes and results go?**",
            "They concern everyone, so they need a text channel.",
        ]
        choice = channel_select("setup.posts", "", None, placeholder="Choose a text channel…")
    body: list[ui.Item[Any]] = [] if refusal is None else [ui.TextDisplay(f"⚠️ {text.tame(refusal)}")]
    body += [ui.TextDisplay("\n".join(lines)), parts.row(choice)]
    if here is not None:
        body.append(parts.beside(f"Or right here, in <#{here.id}>.", button("Post here", "setup.here", style="primary")))
    body.append(ui.Separator())
    body += [ui.TextDisplay("-# Everything else has sensible defaults. Have a look:"), *page_buttons()]
    return parts.layout(*body, colour=palette.BLUE if refusal is None else palette.RED)


def packs_step(steps: FirstSteps, packs: Sequence[PackSummary]) -> ui.LayoutView:
    """The second step: what to begin with."""
    lines = [
        _where(steps),
        "**2 of 3 · What should you start with?**",
        "A pack is a document full of predictions, ready to forecast on. You can add your own at any time.",
    ]
    body: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
    if not any(pack.predictions for pack in packs):
        body.append(ui.TextDisplay("-# The library is empty. Whoever runs this bot can fill it with `python -m bot load`."))
    for pack in [pack for pack in packs if pack.predictions and not pack.is_adopted][:SHOWN_PACKS]:
        size = text.count(pack.predictions, "prediction")
        said = f"**{text.plain_line(pack.title, 120)}**\n-# {text.authors_text(pack.authors)} · {size}"
        body.append(parts.beside(said, button("Adopt", "setup.adopt", pack.slug, style="success")))
    body.append(parts.row(button("Start without a pack", "setup.done"), button("All packs", "pack.list")))
    return parts.layout(*body, colour=palette.GREEN)


def done_card(steps: FirstSteps, report: PackReport | None = None) -> ui.LayoutView:
    """The end: what happens now, and what to do first."""
    lines = ["### Almanac is ready", _where(steps)]
    if report is not None:
        number = text.count(len(report.lines), "prediction")
        lines.append(f"✅ **{text.plain_line(report.title, 120)}** is adopted: {number}.")
    if steps.homes.wanted > steps.homes.made:
        lines.append("Their homes are made one by one, the soonest dates first. `/pack list` shows how far they are.")
    lines.append("Now forecast on something yourself, and others will follow.")
    buttons = parts.row(
        button("Start forecasting ▸", "next.go", style="primary") if report is not None else None,
        button("All packs", "pack.list"),
        button("All settings", "setting.page", "posts"),
    )
    return parts.layout(ui.TextDisplay("\n".join(lines)), buttons, colour=palette.GREEN)


def welcome_card(*, guild_name: str, guild_id: int, command: str) -> ui.LayoutView:
    """Thanks whoever invited the bot, and says what to do. `command` is the one that begins."""
    lines = [
        f"### Thanks for adding Almanac to {text.plain_line(guild_name, 100)}!",
        "Three steps and it works:",
        f"1. Use {command} there and choose a channel.",
        "2. Adopt a pack of predictions, or start without one.",
        "3. Forecast. The rest has sensible defaults.",
        "-# Nobody sees anything from me until you've chosen a channel.",
    ]
    there = ui.Button[Any](
        label="Open the server", url=f"https://discord.com/channels/{guild_id}", style=discord.ButtonStyle.link
    )
    return parts.layout(ui.TextDisplay("\n".join(lines)), parts.row(there))


def _where(steps: FirstSteps) -> str:
    settings = steps.settings
    if settings.home_is_forum:
        return f"✅ Each prediction gets a post in <#{settings.home_channel_id}>; votes and results go to <#{settings.post_channel_id}>."
    return f"✅ Posts go to <#{settings.post_channel_id}>."
