"""PredictionBook's and Manifold's JSON."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.domain.types import Kind
from tests.domain.documents.platforms.exports import (
    CHOICE,
    CREATED,
    MANIFOLD,
    MARKET,
    PREDICTIONBOOK,
    by_id,
    document,
    left_out,
    problems,
    read,
    told,
    zipped,
)

RESOLVED = datetime(2024, 2, 27, 2, 13, 20, tzinfo=UTC)


def book(**changes: Any) -> dict[str, Any]:
    """The export of PredictionBook, with its first prediction changed."""
    made = copy.deepcopy(PREDICTIONBOOK)
    made["predictions"][0] |= changes
    return made


def bet(number: int, share: float, **more: Any) -> dict[str, Any]:
    """A bet of ann's, so many days after the market was made."""
    made = {"id": f"b{number}", "userId": "u1", "userUsername": "ann", "contractId": MARKET["id"], "outcome": "YES"}
    return made | {"amount": 1, "probAfter": share, "createdTime": CREATED + number * 86_400_000} | more


# PredictionBook


def test_predictionbook_gives_its_owners_forecasts_with_their_times() -> None:
    found = document(PREDICTIONBOOK)
    assert (found.pack, found.source.authors) == ("predictionbook-ann", ("Ann",))
    line, sun = by_id(found)["pb-41"], by_id(found)["pb-42"]
    assert line.statement == "[The Oslo line opens] by the end of 2012"
    assert told(line) == [("2011-05-30 08:00:00", (0.6,)), ("2012-02-03 04:05:06", (0.3,))]
    assert (line.outcome, line.window.end, line.resolved) == (False, date(2012, 12, 31), None)
    assert line.url == "https://predictionbook.com/predictions/41"
    assert (sun.outcome, sun.window.end, sun.window.basis) == (None, None, "No date: later than the year 2200.")
    assert left_out(found) == {"1 forecast of other people": "only the exporter's own are taken"}


def test_nobodys_address_and_no_other_name_is_kept() -> None:
    stored = document(PREDICTIONBOOK).model_dump_json()
    assert "ann@example.org" not in stored
    assert "Bob" not in stored


def test_pages_and_a_bare_list_of_predictions_are_read_as_well() -> None:
    whole = document(PREDICTIONBOOK)
    pages = [PREDICTIONBOOK | {"predictions": [item]} for item in PREDICTIONBOOK["predictions"]]
    assert document(pages) == whole
    assert document(PREDICTIONBOOK["predictions"], author="Ann") == whole
    assert document([*pages, pages[0]]) == whole


def test_a_withdrawn_prediction_is_left_out() -> None:
    found = document(book(withdrawn=True))
    assert [one.id for one in found.predictions] == ["pb-42"]
    assert left_out(found)["1 prediction"] == "withdrawn on PredictionBook"


def test_what_is_wrong_in_predictionbooks_json_is_said_at_once() -> None:
    broken = book(outcome="maybe")
    broken["predictions"][1] |= {"deadline": "tomorrow", "created_at": "1950-01-01T00:00:00Z"}
    broken["predictions"][1]["responses"] = [{"confidence": 101, "user_id": 7, "created_at": "2011-05-30T08:00:00Z"}]
    assert problems(broken) == [
        "export.json:1: predictions[0].outcome: is 'maybe'; it must be true, false or null",
        "export.json:1: predictions[1].responses[0].confidence: is 101; it must be a percentage from 0 to 100",
        "export.json:1: predictions[1].deadline: is 'tomorrow'; it must be a moment like 2026-02-14 09:30:00 "
        "(UTC if there's no offset)",
        "export.json:1: predictions[1].created_at: is 1950-01-01T00:00:00Z; it must be in the years 1970 to 2200",
    ]


def test_predictions_of_several_people_need_a_name() -> None:
    several = [PREDICTIONBOOK["predictions"][0], PREDICTIONBOOK["predictions"][1] | {"creator_id": 8}]
    assert "name the person with --author" in problems(several)[0]


# Manifold


def test_manifolds_bets_become_the_prices_that_they_left_and_the_file_says_so() -> None:
    found = document(MANIFOLD)
    assert (found.pack, found.source.authors) == ("manifold-ann", ("ann",))
    assert "after the author's trades" in (found.source.notes or "")
    (bridge,) = found.predictions
    assert told(bridge) == [("2023-11-15 22:13:20", (0.6,)), ("2023-11-16 22:13:20", (0.8,))]
    assert (bridge.outcome, bridge.resolved, bridge.closed) == (True, RESOLVED, datetime(2024, 3, 9, 16, tzinfo=UTC))
    assert (bridge.criteria, bridge.tags) == ("Open to cars.", ("bridges",))
    assert left_out(found) == {
        "1 bet of other people": "only the exporter's own are taken",
        "bets on 1 other market": "their markets aren't in the file",
    }


def test_a_zip_of_manifolds_answers_is_the_same_as_one_file() -> None:
    files = {"me.json": MANIFOLD["user"], "markets.json": MANIFOLD["markets"], "bets/bets.json": MANIFOLD["bets"]}
    assert document(zipped({name: json.dumps(data) for name, data in files.items()})) == document(MANIFOLD)
    single = {"market.json": MARKET, "bets.json": MANIFOLD["bets"]}
    assert document(zipped({name: json.dumps(data) for name, data in single.items()}), author="u1").predictions == (
        document(MANIFOLD).predictions
    )


