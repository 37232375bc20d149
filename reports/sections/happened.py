"""What happened: throughput, time to settle, and where payments queued."""

from __future__ import annotations

from itertools import accumulate
from typing import Final

import numpy as np

from reports import formats
from reports.blocks import chart, table
from reports.document import Block, Heading, Paragraph, Section, Table
from reports.figures import flow
from reports.names import QUANTILES
from reports.sections import outcomes, queues, steady
from reports.sections.context import Context
from reports.view import flow as flows
from reports.view.bins import Floats, fold, ratio
from sandbox.language import N_, _, plural
from sandbox.metric import threshold

TABLE_ROWS = 60

_UNIT: Final = {
    "s": N_("second"),
    "min": N_("minute"),
    "h": N_("hour"),
}


def happened(context: Context) -> Section:
    """The whole chapter."""
    blocks: list[Block] = []
    if context.has_series and context.section("throughput").whole("payments"):
        blocks += _throughput(context)
    else:
        blocks.append(Paragraph(_("Nothing was offered, so there is no throughput to draw.")))
    blocks += _latency(context) + queues.blocks(context) + steady.blocks(context) + outcomes.blocks(context)
    return Section("happened", _("What happened"), tuple(blocks))


def _peak(values: Floats) -> float | None:
    return None if np.isnan(values).all() else float(np.nanmax(values))


def _throughput(context: Context) -> list[Block]:
    found = flows.flow(context.run)
    line = threshold("risk.operational.worst_bin_success_share").watch
    unit, step = _(_UNIT[found.unit]), formats.duration(found.bins.step_us)
    lowest, answered = (
        None if np.isnan(shares).all() else float(np.nanmin(shares)) for shares in (found.share, found.answered)
    )
    return chart(
        "throughput",
        _("Throughput"),
        _flow_table(context),
        lambda: flow.throughput(found, context.overlay, line),
        shows=_(
            "Above, payments offered and settled per {unit}, mean of each {step}. Below, of the payments that ended, "
            "the share settled and the share answered at all: settled, or refused by a rule, but not lost at a closed "
            "station or to a time-out. The red line is at {line}. Dotted lines with letters are events (table at the "
            "end of this chapter); shaded spans are faults.",
            unit=unit,
            step=step,
            line=formats.percent(line),
        ),
        hides=_("Bursts shorter than {step}, the value of the payments, and which rule refused the others.", step=step),
        alt=_(
            "Line chart over {length}: at most {offered} offered and {settled} settled per {unit}; the lowest share "
            "settled in a step is {lowest}, the lowest share answered {answered}.",
            length=formats.duration(found.bins.count * found.bins.step_us),
            offered=formats.decimal(_peak(found.offered)),
            settled=formats.decimal(_peak(found.settled)),
            unit=unit,
            lowest=formats.share(lowest),
            answered=formats.share(answered),
        ),
    )


def _flow_table(context: Context) -> Table:
    """Counts in at most `TABLE_ROWS` rows of time; counts add up exactly."""
    series = context.run.series
    bins = fold(series["at_us"], context.run.bin_us, TABLE_ROWS)
    offered, ended, settled = (bins.sum(series[name]) for name in ("submitted", "ended", "settled"))
    return table(
        _("Payments offered and settled over time"),
        zip(bins.edges_us, offered, ended, settled, ratio(settled, ended), strict=False),
        (_("From"), lambda row: formats.moment(context.start, int(row[0]))),
        (_("Offered"), lambda row: formats.count(int(row[1]))),
        (_("Ended"), lambda row: formats.count(int(row[2]))),
        (_("Settled"), lambda row: formats.count(int(row[3]))),
        (_("Share settled"), lambda row: formats.share(float(row[4]))),
        folded=True,
    )


def _latency(context: Context) -> list[Block]:
    blocks: list[Block] = [Heading("latency", _("Time to settle"))]
    if not context.section("throughput").whole("settled"):
        return [*blocks, Paragraph(_("Nothing settled, so there is no time to settle."))]
    if context.has_series:
        blocks += _latency_over_time(context)
    blocks += _distribution(context)
    return blocks


