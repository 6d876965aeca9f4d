"""Annulling many predictions at once: what a manager is asked, and what was done."""

from __future__ import annotations

from bot.services.moderation.annulling import AnnulledMany
from bot.ui import text

NAMED = 20


def annul_lines(planned: AnnulledMany, *, reason: str) -> list[str]:
    """What would go."""
    predictions, forecasts = text.count(len(planned.codes), "prediction"), text.count(planned.forecasts, "forecast")
    lines = [
        f"### Annul {predictions}?",
        *(f"- **#{code}** {text.plain_line(statement, 100)}" for code, statement in planned.statements),
    ]
    if len(planned.codes) > len(planned.statements):
        rest = planned.codes[len(planned.statements) :]
        lines.append(f"- and {_codes(rest)}")
    lines.append(f"They have {forecasts}; none will count.")
    if planned.along:
        lines.append(f"Annulled with them: {_codes(planned.along)}.")
    if planned.left:
        lines.append(f"{_codes(planned.left)} stay: you forecast on them, so another manager has to annul them.")
    if planned.interested:
        lines.append(f"You forecast on {text.count(planned.interested, 'prediction')} of these yourself. Their logs say so.")
    lines.append(f"Everyone will see this with your reason:\n> {text.plain_line(reason, 300)}")
    return [*lines, "-# *Undo* on the answer brings them back."]


def annulled_line(done: AnnulledMany) -> str:
    """It's done."""
    along = f", and {_codes(done.along)} with them" if done.along else ""
    return f"Annulled: {text.count(len(done.codes), 'prediction')}{along}. Your reason is in their logs."


def _codes(codes: tuple[int, ...]) -> str:
    shown = ", ".join(f"#{code}" for code in codes[:NAMED])
    return shown + (f" and {len(codes) - NAMED} more" if len(codes) > NAMED else "")
