"""A data exchange's run: how long each step takes, and how orders of each product ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reports.source import RunData
from reports.view.values import instant, rows, whole, words

STATES: Final = ("posted", "voided", "expired", "refused", "open")


@dataclass(frozen=True)
class Step:
    """A step of a trade: how long after the order half of them, and 95 % of them, had reached it (us)."""

    name: str
    trades: int
    p50_us: int
    p95_us: int


@dataclass(frozen=True)
class Product:
    """A product: its orders by ending, what was paid, and what went to the people behind the data."""

    name: str
    kind: str
    trades: int
    states: dict[str, int]
    units: int
    paid_fen: int
    people_fen: int


@dataclass(frozen=True)
class People:
    """The people whom a product's data is about: what came for them, and what they got (fen; None: no pay-out yet)."""

    product: str
    came_fen: int
    paid_fen: int
    wallets: int
    pay_outs: int
    least_fen: int | None
    middle_fen: int | None
    most_fen: int | None


def people(run: RunData) -> list[People]:
    """Products with a share for people for whom something came."""
    return [
        People(
            words(row.get("product")),
            *(whole(row.get(name)) or 0 for name in ("came_fen", "paid_out_fen", "wallets", "pay_outs")),
            *(whole(row.get(name)) for name in ("least_fen", "middle_fen", "most_fen")),
        )
        for row in rows(run.get("data_exchange.people"))
        if (whole(row.get("came_fen")) or 0) > 0
    ]


def steps(run: RunData) -> list[Step]:
    """In order; those that no trade reached are left out."""
    found = []
    for row in rows(run.get("data_exchange.times")):
        middle, late = instant(row.get("p50_us")), instant(row.get("p95_us"))
        if middle is not None and late is not None:
            found.append(Step(words(row.get("step")), whole(row.get("trades")) or 0, middle, late))
    return found


def products(run: RunData) -> list[Product]:
    """As the scenario names them."""
    return [
        Product(
            words(row.get("product")),
            words(row.get("kind")),
            whole(row.get("trades")) or 0,
            {state: whole(row.get(state)) or 0 for state in STATES},
            *(whole(row.get(name)) or 0 for name in ("units", "paid_fen", "people_fen")),
        )
        for row in rows(run.get("data_exchange.products"))
    ]
