"""What members give as evidence: a link, and words."""

from __future__ import annotations

import re

from bot.domain.errors import Refused
from bot.domain.types import MAX_REASON

MAX_LINK = 500
_LINK = re.compile(r"https?://[^\s\x00-\x1f\x7f<>\"'`\\|]+", re.IGNORECASE)


def checked_link(text: str | None) -> str | None:
    """A web address, or None for none. Refuses anything that doesn't begin with http:// or https://."""
    link = (text or "").strip()
    if not link:
        return None
    if len(link) > MAX_LINK:
        raise Refused(f"The link has {len(link):,} characters; at most {MAX_LINK} fit. Use a shorter one.")
    if not _LINK.fullmatch(link):
        raise Refused(f"“{link[:80]}” isn't a web address. Give one that begins with https://, or leave it out.")
    return link


def checked_words(text: str | None, *, what: str = "reason") -> str | None:
    """Words, or None for none. Refuses more than 1,000 characters."""
    words = (text or "").replace("\x00", "").strip()  # PostgreSQL can't store it
    if len(words) > MAX_REASON:
        raise Refused(
            f"The {what} has {len(words):,} characters; at most {MAX_REASON:,} fit. Shorten it; nothing was stored."
        )
    return words or None
