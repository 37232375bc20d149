"""A flight from deposits over time: all banks together, and each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from reports.reading import Entries
from reports.source import RunData
from reports.view.bins import Floats, Ints, ratio

_MONEY: Final = ("deposits_fen", "converted_fen", "reserves_fen")


@dataclass(frozen=True)
class Course:
    """One bank, or all together, step by step: the share of its deposits that moved, its reserves, people alarmed."""

    at_us: Ints
    moved: Floats
    reserves_fen: Ints
    alarmed: Ints


def courses(run: RunData) -> dict[str | None, Course]:
    """The courses of the table, those of all banks together under None."""
    columns = run.table("flight", ("at_us", "bank", *_MONEY, "alarmed"))
    if not len(columns.get("at_us", ())):
        return {}
    names = np.asarray(columns["bank"], dtype=object)
    numbers = {name: np.asarray(columns[name], dtype=np.int64) for name in ("at_us", *_MONEY, "alarmed")}
    return {name: _course(numbers, names == name) for name in dict.fromkeys(names.tolist())}


def _course(numbers: Mapping[str, Ints], mine: Any) -> Course:
    at_us, left, moved, reserves, alarmed = (numbers[name][mine] for name in ("at_us", *_MONEY, "alarmed"))
    return Course(at_us, ratio(moved, left + moved), reserves, alarmed)


def reserves_left(bank: Entries, course: Course) -> Floats:
    """A bank's reserves over time as a share of those at the start; NaN where it had none."""
    return ratio(course.reserves_fen, np.full(len(course.reserves_fen), max(0, bank.amount("buffer_fen"))))
