"""Every colour of cards and charts, named once.

A chart has its own dark ground, which stands out on Discord's light theme and joins its dark one: no one colour of text would
read on both. Its colours are Okabe and Ito's (2008): their vermilion a tenth lighter, so that words in it read too, white for
their black and dark blue. Shapes and dashes tell the same things apart a second time.
"""

from __future__ import annotations

BLUE, GREEN, AMBER, RED, GREY, DARK_GREY = 0x5865F2, 0x3BA55D, 0xFAA61A, 0xED4245, 0x747F8D, 0x4F545C
"""The edge of a card: as usual, done, somebody should act, something failed, closed, annulled."""

GROUND = "#1E1F22"
FRAME = "#3B3D44"
GRID = "#4A4D55"
INK = "#F2F3F5"
FAINT_INK = "#B9BCC4"

CROWD = "#56B4E9"
EXPERIENCED = "#009E73"
OWN = "#E69F00"
AUTHOR = "#CC79A7"
OUTCOME = "#F0E442"
INSIDE, OUTSIDE = "#56B4E9", "#D96E1A"
REST = "#9A9DA6"
OPTIONS = ("#56B4E9", "#F0E442", "#D96E1A", "#CC79A7", "#009E73", "#F2F3F5")
"""Of the options of a multiple choice, likeliest first."""
