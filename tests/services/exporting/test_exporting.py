"""What an export of a guild holds and what it must not, and that every number in it can be computed from it."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import jsonschema
import pytest
from sqlalchemy import delete, select, update

from bot.domain.audit import audit
from bot.domain.documents.comparing import compare
from bot.domain.documents.export_reading import read_export
from bot.domain.documents.export_writing import DOCUMENT, TABLES
from bot.domain.outcomes import Outcome
from bot.domain.types import Actor, Kind
from bot.domain.voting import Answer
from bot.services.exporting import guild_export
from bot.services.forecasting import forecasts
from bot.services.packs import library
from bot.services.predictions import editing
from bot.services.settings import changing
from bot.services.voting import objections, resolutions
from db.database import Database
from db.models import Member, Reason, Score
from tests.conftest import ROOT
from tests.factories import GUILD, NOW, create_actor, create_document, create_prediction, load
from tests.rows import counted_statements, empty, everything, values
from tests.services.scoring.scored import store_scores
from tests.services.voting.polls import DATE, NO, PERIOD, YES, cast, create_vote, make_ready, wake

DAY = timedelta(days=1)
SCHEMA = json.loads((ROOT / "docs" / "export-1.schema.json").read_text(encoding="utf-8"))
VALUES = {Kind.BINARY: (0.637,), Kind.MULTIPLE_CHOICE: (0.637, 0.263, 0.1), Kind.NUMERIC: (1.5, 63.7, 90.0)} | {
    Kind.DATE: (20600.0, 20637.0, 20690.5)
}
OUTCOMES = {Kind.BINARY: Outcome("yes"), Kind.MULTIPLE_CHOICE: Outcome("option", 1.0)} | {
    Kind.NUMERIC: Outcome("value", 12.5),
    Kind.DATE: Outcome("value", 20637.0),
}


def files_of(database: Database, *, guild_id: int = GUILD, now: datetime = NOW + 3 * DAY) -> dict[str, bytes]:
    """The export's files."""
    pieces: dict[str, list[bytes]] = {}
    database.read_here(
        guild_export.export, guild_id=guild_id, now=now, put=lambda name, piece: pieces.setdefault(name, []).append(piece)
    )
    return {name: b"".join(found) for name, found in pieces.items()}


def document_of(database: Database, **given: Any) -> dict[str, Any]:
    """The export's JSON document, which is as its schema has it."""
    document = json.loads(files_of(database, **given)[DOCUMENT])
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(document)
    return document


def differing(document: Any) -> list[str]:
    """What `score` finds in it."""
    reading = read_export(document if isinstance(document, bytes) else json.dumps(document).encode())
    assert reading.problems == ()
    assert reading.export is not None
    return [str(found) for found in compare(reading.export, audit(reading.export.cases)).differences]


def table(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    """The lines of a table."""
    assert files[name].startswith(codecs.BOM_UTF8), "Excel reads it as UTF-8"
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))


def create_guild(database: Database) -> list[Actor]:
    """A guild with a resolved prediction of every kind and one that is open, with forecasts of three members and an author."""
    manager, *members = (create_actor(name, manager=name == "mona") for name in ("mona", "ada", "bob", "eve"))
    load(database, create_document({"statement": "It rains", "probability": 0.8, "window": {"end": "2026-12-31"}}))
    for kind in Kind:
        create_prediction(database, statement=f"What of {kind}?", kind=kind, by=manager)
    create_prediction(database, statement="Still open", by=manager)
    kinds = [Kind.BINARY, *Kind, Kind.BINARY]
    for number, member in enumerate(members):
        for code, kind in enumerate(kinds, 1):
            stated = VALUES[kind] if number != 1 else VALUES[kind][::-1] if kind.is_distribution else VALUES[kind]
            for days in (0.25, 1):
                at = NOW + days * DAY + number * timedelta(microseconds=7)
                database.run_here(forecasts.place, member, code=code, values=stated, reason="A secret reason", now=at)
    for code, kind in enumerate(kinds[:-1], 1):
        database.run_here(
            resolutions.override, manager, code=code, outcome=OUTCOMES[kind], words="Seen it.", now=NOW + 2 * DAY
        )
    store_scores(database)
    return [manager, *members]


