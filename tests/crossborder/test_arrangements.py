"""Both arrangements of one run: the same draws in each, whatever else the run has, and the same bytes every time."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from sandbox.engine.simulation import Simulation
from sandbox.features.crossborder import gates
from sandbox.features.crossborder.component import CrossBorderPayments
from sandbox.scenario.schema import Scenario, scenario_from
from sandbox.world import build

DAY = 86_400_000_000
HOUR = DAY // 24
NAMES = ("shared_ledger", "correspondent")


def scenario(**crossborder: Any) -> Scenario:
    """Three days of people and firms between the mainland, Hong Kong and Thailand; gates that stop much."""
    terms = {
        "corridors": {
            "home": {"sender": "hong_kong", "receiver": "mainland", "purpose": "remittance", "individuals": True,
                     "count": 25, "mean": 2_000_00, "payers": 9, "payees": 4, "hours": "any"},
            "goods": {"sender": "mainland", "receiver": "thailand", "count": 25, "mean": 40_000_00},
        },
        "gates": {"annual_quota": 5_000_00, "travel_rule": {"missing": 0.3},
                  "screening": {"false_positives": 0.3, "listed": 0.1, "reviewers": 1}},
        "faults": [{"kind": "bank", "who": "mainland bank 1", "starts": DAY // 2, "lasts": 2 * DAY},
                   {"kind": "corridor", "who": "goods", "starts": DAY + 10 * HOUR, "lasts": 4 * HOUR}],
        "settle_within": 5 * DAY,
    }  # fmt: skip
    return scenario_from(
        {
            "title": "Two arrangements", "question": "The same draws?", "duration": 3 * DAY, "start": "2026-03-02",
            "series": {"bin": DAY}, "population": {"wallets": 10, "corporates": 2}, "merchants": {"count": 2},
            "crossborder": terms | crossborder,
        }
    )  # fmt: skip


def rows(seed: int = 3, **crossborder: Any) -> dict[tuple[str, int], dict[str, Any]]:
    """The table of a run, by arrangement and payment."""
    simulation = Simulation(build(scenario(**crossborder), seed))
    simulation.run()
    part = simulation.control.component(CrossBorderPayments)
    assert part is not None
    table = part.tables()["crossborder"]
    lines = [dict(zip(table, line, strict=True)) for line in zip(*table.values(), strict=True)]
    return {(line["path"], line["payment_id"]): line for line in lines}


@cache
def both() -> dict[tuple[str, int], dict[str, Any]]:
    return rows()


def alone(arrangement: str) -> dict[tuple[str, int], dict[str, Any]]:
    return {key: line for key, line in both().items() if key[0] == arrangement}


@pytest.mark.parametrize("arrangement", NAMES)
def test_an_arrangement_is_the_same_with_and_without_the_other(arrangement: str) -> None:
    assert rows(arrangements=arrangement) == alone(arrangement)


def test_the_same_demand_takes_both_arrangements_and_every_ending_occurs() -> None:
    shared = ("uetr", "corridor", "payer", "payee", "payer_bank", "payee_bank", "value_usd_cents", "submitted_at_us")
    for number in range(50):
        one, other = (both()[one, number] for one in NAMES)
        assert [one[name] for name in shared] == [other[name] for name in shared]
    reasons = {line["reason"] for line in both().values()}
    assert reasons >= {"bank_failed", "screening", "annual_quota", "corridor_shut"}
    assert {line["outcome"] for line in alone("correspondent").values()} >= {"settled", "refused", "returned"}
    for line in both().values():
        assert (line["dealer"] is not None) == (line["path"] == "shared_ledger" and line["outcome"] == "settled"), (
            "all corridors here exchange"
        )
        assert line["fee_fen"] == 0 or line["outcome"] in ("settled", "returned", "lost", "pending")


def test_the_same_seed_is_the_same_run_and_another_is_not() -> None:
    assert rows() == both()
    assert rows(seed=4) != both()


def test_more_faults_later_change_nothing_before() -> None:
    """Draws are the payment's own: what happens to others afterwards moves no draw of it."""
    late = {"kind": "validator", "who": "macau", "starts": 60 * HOUR, "lasts": HOUR}
    found = rows(faults=[*(one.model_dump() for one in scenario().crossborder.faults), late])  # type: ignore[union-attr]
    assert found == both(), "five of six validators are a quorum"


def test_what_is_at_risk_when_the_run_ends_was_so_until_then() -> None:
    """Baht are delivered on Fridays, and the run ends on a Wednesday: each has paid its yuan."""
    chain = {
        "unprotected": 1.0, "hops": [0, 1],
        "systems": {"THB": {"utc_offset": 7, "weekend": ["mon", "tue", "wed", "thu", "sat", "sun"]}},
    }  # fmt: skip
    found = rows(arrangements="correspondent", correspondent=chain, settle_within=0, faults=[], gates={})
    baht = [line for line in found.values() if line["corridor"] == "goods"]
    risky = [line for line in baht if line["exposed_from_us"] is not None]
    assert len(risky) > 10
    assert {line["outcome"] for line in risky} == {"pending"}
    assert {line["exposed_from_us"] + line["exposed_us"] for line in risky} == {3 * DAY}


def test_a_gate_with_a_memory_of_both_arrangements_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    begin, first = gates.Gatekeeper.__init__, []

    def shared(self: gates.Gatekeeper, setting: Any, arrangement: str, closures: Any) -> None:
        begin(self, setting, arrangement, closures)
        first.append(self)
        self._used, self._seen, self._people = first[0]._used, first[0]._seen, first[0]._people

    monkeypatch.setattr(gates.Gatekeeper, "__init__", shared)
    assert rows() != both()
