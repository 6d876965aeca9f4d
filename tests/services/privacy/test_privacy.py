"""What a member is given of their data, and that nothing of them is left once they're forgotten."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import BigInteger, func, insert, select, update

from bot.domain.documents.export_writing import DOCUMENT
from bot.domain.errors import Refused
from bot.domain.outcomes import Outcome
from bot.domain.types import Actor, State
from bot.domain.when import ReminderTime
from bot.services.following import follows
from bot.services.forecasting import forecasts, reasons, walk
from bot.services.members import guilds
from bot.services.members.people import Nudge
from bot.services.moderation import hiding, leaving_out
from bot.services.moderation.texts import TextKey, TextKind
from bot.services.predictions import drafts, editing
from bot.services.privacy import collecting, forgetting
from bot.services.reminding import reminders
from bot.services.settings import changing
from bot.services.tournaments import managing
from bot.services.tournaments.managing import NewTournament
from bot.services.voting import ballots, objections, proposals, quotes, resolutions
from bot.services.voting.quotes import QuotedMessage
from db.base import Base
from db.database import Database
from db.models import (
    Ballot,
    CrowdPoint,
    Forecast,
    Guild,
    Import,
    Member,
    Objection,
    OutboxMessage,
    Prediction,
    Proposal,
    Reason,
    Reminder,
    Score,
    TournamentWinner,
    User,
)
from tests import factories
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor
from tests.rows import count, rows, values
from tests.services.exporting.test_exporting import differing, files_of
from tests.services.voting.polls import (
    COUNTED,
    DATE,
    DAY,
    HOUR,
    NO,
    YES,
    cast,
    create_prediction,
    create_provisional,
    create_vote,
    create_voter,
    propose,
    state_of,
    votes_of,
    wake,
)

ACCOUNT, NAME, WORDS = 777333111999, "Zebediah", "qxzyw"
LINK = f"https://example.org/{WORDS}"


def zebediah(**facts: Any) -> Actor:
    """The member who'll be forgotten: a manager, so that they can do everything."""
    return create_voter(NAME, user_id=ACCOUNT, manager=True, **facts)


def do_everything(database: Database, actor: Actor) -> None:
    """Everything a member can do that stores something, each with words that nobody else uses."""

    def run(use_case: Any, **given: Any) -> Any:
        return database.run_here(use_case, actor, **({"now": NOW} | given))

    run(changing.change_guild_settings, changes={"ballots_are_secret": False, "post_channel_id": 77})
    run(changing.change_own_settings, changes={"zone": "Europe/Paris", Nudge.VOTES: True, Nudge.RESULTS: True})
    used = create_prediction(database, by=actor, statement="Somebody else forecast on this one")
    for words in (f"The first {WORDS}", f"The second {WORDS}"):
        new = editing.NewPrediction(statement=words, resolves_at=DATE, criteria=WORDS, tags=(WORDS,), link=LINK)
        added = run(editing.add, new=new).view
    run(editing.edit, code=added.code, changes=editing.PredictionChanges(statement=f"Reworded {WORDS}"))
    run(forecasts.place, code=added.code, values=(0.2,), reason=WORDS)
    database.run_here(forecasts.place, create_voter(), code=used.code, values=(0.123,), reason="Not theirs", now=NOW)
    placed = run(forecasts.place, code=used.code, values=(0.9,), reason=f"Because of {WORDS}")
    run(reasons.post_reason, forecast_id=placed.forecast_id)
    other = create_prediction(database)
    run(walk.skip, code=other.code)
    run(follows.follow, code=used.code, tag=WORDS)
    run(editing.edit, code=other.code, changes=editing.PredictionChanges(resolves_at=DATE + 10 * DAY))
    remind(database, actor, used.code, NOW + 2 * DAY)
    remind(database, actor, used.code, NOW + 200 * DAY)
    draft = {"guild_id": GUILD, "member_id": member_id(database, actor), "file": f"{WORDS}.yaml", "slug": WORDS}
    draft |= {"keeps_ids": False, "document": {"by": WORDS}, "edits": {}, "warnings": [WORDS], "created_at": COUNTED}
    with database.engine.begin() as connection:
        connection.execute(insert(Import).values(draft))
        connection.execute(
            insert(Import).values(draft | {"slug": "loaded", "document": {}, "warnings": [], "confirmed_at": COUNTED})
        )
    run(proposals.propose, code=other.code, outcome=Outcome("yes"), happened_at="now", link=LINK, words=WORDS)
    wake(database, NOW + 3 * DAY)
    decided = create_prediction(database)
    run(forecasts.place, code=decided.code, values=(0.3,))
    run(resolutions.override, code=decided.code, outcome=Outcome("yes"), words=WORDS, now=NOW + 3 * DAY)
    reopened = create_prediction(database)
    run(resolutions.override, code=reopened.code, outcome=Outcome("no"), words=WORDS, now=NOW + 3 * DAY)
    run(resolutions.reopen, code=reopened.code, words=WORDS, now=NOW + 3 * DAY)
    win(database, actor)
    vote(database, actor)
    moderate(database, actor, placed.forecast_id)


