"""The oracle: the same scenario with one plain SimPy process a payment and a `simpy.Resource` for every station.

It is written to be read beside `docs/clearing-rules.md`, not to be fast, and shares no code with the rail: it takes a
world's inputs (`inputs`), keeps its own accounts (`book`) and works the rules off again in its own words. Times are
int us, money int fen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import simpy

from sandbox.scenario.schema import LEDGER
from tests.oracle.book import Book
from tests.oracle.control import Control, Happened
from tests.oracle.draws import check_us, pause_us, service_us
from tests.oracle.inputs import Account, Birth, Inputs
from tests.oracle.moments import Moments, being_born, doing, end_of, giving_up
from tests.oracle.orders import NO_ORDERS, Orders
from tests.oracle.station import Station, Turn

PROBLEMS = ("unavailable", "timed_out")
LEDGER_STAGE = 4


@dataclass
class Payment:
    """A payment on its way."""

    birth: Birth
    payer: Account
    payee: Account
    done: simpy.Event
    """Tells number and outcome when it has ended."""
    number: int = -1
    """Counted at birth."""
    attempt: int = 0
    waits: list[int] = field(default_factory=lambda: [0, 0, 0])
    services: list[int] = field(default_factory=lambda: [0, 0, 0])


@dataclass(frozen=True)
class Ended:
    """A payment that came to its end: what the tables say of it."""

    payment_id: int
    submitted_us: int
    ended_us: int
    payer: int
    payee: int
    amount: int
    tag: int
    outcome: str
    attempt: int
    in_box: bool
    payer_inside: bool
    payee_inside: bool
    klass: int
    category: int
    payer_institution: int
    payee_institution: int
    packet: int
    top_up: int
    redeemed: int
    waits: tuple[int, ...]
    services: tuple[int, ...]


@dataclass
class Result:
    """What is compared."""

    ended: list[Ended]
    accounts: list[Account]
    happened: list[Happened]
    stations: dict[str, Counter[str]]
    seen: Counter[str]
    box: tuple[int, int]
    ended_us: int


class Oracle:
    """One run."""

    def __init__(self, inputs: Inputs, orders: Orders = NO_ORDERS) -> None:
        scenario = inputs.scenario
        self.env = simpy.Environment()
        self.moments = Moments(self.env)
        self.book = Book(inputs)
        self.behaviour = scenario.behaviour
        parts = [*scenario.institutions.items(), (LEDGER, scenario.ledger)]
        self.stations = [
            Station(self.env, name, one.servers, table) for (name, one), table in zip(parts, inputs.tables, strict=True)
        ]
        stations = {one.name: one for one in self.stations}
        self.control = Control(
            self.env, self.moments, self.book, stations, self.pay, self.pay_later, self.when_more_have_ended
        )
        self.control.start(orders)
        self.busy_until_us = orders.busy_until_us
        self.ended: list[Ended] = []
        self.next_end = self.env.event()
        self.seen: Counter[str] = Counter()
        self.born = self.ordered = 0
        self.quiet = self.env.event()
        self.to_come = sum(not birth.is_claim for birth in inputs.births)
        """Payments to be born or in flight."""

    def run(self) -> Result:
        """Run to the end of the last payment, of the duration or of what parts do, whichever is latest; what is due
        by then happens."""
        for birth in self.book.inputs.births:
            if birth.is_claim:
                self.env.process(self.claim(birth))
            else:
                self.submit(birth)
        ended_us = max(self.book.scenario.duration, self.busy_until_us)
        self.env.run(until=end_of(ended_us + 1, 0))
        while self.to_come > 0:
            self.quiet = self.env.event()
            self.env.run(until=self.quiet)
            ended_us = self.moments.now_us
            self.env.run(until=end_of(ended_us + 1, 0))
        return Result(
            ended=self.ended,
            accounts=self.book.inputs.accounts,
            happened=self.control.happened,
            stations={station.name: station.counts for station in self.stations},
            seen=self.seen,
            box=(self.book.box.settled, self.book.box.clients),
            ended_us=ended_us,
        )

    # --- one payment -----------------------------------------------------------------------------------------------

    def claim(self, birth: Birth) -> Generator[simpy.Event, Any, None]:
        """A winner claims a red packet."""
        yield self.moments.at(birth.at_us, self.moments.next_claim())
        wallet = self.book.account(birth.payer)
        wallet.packet, wallet.campaign = birth.amount, birth.payee

    def submit(self, birth: Birth) -> Payment:
        """A payment is to be born."""
        payer, payee = self.book.account(birth.payer), self.book.account(birth.payee)
        one = Payment(birth, payer, payee, self.env.event())
        self.env.process(self.payment(one))
        return one

    def pay(self, payer: int, payee: int, amount: int, key: int) -> simpy.Event:
        """A process submits a payment, to be born at this microsecond."""
        inputs = self.book.inputs
        return self.pay_later(inputs.orders, self.moments.now_us, payer, payee, amount, key, inputs.order_tag)

    def pay_later(
        self, source: int, at_us: int, payer: int, payee: int, amount: int, key: int, tag: int
    ) -> simpy.Event:  # fmt: skip
        """A part of the run submits a payment of its source, to be born now or later."""
        self.ordered, self.to_come = self.ordered + 1, self.to_come + 1
        return self.submit(Birth(at_us, payer, payee, amount, key, tag, False, source, self.ordered)).done

    def when_more_have_ended(self, number: int) -> simpy.Event | None:
        """An event for the next payment that ends, or None if this number have."""
        return None if len(self.ended) >= number else self.next_end

    def payment(self, one: Payment) -> Generator[simpy.Event, Any, None]:
        """From birth to the one outcome."""
        yield self.moments.at(one.birth.at_us, being_born(one.birth.source, one.birth.place))
        one.number = self.born
        self.born += 1
        if self.book.turns_away(one.payer, one.payee):
            self.seen["turned away"] += 1
            self.end(one, "outside_box")
            one.done.succeed((one.number, "outside_box"))
            return
        while True:
            one.attempt += 1
            outcome = yield from self.attempt(one)
            if outcome not in PROBLEMS:
                one.done.succeed((one.number, outcome))
                return
            if outcome == "timed_out" and self.behaviour.status_checks.max > 0:
                answered = yield from self.ask(one)
                if not answered:
                    break
            if one.attempt == self.behaviour.max_attempts:
                break
            self.seen["retry"] += 1
            pause = pause_us(self.behaviour.backoff, one.birth.key, one.attempt)
            yield self.moments.at(self.moments.now_us + pause, doing(one.number))
        self.end(one, outcome)
        one.done.succeed((one.number, outcome))

    def attempt(self, one: Payment) -> Generator[simpy.Event, Any, str]:
        """Walk the route; the ledger's answer, or what went wrong."""
        one.waits, one.services = [0, 0, 0], [0, 0, 0]
        if self.behaviour.patience is None:
            patience = self.env.event()
        else:
            patience = self.moments.at(self.moments.now_us + self.behaviour.patience, giving_up(one.number))
        for stage, station in self.route(one):
            arrived_us = self.moments.now_us
            turn = yield from self.queue(station, one, patience)
            if isinstance(turn, str):
                return turn
            service = service_us(station.table, one.birth.key, one.attempt, stage, turn.slow_permille)
            one.waits[stage // 2] += self.moments.now_us - arrived_us
            one.services[stage // 2] += service
            yield from self.serve(station, one, turn, service)
            if stage == LEDGER_STAGE:
                return self.post(one)
            if patience.processed:
                self.seen["timed out in service"] += 1
                return "timed_out"
        raise AssertionError("every route ends at the ledger")

    def route(self, one: Payment) -> Iterator[tuple[int, Station]]:
        """Stages and stations in order."""
        here, there = one.payer.institution, one.payee.institution
        operator_here, operator_there = self.book.operator_of(here), self.book.operator_of(there)
        last = here
        yield 0, self.stations[here]
        if operator_here != here:
            last = operator_here
            self.seen["indirect payer"] += 1
            yield 1, self.stations[operator_here]
        if operator_there not in (there, last):
            last = operator_there
            self.seen["two operators' gateways"] += 1
            yield 2, self.stations[operator_there]
        if there != last:
            yield 3, self.stations[there]
        yield LEDGER_STAGE, self.stations[-1]

    def ask(self, one: Payment) -> Generator[simpy.Event, Any, bool]:
        """Status checks after a time-out: whether one was answered."""
        station, checks = self.stations[one.payer.institution], self.behaviour.status_checks
        for number in range(1, checks.max + 1):
            yield self.moments.at(self.moments.now_us + checks.interval, doing(one.number))
            no_answer = self.moments.at(self.moments.now_us + checks.interval, giving_up(one.number))
            turn = yield from self.queue(station, one, no_answer)
            if not isinstance(turn, str):
                service = check_us(station.table, one.birth.key, one.attempt, number, turn.slow_permille)
                yield from self.serve(station, one, turn, service)
                self.seen["check answered"] += 1
                return True
            self.seen[f"check unanswered, {turn}"] += 1
        self.seen["gave up asking"] += 1
        return False

    # --- at a station ----------------------------------------------------------------------------------------------

    def queue(self, station: Station, one: Payment, patience: simpy.Event) -> Generator[simpy.Event, Any, Turn | str]:
        """Arrive and wait for a server; what went wrong if there is none in time."""
        arrived_us = self.moments.now_us
        station.counts["arrivals"] += 1
        self._note(station, one)
        if not station.is_open:
            station.counts["refused"] += 1
            return "unavailable"
        turn = station.request()
        yield turn | patience
        waited_us = self.moments.now_us - arrived_us
        station.counts["queue_us"] += waited_us
        if not turn.triggered:
            turn.cancel()
            station.counts["withdrawn"] += 1
            self.seen["withdrawn"] += 1
            self._note(station, one)
            return "timed_out"
        station.counts["wait_us"] += waited_us
        return turn

    def serve(self, station: Station, one: Payment, turn: Turn, service: int) -> Generator[simpy.Event, Any, None]:
        """Be served to the end, and let the next one in."""
        station.counts["service_us"] += service
        yield self.moments.at(self.moments.now_us + service, doing(one.number))
        self._note(station, one)
        station.counts["served"] += 1
        yield station.release(turn)

    def _note(self, station: Station, one: Payment) -> None:
        """Count instants at which two payments did something at one station."""
        now_us = self.moments.now_us
        if station.last_event[0] == now_us and station.last_event[1] != one.number:
            self.seen["tie at a station"] += 1
        station.last_event = (now_us, one.number)

    # --- the end ---------------------------------------------------------------------------------------------------

    def today(self) -> date:
        """The calendar day."""
        return (self.book.scenario.start + timedelta(microseconds=self.moments.now_us)).date()

    def post(self, one: Payment) -> str:
        """The ledger decides and writes."""
        held = one.payer.packet
        posting = self.book.post(one.payer, one.payee, one.birth.amount, self.today())
        self.end(one, posting.outcome, posting.packet, posting.top_up, posting.redeemed)
        if posting.tripped is not None:
            self.seen["trigger"] += 1
            self.control.low[posting.tripped].succeed()
        if posting.box_tripped is not None:
            self.seen[posting.box_tripped] += 1
            tripped, self.control.tripped = self.control.tripped, self.env.event()
            tripped.succeed((posting.box_tripped, one.number, one.payer.number, one.birth.amount))
        asker = self.book.asks_for_upgrade(one.payer, one.payee, posting.outcome)
        if asker is not None:
            self.seen["upgrade asked"] += 1
            self.env.process(self.upgrade_later(asker))
        if 0 < posting.packet < held:
            self.seen["packet partly spent"] += 1
        if posting.packet > 0 and posting.packet < one.birth.amount:
            self.seen["packet and own money"] += 1
        self.seen["top_up"] += posting.top_up > 0
        self.seen["redeemed by payee"] += posting.redeemed > 0
        self.seen["paid oneself"] += one.payer is one.payee and posting.outcome == "settled"
        self.seen["in the box"] += self.book.inside(one.payer, one.payee)
        return posting.outcome

    def upgrade_later(self, account: Account) -> Generator[simpy.Event, Any, None]:
        """The class changes after the KYC delay."""
        due_us = self.moments.now_us + self.book.scenario.rules.kyc_delay
        yield self.moments.at(due_us, self.moments.next_upgrade())
        self.book.upgrade(account)
        self.seen["upgrade done"] += 1

    def end(self, one: Payment, outcome: str, packet: int = 0, top_up: int = 0, redeemed: int = 0) -> None:
        """Write down how a payment ended."""
        self.seen[outcome] += 1
        self.ended.append(
            Ended(
                payment_id=one.number,
                submitted_us=one.birth.at_us,
                ended_us=self.moments.now_us,
                payer=one.payer.number,
                payee=one.payee.number,
                amount=one.birth.amount,
                tag=one.birth.tag,
                outcome=outcome,
                attempt=one.attempt,
                in_box=self.book.inside(one.payer, one.payee),
                payer_inside=one.payer.inside,
                payee_inside=one.payee.inside,
                klass=one.payer.klass,
                category=one.payee.category,
                payer_institution=one.payer.institution,
                payee_institution=one.payee.institution,
                packet=packet,
                top_up=top_up,
                redeemed=redeemed,
                waits=tuple(one.waits),
                services=tuple(one.services),
            )
        )
        ended, self.next_end = self.next_end, self.env.event()
        ended.succeed()
        self.to_come -= 1
        if self.to_come == 0 and not self.quiet.triggered:
            self.quiet.succeed()
