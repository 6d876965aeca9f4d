"""The rule of a vote, against a second statement of it that tries every way to read the ballots."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations_with_replacement, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.types import Kind
from bot.domain.voting import Answer, BallotPaper, Choice, VoteRule, VoteVerdict, choices_of, quorum_of, tally

YES, NO, EARLY, VOID = (Answer(Choice[name]) for name in ("YES", "NO", "TOO_EARLY", "VOID"))
RULES = [
    VoteRule(quorum, majority)
    for quorum, majority in product((1, 2, 3, 4, 5, 6), (1 / 2, 0.51, 0.6, 2 / 3, 3 / 4, 0.9, 1.0))
]
THIRDS = {1 / 2: (1, 2), 0.51: (51, 100), 0.6: (3, 5), 2 / 3: (2, 3), 3 / 4: (3, 4), 0.9: (9, 10), 1.0: (1, 1)}


def cast(*answers: Answer) -> list[BallotPaper]:
    return [BallotPaper(answer) for answer in answers]


def expected(answers: tuple[Answer, ...], rule: VoteRule) -> tuple[str, Answer | None]:
    """Section 7 in other words: every answer is asked in turn whether it wins, in whole numbers."""
    if not len(answers) >= rule.quorum:
        return "too_few", None
    part, whole = THIRDS[rule.majority]
    winners: list[Answer] = []
    for candidate in (YES, NO, EARLY, VOID):
        behind_it = sum(1 for answer in answers if answer == candidate)
        beaten = all(
            behind_it > sum(1 for answer in answers if answer == rival) for rival in {YES, NO, EARLY, VOID} - {candidate}
        )
        if behind_it * whole >= part * len(answers) and beaten:
            winners.append(candidate)
    return ("decided", winners[0]) if winners else ("split", None)


def all_ballots() -> Iterator[tuple[Answer, ...]]:
    """Every way in which up to 6 voters can fall on 4 answers."""
    for voters in range(7):
        yield from combinations_with_replacement((YES, NO, EARLY, VOID), voters)


def test_all_counts_up_to_six_voters_under_all_rules() -> None:
    cases = 0
    for answers, rule in product(all_ballots(), RULES):
        counted = tally(cast(*answers), rule)
        assert (counted.verdict, counted.answer) == expected(answers, rule), (answers, rule)
        assert sum(counted.counts.values()) == counted.total == len(answers)
        cases += 1
    assert cases == 210 * 42
    print(f"{cases} cases")


@pytest.mark.parametrize(
    ("yes", "no", "verdict"), [(2, 1, "decided"), (4, 2, "decided"), (3, 2, "split"), (20, 10, "decided"), (19, 11, "split")]
)
def test_two_thirds_are_two_thirds_to_the_ballot(yes: int, no: int, verdict: str) -> None:
    assert tally(cast(*[YES] * yes, *[NO] * no), VoteRule(3, 2 / 3)).verdict == verdict


def test_a_tie_decides_nothing_under_any_majority() -> None:
    assert tally(cast(YES, YES, NO, NO), VoteRule(3, 1 / 2)).verdict is VoteVerdict.SPLIT


def test_no_ballots_are_too_few_even_without_a_quorum() -> None:
    assert tally([], VoteRule(0, 2 / 3)).answer is None


FIRST, SECOND = date(2027, 3, 1), date(2027, 6, 1)


@pytest.mark.parametrize(
    ("named", "agreed"),
    [
        ([FIRST, FIRST, SECOND], FIRST),
        ([FIRST, SECOND], None),
        ([FIRST, None, None], None),
        ([FIRST, FIRST, None], FIRST),
        ([None, None, None], None),
        ([FIRST, FIRST, SECOND, SECOND], None),
    ],
)
def test_too_early_takes_the_date_that_most_name(named: list[date | None], agreed: date | None) -> None:
    counted = tally([BallotPaper(EARLY, day) for day in named], VoteRule(1, 2 / 3))
    assert (counted.verdict, counted.new_date) == (VoteVerdict.DECIDED, agreed)


def test_a_date_counts_only_when_too_early_wins() -> None:
    papers = [BallotPaper(EARLY, FIRST), *cast(YES, YES, YES)]
    counted = tally(papers, VoteRule(3, 2 / 3))
    assert (counted.answer, counted.new_date) == (YES, None)


def test_options_are_told_apart_by_their_position() -> None:
    papers = cast(*(Answer(Choice.OPTION, position) for position in (0, 1, 1, 1)))
    assert tally(papers, VoteRule(3, 2 / 3)).answer == Answer(Choice.OPTION, 1)


@given(st.lists(st.sampled_from([YES, NO, EARLY, VOID]), max_size=30), st.sampled_from(RULES), st.randoms())
def test_the_order_of_ballots_does_not_matter(answers: list[Answer], rule: VoteRule, random: object) -> None:
    shuffled = list(answers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert tally(cast(*answers), rule) == tally(cast(*shuffled), rule)


@given(st.lists(st.sampled_from([YES, NO, EARLY, VOID]), min_size=1, max_size=30), st.sampled_from(RULES))
def test_one_more_voice_for_the_winner_changes_nothing(answers: list[Answer], rule: VoteRule) -> None:
    before = tally(cast(*answers), rule)
    if before.answer is not None:
        assert tally(cast(*answers, before.answer), rule).answer == before.answer


@pytest.mark.parametrize(
    ("forecasters", "quorum"), [(0, 3), (3, 3), (12, 3), (13, 4), (16, 4), (17, 5), (100, 25), (101, 25), (5000, 25)]
)
def test_the_quorum_is_a_quarter_rounded_up_within_bounds(forecasters: int, quorum: int) -> None:
    assert quorum_of(forecasters, least=3, share=0.25, most=25) == quorum


def test_what_is_offered_depends_on_the_kind() -> None:
    assert choices_of(Kind.BINARY) == (YES, NO, EARLY, VOID)
    assert choices_of(Kind.MULTIPLE_CHOICE, 2) == (Answer(Choice.OPTION, 0), Answer(Choice.OPTION, 1), EARLY, VOID)
    assert [answer.choice for answer in choices_of(Kind.DATE)] == ["value", "too_early", "void"]
    assert [answer.choice for answer in choices_of(Kind.BINARY, is_early=True)] == ["accept", "not_yet"]
