"""One grammar for every number that people type. It uses up all that was typed, or quotes the part that it can't read.

number   = ["("] {hedge | sign | unit} amount {magnitude} [unit] [")"] ["."]
amount   = digits [fraction] | fraction | digits "×10^" power | digits myriad {digits myriad} | ("a" | "half" ["a"])
digits   = with marks between thousands, and a decimal mark; in any script
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

from bot.domain.errors import NotUnderstood
from bot.domain.numbers.digits import digit_readings, exactly
from bot.domain.numbers.notation import OURS, Notation
from bot.domain.numbers.tokens import LONGEST, NumberSort, NumberToken, foreign_digit, tokens_of
from bot.domain.numbers.units import Unit, powers_of
from bot.domain.numbers.words import (
    FRACTIONS,
    HEDGES,
    LETTERS,
    MINUS_WORDS,
    MYRIADS,
    PERCENT_WORDS,
    TWO_WORD_PERCENT,
    UNITS,
    unit_name,
)


@dataclass(frozen=True, slots=True)
class Number:
    """What was typed: the values that it can mean, the likeliest first, and what stood around them."""

    values: tuple[Decimal, ...]
    is_sure: bool
    """Whether the first value is simply what the member's notation says."""
    percent: str = ""
    """“%” or “‰”, where no unit was asked for."""


