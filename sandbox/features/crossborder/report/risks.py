"""What is at risk across borders."""

from __future__ import annotations

from typing import Final

from reports.document import Finding
from reports.findings import finding
from reports.sections.context import Context
from sandbox.features.crossborder.report.names import ARRANGEMENTS
from sandbox.language import N_, named

_CROSS_BORDER: Final = (
    (
        "not_credited_share",
        N_("Not credited, {arrangement}"),
        N_(
            "{value} of the payments sent over the {arrangement} were refused, sent back, lost, or still on their way "
            "at the end."
        ),
    ),
    (
        "within_hour_share",
        N_("Credited within an hour, {arrangement}"),
        N_("{value} of what the {arrangement} credited was there within an hour."),
    ),
    (
        "retail_cost_share_mean",
        N_("Retail cost, {arrangement}"),
        N_("A retail payment over the {arrangement} cost {value} of what was sent, on average."),
    ),
    (
        "remittance_cost_share_mean",
        N_("Remittance cost, {arrangement}"),
        N_("A remittance over the {arrangement} cost {value} of what was sent, on average."),
    ),
    (
        "hhi_currencies",
        N_("Concentration of currencies, {arrangement}"),
        N_("The Herfindahl-Hirschman index of value by currency is {value}; 1 is one currency alone."),
    ),
)
"""Entry, name and reading."""
_EXPOSED: Final = N_(
    "{value} of the payments sent over the {arrangement} had one leg final before the other, for {time} on average."
)
_NOT_EXPOSED: Final = N_("No payment over the {arrangement} had one leg final before the other.")
_SETTLEMENT: Final = (
    (
        "exposed_usd_cents_peak",
        N_("Most principal at risk at once, {arrangement}"),
        N_("At the worst moment {value} of principal was at risk over the {arrangement}, one leg being final."),
    ),
    (
        "lost_usd_cents",
        N_("Lost with a bank that failed, {arrangement}"),
        N_("{value} of the payments sent over the {arrangement} lay with a bank when it failed."),
    ),
)
"""The same, where the entry is above 0."""


def cross_border(context: Context) -> list[Finding]:
    """Of users: who was not credited, how soon the others were, what it cost; and how much hangs on one currency."""
    return [
        one
        for name, at_risk in context.section("risk").sections("cross_border").items()
        for path, label, reading in _CROSS_BORDER
        for one in finding(at_risk, path, label, reading, arrangement=named(ARRANGEMENTS, name))
    ]


def settlement(context: Context) -> list[Finding]:
    """Principal at risk: one leg paid for good, the other not."""
    found: list[Finding] = []
    for name, at_risk in context.section("risk").sections("settlement").items():
        words = {"arrangement": named(ARRANGEMENTS, name), "time": at_risk.shown("exposed_us_mean")}
        exposed = _EXPOSED if at_risk.number("exposed_share") else _NOT_EXPOSED
        found += finding(at_risk, "exposed_share", "Without payment versus payment, {arrangement}", exposed, **words)
        for path, label, reading in _SETTLEMENT:
            found += finding(at_risk, path, label, reading, **words) if at_risk.whole(path) else []
    return found
