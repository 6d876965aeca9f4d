"""What charts are made of: the crowd at every change, one's own line, and nothing of others while they are hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.aggregation import Crowd
from bot.domain.errors import NotFound, Refused
from bot.domain.outcomes import YES, Outcome
from bot.domain.types import Actor, Kind
from bot.services.forecasting import forecasts, histories
from bot.services.forecasting.histories import PredictionHistory
from bot.services.settings import changing
from bot.ui.cards.charts import CHARTS
from bot.ui.charts.data import HistoryChart, SpreadChart
from bot.ui.charts.pictures import draw
from db.database import Database
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_document, create_prediction, load
from tests.rows import counted_statements
from tests.services.scoring.scored import place, resolve

DAY = timedelta(days=1)
KINDS = {
    Kind.BINARY: ((0.3,), (0.6,), (0.9,)),
    Kind.MULTIPLE_CHOICE: ((0.5, 0.3, 0.2), (0.1, 0.8, 0.1), (0.2, 0.2, 0.6)),
    Kind.NUMERIC: ((1.0, 2.0, 3.0), (10.0, 20.0, 30.0), (5.0, 6.0, 7.0)),
    Kind.DATE: ((20600.0, 20610.0, 20620.0), (20700.0, 20710.0, 20720.0), (20650.0, 20660.0, 20670.0)),
}


def look(database: Database, actor: Actor, code: int = 1, *, days: float = 9) -> PredictionHistory:
    return database.read_here(histories.show_history, actor, code=code, now=NOW + days * DAY)


def look_publicly(database: Database, code: int = 1, *, days: float = 9) -> PredictionHistory:
    return database.read_here(histories.show_public_history, guild_id=GUILD, code=code, now=NOW + days * DAY)


def test_the_crowd_has_a_step_at_every_change(database: Database) -> None:
    code, ada, bob = create_prediction(database).code, create_actor(), create_actor("bob")
    place(database, ada, code, (0.2,), NOW + DAY)
    place(database, bob, code, (0.6,), NOW + 2 * DAY)
    database.run_here(forecasts.withdraw, ada, code=code, now=NOW + 3 * DAY)
    assert look(database, bob).crowd == (
        (NOW + DAY, Crowd(1, (0.2,), (0.2,), (0.2,))),
        (NOW + 2 * DAY, Crowd(2, (0.4,), (0.2,), (0.6,))),
        (NOW + 3 * DAY, Crowd(1, (0.6,), (0.6,), (0.6,))),
    )
    database.run_here(forecasts.withdraw, bob, code=code, now=NOW + 4 * DAY)
    crowd = look(database, bob, days=31).crowd
    assert crowd is not None
    assert crowd[-1] == (NOW + 4 * DAY, None)


def test_the_last_step_is_the_crowd_of_the_card(database: Database) -> None:
    for code, (kind, said) in enumerate(KINDS.items(), 1):
        create_prediction(database, kind=kind)
        actors = [create_actor() for _ in said]
        for hours, (actor, values) in enumerate(zip(actors, said, strict=True)):
            place(database, actor, code, values, NOW + timedelta(hours=hours))
        found = look(database, actors[0], code)
        assert found.crowd is not None
        assert found.crowd[-1][1] == found.view.crowd
        assert found.forecasts == tuple(sorted(said))


def test_ones_own_line_has_every_forecast_and_ends_where_it_was_withdrawn(database: Database) -> None:
    code, ada = create_prediction(database).code, create_actor()
    place(database, ada, code, (0.2,), NOW + DAY)
    place(database, ada, code, (0.5,), NOW + 2 * DAY)
    database.run_here(forecasts.withdraw, ada, code=code, now=NOW + 3 * DAY)
    place(database, ada, code, (0.7,), NOW + 4 * DAY)
    place(database, ada, code, (0.8,), NOW + 4 * DAY)  # within the same moment: it stood for no time at all
    assert look(database, ada).own == (
        (NOW + DAY, (0.2,)),
        (NOW + 2 * DAY, (0.5,)),
        (NOW + 3 * DAY, None),
        (NOW + 4 * DAY, (0.8,)),
    )


def test_who_may_not_see_the_crowd_has_only_their_own_past(database: Database) -> None:
    code, ada, bob = create_prediction(database).code, create_actor(), create_actor("bob")
    place(database, ada, code, (0.2,), NOW + DAY)
    place(database, bob, code, (0.6,), NOW + DAY)
    database.run_here(forecasts.withdraw, bob, code=code, now=NOW + 2 * DAY)
    found = look(database, bob)
    assert (found.crowd, found.forecasts, found.view.crowd) == (None, None, None)
    assert found.own == ((NOW + DAY, (0.6,)), (NOW + 2 * DAY, None))


def test_a_crowd_that_has_gone_stays_hidden(database: Database) -> None:
    code, ada, bob = create_prediction(database).code, create_actor(), create_actor("bob")
    place(database, ada, code, (0.2,), NOW + DAY)
    database.run_here(forecasts.withdraw, ada, code=code, now=NOW + 2 * DAY)
    assert look(database, bob).crowd is None
    with pytest.raises(Refused, match="can't see its crowd yet"):
        look_publicly(database, code)


@pytest.mark.parametrize("kind", Kind)
def test_to_the_blind_two_different_crowds_are_the_same_picture(database: Database, kind: Kind) -> None:
    """In numbers, in how many there were, and in when they came; with and without a forecast that one has withdrawn."""
    bob, lines = create_actor("bob"), KINDS[kind]
    crowds = (
        [(create_actor(), lines[0], NOW + DAY)],
        [(create_actor(), lines[1], NOW + 2 * DAY), (create_actor(), lines[2], NOW + 5 * DAY)],
    )
    pictures: list[set[tuple[bytes, str]]] = [set(), set()]
    for has_withdrawn in (0, 1):
        for crowd in crowds:
            code = create_prediction(database, kind=kind).code
            if has_withdrawn:
                place(database, bob, code, lines[0], NOW + 3 * DAY)
                database.run_here(forecasts.withdraw, bob, code=code, now=NOW + 4 * DAY)
            for actor, values, at in crowd:
                place(database, actor, code, values, at)
            found = look(database, bob, code)
            assert found.view.forecasters == len(crowd)
            for make in CHARTS.values():
                chart = make(found, now=NOW + 9 * DAY)
                picture = draw(_as_code_1(chart))
                pictures[has_withdrawn].add((picture.png, picture.alt))
    assert [len(found) for found in pictures] == [2, 2]  # one over time, one of the current forecasts


def test_the_authors_number_is_missing_where_the_guild_hides_it(database: Database) -> None:
    load(database, create_document({"statement": "It rains", "probability": 0.637}))
    bob, manager = create_actor("bob"), create_actor(manager=True)
    assert [make(look(database, bob), now=NOW).author for make in CHARTS.values()] == [(0.637,), (0.637,)]
    database.run_here(changing.change_guild_settings, manager, changes={"hides_author": True}, now=NOW)
    assert [make(look(database, bob), now=NOW).author for make in CHARTS.values()] == [None, None]
    place(database, bob, 1, (0.5,), NOW)
    assert [make(look(database, bob), now=NOW).author for make in CHARTS.values()] == [(0.637,), (0.637,)]
    assert "63.7" not in str(look(database, create_actor()))


def test_a_public_chart_has_nobodys_own_line_and_waits_until_all_may_see(database: Database) -> None:
    ada = create_actor()
    code = create_prediction(database, by=ada).code
    place(database, ada, code, (0.2,), NOW)
    with pytest.raises(Refused, match=r"Members who haven't forecast on #1 can't see its crowd yet"):
        look_publicly(database, code)
    resolve(database, code, Outcome(YES), guild_id=GUILD, now=NOW + 8 * DAY)
    found = look_publicly(database, code)
    assert found.crowd
    assert found.own == ()
    assert found.view.own is None


def test_a_public_chart_of_nothing_is_refused(database: Database) -> None:
    code = create_prediction(database).code
    with pytest.raises(Refused, match="Nobody has forecast on #1"):
        look_publicly(database, code, days=31)


def test_another_guilds_prediction_has_no_chart_here(database: Database) -> None:
    create_prediction(database, by=create_actor(guild_id=OTHER_GUILD, manager=True))
    with pytest.raises(NotFound):
        look(database, create_actor())
    with pytest.raises(NotFound):
        look_publicly(database)


def test_dates_are_told_in_the_readers_zone(database: Database) -> None:
    code, ada = create_prediction(database).code, create_actor()
    database.run_here(changing.change_own_settings, ada, changes={"zone": "Asia/Tokyo"}, now=NOW)
    assert look(database, ada, code).zone.key == "Asia/Tokyo"
    assert look(database, create_actor(), code).zone.key == "UTC"


def test_a_long_history_takes_no_more_statements_than_a_short_one(database: Database) -> None:
    code, ada = create_prediction(database).code, create_actor()
    place(database, ada, code, (0.2,), NOW)
    with counted_statements(database) as few:
        look(database, ada, code)
    for hour in range(30):
        place(database, create_actor(), code, (0.3,), NOW + timedelta(hours=hour))
    with counted_statements(database) as many:
        look(database, ada, code)
    assert len(many) == len(few)


def _as_code_1(chart: HistoryChart | SpreadChart) -> HistoryChart | SpreadChart:
    """The same without the code, in which they must differ."""
    return replace(chart, subject=replace(chart.subject, code=1))
