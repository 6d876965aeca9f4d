"""What a member sees before a prediction is posted or changed for everyone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.services.predictions.editing import AddedPrediction, EditedPrediction
from bot.services.predictions.search import LikePrediction
from bot.services.predictions.views import PredictionView
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.predictions.card import prediction_card
from bot.ui.items import Interaction, select
from bot.ui.waiting import Step, cancel_button, step_button


def preview_card(
    interaction: Interaction, added: AddedPrediction, alike: Sequence[LikePrediction], *, post: Step, change: Step
) -> ui.LayoutView:
    """The card as it'll look, where it'll go, and what's there already and looks much like it."""
    where = f"in <#{added.post_channel_id}>" if added.post_channel_id is not None else "here"
    lines = [f"Here's how it will look {where}, for everyone."]
    if added.is_draft:
        lines[0] = "Here's how it will look once a manager has approved it."
    for like in alike:
        share = text.percent(round(like.likeness, 2))
        lines.append(
            f"⚠️ Looks a lot like **#{like.code}** “{text.plain_line(like.statement, 160)}” ({share} the same words)"
        )
    asking = parts.layout(
        ui.TextDisplay("\n".join(lines)),
        *([_open_select(alike)] if alike else []),
        parts.row(
            step_button(interaction, "Send it to the managers" if added.is_draft else "Post it", post),
            step_button(interaction, "Change…", change, style="secondary", is_once=False),
            cancel_button(),
        ),
        colour=palette.AMBER,
    )
    return parts.joined([prediction_card(added.view, private=False, is_preview=True), asking])


def _open_select(alike: Sequence[LikePrediction]) -> ui.ActionRow[Any]:
    """Opens one that's there already, in a message of its own."""
    options = [
        discord.SelectOption(label=text.cut(f"#{like.code} {' '.join(like.statement.split())}", 100), value=str(like.code))
        for like in alike
    ]
    return parts.row(select("card.pick", "", options, placeholder="Open a similar one…"))


def edit_lines(before: PredictionView, edited: EditedPrediction) -> list[str]:
    """What an edit would change for the members who have forecast."""
    now = edited.view
    lines = [parts.heading(now), f"You're about to change its {' and '.join(edited.changed)}."]
    if before.statement != now.statement:
        lines += [f"**Before** {text.plain(before.statement)}", f"**Now** {text.plain(now.statement)}"]
    if before.criteria != now.criteria:
        was, will = (text.plain_line(view.criteria or "none", 300) for view in (before, now))
        lines += [f"**Criteria before** {was}", f"**Criteria now** {will}"]
    if before.resolves_at != now.resolves_at:
        lines += [f"**Date before** {text.by_date(before.resolves_at)}", f"**Date now** {text.by_date(now.resolves_at)}"]
    count = text.count(now.forecasters, "forecast")
    return [*lines, f"It has {count} already. What changes is announced, and everyone can see it."]
