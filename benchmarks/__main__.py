"""Measure and print a table: `python -m benchmarks` (`make bench`). `--quick` takes a tenth of the payments.

Each line says what was asked for and what came out on this machine now; nothing here makes a test fail.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import crossborder

GIB = 2**30
ROOT = Path(__file__).resolve().parent.parent


def child(*arguments: object) -> dict[str, Any]:
    """One measurement in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.child", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def wall_s(command: list[str], times: int) -> float:
    """Best wall time of a command, warm (one run before is not counted)."""
    best = float("inf")
    for turn in range(times + 1):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
        if turn:
            best = min(best, time.perf_counter() - began)
    return best


def line(what: str, asked: str, got: str, holds: bool) -> None:
    """Print one row of the table."""
    print(f"| {what} | {asked} | {got} | {'yes' if holds else 'NO'} |", flush=True)


def engine_lines(scale: float) -> None:
    """Speed, growth and memory of the engine."""
    small = child("engine", 1e6 * scale, 1_000_000, "all")
    large = child("engine", 1e7 * scale, 1_000_000, "all")
    speed = large["payments"] / large["cpu_s"]
    line("payments recorded per CPU-second, 1 million wallets", "1,000,000", f"{speed:,.0f}", speed >= 1e6)
    slow = child("oracle", 20_000 * max(scale, 0.2), 10_000)
    ratio = speed / (slow["payments"] / slow["cpu_s"])
    line("times the speed of one SimPy process a payment", "20", f"{ratio:.0f}", ratio >= 20)
    growth = (large["cpu_s"] / small["cpu_s"]) / (large["payments"] / small["payments"]) * 10
    line("CPU of 10 times the payments", "at most 10.5 times", f"{growth:.2f} times", growth <= 10.5)
    peak = large["peak_bytes"] / GIB
    line(f"peak memory, {large['payments']:,} payments recorded", "1 GiB", f"{peak:.2f} GiB", peak <= 1)
    line("size of payments.parquet", "-", f"{large['bytes_a_payment']:.0f} bytes a payment", True)


def wallet_lines() -> None:
    """Memory of a wallet, from the difference of two sizes."""
    few, many = child("wallets", 1_000_000), child("wallets", 5_000_000)
    each = (many["bytes"] - few["bytes"]) / (many["wallets"] - few["wallets"])
    line("memory of a wallet", "at most 100 bytes", f"{each:.0f} bytes", each <= 100)


def front_door_lines() -> None:
    """What a user waits for."""
    command = str(Path(sys.executable).parent / "ecny-sandbox")
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "luohu")
        took = wall_s([command, "run", "luohu-red-packets-2020", "--out", out, "--force"], 3)
        shutil.rmtree(out, ignore_errors=True)
    line("`run luohu-red-packets-2020` with its report, warm", "5 s", f"{took:.1f} s", took <= 5)
    took = wall_s([command, "--help"], 5)
    line("`--help`", "0.3 s", f"{took:.2f} s", took <= 0.3)


def main() -> None:
    """Print the table."""
    scale = 0.1 if "--quick" in sys.argv else 1.0
    print("| what | asked for | measured | holds |\n| --- | --- | --- | --- |")
    engine_lines(scale)
    wallet_lines()
    front_door_lines()
    for way in crossborder.WAYS:
        for row in crossborder.lines(way, int(crossborder.PAYMENTS * scale)):
            line(*row)


if __name__ == "__main__":
    main()
