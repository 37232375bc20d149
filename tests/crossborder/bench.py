"""One arrangement without a rail: a scenario's accounts, clock and calendars, and payments sent by hand."""

from __future__ import annotations

import copy
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import simpy
from ruamel.yaml import YAML

from sandbox.control import Control, EventLog
from sandbox.core.draws import mix, stream
from sandbox.core.ledger import Ledger
from sandbox.features.crossborder.accounts import open_accounts
from sandbox.features.crossborder.payment import Payment, uetr
from sandbox.features.crossborder.rates import in_currency
from sandbox.features.crossborder.setting import Setting
from sandbox.scenario.schema import Scenario, scenario_from

SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND


@cache
def _read(text: str) -> Any:
    return YAML(typ="safe").load(text)


def changed(text: str, section: tuple[str, ...], changes: dict[str, object]) -> Scenario:
    """The scenario of a text with other values below a section: `queue__mode` is `queue.mode`."""
    data = copy.deepcopy(_read(text))
    for name, value in changes.items():
        *above, last = name.split("__")
        around = data
        for step in (*section, *above):
            around = around.setdefault(step, {})
        around[last] = value
    return scenario_from(data)


class Bench:
    """What an arrangement needs to run, and what was sent. Who inherits starts outages and the arrangement."""

    def __init__(self, of: Scenario, seed: int, begins_us: int = 0) -> None:
        assert of.crossborder is not None
        self.crossborder = of.crossborder
        self.ledger = Ledger()
        self.ledger.open(Ledger.ISSUER, 1, lambda _: "central bank")
        open_accounts(self.ledger, of, of.crossborder)
        self.ledger.seal()
        world: Any = SimpleNamespace(scenario=of, seed=seed, ledger=self.ledger)
        machine: Any = SimpleNamespace(components=[])
        self.env = simpy.Environment(initial_time=begins_us)
        self.control = Control(self.env, world, EventLog(), machine, self.env.event())
        self.setting = Setting(self.control, self.crossborder)
        self.payments: list[Payment] = []

    @property
    def now(self) -> int:
        """The clock (us)."""
        return int(self.env.now)

    def payment(self, path: str, corridor: str, dollars: int, at_us: int, payer_bank: int, payee_bank: int) -> Payment:
        """A payment that is sent at some time; banks are numbered within their jurisdictions."""
        one, number = self.crossborder.corridors[corridor], len(self.payments)
        pays, gets = self.crossborder.currencies_of(one)
        key = np.uint64(mix(stream(7, "story"), number))
        payment = Payment(
            number, path, uetr(key), corridor, "trade", False, 0, 0,
            self.setting.places.index(one.sender) + payer_bank, self.setting.places.index(one.receiver) + payee_bank,
            one.sender, one.receiver, pays, gets, in_currency(self.crossborder, pays, dollars * 100), dollars * 100,
            at_us, key,
        )  # fmt: skip
        self.payments.append(payment)
        return payment


__all__ = ["DAY", "HOUR", "MINUTE", "SECOND", "Bench", "changed"]
