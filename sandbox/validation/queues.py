"""The queueing systems that are checked, each an ordinary scenario file at some loads, and what has to come out.

The exact values are worked out from the scenario's inputs (arrival rate, service times, servers, patience) by `theory`.
`python -m sandbox.validation.queues` prints every number as a Markdown table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from sandbox.scenario.schema import Scenario, ServiceTime
from sandbox.scenario.units import US_PER_DAY
from sandbox.validation import check, theory
from sandbox.validation.measure import (
    GATEWAY,
    LEDGER,
    SHARP,
    SIGMAS,
    Estimate,
    Observations,
    batch_estimate,
    observe,
    scenario_of,
)

US_PER_S: Final = 1_000_000
S_PER_DAY: Final = US_PER_DAY / US_PER_S
BLUNT: Final = 0.15
"""Sharpness asked of the probability of something rare."""

STATIONS: Final = {GATEWAY: "bank", LEDGER: "ledger"}
PLACES: Final = {GATEWAY: "gateway", LEDGER: "ledger"}


class TheoryCheck(NamedTuple):
    """One number: what it is, its exact value, what the run gave, and how sharp that has to be."""

    what: str
    exact: float
    found: Estimate
    sharp: float = SHARP

    @property
    def holds(self) -> bool:
        """Whether the run agrees."""
        return self.found.agrees(self.exact, self.sharp)

    @property
    def standard_errors_off(self) -> float:
        """Distance from the exact value in standard errors."""
        return (self.found.mean - self.exact) / self.found.standard_error


class QueueInputs(NamedTuple):
    """A station's inputs, in seconds."""

    arrivals_per_s: float
    service: ServiceTime
    servers: int

    @property
    def service_s(self) -> float:
        """Mean service."""
        return self.service.mean / US_PER_S

    @property
    def load(self) -> float:
        """Share of the servers' time that the demand needs."""
        return theory.offered_load(self.arrivals_per_s, self.service_s) / self.servers

    def wait_s(self) -> float:
        """Exact mean wait."""
        if self.service.shape == "exponential":
            return theory.wait_mmc_s(self.arrivals_per_s, self.service_s, self.servers)
        assert self.servers == 1, "no closed form for several servers whose services are not exponential"
        lognormal = self.service.shape == "lognormal"
        variance = theory.lognormal_variance(self.service_s, self.service.sigma) if lognormal else 0.0
        return theory.wait_mg1_s(self.arrivals_per_s, self.service_s, variance)

    def wait_probability(self) -> float:
        """Exact probability of having to wait: Erlang C; of M/G/1 the load."""
        return theory.erlang_c(self.servers, self.load * self.servers)


def queue_of(scenario: Scenario, side: int) -> QueueInputs:
    """Inputs of the gateway or the ledger: every payment of these scenarios visits each of them once."""
    (segment,) = scenario.demand.segments.values()
    arrivals_per_s = segment.payments * scenario.scale / S_PER_DAY
    if side == LEDGER:
        return QueueInputs(arrivals_per_s, scenario.ledger.service, scenario.ledger.servers)
    (bank,) = scenario.institutions.values()
    return QueueInputs(arrivals_per_s, bank.service, bank.servers)


def station_checks(scenario: Scenario, seen: Observations, side: int) -> Iterator[TheoryCheck]:
    """Wait, queue, probability of waiting and use of one station."""
    queue, place, station = queue_of(scenario, side), PLACES[side], STATIONS[side]
    waits_us = seen.wait_us(side)
    exact_s = queue.wait_s()
    yield TheoryCheck(f"{place}: mean wait, ms", 1e3 * exact_s, batch_estimate(waits_us / 1e3))
    exact_queue = theory.mean_queue_length(queue.arrivals_per_s, exact_s)
    yield TheoryCheck(f"{place}: mean queue", exact_queue, batch_estimate(seen.bins(station, "queue_mean")))
    yield TheoryCheck(f"{place}: share that waits", queue.wait_probability(), batch_estimate(waits_us > 0))
    yield TheoryCheck(f"{place}: use of servers", queue.load, batch_estimate(seen.bins(station, "utilisation")))


