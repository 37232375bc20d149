"""Privacy as a quantity: how many payments nobody can attribute, by viewer and as the threshold of anonymity moves.

A payment is attributed when a viewer sees who paid. Counted are settled payments by the payer's class and size; every
share below follows from those counts. Money is fen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sandbox.core.compiled import compiled
from sandbox.core.draws import Int64Array
from sandbox.core.layout import INFINITE, Outcome, code, ended, trait
from sandbox.core.ratio import share
from sandbox.features.supervision.schema.visibility import VIEWERS, Visibility, by_viewer
from sandbox.features.supervision.visibility import LINKED_FROM, NAMED_FROM, thresholds_of
from wallets.classes import CLASS_NAMES

AUTHORITIES = tuple(name for name in VIEWERS if name != "merchant")
"""Viewers who might attribute a payment to a person; a merchant never does for others."""


@compiled
def count_sizes(window: Int64Array, edges: Int64Array, counts: Int64Array, values: Int64Array) -> None:
    """Count settled payments by payer's class code and interval of size (interval k: below edge k)."""
    last = edges.shape[0]
    for i in range(window.shape[1]):
        codes = window[ended.CODES, i]
        if (codes & code.OUTCOME_MASK) == Outcome.SETTLED:
            number, amount, interval = (codes >> code.CLASS_SHIFT) & trait.CLASS_MASK, window[ended.AMOUNT, i], 0
            while interval < last and amount >= edges[interval]:
                interval += 1
            counts[number, interval] += 1
            values[number, interval] += amount


class Attribution:
    """Counts, and the shares that follow."""

    def __init__(self, visibility: Visibility, thresholds: Sequence[int]) -> None:
        self._thresholds = {viewer: thresholds_of(by_class) for viewer, by_class in by_viewer(visibility).items()}
        every = {int(one) for rows in self._thresholds.values() for one in rows.ravel()} | set(thresholds)
        self._edges = np.array(sorted(one for one in every if 0 < one < INFINITE), dtype=np.int64)
        shape = (len(CLASS_NAMES), len(self._edges) + 1)
        self._counts, self._values = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        self._lowest = np.concatenate([[0], self._edges])

    def take(self, window: Int64Array) -> None:
        """Count a window's settled payments."""
        count_sizes(window, self._edges, self._counts, self._values)

    def _unseen(self, viewers: Sequence[str], column: int, anonymous_below: int) -> Any:
        """By class and interval: whether none of the viewers sees as much as the threshold in `column` asks for."""
        unseen = np.ones(self._counts.shape, dtype=bool)
        for viewer in viewers:
            thresholds = self._thresholds[viewer][:, column].copy()
            people = thresholds[1:]
            people[:] = np.maximum(people, anonymous_below)
            unseen &= self._lowest[None, :] < thresholds[:, None]
        return unseen

    def share(
        self, viewers: Sequence[str], column: int = NAMED_FROM, anonymous_below: int = 0, *, of_value: bool = False
    ) -> float | None:
        """Share of settled payments, or of their value, whose payer none of the viewers can name (or, LINKED_FROM,
        tell from others)."""
        sums = self._values if of_value else self._counts
        return share(int(sums[self._unseen(viewers, column, anonymous_below)].sum()), int(sums.sum()))

    def point(self, anonymous_below: int) -> dict[str, Any]:
        """What nobody can attribute when payments of persons below this are anonymous to all."""
        return {
            "anonymous_below_fen": anonymous_below,
            "unattributable_share": self.share(AUTHORITIES, NAMED_FROM, anonymous_below),
            "unattributable_value_share": self.share(AUTHORITIES, NAMED_FROM, anonymous_below, of_value=True),
            "unlinkable_share": self.share(AUTHORITIES, LINKED_FROM, anonymous_below),
        }

    def by_viewer(self) -> list[Mapping[str, Any]]:
        """A row a viewer: of which payments it knows the payer's name, at least the pseudonym, or nothing."""
        rows: list[Mapping[str, Any]] = []
        for viewer in VIEWERS:
            unnamed, unlinked = self.share([viewer]), self.share([viewer], LINKED_FROM)
            if unnamed is not None and unlinked is not None:
                rows.append(
                    {"viewer": viewer, "named": 1 - unnamed, "pseudonym": unnamed - unlinked, "unseen": unlinked}
                )
        return rows
