from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.reminders import next_weekly

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (datetime(2026, 3, 25, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),  # the clock goes forward that night
        (datetime(2026, 3, 29, 5, 59, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
        (datetime(2026, 3, 29, 6, tzinfo=UTC), datetime(2026, 4, 5, 6, tzinfo=UTC)),
        (datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC)),  # and back
    ],
)
def test_the_next_sunday_morning_follows_the_zone(after: datetime, expected: datetime) -> None:
    assert next_weekly(BERLIN, 6, after=after) == expected
