"""Votes: the public card, the private ballot paper, and where a prediction stands on its way to a result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import discord
from discord import ui

from bot.domain.outcomes import Outcome
from bot.domain.types import Kind, State
from bot.domain.voting import Answer, Choice
from bot.services.predictions.views import PredictionView
from bot.services.voting.views import OpenVotes, ProposalView, ResolutionStatus, VoteView
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.predictions.quotes import evidence_block
from bot.ui.cards.voting.outcomes import (
    answer_text,
    counts_needed,
    counts_text,
    may_object,
    outcome_text,
    share_text,
    turnout_text,
)
from bot.ui.items import button, select
from db.models import VoteState

SHORT_CRITERIA, REASON = 400, 300
ROOM = 3600
"""For a list of votes; the rest is for what stands around it."""
SHOWN_PROPOSALS = 5


def vote_card(vote: VoteView) -> ui.LayoutView:
    """The public card: what is asked, how many votes are in, how many it takes, and until when."""
    view = vote.view
    lines = [f"### 🗳️ {_question(vote)} · #{view.code} {text.plain(view.statement)}"]
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
    return parts.layout(*body, colour=palette.AMBER if vote.is_going_on else parts.COLOURS[view.state])


def ballot_panel(vote: VoteView, *, done: str | None = None) -> ui.LayoutView:
    """The private ballot paper. One click votes, another one changes the vote."""
    view = vote.view
    lines = [f"✅ {done}"] if done else []
    lines.append(f"### #{view.code} · {text.plain(view.statement)}")
    if view.criteria:
        lines.append(text.plain_cut(view.criteria, SHORT_CRITERIA))
    known = [vote.proposal] if vote.proposal is not None else [one for one in vote.proposals if one.is_seconded]
    lines += [_proposal_text(view, proposal) for proposal in known[:SHOWN_PROPOSALS]]
    lines += _objection_lines(vote)
    lines.append(
        _own_text(vote) or f"**{_question(vote)}** One click casts your vote. You can change it until the vote ends."
    )
    lines.append(f"-# {_end_text(vote)} · {'nobody sees how you vote' if vote.is_secret else 'the count is public here'}")
    body: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
    body += evidence_block(view.code, view.guild_id, vote.quotes)
    argument = f"{view.code}:{vote.id}"
    if vote.is_early:
        body.append(parts.row(*(_answer_button(vote, Answer(choice)) for choice in (Choice.ACCEPT, Choice.NOT_YET))))
    elif view.kind is Kind.MULTIPLE_CHOICE:
        options = [
            discord.SelectOption(
                label=text.cut(name, 100),
                value=encode(Answer(Choice.OPTION, position)),
                default=vote.own is not None and vote.own.answer == Answer(Choice.OPTION, position),
            )
            for position, name in enumerate(view.options)
        ]
        body.append(parts.row(select("vote.pick", argument, options, placeholder="Which one is it?")))
    elif view.kind is Kind.BINARY:
        body.append(parts.row(*(_answer_button(vote, Answer(choice)) for choice in (Choice.YES, Choice.NO))))
    elif vote.proposal is not None:  # a vote of version 0.1
        body.append(parts.row(*(_answer_button(vote, Answer(choice)) for choice in (Choice.ACCEPT, Choice.REJECT))))
    else:
        known = [_answer_button(vote, Answer(Choice.VALUE, value=value)) for value in _values(vote)]
        other = "Another…" if known else "Give the day…" if view.kind is Kind.DATE else "Give the number…"
        body.append(parts.row(*known, button(other, "vote.value", argument, style="primary")))
    if not vote.is_early:
        body.append(
            parts.row(_answer_button(vote, Answer(Choice.TOO_EARLY), "Too early"), _answer_button(vote, Answer(Choice.VOID)))
        )
    if vote.own is not None:
        body.append(
            parts.row(
                button(_more_label(vote.own.answer.choice, view.kind), "vote.words", argument),
                button("Withdraw vote", "vote.back", argument),
                button("Next vote ▸", "vote.next"),
            )
        )
    return parts.layout(*body, colour=palette.GREEN if done else palette.AMBER)


def encode(answer: Answer) -> str:
    """An answer as a button carries it."""
    number = answer.position if answer.choice is Choice.OPTION else answer.value
    return answer.choice.value if number is None else f"{answer.choice}={number!r}"


def decode(said: str) -> Answer:
    """The answer that a button carries. Raises ValueError for what isn't one."""
    word, _, number = said.partition("=")
    choice = Choice(word)
    if choice is Choice.OPTION:
        return Answer(choice, int(number))
    return Answer(choice, value=float(number)) if choice is Choice.VALUE else Answer(choice)


