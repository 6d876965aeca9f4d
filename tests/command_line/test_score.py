"""`python -m bot score`: what it prints, what it finds, and its exit codes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.audit import audit
from bot.domain.documents.export_reading import read_export
from bot.domain.documents.results import differences, results_document
from tests.command_line.running import Done, run

OPENS, CLOSES = 1_700_000_000, 1_700_864_000


def score(path: Path, *arguments: str) -> Done:
    """Run the command to its end."""
    return run("score", path, *arguments)


def create_record(seed: int = 1) -> dict[str, Any]:
    """Eight predictions of all kinds with five members and an author; one is annulled, one is open."""
    dice = random.Random(seed)
    values: dict[str, Callable[[], list[float]]] = {
        "binary": lambda: [dice.random()],
        "multiple_choice": lambda: (lambda part: [part, 0.9 - part, 0.1])(0.8 * dice.random()),
        "numeric": lambda: sorted(dice.uniform(0, 100) for _ in range(3)),
        "date": lambda: sorted(dice.uniform(20_000, 20_100) for _ in range(3)),
    }
    resolutions: dict[str, Any] = {"binary": "yes", "multiple_choice": "b", "numeric": 50, "date": "2024-12-01"}
    predictions: list[dict[str, Any]] = []
    for number, kind in enumerate([*values, "binary", "binary", "binary", "binary"]):
        forecasts = [
            [who, round(dice.uniform(OPENS, CLOSES)), values[kind]()]
            for who in ("m1", "m2", "m3", "m10", "doc")
            for _ in range(3)
        ]
        closed = CLOSES if number % 2 else CLOSES - 100_000
        resolution = {6: None, 7: "annulled"}.get(number, resolutions[kind])
        predictions.append(
            {"id": f"p{number}", "kind": kind, "options": ["a", "b", "c"] if kind == "multiple_choice" else None}
            | {"opens_at": OPENS, "scheduled_close": CLOSES, "actual_close": closed}
            | {"resolution": resolution, "forecasts": forecasts}
        )
    people = [{"id": "doc", "role": "author", "name": "A document"}, {"id": "m1", "name": "Ann"}]
    return {"format": "almanac-export/1", "forecasters": people, "predictions": predictions}


def computed(record: dict[str, Any]) -> dict[str, Any]:
    reading = read_export(json.dumps(record).encode())
    assert reading.export is not None
    return json.loads(json.dumps(results_document(audit(reading.export.cases)), allow_nan=False))


def with_stored(record: dict[str, Any]) -> dict[str, Any]:
    """The record as an export that holds its results."""
    found = computed(record)
    for entry, result in zip(record["predictions"], found["predictions"], strict=True):
        entry["scores"], entry["crowd"] = result["scores"], result["crowd"]
    record["leaderboards"] = [
        {"by": by, "name": "all time", "standings": standings} for by, standings in found["rankings"].items()
    ]
    return record


def differing(record: dict[str, Any]) -> list[str]:
    reading = read_export(json.dumps(record).encode())
    assert reading.problems == ()
    assert reading.export is not None
    return [str(found) for found in differences(reading.export.file, audit(reading.export.cases))]


def write(folder: Path, data: Any) -> Path:
    path = folder / "export.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def test_json_is_one_document_with_everything(tmp_path: Path) -> None:
    done = score(write(tmp_path, create_record()), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert document["ok"] is True
    assert document["differences"] == []
    first, *_, unresolved, annulled = document["predictions"]
    assert [row["forecaster"] for row in first["scores"]] == ["m1", "m10", "m2", "m3", "crowd", "doc"]
    assert [row["role"] for row in first["scores"]] == ["member"] * 4 + ["crowd", "author"]
    assert set(first["scores"][0]) == {
        *("forecaster", "role", "brier", "log", "baseline", "peer", "wis", "relative_brier", "coverage", "spot")
    }
    assert first["scores"][0]["wis"] is None
    assert unresolved["scores"] == annulled["scores"] == []
    assert len(unresolved["crowd"]["history"]["times"]) > 4
    assert set(document["rankings"]) == {"peer", "baseline", "brier"}
    assert {line["forecaster"] for line in document["rankings"]["peer"]} == {"m1", "m10", "m2", "m3", "crowd", "doc"}
    assert max(line["predictions"] for line in document["rankings"]["peer"]) == 6
    assert (document["calibration"][0]["role"], document["calibration"][0]["forecaster"]) == ("member", None)
    assert len(document["calibration"][0]["bins"]) == 10


def test_the_table_names_the_leaders_and_what_was_compared(tmp_path: Path) -> None:
    done = score(write(tmp_path, with_stored(create_record())), "--timing")
    assert done.returncode == 0, done.stdout
    for words in ("Peer score", "Ann", "A document (author)", "crowd", "Calibration", "8 predictions: 6 scored, 1 annulled"):
        assert words in done.stdout
    assert "All stored results match the forecasts." in done.stdout
    assert "peak memory" in done.stderr


def test_a_number_that_was_tampered_with_is_named_and_the_command_fails(tmp_path: Path) -> None:
    record = with_stored(create_record())
    record["predictions"][0]["scores"][1]["peer"] += 0.001
    done = score(write(tmp_path, record))
    assert done.returncode == 1
    assert "predictions[0].scores[member:m10].peer: stored" in done.stdout
    assert "1 difference: this file doesn't agree with its own forecasts and logs." in done.stdout
    as_json = score(write(tmp_path, record), "--json")
    assert as_json.returncode == 1
    assert json.loads(as_json.stdout)["differences"][0]["where"] == "predictions[0].scores[member:m10].peer"


@pytest.mark.parametrize(
    ("taken", "named"),
    [
        (lambda record: record["predictions"][0].pop("scores"), "predictions[0].scores: stored nothing, computed 6 rows"),
        (
            lambda record: record["predictions"][0]["scores"].pop(1),
            "predictions[0].scores[member:m10]: stored nothing, computed a row",
        ),
        (lambda record: record["leaderboards"].pop(0), "leaderboards[peer]: stored nothing, computed 6 lines"),
    ],
)
def test_what_was_deleted_is_named_and_the_command_fails(
    tmp_path: Path, taken: Callable[[dict[str, Any]], object], named: str
) -> None:
    record = with_stored(create_record())
    taken(record)
    done = score(write(tmp_path, record))
    assert done.returncode == 1
    assert named in done.stdout
    assert "this file doesn't agree with its own forecasts and logs." in done.stdout
    assert "Compared: " in done.stdout


def test_problems_are_listed_and_nothing_is_scored(tmp_path: Path) -> None:
    record = create_record()
    record["predictions"][2]["forecasts"][4][2] = [1, 2]
    path = write(tmp_path, json.dumps(record).replace('"m3"', "NaN", 1))
    done = score(path)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{path}: predictions[2].forecasts[4].values: has 2 of 3 numbers" in done.stderr
    assert "predictions[0].forecasts[6].forecaster: is nan" in done.stderr
    assert "2 problems; nothing was scored." in done.stderr
    assert json.loads(score(path, "--json").stdout)["ok"] is False


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    done = score(tmp_path / "none.json")
    assert done.returncode == 2
    assert "can't be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_was_just_computed_differs_in_nothing() -> None:
    assert differing(with_stored(create_record())) == []


def test_the_order_of_loading_changes_nothing_to_the_bit() -> None:
    record, mixed = create_record(), create_record()
    for entry in mixed["predictions"]:
        random.Random(3).shuffle(entry["forecasts"])
    assert computed(record) == computed(mixed)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda record: record["predictions"][0]["scores"].pop(0), "predictions[0].scores[member:m1]: stored nothing"),
        (
            lambda record: record["predictions"][0]["scores"].append({"forecaster": "eve", "peer": 900}),
            "predictions[0].scores[member:eve]: stored a row",
        ),
        (lambda record: record["predictions"][7].update(scores=[{"forecaster": "m1", "peer": 1}]), "predictions[7].scores[member:m1]"),
        (
            lambda record: record["predictions"][0]["scores"].append(record["predictions"][0]["scores"][0]),
            "predictions[0].scores: stored someone twice",
        ),
        (
            lambda record: record["predictions"][1]["scores"][0]["spot"].update(brier=9),
            "predictions[1].scores.spot[member:m1].brier: stored 9",
        ),
        (lambda record: record["predictions"][0]["scores"][0].update(peer=None), "predictions[0].scores[member:m1].peer: stored nothing"),
        (lambda record: record["predictions"][0]["crowd"]["values"].__setitem__(0, 0.123), "predictions[0].crowd.values: stored [0.123]"),
        (lambda record: record["predictions"][0]["crowd"]["history"]["times"].pop(), "predictions[0].crowd.history.times"),
        (
            lambda record: record["predictions"][0]["crowd"]["history"]["lower"][2].__setitem__(0, 7),
            "predictions[0].crowd.history.lower[2]: stored [7.0]",
        ),
        (lambda record: record["leaderboards"][0]["standings"][1].update(rank=9), "leaderboards[0]"),
        (lambda record: record["leaderboards"][1].update(predictions=["p9"]), "leaderboards[1].predictions: stored p9"),
        (lambda record: record["predictions"][0]["forecasts"].pop(0), "predictions[0].scores"),
    ],
)  # fmt: skip
def test_every_stored_number_is_compared(change: Callable[[dict[str, Any]], object], where: str) -> None:
    record = with_stored(create_record())
    change(record)
    assert any(found.startswith(where) for found in differing(record)), differing(record)


def test_who_was_never_active_has_no_scores() -> None:
    record = create_record()
    record["predictions"][0]["forecasts"].append(["eve", CLOSES + 5, [0.9]])
    assert "eve" not in {row["forecaster"] for row in computed(record)["predictions"][0]["scores"]}


def test_calibration_counts_events_of_members_the_crowd_and_the_author_apart() -> None:
    found = {(line["role"], line["forecaster"]): line["events"] for line in computed(create_record())["calibration"]}
    # Four of the eight are scored and of yes or no, or options: one, three, one and one events.
    assert found == {
        ("member", None): 24,
        ("crowd", "crowd"): 6,
        ("author", "doc"): 6,
        **{("member", name): 6 for name in ("m1", "m2", "m3", "m10")},
    }


def test_who_was_there_from_the_beginning_is_not_absent_after_an_early_resolution() -> None:
    entry = {"kind": "binary", "opens_at": 0, "scheduled_close": 1000, "actual_close": 100, "resolution": "yes"}
    forecasts = [["ann", 0, 0.9], ["bob", 0, 0.7]]
    record = {"predictions": [entry | {"id": number, "forecasts": forecasts} for number in range(5)]}
    (line, *_) = computed(record)["rankings"]["brier"]
    # A tenth of the time, (0.01 + 0.09) / 2 - 0.01 each, and ten more predictions of 0.
    assert (line["score"], line["coverage"]) == (pytest.approx(5 * 0.1 * 0.04 / 15), pytest.approx(0.5))
    assert line["absolute_brier"] == pytest.approx(0.01)


def test_a_leaderboard_may_count_some_predictions_only() -> None:
    record = create_record()
    some = [entry["id"] for entry in record["predictions"][:3]]
    standings = computed(record | {"predictions": record["predictions"][:3]})["rankings"]["peer"]
    record["leaderboards"] = [{"by": "peer", "name": "2026", "predictions": some, "standings": standings}]
    assert differing(record) == []


def test_a_billionth_is_no_difference() -> None:
    record = with_stored(create_record())
    row = record["predictions"][0]["scores"][0]
    row["peer"] = (was := row["peer"]) + 0.5e-9 * abs(row["peer"])
    assert abs(was) > 1
    assert differing(record) == []
    row["peer"] = was + 2e-9 * abs(was)
    assert len(differing(record)) == 1
