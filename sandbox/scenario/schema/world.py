"""Schema of the world: central bank, institutions, ledger, wallets, merchants.

Sources are given in short form; `docs/sources.md` has the full references.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from sandbox.language import N_
from sandbox.scenario.schema.common import SHARES_TOLERANCE, whole_shares
from sandbox.scenario.schema.fields import (
    Duration,
    Model,
    Money,
    Name,
    Problem,
    Share,
    WalletClass,
    param,
)
from sandbox.visible import plain

LEDGER: Final = "ledger"
"""The name of the ledger's station, in faults and in the tables."""

COHORT_NAMES = ("others", "everybody")
"""People in no cohort, and all people, in tables of cohorts."""


class ServiceTime(Model):
    """How long a station serves one payment."""

    shape: Literal["fixed", "exponential", "lognormal"] = param(
        "lognormal", doc="Distribution of the service time.", source="ASSUMED"
    )
    mean: Duration = param(70_000, doc="Mean service time.", source="ASSUMED", gt=0, le=3_600_000_000)
    sigma: float = param(0.5, doc="Standard deviation of the logarithm (lognormal only).", ge=0, le=3)


class Liquidity(Model):
    """e-CNY an operator holds to hand out in top-ups."""

    opening: Money = param(50_000_000_000, doc="e-CNY held at the start.")
    floor: Money = param(5_000_000_000, doc="Below this the operator orders more from the central bank.", role="lever")
    target: Money = param(50_000_000_000, doc="It orders up to this.", role="lever")

    def problems(self) -> Iterator[Problem]:
        if self.target < self.floor:
            yield Problem(("target",), N_("must not be below `{bottom}`"), bottom="floor")


class Institution(Model):
    """An operating institution, or a 2.5-tier bank that reaches the ledger through one."""

    kind: Literal["operator", "indirect"] = param(
        "operator",
        doc="operator: exchanges with the central bank. indirect: a 2.5-tier bank behind an operator.",
        source="PBoC white paper 2021; ForkLog 2021 (2.5 tier)",
        role="design",
    )
    via: str | None = param(None, doc="The operator behind which an indirect bank stands.", role="design")
    share: Share = param(..., doc="Share of wallets and of merchants that bank here.", source="ASSUMED (not published)")
    servers: int = param(400, doc="Payments its gateway can serve at the same time.", ge=1, le=1_000_000, role="lever")
    service: ServiceTime = param(
        default_factory=ServiceTime,
        doc="Service time of its gateway.",
        source="ASSUMED, so that an uncongested payment takes about 0.2 s (NetsUnion and UnionPay 2019)",
    )
    liquidity: Liquidity = param(default_factory=Liquidity, doc="e-CNY held for top-ups (operators only).")


def ten_operators() -> dict[str, Institution]:
    """The ten operating institutions of 2026; their shares are ASSUMED, for none are published."""
    shares = {
        "ICBC": 0.17, "ABC": 0.13, "BOC": 0.12, "CCB": 0.16, "BoCom": 0.08,
        "PSBC": 0.08, "CMB": 0.06, "CIB": 0.02, "WeBank": 0.08, "MYbank": 0.10,
    }  # fmt: skip
    return {name: Institution(share=share) for name, share in shares.items()}


class LedgerStation(Model):
    """The central ledger as a station: servers and service time set its capacity."""

    servers: int = param(
        200,
        doc="Postings the ledger can serve at the same time.",
        source="10,000 payments a second claimed (Atlantic Council 2022): 200 servers of 20 ms",
        role="lever",
        ge=1,
        le=1_000_000,
    )
    service: ServiceTime = param(
        default_factory=lambda: ServiceTime(shape="lognormal", mean=20_000, sigma=0.5),
        doc="Service time of one posting.",
        source="ASSUMED; see servers",
    )


class CentralBank(Model):
    """Issues e-CNY to operators and takes it back."""

    issuance_delay: Duration = param(
        600_000_000, doc="From an operator's order until the e-CNY is there.", source="ASSUMED", gt=0
    )


class OpeningBalance(Model):
    """What wallets hold at the start: many empty, the rest lognormal."""

    empty_share: Share = param(0.6, doc="Share of wallets that start empty.", source="ASSUMED (skewed)", lt=1)
    mean: Money = param(
        13_800, doc="Mean over all wallets, empty ones included.", source="16.5 bn yuan / 120 m wallets, June 2023"
    )
    sigma: float = param(1.5, doc="Spread (of the logarithm) among wallets that are not empty.", ge=0, le=3)


def _class_mix() -> dict[WalletClass, float]:
    return {"I": 0.05, "II": 0.35, "III": 0.10, "IV": 0.50}


def _top_up_mix() -> dict[WalletClass, float]:
    return {"I": 1.0, "II": 1.0, "III": 0.95, "IV": 0.95}


class Cohort(Model):
    """People who are alike in something: an age band, visitors from abroad, people without a smartphone. What is left
    out is as in the whole population."""

    share: Share = param(..., doc="Share of personal wallets; the cohorts together take at most 100 %.", role="design")
    classes: dict[WalletClass, Share] = param(
        default_factory=dict, doc="Share of the cohort's wallets in each class; sums to 100 %."
    )
    can_top_up: dict[WalletClass, Share] = param(
        default_factory=dict,
        doc="Share of each class that can top up on the spot; classes left out as in the population.",
    )
    willing_to_upgrade: Share | None = param(
        None, doc="Share of wallets that upgrade their class after a limit refused them."
    )
    smartphone: bool = param(
        True, doc="Without one the wallet is a card: it neither tops up on the spot nor asks for a higher class."
    )
    activity: float = param(
        1.0, doc="Payments they make, as a multiple of people in no cohort (segments only).", ge=0, le=100
    )
    opening_balance: OpeningBalance | None = param(None, doc="Their wallets' balances at the start.")
    top_up_cost: Share = param(
        0.0, doc="What the card or account charges for a top-up, as a share; reported, and charged outside the ledger."
    )

    def problems(self) -> Iterator[Problem]:
        if self.classes:
            yield from whole_shares(("classes",), self.classes.values())


