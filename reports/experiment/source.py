"""What the report of an experiment is made of: its `summary.json` and manifest, read once; how its numbers are shown.

Numbers come with the units that `sandbox.metric` declares.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reports import formats
from reports.text import say
from sandbox import records
from sandbox.metric import unit_of


@dataclass(frozen=True)
class Experiment:
    """An experiment's folder."""

    summary: Mapping[str, Any]
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """`sweep`, `compare`, `replications`, `stress` or `capacity`."""
        return str(self.summary.get("kind", "sweep"))

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        """A list of the summary, empty if there is none."""
        return list(self.summary.get(name) or [])

    def label(self, metric: str) -> str:
        """A metric's words."""
        return str(self.summary.get("labels", {}).get(metric, metric))

    def brief(self, choice: object) -> str:
        """What a choice is called where there is little room."""
        return str(self.summary.get("names", {}).get(choice, choice))

    def high_is_good(self, metric: str) -> bool | None:
        """Whether more of a metric is better; None where nobody has said so."""
        known = self.summary.get("high_is_good", {}).get(metric)
        return None if known is None else bool(known)


def read(folder: Path) -> Experiment:
    """Read an experiment's folder, finished or about to be.

    Raises:
        sandbox.records.RunError: it holds no summary, or one that cannot be read.
    """
    manifest = next((name for name in (records.MANIFEST, records.DRAFT_MANIFEST) if (folder / name).is_file()), None)
    return Experiment(
        records.read_json(folder / records.SUMMARY, records.EXPERIMENT),
        {} if manifest is None else records.read_json(folder / manifest, records.EXPERIMENT),
    )


def is_share(metric: str) -> bool:
    """Whether a metric is shown in per cent.

    >>> is_share("throughput.success_share"), is_share("segments.fair_share.settled")
    (True, False)
    """
    return unit_of(metric) in ("share", "relative", "points")


def shown(metric: str, value: float | None) -> str:
    """A metric's number with its unit.

    >>> shown("throughput.latency_ms.p99", 190.2), shown("throughput.settled_fen", 1e9)
    ('190 ms', '10 million yuan')
    >>> shown("risk.consumer.insufficient_share", 0.991)
    '99.1 %'
    >>> shown("throughput.settled", 1234.5), shown("a.b", None), shown("cases.wait_us_max", 7.2e9)
    ('1,234', '–', '2 h')
    >>> shown("cases.wait_us_mean", 90e6), shown("cases.wait_us_p95", 6.5e6)
    ('90 s', '6.5 s')
    >>> shown("segments.cards_us.payments", 504.0)
    '504'
    """
    if value is None or not math.isfinite(value):
        return formats.NOTHING
    unit = unit_of(metric)
    if unit == "fen":
        return formats.money(round(value))
    if unit == "usd_cents":
        return formats.dollars(round(value))
    if unit in ("us", "ms"):
        ms = value / 1000 if unit == "us" else value
        return f"-{formats.milliseconds(-ms)}" if ms < 0 else formats.milliseconds(ms)
    if unit == "points":
        return f"{formats.decimal(100 * value)} {say('x.points')}"
    return formats.share(value) if unit in ("share", "relative") else formats.decimal(value)


def shown_change(metric: str, value: float | None) -> str:
    """A difference in a metric, with its sign; shares in percentage points.

    >>> shown_change("risk.consumer.insufficient_share", 0.021), shown_change("throughput.latency_ms.p99", -41.0)
    ('+2.1 percentage points', '-41 ms')
    >>> shown_change("risk.consumer.insufficient_share", -2e-8), shown_change("risk.consumer.insufficient_share", 2e-8)
    ('above -0.001 percentage points', 'below 0.001 percentage points')
    """
    if value is None or not math.isfinite(value):
        return formats.NOTHING
    sign = "+" if value > 0 else "-" if value < 0 else ""
    if is_share(metric):
        return f"{_signed(sign, formats.decimal(100 * abs(value)))} {say('x.points')}"
    return _signed(sign, shown(metric, abs(value)))


def _signed(sign: str, size: str) -> str:
    """`below 0.001` with a minus is `above -0.001`."""
    number = size.removeprefix("below ")
    return f"{sign}{size}" if number == size else f"above -{number}" if sign == "-" else size