def forecasters_of(entry: dict[str, Any]) -> list[str]:
    return [row["forecaster"] if isinstance(row, dict) else row[0] for row in entry["forecasts"]]


# What `score` makes of it.


def test_every_number_of_an_export_follows_from_it(database: Database) -> None:
    create_guild(database)
    files = files_of(database)
    reading = read_export(files[DOCUMENT])
    assert (reading.problems, reading.notes) == ((), ())
    assert differing(files[DOCUMENT]) == []
    document = document_of(database)
    assert [len(entry.get("scores", ())) for entry in document["predictions"]] == [5, 4, 4, 4, 4, 0]
    assert [(board["by"], board["name"]) for board in document["leaderboards"]] == [
        (by, "all time") for by in ("peer", "baseline", "brier")
    ]
    assert "predictions" not in document["leaderboards"][0]
    of_peers, of_baselines, _ = document["leaderboards"]
    assert {line["forecaster"] for line in of_peers["standings"]} == {"2", "3", "4", "crowd"}
    assert {line["forecaster"] for line in of_baselines["standings"]} >= {"crowd", "source-1"}
    assert {line["name"] for line in of_peers["standings"]} == {"ada", "bob", "eve", "crowd"}
    assert {(entry["creator"], entry["approved"]) for entry in document["predictions"]} == {(None, True), ("1", True)}
    assert reading.export is not None
    compared = compare(reading.export, audit(reading.export.cases))
    assert (compared.predictions, compared.scores, compared.rankings, compared.logs) == (5, 21, 3, 5)
    assert compared.seal == document["seal"]["sha256"]


def change_forecast(document: dict[str, Any]) -> None:
    document["predictions"][1]["forecasts"][1][2][0] += 0.01


def change_score(document: dict[str, Any]) -> None:
    document["predictions"][2]["scores"][0]["peer"] += 1e-6


def change_resolution(document: dict[str, Any]) -> None:
    document["predictions"][1]["resolution"] = "no"


def drop_resolution(document: dict[str, Any]) -> None:
    document["predictions"][3]["resolution"] = None


def change_crowd_step(document: dict[str, Any]) -> None:
    document["predictions"][3]["crowd"]["history"]["values"][2][1] += 1e-6


def change_rank(document: dict[str, Any]) -> None:
    next(line for line in document["leaderboards"][1]["standings"] if line["forecaster"] == "3")["rank"] += 1


def leave_out_prediction(document: dict[str, Any]) -> None:
    del document["predictions"][1]


def move_forecast(document: dict[str, Any]) -> None:
    document["predictions"][4]["forecasts"][0][1] = "2026-03-01T18:00:00.5Z"


@pytest.mark.parametrize(
    ("tamper", "where"),
    [
        (change_forecast, ["predictions[1].scores[member:3].peer", "predictions[1].crowd.history.values["]),
        (change_score, ["predictions[2].scores[member:2].peer"]),
        (change_resolution, ["predictions[1].scores[member:3].brier", "predictions[1].scores[crowd:crowd].brier"]),
        (drop_resolution, ["predictions[3].scores[member:2]: stored a row, computed nothing", "leaderboards[0]"]),
        (change_crowd_step, ["predictions[3].crowd.history.values[2]"]),
        (change_rank, ["leaderboards[1][member:3].rank"]),
        (leave_out_prediction, ["leaderboards[1][member:3].predictions", "leaderboards[1][crowd:crowd].score"]),
        (move_forecast, ["predictions[4].scores[member:2].coverage", "predictions[4].crowd.history.times[0]"]),
    ],
    ids=lambda given: given.__name__ if callable(given) else "",
)  # fmt: skip
def test_what_was_tampered_with_is_found_and_named(
    sqlite: Database, tamper: Callable[[dict[str, Any]], None], where: list[str]
) -> None:
    create_guild(sqlite)
    document = document_of(sqlite)
    assert differing(document) == []
    tamper(document)
    found = differing(document)
    for place in where:
        assert any(line.startswith(place) for line in found), (place, found)
    predictions_named = {line.split(".")[0] for line in found if line.startswith("predictions")}
    assert len(predictions_named) <= 1, found


