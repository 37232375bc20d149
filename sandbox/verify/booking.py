"""Payments booked again: what they took from each account and brought to it, and the counts of the summary.

A settled payment moves its amount from payer to payee; the part out of a red packet comes from an escrow instead, a
top-up from the account that funds the payer's institution, and what is redeemed goes on to that of the payee's
(clearing rules, section 4).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sandbox.core.compiled import compiled
from sandbox.core.draws import Int64Array
from sandbox.core.layout import (
    C_CLASS_SHIFT,
    C_OUTCOME_MASK,
    C_PAYEE_INSTITUTION_SHIFT,
    C_PAYER_INSTITUTION_SHIFT,
    CLASS_MASK,
    INSTITUTION_MASK,
    O_AMOUNT,
    O_CODES,
    O_PACKET,
    O_PAYEE,
    O_PAYER,
    O_REDEEMED,
    O_TAG,
    O_TOP_UP,
    OUTCOME_COUNT,
    SETTLED,
    TAG_KIND_SHIFT,
)  # fmt: skip

_SOURCES = 1 << TAG_KIND_SHIFT


class Books(NamedTuple):
    """Sums of booked payments (fen) and counts."""

    debits: Int64Array
    credits: Int64Array
    made: Int64Array
    """Payments settled, by payer."""
    counts: Int64Array
    """By source, outcome and payer's class."""
    values: Int64Array
    packets: Int64Array
    """One number: paid out of red packets."""
    funding: Int64Array
    """The account behind each institution's top-ups, by the institution's code; -1 for one that has none."""


def new_books(accounts: int, funding: Int64Array) -> Books:
    """Nothing booked yet."""

    def zeros(*shape: int) -> Int64Array:
        return np.zeros(shape, dtype=np.int64)

    by_kind = (_SOURCES, OUTCOME_COUNT, CLASS_MASK + 1)
    return Books(zeros(accounts), zeros(accounts), zeros(accounts), zeros(*by_kind), zeros(*by_kind), zeros(1), funding)


@compiled
def book(
    out: Int64Array, count: int, debits: Int64Array, credits: Int64Array, made: Int64Array, counts: Int64Array,
    values: Int64Array, packets: Int64Array, funding: Int64Array,
) -> int:  # fmt: skip
    """Book the first `count` payments of (OUT_COLUMNS, number).

    Returns the first row whose institution has nobody to fund what it moved, at which it stops; -1 if there is none.
    """
    for i in range(count):
        codes, amount = out[O_CODES, i], out[O_AMOUNT, i]
        source, outcome = out[O_TAG, i] & (_SOURCES - 1), codes & C_OUTCOME_MASK
        klass = (codes >> C_CLASS_SHIFT) & CLASS_MASK
        counts[source, outcome, klass] += 1
        values[source, outcome, klass] += amount
        if outcome != SETTLED:
            continue
        payer, payee, packet = out[O_PAYER, i], out[O_PAYEE, i], out[O_PACKET, i]
        made[payer] += 1
        debits[payer] += amount - packet
        credits[payee] += amount
        packets[0] += packet
        top_up, redeemed = out[O_TOP_UP, i], out[O_REDEEMED, i]
        if top_up > 0:
            behind = funding[(codes >> C_PAYER_INSTITUTION_SHIFT) & INSTITUTION_MASK]
            if behind < 0:
                return i
            debits[behind] += top_up
            credits[payer] += top_up
        if redeemed > 0:
            behind = funding[(codes >> C_PAYEE_INSTITUTION_SHIFT) & INSTITUTION_MASK]
            if behind < 0:
                return i
            debits[payee] += redeemed
            credits[behind] += redeemed
    return -1