class Population(Model):
    """The wallets of the simulated city."""

    wallets: int = param(100_000, doc="Personal wallets.", role="design", ge=2, le=50_000_000)
    corporates: int = param(1_000, doc="Corporate wallets (no class, no limits).", role="design", ge=0, le=5_000_000)
    classes: dict[WalletClass, Share] = param(
        default_factory=_class_mix, doc="Share of personal wallets in each class; sums to 100 %.", source="ASSUMED"
    )
    can_top_up: dict[WalletClass, Share] = param(
        default_factory=_top_up_mix,
        doc="Share of each class that can top up on the spot (linked account, card or other means).",
        source="I and II have linked accounts (2021 wallet rules); III and IV ASSUMED",
    )
    willing_to_upgrade: Share = param(0.3, doc="Share of wallets that upgrade their class after a limit refused them.")
    activity_sigma: float = param(
        1.0,
        doc="How uneven wallets pay: 0 all alike; the logarithm of a wallet's activity has this standard deviation.",
        source="ASSUMED (skewed: China Daily 2015)",
        ge=0,
        le=3,
    )
    opening_balance: OpeningBalance = param(
        default_factory=OpeningBalance, doc="Personal wallets' balances at the start."
    )
    corporate_opening_balance: OpeningBalance = param(
        default_factory=lambda: OpeningBalance(empty_share=0.1, mean=20_000_000_00, sigma=1.5),
        doc="Corporate wallets' balances at the start.",
        source="ASSUMED",
    )
    cohorts: dict[Name, Cohort] = param(
        default_factory=dict, doc="Groups of people by name, to see how each fares; nobody is in two.", max_length=32
    )

    def problems(self) -> Iterator[Problem]:
        if wrong := list(whole_shares(("classes",), self.classes.values())):
            yield from wrong
            return
        missing = N_("class {name} is missing; a mapping of classes names all that there are")
        for unnamed in _not_in(self.can_top_up, self.classes):
            yield Problem(("can_top_up",), missing, name=unnamed)
            return
        taken = math.fsum(one.share for one in self.cohorts.values())
        if taken > 1 + SHARES_TOLERANCE:
            percent = f"{plain(100 * taken, 9)} %"
            yield Problem(("cohorts",), N_("the shares sum to {total}, more than 100 %"), total=percent)
        for name, one in self.cohorts.items():
            if name in COHORT_NAMES:
                message = N_("the name '{name}' is taken by a line of the table; choose another")
                yield Problem(("cohorts", name), message, name=name)
            for unnamed in _not_in({**self.can_top_up, **one.can_top_up}, one.classes)[:1]:
                yield Problem(("cohorts", name, "can_top_up"), missing, name=unnamed)
        if taken > 1 - SHARES_TOLERANCE and not any(one.activity > 0 for one in self.cohorts.values()):
            message = N_("everybody is in a cohort that makes no payments; give one an `activity` above 0")
            yield Problem(("cohorts",), message)


def _not_in(known: Mapping[WalletClass, float], shares: Mapping[WalletClass, float]) -> list[WalletClass]:
    """Classes that somebody is in and that a mapping does not name."""
    return [name for name, share in shares.items() if share > 0 and name not in known]


def _categories() -> dict[str, float]:
    # Fujian urban household spending 2018 without housing (27.4 %), rescaled to 100 %.
    parts = {
        "food": 32.0, "transport": 12.9, "education": 9.7, "clothing": 5.5,
        "household": 5.4, "health": 4.9, "other": 2.2,
    }  # fmt: skip
    whole = math.fsum(parts.values())
    return {name: part / whole for name, part in parts.items()}


class Closure(Model):
    """A merchant stops accepting, and begins again."""

    merchant: int = param(..., doc="Its number, from 0; the most popular one is 0.", role="design", ge=0)
    starts: Duration = param(..., doc="When it begins.", role="design")
    lasts: Duration = param(..., doc="How long.", role="design", gt=0)


class Merchants(Model):
    """Who accepts payments."""

    count: int = param(5_000, doc="Merchants.", role="design", ge=1, le=10_000_000)
    popularity_exponent: float = param(
        0.9,
        doc="Heavy tail of popularity: the k-th merchant's weight is k to the minus this; 0 makes all alike.",
        ge=0,
        le=3,
    )
    categories: dict[Name, Share] = param(
        default_factory=_categories,
        doc="Share of merchants in each category; sums to 100 %.",
        source="Fujian urban household spending 2018 without housing, as a proxy for counts",
        min_length=1,
        max_length=64,
    )
    daily_redemption: bool = param(
        True, doc="Merchants redeem their whole balance into their bank account at each midnight.", source="ASSUMED"
    )
    closures: list[Closure] = param(
        default_factory=list,
        doc="Merchants that stop accepting for a time; payments to them are refused as `frozen`.",
        role="design",
        max_length=1000,
    )

    def problems(self) -> Iterator[Problem]:
        yield from whole_shares(("categories",), self.categories.values())
        for place, one in enumerate(self.closures):
            if one.merchant >= self.count:
                message = N_("there are {count} merchants, numbered from 0 to {last}")
                yield Problem(("closures", place, "merchant"), message, count=self.count, last=self.count - 1)
