"""Accounts that features open and endow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.core.ledger import Ledger
from sandbox.scenario.schema import Scenario


@dataclass(frozen=True)
class Accounts:
    """What a feature declares of its accounts, called with its section in runs that have it.

    Args:
        open: opens blocks of accounts (`Ledger.open`); everything else of the world opens its own before.
        endow: gives them an institution and an opening balance, by the run's seed.
    """

    open: Callable[[Ledger, Scenario, Any], None]
    endow: Callable[[Ledger, Scenario, Any, int], None]
