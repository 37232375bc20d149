"""What every scenario has: a frozen object with every default filled in. `schema.assembly` adds what features have."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Final, Literal, TypeVar

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from sandbox.scenario.schema.answers import MOST, Answer
from sandbox.scenario.schema.demand import Behaviour, Campaign, Demand
from sandbox.scenario.schema.experiment import Experiment
from sandbox.scenario.schema.fields import Duration, Model, Name, Share, param
from sandbox.scenario.schema.rules import Rules
from sandbox.scenario.schema.world import (
    LEDGER,
    CentralBank,
    Institution,
    LedgerStation,
    Merchants,
    Population,
    ten_operators,
)

__all__ = ["LEDGER", "Fault", "Scenario", "Series"]

_DATE: Final = re.compile(r"\s*\d{4}-\d{2}-\d{2}")


Mine = TypeVar("Mine", bound=Model)


class Fault(Model):
    """Something breaks, and recovers."""

    station: str = param(..., doc="An institution's name, or `ledger`.", role="design")
    kind: Literal["outage", "capacity_loss", "slow_down"] = param(
        "outage",
        doc="outage: refuses payments. capacity_loss: fewer servers. slow_down: longer service.",
        role="design",
    )
    starts: Duration = param(..., doc="When it begins.", role="design")
    lasts: Duration = param(..., doc="How long until recovery.", role="design", gt=0)
    loss: Share = param(1.0, doc="Share of servers lost (capacity_loss).", role="design")
    factor: float = param(1.0, doc="Service takes this many times as long (slow_down).", role="design", ge=1, le=1000)


class Series(Model):
    """The grid of the time series."""

    bin: Duration = param(60_000_000, doc="Length of one bin.", role="design", ge=1_000_000)
    steady_state: bool = param(
        False, doc="Is demand the same all the time? Then the summary has means of the steady state, without the "
        "warm-up, with intervals.",
        role="design",
    )  # fmt: skip
    warm_up: Duration | None = param(
        None, doc="How much of the beginning to leave out of them; judged by MSER-5 when left out.", role="design"
    )


class Scenario(Model):
    """One question to the simulator: a world, its rules, its demand and what goes wrong."""

    title: str = param(..., doc="A short title.", role="text", min_length=1, max_length=200)
    question: str = param(..., doc="The question the scenario answers.", role="text", min_length=1, max_length=2000)
    look_for: list[Annotated[str, Field(min_length=1, max_length=500)]] = param(
        default_factory=list, doc="What to look for in the report.", role="text", max_length=20
    )
    answers: list[Answer] = param(
        default_factory=list,
        doc="Which numbers answer the question, for the first screen of the report; those of the features used if it "
        "is left out.",
        role="text",
        max_length=MOST,
    )
    sources: dict[str, Annotated[str, Field(min_length=1, max_length=500)]] = param(
        default_factory=dict,
        doc="Where numbers come from, by path or start of a path. "
        "A text that starts with FITTED or ASSUMED is shown as such.",
        role="text",
    )
    extends: str | None = param(
        None, doc="Another scenario (a gallery name or a path) from which everything else is taken.", role="text"
    )
    seed: int = param(1, doc="Seed of every random stream.", role="design", ge=0, le=2**63 - 1)
    start: datetime = param(
        datetime(2026, 3, 2), doc="Local date, or date and time, of the start (years 1970 to 2199).", role="design"
    )
    duration: Duration = param(
        86_400_000_000, doc="For how long demand lasts.", role="design", gt=0, le=3_660 * 86_400_000_000
    )
    scale: float = param(
        1.0,
        doc="Multiplies wallets, corporates, merchants and payments alike; stations and campaigns stay as they are.",
        role="design",
        gt=0,
        le=1000,
    )
    series: Series = param(default_factory=Series, doc="Grid of the time series.", role="design")

    rules: Rules = param(default_factory=Rules, doc="Policy levers.", role="lever")
    central_bank: CentralBank = param(default_factory=CentralBank, doc="Issuer.")
    institutions: dict[Name, Institution] = param(
        default_factory=ten_operators, doc="Institutions by name; their shares sum to 100 %.",
        min_length=1, max_length=1000,
        source="ten operators: bluesea reprint 2026; Gate News 2026; shares ASSUMED",
    )  # fmt: skip
    ledger: LedgerStation = param(default_factory=LedgerStation, doc="Central ledger.")
    population: Population = param(default_factory=Population, doc="Wallets.")
    merchants: Merchants = param(default_factory=Merchants, doc="Merchants.")
    demand: Demand = param(default_factory=Demand, doc="Who pays whom, when, how much.")
    behaviour: Behaviour = param(default_factory=Behaviour, doc="How payers behave.")
    campaigns: dict[Name, Campaign] = param(default_factory=dict, doc="Red-packet campaigns by name.", max_length=16)
    faults: list[Fault] = param(default_factory=list, doc="What breaks and when.", max_length=1000)
    experiment: Experiment | None = param(None, doc="What `sweep` varies.", role="design")

    @field_validator("start", mode="before")
    @classmethod
    def _is_a_date(cls, value: object) -> object:
        """Refuse what pydantic would take for seconds since 1970."""
        if isinstance(value, (datetime, date)) or (isinstance(value, str) and _DATE.match(value)):
            return value
        raise PydanticCustomError("bad_date", "expected a date such as `2026-03-02` or `2026-03-02 08:00`")

    @field_validator("start", mode="after")
    @classmethod
    def _is_local(cls, value: datetime) -> datetime:
        if value.tzinfo is not None:
            raise PydanticCustomError("date_zone", "give local time without a time zone")
        if not 1970 <= value.year <= 2199:
            raise PydanticCustomError("date_range", "years 1970 to 2199")
        return value

    def section(self, model: type[Mine]) -> Mine | None:
        """The section of a feature, by its model; None if this scenario has none."""
        return next((value for value in vars(self).values() if type(value) is model), None)
