"""Digital bills: what they cost along the chain, what was not paid, and who bears it."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.chapter import Chapter, Find
from reports.document import Block, Chart, Finding, Heading, Paragraph, Section, Table
from reports.sections.context import Context
from reports.view.values import part, rows, whole, words
from sandbox.features.bills import figures
from sandbox.features.bills import view as bills
from sandbox.features.bills.names import STATES
from sandbox.language import N_, _, named

_RISK = "risk.bills"


_HEAD: Final = {
    "split": N_(
        "{bills} bills with a face of {face} were drawn, {bank} of them accepted by banks, and split "
        "into {parts} parts. Suppliers sold {sold} of them to banks before they were due, at a discount "
        "of {cost}."
    ),
    "whole": N_(
        "{bills} bills with a face of {face} were drawn, {bank} of them accepted by banks; none could be "
        "split. Suppliers sold {sold} of them to banks before they were due, at a discount of {cost}."
    ),
}
_HEAD_COST: Final = {
    "split": N_("That is {rate} a year for {tier}; with bills that cannot be split it is {other}."),
    "whole": N_("That is {rate} a year for {tier}; with bills that can be split it is {other}."),
}


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has bills."""
    if not part(context.run.get("bills")):
        return ()
    blocks: list[Block] = [Paragraph(headline(context) or "")]
    blocks += [*_cost(context), *_losses(context), *_states(context)]
    return (Section("bills", _("Digital bills"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """How many bills there were, what cash cost, and who bears what was not paid."""
    count = context.whole("bills.bills")
    if count is None:
        return None
    way = "split" if context.run.get("bills.splitting") is True else "whole"
    said = _(
        _HEAD[way],
        bills=formats.count(count),
        bank=formats.count(context.whole("bills.bank_accepted")),
        parts=formats.count(context.whole("bills.parts")),
        **{name: formats.money(context.whole(f"bills.{name}_fen")) for name in ("face", "sold", "cost")},
    )
    last = next((one for one in reversed(bills.tiers(context.run)) if one.rate is not None), None)
    if last is not None:
        message = N_("That is {rate} a year for {tier}.") if last.other_rate is None else _HEAD_COST[way]
        words = {"rate": formats.share(last.rate), "other": formats.share(last.other_rate), "tier": last.name.lower()}
        said = f"{said} {_(message, **words)}"
    return f"{said} {_unpaid(context)}"


def risks(context: Context, finding: Find) -> list[Finding]:
    """Default, loss, concentration on acceptors, contagion."""
    base = "risk.bills"
    unpaid, lost, hhi = (context.number(f"{base}.{name}") for name in ("unpaid_share", "lost_share", "hhi_acceptors"))
    infected, top = context.whole(f"{base}.infected"), context.number(f"{base}.top_acceptor_share")
    money = formats.money(context.whole(f"{base}.lost_fen"))
    words = {"equal": formats.decimal(1 / hhi) if hhi else formats.NOTHING, "share": formats.share(top)}
    words["acceptor"] = str(context.run.get(f"{base}.top_acceptor"))
    none = [
        Finding(
            _("Firms that others' failure took along"),
            "0",
            "none",
            _("No firm that had not failed missed a payment."),
            "",
        )
    ]
    taken = formats.money(context.whole(f"{base}.infected_unpaid_fen"))
    return [
        *finding(
            N_("Bills not paid when due"),
            N_("{value} of what fell due was not paid by its acceptors."),
            unpaid,
            formats.share(unpaid),
            f"{base}.unpaid_share",
        ),
        *finding(
            N_("Losses of what fell due"),
            N_("{value} of what fell due is lost to suppliers and banks ({money})."),
            lost,
            formats.share(lost),
            None,
            money=money,
        ),
        *finding(
            N_("Concentration on acceptors"),
            N_("The index is {value}, as with {equal} acceptors of the same size; {acceptor} has {share}."),
            hhi,
            formats.decimal(hhi),
            f"{base}.hhi_acceptors",
            **words,
        ),
        *(
            none
            if infected == 0
            else finding(
                N_("Firms that others' failure took along"),
                N_("{value} firms that had not failed did not pay bills of their own, for {money}."),
                infected,
                formats.count(infected),
                None,
                money=taken,
            )
        ),
    ]


def _unpaid(context: Context) -> str:
    unpaid, infected = context.whole(f"{_RISK}.unpaid_fen"), context.whole(f"{_RISK}.infected")
    lost = context.whole(f"{_RISK}.lost_fen")
    if not unpaid and not lost:
        return _("Every bill that fell due was paid.")
    said = _(
        "Acceptors did not pay {unpaid} that fell due ({share}). After recourse suppliers bear "
        "{suppliers} and banks {banks}, what they paid for drawers that did not pay them back included.",
        unpaid=formats.money(unpaid),
        share=formats.share(context.number(f"{_RISK}.unpaid_share")),
        suppliers=formats.money(context.whole(f"{_RISK}.lost_by_suppliers_fen")),
        banks=formats.money(context.whole(f"{_RISK}.lost_by_banks_fen")),
    )
    if not infected:
        return said
    others = _(
        "{infected} of the firms that did not pay had not failed: they had no money left, for others had "
        "not paid them or they had paid in recourse.",
        infected=formats.count(infected),
    )
    return f"{said} {others}"


def _cost(context: Context) -> list[Block]:
    found = bills.tiers(context.run)
    if not any(one.rate for one in found):
        return []
    splitting = context.run.get("bills.splitting") is True
    both = any(one.other_rate is not None for one in found)
    columns = [
        _("Suppliers"),
        _("Sold, yuan"),
        _("Cost, yuan"),
        _("Rate a year"),
        *([_("Cost the other way, yuan"), _("Rate the other way")] if both else []),
    ]
    lines = []
    for one in found:
        cells = [one.name, formats.yuan(one.sold_fen), formats.yuan(one.cost_fen), formats.share(one.rate)]
        lines.append((*cells, *([formats.yuan(one.other_cost_fen), formats.share(one.other_rate)] if both else [])))
    items = (
        _(
            N_("{name} {rate}, the other way round {other}") if both else N_("{name} {rate}"),
            name=one.name,
            rate=formats.share(one.rate),
            other=formats.share(one.other_rate),
        )
        for one in found
    )
    table = Table(_("What suppliers pay for cash before a bill is due"), tuple(columns), tuple(lines))
    chart = Chart(
        key="bills-cost",
        title=_("What suppliers pay for cash before a bill is due"),
        shows=_(
            "For each tier of suppliers the rate a year at which it sold bills to banks, weighed by sum and "
            "days. With splitting it sells parts of a bill that the core firm or its bank accepted; without, "
            "bills of its own buyer."
        ),
        hides=_(
            "How much had to be sold: a bill that cannot be split is sold whole even if less cash is needed, "
            "and then costs more in yuan (in the table). Nobody defers or refuses an order because money is "
            "dear."
        ),
        alt=_("Rate a year, by tier: {list}.", list="; ".join(items)),
        table=table,
        draw=lambda: figures.cost(found, splitting),
    )
    return [Heading("bills-cost", _("What cash costs each tier")), chart]


def _losses(context: Context) -> list[Block]:
    found = bills.roles(context.run)
    shown = [one for one in found if one.held_fen or one.lost_fen]
    if not shown:
        return []
    both = any(one.other_lost_fen is not None for one in found)
    columns = [
        _("Group"),
        _("Not paid, yuan"),
        _("Held then, yuan"),
        _("Paid in recourse, yuan"),
        _("Got in recourse, yuan"),
        _("Bears, yuan"),
        *([_("Bears the other way, yuan")] if both else []),
    ]
    lines = []
    for one in found:
        sums = [one.unpaid_fen, one.held_fen, one.paid_fen, one.got_fen, one.lost_fen]
        cells = [one.name, *map(formats.yuan, sums)]
        lines.append((*cells, *([formats.yuan(one.other_lost_fen)] if both else [])))
    items = (
        _("{name} {held} and {lost}", name=one.name, held=formats.money(one.held_fen), lost=formats.money(one.lost_fen))
        for one in shown
    )
    chart = Chart(
        key="bills-losses",
        title=_("From the holder to whoever bears the loss"),
        shows=_(
            "For each group the face of the bills that it held when their acceptors did not pay, and what it "
            "bears after recourse. A holder asks those who passed the bill on to it, the last first; who "
            "pays asks those before."
        ),
        hides=_(
            "What a failed firm's estate pays in the end, and interest on overdue bills: there is none. "
            "Banks also bear bills that they accepted and whose drawers did not pay them back."
        ),
        alt=_("Face held and loss borne, by group: {list}.", list="; ".join(items)),
        table=Table(_("From the holder to whoever bears the loss"), tuple(columns), tuple(lines)),
        draw=lambda: figures.losses(shown),
    )
    return [
        Heading("bills-losses", _("Who held what was not paid, and who bears it")),
        chart,
        *_other(context),
        *_acceptors(context),
    ]


def _other(context: Context) -> list[Block]:
    other = part(context.run.get("bills.other_way"))
    if not other:
        return []
    sums = {name: formats.money(whole(other.get(f"{name}_fen"))) for name in ("unpaid",)}
    sums |= {name: formats.money(whole(other.get(f"lost_by_{name}_fen"))) for name in ("suppliers", "banks")}
    return [
        Paragraph(
            _(
                "With splitting the other way round, acceptors would not have paid {unpaid}, suppliers would "
                "bear {suppliers} and banks {banks}; {infected} firms that had not failed would not have paid.",
                infected=formats.count(whole(other.get("infected"))),
                **sums,
            )
        )
    ]


def _acceptors(context: Context) -> list[Block]:
    found = rows(context.run.get("bills.chains"))
    if not found:
        return []
    lines = tuple(
        (
            words(row.get("acceptor")),
            _(N_("stopped payments") if row.get("failed") is True else N_("had no money")),
            formats.yuan(whole(row.get("unpaid_fen"))),
        )
        for row in found
    )
    head = (_("Acceptor"), _("Why"), _("Not paid, yuan"))
    return [Table(_("Acceptors that did not pay"), head, lines, text_columns=2)]


def _states(context: Context) -> list[Block]:
    lines = tuple(
        (
            named(STATES, row.get("outcome")),
            formats.count(whole(row.get("parts"))),
            formats.yuan(whole(row.get("face_fen"))),
        )
        for row in rows(context.run.get("bills.outcomes"))
        if row.get("parts")
    )
    if not lines:
        return []
    head = (_("State"), _("Parts"), _("Face, yuan"))
    return [Heading("bills-states", _("How bills ended")), Table(_("How bills ended"), head, lines)]


CHAPTER: Final = Chapter(
    section,
    headline,
    {"bills": risks},
    titles={"bills": N_("Digital bills")},
)
