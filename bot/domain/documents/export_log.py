"""A prediction's log in an export, read against its result, and its votes against their frozen rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.domain.documents.export import EventEntry, PredictionEntry
from bot.domain.documents.results import TOLERANCE, Difference
from bot.domain.outcomes import ANNULLED, NO, OPTION, YES
from bot.domain.types import State
from bot.domain.voting import Answer, BallotPaper, Choice, VoteRule, VoteTally, VoteVerdict, tally

_ENDED = (State.RESOLVED, State.ANNULLED)
_SAME = {Choice.YES: YES, Choice.NO: NO, Choice.OPTION: OPTION, Choice.VOID: ANNULLED}
MOST_BALLOTS = 1_000_000


def votes_counted(entry: PredictionEntry) -> int:
    """How many counts of ballots the log holds."""
    return sum("counts" in event.facts for event in entry.events)


def log_differences(entry: PredictionEntry, where: str) -> Iterator[Difference]:
    """Where the log does not bear out what the prediction says of itself."""
    events = entry.events
    for position in range(1, len(events)):
        if events[position].at < events[position - 1].at:
            yield Difference(f"{where}.events[{position}].at", events[position].at, "a later step of the log")
    numbers = [revision.number for revision in entry.revisions]
    if numbers != list(range(1, len(numbers) + 1)):
        yield Difference(f"{where}.revisions", numbers, "numbers from 1 on")
    yield from _vote_differences(events, where)
    last = _last_result(events)
    result = None if entry.resolution is None and entry.state not in _ENDED else _result_of(entry)
    if result != last and not _is_near(result, last):
        yield Difference(f"{where}.resolution", _worded(result), f"{_worded(last)}, by the log")


_Result = tuple[str, float | None]


def _last_result(events: list[EventEntry]) -> _Result | None:
    """What the log says happened, if nothing has taken it back."""
    last: _Result | None = None
    for event in events:
        outcome, value = event.facts.get("outcome"), event.facts.get("value")
        if event.to_state == State.ANNULLED:
            last = (ANNULLED, None)  # also what a pack took back, of which no outcome is told
        elif event.to_state == State.RESOLVED and isinstance(outcome, str):
            last = (outcome, float(value) if isinstance(value, int | float) and outcome not in (YES, NO) else None)
        elif event.to_state == State.REOPENED:
            last = None
    return last


def _result_of(entry: PredictionEntry) -> _Result:
    """The result that the prediction has, in the words of the log."""
    outcome = entry.outcome_of()
    if outcome is None:
        return (ANNULLED, None)
    if entry.kind == "binary":
        return (YES if outcome else NO, None)
    return (OPTION if entry.kind == "multiple_choice" else "value", outcome)


def _is_near(one: _Result | None, other: _Result | None) -> bool:
    if one is None or other is None or one[0] != other[0] or one[1] is None or other[1] is None:
        return False
    return abs(one[1] - other[1]) <= TOLERANCE * max(1.0, abs(other[1]))


def _worded(result: _Result | None) -> str:
    if result is None:
        return "nothing"
    return result[0] if result[1] is None else f"{result[0]} {result[1]:g}"


def _vote_differences(events: list[EventEntry], where: str) -> Iterator[Difference]:
    """Each count of ballots by the rule as it was when the vote opened; and a result that a vote gave, by that vote."""
    rule: VoteRule | None = None
    decided: Answer | None = None
    for position, event in enumerate(events):
        place = f"{where}.events[{position}]"
        stated = _rule_in(event.facts)
        if "counts" in event.facts:
            if stated is not None and rule is not None and stated != rule:
                yield Difference(f"{place}.facts.quorum", _rule_words(stated), f"{_rule_words(rule)}, as it opened")
            decided = None
            counted = _counted(event.facts["counts"], rule or stated)
            if counted is None:
                yield Difference(f"{place}.facts.counts", event.facts["counts"], "answers with how many ballots each had")
                continue
            yield from _count_differences(event.facts, counted, rule or stated, place)
            decided = _answer_in(event.facts)
        elif stated is not None:
            rule = stated
        if event.kind == "resolved" and decided is not None and decided.choice in _SAME:
            said = (event.facts.get("outcome"), event.facts.get("value") if decided.position is not None else None)
            if said != (_SAME[decided.choice], decided.position):
                yield Difference(f"{place}.facts.outcome", said[0], f"{_SAME[decided.choice]}, by the vote before it")
        if event.to_state == State.REOPENED:
            decided = None


def _count_differences(facts: dict[str, Any], counted: VoteTally, rule: VoteRule | None, place: str) -> Iterator[Difference]:
    if facts.get("total", counted.total) != counted.total:
        yield Difference(f"{place}.facts.total", facts["total"], counted.total)
    if facts.get("verdict") != VoteVerdict.DECIDED:
        return
    answer = _answer_in(facts)
    if rule is None:
        most = max(counted.counts.values(), default=0)
        if answer is None or counted.counts.get(answer, 0) < most:
            yield Difference(f"{place}.facts.choice", facts.get("choice"), "the answer with the most ballots")
    elif counted.verdict is not VoteVerdict.DECIDED:
        yield Difference(f"{place}.facts.verdict", VoteVerdict.DECIDED.value, f"{counted.verdict}, by {_rule_words(rule)}")
    elif answer != counted.answer:
        yield Difference(
            f"{place}.facts.choice", facts.get("choice"), None if counted.answer is None else counted.answer.choice
        )


def _rule_in(facts: dict[str, Any]) -> VoteRule | None:
    quorum, majority = facts.get("quorum"), facts.get("majority")
    if isinstance(quorum, int) and isinstance(majority, int | float) and 0 < majority <= 1:
        return VoteRule(quorum, float(majority))
    return None


def _rule_words(rule: VoteRule) -> str:
    return f"a quorum of {rule.quorum} and a majority of {rule.majority:.4g}"


def _answer_in(facts: dict[str, Any]) -> Answer | None:
    try:
        position = facts.get("position")
        return Answer(Choice(str(facts.get("choice"))), position if isinstance(position, int) else None)
    except ValueError:
        return None


def _counted(counts: Any, rule: VoteRule | None) -> VoteTally | None:
    """The ballots counted by the rule; None where this is no list of counts."""
    papers: list[BallotPaper] = []
    if not isinstance(counts, list):
        return None
    for line in counts:  # pyright: ignore[reportUnknownVariableType]
        answer = _answer_in(line) if isinstance(line, dict) else None  # pyright: ignore[reportUnknownArgumentType]
        number = line.get("count") if isinstance(line, dict) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        if answer is None or not isinstance(number, int) or not 0 <= number <= MOST_BALLOTS - len(papers):
            return None
        papers += [BallotPaper(answer)] * number
    return tally(papers, rule or VoteRule(0, 0.5))
