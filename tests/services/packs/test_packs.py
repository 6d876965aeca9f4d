from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.domain.errors import NotAManager, Refused
from bot.domain.types import Actor, Kind, State
from bot.services.forecasting import forecasts
from bot.services.members import guilds
from bot.services.outbox import MessageKind
from bot.services.packs import library
from bot.services.packs.library import PackChange
from bot.services.predictions import editing
from bot.services.predictions.editing import PredictionChanges
from bot.services.settings import changing
from db.database import Database
from db.models import Adoption, Event, Forecast, OutboxMessage, Prediction, PredictionRevision
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_document, load
from tests.rows import count, everything, rows, values

LATER = NOW + timedelta(days=1)
END = {"window": {"end": "2026-12-31"}}
OVER = datetime(2027, 1, 1, tzinfo=UTC)


def changes(report: library.PackReport) -> list[tuple[str, str]]:
    return [(line.id, line.change.value) for line in report.lines]


def states(database: Database) -> list[tuple[str, str]]:
    found = rows(database, select(Prediction.key, Prediction.state).order_by(Prediction.code))
    return [(key, state.value) for key, state in found]


def forecast(database: Database, code: int, *values: float, actor: Actor | None = None, now: datetime = NOW) -> Actor:
    actor = actor or create_actor()
    database.run_here(forecasts.place, actor, code=code, values=values or (0.6,), now=now)
    return actor


def messages(database: Database) -> list[tuple[str, dict[str, Any]]]:
    return rows(database, select(OutboxMessage.kind, OutboxMessage.payload).order_by(OutboxMessage.id))


def events(database: Database) -> list[str]:
    return values(database, select(Event.kind).order_by(Event.id))


# Loading


def test_a_first_load_creates_everything_and_gives_codes_in_the_files_order(database: Database) -> None:
    report = load(database, create_document({}, {}, {}))
    assert changes(report) == [("p1", "created"), ("p2", "created"), ("p3", "created")]
    assert [line.code for line in report.lines] == [1, 2, 3]
    assert states(database) == [("p1", "open"), ("p2", "open"), ("p3", "open")]


def test_loading_the_same_again_changes_no_row_at_all(database: Database) -> None:
    document = create_document(
        {"probability": 0.7, "tags": ["ai"], "verbal": "likely", **END},
        {"kind": "multiple_choice", "options": [{"name": "A", "probability": 0.2}, {"name": "B", "probability": 0.79}]},
        {"kind": "numeric", "numeric": {"unit": "USD", "p10": 1, "p50": 2, "p90": 3}},
        {"kind": "date", "parent": "p1", "relation": "conditional", "criteria": "Only with [[p1]]."},
        {"window": {"end": "2020-12-31"}},
    )
    load(database, document)
    before = everything(database)
    again = load(database, document, now=LATER)
    assert again.count(PackChange.UNCHANGED) == len(again.lines) == 5
    assert everything(database) == before


def test_without_a_guild_a_load_fills_the_library_only(database: Database) -> None:
    first = load(database, create_document({}, {}), guild_id=None)
    second = load(database, create_document({}, {"statement": "Another"}, {}), guild_id=None)
    third = load(database, create_document({}), guild_id=None)
    assert changes(first) == [("p1", "created"), ("p2", "created")]
    assert changes(second) == [("p1", "unchanged"), ("p2", "updated"), ("p3", "created")]
    assert changes(third) == [("p1", "unchanged"), ("p2", "withdrawn"), ("p3", "withdrawn")]
    assert (first.guilds, count(database, Prediction)) == (0, 0)


def test_a_load_brings_every_guild_that_adopted_the_pack_up_to_date(database: Database) -> None:
    load(database, create_document({}), guild_id=GUILD)
    load(database, create_document({}), guild_id=OTHER_GUILD)
    report = load(database, create_document({"statement": "New words"}), guild_id=None)
    assert (changes(report), report.guilds) == ([("p1", "updated")], 2)
    assert rows(database, select(Prediction.guild_id, Prediction.statement).order_by(Prediction.guild_id)) == [
        (GUILD, "New words"),
        (OTHER_GUILD, "New words"),
    ]


