"""Tournaments as members see them: all of them, one with its standings, its predictions, and how it ended."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.domain.errors import Refused
from bot.domain.texts import listed
from bot.domain.times import last_day_before
from bot.domain.tournaments import EntryStatus, TournamentStage
from bot.services.tournaments.closing import TournamentEnd, WinnerLine
from bot.services.tournaments.finding import TournamentView
from bot.services.tournaments.showing import TournamentEntries, TournamentEntryLine, TournamentPage
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.scoring.leaderboard import RANKING_NAMES, own_text, standings_text
from bot.ui.cards.voting.results import early_call_line
from bot.ui.items import button, select, whole_number

COLOURS = {
    TournamentStage.UPCOMING: palette.GREY,
    TournamentStage.RUNNING: palette.GREEN,
    TournamentStage.WAITING: palette.AMBER,
    TournamentStage.OVER: palette.BLUE,
    TournamentStage.CALLED_OFF: palette.DARK_GREY,
}
STAGE_NAMES = {
    TournamentStage.UPCOMING: "not begun",
    TournamentStage.RUNNING: "running",
    TournamentStage.WAITING: "waiting for results",
    TournamentStage.OVER: "over",
    TournamentStage.CALLED_OFF: "called off",
}
MOST_NAMED = 5
MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
_STATUS = {
    EntryStatus.COUNTS: ("✅", "Counts"),
    EntryStatus.OPEN: ("🟢", "Open"),
    EntryStatus.WAITING: ("⏳", "Waiting for its result"),
    EntryStatus.CLOSES_LATER: ("➖", "Doesn't count: its date was moved past the tournament's end"),
    EntryStatus.TOO_EARLY: ("➖", "Doesn't count: it had its result before the tournament began"),
    EntryStatus.TOO_LATE: ("➖", "Didn't count: it had no result in time"),
    EntryStatus.ANNULLED: ("➖", "Annulled"),
    EntryStatus.TOO_FEW: ("➖", "Doesn't count: fewer than two members besides its creator had a forecast on it"),
}
_OLD = "This button is from another version of the bot. Use /tournament list to find the tournament."


def tournaments_card(tournaments: tuple[TournamentView, ...], *, is_manager: bool) -> ui.LayoutView:
    """All tournaments, with a select that opens one."""
    if not tournaments:
        how = " Create one with `/tournament create`." if is_manager else " Managers create them."
        return parts.layout(ui.TextDisplay(f"### 🏆 Tournaments\nThis server has no tournament yet.{how}"))
    lines = [f"**{text.plain_line(one.name, 60)}** · {STAGE_NAMES[one.stage]}\n-# {_facts(one)}" for one in tournaments]
    options = [
        discord.SelectOption(label=text.cut(one.name, 100), value=str(one.id), description=STAGE_NAMES[one.stage])
        for one in tournaments
    ]
    return parts.layout(
        ui.TextDisplay("### 🏆 Tournaments"),
        ui.TextDisplay("\n".join(lines)),
        parts.row(select("tournament.pick", "", options, placeholder="Open one…")),
    )


def tournament_card(page: TournamentPage, *, private: bool) -> ui.LayoutView:
    """A tournament and a page of its standings. Private: also the reader's own line, and a button to post it."""
    one, shown = page.tournament, page.leaderboard
    heading = [
        f"### 🏆 {text.plain_line(one.name, 60)}",
        f"-# {_when(one)}",
        f"-# {_rules(one)}",
        *([f"**{_podium(page.winners)}**"] if page.winners else []),
    ]
    if page.is_manager and one.role_trouble:
        heading.append(f"⚠️ {one.role_trouble}")
    if page.is_manager and one.channel_id is None and one.closed_at is None:
        heading.append("⚠️ Its end won't be posted until you choose a channel with `/settings guild` or `/tournament edit`.")
    body: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(heading)), ui.Separator()]
    body.append(ui.TextDisplay(standings_text(shown) or _nothing(page)))
    if private and shown.predictions:
        body += [ui.Separator(), ui.TextDisplay(own_text(shown, wanted=one.least))]
    post = button("Post here", "tournament.post", f"{one.id}:{shown.number}") if private else None
    turns = parts.turns(
        "tournament.page", shown.number, shown.pages, lambda number: f"{one.id}:{number}", here="tournament.here"
    )
    if one.predictions or post is not None or turns:
        body.append(parts.row(*turns, _entries_button(one) if one.predictions else None, post))
    return parts.layout(*body, colour=COLOURS[one.stage])


