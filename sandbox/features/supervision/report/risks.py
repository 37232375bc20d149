"""What is at risk where payments are supervised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reports import formats
from reports.chapter import Risk
from reports.document import Finding
from reports.findings import stated
from reports.sections.context import Context
from reports.view.values import instant, share_of
from sandbox.features.supervision.report.view import viewers
from sandbox.language import N_
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
    number, whole = context.number, context.whole
    base = "risk.financial_crime"
    names = ("alerts", "found", "payments", "stopped", "honest_stopped", "stopped_fen", "value_fen")
    numbers = {name: whole(f"{base}.{name}") or 0 for name in names}
    words = {name: formats.count(value) for name, value in numbers.items()}
    precision, recall, value = (number(f"{base}.{name}") for name in ("precision", "recall", "value_recall"))
    honest = share_of(numbers["honest_stopped"], numbers["honest_stopped"] + numbers["stopped"])
    tried = numbers["value_fen"] + numbers["stopped_fen"]
    stopped = share_of(numbers["stopped_fen"], tried) if context.run.get("cases") is not None else None
    time = instant(context.run.get(f"{base}.time_to_detect_us_median"))
    return [
        *stated(
            N_("Alerts that are right"),
            N_("{value} of {alerts} alerts rest on a criminal payment; the others cost somebody's time."),
            precision,
            formats.share(precision),
            f"{base}.precision",
            **words,
        ),
        *stated(
            N_("Criminal payments found"),
            N_("{value} of the criminal payments that settled are in some alert: {found} of {payments}."),
            recall,
            formats.share(recall),
            f"{base}.recall",
            **words,
        ),
        *stated(
            N_("Criminal value found"),
            N_("{value} of the money in criminal payments that settled is in some alert."),
            value,
            formats.share(value),
            f"{base}.value_recall",
        ),
        *stated(
            N_("Time until noticed (median)"),
            N_("Half of the cases that were noticed at all were noticed within {value}."),
            time,
            formats.milliseconds(None if time is None else time / 1000),
            None,
        ),
        *stated(
            N_("Honest payments among those stopped"),
            N_("Of what freezes stopped, {value} were honest payments: {honest} honest and {stopped} criminal ones."),
            honest,
            formats.share(honest),
            HONEST,
            **words,
            honest=words["honest_stopped"],
        ),
        *stated(
            N_("Criminal value stopped"),
            N_("Freezes stopped {value} of {all} that criminals tried to move."),
            stopped,
            formats.share(stopped),
            None,
            all=formats.money(tried),
        ),
    ]


def _privacy(context: Context) -> list[Finding]:
    """Whose payments nobody can attribute."""
    base = "risk.privacy"
    hidden, value = (context.number(f"{base}.unattributable_{name}") for name in ("share", "value_share"))
    named = next((shares[0] for name, shares in viewers(context.run) if name == "central_bank"), None)
    return [
        *stated(
            N_("Payments nobody can attribute"),
            N_("Of {value} of the settled payments neither an operator nor an authority can name the payer."),
            hidden,
            formats.share(hidden),
            f"{base}.unattributable_share",
        ),
        *stated(
            N_("Value nobody can attribute"),
            N_("{value} of the settled value is paid by somebody whom nobody can name."),
            value,
            formats.share(value),
            f"{base}.unattributable_value_share",
        ),
        *stated(
            N_("Payments whose payer the central bank can name"),
            N_("The central bank can name the payer of {value} of the settled payments."),
            named,
            formats.share(named),
            None,
        ),
    ]


def _operational(context: Context) -> list[Finding]:
    """Whether breakdowns were reported in time."""
    reports = context.number("incidents.timeliness") if context.whole("throughput.payments") else None
    return stated(
        N_("Reports of breakdowns in time"),
        N_("{value} of the reports about breakdowns that were due or filed came in time."),
        reports,
        formats.share(reports),
        "incidents.timeliness",
    )


RISKS: Final[Mapping[str, Risk]] = {
    "operational": _operational, "financial_crime": _financial_crime, "privacy": _privacy,
}  # fmt: skip
