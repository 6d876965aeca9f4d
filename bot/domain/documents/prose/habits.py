"""Numbers that are probabilities because a document has the habit: decimals (`it rains: 0.72`), and a percentage with a
remark behind it (`I move: 90% Right after the car.`). One such line says nothing; several alike do."""

from __future__ import annotations

import re

from bot.domain.documents.prose.evidence import speaks_of_credence
from bot.domain.documents.prose.probabilities import is_quantity_after, read_stated
from bot.domain.documents.prose.sections import Place, is_predictive_title
from bot.domain.documents.prose.shapes import LONGEST_BLOCK, Block, BlockKind
from bot.domain.documents.prose.stated import NUMBER, Form, Stated, decimal_of
from bot.domain.documents.prose.verdict_words import BAD, GOOD, OPEN

_SIGNS = GOOD + BAD + OPEN
_DECIMAL = r"(?P<number>0?[.,]\d{1,4}|0|1|1[.,]0{1,2})"
_BEHIND = rf"(?=[\s*_~)\]]*(?:$|\n|[.,;]\s|[.;]$|[(\[{{“\"‘]|\s[A-Z]|[{_SIGNS}]))"
_BRACKETED_DECIMAL = re.compile(rf"[(\[][\s*_]*{_DECIMAL}[\s*_]*[)\]]{_BEHIND}")
_LED_DECIMAL = re.compile(rf"(?:[:：=⇒→]|\s[-–—]{{1,3}})[\s*_~]*{_DECIMAL}(?![\d.,]*\d){_BEHIND}")
_FIRST_DECIMAL = re.compile(
    r"[\s*_~(\[]*(?P<number>0?[.,]\d{1,4}|1[.,]0{1,2})[)\]*_~]*(?:\s*[:：|]|\s+[-–—]{1,3}|(?<=[)\]]))\s+[*_]*(?=[^\W\d_])"
)
_LED = re.compile(
    rf"(?:[:：=⇒→]|\s[-–—]{{1,3}})[\s*_~]*(?P<qualifier>[<>≤≥~≈]=?\s?)?(?P<number>{NUMBER})\s?[%％][*_~]*"
    rf"(?=$|\n|[.,;)]|\s?[(\[{{“\"‘'–—-]|\s*[{_SIGNS}]|\s+[*_]*[A-Z…]|\s+(?:or|but|because|since|if|though|although|as|assuming|given|mostly|just|maybe|probably)\b)"
)
_BRACKETED_WHOLE = re.compile(r"\s*[(\[](?P<number>\d{1,3})[)\]][\s.*_]*$")
_SENTENCE_ENDS = re.compile(r"[.!?][)”\"]?\s+[A-Z]")
_NEXT_STATEMENT = re.compile(r"[\s.,;*_]*(?:and\s+)?[A-Z…][^.!?\n]{2,79}")
_FEW, _FEW_REMARKED, _HALF, _MOST, _WORDS = 3, 2, 0.5, 0.7, 3


def read_habits(blocks: list[Block], places: list[Place], *, title: str) -> dict[int, list[Stated]]:
    """The probabilities of blocks that state them in a way which counts by habit alone, by the block's index.

    None in the list: a percentage there is part of a comment, as the probabilities are decimals."""
    kept = [
        index for index, block in enumerate(blocks) if block.kind is not BlockKind.ROW and len(block.text) < LONGEST_BLOCK
    ]
    decimals: dict[int, Stated] = {}
    led: dict[int, list[Stated]] = {}
    for index in kept:
        if (decimal := read_decimal(blocks[index].text)) is not None:
            decimals[index] = decimal
        if "%" in blocks[index].text and (several := _read_led(blocks[index].text)):
            led[index] = several
    found: dict[int, list[Stated]] = _read_whole(blocks, kept, title)
    if (not decimals and not led) or not speaks_of_credence(blocks, title, led.keys() | decimals.keys()):
        return found
    with_percent = sum("%" in blocks[index].text for index in kept)
    if len(decimals) >= _FEW and len(decimals) > len(led) and _are_wordy(decimals, blocks):
        found |= {index: [] for index in kept if blocks[index].kind is BlockKind.PARAGRAPH and "%" in blocks[index].text}
        found |= {index: [stated] for index, stated in decimals.items()}
    remarked = sum(bool(re.search(r"\w", blocks[index].text[parts[-1].end :])) for index, parts in led.items())
    if (
        len(led) >= _FEW
        and (remarked >= _FEW_REMARKED or len(led) - remarked >= _FEW)
        and len(led) >= _HALF * with_percent
        and _are_wordy({index: parts[0] for index, parts in led.items()}, blocks)
    ):
        found |= {index: parts for index, parts in led.items() if not _is_read(blocks[index], parts)}
    return found


