"""Numbers of the summary about payments across borders, one object an arrangement, so that arrangements compare.

Time to credit is from submission to the payee's account, of what was credited. Cost is fees and what exchange costs
against the mid, as a share of what was sent. Sums across currencies are US cents at the mid rates of the start.
Targets: FSB 2021, roadmap for enhancing cross-border payments. Within a business day is within 24 hours in which days
do not count on which the payer's or the payee's place has a weekend or a holiday.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np

from sandbox.core.ratio import share
from sandbox.features.crossborder.calendar import business_days, overlap
from sandbox.features.crossborder.payment import LOST, NO_LIQUIDITY, PENDING, REFUSED, RETURNED, SETTLED, Payment
from sandbox.features.crossborder.positions import flows, quota
from sandbox.features.crossborder.schema.section import CrossBorder
from sandbox.scenario.units import US_PER_DAY

HOUR_US: Final = US_PER_DAY // 24
MINUTE_US: Final = 60_000_000
FIVE_MINUTES_US: Final = 5 * MINUTE_US
SEGMENTS: Final = {"remittance": "remittance", "treasury": "wholesale"}
"""The FSB's market segment of a purpose; all others are retail: between firms, and people who buy abroad."""
COSTED: Final = ("retail", "remittance")
"""Segments for which the FSB sets a cost."""


class Target(NamedTuple):
    """One line of the FSB's: a share that is to be reached, or a cost that is not to be passed."""

    name: str
    line: float
    segment: str | None = None
    """Whose payments it is for; None: all."""
    worst: bool = False
    """For the dearest corridor, not for the mean over payments."""


TARGETS: Final = (
    Target("within_hour_share", 0.75),
    Target("within_business_day_share", 1.0),
    Target("retail_cost_share_mean", 0.01, "retail"),
    Target("retail_cost_share_worst_corridor", 0.03, "retail", worst=True),
    Target("remittance_cost_share_mean", 0.03, "remittance"),
    Target("remittance_cost_share_worst_corridor", 0.05, "remittance", worst=True),
)
"""FSB 2021: of all segments 75 % credited within an hour and the rest within a business day, by the end of 2027; retail
at most 1 % on average and 3 % in any corridor, remittances 3 % and 5 % by 2030; no cost is set for wholesale. Of what
was credited."""

SIZES_USD_CENTS: Final = (0, 1_000_00, 10_000_00, 100_000_00, 1_000_000_00)
"""Where bands of size begin."""


def numbers_of_payments(
    crossborder: CrossBorder, start: datetime, arrangements: Sequence[str], payments: Sequence[Payment]
) -> dict[str, Any]:
    """What the payments alone give in these sections, and so does `crossborder.parquet`."""
    by_arrangement = {
        arrangement: [one for one in payments if one.arrangement == arrangement] for arrangement in arrangements
    }
    told = [
        {
            "arrangement": one,
            **_of_arrangement(mine, _within_business_day(crossborder, start, mine)),
            **({"chain": _chain(crossborder, mine)} if one == "correspondent" else _larger(crossborder, mine)),
            "corridors": _corridors(mine),
            "flows": flows(crossborder, start, mine),
            "quota": quota(crossborder, start, mine),
        }
        for one, mine in by_arrangement.items()
    ]
    section: dict[str, Any] = {"arrangements": told}
    if len(arrangements) == 2:
        section["pairs"] = _pairs(*(by_arrangement[one] for one in arrangements))
    risk = {
        "cross_border": {one: _cross_border(mine) for one, mine in by_arrangement.items()},
        "settlement": {one: _settlement(mine) for one, mine in by_arrangement.items()},
    }
    return {"crossborder": section, "risk": risk}


