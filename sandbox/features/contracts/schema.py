"""Schema of programmable money: prepaid courses, purpose-bound vouchers, packets from person to person, payment on
delivery, dividends on data, administrative fees, and sub-wallets.

The other modules here say what becomes of the money. All of it is in pending transfers (`sandbox/base/pending.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sandbox.language import N_
from sandbox.scenario.schema.demand import OFFICE_HOURS, Profile, Ticket
from sandbox.scenario.schema.fields import (
    Duration,
    Limit,
    Model,
    Money,
    Name,
    Problem,
    Rate,
    Share,
    param,
)

HOUR: Final = 3_600_000_000
DAY: Final = 24 * HOUR
MOST_CONTRACTS: Final = 2_000_000
"""Pending transfers and purchases of one scenario, all kinds together."""
KINDS: Final = ("courses", "subsidies", "gifts", "deliveries", "dividends", "fees", "sub_wallets")
"""Kinds of contract, as the scenario and the tables name them."""


# What is told of values that do not go together.
_LESSON_FEN: Final = N_("must be at least one fen for each of the {lessons} lessons")
_PART_FEN: Final = N_("must be at least one fen for each of the {parts} parts")


def _office() -> Profile:
    return Profile(weekday=list(OFFICE_HOURS), weekend=[0.0] * 24)


class Contract(Model):
    """What every kind has."""

    institution: Name | None = param(
        None, doc="Institution whose gateway the escrow is behind; the first operator when left out.", role="design"
    )
    starts: Duration = param(0, doc="When it begins.", role="design")


class Course(Contract):
    """Lessons paid beforehand. Each lesson given draws its part out of the escrow; the rest goes back to the customer
    when the school fails, when the customer withdraws, or when the time is over."""

    escrow: bool = param(
        True, doc="false: the school gets the whole price at once, as without a contract.", role="lever"
    )
    schools: int = param(..., doc="Merchants that sell the course.", role="design", ge=1, le=100_000)
    category: Name | None = param(None, doc="They are of this category; of any when left out.", role="design")
    customers: int = param(..., doc="People who set out to buy one course each.", role="design", ge=1, le=500_000)
    sold_within: Duration = param(7 * DAY, doc="They buy evenly within this time.", source="ASSUMED", gt=0)
    price: Money = param(..., doc="Price of a course.", role="design", gt=0)
    lessons: int = param(..., doc="Lessons of a course, each worth the same part.", role="design", ge=1, le=500)
    first_lesson: Duration = param(DAY, doc="Time from the purchase to the first lesson.", source="ASSUMED", gt=0)
    every: Duration = param(7 * DAY, doc="Time from one lesson to the next.", source="ASSUMED", gt=0)
    lasts: Duration = param(
        365 * DAY, doc="After this time from the purchase, what is left goes back to the customer.", role="lever", gt=0
    )
    withdraw: Share = param(
        0.05, doc="Share of customers who would withdraw if nothing else happens, at any time until `lasts`."
    )
    fails: Share = param(0.0, doc="Share of the schools that fail.", role="design")
    fails_at: Duration = param(0, doc="When they fail.", role="design")

    def problems(self) -> Iterator[Problem]:
        if self.price < self.lessons:
            yield Problem(("price",), _LESSON_FEN, lessons=self.lessons)


class Subsidy(Contract):
    """Vouchers of a government account for one purpose: they pay at merchants of some categories, in some areas, at
    some hours, whole or in part; what is unused when they expire goes back to the treasury."""

    vouchers: int = param(..., doc="Wallets that get one voucher.", role="lever", ge=1, le=500_000)
    amount: Money = param(..., doc="Value of a voucher.", role="lever", gt=0)
    cohorts: list[Name] = param(
        default_factory=list, doc="Only people of these cohorts get one; all when empty.", role="lever", max_length=64
    )
    categories: list[Name] = param(
        default_factory=list, doc="Pays at merchants of these categories; of all when empty.", role="lever",
        max_length=64,
    )  # fmt: skip
    areas: list[Name] = param(
        default_factory=list, doc="Pays at merchants in these areas; in all when empty.", role="lever", max_length=64
    )
    from_hour: int = param(0, doc="Pays from this hour of the day on.", role="lever", ge=0, le=23)
    to_hour: int = param(24, doc="Pays up to this hour of the day.", role="lever", ge=1, le=24)
    lasts: Duration = param(..., doc="How long vouchers are good for.", role="lever", gt=0)
    purchases: Rate = param(
        0.2, doc="How often a holder takes out the voucher while it is good (mean; exponential gaps).", le=100
    )
    ticket: Ticket = param(
        default_factory=lambda: Ticket(preset="survey"),
        doc="Size of a purchase; one larger than what is left pays only so much with the voucher.",
        source="UnionPay 2019 survey (derived)",
    )
    on_purpose: Share = param(
        0.8, doc="Share of those made where and when the voucher pays; the others are made anywhere and at any time."
    )
    profile: Profile = param(default_factory=Profile, doc="Shape of the day.")

    def problems(self) -> Iterator[Problem]:
        if self.to_hour <= self.from_hour:
            yield Problem(("to_hour",), N_("must be after `from_hour`"))


class Gifts(Contract):
    """Packets from person to person: whoever says the keyword gets a part; what nobody took goes back to the sender."""

    senders: int = param(..., doc="People who send one packet each.", role="design", ge=1, le=500_000)
    sent_within: Duration = param(DAY, doc="They send evenly within this time.", source="ASSUMED", gt=0)
    amount: Money = param(..., doc="Value of a packet.", role="design", gt=0)
    parts: int = param(1, doc="Parts of a packet, each for one person.", role="design", ge=1, le=500)
    lasts: Duration = param(DAY, doc="What is left after this time goes back.", role="lever", gt=0)
    told: int = param(2, doc="People to whom the sender tells the keyword.", role="design", ge=1, le=500)
    claims: Share = param(0.9, doc="Share of them who want their part.")
    claim_after: Duration = param(2 * HOUR, doc="How long they wait (mean; exponential).", source="ASSUMED", gt=0)
    wrong_keyword: Share = param(0.02, doc="Share of those who get the keyword wrong, and leave it at that.")

    def problems(self) -> Iterator[Problem]:
        if self.amount < self.parts:
            yield Problem(("amount",), _PART_FEN, parts=self.parts)


class Deliveries(Contract):
    """Orders in online shops: the money is released when the goods arrive, and returned if they do not."""

    orders: int = param(..., doc="Orders, each of another person.", role="design", ge=1, le=500_000)
    ordered_within: Duration = param(
        DAY, doc="They are made within this time, by `profile`.", source="ASSUMED", gt=0, le=366 * DAY
    )
    category: Name | None = param(None, doc="Shops are of this category; of any when left out.", role="design")
    ticket: Ticket = param(
        default_factory=lambda: Ticket(preset="qr_quantile"), doc="Size of an order.",
        source="CASS in ECNS 2017 (95 % of QR payments below 500 yuan, derived)",
    )  # fmt: skip
    delivered_after: Duration = param(2 * DAY, doc="Time to delivery (mean; exponential).", source="ASSUMED", gt=0)
    lost: Share = param(0.01, doc="Share of orders that never arrive.")
    deadline: Duration = param(
        10 * DAY, doc="The buyer gets the money back if nothing has arrived by then.", role="lever", gt=0
    )
    disputed: Share = param(0.02, doc="Share of deliveries about which buyer and shop do not agree.")
    dispute_takes: Duration = param(5 * DAY, doc="How long it takes to decide.", source="ASSUMED", gt=0)
    buyer_wins: Share = param(0.5, doc="Share of disputes in which the buyer gets the money back.")
    profile: Profile = param(default_factory=Profile, doc="Shape of the day.")


class Dividend(Contract):
    """A pool that a company pays out to those whose data it used, each in proportion to the use."""

    pool: Money = param(..., doc="What the company pays in.", role="design", gt=0)
    wallets: int = param(..., doc="People who share in it.", role="design", ge=1, le=500_000)
    parts: int = param(1, doc="Pay-outs, of equal sums.", role="lever", ge=1, le=1_000)
    every: Duration = param(
        DAY, doc="Time from the paying in to the first pay-out, and from one to the next.", role="lever", gt=0
    )
    use_sigma: float = param(1.0, doc="How unequal use is: spread of its logarithm among people.", ge=0, le=4)

    def problems(self) -> Iterator[Problem]:
        if self.pool < self.parts:
            yield Problem(("pool",), _PART_FEN, parts=self.parts)


class Fees(Contract):
    """A fee for an application to an office: kept when it is granted, given back when it is rejected or not decided."""

    applicants: int = param(..., doc="People who apply.", role="design", ge=1, le=500_000)
    fee: Money = param(..., doc="The fee.", role="lever", gt=0)
    applied_within: Duration = param(
        DAY, doc="They apply within this time, by `profile`.", source="ASSUMED", gt=0, le=366 * DAY
    )
    decided_after: Duration = param(3 * DAY, doc="Time to a decision (mean; exponential).", source="ASSUMED", gt=0)
    rejected: Share = param(0.05, doc="Share of applications that are rejected.")
    deadline: Duration = param(
        20 * DAY, doc="An application not decided by then gets its fee back.", role="lever", gt=0
    )
    profile: Profile = param(default_factory=_office, doc="Shape of the day; office hours when left out.")


class SubWallets(Contract):
    """Sub-wallets: a wallet's owner authorises merchants to be paid from it, each up to a quota. The merchant sees the
    sub-wallet and not whose it is. An authorisation that leaked is used by a thief until it is revoked."""

    owners: int = param(..., doc="People who authorise merchants.", role="design", ge=1, le=100_000)
    merchants_each: int = param(3, doc="Merchants that each authorises.", role="design", ge=1, le=100)
    payments: Rate = param(0.3, doc="Payments with one authorisation (mean; exponential gaps).", gt=0, le=1_000)
    ticket: Ticket = param(
        default_factory=lambda: Ticket(preset="qr_quantile"), doc="Size of a payment.",
        source="CASS in ECNS 2017 (95 % of QR payments below 500 yuan, derived)",
    )  # fmt: skip
    per_payment: Limit = param(50_000, doc="Most that one payment may be.", role="lever")
    per_day: Limit = param(100_000, doc="Most in a calendar day.", role="lever")
    per_month: Limit = param(500_000, doc="Most in 30 days, counted from the start of the run.", role="lever")
    revoked: Share = param(0.02, doc="Share of authorisations that their owner revokes, at any time in the run.")
    leaked: Share = param(0.0, doc="Share of authorisations that leak to a thief.", role="design")
    leaks_at: Duration = param(0, doc="When the thief begins.", role="design")
    found_after: Duration = param(
        2 * DAY, doc="How long after that the owner finds out and revokes (the same for all).", role="lever", gt=0
    )
    thief_every: Duration = param(
        HOUR, doc="Time from one try of the thief to the next.", source="ASSUMED", ge=60_000_000
    )
    thief_amount: Money = param(30_000, doc="What the thief tries to pay.", gt=0)


class Contracts(Model):
    """Programmable money, by kind and name."""

    step: Duration = param(
        300_000_000,
        doc="Contracts are looked at this often; what happens between two looks is acted on at the next.",
        role="design",
        ge=1_000_000,
        le=DAY,
    )
    areas: dict[Name, Share] = param(
        default_factory=dict, doc="Share of merchants in each area; sums to 100 %, or none.", max_length=64
    )
    courses: dict[Name, Course] = param(default_factory=dict, doc="Courses paid beforehand.", max_length=16)
    subsidies: dict[Name, Subsidy] = param(default_factory=dict, doc="Purpose-bound vouchers.", max_length=16)
    gifts: dict[Name, Gifts] = param(default_factory=dict, doc="Packets from person to person.", max_length=16)
    deliveries: dict[Name, Deliveries] = param(default_factory=dict, doc="Payment on delivery.", max_length=16)
    dividends: dict[Name, Dividend] = param(default_factory=dict, doc="Dividends on data.", max_length=16)
    fees: dict[Name, Fees] = param(default_factory=dict, doc="Administrative fees.", max_length=16)
    sub_wallets: dict[Name, SubWallets] = param(default_factory=dict, doc="Sub-wallets.", max_length=16)

    def named(self) -> list[tuple[str, str, Contract]]:
        """Kind, name and contract of all, in the order of `KINDS`."""
        return [(kind, name, one) for kind in KINDS for name, one in getattr(self, kind).items()]
