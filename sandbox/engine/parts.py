"""The parts of a run: each looks at the scenario and says whether it has something to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sandbox.banking.flight import flight_part
from sandbox.banking.postings import postings
from sandbox.bills.market import bill_market
from sandbox.contracts.part import programmable
from sandbox.control import Control, Part
from sandbox.crime.criminals import criminals
from sandbox.crossborder.part import crossborder_part
from sandbox.datatrade.exchange import data_market
from sandbox.offline.part import hard_wallets
from sandbox.oversight.alert_book import alert_book
from sandbox.oversight.cases import case_pipeline
from sandbox.oversight.incidents import incident_desk
from sandbox.oversight.inclusion import inclusion
from sandbox.oversight.lifecycle import life_cycle
from sandbox.oversight.lifecycle_containment import containment
from sandbox.oversight.supervision import supervision

PARTS: Final[tuple[Callable[[Control], Part | None], ...]] = (
    postings,
    containment,
    life_cycle,
    flight_part,
    crossborder_part,
    bill_market,
    data_market,
    programmable,
    inclusion,
    criminals,
    hard_wallets,
    alert_book,
    supervision,
    case_pipeline,
    incident_desk,
)  # fmt: skip
"""In the order in which they start, finish, and write their tables."""


def parts_of(control: Control) -> list[Part]:
    """Those that this run has."""
    return [part for make in PARTS if (part := make(control)) is not None]
