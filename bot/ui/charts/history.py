"""The crowd's history: steps with their middle half, the experienced crowd's, the reader's own line, the author's number."""

# matplotlib types its methods only in part.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from bot.domain.aggregation import Floats
from bot.domain.outcomes import ANNULLED, NO, OPTION, VALUE, YES
from bot.domain.types import Kind, Values
from bot.ui import palette, text
from bot.ui.charts import scales, style, words
from bot.ui.charts.canvas import LINE, Canvas, PlotLabel, option_name, readable, title_of, width_of
from bot.ui.charts.data import ChartSubject, HistoryChart

_LEFT, _BOTTOM = 116, 572
_BINS = 600
"""How many steps a long history is cut to. More wouldn't show."""
_NAMED_OPTIONS = 5
_HOUR = 1 / 24


@dataclass(frozen=True, slots=True)
class _StepLine:
    """Steps to draw, NaN where there is nothing, with the band around them where there is one."""

    name: str
    at: Floats
    middle: Floats
    lower: Floats | None
    upper: Floats | None
    colour: str
    dash: style.Dash
    marker: str | None = None
    width: float = 5.0


def draw_history(chart: HistoryChart) -> bytes:
    """The picture of a history, PNG."""
    subject = chart.subject
    lines = _lines(chart)
    end = float(scales.days_of([words.ends_at(chart)])[0])
    firsts = [line.at[0] for line in lines if len(line.at) and line.at[0] <= end]
    start = float(min(min(firsts, default=end), end - _HOUR))
    shown = np.concatenate([_finite(line, end) for line in lines] or [np.empty(0)])
    fixed = scales.bounded(subject.kind, [value for value in (*_author(chart), *_result(chart)) if value is not None])
    low, high, is_log = scales.limits(subject.kind, np.concatenate([shown, fixed]))
    if subject.kind is Kind.MULTIPLE_CHOICE:
        high = max(0.5, float(np.ceil(4 * shown.max(initial=0.0)) / 4))  # options share 100%, so most lie low
    ticks = scales.value_ticks(subject.kind, low, high, is_log=is_log)

    canvas = Canvas()
    top = canvas.head(title_of(subject), _subtitle(chart)) + 34 + style.SMALL * LINE
    labels = _labels(chart, lines, end)
    room = max((width_of(part, bold=True) for label in labels for part in label.words.split("\n")), default=0)
    left = max((width_of(name) for _, name in ticks), default=0) + 46 if not subject.kind.is_distribution else _LEFT
    axes = canvas.plot(left=left, top=top, right=style.WIDTH - 50 - room, bottom=_BOTTOM)
    axes.set_xlim(start - (end - start) * 0.02, end)
    if is_log:
        axes.set_yscale("log")
        axes.set_yticks([])
        axes.set_yticks([], minor=True)
    axes.set_ylim(low, high)
    canvas.scale_y(axes, ticks)
    if len(shown):
        canvas.scale_x(axes, scales.date_ticks(scales.moment_at(start), scales.moment_at(end), chart.zone), lines=False)
        canvas.title_x(axes, "Day of the forecast")
        canvas.title_y(axes, words.axis_of(subject))
    else:
        note = words.HIDDEN if chart.crowd is None else words.NOBODY
        y = top + (_BOTTOM - top) * 3 / 8
        canvas.write((left + style.WIDTH - 50 - room) / 2, y, note, align="center", middle=True, bold=True)
    if chart.author is not None and subject.kind is not Kind.MULTIPLE_CHOICE:
        axes.axhline(_middle(subject, chart.author), color=palette.AUTHOR, linewidth=4, linestyle=style.DOTTED, zorder=3)
    for line in lines:
        _draw(axes, line, end)
    for value in _result(chart):
        if value is not None:
            axes.plot([end], [value], marker="*", markersize=26, color=palette.OUTCOME, clip_on=False, zorder=9)
    canvas.label_right(axes, labels)
    return canvas.png()


def thinned(at: Floats, columns: Floats, *, bins: int = _BINS) -> npt.NDArray[np.intp]:
    """Which steps of a long history to draw, as indices in order: from each of `bins` stretches of time, the last step and
    the lowest and highest of each column. at: shape (steps,); columns: shape (steps, columns)."""
    if len(at) <= 2 * bins:
        return np.arange(len(at))
    stretch = np.floor((at - at[0]) / max(at[-1] - at[0], 1e-12) * bins)
    last_of_each = np.flatnonzero(np.diff(stretch, append=np.inf))
    first_of_each = np.concatenate([[0], last_of_each[:-1] + 1])
    kept = [np.array([0]), last_of_each]
    for column in np.nan_to_num(columns.T):
        order = np.lexsort((column, stretch))  # lies in the same stretches, each from its lowest to its highest
        kept += [order[first_of_each], order[last_of_each]]
    return np.unique(np.concatenate(kept))


