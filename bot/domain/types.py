"""The nouns that every layer shares. Words are those of the product page; nothing here knows a database or Discord."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_STATEMENT = 300
MAX_CRITERIA = 2000
MAX_OPTION = 80
MAX_OPTIONS = 25
MAX_REASON = 1000


class Kind(StrEnum):
    """What an answer looks like."""

    BINARY = "binary"
    MULTIPLE_CHOICE = "multiple_choice"
    NUMERIC = "numeric"
    DATE = "date"

    @property
    def is_distribution(self) -> bool:
        """Whether a forecast is one probability for each outcome, rather than three quantiles."""
        return self in (Kind.BINARY, Kind.MULTIPLE_CHOICE)


class Role(StrEnum):
    """Who a forecast or a score belongs to."""

    MEMBER = "member"
    CROWD = "crowd"
    EXPERIENCED = "experienced"
    AUTHOR = "author"


class State(StrEnum):
    """Where a prediction stands; the moves between states are in `lifecycle`."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    VOTING = "voting"
    PROVISIONAL = "provisional"
    RESOLVED = "resolved"
    ANNULLED = "annulled"
    REOPENED = "reopened"


class Relation(StrEnum):
    """How a prediction depends on its parent."""

    CONDITIONAL = "conditional"
    """Only counts if the parent happens; annulled if it doesn't."""
    REQUIRES = "requires"
    """Can't happen unless the parent does."""
    INSTANCE = "instance"
    """A special case of the parent."""
    CONSEQUENCE = "consequence"
    """Expected to follow from the parent; judged on its own."""


class Qualifier(StrEnum):
    """How a stated probability was hedged: `>99%`, `<1%`, `~70%`."""

    MORE = ">"
    LESS = "<"
    ABOUT = "~"


class Sureness(StrEnum):
    """How sure the reader of a document is that it read a prediction correctly."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class DatePrecision(StrEnum):
    """How precise a date is."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and what Discord says about them right now. The services decide permissions from this."""

    guild_id: int
    user_id: int
    name: str
    can_manage_guild: bool = False
    role_ids: frozenset[int] = frozenset()
    joined_at: datetime | None = None
    is_bot: bool = False


Values = tuple[float, ...]
"""A forecast's numbers. Binary: (probability of yes,). Multiple choice: one probability per option, in order, summing
to 1. Numeric: the 10 %, 50 % and 90 % quantiles in the prediction's unit. Date: the same in days since 1970-01-01 UTC."""