def _chain(crossborder: CrossBorder, payments: Sequence[Payment]) -> dict[str, Any]:
    """What the payments alone give of the chain."""
    settled, lost = ([one for one in payments if one.outcome == outcome] for outcome in (SETTLED, LOST))
    waits = [one.completed_us - one.settled_us for one in settled if one.completed_us and one.settled_us is not None]
    hops = [0] * len(crossborder.correspondent.hops)
    for one in settled:
        hops[len(one.agents)] += 1
    return {
        "hops": hops,
        "at_payee_bank_us_mean": share(sum(waits), len(waits)),
        "arrived_to_credit_within_5_min_share": share(sum(one <= FIVE_MINUTES_US for one in waits), len(waits)),
        "exchanged": sum(one.rate is not None for one in settled),
        "bound": sum(one.pvp for one in settled),
        "lost": len(lost),
        "lost_usd_cents": sum(one.value_usd_cents for one in lost),
    }


def _larger(crossborder: CrossBorder, payments: Sequence[Payment]) -> dict[str, Any]:
    """Of what the shared ledger refused for lack of liquidity: payments larger than all that the payer's bank held."""
    banks, dealers = crossborder.banks(), set(crossborder.dealers())
    short = [one for one in payments if one.reason == NO_LIQUIDITY]
    larger = [
        one.value_usd_cents
        for one in short
        for place, bank in (banks[one.payer_bank],)
        if one.value_usd_cents > crossborder.holds_at_start(place, bank, one.payer_currency, bank in dealers)
    ]
    return {"larger_than_held": len(larger), "larger_than_held_usd_cents": sum(larger)}


def _within_business_day(crossborder: CrossBorder, start: datetime, payments: Sequence[Payment]) -> float | None:
    """The share of what was credited that took no more than 24 hours of business days of both places."""
    settled = [one for one in payments if one.outcome == SETTLED and one.completed_us is not None]
    until = max((one.completed_us or 0 for one in settled), default=0) + 1
    days = {name: business_days(one, start, until) for name, one in crossborder.jurisdictions.items()}
    both = {ends: overlap(*(days[end] for end in ends)) for ends in {(one.sender, one.receiver) for one in settled}}

    def took(one: Payment) -> int:
        open_us = both[one.sender, one.receiver].open_us
        return open_us(one.completed_us or 0) - open_us(one.submitted_us)

    return share(sum(took(one) <= US_PER_DAY for one in settled), len(settled))


def _of_arrangement(payments: Sequence[Payment], within_business_day: float | None) -> dict[str, Any]:
    ended = Counter(one.outcome for one in payments)
    settled = [one for one in payments if one.outcome == SETTLED]
    return {
        "payments": len(payments),
        "settled": ended[SETTLED],
        "refused": ended[REFUSED],
        "returned": ended[RETURNED],
        "lost": ended[LOST],
        "pending": ended[PENDING],
        "value_usd_cents": sum(one.value_usd_cents for one in payments),
        "settled_usd_cents": sum(one.value_usd_cents for one in settled),
        "reasons": dict(sorted(Counter(one.reason for one in payments if one.reason is not None).items())),
        "reasons_usd_cents": _value_by_reason(payments),
        **_times(settled),
        "within_business_day_share": within_business_day,
        "cost_share": _cost_of_value(settled),
        "cost_share_mean": _cost(settled),
        "fee_share_mean": _weighted(settled, [one.fee for one in settled]),
        "fx_cost_share_mean": _weighted(settled, [one.fx_cost for one in settled]),
        "hops_mean": share(sum(len(one.agents) for one in settled), len(settled)),
        "compliance_us_mean": _mean(settled, "compliance_us"),
        "queued": sum(one.queued_us > 0 for one in settled),
        "queued_us_max": max((one.queued_us for one in settled), default=0),
        "queued_us_mean": _mean(settled, "queued_us"),
        "closed_us_mean": _mean(settled, "closed_us"),
        "consensus_us_mean": _mean(settled, "consensus_us"),
        "waited_for_consensus": sum(one.consensus_us > MINUTE_US for one in settled),
        "currencies": _by_currency(settled),
        "sizes": _sizes(settled),
        "segments": _segments(settled),
        "targets": _targets(settled, within_business_day),
    }


def _value_by_reason(payments: Sequence[Payment]) -> dict[str, int]:
    value: Counter[str] = Counter()
    for one in payments:
        if one.reason is not None:
            value[one.reason] += one.value_usd_cents
    return dict(sorted(value.items()))


