"""How long payments take over the chain of correspondents, and what they cost, against what was published.

`python -m tests.validation.correspondent [SEED...]` prints it. Times are of `scenarios/gpi.yaml`, eighteen corridors of
many kinds; costs of `scenarios/remittance.yaml`, seven corridors in which people send 200 dollars and one of firms.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean, median
from typing import Final, NamedTuple

from sandbox.crossborder.correspondent import Chain
from sandbox.crossborder.part import AcrossBorders
from sandbox.crossborder.story import SETTLED, Story
from sandbox.engine.simulation import Simulation
from sandbox.scenario.load import load
from sandbox.world import build

MINUTE: Final = 60_000_000
HOUR, DAY = 60 * MINUTE, 1440 * MINUTE
SCENARIOS: Final = Path(__file__).parent / "scenarios"
LEAST_OF_ROUTE: Final = 5
"""A route is a pair of banks; its median counts if it has so many payments."""
FITTED: Final = (
    "Fitted: shares that payees' banks credit by machine (62, 40 and 15 %, by capital controls) and in which time (4\n"
    "minutes in the middle), to a third within 5 minutes and half within 30; what they take by hand (1, 2 and 4\n"
    "working hours), to slowest routes of two days and more; people's charges and margin, to the cost of 200 dollars.\n"
    "Published and used: slightly more than one intermediary, delays that grow with capital controls.\n"
    "Assumed: who pays whom, hours, one minute for a leg, 15 % of banks in batches, what firms pay.\n"
    "Not fitted: how far routes lie apart, the share within a day."
)


class Check(NamedTuple):
    """One number, and between which two it has to lie."""

    what: str
    published: str
    least: float
    most: float
    found: float

    @property
    def holds(self) -> bool:
        """Is it there?"""
        return self.least <= self.found <= self.most


def chain_of(name: str, seed: int) -> Chain:
    """The chain after a run of one of the scenarios here."""
    scenario = load(SCENARIOS / name, seed=seed).scenario
    simulation = Simulation(build(scenario, seed))
    simulation.run()
    part = simulation.control.part(AcrossBorders)
    assert part is not None
    (chain,) = part.ways
    assert isinstance(chain, Chain)
    return chain


def times(chain: Chain) -> Iterator[Check]:
    """Times from sending to credit, and from arrival at the payee's bank to credit."""
    settled = [one for one in chain.stories if one.outcome == SETTLED]
    took = [(one.completed_us or 0) - chain.sent[one.number] for one in settled]
    waited = [(one.completed_us or 0) - (one.settled_us or 0) for one in settled]
    routes = defaultdict(list)
    for one, us in zip(settled, took, strict=True):
        routes[one.payer_bank, one.payee_bank].append(us)
    medians = [median(one) for one in routes.values() if len(one) >= LEAST_OF_ROUTE]
    gpi, swift = "BIS/CPMI 2022", "SWIFT 2018"
    yield Check("median, hours", f"below 2 ({gpi})", 0.1, 2, median(took) / HOUR)
    yield Check("median from submission, hours", f"below 2 ({gpi})", 0.1, 2, median(_from_submission(settled)) / HOUR)
    yield Check("within 30 minutes", f"nearly 50 % ({swift})", 0.4, 0.65, _share(took, 30 * MINUTE))
    yield Check("within 24 hours", f"almost 100 % ({swift})", 0.9, 1, _share(took, DAY))
    yield Check("credited within 5 minutes of arrival", f"one in three ({gpi})", 0.28, 0.4, _share(waited, 5 * MINUTE))
    yield Check("fastest route's median, minutes", f"below 5 ({gpi})", 0, 5, min(medians) / MINUTE)
    yield Check("slowest route's median, days", f"above 2 ({gpi})", 2, 9, max(medians) / DAY)
    hops = fmean(len(one.agents) for one in settled)
    yield Check("intermediaries", f"slightly more than 1 ({gpi})", 1, 1.3, hops)
    by_level = [_middle(chain, level) / HOUR for level in ("none", "some", "strict")]
    yield Check("strict controls / none, medians", f"more ({gpi})", 2, 1000, by_level[2] / by_level[0])


def costs(chain: Chain) -> Iterator[Check]:
    """Cost as a share of what is sent."""
    people, firms = (
        [(one.fee + one.fx_cost) / one.amount for one in chain.stories
         if one.outcome == SETTLED and one.individuals == who]
        for who in (True, False)
    )  # fmt: skip
    yield Check("cost of 200 dollars", "6.36 to 6.49 % (World Bank RPW 2025)", 0.06, 0.07, fmean(people))
    yield Check("cost to firms", "lower", 0.001, 0.03, fmean(firms))


def _middle(chain: Chain, level: str) -> float:
    """Median time between arrival and credit in places with controls of a level."""
    places = chain.abroad.crossborder.jurisdictions
    return median(
        (one.completed_us or 0) - (one.settled_us or 0)
        for one in chain.stories
        if one.outcome == SETTLED and places[one.receiver].capital_controls == level
    )


def _from_submission(settled: Sequence[Story]) -> list[int]:
    return [(one.completed_us or 0) - one.submitted_us for one in settled]


def _share(values: Sequence[int], most: int) -> float:
    return fmean(one <= most for one in values)


def main(seeds: Sequence[int]) -> None:
    """Print measured against published."""
    print(f"{'':44} {'published':40} " + " ".join(f"seed {seed:<4}" for seed in seeds))
    columns = [[*times(chain_of("gpi.yaml", seed)), *costs(chain_of("remittance.yaml", seed))] for seed in seeds]
    for row in zip(*columns, strict=True):
        shown = " ".join(f"{one.found:<9.3g}" for one in row)
        print(f"{row[0].what:44} {row[0].published:40} {shown}{'' if all(one.holds for one in row) else '  OFF'}")
    print(FITTED)


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or [1])
