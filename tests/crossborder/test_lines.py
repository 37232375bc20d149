"""The two arrangements across borders side by side in the short summary."""

from __future__ import annotations

from sandbox.features.crossborder.lines import lines as across_borders


def arrangement(name, **changes):
    return {
        "arrangement": name, "payments": 200, "settled": 150, "refused": 30, "returned": 0, "lost": 0, "pending": 20,
        "credit_us_p50": 6_000_000, "credit_us_p95": 7_200_000_000, "within_hour_share": 0.9, "within_day_share": 1.0,
        "cost_share_mean": 0.004, "settled_usd_cents": 150_000_00, "held_usd_cents": 9_000_000_000_00,
        "turnover_usd_cents": 300_000_00,
        "targets": [{"target": "within_hour_share", "line": 0.75, "value": 0.9, "met": True},
                    {"target": "retail_cost_share_mean", "line": 0.01, "value": 0.00123, "met": True},
                    {"target": "remittance_cost_share_mean", "line": 0.03, "value": None, "met": None}],
        **changes,
    }  # fmt: skip


def lines(*arrangements, **risk):
    summary = {"crossborder": {"arrangements": list(arrangements)}, "risk": {"settlement": risk}}
    return dict(across_borders(summary, str))


def test_one_arrangement_or_none():
    assert lines() == {}
    assert dict(across_borders({}, str)) == {}
    shown = lines(arrangement("correspondent"))
    assert shown["  credited"] == "150 (75 %)"
    assert shown["  within an hour"].split() == ["90", "%,", "met", "at", "least", "75", "%"]
    assert shown["  retail cost"].split() == ["0.12", "%,", "met", "at", "most", "1", "%"]
    assert shown["  cost, all"] == "0.40 %"
    assert shown["  liquidity held"] == "9 billion USD"
    assert "  remittance cost" not in shown
    assert "  pair by pair" not in shown


def test_both_arrangements_stand_side_by_side():
    chain = arrangement(
        "correspondent", lost=2, settled=148, credit_us_p50=None,
        chain={"lost_usd_cents": 5_000_00, "opening_usd_cents": 7_000_00, "turnover_usd_cents": 8_000_00},
        targets=[{"target": "within_hour_share", "line": 0.75, "value": 0.2, "met": False}],
    )  # fmt: skip
    ledger = arrangement("shared_ledger", returned=184_000, refused=49_000)
    shown = lines(ledger, chain, correspondent={"exposed_usd_cents_peak": 2_500_000_00})
    columns = {label: value.find("correspondents") for label, value in shown.items() if "correspondents" in value}
    (place,) = columns.values()
    assert shown["  not credited"][: place - 2] == "49,000 refused, 184,000 returned, 20 pending"
    assert shown["  not credited"][place:] == "30 refused, 2 lost, 20 pending"
    assert shown["  time, median"].split() == ["6", "s", "-"]
    assert shown["  within an hour"][place:].split("  ")[0] == "20 %, missed"
    assert shown["  retail cost"][place:].split()[0] == "-"
    assert shown["  at risk at most"][place:] == "2.5 million USD"
    assert shown["  turnover"][place:] == "8,000 USD"
    assert shown["  lost"].split("  ")[0] == "0 USD"
    assert shown["  lost"][place:] == "5,000 USD"


def test_pairs_are_told_where_any_payment_was_credited_on_both_arrangements():
    pairs = {"settled_on_both": 1900, "first_arrangement": "shared_ledger", "faster_share": 1.0, "cheaper_share": 0.975}
    both = [arrangement("shared_ledger"), arrangement("correspondent")]
    shown = dict(across_borders({"crossborder": {"arrangements": both, "pairs": pairs}}, str))
    told = "shared ledger faster for 100 % and cheaper for 97.5 % of 1,900 credited through both arrangements"
    assert shown["  pair by pair"] == told
