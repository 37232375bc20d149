"""The first screen: the answer to the question, its numbers, what became of the payments, where the risks stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reports import formats, lost
from reports.chapter import Chapter
from reports.document import Block, Findings, Lead, Note, Paragraph, Standings, Tile, Tiles
from reports.names import OUTCOMES
from reports.sections import disturbances, risk, steady
from reports.sections.answers import answers_of
from reports.sections.context import Context
from reports.source import read
from reports.view.refusals import Refusals, refusals
from sandbox.feature import declared
from sandbox.language import _, named, plural

FEW_SETTLED = 1_000
"""With fewer settled payments the first screen warns that quantiles and shares rest on little."""


@dataclass(frozen=True)
class FirstScreen:
    """What a run says first.

    Attributes:
        lead: the answer in a sentence or two.
        tiles: its numbers.
        texts: what else happened, a sentence or two each; the payments last.
        standings: the risks.
        warnings: why the numbers deserve less trust than those of other runs.
        order: the features that answer, those first that answer first.
    """

    lead: str
    tiles: tuple[Tile, ...]
    texts: tuple[str, ...]
    standings: Standings
    warnings: tuple[str, ...]
    order: tuple[str, ...]

    def blocks(self) -> tuple[Block, ...]:
        """For a report."""
        one_run = _("One run is one sample: other seeds give other numbers. Run several to judge a small difference.")
        risks = (self.standings,) if self.standings.items else ()
        texts, notes = map(Paragraph, self.texts), map(Note, (*self.warnings, one_run))
        return (Lead(self.lead), Tiles(self.tiles), *texts, *risks, *notes)


def of_run(folder: Path) -> FirstScreen:
    """The first screen of a finished run.

    Raises:
        sandbox.records.RunError: a file is missing or cannot be read.
    """
    context = Context(read(folder))
    return first_screen(context, risk.findings(context))


def first_screen(context: Context, risks: tuple[Findings, ...]) -> FirstScreen:
    """The first screen of a run."""
    answers = answers_of(context)
    said = [(one.feature, text) for one in answers if (text := one.sentence())]
    told = {feature for feature, __ in said}
    headlines = [
        text
        for feature, chapter in declared(Chapter)
        if feature.name not in told and (text := chapter.headline(context))
    ]
    long_run = steady.sentence(context)
    texts = [
        *headlines,
        *disturbances.sentences(context),
        *([long_run] if long_run else []),
        *payments(context),
    ]
    lead = " ".join(text for __, text in said) if said else texts.pop(0)
    texts[:0] = _many_runs(context)
    return FirstScreen(
        lead,
        tuple(one.tile() for one in answers),
        tuple(texts),
        Standings(tuple((one.title, risk.level(one), one.key) for one in risks)),
        tuple(_warnings(context)),
        tuple(dict.fromkeys(one.feature for one in answers)),
    )


def _many_runs(context: Context) -> Iterator[str]:
    about = context.section("scenario")
    if about.flag("sweep"):
        yield about.says(
            "This is one run; its scenario says what to vary to answer the question: `ecny-sandbox sweep {name}`."
        )


def payments(context: Context) -> Iterator[str]:
    """What became of the payments, by number and by value."""
    throughput = context.section("throughput")
    offered = throughput.amount("payments")
    if not offered:
        yield _("No payment was offered in this run, so there is nothing to measure.")
        return
    if not throughput.whole("settled"):
        yield plural(
            "The one payment did not settle. What was refused, and why, is below.",
            "Of {payments} payments none settled. What was refused, and why, is below.",
            offered,
            payments=throughput.shown("payments"),
        )
        return
    found, settled_fen = refusals(context.run), throughput.amount("settled_fen")
    value_fen = settled_fen + sum(found.value_fen.values())
    values = {
        "share": formats.share(throughput.ratio("settled", "payments")),
        "value": formats.money(value_fen),
        "value_share": formats.share(settled_fen / value_fen if value_fen else None),
        "payments": formats.count(offered),
        "p50": throughput.shown("latency_ms.p50"),
        "p99": throughput.shown("latency_ms.p99"),
    }
    if any(chapter.abroad(context) for __, chapter in declared(Chapter)):
        yield plural(
            "The one domestic payment settled, within {p50}.",
            "Of {payments} domestic payments worth {value}, {share} settled by number and {value_share} by value; of "
            "those settled half took at most {p50}, 99 of 100 at most {p99}.",
            offered,
            **values,
        )
    else:
        yield plural(
            "The one payment settled, within {p50}.",
            "Of {payments} payments worth {value}, {share} settled by number and {value_share} by value; of those "
            "settled half took at most {p50}, 99 of 100 at most {p99}.",
            offered,
            **values,
        )
    technical = [name for name in found.reasons if name in lost.OUTCOMES]
    refused = [name for name in found.reasons if name not in lost.OUTCOMES]
    if refused:
        yield _(
            "Refused by a rule or for lack of money: {share} of the payments, {value_share} of the value; most "
            "often: {reason}.",
            **_shares(found, refused, offered, value_fen),
            reason=named(OUTCOMES, max(refused, key=lambda name: found.of_reason(name)[0])),
        )
    if technical:
        yield _(
            "Lost to closed stations and time-outs: {share} of the payments, {value_share} of the value.",
            **_shares(found, technical, offered, value_fen),
        )


def _shares(found: Refusals, reasons: list[str], offered: int, value_fen: int) -> dict[str, str]:
    count = sum(found.of_reason(name)[0] for name in reasons)
    fen = sum(found.of_reason(name)[1] for name in reasons)
    return {
        "share": formats.share(count / offered),
        "value_share": formats.share(fen / value_fen if value_fen else None),
    }


def _warnings(context: Context) -> Iterator[str]:
    if context.run.get("conservation.ok") is False:
        yield _("The books of this run do not balance (see the last chapter). Do not use its numbers.")
    settled = context.section("throughput").amount("settled")
    if 0 < settled < FEW_SETTLED:
        yield plural(
            "Only one payment settled: every quantile is that one, and every share is all or nothing.",
            "Only {settled} payments settled. The 99th percentile rests on the {slow} slowest of them, and "
            "shares move by whole percentage points with a few payments more or less.",
            settled,
            settled=formats.count(settled),
            slow=formats.count(-(-settled // 100)),
        )
