"""When the bot has to look for what's due, as use cases tell it. Most don't, and then it looks for everything at once.

Forecasts and ballots make nothing due but messages, and once those are out, the bot looks for everything anyway: that's long
before a ballot can end a vote.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.orm import Session

P = ParamSpec("P")
R = TypeVar("R")

_AT = "due_at"


def tells_when(use_case: Callable[P, R]) -> Callable[P, R]:
    """Mark a use case after which nothing is due but what it has noted."""
    use_case.__almanac_tells_when__ = True  # type: ignore[attr-defined]  # pyright: ignore[reportFunctionMemberAccess]
    return use_case


def is_telling(use_case: Callable[..., Any]) -> bool:
    """Whether a use case is marked so."""
    return getattr(use_case, "__almanac_tells_when__", False)


def note(session: Session, at: datetime) -> None:
    """Something that this transaction brings about is due at that moment."""
    session.info[_AT] = min(at, session.info.get(_AT, at))


def noted(session: Session) -> datetime | None:
    """The first moment that was noted in this transaction."""
    return session.info.get(_AT)
