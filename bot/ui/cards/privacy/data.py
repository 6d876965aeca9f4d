"""What members see when they ask for their data, or to be forgotten."""

from __future__ import annotations

import io
import json
import zipfile

import discord
from discord import ui

from bot.services.privacy.collecting import MemberData
from bot.services.privacy.forgetting import WhatWouldGo
from bot.ui import palette, text
from bot.ui.archive import LARGEST_FILE
from bot.ui.cards import parts
from bot.ui.items import button
from bot.ui.replies import note

HERE, EVERYWHERE = "here", "everywhere"
FILE_NAME = "my-almanac-data.json"


def written(data: MemberData) -> tuple[bytes, str]:
    """The file and its name: plain JSON, or an archive of it where that's too large for Discord. Slow for much data."""
    content = json.dumps(data.document, indent=2, ensure_ascii=False).encode()
    if len(content) <= LARGEST_FILE:
        return content, FILE_NAME
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(FILE_NAME, content)
    return packed.getvalue(), FILE_NAME.replace(".json", ".zip")


def export_card(data: MemberData, content: bytes, name: str) -> tuple[ui.LayoutView, discord.File | None]:
    """The file with everything stored about a member, or a sentence if nothing is."""
    if not data.entries:
        return note("I have nothing stored about you on this server."), None
    file = discord.File(io.BytesIO(content), filename=name)
    words = (
        f"📦 **{text.count(data.entries, 'record')}**: everything I have stored about you on this server, and your "
        "settings. Only you can see this.\nTo have it deleted, use `/privacy forget`."
    )
    return note(words, file=file), file


def confirm_card(would: WhatWouldGo) -> ui.LayoutView:
    """What goes and what stays, before anything is forgotten."""
    lines = ["### Shall I forget you?", "This can't be undone. On this server:", *(f"- {line}" for line in _lines(would))]
    if would.servers > 1:
        lines.append(f"I know you on {text.count(would.servers, 'server')}. You can be forgotten on all of them at once.")
    lines.append(
        "-# Messages that are already in a channel stay there: ask a moderator to delete them. For a copy of your data, use "
        "`/privacy export` first."
    )
    buttons = parts.row(
        button("Forget me here", "privacy.forget", HERE, style="danger"),
        button("Forget me everywhere", "privacy.forget", EVERYWHERE, style="danger") if would.servers > 1 else None,
        button("Keep my data", "privacy.keep"),
    )
    return parts.layout(ui.TextDisplay("\n".join(lines)), buttons, colour=palette.RED)


def forgotten_note(servers: int) -> ui.LayoutView:
    """Confirms that it's done."""
    where = "this server" if servers <= 1 else text.count(servers, "server")
    return note(
        f"Done: I've forgotten you on {where}. If you use me again, you start afresh, and I'll have new data about you.",
        colour=palette.GREEN,
    )


def _lines(would: WhatWouldGo) -> list[str]:
    lines = ["Your account, your name and everything you wrote go: reasons, words and links in votes, reminders, settings."]
    if would.forecasts:
        lines.append(
            f"Your {text.count(would.forecasts, 'forecast')} {'stays' if would.forecasts == 1 else 'stay'} as a former member's, "
            "so that the crowd and everyone's scores stay right. Nobody can tell that you made them."
        )
    if would.running_ballots:
        lines.append(f"Your {text.count(would.running_ballots, 'ballot')} in running votes won't count.")
    if would.removed_predictions:
        lines.append(f"{text.count(would.removed_predictions, 'prediction')} that only you have worked on will be removed.")
    if would.kept_predictions:
        lines.append(
            f"{text.count(would.kept_predictions, 'prediction')} you added, and others use, will stay without your name."
        )
    lines.append("Your place in the rankings goes, and your record with it.")
    return lines
