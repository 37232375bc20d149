"""Weighted choice: the probabilities that a table of thresholds and aliases gives are those of the weights."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.core.compiled import compiled
from sandbox.core.draws import Int64Array, stream
from sandbox.market.choice import WHOLE, alias_table, choose
from tests.oracle import draws as oracle


def probabilities(alias: Int64Array) -> list[Fraction]:
    """Exact probability of each number: its own column below the threshold, and others' columns above theirs."""
    count = len(alias)
    found = [Fraction(0)] * count
    for column, (threshold, other) in enumerate(alias.tolist()):
        found[column] += Fraction(threshold, WHOLE * count)
        found[other] += Fraction(WHOLE - threshold, WHOLE * count)
    return found


def assert_right(weights: list[float]) -> None:
    total = sum(map(Fraction, weights))
    found = probabilities(alias_table(np.array(weights, dtype=np.float64)))
    assert sum(found) == 1
    # A threshold is cut to 2**-32 of a column, and a number is in at most all columns; weights are kept to 2**-40 of
    # the largest.
    slack = Fraction(1, 2**32) + Fraction(len(weights), 2**40)
    for weight, probability in zip(weights, found, strict=True):
        assert abs(probability - Fraction(weight) / total) <= slack


@given(st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=1, max_size=40).filter(lambda one: max(one) > 1e-3))
def test_any_weights(weights: list[float]) -> None:
    assert_right(weights)


@pytest.mark.parametrize("count", [1, 2, 1_000])
def test_heavy_tails(count: int) -> None:
    assert_right([rank**-0.9 for rank in range(1, count + 1)])


def test_what_weighs_nothing_is_never_chosen() -> None:
    found = probabilities(alias_table(np.array([0.0, 3.0, 0.0, 1.0])))
    assert found[0] == found[2] == 0


@compiled
def choices(alias: Int64Array, keys: np.ndarray, out: Int64Array) -> None:  # type: ignore[type-arg]
    """One choice a key."""
    for i in range(keys.size):
        out[i] = choose(alias, keys[i], 2)


def test_a_choice_takes_two_draws() -> None:
    """The first picks a column, the second stays or goes to the alias."""
    alias = alias_table(np.arange(1, 8, dtype=np.float64))
    keys = [int(stream(3, number)) for number in range(500)]
    found = np.empty(len(keys), dtype=np.int64)
    choices(alias, np.array(keys, dtype=np.uint64), found)
    for key, choice in zip(keys, found.tolist(), strict=True):
        column = oracle.below(oracle.mix(key, 2), len(alias))
        stays = oracle.below(oracle.mix(key, 3), WHOLE - 1) < alias[column, 0]
        assert choice == (column if stays else alias[column, 1])
