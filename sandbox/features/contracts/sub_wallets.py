"""Sub-wallets: a payment goes from the owner's wallet into the sub-wallet, and on to the merchant from there.

The merchant's payment has the sub-wallet as its payer and says nothing of whose it is. The quota is looked at before
the owner's wallet is touched: what is on its way counts. If the merchant cannot be paid, the owner gets the money back.
A thief with a leaked authorisation pays like the owner, up to the quota, until it is revoked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from sandbox.control import PaymentResult, Process
from sandbox.core.clock import time_of_day_us
from sandbox.core.draws import Int64Array
from sandbox.core.layout import INFINITE, Outcome
from sandbox.features.contracts.accounts import owners_of, sub_wallets_of
from sandbox.features.contracts.active import ActiveContract
from sandbox.features.contracts.schema import DAY, SubWallets
from sandbox.features.contracts.service import ContractService
from sandbox.market.population import PARTS
from sandbox.market.sources import ticket_table

MONTH: Final = 30 * DAY
WORD: Final = 2**64 - 1


class Try(NamedTuple):
    """One attempt to pay."""

    at_us: int
    authorisation: int
    amount_fen: int
    thief: bool
    key: int


class SubWalletContract(ActiveContract):
    """Sub-wallets of one sort, numbered by authorisation: those of the first owner come first."""

    def __init__(self, service: ContractService, number: int, sub_wallets: SubWallets) -> None:
        super().__init__(service, number)
        one, world = sub_wallets, self.control.world
        self.terms, each = one, one.merchants_each
        count = one.owners * each
        self.accounts = sub_wallets_of(world.ledger, service.terms, self.name)
        self.owners = owners_of(world.seed, self.name, world.blocks["personal"], one)
        self.merchants = self._merchants(each)
        self.revoked_at = self._revocations(count)
        self.leaked = self.draws.has("leaks", count, one.leaked)
        found = one.leaks_at + one.found_after
        self.revoked_at[self.leaked] = np.minimum(self.revoked_at[self.leaked], found)
        self._midnight = time_of_day_us(self.scenario.start)
        self._day: dict[tuple[int, int], int] = {}
        self._month: dict[tuple[int, int], int] = {}
        """Spent, or on its way, by authorisation and day or month (fen)."""
        self.paid_fen, self.paid = 0, 0
        self.thief_tries = 0
        self.stolen = np.zeros(count, dtype=np.int64)

    def _merchants(self, each: int) -> Int64Array:
        """Each owner's merchants: different ones, by popularity for the first of them."""
        shops, owners = self.control.world.blocks["merchant"], self.terms.owners
        first = self.draws.merchants("merchant", owners, np.arange(shops.count))
        found = (first[:, None] + np.arange(each)) % shops.count
        return np.asarray(shops.first + found.reshape(-1))

    def _revocations(self, count: int) -> Int64Array:
        """When owners revoke of their own accord."""
        at = (self.draws.parts("revokes/at", count) * (self.service.until / PARTS)).astype(np.int64)
        return np.where(self.draws.has("revokes", count, self.terms.revoked), at, INFINITE)

    def start(self) -> None:
        """One process for all attempts."""
        self.control.env.process(self._run())

    def tries(self) -> list[Try]:
        """All attempts, in order of time: those of owners all through the run, those of thieves until they are found
        out."""
        one, until, draws = self.terms, self.service.until, self.draws
        count = self.accounts.size
        lasts = max(0, until - one.starts)
        whose = np.repeat(np.arange(count), draws.poisson("payments", count, one.payments * lasts / DAY))
        times = draws.evenly("payments/at", whose.size, one.starts, lasts)
        amounts = draws.out_of("amount", whose.size, ticket_table(one.ticket))
        keys = draws.keys("payment", whose.size)
        columns = (column.tolist() for column in (times, whose, amounts, keys))
        found = [Try(at, number, fen, False, key) for at, number, fen, key in zip(*columns, strict=True)]
        ends = min(until, one.leaks_at + one.found_after + one.thief_every)
        begins = draws.below("leaks/begins", count, one.thief_every)
        for number in np.flatnonzero(self.leaked).tolist():
            at = np.arange(one.leaks_at + int(begins[number]), ends, one.thief_every)
            keys = draws.keys(f"thief/{number}", at.size)
            found += [
                Try(when, number, one.thief_amount, True, key)
                for when, key in zip(at.tolist(), keys.tolist(), strict=True)
            ]
        return sorted(one for one in found if one.at_us < until)

    def _run(self) -> Process:
        self.control.record("contract", "authorised", self.name, count=int(self.accounts.size))
        for one in self.tries():
            yield self.control.wait_until(one.at_us)
            reason = self._bound(one)
            self.thief_tries += one.thief
            if reason:
                self.service.count_refused(self.number, reason, 1)
            else:
                self.control.env.process(self._pay(one))

    def _bound(self, one: Try) -> str:
        """Why the authorisation does not allow this payment, or nothing."""
        terms, number = self.terms, one.authorisation
        if one.at_us >= self.revoked_at[number]:
            return "revoked"
        for reason, used, quota in (
            ("per_payment", 0, terms.per_payment),
            ("per_day", self._day.get((number, self._today(one.at_us)), 0), terms.per_day),
            ("per_month", self._month.get((number, one.at_us // MONTH), 0), terms.per_month),
        ):
            if quota is not None and used + one.amount_fen > quota:
                return reason
        return ""

    def _today(self, at_us: int) -> int:
        return (at_us + self._midnight) // DAY

    def _use(self, one: Try, amount_fen: int) -> None:
        """Book against the quota; below zero: give back."""
        day, month = (one.authorisation, self._today(one.at_us)), (one.authorisation, one.at_us // MONTH)
        self._day[day] = self._day.get(day, 0) + amount_fen
        self._month[month] = self._month.get(month, 0) + amount_fen

    def _pay(self, one: Try) -> Process:
        """Owner to sub-wallet, sub-wallet to merchant."""
        control, pendings = self.control, self.pendings
        owner, account, shop = (
            int(column[one.authorisation]) for column in (self.owners, self.accounts, self.merchants)
        )
        self._use(one, one.amount_fen)
        paid: PaymentResult = yield control.pay(owner, account, one.amount_fen, key=one.key & WORD)
        if paid.outcome != Outcome.SETTLED:
            self._use(one, -one.amount_fen)
            self.service.count_refused_payments(self.number, np.array([paid.outcome]))
            return
        amount = np.array([one.amount_fen])
        number = self.service.open(
            self.number, np.array([owner]), amount, escrow=account, holders=account, payees=shop, log=False
        )
        pendings.reserve_many(number, amount)
        # The key of the second payment is the first's, turned round.
        paid = yield control.pay(account, shop, one.amount_fen, key=~one.key & WORD, kind="retail")
        if paid.outcome == Outcome.SETTLED:
            pendings.capture_many(number, amount, reason="stolen" if one.thief else "paid")
            self.paid, self.paid_fen = self.paid + 1, self.paid_fen + one.amount_fen
            self.stolen[one.authorisation] += one.amount_fen if one.thief else 0
        else:
            self._use(one, -one.amount_fen)
            self.service.count_refused_payments(self.number, np.array([paid.outcome]))
            pendings.release_many(number, amount)
            pendings.void_many(number, reason="not_paid")

    def bound_fen(self) -> int | None:
        """The most that a thief can take with one authorisation before it is revoked; None: no quota binds it."""
        terms, begins = self.terms, self.terms.leaks_at
        ends = min(begins + terms.found_after, self.service.until)
        if ends <= begins:
            return 0
        days = self._today(ends - 1) - self._today(begins) + 1
        months = (ends - 1) // MONTH - begins // MONTH + 1
        bounds = [
            count * quota for count, quota in ((days, terms.per_day), (months, terms.per_month)) if quota is not None
        ]
        return min(bounds, default=None)

    def summary(self) -> Mapping[str, Any]:
        """Payments, and what thieves got beside what they could have got at most."""
        return {
            "owners": self.terms.owners,
            "authorisations": int(self.accounts.size),
            "payments": self.paid,
            "paid_fen": self.paid_fen,
            "revoked": int(np.count_nonzero(self.revoked_at < self.service.until)),
            "leaked": int(np.count_nonzero(self.leaked)),
            "thief_tries": self.thief_tries,
            "stolen_fen": int(self.stolen.sum()),
            "stolen_most_fen": int(self.stolen.max(initial=0)),
            "bound_fen": self.bound_fen(),
        }
