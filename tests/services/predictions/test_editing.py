from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.errors import NotAManager, NotFound, Refused
from bot.domain.times import over_at
from bot.domain.types import Actor, Kind, State
from bot.services.forecasting import forecasts
from bot.services.predictions import editing, listing
from bot.services.predictions.editing import PredictionChanges
from bot.services.predictions.listing import PAGE_SIZE, ListFilters, ListOrder, ListShow
from bot.services.settings import changing
from db.database import Database
from db.models import Event, OutboxMessage, Prediction, PredictionRevision, PredictionTag
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_document, create_prediction, load
from tests.rows import count, counted_statements, everything, rows, values

SOON = NOW + timedelta(days=30)
LATER = NOW + timedelta(days=1)


def edit(
    database: Database, actor: Actor, *, code: int = 1, now: datetime = NOW, **changes: Any
) -> editing.EditedPrediction:
    return database.run_here(editing.edit, actor, code=code, changes=PredictionChanges(**changes), now=now)


def codes(
    database: Database, actor: Actor | None = None, *, number: int = 0, now: datetime = NOW, **filters: Any
) -> list[int]:
    page = database.read_here(
        listing.list_page, actor or create_actor(), filters=ListFilters(**filters), number=number, now=now
    )
    return [view.code for view in page.views]


# Adding


def test_what_is_added_is_open_and_has_the_next_code_of_its_guild(database: Database) -> None:
    ada = create_actor()
    view = create_prediction(
        database, by=ada, statement="  It \n rains  ", criteria=" A gauge shows water. ", tags=("AI ", "ai", "Labs")
    )
    assert (view.code, view.state, view.is_open, view.statement) == (1, State.OPEN, True, "It rains")
    assert (view.criteria, view.tags, view.added_by) == ("A gauge shows water.", ("ai", "labs"), ada.user_id)
    assert (view.opens_at, view.closes_at, view.resolves_at) == (NOW, SOON, SOON)
    assert create_prediction(database).code == 2
    assert create_prediction(database, by=create_actor(guild_id=OTHER_GUILD)).code == 1


def test_its_card_is_posted_where_the_guild_has_a_channel_for_it(database: Database) -> None:
    create_prediction(database)
    assert count(database, OutboxMessage) == 0
    database.run_here(changing.change_guild_settings, create_actor(manager=True), changes={"post_channel_id": 9}, now=NOW)
    view = create_prediction(database)
    assert rows(database, select(OutboxMessage.kind, OutboxMessage.payload)) == [("post_card", {"prediction_id": view.id})]


