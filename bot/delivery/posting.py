"""What each outbox message becomes on Discord: what it says now, and where it goes."""

from __future__ import annotations

import contextlib
import logging
from datetime import datetime

import discord
from discord import ui

from bot.delivery.groups import GroupHomes
from bot.delivery.happenings import Happenings
from bot.delivery.redactions import Redactions
from bot.delivery.speaking import NotReady, SentMessage, Unreachable
from bot.delivery.tournaments import Tournaments
from bot.services import announcements, posts
from bot.services.forecasting import histories
from bot.services.moderation import hiding, leaving_out
from bot.services.outbox import DueMessage, MessageKind
from bot.services.predictions import drafts
from bot.services.reminding import digests, reminders, week, weekly
from bot.services.settings import troubles
from bot.services.voting import results, views
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.cards.charts import gallery, history_chart
from bot.ui.cards.moderation.members import news_card as left_out_card
from bot.ui.cards.moderation.texts import hidden_reason_card
from bot.ui.cards.packs.library import announcement_card
from bot.ui.cards.predictions.announcements import clarification_card, moved_card, reason_card
from bot.ui.cards.predictions.drafts import answer_card, waiting_card
from bot.ui.cards.reminding.digest import digest_card
from bot.ui.cards.reminding.ladder import ladder_card
from bot.ui.cards.reminding.reminders import due_card, public_due_card
from bot.ui.cards.reminding.week import week_card
from bot.ui.cards.settings.first_steps import welcome_card
from bot.ui.cards.settings.troubles import news_card

__all__ = ["MessagePoster", "NotReady", "Unreachable"]

log = logging.getLogger(__name__)


