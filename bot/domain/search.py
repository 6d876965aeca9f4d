"""The words by which a prediction is found: folded the same way when it is stored and when somebody looks for it."""

from __future__ import annotations

import re
import unicodedata

MAX_WORD = 40
_COMPOUND = re.compile(r"\w+(?:[-.’'+/]\w+)*")
_PART = re.compile(r"[^\W_]+")
_RUN = re.compile(r"\d+|[^\W\d_]+")


def index_words(text: str) -> set[str]:
    """All the words that `text` is found by. "GPT-5.2" gives gpt, 5, 2 and gpt52, "GPT5.2" gpt5 besides:
    every way of writing it finds it."""
    words: set[str] = set()
    for compound in _COMPOUND.findall(_folded(text)):
        parts = _PART.findall(compound)
        words.update(part[:MAX_WORD] for part in parts)
        words.update(run[:MAX_WORD] for part in parts for run in _RUN.findall(part))
        if len(parts) > 1:
            words.add("".join(parts)[:MAX_WORD])
    return words


def query_words(text: str) -> list[str]:
    """The words that somebody typed, in order, each once."""
    return list(dict.fromkeys(part[:MAX_WORD] for part in _PART.findall(_folded(text))))


def _folded(text: str) -> str:
    # Taken apart before and after folding: signs like ℡ hide capitals.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
