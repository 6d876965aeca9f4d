"""Errors that are sentences. The class holds the facts; `str()` makes the sentence, which says what would work instead."""

from __future__ import annotations

from dataclasses import dataclass


class UserError(Exception):
    """Something a person can fix. They see its text privately; nothing was stored."""


class SetupError(Exception):
    """Something the operator can fix. Its text is printed, and the process ends with exit code 2."""


class Refused(UserError):
    """A plain refusal; its sentence is written where it's raised."""


@dataclass(eq=False)
class NotFound(UserError):
    """No such prediction in this guild: unknown, or another guild's."""

    what: str

    def __str__(self) -> str:
        return f"There's no prediction {self.what} on this server. Search by words with /prediction search."


@dataclass(eq=False)
class NotAManager(UserError):
    """The action is for managers."""

    action: str

    def __str__(self) -> str:
        return f"Only managers can {self.action}. They're members with Manage Server, or with the manager role from /settings guild."