def test_an_earlier_closing_date_is_kept(database: Database) -> None:
    view = create_prediction(database, closes_at=NOW + timedelta(days=7))
    assert (view.closes_at, view.resolves_at) == (NOW + timedelta(days=7), SOON)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"statement": "   "}, r"The statement is empty\. Say in one sentence what you predict, for example: GPT-6"),
        (
            {"statement": "x" * 301},
            r"The statement has 301 characters; at most 300 fit\. Move the details to the criteria\.",
        ),
        ({"statement": "x" * 10_000}, "The statement has 10,000 characters"),
        ({"criteria": "x" * 2001}, r"The criteria have 2,001 characters; at most 2,000 fit\. Shorten them"),
        ({"resolves_at": NOW}, r"^1 Mar 2026 is already over\. Choose a date that's still to come\."),
        ({"resolves_at": over_at(date(2026, 2, 27))}, "27 Feb 2026 is already over"),
        (
            {"resolves_at": datetime(2080, 1, 1, tzinfo=UTC)},
            r"31 Dec 2079 is more than 50 years away\. Choose an earlier date\.",
        ),
        (
            {"closes_at": NOW},
            r"The closing date, 1 Mar 2026, is already over\. Choose one that's still to come, or leave it out\.",
        ),
        (
            {"closes_at": SOON + timedelta(days=1)},
            r"Forecasting can't close after the prediction resolves\. Choose an earlier",
        ),
        (
            {"kind": Kind.MULTIPLE_CHOICE, "options": ("A",)},
            "Give 2 to 25 options, separated by commas or semicolons. You gave 1",
        ),
        ({"kind": Kind.MULTIPLE_CHOICE, "options": ("A", " ", "")}, "Give 2 to 25 options.* You gave 1"),
        (
            {"kind": Kind.MULTIPLE_CHOICE, "options": tuple("abcdefghijklmnopqrstuvwxyz")},
            "Give 2 to 25 options.* You gave 26",
        ),
        (
            {"kind": Kind.MULTIPLE_CHOICE, "options": ("Open AI", "open  ai")},
            r"Two options have the same name\. Give each its own",
        ),
        ({"kind": Kind.MULTIPLE_CHOICE, "options": ("A", "x" * 81)}, "has 81 characters; at most 80 fit"),
        ({"options": ("A", "B")}, "Only multiple choice takes options. Choose that kind"),
        ({"kind": Kind.NUMERIC, "unit": " "}, "Give the number's unit, for example: USD per 1M tokens"),
        ({"tags": tuple("abcdefghi")}, "You gave 9 tags; at most 8 fit. Separate them with commas"),
        ({"tags": ("x" * 41,)}, r"is longer than 40 characters\. Separate tags with commas"),
    ],
)
def test_bad_input_is_refused_with_what_would_work_and_nothing_is_stored(
    database: Database, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence) as refusal:
        create_prediction(database, **given)
    assert len(str(refusal.value)) < 250
    assert not any(everything(database).values())


def test_the_longest_of_everything_fits(database: Database) -> None:
    view = create_prediction(
        database,
        statement="s" * 300,
        criteria="c" * 2000,
        kind=Kind.MULTIPLE_CHOICE,
        options=tuple(f"{number:02}" + "o" * 78 for number in range(25)),
        tags=tuple(f"{number}" + "t" * 39 for number in range(8)),
        resolves_at=NOW + timedelta(days=365 * 50),
        link="https://discord.com/channels/1/2/3",
    )
    assert (len(view.statement), len(view.criteria or ""), len(view.options), len(view.tags)) == (300, 2000, 25, 8)


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE predictions; --", "100% of \\_them\\_", '"quoted" `code` @everyone <@&1>', "Ünï 🔥 日本 שלום"]
)
def test_any_words_come_back_as_they_were_given(database: Database, text: str) -> None:
    assert create_prediction(database, statement=text, criteria=text).statement == text


def test_members_may_add_unless_the_guild_reserves_it_to_managers(database: Database) -> None:
    create_prediction(database, by=create_actor())
    database.run_here(
        changing.change_guild_settings, create_actor(manager=True), changes={"members_may_add": False}, now=NOW
    )
    with pytest.raises(NotAManager, match="Only managers can add predictions on this server"):
        create_prediction(database, by=create_actor())
    create_prediction(database, by=create_actor(manager=True))


# Editing


def test_who_added_it_edits_until_another_member_forecasts_on_it(database: Database) -> None:
    ada, bob = create_actor("ada"), create_actor("bob")
    create_prediction(database, by=ada)
    database.run_here(forecasts.place, ada, code=1, values=(0.5,), now=NOW)
    assert edit(database, ada, statement="Ada's better words").view.statement == "Ada's better words"
    database.run_here(forecasts.place, bob, code=1, values=(0.5,), now=NOW)
    with pytest.raises(NotAManager, match="Only managers can edit a prediction that others have forecast on"):
        edit(database, ada, statement="Ada's sly words")
    assert edit(database, create_actor(manager=True), statement="A manager's words").view.statement == "A manager's words"


