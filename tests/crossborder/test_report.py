"""The cross-border chapter: capital flows by day, quota left, cost by corridor and size, where the time goes."""

from __future__ import annotations

from typing import Any

import numpy as np

from reports.document import Chart, Paragraph, Table
from reports.figures.canvas import to_svg
from reports.reading import Entries
from reports.sections.context import Context
from reports.source import RunData
from sandbox.features.crossborder.report import chapter, controls, speed, view
from sandbox.features.crossborder.report.view import Arrangement

MILLION = 100_000_000
HOUR = 3_600_000_000
TARGETS = [
    {"target": "within_hour_share", "line": 0.75},
    {"target": "retail_cost_share_worst_corridor", "line": 0.03},
    {"target": "remittance_cost_share_worst_corridor", "line": 0.05},
]
SIZES = [
    {"from_usd_cents": 0, "below_usd_cents": 1_000_00, "settled": 2, "cost_share_mean": 0.07},
    {"from_usd_cents": 1_000_00, "below_usd_cents": None, "settled": 1, "cost_share_mean": 0.001},
]


def corridor(name: str, purpose: str, cost: float | None) -> dict[str, Any]:
    return {"corridor": name, "from_jurisdiction": "mainland", "to_jurisdiction": "new_land", "purpose": purpose,
            "settled": 3, "cost_share_mean": cost, "sizes": SIZES[:1]}  # fmt: skip


def flow(day: Any, out: int, into: int, place: str = "mainland") -> dict[str, Any]:
    return {"day": day, "jurisdiction": place, "out_usd_cents": out * MILLION, "in_usd_cents": into * MILLION}


def quota(side: str, people: int) -> dict[str, Any]:
    bands = [{"from_share": 0.0, "people": people - 1}, {"from_share": 0.8, "people": 1}]
    return {"jurisdiction": "mainland", "side": side, "people": people, "used_share_mean": 0.1, "used_share_max": 0.9,
            "bands": bands}  # fmt: skip


NUMBERS: dict[str, Any] = {
    "credit_us_mean": 10.0 * HOUR, "compliance_us_mean": 2.0 * HOUR, "closed_us_mean": 7.0 * HOUR,
    "within_hour_share": 0.5, "within_day_share": 1.0, "targets": TARGETS, "sizes": SIZES,
    "corridors": [corridor("goods_out", "trade", 0.001), corridor("sent_home", "remittance", 0.07),
                  corridor("banks", "treasury", None)],
    "flows": [flow(-1, 3, 0), flow(1, 1, 6), flow(1, 2, 2, "thailand")],
    "quota": [quota("received", 5), quota("sent", 4)],
    "gates": {"screening": 9, "large_value_reports": 2}, "reasons": {"screening": 1},
    "reasons_usd_cents": {"screening": 5 * MILLION},
}  # fmt: skip
CHAIN = {
    "at_payer_bank_us_mean": HOUR,
    "between_banks_us_mean": HOUR,
    "at_payee_bank_us_mean": 8 * HOUR,
    "hops": [3, 0, 2],
}
NOTHING = np.zeros(0, dtype=np.int64)
CONTEXT = Context(RunData({"scenario": {"start": "2026-03-02T08:00:00", "duration_us": 24 * HOUR}}))


def arrangement(name: str, **changes: Any) -> Arrangement:
    took = np.array([5_000_000, 2 * HOUR], dtype=np.int64)
    return Arrangement(name, Entries(NUMBERS | changes, "crossborder.arrangements.*"), took, 4, (NOTHING, NOTHING))


def charts(blocks: Any) -> dict[str, Chart]:
    found = {one.key: one for one in blocks if isinstance(one, Chart)}
    for one in found.values():
        assert "<svg" in to_svg(one.draw())
    return found


