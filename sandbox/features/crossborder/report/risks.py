"""What is at risk across borders."""

from __future__ import annotations

from reports import formats
from reports.document import Finding
from reports.findings import stated
from reports.sections.context import Context
from reports.view.values import part
from sandbox.features.crossborder.report.names import PATHS
from sandbox.language import N_, named


def cross_border(context: Context) -> list[Finding]:
    """Of users: who was not credited, how soon the others were, what it cost; and how much hangs on one currency."""
    found: list[Finding] = []
    for way in part(context.run.get("risk.cross_border")):
        base, name = f"risk.cross_border.{way}", named(PATHS, way)
        lost, hour = (context.number(f"{base}.{one}") for one in ("not_credited_share", "within_hour_share"))
        cost, hhi = (context.number(f"{base}.{one}") for one in ("cost_share_mean", "hhi_currencies"))
        found += stated(
            N_("Not credited, {way}"),
            N_(
                "{value} of the payments sent over the {way} were refused, sent back, lost, or still on their "
                "way at the end."
            ),
            lost,
            formats.share(lost),
            None,
            way=name,
        )
        found += stated(
            N_("Credited within an hour, {way}"),
            N_("{value} of what the {way} credited was there within an hour."),
            hour,
            formats.share(hour),
            f"{base}.within_hour_share",
            way=name,
        )
        found += stated(
            N_("Cost, {way}"),
            N_("A payment over the {way} cost {value} of what was sent, on average."),
            cost,
            formats.share(cost),
            f"{base}.cost_share_mean",
            way=name,
        )
        found += stated(
            N_("Concentration of currencies, {way}"),
            N_("The Herfindahl-Hirschman index of value by currency is {value}; 1 is one currency alone."),
            hhi,
            formats.decimal(hhi),
            f"{base}.hhi_currencies",
            way=name,
        )
    return found


def settlement(context: Context) -> list[Finding]:
    """Principal at risk: one leg paid for good, the other not."""
    found: list[Finding] = []
    for way in part(context.run.get("risk.settlement")):
        base, name = f"risk.settlement.{way}", named(PATHS, way)
        exposed, peak = context.number(f"{base}.exposed_share"), context.whole(f"{base}.exposed_usd_cents_peak")
        time = formats.milliseconds((context.number(f"{base}.exposed_us_mean") or 0) / 1000)
        reading = (
            N_("{value} of the payments sent over the {way} had one leg final before the other, for {time} on average.")
            if exposed
            else N_("No payment over the {way} had one leg final before the other.")
        )
        found += stated(
            N_("Without payment versus payment, {way}"),
            reading,
            exposed,
            formats.share(exposed),
            f"{base}.exposed_share",
            way=name,
            time=time,
        )
        found += (
            stated(
                N_("Most principal at risk at once, {way}"),
                N_("At the worst moment {value} of principal was at risk over the {way}, one leg being final."),
                peak,
                formats.dollars(peak),
                None,
                way=name,
            )
            if peak
            else []
        )
        gone = context.whole(f"{base}.lost_usd_cents")
        found += (
            stated(
                N_("Lost with a bank that failed, {way}"),
                N_("{value} of the payments sent over the {way} lay with a bank when it failed."),
                gone,
                formats.dollars(gone),
                None,
                way=name,
            )
            if gone
            else []
        )
    return found
