"""Settlement through a chain of correspondents: banks that hold accounts for one another (the baseline)."""

from __future__ import annotations

from sandbox.control import Process
from sandbox.crossborder.abroad import Abroad, Way
from sandbox.crossborder.gates import Gatekeeper
from sandbox.crossborder.story import REFUSED, SETTLED, Story


class Chain(Way):
    """The chain of correspondents."""

    name = "correspondent"

    def __init__(self, abroad: Abroad) -> None:
        self._abroad, self._terms = abroad, abroad.crossborder.correspondent
        self._gates = Gatekeeper(abroad, self.name)

    def pay(self, story: Story) -> Process:
        """Check, send, credit."""
        abroad, control = self._abroad, self._abroad.control
        reason = yield from self._gates.sender_side(story)
        if reason is not None:
            story.end(REFUSED, control.now, reason)
            return
        closed = abroad.hours[story.receiver].next_open(control.now) - control.now
        yield control.env.timeout(closed)
        story.closed_us += closed
        story.credited = abroad.mids.convert(story.amount, story.payer_currency, story.payee_currency, control.now)
        story.settled_us = control.now
        story.end(SETTLED, control.now)
