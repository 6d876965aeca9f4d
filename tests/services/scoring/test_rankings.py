"""What counts in rankings, and the ranking by Brier."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.errors import NotAManager, Refused
from bot.domain.leaderboard import Ranking
from bot.domain.outcomes import NO, YES, Outcome
from bot.domain.types import Actor
from bot.services.predictions import approving
from bot.services.scoring import leaderboards, profiles
from bot.services.scoring.leaderboards import Leaderboard, LeaderboardLine
from db.database import Database
from db.models import Event
from tests.factories import GUILD, NOW, create_actor, create_document, create_prediction, load
from tests.rows import rows
from tests.services.scoring.scored import place, resolve

DAY = timedelta(days=1)
ADA, BOB, CLEO, MONA = (create_actor(name, manager=name == "mona") for name in ("ada", "bob", "cleo", "mona"))


def board(database: Database, by: Ranking = Ranking.BASELINE) -> Leaderboard:
    return database.read_here(leaderboards.show_leaderboard, ADA, by=by)


def lines_of(database: Database, by: Ranking) -> dict[int | None, LeaderboardLine]:
    return {line.user_id: line for line in board(database, by).lines}


def live(database: Database, by: Actor, **said: float) -> int:
    """A prediction that came true, of which these members said so from its opening on."""
    code = create_prediction(database, by=by).code
    people = {"ada": ADA, "bob": BOB, "cleo": CLEO, "mona": MONA}
    for name, chance in said.items():
        place(database, people[name], code, (chance,), NOW)
    resolve(database, code, Outcome(YES), guild_id=GUILD, now=NOW + 30 * DAY)
    return code


@pytest.mark.parametrize(
    ("by", "said", "counts"),
    [
        (MONA, {"ada": 0.9, "bob": 0.5}, True),
        (MONA, {"ada": 0.9, "mona": 0.5}, False),
        (MONA, {"ada": 0.9, "bob": 0.5, "mona": 0.6}, True),
        (ADA, {"ada": 0.9, "bob": 0.5, "cleo": 0.6}, False),
    ],
)
def test_what_a_manager_made_and_two_others_forecast_counts(
    database: Database, by: Actor, said: dict[str, float], counts: bool
) -> None:
    live(database, by, **said)
    assert board(database).predictions == counts
    assert board(database).members == (len(said) if counts else 0)


def test_what_came_from_a_pack_counts_once_two_members_forecast_it(database: Database) -> None:
    load(database, create_document({"window": {"end": "2026-03-31"}}, {"window": {"end": "2026-03-31"}}))
    for code, people in ((1, (ADA,)), (2, (ADA, BOB))):
        for actor in people:
            place(database, actor, code, (0.8,), NOW)
        resolve(database, code, Outcome(YES), guild_id=GUILD, now=NOW + 30 * DAY)
    assert lines_of(database, Ranking.BASELINE)[ADA.user_id].predictions == 1


def test_what_a_member_made_counts_once_a_manager_approves_it_also_later(database: Database) -> None:
    code = live(database, ADA, ada=0.9, bob=0.5, cleo=0.6)
    with pytest.raises(NotAManager):
        database.run_here(approving.approve, BOB, code=code, now=NOW + 31 * DAY)
    assert board(database).lines == ()
    database.run_here(approving.approve, MONA, code=code, now=NOW + 31 * DAY)
    assert lines_of(database, Ranking.BASELINE)[ADA.user_id].rank == 1
    assert rows(database, select(Event.kind, Event.at).order_by(Event.id.desc()).limit(1)) == [("approved", NOW + 31 * DAY)]
    with pytest.raises(Refused, match=f"#{code} already counts"):
        database.run_here(approving.approve, MONA, code=code, now=NOW + 32 * DAY)


def test_trivial_predictions_of_ones_own_move_neither_rank_nor_profile(database: Database) -> None:
    for _ in range(5):
        live(database, MONA, ada=0.6, bob=0.7)
    before = [(line.user_id, line.rank) for line in board(database, Ranking.PEER).lines]
    for _ in range(5):
        live(database, ADA, ada=0.99, cleo=0.01, bob=0.01)
    assert [(line.user_id, line.rank) for line in board(database, Ranking.PEER).lines] == before
    shown = database.read_here(profiles.show_profile, ADA, user_id=ADA.user_id, now=NOW + 40 * DAY)
    assert (shown.rank, shown.ranked) == (2, 2)


def test_the_ranking_by_brier_is_relative_to_who_is_there(database: Database) -> None:
    for _ in range(5):
        live(database, MONA, ada=0.9, bob=0.5)
    shown = lines_of(database, Ranking.BRIER)
    # At each moment the mean is (0.01 + 0.25) / 2 = 0.13; five times 0.12 over 5 + 10 predictions.
    assert shown[ADA.user_id].score == pytest.approx(5 * 0.12 / 15)
    assert shown[BOB.user_id].score == pytest.approx(-5 * 0.12 / 15)
    assert [shown[actor.user_id].absolute_brier for actor in (ADA, BOB)] == pytest.approx([0.01, 0.25])
    assert [shown[actor.user_id].rank for actor in (ADA, BOB)] == [1, 2]


def test_sure_things_win_nothing_by_brier(database: Database) -> None:
    for _ in range(5):
        live(database, MONA, ada=0.99, bob=0.99, cleo=0.99)
    code = create_prediction(database, by=MONA).code
    for actor, chance in ((BOB, 0.3), (CLEO, 0.4)):
        place(database, actor, code, (chance,), NOW)
    resolve(database, code, Outcome(NO), guild_id=GUILD, now=NOW + 30 * DAY)
    shown = lines_of(database, Ranking.BRIER)
    assert shown[ADA.user_id].score == pytest.approx(0.0)
    assert (shown[BOB.user_id].rank, shown[ADA.user_id].rank) == (1, 2)
