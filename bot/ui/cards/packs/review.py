"""The review of an uploaded file, page by page."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.domain.documents.models import FilePrediction
from bot.domain.errors import Refused
from bot.domain.types import Kind
from bot.services.packs.reviewing import ReviewItem, ReviewPage, ShowItems
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.cards.packs.review_item import SURENESS
from bot.ui.items import button, select, whole_number

SHOW_NAMES = {
    ShowItems.ALL: "All",
    ShowItems.DOUBTFUL: "To check",
    ShowItems.DROPPED: "Dropped",
}
_STATEMENT, _WARNINGS = 160, 900
_OLD = "This button is from another version of the bot. Upload the file again with /prediction import."


def review_card(review: ReviewPage) -> ui.LayoutView:
    """A page of a review: what the file is, what was found, what to check, and what loading it will do."""
    counts, source, plan = review.counts, review.source, review.plan
    by = f"by {text.authors_text(source.authors)}" if source.authors else "no author named"
    written = text.written_text(source.date)
    about = [
        text.plain_line(review.file, 80),
        by,
        f"written {written}" if written else "undated",
    ]
    body: list[ui.Item[Any]] = [
        ui.TextDisplay(
            f"### Review: {text.plain_line(source.title or review.file, 120)}\n"
            f"-# {' · '.join(about)}\nNothing is loaded yet. Drop what's wrong, correct what was misread, then load the rest.\n"
            f"{_counts_line(review)}"
        )
    ]
    if review.warnings:
        lines = [f"⚠️ {text.plain_line(warning, 200)}" for warning in review.warnings]
        shown = text.fitting(lines, _WARNINGS)
        more = [f"-# and {text.count(len(lines) - len(shown), 'more warning')}"] if len(shown) < len(lines) else []
        body.append(ui.TextDisplay("\n".join(shown + more)))
    body.append(ui.Separator())
    if review.items:
        body.append(ui.TextDisplay("\n".join(_line(item) for item in review.items)))
        options = [_option(item) for item in review.items]
        body.append(parts.row(select("import.pick", review.import_id, options, placeholder="Open one…")))
    else:
        body.append(ui.TextDisplay("None."))
    if review.pages > 1:
        body.append(_pages_row(review))
    if counts.doubtful or counts.dropped or review.show is not ShowItems.ALL:
        body.append(parts.row(select("import.show", review.import_id, _show_options(review), placeholder="Filter…")))
    body.append(ui.Separator())
    body.append(ui.TextDisplay(_plan_text(review)))
    kept = counts.found - counts.dropped
    body.append(
        parts.row(
            button(
                _confirm_label(review),
                "import.confirm",
                review.import_id,
                style="success",
                off=not kept or plan.changes_nothing,
            ),
            button(f"Left out: {counts.left_out}", "import.left", review.import_id) if counts.left_out else None,
            button("Change author…" if source.authors else "Name the author…", "import.source", review.import_id),
            button("Discard", "import.discard", review.import_id, style="danger"),
        )
    )
    return parts.layout(*body)


def page_argument(import_id: int, shown: ShowItems, page: int) -> str:
    """A page of a review, as a button's argument."""
    return f"{import_id}:{shown}:{page}"


def decode_page(argument: str) -> tuple[int, ShowItems, int]:
    """The review, which of its predictions, and the page, from a button. Refuses anything our buttons never carry."""
    import_id, _, rest = argument.partition(":")
    shown, _, page = rest.partition(":")
    if shown not in set(ShowItems):
        raise Refused(_OLD)
    return decode_id(import_id), ShowItems(shown), decode_id(page)


def decode_place(argument: str) -> tuple[int, int]:
    """The review and the number of a prediction in it, from a button. Refuses anything our buttons never carry."""
    import_id, _, number = argument.partition(":")
    return decode_id(import_id), decode_id(number)


def decode_id(argument: str) -> int:
    """A number from a button. Refuses anything our buttons never carry."""
    try:
        return whole_number(argument)
    except ValueError:
        raise Refused(_OLD) from None


def _counts_line(review: ReviewPage) -> str:
    counts = review.counts
    kept = counts.found - counts.dropped
    facts = [
        f"**{text.count(counts.found, 'prediction')}** found",
        f"{counts.dropped} dropped" if counts.dropped else "",
        f"{counts.corrected} corrected" if counts.corrected else "",
        "all with a probability" if counts.probability == kept else f"{counts.probability} with a probability",
        f"{counts.date} with a date" if counts.date < kept else "all with a date",
        f"{counts.outcome} with a result" if counts.outcome else "",
        f"{counts.left_out} left out" if counts.left_out else "",
        f"**{counts.doubtful} to check**" if counts.doubtful else "",
    ]
    return " · ".join(fact for fact in facts if fact)


