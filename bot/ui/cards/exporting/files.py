"""The message that comes with a downloaded file."""

from __future__ import annotations

import io
from datetime import datetime

import discord
from discord import ui

from bot.domain.documents.models import PredictionFile
from bot.domain.documents.platforms.fatebook import fatebook_csv
from bot.services.exporting.calendar import CalendarScope
from bot.services.exporting.guild_export import ExportCounts
from bot.ui import palette, text
from bot.ui.calendar import CalendarFile
from bot.ui.replies import note

DATA_NAME, FATEBOOK_NAME = "almanac-export.zip", "my-forecasts-fatebook.csv"
WHOSE_NAMES = {CalendarScope.SERVER: "Everything on this server", CalendarScope.MINE: "My forecasts and reminders"}

_HOLDS = {
    CalendarScope.SERVER: "when this server's predictions end",
    CalendarScope.MINE: "when the predictions you forecast end, and your reminders",
}
_NAMES = {CalendarScope.SERVER: "predictions.ics", CalendarScope.MINE: "my-predictions.ics"}


def calendar_card(
    made: CalendarFile, *, whose: CalendarScope, is_narrowed: bool
) -> tuple[ui.LayoutView, discord.File | None]:
    """What the calendar holds and how to use it; without a file if it would be empty."""
    if not made.dates:
        return note(_nothing(whose, is_narrowed=is_narrowed)), None
    file = discord.File(io.BytesIO(made.content), filename=_NAMES[whose])
    lines = [
        f"📅 **{text.count(made.dates, 'date')}**: {_HOLDS[whose]}.",
        "Open it in your calendar app. Importing a newer file updates the same events.",
    ]
    if made.is_cut:
        lines.append("One file can't hold more, so these are the soonest. Use `tag` or `pack` to get the rest.")
    return note("\n".join(lines), file=file), file


def fatebook_card(document: PredictionFile | None, *, written_at: datetime) -> tuple[ui.LayoutView, discord.File | None]:
    """A member's own forecasts as Fatebook imports them; without a file if there are none."""
    if document is None:
        return note("You have no probability forecasts to export yet. `/next` shows what you can forecast."), None
    content = fatebook_csv(document, written_at=written_at).encode()
    file = discord.File(io.BytesIO(content), filename=FATEBOOK_NAME)
    count = text.count(sum(len(item.forecasts) for item in document.predictions), "forecast")
    words = (
        f"📦 **{count}** on {text.count(len(document.predictions), 'prediction')}, with times and results, in Fatebook's "
        "own format.\nForecasts of numbers and dates are left out, because Fatebook doesn't have them."
    )
    return note(words, file=file), file


def data_card(
    found: ExportCounts, packed: bytes, *, has_tables: bool, limit: int, guild_id: int
) -> tuple[ui.LayoutView, discord.File | None]:
    """What the archive holds and how to check it; without a file if it's larger than `limit` bytes or would be empty."""
    if not found.predictions:
        return note(
            "There's nothing to export yet. Adopt a pack with `/pack list`, or add a prediction with `/prediction add`."
        ), None
    if len(packed) > limit:
        return note(
            f"⚠️ The export is {len(packed) / 2**20:.1f} MiB, and Discord takes {limit / 2**20:.0f}. Whoever runs the bot can write "
            f"it to a file: `python -m bot export --guild {guild_id} --output export.zip`",
            colour=palette.RED,
        ), None
    file = discord.File(io.BytesIO(packed), filename=DATA_NAME)
    holds = f"{text.count(found.predictions, 'prediction')} ({found.resolved:,} resolved), {text.count(found.forecasts, 'forecast')}"
    shape = "as JSON and CSV tables" if has_tables else "as JSON; the tables didn't fit"
    lines = [f"📦 **{holds}**, the crowd, scores, rankings and logs: everything members here can see, {shape}."]
    if found.hidden:
        lines.append(
            f"-# Leaves out the forecasts on {text.count(found.hidden, 'prediction')}, because members who haven't forecast can't see "
            f"{'its' if found.hidden == 1 else 'their'} crowd yet."
        )
    lines.append(f"Check every score and ranking yourself with a copy of Almanac: `python -m bot score {DATA_NAME}`")
    return note("\n".join(lines), file=file), file


def seal_card(found: ExportCounts, *, exported_at: datetime) -> ui.LayoutView:
    """What is posted for everyone: the hash by which a later copy can be told from a changed one."""
    return note(
        f"🔏 An export of everything public here, {text.moment(exported_at, 'f')}: "
        f"{text.count(found.predictions, 'prediction')} ({found.resolved:,} resolved). Its seal:\n```\n{found.seal}\n```\n"
        f"-# `python -m bot score {DATA_NAME}` shows a file's seal. If it's another one, the file holds something else."
    )


def _nothing(whose: CalendarScope, *, is_narrowed: bool) -> str:
    if is_narrowed:
        return "No dates match. Clear `tag` or `pack`, or pick one of the suggestions."
    match whose:
        case CalendarScope.SERVER:
            return (
                "No prediction here has an upcoming date. Adopt a pack with `/pack list`, or add one with `/prediction add`."
            )
        case CalendarScope.MINE:
            return "You haven't forecast on anything with an upcoming date. `/next` takes you through what's open."