def test_markets_without_bets_are_questions_without_forecasts() -> None:
    found = document([MARKET, CHOICE], file="club.json")
    assert (found.pack, found.source.authors, [one.forecasts for one in found.predictions]) == ("club", (), [(), ()])
    assert (found.predictions[1].kind, found.predictions[1].outcome) == (Kind.MULTIPLE_CHOICE, "Umbrella")


@pytest.mark.parametrize(
    ("market", "outcome"),
    [
        ({"resolution": "NO"}, False),
        ({"resolution": "CANCEL"}, "annulled"),
        ({"resolution": "MKT", "resolutionProbability": 0.63}, "annulled"),
        ({"resolution": None, "isResolved": False, "resolutionTime": None}, None),
        ({"resolution": "SOMETHING"}, "SOMETHING"),
    ],
)
def test_manifolds_resolutions_are_understood(market: dict[str, Any], outcome: Any) -> None:
    (found,) = document([MARKET | market]).predictions
    assert found.outcome == outcome
    assert ("63 %" in (found.notes or "")) is ("resolutionProbability" in market)


def test_a_bet_on_an_answer_is_a_forecast_of_that_answer_alone() -> None:
    found = document(
        [CHOICE, bet(1, 0.3, contractId="choice1", answerId="a1"), bet(2, 0.4, contractId="choice1", answerId="a1")]
    )
    assert [(one.id, one.statement, one.outcome, one.kind) for one in found.predictions] == [
        ("mf-choice1-a1", "Who builds it? — Acme", False, Kind.BINARY)
    ]
    assert [values for _, values in told(found.predictions[0])] == [(0.3,), (0.4,)]
    assert left_out(found) == {"1 answer of “Who builds it?”": "the author made no bet on them"}


@pytest.mark.parametrize(
    ("answer", "market", "outcome"),
    [
        ({"resolution": "YES"}, {"resolution": None}, True),
        ({}, {"resolution": "a1"}, True),
        ({}, {"resolution": "CANCEL"}, "annulled"),
        ({}, {"resolution": "MKT", "resolutions": {"a1": 50, "a2": 50}}, "annulled"),
        ({}, {"resolution": "CHOOSE_MULTIPLE", "resolutions": {"a2": 100}}, False),
        ({}, {"resolution": None, "resolutionTime": None}, None),
    ],
)
def test_what_became_of_an_answer(answer: dict[str, Any], market: dict[str, Any], outcome: Any) -> None:
    asked = CHOICE | market | {"answers": [CHOICE["answers"][0] | answer, CHOICE["answers"][1]]}
    (found,) = document([asked, bet(1, 0.3, contractId="choice1", answerId="a1")]).predictions
    assert found.outcome == outcome


def test_what_manifold_has_and_almanac_has_not_is_left_out_with_the_reason() -> None:
    found = document(
        [
            MARKET,
            MARKET | {"id": "x1", "question": "Gone?", "deleted": True},
            MARKET | {"id": "x2", "question": "How many?", "outcomeType": "PSEUDO_NUMERIC"},
            CHOICE | {"id": "x3", "question": "Which of these?", "shouldAnswersSumToOne": False},
            CHOICE | {"id": "x4", "question": "One?", "answers": CHOICE["answers"][:1]},
        ]
    )
    assert left_out(found) == {
        "Gone?": "deleted on Manifold",
        "How many?": "a market of type PSEUDO_NUMERIC has no probabilities to take",
        "Which of these?": "its answers don't exclude each other",
        "One?": "it needs at least 2 options, each with a name",
    }


def test_bets_without_markets_and_of_several_people_are_refused() -> None:
    assert "without their markets" in problems([bet(1, 0.5)])[0]
    several = [MARKET, bet(1, 0.5), bet(2, 0.5, userId="u9", userUsername="eve")]
    assert "--author" in problems(several)[0]
    assert document(several, author="eve").pack == "manifold-eve"


def test_what_is_wrong_in_manifolds_json_is_said_at_once() -> None:
    assert problems({"markets": [MARKET | {"createdTime": -5}], "bets": [bet(1, 1.5), bet(2, 0.5, createdTime="now")]}) == [
        "export.json:1: markets[0].createdTime: is -5; it must be a count since 1970",
        "export.json:1: bets[0].probAfter: is 1.5; it must be a number from 0 to 1",
        "export.json:1: bets[1].createdTime: is 'now'; it must be a count since 1970",
    ]


def test_a_market_that_never_closes_has_no_date() -> None:
    (found,) = document([MARKET | {"closeTime": 32_503_680_000_000, "resolution": None}]).predictions
    assert (found.window.end, found.closed) == (None, None)


def test_a_prediction_file_in_json_is_still_a_prediction_file() -> None:
    file = {"format": "predictions/1", "source": {"title": "T"}, "predictions": [{"id": "a", "statement": "A"}]}
    assert read(file, file="mine.json").slug == "mine"
    assert "source: is missing" in problems({"predictions": [{"question": "x"}]})[0]
