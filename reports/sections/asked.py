"""The summary on the first screen, and the chapter on what was asked."""

from __future__ import annotations

from reports import formats
from reports.chapter import Chapter
from reports.document import Block, Bullets, Cards, Findings, Heading, Note, Paragraph, Section, Standings, Table
from reports.sections import answers
from reports.sections.context import Context, times
from reports.text import known, say
from reports.thresholds import worst
from sandbox.feature import declared
from sandbox.metric import Level

FEW_SETTLED = 1_000
"""With fewer settled payments the summary warns that quantiles and shares rest on little."""


def headline(context: Context) -> str:
    """The run in one sentence."""
    payments, settled = context.whole("throughput.payments") or 0, context.whole("throughput.settled") or 0
    if not payments:
        return say("head.nothing_offered")
    one = "_one" if payments == 1 else ""
    if not settled:
        return say(f"head.nothing_settled{one}", payments=formats.count(payments))
    home = "_home" if any(chapter.abroad(context) for _, chapter in declared(Chapter)) else ""
    return say(
        f"head.settled{home}{one}",
        payments=formats.count(payments),
        share=formats.share(settled / payments),
        p50=formats.milliseconds(context.latency_ms("p50")),
        p99=formats.milliseconds(context.latency_ms("p99")),
    )


def summary(context: Context, risks: tuple[Findings, ...]) -> tuple[Block, ...]:
    """Headlines, numbers, risks in a line, and what a single run cannot say.

    What a run is about comes first: it has a chapter of its own, or is a fault, a change of rules, a campaign.
    """
    headlines = [text for _, chapter in declared(Chapter) if (text := chapter.headline(context))]
    texts = headlines + answers.sentences(context)
    place = 0 if not context.whole("throughput.settled") else len(texts)
    texts.insert(place, headline(context))
    blocks: list[Block] = [Paragraph(text) for text in texts]
    if context.run.get("conservation.ok") is False:
        blocks.append(Note(say("head.conservation_bad")))
    if context.whole("throughput.settled"):
        peak = context.whole("throughput.settled_per_s_peak")
        value = formats.money(context.whole("throughput.settled_fen"))
        length = formats.duration(context.whole("scenario.duration_us"))
        blocks.append(Paragraph(say("head.value", value=value, length=length, peak=times("head.payments", peak))))
    blocks.append(_cards(context))
    if risks:
        blocks.append(Standings(tuple((one.title, level(one), one.key) for one in risks)))
    settled = context.whole("throughput.settled") or 0
    if 0 < settled < FEW_SETTLED:
        words = {"settled": formats.count(settled), "slow": formats.count(-(-settled // 100))}
        blocks.append(Note(say("head.few_one" if settled == 1 else "head.few", **words)))
    blocks.append(Note(say("head.luck")))
    return tuple(blocks)


def level(risk: Findings) -> Level:
    """The worst standing of a risk's figures."""
    return worst([item.level for item in risk.items])


def _cards(context: Context) -> Cards:
    number, whole = context.number, context.whole
    return Cards(
        (
            (formats.count(whole("throughput.payments")), say("card.payments")),
            (formats.share(number("throughput.success_share")), say("card.share")),
            (formats.money(whole("throughput.settled_fen")), say("card.value")),
            (formats.milliseconds(context.latency_ms("p50")), say("card.p50")),
            (formats.milliseconds(context.latency_ms("p99")), say("card.p99")),
            (formats.count(whole("throughput.settled_per_s_peak")), say("card.peak")),
        )
    )


def asked(context: Context) -> Section:
    """What to look for, and the frame of the run; the question stands above everything."""
    run = context.run
    blocks: list[Block] = []
    look_for = run.get("scenario.look_for")
    if look_for:
        blocks += [Heading("look-for", say("asked.look_for")), Bullets(tuple(str(item) for item in look_for))]
    rows = (
        (say("asked.start"), formats.moment(context.start, 0)),
        (say("asked.length"), formats.duration(context.whole("scenario.duration_us"))),
        (say("asked.regime"), known("regime", run.get("scenario.regime") or "–")),
        (say("asked.bin"), formats.duration(run.bin_us)),
        (say("asked.seed"), str(run.get("scenario.seed"))),
        (say("asked.attempts"), formats.decimal(context.number("throughput.attempts_mean"))),
    )
    blocks.append(Table(say("asked.frame"), (say("asked.item"), say("asked.value")), rows, text_columns=2))
    return Section("asked", say("asked.title"), tuple(blocks))
