"""The drawing board: figures of one width, and panels on them with a scale for each direction.

Lengths are points, measured from the upper left corner. A figure is 400 points wide and its letters are 11 or 12, so
that on a phone 360 pixels wide they still have about 10. Panels are drawn straight onto matplotlib's figure, without
its axes: that takes half the time, and nothing moves.

Who describes a figure loads no matplotlib: it comes with the first one that is drawn.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from reports.figures.colors import GRID, INK, RED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH: Final = 400.0
BASE: Final = 12.0
SMALL: Final = 11.0
EDGE: Final = 4.0
PNG_DPI: Final = 144
_FONT: Final = "DejaVu Sans"
# From the given place to the baseline, in letter heights: capitals of this font are 0.73 high, its tail is 0.24 deep.
_BASELINE: Final = {"top": 0.93, "center": 0.365, "bottom": -0.24}
_MOVE, _LINE, _CLOSE = 1, 2, 79
"""Codes of `matplotlib.path.Path`."""
_RC: Final[Any] = {
    "font.family": [_FONT],
    "font.size": BASE,
    "text.color": INK,
    "svg.fonttype": "path",
    "svg.hashsalt": "ecny-sandbox",
    "hatch.linewidth": 0.7,
}

Numbers = npt.ArrayLike
Points = npt.NDArray[np.float64]


_FINER: Final = re.compile(r"(\.\d\d)\d+")
"""Digits behind the hundredth of a point, which nobody sees."""


@contextmanager
def styled() -> Iterator[None]:
    """Draw with our settings and nobody's matplotlibrc."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_RC)
        yield


class Letters(NamedTuple):
    """A line of text as an outline, 1 point high, from its baseline's left end; y goes down."""

    vertices: Points
    codes: npt.NDArray[np.uint8]
    width: float


