"""What is at risk across borders."""

from __future__ import annotations

from reports.document import Finding
from reports.findings import finding
from reports.sections.context import Context
from sandbox.features.crossborder.report.names import ARRANGEMENTS
from sandbox.language import N_, named


def cross_border(context: Context) -> list[Finding]:
    """Of users: who was not credited, how soon the others were, what it cost; and how much hangs on one currency."""
    found: list[Finding] = []
    for arrangement, at_risk in context.section("risk").sections("cross_border").items():
        name = named(ARRANGEMENTS, arrangement)
        found += finding(
            at_risk,
            "not_credited_share",
            N_("Not credited, {arrangement}"),
            N_(
                "{value} of the payments sent over the {arrangement} were refused, sent back, lost, or still on their "
                "way at the end."
            ),
            arrangement=name,
        )
        found += finding(
            at_risk,
            "within_hour_share",
            N_("Credited within an hour, {arrangement}"),
            N_("{value} of what the {arrangement} credited was there within an hour."),
            arrangement=name,
        )
        found += finding(
            at_risk,
            "cost_share_mean",
            N_("Cost, {arrangement}"),
            N_("A payment over the {arrangement} cost {value} of what was sent, on average."),
            arrangement=name,
        )
        found += finding(
            at_risk,
            "hhi_currencies",
            N_("Concentration of currencies, {arrangement}"),
            N_("The Herfindahl-Hirschman index of value by currency is {value}; 1 is one currency alone."),
            arrangement=name,
        )
    return found


def settlement(context: Context) -> list[Finding]:
    """Principal at risk: one leg paid for good, the other not."""
    found: list[Finding] = []
    for arrangement, at_risk in context.section("risk").sections("settlement").items():
        name = named(ARRANGEMENTS, arrangement)
        found += finding(
            at_risk,
            "exposed_share",
            N_("Without payment versus payment, {arrangement}"),
            N_(
                "{value} of the payments sent over the {arrangement} had one leg final before the other, for {time} on "
                "average."
            )
            if at_risk.number("exposed_share")
            else N_("No payment over the {arrangement} had one leg final before the other."),
            arrangement=name,
            time=at_risk.shown("exposed_us_mean"),
        )
        if at_risk.whole("exposed_usd_cents_peak"):
            found += finding(
                at_risk,
                "exposed_usd_cents_peak",
                N_("Most principal at risk at once, {arrangement}"),
                N_("At the worst moment {value} of principal was at risk over the {arrangement}, one leg being final."),
                arrangement=name,
            )
        if at_risk.whole("lost_usd_cents"):
            found += finding(
                at_risk,
                "lost_usd_cents",
                N_("Lost with a bank that failed, {arrangement}"),
                N_("{value} of the payments sent over the {arrangement} lay with a bank when it failed."),
                arrangement=name,
            )
    return found
