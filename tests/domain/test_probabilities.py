from __future__ import annotations

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import NotUnderstood, Refused
from bot.domain.probabilities import check_quantiles, read_option_probabilities, read_probability, read_quantity


@pytest.mark.parametrize(
    ("text", "probability"),
    [
        ("70", 0.7),
        ("70%", 0.7),
        ("0.7", 0.7),
        ("0,7", 0.7),
        ("7/10", 0.7),
        ("7:3", 0.7),
        ("0", 0.0),
        ("100", 1.0),
        ("100%", 1.0),
        ("1", 0.01),
        ("1%", 0.01),
        ("0.99", 0.99),
        ("0.5%", 0.005),
        ("0,5 %", 0.005),
        ("70.5", 0.705),
        (".7", 0.7),
        (" 70 % ", 0.7),
        ("70 percent", 0.7),
        ("70％", 0.7),
        ("~70%", 0.7),
        ("9 in 10", 0.9),
        ("7 out of 10", 0.7),
        ("3 to 1", 0.75),
        ("1:3", 0.25),
        ("50/50", 0.5),
        ("60/40", 0.6),
        ("0/5", 0.0),
        ("5/5", 1.0),
    ],
)
def test_a_probability_is_read_in_every_usual_form(text: str, probability: float) -> None:
    assert read_probability(text) == probability


@pytest.mark.parametrize("text", ["120", "-3", "120%", "11/10", "-1:3", "100.1", pytest.param("9" * 400, id="huge")])
def test_what_lies_outside_0_to_100_percent_is_refused_with_the_forms_that_work(text: str) -> None:
    with pytest.raises(Refused, match=r"outside 0 to 100 %\. Write 70, 70%, 0\.7, 7/10 or 7:3"):
        read_probability(text)


@pytest.mark.parametrize("text", ["nan", "inf", "", "   ", "likely", "1e2", "1e400", "five", "$70", "70 USD"])
def test_what_is_no_number_is_refused_with_the_forms_that_work(text: str) -> None:
    with pytest.raises(Refused, match=r"is not a probability.*\. Write 70, 70%, 0\.7, 7/10 or 7:3"):
        read_probability(text)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("70%%", "%"),
        ("7//10", "/10"),
        ("70% or so", "or so"),
        ("10-20", "-20"),
        ("5–10%", "–10%"),
        ("0x10", "x10"),
        ("<5%", "<"),
        ("at least 70%", "at least"),
        ("not 70%", "not"),
        ("70 points", "points"),
        ("3 to 1 against", "against"),
        ("7٣", "٣"),
    ],
)
def test_what_is_more_than_a_number_is_refused_with_the_part_that_is_too_much(text: str, part: str) -> None:
    with pytest.raises(NotUnderstood, match=r"Write 70, 70%, 0\.7, 7/10 or 7:3") as refusal:
        read_probability(text)
    assert refusal.value.part == part
    assert f"I can't read “{part}”" in str(refusal.value)


@pytest.mark.parametrize("text", ["7/0", "0/0", "0:0", "7/-10", "7 in 0"])
def test_a_fraction_of_nothing_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="divides by zero"):
        read_probability(text)


