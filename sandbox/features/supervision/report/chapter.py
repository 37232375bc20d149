"""Supervision: from payments to freezes, how good the alerts are, what they found, and what followed from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reports import formats
from reports.blocks import chart, table
from reports.chapter import Chapter
from reports.document import Block, Heading, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.names import PATTERNS
from reports.reading import share_of
from reports.sections.context import Context
from sandbox.features.supervision.report import alerts, cases, figures, incidents, privacy, view
from sandbox.features.supervision.report.names import DETECTORS, RULES, STEPS, WATCHERS
from sandbox.features.supervision.report.risks import HONEST, RISKS
from sandbox.language import N_, _, named


def _supervised(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run is supervised."""
    if not any(context.section(name) for name in ("supervision", "cases", "incidents")):
        return ()
    blocks: list[Block] = [
        *_reading(context),
        *_funnel(context),
        *_detectors(context),
        *_patterns(context),
        *alerts.examples(context),
        *cases.cases(context),
        *alerts.large_value(context),
        *incidents.incidents(context),
    ]
    return (Section("supervision", _("Supervision"), tuple(blocks)),)


def _headline(context: Context) -> str | None:
    """What was found, in a sentence; None without ground truth."""
    return _scored(context) if context.section("supervision") else None


def _section(context: Context) -> tuple[Section, ...]:
    return (*_supervised(context), *privacy.section(context))


def _reading(context: Context) -> list[Block]:
    found = context.section("supervision")
    if not found:
        return []
    raised, payments = found.whole("alerts"), context.section("throughput").whole("payments")
    key = (
        N_("{watcher} watched with {detectors} rules. {alerts} alerts came of it, one for every {each} payments.")
        if raised
        else N_("{watcher} watched with {detectors} rules, which raised no alert.")
    )
    watched = _(
        key,
        watcher=named(WATCHERS, found.text("watcher")),
        detectors=formats.count(len(found.section("alerts_by_detector").content)),
        alerts=found.shown("alerts"),
        each=formats.count(share_of(payments, raised)),
    )
    return [Paragraph(text) for text in (watched, _scored(context), _stopped(context)) if text]


def _scored(context: Context) -> str | None:
    found = context.section("risk.financial_crime")
    if not found.whole("payments"):
        return None
    if not found.whole("found"):
        return found.says("No alert rests on any of the {payments} criminal payments that settled.")
    return found.says(
        "{true_alerts} of the alerts ({precision}) rest on at least one criminal payment. They cover {found} of "
        "{payments} criminal payments that settled ({recall}) and {value_recall} of their value, in {instances_found} "
        "of {instances} cases; half of these were noticed within {time_to_detect_us_median} of the first payment."
    )


def _stopped(context: Context) -> str | None:
    found = context.section("risk.financial_crime")
    if not found:
        return None
    if not context.section("cases").whole("frozen"):
        return found.says("A freeze at once, at every alert, could have stopped at most {stoppable_fen}.")
    return found.says(
        "Freezes stopped {stopped} criminal payments ({stopped_fen}), and {honest_stopped} honest ones "
        "({honest_stopped_fen}). Held at once, at every alert, they could have stopped at most {stoppable_fen} more."
    )


# --- the funnel -----------------------------------------------------------------------------------------------------


def _funnel(context: Context) -> list[Block]:
    steps = view.funnel(context.run)
    if len(steps) < 2 or not steps[0].number:
        return []
    counts = {step.name: step.number for step in steps}

    def part(step: view.Step) -> str:
        share = share_of(step.number, counts.get(step.of or ""))
        if not step.of or share is None:
            return formats.NOTHING
        return _("{share} of {of}", share=formats.share(share), of=_(STEPS[step.of]))

    numbers = table(
        _("What is left at each step"),
        steps,
        (_("Step"), lambda step: _(STEPS[step.name])),
        (_("Part"), part),
        (_("Number"), lambda step: formats.count(step.number)),
        text_columns=2,
    )
    items = (_("{name} {value}", name=name, value=count) for name, __, count in numbers.rows)
    return chart(
        "funnel",
        _("From payments to freezes"),
        numbers,
        lambda: figures.funnel(steps),
        shows=_("How many payments, alerts, reports and freezes there were, on a logarithmic scale."),
        hides=_(
            "Whether it was the right ones (see below), and how long it took. Key leads and freezes both come out of "
            "reports; neither is a part of the other."
        ),
        alt=_("{list}.", list=formats.series(items)),
    )


