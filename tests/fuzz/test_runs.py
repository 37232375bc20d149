"""Sound mutants run: nothing fails that is not a mistake in the file, the audit finds nothing, and the report reads as
one.

Goal: no scenario that `check` calls good ends in a bug, a false alarm or a word that is none. Method: scenarios of the
gallery cut down, every value in force written out, and some of them moved as far as they go; a mutant is made again by
`python -m tests.fuzz --runs --seed N`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.scenario import gallery
from tests.fuzz.runs import NOT_A_WORD, run_mutants, told_of_runs
from tests.fuzz.sound import small, sound_mutant

QUICK = 5
SLOW = 25
WHOLE = 1_000
PARTS = 10
ROOM = 20
"""Seeds for each run wanted; most mutants are refused, or are not small."""


def test_the_same_seed_is_the_same_sound_mutant() -> None:
    assert [sound_mutant(seed).data for seed in range(6)] == [sound_mutant(seed).data for seed in range(6)]


def test_what_is_no_word_is_seen() -> None:
    for words in ("| None |", "paid nan yuan", "1e-10 %", "2.5e+07 yuan", "{'on': True}", "-inf s"):
        assert NOT_A_WORD.search(words), words
    for words in ("None paid more.", "`None`", "abc1e5", "#1e5e51", "a wallet nanny", "Information", "#a-1e5"):
        assert not NOT_A_WORD.search(words), words


def test_some_sound_mutants_run(tmp_path: Path) -> None:
    result = run_mutants(range(QUICK * ROOM), tmp_path, QUICK)
    assert not result.found, told_of_runs(result)
    assert result.ran == QUICK


@pytest.mark.slow
def test_sound_mutants_run(tmp_path: Path) -> None:
    result = run_mutants(range(1_000, 1_000 + SLOW * ROOM), tmp_path, SLOW)
    assert not result.found, told_of_runs(result)
    assert result.ran == SLOW
    assert len(result.names) > len(gallery.names()) / 2


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_many_sound_mutants_run(part: int, tmp_path: Path) -> None:
    first = 10_000 * (part + 1)
    result = run_mutants(range(first, first + 10_000), tmp_path, WHOLE // PARTS)
    assert not result.found, told_of_runs(result)
    assert result.ran == WHOLE // PARTS


@pytest.mark.long
@pytest.mark.parametrize("name", gallery.names())
def test_what_is_cut_down_is_the_whole_scenario(name: str) -> None:
    paths = {site.path[0] for site in small(name).sites}
    assert {"rules", "population", "demand", "institutions", "merchants"} <= paths
