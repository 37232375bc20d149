"""What the journal costs and how fast a run is audited: `python -m benchmarks.journal [payments]` prints both.

The journal is timed within the run, so what else the machine does falls on both sides: the share is the CPU time of
hashing, trees and signatures over the CPU time of the engine without them (demand, clearing, recording).
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.worlds import city

WALLETS = 1_000_000

CITY = """\
title: A city to audit
question: How fast is a run audited?
duration: 1 day
population: {{wallets: {wallets}}}
merchants: {{count: 20000}}
demand: {{segments: {{retail: {{payments: {payments} /day}}}}}}
"""


class Timed:
    """A journal whose calls are timed."""

    def __init__(self, journal: Any) -> None:
        self._journal = journal
        self.cpu_s = 0.0

    def add(self, out: Any) -> None:
        """Take more ended payments."""
        began = time.process_time()
        self._journal.add(out)
        self.cpu_s += time.process_time() - began

    def close(self) -> None:
        """Finish."""
        began = time.process_time()
        self._journal.close()
        self.cpu_s += time.process_time() - began


def overhead(payments: float, wallets: int = WALLETS) -> dict[str, float]:
    """CPU time of the engine without the journal, and of the journal."""
    from sandbox.engine.journal import JournalWriter
    from sandbox.engine.recorder import PaymentsWriter
    from sandbox.engine.simulation import Simulation, names_of
    from sandbox.world import build

    for count, of in ((1_000.0, 100), (payments, wallets)):  # the first one compiles
        world = build(city(count, of), 1)
        with tempfile.TemporaryDirectory() as place:
            journal = Timed(JournalWriter(Path(place), names_of(world), 1))
            writer = PaymentsWriter(Path(place), names_of(world), "all", journal)
            simulation = Simulation(world, writer)
            began = time.process_time()
            simulation.run()
            writer.close()
            cpu_s = time.process_time() - began
    ended = int(simulation.tally.counts.sum())
    return {"payments": ended, "engine_s": cpu_s - journal.cpu_s, "journal_s": journal.cpu_s}


def auditing(payments: float, wallets: int = 100_000) -> dict[str, float]:
    """CPU time of auditing a finished run of so many payments."""
    import sandbox
    from sandbox.audit.auditor import audit

    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "city.yaml"
        for count in (1_000.0, payments):  # the first one compiles
            file.write_text(CITY.format(wallets=wallets, payments=round(count)), encoding="utf-8")
            loaded = sandbox.load(file)
            run = sandbox.run(loaded, out=Path(place) / str(int(count)))
            began = time.process_time()
            found = audit(run.path)
            cpu_s = time.process_time() - began
            if not found.ok:
                raise SystemExit(f"the run does not hold: {found.problems[0]}")
    return {"payments": found.payments, "cpu_s": cpu_s}


def main() -> None:
    """Measure and print."""
    payments = float(sys.argv[1]) if len(sys.argv) > 1 else 5e6
    cost = overhead(payments)
    share = cost["journal_s"] / cost["engine_s"]
    print(f"journal, {cost['payments']:,} payments: {share:.1%} of engine time (asked: at most 10 %)")
    speed = auditing(payments)
    rate = speed["payments"] / speed["cpu_s"]
    print(f"audit, {speed['payments']:,} payments: {rate:,.0f} a CPU-second (asked: 1,000,000)")


if __name__ == "__main__":
    main()
