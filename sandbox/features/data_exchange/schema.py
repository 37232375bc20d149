"""Schema of a data exchange: who sells which data at what price, how delivery goes, how often ledgers are anchored.

`trade` is what may happen to a trade, `exchange` what happens in a run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from sandbox.language import N_
from sandbox.scenario.schema import Scenario, Section
from sandbox.scenario.schema.common import at_most, held_fen, one_of
from sandbox.scenario.schema.fields import Duration, Model, Money, Name, Problem, Rate, Share, param
from sandbox.scenario.units import US_PER_DAY

EACH_TRADE: Final = 9_000
"""Bytes, measured."""
MOST_TRADES: Final = 20_000
"""Every entry of the exchange's register is signed."""
MOST_ANCHORS: Final = 50_000
MOST_ORDER_FEN: Final = 10**12
MOST_SHARES: Final = 2_000_000
SOME_PEOPLE: Final = 1_000
"""Whom a product is about where nothing is said; fewer if there are fewer."""
_HOUR_US: Final = 3_600_000_000

# What is told of values that do not go together.
_TOO_MANY_TRADES: Final = N_("about {count} trades in all; at most {limit}")
_TOO_MANY_ANCHORS: Final = N_("more than {limit} anchors; take a longer `anchor_every`")
_TOO_MANY_SHARES: Final = N_(
    "about {count} shares would be paid out to people; at most {limit}: take a longer `pay_people` or fewer `people`"
)
_FEW_PEOPLE: Final = N_("{needed} people, but there are {wallets} personal wallets")
_METERED_ONLY: Final = N_("this is for metered data: set `kind: metered`, or leave it out")
_LASTS_WHOLE_DAYS: Final = N_("metered data lasts for whole days")
_SHARES_OF_PRICE: Final = N_("with the exchange's `fee`, more than the price would be given away")


class DataProduct(Model):
    """Data that somebody sells. Every product has a seller of its own."""

    kind: Literal["one_off", "metered"] = param(
        "one_off",
        doc="one_off: a data set, at a price. metered: calls of an interface, paid by use out of what is held for it.",
        role="design",
    )
    price: Money = param(..., doc="Of the data set, or of one call.", gt=0, le=MOST_ORDER_FEN)
    weight: float = param(1.0, doc="How often it is ordered, beside the others.", gt=0, le=1_000)
    calls: int = param(
        10_000, doc="Calls that an order pays for beforehand (metered only).", role="design", ge=1, le=10**7
    )
    used: Share = param(0.7, doc="Share of these that are made in the end, on average (metered only).", gt=0)
    lasts: Duration = param(
        7 * US_PER_DAY, doc="For how long they can be made, in whole days; paid for daily (metered only).",
        role="design", ge=US_PER_DAY, le=366 * US_PER_DAY,
    )  # fmt: skip
    personal: Share = param(
        0.0, doc="Share of the price that goes to the people whom the data is about, through a pool.", role="lever"
    )
    people: int | None = param(
        None, doc="How many owners of wallets it is about; 1,000 or, if there are fewer, all when left out.",
        role="design", ge=1, le=500_000,
    )  # fmt: skip


def _two_products() -> dict[str, DataProduct]:
    return {
        "credit warnings": DataProduct(kind="metered", price=50, calls=20_000, weight=2, personal=0.05),
        "road speeds": DataProduct(price=2_000_000),
    }


