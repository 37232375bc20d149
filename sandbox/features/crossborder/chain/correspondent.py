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
from sandbox.features.crossborder.abroad import Abroad, Arrangement, Steps
from sandbox.features.crossborder.accounts import ARRANGEMENT_KINDS
from sandbox.features.crossborder.calendar import ALWAYS, Hours, office_hours, overlap
from sandbox.features.crossborder.chain.members import PARTS, Members
from sandbox.features.crossborder.chain.nostros import Leg, Nostros
from sandbox.features.crossborder.chain.prices import Prices, Quoted
from sandbox.features.crossborder.chain.routes import Route, Routes
from sandbox.features.crossborder.demand import LONGEST_MARGIN_US
from sandbox.features.crossborder.gates import Gatekeeper
from sandbox.features.crossborder.rates import in_currency
from sandbox.features.crossborder.story import LOST, REFUSED, RETURNED, SETTLED, Story

BANK_FAILED: Final = "bank_failed"
TOO_SMALL: Final = "too_small"
GONE: Final = "gone"
"""The money lies with a member that has failed."""

# Purposes of a payment's draws.
_BOUND, _DELAY, _AUTOMATIC, _THERE, _BACK = 1, 2, 3, 16, 64
_LEVELS: Final = ("none", "some", "strict")


@dataclass(slots=True)
class Trip:
    """Where a payment is on a route."""

    story: Story
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


