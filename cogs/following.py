"""The buttons for following and leaving. The command is /prediction follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord.ext import commands

from bot.domain.errors import Refused
from bot.services.following import follows
from bot.services.following.follows import Followable
from bot.ui.cards.following.follows import follows_card
from bot.ui.items import action, chosen
from bot.ui.replies import reply
from cogs._params import Interaction, actor_of, code_of

if TYPE_CHECKING:
    from bot.client import Almanac


class FollowingCog(commands.Cog):
    """Following."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @action("follow.on")
    async def follow(self, interaction: Interaction, argument: str) -> None:
        """Follow a prediction, a tag or a pack."""
        what, name = _decode(argument)
        given: dict[str, Any] = {
            Followable.PREDICTION: {"code": code_of(name) if what is Followable.PREDICTION else None},
            Followable.TAG: {"tag": name},
            Followable.PACK: {"pack": name},
        }[what]
        found = await self.bot.write(follows.follow, actor_of(interaction), **given, now=self.bot.now())
        await reply(interaction, follows_card(found))

    @action("follow.off")
    async def unfollow(self, interaction: Interaction, argument: str) -> None:
        """Leave it."""
        await self._leave(interaction, argument)

    @action("follow.leave")
    async def leave_chosen(self, interaction: Interaction, argument: str) -> None:
        """Leave one of the list."""
        await self._leave(interaction, chosen(interaction), number=code_of(argument))

    @action("follow.page")
    async def turn_page(self, interaction: Interaction, argument: str) -> None:
        """Another page of what the member follows."""
        found = await self.bot.database.read(follows.list_followed, actor_of(interaction), number=code_of(argument))
        await reply(interaction, follows_card(found))

    async def _leave(self, interaction: Interaction, argument: str, *, number: int = 0) -> None:
        what, name = _decode(argument)
        found = await self.bot.write(
            follows.unfollow, actor_of(interaction), what=what, name=name, number=number, now=self.bot.now()
        )
        await reply(interaction, follows_card(found))


def _decode(argument: str) -> tuple[Followable, str]:
    """What a button names. Refuses anything our buttons never carry."""
    what, _, name = argument.partition(":")
    if what not in {str(one) for one in Followable} or not name:
        raise Refused("This button is from another version of the bot. See what you follow with /prediction follow.")
    return Followable(what), name
