"""Digits with marks between them: which marks part thousands, and which begins the decimals."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from decimal import Context, Decimal, localcontext

from bot.domain.numbers.notation import Notation
from bot.domain.numbers.tokens import LONGEST, NumberToken

_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\D\d{3})+|[1-9]\d?(?:,\d{2})+,\d{3}", re.ASCII)
"""Thousands, or India's lakhs and crores."""


def digit_readings(token: NumberToken, notation: Notation) -> tuple[tuple[Decimal, ...], bool] | None:
    """What digits with marks between them can mean, the likeliest first, and whether that is sure; None for nothing."""
    text = token.text
    marks = [character for character in text if not character.isdecimal()]
    if not marks:
        return (Decimal(text),), True
    last = marks[-1]
    if len(marks) == 1 and last in ".,٫":
        value = Decimal(text.replace(last, "."))
        if last == "٫" or not _GROUPED.fullmatch(text):
            return (value,), True
        thousands = Decimal(text.replace(last, ""))
        return ((value, thousands), False) if last == notation.decimal else ((thousands, value), True)
    whole, decimals = text, ""
    if (last in ".," and marks.count(last) == 1 and last not in marks[:-1]) or last == "٫":
        whole, _, decimals = text.rpartition(last)
        marks = marks[:-1]
    if len(set(marks)) != 1 or not _GROUPED.fullmatch(whole):
        return None
    return (Decimal(f"{whole.replace(marks[0], '')}.{decimals or 0}"),), True


def exact_text(value: float) -> str:
    """A number written so that it means one thing in every language: no thousands, and never just three decimals."""
    text = format(Decimal(repr(value)).normalize(), "f")
    _, _, decimals = text.partition(".")
    return f"{text}0" if len(decimals) == 3 else text


@contextmanager
def exactly() -> Generator[None]:
    """Decimals that neither round nor overflow on anything of the longest length."""
    with localcontext(Context(prec=2 * LONGEST, Emax=99_999, Emin=-99_999)):
        yield
