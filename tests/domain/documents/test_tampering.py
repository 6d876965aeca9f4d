"""An export that someone has changed: each change is found and named, whether or not they sealed the file again."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.audit import audit
from bot.domain.documents.comparing import Comparison, compare
from bot.domain.documents.export_reading import read_export
from bot.domain.documents.export_seal import seal_of
from bot.domain.documents.results import results_document

OPENS, CLOSES, ENDED = 1_700_000_000, 1_700_864_000, 1_700_900_000
NAMES = {"1": "Ann", "2": "Ben", "3": "Cleo", "4": "Dan", "source-1": "A document", "crowd": "crowd"}
Record = dict[str, Any]


def create_export() -> Record:
    """Seven predictions of all kinds with four members and an author, of which six have their result, as the bot writes them."""
    dice = random.Random(5)
    values: dict[str, Callable[[], list[float]]] = {
        "binary": lambda: [round(dice.random(), 2)],
        "multiple_choice": lambda: [0.25, 0.25, 0.5] if dice.random() < 0.5 else [0.6, 0.3, 0.1],
        "numeric": lambda: sorted(round(dice.uniform(0, 100), 1) for _ in range(3)),
        "date": lambda: sorted(float(dice.randrange(20_000, 20_100)) for _ in range(3)),
    }
    results: dict[str, tuple[Any, str, float | None]] = {
        "binary": ("yes", "yes", None),
        "multiple_choice": ("b", "option", 1.0),
        "numeric": (50.0, "value", 50.0),
        "date": ("2024-11-20", "value", 20_047.0),
    }
    predictions: list[Record] = []
    for number, kind in enumerate([*values, "binary", "binary", "binary"]):
        resolution, word, value = (None, "", None) if number == 6 else results[kind]
        forecasts = [
            [who, dice.randrange(OPENS, CLOSES), values[kind](), None]
            for who in ("1", "2", "3", "4", "source-1")
            for _ in range(2)
        ]
        events: list[Record] = [event(OPENS, "opened", "open", {}, "1")]
        if resolution is not None:
            events += [
                event(CLOSES, "vote_opened", "voting", {"quorum": 3, "majority": 2 / 3}),
                event(ENDED - 9, "provisional", "provisional", counts_of(kind, yes=3)),
                event(ENDED, "resolved", "resolved", {"outcome": word, "value": value}),
            ]
        predictions.append(
            {"id": str(number), "code": number, "kind": kind, "statement": f"Statement {number}"}
            | {"options": ["a", "b", "c"] if kind == "multiple_choice" else None, "creator": "1", "approved": True}
            | {"opens_at": OPENS, "scheduled_close": CLOSES, "actual_close": CLOSES, "happened_at": CLOSES - 50_000}
            | {"hidden": False, "state": "open" if resolution is None else "resolved", "resolution": resolution}
            | {"last_day": "2024-12-01" if kind == "date" else None}
            | {"forecasts": forecasts, "events": events}
            | {"revisions": [{"number": 1, "statement": "Older words", "replaced_at": OPENS}]}
        )
    record: Record = {"format": "almanac-export/1", "guild": {"id": "77"}, "exported_at": ENDED + 5}
    return seal(with_results(record | {"predictions": predictions}, NAMES))


def with_results(record: Record, names: dict[str, str]) -> Record:
    """The record with who is who and all that follows from its forecasts, as it comes out of a file."""
    roles = {"source-1": "author", "crowd": "crowd", "experienced": "experienced"}
    people = [{"id": key, "role": roles.get(key, "member"), "name": name} for key, name in names.items()]
    record = record | {"forecasters": people}
    found = results_document(audit(read(record).cases))
    for entry, result in zip(record["predictions"], found["predictions"], strict=True):
        entry |= {key: result[key] for key in ("scores", "crowd", "experienced") if key in result}
    record["leaderboards"] = [
        {"by": by, "name": "all time", "standings": [line | {"name": names[line["forecaster"]]} for line in lines]}
        for by, lines in found["rankings"].items()
    ]
    return json.loads(json.dumps(record))


def event(at: float, kind: str, to_state: str, facts: Record, who: str | None = None) -> Record:
    return {
        "at": at,
        "kind": kind,
        "forecaster": who,
        "from_state": None,
        "to_state": to_state,
        "words": None,
        "facts": facts,
    }


def counts_of(kind: str, *, yes: int) -> Record:
    choice = {"binary": ("yes", None), "multiple_choice": ("option", 1)}.get(kind, ("accept", None))
    counts = [{"choice": choice[0], "position": choice[1], "count": yes}, {"choice": "void", "position": None, "count": 1}]
    return {"verdict": "decided", "total": yes + 1, "counts": counts, "choice": choice[0], "position": choice[1]}


def read(record: Record) -> Any:
    reading = read_export(json.dumps(record).encode())
    assert reading.problems == ()
    return reading.export


def seal(record: Record) -> Record:
    """The record with a seal that fits."""
    bare = {key: value for key, value in record.items() if key != "seal"}
    made = seal_of(bare, [entry["id"] for entry in bare["predictions"]])
    return bare | {"seal": json.loads(made.model_dump_json())}


def compared(record: Record) -> Comparison:
    export = read(record)
    return compare(export, audit(export.cases))


EXPORT = create_export()


def create_long_past() -> Record:
    """A hundred results of which Ann knew more than Ben, one prediction that came after them, and one that is open: on these two
    there is an experienced crowd."""
    predictions: list[Record] = []
    for number in range(102):
        opens, has_result = OPENS + 100 * number, number < 101
        said = [["1", opens, [0.9], None], ["2", opens + 9, [0.4 + 0.001 * number], None], ["3", opens + 20, [0.6], None]]
        log = [event(opens, "opened", "open", {}, "1")]
        log += [event(opens + 90, "decided", "resolved", {"outcome": "yes", "value": None}, "1")] if has_result else []
        predictions.append(
            {"id": str(number), "code": number, "kind": "binary", "statement": f"Statement {number}", "approved": True}
            | {"opens_at": opens, "scheduled_close": opens + 90, "resolved_at": opens + 90 if has_result else None}
            | {"resolution": "yes" if has_result else None, "forecasts": said, "events": log}
        )
    record: Record = {"format": "almanac-export/1", "guild": {"id": "77"}, "exported_at": ENDED, "predictions": predictions}
    return seal(with_results(record, NAMES | {"experienced": "experienced crowd"}))


LONG_PAST = create_long_past()


def test_what_was_just_written_agrees_with_itself_and_says_what_was_compared() -> None:
    found = compared(EXPORT)
    assert found.differences == ()
    rows = sum(len(entry["scores"]) for entry in EXPORT["predictions"])
    steps = sum(len(entry["crowd"]["history"]["times"]) for entry in EXPORT["predictions"])
    assert (found.predictions, found.scores, found.steps) == (7, rows, steps)
    assert (found.rankings, found.logs, found.votes) == (3, 6, 6)
    assert str(found).startswith(
        f"Compared: {rows} scores of 7 predictions, {steps} crowd steps, 3 rankings, 6 logs, 6 votes"
    )
    assert found.seal == EXPORT["seal"]["sha256"]


def test_a_plain_list_has_nothing_to_compare_and_says_so() -> None:
    entry = {"kind": "binary", "opens_at": 0, "scheduled_close": 9, "resolution": "yes", "forecasts": [["a", 1, 0.5]]}
    found = compared({"predictions": [entry]})
    assert found.differences == ()
    assert not found.is_anything_compared


@pytest.mark.parametrize(
    ("steps", "resolution", "state", "is_right"),
    [
        ([("withdrawn", "annulled", {})], "annulled", "annulled", True),
        ([("withdrawn", "annulled", {}), ("reopened", "reopened", {})], None, "open", True),
        ([("withdrawn", "annulled", {}), ("reopened", "reopened", {})], "annulled", "annulled", False),
        ([("resolved", "resolved", {"outcome": "no"})], "no", "resolved", True),
        ([("resolved", "resolved", {"outcome": "no"})], None, "open", False),
        ([("resolved", "resolved", {"outcome": "yes"}), ("decided", "resolved", {"outcome": "no"})], "no", "resolved", True),
        (
            [("resolved", "resolved", {"outcome": "yes"}), ("decided", "resolved", {"outcome": "no"})],
            "yes",
            "resolved",
            False,
        ),
    ],
)
def test_the_last_result_in_the_log_is_the_one(
    steps: list[tuple[str, str, Record]], resolution: str | None, state: str, is_right: bool
) -> None:
    events = [event(OPENS + at, kind, to_state, facts) for at, (kind, to_state, facts) in enumerate(steps)]
    entry = {"kind": "binary", "opens_at": OPENS, "scheduled_close": CLOSES, "resolution": resolution, "state": state}
    found = compared({"predictions": [entry | {"forecasts": [], "events": events}]}).differences
    assert (found == ()) is is_right


def test_any_order_of_the_same_is_the_same() -> None:
    mixed = copy.deepcopy(EXPORT)
    dice = random.Random(2)
    for entry in mixed["predictions"]:
        dice.shuffle(entry["forecasts"])
        dice.shuffle(entry["scores"])
    for rows in (mixed["predictions"], mixed["forecasters"], mixed["leaderboards"], mixed["leaderboards"][0]["standings"]):
        dice.shuffle(rows)
    mixed = {key: mixed[key] for key in sorted(mixed, reverse=True)}
    mixed["exported_at"] = ENDED + 999
    found = compared(mixed)
    assert found.differences == ()
    assert found.seal == EXPORT["seal"]["sha256"]


def swap_names(record: Record) -> None:
    people = record["forecasters"]
    people[0]["name"], people[1]["name"] = people[1]["name"], people[0]["name"]


def take_out(record: Record, position: int) -> None:
    del record["predictions"][position]


def add_a_member(record: Record) -> None:
    record["predictions"][0]["scores"].append({"forecaster": "9", "role": "member", "peer": 900})


CHANGES: dict[str, tuple[Callable[[Record], object], str]] = {
    "two names swapped": (swap_names, "leaderboards[0]"),
    "a score raised": (lambda r: r["predictions"][0]["scores"][1].update(peer=99), "predictions[0].scores[member:2].peer"),
    "a score at the close": (
        lambda r: r["predictions"][0]["scores"][1]["spot"].update(brier=0),
        "predictions[0].scores.spot",
    ),
    "a score without its number": (
        lambda r: r["predictions"][0]["scores"][1].pop("baseline"),
        "predictions[0].scores[member:2].baseline",
    ),
    "one prediction's scores gone": (lambda r: r["predictions"][2].pop("scores"), "predictions[2].scores"),
    "one member's scores gone": (lambda r: r["predictions"][2]["scores"].pop(0), "predictions[2].scores[member:1]"),
    "someone's scores made up": (add_a_member, "predictions[0].scores[member:9]"),
    "all leaderboards gone": (lambda r: r.pop("leaderboards"), "leaderboards[peer]"),
    "one leaderboard gone": (lambda r: r["leaderboards"].pop(1), "leaderboards[baseline]"),
    "a rank": (lambda r: r["leaderboards"][0]["standings"][0].update(rank=2), "leaderboards[0]"),
    "a line of a ranking gone": (lambda r: r["leaderboards"][1]["standings"].pop(0), "leaderboards[1]"),
    "a ranking of some predictions": (
        lambda r: r["leaderboards"][1].update(predictions=["0", "1"]),
        "leaderboards[1]",
    ),
    "the log emptied": (lambda r: r["predictions"][1].update(events=[]), "predictions[1].resolution"),
    "the log gone": (lambda r: r["predictions"][1].pop("events"), "predictions[1].resolution"),
    "the result": (lambda r: r["predictions"][0].update(resolution="no"), "predictions[0].resolution"),
    "the result by the log": (
        lambda r: r["predictions"][4]["events"][-1]["facts"].update(outcome="no"),
        "predictions[4].events[3].facts.outcome",
    ),
    "ballots": (
        lambda r: r["predictions"][0]["events"][2]["facts"]["counts"][0].update(count=1),
        "predictions[0].events[2]",
    ),
    "ballots and their total": (
        lambda r: r["predictions"][0]["events"][2]["facts"].update(counts_of("binary", yes=1)),
        "predictions[0].events[2].facts.verdict",
    ),
    "the rule of a vote": (
        lambda r: r["predictions"][0]["events"][1]["facts"].update(quorum=9),
        "predictions[0].events[2].facts.verdict",
    ),
    "the rule as it was counted": (
        lambda r: r["predictions"][0]["events"][2]["facts"].update(quorum=2, majority=0.5),
        "predictions[0].events[2].facts.quorum",
    ),
    "a forecast": (lambda r: r["predictions"][0]["forecasts"][0].__setitem__(2, [0.99]), "predictions[0].scores"),
    "a forecast's time": (lambda r: r["predictions"][0]["forecasts"][0].__setitem__(1, OPENS), "predictions[0].scores"),
    "a forecast gone": (lambda r: r["predictions"][3]["forecasts"].pop(0), "predictions[3].scores"),
    "the moment": (lambda r: r["predictions"][0].update(happened_at=CLOSES), "predictions[0].scores"),
    "the last day": (lambda r: r["predictions"][3].update(last_day="2024-10-20"), "predictions[3].scores"),
    "approval taken back": (lambda r: r["predictions"][0].update(approved=False), "leaderboards[1]"),
    "a crowd": (lambda r: r["predictions"][0]["crowd"]["values"].__setitem__(0, 0.5), "predictions[0].crowd.values"),
    "a step of a crowd": (
        lambda r: r["predictions"][0]["crowd"]["history"]["upper"][1].__setitem__(0, 0.999),
        "predictions[0].crowd.history.upper[1]",
    ),
    "the crowd's history gone": (lambda r: r["predictions"][0]["crowd"].pop("history"), "predictions[0].crowd.history"),
    "a crowd gone": (lambda r: r["predictions"][6].pop("crowd"), "predictions[6].crowd"),
    "hidden though resolved": (lambda r: r["predictions"][0].update(hidden=True), "predictions[0].hidden"),
    "a revision gone": (lambda r: r["predictions"][0]["revisions"][0].update(number=2), "predictions[0].revisions"),
    "a prediction gone": (lambda r: take_out(r, 0), "leaderboards[1]"),
    "a member gone from who is who": (lambda r: r["forecasters"].pop(0), "predictions[0]"),
    "a member twice": (lambda r: r["forecasters"].append(r["forecasters"][0]), "forecasters[6].id"),
    "the log's order": (lambda r: r["predictions"][0]["events"].reverse(), "predictions[0].events"),
}
ONLY_BY_THE_SEAL: dict[str, tuple[Callable[[Record], object], str]] = {
    "a statement": (lambda r: r["predictions"][2].update(statement="Other words"), "seal of prediction 2"),
    "an older wording": (lambda r: r["predictions"][2]["revisions"][0].update(statement="Other"), "seal of prediction 2"),
    "who did a step": (lambda r: r["predictions"][2]["events"][0].update(forecaster="2"), "seal of prediction 2"),
    "a step of the log gone": (lambda r: r["predictions"][2]["events"].pop(0), "seal of prediction 2"),
    "a creator": (lambda r: r["predictions"][5].update(creator="3"), "seal of prediction 5"),
    "an open prediction gone": (lambda r: take_out(r, 6), "seal of prediction 6"),
    "a name everywhere": (
        lambda r: [
            p.update(name="Zoe") for p in [*r["forecasters"], *(s for b in r["leaderboards"] for s in b["standings"])]
        ],
        "seal of forecasters",
    ),
    "another guild": (lambda r: r["guild"].update(id="78"), "seal"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_named_though_the_file_was_sealed_again(what: str) -> None:
    change, where = CHANGES[what]
    record = copy.deepcopy(EXPORT)
    change(record)
    found = [str(one) for one in compared(seal(record)).differences]
    assert any(one.startswith(where) for one in found), found
    assert seal(record)["seal"]["sha256"] != EXPORT["seal"]["sha256"]  # and it is not the seal that was posted
    if "leaderboards" in record:
        del record["seal"]
        assert compared(record).differences != ()


def rows_of_experienced(rows: list[Record]) -> list[Record]:
    return [row for row in rows if row["role"] != "experienced"]


OF_EXPERIENCED: dict[str, tuple[Callable[[Record], object], str]] = {
    "the experienced crowd gone": (lambda r: r["predictions"][100].pop("experienced"), "predictions[100].experienced"),
    "that of an open prediction gone": (lambda r: r["predictions"][101].pop("experienced"), "predictions[101].experienced"),
    "its history gone": (
        lambda r: r["predictions"][100]["experienced"].pop("history"),
        "predictions[100].experienced.history",
    ),
    "a step of it gone": (
        lambda r: [column.pop() for column in r["predictions"][100]["experienced"]["history"].values()],
        "predictions[100].experienced.history.times",
    ),
    "what it said": (
        lambda r: r["predictions"][100]["experienced"]["history"]["values"][1].__setitem__(0, 0.99),
        "predictions[100].experienced.history.values[1]",
    ),
    "what it said last": (
        lambda r: r["predictions"][101]["experienced"].update(values=[0.99]),
        "predictions[101].experienced.values",
    ),
    "one that was not there yet": (
        lambda r: r["predictions"][99].update(experienced=r["predictions"][100]["experienced"]),
        "predictions[99].experienced",
    ),
    "its score": (
        lambda r: [s.update(peer=99) for s in r["predictions"][100]["scores"] if s["role"] == "experienced"],
        "predictions[100].scores[experienced:experienced].peer",
    ),
    "its scores gone": (
        lambda r: r["predictions"][100].update(scores=rows_of_experienced(r["predictions"][100]["scores"])),
        "predictions[100].scores[experienced:experienced]",
    ),
    "its line gone": (
        lambda r: r["leaderboards"][1].update(standings=rows_of_experienced(r["leaderboards"][1]["standings"])),
        "leaderboards[1][experienced:experienced]",
    ),
    "a result that came later": (
        lambda r: r["predictions"][50].update(resolved_at=OPENS + 100 * 101 + 50),
        "predictions[100].experienced",
    ),
    "a result taken out": (lambda r: take_out(r, 50), "predictions[99].experienced"),
}


def test_a_long_past_agrees_with_itself_in_any_order() -> None:
    mixed = copy.deepcopy(LONG_PAST)
    random.Random(3).shuffle(mixed["predictions"])
    assert [entry["id"] for entry in LONG_PAST["predictions"] if "experienced" in entry] == ["100", "101"]
    for record in (LONG_PAST, mixed):
        found = compared(record)
        assert found.differences == ()
        assert found.seal == LONG_PAST["seal"]["sha256"]


@pytest.mark.parametrize("what", OF_EXPERIENCED)
def test_a_change_of_the_experienced_crowd_is_named(what: str) -> None:
    change, where = OF_EXPERIENCED[what]
    record = copy.deepcopy(LONG_PAST)
    change(record)
    for changed in (record, seal(record)):
        found = [str(one) for one in compared(changed).differences]
        assert any(one.startswith(where) for one in found), found


@pytest.mark.parametrize("what", CHANGES | ONLY_BY_THE_SEAL)
def test_a_change_breaks_the_seal_of_the_part_that_it_is_in(what: str) -> None:
    change, where = (CHANGES | ONLY_BY_THE_SEAL)[what]
    record = copy.deepcopy(EXPORT)
    change(record)
    found = [str(one) for one in compared(record).differences]
    assert any(one.startswith(("seal of ", "seal: ")) for one in found), found
    assert any(one.startswith(where) for one in found), found


def test_a_file_without_its_results_is_not_called_right() -> None:
    record = copy.deepcopy(EXPORT)
    for entry in record["predictions"]:
        del entry["scores"], entry["crowd"], entry["events"]
    del record["leaderboards"], record["seal"]
    found = {one.where for one in compared(record).differences}
    assert {"predictions[0].scores", "predictions[6].crowd", "predictions[0].resolution", "leaderboards[peer]"} <= found
