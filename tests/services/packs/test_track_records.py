"""What a document says of its own predictions: the author's forecasts over time, and what has happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.lifecycle import may_move
from bot.domain.outcomes import Outcome
from bot.domain.types import State
from bot.services.forecasting import forecasts
from bot.services.packs import library
from bot.services.packs.library import PackChange
from bot.services.predictions import editing
from bot.services.voting import resolutions
from db.database import Database
from db.models import Event, Forecast, OutboxMessage, Prediction, Score, Vote
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_document, load
from tests.rows import count, counted_statements, everything, rows, values
from tests.services.voting.polls import HOUR, YES, cast, make_ready, state_of, wake

LATER = NOW + timedelta(days=1)
MONA = create_actor("mona", manager=True)
OVER = {"window": {"end": "2025-12-31"}}
TO_COME = {"window": {"end": "2026-12-31"}}
KNOWN = datetime(2025, 6, 1, 10, tzinfo=UTC)
RECORD: dict[str, Any] = {
    "created": "2025-01-02T03:04:05Z",
    "resolved": "2025-06-01T10:00:00Z",
    "outcome": True,
    "forecasts": [
        {"at": "2025-01-02T03:04:05Z", "values": [0.6]},
        {"at": "2025-03-01T00:00:00+02:00", "values": [0.8], "ended": "2025-03-05T00:00:00Z"},
        {"at": "2025-04-01T00:00:00Z", "values": [0.9]},
    ],
    **OVER,
}


def told(database: Database) -> list[tuple[list[float], datetime, datetime | None]]:
    """The source's forecasts, oldest first."""
    found = select(Forecast.values.label("numbers"), Forecast.created_at, Forecast.ended_at)
    return [tuple(row) for row in rows(database, found.where(Forecast.source_id.is_not(None)).order_by(Forecast.created_at))]


def results(database: Database) -> list[tuple[Any, ...]]:
    """State, outcome and value of every prediction, by code."""
    found = select(Prediction.state, Prediction.outcome, Prediction.outcome_value).order_by(Prediction.code)
    return [(state.value, *rest) for state, *rest in rows(database, found)]


def steps(database: Database, code: int = 1) -> list[tuple[str, str | None, str | None]]:
    """The log of a prediction: what, from which state, to which."""
    found = select(Event.kind, Event.from_state, Event.to_state).join(Prediction, Prediction.id == Event.prediction_id)
    return [tuple(row) for row in rows(database, found.where(Prediction.code == code).order_by(Event.id))]


def notes(report: library.PackReport) -> list[tuple[str, str | None]]:
    return [(line.change.value, line.note) for line in report.lines]


def forecast(database: Database, code: int = 1, now: datetime = NOW) -> None:
    database.run_here(forecasts.place, create_actor(), code=code, values=(0.6,), now=now)


# Loaded with its result


def test_a_prediction_comes_with_its_result_its_dates_and_its_authors_forecasts(database: Database) -> None:
    report = load(database, create_document(RECORD))
    assert notes(report) == [("created", "resolved as its document says: yes")]
    assert results(database) == [("resolved", "yes", None)]
    assert rows(database, select(Prediction.opens_at, Prediction.closed_at, Prediction.resolved_at)) == [
        (datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC), KNOWN, KNOWN)
    ]
    april, march = datetime(2025, 4, 1, tzinfo=UTC), datetime(2025, 2, 28, 22, tzinfo=UTC)
    assert told(database) == [
        ([0.6], datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC), march),
        ([0.8], march, datetime(2025, 3, 5, tzinfo=UTC)),
        ([0.9], april, None),
    ]
    assert steps(database) == [("loaded", None, "closed"), ("graded", "closed", "resolved")]


def test_nothing_is_posted_opened_or_reminded_of_for_what_comes_with_its_result(database: Database) -> None:
    load(database, create_document(RECORD, RECORD | TO_COME, OVER | {"outcome": "annulled"}))
    wake(database, LATER)
    assert count(database, OutboxMessage) == count(database, Vote) == 0
    assert values(database, select(Prediction.next_step_at)) == [None, None, None]
    assert values(database, select(Score.source_id)) == [1, 1], "its author is scored"


