"""All detectors over a view, payment by payment, in one compiled pass: linear in the number of payments."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import compiled, inlined, rare
from sandbox.core.draws import Int64Array
from sandbox.core.prefetch import prefetch
from sandbox.features.supervision.detectors import (
    counting,
    cross_border_splitting,
    cycle,
    dormant_then_active,
    fan_in,
    fan_out,
    merchant_collection,
    merchant_refunds,
    pass_through,
    scatter_gather,
    structuring,
    velocity,
)  # fmt: skip
from sandbox.features.supervision.detectors.counting import band_of
from sandbox.features.supervision.detectors.memory import (
    A_LAST_IN,
    A_LAST_OUT,
    A_SEEN,
    A_WOKE,
    COUNT,
    COUNT_SHIFT,
    CYCLE,
    E_AMOUNT,
    E_AT,
    E_BEFORE_IN,
    E_BEFORE_OUT,
    E_ID,
    E_PAYEE,
    E_PAYER,
    E_WHAT,
    INS,
    LAST_MASK,
    M_FOUND,
    M_IN,
    M_OLDEST,
    M_OUT,
    M_RECEIVED,
    M_RULES,
    M_TOTAL,
    OUTS,
    PASS_THROUGH,
    PAYEE,
    PAYER,
    R_HOW,
    R_LEAST,
    R_ON,
    R_SIDES,
    RECEIVED,
    RULES,
    SCALARS,
    SETTINGS,
    W_DORMANT,
    W_LEAST_IN,
    W_LEAST_OUT,
    W_LONGEST,
    Memory,
    walk,
)  # fmt: skip
from sandbox.features.supervision.visibility import (
    V_AMOUNT,
    V_AT,
    V_ID,
    V_KIND,
    V_PAYEE,
    V_PAYEE_SORT,
    V_PAYER,
    V_PAYER_SORT,
)  # fmt: skip

MODULES: Final = (
    structuring, velocity, fan_in, fan_out, pass_through, cycle, scatter_gather, dormant_then_active,
    cross_border_splitting, merchant_refunds, merchant_collection,
)  # fmt: skip
"""By the number of the rule."""

FAR: Final = 32
"""Identities are fetched so many payments before they are needed."""
NEAR: Final = 16
"""The same of their last entries in the journal."""

NAMES: Final = tuple(module.__name__.rpartition(".")[2] for module in MODULES)

_counting = counting.examine
_pass_through = pass_through.examine
_cycle = cycle.examine
_scatter_gather = scatter_gather.examine


@inlined
def _stir(memory: Memory, who: int, at: int) -> None:
    """Note that an identity paid or was paid; its silence before (or since the start) may have been long."""
    if at - (memory.identities[who, A_SEEN] - 1) >= memory.desk[SETTINGS, W_DORMANT]:
        memory.identities[who, A_WOKE] = at + 1
    memory.identities[who, A_SEEN] = at + 1


@rare
def _enter(memory: Memory, view: Int64Array, i: int) -> int:
    """Write a payment into the journal; returns its place."""
    number = memory.desk[SCALARS, M_TOTAL]
    place = number & (memory.journal.shape[0] - 1)
    at, payer, payee = view[V_AT, i], view[V_PAYER, i], view[V_PAYEE, i]
    memory.journal[place, E_ID] = view[V_ID, i]
    memory.journal[place, E_AT] = at
    memory.journal[place, E_AMOUNT] = view[V_AMOUNT, i]
    memory.journal[place, E_PAYER] = payer
    memory.journal[place, E_PAYEE] = payee
    memory.journal[place, E_WHAT] = view[V_PAYER_SORT, i] | (view[V_PAYEE_SORT, i] << 4) | (view[V_KIND, i] << 8)
    memory.journal[place, E_BEFORE_OUT] = 0
    memory.journal[place, E_BEFORE_IN] = 0
    memory.desk[SCALARS, M_TOTAL] = number + 1
    if payer >= 0:
        before = memory.identities[payer, A_LAST_OUT]
        memory.journal[place, E_BEFORE_OUT] = before & LAST_MASK
        memory.identities[payer, A_LAST_OUT] = (((before >> COUNT_SHIFT) + 1) << COUNT_SHIFT) | (number + 1)
        _stir(memory, payer, at)
    if payee >= 0:
        before = memory.identities[payee, A_LAST_IN]
        memory.journal[place, E_BEFORE_IN] = before & LAST_MASK
        memory.identities[payee, A_LAST_IN] = (((before >> COUNT_SHIFT) + 1) << COUNT_SHIFT) | (number + 1)
        _stir(memory, payee, at)
    return place


@rare
def _examine(memory: Memory, place: int) -> None:
    """Show an entry, with what its payer and payee did lately, to every detector that may care."""
    total = memory.desk[SCALARS, M_TOTAL]
    payer, payee = memory.journal[place, E_PAYER], memory.journal[place, E_PAYEE]
    since = memory.journal[place, E_AT] - memory.desk[SETTINGS, W_LONGEST]
    outs, ins, received = 0, 0, 0
    near = band_of(memory, memory.journal[place, E_AMOUNT]) >= 0
    if payer >= 0:
        last = memory.identities[payer, A_LAST_IN] & LAST_MASK
        if last > 0:
            received = walk(memory, last, E_BEFORE_IN, since, RECEIVED)
        count = memory.identities[payer, A_LAST_OUT] >> COUNT_SHIFT
        if near or received > 0 or count >= memory.desk[SETTINGS, W_LEAST_OUT]:
            outs = walk(memory, total, E_BEFORE_OUT, since, OUTS)
    if payee >= 0 and (near or memory.identities[payee, A_LAST_IN] >> COUNT_SHIFT >= memory.desk[SETTINGS, W_LEAST_IN]):
        ins = walk(memory, total, E_BEFORE_IN, since, INS)
    if outs == 0 and ins == 0 and received == 0:
        return
    memory.desk[SCALARS, M_OUT], memory.desk[SCALARS, M_IN], memory.desk[SCALARS, M_RECEIVED] = outs, ins, received
    for rule in range(memory.desk[SCALARS, M_RULES]):
        if memory.desk[RULES + rule, R_ON] == 1:
            how = memory.desk[RULES + rule, R_HOW]
            if how == COUNT:
                least, sides = memory.desk[RULES + rule, R_LEAST], memory.desk[RULES + rule, R_SIDES]
                if (outs >= least and sides & PAYER) or (ins >= least and sides & PAYEE):
                    _counting(memory, rule, place)
            elif received == 0:
                continue
            elif how == PASS_THROUGH:
                _pass_through(memory, rule, place)
            elif how == CYCLE:
                _cycle(memory, rule, place)
            else:
                _scatter_gather(memory, rule, place)


@inlined
def _fetch_entries(memory: Memory, payer: int, payee: int) -> None:
    """Fetch the entries of the journal that a payment's rules will look at first."""
    mask = memory.journal.shape[0] - 1
    if payer >= 0:
        if memory.identities[payer, A_LAST_OUT] >> COUNT_SHIFT >= memory.desk[SETTINGS, W_LEAST_OUT]:
            prefetch(memory.journal, (memory.identities[payer, A_LAST_OUT] - 1) & mask)
        prefetch(memory.journal, (memory.identities[payer, A_LAST_IN] - 1) & mask)
    if payee >= 0:
        prefetch(memory.journal, (memory.identities[payee, A_LAST_IN] - 1) & mask)


