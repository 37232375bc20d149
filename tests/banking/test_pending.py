"""Pending transfers: each ending by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sandbox.base.pending import (
    Pendings,
)
from sandbox.core.ledger import BrokenInvariant
from tests.banking.pending_town import BANK, CAP, DAY, balance, ending, world


def test_posted_in_parts() -> None:
    control = world()
    pendings, told = Pendings(control), []
    pendings.on_end.append(lambda numbers: told.append(numbers.tolist()))
    one = pendings.hold(1, 250, escrow=7, kind="course")
    assert (balance(control, 1), balance(control, 7)) == (50, 250)
    pendings.post(one, 2, 100, reason="lesson")
    assert ending(pendings, one) == ("open", 100, 0)
    pendings.post(one, 3)
    assert ending(pendings, one) == ("posted", 250, 0)
    assert (balance(control, 2), balance(control, 3), balance(control, 7)) == (400, 450, 0)
    assert told == [[one]]
    assert pendings.counts("course")["posted"] == {
        "count": 1, "amount_fen": 250, "spent_fen": 250, "returned_fen": 0
    }  # fmt: skip


def test_voided_with_a_part_spent() -> None:
    control = world()
    pendings = Pendings(control)
    one = pendings.hold(1, 250, escrow=7)
    pendings.post(one, 2, 99)
    pendings.void(one, reason="withdrawn")
    assert ending(pendings, one) == ("voided", 99, 151)
    assert (balance(control, 1), balance(control, 7)) == (201, 0)
    assert pendings.table()["reason"] == ["withdrawn"]


def test_expired_at_its_microsecond() -> None:
    control = world()
    pendings = Pendings(control)
    later, sooner, never = (pendings.hold(1, 50, escrow=7, expires_us=at) for at in (2 * DAY, DAY, None))
    control.env.run(until=DAY)
    assert ending(pendings, sooner)[0] == "open"
    control.env.run(until=DAY + 1)
    assert (ending(pendings, sooner), ending(pendings, later)) == (("expired", 0, 50), ("open", 0, 0))
    control.env.run(until=10 * DAY)
    assert ending(pendings, later) == ("expired", 0, 50)
    assert ending(pendings, never) == ("open", 0, 0)
    assert pendings.open_fen(7) == balance(control, 7) == 50
    ended = pendings.table()["ended_at_us"]
    assert ended == [2 * DAY, DAY, None]


@pytest.mark.parametrize("planned_first", [True, False])
@pytest.mark.parametrize("act", ["post", "void"])
def test_what_is_said_at_the_instant_of_expiry_is_in_time(planned_first: bool, act: str) -> None:
    """Whichever of the two was planned first, and however often alarms were set anew before."""
    control = world()
    pendings = Pendings(control)

    def says() -> Any:
        if not planned_first:
            yield control.wait_until(2 * DAY + 1)
        yield control.wait_until(3 * DAY)
        one = pendings.left_of(np.array([number]))
        assert one.tolist() == [50]
        pendings.post(number, 2) if act == "post" else pendings.void(number)

    control.env.process(says())
    control.env.run(until=1)
    for lasts in (2 * DAY, DAY):
        pendings.hold(1, 50, escrow=7, expires_us=lasts)
    number = pendings.hold(1, 50, escrow=7, expires_us=3 * DAY)
    control.env.run(until=4 * DAY)
    assert ending(pendings, number)[0] == ("posted" if act == "post" else "voided")
    assert [ending(pendings, one)[0] for one in (0, 1)] == ["expired", "expired"]


def test_a_reason_is_that_of_the_ending() -> None:
    """None while it is open; what it was spent on if nothing came back, though its time was over meanwhile."""
    control = world()
    pendings = Pendings(control)
    one, other = (pendings.hold(1, 50, escrow=7, expires_us=DAY) for _ in range(2))
    pendings.post(other, 2, 10, reason="lessons")
    pendings.reserve_many(np.array([one]), np.array([50]))
    assert pendings.table()["reason"] == [None, None]
    control.env.run(until=DAY + 1)
    control.ledger.post(7, 2, 50)
    pendings.capture_many(np.array([one]), np.array([50]), reason="spent")
    assert [ending(pendings, number)[0] for number in (one, other)] == ["posted", "expired"]
    assert pendings.table()["reason"] == ["spent", "expired"]


def test_no_second_ending() -> None:
    control = world()
    pendings = Pendings(control)
    posted, voided, expired = (pendings.hold(1, 50, escrow=7, expires_us=DAY) for _ in range(3))
    pendings.post(posted, 2)
    pendings.void(voided)
    control.env.run(until=DAY + 1)
    for number in (posted, voided, expired):
        before = pendings.rows.copy(), control.accounts.copy()
        for act in (
            lambda number=number: pendings.post(number, 2, 1),
            lambda number=number: pendings.void(number),
            lambda number=number: pendings.reserve_many(np.array([number]), np.array([1])),
        ):
            with pytest.raises(BrokenInvariant):
                act()
        np.testing.assert_array_equal(pendings.rows, before[0])
        np.testing.assert_array_equal(control.accounts, before[1])


@pytest.mark.parametrize("amount", [0, -1, 51])
def test_no_more_than_it_holds_and_not_less_than_a_fen(amount: int) -> None:
    control = world()
    pendings = Pendings(control)
    one = pendings.hold(1, 50, escrow=7)
    with pytest.raises(BrokenInvariant, match="more than it holds, or nothing"):
        pendings.post(one, 2, amount)
    with pytest.raises(BrokenInvariant):
        pendings.post_many(np.array([one, one]), np.array([2, 3]), np.array([30, 30]))
    with pytest.raises(BrokenInvariant, match="twice"):
        pendings.void_many(np.array([one, one]))
    assert ending(pendings, one) == ("open", 0, 0)


def test_a_frozen_account_waits_until_its_release() -> None:
    control = world()
    pendings = Pendings(control)
    paid, back = (pendings.hold(1, 50, escrow=7, expires_us=DAY) for _ in range(2))
    control.freeze(2)
    control.freeze(1)
    pendings.post(paid, 2)
    control.env.run(until=DAY + 1)
    assert ending(pendings, paid) == ending(pendings, back) == ("open", 0, 0)
    assert not pendings.is_open(paid)
    assert pendings.open_fen() == balance(control, 7) == 100
    control.release(2)
    control.release(1)
    assert ending(pendings, paid) == ("posted", 50, 0)
    assert ending(pendings, back) == ("expired", 0, 50)
    assert balance(control, 7) == 0


def test_what_a_wallet_may_not_hold_goes_to_its_bank() -> None:
    control = world()
    pendings = Pendings(control)
    one, other = pendings.hold(1, 250, escrow=7), pendings.hold(3, 30, escrow=7)
    pendings.post_many(np.array([one, other]), np.array([2, 2]), np.array([250, 30]))
    assert (balance(control, 2), balance(control, BANK)) == (CAP, 80)


def test_what_is_reserved_ends_when_it_is_known() -> None:
    control = world()
    pendings = Pendings(control)
    one = pendings.hold(1, 100, escrow=7, expires_us=DAY)
    pendings.reserve_many(np.array([one]), np.array([40]))
    control.env.run(until=DAY + 1)
    assert ending(pendings, one) == ("open", 0, 60)
    pendings.release_many(np.array([one]), np.array([15]))
    control.ledger.post(7, 2, 25)
    pendings.capture_many(np.array([one]), np.array([25]))
    assert ending(pendings, one) == ("expired", 25, 75)
    assert balance(control, 7) == 0


def test_one_pays_many_at_once_and_may_be_postponed() -> None:
    control = world()
    pendings = Pendings(control)
    pool = pendings.hold(1, 100, escrow=7, expires_us=DAY, kind="pool")
    pendings.post_many(np.array([pool] * 3), np.array([2, 3, 2]), np.array([20, 30, 10]))
    pendings.postpone_many(np.array([pool]), 3 * DAY)
    control.env.run(until=3 * DAY)
    assert ending(pendings, pool) == ("open", 60, 0)
    assert pendings.totals("pool") == [40, 60, 0]
    control.env.run(until=3 * DAY + 1)
    assert ending(pendings, pool) == ("expired", 60, 40)
    assert pendings.totals("pool") == [0, 60, 40]
    assert [balance(control, one) for one in (1, 2, 3)] == [240, 330, 330]
