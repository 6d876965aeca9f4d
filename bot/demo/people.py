"""Who is in the demo's guild, and what they did before you came. It's the same at every start."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import discord
import simcord
from sqlalchemy import select, update
from sqlalchemy.orm import Session

import seeds
from bot.demo import club
from bot.domain.documents.reading import read_prediction_file
from bot.domain.outcomes import ANNULLED, Outcome
from bot.domain.types import Actor, Kind
from bot.services import outbox
from bot.services.forecasting import forecasts, together, walk
from bot.services.groups import adding
from bot.services.groups.adding import NewGroup, NewRow
from bot.services.homes import places
from bot.services.homes.places import HomeChannel
from bot.services.packs import library
from bot.services.predictions import editing
from bot.services.predictions.editing import NewPrediction
from bot.services.settings import changing
from bot.services.voting import resolutions
from db.database import Database
from db.models import Guild, OutboxMessage, Prediction

DAY = timedelta(days=1)
LOADED_BEFORE = 21 * DAY
LONG_KNOWN = (1, 5, 9, 10)
"""Predictions of the first pack whose answer was in the news before it was loaded here."""
CANNOT_BE_TOLD = (4, 6)
WITH_POSTS = (14, 20)
"""Predictions of the first packs that have their post in the forum already."""
OWN = "club"
"""What has this tag is shown in the text channel. Everything else has its post in the forum."""
VOTES_AT_ONCE = 7
"""More than usual, so that the first pack's old dates leave room for a vote of your own."""


class DemoServer:
    """The guild, its channels and its five members; and a server that the bot has just joined, where they all are, too."""

    def __init__(self, env: simcord.Env) -> None:
        self.joined_at = env.now() - 400 * DAY  # before anything they remember
        self.guild = env.create_guild("The Forecasters")
        self.channel = self.guild.create_text_channel("predictions")
        self.forum = self.guild.create_forum_channel("forecasts")
        mods = self.guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
        names = (("you", "You"), ("mona", "Mona (manager)"), ("ada", "Ada"), ("bob", "Bob"), ("cleo", "Cleo"))
        users = [env.create_user(name, global_name=shown) for name, shown in names]
        self.you, self.manager, *self.others = (
            self.guild.add_member(user, roles=[mods] if user.name == "mona" else []) for user in users
        )
        self.new_guild = env.create_guild("A new server", owner=self.manager.user)
        self.new_channel = self.new_guild.create_text_channel("general")
        for member in (self.you, *self.others):
            self.new_guild.add_member(member.user)

    def actor(self, member: Any, *, manager: bool = False) -> Actor:
        """A member as the services know them."""
        return Actor(self.guild.id, member.id, member.name, can_manage_guild=manager, joined_at=self.joined_at)


def settle_in(env: simcord.Env, database: Database, people: DemoServer) -> None:
    """Packs adopted three weeks ago, some forecasts since, and three predictions of the members' own."""
    loaded_at = env.now() - LOADED_BEFORE
    documents = [
        (reading.slug, reading.document)
        for path in seeds.packs()
        if (reading := read_prediction_file(path.read_bytes(), file=path.name, today=loaded_at.date())).document is not None
    ]
    database.run_here(library.load, documents=documents, guild_id=people.guild.id, now=loaded_at)
    manager = people.actor(people.manager, manager=True)
    changes = {"post_channel_id": people.channel.id, "home_channel_id": people.forum.id, "home_is_forum": True}
    changes |= {"zone": "Europe/London", "open_votes_limit": VOTES_AT_ONCE, "quorum_most": 3}
    changes |= {"quiet_from_minute": None, "quiet_to_minute": None}  # whoever tries it at night sees what happens, too
    database.run_here(changing.change_guild_settings, manager, changes=changes, now=loaded_at)
    beside = HomeChannel(people.channel.id, is_forum=False)
    database.run_here(places.choose_place, manager, pack=None, tag=OWN, channel=beside, now=loaded_at)
    _forecast(database, people, loaded_at)
    _add_own(database, people, env.now())
    others = tuple(people.actor(member) for member in people.others)
    midnight = datetime.combine(env.now().date(), time(), UTC)
    club.live_through(database, others, manager, now=midnight)
    known = ((LONG_KNOWN, "yes", "It came out before this club had heard of the list."),)
    unknowable = ((CANNOT_BE_TOLD, ANNULLED, "Nobody here measured it on the day, and nobody can now."),)
    for codes, outcome, words in known + unknowable:
        for code in codes:
            database.run_here(
                resolutions.override, manager, code=code, outcome=Outcome(outcome), words=words, now=loaded_at + DAY
            )
    database.run_here(_forget_what_was_said, now=env.now())
    voted = club.open_a_vote(database, others, now=env.now() - timedelta(minutes=1))
    _add_group(database, others, env.now())
    database.run_here(_make_posts, people.guild.id, (*WITH_POSTS, voted), now=env.now())


