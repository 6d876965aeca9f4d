"""How much a server hears: two years of a guild with the given packs and forty members, played through the real services and
the real delivery, on a pretend Discord that only counts.

    python -m tests.bench.two_years [--days N] [--seed N]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from discord import ui
from rich.console import Console
from sqlalchemy import select

from bot.delivery.delivery import Delivery
from bot.domain.documents.reading import read_prediction_file
from bot.domain.errors import UserError
from bot.domain.reminders import QuietHours
from bot.domain.types import Actor, Kind, State
from bot.domain.voting import Answer, Choice
from bot.services import sweep
from bot.services.forecasting import forecasts
from bot.services.packs import library
from bot.services.predictions import editing
from bot.services.predictions.editing import NewPrediction
from bot.services.settings import changing
from bot.services.voting import ballots
from db.database import Database
from db.migrate import upgrade
from db.models import Prediction, PredictionOption, Vote, VoteState
from tests.conftest import ROOT

GUILD, CHANNEL, LETTERS, OWNER = 4242, 77, 78, 1
START = datetime(2026, 1, 1, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
QUIET = QuietHours(ZONE, 22 * 60, 8 * 60)
MEMBERS = 40
CODE = re.compile(r"#(\d+)\b")


@dataclass(frozen=True, slots=True)
class Post:
    """A message that appeared in the channel: when, its words, and whether the clock made it, not what somebody just did."""

    at: datetime
    words: str
    is_by_clock: bool

    @property
    def is_ladder(self) -> bool:
        """Whether it says what is due soon."""
        return self.words.startswith("### ⏰")

    @property
    def codes(self) -> set[int]:
        """The predictions that it names."""
        return {int(code) for code in CODE.findall(self.words)}

    @property
    def is_at_night(self) -> bool:
        """Whether it came in the guild's quiet hours."""
        return QUIET.first_moment_from(self.at) > self.at


@dataclass
class Club:
    """A Discord that takes every message and shows it to nobody; as much of a client as delivery needs."""

    now: datetime
    posts: list[Post] = field(default_factory=list)
    letters: int = 0
    edits: int = 0
    is_clock: bool = False
    ids: Iterator[int] = field(default_factory=lambda: count(10**6))

    def get_partial_messageable(self, channel_id: int, **_: Any) -> Any:
        """The channel."""
        send = self._write if channel_id == LETTERS else self._post
        return SimpleNamespace(send=send, get_partial_message=lambda _id: SimpleNamespace(edit=self._edit))

    async def create_dm(self, _user: Any) -> Any:
        """Somebody's direct messages."""
        return SimpleNamespace(id=LETTERS, send=self._write)

    def get_guild(self, guild_id: int) -> Any:
        """The guild."""
        return SimpleNamespace(id=guild_id, name="Forecasters", owner_id=OWNER)

    def is_ready(self) -> bool:
        """It always is."""
        return True

    async def _post(self, *, view: ui.LayoutView, **_: Any) -> Any:
        words = "\n".join(item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay))
        self.posts.append(Post(self.now, words, self.is_clock))
        return SimpleNamespace(id=next(self.ids))

    async def _edit(self, **_: Any) -> None:
        self.edits += 1

    async def _write(self, **_: Any) -> Any:
        self.letters += 1
        return SimpleNamespace(id=next(self.ids))


class OneThread(Database):
    """A database without threads: nobody waits for anybody here, and going from one to another takes longer than the work."""

    async def run(self, use_case: Any, *args: Any, **kwargs: Any) -> Any:
        return self.run_here(use_case, *args, **kwargs)

    async def read(self, use_case: Any, *args: Any, **kwargs: Any) -> Any:
        return self.read_here(use_case, *args, **kwargs)


