"""Accounts that features open and endow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.core.ledger import Ledger
from sandbox.scenario.schema import Scenario


def _nothing(*_: object) -> None: ...


@dataclass(frozen=True)
class Accounts:
    """What a feature declares of its accounts, called in runs that have it with its section (or what it finds `Within`
    the scenario).

    Args:
        open: opens blocks of accounts (`Ledger.open`); everything else of the world opens its own before.
        endow: gives them an institution and an opening balance, by the run's seed.
        sources: names of its sources of payments (`BatchSource`), which its part submits many at a time.
        labels: ground truth that its payments carry.
        most_held: the most that it lets a wallet hold, whatever its class (fen); None: as much as its class may.
    """

    open: Callable[[Ledger, Scenario, Any], None] = _nothing
    endow: Callable[[Ledger, Scenario, Any, int], None] = _nothing
    sources: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    most_held: Callable[[Any], int | None] = _nothing
