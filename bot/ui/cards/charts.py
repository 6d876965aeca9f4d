"""Pictures in messages: the services' findings as charts, charts in a gallery with alt text, and a prediction's chart card."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import discord
from discord import MediaGalleryItem, ui

from bot.domain.calibration import Calibration
from bot.domain.outcomes import Outcome
from bot.services.forecasting.histories import PredictionHistory
from bot.services.predictions.views import PredictionView
from bot.services.scoring.calibrations import CalibrationView, ForecasterKind
from bot.services.scoring.profiles import Profile, ScoredCall
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.charts import words
from bot.ui.charts.data import (
    CalibrationBin,
    CalibrationChart,
    Chart,
    ChartedCall,
    ChartSubject,
    CrowdStep,
    ForecastSpread,
    HistoryChart,
    OwnStep,
    Picture,
    ProfileChart,
    SpreadChart,
)
from bot.ui.items import button

ALL_TIME = "all time"


def history_chart(found: PredictionHistory, *, now: datetime) -> HistoryChart:
    """The crowd over time, with the reader's own line and the author's."""
    view = found.view
    crowd = None if found.crowd is None else tuple(CrowdStep(at, crowd) for at, crowd in found.crowd)
    return HistoryChart(
        subject=_subject(view),
        crowd=crowd,
        own=tuple(OwnStep(at, values) for at, values in found.own),
        author=view.author_values,
        closes_at=view.closes_at,
        # Up to the end of this minute: a forecast from a moment ago is on it, and asking twice gives the same picture.
        now=now.replace(second=0, microsecond=0) + timedelta(minutes=1),
        zone=found.zone,
        outcome=None if view.outcome is None else Outcome(view.outcome, view.outcome_value),
        resolved_at=view.resolved_at,
        experienced=tuple(OwnStep(at, values) for at, values in found.experienced),
    )


def spread_chart(found: PredictionHistory, *, now: datetime) -> SpreadChart:
    """Where the current forecasts lie. `now` isn't needed, but both charts of a prediction are called the same way."""
    view = found.view
    spread = None if found.forecasts is None else ForecastSpread(found.forecasts, view.crowd)
    return SpreadChart(_subject(view), spread, view.own.values if view.own else None, view.author_values)


CHARTS: dict[str, Callable[..., HistoryChart | SpreadChart]] = {"history": history_chart, "spread": spread_chart}
"""The charts of a prediction, by the word in their buttons."""


def calibration_chart(found: CalibrationView) -> CalibrationChart:
    """A calibration, without bins while there's too little data."""
    name = "the crowd" if found.of.whose is ForecasterKind.CROWD else found.name
    error = found.calibration.expected_error if found.calibration else None
    narrowed = [f"tag {found.tag}" if found.tag else None, str(found.season) if found.season.year else None]
    period = " · ".join(filter(None, narrowed)) or ALL_TIME
    return CalibrationChart(name, period, bins_of(found.calibration), error)


def profile_chart(found: Profile) -> ProfileChart:
    """A member's record."""
    return ProfileChart(
        name=found.name,
        period=ALL_TIME,
        resolved=found.resolved,
        rank=found.rank,
        ranked=found.ranked,
        peer=found.peer,
        baseline=found.baseline,
        brier=found.brier,
        coverage=found.coverage,
        bins=bins_of(found.calibration.calibration),
        best=_call(found.best),
        worst=_call(found.worst),
    )


def bins_of(calibration: Calibration | None) -> tuple[CalibrationBin, ...]:
    """The bins that hold something, lowest probability first."""
    if calibration is None:
        return ()
    columns = (calibration.mean_probability, calibration.share_happened, calibration.counts)
    bands = (calibration.band_low, calibration.band_high)
    rows = zip(*(column.tolist() for column in (*columns, *bands)), strict=True)
    return tuple(CalibrationBin(*row) for row in rows if row[2])


def gallery(picture: Picture | None, chart: Chart) -> tuple[ui.Item[Any], discord.File | None]:
    """The picture with its alt text, and the file to send along. Without a picture, the alt text replaces it."""
    if picture is None:
        told = f"-# I couldn't draw the picture just now. In words: {text.plain(words.alt_of(chart))}"
        return ui.TextDisplay(text.cut(told, 1500)), None
    file = discord.File(io.BytesIO(picture.png), filename=picture.filename)
    return ui.MediaGallery(MediaGalleryItem(file, description=picture.alt)), file


def is_empty(chart: HistoryChart | SpreadChart) -> bool:
    """Whether the picture would show nothing. Then the crowd's line, hidden or none yet, says it all."""
    if chart.own or chart.author:
        return False
    if isinstance(chart, HistoryChart):
        return not chart.crowd
    return chart.spread is None or not chart.spread.forecasts


def chart_card(
    found: PredictionHistory, what: str, chart: HistoryChart | SpreadChart, picture: Picture | None, *, private: bool
) -> tuple[ui.LayoutView, discord.File | None]:
    """A prediction's chart. Private: also the reader's own numbers, the other chart, and a button to post it for everyone."""
    view = found.view
    shown, file = gallery(picture, chart)
    lines = [parts.heading(view), parts.status_line(view)]
    numbers = [parts.crowd_line(view), parts.author_line(view), parts.own_line(view) if private else None]
    lines += [line for line in numbers if line]
    over_time = button("Over time", "chart.history", view.code)
    current = button("Current forecasts", "chart.spread", view.code)
    forecast = "Change forecast" if view.own and private else "Forecast"
    may_be_posted = private and file is not None and bool(found.crowd) and view.shows_crowd_to_all
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        *([] if is_empty(chart) else [shown]),
        parts.row(
            button(forecast, "forecast.open", view.code, style="primary", emoji="🎯") if view.is_open else None,
            (current if what == "history" else over_time) if private and view.shows_crowd else None,
            button("Post chart here", "chart.post", f"{view.code}:{what}") if may_be_posted else None,
            button("Back to the card", "card.show", view.code) if private else button("Details", "card.details", view.code),
        ),
        colour=parts.COLOURS[view.state],
    ), file


def _subject(view: PredictionView) -> ChartSubject:
    return ChartSubject(view.code, view.statement, view.kind, view.options, view.unit)


def _call(call: ScoredCall | None) -> ChartedCall | None:
    return None if call is None else ChartedCall(call.code, call.statement, call.peer)
