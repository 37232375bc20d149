"""What the scenario says about a payment's way and the table does not: who charges how much, which leg is in what."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

from sandbox.features.crossborder.messages.rows import SHARED_LEDGER, PaymentRow
from sandbox.features.crossborder.schema.chain import Tariff, leg_currencies
from sandbox.features.crossborder.schema.section import CrossBorder
from sandbox.language import _
from sandbox.records import RunError


class Charge(NamedTuple):
    """What an agent takes, in the payer's currency (minor units)."""

    agent: str
    fen: int


class Terms:
    """The terms of a run."""

    def __init__(self, crossborder: CrossBorder) -> None:
        self._chain, self._corridors = crossborder.correspondent, crossborder.corridors

    def payer_bears(self, payment: PaymentRow) -> bool:
        """Does the payer bear all charges, or do they come off the sum on its way?

        Raises:
            RunError: the scenario has no such corridor.
        """
        return payment.path == SHARED_LEDGER or self._fees(payment).bearer == "payer"

    def currencies(self, payment: PaymentRow) -> tuple[str, ...]:
        """The currency of each leg between one agent and the next."""
        ends = payment.payer_currency, payment.payee_currency
        return leg_currencies(self._chain.exchanges(*ends), len(payment.agents))

    def charges(self, payment: PaymentRow) -> tuple[Charge, ...]:
        """Who takes what of the fee; together exactly the fee.

        The table has their sum. On the ledger the payer's bank takes it; on the chain each agent has the part that it
        has in the terms (all have the same where these ask for nothing).
        """
        if payment.path == SHARED_LEDGER:
            return (Charge(payment.payer_bank, payment.fee_fen),)
        fees, value = self._fees(payment), payment.value_usd_cents
        asked = [fees.payer_bank.cents(value)]
        asked += [fees.intermediary.cents(value)] * len(payment.agents)
        asked.append(fees.payee_bank.cents(value))
        weights = asked if any(asked) else [1] * len(asked)
        reached = [payment.fee_fen * so_far // sum(weights) for so_far in accumulate(weights)]
        parts = [after - before for before, after in zip([0, *reached], reached, strict=False)]
        return tuple(Charge(agent, fen) for agent, fen in zip(agents(payment), parts, strict=True))

    def _fees(self, payment: PaymentRow) -> Tariff:
        corridor = self._corridors.get(payment.corridor)
        if corridor is None:
            raise RunError(_("no corridor {corridor} in the scenario of this run", corridor=repr(payment.corridor)))
        return self._chain.people if corridor.individuals else self._chain.firms


def agents(payment: PaymentRow) -> tuple[str, ...]:
    """Everybody who has the payment on its way, in order."""
    return (payment.payer_bank, *payment.agents, payment.payee_bank)