def test_who_added_it_cannot_turn_it_round_once_it_has_closed(database: Database) -> None:
    """They may know by now what happened, and be the only one who forecast on it."""
    ada = create_actor("ada")
    view = create_prediction(database, by=ada, resolves_at=NOW + timedelta(days=2))
    database.run_here(forecasts.place, ada, code=view.code, values=(0.9,), now=NOW)
    with database.engine.begin() as connection:
        connection.execute(update(Prediction).values(state=State.CLOSED, closed_at=NOW + timedelta(days=2)))
    changes = PredictionChanges(statement="GPT-6 is not released by the end of March")
    with pytest.raises(NotAManager, match="Only managers can edit a prediction that has closed"):
        database.run_here(editing.edit, ada, code=view.code, changes=changes, now=NOW + timedelta(days=3))
    assert values(database, select(Prediction.statement)) == [view.statement]


def test_nobody_but_managers_edits_what_somebody_else_added(database: Database) -> None:
    create_prediction(database, by=create_actor("ada"))
    load(database, create_document({}))
    for code in (1, 2):
        before = everything(database)
        with pytest.raises(NotAManager, match="Only managers can edit a prediction that someone else added"):
            edit(database, create_actor("bob"), code=code, statement="Bob's words")
        assert everything(database) == before


def test_an_edit_tells_what_it_changed(database: Database) -> None:
    create_prediction(database, tags=("ai",))
    edited = edit(
        database,
        create_actor(manager=True),
        statement="New words",
        criteria="New criteria",
        resolves_at=SOON + timedelta(days=1),
        tags=("labs",),
    )
    assert edited.changed == ("statement", "criteria", "date", "closing time", "tags")
    assert (edited.view.statement, edited.view.criteria, edited.view.tags) == ("New words", "New criteria", ("labs",))
    assert edited.view.closes_at == edited.view.resolves_at == SOON + timedelta(days=1)
    assert not edited.is_clarification


@pytest.mark.parametrize(
    "changes", [{}, {"statement": " GPT-6 is released by the  end of March"}, {"resolves_at": SOON}, {"tags": ("ai",)}]
)
def test_an_edit_that_changes_nothing_is_refused(database: Database, changes: dict[str, Any]) -> None:
    create_prediction(database, tags=("ai",))
    with pytest.raises(
        Refused, match=r"That wouldn't change anything\. Give a new statement, new criteria, a new date or new tags\."
    ):
        edit(database, create_actor(manager=True), **changes)


def test_changed_words_after_a_forecast_are_a_clarification_kept_and_announced(database: Database) -> None:
    create_prediction(database, criteria="Old")
    database.run_here(forecasts.place, create_actor(), code=1, values=(0.5,), now=NOW)
    manager = create_actor(manager=True)
    edited = edit(database, manager, criteria="New", now=LATER)
    assert edited.is_clarification
    assert edited.view.revision == 2
    found = rows(database, select(PredictionRevision.number, PredictionRevision.criteria, PredictionRevision.replaced_at))
    assert found == [(1, "Old", LATER)]
    assert values(database, select(OutboxMessage.kind)) == ["clarification"]


def test_a_new_date_alone_is_no_clarification(database: Database) -> None:
    create_prediction(database)
    database.run_here(forecasts.place, create_actor(), code=1, values=(0.5,), now=NOW)
    edited = edit(database, create_actor(manager=True), resolves_at=SOON + timedelta(days=5))
    assert (edited.is_clarification, edited.changed) == (False, ("date", "closing time"))
    assert values(database, select(Event.kind).order_by(Event.id))[-1] == "rescheduled"


def test_criteria_can_be_emptied_and_a_statement_cannot(database: Database) -> None:
    create_prediction(database, criteria="Old")
    manager = create_actor(manager=True)
    assert edit(database, manager, criteria=" ").view.criteria is None
    with pytest.raises(Refused, match="The statement is empty"):
        edit(database, manager, statement=" ")


