"""The post that tells a channel of several things that happened at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from discord import ui

from bot.domain.outcomes import ANNULLED, Outcome
from bot.domain.types import State
from bot.services.announcements import BigMove
from bot.services.predictions.views import PredictionView
from bot.services.voting.results import ResultView
from bot.services.voting.views import VoteView
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.predictions.card import prediction_option
from bot.ui.cards.predictions.moves import moved_text
from bot.ui.cards.predictions.reasons import reason_line
from bot.ui.cards.voting.outcomes import counts_needed, counts_text, outcome_text, turnout_text
from bot.ui.cards.voting.votes import vote_select
from bot.ui.items import select
from db.models import VoteState

STATEMENT = 120
ROOM = 3600
"""For the lines; the rest is for headings."""
MOST = 25
"""As many as a select offers."""


@dataclass(frozen=True, slots=True)
class ToldResult:
    """A result, with what was annulled along with it: codes and statements."""

    result: ResultView
    along: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Happened:
    """What a post tells of. `role_id` is the managers' role, if there is one: it's called when votes are handed over."""

    votes: tuple[VoteView, ...]
    results: tuple[ToldResult, ...]
    handed_over: tuple[VoteView, ...]
    moves: tuple[BigMove, ...]
    role_id: int | None

    @property
    def number(self) -> int:
        """How many things that is."""
        return len(self.votes) + len(self.results) + len(self.handed_over) + len(self.moves)


def happened_card(happened: Happened) -> ui.LayoutView:
    """All of it in one post: each vote can be voted on, each prediction opened."""
    sections = (
        (f"### 🗳️ What happened? {text.count(len(happened.votes), 'vote')}", [_vote_line(vote) for vote in happened.votes]),
        (f"### 🏁 {text.count(len(happened.results), 'result')}", [_result_line(told) for told in happened.results]),
        (_managers_heading(happened), [_handed_line(vote) for vote in happened.handed_over]),
        (f"### 📈 {text.count(len(happened.moves), 'big move')}", [_move_lines(moved) for moved in happened.moves]),
    )
    body: list[ui.Item[Any]] = []
    room = ROOM
    for heading, lines in sections:
        if not lines:
            continue
        shown = text.fitting(lines, room)
        room -= sum(len(line) + 1 for line in shown)
        left = [f"-# and {len(lines) - len(shown)} more"] if len(shown) < len(lines) else []
        body.append(ui.TextDisplay("\n".join([heading, *shown, *left])))
    if is_open := [vote for vote in happened.votes if vote.is_open][:MOST]:
        body.append(parts.row(vote_select(is_open)))
    if views := _views(happened):
        body.append(parts.row(select("card.pick", "", [prediction_option(view) for view in views], placeholder="Open one…")))
    return parts.layout(*body, colour=palette.AMBER)


def _views(happened: Happened) -> list[PredictionView]:
    """What can be opened: each prediction once."""
    views = [told.result.view for told in happened.results]
    views += [vote.view for vote in (*happened.handed_over, *happened.votes)]
    views += [moved.view for moved in happened.moves]
    return list({view.code: view for view in views}.values())[:MOST]


def _named(view: PredictionView) -> str:
    return f"**#{view.code}** {text.plain_line(view.statement, STATEMENT)}"


def _vote_line(vote: VoteView) -> str:
    if vote.is_open:
        stands = f"{'second round · ' if vote.round > 1 else ''}{turnout_text(vote)} · ends {text.moment(vote.closes_at)}"
    elif vote.state is VoteState.HANDED_OVER:
        stands = f"{counts_needed(vote)} Managers decide now."
    elif vote.view.state is State.PROVISIONAL:
        stands = f"{counts_text(vote)} · provisional: final {text.moment(vote.closes_at)} unless two members object"
    elif vote.view.outcome is not None:
        stands = f"over: {outcome_text(vote.view, Outcome(vote.view.outcome, vote.view.outcome_value))}"
    else:
        stands = f"over, without a result · {text.by_date(vote.view.resolves_at)}"
    return f"{_named(vote.view)}\n-# {stands}"


def _result_line(told: ToldResult) -> str:
    result = told.result
    view = result.view
    if result.is_superseded or view.outcome is None:
        return f"{_named(view)}\n-# This result was withdrawn."
    shown = outcome_text(view, Outcome(view.outcome, view.outcome_value))
    facts = [f"{'🚫' if view.outcome == ANNULLED else '🏁'} **{shown}**"]
    if result.decided_by is not None:
        against = " against the members' vote" if result.overruled is not None else ""
        facts.append(f"decided by <@{result.decided_by}>{against}")
    elif result.vote is not None:
        facts.append(counts_text(result.vote))
    if told.along:
        facts.append(f"annulled with it: {', '.join(f'#{code}' for code, _ in told.along)}")
    return f"{_named(view)}\n-# {' · '.join(facts)}"


def _move_lines(moved: BigMove) -> str:
    reasons = [reason_line(moved.view, reason) for reason in moved.reasons[:1]]
    return "\n".join([_named(moved.view), f"-# {moved_text(moved.view, moved.move)} within 24 hours", *reasons])


def _managers_heading(happened: Happened) -> str:
    title = f"### ⚖️ Over to the managers: {text.count(len(happened.handed_over), 'vote')}"
    call = f" <@&{happened.role_id}>" if happened.role_id is not None else ""
    return f"{title}\nDecide each with `/resolution override`.{call}"


def _handed_line(vote: VoteView) -> str:
    until = f" Until {text.moment(vote.closes_at, 'f')}." if vote.state is VoteState.HANDED_OVER else " Decided by now."
    return f"{_named(vote.view)}\n-# {counts_needed(vote)}{until}"
