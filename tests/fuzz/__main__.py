"""`python -m tests.fuzz`: mutants of the gallery's scenarios, tried one after the other.

--seed N       the first seed, 0 if not given
--count N      how many, 1 if not given
--only KIND    a kind of mutation, or the start of one; may be repeated
--runs         sound mutants, which are run, audited and reported
--keep FILE    where to leave the last mutant that was found
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.hunt import hunt, told
from tests.fuzz.mutants import KINDS
from tests.fuzz.runs import run_mutants, told_of_runs


def main() -> int:
    """Exit status 0: nothing found; 1: something."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--runs", action="store_true")
    parser.add_argument("--most", type=int, default=40)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    only = tuple(name for name in KINDS if name.startswith(tuple(asked.only))) if asked.only else ()
    seeds = range(asked.seed, asked.seed + asked.count)
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        if asked.runs:
            ran = run_mutants(seeds, Path(folder), asked.count)
            found, did = ran.found, f"{ran.tried} mutants, {ran.ran} ran"
            print(told_of_runs(ran, asked.most))
        else:
            result = hunt(seeds, Path(folder), only)
            found, did = result.found, f"{result.tried} mutants, {result.accepted} accepted"
            print(told(result.found, asked.most))
    sorts = Counter(one.findings[0].partition(":")[0] for one in found)
    print(f"{did} in {time.process_time() - started:.1f} CPU-s; found: {dict(sorts)}")
    if found and asked.keep is not None:
        asked.keep.write_bytes(found[-1].mutant.data)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
