"""A member's record on one card."""

from __future__ import annotations

from bot.ui import palette, text
from bot.ui.charts import scales, style, words
from bot.ui.charts.calibration import draw_square
from bot.ui.charts.canvas import Canvas, readable, shortened, width_of
from bot.ui.charts.data import ChartedCall, ProfileChart

_LEFT, _SIDE = 32, 300
_SQUARE = 250
_TOP, _ROW = 120, 76
_CALLS = style.TALL - 116
_BELOW = _TOP + 3 * _ROW + 62
"""Where the calibration begins, below the scores."""


def draw_profile(chart: ProfileChart) -> bytes:
    """The picture of a record, PNG: scores, calibration below them, the best and the worst call below."""
    canvas = Canvas(style.TALL)
    where = [readable(chart.period), text.count(chart.resolved, "resolved prediction")]
    if chart.rank is not None:
        where.append(f"rank {chart.rank:,} of {chart.ranked:,}")
    canvas.head(readable(chart.name) or "A member's record", " · ".join(part for part in where if part), lines=1)
    scores = _scores(chart)
    x = _LEFT + 24 + max((width_of(value, size=style.HUGE, bold=True) for value, _, _ in scores), default=0)
    for number, (value, name, note) in enumerate(scores):
        y = _TOP + number * _ROW
        canvas.write(_LEFT, y + 26, value, size=style.HUGE, bold=True, middle=True)
        canvas.write(x, y + 10, name, size=style.SMALL, middle=True)
        canvas.write(x, y + 42, note, size=style.SMALL, colour=palette.FAINT_INK, middle=True)
    if chart.bins:
        square = canvas.plot(left=_SQUARE, top=_BELOW, right=_SQUARE + _SIDE, bottom=_BELOW + _SIDE)
        draw_square(square, chart.bins)
        canvas.scale_y(square, scales.PERCENT[::2])
        canvas.scale_x(square, scales.PERCENT[::2])
        canvas.title_y(square, "How often it came true")
        canvas.title_x(square, "What was said")
    if not chart.resolved:
        canvas.write(_LEFT, _TOP + 8, "Nothing resolved yet", bold=True)
    for number, (word, call, colour) in enumerate(
        (("Best", chart.best, palette.CROWD), ("Worst", chart.worst, palette.OWN)),
    ):
        if call is not None:
            _write_call(canvas, _CALLS + number * 46, word, call, colour)
    return canvas.png()


def _scores(chart: ProfileChart) -> list[tuple[str, str, str]]:
    """Value, name, and which way is better."""
    coverage = "" if chart.coverage is None else f" · coverage {words.rounded(chart.coverage)}"
    found: list[tuple[str, str, str]] = []
    if chart.peer is not None:
        found.append((words.signed(chart.peer), "peer score", "higher is better"))
    if chart.baseline is not None:
        found.append((words.signed(chart.baseline), "baseline score", "higher is better"))
    if chart.brier is not None:
        found.append((f"{chart.brier:.3f}", f"Brier{coverage}", "lower is better"))
    return found


def _write_call(canvas: Canvas, y: float, word: str, call: ChartedCall, colour: str) -> None:
    score = words.signed(call.peer)
    canvas.write(_LEFT, y, word, colour=colour, bold=True)
    canvas.write(style.WIDTH - _LEFT, y, score, bold=True, align="right")
    left = _LEFT + 120
    statement = f"#{call.code} {readable(call.statement) or ''}".rstrip()
    room = style.WIDTH - _LEFT - width_of(score, bold=True) - 24 - left
    canvas.write(left, y, shortened(statement, size=style.BODY, width=room))
