"""Whether honesty pays in the peer score of numbers: what multiple of one's honest width is best, for few and for many, what the
average honest member gets, and what one absurd account does to the others. The ratio of WIS, which it was before, stands beside it,
and so do two formulas that were looked at and left.

    python -m tests.bench.propriety
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.domain.instants import interval_scores
from bot.domain.linear_wis import OTHERS_CAP, OWN_CAP, SPREAD
from bot.domain.timelines import Floats

GROUPS = (3, 4, 5, 8, 12)
MULTIPLES = np.round(np.arange(0.3, 1.75, 0.05), 2)
QUESTIONS = 100_000
Z90 = 1.2815515655446004
TINY, ABSURD = (0.0, 0.0, 1e-6), (0.0, 50.0, 1e18)
NARROW, WIDE = (-0.15, 0.0, 0.15), (-8.0, 0.0, 8.0)
"""About a ninth of the middle width of honest members, and six times as much."""
LIMIT = 10.0


@dataclass(frozen=True)
class Questions:
    """Many questions at once: what each member says, (questions, members, 3), and what came, (questions,)."""

    said: Floats
    came: Floats


Score = Callable[[Floats, Floats], Floats]
"""The scores of all members from their WIS and widths, each (questions, members)."""


def create_questions(members: int, count: int = QUESTIONS, *, seed: int = 1, has_fat_tails: bool = False) -> Questions:
    """Members who each know something of their own and say so honestly; how much differs from one to the next."""
    dice = np.random.default_rng([seed, members])
    spreads = dice.uniform(0.5, 1.6, (count, members))
    came = dice.normal(0, 5, count)
    off = dice.standard_t(4, (count, members)) / np.sqrt(2) if has_fat_tails else dice.normal(0, 1, (count, members))
    middles = came[:, None] + spreads * off
    # The honest quantiles of what will come, given what one saw.
    z90 = 1.533206 / np.sqrt(2) if has_fat_tails else Z90
    return Questions(np.stack([middles + z * spreads for z in (-z90, 0, z90)], axis=2), came)


def with_width(questions: Questions, multiple: float | Floats, *, who: slice = slice(0, 1)) -> Questions:
    """The same, where some members say this multiple of their honest width."""
    said = questions.said.copy()
    middle = said[:, who, 1:2]
    said[:, who] = middle + multiple * (said[:, who] - middle)
    return Questions(said, questions.came)


def with_account(questions: Questions, values: tuple[float, float, float]) -> Questions:
    """The same with one more account, which says always the same."""
    more = np.broadcast_to(np.array(values), (len(questions.came), 1, 3))
    return Questions(np.concatenate((questions.said, more), axis=1), questions.came)


def scores(questions: Questions, by: Score) -> Floats:
    """The scores of all members, (questions, members)."""
    count, members, _ = questions.said.shape
    flat = (questions.said - questions.came[:, None, None]).reshape(-1, 3)
    wis = interval_scores(flat, 0.0).reshape(count, members)
    return by(wis, questions.said[:, :, 2] - questions.said[:, :, 0])


def linear(wis: Floats, widths: Floats) -> Floats:
    """Linear WIS, member by member as the definition has it."""
    found = np.zeros_like(wis)
    members = wis.shape[1]
    for who in range(members):
        others = [at for at in range(members) if at != who]
        scale = np.sort(widths[:, others], axis=1)[:, (members - 1) // 2]
        mean = np.minimum(wis[:, others], OTHERS_CAP * scale[:, None]).mean(axis=1)
        found[:, who] = 100 * SPREAD * (mean - np.minimum(wis[:, who], OWN_CAP * scale)) / scale
    return found


def ratio(wis: Floats, widths: Floats) -> Floats:
    """What it was before: 100 ln(geometric mean of the others' WIS / own WIS)."""
    logs = np.log(np.maximum(wis, 1e-9))
    members = wis.shape[1]
    return 100 * members / (members - 1) * (logs.mean(axis=1, keepdims=True) - logs) + 0 * widths


def in_own_units(wis: Floats, widths: Floats) -> Floats:
    """Each difference from another member's WIS in units of their own width: the one formula, up to a factor, in which no third
    account can change who is better on a question, for a score is the same for all but for a factor on the own WIS."""
    shares = 1 / np.maximum(widths, 1e-9)
    members = wis.shape[1]
    return (
        100 * SPREAD * ((shares * wis).sum(axis=1, keepdims=True) - shares.sum(axis=1, keepdims=True) * wis) / (members - 1)
    )


def among_similar(wis: Floats, widths: Floats) -> Floats:
    """Linear WIS, compared only with those whose width is within ten times the middle one of the others', either way."""
    found = np.zeros_like(wis)
    members = wis.shape[1]
    for who in range(members):
        others = [at for at in range(members) if at != who]
        theirs = widths[:, others]
        middle = np.sort(theirs, axis=1)[:, (members - 1) // 2, None]
        counts = (theirs >= middle / LIMIT) & (theirs <= middle * LIMIT)
        many = counts.sum(axis=1)
        ordered = np.sort(np.where(counts, theirs, np.inf), axis=1)
        scale = np.take_along_axis(ordered, np.minimum(many // 2, members - 2)[:, None], axis=1)[:, 0]
        capped = np.where(counts, np.minimum(wis[:, others], OTHERS_CAP * scale[:, None]), 0.0)
        mean = capped.sum(axis=1) / np.maximum(many, 1)
        score = 100 * SPREAD * (mean - np.minimum(wis[:, who], OWN_CAP * scale)) / scale
        found[:, who] = np.where(many >= 2, score, 0.0)
    return found


def best_multiple(members: int, by: Score = linear, *, count: int = QUESTIONS, has_fat_tails: bool = False) -> float:
    """The multiple of the honest width with the best mean score: the top of a parabola through the best of some and its neighbours."""
    questions = create_questions(members, count, has_fat_tails=has_fat_tails)
    means = [float(scores(with_width(questions, multiple), by)[:, 0].mean()) for multiple in MULTIPLES.tolist()]
    best = int(np.argmax(means))
    near = slice(max(best - 3, 0), best + 4)
    curve = np.polynomial.Polynomial.fit(MULTIPLES[near], means[near], 2)
    return float(curve.deriv().roots()[0].real)


def turned_pairs(
    members: int, values: tuple[float, float, float] | None, by: Score = linear, *, count: int = QUESTIONS
) -> tuple[float, float]:
    """What one more account does to the order of the others on a question: the share of pairs that it turns around, and how many
    points apart these are on average, of a spread of about 30. `values` is what it says; None for one more honest member."""
    questions = create_questions(members + 1, count, seed=3)
    fewer = Questions(questions.said[:, :members], questions.came)
    more = questions if values is None else with_account(fewer, values)
    before, after = scores(fewer, by), scores(more, by)[:, :members]
    first, second = np.triu_indices(members, 1)
    apart, now_apart = before[:, first] - before[:, second], after[:, first] - after[:, second]
    is_turned = apart * now_apart < 0
    distances = np.minimum(np.abs(apart), np.abs(now_apart))[is_turned]
    return float(is_turned.mean()), float(distances.mean()) if len(distances) else 0.0


FORMULAS: dict[str, Score] = {
    "as defined": linear,
    "in the others' own units": in_own_units,
    "only those near the middle": among_similar,
}


def main() -> None:
    """Print all of it."""
    console = Console(width=120)
    table = Table(title=f"{QUESTIONS:,} questions with honest members who know more or less", title_justify="left")
    names = (
        "members",
        "best width",
        "with fat tails",
        "by the ratio",
        "mean of the honest",
        "overconfident others",
        "spread",
        "a hit by a point",
    )
    for name in names:
        table.add_column(name, justify="right")
    for members in GROUPS:
        questions = create_questions(members)
        own = scores(questions, linear)[:, 0]
        narrow = with_width(questions, 0.5, who=slice(1, None))
        point = scores(with_width(Questions(questions.said, questions.said[:, 0, 1]), 0.0), ratio)[:, 0]
        table.add_row(
            str(members),
            f"{best_multiple(members):.2f}",
            f"{best_multiple(members, has_fat_tails=True):.2f}",
            f"{best_multiple(members, ratio):.2f}",
            f"{own.mean():.2f}",
            f"{scores(narrow, linear)[:, 0].mean():.2f}",
            f"{own.std():.1f}",
            f"{point.mean():.0f} → {scores(with_width(Questions(questions.said, questions.said[:, 0, 1]), 0.0), linear)[:, 0].mean():.0f}",
        )
    console.print(table)
    table = Table(
        title="Pairs of others whose order on a question one more account turns (points apart)", title_justify="left"
    )
    for name in ("members", "one more honest member", "an account of no width", "0; 50; 1e18"):
        table.add_column(name, justify="right")
    for members in GROUPS:
        turned = [turned_pairs(members, values) for values in (None, TINY, ABSURD)]
        table.add_row(str(members), *(f"{share:.1%} ({apart:.1f})" for share, apart in turned))
    console.print(table)
    table = Table(title="The same by other formulas", title_justify="left")
    for name in (
        "members",
        "formula",
        "no width",
        "0; 50; 1e18",
        "a ninth as wide",
        "six times as wide",
        "mean of the honest",
    ):
        table.add_column(name, justify="left" if name == "formula" else "right")
    for members in GROUPS:
        for name, by in FORMULAS.items():
            turned = [turned_pairs(members, values, by)[0] for values in (TINY, ABSURD, NARROW, WIDE)]
            mean = float(scores(create_questions(members), by).mean())
            table.add_row(str(members), name, *(f"{share:.1%}" for share in turned), f"{mean:.2f}")
    console.print(table)


if __name__ == "__main__":
    main()
