"""Numbers of a run's bills: what cash cost whom, who did not pay, who bore it; its tables."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sandbox.control import Columns
from sandbox.core.ratio import share
from sandbox.features.bills.bill import BillPart, State
from sandbox.features.bills.chains import BANK, CENTRAL_BANK, CORE, Chains, role_name
from sandbox.features.bills.register import BillRegister

OUTCOMES: Final = ("discharged", "recourse", "defaulted", "dishonoured", "open", "cancelled")
"""How a part can stand at the end: paid by its acceptor; the loss passed back to somebody in recourse; the loss with
whoever held it; in recourse still; not due yet; never accepted."""
ENTRY_COLUMNS: Final = {"bill_id": "bill", "entry": "entry", "at_us": "at_us", "move": "move", "by": "by"}
"""Columns of `bill_entries` by their names in an entry."""
SHOWN: Final = 12


class Sale(NamedTuple):
    """A supplier sold a part to a bank."""

    tier: int
    face_fen: int
    cost_fen: int
    days: int


class Default(NamedTuple):
    """A part that its acceptor did not pay."""

    bill: int
    acceptor: int
    holder: int
    """Who held it then."""
    face_fen: int
    refused: bool
    """The acceptor had stopped payments; else it had no money."""


@dataclass
class MarketLog:
    """What the market takes down as it goes."""

    sales: list[Sale] = field(default_factory=list)
    failed: dict[int, int] = field(default_factory=dict)
    """Who has stopped payments, and when (us)."""
    defaults: list[Default] = field(default_factory=list)
    recourses: list[tuple[int, int, int]] = field(default_factory=list)
    """Who paid whom how much (fen)."""
    losses: list[tuple[int, int, int]] = field(default_factory=list)
    """Bill, who bears it, how much (fen)."""
    borne: dict[tuple[int, int], int] = field(default_factory=dict)
    """By bill and first number: the bank that paid in its drawer's stead and was not paid back."""
    could_not: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    """Face that somebody was asked for in recourse and did not pay (fen)."""
    fees_fen: int = 0
    spent_fen: int = 0
    unsold_fen: int = 0
    rediscounted_fen: int = 0

    def dishonoured(self, bill: int, part: BillPart, acceptor: int, refused: bool) -> None:
        """An acceptor did not pay."""
        self.defaults.append(Default(bill, acceptor, part.holder, part.face_fen, refused))

    def recourse(self, payer: int, payee: int, amount_fen: int) -> None:
        """Somebody liable paid."""
        self.recourses.append((payer, payee, amount_fen))

    def short(self, debtor: int, amount_fen: int) -> None:
        """Somebody liable did not."""
        self.could_not[debtor] += amount_fen

    def lost(self, bill: int, part: BillPart) -> None:
        """Nobody is left to ask."""
        self.losses.append((bill, part.holder, part.face_fen))

    def not_reimbursed(self, bill: int, part: BillPart, bank: int) -> None:
        """The bank that accepted bears what its drawer did not pay back."""
        self.losses.append((bill, bank, part.face_fen))
        self.borne[bill, part.first] = bank

    def by_tier(self, chains: Chains) -> list[dict[str, Any]]:
        """What cash cost each tier of suppliers; the rate is a year's (of `desks.day_count` days) on what was sold."""
        rows = []
        for tier in range(1, chains.tiers + 1):
            mine = [one for one in self.sales if one.tier == tier]
            sold, cost = sum(one.face_fen for one in mine), sum(one.cost_fen for one in mine)
            years = sum(one.face_fen * one.days for one in mine) / chains.year_days
            row = {"tier": tier, "sales": len(mine), "sold_fen": sold, "cost_fen": cost}
            rows.append({**row, "rate": share(cost, years)})
        return rows


