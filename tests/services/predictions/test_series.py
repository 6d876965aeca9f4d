"""Adding a series: all of it or nothing, within the limits of what's added by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain.errors import NotAManager, Refused
from bot.domain.types import Kind
from bot.services.predictions import series
from bot.services.predictions.series import NewSeries
from bot.services.settings import changing
from bot.services.voting import resolutions
from db.database import Database
from db.models import OutboxMessage, Prediction, PredictionOption, PredictionTag
from tests.factories import NOW, OTHER_GUILD, create_actor
from tests.rows import count, rows, values

NEW = NewSeries(
    "It rains by the end of {month}",
    datetime(2026, 3, 1, tzinfo=UTC),
    datetime(2026, 12, 31, tzinfo=UTC),
    "As {month} was",
    tags=("rain",),
)


def test_a_series_is_one_prediction_for_each_month_with_one_card_for_now(database: Database) -> None:
    manager = create_actor("mona", manager=True)
    database.run_here(changing.change_guild_settings, manager, changes={"post_channel_id": 77}, now=NOW)
    added = database.run_here(series.add, manager, new=NEW, now=NOW).added
    assert [one.view.code for one in added] == list(range(1, 11))
    stored = rows(
        database, select(Prediction.statement, Prediction.criteria, Prediction.resolves_at).order_by(Prediction.code)
    )
    assert stored[0] == ("It rains by the end of March 2026", "As March 2026 was", datetime(2026, 4, 1, tzinfo=UTC))
    assert stored[-1] == ("It rains by the end of December 2026", "As December 2026 was", datetime(2027, 1, 1, tzinfo=UTC))
    assert count(database, PredictionTag) == 10
    cards = values(database, select(OutboxMessage.payload).where(OutboxMessage.kind == "post_card"))
    assert [card["prediction_id"] for card in cards] == [added[0].view.id]


def test_what_goes_over_a_limit_adds_none_of_a_series(database: Database) -> None:
    ada = create_actor("ada")
    for what in ("rains", "hails", "snows", "thaws", "thunders"):
        database.run_here(series.add, ada, new=replace(NEW, statement=f"It {what} in {{month}}"), now=NOW)
    assert count(database, Prediction) == 50
    with pytest.raises(Refused, match="You've added 50 predictions in 1 day"):
        database.run_here(series.add, ada, new=NEW, now=NOW)
    later = NOW + timedelta(days=2)
    with pytest.raises(Refused, match="31 Jan 2026 is already over"):
        database.run_here(
            series.add, ada, new=NewSeries("In {month}", datetime(2026, 1, 1, tzinfo=UTC), NEW.last), now=later
        )
    assert count(database, Prediction) == 50


def test_members_add_series_only_where_they_may_add(database: Database) -> None:
    manager, ada = create_actor("mona", manager=True), create_actor("ada")
    database.run_here(changing.change_guild_settings, manager, changes={"members_may_add": False}, now=NOW)
    with pytest.raises(NotAManager):
        database.run_here(series.add, ada, new=NEW, now=NOW)
    database.run_here(
        changing.change_guild_settings, manager, changes={"members_may_add": True, "approves_added": True}, now=NOW
    )
    added = database.run_here(series.add, ada, new=NEW, now=NOW).added
    assert all(one.is_draft for one in added)


def test_options_are_filled_in_for_each(database: Database) -> None:
    new = replace(NEW, last=datetime(2026, 4, 1, tzinfo=UTC), kind=Kind.MULTIPLE_CHOICE, options=("A in {month}", "B"))
    database.run_here(series.add, create_actor("ada"), new=new, now=NOW)
    names = select(PredictionOption.name).order_by(PredictionOption.prediction_id, PredictionOption.position)
    assert values(database, names) == ["A in March 2026", "B", "A in April 2026", "B"]


def test_what_is_there_word_for_word_is_left_out_of_a_series(database: Database) -> None:
    manager, ada, bob = create_actor("mona", manager=True), create_actor("ada"), create_actor("bob")
    short = replace(NEW, last=datetime(2026, 4, 1, tzinfo=UTC))
    database.run_here(series.add, ada, new=short, now=NOW)
    done = database.run_here(series.add, bob, new=replace(short, last=datetime(2026, 5, 1, tzinfo=UTC)), now=NOW)
    assert [one.view.code for one in done.added] == [3]
    assert done.there == (("It rains by the end of March 2026", 1), ("It rains by the end of April 2026", 2))
    with pytest.raises(Refused, match="All of these are there already: #1 and #2"):
        database.run_here(series.add, ada, new=short, now=NOW)
    other = create_actor("omar", guild_id=OTHER_GUILD)
    assert len(database.run_here(series.add, other, new=short, now=NOW).added) == 2
    database.run_here(resolutions.override, manager, code=1, outcome="annulled", words="Unclear.", now=NOW)
    assert [one.view.statement for one in database.run_here(series.add, ada, new=short, now=NOW).added] == [
        "It rains by the end of March 2026"
    ]


def test_drafts_of_others_are_not_given_away_by_a_series(database: Database) -> None:
    manager, ada, bob = create_actor("mona", manager=True), create_actor("ada"), create_actor("bob")
    database.run_here(changing.change_guild_settings, manager, changes={"approves_added": True}, now=NOW)
    short = replace(NEW, last=datetime(2026, 4, 1, tzinfo=UTC))
    database.run_here(series.add, ada, new=short, now=NOW)
    for actor in (ada, manager):
        with pytest.raises(Refused, match="All of these are there already"):
            database.run_here(series.add, actor, new=short, now=NOW)
    assert len(database.run_here(series.add, bob, new=short, now=NOW).added) == 2
