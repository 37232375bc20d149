"""What was refused and why, who paid, campaigns, the box, interest, the trace, and the events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reports import formats
from reports.blocks import chart, table
from reports.chapter import tells_of_box
from reports.document import Block, Heading, Paragraph, Table
from reports.figures import risk
from reports.figures.labels import Labels
from reports.names import CLASSES, KINDS, OUTCOMES, TRACE_REASONS
from reports.reading import Entries
from reports.sections import lost
from reports.sections.context import Context
from reports.sections.edge import edge
from reports.view.events import actor_words, event_words
from reports.view.refusals import refusals
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
    payments = context.section("throughput").amount("payments")
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
    numbers = table(
        _("Refused payments by class of the payer"),
        found.reasons,
        (_("Reason"), lambda each: named(OUTCOMES, each)),
        *((named(CLASSES, name), found.column(name)) for name in found.classes),
        (_("All"), lambda each: formats.count(found.of_reason(each)[0])),
        (_("Value, yuan"), lambda each: formats.yuan(found.of_reason(each)[1])),
    )
    figure = chart(
        "refusals",
        "",
        numbers,
        lambda: risk.refusals(found, [labels[named(CLASSES, name)] for name in found.classes]),
        shows=_(
            "How many payments did not settle, by the payer's wallet class and by reason. A payment has one reason: "
            "the first that applies."
        ),
        hides=_(
            "How many payments each class made, so a long bar may only be a big class; and whether the payer paid "
            "otherwise."
        ),
        alt=_("Stacked bars by class: {list}.", list=formats.series(items)),
        labels=[labels],
    )
    return [heading, Paragraph(reading), *figure, *lost.blocks(context)]


def _segments(context: Context) -> list[Block]:
    numbers = table(
        _("Payments by source"),
        context.rows("segments"),
        (_("Source"), lambda one: one.text("source").replace("_", " ")),
        (_("Kind"), lambda one: named(KINDS, one.text("kind"))),
        (_("Payments"), "payments"),
        (_("Settled"), "settled"),
        (_("Share settled"), lambda one: formats.share(one.ratio("settled", "payments"))),
        (_("Settled, yuan"), "settled_fen"),
        text_columns=2,
    )
    return [Heading("segments", _("Who paid")), numbers] if numbers.rows else []


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
    "funded_fen": N_("funded"),
    "packet_spent_fen": N_("spent"),
    "returned_unclaimed_fen": N_("back, unclaimed"),
    "returned_unspent_fen": N_("back, unspent"),
}
"""Its money."""


def _campaigns(context: Context) -> list[Block]:
    blocks: list[Block] = []
    for place, (name, one) in enumerate(context.run.entries.sections("campaigns").items(), 1):
        heading, figure = _campaign_chart(place, name, one)
        blocks += [heading, Paragraph(_campaign_reading(one)), Paragraph(_campaign_books(one)), figure]
    return blocks


def _campaign_reading(one: Entries) -> str:
    return one.says(
        "Of {registered} registered, {winners} won (odds {odds}) and {claimed} claimed ({share}). They made {payments} "
        "payments, of which {settled} settled, worth {settled_fen}: {packet_spent_fen} from packets and "
        "{own_money_fen} of their own money.",
        share=formats.share(one.ratio("claimed", "winners")),
    )


def _campaign_books(one: Entries) -> str:
    open_fen = one.amount("funded_fen") - one.amount("packet_spent_fen") - one.amount("returned_fen")
    names = {"funded": "funded_fen", "spent": "packet_spent_fen", "returned": "returned_fen"}
    words = {name: one.exact(path) for name, path in names.items()}
    if not open_fen:
        return _("Every fen is accounted for: funded {funded} = spent {spent} + returned {returned}.", **words)
    return _(
        "Funded {funded}, spent {spent}, returned {returned}: {open} were still held when the run ended.",
        **words,
        open=formats.whole_money(open_fen),
    )


def _campaign_chart(place: int, name: str, one: Entries) -> list[Block]:
    def items(words: Mapping[str, str]) -> str:
        return formats.series(
            _("{name} {value}", name=_(label), value=one.shown(path)) for path, label in words.items()
        )

    numbers = table(
        _("From registered to spent: {name}", name=name),
        [path for path in _CAMPAIGN_ROWS if path in one.content],
        (_("What"), lambda path: _(_CAMPAIGN_ROWS[path])),
        (_("Number"), one.cell),
    )
    people, money = ([(_(label), one.amount(path)) for path, label in words.items()] for words in (_PEOPLE, _PIECES))
    return chart(
        f"campaign-{place}",
        _("Campaign: {name}", name=name),
        numbers,
        lambda: risk.campaign(people, money),
        shows=_("People who registered, won and claimed, to one scale; and what became of the campaign's money."),
        hides=_("Whether the spending would have happened anyway: there is no run without the campaign here."),
        alt=_("Bars: {people}. Money: {money}.", people=items(_PEOPLE), money=items(_PIECES)),
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
    box = context.section("box")
    if not box or tells_of_box(context):
        return []
    said = [
        box.says(
            "Inside the box: {inside_payments} payments, {inside_settled_fen} settled. Outside: {outside_payments} "
            "payments. At the edge {crossing_refused} were refused, above a cap {cap_refused}."
        )
    ]
    share = box.ratio("exposure_fen", "exposure_cap_fen")
    if share is not None:
        words = {"share": formats.share(share)}
        said.append(box.says("Exposure {exposure_fen} of a cap of {exposure_cap_fen} ({share}).", **words))
    numbers = table(
        _("Inside and outside the box"),
        [name for name in _BOX_ROWS if name in box.content],
        (_("What"), lambda name: _(_BOX_ROWS[name])),
        (_("Number"), box.cell),
    )
    return [Heading("box", _("The sandbox")), *map(Paragraph, said), numbers, *edge(context)]


def _interest(context: Context) -> list[Block]:
    interest = context.section("interest")
    if not interest:
        return []
    reading = interest.says(
        "Credited to wallets: {credited_fen}. Earned and not yet credited at the end: {accrued_fen}."
    )
    return [Heading("interest", _("Interest")), Paragraph(reading)]


def _trace(context: Context) -> list[Block]:
    trace = context.section("trace")
    if not trace:
        return []
    reading = trace.says("Of {rows} lines {accepted} were taken and {refused} refused.")
    reasons = trace.section("refused_by_reason")
    numbers = table(
        _("Lines refused, by reason"),
        reasons.content,
        (_("Reason"), lambda name: named(TRACE_REASONS, name)),
        (_("Number"), reasons.cell),
    )
    return [Heading("trace", _("The payment trace")), Paragraph(reading), *([numbers] if reasons else [])]


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
