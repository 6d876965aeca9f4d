from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.domain.types import Actor, Kind, State
from bot.services.exporting import calendar
from bot.services.exporting.calendar import MAX_PREDICTIONS, CalendarDates, CalendarScope
from bot.services.forecasting import forecasts
from bot.services.homes import card_homes
from bot.services.homes.card_homes import CardHome
from bot.services.predictions import editing
from bot.services.predictions.editing import PredictionChanges
from db.database import Database
from db.models import Member, PostedCard, Prediction, Reminder
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_document, create_prediction, load
from tests.rows import counted_statements, values

SOON = NOW + timedelta(days=30)
WAITING = {State.OPEN, State.CLOSED, State.VOTING, State.PROVISIONAL, State.REOPENED}


def dates(
    database: Database,
    actor: Actor | None = None,
    *,
    whose: CalendarScope = CalendarScope.SERVER,
    now: datetime = NOW,
    **narrow: str,
) -> CalendarDates:
    return database.read_here(calendar.list_dates, actor or create_actor(), whose=whose, now=now, **narrow)


def codes(found: CalendarDates) -> list[int]:
    return [prediction.code for prediction in found.predictions]


def forecast(database: Database, actor: Actor, code: int = 1, numbers: tuple[float, ...] = (0.5,)) -> None:
    database.run_here(forecasts.place, actor, code=code, values=numbers, now=NOW)


def create_reminder(database: Database, actor: Actor, code: int = 1, **given: Any) -> None:
    where = (Prediction.guild_id == actor.guild_id, Prediction.code == code)
    (prediction_id,) = values(database, select(Prediction.id).where(*where))
    (member_id,) = values(
        database, select(Member.id).where(Member.guild_id == actor.guild_id, Member.user_id == actor.user_id)
    )
    row = {"prediction_id": prediction_id, "member_id": member_id, "due_at": SOON, "at_home": False, "created_at": NOW}
    with database.engine.begin() as connection:
        connection.execute(insert(Reminder).values(row | given))


# The server's


@pytest.mark.parametrize("state", State)
def test_the_servers_dates_are_those_of_what_is_still_to_be_settled(database: Database, state: State) -> None:
    create_prediction(database)
    with database.engine.begin() as connection:
        connection.execute(update(Prediction).values(state=state))
    found = dates(database)
    assert codes(found) == ([1] if state in WAITING else [])
    assert [prediction.state for prediction in found.predictions] == ([state] if state in WAITING else [])


def test_a_prediction_without_any_date_has_none(database: Database) -> None:
    load(database, create_document({}, {"window": {"end": "2026-12-31"}}))
    assert codes(dates(database)) == [2]
    manager, closes_at = create_actor(manager=True), NOW + timedelta(days=5)
    database.run_here(editing.edit, manager, code=1, changes=PredictionChanges(closes_at=closes_at), now=NOW)
    found = dates(database)
    assert [(dated.code, dated.closes_at, dated.resolves_at is None) for dated in found.predictions][-1] == (
        1,
        closes_at,
        True,
    )


def test_the_dates_of_other_guilds_are_not_in(database: Database) -> None:
    create_prediction(database, by=create_actor(guild_id=OTHER_GUILD), statement="Theirs")
    create_prediction(database, statement="Ours")
    found = dates(database)
    assert [prediction.statement for prediction in found.predictions] == ["Ours"]
    assert found.guild_id == GUILD


def test_the_soonest_date_is_first(database: Database) -> None:
    for days in (30, 10, 20):
        create_prediction(database, resolves_at=NOW + timedelta(days=days))
    assert codes(dates(database)) == [2, 3, 1]


def test_a_prediction_comes_with_its_words_and_dates(database: Database) -> None:
    closes_at = NOW + timedelta(days=7)
    create_prediction(
        database,
        statement="Who leads?",
        criteria="The ranking",
        kind=Kind.MULTIPLE_CHOICE,
        tags=("models", "ai"),
        closes_at=closes_at,
    )
    (found,) = dates(database).predictions
    assert (found.statement, found.criteria, found.kind) == ("Who leads?", "The ranking", Kind.MULTIPLE_CHOICE)
    assert (found.options, found.tags) == (("OpenAI", "Google", "Anthropic"), ("ai", "models"))
    assert (found.closes_at, found.resolves_at) == (closes_at, SOON)


def test_what_takes_no_more_forecasts_is_closed_before_the_sweep_has_been_there(database: Database) -> None:
    create_prediction(database)
    assert [dated.state for dated in dates(database, now=SOON).predictions] == [State.CLOSED]


def test_dates_can_be_narrowed_by_tag_and_pack(database: Database) -> None:
    create_prediction(database, tags=("ai",))
    load(database, create_document({"tags": ["ai"], "window": {"end": "2026-12-31"}}, {"window": {"end": "2026-12-31"}}))
    assert codes(dates(database, tag="AI")) == [1, 2]
    assert codes(dates(database, pack="pack")) == [2, 3]
    assert codes(dates(database, tag="ai", pack="Pack ")) == [2]
    assert codes(dates(database, tag="unknown")) == codes(dates(database, pack="unknown")) == []


def test_the_link_is_to_the_card_at_home(database: Database) -> None:
    ids = [create_prediction(database).id for _ in range(3)]
    for message_id, prediction_id in enumerate([ids[0], ids[0], ids[1]], 100):
        database.run_here(card_homes.note_card, prediction_id=prediction_id, channel_id=7, message_id=message_id, now=NOW)
    homes = [dated.home for dated in dates(database).predictions]
    assert [home and home.message_id for home in homes] == [100, 102, None]
    with database.engine.begin() as connection:
        connection.execute(update(PostedCard).where(PostedCard.prediction_id == ids[0]).values(lost_at=NOW))
    assert [dated.home is None for dated in dates(database).predictions] == [True, False, True]


