"""A flight from deposits over time: all banks together, and the banks that are worst off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from reports.source import RunData
from reports.view.bins import Floats, Ints, ratio
from reports.view.values import instant, rows, share_of, whole, words


@dataclass(frozen=True)
class Course:
    """One bank, or all together, step by step: the share of its deposits that moved, its reserves, people alarmed."""

    at_us: Ints
    moved: Floats
    reserves_fen: Ints
    alarmed: Ints


@dataclass(frozen=True)
class Bank:
    """A bank as the summary has it, and its course if the table has it. `*_us` are None where it did not happen."""

    name: str
    deposits_fen: int | None
    buffer_fen: int | None
    outflow_fen: int | None
    funding_fen: int | None
    breached_us: int | None
    waiting_us: int | None
    course: Course | None

    @property
    def moved(self) -> float | None:
        """Share of its deposits that moved."""
        return share_of(self.outflow_fen, self.deposits_fen)

    @property
    def reserves_left(self) -> Floats:
        """Its reserves over time as a share of those at the start; NaN where it had none."""
        reserves = self.course.reserves_fen if self.course else np.zeros(0, dtype=np.int64)
        return ratio(reserves, np.full(len(reserves), max(0, self.buffer_fen or 0)))


def courses(run: RunData) -> dict[str | None, Course]:
    """The courses of the table, those of all banks together under None."""
    columns = run.table("flight", ("at_us", "bank", *_MONEY, "alarmed"))
    if not len(columns.get("at_us", ())):
        return {}
    names = np.asarray(columns["bank"], dtype=object)
    numbers = {name: np.asarray(columns[name], dtype=np.int64) for name in ("at_us", *_MONEY, "alarmed")}
    return {name: _course(numbers, names == name) for name in dict.fromkeys(names.tolist())}


_MONEY = ("deposits_fen", "converted_fen", "reserves_fen")


def _course(numbers: Mapping[str, Ints], mine: Any) -> Course:
    at_us, left, moved, reserves, alarmed = (numbers[name][mine] for name in ("at_us", *_MONEY, "alarmed"))
    return Course(at_us, ratio(moved, left + moved), reserves, alarmed)


def banks(run: RunData) -> list[Bank]:
    """The banks that are worst off, worst first."""
    found = courses(run)
    return [_bank(row, found) for row in rows(run.get("flight.worst"))]


def _bank(row: Mapping[str, Any], found: Mapping[str | None, Course]) -> Bank:
    deposits, buffer, outflow, funding = (
        whole(row.get(f"{name}_fen")) for name in ("deposits", "buffer", "outflow", "funding")
    )
    breached, waiting = instant(row.get("breached_at_us")), instant(row.get("exhausted_at_us"))
    name = words(row.get("bank"))
    return Bank(name, deposits, buffer, outflow, funding, breached, waiting, found.get(name))
