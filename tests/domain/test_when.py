from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import Refused
from bot.domain.when import read_when

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 21, 11, tzinfo=UTC)  # a Saturday; noon in Berlin
DATE = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("in 2 weeks", "2026-12-05 12:00"),
        ("in 90 minutes", "2026-11-21 13:30"),
        ("in half an hour", "2026-11-21 12:30"),
        ("2d", "2026-11-23 12:00"),
        ("tomorrow", "2026-11-22 12:00"),
        ("tomorrow 9am", "2026-11-22 09:00"),
        ("next Friday", "2026-11-27 09:00"),
        ("friday 6pm", "2026-11-27 18:00"),
        ("1 Dec 9am", "2026-12-01 09:00"),
        ("1 December", "2026-12-01 09:00"),
        ("1 Dec midnight", "2026-12-01 00:00"),
        ("2027-03-29 08:15", "2027-03-29 08:15"),
        ("on 3 Jan", "2027-01-03 09:00"),
    ],
)
def test_a_time_is_read_in_the_members_zone(text: str, local: str) -> None:
    when = read_when(text, now=NOW, zone=BERLIN, resolves_at=DATE)
    assert when.at.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M") == local
    assert when.before_days is None


@pytest.mark.parametrize(
    ("text", "utc", "days"),
    [
        ("12 hours before it closes", "2026-12-31 12:00", 0.5),
        ("half a day before", "2026-12-31 12:00", 0.5),
        ("2.5 days before", "2026-12-29 12:00", 2.5),
        ("on the date", "2027-01-01 00:00", 0),
    ],
)
def test_before_counts_back_from_the_predictions_date(text: str, utc: str, days: float) -> None:
    when = read_when(text, now=NOW, zone=BERLIN, resolves_at=DATE)
    assert when.at.strftime("%Y-%m-%d %H:%M") == utc
    assert when.before_days == days


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("3 days before", "2026-12-28 09:00"),
        ("a week before the date", "2026-12-24 09:00"),
        ("the day before", "2026-12-30 09:00"),
        ("1 month before", "2026-11-30 09:00"),
    ],
)
@pytest.mark.parametrize("zone", [BERLIN, ZoneInfo("UTC"), ZoneInfo("Asia/Tokyo"), ZoneInfo("America/Los_Angeles")])
def test_days_before_count_from_the_last_day_on_the_card_and_mean_the_readers_morning(
    text: str, local: str, zone: ZoneInfo
) -> None:
    when = read_when(text, now=NOW, zone=zone, resolves_at=DATE)  # by 31 Dec 2026
    assert when.at.astimezone(zone).strftime("%Y-%m-%d %H:%M") == local
    assert when.before_days == (DATE - when.at) / timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("blah", "I can't read “blah” as a time"),
        ("", "Give a time, for example “in 2 weeks”"),
        ("yesterday", "which is over"),
        ("60 days before", "which is over"),
        ("in 300 years", "more than ten years away"),
        ("03/04/2027 9am", "could be two days"),
    ],
)
def test_what_cannot_be_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read_when(text, now=NOW, zone=BERLIN, resolves_at=DATE)


def test_spans_count_from_now_at_midnight_too() -> None:
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    when = read_when("in 2 days", now=midnight, zone=ZoneInfo("UTC"), resolves_at=DATE)
    assert when.at.replace(microsecond=0) == datetime(2026, 11, 23, tzinfo=UTC)


def test_before_needs_a_date() -> None:
    with pytest.raises(Refused, match="no date yet"):
        read_when("3 days before", now=NOW, zone=BERLIN, resolves_at=None)
