"""Whether scores can be gamed: one account plays each known trick through simulated seasons, among honest members who know as much.

    python -m tests.bench.gaming [--seasons N]

An honest account leads one season in as many as there are members. A trick that leads clearly more often is one that pays.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.domain.audit import audit
from bot.domain.cases import Case, numbered
from bot.domain.leaderboard import Ranking
from bot.domain.quantiles import recency_weights, weighted_quantile
from bot.domain.timelines import Forecasts, window_of
from bot.domain.types import Kind

MEMBERS = 9
PREDICTIONS = 40
UPDATES = (0.02, 0.3, 0.6, 0.85)
NOISE = 0.6
"""How far off, in standard deviations of the world's own moves, each member sees the state of things; drawn again at each look."""
BAD = "x"
"""The account that plays. Further ones of the same person are called x1, x2 and so on."""
Z90 = 1.2815515655446004
Said = list[tuple[str, float, float, list[float]]]
"""Who, from when, until when, and what; times in [0, 1)."""


@dataclass
class World:
    """One prediction as it goes: `state` moves like a random walk from 0 to 1, and what happens is its sign, or itself.

    `happened_at` is when everyone could know, which of what happens may be long before the end.
    """

    dice: np.random.Generator
    is_numeric: bool
    is_sure: bool = False
    outcome: float = 0.0
    happened_at: float = 1.0
    path: np.ndarray = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        begin = self.dice.choice((-1, 1)) * 2.2 if self.is_sure else self.dice.normal(0, 0.6)
        self.path = begin + np.concatenate((np.zeros(1), np.cumsum(self.dice.normal(0, 0.1, 100))))
        self.outcome = float(self.path[-1]) if self.is_numeric else float(self.path[-1] > 0)
        if not self.is_numeric and self.outcome and self.dice.random() < 0.5:
            self.happened_at = float(self.dice.uniform(0.4, 1))

    def state(self, time: float) -> float:
        """The state at a time."""
        return float(self.path[min(int(time * 100), 100)])

    def belief(self, time: float, noise: float) -> list[float]:
        """What someone says honestly who sees the state with this much noise."""
        seen = self.state(time) + self.dice.normal(0, noise)
        # The walk has a spread of sqrt(0.3) before it begins and of 1 after; what is seen is weighed against that.
        prior = 0.36 + time
        share = prior / (prior + noise * noise) if noise else 1.0
        spread = math.sqrt(max(1 - time, 1e-9) + prior * (1 - share))
        middle = share * seen if not self.is_sure else seen
        if self.is_numeric:
            return [middle - Z90 * spread, middle, middle + Z90 * spread]
        return [0.5 * math.erfc(-middle / spread / math.sqrt(2))]


Play = Callable[[World, Said], Said]
"""What the account does, and further accounts of the same person, where the others' forecasts are known up to then."""


def honest(world: World, _others: Said, who: str = BAD) -> Said:
    """Say what one thinks, four times."""
    ends = (*UPDATES[1:], math.inf)
    return [(who, time, end, world.belief(time, NOISE)) for time, end in zip(UPDATES, ends, strict=True)]


def changed(change: Callable[[list[float]], list[float]]) -> Play:
    """Honest, but for a change of what is said."""
    return lambda world, others: [(who, start, end, change(said)) for who, start, end, said in honest(world, others)]


def narrower(share: float) -> Callable[[list[float]], list[float]]:
    """The same middle, and this share of the width."""
    return lambda said: [said[1] + share * (value - said[1]) for value in said]


def with_absurd_account(world: World, others: Said) -> Said:
    """A second account says next to nothing, so that all look alike."""
    return [*honest(world, others), (BAD + "1", 0.0, math.inf, [0.0, 50.0, 1e18])]


def with_tiny_account(world: World, others: Said) -> Said:
    """A second account has an interval of next to no width, so that all look bad."""
    return [*honest(world, others), (BAD + "1", 0.0, math.inf, [5.0, 5.0, 5.000001])]


def with_opposite_accounts(world: World, others: Said) -> Said:
    """Nine more accounts say the same, moved to all sides: one of them will have been lucky."""
    found: Said = []
    for number in range(10):
        for _, start, end, said in honest(world, others):
            odds = math.log(_inside(said[0]) / (1 - _inside(said[0]))) + (number - 4.5) / 3
            found.append((BAD + str(number), start, end, [1 / (1 + math.exp(-odds))]))
    return found


def sure_things(world: World, others: Said) -> Said:
    """Forecast only what is as good as certain."""
    return honest(world, others) if world.is_sure else []


def late(world: World, _others: Said) -> Said:
    """Forecast only at the end, when most is known, and see it clearly."""
    return [(BAD, 0.95, math.inf, world.belief(0.95, 0.0))]


def after_the_news(world: World, others: Said) -> Said:
    """Honest, and sure of it as soon as it has happened, while the vote goes on."""
    said = [row for row in honest(world, others) if row[1] < world.happened_at]
    if world.happened_at < 1:
        last = said.pop()
        said += [(*last[:2], world.happened_at, last[3]), (BAD, world.happened_at, math.inf, [0.999])]
    return said


def withdrawing(world: World, others: Said) -> Said:
    """Honest at first; take it back for good once it looks wrong."""
    (_, start, _, said), *_ = honest(world, others)
    for time in np.arange(0.1, 1, 0.05).tolist():
        now = world.belief(time, NOISE)[0]
        if (said[0] - 0.5) * (now - 0.5) < 0 and abs(now - said[0]) > 0.3:
            return [(BAD, start, time, said)]
    return [(BAD, start, math.inf, said)]


