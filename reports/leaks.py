"""How well each single column of the payments tells illicit from honest ones: the area under its ROC curve.

0.5 is chance, 1 gives the label away. A column of numbers is taken as a threshold rule in its better direction; a
column of words in the best order of its words, which flatters it a little where there are few illicit payments.
*Degrees* count an account's payments in the whole run. Two comparisons: with all honest payments, and with those of the
same kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sandbox.records import Run

US_PER_HOUR: Final = 3_600_000_000
US_PER_DAY: Final = 24 * US_PER_HOUR
EVERYTHING: Final = "all"

NUMBERS: Final = ("amount_fen", "hour", "attempt", "top_up_fen", "packet_fen", "redeemed_fen")
DEGREES: Final = ("payer_out_degree", "payer_in_degree", "payee_in_degree", "payee_out_degree")
WORDS: Final = (
    "kind", "category", "source", "payer_institution", "payee_institution", "payer_class", "outcome", "in_box",
)  # fmt: skip
COLUMNS: Final = (*NUMBERS, *DEGREES, *WORDS)

Values = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Leak(NamedTuple):
    """One column against one label: areas under the curve against all honest payments and those of its kind."""

    label: str
    column: str
    payments: int
    auc: float
    auc_same_kind: float


def leaks(run: Run, start_of_day_us: int = 0) -> list[Leak]:
    """Every column against every label, and against all labels together (`all`).

    Args:
        run: with all payments recorded.
        start_of_day_us: time of day at which the run starts.
    """
    frame = run.table("payments", [
        "submitted_at_us", "payer", "payee", "amount_fen", "attempt", "top_up_fen", "packet_fen", "redeemed_fen",
        "label", *WORDS,
    ])  # fmt: skip
    labels = frame["label"].cat
    codes = labels.codes.to_numpy()
    kinds = frame["kind"].cat.codes.to_numpy()
    chosen = {name: codes == number for number, name in enumerate(labels.categories) if np.any(codes == number)}
    chosen[EVERYTHING] = codes >= 0
    found = []
    for column, values in _columns(frame, start_of_day_us):
        measure = _Measure(values, kinds, codes < 0, words=column in WORDS)
        for name, illicit in chosen.items():
            areas = measure.against_all(illicit), measure.against_same_kind(illicit)
            found.append(Leak(name, column, int(illicit.sum()), *areas))
    return found


class _Measure:
    """One column: areas of any group of payments against the honest ones, whose values are sorted once."""

    def __init__(self, values: Values, kinds: Values, honest: Flags, words: bool) -> None:
        self._values, self._kinds = values, kinds
        self._curve = best_order if words else threshold
        self._honest = np.sort(values[honest])
        self._of_kind = {int(kind): np.sort(values[honest & (kinds == kind)]) for kind in np.unique(kinds)}

    def against_all(self, illicit: Flags) -> float:
        """The area against all honest payments."""
        return self._curve(self._values[illicit], self._honest)

    def against_same_kind(self, illicit: Flags) -> float:
        """The mean over the kinds of the illicit payments of the area against honest payments of that kind."""
        total, areas = 0, 0.0
        for kind, count in zip(*np.unique(self._kinds[illicit], return_counts=True), strict=True):
            honest = self._of_kind[int(kind)]
            if honest.size:
                total += int(count)
                areas += int(count) * self._curve(self._values[illicit & (self._kinds == kind)], honest)
        return areas / total if total else 0.5


def _columns(frame: Any, start_of_day_us: int) -> Iterator[tuple[str, Values]]:
    payer, payee = (frame[side].to_numpy() for side in ("payer", "payee"))
    accounts = int(max(payer.max(initial=0), payee.max(initial=0))) + 1
    out, into = (np.bincount(side, minlength=accounts) for side in (payer, payee))
    yield "hour", (frame["submitted_at_us"].to_numpy() + start_of_day_us) % US_PER_DAY // US_PER_HOUR
    for name in NUMBERS:
        if name != "hour":
            yield name, frame[name].to_numpy().astype(np.int64)
    yield from zip(DEGREES, (out[payer], into[payer], into[payee], out[payee]), strict=True)
    for name in WORDS:
        words = frame[name]
        yield name, (words if words.dtype == bool else words.cat.codes).to_numpy().astype(np.int64)


def threshold(illicit: Values, honest: Values) -> float:
    """Area under the curve of the rule "above (or below) a threshold", in its better direction; `honest` is sorted.

    >>> threshold(np.array([1, 2]), np.array([3, 3]))
    1.0
    """
    if not illicit.size or not honest.size:
        return 0.5
    below = np.searchsorted(honest, illicit, side="left").mean() + np.searchsorted(honest, illicit, "right").mean()
    area = float(below) / 2 / honest.size
    return max(area, 1.0 - area)


def best_order(illicit: Values, honest: Values) -> float:
    """Area under the curve of the best rule on words: those first that are most frequent among illicit payments.

    >>> best_order(np.array([1, 2]), np.array([2, 2]))
    0.75
    """
    if not illicit.size or not honest.size:
        return 0.5
    first = min(int(illicit.min()), int(honest.min()))
    counts = max(int(illicit.max()), int(honest.max())) - first + 1
    mine, others = (np.bincount(one - first, minlength=counts) / one.size for one in (illicit, honest))
    order = np.argsort(-mine / np.maximum(mine + others, 1e-300), kind="stable")
    mine, others = mine[order], others[order]
    return float(np.sum(others * (np.cumsum(mine) - mine / 2)))
