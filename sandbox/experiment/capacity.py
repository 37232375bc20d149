"""How much a scenario can carry: the offered load is ramped to its knee, where people wait too long or get no answer.

Load is a multiple of what the scenario offers. It grows by people (the scenario's `scale`: wallets, corporates,
merchants and payments alike) or by payments alone (the same people pay more often, and meet their limits). Stations,
liquidity and campaigns stay as they are. The knee is bracketed: doubled or halved until one load holds and the next
does not, then the bracket is cut in two, in ratios, until it is as narrow as asked. All loads share their seeds.

The lines are those that the report holds a run against: 1 s keeps the flow of thought (Nielsen, Usability Engineering
1993); 1 in 100 payments without an answer is ASSUMED.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from sandbox.experiment.dispatch import run_jobs
from sandbox.experiment.errors import CapacityError
from sandbox.experiment.job import Job, jobs_of
from sandbox.experiment.results import Results
from sandbox.experiment.store import MemoryStore, Store
from sandbox.experiment.workers import Workers
from sandbox.scenario.load import Loaded
from sandbox.scenario.paths import format_path
from sandbox.scenario.schema import LEDGER
from sandbox.scenario.units import format_number, format_rate
from sandbox.stats.intervals import Interval, mean_interval

LoadBasis = Literal["people", "payments"]

DIGITS: Final = 4
"""Significant digits of a load."""
LIGHTEST: Final = 2.0**-10
"""The lightest load that is tried."""
SATURATED: Final = 0.7
"""Below this share of server time in its busiest bin a station is not called saturated. ASSUMED."""


@dataclass(frozen=True)
class Bounds:
    """What must hold; None for no matter.

    Attributes:
        p99_ms: 99 of 100 settled payments settle within this.
        answered: share of payments that are settled or refused by a rule, neither unavailable nor timed out.
        success: share of payments that settle.
    """

    p99_ms: float | None = 1_000.0
    answered: float | None = 0.99
    success: float | None = None


@dataclass(frozen=True)
class Probe:
    """What the scenario does at one load; means over its runs.

    Attributes:
        load: multiple of the scenario's own.
        offered_per_s: payments a second, mean over the run.
        p99_ms: of the runs in which something settled; None if there is none.
        busy: by station, share of server time in use in its busiest bin.
        crossed: names of the bounds that are crossed; none where nothing is offered.
    """

    load: float
    offered_per_s: float
    p99_ms: Interval | None
    answered: Interval
    success: Interval
    busy: Mapping[str, float]
    crossed: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every bound holds."""
        return not self.crossed

    @property
    def busiest(self) -> str:
        """The station with the busiest bin."""
        return max(self.busy, key=lambda name: self.busy[name])


@dataclass(frozen=True)
class ServerNeed:
    """What a station would need to be no busier under a plan than the first one is at the knee."""

    station: str
    servers: int
    needed: int


@dataclass(frozen=True)
class PlannedLoad:
    """A planned load: what it does, and what stations would need; the needs are a straight line from light load."""

    probe: Probe
    needs: tuple[ServerNeed, ...]


@dataclass(frozen=True)
class Capacity:
    """Where the knee is.

    Attributes:
        probes: every load that was tried, lightest first.
        holds: the heaviest load below every one that does not hold; None if the lightest tried already fails.
        fails: the lightest load that does not hold; None if the heaviest that may be tried still holds.
        runs: of each load.
        results: every number of every run.
    """

    probes: tuple[Probe, ...]
    holds: float | None
    fails: float | None
    bounds: Bounds
    by: LoadBasis
    runs: int
    planned: PlannedLoad | None
    results: Results

    def at(self, load: float) -> Probe:
        """The probe of a load that was tried."""
        return next(one for one in self.probes if one.load == load)

    @property
    def first(self) -> tuple[str, float] | None:
        """The station that saturates first and how busy it is at the knee; None if none is busy or there is no knee."""
        if self.holds is None or self.fails is None:
            return None
        knee = self.at(self.holds)
        station = knee.busiest
        return (station, knee.busy[station]) if knee.busy[station] >= SATURATED else None

    @property
    def head_room(self) -> float | None:
        """The knee over the planned load: above 1 the plan fits."""
        return None if self.planned is None or self.holds is None else self.holds / self.planned.probe.load


def find_capacity(
    loaded: Loaded,
    bounds: Bounds | None = None,
    *,
    by: LoadBasis = "people",
    planned: float | None = None,
    replications: int = 3,
    precision: float = 0.02,
    most: float = 64.0,
    workers: Workers | None = None,
    store: Store | None = None,
    on_probe: Callable[[Probe], None] | None = None,
) -> Capacity:
    """Find the knee.

    Args:
        loaded: the scenario.
        bounds: what must hold.
        by: how load grows.
        planned: a load to look at, such as 3.0 for three times as much.
        replications: runs of each load.
        precision: the bracket's ends differ by at most this share.
        most: the heaviest load that may be tried.
        workers: who runs; this process if not given.
        store: of finished runs.
        on_probe: called with each probe as it is there.

    Raises:
        CapacityError: there is no demand to ramp, nothing is offered at a load, or one cannot be run.
        WorkersError, StoreError: as `run_jobs`.
    """
    if not loaded.scenario.demand.segments:
        raise CapacityError(
            "{scenario} has no segments of demand to ramp; payments of a trace and of campaigns stay as they are",
            scenario=loaded.name,
        )
    ramp = _Ramp(loaded, bounds or Bounds(), by, replications, workers, store or MemoryStore(), on_probe)
    holds, fails = _bracket(ramp, most, precision)
    at_plan = None if planned is None else ramp.probe(planned)
    probes = tuple(ramp.probes[load] for load in sorted(ramp.probes))
    found = Capacity(probes, holds, fails, ramp.bounds, by, replications, None, ramp.results())
    return found if at_plan is None else replace(found, planned=_planned(loaded, found, at_plan))


