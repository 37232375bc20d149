"""Units and directions: names that somebody chose decide neither, and no place of a summary is missed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from reports.experiment.source import shown
from sandbox.experiment.flat import flatten
from sandbox.experiment.words import amount
from sandbox.numbers import LESS_IS_BETTER, MORE_IS_BETTER, declared, direction_of, unit_of
from tests.properties.test_every_lever import DAY, PLAN
from tests.properties.towns import run, town

SLY = "_refused_share_fen_us"
"""The end of a name that speaks of three units and a direction."""


@pytest.mark.parametrize(
    ("metric", "value", "told", "in_report"),
    [
        ("segments.cards_us.payments", 504.0, "504", "504"),
        ("segments.fair_share.settled", 129.0, "129", "129"),
        ("segments.x_fen.settled_fen", 12_900.0, "129 CNY", "129 yuan"),
        ("stations.'x_us.y_share'.served", 12.0, "12", "12"),
        ("campaigns.latency_ms.claimed", 12.0, "12", "12"),
        ("inclusion.precision.payments", 12.0, "12", "12"),
        ("crossborder.ways.correspondent.corridors.goods_us.settled_usd_cents", 2.5e6, "25,000 USD", "US$ 25,000"),
        ("crossborder.ways.shared_ledger.liquidity.EUR.held_fen", 700.0, "700", "700"),
        ("crossborder.ways.shared_ledger.liquidity.EUR.held_usd_cents", 70_000.0, "700 USD", "US$ 700"),
        ("crossborder.ways.correspondent.targets.within_hour_share.met", 1.0, "1", "1"),
        ("risk.liquidity.by_institution.a_us.lowest_fen", 150.0, "1.5 CNY", "1.50 yuan"),
        ("contracts.refused.my_share.count", 3.0, "3", "3"),
        ("bills.chains.core_us.borne_fen.'tier 1'", 300.0, "3 CNY", "3 yuan"),
        ("data_exchange.products.speeds_ms.trades", 3.0, "3", "3"),
        ("steady_state.numbers.settled_fen.mean", 300.0, "3 CNY", "3 yuan"),
        ("steady_state.numbers.settled_fen.batches", 20.0, "20", "20"),
        ("a_part_of_ones_own.wait_us", 20.0, "20", "20"),
    ],
)
def test_only_what_the_schema_says_decides_a_unit(metric: str, value: float, told: str, in_report: str) -> None:
    assert (amount(value, metric), shown(metric, value)) == (told, in_report)


@pytest.mark.parametrize(
    ("metric", "better"),
    [
        ("throughput.settled", True),
        ("risk.disintermediation.outflow_share", False),
        ("risk.disintermediation.banks_breaching", False),
        ("throughput.payments", None),
        ("segments.denied_loss.settled", None),
        ("stations.waiting.utilisation", None),
        ("stations.'a better bank'.wait_ms_mean", False),
        ("bills.fees_fen", None),
        ("crime.payments", None),
        ("offline.payments", None),
    ],
)
def test_what_has_no_declared_direction_has_none(metric: str, better: bool | None) -> None:
    assert direction_of(metric) is better


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """The same with every name in `names` replaced: as a key, as a value, and as a step of a path."""
    if isinstance(value, dict):
        return {_path(key, names): _renamed(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one, names) for one in value]
    return names.get(value, value) if isinstance(value, str) else value


def _path(key: str, names: dict[str, str]) -> str:
    return ".".join(names.get(step, step) for step in key.split("."))


CHOSEN = (
    "spring", "elders", "busy", "goods", "swimming", "meals", "keyword", "parcels", "card", "web", "valley",
    "hill", "cards", "ring", "east", "west",
)  # fmt: skip
WORLDS = {
    "a day of everything": DAY,
    "a plan": {
        "duration": "1 days", "rules.box": {"enabled": True, "plan": PLAN}, "series.steady_state": True,
        "faults": DAY["faults"], "supervision": {"incidents": {"preset": "dora"}},
    },
}  # fmt: skip

OF_ANY_CURRENCY = {
    *(f"crossborder.ways.*.liquidity.*.{name}_fen" for name in ("held", "used", "turnover", "funded")),
    *(f"conservation.by_currency.*.{name}_fen" for name in ("issued", "held", "sum")),
    "crossborder.visitors.*.given_home_fen",
}  # fmt: skip


@pytest.mark.parametrize("world", WORLDS)
def test_names_that_speak_of_units_change_no_unit(world: str) -> None:
    """With a suffix or without, a name is no part of what decides; a place of names that is not known here is found."""
    sly = {name: name + SLY for name in CHOSEN}
    changes = _renamed(WORLDS[world], sly)
    flat = flatten(run(town(changes), record="none").summary)
    named = [path for path in flat if SLY in path]
    assert len(named) > 100 or world == "a plan"
    for path in named:
        assert not any(SLY in step for step in declared(path)), path
        assert unit_of(path) == unit_of(path.replace(SLY, "")), path
    assert all(declared(path) for path in flat)
    for path in flat:
        kind = ".".join(declared(path))
        if re.search(r"_(us|fen|ms|usd_cents|share)\Z", kind):
            assert (unit_of(path) == "none") == (kind in OF_ANY_CURRENCY), path


def test_no_number_is_better_both_ways_and_none_goes_by_a_chosen_name() -> None:
    assert not MORE_IS_BETTER & LESS_IS_BETTER
    for path in MORE_IS_BETTER | LESS_IS_BETTER:
        assert declared(path.replace("*", "anything")) == tuple(path.split(".")), path
