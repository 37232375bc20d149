"""The `summary.json` of a made-up run; sums and shares agree with its series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sandbox import tables
from tests.reports import fake_box, fake_crime

if TYPE_CHECKING:
    from tests.reports.fake_run import Fake

TICKET_FEN = 13_960
CAMPAIGN = {
    "registered": 1_913_847, "winners": 50_000, "odds": 50_000 / 1_913_847, "claimed": 47_573, "unclaimed": 2_427,
    "payments": 62_900, "settled": 62_788, "settled_fen": 876_400_000, "packet_spent_fen": 786_300_000,
    "own_money_fen": 90_100_000, "funded_fen": 1_000_000_000, "returned_fen": 213_700_000,
    "returned_unclaimed_fen": 48_540_000, "returned_unspent_fen": 165_160_000, "merchants_enrolled": 3_389,
    "merchants_paid": 3_301,
}  # fmt: skip
BOX = {
    "inside_payments": 4000, "inside_settled_fen": 31_000_000, "outside_payments": 58_000, "crossing_refused": 120,
    "cap_refused": 45, "exposure_fen": 31_000_000, "exposure_cap_fen": 40_000_000,
}  # fmt: skip
TRACE = {"rows": 1000, "accepted": 990, "refused": 10, "refused_by_reason": {"bad_amount": 7, "bad_time": 3}}


def summary(fake: Fake, random: np.random.Generator, series: dict[str, Any]) -> dict[str, Any]:
    """The whole summary; optional parts as the made-up run has them."""
    numbers = {name: int(series[name].sum()) for name in ("submitted", "settled", "single_limit", "unavailable")}
    settled_fen = numbers["settled"] * TICKET_FEN
    segment = {"source": "campaign", "kind": "campaign", "payments": numbers["submitted"]}
    segment |= {"settled": numbers["settled"], "settled_fen": settled_fen}
    outcomes = dict.fromkeys(tables.OUTCOMES, 0)
    outcomes |= {name: numbers[name] for name in ("settled", "single_limit", "unavailable")}
    whole: dict[str, Any] = {
        "scenario": _scenario(fake),
        "throughput": _throughput(fake, random, numbers),
        "outcomes": outcomes,
        "refusals": _refusals(numbers),
        "segments": [segment] if numbers["submitted"] else [],
        "stations": _stations(fake, numbers, settled_fen) if numbers["submitted"] else [],
        "risk": _risk(fake, numbers),
        "conservation": {
            "ok": fake.ok,
            "by_currency": {"CNY": {"issued_fen": 10**13, "held_fen": 10**13, "sum_fen": 0 if fake.ok else 1}},
        },
    }
    optional = {
        "campaigns": {fake.campaign_name: CAMPAIGN} if fake.campaign else None,
        "box": BOX if fake.box else None,
        "interest": {"credited_fen": 123_456, "accrued_fen": 789} if fake.interest else None,
        "trace": TRACE if fake.trace else None,
    }
    whole |= {name: part for name, part in optional.items() if part is not None}
    return _with_oversight(whole, fake)


def _with_oversight(whole: dict[str, Any], fake: Fake) -> dict[str, Any]:
    """Add the life of a box, a flight, cohorts, crime and supervision, where the made-up run has them."""
    if fake.life:
        whole |= fake_box.life(fake.banks[0], fake.banks[1])
    if fake.flight:
        found = fake_box.flight(fake.banks)
        whole["flight"] = found["flight"]
        whole["risk"]["disintermediation"] = found["disintermediation"]
    if fake.cohorts:
        found = fake_box.cohorts(fake.cohorts)
        whole["inclusion"] = found["inclusion"]
        whole["risk"]["inclusion"] = found["risk"]
    if fake.crime:
        sections, risks = fake_crime.crime(fake.banks[0])
        whole |= sections
        whole["risk"] |= risks
    if fake.nonsense:
        whole |= fake_box.NONSENSE | fake_crime.NONSENSE
        whole["risk"] |= fake_box.NONSENSE_RISKS | fake_crime.NONSENSE_RISKS
    return whole


def _scenario(fake: Fake) -> dict[str, Any]:
    return {
        "name": "fake", "title": fake.title, "question": fake.question, "look_for": fake.look_for, "seed": 7,
        "start": fake.start, "duration_us": fake.bins * fake.bin_us, "bin_us": fake.bin_us, "regime": "digital_cash",
    }  # fmt: skip


def _throughput(fake: Fake, random: np.random.Generator, numbers: dict[str, int]) -> dict[str, Any]:
    payments, settled = numbers["submitted"], numbers["settled"]
    edges = np.geomspace(1, 60_000, 200)
    counts = np.histogram(np.exp(random.normal(np.log(190), 0.45, settled)), edges)[0]
    latency: dict[str, float | None] = {"p50": 190.2, "p95": 401.5, "p99": 612.0, "max": 2150.0}
    wait = (12.5 if fake.queues else 0.0) if payments else None
    stage = {"wait_ms_mean": wait, "service_ms_mean": 70.0 if payments else None}
    return {
        "payments": payments, "settled": settled, "settled_fen": settled * TICKET_FEN,
        "settled_per_s_mean": settled / max(1, fake.bins * fake.bin_us / 1e6), "settled_per_s_peak": min(settled, 9),
        "success_share": settled / payments if payments else None, "attempts_mean": 1.02 if payments else None,
        "latency_ms": latency if settled else dict.fromkeys(latency),
        "latency_histogram": {"edges_ms": edges.tolist(), "counts": counts.tolist()},
        "stages": {"payer_gateway": stage, "payee_gateway": stage, "ledger": stage},
    }  # fmt: skip


def _refusals(numbers: dict[str, int]) -> list[dict[str, Any]]:
    limits = numbers["single_limit"]
    rows = [
        ("IV", "single_limit", limits // 2),
        ("III", "single_limit", limits // 4),
        ("II", "single_limit", limits - limits // 2 - limits // 4),
        ("IV", "unavailable", numbers["unavailable"]),
    ]
    return [
        {"payer_class": name, "outcome": outcome, "count": count, "value_fen": count * 300_000}
        for name, outcome, count in rows
        if count
    ]


def weights(fake: Fake) -> list[float]:
    """Shares of the banks, falling like 1/k."""
    parts = [1 / (place + 1) for place in range(len(fake.banks))]
    return [part / sum(parts) for part in parts]


def _stations(fake: Fake, numbers: dict[str, int], settled_fen: int) -> list[dict[str, Any]]:
    wait = 12.5 if fake.queues else 0.0
    rows = [
        {
            "station": name, "kind": "institution", "arrivals": int(numbers["submitted"] * weight),
            "served": int(numbers["settled"] * weight), "refused": 0, "withdrawn": 0,
            "wait_ms_mean": wait * weight * 10,
            "service_ms_mean": 70.1, "queue_mean": 0.1, "queue_max": 7, "utilisation": 0.2 + 0.6 * weight,
            "settled_fen_out": int(settled_fen * weight), "settled_fen_in": int(settled_fen * weight),
        }
        for name, weight in zip(fake.banks, weights(fake), strict=True)
    ]  # fmt: skip
    ledger = {**rows[-1], "station": "ledger", "kind": "ledger"}
    return [*rows, {name: value for name, value in ledger.items() if not name.startswith("settled_fen")}]


def _risk(fake: Fake, numbers: dict[str, int]) -> dict[str, Any]:
    payments, settled, limits, closed = numbers.values()
    some, bank = payments > 0, fake.banks[0]
    by_institution = [
        {
            "institution": name, "opening_fen": 5 * 10**10, "lowest_fen": 4 * 10**9 * (place + 1) % (5 * 10**10),
            "closing_fen": 4 * 10**10, "target_fen": 5 * 10**10,
        }
        for place, name in enumerate(fake.banks)
    ]  # fmt: skip
    return {
        "operational": {
            "unavailable_share": closed / max(1, payments), "timed_out_share": 0.0, "retried_share": 0.0,
            "worst_bin_success_share": 0.66 if some else None, "worst_bin_at_us": fake.fault_us if some else None,
            "busiest_station": bank, "busiest_utilisation": 0.41,
            "minutes_below_95": 180.0 if fake.faults else 0.0, "faults": int(fake.faults),
        },
        "liquidity": {
            "lowest_share_of_target": 0.08, "lowest_institution": bank, "orders": 30 if fake.faults else 0,
            "ordered_fen": 30 * 10**9 if fake.faults else 0, "top_ups_fen": 90_100_000, "redemptions_fen": 81_000_000,
            "turnover_per_day": 0.31, "by_institution": by_institution,
        },
        "concentration": {
            "hhi_payer_institutions": 0.18 if settled else None, "hhi_merchants": 0.004 if settled else None,
            "top_institution": bank if settled else None, "top_institution_share": 0.34 if settled else None,
            "top_10_merchants_share": 0.06 if settled else None,
        },
        "consumer": {
            "refused_by_limit_share": limits / max(1, payments), "insufficient_share": 0.0, "upgrades_asked": 12,
            "refused_fen": limits * 300_000, "upgrades_done": 9, "worst_class": "IV" if limits else None,
            "worst_class_refused_share": 0.062 if limits else None,
        },
    }  # fmt: skip