def one_station(side: int) -> Callable[[Scenario, Observations], Iterator[TheoryCheck]]:
    """Checks of a scenario with one station that matters; the other has servers for all and takes 1 us."""

    def checks(scenario: Scenario, seen: Observations) -> Iterator[TheoryCheck]:
        yield from station_checks(scenario, seen, side)
        queue = queue_of(scenario, side)
        if queue.service.shape == "exponential":
            # The wait that one in ten of those who have to wait exceeds.
            wait_s = theory.quantile_exponential(queue.service_s / (queue.servers * (1.0 - queue.load)), 0.1)
            exact = theory.wait_mmc_above(queue.arrivals_per_s, queue.service_s, queue.servers, wait_s)
            found = batch_estimate(seen.wait_us(side) > wait_s * US_PER_S)
            yield TheoryCheck(f"{PLACES[side]}: share that waits above {1e3 * wait_s:.0f} ms", exact, found, BLUNT)
            if queue.servers == 1:
                yield from sojourn_checks(queue, seen, side)

    return checks


def sojourn_checks(queue: QueueInputs, seen: Observations, side: int) -> Iterator[TheoryCheck]:
    """Wait and service together are exponential in M/M/1 served in order of arrival."""
    mean_s = queue.service_s / (1.0 - queue.load)
    spent_us = seen.spent_us(side)
    for above in (0.5, 0.1, 0.01):
        limit_s = theory.quantile_exponential(mean_s, above)
        found = batch_estimate(spent_us > limit_s * US_PER_S)
        yield TheoryCheck(f"{PLACES[side]}: share that spends above {1e3 * limit_s:.0f} ms", above, found, BLUNT)


def in_series(scenario: Scenario, seen: Observations) -> Iterator[TheoryCheck]:
    """Jackson: each station as if it stood alone; with one server each, times spent are independent (Reich)."""
    for side in (GATEWAY, LEDGER):
        yield from station_checks(scenario, seen, side)
    queues = [queue_of(scenario, side) for side in (GATEWAY, LEDGER)]
    total_s = math.fsum(queue.wait_s() + queue.service_s for queue in queues)
    spent_us = [seen.spent_us(side) for side in (GATEWAY, LEDGER)]
    yield TheoryCheck("both: mean time, ms", 1e3 * total_s, batch_estimate((spent_us[0] + spent_us[1]) / 1e3))
    if all(queue.servers == 1 for queue in queues):
        means = [queue.service_s / (1.0 - queue.load) for queue in queues]
        first, second = (us / US_PER_S / mean for us, mean in zip(spent_us, means, strict=True))
        yield TheoryCheck(
            "both: mean product of the two times, over the product of exact means", 1.0, batch_estimate(first * second)
        )


def reneging(scenario: Scenario, seen: Observations) -> Iterator[TheoryCheck]:
    """Who leaves the queue, who times out, and how long they stand in it."""
    queue = queue_of(scenario, GATEWAY)
    assert scenario.behaviour.patience is not None
    exact = theory.Impatient(queue.arrivals_per_s, queue.service_s, scenario.behaviour.patience / US_PER_S)
    arrivals, withdrawn = seen.bins("bank", "arrivals"), seen.bins("bank", "withdrawn")
    yield TheoryCheck(
        "gateway: share that leaves the queue",
        exact.reneging_probability(),
        batch_estimate(withdrawn / np.mean(arrivals)),
    )
    yield TheoryCheck("share timed out", exact.timeout_probability(), batch_estimate(seen.ended_as("timed_out")))
    exact_queue = theory.mean_queue_length(queue.arrivals_per_s, exact.mean_queueing_time_s())
    yield TheoryCheck("gateway: mean queue", exact_queue, batch_estimate(seen.bins("bank", "queue_mean")))


@dataclass(frozen=True)
class QueueCase:
    """A system at one load."""

    name: str
    file: str
    payments_per_s: float
    hours: float
    checks: Callable[[Scenario, Observations], Iterator[TheoryCheck]]

    @property
    def seed(self) -> int:
        """Each case has a seed of its own: its place in the list, from 1."""
        return 1 + CASES.index(self)

    def scenario(self, changes: Mapping[str, object] | None = None, seed: int | None = None) -> Scenario:
        """The case's scenario; `changes` are further values by path, as `--set` gives them."""
        own = {"demand.segments.retail.payments": f"{self.payments_per_s} /s", "duration": f"{self.hours} h"}
        return scenario_of(self.file, {**own, **(changes or {})}, self.seed if seed is None else seed)

    def __str__(self) -> str:
        return f"{self.name} at {self.payments_per_s:g}/s"


