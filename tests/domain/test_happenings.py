"""When something happened, as people type it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import Refused, TwoReadings
from bot.domain.happenings import check_moment, read_moment

NOW = datetime(2026, 6, 10, 12, 30, tzinfo=UTC)
BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("typed", "zone", "moment"),
    [
        ("now", BERLIN, NOW),
        ("2 hours ago", BERLIN, datetime(2026, 6, 10, 10, 30, tzinfo=UTC)),
        ("a week ago", BERLIN, datetime(2026, 6, 3, 12, 30, tzinfo=UTC)),
        ("today", BERLIN, datetime(2026, 6, 9, 22, tzinfo=UTC)),
        ("today", TOKYO, datetime(2026, 6, 9, 15, tzinfo=UTC)),
        ("yesterday 3pm", BERLIN, datetime(2026, 6, 9, 13, tzinfo=UTC)),
        ("24 May 2026", BERLIN, datetime(2026, 5, 23, 22, tzinfo=UTC)),
        ("24 May 2026, 15:00", TOKYO, datetime(2026, 5, 24, 6, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_where_the_server_is(typed: str, zone: ZoneInfo, moment: datetime) -> None:
    assert read_moment(typed, now=NOW, zone=zone) == moment


@pytest.mark.parametrize(
    "typed", ["", "tomorrow", "11 Jun 2026", "today 23:00", "yesterday 25:00", "soon", "9 Jun 2026 15:00 PST"]
)
def test_what_is_no_moment_of_the_past_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        read_moment(typed, now=NOW, zone=BERLIN)


@pytest.mark.parametrize("clock", ["", " 15:00", " 3pm"])
@pytest.mark.parametrize(("locale", "first"), [("en-US", "4 Mar 2026"), ("de", "3 Apr 2026")])
def test_a_day_that_could_be_two_is_asked_about_in_the_members_order(clock: str, locale: str, first: str) -> None:
    with pytest.raises(TwoReadings) as asked:
        read_moment(f"3/4/2026{clock}", now=NOW, zone=BERLIN, locale=locale)
    assert asked.value.given == f"3/4/2026{clock}", "the whole text, so that a reading takes its place"
    assert asked.value.readings[0].text == f"{first}{clock}"
    for reading in asked.value.readings:
        assert read_moment(reading.text, now=NOW, zone=BERLIN).month in (3, 4)


def test_a_moment_lies_between_the_opening_and_now() -> None:
    opened = datetime(2026, 6, 1, tzinfo=UTC)
    assert check_moment(opened, opens_at=opened, now=NOW) == opened
    for moment in (datetime(2026, 5, 31, 23, 59, tzinfo=UTC), datetime(2026, 6, 10, 12, 31, tzinfo=UTC)):
        with pytest.raises(Refused):
            check_moment(moment, opens_at=opened, now=NOW)