def votes_card(votes: OpenVotes) -> ui.LayoutView:
    """The server's open votes, with a select to open the ballot paper of one. A manager also sees what managers must decide."""
    if votes.handed_over:
        return _managers_votes_card(votes)
    if not votes.shown:
        words = (
            "### 🗳️ No open votes\nA vote opens on a prediction's date, or earlier when two members agree on what happened: "
            "`/resolution propose`."
        )
        return parts.layout(ui.TextDisplay(words))
    heading = f"### 🗳️ {text.count(votes.number, 'open vote')} · {votes.waiting} waiting for you"
    lines = [_open_vote_line(vote) for vote in votes.shown]
    shown = text.fitting(lines, parts.MAX_TEXT - len(heading) - 60)
    left = [f"-# and {votes.number - len(shown)} more"] if len(shown) < votes.number else []
    return parts.layout(
        ui.TextDisplay("\n".join([heading, *shown, *left])), parts.row(vote_select(votes.shown)), colour=palette.AMBER
    )


def _managers_votes_card(votes: OpenVotes) -> ui.LayoutView:
    handed = [f"### ⚖️ For managers to decide: {text.count(len(votes.handed_over), 'vote')}"]
    handed += [
        f"**#{vote.view.code}** {text.plain_line(vote.view.statement, 120)}\n-# {counts_needed(vote)} "
        f"Until {text.moment(vote.closes_at, 'f')}."
        for vote in votes.handed_over
    ]
    body: list[ui.Item[Any]] = [ui.TextDisplay("\n".join([*text.fitting(handed, ROOM), "Use `/resolution override`."]))]
    if votes.shown:
        body.append(ui.TextDisplay(f"🗳️ {text.count(votes.number, 'open vote')} · {votes.waiting} waiting for you"))
        body.append(parts.row(vote_select(votes.shown)))
    return parts.layout(*body, colour=palette.AMBER)


def _open_vote_line(vote: VoteView) -> str:
    mine = f"you: {answer_text(vote.view, vote.own.answer)}" if vote.own is not None else "**not voted yet**"
    return (
        f"**#{vote.view.code}** {text.plain_line(vote.view.statement, 120)}\n-# {mine} · ends {text.moment(vote.closes_at)}"
    )


def vote_select(votes: Sequence[VoteView]) -> ui.Item[Any]:
    """A select that opens the ballot paper of one of these votes."""
    options = [
        discord.SelectOption(
            label=text.cut(f"#{vote.view.code} {' '.join(vote.view.statement.split())}", 100), value=str(vote.view.code)
        )
        for vote in votes
    ]
    return select("vote.choose", "", options, placeholder="Vote on…")


def status_card(status: ResolutionStatus) -> ui.LayoutView:
    """Where a prediction stands on its way to a result, and what can be done next."""
    view, vote = status.view, status.vote
    lines = [parts.heading(view), parts.status_line(view)]
    if view.outcome is not None:
        lines.append(f"**Result** {outcome_text(view, Outcome(view.outcome, view.outcome_value))}")
    is_going_on = vote is not None and vote.is_going_on
    if vote is not None and is_going_on:
        if vote.is_early and vote.proposal is not None:
            lines.append(_proposal_text(view, vote.proposal))
        lines += [*_standing_lines(vote), *_objection_lines(vote)]
    voted_on = vote.proposal.id if vote is not None and is_going_on and vote.proposal is not None else None
    waiting = [proposal for proposal in status.proposals if proposal.id != voted_on]
    for proposal in waiting[:SHOWN_PROPOSALS]:
        lines.append(_proposal_text(view, proposal))
        lines.append(
            "-# Seconded. Its vote opens as soon as there's room for another one."
            if proposal.is_seconded
            else "-# An early vote opens once another member seconds it."
        )
    if len(waiting) > SHOWN_PROPOSALS:
        lines.append(f"-# and {len(waiting) - SHOWN_PROPOSALS} more")
    if not waiting and not is_going_on:
        lines.append(_next_step(view, is_due=status.is_due))
    open_ones = [proposal for proposal in waiting if not proposal.is_seconded]
    own = next((proposal for proposal in waiting if proposal.is_own), None)
    return parts.layout(
        ui.TextDisplay("\n".join(line for line in lines if line)),
        *([parts.row(_second_select(view, open_ones))] if len(open_ones) > 1 else []),
        parts.row(
            button("Vote", "vote.open", view.code, style="primary", emoji="🗳️")
            if vote is not None and vote.is_open
            else None,
            button("Second it", "vote.second", open_ones[0].id, style="success") if len(open_ones) == 1 else None,
            button("Withdraw proposal", "vote.retract", own.id) if own is not None else None,
            button("Object", "vote.object", view.code, style="danger") if vote is not None and may_object(vote) else None,
            button("Log", "vote.log", view.code),
            button("Show card", "card.show", view.code),
        ),
        colour=parts.COLOURS[view.state],
    )


def _second_select(view: PredictionView, proposals: Sequence[ProposalView]) -> ui.Item[Any]:
    options = [
        discord.SelectOption(
            label=text.cut(outcome_text(view, proposal.outcome), 100),
            value=str(proposal.id),
            description=text.cut(proposal.link or proposal.words or "", 100) or None,
        )
        for proposal in proposals
    ]
    return select("vote.endorse", "", options, placeholder="Second one of them…")


