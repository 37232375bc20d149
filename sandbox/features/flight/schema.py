"""Schema of a flight from deposits: depositors turn bank deposits into digital currency; banks pay for it until they
cannot.

`depositors` says how people decide, `part` how banks pay.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from sandbox.language import N_
from sandbox.scenario.schema import Dated, Scenario, Section
from sandbox.scenario.schema.common import at_most, held_fen, one_of
from sandbox.scenario.schema.fields import Duration, Limit, Model, Money, Problem, Share, param

MOST_GROUPS = 2_000_000
MOST_PEOPLE = 2_000_000_000
MOST_ROWS = 5_000_000
"""Steps times banks."""
MOST_NAMED = 100
"""Names among which the nearest is looked for."""
EACH_ROW: Final = 250
"""Bytes of a step and bank; ASSUMED."""

# What is told of values that do not go together.
_TIER_OPEN: Final = N_("only the last tier may have `none`; say up to where this one goes")
_TIER_CLOSED: Final = N_("the last tier has no end; set its `up_to` to `none`")
_TIER_ORDER: Final = N_("must be above the tier before")
_TOO_MANY_GROUPS: Final = N_("more than {limit} groups of depositors in all; take fewer for each bank")
_FEW_DEPOSITORS: Final = N_("every group of every bank needs at least one depositor")
_NO_FUNDING: Final = N_(
    "no bank could pay anyone: give a `buffer`, or `collateral` worth something after its `haircut`"
)
_UNKNOWN_BANK: Final = N_("'{name}' is not a bank of this flight")
_HEADROOM: Final = N_("must not be above `holding_limit`, or nobody could hold anything without a waterfall")
_REGIME: Final = N_("wallets at modelled banks are owed by the central bank; set `rules.regime` to `digital_cash`")
_TOO_MANY_STEPS: Final = N_("more than {limit} steps and banks; take a longer `flight.step`")


class FlightBanks(Model):
    """The banks that people leave, and what these can pay with."""

    kind: Literal["own", "modelled"] = param(
        "own",
        doc="own: the scenario's institutions, whose customers are its personal wallets. "
        "modelled: a banking system of its own beside the payments, held in groups of depositors.",
        role="design",
    )
    count: int = param(
        2_025, doc="Banks (modelled only).", source="ECB 2025: 2,025 banks", role="design", ge=1, le=100_000
    )
    depositors: int = param(
        100_000_000, doc="People with a deposit (modelled only).", role="design", ge=1, le=MOST_PEOPLE
    )
    groups: int = param(
        64,
        doc="Groups of depositors per bank, each as large as the others and held as one (modelled only).",
        role="design",
        ge=1,
        le=10_000,
    )
    size_sigma: float = param(
        2.0, doc="How unequal banks are: spread of the logarithm of their depositors (modelled only).", ge=0, le=4
    )
    buffer: Share = param(
        0.3, doc="Liquid buffer of the bank in the middle, as a share of its deposits.", role="assumption"
    )
    buffer_sigma: float = param(0.3, doc="Spread (of the logarithm) of that share among banks.", ge=0, le=4)
    collateral: Share = param(
        0.1, doc="Assets that the central bank lends on, as a share of deposits.", role="assumption"
    )
    haircut: Share = param(0.1, doc="What the central bank takes off their value.", role="lever")


class Deposits(Model):
    """How much people hold at their bank."""

    mean: Money = param(2_883_200, doc="Mean over all people.", gt=0)
    sigma: float = param(1.5, doc="Spread (of the logarithm).", ge=0, le=4)


class RateTier(Model):
    """What the digital currency pays on a part of a wallet's balance."""

    up_to: Limit = param(None, doc="Up to this balance; the last tier has `none`.", role="lever")
    rate: float = param(..., doc="Per year, as a decimal: 0.0005 is 0.05 %; may be below 0.", role="lever", ge=-1, le=1)


class News(Model):
    """Something people hear of that makes them want to leave."""

    at: Duration = param(..., doc="When it breaks.", role="design")
    reach: Share = param(..., doc="Share of the people concerned who ever hear of it and are alarmed.", role="design")
    within: Duration = param(
        86_400_000_000, doc="Mean time until somebody who hears of it does so.", source="ASSUMED", gt=0
    )
    bank: str | None = param(
        None,
        doc="The bank that it is about: only its customers are concerned; all banks' when left out.",
        role="design",
    )


class Depositors(Model):
    """How people decide."""

    wanted: Money = param(
        0, doc="Digital currency people hold for their payments, before any flight: the mean of those who use it."
    )
    users: Share = param(0.5, doc="Share of people who use the digital currency for their payments.")
    headroom: Money = param(
        50_000,
        doc="Kept free below the limit to be able to receive payments, if no waterfall takes the rest on.",
    )
    inertia: float = param(
        0.02,
        doc="How much more a year somebody must be offered before moving money (mean; exponential), as a decimal.",
        gt=0,
        le=1,
    )
    fear: float = param(0.2, doc="What an alarmed person would give up a year for safety, as a decimal.", ge=0, le=10)
    insured_fear: Share = param(
        0.2,
        doc="Share of that fear felt by somebody whose deposit is insured in full (`rules.insured_cap`).",
    )
    looks_within: Duration = param(
        2_592_000_000_000, doc="Mean time until people look at rates and act on them.", source="ASSUMED", gt=0
    )
    elsewhere: Share = param(
        0.3, doc="Share of people whose deposit is with another bank than their wallet (own banks only)."
    )
    contacts: int = param(8, doc="People whom everybody sees move or stay.", ge=0, le=64)
    contacts_same_bank: Share = param(0.5, doc="Share of them who are customers of the same bank.")
    contagion: Share = param(
        0.05, doc="Chance per day that somebody is alarmed by one contact who is.", source="ASSUMED", lt=1
    )


