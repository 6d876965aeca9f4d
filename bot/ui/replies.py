"""Answering an interaction, once, and explaining errors. Every answer goes through here."""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import Any

import discord
from discord import ui

from bot.domain.errors import Refused, TwoReadings, UserError
from bot.ui import palette, text
from bot.ui.items import Interaction
from bot.ui.questions import GoOn, answer_rows

log = logging.getLogger(__name__)

ASK_AFTER_SECONDS = 1.0
_TIMER, _ASKING = "timer", "asking"


def note(words: str, *, colour: int | None = None, file: discord.File | None = None) -> ui.LayoutView:
    """A short message."""
    view = ui.LayoutView(timeout=None)
    parts = [ui.TextDisplay[Any](text.cut(words, 4000)), *([ui.File[Any](file)] if file else [])]
    for part in [ui.Container(*parts, accent_colour=colour)] if colour is not None else parts:
        view.add_item(part)
    return view


def expect_answer(interaction: Interaction) -> None:
    """Ask Discord for more time if there's no answer within a second: it forgets an interaction after three."""
    loop = asyncio.get_running_loop()

    def ask() -> None:
        interaction.extras[_ASKING] = loop.create_task(_ask_for_time(interaction))

    interaction.extras[_TIMER] = loop.call_later(ASK_AFTER_SECONDS, ask)


async def reply(
    interaction: Interaction,
    view: ui.LayoutView,
    *,
    public: bool = False,
    fresh: bool = False,
    in_place: bool = False,
    file: discord.File | None = None,
) -> int | None:
    """Answer with a card, privately by default. Returns the message's id where it's known.

    A click on one of our private messages changes that message (unless `fresh`), so that walking through panels stays in one
    message. A click on a public one does so only `in_place`, and only if there's time.
    """
    await _stop_asking(interaction)
    response = interaction.response
    changes_message = not public and not fresh and is_on_private_message(interaction)
    files = [file] if file else []
    if not response.is_done():
        if changes_message or in_place:
            await response.edit_message(view=view, attachments=files)
            return None
        sent = await response.send_message(view=view, ephemeral=not public, files=files)
        return sent.message_id
    if changes_message or (_ASKING in interaction.extras and not public and not is_on_private_message(interaction)):
        return (await interaction.edit_original_response(view=view, attachments=files)).id
    if _ASKING in interaction.extras and not is_on_private_message(interaction):
        await interaction.delete_original_response()  # the private "thinking"
    return (await interaction.followup.send(view=view, ephemeral=not public, files=files, wait=True)).id


async def open_form(interaction: Interaction, form: ui.Modal) -> None:
    """Answer with a form."""
    await _stop_asking(interaction)
    if interaction.response.is_done():
        raise Refused("That took too long to open. Please try again.")
    await interaction.response.send_modal(form)


async def _ask_for_time(interaction: Interaction) -> None:
    if interaction.response.is_done():
        return
    if is_on_private_message(interaction):
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)


async def _stop_asking(interaction: Interaction) -> None:
    if (timer := interaction.extras.pop(_TIMER, None)) is not None:
        timer.cancel()
    if (asking := interaction.extras.get(_ASKING)) is not None:
        await asyncio.wait([asking])


def is_on_private_message(interaction: Interaction) -> bool:
    """Whether the click was on an ephemeral message, or on a direct message, which only its reader sees."""
    message = interaction.message
    return message is not None and (message.flags.ephemeral or interaction.guild_id is None)


def cause_of(error: BaseException) -> BaseException:
    """What a member's mistake is, under what discord.py wraps around it."""
    return error.__cause__ if error.__cause__ is not None and not isinstance(error, UserError) else error


async def explain(
    interaction: Interaction,
    error: BaseException,
    *,
    go_on: GoOn | None = None,
    kept: str = "",
    file: discord.File | None = None,
) -> None:
    """Tell the member what went wrong: a sentence if they can fix it, a reference if they can't.

    Where what they typed has several readings, these are buttons, and `go_on` does what was asked with the one they choose.
    `kept` goes below: what they typed, so that it isn't lost.
    """
    cause = cause_of(error)
    rows: list[ui.Item[Any]] = []
    if isinstance(cause, UserError):
        told = f"{cause}{kept}"
        if isinstance(cause, TwoReadings) and go_on is not None:
            rows = answer_rows(interaction, cause, go_on)
    else:
        reference = secrets.token_hex(2)
        log.error("interaction failed (ref %s)", reference, exc_info=error, extra={"ref": reference})
        told = f"Something went wrong (ref {reference}). Try again. If it happens again, give a manager this reference."
    try:
        card = note("⚠️ " + text.tame(told), colour=palette.RED, file=file)
        for row in rows:
            card.add_item(row)
        await reply(interaction, card, fresh=True, file=file)
    except discord.HTTPException:
        log.warning("an error could not be shown in guild %s", interaction.guild_id, exc_info=True)
