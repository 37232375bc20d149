"""Schema of digital bills: who trades on credit in which chain, what a bill costs, who fails.

`bill` is what may happen to a bill, `market` what happens in a run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sandbox.language import N_
from sandbox.scenario.schema import Dated, Scenario, Section
from sandbox.scenario.schema.common import at_most, held_fen, one_of, two_corporates
from sandbox.scenario.schema.fields import Duration, Limit, Model, Money, Problem, Rate, Share, param
from sandbox.scenario.units import US_PER_DAY

LONGEST_TENOR_US: Final = 184 * US_PER_DAY
"""Six months."""
MOST_FACE_FEN: Final = 10**11
"""A package has at most 1 billion yuan."""
MOST_FIRMS: Final = 2_000
MOST_BILLS: Final = 20_000
"""Every move of a bill is signed, at a millisecond or two each."""
MOST_TRIES: Final = 1_000
"""To pay one bill, from its maturity to its last day."""
MOST_NAMED: Final = 100

_SIX_MONTHS: Final = N_("bill measures 2022: at most six months")

# What is told of values that do not go together.
_TOO_MANY_FIRMS: Final = N_("{count} firms in all; at most {limit}")
_FEW_SUPPLIERS: Final = N_("there are only {firms} firms of this tier in a chain")
_FIRST_TIER: Final = N_(
    "a core firm orders from one first-tier firm at a time and pays it the whole bill: leave "
    "`suppliers` and `passes_on` out here"
)
_WHOLE_DAYS: Final = N_("bills run for whole days")
_TOO_MANY_TRIES: Final = N_(
    "a bill would be tried {count} times until its last day; at most {limit}: take a longer `again` "
    "or a shorter `grace`"
)
_FAILS_TWICE: Final = N_("'{name}' fails twice")
_TOO_MANY_BILLS: Final = N_("about {count} bills in all; at most {limit}")
_UNKNOWN_FIRM: Final = N_("'{name}' is not a firm of these chains")
_ONE_DESK: Final = N_(
    "a bank does not buy bills that it accepted itself: with one operator, set `bank_accepted` to `0 %`"
)


def core_name(chain: int) -> str:
    """The core firm of a chain, numbered from 0.

    >>> core_name(0)
    'core 1'
    """
    return f"core {chain + 1}"


def supplier_name(chain: int, tier: int, number: int) -> str:
    """A supplier, all numbers from 0.

    >>> supplier_name(0, 1, 2)
    'core 1 tier 2 firm 3'
    """
    return f"{core_name(chain)} tier {tier + 1} firm {number + 1}"


class CoreFirms(Model):
    """The firms at the head of the chains: they order on credit, and their name is known to banks."""

    count: int = param(2, doc="Core firms, each with a chain of its own.", role="design", ge=1, le=50)
    orders: Rate = param(
        0.5, doc="Orders of one core firm, of one first-tier supplier each (mean; exponential gaps).", gt=0, le=100
    )
    order: Money = param(100_000_000, doc="An order's size: the median (lognormal).", gt=0, le=10**10)
    order_sigma: float = param(0.6, doc="Spread (of the logarithm) of an order's size.", ge=0, le=2)
    cash: Money = param(50_000_000_000, doc="What a core firm has at the start to pay its bills with.", role="design")
    rate: Share = param(
        0.025, doc="Per year: at what rate banks discount a bill that a core firm accepted.", role="assumption"
    )
    bank_accepted: Share = param(
        0.3, doc="Share of a core firm's bills that its bank accepts and pays in its stead.", role="lever"
    )


class Tier(Model):
    """One tier of suppliers."""

    firms: int = param(..., doc="Suppliers of this tier in each chain.", role="design", ge=1, le=200)
    suppliers: int = param(1, doc="Firms of this tier that a buyer orders from at a time.", role="design", ge=1, le=20)
    passes_on: Share = param(
        1.0, doc="What this tier gets of a bill that its buyer was paid with: the buyer's purchases.", gt=0
    )
    needs_cash: Share = param(0.7, doc="Share of what is left to it that a firm must turn into cash at once.")
    cash: Money = param(20_000_000, doc="What a firm has at the start; it gets no credit beyond.", role="design")
    rate: Share = param(
        0.06, doc="Per year: at what rate banks discount a bill that a firm of this tier accepted.", role="assumption"
    )


def _three_tiers() -> list[Tier]:
    return [
        Tier(firms=3, cash=30_000_000, rate=0.045),
        Tier(firms=6, suppliers=2, passes_on=0.6, cash=15_000_000, rate=0.06),
        Tier(firms=9, suppliers=2, passes_on=0.5, cash=5_000_000, rate=0.08),
    ]


class Desks(Model):
    """Where banks buy bills: one desk an operator."""

    funds: Money = param(20_000_000_000, doc="What each operator has for bills at the start.", role="design")
    rate: Share = param(0.014, doc="Per year: at what rate banks discount a bill that a bank accepted.")
    fee: Share = param(0.0005, doc="What a bank takes of the face for accepting a bill.", role="lever")
    most_on_one: Limit = param(
        None, doc="Most that a desk holds of bills of one acceptor; `none` for no limit.", role="lever"
    )
    day_count: int = param(360, doc="Days in the year of a discount.", source="ASSUMED", ge=360, le=366)
    rediscount: bool = param(
        True, doc="Whether the central bank takes bills accepted by banks from a desk short of funds.", role="lever"
    )
    rediscount_rate: Share = param(0.0175, doc="Per year, for rediscount.", role="lever")


class Failure(Model):
    """A firm stops its payments for good."""

    firm: str = param(..., doc="A core firm or supplier, such as `core 1` or `core 1 tier 2 firm 3`.", role="design")
    at: Duration = param(..., doc="When.", role="design")


class Bills(Model):
    """Digital bills along chains of suppliers."""

    core: CoreFirms = param(default_factory=CoreFirms, doc="Core firms.")
    tiers: list[Tier] = param(
        default_factory=_three_tiers, doc="Tiers of suppliers, the nearest to the core firm first.",
        min_length=1, max_length=6,
    )  # fmt: skip
    splitting: bool = param(
        True,
        doc="Whether a bill can be split: a package of bills of 1 fen each, passed on in ranges. Without, a firm pays "
        "its own suppliers with bills that it accepts itself.",
        role="lever",
        source="new bill system 2022",
    )
    compare: bool = param(
        False, doc="Also run the same world with splitting the other way round, to compare the cost.", role="design"
    )
    tenor: Duration = param(
        90 * US_PER_DAY, doc="From issue to maturity, in whole days.", role="design", source=_SIX_MONTHS,
        ge=US_PER_DAY, le=LONGEST_TENOR_US,
    )  # fmt: skip
    grace: Duration = param(
        3 * US_PER_DAY, doc="How long after maturity an acceptor may still pay before the bill is in default.",
        role="lever", le=30 * US_PER_DAY,
    )  # fmt: skip
    again: Duration = param(
        US_PER_DAY, doc="How long after a payment that failed the next is tried.", ge=60_000_000, le=30 * US_PER_DAY
    )
    desks: Desks = param(default_factory=Desks, doc="Banks' desks for bills.")
    failures: list[Failure] = param(default_factory=list, doc="Who stops paying.", role="design", max_length=200)


def firm_names(bills: Bills) -> list[str]:
    """Every firm, in the order of their accounts: core firms, then suppliers by chain, tier and number."""
    chains = range(bills.core.count)
    suppliers = (
        supplier_name(chain, tier, number)
        for chain in chains
        for tier, one in enumerate(bills.tiers)
        for number in range(one.firms)
    )
    return [*map(core_name, chains), *suppliers]


def problems(scenario: Scenario, bills: Bills) -> Iterator[Problem]:
    """What of the bills does not go together, or not with the rest of the scenario."""
    firms = bills.core.count * (1 + sum(tier.firms for tier in bills.tiers))
    if firms > MOST_FIRMS:
        yield Problem(("bills", "core", "count"), _TOO_MANY_FIRMS, count=firms, limit=f"{MOST_FIRMS:,}")
    for index, tier in enumerate(bills.tiers):
        if tier.suppliers > tier.firms:
            yield Problem(("bills", "tiers", index, "suppliers"), _FEW_SUPPLIERS, firms=tier.firms)
        if index == 0 and (tier.suppliers, tier.passes_on) != (1, 1.0):
            yield Problem(("bills", "tiers", 0), _FIRST_TIER)
    cash = bills.core.count * (bills.core.cash + sum(tier.firms * tier.cash for tier in bills.tiers))
    cash += bills.desks.funds * len(scenario.institutions)
    yield from held_fen(("bills", "core", "cash"), cash, ("bills", "institutions"))
    banks = sum(one.kind == "operator" for one in scenario.institutions.values())
    if bills.core.bank_accepted > 0 and banks == 1:
        yield Problem(("bills", "core", "bank_accepted"), _ONE_DESK, ("bills", "institutions"))
    yield from two_corporates(("population", "corporates"), scenario.population.corporates, ("bills", "population"))
    if bills.tenor % US_PER_DAY:
        yield Problem(("bills", "tenor"), _WHOLE_DAYS)
    yield from at_most(("bills", "again"), _TOO_MANY_TRIES, bills.grace // bills.again, MOST_TRIES, ("bills",))
    bought = 1
    each = 0
    for tier in bills.tiers[1:]:
        bought *= tier.suppliers
        each += bought
    count = bills.core.count * bills.core.orders * scenario.duration / US_PER_DAY * (1 + each)
    yield from at_most(("bills", "core", "orders"), _TOO_MANY_BILLS, count, MOST_BILLS, ("bills", "duration"))
    known = firm_names(bills) if firms <= MOST_FIRMS else []
    seen: set[str] = set()
    for index, failure in enumerate(bills.failures):
        if failure.firm in seen:
            yield Problem(("bills", "failures", index, "firm"), _FAILS_TWICE, name=failure.firm)
        seen.add(failure.firm)
        if known and failure.firm not in known:
            yield from one_of(("bills", "failures", index, "firm"), _UNKNOWN_FIRM, failure.firm, known[:MOST_NAMED])


def dated(bills: Bills) -> Iterator[Dated]:
    """Failures."""
    for number, failure in enumerate(bills.failures):
        yield Dated(("bills", "failures", number), "at", failure.at)


SECTION: Final = Section("bills", Bills, "Digital bills along chains of suppliers.", problems=problems, dated=dated)
