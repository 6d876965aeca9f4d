"""Answering an interaction, once, and explaining errors. Every answer goes through here."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.domain.errors import AlreadyDone, Refused, TwoReadings, UserError
from bot.ui import palette, text
from bot.ui.items import CardView, Interaction
from bot.ui.permissions import may_post
from bot.ui.questions import GoOn, answer_rows
from bot.ui.waiting import offer_retry, retry_step, step_button

log = logging.getLogger(__name__)

ASK_AFTER_SECONDS = 1.0
ANSWERED_ALREADY, TOO_LATE = 40060, 10062
UPDATE = discord.InteractionResponseType.message_update
_TIMER, _ASKING = "timer", "asking"


@dataclass
class Asked:
    """What a member asked for, in the task that does it."""

    interaction_id: int
    is_claimed: bool = False


ASKED: ContextVar[Asked | None] = ContextVar("asked", default=None)


def note(words: str, *, colour: int | None = None, file: discord.File | None = None) -> ui.LayoutView:
    """A short message."""
    view = CardView()
    parts = [ui.TextDisplay[Any](text.cut(words, 4000)), *([ui.File[Any](file)] if file else [])]
    for part in [ui.Container(*parts, accent_colour=colour)] if colour is not None else parts:
        view.add_item(part)
    return view


def expect_answer(interaction: Interaction) -> None:
    """Ask Discord for more time if there's no answer within a second: it forgets an interaction after three."""
    ASKED.set(Asked(interaction.id))
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
    """Answer with a card, privately by default. Returns the message's id where it's known, and None where the answer may not
    have arrived: what was asked for is done all the same.

    A click on one of our private messages changes that message (unless `fresh`), so that walking through panels stays in one
    message. A click on a public one does so only `in_place`, and only if there's time. Nobody gets to post for everyone where
    they can't write themselves: their answer stays private.
    """
    public = public and may_post(interaction)
    await _stop_asking(interaction)
    response = interaction.response
    changes_message = not public and not fresh and is_on_private_message(interaction)
    files = [file] if file else []
    if not response.is_done():
        if changes_message or in_place:
            await _first_answer(interaction, lambda: response.edit_message(view=view, attachments=files), UPDATE)
            return None

        async def send() -> int | None:
            return (await response.send_message(view=view, ephemeral=not public, files=files)).message_id

        return await _first_answer(interaction, send, discord.InteractionResponseType.channel_message)
    try:
        return await _later_answer(interaction, view, files, public=public, changes_message=changes_message)
    except Exception as error:
        if not _is_lost(error):
            raise
        log.warning("an answer in guild %s may not have arrived: %s", interaction.guild_id, error)
        return None


async def _later_answer(
    interaction: Interaction, view: ui.LayoutView, files: list[discord.File], *, public: bool, changes_message: bool
) -> int:
    if changes_message or (_ASKING in interaction.extras and not public and not is_on_private_message(interaction)):
        return (await interaction.edit_original_response(view=view, attachments=files)).id
    if _ASKING in interaction.extras and not is_on_private_message(interaction):
        try:
            await interaction.delete_original_response()  # the private "thinking"
        except Exception as error:
            if not _is_lost(error):
                raise
    return (await interaction.followup.send(view=view, ephemeral=not public, files=files, wait=True)).id


def offer_form(interaction: Interaction, make_form: Callable[[], ui.Modal]) -> None:
    """If what the member asked for is refused, offer them this form, with what they typed in it."""

    async def open_again(click: Interaction) -> None:
        await open_form(click, make_form())

    offer_retry(interaction, open_again)


async def open_form(interaction: Interaction, form: ui.Modal) -> None:
    """Answer with a form."""
    await _stop_asking(interaction)
    if interaction.response.is_done():
        raise Refused("That took too long to open. Please try again.")
    await _first_answer(interaction, lambda: interaction.response.send_modal(form), discord.InteractionResponseType.modal)


async def _first_answer(
    interaction: Interaction, send: Callable[[], Awaitable[Any]], kind: discord.InteractionResponseType
) -> int | None:
    """Answer, and once more if the connection failed: Discord takes one answer, so a second can't come twice."""
    for is_last in (False, True):
        try:
            sent = await send()
        except Exception as error:
            if isinstance(error, discord.HTTPException) and error.code == ANSWERED_ALREADY:
                # The first one did arrive, though we didn't hear of it; discord.py sends what follows by another route then.
                interaction.response._response_type = kind  # pyright: ignore[reportPrivateUsage]  (nothing else sets it)
                return await _find_answer(interaction)
            if not _is_lost(error):
                raise
            if is_last or _is_too_late(error):
                log.warning("an answer in guild %s may not have arrived: %s", interaction.guild_id, error)
                return None
        else:
            return sent if isinstance(sent, int) else None
    return None


async def _find_answer(interaction: Interaction) -> int | None:
    try:
        return (await interaction.original_response()).id
    except Exception as error:
        log.warning("the answer in guild %s can't be found: %s", interaction.guild_id, error)
        return None


def _is_lost(error: Exception) -> bool:
    """Whether it's the way to Discord that failed, and not what we said."""
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status == 429 or _is_too_late(error)
    return isinstance(error, OSError) or type(error).__module__.startswith("aiohttp.")


def _is_too_late(error: Exception) -> bool:
    return isinstance(error, discord.HTTPException) and error.code == TOO_LATE


async def _ask_for_time(interaction: Interaction) -> None:
    response = interaction.response
    if response.is_done():
        return
    if is_on_private_message(interaction):
        await _first_answer(interaction, response.defer, discord.InteractionResponseType.deferred_message_update)
    else:
        later = discord.InteractionResponseType.deferred_channel_message
        await _first_answer(interaction, lambda: response.defer(ephemeral=True, thinking=True), later)


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
    Otherwise, where there's a form for it (`offer_form`), Try again opens it with what they typed.
    `kept` goes below: what they typed, so that it isn't lost.
    """
    cause = cause_of(error)
    rows: list[ui.Item[Any]] = []
    if isinstance(cause, AlreadyDone):
        with contextlib.suppress(discord.HTTPException):  # the first time, it may have been answered too
            await reply(interaction, note(f"✅ {cause}"), fresh=True)
        return
    if isinstance(cause, UserError):
        told = f"{cause}{kept}"
        if isinstance(cause, TwoReadings) and go_on is not None:
            rows = answer_rows(interaction, cause, go_on)
    else:
        reference = secrets.token_hex(2)
        log.error("interaction failed (ref %s)", reference, exc_info=error, extra={"ref": reference})
        told = f"Something went wrong (ref {reference}). Try again. If it happens again, give a manager this reference."
    if not rows and (step := retry_step(interaction)) is not None:
        rows.append(ui.ActionRow[Any](step_button(interaction, "Try again", step, is_once=False)))
    try:
        card = note("⚠️ " + text.tame(told), colour=palette.RED, file=file)
        for row in rows:
            card.add_item(row)
        await reply(interaction, card, fresh=True, file=file)
    except discord.HTTPException:
        log.warning("an error could not be shown in guild %s", interaction.guild_id, exc_info=True)
