from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.search import MAX_WORD, index_words, query_words


def is_found(typed: str, text: str) -> bool:
    words = index_words(text)
    return all(any(word.startswith(part) for word in words) for part in query_words(typed))


@pytest.mark.parametrize("text", ["GPT-5.2", "GPT5.2"])
@pytest.mark.parametrize("typed", ["GPT-5.2", "gpt5.2", "gpt 5.2", "GPT 5", "gpt52", "gpt-5", "GPT–5.2", "5.2"])
def test_every_way_of_writing_a_name_finds_it(typed: str, text: str) -> None:
    assert is_found(typed, f"{text} is released")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("cafe", "Café"),
        ("CAFÉ", "cafe"),
        ("strasse", "Straße"),
        ("istanbul", "İstanbul"),
        ("fine", "ﬁne"),
        ("gpt", "𝐆𝐏𝐓"),
        ("tel", "℡"),
        ("cant", "can't"),
        ("can't", "can’t"),
        ("under_score", "under_score"),
        ("under score", "under_score"),
        ("100%", "100% of them"),
        ("us", "U.S."),
        ("модель", "Модель"),
    ],
)
def test_case_accents_and_signs_make_no_difference(typed: str, text: str) -> None:
    assert is_found(typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("知能", "人工知能の発展"),
        ("発展 人工", "人工知能の発展"),
        ("人工知能発展", "人工知能の発展"),  # a particle between them
        ("オリンピック", "東京オリンピック2028"),
        ("2028", "東京オリンピック2028"),
        ("gpt", "来年GPT6が出る"),
        ("智能", "中国人工智能的发展"),
        ("은행", "한국은행이 금리를 내린다"),
        ("은", "한국은행"),
        ("ไทย", "ประเทศไทยจะชนะ"),
        ("เลือกตั้ง", "การเลือกตั้งทั่วไป"),
        ("हिन्दी", "भारत में हिन्दी"),
        ("wahl", "Die Bundestagswahl wird wiederholt"),
        ("tagswahl", "Bundestagswahl 2029"),
        ("minister", "Der Finanzminister ist nicht im Amt"),
        ("kampioenschap", "Het wereldkampioenschap wordt verplaatst"),
    ],
)
def test_words_are_found_within_what_is_written_together(typed: str, text: str) -> None:
    assert is_found(typed, text)


def test_what_is_not_there_is_not_found_in_scripts_without_blanks() -> None:
    assert not is_found("知識", "人工知能の発展")
    assert not is_found("能人", "人工知能")
    assert not is_found("人工知能車", "人工知能の発展")  # of five characters the last counts too
    assert not is_found("เลือก", "ประเทศไทย")


def test_english_words_are_stored_without_their_ends() -> None:
    assert index_words("Who wins the parliament election") == {"who", "wins", "the", "parliament", "election"}


def test_a_long_text_without_blanks_is_stored_by_one_word_for_each_character() -> None:
    assert len(index_words("人工知能" * 75)) <= 300 + 1


def test_a_query_has_its_words_in_order_and_each_once() -> None:
    assert query_words("Who, who is first: GPT or who?") == ["who", "is", "first", "gpt", "or"]


def test_signs_alone_are_no_words() -> None:
    assert query_words("%_'\"!? 🔥") == []
    assert index_words("%_'\"!? 🔥") == set()


@given(st.text(max_size=80))
def test_every_text_is_found_by_its_own_words(text: str) -> None:
    assert is_found(text, text)


@given(st.text(max_size=80))
def test_folding_again_changes_nothing(text: str) -> None:
    assert query_words(" ".join(query_words(text))) == query_words(text)


@given(st.text(min_size=30, max_size=200))
def test_no_word_is_longer_than_its_column(text: str) -> None:
    assert all(0 < len(word) <= MAX_WORD for word in [*index_words(text), *query_words(text)])
