"""Schema of the correspondent chain: banks that hold accounts for one another (the baseline).

A payment goes from the payer's bank over intermediaries to the payee's bank, leg by leg. Currencies change at one of
them, through the dollar where two currencies are not exchanged directly.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from sandbox.features.crossborder.schema.office import CurrencyCode, Office
from sandbox.scenario.schema.fields import Dollars, Duration, Model, Name, Share, param
from sandbox.scenario.units import US_PER_DAY

DOLLAR: Final = "USD"
MOST_STOPS: Final = 4
"""Intermediaries of one route."""

Pair = Annotated[str, Field(pattern=r"^[A-Z]{3}/[A-Z]{3}$")]
"""Two currencies, `CNY/HKD`."""
BIS_GPI: Final = "BIS/CPMI 2022 via Regulatory Prophet and FST Media"
FITTED: Final = "FITTED: BIS/CPMI 2022 via Regulatory Prophet and FST Media; SWIFT 2018"
COSTS: Final = "FITTED: World Bank RPW 2025, 6.4 to 6.5 % of 200 dollars"


class Spread(Model):
    """A time that varies, lognormally."""

    median: Duration = param(..., doc="Half take longer.", gt=0)
    sigma: float = param(1.0, doc="Spread (of the logarithm).", ge=0, le=4)


class Intermediary(Office):
    """A bank that holds accounts for banks abroad."""

    opens: Duration = param(0, doc="Local time from which it works.", lt=US_PER_DAY)
    closes: Duration = param(US_PER_DAY, doc="Local time until which it works.", gt=0, le=US_PER_DAY)
    cut_off: Duration = param(0, doc="So long before closing it stops taking orders for that day.")
    currencies: list[CurrencyCode] = param(
        default_factory=list, doc="Currencies in which it holds accounts; all when left out.", max_length=60
    )

    def deals_in(self, *currencies: str) -> bool:
        """Does it hold accounts in all of these?"""
        return not self.currencies or all(one in self.currencies for one in currencies)


class Charge(Model):
    """What one bank takes for one payment."""

    fixed: Dollars = param(..., doc="For each payment.")
    share: Share = param(0.0, doc="And of its value.")
    most: Dollars = param(10_000_00, doc="In all at most.")

    def cents(self, value_cents: int) -> int:
        """The charge for a payment of this value (US cents)."""
        return min(self.fixed + round(self.share * value_cents), self.most)


class Tariff(Model):
    """What payments of one kind of customers cost."""

    bearer: Literal["shared", "payer"] = param(
        "shared",
        doc="Who bears what banks on the way and the payee's bank take: it comes off the sum (`shared`, SHA), or the "
        "payer pays it on top (`payer`, OUR).",
        role="lever",
    )
    payer_bank: Charge = param(..., doc="The payer's bank, on top of the sum.")
    intermediary: Charge = param(..., doc="Each intermediary.")
    payee_bank: Charge = param(..., doc="The payee's bank.")


class Margin(Model):
    """What exchange costs against the mid rate, from some size on."""

    above: Dollars = param(0, doc="For payments of this value and more.")
    margin: Share = param(..., doc="Off the mid rate.")


class HandlingAbroad(Model):
    """How the payee's bank handles what comes from abroad."""

    automatic: Share = param(..., doc="Share that it credits by machine, at any hour.", source=FITTED)
    by_hand: Spread = param(..., doc="How long it works on each other one, in its office hours.", source=FITTED)


class Crediting(Model):
    """How the payee's bank credits, by the capital controls of its jurisdiction."""

    by_machine: Spread = param(
        default_factory=lambda: Spread(median=240_000_000, sigma=1.2), doc="How long that takes.", source="FITTED"
    )
    none: HandlingAbroad = param(
        default_factory=lambda: HandlingAbroad(automatic=0.62, by_hand=Spread(median=3_600_000_000, sigma=1.2)),
        doc="No controls.",
        source=FITTED,
    )
    some: HandlingAbroad = param(
        default_factory=lambda: HandlingAbroad(automatic=0.4, by_hand=Spread(median=7_200_000_000, sigma=1.2)),
        doc="Some controls.",
        source=FITTED,
    )
    strict: HandlingAbroad = param(
        default_factory=lambda: HandlingAbroad(automatic=0.15, by_hand=Spread(median=14_400_000_000, sigma=1.2)),
        doc="Strict controls.",
        source=FITTED,
    )

    def of(self, level: Literal["none", "some", "strict"]) -> HandlingAbroad:
        """How it is at a level of controls."""
        return {"none": self.none, "some": self.some, "strict": self.strict}[level]


def _banks() -> dict[str, Intermediary]:
    places: dict[str, dict[str, Any]] = {
        "global bank A": {"utc_offset": -5},
        "global bank B": {"utc_offset": 0},
        "global bank C": {"utc_offset": 8},
    }
    return {name: Intermediary(**one) for name, one in places.items()}


def _people() -> Tariff:
    return Tariff(
        payer_bank=Charge(fixed=425, share=0.005), intermediary=Charge(fixed=100), payee_bank=Charge(fixed=100)
    )


def _firms() -> Tariff:
    return Tariff(
        payer_bank=Charge(fixed=25_00, share=0.0005, most=200_00),
        intermediary=Charge(fixed=15_00),
        payee_bank=Charge(fixed=15_00),
    )


