"""Schema of financial crime with ground truth: how much of it there is, in which patterns, and how criminals behave.

What a pattern looks like is in `sandbox/features/crime/shapes.py`. Every illicit payment carries its pattern's name as
its label, or `no_pattern`; labels are for scoring, nobody inside the simulation reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, get_args

from pydantic import model_validator

from sandbox.language import N_
from sandbox.scenario.schema import Scenario, Section
from sandbox.scenario.schema.fields import Duration, Limit, Model, Problem, Share, param
from sandbox.scenario.units import US_PER_DAY

PatternName = Literal[
    "fan_in", "fan_out", "bipartite", "stack", "random", "cycle", "scatter_gather", "gather_scatter",
    "mule_layering", "account_takeover", "merchant_collusion", "overpay_refund", "red_packet_farming",
    "sub_threshold_structuring", "nested_layering", "cross_border_shells",
]  # fmt: skip
PATTERNS: Final[tuple[PatternName, ...]] = get_args(PatternName)
NO_PATTERN: Final = "no_pattern"
LABELS: Final[tuple[str, ...]] = (NO_PATTERN, *PATTERNS)
"""Label k + 1 of a payment's tag is the k-th of these."""

Cover = Literal["any", "between", "people", "shops", "firms", "campaign"]
"""Payments among which a pattern hides: of any segment; of one between wallets of one kind; from person to person; from
person to merchant; from corporate to corporate; of a campaign."""

# What is told of values that do not go together.
_NO_SEGMENTS: Final = N_("crime hides among the payments of `demand.segments`; there are none")
_FEW_ACCOUNTS: Final = N_("{name} needs at least {least} accounts")
_FEW_PAYMENTS: Final = N_("with {count} accounts this needs at least {least} payments")
_NO_WEIGHT: Final = N_("every `weight` is 0; give one pattern more, or set `no_pattern` to `100 %`")
_FEW_PEOPLE: Final = N_("that would need {count} accounts to choose from, twice as many as it has; there are {have}")
_NO_COVER: Final[dict[str, str]] = {
    "between": "{name} hides among payments between personal wallets or between corporate ones; there is no such "
    "segment",
    "people": "{name} hides among payments from personal to personal wallets; there is no such segment",
    "shops": "{name} hides among payments from personal wallets to merchants; there is no such segment",
    "firms": "{name} hides among payments from corporate to corporate wallets; there is no such segment",
    "campaign": "{name} needs red packets; there is no campaign",
}


class Size(NamedTuple):
    """How large a pattern is: accounts and payments as AMLSim or the reported case has them, and the fewest accounts
    that make the pattern."""

    accounts: int
    payments: int
    fewest: int
    cover: Cover


SIZES: Final[dict[PatternName, Size]] = {
    "fan_in": Size(5, 5, 3, "any"),
    "fan_out": Size(5, 5, 3, "any"),
    "bipartite": Size(5, 5, 4, "any"),
    "stack": Size(5, 5, 3, "between"),
    "random": Size(5, 5, 3, "between"),
    "cycle": Size(5, 5, 3, "between"),
    "scatter_gather": Size(7, 10, 4, "between"),
    "gather_scatter": Size(11, 11, 5, "between"),
    "mule_layering": Size(8, 10, 5, "people"),
    "account_takeover": Size(4, 5, 3, "people"),
    "merchant_collusion": Size(9, 10, 3, "shops"),
    "overpay_refund": Size(4, 28, 2, "shops"),
    "red_packet_farming": Size(6, 5, 3, "campaign"),
    "sub_threshold_structuring": Size(11, 10, 2, "any"),
    "nested_layering": Size(10, 12, 8, "people"),
    "cross_border_shells": Size(5, 8, 3, "firms"),
}
"""The first eight are AMLSim's; the others' sizes are ASSUMED but for the 14 repeats of overpay_refund, each a
purchase and its refund."""


