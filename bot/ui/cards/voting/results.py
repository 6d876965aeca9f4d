"""Announcements about votes: how they continue, how they ended, and who gains from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.domain.events import VoteNews
from bot.domain.outcomes import ANNULLED, Outcome
from bot.services.scoring.scores import ScoreSummary
from bot.services.voting.views import ResultView, VoterInterest, VoteView
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.voting.outcomes import answer_text, counts_needed, counts_text, may_object, outcome_text
from bot.ui.cards.voting.votes import REASON, vote_select
from bot.ui.items import button


def result_card(result: ResultView) -> ui.LayoutView:
    """What happened, how it was decided, and who gains from it. Posted at home."""
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
    if result.decided_by is not None:
        forecast = " They'd forecast on it themselves." if result.is_interested else ""
        lines.append(f"Decided by <@{result.decided_by}>, a manager.{forecast}")
    elif result.vote is not None:
        lines.append(counts_text(result.vote))
        if result.interest is not None:
            lines.append(_interest_text(result.interest))
        lines += [f"🔗 <{link}>" for link in result.vote.links[:5]]
    if result.scores is not None:
        lines += _scores_lines(result.scores)
    if result.words:
        lines.append("\n".join(f"> {line}" for line in text.plain_cut(result.words, REASON).splitlines()))
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        parts.row(button("See how it was decided", "vote.log", view.code), button("Details", "card.details", view.code)),
        colour=palette.DARK_GREY if view.outcome == ANNULLED else palette.BLUE,
    )


def _scores_lines(scores: ScoreSummary) -> list[str]:
    """How the crowd and the author did, and who was best. A lone member isn't called the best."""
    groups = (("Crowd", scores.crowd), ("Author", scores.author))
    did = [f"**{name}** {told}" for name, line in groups if line and (told := parts.scores_text(line.peer, line.baseline))]
    lines = ["-# 📊 " + " — ".join(did)] if did else []
    if scores.members > 1 and scores.best:
        named = ", ".join(f"<@{line.user_id}>" if line.user_id else "a former member" for line in scores.best)
        lines.append(
            f"-# 🏅 Best of {scores.members} members by peer score: {named} ({text.signed(scores.best[0].peer or 0)})"
        )
    return lines


_END_WORDS = {
    VoteNews.EXTENDED: " It now ends on {}.",
    VoteNews.HANDED_OVER: " Annulled on {} unless a manager decides.",
}
"""When a vote's news comes to an end: a post stays, so it names the moment."""


def news_of_vote(vote: VoteView, what: VoteNews) -> ui.LayoutView:
    """News of a vote: extended, handed over, provisional, too early, rejected."""
    view = vote.view
    match what:
        case VoteNews.EXTENDED:
            title = "⏳ Not decided yet: the vote continues"
            words = f"{counts_needed(vote)} It now ends on {text.moment(vote.closes_at, 'f')}. After that, managers decide."
        case VoteNews.HANDED_OVER:
            title = "⚖️ Over to the managers"
            words = (
                f"{counts_needed(vote)} A manager can decide with `/resolution override #{view.code}`. "
                f"Otherwise what more than half of the votes say counts, or it's annulled, on {text.moment(vote.closes_at, 'f')}."
            )
        case VoteNews.PROVISIONAL:
            shown = answer_text(view, vote.answer) if vote.answer is not None else ""
            title = f"🗳️ The vote says: {shown}"
            words = f"{counts_text(vote)}\nIt becomes final {text.moment(vote.closes_at)} unless two members object with a reason."
        case VoteNews.TOO_EARLY:
            title = "⏰ Too early to say"
            words = f"{counts_text(vote)}\nThe vote comes again: {text.by_date(view.resolves_at)}."
        case VoteNews.UNDECIDED:
            title = "🗳️ The vote came to nothing"
            words = f"Forecasting continues. The date: {text.by_date(view.resolves_at)}."
        case VoteNews.CALLED_OFF:
            title = "🗳️ The vote was called off"
            words = f"The prediction has a new date: {text.by_date(view.resolves_at)}."
        case _:
            title = "🗳️ The proposal was rejected"
            words = counts_text(vote)
    return parts.layout(
        ui.TextDisplay(f"### {title} · #{view.code}\n{text.plain_line(view.statement, 200)}\n{words}"),
        parts.row(
            button("Vote", "vote.open", view.code, style="primary", emoji="🗳️") if vote.is_open else None,
            button("Object", "vote.object", view.code, style="danger") if may_object(vote) else None,
            button("See status", "vote.status", view.code),
        ),
        colour=palette.AMBER,
    )


def _interest_text(interest: VoterInterest) -> str:
    agreed = _stakes(interest.gain_for, interest.lose_for, interest.neither_for)
    others = _stakes(interest.gain_against, interest.lose_against, interest.neither_against)
    return f"-# Of those who voted for this, {agreed}." + (f" Of the others, {others}." if others else "")


def _stakes(gain: int, lose: int, neither: int) -> str:
    """Who stands to gain or lose points from an outcome: whose forecast was nearer to it than the crowd's, or further away."""
    told = ((gain, "gains", "gain", "points"), (lose, "loses", "lose", "points"))
    told += ((neither, "has", "have", "nothing at stake"),)
    return ", ".join(f"{number} {one if number == 1 else many} {what}" for number, one, many, what in told if number)


def news_of_votes(votes: Sequence[VoteView], what: VoteNews) -> ui.LayoutView:
    """News of several votes at the same moment, in one post: extended, handed over, undecided."""
    match what:
        case VoteNews.EXTENDED:
            title, words = f"⏳ Not decided yet: {len(votes)} votes continue", "After that, managers decide."
        case VoteNews.HANDED_OVER:
            title = f"⚖️ Over to the managers: {len(votes)} votes"
            words = "A manager can decide each with `/resolution override`. Whatever stays undecided is annulled."
        case _:
            title, words = f"🗳️ {len(votes)} votes were undecided", "Forecasting continues."
    lines = [
        f"**#{vote.view.code}** {text.plain_line(vote.view.statement, 120)}\n"
        f"-# {counts_needed(vote)}" + _END_WORDS.get(what, "").format(text.moment(vote.closes_at, "f"))
        for vote in votes
    ]
    is_open = [vote for vote in votes if vote.is_open]
    body: list[ui.Item[Any]] = [ui.TextDisplay("\n".join([f"### {title}", *lines, words]))]
    if is_open:
        body.append(parts.row(vote_select(is_open)))
    return parts.layout(*body, colour=palette.AMBER)
