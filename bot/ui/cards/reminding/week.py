"""The weekly digest of a channel, cut to what matters, and the whole of it as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import discord
from discord import ui

from bot.domain.outcomes import Outcome
from bot.domain.types import Role
from bot.services.predictions.listing import ListFilters, ListShow
from bot.services.predictions.views import PredictionView
from bot.services.reminding.week import JudgedCall, Week, WeekResult
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.following.news import move_text
from bot.ui.cards.predictions.lists import page_argument
from bot.ui.cards.voting.outcomes import outcome_text
from bot.ui.items import button

STATEMENT = 110
ROOM = 2400
"""For all lines. What is due soon may come in the same message, and has to fit beside it."""
FEWEST_CUT = 2


def week_card(week: Week, *, guild_name: str | None, picture: ui.Item[Any] | None = None) -> ui.LayoutView:
    """The week with a few of each kind, the picture of its biggest move, and a button for the rest."""
    heading = f"### 📰 This week{f' in {text.plain_line(guild_name, 60)}' if guild_name else ''}"
    sections = _sections(week)
    shown = max(len(lines) for _, _, lines in sections)
    while (words := _written(sections, shown)) and len(words) > ROOM and shown > FEWEST_CUT:
        shown -= 1
    return parts.layout(
        ui.TextDisplay(heading),
        *([picture] if picture is not None else []),
        ui.TextDisplay(text.cut(words, ROOM)),
        parts.row(
            button(
                "Forecast what closes", "list.page", page_argument(0, ListFilters(show=ListShow.UNANSWERED)), style="primary"
            )
            if week.counts["closing"]
            else None,
            button("See everything", "weekly.all", int(week.until.timestamp())),
        ),
        colour=palette.BLUE,
    )


def whole_week_card(week: Week) -> tuple[ui.LayoutView, discord.File]:
    """All of the week in a file."""
    blocks = [f"{title}: {number:,}\n\n" + "\n".join(lines) for title, number, lines in _sections(week)]
    file = parts.text_file("\n\n\n".join(blocks).replace("**", "") + "\n", f"week-{week.until:%Y-%m-%d}.txt")
    words = "### Everything of this week\nResults, moves, votes, what closes soon and what's new are in this file."
    return parts.layout(ui.TextDisplay(words), *parts.attached(file)), file


def _sections(week: Week) -> list[tuple[str, int, list[str]]]:
    """Title, number and lines of each part that has something."""
    leaders = [f"{line.rank}. {_member(line.user_id)} {text.signed(line.score)}" for line in week.leaders]
    sections = [
        ("Results", week.counts["results"], _lines(week.results, _result_line)),
        ("Biggest moves", week.counts["moves"], [f"{_named(view)} · {move_text(view, move)}" for view, move in week.moves]),
        ("Votes open", week.counts["votes"], [f"{_named(view)} · ends {text.moment(at)}" for view, at in week.votes]),
        ("Closing soon", week.counts["closing"], _lines(week.closing, _closing_line)),
        ("New", week.counts["new"], _lines(week.new, lambda view: f"{_named(view)} · {text.by_date(view.resolves_at)}")),
        ("Leading the rankings", len(leaders), leaders),
    ]
    return [section for section in sections if section[1]]


def _lines(things: tuple[Any, ...], line: Callable[[Any], str]) -> list[str]:
    return [line(thing) for thing in things]


def _written(sections: list[tuple[str, int, list[str]]], shown: int) -> str:
    written: list[str] = []
    for title, number, lines in sections:
        written.append(f"**{title}** · {number:,}" if number > 1 else f"**{title}**")
        written += lines[:shown]
        if (left := number - min(shown, len(lines))) > 0:
            written.append(f"-# and {left:,} more")
    return "\n".join(written)


def _named(view: PredictionView) -> str:
    return f"**#{view.code}** {text.plain_line(view.statement, STATEMENT)}"


def _closing_line(view: PredictionView) -> str:
    closes = f" · closes {text.moment(view.closes_at)}" if view.closes_at is not None else ""
    return f"{_named(view)}{closes} · {text.count(view.forecasters, 'forecast')}"


def _result_line(result: WeekResult) -> str:
    view = result.view
    shown = "" if view.outcome is None else f" · **{outcome_text(view, Outcome(view.outcome, view.outcome_value))}**"
    calls = [f"the crowd {_said(view, result.crowd)}"] if result.crowd is not None else []
    if result.best is not None and result.worst is not None:
        calls = [f"best call: {_call(view, result.best)}", f"worst: {_call(view, result.worst)}"]
        if result.crowd is not None and result.crowd not in (result.best, result.worst):
            calls.insert(1, f"the crowd {_said(view, result.crowd)}")
    return f"{_named(view)}{shown}" + (f"\n-# {' · '.join(calls)}" if calls else "")


def _call(view: PredictionView, call: JudgedCall) -> str:
    names = {Role.CROWD: "the crowd", Role.AUTHOR: "the author"}
    return f"{names.get(call.role) or _member(call.user_id)} {_said(view, call)}"


def _said(view: PredictionView, call: JudgedCall) -> str:
    return text.value_text(view.kind, call.values, options=view.options, unit=view.unit, limit=1)


def _member(user_id: int | None) -> str:
    return "a former member" if user_id is None else f"<@{user_id}>"
