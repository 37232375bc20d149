"""The Luohu red-packet week of October 2020 against what was published (press reports of 2020)."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.scenario.load import load
from sandbox.simulate import simulate
from sandbox.validation.check import Check, near

CLAIMED, PAYMENTS, VALUE_FEN, MERCHANTS = 47_573, 62_788, 876_400_000, 3_389
CLAIMS, TOTALS, ENROLLED = "Beijing News reprint", "China Banking News", "three press reports"


def campaign_summary(seed: int) -> dict[str, int]:
    """The campaign's numbers in the summary of one run."""
    loaded = load("luohu-red-packets-2020", seed=seed)
    found: dict[str, int] = simulate(loaded.scenario, None, name=loaded.name)["campaigns"]["luohu"]
    return found


def checks(seed: int) -> Iterator[Check]:
    """Claims, payments, value and merchants."""
    found = campaign_summary(seed)
    yield near("luohu.claimed", CLAIMED, CLAIMS, 0.01, found["claimed"])
    yield near("luohu.settled", PAYMENTS, TOTALS, 0.03, found["settled"])
    yield near("luohu.settled_yuan", VALUE_FEN / 100, TOTALS, 0.03, found["settled_fen"] / 100)
    yield near("luohu.merchants", MERCHANTS, ENROLLED, 0.03, found["merchants_paid"])
