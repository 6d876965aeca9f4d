from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.domain.errors import NotFound, Refused
from bot.domain.types import Kind
from bot.services.forecasting import forecasts, reasons, walk
from bot.services.forecasting.own_history import own_history
from bot.services.forecasting.progress import Progress
from bot.services.homes import card_homes
from bot.services.predictions import editing
from db.database import Database
from db.models import Forecast, OutboxMessage, Prediction
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_document, create_prediction, load

LATER = NOW + timedelta(hours=1)


def test_a_later_forecast_ends_the_earlier_one_and_rewrites_nothing(database: Database) -> None:
    code, ada = create_prediction(database).code, create_actor()
    database.run_here(forecasts.place, ada, code=code, values=(0.7,), now=NOW)
    placed = database.run_here(forecasts.place, ada, code=code, values=(0.4,), now=LATER)

    assert placed.previous == (0.7,)
    assert placed.view.forecasters == 1
    with database.engine.connect() as connection:
        rows = connection.execute(
            select(Forecast.values, Forecast.created_at, Forecast.ended_at).order_by(Forecast.id)
        ).all()
    assert [tuple(row) for row in rows] == [([0.7], NOW, LATER), ([0.4], LATER, None)]


def test_a_forecast_after_close_is_refused_and_nothing_is_stored(database: Database) -> None:
    view, ada = create_prediction(database), create_actor()
    assert view.closes_at is not None
    with pytest.raises(Refused, match=r"#1 closed just now, so you can't forecast"):
        database.run_here(forecasts.place, ada, code=view.code, values=(0.7,), now=view.closes_at)
    with pytest.raises(Refused, match=r"closed 3 hours ago"):
        database.run_here(forecasts.place, ada, code=view.code, values=(0.7,), now=view.closes_at + timedelta(hours=3))
    with database.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Forecast)) == 0


def test_the_last_moment_before_close_counts(database: Database) -> None:
    view = create_prediction(database)
    assert view.closes_at is not None
    just_before = view.closes_at - timedelta(microseconds=1)
    assert (
        database.run_here(forecasts.place, create_actor(), code=view.code, values=(0.7,), now=just_before).view.forecasters
        == 1
    )


def test_another_guilds_code_is_unknown_here(database: Database) -> None:
    create_prediction(database, by=create_actor(guild_id=OTHER_GUILD, manager=True))
    stranger = create_actor(guild_id=GUILD)
    with pytest.raises(NotFound, match="There's no prediction #1 on this server"):
        database.run_here(forecasts.place, stranger, code=1, values=(0.7,), now=NOW)
    with pytest.raises(NotFound):
        database.run_here(editing.show, stranger, code=1, now=NOW)


@pytest.mark.parametrize(
    ("kind", "values", "sentence"),
    [
        (Kind.BINARY, (1.2,), "from 0% to 100%"),
        (Kind.BINARY, (float("nan"),), "takes 1 number"),
        (Kind.BINARY, (0.2, 0.8), "takes 1 number"),
        (Kind.MULTIPLE_CHOICE, (0.5, 0.5), "takes 3 numbers"),
        (Kind.MULTIPLE_CHOICE, (0.5, 0.3, 0.1), "add up to 90%"),
        (Kind.NUMERIC, (3.0, 2.0, 5.0), "Low must be below"),
        (Kind.DATE, (1.0, 2.0, float("inf")), "takes 3 numbers"),
    ],
)
def test_values_that_do_not_fit_the_kind_are_refused(
    database: Database, kind: Kind, values: tuple[float, ...], sentence: str
) -> None:
    code = create_prediction(database, kind=kind).code
    with pytest.raises(Refused, match=sentence):
        database.run_here(forecasts.place, create_actor(), code=code, values=values, now=NOW)


def test_nobody_sees_the_crowd_of_an_open_prediction_before_forecasting(database: Database) -> None:
    code, ada, bob = create_prediction(database).code, create_actor("ada"), create_actor("bob")
    database.run_here(forecasts.place, ada, code=code, values=(0.7,), now=NOW)

    to_bob = database.read_here(editing.show, bob, code=code, now=NOW)
    to_all = database.read_here(editing.show_publicly, guild_id=GUILD, code=code, now=NOW)
    assert (to_bob.forecasters, to_bob.crowd, to_bob.crowd_is_hidden) == (1, None, True)
    assert (to_all.forecasters, to_all.crowd, to_all.crowd_is_hidden) == (1, None, True)

    after = database.run_here(forecasts.place, bob, code=code, values=(0.5,), now=LATER).view
    assert after.crowd is not None
    assert after.crowd.values == pytest.approx((0.6,))


