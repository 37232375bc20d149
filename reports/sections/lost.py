"""Payments lost to technical trouble, by the operator of the payer and of the payee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from reports import formats
from reports.document import Block, Paragraph, Table
from reports.lost import Lost
from reports.sections.context import Context
from sandbox.language import N_, _

if TYPE_CHECKING:
    import numpy.typing as npt

FAR_MORE: Final = 2
"""Operators whose payers lost so many times the share that all lost are named."""
_HEAD: Final = (
    N_("Operator"),
    N_("Offered by its payers"),
    N_("Lost"),
    N_("Share"),
    N_("Offered to its payees"),
    N_("Lost"),
    N_("Share"),
)


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
            "A closed station or a time-out hit the customers of all operators alike: they lost {low} to "
            "{high} of the payments that they wanted to make.",
            low=low,
            high=high,
        )
    part = found.lost[hit].sum(), found.offered[hit].sum(), found.lost[:, hit].sum(), found.offered[:, hit].sum()
    others = np.ix_(~hit, ~hit)
    return _(
        "A closed station or a time-out hit some operators' customers far more than others: "
        "{institutions}. They lost {paid} of the payments that they wanted to make and {received} of "
        "those that they were to receive; of the payments in which they had no part {rest} were lost.",
        institutions=formats.listed(name for name, one in zip(found.institutions, hit.tolist(), strict=True) if one),
        paid=_share(int(part[0]), int(part[1])),
        received=_share(int(part[2]), int(part[3])),
        rest=_share(int(found.lost[others].sum()), int(found.offered[others].sum())),
    )


def _share(lost: int, offered: int) -> str:
    return formats.share(lost / offered if offered else None)


def _table(found: Lost) -> Table:
    sides = [(found.offered.sum(axis=axis), found.lost.sum(axis=axis)) for axis in (1, 0)]
    most_first = np.argsort(-(sides[0][1] + sides[1][1]), kind="stable")
    rows = tuple(
        (
            found.institutions[place],
            *(
                cell
                for offered, gone in sides
                for cell in (
                    formats.count(int(offered[place])),
                    formats.count(int(gone[place])),
                    _share(int(gone[place]), int(offered[place])),
                )
            ),
        )
        for place in most_first
    )
    head = tuple(map(_, _HEAD))
    return Table(
        _("Payments lost to a closed station or a time-out, by operator"),
        head,
        rows,
        note=_("Each payment is counted under the payer's operator and again under the payee's."),
    )
