"""Operators' e-CNY: ordered from the central bank when it runs low, handed back when days end with too much."""

from __future__ import annotations

import numpy as np

from sandbox.control import Component, Control, Process
from sandbox.core.draws import Int64Array
from sandbox.core.layout import INFINITE, account, station
from sandbox.core.ledger import Ledger


class Liquidity(Component):
    """Orders of operators that run low."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self.lowest = [INFINITE] * len(control.world.institution_names)
        """The least that each held when it ordered (fen)."""
        self.needed_fen = np.zeros(len(self.lowest), dtype=np.int64)
        """The most that each had paid out on balance, by the end of any bin, since the start or since it last handed
        back what was above its target: what it has to hold ready if nothing can be ordered."""
        self._received_fen = np.zeros(len(self.lowest), dtype=np.int64)

    def start(self) -> None:
        """A process for each operator."""
        self._control.at_bin_end(self._count)
        for operator in self._control.world.operators:
            self._control.env.process(self._orders(operator))

    def _count(self, _: int) -> None:
        rows = self._control.accounts[self._control.world.holdings]
        paid_out = rows[:, account.DEBITS] - rows[:, account.CREDITS] + self._received_fen
        self.needed_fen = np.maximum(self.needed_fen, paid_out)

    def issued(self, operator: int, fen: int) -> None:
        """The central bank has issued e-CNY to it."""
        self._received_fen[operator] += fen

    def handed_back(self, operator: int) -> None:
        """It holds its target again; what it pays out counts from here."""
        row = self._control.accounts[self._control.world.holdings[operator]]
        self._received_fen[operator] = row[account.CREDITS] - row[account.DEBITS]

    def _orders(self, operator: int) -> Process:
        """Wait until the rail finds it below its floor; order up to the target; it arrives after the delay."""
        control, who = self._control, self._control.world.holdings[operator]
        while True:
            yield control.below_floor[operator]
            control.below_floor[operator] = control.env.event()
            self.lowest[operator] = min(self.lowest[operator], int(control.accounts[who, account.BALANCE]))
            yield from order(control, operator)


def order(control: Control, operator: int) -> Process:
    """Order up to the target, which arrives after the delay; the trigger, disarmed until then, is armed again."""
    world, name = control.world, control.world.institution_names[operator]
    who, issuer = world.holdings[operator], control.ledger.block(Ledger.ISSUER).first
    holding, target = int(control.accounts[who, account.BALANCE]), int(world.targets[operator])
    control.record("institution", "liquidity_order", name, holding_fen=holding, target_fen=target)
    yield control.env.timeout(world.scenario.central_bank.issuance_delay)
    issue_up_to_target(control, operator, who, issuer)
    world.stations[operator, station.FLOOR_ARMED] = 1


def hand_out(control: Control, operator: int, wallets: Int64Array, amounts: Int64Array) -> None:
    """Move e-CNY of an operator into wallets; if it falls below its floor it orders more, as after a top-up.

    Whoever calls has seen to it that the operator has as much.
    """
    world = control.world
    who, row = world.holdings[operator], world.stations[operator]
    control.ledger.post(who, wallets, amounts)
    if (
        wallets.size
        and row[station.FLOOR_ARMED]
        and control.accounts[who, account.BALANCE] < row[station.LIQUIDITY_FLOOR]
    ):
        row[station.FLOOR_ARMED] = 0
        control.env.process(order(control, operator))


def issue_up_to_target(control: Control, operator: int, who: int, issuer: int) -> None:
    """The central bank issues what is missing to the operator's target."""
    missing = int(control.world.targets[operator] - control.accounts[who, account.BALANCE])
    if missing > 0:
        control.ledger.post(issuer, who, missing)
        _of(control).issued(operator, missing)
        control.record("central_bank", "issued", control.world.institution_names[operator], amount_fen=missing)


def hand_back(control: Control) -> None:
    """Each operator returns to the central bank what it holds above its target."""
    world, issuer = control.world, control.ledger.block(Ledger.ISSUER).first
    for operator in world.operators:
        who = world.holdings[operator]
        excess = int(control.accounts[who, account.BALANCE] - world.targets[operator])
        if excess > 0:
            control.ledger.post(who, issuer, excess)
            _of(control).handed_back(operator)
            control.record("central_bank", "redeemed", world.institution_names[operator], amount_fen=excess)


def _of(control: Control) -> Liquidity:
    found = control.component(Liquidity)
    assert found is not None  # every run has it
    return found
