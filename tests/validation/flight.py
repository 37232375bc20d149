"""Print the flight to safety that the ECB's study describes, as the gallery's `bank-run-ecb` gives it.

`python -m tests.validation.flight [SEED...]`
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sandbox.engine.simulation import Simulation
from sandbox.scenario.load import load
from sandbox.world import build

CNY_PER_EURO: Final = 8
FEN_PER_BILLION_EURO: Final = 100 * CNY_PER_EURO * 1_000_000_000
LIMITS_EURO: Final = (500, 1_000, 2_000, 3_000)

PUBLISHED: Final = {"share": 0.082, "outflow": 699.0, "banks": 13, "usual": 100.0}
"""ECB 2025, at a limit of 3,000 euros: share of deposits, billions of euros, banks of 2,025; outflow in usual times."""

FITTED: Final = (
    "Fitted: the spread of deposits (1.767) to 699 billion at 3,000 euros; the spread of buffers (0.521, around a\n"
    "middle of 30 %) to 13 banks; what users hold for payments (819 euros on average) to 100 billion in usual times.\n"
    "Derived: 8,524 billion euros of deposits. Assumed: 290 million depositors, half of them users, sizes of banks.\n"
    "Not fitted: outflow and banks at the three lower limits, and the share of deposits of the banks that run out."
)


class Wave(NamedTuple):
    """One run, in billions of euros and shares."""

    limit_euro: int
    outflow: float
    share: float
    banks: int
    banks_share: float
    first: str | None


def wave(limit_euro: int, seed: int = 1, **changes: object) -> Wave:
    """Everybody goes to the limit."""
    overrides: dict[str, Any] = {
        "flight.holding_limit": f"{limit_euro * CNY_PER_EURO} CNY",
        "demand.segments.shops.payments": "1 /day",
        **changes,
    }
    scenario = load("bank-run-ecb", overrides=overrides, seed=seed).scenario
    simulation = Simulation(build(scenario, seed))
    simulation.run()
    (part,) = (one for one in simulation.parts if "flight" in one.summary())
    risk = part.summary()["risk"]["disintermediation"]
    return Wave(
        limit_euro, risk["outflow_fen"] / FEN_PER_BILLION_EURO, risk["outflow_share"], risk["banks_breaching"],
        risk["breaching_share_of_deposits"], risk["first_breach_bank"],
    )  # fmt: skip


def usual(seed: int = 1) -> Wave:
    """No news: only what people hold for their payments."""
    return wave(3_000, seed, **{"flight.news": []})


def table(seed: int) -> Iterator[str]:
    """The table of one seed, a line at a time."""
    yield "| limit, euro | outflow, bn euro | of deposits | published | banks out of buffers | published | first |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | --- |"
    for limit in LIMITS_EURO:
        one, top = wave(limit, seed), limit == LIMITS_EURO[-1]
        published = ("699; 8.2 %", "13") if top else ("", "")
        yield (
            f"| {limit:,} | {one.outflow:.1f} | {one.share:.2%} | {published[0]} | {one.banks} of 2,025 "
            f"({one.banks_share:.2%} of deposits) | {published[1]} | {one.first or ''} |"
        )
    calm = usual(seed)
    yield f"| 3,000, no news | {calm.outflow:.1f} | {calm.share:.2%} | about 100 | {calm.banks} of 2,025 | | |"


if __name__ == "__main__":
    for seed in [int(word) for word in sys.argv[1:]] or [1]:
        print(f"Seed {seed}")
        for line in table(seed):
            print(line, flush=True)
    print(FITTED)
