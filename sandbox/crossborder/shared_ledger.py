"""Settlement on one ledger that several central banks share: each leg in central-bank money, both legs together."""

from __future__ import annotations

from sandbox.control import Process
from sandbox.crossborder.abroad import Abroad, Way
from sandbox.crossborder.gates import Gatekeeper
from sandbox.crossborder.story import REFUSED, SETTLED, Story
from sandbox.market.corridors import in_currency


class Shared(Way):
    """The shared ledger."""

    name = "shared_ledger"

    def __init__(self, abroad: Abroad) -> None:
        self._abroad, self._terms = abroad, abroad.crossborder.shared_ledger
        self._gates = Gatekeeper(abroad)

    def start(self) -> None:
        """Give every bank what it holds in each currency."""
        abroad = self._abroad
        for currency in abroad.currencies:
            amount = in_currency(abroad.crossborder, currency, self._terms.liquidity)
            for bank in range(len(abroad.banks)):
                abroad.control.ledger.post(abroad.issuer(currency), abroad.account(self.name, currency, bank), amount)

    def pay(self, story: Story) -> Process:
        """Check on both sides, then settle."""
        abroad, control = self._abroad, self._abroad.control
        reason = (yield from self._gates.sender_side(story)) or (yield from self._gates.receiver_side(story))
        if reason is not None:
            story.end(REFUSED, control.now, reason)
            return
        abroad.control.ledger.post(
            abroad.account(self.name, story.payer_currency, story.payer_bank),
            abroad.account(self.name, story.payer_currency, story.payee_bank),
            story.amount,
        )
        story.credited = abroad.mids.convert(story.amount, story.payer_currency, story.payee_currency, control.now)
        story.settled_us = control.now
        story.end(SETTLED, control.now)
