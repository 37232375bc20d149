"""More of one thing never makes less of another, where that can be proved.

Service times belong to payments, so two worlds that differ in one lever serve the same payments for the same times, and
what holds for every queue served in order of arrival holds payment by payment: an additional server, shorter services
or fewer competitors never make anyone wait longer (Kiefer and Wolfowitz 1955). Limits are compared where one refusal
does not feed the next: single payments of any size, sums of payments that are all alike. With sums of unlike payments a
lower limit may well refuse fewer: a large one refused early leaves room for many small ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.properties.towns import Tables, run, town

ROOMY: dict[str, Any] = {
    "duration": "2 days",
    "population.classes": {"I": "100 %"},
    "population.can_top_up": {"I": "100 %"},
    "population.opening_balance": {"empty_share": "0 %", "mean": "1 million CNY", "sigma": 0},
    "rules.box.enabled": "true",
    "rules.box.participants": "100 %",
    "rules.box.merchants": "100 %",
    "behaviour": {"patience": "none", "redeem_share": "0 %"},
    "campaigns": {},
    "faults": [],
    "institutions": {"bank": {"share": "100 %", "servers": 2, "service": {"shape": "lognormal", "mean": "35 s"}}},
    "ledger": {"servers": 1000, "service": {"shape": "fixed", "mean": "1 us"}},
}
"""Class I, rich and patient: nothing is refused but by the lever that is tried."""

ALIKE = {
    f"demand.segments.{name}.ticket": {"median": "50 CNY", "sigma": 0} for name in ("retail", "transfers", "wholesale")
}
CAPS = ("none", "2000 CNY", "500 CNY", "499 CNY", "120 CNY", "50 CNY", "10 CNY", "0 CNY")
"""Ever lower."""


def refused(tables: Tables, outcome: str) -> int:
    found: int = tables.summary["outcomes"][outcome]
    assert found + tables.summary["outcomes"]["settled"] == len(tables.payments)
    return found


LIMITS = {
    "single limit": ("rules.wallet_limits.classes.I", "single", "single_limit", {}),
    "cap per payment": ("rules.box.per_payment_cap", None, "box_cap", {}),
    "daily limit, payments alike": ("rules.wallet_limits.classes.I", "daily", "daily_limit", ALIKE),
    "annual limit, payments alike": ("rules.wallet_limits.classes.I", "annual", "annual_limit", ALIKE),
    "participant cap, payments alike": ("rules.box.participant_cap", None, "box_cap", ALIKE),
    "exposure cap, payments alike": ("rules.box.total_exposure_cap", None, "box_cap", ALIKE),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_lower_limit_never_refuses_fewer(name: str) -> None:
    path, key, outcome, changes = LIMITS[name]
    counts = [
        refused(run(town({**ROOMY, **changes, path: cap if key is None else {key: cap}})), outcome) for cap in CAPS
    ]
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert len(set(counts)) >= 4


def test_with_unlike_payments_a_lower_daily_limit_may_refuse_fewer() -> None:
    """Why the sums above are of payments that are all alike: the property does not hold in general."""
    counts = [
        refused(run(town({**ROOMY, "rules.wallet_limits.classes.I": {"daily": f"{cap} CNY"}})), "daily_limit")
        for cap in (96, 95)
    ]
    assert counts[0] > counts[1] > 0


@pytest.mark.parametrize("cap", ["0.01 CNY", "1000 CNY", "123456.78 CNY"])
def test_the_box_never_holds_more_than_its_cap(cap: str) -> None:
    found = run(town({"rules.box.total_exposure_cap": cap}))
    inside = found.payments[(found.payments["outcome"] == "settled") & found.payments["in_box"]]
    assert int(inside["amount_fen"].sum()) <= round(float(cap.split()[0]) * 100)
    assert found.summary["outcomes"]["box_cap"] > 0


def waits_us(changes: dict[str, Any]) -> npt.NDArray[np.int64]:
    """Waits of retail payments at the gateway, in order of birth."""
    retail = run(town({**ROOMY, **changes})).of("retail").sort_values("submitted_at_us", kind="stable")
    return np.asarray(retail["payer_gateway_wait_us"].to_numpy(dtype=np.int64))


EASED: dict[str, dict[str, Any]] = {
    "a server more": {"institutions.bank.servers": 3},
    "shorter services": {"institutions.bank.service.mean": "34 s"},
    "fewer competitors": {"demand.segments.transfers.payments": "0 /day"},
}


@pytest.mark.parametrize("name", EASED)
def test_nobody_waits_longer_when_it_is_easier(name: str) -> None:
    before, after = waits_us({}), waits_us(EASED[name])
    # Tables of service times are rounded to whole microseconds; a shorter mean could round up in a draw, never by more.
    slack_us = len(before) if name == "shorter services" else 0
    assert len(before) == len(after)
    assert np.all(after <= before + slack_us)
    assert after.sum() < 0.97 * before.sum()
    assert not np.all(before <= after)


def test_a_slow_down_and_a_lost_server_make_nobody_wait_less() -> None:
    before = waits_us({})
    for fault in ({"kind": "slow_down", "factor": 1.5}, {"kind": "capacity_loss", "loss": 0.5}):
        after = waits_us({"faults": [{"station": "bank", "starts": "10 h", "lasts": "5 h", **fault}]})
        assert np.all(after >= before)
        assert after.sum() > 1.03 * before.sum()
