"""Rail and oracle agree while people flee from the scenario's own banks into the wallets that they pay with."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from sandbox.scenario.schema import Scenario, scenario_from
from sandbox.world import build, limit_rows
from tests.oracle.compare import RailResult, compare, run_rail
from tests.oracle.inputs import read_inputs

HOUR = 3_600_000_000
HOLDING_LIMIT = 30_000
LIQUIDITY = {"opening": 3_000_000, "floor": 2_500_000, "target": 3_000_000}
TOWN: dict[str, Any] = {
    "title": "t",
    "question": "q",
    "duration": 30 * HOUR,
    "series": {"bin": HOUR},
    "rules": {
        "regime": "digital_cash",
        "changes": [{"at": 12 * HOUR, "wallet_limits": {"preset": "ccb_pilot_2020"}}],
    },
    # A day is a whole number of steps, and liquidity comes at one.
    "central_bank": {"issuance_delay": 2 * HOUR},
    "institutions": {
        "Alpha": {"share": 0.5, "liquidity": LIQUIDITY},
        "Beta": {"share": 0.3, "liquidity": LIQUIDITY},
        "Gamma": {"share": 0.2, "kind": "indirect", "via": "Alpha"},
    },
    "population": {"wallets": 400, "corporates": 0, "classes": {"I": 0.4, "II": 0.4, "III": 0.2}},
    "merchants": {"count": 20},
    "demand": {
        "segments": {
            "shops": {"payments": 1_500.0},
            "friends": {"kind": "transfer", "payee": "personal", "payments": 1_500.0},
        }
    },
    "flight": {
        "holding_limit": HOLDING_LIMIT,
        "people": {"fear": 1.0, "insured_fear": 1.0, "contagion": 0.0, "elsewhere": 0.5},
        "news": [{"at": HOUR, "reach": 0.6, "within": 10 * HOUR}],
    },
}  # fmt: skip


@cache
def town() -> Scenario:
    return scenario_from(TOWN)


@cache
def railed() -> RailResult:
    return run_rail(build(town(), 1))


def agree(scenario: Scenario, rail: RailResult) -> None:
    seen = compare(read_inputs(build(scenario, 1)), rail)
    assert seen["settled"] > 2_000
    assert min(seen["liquidity_order"], seen["redeemed by payee"], seen["top_up"], seen["day_ended"]) > 0


def test_rail_and_oracle_agree_in_a_flight() -> None:
    agree(town(), railed())


@pytest.mark.parametrize("what", ["post", "order", "account"])
def test_whatever_the_flight_does_is_needed(what: str) -> None:
    """Money into wallets, orders of liquidity, wallets that no longer redeem: without any one of them they differ."""
    kept = [one for one in railed().tape if one.what != what]
    assert len(kept) < len(railed().tape)
    with pytest.raises(AssertionError):
        agree(town(), replace(railed(), tape=tuple(kept)))


def test_a_holding_limit_forgotten_at_a_rule_change_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.base.rule_changes.limits_in_force", lambda _, limits: limit_rows(limits))
    with pytest.raises(AssertionError, match="differs"):
        agree(town(), run_rail(build(town(), 1)))
