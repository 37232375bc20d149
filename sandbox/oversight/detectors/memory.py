"""What supervision remembers: a journal of the payments worth a look, chained by payer and by payee.

Each entry knows the payer's entry before it and the payee's entry before it, so "the last payments of this account" is a
walk back, newest first, that ends where a rule's window ends. At most MOST_STEPS entries are walked: the cost of a
payment has a bound, and a rule cannot ask for more. Entries older than the longest window are overwritten.

Identities are what the view shows: accounts or pseudonyms. Money is fen, time is microseconds.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sandbox.core.compiled import part, rare
from sandbox.core.draws import Int64Array
from sandbox.oversight.alert import MOST_PAYMENT_IDS
from sandbox.oversight.visibility import MERCHANT

MOST_STEPS: Final = MOST_PAYMENT_IDS
"""Entries of one account that are looked at, newest first."""

# Columns of the journal.
E_ID: Final = 0
E_AT: Final = 1
E_AMOUNT: Final = 2
E_PAYER: Final = 3
E_PAYEE: Final = 4
E_BEFORE_OUT: Final = 5
"""The payer's entry before this one: its number plus 1, or 0."""
E_BEFORE_IN: Final = 6
E_WHAT: Final = 7
"""Sort of the payer, of the payee from bit 4, kind from bit 8."""
ENTRY_COLUMNS: Final = 8

# Columns of an identity.
A_LAST_OUT: Final = 0
"""Number of the last entry that it paid, plus 1, or 0."""
A_LAST_IN: Final = 1
A_SEEN: Final = 2
"""When it last paid or was paid, plus 1, or 0."""
A_WOKE: Final = 3
"""When it last came back after a long silence, plus 1, or 0."""
IDENTITY_COLUMNS: Final = 4

# Columns of a rule.
R_ON: Final = 0
R_WINDOW: Final = 1
R_COUNT: Final = 2
R_AMOUNT: Final = 3
R_PERMILLE: Final = 4
R_MORE: Final = 5
"""A further figure of the rule's own."""
R_QUIET: Final = 6
RULE_COLUMNS: Final = 7

# Scalars.
M_TOTAL: Final = 0
"""Entries ever made."""
M_OLDEST: Final = 1
"""The first entry within the longest window."""
M_FOUND: Final = 2
M_OUT: Final = 3
"""How many of the payer's entries lie in `outs`."""
M_IN: Final = 4
M_RECEIVED: Final = 5
"""How many of the entries that paid the payer lie in `received`."""
SCALARS: Final = 6

# Columns of what was found, before the ids.
G_RULE: Final = 0
G_WHO: Final = 1
G_AT: Final = 2
G_AMOUNT: Final = 3
G_PAYMENTS: Final = 4
G_FIGURES: Final = 5
"""Three figures, which the detector's module names."""
FINDING_COLUMNS: Final = 8

# Settings.
W_LONGEST: Final = 0
"""The longest window of a rule (us)."""
W_PURCHASES: Final = 1
"""Purchases from merchants below this are not looked at (fen)."""
W_DORMANT: Final = 2
"""A silence of this long is long (us)."""
SETTINGS: Final = 3


class Memory(NamedTuple):
    """The arrays that detectors share."""

    identities: Int64Array
    quiet: Int64Array
    """(identity, rule): until when the rule is not reported again."""
    journal: Int64Array
    """(power of two, ENTRY_COLUMNS)."""
    scalars: Int64Array
    rules: Int64Array
    settings: Int64Array
    bands: Int64Array
    """(number, 2): amounts just below a threshold, from and below (structuring)."""
    kinds: Int64Array
    """1 for kinds of payment that cross a border."""
    outs: Int64Array
    """Places in the journal of the payer's last entries, newest first, this one included."""
    ins: Int64Array
    """The same of the payee's."""
    received: Int64Array
    """The same of entries that paid the payer."""
    marked: Int64Array
    """Room for one detector: places that its finding rests on."""
    others: Int64Array
    """Room for one detector: identities counted so far."""
    found: Int64Array
    """(number, FINDING_COLUMNS + MOST_PAYMENT_IDS)."""


def new_memory(identities: int, rules: Int64Array, settings: Int64Array, bands: Int64Array, kinds: Int64Array,
               entries: int = 1 << 14, findings: int = 1 << 10) -> Memory:  # fmt: skip
    """An empty memory; `entries` is a power of two and grows as needed."""

    def room(*shape: int) -> Int64Array:
        return np.zeros(shape, dtype=np.int64)

    return Memory(
        identities=room(identities, IDENTITY_COLUMNS),
        quiet=room(identities, rules.shape[0]),
        journal=room(entries, ENTRY_COLUMNS),
        scalars=room(SCALARS),
        rules=rules,
        settings=settings,
        bands=bands,
        kinds=kinds,
        outs=room(MOST_STEPS),
        ins=room(MOST_STEPS),
        received=room(MOST_STEPS),
        marked=room(MOST_PAYMENT_IDS),
        others=room(MOST_STEPS),
        found=room(findings, FINDING_COLUMNS + MOST_PAYMENT_IDS),
    )