def copying(world: World, others: Said) -> Said:
    """Say what the crowd says, ten times."""
    del world
    times = np.arange(0.05, 1, 0.1).tolist()
    found: Said = []
    for start, end in zip(times, [*times[1:], math.inf], strict=True):
        standing = sorted(row[1] for row in others if row[1] <= start < row[2])
        values = np.array([row[3] for row in sorted(others, key=lambda row: row[1]) if row[1] <= start < row[2]])
        found.append((BAD, start, end, weighted_quantile(values, recency_weights(len(standing)), 0.5).tolist()))
    return found


@dataclass(frozen=True)
class Trick:
    """A way of playing; with `own` trivial predictions made and forecast by the same person's accounts, as often in a season."""

    name: str
    play: Play
    is_numeric: bool = False
    own: int = 0
    accounts: int = 1


TRICKS: tuple[Trick, ...] = (
    Trick("honest", honest),
    Trick("honest, on numbers", honest, is_numeric=True),
    Trick("a point instead of an interval", changed(narrower(1e-6)), is_numeric=True),
    Trick("an interval half as wide", changed(narrower(0.5)), is_numeric=True),
    Trick("a second account that says 0; 50; 1e18", with_absurd_account, is_numeric=True),
    Trick("a second account of no width", with_tiny_account, is_numeric=True),
    Trick("one trivial prediction, four accounts", honest, own=1),
    Trick("five trivial predictions, four accounts", honest, own=5),
    Trick("only sure things", sure_things),
    Trick("ten accounts to all sides", with_opposite_accounts, accounts=10),
    Trick("only late", late),
    Trick("after the news, before the vote is over", after_the_news),
    Trick("withdrawing what looks wrong", withdrawing),
    Trick("copying the crowd", copying),
)


def season(trick: Trick, seed: int, *, predictions: int = PREDICTIONS) -> list[Case]:
    """The predictions of a season; one in four is as good as certain."""
    dice = np.random.default_rng([seed, predictions])
    cases: list[Case] = []
    for number in range(predictions):
        world = World(dice, trick.is_numeric, is_sure=not trick.is_numeric and number % 4 == 0)
        others = [row for member in range(MEMBERS) for row in honest(world, [], str(member))]
        cases.append(_case(f"p{number}", world, others + trick.play(world, others), creator="0", is_approved=True))
    for number in range(trick.own):
        world = World(dice, is_numeric=False, is_sure=True)
        said: Said = [(BAD, 0.0, math.inf, [world.outcome])]
        said += [(f"{BAD}{other}", 0.0, math.inf, [1 - world.outcome]) for other in (1, 2, 3)]
        cases.append(_case(f"own{number}", world, said, creator=BAD, is_approved=False))
    return cases


def leads(cases: list[Case]) -> dict[Ranking, bool]:
    """Whether an account of the player's has the first rank, by each ranking."""
    found = audit(cases).rankings
    return {by: any(line.rank == 1 and line.forecaster.startswith(BAD) for line in lines) for by, lines in found.items()}


def share_of_seasons(trick: Trick, seasons: int, *, predictions: int = PREDICTIONS) -> dict[Ranking, float]:
    """In which share of the seasons the player leads."""
    won = [leads(season(trick, seed, predictions=predictions)) for seed in range(seasons)]
    return {by: sum(one[by] for one in won) / seasons for by in Ranking}


def chance_of(trick: Trick) -> float:
    """The share that this many honest accounts would lead."""
    return trick.accounts / (MEMBERS + trick.accounts)


def _case(name: str, world: World, said: Said, *, creator: str, is_approved: bool) -> Case:
    ids, who = numbered([row[0] for row in said])
    size = 3 if world.is_numeric else 1
    members = Forecasts(
        who,
        np.array([row[1] for row in said], dtype=np.float64),
        np.array([row[2] for row in said], dtype=np.float64),
        np.array([row[3] for row in said], dtype=np.float64).reshape(-1, size),
    )
    nobody = Forecasts(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0), np.empty((0, size)))
    return Case(
        id=name,
        kind=Kind.NUMERIC if world.is_numeric else Kind.BINARY,
        options=2,
        opens_at=0.0,
        window=window_of(opens_at=0.0, scheduled_close=1.0, happened_at=world.happened_at),
        outcome=world.outcome,
        member_ids=ids,
        members=members,
        author_ids=(),
        authors=nobody,
        creator_id=creator,
        is_approved=is_approved,
    )


def _inside(probability: float) -> float:
    return min(max(probability, 1e-6), 1 - 1e-6)


def main() -> None:
    """Play all of them and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seasons", type=int, default=200)
    seasons = parser.parse_args().seasons
    table = Table(
        title=f"Share of {seasons} seasons led: {MEMBERS} honest members, {PREDICTIONS} predictions", title_justify="left"
    )
    for column in ("trick", "chance", *Ranking):
        table.add_column(column, justify="left" if column == "trick" else "right")
    for trick in TRICKS:
        shares = share_of_seasons(trick, seasons)
        cells = ["" if trick.is_numeric and by is not Ranking.PEER else f"{share:.1%}" for by, share in shares.items()]
        table.add_row(trick.name, f"{chance_of(trick):.1%}", *cells)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
