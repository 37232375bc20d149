"""A ramp to the knee, carried out into a folder; `summary.json` has a section `capacity`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from sandbox.experiment.capacity import Bounds, Capacity, LoadBasis, Probe, find_capacity
from sandbox.experiment.cluster import workers_for
from sandbox.experiment.folder import Experiment, Finish, write_folder
from sandbox.experiment.plan import ExperimentPlan
from sandbox.experiment.store import FILE, DiskStore
from sandbox.runfolder import check_out
from sandbox.scenario.load import Loaded
from sandbox.stats.intervals import Interval

METRICS: Final = ("throughput.latency_ms.p99", "throughput.success_share", "throughput.settled_per_s_peak")


def run_capacity(
    loaded: Loaded,
    bounds: Bounds,
    *,
    by: LoadBasis = "people",
    planned: float | None = None,
    replications: int = 3,
    precision: float = 0.02,
    most: float = 64.0,
    out: str | Path | None = None,
    force: bool = False,
    processes: int | None = None,
    cluster: str | None = None,
    on_probe: Callable[[Probe], None] | None = None,
    finish: Finish | None = None,
) -> Experiment:
    """Find the knee and write what was found; finished runs are kept beside the folder, as those of a sweep are.

    Args:
        loaded, bounds, by, planned, replications, precision, most, on_probe: as `sandbox.experiment.capacity.find`.
        out: the folder; of the question's own name if not given.
        force: replace a finished one there.
        processes: how many work; as many as cores if not given.
        cluster: address of a Dask scheduler, or `local`.
        finish: draws the report.

    Raises:
        CapacityError: it cannot be found; nothing was written.
        WorkersError, StoreError, OutputError: nobody can work, or nothing can be written.
    """
    terms = tuple(map(str, (bounds, by, planned, precision, most)))
    plan = ExperimentPlan(
        "capacity", f"capacity-{loaded.name}", {loaded.name: loaded}, {}, replications=replications, terms=terms
    )
    place = plan.folder() if out is None else Path(out)
    check_out(place.absolute(), force)
    with workers_for(processes, cluster) as workers, DiskStore(place.absolute().parent / FILE) as store:
        found = find_capacity(
            loaded, bounds, by=by, planned=planned, replications=replications, precision=precision, most=most,
            workers=workers, store=store, on_probe=on_probe,
        )  # fmt: skip
    more = {"comparisons": [], "capacity": as_dict(found, precision)}
    results = replace(found.results, distrusted=len(store.distrusted))
    return write_folder(plan, results, METRICS, place, force=force, finish=finish, more=more)


def as_dict(found: Capacity, precision: float) -> dict[str, Any]:
    """For `summary.json`."""
    return {
        "by": found.by,
        "precision": precision,
        "bounds": asdict(found.bounds),
        "runs": found.runs,
        "holds": found.holds,
        "fails": found.fails,
        "first": None if found.first is None else {"station": found.first[0], "utilisation": found.first[1]},
        "probes": [_probe(one) for one in found.probes],
        "planned": None
        if found.planned is None
        else {
            "load": found.planned.probe.load,
            "holds": found.planned.probe.holds,
            "crossed": list(found.planned.probe.crossed),
            "head_room": found.head_room,
            "needs": [asdict(one) for one in found.planned.needs],
        },
    }


def _probe(one: Probe) -> dict[str, Any]:
    return {
        "load": one.load,
        "offered_per_s": one.offered_per_s,
        "p99_ms": _interval(one.p99_ms),
        "answered": _interval(one.answered),
        "success": _interval(one.success),
        "crossed": list(one.crossed),
        "busiest": one.busiest,
        "busy": dict(one.busy),
    }


def _interval(one: Interval | None) -> dict[str, float | None] | None:
    return None if one is None else {"value": one.value, "low": one.low, "high": one.high}
