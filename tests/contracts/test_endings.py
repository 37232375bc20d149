"""Which kind of contract may end how, and why: each of these endings happens, and no other ever does.

The table is read both ways. Down: the town, run under conditions that differ, shows every ending of every kind. Across:
whatever happens in the town, on a good day or when half of it is frozen, no pending ends in a way that is not here.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from sandbox.base.pending import ENDINGS, P_AMOUNT, P_ENDING, P_RETURNED, P_SPENT
from sandbox.features.contracts.schema import DAY, HOUR, KINDS
from tests.contracts.town import Watched, as_it_is, town

MAY_END: dict[str, set[tuple[str, str]]] = {
    "courses": {("posted", "lessons"), ("voided", "withdrawn"), ("voided", "merchant_failed"), ("expired", "expired")},
    "subsidies": {("posted", "spent"), ("expired", "expired")},
    "gifts": {("posted", "taken"), ("expired", "expired")},
    "deliveries": {
        ("posted", "delivered"), ("posted", "dispute"), ("voided", "dispute"), ("expired", "expired"),
    },
    "dividends": {("posted", "paid_out")},
    "fees": {("posted", "granted"), ("voided", "rejected"), ("expired", "expired")},
    "sub_wallets": {("posted", "paid"), ("posted", "stolen"), ("voided", "not_paid")},
}  # fmt: skip
"""By kind: ending and reason. What has not ended is open."""


def shops_frozen(simulation: Any) -> None:
    """Merchants are frozen from the second day on."""
    _freeze(simulation, "merchant", DAY, None)


def people_frozen_for_a_day(simulation: Any) -> None:
    """Wallets are frozen, and released."""
    _freeze(simulation, "personal", 30 * HOUR, 54 * HOUR)


def _freeze(simulation: Any, block: str, at_us: int, until_us: int | None) -> None:
    control = simulation.control
    accounts = range(simulation.world.blocks[block].first, simulation.world.blocks[block].end, 2)

    def acts() -> Any:
        yield control.wait_until(at_us)
        for one in accounts:
            control.freeze(one)
        if until_us is not None:
            yield control.wait_until(until_us)
            for one in accounts:
                control.release(one)

    control.env.process(acts())


@cache
def days() -> list[Watched]:
    """The town on four occasions."""
    longer = {"contracts.courses.swimming.lasts": "4 days", "contracts.courses.swimming.fails": 0.0}
    return [as_it_is(), town(**longer), town(shops_frozen), town(people_frozen_for_a_day)]


def endings(run: Watched) -> dict[str, set[tuple[str, str]]]:
    """By kind, how pendings ended; open ones left out."""
    found: dict[str, set[tuple[str, str]]] = {kind: set() for kind in KINDS}
    for kind, name in run.component.service.contracts:
        found[kind].update(run.endings(name))
    return found


def test_the_table_is_of_all_kinds() -> None:
    assert set(MAY_END) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_ending_of_the_table_happens_and_no_other(kind: str) -> None:
    assert set().union(*(endings(run)[kind] for run in days())) == MAY_END[kind]


def test_an_ending_is_what_it_says() -> None:
    """Posted: nothing came back. Voided, expired: something did, and all of it is gone. Open: the rest is held."""
    for run in days():
        rows = run.rows
        held = rows[:, P_AMOUNT] - rows[:, P_SPENT] - rows[:, P_RETURNED]
        ended, posted = rows[:, P_ENDING] != 0, rows[:, P_ENDING] == ENDINGS.index("posted")
        np.testing.assert_array_equal(held[ended], 0)
        np.testing.assert_array_equal(rows[ended, P_RETURNED] == 0, posted[ended])
        assert (held >= 0).all()
