"""Where payments waited: by stage, by station, and when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reports.reading import Entries
from reports.source import RunData
from reports.view.bins import Bins, Floats, fold

STAGES = ("payer_gateway", "payee_gateway", "ledger")
COLUMNS_AT_MOST = 72


@dataclass(frozen=True)
class Stage:
    """Mean time of a payment at one stage, ms."""

    name: str
    wait_ms: float
    service_ms: float


def stages(run: RunData) -> list[Stage]:
    """The three stages in the order of a payment's way; missing numbers count as 0."""
    found = run.entries.section("throughput.stages")
    return [
        Stage(name, *(float(found.number(f"{name}.{part}_ms_mean") or 0) for part in ("wait", "service")))
        for name in STAGES
    ]


def ranked(run: RunData) -> list[Entries]:
    """Stations by mean wait, the longest first; equal ones by utilisation, then by name."""

    def rank(one: Entries) -> tuple[float, float, str]:
        return -(one.number("wait_ms_mean") or 0), -(one.number("utilisation") or 0), one.text("station")

    return sorted(run.entries.rows("stations"), key=rank)


@dataclass(frozen=True)
class Heat:
    """Stations by time: `values[station, group]` is the highest bin mean of `measure`; 0 where nothing happened.

    `measure` is `queue_mean` where any payment waited, else `utilisation`.
    """

    bins: Bins
    stations: list[str]
    measure: str
    values: Floats


def heat(run: RunData, order: list[str], stations_at_most: int) -> Heat | None:
    """Queues (or else utilisation) by station and time, or None where no station was ever used.

    Args:
        run: the run.
        order: all stations, in the order in which they are wanted.
        stations_at_most: how many of them are shown; of more, those with the highest value.
    """
    if not len(run.stations.get("at_us", ())) or not len(run.series.get("at_us", ())):
        return None
    at_us = np.asarray(run.series["at_us"], dtype=np.int64)
    names = run.stations["station"]
    span = int(at_us.min()), int(max(at_us.max(), np.asarray(run.stations["at_us"], dtype=np.int64).max()))
    queues = np.asarray(run.stations["queue_mean"], dtype=np.float64)
    measure = "queue_mean" if queues.size and np.nanmax(queues) > 0 else "utilisation"
    bins = fold(run.stations["at_us"], run.bin_us, COLUMNS_AT_MOST, span)
    rows = {name: row for row, name in enumerate(order)}
    row_of = np.array([rows.get(str(name), -1) for name in names.tolist()], dtype=np.int64)
    known = row_of >= 0
    values = np.zeros((len(order), bins.count))
    column = np.nan_to_num(np.asarray(run.stations[measure], dtype=np.float64))
    np.maximum.at(values, (row_of[known], bins.index[known]), column[known])
    busiest = np.argsort(-values.max(axis=1), kind="stable")[:stations_at_most]
    keep = sorted(busiest.tolist())
    return Heat(bins, [order[row] for row in keep], measure, values[keep])
