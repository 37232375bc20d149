"""Complaints and the compensation fund: customers who lost inside the box complain, people handle it, the fund pays.

Whether somebody complains is a draw by the payment's key. Complaints are taken in every `intake`, wait for one of the
`staff`, and take `handling`. The fund of the payer's institution then pays what the plan says, as far as it has it;
what a wallet may not hold, or may not get because it is frozen, goes to its bank account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy

from sandbox.base.payouts import pay_out
from sandbox.control import Control, Process
from sandbox.core.draws import Int64Array, by_key, stream
from sandbox.core.layout import account
from sandbox.core.ledger import Ledger
from sandbox.features.lifecycle.accounts import FUND
from sandbox.features.lifecycle.kpis import (
    LOSS_AMOUNT,
    LOSS_APPLICANT,
    LOSS_FRAUD,
    LOSS_ID,
    LOSS_KEY,
    LOSS_WHOSE,
    Meter,
)
from sandbox.market.population import PARTS
from sandbox.scenario.schema.plan import Plan

FRAUD, SERVICE = "fraud", "lost_service"


@dataclass
class Complaint:
    """One complaint."""

    payment_id: int
    account: int
    reason: str
    claim_fen: int
    applicant: int
    filed_us: int
    handled_us: int | None = None
    paid_fen: int = 0


def complaining(losses: Int64Array, seed: int, per_failure: float, per_fraud: float) -> Int64Array:
    """The losses about which the payer complains, in their order."""
    draws = np.empty(losses.shape[1], dtype=np.int64)
    by_key(stream(seed, "complaints"), losses[LOSS_KEY], PARTS, draws)
    shares = np.where(losses[LOSS_FRAUD] == 1, round(per_fraud * PARTS), round(per_failure * PARTS))
    return losses[:, draws < shares]


class ComplaintsOffice:
    """Takes complaints in, has them handled, and pays."""

    def __init__(self, control: Control, plan: Plan, meter: Meter) -> None:
        self._control, self._plan, self._meter = control, plan, meter
        self._staff = simpy.Resource(control.env, plan.complaints.staff)
        self._fund = control.ledger.block(FUND)
        self._issuer = control.ledger.block(Ledger.ISSUER).first
        self.complaints: list[Complaint] = []

    def start(self) -> None:
        """Open."""
        self._control.env.process(self._intake())

    def pay_into_fund(self, applicant: int) -> None:
        """This applicant (by number) pays its part into the fund, in e-CNY that the central bank issues for it."""
        self._control.ledger.post(self._issuer, self._fund.first + applicant, self._plan.fund.amount)

    def _intake(self) -> Process:
        while True:
            yield self._control.env.timeout(self._plan.paced(self._plan.complaints.intake))
            self.take_in()

    def take_in(self) -> None:
        """Take in what customers lost up to now."""
        control, plan = self._control, self._plan
        control.machine.look()
        rules, losses = plan.complaints, self._meter.take_losses()
        if losses.shape[1] == 0:
            return
        found = complaining(losses, control.world.seed, rules.per_failure, rules.per_fraud)
        for loss in found.T:
            fraud = bool(loss[LOSS_FRAUD])
            claim = round(int(loss[LOSS_AMOUNT]) * plan.fund.fraud_share) if fraud else plan.fund.lost_service
            number = int(loss[LOSS_APPLICANT])
            one = Complaint(
                int(loss[LOSS_ID]), int(loss[LOSS_WHOSE]), FRAUD if fraud else SERVICE, claim, number, control.now
            )
            self.complaints.append(one)
            self._meter.complaints[number] += 1
            control.env.process(self._handle(one))
        if found.shape[1]:
            control.record("institution", "complaints_filed", None, complaints=int(found.shape[1]))

    def _handle(self, one: Complaint) -> Process:
        control = self._control
        with self._staff.request() as turn:
            yield turn
            yield control.env.timeout(self._plan.paced(self._plan.complaints.handling))
        one.handled_us = control.now
        fund = self._fund.first + one.applicant
        one.paid_fen = min(one.claim_fen, int(control.accounts[fund, account.BALANCE]))
        if one.paid_fen:
            to_wallet = pay_out(control, fund, one.account, one.paid_fen)
            control.record(
                "institution", "compensated", str(one.account),
                reason=one.reason, payment_id=one.payment_id, claim_fen=one.claim_fen, paid_fen=one.paid_fen,
                to_wallet_fen=to_wallet, waited_us=one.handled_us - one.filed_us,
            )  # fmt: skip

    def summary(self) -> Mapping[str, Any]:
        """The sections `complaints` and `compensation`."""
        handled = [one for one in self.complaints if one.handled_us is not None]
        waits = [one.handled_us - one.filed_us for one in handled if one.handled_us is not None]
        by_reason = {
            reason: {
                "filed": sum(one.reason == reason for one in self.complaints),
                "paid_fen": sum(one.paid_fen for one in handled if one.reason == reason),
            }
            for reason in (FRAUD, SERVICE)
        }
        left = self._control.accounts[self._fund.rows, account.BALANCE]
        return {
            "complaints": {
                "filed": len(self.complaints),
                "handled": len(handled),
                "open": len(self.complaints) - len(handled),
                "handling_us_mean": float(np.mean(waits)) if waits else None,
                "handling_us_max": max(waits, default=None),
                "by_reason": {reason: row["filed"] for reason, row in by_reason.items()},
            },
            "compensation": {
                "paid_in_fen": int(self._control.accounts[self._fund.rows, account.CREDITS].sum()),
                "claimed_fen": sum(one.claim_fen for one in handled),
                "paid_fen": sum(one.paid_fen for one in handled),
                "unpaid_fen": sum(one.claim_fen - one.paid_fen for one in handled),
                "left_fen": int(left.sum()),
                "customers": len({one.account for one in handled if one.paid_fen}),
                "by_reason": {reason: row["paid_fen"] for reason, row in by_reason.items()},
            },
        }