def test_an_earlier_date_takes_the_closing_date_with_it(database: Database) -> None:
    create_prediction(database, closes_at=NOW + timedelta(days=20))
    view = edit(database, create_actor(manager=True), resolves_at=NOW + timedelta(days=10)).view
    assert (view.closes_at, view.resolves_at) == (NOW + timedelta(days=10), NOW + timedelta(days=10))


def test_a_later_date_leaves_an_earlier_closing_date_alone(database: Database) -> None:
    create_prediction(database, closes_at=NOW + timedelta(days=20))
    view = edit(database, create_actor(manager=True), resolves_at=NOW + timedelta(days=60)).view
    assert (view.closes_at, view.resolves_at) == (NOW + timedelta(days=20), NOW + timedelta(days=60))


def test_what_has_closed_can_be_postponed_and_stays_closed(database: Database) -> None:
    create_prediction(database, closes_at=NOW + timedelta(days=10))
    after_close = NOW + timedelta(days=12)
    view = edit(database, create_actor(manager=True), resolves_at=SOON + timedelta(days=60), now=after_close).view
    assert (view.state, view.is_open, view.resolves_at) == (State.CLOSED, False, SOON + timedelta(days=60))


def test_what_has_closed_opens_again_with_a_new_closing_date(database: Database) -> None:
    create_prediction(database)
    reopened = edit(
        database, create_actor(manager=True), resolves_at=SOON + timedelta(days=60), now=SOON + timedelta(days=1)
    )
    assert (reopened.view.state, reopened.view.is_open) == (State.OPEN, True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"resolves_at": NOW}, "1 Mar 2026 is already over"),
        ({"closes_at": SOON + timedelta(days=1)}, "Forecasting can't close after the prediction resolves"),
        ({"closes_at": NOW - timedelta(days=1)}, "The closing date, 28 Feb 2026, is already over"),
        ({"resolves_at": datetime(2090, 1, 1, tzinfo=UTC)}, "more than 50 years away"),
        ({"tags": tuple("abcdefghi")}, "You gave 9 tags"),
        ({"criteria": "x" * 3000}, "The criteria have 3,000 characters"),
    ],
)
def test_a_bad_edit_is_refused_and_nothing_is_changed(database: Database, changes: dict[str, Any], sentence: str) -> None:
    create_prediction(database)
    before = everything(database)
    with pytest.raises(Refused, match=sentence):
        edit(database, create_actor(manager=True), **changes)
    assert everything(database) == before


@pytest.mark.parametrize("state", [State.VOTING, State.PROVISIONAL, State.RESOLVED, State.ANNULLED])
def test_what_is_being_decided_or_over_cannot_be_edited(database: Database, state: State) -> None:
    create_prediction(database)
    with database.engine.begin() as connection:
        connection.execute(update(Prediction).values(state=state))
    with pytest.raises(Refused, match=f"#1 is {state.value}, so it can't be edited any more"):
        edit(database, create_actor(manager=True), statement="New words")


def test_another_guilds_prediction_is_unknown_here(database: Database) -> None:
    create_prediction(database, by=create_actor(guild_id=OTHER_GUILD))
    with pytest.raises(NotFound, match="There's no prediction #1 on this server"):
        edit(database, create_actor(manager=True), statement="New words")
    assert codes(database, show=ListShow.ALL) == []


# Lists


def test_each_list_holds_what_its_name_says(database: Database) -> None:
    ada = create_actor("ada")
    for _ in range(6):
        create_prediction(database)
    for code in (1, 2):
        database.run_here(forecasts.place, ada, code=code, values=(0.5,), now=NOW)
    with database.engine.begin() as connection:
        for code, state in ((2, State.CLOSED), (3, State.VOTING), (4, State.RESOLVED), (5, State.ANNULLED)):
            connection.execute(update(Prediction).where(Prediction.code == code).values(state=state))
    assert codes(database, ada, show=ListShow.OPEN) == [1, 6]
    assert codes(database, ada, show=ListShow.UNANSWERED) == [6]
    assert codes(database, ada, show=ListShow.MINE) == [1, 2]
    assert codes(database, ada, show=ListShow.CLOSED) == [2, 3]
    assert codes(database, ada, show=ListShow.ENDED) == [4, 5]
    assert codes(database, ada, show=ListShow.ALL) == [1, 2, 3, 4, 5, 6]
    assert codes(database, create_actor("bob"), show=ListShow.MINE) == []


