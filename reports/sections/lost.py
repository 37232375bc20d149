"""Payments lost to technical trouble, by the operator of the payer and of the payee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from reports import formats
from reports.blocks import table
from reports.document import Block, Paragraph, Table
from reports.lost import Lost
from reports.sections.context import Context
from sandbox.language import _

if TYPE_CHECKING:
    import numpy.typing as npt

FAR_MORE: Final = 2
"""Operators whose payers lost so many times the share that all lost are named."""


def blocks(context: Context) -> list[Block]:
    """A sentence that says whether the trouble stayed with one operator's customers, and the table."""
    found = context.run.lost
    return [] if found is None else [Paragraph(reading(found)), _table(found)]


def headline(context: Context) -> str | None:
    """The sentence for the first screen, if some operators' customers lost far more than all."""
    found = context.run.lost
    return None if found is None or not _hit(found).any() else reading(found)


def _hit(found: Lost) -> npt.NDArray[np.bool_]:
    """Operators whose payers lost far more often than all."""
    paid = found.lost.sum(axis=1) / np.maximum(found.offered.sum(axis=1), 1)
    return np.asarray(paid >= FAR_MORE * found.lost.sum() / found.offered.sum())


def reading(found: Lost) -> str:
    """Whose payments were lost far more often than all, and how many of those in which they had no part."""
    hit = _hit(found)
    if not hit.any():
        paid = found.lost.sum(axis=1) / np.maximum(found.offered.sum(axis=1), 1)
        low, high = (formats.share(float(share)) for share in (paid.min(), paid.max()))
        return _(
            "A closed station or a time-out hit the customers of all operators alike: they lost {low} to {high} of the "
            "payments that they wanted to make.",
            low=low,
            high=high,
        )
    part = found.lost[hit].sum(), found.offered[hit].sum(), found.lost[:, hit].sum(), found.offered[:, hit].sum()
    others = np.ix_(~hit, ~hit)
    return _(
        "A closed station or a time-out hit some operators' customers far more than others: {institutions}. They lost "
        "{paid} of the payments that they wanted to make and {received} of those that they were to receive; of the "
        "payments in which they had no part {rest} were lost.",
        institutions=formats.listed(name for name, one in zip(found.institutions, hit.tolist(), strict=True) if one),
        paid=_share(int(part[0]), int(part[1])),
        received=_share(int(part[2]), int(part[3])),
        rest=_share(int(found.lost[others].sum()), int(found.offered[others].sum())),
    )


def _share(lost: int, offered: int) -> str:
    return formats.share(lost / offered if offered else None)


def _table(found: Lost) -> Table:
    paid, received = ((found.offered.sum(axis=axis).tolist(), found.lost.sum(axis=axis).tolist()) for axis in (1, 0))
    order = np.argsort(-(found.lost.sum(axis=1) + found.lost.sum(axis=0)), kind="stable")
    return table(
        _("Payments lost to a closed station or a time-out, by operator"),
        order.tolist(),
        (_("Operator"), lambda place: found.institutions[place]),
        (_("Offered by its payers"), lambda place: formats.count(paid[0][place])),
        (_("Lost"), lambda place: formats.count(paid[1][place])),
        (_("Share"), lambda place: _share(paid[1][place], paid[0][place])),
        (_("Offered to its payees"), lambda place: formats.count(received[0][place])),
        (_("Lost"), lambda place: formats.count(received[1][place])),
        (_("Share"), lambda place: _share(received[1][place], received[0][place])),
        note=_("Each payment is counted under the payer's operator and again under the payee's."),
    )
