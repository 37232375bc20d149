"""Colours of figures: Okabe and Ito's, those of lines and letters darkened to 4.5:1 on white.

Lines also differ by dashes, areas by hatching.
"""

from __future__ import annotations

from typing import Final

BLUE, ORANGE, GREEN, RED, GREY = "#0060A0", "#B34D00", "#00735A", "#A61E1E", "#5F6368"
PALE_BLUE, PALE_RED, INK, GRID = "#BFD9EC", "#F6D9CC", "#1B1B1B", "#D9D9D9"
SKY, AMBER = "#56B4E9", "#E69F00"
FILLS: Final = ("#0072B2", AMBER, "#009E73", "#CC79A7", SKY, "#D55E00", "#F0E442", "#7F7F7F", "#332288", "#FFFFFF")
HATCHES: Final = ("", "///", "...", "\\\\\\", "xx", "", "---", "|||", "++", "oo")
