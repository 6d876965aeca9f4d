"""Errors that are sentences. The class holds the facts, `str()` makes the sentence, which says what would work instead."""

from __future__ import annotations

from dataclasses import dataclass


class UserError(Exception):
    """Something a person can mend. Its text is shown to them, privately; nothing was stored."""


class SetupError(Exception):
    """Something the operator can mend. Its text is printed and the process ends with exit code 2."""


class Refused(UserError):
    """A plain refusal whose sentence is written where it is raised."""


@dataclass(eq=False)
class NotFound(UserError):
    """No such prediction in this guild: unknown, or somebody else's."""

    what: str

    def __str__(self) -> str:
        return f"There is no prediction {self.what} in this server. /prediction search finds one by its words."


@dataclass(eq=False)
class NotAManager(UserError):
    """The action is for managers."""

    action: str

    def __str__(self) -> str:
        return f"Only managers can {self.action}: members with Manage Server, or with the manager role from /settings guild."
