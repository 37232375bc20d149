"""Anything in any order: purses pay, sync, are cloned, set back and lost; money is never made, and what is spent twice
is bounded by the caps. The same machine sees a counter that is not checked and a sync that believes anybody."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sandbox.features.offline.device import Device
from sandbox.features.offline.purse import Purse
from sandbox.features.offline.records import Chain
from sandbox.features.offline.register import PurseRegister, Side
from sandbox.features.offline.rows import Row
from tests.offline.bench import BANK, CAPS, ESCROW, FUND, MONEY, PEOPLE, VALID, WITHIN, Bench

WHICH = st.integers(0, 30)
"""A device among those that there are, by its remainder."""
AMOUNTS = st.integers(1, CAPS.payment_fen)


class Purses(RuleBasedStateMachine):
    """Devices of four purses and a terminal. Whatever is not synced happens without a network."""

    register: type[PurseRegister] = PurseRegister

    @initialize(bearer=st.sampled_from(["operator", "fund", "user"]))
    def begin(self, bearer: Any) -> None:
        self.bench = Bench(bearer, signed=2, register=self.register)
        self.devices: list[Device] = list(self.bench.devices.values())
        self.saved: list[Device] = []
        self.tampered: Counter[str] = Counter()
        self.reports: Counter[str] = Counter()
        self.shown_stale: set[str] = set()
        self.total = self._total()

    def _one(self, which: int) -> Device:
        return self.devices[which % len(self.devices)]

    def _total(self) -> int:
        return sum(self.bench.balance(account) for account in (*range(1, PEOPLE + 2), BANK, ESCROW, FUND))

    @rule(payer=WHICH, payee=WHICH, amount=AMOUNTS, clock=st.booleans())
    def pays(self, payer: int, payee: int, amount: int, clock: bool) -> None:
        self.bench.pay(self._one(payer), self._one(payee), amount, payee_clock=clock)

    @rule(payer=WHICH, amount=AMOUNTS)
    def pays_a_shop(self, payer: int, amount: int) -> None:
        self.bench.pay(self._one(payer), self.bench.shops[amount % 2], amount)

    @rule(which=WHICH, amount=AMOUNTS)
    def pays_all_to_shops(self, which: int, amount: int) -> None:
        device = self._one(which)
        while device.balance_fen and self.bench.pay(device, self.bench.shops[0], min(amount, device.balance_fen)):
            pass

    @rule(which=WHICH, load=st.integers(0, CAPS.balance_fen))
    def syncs(self, which: int, load: int) -> None:
        device = self._one(which)
        newest = self.bench.register.purses[device.name].certificate
        if device.certificate is not None and device.certificate is not newest:
            self.shown_stale.add(device.name)
        self.bench.sync(device, load)

    @rule()
    def shops_sync(self) -> None:
        for shop in self.bench.shops:
            self.bench.sync(shop)

    @rule(which=WHICH, amount=st.integers(0, CAPS.payment_fen))
    def is_cloned(self, which: int, amount: int) -> None:
        """And both pay at once, in two shops."""
        device = self._one(which)
        self.devices.append(device.fork())
        self.tampered[device.name] += 1
        for one, shop in zip((device, self.devices[-1]), self.bench.shops, strict=True):
            self.bench.pay(one, shop, amount)

    @rule(which=WHICH)
    def is_saved(self, which: int) -> None:
        self.saved.append(self._one(which).fork())

    @rule(which=WHICH, back=WHICH)
    def is_set_back(self, which: int, back: int) -> None:
        device = self._one(which)
        states = [one for one in self.saved if one.name == device.name]
        if states:
            self.devices[which % len(self.devices)] = states[back % len(states)].fork()
            self.tampered[device.name] += 1

    @rule(which=WHICH)
    def is_lost(self, which: int) -> None:
        if len(self.devices) > 2:
            self.devices.pop(which % len(self.devices))

    @rule(which=WHICH)
    def is_reported_as_lost(self, which: int) -> None:
        name = self._one(which).name
        self.bench.register.report_lost(name)
        self.reports[name] += 1

    @rule(which=WHICH, knows=st.booleans(), amount=AMOUNTS)
    def a_finder_spends_it(self, which: int, knows: bool, amount: int) -> None:
        """Whoever has not got the PIN pays in shops, as much at once as goes without it."""
        device, register = self._one(which), self.bench.register
        stopped = register.purses[device.name].is_stopped(self.bench.now)
        for _ in range(3):
            paid = self.bench.pay(device, self.bench.shops[0], amount, pin=False, payee_knows=knows)
            assert paid is None or amount <= CAPS.without_pin_fen
            assert paid is None or not (knows and stopped)

    @rule(for_us=st.sampled_from([1, 50, VALID, VALID + WITHIN + 1]))
    def time_passes(self, for_us: int) -> None:
        self.bench.wait(for_us)
        for purse in self.bench.register.purses.values():
            over = purse.certificate is not None and purse.certificate.expires_us + WITHIN < self.bench.now
            if over and not purse.closed:
                self.bench.register.close(purse.name, forfeit=purse.name == "d")

    @rule(again=WHICH)
    def is_shown_again(self, again: int) -> None:
        """An old record comes back to the register; nothing may move."""
        device = self._one(again)
        if device.certificate is not None and device.incoming:
            chain = device.incoming[again % len(device.incoming)]
            self.bench.register.show(chain, "payee")
            before = self._worths()
            assert self.bench.register.show(chain, "payee").outcome == "replayed"
            assert self._worths() == before
            device.incoming.remove(chain)

    def _worths(self) -> dict[str, int]:
        return {name: purse.worth_fen for name, purse in self.bench.register.purses.items()}

    @invariant()
    def no_money_is_made(self) -> None:
        if hasattr(self, "bench"):
            assert self._total() == self.total
            self.bench.control.ledger.check()

    @invariant()
    def the_escrow_holds_what_purses_are_worth(self) -> None:
        if hasattr(self, "bench"):
            register = self.bench.register
            worth = sum(self._worths().values())
            assert worth == self.bench.balance(ESCROW) == self.bench.pendings.open_fen()
            assert all(purse.worth_fen == sum(part for _, part in purse.lots) for purse in register.purses.values())
            assert register.loaded_fen + register.covered_fen == register.paid_out_fen + worth

    @invariant()
    def what_is_spent_twice_is_bounded(self) -> None:
        if hasattr(self, "bench"):
            for name, loss in self.bench.register.loss_by_root.items():
                assert loss <= self.tampered_with_payees(name) * CAPS.balance_fen
            assert sum(self.bench.register.loss_by_root.values()) <= self.tampered.total() * CAPS.balance_fen

    @invariant()
    def what_is_made_good_for_lost_purses_is_bounded(self) -> None:
        if hasattr(self, "bench"):
            found: Counter[str] = Counter()
            for row in self.bench.register.rows:
                if row.settled_us is not None and row.outcome == "settled":
                    found[row.payer] += row.loss_fen if row.borne_by != "user" else 0
            assert all(fen <= self.reports[name] * CAPS.balance_fen for name, fen in found.items())
            assert self.bench.register.found_fen <= self.reports.total() * CAPS.balance_fen

    def tampered_with_payees(self, name: str) -> int:
        """A broken purse can be paid by other broken ones, so its own loss is bounded by all of them."""
        return self.tampered.total() if self.tampered[name] else 0

    @invariant()
    def losses_are_counted_once(self) -> None:
        if hasattr(self, "bench"):
            register = self.bench.register
            lost = sum(row.loss_fen for row in register.rows)
            late = sum(row.amount_fen for row in register.rows if row.outcome == "expired")
            assert lost == sum(register.loss_by_root.values()) + late + register.found_fen
            assert all((row.loss_fen > 0) == (row.borne_by is not None) for row in register.rows)

    @invariant()
    def broken_purses_are_stopped_and_no_others(self) -> None:
        if hasattr(self, "bench"):
            stopped = {name for name, one in self.bench.register.purses.items() if one.revoked_us is not None}
            assert stopped <= set(self.tampered)
            assert self.twice() | self.shown_stale <= stopped

    def twice(self) -> set[str]:
        """Purses of which two payments with one counter were settled."""
        rows = [row for row in self.bench.register.rows if row.settled_us is not None]
        counters = Counter((row.payer, row.counter) for row in rows)
        return {payer for (payer, _), count in counters.items() if count > 1}

    def teardown(self) -> None:
        if hasattr(self, "bench"):
            assert self.bench.balance(0) == -(PEOPLE + 2) * MONEY


STEPS = settings(max_examples=30, stateful_step_count=40)
MORE = settings(max_examples=3_000, stateful_step_count=40, print_blob=False, phases=[Phase.generate])
"""To find a bug that was put there."""

TestPurses = Purses.TestCase
TestPurses.settings = STEPS


class NoCounters(PurseRegister):
    """Does not look at counters."""

    def _does_not_follow(self, chain: Chain, payer: Purse) -> bool:
        return False


class BelievesAll(PurseRegister):
    """Renews whatever comes to sync."""

    def sync(self, device: Device, at_us: int | None = None) -> bool:
        purse = self.purses[device.name]
        before, device.certificate = device.certificate, purse.certificate
        good = super().sync(device, at_us)
        device.certificate = before
        return good


class PaysTwice(PurseRegister):
    """Settles a payment again when its other side shows it."""

    def show(self, chain: Chain, side: Side, at_us: int | None = None) -> Row:
        self._known.pop(chain.digest, None)
        return super().show(chain, side, at_us)


@pytest.mark.parametrize("broken", [NoCounters, BelievesAll, PaysTwice])
def test_the_machine_sees_a_broken_register(broken: type[PurseRegister]) -> None:
    machine = type(f"With{broken.__name__}", (Purses,), {"register": broken})
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=MORE)