def test_what_is_resolved_and_not_scored_counts_in_no_stored_leaderboard_and_is_named_as_missing(sqlite: Database) -> None:
    manager, *_ = create_guild(sqlite)
    now = NOW + 3 * DAY
    sqlite.run_here(resolutions.override, manager, code=6, outcome=Outcome("yes"), words="Seen.", now=now)
    with sqlite.engine.begin() as connection:  # as a version without scores left it
        connection.execute(delete(Score).where(Score.prediction_id == 6))
    document = document_of(sqlite, now=now)
    assert "scores" not in document["predictions"][5]
    assert [board["predictions"] for board in document["leaderboards"]] == [["1", "2", "3", "4", "5"]] * 3
    assert "predictions[5].scores: stored nothing, computed 4 rows" in differing(document)
    store_scores(sqlite)
    assert differing(document_of(sqlite, now=now)) == []


# What is public.


def test_what_is_hidden_is_listed_without_forecasts(database: Database) -> None:
    create_guild(database)
    files = files_of(database)
    *_, entry = json.loads(files[DOCUMENT])["predictions"]
    assert (entry["statement"], entry["state"], entry["hidden"], entry["standing"]) == ("Still open", "open", True, 3)
    assert entry["forecasts"] == []
    assert "crowd" not in entry
    assert "scores" not in entry
    assert {row["prediction"] for row in table(files, "forecasts.csv")} == {"1", "2", "3", "4", "5"}
    assert {row["prediction"] for row in table(files, "crowd.csv")} == {"1", "2", "3", "4", "5"}
    assert [row["hidden"] for row in table(files, "predictions.csv")] == ["false"] * 5 + ["true"]


def test_a_stated_range_is_in_the_document_and_in_the_tables(database: Database) -> None:
    houses = {"kind": "numeric", "numeric": {"unit": "houses"}, "range": {"low": -0.5, "high": 1000}}
    load(
        database,
        create_document(
            {"id": "houses", **houses}, {"id": "when", "kind": "date", "range": {"low": "2027-03-01"}}, {"id": "plain"}
        ),
        guild_id=GUILD,
    )
    ranges = [entry["range"] for entry in document_of(database)["predictions"]]
    assert ranges == [{"low": -0.5, "high": 1000}, {"low": "2027-03-01", "high": None}, None]
    lines = table(files_of(database), "predictions.csv")
    assert [(line["range_low"], line["range_high"]) for line in lines] == [("-0.5", "1000.0"), ("2027-03-01", ""), ("", "")]
    read = read_export(files_of(database)[DOCUMENT]).export
    assert read is not None
    assert [entry.range and (entry.range.low, entry.range.high) for entry in read.file.predictions] == [
        (-0.5, 1000),
        ("2027-03-01", None),
        None,
    ]


def test_a_withdrawn_forecast_on_what_is_hidden_is_hidden_too(database: Database) -> None:
    create_prediction(database)
    ada = create_actor("ada")
    database.run_here(forecasts.place, ada, code=1, values=(0.637,), now=NOW)
    database.run_here(forecasts.withdraw, ada, code=1, now=NOW + DAY)
    whole = b"".join(files_of(database).values())
    assert b"0.637" not in whole
    assert b"ada" not in table_names(database)


