"""The two ways across borders side by side in the short summary."""

from __future__ import annotations

from sandbox.cli.across import across_borders
from sandbox.cli.summary import _share, _span


def way(name, **changes):
    return {
        "way": name, "payments": 200, "settled": 150, "refused": 30, "returned": 0, "lost": 0, "pending": 20,
        "credit_us_p50": 6_000_000, "credit_us_p95": 7_200_000_000, "within_hour_share": 0.9, "within_day_share": 1.0,
        "cost_share_mean": 0.004, "corridors": [{"cost_share_mean": 0.004}, {"cost_share_mean": None}],
        "targets": [{"target": "within_hour_share", "line": 0.75}], **changes,
    }  # fmt: skip


def lines(*ways, **risk):
    summary = {"crossborder": {"ways": list(ways)}, "risk": {"settlement": risk}}
    return dict(across_borders(summary, _share, _span))


def test_one_way_or_none():
    assert lines() == {}
    assert dict(across_borders({}, _share, _span)) == {}
    shown = lines(way("correspondent"))
    assert shown["  credited"] == "150 (75 %)"
    assert shown["  within an hour"].split() == ["90", "%", "75", "%"]
    assert shown["  dearest corridor"] == "0.4 %"


def test_both_ways_stand_side_by_side():
    chain = way(
        "correspondent", lost=2, settled=148, credit_us_p50=None, corridors=[], chain={"lost_usd_cents": 5_000_00}
    )
    shown = lines(way("shared_ledger"), chain, correspondent={"exposed_usd_cents_peak": 2_500_000_00})
    columns = {label: value.find("correspondents") for label, value in shown.items() if "correspondents" in value}
    (place,) = columns.values()
    assert shown["  not credited"][place:] == "30 refused, 2 lost, 20 pending"
    assert shown["  time, median"].split() == ["6", "s", "-"]
    assert shown["  dearest corridor"][place:] == "-"
    assert shown["  at risk at most"][place:] == "2.50 million USD"
    assert shown["  lost"].split("  ")[0] == "0 USD"
    assert shown["  lost"][place:] == "5,000 USD"
