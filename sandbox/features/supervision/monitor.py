"""A monitor: a viewer's view of the payments, and the detectors that look at it.

Several can watch one run, each with a history of its own; what one finds changes nothing for another. What comes
out is the same whatever the windows are in which payments arrive.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.core.layout import INFINITE
from sandbox.features.supervision.detectors import history as h
from sandbox.features.supervision.detectors.rules import NAMES, RULES
from sandbox.features.supervision.detectors.scan import expire, scan
from sandbox.features.supervision.detectors.suppression import with_room
from sandbox.features.supervision.schema.detectors import Detectors
from sandbox.features.supervision.visibility import V_AT, VIEW_COLUMNS, Pseudonyms, Viewer
from sandbox.market.sources import KINDS
from sandbox.world import World

MOST_ENTRIES: Final = 1 << 22
"""Payments that a monitor keeps at most: a quarter of a gibibyte. Beyond it the oldest are forgotten early."""
CROSS_BORDER_KINDS: Final = frozenset({"cross_border"})


class Detection(NamedTuple):
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
    rows = [rule.row(getattr(detectors, name)) for name, rule in RULES.items()]
    return np.array(rows, dtype=np.int64)


def least_numbers(rules: Int64Array) -> tuple[int, int]:
    """The fewest payments of a payer, and to a payee, with which any rule but structuring can find something."""
    on = rules[(rules[:, h.R_ON] == 1) & (rules[:, h.R_FILTERS] & h.BELOW_THRESHOLD == 0)]
    counting = on[:, h.R_HOW] == h.COUNT
    gathering = on[:, h.R_HOW] == h.SCATTER_GATHER
    out = on[counting & (on[:, h.R_SIDES] & h.PAYER > 0), h.R_LEAST]
    into = on[(counting & (on[:, h.R_SIDES] & h.PAYEE > 0)) | gathering, h.R_LEAST]
    never = 1 << 30
    return int(out.min(initial=never)), int(into.min(initial=never))


def bands(detectors: Detectors) -> Int64Array:
    """Amounts just below each threshold: from and below."""
    one = detectors.structuring
    rows = [(-(-round(1000 * (1 - one.margin)) * fen // 1000), fen) for fen in one.thresholds]
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


class Monitor:
    """A view and the detectors that look at it."""

    def __init__(self, world: World, detectors: Detectors, thresholds: Int64Array, pseudonyms: Pseudonyms) -> None:
        self.pseudonyms = pseudonyms
        self.viewer = Viewer(world, thresholds, pseudonyms, detectors.purchases_from)
        rules, kinds = rule_rows(detectors), cross_border_kinds()
        windows = rules[rules[:, h.R_ON] == 1, h.R_WINDOW]
        dormant = detectors.dormant_then_active
        settings = np.zeros(h.SETTING_COUNT, dtype=np.int64)
        settings[h.W_LONGEST] = int(windows.max()) if len(windows) else 0
        settings[h.W_LEAST_OUT], settings[h.W_LEAST_IN] = least_numbers(rules)
        settings[h.W_DORMANT] = dormant.silence if dormant.enabled else INFINITE
        self.history = h.new_history(self.viewer.identities, rules, settings, bands(detectors), kinds)
        self._idle = not len(windows)

    def look(self, window: Int64Array) -> list[Detection]:
        """Look at a window of ended payments, in order of their end; returns what was found, in order."""
        return [] if self._idle else self.look_at(self.viewer.view(window))

    def look_at(self, view: Int64Array) -> list[Detection]:
        """Look at a view (VIEW_COLUMNS, number)."""
        assert view.shape[0] == VIEW_COLUMNS
        if view.shape[1] == 0:
            return []
        found: list[Detection] = []
        at, last = 0, view.shape[1]
        self._make_room(last, int(view[V_AT, 0]))
        while at < last:
            self._make_room_to_suppress(int(view[V_AT, at]))
            at = int(scan(self.history, view, at))
            count = int(self.history.work[h.SCALARS, h.M_FOUND])
            found += [_detection(row) for row in self.history.found[:count].tolist()]
            self.history.work[h.SCALARS, h.M_FOUND] = 0
        return found

    def _make_room(self, more: int, now: int) -> None:
        """Let the history hold what may still be asked for and `more` entries besides."""
        size, (total, oldest) = len(self.history.entries), self.history.work[h.SCALARS, : h.M_OLDEST + 1].tolist()
        if size >= MOST_ENTRIES or total - oldest + more <= size or int(expire(self.history, now)) + more <= size:
            return
        wanted = size
        while wanted < MOST_ENTRIES and int(total - self.history.work[h.SCALARS, h.M_OLDEST]) + more > wanted:
            wanted *= 4
        entries = np.zeros((wanted, h.ENTRY_COLUMNS), dtype=np.int64)
        numbers = np.arange(max(0, total - size), total)
        entries[numbers & (wanted - 1)] = self.history.entries[numbers & (size - 1)]
        self.history = self.history._replace(entries=entries)

    def _make_room_to_suppress(self, now: int) -> None:
        """Let the table of suppressed alerts hold what may be found before it is asked again."""
        scalars, more = self.history.work[h.SCALARS], len(self.history.found)
        if 2 * (int(scalars[h.M_SUPPRESSED]) + more) > len(self.history.suppressed):
            self.history = self.history._replace(suppressed=with_room(self.history.suppressed, more, now))
            scalars[h.M_SUPPRESSED] = int((self.history.suppressed > 0).any(axis=1).sum())

    def account_of(self, detection: Detection) -> int:
        """Whose account it is: what the operator answers."""
        return self.pseudonyms.account_of(detection.seen)


def _detection(row: list[int]) -> Detection:
    name, ids = NAMES[row[h.G_RULE]], row[h.FINDING_COLUMNS : h.FINDING_COLUMNS + row[h.G_PAYMENTS]]
    figures = dict(zip(RULES[name].figures, row[h.G_FIGURES :], strict=False))
    return Detection(name, row[h.G_WHO], row[h.G_AT], row[h.G_AMOUNT], tuple(sorted(ids)), figures)