def test_what_is_past_its_close_is_no_longer_open_even_before_the_sweep(database: Database) -> None:
    create_prediction(database)
    assert codes(database, show=ListShow.OPEN, now=SOON) == []
    assert codes(database, show=ListShow.UNANSWERED, now=SOON) == []
    assert codes(database, show=ListShow.CLOSED, now=SOON) == [1]
    (view,) = database.read_here(
        listing.list_page, create_actor(), filters=ListFilters(show=ListShow.CLOSED), number=0, now=SOON
    ).views
    assert (view.state, view.is_open) == (State.CLOSED, False)


def test_a_draft_is_in_no_list(database: Database) -> None:
    create_prediction(database)
    with database.engine.begin() as connection:
        connection.execute(update(Prediction).values(state=State.DRAFT))
    assert [codes(database, show=show) for show in ListShow] == [[]] * len(ListShow)


def test_each_order_sorts_as_it_says(database: Database) -> None:
    create_prediction(database, resolves_at=NOW + timedelta(days=20))
    create_prediction(database, resolves_at=NOW + timedelta(days=10))
    load(database, create_document({}))
    for actor in (create_actor(), create_actor()):
        database.run_here(forecasts.place, actor, code=3, values=(0.5,), now=NOW)
    database.run_here(forecasts.place, create_actor(), code=2, values=(0.5,), now=NOW)
    assert codes(database, order=ListOrder.SOONEST) == [2, 1, 3]
    assert codes(database, order=ListOrder.NEWEST) == [3, 2, 1]
    assert codes(database, order=ListOrder.BUSIEST) == [3, 2, 1]
    assert codes(database, order=ListOrder.CODE) == [1, 2, 3]


def test_filters_narrow_a_list(database: Database) -> None:
    create_prediction(database, kind=Kind.NUMERIC, tags=("ai",), statement="The price of GPT-6 tokens")
    create_prediction(database, tags=("labs",), statement="Anthropic opens an office")
    load(database, create_document({"tags": ["ai"], "statement": "Google leads"}), slug="bets")
    assert codes(database, kind=Kind.NUMERIC) == [1]
    assert codes(database, tag="AI", order=ListOrder.CODE) == [1, 3]
    assert codes(database, pack="bets") == [3]
    assert codes(database, words="office anthropic") == [2]
    assert codes(database, words="gpt", tag="labs") == []
    assert codes(database, words="gpt", kind=Kind.NUMERIC, tag="ai") == [1]
    assert codes(database, pack="nothing") == []


def test_a_list_has_pages_and_beyond_the_last_there_is_the_last(database: Database) -> None:
    for _ in range(PAGE_SIZE * 2 + 1):
        create_prediction(database)
    page = {"filters": ListFilters(order=ListOrder.CODE), "now": NOW}
    first, last, beyond, before = (
        database.read_here(listing.list_page, create_actor(), number=number, **page) for number in (0, 2, 99, -5)
    )
    assert ([view.code for view in first.views], first.pages, first.total) == (list(range(1, 9)), 3, 17)
    assert ([view.code for view in last.views], last.number) == ([17], 2)
    assert (beyond.views, beyond.number) == (last.views, 2)
    assert (before.views, before.number) == (first.views, 0)


def test_an_empty_list_has_one_page(database: Database) -> None:
    page = database.read_here(listing.list_page, create_actor(), filters=ListFilters(), number=3, now=NOW)
    assert (page.views, page.number, page.pages, page.total) == ((), 0, 1, 0)


