"""/moderation, and hiding a reason from its own message: what only managers do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import Refused
from bot.domain.types import MAX_REASON
from bot.services.moderation import annulling, hiding, leaving_out
from bot.services.moderation.annulling import Chosen
from bot.services.moderation.texts import TextKey, TextKind
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.confirming import confirm_card
from bot.ui.cards.moderation.annulling import annul_lines, annulled_line
from bot.ui.cards.moderation.members import done_note, member_lines
from bot.ui.cards.moderation.texts import hidden_note, texts_card
from bot.ui.items import action, chosen, whole_number
from bot.ui.replies import note, reply
from bot.ui.waiting import step_button
from cogs._params import Interaction, PredictionParam, actor_of, code_of, complete_pack, complete_tag

if TYPE_CHECKING:
    from bot.client import Almanac


class ModerationCog(
    commands.GroupCog, group_name="moderation", group_description="Hide texts, leave members out, annul many (managers)."
):
    """Moderation."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot
        self._hide_reason = app_commands.ContextMenu(name="Hide this reason", callback=self.hide_reason)

    async def cog_load(self) -> None:
        self.bot.tree.add_command(self._hide_reason)

    async def cog_unload(self) -> None:
        self.bot.tree.remove_command(self._hide_reason.name, type=self._hide_reason.type)

    @app_commands.command()
    @app_commands.describe(prediction="Its code, or words from it")
    async def hide(self, interaction: Interaction, prediction: PredictionParam) -> None:
        """Hide what members wrote about a prediction, or show it again (managers)."""
        await self._list(interaction, prediction)

    @app_commands.command()
    @app_commands.describe(
        member="Whom to leave out, or to take back in", reason="Why. Only the member and the managers read it"
    )
    async def member(
        self, interaction: Interaction, member: discord.User, reason: app_commands.Range[str, 1, MAX_REASON] | None = None
    ) -> None:
        """Leave a member out of the crowd and the rankings, or take them back in (managers)."""
        given: dict[str, Any] = {"user_id": member.id}
        standing = await self.bot.database.read(leaving_out.show_member, actor_of(interaction), **given, now=self.bot.now())

        async def change(click: Interaction) -> None:
            actor, now = actor_of(click), self.bot.now()
            if standing.is_left_out:
                done = await self.bot.write(leaving_out.take_back, actor, **given, now=now)
            else:
                done = await self.bot.write(leaving_out.leave_out, actor, **given, words=reason, now=now)
            await reply(click, done_note(done))

        label = "Take them back in" if standing.is_left_out else "Leave them out"
        await reply(interaction, confirm_card(interaction, member_lines(standing, reason=reason), label, change))

    @app_commands.command()
    @app_commands.autocomplete(tag=complete_tag, pack=complete_pack)
    @app_commands.rename(added_by="member")
    @app_commands.describe(
        reason="Why. Everyone can read it",
        tag="Only with this tag",
        pack="Only from this pack",
        added_by="Only those this member added",
        codes="Only these: 3, 5, 10-14",
    )
    async def annul(
        self,
        interaction: Interaction,
        reason: str,
        tag: str | None = None,
        pack: str | None = None,
        added_by: discord.User | None = None,
        codes: str | None = None,
    ) -> None:
        """Annul many predictions at once; you see which ones first (managers)."""
        which = Chosen(tag, pack, None if added_by is None else added_by.id, codes)
        given: dict[str, Any] = {"chosen": which, "words": reason}
        planned = await self.bot.rehearse(annulling.annul_many, actor_of(interaction), **given, now=self.bot.now())

        async def annul(click: Interaction) -> None:
            done = await self.bot.write(annulling.annul_many, actor_of(click), **given, now=self.bot.now())

            async def undo(again: Interaction) -> None:
                back = await self.bot.write(annulling.reopen_many, actor_of(again), codes=done.codes, now=self.bot.now())
                await reply(again, note(f"Undone: {text.count(back, 'prediction')} reopened.", colour=palette.GREEN))

            card = note(annulled_line(done), colour=palette.GREEN)
            card.add_item(parts.row(step_button(click, "Undo", undo, style="secondary")))
            await reply(click, card)

        label = f"Annul {text.count(len(planned.codes), 'prediction')}"
        await reply(interaction, confirm_card(interaction, annul_lines(planned, reason=reason), label, annul))

    async def hide_reason(self, interaction: Interaction, message: discord.Message) -> None:
        """Hide the reason that this message says (managers)."""
        hidden = await self.bot.write(
            hiding.hide_reason_in, actor_of(interaction), message_id=message.id, now=self.bot.now()
        )
        await reply(interaction, hidden_note(hidden.texts, hidden.text))

    @action("text.list")
    async def list_texts(self, interaction: Interaction, argument: str) -> None:
        """What members wrote about a prediction."""
        await self._list(interaction, code_of(argument))

    @action("text.hide")
    async def hide_chosen(self, interaction: Interaction, _argument: str) -> None:
        """Hide what was chosen."""
        hidden = await self.bot.write(
            hiding.hide, actor_of(interaction), key=_key_of(chosen(interaction)), now=self.bot.now()
        )
        await reply(interaction, texts_card(hidden.texts, done="Hidden. Nobody can read it now."))

    @action("text.show")
    async def show_chosen(self, interaction: Interaction, _argument: str) -> None:
        """Show again what was chosen."""
        await self._show_again(interaction, chosen(interaction))

    @action("text.again")
    async def show_again(self, interaction: Interaction, argument: str) -> None:
        """Show again what was just hidden."""
        await self._show_again(interaction, argument)

    async def _list(self, interaction: Interaction, code: int) -> None:
        texts = await self.bot.database.read(hiding.show_texts, actor_of(interaction), code=code, now=self.bot.now())
        await reply(interaction, texts_card(texts))

    async def _show_again(self, interaction: Interaction, written: str) -> None:
        shown = await self.bot.write(hiding.show_again, actor_of(interaction), key=_key_of(written), now=self.bot.now())
        await reply(interaction, texts_card(shown.texts, done="Everyone can read it again."))


def _key_of(written: str) -> TextKey:
    """Which text an option or a button means. Refuses anything our cards never carry."""
    kind, *ids = written.split(":")
    try:
        target_id, member_id = (whole_number(number) for number in ids)
        return TextKey(TextKind(kind), target_id, member_id)
    except ValueError:
        raise Refused("This list is from another version of the bot. Open it again with /moderation hide.") from None
