"""The life of the box: applications, admission, stages, reviews, corrections, suspension, and the end of the test.

SimPy processes wait and apply; what is decided stands in `reviews`, who is inside in `members`. The
box's rules hold while an applicant is tested; where only the box may pay (`refuse_all`), also before and after, until
one has graduated. With several applicants the lowest of their caps per payment and customer holds; exposures add up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.base.box_state import (
    FILED,
    JOINED,
    OVER,
    PLANNED,
    REDEEMED,
    REVIEW,
    STAGE,
    Caps,
    box_detail,
    tightest,
    together,
)
from sandbox.base.containment import Containment
from sandbox.base.reporting import IncidentReports
from sandbox.base.rule_changes import BoxKeeper
from sandbox.control import Control, Process, Simulated, Trial, Trip
from sandbox.core.layout import INFINITE, rule, scalar
from sandbox.core.ledger import BrokenInvariant
from sandbox.features.lifecycle.applicant import ApplicantProgress, why_refused
from sandbox.features.lifecycle.complaints import ComplaintsOffice
from sandbox.features.lifecycle.further_runs import log_rollout, regime, rolled_out, under_preset, what_broke
from sandbox.features.lifecycle.kpis import Meter
from sandbox.features.lifecycle.members import Members
from sandbox.features.lifecycle.reviews import Circumstances, Decision, decide, judge, table
from sandbox.scenario.schema import Scenario
from sandbox.scenario.schema.plan import (
    APPLIED,
    COMMENT,
    GRADUATED,
    REFUSED,
    REMEDIATING,
    SUSPENDED,
    WOUND_DOWN,
    Plan,
    Stage,
)

JOIN_STEPS: Final = 10
"""Parts of an enrolment that is spread over time."""


class LifeCycle(BoxKeeper):
    """The component of a run in which the box has a life cycle."""

    def __init__(self, control: Control, plan: Plan) -> None:
        self.control, self.plan = control, plan
        world = control.world
        self._box = world.scenario.rules.box
        self.applicants = [
            ApplicantProgress(number, one, world.institution_names.index(one.institution), control.env.event())
            for number, one in enumerate(plan.applicants)
        ]
        institutions = [one.institution for one in self.applicants]
        self.members = Members(control, institutions)
        self.meter = Meter(control, institutions)
        self.office = ComplaintsOffice(control, plan, self.meter)
        self._after: dict[str, Any] = {}
        self.caps = Caps()
        """In force."""

    # --- the run ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin with an empty box."""
        self.control.listen(self.meter)
        self.control.at_bin_end(self.meter.bin_ends)
        self.control.on_release.append(self._on_release)
        edge = self.control.component(Containment)
        if edge is not None:
            edge.moved_us = self.members.moved_us
        self._put_in_force()
        self.control.record(
            "regulator", PLANNED, self.plan.preset,
            pace=self.plan.pace, box=self.box_detail(), applicants=[one.name for one in self.applicants],
        )  # fmt: skip
        for applicant in self.applicants:
            self.control.env.process(self._application(applicant))
        self.control.env.process(self._automatic_stop())
        self.office.start()

    def _application(self, applicant: ApplicantProgress) -> Process:
        """One applicant, from the application to the end."""
        control, plan, one = self.control, self.plan, applicant.application
        yield control.wait_until(self._box.starts + plan.paced(one.applies))
        applicant.stage, applicant.since_us = APPLIED, control.now
        control.record("institution", FILED, applicant.name, licensed=one.licensed, criteria=one.criteria.model_dump())
        applicant.timeline.append(
            {"stage": APPLIED, "from_us": control.now, "reason": "application", "participants": 0}
        )
        yield control.env.timeout(plan.paced(plan.admission.assessment))
        refused = why_refused(one, plan.admission)
        if refused is not None:
            self._move(applicant, REFUSED, refused, licensed=one.licensed, criteria=one.criteria.model_dump())
            return
        if plan.admission.comment_period:
            self._move(applicant, COMMENT, "assessed", comment_us=plan.paced(plan.admission.comment_period))
            yield control.env.timeout(plan.paced(plan.admission.comment_period))
            if one.objection_upheld:
                self._move(applicant, REFUSED, "objection upheld")
                return
        applicant.admitted_us = applicant.reviewed_us = control.now
        self.office.pay_into_fund(applicant.number)
        self._enter(applicant, plan.first, "registered", fund_fen=plan.fund.amount)
        yield from self._test(applicant)

    def _test(self, applicant: ApplicantProgress) -> Process:
        """Review after review, until the test is over."""
        control, plan = self.control, self.plan
        last = INFINITE if plan.longest is None else applicant.admitted_us + plan.paced(plan.longest)
        while applicant.stage not in OVER:
            if applicant.stage == SUSPENDED:
                due = applicant.since_us + plan.paced(plan.tolerance.suspension)
            else:
                due = applicant.reviewed_us + plan.paced(plan.review_every)
            yield control.wait_until(min(due, last)) | applicant.ended
            if applicant.stage in OVER:
                return
            if applicant.stage == SUSPENDED:
                self._after_suspension(applicant, is_last=control.now >= last)
            else:
                self._review(applicant, is_last=control.now >= last)

    def _automatic_stop(self) -> Process:
        """The automatic stop: the test ends at the very payment that would break a cap on the whole box."""
        while True:
            trip: Trip = yield self.control.tripped
            applicant = next(one for one in self.applicants if one.tested)
            scalars = self.control.world.scalars
            self._end_test(
                applicant, f"automatic stop: {trip.reason}",
                cap=trip.reason, payment_id=trip.payment_id, account=trip.payer, amount_fen=trip.amount_fen,
                clients=int(scalars[scalar.CLIENTS]),
                exposure_fen=int(scalars[scalar.BOX_TOTAL]),
            )  # fmt: skip
            applicant.ended.succeed()

    # --- reviews ---------------------------------------------------------------------------------------------------

    def _review(self, applicant: ApplicantProgress, is_last: bool) -> None:
        """Measure, hold against the gates, decide, and do it."""
        control, plan = self.control, self.plan
        control.machine.look()
        measured = self.meter.measured(applicant.number, self._reports_on_time(applicant))
        rows = judge(measured, plan.gates, plan.least_payments)
        stage = plan.stages[applicant.plan_stage]
        circumstances = Circumstances(
            in_stage_us=control.now - applicant.since_us,
            shortest_us=plan.paced(stage.shortest),
            few_payments=applicant.offered_to > 0 and measured.payments < plan.least_payments,
            corrections_left=plan.tolerance.corrections - applicant.corrections,
            in_correction=applicant.stage == REMEDIATING,
            correction_left_us=applicant.correction_until_us - control.now,
        )
        decision = decide(rows, circumstances)
        graduates = decision.action == "advance" and stage.next == GRADUATED
        if is_last and not graduates:
            decision = Decision("exit", f"time is up ({decision.reason})")
        report = {
            "stage": applicant.stage, "decision": decision.action, "reason": decision.reason,
            "since_us": applicant.reviewed_us, "payments": measured.payments, "settled": measured.settled,
            "settled_fen": measured.settled_fen, "corrections_left": circumstances.corrections_left,
            "kpis": table(rows),
        }  # fmt: skip
        control.record("regulator", REVIEW, applicant.name, **report)
        applicant.reviews.append({"at_us": control.now, **report})
        applicant.reviewed_us = control.now
        self.meter.reset(applicant.number)
        self._apply(applicant, decision, stage)

    def _apply(self, applicant: ApplicantProgress, decision: Decision, stage: Stage) -> None:
        """Do what a review decided."""
        action, reason = decision
        if action == "advance" and stage.next == GRADUATED:
            self._move(applicant, GRADUATED, reason, exposure_fen=self.meter.exposure_fen[applicant.number])
        elif action == "advance":
            self._enter(applicant, stage.next, reason)
        elif action == "resume":
            self._enter(applicant, applicant.plan_stage, reason)
        elif action == "remediate":
            self._begin_correction(applicant, reason)
        elif action == "suspend":
            self._move(applicant, SUSPENDED, reason)
        elif action == "exit":
            self._end_test(applicant, reason)

    def _after_suspension(self, applicant: ApplicantProgress, is_last: bool) -> None:
        """A suspension is over: a correction period begins, if one is left, or end the test."""
        self.control.machine.look()
        self.meter.reset(applicant.number)
        applicant.reviewed_us = self.control.now
        if is_last:
            self._end_test(applicant, "time is up (suspended)")
        elif applicant.corrections < self.plan.tolerance.corrections:
            self._begin_correction(applicant, "suspension over")
        else:
            self._end_test(applicant, "no correction left after suspension")

    def _begin_correction(self, applicant: ApplicantProgress, reason: str) -> None:
        applicant.corrections += 1
        lasts = self.plan.paced(self.plan.tolerance.correction)
        applicant.correction_until_us = self.control.now + lasts
        left = self.plan.tolerance.corrections - applicant.corrections
        self._move(applicant, REMEDIATING, reason, correction_us=lasts, corrections_left=left)

    def _reports_on_time(self, applicant: ApplicantProgress) -> float | None:
        """Of the incident reports about this institution that were due or filed since the last review, the share in
        time."""
        reports = self.control.component(IncidentReports)
        return None if reports is None else reports.in_time_share(applicant.name, applicant.reviewed_us)

    # --- stages ----------------------------------------------------------------------------------------------------

    def _enter(self, applicant: ApplicantProgress, stage: str, reason: str, **figures: object) -> None:
        """Begin a stage of the plan (or go on with it), and let customers in."""
        before = applicant.offered_to
        applicant.plan_stage = stage
        self._move(applicant, stage, reason, **figures)
        self.control.env.process(self._enrols(applicant, applicant.stage_number, before, self.plan.stages[stage]))

    def _enrols(self, applicant: ApplicantProgress, stage_number: int, before: float, stage: Stage) -> Process:
        """Customers join, all at once or a part at a time."""
        lasts = self.plan.paced(self.plan.enrolment)
        steps = JOIN_STEPS if lasts >= JOIN_STEPS else 1
        for step in range(1, steps + 1):
            if lasts:
                yield self.control.env.timeout(lasts // steps)
            if applicant.stage_number != stage_number:
                return
            part = before + (stage.offered_to - before) * step / steps
            applicant.offered_to = stage.offered_to if step == steps else part
            most = None if self.plan.automatic_stop else stage.participants
            joined = self.members.join(applicant.number, applicant.offered_to, most)
            if joined.new:
                self.control.record("institution", JOINED, applicant.name, **joined._asdict())

    def _move(self, applicant: ApplicantProgress, to: str, reason: str, **figures: object) -> None:
        """Change an applicant's stage, put the box's rules for it in force, and log it."""
        before, was_tested = applicant.stage, applicant.tested
        applicant.stage, applicant.since_us = to, self.control.now
        applicant.stage_number += 1
        mine = self.members.members(applicant.number)
        if applicant.tested:
            self.members.admit(self.members.shops)
            self.members.admit(mine)
        elif was_tested:
            self.members.release(mine)
            if not any(one.tested for one in self.applicants):
                self.members.release(self.members.shops)
        self._put_in_force()
        inside = self._inside(applicant)
        figures = {"clients": int(self.control.world.scalars[scalar.CLIENTS]), **figures}
        if applicant.timeline:
            applicant.timeline[-1]["to_us"] = self.control.now
        applicant.timeline.append(
            {"stage": to, "from_us": self.control.now, "reason": reason, "participants": int(mine.size),
             "caps": self.caps._asdict()}
        )  # fmt: skip
        self.control.record(
            "regulator", STAGE, applicant.name,
            **{"from": before}, to=to, reason=reason, figures=figures, participants=inside, box=self.box_detail(),
        )  # fmt: skip

    def _end_test(self, applicant: ApplicantProgress, reason: str, **figures: object) -> None:
        """Close the test and wind it down: every participant is redeemed in full."""
        self._move(applicant, WOUND_DOWN, reason, **figures)
        applicant.redeemed = back = self.members.redeem(applicant.number)
        self.control.record("institution", REDEEMED, applicant.name, reason="wound down", **back._asdict())

    def _on_release(self, account: int) -> None:
        """A freeze has ended: who is owed money since the end of a test gets it now."""
        late = self.members.redeem_after_freeze(account)
        if late is not None:
            applicant, back = self.applicants[late[0]], late[1]
            applicant.add_redeemed(back)
            self.control.record("institution", REDEEMED, applicant.name, reason="freeze over", **back._asdict())

    def change_box(self, changed: Mapping[str, Any]) -> None:
        """New caps of the box itself, or another rule at its edge; the stages' caps hold beside them as before."""
        self._box = self._box.model_copy(update=dict(changed))
        self._put_in_force()

    # --- rules in force --------------------------------------------------------------------------------------------

    def _inside(self, applicant: ApplicantProgress) -> int:
        return int(self.members.members(applicant.number).size) if applicant.tested else 0

    def _is_on(self) -> bool:
        closed = self._box.outside == "refuse_all" and not any(one.stage == GRADUATED for one in self.applicants)
        return closed or any(one.tested for one in self.applicants)

    def _caps_of_stages(self) -> Caps:
        """The caps of those who are tested, and the box's own."""
        tested = [one for one in self.applicants if one.tested]
        stages = [self.plan.stages[one.plan_stage] for one in tested]
        total = together([stage.total_exposure for stage in stages])
        if total is not None:
            self.control.machine.look()
            # What others settled inside before does not use up the caps of those who are tested now.
            total += sum(self.meter.exposure_fen[one.number] for one in self.applicants if not one.tested)
        return Caps(
            together([stage.participants for stage in stages]),
            tightest([self._box.per_payment_cap, *(stage.per_payment for stage in stages)]),
            tightest([self._box.participant_cap, *(stage.per_participant for stage in stages)]),
            tightest([self._box.total_exposure_cap, total]),
        )

    def _put_in_force(self) -> None:
        """From this microsecond on the rail obeys the caps of the stages."""
        rules, on = self.control.world.rules, self._is_on()
        caps = self.caps = self._caps_of_stages()
        rules[rule.BOX_ON] = int(on)
        for column, cap in (
            (rule.PER_PAYMENT_CAP, caps.per_payment_fen),
            (rule.PARTICIPANT_CAP, caps.per_participant_fen),
            (rule.EXPOSURE_CAP, caps.total_exposure_fen),
            (rule.CLIENT_CAP, caps.participants if self.plan.automatic_stop else None),
        ):
            rules[column] = INFINITE if cap is None else cap
        rules[rule.BOX_TRIPS] = int(self.plan.automatic_stop and on)

    def box_detail(self) -> dict[str, Any]:
        """The box as it is now, as events say it."""
        return box_detail(self._is_on(), self.caps)

    # --- when the run is over --------------------------------------------------------------------------------------

    def afterwards(self, again: Callable[[Scenario], Trial]) -> None:
        """Roll out what has graduated, and run the same world under other regimes."""
        control, scenario = self.control, self.control.world.scenario
        rollout = self.plan.rollout
        if rollout is not None and any(one.stage == GRADUATED for one in self.applicants):
            trial = again(rolled_out(scenario, rollout))
            self._after["rollout"] = what_broke(trial, self.plan, rollout)
            log_rollout(control.log, control.now, self._after["rollout"])
        if self.plan.compare:
            others = [preset for preset in self.plan.compare if preset != self.plan.preset]
            trials = [again(under_preset(scenario, preset)).control for preset in others]
            self._after["regimes"] = [_regime(one) for one in (control, *trials)]

    def summary(self) -> Mapping[str, Any]:
        """The sections `lifecycle`, `complaints` and `compensation`, and `rollout` and `regimes` where there are."""
        applicants = [
            one.summary(int(self.members.members(one.number).size), self.meter.exposure_fen[one.number])
            for one in self.applicants
        ]
        clients = int(self.control.world.scalars[scalar.CLIENTS])
        cycle = {"preset": self.plan.preset, "pace": self.plan.pace, "clients": clients, "applicants": applicants}
        return {"lifecycle": cycle, **self.office.summary(), **self._after}


def _regime(control: Control) -> dict[str, Any]:
    """What became of the test in a run."""
    cycle, edge = control.component(LifeCycle), control.component(Containment)
    if cycle is None or edge is None:
        raise BrokenInvariant("a box with a plan has a life cycle and an edge")
    return regime(cycle.plan.preset, cycle.plan.first, {**cycle.summary(), **edge.summary()})


SIMULATED: Final = Simulated(LifeCycle)
