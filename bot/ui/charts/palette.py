"""Colours and sizes. The card has its own dark ground, which stands out on Discord's light theme and joins its dark one:
no one colour of text would read on both. Colours are Okabe and Ito's (2008): their vermilion a tenth lighter, so that words in it
read too, white for their black and dark blue. Shapes and dashes tell apart the same things again."""

from __future__ import annotations

WIDTH, HEIGHT = 1000, 600
"""Pixels. A phone shows them 300 to 400 wide, so the smallest letters are 28 high here and 11 there."""
TITLE, BODY, SMALL, HUGE = 32, 28, 28, 44
"""Heights of letters in pixels."""

GROUND = "#1E1F22"
FRAME = "#3B3D44"
GRID = "#4A4D55"
INK = "#F2F3F5"
FAINT_INK = "#B9BCC4"

CROWD = "#56B4E9"
OWN = "#E69F00"
AUTHOR = "#CC79A7"
OUTCOME = "#F0E442"
INSIDE, OUTSIDE = "#56B4E9", "#D96E1A"
REST = "#9A9DA6"
OPTIONS = ("#56B4E9", "#F0E442", "#D96E1A", "#CC79A7", "#009E73", "#F2F3F5")
"""Of the options of a multiple choice, likeliest first."""

Dash = tuple[float, tuple[float, ...] | None]
SOLID: Dash = (0, None)
DASHED: Dash = (0, (3, 1.5))
DOTTED: Dash = (0, (1, 1.2))
DASHES: tuple[Dash, ...] = (SOLID, DASHED, DOTTED, (0, (4, 1, 1, 1)), (0, (6, 2)), (0, (2, 1, 1, 1, 1, 1)))
"""Goes with OPTIONS: the lines differ even for people who can't tell the colours apart."""
MARKERS = ("o", "s", "^", "D", "v", "P")
OWN_MARKER, AUTHOR_MARKER = "D", "^"
