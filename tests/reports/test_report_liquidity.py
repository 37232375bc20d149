"""Liquidity and its queue in the cross-border chapter: what is told of the numbers, and where there are none."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from reports.document import Chart, Heading, Paragraph
from reports.figures.canvas import to_svg
from reports.figures.overlay import Overlay
from reports.sections.crossborder_liquidity import blocks
from reports.view.crossborder import Way

HOUR = 3_600_000_000
QUEUE = {
    "locked": 90, "waited": 7, "withdrawn": 2, "together": 4, "delay_us_mean": 90_000_000.0, "delay_us_max": HOUR,
    "longest": 3, "gridlocks": 1, "gridlock_us": 120_000_000, "steps": [[HOUR, 3], [2 * HOUR, 0]],
}  # fmt: skip
LIQUIDITY = [
    {"currency": "CNY", "held_fen": 1_000, "used_fen": 250, "turnover_fen": 500, "funded_fen": 100,
     "used_share": 0.25, "used_of_turnover": 0.5},
    {"currency": "THB", "held_fen": 1_000, "used_fen": 0, "turnover_fen": 0, "funded_fen": 0,
     "used_share": 0.0, "used_of_turnover": None},
]  # fmt: skip


def told(**numbers: Any) -> list[Any]:
    none = np.zeros(0, dtype=np.int64)
    context: Any = SimpleNamespace(
        overlay=Overlay(datetime(2026, 3, 2)),
        start=datetime(2026, 3, 2),
        run=SimpleNamespace(get={"scenario.duration_us": 24 * HOUR}.get),
    )
    return blocks(context, [Way("shared_ledger", numbers, {}, none, 0, (none, none))])


def test_everything_is_told() -> None:
    heading, words, used, queue = told(queue=QUEUE, liquidity=LIQUIDITY)
    assert isinstance(heading, Heading)
    assert isinstance(words, Paragraph)
    for part in ("7 payments", "60 min at the longest", "3 waited at once", "time was up: 2", "others: 4", "for 2 min"):
        assert part in words.text
    assert used.table.rows == (("CNY", "50.0 %", "25.0 %", "10.0 %"),)
    assert [row[1] for row in queue.table.rows] == ["3", "0"]
    for chart in (used, queue):
        assert isinstance(chart, Chart)
        assert "<svg" in to_svg(chart.draw())


@pytest.mark.parametrize(
    ("queue", "says"),
    [({"longest": 0}, "No payment"), ({"longest": 2, "waited": 0, "withdrawn": 1}, "that waited for liquidity got it")],
)
def test_what_is_told_where_little_happened(queue: dict[str, Any], says: str) -> None:
    _, words = told(queue=queue)
    assert says in words.text


def test_a_way_without_a_queue_is_left_out() -> None:
    assert told(liquidity=LIQUIDITY) == []
