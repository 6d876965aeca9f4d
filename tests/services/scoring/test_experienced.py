"""The experienced crowd of a guild: when there is one, what it says, who sees it, and how it's scored."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.domain.audit import audit
from bot.domain.cases import Case, CaseResult, score_case
from bot.domain.documents.comparing import compare
from bot.domain.documents.export_reading import read_export
from bot.domain.documents.export_writing import DOCUMENT
from bot.domain.experience import LEAST_RESOLVED, experience_of, experienced_crowd
from bot.domain.leaderboard import Ranking
from bot.domain.outcomes import NO, YES, Outcome
from bot.domain.types import Actor, Kind, Role
from bot.services.exporting import guild_export
from bot.services.forecasting import forecasts, histories
from bot.services.predictions.views import ExperiencedCrowd
from bot.services.scoring import experienced, leaderboards
from bot.services.scoring.cases import case_of
from bot.services.voting import resolutions
from bot.services.voting.results import result_of
from bot.ui.cards.charts import history_chart
from bot.ui.cards.predictions.card import details_card, prediction_card
from bot.ui.cards.scoring.leaderboard import leaderboard_card
from bot.ui.cards.voting.results import result_card
from bot.ui.charts.history import draw_history
from bot.ui.charts.words import alt_of
from bot.ui.text import value_text
from db.base import Base
from db.database import Database
from db.models import Event, Forecast, Prediction, Score
from tests import factories
from tests.factories import GUILD, NOW
from tests.rows import count, counted_statements
from tests.services.scoring.scored import place, resolve

ADA, BOB, CLEO = (factories.create_actor(name) for name in ("ada", "bob", "cleo"))
LATER = NOW + timedelta(days=31)


TEN = 10


def live(database: Database, number: int = LEAST_RESOLVED) -> None:
    """So many results that Ada knew better than Bob: nine in ten of what she gave 90% and he 60% came. Ten are lived through, the
    others are copies of these."""
    by = factories.create_actor("mona", manager=True)
    for at in range(TEN):
        code = factories.create_prediction(database, now=NOW, by=by).code
        for actor, chance in ((ADA, 0.9), (BOB, 0.6)):
            place(database, actor, code, (chance,), NOW)
        resolve(database, code, Outcome(YES if at else NO), guild_id=GUILD, now=NOW + timedelta(days=30))
    copy(database, number - TEN)


def copy(database: Database, number: int) -> None:
    """Further predictions like the first ten, with their forecasts, scores and log."""
    first = 1000 + count(database, Prediction)
    with database.engine.begin() as connection:
        for at in range(number):
            to = first + at
            lived = {"id": 1 + at % TEN}
            for model, key in ((Prediction, "id"), *((table, "prediction_id") for table in (Forecast, Score, Event))):
                table = Base.metadata.tables[model.__tablename__]
                read = select(table).where(table.c[key] == lived["id"]).order_by(table.c.id)
                for row in connection.execute(read).mappings().all():
                    facts = {name: value for name, value in row.items() if name != "id"} | {key: to}
                    connection.execute(insert(table).values(facts | ({"code": to} if key == "id" else {})))


def ask(database: Database, *said: tuple[Actor, float]) -> int:
    """One more prediction that these members forecast."""
    code = factories.create_prediction(
        database, now=LATER, by=factories.create_actor("mona", manager=True), resolves_at=LATER + timedelta(days=30)
    ).code
    for actor, chance in said:
        place(database, actor, code, (chance,), LATER)
    return code


def seen(database: Database, code: int, actor: Actor = ADA, *, days: float = 0) -> ExperiencedCrowd | None:
    return database.read_here(experienced.show, actor, code=code, now=LATER + timedelta(days=days)).experienced


def whole_past(session: Session) -> tuple[list[CaseResult], Case]:
    """Everything resolved, scored from its forecasts alone, and the prediction that's still open."""
    found = list(session.scalars(select(Prediction).order_by(Prediction.id)))
    past = [score_case(case_of(session, one)) for one in found if one.resolved_at]
    return past, next(case_of(session, one) for one in found if not one.resolved_at)


def test_there_is_none_until_enough_is_resolved(sqlite: Database) -> None:
    live(sqlite, LEAST_RESOLVED - 1)
    code = ask(sqlite, (ADA, 0.9), (BOB, 0.5))
    assert seen(sqlite, code) is None
    copy(sqlite, 1)
    assert seen(sqlite, code) is not None


def test_it_listens_more_to_who_did_well_and_hides_with_the_crowd(database: Database) -> None:
    live(database)
    code = ask(database, (ADA, 0.9), (BOB, 0.5))
    found = seen(database, code)
    assert found is not None
    # The plain mean of their log-odds is 75%; Ada, who was better, counts for more.
    assert found.values[0] > 0.76
    assert found.peer is None
    assert seen(database, code, CLEO) is None, "she hasn't forecast yet"
    assert database.read_here(experienced.show_publicly, guild_id=GUILD, code=code, now=LATER).experienced is None
    assert database.read_here(histories.show_history, CLEO, code=code, now=LATER).experienced == ()
    place(database, CLEO, code, (0.5,), LATER)
    assert seen(database, code, CLEO) is not None
    database.run_here(forecasts.withdraw, CLEO, code=code, now=LATER)