# --- detectors ------------------------------------------------------------------------------------------------------


def _detectors(context: Context) -> list[Block]:
    rules = view.detectors(context.run)
    if not rules:
        return []
    heading = _("How good the alerts are")
    if all(one.true is None for one in rules):
        return [Heading("detectors", heading), _rules(context, rules)]
    found = context.section("risk.financial_crime")
    shown = [view.DetectorScore("all", max(0, found.amount("alerts")), found.whole("true_alerts"), None), *rules]
    labels = Labels(named(DETECTORS, one.name) for one in shown)
    names = [labels[named(DETECTORS, one.name)] for one in shown]
    numbers = table(
        _("Precision of the detectors"),
        shown,
        (_("Detector"), lambda one: named(DETECTORS, one.name)),
        (_("Alerts"), lambda one: formats.count(one.alerts)),
        (_("Right"), lambda one: formats.count(one.true)),
        (_("Precision"), lambda one: formats.share(one.precision)),
        folded=True,
    )
    items = (
        _("{name} no alert", name=name)
        if raised == "0"
        else _("{name} {precision} of {alerts} alerts", name=name, precision=precision, alerts=raised)
        for name, raised, __, precision in numbers.rows
    )
    blocks = chart(
        "detectors",
        heading,
        numbers,
        lambda: figures.detectors(shown, names),
        shows=_(
            "The share of each detector's alerts that rest on at least one criminal payment, and the band in which "
            "trade literature puts real ones: 90 to 98 % of alerts are false."
        ),
        hides=_("What each missed, and that several may have found the same."),
        alt=_("By detector: {list}.", list=formats.series(items)),
        labels=[labels],
    )
    return [*blocks, _rules(context, rules)]


def _rules(context: Context, rules: Sequence[view.DetectorScore]) -> Table:
    return table(
        _("What each detector looked for"),
        rules,
        (_("Detector"), lambda one: named(DETECTORS, one.name)),
        (_("Looks for"), lambda one: named(RULES, one.name)),
        (_("Settings"), lambda one: alerts.settings(context, one.name) or formats.NOTHING),
        (_("Alerts"), lambda one: formats.count(one.alerts)),
        text_columns=3,
        folded=True,
    )


# --- patterns -------------------------------------------------------------------------------------------------------


def _patterns(context: Context) -> list[Block]:
    scores = view.patterns(context.run)
    if not scores:
        return []
    shown = scores[: view.ROWS_AT_MOST]
    labels = Labels((named(PATTERNS, one.name) for one in shown), longest=20)
    names = [labels[named(PATTERNS, one.name)] for one in shown]
    numbers = table(
        _("Detection by pattern"),
        scores,
        (_("Pattern"), lambda one: named(PATTERNS, one.name)),
        (_("Payments"), lambda one: formats.count(one.payments)),
        (_("Found"), lambda one: formats.count(one.found)),
        (_("Crime found"), lambda one: formats.share(one.recall)),
        (_("of its value"), lambda one: formats.share(one.value_share)),
        (_("Cases"), lambda one: formats.count(one.instances)),
        (_("Cases found"), lambda one: formats.count(one.instances_found)),
        (_("Noticed after (median)"), lambda one: _time(one.time_us)),
        (_("Could be stopped, yuan"), lambda one: formats.yuan(one.stoppable_fen)),
        folded=True,
        note=_(
            "Could have been stopped: what the accounts paid after the first alert about them, the most that a freeze "
            "at once would have stopped."
        ),
    )
    items = (
        _("{name} {found} of {payments}", name=named(PATTERNS, one.name), found=one.found, payments=one.payments)
        for one in scores
    )
    return chart(
        "patterns",
        _("What was found, and how fast"),
        numbers,
        lambda: figures.patterns(shown, names),
        shows=_(
            "For each pattern the share of its settled payments, and of their value, that some alert rests on; and the "
            "median time from the first payment of a case until an alert rested on any of its payments."
        ),
        hides=_("Whether anybody acted on it. A pattern of few cases says little: one more found changes much."),
        alt=_("By pattern: {list}.", list=formats.series(items)),
        labels=[labels],
    )


def _time(us: int | None) -> str:
    return formats.NOTHING if us is None else formats.milliseconds(us / 1000)


CHAPTER: Final = Chapter(
    _section, _headline, RISKS, (HONEST,), titles={"financial_crime": N_("Financial crime"), "privacy": N_("Privacy")}
)
