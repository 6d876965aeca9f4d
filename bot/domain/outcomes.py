"""What happened: a prediction's result, and reading it as somebody typed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import Refused
from bot.domain.probabilities import read_quantity
from bot.domain.times import day_number, read_last_day
from bot.domain.types import Kind

ANNULLED, YES, NO, OPTION, VALUE = "annulled", "yes", "no", "option", "value"
_YES = frozenset({"yes", "y", "true", "1", "happened"})
_NO = frozenset({"no", "n", "false", "0", "did not happen"})
_VOID = frozenset({"annulled", "annul", "void", "cancelled", "n/a"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened: yes, no, option (with its position), value (with the number, or day since 1970-01-01) or annulled."""

    word: str
    value: float | None = None


def read_outcome(
    text: str,
    *,
    kind: Kind,
    options: tuple[str, ...] = (),
    unit: str | None = None,
    locale: str | None = None,
    near: Sequence[float] = (),
) -> Outcome:
    """An outcome out of `yes`, an option's name, `12.5`, `1 Mar 2027`, or `annulled`; the rest as in `read_quantity`.

    Raises Refused, and TwoReadings where it could mean two things.
    """
    given = " ".join(text.split())
    word = given.casefold()
    if word in _VOID and word not in {option.casefold() for option in options}:
        return Outcome(ANNULLED)
    match kind:
        case Kind.BINARY:
            if word in _YES or word in _NO:
                return Outcome(YES if word in _YES else NO)
            raise Refused(f"“{given[:60]}” isn't an answer to a yes-or-no prediction. Answer yes or no.")
        case Kind.MULTIPLE_CHOICE:
            return Outcome(OPTION, float(_option(given, options)))
        case Kind.NUMERIC:
            return Outcome(VALUE, read_quantity(given, unit=unit, locale=locale, near=near))
        case Kind.DATE:
            return Outcome(VALUE, day_number(read_last_day(given, locale=locale)))


def _option(given: str, options: tuple[str, ...]) -> int:
    wanted = given.casefold()
    names = [option.casefold() for option in options]
    hits = [names.index(wanted)] if wanted in names else [at for at, name in enumerate(names) if name.startswith(wanted)]
    if len(hits) == 1 and wanted:
        return hits[0]
    raise Refused(f"“{given[:60]}” isn't one of the options: {', '.join(options)}.")
