"""Single alerts with the payments they rest on, and reports for size alone."""

from __future__ import annotations

from reports import formats
from reports.document import Block, Heading, Paragraph, Table
from reports.sections.context import Context
from reports.text import known, say
from reports.view.values import part, whole
from sandbox.features.supervision.report.details import reading
from sandbox.features.supervision.report.examples import Example
from sandbox.features.supervision.report.examples import examples as choose
from sandbox.features.supervision.report.view import setting
from sandbox.features.supervision.report.view import settings as settings_of


def settings(context: Context, detector: str) -> str:
    """What a detector was set to, in words: name and value of each of its parameters."""
    found = settings_of(context.run, detector)
    return "; ".join(f"{name.replace('_', ' ')} {value}" for name, value in found)


def examples(context: Context) -> list[Block]:
    """A few alerts that explain themselves."""
    run = context.run
    found = () if run.records is None else choose(run.records, run.get("risk.financial_crime") is not None)
    if not found:
        return []
    blind = all(one.illicit is None for one in found)
    blocks: list[Block] = [
        Heading("examples", say("examples.heading")),
        Paragraph(say("examples.intro_blind" if blind else "examples.intro")),
    ]
    return [*blocks, *(block for one in found for block in _example(context, one))]


def _example(context: Context, one: Example) -> list[Block]:
    moment = formats.moment(context.start, one.at_us)
    said = [
        reading(one.rule, one.amount_fen, one.payments, one.figures),
        say("example.when_nobody", moment=moment)
        if one.account is None
        else say("example.when", moment=moment, account=one.account),
    ]
    if one.figures.get("seen_as") == "pseudonym":
        said.append(say("example.pseudonym"))
    said.append(say("example.status", status=known("alert_status", one.status)))
    if one.illicit is not None:
        key = "example.right" if one.illicit else "example.wrong"
        said.append(say(key, illicit=formats.count(one.illicit), payments=formats.count(one.payments)))
    how = settings(context, one.rule)
    if how:
        said.append(say("example.settings", settings=how))
    title = say("example.title", number=one.alert_id, rule=known("rule", one.rule))
    return [Paragraph(" ".join([f"{title}.", *said])), _payments(context, one)]


def _payments(context: Context, one: Example) -> Table:
    """The payments that an alert rests on; with their truth where there is any."""
    rows = []
    for its in one.shown:
        truth = known("pattern", its.label) if its.label else say("example.honest")
        moment = formats.moment(context.start, its.submitted_at_us)
        told = (truth,) if one.illicit is not None else ()
        accounts = str(its.payer), str(its.payee)
        rows.append((str(its.payment_id), moment, *accounts, *told, formats.yuan(its.amount_fen)))
    names = ("payment", "when", "from_account", "to_account", *(("truth",) if one.illicit is not None else ()))
    head = tuple(say(f"col.{name}") for name in (*names, "amount_yuan"))
    shown, every = len(rows), formats.count(one.payments)
    more = say("example.more", shown=shown, payments=every) if shown < one.payments else ""
    return Table(say("example.payments", number=one.alert_id), head, tuple(rows), text_columns=len(names), note=more)


def large_value(context: Context) -> list[Block]:
    """Reports that were filed because of size alone, by threshold."""
    found = part(context.run.get("supervision.large_value_reports"))
    if not found:
        return []
    heading = Heading("large-value", say("large.heading"))
    total = sum(max(0, whole(count) or 0) for count in found.values())
    if not total:
        text = say("large.none")
    else:
        value = formats.money(whole(context.run.get("supervision.large_value_fen")))
        text = say("large.reading", reports=formats.count(total), value=value)
    rows = tuple(
        (
            known("large_value", name),
            setting(context.run, f"supervision.large_value.{name}") or formats.NOTHING,
            formats.count(whole(count)),
        )
        for name, count in found.items()
    )
    head = tuple(say(f"col.{name}") for name in ("whose", "threshold", "reports"))
    return [heading, Paragraph(text), Table(say("large.title"), head, rows, text_columns=2)]
