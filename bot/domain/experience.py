"""The experienced crowd: a second crowd beside the median, which listens more to those who did well before. Weights × reducer: by
skill and recency, to the mean of log-odds, made more extreme as fits the past.

Everything is taken from what was known at each moment: peer scores of what had its result by then, and how far the mean of log-odds
would have had to be stretched on these. Until enough is resolved there is none, and of quantiles there is none at all.

Sources: Satopää et al. 2014, "Combining multiple probability predictions using a simple logit model", for the mean of log-odds and
its stretching; Budescu and Chen 2015, "Identifying expertise to extract the wisdom of crowds", for weights by past scores.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bot.domain.cases import Case, CaseResult, Experienced
from bot.domain.instants import LEAST, MOST
from bot.domain.leaderboard import forecaster_order
from bot.domain.scoring import Scored, score_outsider
from bot.domain.standing import blocks_of, standing_matrix
from bot.domain.timelines import Floats, Forecasts, Integers, Timeline, timeline_of
from bot.domain.types import Kind

LEAST_RESOLVED = 100
"""How many resolved predictions an experienced crowd needs, on which members were scored."""
PRIOR_COVERAGE = 10.0
"""A member's mean peer score is drawn to 0 as if by this many more predictions."""
POINTS = 10.0
"""How many points of mean peer score multiply a weight by e."""
MOST_POINTS = 30.0
PRIOR_STRETCH = 10.0
"""How firmly the stretching is drawn to 1, in predictions."""
STRETCHES: Floats = np.geomspace(0.5, 3.0, 73)
AT_ONCE = 1_000_000
"""How many weights are in memory at a time."""


@dataclass(frozen=True, slots=True)
class Skill:
    """A member's mean peer score over time, shrunk, in points. `means[i]` holds once `counts[i]` predictions are resolved; before
    the first it's 0."""

    counts: Integers
    means: Floats


