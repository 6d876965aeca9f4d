"""Groups in the database: made whole, forecast on whole, with a card that's made again and kept current."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.errors import NotAManager, NotFound, Refused
from bot.domain.groups import GroupLine
from bot.domain.homes import Stage
from bot.domain.types import Actor, Kind
from bot.services import outbox
from bot.services.forecasting import forecasts, together, walk
from bot.services.forecasting.second_thoughts import Falls
from bot.services.groups import adding, membership, posting, views, wording
from bot.services.groups.adding import AddedGroup, NewGroup, NewRow
from bot.services.homes import card_homes, making
from bot.services.homes.card_homes import HomeThread
from bot.services.outbox import MessageKind
from bot.services.predictions import drafts
from bot.services.privacy import forgetting
from bot.services.turns import turns
from db.database import Database
from db.models import Forecast, GroupedPrediction, Guild, OutboxMessage, Prediction, PredictionGroup
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_prediction
from tests.rows import count, everything, rows, values

FORUM, CHANNEL, POST, MESSAGE = 701, 702, 703, 704
ENDS = tuple(NOW + timedelta(days=days) for days in (100, 200, 300, 400))


def create_group(
    database: Database, *, by: Actor | None = None, ends: tuple[datetime, ...] = ENDS, **given: Any
) -> AddedGroup:
    """A group of one prediction for each end, labelled Q1, Q2 …"""
    lines = tuple(NewRow(f"Q{number}", end) for number, end in enumerate(ends, 1))
    new = NewGroup(**({"title": "GPT-6 is released by …", "rows": lines} | given))
    return database.run_here(adding.add, by or create_actor(manager=True), new=new, now=NOW)


def post(database: Database, group: AddedGroup, *, thread: HomeThread | None = None) -> None:
    """Its card is out."""
    place = {"channel_id": CHANNEL, "message_id": MESSAGE, "thread": thread}
    database.run_here(posting.note_group_card, group_id=group.view.id, now=NOW, **place)
    database.run_here(lambda session: session.execute(update(OutboxMessage).values(sent_at=NOW, dedupe_key=None)))


def choose(database: Database, **settings: Any) -> None:
    database.run_here(lambda session: session.execute(update(Guild).values(**settings)))


def waiting(database: Database) -> list[str]:
    """The kinds of the messages that wait."""
    return values(database, select(OutboxMessage.kind).where(OutboxMessage.sent_at.is_(None)).order_by(OutboxMessage.id))


def test_a_group_is_stored_whole_or_not_at_all(database: Database) -> None:
    manager = create_actor(manager=True)
    create_prediction(database, by=manager)
    before = everything(database)
    late = NewRow("Q2", NOW - timedelta(days=1))
    with pytest.raises(Refused, match="already over"):
        create_group(database, by=manager, rows=(NewRow("there", code=1), NewRow("Q1", ENDS[0]), late))
    assert everything(database) == before


def test_a_prediction_is_in_one_group(database: Database) -> None:
    create_group(database)
    with pytest.raises(Refused, match="#2 is in the group “GPT-6 is released by …” already"):
        create_group(database, rows=(NewRow("a", code=2), NewRow("b", ENDS[0])))
    assert count(database, PredictionGroup) == 1


def test_another_guilds_prediction_is_not_found(database: Database) -> None:
    stranger = create_actor(guild_id=OTHER_GUILD, manager=True)
    create_prediction(database, by=stranger)
    with pytest.raises(NotFound):
        create_group(database, rows=(NewRow("a", code=1), NewRow("b", ENDS[0])))
    group = create_group(database)
    create_prediction(database, by=stranger)
    with pytest.raises(Refused, match="was taken apart"):
        database.run_here(membership.join, stranger, group_id=group.view.id, code=2, label="mine", now=NOW)
    with pytest.raises(Refused, match="was taken apart"):
        database.run_here(together.place_together, stranger, group_id=group.view.id, answers={2: (0.5,)}, now=NOW)
    assert count(database, Forecast) == 0


def test_only_predictions_of_the_group_are_forecast_with_it(database: Database) -> None:
    group = create_group(database)
    other = create_prediction(database)
    with pytest.raises(Refused, match=f"#{other.code} isn't in this group"):
        database.run_here(
            together.place_together, create_actor(), group_id=group.view.id, answers={1: (0.1,), other.code: (0.5,)}, now=NOW
        )
    assert count(database, Forecast) == 0


def test_forecasts_are_stored_together_or_not_at_all(database: Database) -> None:
    group, ada = create_group(database), create_actor()
    with pytest.raises(Refused, match="0% to 100%"):
        database.run_here(together.place_together, ada, group_id=group.view.id, answers={1: (0.1,), 2: (1.5,)}, now=NOW)
    assert count(database, Forecast) == 0
    done = database.run_here(
        together.place_together, ada, group_id=group.view.id, answers={2: (0.3,), 1: (0.1,)}, left_empty=[3], now=NOW
    )
    assert [(one.view.code, one.values) for one in done.placed] == [(1, (0.1,)), (2, (0.3,))]
    assert rows(database, select(Prediction.code, Prediction.forecasters).order_by(Prediction.code)) == [
        (1, 1),
        (2, 1),
        (3, 0),
        (4, 0),
    ]
    upcoming = database.read_here(walk.show_next, ada, now=NOW)
    assert upcoming.view is not None
    assert (upcoming.view.code, upcoming.group) == (4, None), "what was left empty isn't asked about again"


def test_undoing_together_brings_back_what_stood_before(database: Database) -> None:
    group, ada = create_group(database), create_actor()
    database.run_here(forecasts.place, ada, code=1, values=(0.7,), now=NOW)
    later = NOW + timedelta(hours=1)
    done = database.run_here(together.place_together, ada, group_id=group.view.id, answers={1: (0.1,), 2: (0.3,)}, now=later)
    ids = [one.forecast_id for one in done.placed]
    with pytest.raises(Refused, match="isn't your forecast"):
        database.run_here(together.undo_together, create_actor("bob"), group_id=group.view.id, forecast_ids=ids, now=later)
    undone = database.run_here(
        together.undo_together, ada, group_id=group.view.id, forecast_ids=ids, now=later + timedelta(hours=1)
    )
    assert [row.view.own.values if row.view.own else None for row in undone.group.rows] == [(0.7,), None, None, None]


def test_a_series_is_asked_about_only_between_different_dates(database: Database) -> None:
    group = create_group(database, ends=(ENDS[0], ENDS[0], ENDS[1]))
    done = database.run_here(
        together.place_together, create_actor(), group_id=group.view.id, answers={1: (0.5,), 2: (0.3,), 3: (0.2,)}, now=NOW
    )
    assert [(fall.earlier, fall.later) for fall in done.thoughts if isinstance(fall, Falls)] == [("Q2", "Q3")]


def test_a_group_has_one_card_and_its_predictions_none(database: Database) -> None:
    manager = create_actor(manager=True)
    create_prediction(database, by=manager)
    choose(database, post_channel_id=CHANNEL)
    group = create_group(database, by=manager)
    assert waiting(database) == [MessageKind.POST_GROUP]
    post(database, group)
    home = database.read_here(card_homes.home_of, group.view.rows[1].view.id)
    assert home is not None
    assert (home.channel_id, home.message_id, home.card_id) == (CHANNEL, MESSAGE, None)
    for _ in range(3):
        database.run_here(forecasts.place, create_actor(), code=group.view.rows[0].view.code, values=(0.5,), now=NOW)
    assert waiting(database) == [MessageKind.REFRESH_GROUP]
    database.run_here(lambda session: session.execute(update(PredictionGroup).values(thread_id=POST)))
    (turn,) = database.read_here(turns, now=NOW + timedelta(minutes=1))
    assert turn.lane == POST


def test_an_edit_of_the_card_waits_half_a_minute_for_more(database: Database) -> None:
    group = create_group(database)
    post(database, group)
    database.run_here(forecasts.place, create_actor(), code=1, values=(0.5,), now=NOW)
    (message_id,) = values(database, select(OutboxMessage.id).where(OutboxMessage.kind == MessageKind.REFRESH_GROUP))
    assert database.run_here(outbox.claim, message_id, now=NOW) is not None
    soon = NOW + timedelta(seconds=5)
    database.run_here(forecasts.place, create_actor(), code=2, values=(0.5,), now=soon)
    refresh = select(OutboxMessage.due_at).where(OutboxMessage.kind == MessageKind.REFRESH_GROUP).order_by(OutboxMessage.id)
    assert values(database, refresh)[-1] == NOW + outbox.CARD_EDIT_EVERY
    database.run_here(outbox.mark_failed, message_id, reason="no answer", retry_at=soon, now=soon)
    assert waiting(database) == [MessageKind.REFRESH_GROUP], "the other one says it all"


def test_a_lost_card_is_made_again_where_it_belongs(database: Database) -> None:
    group = create_group(database)
    choose(database, home_channel_id=FORUM, home_is_forum=True)
    post(database, group, thread=HomeThread(POST, FORUM, Stage.OPEN, "[]"))
    assert database.read_here(making.homes_made, GUILD).is_done
    database.run_here(card_homes.note_channel_gone, POST, now=NOW)
    database.run_here(card_homes.note_channel_gone, FORUM, now=NOW)
    assert values(database, select(PredictionGroup.message_id)) == [None]
    assert database.read_here(making.homes_made, GUILD).made == 0
    while database.run_here(making.make_next, now=NOW + timedelta(hours=1)):
        pass
    assert waiting(database) == [MessageKind.POST_GROUP], "none for each prediction"
    assert values(database, select(Guild.next_home_at).where(Guild.id == GUILD)) == [None], "nothing else is missing"


def test_the_tag_of_a_post_changes_when_its_next_prediction_closes_soon(database: Database) -> None:
    group = create_group(database)
    post(database, group, thread=HomeThread(POST, FORUM, Stage.OPEN, "[]"))
    soon = ENDS[0] - timedelta(days=7)
    assert database.read_here(making.next_due_at) == soon
    assert database.run_here(making.mark_closing, now=soon - timedelta(hours=1)) == 0
    assert database.run_here(making.mark_closing, now=soon) == 1
    assert waiting(database) == [MessageKind.REFRESH_GROUP]
    assert database.run_here(making.mark_closing, now=soon) == 0


def test_a_group_with_one_left_is_taken_apart_and_what_was_in_it_gets_cards(database: Database) -> None:
    ada = create_actor()
    group = create_group(database, by=ada, ends=ENDS[:2])
    choose(database, post_channel_id=CHANNEL)
    post(database, group)
    with pytest.raises(NotAManager):
        database.run_here(membership.leave, create_actor("bob"), code=1, now=NOW)
    left = database.run_here(membership.leave, ada, code=1, now=NOW)
    assert left.group is None
    assert count(database, GroupedPrediction) == 0
    assert sorted(waiting(database)) == [MessageKind.POST_CARD, MessageKind.POST_CARD, MessageKind.REFRESH_GROUP]
    with pytest.raises(Refused, match="isn't in a group"):
        database.run_here(membership.leave, ada, code=1, now=NOW)


def test_numbers_and_yes_or_no_stand_in_one_group(database: Database) -> None:
    manager = create_actor(manager=True)
    create_prediction(database, by=manager, kind=Kind.NUMERIC, resolves_at=ENDS[3])
    group = create_group(database, by=manager, rows=(NewRow("price", code=1), NewRow("out", ENDS[0])))
    done = database.run_here(
        together.place_together, create_actor(), group_id=group.view.id, answers={1: (1.0, 2.0, 3.0), 2: (0.4,)}, now=NOW
    )
    assert [one.values for one in done.placed] == [(0.4,), (1.0, 2.0, 3.0)]


def test_words_that_a_member_had_removed_stand_in_no_group(database: Database) -> None:
    ada = create_actor()
    group = create_group(database, by=ada)
    database.run_here(forgetting.forget, ada, everywhere=False, now=NOW)
    assert count(database, GroupedPrediction) == 0
    assert database.read_here(views.show_publicly, guild_id=GUILD, group_id=group.view.id, now=NOW) is None
    assert values(database, select(PredictionGroup.title)) == [forgetting.REMOVED]


def rename(database: Database, actor: Actor, group: AddedGroup, title: str, **labels: int) -> Any:
    lines = tuple(GroupLine(label, code=code) for label, code in labels.items())
    return database.run_here(wording.rename, actor, group_id=group.view.id, title=title, lines=lines, now=NOW)


def test_labels_of_a_group_can_change_places(database: Database) -> None:
    group = create_group(database, ends=ENDS[:2])
    post(database, group)
    renamed = rename(database, create_actor(manager=True), group, "GPT-6 comes", Q2=1, Q1=2)
    assert (renamed.view.title, renamed.old_title) == ("GPT-6 comes", "GPT-6 is released by …")
    assert [(row.label, row.view.code, row.view.statement) for row in renamed.view.rows] == [
        ("Q2", 1, "GPT-6 is released by Q1"),
        ("Q1", 2, "GPT-6 is released by Q2"),
    ]
    assert MessageKind.REFRESH_GROUP in waiting(database)


def test_only_whoever_made_a_group_and_managers_rename_it(database: Database) -> None:
    ada, bob = create_actor("ada"), create_actor("bob")
    group = create_group(database, by=ada, ends=ENDS[:2])
    before = everything(database)
    for actor, refusal in ((bob, NotAManager), (create_actor("olaf", guild_id=OTHER_GUILD, manager=True), Refused)):
        with pytest.raises(refusal):
            rename(database, actor, group, "Theirs", a=1, b=2)
    for labels in ({"a": 1}, {"a": 1, "b": 3}, {"a": 1, "b": 2, "c": 4}):
        with pytest.raises(Refused, match="have to be about #1, #2"):
            rename(database, ada, group, "Mine", **labels)
    for title, labels in (("  ", {"a": 1, "b": 2}), ("Mine", {"x" * 41: 1, "b": 2})):
        with pytest.raises(Refused):
            rename(database, ada, group, title, **labels)
    after = everything(database)
    assert {name: after[name] for name in after if name not in ("members", "guilds", "users")} == {
        name: before[name] for name in before if name not in ("members", "guilds", "users")
    }
    assert rename(database, ada, group, "Mine", a=1, b=2).view.title == "Mine"


def test_what_a_manager_renamed_is_not_renamed_back(database: Database) -> None:
    ada, manager = create_actor("ada"), create_actor(manager=True)
    group = create_group(database, by=ada, ends=ENDS[:2], title="A rude one by …")
    rename(database, manager, group, "A civil one", a=1, b=2)
    with pytest.raises(NotAManager):
        rename(database, ada, group, "A rude one", a=1, b=2)
    assert values(database, select(PredictionGroup.title)) == ["A civil one"]


def test_a_title_of_no_word_is_refused(database: Database) -> None:
    with pytest.raises(Refused, match="The title is empty"):
        create_group(database, title="…")


def test_where_managers_approve_a_members_words_are_seen_only_with_new_predictions(database: Database) -> None:
    ada = create_actor("ada")
    create_prediction(database, by=ada)
    choose(database, approves_added=True)
    with pytest.raises(Refused, match="Managers approve what's added here"):
        create_group(database, by=ada, rows=(NewRow("a", code=1), NewRow("b", ENDS[0])))
    group = create_group(database, by=ada, ends=ENDS[:2])
    manager = create_actor(manager=True)
    for code in (2, 3):
        database.run_here(drafts.accept, manager, code=code, now=NOW)
    with pytest.raises(Refused, match="Managers approve what's added here"):
        rename(database, ada, group, "Seen at once", a=2, b=3)
    with pytest.raises(Refused, match="Managers approve what's added here"):
        database.run_here(membership.join, ada, group_id=group.view.id, code=1, label="seen at once", now=NOW)
    assert rename(database, manager, group, "Approved", a=2, b=3).view.title == "Approved"


def test_a_draft_that_comes_to_nothing_leaves_its_group(database: Database) -> None:
    ada, manager = create_actor("ada"), create_actor(manager=True)
    create_prediction(database, by=manager)
    choose(database, approves_added=True)
    group = create_group(database, by=ada, ends=ENDS)
    for code in (2, 3):
        database.run_here(drafts.accept, manager, code=code, now=NOW)
    database.run_here(drafts.decline, manager, code=4, words="No", now=NOW)
    database.run_here(drafts.withdraw, ada, code=5, now=NOW)
    assert count(database, GroupedPrediction) == 2
    database.run_here(membership.join, manager, group_id=group.view.id, code=1, label="Q3", now=NOW)
    shown = database.read_here(views.show_publicly, guild_id=GUILD, group_id=group.view.id, now=NOW)
    assert shown is not None
    assert {row.label for row in shown.rows} == {"Q1", "Q2", "Q3"}


def test_forgetting_posts_no_card_of_what_it_removes(database: Database) -> None:
    ada = create_actor("ada")
    choose(database, post_channel_id=CHANNEL)
    post(database, create_group(database, by=ada, ends=ENDS[:2]))
    database.run_here(forgetting.forget, ada, everywhere=False, now=NOW)
    assert MessageKind.POST_CARD not in waiting(database)


def test_a_label_of_what_waits_for_approval_is_taken(database: Database) -> None:
    ada = create_actor("ada")
    group = create_group(database, by=ada, ends=ENDS[:3])
    database.run_here(lambda session: session.execute(update(Prediction).where(Prediction.code == 3).values(state="draft")))
    with pytest.raises(Refused, match="“q3” is the label of a prediction that waits for approval"):
        rename(database, ada, group, "Mine", q3=1, b=2)
    assert [row.label for row in rename(database, ada, group, "Mine", a=1, b=2).view.rows] == ["a", "b"]
