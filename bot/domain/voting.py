"""How a vote is decided: a pure rule over its ballots. Quorum and majority are frozen when the vote opens."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from bot.domain.types import Kind


class Choice(StrEnum):
    """What a ballot can say. OPTION has a position; TOO_EARLY may name a new date."""

    YES = "yes"
    NO = "no"
    OPTION = "option"
    ACCEPT = "accept"
    REJECT = "reject"
    TOO_EARLY = "too_early"
    VOID = "void"


@dataclass(frozen=True, slots=True, order=True)
class Answer:
    """What happened, according to one ballot; `position` is only set for an option."""

    choice: Choice
    position: int | None = None


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """One ballot. `new_date` is the day on which a TOO_EARLY ballot wants to look again."""

    answer: Answer
    new_date: date | None = None


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
    """The count. `answer` is set once it's decided, `new_date` if it was too early and one date has a majority."""

    verdict: VoteVerdict
    counts: dict[Answer, int]
    total: int
    answer: Answer | None = None
    new_date: date | None = None


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
    (answer,) = leading
    return VoteTally(
        VoteVerdict.DECIDED, counts, total, answer, _agreed_date(papers) if answer.choice is Choice.TOO_EARLY else None
    )


def quorum_of(forecasters: int, *, least: int, share: float, most: int) -> int:
    """How many ballots are needed: a share of those who forecast, rounded up, within bounds; the lower bound wins."""
    wanted = math.ceil(Fraction(share).limit_denominator(1000) * forecasters)
    return max(least, min(wanted, most))


def choices_of(kind: Kind, options: int = 0) -> tuple[Answer, ...]:
    """What a ballot on a prediction of this kind can say, in the order we offer it."""
    match kind:
        case Kind.BINARY:
            outcomes = (Answer(Choice.YES), Answer(Choice.NO))
        case Kind.MULTIPLE_CHOICE:
            outcomes = tuple(Answer(Choice.OPTION, position) for position in range(options))
        case Kind.NUMERIC | Kind.DATE:
            outcomes = (Answer(Choice.ACCEPT), Answer(Choice.REJECT))
    return (*outcomes, Answer(Choice.TOO_EARLY), Answer(Choice.VOID))


def _agreed_date(papers: list[BallotPaper]) -> date | None:
    """The day that more than half of the ballots naming one agree on."""
    named = Counter(paper.new_date for paper in papers if paper.answer.choice is Choice.TOO_EARLY and paper.new_date)
    return next((day for day, count in named.items() if 2 * count > named.total()), None)
