"""Several predictions by their codes, as people type them: "3, 5, 10-14"."""

from __future__ import annotations

import re

from bot.domain.errors import Refused

LONGEST_RANGE = 1000
_CODES = re.compile(r"#?([0-9]{1,9})(?:\s*(?:-|–|to)\s*#?([0-9]{1,9}))?")
_BETWEEN = re.compile(r"[\s,;]*(?:and\s+)?")


def read_codes(typed: str) -> list[int]:
    """“3, #5 and 10-14” as codes. Raises Refused for the part that can't be read."""
    codes: list[int] = []
    at = 0
    text = typed.strip()
    while at < len(text):
        found = _CODES.match(text, at)
        if found is None:
            raise Refused(f"I can't read “{text[at : at + 40]}” as codes. Try 3, 5, 10-14.")
        first, last = int(found[1]), int(found[2] or found[1])
        if not first <= last < first + LONGEST_RANGE:
            raise Refused(f"I can't read “{found[0]}” as a range of codes. Try 10-14.")
        codes += range(first, last + 1)
        gap = _BETWEEN.match(text, found.end())
        assert gap is not None
        if gap.end() == found.end() < len(text):
            raise Refused(f"I can't read “{text[found.end() : found.end() + 40]}” as codes. Try 3, 5, 10-14.")
        at = gap.end()
    return codes
