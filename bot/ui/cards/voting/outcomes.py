"""How outcomes, ballots and counts read, on every card that has them. On screens, a ballot is called a vote."""

from __future__ import annotations

from fractions import Fraction

from bot.domain.outcomes import ANNULLED, OPTION, VALUE, Outcome
from bot.domain.times import day_of
from bot.domain.types import Kind
from bot.domain.voting import Answer, Choice
from bot.services.predictions.views import PredictionView
from bot.services.voting.views import VoteView
from bot.ui import text

TOO_EARLY, VOID = "Too early to say", "Can't be decided"


def outcome_text(view: PredictionView, outcome: Outcome) -> str:
    """What happened, in words: Yes, an option's name, 12 USD, 1 Mar 2027, annulled."""
    match outcome.word:
        case word if word == OPTION and outcome.value is not None and outcome.value < len(view.options):
            return text.plain_line(view.options[int(outcome.value)], 80)
        case word if word == VALUE and outcome.value is not None:
            if view.kind is Kind.DATE:
                return text.day(day_of(outcome.value))
            return f"{text.quantity(outcome.value)} {text.plain_line(view.unit or '', 40)}".strip()
        case word if word == ANNULLED:
            return "annulled"
        case word:
            return word.capitalize()


def answer_text(view: PredictionView, answer: Answer, *, is_markdown: bool = True) -> str:
    """What a ballot says, in words."""
    match answer.choice:
        case Choice.OPTION:
            position = answer.position or 0
            name = view.options[position] if position < len(view.options) else "an option"
            return text.plain_line(name, 80) if is_markdown else text.cut(name, 80)
        case Choice.TOO_EARLY:
            return TOO_EARLY
        case Choice.VOID:
            return VOID
        case Choice.ACCEPT:
            return "Yes, as proposed"
        case Choice.NOT_YET:
            return "Not yet"
        case Choice.VALUE:
            return outcome_text(view, Outcome(VALUE, answer.value))
        case Choice.REJECT:
            return "No, that's wrong"
        case _:
            return answer.choice.value.capitalize()


def counts_text(vote: VoteView) -> str:
    if not vote.counts:
        return "No votes."
    shown = ", ".join(f"{answer_text(vote.view, answer)} **{count}**" for answer, count in vote.counts[:8])
    return f"{text.count(vote.cast, 'vote')}: {shown}"


def counts_needed(vote: VoteView) -> str:
    if vote.cast < vote.quorum:
        return f"{vote.cast} of the {vote.quorum} votes needed came in."
    return f"{text.count(vote.cast, 'vote')} came in, but no answer has {share_text(vote.majority).lower()} of them."


def turnout_text(vote: VoteView, *, mark: str = "") -> str:
    """2 of 3 votes needed, or 5 votes in · enough to decide (3 needed); the numbers in bold with a mark."""
    if vote.cast < vote.quorum:
        return f"{mark}{vote.cast}{mark} of {mark}{vote.quorum}{mark} votes needed"
    return f"{mark}{text.count(vote.cast, 'vote')}{mark} in · enough to decide ({vote.quorum} needed)"


def share_text(share: float) -> str:
    fraction = Fraction(share).limit_denominator(1000)
    named = {Fraction(2, 3): "Two thirds", Fraction(3, 4): "Three quarters", Fraction(1, 1): "All"}
    return named.get(fraction, text.percent(share))


def may_object(vote: VoteView) -> bool:
    return vote.is_provisional and vote.round == 1
