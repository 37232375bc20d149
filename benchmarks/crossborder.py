"""What payments across borders cost: `python -m benchmarks.crossborder [PAYMENTS]` (100,000 if left out).

CPU time of a run with so many payments on one way, and with a tenth and a third of them: asked for are 60 seconds for
100,000 on either way, and growth in proportion. Nothing here makes a test fail.
"""

from __future__ import annotations

import sys
import time

from ruamel.yaml import YAML

from sandbox.engine.simulation import Simulation
from sandbox.scenario.schema import Scenario
from sandbox.world import build

PAYMENTS = 100_000
ASKED_S = 60.0
WAYS = ("shared_ledger", "correspondent")
WORLD = """
title: Many payments across borders
question: How long does it take?
start: 2026-03-02T00:00:00
duration: 10 days
series: {bin: 4 h}
population: {wallets: 100, corporates: 10}
merchants: {count: 10}
demand: {segments: {shops: {payments: 10 /day, ticket: qr_quantile}}}
crossborder:
  jurisdictions: {mainland: {banks: 20}, hong_kong: {banks: 20}, thailand: {banks: 10}, uae: {banks: 10}}
  corridors:
    one: {sender: hong_kong, receiver: mainland, payments: 1 /day, mean: 20000 USD}
    two: {sender: mainland, receiver: hong_kong, payments: 1 /day, mean: 20000 USD}
    three: {sender: mainland, receiver: uae, payments: 1 /day, mean: 20000 USD}
    four: {sender: hong_kong, receiver: thailand, payments: 1 /day, mean: 20000 USD}
"""


def cpu_s(way: str, payments: int) -> tuple[float, int]:
    """CPU time of a run, and how many payments there were."""
    data = YAML(typ="safe").load(WORLD)
    data["crossborder"]["paths"] = way
    for corridor in data["crossborder"]["corridors"].values():
        del corridor["payments"]
        corridor["count"] = payments // len(data["crossborder"]["corridors"])
    simulation = Simulation(build(Scenario.model_validate(data), 1))
    began = time.process_time()
    simulation.run()
    took = time.process_time() - began
    (part,) = (one for one in simulation.parts if "crossborder" in one.tables())
    return took, len(part.tables()["crossborder"]["payment_id"])


def main() -> None:
    """Print a row a way and size."""
    payments = int(sys.argv[1]) if len(sys.argv) > 1 else PAYMENTS
    print("| way | payments | CPU | each |")
    print("| --- | --- | --- | --- |")
    for way in WAYS:
        cpu_s(way, 400)
        for size in (payments // 10, payments // 3, payments):
            took, count = cpu_s(way, size)
            asked = f" (asked for: at most {ASKED_S:.0f} s)" if size >= PAYMENTS else ""
            print(f"| {way} | {count:,} | {took:.1f} s{asked} | {1e6 * took / count:.0f} us |", flush=True)


if __name__ == "__main__":
    main()
