"""What comes with a file that a member takes along."""

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
WHOSE_NAMES = {CalendarScope.SERVER: "All of this server", CalendarScope.MINE: "What I forecast, and my reminders"}

_HOLDS = {
    CalendarScope.SERVER: "the last days of this server's predictions",
    CalendarScope.MINE: "the last days of what you forecast, and your reminders",
}
_NAMES = {CalendarScope.SERVER: "predictions.ics", CalendarScope.MINE: "my-predictions.ics"}


def calendar_card(
    made: CalendarFile, *, whose: CalendarScope, is_narrowed: bool
) -> tuple[ui.LayoutView, discord.File | None]:
    """Says what the calendar holds and how to use it; without a file when it would hold nothing."""
    if not made.dates:
        return note(_nothing(whose, is_narrowed=is_narrowed)), None
    file = discord.File(io.BytesIO(made.content), filename=_NAMES[whose])
    lines = [
        f"📅 **{text.count(made.dates, 'date')}**: {_HOLDS[whose]}.",
        "Open it with your calendar app; importing a newer one updates the same events.",
    ]
    if made.is_cut:
        lines.append("That is as much as one file takes, the soonest first. The options `tag` and `pack` give the others.")
    return note("\n".join(lines), file=file), file


def fatebook_card(document: PredictionFile | None, *, written_at: datetime) -> tuple[ui.LayoutView, discord.File | None]:
    """A member's own forecasts as Fatebook's import reads them; without a file where there are none."""
    if document is None:
        return note(
            "You have no forecasts in probabilities to take along yet. `/next` shows what there is to forecast."
        ), None
    content = fatebook_csv(document, written_at=written_at).encode()
    file = discord.File(io.BytesIO(content), filename=FATEBOOK_NAME)
    count = text.count(sum(len(item.forecasts) for item in document.predictions), "forecast")
    words = (
        f"📦 **{count}** on {text.count(len(document.predictions), 'prediction')}, with their times and results, as Fatebook "
        "writes and reads them.\nNumbers and dates are not in it: Fatebook knows none."
    )
    return note(words, file=file), file


def data_card(
    found: ExportCounts, packed: bytes, *, has_tables: bool, limit: int, guild_id: int
) -> tuple[ui.LayoutView, discord.File | None]:
    """Says what the archive holds and how to check it; without it when it is larger than `limit` bytes, or would be empty."""
    if not found.predictions:
        return note(
            "There is nothing to export yet. `/pack list` has predictions to adopt, `/prediction add` makes one."
        ), None
    if len(packed) > limit:
        return note(
            f"⚠️ The export has {len(packed) / 2**20:.1f} MiB, and Discord takes {limit / 2**20:.0f}. Whoever runs the bot can write "
            f"it to a file: `python -m bot export --guild {guild_id} --output export.zip`",
            colour=palette.RED,
        ), None
    file = discord.File(io.BytesIO(packed), filename=DATA_NAME)
    holds = f"{text.count(found.predictions, 'prediction')} ({found.resolved:,} resolved), {text.count(found.forecasts, 'forecast')}"
    lines = [
        f"📦 **{holds}**, the crowd, scores, rankings and logs: what everybody here may see"
        f"{', as JSON and as tables (CSV)' if has_tables else ', as JSON; the tables did not fit as well'}.",
    ]
    if found.hidden:
        lines.append(
            f"-# Without the forecasts on {text.count(found.hidden, 'prediction')} whose crowd is hidden from who has not forecast."
        )
    lines.append(f"Check every score and ranking yourself, with a copy of Almanac: `python -m bot score {DATA_NAME}`")
    return note("\n".join(lines), file=file), file


def _nothing(whose: CalendarScope, *, is_narrowed: bool) -> str:
    if is_narrowed:
        return "No date fits. Leave `tag` or `pack` away, or choose one of those that are offered while you type."
    match whose:
        case CalendarScope.SERVER:
            return "No prediction here has a date to come. `/pack list` has some to adopt, and `/prediction add` makes one."
        case CalendarScope.MINE:
            return "You have no forecast on anything with a date to come. `/next` takes you through what is open."
