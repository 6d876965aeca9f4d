"""A place among the tokens of a typed moment, from which rules take what they can use."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from bot.domain.moments.plan import Plan
from bot.domain.moments.tokens import MomentSort, MomentToken
from bot.domain.moments.words import WordRole

Choose = Callable[[int], int]
"""Given how many ways there are to read a piece, picks one. Whoever goes through all picks gets all readings."""


class Unread(Exception):  # a name of what is wrong, as in errors
    """A part that no rule uses; `start` and `end` are its place."""

    def __init__(self, start: int, end: int) -> None:
        super().__init__(start, end)
        self.start, self.end = start, end


class Cursor:
    """Goes through the tokens of one text once."""

    def __init__(
        self, tokens: list[MomentToken], choose: Choose, *, read_rest: Callable[[Cursor], Plan], is_h_clock: bool = False
    ) -> None:
        """`is_h_clock` says that 18h is rather six in the evening than a span of hours."""
        self.at = 0
        self.tokens = tokens
        self.choose = choose
        self.is_h_clock = is_h_clock
        self._read_rest = read_rest

    def rest(self) -> Plan:
        """All that is left, as a plan of its own."""
        return self._read_rest(self)

    def peek(self, ahead: int = 0) -> MomentToken | None:
        """The next token that is not used yet, or one behind it."""
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else None

    def role(self, role: WordRole, ahead: int = 0) -> int | None:
        """The value of a role that the next token can have; None when it can't."""
        token = self.peek(ahead)
        return None if token is None else token.roles.get(role)

    def takes(self, role: WordRole) -> int | None:
        """Use up the next token if it can have this role, and give its value."""
        value = self.role(role)
        if value is not None:
            self.at += 1
        return value

    def fillers(self) -> None:
        """Use up words that only join."""
        while self.takes(WordRole.FILLER) is not None:
            pass

    def whole(self, low: int, high: int, ahead: int = 0) -> int | None:
        """The next token as a whole number between two."""
        token = self.peek(ahead)
        if token is None:
            return None
        number = token.number if token.sort is MomentSort.NUMBER else token.roles.get(WordRole.NUMBER)
        return int(number) if number is not None and number % 1 == 0 and low <= number <= high else None

    def refuse(self, began: int) -> NoReturn:
        """Say that what was used up since `began` can't be read."""
        last = self.tokens[min(self.at, len(self.tokens) - 1)]
        raise Unread(self.tokens[began].start, max(last.end, self.tokens[began].end))

    def set(self, plan: Plan, began: int, **parts: object) -> bool:
        """Note what was said by the tokens since `began`; what is said twice is not understood."""
        place = (self.tokens[began].start, self.tokens[self.at - 1].end)
        for name, value in parts.items():
            if name in plan.said:
                raise Unread(*place)
            plan.said[name] = place
            setattr(plan, name, value)
        return True