def test_flows_by_day_and_the_position_they_add_up_to() -> None:
    mainland, thailand = view.flows([arrangement("shared_ledger")])
    assert (mainland.place, mainland.first_day, thailand.first_day) == ("mainland", -1, 1)
    assert (mainland.position // MILLION).tolist() == [-3, -3, 2]
    blocks = controls.blocks(
        CONTEXT, [arrangement("shared_ledger"), arrangement("correspondent", flows=[flow(2, 9, 0)])]
    )
    drawn = charts(blocks)
    assert set(drawn) == {"crossborder-flows-1", "crossborder-flows-2", "crossborder-quota-1"}
    rows = drawn["crossborder-flows-1"].table.rows
    assert [row[0] for row in rows] == ["Sun 1 Mar 2026", "Mon 2 Mar 2026", "Tue 3 Mar 2026", "Wed 4 Mar 2026"]
    assert rows[2] == ("Tue 3 Mar 2026", "US$ 6 million", "US$ 1 million", "US$ 2 million", "US$ 0", "US$ 0", "US$ 0")
    told = " ".join(one.text for one in blocks if isinstance(one, Paragraph))
    assert "net inflow US$ 2 million" in told
    assert "net outflow US$ 9 million" in told


def test_quota_left_and_gates() -> None:
    blocks = controls.blocks(CONTEXT, [arrangement("shared_ledger", flows=[])])
    drawn = charts(blocks)["crossborder-quota-1"]
    assert drawn.table.head[1:] == ("shared ledger: sent", "shared ledger: received")
    assert drawn.table.rows[:2] == (("below 80 %", "3", "4"), ("80 % to 100 %", "1", "1"))
    assert "On average 90.0 % of their annual quota is left, 10.0 % of the one who used most; 1 used 80 %" in drawn.alt
    gates = next(one for one in blocks if isinstance(one, Table))
    assert gates.rows[1] == ("name screening", "9", "1")
    reasons = next(one for one in blocks if isinstance(one, Table) and one.head[0] == "Reason")
    assert reasons.rows[0] == ("name on a list", "1", "US$ 5 million")
    assert gates.rows[-1][1:] == ("2", "–")


def test_what_a_strange_summary_says_is_left_out() -> None:
    strange = {"flows": [flow(10**17, 1, 1), {"day": None}], "quota": [{"side": "sent"}], "gates": None, "reasons": 3}
    blocks = controls.blocks(CONTEXT, [arrangement("shared_ledger", **strange)])
    assert all("quota" not in key for key in charts(blocks))


def test_costs_by_corridor_and_size_and_where_the_time_goes() -> None:
    both = [arrangement("shared_ledger"), arrangement("correspondent", chain=CHAIN)]
    blocks = speed.blocks(CONTEXT, both)
    drawn = charts(blocks)
    times = {row[0]: row[1] for row in drawn["crossborder-times"].table.rows}
    assert (times["10 s"], times["6 h"]) == ("25.0 %", "50.0 %")
    corridors = drawn["crossborder-costs"].table.rows
    assert corridors[2][1] == "mainland China – New Land, trade"
    assert drawn["crossborder-sizes"].table.rows[0] == ("all corridors", "shared ledger", "7.0 %", "0.10 %")
    assert drawn["crossborder-sizes"].table.head[2:] == ("below US$ 1,000", "US$ 1,000 and more")
    where = {row[0]: row[1] for row in drawn["crossborder-where"].table.rows}
    assert where["processing"] == "60 min"
    assert where["waiting for liquidity"] == "none"
    stages = next(one for one in blocks if isinstance(one, Table))
    assert [row[1] for row in stages.rows[:5]] == ["60 min", "60 min", "8 h", "3", "2"]


def test_nothing_is_drawn_of_nothing() -> None:
    empty = Arrangement("shared_ledger", Entries({}), NOTHING, 0, (NOTHING, NOTHING))
    assert speed.blocks(CONTEXT, [empty]) == []


def test_principal_at_risk_ends_before_it_begins_anew() -> None:
    """At an instant at which one payment's risk ends and another's begins they are not at risk together."""
    columns = {
        "path": ["correspondent"] * 2, "outcome": ["settled"] * 2, "submitted_at_us": [0, 0],
        "completed_at_us": [9, 9], "exposed_from_us": [0, 10], "exposed_us": [10, 5], "value_usd_cents": [7, 5],
    }  # fmt: skip
    summary = {"crossborder": {"arrangements": [{"arrangement": "correspondent"}]}}
    (found,) = view.arrangements(
        Context(RunData(summary, table=lambda *_: {n: np.array(c) for n, c in columns.items()}))
    )
    assert view.highest(found, np.array([0, 5, 12, 20], dtype=np.int64)).tolist() == [7, 7, 5]


def first_screen(*arrangements: dict[str, Any], visitors: list[dict[str, Any]] | None = None) -> str | None:
    told = {"crossborder": {"arrangements": list(arrangements), "visitors": visitors or []}}
    return chapter.headline(Context(RunData(told)))


def sent(path: str, settled: int, half_s: float, cost: float) -> dict[str, Any]:
    return {"arrangement": path, "payments": 9, "value_usd_cents": 900, "settled": settled, "settled_usd_cents": 800,
            "credit_us_p50": half_s * 1_000_000, "credit_us_p95": 20e6, "cost_share": cost,
            "cost_share_mean": 0.5}  # fmt: skip


def test_the_first_screen_sets_two_arrangements_against_each_other() -> None:
    told = first_screen(sent("shared_ledger", 8, 6.0, 0.004), sent("correspondent", 7, 7200.0, 0.036)) or ""
    assert told.startswith(
        "9 payments worth US$ 9 were sent through each arrangement. The shared ledger credited 8, worth US$ 8, the"
    )
    assert "6 s against 2 h, the cost 0.40 % against 3.6 % of the value" in told
    assert "lack of liquidity" not in told
    short = sent("shared_ledger", 8, 6.0, 0.004) | {
        "reasons": {"no_liquidity": 3}, "reasons_usd_cents": {"no_liquidity": 30_000}, "used_share": 0.07,
        "larger_than_held": 2, "larger_than_held_usd_cents": 25_000,
    }  # fmt: skip
    told = first_screen(short, sent("correspondent", 7, 7200.0, 0.036)) or ""
    assert "the shared ledger refused 3 payments worth US$ 300, while 7.0 % of all that banks held was used" in told
    assert "2 of these payments, worth US$ 250, were larger than all that the payer's bank held" in told
    alone = first_screen(sent("shared_ledger", 8, 6.0, 0.004), sent("correspondent", 0, 0.0, 0.0)) or ""
    assert alone.startswith("9 payments worth US$ 9 were sent over the shared ledger. 8, worth")
    assert first_screen() is None


def test_the_first_screen_tells_of_visitors_where_there_are_some() -> None:
    group = {"group": "guests", "wallets": 4, "trips": 2, "outcomes": {"settled": 3, "single_limit": 1}}
    told = first_screen(sent("shared_ledger", 8, 6.0, 0.004), visitors=[group]) or ""
    assert told.startswith("Guests: 4 wallets, 2 trips.")
    idle = first_screen(sent("shared_ledger", 8, 6.0, 0.004), visitors=[{**group, "trips": 0}]) or ""
    assert idle.startswith("9 payments")