@part
def payer_sort(memory: Memory, place: int) -> int:
    """Sort of the payer of an entry."""
    return memory.journal[place, E_WHAT] & 15


@part
def payee_sort(memory: Memory, place: int) -> int:
    """Sort of the payee of an entry."""
    return (memory.journal[place, E_WHAT] >> 4) & 15


@part
def is_person(sort: int) -> bool:
    """Whether the sort is a class of personal wallets."""
    return 0 < sort < MERCHANT


@rare
def walk(memory: Memory, last: int, column: int, since: int, places: Int64Array) -> int:
    """Write the places of the chain's entries from `last` (number plus 1) back to `since` into `places`, newest first;
    returns how many (at most MOST_STEPS).

    `column` is E_BEFORE_OUT or E_BEFORE_IN.
    """
    size, total = memory.journal.shape[0], memory.scalars[M_TOTAL]
    count = 0
    while last > 0 and last > total - size and count < MOST_STEPS:
        place = (last - 1) & (size - 1)
        if memory.journal[place, E_AT] < since:
            break
        places[count] = place
        count += 1
        last = memory.journal[place, column]
    return count


@rare
def before(memory: Memory, place: int) -> int:
    """The last entry (number plus 1) that paid an entry's payer before that entry, or 0."""
    payer = memory.journal[place, E_PAYER]
    if payer < 0:
        return 0
    size, total = memory.journal.shape[0], memory.scalars[M_TOTAL]
    number = total - 1 - ((total - 1 - place) & (size - 1))
    last = memory.identities[payer, A_LAST_IN]
    for _ in range(MOST_STEPS):
        if last <= 0 or last <= total - size:
            return 0
        if last - 1 < number:
            return last
        last = memory.journal[(last - 1) & (size - 1), E_BEFORE_IN]
    return 0


@rare
def next_alike(memory: Memory, rule: int, last: int, amount: int, since: int, looks: int) -> tuple[int, int]:
    """The newest of a chain of incoming payments, from `last` (number plus 1) back to `since`, whose amount is like
    `amount`: neither is less than the rule's share of the other.

    Returns its number plus 1, or 0; and what is left of `looks`, the entries that may still be looked at.
    """
    size, total, share = memory.journal.shape[0], memory.scalars[M_TOTAL], memory.rules[rule, R_PERMILLE]
    while last > 0 and last > total - size and looks > 0:
        place = (last - 1) & (size - 1)
        if memory.journal[place, E_AT] < since:
            break
        looks -= 1
        other = memory.journal[place, E_AMOUNT]
        if other * share <= amount * 1000 and amount * share <= other * 1000 and memory.journal[place, E_PAYER] >= 0:
            return last, looks
        last = memory.journal[place, E_BEFORE_IN]
    return 0, looks


@part
def listens(memory: Memory, rule: int, who: int, at: int) -> bool:
    """Whether the rule is in use and has not just been reported for this identity."""
    return memory.rules[rule, R_ON] == 1 and who >= 0 and at >= memory.quiet[who, rule]


@part
def new_among(others: Int64Array, count: int, who: int) -> bool:
    """Whether `who` is none of the first `count` in `others`."""
    for i in range(count):
        if others[i] == who:
            return False
    return True


@rare
def report(
    memory: Memory, rule: int, who: int, at: int, count: int, amount: int, first: int, second: int, third: int
) -> None:
    """Note a finding of `amount` fen that rests on the first `count` places in `marked`, and keep the rule quiet for a
    while."""
    number = memory.scalars[M_FOUND]
    memory.found[number, G_RULE] = rule
    memory.found[number, G_WHO] = who
    memory.found[number, G_AT] = at
    memory.found[number, G_AMOUNT] = amount
    memory.found[number, G_PAYMENTS] = count
    memory.found[number, G_FIGURES] = first
    memory.found[number, G_FIGURES + 1] = second
    memory.found[number, G_FIGURES + 2] = third
    for i in range(count):
        memory.found[number, FINDING_COLUMNS + i] = memory.journal[memory.marked[i], E_ID]
    memory.quiet[who, rule] = at + memory.rules[rule, R_QUIET]
    memory.scalars[M_FOUND] = number + 1
