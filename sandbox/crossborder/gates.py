"""Gates that a payment has to pass on its way across a border. Each way has gates of its own, with a memory of its own.

A person's annual quota binds on either side: what somebody sends, and what somebody receives, in a year.
"""

from __future__ import annotations

from collections import Counter

from sandbox.crossborder.abroad import Abroad, Steps
from sandbox.crossborder.story import Story
from sandbox.scenario.schema.crossborder_gates import Gates
from sandbox.scenario.units import US_PER_DAY


class Gatekeeper:
    """The gates of one way."""

    def __init__(self, abroad: Abroad) -> None:
        self._abroad = abroad
        self._gates: Gates = abroad.crossborder.gates
        self._used: Counter[tuple[str, int, int]] = Counter()
        """US cents by side (`sent`, `received`), customer and year."""

    def sender_side(self, story: Story) -> Steps:
        """What the payer's bank checks before it sends: None, or the reason why it refuses."""
        return self._quota(story, "sent", story.payer)
        yield

    def receiver_side(self, story: Story) -> Steps:
        """What the payee's bank checks before it credits: None, or the reason why it sends the money back."""
        return self._quota(story, "received", story.payee)
        yield

    def release(self, story: Story) -> None:
        """A payment that had passed did not settle: it uses up no quota."""
        if story.individuals:
            self._used["sent", story.payer, self._year()] -= story.value_usd_cents

    def _quota(self, story: Story, side: str, who: int) -> str | None:
        if not story.individuals:
            return None
        place = side, who, self._year()
        if self._used[place] + story.value_usd_cents > self._gates.annual_quota:
            return "annual_quota"
        self._used[place] += story.value_usd_cents
        return None

    def _year(self) -> int:
        start = self._abroad.control.world.scenario.start
        return start.year + (self._abroad.control.now // US_PER_DAY + start.timetuple().tm_yday - 1) // 365
