"""What people and documents write is safe to keep and to show, and stays what they wrote in every language."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refused
from bot.domain.evidence import checked_link
from bot.domain.texts import clean_line, clean_text, for_terminal, is_right_to_left, web_address

ANY = st.text(st.characters(exclude_categories=()))
STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\u202egnp.exe", "agnp.exe"),
        ("\u2066a\u2069 b\u200f", "a b"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\x1b[31mred\x07", "[31mred"),
        ("tags\U000e0061\U000e007f", "tags"),
        ("a\u00a0\u3000\u2003\u2028b\x0b\x85", "a b"),
        ("e\u0301", "é"),
        ("z" + "\u0310" * 40, "z" + "\u0310" * 5),
        ("a\u200db", "ab"),
    ],
)
def test_what_is_invisible_or_turns_the_direction_goes(given: str, kept: str) -> None:
    assert clean_line(given) == kept


@pytest.mark.parametrize(
    "text",
    [
        "👩🏽‍🚀 and 🏳️‍🌈, 👨‍👩‍👧, ❤️‍🔥, 🙂‍↔️",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿 wins",
        "1️⃣ first",
        "می‌خواهم",
        "ක්‍රි ශ්‍රී",
        "क्‍ष",
        "葛󠄀城",
        "שָׁלוֹם עולם",
        "tiếng Việt, Ελληνικά, 日本語, 한국어, ไทย",
    ],
)
def test_what_spelling_and_emoji_need_stays(text: str) -> None:
    assert clean_line(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "nothing", ["", " \t\n", "\u200b" * 3, "\u3164\u115f", "\u2800", "\u202e\u202c", "\u0301\u0301", "\ufe0f", "\U000e0061"]
)
def test_what_shows_nothing_is_empty(nothing: str) -> None:
    assert clean_line(nothing) == clean_text(nothing) == ""


@pytest.mark.parametrize("broken", ["a\x00b", "\ud800", "\udfff tail"])
def test_what_cannot_be_stored_is_refused_in_words_or_left_out(broken: str) -> None:
    with pytest.raises(Refused, match="broken character"):
        clean_line(broken)
    clean_line(broken, refuse=False).encode()


def test_lines_stay_with_at_most_one_empty_one_between_them() -> None:
    assert clean_text("  one \r\n\n\n\n two\tthree\u2028four\n") == "one\n\ntwo three\nfour"


@given(STORABLE)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_text(clean_text(text)) == clean_text(text)


@given(ANY)
def test_no_text_moves_what_stands_beside_it_or_controls_a_terminal(text: str) -> None:
    shown, printed = clean_text(text, refuse=False), for_terminal(text)
    for sign in "\x00\x07\x1b\x7f\x9b\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff":
        assert sign not in shown
        assert sign not in printed
    shown.encode()
    printed.encode()


def test_a_terminal_shows_what_was_hidden() -> None:
    assert for_terminal("a\x1b[2J\u202eb ❤️\n") == "a\\u001b[2J\\u202eb ❤️\n"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://x.example/a_(b)", "https://x.example/a_%28b%29"),
        ("https://x.example/)[free](https://evil.example", "https://x.example/%29%5Bfree%5D%28https://evil.example"),
        ("HTTP://localhost:8080?q=<b>", "HTTP://localhost:8080?q=%3Cb%3E"),
        (" https://x.ex\u200bample/ß ", "https://x.example/ß"),
        ("https://medium.example/@ada", "https://medium.example/@ada"),
    ],
)
def test_an_address_cannot_end_early(given: str, kept: str) -> None:
    assert web_address(given) == kept
    assert web_address(kept) == kept
    assert checked_link(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "javascript:alert(1)",
        "https://a.example https://evil.example",
        "https://discord.com@evil.example",
        "https://)",
        "https://",
        "ftp://x.example",
        "https:///x",
        "data:text/html,x",
        "//x.example",
    ],
)
def test_what_is_no_plain_address_is_none(given: str) -> None:
    assert web_address(given) is None


@pytest.mark.parametrize(("text", "is_it"), [("abc 1%", False), ("שלום", True), ("سلام", True), ("日本", False)])
def test_right_to_left_words_are_known(text: str, is_it: bool) -> None:
    assert is_right_to_left(text) is is_it