gateway_checks, ledger_checks = one_station(GATEWAY), one_station(LEDGER)

CASES: Final = (
    QueueCase("M/M/1", "mm1.yaml", 50, 3, gateway_checks),
    QueueCase("M/M/1", "mm1.yaml", 70, 4, gateway_checks),
    QueueCase("M/M/1", "mm1.yaml", 85, 6, gateway_checks),
    QueueCase("M/M/2", "mm2.yaml", 50, 3, gateway_checks),
    QueueCase("M/M/2", "mm2.yaml", 70, 4, gateway_checks),
    QueueCase("M/M/2", "mm2.yaml", 85, 6, gateway_checks),
    QueueCase("M/M/2 at the ledger", "ledger-mm2.yaml", 70, 4, ledger_checks),
    QueueCase("M/M/5", "mm5.yaml", 50, 6, gateway_checks),
    QueueCase("M/M/5", "mm5.yaml", 70, 4, gateway_checks),
    QueueCase("M/M/5", "mm5.yaml", 85, 6, gateway_checks),
    QueueCase("M/D/1", "md1.yaml", 50, 2, gateway_checks),
    QueueCase("M/D/1", "md1.yaml", 70, 2, gateway_checks),
    QueueCase("M/D/1", "md1.yaml", 85, 4, gateway_checks),
    QueueCase("M/G/1 lognormal", "mg1.yaml", 50, 3, gateway_checks),
    QueueCase("M/G/1 lognormal", "mg1.yaml", 70, 4, gateway_checks),
    QueueCase("M/G/1 lognormal", "mg1.yaml", 85, 6, gateway_checks),
    QueueCase("M/M/1 -> M/M/1", "tandem.yaml", 50, 3, in_series),
    QueueCase("M/M/1 -> M/M/1", "tandem.yaml", 80, 5, in_series),
    QueueCase("M/M/3 -> M/M/2", "tandem-many.yaml", 70, 4, in_series),
    QueueCase("M/M/1 with patience", "impatient.yaml", 85, 2, reneging),
    QueueCase("M/M/1 with patience", "impatient.yaml", 120, 2, reneging),
)
"""Long enough for standard errors of about 1 %."""


def compare_with_theory(case: QueueCase, seed: int | None = None) -> list[TheoryCheck]:
    """Run a case and compare."""
    scenario = case.scenario(seed=seed)
    return list(case.checks(scenario, observe(scenario)))


def number(value: float) -> str:
    """Four figures that count."""
    return f"{value:.4g}"


def row(case: QueueCase, one: TheoryCheck) -> str:
    """One line of the table; the last column is the difference in standard errors."""
    found = one.found
    cells = (
        f"{case.name}, {case.payments_per_s:g}/s", one.what, number(one.exact), number(found.mean),
        number(found.standard_error), f"{100 * found.standard_error / abs(one.exact):.2f} %",
        f"{one.standard_errors_off:+.1f}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def table() -> Iterator[str]:
    """The whole table, a line at a time."""
    yield "| system | number | exact | simulated | standard error | relative | off by |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: |"
    for case in CASES:
        for one in compare_with_theory(case):
            yield row(case, one) + ("" if one.holds else " **does not agree**")


def checks(seed: int) -> Iterator[check.Check]:
    """A row a system: the number that is furthest from its exact value, in standard errors."""
    for case in CASES:
        ones = compare_with_theory(case, case.seed + len(CASES) * (seed - 1))
        furthest = max(abs(one.standard_errors_off) for one in ones)
        # A number whose standard error is too wide agrees with anything, so it counts as furthest of all.
        off = furthest if all(one.found.sharp(one.exact, one.sharp) for one in ones) else math.inf
        yield check.Check(f"{case.name}, {case.payments_per_s:g}/s", "", "", 0, SIGMAS, off, ".1f")


if __name__ == "__main__":
    for line in table():
        print(line, flush=True)