def table_names(database: Database) -> bytes:
    """Who is named in the export beside who added something."""
    return files_of(database)["forecasters.csv"].replace(b"1,member,ada", b"")


def test_a_guild_that_is_not_blind_shows_open_forecasts(database: Database) -> None:
    manager, *_ = create_guild(database)
    database.run_here(changing.change_guild_settings, manager, changes={"is_blind": False}, now=NOW)
    document = document_of(database)
    entry = document["predictions"][-1]
    assert entry["hidden"] is False
    assert len(entry["forecasts"]) == 6
    assert entry["crowd"]["members"] == 3
    assert "scores" not in entry
    assert differing(document) == []


def test_what_is_revealed_from_a_number_of_forecasts_on_is_in_it_from_then_on(sqlite: Database) -> None:
    manager, *_ = create_guild(sqlite)
    for least, hidden in ((4, True), (3, False)):
        sqlite.run_here(changing.change_guild_settings, manager, changes={"reveal_at_count": least}, now=NOW)
        assert document_of(sqlite)["predictions"][-1]["hidden"] is hidden


def test_a_closed_prediction_shows_its_forecasts_before_it_is_resolved(database: Database) -> None:
    create_prediction(database)
    ada = create_actor("ada")
    database.run_here(forecasts.place, ada, code=1, values=(0.637,), now=NOW)
    for woken in (False, True):
        if woken:
            make_ready(database)
            wake(database, DATE)
        (entry,) = document_of(database, now=DATE)["predictions"]
        assert (entry["hidden"], forecasters_of(entry), entry["crowd"]["values"]) == (False, ["2"], [0.637])
        assert entry["state"] == ("voting" if woken else "closed")
    assert differing(document_of(database, now=DATE)) == []


def test_reopened_what_was_public_is_hidden_again(database: Database) -> None:
    manager, *_ = create_guild(database)
    now = NOW + 3 * DAY
    assert not document_of(database, now=now)["predictions"][1]["hidden"]
    database.run_here(resolutions.reopen, manager, code=2, words="Not so.", now=now)
    document = document_of(database, now=now)
    entry = document["predictions"][1]
    assert (entry["hidden"], entry["forecasts"], "scores" in entry, entry["resolution"]) == (True, [], False, None)


def test_an_annulled_prediction_shows_its_forecasts_and_has_no_scores(database: Database) -> None:
    manager, *_ = create_guild(database)
    now = NOW + 3 * DAY
    database.run_here(resolutions.override, manager, code=6, outcome=Outcome("annulled"), words="Unclear.", now=now)
    document = document_of(database, now=now)
    entry = document["predictions"][-1]
    assert (entry["resolution"], entry["state"], len(entry["forecasts"]), "scores" in entry) == (
        "annulled",
        "annulled",
        6,
        False,
    )
    assert differing(document) == []


def test_an_option_called_annulled_is_no_annulment(sqlite: Database) -> None:
    manager = create_actor(manager=True)
    for _ in range(2):
        create_prediction(sqlite, kind=Kind.MULTIPLE_CHOICE, options=("Passed", "Annulled"), by=manager)
    for code, outcome in ((1, Outcome("annulled")), (2, Outcome("option", 1.0))):
        sqlite.run_here(forecasts.place, manager, code=code, values=(0.5, 0.5), now=NOW)
        sqlite.run_here(resolutions.override, manager, code=code, outcome=outcome, words="Seen.", now=NOW + DAY)
    store_scores(sqlite)
    document = document_of(sqlite)
    assert [entry["resolution"] for entry in document["predictions"]] == [None, "Annulled"]
    assert differing(document) == []


