"""What was refused and why, who paid, campaigns, the box, interest, the trace, and the events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reports import formats
from reports.amounts import cell
from reports.chapter import tells_of_box
from reports.document import Block, Chart, Heading, Paragraph, Table
from reports.figures import risk
from reports.figures.labels import Labels
from reports.names import CLASSES, KINDS, OUTCOMES, TRACE_REASONS
from reports.sections import lost
from reports.sections.context import Context, explained
from reports.sections.edge import edge
from reports.view.refusals import Refusals, refusals
from reports.view.timeline import actor_words, event_words
from reports.view.values import number
from sandbox.language import N_, _, named


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
    heading = Heading("refused", _("What was refused, and why"))
    found = refusals(context.run)
    if not found.classes:
        return [heading, Paragraph(_("No payment was refused."))]
    total = sum(found.count.values())
    reason = max(found.reasons, key=lambda name: found.of_reason(name)[0])
    reading = _(
        "{count} of {payments} did not settle ({share}); the most frequent reason is: {reason} ({times}).",
        count=formats.count(total),
        payments=formats.count(payments),
        share=formats.share(total / payments),
        reason=named(OUTCOMES, reason),
        times=formats.count(found.of_reason(reason)[0]),
    )
    labels = Labels(named(CLASSES, name) for name in found.classes)
    items = (
        _("{name} {count}", name=named(CLASSES, name), count=formats.count(found.of_class(name)))
        for name in found.classes
    )
    chart = Chart(
        key="refusals",
        title=_("Refused payments by class of the payer"),
        shows=_(
            "How many payments did not settle, by the payer's wallet class and by reason. A payment has one "
            "reason: the first that applies."
        ),
        hides=_(
            "How many payments each class made, so a long bar may only be a big class; and whether the payer "
            "paid otherwise."
        ),
        alt=_("Stacked bars by class: {list}.", list=formats.series(items)),
        table=_refused_table(found),
        draw=lambda: risk.refusals(found, [labels[named(CLASSES, name)] for name in found.classes]),
        names=explained(labels),
    )
    return [heading, Paragraph(reading), chart, *lost.blocks(context)]


def _refused_table(found: Refusals) -> Table:
    rows = []
    for reason in found.reasons:
        counts = [found.count.get((name, reason), 0) for name in found.classes]
        number, value = found.of_reason(reason)
        rows.append((named(OUTCOMES, reason), *map(formats.count, counts), formats.count(number), formats.yuan(value)))
    head = (
        _("Reason"),
        *(named(CLASSES, name) for name in found.classes),
        _("All"),
        _("Value, yuan"),
    )
    return Table(_("Refused payments by class of the payer"), head, tuple(rows))


def _segments(context: Context) -> list[Block]:
    found: list[Mapping[str, Any]] = context.run.get("segments") or []
    if not found:
        return []
    rows = tuple(
        (
            str(row.get("source")).replace("_", " "),
            named(KINDS, row.get("kind")),
            formats.count(row.get("payments")),
            formats.count(row.get("settled")),
            formats.share((row.get("settled") or 0) / row["payments"] if row.get("payments") else None),
            formats.yuan(row.get("settled_fen")),
        )
        for row in found
    )
    head = (_("Source"), _("Kind"), _("Payments"), _("Settled"), _("Share settled"), _("Settled, yuan"))
    return [Heading("segments", _("Who paid")), Table(_("Payments by source"), head, rows, text_columns=2)]


_CAMPAIGN_ROWS: Final = {
    "registered": N_("Registered"),
    "winners": N_("Winners"),
    "odds": N_("Odds of winning"),
    "claimed": N_("Claimed"),
    "unclaimed": N_("Not claimed"),
    "payments": N_("Payments made"),
    "settled": N_("Payments settled"),
    "settled_fen": N_("Settled value, yuan"),
    "packet_spent_fen": N_("Of it from packets, yuan"),
    "own_money_fen": N_("Of it own money, yuan"),
    "funded_fen": N_("Funded, yuan"),
    "returned_fen": N_("Returned at expiry, yuan"),
    "returned_unclaimed_fen": N_("Of it never claimed, yuan"),
    "returned_unspent_fen": N_("Of it claimed, not spent, yuan"),
    "merchants_enrolled": N_("Merchants taking part"),
    "merchants_paid": N_("Merchants paid at least once"),
}
_PEOPLE: Final = {
    "registered": N_("registered"),
    "winners": N_("won"),
    "claimed": N_("claimed"),
}
"""Of a campaign, as its figure calls them."""
_PIECES: Final = {
    "funded": N_("funded"),
    "packet_spent": N_("spent"),
    "returned_unclaimed": N_("back, unclaimed"),
    "returned_unspent": N_("back, unspent"),
}
"""Its money."""


def _campaigns(context: Context) -> list[Block]:
    found: Mapping[str, Mapping[str, Any]] = context.run.get("campaigns") or {}
    blocks: list[Block] = []
    for place, (name, one) in enumerate(found.items(), 1):
        blocks += [
            Heading(f"campaign-{place}", _("Campaign: {name}", name=name)),
            Paragraph(_campaign_reading(one)),
            Paragraph(_campaign_books(one)),
            _campaign_chart(place, name, one),
        ]
    return blocks


def _campaign_reading(one: Mapping[str, Any]) -> str:
    winners = one.get("winners") or 0
    return _(
        "Of {registered} registered, {winners} won (odds {odds}) and {claimed} claimed ({share}). They "
        "made {payments} payments, of which {settled} settled, worth {value}: {packet} from packets and "
        "{own} of their own money.",
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
        return _("Every fen is accounted for: funded {funded} = spent {spent} + returned {returned}.", **words)
    return _(
        "Funded {funded}, spent {spent}, returned {returned}: {open} were still held when the run ended.",
        **words,
        open=formats.whole_money(funded - spent - returned),
    )


def _campaign_chart(place: int, name: str, one: Mapping[str, Any]) -> Chart:
    people = [(_(words), int(one.get(part) or 0)) for part, words in _PEOPLE.items()]
    money = [(_(words), int(one.get(f"{part}_fen") or 0)) for part, words in _PIECES.items()]
    rows = tuple(
        (_(words), cell(f"campaigns.*.{part}", number(one.get(part))))
        for part, words in _CAMPAIGN_ROWS.items()
        if part in one
    )
    return Chart(
        key=f"campaign-{place}",
        title=_("From registered to spent: {name}", name=name),
        shows=_("People who registered, won and claimed, to one scale; and what became of the campaign's money."),
        hides=_("Whether the spending would have happened anyway: there is no run without the campaign here."),
        alt=_(
            "Bars: {people}. Money: {money}.",
            people=formats.series(
                _("{name} {value}", name=label, value=formats.count(number)) for label, number in people
            ),
            money=formats.series(
                _("{name} {value}", name=label, value=formats.money(number)) for label, number in money
            ),
        ),
        table=Table(_("From registered to spent: {name}", name=name), (_("What"), _("Number")), rows),
        draw=lambda: risk.campaign(people, money),
    )


_BOX_ROWS: Final = {
    "inside_payments": N_("Payments inside"),
    "inside_settled_fen": N_("Settled inside, yuan"),
    "outside_payments": N_("Payments outside"),
    "crossing_refused": N_("Refused at the edge"),
    "cap_refused": N_("Refused above a cap"),
    "exposure_fen": N_("Exposure, yuan"),
    "exposure_cap_fen": N_("Cap on exposure, yuan"),
}


def _box(context: Context) -> list[Block]:
    """The box, unless it has a chapter of its own."""
    found: Mapping[str, Any] | None = context.run.get("box")
    if not found or tells_of_box(context):
        return []
    blocks: list[Block] = [
        Heading("box", _("The sandbox")),
        Paragraph(
            _(
                "Inside the box: {inside} payments, {value} settled. Outside: {outside} payments. At the edge "
                "{crossing} were refused, above a cap {caps}.",
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
        blocks.append(Paragraph(_("Exposure {exposure} of a cap of {cap} ({share}).", **words)))
    rows = tuple(
        (_(words), cell(f"box.{name}", number(found.get(name)))) for name, words in _BOX_ROWS.items() if name in found
    )
    blocks.append(Table(_("Inside and outside the box"), (_("What"), _("Number")), rows))
    return [*blocks, *edge(context)]


def _interest(context: Context) -> list[Block]:
    found = context.run.get("interest")
    if not found:
        return []
    credited, accrued = (formats.money(found.get(f"{name}_fen")) for name in ("credited", "accrued"))
    reading = _(
        "Credited to wallets: {credited}. Earned and not yet credited at the end: {accrued}.",
        credited=credited,
        accrued=accrued,
    )
    return [Heading("interest", _("Interest")), Paragraph(reading)]


def _trace(context: Context) -> list[Block]:
    found = context.run.get("trace")
    if not found:
        return []
    words = {name: formats.count(found.get(name)) for name in ("rows", "accepted", "refused")}
    blocks: list[Block] = [
        Heading("trace", _("The payment trace")),
        Paragraph(_("Of {rows} lines {accepted} were taken and {refused} refused.", **words)),
    ]
    reasons: Mapping[str, int] = found.get("refused_by_reason") or {}
    if reasons:
        rows = tuple((named(TRACE_REASONS, name), formats.count(number)) for name, number in reasons.items())
        blocks.append(Table(_("Lines refused, by reason"), (_("Reason"), _("Number")), rows))
    return blocks


def _events(context: Context) -> list[Block]:
    heading: list[Block] = [Heading("events", _("Events"))]
    found, late = context.timeline, context.run.get("scenario.too_late")
    if isinstance(late, list) and late:
        heading.append(
            Paragraph(
                _("Never happened, for the run was over before: {what}.", what=formats.listed(str(one) for one in late))
            )
        )
    if not found.rows:
        return [*heading, Paragraph(_("Nothing interfered: no fault, no rule change, no order."))]
    rows = []
    for row in found.rows:
        event = event_words(row.event)
        if row.count > 1:
            last = formats.moment(context.start, row.last_us)
            event = _("{event} ({count} times, until {last})", event=event, count=formats.count(row.count), last=last)
        detail = _("in all: {detail}", detail=row.detail) if row.count > 1 and row.detail else row.detail
        at = formats.moment(context.start, row.at_us)
        rows.append((row.letter or "–", at, actor_words(row.actor), event, row.subject or "–", detail or "–"))
    head = (_("Mark"), _("When"), _("Actor"), _("Event"), _("Subject"), _("Detail"))
    more = _("{count} more are in events.parquet.", count=formats.count(found.left_out)) if found.left_out else ""
    note = _(
        "Letters are those on the figures. Events of one kind that came often are one row. {more}", more=more
    ).strip()
    return [*heading, Table(_("Control events in order of time"), head, tuple(rows), text_columns=6, note=note)]
