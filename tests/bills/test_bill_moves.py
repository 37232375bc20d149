"""Every move in every state of a bill: where it leads, or that it is refused and changes nothing. No other way ends."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Final

import pytest

from sandbox.core.moves import IllegalMove, Receipt
from sandbox.features.bills.bill import OVER, BillPart, Package, State
from tests.bills.lives import ACCEPTOR, BANK, DRAWER, DUE, LAST, PAYEE, SECOND, package
from tests.effort import calls

EARLY, LATE = DUE - 1, LAST

LEADS: Final = {
    (State.DRAWN, "accept"): State.HELD,
    (State.DRAWN, "cancel"): State.CANCELLED,
    (State.HELD, "split"): State.HELD,
    (State.HELD, "endorse"): State.HELD,
    (State.HELD, "offer"): State.OFFERED,
    (State.HELD, "present"): State.PRESENTED,
    (State.OFFERED, "take"): State.HELD,
    (State.OFFERED, "retract"): State.HELD,
    (State.PRESENTED, "discharge"): State.DISCHARGED,
    (State.PRESENTED, "dishonour"): State.DISHONOURED,
    (State.DISHONOURED, "discharge"): State.DISCHARGED,
    (State.DISHONOURED, "recourse"): State.DISHONOURED,
    (State.DISHONOURED, "refuse"): State.DISHONOURED,
    (State.DISHONOURED, "lose"): State.LOST,
}
"""Where each move leads from each state; any other pair is refused."""
BEFORE_DUE: Final = {"split", "endorse", "offer"}
FROM_DUE: Final = {"present"}

MOVES: Final[dict[str, Callable[[Package, BillPart, int], object]]] = {
    "accept": lambda bill, part, at: bill.accept(at, ACCEPTOR),
    "cancel": lambda bill, part, at: bill.cancel(at, DRAWER),
    "split": lambda bill, part, at: bill.split(at, part, part.holder, 40),
    "endorse": lambda bill, part, at: bill.endorse(at, part, part.holder, BANK),
    "offer": lambda bill, part, at: bill.offer(at, part, part.holder, BANK, 97),
    "take": lambda bill, part, at: bill.take(at, part, Receipt(50, BANK, part.holder, 97)),
    "retract": lambda bill, part, at: bill.retract(at, part, part.holder),
    "present": lambda bill, part, at: bill.present(at, part, part.holder),
    "discharge": lambda bill, part, at: bill.discharge(at, part, Receipt(50, ACCEPTOR, part.holder, 100)),
    "dishonour": lambda bill, part, at: bill.dishonour(at, part, ACCEPTOR),
    "recourse": lambda bill, part, at: bill.recourse(at, part, Receipt(50, PAYEE, part.holder, 100)),
    "refuse": lambda bill, part, at: bill.refuse(at, part, PAYEE),
    "lose": lambda bill, part, at: bill.lose(at, part, part.holder),
}


def in_state(state: State, left_to_ask: bool = True) -> tuple[Package, BillPart]:
    """Drawn, accepted, endorsed once, and then as far as that state."""
    bill = package(drawer=DRAWER)
    (part,) = bill.parts
    if state is State.DRAWN:
        return bill, part
    if state is State.CANCELLED:
        bill.cancel(11, DRAWER)
        return bill, part
    bill.accept(11, ACCEPTOR)
    bill.endorse(12, part, PAYEE, SECOND)
    if state is State.OFFERED:
        bill.offer(13, part, SECOND, BANK, 97)
    if state in (State.HELD, State.OFFERED):
        return bill, part
    bill.present(DUE, part, SECOND)
    if state is State.DISCHARGED:
        bill.discharge(DUE, part, Receipt(1, ACCEPTOR, SECOND, 100))
    if state in (State.PRESENTED, State.DISCHARGED):
        return bill, part
    bill.dishonour(DUE, part, ACCEPTOR)
    if state is State.LOST or not left_to_ask:
        for one in (PAYEE, DRAWER):
            bill.refuse(DUE, part, one)
    if state is State.LOST:
        bill.lose(DUE, part, SECOND)
    return bill, part


@pytest.mark.parametrize("at_us", [EARLY, LATE])
@pytest.mark.parametrize("state", State)
def test_every_move_in_every_state(state: State, at_us: int) -> None:
    for name, move in MOVES.items():
        bill, part = in_state(state, left_to_ask=name != "lose")
        at_us = max(at_us, bill.last_move_us)
        before = copy.deepcopy(vars(bill))
        leads = LEADS.get((state, name))
        if (name in BEFORE_DUE and at_us >= DUE) or (name in FROM_DUE and at_us < DUE):
            leads = None
        if leads is None:
            with pytest.raises(IllegalMove):
                move(bill, part, at_us)
            assert vars(bill) == before, name
        else:
            move(bill, part, at_us)
            assert {one.state for one in bill.parts} == {leads}, name
            assert (part.ended_us is not None) == (leads in OVER)
            assert sum(one.face_fen for one in bill.parts) == 100


def test_there_are_three_endings_and_nothing_leads_out_of_them() -> None:
    assert {State.DISCHARGED, State.LOST, State.CANCELLED} == OVER
    assert not any(state in OVER for state, _ in LEADS)
    assert set(LEADS.values()) | {State.DRAWN} == set(State)


def test_nobody_loses_while_somebody_can_be_asked() -> None:
    bill, part = in_state(State.DISHONOURED)
    with pytest.raises(IllegalMove, match="can still be asked"):
        bill.lose(LATE, part, part.holder)


def split_into(parts: int) -> Package:
    bill = package(face_fen=100_000)
    bill.accept(11, ACCEPTOR)
    for first in range(1, parts):
        bill.split(12, bill.part(first, 100_000), PAYEE, 1)
    return bill


def test_twice_as_many_parts_take_twice_the_work() -> None:
    once, twice = (calls(lambda parts=parts: split_into(parts)) for parts in (500, 1_000))
    assert twice < 2.4 * once
    assert [part.first for part in split_into(1_000).parts] == list(range(1, 1_001))
