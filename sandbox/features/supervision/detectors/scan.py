"""All detectors over a view, payment by payment, in one compiled pass: linear in the number of payments."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import compiled, inlined, rare
from sandbox.core.draws import Int64Array
from sandbox.core.prefetch import prefetch
from sandbox.features.supervision import visibility as v
from sandbox.features.supervision.detectors import counting, cycle, pass_through, scatter_gather
from sandbox.features.supervision.detectors import history as h
from sandbox.features.supervision.detectors.counting import band_of

FAR: Final = 32
"""Identities are fetched so many payments before they are needed."""
NEAR: Final = 16
"""The same of their last entries."""

_counting = counting.examine
_pass_through = pass_through.examine
_cycle = cycle.examine
_scatter_gather = scatter_gather.examine


@inlined
def _note_activity(history: h.History, who: int, at: int) -> None:
    """Note that an identity paid or was paid; its silence before (or since the start) may have been long."""
    if at - (history.identities[who, h.A_SEEN] - 1) >= history.work[h.SETTINGS, h.W_DORMANT]:
        history.identities[who, h.A_WOKE] = at + 1
    history.identities[who, h.A_SEEN] = at + 1


@rare
def _enter(history: h.History, view: Int64Array, i: int) -> int:
    """Write a payment into the history; returns its place."""
    number = history.work[h.SCALARS, h.M_TOTAL]
    place = number & (history.entries.shape[0] - 1)
    at, payer, payee = view[v.V_AT, i], view[v.V_PAYER, i], view[v.V_PAYEE, i]
    history.entries[place, h.E_ID] = view[v.V_ID, i]
    history.entries[place, h.E_AT] = at
    history.entries[place, h.E_AMOUNT] = view[v.V_AMOUNT, i]
    history.entries[place, h.E_PAYER] = payer
    history.entries[place, h.E_PAYEE] = payee
    kinds = view[v.V_PAYER_KIND, i] | (view[v.V_PAYEE_KIND, i] << 4) | (view[v.V_KIND, i] << 8)
    history.entries[place, h.E_KINDS] = kinds
    history.entries[place, h.E_BEFORE_OUT] = 0
    history.entries[place, h.E_BEFORE_IN] = 0
    history.work[h.SCALARS, h.M_TOTAL] = number + 1
    if payer >= 0:
        before = history.identities[payer, h.A_LAST_OUT]
        history.entries[place, h.E_BEFORE_OUT] = before & h.LAST_MASK
        history.identities[payer, h.A_LAST_OUT] = (((before >> h.COUNT_SHIFT) + 1) << h.COUNT_SHIFT) | (number + 1)
        _note_activity(history, payer, at)
    if payee >= 0:
        before = history.identities[payee, h.A_LAST_IN]
        history.entries[place, h.E_BEFORE_IN] = before & h.LAST_MASK
        history.identities[payee, h.A_LAST_IN] = (((before >> h.COUNT_SHIFT) + 1) << h.COUNT_SHIFT) | (number + 1)
        _note_activity(history, payee, at)
    return place


@rare
def _examine(history: h.History, place: int) -> None:
    """Show an entry, with what its payer and payee did lately, to every detector that may care."""
    total = history.work[h.SCALARS, h.M_TOTAL]
    payer, payee = history.entries[place, h.E_PAYER], history.entries[place, h.E_PAYEE]
    since = history.entries[place, h.E_AT] - history.work[h.SETTINGS, h.W_LONGEST]
    outs, ins, received = 0, 0, 0
    near = band_of(history, history.entries[place, h.E_AMOUNT]) >= 0
    if payer >= 0:
        last = history.identities[payer, h.A_LAST_IN] & h.LAST_MASK
        if last > 0:
            received = h.walk(history, last, h.E_BEFORE_IN, since, h.RECEIVED)
        count = history.identities[payer, h.A_LAST_OUT] >> h.COUNT_SHIFT
        if near or received > 0 or count >= history.work[h.SETTINGS, h.W_LEAST_OUT]:
            outs = h.walk(history, total, h.E_BEFORE_OUT, since, h.OUTS)
    if payee >= 0 and (
        near or history.identities[payee, h.A_LAST_IN] >> h.COUNT_SHIFT >= history.work[h.SETTINGS, h.W_LEAST_IN]
    ):
        ins = h.walk(history, total, h.E_BEFORE_IN, since, h.INS)
    if outs == 0 and ins == 0 and received == 0:
        return
    history.work[h.SCALARS, h.M_OUT] = outs
    history.work[h.SCALARS, h.M_IN] = ins
    history.work[h.SCALARS, h.M_RECEIVED] = received
    for rule in range(history.work[h.SCALARS, h.M_RULES]):
        if history.work[h.RULES + rule, h.R_ON] == 1:
            how = history.work[h.RULES + rule, h.R_HOW]
            if how == h.COUNT:
                least, sides = history.work[h.RULES + rule, h.R_LEAST], history.work[h.RULES + rule, h.R_SIDES]
                if (outs >= least and sides & h.PAYER) or (ins >= least and sides & h.PAYEE):
                    _counting(history, rule, place)
            elif received == 0:
                continue
            elif how == h.PASS_THROUGH:
                _pass_through(history, rule, place)
            elif how == h.CYCLE:
                _cycle(history, rule, place)
            else:
                _scatter_gather(history, rule, place)


@inlined
def _fetch_entries(history: h.History, payer: int, payee: int) -> None:
    """Fetch the entries that a payment's rules will look at first."""
    mask = history.entries.shape[0] - 1
    if payer >= 0:
        if history.identities[payer, h.A_LAST_OUT] >> h.COUNT_SHIFT >= history.work[h.SETTINGS, h.W_LEAST_OUT]:
            prefetch(history.entries, (history.identities[payer, h.A_LAST_OUT] - 1) & mask)
        prefetch(history.entries, (history.identities[payer, h.A_LAST_IN] - 1) & mask)
    if payee >= 0:
        prefetch(history.entries, (history.identities[payee, h.A_LAST_IN] - 1) & mask)


@compiled
def scan(history: h.History, view: Int64Array, first: int) -> int:
    """Look at the payments of a view from number `first` on; returns at which it stopped: at the end, or where there is
    no room for what one more payment may show."""
    last = view.shape[1]
    for i in range(first, last):
        if i + FAR < last:
            prefetch(history.identities, max(0, view[v.V_PAYER, i + FAR]))
            prefetch(history.identities, max(0, view[v.V_PAYEE, i + FAR]))
        if i + NEAR < last:
            _fetch_entries(history, view[v.V_PAYER, i + NEAR], view[v.V_PAYEE, i + NEAR])
        if history.work[h.SCALARS, h.M_FOUND] + 2 * history.work[h.SCALARS, h.M_RULES] > history.found.shape[0]:
            return i
        _examine(history, _enter(history, view, i))
    return last


@compiled
def expire(history: h.History, now: int) -> int:
    """Move on to the first entry within the longest window; returns how many entries are."""
    total, size = history.work[h.SCALARS, h.M_TOTAL], history.entries.shape[0]
    oldest = max(history.work[h.SCALARS, h.M_OLDEST], total - size)
    while oldest < total and history.entries[oldest & (size - 1), h.E_AT] < now - history.work[h.SETTINGS, h.W_LONGEST]:
        oldest += 1
    history.work[h.SCALARS, h.M_OLDEST] = oldest
    return total - oldest
