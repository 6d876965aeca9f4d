"""Votes: the public card, the private ballot paper, and where a prediction stands on its way to a result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.domain.outcomes import Outcome
from bot.domain.types import Kind, State
from bot.domain.voting import Answer, Choice
from bot.services.predictions.views import PredictionView
from bot.services.voting.views import ProposalView, VoteView
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.voting.outcomes import answer_text, counts_needed, counts_text, may_object, outcome_text, share_text
from bot.ui.items import button, select
from db.models import VoteState

SHORT_CRITERIA, REASON = 400, 300


def vote_card(vote: VoteView) -> ui.LayoutView:
    """The public card: what is asked, how many votes are in, how many it takes, and until when."""
    view = vote.view
    lines = [f"### 🗳️ What happened? · #{view.code} {text.plain(view.statement)}"]
    if view.criteria:
        lines.append(text.plain_cut(view.criteria, SHORT_CRITERIA))
    if vote.proposal is not None:
        lines.append(_proposal_text(view, vote.proposal))
    body: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines)), ui.Separator()]
    body.append(ui.TextDisplay("\n".join([*_standing_lines(vote), *_objection_lines(vote)])))
    body.append(
        parts.row(
            button("Vote", "vote.open", view.code, style="primary", emoji="🗳️") if vote.is_open else None,
            button("Object", "vote.object", view.code, style="danger") if may_object(vote) else None,
            button("See status", "vote.status", view.code),
            button("Details", "card.details", view.code),
        )
    )
    return parts.layout(
        *body, colour=palette.AMBER if vote.state in (VoteState.OPEN, VoteState.HANDED_OVER) else parts.COLOURS[view.state]
    )


def ballot_panel(vote: VoteView, *, done: str | None = None) -> ui.LayoutView:
    """The private ballot paper. One click votes, another one changes the vote."""
    view = vote.view
    lines = [f"✅ {done}"] if done else []
    lines.append(f"### #{view.code} · {text.plain(view.statement)}")
    if view.criteria:
        lines.append(text.plain_cut(view.criteria, SHORT_CRITERIA))
    if vote.proposal is not None:
        lines.append(_proposal_text(view, vote.proposal))
    lines += _objection_lines(vote)
    lines.append(_own_text(vote) or "**What happened?** One click casts your vote. You can change it until the end.")
    lines.append(
        f"-# Ends {text.moment(vote.closes_at)} · {'nobody sees how you vote' if vote.is_secret else 'the count is public here'}"
    )
    body: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
    argument = f"{view.code}:{vote.id}"
    if view.kind is Kind.MULTIPLE_CHOICE:
        options = [
            discord.SelectOption(
                label=text.cut(name, 100),
                value=f"option:{position}",
                default=vote.own is not None and vote.own.answer == Answer(Choice.OPTION, position),
            )
            for position, name in enumerate(view.options)
        ]
        body.append(parts.row(select("vote.pick", argument, options, placeholder="Which one is it?")))
        outcomes: tuple[Choice, ...] = ()
    else:
        is_asked = view.kind is Kind.BINARY
        outcomes = (Choice.YES, Choice.NO) if is_asked else (Choice.ACCEPT, Choice.REJECT)
    body.append(
        parts.row(
            *(_choice_button(vote, choice, argument) for choice in outcomes),
            _choice_button(vote, Choice.TOO_EARLY, argument, "Too early"),
            _choice_button(vote, Choice.VOID, argument),
        )
    )
    if vote.own is not None:
        is_early = vote.own.answer.choice is Choice.TOO_EARLY
        body.append(
            parts.row(
                button("Add link, comment or new date…" if is_early else "Add link or comment…", "vote.words", argument),
                button("Withdraw vote", "vote.back", argument),
                button("Next vote ▸", "vote.next"),
            )
        )
    return parts.layout(*body, colour=palette.GREEN if done else palette.AMBER)


def votes_card(votes: tuple[VoteView, ...]) -> ui.LayoutView:
    """The server's open votes, with a select to open the ballot paper of one."""
    if not votes:
        words = (
            "### 🗳️ No open votes\nA vote opens on a prediction's date, or earlier when two members agree on what happened: "
            "`/resolution propose`."
        )
        return parts.layout(ui.TextDisplay(words))
    missing = sum(vote.own is None for vote in votes)
    lines = [f"### 🗳️ {text.count(len(votes), 'open vote')} · {missing} waiting for you"]
    for vote in votes:
        mine = f"you: {answer_text(vote.view, vote.own.answer)}" if vote.own is not None else "**not voted yet**"
        lines.append(
            f"**#{vote.view.code}** {text.plain_line(vote.view.statement, 120)}\n-# {mine} · ends {text.moment(vote.closes_at)}"
        )
    return parts.layout(ui.TextDisplay("\n".join(lines)), parts.row(vote_select(votes)), colour=palette.AMBER)


