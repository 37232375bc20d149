"""`python -m tests.oracle.hunt WORLDS`: compare rail and oracle on fixed worlds; say where the first difference is.

Exit status: 0 they agree, 3 they differ. The seeded bugs are hunted with it, each in a process of its own.
"""

from __future__ import annotations

import sys

import sandbox
from sandbox.core.ledger import BrokenInvariant
from tests.oracle.compare import check
from tests.oracle.worlds import case_of

AGREE, DIFFER = 0, 3


def hunt(worlds: int) -> str | None:
    """The first difference in worlds 0 to `worlds - 1`, or None."""
    for seed in range(worlds):
        try:
            check(case_of(seed))
        except (AssertionError, BrokenInvariant) as difference:
            return f"world {seed}: {difference}"
    return None


if __name__ == "__main__":
    print(sandbox.__file__)
    found = hunt(int(sys.argv[1]))
    print(found or "they agree")
    sys.exit(AGREE if found is None else DIFFER)
