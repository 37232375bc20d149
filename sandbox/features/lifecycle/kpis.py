"""What reviews measure: a listener that counts payments inside the box, by applicant.

A payment belongs to the applicant whose customer paid. Failed is what got no answer (`unavailable`, `timed_out`);
refusals by a rule are the rules at work. A fraud loss is a settled payment by which somebody loses money.
"""

from __future__ import annotations

import numpy as np

from sandbox.control import Control
from sandbox.core.draws import Int64Array
from sandbox.core.layout import Outcome, account, code, ended, station, tags, trait
from sandbox.features.lifecycle.reviews import Measured

# Rows of the losses that a listener keeps.
LOSS_ID, LOSS_KEY, LOSS_WHOSE, LOSS_AMOUNT, LOSS_FRAUD, LOSS_APPLICANT = range(6)


class Meter:
    """Counts since each applicant's last review, and over the whole run."""

    def __init__(self, control: Control, institutions: list[int]) -> None:
        world = control.world
        self._control = control
        self._number = np.full(len(world.institution_names), -1, dtype=np.int64)
        self._number[institutions] = np.arange(len(institutions))
        count = len(institutions)
        self._now = [_Counts() for _ in range(count)]
        self.complaints = [0] * count
        """Filed since the last review; whoever takes them in counts them here."""
        self.exposure_fen = [0] * count
        """Settled inside the box in all."""
        self._losses: list[Int64Array] = []
        operators = [int(world.stations[number, station.FUNDING_STATION]) for number in institutions]
        self._holdings = [int(world.stations[number, station.FUNDING_ACCOUNT]) for number in institutions]
        self._targets = [int(world.targets[operator]) for operator in operators]

    def __call__(self, window: Int64Array) -> None:
        """Take ended payments."""
        codes = window[ended.CODES]
        inside = np.flatnonzero((codes >> code.IN_BOX_SHIFT) & 1)
        if inside.size == 0:
            return
        kept = window[:, inside]
        codes = kept[ended.CODES]
        number = self._number[(codes >> code.PAYER_INSTITUTION_SHIFT) & trait.INSTITUTION_MASK]
        outcomes = codes & code.OUTCOME_MASK
        settled, failed = outcomes == Outcome.SETTLED, outcomes >= Outcome.UNAVAILABLE
        fraud = settled & (kept[ended.TAG] & tags.LOSS != 0)
        for one, counts in enumerate(self._now):
            mine = number == one
            if mine.any():
                paid = mine & settled
                counts.payments += int(mine.sum())
                counts.settled += int(paid.sum())
                counts.failed += int((mine & failed).sum())
                settled_fen = int(kept[ended.AMOUNT][paid].sum())
                counts.settled_fen += settled_fen
                counts.fraud_fen += int(kept[ended.AMOUNT][mine & fraud].sum())
                counts.latencies.append((kept[ended.ENDED_AT] - kept[ended.SUBMITTED_AT])[paid])
                self.exposure_fen[one] += settled_fen
        lost = np.flatnonzero((failed | fraud) & (number >= 0))
        if lost.size:
            columns = [kept[row][lost] for row in (ended.ID, ended.KEY, ended.PAYER, ended.AMOUNT)]
            victims = self._control.victims
            columns[2] = np.array([victims.get(int(key), int(who)) for key, who in zip(*columns[1:3], strict=True)])
            self._losses.append(np.stack([*columns, fraud[lost], number[lost]]))

    def bin_ends(self, _began_us: int) -> None:
        """Note the lowest share of its target that each applicant's operator holds."""
        for counts, share in zip(self._now, map(self._liquidity, range(len(self._now))), strict=True):
            if share is not None:
                counts.liquidity = share if counts.liquidity is None else min(counts.liquidity, share)

    def _liquidity(self, number: int) -> float | None:
        target = self._targets[number]
        return int(self._control.accounts[self._holdings[number], account.BALANCE]) / target if target else None

    def take_losses(self) -> Int64Array:
        """Losses of customers since the last call (rows LOSS_...), in order of their end."""
        losses = np.concatenate(self._losses, axis=1) if self._losses else np.zeros((6, 0), dtype=np.int64)
        self._losses = []
        return losses

    def measured(self, number: int, reports_on_time: float | None) -> Measured:
        """What was measured since the last review of this applicant."""
        counts, liquidity = self._now[number], self._liquidity(number)
        known = [share for share in (counts.liquidity, liquidity) if share is not None]
        return Measured(
            counts.payments, counts.settled, counts.failed, counts.settled_fen, counts.p99_us(),
            self.complaints[number], counts.fraud_fen, reports_on_time, min(known) if known else None,
        )  # fmt: skip

    def reset(self, number: int) -> None:
        """A review is over."""
        self._now[number] = _Counts()
        self.complaints[number] = 0


class _Counts:
    """Counts of one applicant since its last review."""

    def __init__(self) -> None:
        self.payments = self.settled = self.failed = self.settled_fen = self.fraud_fen = 0
        self.liquidity: float | None = None
        self.latencies: list[Int64Array] = []

    def p99_us(self) -> int | None:
        """The time within which 99 % of what settled did (nearest rank)."""
        values = np.concatenate(self.latencies) if self.latencies else np.zeros(0, dtype=np.int64)
        if values.size == 0:
            return None
        rank = -(-values.size * 99 // 100) - 1
        return int(np.partition(values, rank)[rank])
