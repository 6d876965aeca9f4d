"""How hard a property is tried. `make test` takes a fifth of the examples that `make soak` takes, `make test-all` a quarter."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from db.database import Database

FULL = 100
"""The examples of a property that names no number, in `make soak`."""


def register_profiles() -> None:
    """`people` for who waits for the result, `ci` for who doesn't, `long` for the long runs; `--hypothesis-profile` chooses.

    A busy machine is no failure, so no example has a deadline. And where nobody watches, the cases are the same every time.
    """
    common: dict[str, Any] = {"deadline": None, "derandomize": bool(os.environ.get("CI")), "print_blob": True}
    settings.register_profile("people", max_examples=FULL // 5, **common)
    settings.register_profile("ci", max_examples=FULL // 4, **common)
    settings.register_profile("long", max_examples=FULL, **common)
    settings.load_profile("people")


def examples(full: int, database: Database | None = None) -> int:
    """How many examples to try, of those of `make soak`; a quarter on PostgreSQL, which takes four times as long."""
    number = full * settings().max_examples // FULL
    return max(5, number if database is None or database.is_sqlite else number // 4)


def lives(full: int, database: Database, **more: Any) -> settings:
    """Settings for whole lives on a database.

    They aren't shrunk: it would take minutes, and their steps are printed.
    """
    return settings(
        **{
            "max_examples": examples(full, database),
            "phases": [Phase.explicit, Phase.reuse, Phase.generate],
            "suppress_health_check": [
                HealthCheck.function_scoped_fixture,
                HealthCheck.too_slow,
                HealthCheck.data_too_large,
            ],
        }
        | more
    )
