"""The experienced crowd: a second crowd beside the median, which listens more to those who did well before. Weights × reducer: by
skill and recency, to the mean of log-odds, made more extreme as fits the past.

Everything is taken from what was known at each moment: peer scores of what had its result by then, and how far the mean of log-odds
would have had to be stretched on these. Until enough is resolved there is none, and of quantiles there is none at all.

Sources: Satopää et al. 2014, "Combining multiple probability predictions using a simple logit model", for the mean of log-odds and
its stretching; Budescu and Chen 2015, "Identifying expertise to extract the wisdom of crowds", for weights by past scores.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.domain.audit import Case, CaseResult
from bot.domain.instants import LEAST, MOST
from bot.domain.standing import Block, blocks_of, standing_matrix
from bot.domain.timelines import Floats, Forecasts, Integers, Timeline, timeline_of
from bot.domain.types import Kind

LEAST_RESOLVED = 100
"""How many resolved predictions an experienced crowd needs."""
PRIOR_COVERAGE = 10.0
"""A member's mean peer score is drawn to 0 as if by this many more predictions."""
POINTS = 10.0
"""How many points of mean peer score multiply a weight by e."""
MOST_POINTS = 30.0
PRIOR_STRETCH = 10.0
"""How firmly the stretching is drawn to 1, in predictions."""
STRETCHES: Floats = np.geomspace(0.5, 3.0, 73)


class Skills(Mapping[str, float]):
    """Each member's mean peer score after a number of resolved predictions, shrunk, in points. All that look back on
    the same past share its lists, so each score takes memory once."""

    __slots__ = ("_count", "_past")

    def __init__(self, past: Mapping[str, tuple[list[int], list[float]]], count: int) -> None:
        self._past, self._count = past, count

    def __getitem__(self, name: str) -> float:
        counts, means = self._past[name]
        position = bisect_right(counts, self._count)
        if not position:
            raise KeyError(name)
        return means[position - 1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, (counts, _) in self._past.items() if counts[0] <= self._count)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True, slots=True)
class Known:
    """What was known from one moment on, Unix seconds: `skills` are the members' mean peer scores, shrunk, in points; who is not
    there has 0. `stretch` multiplies the mean of log-odds. `resolved` counts the predictions behind it."""

    since: float
    resolved: int
    skills: Mapping[str, float]
    stretch: float


@dataclass(frozen=True, slots=True)
class Experience:
    """What was known at each moment, in the order of time."""

    known: tuple[Known, ...] = ()

    def at(self, moment: float) -> Known | None:
        """What was known at a moment; None before enough was resolved."""
        position = bisect_right(self.known, moment, key=lambda one: one.since) - 1
        return None if position < 0 or self.known[position].resolved < LEAST_RESOLVED else self.known[position]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a resolved prediction teaches, from its result on, Unix seconds: its members' (name, peer score, coverage), and how far the
    mean of what stood at its close should have been stretched. Of `case`, forecasts that ended before the close aren't needed."""

    moment: float
    case: Case
    peers: Sequence[tuple[str, float, float]]


def experience_of(results: Iterable[tuple[float, CaseResult]]) -> Experience:
    """The experience that resolved predictions give, each with the moment at which it had its result, Unix seconds.

    In any order: they are taken by time, then by id. What has no scores gives none.
    """
    return experience_from(
        Lesson(moment, result.case, _peers(result)) for moment, result in results if result.scores is not None
    )


def experience_from(lessons: Iterable[Lesson]) -> Experience:
    """The same from what they teach."""
    past: dict[str, tuple[list[int], list[float]]] = {}
    points: dict[str, list[float]] = {}
    likelihood = -PRIOR_STRETCH * np.square(np.log(STRETCHES)) / 2
    known: list[Known] = []
    for count, lesson in enumerate(sorted(lessons, key=lambda one: (one.moment, one.case.id)), 1):
        # Those before it in time, whether or not they are enough to be shown.
        before = next((one for one in reversed(known) if one.since < lesson.moment), None)
        likelihood = likelihood + _likelihood(lesson.case, before)
        for name, peer, coverage in lesson.peers:
            total = points.setdefault(name, [0.0, 0.0])
            total[0] += peer
            total[1] += coverage
            counts, means = past.setdefault(name, ([], []))
            counts.append(count)
            means.append(total[0] / (total[1] + PRIOR_COVERAGE))
        known.append(Known(lesson.moment, count, Skills(past, count), float(STRETCHES[np.argmax(likelihood)])))
    return Experience(tuple(known))


