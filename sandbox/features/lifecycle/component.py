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
from sandbox.features.lifecycle.after import log_rollout, regime, rolled_out, under_preset, what_broke
from sandbox.features.lifecycle.applicant import Life, why_refused
from sandbox.features.lifecycle.complaints import Office
from sandbox.features.lifecycle.kpis import Meter
from sandbox.features.lifecycle.members import Members
from sandbox.features.lifecycle.reviews import Case, Decision, decide, judge, table
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
    """The component of a run in which the box has a life."""

    def __init__(self, control: Control, plan: Plan) -> None:
        self.control, self.plan = control, plan
        world = control.world
        self._box = world.scenario.rules.box
        self.lives = [
            Life(number, one, world.institution_names.index(one.institution), control.env.event())
            for number, one in enumerate(plan.applicants)
        ]
        institutions = [one.institution for one in self.lives]
        self.members = Members(control, institutions)
        self.meter = Meter(control, institutions)
        self.office = Office(control, plan, self.meter)
        self._after: dict[str, Any] = {}
        self.caps = Caps()
        """In force."""

    # --- the run ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin with an empty box."""
        self.control.listen(self.meter)
        self.control.at_bin_end(self.meter.bin_ends)
        self.control.on_release.append(self._is_released)
        edge = self.control.component(Containment)
        if edge is not None:
            edge.moved_us = self.members.moved_us
        self._put_in_force()
        self.control.record(
            "regulator", PLANNED, self.plan.preset,
            pace=self.plan.pace, box=self.box_detail(), applicants=[one.name for one in self.lives],
        )  # fmt: skip
        for life in self.lives:
            self.control.env.process(self._lives(life))
        self.control.env.process(self._stops_at_caps())
        self.office.start()

    def _lives(self, life: Life) -> Process:
        """One applicant, from the application to the end."""
        control, plan, one = self.control, self.plan, life.applicant
        yield control.wait_until(self._box.starts + plan.paced(one.applies))
        life.stage, life.since_us = APPLIED, control.now
        control.record("institution", FILED, life.name, licensed=one.licensed, criteria=one.criteria.model_dump())
        life.timeline.append({"stage": APPLIED, "from_us": control.now, "reason": "application", "participants": 0})
        yield control.env.timeout(plan.paced(plan.admission.assessment))
        refused = why_refused(one, plan.admission)
        if refused is not None:
            self._move(life, REFUSED, refused, licensed=one.licensed, criteria=one.criteria.model_dump())
            return
        if plan.admission.comment_period:
            self._move(life, COMMENT, "assessed", comment_us=plan.paced(plan.admission.comment_period))
            yield control.env.timeout(plan.paced(plan.admission.comment_period))
            if one.objection_upheld:
                self._move(life, REFUSED, "objection upheld")
                return
        life.admitted_us = life.reviewed_us = control.now
        self.office.is_admitted(life.number)
        self._enter(life, plan.first, "registered", fund_fen=plan.fund.amount)
        yield from self._is_tested(life)

    def _is_tested(self, life: Life) -> Process:
        """Review after review, until the test is over."""
        control, plan = self.control, self.plan
        last = INFINITE if plan.longest is None else life.admitted_us + plan.paced(plan.longest)
        while life.stage not in OVER:
            if life.stage == SUSPENDED:
                due = life.since_us + plan.paced(plan.tolerance.suspension)
            else:
                due = life.reviewed_us + plan.paced(plan.review_every)
            yield control.wait_until(min(due, last)) | life.ended
            if life.stage in OVER:
                return
            if life.stage == SUSPENDED:
                self._after_suspension(life, is_last=control.now >= last)
            else:
                self._review(life, is_last=control.now >= last)

    def _stops_at_caps(self) -> Process:
        """The automatic stop: the test ends at the very payment that would break a cap on the whole box."""
        while True:
            trip: Trip = yield self.control.tripped
            life = next(one for one in self.lives if one.tested)
            scalars = self.control.world.scalars
            self._end_test(
                life, f"automatic stop: {trip.reason}", cap=trip.reason, payment_id=trip.payment_id, account=trip.payer,
                amount_fen=trip.amount_fen, clients=int(scalars[scalar.CLIENTS]),
                exposure_fen=int(scalars[scalar.BOX_TOTAL]),
            )  # fmt: skip
            life.ended.succeed()

    # --- reviews ---------------------------------------------------------------------------------------------------

    def _review(self, life: Life, is_last: bool) -> None:
        """Measure, hold against the gates, decide, and do it."""
        control, plan = self.control, self.plan
        control.machine.look()
        measured = self.meter.measured(life.number, self._reports_on_time(life))
        rows = judge(measured, plan.gates, plan.least_payments)
        stage = plan.stages[life.within]
        case = Case(
            in_stage_us=control.now - life.since_us,
            shortest_us=plan.paced(stage.shortest),
            few_payments=life.offered_to > 0 and measured.payments < plan.least_payments,
            corrections_left=plan.tolerance.corrections - life.corrections,
            mending=life.stage == REMEDIATING,
            time_to_mend_us=life.mend_until_us - control.now,
        )
        decision = decide(rows, case)
        graduates = decision.action == "advance" and stage.next == GRADUATED
        if is_last and not graduates:
            decision = Decision("exit", f"time is up ({decision.reason})")
        report = {
            "stage": life.stage, "decision": decision.action, "reason": decision.reason, "since_us": life.reviewed_us,
            "payments": measured.payments, "settled": measured.settled, "settled_fen": measured.settled_fen,
            "corrections_left": case.corrections_left, "kpis": table(rows),
        }  # fmt: skip
        control.record("regulator", REVIEW, life.name, **report)
        life.reviews.append({"at_us": control.now, **report})
        life.reviewed_us = control.now
        self.meter.begin_anew(life.number)
        self._apply(life, decision, stage)

    def _apply(self, life: Life, decision: Decision, stage: Stage) -> None:
        """Do what a review decided."""
        action, reason = decision
        if action == "advance" and stage.next == GRADUATED:
            self._move(life, GRADUATED, reason, exposure_fen=self.meter.exposure_fen[life.number])
        elif action == "advance":
            self._enter(life, stage.next, reason)
        elif action == "resume":
            self._enter(life, life.within, reason)
        elif action == "remediate":
            self._mend(life, reason)
        elif action == "suspend":
            self._move(life, SUSPENDED, reason)
        elif action == "exit":
            self._end_test(life, reason)

    def _after_suspension(self, life: Life, is_last: bool) -> None:
        """A suspension is over: mend, if that is still allowed, or end the test."""
        self.control.machine.look()
        self.meter.begin_anew(life.number)
        life.reviewed_us = self.control.now
        if is_last:
            self._end_test(life, "time is up (suspended)")
        elif life.corrections < self.plan.tolerance.corrections:
            self._mend(life, "suspension over")
        else:
            self._end_test(life, "no correction left after suspension")

    def _mend(self, life: Life, reason: str) -> None:
        life.corrections += 1
        lasts = self.plan.paced(self.plan.tolerance.correction)
        life.mend_until_us = self.control.now + lasts
        left = self.plan.tolerance.corrections - life.corrections
        self._move(life, REMEDIATING, reason, correction_us=lasts, corrections_left=left)

    def _reports_on_time(self, life: Life) -> float | None:
        """Of the incident reports about this institution that were due or filed since the last review, the share in
        time."""
        reports = self.control.component(IncidentReports)
        return None if reports is None else reports.in_time_share(life.name, life.reviewed_us)

    # --- stages ----------------------------------------------------------------------------------------------------

    def _enter(self, life: Life, stage: str, reason: str, **figures: object) -> None:
        """Begin a stage of the plan (or go on with it), and let customers in."""
        before = life.offered_to
        life.within = stage
        self._move(life, stage, reason, **figures)
        self.control.env.process(self._enrols(life, life.turns, before, self.plan.stages[stage]))

    def _enrols(self, life: Life, turn: int, before: float, stage: Stage) -> Process:
        """Customers join, all at once or a part at a time."""
        lasts = self.plan.paced(self.plan.enrolment)
        steps = JOIN_STEPS if lasts >= JOIN_STEPS else 1
        for step in range(1, steps + 1):
            if lasts:
                yield self.control.env.timeout(lasts // steps)
            if life.turns != turn:
                return
            life.offered_to = stage.offered_to if step == steps else before + (stage.offered_to - before) * step / steps
            most = None if self.plan.automatic_stop else stage.participants
            joined = self.members.join(life.number, life.offered_to, most)
            if joined.new:
                self.control.record("institution", JOINED, life.name, **joined._asdict())

    def _move(self, life: Life, to: str, reason: str, **figures: object) -> None:
        """Change an applicant's stage, put the box's rules for it in force, and log it."""
        before, was_tested = life.stage, life.tested
        life.stage, life.since_us = to, self.control.now
        life.turns += 1
        mine = self.members.members(life.number)
        if life.tested:
            self.members.open_shops()
            self.members.let_in(mine)
        elif was_tested:
            self.members.let_out(mine)
            if not any(one.tested for one in self.lives):
                self.members.close_shops()
        self._put_in_force()
        inside = self._inside(life)
        figures = {"clients": int(self.control.world.scalars[scalar.CLIENTS]), **figures}
        if life.timeline:
            life.timeline[-1]["to_us"] = self.control.now
        life.timeline.append(
            {"stage": to, "from_us": self.control.now, "reason": reason, "participants": int(mine.size),
             "caps": self.caps._asdict()}
        )  # fmt: skip
        self.control.record(
            "regulator", STAGE, life.name,
            **{"from": before}, to=to, reason=reason, figures=figures, participants=inside, box=self.box_detail(),
        )  # fmt: skip

    def _end_test(self, life: Life, reason: str, **figures: object) -> None:
        """Close the test and wind it down: every participant is redeemed in full."""
        self._move(life, WOUND_DOWN, reason, **figures)
        life.redeemed = back = self.members.redeem(life.number)
        self.control.record("institution", REDEEMED, life.name, reason="wound down", **back._asdict())

    def _is_released(self, account: int) -> None:
        """A freeze has ended: who is owed money since the end of a test gets it now."""
        late = self.members.redeem_late(account)
        if late is not None:
            life, back = self.lives[late[0]], late[1]
            life.is_paid_back(back)
            self.control.record("institution", REDEEMED, life.name, reason="freeze over", **back._asdict())

    def change_box(self, changed: Mapping[str, Any]) -> None:
        """New caps of the box itself, or another rule at its edge; the stages' caps hold beside them as before."""
        self._box = self._box.model_copy(update=dict(changed))
        self._put_in_force()

    # --- rules in force --------------------------------------------------------------------------------------------

    def _inside(self, life: Life) -> int:
        return int(self.members.members(life.number).size) if life.tested else 0

    def _is_on(self) -> bool:
        closed = self._box.outside == "refuse_all" and not any(one.stage == GRADUATED for one in self.lives)
        return closed or any(one.tested for one in self.lives)

    def _caps_of_stages(self) -> Caps:
        """The caps of those who are tested, and the box's own."""
        tested = [one for one in self.lives if one.tested]
        stages = [self.plan.stages[one.within] for one in tested]
        total = together([stage.total_exposure for stage in stages])
        if total is not None:
            self.control.machine.look()
            # What others settled inside before does not use up the caps of those who are tested now.
            total += sum(self.meter.exposure_fen[one.number] for one in self.lives if not one.tested)
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
        if rollout is not None and any(one.stage == GRADUATED for one in self.lives):
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
            for one in self.lives
        ]
        clients = int(self.control.world.scalars[scalar.CLIENTS])
        life = {"preset": self.plan.preset, "pace": self.plan.pace, "clients": clients, "applicants": applicants}
        return {"lifecycle": life, **self.office.summary(), **self._after}


def _regime(control: Control) -> dict[str, Any]:
    """What became of the test in a run."""
    life, edge = control.component(LifeCycle), control.component(Containment)
    if life is None or edge is None:
        raise BrokenInvariant("a box with a plan has a life and an edge")
    return regime(life.plan.preset, life.plan.first, {**life.summary(), **edge.summary()})


SIMULATED: Final = Simulated(LifeCycle)