class Guild:
    """The members and what they do in a day; all of it drawn from one seed."""

    def __init__(self, database: Database, *, start: datetime = START, seed: int = 1) -> None:
        self.database, self.dice, self.club = database, random.Random(seed), Club(start)
        self.delivery = Delivery(self.club, database, now=lambda: self.club.now)  # pyright: ignore[reportArgumentType]
        joined = start - timedelta(days=400)
        self.members = [Actor(GUILD, 1000 + number, f"member{number}", joined_at=joined) for number in range(MEMBERS)]
        self.manager = Actor(GUILD, OWNER, "mona", can_manage_guild=True, joined_at=joined)
        readings = [
            read_prediction_file(path.read_bytes(), file=path.name, today=start.date())
            for path in sorted((ROOT / "seeds").glob("*.yaml"))
        ]
        documents = [(reading.slug, reading.document) for reading in readings if reading.document is not None]
        changes = {"post_channel_id": CHANNEL, "zone": ZONE.key}
        database.run_here(changing.change_guild_settings, self.manager, changes=changes, now=start)
        database.run_here(library.load, documents=documents, guild_id=GUILD, now=start)

    async def play(self, days: int, *, shows: bool = False) -> list[Post]:
        """Play that many days. Returns what the channel got. `shows` says how far it is."""
        end = self.club.now + timedelta(days=days)
        while self.club.now < end:
            if shows and self.club.now.day == 1:
                print(f"{self.club.now:%B %Y}: {len(self.club.posts)} posts so far", file=sys.stderr)
            evening = self.club.now + timedelta(hours=17)
            await self._pass(evening)
            self._act()
            await self._pass(evening + timedelta(hours=7), is_clock=False)
        return self.club.posts

    async def _pass(self, until: datetime, *, is_clock: bool = True) -> None:
        """Let time pass from one due moment to the next, as the scheduler is told."""
        while True:
            self.club.is_clock = is_clock
            for part in sweep.PARTS:
                while await self.database.run(part, now=self.club.now) is True:
                    pass
            coming = (await self.delivery.deliver_due(), await self.database.read(sweep.next_due_at))
            is_clock = True
            following = min((at for at in coming if at is not None), default=until)
            if following >= until:
                break
            self.club.now = max(following, self.club.now + timedelta(seconds=1))
        self.club.now = until

    def _act(self) -> None:
        """An evening: some forecast, some vote, now and then somebody adds a prediction."""
        now = self.club.now
        if self.dice.random() < 1 / 7:
            days = self.dice.randint(14, 200)
            midnight = now.replace(hour=0)
            new = NewPrediction(f"Something new happens, no. {now:%j%y}", midnight + timedelta(days=days))
            self._try(editing.add, self.manager, new=new)
        open_now = self._rows(
            select(Prediction.id, Prediction.code, Prediction.kind, Prediction.resolves_at).where(
                Prediction.state == State.OPEN, Prediction.opens_at <= now
            )
        )
        for member in self.members:
            if open_now and self.dice.random() < 0.4:
                row = self.dice.choice(open_now)
                self._try(forecasts.place, member, code=row.code, values=self._values(row))
        votes = select(Prediction.id, Prediction.code, Prediction.kind, Prediction.resolves_at).join(
            Vote, Vote.prediction_id == Prediction.id
        )
        for row in self._rows(votes.where(Vote.state == VoteState.OPEN, Vote.closes_at > now)):
            for member in self.dice.sample(self.members, self.dice.choice((0, 1, 3, 5))):
                self._try(ballots.cast, member, code=row.code, answer=self._answer(row))

    def _values(self, row: Any) -> tuple[float, ...]:
        match row.kind:
            case Kind.BINARY:
                return (self.dice.randint(5, 95) / 100,)
            case Kind.MULTIPLE_CHOICE:
                number = len(self._rows(select(PredictionOption.position).where(PredictionOption.prediction_id == row.id)))
                return (1.0 / number,) * number
            case Kind.NUMERIC:
                return (10.0, 20.0, 30.0)
            case _:
                day = float((row.resolves_at.date() - date(1970, 1, 1)).days)
                return (day - 30, day - 20, day - 10)

    def _answer(self, row: Any) -> Answer:
        """Nine of ten say what happened, which is the same for all."""
        truth = random.Random(row.code).random()
        if self.dice.random() < 0.1:
            return Answer(Choice.TOO_EARLY)
        if row.kind is Kind.MULTIPLE_CHOICE:
            return Answer(Choice.OPTION, 0)
        if row.kind is not Kind.BINARY:
            return Answer(Choice.VALUE, value=self._values(row)[1])
        return Answer(Choice.YES if truth < 0.4 else Choice.NO)

    def _try(self, use_case: Any, actor: Actor, **given: Any) -> None:
        with suppress(UserError):  # somebody tries what can't be done any more; that happens
            self.database.run_here(use_case, actor, now=self.club.now, **given)

    def _rows(self, statement: Any) -> list[Any]:
        with self.database.engine.connect() as connection:
            return list(connection.execute(statement))


def busiest_morning(posts: list[Post]) -> int:
    """The most posts that the clock made on one day."""
    return max(Counter(post.at.astimezone(ZONE).date() for post in posts if post.is_by_clock).values(), default=0)


def times_named(posts: list[Post]) -> list[int]:
    """In how many posts each prediction is named, those of what is due soon aside; the fewest first."""
    return sorted(Counter(code for post in posts if not post.is_ladder for code in post.codes).values()) or [0]


def main() -> None:
    """Play, and print how much there was to hear."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.two_years", description=__doc__)
    parser.add_argument("--days", type=int, default=730, metavar="N", help="how many days, from 1 January 2026")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'almanac.db'}"
        database = OneThread(url)
        upgrade(database)
        guild = Guild(database, seed=asked.seed)
        posts = asyncio.run(guild.play(asked.days, shows=True))
        database.dispose()
    made = [post for post in posts if post.is_by_clock]
    weeks = Counter((post.at - START).days // 7 for post in made)
    numbers = sorted(weeks.get(week, 0) for week in range(max(1, asked.days // 7)))
    console = Console(width=120)
    console.print(f"{asked.days} days: {len(posts)} posts, {len(made)} made by the clock; {guild.club.edits:,} edits")
    console.print(
        f"a week: median {numbers[len(numbers) // 2]}, 95 % {numbers[int(len(numbers) * 0.95)]}, worst {numbers[-1]}"
    )
    console.print(f"at night: {sum(post.is_at_night for post in made)}; most on one day: {busiest_morning(posts)}")
    named = times_named(posts)
    often = sum(times > 3 for times in named)
    console.print(
        f"a prediction is named in {named[len(named) // 2]} posts (median), at most {named[-1]}; {often} in more than 3"
    )
    console.print(f"direct messages: {guild.club.letters}")


if __name__ == "__main__":
    main()
