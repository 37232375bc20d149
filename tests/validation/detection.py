"""How many alerts of the default detectors are right, over 20 seeds: `python -m tests.validation.detection` prints it.

Goal: with one illicit payment in a thousand, as published (AMLworld HI-Small, SAML-D), the precision of alerts lies in
the published band of 2 to 10 % (trade literature on alerts 2024-2026). The band was known when the thresholds were
chosen, so this holds them there; it proves nothing about real detectors. Method: the scenario `anonymity-or-detection`
without its frontier, one run a seed; the interval is Student's for the mean over seeds.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from sandbox.scenario.load import load
from sandbox.simulate import simulate
from sandbox.stats.intervals import mean_interval

SEEDS: Final = range(1, 21)
LOWEST, HIGHEST = 0.02, 0.10
"""The published band."""


class Score(NamedTuple):
    """One seed's."""

    precision: float
    recall: float
    value_recall: float
    illicit_share: float


def score(seed: int, scale: float = 1.0) -> Score:
    """Run the scenario with this seed."""
    changes = {"supervision.frontier.anonymous_below": [], "seed": seed, "scale": scale}
    with tempfile.TemporaryDirectory() as folder:
        scenario = load("anonymity-or-detection", overrides=changes).scenario
        summary = simulate(scenario, Path(folder), name="detection", record="none")
    crime = summary["risk"]["financial_crime"]
    share = crime["payments"] / summary["throughput"]["settled"]
    return Score(crime["precision"], crime["recall"], crime["value_recall"], share)


def main() -> None:
    """Print a row a seed and the intervals."""
    print("| seed | illicit of 1,000 settled | precision | recall | recall by value |\n| --- | --- | --- | --- | --- |")
    scores = []
    for seed in SEEDS:
        one = score(seed)
        scores.append(one)
        cells = f"{one.precision:.1%} | {one.recall:.1%} | {one.value_recall:.1%}"
        print(f"| {seed} | {1000 * one.illicit_share:.2f} | {cells} |")
    for name in ("precision", "recall", "value_recall"):
        found = mean_interval([getattr(one, name) for one in scores])
        print(f"{name}: {found.value:.1%}, 95 % interval {found.low:.1%} to {found.high:.1%}")
    inside = sum(LOWEST <= one.precision <= HIGHEST for one in scores)
    print(f"precision within {LOWEST:.0%} to {HIGHEST:.0%}: {inside} of {len(scores)} seeds")


if __name__ == "__main__":
    main()
