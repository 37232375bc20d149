"""Counts of ended payments, kept as they end, so that a run's numbers need no table.

Latency quantiles come from a histogram whose buckets are at most 1/1024 wide relative to their value (after Gil Tene's
HdrHistogram), so a quantile is right within 0.1 %.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from sandbox.core.compiled import compiled, inlined
from sandbox.core.draws import Int64Array
from sandbox.core.layout import Outcome, code, ended, trait

SUB: Final = 1024
BUCKETS: Final = SUB * 46
SOURCES: Final = 64
CLASSES: Final = 5

T_SECOND: Final = 0
T_SECOND_COUNT: Final = 1
T_PEAK: Final = 2
T_ATTEMPTS: Final = 3
T_RETRIED: Final = 4
T_INSIDE: Final = 5
T_INSIDE_FEN: Final = 6
T_STAGES: Final = 7
"""Sums over settled payments of the three waits, then of the three services."""
T_LATENCY_MAX: Final = 13
T_ENDED: Final = 14
TALLY_SCALARS: Final = 16


class Tally(NamedTuple):
    """Counters: by (source, outcome, class) payments and value; latencies of settled payments; by institution settled
    value out and in; packet spent by source; merchants (columns) paid by source (rows)."""

    counts: Int64Array
    values: Int64Array
    histogram: Int64Array
    institutions: Int64Array
    packets: Int64Array
    paid: Int64Array
    scalars: Int64Array


def new_tally(institutions: int, campaigns: int, merchants: int) -> Tally:
    """Empty counters; `paid` only for campaigns."""
    return Tally(
        counts=np.zeros((SOURCES, len(Outcome), CLASSES), dtype=np.int64),
        values=np.zeros((SOURCES, len(Outcome), CLASSES), dtype=np.int64),
        histogram=np.zeros(BUCKETS, dtype=np.int64),
        institutions=np.zeros((institutions, 2), dtype=np.int64),
        packets=np.zeros(SOURCES, dtype=np.int64),
        paid=np.zeros((2 * campaigns, merchants if campaigns else 0), dtype=np.int64),
        scalars=np.zeros(TALLY_SCALARS, dtype=np.int64),
    )


@inlined
def bucket(value: int) -> int:
    """The histogram's bucket of a value in 0..2**55."""
    if value < SUB:
        return value
    shift: Any = (np.float64(value).view(np.int64) >> 52) - 1033
    return SUB * (shift + 1) + (value >> shift) - SUB


def bucket_middle(number: int) -> int:
    """The value in the middle of a bucket.

    >>> bucket_middle(7), bucket_middle(1024), bucket_middle(2048)
    (7, 1024, 2049)
    """
    if number < SUB:
        return number
    shift = number // SUB - 1
    low = (number % SUB + SUB) << shift
    return low + ((1 << shift) - (1 << shift) // 2 if shift else 0)


@compiled
def add(tally: Tally, out: Int64Array, first: int, last: int, first_merchant: int) -> None:
    """Count the ended payments `first` to `last - 1`."""
    counts, values, scalars = tally.counts, tally.values, tally.scalars
    for i in range(first, last):
        codes, ended_at, amount = out[ended.CODES, i], out[ended.ENDED_AT, i], out[ended.AMOUNT, i]
        outcome = codes & code.OUTCOME_MASK
        klass = (codes >> code.CLASS_SHIFT) & trait.CLASS_MASK
        source = out[ended.TAG, i] & (SOURCES - 1)
        attempt = (codes >> code.ATTEMPT_SHIFT) & code.ATTEMPT_MASK
        counts[source, outcome, klass] += 1
        values[source, outcome, klass] += amount
        scalars[T_ENDED] += 1
        scalars[T_ATTEMPTS] += attempt
        if attempt > 1:
            scalars[T_RETRIED] += 1
        inside = (codes >> code.IN_BOX_SHIFT) & 1
        scalars[T_INSIDE] += inside
        if outcome != Outcome.SETTLED:
            continue
        scalars[T_INSIDE_FEN] += inside * amount
        latency = ended_at - out[ended.SUBMITTED_AT, i]
        tally.histogram[bucket(latency)] += 1
        scalars[T_LATENCY_MAX] = max(scalars[T_LATENCY_MAX], latency)
        second = ended_at // 1_000_000
        if second != scalars[T_SECOND]:
            scalars[T_SECOND] = second
            scalars[T_SECOND_COUNT] = 0
        scalars[T_SECOND_COUNT] += 1
        scalars[T_PEAK] = max(scalars[T_PEAK], scalars[T_SECOND_COUNT])
        tally.institutions[(codes >> code.PAYER_INSTITUTION_SHIFT) & trait.INSTITUTION_MASK, 0] += amount
        tally.institutions[(codes >> code.PAYEE_INSTITUTION_SHIFT) & trait.INSTITUTION_MASK, 1] += amount
        tally.packets[source] += out[ended.PACKET, i]
        if source < tally.paid.shape[0]:
            tally.paid[source, out[ended.PAYEE, i] - first_merchant] += 1
        for stage in range(3):
            scalars[T_STAGES + stage] += out[ended.WAITS + stage, i]
            scalars[T_STAGES + 3 + stage] += out[ended.SERVICES + stage, i]


def quantile_of(tally: Tally, share: float) -> int | None:
    """Latency (us) below which this share of settled payments lies; None if none settled."""
    total = int(tally.histogram.sum())
    if total == 0:
        return None
    rank = max(1, int(np.ceil(share * total)))
    number = int(np.searchsorted(np.cumsum(tally.histogram), rank))
    return min(bucket_middle(number), int(tally.scalars[T_LATENCY_MAX]))
