"""Annulling many predictions at once: which ones go, which stay, and taking it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.domain.codes import read_codes
from bot.domain.errors import NotAManager, Refused
from bot.domain.events import EventKind
from bot.domain.outcomes import YES, Outcome
from bot.domain.types import Actor, Kind, Relation, State
from bot.services.moderation import annulling
from bot.services.moderation.annulling import Chosen
from bot.services.settings import changing
from db.database import Database
from db.models import Event, OutboxMessage, Prediction
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_document, create_prediction, load
from tests.rows import rows
from tests.services.scoring.scored import place, resolve

DAY = timedelta(days=1)


def annul(database: Database, actor: Actor, *, words: str = "Off topic", **chosen: Any) -> annulling.AnnulledMany:
    return database.run_here(annulling.annul_many, actor, chosen=Chosen(**chosen), words=words, now=NOW + DAY)


def states(database: Database, guild_id: int = GUILD) -> dict[int, State]:
    return dict(rows(database, select(Prediction.code, Prediction.state).where(Prediction.guild_id == guild_id)))


def a_guild(database: Database) -> tuple[Actor, Actor]:
    manager, ada = create_actor("mona", manager=True), create_actor("ada")
    for number, by, tags in ((1, manager, ("ai",)), (2, ada, ("ai",)), (3, ada, ("sport",)), (4, manager, ())):
        code = create_prediction(database, by=by, tags=tags, statement=f"Statement {number}").code
        place(database, ada, code, (0.5,), NOW)
    return manager, ada


def test_what_is_chosen_goes_and_the_rest_stays(database: Database) -> None:
    manager, ada = a_guild(database)
    create_prediction(database, by=create_actor("olaf", guild_id=OTHER_GUILD, manager=True), tags=("ai",))
    done = annul(database, manager, tag="AI")
    assert (done.codes, done.forecasts, done.interested) == ((1, 2), 2, 0)
    assert states(database) == {1: "annulled", 2: "annulled", 3: "open", 4: "open"}
    assert annul(database, manager, added_by=ada.user_id).codes == (3,)
    assert annul(database, manager, codes="1-4").codes == (4,)
    assert states(database, OTHER_GUILD) == {1: "open"}
    reasons = rows(database, select(Event.words).where(Event.kind == EventKind.OVERRIDDEN))
    assert reasons == [("Off topic",)] * 4


def test_what_nobody_forecast_is_annulled_without_a_post(database: Database) -> None:
    manager, _ = a_guild(database)
    create_prediction(database, by=manager, statement="Nobody's")
    annul(database, manager, codes="4, 5")
    told = rows(database, select(OutboxMessage.payload).where(OutboxMessage.kind == "result"))
    assert len(told) == 1


def test_a_pack_goes_and_another_guilds_pack_matches_nothing(database: Database) -> None:
    manager = create_actor("mona", manager=True)
    load(database, create_document({}, {}), slug="ours")
    load(database, create_document({}), slug="theirs", guild_id=OTHER_GUILD)
    with pytest.raises(Refused, match="No prediction without a result matches"):
        annul(database, manager, pack="theirs")
    assert len(annul(database, manager, pack="ours").codes) == 2
    assert set(states(database, OTHER_GUILD).values()) == {State.OPEN}


def test_conditionals_go_along_once_also_when_they_are_chosen_themselves(database: Database) -> None:
    manager = create_actor("mona", manager=True)
    document = create_document(
        {"id": "a"},
        {"id": "b", "parent": "a", "relation": Relation.CONDITIONAL},
        {"id": "c", "parent": "a", "relation": Relation.CONDITIONAL},
    )
    load(database, document)
    done = annul(database, manager, codes="1, 2")
    assert (done.codes, done.along) == ((1, 2), (3,))
    assert set(states(database).values()) == {State.ANNULLED}
    endings = rows(database, select(Event.prediction_id).where(Event.to_state == State.ANNULLED))
    assert len(endings) == 3
    back = database.run_here(annulling.reopen_many, manager, codes=done.codes, now=NOW + 2 * DAY)
    assert back == 2
    assert set(states(database).values()) == {State.OPEN}


def test_undo_brings_back_what_is_still_annulled(database: Database) -> None:
    manager, _ = a_guild(database)
    done = annul(database, manager, codes="1-3")
    database.run_here(annulling.reopen_many, manager, codes=(2,), now=NOW + 2 * DAY)
    resolve(database, 2, Outcome(YES), guild_id=GUILD, now=NOW + 2 * DAY)
    assert database.run_here(annulling.reopen_many, manager, codes=done.codes, now=NOW + 2 * DAY) == 2
    assert states(database) == {1: "open", 2: "resolved", 3: "open", 4: "open"}
    with pytest.raises(Refused, match="None of them is annulled any more"):
        database.run_here(annulling.reopen_many, manager, codes=done.codes, now=NOW + 2 * DAY)
    place(database, create_actor("bob"), 1, (0.3,), NOW + 3 * DAY)


def test_what_a_manager_forecast_on_says_so_or_is_left_to_another(database: Database) -> None:
    manager, _ = a_guild(database)
    place(database, manager, 1, (0.4,), NOW)
    database.run_here(changing.change_guild_settings, manager, changes={"interested_override": False}, now=NOW)
    done = annul(database, manager, tag="ai")
    assert (done.codes, done.left) == ((2,), (1,))
    with pytest.raises(Refused, match="You forecast on all of them"):
        annul(database, manager, codes="1")
    database.run_here(changing.change_guild_settings, manager, changes={"interested_override": True}, now=NOW)
    assert annul(database, manager, codes="1").interested == 1
    data = rows(database, select(Event.data).where(Event.kind == EventKind.OVERRIDDEN).order_by(Event.id.desc()))[0][0]
    assert data["is_interested"] is True


def test_what_is_refused(database: Database) -> None:
    manager, ada = a_guild(database)
    with pytest.raises(NotAManager):
        annul(database, ada, codes="1")
    with pytest.raises(NotAManager):
        database.run_here(annulling.reopen_many, ada, codes=(1,), now=NOW)
    refused: list[tuple[dict[str, Any], str]] = [
        ({}, "Choose which"),
        ({"tag": "nothing"}, "No prediction without a result matches"),
        ({"codes": "99"}, "No prediction without a result"),
        ({"added_by": 1}, "No prediction without a result"),
        ({"codes": "one"}, "can't read “one” as codes"),
    ]
    for chosen, said in refused:
        with pytest.raises(Refused, match=said):
            annul(database, manager, **chosen)
    with pytest.raises(Refused, match="Give a reason"):
        annul(database, manager, codes="1", words=" ")
    assert set(states(database).values()) == {State.OPEN}


def test_a_thousand_are_too_many_at_once(database: Database) -> None:
    manager, _ = a_guild(database)
    made = {"guild_id": GUILD, "kind": Kind.BINARY, "state": State.OPEN, "statement": "x", "details": {}}
    made |= {"created_at": NOW, "opens_at": NOW, "revision": 1, "forecasters": 0}
    with database.engine.begin() as connection:
        connection.execute(insert(Prediction), [made | {"code": code} for code in range(1000, 2000)])
    with pytest.raises(Refused, match="That's 1,000 predictions, and at most 100 go at once"):
        annul(database, manager, codes="1000-1999")
    assert len(annul(database, manager, codes="1000-1099").codes) == 100


@pytest.mark.parametrize(
    ("typed", "codes"),
    [("3", [3]), ("#3, #5", [3, 5]), ("3;5 7", [3, 5, 7]), ("3, 5 and 10-12", [3, 5, 10, 11, 12]), ("4–6", [4, 5, 6])],
)
def test_codes_are_read_as_people_type_them(typed: str, codes: list[int]) -> None:
    assert read_codes(typed) == codes


@pytest.mark.parametrize("typed", ["x", "3,x", "3x", "5-3", "1-99999999", "3--5", "²", "3,,٣"])
def test_what_is_no_code_is_refused_with_the_part(typed: str) -> None:
    with pytest.raises(Refused, match=r"as codes|as a range"):
        read_codes(typed)
