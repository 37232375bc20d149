"""The people whom data is about: who they are, and what each gets of the pool.

A product is about some owners of wallets, drawn once. At every pay-out each gets of what has come for them in
proportion to how much the data about him was used since the last: whole fen, all of it (largest remainders).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sandbox.core.draws import Int64Array, lognormal_table, sample, stream
from sandbox.core.moves import in_proportion
from sandbox.features.data_exchange.anchors import PayOutShares
from sandbox.features.data_exchange.schema import SOME_PEOPLE, DataExchange
from sandbox.market.population import chosen
from sandbox.world import World

USE: Final = 1_000
"""Median use of the data about one person from one pay-out to the next; only proportions matter."""


class People:
    """Whose data it is, by product; and every share that was paid."""

    def __init__(self, world: World, exchange: DataExchange) -> None:
        self._seed, self._sigma = world.seed, exchange.use_sigma
        self.of: dict[str, Int64Array] = {
            name: np.sort(
                chosen(world.seed, f"data/{name}/people", world.blocks["personal"], one.people or SOME_PEOPLE)
            )
            for name, one in exchange.products.items()
            if one.personal
        }
        self.paid: list[PayOutShares] = []

    def share_out(self, product: str, amount_fen: int) -> PayOutShares:
        """Whose share of a sum is what, by the draws of the next pay-out."""
        accounts = self.of[product]
        used = np.empty(accounts.size, dtype=np.int64)
        sample(
            lognormal_table(USE, self._sigma, 1.0), stream(self._seed, "data exchange", "use", len(self.paid)), 0, used
        )
        found = PayOutShares(accounts, used, in_proportion(amount_fen, used))
        self.paid.append(found)
        return found