def win(database: Database, actor: Actor) -> None:
    """They came first in a tournament that another manager created."""
    new = NewTournament("A cup", DATE)
    made = database.run_here(managing.create, create_voter("other manager", manager=True), new=new, now=NOW)
    winner = {"tournament_id": made.tournament.id, "member_id": member_id(database, actor)}
    with database.engine.begin() as connection:
        connection.execute(insert(TournamentWinner).values(winner | {"rank": 1, "score": 1.0, "predictions": 3}))


def moderate(database: Database, actor: Actor, forecast_id: int) -> None:
    """Another manager hides a reason of theirs, and leaves them out; they leave somebody out as well."""
    other, now = create_voter("other manager", manager=True), COUNTED + HOUR
    key = TextKey(TextKind.REASON, forecast_id, member_id(database, actor))
    database.run_here(hiding.hide, other, key=key, now=now)
    database.run_here(leaving_out.leave_out, actor, user_id=other.user_id, words=WORDS, now=now)
    database.run_here(leaving_out.leave_out, other, user_id=ACCOUNT, words=WORDS, now=now)


def vote(database: Database, actor: Actor) -> None:
    """Ballots in an open vote and in one that is counted, and an objection."""
    counted = create_vote(database)
    database.run_here(ballots.cast, actor, code=counted, answer=YES, link=LINK, words=WORDS, now=DATE + HOUR)
    cast(database, counted, YES, YES)
    wake(database, COUNTED)
    assert state_of(database, counted) is State.PROVISIONAL
    database.run_here(objections.object_to, actor, code=counted, words=WORDS, now=COUNTED + HOUR)
    still_open = [
        code for code in codes(database) if votes_of(database, code) and votes_of(database, code)[-1].state == "open"
    ]
    database.run_here(ballots.cast, actor, code=still_open[0], answer=NO, link=LINK, words=WORDS, now=COUNTED + HOUR)
    theirs, others = QuotedMessage(GUILD, 77, 78, actor.user_id, WORDS), QuotedMessage(GUILD, 77, 79, 80, WORDS)
    for by, message in ((create_voter(), theirs), (actor, others)):
        database.run_here(quotes.quote, by, code=still_open[0], message=message, now=COUNTED + HOUR)


def remind(database: Database, actor: Actor, code: int, at: datetime) -> None:
    database.run_here(reminders.keep, actor, code=code, when=ReminderTime(at), at_home=False, now=NOW)


def codes(database: Database) -> list[int]:
    return values(database, select(Prediction.code).order_by(Prediction.code))


def member_id(database: Database, actor: Actor) -> int:
    return database.run_here(guilds.member_of, actor, now=NOW)


def places_of(database: Database, *wanted: object) -> list[str]:
    """The columns of all tables, as the database has them, in which any of this is found."""
    found: list[str] = []
    for table in Base.metadata.sorted_tables:
        for row in rows(database, select(table)):
            for column, value in zip(table.columns, row, strict=True):
                if any(str(one).casefold() in str(value).casefold() for one in wanted):
                    found.append(f"{table.name}.{column.name}: {value}")
    return found