def test_a_member_who_withdraws_is_blind_again(database: Database) -> None:
    code, ada, bob = create_prediction(database).code, create_actor("ada"), create_actor("bob")
    database.run_here(forecasts.place, ada, code=code, values=(0.7,), now=NOW)
    database.run_here(forecasts.place, bob, code=code, values=(0.5,), now=NOW)
    withdrawn = database.run_here(forecasts.withdraw, bob, code=code, now=LATER)
    assert withdrawn.values == (0.5,)
    assert (withdrawn.view.crowd, withdrawn.view.forecasters) == (None, 1)
    with pytest.raises(Refused, match="no forecast on #1 to withdraw"):
        database.run_here(forecasts.withdraw, bob, code=code, now=LATER)


def test_the_crowd_of_a_closed_prediction_is_for_everybody(database: Database) -> None:
    view = create_prediction(database)
    database.run_here(forecasts.place, create_actor(), code=view.code, values=(0.7,), now=NOW)
    assert view.closes_at is not None
    shown = database.read_here(editing.show_publicly, guild_id=GUILD, code=view.code, now=view.closes_at)
    assert shown.crowd is not None
    assert shown.crowd.values == (0.7,)


def test_undo_of_the_first_forecast_leaves_none(database: Database) -> None:
    code, ada = create_prediction(database).code, create_actor()
    placed = database.run_here(forecasts.place, ada, code=code, values=(0.7,), now=NOW)
    undone = database.run_here(forecasts.undo, ada, forecast_id=placed.forecast_id, now=LATER)
    assert isinstance(undone, forecasts.WithdrawnForecast)
    assert (undone.view.own, undone.view.forecasters) == (None, 0)


def test_undo_of_a_change_brings_the_earlier_one_back(database: Database) -> None:
    code, ada = create_prediction(database).code, create_actor()
    database.run_here(forecasts.place, ada, code=code, values=(0.7,), now=NOW)
    slip = database.run_here(forecasts.place, ada, code=code, values=(0.07,), now=LATER)
    undone = database.run_here(forecasts.undo, ada, forecast_id=slip.forecast_id, now=LATER + timedelta(minutes=1))
    assert isinstance(undone, forecasts.PlacedForecast)
    assert undone.view.own is not None
    assert undone.view.own.values == (0.7,)
    with pytest.raises(Refused, match="made a newer forecast"):
        database.run_here(forecasts.undo, ada, forecast_id=slip.forecast_id, now=LATER + timedelta(minutes=2))


def test_nobody_undoes_or_posts_what_is_somebody_elses(database: Database) -> None:
    code, ada, bob = create_prediction(database).code, create_actor("ada"), create_actor("bob")
    placed = database.run_here(forecasts.place, ada, code=code, values=(0.7,), reason="because", now=NOW)
    with pytest.raises(Refused, match="n't your forecast"):
        database.run_here(forecasts.undo, bob, forecast_id=placed.forecast_id, now=LATER)
    with pytest.raises(Refused, match="n't your forecast"):
        database.run_here(reasons.post_reason, bob, forecast_id=placed.forecast_id, now=LATER)


def test_a_reason_is_posted_once(database: Database) -> None:
    view, ada = create_prediction(database), create_actor("ada")
    placed = database.run_here(forecasts.place, ada, code=view.code, values=(0.7,), reason="because", now=NOW)
    database.run_here(card_homes.note_card, prediction_id=view.id, channel_id=7, message_id=8, now=NOW)
    database.run_here(reasons.post_reason, ada, forecast_id=placed.forecast_id, now=LATER)
    with pytest.raises(Refused, match="already posted"):
        database.run_here(reasons.post_reason, ada, forecast_id=placed.forecast_id, now=LATER)
    with database.engine.connect() as connection:
        assert list(connection.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id))) == ["reason", "refresh_card"]


