"""Messages quoted as evidence, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, select, update

from bot.domain.errors import NotFound, Refused
from bot.domain.types import Actor
from bot.services.limits import LIMITS, Limited
from bot.services.privacy import forgetting
from bot.services.voting import quotes
from bot.services.voting.quotes import QuotedMessage
from db.database import Database
from db.models import Guild, Member, Quote
from tests.factories import GUILD, OTHER_GUILD, create_actor
from tests.rows import count, values
from tests.services.voting.polls import DATE, HOUR, create_vote, create_voter

NOW = DATE + HOUR
MESSAGE = QuotedMessage(GUILD, 77, 2**62, 4242, "It is out")


def quote(
    database: Database, by: Actor, number: int = 0, *, code: int = 1, message: QuotedMessage = MESSAGE
) -> quotes.Evidence:
    """Quote one more message."""
    one = replace(message, message_id=message.message_id + number)
    return database.run_here(quotes.quote, by, code=code, message=one, now=NOW)


def test_what_is_quoted_is_kept_with_its_first_words(database: Database) -> None:
    create_vote(database)
    vera = create_voter()
    evidence = quote(database, vera, message=replace(MESSAGE, words="word " * 100))
    (kept,) = evidence.quotes
    assert (kept.author_id, kept.channel_id, kept.message_id, kept.quoted_by) == (4242, 77, 2**62, vera.user_id)
    assert kept.words is not None
    assert len(kept.words) <= quotes.FIRST_WORDS
    assert kept.words.endswith("…")
    assert evidence.own == {kept.id}


def test_a_message_of_another_guild_is_refused(database: Database) -> None:
    create_vote(database)
    with pytest.raises(Refused, match="of this server"):
        quote(database, create_voter(), message=replace(MESSAGE, guild_id=OTHER_GUILD))
    with pytest.raises(NotFound):
        quote(database, create_voter(guild_id=OTHER_GUILD), message=replace(MESSAGE, guild_id=OTHER_GUILD))
    assert count(database, Quote) == 0


def test_another_guild_can_neither_see_nor_remove_it(database: Database) -> None:
    create_vote(database)
    quote(database, create_voter())
    (quote_id,) = values(database, select(Quote.id))
    stranger = create_actor("olaf", guild_id=OTHER_GUILD, manager=True)
    with pytest.raises(NotFound):
        database.read_here(quotes.evidence_of, stranger, code=1, now=NOW)
    with pytest.raises(Refused):
        database.run_here(quotes.remove, stranger, quote_id=quote_id, now=NOW)
    assert count(database, Quote) == 1


def test_a_member_can_quote_so_many_a_day(database: Database) -> None:
    vera, limit = create_voter(), LIMITS[Limited.QUOTES].of_member
    codes = [create_vote(database, statement=f"Statement {number}") for number in range(limit // quotes.MOST + 1)]
    for number in range(limit):
        quote(database, vera, number, code=codes[number // quotes.MOST])
    with pytest.raises(Refused, match="messages in"):
        quote(database, vera, 99, code=codes[-1])
    quote(database, create_voter(), 99, code=codes[-1])


def test_forgetting_its_author_or_who_quoted_it_removes_it_in_that_guild(database: Database) -> None:
    create_vote(database)
    create_vote(database, by=create_actor(guild_id=OTHER_GUILD, manager=True), statement="Theirs")
    vera, author = create_voter(), create_actor("author")
    message = replace(MESSAGE, author_id=author.user_id)
    quote(database, vera, message=message)
    there = create_voter(guild_id=OTHER_GUILD)
    database.run_here(quotes.quote, there, code=1, message=replace(message, guild_id=OTHER_GUILD), now=NOW)
    with database.engine.begin() as connection:
        connection.execute(insert(Member).values(guild_id=GUILD, user_id=author.user_id, name="author", created_at=NOW))
    database.run_here(forgetting.forget, author, everywhere=False, now=NOW)
    assert count(database, Quote) == 1
    database.run_here(forgetting.forget, there, everywhere=False, now=NOW)
    assert count(database, Quote) == 0


def test_it_goes_with_its_guild(database: Database) -> None:
    create_vote(database)
    quote(database, create_voter())
    with database.engine.begin() as connection:
        connection.execute(update(Guild).values(left_at=None))
        connection.execute(delete(Guild))
    assert count(database, Quote) == 0
