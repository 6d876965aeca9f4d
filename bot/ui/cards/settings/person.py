"""A person's own settings."""

from __future__ import annotations

from discord import ui

from bot.services.members.people import Nudge, PersonSettings
from bot.ui import palette, text
from bot.ui.cards import parts

NUDGE_WORDS = {
    Nudge.STALE: "your forecasts untouched for 30 days",
    Nudge.CLOSING: "predictions you haven't forecast that close within a week",
    Nudge.VOTES: "votes waiting for you",
    Nudge.RESULTS: "results, with your scores",
}


def person_card(settings: PersonSettings, *, changed: bool) -> ui.LayoutView:
    """What the person has set, in sentences."""
    zone = settings.zone or f"the server's: {settings.guild_zone}"
    lines = [
        "### Your settings" + (" · saved" if changed else ""),
        f"**Time zone** {zone}",
        f"**Record** {_record_text(settings)}",
        *_nudge_lines(settings),
    ]
    if settings.unreachable_at:
        lines.append(
            f"⚠️ My last direct message to you couldn't be delivered {text.moment(settings.unreachable_at)}. "
            "To get the next one, allow direct messages from this server's members in its privacy settings."
        )
    lines.append("-# These apply on every server with Almanac. Change them with the options of `/settings me`.")
    return parts.layout(ui.TextDisplay("\n".join(lines)), colour=palette.GREEN if changed else palette.BLUE)


def _record_text(settings: PersonSettings) -> str:
    if settings.shows_record:
        return "others can see your `/profile` and `/calibration`; your forecasts on open predictions stay private"
    return "only you can see your `/profile` and `/calibration`"


def _nudge_lines(settings: PersonSettings) -> list[str]:
    on = [NUDGE_WORDS[nudge] for nudge in Nudge if nudge in settings.nudges]
    off = [NUDGE_WORDS[nudge] for nudge in Nudge if nudge not in settings.nudges]
    lines: list[str] = []
    if on:
        lines += ["**Notifications on**", *(f"- {words}" for words in on)]
    if off:
        lines += ["**Notifications off**", *(f"- {words}" for words in off)]
    if settings.next_digest_at:
        lines.append(
            "It all arrives in at most one direct message a day, and only if there's something to tell. "
            f"Next one: {text.moment(settings.next_digest_at)}."
        )
    else:
        lines.append("Anything you turn on arrives in at most one direct message a day, at 09:00 your time.")
    return lines
