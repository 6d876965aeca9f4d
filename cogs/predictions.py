"""/prediction, its card, its lists, and making one from a message."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.documents.uploads import read_upload
from bot.domain.errors import Refused
from bot.domain.outcomes import ANNULLED, Outcome
from bot.domain.texts import clean_line
from bot.domain.times import last_day_before
from bot.domain.types import Kind
from bot.services import outbox
from bot.services.following import follows
from bot.services.homes import card_homes
from bot.services.limits import Limited
from bot.services.packs import importing
from bot.services.predictions import approving, drafts, editing, listing, search
from bot.services.predictions.editing import NewPrediction, PredictionChanges
from bot.services.predictions.listing import ListFilters, ListOrder, ListShow
from bot.services.predictions.views import PredictionView
from bot.services.scoring import experienced
from bot.services.voting import resolutions
from bot.ui import palette, text, uploads
from bot.ui.cards.confirming import confirm_card
from bot.ui.cards.following.follows import follows_card
from bot.ui.cards.forecasting.panel import panel
from bot.ui.cards.packs.imported import nothing_found_card, problems_card
from bot.ui.cards.packs.review import review_card
from bot.ui.cards.parts import NO_CHANNEL
from bot.ui.cards.predictions.card import BESIDE, details_card, prediction_card
from bot.ui.cards.predictions.drafts import queue_card
from bot.ui.cards.predictions.lists import MAX_WORDS, decode_others, decode_page, list_card
from bot.ui.cards.predictions.preview import edit_lines, preview_card
from bot.ui.cards.voting.deciding import decide_lines
from bot.ui.items import action, chosen
from bot.ui.modals import PredictionDraft, PredictionForm
from bot.ui.permissions import may_post, require_may_post
from bot.ui.replies import note, offer_form, open_form, reply
from cogs._params import (
    Interaction,
    KindParam,
    OrderParam,
    PredictionParam,
    ShowParam,
    actor_of,
    asks,
    code_of,
    complete_pack,
    complete_tag,
    day_over_at,
    options_of,
)

if TYPE_CHECKING:
    from bot.client import Almanac


class PredictionsCog(commands.GroupCog, group_name="prediction", group_description="Find, show, add and edit predictions."):
    """Predictions."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot
        self._from_message = app_commands.ContextMenu(name="Make a prediction", callback=self.make_from_message)

    async def cog_load(self) -> None:
        self.bot.tree.add_command(self._from_message)

    async def cog_unload(self) -> None:
        self.bot.tree.remove_command(self._from_message.name, type=self._from_message.type)

    @app_commands.command(name="list")
    @app_commands.autocomplete(tag=complete_tag, pack=complete_pack)
    @app_commands.describe(
        show="Which ones", order="Sort order", kind="Only this kind", tag="Only with this tag", pack="Only from this pack"
    )
    async def list_(
        self,
        interaction: Interaction,
        show: ShowParam = ListShow.OPEN,
        order: OrderParam = ListOrder.SOONEST,
        kind: KindParam | None = None,
        tag: str | None = None,
        pack: str | None = None,
    ) -> None:
        """List this server's predictions."""
        await self._list(interaction, 0, ListFilters(show, order, kind, tag, pack))

    @app_commands.command()
    @app_commands.describe(words="Words in any order, or a code. Small typos are fine")
    async def search(self, interaction: Interaction, words: app_commands.Range[str, 1, MAX_WORDS]) -> None:
        """Find predictions by their words."""
        await self._list(interaction, 0, ListFilters(show=ListShow.ALL, words=words))

    @app_commands.command()
    @app_commands.describe(prediction="Its code, or words from it", public="Post the card here for everyone")
    async def show(self, interaction: Interaction, prediction: PredictionParam, public: bool = False) -> None:
        """Show a prediction's card."""
        if public:
            require_may_post(interaction)
        await (self._post(interaction, prediction) if public else self._show(interaction, prediction))

    @app_commands.command()
    @app_commands.rename(expected="range", condition="if", failing="if_not")
    @app_commands.describe(
        statement="What you predict, in one sentence. Leave it empty to use a form",
        by="Its last day: 31 Dec 2026, Q4 2026, 2026 or in 2 weeks",
        kind="Kind of answer (default: yes or no)",
        criteria="How will we know? Be precise enough that two strangers would agree",
        options="For multiple choice: the options, separated by commas or semicolons",
        unit="For a number: its unit",
        expected="For a number or a date: where you expect it, like 0 to 100. I ask about forecasts outside",
        tags="Topics, separated by commas",
        closes="Last day for forecasts, if earlier",
        condition="Only counts if this prediction comes true: its code, or words from it",
        failing="Only counts if this prediction does not come true",
    )
    @asks
    async def add(
        self,
        interaction: Interaction,
        statement: str | None = None,
        by: str | None = None,
        kind: KindParam = Kind.BINARY,
        criteria: str | None = None,
        options: str | None = None,
        unit: str | None = None,
        expected: app_commands.Range[str, 1, 120] | None = None,
        tags: str | None = None,
        closes: str | None = None,
        condition: PredictionParam | None = None,
        failing: PredictionParam | None = None,
    ) -> None:
        """Add a prediction. You see its card before everyone does."""
        draft = PredictionDraft(
            statement=statement or "",
            by=by or "",
            kind=kind,
            criteria=criteria or "",
            options=options or "",
            unit=unit or "",
            expected=expected or "",
            tags=tags or "",
            closes=closes or "",
            condition=condition if failing is None else failing,
            is_negated=failing is not None,
        )
        if condition is not None and failing is not None:
            raise Refused("Give one condition: either `if` or `if_not`.")
        if statement is None or by is None:
            await self.bot.database.read(editing.require_may_add, actor_of(interaction), now=self.bot.now())
            await open_form(interaction, self._form(draft))
        else:
            offer_form(interaction, lambda: self._form(draft))
            await self._preview(interaction, draft)

    @app_commands.command()
    @app_commands.rename(expected="range")
    @app_commands.describe(
        prediction="Its code, or words from it",
        statement="New statement",
        criteria="New criteria",
        by="New last day",
        closes="New last day for forecasts",
        tags="New topics, separated by commas. They replace the old ones",
        expected="For a number or a date: where you expect it, like 0 to 100, or none",
    )
    @asks
    async def edit(
        self,
        interaction: Interaction,
        prediction: PredictionParam,
        statement: str | None = None,
        criteria: str | None = None,
        by: str | None = None,
        closes: str | None = None,
        tags: str | None = None,
        expected: app_commands.Range[str, 1, 120] | None = None,
    ) -> None:
        """Change a prediction. Leave the options empty to edit it in a form."""
        typed = {
            "statement": statement,
            "criteria": criteria,
            "by": by,
            "closes": closes,
            "tags": tags,
            "expected": expected,
        }
        given = {name: words for name, words in typed.items() if words is not None}
        if not given:
            await self._edit_in_form(interaction, prediction)
        else:
            view = await self._view_for_editing(interaction, prediction)
            offer_form(interaction, lambda: self._edit_form(view, replace(_draft_of(view), **given)))
            await self._edit(interaction, view, given)

    @app_commands.command()
    @app_commands.describe(prediction="Its code, or words from it", reason="Why. Everyone can read it")
    async def annul(self, interaction: Interaction, prediction: PredictionParam, reason: str) -> None:
        """Annul a prediction (managers; your own, while nobody else has forecast)."""
        given: dict[str, Any] = {"code": prediction, "outcome": Outcome(ANNULLED), "words": reason}
        planned = await self.bot.rehearse(resolutions.override, actor_of(interaction), **given, now=self.bot.now())

        async def annul(click: Interaction) -> None:
            await self.bot.write(resolutions.override, actor_of(click), **given, now=self.bot.now())
            await reply(click, note(f"**#{prediction}** is annulled. Your reason is posted.", colour=palette.GREEN))

        await reply(interaction, confirm_card(interaction, decide_lines(planned, reason), "Annul it", annul))

    @app_commands.command()
    async def queue(self, interaction: Interaction) -> None:
        """See what waits for approval: for managers all of it, else your own predictions."""
        queue = await self.bot.database.read(drafts.show_queue, actor_of(interaction), now=self.bot.now())
        await reply(interaction, queue_card(queue))

    @app_commands.command()
    @app_commands.autocomplete(tag=complete_tag, pack=complete_pack)
    @app_commands.describe(
        prediction="News of one prediction", tag="News of all with this tag", pack="News of all from this pack"
    )
    async def follow(
        self,
        interaction: Interaction,
        prediction: PredictionParam | None = None,
        tag: str | None = None,
        pack: str | None = None,
    ) -> None:
        """Follow a prediction, a tag or a pack. Without any, see what you follow."""
        actor = actor_of(interaction)
        if prediction is None and tag is None and pack is None:
            await reply(interaction, follows_card(await self.bot.database.read(follows.list_followed, actor)))
            return
        found = await self.bot.write(follows.follow, actor, code=prediction, tag=tag, pack=pack, now=self.bot.now())
        await reply(interaction, follows_card(found))

    @app_commands.command(name="import")
    @app_commands.describe(file="YAML, JSON, CSV, Markdown, plain text or HTML, up to 1 MiB")
    async def import_(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Load a document's predictions, once you've reviewed them (managers)."""
        actor, now = actor_of(interaction), self.bot.now()
        await self.bot.database.read(importing.require_may_import, actor)
        name, content = uploads.name_of(file), await uploads.fetch(file)
        self.bot.recent_work.take(actor, Limited.IMPORTS, now=now)
        upload = await self.bot.reader.read(actor.guild_id, read_upload, content, file=name, today=now.date())
        if upload.document is None:
            card, whole = problems_card(name, upload.problems)
            await reply(interaction, card, file=whole)
        elif not upload.document.predictions:
            card, whole = nothing_found_card(name, upload.document, upload.warnings)
            await reply(interaction, card, file=whole)
        else:
            review = await self.bot.write(importing.begin, actor, file=name, upload=upload, now=now)
            await reply(interaction, review_card(review))

    async def make_from_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Make a prediction from a message."""

        await self.bot.database.read(editing.require_may_add, actor_of(interaction), now=self.bot.now())
        draft = PredictionDraft(statement=clean_line(message.content, refuse=False), link=message.jump_url)
        await open_form(interaction, self._form(draft, title="Make a prediction"))

    @action("card.show")
    async def show_card(self, interaction: Interaction, argument: str) -> None:
        """The card, for whoever clicked."""
        await self._show(interaction, code_of(argument))

    @action("card.pick")
    async def pick_card(self, interaction: Interaction, _argument: str) -> None:
        """The card of what was chosen in a select, in a message of its own so that the list stays."""
        await self._show(interaction, code_of(chosen(interaction)), fresh=True)

    @action("card.post")
    async def post_card(self, interaction: Interaction, argument: str) -> None:
        """The card, for everyone in the channel."""
        require_may_post(interaction)
        await self._post(interaction, code_of(argument))

    @action("card.details")
    async def show_details(self, interaction: Interaction, argument: str) -> None:
        """Everything about a prediction."""
        code, _, mode = argument.partition(":")
        view = await self._view(interaction, code_of(code))
        card, file = details_card(view)
        await reply(interaction, card, file=file, fresh=mode == BESIDE)

    @action("card.approve")
    async def approve(self, interaction: Interaction, argument: str) -> None:
        """A manager lets the prediction count in rankings."""
        view = await self.bot.write(approving.approve, actor_of(interaction), code=code_of(argument), now=self.bot.now())
        card, file = details_card(view)
        await reply(interaction, card, file=file)

    @action("list.page")
    async def turn_page(self, interaction: Interaction, argument: str) -> None:
        """Another page of a list."""
        await self._list(interaction, *decode_page(argument))

    @action("list.show")
    async def show_others(self, interaction: Interaction, argument: str) -> None:
        """The same list with another choice of predictions."""
        await self._list(interaction, 0, decode_others(argument, chosen(interaction)))

    @action("list.all")
    async def list_open(self, interaction: Interaction, _argument: str) -> None:
        """Everything that's open."""
        await self._list(interaction, 0, ListFilters())

    @action("list.mine")
    async def list_mine(self, interaction: Interaction, _argument: str) -> None:
        """Everything the member has forecast on."""
        await self._list(interaction, 0, ListFilters(show=ListShow.MINE))

    async def _list(self, interaction: Interaction, number: int, filters: ListFilters) -> None:
        page = await self.bot.database.read(
            listing.list_page, actor_of(interaction), filters=filters, number=number, now=self.bot.now()
        )
        await reply(interaction, list_card(page))

    async def _view(self, interaction: Interaction, code: int) -> PredictionView:
        return await self.bot.database.read(follows.show, actor_of(interaction), code=code, now=self.bot.now())

    async def _show(self, interaction: Interaction, code: int, *, fresh: bool = False) -> None:
        await reply(interaction, prediction_card(await self._view(interaction, code), private=True), fresh=fresh)

    async def _post(self, interaction: Interaction, code: int) -> None:
        guild_id = actor_of(interaction).guild_id
        view = await self.bot.database.read(experienced.show_publicly, guild_id=guild_id, code=code, now=self.bot.now())
        is_public = may_post(interaction)
        message_id = await reply(interaction, prediction_card(view, private=not is_public), public=is_public)
        which: Any = {"guild_id": guild_id, "prediction_id": view.id, "now": self.bot.now()}
        if not is_public:
            return
        if message_id is None:
            await self.bot.write(outbox.queue_card, channel_id=interaction.channel_id, **which)
        elif interaction.channel_id is not None:
            place: Any = {"channel_id": interaction.channel_id, "message_id": message_id}
            await self.bot.write(card_homes.note_card, prediction_id=view.id, now=self.bot.now(), **place)
            now = self.bot.now()
            shown = await self.bot.database.read(experienced.show_publicly, guild_id=guild_id, code=code, now=now)
            if shown != view:  # something happened while it was on its way
                await self.bot.write(outbox.queue_card_refresh, **which)

    def _form(self, draft: PredictionDraft, *, title: str = "Add a prediction") -> PredictionForm:
        return PredictionForm(title, self._preview, draft)

    async def _preview(self, interaction: Interaction, draft: PredictionDraft) -> None:
        """The card as it'll look, for its author alone."""
        actor, new = actor_of(interaction), await _new(interaction, draft)
        locale = str(interaction.locale)
        planned = await self.bot.rehearse(editing.add, actor, new=new, now=self.bot.now(), locale=locale)
        alike = await self.bot.database.read(search.find_alike, guild_id=actor.guild_id, statement=planned.view.statement)

        async def post(click: Interaction) -> None:
            await self._add(click, new, locale)

        async def change(click: Interaction) -> None:
            await open_form(click, self._form(draft))

        await reply(interaction, preview_card(interaction, planned, alike, post=post, change=change))

    async def _add(self, interaction: Interaction, new: NewPrediction, locale: str) -> None:
        added = await self.bot.write(editing.add, actor_of(interaction), new=new, now=self.bot.now(), locale=locale)
        if added.is_draft:
            done = (
                f"Sent to the managers as **#{added.view.code}**. Once one approves it, everyone sees it, and you get a direct "
                "message. `/prediction queue` shows where it stands."
            )
            await reply(interaction, note(done, colour=palette.GREEN))
            return
        where = f"goes to <#{added.post_channel_id}>" if added.post_channel_id is not None else "is here"
        done = f"Added as **#{added.view.code}**. Its card {where}."
        if added.post_channel_id is None:
            await reply(interaction, panel(added.view, added=f"{done}\n{NO_CHANNEL}\n"))
            await self._post(interaction, added.view.code)
        else:
            await reply(interaction, panel(added.view, added=done))

    async def _view_for_editing(self, interaction: Interaction, code: int) -> PredictionView:
        return await self.bot.database.read(editing.show_for_editing, actor_of(interaction), code=code, now=self.bot.now())

    async def _edit_in_form(self, interaction: Interaction, code: int) -> None:
        view = await self._view_for_editing(interaction, code)
        await open_form(interaction, self._edit_form(view, _draft_of(view)))

    def _edit_form(self, view: PredictionView, draft: PredictionDraft) -> PredictionForm:
        before = _draft_of(view)

        async def submit(submitted: Interaction, after: PredictionDraft) -> None:
            names = ("statement", "criteria", "by", "closes", "tags", "expected")
            pairs = {name: (getattr(before, name), getattr(after, name)) for name in names}
            await self._edit(
                submitted, view, {name: new for name, (old, new) in pairs.items() if new.strip() != old.strip()}
            )

        return PredictionForm(f"Edit #{view.code}", submit, draft, is_new=False, needs_date=view.resolves_at is not None)

    async def _edit(self, interaction: Interaction, view: PredictionView, typed: dict[str, str]) -> None:
        """Change what was typed. What members have forecast on is changed once it's confirmed."""
        actor, code = actor_of(interaction), view.code
        by, closes, tags = typed.get("by"), typed.get("closes"), typed.get("tags")
        closes_at = (
            None if closes is None else await day_over_at(interaction, closes) if closes.strip() else view.resolves_at
        )
        changes = PredictionChanges(
            typed.get("statement"),
            typed.get("criteria"),
            resolves_at=None if by is None else await day_over_at(interaction, by),
            closes_at=closes_at,
            tags=None if tags is None else tuple(tags.split(",")),
            expected=(typed["expected"] or "none") if "expected" in typed else None,
        )
        given: dict[str, Any] = {"code": code, "changes": changes, "locale": str(interaction.locale)}
        planned = await self.bot.rehearse(editing.edit, actor, **given, now=self.bot.now())

        async def edit(click: Interaction) -> None:
            edited = await self.bot.write(editing.edit, actor_of(click), **given, now=self.bot.now())
            told = " Members have already forecast on it, so the change is announced." if edited.is_clarification else ""
            lines = [
                f"Changed on **#{code}**: {', '.join(edited.changed)}.{told}",
                text.plain(edited.view.statement),
                f"-# {text.by_date(edited.view.resolves_at)}",
            ]
            await reply(click, note("\n".join(lines), colour=palette.GREEN))

        if planned.view.forecasters:
            await reply(interaction, confirm_card(interaction, edit_lines(view, planned), "Change it", edit))
        else:
            await edit(interaction)


async def _new(interaction: Interaction, draft: PredictionDraft) -> NewPrediction:
    return NewPrediction(
        statement=draft.statement,
        resolves_at=await day_over_at(interaction, draft.by),
        kind=draft.kind,
        closes_at=await day_over_at(interaction, draft.closes) if draft.closes.strip() else None,
        criteria=draft.criteria,
        options=options_of(draft.options),
        unit=draft.unit,
        expected=draft.expected or None,
        tags=tuple(draft.tags.split(",")),
        link=draft.link,
        condition=draft.condition,
        is_negated=draft.is_negated,
    )


def _draft_of(view: PredictionView) -> PredictionDraft:
    """An existing prediction, as it could have been typed."""
    closes_earlier = view.closes_at is not None and view.closes_at != view.resolves_at
    return PredictionDraft(
        statement=view.statement,
        by=text.day(last_day_before(view.resolves_at)) if view.resolves_at else "",
        kind=view.kind,
        criteria=view.criteria or "",
        options="; ".join(view.options),
        unit=view.unit or "",
        expected="" if view.kind.is_distribution else text.range_text(view.kind, view.stated_range),
        tags=", ".join(view.tags),
        closes=text.day(last_day_before(view.closes_at)) if view.closes_at and closes_earlier else "",
    )