def test_the_authors_number_is_in_it_where_everybody_sees_it(database: Database) -> None:
    manager = create_actor(manager=True)
    item = {"statement": "It rains", "probability": 0.8125, "window": {"end": "2026-12-31"}}
    load(database, create_document(item, authors=["Ann Author"]))
    document = document_of(database)
    assert document["predictions"][0]["forecasts"] == [["source-1", "2026-03-01T12:00:00Z", [0.8125], None]]
    assert document["forecasters"] == [{"id": "source-1", "role": "author", "name": "Ann Author"}]
    database.run_here(changing.change_guild_settings, manager, changes={"hides_author": True}, now=NOW)
    assert b"0.8125" not in b"".join(files_of(database).values())
    load(database, create_document({"statement": "It rains", "window": {"end": "2026-12-31"}}), now=NOW + DAY)
    assert b"0.8125" not in b"".join(files_of(database).values()), "the one that the author has withdrawn"


def test_a_reason_is_in_it_once_it_was_posted(database: Database) -> None:
    _, ada, *_ = create_guild(database)
    assert b"secret" not in b"".join(files_of(database).values())
    mine = select(Member.id).where(Member.user_id == ada.user_id).scalar_subquery()
    with database.engine.begin() as connection:
        connection.execute(update(Reason).where(Reason.forecast_id.in_([2, 7, 12])).values(posted_at=NOW))
    files = files_of(database)
    document = document_of(database)
    assert values(database, select(mine)) == [2]
    told = [row["reason"] for entry in document["predictions"] for row in entry["forecasts"] if isinstance(row, dict)]
    assert told == [row["reason"] for row in table(files, "reasons.csv")] != []
    assert set(told) == {"A secret reason"}
    assert differing(document) == []


def test_no_id_of_discord_is_in_it_but_the_servers(database: Database) -> None:
    manager, *members = create_guild(database)
    whole = b"".join(files_of(database).values()).decode()
    numbers = set(re.findall(r"(?<![\d.])\d+(?![\d.])", whole))  # not the digits of a score
    assert not {str(actor.user_id) for actor in (manager, *members)} & numbers
    document = document_of(database)
    assert document["guild"] == {"id": str(GUILD)}
    named = {one["id"]: one["name"] for one in document["forecasters"]}
    assert [*named] == ["1", "2", "3", "4", "crowd", "source-1"]
    assert set(named.values()) == {"mona", "ada", "bob", "eve", "crowd", "A document"}


def test_who_was_forgotten_is_a_former_member(database: Database) -> None:
    create_guild(database)
    with database.engine.begin() as connection:
        connection.execute(update(Member).where(Member.name == "bob").values(name=None, user_id=None, forgotten_at=NOW))
    document = document_of(database)
    assert "bob" not in json.dumps(document)
    former = [one for one in document["forecasters"] if one["name"].startswith("former")]
    assert [one["name"] for one in former] == [f"former member {former[0]['id']}"]
    assert differing(document) == []


def test_who_keeps_their_record_private_is_a_pseudonym_without_reasons(database: Database) -> None:
    manager, ada, *_ = create_guild(database)
    with database.engine.begin() as connection:
        connection.execute(update(Reason).values(posted_at=NOW))
    database.run_here(changing.change_own_settings, ada, changes={"shows_record": False}, now=NOW)
    document = document_of(database)
    assert "ada" not in {one["name"] for one in document["forecasters"]}
    (private,) = [one for one in document["forecasters"] if one["name"].startswith("private")]
    assert private["name"] == f"private member {private['id']}"
    told = [row for entry in document["predictions"] for row in entry["forecasts"] if isinstance(row, dict)]
    assert told
    assert private["id"] not in {row["forecaster"] for row in told if "reason" in row}
    assert differing(document) == []
    database.run_here(changing.change_own_settings, ada, changes={"shows_record": True}, now=NOW)
    assert "ada" in {one["name"] for one in document_of(database)["forecasters"]}
    assert manager.name in {one["name"] for one in document["forecasters"]}


