"""What is at risk across borders."""

from __future__ import annotations

from reports.document import Finding
from reports.findings import finding
from reports.sections.context import Context
from sandbox.features.crossborder.report.names import PATHS
from sandbox.language import N_, named


def cross_border(context: Context) -> list[Finding]:
    """Of users: who was not credited, how soon the others were, what it cost; and how much hangs on one currency."""
    found: list[Finding] = []
    for way, at_risk in context.section("risk").sections("cross_border").items():
        name = named(PATHS, way)
        found += finding(
            at_risk,
            "not_credited_share",
            N_("Not credited, {way}"),
            N_(
                "{value} of the payments sent over the {way} were refused, sent back, lost, or still on their "
                "way at the end."
            ),
            way=name,
        )
        found += finding(
            at_risk,
            "within_hour_share",
            N_("Credited within an hour, {way}"),
            N_("{value} of what the {way} credited was there within an hour."),
            way=name,
        )
        found += finding(
            at_risk,
            "cost_share_mean",
            N_("Cost, {way}"),
            N_("A payment over the {way} cost {value} of what was sent, on average."),
            way=name,
        )
        found += finding(
            at_risk,
            "hhi_currencies",
            N_("Concentration of currencies, {way}"),
            N_("The Herfindahl-Hirschman index of value by currency is {value}; 1 is one currency alone."),
            way=name,
        )
    return found


def settlement(context: Context) -> list[Finding]:
    """Principal at risk: one leg paid for good, the other not."""
    found: list[Finding] = []
    for way, at_risk in context.section("risk").sections("settlement").items():
        name = named(PATHS, way)
        found += finding(
            at_risk,
            "exposed_share",
            N_("Without payment versus payment, {way}"),
            N_("{value} of the payments sent over the {way} had one leg final before the other, for {time} on average.")
            if at_risk.number("exposed_share")
            else N_("No payment over the {way} had one leg final before the other."),
            way=name,
            time=at_risk.shown("exposed_us_mean"),
        )
        if at_risk.whole("exposed_usd_cents_peak"):
            found += finding(
                at_risk,
                "exposed_usd_cents_peak",
                N_("Most principal at risk at once, {way}"),
                N_("At the worst moment {value} of principal was at risk over the {way}, one leg being final."),
                way=name,
            )
        if at_risk.whole("lost_usd_cents"):
            found += finding(
                at_risk,
                "lost_usd_cents",
                N_("Lost with a bank that failed, {way}"),
                N_("{value} of the payments sent over the {way} lay with a bank when it failed."),
                way=name,
            )
    return found