def entries_card(shown: TournamentEntries) -> ui.LayoutView:
    """A page of a tournament's predictions, for the reader alone."""
    one = shown.tournament
    heading = [
        f"### {text.plain_line(one.name, 60)}: its predictions",
        f"-# {shown.counted} of {one.predictions} {'count' if one.closed_at else 'count so far'}",
        "-# Each one counts with its whole score, from when it opened. What closes after the end, or is annulled, doesn't count.",
    ]
    body: list[ui.Item[Any]] = [
        ui.TextDisplay("\n".join(heading)),
        ui.Separator(),
        ui.TextDisplay("\n".join(_entry(line) for line in shown.lines) or "It has no predictions yet."),
    ]
    options = [
        discord.SelectOption(label=text.cut(f"#{line.code} {line.statement}", 100), value=str(line.code))
        for line in shown.lines
    ]
    if options:
        body.append(parts.row(select("card.pick", "", options, placeholder="Open one…")))
    turns = parts.turns(
        "tournament.used", shown.number, shown.pages, lambda number: f"{one.id}:{number}", here="tournament.here"
    )
    body.append(parts.row(*turns, button("Back to the standings", "tournament.page", f"{one.id}:0")))
    return parts.layout(*body, colour=COLOURS[one.stage])


def end_card(end: TournamentEnd) -> ui.LayoutView:
    """How a tournament ended, for everyone."""
    one, shown = end.tournament, end.leaderboard
    first = [winner for winner in end.winners if winner.rank == 1]
    lines = [
        f"### 🏆 {text.plain_line(one.name, 60)} is over",
        f"-# {_days(one)}{_by_managers(end)} · {text.count(shown.predictions, 'prediction')} counted · "
        f"{text.count(shown.members, 'member')} ranked by {RANKING_NAMES[one.ranking].lower()}",
    ]
    if end.winners:
        lines.append(f"**{_podium(end.winners)}**")
    else:
        lines.append(f"Nobody had {text.count(one.least, 'scored prediction')}, so nobody won.")
    if one.role_id is not None and first:
        given = [winner for winner in first if winner.has_role]
        if given:
            lines.append(f"{_named(given)} {'has' if len(given) == 1 else 'have'} the role <@&{one.role_id}> now.")
        if len(given) < len(first) and one.role_trouble:
            lines.append(f"-# {one.role_trouble}")
    body: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
    if shown.lines:
        body += [ui.Separator(), ui.TextDisplay(standings_text(shown))]
    if end.call is not None:
        view, call = end.call
        about = f"-# on #{view.code} {text.plain_line(view.statement, 120)}"
        body += [ui.Separator(), ui.TextDisplay(f"{early_call_line(view, call)}\n{about}")]
    body.append(parts.row(button("Standings", "tournament.page", f"{one.id}:0"), _entries_button(one)))
    return parts.layout(*body, colour=palette.BLUE)


def _by_managers(end: TournamentEnd) -> str:
    """That managers ended it, where that made a difference."""
    if not end.tournament.ended_early and not end.unawaited:
        return ""
    early = "early " if end.tournament.ended_early else ""
    without = f", without waiting for {text.count(end.unawaited, 'result')}" if end.unawaited else ""
    return f" · ended {early}by the managers{without}"


