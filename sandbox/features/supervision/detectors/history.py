"""Recent payments, chained by payer and by payee, and what one monitor has found in them.

Each entry knows the payer's entry before it and the payee's, so "the last payments of this account" is a walk back,
newest first, that ends where a rule's window ends. At most MOST_STEPS entries are walked: the cost of a
payment has a bound, and a rule cannot ask for more. Entries older than the longest window are overwritten.

Identities are what the view shows: accounts or pseudonyms. Money is fen, time is microseconds.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sandbox.core.compiled import inlined, rare
from sandbox.core.draws import Int64Array
from sandbox.features.supervision.alert import MOST_PAYMENT_IDS
from sandbox.features.supervision.detectors.suppression import new_table, suppress, suppressed_until
from sandbox.features.supervision.visibility import MERCHANT

MOST_STEPS: Final = MOST_PAYMENT_IDS
"""Entries of one account that are looked at, newest first."""

FIRST_ENTRIES: Final = 1 << 20
"""Room for entries at first, a power of two. What is never written takes no memory."""

# Columns of an entry: a payment worth a look.
E_ID: Final = 0
E_AT: Final = 1
E_AMOUNT: Final = 2
E_PAYER: Final = 3
E_PAYEE: Final = 4
E_BEFORE_OUT: Final = 5
"""The payer's entry before this one: its number plus 1, or 0."""
E_BEFORE_IN: Final = 6
E_KINDS: Final = 7
"""Kind of the payer, of the payee from bit 4, of the payment from bit 8."""
ENTRY_COLUMNS: Final = 8

# Columns of an identity.
A_LAST_OUT: Final = 0
"""Number of the last entry that it paid, plus 1, or 0; from bit COUNT_SHIFT how many there were."""
A_LAST_IN: Final = 1
"""The same of those that paid it."""
A_SEEN: Final = 2
"""When it last paid or was paid, plus 1, or 0."""
A_WOKE: Final = 3
"""When it last came back after a long silence, plus 1, or 0."""
IDENTITY_COLUMNS: Final = 4

COUNT_SHIFT: Final = 40
LAST_MASK: Final = (1 << COUNT_SHIFT) - 1

# Columns of a rule.
R_ON: Final = 0
R_HOW: Final = 1
R_WINDOW: Final = 2
R_QUIET: Final = 3
R_LEAST: Final = 4
"""How many (of what, the rule knows) are suspicious."""
R_AMOUNT: Final = 5
R_PERMILLE: Final = 6
R_MOST: Final = 7
R_SIDES: Final = 8
R_FILTERS: Final = 9
RULE_COLUMNS: Final = 10

# How a rule looks.
COUNT: Final = 0
PASS_THROUGH: Final = 1
CYCLE: Final = 2
SCATTER_GATHER: Final = 3

# Whose payments a counting rule counts, bits.
PAYER: Final = 1
PAYEE: Final = 2

# What it counts, bits.
OF_PEOPLE: Final = 1
"""Only people are suspected."""
WITH_PEOPLE: Final = 2
"""Only payments with people count."""
DISTINCT: Final = 4
"""Counterparties are counted, not payments; those that nobody can tell apart are not."""
BELOW_THRESHOLD: Final = 8
"""Only payments in the band just below the same threshold count."""
SINCE_WAKING: Final = 16
"""Only payments after a long silence count."""
ACROSS_BORDER: Final = 32
"""Only payments across a border count."""
OF_MERCHANTS: Final = 64
"""Only merchants are suspected."""

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
M_BANDS: Final = 6
"""How many bands there are."""
M_RULES: Final = 7
"""How many rules there are, in use or not."""
M_SUPPRESSED: Final = 8
"""How often a rule was reported since `suppressed` was last made room in."""

# Columns of what was found, before the ids.
G_RULE: Final = 0
G_WHO: Final = 1
G_AT: Final = 2
G_AMOUNT: Final = 3
G_PAYMENTS: Final = 4
G_FIGURES: Final = 5
"""Three figures; the detector's module says which."""
FINDING_COLUMNS: Final = 8

# Settings.
W_LONGEST: Final = 0
"""The longest window of a rule (us)."""
W_DORMANT: Final = 1
"""A silence of this long is long (us)."""
W_LEAST_OUT: Final = 2
"""Fewer entries of a payer than this interest no counting rule (but structuring)."""
W_LEAST_IN: Final = 3
"""The same of a payee's; and of the rules that follow money."""
SETTING_COUNT: Final = 4

# Rows of the workspace, where everything small lies (few arrays make short calls, and compile fast).
SCALARS: Final = 0
SETTINGS: Final = 1
CROSSING: Final = 2
"""1 for kinds of payment that cross a border."""
BAND_FROM: Final = 3
"""Amounts just below a threshold: from here ..."""
BAND_BELOW: Final = 4
"""... and below this (structuring)."""
OUTS: Final = 5
"""Places in `entries` of the payer's last entries, newest first, this one included."""
INS: Final = 6
"""The same of the payee's."""
RECEIVED: Final = 7
"""The same of entries that paid the payer."""
MARKED: Final = 8
"""Room for one detector: places that its finding rests on."""
OTHERS: Final = 9
"""Room for one detector: identities counted so far."""
RULES: Final = 10
"""The first rule's row; the others follow."""


class History(NamedTuple):
    """The arrays that detectors share."""

    identities: Int64Array
    """(identity, IDENTITY_COLUMNS)."""
    suppressed: Int64Array
    """Until when a rule is not reported again for an identity (`detectors/suppression.py`)."""
    entries: Int64Array
    """(power of two, ENTRY_COLUMNS)."""
    work: Int64Array
    """(rows as above, MOST_STEPS)."""
    found: Int64Array
    """(number, FINDING_COLUMNS + MOST_PAYMENT_IDS)."""