class NumberReader:
    """Goes through the tokens of one text. What it can't use it refuses, quoting it."""

    def __init__(self, text: str, *, what: str, forms: str, notation: Notation = OURS, unit: str | None = None) -> None:
        """`unit` is the one that may stand beside the number: none for "", any that all know for None."""
        self.given, self._what, self._forms, self._notation = text.strip(), what, forms, notation
        self._at = self._unit_taken = 0
        if len(self.given) > LONGEST:
            if not self.given.isdecimal():
                self.refuse(self.given)
            self._tokens = [NumberToken(NumberSort.NUMBER, "1", 0, len(self.given), 400)]
        else:
            self._tokens = tokens_of(self.given)
            if (stray := foreign_digit(self.given)) is not None:
                self.refuse(self.given[stray:])
        self._unit = Unit(unit)

    def refuse(self, part: str = "") -> NoReturn:
        """Say that this part can't be read."""
        raise NotUnderstood(self.given, part.strip(), self._what, self._forms)

    def refuse_from(self, at: int) -> NoReturn:
        """Say that what begins with this token can't be read: up to the number, or all that follows it."""
        if at >= len(self._tokens) or not any(token.sort is NumberSort.NUMBER for token in self._tokens):
            self.refuse()
        behind = any(token.sort is NumberSort.NUMBER for token in self._tokens[:at])
        ahead = (token.start for token in self._tokens[at + 1 :] if token.sort is NumberSort.NUMBER)
        self.refuse(self.given[self._tokens[at].start : None if behind else next(ahead, None)])

    @property
    def is_huge(self) -> bool:
        """Whether a number is in scientific form with a positive power."""
        return any(token.power > 0 for token in self._tokens if token.end - token.start < LONGEST)

    def peek(self, ahead: int = 0) -> NumberToken | None:
        """The next token that is not used yet, or one behind it."""
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else None

    def takes(self, *texts: str) -> bool:
        """Use up these tokens if they come next, in this order."""
        for ahead, text in enumerate(texts):
            token = self.peek(ahead)
            if token is None or token.text != text or token.sort is NumberSort.NUMBER:
                return False
        self._at += len(texts)
        return True

    def finish(self) -> None:
        """Refuse what is left, but for the full stop of a sentence."""
        token = self.peek()
        if token is not None and not (token.text == "." and self._at == len(self._tokens) - 1):
            self.refuse_from(self._at)

    def number(self) -> Number:
        """The whole text as one number."""
        with exactly():
            found = self.signed()
        self.finish()
        return found

    def signed(self) -> Number:
        """A number with its sign, brackets, unit and per cent, as far as it goes."""
        in_brackets = self.takes("(")
        start = self._at
        is_negative, has_unit = self._lead()
        ahead = {unit_name(token.text) for token in self._tokens[start : self._at]} if has_unit else set[str]()
        if in_brackets and is_negative:
            self.refuse_from(self._at - 1)
        values, is_sure = self.amount()
        percent = "" if self._unit.words or has_unit else self._percent()
        # Of EUR/MWh, the euro may stand before the number and the rest behind it.
        if not percent and (not has_unit or self._unit.words):
            has_unit = self._takes_unit() or has_unit
        if (token := self.peek()) is not None and unit_name(token.text) in ahead and token.sort is NumberSort.WORD:
            self._at += 1  # $5 USD says it twice
        has_unit = has_unit or bool(percent)
        if in_brackets:
            if not self.takes(")"):
                self.refuse_from(self._at if self.peek() is not None else 0)
            if not has_unit:
                self._takes_unit()
        if in_brackets or is_negative:
            values = tuple(-value for value in values)
        return Number(values, is_sure, percent)

    def amount(self) -> tuple[tuple[Decimal, ...], bool]:
        """Digits, fraction and magnitudes: the values that they can mean, and whether the first is sure."""
        token = self.peek()
        if token is None:
            self.refuse()
        if token.sort is NumberSort.WORD:
            return self._worded(token)
        if token.sort is not NumberSort.NUMBER:
            self.refuse_from(self._at)
        self._at += 1
        after = self.peek()
        if after is not None and after.text in MYRIADS and after.sort is NumberSort.WORD:
            return (self._myriads(token),), True
        powers, is_short = self._scientific(token), False
        fraction = FRACTIONS.get(after.text) if after is not None and powers is None else None
        if fraction is not None and token.text.isdecimal():
            self._at += 1
            values, is_sure = (Decimal(token.text) + fraction,), True
        else:
            found = digit_readings(token, self._notation)
            if found is None:
                self.refuse(self.given[token.start : token.end])
            values, is_sure = found
        if powers is None:
            powers, is_short = self._magnitudes()
        has_point = "." in token.text and not token.text.endswith("0")
        if len(values) > 1 and (token.power or (is_short and has_point)):
            values, is_sure = (min(values),), True  # nobody groups thousands with a point before an M: 1.234M has decimals
        shifted = tuple(value.scaleb(power + token.power) for power in powers for value in values)
        return tuple(dict.fromkeys(shifted)), is_sure and len(powers) == 1

    def _lead(self) -> tuple[bool, bool]:
        """Use up what may stand before the digits, each once: whether it makes them negative, and whether it has the unit."""
        sign, hedged, has_unit = "", False, False
        while (token := self.peek()) is not None and token.sort is not NumberSort.NUMBER:
            if not hedged and not sign and not has_unit and token.text in HEDGES:
                hedged = True
                self._at += 1
                self.takes(".")
            elif not sign and (token.sort is NumberSort.SIGN or token.text in MINUS_WORDS):
                sign = "+" if token.text == "+" else "-"
                self._at += 1
            elif not has_unit and token.text not in FRACTIONS and self._takes_unit():
                has_unit = True
            else:
                break
        return sign == "-", has_unit

    def _worded(self, token: NumberToken) -> tuple[tuple[Decimal, ...], bool]:
        """½, half a million, a million."""
        value = FRACTIONS.get(token.text)
        start = self._at
        self._at += 1
        if value is None:
            value = {"half": Decimal("0.5"), "a": Decimal(1), "an": Decimal(1)}.get(token.text)
            if token.text == "half":
                self.takes("a")
            powers, _ = self._magnitudes()
            if value is None or powers == (0,):
                self.refuse_from(start)
        else:
            powers, _ = self._magnitudes()
        return tuple(value.scaleb(power) for power in powers), len(powers) == 1

    def _scientific(self, token: NumberToken) -> tuple[int, ...] | None:
        """The power of `×10^6`, `x 10⁶` or, behind a bare ten, `^6`; None where there is none."""
        if token.text == "10" and self.takes("^"):
            return (self._power() - 1,)
        start = self._at
        if self.takes("×") or self.takes("x"):
            ten = self.peek()
            if ten is not None and ten.text == "10":
                self._at += 1
                if (raised := self.peek()) is not None and raised.sort is NumberSort.RAISED:
                    self._at += 1
                    return (self._bounded(raised.text),)
                if self.takes("^") or self.takes("×", "×"):
                    return (self._power(),)
            self.refuse_from(start)
        return None

    def _power(self) -> int:
        sign = "-" if self.takes("-") else ""
        token = self.peek()
        if token is None or not token.text.isdecimal():
            self.refuse_from(self._at - 1)
        self._at += 1
        return self._bounded(sign + token.text)

    def _bounded(self, digits: str) -> int:
        return max(-400, min(400, int(digits))) if len(digits) < 6 else 400

    def _magnitudes(self) -> tuple[tuple[int, ...], bool]:
        """The powers of ten that the words behind the digits can mean, and whether it is a short English letter."""
        powers, is_short = (0,), False
        for _ in range(3):
            token = self.peek()
            if token is None or token.sort is not NumberSort.WORD or self._unit.is_only(self.given[token.start : token.end]):
                break
            following = self.peek(1)
            behind = "" if following is None else following.text
            found = powers_of(self.given[token.start : token.end], behind, self._notation.language, self._unit)
            if not found:
                break
            next_is_short = token.text in LETTERS
            if is_short or (next_is_short and powers != (0,)):
                break
            self._at += 1
            is_short = next_is_short
            if self.peek(1) is not None:
                self.takes(".")  # Mio. and Tsd. are abbreviations
            powers = tuple(one + other for one in powers for other in found)
        if powers != (0,) and self._unit.power:
            powers = tuple(power - self._unit.power for power in powers)
        return powers, is_short

    def _myriads(self, first: NumberToken) -> Decimal:
        """1億2000万, 5百万: the parts add up, and each is smaller than the one before."""
        total, token, last = Decimal(0), first, 100
        while True:
            found = digit_readings(token, self._notation)
            if found is None or token.power:
                self.refuse(self.given[token.start : token.end])
            power = 0
            while (sign := self.peek()) is not None and sign.text in MYRIADS:
                power += MYRIADS[sign.text]
                self._at += 1
            if power >= last:
                self.refuse(self.given[token.start :])
            total, last = total + found[0][0].scaleb(power), power
            following = self.peek()
            if power == 0 or following is None or following.sort is not NumberSort.NUMBER:
                return total.scaleb(-self._unit.power) if self._unit.power else total
            token = following
            self._at += 1

    def _percent(self) -> str:
        token = self.peek()
        if self.takes("‰"):
            return "‰"
        if token is not None and token.text in PERCENT_WORDS:
            self._at += 1
            return "%"
        return "%" if any(self.takes(*words) for words in TWO_WORD_PERCENT) else ""

    def _takes_unit(self) -> bool:
        """Use up the prediction's unit, or as much of its beginning as stands here; without one, a unit that all know."""
        token = self.peek()
        if token is None or token.sort is NumberSort.NUMBER:
            return False
        if self._unit.words:
            if self._unit.words[0] == "%" and any(self.takes(*words) for words in TWO_WORD_PERCENT):
                return True
            taken = max(self._matching(words) for words in self._unit.ways_to_say(self._unit_taken))
            self._unit_taken += taken
            self._at += taken
            return taken > 0
        if self._unit.is_known or token.text not in UNITS:
            return False
        self._at += 1
        return True

    def _matching(self, words: list[str]) -> int:
        """How many of these words come next."""
        for taken, word in enumerate(words):
            token = self.peek(taken)
            if token is None or unit_name(token.text) != word:
                return taken
        return len(words)
