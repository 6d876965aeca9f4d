"""Leaving a member out: the crowd of what's open goes on without them, results stay, and an export says so and still agrees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.errors import NotAManager, Refused
from bot.domain.events import EventKind
from bot.domain.outcomes import YES, Outcome
from bot.domain.types import Actor
from bot.services.forecasting import forecasts
from bot.services.moderation import leaving_out
from bot.services.predictions import editing
from bot.services.privacy import forgetting
from bot.services.scoring import scores
from bot.services.scoring.leaderboards import show_leaderboard
from bot.services.scoring.profiles import show_profile
from bot.services.voting import resolutions
from db.database import Database
from db.models import Event, Forecast, LeftOutMember, OutboxMessage, Prediction, Score
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_prediction
from tests.rows import rows
from tests.services.exporting.test_exporting import differing, document_of, files_of, table
from tests.services.scoring.scored import live_through, place, resolve

DAY = timedelta(days=1)
LATER = NOW + 31 * DAY


def people() -> tuple[Actor, list[Actor]]:
    return create_actor("mona", manager=True), [create_actor(name) for name in ("ada", "bob", "eve", "troll")]


def leave_out(database: Database, manager: Actor, member: Actor, *, now: Any = LATER, words: str | None = None) -> Any:
    return database.run_here(leaving_out.leave_out, manager, user_id=member.user_id, words=words, now=now)


def take_back(database: Database, manager: Actor, member: Actor, *, now: Any) -> Any:
    return database.run_here(leaving_out.take_back, manager, user_id=member.user_id, now=now)


def crowd_of(database: Database, code: int, actor: Actor, now: Any = LATER) -> Any:
    return database.read_here(editing.show, actor, code=code, now=now).crowd


def test_the_crowd_of_what_is_open_goes_on_without_them_and_what_has_a_result_stays(database: Database) -> None:
    manager, members = people()
    live_through(database, [(0.7, True)], *members, guild_id=GUILD, now=NOW)
    code = create_prediction(database, now=LATER, by=manager).code
    for member, chance in zip(members, (0.2, 0.3, 0.4, 0.99), strict=True):
        place(database, member, code, (chance,), LATER)
    before = rows(database, select(Score.__table__))
    assert crowd_of(database, code, members[0]).members == 4
    done = leave_out(database, manager, members[3], words="Sock puppets")
    assert (done.is_left_out, done.forecasts) == (True, 1)
    crowd = crowd_of(database, code, members[0])
    assert (crowd.members, crowd.values) == (3, (0.3,))
    assert rows(database, select(Score.__table__)) == before
    assert rows(database, select(Prediction.forecasters).where(Prediction.code == code)) == [(3,)]


def test_they_cannot_forecast_and_are_told_why(database: Database) -> None:
    manager, members = people()
    code = create_prediction(database, by=manager).code
    place(database, members[3], code, (0.99,), NOW)
    leave_out(database, manager, members[3], now=NOW + DAY, words="Sock puppets")
    with pytest.raises(Refused, match=r"left you out since 2 Mar 2026.* They wrote: “Sock puppets”"):
        place(database, members[3], code, (0.5,), NOW + 2 * DAY)
    with pytest.raises(Refused, match=r"no forecast on #1 to reaffirm"):
        database.run_here(forecasts.reaffirm, members[3], code=code, now=NOW + 2 * DAY)
    told = rows(database, select(OutboxMessage.payload).where(OutboxMessage.kind == "left_out"))
    assert [payload["user_id"] for (payload,) in told] == [members[3].user_id]
    news = database.read_here(leaving_out.news_of, left_out_id=told[0][0]["left_out_id"], what="left_out")
    assert news is not None
    assert (news.user_id, news.is_left_out, news.words) == (members[3].user_id, True, "Sock puppets")


def test_rankings_do_not_list_them_and_an_export_that_says_so_agrees(database: Database) -> None:
    manager, members = people()
    live_through(database, [(0.7, True)] * 10, *members, guild_id=GUILD, now=NOW)
    code = create_prediction(database, now=LATER, by=manager).code
    for member, chance in zip(members, (0.2, 0.3, 0.4, 0.99), strict=True):
        place(database, member, code, (chance,), LATER)
    before = {line.user_id for line in database.read_here(show_leaderboard, manager).lines}
    leave_out(database, manager, members[3], now=LATER + DAY)
    listed = {line.user_id for line in database.read_here(show_leaderboard, manager).lines}
    assert before - listed == {members[3].user_id}
    assert database.read_here(show_profile, members[0], user_id=members[0].user_id, now=LATER).ranked == 3
    assert database.read_here(show_profile, members[3], user_id=members[3].user_id, now=LATER).rank is None
    resolve(database, code, Outcome(YES), guild_id=GUILD, now=LATER + 10 * DAY)
    ((prediction_id,),) = rows(database, select(Prediction.id).where(Prediction.code == code))
    summary = database.read_here(scores.summary_of, prediction_id)
    assert summary is not None
    assert (summary.members, [line.user_id for line in summary.best]) == (4, [members[2].user_id])
    document = document_of(database, now=LATER + 11 * DAY)
    assert differing(document) == []
    out = [person for person in document["forecasters"] if "left_out" in person]
    assert [(person["name"], person["left_out"]) for person in out] == [("troll", "2026-04-02T12:00:00Z")]
    for board in document["leaderboards"]:
        assert out[0]["id"] not in {line["forecaster"] for line in board["standings"]}
    lines = table(files_of(database, now=LATER + 11 * DAY), "forecasters.csv")
    assert [line["name"] for line in lines if line["left_out"]] == ["troll"]
    del out[0]["left_out"]
    assert any("standings" in found or "leaderboards" in found for found in differing(document))


def test_taken_back_in_what_they_had_said_counts_from_then_on(database: Database) -> None:
    manager, members = people()
    codes = [create_prediction(database, by=manager, statement=f"Statement {n}").code for n in range(3)]
    for code in codes:
        place(database, members[0], code, (0.2,), NOW)
        place(database, members[3], code, (0.9,), NOW)
    database.run_here(forecasts.withdraw, members[3], code=codes[1], now=NOW + timedelta(hours=1))
    leave_out(database, manager, members[3], now=NOW + DAY)
    resolve(database, codes[2], Outcome(YES), guild_id=GUILD, now=NOW + 2 * DAY)
    done = take_back(database, manager, members[3], now=NOW + 3 * DAY)
    assert (done.is_left_out, done.forecasts) == (False, 1)
    assert crowd_of(database, codes[0], members[0], NOW + 3 * DAY).members == 2
    theirs = select(Forecast.created_at, Forecast.ended_at).where(Forecast.values == [0.9]).order_by(Forecast.id)
    assert [at for at, ended_at in rows(database, theirs) if ended_at is None] == [NOW + 3 * DAY]
    kinds = [kind for (kind,) in rows(database, select(Event.kind).order_by(Event.id))]
    assert (kinds.count(EventKind.LEFT_OUT), kinds.count(EventKind.TAKEN_IN)) == (2, 1)
    assert differing(document_of(database, now=NOW + 4 * DAY)) == []


def test_a_prediction_that_is_open_again_goes_on_without_them_too(database: Database) -> None:
    manager, members = people()
    code = create_prediction(database, by=manager).code
    for member in members:
        place(database, member, code, (0.5,), NOW)
    resolve(database, code, Outcome(YES), guild_id=GUILD, now=NOW + DAY)
    leave_out(database, manager, members[3], now=NOW + 2 * DAY)
    assert rows(database, select(Forecast.id).where(Forecast.ended_at.is_not(None))) == []
    database.run_here(resolutions.reopen, manager, code=code, words="Too soon.", now=NOW + 3 * DAY)
    database.run_here(leaving_out.end_standing, now=NOW + 3 * DAY)
    assert crowd_of(database, code, members[0], NOW + 3 * DAY).members == 3
    resolve(database, code, Outcome(YES), guild_id=GUILD, now=NOW + 5 * DAY)
    assert differing(document_of(database, now=NOW + 6 * DAY)) == []


def test_many_forecasts_end_a_piece_at_a_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving_out, "AT_ONCE", 2)
    manager, members = people()
    for number in range(5):
        code = create_prediction(database, by=manager, statement=f"Statement {number}").code
        place(database, members[3], code, (0.9,), NOW)
    done = leave_out(database, manager, members[3], now=NOW)
    assert done.forecasts == 5
    pieces = [database.run_here(leaving_out.end_standing, now=NOW) for _ in range(3)]
    assert pieces == [True, False, False]
    assert rows(database, select(Forecast.id).where(Forecast.ended_at.is_(None))) == []
    assert take_back(database, manager, members[3], now=NOW + DAY).forecasts == 5
    pieces = [database.run_here(leaving_out.give_back, now=NOW + DAY) for _ in range(3)]
    assert pieces == [True, True, False]
    standing = select(Forecast.prediction_id).where(Forecast.ended_at.is_(None)).order_by(Forecast.prediction_id)
    assert len(rows(database, standing)) == 5


def test_what_is_refused(database: Database) -> None:
    manager, members = people()
    code = create_prediction(database, by=manager).code
    place(database, members[0], code, (0.5,), NOW)
    place(database, manager, code, (0.5,), NOW)
    for use_case in (leaving_out.leave_out, leaving_out.take_back, leaving_out.show_member):
        with pytest.raises(NotAManager):
            database.run_here(use_case, members[0], user_id=members[0].user_id, now=NOW)
    with pytest.raises(Refused, match="has never forecast or voted here"):
        leave_out(database, manager, create_actor("stranger"), now=NOW)
    with pytest.raises(Refused, match="has never forecast"):
        leave_out(database, create_actor("olaf", guild_id=OTHER_GUILD, manager=True), members[0], now=NOW)
    with pytest.raises(Refused, match="isn't left out"):
        take_back(database, manager, members[0], now=NOW)
    leave_out(database, manager, members[0], now=NOW)
    with pytest.raises(Refused, match="is left out already"):
        leave_out(database, manager, members[0], now=NOW)
    leave_out(database, create_actor("max", manager=True), manager, now=NOW)
    with pytest.raises(Refused, match="another manager has to take you back"):
        take_back(database, manager, manager, now=NOW)


def test_who_is_forgotten_while_left_out_stays_out_of_the_rankings_and_no_words_are_left(database: Database) -> None:
    manager, members = people()
    live_through(database, [(0.7, True)] * 10, *members, guild_id=GUILD, now=NOW)
    leave_out(database, manager, members[3], words="Sock puppets of qxzyw")
    database.run_here(forgetting.forget, members[3], everywhere=False, now=LATER + DAY)
    assert rows(database, select(LeftOutMember.words)) == [(None,)]
    assert rows(database, select(OutboxMessage.id).where(OutboxMessage.kind == "left_out")) == []
    board = database.read_here(show_leaderboard, manager)
    assert board.members == 3
    assert differing(document_of(database, now=LATER + 2 * DAY)) == []
