"""Schema of payments across borders: who pays whom in which currencies, and over which ways.

`sandbox/market/corridors.py` makes the demand, `sandbox/crossborder/` settles it. Sums are US dollars at the mid rates
of the start, so that corridors and currencies compare.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field, field_validator

from sandbox.scenario.currencies import MINOR_DIGITS
from sandbox.scenario.schema.crossborder_chain import Correspondent, chain_problems
from sandbox.scenario.schema.crossborder_gates import BorderGates
from sandbox.scenario.schema.crossborder_ledger import SharedLedger, ledger_problems
from sandbox.scenario.schema.crossborder_visitors import Visitors
from sandbox.scenario.schema.fields import Dollars, Duration, Model, Name, Problem, Rate, Share, param
from sandbox.scenario.schema.office import (
    DAYS,
    HOME_UTC_OFFSET,
    LONGEST_CLOSURE,
    CurrencyCode,
    Office,
    office_problems,
)
from sandbox.scenario.units import US_PER_DAY, format_duration

if TYPE_CHECKING:
    from sandbox.scenario.schema.scenario import Scenario

MOST_BANKS: Final = 2_000
MOST_CROSSINGS: Final = 5_000_000
"""Payments across borders in a run."""

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""


class Currency(Model):
    """One currency against the US dollar."""

    per_usd: float = param(..., doc="Units for one US dollar at the start.", ge=1e-4, le=1e7)
    volatility: Share = param(0.003, doc="Spread of a day's change of the rate (of its logarithm); 0 for a peg.")


class Jurisdiction(Office):
    """One country or territory with a currency, banks and office hours."""

    country: Country = param(..., doc="ISO 3166 code of two letters.", role="design")
    currency: CurrencyCode = param(..., doc="Its currency, ISO 4217.", role="design")
    capital_controls: Literal["none", "some", "strict"] = param(
        "none", doc="How much the beneficiary's bank has to check before it credits money from abroad."
    )
    banks: int = param(5, doc="How many banks take part.", role="design", ge=1, le=500)


class Corridor(Model):
    """Who pays whom, and how much."""

    sender: str = param(..., doc="Jurisdiction of the payers.", role="design")
    receiver: str = param(..., doc="Jurisdiction of the payees.", role="design")
    purpose: Literal["trade", "remittance", "tourism", "commuting", "treasury"] = param(
        "trade", doc="What it is for: goods, money sent home, travel, wages of commuters, banks' own business.",
        role="design",
    )  # fmt: skip
    payments: Rate = param(
        0.0, doc="Mean rate; a day is one on which senders are at work, opening to closing (24 h if `hours` are `any`)."
    )
    count: int | None = param(
        None,
        doc="Exactly so many payments instead, spread over the run, their sizes spread evenly over the distribution.",
        ge=1,
        le=MOST_CROSSINGS,
    )
    mean: Dollars = param(..., doc="Mean size.", gt=0)
    sigma: float = param(1.0, doc="Spread (of the logarithm) of sizes.", ge=0, le=3)
    smallest: Dollars = param(100, doc="Least size.", gt=0)
    payers: int = param(100, doc="How many customers pay.", ge=1, le=10_000_000)
    payees: int = param(100, doc="How many are paid.", ge=1, le=10_000_000)
    individuals: bool = param(
        False, doc="Whether they are people, whom annual quotas bind, rather than firms.", role="design"
    )
    payer_currency: CurrencyCode | None = param(
        None, doc="What the payer pays in; the sender's currency when left out.", role="design"
    )
    payee_currency: CurrencyCode | None = param(
        None, doc="What the payee gets; the receiver's currency when left out.", role="design"
    )
    hours: Literal["business", "any"] = param(
        "business", doc="Payments are sent while the sender's banks are open, or at any hour."
    )


class CrossBorderFault(Model):
    """Something fails abroad, and recovers."""

    kind: Literal["validator", "bank", "correspondent", "corridor"] = param(
        ...,
        doc="A node that validates the shared ledger, a bank, an intermediary of the chain, or a corridor (shut).",
        role="design",
    )
    who: str = param(
        ...,
        doc="A jurisdiction for its validator, the name of a corridor, of a bank (`hong_kong bank 2`) or intermediary.",
        role="design",
    )  # fmt: skip
    starts: Duration = param(..., doc="When it begins.", role="design")
    lasts: Duration = param(..., doc="How long until recovery.", role="design", gt=0)


_KNOWN: Final[dict[str, dict[str, Any]]] = {
    "mainland": {"country": "CN", "currency": "CNY", "utc_offset": 8, "capital_controls": "strict"},
    "hong_kong": {"country": "HK", "currency": "HKD", "utc_offset": 8},
    "macau": {"country": "MO", "currency": "MOP", "utc_offset": 8},
    "thailand": {"country": "TH", "currency": "THB", "utc_offset": 7, "capital_controls": "some"},
    "uae": {"country": "AE", "currency": "AED", "utc_offset": 4},
    "saudi_arabia": {"country": "SA", "currency": "SAR", "utc_offset": 3, "weekend": ["fri", "sat"]},
}
"""Jurisdictions of mBridge, and Macau; a file may change them and add others."""

_RATES: Final[dict[str, dict[str, float]]] = {
    "CNY": {"per_usd": 7.1},
    "HKD": {"per_usd": 7.8, "volatility": 0.0003},
    "MOP": {"per_usd": 8.03, "volatility": 0.0003},
    "THB": {"per_usd": 33.0, "volatility": 0.005},
    "AED": {"per_usd": 3.6725, "volatility": 0.0},
    "SAR": {"per_usd": 3.75, "volatility": 0.0},
    "USD": {"per_usd": 1.0, "volatility": 0.0},
}
"""Round rates of 2025: ASSUMED; the pegs of HKD, AED and SAR are official."""


def _with_known(known: Mapping[str, Mapping[str, Any]], given: object) -> object:
    """The known entries with those given: a known name keeps what is not given."""
    if not isinstance(given, Mapping):
        return given
    merged: dict[Any, object] = {name: dict(one) for name, one in known.items()}
    for name, one in given.items():
        merged[name] = {**known.get(name, {}), **one} if isinstance(one, Mapping) else one
    return merged


class CrossBorder(Model):
    """Payments across borders."""

    paths: Literal["both", "shared_ledger", "correspondent"] = param(
        "both", doc="Over which ways the same payments go, each in books of its own.", role="design"
    )
    jurisdictions: dict[Name, Jurisdiction] = param(
        default_factory=lambda: {name: Jurisdiction(**one) for name, one in _KNOWN.items()},
        doc="Jurisdictions by name; the six of the default stay, with what is given here changed or added.",
        role="design",
        max_length=50,
    )
    currencies: dict[CurrencyCode, Currency] = param(
        default_factory=lambda: {name: Currency(**one) for name, one in _RATES.items()},
        doc="Currencies; those of the default stay, with what is given here changed or added.",
        max_length=60,
    )
    corridors: dict[Name, Corridor] = param(
        ..., doc="Who pays whom, by a name of your own.", role="design", min_length=1, max_length=100
    )
    shared_ledger: SharedLedger = param(default_factory=SharedLedger, doc="One ledger with many central banks' money.")
    correspondent: Correspondent = param(default_factory=Correspondent, doc="A chain of banks that hold accounts for "
                                         "one another.")  # fmt: skip
    gates: BorderGates = param(default_factory=BorderGates, doc="What a payment has to pass.", role="lever")
    visitors: dict[Name, Visitors] = param(
        default_factory=dict,
        doc="Wallets of people from abroad, by the name of the cohort (`population.cohorts`) whose wallets they are.",
        role="design",
        max_length=16,
    )
    faults: list[CrossBorderFault] = param(default_factory=list, doc="What fails and when.", max_length=1000)
    settle_within: Duration = param(
        10 * US_PER_DAY, doc="So long after the last demand the run goes on for payments still on their way.",
        role="design", le=60 * US_PER_DAY,
    )  # fmt: skip

    @field_validator("jurisdictions", mode="before")
    @classmethod
    def _known_jurisdictions(cls, value: object) -> object:
        return _with_known(_KNOWN, value)

    @field_validator("currencies", mode="before")
    @classmethod
    def _known_currencies(cls, value: object) -> object:
        return _with_known(_RATES, value)

    @property
    def ways(self) -> tuple[str, ...]:
        """Names of the ways."""
        return ("shared_ledger", "correspondent") if self.paths == "both" else (self.paths,)

    def banks(self) -> list[tuple[str, str]]:
        """Every bank: its jurisdiction and its name."""
        return [
            (name, f"{name} bank {number + 1}")
            for name, one in self.jurisdictions.items()
            for number in range(one.banks)
        ]

    def clock_of(self, currency: str) -> str | None:
        """Whose hours a currency keeps: those of the first jurisdiction that has it."""
        return next((name for name, one in self.jurisdictions.items() if one.currency == currency), None)

    def currencies_of(self, corridor: Corridor) -> tuple[str, str]:
        """What the payer pays in, and what the payee gets."""
        sender, receiver = self.jurisdictions[corridor.sender], self.jurisdictions[corridor.receiver]
        return corridor.payer_currency or sender.currency, corridor.payee_currency or receiver.currency


def crossborder_problems(scenario: Scenario) -> Iterator[Problem]:
    """What does not go together in the payments across borders."""
    crossborder, sections = scenario.crossborder, ("crossborder", "start", "duration")
    if crossborder is None:
        return
    for found in (_names, _hours, _sizes, _visitors, _faults, _chain, ledger_problems):
        for path, code, values in found(crossborder, scenario):
            looked_at = (*sections, "population") if found is _visitors else sections
            yield Problem(("crossborder", *path), code, values, looked_at)


_Found = Iterator[tuple[tuple[str | int, ...], str, dict[str, object]]]


def _names(crossborder: CrossBorder, _: Scenario) -> _Found:
    for code in crossborder.currencies:
        if code not in MINOR_DIGITS:
            yield ("currencies", code), "currency_unknown", {"name": code, "given": code, "valid": list(MINOR_DIGITS)}
    for name, one in crossborder.jurisdictions.items():
        if one.currency not in crossborder.currencies:
            yield (
                ("jurisdictions", name, "currency"), "currency_no_rate",
                {"name": one.currency, "given": one.currency, "valid": list(crossborder.currencies)},
            )  # fmt: skip
    valid = list(crossborder.jurisdictions)
    for name, corridor in crossborder.corridors.items():
        for end in ("sender", "receiver"):
            given = getattr(corridor, end)
            if given not in crossborder.jurisdictions:
                yield ("corridors", name, end), "jurisdiction_unknown", {"name": given, "given": given, "valid": valid}
        for end in ("payer_currency", "payee_currency"):
            given = getattr(corridor, end)
            if given is not None and given not in crossborder.currencies:
                yield (
                    ("corridors", name, end), "currency_no_rate",
                    {"name": given, "given": given, "valid": list(crossborder.currencies)},
                )  # fmt: skip
        if corridor.sender == corridor.receiver:
            yield ("corridors", name, "receiver"), "corridor_at_home", {"name": corridor.sender}


def _hours(crossborder: CrossBorder, scenario: Scenario) -> _Found:
    days = (scenario.duration + crossborder.settle_within) // US_PER_DAY + LONGEST_CLOSURE + 2
    wrong = set()
    for name, one in crossborder.jurisdictions.items():
        for field, code, values in office_problems(one, scenario.start.date(), days):
            wrong.add(name)
            yield ("jurisdictions", name, field), code, values
    for name, corridor in crossborder.corridors.items():
        office = crossborder.jurisdictions.get(corridor.sender)
        if corridor.hours == "any" or office is None or corridor.sender in wrong:
            continue
        if not any(office.spans(scenario.start, scenario.duration)):
            yield ("corridors", name, "hours"), "corridor_closed", {"name": corridor.sender}


def _chain(crossborder: CrossBorder, scenario: Scenario) -> _Found:
    if "correspondent" in crossborder.ways:
        days = (scenario.duration + crossborder.settle_within) // US_PER_DAY + LONGEST_CLOSURE + 2
        yield from chain_problems(crossborder, scenario.start.date(), days)


def _sizes(crossborder: CrossBorder, scenario: Scenario) -> _Found:
    banks = sum(one.banks for one in crossborder.jurisdictions.values())
    if banks > MOST_BANKS:
        yield ("jurisdictions",), "too_many_banks", {"count": banks, "limit": MOST_BANKS}
    total = 0.0
    for name, one in crossborder.corridors.items():
        if one.count is None and one.payments == 0:
            yield ("corridors", name, "payments"), "corridor_empty", {}
        if one.smallest > one.mean:
            yield ("corridors", name, "smallest"), "smallest_above_mean", {}
        total += one.count or one.payments * scenario.scale * _days(crossborder, one, scenario)
    if total > MOST_CROSSINGS:
        yield ("corridors",), "too_many_crossings", {"count": f"{total:,.0f}", "limit": f"{MOST_CROSSINGS:,}"}


def _days(crossborder: CrossBorder, corridor: Corridor, scenario: Scenario) -> float:
    """How many days' payments the run has."""
    office = crossborder.jurisdictions.get(corridor.sender)
    if corridor.hours == "any" or office is None or office.open_for <= 0:
        return scenario.duration / US_PER_DAY
    return sum(last - first for first, last in office.spans(scenario.start, scenario.duration)) / office.open_for


