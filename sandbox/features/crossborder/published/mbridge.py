"""What was published of mBridge beside what the shared ledger gives.

Counts, mean sizes and corridors go in; that all of it settles, in a time after the lock that was claimed, with which
money and in which currencies, comes out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from sandbox.engine.simulation import Simulation
from sandbox.features.crossborder.component import CrossBorderPayments
from sandbox.features.crossborder.payment import SETTLED
from sandbox.scenario.load import load
from sandbox.simulate import simulate
from sandbox.validation.check import Check, near, unjudged

LATE: Final = Path(__file__).parent / "scenarios" / "mbridge-late-2025.yaml"
SCENARIOS: Final = {"2022": "mbridge-pilot-2022", "late 2025": str(LATE)}
PUBLISHED: Final[dict[str, dict[str, float]]] = {
    "2022": {"payments": 164, "value": 22.0, "mean": 134_000, "banks": 20},
    "late 2025": {"payments": 4_047, "value": 55_500.0, "mean": 13.9e6, "share": 0.95, "hhi": 0.9},
}
"""HKMA 2022; Atlantic Council via press 2026 (over 4,000 payments; 4,047 is ASSUMED). The last two are the share of the
currency with most value, and the sum of the squares of all currencies' shares."""
SOURCES: Final = {"2022": "HKMA 2022", "late 2025": "Atlantic Council via press 2026"}
FORMS: Final = {"payments": ",.0f", "value": ",.1f", "mean": ",.0f", "banks": ",.0f", "share": ".1%", "hhi": ".3f"}
SHOWN: Final = {("late 2025", "payments"): "over 4,000"}
WITHIN: Final = 0.05
FASTEST_S, SLOWEST_S = 2, 10
"""GSI Exchange 2021."""


class Pilot(NamedTuple):
    """One run: what settled (million dollars, the mean in dollars), and how long from the lock on that took (s)."""

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
    ran: list[Simulation] = []
    summary = simulate(loaded.scenario, None, name=loaded.name, base_dir=loaded.base_dir, prepare=ran.append)
    part = ran[0].control.component(CrossBorderPayments)
    assert part is not None
    settled = [one for one in part.payments if one.outcome == SETTLED]
    (arrangement,) = summary["crossborder"]["arrangements"]
    took_s = np.array([one.consensus_us for one in settled]) / 1e6
    value = arrangement["settled_usd_cents"] / 100e6
    return Pilot(
        payments=arrangement["settled"],
        value=value,
        mean=1e6 * value / arrangement["settled"],
        banks=len({one.payer_bank for one in settled} | {one.payee_bank for one in settled}),
        share=arrangement["currencies"][0]["share"],
        hhi=summary["risk"]["cross_border"]["shared_ledger"]["hhi_currencies"],
        fastest_s=float(took_s.min()),
        median_s=float(np.median(took_s)),
        slowest_s=float(took_s.max()),
    )


def checks_of_2022(seed: int) -> Iterator[Check]:
    """The pilot."""
    yield from checks("2022", seed)


def checks_of_late_2025(seed: int) -> Iterator[Check]:
    """All of it."""
    yield from checks("late 2025", seed)


def checks(which: str, seed: int) -> Iterator[Check]:
    """Totals, concentration, and time to settle."""
    found, source = pilot(which, seed), SOURCES[which]
    for name, form in FORMS.items():
        code, value = f"mbridge.{name}", getattr(found, name)
        published = PUBLISHED[which].get(name)
        if published is None:
            yield unjudged(code, value, form)
        else:
            yield near(code, published, source, WITHIN, value, form, SHOWN.get((which, name), ""))
    band = f"{FASTEST_S} to {SLOWEST_S}"
    for name in ("fastest_s", "median_s", "slowest_s"):
        yield Check(f"mbridge.{name}", band, "GSI Exchange 2021", FASTEST_S, SLOWEST_S, getattr(found, name), ".1f")
