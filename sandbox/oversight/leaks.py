"""Does a single column give the crime away? The area under the ROC curve of each against the ground truth.

A public data set in which one column separates illicit from honest payments says nothing about detectors. The labelled
payments are compared with a sample of the others, chosen by a hash of their ids. Numbers are compared as they are,
whichever end is suspicious; of words (kind, institution) half of the payments say how suspicious each is, the other
half is compared, and the other way round, so that chance does not look like knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sandbox.core.draws import Int64Array
from sandbox.core.layout import (
    C_CATEGORY_SHIFT,
    C_CLASS_SHIFT,
    C_PAYEE_INSTITUTION_SHIFT,
    C_PAYER_INSTITUTION_SHIFT,
    CATEGORY_MASK,
    CLASS_MASK,
    INSTITUTION_MASK,
    META,
    O_AMOUNT,
    O_CODES,
    O_ID,
    O_PAYEE,
    O_PAYER,
    O_SUBMITTED,
    O_TAG,
    TAG_KIND_SHIFT,
)  # fmt: skip
from sandbox.oversight.scoring import labels_in

SAMPLE: Final = 200_000
"""About how many honest payments are kept."""
FEWEST: Final = 30
"""Patterns with fewer payments are left out: the area of so few is chance."""
_HASH: Final = np.uint64(0x9E3779B97F4A7C15)
_ROUND_FEN: Final = 100_00
_HOUR_US: Final = 3_600_000_000

NUMBERS: Final = ("amount_fen", "amount_is_round", "hour", "payer_payments", "payee_payments")
WORDS: Final = ("kind", "category", "payer_class", "payee_class", "payer_institution", "payee_institution")
_KEPT: Final = (O_ID, O_SUBMITTED, O_PAYER, O_PAYEE, O_AMOUNT, O_CODES, O_TAG)


def auc(positive: npt.NDArray[Any], negative: npt.NDArray[Any]) -> float:
    """The chance that a positive exceeds a negative, ties counted half.

    >>> auc(np.array([3, 2]), np.array([1, 2, 2]))
    0.8333333333333334
    """
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left").astype(np.float64)
    up_to = np.searchsorted(ordered, positive, side="right")
    return float((below + up_to).sum() / (2 * len(positive) * len(negative)))


def number_auc(positive: npt.NDArray[Any], negative: npt.NDArray[Any]) -> float:
    """As `auc`, whichever end is suspicious: from 0.5 up."""
    area = auc(positive, negative)
    return max(area, 1.0 - area)


def word_auc(positive: Int64Array, negative: Int64Array) -> float:
    """The area of a column of codes, each weighed by the other half of the payments."""
    size = int(max(positive.max(initial=0), negative.max(initial=0))) + 1
    areas = []
    for half in range(2):
        learn_yes, learn_no = positive[half::2], negative[half::2]
        yes, no = positive[1 - half :: 2], negative[1 - half :: 2]
        if not len(yes) or not len(no) or not len(learn_yes):
            continue
        rates = (np.bincount(learn_yes, minlength=size) + 0.0) / (np.bincount(learn_no, minlength=size) + 1.0)
        areas.append(auc(rates[yes], rates[no]))
    return float(np.mean(areas)) if areas else 0.5


class Leaks:
    """Keeps what is needed of the payments as they end; the areas are computed after the run."""

    def __init__(self, accounts: Int64Array, expected: float, start_us: int) -> None:
        """`expected` payments, about; `start_us`: time of day at the start."""
        self._accounts, self._start_us = accounts, start_us
        self._cut = np.uint64(min(1.0, SAMPLE / max(1.0, expected)) * 2**32)
        self._paid = np.zeros(len(accounts), dtype=np.int64)
        self._received = np.zeros(len(accounts), dtype=np.int64)
        self._labelled: list[Int64Array] = []
        self._others: list[Int64Array] = []

    def take(self, window: Int64Array) -> None:
        """Count payers and payees; keep the labelled and a sample of the others."""
        np.add.at(self._paid, window[O_PAYER], 1)
        np.add.at(self._received, window[O_PAYEE], 1)
        labels = labels_in(window)
        chosen = ((window[O_ID].astype(np.uint64) * _HASH) >> np.uint64(32)) <= self._cut
        for kept, which in ((self._labelled, labels > 0), (self._others, chosen & (labels == 0))):
            numbers = np.flatnonzero(which)
            if len(numbers):
                kept.append(np.concatenate([window[:, numbers][list(_KEPT)], labels[None, numbers]]))

    def _columns(self, kept: list[Int64Array]) -> tuple[dict[str, Int64Array], Int64Array]:
        rows = np.concatenate([np.zeros((len(_KEPT) + 1, 0), dtype=np.int64), *kept], axis=1)
        _, at, payer, payee, amount, codes, tag, labels = rows
        return {
            "amount_fen": amount,
            "amount_is_round": (amount % _ROUND_FEN == 0).astype(np.int64),
            "hour": (at + self._start_us) // _HOUR_US % 24,
            "payer_payments": self._paid[payer],
            "payee_payments": self._received[payee],
            "kind": (tag >> TAG_KIND_SHIFT) & 15,
            "category": (codes >> C_CATEGORY_SHIFT) & CATEGORY_MASK,
            "payer_class": (codes >> C_CLASS_SHIFT) & CLASS_MASK,
            "payee_class": self._accounts[payee, META] & CLASS_MASK,
            "payer_institution": (codes >> C_PAYER_INSTITUTION_SHIFT) & INSTITUTION_MASK,
            "payee_institution": (codes >> C_PAYEE_INSTITUTION_SHIFT) & INSTITUTION_MASK,
        }, labels

    def table(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """A row for all illicit payments together and for each pattern: how many, and the area of each column."""
        illicit, labels = self._columns(self._labelled)
        honest, none = self._columns(self._others)
        if not len(none):
            return []
        groups: list[tuple[str, npt.NDArray[np.bool_]]] = [("all", labels > 0)]
        groups += [(name, labels == number) for number, name in enumerate(names, 1)]
        return [
            {"pattern": name, "payments": int(its.sum()), **_areas(illicit, honest, its)}
            for name, its in groups
            if its.sum() >= FEWEST
        ]


def _areas(
    illicit: Mapping[str, Int64Array], honest: Mapping[str, Int64Array], its: npt.NDArray[np.bool_]
) -> dict[str, float]:
    numbers = {name: number_auc(illicit[name][its], honest[name]) for name in NUMBERS}
    return {**numbers, **{name: word_auc(illicit[name][its], honest[name]) for name in WORDS}}


__all__ = ["NUMBERS", "WORDS", "Leaks", "auc", "number_auc", "word_auc"]
