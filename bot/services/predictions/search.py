"""Finding predictions by code, by words in any order, and despite small typos; quick even with 100,000 in a guild.

Each word of a prediction is a row, so a typed word is a range of an index. If nothing begins with it, we look in the guild's
vocabulary by edit distance. The rarest word leads: its predictions are checked for the other words. When even that one is
common, we check the newest predictions first; a few thousand are usually enough.
One path for both databases; docs/decisions.md has the measurements.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Select, and_, case, delete, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from bot.domain.search import index_words, query_words
from bot.domain.types import State
from bot.services.predictions.views import is_open
from db import queries
from db.base import AnyRow
from db.models import Prediction, SearchVocabulary, SearchWord

COMMON = 8000
"""A word used more often than this is common; we stop counting there."""
WALKED = 5000
"""How many of the newest predictions to check when all words are common."""
RANKED = 500
"""How many matching predictions to sort at most, open and new ones first."""
ALIKE = 75
"""From this likeness on, in percent, two statements may mean the same."""
MAX_TEXT = 300
MAX_WORDS = 8
LAST = "\U0010ffff"
_CODE = re.compile(r"#?(\d{1,9})")


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A search hit."""

    id: int
    code: int
    statement: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class LikePrediction:
    """A prediction that reads much like another one. `likeness` is 1 for the same words."""

    code: int
    statement: str
    likeness: float


@dataclass(frozen=True, slots=True)
class _WordMeaning:
    """What a typed word can mean: the words that begin with it, and how often they're used, counted up to COMMON + 1."""

    beginnings: tuple[str, ...]
    uses: int


def index_predictions(session: Session, *, guild_id: int, texts: dict[int, str]) -> None:
    """Make predictions findable by these texts, instead of the earlier ones."""
    session.execute(delete(SearchWord).where(SearchWord.prediction_id.in_(texts)))
    rows = [(prediction_id, word) for prediction_id, text in texts.items() for word in sorted(index_words(text))]
    queries.insert_unless_there(
        session,
        SearchWord,
        [{"guild_id": guild_id, "word": word, "prediction_id": prediction_id} for prediction_id, word in rows],
    )
    vocabulary = sorted({word for _, word in rows})
    queries.insert_unless_there(session, SearchVocabulary, [{"guild_id": guild_id, "word": word} for word in vocabulary])


def find(session: Session, *, guild_id: int, text: str, now: datetime, limit: int = 25) -> list[SearchHit]:
    """The best matches: the code first, then by words, open ones before the others. Empty text gives the newest open ones."""
    text = text[:MAX_TEXT]
    words = query_words(text)[:MAX_WORDS]
    if not words:
        newest = _predictions().where(Prediction.guild_id == guild_id, Prediction.state == State.OPEN)
        rows = session.execute(newest.order_by(Prediction.code.desc()).limit(limit)).all()
    else:
        rows = _by_words(session, guild_id, words, limit)
        rows = [*_by_code(session, guild_id, text), *sorted(rows, key=lambda row: _rank(row, text, now))]
    hits = {row.id: SearchHit(row.id, row.code, row.statement, _is_open(row, now)) for row in rows}
    return list(hits.values())[:limit]


def find_alike(session: Session, *, guild_id: int, statement: str, limit: int = 3) -> list[LikePrediction]:
    """The predictions whose statements have nearly the same words, the likest first."""
    words = list(dict.fromkeys(query_words(statement[:MAX_TEXT])))
    counted = zip(words, _counted(session, guild_id, [(word,) for word in words]), strict=True) if words else ()
    rare = sorted((meaning.uses, word) for word, meaning in counted if 0 < meaning.uses <= COMMON)[:MAX_WORDS]
    if not rare:
        return []
    shared = (
        select(SearchWord.prediction_id)
        .where(SearchWord.guild_id == guild_id, SearchWord.word.in_([word for _, word in rare]))
        .group_by(SearchWord.prediction_id)
        .order_by(func.count().desc(), SearchWord.prediction_id.desc())
        .limit(RANKED)
    )
    found = session.execute(_predictions().where(Prediction.id.in_(shared), Prediction.state != State.DRAFT)).all()
    folded = " ".join(words)
    alike = [
        LikePrediction(row.code, row.statement, likeness / 100)
        for row in found
        if (likeness := fuzz.token_sort_ratio(folded, " ".join(query_words(row.statement)))) >= ALIKE
    ]
    return sorted(alike, key=lambda like: (-like.likeness, like.code))[:limit]


def _by_code(session: Session, guild_id: int, text: str) -> Sequence[AnyRow]:
    if (match := _CODE.fullmatch(text.strip())) is None:
        return []
    its = (Prediction.guild_id == guild_id, Prediction.code == int(match[1]), Prediction.state != State.DRAFT)
    return session.execute(_predictions().where(*its)).all()


