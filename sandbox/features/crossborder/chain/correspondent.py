"""Settlement through a chain of correspondents: banks that hold accounts for one another (the baseline).

A member's account in a currency holds its own money and, while a payment is under way, the payment's. Each leg is a
posting from one member to the next; so per currency the accounts always sum to what was issued, and the money of a
payment lies with the member that has it. Customers have no accounts here: the payer's bank sends its customer's money
out of its own, the payee's bank credits when the last leg has come.

Without payment against payment an intermediary that exchanges has the sold currency before it gives the bought one;
between the two legs the principal is at risk. A member that fails keeps what lies with it.

Units: minor unit of each currency, us.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import simpy

from sandbox.control import Process
from sandbox.core.draws import below, fixed_table, lognormal_table, quantile, stream, under
from sandbox.core.layout import INFINITE
from sandbox.features.crossborder.accounts import ARRANGEMENT_KINDS
from sandbox.features.crossborder.arrangement import Arrangement
from sandbox.features.crossborder.calendar import ALWAYS, Hours, office_hours, overlap
from sandbox.features.crossborder.chain.members import PARTS, Members
from sandbox.features.crossborder.chain.nostros import Leg, Nostros
from sandbox.features.crossborder.chain.prices import Funds, Prices
from sandbox.features.crossborder.chain.routes import Route, Routes
from sandbox.features.crossborder.demand import LONGEST_MARGIN_US
from sandbox.features.crossborder.payment import LOST, REFUSED, RETURNED, SETTLED, Payment
from sandbox.features.crossborder.rates import in_currency
from sandbox.features.crossborder.setting import Setting, Steps

BANK_FAILED: Final = "bank_failed"
TOO_SMALL: Final = "too_small"
HELD_BY_FAILED: Final = "gone"
"""The money lies with a member that has failed."""

# Purposes of a payment's draws.
_BOUND, _DELAY, _AUTOMATIC, _THERE, _BACK = 1, 2, 3, 16, 64
_LEVELS: Final = ("none", "some", "strict")


@dataclass(slots=True)
class Transfer:
    """Where a payment is on a route."""

    payment: Payment
    route: Route
    amount: int
    """What lies with the member at `place`, in `currency`."""
    currency: str
    arrived_us: int
    bound: bool
    purpose: int
    """Of its next draw."""
    on_top: int = 0
    """What the payer is charged beside the amount once it leaves."""
    place: int = 0
    back: bool = False


class CorrespondentArrangement(Arrangement):
    """The chain of correspondents."""

    name = "correspondent"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.terms, world = setting.crossborder.correspondent, setting.control.world
        self.members = Members(setting)
        self.routes = Routes(self.terms, self.members.banks, world.seed)
        self.prices = Prices(setting)
        self.opening = opening(setting)
        ledger = setting.control.ledger
        self._first = {code: ledger.block(ARRANGEMENT_KINDS[self.name], code).first for code in setting.currencies}
        issuers = {code: setting.issuer(code) for code in setting.currencies}
        self.nostros = Nostros(
            setting.control, self._first, issuers, lambda key: self.opening[key[0]][key[1]], self.members.next_opening,
            self.members.down,
        )  # fmt: skip
        until = setting.end_us + LONGEST_MARGIN_US
        self._systems: dict[str, Hours] = setting.currency_hours()
        for code, office in self.terms.systems.items():
            self._systems[code] = office_hours(office, world.scenario.start, until)
        self._windows: dict[tuple[str, ...], Hours] = {}
        self._draws = stream(world.seed, "chain", "luck")
        crediting = self.terms.crediting
        delays = [self.terms.processing, crediting.by_machine, *(crediting.of(level).by_hand for level in _LEVELS)]
        self._delays = np.stack(
            [lognormal_table(float(one.median), one.sigma) if one.sigma else fixed_table(one.median) for one in delays]
        )
        self.payments: list[Payment] = []
        self.sent: dict[int, int] = {}
        """When the payer's bank sent a payment (us), by its number."""

    def start(self) -> None:
        """Give members what they hold at first; see to those that fail."""
        control = self._control
        for code, held in self.opening.items():
            self.setting.issue_opening(self.name, code, held)
        for fault in self.setting.crossborder.faults:
            if fault.kind in ("bank", "correspondent"):
                member = self.members.number(fault.kind, fault.who)
                control.env.process(self._watch_member(member, fault.starts, fault.starts + fault.lasts))

    def pay(self, payment: Payment) -> Process:
        """Check, send, leg by leg, check, credit; or send back."""
        control = self._control
        self.payments.append(payment)
        if self.members.failed(payment.payer_bank, control.now, control.now) is not None:
            self._refuse(payment, BANK_FAILED)
            return
        reason = yield from self.gates.sender_side(payment)
        if reason is not None:
            self._refuse(payment, reason)
            return
        route = self.routes.between(
            payment.payer_bank, payment.payee_bank, payment.payer_currency, payment.payee_currency
        )
        payment.agents = [self.members.names[one] for one in route.members[1:-1]]
        sent = self.prices.on_top(payment, route)
        if sent is None:
            self._refuse(payment, TOO_SMALL)
            return
        bound = below(self._word(payment, _BOUND), PARTS) >= round(self.terms.unprotected * PARTS)
        amount, on_top = sent
        transfer = Transfer(payment, route, amount, payment.payer_currency, control.now, bound, _THERE, on_top)
        stop = yield from self._carry(transfer)
        if stop is None:
            stop = yield from self._credit(transfer)
        if stop is not None:
            yield from self._not_credited(transfer, stop)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _carry(self, transfer: Transfer) -> Steps:
        """Bring money to the end of its route, or as far as it gets."""
        while transfer.place < len(transfer.route.members) - 1:
            stop = yield from self._hop(transfer, self._together(transfer))
            if stop is not None:
                return stop
        return None

    def _together(self, transfer: Transfer) -> int:
        """One past the last leg that settles with the next one: legs on both sides of an exchange, if bound."""
        route, last = transfer.route, transfer.place + 1
        while transfer.bound and last < len(route.currencies) and route.currencies[last] != route.currencies[last - 1]:
            last += 1
        return last if self._window(route.currencies[transfer.place : last]).opens else transfer.place + 1

    def _window(self, currencies: tuple[str, ...]) -> Hours:
        """When money of all these can be delivered."""
        found = self._windows.get(currencies)
        if found is None:
            found = self._systems[currencies[0]]
            for code in currencies[1:]:
                found = overlap(found, self._systems[code])
            self._windows[currencies] = found
        return found

    def _last_closed(self, transfer: Transfer, last: int) -> str:
        """Whose system opens last of those of the legs up to `last`."""
        now, currencies = self._control.now, transfer.route.currencies[transfer.place : last]
        __, code = max((self._systems[code].next_open(now), code) for code in currencies)
        return code if code in self.terms.systems else self.setting.keeper(code)

    def _hop(self, transfer: Transfer, last: int) -> Steps:
        """Settle the legs up to `last`: whoever has to send takes the order, and sends it when it may."""
        payment, route, control = transfer.payment, transfer.route, self._control
        at_us, closed_us = control.now, 0
        for member in route.members[transfer.place : last]:
            takes = quantile(self._delays, 0, self._word(payment, transfer.purpose))
            transfer.purpose += 1
            taken, sent = self.members.ready(member, at_us, takes)
            closed_us += taken - at_us
            self.closures.waited(payment.number, self.members.place(member), at_us, taken)
            at_us = sent
            if member == route.members[0] and not transfer.back:
                self.sent[payment.number] = sent
        exchanges = last > transfer.place + 1 or transfer.place in route.dealers
        window = self._window(route.currencies[transfer.place : last]) if exchanges else ALWAYS
        yield control.wait_until(at_us)
        payment.closed_us += closed_us
        return (yield from self._settle(transfer, last, window))

    def _settle(self, transfer: Transfer, last: int, window: Hours) -> Steps:
        """Write the legs up to `last` once systems are open, nobody is out of order, and there is cover."""
        payment, control = transfer.payment, self._control
        stop = self._stopped(transfer, last)
        while stop is None:
            begun = control.now
            opens = window.next_open(begun)
            if opens > begun:
                self.closures.waited(payment.number, self._last_closed(transfer, last), begun, opens)
                yield control.wait_until(opens)
                payment.closed_us += opens - begun
            elif any(self.members.down(one) for one in transfer.route.members[transfer.place : last + 1]):
                yield self.setting.outages.changed
                payment.queued_us += control.now - begun
            else:
                legs, funds = self._legs(transfer, last)
                if funds.amount <= 0 and not transfer.back:
                    return TOO_SMALL
                written = yield from self._covered(legs, window)
                payment.queued_us += control.now - begun
                if written:
                    self._arrived(transfer, last, funds)
                    return None
            stop = self._stopped(transfer, last)
        return stop

    def _covered(self, legs: Sequence[Leg], window: Hours) -> Generator[simpy.Event, Any, bool]:
        """Write legs as soon as there is cover, unless systems close before that; then it is over until they open."""
        control, closes = self._control, window.next_close(self._control.now)
        waiting = self.nostros.settle(legs, closes)
        if waiting is None:
            return True
        yield waiting.ended if closes == INFINITE else waiting.ended | control.wait_until(closes)
        if waiting.ended.triggered:
            return bool(waiting.ended.value)
        self.nostros.suspend(waiting)
        yield control.wait_until(window.next_open(control.now))
        self.nostros.resume(waiting)
        return False

    def _stopped(self, transfer: Transfer, last: int) -> str | None:
        """Has the member failed that has the money, or one that it would go to?"""
        members, now = transfer.route.members, self._control.now
        if self.members.failed(members[transfer.place], transfer.arrived_us, now) is not None:
            return BANK_FAILED if transfer.place == 0 and not transfer.back else HELD_BY_FAILED
        if any(self.members.failed(one, now, now) is not None for one in members[transfer.place + 1 : last + 1]):
            return BANK_FAILED
        return None

    def _legs(self, transfer: Transfer, last: int) -> tuple[list[Leg], Funds]:
        """The legs up to `last` at the rates of this instant, and what is left after them."""
        route, funds = transfer.route, Funds(transfer.amount, transfer.currency)
        legs = []
        for place in range(transfer.place, last):
            if place > 0:
                self.prices.charge(transfer.payment, funds, "intermediary")
            self.prices.exchange(transfer.payment, funds, route.currencies[place])
            legs.append(Leg(funds.currency, route.members[place], route.members[place + 1], funds.amount))
        return legs, funds

    def _arrived(self, transfer: Transfer, last: int, funds: Funds) -> None:
        """The legs up to `last` are written."""
        payment, dealers, now = transfer.payment, transfer.route.dealers, self._control.now
        if transfer.place == 0:
            payment.fee += transfer.on_top
        if not transfer.back and dealers:
            if last in dealers:
                payment.open_exposure(now)
            elif transfer.place <= dealers[-1] < last:
                # Of two exchanges one may have been bound and the other not: then principal was at risk.
                payment.pvp = payment.exposed_from_us is None
                payment.close_exposure(now)
        self.prices.book(payment, funds, back=transfer.back)
        transfer.amount, transfer.currency, transfer.place, transfer.arrived_us = (
            funds.amount,
            funds.currency,
            last,
            now,
        )

    def _credit(self, transfer: Transfer) -> Steps:
        """The payee's bank has the money: it checks, takes its time, and credits."""
        payment, control, bank = transfer.payment, self._control, transfer.payment.payee_bank
        payment.settled_us = control.now
        reason = yield from self.gates.receiver_side(payment)
        if self.members.failed(bank, transfer.arrived_us, control.now) is not None:
            return HELD_BY_FAILED
        if reason is not None:
            return reason
        delay, at_us = self._handling(payment)
        closed_us = at_us - control.now - delay
        self.closures.waited(payment.number, payment.receiver, control.now, at_us, delay)
        yield control.wait_until(at_us)
        payment.compliance_us += delay
        payment.closed_us += closed_us
        begun = control.now
        while self.members.down(bank) and self.members.failed(bank, transfer.arrived_us, control.now) is None:
            yield self.setting.outages.changed
        payment.queued_us += control.now - begun
        if self.members.failed(bank, transfer.arrived_us, control.now) is not None:
            return HELD_BY_FAILED
        funds = Funds(transfer.amount, transfer.currency)
        self.prices.charge(payment, funds, "payee_bank")
        self.prices.exchange(payment, funds, payment.payee_currency)
        if funds.amount <= 0:
            return TOO_SMALL
        self.prices.book(payment, funds, back=False)
        payment.credited = funds.amount
        self._end(payment, SETTLED, control.now)
        return None

    def _handling(self, payment: Payment) -> tuple[int, int]:
        """How long the payee's bank works on a payment that has come now, and when it has done so."""
        now, level = self._control.now, self.setting.crossborder.jurisdictions[payment.receiver].capital_controls
        automatic = round(self.terms.crediting.of(level).automatic * PARTS)
        if below(self._word(payment, _AUTOMATIC), PARTS) < automatic:
            delay = quantile(self._delays, 1, self._word(payment, _DELAY))
            return delay, now + delay
        delay = quantile(self._delays, 2 + _LEVELS.index(level), self._word(payment, _DELAY))
        return delay, self.members.hours[payment.payee_bank].after(now, delay)

    def _not_credited(self, transfer: Transfer, reason: str) -> Process:
        """Refused if it has not left, lost if whoever has it has failed, else sent back."""
        payment, control = transfer.payment, self._control
        if reason != HELD_BY_FAILED and transfer.place == 0:
            self._refuse(payment, reason)
            return
        self.gates.release(payment)
        self.prices.waive_unearned(payment, transfer.route, transfer.place)
        if reason != HELD_BY_FAILED:
            route = transfer.route.back_from(transfer.place)
            payment.rate = None
            back = Transfer(
                payment, route, transfer.amount, transfer.currency, transfer.arrived_us, False, _BACK, back=True
            )
            transfer, stop = back, (yield from self._carry(back))
            if stop is None:
                funds = Funds(back.amount, back.currency)
                self.prices.exchange(payment, funds, payment.payer_currency)
                self.prices.book(payment, funds, back=True)
                self._end(payment, RETURNED, control.now, reason)
                return
        holder = transfer.route.members[transfer.place]
        failed = self.members.failed(holder, transfer.arrived_us, control.now)
        self._end(payment, LOST, control.now if failed is None else failed, BANK_FAILED)

    def _refuse(self, payment: Payment, reason: str) -> None:
        """It has not left the payer's bank."""
        self.gates.release(payment)
        payment.agents = []
        self._end(payment, REFUSED, self._control.now, reason)

    def _end(self, payment: Payment, outcome: str, at_us: int, reason: str | None = None) -> None:
        payment.close_exposure(at_us)
        payment.end(outcome, at_us, reason)

    def _watch_member(self, member: int, fails_us: int, works_us: int) -> Process:
        """When a member has failed, nobody waits for it in queues; when it works again, queues at it go on."""
        control = self._control
        yield control.wait_until(fails_us)
        if self.members.failed(member, control.now, control.now) is not None:
            self.nostros.withdraw(lambda leg: member in (leg.payer, leg.payee))
        yield control.wait_until(works_us)
        self.nostros.retry(member)

    def _word(self, payment: Payment, purpose: int) -> np.uint64:
        return under(payment.key ^ self._draws, purpose)


def opening(setting: Setting) -> dict[str, list[int]]:
    """What each member holds at the start, by currency: banks what their customers pay in and what is sent for it."""
    terms, crossborder = setting.crossborder.correspondent, setting.crossborder
    needs: dict[str, set[str]] = {name: set() for name in crossborder.jurisdictions}
    for corridor in crossborder.corridors.values():
        needs[corridor.sender].update(terms.exchanges(*crossborder.currencies_of(corridor))[:2])
    held = {}
    for code in setting.currencies:
        bank = in_currency(crossborder, code, terms.nostro)
        other = in_currency(crossborder, code, terms.intermediary_nostro)
        held[code] = [bank if code in needs[place] else 0 for place in setting.places]
        held[code] += [other if one.deals_in(code) else 0 for one in terms.intermediaries.values()]
    return held
