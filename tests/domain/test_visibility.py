from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.domain.visibility import BlindRule, Sight

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def sight(*, is_open: bool = True, has_forecast: bool = False, forecasters: int = 4, now: datetime = NOW) -> Sight:
    return Sight(is_open=is_open, has_forecast=has_forecast, forecasters=forecasters, now=now)


def test_by_default_only_who_has_forecast_sees_the_crowd_of_an_open_prediction() -> None:
    assert not BlindRule().shows_crowd(sight())
    assert BlindRule().shows_crowd(sight(has_forecast=True))


def test_everybody_sees_the_crowd_once_the_prediction_takes_no_more_forecasts() -> None:
    assert BlindRule().shows_crowd(sight(is_open=False))


def test_a_guild_can_show_the_crowd_always() -> None:
    assert BlindRule(is_blind=False).shows_crowd(sight())


@pytest.mark.parametrize(("forecasters", "is_shown"), [(0, False), (4, False), (5, True), (6, True)])
def test_a_guild_can_reveal_the_crowd_at_a_number_of_forecasts(forecasters: int, is_shown: bool) -> None:
    assert BlindRule(reveal_at_count=5).shows_crowd(sight(forecasters=forecasters)) is is_shown


@pytest.mark.parametrize(("seconds", "is_shown"), [(-1, False), (0, True), (1, True)])
def test_a_guild_can_reveal_the_crowd_at_a_date(seconds: int, is_shown: bool) -> None:
    assert BlindRule(reveal_at=NOW).shows_crowd(sight(now=NOW + timedelta(seconds=seconds))) is is_shown


def test_the_authors_number_shows_unless_the_guild_hides_it_with_the_crowd() -> None:
    assert BlindRule().shows_author(sight())
    assert not BlindRule(hides_author=True).shows_author(sight())
    assert BlindRule(hides_author=True).shows_author(sight(has_forecast=True))
    assert BlindRule(hides_author=True, is_blind=False).shows_author(sight())


@pytest.mark.parametrize(
    ("is_blind", "is_open", "has_forecast", "count_reached", "date_reached"), list(product([True, False], repeat=5))
)
def test_the_crowd_is_hidden_only_when_every_reason_to_show_it_is_missing(
    is_blind: bool, is_open: bool, has_forecast: bool, count_reached: bool, date_reached: bool
) -> None:
    rule = BlindRule(
        is_blind, reveal_at_count=4 if count_reached else 5, reveal_at=NOW if date_reached else NOW + timedelta(1)
    )
    is_hidden = is_blind and is_open and not (has_forecast or count_reached or date_reached)
    assert rule.shows_crowd(sight(is_open=is_open, has_forecast=has_forecast)) is not is_hidden
