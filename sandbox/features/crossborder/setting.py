"""The setting in which all arrangements settle: calendars, rates, who is out of order, the accounts."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import simpy

from sandbox.control import Control, Process
from sandbox.core.clock import time_of_day_us
from sandbox.core.ledger import Ledger
from sandbox.features.crossborder.accounts import ARRANGEMENT_KINDS, currencies_used
from sandbox.features.crossborder.calendar import ALWAYS, Hours
from sandbox.features.crossborder.demand import calendars
from sandbox.features.crossborder.rates import MidRates
from sandbox.features.crossborder.schema.section import CrossBorder, CrossBorderFault
from sandbox.scenario.units import US_PER_DAY

Steps = Generator[simpy.Event, Any, str | None]
"""Steps of a process that come to None, or to the reason why a payment may not go on."""


class Setting:
    """What the arrangements of one run share."""

    def __init__(self, control: Control, crossborder: CrossBorder) -> None:
        world = control.world
        self.control, self.crossborder = control, crossborder
        self.end_us = world.scenario.duration + crossborder.settle_within
        self.hours: dict[str, Hours] = calendars(world.scenario, crossborder)
        self.mid_rates = MidRates(crossborder, world.seed, self.end_us)
        self.places = [place for place, _ in crossborder.banks()]
        """Jurisdiction of each bank."""
        self.banks = [name for _, name in crossborder.banks()]
        self.currencies = currencies_used(crossborder)
        self.outages = Outages(control, crossborder.faults)

    def day(self, at_us: int) -> int:
        """Number of the calendar day that an instant falls on, by the scenario's clock, from the run's first one on."""
        return (at_us + time_of_day_us(self.control.world.scenario.start)) // US_PER_DAY

    def account(self, arrangement: str, currency: str, member: int) -> int:
        """The account that a member (a bank, or on the chain from `len(banks)` on an intermediary) has there."""
        return self.control.ledger.block(ARRANGEMENT_KINDS[arrangement], currency).first + member

    def currency_hours(self) -> dict[str, Hours]:
        """When each currency moves: while the first jurisdiction with it is open, always where there is none."""
        places = {code: self.crossborder.clock_of(code) for code in self.currencies}
        return {code: ALWAYS if place is None else self.hours[place] for code, place in places.items()}

    def keeper(self, currency: str) -> str:
        """The jurisdiction whose hours a currency keeps, or its code where there is none."""
        return self.crossborder.clock_of(currency) or currency

    def issue_opening(self, arrangement: str, currency: str, held: Sequence[int]) -> None:
        """Have a central bank issue what each member holds of its currency at the start of an arrangement."""
        amounts = np.array(held, dtype=np.int64)
        accounts = self.account(arrangement, currency, 0) + np.arange(amounts.size)
        self.control.ledger.post(self.issuer(currency), accounts[amounts > 0], amounts[amounts > 0])

    def issuer(self, currency: str) -> int:
        """The account of the central bank of a currency."""
        return self.control.ledger.block(Ledger.ISSUER, currency).first


class _Callbacks(dict[Any, None]):
    """Callbacks of a SimPy event, in order; one is taken out without looking through all, as a list would."""

    append = dict.setdefault

    def remove(self, callback: Any) -> None:
        """As a list's."""
        del self[callback]


class _ForMany(simpy.Event):
    """An event that thousands wait for at a time, most of whom go away before it comes."""

    def __init__(self, env: simpy.Environment) -> None:
        super().__init__(env)
        self.callbacks: Any = _Callbacks()


class Outages:
    """Validators, banks and intermediaries that are out of order, as planned in the scenario."""

    def __init__(self, control: Control, faults: list[CrossBorderFault]) -> None:
        self._control, self._faults = control, faults
        self._down: dict[tuple[str, str], int] = {}
        self._changed: simpy.Event = _ForMany(control.env)
        self.changes = 0
        """How often anything failed or recovered."""

    def start(self) -> None:
        """Start the faults."""
        for one in self._faults:
            self._control.env.process(self._fault(one))

    def down(self, kind: str, who: str) -> bool:
        """Is it out of order now?"""
        return bool(self._down) and self._down.get((kind, who), 0) > 0

    @property
    def changed(self) -> simpy.Event:
        """Succeeds when anything fails or recovers; another event then takes its place."""
        return self._changed

    def _fault(self, one: CrossBorderFault) -> Process:
        control, key = self._control, (one.kind, one.who)
        for begins, at_us in ((True, one.starts), (False, one.starts + one.lasts)):
            yield control.wait_until(at_us)
            self._down[key] = self._down.get(key, 0) + (1 if begins else -1)
            self.changes += 1
            control.record("fault", f"{one.kind}_{'failed' if begins else 'recovered'}", one.who)
            changed, self._changed = self._changed, _ForMany(control.env)
            changed.succeed()
