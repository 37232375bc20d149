"""Totals and lows over a whole run, in runs of more bins than are worked out together."""

from __future__ import annotations

import json

import pytest

from sandbox.engine.observer import TOGETHER
from sandbox.engine.simulation import Simulation
from sandbox.metrics.summary import summarise
from sandbox.scenario.schema import scenario_from
from sandbox.world import build

TOWN = {
    "title": "A town with one operator",
    "question": "Is the low of its holding seen?",
    "duration": "2 h",
    "population": {"wallets": 300, "corporates": 0},
    "merchants": {"count": 12},
    "institutions": {
        "A": {"share": 1.0, "liquidity": {"opening": "20000 CNY", "floor": "10000 CNY", "target": "20000 CNY"}}
    },
    "central_bank": {"issuance_delay": "1 ms"},
    "demand": {"segments": {"shops": {"payments": "24000 /day", "profile": "flat", "ticket": "qr_quantile"}}},
}


@pytest.fixture(scope="module", params=["1 s", "1 min"])
def simulation(request: pytest.FixtureRequest) -> Simulation:
    scenario = scenario_from({**TOWN, "series": {"bin": request.param}})
    finished = Simulation(build(scenario, 1))
    finished.run()
    return finished


def test_the_summary_needs_no_tables_first(simulation: Simulation) -> None:
    summary = summarise(simulation, "town")
    ledger = summary["stations"][-1]
    assert ledger["arrivals"] == summary["throughput"]["payments"] > 1_000


def test_a_low_between_two_bins_is_seen_however_late(simulation: Simulation) -> None:
    orders = [
        (at_us, json.loads(detail)) for at_us, _, event, _, detail in simulation.log.rows if event == "liquidity_order"
    ]
    lowest = min(order["holding_fen"] for _, order in orders)
    when_us = next(at_us for at_us, order in orders if order["holding_fen"] == lowest)
    if simulation.world.scenario.series.bin == 1_000_000:
        assert when_us > TOGETHER * 1_000_000
    (operator,) = summarise(simulation, "town")["risk"]["liquidity"]["by_institution"]
    assert operator["lowest_fen"] == lowest


def test_the_busiest_bin_is_the_highest_of_all_whole_bins(simulation: Simulation) -> None:
    table, scenario = simulation.observer.stations(), simulation.world.scenario
    whole = table["at_us"] + scenario.series.bin <= scenario.duration
    for number, row in enumerate(summarise(simulation, "town")["stations"]):
        shown = table["utilisation"][whole & (table["station"] == number)]
        assert row["utilisation_peak"] == shown.max() > row["utilisation"]