def _add_group(database: Database, others: tuple[Actor, ...], now: datetime) -> None:
    """One question for each quarter of next year, on one card in the text channel."""
    year = now.year + 1
    rows = tuple(
        NewRow(f"Q{quarter} {year}", datetime(year + quarter // 4, quarter % 4 * 3 + 1, 1, tzinfo=UTC))
        for quarter in range(1, 5)
    )
    criteria = "People walk across it: the day the fence comes down, not the day of the speech."
    new = NewGroup("The footbridge to the mill opens by the end of …", rows, criteria, (OWN,))
    group = database.run_here(adding.add, others[2], new=new, now=now).view
    for actor, chances in ((others[2], (0.05, 0.3, 0.6, 0.75)), (others[0], (0.02, 0.15, 0.35, 0.6))):
        answers = {row.view.code: (chance,) for row, chance in zip(group.rows, chances, strict=True)}
        database.run_here(together.place_together, actor, group_id=group.id, answers=answers, now=now)


def _forecast(database: Database, people: DemoServer, loaded_at: datetime) -> None:
    """Ada, Bob and Cleo have been here before you. The same numbers at every start."""
    for position, member in enumerate([*people.others, people.manager]):
        actor = people.actor(member)
        number = 0
        while number < 24:
            upcoming = database.read_here(walk.show_next, actor, now=loaded_at)
            if upcoming.view is None:
                break
            number += 1
            at = loaded_at + timedelta(hours=7 * number + 3 * position)
            if upcoming.view.kind is not Kind.BINARY or (number + position) % 3 == 0:
                database.run_here(walk.skip, actor, code=upcoming.view.code, now=at)
                continue
            stated = upcoming.view.author_values[0] if upcoming.view.author_values else 0.5
            chance = round(min(0.97, max(0.03, stated + ((37 * number + 53 * position) % 60 - 30) / 100)), 2)
            database.run_here(forecasts.place, actor, code=upcoming.view.code, values=(chance,), now=at)


def _add_own(database: Database, people: DemoServer, now: datetime) -> None:
    ada, bob, _ = (people.actor(member) for member in people.others)
    in_a_year = datetime(now.year + 2, 1, 1, tzinfo=UTC)
    lead = NewPrediction(
        statement=f"Which lab's model leads the LMArena text leaderboard at the end of {now.year + 1}?",
        kind=Kind.MULTIPLE_CHOICE,
        options=("OpenAI", "Google", "Anthropic", "xAI", "DeepSeek", "Another lab"),
        resolves_at=in_a_year,
        criteria="The lab of the model with the highest score, style control off, on the last day of the year at 24:00 UTC. "
        "With a tie, the one whose score has the narrower interval.",
        tags=("benchmarks", OWN),
    )
    first_ipo = NewPrediction(
        statement="On which day do shares of OpenAI or Anthropic first trade on a public exchange?",
        kind=Kind.DATE,
        resolves_at=datetime(now.year + 5, 1, 1, tzinfo=UTC),
        closes_at=in_a_year,
        criteria="The first day of trading of either company's shares, as the exchange reports it.",
        tags=("business", OWN),
    )
    price = NewPrediction(
        statement=f"What does the cheapest model with a GPT-5-level score cost at the end of {now.year + 1}?",
        kind=Kind.NUMERIC,
        unit="USD per 1M output tokens",
        resolves_at=in_a_year,
        criteria="List price of the cheapest model that is at or above GPT-5's score in the Artificial Analysis Intelligence Index.",
        tags=("pricing", OWN),
    )
    codes = [
        database.run_here(editing.add, by, new=new, now=now).view.code
        for by, new in ((ada, lead), (bob, first_ipo), (ada, price))
    ]
    database.run_here(forecasts.place, ada, code=codes[0], values=(0.3, 0.3, 0.2, 0.1, 0.05, 0.05), now=now)
    database.run_here(forecasts.place, bob, code=codes[2], values=(0.5, 2.0, 6.0), now=now)


def _make_posts(session: Session, guild_id: int, codes: tuple[int, ...], *, now: datetime) -> None:
    """A few posts in the forum. The others would come one every six seconds, and whoever winds the clock would wait for them."""
    for prediction_id in session.scalars(
        select(Prediction.id).where(Prediction.guild_id == guild_id, Prediction.code.in_(codes))
    ):
        outbox.queue_card(session, guild_id=guild_id, prediction_id=prediction_id, now=now)
    session.get_one(Guild, guild_id).next_home_at = None


def _forget_what_was_said(session: Session, *, now: datetime) -> None:
    """What the bot would have posted over that year isn't posted now, all at once."""
    session.execute(update(OutboxMessage).where(OutboxMessage.due_at < now).values(sent_at=now, dedupe_key=None))
