from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reminders import DIGEST_TIME, QuietHours, judge, next_digest, steps_due

LADDER = [30, 7, 1, 0]
DATE = datetime(2027, 1, 1, tzinfo=UTC)
LONG_AGO = DATE - timedelta(days=200)
BERLIN = ZoneInfo("Europe/Berlin")


def days_due(now: datetime, *, dated_at: datetime = LONG_AGO) -> list[int]:
    return [step.days for step in steps_due(LADDER, resolves_at=DATE, dated_at=dated_at, now=now)]


def test_a_step_comes_to_the_second() -> None:
    week_before = DATE - timedelta(days=7)
    assert days_due(week_before - timedelta(seconds=1)) == [30]
    assert days_due(week_before) == [30, 7]


def test_a_step_that_was_over_when_the_date_was_set_never_comes() -> None:
    assert days_due(DATE, dated_at=DATE - timedelta(days=5)) == [1, 0]


def test_after_an_outage_only_the_last_step_is_posted() -> None:
    now = DATE - timedelta(hours=5)
    verdict = judge(steps_due(LADDER, resolves_at=DATE, dated_at=LONG_AGO, now=now), resolves_at=DATE, now=now)
    assert verdict.post is not None
    assert verdict.post.days == 1
    assert [step.days for step, _ in verdict.dropped] == [30, 7]


@pytest.mark.parametrize(("after", "posted"), [(0, 0), (47, 0), (48, None), (240, None)])
def test_the_date_itself_matters_for_two_days(after: int, posted: int | None) -> None:
    now = DATE + timedelta(hours=after)
    verdict = judge(steps_due(LADDER, resolves_at=DATE, dated_at=LONG_AGO, now=now), resolves_at=DATE, now=now)
    assert (verdict.post and verdict.post.days) == posted
    assert len(verdict.dropped) == (3 if posted == 0 else 4)


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-07-01T21:59", "2026-07-01T21:59"),
        ("2026-07-01T22:00", "2026-07-02T08:00"),
        ("2026-07-02T03:00", "2026-07-02T08:00"),
        ("2026-07-02T07:59", "2026-07-02T08:00"),
        ("2026-07-02T08:00", "2026-07-02T08:00"),
        ("2026-03-28T23:30", "2026-03-29T08:00"),  # the night that loses an hour
        ("2026-10-24T23:30", "2026-10-25T08:00"),  # the night that gains one
    ],
)
def test_quiet_hours_over_midnight_end_in_the_morning_of_the_guild(local: str, expected: str) -> None:
    quiet = QuietHours(BERLIN, 22 * 60, 8 * 60)
    moment = datetime.fromisoformat(local).replace(tzinfo=BERLIN).astimezone(UTC)
    assert quiet.first_moment_from(moment).astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M") == expected


def test_quiet_hours_within_a_day() -> None:
    quiet = QuietHours(BERLIN, 12 * 60, 14 * 60)
    noon = datetime(2026, 7, 1, 12, 30, tzinfo=BERLIN).astimezone(UTC)
    assert quiet.first_moment_from(noon).astimezone(BERLIN).hour == 14


def test_without_quiet_hours_nothing_moves() -> None:
    assert QuietHours(BERLIN).first_moment_from(DATE) == DATE


@given(
    moment=st.integers(0, 2 * 365 * 1440).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    begins=st.integers(0, 1439),
    ends=st.integers(0, 1439),
    zone=st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", "America/Sao_Paulo"]
    ),
)
def test_what_comes_out_is_never_earlier_never_quiet_and_at_most_a_day_later(
    moment: datetime, begins: int, ends: int, zone: str
) -> None:
    quiet = QuietHours(ZoneInfo(zone), begins, ends)
    shifted = quiet.first_moment_from(moment)
    assert moment <= shifted <= moment + timedelta(hours=26)
    assert quiet.first_moment_from(shifted) == shifted


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-07-01T08:59:59", "2026-07-01T09:00+02:00"),
        ("2026-07-01T09:00:00", "2026-07-02T09:00+02:00"),
        ("2026-07-01T23:59:59", "2026-07-02T09:00+02:00"),
        ("2026-03-28T10:00:00", "2026-03-29T09:00+02:00"),  # 23 hours: the night loses one
        ("2026-10-24T09:00:00", "2026-10-25T09:00+01:00"),  # 25 hours: the night gains one
    ],
)
def test_the_next_digest_is_at_nine_by_the_persons_clock(local: str, expected: str) -> None:
    after = datetime.fromisoformat(local).replace(tzinfo=BERLIN).astimezone(UTC)
    assert next_digest(BERLIN, after=after) == datetime.fromisoformat(expected)


@given(
    after=st.datetimes(datetime(2005, 1, 1), datetime(2040, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)),  # noqa: DTZ001
    zone=st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"]
    ),
)
def test_the_next_digest_is_strictly_later_and_skips_no_morning(after: datetime, zone: str) -> None:
    at = next_digest(ZoneInfo(zone), after=after)
    assert after < at <= after + timedelta(hours=25)
    assert at.astimezone(ZoneInfo(zone)).time() == DIGEST_TIME
