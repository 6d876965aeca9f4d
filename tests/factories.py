"""Test data. A test names only what matters to it; the rest is filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bot.domain.documents.models import PredictionFile
from bot.domain.types import Actor, Kind
from bot.services.packs import library
from bot.services.predictions import editing
from bot.services.predictions.editing import NewPrediction
from bot.services.predictions.views import PredictionView
from db.database import Database

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GUILD, OTHER_GUILD = 1001, 1002

_users = count(5001)


def create_actor(name: str = "ada", *, guild_id: int = GUILD, manager: bool = False, **facts: Any) -> Actor:
    """A member of a guild; every call makes another person."""
    return Actor(guild_id=guild_id, user_id=next(_users), name=name, can_manage_guild=manager, **facts)


def create_prediction(database: Database, *, now: datetime = NOW, by: Actor | None = None, **given: Any) -> PredictionView:
    """An open prediction, added by hand; it resolves in 30 days."""
    new: dict[str, Any] = {"statement": "GPT-6 is released by the end of March", "resolves_at": now + timedelta(days=30)}
    if given.get("kind") is Kind.MULTIPLE_CHOICE:
        new["options"] = ("OpenAI", "Google", "Anthropic")
    if given.get("kind") is Kind.NUMERIC:
        new["unit"] = "USD"
    return database.run_here(editing.add, by or create_actor(manager=True), new=NewPrediction(**(new | given)), now=now).view


def create_document(*items: dict[str, Any], **source: Any) -> PredictionFile:
    """A prediction file; each item is completed to a prediction."""
    filled = [
        {"id": f"p{number}", "statement": f"Statement {number} comes true"} | item for number, item in enumerate(items, 1)
    ]
    return PredictionFile.model_validate({"source": {"title": "A document"} | source, "predictions": filled})


def load(
    database: Database, document: PredictionFile, *, guild_id: int | None = GUILD, now: datetime = NOW, slug: str = "pack"
) -> library.PackReport:
    """Load one document, for a guild unless told otherwise."""
    return database.run_here(library.load, documents=[(slug, document)], guild_id=guild_id, now=now)[0]
