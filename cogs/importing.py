"""The buttons under the review of an uploaded file. `/prediction import` itself lives with the rest of its group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.domain.documents.review import Correction
from bot.services.packs import importing, reviewing
from bot.services.packs.reviewing import PAGE_SIZE, ReviewItem, ShowItems
from bot.ui.cards.packs.imported import discarded_card, imported_card, left_out_card, undone_card
from bot.ui.cards.packs.review import decode_id, decode_page, decode_place, review_card
from bot.ui.cards.packs.review_item import item_card
from bot.ui.items import action, chosen
from bot.ui.modals import CorrectionForm, SourceForm
from bot.ui.replies import open_form, reply
from cogs._params import Interaction, actor_of

if TYPE_CHECKING:
    from bot.client import Almanac


class ImportingCog(commands.Cog):
    """Imports."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @action("import.page")
    async def turn_page(self, interaction: Interaction, argument: str) -> None:
        """Another page of the review."""
        await self._show(interaction, *decode_page(argument))

    @action("import.show")
    async def show_others(self, interaction: Interaction, argument: str) -> None:
        """Other predictions from the file."""
        await self._show(interaction, *decode_page(f"{argument}:{chosen(interaction)}:0"))

    @action("import.back")
    async def show_list(self, interaction: Interaction, argument: str) -> None:
        """The page a prediction is on."""
        import_id, number = decode_place(argument)
        await self._show(interaction, import_id, ShowItems.ALL, max(number - 1, 0) // PAGE_SIZE)

    @action("import.pick")
    async def pick_item(self, interaction: Interaction, argument: str) -> None:
        """The chosen prediction."""
        await self._show_item(interaction, *decode_place(f"{argument}:{chosen(interaction)}"))

    @action("import.item")
    async def show_item(self, interaction: Interaction, argument: str) -> None:
        """One prediction from the file."""
        await self._show_item(interaction, *decode_place(argument))

    @action("import.drop")
    async def drop(self, interaction: Interaction, argument: str) -> None:
        """Leave a prediction out."""
        await self._drop(interaction, argument, is_dropped=True)

    @action("import.keep")
    async def keep(self, interaction: Interaction, argument: str) -> None:
        """Bring a dropped prediction back."""
        await self._drop(interaction, argument, is_dropped=False)

    @action("import.correct")
    async def correct(self, interaction: Interaction, argument: str) -> None:
        """A form for what was misread."""
        import_id, number = decode_place(argument)
        actor, place = actor_of(interaction), {"import_id": import_id, "number": number}
        item = await self.bot.database.read(reviewing.show_item, actor, now=self.bot.now(), **place)

        async def submit(submitted: Interaction, correction: Correction) -> None:
            actor, now, locale = actor_of(submitted), self.bot.now(), str(submitted.locale)
            changed = await self.bot.write(reviewing.correct, actor, correction=correction, now=now, locale=locale, **place)
            await self._reply_item(submitted, changed)

        await open_form(interaction, CorrectionForm(item, submit))

    @action("import.source")
    async def name_source(self, interaction: Interaction, argument: str) -> None:
        """A form for the name of who wrote the document, and what it's called."""
        import_id = decode_id(argument)
        _, document = await self.bot.database.read(reviewing.show_draft, actor_of(interaction), import_id=import_id)

        async def submit(submitted: Interaction, title: str, authors: str) -> None:
            actor, now = actor_of(submitted), self.bot.now()
            review = await self.bot.write(
                reviewing.set_source, actor, import_id=import_id, title=title, authors=authors, now=now
            )
            await reply(submitted, review_card(review))

        await open_form(interaction, SourceForm(document.source, submit))

    @action("import.left")
    async def show_left_out(self, interaction: Interaction, argument: str) -> None:
        """What was left out, and why."""
        import_id = decode_id(argument)
        found = await self.bot.database.read(reviewing.show_draft, actor_of(interaction), import_id=import_id)
        card, file = left_out_card(import_id, *found)
        await reply(interaction, card, file=file)

    @action("import.confirm")
    async def confirm(self, interaction: Interaction, argument: str) -> None:
        """Load what was reviewed."""
        import_id, now = decode_id(argument), self.bot.now()
        imported = await self.bot.write(importing.confirm, actor_of(interaction), import_id=import_id, now=now)
        await reply(interaction, imported_card(imported))

    @action("import.undo")
    async def undo(self, interaction: Interaction, argument: str) -> None:
        """Undo an import."""
        import_id, now = decode_id(argument), self.bot.now()
        undone = await self.bot.write(importing.undo, actor_of(interaction), import_id=import_id, now=now)
        await reply(interaction, undone_card(undone))

    @action("import.discard")
    async def discard(self, interaction: Interaction, argument: str) -> None:
        """Discard a draft."""
        file = await self.bot.write(importing.discard, actor_of(interaction), import_id=decode_id(argument))
        await reply(interaction, discarded_card(file))

    async def _show(self, interaction: Interaction, import_id: int, shown: ShowItems, page: int) -> None:
        actor, now = actor_of(interaction), self.bot.now()
        review = await self.bot.database.read(reviewing.show, actor, import_id=import_id, shown=shown, page=page, now=now)
        await reply(interaction, review_card(review))

    async def _show_item(self, interaction: Interaction, import_id: int, number: int) -> None:
        actor, now = actor_of(interaction), self.bot.now()
        item = await self.bot.database.read(reviewing.show_item, actor, import_id=import_id, number=number, now=now)
        await self._reply_item(interaction, item)

    async def _drop(self, interaction: Interaction, argument: str, *, is_dropped: bool) -> None:
        import_id, number = decode_place(argument)
        place = {"import_id": import_id, "number": number}
        actor, now = actor_of(interaction), self.bot.now()
        item = await self.bot.write(reviewing.drop, actor, is_dropped=is_dropped, now=now, **place)
        await self._reply_item(interaction, item)

    async def _reply_item(self, interaction: Interaction, item: ReviewItem) -> None:
        card, file = item_card(item)
        await reply(interaction, card, file=file)