def test_ballots_are_counted_and_never_told(database: Database) -> None:
    create_vote(database)
    voters = cast(database, 1, YES, YES, YES, YES, NO, words="My secret ballot", link="https://example.org/ballot")
    running = b"".join(files_of(database, now=DATE + DAY).values())
    assert b'"counts"' not in running
    wake(database, DATE + PERIOD)
    whole = b"".join(files_of(database, now=DATE + PERIOD).values())
    assert b"secret" not in whole
    assert b"example.org" not in whole
    (entry,) = document_of(database, now=DATE + PERIOD)["predictions"]
    (counted,) = [event for event in entry["events"] if event["kind"] == "provisional"]
    assert counted["facts"]["counts"] == [
        {"choice": "yes", "count": 4, "position": None, "value": None},
        {"choice": "no", "count": 1, "position": None, "value": None},
    ]
    assert all("vote_id" not in event["facts"] for event in entry["events"])
    # The one who added it and the one who forecast on it, but none of those who voted.
    assert [one["name"] for one in document_of(database, now=DATE)["forecasters"]] == ["ada", "vera"]
    assert len(voters) == 5


def test_objections_and_decisions_are_told_with_their_words(database: Database) -> None:
    create_vote(database)
    voters = cast(database, 1, Answer(YES.choice), YES, YES)
    wake(database, DATE + PERIOD)
    database.run_here(objections.object_to, voters[0], code=1, words="Look again.", now=DATE + PERIOD)
    (entry,) = document_of(database, now=DATE + PERIOD)["predictions"]
    last = entry["events"][-1]
    assert (last["kind"], last["words"], last["forecaster"]) == ("objected", "Look again.", "3")


def test_other_guilds_are_not_in_it(database: Database) -> None:
    create_guild(database)
    before = files_of(database)
    create_prediction(database, statement="Theirs", by=create_actor("theirs", guild_id=77, manager=True))
    assert files_of(database) == before
    assert [entry["statement"] for entry in document_of(database, guild_id=77)["predictions"]] == ["Theirs"]
    assert document_of(database, guild_id=78)["predictions"] == []


def test_changed_words_are_told_with_the_old_ones(sqlite: Database) -> None:
    manager, *_ = create_guild(sqlite)
    changes = editing.PredictionChanges(statement="Open still")
    sqlite.run_here(editing.edit, manager, code=6, changes=changes, now=NOW + 2 * DAY)
    entry = document_of(sqlite)["predictions"][-1]
    assert entry["statement"] == "Open still"
    assert [(one["number"], one["statement"]) for one in entry["revisions"]] == [(1, "Still open")]


# Predictions with a past.


def test_an_author_who_was_quoted_before_the_kind_changed_breaks_nothing(database: Database) -> None:
    item = {"statement": "Who leads?", "probability": 0.8, "window": {"end": "2026-12-31"}}
    load(database, create_document(item))
    options = {
        "kind": "multiple_choice",
        "options": [{"name": "A", "probability": 0.25}, {"name": "B", "probability": 0.75}],
    }
    load(database, create_document({"statement": "Who leads?", "window": {"end": "2026-12-31"}} | options), now=NOW + DAY)
    (entry,) = document_of(database)["predictions"]
    assert [row[2] for row in entry["forecasts"]] == [[0.25, 0.75]]
    assert differing(document_of(database)) == []


def test_what_was_over_before_it_was_loaded_can_be_read(database: Database) -> None:
    manager = create_actor(manager=True)
    load(database, create_document({"statement": "Old", "probability": 0.8, "window": {"end": "2020-12-31"}}, date="2022"))
    load(database, create_document({"statement": "No date"}), slug="other")
    database.run_here(library.drop, manager, slug="other", now=NOW)
    database.run_here(resolutions.override, manager, code=1, outcome=Outcome("yes"), words="Seen.", now=NOW)
    store_scores(database)
    document = document_of(database)
    assert [entry["resolution"] for entry in document["predictions"]] == ["yes", "annulled"]
    assert differing(document) == []


# The bytes.


