"""The chapter's part on complaints and the compensation fund."""

from __future__ import annotations

from reports.blocks import table
from reports.document import Block, Heading, Paragraph
from reports.reading import Entries
from reports.sections.context import Context
from sandbox.features.lifecycle.report.names import COMPLAINTS
from sandbox.features.lifecycle.report.view import length, pace
from sandbox.language import _, named


def complaints(context: Context) -> list[Block]:
    """How many complained, how long an answer took, and what the fund paid."""
    found, fund = context.section("complaints"), context.section("compensation")
    if not found and not fund:
        return []
    paid = _(
        "The applicants paid {paid_in} into the fund. Of {claimed} claimed it paid {paid} to {customers} customers; "
        "{unpaid} could not be paid, and {left} are left.",
        customers=fund.shown("customers"),
        **{name: fund.exact(f"{name}_fen") for name in ("paid_in", "claimed", "paid", "unpaid", "left")},
    )
    return [
        Heading("complaints", _("Complaints and compensation")),
        Paragraph(_filed(found, pace(context))),
        Paragraph(paid),
        *_reasons(found.section("by_reason"), fund.section("by_reason")),
    ]


def _filed(found: Entries, fast: float) -> str:
    if not found.whole("filed"):
        return _("Nobody complained.")
    reading = found.says("Customers filed {filed} complaints; {handled} were handled and {open} open at the end.")
    mean, longest = (found.instant(f"handling_us_{name}") for name in ("mean", "max"))
    if mean is None:
        return reading
    took = _(
        "From filing to the answer it took {mean} on average and {max} at most.",
        mean=length(mean, fast),
        max=length(longest, fast),
    )
    return f"{reading} {took}"


def _reasons(filed: Entries, paid: Entries) -> list[Block]:
    numbers = table(
        _("Complaints by reason"),
        [name for name in dict.fromkeys([*filed.content, *paid.content]) if filed.whole(name) or paid.whole(name)],
        (_("Reason"), lambda name: named(COMPLAINTS, name)),
        (_("Complaints"), filed.cell),
        (_("Compensated, yuan"), paid.cell),
    )
    return [numbers] if numbers.rows else []
