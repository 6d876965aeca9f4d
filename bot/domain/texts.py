"""What people and documents write, made safe to keep and to show. Everything they give comes through here.

Nothing invisible stays, nothing turns the direction of the text around it, and blanks of every kind become plain ones.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence

from bot.domain.errors import Refused

MARKS_IN_A_ROW = 5
"""Enough accents on one letter for every language; heaps of them run into the lines above and below."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LOOKS_EMPTY = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
"""Letters and signs that are drawn as nothing."""
_CONTROLS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
_HIDDEN = (
    "\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufe00-\ufe0f\ufeff"
    "\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""What Unicode calls ignorable, its direction marks and annotations among them, and what it says is no character."""
_SELECTORS = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
_FLAG_OR_HIDDEN = re.compile(f"(?P<flag>{_FLAG})|[{_CONTROLS}{_HIDDEN}]+")
_TERMINAL = re.compile(f"(?P<flag>{_FLAG})|[{_CONTROLS}{_HIDDEN}\x0b-\x0d\x1c-\x1f\x85\u2028\u2029\ud800-\udfff]+")
_JOINER, _NON_JOINER = "\u200d", "\u200c"
_JOINING_SCRIPTS = re.compile(
    "[\u0600-\u07ff\u0840-\u0dff\u0f00-\u109f\u1780-\u18af\u1900-\u1aaf\ua840-\ua8ff\uaa00-\uaa7f\ufb50-\ufdff\ufe70-\ufefc]"
)
"""Scripts whose spelling needs joiners: Arabic and Persian, Syriac, the scripts of India and of South-East Asia, Mongolian."""
_VIRAMA = 9
_RIGHT_TO_LEFT = ("R", "AL", "RLE", "RLO", "RLI")
_ADDRESS = re.compile(r"https?://(?!\.)[\w.-]*\w(:[0-9]{1,5})?([/?#].*)?", re.IGNORECASE)
_UNSAFE_IN_ADDRESS = re.compile(r"""[()\[\]<>{}"'`\\|^*~]""")


def clean_line(text: str, *, refuse: bool = True) -> str:
    """The text on one line; empty if there's nothing to see in it. Refuses what can't be stored, or else leaves it out."""
    return _seen(" ".join(_clean(text, refuse).split()))


def clean_text(text: str, *, refuse: bool = True) -> str:
    """The text with its lines, at most one empty one in a row; empty if there's nothing to see in it. Refuses what can't be
    stored, or else leaves it out."""
    lines = [" ".join(line.split()) for line in _clean(text, refuse).splitlines()]
    return _seen(re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip())


def without_hidden(text: str) -> str:
    """The text as it reads: without what is invisible, turns its direction or controls a terminal. Blanks stay as they are."""
    if text.isascii() and text.isprintable():
        return text
    kept = unicodedata.normalize("NFC", _FLAG_OR_HIDDEN.sub(_needed, _UNSTORABLE.sub("", text)))
    return _without_heaps(kept) if not kept.isascii() else kept


def is_right_to_left(text: str) -> bool:
    """Whether some of it is written from right to left, so that it could move what stands beside it."""
    return not text.isascii() and any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text)


def web_address(text: str) -> str | None:
    """A web address that ends where it seems to and hides no second one, or None if it's none.

    Signs that could end a link early are written in percent, which means the same to the server.
    """
    address = clean_line(text, refuse=False)
    if not _ADDRESS.fullmatch(address) or " " in address:
        return None
    return _UNSAFE_IN_ADDRESS.sub(lambda sign: f"%{ord(sign[0]):02X}", address)


def listed(words: Sequence[str]) -> str:
    """Send Messages, Attach Files and View Channel; empty for none."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def for_terminal(text: str) -> str:
    """The text with everything that would control a terminal, or hide in it, written out as JSON does: \\u001b, \\u202e."""
    if text.isascii() and text.isprintable():
        return text
    return _TERMINAL.sub(_written_out, text)


def _clean(text: str, refuse: bool) -> str:
    if refuse and _UNSTORABLE.search(text):
        raise Refused(
            "There's a broken character in that text, which I can't store. Type it again, or paste it as plain text."
        )
    return without_hidden(_LOOKS_EMPTY.sub(" ", text))


def _seen(text: str) -> str:
    """The text, or nothing if all of it is blanks and accents without a letter."""
    return text if text.isascii() or any(unicodedata.category(sign)[0] not in "MZ" for sign in text) else ""


def _needed(found: re.Match[str]) -> str:
    """What has to stay of a run of invisible characters: a flag, the look of an emoji, a joiner that changes the spelling."""
    if found["flag"]:
        return found["flag"]
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    if not before.strip():
        return ""
    selector = _SELECTORS.search(found[0])
    kept = selector[0] if selector else ""
    if _JOINER in found[0] and _is_emoji(before) and unicodedata.category(after or " ") in ("So", "Sm"):
        return kept + _JOINER
    joiner = next((sign for sign in found[0] if sign in (_JOINER, _NON_JOINER)), None)
    if (
        joiner
        and _JOINING_SCRIPTS.match(before)
        and (_JOINING_SCRIPTS.match(after) or unicodedata.combining(before) == _VIRAMA)
    ):
        return kept + joiner
    return kept


def _is_emoji(sign: str) -> bool:
    return unicodedata.category(sign) == "So" or "\U0001f3fb" <= sign <= "\U0001f3ff"


def _without_heaps(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if marks <= MARKS_IN_A_ROW:
            kept.append(sign)
    return "".join(kept)


def _written_out(found: re.Match[str]) -> str:
    needed = _needed(found)
    return "".join(sign if sign in needed else json.dumps(sign)[1:-1] for sign in found[0])
