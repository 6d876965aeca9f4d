"""Sizes, dashes and markers of charts; the colours are in `bot.ui.palette`."""

from __future__ import annotations

WIDTH, HEIGHT = 760, 680
TALL = 940
"""Pixels. A phone shows them 265 to 400 wide, so the smallest letters are 28 high here and 10 to 15 there. What needs more room
is taller, not wider."""
TITLE, BODY, SMALL, HUGE = 32, 28, 28, 44
"""Heights of letters in pixels."""

Dash = tuple[float, tuple[float, ...] | None]
SOLID: Dash = (0, None)
DASHED: Dash = (0, (3, 1.5))
DOTTED: Dash = (0, (1, 1.2))
DASHES: tuple[Dash, ...] = (SOLID, DASHED, DOTTED, (0, (4, 1, 1, 1)), (0, (6, 2)), (0, (2, 1, 1, 1, 1, 1)))
"""Goes with OPTIONS: the lines differ even for people who can't tell the colours apart."""
MARKERS = ("o", "s", "^", "D", "v", "P")
OWN_MARKER, AUTHOR_MARKER = "D", "^"
