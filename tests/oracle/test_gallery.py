"""Rail and oracle agree on every scenario of the gallery, cut down, and again with everything switched on."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.scenario import gallery
from sandbox.scenario.load import Loaded, load
from sandbox.scenario.schema import LEDGER, Scenario, scenario_from
from sandbox.scenario.schema.consistency import expected_payments
from sandbox.world import build
from tests.conftest import slow
from tests.oracle.compare import compare, run_rail
from tests.oracle.inputs import read_inputs

MOST_PAYMENTS = 5_000
WANTED = 2_500
FEWEST = 300
WALLETS = 600
MERCHANTS = 60
BANKS, GROUPS = 50, 8
"""Modelled banks of a flight, and groups of their depositors."""
BILLS = 0.3
"""Share of the bills: one that cannot be paid is tried again for days, and its holder goes to everybody liable."""

PEOPLE_OF_CONTRACTS = {
    "customers": 100, "vouchers": 100, "senders": 100, "orders": 100, "wallets": 100, "applicants": 100, "owners": 50,
    "schools": 10,
}  # fmt: skip
FEWEST_OF_CONTRACTS = 10


def cut_down(loaded: Loaded, wanted: int = WANTED) -> Scenario:
    """The scenario with about `wanted` payments, and with stations, wallets and shops to match.

    Everything else stays: calendar, rules, behaviour, faults, prices.
    """
    scenario = loaded.scenario
    assert scenario.demand.trace is None, "cut a trace's file down instead"
    part = min(1.0, wanted / expected_payments(scenario))
    data: dict[str, Any] = scenario.model_dump(exclude={"sources"})
    data["scale"] = 1.0
    people, shops = data["population"], data["merchants"]
    people["wallets"] = min(WALLETS, round(people["wallets"] * scenario.scale))
    people["corporates"] = min(WALLETS // 10, people["corporates"])
    shops["count"] = min(MERCHANTS, round(shops["count"] * scenario.scale))
    for segment in data["demand"]["segments"].values():
        segment["payments"] *= part * scenario.scale
    for campaign in data["campaigns"].values():
        campaign["winners"] = min(max(1, round(campaign["winners"] * part)), WALLETS // (2 * len(data["campaigns"])))
        campaign["registered"] = max(campaign["winners"], round(campaign["registered"] * part))
        campaign["payments_per_claimer"] = max(1.0, campaign["payments_per_claimer"])
    for station in [*data["institutions"].values(), data["ledger"]]:
        station["servers"] = max(1, round(station["servers"] * part * scenario.scale))
    for bank in data["institutions"].values():
        bank["liquidity"] = {word: round(fen * part) for word, fen in bank["liquidity"].items()}
    if scenario.flight is not None and scenario.flight.banks.kind == "modelled":
        data["flight"]["banks"] |= {"count": BANKS, "groups": GROUPS}
    if scenario.bills is not None:
        data["bills"]["core"]["orders"] *= BILLS
    if scenario.contracts is not None:
        for kind, name, _ in scenario.contracts.named():
            one = data["contracts"][kind][name]
            for count, most in PEOPLE_OF_CONTRACTS.items():
                if count in one:
                    one[count] = min(max(FEWEST_OF_CONTRACTS, round(one[count] * part)), one[count], most)
    return scenario_from(data)


def with_everything_on(scenario: Scenario) -> Scenario:
    """The same with an outage, a slow-down, short tempers, retries, checks, red packets, a box and tight limits."""
    data: dict[str, Any] = scenario.model_dump(exclude={"sources"})
    duration, first = scenario.duration, next(iter(scenario.institutions))
    data["faults"] += [
        {"station": first, "kind": "outage", "starts": duration // 4, "lasts": duration // 8},
        {"station": LEDGER, "kind": "slow_down", "starts": duration // 3, "lasts": duration // 8, "factor": 5.0},
        {"station": LEDGER, "kind": "capacity_loss", "starts": duration // 3, "lasts": duration // 10, "loss": 0.9},
    ]
    data["behaviour"] |= {
        "patience": 500_000, "max_attempts": 3, "backoff": 400_000, "status_checks": {"max": 2, "interval": 300_000},
    }  # fmt: skip
    for station in [*data["institutions"].values(), data["ledger"]]:
        station["servers"] = 1
        station["service"] = {"shape": "exponential", "mean": 100_000}
    data["rules"]["box"] = {
        "enabled": True, "participants": 0.8, "merchants": 0.8, "outside": "allow",
        "per_payment_cap": 20_000, "participant_cap": 60_000,
    }  # fmt: skip
    data["rules"]["wallet_limits"] = {"preset": "2021+", "classes": {"IV": {"single": 5_000, "balance": 10_000}}}
    data["campaigns"]["added"] = {
        "registered": 100, "winners": 30, "packet": 5_000, "lasts": duration // 2, "claim_within": duration // 4,
        "payments_per_claimer": 3.0,
    }  # fmt: skip
    return scenario_from(data)


LONG = ("corridor-trade-off", "mbridge-or-correspondent", "validator-loss")
"""The oracle takes seconds; `belt-and-road-trade` has the same parts."""
CASES = [
    *(slow(name, True) if name in LONG else (name, True) for name in gallery.names()),
    *((name, False) if place % 5 == 0 else slow(name, False) for place, name in enumerate(gallery.names())),
]
"""With everything on, a scenario keeps all that it has; as it is, a few are quick enough."""


@pytest.mark.parametrize(("name", "everything"), CASES)
def test_rail_and_oracle_agree_on_the_gallery(name: str, everything: bool) -> None:
    scenario = cut_down(load(name))
    if everything:
        scenario = with_everything_on(scenario)
    world = build(scenario, scenario.seed)
    inputs = read_inputs(world)
    seen = compare(inputs, run_rail(world))
    assert FEWEST <= seen["payments"] <= MOST_PAYMENTS
    assert seen["settled"] > 0
    assert scenario.contracts is None or seen["submitted by parts"] > 50
    if everything:
        situations = ("unavailable", "timed_out", "retry", "check answered", "packet partly spent", "box_cap")
        idle = [situation for situation in situations if seen[situation] == 0]
        assert not idle, f"switched on and never happened: {idle}"
