"""The post that reminds a channel of upcoming dates."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from discord import ui

from bot.domain.times import span
from bot.services.announcements import LadderPost
from bot.services.predictions.listing import ListFilters, ListShow
from bot.services.predictions.views import PredictionView
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.predictions.card import prediction_option
from bot.ui.cards.predictions.lists import page_argument
from bot.ui.items import button, select

NAMED = 6
"""How many the post names. The select has more, the list behind the button has all."""


def ladder_card(post: LadderPost, *, now: datetime) -> ui.LayoutView:
    """All predictions of a step in one post. A select opens a card privately, the buttons open the whole list."""
    views = post.views[:NAMED]
    dates = {view.resolves_at for view in post.views}
    has_one_date = len(dates) == 1
    lines = [_line(view, with_date=not has_one_date) for view in views]
    if (left := post.total - len(views)) > 0:
        lines.append(f"-# and {left} more")
    is_over = post.days == 0
    body: list[ui.Item[Any]] = [
        ui.TextDisplay(_heading(post, now)),
        ui.Separator(),
        ui.TextDisplay("\n".join(lines)),
        parts.row(select("card.pick", "", [prediction_option(view) for view in post.views], placeholder="Open one…")),
        parts.row(
            None
            if is_over
            else button("See those without my forecast", "list.page", _page(post, ListShow.UNANSWERED), style="primary"),
            button(f"See all {post.total}" if post.total > 1 else "See it", "list.page", _page(post, ListShow.ALL))
            if post.total > 1 or is_over
            else None,
        ),
    ]
    return parts.layout(*body, colour=palette.AMBER)


def _heading(post: LadderPost, now: datetime) -> str:
    first = post.views[0]
    over_at = first.resolves_at
    count = text.count(post.total, "prediction")
    if post.days == 0:
        reached = "has reached its date" if post.total == 1 else "have reached their date"
        title = f"### ⏰ Time's up: {count} {reached}"
    else:
        verb = "ends" if post.total == 1 else "end"
        left = over_at - now if post.late_by is not None and over_at is not None else timedelta(days=post.days)
        title = f"### ⏰ {_left(left)}: {count} {verb} {text.by_date(over_at)}"
    notes: list[str] = []
    if post.late_by is not None:
        notes.append(f"This reminder is {span(post.late_by)} late.")
    notes.append(
        "Forecasting is closed. Say what happened with `/vote`." if post.days == 0 else "Does your forecast still fit?"
    )
    return "\n".join([title, f"-# {' '.join(notes)}"])


def _left(left: timedelta) -> str:
    if left <= timedelta(days=1):
        return "Last day"
    return f"{'1 week' if left == timedelta(days=7) else span(left)} left"


def _line(view: PredictionView, *, with_date: bool) -> str:
    date = f" · {text.by_date(view.resolves_at)}" if with_date else ""
    return f"**#{view.code}** {text.plain_line(view.statement, 120)}{date}"


def _page(post: LadderPost, show: ListShow) -> str:
    return page_argument(0, ListFilters(show=show, ladder=post.outbox_id))
