"""What the experienced crowd gains over the median, by mean Brier score, in groups that are calibrated, too sure, too unsure, small.

python -m tests.bench.experience
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.domain.cases import Case, CaseResult, numbered, score_case
from bot.domain.experience import experience_of, with_experienced
from bot.domain.timelines import Forecasts, ForecastWindow
from bot.domain.types import Kind

PREDICTIONS = 400
HIDDEN = 0.5
"""How much of what decides is not known to everyone, but to each member a little."""


@dataclass(frozen=True)
class Group:
    """Members who know more or less; `sureness` multiplies their log-odds."""

    name: str
    members: int
    sureness: float = 1.0


GROUPS = (
    Group("calibrated", 12),
    Group("overconfident", 12, 1.7),
    Group("underconfident", 12, 0.6),
    Group("five people", 5),
)


def create_past(group: Group, seed: int, predictions: int = PREDICTIONS) -> list[CaseResult]:
    """A group's predictions, one after the other, each forecast twice by most, with its result at the end."""
    dice = np.random.default_rng([seed, group.members])
    noises = dice.uniform(0.3, 1.5, group.members)
    found: list[CaseResult] = []
    for number in range(predictions):
        common, hidden = dice.normal(0, 1), dice.normal(0, HIDDEN)
        outcome = float(common + hidden + dice.normal(0, 0.7) > 0)
        said: list[tuple[str, float, float]] = []
        for member in range(group.members):
            for time in sorted(dice.uniform(0, 1, 2).tolist()) if dice.random() < 0.8 else []:
                noise = float(noises[member])
                share = HIDDEN**2 / (HIDDEN**2 + noise**2)
                spread = math.sqrt(0.49 + HIDDEN**2 * (1 - share))
                believed = common + share * (hidden + dice.normal(0, noise))
                probability = 0.5 * math.erfc(-believed / spread / math.sqrt(2))
                odds = group.sureness * math.log(probability / (1 - probability))
                said.append((str(member), number + time, 1 / (1 + math.exp(-odds))))
        ids, who = numbered([row[0] for row in said])
        starts, values = np.array([row[1] for row in said]), np.array([row[2] for row in said])
        members = Forecasts(who, starts, np.full(len(said), np.inf), values.reshape(-1, 1))
        window = ForecastWindow(float(number), number + 1.0, number + 1.0)
        nobody = Forecasts(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0), np.empty((0, 1)))
        case = Case(
            str(number), Kind.BINARY, 2, float(number), window, outcome, ids, members, (), nobody, resolved_at=number + 1.0
        )
        found.append(score_case(case))
    return found


def gain_of(past: list[CaseResult]) -> tuple[float, float]:
    """The mean Brier score of the crowd and of the experienced one, on what both have said something of."""
    experience = experience_of(past)
    pairs: list[tuple[float, float]] = []
    for result in past:
        experienced = with_experienced(result, experience).experienced
        if experienced is not None and experienced.scored is not None and result.scores is not None:
            pairs.append((float(result.scores.crowd.over_time.brier[0]), float(experienced.scored.over_time.brier[0])))
    first, second = np.array(pairs).mean(axis=0).tolist()
    return first, second


def main() -> None:
    """Print what it gains."""
    table = Table(title=f"Mean Brier score from the 101st of {PREDICTIONS} predictions on, 10 times", title_justify="left")
    for column in ("group", "crowd", "experienced crowd", "gain"):
        table.add_column(column, justify="left" if column == "group" else "right")
    for group in GROUPS:
        median, experienced = np.mean([gain_of(create_past(group, seed)) for seed in range(10)], axis=0).tolist()
        table.add_row(group.name, f"{median:.4f}", f"{experienced:.4f}", f"{median - experienced:.4f}")
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
