"""Reviews: what was measured inside the box is held against the gates, and what follows is decided. Pure.

A gate is *passed* at its target or better, *broken* beyond its stop line, *missed* in between, and *unmeasured* where
there was nothing to measure (no incident report was due, say). Unmeasured gates stop nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from sandbox.scenario.schema.plan import Gates, NumberGate, ShareGate, TimeGate

PASSED: Final = "passed"
MISSED: Final = "missed"
BROKEN: Final = "broken"
UNMEASURED: Final = "unmeasured"

Action = Literal["advance", "hold", "remediate", "resume", "suspend", "exit"]


class Measured(NamedTuple):
    """What a review rests on: payments inside the box by the applicant's customers since the review before."""

    payments: int = 0
    settled: int = 0
    failed: int = 0
    settled_fen: int = 0
    p99_latency_us: int | None = None
    complaints: int = 0
    fraud_fen: int = 0
    reports_on_time: float | None = None
    liquidity: float | None = None

    def values(self) -> dict[str, float | None]:
        """The value of each gate by its name; None where there was nothing to measure."""
        answered = self.settled + self.failed
        return {
            "success_share": self.settled / answered if answered else None,
            "p99_latency": self.p99_latency_us,
            "complaints_per_10000": 10_000 * self.complaints / self.payments if self.payments else None,
            "fraud_loss_bp": 10_000 * self.fraud_fen / self.settled_fen if self.settled_fen else None,
            "reports_on_time": self.reports_on_time,
            "liquidity": self.liquidity,
        }


class Row(NamedTuple):
    """One line of a review's table of indicators."""

    gate: str
    value: float | None
    target: float
    stop: float | None
    verdict: str


def judge(measured: Measured, gates: Gates, least_payments: int) -> list[Row]:
    """The table of indicators. What rests on payments is unmeasured where there were fewer than `least_payments`."""
    few = measured.payments < least_payments
    rows = []
    for name, value in measured.values().items():
        gate: ShareGate | TimeGate | NumberGate = getattr(gates, name)
        known = None if few and name not in ("reports_on_time", "liquidity") else value
        rows.append(Row(name, value, gate.target, gate.stop, verdict(known, gate)))
    return rows


def verdict(value: float | None, gate: ShareGate | TimeGate | NumberGate) -> str:
    """What a value is against a gate.

    >>> line = NumberGate(target=5.0, stop=10.0)
    >>> [verdict(value, line) for value in (None, 5, 5.1, 10, 10.1)]
    ['unmeasured', 'passed', 'missed', 'missed', 'broken']
    >>> verdict(0.4, ShareGate(target=0.9, stop=0.5)), verdict(0.5, ShareGate(target=0.9, stop=0.5))
    ('broken', 'missed')
    """
    if value is None:
        return UNMEASURED
    worse = -1 if isinstance(gate, ShareGate) else 1
    if worse * value <= worse * gate.target:
        return PASSED
    return BROKEN if gate.stop is not None and worse * value > worse * gate.stop else MISSED


class Circumstances(NamedTuple):
    """What a decision rests on besides the table."""

    in_stage_us: int
    shortest_us: int
    few_payments: bool
    """Whether customers are inside, yet paid too little to judge by."""
    corrections_left: int
    in_correction: bool = False
    """Whether this is a correction period."""
    correction_left_us: int = 0
    """What is left of it."""


class Decision(NamedTuple):
    """What a review comes to, and why."""

    action: Action
    reason: str


def decide(rows: Iterable[Row], circumstances: Circumstances) -> Decision:
    """What follows from a review.

    A broken gate suspends. A missed one opens a correction period if one is left, and ends the test if none is. In a
    correction period the applicant has until its end to pass every gate again. Nobody advances before the stage's
    shortest time is over, or without payments to judge by.
    """
    by_verdict: dict[str, list[str]] = {}
    for row in rows:
        by_verdict.setdefault(row.verdict, []).append(row.gate)
    missed = ", ".join(by_verdict.get(MISSED, []))
    if BROKEN in by_verdict:
        return Decision("suspend", f"broken: {', '.join(by_verdict[BROKEN])}")
    if circumstances.in_correction:
        if not missed and not circumstances.few_payments:
            return Decision("resume", "mended")
        why = f"missed: {missed}" if missed else "too few payments"
        return Decision("hold" if circumstances.correction_left_us > 0 else "exit", why)
    if missed:
        return Decision("remediate" if circumstances.corrections_left > 0 else "exit", f"missed: {missed}")
    if circumstances.few_payments:
        return Decision("hold", "too few payments")
    if circumstances.in_stage_us < circumstances.shortest_us:
        return Decision("hold", "shortest time not over")
    return Decision("advance", "all gates passed")


def coded(reason: str) -> dict[str, str | None]:
    """A reason as the entries of a summary: a code, and the codes that it is about.

    >>> coded("missed: success_share, p99_latency"), coded("no licence")
    ({'reason': 'missed', 'about': 'success_share, p99_latency'}, {'reason': 'no_licence', 'about': None})
    >>> coded("time is up (too few payments)")
    {'reason': 'time_is_up', 'about': 'too_few_payments'}
    """
    head, _, rest = reason.removesuffix(")").partition(" (")
    if rest:
        inner = coded(rest)
        return {"reason": head.replace(" ", "_"), "about": inner["about"] or inner["reason"]}
    head, _, about = reason.partition(": ")
    return {"reason": head.replace(" ", "_"), "about": about or None}


def in_codes(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a timeline, or reviews, with their reasons as codes."""
    return [{**row, **coded(row["reason"])} for row in rows]


def first_missed(reviews: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The first review that found a gate missed or broken, and when a later one found all mended; null for none."""
    bad = [any(row["verdict"] in (MISSED, BROKEN) for row in one["kpis"]) for one in reviews]
    if True not in bad:
        return {"first_missed": None, "mended_us": None}
    place = bad.index(True)
    gates = [row["gate"] for row in reviews[place]["kpis"] if row["verdict"] in (MISSED, BROKEN)]
    return {
        "first_missed": {"review": place + 1, "at_us": reviews[place]["at_us"], "gates": ", ".join(gates)},
        "mended_us": next((one["at_us"] for one in reviews[place:] if one["decision"] == "resume"), None),
    }


def table(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The table as it stands in events and in the summary."""
    return [row._asdict() for row in rows]