def test_the_same_rows_give_the_same_bytes(database: Database) -> None:
    create_guild(database)
    before = everything(database)
    files = files_of(database)
    assert files_of(database) == files
    later = files_of(database, now=NOW + 4 * DAY)
    told = b'"exported_at":"2026-03-04T12:00:00Z"', b'"exported_at":"2026-03-05T12:00:00Z"'
    assert later == {name: content.replace(*told) for name, content in files.items()}
    assert everything(database) == before


def test_both_databases_give_the_same_bytes(sqlite: Database, migrated_postgresql: Database) -> None:
    found: list[dict[str, bytes]] = []
    for database in (sqlite, migrated_postgresql):
        create_guild(database)
        create_vote(database, now=DATE)
        found.append(files_of(database, now=DATE))
    empty(migrated_postgresql)
    assert found[0] == found[1]


def test_the_tables_say_what_the_document_says(sqlite: Database) -> None:
    create_guild(sqlite)
    files = files_of(sqlite)
    document = json.loads(files[DOCUMENT])
    assert list(files) == [DOCUMENT, *TABLES]
    numbers = {"binary": 1, "multiple_choice": 3, "numeric": 3, "date": 3}
    expected = sum(len(entry["forecasts"]) * numbers[entry["kind"]] for entry in document["predictions"])
    assert len(table(files, "forecasts.csv")) == expected
    assert len(table(files, "scores.csv")) == 21
    assert [row["of"] for row in table(files, "forecasts.csv") if row["prediction"] == "3"][:3] == [
        "OpenAI",
        "Google",
        "Anthropic",
    ]
    stored = {(row["forecaster"], row["role"]): row for row in document["predictions"][0]["scores"]}
    for row in table(files, "scores.csv"):
        if row["prediction"] == "1":
            assert float(row["peer"]) == stored[row["forecaster"], row["role"]]["peer"]
    of_dates = [row["value"] for row in table(files, "forecasts.csv") if row["prediction"] == "5"]
    assert of_dates[:3] == [date(2026, 5, 27).isoformat(), date(2026, 7, 3).isoformat(), "20690.5"]
    assert len(table(files, "leaderboards.csv")) == sum(len(board["standings"]) for board in document["leaderboards"])


@pytest.mark.parametrize(
    "words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0"]
)
def test_no_spreadsheet_takes_peoples_words_for_a_formula(sqlite: Database, words: str) -> None:
    manager = create_actor(words, manager=True)
    create_prediction(sqlite, statement=words, criteria=words, kind=Kind.MULTIPLE_CHOICE, options=(words, "B"), by=manager)
    sqlite.run_here(forecasts.place, manager, code=1, values=(0.5, 0.5), now=NOW)
    sqlite.run_here(resolutions.override, manager, code=1, outcome=Outcome("option", 0.0), words=words, now=NOW)
    files = files_of(sqlite)
    for name in TABLES:
        for row in table(files, name):
            for cell in row.values():
                is_number = cell.lstrip("-").replace(".", "", 1).replace("e-", "", 1).isdigit() and words.strip() != cell
                assert is_number or not cell.strip(" ").startswith(("=", "+", "-", "@", "\t", "＝")), (name, row)
    assert table(files, "predictions.csv")[0]["statement"].removeprefix("'") == " ".join(words.split())
    assert json.loads(files[DOCUMENT])["predictions"][0]["options"][0] == " ".join(words.split())


def test_the_number_of_statements_does_not_depend_on_what_there_is(sqlite: Database) -> None:
    manager, *_ = create_guild(sqlite)
    counts: list[int] = []
    for _ in range(2):
        with counted_statements(sqlite) as statements:
            files_of(sqlite)
        counts.append(len(statements))
        for number in range(guild_export.AT_ONCE - 6):
            code = create_prediction(sqlite, statement=f"More {number}", by=manager).code
            sqlite.run_here(forecasts.place, manager, code=code, values=(0.5,), now=NOW)
    assert counts[0] == counts[1]
