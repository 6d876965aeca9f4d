"""Leaving a member out: what a manager is asked, and what the member is told."""

from __future__ import annotations

from discord import ui

from bot.services.moderation.leaving_out import LeftOutNews, MemberStanding
from bot.ui import palette, text
from bot.ui.replies import note


def member_lines(standing: MemberStanding, *, reason: str | None) -> list[str]:
    """What leaving a member out would do, or taking them back in."""
    who, forecasts = f"<@{standing.user_id}>", text.count(standing.forecasts, "forecast")
    verb, counts = ("ends", "counts") if standing.forecasts == 1 else ("end", "count")
    if standing.is_left_out:
        lines = [f"### {who} is left out", f"Since {_since(standing)}."]
        if standing.words:
            lines.append(f"> {text.plain_line(standing.words, 300)}")
        lines.append(
            f"Take them back in? Rankings list them again, and their {forecasts} on predictions that are still open "
            f"{counts} from now on."
        )
        return [*lines, "-# They get one direct message about it."]
    lines = [
        f"### Leave {who} out?",
        f"- Their {forecasts} on open predictions {verb} now, and the crowd goes on without them.",
        "- They can't forecast here, and rankings don't list them. They can still vote on results.",
        "- What has a result stays as it is: nobody's score changes.",
        "- They get one direct message. The log of each prediction names them, and so do exports.",
    ]
    if reason:
        lines.append(f"They'll read your reason:\n> {text.plain_line(reason, 300)}")
    return [*lines, "-# The same command takes them back in."]


def done_note(standing: MemberStanding) -> ui.LayoutView:
    """It's done."""
    forecasts = text.count(standing.forecasts, "forecast")
    counts = "counts" if standing.forecasts == 1 else "count"
    if standing.is_left_out:
        words = f"<@{standing.user_id}> is left out: {forecasts} on open predictions no longer {counts}."
    else:
        words = f"<@{standing.user_id}> is back in: {forecasts} on open predictions {counts} again."
    return note(words, colour=palette.GREEN)


def news_card(news: LeftOutNews, *, guild_name: str) -> ui.LayoutView:
    """What the member is told, once."""
    where = text.plain_line(guild_name, 100)
    if not news.is_left_out:
        return note(
            f"The managers of **{where}** have taken you back in: your forecasts count again, and rankings list you.",
            colour=palette.GREEN,
        )
    lines = [
        f"The managers of **{where}** have left you out. Your forecasts there no longer count, and rankings don't list you. "
        "The results so far stay as they are."
    ]
    if news.words:
        lines.append(f"They wrote:\n> {text.plain_line(news.words, 1000)}")
    lines.append("-# If you think that's a mistake, talk to them. They can take you back in.")
    return note("\n".join(lines), colour=palette.AMBER)


def _since(standing: MemberStanding) -> str:
    assert standing.since is not None
    by = f", by <@{standing.by}>" if standing.by else ""
    return f"{text.moment(standing.since, 'f')}{by}"
