"""What is at risk across borders."""

from __future__ import annotations

from reports import formats
from reports.chapter import Find
from reports.document import Finding
from reports.sections.context import Context
from reports.text import known
from reports.view.values import part


def cross_border(context: Context, finding: Find) -> list[Finding]:
    """Of users: who was not credited, how soon the others were, what it cost; and how much hangs on one currency."""
    found: list[Finding] = []
    for way in part(context.run.get("risk.cross_border")):
        base, name = f"risk.cross_border.{way}", known("path", way)
        lost, hour = (context.number(f"{base}.{one}") for one in ("not_credited_share", "within_hour_share"))
        cost, hhi = (context.number(f"{base}.{one}") for one in ("cost_share_mean", "hhi_currencies"))
        found += finding("xb.lost", lost, formats.share(lost), None, way=name)
        found += finding("xb.hour", hour, formats.share(hour), f"{base}.within_hour_share", way=name)
        found += finding("xb.cost", cost, formats.share(cost), f"{base}.cost_share_mean", way=name)
        found += finding("xb.hhi", hhi, formats.decimal(hhi), f"{base}.hhi_currencies", way=name)
    return found


def settlement(context: Context, finding: Find) -> list[Finding]:
    """Principal at risk: one leg paid for good, the other not."""
    found: list[Finding] = []
    for way in part(context.run.get("risk.settlement")):
        base, name = f"risk.settlement.{way}", known("path", way)
        exposed, peak = context.number(f"{base}.exposed_share"), context.whole(f"{base}.exposed_usd_cents_peak")
        time = formats.milliseconds((context.number(f"{base}.exposed_us_mean") or 0) / 1000)
        key = "xb.exposed" if exposed else "xb.never"
        found += finding(key, exposed, formats.share(exposed), f"{base}.exposed_share", way=name, time=time)
        found += finding("xb.peak", peak, formats.dollars(peak), None, way=name) if peak else []
        gone = context.whole(f"{base}.lost_usd_cents")
        found += finding("xb.gone", gone, formats.dollars(gone), None, way=name) if gone else []
    return found