@dataclass(frozen=True, slots=True)
class Experience:
    """What was known at each moment. The n-th result came at `since`, Unix seconds, in the order of time; from then on `stretch`
    multiplied the mean of log-odds. `skills` has the members who were scored, by name."""

    since: Floats = field(default_factory=lambda: np.empty(0))
    stretch: Floats = field(default_factory=lambda: np.empty(0))
    skills: Mapping[str, Skill] = field(default_factory=dict[str, Skill])

    def counts_at(self, moments: Floats) -> Integers:
        """How many results were known at these moments."""
        return np.searchsorted(self.since, moments, side="right")

    def points(self, names: Sequence[str], counts: Integers) -> Floats:
        """The members' mean peer scores when each number of results in `counts` was known, (counts, names)."""
        found = np.zeros((len(counts), len(names)))
        for column, name in enumerate(names):
            if (skill := self.skills.get(name)) is not None:
                at = np.searchsorted(skill.counts, counts, side="right")
                found[:, column] = np.where(at > 0, skill.means[at - 1], 0.0)
        return found


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a resolved prediction teaches, from its result on, Unix seconds: its members' (name, peer score, coverage), and how far
    the mean of what stood at its close should have been stretched. Of `case`, forecasts that ended before the close aren't needed;
    it is None where none stood."""

    moment: float
    id: str
    peers: Sequence[tuple[str, float, float]]
    case: Case | None


def experience_of(results: Iterable[CaseResult]) -> Experience:
    """The experience that predictions give, in any order: they are taken by the moment of the result, then by id. What has no
    result, or nobody was scored on, teaches nothing."""
    return experience_from(
        Lesson(result.case.resolved_at, result.case.id, peers, result.case)
        for result in results
        if result.case.resolved_at is not None and (peers := _peers(result))
    )


def experience_from(lessons: Iterable[Lesson]) -> Experience:
    """The same from what they teach."""
    past: dict[str, tuple[list[int], list[float]]] = {}
    totals: dict[str, tuple[float, float]] = {}
    likelihood = -PRIOR_STRETCH * np.square(np.log(STRETCHES)) / 2
    since: list[float] = []
    stretches: list[float] = []
    for count, lesson in enumerate(sorted(lessons, key=lambda one: (one.moment, forecaster_order(one.id))), 1):
        if lesson.case is not None:
            # Those before it in time, whether or not they are enough to be shown.
            likelihood = likelihood + _likelihood(lesson.case, past, bisect_left(since, lesson.moment))
        for name, peer, coverage in lesson.peers:
            points, active = totals.get(name, (0.0, 0.0))
            totals[name] = points, active = points + peer, active + coverage
            counts, means = past.setdefault(name, ([], []))
            counts.append(count)
            means.append(points / (active + PRIOR_COVERAGE))
        since.append(lesson.moment)
        stretches.append(float(STRETCHES[np.argmax(likelihood)]))
    skills = {name: Skill(np.array(counts), np.array(means)) for name, (counts, means) in past.items()}
    return Experience(np.array(since, dtype=np.float64), np.array(stretches, dtype=np.float64), skills)


def with_experienced(result: CaseResult, experience: Experience) -> CaseResult:
    """The result with what the experienced crowd said, and how it did, if it was there."""
    case = result.case
    closed_at = np.inf if case.window is None else case.window.closed_at
    said = experienced_crowd(case, experience, closed_at=closed_at)
    if not len(said):
        return result
    return replace(result, experienced=Experienced(said, score_experienced(case, said)))


def score_experienced(case: Case, said: Forecasts) -> Scored | None:
    """How it did, scored as the crowd is; None without a result."""
    if case.outcome is None or case.window is None:
        return None
    return score_outsider(
        case.kind, outcome=case.outcome, window=case.window, members=case.members, forecasts=said, last_day=case.last_day
    )


def experienced_crowd(case: Case, experience: Experience, *, closed_at: float) -> Forecasts:
    """What the experienced crowd said at each moment, as forecasts of one forecaster; none where it was not there yet.

    A step of it is one of the members' changes, or a moment at which more became known.
    """
    enough = experience.since[LEAST_RESOLVED - 1 :]
    if not len(enough) or enough[0] >= closed_at or not case.kind.is_distribution:
        return _nothing(case)
    timeline = timeline_of(case.members, opens_at=case.opens_at, closed_at=closed_at)
    if not len(timeline.forecasts):
        return _nothing(case)
    moments = enough[(enough > timeline.times[0]) & (enough < closed_at)]
    starts = np.unique(np.concatenate((timeline.times, moments)))
    ends = np.append(starts[1:], closed_at)
    steps = np.searchsorted(timeline.times, starts, side="right") - 1
    counts = experience.counts_at(starts)
    there = np.flatnonzero((counts >= LEAST_RESOLVED) & (timeline.active[steps] > 0))
    if not len(there):
        return _nothing(case)
    means = _mean_logs(case, timeline, steps[there], experience, counts[there])
    said = _probabilities(case.kind, experience.stretch[counts[there] - 1][:, None] * means)
    return Forecasts(np.zeros(len(there), dtype=np.int64), starts[there], ends[there], said)


def steps_of(said: Forecasts, *, closed_at: float) -> Iterator[tuple[float, list[float] | None]]:
    """The moments from which on it said something, and what; None from when nobody had a forecast."""
    end = None
    for start, stop, values in zip(said.starts.tolist(), said.ends.tolist(), said.values.tolist(), strict=True):
        if end is not None and start > end:
            yield end, None
        yield start, values
        end = stop
    if end is not None and end < closed_at:
        yield end, None


def _nothing(case: Case) -> Forecasts:
    return Forecasts(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0), np.empty((0, case.members.values.shape[1])))


def _mean_logs(case: Case, timeline: Timeline, steps: Integers, experience: Experience, counts: Integers) -> Floats:
    """The weighted mean of logs at some steps of the timeline, in order, (steps, values). `counts` is how many results were
    known at each step."""
    logs = np.concatenate((_logs(case.kind, timeline.forecasts.values), np.zeros((1, case.members.values.shape[1]))))
    who = np.append(timeline.forecasts.who, 0)
    known, known_at = np.unique(counts, return_inverse=True)
    factors = np.exp(np.clip(experience.points(case.member_ids, known), -MOST_POINTS, MOST_POINTS) / POINTS)
    found = np.empty((len(steps), logs.shape[1]))
    done = 0
    for block in blocks_of(timeline):
        until = int(np.searchsorted(steps, block.stop))
        if until == done:
            continue
        matrix = standing_matrix(timeline, block)
        at_once = max(AT_ONCE // matrix.shape[1], 1)
        for begin in range(done, until, at_once):
            rows = slice(begin, min(begin + at_once, until))
            standing = matrix[steps[rows] - block.start]
            weights = _recency(standing, timeline.active[steps[rows]], len(timeline.forecasts))
            weights *= factors[known_at[rows][:, None], who[standing]]
            weights /= weights.sum(axis=1, keepdims=True)
            for column in range(logs.shape[1]):
                found[rows, column] = (weights * logs[standing, column]).sum(axis=1)
        done = until
    return found


def _recency(standing: Integers, active: Integers, nobody: int) -> Floats:
    """The recency weights of those who stand, oldest first. They are the newest of `active` members; an empty place weighs 0."""
    is_there = standing < nobody
    missing = (active - is_there.sum(axis=1)).astype(np.float64)
    ranks = np.arange(1.0, standing.shape[1] + 1) + missing[:, None]
    weights = np.exp(np.sqrt(ranks) - np.sqrt(active)[:, None])
    return np.where(is_there, np.where(active[:, None] <= 2, 1.0, weights), 0.0)


def _logs(kind: Kind, values: Floats) -> Floats:
    """Log-odds of yes, (forecasts, 1), or the logarithms of the options' probabilities, (forecasts, options)."""
    clipped = np.clip(values, LEAST, MOST)
    return np.log(clipped / (1 - clipped)) if kind is Kind.BINARY else np.log(clipped)


