"""The unit of a prediction, as it may stand beside a number."""

from __future__ import annotations

from bot.domain.number_tokens import LONGEST, tokens_of
from bot.domain.number_words import LETTERS, POWERS, TWO_SCALES, unit_name


class Unit:
    """A prediction's unit: “million USD” is USD, and a power of six that typed magnitudes lose."""

    def __init__(self, unit: str | None) -> None:
        tokens = tokens_of(unit[:LONGEST]) if unit is not None else []
        self.is_known = unit is not None
        self._whole = (unit or "").strip()
        sizes = [POWERS.get(token.text, LETTERS.get(token.text, TWO_SCALES.get(token.text, (0, 0))[0])) for token in tokens]
        if len(tokens) == 1 and tokens[0].text in LETTERS:
            sizes = [0]  # metres and tonnes
        self.power = sum(sizes)
        self.words = [unit_name(token.text) for token, size in zip(tokens, sizes, strict=True) if not size]

    def is_only(self, word: str) -> bool:
        """Whether this word is the unit, so that an m is metres and no million."""
        return self._whole == word or (self._whole.casefold() == word.casefold() and word.islower())
