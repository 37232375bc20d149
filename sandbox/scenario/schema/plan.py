"""Schema of a box that has a life: who applies, who is let in, stages, reviews, and what follows from them.

`rules.box.plan`; whoever leaves it out has a box whose rules stand still. All its times are divided by `pace`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, ClassVar, Final, Literal

from pydantic import field_validator, model_validator

from sandbox.language import N_
from sandbox.scenario.schema.fields import (
    Duration,
    Limit,
    Model,
    Money,
    Name,
    Patience,
    Problem,
    Share,
    param,
)
from sandbox.scenario.schema.plan_presets import FILLED, PRESET_SOURCES, PRESETS, with_preset
from sandbox.scenario.units import US_PER_DAY, is_none
from sandbox.visible import plain

PresetName = Literal["own", "pboc", "fca", "asic", "asic_2016", "hkma", "hangzhou"]
Criterion = Literal["in_scope", "genuine_innovation", "consumer_benefit", "ready", "needs_support"]

HOUR: Final = 3_600_000_000
PRESET: Final = "see rules.box.plan.preset"

APPLIED: Final = "applied"
COMMENT: Final = "public_comment"
REFUSED: Final = "refused"
REMEDIATING: Final = "remediating"
SUSPENDED: Final = "suspended"
GRADUATED: Final = "graduated"
WOUND_DOWN: Final = "wound_down"
RESERVED: Final = (APPLIED, COMMENT, REFUSED, REMEDIATING, SUSPENDED, GRADUATED, WOUND_DOWN)
"""Stages that every plan has; a plan's own go by other names."""


class Criteria(Model):
    """What an applicant fulfils (the five criteria of the FCA)."""

    in_scope: bool = param(True, doc="The product falls under the regulator's rules.", role="design")
    genuine_innovation: bool = param(True, doc="It is new, or differs from what there is.", role="design")
    consumer_benefit: bool = param(True, doc="Customers gain by it.", role="design")
    ready: bool = param(True, doc="It is ready to be tested.", role="design")
    needs_support: bool = param(True, doc="It needs the sandbox.", role="design")


class Applicant(Model):
    """An institution that asks to be let into the box with its customers."""

    institution: str = param(..., doc="Name of an institution.", role="design")
    applies: Duration = param(0, doc="When it applies, counted from `rules.box.starts`.", role="design")
    licensed: bool = param(True, doc="Whether it holds a licence.", role="design")
    criteria: Criteria = param(default_factory=Criteria, doc="What it fulfils.", role="design")
    objection_upheld: bool = param(
        False, doc="Whether an objection is upheld in the public-comment period.", role="design"
    )


class Admission(Model):
    """Who is let in, and how long that takes."""

    licensed_only: bool = param(True, doc="Refuse whoever has no licence.", role="lever", source=PRESET)
    criteria: list[Criterion] = param(
        default_factory=list, doc="Criteria that an applicant must fulfil.", role="lever", source=PRESET
    )
    assessment: Duration = param(0, doc="From the application to the decision.", role="lever", source=PRESET)
    comment_period: Duration = param(
        0, doc="From then until admission: the public may object.", role="lever", source=PRESET
    )


class Stage(Model):
    """A stage of the test, with its caps. Values are counted from the opening of the box."""

    next: str = param(..., doc="The stage that follows, or `graduated`.", role="lever", source=PRESET)
    shortest: Duration = param(US_PER_DAY, doc="Least time in this stage.", role="lever", source=PRESET)
    offered_to: Share = param(
        1.0, doc="Share of the applicant's customers to whom the test is disclosed and offered.",
        role="lever", source=PRESET,
    )  # fmt: skip
    participants: int | None = param(
        None, doc="Most customers. Further ones wait, or end the test (`automatic_stop`).", role="lever",
        source=PRESET, ge=1, le=1_000_000_000,
    )  # fmt: skip
    per_payment: Limit = param(None, doc="Most in one payment.", role="lever", source=PRESET)
    per_participant: Limit = param(None, doc="Most one customer may settle in all.", role="lever", source=PRESET)
    total_exposure: Limit = param(None, doc="Most all may settle in all.", role="lever", source=PRESET)

    @field_validator("participants", mode="before")
    @classmethod
    def _none_as_in_limits(cls, value: object) -> object:
        """`none` lifts a preset's cap, as it does where a limit is money."""
        return None if is_none(value) else value


