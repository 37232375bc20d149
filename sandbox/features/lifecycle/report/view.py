"""The life of a box as a report shows it: applicants with their stages and reviews, and reasons and gates in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from reports import formats
from reports.source import RunData
from reports.view.values import instant, number, part, rows, whole, words
from sandbox.features.lifecycle.report.names import GATES, ITEMS, REASONS, VERDICTS
from sandbox.language import N_, _, named, plural

ENDS: Final = ("graduated", "wound_down", "refused")
"""Stages after which nothing comes."""
FAILED: Final = ("missed", "broken")
ALL_PASSED: Final = "all gates passed"
_AT_LEAST: Final = ("success_share", "reports_on_time", "liquidity")
KNOWN_GATES: Final = (*_AT_LEAST, "p99_latency", "complaints_per_10000", "fraud_loss_bp")
_TIME_UP: Final = re.compile(r"time is up \((.*)\)")


@dataclass(frozen=True)
class Gate:
    """One indicator of a review: its value, the gate (`target`, `stop`) and the verdict."""

    name: str
    value: float | None
    target: float | None
    stop: float | None
    verdict: str

    @property
    def at_least(self) -> bool:
        """Whether more is better."""
        if self.name in KNOWN_GATES or self.stop is None or self.target is None:
            return self.name in _AT_LEAST
        return self.stop < self.target

    @property
    def line(self) -> str:
        """The target in words."""
        value = gate_value(self.name, self.target).replace(".0 %", " %")
        return _(N_("at least {value}") if self.at_least else N_("at most {value}"), value=value)


@dataclass(frozen=True)
class Review:
    """One review of an applicant."""

    at_us: int
    stage: str
    decision: str
    reason: str
    payments: int | None
    gates: tuple[Gate, ...]


@dataclass(frozen=True)
class Period:
    """A time in one stage; `to_us` is None in the last. `participants` and `caps` are those at its start."""

    stage: str
    from_us: int
    to_us: int | None
    reason: str
    participants: int | None
    caps: Mapping[str, Any]


@dataclass(frozen=True)
class Applicant:
    """One applicant's way through the box."""

    institution: str
    stage: str
    reason: str
    participants: int | None
    corrections: int | None
    exposure_fen: int | None
    redeemed: Mapping[str, Any]
    periods: tuple[Period, ...]
    reviews: tuple[Review, ...]

    @property
    def ended_us(self) -> int | None:
        """When it graduated, was refused or was wound down."""
        return next((one.from_us for one in self.periods if one.stage in ENDS), None)


def applicants(run: RunData) -> list[Applicant]:
    """Every applicant of a run whose box has a life."""
    return [_applicant(row) for row in rows(run.get("lifecycle.applicants"))]


def _applicant(row: Mapping[str, Any]) -> Applicant:
    periods = []
    for one in rows(row.get("timeline")):
        began = instant(one.get("from_us"))
        if began is not None:
            stage, reason, inside = words(one.get("stage")), words(one.get("reason")), whole(one.get("participants"))
            periods.append(Period(stage, began, instant(one.get("to_us")), reason, inside, part(one.get("caps"))))
    return Applicant(
        words(row.get("institution")),
        words(row.get("stage")),
        words(row.get("reason")),
        whole(row.get("participants")),
        whole(row.get("corrections")),
        whole(row.get("exposure_fen")),
        part(row.get("redeemed")),
        tuple(periods),
        tuple(review for one in rows(row.get("reviews")) if (review := review_of(one, one.get("at_us"))) is not None),
    )


def review_of(one: Mapping[str, Any], at: Any) -> Review | None:
    """A review as the summary and its event have it; None without a time."""
    at_us = instant(at)
    if at_us is None:
        return None
    gates = tuple(
        Gate(words(row.get("gate")), number(row.get("value")), number(row.get("target")), number(row.get("stop")),
             words(row.get("verdict")))
        for row in rows(one.get("kpis"))
    )  # fmt: skip
    stage, decision, reason = (words(one.get(name)) for name in ("stage", "decision", "reason"))
    return Review(at_us, stage, decision, reason, whole(one.get("payments")), gates)


def gate_value(name: str, value: float | None) -> str:
    """The value of a gate in its unit: shares in per cent, losses as a share of the value settled, times.

    >>> gate_value("success_share", 0.98), gate_value("p99_latency", 1_500_000), gate_value("fraud_loss_bp", 10)
    ('98.0 %', '1.5 s', '0.1 %')
    >>> gate_value("complaints_per_10000", 25.0), gate_value("liquidity", None)
    ('25', '–')
    """
    if value is None:
        return formats.NOTHING
    if name in _AT_LEAST:
        return formats.share(value)
    if name == "p99_latency":
        return formats.milliseconds(value / 1000)
    return formats.percent(round(value / 10_000, 8)) if name == "fraud_loss_bp" else formats.decimal(value)


