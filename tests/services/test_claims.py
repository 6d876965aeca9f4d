"""An interaction has its effect once, whoever brings it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.errors import AlreadyDone, Refused
from bot.services import claims
from db.database import Database
from db.models import ClaimedInteraction
from tests.factories import NOW
from tests.processes import crowd
from tests.rows import values

CLAIM = """
from datetime import datetime
from bot.domain.errors import AlreadyDone
from bot.services import claims
from db.database import Database

database = None

def step(line):
    global database
    url, now, interaction_id = line.split()
    database = database or Database(url)
    try:
        database.run_here(claims.claim, int(interaction_id), now=datetime.fromisoformat(now))
    except AlreadyDone:
        return "late"
    return "first"
"""


def test_an_interaction_is_claimed_once(database: Database) -> None:
    database.run_here(claims.claim, 7, now=NOW)
    with pytest.raises(AlreadyDone):
        database.run_here(claims.claim, 7, now=NOW)
    database.run_here(claims.claim, 8, now=NOW)


def test_what_failed_has_claimed_nothing(database: Database) -> None:
    def refuse(session: Session) -> None:
        claims.claim(session, 7, now=NOW)
        raise Refused("No.")

    with pytest.raises(Refused):
        database.run_here(refuse)
    database.run_here(claims.claim, 7, now=NOW)


def test_of_several_processes_one_is_first(database: Database) -> None:
    with crowd(CLAIM, processes=3) as processes:
        url = database.url.render_as_string(hide_password=False)
        for interaction_id in range(5):
            told = processes.all_at_once(f"{url} {NOW.isoformat()} {interaction_id}")
            assert sorted(told) == ["first", "late", "late"]


def test_what_cannot_come_again_is_forgotten(database: Database) -> None:
    database.run_here(claims.claim, 7, now=NOW)
    database.run_here(claims.prune, now=NOW + timedelta(minutes=20))
    with pytest.raises(AlreadyDone):
        database.run_here(claims.claim, 7, now=NOW)
    database.run_here(claims.prune, now=NOW + timedelta(hours=2))
    assert values(database, select(ClaimedInteraction.id)) == []
