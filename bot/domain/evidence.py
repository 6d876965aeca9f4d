"""What members give as evidence: a link, and words."""

from __future__ import annotations

from bot.domain.errors import Refused
from bot.domain.texts import clean_line, clean_text, web_address
from bot.domain.types import MAX_REASON

MAX_LINK = 500


def checked_link(text: str | None) -> str | None:
    """A web address, or None for none. Refuses anything that doesn't begin with http:// or https://."""
    given = clean_line(text or "")
    if not given:
        return None
    if (link := web_address(given)) is None:
        raise Refused(f"“{given[:80]}” isn't a web address. Give one that begins with https://, or leave it out.")
    if len(link) > MAX_LINK:
        raise Refused(f"The link has {len(link):,} characters; at most {MAX_LINK} fit. Use a shorter one.")
    return link


def checked_words(text: str | None, *, what: str = "reason") -> str | None:
    """Words, or None for none. Refuses more than 1,000 characters."""
    words = clean_text(text or "")
    if len(words) > MAX_REASON:
        raise Refused(
            f"The {what} has {len(words):,} characters; at most {MAX_REASON:,} fit. Shorten it; nothing was stored."
        )
    return words or None