def scores_of_others(database: Database, gone: int) -> list[tuple[Any, ...]]:
    others = select(*(column for column in Score.__table__.columns if column.name not in ("id", "computed_at")))
    return sorted(rows(database, others.where(Score.member_id.is_distinct_from(gone))), key=repr)


def crowd(database: Database) -> list[tuple[Any, ...]]:
    return sorted(rows(database, select(CrowdPoint.__table__)), key=repr)


def test_nothing_of_a_forgotten_member_is_left_in_any_table_or_export(database: Database) -> None:
    actor = zebediah()
    do_everything(database, actor)
    gone = member_id(database, actor)
    found = {place.split(":")[0] for place in places_of(database, ACCOUNT, NAME, WORDS)}
    assert found >= {
        *("members.user_id", "members.name", "users.id", "guilds.contact_id", "outbox.payload", "outbox.dedupe_key"),
        *("reasons.words", "events.words", "events.data", "proposals.words", "proposals.link", "objections.words"),
        *("ballots.words", "ballots.link", "predictions.statement", "predictions.criteria", "predictions.link"),
        *("prediction_revisions.statement", "prediction_tags.tag", "search_words.word", "search_vocabulary.word"),
        *("imports.file", "imports.document", "hidden_texts.kept", "left_out.words"),
    }, "the test must do everything"
    before = scores_of_others(database, gone), crowd(database)
    assert before[0]
    later = COUNTED + 2 * HOUR
    database.run_here(forgetting.forget, actor, everywhere=False, now=later)
    assert places_of(database, ACCOUNT, NAME, WORDS) == []
    assert (scores_of_others(database, gone), crowd(database)) == before
    exported = files_of(database, now=later)
    assert not [
        name for name, content in exported.items() if any(one in content for one in (b"777333111999", b"Zebediah", b"qxzyw"))
    ]
    assert f"former member {gone}".encode() in exported[DOCUMENT]
    assert differing(exported[DOCUMENT]) == []


def test_a_draft_of_a_forgotten_member_is_emptied_and_stays_unseen(database: Database) -> None:
    manager, actor = create_voter("manager", manager=True), create_voter(NAME, user_id=ACCOUNT)
    database.run_here(changing.change_guild_settings, manager, changes={"approves_added": True}, now=NOW)
    new = editing.NewPrediction(statement=f"A draft of {WORDS}", resolves_at=DATE, tags=(WORDS,))
    added = database.run_here(editing.add, actor, new=new, now=NOW)
    assert added.is_draft
    database.run_here(drafts.send_back, manager, code=added.view.code, words="Say more.", now=NOW)
    database.run_here(forgetting.forget, actor, everywhere=False, now=NOW + HOUR)
    assert places_of(database, ACCOUNT, NAME, WORDS) == []
    assert rows(database, select(Prediction.state, Prediction.closed_at)) == [(State.DRAFT, NOW + HOUR)]
    assert database.read_here(drafts.show_queue, manager, now=NOW + HOUR).total == 0


def test_every_column_that_can_name_a_person_is_known(database: Database) -> None:
    """A new one has to be emptied or deleted in `forgetting`, and filled in `do_everything`, before it's named here."""
    accounts = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, BigInteger) and not column.foreign_keys
        if not (column.primary_key and column.name == "id" and table.name not in ("guilds", "users"))
    }
    places = {name for name in accounts if name.endswith(("channel_id", "message_id", "thread_id", "role_id", "forum_id"))}
    not_people = {"hidden_texts.target_id", "registered_commands.application_id"}
    known = {"guilds.id", "guilds.contact_id", "members.user_id", "quotes.author_id", "users.id"}
    assert accounts - places - not_people == known
    members = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column is Member.__table__.c.id for key in column.foreign_keys)
    }
    assert members == {
        *("adoptions.adopted_by", "ballots.member_id", "events.member_id", "follows.member_id", "forecasts.member_id"),
        *("objections.member_id", "prediction_revisions.replaced_by", "predictions.author_id", "proposals.member_id"),
        *("proposals.seconded_by", "quotes.member_id", "reminders.member_id", "scores.member_id", "skips.member_id"),
        *("hidden_texts.member_id", "left_out.member_id", "left_out.by_id", "left_out.back_by_id", "imports.member_id"),
        *("tournament_winners.member_id", "prediction_groups.author_id"),
    }