@lru_cache(maxsize=4096)
def letters(text: str) -> Letters:
    """The outline of a text. Letters are drawn as shapes: once for both SVG and PNG, and no reader needs the font."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=_FONT)
    vertices, codes = text_to_path.get_text_path(font, text)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    outline = np.asarray(vertices, dtype=np.float64).reshape(-1, 2) * (1, -1) / text_to_path.FONT_SCALE
    return Letters(outline, np.asarray(codes, dtype=np.uint8), width / font.get_size_in_points())


def text_width(text: str, size: float = BASE) -> float:
    """How wide a line of text is, in points."""
    return letters(text).width * size


def widest(texts: Sequence[str], size: float = BASE) -> float:
    """Width of the widest of some texts."""
    return max((text_width(text, size) for text in texts), default=0.0)


class Key(NamedTuple):
    """An entry of a legend: a line with its dashes, an area with its hatching, or a marker."""

    name: str
    color: str
    dash: Any = "-"
    area: bool = False
    hatch: str = ""
    marker: str = ""


@dataclass
class Board:
    """A figure of a height; everything on it is placed in points from its upper left corner."""

    height: float
    _figure: Figure = field(init=False)
    _letters: dict[str, list[Letters]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        from matplotlib.figure import Figure
        from matplotlib.transforms import Affine2D

        self._figure = Figure(figsize=(WIDTH / 72, self.height / 72), facecolor="white")
        flip = Affine2D().scale(1 / 72, -1 / 72).translate(0, self.height / 72)
        self._points = flip + self._figure.dpi_scale_trans

    @classmethod
    def with_legend(cls, items: Sequence[Key], room: float) -> tuple[Self, float]:
        """A figure with a legend on top, of the height that it needs, and so much room below; and that height."""
        used = cls(1000).legend(2, items) if items else 0.0
        board = cls(used + room)
        board.legend(2, items)
        return board, used

    def words(
        self, x: float, y: float, text: str, ha: str = "left", va: str = "top", size: float = BASE, color: str = INK
    ) -> None:
        """A line of text at a place; its upper left corner is there, if `ha` and `va` do not say otherwise."""
        found = letters(text)
        left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[ha] * found.width * size
        baseline = y + _BASELINE[va] * size
        moved = found.vertices * size + (left, baseline)
        self._letters.setdefault(color, []).append(Letters(moved, found.codes, found.width))

    def finished(self) -> Figure:
        """The figure with its letters, all of one colour as one shape."""
        for color, found in self._letters.items():
            vertices = np.concatenate([one.vertices for one in found])
            if len(vertices):
                self._patch(vertices, np.concatenate([one.codes for one in found]), color, zorder=5, linewidth=0)
        self._letters.clear()
        return self._figure

    def line(self, x: Numbers, y: Numbers, color: str, width: float = 1.0, dash: Any = "-", **style: Any) -> None:
        """A line through points; NaN breaks it."""
        from matplotlib.lines import Line2D

        options = {"solid_joinstyle": "miter", "solid_capstyle": "butt", **style}
        line = Line2D(np.asarray(x), np.asarray(y), color=color, lw=width, linestyle=dash, **options)
        line.set_transform(self._points)
        self._figure.add_artist(line)

    def spots(self, x: Numbers, y: Numbers, marker: str, color: str, size: float) -> None:
        """Markers at points."""
        self.line(x, y, color, dash="none", marker=marker, markersize=size, markeredgewidth=1.5, zorder=3)

    def boxes(
        self, sides: Sequence[tuple[float, float, float, float]], color: str, hatch: str = "", **style: Any
    ) -> None:
        """Rectangles of one look, each left, top, right, bottom."""
        if not sides:
            return
        corners = [((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)) for x0, y0, x1, y1 in sides]
        codes = np.array([_MOVE, _LINE, _LINE, _LINE, _CLOSE] * len(sides), dtype=np.uint8)
        self._patch(np.array(corners).reshape(-1, 2), codes, color, hatch=hatch, **style)

    def area(self, x: Numbers, y: Numbers, color: str) -> None:
        """A filled outline."""
        self._patch(np.column_stack([np.asarray(x), np.asarray(y)]), None, color)

    def shape(self, x: Numbers, y: Numbers, color: str, hatch: str) -> None:
        """A filled outline with hatching."""
        outline = np.column_stack([np.asarray(x), np.asarray(y)])
        self._patch(outline, None, color, hatch=hatch, edgecolor=INK, linewidth=0.3)

    def _patch(self, vertices: Points, codes: npt.NDArray[np.uint8] | None, color: str, **style: Any) -> None:
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        options = {"edgecolor": "none", "linewidth": 0.6, "zorder": 0.5, **style}
        patch = PathPatch(Path(vertices, codes), facecolor=color, **options)
        patch.set_transform(self._points)
        self._figure.add_artist(patch)

    def legend(self, y: float, items: Sequence[Key]) -> float:
        """Samples and names in as many rows as they need; returns the height used."""
        x, row = EDGE, 0
        for key in items:
            width = 27 + text_width(key.name) + 14
            if x > EDGE and x + width - 14 > WIDTH:
                x, row = EDGE, row + 1
            top = y + 18 * row
            if key.marker:
                self.spots([x + 11], [top + 7], key.marker, key.color, 8)
            elif key.area:
                self.boxes([(x, top + 2, x + 22, top + 13)], key.color, key.hatch, edgecolor=INK)
            else:
                self.line([x, x + 22], [top + 7.5] * 2, key.color, 2.2, key.dash)
            self.words(x + 27, top, key.name)
            x += width
        return 18.0 * (row + 1)


@dataclass(frozen=True)
class Panel:
    """A part of a board with two scales; `x` and `y` are the values at its edges, left to right and bottom up."""

    board: Board
    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]
    log_x: bool = False
    log_y: bool = False

    @property
    def right(self) -> float:
        """Place of the right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Place of the lower edge."""
        return self.top + self.height

    def to_x(self, values: Numbers) -> Points:
        """Places of values, from the left."""
        return self.left + self.width * _scaled(values, self.x, self.log_x)

    def to_y(self, values: Numbers) -> Points:
        """Places of values, from the top."""
        return self.bottom - self.height * _scaled(values, self.y, self.log_y)

    def levels(self, ticks: Sequence[tuple[float, str]]) -> None:
        """Horizontal grid lines, with labels left of the panel."""
        places = self.to_y([at for at, _ in ticks]).tolist()
        self._grid([([self.left, self.right], [y, y]) for y in places])
        for y, (_, label) in zip(places, ticks, strict=True):
            self.board.words(self.left - 5, y, label, ha="right", va="center", size=SMALL)

    def columns(self, ticks: Sequence[tuple[float, str]]) -> None:
        """Vertical grid lines, with labels below the panel; those at the edges are pushed inside."""
        places = self.to_x([at for at, _ in ticks]).tolist()
        self._grid([([x, x], [self.top, self.bottom]) for x in places])
        for x, (_, label) in zip(places, ticks, strict=True):
            half = text_width(label, SMALL) / 2
            x = min(max(x, half + 1), WIDTH - half - 1)
            self.board.words(x, self.bottom + 5, label, ha="center", size=SMALL)

    def _grid(self, lines: Sequence[tuple[list[float], list[float]]]) -> None:
        """One broken line for all of a grid."""
        if lines:
            x = [place for xs, _ in lines for place in (*xs, np.nan)]
            y = [place for _, ys in lines for place in (*ys, np.nan)]
            self.board.line(x, y, GRID, 0.8, zorder=0.2)

    def level(self, at: float, color: str = RED) -> None:
        """A dashed line across at a value."""
        y = float(self.to_y(at))
        self.board.line([self.left, self.right], [y, y], color, 1.1, (0, (6, 3)))

    def column(self, at: float, color: str = RED, dash: Any = (0, (5, 2)), width: float = 1.1) -> None:
        """A line from top to bottom at a value."""
        x = float(self.to_x(at))
        self.board.line([x, x], [self.top, self.bottom], color, width, dash)

    def steps(self, edges: Numbers, values: Numbers, color: str, dash: Any = "-", width: float = 1.7) -> None:
        """A value for each step as a line with corners; a gap where there is none."""
        x = np.repeat(self.to_x(edges), 2)[1:-1]
        self.board.line(x, np.repeat(self.to_y(values), 2), color, width, dash)

    def below(self, edges: Numbers, values: Numbers, color: str) -> None:
        """The area between the steps and the lower edge."""
        x = np.repeat(self.to_x(edges), 2)
        y = np.concatenate([[self.bottom], np.repeat(self.to_y(np.nan_to_num(np.asarray(values))), 2), [self.bottom]])
        self.board.area(x, y, color)


def _scaled(values: Numbers, ends: tuple[float, float], log: bool) -> Points:
    """Values as shares of the way between two ends; finite and close by, so that no place overflows."""
    numbers = np.asarray(values, dtype=np.float64)
    low, high = ends
    if log:
        numbers, low, high = np.log(np.clip(numbers, low / 10, None)), float(np.log(low)), float(np.log(high))
    return np.asarray(np.clip((numbers - low) / (high - low), -1, 2))


@dataclass(frozen=True)
class Rows:
    """Horizontal bars, one a row: names left of them, values after them."""

    board: Board
    left: float
    top: float
    width: float
    highest: float
    row: float = 21.0

    def place(self, number: int) -> float:
        """The middle of a row."""
        return self.top + self.row * (number + 0.5)

    def to_x(self, value: float) -> float:
        """Place of a value."""
        return self.left + self.width * value / max(self.highest, 1e-300)

    def names(self, names: Sequence[str]) -> None:
        """Names left of the bars."""
        for number, name in enumerate(names):
            self.board.words(self.left - 6, self.place(number), name, ha="right", va="center")

    def bars(self, values: Sequence[float], color: str, hatch: str = "", begin: Sequence[float] | None = None) -> None:
        """A bar a row, from 0 or from `begin`."""
        starts = begin or [0.0] * len(values)
        half = 0.31 * self.row
        sides = [
            (self.to_x(start), self.place(number) - half, self.to_x(start + value), self.place(number) + half)
            for number, (start, value) in enumerate(zip(starts, values, strict=True))
            if value > 0
        ]
        self.board.boxes(sides, color, hatch, edgecolor=INK)

    def stacked(self, parts: Iterable[tuple[Sequence[float], str, str]]) -> list[float]:
        """Bars one behind the other: values, colour and hatching of each part. Returns where they end."""
        ends: list[float] = []
        for values, color, hatch in parts:
            self.bars(values, color, hatch, ends)
            ends = [start + value for start, value in zip(ends, values, strict=True)] if ends else list(values)
        return ends

    def labels(self, values: Sequence[float], texts: Sequence[str]) -> None:
        """A text after each value's place."""
        for number, (value, text) in enumerate(zip(values, texts, strict=True)):
            self.board.words(self.to_x(value) + 5, self.place(number), text, va="center", size=SMALL)

    def axis(self, count: int) -> None:
        """The line at 0."""
        self.board.line([self.left] * 2, [self.top, self.top + self.row * count], INK, 0.9)


def to_svg(figure: Figure) -> str:
    """The figure as an SVG file: no date, no metadata, the same bytes each time."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    stream = io.StringIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    FigureCanvasSVG(figure).print_svg(stream, metadata=nothing)  # type: ignore[no-untyped-call]
    return _FINER.sub(r"\1", re.sub(r"[ \t]+\n", "\n", stream.getvalue()))


def to_png(figure: Figure) -> bytes:
    """The figure as a PNG file, 800 pixels wide."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure.set_dpi(PNG_DPI)
    stream = io.BytesIO()
    options: Any = {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}}
    FigureCanvasAgg(figure).print_png(stream, **options)  # type: ignore[no-untyped-call]
    return stream.getvalue()
