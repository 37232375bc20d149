"""What supervision costs: `python -m benchmarks.supervision [PAYMENTS]` (5 million if left out).

CPU time of runs with supervision (all detectors, large-value reports, counts of who sees what) over runs without, in
one process, in turns, so that a busy machine slows both alike. Asked for: at most 30 % more; and linear in payments.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.worlds import city
from sandbox.engine.simulation import Simulation
from sandbox.scenario.schema.supervision import Supervision
from sandbox.simulate import payments_writer
from sandbox.world import build

PAYMENTS = 5_000_000
WALLETS = 1_000_000
TURNS = 3


def cpu_s(payments: float, wallets: int, supervised: bool, record: str) -> float:
    """CPU time of one run, recorded to Parquet and the journal unless `record` is `none`."""
    scenario = city(payments, wallets)
    if supervised:
        scenario = scenario.model_copy(update={"supervision": Supervision()})
    world = build(scenario, 1)
    with tempfile.TemporaryDirectory() as folder:
        writer = payments_writer(Path(folder), world, record)
        simulation = Simulation(world, writer)
        began = time.process_time()
        simulation.run()
        writer.close()
        return time.process_time() - began


def main() -> None:
    """Print the ratios."""
    payments = float(sys.argv[1]) if len(sys.argv) > 1 else float(PAYMENTS)
    for supervised in (False, True):
        cpu_s(2_000, 200, supervised, "all")
    print("| payments | recorded | CPU without | CPU with | more | asked for |\n| --- | --- | --- | --- | --- | --- |")
    for size in (payments / 10, payments):
        wallets = round(WALLETS * size / payments)
        for record in ("all", "none"):
            turns = [[cpu_s(size, wallets, supervised, record) for supervised in (False, True)] for _ in range(TURNS)]
            without, with_it = (min(times) for times in zip(*turns, strict=True))
            more = with_it / without - 1
            print(f"| {size:,.0f} | {record} | {without:.2f} s | {with_it:.2f} s | {more:.0%} | 30 % |", flush=True)


if __name__ == "__main__":
    main()
