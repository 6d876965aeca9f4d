"""The cards of groups on Discord: posted where the homes of their predictions belong, kept current, and put away at the end."""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.delivery.homes import Homes, Shown
from bot.delivery.speaking import NotReady, SentMessage
from bot.domain import homes as rules
from bot.domain.lifecycle import ENDED
from bot.services import outbox
from bot.services.groups import posting, views
from bot.services.groups.views import GroupView
from bot.services.homes import card_homes, places
from bot.services.outbox import DueMessage
from bot.ui.cards.groups.card import ended_group_card, group_card

_APART = "A group that was taken apart"


class GroupHomes(Homes):
    """Makes the cards of groups, and updates them."""

    async def _post_group(self, message: DueMessage) -> SentMessage:
        group = await self._read(views.show_publicly, message, "group_id")
        if group is None or await self._database.read(posting.home_of_group, group.id) is not None:
            return SentMessage()
        place = await self._database.read(places.place_of, group.rows[0].view.id)
        made = await self._make(message, self._shown_group(group), place)
        if made is None:
            return SentMessage()
        here: dict[str, Any] = {"channel_id": made.channel_id, "message_id": made.message_id, "thread": made.thread}
        await self._database.run(posting.note_group_card, group_id=group.id, now=self._now(), **here)
        return SentMessage(made.channel_id, made.message_id)

    async def _refresh_group(self, message: DueMessage) -> SentMessage:
        group_id = message.payload["group_id"]
        group = await self._read(views.show_publicly, message, "group_id")
        home = await self._database.read(posting.home_of_group, group_id)
        if home is None:
            if await self._database.read(outbox.is_group_coming, group_id):
                raise NotReady("the card isn't posted yet")
            return SentMessage()
        card = ended_group_card() if group is None else group_card(group, private=False)
        if not await self._edit(message, home.channel_id, home.message_id, card, within=home.forum_id):
            await self._database.run(card_homes.note_group_lost, group_id, now=self._now())
            return SentMessage()
        if home.thread_id is not None:
            assert message.guild_id is not None
            shown = _taken_apart(message.guild_id) if group is None else self._shown_group(group)
            if (look := await self._dress(shown, home, home.thread_id)) is not None:
                await self._database.run(posting.note_group_look, group_id, stage=shown.stage, look=look)
        await self._database.run(posting.note_group_edited, group_id, now=self._now())
        return SentMessage(home.channel_id)

    def _shown_group(self, group: GroupView) -> Shown:
        title = rules.fitting_title(" ".join(group.title.split()))
        return Shown(
            group.guild_id,
            title,
            title,
            tuple(dict.fromkeys(tag for row in group.rows for tag in row.view.tags)),
            rules.stage_of_group(self._stage(row.view) for row in group.rows),
            all(row.view.state in ENDED for row in group.rows),
            partial(group_card, group, private=False),
        )


def _taken_apart(guild_id: int) -> Shown:
    """What stays of a group that's gone, or that nobody may see: its title may be what somebody wanted out of sight."""
    return Shown(guild_id, _APART, _APART, (), rules.Stage.ANNULLED, True, ended_group_card)
