"""Risks of a run, one object each: operational, liquidity, concentration, consumer.

Herfindahl-Hirschman indices are of settled value, 0..1. Recovery and concentration lines that a reader may hold these
numbers against stand in the report, not here.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import numpy.typing as npt

from sandbox.core.layout import (
    BALANCE,
    CREDITS,
    S_BUSY_AREA,
    S_SERVER_AREA,
    SETTLED,
    X_REDEEMED,
    X_TOP_UPS,
    X_UPGRADES_ASKED,
    X_UPGRADES_DONE,
)  # fmt: skip
from sandbox.engine.simulation import Simulation
from sandbox.engine.tally import T_ENDED, T_RETRIED
from sandbox.scenario.units import US_PER_DAY
from sandbox.tables import OUTCOMES
from wallets.classes import CLASS_NAMES

GOOD_SHARE = 0.95
"""Minutes in which fewer payments than this settle are counted as bad. ASSUMED."""
LIMITS = ("single_limit", "daily_limit", "annual_limit", "balance_cap")


def risks(simulation: Simulation) -> dict[str, Any]:
    """All risks that this scenario can produce."""
    return {
        "operational": operational(simulation),
        "liquidity": liquidity(simulation),
        "concentration": concentration(simulation),
        "consumer": consumer(simulation),
    }


def hhi(values: npt.NDArray[np.int64]) -> float | None:
    """Herfindahl-Hirschman index, 0..1; None of nothing.

    >>> hhi(np.array([1, 1, 1, 1])), hhi(np.array([5, 0]))
    (0.25, 1.0)
    """
    total = float(values.sum())
    return float(np.sum((values / total) ** 2)) if total else None


def operational(simulation: Simulation) -> dict[str, Any]:
    """Payments that the system lost, the worst bin, the busiest station."""
    tally, observer, world = simulation.tally, simulation.observer, simulation.world
    payments = max(1, int(tally.scalars[T_ENDED]))
    outcomes = tally.counts.sum(axis=(0, 2))
    series = observer.series()
    # Refusals by a rule are the rules at work; here only what the system failed to answer counts.
    lost = series["unavailable"] + series["timed_out"]
    share = 1.0 - lost / np.maximum(series["ended"], 1)
    worst = int(np.argmin(share))
    bin_minutes = world.scenario.series.bin / 60e6
    busy = observer.totals[:, S_BUSY_AREA] / np.maximum(observer.totals[:, S_SERVER_AREA], 1.0)
    busiest = int(np.argmax(busy))
    return {
        "unavailable_share": int(outcomes[OUTCOMES.index("unavailable")]) / payments,
        "timed_out_share": int(outcomes[OUTCOMES.index("timed_out")]) / payments,
        "retried_share": int(tally.scalars[T_RETRIED]) / payments,
        "worst_bin_success_share": float(share[worst]),
        "worst_bin_at_us": int(series["at_us"][worst]),
        "busiest_station": world.station_names[busiest],
        "busiest_utilisation": float(busy[busiest]),
        "minutes_below_95": float(np.count_nonzero(share < GOOD_SHARE) * bin_minutes),
        "faults": len(world.scenario.faults),
    }


def liquidity(simulation: Simulation) -> dict[str, Any]:
    """What operators held, ordered and ran down."""
    world, observer = simulation.world, simulation.observer
    accounts = world.ledger.accounts
    opening = world.ledger.opening_fen()
    by_institution: list[dict[str, Any]] = [
        {
            "institution": world.institution_names[number],
            "opening_fen": int(opening[world.holdings[number]]),
            "lowest_fen": observer.lowest[number],
            "closing_fen": int(accounts[world.holdings[number], BALANCE]),
            "target_fen": int(world.targets[number]),
        }
        for number in world.operators
    ]
    shares = [
        (row["lowest_fen"] / row["target_fen"], row["institution"]) for row in by_institution if row["target_fen"]
    ]
    orders = [row for row in simulation.log.rows if row[2] == "liquidity_order"]
    issued = sum(_amount(row[4]) for row in simulation.log.rows if row[2] == "issued")
    circulating = world.ledger.totals()["CNY"]["held_fen"] - sum(
        int(accounts[account, BALANCE]) for account in world.holdings
    )
    settled = int(simulation.tally.values[:, SETTLED].sum())
    days = world.scenario.duration / US_PER_DAY
    return {
        "lowest_share_of_target": min(shares)[0] if shares else None,
        "lowest_institution": min(shares)[1] if shares else None,
        "orders": len(orders),
        "ordered_fen": issued,
        "top_ups_fen": int(world.scalars[X_TOP_UPS]),
        "redemptions_fen": int(world.scalars[X_REDEEMED]),
        "turnover_per_day": settled / days / circulating if circulating > 0 else None,
        "by_institution": by_institution,
    }


def _amount(detail: str | None) -> int:
    return int(json.loads(detail)["amount_fen"]) if detail else 0


def concentration(simulation: Simulation) -> dict[str, Any]:
    """How much hangs on few institutions and merchants."""
    world = simulation.world
    out = simulation.tally.institutions[:, 0]
    merchants = np.sort(world.ledger.accounts[world.blocks["merchant"].rows, CREDITS])[::-1]
    total, received = int(out.sum()), int(merchants.sum())
    top = int(np.argmax(out))
    return {
        "hhi_payer_institutions": hhi(out),
        "hhi_merchants": hhi(merchants),
        "top_institution": world.institution_names[top] if total else None,
        "top_institution_share": int(out[top]) / total if total else None,
        "top_10_merchants_share": int(merchants[:10].sum()) / received if received else None,
    }


def consumer(simulation: Simulation) -> dict[str, Any]:
    """Whom the rules turned away."""
    tally, scalars = simulation.tally, simulation.world.scalars
    counts = tally.counts.sum(axis=0)
    payments = max(1, int(counts.sum()))
    limits = sum(int(counts[OUTCOMES.index(name)].sum()) for name in LIMITS)
    shares = [
        (int(counts[SETTLED + 1 :, klass].sum()) / int(counts[:, klass].sum()), CLASS_NAMES[klass])
        for klass in range(1, len(CLASS_NAMES))
        if counts[:, klass].sum()
    ]
    return {
        "refused_by_limit_share": limits / payments,
        "insufficient_share": int(counts[OUTCOMES.index("insufficient_balance")].sum()) / payments,
        "refused_fen": int(tally.values.sum() - tally.values[:, SETTLED].sum()),
        "upgrades_asked": int(scalars[X_UPGRADES_ASKED]),
        "upgrades_done": int(scalars[X_UPGRADES_DONE]),
        "worst_class": max(shares)[1] if shares else None,
        "worst_class_refused_share": max(shares)[0] if shares else None,
    }
