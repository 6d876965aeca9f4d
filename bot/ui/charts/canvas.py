"""The card that pictures are drawn on. Importing this imports matplotlib, so only the drawing thread does it."""

# matplotlib types its methods only in part.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.patches import FancyBboxPatch

from bot.ui import palette
from bot.ui.charts import lettering, style
from bot.ui.charts.data import ChartSubject

matplotlib.rcdefaults()  # so that a matplotlibrc on the machine changes no picture

_DPI = 100
_MARGIN = 32
LINE = 1.25
"""Distance of lines of text, in heights of letters."""
_TOP_TO_BASELINE, _MIDDLE_TO_BASELINE = 0.93, 0.36
"""Of a line of text, in heights of letters."""
_FONTS = Path(matplotlib.get_data_path(), "fonts", "ttf")
_REGULAR, _BOLD = _FONTS / "DejaVuSans.ttf", _FONTS / "DejaVuSans-Bold.ttf"
_COVERED = frozenset(FT2Font(str(_REGULAR)).get_charmap()) & frozenset(FT2Font(str(_BOLD)).get_charmap())


@dataclass(frozen=True, slots=True)
class PlotLabel:
    """Words next to the plot at some height, in one or two lines."""

    y: float
    words: str
    colour: str


class Canvas:
    """One picture in the making; lengths are pixels from the top left corner."""

    def __init__(self, height: int = style.HEIGHT) -> None:
        self.height = height
        self.figure = Figure(figsize=(style.WIDTH / _DPI, height / _DPI), dpi=_DPI, facecolor="none")
        self._agg = FigureCanvasAgg(self.figure)
        frame = FancyBboxPatch(
            (2, 2),
            style.WIDTH - 4,
            height - 4,
            boxstyle="round,pad=0,rounding_size=22",
            facecolor=palette.GROUND,
            edgecolor=palette.FRAME,
            linewidth=2,
            transform=None,
            zorder=-1,
        )
        self.figure.add_artist(frame)

    def write(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: int = style.BODY,
        colour: str = palette.INK,
        bold: bool = False,
        align: str = "left",
        middle: bool = False,
    ) -> None:
        """Put one line of text: `y` is its top, or its middle."""
        self.figure.text(
            x / style.WIDTH,
            1 - (y + size * (_MIDDLE_TO_BASELINE if middle else _TOP_TO_BASELINE)) / self.height,
            words,
            fontproperties=_font(size, bold),
            color=colour,
            ha=align,
            va="baseline",  # accents above and below letters move nothing
            parse_math=False,
        )

    def head(self, title: str | None, subtitle: str, *, lines: int = 2) -> float:
        """Write the title, wrapped, and under it what the picture shows; returns where they end."""
        y = float(_MARGIN - 12)
        for line in wrapped(title, size=style.TITLE, width=style.WIDTH - 2 * _MARGIN, lines=lines, bold=True):
            self.write(_MARGIN, y, line, size=style.TITLE, bold=True)
            y += style.TITLE * LINE
        self.write(
            _MARGIN,
            y + 2,
            shortened(subtitle, size=style.SMALL, width=style.WIDTH - 2 * _MARGIN),
            size=style.SMALL,
            colour=palette.FAINT_INK,
        )
        return y + 2 + style.SMALL * LINE

    def plot(self, *, left: float, top: float, right: float, bottom: float) -> Axes:
        """Axes with these edges, with nothing on them yet."""
        axes = self.figure.add_axes(
            (
                left / style.WIDTH,
                1 - bottom / self.height,
                (right - left) / style.WIDTH,
                (bottom - top) / self.height,
            ),
            facecolor="none",
        )
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.set_xticks([])
        axes.set_yticks([])
        return axes

    def scale_y(self, axes: Axes, ticks: Iterable[tuple[float, str]]) -> None:
        """Lines across the plot, with their values on the left."""
        left = axes.get_position().x0 * style.WIDTH
        for value, words in ticks:
            axes.axhline(value, color=palette.GRID, linewidth=1.5, zorder=0)
            self.write(left - 12, self._y(axes, value), words, colour=palette.FAINT_INK, align="right", middle=True)

    def scale_x(self, axes: Axes, ticks: Sequence[tuple[float, str]], *, lines: bool = True) -> None:
        """Values below the plot, as many as fit, none past the card's edge."""
        box = axes.get_position()
        end = -1e9
        for value, words in ticks:
            x = self._x(axes, value)
            half = width_of(words, size=style.SMALL) / 2
            shown_at = min(max(x, _MARGIN + half), style.WIDTH - _MARGIN - half)
            if shown_at - half < end + 24:
                continue
            end = shown_at + half
            if lines:
                axes.axvline(value, color=palette.GRID, linewidth=1.5, zorder=0)
            self.write(shown_at, (1 - box.y0) * self.height + 16, words, colour=palette.FAINT_INK, align="center")

    def title_x(self, axes: Axes, words: str) -> None:
        """What the values below the plot are, under them."""
        box = axes.get_position()
        middle, below = (box.x0 + box.x1) / 2 * style.WIDTH, (1 - box.y0) * self.height + 20 + style.SMALL * LINE
        shown = shortened(readable(words) or "", size=style.SMALL, width=style.WIDTH - 2 * _MARGIN)
        half = width_of(shown, size=style.SMALL) / 2
        x = min(max(middle, _MARGIN + half), style.WIDTH - _MARGIN - half)
        self.write(x, below, shown, size=style.SMALL, align="center")

    def title_y(self, axes: Axes, words: str) -> None:
        """What the values on the left of the plot are, above them, in the room of one line."""
        top = (1 - axes.get_position().y1) * self.height
        shown = shortened(readable(words) or "", size=style.SMALL, width=style.WIDTH - 2 * _MARGIN)
        self.write(_MARGIN, top - style.SMALL * LINE - 22, shown, size=style.SMALL)

    def label_right(self, axes: Axes, labels: Sequence[PlotLabel]) -> None:
        """Words on the right of the plot, each as near to its height as the others allow."""
        box = axes.get_position()
        x = box.x1 * style.WIDTH + 18
        top, bottom = (1 - box.y1) * self.height, (1 - box.y0) * self.height
        ordered = sorted(labels, key=lambda label: (-label.y, label.words))
        heights = [style.BODY * LINE * len(label.words.split("\n")) for label in ordered]
        middles = spread_out([self._y(axes, label.y) for label in ordered], heights, top, bottom)
        for label, height, middle in zip(ordered, heights, middles, strict=True):
            parts = label.words.split("\n")
            for number, part in enumerate(parts):
                y = middle - height / 2 + (number + 0.5) * height / len(parts)
                self.write(x, y, part, colour=label.colour, bold=number == 0, middle=True)

    def png(self) -> bytes:
        """The picture. The same drawing gives the same bytes."""
        file = io.BytesIO()
        self._agg.print_png(file, metadata={"Software": None}, pil_kwargs={"compress_level": 6})
        return file.getvalue()

    def _x(self, axes: Axes, value: float) -> float:
        return float(axes.transData.transform((value, 0))[0])

    def _y(self, axes: Axes, value: float) -> float:
        return self.height - float(axes.transData.transform((0, value))[1])


