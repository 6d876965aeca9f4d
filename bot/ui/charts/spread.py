"""Where the current forecasts lie: how many there are where, the crowd's middle half and median, the reader's, the author's."""

# matplotlib types its methods only in part.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from bot.domain.aggregation import Crowd, Floats
from bot.domain.types import Kind, Values
from bot.ui import palette, text
from bot.ui.charts import scales, style, words
from bot.ui.charts.canvas import LINE, Canvas, option_name, title_of, width_of
from bot.ui.charts.data import SpreadChart

_BARS = 20
_NAMED_OPTIONS = 6
_BOTTOM = 572
_LANE = 50


@dataclass(frozen=True, slots=True)
class _MarkLane:
    """One line of marks: a range and its middle."""

    name: str
    low: float
    middle: float
    high: float
    colour: str
    marker: str


def draw_spread(chart: SpreadChart) -> bytes:
    """The picture of a spread, PNG."""
    return _draw_options(chart) if chart.subject.kind is Kind.MULTIPLE_CHOICE else _draw_values(chart)


def _draw_values(chart: SpreadChart) -> bytes:
    """A column for each value, as high as the number of forecasts there, above a lane each for the crowd, reader and author."""
    subject = chart.subject
    column = 0 if subject.kind is Kind.BINARY else 1
    lanes = _lanes(chart)
    members = np.array([values[column] for values in chart.spread.forecasts] if chart.spread else [], dtype=np.float64)
    members = scales.bounded(subject.kind, members)
    ends = [value for lane in lanes for value in (lane.low, lane.middle, lane.high)]
    low, high, is_log = scales.limits(subject.kind, np.concatenate([_without_far(members), ends]))
    members = np.clip(members, low, high)

    canvas = Canvas()
    top = canvas.head(title_of(subject), _subtitle(chart)) + 34 + style.SMALL * LINE
    if not lanes and not len(members):
        _write_nothing(canvas, chart, top)
        return canvas.png()
    values = [words.value_of(subject, lane.middle) for lane in lanes]
    left = 60 + max((width_of(lane.name, bold=True) for lane in lanes), default=60)
    right = style.WIDTH - 60 - max((width_of(value, bold=True) for value in values), default=0)
    split = _BOTTOM - _LANE * max(1, len(lanes)) - 16
    for number, (lane, value) in enumerate(zip(lanes, values, strict=True)):
        middle = split + 16 + (number + 0.5) * _LANE
        canvas.write(left - 24, middle, lane.name, colour=lane.colour, bold=True, align="right", middle=True)
        canvas.write(right + 24, middle, value, colour=lane.colour, bold=True, middle=True)
    below = canvas.plot(left=left, top=split + 16, right=right, bottom=_BOTTOM)
    _scale(below, low, high, is_log)
    below.set_ylim(len(lanes) - 0.5, -0.5)
    canvas.scale_x(below, scales.value_ticks(subject.kind, low, high, is_log=is_log))
    canvas.title_x(below, words.axis_of(subject))
    for number, lane in enumerate(lanes):
        below.plot(
            [lane.low, lane.high], [number, number], color=lane.colour, linewidth=10, alpha=0.55, solid_capstyle="butt"
        )
        below.plot(
            [lane.middle], [number], marker=lane.marker, markersize=17, color=lane.colour,
            markeredgecolor=palette.GROUND, markeredgewidth=2, clip_on=False,
        )  # fmt: skip
    if len(members):
        above = canvas.plot(left=left, top=top, right=right, bottom=split)
        _scale(above, low, high, is_log)
        edges = np.geomspace(low, high, _BARS + 1) if is_log else np.linspace(low, high, _BARS + 1)
        counts, _ = np.histogram(members, edges)
        above.bar(edges[:-1], counts, np.diff(edges) * 0.86, align="edge", color=palette.CROWD)
        above.axhline(0, color=palette.FAINT_INK, linewidth=1.5)
        above.set_ylim(0, max(counts.max() * 1.02, 2))
        most = int(counts.max())
        canvas.scale_y(above, [(most, f"{most}")])
        canvas.title_y(above, "Number of forecasts")
    else:
        _write_nothing(canvas, chart, top, split)
    return canvas.png()