def bills_tables(register: BillRegister, log: MarketLog, chains: Chains, seed: int) -> Mapping[str, Columns]:
    """A row a part, and a row an entry of the register."""
    rows: dict[str, list[Any]] = defaultdict(list)
    for bill, package in register.packages.items():
        terms = package.terms
        kind = "bank" if chains.tier(terms.acceptor) == BANK else "commercial"
        for number, part in enumerate(package.parts):
            borne = part.holder if part.state is State.LOST else log.borne.get((bill, part.first))
            for name, value in (
                ("bill_id", bill), ("part", number), ("first", part.first), ("last", part.last),
                ("chain", chains.chain(terms.drawer) + 1), ("tier", chains.tier(terms.drawer)),
                ("drawer", terms.drawer), ("acceptor", terms.acceptor), ("holder", part.holder), ("kind", kind),
                ("face_fen", part.face_fen), ("issued_at_us", terms.issued_us), ("due_at_us", terms.due_us),
                ("ended_at_us", part.ended_us), ("state", part.outcome), ("endorsements", part.endorsements),
                ("discounted_fen", part.discounted_fen), ("cost_fen", part.cost_fen), ("borne_by", borne),
            ):  # fmt: skip
                rows[name].append(value)
    entries = register.columns(seed, ENTRY_COLUMNS)
    from sandbox.tables import TABLES

    return {
        name: {column.name: found[column.name] for column in TABLES[name]}
        for name, found in (("bills", rows), ("bill_entries", entries))
    }


def short_summary(register: BillRegister, log: MarketLog, chains: Chains) -> dict[str, Any]:
    """What a run with splitting the other way round is compared by."""
    risk = _risk(register, log, chains)
    names = ("unpaid_fen", "lost_fen", "lost_by_suppliers_fen", "lost_by_banks_fen", "infected", "infected_unpaid_fen")
    return {
        "bills": len(register.packages),
        "tiers": log.by_tier(chains),
        "roles": _roles(log, chains),
        **{name: risk[name] for name in names},
    }


def summary_of_register(register: BillRegister, desks: Container[int]) -> dict[str, Any]:
    """What of the summary follows from the register alone: bills, how they stand, what suppliers sold and gave up."""
    packages = register.packages.values()
    parts = [part for package in packages for part in package.parts]
    count, fen = Counter(part.outcome for part in parts), Counter[str]()
    for part in parts:
        fen[part.outcome] += part.face_fen
    return {
        "bills": len(packages),
        "bank_accepted": sum(package.terms.acceptor in desks for package in packages),
        "face_fen": sum(package.terms.face_fen for package in packages),
        "parts": len(parts),
        "entries": len(register.entries),
        "outcomes": [{"outcome": name, "parts": count[name], "face_fen": fen[name]} for name in OUTCOMES],
        "sold_fen": sum(part.discounted_fen for part in parts),
        "cost_fen": sum(part.cost_fen for part in parts),
    }


def bills_summary(
    register: BillRegister, log: MarketLog, chains: Chains, splitting: bool, other: dict[str, Any] | None
) -> Mapping[str, Any]:
    """`bills` and `risk.bills`."""
    section: dict[str, Any] = {
        **summary_of_register(register, range(chains.desks.first, chains.desks.end)),
        "splitting": splitting,
        "unsold_fen": log.unsold_fen,
        "spent_fen": log.spent_fen,
        "rediscounted_fen": log.rediscounted_fen,
        "fees_fen": log.fees_fen,
        "tiers": log.by_tier(chains),
        "other_way": other,
        "failed": [{"firm": chains.name(firm), "at_us": at} for firm, at in log.failed.items()],
        "roles": _roles(log, chains),
        "recourse": _recourse(log, chains),
        "chains": _defaults_by_acceptor(log, chains),
    }
    return {"bills": section, "risk": {"bills": _risk(register, log, chains)}}


