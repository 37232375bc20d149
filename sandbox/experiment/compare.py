"""Choices against a base, on common random numbers: whoever sets the levers chooses; all choices share the draws of the
uncertainties and the seeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sandbox.experiment.factors import Factor
from sandbox.experiment.results import Results
from sandbox.experiment.words import verdict
from sandbox.stats.intervals import PairedDifference, corrected, mean, paired

MOST_CHOICES: Final = 200
"""More are not compared one by one; the table has them."""

RandomInputs = tuple[tuple[tuple[str, str], ...], int]


@dataclass(frozen=True)
class Choice:
    """What somebody decides: a policy, and values of the levers.

    Attributes:
        policy: its name.
        varied: the levers' values by path.
        runs: places of its runs, by what they share with other choices' runs (uncertainties, replication).
    """

    policy: str
    varied: tuple[tuple[str, str], ...]
    runs: dict[RandomInputs, int]

    @property
    def name(self) -> str:
        """The policy, or the levers' values; both where both differ."""
        levers = ", ".join(f"{path}={words}" for path, words in self.varied)
        return levers or self.policy


@dataclass(frozen=True)
class Comparison:
    """One metric of a choice against the base. `paired` is None where no pair has the number on both sides."""

    metric: str
    base: Choice
    other: Choice
    paired: PairedDifference | None

    @property
    def words(self) -> str:
        """The verdict."""
        return verdict(self.metric, self.paired)

    def as_dict(self) -> dict[str, Any]:
        """For `summary.json`."""
        entry: dict[str, Any] = {"metric": self.metric, "base": self.base.name, "other": self.other.name}
        entry |= {"policy": self.other.policy, "varied": dict(self.other.varied), "words": self.words}
        if self.paired is None:
            return entry
        found, difference = self.paired, self.paired.difference
        return entry | {
            "pairs": found.pairs,
            "base_mean": found.base_mean,
            "other_mean": found.other_mean,
            "difference": difference.value,
            "low": difference.low,
            "high": difference.high,
            "level": difference.level,
            "p_value": found.p_value,
            "adjusted": found.adjusted_p_value,
            "clear": found.clear,
            "removed": found.variance_removed,
        }


def choices_of(results: Results, factors: Sequence[Factor] = ()) -> list[Choice]:
    """The choices of a design, the base first, in the order of the design."""
    unknown = {factor.path for factor in factors if factor.kind == "uncertainty"}
    choices: dict[Any, Choice] = {}
    for at, job in enumerate(results.jobs):
        levers = tuple(one for one in job.varied if one[0] not in unknown)
        inputs = (tuple(one for one in job.varied if one[0] in unknown), job.replication)
        choice = choices.setdefault((job.policy, levers), Choice(job.policy, levers, {}))
        choice.runs[inputs] = at
    return list(choices.values())


def compare(results: Results, metrics: Sequence[str], factors: Sequence[Factor] = ()) -> list[Comparison]:
    """Every choice against the first, for each metric; p-values are corrected for the number of comparisons (Holm)."""
    choices = choices_of(results, factors)
    if len(choices) > MOST_CHOICES:
        return []
    made = [(metric, other, _paired(results, metric, choices[0], other)) for other in choices[1:] for metric in metrics]
    known = iter(corrected([found for _, _, found in made if found is not None]))
    return [
        Comparison(metric, choices[0], other, None if found is None else next(known)) for metric, other, found in made
    ]


def _paired(results: Results, metric: str, base: Choice, other: Choice) -> PairedDifference | None:
    values = results.column(metric)
    both = [
        inputs
        for inputs, at in base.runs.items()
        if inputs in other.runs and not np.isnan(values[at] + values[other.runs[inputs]])
    ]
    if not both:
        return None
    sides = [independent({inputs: float(values[one.runs[inputs]]) for inputs in both}) for one in (base, other)]
    return paired(sides[0], sides[1])


def independent(values: Mapping[RandomInputs, float]) -> list[float]:
    """Numbers that may be taken as independent of each other.

    Runs of one future share what nobody knows: where there are several futures, each counts once, with the mean of its
    runs. Otherwise each run counts.

    >>> independent({((("a", "1"),), 0): 1.0, ((("a", "1"),), 1): 3.0, ((("a", "2"),), 2): 7.0})
    [2.0, 7.0]
    >>> independent({((), 0): 1.0, ((), 1): 3.0})
    [1.0, 3.0]
    """
    futures: dict[tuple[tuple[str, str], ...], list[float]] = {}
    for (future, _), value in values.items():
        futures.setdefault(future, []).append(value)
    return list(values.values()) if len(futures) == 1 else [mean(one) for one in futures.values()]
