"""Forecasts on options, on numbers and on dates."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.times import day_number
from bot.domain.types import Kind
from tests.behaviour.conftest import Seen, World, slash

THREE = ("OpenAI", "Google", "Anthropic")
SEVEN = ("OpenAI", "Google", "Anthropic moves to Texas", "Meta: the lab", "xAI", "Mistral", "Another")
LINES = "Probabilities, one per line, adding up to 100"


async def form(member: object, world: World, code: int = 1) -> Seen:
    """The form behind the panel's button."""
    panel = await slash(member, world, "forecast", prediction=str(code))
    label = next(label for label in panel.buttons if label.startswith("Set "))
    return await panel.click(label)


# Multiple choice.


async def test_a_few_options_have_a_field_each(world: World) -> None:
    world.create_prediction("Who leads the arena?", kind=Kind.MULTIPLE_CHOICE, options=THREE)
    opened = await form(world.ada, world)
    assert list(opened.form) == [*THREE, "Reason"]
    placed = await opened.fill_in(openai="50", google="30%", anthropic="0.2", reason="They said so")
    assert "**OpenAI 50%, Google 30%, Anthropic 20%**" in placed.text
    assert world.forecasts_of(world.ada) == [(0.5, 0.3, 0.2)]


async def test_fields_left_empty_count_as_nothing(world: World) -> None:
    world.create_prediction("Who leads the arena?", kind=Kind.MULTIPLE_CHOICE, options=THREE)
    await (await form(world.ada, world)).fill_in(openai="60", anthropic="40")
    assert world.forecasts_of(world.ada) == [(0.6, 0.0, 0.4)]


async def test_many_options_share_a_field_of_lines(world: World) -> None:
    world.create_prediction("Who leads the arena?", kind=Kind.MULTIPLE_CHOICE, options=SEVEN)
    opened = await form(world.ada, world)
    assert list(opened.form) == [LINES, "Reason"]
    lines = opened.form[LINES].splitlines()
    assert lines == [f"{name}: " for name in SEVEN]
    answers = ("40", "20", "10", "10", "10", "5", "5")
    typed = "\n".join(f"{line}{answer}" for line, answer in zip(lines, answers, strict=True))
    placed = await opened.fill_in(probabilities_one_per_line_adding_up_to_100=typed)
    assert "OpenAI 40%, Google 20%, Anthropic moves to Texas 10%, Meta: the lab 10%" in placed.text
    assert world.forecasts_of(world.ada) == [pytest.approx((0.4, 0.2, 0.1, 0.1, 0.1, 0.05, 0.05))]


@pytest.mark.parametrize("options", [THREE, SEVEN])
async def test_the_form_opens_with_what_one_said(world: World, options: tuple[str, ...]) -> None:
    world.create_prediction("Who leads the arena?", kind=Kind.MULTIPLE_CHOICE, options=options)
    said = "; ".join(["50", "25", "25", *["0"] * (len(options) - 3)])
    await slash(world.ada, world, "forecast", prediction="1", probability=said)
    opened = await form(world.ada, world)
    again = await opened.fill_in()
    assert "You said **" in again.text
    assert world.forecasts_of(world.ada) == [world.forecasts_of(world.ada)[0]] * 2


async def test_a_sum_near_100_is_evened_out(world: World) -> None:
    for code, typed in enumerate([(49, 29, 20), (51, 31, 20), (50, 30, 20)], 1):
        world.create_prediction("Who leads the arena?", kind=Kind.MULTIPLE_CHOICE, options=THREE)
        openai, google, anthropic = map(str, typed)
        await (await form(world.ada, world, code)).fill_in(openai=openai, google=google, anthropic=anthropic)
        (stored,) = world.forecasts_of(world.ada, code)
        assert stored == pytest.approx(tuple(number / sum(typed) for number in typed))
        assert sum(stored) == pytest.approx(1)


async def test_another_sum_is_refused_with_the_sum_and_all_that_was_typed(world: World) -> None:
    world.create_prediction("Who leads the arena?", kind=Kind.MULTIPLE_CHOICE, options=THREE)
    for typed, total in {("49", "28", "20"): "97%", ("50", "33", "20"): "103%", ("5", "", ""): "5%"}.items():
        openai, google, anthropic = typed
        refused = await (await form(world.ada, world)).fill_in(
            openai=openai, google=google, anthropic=anthropic, reason="A long thought"
        )
        assert refused.is_private
        assert f"They add up to {total}" in refused.text
        assert f"OpenAI: {openai}" in refused.text
        assert "Reason: A long thought" in refused.text
    assert world.forecasts_of(world.ada) == []


