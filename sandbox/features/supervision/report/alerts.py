"""Single alerts with the payments they rest on, and reports for size alone."""

from __future__ import annotations

from reports import formats
from reports.blocks import table
from reports.document import Block, Heading, Paragraph, Table
from reports.names import PATTERNS
from reports.sections.context import Context
from sandbox.features.supervision.report.details import reading
from sandbox.features.supervision.report.examples import Example
from sandbox.features.supervision.report.examples import examples as choose
from sandbox.features.supervision.report.names import LARGE_VALUES, RULES, STATUSES
from sandbox.features.supervision.report.view import setting
from sandbox.features.supervision.report.view import settings as settings_of
from sandbox.language import N_, _, named


def settings(context: Context, detector: str) -> str:
    """What a detector was set to, in words: name and value of each of its parameters."""
    found = settings_of(context.run, detector)
    return formats.series(f"{name.replace('_', ' ')} {value}" for name, value in found)


def examples(context: Context) -> list[Block]:
    """A few alerts that explain themselves."""
    run = context.run
    found = () if run.records is None else choose(run.records, run.get("risk.financial_crime") is not None)
    if not found:
        return []
    blind = all(one.illicit is None for one in found)
    blocks: list[Block] = [
        Heading("examples", _("Some alerts, and what they rest on")),
        Paragraph(
            _(
                N_("Alerts explain themselves: a rule, its figures, and the payments. Some of them:")
                if blind
                else N_(
                    "Alerts explain themselves: a rule, its figures, and the payments. Chosen are some that were right "
                    "and one that was not, those first on which somebody acted."
                )
            )
        ),
    ]
    return [*blocks, *(block for one in found for block in _example(context, one))]


def _example(context: Context, one: Example) -> list[Block]:
    moment = formats.moment(context.start, one.at_us)
    said = [
        reading(one.rule, one.amount_fen, one.payments, one.figures),
        _("Raised on {moment}; about no single account.", moment=moment)
        if one.account is None
        else _("Raised on {moment} about account {account}.", moment=moment, account=one.account),
    ]
    if one.figures.get("seen_as") == "pseudonym":
        said.append(_("The watcher knew only a pseudonym; whoever acts on the alert asks the operator."))
    said.append(_("In the end: {status}.", status=named(STATUSES, one.status)))
    if one.illicit is not None:
        key = (
            N_("In truth criminal: {illicit} of its {payments} payments.")
            if one.illicit
            else N_("In truth criminal: none of its {payments} payments.")
        )
        said.append(_(key, illicit=formats.count(one.illicit), payments=formats.count(one.payments)))
    how = settings(context, one.rule)
    if how:
        said.append(_("The rule was set to {settings}.", settings=how))
    title = _("Alert {number}: {rule}", number=one.alert_id, rule=named(RULES, one.rule))
    return [Paragraph(" ".join([f"{title}.", *said])), _payments(context, one)]


def _payments(context: Context, one: Example) -> Table:
    """The payments that an alert rests on; with their truth where there is any."""
    rows = []
    for its in one.shown:
        truth = named(PATTERNS, its.label) if its.label else _("honest")
        moment = formats.moment(context.start, its.submitted_at_us)
        told = (truth,) if one.illicit is not None else ()
        accounts = str(its.payer), str(its.payee)
        rows.append((str(its.payment_id), moment, *accounts, *told, formats.yuan(its.amount_fen)))
    columns = (_("Payment"), _("When"), _("From account"), _("To account"))
    head = (*columns, *([_("In truth")] if one.illicit is not None else []), _("Amount, yuan"))
    shown, every = len(rows), formats.count(one.payments)
    more = _("{shown} of {payments} payments.", shown=shown, payments=every) if shown < one.payments else ""
    return Table(
        _("What alert {number} rests on", number=one.alert_id), head, tuple(rows), text_columns=len(head) - 1, note=more
    )


def large_value(context: Context) -> list[Block]:
    """Reports that were filed because of size alone, by threshold."""
    supervision = context.section("supervision")
    reports = supervision.section("large_value_reports")
    if not reports:
        return []
    total = sum(max(0, reports.amount(name)) for name in reports.content)
    text = (
        supervision.says(
            "Reports filed because of size alone: {reports}, about {large_value_fen} in all. One is due when a "
            "payment, or a calendar day's payments of an account in one direction, reaches the threshold.",
            reports=formats.count(total),
        )
        if total
        else _("No payment, and no day of an account, reached a threshold for a report.")
    )
    numbers = table(
        _("Large-value reports by threshold"),
        reports.content,
        (_("Whose"), lambda name: named(LARGE_VALUES, name)),
        (_("Threshold"), lambda name: setting(context.run, f"supervision.large_value.{name}") or formats.NOTHING),
        (_("Reports"), reports.cell),
        text_columns=2,
    )
    return [Heading("large-value", _("Large-value reports")), Paragraph(text), numbers]