def _lines(chart: HistoryChart) -> list[_StepLine]:
    """What is drawn: the crowd's lines, then the reader's."""
    subject = chart.subject
    crowd_at, crowd = _crowd(chart)
    own_at = scales.days_of([step.at for step in chart.own])
    own = _table(subject, [step.values for step in chart.own])
    if subject.kind is not Kind.MULTIPLE_CHOICE:
        column = 0 if subject.kind is Kind.BINARY else 1
        found: list[_StepLine] = []
        if len(crowd_at):
            middle, lower, upper = (part[:, column] for part in crowd)
            found.append(_StepLine("crowd", crowd_at, middle, lower, upper, palette.CROWD, style.SOLID))
        if chart.experienced:
            at = scales.days_of([step.at for step in chart.experienced])
            values = _table(subject, [step.values for step in chart.experienced])
            kept = thinned(at, values)
            line = _StepLine("experienced", at[kept], values[kept, column], None, None, palette.EXPERIENCED, style.DASHES[3])
            found.append(replace(line, width=3.5))
        if len(own_at):
            ends = (None, None) if subject.kind is Kind.BINARY else (own[:, 0], own[:, 2])
            found.append(_StepLine("you", own_at, own[:, column], *ends, palette.OWN, style.DASHED, style.OWN_MARKER, 4.0))
        return found
    return _option_lines(subject, crowd_at, crowd, own_at, own)


def _option_lines(
    subject: ChartSubject, crowd_at: Floats, crowd: tuple[Floats, Floats, Floats], own_at: Floats, own: Floats
) -> list[_StepLine]:
    """One line for each of the likeliest options and one for the rest together. Without a crowd, they're the reader's."""
    has_crowd = bool(len(crowd_at))
    table = crowd[0] if has_crowd else own
    standing = table[~np.isnan(table).any(axis=1)] if len(table) else table
    if not len(standing):
        return []
    ranked = sorted(range(len(subject.options)), key=lambda option: (-standing[-1][option], option))
    named = ranked if len(ranked) <= _NAMED_OPTIONS + 1 else ranked[:_NAMED_OPTIONS]
    rest = [option for option in ranked if option not in named]
    found: list[_StepLine] = []
    for place, option in enumerate(named):
        look = (palette.OPTIONS[place], style.DASHES[place], style.MARKERS[place])
        name = option_name(subject, option, width=205)
        if has_crowd:
            has_band = place == 0  # more bands would overlap
            found.append(
                _StepLine(
                    name,
                    crowd_at,
                    crowd[0][:, option],
                    crowd[1][:, option] if has_band else None,
                    crowd[2][:, option] if has_band else None,
                    *look[:2],
                )
            )
        elif len(own_at):
            found.append(_StepLine(name, own_at, own[:, option], None, None, *look, 4.0))
    if rest:
        at, values = (crowd_at, crowd[0]) if has_crowd else (own_at, own)
        found.append(
            _StepLine(f"{len(rest)} others", at, values[:, rest].sum(axis=1), None, None, palette.REST, style.DOTTED)
        )
    if has_crowd and len(own_at):
        for place, option in enumerate(named):
            look = (palette.OPTIONS[place], style.DOTTED, style.MARKERS[place])
            found.append(_StepLine("you", own_at, own[:, option], None, None, *look, 2.0))
    return found


def _crowd(chart: HistoryChart) -> tuple[Floats, tuple[Floats, Floats, Floats]]:
    steps = chart.crowd or ()
    at = scales.days_of([step.at for step in steps])
    parts = tuple(
        _table(chart.subject, [getattr(step.crowd, name) if step.crowd else None for step in steps])
        for name in ("values", "lower", "upper")
    )
    middle, lower, upper = parts
    kept = thinned(at, np.hstack(parts)) if len(at) else np.arange(0, dtype=np.intp)
    return at[kept], (middle[kept], lower[kept], upper[kept])


def _table(subject: ChartSubject, rows: Sequence[Values | None]) -> Floats:
    """Shape (steps, values); NaN where there is no forecast."""
    width = {Kind.BINARY: 1, Kind.MULTIPLE_CHOICE: len(subject.options)}.get(subject.kind, 3)
    table = np.array([row or (np.nan,) * width for row in rows], dtype=np.float64).reshape(len(rows), width)
    return np.where(np.isnan(table), np.nan, scales.bounded(subject.kind, table))


