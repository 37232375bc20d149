"""The market of bills in a run: SimPy processes that order, pay with bills, sell them, collect them and go to recourse.

A core firm orders and pays with a bill; its supplier pays its own suppliers with parts of that bill (or, where bills
cannot be split, with bills that it accepts itself), sells to a bank what it needs in cash, and keeps the rest. All
money goes over the rail (`Control.pay`), under the rules of all payments; a bill changes hands at the microsecond at
which its payment settles, or not at all. Only rediscount is a posting: the central bank issues what it pays.

Who has stopped payments pays nothing more. Whoever else cannot pay tries again until the last day (`bills.grace`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from sandbox.control import Columns, Component, Control, PaymentResult, Process, Simulated, Trial
from sandbox.core.draws import below, exponential_table, lognormal_table, quantile, stream, under
from sandbox.core.layout import Outcome, account, trait
from sandbox.core.moves import Receipt, in_parts, share_fen
from sandbox.features.bills.bill import BillPart, Package, State
from sandbox.features.bills.chains import BANK, Chains
from sandbox.features.bills.discount import days_to, discount_fen
from sandbox.features.bills.register import BillRegister
from sandbox.features.bills.results import MarketLog, Sale, bills_summary, bills_tables, short_summary
from sandbox.features.bills.schema import MOST_FACE_FEN, Bills
from sandbox.scenario.schema import Scenario
from sandbox.scenario.units import US_PER_DAY

TRIES: Final = 3
"""Payments that got no answer are tried so often where no last day says otherwise."""
PARTS: Final = 10**6
US_PER_MS: Final = 1_000
ACTOR: Final = "bills"

# Purposes of an order's draws.
_GAP, _SIZE, _SUPPLIER, _ACCEPTED, _OUTSIDE = 1, 2, 3, 4, 5
_NEXT: Final = 16


class Holding(NamedTuple):
    """A part of a package."""

    package: Package
    part: BillPart

    @property
    def bill(self) -> int:
        """Number of its bill."""
        return self.package.terms.bill_id


class BillMarket(Component):
    """Bills of a run; `register`, `log` and `chains` are open to tests and other components."""

    def __init__(self, control: Control, bills: Bills) -> None:
        self._control, self._bills = control, bills
        self.chains = Chains(control, bills)
        self.register = BillRegister()
        self.log = MarketLog()
        self._draws = stream(control.world.seed, "bills", "payments")
        self._payments: dict[int, int] = {}
        self._postings = 0
        self._outside = control.world.blocks["corporate"]
        self._other: dict[str, Any] | None = None
        self._day_count = bills.desks.day_count

    def start(self) -> None:
        """Core firms begin to order; those that will fail wait for it."""
        for chain in range(self._bills.core.count):
            self._control.env.process(self._orders(chain))
        for failure in self._bills.failures:
            self._control.env.process(self._fails(self.chains.account(failure.firm), failure.at))

    def _fails(self, firm: int, at_us: int) -> Process:
        yield self._control.wait_until(at_us)
        self.log.failed.setdefault(firm, self._control.now)
        self._control.record(ACTOR, "stopped_payments", self.chains.name(firm))

    # --- orders ----------------------------------------------------------------------------------------------------

    def _orders(self, chain: int) -> Process:
        """A core firm's orders; when and how large they are depends on nothing that happens."""
        control, core = self._control, self._bills.core
        tables = np.stack(
            [
                exponential_table(US_PER_DAY / core.orders / US_PER_MS),
                lognormal_table(float(core.order), core.order_sigma, 1.0, float(MOST_FACE_FEN)),
            ]
        )
        key, firm = stream(control.world.seed, "bills", "orders", chain), self.chains.core(chain)
        at_us = number = 0
        while True:
            own = under(key, number)
            at_us += max(1, int(quantile(tables, 0, under(own, _GAP)))) * US_PER_MS
            if at_us >= control.world.scenario.duration:
                return
            yield control.wait_until(at_us)
            (supplier,) = self.chains.suppliers(chain, 1, 1, under(own, _SUPPLIER))
            if firm in self.log.failed:
                return
            if supplier not in self.log.failed:
                control.env.process(self._order(firm, supplier, int(quantile(tables, 1, under(own, _SIZE))), own))
            number += 1

    def _order(self, core: int, supplier: int, face_fen: int, key: np.uint64) -> Process:
        """The core firm pays with a bill, accepted by itself or by its bank for a fee."""
        by_bank = int(below(under(key, _ACCEPTED), PARTS)) < round(self._bills.core.bank_accepted * PARTS)
        acceptor = self.chains.desk_of(core) if by_bank else core
        package = self._issue(core, acceptor, supplier, face_fen)
        bill = package.terms.bill_id
        if by_bank:
            fee = share_fen(face_fen, in_parts(self._bills.desks.fee))
            result = (yield from self._pay(bill, core, acceptor, fee)) if fee else None
            if result is not None and result.outcome != Outcome.SETTLED:
                self.register.move(bill, self._control.now, "cancel", core)
                return
            self.log.fees_fen += fee
        self.register.move(bill, self._control.now, "accept", acceptor)
        yield from self._received(Holding(package, package.parts[0]), 1, key)

    def _issue(self, drawer: int, acceptor: int, payee: int, face_fen: int) -> Package:
        bills, now = self._bills, self._control.now
        due = now + bills.tenor
        package = self.register.move(
            len(self.register.packages), now, "issue", drawer, acceptor=acceptor, payee=payee, face_fen=face_fen,
            due_us=due, pay_by_us=due + bills.grace, splittable=bills.splitting,
        )  # fmt: skip
        self._control.env.process(self._maturity(package))
        return package

    def _received(self, held: Holding, tier: int, key: np.uint64) -> Process:
        """A supplier was given a part: it pays its own suppliers, and sells what it needs in cash."""
        firm, face = held.part.holder, held.part.face_fen
        if firm in self.log.failed:
            return
        rest = face
        if tier < self.chains.tiers:
            below_it = self._bills.tiers[tier]
            each = share_fen(face, in_parts(below_it.passes_on)) // below_it.suppliers
            chosen = self.chains.suppliers(self.chains.chain(firm), tier + 1, below_it.suppliers, key)
            for place, supplier in enumerate(chosen):
                if each == 0 or supplier in self.log.failed:
                    continue
                other = self._give(held, firm, supplier, each)
                rest -= each
                self._control.env.process(self._received(other, tier + 1, under(key, _NEXT + place)))
                if other.part is held.part:
                    return
        need = share_fen(rest, in_parts(self._bills.tiers[tier - 1].needs_cash))
        if need:
            yield from self._cash(held, firm, tier, need, key)

    def _give(self, held: Holding, firm: int, supplier: int, fen: int) -> Holding:
        """Pay a supplier with a part of the bill, or with a bill of the firm's own."""
        now, splitting = self._control.now, self._bills.splitting
        if not splitting:
            package = self._issue(firm, firm, supplier, fen)
            self.register.move(package.terms.bill_id, now, "accept", firm)
            return Holding(package, package.parts[0])
        off = self._cut(held, firm, fen)
        self.register.move(off.bill, now, "endorse", firm, off.part, to=supplier)
        return off

    def _cut(self, held: Holding, firm: int, fen: int) -> Holding:
        """The part's first so many fen as a part of its own; the part itself if that is all of it."""
        if fen >= held.part.face_fen:
            return held
        first = held.part.first
        self.register.move(held.bill, self._control.now, "split", firm, held.part, off_fen=fen)
        return Holding(held.package, held.package.part(first, first + fen - 1))

    def _cash(self, held: Holding, firm: int, tier: int, need: int, key: np.uint64) -> Process:
        """Sell a part for cash, the whole bill where it cannot be split, and spend what is needed."""
        piece = self._cut(held, firm, need) if self._bills.splitting else held
        proceeds = 0
        for _ in range(TRIES):
            if firm in self.log.failed:
                return
            proceeds = yield from self._sell(piece, firm, tier)
            if proceeds is None:
                return
            if proceeds:
                break
            yield self._control.env.timeout(self._bills.again)
        if proceeds and firm not in self.log.failed:
            spent = min(need, proceeds)
            payee = self._outside.first + int(below(under(key, _OUTSIDE), self._outside.count))
            result = yield from self._pay(held.bill, firm, payee, spent)
            self.log.spent_fen += spent if result.outcome == Outcome.SETTLED else 0

    # --- banks -----------------------------------------------------------------------------------------------------

    def _sell(self, held: Holding, firm: int, tier: int) -> Process:
        """Sell to the firm's bank or, if it will not, to another. Returns the proceeds: 0 if the payment failed, None
        if nobody buys."""
        control, terms, part = self._control, held.package.terms, held.part
        if control.now >= terms.due_us:
            return None
        days = days_to(control.now, terms.due_us)
        off = discount_fen(part.face_fen, self.chains.rate_parts(terms.acceptor), days, self._day_count)
        price = part.face_fen - off
        desk = next((one for one in self.chains.desks_from(self.chains.desk_of(firm))
                     if self._buys(one, held, price)), None)  # fmt: skip
        if desk is None or price == 0:
            self.log.unsold_fen += part.face_fen
            control.record(ACTOR, "not_sold", self.chains.name(firm), bill=held.bill, face_fen=part.face_fen)
            return None
        self.register.move(held.bill, control.now, "offer", firm, part, to=desk, price_fen=price)
        result = yield from self._pay(held.bill, desk, firm, price)
        if result.outcome != Outcome.SETTLED:
            self.register.move(held.bill, control.now, "retract", firm, part)
            return 0
        self._move_with_receipt(held, "take", Receipt(result.payment_id, desk, firm, price))
        self.log.sales.append(Sale(tier, part.face_fen, off, days))
        return price

    def _buys(self, desk: int, held: Holding, price: int) -> bool:
        """Whether a desk buys a part: not its own acceptance, within its limit, and with money it has or can get."""
        terms, most = held.package.terms, self._bills.desks.most_on_one
        if desk in (terms.acceptor, terms.drawer, *held.part.liable):
            return False
        if most is not None and self._held_of(desk, terms.acceptor) + held.part.face_fen > most:
            return False
        return self._raise_cash(desk, price)

    def _raise_cash(self, desk: int, needed: int) -> bool:
        """Whether a desk has so much, now that it has rediscounted what it lacks, if it can."""
        short = needed - int(self._control.accounts[desk, account.BALANCE])
        if short > 0 and self._bills.desks.rediscount:
            self._rediscount(desk, short)
        return int(self._control.accounts[desk, account.BALANCE]) >= needed

    def _held_of(self, desk: int, acceptor: int) -> int:
        """Face of an acceptor's bills that a desk holds or is buying."""
        total = 0
        for package in self.register.packages.values():
            if package.terms.acceptor == acceptor:
                total += sum(
                    part.face_fen
                    for part in package.parts
                    if part.ended_us is None and desk in (part.holder, part.offer[0] if part.offer else None)
                )
        return total

    def _rediscount(self, desk: int, short: int) -> None:
        """Sell bills that banks accepted to the central bank until the desk has what it lacks; nothing if it cannot."""
        control, now = self._control, self._control.now
        parts = in_parts(self._bills.desks.rediscount_rate)
        found: list[tuple[Holding, int]] = []
        for package in self.register.packages.values():
            terms = package.terms
            if self.chains.tier(terms.acceptor) != BANK or now >= terms.due_us:
                continue
            for part in package.parts:
                if short > 0 and part.state is State.HELD and part.holder == desk:
                    off = discount_fen(part.face_fen, parts, days_to(now, terms.due_us), self._day_count)
                    if price := part.face_fen - off:
                        found.append((Holding(package, part), price))
                        short -= price
        if short > 0:
            return
        bank = self.chains.central_bank
        for held, price in found:
            self.register.move(held.bill, now, "offer", desk, held.part, to=bank, price_fen=price)
            control.ledger.post(bank, desk, price)
            self._postings += 1
            self._move_with_receipt(held, "take", Receipt(-self._postings, bank, desk, price))
            self.log.rediscounted_fen += held.part.face_fen
            control.record("central_bank", "rediscounted", self.chains.name(desk), bill=held.bill, price_fen=price)

    # --- maturity and recourse -------------------------------------------------------------------------------------

    def _maturity(self, package: Package) -> Process:
        yield self._control.wait_until(package.terms.due_us)
        for part in package.parts:
            if part.ended_us is None:
                self._control.env.process(self._collect(Holding(package, part)))

    def _collect(self, held: Holding) -> Process:
        """The holder asks the acceptor to pay; the bill is over at the instant at which the money has come."""
        control, terms, part = self._control, held.package.terms, held.part
        while _is_in(part, State.OFFERED, State.DRAWN):
            yield control.env.timeout(self._bills.again)
        if not _is_in(part, State.HELD):
            return
        self.register.move(held.bill, control.now, "present", part.holder, part)
        refused = False
        while _is_in(part, State.PRESENTED):
            refused = terms.acceptor in self.log.failed
            result = None if refused else (yield from self._pay(held.bill, terms.acceptor, part.holder, part.face_fen))
            if result is not None and result.outcome == Outcome.SETTLED:
                self._move_with_receipt(
                    held, "discharge", Receipt(result.payment_id, terms.acceptor, part.holder, part.face_fen)
                )
            elif refused:
                self.register.move(held.bill, control.now, "dishonour", terms.acceptor, part)
            elif control.now >= terms.pay_by_us and not self._frozen(part.holder):
                self.register.move(held.bill, control.now, "dishonour", part.holder, part)
            else:
                left = terms.pay_by_us - control.now
                yield control.env.timeout(self._bills.again if left <= 0 else min(self._bills.again, left))
        if _is_in(part, State.DISHONOURED):
            self.log.dishonoured(held.bill, part, terms.acceptor, refused)
            control.record(ACTOR, "dishonoured", self.chains.name(terms.acceptor), bill=held.bill,
                           first=part.first, face_fen=part.face_fen, holder=self.chains.name(part.holder))  # fmt: skip
            yield from self._recourse(held)
        elif terms.drawer != terms.acceptor:
            yield from self._reimburse(held)

    def _reimburse(self, held: Holding) -> Process:
        """The bank has paid in the drawer's stead; the drawer pays it back, or the bank bears the loss."""
        terms, until = held.package.terms, self._control.now + self._bills.grace
        while terms.drawer not in self.log.failed:
            result = yield from self._pay(held.bill, terms.drawer, terms.acceptor, held.part.face_fen)
            if result.outcome == Outcome.SETTLED:
                return
            left = until - self._control.now
            if left <= 0:
                break
            yield self._control.env.timeout(min(self._bills.again, left))
        self.log.not_reimbursed(held.bill, held.part, terms.acceptor)
        self._control.record(ACTOR, "not_reimbursed", self.chains.name(terms.acceptor), bill=held.bill,
                             drawer=self.chains.name(terms.drawer), face_fen=held.part.face_fen)  # fmt: skip

    def _recourse(self, held: Holding) -> Process:
        """Back along the endorsers, the nearest first; each who pays has the claim on those before him."""
        control, part = self._control, held.part
        while left := [one for one in reversed(part.liable) if one not in part.asked]:
            debtor, holder = left[0], part.holder
            outcome = None
            tries = 0
            while tries < TRIES and debtor not in self.log.failed:
                result = yield from self._pay(held.bill, debtor, holder, part.face_fen)
                outcome = result.outcome
                # That nobody can pay a frozen holder is not the debtor's fault.
                if outcome == Outcome.SETTLED or not (
                    outcome in (Outcome.UNAVAILABLE, Outcome.TIMED_OUT) or self._frozen(holder)
                ):
                    break
                tries += not self._frozen(holder)
                yield control.env.timeout(self._bills.again)
            if outcome == Outcome.SETTLED:
                self._move_with_receipt(held, "recourse", Receipt(result.payment_id, debtor, holder, part.face_fen))
                self.log.recourse(debtor, holder, part.face_fen)
            else:
                self.register.move(held.bill, control.now, "refuse", debtor, part)
                self.log.short(debtor, part.face_fen)
        self.register.move(held.bill, control.now, "lose", part.holder, part)
        self.log.lost(held.bill, part)
        control.record(ACTOR, "lost", self.chains.name(part.holder), bill=held.bill, first=part.first,
                       face_fen=part.face_fen)  # fmt: skip

    # --- money -----------------------------------------------------------------------------------------------------

    def _pay(self, bill: int, payer: int, payee: int, amount_fen: int) -> Process:
        """Pay over the rail for something about a bill, and wait for the end. A desk rediscounts what it lacks."""
        if self.chains.tier(payer) == BANK:
            self._raise_cash(payer, amount_fen)
        number = self._payments[bill] = self._payments.get(bill, 0) + 1
        key = under(self._draws, bill, number)
        result: PaymentResult = yield self._control.pay(payer, payee, amount_fen, key=key, kind="wholesale")
        return result

    def _move_with_receipt(self, held: Holding, move: str, receipt: Receipt) -> None:
        self.register.move_with_receipt(held.bill, self._control.now, move, held.part, receipt.payee, receipt)

    def _frozen(self, who: int) -> bool:
        return bool(self._control.accounts[who, account.TRAITS] & trait.FROZEN)

    # --- what is kept ----------------------------------------------------------------------------------------------

    def afterwards(self, again: Callable[[Scenario], Trial]) -> None:
        """The same world with splitting the other way round."""
        if not self._bills.compare:
            return
        other = self._bills.model_copy(update={"splitting": not self._bills.splitting, "compare": False})
        trial = again(self._control.world.scenario.model_copy(update={"bills": other}))
        market = trial.control.component(BillMarket)
        assert market is not None
        self._other = short_summary(market.register, market.log, market.chains)

    def tables(self) -> Mapping[str, Columns]:
        """`bills` and `bill_entries`."""
        return bills_tables(self.register, self.log, self.chains, self._control.world.seed)

    def summary(self) -> Mapping[str, Any]:
        """`bills` and `risk.bills`."""
        return bills_summary(self.register, self.log, self.chains, self._bills.splitting, self._other)


def _is_in(part: BillPart, *states: State) -> bool:
    """Asked anew each time: a part's state changes while its process waits."""
    return part.state in states


SIMULATED: Final = Simulated(BillMarket, moves_money=True)