def test_the_export_holds_what_every_table_has_of_a_member(database: Database) -> None:
    actor = zebediah()
    do_everything(database, actor)
    data = database.read_here(collecting.collect, actor, now=COUNTED + 2 * HOUR)
    text = json.dumps(data.document)
    stored = data.document["stored"]
    assert {place.split(".")[0] for place in places_of(database, ACCOUNT, NAME, WORDS)} - stored.keys() <= {
        "prediction_tags",
        "search_words",
        "search_vocabulary",
    }, "those belong to predictions, which are in it"
    assert data.entries == sum(len(found) for found in stored.values())
    assert "Not theirs" not in text
    assert "0.123" not in text
    mine = select(func.count()).select_from(Forecast).where(Forecast.member_id == member_id(database, actor))
    assert len(stored["forecasts"]) == values(database, mine)[0]
    assert stored["forecasts"][0]["prediction"].startswith("#")
    assert stored["users"][0]["zone"] == "Europe/Paris"


def test_a_stranger_has_nothing_stored(database: Database) -> None:
    data = database.read_here(collecting.collect, create_actor(), now=NOW)
    assert data.entries == 0
    with pytest.raises(Refused, match="nothing stored about you"):
        database.read_here(forgetting.preview, create_actor())


def test_who_comes_back_starts_anew(database: Database) -> None:
    actor = zebediah()
    code = create_prediction(database).code
    database.run_here(forecasts.place, actor, code=code, values=(0.9,), now=NOW)
    first = member_id(database, actor)
    database.run_here(forgetting.forget, actor, everywhere=False, now=NOW + HOUR)
    assert database.read_here(guilds.known_member, actor) is None
    assert database.read_here(editing.show, actor, code=code, now=NOW + HOUR).own is None
    placed = database.run_here(forecasts.place, actor, code=code, values=(0.1,), now=NOW + HOUR)
    assert placed.view.forecasters == 3
    assert member_id(database, actor) != first
    assert values(database, select(Member.user_id).order_by(Member.id)).count(ACCOUNT) == 1


def test_a_ballot_in_a_running_vote_goes_so_that_nobody_votes_twice(database: Database) -> None:
    actor = zebediah()
    code = create_vote(database)
    for _ in range(2):
        database.run_here(ballots.cast, actor, code=code, answer=YES, now=DATE + HOUR)
        assert count(database, Ballot) == 1
        assert database.read_here(forgetting.preview, actor).running_ballots == 1
        database.run_here(forgetting.forget, actor, everywhere=False, now=DATE + HOUR)
        assert count(database, Ballot) == 0


def test_a_counted_ballot_stays_without_its_words(database: Database) -> None:
    actor = zebediah()
    code = create_vote(database)
    database.run_here(ballots.cast, actor, code=code, answer=YES, words=WORDS, now=DATE + HOUR)
    cast(database, code, YES, YES)
    wake(database, COUNTED)
    wake(database, COUNTED + 2 * DAY)
    assert state_of(database, code) is State.RESOLVED
    database.run_here(forgetting.forget, actor, everywhere=False, now=COUNTED + 3 * DAY)
    assert values(database, select(Ballot.words)) == [None] * 3


def test_an_objection_to_a_provisional_result_goes_so_that_nobody_objects_twice(database: Database) -> None:
    actor = zebediah()
    code = create_provisional(database)
    for _ in range(2):
        database.run_here(objections.object_to, actor, code=code, words=WORDS, now=COUNTED + HOUR)
        database.run_here(forgetting.forget, actor, everywhere=False, now=COUNTED + HOUR)
        assert count(database, Objection) == 0
    assert state_of(database, code) is State.PROVISIONAL


def test_a_proposal_that_waits_for_its_second_is_withdrawn(database: Database) -> None:
    actor = create_voter(NAME, user_id=ACCOUNT)
    code = create_prediction(database).code
    propose(database, code, by=actor, words=WORDS)
    database.run_here(forgetting.forget, actor, everywhere=False, now=NOW + 2 * HOUR)
    (proposal,) = rows(database, select(Proposal.closed_at, Proposal.words, Proposal.link))
    assert proposal == (NOW + 2 * HOUR, None, None)