@pytest.mark.parametrize(
    "text",
    ["x" * 100_000, " 7" * 50_000, "7 " + " " * 100_000 + "x", "7/" * 50_000],
    ids=["words", "numbers", "blanks", "fractions"],
)
def test_an_overlong_text_is_refused_with_a_short_sentence(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_probability(text)
    assert len(str(refusal.value)) < 250


def test_a_fraction_below_1_stays_one_however_close_it_comes() -> None:
    assert read_probability("0." + "9" * 30) == pytest.approx(1.0)


def test_what_is_said_is_what_is_stored_to_the_last_bit() -> None:
    assert read_probability("99.9%") == 0.999
    assert read_probability("0.1%") == 0.001
    assert read_probability("14.5%") == 0.145


def test_no_chance_has_no_sign() -> None:
    assert math.copysign(1, read_probability("-0")) == 1


@given(st.integers(0, 1000))
def test_percent_and_fraction_mean_the_same(per_mille: int) -> None:
    assert read_probability(f"{per_mille / 10}%") == read_probability(f"{per_mille}/1000") == per_mille / 1000


@given(st.text(max_size=60))
def test_any_text_gives_a_probability_or_a_refusal(text: str) -> None:
    with suppress(Refused):
        assert 0 <= read_probability(text) <= 1


@pytest.mark.parametrize("last", ["28", "29", "30", "31", "32"])
def test_options_that_sum_to_100_give_or_take_2_are_made_to_sum_to_1(last: str) -> None:
    values = read_option_probabilities(["50", "20", last])
    assert math.fsum(values) == pytest.approx(1.0, abs=1e-15)
    assert values[0] / values[1] == pytest.approx(2.5)


@pytest.mark.parametrize(("last", "total"), [("27", "97"), ("33", "103"), ("27.9", "97.9"), ("32.1", "102.1"), ("0", "70")])
def test_options_that_sum_to_anything_else_are_refused_with_the_sum(last: str, total: str) -> None:
    with pytest.raises(Refused, match=f"They add up to {total}%"):
        read_option_probabilities(["50", "20", last])


def test_an_option_left_empty_counts_as_0() -> None:
    assert read_option_probabilities(["60", "", "40"]) == (0.6, 0.0, 0.4)


def test_one_option_that_cannot_be_read_refuses_all() -> None:
    with pytest.raises(Refused, match="“many” is not a probability"):
        read_option_probabilities(["60", "many"])


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("12", 12),
        ("-5", -5),
        ("1.5", 1.5),
        ("1,5", 1.5),
        (".5", 0.5),
        ("1,000,000", 1_000_000),
        ("1.000.000", 1_000_000),
        ("1 000 000", 1_000_000),
        ("1\u202f000", 1000),
        ("1'000", 1000),
        ("1_000", 1000),
        ("1.000,5", 1000.5),
        ("1,000.5", 1000.5),
        ("1 000,5", 1000.5),
        ("2.5M", 2_500_000),
        ("40 million", 40_000_000),
        ("3k tokens", 3000),
        ("1e6", 1_000_000),
        ("1e-3", 0.001),
        ("$40M", 40_000_000),
        ("€ 2,5 bn", 2_500_000_000),
        ("12 USD", 12),
        ("5%", 5),
    ],
)
def test_a_quantity_is_read_in_the_usual_forms(text: str, quantity: float) -> None:
    assert read_quantity(text) == pytest.approx(quantity)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "nan",
        "inf",
        "10-15",
        "5 to 7",
        "5–6",
        "5 7",
        "10 20 30",
        "1,2,3",
        "2.5.1",
        "1.5.2,3",
        "1,000 00",
        "5 or 6",
    ],
)
def test_what_is_not_one_number_is_refused_with_the_forms_that_work(text: str) -> None:
    with pytest.raises(Refused, match=r"Write 12, 1\.5, 2\.5M or 40 million"):
        read_quantity(text)


@pytest.mark.parametrize(
    "text", ["1e400", "1" * 400, "1" * 100_000, "9e307 million"], ids=["power", "long", "longer", "word"]
)
def test_a_number_too_large_to_store_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="too large a number to store"):
        read_quantity(text)


@given(st.text(alphabet="0123456789.,' +-eEkM%$to/", max_size=30))
def test_any_text_gives_a_finite_quantity_or_a_refusal(text: str) -> None:
    with suppress(Refused):
        assert math.isfinite(read_quantity(text))


def test_quantiles_may_be_equal_and_must_not_fall() -> None:
    check_quantiles((1.0, 1.0, 2.0), shown=("1", "1", "2"))
    with pytest.raises(Refused, match=r"middle below high\. You gave 3 USD, 2 USD, 5 USD"):
        check_quantiles((3.0, 2.0, 5.0), shown=("3 USD", "2 USD", "5 USD"))
