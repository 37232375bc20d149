"""What was refused and why, who paid, campaigns, the box, interest, the trace, and the events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from reports import formats
from reports.amounts import cell
from reports.chapter import tells_of_box
from reports.document import Block, Chart, Heading, Paragraph, Table
from reports.figures.labels import Labels
from reports.sections import lost
from reports.sections.context import Context, explained
from reports.sections.edge import edge
from reports.text import known, say
from reports.view.refusals import Refusals, refusals
from reports.view.timeline import actor_words, event_words
from reports.view.values import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def blocks(context: Context) -> list[Block]:
    """The second half of what happened."""
    return [
        *_refused(context),
        *_segments(context),
        *_campaigns(context),
        *_box(context),
        *_interest(context),
        *_trace(context),
        *_events(context),
    ]


def _refused(context: Context) -> list[Block]:
    payments = context.whole("throughput.payments") or 0
    if not payments:
        return []
    heading = Heading("refused", say("refused.heading"))
    found = refusals(context.run)
    if not found.classes:
        return [heading, Paragraph(say("refused.nothing"))]
    total = sum(found.count.values())
    reason = max(found.reasons, key=lambda name: found.of_reason(name)[0])
    reading = say(
        "refused.reading",
        count=formats.count(total),
        payments=formats.count(payments),
        share=formats.share(total / payments),
        reason=known("outcome", reason),
        times=formats.count(found.of_reason(reason)[0]),
    )
    labels = Labels(known("class", name) for name in found.classes)

    def draw() -> Figure:
        from reports.figures.risk import refusals as draw_refusals

        return draw_refusals(found, [labels[known("class", name)] for name in found.classes])

    items = (
        say("refused.item", name=known("class", name), count=formats.count(found.of_class(name)))
        for name in found.classes
    )
    chart = Chart(
        key="refusals",
        title=say("refused.title"),
        shows=say("refused.shows"),
        hides=say("refused.hides"),
        alt=say("refused.alt", list="; ".join(items)),
        table=_refused_table(found),
        draw=draw,
        names=explained(labels),
    )
    return [heading, Paragraph(reading), chart, *lost.blocks(context)]


def _refused_table(found: Refusals) -> Table:
    rows = []
    for reason in found.reasons:
        counts = [found.count.get((name, reason), 0) for name in found.classes]
        number, value = found.of_reason(reason)
        rows.append((known("outcome", reason), *map(formats.count, counts), formats.count(number), formats.yuan(value)))
    head = (
        say("col.reason"),
        *(known("class", name) for name in found.classes),
        say("col.all"),
        say("col.value_yuan"),
    )
    return Table(say("refused.title"), head, tuple(rows))


def _segments(context: Context) -> list[Block]:
    found: list[Mapping[str, Any]] = context.run.get("segments") or []
    if not found:
        return []
    rows = tuple(
        (
            known("source", row.get("source")),
            known("kind", row.get("kind")),
            formats.count(row.get("payments")),
            formats.count(row.get("settled")),
            formats.share((row.get("settled") or 0) / row["payments"] if row.get("payments") else None),
            formats.yuan(row.get("settled_fen")),
        )
        for row in found
    )
    head = tuple(say(f"col.{name}") for name in ("source", "kind", "payments", "settled", "share", "settled_yuan"))
    return [Heading("segments", say("segments.heading")), Table(say("segments.title"), head, rows, text_columns=2)]


_CAMPAIGN_ROWS = (
    "registered", "winners", "odds", "claimed", "unclaimed", "payments", "settled", "settled_fen", "packet_spent_fen",
    "own_money_fen", "funded_fen", "returned_fen", "returned_unclaimed_fen", "returned_unspent_fen",
    "merchants_enrolled", "merchants_paid",
)  # fmt: skip


def _campaigns(context: Context) -> list[Block]:
    found: Mapping[str, Mapping[str, Any]] = context.run.get("campaigns") or {}
    blocks: list[Block] = []
    for place, (name, one) in enumerate(found.items(), 1):
        blocks += [
            Heading(f"campaign-{place}", say("campaign.heading", name=name)),
            Paragraph(_campaign_reading(one)),
            Paragraph(_campaign_books(one)),
            _campaign_chart(place, name, one),
        ]
    return blocks


def _campaign_reading(one: Mapping[str, Any]) -> str:
    winners = one.get("winners") or 0
    return say(
        "campaign.reading",
        registered=formats.count(one.get("registered")),
        winners=formats.count(winners),
        odds=formats.share(one.get("odds")),
        claimed=formats.count(one.get("claimed")),
        share=formats.share((one.get("claimed") or 0) / winners if winners else None),
        payments=formats.count(one.get("payments")),
        settled=formats.count(one.get("settled")),
        value=formats.money(one.get("settled_fen")),
        packet=formats.money(one.get("packet_spent_fen")),
        own=formats.money(one.get("own_money_fen")),
    )


def _campaign_books(one: Mapping[str, Any]) -> str:
    funded, spent, returned = (int(one.get(f"{name}_fen") or 0) for name in ("funded", "packet_spent", "returned"))
    words = {
        "funded": formats.whole_money(funded),
        "spent": formats.whole_money(spent),
        "returned": formats.whole_money(returned),
    }
    if funded == spent + returned:
        return say("campaign.books_ok", **words)
    return say("campaign.books_open", **words, open=formats.whole_money(funded - spent - returned))


def _campaign_chart(place: int, name: str, one: Mapping[str, Any]) -> Chart:
    people = [(say(f"fig.{part}"), int(one.get(part) or 0)) for part in ("registered", "winners", "claimed")]
    parts = ("funded", "packet_spent", "returned_unclaimed", "returned_unspent")
    money = [(say(f"fig.{part}"), int(one.get(f"{part}_fen") or 0)) for part in parts]

    def draw() -> Figure:
        from reports.figures.risk import campaign

        return campaign(people, money)

    rows = tuple(
        (say(f"campaign.{part}"), cell(f"campaigns.*.{part}", number(one.get(part))))
        for part in _CAMPAIGN_ROWS
        if part in one
    )
    return Chart(
        key=f"campaign-{place}",
        title=say("campaign.title", name=name),
        shows=say("campaign.shows"),
        hides=say("campaign.hides"),
        alt=say(
            "campaign.alt",
            people="; ".join(say("fig.item", name=label, value=formats.count(number)) for label, number in people),
            money="; ".join(say("fig.item", name=label, value=formats.money(number)) for label, number in money),
        ),
        table=Table(say("campaign.title", name=name), (say("col.what"), say("col.number")), rows),
        draw=draw,
    )


_BOX_ROWS = (
    "inside_payments", "inside_settled_fen", "outside_payments", "crossing_refused", "cap_refused", "exposure_fen",
    "exposure_cap_fen",
)  # fmt: skip


def _box(context: Context) -> list[Block]:
    """The box, unless it has a chapter of its own."""
    found: Mapping[str, Any] | None = context.run.get("box")
    if not found or tells_of_box(context):
        return []
    blocks: list[Block] = [
        Heading("box", say("box.heading")),
        Paragraph(
            say(
                "box.reading",
                inside=formats.count(found.get("inside_payments")),
                value=formats.money(found.get("inside_settled_fen")),
                outside=formats.count(found.get("outside_payments")),
                crossing=formats.count(found.get("crossing_refused")),
                caps=formats.count(found.get("cap_refused")),
            )
        ),
    ]
    exposure, cap = found.get("exposure_fen"), found.get("exposure_cap_fen")
    if exposure is not None and cap:
        words = {"exposure": formats.money(exposure), "cap": formats.money(cap), "share": formats.share(exposure / cap)}
        blocks.append(Paragraph(say("box.exposure", **words)))
    rows = tuple(
        (say(f"box.{name}"), cell(f"box.{name}", number(found.get(name)))) for name in _BOX_ROWS if name in found
    )
    blocks.append(Table(say("box.title"), (say("col.what"), say("col.number")), rows))
    return [*blocks, *edge(context)]


def _interest(context: Context) -> list[Block]:
    found = context.run.get("interest")
    if not found:
        return []
    credited, accrued = (formats.money(found.get(f"{name}_fen")) for name in ("credited", "accrued"))
    reading = say("interest.reading", credited=credited, accrued=accrued)
    return [Heading("interest", say("interest.heading")), Paragraph(reading)]


def _trace(context: Context) -> list[Block]:
    found = context.run.get("trace")
    if not found:
        return []
    words = {name: formats.count(found.get(name)) for name in ("rows", "accepted", "refused")}
    blocks: list[Block] = [Heading("trace", say("trace.heading")), Paragraph(say("trace.reading", **words))]
    reasons: Mapping[str, int] = found.get("refused_by_reason") or {}
    if reasons:
        rows = tuple((known("trace_reason", name), formats.count(number)) for name, number in reasons.items())
        blocks.append(Table(say("trace.title"), (say("col.reason"), say("col.number")), rows))
    return blocks


def _events(context: Context) -> list[Block]:
    heading: list[Block] = [Heading("events", say("events.heading"))]
    found, late = context.timeline, context.run.get("scenario.too_late")
    if isinstance(late, list) and late:
        heading.append(Paragraph(say("events.too_late", what=", ".join(str(one) for one in late))))
    if not found.rows:
        return [*heading, Paragraph(say("events.none"))]
    rows = []
    for row in found.rows:
        event = event_words(row.event)
        if row.count > 1:
            last = formats.moment(context.start, row.last_us)
            event = say("events.times", event=event, count=formats.count(row.count), last=last)
        detail = say("events.total", detail=row.detail) if row.count > 1 and row.detail else row.detail
        at = formats.moment(context.start, row.at_us)
        rows.append((row.letter or "–", at, actor_words(row.actor), event, row.subject or "–", detail or "–"))
    head = tuple(say(f"col.{name}") for name in ("mark", "when", "actor", "event", "subject", "detail"))
    more = say("events.more", count=formats.count(found.left_out)) if found.left_out else ""
    note = say("events.note", more=more).strip()
    return [*heading, Table(say("events.title"), head, tuple(rows), text_columns=6, note=note)]