def test_a_list_by_words_has_pages_too(database: Database) -> None:
    for number in range(PAGE_SIZE + 2):
        create_prediction(database, statement=f"Robot number {number} walks")
    found = codes(database, words="robot"), codes(database, words="robot", number=1)
    assert (len(found[0]), len(found[1])) == (PAGE_SIZE, 2)
    assert len({*found[0], *found[1]}) == PAGE_SIZE + 2


def test_tags_are_offered_by_how_they_begin_the_most_used_first(database: Database) -> None:
    create_prediction(database, tags=("ai", "agents"))
    create_prediction(database, tags=("agents", "labs"))
    create_prediction(database, tags=("agents_%",), by=create_actor(guild_id=OTHER_GUILD))
    assert database.read_here(listing.tags_of_guild, guild_id=GUILD, beginning="A") == ["agents", "ai"]
    assert database.read_here(listing.tags_of_guild, guild_id=GUILD, beginning="agents_") == []
    assert database.read_here(listing.tags_of_guild, guild_id=OTHER_GUILD, beginning="agents_%") == ["agents_%"]


def test_a_list_leaks_no_crowd_that_its_reader_may_not_see(database: Database) -> None:
    ada, bob = create_actor("ada"), create_actor("bob")
    create_prediction(database)
    database.run_here(forecasts.place, ada, code=1, values=(0.7,), now=NOW)
    for reader, crowd in ((ada, (0.7,)), (bob, None)):
        (view,) = database.read_here(listing.list_page, reader, filters=ListFilters(), number=0, now=NOW).views
        assert (view.crowd and view.crowd.values, view.forecasters) == (crowd, 1)


# Statements


def fill(database: Database, *, predictions_with_everything: int, forecasters: int) -> Actor:
    members = [create_actor(f"member {number}") for number in range(forecasters)]
    items: list[dict[str, Any]] = [{"tags": ["ai", "labs"], "probability": 0.5} for _ in range(predictions_with_everything)]
    for number in range(1, predictions_with_everything):
        items[number] |= {"parent": "p1", "relation": "requires"}
    load(database, create_document(*items))
    for member in members:
        for code in range(1, predictions_with_everything + 1):
            database.run_here(forecasts.place, member, code=code, values=(0.5,), now=NOW)
    return members[0]


@pytest.mark.parametrize(
    "filters",
    [
        ListFilters(show=ListShow.ALL),
        ListFilters(show=ListShow.MINE, tag="ai"),
        ListFilters(show=ListShow.ALL, words="statement"),
    ],
)
def test_the_number_of_statements_of_a_list_does_not_depend_on_the_rows(database: Database, filters: ListFilters) -> None:
    counts: list[int] = []
    for predictions_there, members in ((2, 1), (PAGE_SIZE, 4)):
        ada = fill(database, predictions_with_everything=predictions_there, forecasters=members)
        with counted_statements(database) as statements:
            page = database.read_here(listing.list_page, ada, filters=filters, number=0, now=NOW)
        assert len(page.views) == predictions_there
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 14


def test_the_number_of_statements_of_a_view_does_not_depend_on_the_rows(database: Database) -> None:
    counts: list[int] = []
    for predictions_there, members in ((2, 1), (6, 4)):
        ada = fill(database, predictions_with_everything=predictions_there, forecasters=members)
        with counted_statements(database) as statements:
            view = database.read_here(editing.show, ada, code=1, now=NOW)
        assert (len(view.children), view.forecasters) == (predictions_there - 1, members + (1 if counts else 0))
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10


def test_no_tag_is_left_behind_when_tags_change(database: Database) -> None:
    create_prediction(database, tags=("ai", "labs"))
    edit(database, create_actor(manager=True), tags=("labs", "Models"))
    assert sorted(values(database, select(PredictionTag.tag))) == ["labs", "models"]
