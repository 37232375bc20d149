"""The table of suppressed alerts against a dictionary: what it forgets is over, what it keeps is exact."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.features.supervision.detectors.suppression import (
    MOST_RULES,
    new_table,
    suppress,
    suppressed_until,
    with_room,
)

step = st.tuples(st.integers(0, 2**40), st.integers(0, MOST_RULES - 1), st.integers(1, 500), st.booleans())


@given(steps=st.lists(step, max_size=60), among=st.sampled_from([3, 2**40]))
@settings(max_examples=60)
def test_it_is_a_dictionary(steps: list[tuple[int, int, int, bool]], among: int) -> None:
    table, known, now = new_table(), {}, 0
    for who, rule, lasts, sweep in steps:
        now += 37
        if sweep:
            table = with_room(table, 10, now)
        suppress(table, who % among, rule, now + lasts)
        known[who % among, rule] = now + lasts
        for (one, its), until in known.items():
            assert suppressed_until(table, one, its) == until or until <= now


def test_it_grows_and_shrinks_again() -> None:
    """Ten thousand suppressions: all are kept in a table that is never more than half full, and let go when over."""
    table = new_table()
    for who in range(10_000):
        if who % 1_000 == 0:
            table = with_room(table, 1_000, now=0)
        suppress(table, who, who % MOST_RULES, 1_000 + who)
    assert all(suppressed_until(table, who, who % MOST_RULES) == 1_000 + who for who in range(10_000))
    assert 20_000 <= len(table) <= 65_536
    later = with_room(table, 1_000, now=10_000)
    assert len(later) == 1 << 13
    assert suppressed_until(later, 9_000, 9_000 % MOST_RULES) == 0
    assert suppressed_until(later, 9_001, 9_001 % MOST_RULES) == 10_001
