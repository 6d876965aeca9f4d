"""Which messages are looked through when something is hidden."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from bot.domain.outcomes import ANNULLED, Outcome
from bot.domain.types import Actor
from bot.services import outbox
from bot.services.forecasting import forecasts, reasons
from bot.services.members import guilds
from bot.services.moderation import hiding, traces
from bot.services.moderation.texts import TextKey, TextKind
from bot.services.outbox import MessageKind
from bot.services.voting import resolutions
from db.database import Database
from db.models import OutboxMessage, PostedCard
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_prediction
from tests.rows import values

LATER = NOW + timedelta(hours=1)
WORDS = "The mayor takes bribes from the builders of the bridge"


def send(
    database: Database, kind: MessageKind, *, guild_id: int | None = GUILD, message_id: int | None = 9, **payload: Any
) -> int:
    """A message that was sent, or with no id one that is being sent."""
    row = {"guild_id": guild_id, "kind": kind.value, "payload": payload, "created_at": LATER, "due_at": LATER, "attempts": 1}
    row |= {} if message_id is None else {"sent_at": LATER, "channel_id": 77, "message_id": message_id}
    with database.engine.begin() as connection:
        return connection.execute(insert(OutboxMessage).values(row).returning(OutboxMessage.id)).scalar_one()


def redacted(database: Database) -> set[int]:
    queued = values(database, select(OutboxMessage.payload).where(OutboxMessage.kind == MessageKind.REDACT.value))
    return {payload["outbox_id"] for payload in queued}


def member_id(database: Database, actor: Actor) -> int:
    return database.run_here(guilds.member_of, actor, now=NOW)


def test_a_hidden_reason_is_looked_for_in_what_was_posted_and_not_in_its_own_message(database: Database) -> None:
    ada, mona = create_actor("ada"), create_actor("mona", manager=True)
    view, other = create_prediction(database), create_prediction(database)
    member_id(database, create_actor("olaf", guild_id=OTHER_GUILD))
    with database.engine.begin() as connection:
        for message_id, is_home in ((1, True), (2, False)):
            card = {"prediction_id": view.id, "channel_id": 5, "message_id": message_id, "is_home": is_home}
            connection.execute(insert(PostedCard).values(card | {"posted_at": NOW, "edited_at": NOW}))
    placed = database.run_here(forecasts.place, ada, code=view.code, values=(0.7,), reason=WORDS, now=NOW)
    database.run_here(reasons.post_reason, ada, forecast_id=placed.forecast_id, now=NOW)
    wanted = {
        send(database, MessageKind.MOVE, prediction_id=view.id),
        send(database, MessageKind.RESULT, prediction_id=view.id),
        send(database, MessageKind.REASON, prediction_id=view.id, forecast_id=placed.forecast_id + 1),
        send(database, MessageKind.WEEKLY, until=LATER.isoformat()),
        send(database, MessageKind.MOVE, prediction_id=view.id, message_id=None),
    }
    send(database, MessageKind.REASON, prediction_id=view.id, forecast_id=placed.forecast_id)
    send(database, MessageKind.MOVE, prediction_id=other.id)
    send(database, MessageKind.WEEKLY, guild_id=OTHER_GUILD, until=LATER.isoformat())
    send(database, MessageKind.VOTE_NEWS, vote_ids=[1], what="x")
    send(database, MessageKind.DIGEST, guild_id=None, user_id=ada.user_id, since=None, until=LATER.isoformat())
    key = TextKey(TextKind.REASON, placed.forecast_id, member_id(database, ada))
    database.run_here(hiding.hide, mona, key=key, now=LATER)
    assert redacted(database) == wanted
    copies = select(OutboxMessage.payload).where(OutboxMessage.kind == MessageKind.REFRESH_COPY.value)
    assert [payload["message_id"] for payload in values(database, copies)] == [2]
    (trace,) = database.read_here(traces.hidden_of_prediction, guild_id=GUILD, prediction_id=view.id)
    assert (trace.code, trace.user_id, trace.words) == (view.code, ada.user_id, (WORDS,))
    assert database.read_here(traces.hidden_of_prediction, guild_id=OTHER_GUILD, prediction_id=view.id) == ()
    database.run_here(hiding.show_again, mona, key=key, now=LATER)
    assert redacted(database) == wanted, "showing again takes nothing out"
    assert database.read_here(traces.hidden_of_prediction, guild_id=GUILD, prediction_id=view.id) == ()


def test_a_hidden_statement_is_looked_for_in_letters_of_the_servers_members_too(database: Database) -> None:
    ada, mona = create_actor("ada"), create_actor("mona", manager=True)
    view = create_prediction(database, by=ada, statement=WORDS, criteria="As told")
    stranger = create_actor("olaf", guild_id=OTHER_GUILD)
    member_id(database, stranger)
    wanted = {send(database, MessageKind.DIGEST, guild_id=None, user_id=ada.user_id, since=None, until=LATER.isoformat())}
    send(database, MessageKind.DIGEST, guild_id=None, user_id=stranger.user_id, since=None, until=LATER.isoformat())
    database.run_here(resolutions.override, mona, code=view.code, outcome=Outcome(ANNULLED), words="Off limits", now=LATER)
    key = TextKey(TextKind.STATEMENT, view.id, member_id(database, ada))
    database.run_here(hiding.hide, mona, key=key, now=LATER)
    assert redacted(database) == wanted
    (trace,) = database.read_here(traces.hidden_of_prediction, guild_id=GUILD, prediction_id=view.id)
    assert set(trace.words) == {WORDS, "As told"}


def test_a_place_says_whether_its_message_is_on_its_way(database: Database) -> None:
    create_prediction(database)
    sent = send(database, MessageKind.MOVE, prediction_id=1)
    coming = send(database, MessageKind.MOVE, prediction_id=1, message_id=None)
    assert database.read_here(outbox.place_of, sent) == outbox.SentPlace(77, 9, is_coming=False)
    assert database.read_here(outbox.place_of, coming) == outbox.SentPlace(None, None, is_coming=True)
    assert database.read_here(outbox.place_of, 999) == outbox.SentPlace(None, None, is_coming=False)
