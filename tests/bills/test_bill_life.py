"""The life of a bill: every ending, every move out of place, and what a discount costs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.core.moves import IllegalMove, Receipt
from sandbox.features.bills.bill import BillPart, Package, State
from sandbox.features.bills.discount import days_to, discount_fen
from tests.bills.lives import ACCEPTOR, BANK, DRAWER, DUE, LAST, PAYEE, SECOND, package


def accepted(**more: object) -> tuple[Package, BillPart]:
    found = package(**more)  # type: ignore[arg-type]
    found.accept(10, ACCEPTOR)
    return found, found.parts[0]


def dishonoured(drawer: int = DRAWER) -> tuple[Package, BillPart]:
    """Drawer -> payee -> second -> bank, not paid."""
    found, part = accepted(drawer=drawer)
    found.endorse(20, part, PAYEE, SECOND)
    found.offer(30, part, SECOND, BANK, 97)
    found.take(31, part, Receipt(1, BANK, SECOND, 97))
    found.present(DUE, part, BANK)
    found.dishonour(LAST, part, BANK)
    return found, part


# --- every ending ----------------------------------------------------------------------------------------------------


def test_a_bill_that_is_paid_is_discharged() -> None:
    found, part = accepted()
    found.present(DUE, part, PAYEE)
    found.discharge(DUE + 1, part, Receipt(5, ACCEPTOR, PAYEE, 100))
    assert (part.state, part.outcome, part.ended_us) == (State.DISCHARGED, "discharged", DUE + 1)


def test_a_bill_that_nobody_accepts_is_cancelled() -> None:
    found = package()
    found.cancel(11, ACCEPTOR)
    assert found.parts[0].outcome == "cancelled"
    with pytest.raises(IllegalMove, match="cancelled is not drawn"):
        found.accept(12, ACCEPTOR)


def test_the_loss_goes_back_along_the_endorsers() -> None:
    found, part = dishonoured()
    assert part.liable == (DRAWER, PAYEE, SECOND)
    found.recourse(1_400, part, Receipt(2, SECOND, BANK, 100))
    found.recourse(1_500, part, Receipt(3, PAYEE, SECOND, 100))
    found.refuse(1_600, part, DRAWER)
    found.lose(1_600, part, PAYEE)
    assert (part.outcome, part.holder, part.recourse_payers) == ("recourse", PAYEE, (SECOND, PAYEE))


def test_whoever_nobody_pays_back_bears_the_loss() -> None:
    found, part = dishonoured()
    for debtor in (SECOND, PAYEE, DRAWER):
        with pytest.raises(IllegalMove, match="can still be asked"):
            found.lose(1_400, part, BANK)
        found.refuse(1_400, part, debtor)
    found.lose(1_400, part, BANK)
    assert (part.outcome, part.holder) == ("defaulted", BANK)


def test_an_acceptor_that_pays_late_still_discharges() -> None:
    found, part = dishonoured()
    found.recourse(1_400, part, Receipt(2, SECOND, BANK, 100))
    found.discharge(1_500, part, Receipt(3, ACCEPTOR, SECOND, 100))
    assert part.outcome == "discharged"


def test_what_is_not_due_is_open() -> None:
    assert accepted()[1].outcome == "open"


# --- what may not be done ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("move", "why"),
    [
        (lambda b, p: b.endorse(20, p, SECOND, BANK), "does not hold"),
        (lambda b, p: b.endorse(20, p, PAYEE, ACCEPTOR), "liable"),
        (lambda b, p: b.endorse(DUE, p, PAYEE, SECOND), "due"),
        (lambda b, p: b.endorse(5, p, PAYEE, SECOND), "later than this"),
        (lambda b, p: b.split(20, p, PAYEE, 100), "cannot be cut off"),
        (lambda b, p: b.split(20, p, PAYEE, 0), "cannot be cut off"),
        (lambda b, p: b.offer(20, p, PAYEE, BANK, 101), "a price of 101"),
        (lambda b, p: b.take(20, p, Receipt(1, BANK, PAYEE, 1)), "held is not offered"),
        (lambda b, p: b.present(DUE - 1, p, PAYEE), "not due"),
        (lambda b, p: b.discharge(DUE, p, Receipt(1, ACCEPTOR, PAYEE, 100)), "held is not presented"),
        (lambda b, p: b.recourse(DUE, p, Receipt(1, ACCEPTOR, PAYEE, 100)), "held is not dishonoured"),
        (lambda b, p: b.accept(20, ACCEPTOR), "held is not drawn"),
        (lambda b, p: b.cancel(20, ACCEPTOR), "held is not drawn"),
        (lambda b, p: b.lose(20, p, PAYEE), "held is not dishonoured"),
    ],
)  # fmt: skip
def test_moves_out_of_place_change_nothing(move: Callable[[Package, BillPart], object], why: str) -> None:
    found, part = accepted()
    before = (dataclasses.replace(part), found.last_move_us, set(found.used))
    with pytest.raises(IllegalMove, match=why):
        move(found, part)
    assert (part, found.last_move_us, found.used) == before


@pytest.mark.parametrize(
    ("receipt", "why"),
    [
        (Receipt(1, ACCEPTOR, PAYEE, 99), "99 fen moved, not 100"),
        (Receipt(1, ACCEPTOR, SECOND, 100), "between others"),
        (Receipt(1, SECOND, PAYEE, 100), "between others"),
        (Receipt(9, ACCEPTOR, PAYEE, 100), "paid for something already"),
    ],
)
def test_only_that_very_money_discharges(receipt: Receipt, why: str) -> None:
    found, part = accepted()
    found.used.add(9)
    found.present(DUE, part, PAYEE)
    with pytest.raises(IllegalMove, match=why):
        found.discharge(DUE, part, receipt)
    assert part.state is State.PRESENTED


def test_who_has_paid_in_recourse_is_not_asked_again() -> None:
    found, part = dishonoured()
    found.recourse(1_400, part, Receipt(2, SECOND, BANK, 100))
    for payer in (SECOND, BANK):
        with pytest.raises(IllegalMove, match="not liable"):
            found.recourse(1_401, part, Receipt(3, payer, SECOND, 100))


def test_the_acceptor_has_time_until_its_last_day() -> None:
    found, part = accepted()
    found.present(DUE, part, PAYEE)
    with pytest.raises(IllegalMove, match="still has time"):
        found.dishonour(LAST - 1, part, PAYEE)
    found.dishonour(LAST - 1, part, ACCEPTOR)


def test_what_cannot_be_split_is_whole() -> None:
    found, part = accepted(splittable=False)
    with pytest.raises(IllegalMove, match="cannot be split"):
        found.split(20, part, PAYEE, 50)


@pytest.mark.parametrize("wrong", [{"face_fen": 0}, {"payee": ACCEPTOR}, {"due_us": 10}, {"pay_by_us": DUE - 1}])
def test_a_bill_that_cannot_be(wrong: dict[str, int]) -> None:
    with pytest.raises(IllegalMove):
        Package(package().terms._replace(**wrong))


# --- discount ---------------------------------------------------------------------------------------------------------


def test_discount_by_hand() -> None:
    # 1,000,000 yuan at 2.5 % for 90 days of 360: 6,250 yuan.
    assert discount_fen(100_000_000, 25_000, 90, 360) == 625_000
    # 3 fen at 50 % for half a year: 0.75 fen is 1; 2 fen: 0.5 is 1; 1 fen: 0.25 is 0.
    assert [discount_fen(fen, 500_000, 180, 360) for fen in (1, 2, 3)] == [0, 1, 1]
    assert discount_fen(10, 10**6, 10_000, 360) == 10
    assert [days_to(now, 86_400_000_000 * 2) for now in (0, 1, 86_400_000_000, 86_400_000_001)] == [2, 2, 1, 1]


@given(st.integers(1, 10**11), st.integers(0, 10**6), st.integers(1, 184), st.sampled_from([360, 365, 366]))
def test_discount_is_interest_to_the_fen(face: int, rate: int, days: int, year: int) -> None:
    exact = Fraction(face * rate * days, 10**6 * year)
    assert -Fraction(1, 2) < discount_fen(face, rate, days, year) - exact <= Fraction(1, 2)


@given(st.integers(2, 10**11), st.data())
def test_a_split_divides_what_the_discount_cost(face: int, data: st.DataObject) -> None:
    found, part = accepted(face_fen=face)
    price, off = data.draw(st.integers(1, face)), data.draw(st.integers(1, face - 1))
    found.offer(20, part, PAYEE, BANK, price)
    found.take(21, part, Receipt(1, BANK, PAYEE, price))
    left, right = found.split(22, part, BANK, off)
    assert left.cost_fen + right.cost_fen == face - price
    assert left.discounted_fen + right.discounted_fen == left.face_fen + right.face_fen == face
    for one in (left, right):
        assert abs(Fraction(one.face_fen * (face - price), face) - one.cost_fen) < 1
