"""How many alerts of the default detectors are right.

Goal: with one illicit payment in a thousand, as published (AMLworld HI-Small, SAML-D), the precision of alerts lies in
the published band of 2 to 10 % (trade literature on alerts 2024-2026). The band was known when the thresholds were
chosen, so this holds them there; it proves nothing about real detectors. Method: the scenario `anonymity-or-detection`
without its frontier, one run a seed; the interval is Student's for the mean over seeds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from sandbox.scenario.load import load
from sandbox.simulate import simulate
from sandbox.validation.check import Check, near, unjudged

BENCHMARK: Final = "AMLworld HI-Small (IBM 2023)"
BAND: Final = "trade literature on alerts 2024-2026"
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
    loaded = load("anonymity-or-detection", overrides=changes)
    summary = simulate(loaded.scenario, None, name=loaded.name)
    scored = summary["risk"]["financial_crime"]
    share = scored["payments"] / summary["throughput"]["settled"]
    return Score(scored["precision"], scored["recall"], scored["value_recall"], share)


def checks(seed: int) -> Iterator[Check]:
    """Precision against the published band; recall, of which nothing was published."""
    found, band = score(seed), f"{100 * LOWEST:.0f} to {100 * HIGHEST:.0f} %"
    yield near("detection.illicit", 0.001, BENCHMARK, 0.2, found.illicit_share, ".3%", shown="0.1 %")
    yield Check("detection.precision", band, BAND, LOWEST, HIGHEST, found.precision, ".1%")
    yield unjudged("detection.recall", found.recall, ".1%")
    yield unjudged("detection.value_recall", found.value_recall, ".1%")
