"""Taking hidden words out of a message that was sent before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.domain.redaction import HiddenWords, redacted
from bot.services.moderation.traces import HiddenTrace
from bot.ui import text

WHOLE = 10_000


def redact(view: ui.LayoutView, hidden: Sequence[HiddenTrace]) -> bool:
    """Replace the hidden words wherever the message says them, and drop the pictures that are about them and, with a hidden
    statement, the files; whether anything changed. Files are to be taken off the message if none is shown any more."""
    words = [_forms(trace) for trace in hidden]
    changed = False
    for item in list(view.walk_children()):
        if isinstance(item, ui.TextDisplay):
            changed |= _change(item, "content", words)
        elif isinstance(item, ui.Select):
            changed |= _change(item, "placeholder", words)
            for option in item.options:
                changed |= _change(option, "label", words, limit=100) | _change(option, "description", words, limit=100)
        elif isinstance(item, ui.Button):
            changed |= _change(item, "label", words, limit=80)
        elif isinstance(item, ui.MediaGallery):
            said = [entry.description or "" for entry in item.items]
            if any(redacted(one, words) != one for one in said):
                _drop(view, item)
                changed = True
        elif isinstance(item, ui.File) and any(trace.is_statement for trace in hidden):
            _drop(view, item)
            changed = True
    return changed


def shows_files(view: ui.LayoutView) -> bool:
    """Whether the message shows a picture or a file."""
    return any(isinstance(item, ui.MediaGallery | ui.File) for item in view.walk_children())


def point_at_attachments(view: ui.LayoutView, attachments: Sequence[discord.Attachment]) -> None:
    """Have pictures and files name the message's own attachments, as Discord wants it in an edit."""
    names = {attachment.filename for attachment in attachments}
    for item in view.walk_children():
        if isinstance(item, ui.MediaGallery):
            for entry in item.items:
                name = entry.media.url.split("?")[0].rpartition("/")[2]
                if name in names:
                    entry.media = discord.UnfurledMediaItem(f"attachment://{name}")
        elif isinstance(item, ui.File):
            name = item.media.url.split("?")[0].rpartition("/")[2]
            if name in names:
                item.media = discord.UnfurledMediaItem(f"attachment://{name}")


def _forms(trace: HiddenTrace) -> HiddenWords:
    """The words as cards show them: escaped or not, on one line or on several."""
    forms: list[str] = []
    for words in trace.words:
        line = " ".join(words.split())
        forms += [line, text.plain_line(line, WHOLE), *words.splitlines(), *text.plain(words).splitlines()]
    marks = [f"#{trace.code}"] + ([f"<@{trace.user_id}>"] if trace.user_id is not None else [])
    return HiddenWords(tuple(form.strip() for form in forms), tuple(marks))


def _change(item: Any, name: str, words: Sequence[HiddenWords], *, limit: int = 4000) -> bool:
    before = getattr(item, name)
    after = before if before is None else text.cut(redacted(before, words), limit)
    if after == before:
        return False
    setattr(item, name, after)
    return True


def _drop(view: ui.LayoutView, item: ui.Item[Any]) -> None:
    parent: Any = item.parent or view
    parent.remove_item(item)