def _roles(log: MarketLog, chains: Chains) -> list[dict[str, Any]]:
    """By role: what it did not pay as acceptor, what it held when that happened, what it paid in recourse and got back,
    what it bears."""
    rows = {
        tier: {"role": role_name(tier), "unpaid_fen": 0, "held_fen": 0, "paid_fen": 0, "got_fen": 0, "lost_fen": 0}
        for tier in (CORE, *range(1, chains.tiers + 1), BANK, CENTRAL_BANK)
    }
    for one in log.defaults:
        rows[chains.tier(one.acceptor)]["unpaid_fen"] += one.face_fen  # type: ignore[operator]
        rows[chains.tier(one.holder)]["held_fen"] += one.face_fen  # type: ignore[operator]
    for payer, payee, amount in log.recourses:
        rows[chains.tier(payer)]["paid_fen"] += amount  # type: ignore[operator]
        rows[chains.tier(payee)]["got_fen"] += amount  # type: ignore[operator]
    for _, who, amount in log.losses:
        rows[chains.tier(who)]["lost_fen"] += amount  # type: ignore[operator]
    return list(rows.values())


def _recourse(log: MarketLog, chains: Chains) -> list[dict[str, Any]]:
    """Money paid in recourse from role to role."""
    sums: Counter[tuple[int, int]] = Counter()
    for payer, payee, amount in log.recourses:
        sums[chains.tier(payer), chains.tier(payee)] += amount
    return [
        {"payer": role_name(payer), "payee": role_name(payee), "amount_fen": amount}
        for (payer, payee), amount in sorted(sums.items())
    ]


def _defaults_by_acceptor(log: MarketLog, chains: Chains) -> list[dict[str, Any]]:
    """Acceptors that did not pay, the largest first: how much, whether they had failed, and who bears it."""
    unpaid: Counter[int] = Counter()
    borne: dict[int, Counter[str]] = defaultdict(Counter)
    acceptor_of = {one.bill: one.acceptor for one in log.defaults}
    for one in log.defaults:
        unpaid[one.acceptor] += one.face_fen
    for bill, who, amount in log.losses:
        if bill in acceptor_of:
            borne[acceptor_of[bill]][role_name(chains.tier(who))] += amount
    return [
        {
            "acceptor": chains.name(acceptor),
            "unpaid_fen": amount,
            "failed": acceptor in log.failed,
            "borne_fen": dict(sorted(borne[acceptor].items())),
        }
        for acceptor, amount in sorted(unpaid.items(), key=lambda one: (-one[1], one[0]))[:SHOWN]
    ]


def _risk(register: BillRegister, log: MarketLog, chains: Chains) -> dict[str, Any]:
    """Default losses, concentration on acceptors, contagion."""
    packages = register.packages.values()
    accepted = [one for one in packages if any(part.state is not State.CANCELLED for part in one.parts)]
    faces: Counter[int] = Counter()
    for one in accepted:
        faces[one.terms.acceptor] += one.terms.face_fen
    total = sum(faces.values())
    early = (State.DRAWN, State.HELD, State.OFFERED)
    due = sum(part.face_fen for one in accepted for part in one.parts if part.state not in early)
    unpaid, lost = sum(one.face_fen for one in log.defaults), sum(amount for _, _, amount in log.losses)
    infected = {one.acceptor for one in log.defaults if not one.refused}
    top = min(faces, key=lambda one: (-faces[one], one)) if faces else None
    return {
        "due_fen": due,
        "unpaid_fen": unpaid,
        "unpaid_share": share(unpaid, due),
        "lost_fen": lost,
        "lost_share": share(lost, due),
        "lost_by_suppliers_fen": sum(amount for _, who, amount in log.losses if chains.tier(who) > CORE),
        "lost_by_banks_fen": sum(amount for _, who, amount in log.losses if chains.tier(who) in (BANK, CENTRAL_BANK)),
        "acceptors": len(faces),
        "hhi_acceptors": math.fsum((face / total) ** 2 for face in faces.values()) if total else None,
        "top_acceptor": None if top is None else chains.name(top),
        "top_acceptor_share": None if top is None else faces[top] / total,
        "failed": len(log.failed),
        "infected": len(infected),
        "infected_unpaid_fen": sum(one.face_fen for one in log.defaults if not one.refused),
        "could_not_pay_recourse": len([one for one in log.could_not if one not in log.failed]),
        "longest_recourse": max((len(part.recourse_payers) for one in packages for part in one.parts), default=0),
    }
