"""Data for money: how long a trade takes until both ledgers hold its invoice, and how trades ended."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from reports import formats
from reports.blocks import chart, table
from reports.chapter import Chapter
from reports.document import Block, Finding, Paragraph, Section
from reports.figures.canvas import SMALL, WIDTH, Board, Key, Panel, Rows, widest
from reports.figures.colors import AMBER, BLUE, FILLS, PALE_BLUE, SKY
from reports.figures.labels import Labels
from reports.findings import finding
from reports.reading import Entries
from reports.sections.context import Context
from sandbox.features.data_exchange.names import KINDS, STATES, STEPS
from sandbox.language import N_, _, named

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has a data exchange."""
    exchange = context.section("data_exchange")
    if not exchange:
        return ()
    said = exchange.says(
        "{invoices} invoices were made; {anchored} of them are held by both ledgers, in {anchors} anchors. The "
        "exchange's register has {entries} entries."
    )
    if exchange.whole("disputed"):
        said = " ".join([exchange.says("Buyers disputed {disputed} deliveries."), said])
    check = _(
        "The command ecny-sandbox audit works both ledgers out again and names the first entry that does not hold."
    )
    blocks: list[Block] = [Paragraph(text) for text in (headline(context) or "", said, check)]
    blocks += [*_times(exchange), *_people(exchange), *_endings(exchange)]
    return (Section("data-exchange", _("Data for money"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """How much was ordered, paid and returned; how long that took; what is for people."""
    exchange = context.section("data_exchange")
    if exchange.whole("trades") is None:
        return None
    posted = {one.text("state"): one.shown("trades") for one in exchange.rows("states")}.get("posted", formats.NOTHING)
    said = [
        exchange.says(
            "{trades} orders for data worth {ordered_fen} were placed. {posted} of them ended with {paid_fen} paid for "
            "data that was delivered; {returned_fen} went back to buyers.",
            posted=posted,
        )
    ]
    steps = _reached(exchange)
    if steps and steps[-1].text("step") == "anchored":
        said.append(
            _(
                "From the order to an invoice that both ledgers hold it took half of the data sets less than {half}, "
                "and 95 of 100 less than {most}.",
                half=steps[-1].duration("p50_us"),
                most=steps[-1].duration("p95_us"),
            )
        )
    people, paid = exchange.amount("people_fen"), exchange.amount("paid_fen")
    if people > 0 and paid > 0:
        said.append(
            exchange.says(
                "{people_fen} ({share}) was for the people whom the data is about, of which {paid} was paid out to "
                "them.",
                share=formats.share(people / paid),
                paid=formats.money(sum(one.amount("paid_out_fen") for one in _shared(exchange))),
            )
        )
    return " ".join(said)


def risks(context: Context) -> list[Finding]:
    """Money that went back, disputes, what hangs, concentration on sellers, invoices in one ledger only."""
    at_risk = context.section("risk.data_exchange")
    hhi = at_risk.number("hhi_sellers")
    return [
        *finding(
            at_risk,
            "returned_share",
            "Orders whose money went back",
            "{value} of {ended} ended orders were paid and came to nothing.",
        ),
        *finding(at_risk, "disputed_share", "Orders in dispute", "Buyers disputed {value} of ended orders."),
        *finding(
            at_risk,
            "open_fen",
            "Money in escrow at the end",
            "{value} is held for orders that have not ended.",
        ),
        *finding(
            at_risk,
            "hhi_sellers",
            "Concentration on sellers",
            "The index is {value}, as with {equal} sellers of the same size; {top_product} has {top_product_share}.",
            equal=formats.decimal(1 / hhi) if hhi else formats.NOTHING,
        ),
        *finding(
            at_risk,
            "not_anchored",
            "Invoices that only one ledger holds",
            "{value} invoices had been made and not been anchored yet when the run ended.",
        ),
    ]


def _reached(exchange: Entries) -> list[Entries]:
    """Steps of a trade, in order; those that no trade reached are left out."""
    return [one for one in exchange.rows("times") if None not in (one.instant("p50_us"), one.instant("p95_us"))]


def _shared(exchange: Entries) -> list[Entries]:
    """Products for whose people something came."""
    return [one for one in exchange.rows("people") if one.amount("came_fen") > 0]


def _times(exchange: Entries) -> list[Block]:
    found = _reached(exchange)
    if not found:
        return []

    def name(one: Entries) -> str:
        return named(STEPS, one.text("step"))

    numbers = table(
        _("How long after the order each step is reached"),
        found,
        (_("Step"), name),
        (_("Trades"), "trades"),
        (_("Half by"), lambda one: one.duration("p50_us")),
        (_("95 % by"), lambda one: one.duration("p95_us")),
    )
    items = (_("{name} in {middle}", name=name(one), middle=one.duration("p50_us")) for one in found)
    return chart(
        "data-times",
        _("From the order to an anchored invoice"),
        numbers,
        lambda: _draw_times([name(one) for one in found], found),
        shows=_(
            "Data sets that were paid for: how long after the order half of them had reached a step (dot), and 95 % of "
            "them (end of the line). Time runs on a scale by tens."
        ),
        hides=_("Metered data, which takes as long as it is used; orders that ended otherwise."),
        alt=_("Half of the trades had reached, after the order: {list}.", list=formats.series(items)),
    )


def _people(exchange: Entries) -> list[Block]:
    found = _shared(exchange)
    if not found:
        return []
    labels = Labels(one.text("product") for one in found)
    numbers = table(
        _("What came for the people whom the data is about"),
        found,
        (_("Product"), "product"),
        (_("Came for them, yuan"), "came_fen"),
        (_("Paid out, yuan"), "paid_out_fen"),
        (_("Pay-outs"), "pay_outs"),
        (_("People"), "wallets"),
        (_("Least, yuan"), "least_fen"),
        (_("Half at most, yuan"), "middle_fen"),
        (_("Most, yuan"), "most_fen"),
    )
    items = (
        one.says(
            N_("{product} {paid_out_fen} to {wallets} people, half of them got at most {middle_fen}")
            if one.whole("pay_outs")
            else N_("{product}: {came_fen}, nothing paid out yet")
        )
        for one in found
    )
    return chart(
        "data-people",
        _("What people got"),
        numbers,
        lambda: _draw_people(found, labels),
        shows=_(
            "For each product with a share for people, what came for them of what buyers paid, and how much of it was "
            "paid out to their wallets: at every pay-out all of it, to each in proportion to how much data about him "
            "was used."
        ),
        hides=_(
            "How use is measured: here it is drawn. What a wallet may not hold went to the bank account behind it."
        ),
        alt=_("Paid out to people: {list}.", list=formats.series(items)),
        labels=[labels],
    )


def _endings(exchange: Entries) -> list[Block]:
    found = exchange.rows("products")
    if not found:
        return []
    labels = Labels(one.text("product") for one in found)
    states = [state for state in STATES if any(one.whole(state) for one in found)]
    numbers = table(
        _("Orders by product and ending"),
        found,
        (_("Product"), "product"),
        (_("Sold as"), lambda one: named(KINDS, one.text("kind"))),
        (_("Orders"), "trades"),
        *((_(STATES[state]), state) for state in states),
        (_("Units"), "units"),
        (_("Paid, yuan"), "paid_fen"),
        (_("To the people, yuan"), "people_fen"),
        text_columns=2,
    )
    items = (one.says("{product} {trades}, of which {posted} were paid") for one in found)
    return chart(
        "data-endings",
        _("How orders ended"),
        numbers,
        lambda: _draw_endings(found, states, labels),
        shows=_(
            "For each product how many orders ended how. Nothing leaves escrow but by one of these: paid on delivery, "
            "back to the buyer (wrong key, dispute won), or back because nothing came in time."
        ),
        hides=_("Of metered data that was paid for, the part not used, which went back as well."),
        alt=_("Orders by product: {list}.", list=formats.series(items)),
        labels=[labels],
    )


# --- figures --------------------------------------------------------------------------------------------------------


_ROW: Final = 30.0
_LOOKS: Final = {
    "posted": (PALE_BLUE, ""),
    "voided": (AMBER, "///"),
    "expired": (FILLS[5], "xx"),
    "refused": (FILLS[3], "..."),
    "open": (FILLS[9], ""),
}
_TICKS_US: Final = (
    10_000, 100_000, 1_000_000, 10_000_000, 60_000_000, 600_000_000, 3_600_000_000, 36_000_000_000,
    86_400_000_000, 864_000_000_000,
)  # fmt: skip


def _draw_times(names: Sequence[str], found: Sequence[Entries]) -> Figure:
    """A row a step: the dot is the median, the line ends at the 95th percentile; time on a scale by tens."""
    spans = [(one.amount("p50_us"), one.amount("p95_us")) for one in found]
    texts = [formats.duration(middle) for middle, _late in spans]
    left, right = widest(names) + 12, widest(texts, SMALL) + 10
    low = 10 ** math.floor(math.log10(max(1, min(middle for middle, _late in spans))))
    high = max(max(late for _middle, late in spans) * 1.3, low * 10)
    board = Board(12 + _ROW * len(found) + 26)
    panel = Panel(board, left, 6, WIDTH - left - right, _ROW * len(found), (low, high), (len(found), 0), log_x=True)
    inside = [tick for tick in _TICKS_US if low <= tick <= high]
    panel.columns([(tick, formats.duration(tick)) for tick in inside[:: max(1, math.ceil(len(inside) / 4))]])
    for row, span in enumerate(spans):
        y = panel.top + _ROW * (row + 0.5)
        board.line(panel.to_x(span), [y, y], SKY, 4.0)
        board.spots(panel.to_x(span[:1]), [y], "o", BLUE, 7)
        board.words(left - 8, y, names[row], ha="right", va="center")
        board.words(WIDTH - right + 6, y, texts[row], va="center", size=SMALL)
    return board.finished()


def _draw_people(found: Sequence[Entries], labels: Labels) -> Figure:
    """A bar a product: what came for people, what of it was paid out, and what that was for one of them."""
    looks = [(_("paid out to wallets"), PALE_BLUE, ""), (_("waiting for the next pay-out"), AMBER, "///")]
    keys = [Key(name, color, area=True, hatch=hatch) for name, color, hatch in looks]
    board, used = Board.with_legend(keys, 14 + _ROW * len(found))
    names = [labels[one.text("product")] for one in found]
    texts = [one.says("half got up to {middle_fen}") if one.whole("pay_outs") else "" for one in found]
    left, right = widest(names) + 10, widest(texts, SMALL) + 12
    highest = float(max(one.amount("came_fen") for one in found))
    rows = Rows(board, left, used + 6, max(WIDTH - left - right, 80), highest, row=_ROW)
    paid, came = ([float(one.amount(name)) for one in found] for name in ("paid_out_fen", "came_fen"))
    waiting = [all_of - part for all_of, part in zip(came, paid, strict=True)]
    rows.stacked((values, color, hatch) for values, (__, color, hatch) in zip((paid, waiting), looks, strict=True))
    rows.names(names)
    rows.labels(came, texts)
    rows.axis(len(found))
    return board.finished()


def _draw_endings(found: Sequence[Entries], states: Sequence[str], labels: Labels) -> Figure:
    """A bar a product: its orders by how they ended."""
    keys = [Key(_(STATES[state]), _LOOKS[state][0], area=True, hatch=_LOOKS[state][1]) for state in states]
    board, used = Board.with_legend(keys, 14 + 25 * len(found))
    names, counts = [labels[one.text("product")] for one in found], [one.shown("trades") for one in found]
    left = widest(names) + 10
    highest = max(one.amount("trades") for one in found)
    rows = Rows(board, left, used + 6, WIDTH - left - widest(counts, SMALL) - 12, highest, row=25)
    ends = rows.stacked(([float(one.amount(state)) for one in found], *_LOOKS[state]) for state in states)
    rows.names(names)
    rows.labels(ends, counts)
    rows.axis(len(found))
    return board.finished()


CHAPTER: Final = Chapter(section, headline, {"data_exchange": risks}, titles={"data_exchange": N_("Data exchange")})
