"""What members say about predictions: the reasons they posted, and the messages they quote as evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import Refused
from bot.services.predictions import discussion
from bot.services.voting import quotes
from bot.services.voting.quotes import QuotedMessage
from bot.ui.cards.predictions.reasons import reasons_card
from bot.ui.cards.voting.quotes import choose_vote_card, evidence_card
from bot.ui.items import action, chosen, whole_number
from bot.ui.replies import reply
from cogs._params import Interaction, actor_of, code_of

if TYPE_CHECKING:
    from bot.client import Almanac


class DiscussionCog(commands.Cog):
    """The discussion of predictions."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot
        self._quote = app_commands.ContextMenu(name="Quote as evidence", callback=self.quote_message)

    async def cog_load(self) -> None:
        self.bot.tree.add_command(self._quote)

    async def cog_unload(self) -> None:
        self.bot.tree.remove_command(self._quote.name, type=self._quote.type)

    async def quote_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Quote a message as evidence in an open vote."""
        actor = actor_of(interaction)
        quoted = QuotedMessage(
            guild_id=actor.guild_id if message.guild is None else message.guild.id,
            channel_id=message.channel.id,
            message_id=message.id,
            author_id=message.author.id,
            words=message.content,
            has_more=any((message.attachments, message.embeds, message.stickers, message.poll, message.message_snapshots)),
            is_notice=message.is_system(),
            is_ours=self.bot.user is not None and message.author.id == self.bot.user.id,
        )
        votes = await self.bot.database.read(quotes.votes_to_quote_in, actor, message=quoted, now=self.bot.now())

        async def quote(click: Interaction) -> None:
            code = code_of(chosen(click))
            evidence = await self.bot.write(quotes.quote, actor_of(click), code=code, message=quoted, now=self.bot.now())
            await reply(click, evidence_card(evidence, done=f"Quoted in the vote on #{code}."))

        await reply(interaction, choose_vote_card(interaction, quoted, votes, quote))

    @action("quote.list")
    async def list_quotes(self, interaction: Interaction, argument: str) -> None:
        """All evidence on a prediction."""
        evidence = await self.bot.database.read(
            quotes.evidence_of, actor_of(interaction), code=code_of(argument), now=self.bot.now()
        )
        await reply(interaction, evidence_card(evidence))

    @action("quote.remove")
    async def remove_quote(self, interaction: Interaction, _argument: str) -> None:
        """Remove a quote."""
        try:
            quote_id = whole_number(chosen(interaction))
        except ValueError:
            raise Refused("This list is from another version of the bot. Open the evidence again.") from None
        evidence = await self.bot.write(quotes.remove, actor_of(interaction), quote_id=quote_id, now=self.bot.now())
        await reply(interaction, evidence_card(evidence, done="The quote is removed."))

    @action("reason.list")
    async def list_reasons(self, interaction: Interaction, argument: str) -> None:
        """All reasons on a prediction, page by page."""
        code, _, page = argument.partition(":")
        try:
            number = whole_number(page or "0", digits=6)
        except ValueError:
            raise Refused("This button is from another version of the bot. Open the card again for the reasons.") from None
        shown = await self.bot.database.read(
            discussion.show_reasons, actor_of(interaction), code=code_of(code), page=number, now=self.bot.now()
        )
        card, file = reasons_card(shown)
        await reply(interaction, card, file=file)
