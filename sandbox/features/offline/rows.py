"""Offline payments of a run, one row each: what the table `offline` says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Outcome = Literal[
    "settled", "double_spend", "over_cap", "expired", "replayed", "bad_signature", "lost", "open"
]  # fmt: skip
OUTCOMES: Final[tuple[Outcome, ...]] = (
    "settled", "double_spend", "over_cap", "expired", "replayed", "bad_signature", "lost", "open"
)  # fmt: skip
"""How an offline payment may end. double_spend: its counter was used twice, or its payer spent more than was loaded and
received. lost: both devices that could show it are gone. open: it was not shown before the run ended."""

FINDER: Final = "finder"
"""Label of what somebody paid who had found the purse."""


@dataclass
class Row:
    """One offline payment (accounts, fen, us). What nobody has seen yet is None."""

    number: int
    payer: str
    payee: str
    amount_fen: int
    counter: int
    hops: int
    made_us: int
    label: str | None = None
    """Ground truth: the kind of attack, or FINDER."""
    presented_us: int | None = None
    settled_us: int | None = None
    outcome: Outcome = "open"
    borne_by: str | None = None
    loss_fen: int = 0
    root: str | None = None
    """The broken purse that the loss comes from."""
    signed: bool = False
    """It was shown with a real signature, which was verified or refused."""