def new_history(
    identities: int, rules: Int64Array, settings: Int64Array, bands: Int64Array, kinds: Int64Array,
    findings: int = 1 << 10,
) -> History:  # fmt: skip
    """An empty history; `entries` grows as needed.

    Args:
        rules: (rule, RULE_COLUMNS).
        settings: SETTING_COUNT of them.
        bands: (number, 2): amounts from and below.
        kinds: by kind of payment.
    """
    work = np.zeros((RULES + len(rules), MOST_STEPS), dtype=np.int64)
    work[SCALARS, M_BANDS], work[SCALARS, M_RULES] = len(bands), len(rules)
    work[SETTINGS, : len(settings)] = settings
    work[CROSSING, : len(kinds)] = kinds
    work[BAND_FROM, : len(bands)], work[BAND_BELOW, : len(bands)] = bands.T
    work[RULES:, : rules.shape[1]] = rules
    return History(
        identities=np.zeros((identities, IDENTITY_COLUMNS), dtype=np.int64),
        suppressed=new_table(),
        entries=np.zeros((FIRST_ENTRIES, ENTRY_COLUMNS), dtype=np.int64),
        work=work,
        found=np.zeros((findings, FINDING_COLUMNS + MOST_PAYMENT_IDS), dtype=np.int64),
    )


@inlined
def payer_kind(history: History, place: int) -> int:
    """Kind of the payer of an entry."""
    return history.entries[place, E_KINDS] & 15


@inlined
def payee_kind(history: History, place: int) -> int:
    """Kind of the payee of an entry."""
    return (history.entries[place, E_KINDS] >> 4) & 15


@inlined
def is_person(kind: int) -> bool:
    """Whether the kind is a class of personal wallets."""
    return 0 < kind < MERCHANT


@rare
def walk(history: History, last: int, column: int, since: int, into: int) -> int:
    """Write the places of the chain's entries from `last` (number plus 1) back to `since` into row `into` of the
    workspace, newest first; returns how many (at most MOST_STEPS).

    `column` is E_BEFORE_OUT or E_BEFORE_IN.
    """
    size, total = history.entries.shape[0], history.work[SCALARS, M_TOTAL]
    count = 0
    while last > 0 and last > total - size and count < MOST_STEPS:
        place = (last - 1) & (size - 1)
        if history.entries[place, E_AT] < since:
            break
        history.work[into, count] = place
        count += 1
        last = history.entries[place, column]
    return count


@rare
def before(history: History, place: int) -> int:
    """The last entry (number plus 1) that paid an entry's payer before that entry, or 0."""
    payer = history.entries[place, E_PAYER]
    if payer < 0:
        return 0
    size, total = history.entries.shape[0], history.work[SCALARS, M_TOTAL]
    number = total - 1 - ((total - 1 - place) & (size - 1))
    last = history.identities[payer, A_LAST_IN] & LAST_MASK
    for _ in range(MOST_STEPS):
        if last <= 0 or last <= total - size:
            return 0
        if last - 1 < number:
            return last
        last = history.entries[(last - 1) & (size - 1), E_BEFORE_IN]
    return 0


@rare
def next_alike(history: History, rule: int, last: int, amount: int, since: int, looks: int) -> tuple[int, int]:
    """The newest of a chain of incoming payments, from `last` (number plus 1) back to `since`, whose amount is like
    `amount`: neither is less than the rule's share of the other.

    Returns its number plus 1, or 0; and what is left of `looks`, the entries that may still be looked at.
    """
    size, total, share = (
        history.entries.shape[0],
        history.work[SCALARS, M_TOTAL],
        history.work[RULES + rule, R_PERMILLE],
    )
    while last > 0 and last > total - size and looks > 0:
        place = (last - 1) & (size - 1)
        if history.entries[place, E_AT] < since:
            break
        looks -= 1
        other = history.entries[place, E_AMOUNT]
        if other * share <= amount * 1000 and amount * share <= other * 1000 and history.entries[place, E_PAYER] >= 0:
            return last, looks
        last = history.entries[place, E_BEFORE_IN]
    return 0, looks


@inlined
def may_report(history: History, rule: int, who: int, at: int) -> bool:
    """Whether the identity is known and the rule has not just been reported for it."""
    return who >= 0 and at >= suppressed_until(history.suppressed, who, rule)


@inlined
def new_among(history: History, count: int, who: int) -> bool:
    """Whether `who` is none of the first `count` in OTHERS."""
    for i in range(count):  # noqa: SIM110 (a generator does not compile)
        if history.work[OTHERS, i] == who:
            return False
    return True


@rare
def report(
    history: History, rule: int, who: int, at: int, count: int, amount: int, figures: tuple[int, int, int]
) -> None:
    """Note a finding of `amount` fen that rests on the first `count` places in MARKED, and suppress the rule for a
    while."""
    number = history.work[SCALARS, M_FOUND]
    history.found[number, G_RULE] = rule
    history.found[number, G_WHO] = who
    history.found[number, G_AT] = at
    history.found[number, G_AMOUNT] = amount
    history.found[number, G_PAYMENTS] = count
    for i in range(3):
        history.found[number, G_FIGURES + i] = figures[i]
    for i in range(count):
        history.found[number, FINDING_COLUMNS + i] = history.entries[history.work[MARKED, i], E_ID]
    suppress(history.suppressed, who, rule, at + history.work[RULES + rule, R_QUIET])
    history.work[SCALARS, M_SUPPRESSED] += 1
    history.work[SCALARS, M_FOUND] = number + 1
