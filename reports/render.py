"""Render the report of a run folder: the one thin part that touches files.

A reader never sees half of a file. The same folder gives the same bytes each time, with the same version of matplotlib.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reports.document import Document
from reports.html import to_html
from reports.markdown import to_markdown
from reports.sections.build import build
from reports.source import read
from sandbox import records
from sandbox.disk import write_whole


@dataclass(frozen=True)
class RenderedReport:
    """Where the parts of a report are."""

    html: Path
    markdown: Path
    figures: tuple[Path, ...]


def render(folder: str | Path) -> RenderedReport:
    """Write `report.html`, `report.md` and `figures/*.svg`, `figures/*.png` into a run folder.

    Args:
        folder: a run whose tables and summary are written; it may not be finished yet.

    Raises:
        sandbox.records.RunError: the folder is no run, or a file of it cannot be read.
        OSError: the folder cannot be written.
    """
    folder = Path(folder)
    return write(build(read(folder)), folder)


def write(document: Document, folder: Path) -> RenderedReport:
    """Write a document and its figures into a folder.

    Raises:
        OSError: the folder cannot be written.
    """
    figures = folder / records.FIGURES
    figures.mkdir(exist_ok=True)
    svgs, files = _draw(document, figures)
    _clear(figures, files)
    html, markdown = folder / records.REPORT_HTML, folder / records.REPORT_MD
    write_whole(markdown, to_markdown(document).encode())
    write_whole(html, to_html(document, svgs).encode())
    return RenderedReport(html, markdown, tuple(files))


def _draw(document: Document, figures: Path) -> tuple[dict[str, str], list[Path]]:
    from reports.figures.canvas import styled, to_png, to_svg

    svgs: dict[str, str] = {}
    files: list[Path] = []
    with styled():
        for chart in document.charts:
            figure = chart.draw()
            svgs[chart.key] = to_svg(figure)
            for kind, content in (("svg", svgs[chart.key].encode()), ("png", to_png(figure))):
                file = figures / f"{chart.key}.{kind}"
                write_whole(file, content)
                files.append(file)
    return svgs, files


def _clear(figures: Path, keep: list[Path]) -> None:
    """Remove figures of an earlier rendering that this one does not have."""
    for file in figures.iterdir():
        if file.suffix in (".svg", ".png") and file not in keep:
            file.unlink()
