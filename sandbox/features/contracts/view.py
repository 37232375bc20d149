"""Programmable money over time: where each kind's money stands, and what became of single contracts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from reports.source import RunData
from reports.view.bins import Ints, fold
from reports.view.values import part, rows, whole, words

COLUMNS: Final = ("at_us", "kind", "held_fen", "spent_fen", "returned_fen")


@dataclass(frozen=True)
class Stand:
    """One kind, group of bins by group of bins, at the end of each (fen): still held, gone on, gone back."""

    kind: str
    edges_us: Ints
    held_fen: Ints
    spent_fen: Ints
    returned_fen: Ints

    @property
    def opened_fen(self) -> Ints:
        """All that came into escrow by then."""
        return np.asarray(self.held_fen + self.spent_fen + self.returned_fen)


@dataclass(frozen=True)
class Chain:
    """What customers of a course paid, and what became of it (fen)."""

    name: str
    escrow: bool
    customers: int
    delivered_fen: int
    back_fen: int
    lost_fen: int
    owed_fen: int

    @property
    def paid_fen(self) -> int:
        """All of it."""
        return self.delivered_fen + self.back_fen + self.lost_fen + self.owed_fen


def stands(run: RunData) -> list[Stand]:
    """The kinds of the table, in its order."""
    columns = run.table("contracts", COLUMNS)
    if not len(columns.get("at_us", ())):
        return []
    kinds = np.asarray(columns["kind"], dtype=object)
    found = []
    for kind in dict.fromkeys(kinds.tolist()):
        mine = kinds == kind
        at_us = np.asarray(columns["at_us"], dtype=np.int64)[mine]
        bins = fold(at_us, run.bin_us)
        last = np.zeros(bins.count, dtype=np.int64)
        # Rows are in order of time, so that the last of a group stays.
        last[bins.index] = np.arange(at_us.size)
        names = ("held_fen", "spent_fen", "returned_fen")
        money = (np.asarray(columns[name], dtype=np.int64)[mine][last] for name in names)
        found.append(Stand(str(kind), bins.edges_us, *money))
    return found


def chains(run: RunData) -> list[Chain]:
    """Courses of the summary that anybody bought."""
    return [_chain(one) for one in contracts(run, "courses") if whole(part(one.get("own")).get("paid_fen"))]


def _chain(row: Mapping[str, Any]) -> Chain:
    own = part(row.get("own"))
    money = [whole(own.get(f"{name}_fen")) or 0 for name in ("delivered", "given_back", "lost", "owed")]
    return Chain(words(row.get("name")), own.get("escrow") is True, whole(own.get("customers")) or 0, *money)


def contracts(run: RunData, kind: str | None = None) -> list[Mapping[str, Any]]:
    """Contracts of the summary, of one kind or all."""
    return [one for one in rows(run.get("contracts.contracts")) if kind is None or one.get("kind") == kind]


def most_held_fen(run: RunData) -> int | None:
    """The most that all contracts held together at the end of a bin."""
    columns = run.table("contracts", COLUMNS)
    if not len(columns.get("at_us", ())):
        return None
    _, place = np.unique(columns["at_us"], return_inverse=True)
    return int(np.bincount(place, weights=np.asarray(columns["held_fen"], dtype=np.int64)).max())


def refused(run: RunData, name: object) -> dict[str, int]:
    """Attempts at one contract that came to nothing, by reason."""
    found = [one for one in rows(run.get("contracts.refused")) if one.get("name") == name]
    return {str(one.get("reason")): whole(one.get("count")) or 0 for one in found}


def gone_back_fen(run: RunData, name: object) -> dict[str, int]:
    """What went back of one contract, by ending."""
    found: dict[str, int] = {}
    for one in rows(run.get("contracts.endings")):
        if one.get("name") == name:
            ending = str(one.get("ending"))
            found[ending] = found.get(ending, 0) + (whole(one.get("returned_fen")) or 0)
    return found
