"""The life of a box as a report shows it: applicants with their stages and reviews, and reasons and gates in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from reports import formats
from reports.reading import Entries
from reports.sections.context import Context
from reports.source import RunData
from sandbox.features.lifecycle.report.names import CODES, GATES, ITEM_CODES, ITEMS, REASONS, VERDICTS
from sandbox.language import N_, _, named, plural

ENDS: Final = ("graduated", "wound_down", "refused")
"""Stages after which nothing comes."""
FAILED: Final = ("missed", "broken")
ALL_PASSED: Final = ("all gates passed", "all_gates_passed")
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


def applicants(context: Context) -> list[Entries]:
    """Every applicant of a run whose box has a life."""
    return context.section("lifecycle").rows("applicants")


def periods(applicant: Entries) -> list[Entries]:
    """Its times in a stage, with the participants and caps at the start of each; `to_us` is missing in the last."""
    return [one for one in applicant.rows("timeline") if one.instant("from_us") is not None]


def reviews(applicant: Entries) -> list[Entries]:
    """Its reviews."""
    return [one for one in applicant.rows("reviews") if one.instant("at_us") is not None]


def gates(review: Entries) -> list[Gate]:
    """The indicators of a review, as the summary and its event have it."""
    return [
        Gate(one.text("gate"), one.number("value"), one.number("target"), one.number("stop"), one.text("verdict"))
        for one in review.rows("kpis")
    ]


def ended_us(applicant: Entries) -> int | None:
    """When it graduated, was refused or was wound down."""
    return next((one.instant("from_us") for one in periods(applicant) if one.text("stage") in ENDS), None)


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
    time_up = _TIME_UP.fullmatch(reason)
    if time_up:
        return _("time is up ({why})", why=reason_words(time_up[1]))
    head, colon, tail = reason.partition(": ")
    if not colon:
        return named(REASONS, head)
    items = formats.listed(named(ITEMS, one) for one in tail.split(", "))
    return _("{reason}: {items}", reason=named(REASONS, head), items=items)


def told_reason(one: Entries) -> str:
    """The reason of an entry of the summary, in words."""
    reason, about = one.text("reason"), one.get("about")
    if not isinstance(about, str):
        return named(CODES, reason)
    items = formats.listed(named(ITEM_CODES, item) for item in about.split(", "))
    return _("{reason}: {items}", reason=named(CODES, reason), items=items)


def why(review: Entries) -> str:
    """What a review's decision rests on; where gates were missed, each with its value and its line."""
    found, reason = gates(review), review.text("reason")
    failed = [one for one in found if one.verdict in FAILED]
    judged = [one for one in found if one.verdict != "unmeasured"]
    if reason in ALL_PASSED and len(judged) < len(found):
        return _("{judged} of {all} gates could be judged, and passed", judged=len(judged), all=len(found))
    if not failed:
        return told_reason(review) if "about" in review.content else reason_words(reason)
    shown = (
        _("{gate} {value} ({line})", gate=named(GATES, one.name), value=gate_value(one.name, one.value), line=one.line)
        for one in failed
    )
    verdict = named(VERDICTS, "broken" if any(one.verdict == "broken" for one in failed) else "missed")
    return f"{verdict}: {formats.series(shown)}"


def still_frozen(redeemed: Entries) -> str:
    """In how many wallets money is left because they are frozen; nothing if in none."""
    count = redeemed.amount("frozen")
    if not count:
        return ""
    return plural(
        "one frozen wallet is paid when its freeze ends",
        "{number} frozen wallets are paid when their freezes end",
        count,
        number=formats.count(count),
    )


def last_us(context: Context) -> int:
    """The end of the run."""
    return max(1, context.section("scenario").instant("duration_us") or 0)


def inside(run: RunData) -> tuple[list[int], list[int]]:
    """How many customers were inside, all applicants together: instants and the number from then on."""
    now: dict[str, int] = {}
    at_us, totals = [0], [0]
    for event in run.events:
        count = event.entries.whole("participants")
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


def pace(context: Context) -> float:
    """How much faster than in life the plan goes; 1 where the run does not say."""
    found = context.section("lifecycle").number("pace")
    return found if found is not None and found > 0 else 1.0


def broke(one: Entries) -> str:
    """One finding of a roll-out in words."""
    subject = one.text("subject")
    value, line = (rollout_value(one, name) for name in ("value", "line"))
    if one.get("kind") != "gate":
        return _("{subject} was busy {value} of its time, above {line}", subject=subject, value=value, line=line)
    key = (
        N_("the gate “{subject}” was missed with {value}, below {line}")
        if subject in _AT_LEAST
        else N_("the gate “{subject}” was missed with {value}, above {line}")
    )
    return _(key, subject=named(GATES, subject), value=value, line=line)


def rollout_value(one: Entries, name: str) -> str:
    """The `value` or `line` of a finding of a roll-out, in its unit."""
    value = one.number(name)
    return gate_value(one.text("subject"), value) if one.get("kind") == "gate" else formats.share(value)
