"""The life of a trade in data: every ending, moves out of place, and any order of moves with the escrow beside it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sandbox.core.moves import IllegalMove, Receipt
from sandbox.features.data_exchange.trade import OVER, Stage, Trade, TradeTerms, key_digest

SELLER, BUYER, ESCROW = 1, 2, 3
KEY, WRONG = b"k" * 32, b"w" * 32


def trade(metered: bool = False, units: int = 1, price: int = 100, people: int = 100_000, fee: int = 10_000) -> Trade:
    return Trade(TradeTerms(0, "data", SELLER, BUYER, ESCROW, units, price, metered, key_digest(KEY), people, fee), 10)


def held(**more: int | bool) -> Trade:
    found = trade(**more)  # type: ignore[arg-type]
    found.hold(11, Receipt(5, BUYER, ESCROW, found.terms.price_fen))
    return found


def delivered(**more: int | bool) -> Trade:
    found = held(**more)
    found.deliver(20, KEY)
    return found


ENDINGS: dict[str, tuple[Callable[[], Trade], Callable[[Trade], None], Stage, int]] = {
    "confirmed": (delivered, lambda one: one.confirm(30), Stage.DONE, 100),
    "wrong key": (held, lambda one: one.fail(20, WRONG), Stage.REFUNDED, 0),
    "never delivered": (held, lambda one: one.expire(99), Stage.EXPIRED, 0),
    "never paid": (trade, lambda one: one.refuse(11), Stage.REFUSED, 0),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_every_ending(name: str) -> None:
    begin, end, stage, spent = ENDINGS[name]
    found = begin()
    end(found)
    assert (found.stage, found.spent_fen, sum(found.shares)) == (stage, spent, spent)


@pytest.mark.parametrize(("upheld", "stage", "spent"), [(True, Stage.REFUNDED, 0), (False, Stage.DONE, 100)])
def test_disputes_end_one_way_or_the_other(upheld: bool, stage: Stage, spent: int) -> None:
    found = delivered()
    found.dispute(25)
    found.rule(40, upheld)
    assert (found.stage, found.spent_fen, found.disputed) == (stage, spent, True)


def test_metered_data_is_paid_for_as_it_is_used() -> None:
    found = delivered(metered=True, units=10, price=33)
    found.use(30, 3)
    found.use(40, 7)
    found.confirm(50)
    assert found.spent_fen == 330
    # A tenth of 99 fen is 9.9 and of 231 fen 23.1: rounded day by day.
    assert found.shares == (330 - 33 - 3, 10 + 23, 1 + 2)


@pytest.mark.parametrize(
    ("begin", "move", "why"),
    [
        (trade, lambda one: one.deliver(20, KEY), "ordered is not held"),
        (trade, lambda one: one.hold(11, Receipt(5, BUYER, ESCROW, 99)), "99 fen came, not 100"),
        (trade, lambda one: one.hold(11, Receipt(5, SELLER, ESCROW, 100)), "between others"),
        (held, lambda one: one.deliver(20, WRONG), "not the key"),
        (held, lambda one: one.fail(20, KEY), "is the key"),
        (held, lambda one: one.confirm(20), "held is not delivered"),
        (held, lambda one: one.deliver(1, KEY), "later than this"),
        (delivered, lambda one: one.use(30, 1), "not metered"),
        (delivered, lambda one: one.expire(30), "delivered is not held"),
        (delivered, lambda one: one.rule(30, True), "delivered is not disputed"),
        (lambda: delivered(metered=True, units=2), lambda one: one.use(30, 3), "not left"),
        (lambda: delivered(metered=True, units=2), lambda one: one.dispute(30), "as it is used"),
    ],
)
def test_moves_out_of_place(begin: Callable[[], Trade], move: Callable[[Trade], None], why: str) -> None:
    found = begin()
    before = dict(vars(found))
    with pytest.raises(IllegalMove, match=why):
        move(found)
    assert vars(found) == before


class Trading(RuleBasedStateMachine):
    """Any moves in any order: the escrow holds what is held, and what left it is what was delivered."""

    @initialize(metered=st.booleans(), units=st.integers(1, 9), price=st.integers(1, 50), people=st.integers(0, 10**6))
    def begin(self, metered: bool, units: int, price: int, people: int) -> None:
        self.trade = trade(metered, units if metered else 1, price, people, min(10_000, 10**6 - people))
        self.now = 10
        self.paid_out = 0
        self.key_given = False

    def attempt(self, move: Callable[[], None]) -> bool:
        self.now += 1
        before = self.trade.spent_fen
        try:
            move()
        except IllegalMove:
            return False
        self.paid_out += self.trade.spent_fen - before
        return True

    @rule(short=st.integers(0, 1))
    def pay(self, short: int) -> None:
        fen = self.trade.terms.price_fen - short
        assert not (self.attempt(lambda: self.trade.hold(self.now, Receipt(5, BUYER, ESCROW, fen))) and short)

    @rule(right=st.booleans())
    def deliver(self, right: bool) -> None:
        key = KEY if right else WRONG
        if self.attempt(lambda: self.trade.deliver(self.now, key)):
            assert right
            self.key_given = True

    @rule(units=st.integers(1, 9))
    def use(self, units: int) -> None:
        self.attempt(lambda: self.trade.use(self.now, units))

    @rule()
    def confirm(self) -> None:
        self.attempt(lambda: self.trade.confirm(self.now))

    @rule(move=st.sampled_from(["dispute", "expire", "refuse"]))
    def simply(self, move: str) -> None:
        self.attempt(lambda: getattr(self.trade, move)(self.now))

    @rule(upheld=st.booleans())
    def ruling(self, upheld: bool) -> None:
        self.attempt(lambda: self.trade.rule(self.now, upheld))

    @invariant()
    def books_hold(self) -> None:
        one = self.trade
        assert 0 <= one.spent_fen <= one.terms.price_fen
        assert sum(one.shares) == one.spent_fen == self.paid_out
        assert min(one.shares) >= 0
        if one.spent_fen:
            assert self.key_given, "the money went on without the key"
        if self.key_given:
            assert one.held_us is not None, "the key was given without the money"
        assert (one.ended_us is not None) == (one.stage in OVER)


LIGHT = settings(
    max_examples=25, stateful_step_count=12, deadline=None, database=None, derandomize=True, report_multiple_bugs=False
)


def test_any_order_of_moves() -> None:
    run_state_machine_as_test(Trading, settings=LIGHT)


def walk(rng: random.Random) -> Stage:
    """The machine driven by dice; its books are checked at each step."""
    one = Trading()
    begun = {"units": rng.randrange(1, 9), "price": rng.randrange(1, 50), "people": rng.randrange(10**6)}
    one.begin(metered=rng.random() < 0.5, **begun)
    for _ in range(12):
        rng.choice(
            [
                lambda: one.pay(short=rng.randrange(2)),
                lambda: one.deliver(right=rng.random() < 0.7),
                lambda: one.use(units=rng.randrange(1, 9)),
                one.confirm,
                lambda: one.simply(move=rng.choice(["dispute", "expire", "refuse"])),
                lambda: one.ruling(upheld=rng.random() < 0.5),
            ]
        )()
        one.books_hold()
    return one.trade.stage


def walks() -> Counter[Stage]:
    """Many walks; how trades were left."""
    rng = random.Random(2)
    return Counter(walk(rng) for _ in range(200))


def test_walks_meet_every_stage() -> None:
    found = walks()
    assert all(found[stage] for stage in Stage), found


def _any_key(self: Trade, at_us: int, key: bytes) -> None:
    self.stage, self.key, self.delivered_us, self.now_us = Stage.DELIVERED, key, at_us, at_us


def _before_delivery(self: Trade, at_us: int) -> None:
    if self.stage is Stage.HELD:
        self._share(self.terms.units)
        self._end(at_us, Stage.DONE)


@pytest.mark.parametrize(("name", "bug"), [("deliver", _any_key), ("confirm", _before_delivery)])
def test_seeded_bugs_are_caught(name: str, bug: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trade, name, bug)
    with pytest.raises((AssertionError, IllegalMove)):
        walks()
