"""The club's year before you came: invented predictions, its members' forecasts, and their votes on what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy.orm import Session

from bot.domain.outcomes import VALUE, Outcome
from bot.domain.types import Actor, Kind, Values
from bot.domain.voting import Answer, Choice
from bot.services import sweep
from bot.services.forecasting import forecasts
from bot.services.predictions import editing, steps
from bot.services.predictions.editing import NewPrediction
from bot.services.voting import ballots, clocks, counting, resolutions, votes
from db.database import Database
from db.models import Guild

LINK = "https://example.org/club-minutes"
SEED = 11


@dataclass(frozen=True, slots=True)
class PastPrediction:
    """A past prediction: when its last day was over, how long it was open, and what happened."""

    statement: str
    over_days_ago: int
    open_days: int
    outcome: str | float
    surprise: float = -1.0
    """How far the evidence pointed the wrong way; below 0 it pointed the right way."""
    tags: tuple[str, ...] = ("club",)


PAST = (
    PastPrediction("The club has 50 members by the end of the month", 282, 30, "yes", -1.6),
    PastPrediction("Ada runs the half marathon in under two hours", 268, 40, "yes", -0.4, ("sports",)),
    PastPrediction("Bob's sourdough starter survives his holiday", 255, 21, "no", -0.8, ("kitchen",)),
    PastPrediction("It snows on the day of the winter walk", 248, 14, "no", -1.8, ("weather",)),
    PastPrediction("The quiz night raises more than 500 for the library", 236, 28, "yes", -0.9),
    PastPrediction("Cleo finishes the 1,000-piece puzzle within two weeks", 225, 14, "no", 0.7, ("games",)),
    PastPrediction("The town's bus line 7 is extended to the lake", 210, 60, "no", -1.4, ("town",)),
    PastPrediction("More than ten people come to the chess evening", 201, 20, "yes", -1.1, ("games",)),
    PastPrediction("The cherry trees bloom before the middle of the month", 190, 30, "yes", -0.2, ("weather",)),
    PastPrediction("Mona repairs the projector without ordering parts", 178, 10, "no", 0.9),
    PastPrediction("The reading group gets to the last chapter", 166, 35, "no", -1.2, ("books",)),
    PastPrediction("The allotment's first tomatoes are ripe by midsummer", 150, 45, "yes", 0.6, ("garden",)),
    PastPrediction("Bob beats Ada at table tennis at the summer party", 141, 25, "no", -1.0, ("games",)),
    PastPrediction("It rains at the summer party", 140, 25, "yes", 0.3, ("weather",)),
    PastPrediction("The library opens on Sundays after the council's vote", 124, 50, "yes", -1.3, ("town",)),
    PastPrediction("The club's newsletter reaches 200 readers", 110, 40, "no", -0.5),
    PastPrediction("Cleo's photograph is chosen for the town's calendar", 97, 30, "no", -0.9, ("town",)),
    PastPrediction("The first frost comes before the harvest supper", 84, 30, "no", -1.5, ("weather", "garden")),
    PastPrediction("The pumpkin weighs more than 40 kilograms", 70, 40, "yes", -0.7, ("garden",)),
    PastPrediction("The bicycle workshop repairs 30 bicycles in a day", 58, 20, "yes", -1.2),
    PastPrediction("The council approves the new footbridge", 47, 60, "no", 0.8, ("town",)),
    PastPrediction("The book swap ends with fewer books than it began with", 40, 14, "yes", -0.3, ("books",)),
    PastPrediction("Ada's team wins the pub quiz", 33, 14, "no", 0.4, ("games",)),
    PastPrediction("The lake is warm enough to swim in on the last Sunday of the month", 27, 21, "no", -1.7, ("weather",)),
)
VISITORS = PastPrediction("How many people come to the harvest supper?", 61, 30, 74.0, tags=("club",))
SOUP = PastPrediction("Which soup wins the cook-off?", 76, 20, "Pumpkin", tags=("kitchen",))
SOUPS = ("Pumpkin", "Lentil", "Tomato", "Another one")
BOLDNESS = (1.0, 1.9, 0.6, 1.2)
"""How far each moves from one half on the same evidence: Ada, Bob, Cleo and Mona."""


def live_through(database: Database, people: tuple[Actor, ...], manager: Actor, *, now: datetime) -> None:
    """Let the year pass: what was predicted, forecast and voted on, at its time."""
    random = np.random.default_rng(SEED)
    voters = [*people, manager]
    for past in PAST:
        over_at = now - timedelta(days=past.over_days_ago)
        code = _add(database, manager, past, over_at)
        for position, actor in enumerate(voters):
            for at, day in _days(random, past, over_at):
                values = (_chance(random, past, BOLDNESS[position], day / past.open_days),)
                _forecast(database, actor, code, values, at)
        answer = Answer(Choice.YES if past.outcome == "yes" else Choice.NO)
        _vote(database, voters, code, answer, over_at)
    _live_through_soup(database, voters, random, now)
    _live_through_supper(database, voters, random, now)


def open_a_vote(database: Database, people: tuple[Actor, ...], *, now: datetime) -> int:
    """A prediction whose date has just come, with two ballots: the third is yours. Returns its code."""
    over_at = now - timedelta(hours=1)
    past = PastPrediction("The club's tree is lit before the Christmas market opens", 0, 20, "yes", tags=("town",))
    code = _add(database, people[0], past, over_at)
    for position, actor in enumerate(people):
        _forecast(database, actor, code, (0.55 + 0.15 * position,), over_at - timedelta(days=9 - position))
    database.run_here(_open_vote, guild_id=people[0].guild_id, code=code, now=now)
    for actor in people[:2]:
        database.run_here(ballots.cast, actor, code=code, answer=Answer(Choice.YES), link=LINK, now=now)
    return code


def _live_through_soup(database: Database, voters: list[Actor], random: np.random.Generator, now: datetime) -> None:
    over_at = now - timedelta(days=SOUP.over_days_ago)
    code = _add(database, voters[-1], SOUP, over_at, kind=Kind.MULTIPLE_CHOICE, options=SOUPS)
    for actor in voters:
        for at, _ in _days(random, SOUP, over_at):
            shares = np.round(100 * random.dirichlet([4.0, 3.0, 2.0, 1.0]))
            shares[0] += 100 - shares.sum()
            _forecast(database, actor, code, tuple(float(share) / 100 for share in shares), at)
    _vote(database, voters, code, Answer(Choice.OPTION, SOUPS.index(str(SOUP.outcome))), over_at)


def _live_through_supper(database: Database, voters: list[Actor], random: np.random.Generator, now: datetime) -> None:
    over_at = now - timedelta(days=VISITORS.over_days_ago)
    code = _add(database, voters[-1], VISITORS, over_at, kind=Kind.NUMERIC, unit="people")
    for actor, boldness in zip(voters, BOLDNESS, strict=True):
        for at, _ in _days(random, VISITORS, over_at):
            middle = float(round(74 + 14 * random.standard_normal()))
            width = float(round(24 / boldness))
            _forecast(database, actor, code, (middle - width, middle, middle + width), at)
    outcome, counted = Outcome(VALUE, float(VISITORS.outcome)), "The list at the door has 74 names."
    decided_at = over_at + timedelta(hours=1)
    database.run_here(sweep.close_due, now=decided_at)
    database.run_here(resolutions.override, voters[-1], code=code, outcome=outcome, words=counted, now=decided_at)


def _add(
    database: Database,
    actor: Actor,
    past: PastPrediction,
    over_at: datetime,
    *,
    kind: Kind = Kind.BINARY,
    options: tuple[str, ...] = (),
    unit: str | None = None,
) -> int:
    new = NewPrediction(
        statement=past.statement,
        resolves_at=over_at,
        kind=kind,
        options=options,
        unit=unit,
        tags=past.tags,
        criteria="What the club's minutes say. The club, its minutes and all this are invented.",
    )
    added = database.run_here(editing.add, actor, new=new, now=over_at - timedelta(days=max(past.open_days, 20)))
    return added.view.code


def _days(random: np.random.Generator, past: PastPrediction, over_at: datetime) -> list[tuple[datetime, int]]:
    """When a member forecasts on it, if at all: up to three times, each with the day it falls on, counted from the opening."""
    count = int(random.choice([0, 1, 2, 3], p=[0.1, 0.35, 0.35, 0.2]))
    days = sorted({int(day) for day in random.integers(1, past.open_days, size=count)})
    return [(over_at - timedelta(days=past.open_days - day, hours=int(random.integers(1, 20))), day) for day in days]


def _chance(random: np.random.Generator, past: PastPrediction, boldness: float, share: float) -> float:
    towards_yes = -past.surprise if past.outcome == "yes" else past.surprise
    evidence = boldness * (towards_yes * (0.6 + 0.8 * share) + 0.6 * float(random.standard_normal()))
    return round(min(0.98, max(0.02, 1 / (1 + float(np.exp(-evidence))))), 2)


def _forecast(database: Database, actor: Actor, code: int, values: Values, at: datetime) -> None:
    database.run_here(forecasts.place, actor, code=code, values=values, now=at)


def _open_vote(session: Session, *, guild_id: int, code: int, now: datetime) -> int:
    sweep.close_due(session, now=now)
    prediction = steps.locked_prediction(session, guild_id=guild_id, code=code)
    vote = votes.open_vote(session, session.get_one(Guild, guild_id), prediction, is_early=False, now=now)
    clocks.started(session, [vote.id], place=None, now=now)
    return vote.id


def _vote(database: Database, voters: list[Actor], code: int, answer: Answer, over_at: datetime) -> None:
    """Everyone votes, and nobody objects."""
    vote_id = database.run_here(_open_vote, guild_id=voters[0].guild_id, code=code, now=over_at)
    for hours, actor in enumerate(voters, start=3):
        link = LINK if hours == 3 else None
        database.run_here(ballots.cast, actor, code=code, answer=answer, link=link, now=over_at + timedelta(hours=hours))
    provisional_at, final_at = over_at + timedelta(days=3), over_at + timedelta(days=4)
    database.run_here(counting.count_due, now=provisional_at)
    database.run_here(clocks.started, [vote_id], place=None, now=provisional_at)
    database.run_here(counting.count_due, now=final_at)
