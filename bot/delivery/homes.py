"""Homes on Discord: a post in a forum, or a card with or without a thread. Made once, kept current, and put away at the end."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import discord
from discord import ui

from bot.delivery.speaking import NotReady, SentMessage, Speaker, Unreachable, mark_of
from bot.domain import homes as rules
from bot.domain.lifecycle import ENDED
from bot.services import announcements, outbox
from bot.services.homes import card_homes, places
from bot.services.homes.card_homes import CardHome, HomeThread
from bot.services.homes.places import HomeChannel
from bot.services.outbox import DueMessage
from bot.services.predictions.views import PredictionView
from bot.ui.cards.predictions.card import prediction_card
from bot.ui.cards.predictions.homes import moved_home_card
from bot.ui.permissions import missing_for_homes, needed

WEEK = 10_080
"""Minutes of silence after which Discord puts a thread away: the longest it offers."""
NO_TAG, MOST_THREADS, HAS_THREAD = 40067, 160006, 160004
RECENT = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a home shows: a prediction, or a group of them. `title` begins with `start`, by which its post is found again."""

    guild_id: int
    title: str
    start: str
    topics: tuple[str, ...]
    stage: rules.Stage
    is_over: bool
    make_card: Callable[[], ui.LayoutView]


@dataclass(frozen=True, slots=True)
class Made:
    """A message that was posted as a home, with its thread, if it has one."""

    channel_id: int
    message_id: int
    thread: HomeThread | None


