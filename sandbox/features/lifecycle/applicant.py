"""One applicant: whether it is admitted, and how far it has come in the plan."""

from __future__ import annotations

from typing import Any

from simpy import Event

from sandbox.base.box_state import NOT_IN_TEST, OVER
from sandbox.features.lifecycle.members import Redeemed
from sandbox.features.lifecycle.reviews import coded, first_missed, in_codes
from sandbox.scenario.schema.plan import Admission, Applicant


def why_refused(applicant: Applicant, admission: Admission) -> str | None:
    """Why an applicant is not admitted; None if it is.

    >>> why_refused(Applicant(institution="A", licensed=False), Admission(licensed_only=True))
    'no licence'
    >>> why_refused(Applicant(institution="A", criteria={"ready": False}), Admission(criteria=["in_scope", "ready"]))
    'criteria not met: ready'
    """
    if admission.licensed_only and not applicant.licensed:
        return "no licence"
    unmet = [name for name in admission.criteria if not getattr(applicant.criteria, name)]
    return f"criteria not met: {', '.join(unmet)}" if unmet else None


class ApplicantProgress:
    """How far one applicant has come in the plan."""

    def __init__(self, number: int, applicant: Applicant, institution: int, ended: Event) -> None:
        self.number, self.application, self.institution = number, applicant, institution
        self.name = applicant.institution
        self.stage = ""
        """Empty before it applies."""
        self.since_us = self.reviewed_us = self.admitted_us = 0
        self.plan_stage = ""
        """The plan's stage that it is in, also in a correction period or while it is suspended."""
        self.offered_to = 0.0
        self.corrections = 0
        self.correction_until_us = 0
        self.stage_number = 0
        """How often the stage has changed: what waits for the end of an earlier stage gives up."""
        self.ended = ended
        self.timeline: list[dict[str, Any]] = []
        self.reviews: list[dict[str, Any]] = []
        self.redeemed: Redeemed | None = None

    @property
    def tested(self) -> bool:
        """Whether its customers are inside."""
        return self.stage != "" and self.stage not in NOT_IN_TEST

    def add_redeemed(self, back: Redeemed) -> None:
        """Somebody got its money back after the wind-down."""
        first = self.redeemed or Redeemed(0, 0, 0)
        self.redeemed = back._replace(
            participants=first.participants + back.participants, amount_fen=first.amount_fen + back.amount_fen
        )

    def summary(self, participants: int, exposure_fen: int) -> dict[str, Any]:
        """What became of it."""
        return {
            "institution": self.name,
            "stage": self.stage,
            **(coded(self.timeline[-1]["reason"]) if self.timeline else {"reason": None, "about": None}),
            "ended_us": next((row["from_us"] for row in self.timeline if row["stage"] in OVER), None),
            **first_missed(self.reviews),
            "participants": participants,
            "corrections": self.corrections,
            "exposure_fen": exposure_fen,
            "redeemed": None if self.redeemed is None else self.redeemed._asdict(),
            "timeline": in_codes(self.timeline),
            "reviews": in_codes(self.reviews),
        }