def _draw(axes: Axes, line: _StepLine, end: float) -> None:
    before = line.at <= end
    if not before.any():
        return
    width = line.width if before.sum() < _BINS else line.width / 2
    at = np.append(line.at[before], end)
    middle = np.append(line.middle[before], line.middle[before][-1])
    if line.lower is not None and line.upper is not None:
        lower, upper = (np.append(part[before], part[before][-1]) for part in (line.lower, line.upper))
        if line.name == "you":
            axes.vlines(at[:-1], lower[:-1], upper[:-1], color=line.colour, linewidth=3, zorder=4)
        else:
            axes.fill_between(at, lower, upper, step="post", color=line.colour, alpha=0.28, linewidth=0, zorder=1)
            for edge in (lower, upper):
                axes.plot(at, edge, drawstyle="steps-post", color=line.colour, alpha=0.7, linewidth=1.5, zorder=1)
    axes.plot(
        at, middle, drawstyle="steps-post", color=line.colour, linewidth=width, linestyle=line.dash, zorder=5,
        solid_joinstyle="round", clip_on=False,
    )  # fmt: skip
    spots = slice(None, -1) if line.marker and len(at) <= 25 else slice(-1, None)
    axes.plot(
        at[spots], middle[spots], linestyle="", marker=line.marker or "o", markersize=11, color=line.colour,
        markeredgecolor=palette.GROUND, markeredgewidth=1.5, clip_on=False, zorder=6,
    )  # fmt: skip


def _finite(line: _StepLine, end: float) -> Floats:
    parts = [part[line.at <= end] for part in (line.middle, line.lower, line.upper) if part is not None]
    values = np.concatenate(parts)
    return values[np.isfinite(values)]


def _labels(chart: HistoryChart, lines: Sequence[_StepLine], end: float) -> list[PlotLabel]:
    subject = chart.subject
    found: list[PlotLabel] = []
    is_choice = subject.kind is Kind.MULTIPLE_CHOICE
    for line in lines:
        standing = line.middle[line.at <= end]
        if not len(standing) or not np.isfinite(standing[-1]) or (is_choice and line.name == "you"):
            continue
        found.append(_label(subject, float(standing[-1]), line.name, line.colour))
    if chart.author is not None and not is_choice:
        found.append(_label(subject, _middle(subject, chart.author), "author", palette.AUTHOR))
    return found


def _label(subject: ChartSubject, value: float, name: str, colour: str) -> PlotLabel:
    if subject.kind.is_distribution:
        return PlotLabel(value, f"{scales.short_percent(value)} {name}", colour)
    return PlotLabel(value, f"{name}\n{words.value_of(subject, value)}", colour)


def _middle(subject: ChartSubject, values: Values) -> float:
    return float(scales.bounded(subject.kind, values)[len(values) // 2])


def _author(chart: HistoryChart) -> list[float | None]:
    if chart.author is None or chart.subject.kind is Kind.MULTIPLE_CHOICE:
        return []
    return [_middle(chart.subject, chart.author)]


def _result(chart: HistoryChart) -> list[float | None]:
    """Where the star of the result goes."""
    if chart.outcome is None:
        return []
    match chart.outcome.word:
        case word if word in (YES, NO):
            return [1.0 if word == YES else 0.0]
        case word if word == VALUE and chart.outcome.value is not None:
            return [float(scales.bounded(chart.subject.kind, [chart.outcome.value])[0])]
        case _:
            return []


def _subtitle(chart: HistoryChart) -> str:
    subject = chart.subject
    parts: list[str] = []
    if chart.outcome is not None:
        result = readable(words.outcome_text(subject, chart.outcome))
        if result is None and chart.outcome.word == OPTION and chart.outcome.value is not None:
            result = f"option {int(chart.outcome.value) + 1}"
        parts.append("Annulled" if chart.outcome.word == ANNULLED else f"★ {result}")
    until = words.ends_at(chart)
    last = next((step.crowd for step in reversed(chart.crowd or ()) if step.crowd and step.at <= until), None)
    if last is not None:
        parts.append(text.count(last.members, "member"))
        if last.members > 2:
            parts.append("middle half shaded")
        if subject.kind is Kind.MULTIPLE_CHOICE and chart.own:
            parts.append("thin: you")
    else:
        parts += [*(["Your forecasts"] if chart.own else []), words.HIDDEN if chart.crowd is None else words.NOBODY]
    return " · ".join(parts)
