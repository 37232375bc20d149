"""What is at risk where payments are supervised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reports import formats
from reports.chapter import Risk
from reports.document import Finding
from reports.findings import finding, stated
from reports.reading import share_of
from reports.sections.context import Context
from sandbox.features.supervision.report.view import viewers
from sandbox.metric import Metric, Threshold

HONEST: Final = Metric(
    "risk.financial_crime.honest_share",
    "share",
    "share of honest payments among those that freezes stop",
    "lower",
    threshold=Threshold(0.50, 0.90, "above", "ASSUMED: a freeze should stop more crime than honest payments"),
)


def _financial_crime(context: Context) -> list[Finding]:
    """How much of the illicit money was found and stopped, and at whose cost."""
    at_risk = context.section("risk.financial_crime")
    honest_count = at_risk.amount("honest_stopped")
    honest = share_of(honest_count, honest_count + at_risk.amount("stopped"))
    tried = at_risk.amount("value_fen") + at_risk.amount("stopped_fen")
    stopped = share_of(at_risk.amount("stopped_fen"), tried) if context.run.get("cases") is not None else None
    return [
        *finding(
            at_risk,
            "precision",
            "Alerts that are right",
            "{value} of {alerts} alerts rest on a criminal payment; the others cost somebody's time.",
        ),
        *finding(
            at_risk,
            "recall",
            "Criminal payments found",
            "{value} of the criminal payments that settled are in some alert: {found} of {payments}.",
        ),
        *finding(
            at_risk,
            "value_recall",
            "Criminal value found",
            "{value} of the money in criminal payments that settled is in some alert.",
        ),
        *finding(
            at_risk,
            "time_to_detect_us_median",
            "Time until noticed (median)",
            "Half of the cases that were noticed at all were noticed within {value}.",
        ),
        *stated(
            "Honest payments among those stopped",
            "Of what freezes stopped, {value} were honest payments: {honest} honest and {stopped} criminal ones.",
            honest,
            formats.share(honest),
            HONEST,
            honest=formats.count(honest_count),
            stopped=formats.count(at_risk.amount("stopped")),
        ),
        *stated(
            "Criminal value stopped",
            "Freezes stopped {value} of {all} that criminals tried to move.",
            stopped,
            formats.share(stopped),
            None,
            all=formats.money(tried),
        ),
    ]


def _privacy(context: Context) -> list[Finding]:
    """Whose payments nobody can attribute."""
    at_risk = context.section("risk.privacy")
    named = next((shares[0] for name, shares in viewers(context.run) if name == "central_bank"), None)
    return [
        *finding(
            at_risk,
            "unattributable_share",
            "Payments nobody can attribute",
            "Of {value} of the settled payments neither an operator nor an authority can name the payer.",
        ),
        *finding(
            at_risk,
            "unattributable_value_share",
            "Value nobody can attribute",
            "{value} of the settled value is paid by somebody whom nobody can name.",
        ),
        *stated(
            "Payments whose payer the central bank can name",
            "The central bank can name the payer of {value} of the settled payments.",
            named,
            formats.share(named),
            None,
        ),
    ]


def _operational(context: Context) -> list[Finding]:
    """Whether breakdowns were reported in time."""
    if not context.section("throughput").whole("payments"):
        return []
    return finding(
        context.section("incidents"),
        "timeliness",
        "Reports of breakdowns in time",
        "{value} of the reports about breakdowns that were due or filed came in time.",
    )


RISKS: Final[Mapping[str, Risk]] = {
    "operational": _operational, "financial_crime": _financial_crime, "privacy": _privacy,
}  # fmt: skip
