"""Who saw it coming: the call that was furthest ahead of the crowd, among those who let results name them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.outcomes import Outcome
from bot.domain.types import Actor, Kind
from bot.services.forecasting import forecasts
from bot.services.scoring.calls import EarlyCall, best_early_call
from bot.services.settings import changing
from bot.services.voting import resolutions
from db.database import Database
from tests.factories import NOW, create_actor, create_prediction

DAY = timedelta(days=1)


def say(database: Database, actor: Actor, values: tuple[float, ...], day: float) -> None:
    database.run_here(forecasts.place, actor, code=1, values=values, now=NOW + day * DAY)


def open_to_names(database: Database, name: str, **more: bool) -> Actor:
    """A member who lets results name them."""
    actor = create_actor(name)
    database.run_here(changing.change_own_settings, actor, changes={"shows_calls": True} | more, now=NOW)
    return actor


def resolve(database: Database, outcome: Outcome, *, day: float = 29) -> EarlyCall | None:
    database.run_here(
        resolutions.override, create_actor(manager=True), code=1, outcome=outcome, words="Seen", now=NOW + day * DAY
    )
    return database.read_here(best_early_call, 1)


@pytest.fixture
def set_out(database: Database) -> Database:
    """A prediction of thirty days on which two others say 40 %."""
    create_prediction(database)
    for name in ("cara", "dan"):
        say(database, create_actor(name), (0.4,), 0)
    return database


def test_the_call_furthest_ahead_of_the_crowd_is_named(set_out: Database) -> None:
    ada, bob = open_to_names(set_out, "ada"), open_to_names(set_out, "bob")
    say(set_out, bob, (0.6,), 1)
    say(set_out, ada, (0.9,), 2)
    call = resolve(set_out, Outcome("yes"))
    assert call is not None
    assert (call.user_id, call.values, call.at) == (ada.user_id, (0.9,), NOW + 2 * DAY)
    assert call.crowd is not None
    assert 0.4 <= call.crowd[0] <= 0.6


def test_a_no_is_called_by_a_low_number(set_out: Database) -> None:
    ada = open_to_names(set_out, "ada")
    say(set_out, ada, (0.05,), 2)
    call = resolve(set_out, Outcome("no"))
    assert call is not None
    assert call.user_id == ada.user_id


def test_nobody_is_named_who_did_not_ask_for_it_or_keeps_their_record_private(set_out: Database) -> None:
    say(set_out, create_actor("ada"), (0.9,), 2)
    say(set_out, open_to_names(set_out, "bob", shows_record=False), (0.9,), 3)
    assert resolve(set_out, Outcome("yes")) is None


def test_what_came_late_or_stood_for_an_hour_or_was_hardly_ahead_is_no_early_call(set_out: Database) -> None:
    late, slip, near = (open_to_names(set_out, name) for name in ("late", "slip", "near"))
    say(set_out, near, (0.45,), 1)
    say(set_out, slip, (0.99,), 2)
    say(set_out, slip, (0.4,), 2.04)
    say(set_out, late, (0.95,), 16)
    assert resolve(set_out, Outcome("yes"), day=29) is None


def test_an_early_result_halves_an_earlier_time(set_out: Database) -> None:
    ada = open_to_names(set_out, "ada")
    say(set_out, ada, (0.9,), 6)
    assert resolve(set_out, Outcome("yes"), day=10) is None


def test_of_several_options_the_one_that_happened_counts(database: Database) -> None:
    create_prediction(database, kind=Kind.MULTIPLE_CHOICE)
    ada = open_to_names(database, "ada")
    say(database, ada, (0.1, 0.1, 0.8), 1)
    call = resolve(database, Outcome("option", 2))
    assert call is not None
    assert (call.user_id, call.values, call.at, call.crowd) == (ada.user_id, (0.1, 0.1, 0.8), NOW + DAY, None)
    assert call.ahead == pytest.approx(0.8 - 1 / 3)


def test_numbers_and_what_is_annulled_have_none(database: Database) -> None:
    create_prediction(database, kind=Kind.NUMERIC)
    say(database, open_to_names(database, "ada"), (1.0, 2.0, 3.0), 1)
    assert resolve(database, Outcome("value", 2.0)) is None


def test_an_annulled_prediction_has_none(set_out: Database) -> None:
    say(set_out, open_to_names(set_out, "ada"), (0.9,), 1)
    assert resolve(set_out, Outcome("annulled")) is None