def test_only_predictions_that_nobody_else_has_a_part_in_are_removed(database: Database) -> None:
    actor = zebediah()
    alone, used, reminded, parent = (
        factories.create_prediction(database, by=actor, statement=f"{WORDS} {one}") for one in range(4)
    )
    child = factories.create_prediction(database)
    with database.engine.begin() as connection:
        hangs = update(Prediction).where(Prediction.id == child.id)
        connection.execute(hangs.values(parent_id=parent.id, relation="conditional"))
    database.run_here(forecasts.place, create_actor(), code=used.code, values=(0.5,), now=NOW)
    remind(database, create_actor(), reminded.code, NOW + 2 * DAY)
    would = database.read_here(forgetting.preview, actor)
    assert (would.removed_predictions, would.kept_predictions) == (1, 3)
    database.run_here(forgetting.forget, actor, everywhere=False, now=NOW + HOUR)
    assert state_of(database, alone.code) is State.ANNULLED
    statements = dict(rows(database, select(Prediction.code, Prediction.statement)))
    assert statements[alone.code] == forgetting.REMOVED
    assert all(WORDS in statements[one.code] for one in (used, reminded, parent))
    authors = values(
        database, select(Member.user_id).join(Prediction, Prediction.author_id == Member.id).where(Prediction.id == used.id)
    )
    assert authors == [None]


@pytest.mark.parametrize("everywhere", [False, True])
def test_other_servers_are_forgotten_only_if_asked(database: Database, everywhere: bool) -> None:
    for guild_id in (GUILD, OTHER_GUILD):
        actor = zebediah(guild_id=guild_id)
        view = factories.create_prediction(database, by=create_actor(guild_id=guild_id, manager=True))
        database.run_here(forecasts.place, actor, code=view.code, values=(0.5,), reason=WORDS, now=NOW)
    database.run_here(changing.change_own_settings, actor, changes={"zone": "Europe/Paris"}, now=NOW)
    here = zebediah()
    assert database.read_here(forgetting.preview, here).servers == 2
    assert database.run_here(forgetting.forget, here, everywhere=everywhere, now=NOW) == 1 + everywhere
    left = values(database, select(Member.guild_id).where(Member.user_id == ACCOUNT))
    assert left == ([] if everywhere else [OTHER_GUILD])
    assert (count(database, User), count(database, Reason)) == ((0, 0) if everywhere else (1, 1))


def test_an_account_whose_digits_are_part_of_another_number_is_not_confused_with_it(database: Database) -> None:
    short, long = create_voter(user_id=777333), create_voter(user_id=777333111)
    code = create_prediction(database).code
    for one in (short, long):
        remind(database, one, code, NOW + 40 * DAY)
    with database.engine.begin() as connection:
        for key, payload in (("digest:777333111", {"user_id": 777333111}), (None, {"prediction_id": 777333111})):
            row = {"kind": "digest", "guild_id": GUILD, "payload": payload, "dedupe_key": key, "attempts": 0}
            connection.execute(insert(OutboxMessage).values(row | {"created_at": NOW, "due_at": NOW}))
    before = rows(database, select(OutboxMessage.__table__))
    assert "outbox" not in database.read_here(collecting.collect, short, now=NOW).document["stored"]
    database.run_here(forgetting.forget, short, everywhere=False, now=NOW + HOUR)
    assert rows(database, select(OutboxMessage.__table__)) == before


def test_what_waits_for_others_still_comes(database: Database) -> None:
    actor, other = zebediah(), create_voter()
    code = create_prediction(database).code
    for one in (actor, other):
        remind(database, one, code, NOW + 2 * HOUR)
    wake(database, NOW + 3 * HOUR)
    assert len(values(database, select(OutboxMessage.id).where(OutboxMessage.kind == "reminder"))) == 2
    database.run_here(forgetting.forget, actor, everywhere=False, now=NOW + 3 * HOUR)
    left = values(database, select(OutboxMessage.payload).where(OutboxMessage.kind == "reminder"))
    assert [one["reminder_id"] for one in left] == values(database, select(Reminder.id))
    assert values(database, select(Guild.contact_id)) == [None]
