"""A report before it has a form: sections of blocks of plain text.

HTML and Markdown are two ways of writing it down, so they cannot say different things. Text here is never escaped; the
writers do that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.metric import Level

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text."""

    text: str


@dataclass(frozen=True)
class Note:
    """A caveat: what the numbers above do not say."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A heading inside a section; `key` is its anchor."""

    key: str
    text: str


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Lead:
    """What the run answers, in a sentence or two that stand out."""

    text: str


@dataclass(frozen=True)
class Tile:
    """A number of the first screen: what it is called, and what it is compared with, if with anything."""

    value: str
    label: str
    beside: str = ""


@dataclass(frozen=True)
class Tiles:
    """The numbers of the first screen."""

    items: tuple[Tile, ...]


@dataclass(frozen=True)
class Standings:
    """Where each risk stands: title, level and the anchor of its figures."""

    items: tuple[tuple[str, Level, str], ...]


@dataclass(frozen=True)
class Table:
    """A table of text. The first `text_columns` columns are words, the rest numbers.

    `folded`: hidden on a screen until asked for; `printed`: shown in print even so.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text_columns: int = 1
    folded: bool = False
    printed: bool = True
    note: str = ""


@dataclass(frozen=True)
class Code:
    """Text to be copied as it is."""

    text: str


@dataclass(frozen=True)
class Finding:
    """One figure of a risk: its value, where it stands, one sentence that reads it, and the line it is held against."""

    name: str
    value: str
    level: Level
    reading: str
    line: str


@dataclass(frozen=True)
class Findings:
    """The figures of one risk; `key` is the anchor of its heading."""

    key: str
    title: str
    items: tuple[Finding, ...]


@dataclass(frozen=True)
class Chart:
    """A figure: `key` names its files; `shows` and `hides` are its caption, `alt` its words for who cannot see it.

    `names` explains the labels that stand for names which a figure cannot draw.
    """

    key: str
    title: str
    shows: str
    hides: str
    alt: str
    table: Table
    draw: Callable[[], Figure]
    names: tuple[str, ...] = ()


Block = Paragraph | Note | Heading | Bullets | Lead | Tiles | Standings | Table | Code | Findings | Chart


@dataclass(frozen=True)
class Section:
    """A chapter of the report; `key` is its anchor."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """The whole report; `question` is what it answers, said before anything else."""

    title: str
    subtitle: str
    question: str
    summary: tuple[Block, ...]
    sections: tuple[Section, ...]

    @property
    def charts(self) -> list[Chart]:
        """All figures, in order."""
        blocks = [*self.summary, *(block for section in self.sections for block in section.blocks)]
        return [block for block in blocks if isinstance(block, Chart)]
