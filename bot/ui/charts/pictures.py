"""Drawing a chart. Only this imports the modules that need matplotlib, and only when the first picture is asked for."""

from __future__ import annotations

from typing import assert_never

from bot.ui.charts import words
from bot.ui.charts.data import CalibrationChart, Chart, HistoryChart, Picture, ProfileChart, SpreadChart


def draw(chart: Chart) -> Picture:
    """The picture of a chart and its alt text. The same chart gives the same bytes. It takes a tenth of a second, some
    seconds the first time, and one thread at a time. The file name says nothing that the chart doesn't."""
    match chart:
        case HistoryChart():
            from bot.ui.charts.history import draw_history

            return Picture(draw_history(chart), words.history_alt(chart), f"history-{chart.subject.code}.png")
        case SpreadChart():
            from bot.ui.charts.spread import draw_spread

            return Picture(draw_spread(chart), words.spread_alt(chart), f"forecasts-{chart.subject.code}.png")
        case CalibrationChart():
            from bot.ui.charts.calibration import draw_calibration

            return Picture(draw_calibration(chart), words.calibration_alt(chart), "calibration.png")
        case ProfileChart():
            from bot.ui.charts.profile import draw_profile

            return Picture(draw_profile(chart), words.profile_alt(chart), "profile.png")
        case _:
            assert_never(chart)