class Chain(Arrangement):
    """The chain of correspondents."""

    name = "correspondent"

    def __init__(self, abroad: Abroad) -> None:
        self.abroad, self.terms = abroad, abroad.crossborder.correspondent
        self._control, world = abroad.control, abroad.control.world
        self._gates = Gatekeeper(abroad, self.name)
        self.members = Members(abroad)
        self.routes = Routes(self.terms, self.members.banks, world.seed)
        self.prices = Prices(abroad)
        self.opening = opening(abroad)
        ledger = abroad.control.ledger
        self._first = {code: ledger.block(ARRANGEMENT_KINDS[self.name], code).first for code in abroad.currencies}
        issuers = {code: abroad.issuer(code) for code in abroad.currencies}
        self.nostros = Nostros(
            abroad.control, self._first, issuers, lambda key: self.opening[key[0]][key[1]], self.members.morning,
            self.members.down,
        )  # fmt: skip
        until = abroad.end_us + LONGEST_MARGIN_US
        self._systems: dict[str, Hours] = abroad.currency_hours()
        for code, office in self.terms.systems.items():
            self._systems[code] = office_hours(office, world.scenario.start, until)
        self._windows: dict[tuple[str, ...], Hours] = {}
        self._luck = stream(world.seed, "chain", "luck")
        crediting = self.terms.crediting
        delays = [self.terms.processing, crediting.by_machine, *(crediting.of(level).by_hand for level in _LEVELS)]
        self._delays = np.stack(
            [lognormal_table(float(one.median), one.sigma) if one.sigma else fixed_table(one.median) for one in delays]
        )
        self.stories: list[Story] = []
        self.sent: dict[int, int] = {}
        """When the payer's bank sent a payment (us), by its number."""

    def start(self) -> None:
        """Give members what they hold at first; see to those that fail."""
        control = self._control
        for code, held in self.opening.items():
            self.abroad.endow(self.name, code, held)
        for fault in self.abroad.crossborder.faults:
            if fault.kind in ("bank", "correspondent"):
                member = self.members.number(fault.kind, fault.who)
                control.env.process(self._see_to(member, fault.starts, fault.starts + fault.lasts))

    def pay(self, story: Story) -> Process:
        """Check, send, leg by leg, check, credit; or send back."""
        control = self._control
        self.stories.append(story)
        if self.members.failed(story.payer_bank, control.now, control.now) is not None:
            self._refuse(story, BANK_FAILED)
            return
        reason = yield from self._gates.sender_side(story)
        if reason is not None:
            self._refuse(story, reason)
            return
        route = self.routes.between(story.payer_bank, story.payee_bank, story.payer_currency, story.payee_currency)
        story.agents = [self.members.names[one] for one in route.members[1:-1]]
        sent = self.prices.on_top(story, route)
        if sent is None:
            self._refuse(story, TOO_SMALL)
            return
        bound = below(self._word(story, _BOUND), PARTS) >= round(self.terms.unprotected * PARTS)
        amount, on_top = sent
        trip = Trip(story, route, amount, story.payer_currency, control.now, bound, _THERE, on_top)
        stop = yield from self._carry(trip)
        if stop is None:
            stop = yield from self._credit(trip)
        if stop is not None:
            yield from self._not_credited(trip, stop)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _carry(self, trip: Trip) -> Steps:
        """Bring money to the end of its route, or as far as it gets."""
        while trip.place < len(trip.route.members) - 1:
            stop = yield from self._hop(trip, self._together(trip))
            if stop is not None:
                return stop
        return None

    def _together(self, trip: Trip) -> int:
        """One past the last leg that settles with the next one: legs on both sides of an exchange, if bound."""
        route, last = trip.route, trip.place + 1
        while trip.bound and last < len(route.currencies) and route.currencies[last] != route.currencies[last - 1]:
            last += 1
        return last if self._window(route.currencies[trip.place : last]).opens else trip.place + 1

    def _window(self, currencies: tuple[str, ...]) -> Hours:
        """When money of all these can be delivered."""
        found = self._windows.get(currencies)
        if found is None:
            found = self._systems[currencies[0]]
            for code in currencies[1:]:
                found = overlap(found, self._systems[code])
            self._windows[currencies] = found
        return found

    def _hop(self, trip: Trip, last: int) -> Steps:
        """Settle the legs up to `last`: whoever has to send takes the order, and sends it when it may."""
        story, route, control = trip.story, trip.route, self._control
        at_us, closed_us = control.now, 0
        for member in route.members[trip.place : last]:
            takes = quantile(self._delays, 0, self._word(story, trip.purpose))
            trip.purpose += 1
            taken, sent = self.members.ready(member, at_us, takes)
            closed_us += taken - at_us
            at_us = sent
            if member == route.members[0] and not trip.back:
                self.sent[story.number] = sent
        exchanges = last > trip.place + 1 or trip.place in route.dealers
        window = self._window(route.currencies[trip.place : last]) if exchanges else ALWAYS
        yield control.wait_until(at_us)
        story.closed_us += closed_us
        return (yield from self._settle(trip, last, window))

    def _settle(self, trip: Trip, last: int, window: Hours) -> Steps:
        """Write the legs up to `last` once systems are open, nobody is out of order, and there is cover."""
        story, control = trip.story, self._control
        stop = self._stopped(trip, last)
        while stop is None:
            begun = control.now
            opens = window.next_open(begun)
            if opens > begun:
                yield control.wait_until(opens)
                story.closed_us += opens - begun
            elif any(self.members.down(one) for one in trip.route.members[trip.place : last + 1]):
                yield self.abroad.outages.changed
                story.queued_us += control.now - begun
            else:
                legs, quoted = self._legs(trip, last)
                if quoted.amount <= 0 and not trip.back:
                    return TOO_SMALL
                written = yield from self._covered(legs, window)
                story.queued_us += control.now - begun
                if written:
                    self._arrived(trip, last, quoted)
                    return None
            stop = self._stopped(trip, last)
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
        self.nostros.park(waiting)
        yield control.wait_until(window.next_open(control.now))
        self.nostros.unpark(waiting)
        return False

    def _stopped(self, trip: Trip, last: int) -> str | None:
        """Has the member failed that has the money, or one that it would go to?"""
        members, now = trip.route.members, self._control.now
        if self.members.failed(members[trip.place], trip.arrived_us, now) is not None:
            return BANK_FAILED if trip.place == 0 and not trip.back else GONE
        if any(self.members.failed(one, now, now) is not None for one in members[trip.place + 1 : last + 1]):
            return BANK_FAILED
        return None

    def _legs(self, trip: Trip, last: int) -> tuple[list[Leg], Quoted]:
        """The legs up to `last` at the rates of this instant, and what is left after them."""
        route, quoted = trip.route, Quoted(trip.amount, trip.currency)
        legs = []
        for place in range(trip.place, last):
            if place > 0:
                self.prices.charge(trip.story, quoted, "intermediary")
            self.prices.exchange(trip.story, quoted, route.currencies[place])
            legs.append(Leg(quoted.currency, route.members[place], route.members[place + 1], quoted.amount))
        return legs, quoted

    def _arrived(self, trip: Trip, last: int, quoted: Quoted) -> None:
        """The legs up to `last` are written."""
        story, dealers, now = trip.story, trip.route.dealers, self._control.now
        if trip.place == 0:
            story.fee += trip.on_top
        if not trip.back and dealers:
            if last in dealers:
                story.pay_first(now)
            elif trip.place <= dealers[-1] < last:
                # Of two exchanges one may have been bound and the other not: then principal was at risk.
                story.pvp = story.exposed_from_us is None
                story.safe(now)
        self.prices.book(story, quoted, back=trip.back)
        trip.amount, trip.currency, trip.place, trip.arrived_us = quoted.amount, quoted.currency, last, now

    def _credit(self, trip: Trip) -> Steps:
        """The payee's bank has the money: it checks, takes its time, and credits."""
        story, control, bank = trip.story, self._control, trip.story.payee_bank
        story.settled_us = control.now
        reason = yield from self._gates.receiver_side(story)
        if self.members.failed(bank, trip.arrived_us, control.now) is not None:
            return GONE
        if reason is not None:
            return reason
        delay, at_us = self._handling(story)
        closed_us = at_us - control.now - delay
        yield control.wait_until(at_us)
        story.compliance_us += delay
        story.closed_us += closed_us
        begun = control.now
        while self.members.down(bank) and self.members.failed(bank, trip.arrived_us, control.now) is None:
            yield self.abroad.outages.changed
        story.queued_us += control.now - begun
        if self.members.failed(bank, trip.arrived_us, control.now) is not None:
            return GONE
        quoted = Quoted(trip.amount, trip.currency)
        self.prices.charge(story, quoted, "payee_bank")
        self.prices.exchange(story, quoted, story.payee_currency)
        if quoted.amount <= 0:
            return TOO_SMALL
        self.prices.book(story, quoted, back=False)
        story.credited = quoted.amount
        self._end(story, SETTLED, control.now)
        return None

    def _handling(self, story: Story) -> tuple[int, int]:
        """How long the payee's bank works on a payment that has come now, and when it has done so."""
        now, level = self._control.now, self.abroad.crossborder.jurisdictions[story.receiver].capital_controls
        automatic = round(self.terms.crediting.of(level).automatic * PARTS)
        if below(self._word(story, _AUTOMATIC), PARTS) < automatic:
            delay = quantile(self._delays, 1, self._word(story, _DELAY))
            return delay, now + delay
        delay = quantile(self._delays, 2 + _LEVELS.index(level), self._word(story, _DELAY))
        return delay, self.members.hours[story.payee_bank].after(now, delay)

    def _not_credited(self, trip: Trip, reason: str) -> Process:
        """Refused if it has not left, lost if whoever has it has failed, else sent back."""
        story, control = trip.story, self._control
        if reason != GONE and trip.place == 0:
            self._refuse(story, reason)
            return
        self._gates.release(story)
        self.prices.not_taken(story, trip.route, trip.place)
        if reason != GONE:
            route = trip.route.back_from(trip.place)
            story.rate = None
            back = Trip(story, route, trip.amount, trip.currency, trip.arrived_us, False, _BACK, back=True)
            trip, stop = back, (yield from self._carry(back))
            if stop is None:
                quoted = Quoted(back.amount, back.currency)
                self.prices.exchange(story, quoted, story.payer_currency)
                self.prices.book(story, quoted, back=True)
                self._end(story, RETURNED, control.now, reason)
                return
        holder = trip.route.members[trip.place]
        failed = self.members.failed(holder, trip.arrived_us, control.now)
        self._end(story, LOST, control.now if failed is None else failed, BANK_FAILED)

    def _refuse(self, story: Story, reason: str) -> None:
        """It has not left the payer's bank."""
        self._gates.release(story)
        story.agents = []
        self._end(story, REFUSED, self._control.now, reason)

    def _end(self, story: Story, outcome: str, at_us: int, reason: str | None = None) -> None:
        story.safe(at_us)
        story.end(outcome, at_us, reason)

    def _see_to(self, member: int, fails_us: int, works_us: int) -> Process:
        """When a member has failed, nobody waits for it in queues; when it works again, queues at it go on."""
        control = self._control
        yield control.wait_until(fails_us)
        if self.members.failed(member, control.now, control.now) is not None:
            self.nostros.withdraw(lambda leg: member in (leg.payer, leg.payee))
        yield control.wait_until(works_us)
        self.nostros.look(member)

    def _word(self, story: Story, purpose: int) -> np.uint64:
        return under(story.key ^ self._luck, purpose)


def opening(abroad: Abroad) -> dict[str, list[int]]:
    """What each member holds at the start, by currency: banks what their customers pay in and what is sent for it."""
    terms, crossborder = abroad.crossborder.correspondent, abroad.crossborder
    needs: dict[str, set[str]] = {name: set() for name in crossborder.jurisdictions}
    for corridor in crossborder.corridors.values():
        needs[corridor.sender].update(terms.exchanges(*crossborder.currencies_of(corridor))[:2])
    held = {}
    for code in abroad.currencies:
        bank = in_currency(crossborder, code, terms.nostro)
        other = in_currency(crossborder, code, terms.intermediary_nostro)
        held[code] = [bank if code in needs[place] else 0 for place in abroad.places]
        held[code] += [other if one.deals_in(code) else 0 for one in terms.intermediaries.values()]
    return held
