"""A guild's settings, and the help."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.services.members.guilds import GuildSettings
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.items import button


def settings_card(settings: GuildSettings, *, changed: bool, stuck: int = 0) -> ui.LayoutView:
    """What the guild has set, in sentences; `stuck` counts what could not be posted."""
    channel = f"<#{settings.post_channel_id}>" if settings.post_channel_id else "none: new cards appear where they are made"
    lines = [
        "### Settings of this server" + (" · saved" if changed else ""),
        f"**Channel for posts** {channel}",
        f"**Managers** members with Manage Server{f', and <@&{settings.manager_role_id}>' if settings.manager_role_id else ''}",
        f"**Voters** {f'<@&{settings.voter_role_id}>' if settings.voter_role_id else 'all members'}",
        f"**Reminders** {_ladder_text(settings)}",
        f"**Quiet hours** {_quiet_text(settings)}",
        f"**Time zone** {settings.zone}",
        f"**Who may add predictions** {'all members' if settings.members_may_add else 'managers'}",
        f"**Blind forecasts** {_blind_text(settings)}",
        "-# Change them with the options of /settings guild.",
    ]
    body: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
    if stuck:
        body += [
            ui.TextDisplay("⚠️ Some messages could not be posted."),
            parts.row(button("What could not be posted", "trouble.show", style="danger")),
        ]
    return parts.layout(*body, colour=palette.GREEN if changed else palette.BLUE)


def vote_settings_card(settings: GuildSettings, *, changed: bool) -> ui.LayoutView:
    """How votes are counted in the guild, in sentences."""
    voters = f"members with <@&{settings.voter_role_id}>" if settings.voter_role_id else "members"
    lines = [
        "### Votes on this server" + (" · saved" if changed else ""),
        f"**Open at once** {settings.open_votes_limit}; the others wait by their date",
        f"**A vote lasts** {text.count(settings.vote_hours, 'hour')}, and once as long again when it is not decided",
        f"**Needed** {text.percent(settings.quorum_share)} of those who forecast, at least {settings.quorum_least} and at most "
        f"{settings.quorum_most} ballots",
        f"**Majority** {text.percent(settings.majority_share)} of the ballots",
        f"**Ballots** {'secret until the end' if settings.ballots_are_secret else 'counted in public'}",
        f"**Objections** for {text.count(settings.objection_hours, 'hour')} after the count; two bring a second round",
        f"**Voters** {voters} who were here {text.count(settings.voter_hours, 'hour')} before the vote opened",
        f"**Managers** have {text.count(settings.undecided_days, 'day')} for what stays undecided; then it is annulled",
        f"**A manager who forecast on it** {'may decide, and it is said' if settings.interested_override else 'may not decide'}",
        "-# Change them with the options of /settings votes. Votes that are open keep the rule under which they opened.",
    ]
    return parts.layout(ui.TextDisplay("\n".join(lines)), colour=palette.GREEN if changed else palette.BLUE)


def help_card(*, is_manager: bool) -> ui.LayoutView:
    """How it works, in one screen."""
    lines = [
        "### Almanac",
        "Say how likely you think things are, see what the others think, and find out who was right.",
        "",
        "**Forecast** `/next` walks you through what you have not answered. `/forecast` answers one: `70`, `70%`, `0.7`, `7/10` or `7:3`.",
        "**Look around** `/prediction list`, `/prediction search`, `/prediction show`. Each has a code such as `#42`.",
        "**What happened?** `/vote` shows the open votes; `/resolution propose` says it earlier.",
        "**Who was right?** `/leaderboard` ranks everybody by their scores.",
        "**Your own** `/forecasts` shows what you said, and when.",
        "**How good?** `/profile` has a member's record; `/calibration` tells whether their 70% happens 70% of the time.",
        "**Be reminded** `/remind` for one date, `/settings me` for a daily digest, `/export calendar` for your calendar app.",
        "**Add one** `/prediction add`, or right-click a message → Apps → Make a prediction.",
        "",
        "You see the crowd's number on a prediction once you have given yours, so that everybody thinks first. "
        "Your own forecast is private: the others see how many have forecast, and the crowd as a whole.",
    ]
    if is_manager:
        lines += [
            "",
            "**For managers** `/settings guild` sets the channel for posts and reminders, quiet hours, roles and the blind rule. "
            "`/pack list` has documents full of predictions to adopt, and `/prediction import` takes in one of your own.",
        ]
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        parts.row(
            button("Start forecasting ▸", "next.go", style="primary"),
            button("See all", "list.all"),
            button("Packs", "pack.list"),
        ),
    )


def _ladder_text(settings: GuildSettings) -> str:
    if not settings.reminder_days:
        return "off"
    before = [str(days) for days in settings.reminder_days if days > 0]
    shown = f"{_listed(before)} {'day' if before == ['1'] else 'days'} before a date" if before else ""
    if 0 in settings.reminder_days:
        shown += " and at the date" if shown else "at the date"
    return shown


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _quiet_text(settings: GuildSettings) -> str:
    begin, end = settings.quiet_from_minute, settings.quiet_to_minute
    if begin is None or end is None:
        return "none"
    return f"{begin // 60:02}:{begin % 60:02} to {end // 60:02}:{end % 60:02}: reminders wait until they are over"


def _blind_text(settings: GuildSettings) -> str:
    if not settings.is_blind:
        return "off: everybody sees the crowd at once"
    shown = "on: the crowd shows after one's own forecast"
    if settings.hides_author:
        shown += ", the author's number as well"
    if settings.reveal_at_count:
        shown += f"; to all from {text.count(settings.reveal_at_count, 'forecast')} on"
    if settings.reveal_at:
        shown += f"; to all from {text.moment(settings.reveal_at, 'D')} on"
    return shown
