"""Reading exports: the forms that are taken, and every problem at once with its place."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import numpy as np
import pytest

from bot.command_line.app import SchemaOf, schema_text
from bot.domain.cases import Case, score_case
from bot.domain.documents.export_reading import read_export
from bot.domain.types import Kind
from tests.conftest import ROOT

OPENS, CLOSES = 1_700_000_000, 1_700_100_000


def create_entry(*forecasts: Any, kind: str = "binary", **others: Any) -> dict[str, Any]:
    """A prediction of an export; ten thousand seconds are a tenth of its time."""
    made = {"kind": kind, "opens_at": OPENS, "scheduled_close": CLOSES, "actual_close": CLOSES, "resolution": "yes"}
    return made | {"forecasts": list(forecasts)} | others


def create_forecast(forecaster: Any = "ann", time: Any = OPENS, values: Any = 0.7, **others: Any) -> dict[str, Any]:
    return {"forecaster": forecaster, "time": time, "values": values} | others


def read(data: Any) -> tuple[Case, ...]:
    """The cases of a file in which nothing is wrong."""
    reading = read_export(json.dumps(data).encode())
    assert reading.problems == ()
    assert reading.export is not None
    return reading.export.cases


def problems(data: Any) -> list[str]:
    reading = read_export((data if isinstance(data, str) else json.dumps(data)).encode())
    assert (reading.export is None) is bool(reading.problems)
    return [str(problem) for problem in reading.problems]


def notes(data: Any) -> list[str]:
    return [str(note) for note in read_export(json.dumps(data).encode()).notes]


def test_a_plain_list_and_a_block_with_predictions_are_the_same() -> None:
    entry = create_entry(create_forecast())
    for data in ([entry], {"predictions": [entry]}, {"format": "almanac-export/1", "predictions": [entry]}):
        (case,) = read(data)
        assert (case.id, case.kind, case.outcome, case.member_ids) == ("0", Kind.BINARY, 1.0, ("ann",))


@pytest.mark.parametrize(
    "forecast",
    [
        {"forecaster": "ann", "time": OPENS + 0.5, "values": [0.7], "end": CLOSES},
        ["ann", OPENS + 0.5, [0.7], CLOSES],
        ["ann", "2023-11-14T22:13:20.500000+00:00", 0.7, "2023-11-16T02:00:00Z"],
        ["ann", "2023-11-14T23:13:20.5+01:00", 0.7, CLOSES],
    ],
)
def test_a_forecast_may_be_a_block_or_a_list_and_times_text_or_numbers(forecast: Any) -> None:
    (case,) = read([create_entry(forecast)])
    assert case.members.starts.tolist() == [OPENS + 0.5]
    assert case.members.ends.tolist() == [CLOSES]
    assert case.members.values.tolist() == [[0.7]]


def test_a_missing_end_is_open() -> None:
    (case,) = read([create_entry(["ann", OPENS, 1], create_forecast("bob", end=None), create_forecast("cat"))])
    assert np.isinf(case.members.ends).all()


def test_forms_may_be_mixed_and_rows_in_any_order() -> None:
    rows = [create_forecast("bob", CLOSES - 5, [0.2]), ["ann", "2023-11-15T00:00:00Z", 1], create_forecast(12, OPENS, 0)]
    (case,) = read([create_entry(*rows)])
    assert case.member_ids == ("12", "ann", "bob")
    assert case.members.who.tolist() == [2, 1, 0]


@pytest.mark.parametrize(
    ("kind", "given", "outcome"),
    [
        ("binary", "yes", 1),
        ("binary", "No", 0),
        ("binary", True, 1),
        ("binary", False, 0),
        ("binary", 0, 0),
        ("multiple_choice", "b", 1),
        ("multiple_choice", "B", 1),
        ("multiple_choice", 0, 0),
        ("numeric", -12.5, -12.5),
        ("date", "1970-01-11", 10),
        ("date", 10, 10),
        ("binary", None, None),
        ("binary", "annulled", None),
        ("multiple_choice", "Annulled", None),
        ("date", "annulled", None),
    ],
)
def test_resolutions(kind: str, given: Any, outcome: float | None) -> None:
    (case,) = read([create_entry(kind=kind, resolution=given, options=["a", "b"] if kind == "multiple_choice" else None)])
    assert case.outcome == outcome


def test_an_option_of_that_name_is_not_an_annulment() -> None:
    (case,) = read([create_entry(kind="multiple_choice", resolution="annulled", options=["kept", "annulled"])])
    assert case.outcome == 1


def test_dates_are_days_or_numbers() -> None:
    (case,) = read([create_entry(["ann", OPENS, ["1970-01-02", 5, "1970-02-01"]], kind="date", resolution=9)])
    assert case.members.values.tolist() == [[1, 5, 31]]


def test_authors_are_marked_in_the_list_of_forecasters_or_at_the_forecast() -> None:
    entry = create_entry(["doc", OPENS, 0.5], create_forecast("pen", role="author"), create_forecast("ann"))
    (case,) = read({"forecasters": [{"id": "doc", "role": "author"}, {"id": "ann"}], "predictions": [entry]})
    assert (case.author_ids, case.member_ids) == (("doc", "pen"), ("ann",))


def test_the_crowds_own_forecasts_are_left_out_with_a_note() -> None:
    data = [create_entry(create_forecast("crowd"), create_forecast("ann"))]
    (case,) = read(data)
    assert case.member_ids == ("ann",)
    assert "predictions[0].forecasts[0]: of the crowd" in notes(data)[0]


def test_what_lies_outside_is_left_out_with_a_note_and_what_reaches_in_is_cut() -> None:
    rows = [["ann", OPENS - 10, 0.7, OPENS], ["bob", CLOSES, 0.7], ["cat", OPENS - 10, 0.7, OPENS + 50_000]]
    (case,) = read([create_entry(*rows)])
    assert "predictions[0].forecasts[0, 1]: wholly outside" in notes([create_entry(*rows)])[0]
    scored = score_case(case).scores
    assert scored is not None
    assert scored.members.over_time.coverage.tolist() == [0, 0, 0.5]


def test_an_empty_prediction_and_an_empty_file_are_fine() -> None:
    (case,) = read([create_entry()])
    assert len(case.members) == 0
    assert read([]) == ()


def test_unknown_fields_are_named_and_ignored() -> None:
    data = {"predictions": [create_entry(create_forecast(mood="x"), titel="y"), create_entry(titel="z")], "extra": 1}
    assert notes(data) == [
        "extra: unknown field, ignored",
        "predictions[0].titel: unknown field, ignored, as in 1 more places",
        "predictions[0].forecasts: unknown fields, ignored: mood",
    ]


def test_a_close_after_the_scheduled_one_is_the_scheduled_one() -> None:
    (case,) = read([create_entry(actual_close=CLOSES + 9)])
    assert case.window is not None
    assert case.window.closed_at == CLOSES


def test_all_problems_are_said_at_once_each_with_its_place() -> None:
    found = problems(
        [
            create_entry(["ann", OPENS, 1.2], ["bob", "yesterday", [0.5]], ["cat", OPENS, 0.5, OPENS - 1], {"time": 1}),
            create_entry(
                ["ann", OPENS, [0.5, 0.5]],
                ["ann", OPENS, [0.5, 0.3, 0.1]],
                ["bob", OPENS, [0.5, 0.3, "x"]],
                kind="multiple_choice",
                options=["a", "b", "c"],
                resolution="b",
            ),
            create_entry(["ann", OPENS, [3, 2, 1]], ["", "2023-11-15T00:00:00", [1, 2, 3]], kind="numeric", resolution=2),
        ]
    )
    assert found == [
        "predictions[0].forecasts[0].values: is 1.2; allowed is a probability from 0 to 1 (70 % is 0.7)",
        "predictions[0].forecasts[1].time: is 'yesterday'; allowed is a time like 2026-12-31T23:00:00+00:00, or Unix seconds",
        "predictions[0].forecasts[2].end: is before the forecast's time",
        "predictions[0].forecasts[3].forecaster: is missing; it must be given",
        "predictions[0].forecasts[3].values: is missing; it must be given",
        "predictions[1].forecasts[0].values: has 2 of 3 numbers (a probability for each of the 3 options)",
        "predictions[1].forecasts[1].values: sum to 0.9; they must sum to 1 (give or take 0.02)",
        "predictions[1].forecasts[2].values: is 'x'; allowed is a number",
        "predictions[2].forecasts[0].values: must rise: the 10 %, the 50 % and the 90 % quantile",
        "predictions[2].forecasts[1].forecaster: is ''; allowed are text and whole numbers",
        "predictions[2].forecasts[1].time: is '2023-11-15T00:00:00'; a time needs its offset, as in 2026-12-31T23:00:00+00:00",
    ]


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 400, "true", "null", '"0.5"', "[0.5]", "{}"]
)
@pytest.mark.parametrize("form", ['["ann", 1700000000, {}]', '["ann", {}, 0.5]', '["ann", 1700000000, 0.5, {}]'])
def test_no_time_end_or_value_is_anything_but_a_number(form: str, number: str) -> None:
    if form.endswith("0.5, {}]") and number == "null":
        return  # an end that is null is open
    if "{}]" in form and "0.5" not in form and number == "[0.5]":
        return  # a value may stand in a list
    entry = json.dumps(create_entry("FORECAST")).replace('"FORECAST"', form.replace("{}", number))
    (problem,) = problems(f"[{entry}]")
    assert problem.startswith(
        ("predictions[0].forecasts[0].values", "predictions[0].forecasts[0].time", "predictions[0].forecasts[0].end")
    )


@pytest.mark.parametrize(
    ("others", "problem"),
    [
        ({"resolution": "maybe"}, "predictions[0].resolution: is 'maybe'; allowed are yes, no"),
        ({"resolution": [1]}, "predictions[0].resolution: is [1]"),
        ({"resolution": float("nan")}, "predictions[0].resolution: is nan"),
        ({"kind": "ternary"}, "predictions[0].kind: is 'ternary'"),
        ({"kind": "numeric", "resolution": "yes"}, "predictions[0].resolution: is 'yes'; allowed is a number"),
        ({"kind": "numeric", "resolution": float("inf")}, "predictions[0].resolution: is inf"),
        ({"kind": "date", "resolution": "2026-02-30"}, "predictions[0].resolution: is 2026-02-30; there is no such day"),
        ({"kind": "multiple_choice"}, "predictions[0].options: multiple_choice needs 2 to 25; this has 0"),
        ({"kind": "multiple_choice", "options": ["a", "A"]}, "predictions[0].options: two have the same name"),
        ({"kind": "multiple_choice", "options": ["a", "b"], "resolution": "c"}, "predictions[0].resolution: is 'c'; it is no option"),
        ({"kind": "multiple_choice", "options": ["a", "b"], "resolution": 2}, "predictions[0].resolution: is 2; it is no option"),
        ({"kind": "multiple_choice", "options": ["a", "b"], "resolution": True}, "predictions[0].resolution: is True; it is no"),
        ({"scheduled_close": OPENS - 1}, "predictions[0].scheduled_close: is before opens_at"),
        ({"actual_close": OPENS - 1}, "predictions[0].actual_close: is before opens_at"),
        ({"actual_close": None, "scheduled_close": None}, "predictions[0].scheduled_close: is missing"),
        ({"opens_at": "today"}, "predictions[0].opens_at: is 'today'; allowed is a time"),
        ({"opens_at": None}, "predictions[0].opens_at: is None; allowed is a time"),
        ({"forecasts": 3}, "predictions[0].forecasts: must be a list"),
    ],
)  # fmt: skip
def test_a_prediction_that_cannot_be(others: dict[str, Any], problem: str) -> None:
    (found,) = problems([create_entry(**others)])
    assert found.startswith(problem)


def test_two_forecasts_of_one_moment_are_refused_but_for_one_taken_back_at_once() -> None:
    rows = [["ann", OPENS, 0.5], ["bob", OPENS, 0.5], ["ann", OPENS, 0.6]]
    assert problems([create_entry(*rows)]) == [
        "predictions[0].forecasts[2]: has the forecaster and the time of predictions[0].forecasts[0]; keep one of them"
    ]
    (case,) = read([create_entry(["ann", OPENS, 0.5, OPENS], ["ann", OPENS, 0.6])])
    scored = score_case(case).scores
    assert scored is not None
    assert scored.members.over_time.brier[0] == pytest.approx(0.16)


def test_a_time_without_its_offset_is_refused_among_times_that_have_one_too() -> None:
    rows = [["ann", "2023-11-15T00:00:00Z", 0.5], ["bob", "2023-11-15T00:00:00", 0.5]]
    (problem,) = problems([create_entry(*rows)])
    assert problem.startswith("predictions[0].forecasts[1].time: is '2023-11-15T00:00:00'; a time needs its offset")


def test_ids_are_unique() -> None:
    assert problems([create_entry(id=7), create_entry(id="7")]) == [
        "predictions[1].id: is 7, which predictions[0] has as well"
    ]


def test_a_problem_of_one_prediction_does_not_hide_those_of_another() -> None:
    found = problems([create_entry(kind="ternary"), create_entry(["ann", OPENS, 2]), 5])
    assert [problem.split(":")[0] for problem in found] == [
        "predictions[0].kind",
        "predictions[2]",
        "predictions[1].forecasts[0].values",
    ]


@pytest.mark.parametrize(
    "text", ["", "{", "nonsense", "[" * 5000, "5", '"x"', "{}", '{"predictions": 5}', '{"predictions": null}']
)
def test_what_is_no_export_is_said_so(text: str) -> None:
    assert len(problems(text)) == 1


def test_the_published_schema_is_that_of_the_models_and_takes_what_is_read() -> None:
    published = (ROOT / "docs" / "export-1.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(SchemaOf.EXPORT), (
        "python -m bot schema --of export docs/export-1.schema.json writes it again"
    )
    entry = create_entry(create_forecast(), ["ann", "2023-11-15T00:00:00Z", [0.5], None], id=3)
    jsonschema.validate({"predictions": [entry]}, json.loads(published))
