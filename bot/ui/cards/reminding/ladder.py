"""The post that reminds a channel of upcoming dates."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from discord import ui

from bot.domain.times import last_day_before, span
from bot.services.announcements import LadderGroup, LadderPost
from bot.services.predictions.listing import ListFilters, ListShow
from bot.services.predictions.views import PredictionView
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.predictions.card import prediction_option
from bot.ui.cards.predictions.lists import page_argument
from bot.ui.items import button, select

NAMED = 10
"""How many the post names, over all steps. The select has more, the list behind the button has all."""
NAMED_ALONE = 6
"""How many it names of one step."""


def ladder_card(post: LadderPost, *, now: datetime) -> ui.LayoutView:
    """All steps of a morning in one post. A select opens a card privately, the buttons open the whole list."""
    named = min(NAMED_ALONE, max(1, NAMED // len(post.groups)))
    body: list[ui.Item[Any]] = []
    for group in post.groups:
        body += [ui.TextDisplay(_heading(group, now)), ui.TextDisplay(_lines(group, named)), ui.Separator()]
    options = [prediction_option(view) for group in post.groups for view in group.views]
    body += [
        parts.row(select("card.pick", "", options, placeholder="Open one…")),
        parts.row(
            button("See those without my forecast", "list.page", _page(post, ListShow.UNANSWERED), style="primary")
            if any(view.is_open for group in post.groups for view in group.views)
            else None,
            button(f"See all {post.total}", "list.page", _page(post, ListShow.ALL)) if post.total > 1 else None,
        ),
    ]
    return parts.layout(*body, colour=palette.AMBER)


def _heading(group: LadderGroup, now: datetime) -> str:
    over_at = group.views[0].resolves_at if group.views else None
    count = text.count(group.total, "prediction")
    verb = "ends" if group.total == 1 else "end"
    left = over_at - now if group.late_by is not None and over_at is not None else timedelta(days=group.days)
    by_then = "" if over_at is None else f" by {text.day(last_day_before(over_at))}"
    if over_at is not None and left <= timedelta(days=1):
        by_then += f" ({text.moment(over_at)})"  # it counts down; "30 days left" stands as it was posted
    title = f"### ⏰ {_left(left)}: {count} {verb}{by_then}"
    late = f"This reminder is {span(group.late_by)} late. " if group.late_by is not None else ""
    asks = "Does your forecast still fit?" if any(view.is_open for view in group.views) else "Forecasting is closed."
    return f"{title}\n-# {late}{asks}"


def _lines(group: LadderGroup, named: int) -> str:
    views = group.views[:named]
    has_one_date = len({view.resolves_at for view in group.views}) == 1
    lines = [_line(view, with_date=not has_one_date) for view in views]
    if (left := group.total - len(views)) > 0:
        lines.append(f"-# and {left} more")
    return "\n".join(lines)


def _left(left: timedelta) -> str:
    if left <= timedelta(days=1):
        return "Last day"
    return f"{'1 week' if left == timedelta(days=7) else span(left)} left"


def _line(view: PredictionView, *, with_date: bool) -> str:
    date = f" · {text.by_date(view.resolves_at)}" if with_date else ""
    closed = "" if view.is_open else " · closed for forecasts"
    return f"**#{view.code}** {text.plain_line(view.statement, 120)}{date}{closed}"


def _page(post: LadderPost, show: ListShow) -> str:
    return page_argument(0, ListFilters(show=show, ladder=post.outbox_id))
