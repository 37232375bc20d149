"""Boxes that are small enough to work out on paper: 200 wallets, two shops, payments given by hand.

Unless a case says otherwise there is one bank; its gateway takes 10 ms and the ledger 10 ms, so a payment takes 20 ms.
Everybody opts in, has 1,000 yuan, can top up, and no wallet limit holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np

from sandbox.base.containment import Containment
from sandbox.core.draws import Int64Array, mix, stream
from sandbox.core.layout import account, birth, code, ended, tags
from sandbox.engine.simulation import Simulation
from sandbox.features.lifecycle.component import LifeCycle
from sandbox.market.sources import PlannedSource, routes, tag
from sandbox.scenario.schema import Scenario, scenario_from
from sandbox.tables import OUTCOMES
from sandbox.world import World, build

S = 1_000_000
MIN = 60 * S
HOUR = 60 * MIN
DAY = 24 * HOUR
NO_LIMITS = {name: dict.fromkeys(("balance", "single", "daily", "annual")) for name in ("I", "II", "III", "IV")}
QUICK = {"shape": "fixed", "mean": 10_000}
AT_ONCE = {"licensed_only": False, "criteria": [], "assessment": 0, "comment_period": 0}
OPEN = {"only": {"next": "graduated", "shortest": 10 * DAY, "offered_to": 1.0}}
"""One stage, open to all, that nobody leaves in time."""


class Pay(NamedTuple):
    """A payment: when (us), by which wallet, to which shop (or wallet, if `to_wallet`), how much (fen)."""

    at_us: int
    wallet: int
    amount_fen: int
    shop: int = 0
    lost: bool = False
    """Whether the payer loses it by a crime."""
    to_wallet: bool = False


def plan_of(**changes: Any) -> dict[str, Any]:
    """A plan with one applicant, let in at once, in one open stage."""
    plan: dict[str, Any] = {
        "applicants": [{"institution": "bank"}], "admission": AT_ONCE, "stages": OPEN, "review_every": 10 * DAY,
        "tolerance": {"corrections": 1, "correction": 10 * DAY, "suspension": DAY},
    }  # fmt: skip
    return plan | changes


def scenario(plan: dict[str, Any] | None, box: dict[str, Any] | None = None, **changes: Any) -> Scenario:
    """A town with a box."""
    rules = {
        "wallet_limits": {"preset": "2021+", "classes": NO_LIMITS},
        "regime": "digital_cash",
        "box": {"enabled": True, "outside": "allow", "plan": plan, **(box or {})},
    }
    data: dict[str, Any] = {
        "title": "a box",
        "question": "does it come out as on paper?",
        "start": datetime(2026, 3, 3),
        "duration": HOUR,
        "series": {"bin": MIN},
        "institutions": {"bank": {"share": 1.0, "service": QUICK}},
        "ledger": {"service": QUICK},
        "population": {
            "wallets": 200, "corporates": 0, "opening_balance": {"empty_share": 0.0, "mean": 100_000, "sigma": 0.0},
            "can_top_up": dict.fromkeys(("I", "II", "III", "IV"), 1.0),
        },
        "merchants": {"count": 2, "daily_redemption": False},
        "behaviour": {"patience": None, "max_attempts": 1, "status_checks": {"max": 0}, "redeem_share": 0.0},
        "rules": rules,
    }  # fmt: skip
    return scenario_from(data | changes)


class Ended(NamedTuple):
    """How a payment ended."""

    payment: int
    at_us: int
    outcome: str
    in_box: bool


class Box:
    """A run of a box, and what one asks of it."""

    def __init__(
        self,
        one: Scenario,
        payments: Iterable[Pay] = (),
        prepare: Callable[[Simulation], None] | None = None,
    ) -> None:
        self.world: World = build(one, one.seed)
        births = sorted(payments, key=lambda pay: pay.at_us)
        if births:
            self.world.sources.insert(-1, self._source(births))
        self.simulation = Simulation(self.world)
        self._windows: list[Int64Array] = []
        self.simulation.on_window.append(lambda window: self._windows.append(window.copy()))
        if prepare is not None:
            prepare(self.simulation)
        self.simulation.run()

    def _source(self, pays: list[Pay]) -> PlannedSource:
        people, shops, accounts = (
            self.world.blocks["personal"],
            self.world.blocks["merchant"],
            self.world.ledger.accounts,
        )
        births = np.zeros((birth.ROWS, len(pays)), dtype=np.int64)
        number = len(self.world.sources) - 1
        births[birth.TIME] = [pay.at_us for pay in pays]
        births[birth.PAYER] = [people.first + pay.wallet for pay in pays]
        births[birth.PAYEE] = [(people if pay.to_wallet else shops).first + pay.shop for pay in pays]
        births[birth.AMOUNT] = [pay.amount_fen for pay in pays]
        births[birth.TAG] = [tag(number, "retail") | (tags.LOSS if pay.lost else 0) for pay in pays]
        births[birth.ROUTE] = routes(accounts, births[birth.PAYER], births[birth.PAYEE])
        key = stream(1, "by hand")
        with np.errstate(over="ignore"):
            births[birth.KEY] = np.array([mix(key, one) for one in range(len(pays))], dtype=np.uint64).view(np.int64)
        return PlannedSource("by hand", "retail", births)

    @property
    def life(self) -> LifeCycle:
        """The life cycle."""
        found = self.simulation.control.component(LifeCycle)
        assert found is not None
        return found

    @property
    def edge(self) -> dict[str, Any]:
        """The numbers of containment."""
        found = self.simulation.control.component(Containment)
        assert found is not None
        section: dict[str, Any] = found.summary()["containment"]
        return section

    @property
    def ended(self) -> list[Ended]:
        """How payments ended, in their order."""
        out = np.concatenate(self._windows, axis=1) if self._windows else np.zeros((ended.ROWS, 0), dtype=np.int64)
        return [
            Ended(int(one[ended.ID]), int(one[ended.ENDED_AT]), OUTCOMES[int(one[ended.CODES]) & code.OUTCOME_MASK],
                  bool(int(one[ended.CODES]) >> code.IN_BOX_SHIFT & 1))
            for one in out.T
        ]  # fmt: skip

    @property
    def events(self) -> dict[str, list[Any]]:
        """The events as columns, as the table has them."""
        columns = list(zip(*self.simulation.log.rows, strict=True))
        names = ("at_us", "actor", "event", "subject", "detail")
        return {name: list(values) for name, values in zip(names, columns, strict=True)}

    def stages(self, name: str = "bank") -> list[tuple[str, int]]:
        """An applicant's stages with their beginnings (us)."""
        (one,) = [life for life in self.life.applicants if life.name == name]
        return [(row["stage"], row["from_us"]) for row in one.timeline]

    def balance(self, wallet: int) -> int:
        """A wallet's balance now (fen)."""
        return int(self.world.ledger.accounts[self.world.blocks["personal"].first + wallet, account.BALANCE])
