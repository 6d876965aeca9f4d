"""Annulling many predictions at once, and taking that back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.domain.codes import read_codes
from bot.domain.errors import Refused
from bot.domain.events import EventKind
from bot.domain.evidence import checked_words
from bot.domain.lifecycle import ENDED
from bot.domain.outcomes import ANNULLED, Outcome
from bot.domain.types import Actor, State
from bot.services.members import guilds
from bot.services.predictions import steps
from bot.services.voting import settling
from db.models import Member, Pack, Prediction, PredictionTag

MOST = 100
"""How many at once: each has its log, its scores and its reminders to end, and others want to write, too."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which predictions: all that this narrows down to. `codes` as they were typed: “3, 5, 10-14”."""

    tag: str | None = None
    pack: str | None = None
    added_by: int | None = None
    codes: str | None = None


@dataclass(frozen=True, slots=True)
class AnnulledMany:
    """What was annulled, with its first statements; `along` are conditionals that went with it. `forecasts` count no longer.
    `left` are codes that another manager has to annul, because this one forecast on them."""

    codes: tuple[int, ...]
    statements: tuple[tuple[int, str], ...]
    along: tuple[int, ...]
    left: tuple[int, ...]
    forecasts: int
    interested: int


def annul_many(session: Session, actor: Actor, *, chosen: Chosen, words: str, now: datetime) -> AnnulledMany:
    """Annul everything chosen that has no result yet. Raises NotAManager, or Refused if that's nothing, or too many."""
    guilds.require_manager(session, actor, "annul predictions")
    reason = checked_words(words)
    if reason is None:
        raise Refused("Give a reason. Everyone can read it.")
    found = session.scalars(_matching(session, actor, chosen).with_for_update(of=Prediction)).all()
    if not found:
        raise Refused("No prediction without a result matches. Check the tag, the pack, the member or the codes.")
    member_id = guilds.member_of(session, actor, now=now)
    may_always = guilds.settings_of(session, actor.guild_id).interested_override
    stakes = {one.id: steps.stake_of(session, one, member_id) for one in found}
    going = [one for one in found if may_always or not stakes[one.id]]
    if not going:
        raise Refused(
            "You forecast on all of them, and on this server a manager who didn't has to annul those. Ask another manager."
        )
    forecasts, done = 0, [one.id for one in going]
    for prediction in going:
        if prediction.state in ENDED:  # it went along with one that it depends on
            continue
        forecasts += prediction.forecasters
        settling.settle(
            session,
            prediction,
            Outcome(ANNULLED),
            kind=EventKind.OVERRIDDEN,
            now=now,
            member_id=member_id,
            words=reason,
            data={"is_interested": bool(stakes[prediction.id])},
            announces=prediction.forecasters > 0,
        )
    session.flush()
    along = select(Prediction.code).where(
        Prediction.guild_id == actor.guild_id,
        Prediction.resolved_at == now,
        Prediction.state == State.ANNULLED,
        Prediction.id.not_in(done),
    )
    return AnnulledMany(
        codes=tuple(one.code for one in going),
        statements=tuple((one.code, one.statement) for one in going[:10]),
        along=tuple(session.scalars(along.order_by(Prediction.code))),
        left=tuple(one.code for one in found if one not in going),
        forecasts=forecasts,
        interested=sum(bool(stakes[one.id]) for one in going),
    )


def reopen_many(session: Session, actor: Actor, *, codes: Sequence[int], now: datetime) -> int:
    """Take annulments back, of those that still stand; returns how many. Raises NotAManager or Refused."""
    guilds.require_manager(session, actor, "reopen predictions")
    its = (Prediction.guild_id == actor.guild_id, Prediction.code.in_(codes), Prediction.state == State.ANNULLED)
    found = session.scalars(select(Prediction).where(*its).order_by(Prediction.id).with_for_update()).all()
    if not found:
        raise Refused("None of them is annulled any more, so there's nothing to undo.")
    member_id = guilds.member_of(session, actor, now=now)
    for prediction in found:
        if prediction.state is not State.ANNULLED:  # it came back along with one that it depends on
            continue
        steps.require_shown(session, prediction)
        data = {"is_interested": steps.has_forecast(session, prediction, member_id)}
        words = "Annulling many at once was undone."
        settling.withdraw_result(session, prediction, member_id=member_id, words=words, now=now, data=data)
    return len(found)


def _matching(session: Session, actor: Actor, chosen: Chosen) -> Select[Prediction]:
    conditions = [
        Prediction.guild_id == actor.guild_id,
        Prediction.state.not_in([*ENDED, State.DRAFT]),
    ]
    if chosen == Chosen():
        raise Refused("Choose which: give a tag, a pack, a member or codes.")
    if chosen.tag is not None:
        tagged = (PredictionTag.guild_id == actor.guild_id, PredictionTag.tag == " ".join(chosen.tag.lower().split()))
        conditions.append(Prediction.id.in_(select(PredictionTag.prediction_id).where(*tagged)))
    if chosen.pack is not None:
        conditions.append(Prediction.pack_id.in_(select(Pack.id).where(Pack.slug == chosen.pack.strip().lower())))
    if chosen.added_by is not None:
        theirs = (Member.guild_id == actor.guild_id, Member.user_id == chosen.added_by)
        conditions.append(Prediction.author_id.in_(select(Member.id).where(*theirs)))
    if chosen.codes is not None:
        conditions.append(Prediction.code.in_(read_codes(chosen.codes)))
    count = session.scalar(select(func.count()).select_from(Prediction).where(*conditions)) or 0
    if count > MOST:
        raise Refused(f"That's {count:,} predictions, and at most {MOST} go at once. Narrow it down, for example by codes.")
    return select(Prediction).where(*conditions).order_by(Prediction.id)