class Correspondent(Model):
    """Payments from bank to bank through intermediaries."""

    intermediaries: dict[Name, Intermediary] = param(
        default_factory=_banks, doc="Banks that hold accounts for banks abroad.", role="design", max_length=100
    )
    hops: list[Share] = param(
        default_factory=lambda: [0.25, 0.45, 0.22, 0.08],
        doc="Share of pairs of banks with no intermediary, with one, with two and so on; slightly more than one on "
        "average.",
        source=BIS_GPI,
        min_length=1,
        max_length=MOST_STOPS + 1,
    )
    direct_pairs: list[Pair] = param(
        default_factory=lambda: ["CNY/HKD", "HKD/MOP", "CNY/MOP"],
        doc="Currencies that are exchanged for one another; all others, but the dollar, go through the dollar.",
        max_length=400,
    )
    cut_off: Duration = param(
        3_600_000_000, doc="So long before closing banks stop taking payments for abroad on that day.", role="lever"
    )
    processing: Spread = param(
        default_factory=lambda: Spread(median=60_000_000, sigma=1.0), doc="How long a bank takes for a leg."
    )
    batched: Share = param(0.15, doc="Share of banks that send in batches.")
    batch_every: Duration = param(7_200_000_000, doc="How far apart batches are.", gt=0, le=7 * US_PER_DAY)
    systems: dict[CurrencyCode, Office] = param(
        default_factory=lambda: {DOLLAR: Office(utc_offset=-5, opens=0, closes=68_400_000_000)},
        doc="When money of a currency can be delivered in exchange for another; where none is given, in the office "
        "hours of the first jurisdiction that has it, else at any time.",
        max_length=60,
    )
    unprotected: Share = param(
        0.33,
        doc="Share of exchanges at an intermediary without payment against payment; published: 0.10 to 0.33.",
        source="BIS Quarterly Review 2022; 2026",
        role="lever",
    )
    nostro: Dollars = param(50_000_000_00, doc="What each bank holds at the start in each currency.")
    intermediary_nostro: Dollars = param(500_000_000_00, doc="What each intermediary holds in each currency.")
    crediting: Crediting = param(default_factory=Crediting, doc="How the payee's bank credits.")
    people: Tariff = param(default_factory=_people, doc="What people pay.", source=COSTS)
    firms: Tariff = param(default_factory=_firms, doc="What firms pay.")
    margins: list[Margin] = param(
        default_factory=lambda: [
            Margin(above=0, margin=0.025), Margin(above=1_000_00, margin=0.015),
            Margin(above=10_000_00, margin=0.006), Margin(above=100_000_00, margin=0.002),
            Margin(above=1_000_000_00, margin=0.0008),
        ],
        doc="What exchange costs, by size of the payment, rising.",
        min_length=1,
        max_length=20,
    )  # fmt: skip
    thin_below: Dollars = param(1_000_000_00, doc="A corridor with less value a day than this is thin.")
    thin_times: float = param(1.25, doc="So many times the margin is taken in a thin corridor.", ge=1, le=10)
    closed_after: Duration = param(
        US_PER_DAY,
        doc="A bank or intermediary that is out of order for so long has failed: what is with it is lost.",
        gt=0,
    )

    def names(self) -> list[str]:
        """Names of the intermediaries."""
        return list(self.intermediaries)

    def exchanges(self, payer_currency: str, payee_currency: str) -> tuple[str, ...]:
        """The currencies that a payment passes through, from the payer's to the payee's."""
        if payer_currency == payee_currency:
            return (payer_currency,)
        direct = DOLLAR in (payer_currency, payee_currency) or any(
            one in self.direct_pairs
            for one in (f"{payer_currency}/{payee_currency}", f"{payee_currency}/{payer_currency}")
        )
        return (payer_currency, payee_currency) if direct else (payer_currency, DOLLAR, payee_currency)

    def candidates(self, currencies: Sequence[str]) -> list[list[int]]:
        """For legs in these currencies, the intermediaries that can stand between one and the next."""
        return [
            [number for number, one in enumerate(self.intermediaries.values()) if one.deals_in(before, after)]
            for before, after in pairwise(currencies)
        ]

    def margin(self, value_cents: int) -> float:
        """What exchange costs for a payment of this value (US cents)."""
        return [one.margin for one in self.margins if one.above <= value_cents][-1]


def leg_currencies(exchanges: Sequence[str], stops: int) -> tuple[str, ...]:
    """The currency of each leg of a route with so many intermediaries.

    The first intermediary exchanges, on a way through the dollar the second too; a lone one does both. Where there is
    none the payer's bank exchanges, on a way through the dollar the payee's bank too.

    >>> leg_currencies(("CNY", "HKD"), 0), leg_currencies(("CNY", "HKD"), 2)
    (('HKD',), ('CNY', 'HKD', 'HKD'))
    >>> leg_currencies(("CNY", "USD", "AED"), 1), leg_currencies(("CNY", "USD", "AED"), 3)
    (('CNY', 'AED'), ('CNY', 'USD', 'AED', 'AED'))
    """
    first, last = exchanges[0], exchanges[-1]
    if len(exchanges) == 1:
        return (first,) * (stops + 1)
    if stops == 0:
        return (exchanges[1],)
    if len(exchanges) == 3 and stops > 1:
        return (first, exchanges[1], *(last for _ in range(stops - 1)))
    return (first, *(last for _ in range(stops)))


def chosen(candidates: Sequence[Sequence[int]], turn: Sequence[int]) -> tuple[int, ...] | None:
    """Different ones for each place, the first possible of each list turned round by so many; None if there are none.

    >>> chosen([[0, 1], [0]], [0, 0]), chosen([[0], [0]], [5, 5])
    ((1, 0), None)
    """

    def rest(place: int, used: tuple[int, ...]) -> tuple[int, ...] | None:
        if place == len(candidates):
            return used
        here = candidates[place]
        for number in range(len(here)):
            one = here[(number + turn[place]) % len(here)]
            if one not in used and (found := rest(place + 1, (*used, one))) is not None:
                return found
        return None

    return rest(0, ())