async def test_options_are_answered_by_command(world: World) -> None:
    world.create_prediction("Who leads the arena?", kind=Kind.MULTIPLE_CHOICE, options=THREE)
    for typed in (
        "50; 30; 20",
        "50, 30, 20",
        "50/30/20",
        "OpenAI: 50; google: 30; anthropic: 20",
        "Anthropic 20%; OpenAI 50; Google: 30",
    ):
        placed = await slash(world.ada, world, "forecast", prediction="1", probability=typed)
        assert "OpenAI 50%, Google 30%, Anthropic 20%" in placed.text, typed


async def test_options_that_do_not_fit_are_refused(world: World) -> None:
    world.create_prediction("Who leads the arena?", kind=Kind.MULTIPLE_CHOICE, options=THREE)
    for typed in ("50; 50", "50", "OpenAI: 50; Bing: 50", "OpenAI: 50; Google: many; Anthropic: 20"):
        refused = await slash(world.ada, world, "forecast", prediction="1", probability=typed)
        assert refused.is_private
        assert refused.text.startswith("⚠️"), typed
    assert world.forecasts_of(world.ada) == []


async def test_options_may_be_named_like_numbers_and_sentences(world: World) -> None:
    options = ("2026", "2027", "2028 to 2029", "after the 2030s: never", "nobody | nothing")
    world.create_prediction("When?", kind=Kind.MULTIPLE_CHOICE, options=options)
    await slash(world.ada, world, "forecast", prediction="1", probability="50; 20; 10; 10; 10")
    again = await (await form(world.ada, world)).fill_in()
    assert "You said **2026 50%, 2027 20%" in again.text
    assert world.forecasts_of(world.ada) == [pytest.approx((0.5, 0.2, 0.1, 0.1, 0.1))] * 2


# Numbers.


async def test_a_number_is_three_quantiles_with_the_unit(world: World) -> None:
    world.create_prediction("What does a token cost?", kind=Kind.NUMERIC, unit="USD per 1M tokens")
    opened = await form(world.ada, world)
    assert opened.about == {
        "Low, in USD per 1M tokens": "1 in 10 that it's lower",
        "Best guess, in USD per 1M tokens": "As likely higher as lower",
        "High, in USD per 1M tokens": "1 in 10 that it's higher",
        "Reason": "",
    }
    placed = await opened.fill_in(
        low_in_usd_per_1m_tokens="8", best_guess_in_usd_per_1m_tokens="12", high_in_usd_per_1m_tokens="20 USD"
    )
    assert "You said **12 USD per 1M tokens (80% between 8 and 20)**" in placed.text
    assert world.forecasts_of(world.ada) == [(8.0, 12.0, 20.0)]


async def test_numbers_are_read_in_every_usual_way(world: World) -> None:
    typed = {
        "8; 12; 20": (8.0, 12.0, 20.0),
        "8 | 12 | 20": (8.0, 12.0, 20.0),
        "$8; $12; $20": (8.0, 12.0, 20.0),
        "1,000,000; 2.5M; 4 million": (1e6, 2.5e6, 4e6),
        "-5; 0; 5": (-5.0, 0.0, 5.0),
        "1,5; 2,5; 3,5": (1.5, 2.5, 3.5),
        "1e3; 2e3; 5e3": (1e3, 2e3, 5e3),
        "3; 3; 3": (3.0, 3.0, 3.0),
    }
    for code, (text, stored) in enumerate(typed.items(), 1):
        world.create_prediction("How many?", kind=Kind.NUMERIC, unit="USD")
        await slash(world.ada, world, "forecast", prediction=str(code), probability=text)
        assert world.forecasts_of(world.ada, code) == [stored], text


async def test_numbers_that_do_not_fit_are_refused(world: World) -> None:
    world.create_prediction("What does a token cost?", kind=Kind.NUMERIC)
    for typed in ("20; 12; 8", "12", "8; 12", "8; 12; 20; 30", "a; b; c", "nan; nan; nan", "8; 12; inf", "70%"):
        refused = await slash(world.ada, world, "forecast", prediction="1", probability=typed)
        assert refused.is_private
        assert refused.text.startswith("⚠️"), typed
    assert world.forecasts_of(world.ada) == []


async def test_falling_quantiles_are_refused_with_what_was_given(world: World) -> None:
    world.create_prediction("What does a token cost?", kind=Kind.NUMERIC)
    opened = await form(world.ada, world)
    refused = await opened.fill_in(
        low_in_usd="20",
        best_guess_in_usd="12",
        high_in_usd="8",
        reason="I mixed them up",
    )
    assert "Low must be below middle, and middle below high. You gave 20, 12, 8." in refused.text
    assert "I mixed them up" in refused.text
    assert world.forecasts_of(world.ada) == []


# Dates.


