"""How people write numbers and dates where their Discord's language is spoken: the decimal mark, and what comes first in 3/4.

The table follows CLDR, for the languages that Discord offers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DateOrder(StrEnum):
    """What the numbers of a date such as 05/06/2026 are, in order."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"
    """The year first; of a date without its year, the month."""


@dataclass(frozen=True, slots=True)
class Notation:
    """What a member most likely means by what can mean two things."""

    language: str = "en"
    decimal: str = "."
    order: DateOrder = DateOrder.DMY


_POINT = {"en-GB", "en-US", "es-419", "hi", "th", "zh-CN", "ja", "zh-TW", "ko"}
_YEAR_FIRST = {"lt", "hu", "sv-SE", "zh-CN", "ja", "zh-TW", "ko"}
LOCALES = (
    *("id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR"),
    *("ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko"),
)
"""The languages that Discord offers."""


def _notation(locale: str) -> Notation:
    order = DateOrder.MDY if locale == "en-US" else DateOrder.YMD if locale in _YEAR_FIRST else DateOrder.DMY
    return Notation(locale.partition("-")[0], "." if locale in _POINT else ",", order)


_NOTATIONS = {locale: _notation(locale) for locale in LOCALES}
OURS = Notation()
"""The bot's own way of writing, for members whose language is not known."""


def notation_of(locale: str | None) -> Notation:
    """The notation of one of Discord's languages; ours for None and for one that is not known."""
    return OURS if locale is None else _NOTATIONS.get(locale, OURS)
