"""JSON from other platforms: parsed within limits, and read without trusting its shape."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

from bot.domain.documents.tree import Unreadable

Object = Mapping[str, Any]


def parse(text: str) -> Any:
    """The data of a JSON text. Raises Unreadable."""

    def no_number(name: str) -> Any:
        raise Unreadable(1, f"{name[:40]} isn't a number that can be stored")

    def number(digits: str) -> float:
        return value if math.isfinite(value := float(digits)) else no_number(digits)

    def integer(digits: str) -> int:
        return int(digits) if len(digits) <= 40 else no_number(digits)

    try:
        return json.loads(text, parse_float=number, parse_int=integer, parse_constant=no_number)
    except json.JSONDecodeError as error:
        raise Unreadable(error.lineno, f"this isn't valid JSON: {error.msg}") from None
    except RecursionError:
        raise Unreadable(1, "the file is nested too deeply") from None


def as_object(value: Any) -> Object:
    """The value if it's an object, else an empty one."""
    return cast("Object", value) if isinstance(value, dict) else {}


def as_list(value: Any) -> Sequence[Any]:
    """The value if it's a list, else an empty one."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def as_text(value: Any) -> str:
    """The value if it's text, the digits if it's a whole number, else an empty text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""