def readable(words: str) -> str | None:
    """The part of these words that the font can draw, or None if too little is left."""
    return lettering.drawable(words, _COVERED)


def title_of(subject: ChartSubject) -> str:
    """The code, and the statement if the font has its letters. The message shows it either way."""
    return f"#{subject.code} {readable(subject.statement) or ''}".rstrip()


def option_name(subject: ChartSubject, option: int, *, width: float) -> str:
    """An option's name cut to this width. If the font lacks its letters, it's named by its place in the message."""
    name = readable(subject.options[option])
    return shortened(name, size=style.BODY, width=width) if name else f"option {option + 1}"


def wrapped(words: str | None, *, size: int, width: float, lines: int, bold: bool = False) -> list[str]:
    """The words in at most `lines` lines of this width, cut with an ellipsis. None if they can't be drawn."""
    rest = readable(words) if words else None
    found: list[str] = []
    while rest and len(found) < lines:
        if len(found) == lines - 1:
            found.append(shortened(rest, size=size, width=width, bold=bold))
            break
        fits = _fitting(rest, size=size, width=width, bold=bold)
        at = len(rest) if fits == len(rest) else rest.rfind(" ", 0, fits + 1)
        at = at if at > fits // 2 else fits  # one endless word is broken
        found.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return found


def shortened(words: str, *, size: int, width: float, bold: bool = False) -> str:
    """The words cut with an ellipsis to this width."""
    if width_of(words, size=size, bold=bold) <= width:
        return words
    room = width - width_of("…", size=size, bold=bold)
    return words[: _fitting(words, size=size, width=room, bold=bold)].rstrip() + "…"


def width_of(words: str, *, size: int = style.BODY, bold: bool = False) -> float:
    """How wide one line is."""
    font = _metrics(bold)
    font.set_size(size * 72 / _DPI, _DPI)
    font.set_text(words)
    return font.get_width_height()[0] / 64


def spread_out(wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """Middles of boxes near the wanted ones, in order from the top, without overlap as long as there's room."""
    middles: list[float] = []
    edge = top
    for want, height in zip(wanted, heights, strict=True):
        middles.append(max(want, edge + height / 2))
        edge = middles[-1] + height / 2
    edge = max(bottom, top + sum(heights))
    for at in reversed(range(len(middles))):
        middles[at] = min(middles[at], edge - heights[at] / 2)
        edge = middles[at] - heights[at] / 2
    return middles


def _fitting(words: str, *, size: int, width: float, bold: bool) -> int:
    """How many characters, from the first on, fit this width."""
    low, high = 1, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width_of(words[:middle], size=size, bold=bold) <= width else (low, middle - 1)
    return low


@lru_cache
def _font(size: int, bold: bool) -> FontProperties:
    return FontProperties(fname=str(_BOLD if bold else _REGULAR), size=size * 72 / _DPI)


@lru_cache
def _metrics(bold: bool) -> FT2Font:
    return FT2Font(str(_BOLD if bold else _REGULAR))
