"""Messages that were sent before a manager hid something: what's hidden is taken out of them."""

from __future__ import annotations

from functools import partial

import discord
from discord import ui

from bot.delivery.speaking import NOBODY, NotReady, SentMessage, Speaker, Unreachable
from bot.services import announcements, outbox
from bot.services.moderation import traces
from bot.services.outbox import DueMessage
from bot.ui.cards.moderation.redacting import point_at_attachments, redact, shows_files
from bot.ui.cards.predictions.card import prediction_card


class Redactions(Speaker):
    """Changes what was said."""

    async def _refresh_copy(self, message: DueMessage) -> SentMessage:
        """Update a card that a member posted beside the one at home."""
        view = await self._read(announcements.public_view, message, "prediction_id")
        if view is None:
            return SentMessage()
        channel_id, message_id = message.payload["channel_id"], message.payload["message_id"]
        is_there = await self._edit(message, channel_id, message_id, prediction_card(view, private=False))
        return SentMessage(channel_id if is_there else None)

    async def _redact(self, message: DueMessage) -> SentMessage:
        """Take the hidden words out of a sent message, if it says them. One that is being sent is waited for."""
        assert message.guild_id is not None
        which = {"guild_id": message.guild_id, "prediction_id": message.payload["prediction_id"]}
        hidden = await self._database.read(traces.hidden_of_prediction, **which)
        place = await self._database.read(outbox.place_of, message.payload["outbox_id"])
        if not hidden:
            return SentMessage()
        if place.is_coming:
            raise NotReady("the message isn't there yet")
        if place.channel_id is None or place.message_id is None:
            return SentMessage()
        channel = self._client.get_partial_messageable(place.channel_id)
        try:
            found = await channel.fetch_message(place.message_id)
            view = ui.LayoutView.from_message(found, timeout=None)
            assert isinstance(view, ui.LayoutView)
            if not redact(view, hidden):
                return SentMessage()
            point_at_attachments(view, found.attachments)
            view.stop()  # its buttons are the bot's own, and nothing waits for them here
            kept = found.attachments if shows_files(view) else []
            edit = partial(found.edit, view=view, allowed_mentions=NOBODY, attachments=kept)
            await self._in_thread(place.channel_id, edit)
        except discord.NotFound:
            return SentMessage()
        except discord.Forbidden as error:
            raise Unreachable(place.channel_id, "I can't read or change what I posted there") from error
        return SentMessage(place.channel_id)
