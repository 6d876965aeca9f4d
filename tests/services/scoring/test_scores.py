"""Scores in the database: with the result, as an audit computes them, gone when it is taken back."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from bot.domain.audit import audit
from bot.domain.errors import Refused
from bot.domain.leaderboard import Ranking
from bot.domain.outcomes import Outcome
from bot.domain.seasons import ALL_TIME, Season
from bot.domain.types import Actor, Kind, Role, State
from bot.services import sweep
from bot.services.forecasting import forecasts
from bot.services.predictions import editing
from bot.services.scoring import leaderboards, scores
from bot.services.scoring.cases import case_of
from bot.services.scoring.leaderboards import Leaderboard
from bot.services.voting import proposals, resolutions
from db.database import Database
from db.models import Forecast, Guild, Member, Prediction, PredictionTag, Score
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_document, create_prediction, load
from tests.rows import count, counted_statements, empty, everything, rows, values
from tests.services.voting.polls import (
    ACCEPT,
    DAY,
    HOUR,
    cast,
    create_voter,
    make_ready,
    propose,
    state_of,
    wake,
)

MONA = create_actor("mona", manager=True)
PEOPLE = [create_actor(f"member {number}") for number in range(8)]
ADA, BOB, CLEO = PEOPLE[:3]


def say(database: Database, actor: Actor, code: int, *numbers: float, days: float = 0.0) -> None:
    """A forecast, so many days after the prediction was added."""
    now = NOW + timedelta(days=days)
    database.run_here(forecasts.place, actor, code=code, values=numbers, now=now)


def decide(database: Database, code: int, word: str, value: float | None = None, *, days: float = 30) -> None:
    """A manager decides."""
    outcome, now = Outcome(word, value), NOW + timedelta(days=days)
    database.run_here(sweep.close_due, now=now)
    database.run_here(resolutions.override, MONA, code=code, outcome=outcome, words="Seen.", now=now)


def reopen(database: Database, code: int, *, days: float = 31) -> None:
    """A manager takes the result back."""
    database.run_here(resolutions.reopen, MONA, code=code, words="Not so.", now=NOW + timedelta(days=days))


def stored(database: Database) -> list[tuple[Any, ...]]:
    """All scores, without when they were computed."""
    columns = [column for column in Score.__table__.c if column.name not in ("id", "computed_at")]
    query = select(*columns).order_by(Score.prediction_id, Score.member_id, Score.source_id)
    return sorted(rows(database, query), key=repr)


def board(database: Database, actor: Actor = ADA, **given: Any) -> Leaderboard:
    return database.read_here(leaderboards.show_leaderboard, actor, **given)


def peers(database: Database) -> dict[str, float]:
    """Peer scores by user, of the crowd and of the author."""
    told = select(Member.user_id, Score.source_id, Score.peer).outerjoin(Member, Member.id == Score.member_id)
    names = {actor.user_id: actor.name for actor in PEOPLE}
    return {
        names.get(user_id) or ("author" if source_id else "crowd"): peer
        for user_id, source_id, peer in rows(database, told.select_from(Score))
    }


def test_the_worked_example_of_the_documentation(database: Database) -> None:
    code = create_prediction(database, resolves_at=NOW + 10 * DAY).code
    say(database, ADA, code, 0.8)
    say(database, BOB, code, 0.4, days=5)
    decide(database, code, "yes", days=10)
    assert peers(database) == pytest.approx({ADA.name: 34.66, BOB.name: -34.66, "crowd": 5.89}, abs=0.005)
    told = rows(database, select(Score.coverage, Score.presence, Score.brier, Score.baseline).order_by(Score.id))
    assert told == [
        pytest.approx((1.0, 1.0, 0.04, 67.81), abs=0.005),
        pytest.approx((0.5, 0.5, 0.36, -16.10), abs=0.005),
        pytest.approx((1.0, 1.0, 0.1, 47.06), abs=0.005),
    ]
    shown = database.read_here(editing.show, BOB, code=code, now=NOW + 11 * DAY).own_score
    assert shown is not None
    assert (shown.peer, shown.baseline, shown.coverage) == pytest.approx((-34.66, -16.10, 0.5), abs=0.005)


def test_time_after_an_early_result_counts_nothing_and_is_nobodys_absence(database: Database) -> None:
    code = create_prediction(database, resolves_at=NOW + 10 * DAY).code
    say(database, ADA, code, 0.8)
    say(database, BOB, code, 0.4, days=5)
    decide(database, code, "yes", days=6)
    assert peers(database) == pytest.approx({ADA.name: 6.93, BOB.name: -6.93, "crowd": 1.18}, abs=0.01)
    told = rows(database, select(Score.coverage, Score.presence).order_by(Score.id))
    assert told == [pytest.approx(pair) for pair in ((0.6, 1.0), (0.1, 1 / 6), (0.6, 1.0))]


def test_forecasts_end_at_the_moment_the_result_carries_and_not_when_it_is_counted(database: Database) -> None:
    code = create_prediction(database, resolves_at=NOW + 30 * DAY).code
    make_ready(database)
    voters = [create_voter() for _ in range(3)]
    for voter in voters:
        say(database, voter, code, 0.7)
    made = propose(database, code, by=voters[0], happened_at=NOW + 15 * DAY, now=NOW + 16 * DAY)
    database.run_here(proposals.second, voters[1], proposal_id=made.proposal_id, now=NOW + 16 * DAY)
    wake(database, NOW + 16 * DAY)
    cast(database, code, ACCEPT, now=NOW + 16 * DAY + HOUR)
    for now in (NOW + 17 * DAY, NOW + 20 * DAY):
        wake(database, now)
    assert state_of(database, code) is State.RESOLVED
    assert set(rows(database, select(Score.coverage, Score.presence))) == {(0.5, 1.0)}


def test_all_kinds_and_the_author_are_scored_and_the_annulled_are_not(database: Database) -> None:
    load(database, create_document({"probability": 0.9, "window": {"end": "2026-03-31"}}))
    choice = create_prediction(database, kind=Kind.MULTIPLE_CHOICE).code
    number = create_prediction(database, kind=Kind.NUMERIC).code
    void = create_prediction(database).code
    alone = create_prediction(database).code
    for share, actor in ((0.2, ADA), (0.6, BOB)):
        say(database, actor, 1, share)
        say(database, actor, choice, share, 0.9 - share, 0.1)
        say(database, actor, number, share, 2 * share, 3 * share)
        say(database, actor, void, share)
    decide(database, 1, "yes", days=31)
    decide(database, choice, "option", 1.0)
    decide(database, number, "value", 0.5)
    decide(database, void, "annulled")
    decide(database, alone, "no")
    codes = dict(rows(database, select(Prediction.id, Prediction.code)))
    told = select(Score.prediction_id, Score.member_id, Score.source_id, Score.baseline, Score.wis, Score.mean_values)
    found = rows(database, told)
    who = {codes[row[0]]: [] for row in found} | {codes[row[0]]: [r for r in found if r[0] == row[0]] for row in found}
    assert {code: len(lines) for code, lines in who.items()} == {1: 4, choice: 3, number: 3}
    assert [line[2] is not None for line in who[1]].count(True) == 1, "the author"
    assert all((line[3] is None) == (line[4] is not None) == (code == number) for code in who for line in who[code])
    assert {len(line[5]) for line in who[choice]} == {3}
    assert values(database, select(Prediction.code).where(Prediction.scored_at.is_(None))) == [void]


def test_what_was_said_of_a_prediction_that_was_over_when_it_was_loaded_counts_for_its_author(database: Database) -> None:
    old = {"probability": 0.9, "window": {"start": "2025-01-01", "end": "2025-12-31"}}
    undated = {"probability": 0.9, "window": {"end": "2025-12-31"}}
    load(database, create_document(old, undated))
    decide(database, 1, "yes", days=1)
    decide(database, 2, "yes", days=1)
    told = select(Score.prediction_id, Score.source_id.is_not(None), Score.coverage, Score.peer, Score.brier)
    # Of the other nobody knows when it was said: it was open for no time.
    assert rows(database, told) == [(1, True, 1.0, 0.0, pytest.approx(0.01))]


def test_without_a_closing_time_the_result_ends_what_was_planned(database: Database) -> None:
    load(database, create_document({}))
    say(database, ADA, 1, 0.8, days=4)
    decide(database, 1, "yes", days=8)
    assert set(rows(database, select(Score.coverage, Score.presence))) == {(0.5, 0.5)}


def test_too_early_moves_the_close_and_who_stood_meanwhile_counts_through(database: Database) -> None:
    code = create_prediction(database, resolves_at=NOW + 10 * DAY).code
    say(database, ADA, code, 0.8)
    decide(database, code, "yes", days=10)
    reopen(database, code, days=15)
    make_ready(database)
    wake(database, NOW + 15 * DAY)
    assert state_of(database, code) is State.VOTING
    with database.engine.begin() as connection:  # as a vote that says "too early" does
        gone = {"closes_at": NOW + 20 * DAY, "resolves_at": NOW + 20 * DAY, "closed_at": None, "state": State.OPEN}
        connection.execute(update(Prediction).values(**gone))
    say(database, BOB, code, 0.4, days=18)
    decide(database, code, "yes", days=20)
    by_name = {ADA.name: 1.0, BOB.name: 0.1}
    names = {actor.user_id: actor.name for actor in PEOPLE}
    told = rows(database, select(Member.user_id, Score.coverage).join(Member, Member.id == Score.member_id))
    assert {names[user_id]: coverage for user_id, coverage in told} == pytest.approx(by_name)


def test_a_reopened_prediction_has_no_scores_and_stands_on_no_leaderboard(database: Database) -> None:
    code = create_prediction(database).code
    say(database, ADA, code, 0.8)
    say(database, BOB, code, 0.7)
    decide(database, code, "yes", days=20)
    assert board(database, by=Ranking.BASELINE).lines
    reopen(database, code, days=21)
    assert (count(database, Score), values(database, select(Prediction.scored_at))) == (0, [None])
    shown = board(database, by=Ranking.BASELINE)
    assert (shown.lines, shown.predictions, shown.seasons) == ((), 0, ())
    assert database.read_here(editing.show, ADA, code=code, now=NOW + 22 * DAY).own_score is None


def test_what_was_resolved_before_there_were_scores_is_scored_once(database: Database) -> None:
    codes = [create_prediction(database).code for _ in range(3)]
    for code in codes:
        say(database, ADA, code, 0.8)
        say(database, BOB, code, 0.3)
    for code, word in zip(codes, ("yes", "no", "annulled"), strict=True):
        decide(database, code, word)
    before = stored(database)
    with database.engine.begin() as connection:
        connection.execute(delete(Score))
        connection.execute(update(Prediction).values(scored_at=None))
    assert database.run_here(scores.record_missing, now=NOW + 40 * DAY) is False
    assert stored(database) == before
    with counted_statements(database) as statements:
        database.run_here(scores.record_missing, now=NOW + 40 * DAY)
    assert len([statement for statement in statements if "predictions" in statement]) == 1


def test_a_date_that_a_pack_moves_after_the_result_moves_what_was_planned(database: Database) -> None:
    ends = [create_document({"window": {"end": end}}) for end in ("2026-03-31", "2026-04-30")]
    load(database, ends[0])
    say(database, ADA, 1, 0.8)
    decide(database, 1, "yes", days=10)
    (before,) = set(values(database, select(Score.coverage)))
    load(database, ends[1], now=NOW + 12 * DAY)
    (after,) = set(values(database, select(Score.coverage)))
    assert after == pytest.approx(before * 30.5 / 60.5)


def test_an_authors_number_of_another_kind_is_no_forecast_of_this_one(database: Database) -> None:
    window = {"window": {"end": "2026-03-31"}}
    load(database, create_document({"probability": 0.9} | window))
    load(database, create_document({"kind": "date"} | window), now=NOW + DAY)
    assert count(database, Forecast) == 0
    options = [{"name": "A", "probability": 0.6}, {"name": "B", "probability": 0.4}]
    load(database, create_document({"kind": "multiple_choice", "options": options} | window), now=NOW + 2 * DAY)
    more = [*options[:1], {"name": "B", "probability": 0.3}, {"name": "C", "probability": 0.1}]
    load(database, create_document({"kind": "multiple_choice", "options": more} | window), now=NOW + 3 * DAY)
    decide(database, 1, "option", 2.0, days=31)
    ((means, coverage),) = rows(database, select(Score.mean_values, Score.coverage))
    assert means == pytest.approx([0.6, 0.3, 0.1])
    assert coverage == pytest.approx(27.5 / 30.5)


# Against an audit, and from scratch.


def live(database: Database, seed: int = 5) -> None:
    """A guild with forecasts of every kind, changed and withdrawn at random."""
    dice = random.Random(seed)
    load(database, create_document(*({"probability": dice.random(), "window": {"end": "2026-03-31"}} for _ in range(6))))
    for kind in (Kind.MULTIPLE_CHOICE, Kind.NUMERIC, Kind.DATE, Kind.BINARY):
        create_prediction(database, kind=kind)
    for code in range(1, 11):
        kind = {7: Kind.MULTIPLE_CHOICE, 8: Kind.NUMERIC, 9: Kind.DATE}.get(code, Kind.BINARY)
        for day in sorted(dice.uniform(0, 29) for _ in range(20)):
            actor, moment = dice.choice(PEOPLE), NOW + timedelta(days=round(day))
            if dice.random() < 0.15:
                try:
                    database.run_here(forecasts.withdraw, actor, code=code, now=moment)
                except Refused:
                    continue
            else:
                say(database, actor, code, *_numbers(kind, dice), days=round(day))


def _numbers(kind: Kind, dice: random.Random) -> tuple[float, ...]:
    match kind:
        case Kind.BINARY:
            return (dice.random(),)
        case Kind.MULTIPLE_CHOICE:
            share = dice.random()
            return (share / 2, share / 2, 1 - share)
        case _:
            return tuple(sorted(dice.uniform(0, 100) for _ in range(3)))


OUTCOMES: list[tuple[str, float | None]] = [("yes", None), ("no", None), ("yes", None), ("annulled", None), ("no", None)]
OUTCOMES += [("yes", None), ("option", 1.0), ("value", 33.0), ("value", 20_530.0), ("no", None)]
OTHERWISE: list[tuple[str, float | None]] = [("no", None), ("annulled", None), ("no", None), ("yes", None), ("no", None)]
OTHERWISE += [("no", None), ("option", 2.0), ("value", 70.0), ("annulled", None), ("yes", None)]


def boards(database: Database) -> list[Leaderboard]:
    return [board(database, by=by, season=season) for by in Ranking for season in (ALL_TIME, Season(2026, 2))]


def test_reopened_and_resolved_otherwise_is_the_same_as_from_scratch(database: Database) -> None:
    live(database)
    for code, (word, value) in enumerate(OTHERWISE, 1):
        decide(database, code, word, value, days=31)
    wanted, fresh = stored(database), boards(database)
    empty(database)

    live(database)
    for code, (word, value) in enumerate(OUTCOMES, 1):
        decide(database, code, word, value, days=31)
    first = stored(database)
    for code, (word, value) in enumerate(OTHERWISE, 1):
        reopen(database, code, days=32)
        assert code not in values(database, select(Prediction.code).join(Score, Score.prediction_id == Prediction.id))
        decide(database, code, word, value, days=33)
    assert stored(database) == wanted, "bit for bit"
    assert boards(database) == fresh
    for code in range(1, 11):
        reopen(database, code, days=34)
        decide(database, code, *OUTCOMES[code - 1], days=35)
    assert stored(database) == first


def test_the_same_rows_in_another_order_and_database_give_the_same_bits(database: Database) -> None:
    live(database)
    for code, (word, value) in enumerate(OUTCOMES, 1):
        decide(database, code, word, value, days=31)
    wanted, shown = stored(database), boards(database)
    there = everything(database)
    empty(database)
    with database.engine.begin() as connection:
        for table in Score.metadata.sorted_tables:
            if table.name not in ("scores", "outbox", "ladder_steps") and there[table.name]:
                names = [column.name for column in table.c]
                given: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in there[table.name]]
                random.Random(1).shuffle(given)
                if table.name == "predictions":
                    given = [row | {"parent_id": None, "scored_at": None} for row in given]
                if table.name == "forecasts":
                    given = [row | {"id": 10_000 - row["id"]} for row in given]
                connection.execute(insert(table), given)
    database.run_here(scores.record_missing, now=NOW + 50 * DAY)
    assert stored(database) == wanted
    assert boards(database) == shown


def test_stored_scores_and_rankings_are_those_of_an_audit(database: Database) -> None:
    live(database)
    for code, (word, value) in enumerate(OUTCOMES, 1):
        decide(database, code, word, value, days=31)

    def cases(session: Any) -> list[Any]:
        return [case_of(session, prediction) for prediction in session.scalars(select(Prediction))]

    audited = audit(database.read_here(cases))
    found = {(row[0], str(row[1] or row[2] or "crowd")): row[3:] for row in stored(database)}
    names = [column.name for column in Score.__table__.c if column.name not in ("id", "computed_at")][3:]
    compared = 0
    for result in audited.cases:
        for _, ids, scored in result.groups():
            for number, name in enumerate(ids):
                if scored.over_time.coverage[number] > 0:
                    row = dict(zip(names, found[int(result.case.id), name], strict=True))
                    for score in ("coverage", "brier", "log", "baseline", "peer", "wis"):
                        for prefix, told in (("", scored.over_time), ("spot_", scored.spot)):
                            value = float(getattr(told, score)[number])
                            if prefix + score in row:
                                assert row[prefix + score] == (None if value != value else value)
                                compared += 1
    assert compared > 500
    for by in Ranking:
        wanted = audited.rankings[by]
        shown = board(database, by=by)
        assert [(line.rank, line.role, line.score, line.predictions) for line in shown.lines] == [
            (line.rank, line.role, line.score, line.predictions) for line in wanted[:10]
        ]
        assert shown.members == sum(line.role is Role.MEMBER for line in wanted)


# Leaderboards.


def arrange(database: Database) -> None:
    """Six predictions of two tags, resolved in two quarters; Ada is always right."""
    for number in range(6):
        code = create_prediction(
            database, resolves_at=NOW + timedelta(days=20 + 5 * number), tags=(f"tag{number % 2}",)
        ).code
        say(database, ADA, code, 0.9)
        say(database, BOB, code, 0.6)
        if number < 2:
            say(database, CLEO, code, 0.1)
        decide(database, code, "yes", days=20 + 5 * number)


def names_of(shown: Leaderboard) -> list[str]:
    names = {actor.user_id: actor.name for actor in PEOPLE}
    return [names.get(line.user_id or 0, line.role.value) for line in shown.lines]


def test_the_crowd_stands_where_it_belongs_and_takes_no_rank(database: Database) -> None:
    arrange(database)
    shown = board(database, BOB, by=Ranking.BASELINE)
    assert names_of(shown) == [ADA.name, "crowd", BOB.name, CLEO.name]
    assert [line.rank for line in shown.lines] == [1, None, 2, 3]
    assert (shown.predictions, shown.members, shown.own) == (6, 3, shown.lines[2])
    assert [line.predictions for line in shown.lines] == [6, 6, 6, 2]
    brier = board(database, CLEO, by=Ranking.BRIER)
    assert (names_of(brier)[0], brier.own, brier.own_predictions) == (ADA.name, None, 2)
    assert len(brier.lines) == 3


def test_seasons_tags_and_packs_narrow_it(database: Database) -> None:
    arrange(database)
    load(database, create_document({"window": {"end": "2026-03-10"}}), slug="mine")
    say(database, CLEO, 7, 0.3)
    say(database, BOB, 7, 0.9)
    decide(database, 7, "no", days=10)
    assert board(database).seasons == (Season(2026), Season(2026, 2), Season(2026, 1))
    assert [board(database, season=season).predictions for season in (Season(2026), Season(2026, 1), Season(2026, 2))] == [
        7,
        4,
        3,
    ]
    assert board(database, season=Season(2025)).lines == ()
    assert board(database, tag="TAG1").predictions == 3
    assert names_of(board(database, by=Ranking.BASELINE, pack="mine")) == [CLEO.name, "crowd", BOB.name]
    with database.engine.begin() as connection:  # its last day is over nine hours later
        connection.execute(update(Guild).values(zone="Pacific/Honolulu"))
    assert board(database, season=Season(2026, 1)).predictions == 4


def test_a_season_ends_at_the_guilds_midnight(database: Database) -> None:
    code = create_prediction(database, resolves_at=datetime(2026, 3, 31, 22, 30, tzinfo=NOW.tzinfo)).code
    say(database, ADA, code, 0.9)
    say(database, BOB, code, 0.8)
    decide(database, code, "yes", days=30 + 10.5 / 24)
    assert board(database).seasons == (Season(2026), Season(2026, 1))
    with database.engine.begin() as connection:
        connection.execute(update(Guild).values(zone="Europe/Berlin"))
    assert board(database).seasons == (Season(2026), Season(2026, 2))
    assert board(database, season=Season(2026, 1)).lines == ()
    assert board(database, season=Season(2026, 2)).predictions == 1


def test_unknown_tags_and_packs_and_those_of_others_are_refused(database: Database) -> None:
    arrange(database)
    load(database, create_document({}, title="Theirs"), guild_id=OTHER_GUILD, slug="theirs")
    create_prediction(database, by=create_actor(guild_id=OTHER_GUILD, manager=True), tags=("theirs",))
    refusals: list[dict[str, Any]] = [{"tag": "theirs"}, {"tag": "x" * 3000}, {"pack": "theirs"}, {"pack": "nothing"}]
    for narrowed in refusals:
        with pytest.raises(Refused, match=r"No prediction on this server (has the tag|comes from the pack)") as refused:
            board(database, **narrowed)
        assert len(str(refused.value)) < 200


def test_another_guilds_scores_are_not_here(database: Database) -> None:
    arrange(database)
    stranger = create_actor(guild_id=OTHER_GUILD)
    shown = board(database, stranger)
    assert (shown.lines, shown.own, shown.predictions, shown.seasons) == ((), None, 0, ())


def test_who_is_forgotten_has_no_name_and_keeps_the_line(database: Database) -> None:
    arrange(database)
    with database.engine.begin() as connection:
        gone = update(Member).where(Member.user_id == ADA.user_id)
        connection.execute(gone.values(user_id=None, name=None, forgotten_at=NOW))
    first = board(database, BOB).lines[0]
    assert (first.rank, first.role, first.user_id) == (1, Role.MEMBER, None)
    summary = database.read_here(scores.summary_of, 1)
    assert summary is not None
    assert [line.user_id for line in summary.best] == [None]


def test_everybody_has_a_page_and_the_asker_their_own_line(database: Database) -> None:
    people = [create_actor(f"one of many {number}") for number in range(25)]
    code = create_prediction(database).code
    for number, actor in enumerate(people):
        say(database, actor, code, 0.3 + number / 50)
    decide(database, code, "yes")
    by = Ranking.BASELINE
    pages = [board(database, people[0], by=by, page=number) for number in (0, 1, 2)]
    ranks = [line.rank for page in pages for line in page.lines]
    assert sorted(rank for rank in ranks if rank) == list(range(1, 26))
    assert ranks.count(None) == 1
    assert {page.own.rank for page in pages if page.own} == {25}
    assert board(database, people[0], by=by, page=99) == pages[2] == board(database, people[0], by=by, page=2)
    assert board(database, people[0], by=by, is_public=True).own is None


def test_the_summary_names_who_was_best_of_several(database: Database) -> None:
    codes = [create_prediction(database).code for _ in range(3)]
    say(database, ADA, codes[0], 0.9)
    for actor in (ADA, BOB):
        say(database, actor, codes[1], 0.7)
    say(database, CLEO, codes[1], 0.2)
    for code in codes:
        decide(database, code, "yes")
    alone, several, nobody = (database.read_here(scores.summary_of, code) for code in codes)
    assert alone is not None
    assert (alone.members, alone.best, alone.author) == (1, (), None)
    assert several is not None
    assert {line.user_id for line in several.best} == {ADA.user_id, BOB.user_id}
    assert nobody is None


def test_a_leaderboard_takes_the_same_statements_however_many_scores(database: Database) -> None:
    """50 members with a forecast on each of 200 predictions; the time is printed."""
    users = [900_000 + number for number in range(50)]
    dice = random.Random(3)
    create_prediction(database)
    with counted_statements(database) as first:
        board(database, by=Ranking.BRIER)
    empty(database)
    create_prediction(database)
    with database.engine.begin() as connection:
        told = {"guild_id": GUILD, "created_at": NOW}
        connection.execute(insert(Member), [told | {"user_id": user, "name": "x"} for user in users])
        members = list(connection.scalars(select(Member.id).where(Member.user_id.in_(users))))
        (row,) = connection.execute(select(Prediction.__table__)).mappings().all()
        ended = {"state": State.RESOLVED, "outcome": "yes", "resolved_at": NOW, "scored_at": NOW}
        connection.execute(
            insert(Prediction), [dict(row) | ended | {"id": 100 + number, "code": 100 + number} for number in range(200)]
        )
        connection.execute(insert(PredictionTag), [{"prediction_id": 100, "tag": "ai", "guild_id": GUILD}])
        connection.execute(
            insert(Score),
            [
                {"prediction_id": 100 + number, "member_id": member, "coverage": dice.random(), "presence": dice.random()}
                | {"peer": dice.gauss(0, 20), "baseline": dice.gauss(20, 40), "brier": dice.random()}
                | {"relative_brier": dice.gauss(0, 0.05), "mean_values": [0.5], "computed_at": NOW}
                for number in range(200)
                for member in members
            ],
        )
    asker = Actor(GUILD, users[0], "x")
    with counted_statements(database) as learning:
        board(database, asker)
    assert len(learning) <= len(first) + 7, "the names, and what the experienced crowd learns"
    for by in Ranking:
        with counted_statements(database) as statements:
            began = time.perf_counter()
            shown = board(database, asker, by=by)
            took = time.perf_counter() - began
        assert (shown.predictions, shown.members, shown.pages) == (200, 50, 5)
        assert len(statements) <= len(first) + 2, "the names, and how the experienced crowd did"
        print(f"50 members x 200 predictions by {by}: {1000 * took:.0f} ms on {database.url.get_backend_name()}")
    assert board(database, asker, tag="ai").predictions == 1
