"""A line of news about a prediction that somebody follows."""

from __future__ import annotations

from bot.domain.crowd_moves import ProbabilityMove
from bot.domain.outcomes import Outcome
from bot.services.following.news import FollowedNews
from bot.services.predictions.views import PredictionView
from bot.ui import text
from bot.ui.cards.voting.outcomes import outcome_text

STATEMENT = 160


def news_line(news: FollowedNews) -> str:
    """#14 It rains · resolved yes"""
    view = news.view
    told = [
        f"result: **{outcome_text(view, Outcome(view.outcome, view.outcome_value))}**"
        if news.has_result and view.outcome
        else None,
        "new words" if news.has_new_words else None,
        f"new date: {text.by_date(view.resolves_at)}" if news.has_new_date else None,
        move_text(view, news.move) if news.move is not None else None,
        text.count(news.reasons, "new reason") if news.reasons else None,
        f"new, {text.by_date(view.resolves_at)}" if news.is_new else None,
    ]
    return f"**#{view.code}** {text.plain_line(view.statement, STATEMENT)} · {' · '.join(part for part in told if part)}"


def move_text(view: PredictionView, move: ProbabilityMove) -> str:
    """The crowd moved from 40% to 72%"""
    what = f" on {text.plain_line(view.options[move.option], 40)}" if view.options else ""
    return f"the crowd{what} moved from {text.percent(move.before)} to {text.percent(move.after)}"