def test_it_is_what_scoring_the_whole_past_gives_and_scored_like_the_crowd(database: Database) -> None:
    live(database)
    code = ask(database, (ADA, 0.9), (BOB, 0.5))
    place(database, BOB, code, (0.7,), LATER + timedelta(days=3))
    before = seen(database, code, days=4)
    steps = database.read_here(histories.show_history, ADA, code=code, now=LATER + timedelta(days=4)).experienced
    assert [at for at, _ in steps] == [LATER, LATER + timedelta(days=3)]
    assert before is not None
    assert steps[-1][1] == pytest.approx(before.values)

    past, case = database.run_here(whole_past)
    whole = experienced_crowd(case, experience_of(past), closed_at=LATER.timestamp() + 4 * 86400)
    assert before.values == pytest.approx(tuple(whole.values[-1]), rel=1e-12)

    resolve(database, code, Outcome(YES), guild_id=GUILD, now=LATER + timedelta(days=30))
    after = seen(database, code, days=30)
    assert after is not None
    assert after.values == before.values, "its own result changes nothing it said"
    first, second = (values[0] for _, values in steps if values)
    baseline = 100 + 100 * (math.log2(first) * 3 + math.log2(second) * 27) / 30
    assert after.baseline == pytest.approx(baseline)
    assert after.peer is not None


def test_cards_and_charts_show_it_beside_the_crowd(sqlite: Database) -> None:
    live(sqlite)
    code = ask(sqlite, (ADA, 0.9), (BOB, 0.5))
    view = sqlite.read_here(experienced.show, ADA, code=code, now=LATER)
    assert view.experienced is not None
    said = value_text(Kind.BINARY, view.experienced.values)
    for card in (prediction_card(view, private=True), details_card(view)[0]):
        assert f"**Experienced crowd** {said}" in str(card.to_components())
    chart = history_chart(sqlite.read_here(histories.show_history, ADA, code=code, now=LATER), now=LATER)
    assert f"experienced crowd {said}" in alt_of(chart)
    assert draw_history(chart) != draw_history(replace(chart, experienced=()))
    hidden = sqlite.read_here(experienced.show, CLEO, code=code, now=LATER)
    assert "Experienced" not in str(prediction_card(hidden, private=True).to_components())

    resolve(sqlite, code, Outcome(YES), guild_id=GUILD, now=LATER + timedelta(days=30))
    resolved = sqlite.read_here(experienced.show, CLEO, code=code, now=LATER + timedelta(days=30))
    assert f"**Experienced crowd** {said} · peer +" in str(prediction_card(resolved, private=True).to_components())


def exported(database: Database, *, days: float) -> dict[str, bytes]:
    pieces: dict[str, list[bytes]] = {}
    now = LATER + timedelta(days=days)
    database.read_here(
        guild_export.export, guild_id=GUILD, now=now, put=lambda name, piece: pieces.setdefault(name, []).append(piece)
    )
    return {name: b"".join(parts) for name, parts in pieces.items()}


def differing(document: bytes) -> list[str]:
    export = read_export(document).export
    assert export is not None
    return [str(one) for one in compare(export, audit(export.cases)).differences]


def test_the_export_has_it_as_anyone_can_compute_it_from_the_file(database: Database) -> None:
    live(database)
    still_open, ended, emptied = (ask(database, (ADA, 0.9), (BOB, 0.5)) for _ in range(3))
    place(database, BOB, ended, (0.7,), LATER + timedelta(days=3))
    for actor in (ADA, BOB):
        database.run_here(forecasts.withdraw, actor, code=emptied, now=LATER + timedelta(days=4))
    for code in (ended, emptied):
        resolve(database, code, Outcome(YES), guild_id=GUILD, now=LATER + timedelta(days=20))
    files = exported(database, days=21)
    assert differing(files[DOCUMENT]) == []

    document = json.loads(files[DOCUMENT])
    entries = {entry["code"]: entry for entry in document["predictions"]}
    shown = seen(database, ended, days=21)
    assert shown is not None
    assert entries[ended]["experienced"]["values"] == pytest.approx(shown.values, rel=1e-12)
    assert len(entries[ended]["experienced"]["history"]["times"]) == 2
    assert entries[emptied]["experienced"]["history"]["values"][-1] is None, "nobody had a forecast any more"
    assert "experienced" not in entries[1], "there was none yet"
    assert "experienced" not in entries[still_open], "its crowd is hidden from who hasn't forecast"
    (scored,) = (row for row in entries[ended]["scores"] if row["role"] == "experienced")
    assert scored["peer"] == pytest.approx(shown.peer)
    (line,) = (row for row in document["leaderboards"][1]["standings"] if row["role"] == "experienced")
    assert (line["rank"], line["predictions"], line["name"]) == (None, 2, "experienced crowd")
    assert files["experienced.csv"].decode().splitlines()[1].startswith(f"{ended},")

    del entries[ended]["experienced"]
    assert any(one.startswith(f"predictions[{ended - 1}].experienced") for one in differing(json.dumps(document).encode()))


