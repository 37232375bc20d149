"""Whatever fails in whatever order, no payment against payment settles by half: a machine that does anything.

Goal: validators and banks fail and recover, locks time out, quotes expire, currencies close, money runs short, in any
order; after every instant the ledger and the payments are read anew (`Town`). Method: Hypothesis chooses; seeded faults
show that the machine would see.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from sandbox.core.ledger import BrokenInvariant
from sandbox.features.crossborder.ledger.locks import Locks
from sandbox.features.crossborder.ledger.quotes import Market
from sandbox.features.crossborder.ledger.shared_ledger import SharedLedgerArrangement
from sandbox.features.crossborder.ledger.validators import Consensus
from sandbox.features.crossborder.rates import STEP_US
from tests.crossborder.bench import HOUR, MINUTE, SECOND
from tests.crossborder.shared import VALIDATORS, Town, scenario

STEPS = 50
EXAMPLES = 120
LONG = settings(
    max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
QUICK = settings(LONG, max_examples=6)
SHORT = settings(LONG, max_examples=60, phases=[Phase.generate], report_multiple_bugs=False)

SPANS = [SECOND // 2, 2 * SECOND, 7 * SECOND, 20 * SECOND, MINUTE, 11 * MINUTE, 5 * HOUR]


class Machine(RuleBasedStateMachine):
    """Payments and failures at any instant."""

    steps = 0

    @initialize(
        hours=st.sampled_from(["always", "always", "office"]),
        mode=st.sampled_from(["none", "bilateral", "multilateral"]),
        requotes=st.sampled_from([2, 50]),
        seed=st.integers(1, 5),
    )
    def begin(self, hours: str, mode: str, requotes: int, seed: int) -> None:
        self.town = Town(scenario(hours=hours, queue__mode=mode, quotes__requotes=requotes), seed)

    @rule(
        corridor=st.sampled_from(["out", "back", "yuan", "south", "west", "home"]),
        dollars=st.integers(1, 1200), payer=st.integers(0, 1), payee=st.integers(0, 1),
        times=st.integers(1, 3),
    )  # fmt: skip
    def pay(self, corridor: str, dollars: int, payer: int, payee: int, times: int) -> None:
        for _ in range(times):
            self.town.pay(corridor, dollars, payer, payee)
        self.go(SECOND // 2)

    @rule(who=st.sampled_from(VALIDATORS), lasts=st.sampled_from(SPANS))
    def validator_fails(self, who: str, lasts: int) -> None:
        self.town.fail("validator", who, lasts)
        self.go(1)

    @rule(number=st.integers(0, 7), lasts=st.sampled_from(SPANS))
    def bank_fails(self, number: int, lasts: int) -> None:
        self.town.fail("bank", self.town.setting.banks[number], lasts)
        self.go(1)

    @rule(span=st.sampled_from(SPANS))
    def time_passes(self, span: int) -> None:
        self.go(span)

    @rule(place=st.sampled_from(VALIDATORS), before=st.sampled_from([1, 4, 9]))
    def it_soon_closes(self, place: str, before: int) -> None:
        """Wait until shortly before a place closes, then pay somebody there."""
        closes = self.town.setting.hours[place].next_close(self.town.now)
        self.go(max(1, closes - before * SECOND - self.town.now))
        corridor = next(
            name for name, one in self.town.crossborder.corridors.items() if place in (one.sender, one.receiver)
        )  # fmt: skip
        self.town.pay(corridor, 50)

    @rule()
    def money_comes_late(self) -> None:
        """Payments wait for money while rates move, and get it from payments the other way."""
        moves = (self.town.now // STEP_US + 1) * STEP_US
        self.go(max(1, moves - 5 * SECOND - self.town.now))
        for corridor in ("out", "back"):
            for _ in range(3):
                self.town.pay(corridor, 900, 1, 1)
            self.go(MINUTE)

    def go(self, span: int) -> None:
        Machine.steps += 1
        self.town.run(span)

    def teardown(self) -> None:
        if hasattr(self, "town"):
            self.town.run(80 * HOUR)
            self.town.check_over()


def test_nothing_settles_by_half() -> None:
    run_state_machine_as_test(Machine, settings=QUICK)


@pytest.mark.long
def test_nothing_settles_by_half_in_many_steps() -> None:
    Machine.steps = 0
    run_state_machine_as_test(Machine, settings=LONG)
    assert Machine.steps >= 5_000


# Faults that it must see.


def one_leg_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first leg is paid when it is locked, the second when it is decided."""
    lock = Locks.move

    def move(self: Locks, payers: Any, payees: Any, amounts: Any) -> None:
        lock(self, payers, payees, amounts)
        self.ledger.post(int(payers[0]), int(payees[0]), int(amounts[0]))

    def settle(self: Locks, locked: Any) -> None:
        self.release(locked)
        self.ledger.post_together(locked.payers[1:], locked.payees[1:], locked.amounts[1:])

    monkeypatch.setattr(Locks, "move", move)
    monkeypatch.setattr(Locks, "settle", settle)


def released_after_settling(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has settled stays locked until the time-out."""

    def settle(self: Locks, locked: Any) -> None:
        self.ledger.post_together(locked.payers, locked.payees, locked.amounts)

    monkeypatch.setattr(Locks, "settle", settle)


def settled_after_release(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed bank's locks go back, and one leg is written all the same."""
    release = Locks.release

    def given_back(self: Consensus, batch: Any, answers: Any) -> None:
        original(self, batch, answers)
        if batch.locked.payers.size > 1:
            self._locks.ledger.post_together(
                *(getattr(batch.locked, name)[:1] for name in ("payers", "payees", "amounts"))
            )

    original = Consensus._give_back
    monkeypatch.setattr(Consensus, "_give_back", given_back)
    monkeypatch.setattr(Locks, "release", release)


def quorum_one_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two thirds, and not more than that, are taken for a quorum."""
    monkeypatch.setattr(
        Consensus, "has_quorum",
        property(lambda self: sum(not self._outages.down("validator", one) for one in self.members) >= self.needed - 1),
    )  # fmt: skip


def old_quotes_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quote is good for a while longer than it says."""
    best = Market.best

    def lasting(self: Market, payment: Any, request: int) -> Any:
        quote = best(self, payment, request)
        return None if quote is None else quote._replace(expires_us=quote.expires_us + HOUR)

    monkeypatch.setattr(Market, "best", lasting)


def failed_banks_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks whether a bank failed while its payment was locked."""
    monkeypatch.setattr(Consensus, "_failure", lambda self, one: None)


def closing_is_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was locked before a currency closed settles afterwards."""
    monkeypatch.setattr(SharedLedgerArrangement, "_is_open", lambda self, payment: True)


def no_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a quorum locks last until there is one."""
    arm = Consensus._arm

    def patient(self: Consensus, batch: Any) -> None:
        batch.since_us = self._control.now
        if self.has_quorum:
            arm(self, batch)

    monkeypatch.setattr(Consensus, "_arm", patient)


MUTANTS = [
    one_leg_at_once, released_after_settling, settled_after_release, quorum_one_short, old_quotes_hold,
    failed_banks_settle, closing_is_not_seen, no_time_out,
]  # fmt: skip


@pytest.fixture(autouse=True)
def _integers_wrap() -> Iterator[None]:
    with np.errstate(over="ignore"):
        yield


@pytest.mark.parametrize("mutant", MUTANTS, ids=[one.__name__ for one in MUTANTS])
def test_the_machine_sees(mutant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    with pytest.raises((AssertionError, BrokenInvariant)):
        run_state_machine_as_test(Machine, settings=SHORT)