def decode_page(argument: str) -> tuple[int, int]:
    """A tournament's id and a page from a button. Refuses anything our buttons never carry."""
    tournament_id, _, number = argument.partition(":")
    try:
        return whole_number(tournament_id, digits=18), whole_number(number or "0", digits=4)
    except ValueError:
        raise Refused(_OLD) from None


def facts_lines(one: TournamentView) -> list[str]:
    """When it runs and how it ranks, before it's created or changed."""
    role = f"**Role for the winner** <@&{one.role_id}>" if one.role_id is not None else None
    where = (
        f"in <#{one.channel_id}>" if one.channel_id is not None else "nowhere yet: choose a channel with `/settings guild`"
    )
    return [
        f"**Days** {_days(one)}, in UTC like the dates of predictions · ends {text.moment(one.ends_at)}",
        f"**Ranking** {RANKING_NAMES[one.ranking].lower()}, a rank needs {text.count(one.least, 'scored prediction')}",
        *([role] if role else []),
        f"**Its end is told** {where}",
    ]


def _entries_button(one: TournamentView) -> ui.Item[Any]:
    return button("Its predictions", "tournament.used", f"{one.id}:0")


def _when(one: TournamentView) -> str:
    match one.stage:
        case TournamentStage.UPCOMING:
            told = f"begins {text.moment(one.starts_at)}"
        case TournamentStage.RUNNING:
            told = f"ends {text.moment(one.ends_at)}"
        case TournamentStage.WAITING:
            told = f"over {text.moment(one.ends_at)} · waits for {text.count(one.pending, 'result')}"
        case TournamentStage.OVER:
            told = f"ended {text.moment(one.closed_at or one.ends_at)}{', early' if one.ended_early else ''}"
        case TournamentStage.CALLED_OFF:
            told = "called off before it began"
    return f"{_days(one)} · {told}"


def _days(one: TournamentView) -> str:
    return text.day_range(one.starts_at.date(), last_day_before(one.ends_at))


def _facts(one: TournamentView) -> str:
    return f"{_when(one)} · {text.count(one.predictions, 'prediction')}"


def _rules(one: TournamentView) -> str:
    pending = f", {one.pending} without a result" if one.pending and one.stage is not TournamentStage.OVER else ""
    role = f" · the winner gets <@&{one.role_id}>" if one.role_id is not None and one.closed_at is None else ""
    needs = f"a rank needs {text.count(one.least, 'scored prediction')}"
    predictions = text.count(one.predictions, "prediction")
    return f"{predictions}{pending} · {RANKING_NAMES[one.ranking]} · {needs}{role}"


def _nothing(page: TournamentPage) -> str:
    one = page.tournament
    if page.leaderboard.predictions:
        return f"Nobody has {text.count(one.least, 'scored prediction')} here yet."
    if one.stage in (TournamentStage.OVER, TournamentStage.CALLED_OFF):
        return "Nothing had a result in time."
    if not one.predictions:
        return "It has no predictions yet." + (" Add some with `/tournament add`." if page.is_manager else "")
    return "Nothing counts yet. To take part, forecast on its predictions: the standings begin with the first result."


def _podium(winners: tuple[WinnerLine, ...]) -> str:
    ranks = sorted({winner.rank for winner in winners})
    return " · ".join(f"{MEDALS[rank]} {_named([one for one in winners if one.rank == rank])}" for rank in ranks)


def _named(winners: list[WinnerLine]) -> str:
    shown = [f"<@{one.user_id}>" if one.user_id is not None else "a former member" for one in winners[:MOST_NAMED]]
    return listed(shown + ([f"{len(winners) - MOST_NAMED} more"] if len(winners) > MOST_NAMED else []))


def _entry(line: TournamentEntryLine) -> str:
    sign, words = _STATUS[line.status]
    if line.status is EntryStatus.OPEN and line.closes_at is not None:
        words = f"Open · closes {text.moment(line.closes_at)}"
    return f"{sign} #{line.code} {text.plain_line(line.statement, 120)}\n-# {words}"
