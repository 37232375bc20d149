"""A data exchange in runs: every ending is met, the escrow holds what is open, invoices are anchored in time."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import numpy as np
import pytest

from sandbox.base.pending import ENDINGS, P_ENDING, P_RETURNED, P_SPENT
from sandbox.control import Process
from sandbox.core.layout import account
from sandbox.engine.simulation import Simulation
from sandbox.features.data_exchange.exchange import DataMarket
from sandbox.features.data_exchange.trade import OVER, Stage
from sandbox.world import build
from tests.bills.markets import DAY_US, ran, scenario_of

HOUR_US = 3_600_000_000
PRODUCTS = {
    "calls": {"kind": "metered", "price": 7, "calls": 300, "used": 0.6, "lasts": 3 * DAY_US, "personal": 0.1},
    "sets": {"price": 10_001, "weight": 3, "personal": 0.05},
}
SECTION: dict[str, Any] = {
    "buyers": 4, "cash": 10**7, "orders": 12.0, "products": PRODUCTS, "undelivered": 0.15, "wrong_keys": 0.1,
    "disputes": 0.3, "fee": 0.01, "anchor_every": 6 * HOUR_US, "pay_people": 4 * DAY_US,
}  # fmt: skip


@cache
def usual() -> tuple[Simulation, DataMarket]:
    """The run that most tests look at, and leave alone."""
    return market_of()


def market_of(days: int = 6, **more: Any) -> tuple[Simulation, DataMarket]:
    simulation = ran(scenario_of(days, data_exchange={**SECTION, **more}))
    market = simulation.control.component(DataMarket)
    assert market is not None
    return simulation, market


def test_every_ending_and_every_fen() -> None:
    simulation, market = market_of(cash=60_000)
    ledger, trades = simulation.world.ledger, list(market.register.trades.values())
    ledger.check()
    stages = {trade.stage for trade in trades}
    assert {Stage.DONE, Stage.REFUNDED, Stage.EXPIRED, Stage.REFUSED} <= stages
    assert {trade.stage for trade in trades if trade.disputed} >= {Stage.DONE, Stage.REFUNDED}
    held = sum(
        trade.terms.price_fen - trade.spent_fen
        for trade in trades
        if trade.stage in (Stage.HELD, Stage.DELIVERED, Stage.DISPUTED)
    )
    balances = ledger.accounts[market.escrow : market.escrow + 3, account.BALANCE].tolist()
    fees, people = (sum(getattr(trade.shares, name) for trade in trades) for name in ("fee_fen", "people_fen"))
    # A run of six days has one pay-out, after four: the pool keeps what came after it.
    paid = sum(one.amount_fen for one in market.register.pay_outs)
    assert 0 < paid < people
    assert balances == [held, fees, people - paid]
    assert sum(market.register.pool.values()) == people - paid
    assert sum(int(one.amounts_fen.sum()) for one in market.people.paid) == paid
    for shares in market.people.paid:
        assert np.all(ledger.accounts[shares.accounts, account.CREDITS] >= shares.amounts_fen)
    assert market.pendings.open_fen(market.escrow) == held
    sellers = ledger.accounts[market.sellers.rows, account.BALANCE].sum()
    assert sellers == sum(trade.shares.seller_fen for trade in trades)


def test_nothing_is_delivered_without_money_nor_paid_without_delivery() -> None:
    _, market = usual()
    for trade in market.register.trades.values():
        if trade.key is not None:
            assert trade.payment is not None
        if trade.spent_fen:
            assert trade.key is not None


def test_invoices_are_anchored_at_the_next_instant_for_it() -> None:
    _, market = usual()
    assert market.register.invoices
    for number, trade in market.register.trades.items():
        if number in market.anchored_us:
            assert trade.ended_us is not None
            after = market.anchored_us[number] - trade.ended_us
            assert 0 <= after < 6 * HOUR_US
    late = [number for number in market.register.invoices if number not in market.anchored_us]
    assert late == market.register.waiting


def test_what_expires_goes_back_at_its_time() -> None:
    simulation, market = market_of(3, undelivered=1.0, time_out=5 * HOUR_US)
    ended = [trade for trade in market.register.trades.values() if trade.stage is Stage.EXPIRED]
    assert ended
    assert {trade.ended_us - trade.held_us for trade in ended if trade.ended_us and trade.held_us} == {5 * HOUR_US}
    assert simulation.world.ledger.accounts[market.sellers.rows, account.BALANCE].sum() == 0


@pytest.mark.parametrize("released", [True, False])
def test_a_frozen_seller_is_paid_when_it_is_released(released: bool) -> None:
    simulation = Simulation(build(scenario_of(6, data_exchange=SECTION), 1))
    market = simulation.control.component(DataMarket)
    assert market is not None
    seller = market.sellers.first + 1

    def freeze() -> Process:
        simulation.control.freeze(seller)
        yield simulation.control.wait_until(5 * DAY_US)
        if released:
            simulation.control.release(seller)

    simulation.env.process(freeze())
    simulation.run()
    due = sum(trade.shares.seller_fen for trade in market.register.trades.values() if trade.terms.seller == seller)
    assert due > 0
    assert simulation.world.ledger.accounts[seller, account.BALANCE] == (due if released else 0)
    simulation.world.ledger.check()


def test_anchors_change_nothing_else() -> None:
    left, right = (
        [one.content for one in market.register.entries if one.content["move"] not in ("batch", "recognise")]
        for _, market in (usual(), market_of(anchor_every=24 * HOUR_US))
    )
    said = [[{**one, "entry": 0, "previous": ""} for one in each] for each in (left, right)]
    assert said[0] == said[1]


def test_a_pending_transfer_ends_as_its_trade_does() -> None:
    _, market = market_of(cash=60_000)
    rows, found = market.pendings.rows, set()
    of = {number: pending for pending, number in market._trade_of.items()}
    for number, trade in market.register.trades.items():
        if trade.stage in (Stage.ORDERED, Stage.REFUSED):
            assert number not in of
            continue
        row = rows[of[number]]
        assert (row[P_SPENT], row[P_RETURNED]) == (trade.spent_fen, trade.returned_fen)
        ending = ENDINGS[row[P_ENDING]]
        # Of metered data what was used is posted, and the rest goes back.
        wanted = trade.stage.value if trade.stage in OVER else "open"
        assert ending == wanted or (trade.terms.metered and trade.returned_fen and ending == "voided")
        found.add((trade.terms.metered, trade.stage))
    assert {(False, Stage.DONE), (True, Stage.DONE), (False, Stage.REFUNDED), (False, Stage.EXPIRED)} <= found


@pytest.mark.parametrize(("used", "days", "calls"), [(0.9, 1, 100), (0.5, 3, 2)])
def test_as_much_is_used_as_the_scenario_says(used: float, days: int, calls: int) -> None:
    products = {"calls": {"kind": "metered", "price": 1, "calls": calls, "used": used, "lasts": days * DAY_US}}
    _, market = market_of(
        5, products=products, orders=30.0, undelivered=0.0, wrong_keys=0.0, anchor_every=20 * DAY_US
    )  # fmt: skip
    ended = [trade for trade in market.register.trades.values() if trade.ended_us and trade.stage is not Stage.EXPIRED]
    assert len(ended) > 50
    assert max(trade.used for trade in ended) <= calls
    mean = sum(trade.used for trade in ended) / len(ended) / calls
    # Half a call is lost to whole numbers; the rest is five times the standard error, of a day's share 0.29 at most.
    assert -0.5 / calls <= mean - used + (0.5 - abs(used - 0.5)) * 0.58 * 5 / (days * len(ended)) ** 0.5
    assert mean - used <= (0.5 - abs(used - 0.5)) * 0.58 * 5 / (days * len(ended)) ** 0.5
    nothing = [trade for trade in ended if not trade.used]
    assert {trade.stage for trade in nothing} <= {Stage.REFUNDED}


def test_people_get_all_of_the_pool_in_proportion_to_use() -> None:
    simulation, market = market_of(pay_people=DAY_US, use_sigma=0.5)
    register, personal = market.register, simulation.world.blocks["personal"]
    assert len(register.pay_outs) > 4
    for one, shares in zip(register.pay_outs, market.people.paid, strict=True):
        assert shares.amounts_fen.sum() == one.amount_fen > 0
        assert np.all((shares.accounts >= personal.first) & (shares.accounts < personal.end))
        assert np.all(np.abs(shares.amounts_fen - one.amount_fen * shares.used / shares.used.sum()) < 1)
    came = Counter({trade.terms.product: 0 for trade in register.trades.values()})
    for trade in register.trades.values():
        came[trade.terms.product] += trade.shares.people_fen
    section = market.summary()["data_exchange"]["people"]
    assert {row["product"]: row["came_fen"] for row in section} == {name: fen for name, fen in came.items() if fen}
    for row in section:
        assert row["came_fen"] == row["paid_out_fen"] + row["waiting_fen"]
    assert market.pendings.open_fen(market.pool) == 0


def test_a_frozen_person_is_paid_on_release() -> None:
    simulation = Simulation(build(scenario_of(6, data_exchange={**SECTION, "pay_people": 2 * DAY_US}), 1))
    market = simulation.control.component(DataMarket)
    assert market is not None
    person = simulation.world.blocks["personal"].first

    def freeze() -> Process:
        yield simulation.control.wait_until(DAY_US)
        simulation.control.freeze(person)
        before = int(simulation.control.accounts[person, account.CREDITS])
        yield simulation.control.wait_until(5 * DAY_US)
        due = sum(int(one.amounts_fen[one.accounts == person].sum()) for one in market.people.paid)
        assert due > 0
        assert int(simulation.control.accounts[person, account.CREDITS]) == before
        simulation.control.release(person)
        assert int(simulation.control.accounts[person, account.CREDITS]) == before + due
        done.append(due)

    done: list[int] = []
    simulation.env.process(freeze())
    simulation.run()
    assert done
    simulation.world.ledger.check()
