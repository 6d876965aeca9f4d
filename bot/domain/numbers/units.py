"""The unit of a prediction, as it may stand beside a number."""

from __future__ import annotations

from bot.domain.numbers.tokens import LONGEST, tokens_of
from bot.domain.numbers.words import LETTERS, LONG_SCALE, POWERS, THOUSAND_IS_MIL, TWO_SCALES, unit_name


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

    def ways_to_say(self, said: int) -> list[list[str]]:
        """What may come next when this many of its words were said: the rest from its first word on, or its noun alone."""
        ways = [self.words[said:]]
        if not said and "per" not in self.words and "/" not in self.words and len(self.words) > 1:
            ways.append(self.words[-1:])
        return ways

    def is_only(self, word: str) -> bool:
        """Whether this word is the unit, so that an m is metres and no million."""
        return self._whole == word or (self._whole.casefold() == word.casefold() and word.islower())


def powers_of(word: str, behind: str, language: str, unit: Unit) -> tuple[int, ...]:
    """The powers of ten that a word behind digits can mean, the likeliest first; none for other words.

    `word` is as it was typed, `behind` the small letters that follow.
    """
    folded = word.lower()
    if folded in LETTERS and (folded != "mm" or word == "MM"):
        may_be_unit = len(word) == 1 and word.islower() and any(name.startswith(word) for name in unit.words[:1])
        return (LETTERS[folded], 0) if may_be_unit else (LETTERS[folded],)  # 5 m may be metres, and 5 t tonnes
    if folded in TWO_SCALES:
        short, long = TWO_SCALES[folded]
        return (short, long) if language in LONG_SCALE else (short,)
    if folded == "mil":
        return (3,) if language in THOUSAND_IS_MIL or behind in POWERS else (6, 3)
    return (POWERS[folded],) if folded in POWERS else ()
