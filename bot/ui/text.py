"""How numbers, dates and people's words read on Discord. Percentages exist only here and where people type them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate
from typing import Any

import discord

from bot.domain.plausibility import Range
from bot.domain.texts import is_right_to_left, listed, web_address, without_hidden
from bot.domain.times import day_of, last_day_before
from bot.domain.types import Kind, State, Values
from bot.services.homes.card_homes import CardHome

STATE_NAMES = {
    State.DRAFT: "Draft",
    State.OPEN: "Open",
    State.CLOSED: "Closed, waiting for its vote",
    State.VOTING: "Voting",
    State.PROVISIONAL: "Provisional result",
    State.RESOLVED: "Resolved",
    State.ANNULLED: "Annulled",
    State.REOPENED: "Reopened",
}
KIND_NAMES = {Kind.BINARY: "yes or no", Kind.MULTIPLE_CHOICE: "multiple choice", Kind.NUMERIC: "number", Kind.DATE: "date"}

_MENTION_LIKE = re.compile(r"<(?=[@:/ati])")
_COMMAND = re.compile(r"`/([a-z]+(?: [a-z]+)?)`")
_SUFFIXES = ((1e12, "T"), (1e9, "B"), (1e6, "M"))


def plain(text: str) -> str:
    """People's words, shown as they were written: no markdown, no mentions, no disguised links, and nothing that moves what
    stands beside them."""
    shown = tame(discord.utils.escape_markdown(without_hidden(text))).replace("<#", "<\u200b#")
    return f"\u2068{shown}\u2069" if is_right_to_left(shown) else shown


def plain_cut(text: str, limit: int) -> str:
    """People's words in at most `limit` characters, escapes included. An ellipsis shows that something was cut."""
    kept = limit
    while len(shown := plain(cut(text, kept))) > limit:
        kept -= max(1, (len(shown) - limit) // 3)  # a character doubles at most, and two more may go around
    return shown


def plain_line(text: str, limit: int) -> str:
    """People's words on one line of at most `limit` characters, cut with an ellipsis."""
    return plain_cut(" ".join(text.split()), limit)


def link(label: str, address: str | None, *, limit: int = 300) -> str | None:
    """A link with a label that's ready to be shown, or None if there's no address, or one that's too long."""
    safe = web_address(address) if address else None
    return f"[{label}]({safe})" if safe is not None and len(safe) <= limit else None


def with_commands(text: str, ids: Mapping[str, int]) -> str:
    """Our own words, where `/next` becomes something to click on if Discord has told the command's id."""

    def mention(found: re.Match[str]) -> str:
        number = ids.get(found[1].split()[0])
        return found[0] if number is None else f"</{found[1]}:{number}>"

    return _COMMAND.sub(mention, text)


def tame(text: str) -> str:
    """Our words with people's words in them: they keep their markdown, but mention nobody and disguise no link."""
    return discord.utils.escape_mentions(_MENTION_LIKE.sub("<\u200b", text)).replace("](", "]\\(")


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, ending with a whole word. An ellipsis shows that something was cut."""
    if len(text) <= limit:
        return text
    kept = text[: max(limit - 1, 0)]
    if not text[len(kept)].isspace() and (gap := max(kept.rfind(blank) for blank in " \n")) > len(kept) // 2:
        kept = kept[:gap]  # unless the word is as long as half of all
    return kept.rstrip() + "…"


SMALLEST_WRITTEN_OUT = 1e-12
NOTHING = 1e-9
"""Shares are sums of many; what's smaller comes from adding them up."""


def percent(probability: float) -> str:
    """0.7 reads 70%, 0.005 reads 0.5%, 1/3 reads 33.3%, and only 0 and 1 read 0% and 100%."""
    if 0.999 < probability < 1:
        left = Decimal(f"{100 - 100 * Decimal(repr(float(probability))):.2g}")
        return f"{(100 - left).normalize():f}%"
    if 0.001 <= probability <= 0.999:
        shown = f"{100 * probability:.1f}"
    else:
        shown = f"{100 * probability:.3g}"
        if "e" in shown and probability >= SMALLEST_WRITTEN_OUT:
            shown = f"{Decimal(shown):f}"
    return (shown.rstrip("0").rstrip(".") if "." in shown and "e" not in shown else shown) + "%"


def whole_percent(share: float) -> str:
    """A share in whole percent: 33%. Only none and all read 0% and 100%."""
    is_all_or_none = min(share, 1 - share) < NOTHING
    return f"{100 * share:.0f}%" if is_all_or_none else f"{min(max(round(100 * share), 1), 99)}%"


def percent_range(low: float, high: float) -> str:
    """21–35%, or 50% where both ends read the same."""
    shown = percent(high)
    return shown if percent(low) == shown else f"{percent(low).removesuffix('%')}–{shown}"


def signed(value: float, digits: int = 1) -> str:
    """+12.3, -4.0, 0.0: a score where higher is better."""
    shown = f"{value:+.{digits}f}"
    return f"{0:.{digits}f}" if float(shown) == 0 else shown


def quantity(value: float) -> str:
    """12, 1,250.5, 2.5M, 100B: at most six significant digits."""
    for size, suffix in _SUFFIXES:
        if abs(value) >= size:
            return f"{value / size:,.6g}{suffix}" if abs(value) < 1000 * _SUFFIXES[0][0] else f"{value:.4g}"
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:.6g}"


