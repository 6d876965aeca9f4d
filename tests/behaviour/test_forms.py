"""Every form that is refused can be opened again with what was typed in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.domain.types import Kind
from bot.ui import modals
from bot.ui.group_forms import AnswersForm, GroupForm, WordingForm
from bot.ui.modals import RetypableForm
from tests.behaviour.conftest import Seen, World, click, shown, slash

HOUR, DAY = 3600.0, 86400.0
DOCUMENT = b"# Bets\n\n## Predictions\n\n- GPT-6 is released by the end of 2030: 70%\n"


async def forecast(world: World) -> Seen:
    world.create_prediction()
    return await (await slash(world.ada, world, "forecast", prediction="1")).click("Exact…")


async def options(world: World) -> Seen:
    world.create_prediction("Who leads?", kind=Kind.MULTIPLE_CHOICE)
    return await (await slash(world.ada, world, "forecast", prediction="1")).click("Set probabilities…")


async def quantiles(world: World) -> Seen:
    world.create_prediction("How many?", kind=Kind.NUMERIC)
    return await (await slash(world.ada, world, "forecast", prediction="1")).click("Set low and high…")


async def guess(world: World) -> Seen:
    world.create_prediction("When?", kind=Kind.DATE)
    return await (await slash(world.ada, world, "forecast", prediction="1")).click("Best guess…")


async def reason(world: World) -> Seen:
    world.create_prediction()
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="70")
    form = await placed.click("Add a reason…")
    await slash(world.ada, world, "forecast", prediction="1", probability="80")
    return form


async def add(world: World) -> Seen:
    return await slash(world.ada, world, "prediction add")


async def edit(world: World) -> Seen:
    world.create_prediction()
    return await slash(world.manager, world, "prediction edit", prediction="1")


async def from_message(world: World) -> Seen:
    said = await world.bob.send(world.channel, "GPT-6 will be out by summer")
    return Seen(world.ada, await world.ada.context_menu(world.channel, "Make a prediction", said))


async def proposal(world: World) -> Seen:
    world.create_prediction()
    await world.advance(2 * DAY)  # whoever proposes has been here for a day
    return await (await slash(world.ada, world, "prediction show", prediction="1")).click("Propose result")


async def vote(world: World, kind: Kind = Kind.BINARY) -> Seen:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    world.create_prediction(kind=kind)
    world.create_forecasts(1, (0.5,) if kind is Kind.BINARY else (1, 2, 3))
    await world.advance(31 * DAY)
    return await slash(world.ada, world, "vote", prediction="1")


async def ballot(world: World) -> Seen:
    return await (await (await vote(world)).click("Yes")).click("Say when, add link or comment…")


async def value(world: World) -> Seen:
    return await (await vote(world, Kind.NUMERIC)).click("Give the number…")


async def upload(world: World) -> Seen:
    return Seen(world.manager, await world.manager.slash(world.channel, "prediction import", file=("bets.md", DOCUMENT)))


async def correction(world: World) -> Seen:
    item = await (await upload(world)).choose("Open one…", "1")
    return await item.click("Correct…")


async def reminder(world: World) -> Seen:
    world.create_prediction()
    asked = await (await slash(world.ada, world, "prediction show", prediction="1")).click("Remind me")
    return await asked.choose("When?", "another")


async def setting(world: World) -> Seen:
    return await (await (await slash(world.manager, world, "settings guild")).click("Posts")).choose(
        "Quiet hours: change…", "another"
    )


async def group(world: World) -> Seen:
    return await slash(world.manager, world, "group add")


async def grouped(world: World) -> Seen:
    predictions = "Q1 2031: 31 Mar 2031\nQ2 2031: 30 Jun 2031"
    return await slash(world.manager, world, "group add", title="GPT-6 is released by …", predictions=predictions)


async def wording(world: World) -> Seen:
    await grouped(world)
    return await slash(world.manager, world, "group rename", group="GPT-6")


async def answers(world: World) -> Seen:
    await grouped(world)
    card = next(message for message in world.messages() if "### GPT-6 is released by" in shown(message))
    return await click(world.ada, card, "Forecast all")


async def source(world: World) -> Seen:
    return await (await upload(world)).click("Name the author…")


CASES: dict[str, tuple[type[RetypableForm], Callable[[World], Awaitable[Seen]], dict[str, str]]] = {
    "forecast": (modals.ForecastForm, forecast, {"probability": "120", "reason": "A long thought"}),
    "options": (modals.ForecastForm, options, {"openai": "50", "google": "20", "reason": "A long thought"}),
    "quantiles": (modals.ForecastForm, quantiles, {"low_in_usd": "9", "best_guess_in_usd": "8", "high_in_usd": "x"}),
    "guess": (modals.GuessForm, guess, {"best_guess": "1 Jun 2027", "give_or_take": "a bit"}),
    "reason": (modals.ReasonForm, reason, {"why_do_you_think_so": "They said so"}),
    "add": (modals.PredictionForm, add, {"statement": "GPT-6 is out", "by_when": "someday", "criteria": "As reported"}),
    "edit": (modals.PredictionForm, edit, {"statement": "GPT-7 is out", "by_when": "31 Dec 2020", "topics": "a, b"}),
    "from message": (modals.PredictionForm, from_message, {"by_when": "someday", "criteria": "As reported"}),
    "proposal": (modals.ProposalForm, proposal, {"what_happened": "maybe", "when_did_it_become_known": "today"}),
    "ballot": (modals.BallotForm, ballot, {"link_that_shows_it": "nonsense", "comment": "I saw it"}),
    "value": (modals.ValueForm, value, {"what_is_the_number": "a lot"}),
    "correction": (modals.CorrectionForm, correction, {"probability": "120", "statement": "GPT-6 is out"}),
    "reminder": (modals.ReminderForm, reminder, {"when": "someday"}),
    "setting": (modals.SettingForm, setting, {"quiet_hours": "whenever"}),
    "group": (GroupForm, group, {"title": "GPT-6 is released by …", "predictions": "Q1 2031: someday", "topics": "AI"}),
    "wording": (WordingForm, wording, {"title": "When does GPT-6 come?", "labels": "spring: #1"}),
    "answers": (AnswersForm, answers, {"q1_2031": "120", "q2_2031": "70"}),
    "source": (modals.SourceForm, source, {"title": "Bets", "who_wrote_it": "x" * 101}),
}


def test_every_form_is_tried() -> None:
    assert {form for form, _, _ in CASES.values()} == set(RetypableForm.__subclasses__())


@pytest.mark.parametrize("case", CASES)
async def test_a_refused_form_opens_again_with_what_was_typed(world: World, case: str) -> None:
    _, open_form, typed = CASES[case]
    form = await open_form(world)
    refused = await form.submit(**typed)
    assert refused.is_private
    assert refused.text.startswith("⚠️ ")
    assert "Something went wrong" not in refused.text
    for _ in range(2):  # whoever closes the form can open it once more
        again = await refused.click("Try again")
        assert again.form_title == form.form_title
        standing = dict(zip(fields_of(again), again.form.values(), strict=True))
        assert {name: standing[name] for name in typed} == typed
        assert {name: value for name, value in standing.items() if name not in typed} == {
            name: value for name, value in zip(fields_of(form), form.form.values(), strict=True) if name not in typed
        }
    twice = await (await refused.click("Try again")).submit()
    assert "Try again" in twice.buttons


def fields_of(seen: Seen) -> list[str]:
    """The names of a form's fields, as `submit` takes them."""
    return [seen.name_of(label) for label in seen.form]


