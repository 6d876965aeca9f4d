"""What is kept in memory until a member clicks, because no custom_id can hold it. A restart forgets it."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.domain.errors import AlreadyDone
from bot.ui.items import Interaction

T = TypeVar("T")


@dataclass(slots=True)
class _Kept(Generic[T]):
    guild_id: int | None
    user_id: int
    what: T
    taken_by: int | None = None
    """The interaction that took it, if it can't be taken a second time."""


class KeptForMembers(Generic[T]):
    """Things that wait for a click, each for the member it was offered to, on their server."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept[T]] = OrderedDict()

    def keep(self, interaction: Interaction, what: T, *, most: int, most_of_one: int | None = None) -> str:
        """Keep something for whoever acts; returns its key. The oldest give way: of one member's, and of all."""
        if most_of_one is not None:
            own = [key for key, kept in self._kept.items() if kept.user_id == interaction.user.id]
            for key in own[: max(0, len(own) - most_of_one + 1)]:
                del self._kept[key]
        while len(self._kept) >= most:
            self._kept.popitem(last=False)
        key = secrets.token_hex(8)
        self._kept[key] = _Kept(interaction.guild_id, interaction.user.id, what)
        return key

    def find(self, interaction: Interaction, key: str) -> T | None:
        """What is kept under a key; None if it's gone, or someone else's. Raises AlreadyDone if this very click has taken it."""
        kept = self._kept.get(key)
        if kept is None or (kept.guild_id, kept.user_id) != (interaction.guild_id, interaction.user.id):
            return None
        if kept.taken_by == interaction.id:
            raise AlreadyDone
        return kept.what

    def take(self, interaction: Interaction, key: str) -> bool:
        """Take what was found, which works once; whether this is the first time."""
        kept = self._kept[key]
        is_first = kept.taken_by is None
        if is_first:
            kept.taken_by = interaction.id
        return is_first

    def give_back(self, key: str) -> None:
        """Let it be taken again."""
        if (kept := self._kept.get(key)) is not None:
            kept.taken_by = None
