"""Schema of what follows an alert or a breakdown: analysts and freezes, incidents and their clocks.

`supervision.cases` and `supervision.incidents`; whoever leaves them out has neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final, Literal

from pydantic import model_validator

from sandbox.language import N_
from sandbox.scenario.schema.fields import (
    Duration,
    Model,
    Money,
    Name,
    Patience,
    Problem,
    Share,
    param,
)
from sandbox.scenario.schema.world import ServiceTime
from sandbox.scenario.units import US_PER_DAY
from sandbox.visible import plain

MINUTE: Final = 60_000_000
HOUR: Final = 60 * MINUTE

# What is told of values that do not go together.
_REPORT_TWICE: Final = N_("there is a report '{name}' already")
_NO_REPORT_BEFORE: Final = N_("there is no report before the first one")
_AT_MOST_NEEDLESS: Final = N_("has no use where time is counted from `noticed`; leave it out, or make `within` shorter")
_NO_CLOCKS: Final = N_("name at least one report, or leave `clocks` out to take the preset's")
_PACE: Final = N_("{given} is not between 0.01 and 100")


class Handling(ServiceTime):
    """How long people take for something."""

    mean: Duration = param(30 * MINUTE, doc="Mean time it takes.", source="ASSUMED", gt=0, le=30 * US_PER_DAY)
    sigma: float = param(0.7, doc="Standard deviation of the logarithm (lognormal only).", ge=0, le=3)


# --- cases ----------------------------------------------------------------------------------------------------------


class Hours(Model):
    """When analysts are at work. What is begun before the end is finished."""

    opens: Duration = param(9 * HOUR, doc="Time of day at which work begins.", role="lever", lt=US_PER_DAY)
    closes: Duration = param(17 * HOUR, doc="Time of day after which nothing is begun.", role="lever", le=US_PER_DAY)
    weekends: bool = param(False, doc="Whether Saturdays and Sundays are working days.", role="lever")

    def problems(self) -> Iterator[Problem]:
        if self.closes <= self.opens:
            yield Problem(("closes",), N_("must be later in the day than `opens`"))


class ReportWhen(Model):
    """When an analyst files a suspicious-transaction report: by the figures of the alert, and nothing else."""

    least_amount: Money = param(
        500_000, doc="Least sum of an alert that is reported; see `least_payments`.", role="lever"
    )
    least_payments: int = param(
        3, doc="It must also rest on at least this many payments.", role="lever", ge=1, le=1_000_000
    )
    repeat_alerts: int = param(
        3, doc="An account with this many alerts is reported whatever they are about.", role="lever", ge=1, le=1_000_000
    )
    slips: Share = param(0.05, doc="Share of alerts that are decided the other way, by mistake.", source="ASSUMED")


class Freezes(Model):
    """Which reports lead to a freeze, when it takes hold and how long it lasts."""

    on: Literal["nothing", "key_leads", "reports"] = param(
        "reports", doc="After which findings the account is frozen.", role="lever", source="ASSUMED"
    )
    least_amount: Money = param(0, doc="Only after reports about at least this much.", role="lever")
    after: Duration = param(
        2 * HOUR, doc="From the finding until the freeze holds.", role="lever", source="ASSUMED", gt=0
    )
    lasts: Duration = param(
        2 * US_PER_DAY, doc="Length of the inquiry, after which the account is released, or stays frozen.",
        role="lever", source="ASSUMED", gt=0,
    )  # fmt: skip
    keep_reports: int = param(
        3, doc="An account with this many reports by the end of the inquiry stays frozen.", role="lever", ge=1,
        le=1_000_000,
    )  # fmt: skip


class Cases(Model):
    """From alerts to reports and freezes: people who look at alerts one at a time."""

    analysts: int = param(5, doc="Analysts who triage alerts.", role="lever", ge=1, le=100_000)
    hours: Hours | None = param(None, doc="Working hours; around the clock when left out.", role="lever")
    triage: Handling = param(
        default_factory=lambda: Handling(shape="lognormal", mean=30 * MINUTE, sigma=0.7),
        doc="Time an analyst takes for one alert.", source="ASSUMED",
    )  # fmt: skip
    order: Literal["first_come", "largest", "repeated"] = param(
        "first_come",
        doc="Which alert is next. largest: the largest sum. repeated: the account with most alerts so far.",
        role="lever",
    )
    report: ReportWhen = param(default_factory=ReportWhen, doc="When an alert is reported.", role="lever")
    key_leads: Share = param(
        0.0042, doc="Share of reports that the intelligence unit takes up, those of most weight.",
        source="China Justice Observer on PBoC AML Report 2021: 16,196 of 3.816 million",
    )  # fmt: skip
    investigations: Share = param(
        0.043, doc="Share of key leads that are investigated in depth, those of most weight.",
        source="China Justice Observer on PBoC AML Report 2021: 692 of 16,196",
    )  # fmt: skip
    freezes: Freezes = param(default_factory=Freezes, doc="Freezes.", role="lever")


# --- incidents ------------------------------------------------------------------------------------------------------

CLOCKS: Final[dict[str, tuple[dict[str, str], ...]]] = {
    "cac": (
        {"report": "first", "within": "4 h"},
        {"report": "summary", "within": "30 days"},
    ),
    "cac_cii": (
        {"report": "first", "within": "1 h"},
        {"report": "summary", "within": "30 days"},
    ),
    "dora": (
        {"report": "first", "within": "4 h", "counted_from": "classified", "at_most": "24 h"},
        {"report": "intermediate", "within": "72 h", "counted_from": "report_before"},
        {"report": "final", "within": "30 days", "counted_from": "report_before"},
    ),
    "mas": ({"report": "first", "within": "1 h"},),
}
"""Reports that are due, by preset. That clocks run from being noticed, and DORA's later ones from the report before, is
ASSUMED; a month is 30 days."""


_PRESET: Final = N_("see supervision.incidents.preset")


class Clock(Model):
    """One report that an institution owes about each incident."""

    report: Name = param(..., doc="Its name.", role="lever", source=_PRESET)
    within: Duration = param(..., doc="How long the institution has.", role="lever", source=_PRESET, gt=0)
    counted_from: Literal["noticed", "classified", "report_before"] = param(
        "noticed",
        doc="Whether from noticing the incident, from classifying it, or from filing the report before.",
        role="lever",
        source=_PRESET,
    )
    at_most: Patience = param(None, doc="At the latest this long after it was noticed.", role="lever", source=_PRESET)


class Incidents(Model):
    """Breakdowns that institutions must notice and report in time."""

    filled_by_preset: ClassVar = ("clocks",)

    preset: Literal["cac", "cac_cii", "dora", "mas"] = param(
        "cac",
        doc="cac: 4 h and 30 days. cac_cii: 1 h and 30 days (critical infrastructure). "
        "dora: 4 h from classification, at most 24 h; 72 h; a month. mas: 1 h.",
        role="lever",
        source="CAC 2025; DORA; MAS (a-infosec), a practitioner's blog",
    )
    clocks: list[Clock] = param(
        default_factory=list, doc="Reports due in place of the preset's.", role="lever", max_length=10,
        source=_PRESET,
    )  # fmt: skip
    success_below: Share = param(
        0.95, doc="A bin in which a smaller share of an institution's payments got an answer is an incident.",
        role="lever", source="ASSUMED",
    )  # fmt: skip
    least_payments: int = param(
        20, doc="Bins with fewer payments of the institution are not judged.", ge=1, le=1_000_000_000
    )
    detection: Handling = param(
        default_factory=lambda: Handling(shape="exponential", mean=10 * MINUTE),
        doc="From the breakdown until it is noticed.", source="ASSUMED",
    )  # fmt: skip
    classification: Handling = param(
        default_factory=lambda: Handling(shape="lognormal", mean=HOUR, sigma=0.7),
        doc="From noticing until it is classified.", source="ASSUMED",
    )  # fmt: skip
    first_report: Handling = param(
        default_factory=lambda: Handling(shape="lognormal", mean=2 * HOUR, sigma=0.7),
        doc="From noticing until the first report is filed.", source="ASSUMED",
    )  # fmt: skip
    later_share: float = param(
        0.8, doc="Later reports take this share of their time, the median.", source="ASSUMED", gt=0, le=10
    )
    later_sigma: float = param(
        0.2, doc="Standard deviation of the logarithm of that share.", source="ASSUMED", ge=0, le=3
    )
    pace: dict[Name, float] = param(
        default_factory=dict,
        doc="All times of one institution (or `ledger`), from noticing to the last report, are multiplied by this.",
        source="ASSUMED", max_length=1001,
    )  # fmt: skip

    @model_validator(mode="before")
    @classmethod
    def _fill_from_preset(cls, data: Any) -> Any:
        """Fill in the preset's reports, so that the resolved scenario shows what is due."""
        if isinstance(data, dict) and data.get("clocks") is None:
            name = data.get("preset", "cac")
            preset = CLOCKS.get(name) if isinstance(name, str) else None
            if preset is not None:
                return {**data, "clocks": [dict(one) for one in preset]}
        return data

    def problems(self) -> Iterator[Problem]:
        names = [one.report for one in self.clocks]
        for place, one in enumerate(self.clocks):
            where = ("clocks", place)
            if one.report in names[:place]:
                yield Problem((*where, "report"), _REPORT_TWICE, name=one.report)
            if place == 0 and one.counted_from == "report_before":
                yield Problem((*where, "counted_from"), _NO_REPORT_BEFORE)
            if one.at_most is not None and one.counted_from == "noticed":
                yield Problem((*where, "at_most"), _AT_MOST_NEEDLESS)
        if not self.clocks:
            yield Problem(("clocks",), _NO_CLOCKS)
        yield from (
            Problem(("pace", name), _PACE, given=f"{plain(factor, 9)}")
            for name, factor in self.pace.items()
            if not 0.01 <= factor <= 100
        )
