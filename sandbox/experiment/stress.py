"""Who matters: the scenario once with each participant failed in turn, paired with the scenario as it stands.

A participant fails by a fault of the scenario's own kind, added to those it has; nothing else changes and all runs
share their seeds, so what differs is the participant's failing. After the stress tests that overseers of payment
systems run on simulators (Bank of Finland, BoF-PSS).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel

from sandbox.experiment.errors import ExperimentError
from sandbox.experiment.plan import DEFAULT_METRICS, ExperimentPlan, checked
from sandbox.experiment.results import Results
from sandbox.feature import declared
from sandbox.language import _
from sandbox.scenario.introspection import Shape, written
from sandbox.scenario.load import Loaded
from sandbox.scenario.schema import LEDGER
from sandbox.scenario.schema.scenario import Fault, Scenario
from sandbox.scenario.schema.world import Closure
from sandbox.scenario.units import US_PER_DAY
from sandbox.stats.intervals import PairedDifference, corrected, paired

EACH: Final = "each:"
LOST_VALUE: Final = "throughput.settled_fen"
METRICS: Final = (
    LOST_VALUE,
    "throughput.settled",
    "throughput.latency_ms.p99",
    "outcomes.unavailable",
    "outcomes.timed_out",
)
MERCHANT: Final = "merchant "
MERCHANTS_FAILED: Final = 10
"""Merchants that are failed: the most popular ones."""
AFTERWARDS_US: Final = 61 * US_PER_DAY
"""Longer than any run goes on when demand is over."""
SERVERS_LOST: Final = 0.5
"""What a gateway loses of its servers. ASSUMED."""


@dataclass(frozen=True)
class Window:
    """When participants are failed (us from the start); None for all the time, until the last payment has ended."""

    starts_us: int = 0
    lasts_us: int | None = None


@dataclass(frozen=True)
class ParticipantKind:
    """Participants of one kind, and how each is failed.

    Attributes:
        names: those of a scenario.
        section: where in the scenario its faults stand.
        fault: one more of them, that fails one participant.
        lost: the metric that tells what is lost; the value of payments, if none is given.
    """

    names: Callable[[Scenario], list[str]]
    section: str
    fault: Callable[[Scenario, str, Window], BaseModel]
    lost: Callable[[Scenario], str] = lambda __: LOST_VALUE


def _station_fault(kind: Literal["outage", "capacity_loss"]) -> Callable[[Scenario, str, Window], Fault]:
    def fault(scenario: Scenario, name: str, window: Window) -> Fault:
        how = {"loss": SERVERS_LOST} if kind == "capacity_loss" else {}
        return Fault(station=name, kind=kind, starts=window.starts_us, lasts=fault_duration(scenario, window), **how)

    return fault


def _closure(scenario: Scenario, name: str, window: Window) -> Closure:
    number = int(name.removeprefix(MERCHANT))
    return Closure(merchant=number, starts=window.starts_us, lasts=fault_duration(scenario, window))


def fault_duration(scenario: Scenario, window: Window) -> int:
    """How long a fault of this window lasts (us)."""
    return scenario.duration + AFTERWARDS_US if window.lasts_us is None else window.lasts_us


def _institutions(scenario: Scenario) -> list[str]:
    return list(scenario.institutions)


def _merchants(scenario: Scenario) -> list[str]:
    return [f"{MERCHANT}{number}" for number in range(min(MERCHANTS_FAILED, scenario.merchants.count))]


KINDS: Final[dict[str, ParticipantKind]] = {
    "institution": ParticipantKind(_institutions, "faults", _station_fault("outage")),
    "gateway": ParticipantKind(_institutions, "faults", _station_fault("capacity_loss")),
    "ledger": ParticipantKind(lambda __: [LEDGER], "faults", _station_fault("capacity_loss")),
    "merchant": ParticipantKind(_merchants, "merchants.closures", _closure),
}
"""Which participants can be failed, and how: an institution refuses all payments; a gateway, or the ledger, loses half
of its servers; one of the ten most popular merchants accepts nothing. Features declare theirs (`Participants`)."""


@dataclass(frozen=True)
class Participants:
    """What a feature declares of its participants that can fail: kinds by name."""

    kinds: Mapping[str, ParticipantKind]


def kinds() -> dict[str, ParticipantKind]:
    """All kinds by name."""
    return KINDS | {name: kind for __, one in declared(Participants) for name, kind in one.kinds.items()}


def participants(loaded: Loaded, target: str) -> tuple[str, list[str]]:
    """The kind and the names behind `each:institution` and its like.

    Raises:
        ExperimentError: there is no such kind, or the scenario has none of it.
    """
    kind = target.removeprefix(EACH)
    known = kinds()
    if kind not in known or not target.startswith(EACH):
        raise ExperimentError(
            "'{target}' cannot be failed one by one; there are: {kinds}",
            target=target,
            kinds=", ".join(EACH + name for name in known),
        )
    names = known[kind].names(loaded.scenario)
    if not names:
        raise ExperimentError("{scenario} has no {kind} that could be failed", scenario=loaded.name, kind=kind)
    return kind, names


def stress_plan(
    loaded: Loaded,
    target: str,
    *,
    replications: int = 5,
    window: Window | None = None,
    metrics: Sequence[str] | None = None,
) -> ExperimentPlan:
    """The scenario as it stands, then a policy for each participant, of its name, in which it has failed.

    Args:
        loaded: the scenario.
        target: `each:` and one of `kinds`.
        replications: runs of each.
        window: when they are failed.
        metrics: to look at first, beside what is lost.

    Raises:
        ExperimentError: as `participants`; too many runs; the window lies behind the end.
    """
    name, names = participants(loaded, target)
    kind, scenario = kinds()[name], loaded.scenario
    when = window or Window()
    if when.starts_us >= scenario.duration:
        raise ExperimentError("participants are to fail after the scenario has ended")
    base = loaded.name if loaded.name not in names else _("{name} (as it is)", name=loaded.name)
    looked_at = (kind.lost(scenario), *METRICS, *(metrics or DEFAULT_METRICS[:1]))
    return checked(
        ExperimentPlan(
            kind="stress",
            name=f"stress-{loaded.name}-{name}",
            policies={base: loaded, **dict.fromkeys(names, loaded)},
            fixed={
                one: {kind.section: _faults_with(scenario, kind.section, kind.fault(scenario, one, when))}
                for one in names
            },
            replications=replications,
            metrics=tuple(dict.fromkeys(looked_at)),
        )
    )


def _faults_with(scenario: Scenario, section: str, one: BaseModel) -> str:
    """All faults of a section and one more, as text that sets them."""
    there: Any = scenario
    for name in section.split("."):
        there = getattr(there, name)
    shape = Shape("section", model=type(one))
    return json.dumps([written(fault, shape) for fault in (*there, one)], ensure_ascii=False)


@dataclass(frozen=True)
class RankedParticipant:
    """What the system loses when a participant fails.

    Attributes:
        participant: its name.
        lost: the metric, failed against not, on the same seeds; None where runs failed.
        share: of the base's value that is lost; below 0 if more is settled.
    """

    participant: str
    lost: PairedDifference | None
    share: float | None


def ranking(results: Results, metric: str = LOST_VALUE) -> list[RankedParticipant]:
    """Who matters most first: by how much of `metric` is lost; who cannot be told comes last.

    Args:
        results: of a `stress_plan`; the first policy is the base.
        metric: of which more is better.
    """
    base, *names = results.policies
    pairs = {name: results.pair(metric, base, name) for name in names}
    told = [name for name in names if len(pairs[name].first)]
    found = corrected([paired(pairs[name].first.tolist(), pairs[name].second.tolist()) for name in told])
    rows = [
        RankedParticipant(name, one, -one.difference.value / one.base_mean if one.base_mean else None)
        for name, one in zip(told, found, strict=True)
    ]
    rows.sort(key=lambda row: row.lost.difference.value if row.lost is not None else 0.0)
    return [*rows, *(RankedParticipant(name, None, None) for name in names if name not in told)]
