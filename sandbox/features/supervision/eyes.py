"""One pair of eyes: a viewer's view of the payments, and the detectors that look at it.

Several pairs can watch one run, each with a memory of its own; what one finds changes nothing for another. What comes
out is the same whatever the windows are in which payments arrive.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.core.layout import INFINITE
from sandbox.features.supervision.detectors import memory as m
from sandbox.features.supervision.detectors.quiet import with_room
from sandbox.features.supervision.detectors.watch import MODULES, NAMES, forget, watch
from sandbox.features.supervision.schema.detectors import Detectors
from sandbox.features.supervision.visibility import V_AT, VIEW_COLUMNS, Pseudonyms, Viewer
from sandbox.market.sources import KINDS
from sandbox.world import World

MOST_ENTRIES: Final = 1 << 22
"""Payments that a pair of eyes remembers at most: a quarter of a gibibyte. Beyond it the oldest are forgotten early."""
CROSS_BORDER_KINDS: Final = frozenset({"cross_border"})


class Finding(NamedTuple):
    """What a detector found: its rule, who (as the view shows them), when (us), and on what it rests."""

    rule: str
    seen: int
    at_us: int
    amount_fen: int
    payment_ids: tuple[int, ...]
    figures: Mapping[str, int]


def cross_border_kinds() -> Int64Array:
    """By kind of payment: 1 if it crosses a border."""
    return np.array([kind in CROSS_BORDER_KINDS for kind in (*KINDS, *[""] * (16 - len(KINDS)))], dtype=np.int64)


def rule_rows(detectors: Detectors) -> Int64Array:
    """The detectors' parameters as the compiled rules read them."""
    rows = [module.row(getattr(detectors, name)) for name, module in zip(NAMES, MODULES, strict=True)]
    return np.array(rows, dtype=np.int64)


def least_numbers(rules: Int64Array) -> tuple[int, int]:
    """The fewest payments of a payer, and to a payee, with which any rule but structuring can find something."""
    on = rules[(rules[:, m.R_ON] == 1) & (rules[:, m.R_FILTERS] & m.BELOW_THRESHOLD == 0)]
    counting = on[:, m.R_HOW] == m.COUNT
    gathering = on[:, m.R_HOW] == m.SCATTER_GATHER
    out = on[counting & (on[:, m.R_SIDES] & m.PAYER > 0), m.R_LEAST]
    into = on[(counting & (on[:, m.R_SIDES] & m.PAYEE > 0)) | gathering, m.R_LEAST]
    never = 1 << 30
    return int(out.min(initial=never)), int(into.min(initial=never))


def bands(detectors: Detectors) -> Int64Array:
    """Amounts just below each threshold: from and below."""
    one = detectors.structuring
    rows = [(-(-round(1000 * (1 - one.margin)) * fen // 1000), fen) for fen in one.thresholds]
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


class Eyes:
    """A view and the detectors that look at it."""

    def __init__(self, world: World, detectors: Detectors, sight: Int64Array, pseudonyms: Pseudonyms) -> None:
        self.pseudonyms = pseudonyms
        self.viewer = Viewer(world, sight, pseudonyms, detectors.purchases_from)
        rules, kinds = rule_rows(detectors), cross_border_kinds()
        windows = rules[rules[:, m.R_ON] == 1, m.R_WINDOW]
        dormant = detectors.dormant_then_active
        settings = np.zeros(m.SETTING_COUNT, dtype=np.int64)
        settings[m.W_LONGEST] = int(windows.max()) if len(windows) else 0
        settings[m.W_LEAST_OUT], settings[m.W_LEAST_IN] = least_numbers(rules)
        settings[m.W_DORMANT] = dormant.silence if dormant.enabled else INFINITE
        self.memory = m.new_memory(self.viewer.identities, rules, settings, bands(detectors), kinds)
        self._idle = not len(windows)

    def look(self, window: Int64Array) -> list[Finding]:
        """Look at a window of ended payments, in order of their end; returns what was found, in order."""
        return [] if self._idle else self.look_at(self.viewer.view(window))

    def look_at(self, view: Int64Array) -> list[Finding]:
        """Look at a view (VIEW_COLUMNS, number)."""
        assert view.shape[0] == VIEW_COLUMNS
        if view.shape[1] == 0:
            return []
        found: list[Finding] = []
        at, last = 0, view.shape[1]
        self._make_room(last, int(view[V_AT, 0]))
        while at < last:
            self._make_room_for_silence(int(view[V_AT, at]))
            at = int(watch(self.memory, view, at))
            count = int(self.memory.desk[m.SCALARS, m.M_FOUND])
            found += [_finding(row) for row in self.memory.found[:count].tolist()]
            self.memory.desk[m.SCALARS, m.M_FOUND] = 0
        return found

    def _make_room(self, more: int, now: int) -> None:
        """Let the journal hold what may still be asked for and `more` entries besides."""
        size, (total, oldest) = len(self.memory.journal), self.memory.desk[m.SCALARS, : m.M_OLDEST + 1].tolist()
        if size >= MOST_ENTRIES or total - oldest + more <= size or int(forget(self.memory, now)) + more <= size:
            return
        wanted = size
        while wanted < MOST_ENTRIES and int(total - self.memory.desk[m.SCALARS, m.M_OLDEST]) + more > wanted:
            wanted *= 4
        journal = np.zeros((wanted, m.ENTRY_COLUMNS), dtype=np.int64)
        numbers = np.arange(max(0, total - size), total)
        journal[numbers & (wanted - 1)] = self.memory.journal[numbers & (size - 1)]
        self.memory = self.memory._replace(journal=journal)

    def _make_room_for_silence(self, now: int) -> None:
        """Let the table of silences hold what may be found before it is asked again."""
        scalars, more = self.memory.desk[m.SCALARS], len(self.memory.found)
        if 2 * (int(scalars[m.M_HUSHED]) + more) > len(self.memory.quiet):
            self.memory = self.memory._replace(quiet=with_room(self.memory.quiet, more, now))
            scalars[m.M_HUSHED] = int((self.memory.quiet > 0).any(axis=1).sum())

    def account_of(self, finding: Finding) -> int:
        """Whose account it is: what the operator answers."""
        return self.pseudonyms.account_of(finding.seen)


def _finding(row: list[int]) -> Finding:
    module, count = MODULES[row[m.G_RULE]], row[m.G_PAYMENTS]
    names: tuple[str, ...] = module.FIGURES
    ids = row[m.FINDING_COLUMNS : m.FINDING_COLUMNS + count]
    return Finding(
        NAMES[row[m.G_RULE]], row[m.G_WHO], row[m.G_AT], row[m.G_AMOUNT], tuple(sorted(ids)),
        dict(zip(names, row[m.G_FIGURES :], strict=False)),
    )  # fmt: skip