def day(value: date) -> str:
    """31 Dec 2026."""
    return f"{value.day} {value:%b %Y}"


def day_range(first: date, last: date) -> str:
    """1 Jan – 31 Dec 2027: with the year twice only where it differs."""
    return f"{first.day} {first:%b} – {day(last)}" if first.year == last.year else f"{day(first)} – {day(last)}"


def moment(value: datetime, style: str = "R") -> str:
    """A Discord timestamp: each reader sees their own zone. R: relative, f: date and time, D: date."""
    return f"<t:{int(value.timestamp())}:{style}>"


def by_date(over_at: datetime | None) -> str:
    """by 31 Dec 2026 (in 2 months)."""
    return "no date yet" if over_at is None else f"by {day(last_day_before(over_at))} ({moment(over_at)})"


def value_text(
    kind: Kind,
    values: Values,
    *,
    options: tuple[str, ...] = (),
    unit: str | None = None,
    limit: int = 4,
    is_markdown: bool = True,
    in_order: bool = False,
) -> str:
    """A forecast in words: 70% · OpenAI 50%, Google 30% · 12 USD (80% between 8 and 20) · 1 Mar 2027 (80% between …).

    `limit` options are named, the likeliest first, or `in_order` of the prediction. With a limit of 1, a quantity
    or a date is only its middle value.
    """
    shorten = plain_line if is_markdown else cut
    if kind is Kind.BINARY:
        return percent(values[0])
    if kind is Kind.MULTIPLE_CHOICE:
        ranked = list(zip(options, values, strict=True))
        if not in_order or len(ranked) > limit + 1:
            ranked.sort(key=lambda pair: -pair[1])
        limit = len(ranked) if 1 < len(ranked) - 1 <= limit else limit  # one more is as short as "and 1 more"
        shown = ", ".join(f"{shorten(name, 40)} {percent(value)}" for name, value in ranked[:limit])
        return shown + (f" and {len(ranked) - limit} more" if len(ranked) > limit else "")
    low, middle, high = (single_text(kind, value) for value in values)
    shown = f"{middle} {shorten(unit, 40)}" if unit else middle
    return shown if limit == 1 else f"{shown} (80% between {low} and {high})"


def single_text(kind: Kind, value: float) -> str:
    """One number of a numeric or date forecast."""
    return day(day_of(value)) if kind is Kind.DATE else quantity(value)


def range_text(kind: Kind, stated: Range) -> str:
    """Where a creator expects the values: 0 to 100, at least 1 Jan 2027, at most 100; empty for anywhere."""
    low, high = (None if end is None else _exact_text(kind, end) for end in (stated.low, stated.high))
    if low is not None and high is not None:
        return f"{low} to {high}"
    return f"at least {low}" if low is not None else f"at most {high}" if high is not None else ""


def _exact_text(kind: Kind, value: float) -> str:
    return single_text(kind, value) if kind is Kind.DATE else f"{value:,.15g}"


def claim_text(numeric: dict[str, Any]) -> str | None:
    """The range a document claims: 10 to 15 USD, at least 40 %, at most 15 %."""
    low: float | None = numeric.get("low")
    high: float | None = numeric.get("high")
    if low is None and high is None:
        return None
    if low is not None and high is not None:
        shown = f"{quantity(low)} to {quantity(high)}"
    else:
        shown = f"at least {quantity(low)}" if low is not None else f"at most {quantity(high or 0)}"
    return f"{shown} {plain_line(numeric['unit'], 40)}"


def message_link(guild_id: int, home: CardHome | None) -> str | None:
    """The address of the card at home."""
    return None if home is None else f"https://discord.com/channels/{guild_id}/{home.channel_id}/{home.message_id}"


def count(number: int, noun: str, nouns: str | None = None) -> str:
    """1 forecast, 2 forecasts; 1 reply, 2 replies."""
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"


def authors_text(authors: tuple[str, ...], *, limit: int = 2) -> str:
    """Ann, Ben and 3 more; “unknown author” for none."""
    if not authors:
        return "unknown author"
    shown = [plain_line(name, 60) for name in authors[:limit]]
    if len(authors) > limit:
        return f"{', '.join(shown)} and {len(authors) - limit} more"
    return listed(shown)


def forecasters_text(said: list[dict[str, Any]], *, limit: int = 6) -> str:
    """**Ann** 40% · **Ben** 60% and 3 more: what each of several people in a document said."""
    shown = " · ".join(f"**{plain_line(one['name'], 60)}** {percent(one['probability'])}" for one in said[:limit])
    return shown + (f" and {len(said) - limit} more" if len(said) > limit else "")


def fitting(lines: list[str], limit: int) -> list[str]:
    """As many lines, from the first on, as fit in `limit` characters."""
    lengths = accumulate(len(line) + 1 for line in lines)
    return [line for line, length in zip(lines, lengths, strict=True) if length <= limit]


def written_text(written: str | None) -> str | None:
    """A document's date, as precisely as it's known: 3 Jan 2026, Feb 2026, 2026."""
    if written is None:
        return None
    if len(written) == 4:
        return written
    first = date.fromisoformat((written + "-01")[:10])
    return day(first) if len(written) == 10 else f"{first:%b %Y}"
