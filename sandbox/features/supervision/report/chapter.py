"""Supervision: from payments to freezes, how good the alerts are, what they found, and what followed from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reports import formats
from reports.chapter import Chapter
from reports.document import Block, Chart, Heading, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.names import PATTERNS
from reports.sections.context import Context, explained
from reports.view.values import number, part, share_of, whole, words
from sandbox.features.supervision.report import alerts, cases, figures, incidents, privacy, view
from sandbox.features.supervision.report.names import DETECTORS, RULES, STEPS, WATCHERS
from sandbox.features.supervision.report.risks import HONEST, RISKS
from sandbox.language import N_, _, named


def _supervised(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run is supervised."""
    run = context.run
    if not any(part(run.get(name)) for name in ("supervision", "cases", "incidents")):
        return ()
    blocks: list[Block] = [
        *_reading(context),
        *_funnel(context),
        *_detectors(context),
        *_patterns(context),
        *alerts.examples(context),
        *cases.desk(context),
        *alerts.large_value(context),
        *incidents.incidents(context),
    ]
    return (Section("supervision", _("Supervision"), tuple(blocks)),)


def _headline(context: Context) -> str | None:
    """What was found, in a sentence; None without ground truth."""
    return _scored(context) if part(context.run.get("supervision")) else None


def _section(context: Context) -> tuple[Section, ...]:
    return (*_supervised(context), *privacy.section(context))


def _reading(context: Context) -> list[Block]:
    run = context.run
    found = part(run.get("supervision"))
    if not found:
        return []
    raised, payments = whole(found.get("alerts")), whole(run.get("throughput.payments"))
    each = share_of(payments, raised)
    watcher = named(WATCHERS, words(found.get("watcher")))
    rules = formats.count(len(part(found.get("alerts_by_detector"))))
    key = (
        N_("{watcher} watched with {detectors} rules. {alerts} alerts came of it, one for every {each} payments.")
        if raised
        else N_("{watcher} watched with {detectors} rules, which raised no alert.")
    )
    texts: list[str | None] = [
        _(key, watcher=watcher, detectors=rules, alerts=formats.count(raised), each=formats.count(each)),
        _scored(context),
        _stopped(context),
    ]
    return [Paragraph(text) for text in texts if text]


def _scored(context: Context) -> str | None:
    found = part(context.run.get("risk.financial_crime"))
    if not whole(found.get("payments")):
        return None
    names = ("true_alerts", "found", "payments", "instances_found", "instances")
    numbers = {name: formats.count(whole(found.get(name))) for name in names}
    if not whole(found.get("found")):
        return _("No alert rests on any of the {payments} criminal payments that settled.", **numbers)
    return _(
        "{true} of the alerts ({precision}) rest on at least one criminal payment. They cover {found} of "
        "{payments} criminal payments that settled ({recall}) and {value} of their value, in "
        "{instances_found} of {instances} cases; half of these were noticed within {time} of the first "
        "payment.",
        **numbers,
        true=numbers["true_alerts"],
        precision=formats.share(number(found.get("precision"))),
        recall=formats.share(number(found.get("recall"))),
        value=formats.share(number(found.get("value_recall"))),
        time=_time(whole(found.get("time_to_detect_us_median"))),
    )


def _stopped(context: Context) -> str | None:
    found = part(context.run.get("risk.financial_crime"))
    if not found:
        return None
    stoppable = formats.money(whole(found.get("stoppable_fen")))
    if not whole(context.run.get("cases.frozen")):
        return _("A freeze at once, at every alert, could have stopped at most {value}.", value=stoppable)
    return _(
        "Freezes stopped {stopped} criminal payments ({stopped_value}), and {honest} honest ones "
        "({honest_value}). Held at once, at every alert, they could have stopped at most {more} more.",
        stopped=formats.count(whole(found.get("stopped"))),
        stopped_value=formats.money(whole(found.get("stopped_fen"))),
        honest=formats.count(whole(found.get("honest_stopped"))),
        honest_value=formats.money(whole(found.get("honest_stopped_fen"))),
        more=stoppable,
    )


def _time(us: int | None) -> str:
    return formats.NOTHING if us is None else formats.milliseconds(us / 1000)


# --- the funnel -----------------------------------------------------------------------------------------------------


def _funnel(context: Context) -> list[Block]:
    steps = view.funnel(context.run)
    if len(steps) < 2 or not steps[0].number:
        return []
    numbers = {step.name: step.number for step in steps}
    listed = []
    for step in steps:
        share = share_of(step.number, numbers.get(step.of or ""))
        name = _(STEPS[step.name])
        told = bool(step.of) and share is not None
        of = _("{share} of {of}", share=formats.share(share), of=_(STEPS[step.of or ""])) if told else "–"
        listed.append((name, of, formats.count(step.number)))
    items = (_("{name} {value}", name=name, value=count) for name, __, count in listed)
    head = (_("Step"), _("Part"), _("Number"))
    chart = Chart(
        key="funnel",
        title=_("What is left at each step"),
        shows=_("How many payments, alerts, reports and freezes there were, on a logarithmic scale."),
        hides=_(
            "Whether it was the right ones (see below), and how long it took. Key leads and freezes both "
            "come out of reports; neither is a part of the other."
        ),
        alt=_("{list}.", list=formats.series(items)),
        table=Table(_("What is left at each step"), head, tuple(listed), text_columns=2),
        draw=lambda: figures.funnel(steps),
    )
    return [Heading("funnel", _("From payments to freezes")), chart]


