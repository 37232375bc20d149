"""Bills in runs: every ending is met, money is conserved, and what others do to a firm's wallet is felt."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from sandbox.bills.bill import OVER, State
from sandbox.bills.chains import BANK
from sandbox.bills.market import BillMarket
from sandbox.control import Process
from sandbox.engine.simulation import Simulation
from sandbox.simulate import simulate
from sandbox.world import build
from tests.bills.markets import DAY_US, ran, scenario_of

TIERS = [
    {"firms": 2, "cash": 40_000_000, "rate": 0.045, "needs_cash": 0.5},
    {"firms": 2, "suppliers": 2, "passes_on": 0.6, "cash": 5_000_000, "rate": 0.06},
]
CORE = {"count": 1, "orders": 0.5, "order": 50_000_000, "order_sigma": 0.3, "cash": 10**11, "bank_accepted": 0.0}


def market_of(days: int = 40, core: dict[str, Any] | None = None, **bills: Any) -> tuple[Simulation, BillMarket]:
    section = {"core": CORE | (core or {}), "tiers": TIERS, "tenor": 10 * DAY_US, **bills}
    simulation = ran(scenario_of(days, bills=section))
    market = simulation.control.part(BillMarket)
    assert market is not None
    return simulation, market


def outcomes(market: BillMarket) -> Counter[str]:
    return Counter(part.outcome for package in market.register.packages.values() for part in package.parts)


def holds(simulation: Simulation, market: BillMarket) -> None:
    """Faces, money and receipts agree."""
    simulation.world.ledger.check()
    for package in market.register.packages.values():
        assert sum(part.face_fen for part in package.parts) == package.terms.face_fen
    payments = [one.content["payment"] for one in market.register.entries if "payment" in one.content]
    assert len(payments) == len(set(payments))
    lost = sum(amount for _, _, amount in market.books.losses)
    risk = market.summary()["risk"]["bills"]
    assert lost == risk["lost_fen"] == sum(row["lost_fen"] for row in market.summary()["bills"]["roles"])


def test_bills_are_paid_when_everybody_can() -> None:
    simulation, market = market_of()
    found = outcomes(market)
    holds(simulation, market)
    assert set(found) == {"discharged", "open"}
    assert found["discharged"] > 20
    firm = market.chains.core(0)
    faces = sum(
        part.face_fen for package in market.register.packages.values() for part in package.parts
        if part.state is State.DISCHARGED
    )  # fmt: skip
    ledger = simulation.world.ledger
    assert int(ledger.opening_fen()[firm] - ledger.accounts[firm, 0]) == faces


def test_a_failed_core_firm_leads_to_recourse_and_loss() -> None:
    simulation, market = market_of(failures=[{"firm": "core 1", "at": 15 * DAY_US}])
    holds(simulation, market)
    found = outcomes(market)
    assert found["recourse"]
    assert found["defaulted"]
    assert not found["dishonoured"]
    assert market.books.recourses
    # What was lost is what was not paid: recourse moves a loss and makes none.
    assert sum(amount for _, _, amount in market.books.losses) == sum(one.face_fen for one in market.books.defaults)


def test_without_splitting_suppliers_fail_too() -> None:
    failures = [{"firm": "core 1", "at": 15 * DAY_US}]
    _, whole = market_of(splitting=False, failures=failures)
    _, split = market_of(failures=failures)
    risks = [market.summary()["risk"]["bills"] for market in (whole, split)]
    assert risks[0]["infected"] > risks[1]["infected"] == 0
    rates = [[row["rate"] for row in market.summary()["bills"]["tiers"]] for market in (whole, split)]
    assert rates[0][1] == pytest.approx(0.045, rel=1e-3)
    assert rates[1] == pytest.approx([0.025, 0.025], rel=1e-3)


def test_a_bank_pays_what_it_accepted_and_bears_the_loss() -> None:
    simulation, market = market_of(core={"bank_accepted": 1.0}, failures=[{"firm": "core 1", "at": 15 * DAY_US}])
    holds(simulation, market)
    assert set(outcomes(market)) == {"discharged"}
    assert {market.chains.tier(who) for _, who, _ in market.books.losses} == {BANK}
    assert market.books.fees_fen > 0


def test_a_fee_that_does_not_come_cancels_the_bill() -> None:
    simulation, market = market_of(core={"bank_accepted": 1.0, "cash": 0})
    holds(simulation, market)
    assert set(outcomes(market)) == {"cancelled"}


def test_a_desk_short_of_funds_rediscounts() -> None:
    desks = {"funds": 60_000_000, "rediscount_rate": 0.01}
    simulation, market = market_of(core={"bank_accepted": 1.0}, desks=desks)
    holds(simulation, market)
    assert market.books.rediscounted_fen > 0
    assert {entry.content["payment"] < 0 for entry in market.register.entries if entry.content["move"] == "take"} == {
        True, False,
    }  # fmt: skip
    _, without = market_of(core={"bank_accepted": 1.0}, desks={**desks, "rediscount": False})
    assert without.books.rediscounted_fen == 0
    assert without.books.unsold_fen > market.books.unsold_fen


def test_a_limit_on_one_acceptor_binds() -> None:
    _, market = market_of(desks={"most_on_one": 100_000_000})
    held: Counter[int] = Counter()
    for package in market.register.packages.values():
        for part in package.parts:
            if part.state not in OVER and market.chains.tier(part.holder) == BANK:
                held[part.holder] += part.face_fen
    assert held
    assert max(held.values()) <= 100_000_000
    assert market.books.unsold_fen > 0


def test_who_has_no_money_at_maturity_defaults_after_its_last_day() -> None:
    _, market = market_of(core={"cash": 60_000_000}, grace=2 * DAY_US, again=DAY_US)
    assert market.books.defaults
    assert not any(one.refused for one in market.books.defaults)
    for entry in market.register.entries:
        if entry.content["move"] == "dishonour":
            assert entry.content["at_us"] >= market.register.packages[entry.content["bill"]].terms.pay_by_us


def test_a_frozen_holder_is_paid_when_it_is_released() -> None:
    section = {"core": CORE, "tiers": TIERS, "tenor": 10 * DAY_US}
    simulation = Simulation(build(scenario_of(40, bills=section), 1))
    market = simulation.control.part(BillMarket)
    assert market is not None
    firm = market.chains.supplier(0, 2, 0)

    def freeze() -> Process:
        yield simulation.control.wait_until(8 * DAY_US)
        simulation.control.freeze(firm)
        yield simulation.control.wait_until(30 * DAY_US)
        simulation.control.release(firm)

    simulation.env.process(freeze())
    simulation.run()
    holds(simulation, market)
    late = [
        part.ended_us - package.terms.due_us
        for package in market.register.packages.values() for part in package.parts
        if part.holder == firm and part.ended_us is not None
    ]  # fmt: skip
    assert max(late) > 10 * DAY_US
    assert not market.books.defaults


def test_the_other_way_round_is_that_other_run() -> None:
    section = {"core": CORE, "tiers": TIERS, "tenor": 10 * DAY_US}
    both = simulate(scenario_of(30, bills={**section, "compare": True}), None, name="both")["bills"]
    other = simulate(scenario_of(30, bills={**section, "splitting": False}), None, name="other")["bills"]
    assert both["other_way"]["tiers"] == other["tiers"] != both["tiers"]
