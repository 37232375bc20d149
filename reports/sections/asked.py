"""The summary on the first screen, and the chapter on what was asked."""

from __future__ import annotations

from reports import formats
from reports.chapter import Chapter
from reports.document import Block, Bullets, Cards, Findings, Heading, Note, Paragraph, Section, Standings, Table
from reports.findings import worst
from reports.names import REGIMES
from reports.reading import Entries
from reports.sections import answers
from reports.sections.context import Context
from sandbox.feature import declared
from sandbox.language import _, named, plural
from sandbox.metric import Level

FEW_SETTLED = 1_000
"""With fewer settled payments the summary warns that quantiles and shares rest on little."""


def headline(context: Context) -> str:
    """The run in one sentence."""
    throughput = context.section("throughput")
    payments = throughput.amount("payments")
    if not payments:
        return _("No payment was offered in this run, so there is nothing to measure.")
    if not throughput.whole("settled"):
        return plural(
            "The one payment did not settle. What was refused, and why, is below.",
            "Of {payments} payments none settled. What was refused, and why, is below.",
            payments,
            payments=throughput.shown("payments"),
        )
    paths = {"payments": "payments", "p50": "latency_ms.p50", "p99": "latency_ms.p99"}
    values = {name: throughput.shown(path) for name, path in paths.items()}
    values["share"] = formats.share(throughput.ratio("settled", "payments"))
    if any(chapter.abroad(context) for __, chapter in declared(Chapter)):
        return plural(
            "At home, the one payment settled, within {p50}.",
            "At home, of {payments} payments {share} settled; half of those within {p50}, 99 of 100 within {p99}.",
            payments,
            **values,
        )
    return plural(
        "The one payment settled, within {p50}.",
        "Of {payments} payments {share} settled; half of those within {p50}, 99 of 100 within {p99}.",
        payments,
        **values,
    )


def summary(context: Context, risks: tuple[Findings, ...]) -> tuple[Block, ...]:
    """Headlines, numbers, risks in a line, and what a single run cannot say.

    What a run is about comes first: it has a chapter of its own, or is a fault, a change of rules, a campaign.
    """
    headlines = [text for __, chapter in declared(Chapter) if (text := chapter.headline(context))]
    texts = headlines + answers.sentences(context)
    throughput = context.section("throughput")
    settled = throughput.amount("settled")
    texts.insert(len(texts) if settled else 0, headline(context))
    blocks: list[Block] = [Paragraph(text) for text in texts]
    if context.run.get("conservation.ok") is False:
        blocks.append(Note(_("The books of this run do not balance (see the last chapter). Do not use its numbers.")))
    if settled:
        peak = throughput.amount("settled_per_s_peak")
        said = throughput.says(
            "Settled value: {settled_fen} in {length}. The busiest single second settled {peak}.",
            length=context.section("scenario").duration("duration_us"),
            peak=plural("1 payment", "{n} payments", peak, n=formats.count(peak)),
        )
        blocks.append(Paragraph(said))
    blocks.append(_cards(throughput))
    if risks:
        blocks.append(Standings(tuple((one.title, level(one), one.key) for one in risks)))
    if 0 < settled < FEW_SETTLED:
        few = plural(
            "Only one payment settled: every quantile is that one, and every share is all or nothing.",
            "Only {settled} payments settled. The 99th percentile rests on the {slow} slowest of them, and shares move "
            "by whole percentage points with a few payments more or less.",
            settled,
            settled=formats.count(settled),
            slow=formats.count(-(-settled // 100)),
        )
        blocks.append(Note(few))
    blocks.append(
        Note(
            _(
                "One run is one random draw. Another seed gives other numbers; run several before you decide on a "
                "small difference."
            )
        )
    )
    return tuple(blocks)


def level(risk: Findings) -> Level:
    """The worst standing of a risk's figures."""
    return worst([item.level for item in risk.items])


def _cards(throughput: Entries) -> Cards:
    cards = {
        "payments": _("payments offered"),
        "success_share": _("settled"),
        "settled_fen": _("settled value"),
        "latency_ms.p50": _("half settle within"),
        "latency_ms.p99": _("99 of 100 settle within"),
        "settled_per_s_peak": _("settled in the best second"),
    }
    return Cards(tuple((throughput.shown(path), words) for path, words in cards.items()))


def asked(context: Context) -> Section:
    """What to look for, and the frame of the run; the question stands above everything."""
    run = context.run
    blocks: list[Block] = []
    look_for = run.get("scenario.look_for")
    if look_for:
        blocks += [Heading("look-for", _("What to look for")), Bullets(tuple(str(item) for item in look_for))]
    rows = (
        (_("Simulated start (local time)"), formats.moment(context.start, 0)),
        (_("Demand lasts"), context.section("scenario").duration("duration_us")),
        (_("Regime"), named(REGIMES, run.get("scenario.regime") or "–")),
        (_("Bin of the time series"), formats.duration(run.bin_us)),
        (_("Seed"), str(run.get("scenario.seed"))),
        (_("Attempts per payment, mean"), context.section("throughput").shown("attempts_mean")),
    )
    blocks.append(Table(_("The frame"), (_("Item"), _("Value")), rows, text_columns=2))
    return Section("asked", _("What was asked"), tuple(blocks))
