"""A digest, sent as a direct message. A click there comes from no guild, so it has no buttons."""

from __future__ import annotations

from discord import ui

from bot.services.members.people import Nudge
from bot.services.predictions.views import PredictionView
from bot.services.reminding.digests import Digest, DigestItem, GuildDigest
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.cards.following.news import news_line

_TITLE = "### What's new for you"
_END = "-# Use `/next` on the server to go through them, or `/settings me` to turn this off."
_MORE_GUILDS = 60
"""Room for the line that says how many guilds didn't fit."""


def digest_card(digest: Digest, *, guild_names: dict[int, str]) -> ui.LayoutView:
    """What's new, guild by guild, with fewer things of each kind if they don't all fit."""
    sections = _fitting_sections(digest, guild_names, parts.MAX_TEXT - len(_TITLE) - len(_END))
    return parts.layout(ui.TextDisplay("\n".join([_TITLE, *sections])), ui.Separator(), ui.TextDisplay(_END))


def _fitting_sections(digest: Digest, names: dict[int, str], room: int) -> list[str]:
    most = max(max(len(guild.followed), *(len(items) for _, items in _kinds(guild)), 0) for guild in digest.guilds)
    sections: list[str] = []
    for shown in range(most, -1, -1):
        sections = [_section(guild, names, shown=shown) for guild in digest.guilds]
        if sum(len(section) + 1 for section in sections) <= room:
            return sections
    fitting = text.fitting(sections, room - _MORE_GUILDS)
    return [*fitting, f"-# and {text.count(len(sections) - len(fitting), 'more server')}"]


def _kinds(guild: GuildDigest) -> list[tuple[Nudge, tuple[DigestItem, ...]]]:
    kinds = (
        (Nudge.CLOSING, guild.closing),
        (Nudge.VOTES, guild.votes),
        (Nudge.RESULTS, guild.results),
        (Nudge.STALE, guild.stale),
    )
    return [(nudge, items) for nudge, items in kinds if items]


def _section(guild: GuildDigest, names: dict[int, str], *, shown: int) -> str:
    lines = [f"**__{text.plain_line(names.get(guild.guild_id, 'A server'), 100)}__**"]
    for nudge, items in _kinds(guild):
        lines.append(f"**{_heading(nudge, guild.counts[nudge])}**")
        lines += [_line(nudge, item) for item in items[:shown]]
        left = guild.counts[nudge] - min(shown, len(items))
        if left and shown:
            lines.append(f"-# and {left:,} more")
    if guild.followed:
        lines.append(f"**News of {text.count(guild.followed_count, 'prediction')} you follow**")
        lines += [news_line(news) for news in guild.followed[:shown]]
        left = guild.followed_count - min(shown, len(guild.followed))
        if left and shown:
            lines.append(f"-# and {left:,} more")
    return "\n".join(lines)


def _heading(nudge: Nudge, number: int) -> str:
    match nudge:
        case Nudge.STALE:
            return f"{number:,} of your forecasts, untouched for 30 days"
        case Nudge.CLOSING:
            return f"{text.count(number, 'prediction')} without your forecast, closing within a week"
        case Nudge.VOTES:
            return f"{text.count(number, 'vote')} waiting for you"
        case Nudge.RESULTS:
            return text.count(number, "result")


def _line(nudge: Nudge, item: DigestItem) -> str:
    view = item.view
    told: list[str | None] = []
    match nudge:
        case Nudge.STALE:
            told = [_said(view), text.moment(view.own.created_at) if view.own else None]
            detail = " ".join(part for part in told if part)
        case Nudge.CLOSING:
            detail = f"closes {text.moment(view.closes_at)}" if view.closes_at else "closes soon"
        case Nudge.VOTES:
            detail = f"vote ends {text.moment(item.vote_ends_at)}" if item.vote_ends_at else "vote open"
        case Nudge.RESULTS:
            peer = None if item.peer is None else f"peer score {text.signed(item.peer)}"
            baseline = None if item.baseline is None else f"baseline score {text.signed(item.baseline)}"
            said = _said(view) or "you'd withdrawn your forecast"
            told = [f"resolved {_outcome_text(view)}", said, peer, baseline]
            detail = " · ".join(part for part in told if part)
    return f"**#{view.code}** {text.plain_line(view.statement, 160)} · {detail}"


def _said(view: PredictionView) -> str | None:
    if view.own is None:
        return None
    return f"you said {text.value_text(view.kind, view.own.values, options=view.options, unit=view.unit, limit=1)}"


def _outcome_text(view: PredictionView) -> str:
    value = view.outcome_value
    if view.outcome == "option" and value is not None:
        return text.plain_line(view.options[int(value)], 80)
    if view.outcome == "value" and value is not None:
        unit = f" {text.plain_line(view.unit, 40)}" if view.unit else ""
        return f"{text.single_text(view.kind, value)}{unit}"
    return view.outcome or "without a result"
