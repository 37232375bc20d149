"""What the numbers of a summary are: the unit of each, and whether more or less of it is better.

A number goes by its path, such as `stations.ICBC.utilisation`. Some steps of a path are names that somebody chose (a
station, a segment, a cohort); they say nothing about the number and are never read for it. A unit is what the rest of
the path declares: it stands last in a name (`settled_fen`, `wait_us`), but for the measure that may follow (`_mean`,
`_p95`). A direction is in the table below, or there is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

from sandbox.feature import Feature, features
from sandbox.scenario.paths import parse_path

Unit = Literal["ms", "us", "fen", "usd_cents", "share", "none"]

ANY: Final = "*"


def paths(words: str) -> frozenset[str]:
    """Paths with spaces between them."""
    return frozenset(words.split())


NAMED: Final = paths(
    """
    segments.* stations.* refusals.* refusals.*.* campaigns.* inclusion.* conservation.by_currency.*
    trace.refused_by_reason.*
    risk.liquidity.by_institution.* incidents.by_institution.*
    risk.financial_crime.by_pattern.* risk.financial_crime.by_detector.* crime.patterns.*
    risk.privacy.by_viewer.* risk.privacy.frontier.*
    supervision.alerts_by_detector.* supervision.large_value_reports.* supervision.large_value_fen.*
    complaints.by_reason.* compensation.by_reason.*
    lifecycle.applicants.* lifecycle.applicants.*.timeline.* lifecycle.applicants.*.reviews.*
    lifecycle.applicants.*.reviews.*.kpis.* regimes.* regimes.*.applicants.* rollout.findings.*
    flight.worst.*
    """
)
"""Where names stand in a summary: the steps before, and `*` for each name."""

SECTIONS: Final = paths(
    """
    scenario throughput outcomes refusals segments stations risk campaigns box lifecycle containment complaints
    compensation rollout regimes interest trace flight inclusion crime supervision cases incidents steady_state
    conservation
    """
)
"""Sections of a summary of ours; of any other nothing is known."""

_UNIT: Final = re.compile(
    r"(?:^|_)(?:(ms|us|fen|usd_cents)|(share|utilisation|odds|recall|precision|timeliness|of_bound|of_payments"
    r"|of_turnover))(?:_(?:mean|median|min|max|peak|p\d+|in|out|of_target|of_deposits))?\Z"
)
_MEASURE: Final = re.compile(r"(?:mean|median|min|max|low|high|p\d+)\Z")
"""A step that says what is measured of the one before it: `latency_ms.p99`."""

_OTHERWISE: Final[dict[str, Unit]] = {
    "compensation.by_reason.*": "fen",
    **dict.fromkeys((f"conservation.by_currency.*.{name}_fen" for name in ("issued", "held", "sum")), "none"),
}
"""Units that do not stand in the name, or are not what it says: these fen are hundredths of any currency."""

MORE_IS_BETTER: Final = paths(
    """
    throughput.settled throughput.settled_fen throughput.settled_per_s_mean throughput.success_share
    risk.operational.worst_bin_success_share risk.liquidity.lowest_share_of_target
    risk.inclusion.success_share risk.inclusion.worst_success_share inclusion.*.success_share incidents.timeliness
    risk.financial_crime.recall risk.financial_crime.value_recall risk.financial_crime.precision
    risk.financial_crime.payment_precision
    risk.privacy.frontier.*.recall risk.privacy.frontier.*.value_recall risk.privacy.frontier.*.precision
    risk.privacy.frontier.*.payment_precision risk.privacy.frontier.*.unattributable_share
    """
)
LESS_IS_BETTER: Final = paths(
    """
    throughput.latency_ms.p50 throughput.latency_ms.p95 throughput.latency_ms.p99 throughput.latency_ms.max
    throughput.attempts_mean outcomes.unavailable outcomes.timed_out
    stations.*.wait_ms_mean stations.*.queue_mean stations.*.queue_max
    risk.operational.unavailable_share risk.operational.timed_out_share risk.operational.retried_share
    risk.operational.minutes_below_95
    risk.consumer.refused_by_limit_share risk.consumer.refused_fen risk.consumer.insufficient_share
    risk.consumer.worst_class_refused_share
    risk.disintermediation.outflow_fen risk.disintermediation.outflow_share risk.disintermediation.banks_breaching
    risk.disintermediation.banks_with_customers_waiting risk.disintermediation.breaching_share_of_deposits
    risk.disintermediation.unmet_fen
    risk.financial_crime.honest_stopped risk.financial_crime.honest_stopped_fen
    risk.financial_crime.time_to_detect_us_median crime.settled_fen crime.lost_fen
    complaints.filed compensation.unpaid_fen incidents.reports_late incidents.reports_overdue
    """
)
"""What nobody doubts. Of everything else (a limit that bites, an exposure, a payment that nobody can attribute) it is
for the reader to say."""


@dataclass(frozen=True)
class Numbers:
    """What a feature declares of its numbers, which stand in a section of the summary that has its name.

    Args:
        named: where names that somebody chose stand, as in `NAMED`.
        more, less: paths of what is better when it is more, or less; of others it is for the reader to say.
        units: of paths whose name does not say it, or says another.
        labels: what numbers are called in sentences, by path; `{}` stands for a name.
    """

    named: frozenset[str] = frozenset()
    more: frozenset[str] = frozenset()
    less: frozenset[str] = frozenset()
    units: Mapping[str, Unit] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


def declared(metric: str) -> tuple[str, ...]:
    """The steps of a path with `*` in the place of each name that somebody chose; () if it is no path of a summary.

    >>> declared("segments.cards_us.settled"), declared("refusals.IV.single_limit.count"), declared("flight.worst.3")
    (('segments', '*', 'settled'), ('refusals', '*', '*', 'count'), ('flight', 'worst', '*'))
    >>> declared("risk.privacy.frontier.view[1].recall"), declared("my_part.wait_us")
    (('risk', 'privacy', 'frontier', '*', 'recall'), ())
    """
    return _steps(metric, features())


@lru_cache(maxsize=4096)
def _steps(metric: str, of: tuple[Feature, ...]) -> tuple[str, ...]:
    named = NAMED.union(*(one.named for one in of_features()))
    steps: tuple[str, ...] = ()
    for step in parse_path(metric) or ():
        # A number says which of several entries of one name.
        if isinstance(step, str):
            steps = (*steps, ANY if ".".join((*steps, ANY)) in named else step)
    return steps if steps and (steps[0] in SECTIONS or steps[0] in [one.name for one in of]) else ()


def of_features() -> list[Numbers]:
    """What features declare of their numbers."""
    return [said for one in features() if (said := one.said(Numbers)) is not None]


def unit_of(metric: str) -> Unit:
    """The unit of a number, by what its path declares; `share` is of 0..1, `none` a count, an index or unknown.

    >>> unit_of("throughput.latency_ms.p99"), unit_of("stations.ICBC.utilisation"), unit_of("throughput.settled")
    ('ms', 'share', 'none')
    >>> unit_of("segments.cards_us.payments"), unit_of("segments.cards_us.settled_fen")
    ('none', 'fen')
    """
    steps = declared(metric)
    path = ".".join(steps)
    for units in (_OTHERWISE, *(one.units for one in of_features())):
        if path in units:
            return units[path]
    own = [step for step in steps if step != ANY]
    while len(own) > 1 and _MEASURE.match(own[-1]):
        own.pop()
    found = _UNIT.search(own[-1]) if own else None
    if found is None:
        return "none"
    return found[1] or "share"  # type: ignore[return-value]


_PART: Final = ("_share", "recall", "precision", "utilisation", "utilisation_peak")
_NEVER_BELOW_0: Final = ("throughput", "outcomes", "refusals", "segments", "stations")
"""Sections of which every number is a count, a time, a share or a value."""


def possible(metric: str, value: float | None) -> float | None:
    """An end of an interval, within what the number can be: no time, share, count or value of payments is below 0, and
    no part of a whole above 1.

    >>> possible("throughput.success_share", 1.2), possible("throughput.settled", -5.85), possible("flight.x", -1.0)
    (1.0, 0.0, -1.0)
    """
    if value is None:
        return None
    steps, unit = declared(metric), unit_of(metric)
    if value < 0 and (unit in ("ms", "us", "share") or (steps and steps[0] in _NEVER_BELOW_0)):
        return 0.0
    return 1.0 if value > 1 and unit == "share" and steps[-1].endswith(_PART) else value


def direction_of(metric: str) -> bool | None:
    """Whether more of a number is better; None where that is not declared.

    >>> direction_of("throughput.settled_fen"), direction_of("throughput.latency_ms.p99")
    (True, False)
    >>> direction_of("segments.x.settled"), direction_of("risk.disintermediation.outflow_share")
    (None, False)
    """
    path = ".".join(declared(metric))
    if path in MORE_IS_BETTER or any(path in one.more for one in of_features()):
        return True
    return False if path in LESS_IS_BETTER or any(path in one.less for one in of_features()) else None