_STOPS_ABOVE: Final = N_("must not be above `target`, or the test would be suspended before the gate is missed")
_STOPS_BELOW: Final = N_("must not be below `target`, or the test would be suspended before the gate is missed")


class ShareGate(Model):
    """A share that must not be too low."""

    target: Share = param(..., doc="At this or above the gate is passed.", role="lever")
    stop: Share = param(0.0, doc="Below this the test is suspended at once.", role="lever")

    def problems(self) -> Iterator[Problem]:
        if self.stop > self.target:
            yield Problem(("stop",), _STOPS_ABOVE)


class TimeGate(Model):
    """A time that must not be too long."""

    target: Duration = param(..., doc="At this or below the gate is passed.", role="lever", gt=0)
    stop: Patience = param(None, doc="Above this the test is suspended at once.", role="lever")

    def problems(self) -> Iterator[Problem]:
        if self.stop is not None and self.stop < self.target:
            yield Problem(("stop",), _STOPS_BELOW)


class NumberGate(Model):
    """A number that must not be too high."""

    target: float = param(..., doc="At this or below the gate is passed.", role="lever", ge=0, le=10_000)
    stop: float = param(10_000.0, doc="Above this the test is suspended at once.", role="lever", ge=0, le=10_000)

    def problems(self) -> Iterator[Problem]:
        if self.stop < self.target:
            yield Problem(("stop",), _STOPS_BELOW)


class Gates(Model):
    """What a review measures: payments inside the box since the review before. All lines are ASSUMED."""

    success_share: ShareGate = param(
        default_factory=lambda: ShareGate(target=0.98, stop=0.5), role="lever",
        doc="Of the payments that no rule refused, the share that settled.",
    )  # fmt: skip
    p99_latency: TimeGate = param(
        default_factory=lambda: TimeGate(target=2_000_000, stop=None), role="lever",
        doc="99 % of what settled took no longer.",
    )  # fmt: skip
    complaints_per_10000: NumberGate = param(
        default_factory=lambda: NumberGate(target=20.0, stop=1_000.0), role="lever",
        doc="Complaints per 10,000 payments.",
    )  # fmt: skip
    fraud_loss_bp: NumberGate = param(
        default_factory=lambda: NumberGate(target=10.0, stop=500.0), role="lever",
        doc="Fraud losses in hundredths of a per cent of the value settled.",
    )  # fmt: skip
    reports_on_time: ShareGate = param(
        default_factory=lambda: ShareGate(target=0.9, stop=0.0), role="lever",
        doc="Of the incident reports that it filed, the share that was in time.",
    )  # fmt: skip
    liquidity: ShareGate = param(
        default_factory=lambda: ShareGate(target=0.05, stop=0.0), role="lever",
        doc="Lowest share of its target that its operator held at the end of a bin.",
    )  # fmt: skip


class Tolerance(Model):
    """How much may go wrong: the tolerance that a sandbox is for."""

    corrections: int = param(
        1, doc="How often the applicant may mend what missed a gate.", role="lever", source=PRESET, ge=0, le=100
    )
    correction: Duration = param(2 * US_PER_DAY, doc="Time to mend.", role="lever", source=PRESET, gt=0)
    suspension: Duration = param(
        US_PER_DAY, doc="How long a suspension lasts until it is decided what follows.", role="lever", source=PRESET,
        gt=0,
    )  # fmt: skip


class Fund(Model):
    """The compensation fund: what applicants pay in before the test, for losses of customers."""

    amount: Money = param(0, doc="What each applicant pays in.", role="lever")
    fraud_share: Share = param(1.0, doc="Share of a fraud loss that is paid.", role="lever")
    lost_service: Money = param(0, doc="Paid for a payment that failed.", role="lever")


