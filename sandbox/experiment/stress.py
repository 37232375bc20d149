"""Who matters: the scenario once with each participant failed in turn, paired with the scenario as it stands.

A participant fails by a fault of the scenario's own kind, added to those it has; nothing else changes and all runs
share their seeds, so what differs is the participant's failing. After the stress tests that overseers of payment
systems run on simulators (Bank of Finland, BoF-PSS).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sandbox.experiment.asked import HEADLINES, Asked, checked
from sandbox.experiment.errors import ExperimentError
from sandbox.experiment.results import Results
from sandbox.scenario.load import Loaded
from sandbox.scenario.schema import LEDGER
from sandbox.scenario.schema.scenario import Fault, Scenario
from sandbox.scenario.tree import Shape, written
from sandbox.scenario.units import US_PER_DAY
from sandbox.stats.intervals import Paired, corrected, paired

EACH: Final = "each:"
LOST_VALUE: Final = "throughput.settled_fen"
METRICS: Final = (
    LOST_VALUE,
    "throughput.settled",
    "throughput.latency_ms.p99",
    "outcomes.unavailable",
    "outcomes.timed_out",
)
HALF: Final = 0.5
"""What a gateway loses of its servers. ASSUMED."""


@dataclass(frozen=True)
class Window:
    """When participants are failed (us from the start); None for all the time, until the last payment has ended."""

    starts_us: int = 0
    lasts_us: int | None = None


def _outage(scenario: Scenario, station: str, window: Window) -> Fault:
    return Fault(station=station, kind="outage", starts=window.starts_us, lasts=_lasts(scenario, window))


def _half(scenario: Scenario, station: str, window: Window) -> Fault:
    lasts = _lasts(scenario, window)
    return Fault(station=station, kind="capacity_loss", starts=window.starts_us, lasts=lasts, loss=HALF)


def _lasts(scenario: Scenario, window: Window) -> int:
    return scenario.duration + US_PER_DAY if window.lasts_us is None else window.lasts_us


KINDS: Final[dict[str, Callable[[Scenario, str, Window], Fault]]] = {
    "institution": _outage,
    "gateway": _half,
    "ledger": _half,
}
"""Which participants can be failed, and how: an institution refuses all payments; a gateway, or the ledger, loses half
of its servers. Merchants and people have no fault of their own in a scenario."""


def participants(loaded: Loaded, asked: str) -> tuple[str, list[str]]:
    """The kind and the names behind `each:institution` and its like.

    Raises:
        ExperimentError: there is no such kind, or the scenario has none of it.
    """
    kind = asked.removeprefix(EACH)
    if kind not in KINDS or not asked.startswith(EACH):
        raise ExperimentError("stress_kind", asked=asked, kinds=", ".join(EACH + name for name in KINDS))
    return kind, [LEDGER] if kind == "ledger" else list(loaded.scenario.institutions)


def stress_of(
    loaded: Loaded,
    asked: str,
    *,
    replications: int = 5,
    window: Window | None = None,
    metrics: Sequence[str] | None = None,
) -> Asked:
    """The scenario as it stands, then a policy for each participant, of its name, in which it has failed.

    Args:
        loaded: the scenario.
        asked: `each:institution`, `each:gateway` or `each:ledger`.
        replications: runs of each.
        window: when they are failed.
        metrics: to look at first, beside the value settled.

    Raises:
        ExperimentError: as `participants`; too many runs; the window lies behind the end.
    """
    kind, names = participants(loaded, asked)
    when = window or Window()
    if when.starts_us >= loaded.scenario.duration:
        raise ExperimentError("stress_window")
    base = loaded.name if loaded.name not in names else f"{loaded.name} (as it is)"
    return checked(
        Asked(
            kind="stress",
            name=f"stress-{loaded.name}-{kind}",
            policies={base: loaded, **dict.fromkeys(names, loaded)},
            fixed={
                name: {"faults": _faults(loaded.scenario, KINDS[kind](loaded.scenario, name, when))} for name in names
            },
            replications=replications,
            metrics=tuple(dict.fromkeys((*METRICS, *(metrics or HEADLINES[:1])))),
        )
    )


def _faults(scenario: Scenario, one: Fault) -> str:
    """All faults as text that sets them."""
    shape = Shape("section", model=Fault)
    return json.dumps([written(fault, shape) for fault in (*scenario.faults, one)], ensure_ascii=False)


@dataclass(frozen=True)
class Ranked:
    """What the system loses when a participant fails.

    Attributes:
        participant: its name.
        lost: the metric, failed against not, on the same seeds; None where runs failed.
        share: of the base's value that is lost; below 0 if more is settled.
    """

    participant: str
    lost: Paired | None
    share: float | None


def ranking(results: Results, metric: str = LOST_VALUE) -> list[Ranked]:
    """Who matters most first: by how much of `metric` is lost; who cannot be told comes last.

    Args:
        results: of a `stress_of`; the first policy is the base.
        metric: of which more is better.
    """
    base, *names = results.policies
    pairs = {name: results.pair(metric, base, name) for name in names}
    told = [name for name in names if len(pairs[name].first)]
    found = corrected([paired(pairs[name].first.tolist(), pairs[name].second.tolist()) for name in told])
    rows = [
        Ranked(name, one, -one.difference.value / one.base if one.base else None)
        for name, one in zip(told, found, strict=True)
    ]
    rows.sort(key=lambda row: row.lost.difference.value if row.lost is not None else 0.0)
    return [*rows, *(Ranked(name, None, None) for name in names if name not in told)]
