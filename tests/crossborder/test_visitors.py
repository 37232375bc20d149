"""Wallets of people from abroad: what goes over the border, to the fen, and what the limits of their class leave."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sandbox.core.layout import account, ended, tags, trait
from sandbox.engine.simulation import Simulation
from sandbox.features.crossborder.accounts import HOME_MONEY
from sandbox.features.crossborder.component import CrossBorderPayments
from sandbox.features.crossborder.rates import MidRates
from sandbox.features.crossborder.visitors import Group
from sandbox.market.sources import KINDS
from sandbox.scenario.schema import scenario_from
from sandbox.world import build

DAY = 86_400_000_000


def run(population: dict[str, Any] | None = None, prepare: Any = None, **visitors: Any) -> tuple[Simulation, Group]:
    """One day of visitors from Hong Kong, and nothing else."""
    terms = {"home": "hong_kong", "trips": 0.9, "stay": DAY // 8, "payments": 5.0, "ticket": 20_000} | visitors
    cohort = {
        "share": 0.5, "classes": {"IV": 1.0}, "can_top_up": {"IV": 0.0}, "activity": 0.0,
        "opening_balance": {"empty_share": 0.99, "mean": 100, "sigma": 0.1},
    }  # fmt: skip
    scenario = scenario_from(
        {
            "title": "Visitors",
            "question": "What do they spend?",
            "duration": DAY,
            "series": {"bin": DAY // 24},
            "population": {"wallets": 120, "corporates": 2, "cohorts": {"guests": cohort}} | (population or {}),
            "merchants": {"count": 5},
            "crossborder": {
                "arrangements": "shared_ledger",
                "corridors": {"one": {"sender": "hong_kong", "receiver": "mainland", "count": 1, "mean": 10_000}},
                "visitors": {"guests": terms},
            },
        }
    )  # fmt: skip
    simulation = Simulation(build(scenario, 3))
    if prepare is not None:
        prepare(simulation)
    simulation.run()
    part = simulation.control.component(CrossBorderPayments)
    assert part is not None
    return simulation, part.tourism.groups[0]


def test_what_is_topped_up_is_spent_changed_back_or_left():
    simulation, group = run()
    ledger = simulation.world.ledger
    assert group.trips > 20
    assert group.top_ups > 20
    opening = int(ledger.opening_fen()[group.wallets].sum())
    left = int(ledger.accounts[group.wallets, account.BALANCE].sum())
    assert opening + group.top_up_fen == group.settled_fen + group.changed_back_fen + left
    assert group.top_up_fen % group.terms.step == 0


def test_payments_attempts_and_loads_are_counted_apart():
    """A payment tried again after a top-up is one payment and two attempts; a top-up is neither."""
    tried: list[int] = []

    def listen(simulation: Simulation) -> None:
        simulation.control.listen(lambda window: tried.extend(window[ended.TAG].tolist()))

    simulation, _ = run(prepare=listen, ticket=90_000, sigma=1.5, wanted=80_000)
    (told,) = simulation.control.component(CrossBorderPayments).tourism.numbers()
    assert told["attempts"] == len(tried) > told["payments"] == sum(told["outcomes"].values())
    assert told["top_ups"] > 0
    assert told["payments"] > told["refused_by_limit"] > 0
    others = sum(told["outcomes"].get(one, 0) for one in ("settled", "insufficient_balance"))
    assert told["refused_by_limit"] == told["payments"] - others


def test_the_exchange_keeps_what_it_earns_and_what_is_not_changed_back():
    simulation, group = run(change_back=1.0)
    ledger = simulation.world.ledger
    exchange = ledger.accounts[ledger.block(HOME_MONEY, "HKD").first]
    assert group.changed_back > 0
    assert ledger.totals()["HKD"]["sum_fen"] == 0
    # In came what they gave; out went what came back was worth at mid, less the spread.
    assert int(exchange[account.CREDITS]) == group.home
    assert int(exchange[account.DEBITS]) == pytest.approx(group.changed_back_fen * 7.8 / 7.1 * 0.995, rel=0.02)
    assert 0 < int(exchange[account.BALANCE]) < group.home


def test_a_top_up_costs_the_mid_the_spread_and_the_fee_rounded_up():
    _, group = run(payments=0.0, wanted=10_000, step=10_000, spread=0.01, fee=0.02, change_back=0.0)
    mid_rates = MidRates(_crossborder(), 3, DAY)
    least = group.top_ups * 100
    at_mid = mid_rates.convert(group.top_up_fen, "CNY", "HKD", DAY // 2)
    assert least < at_mid
    assert group.home == pytest.approx(at_mid * 1.03, rel=0.002)
    assert group.fees == pytest.approx(at_mid * 0.02, rel=0.002)
    assert group.fx_cost == pytest.approx(at_mid * 0.01, rel=0.002)


def _crossborder() -> Any:
    corridor = {"sender": "hong_kong", "receiver": "mainland", "count": 1, "mean": 10_000}
    scenario = scenario_from({"title": "t", "question": "q", "crossborder": {"corridors": {"one": corridor}}})
    return scenario.crossborder


def test_the_balance_cap_of_the_class_bounds_top_ups():
    simulation, group = run(wanted=50_000_000, payments=0.0, trips=3.0)
    balances = simulation.world.ledger.accounts[group.wallets, account.BALANCE]
    assert balances.max() <= 1_000_000
    assert balances.max() > 900_000
    assert group.refused_top_ups["balance_cap"] > 0


def test_nothing_goes_into_a_frozen_wallet_or_out_of_it():
    def freeze(simulation: Simulation) -> None:
        first = simulation.world.blocks["personal"]
        simulation.world.ledger.accounts[first.rows, account.TRAITS] |= trait.FROZEN

    simulation, group = run(prepare=freeze)
    assert group.trips > 0
    assert (group.top_ups, group.changed_back, group.settled_fen) == (0, 0, 0)
    assert group.refused_top_ups["frozen"] > 0
    assert set(group.outcomes) == {"frozen"}
    assert np.all(simulation.world.ledger.accounts[group.wallets, account.DEBITS] == 0)


def test_transfers_to_people_here_are_of_a_kind_of_their_own():
    kinds: list[int] = []

    def listen(simulation: Simulation) -> None:
        simulation.control.listen(lambda window: kinds.extend((window[ended.TAG] >> tags.KIND_SHIFT & 15).tolist()))

    _, group = run(prepare=listen, payments=0.0, transfers=3.0)
    assert kinds.count(KINDS.index("cross_border")) >= sum(group.outcomes.values()) > 0