class Complaints(Model):
    """Customers who lost money or service inside the box complain, and somebody handles it."""

    per_failure: Share = param(0.02, doc="Share of failed payments about which the payer complains.")
    per_fraud: Share = param(0.5, doc="Share of frauds about which the payer complains.")
    intake: Duration = param(HOUR, doc="How often complaints are taken in.", role="lever", gt=0)
    staff: int = param(2, doc="People who handle complaints.", role="lever", ge=1, le=100_000)
    handling: Duration = param(HOUR, doc="Time that one complaint takes.", gt=0)


class RollOut(Model):
    """After a graduation: the same world, larger, under ordinary rules, as a run of its own."""

    factor: float = param(10.0, doc="Population, merchants and payments times this.", role="design", gt=1, le=1_000)
    lasts: Duration = param(US_PER_DAY, doc="For how long; not divided by `pace`.", role="design", gt=0)
    utilisation: Share = param(
        0.9, doc="A station that is busier than this in a bin counts as broken.", role="lever", gt=0, lt=1
    )


def _own_stages() -> dict[str, Stage]:
    return {
        "admitted": Stage(next="small_scale", shortest=US_PER_DAY, offered_to=0.0),
        "small_scale": Stage(next="expanded", shortest=3 * US_PER_DAY, offered_to=0.1, per_payment=200_000),
        "expanded": Stage(next=GRADUATED, shortest=3 * US_PER_DAY, offered_to=0.5, per_payment=500_000),
    }


class Plan(Model):
    """The life of the box: applications, admission, stages, reviews, and the end of the test."""

    filled_by_preset: ClassVar = FILLED

    preset: PresetName = param(
        "own", doc="After a published regime; own: nobody's. Fills in what is not given of admission, stages, "
        "`review_every`, tolerance, `longest` and `automatic_stop`.", role="lever", source=PRESET_SOURCES,
    )  # fmt: skip
    applicants: list[Applicant] = param(..., doc="Who applies.", role="design", min_length=1, max_length=100)
    pace: float = param(
        1.0, doc="All times of the plan pass this many times as fast, so that a year fits into some days.",
        role="design", ge=0.001, le=1_000_000,
    )  # fmt: skip
    admission: Admission = param(default_factory=Admission, doc="Who is let in.", role="lever")
    stages: dict[Name, Stage] = param(
        default_factory=_own_stages, doc="The plan's own stages; the first named comes first.", role="lever",
        min_length=1, max_length=20,
    )  # fmt: skip
    enrolment: Duration = param(
        0, doc="Within this time after a stage begins customers join, a tenth at a time; 0: all at once."
    )
    review_every: Duration = param(US_PER_DAY, doc="Time between reviews.", role="lever", source=PRESET, gt=0)
    least_payments: int = param(
        100, doc="Without as many payments inside the box since the last review, nothing is judged by them.",
        role="lever", ge=1, le=1_000_000_000,
    )  # fmt: skip
    gates: Gates = param(default_factory=Gates, doc="What must be reached.", role="lever")
    tolerance: Tolerance = param(default_factory=Tolerance, doc="How much may go wrong.", role="lever")
    longest: Patience = param(
        None, doc="Longest time from admission to graduation; then the test ends.", role="lever", source=PRESET
    )
    automatic_stop: bool = param(
        False, doc="The payment that would break the cap on customers or on exposure ends the test there and then.",
        role="lever", source=PRESET,
    )  # fmt: skip
    fund: Fund = param(default_factory=Fund, doc="The compensation fund.", role="lever")
    complaints: Complaints = param(default_factory=Complaints, doc="Complaints.")
    rollout: RollOut | None = param(None, doc="What to try after a graduation; nothing when left out.", role="design")
    compare: list[PresetName] = param(
        default_factory=list, doc="Run the same world under these presets as well, and put them side by side.",
        role="design", max_length=10,
    )  # fmt: skip

    @classmethod
    def names_in_preset(cls, field: str, preset: object) -> list[str] | None:
        """A preset's stages, so that one of them can be changed without naming the others."""
        known = PRESETS.get(preset, {}) if isinstance(preset, str) else {}
        return list(known["stages"]) if field == "stages" and "stages" in known else None

    @model_validator(mode="before")
    @classmethod
    def _fill_from_preset(cls, data: Any) -> Any:
        """Fill in what the preset gives, so that the resolved scenario shows all that is in force."""
        return with_preset(data) if isinstance(data, dict) else data

    def problems(self) -> Iterator[Problem]:
        return chain(_stages(self), _times(self), _applicants(self))

    def paced(self, us: int) -> int:
        """A time of the plan as it passes in the run (us): whole, at least 1, and 0 only of 0."""
        return max(1, round(us / self.pace)) if us else 0

    @property
    def first(self) -> str:
        """The stage into which applicants are admitted."""
        return next(iter(self.stages))

    def way(self) -> list[str]:
        """The plan's stages in the order in which they follow one another; ends before a stage that comes again."""
        found, name = [], self.first
        while name in self.stages and name not in found:
            found.append(name)
            name = self.stages[name].next
        return found


