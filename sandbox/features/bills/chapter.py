"""Digital bills: what they cost along the chain, what was not paid, and who bears it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from reports import formats
from reports.blocks import chart, table
from reports.chapter import Chapter
from reports.document import Block, Finding, Heading, Paragraph, Section
from reports.figures.canvas import SMALL, WIDTH, Board, Key, Rows, widest
from reports.figures.colors import AMBER, PALE_BLUE
from reports.findings import finding
from reports.reading import Entries
from reports.sections.context import Context
from sandbox.features.bills.names import ROLES, STATES
from sandbox.language import N_, _, named

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_HEAD: Final = {
    "split": N_(
        "{bills} bills with a face of {face} were drawn, {bank} of them accepted by banks, and split into {parts} "
        "parts. Suppliers sold {sold} of them to banks before they were due, at a discount of {cost}."
    ),
    "whole": N_(
        "{bills} bills with a face of {face} were drawn, {bank} of them accepted by banks; none could be split. "
        "Suppliers sold {sold} of them to banks before they were due, at a discount of {cost}."
    ),
}
_HEAD_COST: Final = {
    "split": N_("That is {rate} a year for {tier}; with bills that cannot be split it is {other}."),
    "whole": N_("That is {rate} a year for {tier}; with bills that can be split it is {other}."),
}


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has bills."""
    bills, at_risk = context.section("bills"), context.section("risk.bills")
    if not bills:
        return ()
    blocks = [Paragraph(headline(context) or ""), *_cost(bills), *_losses(bills, at_risk), *_states(bills)]
    return (Section("bills", _("Digital bills"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """How many bills there were, what cash cost, and who bears what was not paid."""
    bills = context.section("bills")
    if bills.whole("bills") is None:
        return None
    way = "split" if bills.flag("splitting") else "whole"
    said = _(
        _HEAD[way],
        bills=bills.shown("bills"),
        bank=bills.shown("bank_accepted"),
        parts=bills.shown("parts"),
        **{name: bills.shown(f"{name}_fen") for name in ("face", "sold", "cost")},
    )
    last = next((one for one in reversed(bills.rows("tiers")) if one.number("rate") is not None), None)
    if last is not None:
        other = _other(bills, "tiers", "tier", last)
        message = N_("That is {rate} a year for {tier}.") if other.number("rate") is None else _HEAD_COST[way]
        words = {"rate": last.shown("rate"), "other": other.shown("rate")}
        said = f"{said} {_(message, tier=_tier(last).lower(), **words)}"
    return f"{said} {_unpaid(context.section('risk.bills'))}"


def risks(context: Context) -> list[Finding]:
    """Default, loss, concentration on acceptors, contagion."""
    at_risk = context.section("risk.bills")
    hhi = at_risk.number("hhi_acceptors")
    taken = N_("Firms that others' failure took along")
    none = [Finding(_(taken), "0", "none", _("No firm that had not failed missed a payment."), "")]
    return [
        *finding(
            at_risk,
            "unpaid_share",
            "Bills not paid when due",
            "{value} of what fell due was not paid by its acceptors.",
        ),
        *finding(
            at_risk,
            "lost_share",
            "Losses of what fell due",
            "{value} of what fell due is lost to suppliers and banks ({lost_fen}).",
        ),
        *finding(
            at_risk,
            "hhi_acceptors",
            "Concentration on acceptors",
            "The index is {value}, as with {equal} acceptors of the same size; {top_acceptor} has "
            "{top_acceptor_share}.",
            equal=formats.decimal(1 / hhi) if hhi else formats.NOTHING,
        ),
        *(
            none
            if at_risk.whole("infected") == 0
            else finding(
                at_risk,
                "infected",
                taken,
                "{value} firms that had not failed did not pay bills of their own, for {infected_unpaid_fen}.",
            )
        ),
    ]


def _unpaid(at_risk: Entries) -> str:
    if not at_risk.whole("unpaid_fen") and not at_risk.whole("lost_fen"):
        return _("Every bill that fell due was paid.")
    said = at_risk.says(
        "Acceptors did not pay {unpaid_fen} that fell due ({unpaid_share}). After recourse suppliers bear "
        "{lost_by_suppliers_fen} and banks {lost_by_banks_fen}, what they paid for drawers that did not pay them back "
        "included."
    )
    if not at_risk.whole("infected"):
        return said
    others = at_risk.says(
        "{infected} of the firms that did not pay had not failed: they had no money left, for others had not paid them "
        "or they had paid in recourse."
    )
    return f"{said} {others}"


def _other(bills: Entries, entries: str, name: str, one: Entries) -> Entries:
    """The same tier or role with splitting the other way round; empty if that was not run."""
    found = (other for other in bills.rows(f"other_way.{entries}") if other.get(name) == one.get(name))
    return next(found, Entries({}, one.place))


def _tier(one: Entries) -> str:
    return one.says("Tier {tier}")


def role_name(role: str) -> str:
    """How the report calls it.

    >>> role_name("bank"), role_name("tier 2")
    ('Banks', 'Tier 2')
    """
    if role.startswith("tier "):
        return _("Tier {number}", number=role.removeprefix("tier "))
    return _(ROLES[role]) if role in ROLES else role


def _cost(bills: Entries) -> list[Block]:
    tiers = bills.rows("tiers")
    if not any(one.number("rate") for one in tiers):
        return []
    splitting = bills.flag("splitting")
    others = [_other(bills, "tiers", "tier", one) for one in tiers]
    rates = [[one.number("rate") or 0.0 for one in tiers]]
    both = any(one.number("rate") is not None for one in others)
    if both:
        rates.append([one.number("rate") or 0.0 for one in others])

    items = (
        one.says(
            N_("{name} {rate}, the other way round {other}") if both else N_("{name} {rate}"),
            other=other.shown("rate"),
            name=_tier(one),
        )
        for one, other in zip(tiers, others, strict=True)
    )
    numbers = table(
        _("What suppliers pay for cash before a bill is due"),
        zip(tiers, others, strict=True),
        (_("Suppliers"), lambda two: _tier(two[0])),
        (_("Sold, yuan"), lambda two: two[0].cell("sold_fen")),
        (_("Cost, yuan"), lambda two: two[0].cell("cost_fen")),
        (_("Rate a year"), lambda two: two[0].cell("rate")),
        *([(_("Cost the other way, yuan"), lambda two: two[1].cell("cost_fen"))] if both else []),
        *([(_("Rate the other way"), lambda two: two[1].cell("rate"))] if both else []),
    )
    return chart(
        "bills-cost",
        _("What cash costs each tier"),
        numbers,
        lambda: _draw_cost([_tier(one) for one in tiers], rates, splitting),
        shows=_(
            "For each tier of suppliers the rate a year at which it sold bills to banks, weighed by sum and days. With "
            "splitting it sells parts of a bill that the core firm or its bank accepted; without, bills of its own "
            "buyer."
        ),
        hides=_(
            "How much had to be sold: a bill that cannot be split is sold whole even if less cash is needed, and then "
            "costs more in yuan (in the table). Nobody defers or refuses an order because money is dear."
        ),
        alt=_("Rate a year, by tier: {list}.", list=formats.series(items)),
    )


_SUMS: Final = ("unpaid_fen", "held_fen", "paid_fen", "got_fen", "lost_fen")


def _losses(bills: Entries, at_risk: Entries) -> list[Block]:
    """Those that had anything to do with what was not paid, here or the other way round."""
    pairs = [(one, _other(bills, "roles", "role", one)) for one in bills.rows("roles")]
    found = [two for two in pairs if any(two[0].whole(name) for name in _SUMS) or two[1].whole("lost_fen")]
    shown = [one for one, __ in found if one.whole("held_fen") or one.whole("lost_fen")]
    if not shown:
        return []
    both = any(other.whole("lost_fen") is not None for __, other in found)

    def name(one: Entries) -> str:
        return role_name(one.text("role"))

    numbers = table(
        _("From the holder to whoever bears the loss"),
        found,
        (_("Group"), lambda two: name(two[0])),
        (_("Not paid, yuan"), lambda two: two[0].cell("unpaid_fen")),
        (_("Held then, yuan"), lambda two: two[0].cell("held_fen")),
        (_("Paid in recourse, yuan"), lambda two: two[0].cell("paid_fen")),
        (_("Got in recourse, yuan"), lambda two: two[0].cell("got_fen")),
        (_("Bears, yuan"), lambda two: two[0].cell("lost_fen")),
        *([(_("Bears the other way, yuan"), lambda two: two[1].cell("lost_fen"))] if both else []),
    )
    items = (one.says("{name} {held_fen} and {lost_fen}", name=name(one)) for one in shown)
    sums = [[float(one.whole(name) or 0) for one in shown] for name in ("held_fen", "lost_fen")]
    return [
        *chart(
            "bills-losses",
            _("Who held what was not paid, and who bears it"),
            numbers,
            lambda: _draw_losses([name(one) for one in shown], sums),
            shows=_(
                "For each group the face of the bills that it held when their acceptors did not pay, and what it bears "
                "after recourse. A holder asks those who passed the bill on to it, the last first; who pays asks those "
                "before."
            ),
            hides=_(
                "What a failed firm's estate pays in the end, and interest on overdue bills: there is none. Banks also "
                "bear bills that they accepted and whose drawers did not pay them back."
            ),
            alt=_("Face held and loss borne, by group: {list}.", list=formats.series(items)),
        ),
        *_other_way(bills.section("other_way")),
        *_acceptors(bills),
    ]


def _other_way(other: Entries) -> list[Block]:
    if not other:
        return []
    said = other.says(
        "With splitting the other way round, acceptors would not have paid {unpaid_fen}, suppliers would bear "
        "{lost_by_suppliers_fen} and banks {lost_by_banks_fen}; {infected} firms that had not failed would not have "
        "paid."
    )
    return [Paragraph(said)]


def _acceptors(bills: Entries) -> list[Block]:
    numbers = table(
        _("Acceptors that did not pay"),
        bills.rows("chains"),
        (_("Acceptor"), "acceptor"),
        (_("Why"), lambda one: _(N_("stopped payments") if one.flag("failed") else N_("had no money"))),
        (_("Not paid, yuan"), "unpaid_fen"),
        text_columns=2,
    )
    return [numbers] if numbers.rows else []


def _states(bills: Entries) -> list[Block]:
    numbers = table(
        _("How bills ended"),
        [one for one in bills.rows("outcomes") if one.whole("parts")],
        (_("State"), lambda one: named(STATES, one.text("outcome"))),
        (_("Parts"), "parts"),
        (_("Face, yuan"), "face_fen"),
    )
    return [Heading("bills-states", numbers.title), numbers] if numbers.rows else []


# --- figures --------------------------------------------------------------------------------------------------------


_ROW: Final = 21.0
_GAP: Final = 10.0


def _draw_cost(tiers: Sequence[str], rates: Sequence[Sequence[float]], splitting: bool) -> Figure:
    """Two bars a tier: the rate with and without splitting, first the way that the run has; one if only it was run."""
    names = [_("with splitting"), _("without")]
    if not splitting:
        names.reverse()
    return _pairs(tiers, names[: len(rates)], rates, [[formats.share(rate) for rate in each] for each in rates])


def _draw_losses(roles: Sequence[str], sums: Sequence[Sequence[float]]) -> Figure:
    """Two bars a group: held when not paid, and borne after recourse (fen)."""
    texts = [[formats.money(round(value)) for value in each] for each in sums]
    return _pairs(roles, [_("held when not paid"), _("borne after recourse")], sums, texts)


def _pairs(
    groups: Sequence[str], names: Sequence[str], values: Sequence[Sequence[float]], texts: Sequence[Sequence[str]]
) -> Figure:
    """Bars next to each other, one for each name, in groups below each other."""
    looks = [(PALE_BLUE, ""), (AMBER, "///")][: len(names)]
    keys = [Key(name, color, area=True, hatch=hatch) for name, (color, hatch) in zip(names, looks, strict=True)]
    high = _ROW * len(names) + _GAP
    board, used = Board.with_legend(keys, 12 + high * len(groups))
    left = widest(groups) + 12
    right = widest([text for each in texts for text in each], SMALL) + 14
    highest = max((value for each in values for value in each), default=0.0)
    for place, group in enumerate(groups):
        top = used + 8 + high * place
        rows = Rows(board, left, top, WIDTH - left - right, highest, row=_ROW)
        for line, (color, hatch) in enumerate(looks):
            bars = [0.0] * len(names)
            bars[line] = values[line][place]
            rows.bars(bars, color, hatch)
        rows.labels([each[place] for each in values], [each[place] for each in texts])
        rows.axis(len(names))
        board.words(left - 7, top + _ROW * len(names) / 2, group, ha="right", va="center")
    return board.finished()


CHAPTER: Final = Chapter(
    section,
    headline,
    {"bills": risks},
    titles={"bills": N_("Digital bills")},
)
