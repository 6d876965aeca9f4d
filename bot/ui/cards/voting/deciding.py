"""What a manager is asked before they decide a result, or withdraw one."""

from __future__ import annotations

from bot.domain.outcomes import ANNULLED, Outcome
from bot.domain.types import Relation, State
from bot.services.predictions.views import PredictionView
from bot.services.voting.resolutions import ManagerDecision
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.cards.voting.outcomes import counts_text, outcome_text


def decide_label(view: PredictionView, outcome: Outcome) -> str:
    """Decide No, Annul it: what the button does."""
    if outcome.word == ANNULLED:
        return "Annul it"
    return text.cut(f"Decide {outcome_text(view, outcome)}", 80)


def decide_lines(decision: ManagerDecision, reason: str) -> list[str]:
    """What a decision would do: whom it's against, what ends, and that everyone sees it."""
    view, outcome = decision.status.view, decision.outcome
    assert outcome is not None
    lines = [parts.heading(view)]
    if decision.overruled is not None:
        lines.append(f"⚠️ **Members voted otherwise.** {counts_text(decision.overruled)}. The announcement says so.")
    if decision.ends_vote:
        lines.append("⚠️ **A vote is running.** It ends without a result, and nobody sees its count.")
    if outcome.word == ANNULLED:
        lines.append(f"You're about to **annul** it. It has {text.count(view.forecasters, 'forecast')}; none will count.")
    else:
        shown = outcome_text(view, outcome)
        lines.append(f"You're about to decide **{shown}**. It has {text.count(view.forecasters, 'forecast')} to score.")
    if outcome.word in (ANNULLED, "yes", "no"):
        conditional = [
            f"#{child.code}"
            for child in view.children
            if child.relation is Relation.CONDITIONAL
            and child.state is State.ANNULLED
            and (outcome.word == ANNULLED or (outcome.word == "yes") is child.is_negated)
        ]
        if conditional:
            lines.append(f"Annulled with it: {', '.join(conditional)}.")
    if decision.is_interested:
        lines.append("You forecast on it yourself. The announcement says so.")
    lines.append(_everyone_sees(reason))
    lines.append(f"-# You can take it back with `/resolution reopen prediction:{view.code}`.")
    return lines


def reopen_lines(decision: ManagerDecision, reason: str) -> list[str]:
    """What withdrawing a result would do."""
    view = decision.status.view
    was = "its result" if decision.withdrawn is None else f"the result **{outcome_text(view, decision.withdrawn)}**"
    goes_on = "Forecasting goes on." if view.is_open else "A new vote opens, unless a manager decides."
    lines = [
        parts.heading(view),
        f"You're about to withdraw {was}. The scores of {text.count(view.forecasters, 'forecast')} go with it. {goes_on}",
    ]
    if decision.is_interested:
        lines.append("You forecast on it yourself. The announcement says so.")
    return [*lines, _everyone_sees(reason)]


def _everyone_sees(reason: str) -> str:
    return f"Everyone will see this with your reason:\n> {text.plain_line(reason, 300)}"
