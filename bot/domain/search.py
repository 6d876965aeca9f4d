"""The words by which a prediction is found: folded the same way when it is stored and when somebody looks for it.

What is typed is looked for at the beginning of words. So a word that can be looked for from within, as in scripts without
blanks and in German compounds, is stored with its ends as well: Bundestagswahl with tagswahl and wahl, 人工知能 with 知能.
"""

from __future__ import annotations

import re
import unicodedata

MAX_WORD = 40
LONGEST_END = 8
"""How many characters of an end are stored, in scripts without blanks: nobody types more without a pause."""
_WHOLE = 4
"""Up to this many characters without blanks are looked for as one word; of more, each two are."""
_ANYWHERE = 13
"""From this length on, a word is taken for a compound in any language; English has few such words."""
_COMPOUND_FROM = 8
"""From this length on in a text whose language joins words."""
_BEHIND, _BEFORE = 4, 3
"""The shortest end of a compound, and the least that stands before it."""
_GERMANIC = (
    "der das und wird werden ist nicht ein eine einen einer im den dem von zum zur mit auf bis sich auch nach bei oder "
    "als uber durch wenn noch sind hat wurde het een van wordt zal voor met zijn worden naar och att det som pa ar av inte "
    "kommer ska till og er af ikke vil blive bliver inden innen"
)
_JOINING = frozenset(_GERMANIC.split())
"""Words of German, Dutch, Swedish, Danish and Norwegian that are none in English: these languages join nouns."""


def _marks() -> str:
    """Vowels and tones of Indic and South-East Asian scripts, which stand as marks on a letter and belong to its word."""
    return "".join(chr(code) for code in range(0x0900, 0x1800) if unicodedata.category(chr(code))[0] == "M")


_LETTER = rf"[\w{_marks()}]"
_COMPOUND = re.compile(rf"{_LETTER}+(?:[-.’'+/]+{_LETTER}+)*")
_PART = re.compile(rf"{_LETTER}+")
_DIGITS = re.compile(r"(\d+)")
_UNBROKEN = re.compile(
    # Thai, Lao, Myanmar, Hangul, Khmer, kana, Han: whole blocks, with the marks that belong to them.
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)


def index_words(text: str) -> set[str]:
    """All the words that `text` is found by. "GPT-5.2" gives gpt, 5, 2 and gpt52, "GPT5.2" gpt5 besides:
    every way of writing it finds it."""
    folded = _folded(text)
    words: set[str] = set()
    joins = len(_JOINING.intersection(_PART.findall(folded))) >= 2
    for compound in _COMPOUND.findall(folded):
        parts = _PART.findall(compound)
        words.update(part[:MAX_WORD] for part in parts)
        if not compound.isascii():
            words.update(beside[:MAX_WORD] for part in parts for beside in _UNBROKEN.split(part) if beside)
        for run in (run for part in parts for run in _DIGITS.split(part) if run):
            words.add(run[:MAX_WORD])
            words.update(_ends(run, joins=joins))
        if len(parts) > 1:
            words.add("".join(parts)[:MAX_WORD])
    return words


def query_words(text: str) -> list[str]:
    """The words that somebody typed, in order, each once. What is written without blanks is cut into pieces of which each
    must be found, so that it is found with a word between them too."""
    words: list[str] = []
    for part in _PART.findall(_folded(text)):
        at = 0
        for found in _UNBROKEN.finditer(part):
            words += [part[at : found.start()], *_pieces(found[0])]
            at = found.end()
        words.append(part[at:])
    return list(dict.fromkeys(word[:MAX_WORD] for word in words if word))


def _ends(run: str, *, joins: bool) -> set[str]:
    """The ends by which a run of letters is found from within."""
    ends: set[str] = set()
    for unbroken in () if run.isascii() else _UNBROKEN.finditer(run):
        starts = _starts(unbroken[0])
        for number, start in enumerate(starts):
            stop = starts[number + LONGEST_END] if number + LONGEST_END < len(starts) else None
            ends.add(unbroken[0][start:stop][:MAX_WORD])
    if len(run) >= (_COMPOUND_FROM if joins else _ANYWHERE) and run.isalpha() and not ends:
        ends.update(run[at:][:MAX_WORD] for at in range(_BEFORE, len(run) - _BEHIND + 1))
    return ends


def _pieces(run: str) -> list[str]:
    starts = [*_starts(run), len(run)]
    count = len(starts) - 1
    if count <= _WHOLE:
        return [run]
    pairs = [*range(0, count - 1, 2), count - 2]
    return [run[starts[at] : starts[at + 2]] for at in dict.fromkeys(pairs)]


def _starts(run: str) -> list[int]:
    """Where characters begin as people see them: a Korean syllable is up to three signs, a Thai one carries marks."""
    return [0, *(at for at in range(1, len(run)) if not _goes_on(run[at]))]


def _goes_on(character: str) -> bool:
    return "\u1160" <= character <= "\u11ff" or unicodedata.category(character)[0] == "M"


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower().replace("_", "-")
    # Taken apart before and after folding: signs like ℡ hide capitals.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character)).replace("_", "-")
