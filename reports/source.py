"""What a report is made of: the parts of a run folder, read once.

Units are those of the folder: `_fen` whole fen, `_us` whole microseconds since the scenario's start. An integer column
with missing values becomes float64 with NaN (latencies only; they are far below 2**53 us, so no digit is lost).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from reports.columns import column, whole
from reports.lost import Lost, lost
from reports.reading import Entries
from sandbox.records import Run, open_run
from sandbox.tables import REFUSALS

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Columns = Mapping[str, npt.NDArray[np.generic]]

SERIES = (
    "at_us", "submitted", "ended", "settled", *REFUSALS, "latency_p50_us", "latency_p95_us", "latency_p99_us",
)  # fmt: skip
STATIONS = ("at_us", "station", "queue_mean", "utilisation")


@dataclass(frozen=True)
class Event:
    """One control event; `detail` is the parsed JSON, empty if there was none or it was no object."""

    at_us: int
    actor: str
    event: str
    subject: str
    detail: Mapping[str, Any]

    @property
    def entries(self) -> Entries:
        """The detail, as chapters read it."""
        return Entries(self.detail)


@dataclass(frozen=True)
class Parameter:
    """One parameter in force, as in `parameters.parquet`."""

    path: str
    value: str
    role: str
    source: str
    status: str
    set_by: str
    doc: str


@dataclass(frozen=True)
class RunData:
    """Everything a report reads of a run.

    Attributes:
        table: columns of a table that not every run has, by name; none of a run without it.
        payment_rows: how many payments `payments.parquet` holds.
        records: the run folder, for chapters that go through the payments themselves.
    """

    summary: Mapping[str, Any]
    manifest: Mapping[str, Any] = field(default_factory=dict)
    series: Columns = field(default_factory=dict)
    stations: Columns = field(default_factory=dict)
    table: Callable[[str, tuple[str, ...]], Columns] = lambda name, columns: {}
    events: tuple[Event, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    payment_rows: int | None = None
    records: Run | None = None

    @property
    def entries(self) -> Entries:
        """The summary, as chapters read it."""
        return Entries(self.summary)

    def get(self, path: str) -> Any:
        """A value of the summary by dotted path, or None where the run has no such thing."""
        return self.entries.get(path)

    @cached_property
    def lost(self) -> Lost | None:
        """Payments lost to technical trouble; None where not all payments are there to count, or none is lost.

        Raises:
            sandbox.records.RunError: the payments cannot be read.
        """
        return lost(self.records) if self.complete and self.records is not None else None

    @property
    def complete(self) -> bool:
        """Whether every payment is recorded."""
        return self.payment_rows is not None and self.manifest.get("record") == "all"

    @property
    def start(self) -> datetime:
        """Local date and time of the start; the year 2000 where the summary gives none that can be read."""
        try:
            return datetime.fromisoformat(str(self.get("scenario.start"))).replace(tzinfo=None)
        except ValueError:
            return datetime(2000, 1, 1)

    @property
    def bin_us(self) -> int:
        """Length of a bin of the series."""
        return int(self.get("scenario.bin_us") or 60_000_000)


def read(folder: Path) -> RunData:
    """Read what a report needs of a run folder, finished or about to be.

    Raises:
        sandbox.records.RunError: a file is missing or cannot be read.
    """
    run = open_run(folder, unfinished=True)

    @cache
    def table(name: str, columns: tuple[str, ...]) -> Columns:
        return _columns(run.arrow(name, columns)) if name in run.tables else {}

    return RunData(
        summary=run.summary,
        manifest=run.manifest,
        series=_while_busy(_columns(run.arrow("series", SERIES)), run.summary),
        stations=_columns(run.arrow("stations", STATIONS)),
        table=table,
        events=tuple(_events(run.arrow("events"))),
        parameters=tuple(
            Parameter(**{name: "" if row[name] is None else str(row[name]) for name in Parameter.__dataclass_fields__})
            for row in run.arrow("parameters").to_pylist()
        ),
        payment_rows=run.rows("payments") if "payments" in run.tables else None,
        records=run,
    )


def _while_busy(series: Columns, summary: Mapping[str, Any]) -> Columns:
    """Without the bins after the end of demand in which nothing was offered and nothing ended any more.

    A run goes on for as long as anything is open, such as a payment across a border that waits for its money.
    """
    duration_us = summary.get("scenario", {}).get("duration_us")
    if not series or duration_us is None:
        return series
    at_us, submitted, ended = (np.asarray(series[name], dtype=np.int64) for name in ("at_us", "submitted", "ended"))
    until = int(np.flatnonzero((at_us < duration_us) | (submitted > 0) | (ended > 0)).max(initial=-1)) + 1
    return {name: values[:until] for name, values in series.items()}


def _columns(table: pa.Table) -> dict[str, npt.NDArray[np.generic]]:
    return {name: column(whole(table, name)) for name in table.column_names}


def _events(table: pa.Table) -> list[Event]:
    events = []
    for row in table.to_pylist():
        try:
            detail = json.loads(row["detail"] or "{}")
        except (ValueError, RecursionError):
            detail = {"detail": row["detail"]}
        if not isinstance(detail, dict):
            detail = {"detail": detail}
        text = {name: "" if row[name] is None else str(row[name]) for name in ("actor", "event", "subject")}
        events.append(Event(at_us=int(row["at_us"]), detail=detail, **text))
    return sorted(events, key=lambda event: event.at_us)
