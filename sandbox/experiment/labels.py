"""What the numbers of a summary are called in sentences.

A number without an entry goes by its dotted name. `{}` stands for a name: of a station, a segment, a class.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from sandbox.feature import Feature, features
from sandbox.numbers import of_features
from sandbox.scenario.paths import format_path, parse_path

ENGLISH: Final[dict[str, str]] = {
    "throughput.payments": "number of payments offered",
    "throughput.settled": "number of settled payments",
    "throughput.settled_fen": "settled value",
    "throughput.settled_per_s_mean": "mean rate of settlement",
    "throughput.settled_per_s_peak": "settlement in the best second",
    "throughput.success_share": "share settled",
    "throughput.attempts_mean": "number of attempts a payment",
    "throughput.latency_ms.p50": "median latency",
    "throughput.latency_ms.p95": "p95 latency",
    "throughput.latency_ms.p99": "p99 latency",
    "throughput.latency_ms.max": "longest latency",
    "outcomes.unavailable": "number of payments that met a closed station",
    "outcomes.timed_out": "number of payments that timed out",
    "outcomes.frozen": "number of payments of frozen wallets",
    "outcomes.outside_box": "number of payments refused at the box's edge",
    "outcomes.box_cap": "number of payments above a cap of the box",
    "outcomes.single_limit": "number of payments above the limit per payment",
    "outcomes.daily_limit": "number of payments above the daily limit",
    "outcomes.annual_limit": "number of payments above the annual limit",
    "outcomes.insufficient_balance": "number of payments without enough money",
    "outcomes.balance_cap": "number of payments to full wallets",
    "risk.operational.unavailable_share": "share that met a closed station",
    "risk.operational.timed_out_share": "share timed out",
    "risk.operational.retried_share": "share tried again",
    "risk.operational.worst_bin_success_share": "share answered in the worst bin",
    "risk.operational.minutes_below_95": "time with fewer than 95 % answered, in minutes,",
    "risk.operational.busiest_utilisation": "use of the busiest station",
    "risk.liquidity.lowest_share_of_target": "lowest e-CNY holding, share of its target",
    "risk.liquidity.orders": "number of orders to the central bank",
    "risk.liquidity.top_ups_fen": "value of top-ups",
    "risk.liquidity.turnover_per_day": "turnover a day",
    "risk.concentration.hhi_payer_institutions": "concentration of paying institutions (HHI)",
    "risk.concentration.hhi_merchants": "concentration of merchants (HHI)",
    "risk.concentration.top_institution_share": "share of the largest institution",
    "risk.consumer.refused_by_limit_share": "share refused by a limit",
    "risk.consumer.refused_fen": "value refused",
    "risk.consumer.insufficient_share": "share without enough money",
    "risk.consumer.upgrades_asked": "number of upgrades asked for",
    "risk.consumer.worst_class_refused_share": "share refused in the worst class",
    "risk.financial_crime.recall": "share of criminal payments found",
    "risk.financial_crime.payment_precision": "share of crime in what is pointed at",
    "risk.privacy.unattributable_share": "share of payments that nobody can attribute",
    "risk.privacy.frontier.{}.unattributable_share": "share of payments nobody can attribute, for {}",
    "risk.privacy.frontier.{}.recall": "share of criminal payments found by {}",
    "risk.privacy.frontier.{}.value_recall": "share of criminal value found by {}",
    "risk.privacy.frontier.{}.payment_precision": "share of crime in what {} points at",
    "campaigns.{}.returned_fen": "value taken back from {}",
    "refusals.{}.count": "refusals {}",
    "box.exposure_fen": "exposure of the box",
    "box.inside_settled_fen": "value settled inside the box",
    "stations.{}.utilisation": "use of {}",
    "stations.{}.utilisation_peak": "use of {} in its busiest bin",
    "stations.{}.wait_ms_mean": "mean wait at {}",
    "stations.{}.settled_fen_out": "value paid by {}'s clients",
    "segments.{}.settled": "number of settled payments of {}",
    "segments.{}.settled_fen": "settled value of {}",
}


def label(metric: str) -> str:
    """A metric's words.

    >>> label("throughput.latency_ms.p99"), label("stations.ICBC.utilisation"), label("a.new_number")
    ('p99 latency', 'use of ICBC', 'a.new_number')
    """
    return _label(metric, features())


@lru_cache(maxsize=4096)
def _label(metric: str, of: tuple[Feature, ...]) -> str:
    for pattern, words in _patterns(of):
        if found := pattern.match(metric):
            return words.format(*(name.replace("_", " ") for name in found.groups()))
    return metric


@cache
def _patterns(of: tuple[Feature, ...]) -> list[tuple[re.Pattern[str], str]]:
    said = {**ENGLISH, **{path: words for one in of_features() for path, words in one.labels.items()}}
    return [(re.compile(re.escape(path).replace(r"\{\}", "(.+)") + r"\Z"), words) for path, words in said.items()]


def tails(paths: Iterable[str]) -> dict[str, str]:
    """Each path's shortest end that tells it from the others, for lines and figures that have little room.

    >>> tails(["rules.wallet_limits.classes.IV.single", "rules.wallet_limits.classes.IV.daily"]).values()
    dict_values(['single', 'daily'])
    >>> tails(["classes.III.single", "classes.IV.single", "faults[0]"]).values()
    dict_values(['III.single', 'IV.single', 'faults[0]'])
    """
    found = {path: _ends(path) for path in paths}
    everything = [end for ends in found.values() for end in ends]
    return {path: next((end for end in ends if everything.count(end) == 1), path) for path, ends in found.items()}


def _ends(path: str) -> list[str]:
    """Every end of a path that begins with a name, shortest first."""
    steps = parse_path(path) or (path,)
    return [format_path(steps[at:]) for at in reversed(range(len(steps))) if isinstance(steps[at], str)]