@compiled
def watch(memory: Memory, view: Int64Array, first: int) -> int:
    """Look at the payments of a view from number `first` on; returns at which it stopped: at the end, or where there is
    no room for what one more payment may show."""
    last = view.shape[1]
    for i in range(first, last):
        if i + FAR < last:
            prefetch(memory.identities, max(0, view[V_PAYER, i + FAR]))
            prefetch(memory.identities, max(0, view[V_PAYEE, i + FAR]))
        if i + NEAR < last:
            _fetch_entries(memory, view[V_PAYER, i + NEAR], view[V_PAYEE, i + NEAR])
        if memory.desk[SCALARS, M_FOUND] + 2 * memory.desk[SCALARS, M_RULES] > memory.found.shape[0]:
            return i
        _examine(memory, _enter(memory, view, i))
    return last


@compiled
def forget(memory: Memory, now: int) -> int:
    """Move on to the first entry within the longest window; returns how many entries are."""
    total, size = memory.desk[SCALARS, M_TOTAL], memory.journal.shape[0]
    oldest = max(memory.desk[SCALARS, M_OLDEST], total - size)
    while oldest < total and memory.journal[oldest & (size - 1), E_AT] < now - memory.desk[SETTINGS, W_LONGEST]:
        oldest += 1
    memory.desk[SCALARS, M_OLDEST] = oldest
    return total - oldest
