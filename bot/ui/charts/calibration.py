"""Calibration: how often what was given a probability came true, with the band that chance alone would explain."""

# matplotlib types its methods only in part.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from bot.ui import palette, text
from bot.ui.charts import scales, style
from bot.ui.charts.canvas import Canvas, readable
from bot.ui.charts.data import CalibrationBin, CalibrationChart

_TOP, _LEFT, _SIDE = 160, 116, 420
_BOTTOM = _TOP + _SIDE


def draw_calibration(chart: CalibrationChart) -> bytes:
    """The picture of a calibration, PNG: the square, and below it what it adds up to."""
    canvas = Canvas(style.TALL)
    name = readable(chart.name)
    canvas.head(f"Calibration: {name}" if name else "Calibration", readable(chart.period) or "", lines=1)
    square = canvas.plot(left=_LEFT, top=_TOP, right=_LEFT + _SIDE, bottom=_BOTTOM)
    draw_square(square, chart.bins)
    canvas.scale_y(square, scales.PERCENT)
    canvas.scale_x(square, scales.PERCENT)
    canvas.title_y(square, "How often it came true")
    canvas.title_x(square, "What was said")
    x, y = 32, _BOTTOM + 112
    if not chart.bins:
        canvas.write(x, y, "No resolved predictions yet", bold=True)
        return canvas.png()
    within = sum(bin_.is_within for bin_ in chart.bins)
    lines: list[tuple[str, str, bool]] = [
        (text.count(sum(bin_.count for bin_ in chart.bins), "forecast"), palette.INK, True),
        *([(f"{100 * chart.error:.1f} points off on average", palette.INK, False)] if chart.error is not None else []),
        (f"● {within} of {text.count(len(chart.bins), 'bin')} in the band", palette.INSIDE, False),
        *([(f"◆ {len(chart.bins) - within} outside", palette.OUTSIDE, False)] if within < len(chart.bins) else []),
        ("Shaded: 90% by chance · dashed: perfect", palette.FAINT_INK, False),
    ]
    for line, colour, bold in lines:
        canvas.write(x, y, line, colour=colour, bold=bold)
        y += 40
    return canvas.png()


def draw_square(axes: Axes, bins: Sequence[CalibrationBin]) -> None:
    """Stated probability across, share that came true up. The larger a mark, the more predictions it represents."""
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.plot([0, 1], [0, 1], color=palette.FAINT_INK, linewidth=3, linestyle=style.DASHED, zorder=2)
    for bin_ in bins:
        x = min(max(bin_.forecast, 0.0), 1.0)
        axes.bar([x], [bin_.upper - bin_.lower], 0.05, [bin_.lower], color=palette.REST, alpha=0.5, zorder=1)
        axes.plot(
            [x], [min(max(bin_.observed, 0.0), 1.0)], marker="o" if bin_.is_within else "D",
            markersize=9 + min(10.0, bin_.count**0.5 * 1.6), color=palette.INSIDE if bin_.is_within else palette.OUTSIDE,
            markeredgecolor=palette.GROUND, markeredgewidth=1.5, clip_on=False, zorder=5,
        )  # fmt: skip
