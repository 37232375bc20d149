"""What a pattern looks like: which role pays which, step by step.

Roles are numbered from 0 within an instance. A step's payer either *brings* money (its own, or a victim's) or *passes
on* what it received in earlier steps. The first eight patterns are those of AMLSim; the others follow reported e-CNY
cases (`docs/crime.md`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sandbox.features.crime.schema import PatternName

Edge = tuple[int, int]
"""Payer's role and payee's role."""

Pick = Callable[[int], int]
"""A uniform number below a bound."""


@dataclass(frozen=True)
class Shape:
    """One instance of a pattern, without people: its edges in order, and what is special about some roles.

    Attributes:
        accounts: how many roles there are.
        edges: the payments.
        bring: roles that bring money whatever they have received.
        victims: for a role whose payments are somebody's loss: whose (a role).
        fresh: roles whose wallet has never paid before.
        shops: roles that are of the payee's kind although they pay too.
    """

    accounts: int
    edges: tuple[Edge, ...]
    bring: frozenset[int] = frozenset()
    victims: dict[int, int] = field(default_factory=dict)
    fresh: frozenset[int] = frozenset()
    shops: frozenset[int] = frozenset()

    def receivers(self) -> frozenset[int]:
        """Roles that are paid."""
        return frozenset(payee for _, payee in self.edges)

    def payers(self) -> frozenset[int]:
        """Roles that pay."""
        return frozenset(payer for payer, _ in self.edges)

    def times_passed(self, role: int) -> int:
        """In how many parts what the role receives in one payment goes on, at least one."""
        out = sum(payer == role for payer, _ in self.edges)
        into = sum(payee == role for _, payee in self.edges)
        return max(1, out // into) if into and role not in self.bring else 1


def _spread(payers: list[int], payees: list[int], count: int) -> list[Edge]:
    """`count` payments from one group to another, so that each takes its turn."""
    around = math.lcm(len(payers), len(payees))
    return [(payers[k % len(payers)], payees[(k + k // around) % len(payees)]) for k in range(count)]


def fan_in(accounts: int, payments: int, pick: Pick) -> Shape:
    """Many pay one."""
    return Shape(accounts, tuple(_spread(list(range(1, accounts)), [0], payments)))


def fan_out(accounts: int, payments: int, pick: Pick) -> Shape:
    """One pays many."""
    return Shape(accounts, tuple(_spread([0], list(range(1, accounts)), payments)))


def bipartite(accounts: int, payments: int, pick: Pick) -> Shape:
    """One group pays another."""
    half = accounts // 2
    return Shape(accounts, tuple(_spread(list(range(half)), list(range(half, accounts)), payments)))


def stack(accounts: int, payments: int, pick: Pick) -> Shape:
    """Three groups: the first pays the second, the second the third."""
    first = accounts // 3
    second = first + (accounts - first) // 2
    groups = list(range(first)), list(range(first, second)), list(range(second, accounts))
    into = max(len(groups[0]), len(groups[1]), payments * len(groups[1]) // (len(groups[1]) + len(groups[2])))
    into = min(into, payments - max(len(groups[1]), len(groups[2])))
    return Shape(accounts, tuple(_spread(groups[0], groups[1], into) + _spread(groups[1], groups[2], payments - into)))


def random(accounts: int, payments: int, pick: Pick) -> Shape:
    """Money wanders: whoever was paid pays the next one, first each in turn, then anyone."""
    edges, holder = [], 0
    for k in range(payments):
        other = k + 1 if k + 1 < accounts else (holder + 1 + pick(accounts - 1)) % accounts
        edges.append((holder, other))
        holder = other
    return Shape(accounts, tuple(edges))


def cycle(accounts: int, payments: int, pick: Pick) -> Shape:
    """Money goes around and comes back."""
    return Shape(accounts, tuple((k % accounts, (k + 1) % accounts) for k in range(payments)))


def scatter_gather(accounts: int, payments: int, pick: Pick) -> Shape:
    """One pays many, and they all pay another one."""
    middle = list(range(1, accounts - 1))
    out = payments // 2
    return Shape(accounts, tuple(_spread([0], middle, out) + _spread(middle, [accounts - 1], payments - out)))


def gather_scatter(accounts: int, payments: int, pick: Pick) -> Shape:
    """Many pay one, and that one pays many others."""
    half = 1 + (accounts - 1) // 2
    into = max(half - 1, payments - payments // 2)
    into = min(into, payments - (accounts - half))
    return Shape(
        accounts,
        tuple(_spread(list(range(1, half)), [0], into) + _spread([0], list(range(half, accounts)), payments - into)),
    )


def mule_layering(accounts: int, payments: int, pick: Pick) -> Shape:
    """A victim pays mules, they pay further mules, and those pay a collector."""
    first = 1 + max(1, (accounts - 2) // 3)
    last = accounts - 1
    near, far = list(range(1, first)), list(range(first, last))
    edges = _spread([0], near, len(near)) + _spread(near, far, len(far))
    return Shape(accounts, tuple(edges + _spread(far, [last], payments - len(edges))), victims={0: 0})


def account_takeover(accounts: int, payments: int, pick: Pick) -> Shape:
    """A wallet opened in the victim's name is filled from the victim's wallet and bank account and drained to mules."""
    mules = list(range(2, accounts))
    return Shape(
        accounts,
        ((0, 1), *_spread([1], mules, payments - 1)),
        bring=frozenset({0, 1}),
        victims={1: 0},
        fresh=frozenset({1}),
    )


def merchant_collusion(accounts: int, payments: int, pick: Pick) -> Shape:
    """Victims of a fraud abroad pay a merchant that collects for it."""
    shape = fan_in(accounts, payments, pick)
    return Shape(accounts, shape.edges, victims={role: role for role in range(1, accounts)})


def overpay_refund(accounts: int, payments: int, pick: Pick) -> Shape:
    """Wallets in turn pay a merchant too much, and it pays back at once all but what it keeps."""
    buyers = range(1, accounts)
    trips = [edge for k in range(-(-payments // 2)) for edge in ((1 + k % len(buyers), 0), (0, 1 + k % len(buyers)))]
    return Shape(accounts, tuple(trips[:payments]), bring=frozenset(buyers), shops=frozenset({0}))


def nested_layering(accounts: int, payments: int, pick: Pick) -> Shape:
    """One pays two, each of which scatters to mules of its own and has them gathered again, before all meets."""
    heads, last = [1, 2], accounts - 1
    tails, middle = [last - 2, last - 1], list(range(3, last - 2))
    half = len(middle) // 2
    edges = [(0, 1), (0, 2)]
    edges += [(heads[k >= half], mule) for k, mule in enumerate(middle)]
    edges += [(mule, tails[k >= half]) for k, mule in enumerate(middle)]
    return Shape(accounts, tuple(edges + _spread(tails, [last], payments - len(edges))))


def chain(accounts: int, payments: int, pick: Pick) -> Shape:
    """Money goes from one shell to the next, as often as there are payments for."""
    hops = accounts - 1
    return Shape(accounts, tuple((k % hops, k % hops + 1) for k in range(payments)))


SHAPES: Final[dict[PatternName, Callable[[int, int, Pick], Shape]]] = {
    "fan_in": fan_in,
    "fan_out": fan_out,
    "bipartite": bipartite,
    "stack": stack,
    "random": random,
    "cycle": cycle,
    "scatter_gather": scatter_gather,
    "gather_scatter": gather_scatter,
    "mule_layering": mule_layering,
    "account_takeover": account_takeover,
    "merchant_collusion": merchant_collusion,
    "overpay_refund": overpay_refund,
    "red_packet_farming": fan_in,
    "sub_threshold_structuring": fan_in,
    "nested_layering": nested_layering,
    "cross_border_shells": chain,
}
