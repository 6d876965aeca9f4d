"""The stored crowd against the crowd computed anew, whatever members do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from bot.domain.aggregation import Crowd, crowd_history, crowd_of
from bot.domain.errors import UserError
from bot.domain.timelines import Forecasts, timeline_of
from bot.domain.types import Kind, Values
from bot.services.forecasting import forecasts
from bot.services.forecasting.placing import PlacedForecast
from bot.services.predictions import editing
from bot.services.predictions.views import prediction_views
from db import queries
from db.database import Database
from db.models import CrowdPoint, Forecast, Member
from tests.factories import GUILD, NOW, create_actor, create_prediction
from tests.properties import examples
from tests.rows import count, counted_statements, empty, rows

PEOPLE = [create_actor(f"member {number}") for number in range(6)]
KINDS = [Kind.BINARY, Kind.MULTIPLE_CHOICE, Kind.NUMERIC]


def answer(kind: Kind, share: float) -> Values:
    """A forecast of this kind."""
    match kind:
        case Kind.BINARY:
            return (share,)
        case Kind.MULTIPLE_CHOICE:
            return (share, (1 - share) / 2, 1 - share - (1 - share) / 2)
        case _:
            return (share, 2 * share, 3 * share)


shares = st.one_of(st.sampled_from([0.0, 0.001, 0.5, 1.0]), st.floats(0, 1))
people = st.integers(0, len(PEOPLE) - 1)
actions = st.one_of(
    st.tuples(st.just("place"), people, shares),
    st.tuples(st.just("place"), people, shares),
    st.tuples(st.just("reaffirm"), people, st.just(0.0)),
    st.tuples(st.just("withdraw"), people, st.just(0.0)),
    st.tuples(st.just("undo"), people, st.just(0.0)),
    st.tuples(st.just("forget"), people, st.just(0.0)),
    st.tuples(st.just("wait"), st.integers(1, 3), st.just(0.0)),
)


def test_the_stored_crowd_is_that_of_the_standing_forecasts_to_the_bit(database: Database) -> None:
    @settings(
        max_examples=examples(60, database),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(st.sampled_from(KINDS), st.lists(actions, min_size=3, max_size=30))
    def act(kind: Kind, steps: list[tuple[str, int, float]]) -> None:
        empty(database)
        view = create_prediction(database, kind=kind)
        now, latest = NOW, dict[int, int]()
        for name, who, share in steps:
            note(f"{name} {who} {share}")
            given: dict[str, Any] = {"code": view.code, "now": now}
            try:
                match name:
                    case "wait":
                        now += timedelta(seconds=who)
                    case "forget":
                        forget(database, PEOPLE[who].user_id)
                    case "place":
                        placed = database.run_here(forecasts.place, PEOPLE[who], values=answer(kind, share), **given)
                        latest[who] = placed.forecast_id
                    case "undo":
                        undone = database.run_here(forecasts.undo, PEOPLE[who], forecast_id=latest.get(who, 0), now=now)
                        latest[who] = undone.forecast_id if isinstance(undone, PlacedForecast) else 0
                    case _:
                        database.run_here(getattr(forecasts, name), PEOPLE[who], **given)
            except UserError as error:
                note(f"  refused: {error}")
            check(database, kind, view.id)

    act()


def forget(database: Database, user_id: int) -> None:
    """Take a member's name away, and leave the forecasts to the crowd."""
    with database.engine.begin() as connection:
        gone = update(Member).where(Member.user_id == user_id)
        connection.execute(gone.values(user_id=None, name=None, forgotten_at=NOW))