def _answer_button(vote: VoteView, answer: Answer, label: str | None = None) -> ui.Item[Any]:
    is_own = vote.own is not None and vote.own.answer == answer
    shown = label or answer_text(vote.view, answer, is_markdown=False)
    argument = f"{vote.view.code}:{vote.id}:{encode(answer)}"
    return button(
        text.cut(("✓ " if is_own else "") + shown, 80), "vote.cast", argument, style="success" if is_own else "secondary"
    )


def _values(vote: VoteView) -> list[float]:
    """The values that a tap can vote for: the member's own, those proposed, and once extended those that ballots name."""
    own = [] if vote.own is None or vote.own.answer.value is None else [vote.own.answer.value]
    proposed = [float(f"{proposal.outcome.value:.6g}") for proposal in vote.proposals if proposal.outcome.value is not None]
    return list(dict.fromkeys([*own, *proposed, *vote.named]))[:4]


def _question(vote: VoteView) -> str:
    if vote.is_early:
        return "Has it happened?"
    return {Kind.DATE: "On which day?", Kind.NUMERIC: "What was the number?"}.get(vote.view.kind, "What happened?")


def _more_label(choice: Choice, kind: Kind) -> str:
    if choice is Choice.TOO_EARLY:
        return "Add link, comment or new date…"
    return "Say when, add link or comment…" if choice.is_of_an_event and kind is not Kind.DATE else "Add link or comment…"


def _end_text(vote: VoteView) -> str:
    return f"Ends {text.moment(vote.closes_at)}" if vote.is_shown else "Its time starts once it's posted"


def _standing_lines(vote: VoteView) -> list[str]:
    round_ = "**Second round**, the final one · " if vote.round > 1 else ""
    if vote.is_open:
        lines = [f"{round_}{turnout_text(vote, mark='**')} · {_end_text(vote)[0].lower()}{_end_text(vote)[1:]}"]
        extended = " Extended once." if vote.is_extended else ""
        agree = f"{share_text(vote.majority)} of the votes must agree. If all do, it can end a day after it opened."
        lines.append(f"-# {agree}{extended}")
        if vote.is_early:
            lines.append("-# Forecasting goes on until the result is final. If this comes to nothing, nothing changes.")
        if vote.counts is not None and vote.cast:
            lines.append(counts_text(vote))
        return lines
    if vote.state is VoteState.HANDED_OVER:
        return [
            f"{counts_needed(vote)} Managers decide now. "
            f"What they leave open ends {text.moment(vote.closes_at)}: more than half of the votes decide, or it's annulled."
        ]
    if vote.is_provisional and vote.answer is not None:
        shown = f"**{answer_text(vote.view, vote.answer)}**{_since(vote.happened_at)}"
        return [
            f"The vote says {shown}. It becomes final {text.moment(vote.closes_at)} unless two members object.",
            counts_text(vote),
        ]
    if vote.state is VoteState.CANCELLED:
        return ["This vote ended without a result."]
    return [counts_text(vote)]


def _objection_lines(vote: VoteView) -> list[str]:
    return [
        f"✋ {f'<@{objection.user_id}>' if objection.user_id else 'A former member'}: {text.plain_line(objection.words, REASON)}"
        for objection in vote.objections[:5]
    ]


def _proposal_text(view: PredictionView, proposal: ProposalView) -> str:
    by = f"<@{proposal.user_id}>" if proposal.user_id else "A former member"
    link = f" · <{proposal.link}>" if proposal.link else ""
    words = f"\n> {text.plain_line(proposal.words, REASON)}" if proposal.words else ""
    return f"💡 {by} says: **{outcome_text(view, proposal.outcome)}**{_since(proposal.happened_at)}{link}{words}"


def _since(moment: datetime | None) -> str:
    return "" if moment is None else f", known since {text.moment(moment, 'f')}"


def _own_text(vote: VoteView) -> str | None:
    own = vote.own
    if own is None:
        return None
    shown = f"**Your vote** {answer_text(vote.view, own.answer)}"
    if own.new_date is not None:
        shown += f", check again by {text.day(own.new_date)}"
    if vote.view.kind is not Kind.DATE:
        shown += _since(own.happened_at)
    if own.link:
        shown += f" · <{own.link}>"
    return shown + (f"\n> {text.plain_line(own.words, REASON)}" if own.words else "")


def _next_step(view: PredictionView, *, is_due: bool) -> str:
    match view.state:
        case State.CLOSED if not view.forecasters:
            return (
                "-# Nobody forecast this, so no vote opens by itself. Say what happened with `/resolution propose`, "
                "or it quietly ends after its date."
            )
        case State.CLOSED if is_due:
            return "-# Its date has passed. Its vote is in line, and opens as soon as there's room for another one."
        case State.OPEN | State.CLOSED | State.REOPENED:
            return (
                "-# The vote opens on the date, or earlier if someone proposes a result with a link and another member seconds it: "
                "`/resolution propose`."
            )
        case State.RESOLVED | State.ANNULLED:
            return "-# A manager can withdraw the result with `/resolution reopen`."
        case _:
            return ""
