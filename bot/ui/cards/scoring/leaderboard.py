"""Leaderboards, ten lines per page. A card's whole state is in its buttons, so that paging still works after a restart."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.domain.errors import Refused
from bot.domain.leaderboard import LEAST_COVERAGE, LEAST_OTHERS, LEAST_PREDICTIONS, Ranking, least_predictions
from bot.domain.seasons import ALL_TIME, read_season
from bot.domain.types import Role
from bot.services.scoring.counting import ConsideredPrediction, CountedPredictions, NotCounted
from bot.services.scoring.leaderboards import Leaderboard, LeaderboardChoice, LeaderboardLine
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.items import button, select, whole_number

RANKING_NAMES = {Ranking.PEER: "Peer score", Ranking.BASELINE: "Baseline score", Ranking.BRIER: "Brier score"}
_MEANINGS = {
    Ranking.PEER: f"Higher is better; 0 = as good as the others. You need {LEAST_PREDICTIONS} predictions for a "
    f"rank. With fewer than {LEAST_COVERAGE}, a score is pulled towards 0.",
    Ranking.BASELINE: "Higher is better; 0 = giving everything the same chance. Every prediction adds to it.",
    Ranking.BRIER: f"Higher is better; 0 = as good as the others at the same time. You need {LEAST_PREDICTIONS} predictions for "
    "a rank.",
}
_SHORT = {
    Ranking.PEER: "against the others",
    Ranking.BASELINE: "against even chances",
    Ranking.BRIER: "how much less far off than the others",
}
_UNRANKED = {Role.CROWD: "👥", Role.EXPERIENCED: "🎓", Role.AUTHOR: "📄"}
_OLD = "This leaderboard is from another version of the bot. Use /leaderboard to get a new one."
_SEPARATOR = "|"
_MAX_ENCODED = 84
"""The characters a custom_id has left after `board.season:` or a page number."""


_LEFT_OUT = {
    NotCounted.NOT_APPROVED: "A member added it, and no manager has approved it for the rankings",
    NotCounted.NO_SUCH_SCORE: "It has no score of this kind",
}


def leaderboard_card(shown: Leaderboard, *, private: bool) -> ui.LayoutView:
    """A page of a leaderboard. Private: also the reader's own line, and a button to post it."""
    board = shown.board
    encoded = encode(board)
    of = (text.count(shown.predictions, "prediction"), text.count(shown.members, "member"))
    heading = [
        f"### 🏆 Leaderboard · {RANKING_NAMES[board.by]}",
        f"-# {' · '.join((*_narrowed(board), *of))}",
        f"-# {_MEANINGS[board.by]}",
    ]
    body: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(heading)), ui.Separator()]
    body.append(ui.TextDisplay(standings_text(shown) or _nothing(shown)))
    if private and shown.predictions:
        body += [ui.Separator(), ui.TextDisplay(own_text(shown, wanted=least_predictions(board.by)))]
    body.append(parts.row(select("board.by", encoded, _ranking_options(board), placeholder="Another score…")))
    if shown.seasons:
        options = parts.season_options(board.season, shown.seasons)
        body.append(parts.row(select("board.season", encoded, options, placeholder="Another season…")))
    post = button("Post here", "board.post", _page(shown.number, board)) if private and shown.lines else None
    counted = button("Which predictions count", "board.used", _page(0, board))
    body.append(parts.row(*_turns("board.page", board, shown.number, shown.pages), post, counted))
    return parts.layout(*body)


def counted_card(shown: CountedPredictions) -> ui.LayoutView:
    """A page of the resolved predictions that a leaderboard counts, then of those it doesn't, with why. For the reader alone."""
    board = shown.board
    of = f"{shown.counted} of {text.count(shown.considered, 'resolved prediction')}"
    heading = [
        f"### {RANKING_NAMES[board.by]}: which predictions count",
        f"-# {' · '.join((*_narrowed(board), of))}",
        f"-# One counts if it came from a pack or a manager, or a manager approved it, and {LEAST_OTHERS} members besides its "
        "creator forecast on it. Annulled ones never do.",
    ]
    lines = "\n".join(_considered_line(line) for line in shown.lines)
    body: list[ui.Item[Any]] = [
        ui.TextDisplay("\n".join(heading)),
        ui.Separator(),
        ui.TextDisplay(lines or "Nothing has a result here yet."),
    ]
    back = button("Back to the leaderboard", "board.page", _page(0, board))
    body.append(parts.row(*_turns("board.used", board, shown.number, shown.pages), back))
    return parts.layout(*body)


def _considered_line(line: ConsideredPrediction) -> str:
    shown = f"#{line.code} {text.plain_line(line.statement, 120)}"
    if line.left_out is None:
        return f"✅ {shown}"
    why = _LEFT_OUT.get(line.left_out)
    if why is None:
        who = "Only one member" if line.others else "No member"
        why = f"{who} besides its creator had a forecast on it"
    return f"➖ {shown}\n-# {why}."


