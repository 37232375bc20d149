"""What is at risk in digital bills and at a data exchange."""

from __future__ import annotations

from collections.abc import Callable

from reports import formats
from reports.document import Finding
from reports.sections.context import Context
from reports.text import say

Find = Callable[..., list[Finding]]
"""As `reports.sections.risk` makes one finding."""


def bills(context: Context, finding: Find) -> list[Finding]:
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
        *finding("bil.unpaid", unpaid, formats.share(unpaid), "bills_unpaid"),
        *finding("bil.lost", lost, formats.share(lost), None, money=money),
        *finding("bil.hhi", hhi, formats.decimal(hhi), "hhi", **words),
        *(none if infected == 0 else finding("bil.infected", infected, formats.count(infected), None, money=taken)),
    ]


def data_exchange(context: Context, finding: Find) -> list[Finding]:
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
        *finding("dat.returned", returned, formats.share(returned), "data_returned",
                 ended=formats.count(context.whole(f"{base}.ended"))),
        *finding("dat.disputed", disputed, formats.share(disputed), None),
        *finding("dat.open", held, formats.money(held), None),
        *finding("dat.hhi", hhi, formats.decimal(hhi), "hhi", **words),
        *finding("dat.anchored", waiting, formats.count(waiting), None),
    ]  # fmt: skip
