"""The announcement of a result: what happened, who gains from it, and who was best."""

from __future__ import annotations

from collections.abc import Sequence

from discord import ui

from bot.domain.outcomes import ANNULLED, Outcome
from bot.services.predictions.views import ExperiencedCrowd, PredictionView
from bot.services.scoring.calls import EarlyCall
from bot.services.scoring.scores import ScoreSummary
from bot.services.voting.results import ResultView, VoterInterest
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.voting.outcomes import counts_text, outcome_text
from bot.ui.cards.voting.votes import REASON
from bot.ui.items import button

ALONG = 8
"""How many annulled along with it a result names."""


def result_card(result: ResultView, *, along: Sequence[tuple[int, str]] = ()) -> ui.LayoutView:
    """What happened, how it was decided, who gains from it, and what was annulled `along` with it. Posted at home."""
    view = result.view
    if result.is_superseded:
        heading = f"### Result withdrawn · #{view.code} {text.plain(view.statement)}"
        words = f"{heading}\nThis result was withdrawn. See below for what happens next."
        return parts.layout(
            ui.TextDisplay(words), parts.row(button("See status", "vote.status", view.code)), colour=palette.DARK_GREY
        )
    assert view.outcome is not None
    shown = outcome_text(view, Outcome(view.outcome, view.outcome_value))
    lines = [f"### {'🚫' if view.outcome == ANNULLED else '🏁'} {shown} · #{view.code} {text.plain(view.statement)}"]
    if result.happened_at is not None and view.outcome != ANNULLED:
        lines.append(f"-# Known since {text.moment(result.happened_at, 'f')}. Forecasts made from then on don't count.")
    if result.decided_by is not None:
        forecast = " They'd forecast on it themselves." if result.is_interested else ""
        lines.append(f"Decided by <@{result.decided_by}>, a manager.{forecast}")
        if result.overruled is not None:
            lines.append(f"⚠️ Against the members' vote: {counts_text(result.overruled)}.")
    elif result.vote is not None:
        lines.append(counts_text(result.vote))
        if result.interest is not None:
            lines.append(_interest_text(result.interest))
        lines += [f"🔗 <{link}>" for link in result.vote.links[:5]]
    if result.scores is not None:
        lines += _scores_lines(result.scores, view.experienced)
    if result.early_call is not None:
        lines.append(early_call_line(view, result.early_call))
    if result.words:
        lines.append("\n".join(f"> {line}" for line in text.plain_cut(result.words, REASON).splitlines()))
    lines += [f"-# 🚫 Annulled with it: **#{code}** {text.plain_line(words, 120)}" for code, words in along[:ALONG]]
    if len(along) > ALONG:
        lines.append(f"-# and {len(along) - ALONG} more")
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        parts.row(
            button("See how it was decided", "vote.log", view.code),
            button("Who said what", "said.show", view.code) if view.outcome != ANNULLED else None,
            button("Details", "card.details", view.code),
        ),
        colour=palette.DARK_GREY if view.outcome == ANNULLED else palette.BLUE,
    )


def early_call_line(view: PredictionView, call: EarlyCall) -> str:
    """Who saw it coming, when, and what the crowd said then."""
    said, crowd = (
        None if values is None else text.value_text(view.kind, values, options=view.options, limit=1)
        for values in (call.values, call.crowd)
    )
    then = f" · the crowd said {crowd} then" if crowd else ""
    return f"-# 🎯 Best early call: <@{call.user_id}>, {said} on {text.moment(call.at, 'D')}{then}"


def _scores_lines(scores: ScoreSummary, experienced: ExperiencedCrowd | None) -> list[str]:
    """How the crowds and the author did, and who was best. A lone member isn't called the best."""
    groups = (("Crowd", scores.crowd), ("Experienced crowd", experienced), ("Author", scores.author))
    did = [f"**{name}** {told}" for name, line in groups if line and (told := parts.scores_text(line.peer, line.baseline))]
    lines = ["-# 📊 " + " — ".join(did)] if did else []
    if scores.members > 1 and scores.best:
        named = ", ".join(f"<@{line.user_id}>" if line.user_id else "an unnamed member" for line in scores.best)
        lines.append(
            f"-# 🏅 Best of {scores.members} members by peer score: {named} ({text.signed(scores.best[0].peer or 0)})"
        )
    return lines


def _interest_text(interest: VoterInterest) -> str:
    agreed = _stakes(interest.gain_for, interest.lose_for, interest.neither_for)
    others = _stakes(interest.gain_against, interest.lose_against, interest.neither_against)
    return f"-# Of those who voted for this, {agreed}." + (f" Of the others, {others}." if others else "")


def _stakes(gain: int, lose: int, neither: int) -> str:
    """Who stands to gain or lose points from an outcome: whose forecast was nearer to it than the crowd's, or further away."""
    told = ((gain, "gains", "gain", "points"), (lose, "loses", "lose", "points"))
    told += ((neither, "has", "have", "nothing at stake"),)
    return ", ".join(f"{number} {one if number == 1 else many} {what}" for number, one, many, what in told if number)
