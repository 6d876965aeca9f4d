"""Reading the numbers that people type: probabilities in every usual form, quantities, lists of them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal

from bot.domain.errors import NotUnderstood, Reading, Refused, TwoReadings, shortened
from bot.domain.numbers.digits import exact_text, exactly
from bot.domain.numbers.notation import notation_of
from bot.domain.numbers.reading import Number, NumberReader
from bot.domain.plausibility import is_near

OPTION_SUM_TOLERANCE = 0.02

_FORMS = "70, 70%, 0.7, 7/10 or 7:3 (a bare number of 1 or more is percent)"
_QUANTITY_FORMS = "12, 1.5, 2.5M or 40 million"
_PARTS_OF = (("in",), ("out", "of"), ("of",), ("von",), ("aus",), ("sur",), ("de",), ("em",), ("en",), ("su",))
_UPPER_END = re.compile(r"[-‐‑‒–—−~]\s*\d")
"""How the rest of a range begins, behind its lower end."""
_ODDS = ((":",), ("to",), ("zu",))


def read_probability(text: str, *, locale: str | None = None) -> float:
    """A probability in [0, 1] out of `70`, `70%`, `0.7`, `0,7`, `7/10`, `7:3`, `1 in 1,000` or `50/50`.

    A bare number of 1 or more is percent, below 1 a fraction; with a percent sign it is always percent. `locale` is the
    member's, as Discord names it. Raises Refused: NotUnderstood with the part that can't be read, TwoReadings where it
    could mean two things.
    """
    reader = NumberReader(text, what="a probability", forms=_FORMS, notation=notation_of(locale), unit="")
    if reader.is_huge:
        reader.refuse()
    with exactly():
        first = reader.signed()
        pair = _second(reader)
        _finish(reader)
        if pair is None:
            found, is_sure = _single(text, first)
            return _settled(text, found, is_percent=bool(first.percent), is_sure=is_sure)
        second, is_odds = pair
        if first.percent or second.percent:
            reader.refuse()
        found = [
            _divided(text, one, other, is_odds=_is_split(one, other) if is_odds is None else is_odds)
            for one in first.values
            for other in second.values
        ]
        return _settled(text, found, is_percent=False, is_sure=first.is_sure and second.is_sure)


def read_option_probabilities(texts: list[str], *, locale: str | None = None, scales: bool = True) -> tuple[float, ...]:
    """One probability for each option, made to sum to exactly 1, or as typed without `scales`. Empty texts count as 0.
    Refuses a sum outside 100 ± 2 %."""
    values = tuple(read_probability(text, locale=locale) if text.strip() else 0.0 for text in texts)
    total = math.fsum(values)
    if not may_scale(total):
        raise Refused(f"They add up to {100 * total:.4g}%. {_what_to_do(total)}")
    return tuple(value / total for value in values) if scales else values


def may_scale(total: float) -> bool:
    """Whether probabilities with this sum are near enough to 100 % to be scaled to it."""
    return abs(total - 1) <= OPTION_SUM_TOLERANCE + 1e-9


def _what_to_do(total: float) -> str:
    """What makes probabilities add up."""
    if total < 1:
        return f"{100 * (1 - total):.4g}% is left over: give it to one of the options."
    return f"That's {100 * (total - 1):.4g}% too much: take it from one of the options."


def read_quantity(text: str, *, unit: str | None = None, locale: str | None = None, near: Sequence[float] = ()) -> float:
    """A finite number out of `12`, `−1.5`, `1,000,000`, `2.5M`, `40 million`, `5万`, `1½`, `(5)` or `1e6`.

    The prediction's `unit` may stand around it; without one, only units that everybody knows. `locale` is the member's, as
    Discord names it. `near` are numbers that this one is like (the member's last forecast, the prediction's range): they
    settle whether 1.234 has decimals. Raises Refused: NotUnderstood with the part that can't be read, TwoReadings where it
    could mean two things.
    """
    values, is_sure = quantity_readings(text, unit=unit, locale=locale, near=near)
    fitting = [value for value in values if is_near(value, near)]
    if len(values) == 1 or (is_sure and (values[0] in fitting or not fitting)):
        return values[0]
    if len(fitting) == 1 and not is_sure:
        return fitting[0]
    raise TwoReadings(text.strip(), tuple(Reading(f"{value:,.15g}", exact_text(value)) for value in values))


def quantity_readings(
    text: str, *, unit: str | None = None, locale: str | None = None, near: Sequence[float] = ()
) -> tuple[tuple[float, ...], bool]:
    """All numbers that a text can mean, the likeliest first, and whether the member's notation makes the first one sure.

    What reads as one of `near` in the bot's own notation is just that: a form was sent as it was filled in.
    """
    forms = f"{_QUANTITY_FORMS}, in {unit}" if unit else _QUANTITY_FORMS
    reader = NumberReader(text, what="one number", forms=forms, notation=notation_of(locale), unit=unit)
    found = reader.number()
    if found.percent == "‰" or (found.percent and unit is not None):
        reader.refuse(found.percent)
    values = tuple(_finite(text, value) for value in found.values)
    if near and len(values) > 1:
        ours = values[0] if locale is None else quantity_readings(text, unit=unit)[0][0]
        if f"{ours:.6g}" in {f"{other:.6g}" for other in near}:
            return (ours,), True
    return values, found.is_sure


def check_quantiles(values: tuple[float, ...], *, shown: tuple[str, ...]) -> None:
    """Refuses quantiles that fall; `shown` is how the three read to the member."""
    low, middle, high = values
    if not low <= middle <= high:
        raise Refused(f"Low must be below middle, and middle below high. You gave {shown[0]}, {shown[1]}, {shown[2]}.")


def _second(reader: NumberReader) -> tuple[Number, bool | None] | None:
    """The other half of a pair, and whether the two are odds; None for that where it depends on their sum."""
    for words in _ODDS:
        if reader.takes(*words):
            return reader.signed(), True
    for words in _PARTS_OF:
        if reader.takes(*words):
            return reader.signed(), False
    return (reader.signed(), None) if reader.takes("/") else None


def _finish(reader: NumberReader) -> None:
    """Refuse what is left; of a range, say that one number is wanted."""
    try:
        reader.finish()
    except NotUnderstood as refusal:
        if _UPPER_END.match(refusal.part):
            raise NotUnderstood(refusal.given, refusal.part, refusal.what, "one number, for example 7%") from None
        raise


def _is_split(one: Decimal, other: Decimal) -> bool:
    """Whether 60/40 or 0.6/0.4 share out the whole between yes and no, and are no fraction."""
    return one + other == 100 or (one + other == 1 and 0 < one < 1)


def _single(text: str, number: Number) -> tuple[list[Decimal], bool]:
    if number.percent:
        return [value.scaleb(-3 if number.percent == "‰" else -2) for value in number.values], number.is_sure
    found = [value.scaleb(-2) if value >= 1 else value for value in number.values]
    if Decimal(1) in number.values and any(mark in text.strip().rstrip(".") for mark in ".,٫．，"):
        return [*found, Decimal(1)], False  # who writes 1.0 may think of fractions, where it is certainty
    return found, number.is_sure


def _divided(text: str, first: Decimal, second: Decimal, *, is_odds: bool) -> Decimal:
    whole = first + second if is_odds else second
    if whole == 0 or second < 0:
        raise Refused(f"“{shortened(text)}” divides by zero. Write {_FORMS}.")
    return first / whole


def _settled(text: str, values: list[Decimal], *, is_percent: bool, is_sure: bool) -> float:
    possible = [value for value in dict.fromkeys(values) if 0 <= value <= 1]
    if not possible or (is_percent and is_sure and possible[0] != values[0]):
        raise Refused(f"“{shortened(text)}” isn't between 0% and 100%. Try {_FORMS}.")
    if len(possible) == 1 or (is_sure and possible[0] == values[0]):
        return float(possible[0]) + 0.0  # -0 becomes 0
    percents = [float(100 * value) for value in possible]
    raise TwoReadings(text.strip(), tuple(Reading(f"{value:.4g}%", f"{exact_text(value)}%") for value in percents))


def _finite(text: str, value: Decimal) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise Refused(f"“{shortened(text)}” is too large a number to store.")
    if number == 0 and value != 0:
        raise Refused(f"“{shortened(text)}” is too small a number to store.")
    return number + 0.0
