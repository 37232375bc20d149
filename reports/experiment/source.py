"""What the report of an experiment is made of: its `summary.json` and manifest, read once; how its numbers are shown.

Numbers come with the units of their names (`_fen`, `_ms`, `share`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from reports import formats
from reports.text import say
from sandbox import records

_SHARES: Final = (
    "share", "utilisation", "utilisation_peak", "odds", "busiest_utilisation", "success_share", "recall",
    "value_recall", "precision", "payment_precision", "of_bound",
)  # fmt: skip


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

    def high_is_good(self, metric: str) -> bool:
        """Whether more of a metric is better."""
        return bool(self.summary.get("high_is_good", {}).get(metric, True))


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


_TIME_US = re.compile(r"_us(_|\Z)")


def is_share(metric: str) -> bool:
    """Whether a metric is a share of 0..1.

    >>> is_share("throughput.success_share"), is_share("throughput.settled")
    (True, False)
    """
    last = metric.rsplit(".", 1)[-1]
    return last.endswith("_share") or last in _SHARES or "_share_" in last


def shown(metric: str, value: float | None) -> str:
    """A metric's number with its unit.

    >>> shown("throughput.latency_ms.p99", 190.2), shown("throughput.settled_fen", 1e9), shown("x.share", 0.991)
    ('190 ms', '10 million yuan', '99.1 %')
    >>> shown("throughput.settled", 1234.5), shown("a.b", None), shown("a.wait_us", 7.2e9)
    ('1,234', '–', '2 h')
    >>> shown("x.queued_us_mean", 90e6), shown("x.credit_us_p50", 6.5e6), shown("x.settled_usd_cents", 2.2e9)
    ('90 s', '6.5 s', 'US$ 22 million')
    """
    if value is None or not math.isfinite(value):
        return formats.NOTHING
    last = metric.rsplit(".", 1)[-1]
    if last.endswith("_fen"):
        return formats.money(round(value))
    if last.endswith("_usd_cents"):
        return formats.dollars(round(value))
    if _TIME_US.search(last):
        metric, value = f"{last}_ms", value / 1000
    if metric.endswith("_us"):
        return f"-{formats.duration(round(-value))}" if value < 0 else formats.duration(round(value))
    if "_ms" in metric:
        return f"-{formats.milliseconds(-value)}" if value < 0 else formats.milliseconds(value)
    if is_share(metric):
        return formats.share(value)
    return formats.decimal(value)


def shown_change(metric: str, value: float | None) -> str:
    """A difference in a metric, with its sign; shares in percentage points.

    >>> shown_change("x.share", 0.021), shown_change("throughput.latency_ms.p99", -41.0), shown_change("a", 0.0)
    ('+2.1 percentage points', '-41 ms', '0')
    """
    if value is None or not math.isfinite(value):
        return formats.NOTHING
    sign = "+" if value > 0 else "-" if value < 0 else ""
    if is_share(metric):
        return f"{sign}{formats.decimal(100 * abs(value))} {say('x.points')}"
    return f"{sign}{shown(metric, abs(value))}"
