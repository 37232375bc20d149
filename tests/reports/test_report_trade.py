"""The chapters of bills and of a data exchange: they say what the run says, and no nonsense breaks them."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from reports import formats
from reports.document import Chart, Findings, Section, Table
from reports.sections import risk
from reports.sections.context import Context
from reports.source import RunData
from sandbox.features.bills import chapter as bills
from sandbox.features.data_exchange import chapter as data_exchange
from sandbox.simulate import simulate
from tests.bills.markets import DAY_US, scenario_of

NONSENSE = (None, "x", -1, float("nan"), 10**30, True, [], {}, [None], {"x": {}}, "<b>")


@pytest.fixture(scope="module")
def summary() -> dict[str, Any]:
    """Of a small run with both, in which a core firm fails."""
    section = {
        "core": {"count": 1, "orders": 0.5, "order": 50_000_000, "cash": 10**10},
        "tiers": [{"firms": 2}, {"firms": 2, "suppliers": 2, "passes_on": 0.5}],
        "tenor": 5 * DAY_US,
        "compare": True,
        "failures": [{"firm": "core 1", "at": 8 * DAY_US}],
    }
    scenario = scenario_of(16, bills=section, data_exchange={"orders": 8.0, "anchor_every": DAY_US // 4})
    return simulate(scenario, None, name="both")


def sections(summary: dict[str, Any]) -> tuple[Section, ...]:
    context = Context(RunData(summary))
    return (*bills.section(context), *data_exchange.section(context))


def charts(summary: dict[str, Any]) -> Iterator[Chart]:
    for section in sections(summary):
        yield from (block for block in section.blocks if isinstance(block, Chart))


def test_the_chapters_say_what_the_run_says(summary: dict[str, Any]) -> None:
    found = {chart.key: chart for chart in charts(summary)}
    assert list(found) == ["bills-cost", "bills-losses", "data-times", "data-people", "data-endings"]
    rows = found["bills-cost"].table.rows
    for row, tier in zip(rows, summary["bills"]["tiers"], strict=True):
        assert row[1:4] == (
            formats.yuan(tier["sold_fen"]), formats.yuan(tier["cost_fen"]), formats.share(tier["rate"]),
        )  # fmt: skip
    borne = [row[5] for row in found["bills-losses"].table.rows]
    lost = [role["lost_fen"] for role in summary["bills"]["roles"] if role["role"] != "central bank"]
    assert borne == [formats.yuan(fen) for fen in lost]
    people = summary["data_exchange"]["people"]
    assert [row[:3] for row in found["data-people"].table.rows] == [
        (one["product"], formats.yuan(one["came_fen"]), formats.yuan(one["paid_out_fen"])) for one in people
    ]
    said = data_exchange.headline(Context(RunData(summary))) or ""
    assert formats.money(summary["data_exchange"]["people_fen"]) in said
    assert formats.duration(summary["data_exchange"]["times"][-1]["p50_us"]) in said
    said = bills.headline(Context(RunData(summary))) or ""
    risks = summary["risk"]["bills"]
    for fen in (risks["unpaid_fen"], risks["lost_by_suppliers_fen"], risks["lost_by_banks_fen"]):
        assert formats.money(fen) in said
    products = {row[0]: row[2] for row in found["data-endings"].table.rows}
    assert products == {one["product"]: formats.count(one["trades"]) for one in summary["data_exchange"]["products"]}
    for chart in found.values():
        assert chart.draw() is not None


def test_a_run_without_them_has_no_such_chapter() -> None:
    assert sections({}) == ()


def test_risks_are_named(summary: dict[str, Any]) -> None:
    found = {one.key: one for one in risk.findings(Context(RunData(summary)))}
    assert isinstance(found["risk-bills"], Findings)
    values = {item.name: item.value for item in found["risk-bills"].items}
    assert formats.share(summary["risk"]["bills"]["unpaid_share"]) in values.values()
    assert found["risk-data_exchange"].items


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, (dict, list)):
        for name in value if isinstance(value, dict) else range(len(value)):
            yield from _places(value[name], (*path, name))


def test_nonsense_breaks_nothing(summary: dict[str, Any]) -> None:
    small = {"bills": summary["bills"], "data_exchange": summary["data_exchange"], "scenario": summary["scenario"]}
    small["risk"] = {name: summary["risk"][name] for name in ("bills", "data_exchange")}
    rng = random.Random(4)
    places = [path for path in _places(small) if path and path[0] != "scenario"]
    assert len(places) > 150
    for path in rng.sample(places, 150):
        other = copy.deepcopy(small)
        around: Any = other
        for step in path[:-1]:
            around = around[step]
        around[path[-1]] = rng.choice(NONSENSE)
        for section in sections(other):
            for block in section.blocks:
                if isinstance(block, Table):
                    assert all(len(row) == len(block.head) for row in block.rows)
        for chart in charts(other):
            chart.draw()
        risk.findings(Context(RunData(other)))