def test_each_guild_counts_its_own_codes(database: Database) -> None:
    load(database, create_document({}, {}), guild_id=GUILD, slug="first")
    load(database, create_document({}, {}), guild_id=OTHER_GUILD, slug="second")
    load(database, create_document({}), guild_id=GUILD, slug="second")
    codes = rows(database, select(Prediction.guild_id, Prediction.code).order_by(Prediction.guild_id, Prediction.code))
    assert codes == [(GUILD, 1), (GUILD, 2), (GUILD, 3), (OTHER_GUILD, 1), (OTHER_GUILD, 2)]


@pytest.mark.parametrize(
    "change",
    [
        {"statement": "Other words"},
        {"criteria": "Judged so."},
        {"probability": 0.7},
        {"verbal": "likely"},
        {"section": "Elsewhere"},
        {"tags": ["ai"]},
        {"window": {"end": "2026-11-30"}},
        {"window": {"end": "2026-12-31", "end_strict": "2025-12-31"}},
        {"kind": "date"},
        {"kind": "numeric", "numeric": {"unit": "USD"}},
        {"kind": "multiple_choice", "options": [{"name": "A"}, {"name": "B"}]},
        {"parent": "p2", "relation": "requires"},
        {"notes": "A note"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_changes_in_the_file_is_an_update_and_then_unchanged(database: Database, change: dict[str, Any]) -> None:
    load(database, create_document(END, {}))
    updated = load(database, create_document(END | change, {}), now=LATER)
    assert changes(updated) == [("p1", "updated"), ("p2", "unchanged")]
    before = everything(database)
    again = load(database, create_document(END | change, {}), now=LATER)
    assert again.count(PackChange.UNCHANGED) == 2
    assert everything(database) == before
    back = load(database, create_document(END, {}), now=LATER)
    assert changes(back) == [("p1", "updated"), ("p2", "unchanged")]


def test_a_prediction_without_a_date_stays_open(database: Database) -> None:
    load(database, create_document({}))
    assert rows(database, select(Prediction.closes_at, Prediction.resolves_at)) == [(None, None)]


def test_the_last_day_counts_and_the_strict_reading_is_kept_beside_it(database: Database) -> None:
    load(database, create_document({"window": {"end": "2026-12-31", "end_strict": "2025-12-31"}}))
    view = database.read_here(editing.show_publicly, guild_id=GUILD, code=1, now=NOW)
    assert (view.closes_at, view.resolves_at) == (OVER, OVER)
    assert view.strict_resolves_at == datetime(2026, 1, 1, tzinfo=UTC)


def test_what_was_over_before_it_was_loaded_is_loaded_closed(database: Database) -> None:
    load(
        database,
        create_document(
            {"window": {"start": "2025-02-03", "end": "2025-12-31"}}, {"window": {"end": "2026-03-01"}}, date="2024-06"
        ),
    )
    assert states(database) == [("p1", "closed"), ("p2", "open")]
    (row,) = rows(database, select(Prediction.opens_at, Prediction.closed_at).where(Prediction.key == "p1"))
    assert row == (datetime(2025, 2, 3, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))


# Changed words


def test_changed_words_with_forecasts_are_a_clarification_kept_and_announced(database: Database) -> None:
    load(database, create_document({"criteria": "Old criteria"}))
    forecast(database, 1)
    load(database, create_document({"criteria": "New criteria"}), now=LATER)

    (revision,) = rows(
        database,
        select(
            PredictionRevision.number,
            PredictionRevision.statement,
            PredictionRevision.criteria,
            PredictionRevision.replaced_at,
            PredictionRevision.is_clarification,
        ),
    )
    assert revision == (1, "Statement 1 comes true", "Old criteria", LATER, True)
    view = database.read_here(editing.show_publicly, guild_id=GUILD, code=1, now=LATER)
    assert (view.criteria, view.revision, view.forecasters) == ("New criteria", 2, 1)
    assert messages(database) == [("clarification", {"prediction_id": view.id, "number": 1})]
    assert events(database)[-1] == "clarified"


def test_changed_words_without_members_forecasts_are_kept_and_not_announced(database: Database) -> None:
    load(database, create_document({"probability": 0.9}))
    load(database, create_document({"probability": 0.9, "statement": "Better words"}), now=LATER)
    assert values(database, select(PredictionRevision.is_clarification)) == [False]
    assert messages(database) == []
    assert events(database)[-1] == "reworded"


def test_a_forecast_that_was_withdrawn_still_makes_a_change_a_clarification(database: Database) -> None:
    load(database, create_document({}))
    ada = forecast(database, 1)
    database.run_here(forecasts.withdraw, ada, code=1, now=NOW)
    load(database, create_document({"statement": "Other words"}), now=LATER)
    assert values(database, select(PredictionRevision.is_clarification)) == [True]


def test_every_change_of_words_is_a_revision_of_its_own(database: Database) -> None:
    for number in range(3):
        load(database, create_document({"statement": f"Words {number}"}))
    found = rows(database, select(PredictionRevision.number, PredictionRevision.statement).order_by(PredictionRevision.id))
    assert found == [(1, "Words 0"), (2, "Words 1")]
    assert values(database, select(Prediction.revision)) == [3]


def test_words_that_a_manager_changed_stay_until_the_file_changes_them(database: Database) -> None:
    load(database, create_document({"tags": ["ai"]}))
    edited = PredictionChanges(statement="The manager's words", tags=("models",))
    database.run_here(editing.edit, create_actor(manager=True), code=1, changes=edited, now=NOW)
    again = load(database, create_document({"tags": ["ai"]}), now=LATER)
    assert changes(again) == [("p1", "unchanged")]
    view = database.read_here(editing.show_publicly, guild_id=GUILD, code=1, now=LATER)
    assert (view.statement, view.tags) == ("The manager's words", ("models",))

    load(database, create_document({"tags": ["ai"], "statement": "The file's new words"}), now=LATER)
    view = database.read_here(editing.show_publicly, guild_id=GUILD, code=1, now=LATER)
    assert (view.statement, view.tags) == ("The file's new words", ("models",))


def test_a_reference_reads_as_each_guilds_own_code(database: Database) -> None:
    document = create_document({"criteria": "Like [[p2]], not [[p1]]."}, {})
    load(database, create_document({}), slug="earlier")
    load(database, document, guild_id=GUILD)
    load(database, document, guild_id=OTHER_GUILD)
    found = rows(database, select(Prediction.guild_id, Prediction.criteria).where(Prediction.criteria.is_not(None)))
    assert sorted(found) == [(GUILD, "Like #3, not #2."), (OTHER_GUILD, "Like #2, not #1.")]


# Changed dates


def test_a_changed_date_reschedules(database: Database) -> None:
    load(database, create_document(END))
    load(database, create_document({"window": {"end": "2027-06-30"}}), now=LATER)
    moved = datetime(2027, 7, 1, tzinfo=UTC)
    assert rows(database, select(Prediction.closes_at, Prediction.resolves_at)) == [(moved, moved)]
    assert events(database)[-1] == "rescheduled"


def test_a_date_that_a_manager_moved_stays_until_the_file_changes_it(database: Database) -> None:
    load(database, create_document(END))
    moved = datetime(2026, 10, 1, tzinfo=UTC)
    database.run_here(
        editing.edit, create_actor(manager=True), code=1, changes=PredictionChanges(resolves_at=moved), now=NOW
    )
    again = load(database, create_document(END), now=LATER)
    assert changes(again) == [("p1", "unchanged")]
    assert values(database, select(Prediction.resolves_at)) == [moved]
    load(database, create_document({"window": {"end": "2027-06-30"}}), now=LATER)
    assert values(database, select(Prediction.resolves_at)) == [datetime(2027, 7, 1, tzinfo=UTC)]


def test_a_range_that_a_manager_changed_stays_until_the_file_changes_it(database: Database) -> None:
    def file(high: float, **more: Any) -> Any:
        return create_document(
            {"id": "a", "kind": "numeric", "numeric": {"unit": "km"}, "range": {"low": 1, "high": high}, **more}
        )

    def stored() -> list[tuple[float | None, float | None]]:
        return rows(database, select(Prediction.range_low, Prediction.range_high))

    load(database, file(10), guild_id=GUILD)
    assert stored() == [(1, 10)]
    manager = create_actor("mona", manager=True)
    database.run_here(editing.edit, manager, code=1, changes=PredictionChanges(expected="2 to 20"), now=NOW)
    load(database, file(10, tags=["roads"]), guild_id=GUILD)
    assert stored() == [(2, 20)]
    load(database, file(30), guild_id=GUILD)
    assert stored() == [(1, 30)]


def test_a_date_moved_into_the_past_closes_and_back_into_the_future_opens(database: Database) -> None:
    load(database, create_document(END))
    load(database, create_document({"window": {"end": "2026-02-28"}}), now=LATER)
    assert states(database) == [("p1", "closed")]
    load(database, create_document({"window": {"end": "2026-05-31"}}), now=LATER)
    assert states(database) == [("p1", "open")]
    assert values(database, select(Prediction.closed_at)) == [None]


# Changed form


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({}, {"kind": "numeric", "numeric": {"unit": "USD"}}, (0.6,)),
        (
            {"kind": "multiple_choice", "options": [{"name": "A"}, {"name": "B"}]},
            {"kind": "multiple_choice", "options": [{"name": "B"}, {"name": "A"}]},
            (0.6, 0.4),
        ),
    ],
    ids=["kind", "options"],
)
def test_the_form_of_what_has_forecasts_cannot_change_and_nothing_of_the_load_is_stored(
    database: Database, before: dict[str, Any], after: dict[str, Any], said: tuple[float, ...]
) -> None:
    load(database, create_document({"statement": "First"}, before))
    forecast(database, 2, *said)
    stored = everything(database)
    with pytest.raises(Refused, match=r"p2 \(#2\): its kind or options can't change now that members have forecast on it"):
        load(database, create_document({"statement": "Changed"}, after))
    assert everything(database) == stored


def test_options_can_change_while_only_the_author_has_said_something(database: Database) -> None:
    options = [{"name": "A", "probability": 0.5}, {"name": "B", "probability": 0.5}]
    load(database, create_document({"kind": "multiple_choice", "options": options}))
    options = [{"name": "C", "probability": 0.2}, {"name": "A", "probability": 0.3}, {"name": "B", "probability": 0.5}]
    load(database, create_document({"kind": "multiple_choice", "options": options}), now=LATER)
    view = database.read_here(editing.show_publicly, guild_id=GUILD, code=1, now=LATER)
    assert (view.options, view.author_values) == (("C", "A", "B"), (0.2, 0.3, 0.5))


def test_a_parent_is_linked_whatever_the_order_and_can_change(database: Database) -> None:
    load(database, create_document({"parent": "p2", "relation": "conditional"}, {}, {}))
    child = database.read_here(editing.show_publicly, guild_id=GUILD, code=1, now=NOW)
    parent = database.read_here(editing.show_publicly, guild_id=GUILD, code=2, now=NOW)
    assert child.parent is not None
    assert (child.parent.code, child.parent.relation.value) == (2, "conditional")
    assert [item.code for item in parent.children] == [1]

    load(database, create_document({"parent": "p3", "relation": "requires"}, {}, {}))
    child = database.read_here(editing.show_publicly, guild_id=GUILD, code=1, now=NOW)
    assert child.parent is not None
    assert (child.parent.code, child.parent.relation.value) == (3, "requires")

    load(database, create_document({}, {}, {}))
    assert database.read_here(editing.show_publicly, guild_id=GUILD, code=1, now=NOW).parent is None


# The author's forecast


def test_a_restated_probability_ends_the_authors_earlier_forecast(database: Database) -> None:
    for probability, now in ((0.7, NOW), (0.4, LATER)):
        load(database, create_document({"probability": probability}), now=now)
    said = select(Forecast.values, Forecast.created_at, Forecast.ended_at, Forecast.member_id).order_by(Forecast.id)
    assert rows(database, said) == [([0.7], NOW, LATER, None), ([0.4], LATER, None, None)]


def test_a_probability_taken_out_of_the_file_ends_the_authors_forecast(database: Database) -> None:
    load(database, create_document({"probability": 0.7}))
    load(database, create_document({}), now=LATER)
    assert rows(database, select(Forecast.values, Forecast.ended_at)) == [([0.7], LATER)]


def test_words_of_likelihood_make_no_forecast(database: Database) -> None:
    load(database, create_document({"verbal": "Most likely"}))
    assert count(database, Forecast) == 0


# Leaving the pack


def test_what_leaves_the_file_is_annulled_unless_members_have_forecast_on_it(database: Database) -> None:
    load(database, create_document({}, {"probability": 0.5}, {}))
    forecast(database, 3)
    report = load(database, create_document({}), now=LATER)
    assert changes(report) == [("p1", "unchanged"), ("p2", "withdrawn"), ("p3", "withdrawn")]
    assert [line.note for line in report.lines] == [None, None, "members have forecast on it, so it goes on"]
    assert states(database) == [("p1", "open"), ("p2", "annulled"), ("p3", "open")]
    (event,) = rows(database, select(Event.words, Event.from_state, Event.to_state).where(Event.kind == "withdrawn"))
    assert event == ("it was removed from its pack pack", State.OPEN, State.ANNULLED)


def test_what_has_left_the_file_is_not_reported_again(database: Database) -> None:
    load(database, create_document({}, {}, {}))
    forecast(database, 3)
    load(database, create_document({}))
    before = everything(database)
    assert changes(load(database, create_document({}), now=LATER)) == [("p1", "unchanged")]
    assert everything(database) == before


def test_what_is_resolved_stays_so_when_it_leaves_the_file(database: Database) -> None:
    load(database, create_document({}, {}))
    with database.engine.begin() as connection:
        connection.execute(update(Prediction).where(Prediction.code == 2).values(state=State.RESOLVED, outcome="yes"))
    report = load(database, create_document({}))
    assert changes(report) == [("p1", "unchanged"), ("p2", "withdrawn")]
    assert report.lines[1].note == "it stays resolved"
    assert states(database) == [("p1", "open"), ("p2", "resolved")]


def test_what_comes_back_into_the_file_is_open_again(database: Database) -> None:
    load(database, create_document({}, {}))
    load(database, create_document({}))
    report = load(database, create_document({}, {}), now=LATER)
    assert changes(report) == [("p1", "unchanged"), ("p2", "updated")]
    assert states(database) == [("p1", "open"), ("p2", "open")]
    assert rows(database, select(Prediction.outcome, Prediction.resolved_at).where(Prediction.code == 2)) == [(None, None)]
    assert events(database)[-1] == "restored"


def test_what_comes_back_after_its_date_is_closed(database: Database) -> None:
    load(database, create_document({}, END))
    load(database, create_document({}))
    load(database, create_document({}, END), now=OVER)
    assert states(database)[1] == ("p2", "closed")
    assert rows(database, select(Prediction.closed_at).where(Prediction.code == 2)) == [(OVER,)]


def test_what_was_annulled_for_another_reason_stays_annulled(database: Database) -> None:
    load(database, create_document({}))
    with database.engine.begin() as connection:
        connection.execute(update(Prediction).values(state=State.ANNULLED, outcome="annulled"))
        connection.execute(insert(Event).values(prediction_id=1, at=NOW, kind="annulled", data={}))
    load(database, create_document({"verbal": "likely"}), now=LATER)
    assert states(database) == [("p1", "annulled")]


# Adopting and dropping


def test_a_manager_adopts_a_pack_and_the_guild_is_told(database: Database) -> None:
    load(database, create_document({}, END, title="Bets"), guild_id=None)
    report = database.run_here(library.adopt, create_actor(manager=True), slug="pack", now=NOW)
    assert (report.pack, report.title) == ("pack", "Bets")
    assert [(line.change.value, line.code) for line in report.lines] == [("created", 1), ("created", 2)]
    assert messages(database) == [(MessageKind.PACK_ADOPTED, {"pack": "pack"})]


def test_a_packs_name_is_known_in_any_case(database: Database) -> None:
    load(database, create_document({}), guild_id=None)
    report = database.run_here(library.adopt, create_actor(manager=True), slug=" PACK ", now=NOW)
    assert report.pack == "pack"
    assert messages(database) == [("pack_adopted", {"pack": "pack"})]


def test_an_empty_pack_is_adopted_without_a_word(database: Database) -> None:
    load(database, create_document(truncated=True, notes="TRUNCATED"), guild_id=None)
    report = database.run_here(library.adopt, create_actor(manager=True), slug="pack", now=NOW)
    assert (report.lines, report.is_truncated, report.notes) == ((), True, "TRUNCATED")
    assert messages(database) == []


@pytest.mark.parametrize(("step", "action"), [(library.adopt, "adopt packs"), (library.drop, "drop packs")])
def test_only_managers_adopt_and_drop(database: Database, step: Any, action: str) -> None:
    load(database, create_document({}), guild_id=None)
    before = everything(database)
    with pytest.raises(
        NotAManager, match=f"Only managers can {action}. They're members with Manage Server, or with the manager role"
    ):
        database.run_here(step, create_actor(), slug="pack", now=NOW)
    assert everything(database) == before


def test_a_member_with_the_manager_role_adopts(database: Database) -> None:
    load(database, create_document({}), guild_id=None)
    database.run_here(changing.change_guild_settings, create_actor(manager=True), changes={"manager_role_id": 77}, now=NOW)
    report = database.run_here(library.adopt, create_actor(role_ids=frozenset({77})), slug="pack", now=NOW)
    assert report.count(PackChange.CREATED) == 1


@pytest.mark.parametrize("step", [library.adopt, library.drop])
def test_an_unknown_pack_is_refused_with_where_to_look(database: Database, step: Any) -> None:
    with pytest.raises(Refused, match=r"There's no pack “nothing”\. See the packs with /pack list\."):
        database.run_here(step, create_actor(manager=True), slug="nothing", now=NOW)


def test_a_pack_is_adopted_once_and_dropped_once(database: Database) -> None:
    load(database, create_document({}, title="Bets"), guild_id=None)
    manager = create_actor(manager=True)
    with pytest.raises(Refused, match=r"hasn't adopted “Bets”, so there's nothing to drop\. See its packs with /pack list"):
        database.run_here(library.drop, manager, slug="pack", now=NOW)
    database.run_here(library.adopt, manager, slug="pack", now=NOW)
    with pytest.raises(Refused, match=r"has already adopted “Bets”\. See its predictions with /prediction list pack:pack"):
        database.run_here(library.adopt, manager, slug="pack", now=NOW)


async def test_of_managers_who_adopt_at_the_same_moment_one_does_and_the_others_are_told(database: Database) -> None:
    load(database, create_document({}, {}, {}), guild_id=None)
    managers = [create_actor(f"manager {number}", manager=True) for number in range(4)]
    for manager in managers:
        database.run_here(guilds.member_of, manager, now=NOW)
    adopting = [database.run(library.adopt, manager, slug="pack", now=NOW) for manager in managers]
    results = await asyncio.gather(*adopting, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["PackReport", "Refused", "Refused", "Refused"]
    assert (count(database, Prediction), count(database, Adoption), count(database, OutboxMessage)) == (3, 1, 1)


async def test_loads_at_the_same_moment_store_each_prediction_once(database: Database) -> None:
    document = create_document({}, {}, {})
    database.run_here(guilds.welcome, GUILD, now=NOW)
    loading = [database.run(library.load, documents=[("pack", document)], guild_id=GUILD, now=NOW) for _ in range(4)]
    reports = [reports[0] for reports in await asyncio.gather(*loading)]
    assert sorted(report.count(PackChange.CREATED) for report in reports) == [0, 0, 0, 3]
    assert count(database, Prediction) == 3


def test_dropping_annuls_what_nobody_has_forecast_and_keeps_the_rest(database: Database) -> None:
    load(database, create_document({}, {}, {}, title="Bets"))
    forecast(database, 2)
    dropped = database.run_here(library.drop, create_actor(manager=True), slug="pack", now=LATER)
    assert (dropped.title, dropped.annulled, dropped.kept) == ("Bets", 2, 1)
    assert states(database) == [("p1", "annulled"), ("p2", "open"), ("p3", "annulled")]
    load(database, create_document({"statement": "Changed"}, {"statement": "Changed"}), guild_id=None)
    assert "Changed" not in values(database, select(Prediction.statement))


def test_a_dropped_pack_can_be_adopted_again_with_the_same_codes(database: Database) -> None:
    load(database, create_document({}, {}))
    manager = create_actor(manager=True)
    database.run_here(library.drop, manager, slug="pack", now=NOW)
    report = database.run_here(library.adopt, manager, slug="pack", now=LATER)
    assert [(line.change.value, line.code) for line in report.lines] == [("updated", 1), ("updated", 2)]
    assert states(database) == [("p1", "open"), ("p2", "open")]


def test_the_list_says_what_a_pack_holds_and_what_the_guild_has_of_it(database: Database) -> None:
    bets = create_document(END, END, title="Bets", authors=["Ada"], date="2026-02")
    load(database, bets, slug="bets")
    load(database, create_document(title="Cut", truncated=True), guild_id=None, slug="cut")
    forecast(database, 1)
    forecast(database, 1)
    listed = database.read_here(library.list_packs, guild_id=GUILD, now=NOW)
    facts = [(item.slug, item.title, item.predictions, item.is_adopted, item.open, item.forecasters) for item in listed]
    assert facts == [("bets", "Bets", 2, True, 2, 2), ("cut", "Cut", 0, False, 0, 0)]
    assert (listed[0].authors, listed[0].written, listed[1].is_truncated) == (("Ada",), "2026-02", True)
    elsewhere = database.read_here(library.list_packs, guild_id=OTHER_GUILD, now=NOW)
    assert [(item.is_adopted, item.open, item.forecasters) for item in elsewhere] == [(False, 0, 0), (False, 0, 0)]
    assert database.read_here(library.list_packs, guild_id=GUILD, now=OVER)[0].open == 0


def test_a_pack_of_thousands_is_loaded(sqlite: Database) -> None:
    items: list[dict[str, Any]] = [{"tags": ["many"], "probability": 0.5} for _ in range(3000)]
    assert load(sqlite, create_document(*items)).count(PackChange.CREATED) == 3000
    assert load(sqlite, create_document(*items)).count(PackChange.UNCHANGED) == 3000
    assert count(sqlite, Prediction) == 3000


def test_kinds_are_stored_as_they_are_written(database: Database) -> None:
    load(database, create_document({"kind": "date"}, {"kind": "numeric", "numeric": {"unit": "USD per 1M tokens"}}))
    assert rows(database, select(Prediction.kind, Prediction.unit).order_by(Prediction.code)) == [
        (Kind.DATE, None),
        (Kind.NUMERIC, "USD per 1M tokens"),
    ]


async def test_two_loads_of_the_same_packs_in_another_order_wait_for_each_other(database: Database) -> None:
    slugs = ("one", "two", "three")
    old = [(slug, create_document({"statement": f"{slug} comes true"} | END, title=slug)) for slug in slugs]
    new = [(slug, create_document({"statement": f"{slug} becomes true"} | END, title=slug)) for slug in slugs]
    database.run_here(library.load, documents=old, guild_id=GUILD, now=NOW)
    for documents in (new, old) * 5:
        given = {"guild_id": None, "now": LATER}
        there, back = await asyncio.gather(
            database.run(library.load, documents=documents, **given),
            database.run(library.load, documents=documents[::-1], **given),
        )
        done = [{change for _, change in changes(report)} for report in (*there, *back)]
        assert sorted(map(str, done)) == ["{'unchanged'}"] * 3 + ["{'updated'}"] * 3