def _bracket(ramp: _Ramp, most: float, precision: float) -> tuple[float | None, float | None]:
    """A load that holds and one that does not, close together; None for an end that was not found."""
    holds: float | None = None
    fails: float | None = None
    load = min(1.0, most)
    if not ramp.probe(load).offered_per_s:
        raise CapacityError(
            "{name} at {load} offers no payment, so there is nothing to hold: give it more demand "
            "(`demand.segments`) or a longer `duration`",
            load=_times(load),
            name=ramp.loaded.name,
        )
    if ramp.probe(load).holds:
        holds = load
        while fails is None and holds < most:
            load = _rounded(min(2.0 * holds, most))
            holds, fails = (load, None) if ramp.probe(load).holds else (holds, load)
    else:
        fails = load
        while holds is None and fails > LIGHTEST:
            load = _rounded(fails / 2.0)
            if not ramp.probe(load).offered_per_s:
                break  # so light a load tells nothing
            holds, fails = (load, fails) if ramp.probe(load).holds else (None, load)
    while holds is not None and fails is not None and fails / holds > 1.0 + precision:
        middle = _rounded(math.sqrt(holds * fails))
        if middle in (holds, fails):
            break
        holds, fails = (middle, fails) if ramp.probe(middle).holds else (holds, middle)
    return holds, fails


def _rounded(load: float) -> float:
    return float(f"{load:.{DIGITS}g}")


@dataclass
class _Ramp:
    """Runs loads and remembers them."""

    loaded: Loaded
    bounds: Bounds
    by: LoadBasis
    replications: int
    workers: Workers | None
    store: Store
    on_probe: Callable[[Probe], None] | None

    def __post_init__(self) -> None:
        self.probes: dict[float, Probe] = {}

    def point(self, load: float) -> dict[str, str]:
        """What a load sets."""
        scenario = self.loaded.scenario
        if self.by == "people":
            return {"scale": format_number(float(f"{scenario.scale * load:.10g}"))}
        return {
            format_path(("demand", "segments", name, "payments")): format_rate(float(f"{one.payments * load:.10g}"))
            for name, one in scenario.demand.segments.items()
        }

    def jobs(self, loads: list[float]) -> list[Job]:
        return jobs_of(self.loaded, [self.point(load) for load in loads], replications=self.replications)

    def results(self) -> Results:
        """All runs so far as one table, lightest load first; nothing is run again."""
        return run_jobs(self.jobs(sorted(self.probes)), self.workers, self.store)

    def probe(self, load: float) -> Probe:
        """Run a load, if it was not run yet."""
        if load not in self.probes:
            results = run_jobs(self.jobs([load]), self.workers, self.store)
            if results.errors:
                raise CapacityError(
                    "the load {load} cannot be run: {reason}",
                    load=_times(load),
                    reason=next(iter(results.errors.values())),
                )
            self.probes[load] = self._probe_of(load, results)
            if self.on_probe is not None:
                self.on_probe(self.probes[load])
        return self.probes[load]

    def _probe_of(self, load: float, results: Results) -> Probe:
        def column(metric: str) -> list[float]:
            return [float(value) for value in results.column(metric)]

        lost = [column(f"risk.operational.{name}_share") for name in ("unavailable", "timed_out")]
        answered = mean_interval([1.0 - a - b for a, b in zip(*lost, strict=True)])
        p99 = [one for one in column("throughput.latency_ms.p99") if not math.isnan(one)]
        p99_ms = mean_interval(p99) if p99 else None
        success = mean_interval([0.0 if math.isnan(one) else one for one in column("throughput.success_share")])
        names = [*self.loaded.scenario.institutions, LEDGER]
        busy = {name: _mean(column(format_path(("stations", name, "utilisation_peak")))) for name in names}
        offered = _mean(column("throughput.payments")) / (self.loaded.scenario.duration / 1e6)
        over = crossed(self.bounds, p99_ms, answered, success) if offered else ()
        return Probe(load, offered, p99_ms, answered, success, busy, over)


def _mean(values: list[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return float(np.mean(known)) if known else 0.0


def crossed(bounds: Bounds, p99_ms: Interval | None, answered: Interval, success: Interval) -> tuple[str, ...]:
    """Names of the bounds that a load crosses; where nothing settled, the one on latency is crossed."""
    found = []
    if bounds.p99_ms is not None and (p99_ms is None or p99_ms.value > bounds.p99_ms):
        found.append("p99_ms")
    if bounds.answered is not None and answered.value < bounds.answered:
        found.append("answered")
    if bounds.success is not None and success.value < bounds.success:
        found.append("success")
    return tuple(found)


def _times(load: float) -> str:
    return f"{load:g}x"


def _planned(loaded: Loaded, found: Capacity, plan: Probe) -> PlannedLoad:
    """The plan's probe with the servers it asks for; work grows in line with load until stations are full."""
    light, scenario = found.probes[0], loaded.scenario
    servers = {name: one.servers for name, one in scenario.institutions.items()} | {LEDGER: scenario.ledger.servers}
    target = found.first[1] if found.first is not None else SATURATED
    needs = []
    for name, busy in light.busy.items():
        projected = busy * plan.load / light.load
        needed = math.ceil(servers[name] * projected / target)
        if projected > target and needed > servers[name]:
            needs.append(ServerNeed(name, servers[name], needed))
    return PlannedLoad(plan, tuple(sorted(needs, key=lambda one: -one.needed / one.servers)))
