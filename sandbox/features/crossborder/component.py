"""Payments across borders in a run: the same demand through one or two arrangements, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.control import Columns, Component, Control, Process, Simulated
from sandbox.features.crossborder.arrangement import Arrangement
from sandbox.features.crossborder.chain.correspondent import CorrespondentArrangement
from sandbox.features.crossborder.chain.numbers import chain_numbers
from sandbox.features.crossborder.demand import CrossBorderDemand, draw_demand
from sandbox.features.crossborder.ledger.numbers import shared_ledger_numbers
from sandbox.features.crossborder.ledger.shared_ledger import SharedLedgerArrangement
from sandbox.features.crossborder.numbers import numbers_of_payments
from sandbox.features.crossborder.payment import PENDING, REFUSED, Payment, columns, uetr
from sandbox.features.crossborder.rates import in_currency
from sandbox.features.crossborder.schema.section import CrossBorder
from sandbox.features.crossborder.setting import Setting
from sandbox.features.crossborder.visitors import Tourism

ARRANGEMENTS: Final[dict[str, tuple[type[Arrangement], Callable[[Any], dict[str, Any]]]]] = {
    "shared_ledger": (SharedLedgerArrangement, shared_ledger_numbers),
    "correspondent": (CorrespondentArrangement, chain_numbers),
}
"""Each with what it measured beside its payments."""


class CrossBorderPayments(Component):
    """The cross-border component; `payments` are open to other components and to tests."""

    def __init__(self, control: Control, crossborder: CrossBorder) -> None:
        self._control, self._crossborder = control, crossborder
        self.setting = Setting(control, crossborder)
        self.arrangements = [ARRANGEMENTS[name][0](self.setting) for name in crossborder.arrangement_names]
        self.payments: list[Payment] = []
        self._corridors = [
            (name, one, *crossborder.currencies_of(one)) for name, one in crossborder.corridors.items()
        ]  # fmt: skip
        self.tourism = Tourism(self.setting)
        self._open = 1
        """Payments on their way, and the demand while it lasts."""

    def start(self) -> None:
        """Start arrangements, faults and the demand."""
        self.setting.outages.start()
        for arrangement in self.arrangements:
            arrangement.start()
        self.tourism.start()
        world = self._control.world
        drawn = draw_demand(world.scenario, self._crossborder, world.seed, self.setting.hours)
        self._control.env.process(self._send(drawn))

    def busy(self) -> bool:
        """Are payments still on their way, and is it not too late for them?"""
        return self._open + self.tourism.open > 0 and self._control.now < self.setting.end_us

    def finish(self) -> None:
        """What is at risk still when the run ends has been so until then."""
        for payment in self.payments:
            payment.close_exposure(self._control.now)

    def _send(self, drawn: CrossBorderDemand) -> Process:
        control, env = self._control, self._control.env
        for number, at_us in enumerate(drawn.at_us.tolist()):
            if at_us > control.now:
                yield control.wait_until(at_us)
            for arrangement in self.arrangements:
                payment = self._payment(drawn, number, arrangement.name)
                self.payments.append(payment)
                self._open += 1
                env.process(self._follow(arrangement, payment))
        self._open -= 1

    def _follow(self, arrangement: Arrangement, payment: Payment) -> Process:
        if self.setting.outages.down("corridor", payment.corridor):
            payment.end(REFUSED, self._control.now, "corridor_shut")
        else:
            yield from arrangement.pay(payment)
        self._open -= 1
        if payment.outcome == PENDING:
            raise RuntimeError(f"a payment across borders was left without an end on the {arrangement.name}")

    def _payment(self, drawn: CrossBorderDemand, number: int, arrangement: str) -> Payment:
        name, corridor, payer_currency, payee_currency = self._corridors[drawn.corridor[number]]
        cents = int(drawn.value_usd_cents[number])
        return Payment(
            number, arrangement, uetr(drawn.key[number]), name, corridor.purpose, corridor.individuals,
            int(drawn.payer[number]), int(drawn.payee[number]),
            int(drawn.payer_bank[number]), int(drawn.payee_bank[number]),
            corridor.sender, corridor.receiver, payer_currency, payee_currency,
            max(1, in_currency(self._crossborder, payer_currency, cents)), cents,
            int(drawn.at_us[number]), drawn.key[number],
        )  # fmt: skip

    def tables(self) -> Mapping[str, Columns]:
        """A row a payment and arrangement."""
        return {"crossborder": columns(self.payments, self.setting.banks)}

    def summary(self) -> Mapping[str, Any]:
        """Sections `crossborder` and `risk`: the arrangements side by side."""
        start, names = self._control.world.scenario.start, [one.name for one in self.arrangements]
        found = numbers_of_payments(self._crossborder, start, names, self.payments)
        arrangements = zip(self.arrangements, found["crossborder"]["arrangements"], strict=True)
        section = {**found["crossborder"], "arrangements": [self._measured(one, told) for one, told in arrangements]}
        if visitors := self.tourism.numbers():
            section["visitors"] = visitors
        return {"crossborder": section, "risk": found["risk"]}

    def _measured(self, arrangement: Arrangement, told: dict[str, Any]) -> dict[str, Any]:
        """An arrangement's numbers: of its payments, and those that it measured beside them."""
        last = {name: told.pop(name) for name in ("corridors", "flows", "quota")}
        own = ARRANGEMENTS[arrangement.name][1](arrangement)
        if "chain" in told:
            own["chain"] |= told.pop("chain")
        return {**told, **arrangement.gates.numbers(), **own, **arrangement.closures.numbers(), **last}


SIMULATED: Final = Simulated(CrossBorderPayments, moves_money=True)