_TIMES: Final = (
    "credit_us_mean", "credit_us_p50", "credit_us_p95", "credit_us_max", "within_hour_share", "within_day_share",
)  # fmt: skip


def _times(settled: Sequence[Payment]) -> dict[str, Any]:
    took = _took(settled)
    if not took.size:
        return dict.fromkeys(_TIMES)
    return {
        "credit_us_mean": float(np.mean(took)),
        "credit_us_p50": int(np.quantile(took, 0.5, method="inverted_cdf")),
        "credit_us_p95": int(np.quantile(took, 0.95, method="inverted_cdf")),
        "credit_us_max": int(took.max()),
        "within_hour_share": float(np.mean(took <= HOUR_US)),
        "within_day_share": float(np.mean(took <= US_PER_DAY)),
    }


def _took(settled: Sequence[Payment]) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array(
        [one.completed_us - one.submitted_us for one in settled if one.completed_us is not None], dtype=np.int64
    )


def _mean(payments: Sequence[Payment], of: str) -> float | None:
    return share(sum(int(getattr(one, of)) for one in payments), len(payments))


def _cost(settled: Sequence[Payment]) -> float | None:
    """Cost as a share of what was sent: the mean over payments, as the FSB and the World Bank count it."""
    return share(math.fsum((one.fee + one.fx_cost) / one.amount for one in settled), len(settled))


def _cost_of_value(settled: Sequence[Payment]) -> float | None:
    """Cost of all as a share of all that was sent: weighted by value."""
    costs = math.fsum((one.fee + one.fx_cost) / one.amount * one.value_usd_cents for one in settled)
    return share(costs, sum(one.value_usd_cents for one in settled))


def _segment(payment: Payment) -> str:
    return SEGMENTS.get(payment.purpose, "retail")


def _segments(settled: Sequence[Payment]) -> list[dict[str, Any]]:
    """Cost by the FSB's market segments, of those in which something was credited."""
    found = []
    for segment in sorted(set(map(_segment, settled))):
        mine = [one for one in settled if _segment(one) == segment]
        costs = {"cost_share": _cost_of_value(mine), "cost_share_mean": _cost(mine)}
        value = sum(one.value_usd_cents for one in mine)
        found.append({"segment": segment, "settled": len(mine), "settled_usd_cents": value, **costs})
    return found


def _weighted(settled: Sequence[Payment], costs: Sequence[int]) -> float | None:
    return share(math.fsum(cost / one.amount for cost, one in zip(costs, settled, strict=True)), len(settled))


