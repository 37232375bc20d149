"""Supervision: from payments to freezes, how good the alerts are, what they found, and what followed from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from reports import formats
from reports.chapter import Chapter
from reports.document import Block, Chart, Heading, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.sections.context import Context, explained
from reports.text import known, say
from reports.view.values import number, part, share_of, whole, words
from sandbox.features.supervision.report import alerts, cases, incidents, privacy, view
from sandbox.features.supervision.report.risks import HONEST, RISKS

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
    return (Section("supervision", say("supervision.title"), tuple(blocks)),)


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
    watcher = known("watcher", words(found.get("watcher")))
    rules = formats.count(len(part(found.get("alerts_by_detector"))))
    key = "supervision.intro" if raised else "supervision.intro_none"
    texts: list[str | None] = [
        say(key, watcher=watcher, detectors=rules, alerts=formats.count(raised), each=formats.count(each)),
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
        return say("supervision.scored_none", **numbers)
    return say(
        "supervision.scored",
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
        return say("supervision.stoppable", value=stoppable)
    return say(
        "supervision.freezes",
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

    def draw() -> Figure:
        from sandbox.features.supervision.report.figures import funnel

        return funnel(steps)

    listed = []
    for step in steps:
        share = share_of(step.number, numbers.get(step.of or ""))
        name = say(f"funnel.{step.name}")
        told = bool(step.of) and share is not None
        of = say("funnel.share", share=formats.share(share), of=say(f"funnel.{step.of}")) if told else "–"
        listed.append((name, of, formats.count(step.number)))
    items = (say("fig.item", name=name, value=count) for name, _, count in listed)
    head = tuple(say(f"col.{name}") for name in ("step", "part", "number"))
    chart = Chart(
        key="funnel",
        title=say("funnel.title"),
        shows=say("funnel.shows"),
        hides=say("funnel.hides"),
        alt=say("funnel.alt", list="; ".join(items)),
        table=Table(say("funnel.title"), head, tuple(listed), text_columns=2),
        draw=draw,
    )
    return [Heading("funnel", say("funnel.heading")), chart]


# --- detectors ------------------------------------------------------------------------------------------------------


def _detectors(context: Context) -> list[Block]:
    rules = view.detectors(context.run)
    if not rules:
        return []
    heading = Heading("detectors", say("detectors.heading"))
    if all(one.true is None for one in rules):
        return [heading, _rules(context, rules)]
    found = part(context.run.get("risk.financial_crime"))
    total = view.Rule("all", max(0, whole(found.get("alerts")) or 0), whole(found.get("true_alerts")), None)
    shown = [total, *rules]
    labels = Labels(known("detector", one.name) for one in shown)
    names = [labels[known("detector", one.name)] for one in shown]

    def draw() -> Figure:
        from sandbox.features.supervision.report.figures import detectors

        return detectors(shown, names)

    listed = tuple(
        (known("detector", one.name), *map(formats.count, (one.alerts, one.true)), formats.share(one.precision))
        for one in shown
    )
    items = (
        say(f"detectors.alt_{'none' if raised == '0' else 'one'}", name=name, precision=precision, alerts=raised)
        for name, raised, _, precision in listed
    )
    head = tuple(say(f"col.{name}") for name in ("detector", "alerts", "right", "precision"))
    chart = Chart(
        key="detectors",
        title=say("detectors.title"),
        shows=say("detectors.shows"),
        hides=say("detectors.hides"),
        alt=say("detectors.alt", list="; ".join(items)),
        table=Table(say("detectors.title"), head, listed, folded=True),
        draw=draw,
        names=explained(labels),
    )
    return [heading, chart, _rules(context, rules)]


def _rules(context: Context, rules: Sequence[view.Rule]) -> Table:
    listed = tuple(
        (
            known("detector", one.name),
            known("rule", one.name),
            alerts.settings(context, one.name) or formats.NOTHING,
            formats.count(one.alerts),
        )
        for one in rules
    )
    head = tuple(say(f"col.{name}") for name in ("detector", "looks_for", "settings", "alerts"))
    return Table(say("detectors.rules"), head, listed, text_columns=3, folded=True)


# --- patterns -------------------------------------------------------------------------------------------------------


def _patterns(context: Context) -> list[Block]:
    scores = view.patterns(context.run)
    if not scores:
        return []
    shown = scores[: view.ROWS_AT_MOST]
    labels = Labels((known("pattern", one.name) for one in shown), longest=20)
    names = [labels[known("pattern", one.name)] for one in shown]

    def draw() -> Figure:
        from sandbox.features.supervision.report.figures import patterns

        return patterns(shown, names)

    listed = tuple(
        (
            known("pattern", one.name),
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
        say("patterns.alt_one", name=known("pattern", one.name), found=one.found, payments=one.payments)
        for one in scores
    )
    heads = (
        "pattern", "payments", "found", "recall", "recall_value", "cases", "cases_found", "median_time", "stoppable",
    )  # fmt: skip
    chart = Chart(
        key="patterns",
        title=say("patterns.title"),
        shows=say("patterns.shows"),
        hides=say("patterns.hides"),
        alt=say("patterns.alt", list="; ".join(items)),
        table=Table(
            say("patterns.title"), tuple(say(f"col.{name}") for name in heads), listed, folded=True,
            note=say("patterns.note"),
        ),
        draw=draw,
        names=explained(labels),
    )  # fmt: skip
    return [Heading("patterns", say("patterns.heading")), chart]


CHAPTER: Final = Chapter(_section, _headline, RISKS, (HONEST,))