def _stages(plan: Plan) -> Iterator[Problem]:
    """Stages that lead nowhere, in a circle, or are never reached."""
    ends_well = True
    for name, stage in plan.stages.items():
        if name in RESERVED:
            yield Problem(("stages", name), N_("'{name}' is a stage that every plan has; take another name"), name=name)
        if stage.next != GRADUATED and stage.next not in plan.stages:
            valid = [*plan.stages, GRADUATED]
            where = ("stages", name, "next")
            yield Problem(
                where, N_("'{name}' is not a stage of this plan"), name=stage.next, given=stage.next, valid=valid
            )
            ends_well = False
    way = plan.way()
    last = plan.stages[way[-1]].next
    if last in way:
        yield Problem(
            ("stages", way[-1], "next"),
            N_("these stages go round in a circle and never graduate: {chain}"),
            chain=" -> ".join([*way, last]),
        )
    elif ends_well:
        for name in plan.stages:
            if name not in way:
                yield Problem(
                    ("stages", name),
                    N_("no stage leads to '{name}': {chain} -> graduated"),
                    name=name,
                    chain=" -> ".join(way),
                )


def _times(plan: Plan) -> Iterator[Problem]:
    """Times that leave no way to graduate or to mend."""
    least = sum(plan.stages[name].shortest for name in plan.way())
    if plan.longest is not None and least > plan.longest:
        yield Problem(
            ("longest",),
            N_("nobody could graduate in time: the stages take at least {days} days"),
            days=f"{plain(least / US_PER_DAY, 9)}",
        )
    if plan.tolerance.corrections and plan.tolerance.correction < plan.review_every:
        yield Problem(
            ("tolerance", "correction"),
            N_("must not be shorter than `review_every`, or no review would see what was mended"),
        )


def _applicants(plan: Plan) -> Iterator[Problem]:
    names = [one.institution for one in plan.applicants]
    for place, name in enumerate(names):
        if name in names[:place]:
            yield Problem(("applicants", place, "institution"), N_("'{name}' applies already"), name=name)
    if plan.automatic_stop and len(names) > 1:
        yield Problem(("applicants",), N_("with `automatic_stop` one applicant is tested at a time; name one only"))
    if plan.automatic_stop and all(
        stage.participants is None and stage.total_exposure is None for stage in plan.stages.values()
    ):
        yield Problem(
            ("automatic_stop",), N_("no stage has a cap on `participants` or `total_exposure` that could stop it")
        )
    for place, preset in enumerate(plan.compare):
        if preset in plan.compare[:place]:
            yield Problem(("compare", place), N_("'{name}' is named already"), name=preset)


def plan_under_preset(plan: Plan, preset: str) -> Plan:
    """The same applicants, gates, fund and pace under another preset's rules.

    Raises:
        ValueError: pydantic's error, if it is not possible.
    """
    kept = plan.model_dump(exclude=set(FILLED) | {"compare", "rollout"})
    return Plan.model_validate({**kept, "preset": preset})
