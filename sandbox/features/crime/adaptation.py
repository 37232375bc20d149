"""What a criminal does about a refusal: plain rules, which the ring's process asks."""

from __future__ import annotations

from enum import Enum
from typing import Final

from sandbox.core.layout import Outcome

LEAST_FEN: Final = 2
"""What is smaller than this cannot be split."""


class Adaptation(Enum):
    """What comes next."""

    SPLIT = "split"
    OTHER_PAYER = "other_payer"
    OTHER_PAYEE = "other_payee"
    AGAIN = "again"
    GIVE_UP = "give_up"


def adaptation(
    outcome: int, amount_fen: int, *, payer_frozen: bool, other_payer: bool, other_payee: bool
) -> Adaptation:
    """What to do about a refused payment.

    Args:
        outcome: why it was refused (a code of `layout`, not SETTLED).
        amount_fen: how much it was.
        payer_frozen: whether it is the payer whose wallet is frozen.
        other_payer, other_payee: whether somebody else could pay, or be paid, instead.
    """
    smaller = Adaptation.SPLIT if amount_fen >= LEAST_FEN else Adaptation.GIVE_UP
    if outcome in (Outcome.SINGLE_LIMIT, Outcome.BOX_CAP):
        return smaller
    if outcome in (Outcome.DAILY_LIMIT, Outcome.ANNUAL_LIMIT, Outcome.INSUFFICIENT_BALANCE):
        return Adaptation.OTHER_PAYER if other_payer else smaller
    if outcome == Outcome.FROZEN and payer_frozen:
        return Adaptation.OTHER_PAYER if other_payer else Adaptation.GIVE_UP
    if outcome in (Outcome.FROZEN, Outcome.OUTSIDE_BOX):
        return Adaptation.OTHER_PAYEE if other_payee else Adaptation.GIVE_UP
    if outcome == Outcome.BALANCE_CAP:
        return Adaptation.OTHER_PAYEE if other_payee else smaller
    return Adaptation.AGAIN if outcome in (Outcome.UNAVAILABLE, Outcome.TIMED_OUT) else Adaptation.GIVE_UP


def parts(amount_fen: int, most_fen: int | None) -> list[int]:
    """An amount in as few nearly equal parts as keep each at `most_fen` or below (None: no bound).

    >>> parts(100, 40), parts(100, None)
    ([34, 33, 33], [100])
    """
    if most_fen is None or amount_fen <= most_fen:
        return [amount_fen]
    count = -(-amount_fen // max(1, most_fen))
    return [amount_fen // count + (k < amount_fen % count) for k in range(count)]