def _probabilities(kind: Kind, logs: Floats) -> Floats:
    """The probabilities of mean logs, (..., values)."""
    if kind is Kind.BINARY:
        return 1 / (1 + np.exp(-logs))
    powers = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _peers(result: CaseResult) -> Sequence[tuple[str, float, float]]:
    if result.scores is None:
        return ()
    scores = result.scores.members.over_time
    rows = zip(result.case.member_ids, scores.peer.tolist(), scores.coverage.tolist(), strict=True)
    return [(name, peer, coverage) for name, peer, coverage in rows if coverage > 0]


def _likelihood(case: Case, past: Mapping[str, tuple[list[int], list[float]]], count: int) -> Floats:
    """The logarithm of the probability that each stretch would have given to what happened, at the close, (stretches,), by what
    the first results had taught."""
    none = np.zeros(len(STRETCHES))
    if not case.kind.is_distribution or case.window is None or case.outcome is None:
        return none
    timeline = timeline_of(case.members, opens_at=case.opens_at, closed_at=case.window.closed_at)
    standing = np.flatnonzero(timeline.last == len(timeline.times))
    if len(standing) < 2:
        return none

    def points(number: int) -> float:
        counts, means = past.get(case.member_ids[number], ((), ()))
        position = bisect_right(counts, count)
        return means[position - 1] if position else 0.0

    skills = np.array([points(number) for number in timeline.forecasts.who[standing].tolist()])
    active = np.array([len(standing)])
    weights = _recency(standing[None, :], active, len(timeline.forecasts))[0]
    weights *= np.exp(np.clip(skills, -MOST_POINTS, MOST_POINTS) / POINTS)
    mean = (weights / weights.sum()) @ _logs(case.kind, timeline.forecasts.values[standing])
    said = _probabilities(case.kind, STRETCHES[:, None] * mean)
    given = said[:, int(case.outcome)] if case.kind is Kind.MULTIPLE_CHOICE else np.abs(1 - case.outcome - said[:, 0])
    return np.log(np.clip(given, LEAST, MOST))
