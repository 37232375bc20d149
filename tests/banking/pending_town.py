"""A ledger with five wallets, a bank and two escrows, for tests of pending transfers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import simpy

from sandbox.base.pending import (
    ENDINGS,
    P_ENDING,
    P_RETURNED,
    P_SPENT,
    Pendings,
)
from sandbox.control import Control, EventLog
from sandbox.core.layout import INFINITE, account, limit, rule, scalar, station
from sandbox.core.ledger import Ledger

PEOPLE = range(1, 6)
BANK = 6
ESCROWS = (7, 8)
CAP = 500
DAY = 1_000


def world() -> Control:
    """Five wallets of class IV that hold 300 fen each and may hold 500, a bank, two escrows; no rail."""
    ledger = Ledger()
    ledger.open(Ledger.ISSUER, 1, lambda n: "central bank")
    ledger.open("wallet", len(PEOPLE), lambda n: f"wallet {n}")
    ledger.open("institution", 1, lambda n: "bank")
    ledger.open("contract_escrow", 2, lambda n: f"escrow {n}")
    ledger.seal()
    ledger.accounts[PEOPLE, account.TRAITS] = 4
    rules = np.zeros(rule.COUNT, dtype=np.int64)
    rules[rule.LIMITS :] = INFINITE
    rules[rule.LIMITS + 4 * 4 + limit.BALANCE] = CAP
    stations = np.zeros((1, station.COLUMNS), dtype=np.int64)
    stations[0, station.FUNDING_ACCOUNT] = BANK
    env = simpy.Environment()
    scalars = np.zeros(scalar.COUNT, dtype=np.int64)
    town: Any = SimpleNamespace(ledger=ledger, rules=rules, stations=stations, scalars=scalars)
    machine: Any = SimpleNamespace()
    control = Control(env, town, EventLog(), machine, env.event())
    ledger.post(0, np.array(PEOPLE), np.full(len(PEOPLE), 300))
    return control


def balance(control: Control, who: int) -> int:
    """What an account holds."""
    return int(control.accounts[who, account.BALANCE])


def ending(pendings: Pendings, number: int) -> tuple[str, int, int]:
    """How one ended, what was spent of it and what went back."""
    row = pendings.rows[number]
    return ENDINGS[row[P_ENDING]], int(row[P_SPENT]), int(row[P_RETURNED])
