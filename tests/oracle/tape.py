"""What parts of a run ordered beside the rail, taken down, so that the oracle can be told the same.

The oracle knows the scenario's own control events. What criminals, supervisors, a box's life or a flight from deposits
do it does not know: the payments they submit, the money they post, the liquidity they order, the accounts and rules
they change are recorded here at the rail's door, each with its microsecond and with how many payments had ended before
it, and are carried out in the oracle at that very place.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final
from unittest.mock import patch

import numpy as np

from sandbox.base import liquidity
from sandbox.core.layout import account, birth, rule, scalar, trait
from sandbox.engine import simulation as engine
from sandbox.engine.simulation import Simulation
from sandbox.world import World
from tests.oracle.orders import Entry

OWN: Final = ("sandbox.base.days", "sandbox.base.liquidity", "sandbox.base.campaigns")
"""Modules whose postings the oracle works out itself."""
PAID: Final = (birth.TIME, birth.PAYER, birth.PAYEE, birth.AMOUNT, birth.KEY, birth.TAG)
"""What the oracle is told of a birth, after its source."""
BITS: Final = trait.FROZEN | trait.IN_BOX | trait.CAN_TOP_UP | trait.REDEEMS
BOX_RULES: Final = (
    rule.BOX_ON, rule.OUTSIDE, rule.PER_PAYMENT_CAP, rule.PARTICIPANT_CAP, rule.EXPOSURE_CAP, rule.CLIENT_CAP,
    rule.BOX_TRIPS, rule.CONTAINED,
)  # fmt: skip


class Tape:
    """Takes down what parts do, from before there is a simulation."""

    def __init__(self, world: World) -> None:
        self.entries: list[Entry] = []
        self._meta, self._rules = world.ledger.accounts[:, account.TRAITS] & BITS, world.rules[list(BOX_RULES)]

    @contextmanager
    def recording(self, simulation: Simulation) -> Iterator[None]:
        """While the simulation runs."""
        world, advance, submit, post = simulation.world, engine.advance, simulation.submit, simulation.world.ledger.post
        submit_many, post_together = simulation.submit_many, world.ledger.post_together
        meta, rules, order = world.ledger.accounts[:, account.TRAITS], world.rules, liquidity.order

        def note(what: str, *values: Any) -> None:
            ended = int(world.scalars[scalar.ENDED])
            self.entries.append(Entry(int(simulation.env.now), ended, what, tuple(int(one) for one in values)))

        def watched_advance(*arguments: Any) -> Any:
            now = meta & BITS
            for who in np.flatnonzero(now != self._meta).tolist():
                note("account", who, now[who])
            if not np.array_equal(rules[list(BOX_RULES)], self._rules):
                note("box", *rules[list(BOX_RULES)])
            reason = advance(*arguments)
            self._meta, self._rules = meta & BITS, rules[list(BOX_RULES)]
            return reason

        def watched_submit(birth: tuple[int, ...]) -> Any:
            note("pay", simulation.world.orders, *(birth[one] for one in PAID))
            return submit(birth)

        def watched_submit_many(source: int, births: Any) -> None:
            for one in births[PAID, :].T.tolist():
                note("pay", source, *one)
            submit_many(source, births)

        def watched_post(payer: Any, payee: Any, amount: Any) -> None:
            if not _is_own(sys._getframe(1)):
                for one in zip(*np.broadcast_arrays(np.atleast_1d(payer), payee, amount), strict=True):
                    if one[2] > 0:
                        note("post", *one)
            post(payer, payee, amount)

        def watched_post_together(payers: Any, payees: Any, amounts: Any) -> None:
            for one in zip(payers, payees, amounts, strict=True):
                if one[2] > 0:
                    note("post", *one)
            post_together(payers, payees, amounts)

        simulation.submit = watched_submit  # type: ignore[method-assign]
        simulation.submit_many = watched_submit_many  # type: ignore[method-assign]
        world.ledger.post = watched_post  # type: ignore[method-assign]
        world.ledger.post_together = watched_post_together  # type: ignore[method-assign]

        def watched_order(control: Any, operator: int) -> Any:
            if sys._getframe(1).f_code.co_name == "hand_out":  # The rail's own orders the oracle knows.
                note("order", operator)
            return order(control, operator)

        with patch.object(engine, "advance", watched_advance), patch.object(liquidity, "order", watched_order):
            yield


def _is_own(frame: FrameType | None) -> bool:
    """Whether a posting comes from a process of `OWN`, and not from a part that only uses what stands there."""
    while frame is not None and frame.f_globals["__name__"] in OWN:
        frame = frame.f_back
    return frame is not None and frame.f_globals["__name__"].startswith("simpy")
