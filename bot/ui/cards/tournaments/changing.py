"""What a manager is asked before a tournament is created, changed or ended, and what is said when it's done."""

from __future__ import annotations

from bot.domain.tournaments import NotTaken, TournamentStage
from bot.services.tournaments.choosing import ChangedEntries, left_text
from bot.services.tournaments.finding import TournamentView
from bot.services.tournaments.managing import ChangedTournament, CreatedTournament
from bot.ui import text
from bot.ui.cards.tournaments.pages import facts_lines

NAMED = 10


def create_lines(planned: CreatedTournament, *, warning: str | None) -> list[str | None]:
    """How it would be."""
    one = planned.tournament
    few = (
        f"⚠️ A rank needs {one.least} predictions, and it has {one.predictions} so far."
        if one.predictions < one.least
        else ""
    )
    return [
        f"### Create “{text.plain_line(one.name, 60)}”?",
        *facts_lines(one),
        *_entries("Predictions", planned.added),
        _left(planned.left),
        few or None,
        f"⚠️ {warning}" if warning else None,
        "-# Everyone sees it in `/tournament list`, and takes part by forecasting. Its days, score and number are fixed once it "
        "begins; from then on only predictions that nobody has forecast can come or go.",
    ]


def entries_lines(planned: ChangedEntries, *, adds: bool) -> list[str | None]:
    """What would come or go."""
    one, number = planned.tournament, text.count(len(planned.changed), "prediction")
    name = text.plain_line(one.name, 60)
    question = f"### Add {number} to “{name}”?" if adds else f"### Take {number} out of “{name}”?"
    return [
        question,
        *(f"**#{code}** {text.plain_line(statement, 100)}" for code, statement in planned.changed[:NAMED]),
        f"and {len(planned.changed) - NAMED} more" if len(planned.changed) > NAMED else None,
        _left(planned.left),
        f"It then has {text.count(one.predictions, 'prediction')}.",
    ]


def change_lines(planned: ChangedTournament, *, warning: str | None) -> list[str | None]:
    """Before and now, line by line where they differ."""
    before, after = planned.before, planned.after
    lines: list[str | None] = [f"### Change “{text.plain_line(before.name, 60)}”?"]
    if before.name != after.name:
        lines.append(f"**Name** {text.plain_line(after.name, 60)}")
    known = set(facts_lines(before))
    lines += [line for line in facts_lines(after) if line not in known]
    if before.role_id is not None and after.role_id is None:
        lines.append("**Role for the winner** none any more")
    if after.pending < before.pending:
        lines.append(
            f"⚠️ {text.count(before.pending - after.pending, 'prediction')} would close after its end, and not count."
        )
    return [*lines, f"⚠️ {warning}" if warning else None, "-# Everyone sees it in `/tournament list`."]


def end_lines(one: TournamentView) -> list[str | None]:
    """What ends, and what that means."""
    name = text.plain_line(one.name, 60)
    if one.stage is TournamentStage.UPCOMING:
        return [f"### Call off “{name}”?", "It hasn't begun. Nothing is posted, and it can't be brought back."]
    where = f"posted in <#{one.channel_id}>" if one.channel_id is not None else "not posted: no channel is chosen"
    pending = f"{text.count(one.pending, 'prediction')} without a result won't count. " if one.pending else ""
    return [
        f"### End “{name}” now?",
        f"{pending}Who leads now wins, and how it ended is {where}. This can't be undone.",
    ]


def _entries(title: str, added: tuple[tuple[int, str], ...]) -> list[str]:
    if not added:
        return [f"**{title}** none yet: add them with `/tournament add`"]
    shown = [f"**#{code}** {text.plain_line(statement, 100)}" for code, statement in added[:NAMED]]
    more = [f"and {len(added) - NAMED} more"] if len(added) > NAMED else []
    return [f"**{title}** {len(added)}", *shown, *more]


def _left(left: dict[NotTaken, tuple[int, ...]]) -> str | None:
    words = left_text(left)
    return f"Left out: {words}." if words else None
