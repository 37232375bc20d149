"""Schema of payments across borders: who pays whom in which currencies, and through which arrangements.

Sums are US dollars at the mid rates of the start, so that corridors and currencies compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Field, field_validator

from sandbox.features.crossborder.schema.chain import Correspondent
from sandbox.features.crossborder.schema.gates import BorderGates
from sandbox.features.crossborder.schema.ledger import SharedLedger
from sandbox.features.crossborder.schema.office import CurrencyCode, Office
from sandbox.features.crossborder.schema.visitors import Visitors
from sandbox.scenario.schema.fields import Dollars, Duration, Model, Name, Rate, Share, param
from sandbox.scenario.units import US_PER_DAY

MOST_PAYMENTS: Final = 5_000_000
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
        le=MOST_PAYMENTS,
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

    renamed: ClassVar = {"paths": "arrangements"}

    arrangements: Literal["both", "shared_ledger", "correspondent"] = param(
        "both", doc="How the same payments are made, each arrangement in books of its own.", role="design"
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
    def arrangement_names(self) -> tuple[str, ...]:
        """The one or two arrangements."""
        return ("shared_ledger", "correspondent") if self.arrangements == "both" else (self.arrangements,)

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

    def holds_at_start(self, place: str, bank: str, currency: str, is_dealer: bool) -> int:
        """What a bank of a jurisdiction holds of a currency on the shared ledger at the start (US cents)."""
        ledger = self.shared_ledger
        if currency in ledger.holdings.get(bank, {}):
            return ledger.holdings[bank][currency]
        if is_dealer:
            return ledger.dealer_liquidity
        pays = any(one.sender == place and self.currencies_of(one)[0] == currency for one in self.corridors.values())
        return ledger.liquidity if pays or self.jurisdictions[place].currency == currency else 0

    def validators(self) -> list[str]:
        """Jurisdictions with a validator of the shared ledger."""
        return self.shared_ledger.validators.members or list(self.jurisdictions)

    def dealers(self) -> list[str]:
        """Names of the banks that make markets on the shared ledger, in the order of the banks."""
        quotes = self.shared_ledger.quotes
        first = {
            f"{name} bank {number + 1}"
            for name, one in self.jurisdictions.items()
            for number in range(min(quotes.dealers_each, one.banks))
        }
        chosen = set(quotes.dealers) or first
        return [name for _, name in self.banks() if name in chosen]
