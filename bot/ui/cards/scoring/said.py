"""Who said what of a resolved prediction, ten members a page."""

from __future__ import annotations

from discord import ui

from bot.services.predictions.views import PredictionView
from bot.services.scoring.said import MemberSaid, WhoSaidWhat
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.items import button

REASON = 100
"""How many characters of a reason stand here. *All reasons* has the rest."""


def said_card(shown: WhoSaidWhat) -> ui.LayoutView:
    """A page of it. For the reader alone, whose own line says so."""
    view = shown.view
    heading = [
        f"### Who said what · #{view.code} {text.plain_line(view.statement, 200)}",
        f"-# {text.count(shown.members, 'member')} · best peer score first",
    ]
    lines = "\n".join(_line(view, line) for line in shown.lines) or "No member forecast on this."
    if any(line.pseudonym is not None for line in shown.lines):
        lines += "\n-# Members with a number keep their record private, or left. On other predictions their numbers differ."
    turns = []
    if shown.pages > 1:
        turns = [
            button("◂ Back", "said.show", f"{view.code}:{max(shown.number - 1, 0)}", off=shown.number == 0),
            button(f"Page {shown.number + 1} of {shown.pages}", "said.here", off=True),
            button("More ▸", "said.show", f"{view.code}:{shown.number + 1}", off=shown.number == shown.pages - 1),
        ]
    has_reasons = any(one.reason for line in shown.lines for one in line.said)
    ways = parts.row(
        *turns,
        button("All reasons", "reason.list", view.code) if has_reasons else None,
        button("Open the card", "card.show", view.code),
    )
    return parts.layout(ui.TextDisplay("\n".join(heading)), ui.Separator(), ui.TextDisplay(lines), ways)


def _line(view: PredictionView, line: MemberSaid) -> str:
    name = f"<@{line.user_id}>" if line.user_id is not None else f"*Member {line.pseudonym}*"
    told = parts.scores_text(line.peer, line.baseline)
    facts = [told, "" if line.coverage is None else parts.coverage_text(line.coverage)]
    if line.changes:
        facts.append("changed once" if line.changes == 1 else f"changed {line.changes} times")
    said = [
        text.value_text(view.kind, one.values, options=view.options, unit=view.unit, limit=2)
        + f" · {text.moment(one.at, 'f')}"
        + (" · after the fact" if one.is_late else "")
        for one in line.said
    ]
    small = " · ".join(part for part in facts if part) or "not scored"
    reasons = [f"\n> {text.plain_line(one.reason, REASON)}" for one in line.said if one.reason]
    return f"{name}{' (you)' if line.is_reader else ''} {' — '.join(said)}\n-# {small}{''.join(reasons)}"
