"""Data for money: how long a trade takes until both ledgers hold its invoice, and how trades ended."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.chapter import Chapter
from reports.document import Block, Chart, Finding, Heading, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.findings import stated
from reports.sections.context import Context, explained
from reports.view.values import part, rows, whole, words
from sandbox.features.data_exchange import figures
from sandbox.features.data_exchange import view as data_exchange
from sandbox.features.data_exchange.names import KINDS, STATES, STEPS
from sandbox.language import N_, _, named

_BASE = "data_exchange"


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has a data exchange."""
    if not part(context.run.get(_BASE)):
        return ()
    counts = {
        name: formats.count(context.whole(f"{_BASE}.{name}")) for name in ("invoices", "anchored", "anchors", "entries")
    }
    said = [
        _(
            "{invoices} invoices were made; {anchored} of them are held by both ledgers, in {anchors} "
            "anchors. The exchange's register has {entries} entries.",
            **counts,
        )
    ]
    if context.whole(f"{_BASE}.disputed"):
        said.insert(
            0, _("Buyers disputed {disputed} deliveries.", disputed=formats.count(context.whole(f"{_BASE}.disputed")))
        )
    blocks: list[Block] = [
        Paragraph(headline(context) or ""),
        Paragraph(" ".join(said)),
        Paragraph(
            _(
                "The command ecny-sandbox verify works both ledgers out again and names the first entry that "
                "does not hold."
            )
        ),
    ]
    blocks += [*_times(context), *_people(context), *_endings(context)]
    return (Section("data-exchange", _("Data for money"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """How much was ordered, paid and returned; how long that took; what is for people."""
    trades = context.whole(f"{_BASE}.trades")
    if trades is None:
        return None
    states = {words(row.get("state")): whole(row.get("trades")) for row in rows(context.run.get(f"{_BASE}.states"))}
    posted = states.get("posted")
    sums = {name: formats.money(context.whole(f"{_BASE}.{name}_fen")) for name in ("ordered", "paid", "returned")}
    said = [
        _(
            "{trades} orders for data worth {ordered} were placed. {posted} of them ended with {paid} paid "
            "for data that was delivered; {returned} went back to buyers.",
            trades=formats.count(trades),
            posted=formats.count(posted),
            **sums,
        )
    ]
    steps = data_exchange.steps(context.run)
    if steps and steps[-1].name == "anchored":
        half, most = formats.duration(steps[-1].p50_us), formats.duration(steps[-1].p95_us)
        said.append(
            _(
                "From the order to an invoice that both ledgers hold it took half of the data sets less than "
                "{half}, and 95 of 100 less than {most}.",
                half=half,
                most=most,
            )
        )
    people, paid = context.whole(f"{_BASE}.people_fen"), context.whole(f"{_BASE}.paid_fen")
    if people and paid and people > 0 and paid > 0:
        out = formats.money(sum(one.paid_fen for one in data_exchange.people(context.run)))
        share = formats.share(people / paid)
        said.append(
            _(
                "{people} ({share}) was for the people whom the data is about, of which {paid} was paid out to them.",
                people=formats.money(people),
                share=share,
                paid=out,
            )
        )
    return " ".join(said)


def _people(context: Context) -> list[Block]:
    found = data_exchange.people(context.run)
    if not found:
        return []
    labels = Labels(one.product for one in found)
    columns = (
        _("Product"),
        _("Came for them, yuan"),
        _("Paid out, yuan"),
        _("Pay-outs"),
        _("People"),
        _("Least, yuan"),
        _("Half at most, yuan"),
        _("Most, yuan"),
    )
    lines = tuple(
        (
            one.product,
            formats.yuan(one.came_fen),
            formats.yuan(one.paid_fen),
            formats.count(one.pay_outs),
            formats.count(one.wallets),
            *(formats.yuan(each) for each in (one.least_fen, one.middle_fen, one.most_fen)),
        )
        for one in found
    )
    items = (
        _(
            N_("{name} {paid} to {wallets} people, half of them got at most {middle}")
            if one.pay_outs
            else N_("{name}: {came}, nothing paid out yet"),
            name=one.product,
            came=formats.money(one.came_fen),
            paid=formats.money(one.paid_fen),
            wallets=formats.count(one.wallets),
            middle=formats.money(one.middle_fen),
        )
        for one in found
    )
    chart = Chart(
        key="data-people",
        title=_("What came for the people whom the data is about"),
        shows=_(
            "For each product with a share for people, what came for them of what buyers paid, and how much "
            "of it was paid out to their wallets: at every pay-out all of it, to each in proportion to how "
            "much data about him was used."
        ),
        hides=_(
            "How use is measured: here it is drawn. What a wallet may not hold went to the bank account behind it."
        ),
        alt=_("Paid out to people: {list}.", list="; ".join(items)),
        table=Table(_("What came for the people whom the data is about"), columns, lines),
        draw=lambda: figures.people(found, labels),
        names=explained(labels),
    )
    return [Heading("data-people", _("What people got")), chart]


def _times(context: Context) -> list[Block]:
    found = data_exchange.steps(context.run)
    if not found:
        return []
    names = [named(STEPS, one.name) for one in found]
    lines = tuple(
        (name, formats.count(one.trades), formats.duration(one.p50_us), formats.duration(one.p95_us))
        for name, one in zip(names, found, strict=True)
    )
    items = (
        _("{name} in {middle}", name=name, middle=formats.duration(one.p50_us))
        for name, one in zip(names, found, strict=True)
    )
    head = (_("Step"), _("Trades"), _("Half by"), _("95 % by"))
    chart = Chart(
        key="data-times",
        title=_("How long after the order each step is reached"),
        shows=_(
            "Data sets that were paid for: how long after the order half of them had reached a step (dot), "
            "and 95 % of them (end of the line). Time runs on a scale by tens."
        ),
        hides=_("Metered data, which takes as long as it is used; orders that ended otherwise."),
        alt=_("Half of the trades had reached, after the order: {list}.", list="; ".join(items)),
        table=Table(_("How long after the order each step is reached"), head, lines),
        draw=lambda: figures.times(found),
    )
    return [Heading("data-times", _("From the order to an anchored invoice")), chart]


def _endings(context: Context) -> list[Block]:
    found = data_exchange.products(context.run)
    if not found:
        return []
    labels = Labels(one.name for one in found)
    states = [state for state in STATES if any(one.states[state] for one in found)]
    head = (
        *(
            _("Product"),
            _("Sold as"),
            _("Orders"),
        ),
        *(named(STATES, state) for state in states),
        *(
            _("Units"),
            _("Paid, yuan"),
            _("To the people, yuan"),
        ),
    )
    lines = tuple(
        (
            one.name,
            named(KINDS, one.kind),
            formats.count(one.trades),
            *(formats.count(one.states[state]) for state in states),
            formats.count(one.units),
            formats.yuan(one.paid_fen),
            formats.yuan(one.people_fen),
        )
        for one in found
    )
    items = (
        _(
            "{name} {trades}, of which {posted} were paid",
            name=one.name,
            trades=formats.count(one.trades),
            posted=formats.count(one.states["posted"]),
        )
        for one in found
    )
    chart = Chart(
        key="data-endings",
        title=_("Orders by product and ending"),
        shows=_(
            "For each product how many orders ended how. Nothing leaves escrow but by one of these: paid on "
            "delivery, back to the buyer (wrong key, dispute won), or back because nothing came in time."
        ),
        hides=_("Of metered data that was paid for, the part not used, which went back as well."),
        alt=_("Orders by product: {list}.", list="; ".join(items)),
        table=Table(_("Orders by product and ending"), head, lines, text_columns=2),
        draw=lambda: figures.endings(found, labels),
        names=explained(labels),
    )
    return [Heading("data-endings", _("How orders ended")), chart]


def risks(context: Context) -> list[Finding]:
    """Money that went back, disputes, what hangs, concentration on sellers, invoices in one ledger only."""
    base = "risk.data_exchange"
    returned, disputed, hhi = (
        context.number(f"{base}.{name}") for name in ("returned_share", "disputed_share", "hhi_sellers")
    )
    held, waiting = context.whole(f"{base}.open_fen"), context.whole(f"{base}.not_anchored")
    words = {"equal": formats.decimal(1 / hhi) if hhi else formats.NOTHING}
    words |= {"product": str(context.run.get(f"{base}.top_product"))}
    words |= {"share": formats.share(context.number(f"{base}.top_product_share"))}
    return [
        *stated(
            N_("Orders whose money went back"),
            N_("{value} of {ended} ended orders were paid and came to nothing."),
            returned,
            formats.share(returned),
            f"{base}.returned_share",
            ended=formats.count(context.whole(f"{base}.ended")),
        ),
        *stated(
            N_("Orders in dispute"),
            N_("Buyers disputed {value} of ended orders."),
            disputed,
            formats.share(disputed),
            None,
        ),
        *stated(
            N_("Money in escrow at the end"),
            N_("{value} is held for orders that have not ended."),
            held,
            formats.money(held),
            None,
        ),
        *stated(
            N_("Concentration on sellers"),
            N_("The index is {value}, as with {equal} sellers of the same size; {product} has {share}."),
            hhi,
            formats.decimal(hhi),
            f"{base}.hhi_sellers",
            **words,
        ),
        *stated(
            N_("Invoices that only one ledger holds"),
            N_("{value} invoices had been made and not been anchored yet when the run ended."),
            waiting,
            formats.count(waiting),
            None,
        ),
    ]


CHAPTER: Final = Chapter(section, headline, {"data_exchange": risks}, titles={"data_exchange": N_("Data exchange")})
