"""Profiles and calibration: what counts in them, who may look, and what is never shown to another."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import log
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete

from bot.domain.errors import Refused
from bot.domain.outcomes import OPTION, YES, Outcome
from bot.domain.seasons import ALL_TIME, read_season
from bot.domain.types import Actor, Kind
from bot.services.scoring import calibrations, profiles
from bot.services.scoring.calibrations import CalibrationSubject, CalibrationView, ForecasterKind, SourceName
from bot.services.scoring.profiles import Profile
from bot.services.settings import changing
from bot.services.voting import resolutions
from db.database import Database
from db.models import PredictionOption
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_document, create_prediction, load
from tests.services.scoring.scored import live_through, place, resolve, store_scores

DAY = timedelta(days=1)
LATER = NOW + 40 * DAY
OFFERED = {"2027": 10, "2027 Q1": 10, "2026": 10, "2026 Q4": 10}
SAID = [(0.7, True)] * 7 + [(0.7, False)] * 3 + [(0.2, False)] * 4


def see(database: Database, actor: Actor, of: Actor | CalibrationSubject | None = None, **given: object) -> CalibrationView:
    of = of if isinstance(of, CalibrationSubject) else CalibrationSubject(ForecasterKind.MEMBER, (of or actor).user_id)
    return database.read_here(calibrations.show_calibration, actor, of=of, **given)  # type: ignore[arg-type]


def profile(database: Database, actor: Actor, of: Actor | None = None) -> Profile:
    return database.read_here(profiles.show_profile, actor, user_id=(of or actor).user_id, now=LATER)


def hide(database: Database, actor: Actor) -> None:
    database.run_here(changing.change_own_settings, actor, changes={"shows_record": False}, now=NOW)


def bins(found: CalibrationView) -> dict[int, tuple[int, float, float]]:
    """What is in each bin that holds something: how many, their mean, the share that happened."""
    assert found.calibration is not None
    columns = (found.calibration.counts, found.calibration.mean_probability, found.calibration.share_happened)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return {number: row for number, row in enumerate(rows) if row[0]}


# Calibration.


def test_calibration_counts_what_came_true_of_what_was_said(database: Database) -> None:
    ada = create_actor()
    live_through(database, SAID, ada, guild_id=GUILD, now=NOW)
    found = see(database, ada)
    assert found.is_own
    assert found.events == 14
    assert bins(found) == {1: (4, 0.2, 0.0), 6: (10, pytest.approx(0.7), 0.7)}
    assert found.calibration is not None
    assert found.calibration.expected_error == pytest.approx(4 * 0.2 / 14)


def test_a_forecast_that_was_changed_counts_by_the_time_that_each_stood(database: Database) -> None:
    ada = create_actor()
    live_through(database, SAID[1:10], ada, guild_id=GUILD, now=NOW)
    code = create_prediction(database).code
    place(database, ada, code, (0.2,), NOW)
    place(database, ada, code, (0.5,), NOW + 20 * DAY)  # of 30 days: (2 × 0.2 + 0.5) / 3
    resolve(database, code, Outcome(YES), guild_id=GUILD, now=NOW + 30 * DAY)
    assert bins(see(database, ada))[2] == (1, pytest.approx(0.3), 1.0)


def test_each_option_is_an_event_and_quantities_are_none(database: Database) -> None:
    ada = create_actor()
    live_through(database, SAID[:7], ada, guild_id=GUILD, now=NOW)
    code = create_prediction(database, kind=Kind.MULTIPLE_CHOICE).code
    place(database, ada, code, (0.15, 0.35, 0.5), NOW)
    resolve(database, code, Outcome(OPTION, 2), guild_id=GUILD, now=NOW + 30 * DAY)
    code = create_prediction(database, kind=Kind.NUMERIC).code
    place(database, ada, code, (1, 2, 3), NOW)
    resolve(database, code, Outcome("value", 2.0), guild_id=GUILD, now=NOW + 30 * DAY)
    found = see(database, ada)
    assert found.events == 10
    assert bins(found)[1] == (1, 0.15, 0.0)
    assert bins(found)[3] == (1, 0.35, 0.0)
    assert bins(found)[4] == (1, 0.5, 1.0)


def test_with_too_few_there_is_none_and_how_many_there_are_is_said(database: Database) -> None:
    ada = create_actor()
    live_through(database, SAID[:9], ada, guild_id=GUILD, now=NOW)
    found = see(database, ada)
    assert (found.events, found.calibration) == (9, None)
    assert see(database, create_actor()).events == 0


def test_what_is_open_annulled_reopened_or_of_another_guild_does_not_count(database: Database) -> None:
    ada = create_actor()
    codes = live_through(database, SAID, ada, guild_id=GUILD, now=NOW)
    place(database, ada, create_prediction(database).code, (0.99,), NOW)
    code = create_prediction(database).code
    place(database, ada, code, (0.99,), NOW)
    resolve(database, code, Outcome("annulled"), guild_id=GUILD, now=NOW + DAY)
    manager = create_actor(manager=True)
    database.run_here(resolutions.reopen, manager, code=codes[0], words="It was not so.", now=LATER)
    there = Actor(OTHER_GUILD, ada.user_id, "ada")
    live_through(database, SAID, there, guild_id=OTHER_GUILD, now=NOW)
    assert see(database, ada).events == 13


def test_a_tag_narrows_it(database: Database) -> None:
    ada = create_actor()
    live_through(database, SAID[:10], ada, guild_id=GUILD, now=NOW, tags=("Weather",))
    live_through(database, SAID[10:], ada, guild_id=GUILD, now=NOW)
    assert see(database, ada).events == 14
    assert see(database, ada, tag=" WEATHER ").events == 10
    with pytest.raises(Refused, match=r"No prediction on this server has the tag “nothing”\."):
        see(database, ada, tag="nothing")


def test_a_season_holds_what_got_its_result_in_it_by_the_servers_days(database: Database) -> None:
    ada = create_actor()
    new_year_in_tokyo = datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Tokyo"))
    database.run_here(
        changing.change_guild_settings, create_actor("mona", manager=True), changes={"zone": "Asia/Tokyo"}, now=NOW
    )
    for end in (new_year_in_tokyo - timedelta(seconds=1), new_year_in_tokyo):
        live_through(database, SAID[:10], ada, guild_id=GUILD, now=end - 30 * DAY)
    found = {str(season): see(database, ada, season=season) for season in (ALL_TIME, *map(read_season, OFFERED))}
    assert {name: one.events for name, one in found.items()} == {"All time": 20} | OFFERED
    assert list(map(str, found["2026"].seasons)) == list(OFFERED)
    everyone = see(database, create_actor("bob"), CalibrationSubject(ForecasterKind.CROWD), season=read_season("2027"))
    assert (everyone.events, str(everyone.season)) == (10, "2027")


def test_the_crowd_is_calibrated_by_its_own_numbers(database: Database) -> None:
    ada, bob = create_actor(), create_actor("bob")
    codes = [create_prediction(database).code for _ in range(10)]
    for code in codes:
        place(database, ada, code, (0.2,), NOW)
        place(database, bob, code, (0.6,), NOW)
        resolve(database, code, Outcome(YES), guild_id=GUILD, now=NOW + 30 * DAY)
    found = see(database, create_actor(), CalibrationSubject(ForecasterKind.CROWD))
    assert not found.is_own
    assert bins(found) == {3: (10, pytest.approx(0.4), 1.0)}


def test_an_author_is_calibrated_by_what_the_document_states(database: Database) -> None:
    items = [{"statement": f"It rains {number}", "probability": 0.9} for number in range(10)]
    load(database, create_document(*items, title="Weather of the year", authors=["Ann Author"]))
    for code in range(1, 11):
        resolve(database, code, Outcome(YES), guild_id=GUILD, now=NOW + DAY)
    source = database.read_here(calibrations.source_named, guild_id=GUILD, words="ann")
    found = see(database, create_actor(), CalibrationSubject(ForecasterKind.AUTHOR, source.id))
    assert found.name == "Ann Author"
    assert bins(found) == {8: (10, pytest.approx(0.9), 1.0)}


def test_sources_are_found_by_words_title_and_id_in_their_own_guild_alone(database: Database) -> None:
    for slug, title in (("one", "Weather"), ("two", "Weather of the year"), ("three", "Sports")):
        load(database, create_document({"probability": 0.9}, title=title, authors=["Ann Author"]), slug=slug)
    load(database, create_document({"verbal": "likely"}, title="Words only"), slug="four")

    def found(words: str, guild_id: int = GUILD) -> list[SourceName]:
        return database.read_here(calibrations.sources_of_guild, guild_id=guild_id, words=words)

    def named(words: str, guild_id: int = GUILD) -> SourceName:
        return database.read_here(calibrations.source_named, guild_id=guild_id, words=words)

    assert [name.title for name in found("")] == ["Sports", "Weather", "Weather of the year"]
    assert [name.title for name in found("YEAR ann")] == ["Weather of the year"]
    assert found("", OTHER_GUILD) == []
    assert named("weather").title == "Weather"  # its whole title, though another one has the word as well
    assert named("three").title == "Sports"
    sports = named("sports")
    assert named(str(sports.id)) == sports
    with pytest.raises(Refused, match="“Ann” matches 3 documents"):
        named("Ann")
    for words in ("nobody", " ", "%", "'; DROP TABLE sources", "x" * 5000):
        with pytest.raises(Refused, match="No document here"):
            named(words)
    with pytest.raises(Refused, match="No document here"):
        named(str(sports.id), OTHER_GUILD)
    with pytest.raises(Refused, match="no predictions from that document"):
        see(database, create_actor(guild_id=OTHER_GUILD), CalibrationSubject(ForecasterKind.AUTHOR, sports.id))


# Profiles.


def test_a_profile_sums_up_what_is_resolved(database: Database) -> None:
    ada, bob = create_actor(), create_actor("bob")
    sure, unsure = (create_prediction(database, statement=f"{word} by March").code for word in ("Sun", "Rain"))
    others = [create_prediction(database, statement="A toss-up").code for _ in range(3)]  # a rank needs five
    for code, of_ada, of_bob in ((sure, 0.8, 0.4), (unsure, 0.3, 0.6), *((code, 0.5, 0.5) for code in others)):
        place(database, ada, code, (of_ada,), NOW)
        place(database, bob, code, (of_bob,), NOW)
        resolve(database, code, Outcome(YES), guild_id=GUILD, now=NOW + 30 * DAY)
    store_scores(database)
    found = profile(database, ada)
    won, lost = 100 * log(0.8 / 0.4), 100 * log(0.3 / 0.6)
    assert (found.resolved, found.rank, found.ranked, found.coverage) == (5, 1, 2, pytest.approx(1.0))
    assert found.peer == pytest.approx((won + lost) / 30, abs=1e-9)
    assert found.brier == pytest.approx((0.2**2 + 0.7**2 + 3 * 0.5**2) / 5)
    assert found.best is not None
    assert (found.best.code, found.best.statement) == (sure, "Sun by March")
    assert found.best.peer == pytest.approx(won)
    assert found.worst is not None
    assert found.worst.code == unsure
    theirs = profile(database, bob, ada)
    assert (theirs.resolved, theirs.peer, theirs.brier, theirs.best) == (5, found.peer, found.brier, found.best)


def test_nobody_sees_what_another_thinks_of_open_predictions(database: Database) -> None:
    ada, bob = create_actor(), create_actor("bob")
    live_through(database, SAID[:1], ada, bob, guild_id=GUILD, now=NOW)
    code = create_prediction(database, resolves_at=NOW + 90 * DAY).code
    place(database, ada, code, (0.637,), NOW)
    place(database, bob, code, (0.1,), NOW)
    own = profile(database, ada)
    assert own.standing == 1
    assert [line.view.code for line in own.furthest] == [code]
    theirs = profile(database, bob, ada)
    assert (theirs.standing, theirs.furthest) == (0, ())
    assert "0.637" not in str(theirs)
    assert "0.637" not in str(see(database, bob, ada))


def test_the_furthest_from_the_crowd_come_first_and_those_without_others_last(database: Database) -> None:
    ada, others = create_actor(), [create_actor() for _ in range(3)]
    said = {1: (0.5, 0.6), 2: (0.1, 0.9), 3: (0.5, 0.5), 4: (0.3, 0.5)}
    for code, (own, crowd) in said.items():
        create_prediction(database, resolves_at=NOW + 90 * DAY)
        place(database, ada, code, (own,), NOW)
        for other in others if code != 3 else ():
            place(database, other, code, (crowd,), NOW)
    page = database.read_here(profiles.standing_page, ada, number=0, now=LATER)
    assert [line.view.code for line in page.lines] == [2, 4, 1, 3]
    assert [line.distance for line in page.lines] == [pytest.approx(0.8), pytest.approx(0.2), pytest.approx(0.1), None]
    assert [line.view.code for line in profile(database, ada).furthest] == [2, 4, 1]


def test_pages_beyond_the_last_give_the_last(database: Database) -> None:
    ada = create_actor()
    for code in range(1, 11):
        create_prediction(database, resolves_at=NOW + 90 * DAY)
        place(database, ada, code, (0.5,), NOW)
    for number, shown in ((0, (0, 8)), (1, (1, 2)), (10**8, (1, 2))):
        page = database.read_here(profiles.standing_page, ada, number=number, now=LATER)
        assert (page.number, len(page.lines), page.pages, page.total) == (*shown, 2, 10)
    assert database.read_here(profiles.standing_page, create_actor(), number=3, now=LATER).lines == ()


def test_who_keeps_their_record_to_themselves_shows_it_to_nobody_else(database: Database) -> None:
    ada, bob = create_actor(), create_actor("bob")
    live_through(database, SAID, ada, bob, guild_id=GUILD, now=NOW)
    hide(database, ada)
    for who in (bob, create_actor(manager=True)):
        with pytest.raises(Refused, match="ada keeps their record private"):
            profile(database, who, ada)
        with pytest.raises(Refused, match="ada keeps their record private"):
            see(database, who, ada)
    assert profile(database, ada).resolved == 14
    assert see(database, ada).calibration is not None
    assert see(database, bob, CalibrationSubject(ForecasterKind.CROWD)).calibration is not None
    database.run_here(changing.change_own_settings, ada, changes={"shows_record": True}, now=NOW)
    assert profile(database, bob, ada).resolved == 14


def test_strangers_and_bots_have_no_record_and_ones_own_may_be_empty(database: Database) -> None:
    ada, bob = create_actor(), create_actor("bob")
    with pytest.raises(Refused, match="bob hasn't forecast here yet"):
        database.read_here(profiles.show_profile, ada, user_id=bob.user_id, name="bob", now=NOW)
    with pytest.raises(Refused, match="Robot is a bot, and bots can't forecast here"):
        database.read_here(profiles.show_profile, ada, user_id=bob.user_id, name="Robot", is_bot=True, now=NOW)
    elsewhere = create_actor("eve", guild_id=OTHER_GUILD)
    live_through(database, SAID, elsewhere, guild_id=OTHER_GUILD, now=NOW)
    with pytest.raises(Refused, match="This member hasn't forecast here yet"):
        see(database, ada, elsewhere)
    found = profile(database, ada)
    assert (found.resolved, found.peer, found.rank, found.best, found.standing) == (0, None, None, None, 0)


def test_a_number_for_options_that_there_were_once_is_left_out(database: Database) -> None:
    ada = create_actor()
    live_through(database, SAID[:10], ada, guild_id=GUILD, now=NOW)
    code = create_prediction(database, kind=Kind.MULTIPLE_CHOICE).code
    place(database, ada, code, (0.15, 0.35, 0.5), NOW)
    resolve(database, code, Outcome(OPTION, 1), guild_id=GUILD, now=NOW + 30 * DAY)
    with database.engine.begin() as connection:
        connection.execute(delete(PredictionOption).where(PredictionOption.position == 2))
    assert see(database, ada).events == 10
