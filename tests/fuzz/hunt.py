"""A hunt: mutants by seed, one after the other, and what is found."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.fuzz import kinds_of_names, kinds_of_text, kinds_of_values
from tests.fuzz.judge import judged
from tests.fuzz.mutants import Mutant, mutant

THOROUGH: Final = 40
"""Every so many mutants what is accepted is also written out and read again."""

__all__ = ["Found", "Hunt", "difference", "hunt", "kinds_of_names", "kinds_of_text", "kinds_of_values", "told"]


@dataclass
class Found:
    """A mutant with which something is wrong."""

    mutant: Mutant
    findings: list[str]


@dataclass
class Hunt:
    """What came of many mutants."""

    tried: int = 0
    accepted: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    found: list[Found] = field(default_factory=list)


def hunt(seeds: range, folder: Path, only: tuple[str, ...] = (), enough: int = 0) -> Hunt:
    """Try the mutants of seeds.

    Args:
        seeds: of the mutants.
        folder: for the files.
        only: kinds of mutation; all of them if none is named.
        enough: stop when so many are found; 0: never.
    """
    result = Hunt()
    for seed in seeds:
        one = mutant(seed, folder, only)
        findings, loaded = judged(one, folder, thorough=seed % THOROUGH == 0)
        result.tried += 1
        result.accepted += loaded is not None
        result.kinds.update(one.kinds)
        if findings:
            result.found.append(Found(one, findings))
            if len(result.found) == enough:
                break
    return result


def difference(mutant: Mutant) -> str:
    """What was changed, line by line."""
    after = mutant.data.decode("utf-8", "backslashreplace").splitlines()
    lines = list(difflib.unified_diff(mutant.base.text.splitlines(), after, n=0, lineterm=""))[2:]
    return "\n".join(f"    {line}" for line in lines[:30] if not line.startswith("@@"))


def told(found: list[Found], most: int = 10) -> str:
    """What was found, to be tried again by anybody."""
    return "\n".join(line for one in found[:most] for line in _told(one))


def _told(one: Found) -> Iterator[str]:
    yield f"--- {one.findings[0]}"
    yield f"    {one.mutant.base.name}, {' and '.join(one.mutant.kinds)}: {one.mutant.meaning}"
    yield difference(one.mutant)
    yield f"    again: python -m tests.fuzz --seed {one.mutant.seed}"
