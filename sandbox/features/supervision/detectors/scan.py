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
from sandbox.features.supervision.detectors.history import (
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
    E_KINDS,
    E_PAYEE,
    E_PAYER,
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
    History,
    walk,
)  # fmt: skip
from sandbox.features.supervision.visibility import (
    V_AMOUNT,
    V_AT,
    V_ID,
    V_KIND,
    V_PAYEE,
    V_PAYEE_KIND,
    V_PAYER,
    V_PAYER_KIND,
)  # fmt: skip

MODULES: Final = (
    structuring, velocity, fan_in, fan_out, pass_through, cycle, scatter_gather, dormant_then_active,
    cross_border_splitting, merchant_refunds, merchant_collection,
)  # fmt: skip
"""By the number of the rule."""

FAR: Final = 32
"""Identities are fetched so many payments before they are needed."""
NEAR: Final = 16
"""The same of their last entries."""

NAMES: Final = tuple(module.__name__.rpartition(".")[2] for module in MODULES)

_counting = counting.examine
_pass_through = pass_through.examine
_cycle = cycle.examine
_scatter_gather = scatter_gather.examine


@inlined
def _note_activity(history: History, who: int, at: int) -> None:
    """Note that an identity paid or was paid; its silence before (or since the start) may have been long."""
    if at - (history.identities[who, A_SEEN] - 1) >= history.work[SETTINGS, W_DORMANT]:
        history.identities[who, A_WOKE] = at + 1
    history.identities[who, A_SEEN] = at + 1


@rare
def _enter(history: History, view: Int64Array, i: int) -> int:
    """Write a payment into the history; returns its place."""
    number = history.work[SCALARS, M_TOTAL]
    place = number & (history.entries.shape[0] - 1)
    at, payer, payee = view[V_AT, i], view[V_PAYER, i], view[V_PAYEE, i]
    history.entries[place, E_ID] = view[V_ID, i]
    history.entries[place, E_AT] = at
    history.entries[place, E_AMOUNT] = view[V_AMOUNT, i]
    history.entries[place, E_PAYER] = payer
    history.entries[place, E_PAYEE] = payee
    history.entries[place, E_KINDS] = view[V_PAYER_KIND, i] | (view[V_PAYEE_KIND, i] << 4) | (view[V_KIND, i] << 8)
    history.entries[place, E_BEFORE_OUT] = 0
    history.entries[place, E_BEFORE_IN] = 0
    history.work[SCALARS, M_TOTAL] = number + 1
    if payer >= 0:
        before = history.identities[payer, A_LAST_OUT]
        history.entries[place, E_BEFORE_OUT] = before & LAST_MASK
        history.identities[payer, A_LAST_OUT] = (((before >> COUNT_SHIFT) + 1) << COUNT_SHIFT) | (number + 1)
        _note_activity(history, payer, at)
    if payee >= 0:
        before = history.identities[payee, A_LAST_IN]
        history.entries[place, E_BEFORE_IN] = before & LAST_MASK
        history.identities[payee, A_LAST_IN] = (((before >> COUNT_SHIFT) + 1) << COUNT_SHIFT) | (number + 1)
        _note_activity(history, payee, at)
    return place


@rare
def _examine(history: History, place: int) -> None:
    """Show an entry, with what its payer and payee did lately, to every detector that may care."""
    total = history.work[SCALARS, M_TOTAL]
    payer, payee = history.entries[place, E_PAYER], history.entries[place, E_PAYEE]
    since = history.entries[place, E_AT] - history.work[SETTINGS, W_LONGEST]
    outs, ins, received = 0, 0, 0
    near = band_of(history, history.entries[place, E_AMOUNT]) >= 0
    if payer >= 0:
        last = history.identities[payer, A_LAST_IN] & LAST_MASK
        if last > 0:
            received = walk(history, last, E_BEFORE_IN, since, RECEIVED)
        count = history.identities[payer, A_LAST_OUT] >> COUNT_SHIFT
        if near or received > 0 or count >= history.work[SETTINGS, W_LEAST_OUT]:
            outs = walk(history, total, E_BEFORE_OUT, since, OUTS)
    if payee >= 0 and (
        near or history.identities[payee, A_LAST_IN] >> COUNT_SHIFT >= history.work[SETTINGS, W_LEAST_IN]
    ):
        ins = walk(history, total, E_BEFORE_IN, since, INS)
    if outs == 0 and ins == 0 and received == 0:
        return
    history.work[SCALARS, M_OUT], history.work[SCALARS, M_IN], history.work[SCALARS, M_RECEIVED] = outs, ins, received
    for rule in range(history.work[SCALARS, M_RULES]):
        if history.work[RULES + rule, R_ON] == 1:
            how = history.work[RULES + rule, R_HOW]
            if how == COUNT:
                least, sides = history.work[RULES + rule, R_LEAST], history.work[RULES + rule, R_SIDES]
                if (outs >= least and sides & PAYER) or (ins >= least and sides & PAYEE):
                    _counting(history, rule, place)
            elif received == 0:
                continue
            elif how == PASS_THROUGH:
                _pass_through(history, rule, place)
            elif how == CYCLE:
                _cycle(history, rule, place)
            else:
                _scatter_gather(history, rule, place)


@inlined
def _fetch_entries(history: History, payer: int, payee: int) -> None:
    """Fetch the entries that a payment's rules will look at first."""
    mask = history.entries.shape[0] - 1
    if payer >= 0:
        if history.identities[payer, A_LAST_OUT] >> COUNT_SHIFT >= history.work[SETTINGS, W_LEAST_OUT]:
            prefetch(history.entries, (history.identities[payer, A_LAST_OUT] - 1) & mask)
        prefetch(history.entries, (history.identities[payer, A_LAST_IN] - 1) & mask)
    if payee >= 0:
        prefetch(history.entries, (history.identities[payee, A_LAST_IN] - 1) & mask)


@compiled
def scan(history: History, view: Int64Array, first: int) -> int:
    """Look at the payments of a view from number `first` on; returns at which it stopped: at the end, or where there is
    no room for what one more payment may show."""
    last = view.shape[1]
    for i in range(first, last):
        if i + FAR < last:
            prefetch(history.identities, max(0, view[V_PAYER, i + FAR]))
            prefetch(history.identities, max(0, view[V_PAYEE, i + FAR]))
        if i + NEAR < last:
            _fetch_entries(history, view[V_PAYER, i + NEAR], view[V_PAYEE, i + NEAR])
        if history.work[SCALARS, M_FOUND] + 2 * history.work[SCALARS, M_RULES] > history.found.shape[0]:
            return i
        _examine(history, _enter(history, view, i))
    return last


@compiled
def expire(history: History, now: int) -> int:
    """Move on to the first entry within the longest window; returns how many entries are."""
    total, size = history.work[SCALARS, M_TOTAL], history.entries.shape[0]
    oldest = max(history.work[SCALARS, M_OLDEST], total - size)
    while oldest < total and history.entries[oldest & (size - 1), E_AT] < now - history.work[SETTINGS, W_LONGEST]:
        oldest += 1
    history.work[SCALARS, M_OLDEST] = oldest
    return total - oldest
