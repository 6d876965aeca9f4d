"""What comes with a file that a member takes along."""

from __future__ import annotations

import io

import discord
from discord import ui

from bot.services.calendar import Whose
from bot.ui import text
from bot.ui.calendar import CalendarFile
from bot.ui.replies import note

WHOSE_NAMES = {Whose.SERVER: "All of this server", Whose.MINE: "What I forecast, and my reminders"}

_HOLDS = {
    Whose.SERVER: "the last days of this server's predictions",
    Whose.MINE: "the last days of what you forecast, and your reminders",
}
_NAMES = {Whose.SERVER: "predictions.ics", Whose.MINE: "my-predictions.ics"}


def calendar_card(made: CalendarFile, *, whose: Whose, is_narrowed: bool) -> tuple[ui.LayoutView, discord.File | None]:
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


def _nothing(whose: Whose, *, is_narrowed: bool) -> str:
    if is_narrowed:
        return "No date fits. Leave `tag` or `pack` away, or choose one of those that are offered while you type."
    match whose:
        case Whose.SERVER:
            return "No prediction here has a date to come. `/pack list` has some to adopt, and `/prediction add` makes one."
        case Whose.MINE:
            return "You have no forecast on anything with a date to come. `/next` takes you through what is open."
