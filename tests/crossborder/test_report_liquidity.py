"""Liquidity and its queue in the cross-border chapter: what is told of the numbers, and where there are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from reports.document import Chart, Heading, Paragraph
from reports.figures.canvas import to_svg
from reports.reading import Entries
from reports.sections.context import Context
from reports.source import RunData
from sandbox.features.crossborder.report.liquidity import blocks
from sandbox.features.crossborder.report.view import Arrangement

HOUR = 3_600_000_000
QUEUE = {
    "locked": 90, "withdrawn": 2, "together": 4,
    "longest": 3, "gridlocks": 1, "gridlock_us": 120_000_000, "steps": [[HOUR, 3], [2 * HOUR, 0]],
}  # fmt: skip
LIQUIDITY = [
    {"currency": "CNY", "held_fen": 1_000, "used_fen": 250, "turnover_fen": 500, "funded_fen": 100,
     "held_usd_cents": 140_00, "used_usd_cents": 35_00, "turnover_usd_cents": 70_00, "funded_usd_cents": 14_00,
     "used_share": 0.25, "used_of_turnover": 0.5},
    {"currency": "THB", "held_fen": 1_000, "used_fen": 0, "turnover_fen": 0, "funded_fen": 0,
     "used_share": 0.0, "used_of_turnover": None},
]  # fmt: skip


CHAIN = {
    "opening_usd_cents": 900_00, "topped_up_usd_cents": 0, "used_usd_cents": 20_00, "turnover_usd_cents": 80_00,
    "waited_for_cover": 4,
}  # fmt: skip


def told(chain: dict[str, Any] | None = None, **numbers: Any) -> list[Any]:
    none = np.zeros(0, dtype=np.int64)
    context = Context(RunData({"scenario": {"start": "2026-03-02T00:00:00", "duration_us": 24 * HOUR}}))
    both = {"shared_ledger": numbers, **({"correspondent": {"chain": chain}} if chain else {})}
    arrangements = [
        Arrangement(name, Entries(one, "crossborder.arrangements.*"), none, 0, (none, none))
        for name, one in both.items()
    ]
    return blocks(context, arrangements)


def test_everything_is_told() -> None:
    heading, both, words, used, queue = told(
        chain=CHAIN,
        queue=QUEUE,
        liquidity=LIQUIDITY,
        queued=7,
        reasons={"no_liquidity": 2},
        queued_us_mean=90_000_000.0,
        queued_us_max=HOUR,
    )
    assert isinstance(heading, Heading)
    assert isinstance(words, Paragraph)
    for part in ("7 payments", "60 min at the longest", "3 waited at once", "2 times", "others: 4", "for 2 min"):
        assert part in words.text
    assert both.rows == (
        ("shared ledger", "US$ 140", "US$ 14", "US$ 35", "US$ 70", "50.0 %", "9"),
        ("chain of correspondents", "US$ 900", "US$ 0", "US$ 20", "US$ 80", "25.0 %", "4"),
    )
    assert used.table.rows == (("CNY", "US$ 35", "US$ 70", "50.0 %", "25.0 %", "10.0 %"),)
    assert [row[1] for row in queue.table.rows] == ["0", "3", *["0"] * 22]
    for chart in (used, queue):
        assert isinstance(chart, Chart)
        assert "<svg" in to_svg(chart.draw())


@pytest.mark.parametrize(
    ("queue", "says"),
    [({"longest": 0}, "No payment"), ({"longest": 2, "withdrawn": 1}, "that waited for liquidity got it")],
)
def test_what_is_told_where_little_happened(queue: dict[str, Any], says: str) -> None:
    _, words = told(queue=queue)
    assert says in words.text


def test_a_arrangement_that_measures_nothing_is_left_out() -> None:
    assert told() == []
