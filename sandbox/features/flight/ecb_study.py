"""The flight to safety that the ECB's study describes, as the gallery's `bank-run-ecb` gives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sandbox.scenario.load import load
from sandbox.simulate import simulate
from sandbox.validation.check import Check, near, unjudged

CNY_PER_EURO: Final = 8
FEN_PER_BILLION_EURO: Final = 100 * CNY_PER_EURO * 1_000_000_000
LIMITS_EURO: Final = (500, 1_000, 2_000, 3_000)

PUBLISHED: Final = {"share": 0.082, "outflow": 699.0, "banks": 13, "usual": 100.0}
"""ECB 2025, at a limit of 3,000 euros: share of deposits, billions of euros, banks of 2,025; outflow in usual times."""

# Fitted: the spread of deposits (1.767) to 699 billion at 3,000 euros; the spread of buffers (0.521, around a middle
# of 30 %) to 13 banks; what users hold for payments (819 euros on average) to 100 billion in usual times. Derived:
# 8,524 billion euros of deposits. Assumed: 290 million depositors, half of them users, sizes of banks. Not fitted:
# outflow and banks at the three lower limits, and the share of deposits of the banks that run out.
SOURCE: Final = "ECB 2025"


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
    loaded = load("bank-run-ecb", overrides=overrides, seed=seed)
    risk = simulate(loaded.scenario, None, name=loaded.name)["risk"]["disintermediation"]
    return Wave(
        limit_euro, risk["outflow_fen"] / FEN_PER_BILLION_EURO, risk["outflow_share"], risk["banks_breaching"],
        risk["breaching_share_of_deposits"], risk["first_breach_bank"],
    )  # fmt: skip


def usual(seed: int = 1) -> Wave:
    """No news: only what people hold for their payments."""
    return wave(3_000, seed, **{"flight.news": []})


def checks(seed: int) -> Iterator[Check]:
    """Everybody goes to each limit, and nobody does."""
    *lower, top = (wave(limit, seed) for limit in LIMITS_EURO)
    yield near("flight.outflow", PUBLISHED["outflow"], SOURCE, 0.05, top.outflow, ".1f", shown="699")
    yield near("flight.share", PUBLISHED["share"], SOURCE, 0.05, top.share, ".2%", shown="8.2 %")
    yield near("flight.banks", PUBLISHED["banks"], SOURCE, 0.3, top.banks)
    # The source tells the share of assets, 0.3 %.
    yield unjudged("flight.banks_share", top.banks_share, ".2%")
    yield near("flight.usual", PUBLISHED["usual"], SOURCE, 0.1, usual(seed).outflow, ".1f", shown="about 100")
    for one in lower:
        yield unjudged(f"flight.outflow_{one.limit_euro}", one.outflow, ".1f")
        yield unjudged(f"flight.banks_{one.limit_euro}", one.banks)
