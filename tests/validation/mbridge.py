"""Print what was published of mBridge beside what the shared ledger gives.

`python -m tests.validation.mbridge [SEED...]`; 20 seeds when none is given.

Counts, mean sizes and corridors go in; that all of it settles, in a time after the lock that was claimed, with which
money and in which currencies, comes out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from sandbox.crossborder.part import AcrossBorders
from sandbox.crossborder.story import SETTLED
from sandbox.engine.simulation import Simulation
from sandbox.scenario.load import load
from sandbox.world import build

SEEDS: Final = tuple(range(1, 21))
LATE: Final = Path(__file__).parent / "scenarios" / "mbridge-late-2025.yaml"
SCENARIOS: Final = {"2022": "mbridge-pilot-2022", "late 2025": str(LATE)}
PUBLISHED: Final[dict[str, dict[str, float]]] = {
    "2022": {"payments": 164, "value": 22e6, "mean": 134_000, "banks": 20},
    "late 2025": {"payments": 4_047, "value": 55.5e9, "mean": 13.9e6, "share": 0.95, "hhi": 0.9},
}
"""HKMA 2022; Atlantic Council via press 2026 (over 4,000 payments; 4,047 is ASSUMED). The last two are the share of the
currency with most value, and the sum of the squares of all currencies' shares."""
FASTEST_S, SLOWEST_S = 2, 10
"""GSI Exchange 2021."""


class Pilot(NamedTuple):
    """One run: what settled (dollars), and how long that took from the lock on (seconds)."""

    payments: float
    value: float
    mean: float
    banks: float
    share: float
    hhi: float
    fastest_s: float
    median_s: float
    slowest_s: float


def pilot(which: str, seed: int, **changes: Any) -> Pilot:
    """The scenario with a seed."""
    loaded = load(SCENARIOS[which], overrides=changes, seed=seed)
    simulation = Simulation(build(loaded.scenario, seed, loaded.base_dir))
    simulation.run()
    part = simulation.control.part(AcrossBorders)
    assert part is not None
    summary = part.summary()
    settled = [one for one in part.stories if one.outcome == SETTLED]
    (way,) = summary["crossborder"]["ways"]
    took_s = np.array([one.consensus_us for one in settled]) / 1e6
    value = way["settled_usd_cents"] / 100
    return Pilot(
        payments=way["settled"],
        value=value,
        mean=value / way["settled"],
        banks=len({one.payer_bank for one in settled} | {one.payee_bank for one in settled}),
        share=way["currencies"][0]["share"],
        hhi=summary["risk"]["cross_border"]["shared_ledger"]["hhi_currencies"],
        fastest_s=float(took_s.min()),
        median_s=float(np.median(took_s)),
        slowest_s=float(took_s.max()),
    )


def table(which: str, seeds: tuple[int, ...]) -> Iterator[str]:
    """Lines of a table, one a number: published, least, mean and most over the seeds, and the worst distance."""
    pilots = [pilot(which, seed) for seed in seeds]
    yield f"mBridge {which}, {len(seeds)} seeds"
    yield f"{'':22}{'published':>18}{'least':>18}{'mean':>18}{'most':>18}{'off by':>9}"
    for name in ("payments", "value", "mean", "banks", "share", "hhi"):
        values = [getattr(one, name) for one in pilots]
        published = PUBLISHED[which].get(name)
        off = "" if published is None else f"{max(abs(one / published - 1) for one in values):.1%}"
        shown = "-" if published is None else f"{published:,.6g}"
        yield f"{name:22}{shown:>18}{min(values):>18,.6g}{np.mean(values):>18,.6g}{max(values):>18,.6g}{off:>9}"
    least, most = min(one.fastest_s for one in pilots), max(one.slowest_s for one in pilots)
    median = np.mean([one.median_s for one in pilots])
    yield f"{'lock to settlement, s':22}{f'{FASTEST_S} to {SLOWEST_S}':>18}{least:>18.3g}{median:>18.3g}{most:>18.3g}"


if __name__ == "__main__":
    given = tuple(int(word) for word in sys.argv[1:]) or SEEDS
    for name in SCENARIOS:
        for line in table(name, given):
            print(line, flush=True)
        print()