class MessagePoster(GroupHomes, Happenings, Tournaments, Redactions):
    """Sends one message of the outbox. No transaction is open while Discord is awaited."""

    async def send(self, message: DueMessage) -> SentMessage:
        """Send it, or find that there's nothing left to say. Raises Unreachable, NotReady, and what discord.py raises."""
        match message.kind:
            case MessageKind.POST_CARD:
                return await self._post_card(message)
            case MessageKind.REFRESH_CARD:
                return await self._refresh_card(message)
            case MessageKind.POST_GROUP:
                return await self._post_group(message)
            case MessageKind.REFRESH_GROUP:
                return await self._refresh_group(message)
            case MessageKind.CLARIFICATION:
                news = await self._read(announcements.clarification, message, "prediction_id", "number")
                return await self._say_at_home(message, news.view.id, *clarification_card(news)) if news else SentMessage()
            case MessageKind.REASON:
                return await self._post_reason(message)
            case MessageKind.REFRESH_REASON:
                return await self._refresh_reason(message)
            case MessageKind.PACK_ADOPTED:
                pack = await self._read(announcements.adopted_pack, message, "pack")
                return await self._say_to_guild(message, announcement_card(pack)) if pack else SentMessage()
            case MessageKind.MOVED:
                moved = await self._read(
                    announcements.moved_date, message, "prediction_id", "old", "user_id", "is_interested"
                )
                return await self._say_at_home(message, moved.view.id, moved_card(moved)) if moved else SentMessage()
            case MessageKind.VOTE | MessageKind.RESULT | MessageKind.VOTE_NEWS | MessageKind.MOVE:
                return await self._tell_what_happened(message)
            case MessageKind.REFRESH_VOTE:
                place = await self._database.read(views.place_of_vote, message.payload["vote_id"])
                return await self._update_post(message, place, MessageKind.VOTE, "vote_id")
            case MessageKind.SUPERSEDED:
                place = await self._database.read(results.place_of_result, message.payload["prediction_id"])
                return await self._update_post(message, place, MessageKind.RESULT, "prediction_id")
            case MessageKind.LADDER | MessageKind.WEEKLY:
                return await self._say_in_the_morning(message)
            case MessageKind.REMINDER | MessageKind.DIGEST if message.along:
                return await self._write_letter(message)
            case MessageKind.REMINDER:
                return await self._remind_member(message)
            case MessageKind.DIGEST:
                return await self._send_digest(message)
            case MessageKind.REFRESH_COPY:
                return await self._refresh_copy(message)
            case MessageKind.REDACT:
                return await self._redact(message)
            case MessageKind.TOURNAMENT:
                return await self._end_tournament(message)
            case MessageKind.WELCOME:
                return await self._welcome(message)
            case MessageKind.TROUBLE:
                return await self._tell_manager(message)
            case MessageKind.DRAFTS:
                return await self._tell_of_drafts(message)
            case MessageKind.DRAFT_ANSWER:
                return await self._answer_draft(message)
            case MessageKind.LEFT_OUT:
                return await self._tell_left_out(message)

    async def _post_reason(self, message: DueMessage) -> SentMessage:
        posted = await self._read(announcements.posted_reason, message, "prediction_id", "forecast_id")
        if posted is None:
            return SentMessage()
        sent = await self._say_at_home(message, posted.view.id, reason_card(posted))
        if sent.channel_id is not None and sent.message_id is not None:
            place = {"channel_id": sent.channel_id, "message_id": sent.message_id}
            which = {"guild_id": posted.view.guild_id, "prediction_id": posted.view.id}
            forecast_id = message.payload["forecast_id"]
            await self._database.run(hiding.note_reason_posted, forecast_id=forecast_id, **which, **place, now=self._now())
        return sent

    async def _refresh_reason(self, message: DueMessage) -> SentMessage:
        posted = await self._read(announcements.posted_reason, message, "prediction_id", "forecast_id")
        view = posted.view if posted is not None else await self._read(announcements.public_view, message, "prediction_id")
        if view is None:
            return SentMessage()
        card = hidden_reason_card(view.code) if posted is None else reason_card(posted)
        is_there = await self._edit(message, message.payload["channel_id"], message.payload["message_id"], card)
        return SentMessage(message.payload["channel_id"] if is_there else None)

    async def _say_in_the_morning(self, message: DueMessage) -> SentMessage:
        """What is due soon, and the week if it's its day, in one post."""
        together = (message, *message.along)
        cards: list[ui.LayoutView] = []
        file: discord.File | None = None
        for one in together:
            if one.kind is MessageKind.WEEKLY and (told := await self._week(one)) is not None:
                cards.append(told[0])
                file = told[1]
        for one in together:
            if one.kind is MessageKind.LADDER and (card := await self._due_soon(one)) is not None:
                cards.append(card)
        channel_id = await self._database.read(posts.channel_of, message)
        if not cards or channel_id is None:
            return SentMessage()
        return await self._say_in(message, channel_id, parts.joined(cards) if len(cards) > 1 else cards[0], file)

    async def _due_soon(self, message: DueMessage) -> ui.LayoutView | None:
        assert message.guild_id is not None
        post = await self._database.run(
            announcements.ladder_post, guild_id=message.guild_id, outbox_id=message.id, now=self._now()
        )
        return None if post is None else ladder_card(post, now=self._now())

    async def _week(self, message: DueMessage) -> tuple[ui.LayoutView, discord.File | None] | None:
        """The week with a picture of its biggest move; None if there's nothing to say, or it's too late."""
        until, now, guild_id = datetime.fromisoformat(message.payload["until"]), self._now(), message.guild_id
        assert guild_id is not None
        if weekly.is_too_late(until, now=now):
            log.info("dropped the weekly digest of guild %s: it was due %s ago", guild_id, now - until)
            return None
        found = await self._database.read(week.week_of, guild_id=guild_id, until=until, now=now)
        if found is None:
            return None
        picture = file = None
        if found.moves and self._draw is not None:
            code = found.moves[0][0].code
            history = await self._database.read(histories.show_public_history, guild_id=guild_id, code=code, now=now)
            chart = history_chart(history, now=now)
            if (drawn := await self._draw(chart)) is not None:
                picture, file = gallery(drawn, chart)
        guild = await self._guild(guild_id)
        return week_card(found, guild_name=None if guild is None else guild.name, picture=picture), file

    async def _remind_member(self, message: DueMessage) -> SentMessage:
        due = await self._read(reminders.due_reminder, message, "reminder_id", "was_due_at")
        if due is None:
            log.info("dropped reminder %s: its prediction has ended", message.payload["reminder_id"])
            return SentMessage()
        if not due.at_home:
            link = text.message_link(due.view.guild_id, due.home)
            sent = await self._say_privately(message, due.user_id, due_card(due, link=link))
            if sent is not None:
                return sent
        return await self._say_at_home(message, due.view.id, public_due_card(due), mentioning=due.user_id)

    async def _send_digest(self, message: DueMessage) -> SentMessage:
        found = await self._digest(message)
        if found is None:
            return SentMessage()
        sent = await self._say_privately(message, found[0], found[1])
        if sent is None:
            log.info("dropped digest %s: its member has direct messages turned off", message.id)
        return sent or SentMessage()

    async def _digest(self, message: DueMessage) -> tuple[int, ui.LayoutView] | None:
        """Whose digest it is, and how it looks; None if there's nothing in it any more."""
        payload = message.payload
        since = datetime.fromisoformat(payload["since"]) if payload["since"] else None
        until = datetime.fromisoformat(payload["until"])
        digest = await self._database.read(
            digests.digest_of, user_id=payload["user_id"], since=since, until=until, now=self._now()
        )
        if digest is None:
            return None
        known = [(part.guild_id, await self._guild(part.guild_id)) for part in digest.guilds]
        names = {guild_id: guild.name for guild_id, guild in known if guild is not None}
        return digest.user_id, digest_card(digest, guild_names=names)

    async def _write_letter(self, message: DueMessage) -> SentMessage:
        """A person's reminders of the day and their digest in one direct message."""
        reader: int | None = None
        cards: list[ui.LayoutView] = []
        for one in sorted((message, *message.along), key=lambda one: (one.kind is MessageKind.DIGEST, one.id)):
            if one.kind is MessageKind.DIGEST:
                if (digest := await self._digest(one)) is not None:
                    reader = digest[0]
                    cards.append(digest[1])
            elif (due := await self._read(reminders.due_reminder, one, "reminder_id", "was_due_at")) is not None:
                reader = due.user_id
                cards.append(due_card(due, link=text.message_link(due.view.guild_id, due.home)))
        if reader is None:
            return SentMessage()
        sent = await self._say_privately(message, reader, parts.joined(cards))
        if sent is not None:
            return sent
        for one in (message, *message.along):  # at home there's a place for each reminder, but none for a digest
            if one.kind is MessageKind.REMINDER:
                sent = await self._remind_member(one)
        return sent or SentMessage()

    async def _welcome(self, message: DueMessage) -> SentMessage:
        """Write to whoever invited the bot, if Discord's audit log may be read; else to the owner."""
        assert message.guild_id is not None
        if (guild := await self._guild(message.guild_id)) is None:
            return SentMessage()
        card = welcome_card(guild_name=guild.name, guild_id=guild.id, command="`/settings guild`")
        return await self._say_to_a_manager(message, card, await self._inviter(guild)) or SentMessage()

    async def _inviter(self, guild: discord.Guild) -> int | None:
        me = guild.me
        is_there = me is not None  # pyright: ignore[reportUnnecessaryComparison]  (it isn't, in a guild that was fetched)
        if is_there and me.guild_permissions.view_audit_log:
            with contextlib.suppress(discord.HTTPException):
                async for entry in guild.audit_logs(action=discord.AuditLogAction.bot_add, limit=20):
                    if entry.target is not None and entry.target.id == me.id:
                        return entry.user_id
        return None

    async def _tell_of_drafts(self, message: DueMessage) -> SentMessage:
        assert message.guild_id is not None
        waiting = await self._database.read(drafts.waiting, message.guild_id)
        if not waiting or (guild := await self._guild(message.guild_id)) is None:
            return SentMessage()
        contact_id = await self._database.read(troubles.contact_of, message.guild_id)
        card = waiting_card(waiting, guild_name=guild.name)
        return await self._say_to_a_manager(message, card, contact_id) or SentMessage()

    async def _answer_draft(self, message: DueMessage) -> SentMessage:
        answer = await self._read(drafts.answer_for, message, "prediction_id", "what")
        if answer is None or message.guild_id is None or (guild := await self._guild(message.guild_id)) is None:
            return SentMessage()
        return (
            await self._say_privately(message, answer.user_id, answer_card(answer, guild_name=guild.name)) or SentMessage()
        )

    async def _tell_left_out(self, message: DueMessage) -> SentMessage:
        payload = message.payload
        news = await self._database.read(leaving_out.news_of, left_out_id=payload["left_out_id"], what=payload["what"])
        if news is None or (guild := await self._guild(news.guild_id)) is None:
            return SentMessage()
        return await self._say_privately(message, news.user_id, left_out_card(news, guild_name=guild.name)) or SentMessage()

    async def _tell_manager(self, message: DueMessage) -> SentMessage:
        assert message.guild_id is not None
        news = await self._database.read(
            troubles.news_of_trouble, guild_id=message.guild_id, channel_id=message.payload["channel_id"]
        )
        if news is None or (guild := await self._guild(message.guild_id)) is None:
            return SentMessage()
        card = news_card(news, guild_name=guild.name)
        return await self._say_to_a_manager(message, card, news.contact_id) or SentMessage()