def _draw_options(chart: SpreadChart) -> bytes:
    """A lane for each option, likeliest first: a dot per member, the crowd's middle half and median, diamond, triangle."""
    subject = chart.subject
    crowd = chart.spread.crowd if chart.spread else None
    by = crowd.values if crowd else chart.own or chart.author or ()
    ranked = sorted(range(len(by)), key=lambda option: (-by[option], option))
    named = ranked if len(ranked) <= _NAMED_OPTIONS else ranked[: _NAMED_OPTIONS - 1]
    rows = [[option] for option in named] + ([ranked[len(named) :]] if len(named) < len(ranked) else [])

    canvas = Canvas()
    top = canvas.head(title_of(subject), _subtitle(chart)) + 10
    if not rows:
        _write_nothing(canvas, chart, top)
        return canvas.png()
    _write_marks(canvas, chart, top - 10 - style.SMALL * LINE)
    names = [option_name(subject, row[0], width=250) if len(row) == 1 else f"{len(row)} others" for row in rows]
    left = 60 + max(width_of(name) for name in names)
    right = style.WIDTH - 60 - width_of("100%", bold=True)
    axes = canvas.plot(left=left, top=top, right=right, bottom=_BOTTOM)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    canvas.scale_x(axes, scales.PERCENT)
    canvas.title_x(axes, words.axis_of(subject))
    members = np.array(chart.spread.forecasts if chart.spread else [], dtype=np.float64).reshape(-1, len(by))
    height = (_BOTTOM - top) / len(rows)
    for number, (row, name) in enumerate(zip(rows, names, strict=True)):
        middle = top + (number + 0.5) * height
        canvas.write(left - 24, middle, name, align="right", middle=True)
        canvas.write(right + 24, middle, scales.short_percent(_sum(by, row)), bold=True, middle=True)
        _dots(axes, members[:, row].sum(axis=1), number)
        if crowd and len(row) == 1:
            _box(axes, crowd, row[0], number)
        for values, colour, marker in (
            (chart.author, palette.AUTHOR, style.AUTHOR_MARKER),
            (chart.own, palette.OWN, style.OWN_MARKER),
        ):
            if values:
                axes.plot(
                    [_sum(values, row)], [number], marker=marker, markersize=15, color=colour,
                    markeredgecolor=palette.GROUND, markeredgewidth=2, clip_on=False, zorder=8,
                )  # fmt: skip
    return canvas.png()


def _write_nothing(canvas: Canvas, chart: SpreadChart, top: float, bottom: float = _BOTTOM) -> None:
    note = words.HIDDEN if chart.spread is None else words.NOBODY
    canvas.write(style.WIDTH / 2, (top + bottom) / 2, note, align="center", middle=True, bold=True)


def _lanes(chart: SpreadChart) -> list[_MarkLane]:
    subject = chart.subject
    found: list[_MarkLane] = []
    if chart.spread and chart.spread.crowd:
        crowd = chart.spread.crowd
        at = len(crowd.values) // 2
        low, middle, high = scales.bounded(subject.kind, (crowd.lower[at], crowd.values[at], crowd.upper[at]))
        found.append(_MarkLane("crowd", float(low), float(middle), float(high), palette.CROWD, "o"))
    for name, values, colour, marker in (
        ("you", chart.own, palette.OWN, style.OWN_MARKER),
        ("author", chart.author, palette.AUTHOR, style.AUTHOR_MARKER),
    ):
        if values:
            bounded = [float(value) for value in scales.bounded(subject.kind, values)]
            found.append(_MarkLane(name, bounded[0], bounded[len(values) // 2], bounded[-1], colour, marker))
    return found


def _without_far(members: Floats) -> Floats:
    """The forecasts, with the few that would squeeze the others into one column moved to the edge."""
    if len(members) < 4:
        return members
    low, high = np.quantile(members, [0.25, 0.75])
    room = 4 * max(high - low, 1e-9 * max(abs(low), abs(high)))
    near = members[(members >= low - room) & (members <= high + room)]
    return near if len(near) else members


def _scale(axes: Axes, low: float, high: float, is_log: bool) -> None:
    if is_log:
        axes.set_xscale("log")
        axes.set_xticks([])
        axes.set_xticks([], minor=True)
    axes.set_xlim(low, high)


def _dots(axes: Axes, values: Floats, lane: int) -> None:
    """A dot for each member, moved a little up or down so that equal ones show. Only their order decides where."""
    ordered = np.sort(values)
    offsets = np.resize([0.0, -0.16, 0.16, -0.3, 0.3], len(ordered))
    axes.plot(ordered, lane + offsets, linestyle="", marker="o", markersize=6, color=palette.REST, alpha=0.7, clip_on=False)


def _box(axes: Axes, crowd: Crowd, option: int, lane: int) -> None:
    axes.plot(
        [crowd.lower[option], crowd.upper[option]], [lane, lane], color=palette.CROWD, linewidth=10, alpha=0.55,
        solid_capstyle="butt", zorder=5,
    )  # fmt: skip
    axes.plot(
        [crowd.values[option]], [lane], marker="o", markersize=15, color=palette.CROWD, markeredgecolor=palette.GROUND,
        markeredgewidth=2, clip_on=False, zorder=6,
    )  # fmt: skip


def _sum(values: Values, row: list[int]) -> float:
    return float(min(1.0, sum(values[option] for option in row)))


def _subtitle(chart: SpreadChart) -> str:
    subject = chart.subject
    parts: list[str] = []
    members = len(chart.spread.forecasts) if chart.spread else 0
    if chart.spread is not None:
        parts.append(text.count(members, "current forecast"))
    elif subject.kind is Kind.MULTIPLE_CHOICE and (chart.own or chart.author):
        parts.append(words.HIDDEN)
    else:
        parts.append("Current forecasts")
    return " · ".join(parts)


def _write_marks(canvas: Canvas, chart: SpreadChart, top: float) -> None:
    """What the marks in the options' lanes mean, on the right of the line below the title."""
    x = style.WIDTH - 32.0
    for name, is_there, colour in (
        ("▲ author", chart.author, palette.AUTHOR),
        ("◆ you", chart.own, palette.OWN),
        ("● crowd", chart.spread and chart.spread.crowd, palette.CROWD),
    ):
        if is_there:
            canvas.write(x, top, name, colour=colour, align="right")
            x -= width_of(name) + 28
