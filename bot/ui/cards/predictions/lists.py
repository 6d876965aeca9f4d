"""Pages of predictions. A page's whole state is in its buttons, so that paging still works after a restart."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

import discord
from discord import ui

from bot.domain.errors import Refused
from bot.domain.types import Kind
from bot.services.predictions.listing import ListFilters, ListOrder, ListPage, ListShow
from bot.services.predictions.views import PredictionView
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.cards.predictions.card import prediction_option
from bot.ui.items import button, select, whole_number

WordT = TypeVar("WordT", bound=StrEnum)

SHOW_NAMES = {
    ListShow.OPEN: "Open",
    ListShow.UNANSWERED: "Open, without your forecast",
    ListShow.MINE: "Your forecasts",
    ListShow.CLOSED: "Closed, waiting for a result",
    ListShow.ENDED: "Resolved or annulled",
    ListShow.ALL: "All",
}
ORDER_NAMES = {
    ListOrder.SOONEST: "soonest first",
    ListOrder.NEWEST: "newest first",
    ListOrder.BUSIEST: "most forecasts first",
    ListOrder.CODE: "by code",
    ListOrder.CONTESTED: "most contested first",
}
MAX_WORDS = 60
"""The longest search that still fits into the buttons for paging."""

_OLD = "This list is from another version of the bot. Use /prediction list to get a new one."
_SEPARATOR = "|"
_MAX_ENCODED = 84
"""The characters a custom_id has left after `list.page:` and a page number."""


def list_card(page: ListPage) -> ui.LayoutView:
    """One page: each prediction with its date, its count and the reader's own answer, and selects to open one or to filter."""
    filters = page.filters
    title = f"### {SHOW_NAMES[filters.show]} · {text.count(page.total, 'prediction')}"
    narrowed = [
        f"words “{text.plain_line(filters.words, 60)}”" if filters.words else "",
        f"tag {text.plain_line(filters.tag, 60)}" if filters.tag else "",
        f"pack {text.plain_line(filters.pack, 80)}" if filters.pack else "",
        "from that reminder" if filters.ladder else "",
        text.KIND_NAMES[filters.kind] if filters.kind else "",
        "best match first" if filters.words else ORDER_NAMES[filters.order],
    ]
    body: list[ui.Item[Any]] = [
        ui.TextDisplay(f"{title}\n-# {' · '.join(part for part in narrowed if part)}"),
        ui.Separator(),
    ]
    if page.views:
        body.append(ui.TextDisplay("\n".join(_line(view, filters.order) for view in page.views)))
        body.append(
            parts.row(select("card.pick", "", [prediction_option(view) for view in page.views], placeholder="Open one…"))
        )
    else:
        body.append(ui.TextDisplay(_nothing(filters)))
    body.append(
        parts.row(select("list.show", encode(filters), _show_options(filters), placeholder="Show other predictions…"))
    )
    if page.pages > 1:
        last = page.pages - 1
        body.append(
            parts.row(
                button("◂ Back", "list.page", page_argument(page.number - 1, filters), off=page.number == 0),
                button(f"Page {page.number + 1} of {page.pages}", "list.here", off=True),
                button("More ▸", "list.page", page_argument(page.number + 1, filters), off=page.number == last),
            )
        )
    return parts.layout(*body)


def page_argument(number: int, filters: ListFilters) -> str:
    """A page of a list, as a button's argument."""
    return f"{number}{_SEPARATOR}{encode(filters)}"


def encode(filters: ListFilters) -> str:
    """Filters as part of a custom_id, enumerations by their first letter. Refuses a tag and a pack that don't both fit."""
    pack, words = ((given or "").replace(_SEPARATOR, " ") for given in (filters.pack, filters.words))
    shown = f"{filters.show[0]}{filters.ladder or ''}"
    fields = (shown, filters.order[0], (filters.kind or "")[:1], pack, words, filters.tag or "")
    encoded = _SEPARATOR.join(fields)
    if len(encoded) > _MAX_ENCODED:
        raise Refused("These filters are too long to page through. Use the tag or the pack, not both.")
    return encoded


def decode(encoded: str) -> ListFilters:
    """Filters from a custom_id. Refuses one this version doesn't understand."""
    try:
        show, order, kind, pack, words, tag = encoded.split(_SEPARATOR, 5)
        return ListFilters(
            _word(ListShow, show[:1]),
            _word(ListOrder, order),
            _word(Kind, kind) if kind else None,
            tag or None,
            pack or None,
            words or None,
            whole_number(show[1:]) if len(show) > 1 else None,
        )
    except (ValueError, KeyError):
        raise Refused(_OLD) from None


def decode_others(encoded: str, show: str) -> ListFilters:
    """The same filters with another choice of predictions. Refuses what `decode` refuses."""
    return decode(show[:1] + encoded[1:])


def decode_page(argument: str) -> tuple[int, ListFilters]:
    """Page number and filters from a button."""
    number, _, encoded = argument.partition(_SEPARATOR)
    try:
        page = 0 if number == "-1" else whole_number(number, digits=6)  # the first page's Back, which is off
        return page, decode(encoded)
    except ValueError:
        raise Refused(_OLD) from None


def _word(words: type[WordT], letter: str) -> WordT:
    return {word[0]: word for word in words}[letter]


def _line(view: PredictionView, order: ListOrder) -> str:
    own = (
        f" · you {text.value_text(view.kind, view.own.values, options=view.options, unit=view.unit, limit=1)}"
        if view.own
        else ""
    )
    crowd = ""
    if view.crowd is not None:
        crowd = f" · crowd {text.value_text(view.kind, view.crowd.values, options=view.options, unit=view.unit, limit=1)}"
        if order is ListOrder.CONTESTED and view.kind is Kind.BINARY:
            crowd += f" · middle half {text.percent_range(view.crowd.lower[0], view.crowd.upper[0])}"
    when = text.by_date(view.resolves_at) if view.is_open else text.STATE_NAMES[view.state].lower()
    group = " · in a group" if view.group else ""
    detail = f"-# {when} · {text.count(view.forecasters, 'forecast')}{crowd}{own}{group}"
    return f"**#{view.code}** {text.plain_line(view.statement, 160)}\n{detail}"


def _show_options(filters: ListFilters) -> list[discord.SelectOption]:
    return [discord.SelectOption(label=name, value=show, default=show is filters.show) for show, name in SHOW_NAMES.items()]


def _wider(filters: ListFilters) -> str:
    """What may find more: other words, or all predictions where the list shows only some."""
    if filters.show is ListShow.ALL:
        return "Try fewer words, or other ones." if filters.words else "Try without the filters."
    return "Try fewer words, or choose All below." if filters.words else "Choose All below to see more."


def _nothing(filters: ListFilters) -> str:
    if filters.words or filters.tag or filters.pack or filters.kind:
        return f"No matches. {_wider(filters)}"
    match filters.show:
        case ListShow.OPEN | ListShow.ALL:
            return "Nothing here yet. Adopt a pack with `/pack list`, or add a prediction with `/prediction add`."
        case ListShow.UNANSWERED:
            return "Nothing open is waiting for your forecast. `/forecasts` shows what you said."
        case ListShow.MINE:
            return "You have no forecasts yet. `/next` takes you through what's open."
        case ListShow.CLOSED:
            return "No predictions are waiting for a result. `/prediction list` shows what's open."
        case ListShow.ENDED:
            return "No predictions have a result yet. `/prediction list` shows what's open."
