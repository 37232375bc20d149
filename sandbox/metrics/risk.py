"""Risks of a run, one object each: operational, liquidity, concentration, consumer.

Herfindahl-Hirschman indices are of settled value, 0..1. Recovery and concentration lines that a reader may hold these
numbers against stand in the report, not here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sandbox.base.liquidity import Liquidity
from sandbox.core.draws import Int64Array
from sandbox.core.layout import Outcome, account, scalar, station
from sandbox.engine.simulation import Simulation
from sandbox.engine.tally import T_ENDED, T_RETRIED, Tally
from sandbox.scenario.units import US_PER_DAY
from sandbox.tables import OUTCOMES
from wallets.classes import CLASS_NAMES

GOOD_SHARE = 0.95
"""Minutes in which fewer payments than this settle are counted as bad. ASSUMED."""
LIMITS = ("single_limit", "daily_limit", "annual_limit", "balance_cap")


def risks(simulation: Simulation) -> dict[str, Any]:
    """All risks that this scenario can produce."""
    world = simulation.world
    return {
        "operational": operational(simulation),
        "liquidity": liquidity(simulation),
        "concentration": concentration(
            simulation.tally,
            world.ledger.accounts[world.blocks["merchant"].rows, account.CREDITS],
            world.institution_names,
        ),
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
    observer, world = simulation.observer, simulation.world
    busy = observer.totals[:, station.BUSY_AREA] / np.maximum(observer.totals[:, station.CAPACITY_AREA], 1.0)
    busiest = int(np.argmax(busy))
    bins = worst_bins(observer.series(), world.scenario.series.bin)
    below = bins.pop("minutes_below_95")
    return {
        **lost_shares(simulation.tally),
        **bins,
        "busiest_station": world.station_names[busiest],
        "busiest_utilisation": float(busy[busiest]),
        "minutes_below_95": below,
        "faults": len(world.scenario.faults),
    }


def lost_shares(tally: Tally) -> dict[str, float]:
    """Of all payments: those that the system did not answer, and those that were sent again."""
    payments, outcomes = max(1, int(tally.scalars[T_ENDED])), tally.counts.sum(axis=(0, 2))
    return {
        "unavailable_share": int(outcomes[OUTCOMES.index("unavailable")]) / payments,
        "timed_out_share": int(outcomes[OUTCOMES.index("timed_out")]) / payments,
        "retried_share": int(tally.scalars[T_RETRIED]) / payments,
    }


def worst_bins(series: Mapping[str, npt.NDArray[Any]], bin_us: int) -> dict[str, Any]:
    """The worst bin of the series, and how long too few payments were answered.

    Refusals by a rule are the rules at work; here only what the system failed to answer counts.
    """
    lost = series["unavailable"] + series["timed_out"]
    share = 1.0 - lost / np.maximum(series["ended"], 1)
    worst = int(np.argmin(share))
    return {
        "worst_bin_success_share": float(share[worst]),
        "worst_bin_at_us": int(series["at_us"][worst]),
        "minutes_below_95": float(np.count_nonzero(share < GOOD_SHARE) * (bin_us / 60e6)),
    }


def liquidity(simulation: Simulation) -> dict[str, Any]:
    """What operators held, ordered and ran down."""
    world, observer = simulation.world, simulation.observer
    accounts = world.ledger.accounts
    opening, own = world.ledger.opening_fen(), simulation.one(Liquidity)
    by_institution: list[dict[str, Any]] = [
        {
            "institution": world.institution_names[number],
            "opening_fen": int(opening[world.holdings[number]]),
            "lowest_fen": min(observer.lowest[number], own.lowest[number]),
            "closing_fen": int(accounts[world.holdings[number], account.BALANCE]),
            "target_fen": int(world.targets[number]),
            "needed_fen": int(own.needed_fen[number]),
        }
        for number in world.operators
    ]
    shares = [
        (row["lowest_fen"] / row["target_fen"], row["institution"]) for row in by_institution if row["target_fen"]
    ]
    orders = [row for row in simulation.log.rows if row[2] == "liquidity_order"]
    issued = sum(_amount(row[4]) for row in simulation.log.rows if row[2] == "issued")
    circulating = world.ledger.totals()["CNY"]["held_fen"] - sum(
        int(accounts[who, account.BALANCE]) for who in world.holdings
    )
    settled = int(simulation.tally.values[:, Outcome.SETTLED].sum())
    days = world.scenario.duration / US_PER_DAY
    return {
        "lowest_share_of_target": min(shares)[0] if shares else None,
        "lowest_institution": min(shares)[1] if shares else None,
        "orders": len(orders),
        "ordered_fen": issued,
        "needed_fen": int(own.needed_fen[world.operators].sum()),
        "top_ups_fen": int(world.scalars[scalar.TOP_UPS]),
        "redemptions_fen": int(world.scalars[scalar.REDEEMED]),
        "turnover_per_day": settled / days / circulating if circulating > 0 else None,
        "by_institution": by_institution,
    }


def _amount(detail: str | None) -> int:
    return int(json.loads(detail)["amount_fen"]) if detail else 0


def concentration(tally: Tally, received_fen: Int64Array, institutions: Sequence[str]) -> dict[str, Any]:
    """How much hangs on few institutions and merchants (by what each received)."""
    out = tally.institutions[:, 0]
    merchants = np.sort(received_fen)[::-1]
    total, received = int(out.sum()), int(merchants.sum())
    top = int(np.argmax(out))
    return {
        "hhi_payer_institutions": hhi(out),
        "hhi_merchants": hhi(merchants),
        "top_institution": institutions[top] if total else None,
        "top_institution_share": int(out[top]) / total if total else None,
        "top_10_merchants_share": int(merchants[:10].sum()) / received if received else None,
    }


def consumer(simulation: Simulation) -> dict[str, Any]:
    """Whom the rules turned away, and what came of it."""
    scalars, found = simulation.world.scalars, turned_away(simulation.tally)
    worst = {name: found.pop(name) for name in ("worst_class", "worst_class_refused_share")}
    return {
        **found,
        "upgrades_asked": int(scalars[scalar.UPGRADES_ASKED]),
        "upgrades_done": int(scalars[scalar.UPGRADES_DONE]),
        **worst,
    }


def turned_away(tally: Tally) -> dict[str, Any]:
    """Payments that limits and balances refused, and the class of people of whom most were."""
    counts = tally.counts.sum(axis=0)
    payments = max(1, int(counts.sum()))
    limits = sum(int(counts[OUTCOMES.index(name)].sum()) for name in LIMITS)
    shares = [
        (int(counts[Outcome.SETTLED + 1 :, klass].sum()) / int(counts[:, klass].sum()), CLASS_NAMES[klass])
        for klass in range(1, len(CLASS_NAMES))
        if counts[:, klass].sum()
    ]
    return {
        "refused_by_limit_share": limits / payments,
        "insufficient_share": int(counts[OUTCOMES.index("insufficient_balance")].sum()) / payments,
        "refused_fen": int(tally.values.sum() - tally.values[:, Outcome.SETTLED].sum()),
        "worst_class": max(shares)[1] if shares else None,
        "worst_class_refused_share": max(shares)[0] if shares else None,
    }
