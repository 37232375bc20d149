"""Bills in runs: every ending is met, money is conserved, and what others do to a firm's wallet is felt."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest

from sandbox.control import Process
from sandbox.core.layout import Outcome, code, ended
from sandbox.engine.simulation import Simulation
from sandbox.features.bills.bill import OVER, State
from sandbox.features.bills.chains import BANK
from sandbox.features.bills.market import BillMarket
from sandbox.simulate import simulate
from sandbox.world import build
from tests.bills.markets import DAY_US, ran, scenario_of

TIERS = [
    {"firms": 2, "cash": 40_000_000, "rate": 0.045, "needs_cash": 0.5},
    {"firms": 2, "suppliers": 2, "passes_on": 0.6, "cash": 5_000_000, "rate": 0.06},
]
CORE = {"count": 1, "orders": 0.5, "order": 50_000_000, "order_sigma": 0.3, "cash": 10**11, "bank_accepted": 0.0}


def market_of(days: int = 30, core: dict[str, Any] | None = None, **bills: Any) -> tuple[Simulation, BillMarket]:
    section = {"core": CORE | (core or {}), "tiers": TIERS, "tenor": 10 * DAY_US, **bills}
    simulation = ran(scenario_of(days, bills=section))
    market = simulation.control.component(BillMarket)
    assert market is not None
    return simulation, market


@cache
def failed() -> tuple[Simulation, BillMarket]:
    """The run in which the core firm fails on day 15; tests look at it and leave it alone."""
    return market_of(failures=[{"firm": "core 1", "at": 15 * DAY_US}])


def outcomes(market: BillMarket) -> Counter[str]:
    return Counter(part.outcome for package in market.register.packages.values() for part in package.parts)


def holds(simulation: Simulation, market: BillMarket) -> None:
    """Faces, money and receipts agree."""
    simulation.world.ledger.check()
    for package in market.register.packages.values():
        assert sum(part.face_fen for part in package.parts) == package.terms.face_fen
    payments = [one.content["payment"] for one in market.register.entries if "payment" in one.content]
    assert len(payments) == len(set(payments))
    lost = sum(amount for _, _, amount in market.log.losses)
    risk = market.summary()["risk"]["bills"]
    assert lost == risk["lost_fen"] == sum(row["lost_fen"] for row in market.summary()["bills"]["roles"])
    section = market.summary()["bills"]
    for name in ("sold_fen", "cost_fen"):
        assert section[name] == sum(tier[name] for tier in section["tiers"])
    # What was not paid is lost to somebody or still in recourse: recourse moves a loss and makes none. To that comes
    # what banks paid for drawers that did not pay them back.
    unpaid = sum(one.face_fen for one in market.log.defaults)
    parts = [part for package in market.register.packages.values() for part in package.parts]
    hanging = sum(part.face_fen for part in parts if part.state is State.DISHONOURED)
    borne = sum(
        part.face_fen for bill, package in market.register.packages.items() for part in package.parts
        if (bill, part.first) in market.log.borne
    )  # fmt: skip
    assert unpaid - hanging + borne == lost


def test_bills_are_paid_when_everybody_can() -> None:
    simulation, market = market_of()
    found = outcomes(market)
    holds(simulation, market)
    assert set(found) == {"discharged", "open"}
    assert found["discharged"] > 15
    firm = market.chains.core(0)
    faces = sum(
        part.face_fen for package in market.register.packages.values() for part in package.parts
        if part.state is State.DISCHARGED
    )  # fmt: skip
    ledger = simulation.world.ledger
    assert int(ledger.opening_fen()[firm] - ledger.accounts[firm, 0]) == faces


def test_a_failed_core_firm_leads_to_recourse_and_loss() -> None:
    simulation, market = failed()
    holds(simulation, market)
    found = outcomes(market)
    assert found["recourse"]
    assert found["defaulted"]
    assert not found["dishonoured"]
    assert market.log.recourses


def test_without_splitting_suppliers_fail_too() -> None:
    failures = [{"firm": "core 1", "at": 15 * DAY_US}]
    _, whole = market_of(splitting=False, failures=failures)
    _, split = failed()
    risks = [market.summary()["risk"]["bills"] for market in (whole, split)]
    assert risks[0]["infected"] > risks[1]["infected"] == 0
    rates = [[row["rate"] for row in market.summary()["bills"]["tiers"]] for market in (whole, split)]
    assert rates[0][1] == pytest.approx(0.045, rel=1e-3)
    assert rates[1] == pytest.approx([0.025, 0.025], rel=1e-3)


def test_a_bank_pays_what_it_accepted_and_bears_the_loss() -> None:
    simulation, market = market_of(26, core={"bank_accepted": 1.0}, failures=[{"firm": "core 1", "at": 15 * DAY_US}])
    holds(simulation, market)
    assert set(outcomes(market)) == {"discharged"}
    assert {market.chains.tier(who) for _, who, _ in market.log.losses} == {BANK}
    assert market.log.fees_fen > 0


def test_a_fee_that_does_not_come_cancels_the_bill() -> None:
    simulation, market = market_of(12, core={"bank_accepted": 1.0, "cash": 0})
    holds(simulation, market)
    assert set(outcomes(market)) == {"cancelled"}


def test_a_desk_short_of_funds_rediscounts() -> None:
    desks = {"funds": 60_000_000, "rediscount_rate": 0.01}
    simulation, market = market_of(20, core={"bank_accepted": 1.0}, desks=desks)
    holds(simulation, market)
    assert market.log.rediscounted_fen > 0
    assert {entry.content["payment"] < 0 for entry in market.register.entries if entry.content["move"] == "take"} == {
        True, False,
    }  # fmt: skip
    _, without = market_of(20, core={"bank_accepted": 1.0}, desks={**desks, "rediscount": False})
    assert without.log.rediscounted_fen == 0
    assert without.log.unsold_fen > market.log.unsold_fen


def test_a_limit_on_one_acceptor_binds() -> None:
    _, market = market_of(18, desks={"most_on_one": 100_000_000})
    held: Counter[int] = Counter()
    for package in market.register.packages.values():
        for part in package.parts:
            if part.state not in OVER and market.chains.tier(part.holder) == BANK:
                held[part.holder] += part.face_fen
    assert held
    assert max(held.values()) <= 100_000_000
    assert market.log.unsold_fen > 0


def test_who_has_no_money_at_maturity_defaults_after_its_last_day() -> None:
    _, market = market_of(22, core={"cash": 60_000_000}, grace=2 * DAY_US, again=DAY_US)
    assert market.log.defaults
    assert not any(one.refused for one in market.log.defaults)
    for entry in market.register.entries:
        if entry.content["move"] == "dishonour":
            assert entry.content["at_us"] >= market.register.packages[entry.content["bill"]].terms.pay_by_us


def test_a_frozen_holder_is_paid_when_it_is_released() -> None:
    section = {"core": CORE, "tiers": TIERS, "tenor": 10 * DAY_US}
    simulation = Simulation(build(scenario_of(40, bills=section), 1))
    market = simulation.control.component(BillMarket)
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
    assert not market.log.defaults


def test_the_other_way_round_is_that_other_run() -> None:
    section = {"core": CORE, "tiers": TIERS, "tenor": 10 * DAY_US}
    both = simulate(scenario_of(15, bills={**section, "compare": True}), None, name="both")["bills"]
    other = simulate(scenario_of(15, bills={**section, "splitting": False}), None, name="other")["bills"]
    assert both["other_way"]["tiers"] == other["tiers"] != both["tiers"]


def test_a_bank_that_has_bought_bills_with_all_it_has_still_pays_its_own() -> None:
    """At maturity a desk rediscounts what it lacks; without rediscount it cannot pay."""
    simulation, market = market_of(25, core={"bank_accepted": 1.0}, desks={"funds": 40_000_000})
    holds(simulation, market)
    assert set(outcomes(market)) == {"discharged", "open"}
    assert market.log.rediscounted_fen > 0


def test_who_has_failed_buys_and_spends_nothing_more() -> None:
    simulation, market = market_of(failures=[{"firm": f"core 1 tier 1 firm {n}", "at": 15 * DAY_US} for n in (1, 2)])
    holds(simulation, market)
    firms = {market.chains.supplier(0, 1, number) for number in range(2)}
    late = [
        entry.content for entry in market.register.entries
        if entry.content["by"] in firms and entry.content["at_us"] > 15 * DAY_US
    ]  # fmt: skip
    assert {one["move"] for one in late} <= {"present", "discharge", "take", "lose", "dishonour"}


def test_that_a_holder_is_frozen_is_not_its_debtors_fault() -> None:
    """Recourse waits for a frozen holder, and the debtor then pays."""
    section = {"core": CORE, "tiers": TIERS, "tenor": 10 * DAY_US, "failures": [{"firm": "core 1", "at": 15 * DAY_US}]}
    simulation = Simulation(build(scenario_of(40, bills=section), 1))
    market = simulation.control.component(BillMarket)
    assert market is not None
    desks = market.chains.desks

    def freeze() -> Process:
        yield simulation.control.wait_until(14 * DAY_US)
        for desk in range(desks.first, desks.end):
            simulation.control.freeze(desk)
        yield simulation.control.wait_until(34 * DAY_US)
        for desk in range(desks.first, desks.end):
            simulation.control.release(desk)

    simulation.env.process(freeze())
    simulation.run()
    holds(simulation, market)
    paid_banks = [one for one in market.log.recourses if one[1] in range(desks.first, desks.end)]
    assert paid_banks, "those who passed bills on to banks pay once they can"


def test_money_and_bill_move_in_one_instant_or_not_at_all() -> None:
    """An operator is out for days while bills are sold and fall due: every payment between firms and desks is the one
    of a move at its very end, and the money of every move was moved by a payment."""
    faults = [{"station": "south", "starts": 11 * DAY_US, "lasts": 4 * DAY_US}]
    scenario = scenario_of(26, bills={"core": CORE, "tiers": TIERS, "tenor": 10 * DAY_US}, faults=faults)
    simulation = Simulation(build(scenario, 1))
    market = simulation.control.component(BillMarket)
    assert market is not None
    seen: Counter[tuple[int, ...]] = Counter()

    def listen(window: Any) -> None:
        for payer, payee, amount, ended_at, number in window[
            [ended.PAYER, ended.PAYEE, ended.AMOUNT, ended.ENDED_AT, ended.CODES]
        ].T.tolist():
            if (
                number & code.OUTCOME_MASK == Outcome.SETTLED
                and (payer in ours or payee in ours)
                and payee not in outside
            ):
                seen[payer, payee, amount, ended_at] += 1

    desks, corporate = market.chains.desks, simulation.world.blocks["corporate"]
    ours, outside = {*market.chains.firms(), *range(desks.first, desks.end)}, range(corporate.first, corporate.end)
    simulation.control.listen(listen)
    simulation.run()
    holds(simulation, market)
    moves = Counter(one.content["move"] for one in market.register.entries)
    assert moves["retract"]
    assert moves["take"]
    assert moves["discharge"]
    said = Counter(
        tuple(one.content[name] for name in ("payer", "payee", "amount_fen", "at_us"))
        for one in market.register.entries if one.content.get("payment", -1) >= 0
    )  # fmt: skip
    assert seen == said
