"""The life of a prediction: every state and every allowed move, in one table."""

from __future__ import annotations

from bot.domain.types import State

TRANSITIONS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.OPEN, State.ANNULLED}),
    State.OPEN: frozenset({State.CLOSED, State.VOTING, State.RESOLVED, State.ANNULLED}),
    State.CLOSED: frozenset({State.OPEN, State.VOTING, State.RESOLVED, State.ANNULLED}),
    State.VOTING: frozenset({State.OPEN, State.CLOSED, State.PROVISIONAL, State.RESOLVED, State.ANNULLED}),
    State.PROVISIONAL: frozenset({State.VOTING, State.RESOLVED, State.ANNULLED}),
    State.RESOLVED: frozenset({State.REOPENED}),
    State.ANNULLED: frozenset({State.REOPENED}),
    State.REOPENED: frozenset({State.OPEN, State.CLOSED, State.VOTING, State.RESOLVED, State.ANNULLED}),
}

ENDED = frozenset({State.RESOLVED, State.ANNULLED})
"""States in which the prediction is over and everything about it may be seen."""


def may_move(origin: State, target: State) -> bool:
    """Whether a prediction may go from one state to the other."""
    return target in TRANSITIONS[origin]
