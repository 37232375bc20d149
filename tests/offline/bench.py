"""A register with a few purses and a terminal, without rail or people: what tests play with."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import simpy

from sandbox.base.pending import Pendings
from sandbox.control import Control, EventLog
from sandbox.core.layout import INFINITE, account, rule, scalar, station
from sandbox.core.ledger import Ledger
from sandbox.features.offline.device import Declined, Device
from sandbox.features.offline.purse import Purse
from sandbox.features.offline.records import Caps, Chain
from sandbox.features.offline.register import Bearer, PurseRegister
from wallets.keys import simulation_key

SEED = 7
PEOPLE = 4
MONEY = 1_000_000
CAPS = Caps(1_000, 400, 3, 100)
VALID, WITHIN = 1_000, 500
LOAD = 600
BANK, ESCROW, FUND = 6, 7, 8


def control() -> Control:
    """Four wallets, a merchant, a bank, an escrow and a fund; no rail."""
    ledger = Ledger()
    ledger.open(Ledger.ISSUER, 1, lambda n: "central bank")
    ledger.open("wallet", PEOPLE, lambda n: f"wallet {n}")
    ledger.open("merchant", 1, lambda n: "shop")
    ledger.open("institution", 1, lambda n: "bank")
    ledger.open("offline_escrow", 1, lambda n: "escrow")
    ledger.open("offline_fund", 1, lambda n: "fund")
    ledger.seal()
    ledger.accounts[1 : PEOPLE + 1, account.TRAITS] = 2
    rules = np.full(rule.COUNT, 0, dtype=np.int64)
    rules[rule.LIMITS :] = INFINITE
    stations = np.zeros((1, station.COLUMNS), dtype=np.int64)
    stations[0, station.FUNDING_ACCOUNT] = BANK
    env = simpy.Environment()
    town: Any = SimpleNamespace(
        ledger=ledger, rules=rules, stations=stations, scalars=np.zeros(scalar.COUNT, dtype=np.int64), seed=SEED
    )
    made = Control(env, town, EventLog(), SimpleNamespace(), env.event())  # type: ignore[arg-type]
    for who in (*range(1, PEOPLE + 1), BANK, FUND):
        ledger.post(0, who, MONEY)
    return made


class Bench:
    """Purses `a` to `d` of accounts 1 to 4, and two terminals of account 5; a device each, filled up to LOAD."""

    def __init__(
        self, bearer: Bearer = "user", signed: int = 10**9, register: type[PurseRegister] = PurseRegister
    ) -> None:
        self.control = control()
        self.pendings = Pendings(self.control)
        self.register = register(
            self.control, self.pendings, operator=simulation_key(SEED, "operator"), caps=CAPS, valid_us=VALID,
            settle_within_us=WITHIN, key_of=lambda name: simulation_key(SEED, name), most_signed=signed,
            bearer=bearer, fund=FUND,
        )  # fmt: skip
        self.shops = [Device("shop"), Device("kiosk")]
        for shop in self.shops:
            self.register.open(Purse(shop.name, 5, ESCROW, BANK, terminal=True))
        self.devices: dict[str, Device] = {}
        for who, name in enumerate("abcd", 1):
            self.register.open(Purse(name, who, ESCROW, BANK))
            self.devices[name] = Device(name)
            self.sync(self.devices[name])

    @property
    def now(self) -> int:
        return self.control.now

    def wait(self, for_us: int) -> None:
        """Let time pass."""
        self.control.env.run(until=self.now + for_us)

    def balance(self, who: int) -> int:
        return int(self.control.accounts[who, account.BALANCE])

    def worth(self, name: str) -> int:
        return self.register.purses[name].worth_fen

    def pay(
        self, payer: Device, payee: Device, amount: int, *, clock: int | None = None, payee_clock: bool = True,
        pin: bool = True, payee_knows: bool = False,
    ) -> Chain | None:  # fmt: skip
        """One device pays another, if both will; `payee_knows` is whether the payee has the list of stopped purses."""
        try:
            chain = payer.offer(payee.name, amount, self.now if clock is None else clock, pin=pin)
            stopped = payee_knows and self.register.purses[payer.name].is_stopped(self.now)
            payee.would_take(chain, self.now if payee_clock else None, stopped)
        except Declined:
            return None
        payer.make(chain)
        payee.take(chain)
        self.register.note(chain, self.now)
        return chain

    def sync(self, device: Device, load: int = LOAD) -> bool:
        """A purse syncs and is filled up again, or a terminal shows what it took."""
        register = self.register
        if device in self.shops:
            taken, device.incoming = device.incoming, []
            for chain in taken:
                register.show(chain, "payee")
            register.pay_out()
            return True
        fresh = device.certificate is None
        if not fresh and not register.sync(device):
            return False
        register.hand_in(device.name)
        worth, account = self.worth(device.name), register.purses[device.name].account
        if worth > load:
            register.withdraw(device.name, worth - load, "more than its load")
        elif worth < load:
            self.control.ledger.post(account, ESCROW, load - worth)
            register.load(device.name, load - worth)
        register.renew(device)
        return True