def vote_select(votes: Sequence[VoteView]) -> ui.Item[Any]:
    """A select that opens the ballot paper of one of these votes."""
    options = [
        discord.SelectOption(
            label=text.cut(f"#{vote.view.code} {' '.join(vote.view.statement.split())}", 100), value=str(vote.view.code)
        )
        for vote in votes
    ]
    return select("vote.choose", "", options, placeholder="Vote on…")


def status_card(view: PredictionView, vote: VoteView | None, proposal: ProposalView | None) -> ui.LayoutView:
    """Where a prediction stands on its way to a result, and what can be done next."""
    lines = [parts.heading(view), parts.status_line(view)]
    if view.outcome is not None:
        lines.append(f"**Result** {outcome_text(view, Outcome(view.outcome, view.outcome_value))}")
    if vote is not None and view.state in (State.VOTING, State.PROVISIONAL):
        lines += [*_standing_lines(vote), *_objection_lines(vote)]
    is_waiting = proposal is not None and view.state not in (State.VOTING, State.PROVISIONAL)
    if proposal is not None and is_waiting:
        lines.append(_proposal_text(view, proposal))
        lines.append(
            "-# Seconded. Its vote opens as soon as there's room for another one."
            if proposal.is_seconded
            else "-# The vote opens once another member seconds it."
        )
    lines.append(_next_step(view, proposal))
    return parts.layout(
        ui.TextDisplay("\n".join(line for line in lines if line)),
        parts.row(
            button("Vote", "vote.open", view.code, style="primary", emoji="🗳️")
            if vote is not None and vote.is_open
            else None,
            button("Second it", "vote.second", proposal.id, style="success")
            if proposal is not None and is_waiting and not proposal.is_seconded
            else None,
            button("Object", "vote.object", view.code, style="danger") if vote is not None and may_object(vote) else None,
            button("Log", "vote.log", view.code),
            button("Show card", "card.show", view.code),
        ),
        colour=parts.COLOURS[view.state],
    )


def _choice_button(vote: VoteView, choice: Choice, argument: str, label: str | None = None) -> ui.Item[Any]:
    is_own = vote.own is not None and vote.own.answer.choice is choice
    shown = label or answer_text(vote.view, Answer(choice))
    return button(
        ("✓ " if is_own else "") + shown, "vote.cast", f"{argument}:{choice}", style="success" if is_own else "secondary"
    )


def _standing_lines(vote: VoteView) -> list[str]:
    round_ = "**Second round**, the final one · " if vote.round > 1 else ""
    if vote.is_open:
        lines = [f"{round_}{_turnout(vote)} · ends {text.moment(vote.closes_at)}"]
        lines.append(
            f"-# {share_text(vote.majority)} of the votes must agree.{' Extended once.' if vote.is_extended else ''}"
        )
        if vote.counts is not None and vote.cast:
            lines.append(counts_text(vote))
        return lines
    if vote.state is VoteState.HANDED_OVER:
        return [f"{counts_needed(vote)} Managers decide now. Otherwise it's annulled {text.moment(vote.closes_at)}."]
    if vote.view.state is State.PROVISIONAL:
        return [counts_text(vote), f"Provisional: becomes final {text.moment(vote.closes_at)} unless two members object."]
    return [counts_text(vote)]


def _turnout(vote: VoteView) -> str:
    if vote.cast < vote.quorum:
        return f"**{vote.cast}** of **{vote.quorum}** votes needed"
    return f"**{text.count(vote.cast, 'vote')}** in · enough to decide ({vote.quorum} needed)"


def _objection_lines(vote: VoteView) -> list[str]:
    return [
        f"✋ {f'<@{objection.user_id}>' if objection.user_id else 'A former member'}: {text.plain_line(objection.words, REASON)}"
        for objection in vote.objections[:5]
    ]


def _proposal_text(view: PredictionView, proposal: ProposalView) -> str:
    by = f"<@{proposal.user_id}>" if proposal.user_id else "A former member"
    link = f" · <{proposal.link}>" if proposal.link else ""
    words = f"\n> {text.plain_line(proposal.words, REASON)}" if proposal.words else ""
    return f"💡 {by} says: **{outcome_text(view, proposal.outcome)}**{link}{words}"


def _own_text(vote: VoteView) -> str | None:
    own = vote.own
    if own is None:
        return None
    shown = f"**Your vote** {answer_text(vote.view, own.answer)}"
    if own.new_date is not None:
        shown += f", check again by {text.day(own.new_date)}"
    if own.link:
        shown += f" · <{own.link}>"
    return shown + (f"\n> {text.plain_line(own.words, REASON)}" if own.words else "")


def _next_step(view: PredictionView, proposal: ProposalView | None) -> str:
    match view.state:
        case State.OPEN | State.CLOSED | State.REOPENED if proposal is None:
            if view.kind in (Kind.NUMERIC, Kind.DATE):
                return f"-# Say what happened with `/resolution propose #{view.code}` to open the vote."
            return (
                "-# The vote opens on the date, or earlier if someone proposes a result with a link and another member seconds it: "
                "`/resolution propose`."
            )
        case State.RESOLVED | State.ANNULLED:
            return "-# A manager can withdraw the result with `/resolution reopen`."
        case _:
            return ""
