"""All detectors over a view, payment by payment, in one compiled pass: linear in the number of payments."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import compiled, part, rare
from sandbox.core.draws import Int64Array
from sandbox.oversight.detectors import (
    cross_border_splitting,
    cycle,
    dormant_then_active,
    fan_in,
    fan_out,
    pass_through,
    scatter_gather,
    structuring,
    velocity,
)  # fmt: skip
from sandbox.oversight.detectors.memory import (
    A_LAST_IN,
    A_LAST_OUT,
    A_SEEN,
    A_WOKE,
    E_AMOUNT,
    E_AT,
    E_BEFORE_IN,
    E_BEFORE_OUT,
    E_ID,
    E_PAYEE,
    E_PAYER,
    E_WHAT,
    M_FOUND,
    M_IN,
    M_OLDEST,
    M_OUT,
    M_RECEIVED,
    M_TOTAL,
    W_DORMANT,
    W_LONGEST,
    W_PURCHASES,
    Memory,
    walk,
)  # fmt: skip
from sandbox.oversight.visibility import (
    MERCHANT,
    V_AMOUNT,
    V_AT,
    V_ID,
    V_KIND,
    V_PAYEE,
    V_PAYEE_SORT,
    V_PAYER,
    V_PAYER_SORT,
    V_SETTLED,
)  # fmt: skip

MODULES: Final = (
    structuring, velocity, fan_in, fan_out, pass_through, cycle, scatter_gather, dormant_then_active,
    cross_border_splitting,
)  # fmt: skip
"""By the number of the rule."""

NAMES: Final = tuple(module.__name__.rpartition(".")[2] for module in MODULES)

_structuring = structuring.examine
_velocity = velocity.examine
_fan_in = fan_in.examine
_fan_out = fan_out.examine
_pass_through = pass_through.examine
_cycle = cycle.examine
_scatter_gather = scatter_gather.examine
_dormant = dormant_then_active.examine
_cross_border = cross_border_splitting.examine


@part
def _stir(memory: Memory, who: int, at: int) -> None:
    """Note that an identity paid or was paid; its silence before (or since the start) may have been long."""
    if at - (memory.identities[who, A_SEEN] - 1) >= memory.settings[W_DORMANT]:
        memory.identities[who, A_WOKE] = at + 1
    memory.identities[who, A_SEEN] = at + 1


@rare
def _enter(memory: Memory, view: Int64Array, i: int) -> int:
    """Write a payment into the journal; returns its place."""
    number = memory.scalars[M_TOTAL]
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
    memory.scalars[M_TOTAL] = number + 1
    if payer >= 0:
        memory.journal[place, E_BEFORE_OUT] = memory.identities[payer, A_LAST_OUT]
        memory.identities[payer, A_LAST_OUT] = number + 1
        _stir(memory, payer, at)
    if payee >= 0:
        memory.journal[place, E_BEFORE_IN] = memory.identities[payee, A_LAST_IN]
        memory.identities[payee, A_LAST_IN] = number + 1
        _stir(memory, payee, at)
    return place


@rare
def _examine(memory: Memory, place: int) -> None:
    """Show an entry, with what its payer and payee did lately, to every detector."""
    total = memory.scalars[M_TOTAL]
    payer, payee = memory.journal[place, E_PAYER], memory.journal[place, E_PAYEE]
    since = memory.journal[place, E_AT] - memory.settings[W_LONGEST]
    outs, ins, received = 0, 0, 0
    if payer >= 0:
        outs = walk(memory, total, E_BEFORE_OUT, since, memory.outs)
        received = walk(memory, memory.identities[payer, A_LAST_IN], E_BEFORE_IN, since, memory.received)
    if payee >= 0:
        ins = walk(memory, total, E_BEFORE_IN, since, memory.ins)
    memory.scalars[M_OUT], memory.scalars[M_IN], memory.scalars[M_RECEIVED] = outs, ins, received
    _structuring(memory, place)
    _velocity(memory, place)
    _fan_in(memory, place)
    _fan_out(memory, place)
    _pass_through(memory, place)
    _cycle(memory, place)
    _scatter_gather(memory, place)
    _dormant(memory, place)
    _cross_border(memory, place)


@compiled
def watch(memory: Memory, view: Int64Array, first: int) -> int:
    """Look at the payments of a view from number `first` on; returns at which it stopped: at the end, or where there is no
    room for what one more payment may show."""
    purchases, last = memory.settings[W_PURCHASES], view.shape[1]
    for i in range(first, last):
        if view[V_SETTLED, i] == 0 or (view[V_PAYEE_SORT, i] == MERCHANT and view[V_AMOUNT, i] < purchases):
            continue
        if view[V_PAYER, i] < 0 and view[V_PAYEE, i] < 0:
            continue
        if memory.scalars[M_FOUND] + 2 * len_rules(memory) > memory.found.shape[0]:
            return i
        _examine(memory, _enter(memory, view, i))
    return last


@part
def len_rules(memory: Memory) -> int:
    """How many rules there are."""
    return memory.rules.shape[0]


@compiled
def forget(memory: Memory, now: int) -> int:
    """Move on to the first entry within the longest window; returns how many entries are."""
    total, size = memory.scalars[M_TOTAL], memory.journal.shape[0]
    oldest = max(memory.scalars[M_OLDEST], total - size)
    while oldest < total and memory.journal[oldest & (size - 1), E_AT] < now - memory.settings[W_LONGEST]:
        oldest += 1
    memory.scalars[M_OLDEST] = oldest
    return total - oldest