def test_no_number_is_in_the_servers_dates_not_even_ones_own(database: Database) -> None:
    ada = create_actor()
    load(database, create_document({"probability": 0.637, "window": {"end": "2026-12-31"}, "verbal": "about 63.7 %"}))
    forecast(database, ada, numbers=(0.637,))
    (found,) = dates(database, ada).predictions
    assert found.own is None
    assert "63" not in repr(found)


def test_a_calendar_is_cut_after_the_soonest(database: Database) -> None:
    create_prediction(database, resolves_at=SOON)
    with database.engine.begin() as connection:
        ours = dict(connection.execute(select(Prediction)).mappings().one())
        del ours["id"]
        many = [
            ours | {"code": code, "resolves_at": SOON + timedelta(minutes=code)} for code in range(2, MAX_PREDICTIONS + 1)
        ]
        connection.execute(insert(Prediction), many)
    whole = dates(database)
    assert (codes(whole), whole.is_cut) == (list(range(1, MAX_PREDICTIONS + 1)), False)
    with database.engine.begin() as connection:
        connection.execute(insert(Prediction).values(ours | {"code": MAX_PREDICTIONS + 1}))
    cut = dates(database)
    assert (codes(cut), cut.is_cut) == ([1, MAX_PREDICTIONS + 1, *range(2, MAX_PREDICTIONS)], True)


# The member's own


def test_ones_own_dates_are_of_ones_standing_forecasts_with_what_one_said(database: Database) -> None:
    ada, bob = create_actor("ada"), create_actor("bob")
    for _ in range(4):
        create_prediction(database)
    for code, numbers in ((1, (0.7,)), (2, (0.2,)), (3, (0.4,))):
        forecast(database, ada, code, numbers)
    forecast(database, ada, 1, (0.8,))
    forecast(database, bob, 1, (0.1,))
    forecast(database, bob, 4, (0.3,))
    database.run_here(forecasts.withdraw, ada, code=2, now=NOW)
    found = dates(database, ada, whose=CalendarScope.MINE)
    assert [(dated.code, dated.own) for dated in found.predictions] == [(1, (0.8,)), (3, (0.4,))]


def test_what_is_settled_is_in_nobodys_own_dates(database: Database) -> None:
    ada = create_actor()
    create_prediction(database)
    forecast(database, ada)
    with database.engine.begin() as connection:
        connection.execute(update(Prediction).values(state=State.RESOLVED))
    assert codes(dates(database, ada, whose=CalendarScope.MINE)) == []


def test_who_never_did_anything_has_no_dates_of_their_own(database: Database) -> None:
    create_prediction(database)
    forecast(database, create_actor())
    found = dates(database, create_actor(), whose=CalendarScope.MINE)
    assert (found.predictions, found.reminders, found.is_cut) == ((), (), False)


def test_ones_open_reminders_are_in_ones_own_dates(database: Database) -> None:
    ada, bob = create_actor("ada"), create_actor("bob")
    elsewhere = Actor(guild_id=OTHER_GUILD, user_id=ada.user_id, name="ada")
    view = create_prediction(database, by=ada, statement="Not forecast by Ada")
    create_prediction(database, by=bob)
    create_prediction(database, by=elsewhere)
    database.run_here(card_homes.note_card, prediction_id=view.id, channel_id=7, message_id=8, now=NOW)
    create_reminder(database, ada, due_at=SOON)
    create_reminder(database, ada, code=2, due_at=NOW + timedelta(hours=1))
    create_reminder(database, ada, closed_at=NOW)
    create_reminder(database, bob)
    create_reminder(database, elsewhere)
    found = dates(database, ada, whose=CalendarScope.MINE)
    assert codes(found) == []
    assert [(reminder.code, reminder.due_at) for reminder in found.reminders] == [(2, NOW + timedelta(hours=1)), (1, SOON)]
    first, second = found.reminders
    assert (second.statement, second.home) == ("Not forecast by Ada", CardHome(1, 7, 8))
    assert first.home is None
    assert dates(database, ada).reminders == ()


def test_ones_reminders_are_narrowed_as_well(database: Database) -> None:
    ada = create_actor()
    create_prediction(database, by=ada, tags=("ai",))
    create_prediction(database, by=ada)
    for code in (1, 2):
        create_reminder(database, ada, code=code)
    assert [reminder.code for reminder in dates(database, ada, whose=CalendarScope.MINE, tag="ai").reminders] == [1]


@pytest.mark.parametrize("whose", CalendarScope)
def test_the_number_of_statements_does_not_depend_on_the_rows(database: Database, whose: CalendarScope) -> None:
    ada = create_actor()
    counts: list[int] = []
    for there in (1, 6):
        for _ in range(there - len(counts)):
            view = create_prediction(database, by=ada, tags=("ai", "labs"))
            forecast(database, ada, view.code)
            create_reminder(database, ada, view.code)
            noted = {"prediction_id": view.id, "now": NOW}
            database.run_here(card_homes.note_card, channel_id=7, message_id=100 + view.id, **noted)
        with counted_statements(database) as statements:
            found = dates(database, ada, whose=whose)
        assert len(found.predictions) == there
        assert len(found.reminders) == (there if whose is CalendarScope.MINE else 0)
        counts.append(len([statement for statement in statements if statement.startswith("SELECT")]))
    assert counts == ([7, 7] if whose is CalendarScope.MINE else [5, 5])
