"""One published number beside what a run gave for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple


class Check(NamedTuple):
    """A number of one run, and between which two it has to lie.

    `what` is a code of `words` or stands for itself. `published` is as it was published, with `source` as it stands in
    docs/sources.md; both are empty where nothing was published. `form` is a format specification. What has no limits
    is told and not judged.
    """

    what: str
    published: str
    source: str
    least: float
    most: float
    found: float
    form: str = ",.0f"

    @property
    def holds(self) -> bool:
        """Is it there? NaN never is."""
        return self.least <= self.found <= self.most

    def shown(self, value: float) -> str:
        """A number in this check's form.

        >>> unjudged("share", 0.2).shown(0.25), Check("share", "", "", 0, 1, 0.2, ".1%").shown(0.25)
        ('0', '25.0 %')
        """
        return format(value, self.form).replace("%", " %")


def near(
    what: str, published: float, source: str, within: float, found: float, form: str = ",.0f", shown: str = ""
) -> Check:
    """A number that has to lie within a share of what was published.

    >>> near("payments", 200, "HKMA 2022", 0.05, 191).holds
    True
    """
    slack = abs(published) * within
    check = Check(what, shown, source, published - slack, published + slack, found, form)
    return check if shown else check._replace(published=check.shown(published))


def unjudged(what: str, found: float, form: str = ",.0f") -> Check:
    """A number that nothing was published of."""
    return Check(what, "", "", -math.inf, math.inf, found, form)


@dataclass(frozen=True)
class CheckOverSeeds:
    """A check over several seeds: the mean has to lie between the limits."""

    check: Check
    found: Sequence[float]

    @property
    def mean(self) -> float:
        """Over seeds."""
        return fmean(self.found)

    @property
    def judged(self) -> bool:
        """Is there anything to hold it against?"""
        return math.isfinite(self.check.least) or math.isfinite(self.check.most)

    @property
    def holds(self) -> bool:
        """Does the mean lie between the limits? NaN never does."""
        return self.check.least <= self.mean <= self.check.most


@dataclass(frozen=True)
class Case:
    """Something published that the simulator can be held against; `run` gives its checks for a seed."""

    name: str
    """Also its code in `words`: `NAME`, what was fitted to these numbers as `NAME.fitted`, a remark as `NAME.note`."""
    run: Callable[[int], Iterator[Check]]

    def rows(self, seeds: Sequence[int], on_seed: Callable[[int], None] = lambda seed: None) -> list[CheckOverSeeds]:
        """One row a check, over the seeds; `ran` is called after each."""
        runs = []
        for seed in seeds:
            runs.append(list(self.run(seed)))
            on_seed(seed)
        return [CheckOverSeeds(checks[0], [one.found for one in checks]) for checks in zip(*runs, strict=True)]


@dataclass(frozen=True)
class Published:
    """What a feature declares of what was published about it.

    Args:
        cases: where the checks of each case stand, as `module:function`, by the case's name.
        words: about cases and numbers, by code.
    """

    cases: Mapping[str, str]
    words: Mapping[str, str]
