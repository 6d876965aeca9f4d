"""What waits for one more click: a confirmation, a preview, a form to open again with what was typed.

Like an open form, it holds more than a custom_id can, so it waits in memory; a restart forgets it, and nothing has happened yet.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.domain.errors import Refused
from bot.ui.items import Interaction, button, select
from bot.ui.keeping import KeptForMembers

MOST = 5000
"""How much waits at once; the oldest gives way."""
MOST_OF_ONE = 50
"""The same for one member, so that nobody can crowd out the others."""
_RETRY = "try again"

Step = Callable[[Interaction], Awaitable[None]]
"""What a click does."""


@dataclass(frozen=True, slots=True)
class _Offer:
    step: Step
    is_once: bool


class WaitingSteps:
    """The steps that wait for a click, each for the member it was offered to."""

    def __init__(self) -> None:
        self._offers: KeptForMembers[_Offer] = KeptForMembers()

    def keep(self, interaction: Interaction, step: Step, *, is_once: bool) -> str:
        """Keep a step for whoever acts; returns its key. `is_once`: it can't be taken a second time."""
        return self._offers.keep(interaction, _Offer(step, is_once), most=MOST, most_of_one=MOST_OF_ONE)

    async def take(self, interaction: Interaction, key: str) -> None:
        """Take a step. One that is refused or fails can be taken again."""
        offer = self._offers.find(interaction, key)
        if offer is None:
            raise Refused("This button has expired, and nothing was changed. Please start again.")
        if offer.is_once and not self._offers.take(interaction, key):
            raise Refused("You've pressed this button before, and it works once. Please start again.")
        try:
            await offer.step(interaction)
        except Exception:
            self._offers.give_back(key)
            raise


def step_button(
    interaction: Interaction, label: str, step: Step, *, style: str = "primary", is_once: bool = True
) -> ui.Item[Any]:
    """A button that takes this step."""
    return button(label, "waiting.take", interaction.client.waiting.keep(interaction, step, is_once=is_once), style=style)


def step_select(
    interaction: Interaction, options: list[discord.SelectOption], step: Step, *, placeholder: str
) -> ui.Item[Any]:
    """A select that takes this step once; `items.chosen` says what was chosen."""
    return select(
        "waiting.take", interaction.client.waiting.keep(interaction, step, is_once=True), options, placeholder=placeholder
    )


def cancel_button() -> ui.Item[Any]:
    """A button that changes nothing."""
    return button("Cancel", "waiting.cancel")


def offer_retry(interaction: Interaction, step: Step) -> None:
    """If what the member asked for is refused, offer them this: a form with what they typed in it."""
    interaction.extras[_RETRY] = step


def retry_step(interaction: Interaction) -> Step | None:
    """What to offer after a refusal, if there's something."""
    return interaction.extras.get(_RETRY)
