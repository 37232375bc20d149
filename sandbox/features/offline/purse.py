"""What the operator's register knows about one purse."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from sandbox.features.offline.records import Certificate, Payment
from sandbox.features.offline.rows import Row


@dataclass
class Purse:
    """What the register knows about one purse (accounts, fen, us)."""

    name: str
    account: int
    """The wallet behind it."""
    escrow: int
    operator: int
    """Account of the operator behind it."""
    terminal: bool = False
    """Only takes payments, and is paid out at once."""
    certificate: Certificate | None = None
    synced_us: int = 0
    lots: deque[tuple[int, int]] = field(default_factory=deque)
    """Pending and amount, in the order in which they came."""
    worth_fen: int = 0
    seen: dict[int, Payment] = field(default_factory=dict)
    """What it paid, by counter."""
    short: list[Row] = field(default_factory=list)
    """Payments to it of which something was lost, as long as that is its own loss."""
    owes: list[Row] = field(default_factory=list)
    """Payments of which something was lost because this purse spent more than it was worth."""
    revoked_us: int | None = None
    reported_us: int | None = None
    """When its owner last reported it as lost."""
    lifted_us: int | None = None
    """When it was last handed in and synced."""
    claim_fen: int = 0
    """Of what is spent after the report, so much is made good."""
    closed: bool = False
    """Its time is over and what it was worth went back."""

    def is_stopped(self, known_us: int) -> bool:
        """Whether the list of stopped purses of that time names it."""
        if self.revoked_us is not None and self.revoked_us <= known_us:
            return True
        reported, lifted = self.reported_us, self.lifted_us
        if reported is None or reported > known_us:
            return False
        return lifted is None or not reported <= lifted <= known_us
