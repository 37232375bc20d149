"""How well each single column of the payments tells illicit from honest ones: the area under its ROC curve.

0.5 is chance, 1 gives the label away. A column of numbers is taken as a threshold rule in its better direction; a
column of words in the best order of its words, which flatters it a little where there are few illicit payments.
*Degrees* count an account's payments in the whole run. Two comparisons: with all honest payments, and with those of the
same kind. Read without pandas, for a report is drawn in less time than pandas takes to load.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from reports.columns import plain, whole
from sandbox.records import Run

if TYPE_CHECKING:
    import pyarrow as pa

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


class Leakage(NamedTuple):
    """One column against one label: areas under the curve against all honest payments and those of its kind."""

    label: str
    column: str
    payments: int
    auc: float
    auc_same_kind: float


def measure_leakage(run: Run, start_of_day_us: int = 0, honest_at_most: int | None = None) -> list[Leakage]:
    """Every column against every label, and against all labels together (`all`).

    Args:
        run: with all payments recorded.
        start_of_day_us: time of day at which the run starts.
        honest_at_most: compare with at most so many honest payments, every n-th of them; with 100,000 an area is off by
            some 0.001.
    """
    table = run.arrow("payments", [
        "submitted_at_us", "payer", "payee", "amount_fen", "attempt", "top_up_fen", "packet_fen", "redeemed_fen",
        "label", *WORDS,
    ]).unify_dictionaries().combine_chunks()  # fmt: skip
    codes = _values(table, "label")
    kept = _sample(codes, honest_at_most)
    labels, kinds = codes[kept], _values(table, "kind")[kept]
    chosen = {name: labels == number for number, name in enumerate(_names(table, "label")) if np.any(labels == number)}
    chosen[EVERYTHING] = labels >= 0
    rows = {name: np.flatnonzero(illicit) for name, illicit in chosen.items()}
    of_kind = {int(kind): np.flatnonzero((labels < 0) & (kinds == kind)) for kind in np.unique(kinds)}
    found = []
    for column, values in _columns(table, start_of_day_us):
        measure = _Measure(values[kept], kinds, labels < 0, of_kind, words=column in WORDS)
        for name, illicit in rows.items():
            areas = measure.against_all(illicit), measure.against_same_kind(illicit)
            found.append(Leakage(name, column, len(illicit), *areas))
    return found


def _sample(codes: Values, honest_at_most: int | None) -> Values:
    """Rows to measure: every illicit payment and every n-th honest one."""
    honest = np.flatnonzero(codes < 0)
    step = 1 if honest_at_most is None else max(1, -(-len(honest) // honest_at_most))
    return np.sort(np.concatenate([np.flatnonzero(codes >= 0), honest[::step]])).astype(np.int64)


def _names(table: pa.Table, name: str) -> list[str]:
    """The words of a column of words, in the order of their numbers."""
    return [str(word) for word in whole(table, name).dictionary.to_pylist()]


def _values(table: pa.Table, name: str) -> Values:
    """A column as whole numbers: words and truth values by their number, nothing as -1."""
    import pyarrow as pa

    array = whole(table, name)
    values, known = plain(array.indices if pa.types.is_dictionary(array.type) else array)
    return np.where(known, values, -1).astype(np.int64)


class _Measure:
    """One column: areas of any group of payments against the honest ones, whose values are sorted once."""

    def __init__(self, values: Values, kinds: Values, honest: Flags, of_kind: dict[int, Values], words: bool) -> None:
        """`of_kind`: rows of the honest payments of each kind."""
        self._values, self._kinds = values, kinds
        self._curve = best_order if words else threshold
        self._honest = np.sort(values[honest])
        self._of_kind = {kind: np.sort(values[rows]) for kind, rows in of_kind.items()}

    def against_all(self, illicit: Values) -> float:
        """The area against all honest payments."""
        return self._curve(self._values[illicit], self._honest)

    def against_same_kind(self, illicit: Values) -> float:
        """The mean over the kinds of the illicit payments of the area against honest payments of that kind."""
        total, areas = 0, 0.0
        kinds, values = self._kinds[illicit], self._values[illicit]
        for kind in np.unique(kinds).tolist():
            honest, its = self._of_kind[kind], values[kinds == kind]
            if honest.size:
                total += len(its)
                areas += len(its) * self._curve(its, honest)
        return areas / total if total else 0.5


def _columns(table: pa.Table, start_of_day_us: int) -> Iterator[tuple[str, Values]]:
    payer, payee = (_values(table, side) for side in ("payer", "payee"))
    accounts = int(max(payer.max(initial=0), payee.max(initial=0))) + 1
    out, into = (np.bincount(side, minlength=accounts) for side in (payer, payee))
    yield "hour", (_values(table, "submitted_at_us") + start_of_day_us) % US_PER_DAY // US_PER_HOUR
    for name in NUMBERS:
        if name != "hour":
            yield name, _values(table, name)
    yield from zip(DEGREES, (out[payer], into[payer], into[payee], out[payee]), strict=True)
    for name in WORDS:
        yield name, _values(table, name)


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
