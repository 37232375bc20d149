"""The state of a box that has a life, and how its control events change it. No clock, no accounts: plain values.

Every change is one event whose detail holds the new state of what it changed, so `replay.state_at` needs the events
alone. Money is fen; a cap that is None does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple, TypeVar

from sandbox.scenario.schema.plan import APPLIED, COMMENT, GRADUATED, REFUSED, SUSPENDED, WOUND_DOWN

PLANNED: Final = "box_planned"
"""Event at the start: the box as it is before anybody applies."""
STARTED: Final = "box_started"
"""The rules of a box without a plan hold from now on."""
CHANGED: Final = "box_changed"
"""A change of rules has set caps of the box anew."""
FILED: Final = "application_filed"
STAGE: Final = "stage_changed"
JOINED: Final = "participants_joined"
REVIEW: Final = "review"
REDEEMED: Final = "participants_redeemed"

FREEZES: Final = {"frozen": True, "released": False}
"""Events of a freeze: whether their subject, an account, is frozen after them."""
INCIDENTS: Final = {"incident_opened": True, "incident_over": False}
"""Events of an incident: whether their subject, a station, has one after them."""

Some = TypeVar("Some")

NOT_IN_TEST: Final = (APPLIED, COMMENT, REFUSED, SUSPENDED, GRADUATED, WOUND_DOWN)
"""Stages in which an applicant's customers are outside."""
OVER: Final = (REFUSED, GRADUATED, WOUND_DOWN)
"""Stages after which nothing comes."""


class Caps(NamedTuple):
    """Caps in force inside the box."""

    participants: int | None = None
    per_payment_fen: int | None = None
    per_participant_fen: int | None = None
    total_exposure_fen: int | None = None


class ApplicantState(NamedTuple):
    """Where an applicant stands: its stage, since when (us), and how many of its customers are inside."""

    stage: str
    since_us: int
    participants: int = 0


@dataclass(frozen=True)
class BoxState:
    """The box at an instant: whether its rules hold, which caps, and every applicant that has applied; beside it, which
    accounts are frozen and which stations have an incident that is known and not over."""

    on: bool = False
    caps: Caps = field(default_factory=Caps)
    applicants: Mapping[str, ApplicantState] = field(default_factory=dict)
    frozen: frozenset[int] = frozenset()
    incidents: frozenset[str] = frozenset()

    def after(self, at_us: int, event: str, subject: str | None, detail: Mapping[str, Any]) -> BoxState:
        """The state after one control event; events of other parts change nothing."""
        if event in (PLANNED, STARTED, CHANGED):
            return replace(self, **_box(detail["box"]))
        if subject is None:
            return self
        if event in FREEZES:
            return replace(self, frozen=_with(self.frozen, int(subject), FREEZES[event]))
        if event in INCIDENTS:
            return replace(self, incidents=_with(self.incidents, subject, INCIDENTS[event]))
        if event not in (FILED, STAGE, JOINED):
            return self
        if event == JOINED:
            now = self.applicants[subject]._replace(participants=detail["participants"])
            return replace(self, applicants={**self.applicants, subject: now})
        if event == FILED:
            return replace(self, applicants={**self.applicants, subject: ApplicantState(APPLIED, at_us)})
        now = ApplicantState(detail["to"], at_us, detail["participants"])
        return replace(self, applicants={**self.applicants, subject: now}, **_box(detail["box"]))


def box_detail(on: bool, caps: Caps) -> dict[str, Any]:
    """The part of an event's detail that says how the box is now."""
    return {"on": on, **caps._asdict()}


def _with(held: frozenset[Some], one: Some, comes: bool) -> frozenset[Some]:
    return held | {one} if comes else held - {one}


def _box(detail: Mapping[str, Any]) -> dict[str, Any]:
    return {"on": detail["on"], "caps": Caps(**{name: detail[name] for name in Caps._fields})}


def tightest(caps: list[int | None]) -> int | None:
    """The lowest of some caps; None if none of them holds.

    >>> tightest([None, 5, 3]), tightest([None]), tightest([])
    (3, None, None)
    """
    held = [cap for cap in caps if cap is not None]
    return min(held) if held else None


def together(caps: list[int | None]) -> int | None:
    """The sum of some caps; None if one of them does not hold, or there is none.

    >>> together([2, 3]), together([2, None]), together([])
    (5, None, None)
    """
    held = [cap for cap in caps if cap is not None]
    return sum(held) if held and len(held) == len(caps) else None
