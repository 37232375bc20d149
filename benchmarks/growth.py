"""How CPU time grows with what a run is about: `python -m benchmarks.growth [FEATURE...]`, each in a fresh process.

Each feature is run at one, two and four times the size, shortest first, after a small run that compiles. What counts is
the ratio of times within one process: 2 is linear, 4 is quadratic. The last row of a feature is what doubles from two
times to four times the size; fixed costs make it look better than it is, so sizes are large enough to outweigh them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final, NamedTuple

MOST_GROWTH: Final = 2.6
"""CPU of twice the size: linear or n log n, with room for a machine that is shared."""
ROOT: Final = Path(__file__).resolve().parent.parent


class Feature(NamedTuple):
    """A scenario, what is set in it anyway, and values by path that are multiplied: numbers and what stands after."""

    scenario: str
    fixed: dict[str, str]
    grows: dict[str, tuple[float, str]]


FEATURES: Final = {
    "queue, one way": Feature("", {"mean": "100"}, {"payments": (300, "")}),
    "queue, both ways": Feature("", {"mean": "10", "back": "10"}, {"payments": (300, "")}),
    "queue, no overtaking": Feature("", {"mean": "100", "overtaking": "false"}, {"payments": (300, "")}),
    "queue, two by two": Feature("", {"mean": "100", "mode": "bilateral"}, {"payments": (300, "")}),
    "chain of correspondents": Feature("", {"arrangements": "correspondent"}, {"payments": (600, "")}),
    "hard wallets": Feature(
        "offline-village", {"duration": "3 days", "offline.signed": "0"}, {"population.wallets": (1_500, "")}
    ),
    "digital bills": Feature("digital-bills", {"duration": "150 days"}, {"bills.core.orders": (0.25, " /day")}),
    "data exchange": Feature("data-exchange", {"duration": "7 days"}, {"data_exchange.orders": (20, " /day")}),
    "vouchers": Feature(
        "purpose-bound-subsidy", {"duration": "8 days"}, {"contracts.subsidies.food.vouchers": (2_000, "")}
    ),
    "criminals and alerts": Feature("mule-network", {"duration": "1 days"}, {"scale": (0.1, "")}),
    "life of the box": Feature("sandbox-life-cycle", {"duration": "10 days"}, {"scale": (0.25, "")}),
    "flight from deposits": Feature("bank-run", {}, {"scale": (0.25, "")}),
}


def congested(size: float, fixed: dict[str, str]) -> Any:
    """Two jurisdictions whose banks owe each other far more than they hold."""
    from sandbox.scenario.schema import scenario_from

    corridor = {"payments": f"{size:g} /day", "sigma": 1.2}
    return scenario_from(
        {
            "title": "Benchmark", "question": "How fast?", "duration": "1 days", "series": {"bin": "1 h"},
            "population": {"wallets": 50, "corporates": 10}, "merchants": {"count": 12},
            "demand": {"segments": {"shops": {"payments": "5 /day", "ticket": "qr_quantile"}}},
            "crossborder": {
                "arrangements": fixed.get("arrangements", "shared_ledger"), "settle_within": "1 days",
                "jurisdictions": {"mainland": {"banks": 5}, "hong_kong": {"banks": 5}},
                "corridors": {
                    "there": {**corridor, "sender": "mainland", "receiver": "hong_kong",
                              "mean": f"{fixed.get('mean', '1')} million USD"},
                    "back": {**corridor, "sender": "hong_kong", "receiver": "mainland",
                             "mean": f"{fixed.get('back', '10')} million USD"},
                },
                "shared_ledger": {
                    "liquidity": "20 million USD", "dealer_liquidity": "50 million USD",
                    "quotes": {"validity": "12 h"},
                    "queue": {"patience": "none", "mode": fixed.get("mode", "multilateral"),
                              "overtaking": fixed.get("overtaking", "true") == "true"},
                },
            },
        }
    )  # fmt: skip


def cpu_s(name: str, times: float) -> float:
    """CPU seconds of a feature at so many times its size."""
    from sandbox import api
    from sandbox.simulate import simulate

    feature = FEATURES[name]
    if not feature.scenario:
        ((base, _),) = feature.grows.values()
        scenario = congested(base * times, feature.fixed)
    else:
        grown = {path: f"{base * times:g}{unit}" for path, (base, unit) in feature.grows.items()}
        scenario = api.load(feature.scenario, {**feature.fixed, **grown}).scenario
    began = time.process_time()
    simulate(scenario, None, name="benchmark")
    return time.process_time() - began


def measured(name: str) -> list[float]:
    """CPU seconds at one, two and four times the size, once everything is compiled."""
    cpu_s(name, 0.25)
    return [cpu_s(name, times) for times in (1, 2, 4)]


def child(name: str) -> list[float]:
    """`measured` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.growth", "child", name]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    result: list[float] = json.loads(done.stdout.splitlines()[-1])
    return result


def main(arguments: list[str]) -> None:
    """Print the table, or in a child one measurement."""
    if arguments[:1] == ["child"]:
        print(json.dumps(measured(arguments[1])))
        return
    print("| what | CPU-s | of twice the size | of twice that | holds |\n| --- | --- | --- | --- | --- |")
    for name in arguments or FEATURES:
        one, two, four = child(name)
        holds = "yes" if four / two <= MOST_GROWTH else "NO"
        times = f"{one:.2f}, {two:.2f}, {four:.2f} | {two / one:.2f} | {four / two:.2f}"
        print(f"| {name} | {times} | {holds} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