def test_loading_a_track_record_again_changes_no_row_at_all(database: Database) -> None:
    document = create_document(RECORD, OVER | {"outcome": False, "probability": 0.3}, RECORD | TO_COME)
    load(database, document)
    before = everything(database)
    again = load(database, document, now=LATER)
    assert notes(again) == [("unchanged", None)] * 3
    assert everything(database) == before


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"outcome": True}, ("resolved", "yes", None)),
        ({"outcome": "no"}, ("resolved", "no", None)),
        ({"outcome": "annulled"}, ("annulled", "annulled", None)),
        ({"outcome": "in part"}, ("closed", None, None)),
        (
            {"kind": "multiple_choice", "outcome": "B", "options": [{"name": "A"}, {"name": "B"}]},
            ("resolved", "option", 1.0),
        ),
        (
            {"kind": "multiple_choice", "options": [{"name": "A", "outcome": True}, {"name": "B", "outcome": False}]},
            ("resolved", "option", 0.0),
        ),
        ({"kind": "numeric", "numeric": {"unit": "USD"}, "outcome": 12.5}, ("resolved", "value", 12.5)),
        ({"kind": "numeric", "numeric": {"unit": "USD"}, "outcome": 1e30}, ("closed", None, None)),
        ({"kind": "date", "outcome": "1970-01-11"}, ("resolved", "value", 10.0)),
        ({"kind": "date", "outcome": True}, ("closed", None, None)),
    ],
    ids=str,
)
def test_every_kind_of_outcome_is_taken_and_nothing_else(
    database: Database, item: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    load(database, create_document(item | OVER))
    assert results(database) == [expected]


def test_a_stated_probability_stands_from_the_day_the_document_was_written(database: Database) -> None:
    load(database, create_document({"probability": 0.7, "outcome": True, **TO_COME}, date="2025-02"))
    assert told(database) == [([0.7], datetime(2025, 2, 1, tzinfo=UTC), None)]
    assert rows(database, select(Prediction.opens_at, Prediction.resolved_at)) == [(datetime(2025, 2, 1, tzinfo=UTC), NOW)]


def test_the_card_says_that_the_result_is_the_documents_own(database: Database) -> None:
    load(database, create_document(RECORD, OVER))
    database.run_here(resolutions.override, MONA, code=2, outcome=Outcome("yes"), words="I saw it.", now=NOW)
    views = [database.read_here(editing.show_publicly, guild_id=GUILD, code=code, now=NOW) for code in (1, 2)]
    assert [(view.outcome, view.is_graded) for view in views] == [("yes", True), ("yes", False)]
    assert views[0].details["outcome"] == "yes"
    assert views[0].author_values == (0.9,)


def test_every_step_of_the_log_is_a_move_that_there_is(database: Database) -> None:
    load(database, create_document(RECORD | TO_COME, OVER | {"outcome": "annulled"}))
    load(database, create_document(RECORD | TO_COME | {"outcome": False}, OVER), now=LATER)
    found = rows(database, select(Event.from_state, Event.to_state).where(Event.from_state.is_not(None)))
    assert found
    assert all(may_move(State(origin), State(to)) for origin, to in found)


# A later version brings the result


def test_a_later_version_settles_what_nobody_has_forecast(database: Database) -> None:
    load(database, create_document(TO_COME | {"probability": 0.7}))
    report = load(database, create_document(TO_COME | {"probability": 0.7, "outcome": True}), now=LATER)
    assert notes(report) == [("updated", "resolved as its document says: yes")]
    assert results(database) == [("resolved", "yes", None)]
    assert values(database, select(Prediction.resolved_at)) == [LATER]
    assert values(database, select(Prediction.next_step_at)) == [None]
    assert count(database, OutboxMessage) == 0


def test_where_a_member_has_forecast_the_members_decide(database: Database) -> None:
    load(database, create_document(TO_COME))
    forecast(database)
    graded = create_document(TO_COME | {"outcome": True, "resolved": "2026-03-02T00:00:00Z"})
    report = load(database, graded, now=LATER)
    why = "its document says yes; members have forecast on it, so they decide"
    assert notes(report) == [("updated", why)]
    assert results(database) == [("open", None, None)]
    view = database.read_here(editing.show_publicly, guild_id=GUILD, code=1, now=LATER)
    assert (view.details["outcome"], view.is_graded) == ("yes", False)
    before = everything(database)
    assert notes(load(database, graded, now=LATER)) == [("unchanged", why)]
    assert everything(database) == before


def test_a_withdrawn_forecast_of_a_member_counts_as_well(database: Database) -> None:
    load(database, create_document(TO_COME))
    ada = create_actor()
    database.run_here(forecasts.place, ada, code=1, values=(0.6,), now=NOW)
    database.run_here(forecasts.withdraw, ada, code=1, now=NOW)
    load(database, create_document(TO_COME | {"outcome": True}), now=LATER)
    assert results(database) == [("open", None, None)]


def test_an_open_vote_without_a_ballot_ends_and_one_with_a_ballot_goes_on(database: Database) -> None:
    load(database, create_document(OVER, OVER))
    make_ready(database)
    wake(database, NOW)
    assert [state_of(database, code) for code in (1, 2)] == [State.VOTING, State.VOTING]
    cast(database, 2, YES, now=NOW + HOUR)
    graded = create_document(OVER | {"outcome": False}, OVER | {"outcome": False})
    report = load(database, graded, now=NOW + 2 * HOUR)
    assert results(database) == [("resolved", "no", None), ("voting", None, None)]
    assert report.lines[1].note == "its document says no; members are voting on it, so they decide"


def test_what_a_manager_has_taken_back_is_not_taken_again(database: Database) -> None:
    load(database, create_document(RECORD))
    database.run_here(resolutions.reopen, MONA, code=1, words="I doubt it.", now=NOW)
    report = load(database, create_document(RECORD), now=LATER)
    assert notes(report) == [("unchanged", "its document says yes; a manager has withdrawn that")]
    assert results(database) == [("reopened", None, None)]


def test_what_was_decided_here_stays_decided(database: Database) -> None:
    load(database, create_document(OVER))
    database.run_here(resolutions.override, MONA, code=1, outcome=Outcome("no"), words="It did not.", now=NOW)
    report = load(database, create_document(OVER | {"outcome": True}), now=LATER)
    assert notes(report) == [("updated", "its document says yes; it ended differently here")]
    assert results(database) == [("resolved", "no", None)]


def test_a_document_can_correct_the_result_that_it_stated(database: Database) -> None:
    load(database, create_document(RECORD))
    load(database, create_document(RECORD | {"outcome": False}), now=LATER)
    assert results(database) == [("resolved", "no", None)]
    assert [kind for kind, *_ in steps(database)] == ["loaded", "graded", "ungraded", "graded"]
    assert count(database, OutboxMessage) == 0


def test_a_document_can_take_back_the_result_that_it_stated(database: Database) -> None:
    ungraded = {name: value for name, value in RECORD.items() if name not in ("outcome", "resolved")} | TO_COME
    load(database, create_document(RECORD | TO_COME))
    report = load(database, create_document(ungraded), now=LATER)
    assert notes(report) == [("updated", "its document no longer states a result")]
    assert results(database) == [("open", None, None)]
    assert values(database, select(Prediction.resolved_at)) == [None]
    forecast(database, now=LATER)
    load(database, create_document(RECORD | TO_COME), now=LATER)
    assert results(database) == [("open", None, None)]


# What hangs on it


def test_what_hangs_on_a_condition_that_the_document_says_failed_is_annulled(database: Database) -> None:
    parent = {"id": "deal", **OVER, "outcome": False}
    child = {"id": "after", "parent": "deal", "relation": "conditional", **OVER}
    report = load(database, create_document(child | {"outcome": True}, parent, child | {"id": "too", "statement": "Too"}))
    assert results(database) == [("annulled", "annulled", None), ("resolved", "no", None), ("annulled", "annulled", None)]
    assert report.lines[0].note == "its document says yes; it ended differently here"
    assert count(database, OutboxMessage) == 0


# Without results


def test_a_server_can_load_a_document_without_its_results(database: Database) -> None:
    def load_here(now: datetime, with_results: bool | None = None) -> library.PackReport:
        documents = [("pack", create_document(RECORD))]
        return database.run_here(library.load, documents=documents, guild_id=GUILD, with_results=with_results, now=now)[0]

    refused = "its document says yes; this server takes no results from this document"
    assert notes(load_here(NOW, with_results=False)) == [("created", refused)]
    assert results(database) == [("closed", None, None)]
    load(database, create_document(RECORD), guild_id=None, now=LATER)
    load(database, create_document(RECORD), guild_id=OTHER_GUILD, now=LATER)
    states = select(Prediction.guild_id, Prediction.state).order_by(Prediction.guild_id)
    assert rows(database, states) == [(GUILD, State.CLOSED), (OTHER_GUILD, State.RESOLVED)]
    assert notes(load_here(LATER)) == [("unchanged", refused)]
    assert notes(load_here(LATER, with_results=True)) == [("updated", "resolved as its document says: yes")]


def test_a_manager_can_adopt_a_pack_without_its_results(database: Database) -> None:
    load(database, create_document(RECORD), guild_id=None)
    database.run_here(library.adopt, MONA, slug="pack", now=NOW, with_results=False)
    assert results(database) == [("closed", None, None)]


def test_adopting_a_track_record_is_announced_once(database: Database) -> None:
    load(database, create_document(*[RECORD | {"id": f"r{number}"} for number in range(30)]), guild_id=None)
    database.run_here(library.adopt, MONA, slug="pack", now=NOW)
    assert values(database, select(OutboxMessage.kind)) == ["pack_adopted"]


# Forecasts over time


def test_a_later_export_adds_the_forecasts_that_are_new_and_ends_the_one_before(database: Database) -> None:
    first = {"at": "2026-01-01T00:00:00Z", "values": [0.6]}
    second = {"at": "2026-02-01T00:00:00Z", "values": [0.7], "ended": "2026-02-03T00:00:00Z"}
    load(database, create_document(TO_COME | {"forecasts": [first]}))
    ids = values(database, select(Forecast.id))
    report = load(database, create_document(TO_COME | {"forecasts": [first, second]}), now=LATER)
    assert report.count(PackChange.UPDATED) == 1
    february = datetime(2026, 2, 1, tzinfo=UTC)
    assert told(database) == [
        ([0.6], datetime(2026, 1, 1, tzinfo=UTC), february),
        ([0.7], february, datetime(2026, 2, 3, tzinfo=UTC)),
    ]
    assert ids[0] in values(database, select(Forecast.id))
    assert [kind for kind, *_ in steps(database)] == ["loaded"]
    assert values(database, select(Prediction.opens_at)) == [NOW]


def test_a_document_cannot_change_its_past_forecasts_in_silence(database: Database) -> None:
    load(database, create_document(TO_COME | {"forecasts": [{"at": "2026-01-01T00:00:00Z", "values": [0.2]}]}))
    load(database, create_document(TO_COME | {"forecasts": [{"at": "2026-01-01T00:00:00Z", "values": [0.9]}]}), now=LATER)
    assert told(database) == [([0.9], datetime(2026, 1, 1, tzinfo=UTC), None)]
    assert [kind for kind, *_ in steps(database)] == ["loaded", "restated"]


def test_a_probability_can_become_a_history_and_a_history_a_probability(database: Database) -> None:
    load(database, create_document(TO_COME | {"probability": 0.6}))
    load(database, create_document(TO_COME | {"forecasts": [{"at": "2026-01-01T00:00:00Z", "values": [0.6]}]}), now=LATER)
    assert told(database) == [([0.6], datetime(2026, 1, 1, tzinfo=UTC), None)]
    load(database, create_document(TO_COME | {"probability": 0.5}), now=LATER)
    assert told(database) == [([0.6], datetime(2026, 1, 1, tzinfo=UTC), LATER), ([0.5], LATER, None)]


def test_a_forecast_of_the_future_waits_until_its_time_has_come(database: Database) -> None:
    made = [
        {"at": "2026-01-01T00:00:00Z", "values": [0.6], "ended": "2026-03-10T00:00:00Z"},
        {"at": "2026-03-20T00:00:00Z", "values": [0.7]},
    ]
    document = create_document(TO_COME | {"forecasts": made})
    load(database, document)
    assert [(numbers, ended) for numbers, _, ended in told(database)] == [([0.6], None)]
    load(database, document, now=NOW + timedelta(days=30))
    assert [(numbers, ended) for numbers, _, ended in told(database)] == [
        ([0.6], datetime(2026, 3, 10, tzinfo=UTC)),
        ([0.7], None),
    ]


def test_forecasts_close_when_the_file_says_so_and_voting_begins_with_the_window(database: Database) -> None:
    load(database, create_document(TO_COME | {"closed": "2026-06-01T12:00:00Z"}, {"closed": "2026-06-01T12:00:00Z"}))
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert rows(database, select(Prediction.closes_at, Prediction.resolves_at).order_by(Prediction.code)) == [
        (noon, datetime(2027, 1, 1, tzinfo=UTC)),
        (noon, noon),
    ]
    load(database, create_document(TO_COME | {"closed": "2026-07-01T12:00:00Z"}, TO_COME), now=LATER)
    assert values(database, select(Prediction.closes_at).order_by(Prediction.code)) == [
        datetime(2026, 7, 1, 12, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    ]


def test_a_result_that_comes_with_a_prediction_costs_its_step_of_the_log_and_no_look_at_votes(database: Database) -> None:
    sent: list[int] = []
    ungraded = {name: value for name, value in RECORD.items() if name not in ("outcome", "resolved")}
    for slug, item in (("ungraded", ungraded), ("graded", RECORD)):
        with counted_statements(database) as statements:
            load(database, create_document(*[item | {"id": f"r{number}"} for number in range(50)]), slug=slug)
        sent.append(len(statements))
    assert sent[1] <= sent[0] + 50 + 10
