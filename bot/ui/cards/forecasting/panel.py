"""The private panel where a member forecasts, the answer to a forecast, and the member's own history."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.domain.types import MAX_OPTIONS, Kind
from bot.services.forecasting.own_history import PastForecast
from bot.services.forecasting.placing import CLIP, PlacedForecast, WithdrawnForecast
from bot.services.forecasting.walk import NextPrediction
from bot.services.predictions.views import PredictionView
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.predictions.card import BESIDE
from bot.ui.items import button, select

SHORT_CRITERIA = 160
"""Short enough for a phone to show the whole panel."""
PAST_REASON = 120
"""How many characters of a reason the history shows. Its file has all."""
USUAL = tuple(percent / 100 for percent in (1, 2, 3, *range(5, 100, 5), 97, 98, 99))
"""The probabilities of the select: 25, as many as Discord allows."""

WALKING = "next"
"""Second part of an argument: the member is walking through /next, so the next prediction follows."""


def panel(view: PredictionView, *, walk: NextPrediction | None = None, done: PlacedForecast | None = None) -> ui.LayoutView:
    """Where a member says how likely it is. In a walk, it also says how many are left and repeats the last answer."""
    body: list[ui.Item[Any]] = []
    if done is not None:
        body += [ui.TextDisplay(_said(done, limit=8)), ui.Separator()]
    own = parts.own_line(view) or "You haven't forecast on this yet."
    lines = [parts.heading(view), parts.status_line(view)]
    if view.criteria:
        lines.append(text.plain_cut(view.criteria, SHORT_CRITERIA))
    lines += [line for line in (_options_text(view), parts.crowd_line(view), parts.author_line(view), own) if line]
    body.append(ui.TextDisplay("\n".join(lines)))
    argument = f"{view.code}:{WALKING}" if walk is not None else view.code
    if view.kind is Kind.BINARY:
        body.append(parts.row(select("forecast.pick", argument, _choices(view), placeholder="How likely is it?")))
    label = {Kind.BINARY: "Exact…", Kind.MULTIPLE_CHOICE: "Set probabilities…"}.get(view.kind, "Set your forecast…")
    body.append(
        parts.row(
            button(label, "forecast.exact", argument, style="secondary" if view.kind is Kind.BINARY else "primary"),
            button("Reaffirm", "forecast.reaffirm", view.code) if view.own else None,
            button("Withdraw", "forecast.withdraw", view.code) if view.own else None,
            button("Skip", "next.skip", view.code) if walk is not None else None,
            button("Details", "card.details", f"{view.code}:{BESIDE}"),
            button("Undo last", "forecast.undo", done.forecast_id) if done is not None else None,
        )
    )
    if walk is not None:
        body.append(ui.TextDisplay(f"-# {text.count(walk.left, 'prediction')} to go"))
    return parts.layout(*body)


def placed_card(placed: PlacedForecast) -> ui.LayoutView:
    """What was understood, the crowd now that the member may see it, and Undo."""
    view = placed.view
    lines = [_said(placed)]
    if placed.reason:
        lines.append(f"> {text.plain_line(placed.reason, 300)}\n-# Only you can see this reason until you post it.")
    lines += [line for line in (parts.crowd_line(view), parts.author_line(view)) if line]
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        parts.row(
            button("Undo", "forecast.undo", placed.forecast_id),
            button("Change", "forecast.open", view.code),
            button("Post my reason", "forecast.post", placed.forecast_id) if placed.reason else None,
            button("Show card", "card.show", view.code),
            button("Next ▸", "next.go", style="primary"),
        ),
        colour=palette.GREEN,
    )


def withdrawn_card(withdrawn: WithdrawnForecast) -> ui.LayoutView:
    """Says which forecast is gone."""
    view = withdrawn.view
    was = text.value_text(view.kind, withdrawn.values, options=view.options, unit=view.unit)
    return parts.layout(
        ui.TextDisplay(
            f"You no longer have a forecast on **#{view.code}**. It was {was}.\n{text.plain_line(view.statement, 200)}"
        ),
        parts.row(
            button("Forecast again", "forecast.open", view.code, style="primary"),
            button("Show card", "card.show", view.code),
            button("Next ▸", "next.go"),
        ),
    )


def walk_end_card(end: NextPrediction, done: PlacedForecast | None = None) -> ui.LayoutView:
    """The end of /next."""
    lines = [_said(done)] if done is not None else []
    if end.skipped:
        lines.append(f"### That's everything\nYou skipped {text.count(end.skipped, 'prediction')}.")
    else:
        lines.append("### All done" if done is not None else "### Nothing is waiting for you")
        lines.append(
            "Nothing open is left for you to forecast. "
            "See what's here with `/prediction list`, or add one with `/prediction add`."
        )
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        parts.row(
            button("Go through the skipped ones", "next.again", style="primary") if end.skipped else None,
            button("Undo last", "forecast.undo", done.forecast_id) if done is not None else None,
            button("My forecasts", "list.mine"),
        ),
        colour=palette.GREEN,
    )


def history_card(view: PredictionView, lines: list[PastForecast]) -> tuple[ui.LayoutView, discord.File | None]:
    """A member's own forecasts on one prediction, newest first; with a file if they or their reasons are too long."""
    entries: list[str] = []
    for line in lines:
        value = text.value_text(view.kind, line.values, options=view.options, unit=view.unit)
        until = " · current" if line.ended_at is None else f" · until {text.moment(line.ended_at, 'f')}"
        reason = f"\n> {text.plain_line(line.reason, PAST_REASON)}" if line.reason else ""
        late = " · after the fact, not scored" if line.is_late else ""
        entries.append(f"- **{value}** {text.moment(line.created_at, 'f')}{until}{late}{reason}")
    heading = f"{parts.heading(view)}\n**Your forecasts**"
    shown = text.fitting(entries, parts.MAX_TEXT - len(heading) - 60)
    if left := len(entries) - len(shown):
        shown.append(f"-# and {left} earlier")
    is_cut = left > 0 or any(len(text.plain(line.reason or "")) > PAST_REASON for line in lines)
    file = parts.text_file(_whole_history(view, lines), f"my-forecasts-{view.code}.txt") if is_cut else None
    card = parts.layout(
        ui.TextDisplay("\n".join([heading, *(shown or ["None yet."])])),
        *parts.attached(file),
        parts.row(
            button("Change forecast" if view.own else "Forecast", "forecast.open", view.code, style="primary")
            if view.is_open
            else None,
            button("Post my reason", "forecast.post", lines[0].id) if _may_post(lines) else None,
            button("Show card", "card.show", view.code),
        ),
    )
    return card, file


