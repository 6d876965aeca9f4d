"""How a vote is decided: a pure rule over its ballots. Quorum and majority are frozen when the vote opens."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from bot.domain.types import Kind


class Choice(StrEnum):
    """What a ballot can say. OPTION has a position and VALUE a number or a day; TOO_EARLY may name a new date."""

    YES = "yes"
    NO = "no"
    OPTION = "option"
    ACCEPT = "accept"
    """It happened as proposed: an early vote."""
    REJECT = "reject"
    """The proposed value is wrong: only in votes of version 0.1."""
    TOO_EARLY = "too_early"
    VOID = "void"
    VALUE = "value"
    NOT_YET = "not_yet"
    """It hasn't happened yet: an early vote."""

    @property
    def is_of_an_event(self) -> bool:
        """Whether it says that something happened, so that it carries the moment."""
        return self in (Choice.YES, Choice.OPTION, Choice.VALUE, Choice.ACCEPT)


@dataclass(frozen=True, slots=True, order=True)
class Answer:
    """What happened, according to one ballot. `position` is only set for an option, `value` for a number (as cards show it)
    or a day since 1970-01-01."""

    choice: Choice
    position: int | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """One ballot. `new_date` is the day on which a TOO_EARLY ballot wants to look again, `happened_at` when what it says
    became known."""

    answer: Answer
    new_date: date | None = None
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VoteRule:
    """How many ballots are needed, and what share of those cast must agree."""

    quorum: int
    majority: float


class VoteVerdict(StrEnum):
    """What the ballots decide."""

    DECIDED = "decided"
    TOO_FEW = "too_few"
    """The quorum isn't reached."""
    SPLIT = "split"
    """No answer has the majority, or two tie."""


@dataclass(frozen=True, slots=True)
class VoteTally:
    """The count. `answer` is set once it's decided, `new_date` if it was too early and one date has a majority, `happened_at`
    as the lower median of the winning ballots."""

    verdict: VoteVerdict
    counts: dict[Answer, int]
    total: int
    answer: Answer | None = None
    new_date: date | None = None
    happened_at: datetime | None = None


def tally(ballots: Iterable[BallotPaper], rule: VoteRule) -> VoteTally:
    """Count the ballots. Decided if the quorum is reached and just one answer has the majority of all ballots cast."""
    papers = list(ballots)
    counts = dict(Counter(paper.answer for paper in papers))
    total = len(papers)
    if total < rule.quorum:
        return VoteTally(VoteVerdict.TOO_FEW, counts, total)
    # 2/3 as a float is slightly off; as a fraction of small numbers it's exact.
    share = Fraction(rule.majority).limit_denominator(1000)
    enough = [answer for answer, count in counts.items() if count >= share * total]
    leading = [answer for answer in enough if counts[answer] == max(counts[other] for other in enough)]
    if len(leading) != 1:
        return VoteTally(VoteVerdict.SPLIT, counts, total)
    return _decided(papers, counts, leading[0])


def tally_of_more_than_half(ballots: Iterable[BallotPaper]) -> VoteTally:
    """What counts once the managers had their time: the answer of more than half of the ballots, however few they are."""
    papers = list(ballots)
    counts = dict(Counter(paper.answer for paper in papers))
    most = next((answer for answer, count in counts.items() if 2 * count > len(papers)), None)
    if most is None:
        return VoteTally(VoteVerdict.SPLIT if papers else VoteVerdict.TOO_FEW, counts, len(papers))
    return _decided(papers, counts, most)


def all_agree(ballots: Iterable[BallotPaper], rule: VoteRule) -> bool:
    """Whether the quorum is reached and every ballot says the same, so that the vote needn't run its whole time."""
    answers = [paper.answer for paper in ballots]
    return len(answers) >= rule.quorum and len(set(answers)) == 1


def quorum_of(forecasters: int, *, least: int, share: float, most: int) -> int:
    """How many ballots are needed: a share of the voters who forecast, rounded up, within bounds; the lower bound wins."""
    wanted = math.ceil(Fraction(share).limit_denominator(1000) * forecasters)
    return max(least, min(wanted, most))


def choices_of(kind: Kind, options: int = 0, *, is_early: bool = False) -> tuple[Answer, ...]:
    """What a ballot on a prediction of this kind can say, in the order we offer it. A VALUE stands for any value."""
    if is_early:
        return (Answer(Choice.ACCEPT), Answer(Choice.NOT_YET))
    match kind:
        case Kind.BINARY:
            outcomes = (Answer(Choice.YES), Answer(Choice.NO))
        case Kind.MULTIPLE_CHOICE:
            outcomes = tuple(Answer(Choice.OPTION, position) for position in range(options))
        case Kind.NUMERIC | Kind.DATE:
            outcomes = (Answer(Choice.VALUE),)
    return (*outcomes, Answer(Choice.TOO_EARLY), Answer(Choice.VOID))


def _decided(papers: list[BallotPaper], counts: dict[Answer, int], answer: Answer) -> VoteTally:
    winning = [paper for paper in papers if paper.answer == answer]
    moments = sorted(paper.happened_at for paper in winning if paper.happened_at is not None)
    return VoteTally(
        VoteVerdict.DECIDED,
        counts,
        len(papers),
        answer,
        _agreed_date(papers) if answer.choice is Choice.TOO_EARLY else None,
        moments[(len(moments) - 1) // 2] if moments else None,
    )


def _agreed_date(papers: list[BallotPaper]) -> date | None:
    """The day that more than half of those name who say that it's too early: one alone can't put a vote off for years."""
    named = Counter(paper.new_date for paper in papers if paper.answer.choice is Choice.TOO_EARLY)
    return next((day for day, count in named.items() if day is not None and 2 * count > named.total()), None)
