"""What supervision costs: `python -m benchmarks.supervision [PAYMENTS]` (5 million if left out).

Payments a second of CPU time with supervision (all detectors, large-value reports, counts of who sees what) and
without, in one process, in turns, so that a busy machine slows both alike. Asked for: of the throughput at most 30 % is
lost at 5 million payments, recorded; and the cost is linear in payments. Small runs lose more than that: a bin of the
time series costs the same however few payments end in it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.worlds import city
from sandbox.engine.simulation import Simulation
from sandbox.features.supervision.schema.section import Supervision
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
    """Print a row a size."""
    payments = float(sys.argv[1]) if len(sys.argv) > 1 else float(PAYMENTS)
    for supervised in (False, True):
        cpu_s(2_000, 200, supervised, "all")
    print("| payments | recorded | without: a second | with: a second | of the throughput lost | costs a payment |")
    print("| --- | --- | --- | --- | --- | --- |")
    for size in (payments / 10, payments):
        wallets = round(WALLETS * size / payments)
        for record in ("all", "none"):
            turns = [[cpu_s(size, wallets, supervised, record) for supervised in (False, True)] for _ in range(TURNS)]
            without, with_it = (min(times) for times in zip(*turns, strict=True))
            rates = f"{size / without:,.0f} ({without:.2f} s) | {size / with_it:,.0f} ({with_it:.2f} s)"
            lost, each = 1 - without / with_it, 1e6 * (with_it - without) / size
            asked = " (asked for: at most 30 %)" if size == PAYMENTS and record == "all" else ""
            print(f"| {size:,.0f} | {record} | {rates} | {lost:.0%}{asked} | {each:.2f} us |", flush=True)


if __name__ == "__main__":
    main()