def _turns(action: str, board: LeaderboardChoice, number: int, pages: int) -> list[ui.Item[Any]]:
    return parts.turns(action, number, pages, lambda page: _page(page, board), here="board.here")


def _narrowed(board: LeaderboardChoice) -> list[str]:
    tag = f"tag {text.plain_line(board.tag, 60)}" if board.tag else ""
    pack = f"pack {text.plain_line(board.pack, 80)}" if board.pack else ""
    return [part for part in (str(board.season), tag, pack) if part]


def encode(board: LeaderboardChoice) -> str:
    """A leaderboard as part of a custom_id. Refuses a tag and a pack that don't both fit."""
    season = "" if board.season == ALL_TIME else str(board.season)
    encoded = _SEPARATOR.join((board.by, season, board.pack or "", board.tag or ""))
    if len(encoded) > _MAX_ENCODED:
        raise Refused("These filters are too long to page through. Use the tag or the pack, not both.")
    return encoded


def decode(encoded: str) -> LeaderboardChoice:
    """A leaderboard from a custom_id. Refuses one this version doesn't understand."""
    try:
        by, season, pack, tag = encoded.split(_SEPARATOR, 3)
        return LeaderboardChoice(Ranking(by), read_season(season), tag or None, pack or None)
    except (ValueError, Refused):
        raise Refused(_OLD) from None


def decode_page(argument: str) -> tuple[int, LeaderboardChoice]:
    """Page number and leaderboard from a button. Refuses what `decode` refuses."""
    number, _, encoded = argument.partition(_SEPARATOR)
    board = decode(encoded)
    try:
        return whole_number(number, digits=4), board
    except ValueError:
        raise Refused(_OLD) from None


def _page(number: int, board: LeaderboardChoice) -> str:
    return f"{max(number, 0)}{_SEPARATOR}{encode(board)}"


def standings_text(shown: Leaderboard) -> str:
    """The lines of a page; empty if nobody is ranked."""
    return "\n".join(_line(shown.board.by, line) for line in shown.lines)


def _line(by: Ranking, line: LeaderboardLine) -> str:
    place = _UNRANKED.get(line.role) or f"**{line.rank}**"
    return f"{place} {_name(line)} · **{_score(by, line.score)}**\n-# {_evidence(line)}"


def _name(line: LeaderboardLine) -> str:
    match line.role:
        case Role.CROWD:
            return "*the crowd*"
        case Role.EXPERIENCED:
            return "*the experienced crowd*"
        case Role.AUTHOR:
            authors = f" ({text.authors_text(line.authors, limit=1)})" if line.authors else ""
            return f"*{text.plain_line(line.title or 'a document', 60)}*{authors}"
        case Role.MEMBER:
            return "a former member" if line.user_id is None else f"<@{line.user_id}>"


def _score(by: Ranking, score: float) -> str:
    match by:
        case Ranking.PEER:
            return text.signed(score, 2)
        case Ranking.BASELINE:
            return text.signed(score, 1)
        case Ranking.BRIER:
            return text.signed(score, 3)


def _evidence(line: LeaderboardLine) -> str:
    brier = "" if line.absolute_brier is None else f" · Brier {line.absolute_brier:.3f}"
    return f"{text.count(line.predictions, 'prediction')} · {parts.coverage_text(line.coverage)}{brier}"


def own_text(shown: Leaderboard, *, wanted: int) -> str:
    """The reader's own line, or how many of the `wanted` predictions they have for a rank."""
    own = shown.own
    if own is not None:
        return f"**You** {_score(shown.board.by, own.score)} · rank {own.rank} of {shown.members}\n-# {_evidence(own)}"
    if 0 < shown.own_predictions < wanted:
        return f"**You** have {shown.own_predictions} of the {wanted} predictions you need for a rank. `/next` finds more."
    return "**You** have no score here yet. `/next` shows what you can forecast."


def _ranking_options(board: LeaderboardChoice) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(label=name, value=by, description=_SHORT[by], default=by is board.by)
        for by, name in RANKING_NAMES.items()
    ]


def _nothing(shown: Leaderboard) -> str:
    board = shown.board
    if shown.predictions and (wanted := least_predictions(board.by)) > 1:
        return f"Nobody has {wanted} scored predictions here yet. Choose another score or season below."
    if board != LeaderboardChoice(board.by):
        return "Nothing has been scored here. Choose another season below, or clear the tag and the pack."
    return (
        f"Nothing counts here yet. A prediction counts once it has a result and {LEAST_OTHERS} members besides its creator forecast "
        "on it, if it came from a pack or a manager, or a manager approved it. "
        "`/vote` shows the votes waiting for you, `/next` what you can forecast."
    )
