from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answers import read_answer
from bot.domain.errors import Refused
from bot.domain.times import day_number
from bot.domain.types import Kind

LABS = ("OpenAI", "Google", "Google DeepMind")


def test_a_binary_answer_is_one_probability() -> None:
    assert read_answer("7:3", kind=Kind.BINARY) == (0.7,)
    assert read_answer("3 to 1", kind=Kind.BINARY) == (0.75,)


@pytest.mark.parametrize(
    "text",
    [
        "50; 30; 20",
        "50/30/20",
        "50, 30, 20",
        "50,30,20",
        "50 30 20",
        "50% 30% 20%",
        "0,5 0,3 0,2",
        "0.5\n0.3\n0.2",
        "50|30|20",
        "OpenAI: 50; Google: 30; Google DeepMind: 20",
        "google deepmind = 20; google = 30; openai = 50",
        "OpenAI: 50, Google: 30, Google DeepMind: 20",
        "o: 50; Google D: 20; Google: 30",
        "OpenAI: 50\nGoogle: 30\nGoogle DeepMind: 20\n",
    ],
)
def test_an_answer_on_options_is_in_their_order_or_by_their_names(text: str) -> None:
    assert read_answer(text, kind=Kind.MULTIPLE_CHOICE, options=LABS) == pytest.approx((0.5, 0.3, 0.2))


def test_an_option_that_is_not_named_has_no_chance() -> None:
    assert read_answer("OpenAI: 100", kind=Kind.MULTIPLE_CHOICE, options=LABS) == (1.0, 0.0, 0.0)


def test_a_name_may_hold_a_colon() -> None:
    assert read_answer("A: B: 60; C: 40", kind=Kind.MULTIPLE_CHOICE, options=("A: B", "C")) == (0.6, 0.4)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("50; 50", "Give 3 probabilities, in the order OpenAI, Google, Google DeepMind. You gave 2"),
        ("", "Give 3 probabilities"),
        ("Meta: 50; OpenAI: 50", "“Meta” isn't one of the options: OpenAI, Google, Google DeepMind"),
        ("Goo: 50; OpenAI: 50", "“Goo” isn't one of the options"),
        ("OpenAI: 50; 50", "“50” names no option. Write each as OPTION: PROBABILITY"),
        ("OpenAI: 50; Google: 30", "They add up to 80%. 20% is left over: give it to one of the options."),
        ("OpenAI: many", "I can't read “many” as a probability"),
    ],
)
def test_an_answer_on_options_that_does_not_fit_them_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_answer(text, kind=Kind.MULTIPLE_CHOICE, options=LABS)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("text", ["8; 12; 20", "8 to 12 to 20", "8..12..20", "8 | 12 | 20", " 8 USD; 12 USD; 20 USD;"])
def test_a_numeric_answer_is_three_quantiles(text: str) -> None:
    assert read_answer(text, kind=Kind.NUMERIC) == (8, 12, 20)


@pytest.mark.parametrize("text", ["1 Mar 2027; 1 Jun 2027; 2028", "2027-03-01 to 2027-06-01 to 31 Dec 2028"])
def test_a_date_answer_is_three_days(text: str) -> None:
    days = (date(2027, 3, 1), date(2027, 6, 1), date(2028, 12, 31))
    assert read_answer(text, kind=Kind.DATE) == tuple(day_number(day) for day in days)


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        (
            Kind.NUMERIC,
            "12",
            "Give three values, low; middle; high, for example 8; 12; 20, or one guess like 12 ± 3. You gave 1",
        ),
        (
            Kind.DATE,
            "2027; 2028",
            "for example 1 Mar 2027; 1 Jun 2027; 31 Dec 2028, or one guess like 1 Jun 2027 ± 2 weeks. You gave 2",
        ),
        (Kind.NUMERIC, "8; 7; 20", "Low must be below middle, and middle below high. You gave 8, 7, 20"),
        (Kind.DATE, "2028; 2027; 2029", "Low must be below middle, and middle below high. You gave 2028, 2027, 2029"),
        (Kind.DATE, "3/4/2027; 2028; 2029", "could be two days"),
    ],
)
def test_quantiles_that_are_missing_or_fall_are_refused(kind: Kind, text: str, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_answer(text, kind=kind)
    assert sentence in str(refusal.value)


@given(st.text(alphabet="OpenAIGoogle :=;,/|0123456789.%to\n-", max_size=60), st.sampled_from(Kind))
def test_any_answer_is_understood_or_refused(text: str, kind: Kind) -> None:
    options = LABS if kind is Kind.MULTIPLE_CHOICE else ()
    with suppress(Refused):
        values = read_answer(text, kind=kind, options=options)
        assert len(values) == {Kind.BINARY: 1}.get(kind, 3)
