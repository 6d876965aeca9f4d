"""Questions to a member about what they typed: each reading is a button, and the one they choose goes on as if it had been typed.

What was typed may be a whole form, which no custom_id can hold. So the questions wait in memory, as open forms do.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from discord import ui

from bot.domain.errors import Reading, Refused, TwoReadings
from bot.domain.types import Values
from bot.ui import text
from bot.ui.items import Interaction, button
from bot.ui.keeping import KeptForMembers

MOST = 2000
"""How many questions wait at once; the oldest give way."""
PER_ROW = 5
_CHOSEN = "chosen values"
_GONE = "That question is no longer open. Please type it again."

GoOn = Callable[[Interaction, TwoReadings, Reading], Awaitable[None]]
"""Does again what the member asked for, with one reading of what they typed."""


@dataclass(frozen=True, slots=True)
class _Question:
    asked: TwoReadings
    go_on: GoOn


class OpenQuestions:
    """The questions that wait for an answer. A restart forgets them."""

    def __init__(self) -> None:
        self._waiting: KeptForMembers[_Question] = KeptForMembers()

    def add(self, interaction: Interaction, asked: TwoReadings, go_on: GoOn) -> str:
        """Keep a question to whoever acts; returns its key."""
        return self._waiting.keep(interaction, _Question(asked, go_on), most=MOST)

    async def answer(self, interaction: Interaction, argument: str) -> None:
        """Go on with the reading that was chosen. Each question is answered once, by the member it was put to, on their server."""
        key, _, number = argument.partition(":")
        question = self._waiting.find(interaction, key)
        if question is None:
            raise Refused(_GONE)
        if not number.isascii() or not number.isdigit() or int(number[:3]) >= len(question.asked.readings):
            raise Refused("That question has no such answer. Please type it again.")
        if not self._waiting.take(interaction, key):
            raise Refused(_GONE)
        reading = question.asked.readings[int(number[:3])]
        if reading.values is not None:
            interaction.extras[_CHOSEN] = reading.values
        await question.go_on(interaction, question.asked, reading)


def answer_rows(interaction: Interaction, asked: TwoReadings, go_on: GoOn) -> list[ui.Item[Any]]:
    """The readings as buttons, in rows."""
    key = interaction.client.questions.add(interaction, asked, go_on)
    buttons = [
        button(text.cut(reading.shown, 80), "reading.take", f"{key}:{number}")
        for number, reading in enumerate(asked.readings[: 5 * PER_ROW])
    ]
    return [ui.ActionRow[Any](*buttons[at : at + PER_ROW]) for at in range(0, len(buttons), PER_ROW)]


def chosen_values(interaction: Interaction) -> Values | None:
    """The forecast that the member chose when they were asked whether what they typed was a slip."""
    return interaction.extras.get(_CHOSEN)


def same_text(typed: str, given: str) -> bool:
    """Whether a question is about this text, whatever its blanks."""
    return typed.split() == given.split()


def replaced(typed: Mapping[str, Any], given: str, reading: str) -> dict[str, Any]:
    """What was typed, with a reading in the place of the text that the question was about."""
    return {name: reading if isinstance(value, str) and same_text(value, given) else value for name, value in typed.items()}
