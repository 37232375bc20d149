"""A machine that plays any order of moves with a bill and money, a walk by dice, and seeded bugs that they catch."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sandbox.core.moves import IllegalMove, Receipt
from sandbox.features.bills import bill as life
from sandbox.features.bills.bill import BillPart, Package, State
from tests.bills.lives import ACCEPTOR, BANK, DRAWER, DUE, PAYEE, SECOND, STRANGER, package


def _some(*states: State) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Only while some part is in one of these states."""
    return precondition(lambda self: any(part.state in states for part in self.package.parts))


class Lives(RuleBasedStateMachine):
    """A bill and the money of everybody; whatever is legal is done, and the log must hold after each move."""

    FACE = 60
    MOST_PARTS = 4

    @initialize(by_bank=st.booleans(), stage=st.sampled_from([3, 2, 1, 0]))
    def begin(self, by_bank: bool, stage: int) -> None:
        """Somewhere in its life, so that its end is met as often as its beginning."""
        self.package = package(self.FACE, DRAWER if by_bank else ACCEPTOR)
        self.money = dict.fromkeys(range(1, 7), 300)
        self.start = sum(self.money.values())
        self.payments = 0
        self.now = 10
        self.settled: list[tuple[int, int, int]] = []
        """First number, last number and payer of what was paid at or after maturity."""
        self.discharged: dict[tuple[int, int], int] = {}
        self.package.accept(10, ACCEPTOR)
        (part,) = self.package.parts
        if stage > 0:
            self.package.endorse(20, part, PAYEE, SECOND)
        if stage > 1:
            self.now = DUE
            self.package.present(DUE, part, SECOND)
        if stage > 2:
            self.package.dishonour(DUE, part, ACCEPTOR)

    def pay(self, payer: int, payee: int, fen: int) -> Receipt | None:
        if self.money[payer] < fen:
            return None
        self.money[payer] -= fen
        self.money[payee] += fen
        self.payments += 1
        return Receipt(self.payments, payer, payee, fen)

    def chosen(self, place: int, *states: State) -> BillPart:
        """A part in one of these states if there is one; else any, to which the move is not legal."""
        parts = self.package.parts
        able = [part for part in parts if part.state in states] or parts
        return able[place % len(able)]

    @rule(us=st.sampled_from([1, 300]))
    def time_goes_by(self, us: int) -> None:
        self.now += us

    @_some(State.HELD)
    @rule(place=st.integers(0, 11), to=st.sampled_from([SECOND, BANK, STRANGER, PAYEE]))
    def endorse(self, place: int, to: int) -> None:
        part = self.chosen(place, State.HELD)
        _try(lambda: self.package.endorse(self.now, part, part.holder, to))

    @_some(State.HELD)
    @rule(place=st.integers(0, 11), off=st.integers(1, 59))
    def split(self, place: int, off: int) -> None:
        part = self.chosen(place, State.HELD)
        if len(self.package.parts) < self.MOST_PARTS:
            _try(lambda: self.package.split(self.now, part, part.holder, off))

    @_some(State.HELD)
    @rule(
        place=st.integers(0, 11),
        to=st.sampled_from([BANK, STRANGER, SECOND]),
        off=st.integers(0, 50),
        pays=st.booleans(),
    )
    def sell(self, place: int, to: int, off: int, pays: bool) -> None:
        part = self.chosen(place, State.HELD)
        seller, price = part.holder, part.face_fen - off
        if not _try(lambda: self.package.offer(self.now, part, seller, to, price)):
            return
        receipt = self.pay(to, seller, price) if pays else None
        if receipt is None:
            self.package.retract(self.now, part, seller)
        else:
            self.package.take(self.now, part, receipt)

    @_some(State.HELD)
    @rule(place=st.integers(0, 11))
    def present(self, place: int) -> None:
        part = self.chosen(place, State.HELD)
        _try(lambda: self.package.present(self.now, part, part.holder))

    @_some(State.PRESENTED, State.DISHONOURED)
    @rule(place=st.integers(0, 11), who=st.integers(0, 11), short=st.integers(0, 1), again=st.booleans())
    def somebody_pays(self, place: int, who: int, short: int, again: bool) -> None:
        """Money comes from anybody, in full or not; only what is owed does anything."""
        part = self.chosen(place, State.PRESENTED, State.DISHONOURED)
        able = [*reversed(part.liable), ACCEPTOR, STRANGER]
        payer = able[who % len(able)]
        holder, due = part.holder, part.face_fen - short
        if due <= 0 or payer == holder or self.money[payer] < due:
            return
        before = self.payments
        receipt = Receipt(before if again and before else before + 1, payer, holder, due)
        move = self.package.discharge if payer == ACCEPTOR else self.package.recourse
        if _try(lambda: move(self.now, part, receipt)):
            assert self.pay(payer, holder, due) is not None
            assert not short
            assert receipt.number == before + 1
            self.settled.append((part.first, part.last, payer))

    @_some(State.PRESENTED)
    @rule(place=st.integers(0, 11), by_holder=st.booleans())
    def dishonour(self, place: int, by_holder: bool) -> None:
        part = self.chosen(place, State.PRESENTED)
        _try(lambda: self.package.dishonour(self.now, part, part.holder if by_holder else ACCEPTOR))

    @_some(State.DISHONOURED)
    @rule(place=st.integers(0, 11), who=st.integers(0, 5))
    def refuse(self, place: int, who: int) -> None:
        part = self.chosen(place, State.DISHONOURED)
        if part.liable:
            _try(lambda: self.package.refuse(self.now, part, part.liable[who % len(part.liable)]))

    @_some(State.DISHONOURED)
    @rule(place=st.integers(0, 11))
    def lose(self, place: int) -> None:
        part = self.chosen(place, State.DISHONOURED)
        _try(lambda: self.package.lose(self.now, part, part.holder))

    @invariant()
    def books_hold(self) -> None:
        parts = self.package.parts
        assert [parts[0].first, parts[-1].last] == [1, self.FACE]
        assert all(left.last + 1 == right.first for left, right in pairwise(parts))
        assert sum(part.face_fen for part in parts) == self.FACE
        assert all(part.face_fen > 0 for part in parts)
        assert sum(self.money.values()) == self.start
        for part in parts:
            assert (part.state is State.OFFERED) == (part.offer is not None)
            assert (part.ended_us is not None) == (part.state in life.OVER)
            assert part.holder not in part.liable
            assert ACCEPTOR not in part.liable
            assert part.cost_fen <= part.discounted_fen <= part.face_fen
        self._nobody_pays_twice()

    def _nobody_pays_twice(self) -> None:
        for place, (first, last, payer) in enumerate(self.settled):
            for other_first, other_last, other in self.settled[:place]:
                apart = last < other_first or other_last < first
                assert apart or payer != other, "somebody paid twice for the same fen"
        for part in self.package.parts:
            paid = [payer for first, last, payer in self.settled if (first, last) == (part.first, part.last)]
            assert paid.count(ACCEPTOR) == (part.state is State.DISCHARGED)


