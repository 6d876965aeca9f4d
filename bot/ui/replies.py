"""Answering an interaction, once, and explaining errors: the one place that all doors lead to."""

from __future__ import annotations

import logging
import secrets
from typing import Any

import discord
from discord import ui

from bot.domain.errors import UserError
from bot.ui.items import Interaction

log = logging.getLogger(__name__)


def note(text: str, *, colour: int | None = None) -> ui.LayoutView:
    """A short message."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(text), accent_colour=colour) if colour is not None else ui.TextDisplay(text))
    return view


async def reply(
    interaction: Interaction,
    view: ui.LayoutView,
    *,
    public: bool = False,
    fresh: bool = False,
    file: discord.File | None = None,
) -> None:
    """Answer with a card, privately unless told otherwise.

    A click on a private message of ours changes that message (unless `fresh`), so that a walk through panels stays one message.
    """
    response = interaction.response
    extra: dict[str, Any] = {"file": file} if file else {}
    if response.is_done():
        await interaction.followup.send(view=view, ephemeral=not public, **extra)
    elif not public and not fresh and is_on_private_message(interaction):
        await response.edit_message(view=view, attachments=[file] if file else [])
    else:
        await response.send_message(view=view, ephemeral=not public, **extra)


def is_on_private_message(interaction: Interaction) -> bool:
    """Whether a component of an ephemeral message was used."""
    return interaction.message is not None and interaction.message.flags.ephemeral


async def explain(interaction: Interaction, error: BaseException) -> None:
    """Tell the member what went wrong: a sentence for what they can mend, a reference for what they cannot."""
    cause = error.__cause__ if error.__cause__ is not None and not isinstance(error, UserError) else error
    if isinstance(error, UserError) or isinstance(cause, UserError):
        text = str(error if isinstance(error, UserError) else cause)
    else:
        reference = secrets.token_hex(2)
        log.error("interaction failed (ref %s)", reference, exc_info=error)
        text = f"Something went wrong (ref {reference}). Nothing was stored. If it happens again, tell a manager this reference."
    try:
        await reply(interaction, note("⚠️ " + discord.utils.escape_mentions(text), colour=0xED4245), fresh=True)
    except discord.HTTPException:
        log.warning("an error could not be shown in guild %s", interaction.guild_id, exc_info=True)
