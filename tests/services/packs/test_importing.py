"""Importing a file: reviewed first, loaded once, as the guild's own; brought up to date by the same file; undone."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.documents.models import PredictionFile
from bot.domain.documents.review import Correction, as_correction
from bot.domain.documents.uploads import Upload, read_upload
from bot.domain.errors import NotAManager, Refused
from bot.domain.types import Actor, State
from bot.domain.voting import Answer, Choice
from bot.services import sweep
from bot.services.forecasting import forecasts
from bot.services.packs import importing, library, reviewing
from bot.services.packs.importing import ImportedPack
from bot.services.packs.library import PackChange
from bot.services.packs.reviewing import ReviewPage, ShowItems
from bot.services.voting import ballots, votes
from db.database import Database
from db.models import Adoption, Event, Forecast, Import, OutboxMessage, Pack, Prediction
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_document, load
from tests.rows import count, everything, rows, values
from tests.services.voting.polls import make_ready

LATER = NOW + timedelta(days=1)
END = {"window": {"end": "2026-12-31"}}

POST = b"""---
title: My bets for 2026
author: Ann Example
date: 2026-01-02
---
# Predictions for 2026

- OpenAI releases GPT-6 by the end of 2026: 70%
- A model wins a gold medal at the IMO in 2026: 40%
- Nvidia is worth more than 6 trillion dollars at the end of 2026: 55%
"""


@pytest.fixture
def mona() -> Actor:
    return create_actor("mona", manager=True)


def an_upload(*items: dict[str, Any], slug: str = "bets", keeps_ids: bool = True, **source: Any) -> Upload:
    return Upload(slug, create_document(*items, **({"authors": ["Ann"]} | source)), keeps_ids=keeps_ids)


def a_post(content: bytes = POST, file: str = "bets.md") -> Upload:
    return read_upload(content, file=file, today=NOW.date())


def begin(database: Database, actor: Actor, upload: Upload, now: Any = NOW) -> ReviewPage:
    return database.run_here(importing.begin, actor, file="bets.md", upload=upload, now=now)


def confirm(database: Database, actor: Actor, import_id: int, now: Any = NOW) -> ImportedPack:
    return database.run_here(importing.confirm, actor, import_id=import_id, now=now)


def import_now(database: Database, actor: Actor, upload: Upload, now: Any = NOW) -> ImportedPack:
    return confirm(database, actor, begin(database, actor, upload, now).import_id, now)


def undo(database: Database, actor: Actor, import_id: int, now: Any = LATER) -> importing.UndoneImport:
    return database.run_here(importing.undo, actor, import_id=import_id, now=now)


def drop(database: Database, actor: Actor, import_id: int, number: int) -> reviewing.ReviewItem:
    return database.run_here(reviewing.drop, actor, import_id=import_id, number=number, is_dropped=True, now=NOW)


def correct(database: Database, actor: Actor, import_id: int, number: int, **changes: Any) -> reviewing.ReviewItem:
    item = database.read_here(reviewing.show_item, actor, import_id=import_id, number=number, now=NOW)
    standing = reviewing.as_correction(item.prediction)
    correction = Correction.model_validate(standing.model_dump() | changes)
    return database.run_here(reviewing.correct, actor, import_id=import_id, number=number, correction=correction, now=NOW)


def statements(database: Database, guild_id: int = GUILD) -> list[tuple[str, State]]:
    found = select(Prediction.statement, Prediction.state).where(Prediction.guild_id == guild_id).order_by(Prediction.code)
    return [(statement, state) for statement, state in rows(database, found)]


def stated(database: Database) -> list[list[float]]:
    return values(database, select(Forecast.values).where(Forecast.source_id.is_not(None), Forecast.ended_at.is_(None)))


# The review


def test_an_upload_loads_nothing_before_it_is_confirmed(database: Database, mona: Actor) -> None:
    review = begin(database, mona, a_post())
    assert (review.counts.found, review.counts.probability, review.counts.date) == (3, 3, 3)
    assert [item.prediction.probability for item in review.items] == [0.7, 0.4, 0.55]
    assert (review.plan.created, review.plan.updates) == (3, None)
    assert (count(database, Prediction), count(database, Pack), count(database, OutboxMessage)) == (0, 0, 0)


def test_what_was_dropped_and_corrected_is_what_is_loaded(database: Database, mona: Actor) -> None:
    review = begin(database, mona, a_post())
    drop(database, mona, review.import_id, 1)
    corrected = correct(
        database, mona, review.import_id, 2, statement="A model wins gold at the IMO", probability=0.45, end=date(2026, 8, 1)
    )
    assert corrected.is_corrected
    correct(database, mona, review.import_id, 3, probability=None)
    imported = confirm(database, mona, review.import_id)
    assert imported.report.count(PackChange.CREATED) == 2
    assert [statement for statement, _ in statements(database)] == [
        "A model wins gold at the IMO",
        "Nvidia is worth more than 6 trillion dollars at the end of 2026",
    ]
    assert stated(database) == [[0.45]]
    assert values(database, select(Prediction.resolves_at))[0] == datetime(2026, 8, 2, tzinfo=UTC)


def test_what_was_dropped_can_be_kept_again_and_a_correction_taken_back(database: Database, mona: Actor) -> None:
    review = begin(database, mona, a_post())
    drop(database, mona, review.import_id, 1)
    correct(database, mona, review.import_id, 2, probability=0.1)
    kept = database.run_here(reviewing.drop, mona, import_id=review.import_id, number=1, is_dropped=False, now=NOW)
    assert not kept.is_dropped
    assert not correct(database, mona, review.import_id, 2, probability=0.4).is_corrected
    assert values(database, select(Import.edits)) == [{}]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"end": date(2026, 2, 1)}, "already over"),
        ({"end": date(2199, 1, 1)}, "more than 50 years away"),
        ({"statement": "  "}, "The statement is empty"),
        ({"statement": "x" * 301}, "at most 300 fit"),
        ({"criteria": "x" * 2001}, "at most 2,000 fit"),
        ({"probability": 1.2}, "doesn't fit together"),
        ({"criteria": "As in [[nothing]]."}, "no prediction with that id"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_nothing_is_stored(
    database: Database, mona: Actor, changes: dict[str, Any], told: str
) -> None:
    review = begin(database, mona, a_post())
    before = everything(database)
    with pytest.raises(Refused, match=told):
        correct(database, mona, review.import_id, 1, **changes)
    assert everything(database) == before


def test_a_date_that_is_over_may_stay_as_it_was_read(database: Database, mona: Actor) -> None:
    review = begin(database, mona, an_upload({"window": {"end": "2025-06-30"}}))
    assert review.counts.over == 1
    item = correct(database, mona, review.import_id, 1, statement="Other words")
    assert item.prediction.window.end == date(2025, 6, 30)


def test_what_hung_on_a_dropped_prediction_stands_alone(database: Database, mona: Actor) -> None:
    upload = an_upload(
        {"statement": "GPT-6 is released"},
        {"parent": "p1", "relation": "conditional", "criteria": "Judged as [[p1]] is, and as [[p3]] is."},
        {},
    )
    review = begin(database, mona, upload)
    item = drop(database, mona, review.import_id, 1)
    assert item.children == 1
    confirm(database, mona, review.import_id)
    found = rows(database, select(Prediction.criteria, Prediction.parent_id, Prediction.relation).order_by(Prediction.code))
    assert found[0] == ("Judged as “GPT-6 is released” is, and as #2 is.", None, None)


@pytest.mark.parametrize(
    ("item", "typed", "stored"),
    [
        ({"kind": "multiple_choice", "options": [{"name": "A", "outcome": True}, {"name": "B"}]}, "b", ("option", 1.0)),
        ({"kind": "numeric", "numeric": {"unit": "USD"}, "outcome": 3}, "12.50", ("value", 12.5)),
        ({"kind": "date"}, "11 Jan 1970", ("value", 10.0)),
        ({"outcome": True}, "annulled", ("annulled", None)),
    ],
    ids=["option", "number", "day", "annulled"],
)
def test_a_result_of_any_kind_can_be_set_right(
    database: Database, mona: Actor, item: dict[str, Any], typed: str, stored: tuple[str, float | None]
) -> None:
    review = begin(database, mona, an_upload({"window": {"end": "2025-12-31"}} | item))
    place = {"import_id": review.import_id, "number": 1, "now": NOW}
    shown = database.read_here(reviewing.show_item, mona, **place)
    correction = as_correction(shown.prediction).model_copy(update={"outcome": typed})
    corrected = database.run_here(reviewing.correct, mona, correction=correction, **place)
    assert corrected.is_corrected
    assert corrected.doubts == ()
    back = as_correction(shown.prediction)
    assert not database.run_here(reviewing.correct, mona, correction=back, **place).is_corrected
    database.run_here(reviewing.correct, mona, correction=correction, **place)
    confirm(database, mona, review.import_id)
    assert rows(database, select(Prediction.outcome, Prediction.outcome_value)) == [stored]


def test_what_a_person_should_look_at_is_listed_by_itself(database: Database, mona: Actor) -> None:
    upload = an_upload(
        {**END, "probability": 0.5},
        {"window": {"end": "2025-12-31"}},
        {**END, "statement": "statement 1  comes TRUE", "probability": 1},
        {},
        {**END, "sureness": "low"},
        {**END, "parent": "p1", "relation": "requires", "probability": 0.9},
    )
    review = begin(database, mona, upload)
    assert review.counts.doubtful == 5
    assert [item.doubts for item in review.items] == [
        (),
        ("its window is over",),
        ("100%, scored as 99.9%", "the same words as 1"),
        ("no date",),
        ("hard to read",),
    ]
    drop(database, mona, review.import_id, 2)
    place = {"import_id": review.import_id, "now": NOW}
    doubtful = database.read_here(reviewing.show, mona, shown=ShowItems.DOUBTFUL, page=0, **place)
    assert [item.number for item in doubtful.items] == [3, 4, 5, 6]
    assert doubtful.items[-1].doubts == ("likelier than 1, which it needs",)
    dropped = database.read_here(reviewing.show, mona, shown=ShowItems.DROPPED, page=0, **place)
    assert [item.number for item in dropped.items] == [2]


def test_a_page_beyond_the_last_is_the_last(database: Database, mona: Actor) -> None:
    review = begin(database, mona, an_upload(*[{}] * 12))
    assert (review.pages, len(review.items)) == (3, 5)
    last = database.read_here(reviewing.show, mona, import_id=review.import_id, shown=ShowItems.ALL, page=10**14, now=NOW)
    assert (last.page, [item.number for item in last.items]) == (2, [11, 12])


# Who may


def test_a_review_is_only_for_who_uploaded_the_file_while_they_are_a_manager(database: Database, mona: Actor) -> None:
    review = begin(database, mona, a_post())
    before = everything(database)
    at: dict[str, Any] = {"import_id": review.import_id}
    doors: list[tuple[Any, dict[str, Any]]] = [
        (reviewing.show, at | {"shown": ShowItems.ALL, "page": 0, "now": NOW}),
        (reviewing.show_item, at | {"number": 1, "now": NOW}),
        (reviewing.show_draft, at),
        (reviewing.drop, at | {"number": 1, "is_dropped": True, "now": NOW}),
        (importing.confirm, at | {"now": NOW}),
        (importing.undo, at | {"now": NOW}),
        (importing.discard, at),
    ]
    for actor, error in (
        (create_actor(), NotAManager),
        (create_actor(manager=True), Refused),
        (Actor(OTHER_GUILD, mona.user_id, "mona", can_manage_guild=True), Refused),
        (Actor(GUILD, mona.user_id, "mona"), NotAManager),
    ):
        for use_case, given in doors:
            with pytest.raises(error):
                database.run_here(use_case, actor, **given)
    with pytest.raises(NotAManager):
        begin(database, create_actor(), a_post())
    assert everything(database) == before


def test_a_number_that_the_file_does_not_have_is_refused(database: Database, mona: Actor) -> None:
    review = begin(database, mona, a_post())
    for number in (0, 4, 10**14):
        with pytest.raises(Refused, match="has no prediction"):
            drop(database, mona, review.import_id, number)


def test_another_guild_neither_sees_nor_adopts_what_was_imported(database: Database, mona: Actor) -> None:
    slug = import_now(database, mona, a_post()).report.pack
    assert [pack.slug for pack in database.read_here(library.list_packs, guild_id=GUILD, now=NOW)] == [slug]
    assert database.read_here(library.list_packs, guild_id=OTHER_GUILD, now=NOW) == []
    other = create_actor(guild_id=OTHER_GUILD, manager=True)
    with pytest.raises(Refused, match="There's no pack"):
        database.run_here(library.adopt, other, slug=slug, now=NOW)


def test_a_member_has_a_few_drafts_and_the_oldest_gives_way(database: Database, mona: Actor) -> None:
    drafts = [begin(database, mona, a_post(), NOW + timedelta(minutes=number)).import_id for number in range(4)]
    assert values(database, select(Import.id).order_by(Import.id)) == drafts[1:]
    with pytest.raises(Refused, match="This review is gone"):
        confirm(database, mona, drafts[0])


# Confirm


def test_a_new_pack_is_announced_and_every_prediction_has_its_event(database: Database, mona: Actor) -> None:
    imported = import_now(database, mona, a_post())
    assert not imported.is_update
    assert [line.code for line in imported.report.lines] == [1, 2, 3]
    assert rows(database, select(OutboxMessage.kind, OutboxMessage.payload)) == [("pack_adopted", {"pack": "bets"})]
    assert values(database, select(Event.kind)) == ["loaded"] * 3
    assert values(database, select(Pack.guild_id)) == [GUILD]


def test_confirming_twice_loads_once(database: Database, mona: Actor) -> None:
    review = begin(database, mona, a_post())
    confirm(database, mona, review.import_id)
    before = everything(database)
    with pytest.raises(Refused, match="already loaded"):
        confirm(database, mona, review.import_id)
    with pytest.raises(Refused, match="already loaded"):
        drop(database, mona, review.import_id, 1)
    assert everything(database) == before


async def test_of_several_confirms_at_the_same_moment_one_loads(database: Database, mona: Actor) -> None:
    review = begin(database, mona, a_post())
    once = [database.run(importing.confirm, mona, import_id=review.import_id, now=NOW) for _ in range(6)]
    answers = await asyncio.gather(*once, return_exceptions=True)
    assert [type(answer) for answer in answers].count(ImportedPack) == 1
    assert ["is already loaded" in str(answer) for answer in answers].count(True) == 5
    assert (count(database, Prediction), count(database, Pack), count(database, OutboxMessage)) == (3, 1, 1)


async def test_two_managers_who_confirm_the_same_file_at_the_same_moment_load_it_once(
    database: Database, mona: Actor
) -> None:
    others = [mona, *(create_actor(manager=True) for _ in range(3))]
    drafts = [(actor, begin(database, actor, a_post()).import_id) for actor in others]
    at_once = [database.run(importing.confirm, actor, import_id=draft, now=NOW) for actor, draft in drafts]
    answers = await asyncio.gather(*at_once, return_exceptions=True)
    assert [type(answer) for answer in answers].count(ImportedPack) == 1, answers
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(refused) == 3
    assert "Upload it again to see what would change" in str(refused[0])
    assert (count(database, Prediction), count(database, Pack)) == (3, 1)


def test_with_everything_dropped_there_is_nothing_to_confirm(database: Database, mona: Actor) -> None:
    review = begin(database, mona, an_upload({}))
    drop(database, mona, review.import_id, 1)
    with pytest.raises(Refused, match="You've dropped every prediction"):
        confirm(database, mona, review.import_id)
    assert count(database, Pack) == 0


def test_what_is_over_already_is_loaded_closed(database: Database, mona: Actor) -> None:
    import_now(database, mona, an_upload({"window": {"end": "2025-12-31"}}, END))
    assert [state for _, state in statements(database)] == [State.CLOSED, State.OPEN]


# The same file again


def test_the_same_file_again_changes_nothing_and_says_so(database: Database, mona: Actor) -> None:
    review = begin(database, mona, a_post())
    drop(database, mona, review.import_id, 1)
    correct(database, mona, review.import_id, 2, probability=0.45, statement="Other words")
    confirm(database, mona, review.import_id)
    again = begin(database, mona, a_post(), LATER)
    assert (again.plan.changes_nothing, again.plan.unchanged, again.counts.dropped) == (True, 2, 1)
    before = everything(database)
    with pytest.raises(Refused, match="Nothing would change"):
        confirm(database, mona, again.import_id, LATER)
    assert everything(database) == before


def test_a_changed_post_brings_its_pack_up_to_date_and_statements_keep_their_codes(database: Database, mona: Actor) -> None:
    import_now(database, mona, a_post())
    changed = POST.replace(b"- OpenAI", b"- Claude 5 is released by the end of 2026: 90%\n- OpenAI").replace(b"40%", b"35%")
    review = begin(database, mona, a_post(changed), LATER)
    assert (review.plan.created, review.plan.updated, review.plan.unchanged, review.plan.withdrawn) == (1, 1, 2, 0)
    imported = confirm(database, mona, review.import_id, LATER)
    assert imported.is_update
    assert [statement[:6] for statement, _ in statements(database)] == ["OpenAI", "A mode", "Nvidia", "Claude"]
    assert sorted(stated(database)) == [[0.35], [0.55], [0.7], [0.9]]
    assert count(database, OutboxMessage) == 1, "an update is not announced as new"


def test_another_document_of_the_same_name_is_a_pack_of_its_own(database: Database, mona: Actor) -> None:
    first = import_now(database, mona, a_post())
    other = (
        POST.replace(b"My bets", b"Their bets").replace(b"OpenAI", b"Meta").replace(b"IMO", b"IOI").replace(b"6 t", b"9 t")
    )
    second = import_now(database, mona, a_post(other))
    assert (first.report.pack, second.report.pack) == ("bets", "bets-2")
    assert len(statements(database)) == 6
    assert begin(database, mona, a_post(other), LATER).plan.changes_nothing
    assert begin(database, mona, a_post(), LATER).plan.changes_nothing


def test_a_file_that_names_its_pack_is_that_packs_whatever_it_holds(database: Database, mona: Actor) -> None:
    def named(*items: dict[str, Any]) -> Upload:
        return Upload("mine", PredictionFile.model_validate(create_document(*items).model_dump() | {"pack": "mine"}))

    import_now(database, mona, named({"statement": "One"}))
    review = begin(database, mona, named({"id": "x", "statement": "Two"}))
    assert (review.plan.created, review.plan.withdrawn) == (1, 1)


def test_a_name_of_the_library_is_left_to_it(database: Database, mona: Actor) -> None:
    load(database, create_document({}, title="Shared"), slug="bets", guild_id=None)
    imported = import_now(database, mona, a_post())
    assert imported.report.pack == "bets-2"
    assert begin(database, mona, a_post(), LATER).plan.changes_nothing


def test_a_pack_of_the_library_that_comes_later_gives_way_to_the_guilds_own(database: Database, mona: Actor) -> None:
    import_now(database, mona, a_post())
    load(database, create_document({}, title="Shared"), slug="bets", guild_id=None)
    assert [pack.title for pack in database.read_here(library.list_packs, guild_id=GUILD, now=NOW)] == ["My bets for 2026"]
    assert [pack.title for pack in database.read_here(library.list_packs, guild_id=OTHER_GUILD, now=NOW)] == ["Shared"]


def test_a_file_of_the_library_is_adopted_and_not_imported(database: Database, mona: Actor) -> None:
    upload = an_upload({}, END)
    assert upload.document is not None
    load(database, upload.document, slug="bets", guild_id=None)
    with pytest.raises(Refused, match="Adopt it with /pack adopt pack:bets"):
        begin(database, mona, upload)
    database.run_here(library.adopt, mona, slug="bets", now=NOW)
    with pytest.raises(Refused, match="already has this file"):
        begin(database, mona, upload)
    assert count(database, Import) == 0


# Undo


def test_undo_gives_the_pack_up_and_importing_again_brings_it_back(database: Database, mona: Actor) -> None:
    imported = import_now(database, mona, a_post())
    undone = undo(database, mona, imported.import_id)
    assert (undone.taken_back, undone.is_update) == (3, False)
    assert [state for _, state in statements(database)] == [State.ANNULLED] * 3
    assert count(database, Adoption) == 0
    with pytest.raises(Refused, match="already undone"):
        undo(database, mona, imported.import_id)
    again = import_now(database, mona, a_post(), LATER)
    assert [state for _, state in statements(database)] == [State.OPEN] * 3
    assert [line.code for line in again.report.lines] == [1, 2, 3]


def test_after_undo_the_next_upload_knows_what_was_dropped(database: Database, mona: Actor) -> None:
    review = begin(database, mona, a_post())
    drop(database, mona, review.import_id, 1)
    confirm(database, mona, review.import_id)
    undo(database, mona, review.import_id)
    assert begin(database, mona, a_post(), LATER).counts.dropped == 1


def test_undo_of_an_update_brings_back_what_the_pack_was(database: Database, mona: Actor) -> None:
    first = import_now(database, mona, an_upload({**END, "probability": 0.3}, END))
    before = statements(database)
    second = import_now(database, mona, an_upload({**END, "statement": "New words", "probability": 0.6}), LATER)
    assert [state for _, state in statements(database)] == [State.OPEN, State.ANNULLED]
    with pytest.raises(Refused, match="has been updated since"):
        undo(database, mona, first.import_id)
    undone = undo(database, mona, second.import_id, LATER + timedelta(hours=1))
    assert (undone.taken_back, undone.is_update) == (2, True)
    assert statements(database) == before
    assert stated(database) == [[0.3]]
    undo(database, mona, first.import_id, LATER + timedelta(hours=2))
    assert [state for _, state in statements(database)] == [State.ANNULLED] * 2


def test_undo_ends_with_the_first_forecast(database: Database, mona: Actor) -> None:
    imported = import_now(database, mona, a_post())
    ada = create_actor()
    database.run_here(forecasts.place, ada, code=2, values=(0.6,), now=NOW + timedelta(hours=1))
    before = everything(database)
    with pytest.raises(Refused, match=r"Someone has forecast on #2 since, so the import stays"):
        undo(database, mona, imported.import_id)
    assert everything(database) == before


def test_a_forecast_from_before_an_update_does_not_hold_its_undo_up(database: Database, mona: Actor) -> None:
    import_now(database, mona, an_upload(END, END))
    database.run_here(forecasts.place, create_actor(), code=1, values=(0.6,), now=NOW)
    second = import_now(database, mona, an_upload({**END, "statement": "New words"}, END), LATER)
    undo(database, mona, second.import_id, LATER + timedelta(hours=1))
    assert statements(database)[0] == ("Statement 1 comes true", State.OPEN)


def test_undo_ends_with_the_first_ballot(database: Database, mona: Actor) -> None:
    imported = import_now(database, mona, an_upload({"window": {"end": "2025-12-31"}}))
    make_ready(database)
    database.run_here(votes.open_waiting, now=NOW)
    voter = create_actor(joined_at=NOW - timedelta(days=30))
    database.run_here(ballots.cast, voter, code=1, answer=Answer(Choice.YES), now=NOW + timedelta(hours=1))
    with pytest.raises(Refused, match="Someone has voted on #1"):
        undo(database, mona, imported.import_id)


def test_after_a_drop_there_is_nothing_to_undo(database: Database, mona: Actor) -> None:
    imported = import_now(database, mona, a_post())
    database.run_here(library.drop, mona, slug="bets", now=NOW)
    with pytest.raises(Refused, match="has already been dropped"):
        undo(database, mona, imported.import_id)


async def test_an_undo_waits_for_a_forecast_that_is_just_being_placed(database: Database, mona: Actor) -> None:
    imported = import_now(database, mona, a_post())
    is_placed, may_commit = threading.Event(), threading.Event()

    def place_slowly(session: Session) -> None:
        forecasts.place(session, create_actor(), code=1, values=(0.5,), now=LATER)
        is_placed.set()
        may_commit.wait(300)

    placing = asyncio.create_task(database.run(place_slowly))
    await asyncio.to_thread(is_placed.wait, 300)
    undoing = asyncio.create_task(database.run(importing.undo, mona, import_id=imported.import_id, now=LATER))
    done, _ = await asyncio.wait({undoing}, timeout=1)
    may_commit.set()
    assert not done
    await placing
    with pytest.raises(Refused, match="Someone has forecast on #1"):
        await undoing
    assert [state for _, state in statements(database)] == [State.OPEN] * 3


# Forgetting


def test_what_is_not_confirmed_within_a_week_is_forgotten(database: Database, mona: Actor) -> None:
    kept = import_now(database, mona, a_post()).import_id
    undone = import_now(database, mona, an_upload({}, slug="other", title="Other"))
    undo(database, mona, undone.import_id)
    begin(database, mona, an_upload({"statement": "A third"}, slug="third", title="Third"))
    assert importing.prune in sweep.PARTS
    database.run_here(importing.prune, now=NOW + timedelta(days=7))
    assert count(database, Import) == 3
    database.run_here(importing.prune, now=NOW + timedelta(days=7, seconds=1))
    assert values(database, select(Import.id)) == [kept]
