"""Structuring: several payments of one payer, or to one payee, each just below the same threshold."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import part, rare
from sandbox.oversight.detectors.memory import (
    E_AMOUNT,
    E_AT,
    E_PAYEE,
    E_PAYER,
    M_IN,
    M_OUT,
    R_COUNT,
    R_WINDOW,
    Memory,
    listens,
    report,
)  # fmt: skip
from sandbox.core.draws import Int64Array

RULE: Final = 0
FIGURES: Final = ("below_fen", "as_payer")


@part
def band_of(memory: Memory, amount: int) -> int:
    """The band of amounts that this one lies in, or -1."""
    for band in range(memory.bands.shape[0]):
        if memory.bands[band, 0] <= amount < memory.bands[band, 1]:
            return band
    return -1


@rare
def _count(memory: Memory, places: Int64Array, number: int, band: int, who: int, at: int, as_payer: int) -> None:
    count, amount, since = 0, 0, at - memory.rules[RULE, R_WINDOW]
    for i in range(number):
        place = places[i]
        size = memory.journal[place, E_AMOUNT]
        if memory.journal[place, E_AT] >= since and memory.bands[band, 0] <= size < memory.bands[band, 1]:
            memory.marked[count] = place
            count += 1
            amount += size
    if count >= memory.rules[RULE, R_COUNT]:
        report(memory, RULE, who, at, count, amount, memory.bands[band, 1], as_payer, 0)


@rare
def examine(memory: Memory, place: int) -> None:
    """Look at an entry of the journal."""
    band = band_of(memory, memory.journal[place, E_AMOUNT])
    if band < 0:
        return
    at = memory.journal[place, E_AT]
    payer, payee = memory.journal[place, E_PAYER], memory.journal[place, E_PAYEE]
    if listens(memory, RULE, payer, at):
        _count(memory, memory.outs, memory.scalars[M_OUT], band, payer, at, 1)
    if listens(memory, RULE, payee, at):
        _count(memory, memory.ins, memory.scalars[M_IN], band, payee, at, 0)
