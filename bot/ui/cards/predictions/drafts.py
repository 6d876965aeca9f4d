"""Predictions that wait for approval, as managers and the members who added them see them."""

from __future__ import annotations

import discord
from discord import ui

from bot.domain.events import EventKind
from bot.services.predictions.drafts import DraftAnswer, DraftQueue, DraftView, OpenedDraft
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.predictions.card import prediction_card
from bot.ui.items import button, select
from bot.ui.replies import note

LISTED = 10
_ANSWERS = {
    EventKind.SENT_BACK: "changes asked for",
    EventKind.DECLINED: "declined",
    EventKind.LAPSED: "not approved in time",
    EventKind.WITHDRAWN: "withdrawn",
}


def queue_card(queue: DraftQueue, *, done: str | None = None, answered: int | None = None) -> ui.LayoutView:
    """The drafts that wait for a manager, or a member's own, with a select to open one. `answered` is the code of one that was just
    answered and can be opened again."""
    lines = [done] if done else []
    if queue.is_manager:
        lines.append(
            f"### {text.count(queue.total, 'prediction')} to approve" if queue.total else "Nothing waits for approval."
        )
    else:
        lines.append("### Your predictions for approval" if queue.total else "You have nothing waiting for approval.")
    lines += [f"- {_line(draft, is_manager=queue.is_manager)}" for draft in queue.drafts[:LISTED]]
    if queue.total > LISTED:
        lines.append(f"-# and {queue.total - LISTED} more")
    rows = [parts.row(select("draft.open", "", _options(queue), placeholder="Open one…"))] if queue.drafts else []
    if answered is not None:
        rows.append(parts.row(button(f"Open #{answered} again", "draft.show", answered)))
    return parts.layout(ui.TextDisplay("\n".join(lines)), *rows, colour=palette.AMBER if queue.drafts else palette.GREEN)


def draft_card(opened: OpenedDraft) -> ui.LayoutView:
    """One draft as it'll look, with what can be done about it."""
    draft, is_manager, is_own = opened.draft, opened.is_manager, opened.is_own
    view = draft.view
    lines = [parts.source_line(view)]
    if draft.answer is not None:
        by = f" by <@{draft.by}>" if draft.by else ""
        lines.append(f"**{_ANSWERS[EventKind(draft.answer)].capitalize()}**{by}")
        if draft.words:
            lines.append(f"> {text.plain_line(draft.words, 500)}")
    if is_own and draft.is_waiting:
        lines.append(f"-# To change it, use `/prediction edit prediction:{view.code}`. It stays in the queue.")
    if is_manager and not draft.is_waiting:
        lines.append("-# Approve it if you've changed your mind.")
    decline = draft.is_waiting and is_manager
    buttons = [
        button("Approve", "draft.accept", view.code, style="success") if is_manager else None,
        button("Ask for changes…", "draft.change", view.code) if decline else None,
        button("Decline…", "draft.decline", view.code, style="danger") if decline else None,
        button("Withdraw", "draft.withdraw", view.code) if is_own and draft.is_waiting else None,
        button("Back to the list", "draft.list"),
    ]
    asking = parts.layout(ui.TextDisplay("\n".join(lines)), parts.row(*buttons), colour=palette.AMBER)
    return parts.joined([prediction_card(view, private=False, is_preview=True), asking])


def waiting_card(waiting: int, *, guild_name: str) -> ui.LayoutView:
    """Tells a manager that there's something to approve."""
    wait = "waits" if waiting == 1 else "wait"
    words = (
        f"**{text.count(waiting, 'prediction')}** {wait} for approval on **{text.plain_line(guild_name, 100)}**. "
        "See them there with `/prediction queue`.\n"
        "-# You get this message when the queue was empty before, so not for each of them."
    )
    return note(words, colour=palette.AMBER)


def answer_card(answer: DraftAnswer, *, guild_name: str) -> ui.LayoutView:
    """Tells a member what became of the prediction that they added."""
    view, where = answer.draft.view, text.plain_line(guild_name, 100)
    which = f"**#{view.code}** “{text.plain_line(view.statement, 200)}”"
    words = f"\n> {text.plain_line(answer.draft.words, 1000)}" if answer.draft.words else ""
    match answer.what:
        case EventKind.ACCEPTED:
            told, colour = (
                f"Approved: {which} is open on **{where}**. How likely is it? `/forecast prediction:{view.code}`",
                palette.GREEN,
            )
        case EventKind.SENT_BACK:
            told = (
                f"A manager of **{where}** asks for changes to {which}:{words}\n"
                f"-# Change it there with `/prediction edit prediction:{view.code}`. It stays in the queue."
            )
            colour = palette.AMBER
        case EventKind.DECLINED:
            told, colour = f"The managers of **{where}** declined {which}:{words}", palette.DARK_GREY
        case _:
            told, colour = (
                f"No manager of **{where}** had approved {which} by its last day, so it won't open.",
                palette.DARK_GREY,
            )
    return note(told, colour=colour)


def _line(draft: DraftView, *, is_manager: bool) -> str:
    view = draft.view
    by = f" · <@{view.added_by}>" if is_manager and view.added_by else ""
    state = _ANSWERS[EventKind(draft.answer)] if draft.answer else "waiting"
    said = f" · {state}" if draft.answer or not is_manager else ""
    return f"**#{view.code}** {text.plain_line(view.statement, 120)} · {text.by_date(view.resolves_at)}{by}{said}"


def _options(queue: DraftQueue) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(
            label=text.cut(f"#{draft.view.code} {' '.join(draft.view.statement.split())}", 100), value=str(draft.view.code)
        )
        for draft in queue.drafts
    ]