async def test_a_date_is_three_days(world: World) -> None:
    world.create_prediction("When is GPT-6 released?", kind=Kind.DATE)
    opened = await form(world.ada, world)
    placed = await opened.fill_in(
        earliest_likely_date="1 Mar 2027", best_guess="2027-06-01", latest_likely_date="31 December 2028"
    )
    assert "You said **1 Jun 2027 (80% between 1 Mar 2027 and 31 Dec 2028)**" in placed.text
    days = (date(2027, 3, 1), date(2027, 6, 1), date(2028, 12, 31))
    assert world.forecasts_of(world.ada) == [tuple(day_number(day) for day in days)]


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        (Kind.NUMERIC, {"best_guess_in_usd": "12", "give_or_take_in_usd": "3"}, (9.0, 12.0, 15.0)),
        (Kind.DATE, {"best_guess": "15 Jun 2027", "give_or_take": "2 weeks"}, (-14, 0, 14)),
        (Kind.DATE, {"best_guess": "15 Jun 2027", "give_or_take": "10"}, (-10, 0, 10)),
    ],
)
async def test_one_guess_and_give_or_take_are_enough(
    world: World, kind: Kind, typed: dict[str, str], stored: tuple[float, ...]
) -> None:
    world.create_prediction("How many, or when?", kind=kind)
    opened = await (await slash(world.ada, world, "forecast", prediction="1")).click("Best guess…")
    about = next(words for label, words in opened.about.items() if label.startswith("Give or take"))
    assert about.startswith("8 in 10 that it's within this")
    placed = await opened.fill_in(**typed)
    assert "You said" in placed.text
    first = day_number(date(2027, 6, 15)) if kind is Kind.DATE else 0
    assert world.forecasts_of(world.ada) == [tuple(first + number for number in stored)]
    by_command = {Kind.NUMERIC: "12 ± 3", Kind.DATE: f"15 Jun 2027 +/- {typed.get('give_or_take')}"}[kind]
    await slash(world.bob, world, "forecast", prediction="1", probability=by_command)
    assert world.forecasts_of(world.bob) == world.forecasts_of(world.ada)


async def test_a_guess_that_cannot_be_read_says_which_part(world: World) -> None:
    world.create_prediction("When?", kind=Kind.DATE)
    opened = await (await slash(world.ada, world, "forecast", prediction="1")).click("Best guess…")
    refused = await opened.fill_in(best_guess="15 Jun 2027", give_or_take="a bit")
    assert "I can't read “a bit” as a length of time. Try 10 days, 2 weeks or 3 months." in refused.text
    world.create_prediction("How many?", kind=Kind.NUMERIC)
    asked = await slash(world.ada, world, "forecast", prediction="2", probability="1.500 ± 100")
    assert asked.buttons == ["1.5 ± 100", "1500 ± 100"]
    await asked.click("1500 ± 100")
    assert world.forecasts_of(world.ada, 2) == [(1400.0, 1500.0, 1600.0)]


async def test_scaled_options_are_explained_and_stay_in_order(world: World) -> None:
    world.create_prediction("Who leads the arena?", kind=Kind.MULTIPLE_CHOICE, options=THREE)
    placed = await (await form(world.ada, world)).fill_in(openai="20", google="49", anthropic="30")
    assert "You typed 99% in all, so I scaled it to 100%." in placed.text
    assert "**OpenAI 20.2%, Google 49.5%, Anthropic 30.3%**" in placed.text
    assert [line.split(" **")[0] for line in placed.text.splitlines() if line.startswith("- ")] == [
        f"- {name}" for name in THREE
    ]
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="20; 49; 31")
    assert "scaled" not in placed.text
    assert world.forecasts_of(world.ada)[-1] == (0.2, 0.49, 0.31)


async def test_dates_are_read_in_every_usual_way(world: World) -> None:
    typed = {
        "1 Mar 2027; 1 Jun 2027; 2028": (date(2027, 3, 1), date(2027, 6, 1), date(2028, 12, 31)),
        "Mar 2027; Q2 2027; H1 2028": (date(2027, 3, 31), date(2027, 6, 30), date(2028, 6, 30)),
        "01.03.2027; 15/06/2027; June 1, 2028": (date(2027, 3, 1), date(2027, 6, 15), date(2028, 6, 1)),
    }
    for code, (text, days) in enumerate(typed.items(), 1):
        world.create_prediction("When is GPT-6 released?", kind=Kind.DATE)
        await slash(world.ada, world, "forecast", prediction=str(code), probability=text)
        assert world.forecasts_of(world.ada, code) == [tuple(day_number(day) for day in days)], text


async def test_dates_that_cannot_be_read_are_refused(world: World) -> None:
    world.create_prediction("When is GPT-6 released?", kind=Kind.DATE)
    typed = {
        "2028; 2027; 2026": "Low must be below middle",
        "03/04/2027; 2028; 2029": "could be two days",
        "soon; later; never": "as a date. Try",
        "31 Feb 2027; 2028; 2029": "isn't a day on the calendar",
        "2027": "Give three values, low; middle; high",
    }
    for text, said in typed.items():
        refused = await slash(world.ada, world, "forecast", prediction="1", probability=text)
        assert refused.is_private
        assert said in refused.text
    assert world.forecasts_of(world.ada) == []