def _visitors(crossborder: CrossBorder, scenario: Scenario) -> _Found:
    cohorts = list(scenario.population.cohorts)
    for name, one in crossborder.visitors.items():
        if name not in cohorts:
            yield ("visitors", name), "visitors_no_cohort", {"name": name, "given": name, "valid": cohorts}
        if one.home not in crossborder.jurisdictions:
            values: dict[str, object] = {"name": one.home, "given": one.home, "valid": list(crossborder.jurisdictions)}
            yield ("visitors", name, "home"), "jurisdiction_unknown", values
        elif crossborder.jurisdictions[one.home].currency == "CNY":
            yield ("visitors", name, "home"), "visitors_at_home", {"name": one.home}
        wallets = scenario.population.wallets * scenario.scale
        share = scenario.population.cohorts[name].share if name in cohorts else 0.0
        each = one.trips * scenario.duration / US_PER_DAY * (one.payments + one.transfers + 2)
        if wallets * share * each > MOST_CROSSINGS:
            values = {"count": f"{wallets * share * each:,.0f}", "limit": f"{MOST_CROSSINGS:,}"}
            yield ("visitors", name, "trips"), "too_many_crossings", values


def _faults(crossborder: CrossBorder, scenario: Scenario) -> _Found:
    names = {
        "validator": crossborder.shared_ledger.validators_in(crossborder),
        "bank": [name for _, name in crossborder.banks()],
        "correspondent": crossborder.correspondent.names(),
        "corridor": list(crossborder.corridors),
    }
    for place, one in enumerate(crossborder.faults):
        if one.who not in names[one.kind]:
            values: dict[str, object] = {"name": one.who, "given": one.who, "valid": names[one.kind][:100]}
            yield ("faults", place, "who"), "fault_nobody", values
        if one.starts >= scenario.duration + crossborder.settle_within:
            yield ("faults", place, "starts"), "fault_after_end", {"duration": format_duration(scenario.duration)}


__all__ = [
    "DAYS",
    "HOME_UTC_OFFSET",
    "Corridor",
    "CrossBorder",
    "CrossBorderFault",
    "Currency",
    "Jurisdiction",
    "crossborder_problems",
]