def _by_words(session: Session, guild_id: int, words: list[str], limit: int) -> Sequence[AnyRow]:
    """Predictions that have all the words, open and new ones first; at least `limit` if there are that many."""
    meanings = _meanings(session, guild_id, words)
    if not meanings or meanings[0].uses == 0:
        return []
    rarest, others = meanings[0], meanings[1:]
    if rarest.uses > COMMON:
        newest = (
            select(Prediction.id).where(Prediction.guild_id == guild_id).order_by(Prediction.code.desc()).limit(WALKED)
        ).subquery()
        walked = select(newest.c.id).where(*(_has(newest.c.id, meaning) for meaning in meanings))
        rows = _first(session, walked, limit)
        if sum(row.state is State.OPEN for row in rows) >= limit:
            return rows
    leading = select(SearchWord.prediction_id).where(_begins(guild_id, SearchWord.word, rarest))
    return _first(session, leading.where(*(_has(SearchWord.prediction_id, meaning) for meaning in others)), limit)


def _first(session: Session, ids: Select[int], limit: int) -> Sequence[AnyRow]:
    is_over = case((Prediction.state == State.OPEN, 0), else_=1)
    found = _predictions().where(Prediction.id.in_(ids), Prediction.state != State.DRAFT)
    return session.execute(found.order_by(is_over, Prediction.id.desc()).limit(max(limit, RANKED))).all()


def _meanings(session: Session, guild_id: int, words: list[str]) -> list[_WordMeaning]:
    """What each typed word can mean, the rarest first; nothing if one of them means nothing."""
    meanings = _counted(session, guild_id, [(word,) for word in words])
    unknown = [word for word, meaning in zip(words, meanings, strict=True) if meaning.uses == 0]
    if unknown:
        mended = [_mended(session, guild_id, word) for word in unknown]
        if not all(mended):
            return []
        meanings = [meaning for meaning in meanings if meaning.uses] + _counted(session, guild_id, mended)
    return sorted(meanings, key=lambda meaning: meaning.uses)


def _counted(session: Session, guild_id: int, meant: list[tuple[str, ...]]) -> list[_WordMeaning]:
    counts: list[Any] = []
    for beginnings in meant:
        uses = select(literal(1).label("one")).where(_begins(guild_id, SearchWord.word, _WordMeaning(beginnings, 0)))
        counts.append(select(func.count()).select_from(uses.limit(COMMON + 1).subquery()).scalar_subquery())
    return [
        _WordMeaning(beginnings, uses)
        for beginnings, uses in zip(meant, session.execute(select(*counts)).one(), strict=True)
    ]


def _mended(session: Session, guild_id: int, word: str) -> tuple[str, ...]:
    """The words, or beginnings of words, that someone may have mistyped. A number is never taken for another number."""
    if len(word) < 3 or word.isdigit():
        return ()
    errors = 1 if len(word) < 6 else 2
    longer = func.length(SearchVocabulary.word) >= len(word) - errors
    known = session.scalars(select(SearchVocabulary.word).where(SearchVocabulary.guild_id == guild_id, longer)).all()
    # If the word is longer than what was typed, the member may still be typing.
    for choices in ([found for found in known if len(found) <= len(word) + errors], {found[: len(word)] for found in known}):
        close = process.extract(word, choices, scorer=OSA.distance, score_cutoff=errors, limit=5)
        meant = tuple(found for found, _, _ in close if len(word) > 3 or sorted(found) == sorted(word))
        if meant:
            return meant
    return ()


def _begins(guild_id: int, column: Any, meaning: _WordMeaning) -> ColumnElement[bool]:
    return or_(
        *(
            and_(SearchWord.guild_id == guild_id, column.between(beginning, beginning + LAST))
            for beginning in meaning.beginnings
        )
    )


def _has(prediction_id: Any, meaning: _WordMeaning) -> ColumnElement[bool]:
    # No guild here, so that both databases go by the prediction's own words instead of scanning every use of this one.
    other = aliased(SearchWord)
    begins = or_(*(other.word.between(beginning, beginning + LAST) for beginning in meaning.beginnings))
    return exists().where(other.prediction_id == prediction_id, begins)


def _predictions() -> Select[*tuple[Any, ...]]:
    return select(
        Prediction.id, Prediction.code, Prediction.statement, Prediction.state, Prediction.opens_at, Prediction.closes_at
    )


def _is_open(row: AnyRow, now: datetime) -> bool:
    return is_open(row.state, row.opens_at, row.closes_at, now)


def _rank(row: AnyRow, text: str, now: datetime) -> tuple[bool, float, int]:
    return (not _is_open(row, now), -fuzz.token_set_ratio(text.casefold(), row.statement.casefold()), row.code)
