"""Liquidity of a ledger shared across borders in the report: what was used, who waited, when nothing moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from reports import formats
from reports.blocks import chart, table
from reports.document import Block, Heading, Paragraph
from reports.reading import Entries, share_of
from reports.sections.context import Context
from sandbox.features.crossborder.report import figures
from sandbox.features.crossborder.report.view import Arrangement, even_steps, most_within
from sandbox.language import N_, _

_TABLE_ROWS = 40

_LEFT: Final = {
    "withdrawn": N_(
        "A payment left the queue without it, because a quote had expired or time was up, {count} times; it then asked "
        "for another quote, or was refused."
    ),
    "together": N_("Settled only because they were offset against others: {count}."),
    "gridlocks": N_("Gridlocks, where none could settle alone and some could together: {count}, in all for {time}."),
}


def blocks(context: Context, arrangements: Sequence[Arrangement]) -> list[Block]:
    """What was held against what was turned over, and on the shared ledger who waited; or nothing."""
    told = _in_all(arrangements)
    for arrangement in arrangements:
        if arrangement.numbers.section("queue"):
            short = [Paragraph(text) for text in [short_of(arrangement)] if text]
            told += [Paragraph(_told(arrangement)), *short, *_used(arrangement), *_waiting(context, arrangement)]
    return [Heading("crossborder-liquidity", _("Liquidity, queues and gridlock")), *told] if told else []


def short_of(arrangement: Arrangement) -> str:
    """What was refused for lack of liquidity, and why that was although most of it was not used; or nothing."""
    numbers = arrangement.numbers
    if not numbers.whole("reasons.no_liquidity") or numbers.number("used_share") is None:
        return ""
    return numbers.says(
        "For lack of liquidity the {arrangement} refused {reasons.no_liquidity} payments worth "
        "{reasons_usd_cents.no_liquidity}, while {used_share} of all that banks held was used. What one bank holds in "
        "one currency does not help another: {larger_than_held} of these payments, worth {larger_than_held_usd_cents}, "
        "were larger than all that the payer's bank held; for the others the bank or the dealer had not enough left.",
        arrangement=arrangement.title,
    )


_SUMS: Final = {
    "correspondent": ("opening_usd_cents", "topped_up_usd_cents", "used_usd_cents", "turnover_usd_cents"),
    "shared_ledger": ("held_usd_cents", "funded_usd_cents", "used_usd_cents", "turnover_usd_cents"),
}
"""What was held, added later, used at the most and turned over."""


def _in_all(arrangements: Sequence[Arrangement]) -> list[Block]:
    """Both arrangements in dollars: held, added later, used at the most, turned over."""
    numbers = table(
        _("Liquidity against turnover, in US dollars"),
        [row for one in arrangements if (row := _sums(one))],
        (_("Arrangement"), lambda row: row[0].title),
        (_("Held at the start"), lambda row: formats.dollars(row[1])),
        (_("Added later"), lambda row: formats.dollars(row[2])),
        (_("Used at the most"), lambda row: formats.dollars(row[3])),
        (_("Turnover"), lambda row: formats.dollars(row[4])),
        (_("Used of turnover"), lambda row: formats.share(share_of(row[3], row[4]))),
        (_("Waited for it"), lambda row: formats.count(row[5])),
        note=_(
            "At the mid rates of the start. Held: by all banks on the shared ledger, by all banks and intermediaries "
            "in nostro accounts on the chain. Added later: issued by central banks there, bought to top accounts up "
            "here. Used at the most: the sum over accounts of the peak net debit position, what went out beyond what "
            "came in. Turnover counts every leg, so a payment over two intermediaries counts three times."
        ),
    )
    return [numbers] if numbers.rows else []


def _sums(arrangement: Arrangement) -> tuple[Arrangement | int | None, ...]:
    """An arrangement, what it held, added, used, turned over (US cents), how many payments waited; or nothing."""
    chain, used = arrangement.numbers.section("chain"), arrangement.numbers.rows("liquidity")
    if chain:
        return arrangement, *(chain.whole(name) for name in _SUMS["correspondent"]), chain.amount("waited_for_cover")
    if used:
        # Some waited for liquidity until they were refused.
        waited = arrangement.numbers.amount("queued") + arrangement.numbers.amount("reasons.no_liquidity")
        return arrangement, *(sum(one.amount(name) for one in used) for name in _SUMS["shared_ledger"]), waited
    return ()


def _key(arrangement: Arrangement, what: str) -> str:
    return f"{arrangement.name}-{what}".replace("_", "-")


def _told(arrangement: Arrangement) -> str:
    queue, numbers = arrangement.numbers.section("queue"), arrangement.numbers
    words = {"arrangement": arrangement.title, "most": formats.count(queue.amount("longest"))}
    if numbers.whole("queued"):
        told = [
            numbers.says(
                "{queued} payments over the {arrangement} waited for liquidity and got it, {queued_us_max} at the "
                "longest; over all that were credited the wait was {queued_us_mean} on average. At the most {most} "
                "waited at once.",
                **words,
            )
        ]
    elif queue.whole("longest"):
        told = [
            _(
                "No payment over the {arrangement} that waited for liquidity got it; at the most {most} waited at "
                "once.",
                **words,
            )
        ]
    else:
        told = [_("No payment over the {arrangement} waited for liquidity.", **words)]
    for what, message in _LEFT.items():
        if queue.whole(what):
            told.append(_(message, count=queue.shown(what), time=queue.shown("gridlock_us")))
    return " ".join(told)


def _used(arrangement: Arrangement) -> list[Block]:
    moved = [one for one in arrangement.numbers.rows("liquidity") if one.whole("turnover_fen")]
    if not moved:
        return []
    shares = [one.number("used_of_turnover") or 0.0 for one in moved]
    numbers = table(
        _("Liquidity used, as a share of turnover"),
        moved,
        (_("Currency"), "currency"),
        (_("Used at the most"), "used_usd_cents"),
        (_("Turnover"), "turnover_usd_cents"),
        (_("Used of turnover"), "used_of_turnover"),
        (_("Used of what was held"), "used_share"),
        (_("Issued later, of what was held"), _issued),
    )
    items = (_("{currency} {share}", currency=row[0], share=row[3]) for row in numbers.rows)
    return chart(
        _key(arrangement, "liquidity-used"),
        "",
        numbers,
        lambda: figures.used([one.text("currency") for one in moved], shares),
        shows=_(
            "What banks had to bring to settle a currency's payments: the sum of the banks' peak net debit positions, "
            "over what was paid. The less it is, the more was paid out of what had come in."
        ),
        hides=_("What banks held beyond that; the table says so. Banks that always had more than they needed."),
        alt=_("A bar a currency: {list}.", list=formats.series(items)),
    )


def _issued(one: Entries) -> str:
    return formats.share(one.amount("funded_fen") / max(1, one.amount("held_fen")))


def _waiting(context: Context, arrangement: Arrangement) -> list[Block]:
    queue = arrangement.numbers.section("queue")
    steps = [(int(at), int(groups)) for at, groups in queue.get("steps") or ()]
    if not any(groups for __, groups in steps):
        return []
    end = max(steps[-1][0], context.section("scenario").amount("duration_us"))
    times = np.array([0, *(at for at, __ in steps), end], dtype=np.int64)
    groups = np.array([0, *(one for __, one in steps)], dtype=np.int64)
    edges = even_steps(end, _TABLE_ROWS)
    numbers = table(
        _("Payments that waited for liquidity over time"),
        zip(edges[:-1], most_within(times[1:-1], groups[1:], edges), strict=True),
        (_("From"), lambda row: formats.moment(context.start, int(row[0]))),
        (_("Waiting, at the most"), lambda row: formats.count(row[1])),
        folded=True,
    )
    return chart(
        _key(arrangement, "queue"),
        "",
        numbers,
        lambda: figures.waiting(times, groups, context.overlay.without_marks),
        shows=_("How many payments waited for money at a time."),
        hides=_("How large they were, in which currency, and which bank lacked cover."),
        alt=_("Steps over time; the highest is {most}.", most=formats.count(queue.amount("longest"))),
    )
