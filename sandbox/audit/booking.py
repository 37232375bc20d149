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
from sandbox.core.layout import Outcome, code, ended, tags, trait

_SOURCES = 1 << tags.KIND_SHIFT


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

    by_kind = (_SOURCES, len(Outcome), trait.CLASS_MASK + 1)
    return Books(zeros(accounts), zeros(accounts), zeros(accounts), zeros(*by_kind), zeros(*by_kind), zeros(1), funding)


@compiled
def book(out: Int64Array, count: int, books: Books) -> int:
    """Book the first `count` payments of (ended.ROWS, number).

    Returns the first row whose institution has nobody to fund what it moved, at which it stops; -1 if there is none.
    """
    debits, credits, funding = books.debits, books.credits, books.funding
    for i in range(count):
        codes, amount = out[ended.CODES, i], out[ended.AMOUNT, i]
        source, outcome = out[ended.TAG, i] & (_SOURCES - 1), codes & code.OUTCOME_MASK
        klass = (codes >> code.CLASS_SHIFT) & trait.CLASS_MASK
        books.counts[source, outcome, klass] += 1
        books.values[source, outcome, klass] += amount
        if outcome != Outcome.SETTLED:
            continue
        payer, payee, packet = out[ended.PAYER, i], out[ended.PAYEE, i], out[ended.PACKET, i]
        books.made[payer] += 1
        debits[payer] += amount - packet
        credits[payee] += amount
        books.packets[0] += packet
        top_up, redeemed = out[ended.TOP_UP, i], out[ended.REDEEMED, i]
        if top_up > 0:
            behind = funding[(codes >> code.PAYER_INSTITUTION_SHIFT) & trait.INSTITUTION_MASK]
            if behind < 0:
                return i
            debits[behind] += top_up
            credits[payer] += top_up
        if redeemed > 0:
            behind = funding[(codes >> code.PAYEE_INSTITUTION_SHIFT) & trait.INSTITUTION_MASK]
            if behind < 0:
                return i
            debits[payee] += redeemed
            credits[behind] += redeemed
    return -1
