"""Accounts and the rules of posting, read again from clearing rules, section 4."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sandbox.scenario.schema import Scenario
from sandbox.scenario.schema.rules import ClassLimits, WalletLimits
from tests.oracle.inputs import CORPORATE, Account, Inputs

CLASSES = ("I", "II", "III", "IV")
LIMIT_REFUSALS = ("single_limit", "daily_limit", "annual_limit")


@dataclass
class Posting:
    """What became of a payment at the ledger."""

    outcome: str
    packet: int = 0
    top_up: int = 0
    redeemed: int = 0
    tripped: int | None = None
    """The operator whose liquidity fell below its floor."""
    box_tripped: str | None = None
    """The cap on the whole box that it would have broken, if that trigger was armed."""


@dataclass
class Box:
    """The sandbox as it stands."""

    on: bool
    outside: str
    per_payment_cap: int | None
    participant_cap: int | None
    total_exposure_cap: int | None
    settled: int = 0
    client_cap: int | None = None
    clients: int = 0
    armed: bool = False
    contained: bool = False


@dataclass
class Liquidity:
    """An operator's trigger."""

    floor: int
    target: int
    armed: bool = True


@dataclass
class Book:
    """All accounts, the rules in force, and what depends on both."""

    inputs: Inputs
    limits: dict[int, ClassLimits] = field(init=False)
    box: Box = field(init=False)
    liquidity: dict[int, Liquidity] = field(init=False)

    def __post_init__(self) -> None:
        rules = self.scenario.rules
        box = rules.box
        self.set_limits(rules.wallet_limits)
        self.box = Box(
            on=box.enabled and box.starts == 0,
            outside=box.outside,
            per_payment_cap=box.per_payment_cap,
            participant_cap=box.participant_cap,
            total_exposure_cap=box.total_exposure_cap,
        )
        self.liquidity = {
            number: Liquidity(one.liquidity.floor, one.liquidity.target)
            for number, one in enumerate(self.scenario.institutions.values())
            if one.kind == "operator"
        }

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.inputs.scenario

    def set_limits(self, limits: WalletLimits) -> None:
        """Put wallet limits in force; a flight out of the own banks bounds what a wallet holds beside them."""
        self.limits = {1 + CLASSES.index(name): one for name, one in limits.classes.items()}
        flight = self.scenario.flight
        if flight is None or flight.banks.kind != "own" or flight.holding_limit is None:
            return
        for klass in range(1, 1 + len(CLASSES)):
            one = self.limits.get(klass, ClassLimits())
            held = flight.holding_limit if one.balance is None else min(one.balance, flight.holding_limit)
            self.limits[klass] = one.model_copy(update={"balance": held})

    def account(self, number: int) -> Account:
        """An account by number."""
        return self.inputs.accounts[number]

    def of_kind(self, kind: str) -> list[Account]:
        """All accounts of one kind."""
        first = self.inputs.first[kind]
        return self.inputs.accounts[first : first + self.inputs.count[kind]]

    def operator_of(self, institution: int) -> int:
        """The operator behind an institution: itself, unless it is indirect."""
        names = list(self.scenario.institutions)
        one = self.scenario.institutions[names[institution]]
        return institution if one.via is None else names.index(one.via)

    def holding(self, operator: int) -> Account:
        """The account out of which an operator's customers, and those of its indirect banks, are topped up."""
        return self.account(self.inputs.first["institution"] + operator)

    def funding(self, customer: Account) -> Account:
        """The account that tops up and redeems for a customer."""
        return self.holding(self.operator_of(customer.institution))

    def move(self, payer: Account, payee: Account, amount: int) -> None:
        """Write a debit and a credit."""
        payer.balance -= amount
        payer.debits += amount
        payee.balance += amount
        payee.credits += amount

    def inside(self, payer: Account, payee: Account) -> bool:
        """Whether a payment counts as one inside the box."""
        return self.box.on and payer.inside and payee.inside

    def turns_away(self, payer: Account, payee: Account) -> bool:
        """Whether a payment is refused at birth because it would cross the box's edge."""
        return self.box.on and self.box.contained and payer.inside != payee.inside

    # --- posting ---------------------------------------------------------------------------------------------------

    def post(self, payer: Account, payee: Account, amount: int, today: date) -> Posting:
        """Settle a payment, or say why not and leave every balance as it was."""
        refusal = self._refused_by_rule(payer, payee, amount, today)
        if refusal is not None:
            return refusal
        packet = self._from_packet(payer, payee, amount)
        top_up = self._top_up_for(payer, amount - packet)
        if top_up is None:
            return Posting("insufficient_balance")
        redeemed = self._to_redeem(payer, payee, amount)
        if redeemed is None:
            return Posting("balance_cap")
        posting = Posting("settled", packet, top_up, redeemed)
        if top_up > 0:
            posting.tripped = self._pay_in(payer, top_up)
        if packet > 0:
            assert payer.campaign is not None
            payer.packet -= packet
            self.move(self.account(self.inputs.first["escrow"] + payer.campaign), payee, packet)
        self.move(payer, payee, amount - packet)
        self.move(payee, self.funding(payee), redeemed)
        payer.settled += 1
        payer.spent_on[today] += amount
        payer.spent_in[today.year] += amount
        if self.inside(payer, payee):
            payer.spent_in_box += amount
            self.box.settled += amount
            self.box.clients += not payer.client
            payer.client = True
        return posting

    def _refused_by_rule(self, payer: Account, payee: Account, amount: int, today: date) -> Posting | None:
        box, limits = self.box, self._limits_of(payer)
        if payer.frozen or payee.frozen:
            return Posting("frozen")
        if box.on and box.outside == "refuse_crossing" and payer.inside != payee.inside:
            return Posting("outside_box")
        if box.on and box.outside == "refuse_all" and not self.inside(payer, payee):
            return Posting("outside_box")
        if self.inside(payer, payee):
            broken = self._broken_cap(payer, amount)
            if broken in ("client_cap", "exposure_cap") and box.armed:
                box.armed = False
                return Posting("box_cap", box_tripped=broken)
            if broken is not None:
                return Posting("box_cap")
        if exceeds(amount, limits.single):
            return Posting("single_limit")
        if exceeds(payer.spent_on[today] + amount, limits.daily):
            return Posting("daily_limit")
        if exceeds(payer.spent_in[today.year] + amount, limits.annual):
            return Posting("annual_limit")
        return None

    def _broken_cap(self, payer: Account, amount: int) -> str | None:
        """The first cap of the box that a payment inside it would break."""
        box = self.box
        if exceeds(amount, box.per_payment_cap):
            return "per_payment_cap"
        if exceeds(payer.spent_in_box + amount, box.participant_cap):
            return "participant_cap"
        if not payer.client and exceeds(box.clients + 1, box.client_cap):
            return "client_cap"
        if exceeds(box.settled + amount, box.total_exposure_cap):
            return "exposure_cap"
        return None

    def _limits_of(self, account: Account) -> ClassLimits:
        return self.limits.get(account.klass, ClassLimits())

    def _from_packet(self, payer: Account, payee: Account, amount: int) -> int:
        if payer.campaign is not None and payer.campaign in payee.takes_packets_of:
            return min(payer.packet, amount)
        return 0

    def _top_up_for(self, payer: Account, own: int) -> int | None:
        """How much to top up so that the payer can pay `own`; None if that cannot be."""
        short = own - payer.balance
        if short <= 0:
            return 0
        step = self.scenario.behaviour.top_up_step
        top_up = -(-short // step) * step
        cap = self._limits_of(payer).balance
        if cap is not None:
            top_up = min(top_up, cap - payer.balance)
        if not payer.can_top_up or top_up < short or self.funding(payer).balance < top_up:
            return None
        return top_up

    def _to_redeem(self, payer: Account, payee: Account, amount: int) -> int | None:
        """What the payee may not hold and passes on; None if it cannot."""
        cap = self._limits_of(payee).balance
        if payer is payee or not exceeds(payee.balance + amount, cap):
            return 0
        assert cap is not None
        return payee.balance + amount - cap if self.scenario.rules.waterfall and payee.can_top_up else None

    def _pay_in(self, payer: Account, top_up: int) -> int | None:
        """Top up; returns the operator if that trips its trigger."""
        operator = self.operator_of(payer.institution)
        trigger = self.liquidity[operator]
        self.move(self.holding(operator), payer, top_up)
        if self.holding(operator).balance < trigger.floor and trigger.armed:
            trigger.armed = False
            return operator
        return None

    # --- classes ---------------------------------------------------------------------------------------------------

    def asks_for_upgrade(self, payer: Account, payee: Account, outcome: str) -> Account | None:
        """Who asks for the next class up after a refusal."""
        if outcome in LIMIT_REFUSALS:
            asker = payer
        elif outcome == "balance_cap":
            asker = payee
        else:
            return None
        if asker.klass in (CORPORATE, 1) or not asker.willing or asker.upgrading:
            return None
        asker.upgrading = True
        return asker

    def upgrade(self, account: Account) -> None:
        """The class changes."""
        account.upgrading = False
        account.klass -= 1
        if CLASSES[account.klass - 1] in ("I", "II"):
            account.can_top_up = True


def exceeds(value: int, limit: int | None) -> bool:
    """Whether a value is above a limit that may be missing."""
    return limit is not None and value > limit
