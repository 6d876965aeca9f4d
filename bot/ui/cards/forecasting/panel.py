"""The private panel where a member forecasts, the answer to a forecast, and the member's own history."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.domain.differences import has_changed_mind
from bot.domain.types import Kind, Relation
from bot.services.forecasting.own_history import PastForecast
from bot.services.forecasting.placing import CLIP, PlacedForecast, WithdrawnForecast
from bot.services.forecasting.walk import NextPrediction
from bot.services.predictions.views import PredictionView
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.forecasting.compared import compared_lines
from bot.ui.cards.forecasting.thoughts import thought_lines
from bot.ui.cards.predictions.card import BESIDE, prediction_option
from bot.ui.items import button, select

SHORT_CRITERIA = 160
"""Short enough for a phone to show the whole panel."""
PAST_REASON = 120
"""How many characters of a reason the history shows. Its file has all."""
USUAL = tuple(percent / 100 for percent in (1, 2, 3, *range(5, 100, 5), 97, 98, 99))
"""The probabilities of the select: 25, as many as Discord allows."""


def panel(view: PredictionView, *, walk: NextPrediction | None = None, added: str | None = None) -> ui.LayoutView:
    """Where a member says how likely it is. In a walk, it also says how far they've come. `added` says where the card of
    the prediction they have just added is."""
    own = parts.own_line(view) or "You haven't forecast on this yet."
    lines = [f"{added} How likely do you think it is?"] if added else []
    lines += [parts.heading(view), parts.status_line(view)]
    if depends := parts.parent_text(view):
        lines.append(f"**{depends}**" if view.parent and view.parent.relation is Relation.CONDITIONAL else depends)
    if view.criteria:
        lines.append(text.plain_cut(view.criteria, SHORT_CRITERIA))
    lines += [line for line in (_options_text(view), parts.crowd_line(view), parts.author_line(view), own) if line]
    body: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
    if view.kind is Kind.BINARY:
        body.append(parts.row(select("forecast.pick", view.code, _choices(view), placeholder="How likely is it?")))
    body.append(
        parts.row(
            *_form_buttons(view),
            button("Reaffirm", "forecast.reaffirm", view.code) if view.own else None,
            button("Withdraw", "forecast.withdraw", view.code) if view.own else None,
            button("Skip", "next.skip", view.code) if walk is not None else None,
            button("Details", "card.details", f"{view.code}:{BESIDE}"),
        )
    )
    if walk is not None:
        progress = walk.progress
        body.append(ui.TextDisplay(f"-# {progress.open - progress.left + 1} of {progress.open}"))
    return parts.layout(*body)


def _form_buttons(view: PredictionView) -> list[ui.Item[Any]]:
    if view.kind is Kind.BINARY:
        return [button("Exact…", "forecast.exact", view.code)]
    if view.kind is Kind.MULTIPLE_CHOICE:
        return [button("Set probabilities…", "forecast.exact", view.code, style="primary")]
    return [
        button("Best guess…", "forecast.guess", view.code, style="primary"),
        button("Set low and high…", "forecast.exact", view.code),
    ]


def placed_card(placed: PlacedForecast, *, done: str | None = None, asks_why: bool = True) -> ui.LayoutView:
    """What was understood, beside the crowd now that the member may see it, and what they can do next. With `asks_why`, a big
    change of their own is asked about."""
    view, progress = placed.view, placed.progress
    lines = [done] if done else []
    lines += [_said(placed), *thought_lines(placed.thoughts), *compared_lines(view)]
    if placed.reason:
        who = "Everyone can read this reason." if placed.is_posted else "Only you can see this reason until you post it."
        lines.append(f"> {text.plain_line(placed.reason, 300)}\n-# {who}")
    elif asks_why and has_changed_mind(view.kind, placed.previous, placed.values):
        lines.append("**What changed your mind?** Add a reason, for yourself or for everyone.")
    lines.append(f"-# {progress.forecast} of {progress.open} forecast")
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        parts.row(
            button(f"Next · {progress.left} left ▸" if progress.left else "Finish ▸", "next.go", style="primary"),
            _reason_button(placed),
            button("Change", "forecast.open", view.code),
            button("Undo", "forecast.undo", placed.forecast_id),
            button("Show card", "card.show", view.code),
        ),
        colour=palette.GREEN,
    )


def _reason_button(placed: PlacedForecast) -> ui.Item[Any] | None:
    if placed.reason is None:
        return button("Add a reason…", "forecast.reason", placed.forecast_id)
    return None if placed.is_posted else button("Post my reason", "forecast.post", placed.forecast_id)


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


def walk_end_card(end: NextPrediction) -> ui.LayoutView:
    """The end of /next, and a look back."""
    progress, look_back = end.progress, end.look_back
    if progress.skipped:
        lines = [f"### That's everything\nYou skipped {text.count(progress.skipped, 'prediction')}."]
    elif progress.forecast:
        lines = [f"### That's all {progress.forecast}" if progress.forecast > 1 else "### That's all"]
    else:
        lines = ["### Nothing is waiting for you"]
    most = look_back.most_different if look_back is not None else ()
    if most:
        lines.append("**You differ most from the crowd on**")
        lines += [_differs_line(view) for view in most]
    if look_back is not None and look_back.closing_soon:
        close = "closes" if look_back.closing_soon == 1 else "close"
        lines.append(f"{look_back.closing_soon} of your forecasts {close} within 30 days.")
    if not progress.left:
        lines.append("-# See what's here with `/prediction list`, or add one with `/prediction add`.")
    options = [prediction_option(view) for view in most]
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        *([parts.row(select("card.pick", "", options, placeholder="Open one…"))] if options else []),
        parts.row(
            button("Go through the skipped ones", "next.again", style="primary") if progress.skipped else None,
            button("My forecasts", "list.mine"),
        ),
        colour=palette.GREEN,
    )


def _differs_line(view: PredictionView) -> str:
    assert view.own is not None
    assert view.crowd is not None
    own, crowd = (
        text.value_text(view.kind, values, options=view.options, unit=view.unit, limit=1)
        for values in (view.own.values, view.crowd.values)
    )
    return f"- #{view.code} {text.plain_line(view.statement, 120)} · you {own}, crowd {crowd}"


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


def _said(placed: PlacedForecast) -> str:
    view = placed.view
    said = text.value_text(view.kind, placed.values, options=view.options, unit=view.unit, in_order=True)
    was = ""
    if placed.previous is not None and placed.previous != placed.values:
        was = f" (was {text.value_text(view.kind, placed.previous, options=view.options, unit=view.unit, in_order=True)})"
    shown = f"✅ You said **{said}** on **#{view.code}**{was}\n{text.plain_line(view.statement, 200)}"
    notes: list[str] = []
    if (typed := text.percent(placed.typed_total)) != "100%":
        notes.append(f"You typed {typed} in all, so I scaled it to 100%.")
    if placed.is_clipped:
        counted = [text.percent(min(max(value, CLIP), 1 - CLIP)) for value in placed.values]
        scored = (
            f"scores count it as {counted[0]}" if len(counted) == 1 else f"scores count no option below {text.percent(CLIP)}"
        )
        notes.append(f"Saved as you said it; {scored}.")
    return "\n".join([shown, *(f"-# {words}" for words in notes)])


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
