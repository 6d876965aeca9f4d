"""A member's reminders: understood, set, listed, and sent when their time comes."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import discord
from discord import ui

from bot.domain.moments.recurrence import Recurrence
from bot.domain.paging import page_within
from bot.domain.times import span
from bot.domain.when import ReminderTime
from bot.services.predictions.views import PredictionView
from bot.services.reminding.reminders import SNOOZES, DueReminder, KeptReminder, UnderstoodReminder
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.items import button, select

PAGE_SIZE = 10
SNOOZE_NAMES = {"1h": "1 hour", "1d": "1 day", "1w": "1 week"}
OFFERED = (
    *("1 day before", "3 days before", "1 week before", "2 weeks before"),
    *("tomorrow at 9am", "in 1 week", "in 1 month", "every Monday at 9am"),
)
"""The times to choose from under Remind me, as somebody could type them."""
ANOTHER_TIME = "another"
AT_HOME, BY_DM = "home", "dm"
AGAIN = "again"
"""Stands for the days before the date where a rule takes the place of the moment."""


def understood_card(understood: UnderstoodReminder, *, at_home: bool, now: datetime) -> ui.LayoutView:
    """How a reminder was understood, for the member to confirm. Nothing is stored before that."""
    when, zone = understood.when, understood.zone
    if isinstance(when, Recurrence):
        at = when.first_after(now) or now
        asked, first = f"{when}", "First "
    else:
        at, first = when.at, ""
        local = at.astimezone(zone)
        asked = f"on {local:%A}, {text.day(local.date())} at {local:%H:%M}"
    whose = "your time zone" if understood.zone_is_own else "the server's time zone (set yours with `/settings me`)"
    lines = [
        f"### ⏰ Remind you {asked}?",
        f"**#{understood.view.code}** {text.plain_line(understood.view.statement, 200)}",
        f"{first}{text.moment(at)} · {zone.key}, {whose}",
    ]
    if isinstance(when, ReminderTime) and when.before_days is not None:
        lines.append(f"-# {_before(when.before_days)}. It moves along if the date changes.")
    lines.append(f"-# {_where(at_home)}")
    code, place = understood.view.code, AT_HOME if at_home else BY_DM
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        parts.row(
            button("Set reminder", "reminder.set", f"{code}:{encode(when)}:{place}", style="success"),
            button("Not now", "reminder.drop", code),
        ),
    )


def asked_card(view: PredictionView) -> ui.LayoutView:
    """Asks when to remind of a prediction. One click sets it."""
    lines = [
        f"### ⏰ Remind you of #{view.code}?",
        text.plain_line(view.statement, 200),
        f"-# {parts.status_line(view).removeprefix('-# ')}",
        f"-# {_where(False)}",
    ]
    offered = [words for words in OFFERED if view.resolves_at is not None or "before" not in words]
    options = [discord.SelectOption(label=words[0].upper() + words[1:], value=words) for words in offered]
    options.append(discord.SelectOption(label="Another time…", value=ANOTHER_TIME))
    return parts.layout(
        ui.TextDisplay("\n".join(lines)), parts.row(select("reminder.when", view.code, options, placeholder="When?"))
    )


def kept_card(kept: KeptReminder) -> ui.LayoutView:
    """Confirms that a reminder is set."""
    lines = [
        f"✅ I'll remind you of **#{kept.view.code}** {text.moment(kept.due_at)}: {text.moment(kept.due_at, 'f')}",
        text.plain_line(kept.view.statement, 200),
        f"-# {_where(kept.at_home)}",
    ]
    if kept.rule is not None:
        lines.insert(1, f"Then again {kept.rule}, until it has a result or you cancel.")
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        parts.row(button("Cancel reminder", "reminder.cancel", kept.id), button("My reminders", "reminder.page", 0)),
        colour=palette.GREEN,
    )


def reminders_card(kept: tuple[KeptReminder, ...], number: int, *, unreachable_at: datetime | None) -> ui.LayoutView:
    """A page of the member's reminders, with a select to cancel one. A page past the last is the last."""
    number, pages = page_within(len(kept), size=PAGE_SIZE, wanted=number)
    shown = kept[number * PAGE_SIZE : (number + 1) * PAGE_SIZE]
    lines = [f"### ⏰ Your reminders · {len(kept)}"]
    if unreachable_at is not None:
        lines.append(
            f"⚠️ My last direct message didn't reach you ({text.moment(unreachable_at)}), so I'll mention you in the channel instead. "
            "To get reminders privately, allow direct messages from members of this server."
        )
    lines += [_line(reminder) for reminder in shown]
    if not kept:
        lines.append("You have none. Set one with `/remind`: in 2 weeks, next Friday 6pm, 3 days before.")
    body: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
    if shown:
        body.append(
            parts.row(select("reminder.pick", number, [_option(reminder) for reminder in shown], placeholder="Cancel one…"))
        )
    if pages > 1:
        body.append(
            parts.row(
                button("◂ Back", "reminder.page", number - 1, off=number == 0),
                button(f"Page {number + 1} of {pages}", "list.here", off=True),
                button("More ▸", "reminder.page", number + 1, off=number == pages - 1),
            )
        )
    return parts.layout(*body)


