"""/group, its card, and the form to forecast on all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from discord import app_commands
from discord.ext import commands

from bot.domain.errors import Reading, Refused, TwoReadings
from bot.domain.groups import GroupLine, read_labels, read_lines
from bot.domain.types import Values
from bot.services.forecasting import together, walk
from bot.services.groups import adding, membership, posting, views, wording
from bot.services.groups.adding import NewGroup, NewRow
from bot.services.groups.views import GroupView
from bot.services.predictions import editing, search
from bot.ui import palette, text
from bot.ui.cards.confirming import confirm_card
from bot.ui.cards.groups.card import form_pages, group_card
from bot.ui.cards.groups.next import next_card
from bot.ui.cards.groups.placed import placed_group_card, undone_group_card
from bot.ui.cards.groups.preview import group_preview_card, leave_lines
from bot.ui.cards.parts import NO_CHANNEL
from bot.ui.group_forms import AnswersForm, GroupDraft, GroupForm, WordingForm
from bot.ui.items import action, whole_number
from bot.ui.permissions import may_post, require_may_post
from bot.ui.replies import note, offer_form, open_form, reply
from cogs._params import GroupParam, Interaction, PredictionParam, actor_of, asks, day_over_at

if TYPE_CHECKING:
    from bot.client import Almanac

_OLD = "This button is from another version of the bot. Use /group show to find the group."


class GroupsCog(commands.GroupCog, group_name="group", group_description="Groups of predictions on one card."):
    """Groups."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(
        title="What they share, like: GPT-6 is released by … Leave it empty to use a form",
        predictions="Label and last day of each: Q1 2027: 31 Mar 2027; Q2 2027. Or #12 for one that's there",
        criteria="How will we know? Be precise enough that two strangers would agree",
        tags="Topics, separated by commas",
        cumulative="Whether each date includes those before it (default: I go by the words)",
    )
    @asks
    async def add(
        self,
        interaction: Interaction,
        title: str | None = None,
        predictions: str | None = None,
        criteria: str | None = None,
        tags: str | None = None,
        cumulative: bool | None = None,
    ) -> None:
        """Add predictions that share a card, such as one for each quarter. You see it before everyone does."""
        draft = GroupDraft(title or "", predictions or "", criteria or "", tags or "", cumulative)
        if title is None or predictions is None:
            await self.bot.database.read(editing.require_may_add, actor_of(interaction), now=self.bot.now())
            await open_form(interaction, GroupForm(self._preview, draft))
        else:
            offer_form(interaction, lambda: GroupForm(self._preview, draft))
            await self._preview(interaction, draft)

    @app_commands.command()
    @app_commands.describe(group="Words from its title, or the code of one in it", public="Post the card here for everyone")
    async def show(self, interaction: Interaction, group: GroupParam, public: bool = False) -> None:
        """Show the card of a group."""
        if public:
            require_may_post(interaction)
        await (self._post(interaction, group) if public else self._show(interaction, group))

    @app_commands.command()
    @app_commands.describe(
        prediction="Its code, or words from it",
        group="Words from its title, or the code of one in it",
        label="A word or two for its row, like Q1 2027",
    )
    async def join(
        self,
        interaction: Interaction,
        prediction: PredictionParam,
        group: GroupParam,
        label: app_commands.Range[str, 1, 100],
    ) -> None:
        """Put a prediction into a group (managers, or whoever added both)."""
        given: dict[str, Any] = {"group_id": group, "code": prediction, "label": label}
        view = await self.bot.write(membership.join, actor_of(interaction), **given, now=self.bot.now())
        said = f"✅ **#{prediction}** is in the group now. `/group leave` takes it out again."
        await reply(interaction, group_card(view, private=True, said=said))

    @app_commands.command()
    @app_commands.describe(prediction="Its code, or words from it")
    async def leave(self, interaction: Interaction, prediction: PredictionParam) -> None:
        """Take a prediction out of its group (managers, or whoever added it)."""
        planned = await self.bot.rehearse(membership.leave, actor_of(interaction), code=prediction, now=self.bot.now())

        async def leave(click: Interaction) -> None:
            left = await self.bot.write(membership.leave, actor_of(click), code=prediction, now=self.bot.now())
            back = "`/group join` puts it back." if left.group else "The group is taken apart."
            await reply(click, note(f"**#{left.code}** goes on by itself. {back}", colour=palette.GREEN))

        await reply(interaction, confirm_card(interaction, leave_lines(planned), "Take it out", leave))

    @app_commands.command()
    @app_commands.describe(group="Words from its title, or the code of one in it")
    async def rename(self, interaction: Interaction, group: GroupParam) -> None:
        """Change the title of a group and the labels in it (managers, or whoever made it)."""
        view = await self._view(interaction, group)

        async def submit(submitted: Interaction, title: str, lines: str) -> None:
            given: dict[str, Any] = {"group_id": group, "title": title, "lines": read_labels(lines)}
            renamed = await self.bot.write(wording.rename, actor_of(submitted), **given, now=self.bot.now())
            said = f"✅ Renamed. It was called “{text.plain_line(renamed.old_title, 200)}”."
            await reply(submitted, group_card(renamed.view, private=True, said=said))

        await open_form(interaction, WordingForm(view, submit))

    @action("group.show")
    async def show_group(self, interaction: Interaction, argument: str) -> None:
        """The card, for whoever clicked."""
        await self._show(interaction, _id_of(argument))

    @action("group.post")
    async def post_group(self, interaction: Interaction, argument: str) -> None:
        """The card, for everyone in the channel."""
        require_may_post(interaction)
        await self._post(interaction, _id_of(argument))

    @action("group.form")
    async def open_answers(self, interaction: Interaction, argument: str) -> None:
        """The form for forecasts on all of it, or on a page of it."""
        group_id, page = _id_of(argument.partition(":")[0]), _id_of(argument.partition(":")[2] or "0")
        group = await self._view(interaction, group_id)
        pages = form_pages(group)
        if not pages:
            raise Refused("Forecasting on all of them is closed. /group show says where they stand.")
        rows = pages[min(page, len(pages) - 1)]

        async def submit(submitted: Interaction, answers: dict[int, Values], left_empty: list[int]) -> None:
            given: dict[str, Any] = {"group_id": group_id, "answers": answers, "left_empty": left_empty}
            done = await self.bot.write(together.place_together, actor_of(submitted), **given, now=self.bot.now())
            await reply(submitted, placed_group_card(done, page=min(page, len(pages) - 1)))

        await open_form(interaction, AnswersForm(group, rows, submit))

    @action("group.undo")
    async def undo(self, interaction: Interaction, argument: str) -> None:
        """Undo the forecasts that were made together."""
        group_id, _, ids = argument.partition(":")
        given: dict[str, Any] = {"group_id": _id_of(group_id), "forecast_ids": [_id_of(one) for one in ids.split(".")]}
        undone = await self.bot.write(together.undo_together, actor_of(interaction), **given, now=self.bot.now())
        await reply(interaction, undone_group_card(undone))

    @action("group.skip")
    async def skip(self, interaction: Interaction, argument: str) -> None:
        """Skip all of it in /next."""
        upcoming = await self.bot.write(
            walk.skip_group, actor_of(interaction), group_id=_id_of(argument), now=self.bot.now()
        )
        await reply(interaction, next_card(upcoming))

    async def _view(self, interaction: Interaction, group_id: int) -> GroupView:
        return await self.bot.database.read(views.show, actor_of(interaction), group_id=group_id, now=self.bot.now())

    async def _show(self, interaction: Interaction, group_id: int) -> None:
        await reply(interaction, group_card(await self._view(interaction, group_id), private=True))

    async def _post(self, interaction: Interaction, group_id: int) -> None:
        guild_id, now = actor_of(interaction).guild_id, self.bot.now()
        view = await self.bot.database.read(views.show_publicly, guild_id=guild_id, group_id=group_id, now=now)
        if view is None:
            raise Refused(views.GONE)
        if (home := await self.bot.database.read(posting.home_of_group, group_id)) is not None:
            where = text.message_link(guild_id, home)
            raise Refused(f"Its card is at {where} already. Link to it there, so that everyone sees the same one.")
        is_public = may_post(interaction)
        message_id = await reply(interaction, group_card(view, private=not is_public), public=is_public)
        if is_public and message_id is not None and interaction.channel_id is not None:
            place: Any = {"channel_id": interaction.channel_id, "message_id": message_id}
            await self.bot.write(posting.note_group_card, group_id=group_id, **place, now=self.bot.now())

    async def _preview(self, interaction: Interaction, draft: GroupDraft) -> None:
        """The card as it'll look, for its author alone."""
        actor, new = actor_of(interaction), await _new(interaction, draft)
        planned = await self.bot.rehearse(adding.add, actor, new=new, now=self.bot.now())
        alike = await self.bot.database.read(search.find_alike, guild_id=actor.guild_id, statement=planned.view.title)

        async def change(click: Interaction) -> None:
            await open_form(click, GroupForm(self._preview, draft))

        async def turn(click: Interaction) -> None:
            await self._preview(click, replace(draft, is_cumulative=not planned.view.is_cumulative))

        steps: dict[str, Any] = {"post": partial(self._add, new=new), "change": change, "turn": turn}
        await reply(interaction, group_preview_card(interaction, planned, alike, **steps))

    async def _add(self, interaction: Interaction, *, new: NewGroup) -> None:
        added = await self.bot.write(adding.add, actor_of(interaction), new=new, now=self.bot.now())
        codes = ", ".join(f"#{row.view.code}" for row in added.view.rows)
        if added.is_draft:
            done = f"Sent to the managers as **{codes}**. Once they approve them, everyone sees the group."
            await reply(interaction, note(f"{done} `/prediction queue` shows where they stand.", colour=palette.GREEN))
            return
        where = f"goes to <#{added.post_channel_id}>" if added.post_channel_id is not None else "is here"
        done = f"Added **{codes}**. Their card {where}. How likely is each?"
        if added.post_channel_id is None:
            await reply(interaction, group_card(added.view, private=True, said=f"{done}\n{NO_CHANNEL}"))
            await self._post(interaction, added.view.id)
        else:
            await reply(interaction, group_card(added.view, private=True, said=done))


async def _new(interaction: Interaction, draft: GroupDraft) -> NewGroup:
    lines = read_lines(draft.predictions)
    rows = [await _row(interaction, lines, line, draft.predictions) for line in lines]
    tags = tuple(draft.tags.split(","))
    return NewGroup(draft.title, tuple(rows), draft.criteria, tags, draft.is_cumulative)


async def _row(interaction: Interaction, lines: Sequence[GroupLine], line: GroupLine, typed: str) -> NewRow:
    if line.code is not None:
        return NewRow(line.label, code=line.code)
    try:
        return NewRow(line.label, await day_over_at(interaction, line.day))
    except TwoReadings as asked:  # about all the lines, so that the answer can take their place
        ways = tuple(
            Reading(
                one.shown, "\n".join(replace(each, day=one.text).typed if each is line else each.typed for each in lines)
            )
            for one in asked.readings
        )
        said = (
            f"In “{text.cut(line.label, 40)}”, “{text.cut(line.day, 40)}” could be {' or '.join(one.shown for one in ways)}."
        )
        raise TwoReadings(typed, ways, said) from None


def _id_of(argument: str) -> int:
    try:
        return whole_number(argument)
    except ValueError:
        raise Refused(_OLD) from None
