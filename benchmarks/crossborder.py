"""How fast payments across borders are: `python -m benchmarks.crossborder [ARRANGEMENT...] [--quick]`.

A year of payments between six jurisdictions through one arrangement, in a fresh process, with hardly anything on the
rail: demand, all that happens to them, their table and their numbers, in CPU time. Compiling does not count. `--quick`
takes a tenth.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

ARRANGEMENTS: Final = ("shared_ledger", "correspondent")
PAYMENTS: Final = 100_000
MOST_CPU_S: Final = 60
MOST_GROWTH: Final = 11
"""CPU of ten times the payments."""
ROOT: Final = Path(__file__).resolve().parent.parent
PLACES: Final = ("mainland", "hong_kong", "thailand", "uae", "saudi_arabia", "macau")


def measured(arrangement: str, payments: int) -> dict[str, Any]:
    """CPU seconds of so many payments through one arrangement."""
    from sandbox.simulate import simulate

    with tempfile.TemporaryDirectory() as folder:
        simulate(scenario(arrangement, 100), Path(folder), name="cold", record="none")
    asked = scenario(arrangement, payments)
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        summary = simulate(asked, Path(folder), name="benchmark", record="none")
        cpu_s = time.process_time() - began
    (numbers,) = summary["crossborder"]["arrangements"]
    return {"payments": numbers["payments"], "settled": numbers["settled"], "cpu_s": cpu_s}


def scenario(arrangement: str, payments: int) -> Any:
    """A year in which all pay all; in money, so much for each bank that nearly everything settles."""
    from sandbox.scenario.schema import scenario_from

    pairs = [(one, other) for one in PLACES for other in PLACES if one != other]
    corridors = {
        f"{one} to {other}": {
            "sender": one, "receiver": other, "count": max(1, payments // len(pairs)), "mean": "20000 USD",
            "payers": 1_000, "payees": 1_000,
        }
        for one, other in pairs
    }  # fmt: skip
    return scenario_from(
        {
            "title": "Benchmark", "question": "How fast?", "duration": "365 days", "series": {"bin": "1 days"},
            "population": {"wallets": 50, "corporates": 10}, "merchants": {"count": 12},
            "demand": {"segments": {"shops": {"payments": "5 /day", "ticket": "qr_quantile"}}},
            "crossborder": {"arrangements": arrangement, "corridors": corridors},
        }
    )  # fmt: skip


def child(arrangement: str, payments: int) -> dict[str, Any]:
    """`measured` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.crossborder", "child", arrangement, str(payments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def lines(arrangement: str, payments: int) -> list[tuple[str, str, str, bool]]:
    """Rows of a table: what, asked for, measured, whether it holds."""
    few, many = child(arrangement, payments // 10), child(arrangement, payments)
    most = MOST_CPU_S * payments / PAYMENTS
    growth = many["cpu_s"] / few["cpu_s"] / (many["payments"] / few["payments"]) * 10
    what = f"{many['payments']:,} payments ({arrangement}), {many['settled'] / many['payments']:.1%} settled"
    return [
        (what, f"{most:g} CPU-s", f"{many['cpu_s']:.1f} CPU-s", many["cpu_s"] <= most),
        (f"CPU of 10 times the payments ({arrangement})", f"at most {MOST_GROWTH} times", f"{growth:.1f} times",
         growth <= MOST_GROWTH),
    ]  # fmt: skip


def main(arguments: list[str]) -> None:
    """Print the table, or in a child one measurement."""
    if arguments[:1] == ["child"]:
        print(json.dumps(measured(arguments[1], int(arguments[2]))))
        return
    payments = PAYMENTS // 10 if "--quick" in arguments else PAYMENTS
    print("| what | asked for | measured | holds |\n| --- | --- | --- | --- |")
    for arrangement in [one for one in arguments if one in ARRANGEMENTS] or ARRANGEMENTS:
        for what, asked, got, holds in lines(arrangement, payments):
            print(f"| {what} | {asked} | {got} | {'yes' if holds else 'NO'} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