def _no_interest() -> list[RateTier]:
    return [RateTier(up_to=None, rate=0.0)]


class Flight(Model):
    """A wave of conversions of sight deposits into digital currency."""

    step: Duration = param(3_600_000_000, doc="How often people act and banks pay.", role="design", ge=60_000_000)
    holding_limit: Limit = param(
        None,
        doc="Most one person may hold in digital currency (beside the limits of the wallet's class).",
        role="lever",
    )
    deposit_rate: float = param(
        0.0005,
        doc="What sight deposits pay per year, as a decimal.",
        source="demand-deposit rate at the ten operators, 2026",
        ge=-1,
        le=1,
    )
    tiers: list[RateTier] = param(
        default_factory=_no_interest,
        doc="What the digital currency pays, by tiers of the balance.",
        role="lever",
        min_length=1,
        max_length=8,
    )
    banks: FlightBanks = param(default_factory=FlightBanks, doc="Banks.")
    deposits: Deposits = param(
        default_factory=Deposits,
        doc="Sight deposits of people.",
        source="FITTED: 99.6 % of depositors below 500,000 yuan (China Daily/Xinhua 2014, 2015); sigma ASSUMED",
    )
    people: Depositors = param(default_factory=Depositors, doc="People.")
    news: list[News] = param(default_factory=list, doc="What people hear.", max_length=100)

    def problems(self) -> Iterator[Problem]:
        last = len(self.tiers) - 1
        for index, tier in enumerate(self.tiers):
            below = self.tiers[index - 1].up_to if index else 0
            if index < last and tier.up_to is None:
                yield Problem(("tiers", index, "up_to"), _TIER_OPEN)
            elif index == last and tier.up_to is not None:
                yield Problem(("tiers", index, "up_to"), _TIER_CLOSED)
            elif tier.up_to is not None and below is not None and tier.up_to <= below:
                yield Problem(("tiers", index, "up_to"), _TIER_ORDER)
        if self.banks.kind == "modelled" and self.banks.count * self.banks.groups > MOST_GROUPS:
            yield Problem(("banks", "groups"), _TOO_MANY_GROUPS, limit=f"{MOST_GROUPS:,}")
        if self.banks.kind == "modelled" and self.banks.depositors < self.banks.count * self.banks.groups:
            yield Problem(("banks", "depositors"), _FEW_DEPOSITORS)
        if self.banks.buffer == 0 and self.banks.collateral * (1 - self.banks.haircut) == 0:
            yield Problem(("banks", "buffer"), _NO_FUNDING)

    def bank_names(self, scenario: Scenario) -> list[str]:
        """Names of the banks, by number."""
        if self.banks.kind == "own":
            return list(scenario.institutions)
        return [f"bank {number + 1}" for number in range(self.banks.count)]


def problems(scenario: Scenario, flight: Flight) -> Iterator[Problem]:
    """What of the flight does not go with the rest of the scenario."""
    banks, names = flight.banks, flight.bank_names(scenario)
    known = set(names)
    for index, news in enumerate(flight.news):
        if news.bank is not None and news.bank not in known:
            where, valid = ("flight", "news", index, "bank"), names[:MOST_NAMED]
            yield from one_of(where, _UNKNOWN_BANK, news.bank, valid, ("flight", "institutions"))
    limit = flight.holding_limit
    if not scenario.rules.waterfall and limit is not None and limit < flight.people.headroom:
        yield Problem(("flight", "people", "headroom"), _HEADROOM, ("flight", "rules"))
    if banks.kind == "modelled" and scenario.rules.regime != "digital_cash":
        yield Problem(("rules", "regime"), _REGIME, ("flight", "rules"))
    rows = (scenario.duration // flight.step + 1) * len(names)
    yield from at_most(("flight", "step"), _TOO_MANY_STEPS, rows, MOST_ROWS, ("flight", "duration", "institutions"))
    people = banks.depositors if banks.kind == "modelled" else scenario.population.wallets * scenario.scale
    total = people * flight.deposits.mean
    yield from held_fen(("flight", "deposits", "mean"), total, ("flight", "population", "scale"))


def dated(flight: Flight) -> Iterator[Dated]:
    """What people hear."""
    for number, news in enumerate(flight.news):
        yield Dated(("flight", "news", number), "at", news.at)


def needs(scenario: Scenario, flight: Flight) -> Iterator[tuple[str, float, float]]:
    """A row a step and bank."""
    yield "flight.step", (scenario.duration // flight.step + 1) * (len(scenario.institutions) + 1), EACH_ROW


SECTION: Final = Section(
    "flight", Flight, "A flight from bank deposits into digital currency.", problems=problems, dated=dated, needs=needs
)