def check(database: Database, kind: Kind, prediction_id: int) -> None:
    """The last point is the crowd of who stands, and all of them the history of who ever stood."""
    standing = database.read_here(queries.standing_values, prediction_id)
    wanted = crowd_of(kind, np.array(standing, dtype=np.float64))
    columns = (CrowdPoint.at, CrowdPoint.members, CrowdPoint.values.label("numbers"), CrowdPoint.lower, CrowdPoint.upper)
    points = rows(database, select(*columns).order_by(CrowdPoint.at))
    stored = [Crowd(members, *map(tuple, crowd)) for _, members, *crowd in points]
    assert (stored[-1] if stored and stored[-1].members else None) == wanted
    told = rows(
        database,
        select(Forecast.member_id, Forecast.created_at, Forecast.ended_at, Forecast.values.label("numbers")).where(
            Forecast.prediction_id == prediction_id
        ),
    )
    if not told:
        return
    arrays = Forecasts(
        np.array([row[0] for row in told]),
        np.array([row[1].timestamp() for row in told]),
        np.array([np.inf if row[2] is None else row[2].timestamp() for row in told]),
        np.array([row[3] for row in told], dtype=np.float64),
    )
    history = crowd_history(kind, timeline_of(arrays, opens_at=-np.inf, closed_at=np.inf))
    lasting = {time: at for at, time in enumerate(history.times.tolist())}
    for (moment, *_), crowd in zip(points, stored, strict=True):
        if (at := lasting.get(moment.timestamp())) is None:
            continue  # what was said and taken back at one moment changed nothing
        assert crowd.members == history.members[at]
        if crowd.members:
            numbers = (history.values[at], history.lower[at], history.upper[at])
            assert crowd == Crowd(crowd.members, *(tuple(array.tolist()) for array in numbers))


def test_a_clock_that_stands_behind_leaves_the_newest_crowd_the_latest(database: Database) -> None:
    view, (ada, bob, *_) = create_prediction(database), PEOPLE
    database.run_here(forecasts.place, ada, code=view.code, values=(0.2,), now=NOW + timedelta(seconds=2))
    placed = database.run_here(forecasts.place, bob, code=view.code, values=(0.6,), now=NOW + timedelta(seconds=1))
    assert placed.view.crowd is not None
    assert (placed.view.forecasters, placed.view.crowd.values) == (2, (0.4,))


def test_forecasts_of_one_moment_weigh_in_the_order_of_members(database: Database) -> None:
    view = create_prediction(database)
    for share, actor in zip((0.1, 0.5, 0.9), reversed(PEOPLE[:3]), strict=True):
        database.run_here(forecasts.place, actor, code=view.code, values=(0.3,), now=NOW)
        database.run_here(forecasts.place, actor, code=view.code, values=(share,), now=NOW + timedelta(hours=1))
    before = database.read_here(editing.show, PEOPLE[0], code=view.code, now=NOW).crowd
    with database.engine.begin() as connection:  # the same rows, loaded in another order
        there = connection.execute(select(Forecast.__table__)).mappings().all()
        connection.execute(delete(Forecast))
        connection.execute(insert(Forecast), [dict(row) | {"id": 100 - row["id"]} for row in there])
    standing = np.array(database.read_here(queries.standing_values, view.id))
    assert crowd_of(Kind.BINARY, standing) == before


@pytest.mark.parametrize("predictions_shown", [1, 5])
def test_views_take_the_same_statements_and_read_no_history(database: Database, predictions_shown: int) -> None:
    views = [create_prediction(database) for _ in range(predictions_shown)]
    for view in views:
        for hour in range(3):
            for actor in PEOPLE:
                now = NOW + timedelta(hours=hour)
                database.run_here(forecasts.place, actor, code=view.code, values=(0.1 * hour,), now=now)
    with counted_statements(database) as statements:
        given: dict[str, Any] = {"guild_id": GUILD, "member_id": None, "now": NOW + timedelta(days=31)}
        shown = database.read_here(prediction_views, prediction_ids=[view.id for view in views], **given)
    assert len([statement for statement in statements if statement.lstrip().startswith("SELECT")]) == 5
    assert all(view.crowd is not None and view.crowd.members == len(PEOPLE) for view in shown)
    assert count(database, CrowdPoint) == predictions_shown * 3
