"""What is at risk across borders, and the lines that it is held against."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.chapter import Find
from reports.document import Finding
from reports.sections.context import Context
from reports.text import known
from reports.thresholds import Line
from reports.view.values import part

LINES: Final = {
    "exposed": Line(
        0.10, 0.33, True,
        "BIS Quarterly Review 2022; 2026: about a tenth of foreign exchange is settled gross without payment "
        "against payment, and almost a third was at risk in 2022",
    ),
    "within_hour": Line(
        0.75, 0.50, False, "FSB 2021: 75 % credited within an hour by the end of 2027; 0.50 ASSUMED"
    ),
    "crossing_cost": Line(
        0.01, 0.03, True, "FSB 2021, for retail payments: at most 1 % on average and 3 % in any corridor"
    ),
}  # fmt: skip


def cross_border(context: Context, finding: Find) -> list[Finding]:
    """Of users: who was not credited, how soon the others were, what it cost; and how much hangs on one currency."""
    found: list[Finding] = []
    for way in part(context.run.get("risk.cross_border")):
        base, name = f"risk.cross_border.{way}", known("path", way)
        lost, hour = (context.number(f"{base}.{one}") for one in ("not_credited_share", "within_hour_share"))
        cost, hhi = (context.number(f"{base}.{one}") for one in ("cost_share_mean", "hhi_currencies"))
        found += finding("xb.lost", lost, formats.share(lost), None, way=name)
        found += finding("xb.hour", hour, formats.share(hour), "within_hour", way=name)
        found += finding("xb.cost", cost, formats.share(cost), "crossing_cost", way=name)
        found += finding("xb.hhi", hhi, formats.decimal(hhi), "hhi", way=name)
    return found


def settlement(context: Context, finding: Find) -> list[Finding]:
    """Principal at risk: one leg paid for good, the other not."""
    found: list[Finding] = []
    for way in part(context.run.get("risk.settlement")):
        base, name = f"risk.settlement.{way}", known("path", way)
        exposed, peak = context.number(f"{base}.exposed_share"), context.whole(f"{base}.exposed_usd_cents_peak")
        time = formats.milliseconds((context.number(f"{base}.exposed_us_mean") or 0) / 1000)
        key = "xb.exposed" if exposed else "xb.never"
        found += finding(key, exposed, formats.share(exposed), "exposed", way=name, time=time)
        found += finding("xb.peak", peak, formats.dollars(peak), None, way=name) if peak else []
        gone = context.whole(f"{base}.lost_usd_cents")
        found += finding("xb.gone", gone, formats.dollars(gone), None, way=name) if gone else []
    return found
