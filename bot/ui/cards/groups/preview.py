"""What a member sees before a group is posted, changed, or taken apart."""

from __future__ import annotations

from collections.abc import Sequence

from discord import ui

from bot.services.groups.adding import AddedGroup
from bot.services.groups.membership import LeftGroup
from bot.services.predictions.search import LikePrediction
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.groups.card import group_card
from bot.ui.items import Interaction
from bot.ui.waiting import Step, cancel_button, step_button


def group_preview_card(
    interaction: Interaction, added: AddedGroup, alike: Sequence[LikePrediction], *, post: Step, change: Step, turn: Step
) -> ui.LayoutView:
    """The card as it'll look, where it'll go, how its dates are understood (`turn` understands them the other way), and what's
    there already and looks much like it."""
    where = f"in <#{added.post_channel_id}>" if added.post_channel_id is not None else "here"
    lines = [
        f"Here's how it will look {where}, for everyone. Each row is a prediction of its own, with its own vote and scores."
    ]
    if added.is_draft:
        lines[0] = "Here's how it will look once a manager has approved its predictions."
    is_cumulative, dates = added.view.is_cumulative, {row.view.resolves_at for row in added.view.rows}
    if len(dates) > 1:
        said = "includes those before it, so I'll ask about a later one that's called less likely." if is_cumulative else ""
        lines.append(f"-# Each date {said or 'stands alone: a later one may be less likely.'}")
    for like in alike:
        lines.append(f"⚠️ Looks a lot like **#{like.code}** “{text.plain_line(like.statement, 160)}”")
    asking = parts.layout(
        ui.TextDisplay("\n".join(lines)),
        parts.row(
            step_button(interaction, "Send it to the managers" if added.is_draft else "Post it", post),
            step_button(interaction, "Change…", change, style="secondary", is_once=False),
            step_button(
                interaction,
                "Each stands alone" if is_cumulative else "Later ones include earlier ones",
                turn,
                style="secondary",
            )
            if len(dates) > 1
            else None,
            cancel_button(),
        ),
        colour=palette.AMBER,
    )
    return parts.joined([group_card(added.view, private=False, is_preview=True), asking])


def leave_lines(planned: LeftGroup) -> list[str]:
    """What taking a prediction out of its group would do."""
    lines = [
        f"### Take #{planned.code} out of its group",
        f"**{text.plain_line(planned.label, 60)}** leaves “{text.plain_line(planned.title, 200)}” and goes on by itself, with "
        "its forecasts.",
    ]
    if planned.group is None:
        lines.append("Only one prediction would be left, so the group is taken apart.")
    return lines
