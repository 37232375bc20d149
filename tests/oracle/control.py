"""Control events as SimPy processes: clearing rules, sections 2, 5 and 8, read again.

At one microsecond they act in the order in which they were scheduled, which SimPy sees to; so they are started in the
order that section 1 gives.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from fractions import Fraction
from itertools import count
from math import floor, prod
from typing import Any

import simpy

from sandbox.core.layout import INFINITE, trait
from sandbox.scenario.schema import Campaign, Fault
from sandbox.scenario.schema.rules import RuleChange
from sandbox.tables import OUTCOMES
from tests.oracle.book import CLASSES, Book
from tests.oracle.draws import mix
from tests.oracle.inputs import Account
from tests.oracle.moments import Moments
from tests.oracle.orders import BoxRules, Chain, Entry, Freeze, Guard, Member, Orders
from tests.oracle.station import Station

Process = Generator[simpy.Event, Any, None]


@dataclass(frozen=True)
class Happened:
    """A control event: what `events.parquet` says of it, in the numbers that matter."""

    at_us: int
    event: str
    subject: str | None
    numbers: dict[str, int]


@dataclass
class Control:
    """What control processes act on."""

    env: simpy.Environment
    moments: Moments
    book: Book
    stations: dict[str, Station]
    pay: Callable[[int, int, int, int], simpy.Event]
    """Submit a payment (payer, payee, fen, key); the event tells its number and outcome when it has ended."""
    submit: Callable[[int, int, int, int, int, int, int], simpy.Event]
    """The same with its source and the microsecond of its birth before, and its tag behind."""
    ended: Callable[[int], simpy.Event | None]
    """An event for the next payment that ends, or None if so many have."""
    happened: list[Happened] = field(default_factory=list)
    broken: list[Fault] = field(default_factory=list)
    most_broken: int = 0
    """The most faults at one station at the same time."""
    kept_by_freezes: int = 0
    """Redemptions that a freeze kept from happening."""

    def __post_init__(self) -> None:
        self.low = {operator: self.env.event() for operator in self.book.liquidity}
        self.earned: dict[int, Fraction] = {}
        self.tripped = self.env.event()

    def start(self, orders: Orders) -> None:
        """Start every process, in the order of clearing rules, section 1."""
        scenario = self.book.scenario
        processes = [self.freeze(freeze) for freeze in orders.freezes]
        processes += [self.join_or_leave(member) for member in orders.members]
        processes += [self.set_box(box) for box in orders.boxes]
        processes += [self.guard(guard) for guard in orders.guards]
        processes += [self.chain(chain) for chain in orders.chains]
        if scenario.rules.box.enabled and scenario.rules.box.plan is None:
            processes.append(self.start_box(scenario.rules.box.starts))
        processes += [self.change_rules(change) for change in scenario.rules.changes]
        processes += [self.fault(one) for one in scenario.faults]
        processes += [self.campaign(number, name) for number, name in enumerate(scenario.campaigns)]
        processes.append(self.midnights())
        processes += [self.order_liquidity(operator) for operator in self.book.liquidity]
        processes.append(self.replay(orders.tape))
        for process in processes:
            self.env.process(process)

    def say(self, event: str, subject: str | None = None, **numbers: int) -> None:
        """Write down a control event."""
        self.happened.append(Happened(self.moments.now_us, event, subject, numbers))

    # --- rules -----------------------------------------------------------------------------------------------------

    def freeze(self, one: Freeze) -> Process:
        """Freeze or free an account."""
        yield self.moments.at(one.at_us)
        self.book.account(one.account).frozen = one.frozen

    def join_or_leave(self, one: Member) -> Process:
        """An account is inside the box from now on, or outside."""
        yield self.moments.at(one.at_us)
        self.book.account(one.account).inside = one.inside

    def set_box(self, one: BoxRules) -> Process:
        """A cap on clients, a trigger, a door."""
        yield self.moments.at(one.at_us)
        box = self.book.box
        box.client_cap, box.armed, box.contained = one.client_cap, one.armed, one.contained

    def guard(self, one: Guard) -> Process:
        """Act whenever a cap on the whole box trips; arm the trigger again some time later."""
        box = self.book.box
        while True:
            reason, payment, payer, amount = yield self.tripped
            self.say("tripped", reason, payment_id=payment, payer=payer, amount_fen=amount)
            if one.act == "off":
                box.on = False
            elif one.act == "refuse_all":
                box.outside = "refuse_all"
            elif one.act == "raise":
                box.client_cap = None if box.client_cap is None else box.client_cap * 3 // 2
                cap = box.total_exposure_cap
                box.total_exposure_cap = None if cap is None else cap * 3 // 2
            if one.rearm_us is not None:
                if one.rearm_us > 0:
                    yield self.moments.at(self.moments.now_us + one.rearm_us)
                box.armed = True

    def chain(self, one: Chain) -> Process:
        """Pay leg by leg, or all legs at once and then once more."""
        yield self.moments.at(one.at_us)
        keys = (mix(one.key, number) for number in count(1))
        rounds = [one.legs] * 2 if one.together else [(leg,) for leg in one.legs]
        for legs in rounds:
            waiting = [self.pay(*leg, next(keys)) for leg in legs]
            yield self.env.all_of(waiting) if one.together else waiting[0]
            for event in waiting:
                number, outcome = event.value
                self.say("leg_ended", None, payment_id=number, outcome=OUTCOMES.index(outcome))
            if one.pause_us > 0 and not one.together:
                yield self.moments.at(self.moments.now_us + one.pause_us)

    def replay(self, tape: Sequence[Entry]) -> Process:
        """Do what parts of the run did, each thing at its microsecond and after as many payments."""
        book = self.book
        for one in tape:
            if self.moments.now_us < one.at_us:
                yield self.moments.at(one.at_us)
            while (next_end := self.ended(one.after)) is not None:
                yield next_end
            assert self.moments.now_us == one.at_us, f"not so far at its time: {one}"
            if one.what == "pay":
                source, at_us, payer, payee, amount, key, tag = one.values
                self.submit(source, at_us, payer, payee, amount, key % 2**64, tag)
            elif one.what == "post":
                payer, payee, amount = one.values
                book.move(book.account(payer), book.account(payee), amount)
            elif one.what == "account":
                account, bits = book.account(one.values[0]), one.values[1]
                account.frozen, account.inside = bool(bits & trait.FROZEN), bool(bits & trait.IN_BOX)
                account.can_top_up, account.redeems = bool(bits & trait.CAN_TOP_UP), bool(bits & trait.REDEEMS)
            elif one.what == "order":
                (operator,) = one.values
                assert book.liquidity[operator].armed, f"ordered already: {one}"
                book.liquidity[operator].armed = False
                self.low[operator].succeed()
            else:
                self._set_all_of_the_box(one.values)

    def _set_all_of_the_box(self, values: tuple[int, ...]) -> None:
        box = self.book.box
        on, outside, per_payment, participant, exposure, clients, armed, contained = values
        box.on, box.armed, box.contained = bool(on), bool(armed), bool(contained)
        box.outside = ("allow", "refuse_crossing", "refuse_all")[outside]
        box.per_payment_cap, box.participant_cap, box.total_exposure_cap, box.client_cap = (
            None if one == INFINITE else one for one in (per_payment, participant, exposure, clients)
        )

    def start_box(self, at_us: int) -> Process:
        """The box begins."""
        yield self.moments.at(at_us)
        self.book.box.on = True
        self.say("box_started")

    def change_rules(self, change: RuleChange) -> Process:
        """New limits, new caps; what a change leaves out stays."""
        yield self.moments.at(change.at)
        if change.wallet_limits is not None:
            self.book.set_limits(change.wallet_limits)
        if change.box is not None and self.book.scenario.rules.box.plan is None:  # else the life of the box does it
            for name, value in change.box.model_dump(exclude_none=True).items():
                setattr(self.book.box, name, value)

    # --- faults ----------------------------------------------------------------------------------------------------

    def fault(self, one: Fault) -> Process:
        """A station breaks and is mended."""
        yield self.moments.at(one.starts)
        self.broken.append(one)
        self._set(one, "fault_began")
        yield self.moments.at(one.starts + one.lasts)
        self.broken.remove(one)
        self._set(one, "fault_ended")

    def _set(self, one: Fault, event: str) -> None:
        station = self.stations[one.station]
        on = [other for other in self.broken if other.station == one.station]
        self.most_broken = max(self.most_broken, len(on))
        left = prod((1 - exactly(other.loss) for other in on if other.kind == "capacity_loss"), start=Fraction(1))
        slow = prod((exactly(other.factor) for other in on if other.kind == "slow_down"), start=Fraction(1))
        station.change(
            is_open=all(other.kind != "outage" for other in on),
            servers=floor(station.servers * left),
            slow_permille=min(1_000_000, floor(1000 * slow)),
        )
        self.say(
            event, one.station,
            open=station.is_open, servers=station.servers_now, slow_permille=station.slow_permille,
        )  # fmt: skip

    # --- liquidity -------------------------------------------------------------------------------------------------

    def order_liquidity(self, operator: int) -> Process:
        """Order when the trigger trips; when the money comes, it is what is missing to the target then."""
        book, name = self.book, list(self.book.scenario.institutions)[operator]
        trigger, account = book.liquidity[operator], book.holding(operator)
        while True:
            yield self.low[operator]
            self.low[operator] = self.env.event()
            self.say("liquidity_order", name, holding_fen=account.balance, target_fen=trigger.target)
            yield self.moments.at(self.moments.now_us + book.scenario.central_bank.issuance_delay)
            missing = trigger.target - account.balance
            if missing > 0:
                book.move(book.account(0), account, missing)
                self.say("issued", name, amount_fen=missing)
            trigger.armed = True

    # --- campaigns -------------------------------------------------------------------------------------------------

    def campaign(self, number: int, name: str) -> Process:
        """The treasury fills the escrow; at expiry all that is left goes back."""
        book = self.book
        one: Campaign = book.scenario.campaigns[name]
        treasury = book.account(book.inputs.first["treasury"] + number)
        escrow = book.account(book.inputs.first["escrow"] + number)
        yield self.moments.at(one.starts)
        book.move(treasury, escrow, one.packet * one.winners)
        self.say("funded", name, amount_fen=one.packet * one.winners)
        yield self.moments.at(one.starts + one.lasts)
        holders = [account for account in book.of_kind("wallet") if account.campaign == number]
        unspent = sum(account.packet for account in holders)
        for account in holders:
            account.packet, account.campaign = 0, None
        returned = escrow.balance
        book.move(escrow, treasury, returned)
        self.say(
            "expired", name,
            claimed=len(holders), returned_fen=returned, unspent_fen=unspent, unclaimed_fen=returned - unspent,
        )  # fmt: skip

    # --- midnight --------------------------------------------------------------------------------------------------

    def midnights(self) -> Process:
        """Every midnight: interest, then merchants redeem, then wallets, then operators hand back."""
        book, scenario = self.book, self.book.scenario
        for midnight in midnights_after(scenario.start):
            yield self.moments.at((midnight - scenario.start) // timedelta(microseconds=1))
            self._interest(midnight)
            shops = book.of_kind("merchant") if scenario.merchants.daily_redemption else []
            merchants_fen = self._redeem([(shop, shop.balance) for shop in shops])
            keep = scenario.behaviour.keep_balance
            people = [one for one in book.of_kind("wallet") if one.redeems and one.balance > keep]
            wallets_fen = self._redeem([(one, one.balance - keep) for one in people])
            for operator, trigger in book.liquidity.items():
                excess = book.holding(operator).balance - trigger.target
                if excess > 0:
                    book.move(book.holding(operator), book.account(0), excess)
                    self.say("redeemed", list(scenario.institutions)[operator], amount_fen=excess)
            self.say("day_ended", midnight.date().isoformat(), merchants_fen=merchants_fen, wallets_fen=wallets_fen)

    def _redeem(self, redemptions: list[tuple[Account, int]]) -> int:
        """Who is frozen gives nothing back."""
        free = [(account, amount) for account, amount in redemptions if not account.frozen]
        for account, amount in free:
            self.book.move(account, self.book.funding(account), amount)
        self.kept_by_freezes += len(redemptions) - len(free)
        return sum(amount for _, amount in free)

    def _interest(self, midnight: datetime) -> None:
        """A day's interest on what a wallet holds; on settlement days whole fen are credited, the rest is kept."""
        rules, book = self.book.scenario.rules, self.book
        parts_per_million = round(rules.interest.rate * 10**6)
        if rules.regime != "digital_deposit" or parts_per_million == 0:
            return
        for wallet in book.of_kind("wallet"):
            if CLASSES[wallet.klass - 1] in rules.interest.classes:
                days_share = Fraction(wallet.balance * parts_per_million, 10**6 * rules.interest.day_count)
                self.earned[wallet.number] = self.earned.get(wallet.number, Fraction(0)) + days_share
        if midnight.month not in rules.interest.settlement_months or midnight.day != rules.interest.settlement_day:
            return
        due = {number: floor(earned) for number, earned in self.earned.items() if earned >= 1}
        for number, amount in due.items():
            wallet = book.account(number)
            self.earned[number] -= amount
            book.move(book.account(0), book.funding(wallet), amount)
            book.move(book.funding(wallet), wallet, amount)
        self.say("interest_credited", None, amount_fen=sum(due.values()), wallets=len(due))


def exactly(number: float) -> Fraction:
    """The decimal that stands in the scenario."""
    return Fraction(str(number))


def midnights_after(start: datetime) -> Iterator[datetime]:
    """Midnights after the start, without end."""
    midnight = datetime.combine(start.date(), time())
    while True:
        midnight += timedelta(days=1)
        yield midnight
