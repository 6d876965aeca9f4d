"""Reading the numbers that people type: probabilities in every usual form, quantities, lists of them."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from bot.domain.errors import Refused

OPTION_SUM_TOLERANCE = 0.02

_NUMBER = r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)"
_BARE = re.compile(rf"[~≈]?\s*({_NUMBER})\s*(%|％|percent|pct|per cent)?\.?", re.IGNORECASE)
_PAIR = re.compile(rf"({_NUMBER})\s*(/|:|∶|in|out of|to)\s*({_NUMBER})", re.IGNORECASE)
_SUFFIXES = {
    "k": 1e3,
    "m": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "t": 1e12,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}
_QUANTITY = re.compile(
    r"[^\d+\-.,]{0,4}?([+-]?\d[\d.,\u00a0\u202f _']*+|[+-]?[.,]\d+)(?:e([+-]?\d{1,3}))?\s*+([a-z]*+)(?!\s*(?:[-–—/:+]|\.\.|to\b)\s*\d)(.*)",
    re.IGNORECASE | re.DOTALL,
)

_GROUPED = re.compile(r"[+-]?\d{1,3}(?P<mark>[.,\s_'])\d{3}(?:(?P=mark)\d{3})*(?:(?!(?P=mark))[.,]\d+)?")

PROBABILITY_FORMS = "a probability. Write 70, 70%, 0.7, 7/10 or 7:3 (a bare number of 1 or more is percent)."


def read_probability(text: str) -> float:
    """A probability in [0, 1] out of `70`, `70%`, `0.7`, `0,7`, `7/10`, `7:3`, `9 in 10` or `50/50`.

    A bare number of 1 or more is percent, below 1 a fraction; with a percent sign it is always percent. Raises Refused.
    """
    given = text.strip()
    if bare := _BARE.fullmatch(given):
        number = _decimal(bare[1])
        probability = number / 100 if bare[2] or number >= 1 else number
    elif pair := _PAIR.fullmatch(given):
        first, second = _decimal(pair[1]), _decimal(pair[3])
        is_odds = pair[2] in ":∶" or pair[2].lower() == "to" or (pair[2] == "/" and first + second == 100)
        whole = first + second if is_odds else second
        if whole == 0 or second < 0:
            raise Refused(
                f"“{given[:60]}” divides by nothing. Write {PROBABILITY_FORMS.removeprefix('a probability. Write ')}"
            )
        probability = first / whole
    else:
        raise Refused(f"“{given[:60]}” is not {PROBABILITY_FORMS}")
    if not 0 <= probability <= 1:
        raise Refused(
            f"“{given[:60]}” is outside 0 to 100 %. Write {PROBABILITY_FORMS.removeprefix('a probability. Write ')}"
        )
    return float(probability) + 0.0  # -0 becomes 0


def read_option_probabilities(texts: list[str]) -> tuple[float, ...]:
    """One probability for each option, made to sum to exactly 1. Empty texts count as 0. Refuses a sum outside 100 ± 2 %."""
    values = [read_probability(text) if text.strip() else 0.0 for text in texts]
    total = math.fsum(values)
    if abs(total - 1) > OPTION_SUM_TOLERANCE + 1e-9:
        raise Refused(
            f"The probabilities sum to {100 * total:.4g} %. They must sum to 100 % (2 more or less is evened out)."
        )
    return tuple(value / total for value in values)


def read_quantity(text: str) -> float:
    """A finite number out of `12`, `1.5`, `1,5`, `1,000,000`, `2.5M`, `40 million`, `1e6`; a unit around it is ignored."""
    match = _QUANTITY.fullmatch(text.strip())
    if match is None or match[3].lower() in ("to", "and", "or"):
        raise Refused(f"“{text.strip()[:60]}” is not one number. Write 12, 1.5, 2.5M or 40 million.")
    number = float(f"{_ungrouped(match[1])}e{match[2] or 0}") * _SUFFIXES.get(match[3].lower(), 1.0)
    if not math.isfinite(number):
        raise Refused(f"“{text.strip()[:60]}” is too large a number to store.")
    return number


def check_quantiles(values: tuple[float, ...], *, shown: tuple[str, ...]) -> None:
    """Refuses quantiles that fall; `shown` is how the three read to the member."""
    low, middle, high = values
    if not low <= middle <= high:
        raise Refused(f"The 10 %, 50 % and 90 % values must rise. You gave {shown[0]}, {shown[1]}, {shown[2]}.")


def _decimal(text: str) -> Decimal:
    # Not a float: 99.9 % must become 0.999, and a fraction that rounds to 1 is still no 1 %.
    return Decimal(text.replace(",", "."))


def _ungrouped(text: str) -> str:
    """`1,000,000`, `1.000.000`, `1 000`, `1'000.5` and `1,5` with a point and without marks; a single `1.000` is one."""
    number = text.strip().rstrip(".,")
    if (grouped := _GROUPED.fullmatch(number)) and not re.fullmatch(r"[+-]?\d+\.\d+", number):
        number = number.replace(grouped["mark"], "")
    elif not re.fullmatch(_NUMBER, number):
        raise Refused(f"“{text[:60]}” is not a number. Write 12, 1.5, 2.5M or 40 million.")
    return number.replace(",", ".")
