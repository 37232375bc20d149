"""All money that moved outside payments, kept where a component of the run moves some; with `payments` it gives every
balance.

Without such a component nothing is kept: issuance, redemption at midnight and interest alone would make a long table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from sandbox.control import Columns, Component, Control, Simulated
from sandbox.core.draws import Int64Array
from sandbox.core.layout import scalar
from sandbox.scenario.schema import used

NAMES: Final = ("at_us", "after", "payer", "payee", "amount_fen")


class Postings(Component):
    """Takes down every posting outside payments: when, after how many ended payments, who, whom, how much."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._rows: list[Int64Array] = []
        # Not in `start`: other components may post in theirs, and may start first.
        control.ledger.on_post.append(self._posted)

    def _posted(self, payers: Int64Array, payees: Int64Array, amounts: Int64Array) -> None:
        rows = np.zeros((len(NAMES), max(payers.size, payees.size)), dtype=np.int64)
        rows[0], rows[1] = self._control.now, self._control.world.scalars[scalar.ENDED]
        rows[2], rows[3], rows[4] = payers, payees, amounts
        self._rows.append(rows)

    def tables(self) -> Mapping[str, Columns]:
        """`postings`."""
        rows = np.concatenate([np.zeros((len(NAMES), 0), dtype=np.int64), *self._rows], axis=1)
        return {"postings": dict(zip(NAMES, rows[:, rows[4] > 0], strict=True))}


def postings(control: Control) -> Postings | None:
    """The component, if the scenario has a section that needs it."""
    scenario = control.world.scenario
    moves = any(one.moves_money for one, _ in used(scenario, Simulated))
    return Postings(control) if moves else None
