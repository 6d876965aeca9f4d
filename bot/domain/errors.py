"""Errors that are sentences. The class holds the facts; `str()` makes the sentence, which says what would work instead."""

from __future__ import annotations

from dataclasses import dataclass


class UserError(Exception):
    """Something a person can fix. They see its text privately; nothing was stored."""


class SetupError(Exception):
    """Something the operator can fix. Its text is printed, and the process ends with exit code 2."""


class Refused(UserError):
    """A plain refusal; its sentence is written where it's raised."""


class AlreadyDone(UserError):
    """The same interaction came again; what it asked for was stored the first time."""

    def __str__(self) -> str:
        return "That's already done: it reached me twice, and counts once."


@dataclass(eq=False)
class NotUnderstood(Refused):
    """A part of what was typed could not be read, so nothing of it was taken."""

    given: str
    part: str
    what: str
    """What it should have been: “a probability”."""
    forms: str
    """What would work, after “Try”."""

    def __str__(self) -> str:
        given, part = shortened(self.given), shortened(self.part)
        if not given:
            return f"Give {self.what}, for example {self.forms}."
        if not part or part.casefold() == given.casefold():
            return f"I can't read “{given}” as {self.what}. Try {self.forms}."
        return f"I can't read “{part}” in “{given}”. Try {self.forms}."


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read what was typed."""

    shown: str
    """What it means, for a button."""
    text: str
    """What can be typed instead and means just this, in every language: a button hands it to the same reader."""
    values: tuple[float, ...] | None = None
    """A forecast to store as it is, whatever was typed."""


@dataclass(eq=False)
class TwoReadings(Refused):
    """What was typed can mean several things. Whoever shows this offers the readings as buttons, in this order."""

    given: str
    readings: tuple[Reading, ...]
    said: str = ""
    """What to say behind the quoted text, where naming the readings would not help."""

    def __str__(self) -> str:
        shown = " or ".join(reading.shown for reading in self.readings)
        texts = " or ".join(reading.text for reading in self.readings)
        return f"“{shortened(self.given)}” {self.said or f'could be {shown}. Write {texts}.'}"


@dataclass(eq=False)
class Doubted(TwoReadings):
    """What was typed may be a slip. It's stored once one of the readings, what was typed among them, is chosen."""

    def __str__(self) -> str:
        return self.said


def shortened(text: str) -> str:
    """What somebody typed, on one line and short enough for a sentence."""
    line = " ".join(text[:200].split())
    return line if len(line) <= 60 else line[:59] + "…"


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
