"""Small worlds, made to be awkward: slow stations, short tempers, tiny limits, and times on coarse grids.

Hypothesis draws them (`cases`), or a seed does (`case_of`), which gives the same worlds everywhere. Of every choice the
first option is the plainest, so that a failing world shrinks towards one in which little happens.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from sandbox.scenario.schema import LEDGER, scenario_from
from sandbox.scenario.units import US_PER_DAY
from tests.oracle.compare import Case
from tests.oracle.orders import BoxRules, Chain, Freeze, Guard, Member, Orders

MS = 1_000
S = 1_000_000
MIDNIGHTS = (datetime(2026, 3, 3), datetime(2026, 3, 21), datetime(2027, 1, 1), datetime(2026, 6, 21))
"""An ordinary one, two on which interest is credited, one on which a year begins."""
CLASSES = ("I", "II", "III", "IV")

Pick = Callable[..., Any]
"""Draws one of its arguments."""


@st.composite
def cases(draw: st.DrawFn, most_payments: int = 250) -> Case:
    """A world and how it is run."""
    return _case(lambda *options: draw(st.sampled_from(options)), lambda a, b: draw(st.integers(a, b)), most_payments)


def case_of(seed: int, most_payments: int = 250) -> Case:
    """World number `seed` of a fixed collection."""
    chance = random.Random(seed)
    return _case(lambda *options: chance.choice(options), chance.randint, most_payments)


def _case(pick: Pick, between: Callable[[int, int], int], most_payments: int) -> Case:
    duration = pick(5 * S, 10 * S, 20 * S, 40 * S)
    count = between(20, most_payments)
    before_midnight = timedelta(microseconds=pick(2 * duration, duration // 2, duration // 4, duration, 0))
    institutions = _institutions(pick)
    names = list(institutions)
    campaigns = {f"campaign {number}": _campaign(pick, duration) for number in range(pick(0, 1, 2))}
    data = {
        "title": "a small world",
        "question": "do rail and oracle agree?",
        "seed": between(0, 2**32),
        "start": pick(*MIDNIGHTS) - before_midnight,
        "duration": duration,
        "series": {"bin": pick(60 * S, 7 * S)},
        "institutions": institutions,
        "ledger": {"servers": pick(1, 2, 3), "service": _service(pick, 10 * MS, 50 * MS, 100 * MS)},
        "central_bank": {"issuance_delay": pick(500 * MS, 3 * S, 1)},
        "population": _population(pick),
        "merchants": {"count": pick(1, 3, 6), "daily_redemption": pick(True, False)},
        "demand": {"segments": _segments(pick, count * US_PER_DAY / duration)},
        "behaviour": _behaviour(pick),
        "rules": _rules(pick, names, duration),
        "faults": [_fault(pick, names, duration) for _ in range(pick(0, 1, 2, 5, 8))],
        "campaigns": campaigns,
    }
    return Case(
        scenario=scenario_from(data),
        grid_us=pick(1, 10 * MS, 50 * MS, 250 * MS),
        self_every=pick(0, 0, 0, 7),
        orders=_orders(pick, between, duration, data["population"], data["merchants"]["count"]),
    )


def _orders(
    pick: Pick, between: Callable[[int, int], int], duration: int, people: dict[str, Any], shops: int
) -> Orders:
    """What processes do to this world: at instants on the payments' grid, and at any microsecond."""
    first_shop = 1 + people["wallets"] + people["corporates"]  # the central bank is account 0

    def instant() -> int:
        return pick(duration * pick(0, 1, 2, 3) // 4, between(0, duration), between(0, 2 * duration))

    def wallet() -> int:
        return 1 + between(0, 5)

    def chain(number: int) -> Chain:
        parties = [(wallet(), pick(wallet(), first_shop + between(0, shops - 1))) for _ in range(pick(1, 3, 8))]
        return Chain(
            at_us=instant(),
            legs=tuple((payer, payee, between(1, pick(100, 5_000))) for payer, payee in parties),
            pause_us=pick(0, 0, 1, 10 * MS, 2 * S),
            together=pick(False, False, True),
            key=(number << 40) + between(0, 2**32),  # no two payments in flight may have the same
        )

    def box(at_us: int) -> BoxRules:
        return BoxRules(at_us, pick(None, 2, 1, 5), armed=pick(True, True, False), contained=pick(False, False, True))

    boxes = [*(box(0) for _ in range(pick(0, 1, 1))), *(box(instant()) for _ in range(pick(0, 1)))]
    return Orders(
        freezes=tuple(Freeze(instant(), wallet(), pick(True, True, False)) for _ in range(pick(0, 0, 0, 2, 4))),
        members=tuple(Member(instant(), wallet(), pick(True, False)) for _ in range(pick(0, 0, 3))),
        boxes=tuple(boxes),
        guards=tuple(
            Guard(pick("off", "refuse_all", "raise"), pick(None, 0, 500 * MS)) for _ in range(pick(1, 1, 0, 2))
        ),
        chains=tuple(chain(number) for number in range(pick(0, 0, 1, 2))),
    )


def _service(pick: Pick, *means: int) -> dict[str, Any]:
    return {"shape": pick("fixed", "fixed", "exponential"), "mean": pick(*means)}


def _institutions(pick: Pick) -> dict[str, Any]:
    count = pick(1, 2, 3, 5)
    operators = pick(*range(1, count + 1))
    banks: dict[str, Any] = {}
    for number in range(count):
        floor = pick(0, 5_000, 50_000)
        banks[f"bank {number}"] = {
            "share": 1 / count,
            "servers": pick(1, 2, 4),
            "service": _service(pick, 20 * MS, 100 * MS, 300 * MS),
            "liquidity": {
                "opening": pick(100_000, 0, 20_000, 10_000_000),
                "floor": floor,
                "target": floor + pick(0, 50_000),
            },
        }
        if number >= operators:
            banks[f"bank {number}"] |= {"kind": "indirect", "via": f"bank {pick(*range(operators))}"}
    return banks


def _population(pick: Pick) -> dict[str, Any]:
    return {
        "wallets": pick(10, 15, 40),
        "corporates": pick(2, 4),
        "classes": pick(dict.fromkeys(CLASSES, 0.25), {"IV": 1.0}, {"II": 0.5, "III": 0.5}),
        "can_top_up": pick(dict.fromkeys(CLASSES, 1.0), dict.fromkeys(CLASSES, 0.5)),
        "willing_to_upgrade": pick(0.5, 1.0),
        "opening_balance": {"empty_share": pick(0.0, 0.5), "mean": pick(10_000, 0, 100_000), "sigma": pick(0.0, 1.0)},
        "corporate_opening_balance": {"empty_share": 0.0, "mean": pick(1_000_000, 1_000), "sigma": 0.0},
    }


def _ticket(pick: Pick) -> dict[str, Any]:
    return {"median": pick(100, 1_000, 4_000), "sigma": pick(0.0, 1.0)}


def _segments(pick: Pick, per_day: float) -> dict[str, Any]:
    """Retail first; transfers and corporate payments beside it."""
    kinds = [
        ("retail", "personal", "merchant"), ("transfer", "personal", "personal"),
        ("wholesale", "corporate", "merchant"), ("government", "corporate", "personal"),
    ][: pick(1, 2, 4)]  # fmt: skip
    return {
        kind: {
            "kind": kind, "payer": payer, "payee": payee,
            "payments": per_day / len(kinds), "ticket": _ticket(pick), "profile": "flat",
        }
        for kind, payer, payee in kinds
    }  # fmt: skip


def _behaviour(pick: Pick) -> dict[str, Any]:
    return {
        "patience": pick(None, 2 * S, 500 * MS, 250 * MS, 120 * MS),
        "max_attempts": pick(1, 2, 4),
        "backoff": pick(1 * S, 100 * MS, 1),
        "status_checks": {"max": pick(0, 1, 3), "interval": pick(1 * S, 300 * MS, 50 * MS)},
        "top_up_step": pick(1_000, 1, 700),
        "redeem_share": pick(0.0, 0.5, 1.0),
        "keep_balance": pick(0, 1_000, 20_000),
    }


def _limits(pick: Pick) -> dict[str, Any]:
    """Tight in places."""
    classes = {
        name: {
            "balance": pick(None, 6_000, 30_000),
            "single": pick(None, 1_500, 5_000),
            "daily": pick(None, 3_000, 12_000),
            "annual": pick(None, 4_000, 20_000),
        }
        for name in CLASSES
    }
    return {"preset": "2021+", "classes": pick({}, classes, classes)}


def _caps(pick: Pick) -> dict[str, Any]:
    return {
        "per_payment_cap": pick(None, None, 2_000, 6_000),
        "participant_cap": pick(None, None, 2_000, 8_000),
        "total_exposure_cap": pick(None, 1_000, 1_000, 10_000, 50_000),
    }


def _rules(pick: Pick, names: list[str], duration: int) -> dict[str, Any]:
    changes: list[dict[str, Any]] = []
    for _ in range(pick(0, 1, 3)):
        change: dict[str, Any] = {"at": pick(duration // 2, duration // 4, 0, duration)}
        what = pick("limits", "box", "both")
        if what != "box":
            change["wallet_limits"] = _limits(pick)
        if what != "limits":
            change["box"] = {**_caps(pick), "outside": pick(None, "allow", "refuse_all")}
        changes.append(change)
    return {
        "regime": pick("digital_cash", "digital_deposit", "digital_deposit"),
        "wallet_limits": _limits(pick),
        "kyc_delay": pick(1 * S, 300 * MS, 1, 10 * S),
        "waterfall": pick(True, False),
        "interest": {
            "rate": pick(0.9, 0.9, 0.0005, 0.0),
            "classes": pick(list(CLASSES), ["I", "II", "III"]),
            "day_count": pick(360, 365),
        },
        "box": {
            "enabled": pick(False, True, True),
            "starts": pick(0, duration // 3),
            "participants": pick(1.0, 0.5, 0.8),
            "merchants": pick(1.0, 0.5),
            "institutions": pick(None, names[:1]),
            "outside": pick("allow", "refuse_crossing", "refuse_all"),
            **_caps(pick),
        },
        "changes": changes,
    }


def _fault(pick: Pick, names: list[str], duration: int) -> dict[str, Any]:
    fault = {
        "station": pick(*names, LEDGER),
        "kind": pick("outage", "capacity_loss", "slow_down"),
        "starts": pick(*(duration * part // 8 for part in range(8))),
        "lasts": pick(duration // 10, duration // 4, duration // 2, 2 * duration, 1),
    }
    loss, factor = pick(0.5, 0.9, 1.0, 0.34), pick(1.5, 3.0, 1.1, 20.0)
    return fault | {"outage": {}, "capacity_loss": {"loss": loss}, "slow_down": {"factor": factor}}[fault["kind"]]


def _campaign(pick: Pick, duration: int) -> dict[str, Any]:
    lasts = pick(duration // 2, duration // 4, 2 * duration)
    return {
        "registered": pick(100, 5),
        "winners": pick(5, 2),
        "packet": pick(3_000, 500, 20_000),
        "starts": pick(0, duration // 4, duration // 2),
        "lasts": lasts,
        "merchants": pick(1.0, 0.5),
        "claimed": pick(1.0, 0.5),
        "claim_within": pick(lasts // 4, lasts),
        "payments_per_claimer": pick(1.0, 3.0, 8.0),
        "ticket": _ticket(pick),
        "adds_own_money": pick(1.0, 0.5, 0.0),
        "profile": "flat",
    }
