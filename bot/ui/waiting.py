"""What waits for one more click: a confirmation, a preview, a form to open again with what was typed.

Like an open form, it holds more than a custom_id can, so it waits in memory; a restart forgets it, and nothing has happened yet.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from discord import ui

from bot.domain.errors import AlreadyDone, Refused
from bot.ui.items import Interaction, button

MOST = 5000
"""How much waits at once; the oldest gives way."""
MOST_OF_ONE = 50
"""The same for one member, so that nobody can crowd out the others."""
_RETRY = "try again"

Step = Callable[[Interaction], Awaitable[None]]
"""What a click does."""


@dataclass(slots=True)
class _Kept:
    guild_id: int | None
    user_id: int
    step: Step
    is_once: bool
    taken_by: int | None = None
    """The interaction that took it, if it can't be taken a second time."""


class WaitingSteps:
    """The steps that wait for a click, each for the member it was offered to."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def keep(self, interaction: Interaction, step: Step, *, is_once: bool) -> str:
        """Keep a step for whoever acts; returns its key. `is_once`: it can't be taken a second time."""
        own = [key for key, kept in self._kept.items() if kept.user_id == interaction.user.id]
        for key in own[: max(0, len(own) - MOST_OF_ONE + 1)]:
            del self._kept[key]
        while len(self._kept) >= MOST:
            self._kept.popitem(last=False)
        key = secrets.token_hex(8)
        self._kept[key] = _Kept(interaction.guild_id, interaction.user.id, step, is_once)
        return key

    async def take(self, interaction: Interaction, key: str) -> None:
        """Take a step. One that is refused or fails can be taken again."""
        kept = self._kept.get(key)
        if kept is None or (kept.guild_id, kept.user_id) != (interaction.guild_id, interaction.user.id):
            raise Refused("This button has expired, and nothing was changed. Please start again.")
        if kept.taken_by == interaction.id:
            raise AlreadyDone
        if kept.taken_by is not None:
            raise Refused("You've pressed this button before, and it works once. Please start again.")
        kept.taken_by = interaction.id if kept.is_once else None
        try:
            await kept.step(interaction)
        except Exception:
            kept.taken_by = None
            raise


def step_button(
    interaction: Interaction, label: str, step: Step, *, style: str = "primary", is_once: bool = True
) -> ui.Item[Any]:
    """A button that takes this step."""
    return button(label, "waiting.take", interaction.client.waiting.keep(interaction, step, is_once=is_once), style=style)


def cancel_button() -> ui.Item[Any]:
    """A button that changes nothing."""
    return button("Cancel", "waiting.cancel")


def offer_retry(interaction: Interaction, step: Step) -> None:
    """If what the member asked for is refused, offer them this: a form with what they typed in it."""
    interaction.extras[_RETRY] = step


def retry_step(interaction: Interaction) -> Step | None:
    """What to offer after a refusal, if there's something."""
    return interaction.extras.get(_RETRY)
