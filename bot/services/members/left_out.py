"""Members whom managers leave out: their forecasts don't count in the crowd, and rankings don't list them."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, bindparam, select
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.times import day_text
from db import queries
from db.models import LeftOutMember

_STANDING = select(LeftOutMember).where(LeftOutMember.member_id == bindparam("of_member"), LeftOutMember.ended_at.is_(None))

_WHY = _STANDING.with_only_columns(LeftOutMember.since, LeftOutMember.words)


def ids() -> ScalarSelect[int]:
    """The ids of all who are left out now, of every guild."""
    return select(LeftOutMember.member_id).where(LeftOutMember.ended_at.is_(None)).scalar_subquery()


def spell_of(session: Session, member_id: int) -> LeftOutMember | None:
    """Since when a member is left out, by whom, and why; None if they aren't."""
    return session.scalar(_STANDING, {"of_member": member_id})


def require_counted(session: Session, member_id: int) -> None:
    """Raises Refused for a member who is left out."""
    spell = queries.run(session, _WHY, {"of_member": member_id}).first()
    if spell is not None:
        why = f" They wrote: “{spell.words}”" if spell.words else ""
        raise Refused(
            f"The managers of this server have left you out since {day_text(spell.since.date())}, so you can't forecast here "
            f"for now.{why} If you think that's a mistake, talk to them."
        )
