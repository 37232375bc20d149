"""Fronts and regrets against their definitions, tried on all choices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.experiment.front import pareto_front
from sandbox.experiment.analysis import regrets

GOALS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=12)
BOTH = st.tuples(st.booleans(), st.booleans())


def beaten(choice, others, signs):
    """Whether another is as good in both goals and better in one."""
    mine = [sign * value for sign, value in zip(signs, choice, strict=True)]
    for other in others:
        theirs = [sign * value for sign, value in zip(signs, other, strict=True)]
        if all(b >= a for a, b in zip(mine, theirs, strict=True)) and theirs != mine:
            return True
    return False


@given(GOALS, BOTH)
def test_the_front_is_whoever_is_not_beaten(choices, high_is_good):
    signs = [1 if high else -1 for high in high_is_good]
    expected = {at for at, one in enumerate(choices) if not beaten(one, choices, signs)}
    assert pareto_front(choices, high_is_good) == expected


@given(st.lists(st.lists(st.integers(-5, 5), min_size=3, max_size=3), min_size=1, max_size=6), st.booleans())
def test_regret_by_its_definition(table, high_is_good):
    best = [(max if high_is_good else min)(column) for column in zip(*table, strict=True)]
    found = {one.choice: one for one in regrets(np.array(table, dtype=float), high_is_good)}
    for at, row in enumerate(table):
        lost = [abs(b - value) for b, value in zip(best, row, strict=True)]
        assert found[at].worst == max(lost)
        assert found[at].mean == pytest.approx(sum(lost) / 3)
        assert found[at].best_in == pytest.approx(lost.count(0) / 3)
    order = [one.worst for one in regrets(np.array(table, dtype=float), high_is_good)]
    assert order == sorted(order)


def test_futures_that_not_all_reached_do_not_count():
    table = np.array([[1.0, 2.0], [5.0, np.nan]])
    assert [(one.choice, one.worst) for one in regrets(table, True)] == [(1, 0.0), (0, 4.0)]
    with pytest.raises(ValueError, match="no future"):
        regrets(np.array([[np.nan]]), True)
