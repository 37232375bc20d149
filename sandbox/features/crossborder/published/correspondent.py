"""How long payments take over the chain of correspondents, and what they cost, against what was published.

Times are of `scenarios/gpi.yaml`, eighteen corridors of many kinds; costs of `scenarios/remittance.yaml`, seven
corridors in which people send 200 dollars and one of firms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean, median
from typing import Final

from sandbox.engine.simulation import Simulation
from sandbox.features.crossborder.chain.correspondent import CorrespondentArrangement
from sandbox.features.crossborder.component import CrossBorderPayments
from sandbox.features.crossborder.payment import SETTLED, Payment
from sandbox.scenario.load import load
from sandbox.validation.check import Check
from sandbox.world import build

MINUTE: Final = 60_000_000
HOUR, DAY = 60 * MINUTE, 1440 * MINUTE
SCENARIOS: Final = Path(__file__).parent / "scenarios"
LEAST_OF_ROUTE: Final = 5
"""A route is a pair of banks; its median counts if it has so many payments."""
# Fitted: shares that payees' banks credit by machine (62, 40 and 15 %, by capital controls) and in which time (4
# minutes in the middle), to a third within 5 minutes and half within 30; what they take by hand (1, 2 and 4 working
# hours), to slowest routes of two days and more; people's charges and margin, to the cost of 200 dollars. Published
# and used: slightly more than one intermediary, delays that grow with capital controls. Assumed: who pays whom,
# hours, one minute for a leg, 15 % of banks in batches, what firms pay. Not fitted: how far routes lie apart, the
# share within a day.
GPI: Final = "BIS/CPMI 2022 via Regulatory Prophet and FST Media"
SWIFT: Final = "SWIFT 2018"
PRICES: Final = "World Bank RPW 2025"


def chain_of(name: str, seed: int) -> CorrespondentArrangement:
    """The chain after a run of one of the scenarios here."""
    scenario = load(SCENARIOS / name, seed=seed).scenario
    simulation = Simulation(build(scenario, seed))
    simulation.run()
    part = simulation.control.component(CrossBorderPayments)
    assert part is not None
    (chain,) = part.arrangements
    assert isinstance(chain, CorrespondentArrangement)
    return chain


def times(chain: CorrespondentArrangement) -> Iterator[Check]:
    """Times from sending to credit, and from arrival at the payee's bank to credit."""
    settled = [one for one in chain.payments if one.outcome == SETTLED]
    took = [(one.completed_us or 0) - chain.sent[one.number] for one in settled]
    waited = [(one.completed_us or 0) - (one.settled_us or 0) for one in settled]
    routes = defaultdict(list)
    for one, us in zip(settled, took, strict=True):
        routes[one.payer_bank, one.payee_bank].append(us)
    medians = [median(one) for one in routes.values() if len(one) >= LEAST_OF_ROUTE]

    def check(what: str, published: str, source: str, least: float, most: float, found: float, form: str) -> Check:
        return Check(f"correspondent.{what}", published, source, least, most, found, form)

    yield check("median_h", "< 2", GPI, 0.1, 2, median(took) / HOUR, ".2f")
    yield check("submitted_h", "< 2", GPI, 0.1, 2, median(_from_submission(settled)) / HOUR, ".2f")
    yield check("half_hour", "nearly 50 %", SWIFT, 0.4, 0.65, _share(took, 30 * MINUTE), ".0%")
    yield check("day", "almost 100 %", SWIFT, 0.9, 1, _share(took, DAY), ".0%")
    yield check("five_minutes", "1/3", GPI, 0.28, 0.4, _share(waited, 5 * MINUTE), ".0%")
    yield check("fastest_min", "< 5", GPI, 0, 5, min(medians) / MINUTE, ".1f")
    yield check("slowest_d", "> 2", GPI, 2, 9, max(medians) / DAY, ".1f")
    hops = fmean(len(one.agents) for one in settled)
    yield check("hops", "1+", GPI, 1, 1.3, hops, ".2f")
    by_level = [_middle(chain, level) / HOUR for level in ("none", "some", "strict")]
    yield check("controls", "> 1", GPI, 2, 1000, by_level[2] / by_level[0], ".0f")


def costs(chain: CorrespondentArrangement) -> Iterator[Check]:
    """Cost as a share of what is sent."""
    people, firms = (
        [(one.fee + one.fx_cost) / one.amount for one in chain.payments
         if one.outcome == SETTLED and one.individuals == who]
        for who in (True, False)
    )  # fmt: skip
    yield Check("remittance.people", "6.36 to 6.49 %", PRICES, 0.06, 0.07, fmean(people), ".2%")
    yield Check("remittance.firms", "", "", 0.001, 0.03, fmean(firms), ".2%")


def time_checks(seed: int) -> Iterator[Check]:
    """Times of one run."""
    yield from times(chain_of("gpi.yaml", seed))


def cost_checks(seed: int) -> Iterator[Check]:
    """Costs of one run."""
    yield from costs(chain_of("remittance.yaml", seed))


def _middle(chain: CorrespondentArrangement, level: str) -> float:
    """Median time between arrival and credit in places with controls of a level."""
    places = chain.setting.crossborder.jurisdictions
    return median(
        (one.completed_us or 0) - (one.settled_us or 0)
        for one in chain.payments
        if one.outcome == SETTLED and places[one.receiver].capital_controls == level
    )


def _from_submission(settled: Sequence[Payment]) -> list[int]:
    return [(one.completed_us or 0) - one.submitted_us for one in settled]


def _share(values: Sequence[int], most: int) -> float:
    return fmean(one <= most for one in values)