def experienced_crowd(
    kind: Kind, members: Forecasts, member_ids: Sequence[str], experience: Experience, *, opens_at: float, closed_at: float
) -> Forecasts:
    """What the experienced crowd said at each moment, as forecasts of one forecaster; none where it was not there yet.

    A step of it is one of the members' changes, or a moment at which more became known.
    """
    timeline = timeline_of(members, opens_at=opens_at, closed_at=closed_at)
    if not kind.is_distribution or not len(timeline.forecasts):
        return Forecasts(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0), np.empty((0, members.values.shape[1])))
    moments = [one.since for one in experience.known if timeline.times[0] < one.since < closed_at]
    starts = np.unique(np.concatenate((timeline.times, np.array(moments, dtype=np.float64))))
    steps = np.searchsorted(timeline.times, starts, side="right") - 1
    logs = _logs(kind, timeline.forecasts.values)
    found = np.full((len(starts), members.values.shape[1]), np.nan)
    # Both go by step, so that each block's matrix of who stands is made once.
    at = 0
    for block in blocks_of(timeline):
        matrix, counts = _ranked(timeline, block)
        while at < len(steps) and steps[at] < block.stop:
            known, row = experience.at(float(starts[at])), int(steps[at]) - block.start
            if known is not None and counts[row]:
                standing = matrix[row, : counts[row]]
                active = int(timeline.active[steps[at]])
                weights = _weights(standing, active, timeline, member_ids, known)
                found[at] = _probabilities(kind, known.stretch * (weights @ logs[standing]))
            at += 1
    is_made = ~np.isnan(found[:, 0])
    ends = np.append(starts[1:], closed_at)
    return Forecasts(np.zeros(int(is_made.sum()), dtype=np.int64), starts[is_made], ends[is_made], found[is_made])


def _ranked(timeline: Timeline, block: Block) -> tuple[Integers, Integers]:
    matrix = standing_matrix(timeline, block)
    return matrix, (matrix < len(timeline.forecasts)).sum(axis=1)


def _weights(standing: np.ndarray, active: int, timeline: Timeline, member_ids: Sequence[str], known: Known) -> Floats:
    """The shares of those who stand, oldest first, of `active` in all; they sum to 1."""
    ranks = np.arange(active - len(standing) + 1, active + 1)
    recency = np.ones(len(standing)) if active <= 2 else np.exp(np.sqrt(ranks) - np.sqrt(active))
    who: list[int] = timeline.forecasts.who[standing].tolist()
    skills = np.array([known.skills.get(member_ids[number], 0.0) for number in who], dtype=np.float64)
    points = np.clip(skills, -MOST_POINTS, MOST_POINTS)
    weights = recency * np.exp(points / POINTS)
    return weights / weights.sum()


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
    assert result.scores is not None
    scores = result.scores.members.over_time
    rows = zip(result.case.member_ids, scores.peer.tolist(), scores.coverage.tolist(), strict=True)
    return [(name, peer, coverage) for name, peer, coverage in rows if coverage > 0]


def _likelihood(case: Case, known: Known | None) -> Floats:
    """The logarithm of the probability that each stretch would have given to what happened, at the close, (stretches,)."""
    none = np.zeros(len(STRETCHES))
    if not case.kind.is_distribution or case.window is None or case.outcome is None:
        return none
    timeline = timeline_of(case.members, opens_at=case.opens_at, closed_at=case.window.closed_at)
    standing = np.flatnonzero(timeline.last == len(timeline.times))
    if len(standing) < 2:
        return none
    before = known or Known(case.opens_at, 0, {}, 1.0)
    weights = _weights(standing, len(standing), timeline, case.member_ids, before)
    mean = weights @ _logs(case.kind, timeline.forecasts.values[standing])
    said = _probabilities(case.kind, STRETCHES[:, None] * mean)
    given = said[:, int(case.outcome)] if case.kind is Kind.MULTIPLE_CHOICE else np.abs(1 - case.outcome - said[:, 0])
    return np.log(np.clip(given, LEAST, MOST))
