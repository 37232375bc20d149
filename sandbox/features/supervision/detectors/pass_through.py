"""Pass-through: what an account receives leaves it again within a time, almost whole."""

from __future__ import annotations

from sandbox.core.compiled import rare
from sandbox.features.supervision.detectors import history as h


@rare
def examine(history: h.History, rule: int, place: int) -> None:
    """Look at an entry. Companies pass money on by trade; they are left out."""
    at, who = history.entries[place, h.E_AT], history.entries[place, h.E_PAYER]
    if h.payer_kind(history, place) == 0 or not h.may_report(history, rule, who, at):
        return
    count, received, first = 0, 0, at
    for i in range(history.work[h.SCALARS, h.M_RECEIVED]):
        entry = history.work[h.RECEIVED, i]
        if history.entries[entry, h.E_AT] < at - history.work[h.RULES + rule, h.R_WINDOW] or count >= h.MOST_STEPS // 2:
            break
        history.work[h.MARKED, count] = entry
        count += 1
        received += history.entries[entry, h.E_AMOUNT]
        first = history.entries[entry, h.E_AT]
    if received < history.work[h.RULES + rule, h.R_AMOUNT]:
        return
    payments_in, sent = count, 0
    for i in range(history.work[h.SCALARS, h.M_OUT]):
        entry = history.work[h.OUTS, i]
        if history.entries[entry, h.E_AT] < first or count >= h.MOST_STEPS:
            break
        history.work[h.MARKED, count] = entry
        count += 1
        sent += history.entries[entry, h.E_AMOUNT]
    share = history.work[h.RULES + rule, h.R_PERMILLE]
    if share * received <= 1000 * sent and share * sent <= 1000 * received:
        h.report(history, rule, who, at, count, received, (received, sent, payments_in))
