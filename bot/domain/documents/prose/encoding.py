"""The bytes of a document to its text: encoding found, mojibake repaired, line numbers kept."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import ftfy
from charset_normalizer import from_bytes
from ftfy.badness import is_bad

MAX_BYTES = 5 * 1024 * 1024
_SAMPLE = 64 * 1024
_BINARY = {
    b"%PDF": "a PDF; save its text as .txt or .md",
    b"PK\x03\x04": "a ZIP archive or an office document; save it as text, Markdown, HTML or CSV",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "compressed; unpack it first",
    b"\x7fELF": "a program",
}
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BREAKS = re.compile("\r\n|\r")
_REPAIR = ftfy.TextFixerConfig(
    unescape_html=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,  # quotations must be found again as they stand
    fix_line_breaks=False,  # lines are counted
    normalization=None,
    explain=False,
)


class UnreadableDocument(Exception):
    """The document as a whole cannot be read; `str()` says why and what would work."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document's text, with `\\n` between its lines, and what was done to get it."""

    text: str
    notes: tuple[str, ...] = ()


def decode_document(raw: bytes) -> Decoded:
    """The text of a file, whatever its encoding. Raises UnreadableDocument for what is too large or is no text."""
    if len(raw) > MAX_BYTES:
        raise UnreadableDocument(too_large(len(raw)))
    for beginning, what in _BINARY.items():
        if raw.startswith(beginning):
            raise UnreadableDocument(f"the document is {what}")
    text, encoding = _decode(raw)
    notes = [] if encoding == "utf-8" else [f"the text was read as {encoding}"]
    lines = _BREAKS.sub("\n", text).split("\n")
    repaired = [_storable(line if line.isascii() or not is_bad(line) else ftfy.fix_text(line, _REPAIR)) for line in lines]
    broken = sum(before != after for before, after in zip(lines, repaired, strict=True) if not before.isascii())
    if broken:
        notes.append(f"broken characters were repaired on {broken} line{'s' if broken > 1 else ''}")
    return Decoded("\n".join(repaired), tuple(notes))


def too_large(size: int) -> str:
    """The sentence about a document of this size in bytes, for whoever can refuse it before reading it."""
    return (
        f"the document has {size / 1024 / 1024:.1f} MiB; at most {MAX_BYTES // 1024 // 1024} MiB can be read. "
        "Split it, or keep only the part with the predictions"
    )


def _decode(raw: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace"), encoding
    if b"\x00" in raw[:_SAMPLE] or _is_mostly_control(raw[:_SAMPLE]):
        raise UnreadableDocument(
            "the document is not text but binary data; save it as text, Markdown, HTML or CSV and try again"
        )
    try:
        return raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        if raw[:_SAMPLE].count(b"\n") and error.start > len(raw) - 4:  # cut within a letter
            return raw.decode("utf-8-sig", errors="ignore"), "utf-8"
    best = from_bytes(raw[:_SAMPLE]).best()
    encoding = best.encoding if best is not None else "cp1252"
    try:
        return raw.decode(encoding, errors="replace"), encoding
    except LookupError:
        return raw.decode("cp1252", errors="replace"), "cp1252"


def _is_mostly_control(sample: bytes) -> bool:
    control = sum(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in sample)
    return control * 50 > len(sample)


def _storable(line: str) -> str:
    """Without characters that no prediction file holds. A tab becomes four blanks' worth for the eye, as it was."""
    if line.isascii() and line.isprintable():
        return line
    return "".join(letter if _is_storable(letter) else " " if letter.isspace() else "" for letter in line)


def _is_storable(letter: str) -> bool:
    return letter == "\t" or unicodedata.category(letter) not in ("Cc", "Cs", "Cn", "Co", "Zl", "Zp")