# --- detectors ------------------------------------------------------------------------------------------------------


def _detectors(context: Context) -> list[Block]:
    rules = view.detectors(context.run)
    if not rules:
        return []
    heading = Heading("detectors", _("How good the alerts are"))
    if all(one.true is None for one in rules):
        return [heading, _rules(context, rules)]
    found = part(context.run.get("risk.financial_crime"))
    total = view.Rule("all", max(0, whole(found.get("alerts")) or 0), whole(found.get("true_alerts")), None)
    shown = [total, *rules]
    labels = Labels(named(DETECTORS, one.name) for one in shown)
    names = [labels[named(DETECTORS, one.name)] for one in shown]
    listed = tuple(
        (named(DETECTORS, one.name), *map(formats.count, (one.alerts, one.true)), formats.share(one.precision))
        for one in shown
    )
    items = (
        _("{name} no alert", name=name)
        if raised == "0"
        else _("{name} {precision} of {alerts} alerts", name=name, precision=precision, alerts=raised)
        for name, raised, __, precision in listed
    )
    head = (_("Detector"), _("Alerts"), _("Right"), _("Precision"))
    chart = Chart(
        key="detectors",
        title=_("Precision of the detectors"),
        shows=_(
            "The share of each detector's alerts that rest on at least one criminal payment, and the band in "
            "which trade literature puts real ones: 90 to 98 % of alerts are false."
        ),
        hides=_("What each missed, and that several may have found the same."),
        alt=_("By detector: {list}.", list=formats.series(items)),
        table=Table(_("Precision of the detectors"), head, listed, folded=True),
        draw=lambda: figures.detectors(shown, names),
        names=explained(labels),
    )
    return [heading, chart, _rules(context, rules)]


def _rules(context: Context, rules: Sequence[view.Rule]) -> Table:
    listed = tuple(
        (
            named(DETECTORS, one.name),
            named(RULES, one.name),
            alerts.settings(context, one.name) or formats.NOTHING,
            formats.count(one.alerts),
        )
        for one in rules
    )
    head = (_("Detector"), _("Looks for"), _("Settings"), _("Alerts"))
    return Table(_("What each detector looked for"), head, listed, text_columns=3, folded=True)


# --- patterns -------------------------------------------------------------------------------------------------------


def _patterns(context: Context) -> list[Block]:
    scores = view.patterns(context.run)
    if not scores:
        return []
    shown = scores[: view.ROWS_AT_MOST]
    labels = Labels((named(PATTERNS, one.name) for one in shown), longest=20)
    names = [labels[named(PATTERNS, one.name)] for one in shown]
    listed = tuple(
        (
            named(PATTERNS, one.name),
            *map(formats.count, (one.payments, one.found)),
            formats.share(one.recall),
            formats.share(one.value_share),
            *map(formats.count, (one.instances, one.instances_found)),
            _time(one.time_us),
            formats.yuan(one.stoppable_fen),
        )
        for one in scores
    )
    items = (
        _("{name} {found} of {payments}", name=named(PATTERNS, one.name), found=one.found, payments=one.payments)
        for one in scores
    )
    heads = (
        _("Pattern"),
        _("Payments"),
        _("Found"),
        _("Crime found"),
        _("of its value"),
        _("Cases"),
        _("Cases found"),
        _("Noticed after (median)"),
        _("Could be stopped, yuan"),
    )
    chart = Chart(
        key="patterns",
        title=_("Detection by pattern"),
        shows=_(
            "For each pattern the share of its settled payments, and of their value, that some alert rests "
            "on; and the median time from the first payment of a case until an alert rested on any of its "
            "payments."
        ),
        hides=_("Whether anybody acted on it. A pattern of few cases says little: one more found changes much."),
        alt=_("By pattern: {list}.", list=formats.series(items)),
        table=Table(
            _("Detection by pattern"),
            heads,
            listed,
            folded=True,
            note=_(
                "Could have been stopped: what the accounts paid after the first alert about them, the most that "
                "a freeze at once would have stopped."
            ),
        ),
        draw=lambda: figures.patterns(shown, names),
        names=explained(labels),
    )
    return [Heading("patterns", _("What was found, and how fast")), chart]


CHAPTER: Final = Chapter(
    _section, _headline, RISKS, (HONEST,), titles={"financial_crime": N_("Financial crime"), "privacy": N_("Privacy")}
)