def _by_currency(settled: Sequence[Payment]) -> list[dict[str, Any]]:
    value: Counter[str] = Counter()
    for one in settled:
        value[one.payee_currency] += one.value_usd_cents
    total = sum(value.values())
    return [
        {"currency": code, "settled_usd_cents": cents, "share": share(cents, total)}
        for code, cents in sorted(value.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _corridors(payments: Sequence[Payment]) -> list[dict[str, Any]]:
    found = []
    for name in dict.fromkeys(one.corridor for one in payments):
        mine = [one for one in payments if one.corridor == name]
        settled = [one for one in mine if one.outcome == SETTLED]
        found.append(
            {
                "corridor": name,
                "from_jurisdiction": mine[0].sender,
                "to_jurisdiction": mine[0].receiver,
                "purpose": mine[0].purpose,
                "payments": len(mine),
                "settled": len(settled),
                "settled_usd_cents": sum(one.value_usd_cents for one in settled),
                **_times(settled),
                "cost_share_mean": _cost(settled),
                "sizes": _sizes(settled),
            }
        )
    return sorted(found, key=lambda one: str(one["corridor"]))


def _sizes(settled: Sequence[Payment]) -> list[dict[str, Any]]:
    """Cost by size of the payment; only bands in which something was credited."""
    found = []
    for least, below in pairwise((*SIZES_USD_CENTS, None)):
        mine = [one for one in settled if one.value_usd_cents >= (least or 0)]
        mine = mine if below is None else [one for one in mine if one.value_usd_cents < below]
        if mine:
            counts = {"settled": len(mine), "cost_share_mean": _cost(mine)}
            found.append({"from_usd_cents": least, "below_usd_cents": below, **counts})
    return found


def _targets(settled: Sequence[Payment], within_business_day: float | None) -> list[dict[str, Any]]:
    """The FSB's targets: what was reached, and whether that is enough; None where no such payment was credited."""
    times, found = {**_times(settled), "within_business_day_share": within_business_day}, []
    for target in TARGETS:
        mine = [one for one in settled if _segment(one) == target.segment]
        value = times[target.name] if target.segment is None else _dearest(mine) if target.worst else _cost(mine)
        met = None if value is None else value >= target.line if target.segment is None else value <= target.line
        found.append({"target": target.name, "value": value, "line": target.line, "met": met})
    return found


def _dearest(settled: Sequence[Payment]) -> float | None:
    """Mean cost in the corridor where it is highest."""
    by_corridor: defaultdict[str, list[Payment]] = defaultdict(list)
    for one in settled:
        by_corridor[one.corridor].append(one)
    return max((cost for mine in by_corridor.values() if (cost := _cost(mine)) is not None), default=None)


def _pairs(ones: Sequence[Payment], others: Sequence[Payment]) -> dict[str, Any]:
    """The same payments through both arrangements."""
    pairs = list(zip(ones, others, strict=True))
    settled = Counter((one.outcome == SETTLED, other.outcome == SETTLED) for one, other in pairs)
    both = [(one, other) for one, other in pairs if one.outcome == other.outcome == SETTLED]
    saved = _took([other for __, other in both]) - _took([one for one, __ in both])
    cheaper = sum(
        (one.fee + one.fx_cost) * other.amount < (other.fee + other.fx_cost) * one.amount for one, other in both
    )
    return {
        "settled_on_both": len(both),
        "first_arrangement": ones[0].arrangement if ones else None,
        "faster_share": share(int((saved > 0).sum()), len(both)),
        "cheaper_share": share(cheaper, len(both)),
        "saved_us_p50": int(np.quantile(saved, 0.5, method="inverted_cdf")) if both else None,
        "only_first": settled[True, False],
        "only_second": settled[False, True],
    }


def _settlement(payments: Sequence[Payment]) -> Mapping[str, Any]:
    """Principal of which one leg was paid for good and the other was not (foreign-exchange settlement risk)."""
    exposed = [one for one in payments if one.exposed_us > 0]
    return {
        "exposed_payments": len(exposed),
        "exposed_share": share(len(exposed), len(payments)),
        "exposed_usd_cents": sum(one.value_usd_cents for one in exposed),
        "exposed_us_mean": _mean(exposed, "exposed_us"),
        "exposed_usd_cents_peak": _peak(exposed),
        "lost_usd_cents": sum(one.value_usd_cents for one in payments if one.outcome == LOST),
    }


def _cross_border(payments: Sequence[Payment]) -> Mapping[str, Any]:
    """How far an arrangement is from what users and the FSB expect, and how much hangs on one currency."""
    settled = [one for one in payments if one.outcome == SETTLED]
    shares = [one["share"] for one in _by_currency(settled) if one["share"] is not None]
    return {
        "not_credited_share": share(sum(one.outcome != SETTLED for one in payments), len(payments)),
        "within_hour_share": _times(settled)["within_hour_share"],
        **{f"{name}_cost_share_mean": _cost([one for one in settled if _segment(one) == name]) for name in COSTED},
        "hhi_currencies": math.fsum(one * one for one in shares) if shares else None,
    }


def _peak(exposed: Sequence[Payment]) -> int:
    """The most principal (US cents) that was at risk at once."""
    steps = []
    for one in exposed:
        if one.exposed_from_us is not None:
            steps += [(one.exposed_from_us, 1, one.value_usd_cents)]
            steps += [(one.exposed_from_us + one.exposed_us, 0, -one.value_usd_cents)]
    at_risk = peak = 0
    for _, _, cents in sorted(steps):
        at_risk += cents
        peak = max(peak, at_risk)
    return peak
