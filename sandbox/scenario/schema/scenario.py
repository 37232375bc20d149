"""The whole scenario: one frozen, validated object with every default filled in."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import model_validator

from sandbox.scenario.schema.demand import Behaviour, Campaign, Demand
from sandbox.scenario.schema.fields import Duration, Model, Share, param
from sandbox.scenario.schema.rules import Rules
from sandbox.scenario.schema.world import (
    SHARES_TOLERANCE,
    CentralBank,
    Institution,
    LedgerStation,
    Merchants,
    Population,
    ten_operators,
)

LEDGER = "ledger"
"""The name of the ledger's station, in faults and in the tables."""


class Fault(Model):
    """Something breaks, and recovers."""

    station: str = param(..., doc="An institution's name, or `ledger`.", role="design")
    kind: Literal["outage", "capacity_loss", "slow_down"] = param(
        "outage", doc="outage: refuses payments. capacity_loss: fewer servers. slow_down: longer service.", role="design"
    )
    starts: Duration = param(..., doc="When it begins.", role="design")
    lasts: Duration = param(..., doc="How long until recovery.", role="design", gt=0)
    loss: Share = param(1.0, doc="Share of servers lost (capacity_loss).", role="design")
    factor: float = param(1.0, doc="Service takes this many times as long (slow_down).", role="design", ge=1, le=1000)


class Series(Model):
    """The grid of the time series."""

    bin: Duration = param(60_000_000, doc="Length of one bin.", role="design", ge=1_000_000)


class Scenario(Model):
    """One question to the simulator: a world, its rules, its demand and what goes wrong."""

    title: str = param(..., doc="A short title.", role="text", min_length=1, max_length=200)
    question: str = param(..., doc="The question the scenario answers.", role="text", min_length=1, max_length=2000)
    look_for: list[str] = param(default_factory=list, doc="What to look for in the report.", role="text", max_length=20)
    sources: dict[str, str] = param(
        default_factory=dict,
        doc="Where numbers come from, by path or start of a path; a text that starts with FITTED or ASSUMED is shown as such.",
        role="text",
    )
    extends: str | None = param(None, doc="Another scenario (a gallery name or a path) from which everything else is taken.", role="text")
    seed: int = param(1, doc="Seed of every random stream.", role="design", ge=0, le=2**63 - 1)
    start: datetime = param(datetime(2026, 3, 2), doc="Local date and time of the start.", role="design")
    duration: Duration = param(86_400_000_000, doc="For how long demand lasts.", role="design", gt=0, le=3_660 * 86_400_000_000)
    scale: float = param(
        1.0, doc="Multiplies wallets, corporates, merchants and payments alike; stations and campaigns stay as they are.", role="design", gt=0, le=1000
    )
    series: Series = param(default_factory=Series, doc="Grid of the time series.", role="design")

    rules: Rules = param(default_factory=Rules, doc="Policy levers.", role="lever")
    central_bank: CentralBank = param(default_factory=CentralBank, doc="Issuer.")
    institutions: dict[str, Institution] = param(
        default_factory=ten_operators, doc="Institutions by name; their shares sum to 100 %.", min_length=1, max_length=1000,
        source="ten operators: bluesea reprint 2026; Gate News 2026; shares ASSUMED",
    )  # fmt: skip
    ledger: LedgerStation = param(default_factory=LedgerStation, doc="Central ledger.")
    population: Population = param(default_factory=Population, doc="Wallets.")
    merchants: Merchants = param(default_factory=Merchants, doc="Merchants.")
    demand: Demand = param(default_factory=Demand, doc="Who pays whom, when, how much.")
    behaviour: Behaviour = param(default_factory=Behaviour, doc="How payers behave.")
    campaigns: dict[str, Campaign] = param(default_factory=dict, doc="Red-packet campaigns by name.", max_length=16)
    faults: list[Fault] = param(default_factory=list, doc="What breaks and when.", max_length=1000)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Checks that need more than one section; each message starts with the path it is about."""
        problems: list[str] = []
        total = sum(one.share for one in self.institutions.values())
        if abs(total - 1) > SHARES_TOLERANCE:
            problems.append(f"institutions: the shares sum to {total:.6g}, not to 100 %")
        operators = [name for name, one in self.institutions.items() if one.kind == "operator"]
        for name, one in self.institutions.items():
            if name == LEDGER:
                problems.append(f"institutions.{name}: this name is taken by the ledger's station")
            if one.kind == "indirect" and one.via not in operators:
                problems.append(f"institutions.{name}.via: {one.via!r} is not an operator; expected one of {', '.join(operators)}")
            if one.kind == "operator" and one.via is not None:
                problems.append(f"institutions.{name}.via: an operator stands behind nobody; leave it out")
        stations = [*self.institutions, LEDGER]
        for index, fault in enumerate(self.faults):
            if fault.station not in stations:
                problems.append(f"faults[{index}].station: {fault.station!r} is not a station; expected one of {', '.join(stations)}")
        for name in self.rules.box.institutions or []:
            if name not in self.institutions:
                problems.append(f"rules.box.institutions: {name!r} is not an institution; expected some of {', '.join(self.institutions)}")
        for name, segment in self.demand.segments.items():
            if "corporate" in (segment.payer, segment.payee) and self.population.corporates < 2:
                problems.append(f"demand.segments.{name}: needs at least 2 population.corporates")
        for name, campaign in self.campaigns.items():
            if campaign.winners > max(1, round(self.population.wallets * self.scale)):
                problems.append(f"campaigns.{name}.winners: {campaign.winners} winners need as many population.wallets")
        if self.duration // self.series.bin > 1_000_000:
            problems.append("series.bin: more than 1,000,000 bins; take a longer bin")
        if self.start.tzinfo is not None:
            problems.append("start: give local time without a time zone")
        if problems:
            raise ValueError("\n".join(problems))
        return self
