"""A typed answer to a forecast's values, for every kind of prediction."""

from __future__ import annotations

import re

from bot.domain.errors import Refused
from bot.domain.probabilities import check_quantiles, read_option_probabilities, read_probability, read_quantity
from bot.domain.times import day_number, read_last_day
from bot.domain.types import Kind, Values

_PARTS = re.compile(r"\s*(?:;|\n|\.\.+|\||\bto\b)\s*", re.IGNORECASE)
_NAMED = re.compile(r"(?=.*[^\W\d_])(.+?)(?:\s*[:=]\s*|\s+)([\d.,/]+\s*(?:%|percent)?|)")
"""A name with its probability behind it: `OpenAI: 50%`, `OpenAI 50`."""


def read_answer(text: str, *, kind: Kind, options: tuple[str, ...] = ()) -> Values:
    """`70%` · `OpenAI: 50; Google: 50` or `50; 50` in the options' order · `8; 12; 20` · `1 Mar 2027; 1 Jun 2027; 2028`.

    Raises Refused with what would work.
    """
    match kind:
        case Kind.BINARY:
            return (read_probability(text),)
        case Kind.MULTIPLE_CHOICE:
            return read_option_probabilities(_option_texts(text, options))
        case Kind.NUMERIC | Kind.DATE:
            return read_quantiles(_PARTS.split(text.strip()), kind=kind)


def read_quantiles(texts: list[str], *, kind: Kind) -> Values:
    """The 10 %, 50 % and 90 % values of a numeric or date prediction, in order."""
    parts = [part for part in texts if part.strip()]
    if len(parts) != 3:
        example = "8; 12; 20" if kind is Kind.NUMERIC else "1 Mar 2027; 1 Jun 2027; 31 Dec 2028"
        raise Refused(
            f"Three values are needed, 10 %, 50 % and 90 %, parted by semicolons: {example}. You gave {len(parts)}."
        )
    if kind is Kind.NUMERIC:
        values = tuple(read_quantity(part) for part in parts)
    else:
        values = tuple(day_number(read_last_day(part)) for part in parts)
    check_quantiles(values, shown=(parts[0], parts[1], parts[2]))
    return values


def _option_texts(text: str, options: tuple[str, ...]) -> list[str]:
    if (by_name := _by_whole_names(text, options)) is not None:
        return by_name
    parts = [part for part in _PARTS.split(text.strip()) if part]
    if len(parts) == 1:  # without semicolons: 50/30/20 or 50, 30, 20
        marks = r"/|,\s+|,(?=\s*\D)" if _NAMED.match(parts[0]) else r"/|,\s+|,(?=\s*\D)|\s+(?=\d)"
        parts = [part.strip() for part in re.split(marks, text.strip()) if part.strip()]
        if len(parts) == 1 and text.count(",") + 1 == len(options):  # 50,30,20
            parts = text.split(",")
    if any(_NAMED.match(part) for part in parts):
        return _named(parts, options)
    if len(parts) != len(options):
        raise Refused(f"{len(options)} probabilities are needed, in the order {', '.join(options)}. You gave {len(parts)}.")
    return parts


def _by_whole_names(text: str, options: tuple[str, ...]) -> list[str] | None:
    """The probabilities when every part is an option's whole name, a colon and one answer; None otherwise.

    It comes first, so that an option may itself hold what parts answers: "2027", "moves to Texas", "a | b", "Meta: the lab".
    """
    texts = dict.fromkeys(options, "")
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    for part in parts:
        named = {
            option: found[1]
            for option in options
            if (found := re.fullmatch(re.escape(option) + r"\s*[:=]\s*([^:=,]*|[\d.,]+\s*%?|\d+:\d+)", part, re.IGNORECASE))
        }
        if not named:
            return None
        option = max(named, key=len)
        texts[option] = named[option]
    return list(texts.values()) if parts else None


def _named(parts: list[str], options: tuple[str, ...]) -> list[str]:
    texts = dict.fromkeys(options, "")
    for part in parts:
        match = _NAMED.fullmatch(part)
        if match is None:
            raise Refused(f"“{part[:60]}” names no option. Write each as OPTION: PROBABILITY, parted by semicolons.")
        wanted = match[1].strip().casefold()
        hits = [option for option in options if option.casefold() == wanted] or [
            option for option in options if option.casefold().startswith(wanted)
        ]
        if len(hits) != 1:
            raise Refused(f"“{match[1].strip()[:60]}” is not one of the options: {', '.join(options)}.")
        texts[hits[0]] = match[2]
    return list(texts.values())
