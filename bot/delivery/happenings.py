"""The post that tells a channel what happened: votes that opened, results, votes for the managers to decide, and big moves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from discord import ui

from bot.delivery.speaking import NotReady, SentMessage, Speaker
from bot.services import announcements, outbox, posts
from bot.services.homes import card_homes
from bot.services.members import guilds
from bot.services.outbox import DueMessage, MessageKind
from bot.services.scoring import scores
from bot.services.settings import troubles
from bot.services.voting import clocks, results, views
from bot.services.voting.views import VoteView
from bot.ui.cards.predictions.moves import move_card
from bot.ui.cards.reminding.happened import Happened, ToldResult, happened_card
from bot.ui.cards.voting.results import result_card
from bot.ui.cards.voting.votes import vote_card
from db.models import VoteState

T = TypeVar("T")


class Happenings(Speaker):
    """Tells what happened, and updates the post when something in it changes."""

    async def _tell_what_happened(self, message: DueMessage) -> SentMessage:
        guild_id = message.guild_id
        assert guild_id is not None
        together = (message, *message.along)
        voted = [one.payload["vote_id"] for one in together if one.kind is MessageKind.VOTE]
        ended = [one.payload["prediction_id"] for one in together if one.kind is MessageKind.RESULT]
        handed = [vote_id for one in together if one.kind is MessageKind.VOTE_NEWS for vote_id in one.payload["vote_ids"]]
        moved = [one.payload for one in together if one.kind is MessageKind.MOVE]
        if ended and await self._database.read(scores.are_missing, ended):
            raise NotReady("its scores are still being computed")
        found = await self._look(guild_id, voted, ended, handed, moved)
        happened = Happened(
            tuple(vote for vote in found.votes if vote.is_going_on),
            tuple(told for told in found.results if not told.result.is_superseded),
            tuple(vote for vote in found.handed_over if vote.state is VoteState.HANDED_OVER),
            tuple(moved for moved in found.moves if moved.view.is_open),
            found.role_id,
        )
        if happened.number == 0:
            return SentMessage()
        sent = await self._say(message, happened)
        now = self._now()
        if sent.channel_id is None or sent.message_id is None:
            return sent
        place = {"channel_id": sent.channel_id, "message_id": sent.message_id}
        await self._database.run(clocks.started, [vote.id for vote in happened.votes], place=place, now=now)
        await self._database.run(clocks.started, [vote.id for vote in happened.handed_over], place=None, now=now)
        for told in happened.results:
            await self._database.run(results.note_result_posted, told.result.view.id, **place)
        return sent

    async def _say(self, message: DueMessage, happened: Happened) -> SentMessage:
        """One move at home, where it's discussed; one thing else under its card; more together in the channel; votes for managers
        where one sees it."""
        assert message.guild_id is not None
        if message.kind is MessageKind.VOTE_NEWS and not message.along:
            channel_id = await self._post_channel(message)
            if happened.role_id is None or channel_id is None:
                contact_id = await self._database.read(troubles.contact_of, message.guild_id)
                sent = await self._say_to_a_manager(message, happened_card(happened), contact_id)
                return sent or await self._say_to_guild(message, happened_card(happened))
            return await self._say_in(message, channel_id, happened_card(happened), calling=happened.role_id)
        if happened.number == 1 and not happened.handed_over:
            about = [vote.view for vote in happened.votes] + [told.result.view for told in happened.results]
            if not about:
                return await self._say_at_home(message, happened.moves[0].view.id, _card(happened))
            return await self._say_it(message, about[0].id, _card(happened))
        calling = happened.role_id if happened.handed_over else None
        channel_id = await self._database.read(posts.channel_of, message)
        return (
            SentMessage()
            if channel_id is None
            else await self._say_in(message, channel_id, _card(happened), calling=calling)
        )

    async def _say_it(self, message: DueMessage, prediction_id: int, card: ui.LayoutView) -> SentMessage:
        """Under the card, where that's in a channel; what concerns many isn't said in a post that only some open."""
        home = await self._database.read(card_homes.home_of, prediction_id)
        if home is not None and home.forum_id is None:
            return await self._say_under(message, home, card)
        channel_id = await self._database.read(posts.channel_of, message)
        return SentMessage() if channel_id is None else await self._say_in(message, channel_id, card)

    async def _update_post(
        self, message: DueMessage, place: tuple[int, int] | None, posted_by: MessageKind, about: str
    ) -> SentMessage:
        """Bring a post up to date with everything in it. One that is still on its way is waited for: it may show less."""
        assert message.guild_id is not None
        if place is None:
            facts = {about: message.payload[about]}
            if await self._database.read(outbox.is_being_said, posted_by, guild_id=message.guild_id, **facts):
                raise NotReady("the post isn't there yet")
            return SentMessage()
        channel_id, message_id = place
        standing = await self._database.read(posts.standing_in, message_id=message_id)
        happened = await self._look(message.guild_id, *standing)
        if not happened.number:
            return SentMessage()
        if not await self._edit(message, channel_id, message_id, _card(happened)):
            await self._database.run(posts.note_post_gone, message_id)
            return SentMessage()
        here = {"channel_id": channel_id, "message_id": message_id}
        # That a vote was handed over is told to a manager, and its time runs from then.
        shown = [vote.id for vote in happened.votes if vote.state is not VoteState.HANDED_OVER]
        await self._database.run(clocks.started, shown, place=here, now=self._now())
        return SentMessage(channel_id)

    async def _look(
        self, guild_id: int, voted: list[int], ended: list[int], handed: list[int], moved: list[dict[str, Any]]
    ) -> Happened:
        """What these votes and predictions look like now."""
        told: list[ToldResult] = []
        for prediction_id in ended:
            result = await self._database.read(
                results.result_of, guild_id=guild_id, prediction_id=prediction_id, now=self._now()
            )
            if result is not None:
                along = await self._database.read(posts.annulled_with, prediction_id)
                told.append(ToldResult(result, tuple(along)))
        settings = await self._database.read(guilds.settings_of, guild_id)
        votes, handed_over = [_known([await self._vote(guild_id, one) for one in ids]) for ids in (voted, handed)]
        big = _known(
            [
                await self._database.read(announcements.big_move, guild_id=guild_id, payload=payload, now=self._now())
                for payload in moved
            ]
        )
        return Happened(tuple(votes), tuple(told), tuple(handed_over), tuple(big), settings.manager_role_id)

    async def _vote(self, guild_id: int, vote_id: int) -> VoteView | None:
        return await self._database.read(
            views.vote_view, guild_id=guild_id, vote_id=vote_id, is_posted=True, now=self._now()
        )


def _known(found: Iterable[T | None]) -> list[T]:
    return [one for one in found if one is not None]


def _card(happened: Happened) -> ui.LayoutView:
    """A vote, a result or a move that is alone has its whole card."""
    if happened.number == 1 and happened.votes:
        return vote_card(happened.votes[0])
    if happened.number == 1 and happened.results:
        return result_card(happened.results[0].result, along=happened.results[0].along)
    if happened.number == 1 and happened.moves:
        return move_card(happened.moves[0])
    return happened_card(happened)
