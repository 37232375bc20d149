"""Offline payments of a run, one row each: what the table `offline` says, and the numbers that follow from it alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import numpy as np

from sandbox.core.ratio import share

Outcome = Literal["settled", "double_spend", "over_cap", "expired", "replayed", "bad_signature", "lost", "open"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
"""How an offline payment may end. double_spend: its counter was used twice, or its payer spent more than was loaded and
received. lost: both devices that could show it are gone. open: it was not shown before the run ended."""

BEARERS: Final = ("operator", "fund", "user", "owner")
"""Who may bear a loss."""
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


def summary_of_rows(rows: Sequence[Row]) -> dict[str, Any]:
    """What the section `offline` says of the payments alone."""
    outcomes, hops, borne = Counter(row.outcome for row in rows), Counter(row.hops for row in rows), Counter[str]()
    settled = [row for row in rows if row.settled_us is not None]
    for row in rows:
        borne[row.borne_by or ""] += row.loss_fen
    return {
        "payments": len(rows),
        "payments_fen": sum(row.amount_fen for row in rows),
        "by_owners": sum(row.label is None for row in rows),
        "outcomes": {name: outcomes[name] for name in OUTCOMES},
        "settled_fen": sum(row.amount_fen for row in settled),
        "signed": sum(row.signed for row in rows),
        "hops_mean": float(np.mean([row.hops for row in rows])) if rows else None,
        "hops_max": max(hops, default=0),
        "by_hops": {str(number): hops[number] for number in sorted(hops)},
        "time_to_settle": _times(sorted(row.settled_us - row.made_us for row in settled if row.settled_us is not None)),
        "loss": {
            "total_fen": sum(row.loss_fen for row in rows),
            "late_fen": sum(row.amount_fen for row in rows if row.outcome == "expired"),
            "gone_fen": sum(row.loss_fen for row in rows if row.outcome == "lost"),
            "found_fen": sum(row.loss_fen for row in rows if row.label == FINDER),
            "by_bearer_fen": {name: borne[name] for name in BEARERS},
        },
    }


def _times(delays: list[int]) -> dict[str, float | int | None]:
    """Of sorted times (us)."""
    if not delays:
        return dict.fromkeys(("mean_us", "p50_us", "p95_us", "max_us"))
    p50, p95 = (delays[min(len(delays) - 1, len(delays) * part // 100)] for part in (50, 95))
    return {"mean_us": float(np.mean(delays)), "p50_us": p50, "p95_us": p95, "max_us": delays[-1]}


def risk_of_rows(rows: Sequence[Row], section: Mapping[str, Any]) -> dict[str, Any]:
    """What is at risk: value outstanding, what was spent twice and its bound, time until settled, what is refused;
    `section` is `summary_of_rows` with these bounds."""
    shown, loss = [row for row in rows if row.presented_us is not None], section["loss"]
    refused, (peak, last) = sum(row.settled_us is None for row in shown), outstanding(rows)
    return {
        "payments": len(rows),
        "outstanding_peak_fen": peak,
        "outstanding_fen": last,
        **{name: loss.get(name) for name in ("spent_twice_fen", "bound_fen", "of_bound")},
        "lost_share": share(loss["total_fen"], section["payments_fen"]),
        "settle_p95_us": section["time_to_settle"]["p95_us"],
        "refused": refused,
        "refused_share": share(refused, len(shown)),
    }


def outstanding(rows: Sequence[Row]) -> tuple[int, int]:
    """The most that was paid and neither settled nor refused at one instant, and in the end (fen)."""
    moves = [(row.made_us, row.amount_fen) for row in rows if row.presented_us is None or row.settled_us is not None]
    moves += [(row.settled_us, -row.amount_fen) for row in rows if row.settled_us is not None]
    held = np.cumsum(np.array([fen for _, fen in sorted(moves)], dtype=np.int64))
    return int(held.max(initial=0)), int(held[-1]) if held.size else 0


def broken_purse(rows: Sequence[Row], tamperings: int, cap_fen: int) -> dict[str, int]:
    """What follows of a broken purse from what it paid, and how often it was copied or set back."""
    fen = sum(row.amount_fen for row in rows)
    return {"payments": len(rows), "payments_fen": fen, "bound_fen": tamperings * cap_fen}


def loss_bounds(spent_twice_fen: int, tamperings: int, finders: int, cap_fen: int, paid_fen: int) -> dict[str, Any]:
    """What can be spent twice and by finders at most, and how much of it was."""
    bound = tamperings * cap_fen
    return {
        "found_bound_fen": finders * cap_fen,
        "bound_fen": bound,
        "of_bound": share(spent_twice_fen, bound),
        "of_payments": share(spent_twice_fen, paid_fen),
    }


def labelled(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Payments with a label, by payer."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.label is not None:
            found.setdefault(row.payer, []).append(row)
    return found
