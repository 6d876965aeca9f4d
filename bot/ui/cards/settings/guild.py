"""A guild's settings, and the help."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.services.members.guilds import GuildSettings
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.voting.outcomes import share_text
from bot.ui.items import button


def settings_card(settings: GuildSettings, *, changed: bool, stuck: int = 0) -> ui.LayoutView:
    """What the guild has set, in sentences. `stuck` counts what couldn't be posted."""
    channel = f"<#{settings.post_channel_id}>" if settings.post_channel_id else "none: new cards appear where they're added"
    lines = [
        "### This server's settings" + (" · saved" if changed else ""),
        f"**Channel for posts** {channel}",
        f"**Managers** members with Manage Server{f', and <@&{settings.manager_role_id}>' if settings.manager_role_id else ''}",
        f"**Voters** {f'<@&{settings.voter_role_id}>' if settings.voter_role_id else 'all members'}",
        f"**Reminders** {_ladder_text(settings)}",
        f"**Quiet hours** {_quiet_text(settings)}",
        f"**Time zone** {settings.zone}",
        f"**Who can add predictions** {'all members' if settings.members_may_add else 'managers'}",
        f"**Blind forecasts** {_blind_text(settings)}",
        "-# Change these with the options of /settings guild.",
    ]
    body: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
    if settings.post_channel_id is None:
        body.append(ui.TextDisplay(parts.NO_CHANNEL))
    if stuck:
        body += [
            ui.TextDisplay("⚠️ Some messages couldn't be posted."),
            parts.row(button("See what's stuck", "trouble.show", style="danger")),
        ]
    return parts.layout(*body, colour=palette.GREEN if changed else palette.BLUE)


def vote_settings_card(settings: GuildSettings, *, changed: bool) -> ui.LayoutView:
    """How votes work in the guild, in sentences."""
    voters = f"members with <@&{settings.voter_role_id}>" if settings.voter_role_id else "members"
    lines = [
        "### Votes on this server" + (" · saved" if changed else ""),
        f"**Open at once** at most {settings.open_votes_limit}; votes on one date share a post and count as one, and the rest "
        "queue by date",
        f"**A vote runs** {text.count(settings.vote_hours, 'hour')}, plus another {settings.vote_hours} if undecided",
        f"**Quorum** {text.percent(settings.quorum_share)} of the members who forecast, at least {settings.quorum_least} and at most "
        f"{settings.quorum_most} ballots",
        f"**Majority** {share_text(settings.majority_share)} of the votes",
        f"**Count** {_count_text(settings)}",
        f"**Objections** for {text.count(settings.objection_hours, 'hour')} after the count; two start a second round",
        f"**Voters** {voters} who joined at least {text.count(settings.voter_hours, 'hour')} before the vote opened and whose "
        f"account is at least {text.count(settings.voter_account_days, 'day')} old",
        f"**If a vote stays undecided** managers have {text.count(settings.undecided_days, 'day')} to decide; then what more than half "
        "of the votes say counts, or it's annulled",
        f"**Managers** {_interested_text(settings)}",
        "-# Change these with the options of /settings votes. Open votes keep the rules they started with.",
    ]
    return parts.layout(ui.TextDisplay("\n".join(lines)), colour=palette.GREEN if changed else palette.BLUE)


def help_card(*, is_manager: bool) -> ui.LayoutView:
    """How it works, in one screen."""
    lines = [
        "### Almanac",
        "Say how likely you think things are, see what others think, and find out who was right.",
        "",
        "**Forecast** `/next` walks you through what you haven't forecast. `/forecast` takes one: `70`, `70%`, `0.7`, `7/10` or `7:3`.",
        "**Look around** `/prediction list`, `/prediction search`, `/prediction show`. Each prediction has a code such as `#42`.",
        "**What happened?** `/vote` shows the open votes. Use `/resolution propose` if the answer is already known.",
        "**Who was right?** `/leaderboard` ranks everyone by score.",
        "**Your own** `/forecasts` shows what you said, and when.",
        "**How good?** `/profile` shows a member's record. `/calibration` shows whether their 70% happens 70% of the time.",
        "**Get reminded** `/remind` for one date, `/settings me` for a daily digest, `/export calendar` for your calendar app.",
        "**Add one** `/prediction add`, or right-click a message → Apps → Make a prediction.",
        "",
        "You see the crowd's number once you've given yours, so everyone thinks for themselves first. "
        "Your own forecast is private: others only see how many people have forecast, and the crowd as a whole.",
    ]
    if is_manager:
        lines += [
            "",
            "**For managers** `/settings guild` sets the channel for posts, reminders, quiet hours, roles and whether the crowd is hidden. "
            "`/pack list` has documents full of predictions to adopt, and `/prediction import` loads one of your own.",
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
    before = [text.count(days, "day") for days in settings.reminder_days if days > 0]
    shown = f"{_listed(before)} before a date" if before else ""
    if 0 in settings.reminder_days:
        shown += ", and on the date" if shown else "on the date"
    return shown


def _count_text(settings: GuildSettings) -> str:
    return "hidden until the end; nobody sees who voted how" if settings.ballots_are_secret else "public while the vote runs"


def _interested_text(settings: GuildSettings) -> str:
    if settings.interested_override:
        return "may decide and change predictions they forecast on; the announcement says so"
    return "may not decide or change predictions they forecast on"


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _quiet_text(settings: GuildSettings) -> str:
    begin, end = settings.quiet_from_minute, settings.quiet_to_minute
    if begin is None or end is None:
        return "none"
    return f"{begin // 60:02}:{begin % 60:02} to {end // 60:02}:{end % 60:02}; reminders wait until they're over"


def _blind_text(settings: GuildSettings) -> str:
    if not settings.is_blind:
        return "off: everyone sees the crowd right away"
    shown = "on: members see the crowd once they've forecast"
    if settings.hides_author:
        shown += ", and the author's number too"
    if settings.reveal_at_count:
        shown += f"; revealed to everyone at {text.count(settings.reveal_at_count, 'forecast')}"
    if settings.reveal_at:
        shown += f"; revealed to everyone on {text.moment(settings.reveal_at, 'D')}"
    return shown
