"""The lines against which a run's figures are held: from where on a value deserves attention, and who says so.

A line is a help for reading, not a verdict. Each names its source or the word ASSUMED; change a line here and every
report, text and test follows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Level = Literal["ok", "watch", "worry", "none"]
"""ok: within the lines. watch: past the first. worry: past the second. none: no number, or no line."""

_ORDER: Final[tuple[Level, ...]] = ("none", "ok", "watch", "worry")


@dataclass(frozen=True)
class Line:
    """`watch` and `worry` in the unit of the value (shares 0..1, ms, us). `high_is_bad`: worse above than below."""

    watch: float
    worry: float
    high_is_bad: bool
    source: str

    def judge(self, value: float | None) -> Level:
        """Where a value stands; a value exactly on a line has not passed it."""
        if value is None or math.isnan(value):
            return "none"
        sign = 1 if self.high_is_bad else -1
        if sign * value > sign * self.worry:
            return "worry"
        return "watch" if sign * value > sign * self.watch else "ok"


_H_US: Final = 3_600_000_000

BAND: Final = (0.02, 0.10)
"""Precision of alerts: 90 to 98 % of them are false (trade literature on alerts 2024-2026)."""

LINES: Final[Mapping[str, Line]] = MappingProxyType(
    {
        "recovery_us": Line(
            _H_US, 2 * _H_US, True,
            "CPMI-IOSCO, Principles for financial market infrastructures 2012, principle 17 (6), and Guidance on cyber "
            "resilience 2016: resume within 2 hours; half of it ASSUMED as the first line",
        ),
        "worst_success": Line(
            0.95, 0.80, False,
            "0.80: success of UPI, India, fell below 80 % for about 5 hours on 12 April 2025 (press); 0.95 ASSUMED",
        ),
        "technical_failure": Line(
            0.01, 0.037, True,
            "0.037: the best of the banks with 3.7 to 9.8 % failures at UPI in 2021 (press); 0.01 ASSUMED",
        ),
        "utilisation": Line(
            0.80, 0.95, True,
            "ASSUMED: with one server and exponential service a wait is on average 4 service times at 80 %, 19 at 95 %",
        ),
        "latency_p99_ms": Line(
            1_000, 10_000, True,
            "Nielsen, Usability Engineering 1993: 1 s keeps the flow of thought, 10 s the attention",
        ),
        "liquidity_share": Line(
            0.10, 0.02, False, "ASSUMED: an operator orders more e-CNY at 10 % of its target by default",
        ),
        "hhi": Line(
            0.15, 0.25, True,
            "US Department of Justice and FTC, Horizontal Merger Guidelines 2010, 5.3: moderately concentrated above "
            "0.15, highly above 0.25 (the 2023 edition says highly above 0.18)",
        ),
        "top_share": Line(0.30, 0.50, True, "ASSUMED: if it fails, half of all value stops"),
        "limit_refusals": Line(0.01, 0.05, True, "ASSUMED"),
        "insufficient": Line(0.02, 0.10, True, "ASSUMED"),
        "class_refusals": Line(0.05, 0.10, True, "ASSUMED"),
        "alert_precision": Line(
            0.02, 0.01, False,
            "0.02: up to 98 % of alerts are false (trade literature on alerts 2024-2026); half of it ASSUMED",
        ),
        "crime_recall": Line(0.50, 0.10, False, "ASSUMED: no published figure was found"),
        "crime_value_recall": Line(0.50, 0.10, False, "ASSUMED: no published figure was found"),
        "honest_stopped": Line(0.50, 0.90, True, "ASSUMED: a freeze should stop more crime than honest payments"),
        "reports_in_time": Line(1.0, 0.90, False, "CAC 2025; DORA: every report is due within its clock; 0.90 ASSUMED"),
        "unattributable": Line(
            0.25, 0.05, False,
            "ASSUMED; that small payments are anonymous and large ones can be traced: PBoC white paper 2021",
        ),
        "unattributable_value": Line(0.25, 0.50, True, "ASSUMED, for the same principle"),
    }
)  # fmt: skip


def worst(levels: list[Level]) -> Level:
    """The worst of some levels.

    >>> worst(["ok", "watch", "none"]), worst([])
    ('watch', 'none')
    """
    return max(levels, key=_ORDER.index, default="none")
