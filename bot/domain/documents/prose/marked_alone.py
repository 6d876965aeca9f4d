"""A probability on a line of its own: it belongs to what stands before it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.clauses import cleaned, verdict_before
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.options import read_options
from bot.domain.documents.prose.probabilities import Stated
from bot.domain.documents.prose.sentences import is_about_the_future, is_own_forecast, is_question, predicting_sentence
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.types import Kind, Sureness


def read_text_before(blocks: list[Block], index: int, alone: Stated, covered_to: int) -> Candidate | None:
    """A probability on a line of its own belongs to what stands before it, back to the last heading or probability."""
    block = blocks[index]
    if block.parent is not None and block.parent > covered_to:
        item = blocks[block.parent]
        verdict, start = verdict_before(item)
        return Candidate(
            block.parent,
            item.line,
            cleaned(item.text[start:]),
            "a probability on the line below it",
            stated=alone,
            verdict=verdict,
        )
    before: list[int] = []
    heading: int | None = None
    at = index - 1
    while at > covered_to and index - at < 40:
        if blocks[at].kind is BlockKind.HEADING:
            heading = at
            break
        if blocks[at].kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) and not (blocks[at].is_quoted and not block.is_quoted):
            before.insert(0, at)
        at -= 1
    if not before and heading is None:
        return None
    if not before and heading is not None:
        return read_under_heading(blocks, heading, alone)
    if heading is not None and is_question(blocks[heading].text) and is_about_the_future(blocks[heading].text):
        answered = read_under_heading(blocks, heading, alone)
        answered.words = "\n".join([answered.words, *(blocks[at].text for at in before)])
        answered.statement = cleaned(blocks[heading].text)
        return answered
    own = blocks[before[-1]]
    chosen = before[-1]
    for candidate in reversed(before):
        if (span := predicting_sentence(blocks[candidate].text)) and _predicts(blocks[candidate].text[span[0] : span[1]]):
            chosen = candidate
            break
    own = blocks[chosen]
    span = predicting_sentence(own.text) or (0, len(own.text))
    words = "\n".join(blocks[at].text for at in before)
    options = read_options(words) if alone.raw.replace(" ", "").replace("%", "") == "50/50" else ()
    title = tidy(blocks[heading].text) + "\n" if heading is not None and heading == before[0] - 1 else ""
    line = own.line_at(span[0] + len(own.text[span[0] :]) - len(own.text[span[0] :].lstrip()))
    return Candidate(
        chosen,
        blocks[before[0]].line if options else line,
        title + words,
        "a probability on a line of its own after it",
        Sureness.HIGH,
        None if options else alone,
        Kind.MULTIPLE_CHOICE if options else Kind.BINARY,
        tuple(replace(option, probability=0.5) for option in options),
        statement=cleaned(own.text[span[0] : span[1]]),
        subject=title.strip() or None,
    )


def read_under_heading(blocks: list[Block], heading: int, alone: Stated) -> Candidate:
    """A heading that is the statement of the probability below it."""
    verdict, start = verdict_before(blocks[heading])
    return Candidate(
        heading,
        blocks[heading].line,
        cleaned(blocks[heading].text[start:]),
        "a probability under its heading",
        stated=alone,
        verdict=verdict,
    )


def _predicts(sentence: str) -> bool:
    return is_about_the_future(sentence) or is_own_forecast(sentence)