def test_it_stands_unranked_beside_the_leaderboard(database: Database) -> None:
    live(database)
    codes = [ask(database, (ADA, 0.9), (BOB, 0.5)) for _ in range(5)]
    asked = {"by": Ranking.PEER, "is_public": True}
    before = database.read_here(leaderboards.show_leaderboard, ADA, **asked)
    assert Role.EXPERIENCED not in {line.role for line in before.lines}
    for code in codes:
        resolve(database, code, Outcome(YES), guild_id=GUILD, now=LATER + timedelta(days=30))
    after = database.read_here(leaderboards.show_leaderboard, ADA, **asked)
    (line,) = (line for line in after.lines if line.role is Role.EXPERIENCED)
    assert (line.rank, line.predictions, line.user_id) == (None, 5, None)
    peers = [view.peer for code in codes if (view := seen(database, code, days=31)) and view.peer is not None]
    assert line.score == pytest.approx(sum(peers) / 30)
    assert [one.rank for one in after.lines if one.rank] == [1, 2]
    assert after.members == 2
    assert "*the experienced crowd*" in str(leaderboard_card(after, private=False).to_components())


def test_a_result_taken_back_changes_how_it_did_from_then_on(sqlite: Database) -> None:
    live(sqlite, LEAST_RESOLVED + 1)
    codes = [ask(sqlite, (ADA, 0.9), (BOB, 0.5)) for _ in range(2)]
    for at, code in enumerate(codes, 1):
        resolve(sqlite, code, Outcome(YES), guild_id=GUILD, now=LATER + timedelta(days=at))
    results = sqlite.read_here(experienced.results_of, GUILD)
    ids = {code: code_id(sqlite, code) for code in codes}
    assert results.keys() == set(ids.values())
    assert sqlite.read_here(experienced.results_of, GUILD) == results
    mona = factories.create_actor("mona", manager=True)
    sqlite.run_here(resolutions.reopen, mona, code=10, words="It was not so.", now=LATER + timedelta(days=3))
    again = sqlite.read_here(experienced.results_of, GUILD)
    assert {key: one.peer for key, one in again.items()} == {
        ids[code]: view.peer for code in codes if (view := seen(sqlite, code, days=4)) is not None
    }
    assert all(again[key].peer != results[key].peer for key in again)


def test_the_result_says_how_it_did(sqlite: Database) -> None:
    live(sqlite)
    code = ask(sqlite, (ADA, 0.9), (BOB, 0.5))
    resolve(sqlite, code, Outcome(YES), guild_id=GUILD, now=LATER + timedelta(days=30))
    found = sqlite.read_here(result_of, guild_id=GUILD, prediction_id=code_id(sqlite, code), now=LATER + timedelta(days=30))
    assert found is not None
    assert "**Experienced crowd** peer +" in str(result_card(found).to_components())


def code_id(database: Database, code: int) -> int:
    """The id of a prediction: the copies have their own numbers."""
    return database.read_here(lambda session: session.scalars(select(Prediction.id).where(Prediction.code == code)).one())


def test_a_withdrawn_result_is_unlearnt(sqlite: Database) -> None:
    live(sqlite, LEAST_RESOLVED)
    code = ask(sqlite, (ADA, 0.9), (BOB, 0.5))
    assert seen(sqlite, code) is not None
    mona = factories.create_actor("mona", manager=True)
    sqlite.run_here(resolutions.reopen, mona, code=1, words="It was not so.", now=LATER)
    assert seen(sqlite, code) is None


def test_a_card_asks_the_past_once(sqlite: Database) -> None:
    live(sqlite)
    code = ask(sqlite, (ADA, 0.9), (BOB, 0.5))
    with counted_statements(sqlite) as first:
        seen(sqlite, code)
    with counted_statements(sqlite) as second:
        seen(sqlite, code)
    assert len(second) < len(first)
    assert not any("scores" in statement and "member_id IS NOT NULL" in statement for statement in second)


def test_one_more_result_moves_it(sqlite: Database) -> None:
    live(sqlite)
    code, other = ask(sqlite, (ADA, 0.9), (BOB, 0.5)), ask(sqlite, (ADA, 0.98), (BOB, 0.01))
    before = seen(sqlite, code)
    resolve(sqlite, other, Outcome(NO), guild_id=GUILD, now=LATER + timedelta(days=1))
    same, after = seen(sqlite, code), seen(sqlite, code, days=2)
    assert before is not None
    assert same is not None
    assert after is not None
    assert same.values == before.values, "nobody knew it then"
    assert after.values < before.values
