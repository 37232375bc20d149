"""The short summary that `run` prints: what the first screen of the report says, as text."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from wcwidth import ljust, width, wrap

from reports import formats
from reports.names import LEVELS
from reports.sections.first_screen import FirstScreen, of_run
from sandbox.cli.notes import near
from sandbox.language import _, named
from sandbox.records import REPORT_HTML, Run

NARROWEST, WIDEST = 60, 100
"""Columns of the summary, whatever the terminal has."""


def summary_lines(run: Run) -> list[str]:
    """The summary of a finished run, a line each."""
    columns = min(WIDEST, max(NARROWEST, shutil.get_terminal_size((WIDEST, 24)).columns))
    lines = [*_head(run), "", *_said(of_run(run.path), columns), ""]
    if run.summary.get("conservation", {}).get("ok"):
        lines += [_("Every balance adds up, to the fen."), ""]
    found = [(_("run folder"), run.path), (_("report"), run.path / REPORT_HTML)]
    return lines + _aligned([(label, near(path)) for label, path in found if path.exists()])


def _head(run: Run) -> Iterator[str]:
    scenario, manifest = run.summary.get("scenario", {}), run.manifest
    name = manifest["scenario"]["name"]
    yield str(scenario.get("title", name))
    yield _(
        "{name}, seed {seed}: {duration} simulated in {took}",
        name=name,
        seed=manifest["seed"],
        duration=formats.duration(scenario.get("duration_us", 0)),
        took=formats.milliseconds(1_000 * manifest.get("took_s", 0.0)),
    )


def _said(first: FirstScreen, columns: int) -> Iterator[str]:
    yield from wrap(first.lead, columns)
    yield ""
    tiles = ((tile.value, f"{tile.label} ({tile.beside})" if tile.beside else tile.label) for tile in first.tiles)
    yield from (f"  {line}" for line in _aligned(list(tiles)))
    for text in (*first.texts, *first.warnings, *_risks(first)):
        yield ""
        yield from wrap(text, columns)


def _risks(first: FirstScreen) -> Iterator[str]:
    """The risks by where they stand, the worst first."""
    by_level: dict[str, list[str]] = {}
    for title, level, __ in first.standings.items:
        by_level.setdefault(level, []).append(title)
    said = (
        _("{standing}: {risks}", standing=named(LEVELS, level), risks=formats.listed(by_level[level]))
        for level in ("worry", "watch", "ok", "none")
        if level in by_level
    )
    if by_level:
        yield _("Risks. {list}.", list=formats.capital(formats.series(said)))


def _aligned(rows: list[tuple[str, str]]) -> list[str]:
    """Two columns."""
    widest = max((width(first) for first, __ in rows), default=0)
    return [f"{ljust(first, widest)}  {second}" for first, second in rows]