def fewest_payments(name: PatternName, accounts: int) -> int:
    """The fewest payments with which a pattern of so many accounts is whole."""
    middle = accounts // 3
    return {
        "stack": max(middle, (accounts - middle) // 2) + (accounts - middle + 1) // 2,
        "bipartite": (accounts + 1) // 2,
        "cycle": accounts,
        "scatter_gather": 2 * (accounts - 2),
        "mule_layering": 2 * accounts - 4 - max(1, (accounts - 2) // 3),
        "nested_layering": 2 * accounts - 8,
        "overpay_refund": 2 * accounts - 2,
    }.get(name, accounts - 1)


SIZE_SOURCE: Final = N_("AMLSim alert patterns (eight); ASSUMED (the others)")


class Pattern(Model):
    """One pattern: how much of it, how large each instance is."""

    weight: float = param(
        1.0, doc="Its share of the payments that are in patterns, relative to the others'.", ge=0, le=1e6
    )
    accounts: int = param(
        5, doc="Accounts of one instance; each pattern has a default of its own.", ge=2, le=1000, source=SIZE_SOURCE
    )
    payments: int = param(
        5, doc="Payments of one instance; each pattern has a default of its own.", ge=1, le=10_000, source=SIZE_SOURCE
    )


class Crime(Model):
    """Illicit payments among the honest ones, with ground truth."""

    share: Share = param(
        0.001,
        doc="Share of all payments that are illicit, as planned; payments that criminals split add to it.",
        source="AMLworld HI-Small (IBM 2023): 5,177 of 5,078,345; SAML-D: 0.104 %",
        le=0.5,
    )
    no_pattern: Share = param(
        0.38,
        doc="Share of illicit payments that are in no pattern.",
        source="AMLworld HI-Small (IBM 2023): 3,209 of 5,177 are in one (derived)",
    )
    patterns: dict[PatternName, Pattern] = param(
        default_factory=dict,
        doc="The patterns there are; when left out, every one for which the segments and campaigns have room.",
        source="AMLSim alert patterns (eight); e-CNY cases 2021-2023 and the like (the others); weights ASSUMED",
    )
    period: Duration = param(
        30 * US_PER_DAY,
        doc="Within which an instance of a pattern happens, if the run is that long.",
        source="AMLSim alert patterns: 30 steps of a day",
        gt=0,
    )
    fast: Duration = param(
        2 * 3_600_000_000,
        doc="The same for mule_layering and account_takeover, which must be faster than the victim.",
        source="ASSUMED",
        gt=0,
    )
    cut: Share = param(0.03, doc="Share that whoever passes money on keeps.", source="ASSUMED", le=0.5)
    avoids: Limit = param(
        5_000_000,
        doc="Amount known to be reported; criminals stay below it. `none`: they know of none.",
        source="PBoC Order 2016 No. 3: cash of 50,000 yuan",
    )
    adapts: bool = param(
        True, doc="Whether a refused payment is split, moved to another mule or tried later; if not, it is given up."
    )
    tries: int = param(6, doc="How often one planned payment is tried otherwise.", source="ASSUMED", ge=1, le=50)
    pause: Duration = param(
        300_000_000, doc="Mean pause before the next part or the next try.", source="ASSUMED", gt=0, le=US_PER_DAY
    )
    foreign: Share = param(
        0.05,
        doc="Share of corporates that are under foreign control; cross_border_shells is among these.",
        source="ASSUMED",
        gt=0,
    )

    @model_validator(mode="before")
    @classmethod
    def _sizes(cls, data: object) -> object:
        """Fill in each pattern's usual size, so that the resolved scenario shows it."""
        given = data.get("patterns") if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(given, dict):
            return data
        filled: dict[object, object] = {}
        for name, one in given.items():
            usual = SIZES.get(name) if isinstance(name, str) else None  # type: ignore[call-overload]
            if usual is not None and (one is None or isinstance(one, dict)):
                one = {"accounts": usual.accounts, "payments": usual.payments, **(one or {})}
            filled[name] = one
        return {**data, "patterns": filled}

    def problems(self) -> Iterator[Problem]:
        for name, one in self.patterns.items():
            if one.accounts < SIZES[name].fewest:
                yield Problem(("patterns", name, "accounts"), _FEW_ACCOUNTS, name=name, least=SIZES[name].fewest)
            elif one.payments < fewest_payments(name, one.accounts):
                least = fewest_payments(name, one.accounts)
                yield Problem(("patterns", name, "payments"), _FEW_PAYMENTS, count=one.accounts, least=least)
        if self.patterns and not any(one.weight > 0 for one in self.patterns.values()):
            yield Problem(("patterns",), _NO_WEIGHT)


def has_cover(scenario: Scenario, cover: Cover) -> bool:
    """Whether the scenario has payments among which such a pattern can hide."""
    if cover == "campaign":
        return bool(scenario.campaigns)
    return any(fits(one.payer, one.payee, cover) for one in scenario.demand.segments.values())


def fits(payer: str, payee: str, cover: Cover) -> bool:
    """Whether payments between these kinds of account offer such cover.

    >>> fits("personal", "merchant", "between")
    False
    """
    if cover == "between":
        return payer == payee
    wanted = {
        "people": ("personal", "personal"),
        "shops": ("personal", "merchant"),
        "firms": ("corporate", "corporate"),
    }
    return cover == "any" or (payer, payee) == wanted.get(cover)


def patterns_of(scenario: Scenario, crime: Crime) -> dict[PatternName, Pattern]:
    """The patterns of a scenario with crime: those named, or all for which there is cover."""
    if crime.patterns:
        return crime.patterns
    return {
        name: Pattern(accounts=size.accounts, payments=size.payments)
        for name, size in SIZES.items()
        if has_cover(scenario, size.cover) and _accounts(scenario, crime, size.cover) >= 2 * size.accounts
    }


def _accounts(scenario: Scenario, crime: Crime, cover: Cover) -> int:
    """How many payers a pattern may choose from."""
    people = scenario.population
    if cover == "campaign":
        return max((one.winners for one in scenario.campaigns.values()), default=0)
    if cover == "firms":
        return round(people.corporates * scenario.scale * crime.foreign)
    count = {"personal": people.wallets, "corporate": people.corporates}
    kinds = {one.payer for one in scenario.demand.segments.values() if fits(one.payer, one.payee, cover)}
    return min((round(count[kind] * scenario.scale) for kind in kinds), default=0)


def problems(scenario: Scenario, crime: Crime) -> Iterator[Problem]:
    """What of the crime does not go with the rest of the scenario."""
    sections = ("crime", "demand")
    if not scenario.demand.segments:
        yield Problem(("crime",), _NO_SEGMENTS, sections)
        return
    for name, one in crime.patterns.items():
        cover = SIZES[name].cover
        where = ("crime", "patterns", name)
        if not has_cover(scenario, cover):
            yield Problem(where, _NO_COVER[cover], (*sections, "campaigns"), name=name)
        elif _accounts(scenario, crime, cover) < 2 * one.accounts:
            values = {"count": 2 * one.accounts, "have": _accounts(scenario, crime, cover)}
            around = (*sections, "population", "campaigns", "scale")
            yield Problem((*where, "accounts"), _FEW_PEOPLE, around, **values)


SECTION: Final = Section(
    "crime", Crime, "Financial crime with ground truth; none when left out.", "assumption", problems
)