def _whole_history(view: PredictionView, lines: list[PastForecast]) -> str:
    told = [f"#{view.code} {view.statement}"]
    for line in lines:
        value = text.value_text(
            view.kind, line.values, options=view.options, unit=view.unit, limit=len(view.options), is_markdown=False
        )
        until = f"until {line.ended_at:%Y-%m-%d %H:%M}" if line.ended_at else "current"
        late = ", after the fact" if line.is_late else ""
        told.append(f"{line.created_at:%Y-%m-%d %H:%M} UTC, {until}{late}: {value}\n{line.reason or ''}".strip())
    return "\n\n".join(told) + "\n"


def _may_post(lines: list[PastForecast]) -> bool:
    """Whether the current forecast has a reason that's still private."""
    return bool(lines) and lines[0].ended_at is None and lines[0].reason is not None and not lines[0].is_posted


def _said(placed: PlacedForecast, *, limit: int = MAX_OPTIONS) -> str:
    view = placed.view
    said = text.value_text(view.kind, placed.values, options=view.options, unit=view.unit, limit=limit)
    was = ""
    if placed.previous is not None and placed.previous != placed.values:
        was = f" (was {text.value_text(view.kind, placed.previous, options=view.options, unit=view.unit)})"
    shown = f"✅ You said **{said}** on **#{view.code}**{was}\n{text.plain_line(view.statement, 200)}"
    if not placed.is_clipped:
        return shown
    counted = [text.percent(min(max(value, CLIP), 1 - CLIP)) for value in placed.values]
    scored = (
        f"scores count it as {counted[0]}" if len(counted) == 1 else f"scores count no option below {text.percent(CLIP)}"
    )
    return f"{shown}\n-# Saved as you said it; {scored}."


def _choices(view: PredictionView) -> list[discord.SelectOption]:
    own = view.own.values[0] if view.own else None
    return [discord.SelectOption(label=text.percent(value), value=str(value), default=own == value) for value in USUAL]


def _options_text(view: PredictionView) -> str | None:
    if view.kind is not Kind.MULTIPLE_CHOICE:
        return None
    own = view.own.values if view.own else [None] * len(view.options)
    limit = 80 if len(view.options) <= 10 else 40
    return "\n".join(
        f"- {text.plain_line(name, limit)}" + (f" **{text.percent(value)}**" if value is not None else "")
        for name, value in zip(view.options, own, strict=True)
    )
