"""Finding predictions by code, by words in any order, and through small typing errors; quick at 100,000 in a guild.

Each word of a prediction is a row, so a typed word is a range of an index. A word that nothing begins with is looked for
in the guild's vocabulary with an edit distance. One path for both databases; docs/decisions.md has the measurements.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm import Session

from bot.domain.search import index_words, query_words
from bot.domain.types import State
from bot.services.views import is_open
from db import queries
from db.models import Prediction, SearchVocabulary, SearchWord

RARE = 1500
"""Up to so many candidates are ranked; a word that more predictions have is common and only filters."""
_CODE = re.compile(r"#?(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Found:
    """A search hit."""

    id: int
    code: int
    statement: str
    is_open: bool


def index_predictions(session: Session, *, guild_id: int, texts: dict[int, str]) -> None:
    """Make predictions findable by these texts, in place of what they were found by."""
    session.execute(delete(SearchWord).where(SearchWord.prediction_id.in_(texts)))
    rows = [(prediction_id, word) for prediction_id, text in texts.items() for word in sorted(index_words(text))]
    queries.insert_unless_there(
        session,
        SearchWord,
        [{"guild_id": guild_id, "word": word, "prediction_id": prediction_id} for prediction_id, word in rows],
    )
    vocabulary = sorted({word for _, word in rows})
    queries.insert_unless_there(session, SearchVocabulary, [{"guild_id": guild_id, "word": word} for word in vocabulary])


def find(session: Session, *, guild_id: int, text: str, now: datetime, limit: int = 25) -> list[Found]:
    """The predictions that fit best: the code first, then by words, open ones before the others. Empty text: the newest open ones."""
    by_code = _by_code(session, guild_id, text)
    words = query_words(text)[:8]
    rows: Sequence[Any]
    if not words:
        rows = _rows(session, _newest_first(guild_id).where(Prediction.state == State.OPEN).limit(limit))
    else:
        ranges = [_range(session, guild_id, word) for word in words]
        known = [found for found in ranges if found is not None]
        rows = _candidates(session, guild_id, known) if len(known) == len(words) else []
    ranked = sorted(rows, key=lambda row: _rank(row, text, now)) if words else rows
    hits = {row.id: Found(row.id, row.code, row.statement, _is_open(row, now)) for row in [*by_code, *ranked]}
    return list(hits.values())[:limit]


def _by_code(session: Session, guild_id: int, text: str) -> Sequence[Any]:
    if (match := _CODE.fullmatch(text.strip())) is None:
        return []
    return _rows(session, _columns().where(Prediction.guild_id == guild_id, Prediction.code == int(match[1])))


def _range(session: Session, guild_id: int, word: str) -> ColumnElement[bool] | None:
    """What a typed word stands for, as a condition on the words; None when nothing comes near it."""
    begins_so = SearchWord.word.between(word, word + "\U0010ffff")
    if session.scalar(select(exists().where(SearchWord.guild_id == guild_id, begins_so))):
        return begins_so
    if len(word) < 4:
        return None
    errors = 1 if len(word) < 6 else 2
    vocabulary = session.scalars(select(SearchVocabulary.word).where(SearchVocabulary.guild_id == guild_id)).all()
    close = process.extract(word, vocabulary, scorer=OSA.distance, score_cutoff=errors, limit=5)
    return or_(*(SearchWord.word == found for found, _, _ in close)) if close else None


def _candidates(session: Session, guild_id: int, ranges: list[ColumnElement[bool]]) -> Sequence[Any]:
    rarest: set[int] | None = None
    for condition in ranges:
        having = (
            select(SearchWord.prediction_id).where(SearchWord.guild_id == guild_id, condition).distinct().limit(RARE + 1)
        )
        found = set(session.scalars(having))
        if len(found) <= RARE and (rarest is None or len(found) < len(rarest)):
            rarest = found
    if rarest is None:  # every word is common: the newest that have them all are soon found
        has_all = [
            exists().where(SearchWord.guild_id == guild_id, SearchWord.prediction_id == Prediction.id, condition)
            for condition in ranges
        ]
        return _rows(session, _newest_first(guild_id).where(*has_all).limit(100))
    for condition in ranges:
        rarest &= set(
            session.scalars(select(SearchWord.prediction_id).where(SearchWord.prediction_id.in_(rarest), condition))
        )
    return _rows(session, _columns().where(Prediction.guild_id == guild_id, Prediction.id.in_(rarest)))


def _columns() -> Any:
    return select(
        Prediction.id, Prediction.code, Prediction.statement, Prediction.state, Prediction.opens_at, Prediction.closes_at
    )


def _newest_first(guild_id: int) -> Any:
    return _columns().where(Prediction.guild_id == guild_id).order_by(Prediction.code.desc())


def _rows(session: Session, statement: Any) -> Sequence[Any]:
    return session.execute(statement).all()


def _is_open(row: Any, now: datetime) -> bool:
    return is_open(row.state, row.opens_at, row.closes_at, now)


def _rank(row: Any, text: str, now: datetime) -> tuple[bool, float, int]:
    return (not _is_open(row, now), -fuzz.token_set_ratio(text.casefold(), row.statement.casefold()), row.code)
