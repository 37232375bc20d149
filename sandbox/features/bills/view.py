"""Digital bills of a run: what cash cost each tier, and who held, paid and bears what was not paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.source import RunData
from reports.view.values import number, part, rows, whole, words
from sandbox.features.bills.names import ROLES
from sandbox.language import _


@dataclass(frozen=True)
class Tier:
    """A tier of suppliers: what it sold to banks, what that cost, and at what rate a year; the other way round too."""

    name: str
    sold_fen: int | None
    cost_fen: int | None
    rate: float | None
    other_cost_fen: int | None
    other_rate: float | None


@dataclass(frozen=True)
class Role:
    """Core firms, a tier, banks: what they did not pay as acceptors, held when it was not paid, paid and got in
    recourse, and bear; `other_lost_fen` with splitting the other way round."""

    name: str
    unpaid_fen: int
    held_fen: int
    paid_fen: int
    got_fen: int
    lost_fen: int
    other_lost_fen: int | None


def role_name(role: Any) -> str:
    """How the report calls it.

    >>> role_name("bank"), role_name("tier 2")
    ('Banks', 'Tier 2')
    """
    given = words(role)
    if given.startswith("tier "):
        return _("Tier {number}", number=given.removeprefix("tier "))
    return _(ROLES[given]) if given in ROLES else given


def tiers(run: RunData) -> list[Tier]:
    """The nearest to the core firm first."""
    other = _by(run.get("bills.other_way.tiers"), "tier")
    return [
        Tier(
            _("Tier {number}", number=words(str(row.get("tier")))),
            whole(row.get("sold_fen")),
            whole(row.get("cost_fen")),
            number(row.get("rate")),
            whole(other.get(str(row.get("tier")), {}).get("cost_fen")),
            number(other.get(str(row.get("tier")), {}).get("rate")),
        )
        for row in rows(run.get("bills.tiers"))
    ]


def roles(run: RunData) -> list[Role]:
    """Those that had anything to do with what was not paid, here or the other way round."""
    other = _by(run.get("bills.other_way.roles"), "role")
    found = []
    for row in rows(run.get("bills.roles")):
        unpaid, held, paid, got, lost = (
            whole(row.get(f"{name}_fen")) or 0 for name in ("unpaid", "held", "paid", "got", "lost")
        )
        others = whole(other.get(str(row.get("role")), {}).get("lost_fen"))
        if unpaid or held or paid or got or lost or others:
            found.append(Role(role_name(row.get("role")), unpaid, held, paid, got, lost, others))
    return found


def _by(value: Any, name: str) -> dict[str, Mapping[str, Any]]:
    return {str(row.get(name)): part(row) for row in rows(value)}
