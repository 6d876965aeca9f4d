"""A typed answer to a forecast's values, for every kind of prediction."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.domain.errors import Reading, Refused, TwoReadings, shortened
from bot.domain.guesses import read_guess, split_guess
from bot.domain.numbers.digits import exact_text
from bot.domain.plausibility import is_near
from bot.domain.probabilities import check_quantiles, quantity_readings, read_option_probabilities, read_probability
from bot.domain.times import TWO_DAYS, day_number, day_of, day_readings, day_text
from bot.domain.types import Kind, Values

_PARTS = re.compile(r"\s*(?:;|\n|\.\.+|\||\bto\b)\s*", re.IGNORECASE)
_LISTED = re.compile(r",\s+|\s+/\s+")
_NAMED = re.compile(r"(?=.*[^\W\d_])(.+?)(?:\s*[:=]\s*|\s+)([\d.,/]+\s*(?:%|percent)?|)")
"""A name with its probability behind it: `OpenAI: 50%`, `OpenAI 50`."""


def read_answer(
    text: str,
    *,
    kind: Kind,
    options: tuple[str, ...] = (),
    unit: str | None = None,
    locale: str | None = None,
    near: Sequence[float] = (),
    scales: bool = True,
) -> Values:
    """`70%` · `OpenAI: 50; Google: 50` or `50; 50` in the options' order · `8; 12; 20` · `1 Mar 2027; 1 Jun 2027; 2028` ·
    `12 ± 3`.

    `unit`, `locale` and `near` as in `read_quantity`, `scales` as in `read_option_probabilities`. Raises Refused
    with what would work, TwoReadings with whole answers.
    """
    match kind:
        case Kind.BINARY:
            return (read_probability(text, locale=locale),)
        case Kind.MULTIPLE_CHOICE:
            shares = _option_texts(text, options)
            try:
                return read_option_probabilities(shares, locale=locale, scales=scales)
            except TwoReadings as asked:
                raise TwoReadings(text, _whole_answers(asked, shares, options)) from None
        case Kind.NUMERIC | Kind.DATE:
            if (guessed := split_guess(text)) is not None:
                return _whole_guess(text, guessed, kind=kind, unit=unit, locale=locale, near=near)
            parts = _PARTS.split(text.strip())
            if kind is Kind.NUMERIC and len(parts) == 1:
                parts = _LISTED.split(text.strip())
            try:
                return read_quantiles(parts, kind=kind, unit=unit, locale=locale, near=near)
            except TwoReadings as asked:
                raise TwoReadings(text, asked.readings, asked.said) from None


def read_quantiles(
    texts: list[str], *, kind: Kind, unit: str | None = None, locale: str | None = None, near: Sequence[float] = ()
) -> Values:
    """The 10 %, 50 % and 90 % values of a numeric or date prediction, in order.

    What can mean two things alone often means one thing beside the others: of 900; 1.000; 1.200 only one reading rises.
    """
    parts = [part for part in texts if part.strip()]
    if len(parts) != 3:
        example = "8; 12; 20" if kind is Kind.NUMERIC else "1 Mar 2027; 1 Jun 2027; 31 Dec 2028"
        guess = "12 ± 3" if kind is Kind.NUMERIC else "1 Jun 2027 ± 2 weeks"
        raise Refused(
            f"Give three values, low; middle; high, for example {example}, or one guess like {guess}. You gave {len(parts)}."
        )
    if kind is Kind.NUMERIC:
        found = [quantity_readings(part, unit=unit, locale=locale, near=near) for part in parts]
        possible = _number_ways(found, near)
        write: Callable[[float], str] = exact_text
        show: Callable[[float], str] = "{:,.15g}".format
    else:
        days = [day_readings(part, locale=locale) for part in parts]
        possible = [tuple(day_number(each[min(way, len(each) - 1)]) for each in days) for way in (0, 1)]
        write = show = _written_day
    possible = list(dict.fromkeys(possible))
    rising = [values for values in possible if list(values) == sorted(values)]
    if len(rising) > 1:
        ways = tuple(Reading("; ".join(map(show, values)), "; ".join(map(write, values))) for values in rising)
        raise TwoReadings("; ".join(part.strip() for part in parts), ways, TWO_DAYS if kind is Kind.DATE else "")
    values = rising[0] if rising else possible[0]
    check_quantiles(values, shown=(parts[0], parts[1], parts[2]))
    return values


def _number_ways(found: list[tuple[tuple[float, ...], bool]], near: Sequence[float]) -> list[Values]:
    """The ways to read all the numbers alike: with decimals, or with thousands. What is sure stays as it is."""
    # What the notation makes sure is not so when only its other reading is near.
    found = [
        (values, is_sure and (is_near(values[0], near) or not any(is_near(value, near) for value in values)))
        for values, is_sure in found
    ]
    ways = [tuple(values[0] if is_sure else choose(values) for values, is_sure in found) for choose in (min, max)]
    known = [*near, *(values[0] for values, is_sure in found if is_sure)]
    if known:
        unsure = [at for at, (_, is_sure) in enumerate(found) if not is_sure]
        return [way for way in ways if all(is_near(way[at], known) for at in unsure)] or ways
    return sorted(ways, key=lambda way: sum(value == values[0] for value, (values, _) in zip(way, found, strict=True)))[::-1]


def _whole_answers(asked: TwoReadings, shares: list[str], options: tuple[str, ...]) -> tuple[Reading, ...]:
    """Readings of one option's probability as answers with all of them, each under its option's name."""
    at = [share.strip() for share in shares].index(asked.given)
    return tuple(
        Reading(
            f"{options[at]}: {reading.shown}",
            "\n".join(
                f"{name}: {share}"
                for name, share in zip(options, [*shares[:at], reading.text, *shares[at + 1 :]], strict=True)
                if share.strip()
            ),
        )
        for reading in asked.readings
    )


def _whole_guess(
    text: str, guessed: tuple[str, str], *, kind: Kind, unit: str | None, locale: str | None, near: Sequence[float]
) -> Values:
    guess, margin = guessed
    try:
        return read_guess(guess, margin, kind=kind, unit=unit, locale=locale, near=near)
    except TwoReadings as asked:
        is_guess = asked.given.split() == guess.split()
        ways = ((one.text, margin) if is_guess else (guess, one.text) for one in asked.readings)
        shown = tuple(Reading(f"{middle} ± {apart}", f"{middle} ± {apart}") for middle, apart in ways)
        raise TwoReadings(text, shown, asked.said) from None


def _written_day(number: float) -> str:
    return day_text(day_of(number))


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
        raise Refused(f"Give {len(options)} probabilities, in the order {', '.join(options)}. You gave {len(parts)}.")
    return parts


def _by_whole_names(text: str, options: tuple[str, ...]) -> list[str] | None:
    """The probabilities when every part is an option's whole name, a colon and one answer; None otherwise.

    It comes first, so an option may itself hold what separates answers: "2027", "moves to Texas", "a | b", "Meta: the lab".
    """
    texts: dict[str, str] = {}
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    for part in parts:
        named = {
            option: found[1]
            for option in options
            if (
                found := re.fullmatch(
                    re.escape(option) + r"\s*[:=]\s*((?:[^:=,]|(?<=\d),(?=\d))*|\d+:\d+)", part, re.IGNORECASE
                )
            )
        }
        if not named:
            return None
        option = max(named, key=len)
        _give(texts, option, named[option])
    return [texts.get(option, "") for option in options] if parts else None


def _named(parts: list[str], options: tuple[str, ...]) -> list[str]:
    texts: dict[str, str] = {}
    for part in parts:
        match = _NAMED.fullmatch(part)
        if match is None:
            raise Refused(
                f"“{shortened(part)}” names no option. Write each as OPTION: PROBABILITY, with semicolons between them."
            )
        wanted = match[1].strip().casefold()
        hits = [option for option in options if option.casefold() == wanted] or [
            option for option in options if option.casefold().startswith(wanted)
        ]
        if len(hits) != 1:
            raise Refused(f"“{shortened(match[1])}” isn't one of the options: {', '.join(options)}.")
        _give(texts, hits[0], match[2])
    return [texts.get(option, "") for option in options]


def _give(texts: dict[str, str], option: str, text: str) -> None:
    if option in texts:
        raise Refused(f"“{shortened(option)}” has two probabilities. Give each option one.")
    texts[option] = text