class Homes(Speaker):
    """Makes homes and updates them."""

    async def _post_card(self, message: DueMessage) -> SentMessage:
        view = await self._read(announcements.public_view, message, "prediction_id")
        if view is None:
            return SentMessage()
        channel_id = message.payload.get("channel_id")
        place = None if channel_id else await self._database.read(places.place_of, view.id)
        before = await self._database.read(card_homes.own_home_of, view.id)
        made = await self._make(message, self._shown(view), place, channel_id=channel_id)
        if made is None:
            return SentMessage()
        here: dict[str, Any] = {"channel_id": made.channel_id, "message_id": made.message_id, "thread": made.thread}
        await self._database.run(card_homes.note_card, prediction_id=view.id, now=self._now(), **here)
        is_post = made.thread is not None and made.thread.forum_id is not None
        if is_post and before is not None and before.thread_id is None:
            with contextlib.suppress(Unreachable):
                await self._edit(message, before.channel_id, before.message_id, moved_home_card(view, made.channel_id))
        return SentMessage(made.channel_id, made.message_id)

    async def _make(
        self, message: DueMessage, shown: Shown, place: HomeChannel | None, *, channel_id: int | None = None
    ) -> Made | None:
        """Post a home where it belongs, else in the guild's channel; None if there's none."""
        if place is not None and place.is_forum:
            return await self._open_post(message, shown, place)
        card, where = shown.make_card(), channel_id or (place.channel_id if place else None)
        sent = await (self._say_to_guild(message, card) if where is None else self._say_in(message, where, card))
        if sent.channel_id is None or sent.message_id is None:
            return None
        thread = await self._open_thread(shown, sent.channel_id, sent.message_id) if place and place.has_threads else None
        return Made(sent.channel_id, sent.message_id, thread)

    async def _open_post(self, message: DueMessage, shown: Shown, place: HomeChannel) -> Made:
        """Make a post in a forum. If an earlier try did arrive, that post is it."""
        try:
            forum = await self._channel(place.channel_id)
            if not isinstance(forum, discord.ForumChannel):
                raise Unreachable(place.channel_id, "it isn't a forum")
            topics = await self._database.read(places.topics_of, shown.guild_id)
            forum = await self._with_tags(forum, topics)
            tags = _tags(forum, shown, topics)
            made = await self._find_post(message, forum, shown) or await self._create_post(message, forum, shown, tags)
        except discord.NotFound as error:
            await self._database.run(card_homes.note_channel_gone, place.channel_id, now=self._now())
            raise Unreachable(place.channel_id, "the forum was deleted") from error
        except discord.HTTPException as error:
            raise self._why_no_post(error, place.channel_id) from error
        thread_id, message_id = made
        look = _look(shown, [tag.name for tag in tags])
        return Made(thread_id, message_id, HomeThread(thread_id, place.channel_id, shown.stage, look))

    async def _create_post(
        self, message: DueMessage, forum: discord.ForumChannel, shown: Shown, tags: list[discord.ForumTag]
    ) -> tuple[int, int]:
        card = shown.make_card()
        card.children[0].id = mark_of(message)
        post = await forum.create_thread(
            name=shown.title,
            view=card,
            applied_tags=tags,
            auto_archive_duration=WEEK,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        return post.thread.id, post.message.id

    async def _find_post(self, message: DueMessage, forum: discord.ForumChannel, shown: Shown) -> tuple[int, int] | None:
        """The post that an earlier try made, although its answer was lost: Discord knows no nonce for posts."""
        since = message.created_at - RECENT
        threads = list(forum.guild.threads) if message.attempts == 1 else await forum.guild.active_threads()
        for thread in threads:
            is_ours = self._client.user is not None and thread.owner_id == self._client.user.id
            if thread.parent_id == forum.id and is_ours and thread.name.startswith(shown.start):
                async for first in thread.history(limit=5, after=since, oldest_first=True):
                    if any(getattr(part, "id", None) == mark_of(message) for part in first.components):
                        return thread.id, first.id
        return None

    async def _open_thread(self, shown: Shown, channel_id: int, message_id: int) -> HomeThread | None:
        """Open a thread under a card; None where the bot may not, and the card is the home alone."""
        card = self._client.get_partial_messageable(channel_id, guild_id=shown.guild_id).get_partial_message(message_id)
        try:
            thread_id = (await card.create_thread(name=shown.title, auto_archive_duration=WEEK)).id
        except discord.HTTPException as error:
            if error.code != HAS_THREAD:
                if error.status >= 500:
                    raise
                return None
            thread_id = message_id  # an earlier try did arrive: a thread has the id of its card
        return HomeThread(thread_id, None, shown.stage, _look(shown, []))

    async def _refresh_card(self, message: DueMessage) -> SentMessage:
        view = await self._read(announcements.public_view, message, "prediction_id")
        home = await self._database.read(card_homes.own_home_of, message.payload["prediction_id"])
        if home is None and await self._database.read(outbox.is_card_coming, message.payload["prediction_id"]):
            raise NotReady("the card isn't posted yet")
        if view is None or home is None or home.card_id is None:
            return SentMessage()
        shown = self._shown(view)
        is_there = await self._edit(message, home.channel_id, home.message_id, shown.make_card(), within=home.forum_id)
        if not is_there:
            await self._database.run(card_homes.note_card_lost, home.card_id, now=self._now())
            return SentMessage()
        look = None if home.thread_id is None else await self._dress(shown, home, home.thread_id)
        if look is not None:
            await self._database.run(card_homes.note_look, home.card_id, stage=shown.stage, look=look)
        await self._database.run(card_homes.note_card_edited, home.card_id, now=self._now())
        return SentMessage(home.channel_id)

    async def _dress(self, shown: Shown, home: CardHome, thread_id: int) -> str | None:
        """Give a home's thread its title and its tags, and put it away once all is over. Returns how it looks now; None if it's
        gone."""
        try:
            tags: list[discord.ForumTag] = []
            if home.forum_id is not None and isinstance(forum := await self._channel(home.forum_id), discord.ForumChannel):
                topics = await self._database.read(places.topics_of, shown.guild_id)
                tags = _tags(forum, shown, topics)
            look = _look(shown, [tag.name for tag in tags])
            if look != home.look:
                thread = await self._channel(thread_id)
                assert isinstance(thread, discord.Thread)
                wanted: dict[str, Any] = {"name": shown.title, "archived": shown.is_over}
                if home.forum_id is not None:
                    wanted["applied_tags"] = tags
                await thread.edit(**wanted)
        except discord.NotFound:
            await self._database.run(card_homes.note_channel_gone, thread_id, now=self._now())
            return None
        except discord.HTTPException as error:
            raise self._why_no_post(error, home.forum_id or home.channel_id) from error
        return look

    def _shown(self, view: PredictionView) -> Shown:
        """What the home of a single prediction shows."""
        return Shown(
            view.guild_id,
            rules.title_of(view.code, view.statement),
            rules.title_start(view.code),
            view.tags,
            self._stage(view),
            view.state in ENDED,
            partial(prediction_card, view, private=False),
        )

    async def _with_tags(self, forum: discord.ForumChannel, topics: list[str]) -> discord.ForumChannel:
        """The forum with the tags that it lacks and has room for, where the bot may make them."""
        if not _rights(forum).manage_channels or not rules.tags_to_add([tag.name for tag in forum.available_tags], topics):
            return forum
        current = await self._client.fetch_channel(forum.id)  # what we remember may be older than what we last made
        if not isinstance(current, discord.ForumChannel):
            return forum
        missing = rules.tags_to_add([tag.name for tag in current.available_tags], topics)
        if not missing:
            return current
        tags = [*current.available_tags, *(discord.ForumTag(name=name) for name in missing)]
        return await current.edit(available_tags=tags) or current

    def _stage(self, view: PredictionView) -> rules.Stage:
        return rules.stage_of(view.state, closes_at=view.closes_at, now=self._now())

    def _why_no_post(self, error: discord.HTTPException, channel_id: int) -> Exception:
        """What a manager can do about an error, or the error itself if it passes by itself."""
        if error.code == MOST_THREADS:
            return Unreachable(channel_id, "this server has as many active threads as Discord allows")
        if error.code == NO_TAG:
            return Unreachable(channel_id, "its posts need a tag, and it has none that I may use")
        if isinstance(error, discord.Forbidden):
            lacking = missing_for_homes(self._client.get_channel(channel_id))
            return Unreachable(channel_id, needed(lacking) or "I'm not allowed to post there")
        return error


def _tags(forum: discord.ForumChannel, shown: Shown, topics: list[str]) -> list[discord.ForumTag]:
    """The tags of the forum that a post gets. One that only moderators may give is left to them."""
    may_moderate = _rights(forum).manage_threads
    there = {tag.name.casefold(): tag for tag in forum.available_tags if may_moderate or not tag.moderated}
    used = [topic for topic in topics if topic in shown.topics]
    wanted = rules.tags_of_post(shown.stage, [*used, *(tag for tag in shown.topics if tag not in used)])
    found = [there[name.casefold()] for name in wanted if name.casefold() in there][: rules.MOST_APPLIED]
    if not found and forum.flags.require_tag:
        found = list(there.values())[:1]
    return found


def _rights(forum: discord.ForumChannel) -> discord.Permissions:
    """What the bot may do in a forum; nothing where another process knows the guild."""
    me = forum.guild.me
    return discord.Permissions.none() if me is None else forum.permissions_for(me)  # pyright: ignore[reportUnnecessaryComparison]


def _look(shown: Shown, tags: list[str]) -> str:
    return json.dumps([shown.title, tags, shown.is_over], ensure_ascii=False)
