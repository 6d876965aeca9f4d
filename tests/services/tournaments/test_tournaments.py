"""Tournaments: who may do what with them, what counts, and how they end."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.errors import NotAManager, Refused
from bot.domain.leaderboard import Ranking
from bot.domain.outcomes import YES, Outcome
from bot.domain.tournaments import WAITS_FOR, EntryStatus, NotTaken, TournamentStage
from bot.domain.types import Actor, Role
from bot.services import sweep
from bot.services.members import guilds
from bot.services.moderation import leaving_out
from bot.services.predictions import editing
from bot.services.predictions.editing import EditedPrediction, PredictionChanges
from bot.services.privacy import departed, forgetting
from bot.services.scoring import leaderboards
from bot.services.settings import changing
from bot.services.tournaments import choosing, closing, finding, managing, showing
from bot.services.tournaments.choosing import EntryChoice
from bot.services.tournaments.finding import TournamentView
from bot.services.tournaments.managing import NewTournament, TournamentChanges
from db.database import Database
from db.models import OutboxMessage, Prediction, Tournament, TournamentEntry, TournamentWinner
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_prediction
from tests.rows import count, counted_statements, rows, values
from tests.services.scoring.scored import live_through, place, resolve

DAY = timedelta(days=1)
MONA = create_actor("mona", manager=True)
ADA, BOB, CLEO = (create_actor(name) for name in ("ada", "bob", "cleo"))
END = NOW + 40 * DAY


def create(database: Database, by: Actor = MONA, *, now: datetime = NOW, **given: Any) -> TournamentView:
    new = {"name": "Cup", "ends_at": END} | given
    return database.run_here(managing.create, by, new=NewTournament(**new), now=now).tournament


def live(database: Database, number: int = 3, **given: Any) -> TournamentView:
    """A cup that begins at once, with predictions that Ada did better on than Bob and Cleo, all resolved after 30 days."""
    made = create(database, **given)
    codes = [create_prediction(database, by=MONA).code for _ in range(number)]
    database.run_here(choosing.add, MONA, name="cup", choice=EntryChoice(codes=f"1-{codes[-1]}"), now=NOW)
    for code in codes:
        for actor, chance in ((ADA, 0.9), (BOB, 0.6), (CLEO, 0.3)):
            place(database, actor, code, (chance,), NOW + timedelta(hours=1))
        resolve(database, code, Outcome(YES), guild_id=GUILD, now=NOW + 30 * DAY)
    return made


def ended(database: Database) -> list[dict[str, Any]]:
    """What was queued to be told of ends."""
    return values(database, select(OutboxMessage.payload).where(OutboxMessage.kind == "tournament"))


def show(database: Database, actor: Actor = ADA, *, now: datetime = NOW + 31 * DAY, **given: Any) -> showing.TournamentPage:
    return database.read_here(showing.show, actor, name="CUP", now=now, **given)


def statuses(database: Database, *, now: datetime = NOW + 31 * DAY) -> dict[int, EntryStatus]:
    tournament_id = values(database, select(Tournament.id))[0]
    found = database.read_here(showing.show_entries, ADA, tournament_id=tournament_id, now=now)
    return {line.code: line.status for line in found.lines}


def test_its_standings_are_the_usual_ranking_over_its_predictions(database: Database) -> None:
    live(database)
    live_through(database, [(0.5, False)] * 5, BOB, CLEO, create_actor("dan"), guild_id=GUILD, now=NOW)
    page = show(database)
    assert [(line.rank, line.user_id) for line in page.leaderboard.lines if line.role is Role.MEMBER] == [
        (1, ADA.user_id),
        (2, BOB.user_id),
        (3, CLEO.user_id),
    ]
    assert Role.CROWD in {line.role for line in page.leaderboard.lines}
    assert page.leaderboard.predictions == 3
    assert page.leaderboard.own is not None
    assert page.leaderboard.own.rank == 1
    usual = database.read_here(leaderboards.show_leaderboard, ADA, by=Ranking.BASELINE)
    ada = next(line for line in usual.lines if line.user_id == ADA.user_id)
    database.run_here(managing.end, MONA, name="Cup", now=NOW + 31 * DAY)
    create(database, name="Other", ranking=Ranking.BASELINE, now=NOW + 31 * DAY, ends_at=NOW + 90 * DAY)
    assert ada.score > 0


def test_a_rank_needs_as_many_predictions_as_its_manager_said(database: Database) -> None:
    live(database, least=4)
    page = show(database)
    assert (page.leaderboard.lines, page.leaderboard.own, page.leaderboard.own_predictions) == ((), None, 3)
    database.run_here(closing.close_due, now=END)
    assert count(database, TournamentWinner) == 0
    assert len(ended(database)) == 1


@pytest.mark.parametrize("least", [0, 51, -1])
def test_a_least_number_out_of_range_is_refused(database: Database, least: int) -> None:
    with pytest.raises(Refused, match="A rank can need 1 to 50"):
        create(database, least=least)
    assert count(database, Tournament) == 0


def test_only_managers_create_change_and_end_and_nothing_of_another_server_is_reached(database: Database) -> None:
    other = create_actor("omar", guild_id=OTHER_GUILD, manager=True)
    foreign = create_prediction(database, by=other).code
    made = create(database)
    given: list[tuple[Any, dict[str, Any]]] = [
        (managing.create, {"new": NewTournament("Mine", END)}),
        (managing.change, {"name": "Cup", "changes": TournamentChanges(name="Mine")}),
        (managing.end, {"name": "Cup"}),
        (choosing.add, {"name": "Cup", "choice": EntryChoice(codes="1")}),
        (choosing.remove, {"name": "Cup", "choice": EntryChoice(codes="1")}),
    ]
    for use_case, facts in given:
        with pytest.raises(NotAManager):
            database.run_here(use_case, ADA, **facts, now=NOW)
    for use_case, facts in given[1:]:
        with pytest.raises(Refused, match="no tournament called “Cup”"):
            database.run_here(use_case, other, **facts, now=NOW)
    for use_case in (showing.show, showing.show_entries):
        with pytest.raises(Refused, match="isn't on this server"):
            database.read_here(use_case, other, tournament_id=made.id, now=NOW)
    assert database.read_here(finding.list_tournaments, other, now=NOW) == ()
    assert database.read_here(finding.names_of, guild_id=OTHER_GUILD, words="", now=NOW) == ()
    assert database.read_here(closing.end_of, guild_id=OTHER_GUILD, tournament_id=made.id, now=NOW) is None
    with pytest.raises(Refused, match=f"#{foreign} is not on this server"):
        database.run_here(choosing.add, MONA, name="Cup", choice=EntryChoice(codes=str(foreign)), now=NOW)
    assert create(database, other).name == "Cup", "names are a server's own"


def test_what_cannot_count_fairly_is_not_added_and_each_reason_is_said(database: Database) -> None:
    create(database, starts_at=NOW + 5 * DAY)
    codes = {
        NotTaken.CLOSES_LATER: create_prediction(database, resolves_at=END + DAY).code,
        NotTaken.NOT_APPROVED: create_prediction(database, by=ADA).code,
        NotTaken.ENDED: create_prediction(database).code,
        NotTaken.CLOSED: create_prediction(database).code,
        NotTaken.UNKNOWN: 77,
    }
    fits = create_prediction(database).code
    resolve(database, codes[NotTaken.ENDED], Outcome(YES), guild_id=GUILD, now=NOW + DAY)
    with database.engine.begin() as connection:
        closed = update(Prediction).where(Prediction.code == codes[NotTaken.CLOSED])
        connection.execute(closed.values(state="closed", closed_at=NOW))
    place(database, ADA, fits, (0.5,), NOW)
    choice = EntryChoice(codes=", ".join(map(str, [*codes.values(), fits])))
    done = database.run_here(choosing.add, MONA, name="Cup", choice=choice, now=NOW + 2 * DAY)
    assert [code for code, _ in done.changed] == [fits], "until it begins, forecasts don't matter"
    assert done.left == {why: (code,) for why, code in codes.items()}
    with pytest.raises(Refused, match=f"#{fits} is already in it"):
        database.run_here(choosing.add, MONA, name="Cup", choice=EntryChoice(codes=str(fits)), now=NOW + 2 * DAY)
    with pytest.raises(Refused, match="give a tag, a pack or codes"):
        database.run_here(choosing.add, MONA, name="Cup", choice=EntryChoice(), now=NOW)


def test_what_it_is_created_with_may_have_forecasts_even_if_it_begins_at_once(database: Database) -> None:
    code = create_prediction(database).code
    place(database, ADA, code, (0.5,), NOW)
    new = NewTournament("Cup", END, choice=EntryChoice(codes=str(code)))
    made = database.run_here(managing.create, MONA, new=new, now=NOW)
    assert ([found for found, _ in made.added], made.left) == ([code], {})


def test_once_it_has_begun_what_somebody_forecast_neither_comes_nor_goes(database: Database) -> None:
    create(database, starts_at=NOW + DAY)
    first, second, third = (create_prediction(database, tags=("ai",)).code for _ in range(3))
    database.run_here(choosing.add, MONA, name="Cup", choice=EntryChoice(tag="AI"), now=NOW)
    place(database, ADA, first, (0.5,), NOW)
    begun = NOW + DAY
    done = database.run_here(choosing.remove, MONA, name="Cup", choice=EntryChoice(tag="ai"), now=begun)
    assert ([code for code, _ in done.changed], done.left) == ([second, third], {NotTaken.HAS_FORECASTS: (first,)})
    place(database, BOB, second, (0.5,), begun)
    done = database.run_here(choosing.add, MONA, name="Cup", choice=EntryChoice(tag="ai"), now=begun)
    assert [code for code, _ in done.changed] == [third]
    assert done.left == {NotTaken.THERE_ALREADY: (first,), NotTaken.HAS_FORECASTS: (second,)}
    with pytest.raises(Refused, match="is past its end"):
        database.run_here(choosing.remove, MONA, name="Cup", choice=EntryChoice(codes=str(third)), now=END)


def test_each_prediction_says_what_it_does_for_the_standings(database: Database) -> None:
    create(database, starts_at=NOW + 10 * DAY)
    early, moved, waiting, lonely, open_, good = (
        create_prediction(database, resolves_at=NOW + days * DAY).code for days in (30, 30, 20, 30, 35, 30)
    )
    database.run_here(choosing.add, MONA, name="Cup", choice=EntryChoice(codes="1-6"), now=NOW)
    for code in (early, moved, waiting, good):
        for actor in (ADA, BOB):
            place(database, actor, code, (0.5,), NOW)
    place(database, ADA, lonely, (0.5,), NOW)
    resolve(database, early, Outcome(YES), guild_id=GUILD, now=NOW + 5 * DAY)
    changes = PredictionChanges(resolves_at=END + 5 * DAY)
    database.run_here(editing.edit, MONA, code=moved, changes=changes, now=NOW + 6 * DAY)
    database.run_here(sweep.close_due, now=NOW + 20 * DAY)
    for code in (lonely, good):
        resolve(database, code, Outcome(YES), guild_id=GUILD, now=NOW + 25 * DAY)
    expected = {
        open_: EntryStatus.OPEN,
        waiting: EntryStatus.WAITING,
        good: EntryStatus.COUNTS,
        early: EntryStatus.TOO_EARLY,
        moved: EntryStatus.CLOSES_LATER,
        lonely: EntryStatus.TOO_FEW,
    }
    assert statuses(database) == expected
    assert list(statuses(database))[:3] == [open_, waiting, good]
    assert show(database).leaderboard.predictions == 1
    view = show(database).tournament
    assert (view.predictions, view.pending) == (6, 2)
    database.run_here(managing.end, MONA, name="Cup", now=NOW + 26 * DAY)
    resolve(database, waiting, Outcome(YES), guild_id=GUILD, now=NOW + 27 * DAY)
    assert statuses(database)[waiting] is EntryStatus.TOO_LATE
    assert show(database).leaderboard.predictions == 1


def test_it_ends_once_when_its_time_and_its_results_have_come(database: Database) -> None:
    live(database)
    assert database.read_here(closing.next_due_at) == END
    assert not database.run_here(closing.close_due, now=END - timedelta(seconds=1))
    assert database.run_here(closing.close_due, now=END) is True
    assert database.run_here(closing.close_due, now=END) is False
    assert ended(database) == [{"tournament_id": 1, "channel_id": None}]
    winners = database.read_here(closing.winners_of, 1)
    assert [(one.rank, one.user_id, one.predictions) for one in winners] == [
        (1, ADA.user_id, 3),
        (2, BOB.user_id, 3),
        (3, CLEO.user_id, 3),
    ]
    assert database.read_here(closing.next_due_at) is None
    assert show(database, now=END).tournament.stage is TournamentStage.OVER
    with pytest.raises(Refused, match="is over already"):
        database.run_here(managing.end, MONA, name="Cup", now=END)


def test_several_processes_end_it_once(database: Database) -> None:
    live(database)
    failed: list[BaseException] = []

    def close() -> None:
        try:
            database.run_here(closing.close_due, now=END)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=close) for _ in range(1 if database.is_sqlite else 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.run_here(closing.close_due, now=END)
    assert failed == []
    assert len(ended(database)) == 1
    assert count(database, TournamentWinner) == 3


def test_it_waits_for_results_up_to_two_weeks_and_does_not_wake_the_clock_meanwhile(database: Database) -> None:
    live(database)
    late = create_prediction(database, resolves_at=END).code
    database.run_here(choosing.add, MONA, name="Cup", choice=EntryChoice(codes=str(late)), now=NOW)
    assert database.run_here(closing.close_due, now=END) is False
    assert show(database, now=END).tournament.stage is TournamentStage.WAITING
    assert database.read_here(closing.next_due_at) == END + WAITS_FOR
    assert database.run_here(closing.close_due, now=END + WAITS_FOR - DAY) is False
    assert database.run_here(closing.close_due, now=END + WAITS_FOR) is True
    assert statuses(database, now=END + WAITS_FOR)[late] is EntryStatus.TOO_LATE


def test_a_result_during_the_wait_ends_it(database: Database) -> None:
    live(database)
    late = create_prediction(database, resolves_at=END).code
    database.run_here(choosing.add, MONA, name="Cup", choice=EntryChoice(codes=str(late)), now=NOW)
    database.run_here(closing.close_due, now=END)
    resolve(database, late, Outcome(YES), guild_id=GUILD, now=END + 3 * DAY)
    assert database.run_here(closing.close_due, now=END + 3 * DAY) is True
    assert show(database, now=END + 3 * DAY).tournament.closed_at == END + 3 * DAY


def test_how_many_results_managers_did_not_wait_for_is_noted(database: Database) -> None:
    made = live(database)
    late = create_prediction(database, resolves_at=END).code
    database.run_here(choosing.add, MONA, name="Cup", choice=EntryChoice(codes=str(late)), now=NOW)
    database.run_here(closing.close_due, now=END)
    database.run_here(managing.end, MONA, name="Cup", now=END + DAY)
    assert ended(database) == [{"tournament_id": made.id, "channel_id": None, "unawaited": 1}]


def test_ties_share_the_first_rank_and_who_is_left_out_wins_nothing(database: Database) -> None:
    create(database, least=1)
    code = create_prediction(database, by=MONA).code
    database.run_here(choosing.add, MONA, name="Cup", choice=EntryChoice(codes=str(code)), now=NOW)
    for actor, chance in ((ADA, 0.8), (BOB, 0.8), (CLEO, 0.99)):
        place(database, actor, code, (chance,), NOW)
    resolve(database, code, Outcome(YES), guild_id=GUILD, now=NOW + 30 * DAY)
    database.run_here(leaving_out.leave_out, MONA, user_id=CLEO.user_id, words="Twice here.", now=NOW + 31 * DAY)
    database.run_here(closing.close_due, now=END)
    assert {(one.rank, one.user_id) for one in database.read_here(closing.winners_of, 1)} == {
        (1, ADA.user_id),
        (1, BOB.user_id),
    }


def test_days_in_the_wrong_order_and_names_that_are_there_are_refused(database: Database) -> None:
    create(database)
    refused: list[tuple[dict[str, Any], str]] = [
        ({"name": "cUP"}, "There's a tournament called “cUP”"),
        ({"name": " \u200b "}, "The name is empty"),
        ({"name": "x" * 61}, "at most 60 fit"),
        ({"name": "Next", "ends_at": NOW}, "is already over"),
        ({"name": "Next", "starts_at": END}, "before it begins"),
        ({"name": "Next", "starts_at": NOW - DAY}, "can't begin in the past"),
        ({"name": "Next", "ends_at": NOW + 1200 * DAY}, "more than three years"),
        ({"name": "Next", "choice": EntryChoice(codes="9")}, "None of these can be in it: #9 is not on this server"),
    ]
    for given, words in refused:
        with pytest.raises(Refused, match=words):
            create(database, **given)
    assert count(database, Tournament) == 1
    today = datetime(NOW.year, NOW.month, NOW.day, tzinfo=UTC)
    assert create(database, name="Today", starts_at=today).starts_at == NOW


def test_its_rules_are_fixed_once_it_has_begun(database: Database) -> None:
    create(database, starts_at=NOW + DAY)
    given: dict[str, Any] = {"ends_at": END + DAY, "least": 5, "ranking": Ranking.BRIER, "starts_at": NOW + 2 * DAY}
    changed = database.run_here(managing.change, MONA, name="Cup", changes=TournamentChanges(**given), now=NOW)
    assert (changed.before.least, changed.after.least, changed.after.ranking) == (3, 5, Ranking.BRIER)
    assert database.read_here(closing.next_due_at) == END + DAY
    for name, value in given.items():
        changes = TournamentChanges(**{name: value})
        with pytest.raises(Refused, match="has begun, so its days"):
            database.run_here(managing.change, MONA, name="Cup", changes=changes, now=NOW + 3 * DAY)
    changes = TournamentChanges(name="Bowl", role_id=5, channel_id=6)
    after = database.run_here(managing.change, MONA, name="Cup", changes=changes, now=NOW + 3 * DAY).after
    assert (after.name, after.role_id, after.channel_id) == ("Bowl", 5, 6)
    with pytest.raises(Refused, match="wouldn't change anything"):
        database.run_here(managing.change, MONA, name="Bowl", changes=changes, now=NOW + 3 * DAY)


def test_a_server_that_was_left_has_no_ends_and_loses_its_tournaments(database: Database) -> None:
    live(database)
    database.run_here(guilds.say_goodbye, GUILD, now=NOW + 31 * DAY)
    assert database.run_here(closing.close_due, now=END) is False
    assert database.read_here(closing.next_due_at) is None
    while database.run_here(departed.delete_departed, now=NOW + 100 * DAY):
        pass
    assert [count(database, model) for model in (Tournament, TournamentEntry, TournamentWinner)] == [0, 0, 0]


def test_many_predictions_and_tournaments_take_no_more_statements(database: Database) -> None:
    live(database, 2)
    with counted_statements(database) as few:
        show(database)
        database.read_here(finding.list_tournaments, ADA, now=NOW)
    for number in range(3):
        create(database, name=f"Other {number}")
    codes = [create_prediction(database, by=MONA).code for _ in range(5)]
    database.run_here(choosing.add, MONA, name="Cup", choice=EntryChoice(codes=f"{codes[0]}-{codes[-1]}"), now=NOW)
    with counted_statements(database) as many:
        show(database)
        database.read_here(finding.list_tournaments, ADA, now=NOW)
    assert len(many) == len(few)


def test_there_are_limits_to_tournaments_and_their_predictions(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "MOST_ENTRIES", 2)
    monkeypatch.setattr(managing, "MOST_STANDING", 2)
    create(database)
    for _ in range(3):
        create_prediction(database)
    with pytest.raises(Refused, match="That would make 3 predictions, and a tournament has at most 2"):
        database.run_here(choosing.add, MONA, name="Cup", choice=EntryChoice(codes="1-3"), now=NOW)
    create(database, name="Second")
    with pytest.raises(Refused, match="This server has 2 tournaments that aren't over"):
        create(database, name="Third")
    assert rows(database, select(TournamentEntry.prediction_id)) == []


@pytest.mark.parametrize("setting", ["manager_role_id", "voter_role_id"])
def test_a_prize_is_no_role_that_decides_what_its_members_may_do(database: Database, setting: str) -> None:
    set_role: dict[str, Any] = {"changes": {setting: 77}, "now": NOW}
    database.run_here(changing.change_guild_settings, MONA, **set_role)
    for role_id in (77, GUILD):
        with pytest.raises(Refused, match="role can't be won"):
            create(database, role_id=role_id)
    create(database, role_id=78)
    with pytest.raises(Refused, match="role can't be won"):
        database.run_here(managing.change, MONA, name="Cup", changes=TournamentChanges(role_id=77), now=NOW)
    with pytest.raises(Refused, match="Whoever wins “Cup” gets that role"):
        database.run_here(changing.change_guild_settings, MONA, changes={setting: 78}, now=NOW)
    other = create_actor("omar", guild_id=OTHER_GUILD, manager=True)
    database.run_here(changing.change_guild_settings, other, changes={setting: 78}, now=NOW)
    database.run_here(changing.change_guild_settings, MONA, changes={setting: None}, now=NOW)
    database.run_here(managing.end, MONA, name="Cup", now=NOW + DAY)
    database.run_here(changing.change_guild_settings, MONA, changes={setting: 78}, now=NOW + DAY)


def test_who_is_forgotten_is_not_named_in_why_the_role_was_not_given(database: Database) -> None:
    made = live(database, role_id=99)
    database.run_here(managing.end, MONA, name="Cup", now=NOW + 31 * DAY)
    noted: dict[str, Any] = {"tournament_id": made.id, "member_ids": [], "now": NOW + 31 * DAY}
    database.run_here(closing.note_roles, **noted, trouble=f"<@{ADA.user_id}> isn't on this server any more.")
    database.run_here(forgetting.forget, BOB, everywhere=True, now=NOW + 32 * DAY)
    assert f"<@{ADA.user_id}>" in values(database, select(Tournament.role_trouble))[0]
    database.run_here(forgetting.forget, ADA, everywhere=True, now=NOW + 32 * DAY)
    assert values(database, select(Tournament.role_trouble)) == [None]


@pytest.mark.parametrize(("closes_at", "moved_to"), [(NOW + 29 * DAY, END + DAY), (END + 2 * DAY, NOW + 29 * DAY)])
def test_once_it_has_begun_a_date_does_not_move_a_forecast_prediction_across_its_end(
    database: Database, closes_at: datetime, moved_to: datetime
) -> None:
    create(database)
    code = create_prediction(database, by=MONA, resolves_at=NOW + 30 * DAY).code
    database.run_here(choosing.add, MONA, name="cup", choice=EntryChoice(codes="1"), now=NOW)
    across = PredictionChanges(resolves_at=moved_to)

    def edit(changes: PredictionChanges) -> EditedPrediction:
        return database.run_here(editing.edit, MONA, code=code, changes=changes, now=NOW + DAY)

    edit(PredictionChanges(resolves_at=closes_at))
    place(database, ADA, code, (0.9,), NOW + DAY)
    with pytest.raises(Refused, match="“Cup” has begun and members have forecast on #1"):
        edit(across)
    within = PredictionChanges(resolves_at=closes_at + DAY, statement="GPT-7 is released")
    assert edit(within).changed == ("statement", "date", "closing time")
    edit(PredictionChanges(resolves_at=END + 9 * DAY, closes_at=closes_at + DAY))
    database.run_here(managing.end, MONA, name="Cup", now=NOW + 2 * DAY)
    edit(across)


def test_until_a_tournament_begins_dates_move_as_they_like(database: Database) -> None:
    create(database, starts_at=NOW + 5 * DAY)
    code = create_prediction(database, by=MONA, resolves_at=NOW + 30 * DAY).code
    database.run_here(choosing.add, MONA, name="cup", choice=EntryChoice(codes="1"), now=NOW)
    place(database, ADA, code, (0.9,), NOW + timedelta(hours=1))
    moved = {"code": code, "changes": PredictionChanges(resolves_at=END + DAY)}
    database.run_here(editing.edit, MONA, **moved, now=NOW + DAY)


def test_a_name_whose_folded_letters_do_not_fit_is_refused(database: Database) -> None:
    with pytest.raises(Refused, match="count as several, and together they're more than 120"):
        create(database, name="ΐ" * 41)
    fits = "ΐ" * 40
    create(database, name=fits)
    with pytest.raises(Refused, match="count as several"):
        database.run_here(managing.change, MONA, name=fits, changes=TournamentChanges(name="ΐ" * 60), now=NOW)
    assert database.run_here(managing.end, MONA, name=fits, now=NOW + DAY).name == fits


def test_who_is_left_out_before_the_post_is_not_told_of(database: Database) -> None:
    made = live(database)
    database.run_here(managing.end, MONA, name="Cup", now=NOW + 31 * DAY)
    database.run_here(leaving_out.leave_out, MONA, user_id=ADA.user_id, now=NOW + 31 * DAY)
    end = database.read_here(closing.end_of, guild_id=GUILD, tournament_id=made.id, now=NOW + 31 * DAY)
    assert end is not None
    assert [(one.rank, one.user_id) for one in end.winners] == [(2, BOB.user_id), (3, CLEO.user_id)]


def test_all_in_a_tie_for_the_first_rank_win_however_many(database: Database) -> None:
    create(database, least=1)
    code = create_prediction(database, by=MONA).code
    database.run_here(choosing.add, MONA, name="cup", choice=EntryChoice(codes="1"), now=NOW)
    for number in range(closing.MOST_WINNERS + 2):
        place(database, create_actor(f"member {number}"), code, (0.7,), NOW + timedelta(hours=1))
    for number in range(2):
        place(database, create_actor(f"other {number}"), code, (0.6,), NOW + timedelta(hours=1))
    resolve(database, code, Outcome(YES), guild_id=GUILD, now=NOW + 30 * DAY)
    database.run_here(managing.end, MONA, name="Cup", now=NOW + 31 * DAY)
    assert values(database, select(TournamentWinner.rank)) == [1] * (closing.MOST_WINNERS + 2)
