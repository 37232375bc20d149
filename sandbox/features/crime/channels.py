"""The honest payments among which crime hides: by segment, who pays whom, how much and when.

What criminals do is drawn as honest people's payments are, so that no single column gives them away. Where a pattern
cannot follow its segment throughout (money that passes on needs payees who pay), half of its amounts are drawn as of
any payment and half as of its segment's, and half of its people as payers are and half as payees are. Against either
kind of honest payment the area under the curve is then at most 1/2 x 1/2 + 1/2 x 1 = 0.75, whatever the scenario.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandbox.core.clock import UNIT, cumulative_intensity
from sandbox.core.draws import Int64Array, activity_table
from sandbox.core.ledger import Block
from sandbox.features.crime.schema import Cover, fits
from sandbox.market.campaigns import CampaignPlan
from sandbox.market.population import popularity
from sandbox.market.random_stream import RandomStream
from sandbox.market.sources import ticket_table
from sandbox.scenario.schema import Scenario

PRECISION = 2**40


@dataclass(frozen=True)
class Channel:
    """One segment as crime sees it."""

    source: int
    kind: str
    payer: str
    payee: str
    tickets: Int64Array
    cumulative: Int64Array

    @property
    def payments(self) -> int:
        """How many are expected, in units of `UNIT`."""
        return int(self.cumulative[-1])


class Channels:
    """All segments, and the people they choose from.

    Args:
        sources: the number of each segment's source of demand, by name.
    """

    def __init__(
        self, scenario: Scenario, blocks: dict[str, Block], sources: dict[str, int], campaigns: list[CampaignPlan]
    ) -> None:
        self.blocks, self.campaigns = blocks, campaigns
        self.duration_us = scenario.duration
        self.segments = [
            Channel(
                sources[name], one.kind, one.payer, one.payee, ticket_table(one.ticket),
                cumulative_intensity(
                    scenario.start, scenario.duration, one.payments * scenario.scale, one.profile,
                    scenario.demand.festivals,
                ),
            )
            for name, one in scenario.demand.segments.items()
        ]  # fmt: skip
        self._activity = activity_table(scenario.population.activity_sigma)
        weights = popularity(scenario, blocks["merchant"].count)
        self._popularity = np.cumsum(np.maximum(np.rint(weights / weights[0] * PRECISION), 1.0)).astype(np.int64)

    @property
    def payments(self) -> float:
        """Honest payments expected in the run."""
        planned = sum(int(one.payments.planned.shape[1]) for one in self.campaigns)
        return sum(one.payments for one in self.segments) / UNIT + planned

    def channel(self, draws: RandomStream, cover: Cover = "any") -> Channel:
        """A segment that offers such cover, in proportion to its payments."""
        fitting = [one for one in self.segments if fits(one.payer, one.payee, cover)]
        edges = np.cumsum([max(1, one.payments >> 20) for one in fitting])
        return fitting[draws.by_weight(edges)]

    def payer(self, draws: RandomStream, kind: str) -> int:
        """An account that pays, as segments draw one."""
        block = self.blocks[kind]
        position = draws.of(self._activity) if kind == "personal" else draws.below(2**30) << 2
        return block.first + ((position * block.count) >> 32)

    def payee(self, draws: RandomStream, kind: str) -> int:
        """An account that is paid, as segments draw one."""
        block = self.blocks[kind]
        number = draws.by_weight(self._popularity) if kind == "merchant" else draws.below(block.count)
        return block.first + number

    def merchant(self, draws: RandomStream, among: Int64Array) -> int:
        """A merchant, by popularity, of those for which `among` is 1."""
        weights = np.diff(self._popularity, prepend=0) * among
        return self.blocks["merchant"].first + draws.by_weight(np.cumsum(weights))

    def both(self, draws: RandomStream, kind: str) -> int:
        """An account that is paid and pays: half of them drawn as payers, half as payees."""
        return self.payer(draws, kind) if draws.below(2) else self.payee(draws, kind)

    def amount_fen(self, draws: RandomStream, channel: Channel, of_any: bool) -> int:
        """A payment's size: of this segment, or with `of_any` half of the time of any."""
        if of_any and draws.below(2):
            channel = self.channel(draws)
        return max(1, draws.of(channel.tickets))