def test_reaffirming_makes_a_fresh_forecast_of_the_same_values(database: Database) -> None:
    code, ada = create_prediction(database).code, create_actor()
    with pytest.raises(Refused, match="no forecast on #1 to reaffirm"):
        database.run_here(forecasts.reaffirm, ada, code=code, now=NOW)
    database.run_here(forecasts.place, ada, code=code, values=(0.7,), now=NOW)
    again = database.run_here(forecasts.reaffirm, ada, code=code, now=LATER)
    assert again.view.own is not None
    assert (again.view.own.values, again.view.own.created_at) == ((0.7,), LATER)


def test_the_history_is_ones_own_only_newest_first(database: Database) -> None:
    code, ada, bob = create_prediction(database).code, create_actor("ada"), create_actor("bob")
    database.run_here(forecasts.place, bob, code=code, values=(0.1,), reason="bob's", now=NOW)
    database.run_here(forecasts.place, ada, code=code, values=(0.7,), reason="first", now=NOW)
    database.run_here(forecasts.place, ada, code=code, values=(0.8,), now=LATER)
    _, lines = database.read_here(own_history, ada, code=code, now=LATER)
    assert [(line.values, line.reason, line.ended_at) for line in lines] == [((0.8,), None, None), ((0.7,), "first", LATER)]


def test_next_walks_through_what_is_open_and_unanswered_soonest_first(database: Database) -> None:
    ada = create_actor()
    late = create_prediction(database, resolves_at=NOW + timedelta(days=20)).code
    soon = create_prediction(database, resolves_at=NOW + timedelta(days=10)).code
    first = database.read_here(walk.show_next, ada, now=NOW)
    assert first.view is not None
    assert (first.view.code, first.progress) == (soon, Progress(open=2, forecast=0, skipped=0))

    second = database.run_here(walk.skip, ada, code=soon, now=NOW)
    assert second.view is not None
    assert (second.view.code, second.progress) == (late, Progress(open=2, forecast=0, skipped=1))

    placed = database.run_here(forecasts.place, ada, code=late, values=(0.5,), now=NOW)
    assert placed.progress == Progress(open=2, forecast=1, skipped=1)
    end = database.read_here(walk.show_next, ada, now=NOW)
    assert (end.view, end.progress.left, end.look_back) == (None, 0, walk.LookBack((), 1))
    again = database.run_here(walk.clear_skips, ada, now=NOW)
    assert again.view is not None
    assert again.view.code == soon


def test_what_is_said_is_stored_and_extremes_are_told_to_clip(database: Database) -> None:
    code, ada = create_prediction(database).code, create_actor()
    placed = database.run_here(forecasts.place, ada, code=code, values=(1.0,), now=NOW)
    assert placed.is_clipped
    assert placed.view.own is not None
    assert placed.view.own.values == (1.0,)


def test_bots_do_not_forecast(database: Database) -> None:
    code = create_prediction(database).code
    with pytest.raises(Refused, match="Bots can't forecast"):
        database.run_here(forecasts.place, create_actor(is_bot=True), code=code, values=(0.7,), now=NOW)


def test_an_overlong_reason_stores_nothing(database: Database) -> None:
    code, ada = create_prediction(database).code, create_actor()
    with pytest.raises(Refused, match="4,000 characters"):
        database.run_here(forecasts.place, ada, code=code, values=(0.7,), reason="x" * 4000, now=NOW)
    with database.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Forecast)) == 0


async def test_clicks_at_the_same_moment_leave_one_standing_forecast_each(database: Database) -> None:
    import asyncio

    code = create_prediction(database).code
    members = [create_actor(f"member {number}") for number in range(10)]
    clicks = [
        database.run(forecasts.place, member, code=code, values=(chance / 10,), now=NOW)
        for member in members
        for chance in (1, 5, 9)
    ]
    await asyncio.gather(*clicks)
    with database.engine.connect() as connection:
        standing = connection.execute(select(Forecast.member_id).where(Forecast.ended_at.is_(None))).all()
        assert connection.scalar(select(func.count()).select_from(Forecast)) == 30
        assert connection.scalar(select(Prediction.forecasters)) == 10
    assert len(standing) == len(set(standing)) == 10


def test_the_authors_forecast_is_no_part_of_the_crowd(database: Database) -> None:
    load(database, create_document({"probability": 0.9}))
    placed = database.run_here(forecasts.place, create_actor(), code=1, values=(0.2,), now=NOW)
    assert placed.view.author_values == (0.9,)
    assert placed.view.forecasters == 1
    assert placed.view.crowd is not None
    assert placed.view.crowd.values == (0.2,)
