"""After the test: the roll-out of what has graduated, and the same world under other regimes. Each is a run of its own.

The roll-out asks what breaks first when everybody may use what graduated: the first station that is too busy, and the
first bin in which a gate of the reviews would be missed. It begins as this run began, larger, without the box, without
the faults and campaigns of the test. What it finds is logged as happening after the end of this run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sandbox.control import EventLog, Trial
from sandbox.scenario.schema import Box, Scenario
from sandbox.scenario.schema.plan import Plan, RollOut, plan_under_preset

UTILISATION: Final = "utilisation"


class Breach(NamedTuple):
    """Something that broke in the roll-out: when first (us since the roll-out began), what, how far, against which
    line, and in how many bins in all."""

    at_us: int
    kind: str
    subject: str
    value: float
    line: float
    bins: int


def rolled_out(scenario: Scenario, rollout: RollOut) -> Scenario:
    """The same world, larger, under ordinary rules, with nothing broken on purpose."""
    changes = {
        "scale": scenario.scale * rollout.factor,
        "duration": rollout.lasts,
        "rules": scenario.rules.model_copy(update={"box": Box(), "changes": []}),
        "faults": [],
        "campaigns": {},
    }
    return scenario.model_copy(update=changes)


def under_preset(scenario: Scenario, preset: str) -> Scenario:
    """The same world under another regime."""
    plan = scenario.rules.box.plan
    assert plan is not None, "only a plan asks for other regimes"
    box = scenario.rules.box.model_copy(update={"plan": plan_under_preset(plan, preset)})
    return scenario.model_copy(update={"rules": scenario.rules.model_copy(update={"box": box})})


def breaches(
    series: Mapping[str, npt.NDArray[Any]],
    stations: Mapping[str, npt.NDArray[Any]],
    names: list[str],
    plan: Plan,
    utilisation: float,
) -> list[Breach]:
    """What broke, the first first."""
    found = []
    for number in np.unique(stations["station"]):
        mine = stations["station"] == number
        found += _first(stations["at_us"][mine], stations["utilisation"][mine], utilisation, 1, UTILISATION,
                        names[int(number)])  # fmt: skip
    gates, enough = plan.gates, series["ended"] >= plan.least_payments
    answered = series["settled"] + series["unavailable"] + series["timed_out"]
    success = np.where(answered > 0, series["settled"] / np.maximum(answered, 1), 1.0)
    held = series["liquidity_least_share"]
    for gate, usable, values, line, worse in (
        ("success_share", enough, success, gates.success_share.target, -1),
        ("p99_latency", enough & (series["settled"] > 0), series["latency_p99_us"], gates.p99_latency.target, 1),
        ("liquidity", ~np.isnan(held), held, gates.liquidity.target, -1),
    ):
        found += _first(series["at_us"][usable], values[usable], line, worse, "gate", gate)
    return sorted(found)


def _first(
    at_us: npt.NDArray[Any], values: npt.NDArray[Any], line: float, worse: int, kind: str, subject: str
) -> list[Breach]:
    over = np.flatnonzero(worse * values > worse * line)
    if over.size == 0:
        return []
    first = int(over[0])
    return [Breach(int(at_us[first]), kind, subject, float(values[first]), float(line), int(over.size))]


def what_broke(trial: Trial, plan: Plan, rollout: RollOut) -> dict[str, Any]:
    """The section `rollout` of the summary."""
    world, series, stations = trial.control.world, trial.observer.series(), trial.observer.stations()
    found = breaches(series, stations, world.station_names, plan, rollout.utilisation)
    busiest = int(np.argmax(stations["utilisation"])) if stations["utilisation"].size else None
    answered = int(series["settled"].sum() + series["unavailable"].sum() + series["timed_out"].sum())
    return {
        "factor": rollout.factor,
        "lasts_us": rollout.lasts,
        "ended_us": trial.control.now,
        "wallets": world.blocks["personal"].count,
        "payments": int(series["ended"].sum()),
        "settled": int(series["settled"].sum()),
        "settled_fen": int(series["settled_fen"].sum()),
        "success_share": int(series["settled"].sum()) / answered if answered else None,
        "utilisation_line": rollout.utilisation,
        "busiest_station": None if busiest is None else world.station_names[int(stations["station"][busiest])],
        "busiest_utilisation": None if busiest is None else float(stations["utilisation"][busiest]),
        "first": found[0]._asdict() if found else None,
        "findings": [{"subject": one.subject, **one._asdict()} for one in found],
    }


def log_rollout(log: EventLog, after_us: int, rollout: Mapping[str, Any]) -> None:
    """The roll-out as control events that follow the run."""
    figures = {name: rollout[name] for name in ("factor", "lasts_us", "wallets")}
    log.add(after_us, "regulator", "rollout_began", None, **figures)
    for finding in rollout["findings"]:
        figures = {name: finding[name] for name in ("kind", "value", "line", "bins")}
        log.add(after_us + finding["at_us"], "regulator", "rollout_broke", finding["subject"], **figures)
    figures = {name: rollout[name] for name in ("payments", "settled", "success_share")}
    log.add(after_us + rollout["ended_us"], "regulator", "rollout_ended", None, **figures)


def regime(preset: str, first: str, summary: Mapping[str, Any]) -> dict[str, Any]:
    """One line of the comparison of regimes: what became of the test under a preset.

    Args:
        preset: its name.
        first: the stage into which applicants are admitted.
        summary: the sections of the life cycle and of containment.
    """
    inside, crossed = summary["containment"]["inside"], summary["containment"]["crossed"]
    answered = inside["settled"] + inside["failed"]
    return {
        "preset": preset,
        "applicants": [_outcome(one, first) for one in summary["lifecycle"]["applicants"]],
        "clients": summary["lifecycle"]["clients"],
        "payments": inside["payments"],
        "settled_fen": inside["settled_fen"],
        "success_share": inside["settled"] / answered if answered else None,
        "failed": inside["failed"],
        "complaints": summary["complaints"]["filed"],
        "compensated_fen": summary["compensation"]["paid_fen"],
        "crossed_fen": crossed["settled_fen"],
    }


def _outcome(applicant: Mapping[str, Any], first: str) -> dict[str, Any]:
    """How an applicant fared: when it applied, was admitted and ended (us), null for what did not happen."""
    timeline = applicant["timeline"]
    admitted = next((row["from_us"] for row in timeline if row["stage"] == first), None)
    return {
        "institution": applicant["institution"],
        "stage": applicant["stage"],
        "reason": applicant["reason"],
        "about": applicant["about"],
        "applied_us": timeline[0]["from_us"] if timeline else None,
        "admitted_us": admitted,
        "ended_us": applicant["ended_us"],
        "participants": applicant["participants"],
        "reviews": len(applicant["reviews"]),
        "corrections": applicant["corrections"],
        "redeemed_fen": applicant["redeemed"]["amount_fen"] if applicant["redeemed"] else 0,
    }