async def test_a_corrected_form_goes_on_as_if_nothing_had_happened(world: World) -> None:
    refused = await (await forecast(world)).submit(probability="120", reason="A long thought")
    placed = await (await refused.click("Try again")).submit(probability="20")
    assert "You said **20%**" in placed.text
    assert "> A long thought" in placed.text
    assert world.forecasts_of(world.ada) == [(0.2,)]


async def test_a_refused_command_with_a_form_opens_it_with_what_was_typed(world: World) -> None:
    given = {"statement": "How many?", "by": "someday", "kind": "numeric", "unit": "USD", "criteria": "As reported"}
    refused = await slash(world.ada, world, "prediction add", **given)
    assert "I can't read “someday” as a date" in refused.text
    form = await refused.click("Try again")
    assert list(form.form.values()) == ["How many?", "USD", "someday", "As reported", ""]
    await form.fill_in(by_when="in 2 weeks")
    refused = await slash(world.ada, world, "prediction edit", prediction="1", closes="someday")
    form = await refused.click("Try again")
    assert form.form["Last day for forecasts"] == "someday"
    refused = await slash(world.ada, world, "prediction edit", prediction="1", by="yesterday", statement="How much?")
    form = await refused.click("Try again")
    assert (form.form["Statement"], form.form["By when"]) == ("How much?", "yesterday")


async def test_a_refused_forecast_by_command_opens_its_form(world: World) -> None:
    world.create_prediction()
    refused = await slash(world.ada, world, "forecast", prediction="1", probability="120", reason="A long thought")
    form = await refused.click("Try again")
    assert form.form == {"Probability": "120", "Reason": "A long thought"}
    await form.fill_in(probability="20")
    assert world.forecasts_of(world.ada) == [(0.2,)]
    world.create_prediction("How many?", kind=Kind.NUMERIC)
    refused = await slash(world.ada, world, "forecast", prediction="2", probability="many", reason="A long thought")
    assert list((await refused.click("Try again")).form.values()) == ["", "", "", "A long thought"]