def reason_words(reason: str) -> str:
    """A reason that the simulator gives, in words.

    >>> reason_words("missed: success_share, p99_latency"), reason_words("time is up (mended)")
    ('missed: payments that succeed, slowest payments (p99)', 'time is up (mended)')
    """
    late = _TIME_UP.fullmatch(reason)
    if late:
        return _("time is up ({why})", why=reason_words(late[1]))
    head, colon, tail = reason.partition(": ")
    if not colon:
        return named(REASONS, head)
    return f"{named(REASONS, head)}: {', '.join(named(ITEMS, one) for one in tail.split(', '))}"


def why(review: Review) -> str:
    """What a review's decision rests on; where gates were missed, each with its value and its line."""
    failed = [one for one in review.gates if one.verdict in FAILED]
    judged = [one for one in review.gates if one.verdict != "unmeasured"]
    if review.reason == ALL_PASSED and len(judged) < len(review.gates):
        return _("{judged} of {all} gates could be judged, and passed", judged=len(judged), all=len(review.gates))
    if not failed:
        return reason_words(review.reason)
    shown = (
        _("{gate} {value} ({line})", gate=named(GATES, one.name), value=gate_value(one.name, one.value), line=one.line)
        for one in failed
    )
    verdict = named(VERDICTS, "broken" if any(one.verdict == "broken" for one in failed) else "missed")
    return f"{verdict}: {'; '.join(shown)}"


def still_frozen(redeemed: Mapping[str, Any]) -> str:
    """In how many wallets money is left because they are frozen; nothing if in none."""
    count = whole(redeemed.get("frozen")) or 0
    if not count:
        return ""
    return plural(
        "one frozen wallet is paid when its freeze ends",
        "{number} frozen wallets are paid when their freezes end",
        count,
        number=formats.count(count),
    )


def last_us(run: RunData) -> int:
    """The end of the run."""
    return max(1, instant(run.get("scenario.duration_us")) or 0)


def inside(run: RunData) -> tuple[list[int], list[int]]:
    """How many customers were inside, all applicants together: instants and the number from then on."""
    now: dict[str, int] = {}
    at_us, totals = [0], [0]
    for event in run.events:
        count = whole(event.detail.get("participants"))
        if event.event not in ("stage_changed", "participants_joined") or count is None or count < 0:
            continue
        now[event.subject] = count
        at_us.append(event.at_us)
        totals.append(sum(now.values()))
    return at_us, totals


def length(us: int | None, pace: float) -> str:
    """A length of time of the run and, where a plan is sped up, of the plan."""
    if us is None:
        return formats.NOTHING
    if pace == 1:
        return formats.duration(us)
    return _("{run} ({plan} in the plan's time)", run=formats.duration(us), plan=formats.duration(_rounded(us * pace)))


def _rounded(us: float) -> int:
    """A length of plan time to the hour, for it comes from one that was divided and rounded."""
    hour = 3_600_000_000
    return round(us / hour) * hour if us >= 10 * hour else round(us)


def pace(run: RunData) -> float:
    """How much faster than in life the plan goes; 1 where the run does not say."""
    found = number(run.get("lifecycle.pace"))
    return found if found is not None and found > 0 else 1.0


def broke(one: Mapping[str, Any]) -> str:
    """One finding of a roll-out in words."""
    subject, is_gate = words(one.get("subject")), one.get("kind") == "gate"
    value, line = (rollout_value(one, name) for name in ("value", "line"))
    if not is_gate:
        return _("{subject} was busy {value} of its time, above {line}", subject=subject, value=value, line=line)
    least = Gate(subject, None, None, None, "").at_least
    key = (
        N_("the gate “{subject}” was missed with {value}, below {line}")
        if least
        else N_("the gate “{subject}” was missed with {value}, above {line}")
    )
    return _(key, subject=named(GATES, subject), value=value, line=line)


def rollout_value(one: Mapping[str, Any], name: str) -> str:
    """The `value` or `line` of a finding of a roll-out, in its unit."""
    value = number(one.get(name))
    return gate_value(words(one.get("subject")), value) if one.get("kind") == "gate" else formats.share(value)