class DataExchange(Model):
    """Data for money: delivery against payment, and invoices anchored in two ledgers."""

    buyers: int = param(20, doc="Firms that buy.", role="design", ge=1, le=2_000)
    cash: Money = param(100_000_000, doc="What each buyer has at the start; it gets no credit beyond.", role="design")
    bank: str | None = param(
        None, doc="Institution that keeps the exchange's escrow; the first operator when left out.", role="design"
    )
    orders: Rate = param(20, doc="Orders of all buyers together (mean; exponential gaps).", gt=0)
    products: dict[Name, DataProduct] = param(
        default_factory=_two_products, doc="Products by name.", min_length=1, max_length=60
    )
    deliver: Duration = param(_HOUR_US, doc="From payment to delivery of the key (mean; exponential).", gt=0)
    time_out: Duration = param(
        2 * US_PER_DAY, doc="What is not delivered by then is paid back.", role="lever", gt=0
    )  # fmt: skip
    undelivered: Share = param(0.02, doc="Share of orders that a seller never delivers.")
    wrong_keys: Share = param(0.01, doc="Share of deliveries with a key that is not the one promised.")
    confirm: Duration = param(
        2 * _HOUR_US, doc="From delivery until the buyer confirms or disputes (mean; exponential).", gt=0
    )
    disputes: Share = param(0.03, doc="Share of deliveries that the buyer disputes.")
    upheld: Share = param(0.5, doc="Share of disputes that the buyer wins.")
    ruling: Duration = param(US_PER_DAY, doc="How long the exchange takes to rule on one.", role="lever", gt=0)
    fee: Share = param(0.01, doc="What the exchange takes of the price.", role="lever", le=0.5)
    pay_people: Duration = param(
        7 * US_PER_DAY,
        doc="How often what has come for people is paid out to their wallets.",
        role="lever",
        ge=_HOUR_US,
    )
    use_sigma: float = param(
        1.0, doc="How unequally data about people is used: spread of its logarithm among them.", ge=0, le=4
    )
    anchor_every: Duration = param(
        600_000_000, doc="How often new invoices are anchored in both ledgers.", role="lever", ge=60_000_000
    )


def needs(scenario: Scenario, exchange: DataExchange) -> Iterator[tuple[str, float, float]]:
    """Trades stay until the end."""
    yield "data_exchange.orders", exchange.orders * scenario.duration / US_PER_DAY, EACH_TRADE


def problems(scenario: Scenario, exchange: DataExchange) -> Iterator[Problem]:
    """What of the exchange does not go together, or not with the rest of the scenario."""
    days = scenario.duration / US_PER_DAY
    sections = ("data_exchange", "duration")
    yield from at_most(("data_exchange", "orders"), _TOO_MANY_TRADES, exchange.orders * days, MOST_TRADES, sections)
    anchors = scenario.duration / exchange.anchor_every
    yield from at_most(("data_exchange", "anchor_every"), _TOO_MANY_ANCHORS, anchors, MOST_ANCHORS, sections)
    yield from one_of(
        ("data_exchange", "bank"), N_("'{name}' is not an institution"), exchange.bank, scenario.institutions,
        ("data_exchange", "institutions"),
    )  # fmt: skip
    yield from held_fen(("data_exchange", "cash"), exchange.buyers * exchange.cash)
    wallets, shares = max(2, round(scenario.population.wallets * scenario.scale)), 0
    for name, product in exchange.products.items():
        where = ("data_exchange", "products", name)
        if product.personal + exchange.fee > 1:
            yield Problem((*where, "personal"), _SHARES_OF_PRICE)
        if product.kind != "metered":
            for given in ("calls", "used", "lasts"):
                if getattr(product, given) != DataProduct.model_fields[given].default:
                    yield Problem((*where, given), _METERED_ONLY)
        if product.kind == "metered" and product.lasts % US_PER_DAY:
            yield Problem((*where, "lasts"), _LASTS_WHOLE_DAYS)
        if product.people is not None and product.people > wallets:
            people = {"needed": product.people, "wallets": wallets}
            yield Problem((*where, "people"), _FEW_PEOPLE, ("data_exchange", "population", "scale"), **people)
        if product.personal:
            shares += min(product.people or SOME_PEOPLE, wallets) * (scenario.duration // exchange.pay_people)
        if product.kind == "metered":
            yield from held_fen((*where, "calls"), product.price * product.calls, most=MOST_ORDER_FEN)
    yield from at_most(("data_exchange", "pay_people"), _TOO_MANY_SHARES, shares, MOST_SHARES, sections)


SECTION: Final = Section("data_exchange", DataExchange, "Data for money.", problems=problems, needs=needs)
