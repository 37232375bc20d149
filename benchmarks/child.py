"""One measurement in a process of its own, on one core: `python -m benchmarks.child WHAT ...` prints JSON.

CPU time is the process's (user and system, all threads); memory is the peak resident set, in bytes.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.peak import peak_bytes
from benchmarks.worlds import city
from sandbox.scenario.schema import Scenario


def cold(scenario: Scenario) -> None:
    """Compile whatever a recorded run needs."""
    from sandbox.simulate import simulate

    with tempfile.TemporaryDirectory() as folder:
        simulate(scenario, Path(folder), name="cold")


def engine(payments: float, wallets: int, record: str) -> dict[str, float]:
    """Demand, clearing and recording of all to Parquet and journal; compiling and building the world do not count."""
    from sandbox.engine.final_tables import write_final_tables
    from sandbox.engine.simulation import Simulation
    from sandbox.simulate import payments_writer
    from sandbox.world import build

    cold(city(1_000, 100))
    world = build(city(payments, wallets), 1)
    with tempfile.TemporaryDirectory() as folder:
        writer = payments_writer(Path(folder), world, record)
        simulation = Simulation(world, writer)
        began = time.process_time()
        simulation.run()
        writer.close()
        cpu_s = time.process_time() - began
        if record == "all":
            write_final_tables(simulation, Path(folder))
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
    count = int(simulation.tally.counts.sum())
    return {"payments": count, "cpu_s": cpu_s, "peak_bytes": peak_bytes(), "bytes_a_payment": size / count}


def wallets(count: int) -> dict[str, float]:
    """Building and running a world of so many wallets with hardly any payments."""
    from sandbox.engine.simulation import Simulation
    from sandbox.world import build

    Simulation(build(city(1_000, 100), 1)).run()
    before = peak_bytes()
    Simulation(build(city(1_000, count), 1)).run()
    return {"wallets": count, "bytes": peak_bytes() - before}


def oracle(payments: float, wallets_count: int) -> dict[str, float]:
    """The oracle of the tests, one SimPy process a payment, on the same city."""
    from sandbox.world import build
    from tests.oracle.inputs import read_inputs
    from tests.oracle.oracle import Oracle

    inputs = read_inputs(build(city(payments, wallets_count), 1))
    began = time.process_time()
    result = Oracle(inputs).run()
    return {"payments": len(result.ended), "cpu_s": time.process_time() - began}


def main() -> None:
    """Measure and print."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    what, *rest = sys.argv[1:]
    if what == "engine":
        result = engine(float(rest[0]), int(rest[1]), rest[2])
    elif what == "wallets":
        result = wallets(int(rest[0]))
    else:
        result = oracle(float(rest[0]), int(rest[1]))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
