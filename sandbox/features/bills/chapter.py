"""Digital bills: what they cost along the chain, what was not paid, and who bears it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reports import formats
from reports.chapter import Chapter, Find
from reports.document import Block, Chart, Finding, Heading, Paragraph, Section, Table
from reports.sections.context import Context
from reports.text import known, say
from reports.view.values import part, rows, whole, words
from sandbox.features.bills import view as bills

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_RISK = "risk.bills"


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has bills."""
    if not part(context.run.get("bills")):
        return ()
    blocks: list[Block] = [Paragraph(headline(context) or "")]
    blocks += [*_cost(context), *_losses(context), *_states(context)]
    return (Section("bills", say("bills.title"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """How many bills there were, what cash cost, and who bears what was not paid."""
    count = context.whole("bills.bills")
    if count is None:
        return None
    way = "split" if context.run.get("bills.splitting") is True else "whole"
    said = say(
        f"bills.head_{way}",
        bills=formats.count(count),
        bank=formats.count(context.whole("bills.bank_accepted")),
        parts=formats.count(context.whole("bills.parts")),
        **{name: formats.money(context.whole(f"bills.{name}_fen")) for name in ("face", "sold", "cost")},
    )
    last = next((one for one in reversed(bills.tiers(context.run)) if one.rate is not None), None)
    if last is not None:
        key = "bills.head_cost" if last.other_rate is None else f"bills.head_cost_{way}"
        words = {"rate": formats.share(last.rate), "other": formats.share(last.other_rate), "tier": last.name.lower()}
        said = f"{said} {say(key, **words)}"
    return f"{said} {_unpaid(context)}"


def risks(context: Context, finding: Find) -> list[Finding]:
    """Default, loss, concentration on acceptors, contagion."""
    base = "risk.bills"
    unpaid, lost, hhi = (context.number(f"{base}.{name}") for name in ("unpaid_share", "lost_share", "hhi_acceptors"))
    infected, top = context.whole(f"{base}.infected"), context.number(f"{base}.top_acceptor_share")
    money = formats.money(context.whole(f"{base}.lost_fen"))
    words = {"equal": formats.decimal(1 / hhi) if hhi else formats.NOTHING, "share": formats.share(top)}
    words["acceptor"] = str(context.run.get(f"{base}.top_acceptor"))
    none = [Finding(say("bil.infected"), "0", "none", say("bil.infected.none"), "")]
    taken = formats.money(context.whole(f"{base}.infected_unpaid_fen"))
    return [
        *finding("bil.unpaid", unpaid, formats.share(unpaid), f"{base}.unpaid_share"),
        *finding("bil.lost", lost, formats.share(lost), None, money=money),
        *finding("bil.hhi", hhi, formats.decimal(hhi), f"{base}.hhi_acceptors", **words),
        *(none if infected == 0 else finding("bil.infected", infected, formats.count(infected), None, money=taken)),
    ]


def _unpaid(context: Context) -> str:
    unpaid, infected = context.whole(f"{_RISK}.unpaid_fen"), context.whole(f"{_RISK}.infected")
    lost = context.whole(f"{_RISK}.lost_fen")
    if not unpaid and not lost:
        return say("bills.all_paid")
    said = say(
        "bills.unpaid",
        unpaid=formats.money(unpaid),
        share=formats.share(context.number(f"{_RISK}.unpaid_share")),
        suppliers=formats.money(context.whole(f"{_RISK}.lost_by_suppliers_fen")),
        banks=formats.money(context.whole(f"{_RISK}.lost_by_banks_fen")),
    )
    return f"{said} {say('bills.infected', infected=formats.count(infected))}" if infected else said


def _cost(context: Context) -> list[Block]:
    found = bills.tiers(context.run)
    if not any(one.rate for one in found):
        return []
    splitting = context.run.get("bills.splitting") is True

    def draw() -> Figure:
        from sandbox.features.bills.figures import cost

        return cost(found, splitting)

    both = any(one.other_rate is not None for one in found)
    columns = ["tier", "sold", "bill_cost", "rate", *(["other_cost", "other_rate"] if both else [])]
    lines = []
    for one in found:
        cells = [one.name, formats.yuan(one.sold_fen), formats.yuan(one.cost_fen), formats.share(one.rate)]
        lines.append((*cells, *([formats.yuan(one.other_cost_fen), formats.share(one.other_rate)] if both else [])))
    items = (
        say(
            "bills.cost_item_both" if both else "bills.cost_item",
            name=one.name,
            rate=formats.share(one.rate),
            other=formats.share(one.other_rate),
        )
        for one in found
    )
    table = Table(say("bills.cost_title"), tuple(say(f"col.{name}") for name in columns), tuple(lines))
    chart = Chart(
        key="bills-cost",
        title=say("bills.cost_title"),
        shows=say("bills.cost_shows"),
        hides=say("bills.cost_hides"),
        alt=say("bills.cost_alt", list="; ".join(items)),
        table=table,
        draw=draw,
    )
    return [Heading("bills-cost", say("bills.cost_heading")), chart]


def _losses(context: Context) -> list[Block]:
    found = bills.roles(context.run)
    shown = [one for one in found if one.held_fen or one.lost_fen]
    if not shown:
        return []

    def draw() -> Figure:
        from sandbox.features.bills.figures import losses

        return losses(shown)

    both = any(one.other_lost_fen is not None for one in found)
    columns = [
        "group",
        "unpaid",
        "bill_held",
        "recourse_paid",
        "recourse_got",
        "borne",
        *(["other_borne"] if both else []),
    ]
    lines = []
    for one in found:
        sums = [one.unpaid_fen, one.held_fen, one.paid_fen, one.got_fen, one.lost_fen]
        cells = [one.name, *map(formats.yuan, sums)]
        lines.append((*cells, *([formats.yuan(one.other_lost_fen)] if both else [])))
    items = (
        say("bills.loss_item", name=one.name, held=formats.money(one.held_fen), lost=formats.money(one.lost_fen))
        for one in shown
    )
    chart = Chart(
        key="bills-losses",
        title=say("bills.loss_title"),
        shows=say("bills.loss_shows"),
        hides=say("bills.loss_hides"),
        alt=say("bills.loss_alt", list="; ".join(items)),
        table=Table(say("bills.loss_title"), tuple(say(f"col.{name}") for name in columns), tuple(lines)),
        draw=draw,
    )
    return [Heading("bills-losses", say("bills.loss_heading")), chart, *_other(context), *_acceptors(context)]


def _other(context: Context) -> list[Block]:
    other = part(context.run.get("bills.other_way"))
    if not other:
        return []
    sums = {name: formats.money(whole(other.get(f"{name}_fen"))) for name in ("unpaid",)}
    sums |= {name: formats.money(whole(other.get(f"lost_by_{name}_fen"))) for name in ("suppliers", "banks")}
    return [Paragraph(say("bills.other", infected=formats.count(whole(other.get("infected"))), **sums))]


def _acceptors(context: Context) -> list[Block]:
    found = rows(context.run.get("bills.chains"))
    if not found:
        return []
    lines = tuple(
        (
            words(row.get("acceptor")),
            say("bills.failed_yes" if row.get("failed") is True else "bills.failed_no"),
            formats.yuan(whole(row.get("unpaid_fen"))),
        )
        for row in found
    )
    head = tuple(say(f"col.{name}") for name in ("acceptor", "why", "unpaid"))
    return [Table(say("bills.acceptors"), head, lines, text_columns=2)]


def _states(context: Context) -> list[Block]:
    lines = tuple(
        (
            known("bill_state", row.get("outcome")),
            formats.count(whole(row.get("parts"))),
            formats.yuan(whole(row.get("face_fen"))),
        )
        for row in rows(context.run.get("bills.outcomes"))
        if row.get("parts")
    )
    if not lines:
        return []
    head = tuple(say(f"col.{name}") for name in ("state", "parts", "face"))
    return [Heading("bills-states", say("bills.states")), Table(say("bills.states"), head, lines)]


CHAPTER: Final = Chapter(
    section,
    headline,
    {"bills": risks},
)
