"""The chapter of hard wallets: what it says is what the run says, and nonsense does not stop it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from reports.document import Chart, Paragraph, Section, Table
from reports.figures.canvas import styled, to_svg
from reports.sections.context import Context
from reports.sections.risk import findings
from reports.source import RunData
from sandbox.features.offline import chapter
from sandbox.features.offline import figures as offline

M_US = 60_000_000
SUMMARY: dict[str, Any] = {
    "scenario": {"start": "2026-03-02T00:00:00", "bin_us": 60 * M_US},
    "offline": {
        "purses": 30, "payments": 5, "payments_fen": 60_000, "outcomes": {"settled": 3, "double_spend": 1, "open": 1},
        "declined": {"balance": 2, "a new reason": 7}, "signed": 4, "hops_mean": 1.25, "hops_max": 2,
        "time_to_settle": {"mean_us": 1.5, "p50_us": 10 * M_US, "p95_us": 90 * M_US, "max_us": 95 * M_US},
        "money": {"loaded_fen": 100_000, "covered_fen": 1_000, "paid_out_fen": 50_000, "in_escrow_fen": 51_000,
                  "refunded_fen": 300, "forfeited_fen": 0},
        "tried": 8, "by_owners": 4, "loads": 30, "loads_refused": 2,
        "loss": {"spent_twice_fen": 1_500, "bound_fen": 6_000, "tamperings": 3, "late_fen": 70, "gone_fen": 0,
                 "found_fen": 300, "found_bound_fen": 4_000, "spread": {
                     "none": {"purses": 1, "loss_fen": 0}, "half": {"purses": 1, "loss_fen": 1_500}},
                 "by_bearer_fen": {"operator": 1_000, "fund": 0, "user": 570, "owner": 300}},
        "devices": {"lost": 4, "reported": 3, "found": 1, "spent": 2, "returned": 2}, "redeemed_fen": 900,
        "modelled": {"device_time_us": 400_000, "gateway_time_us": 5_000},
        "downtimes": [{"region": "valley", "from_us": 0, "to_us": 30 * M_US}],
        "tampered": [
            {"purse": "purse 7", "attack": "ring", "kind": "clone", "tamperings": 2, "payments": 4, "loss_fen": 1_500,
             "bound_fen": 4_000, "stopped_after_us": 5 * M_US},
            {"purse": "purse 9", "attack": "ring", "kind": "forge", "tamperings": 0, "payments": 1, "loss_fen": 0,
             "bound_fen": 0, "stopped_after_us": None},
        ],
    },
}  # fmt: skip
TABLE = {
    "made_at_us": np.array([1, 2, 3, 4, 5]) * M_US,
    "settled_at_us": np.array([20.0, 30.0, 90.0, np.nan, 100.0]) * M_US,
    "amount_fen": np.array([10_000, 20_000, 5_000, 15_000, 10_000]),
    "hops": np.array([1, 1, 2, 1, 1]),
    "outcome": np.array(["settled", "settled", "settled", "open", "double_spend"], dtype=object),
}


def told(run: RunData) -> Section:
    (section,) = chapter.section(Context(run))
    return section


def words(section: Section) -> str:
    return " ".join(block.text for block in section.blocks if isinstance(block, Paragraph))


def test_the_chapter_says_what_the_run_says() -> None:
    section = told(RunData(SUMMARY, table=lambda *_: TABLE))
    text = words(section)
    made = "30 purses made 5 offline payments of 600 yuan"
    for said in (
        made, "within 10 min", "15 yuan were spent twice", "25.0 %", "Of 8 payments that their owners tried, 50.0 %",
        "2 of 32 loads were refused", "Finders spent 3 yuan of lost purses, of at most 40 yuan",
        "the operators (10 yuan), who was paid (5.70 yuan), owners of lost purses (3 yuan)", "4 purses were lost",
    ):  # fmt: skip
        assert said in text
    tables = {block.title: block.rows for block in section.blocks if isinstance(block, Table)}
    assert ("spent twice", "1", "20.0 %") in tables["Offline payments by what became of them"]
    assert tables["Payments that a device declined"][0] == ("a new reason", "7")
    charts = [block for block in section.blocks if isinstance(block, Chart)]
    assert [chart.key for chart in charts] == ["offline-loss", "offline-value", "offline-times"]
    with styled():
        assert all(len(to_svg(chart.draw())) > 2_000 for chart in charts)


def test_value_under_way_is_what_was_made_and_not_settled() -> None:
    found = offline.under_way(RunData(SUMMARY, table=lambda *_: TABLE))
    assert found is not None
    assert found.edges_us.tolist() == [0, 60 * M_US, 120 * M_US]
    assert found.value_fen.tolist() == [30_000, 15_000]
    one, more = offline.waits(RunData(SUMMARY, table=lambda *_: TABLE))
    assert (one.wait_us / M_US).tolist() == [19, 28, 95]
    assert (more.wait_us / M_US).tolist() == [87]


def test_a_run_without_hard_wallets_has_no_chapter() -> None:
    assert chapter.section(Context(RunData({}))) == ()
    nothing = told(RunData({"offline": {"purses": 3, "payments": 0}}))
    assert "no offline payment" in words(nothing)


def places(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    inside = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for name, one in inside:
        yield from places(one, (*path, name))


@pytest.mark.parametrize("nonsense", [None, "<b>x</b>", -5, float("nan"), [], {}, 10**40, [3], True])
def test_nonsense_in_the_summary_does_not_stop_it(nonsense: Any) -> None:
    for path in places(SUMMARY["offline"]):
        summary = copy.deepcopy(SUMMARY)
        at: Any = summary["offline"]
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = nonsense
        section = told(RunData(summary, table=lambda *_: TABLE))
        charts = [block for block in section.blocks if isinstance(block, Chart) and block.key == "offline-loss"]
        if path[0] in ("tampered", "downtimes"):
            with styled():
                for chart in charts:
                    chart.draw()


RISK = {
    "outstanding_peak_fen": 90_000, "outstanding_fen": 2_000, "spent_twice_fen": 6_000, "bound_fen": 10_000,
    "of_bound": 0.6, "lost_share": 0.02, "settle_p95_us": 2 * 24 * 60 * M_US, "refused": 3, "refused_share": 0.005,
}  # fmt: skip


def test_the_risks_are_held_against_their_lines() -> None:
    (found,) = findings(Context(RunData({**SUMMARY, "risk": {"offline": RISK}})))
    assert found.title == "Offline payments"
    assert [item.level for item in found.items] == ["none", "watch", "worry", "watch", "ok"]
    text = " ".join(item.reading for item in found.items)
    for said in ("900 yuan had been paid", "60 yuan twice, 60.0 % of the 100 yuan", "longer than 2 days", "3 payments"):
        assert said in text
    (none,) = findings(Context(RunData({**SUMMARY, "risk": {"offline": {**RISK, "of_bound": None}}})))
    assert "No purse was copied or set back." in {item.reading for item in none.items}
