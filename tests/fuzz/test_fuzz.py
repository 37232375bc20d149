"""Mutants of the gallery's scenarios: each is refused in so many words, or taken as it stands.

Goal: no file makes the loader fail, hang, guess, or drop without a word what somebody typed. Method: seeded changes of
names, types, units, numbers, dates, references and of the text as such, judged by a second reader that shares nothing
with the loader (`tests.fuzz.reader`). A mutant is made again by `python -m tests.fuzz --seed N`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.peak import forget_peak, peak_bytes
from tests.fuzz.hunt import hunt, told
from tests.fuzz.mutants import KINDS, mutant

QUICK = 1_000
OTHERS = 1_000
WHOLE = 100_000
PARTS = 20
MOST_GROWN = 400 * 1024 * 1024


def test_the_same_seed_is_the_same_mutant(tmp_path: Path) -> None:
    first, again = ([mutant(seed, tmp_path) for seed in range(40)] for _ in range(2))
    assert [(one.data, one.kinds, one.meaning) for one in first] == [
        (one.data, one.kinds, one.meaning) for one in again
    ]
    assert len({one.data for one in first}) >= 38


def test_some_mutants_are_refused_or_taken_whole(tmp_path: Path) -> None:
    forget_peak()
    before = peak_bytes()
    result = hunt(range(QUICK), tmp_path)
    assert not result.found, told(result.found)
    assert set(result.kinds) >= set(KINDS)
    assert 0.1 < result.accepted / result.tried < 0.6
    assert peak_bytes() - before < MOST_GROWN


@pytest.mark.slow
@pytest.mark.parametrize("part", range(2))
def test_thousands_of_other_mutants(part: int, tmp_path: Path) -> None:
    first = WHOLE + part * OTHERS
    result = hunt(range(first, first + OTHERS), tmp_path, enough=20)
    assert not result.found, told(result.found)


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_a_hundred_thousand_mutants(part: int, tmp_path: Path) -> None:
    each = WHOLE // PARTS
    result = hunt(range(part * each, (part + 1) * each), tmp_path, enough=20)
    assert not result.found, told(result.found)