def due_card(due: DueReminder, *, link: str | None) -> ui.LayoutView:
    """The reminder as a direct message, with the member's forecast."""
    view = due.view
    own = parts.own_line(view) or ("You haven't forecast on it yet." if view.is_open else None)
    lines = [f"### ⏰ #{view.code} · {text.plain(view.statement)}", parts.status_line(view), own, _asked(due)]
    to_card = ui.Button[Any](label="Open the card", url=link) if link else None
    return parts.layout(
        ui.TextDisplay("\n".join(line for line in lines if line)),
        parts.row(*_snoozes(due), to_card),
        colour=parts.COLOURS[view.state],
    )


def public_due_card(due: DueReminder) -> ui.LayoutView:
    """The reminder at home, where everyone sees it. It shows nothing private, only who asked."""
    view = due.view
    lines = [
        f"⏰ <@{due.user_id}> **#{view.code}** {text.plain_line(view.statement, 200)}",
        parts.status_line(view),
        _asked(due),
    ]
    to_card = button("Forecast", "forecast.open", view.code, style="primary", emoji="🎯") if view.is_open else None
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        parts.row(to_card, *_snoozes(due)),
        colour=parts.COLOURS[view.state],
    )


def snoozed_note(due_at: datetime) -> str:
    """Says when a snoozed reminder comes back."""
    return f"💤 I'll remind you again {text.moment(due_at)}: {text.moment(due_at, 'f')}."


def encode(when: ReminderTime | Recurrence) -> str:
    """A moment as part of a custom_id: its second, and the days before the date if that's how it was given; or a rule."""
    if isinstance(when, Recurrence):
        return f"{when.to_code()}:{AGAIN}"
    return f"{int(when.at.timestamp())}:{'' if when.before_days is None else f'{when.before_days:.6f}'}"


def _snoozes(due: DueReminder) -> list[ui.Item[Any]]:
    snoozes = [
        button(f"+{name}", "reminder.snooze", f"{due.id}:{span}") for span, name in SNOOZE_NAMES.items() if span in SNOOZES
    ]
    stop = [button("Stop", "reminder.stop", due.id)] if due.next_at is not None else []
    return [button("Done", "reminder.done", due.id, style="success"), *snoozes, *stop]


def _asked(due: DueReminder) -> str:
    late = f" It's {span(due.late_by)} late." if due.late_by is not None else ""
    if due.rule is not None:
        coming = f" It comes again {text.moment(due.next_at)}." if due.next_at is not None else " This was the last one."
        return f"-# You asked for this {due.rule}.{late}{coming}"
    return f"-# You asked for this {text.moment(due.asked_at)}.{late}"


def _where(at_home: bool) -> str:
    if at_home:
        return "I'll mention you at the prediction's card, where everyone can see it."
    return "I'll send you a direct message. If your DMs are closed, I'll mention you in the channel."


def _before(days: float) -> str:
    """How long before the last day that's on the card: the date is over at its end, so part of a day is that day."""
    if not days:
        return "At the prediction's date"
    if days < 1:
        return f"{span(timedelta(days=days))} before the prediction's date is over"
    whole = math.ceil(days) - 1
    return f"{text.count(whole, 'day')} before the prediction's date" if whole else "On the prediction's last day"


def _line(reminder: KeptReminder) -> str:
    facts = [text.moment(reminder.due_at), text.moment(reminder.due_at, "f")]
    if reminder.before_days is not None:
        facts.append(_before(reminder.before_days).lower())
    if reminder.rule is not None:
        facts.append(str(reminder.rule))
    if reminder.at_home:
        facts.append("at its card")
    return f"**#{reminder.view.code}** {text.plain_line(reminder.view.statement, 120)}\n-# {' · '.join(facts)}"


def _option(reminder: KeptReminder) -> discord.SelectOption:
    label = text.cut(f"#{reminder.view.code} {' '.join(reminder.view.statement.split())}", 100)
    return discord.SelectOption(label=label, value=str(reminder.id), description=f"{reminder.due_at:%d %b %Y %H:%M} UTC")
