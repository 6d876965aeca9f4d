"""Whatever a document holds, it is read to a prediction file that loads, by work that grows with its length."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from bot.command_line.extract import extraction_text
from bot.domain.documents.prose.encoding import UnreadableDocument
from bot.domain.documents.prose.extract import Extraction, extract
from bot.domain.documents.reading import read_prediction_file
from tests.properties import examples
from tests.work import calls

PIECES = [
    *(
        "# ",
        "## 2026\n",
        "- ",
        "  - ",
        "1. ",
        "> ",
        "> [!NOTE]\n",
        "|",
        "|-|-|\n",
        "\n",
        "\n\n",
        "---\n",
        "+++\n",
        "title: ",
        "```\n",
    ),
    *(
        "70%",
        ": 70%",
        "(_Probability: 75%_)",
        "50/50",
        "50%/40%/10%",
        "A/B/C: ",
        ">99%",
        "**900** [500 – 1500]",
        "p = 0.7",
        "100%",
    ),
    *(
        "It will rain ",
        "by 2026",
        "within 6 months ",
        "Q1-Q2 2026",
        "In 10 years, ",
        "... ",
        "either (a) x or (b) y ",
        "if ",
        "[[p01]]",
    ),
    *(
        "✅ ",
        "❌",
        "~~x~~ ",
        "Result: No.",
        "Text: ",
        "From: @a\n",
        "Resolution: ",
        "__FAIL__",
        "Grade: B",
        "Expected: ",
        "Most likely\n",
    ),
    *(
        "<b>",
        "</table>",
        "<script>",
        "<!--",
        "[a](b",
        "[^1]",
        "[^1]: ",
        "&nbsp;",
        "ðŸ¤”",
        "\ufeff",
        "\u2028",
        "\x85",
        "\t",
        "\\",
        "_",
        "**",
        "`",
    ),
    *("Prediction|Probability|Outcome\n", "a,b,c\n", '"', "@everyone", "\U0001f525", "é", "0", "²", "١٢%", "9" * 400),
]
NAMES = st.sampled_from(["a.md", "a.txt", "a.html", "a.csv", "2022-02-30-x.md"])


def check(extraction: Extraction) -> None:
    """The file that a person would get loads without a problem."""
    reading = read_prediction_file(extraction_text(extraction.document).encode(), file="x.yaml", today=date(2026, 1, 1))
    assert reading.problems == ()
    assert reading.document is not None
    assert len(reading.document.predictions) == len(extraction.items)


@settings(max_examples=examples(300))
@given(st.lists(st.sampled_from(PIECES), max_size=40), NAMES)
def test_any_mixture_of_forms_is_read(pieces: list[str], name: str) -> None:
    check(extract("".join(pieces).encode(), path=name))


@pytest.mark.parametrize(
    "text",
    [
        "Rates will fall below three\nand stay there all year.\nExpected: Q1 2027\n",
        "Title: Rates fall\nDate: 2025-12-31\n",
        "# Log\n\nTitle: Rates fall\nDate: 2025-12-31\n\nTitle: Oil above 100\nDate: 2025-12-31\n",
        '---\ntitle: "My predictions for 2012"\ndate: "2011-12-27"',
        "- Rates fall\n  and stay there\n  Resolution: Q1 2026\n",
    ],
    ids=["paragraph", "properties", "log", "front matter without an end", "bullet"],
)
def test_records_of_several_lines_without_a_description_are_read(text: str) -> None:
    for name in ("x.md", "x.txt"):
        check(extract(text.encode(), path=name))


@settings(max_examples=examples(150))
@given(st.text(max_size=300), NAMES)
def test_any_text_is_read(text: str, name: str) -> None:
    try:
        check(extract(text.encode("utf-8", errors="replace"), path=name))
    except UnreadableDocument:
        assert any(ord(letter) < 32 for letter in text)


@settings(max_examples=examples(150))
@given(st.binary(max_size=300), NAMES)
def test_any_bytes_are_read_or_refused_with_a_sentence(raw: bytes, name: str) -> None:
    try:
        check(extract(raw, path=name))
    except UnreadableDocument as error:
        event(str(error))


FORMS = [
    "- It will rain in Spain: 70%\n",
    "It will rain.\n\n_Probability: 70%_\n\n",
    "[",
    "(",
    "> a will: 70%\n\n",
    "1",
    "word ",
    "<!--",
    "**a",
    "within 6 ",
    "a | b\n",
    "~~x",
    "✅ a b\n",
    "- a (b) (c) [d] no: (e\n",
]
"""Pieces that a document may repeat."""


@pytest.mark.parametrize("piece", FORMS)
def test_the_work_grows_with_the_length(piece: str) -> None:
    short, long = (calls(lambda length=length: check(repeated(piece, length))) for length in (1_000, 4_000))
    assert long < 8 * short


@pytest.mark.parametrize("piece", FORMS)
def test_a_long_document_of_one_form_is_read(piece: str) -> None:
    """Calls don't show a pattern of words that is tried again and again: with one, this would not end."""
    check(repeated(piece, 120_000))


def repeated(piece: str, length: int) -> Extraction:
    raw = ("# Predictions for 2026\n\n" + piece * (length // len(piece))).encode()
    return extract(raw, path="x.md")


@pytest.mark.soak
@pytest.mark.parametrize(
    "piece",
    [
        "- It will rain in Spain: 70%\n",
        "✅ a b\n",
        "We think that it will rain. " * 20 + "\n\n",
        "[70%] " * 1600 + "\n\n",
        "it rains (70%), " * 190 + "\n\n",
    ],
    ids=["items", "ticks", "prose", "numbers in brackets", "numbers without a full stop"],
)
def test_a_document_of_a_megabyte_is_read(piece: str) -> None:
    raw = ("# Predictions for 2026\n\n" + piece * (1_000_000 // len(piece.encode()))).encode()
    extract(raw, path="x.md")


@pytest.mark.parametrize("text", [">" * 10_000 + " x: 70%", "- " * 10_000 + "x: 70%", "<div>" * 10_000 + "It will: 70%"])
def test_deep_nesting_is_read(text: str) -> None:
    for name in ("x.md", "x.html"):
        check(extract(text.encode(), path=name))
