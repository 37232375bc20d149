"""Worlds made by hand, small enough to work out on paper.

Times are given in milliseconds. Unless a case says otherwise there is one bank with one server of 100 ms, a ledger with
one server of 10 ms, endless patience and one attempt; all accounts are empty. Whatever is played is also played by the
oracle, so the numbers in these tests hold for both.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np

from sandbox.core.layout import account, birth, tags, trait
from sandbox.engine.simulation import Simulation
from sandbox.market.population import issue_openings
from sandbox.market.sources import OrderSource, PlannedSource, routes, tag
from sandbox.scenario.schema import scenario_from
from sandbox.world import World, build
from tests.oracle.compare import RailResult, compare, run_rail
from tests.oracle.inputs import read_inputs
from tests.oracle.oracle import Ended
from tests.oracle.orders import Freeze, Orders

MS = 1_000
BANK = {"share": 1.0, "servers": 1, "service": {"shape": "fixed", "mean": 100 * MS}}
NO_LIMITS = {name: dict.fromkeys(("balance", "single", "daily", "annual")) for name in ("I", "II", "III", "IV")}


class Town:
    """A world with four wallets and two merchants, and the payments that a test gives it."""

    def __init__(self, limits: dict[str, Any] | None = None, **changes: Any) -> None:
        rules = {
            "wallet_limits": {"preset": "2021+", "classes": {**NO_LIMITS, **(limits or {})}},
            "regime": "digital_cash", **changes.pop("rules", {}),
        }  # fmt: skip
        data: dict[str, Any] = {
            "title": "by hand",
            "question": "does it come out as on paper?",
            "start": datetime(2026, 3, 3, 12),
            "duration": 10_000 * MS,
            "institutions": {"bank": BANK},
            "ledger": {"servers": 1, "service": {"shape": "fixed", "mean": 10 * MS}},
            "population": {"wallets": 4, "corporates": 0},
            "merchants": {"count": 2},
            "behaviour": {"patience": None, "max_attempts": 1, "status_checks": {"max": 0}, "redeem_share": 0.0},
            "rules": rules,
        }
        for section, values in changes.items():
            data[section] = {**data[section], **values} if section == "behaviour" else values
        self.world: World = build(scenario_from(data), 1)
        self.accounts = self.world.ledger.accounts
        self.first_wallet = self.world.blocks["personal"].first
        self.first_shop = self.world.blocks["merchant"].first
        self._births: list[tuple[int, int, int, int]] = []
        self._claims: list[tuple[int, int, int, int]] = []
        for number in range(4):
            self.wallet(number)
        for number in range(2):
            self.shop(number)

    def wallet(
        self, number: int, fen: int = 0, *, klass: int = 1, bank: int = 0, top_up: bool = False, willing: bool = False,
        inside: bool = False,
    ) -> int:  # fmt: skip
        """Set a wallet's traits; returns its account."""
        who = self.first_wallet + number
        meta = klass | klass << trait.FIRST_CLASS_SHIFT | bank << trait.INSTITUTION_SHIFT
        for has, bit in ((top_up, trait.CAN_TOP_UP), (willing, trait.WILLING), (inside, trait.IN_BOX)):
            meta |= bit if has else 0
        self.accounts[who, account.TRAITS] = meta
        self.accounts[who, account.BALANCE] = fen
        return who

    def shop(self, number: int, *, bank: int = 0, inside: bool = False, takes_packets: bool = False) -> int:
        """Set a merchant's traits; returns its account."""
        who = self.first_shop + number
        meta = 1 << trait.CATEGORY_SHIFT | trait.CAN_TOP_UP | bank << trait.INSTITUTION_SHIFT
        meta |= trait.IN_BOX if inside else 0
        meta |= 1 << trait.ENROLLED_SHIFT if takes_packets else 0
        self.accounts[who, account.TRAITS] = meta
        return who

    def pay(self, at_ms: float, payer: int, payee: int, fen: int = 100) -> None:
        """Submit a payment; to be called in order of time."""
        self._births.append((round(at_ms * MS), payer, payee, fen))

    def claim(self, at_ms: float, wallet: int, fen: int) -> None:
        """Claim a packet of the first campaign."""
        self._claims.append((round(at_ms * MS), wallet, 1, fen))

    def play(
        self, freezes: tuple[Freeze, ...] = (), prepare: Callable[[Simulation], None] = lambda simulation: None
    ) -> Played:
        """Run it on the rail and in the oracle; the oracle is told when components of the run froze and released."""
        world = self.world
        issue_openings(world.ledger)
        planned = [self._source(self._claims, tag(0, "campaign") | tags.CLAIM)] if world.campaigns else []
        planned += [self._source([], 0)] if world.campaigns else []
        planned.append(self._source(self._births, tag(len(planned), "retail")))
        world.sources[:] = [*planned, OrderSource()]
        inputs, orders = read_inputs(world), Orders(freezes=freezes)
        rail = run_rail(world, orders, prepare=prepare)
        compare(inputs, rail, orders.plus(*frozen_by_components(rail)))
        return Played(rail)

    def _source(self, rows: list[tuple[int, int, int, int]], kind: int) -> PlannedSource:
        births = np.zeros((birth.ROWS, len(rows)), dtype=np.int64)
        for number, (time, payer, payee, fen) in enumerate(rows):
            births[birth.TIME, number], births[birth.PAYER, number] = time, payer
            births[birth.PAYEE, number], births[birth.AMOUNT, number] = payee, fen
            births[birth.KEY, number], births[birth.TAG, number] = number + 1, kind
        if not kind & tags.CLAIM:
            births[birth.ROUTE] = routes(self.accounts, births[birth.PAYER], births[birth.PAYEE])
        return PlannedSource("by hand", "retail", births)


def frozen_by_components(rail: RailResult) -> list[Freeze]:
    """Freezes and releases that components of the run logged."""
    return [
        Freeze(at_us, int(subject), event == "frozen")
        for at_us, event, subject, _ in rail.happened
        if event in ("frozen", "released") and subject is not None
    ]


class Played:
    """What came out, in milliseconds."""

    def __init__(self, rail: RailResult) -> None:
        self.rail = rail
        self.ended: list[Ended] = sorted(rail.ended, key=lambda one: one.payment_id)

    @property
    def ends(self) -> list[tuple[str, float]]:
        """Outcome and end of each payment."""
        return [(one.outcome, one.ended_us / MS) for one in self.ended]

    @property
    def outcomes(self) -> list[str]:
        """Outcome of each payment."""
        return [one.outcome for one in self.ended]

    @property
    def waits(self) -> list[tuple[float, ...]]:
        """Waits of each payment at the payer's gateway, the payee's gateway and the ledger."""
        return [tuple(wait / MS for wait in one.waits) for one in self.ended]

    def fen(self, account: int) -> int:
        """Balance of an account at the end."""
        return self.rail.accounts[account]["balance"]

    def events(self, *names: str) -> list[tuple[float, str, dict[str, Any]]]:
        """Control events of these names."""
        return [(at_us / MS, name, detail) for at_us, name, _, detail in self.rail.happened if name in names]