def _read_whole(blocks: list[Block], kept: list[int], title: str) -> dict[int, list[Stated]]:
    """Whole numbers in brackets at the end of most items of a page that announces predictions: "Gold passes $3,000 (40)"."""
    items = [index for index in kept if blocks[index].kind is BlockKind.ITEM and blocks[index].parent is None]
    found = {
        index: _made(hit, Form.FINAL, hit.start(), hit.end())
        for index in items
        if (hit := _BRACKETED_WHOLE.search(blocks[index].text.split("\n", 1)[0]))
        and _is_statement(blocks[index].text[: hit.start()])
    }
    values = [stated.value or 0.0 for stated in found.values()]
    round_ones = sum(round(100 * value) % 5 == 0 or value in (0.01, 0.99) for value in values)
    is_habit = (
        len(found) >= _FEW
        and len(found) >= _MOST * len(items)
        and round_ones >= _MOST * len(values)
        and len(set(values)) > 1
        and max(values) <= 1
        and is_predictive_title(title)
    )
    return {index: [stated] for index, stated in found.items()} if is_habit else {}


def read_decimal(text: str) -> Stated | None:
    """The number from 0 to 1 that a line has at its end, in brackets, or at its beginning: `it rains: 0.72`."""
    if not re.search(r"[.,]\d", text) or ("%" in text and read_stated(text)):
        return None
    line = text.split("\n", 1)[0]
    if first := _FIRST_DECIMAL.match(line):
        return _made(first, Form.FIRST, 0, first.end(), is_decimal=True)
    for pattern in (_BRACKETED_DECIMAL, _LED_DECIMAL):
        hits = [hit for hit in pattern.finditer(line) if _is_statement(line[: hit.start()])]
        if hits:
            inside = (part for part in read_stated(line) if part.start <= hits[-1].start() < part.end)
            if (whole := next((part for part in inside if part.form is Form.CUE), None)) is not None:
                return whole  # "(p = 0.7)" with its bracket and its word
            return _made(hits[-1], Form.FINAL, hits[-1].start(), hits[-1].end(), is_decimal=True)
    return None


def _read_led(text: str) -> list[Stated]:
    """The percentages that follow a statement at once, whatever is remarked behind: the first, and those of statements behind it."""
    found: list[Stated] = []
    for hit in _LED.finditer(text):
        between = text[found[-1].end if found else 0 : hit.start()]
        if decimal_of(hit["number"]) > 100 or is_quantity_after(text[hit.end() :]):
            continue
        if found and not _NEXT_STATEMENT.fullmatch(between):
            break
        if not _is_statement(between) or (not found and _SENTENCE_ENDS.search(between)):
            break
        found.append(_made(hit, Form.FINAL, hit.start(), hit.end()))
    return found


def _made(hit: re.Match[str], form: Form, start: int, end: int, *, is_decimal: bool = False) -> Stated:
    number = decimal_of(hit["number"])
    return Stated(
        start, end, float(number if is_decimal else number / 100), hit["number"] + ("" if is_decimal else "%"), form
    )


def _is_statement(text: str) -> bool:
    return len(re.findall(r"[^\W\d_]+", text[-300:])) >= 2


def _are_wordy(stated: dict[int, Stated], blocks: list[Block]) -> bool:
    words = [len(re.findall(r"[^\W\d_]+", blocks[at].text[: part.start] or blocks[at].text)) for at, part in stated.items()]
    return sum(count >= _WORDS for count in words) >= _HALF * len(words)


def _is_read(block: Block, parts: list[Stated]) -> bool:
    """Whether the number is taken for what it is without the habit, and no other before it."""
    usual = read_stated(block.text, bold=block.bold)
    return bool(usual) and len(usual) > len(parts) and usual[0].start <= parts[0].end and parts[0].start <= usual[0].end
