"""What happens in the life of a prediction, as its log keeps it, and the news of a vote."""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """The steps of a prediction's log. The values are stored: never rename one."""

    ADDED = "added"
    LOADED = "loaded"
    REWORDED = "reworded"
    CLARIFIED = "clarified"
    RESCHEDULED = "rescheduled"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    PROPOSED = "proposed"
    SECONDED = "seconded"
    TAKEN_BACK = "taken_back"
    """A member withdrew their proposal."""
    VOTE_OPENED = "vote_opened"
    VOTE_EXTENDED = "vote_extended"
    HANDED_OVER = "handed_over"
    PROVISIONAL = "provisional"
    OBJECTED = "objected"
    SECOND_ROUND = "second_round"
    TOO_EARLY = "too_early"
    UNDECIDED = "undecided"
    CALLED_OFF = "called_off"
    REJECTED = "rejected"
    RESOLVED = "resolved"
    ANNULLED = "annulled"
    OVERRIDDEN = "overridden"
    GRADED = "graded"
    """A document's word was taken as the result."""
    UNGRADED = "ungraded"
    """A result from a document was withdrawn, because the document says something else now."""
    RESTATED = "restated"
    REOPENED = "reopened"
    FORECASTING_AGAIN = "forecasting_again"
    RESCORED = "rescored"
    """The rules for scores changed, and everything this server had resolved was scored again."""
    APPROVED = "approved"
    """A manager lets a member's prediction count in rankings."""


class VoteNews(StrEnum):
    """What members hear about a vote that ended or goes on. The values are stored with the message: never rename one."""

    EXTENDED = "extended"
    HANDED_OVER = "handed_over"
    PROVISIONAL = "provisional"
    TOO_EARLY = "too_early"
    UNDECIDED = "undecided"
    CALLED_OFF = "called_off"
    REJECTED = "rejected"