def _latency_over_time(context: Context) -> list[Block]:
    found = flows.latency(context.run)
    in_a_step = found.bins.step_us // context.run.bin_us
    few = (
        _(
            "In {share} of the bins with settled payments fewer than {limit} settled; there p99 is simply the slowest "
            "one.",
            share=formats.share(found.few_share),
            limit=flows.FEW,
        )
        if found.few_share
        else _("Every bin with settled payments has at least {limit} of them.", limit=flows.FEW)
    )
    series = context.run.series
    bins = fold(series["at_us"], context.run.bin_us, TABLE_ROWS)
    columns = [bins.highest(series[f"latency_{name}_us"]) / 1000 for name in found.quantiles_ms]
    rows = tuple(
        (formats.moment(context.start, int(at_us)), *(formats.milliseconds(float(value)) for value in values))
        for at_us, *values in zip(bins.edges_us, *columns, strict=False)
    )
    numbers = Table(
        _("Time to settle over time"), (_("From"), *(_(QUANTILES[n]) for n in found.quantiles_ms)), rows, folded=True
    )
    return chart(
        "latency",
        "",
        numbers,
        lambda: flow.latency(found, context.overlay),
        shows=_(
            "For each {step}: how long a settled payment took from its submission to the ledger's answer, retries "
            "included. {folded}",
            step=formats.duration(found.bins.step_us),
            folded=_(
                "Of the {bins} bins in a step the highest quantile is drawn, so the lines are never too low.",
                bins=in_a_step,
            )
            if in_a_step > 1
            else _("Each step is one bin."),
        ),
        hides=_(
            "Payments that did not settle: who gave up waiting is not in it, so a bad hour can look good. {few}",
            few=few,
        ),
        alt=_(
            "Three lines on a logarithmic scale over {length}: the highest p50 is {p50}, the highest p95 {p95}, the "
            "highest p99 {p99}.",
            length=formats.duration(found.bins.count * found.bins.step_us),
            **{name: formats.milliseconds(_peak(values)) for name, values in found.quantiles_ms.items()},
        ),
    )


def _distribution(context: Context) -> list[Block]:
    throughput = context.section("throughput")
    raw = throughput.section("latency_histogram")
    found = flows.histogram(list(raw.get("edges_ms") or []), list(raw.get("counts") or []))
    if not found.counts:
        return []
    words = {name: throughput.shown(f"latency_ms.{name}") for name in ("p50", "p95", "p99", "max")}
    values = {name: throughput.number(f"latency_ms.{name}") for name in ("p50", "p95", "p99")}
    marked = [(name, value) for name, value in values.items() if value is not None]
    settled = sum(found.counts)
    numbers = table(
        _("Distribution of the time to settle"),
        zip(found.edges_ms, found.edges_ms[1:], found.counts, accumulate(found.counts), strict=False),
        (_("From"), lambda bar: formats.milliseconds(bar[0])),
        (_("To"), lambda bar: formats.milliseconds(bar[1])),
        (_("Payments"), lambda bar: formats.count(bar[2])),
        (_("Settled by then"), lambda bar: formats.share(bar[3] / settled)),
        text_columns=0,
        folded=True,
    )
    tail = plural(
        "Only one payment settled, so this is nothing but its time, {max}.",
        "The 99th percentile rests on the {slow} slowest of {settled} settled payments; the slowest took {max}.",
        settled,
        slow=formats.count(-(-settled // 100)),
        settled=formats.count(settled),
        max=words["max"],
    )
    return chart(
        "latency-distribution",
        "",
        numbers,
        lambda: flow.distribution(found, marked),
        shows=_(
            "The share of settled payments by how long they took, with the times within which half, 95 and 99 of 100 "
            "settled. Areas count: a bar's share of the whole area is its share of the payments."
        ),
        hides=_("When the slow ones came, and payments that did not settle. {tail}", tail=tail),
        alt=_("Histogram on a logarithmic scale: p50 {p50}, p95 {p95}, p99 {p99}, maximum {max}.", **words),
    )