def _plan_text(review: ReviewPage) -> str:
    plan, counts = review.plan, review.counts
    kept = counts.found - counts.dropped
    if not kept:
        return "Everything is dropped, so there's nothing to load."
    lines: list[str] = []
    if plan.updates is not None:
        title = text.plain_line(plan.updates, 80)
        if plan.changes_nothing:
            return f"This server already has all of it in its pack “{title}”, so nothing would change."
        changes = [
            f"{number} {words}"
            for number, words in (
                (plan.created, "new"),
                (plan.updated, "changed"),
                (plan.unchanged, "unchanged"),
                (plan.withdrawn, "removed"),
            )
            if number
        ]
        lines.append(f"This updates the server's pack “{title}”: {', '.join(changes)}.")
        if plan.withdrawn:
            lines.append("Removed predictions are annulled, unless members have forecast on them.")
    else:
        lines.append(f"This adds {text.count(kept, 'prediction')} and announces them in the server's channel.")
    if counts.settled:
        one = counts.settled == 1
        lines.append(f"{counts.settled} {'comes' if one else 'come'} with the document's own result.")
    if counts.over:
        lines.append(f"{counts.over} of them {'is' if counts.over == 1 else 'are'} already over and will go to a vote.")
    if undated := kept - counts.date:
        lines.append(f"{undated} without a date {'stays' if undated == 1 else 'stay'} open until a manager sets one.")
    return "\n".join(lines)


def _confirm_label(review: ReviewPage) -> str:
    kept = review.counts.found - review.counts.dropped
    return "Update the pack" if review.plan.updates is not None else f"Load {text.count(kept, 'prediction')}"


def _pages_row(review: ReviewPage) -> ui.ActionRow[Any]:
    def turn(label: str, page: int, *, off: bool) -> Any:
        return button(label, "import.page", page_argument(review.import_id, review.show, max(page, 0)), off=off)

    last = review.pages - 1
    return parts.row(
        turn("◂ Back", review.page - 1, off=review.page == 0),
        button(f"Page {review.page + 1} of {review.pages}", "import.here", off=True),
        turn("More ▸", review.page + 1, off=review.page == last),
    )


def _show_options(review: ReviewPage) -> list[discord.SelectOption]:
    counts = review.counts
    numbers = {
        ShowItems.ALL: counts.found,
        ShowItems.DOUBTFUL: counts.doubtful,
        ShowItems.DROPPED: counts.dropped,
    }
    return [
        discord.SelectOption(label=f"{name} ({numbers[show]})", value=show, default=show is review.show)
        for show, name in SHOW_NAMES.items()
    ]


def _line(item: ReviewItem) -> str:
    shown = item.prediction
    statement = text.plain_line(shown.statement, _STATEMENT)
    facts = [
        _short_probability(shown),
        f"by {text.day(shown.window.end)}" if shown.window.end else "no date",
        f"happened: {text.plain_line(shown.result_words, 40)}" if shown.result_words else "",
        "corrected" if item.is_corrected else SURENESS[shown.sureness] if shown.sureness else "",
        f"line {shown.line}" if shown.line else "",
    ]
    reasons = [doubt for doubt in item.doubts if doubt not in ("no date", "read with low sureness")]
    detail = " · ".join([fact for fact in facts if fact] + [f"⚠️ {reason}" for reason in reasons])
    return f"**{item.number}.** {f'~~{statement}~~ dropped' if item.is_dropped else statement}\n-# {detail}"


def _option(item: ReviewItem) -> discord.SelectOption:
    label = text.cut(f"{item.number}. {' '.join(item.prediction.statement.split())}", 100)
    told = "dropped" if item.is_dropped else "; ".join(item.doubts) or None
    return discord.SelectOption(label=label, value=str(item.number), description=text.cut(told, 100) if told else None)


def _short_probability(item: FilePrediction) -> str:
    if item.kind is not Kind.BINARY:
        return text.KIND_NAMES[item.kind]
    if item.probability is not None:
        return f"{item.qualifier or ''}{text.percent(item.probability)}"
    if item.forecasters:
        return f"{len(item.forecasters)} people's forecasts"
    return f"“{text.plain_line(item.verbal, 40)}”" if item.verbal else "no probability"