def _try(move: Callable[[], object]) -> bool:
    try:
        move()
    except IllegalMove:
        return False
    return True


LIGHT = settings(
    max_examples=20, stateful_step_count=25, deadline=None, database=None, derandomize=True, report_multiple_bugs=False
)


def test_any_order_of_moves() -> None:
    run_state_machine_as_test(Lives, settings=LIGHT)


def walk(draws: random.Random) -> Lives:
    """The machine driven by dice, deep into a bill's life; its log are checked at each step."""
    one = Lives()
    one.begin(by_bank=draws.random() < 0.5, stage=draws.randrange(4))
    for _ in range(25):
        place, flag = draws.randrange(4), draws.random() < 0.5
        draws.choice(
            [
                lambda: one.time_goes_by(us=draws.choice([1, 300])),
                lambda place=place: one.endorse(place=place, to=draws.choice([SECOND, BANK, STRANGER])),
                lambda place=place: one.split(place=place, off=draws.randrange(1, 60)),
                lambda place=place, flag=flag: one.sell(place=place, to=BANK, off=draws.randrange(5), pays=flag),
                lambda place=place: one.present(place=place),
                lambda place=place: one.somebody_pays(
                    place=place, who=draws.randrange(4), short=draws.randrange(2), again=draws.random() < 0.2
                ),
                lambda place=place, flag=flag: one.dishonour(place=place, by_holder=flag),
                lambda place=place: one.refuse(place=place, who=draws.randrange(3)),
                lambda place=place: one.lose(place=place),
            ]
        )()
        one.books_hold()
    return one


def walks() -> Counter[State]:
    """Many walks; the states in which parts were left."""
    draws = random.Random(1)
    return Counter(part.state for _ in range(200) for part in walk(draws).package.parts)


def test_walks_meet_every_state() -> None:
    found = walks()
    assert all(found[state] >= 5 for state in State if state not in (State.DRAWN, State.CANCELLED, State.OFFERED)), (
        found
    )


# --- seeded bugs are seen ---------------------------------------------------------------------------------------------


def _loses_a_fen(self: Package, at_us: int, part: BillPart, by: int, off_fen: int) -> tuple[BillPart, BillPart]:
    off, rest = _SPLIT(self, at_us, part, by, off_fen)
    rest.first += 1
    return off, rest


def _no_money_needed(self: Package, at_us: int, part: BillPart, receipt: Receipt) -> None:
    part.state, part.ended_us = State.DISCHARGED, at_us


def _uses_any_money(self: Package, receipt: Receipt, payer: int, payee: int, amount_fen: int) -> None:
    self.used.add(receipt.number)


def _keeps_the_line(self: Package, at_us: int, part: BillPart, receipt: Receipt) -> None:
    line = part.liable
    _RECOURSE(self, at_us, part, receipt)
    part.liable = line


_SPLIT, _RECOURSE = Package.split, Package.recourse


@pytest.mark.parametrize(
    ("name", "bug"),
    [
        ("split", _loses_a_fen),
        ("discharge", _no_money_needed),
        ("_use", _uses_any_money),
        ("recourse", _keeps_the_line),
    ],
    ids=["a split loses a fen", "discharged without money", "any money will do", "recourse pays twice"],
)
def test_seeded_bugs_are_caught(name: str, bug: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Package, name, bug)
    with pytest.raises((AssertionError, IllegalMove)):
        walks()
