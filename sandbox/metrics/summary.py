"""The numbers of a run: `summary.json`, out of the tallies, the time series and the final state of the world.

Pure: it reads a finished simulation and returns a dict; `docs/run-folder.md` says what each name means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sandbox.base.answers import resolved
from sandbox.base.campaigns import Campaigns
from sandbox.base.days import Days
from sandbox.control import Component
from sandbox.core.layout import INFINITE, Outcome, rule, scalar, station
from sandbox.core.ratio import share
from sandbox.engine.simulation import Simulation
from sandbox.engine.tally import (
    SUB,
    T_ATTEMPTS,
    T_ENDED,
    T_INSIDE,
    T_INSIDE_FEN,
    T_LATENCY_MAX,
    T_PEAK,
    T_STAGES,
    Tally,
    quantile_of,
)  # fmt: skip
from sandbox.feature import FeatureError
from sandbox.market.campaigns import CampaignPlan
from sandbox.metrics.risk import LIMITS, risks
from sandbox.metrics.steady import steady_state
from sandbox.scenario.past_end import begin_past_end
from sandbox.scenario.schema import Scenario
from sandbox.tables import OUTCOMES
from wallets.classes import CLASS_NAMES

STAGES = ("payer_gateway", "payee_gateway", "ledger")
US_PER_MS = 1000.0


def summarise(simulation: Simulation, name: str) -> dict[str, Any]:
    """Everything in `summary.json`."""
    world, tally = simulation.world, simulation.tally
    scenario = world.scenario
    outcomes = tally.counts.sum(axis=(0, 2))
    summary: dict[str, Any] = {
        "scenario": about(scenario, name, world.seed),
        "throughput": throughput(tally, scenario.duration),
        "outcomes": {outcome: int(count) for outcome, count in zip(OUTCOMES, outcomes, strict=True)},
        "refusals": refusals(tally),
        "classes": classes(tally),
        "busiest": simulation.observer.busiest.summary(),
        "segments": segments(tally, [(source.name, source.kind) for source in world.sources]),
        "stations": stations(simulation),
        "risk": risks(simulation),
        "conservation": conservation(simulation),
    }
    if world.campaigns:
        summary["campaigns"] = campaigns(simulation)
    if scenario.rules.box.enabled:
        summary["box"] = box(simulation)
    interest = simulation.one(Days).interest
    if interest.on:
        earned = int(interest.due_fen().sum())
        summary["interest"] = {"credited_fen": interest.credited_fen, "accrued_fen": earned}
    if world.trace_quality is not None:
        summary["trace"] = world.trace_quality
    summary |= steady_state(simulation)
    for component in simulation.components:
        more = dict(component.summary())
        _add(summary["risk"], more.pop("risk", {}), component)
        _add(summary, more, component)
    return summary


def _add(to: dict[str, Any], more: Mapping[str, Any], component: Component) -> None:
    """Raises FeatureError for sections of a component that are somebody else's."""
    if taken := sorted(set(to) & set(more)):
        raise FeatureError(f"{type(component).__qualname__}: {', '.join(taken)} in the summary is not its own")
    to.update(more)


def about(scenario: Scenario, name: str, seed: int) -> dict[str, Any]:
    """What the run is of."""
    late = begin_past_end(scenario)
    return {
        "name": name,
        "title": scenario.title,
        "question": scenario.question,
        "look_for": list(scenario.look_for),
        **({"answers": asked} if (asked := resolved(scenario)) else {}),
        **({"sweep": True} if scenario.experiment is not None else {}),
        "seed": seed,
        "start": scenario.start.isoformat(),
        "duration_us": scenario.duration,
        "bin_us": scenario.series.bin,
        "regime": scenario.rules.regime,
        **({"too_late": late} if late else {}),
    }


def throughput(tally: Tally, duration_us: int) -> dict[str, Any]:
    """How much was paid and how fast."""
    payments, settled = int(tally.scalars[T_ENDED]), int(tally.counts[:, Outcome.SETTLED].sum())
    value_fen, settled_fen = int(tally.values.sum()), int(tally.values[:, Outcome.SETTLED].sum())

    def ms(per_cent: float) -> float | None:
        quantile = quantile_of(tally, per_cent)
        return None if quantile is None else quantile / US_PER_MS

    sums = [int(value) for value in tally.scalars[T_STAGES : T_STAGES + 6]]
    return {
        "payments": payments,
        "settled": settled,
        "value_fen": value_fen,
        "settled_fen": settled_fen,
        "settled_per_s_mean": settled / (duration_us / 1e6),
        "settled_per_s_peak": int(tally.scalars[T_PEAK]),
        "success_share": share(settled, payments),
        "success_value_share": share(settled_fen, value_fen),
        "attempts_mean": share(int(tally.scalars[T_ATTEMPTS]), payments),
        "latency_ms": {
            "p50": ms(0.50), "p95": ms(0.95), "p99": ms(0.99),
            "max": int(tally.scalars[T_LATENCY_MAX]) / US_PER_MS if settled else None,
        },
        "latency_histogram": latency_histogram(tally),
        "stages": {
            stage: {
                "wait_ms_mean": share(sums[number] / US_PER_MS, settled),
                "service_ms_mean": share(sums[number + 3] / US_PER_MS, settled),
            }
            for number, stage in enumerate(STAGES)
        },
    }  # fmt: skip


def latency_histogram(tally: Tally) -> dict[str, list[float]]:
    """Latency counts in buckets of an eighth of an octave, from the first that holds any to the last."""
    fine = SUB // 8
    coarse = tally.histogram.reshape(-1, fine).sum(axis=1)
    low = [_coarse_edge(number) for number in range(coarse.size + 1)]
    used = np.flatnonzero(coarse)
    if used.size == 0:
        return {"edges_ms": [], "counts": []}
    first, last = int(used[0]), int(used[-1])
    return {
        "edges_ms": [edge / US_PER_MS for edge in low[first : last + 2]],
        "counts": [int(count) for count in coarse[first : last + 1]],
    }


def _coarse_edge(number: int) -> int:
    """Lower edge (us) of a coarse bucket."""
    octave, eighth = divmod(number, 8)
    if octave == 0:
        return eighth * SUB // 8
    return (SUB + eighth * SUB // 8) << (octave - 1)


def refusals(tally: Tally) -> list[dict[str, Any]]:
    """What did not settle, by class of the payer."""
    counts, values = tally.counts.sum(axis=0), tally.values.sum(axis=0)
    return [
        {"payer_class": CLASS_NAMES[klass], "outcome": OUTCOMES[outcome], "count": int(counts[outcome, klass]),
        "value_fen": int(values[outcome, klass])} for klass in range(len(CLASS_NAMES))
        for outcome in range(1, len(Outcome))
        if counts[outcome, klass]
    ]  # fmt: skip


def classes(tally: Tally) -> list[dict[str, Any]]:
    """Payments by class of the payer: what was offered, what settled, what a limit of the wallet refused."""
    counts, values = tally.counts.sum(axis=0), tally.values.sum(axis=0)
    limits = [OUTCOMES.index(name) for name in LIMITS]
    return [
        {
            "payer_class": name,
            "payments": int(counts[:, klass].sum()),
            "value_fen": int(values[:, klass].sum()),
            "settled": int(counts[Outcome.SETTLED, klass]),
            "settled_fen": int(values[Outcome.SETTLED, klass]),
            "success_share": share(int(counts[Outcome.SETTLED, klass]), int(counts[:, klass].sum())),
            "limited": int(counts[limits, klass].sum()),
            "limited_fen": int(values[limits, klass].sum()),
            "limited_share": share(int(counts[limits, klass].sum()), int(counts[:, klass].sum())),
            "limited_value_share": share(int(values[limits, klass].sum()), int(values[:, klass].sum())),
        }
        for klass, name in enumerate(CLASS_NAMES)
        if counts[:, klass].any()
    ]


def segments(tally: Tally, sources: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Payments by source of demand (name and kind); the last one's births are submitted by processes."""
    counts, values = tally.counts.sum(axis=2), tally.values.sum(axis=2)
    return [
        {
            "source": name,
            "kind": kind,
            "payments": int(counts[number].sum()),
            "settled": int(counts[number, Outcome.SETTLED]),
            "settled_fen": int(values[number, Outcome.SETTLED]),
        }
        for number, (name, kind) in enumerate(sources)
        if counts[number].any() or not (name.endswith(" claims") or number == len(sources) - 1)
    ]


def stations(simulation: Simulation) -> list[dict[str, Any]]:
    """Where payments waited, over the whole run."""
    world, observer = simulation.world, simulation.observer
    elapsed = max(1, int(simulation.env.now))
    rows = []
    for number, name in enumerate(world.station_names):
        total = observer.totals[number]
        starts = float(total[station.SERVICES_BEGUN])
        is_ledger = number == len(world.station_names) - 1
        row = {
            "station": name,
            "kind": "ledger" if is_ledger else "institution",
            "arrivals": int(total[station.ARRIVALS]),
            "served": int(total[station.SERVED]),
            "refused": int(total[station.REFUSED]),
            "withdrawn": int(total[station.WITHDRAWN]),
            "wait_ms_mean": share(float(total[station.WAIT_SUM]) / US_PER_MS, starts),
            "service_ms_mean": share(float(total[station.SERVICE_SUM]) / US_PER_MS, starts),
            "queue_mean": float(total[station.QUEUE_AREA]) / elapsed,
            "queue_max": int(observer.queue_max[number]),
            "utilisation": share(float(total[station.BUSY_AREA]), float(total[station.CAPACITY_AREA])),
            "utilisation_peak": float(observer.utilisation_peak[number]),
        }
        if not is_ledger:
            row["settled_fen_out"], row["settled_fen_in"] = (
                int(value) for value in simulation.tally.institutions[number]
            )
        rows.append(row)
    return rows


def conservation(simulation: Simulation) -> dict[str, Any]:
    """Whether the books balance."""
    totals = simulation.world.ledger.totals()
    return {"ok": all(total["sum_fen"] == 0 for total in totals.values()), "by_currency": totals}


def campaigns(simulation: Simulation) -> dict[str, Any]:
    """What became of each red-packet campaign."""
    tally, world = simulation.tally, simulation.world
    report = {}
    for plan, result in zip(world.campaigns, simulation.one(Campaigns).results, strict=True):
        paid = campaign_payments(plan, tally, len(world.campaigns))
        merchants = {name: paid.pop(name) for name in ("merchants_enrolled", "merchants_paid")}
        report[plan.name] = {
            **paid,
            "funded_fen": result.funded_fen,
            "returned_fen": result.returned_fen,
            "returned_unclaimed_fen": result.returned_unclaimed_fen,
            "returned_unspent_fen": result.returned_unspent_fen,
            **merchants,
        }
    return report


def campaign_payments(plan: CampaignPlan, tally: Tally, campaigns: int) -> dict[str, Any]:
    """Its lottery, and payments out of its packets."""
    source = campaigns + plan.number
    settled_fen = int(tally.values[source, Outcome.SETTLED].sum())
    return {
        "registered": plan.campaign.registered,
        "winners": int(plan.winners.size),
        "odds": plan.campaign.winners / plan.campaign.registered,
        "claimed": plan.claimed,
        "unclaimed": int(plan.winners.size) - plan.claimed,
        "payments": int(tally.counts[source].sum()),
        "settled": int(tally.counts[source, Outcome.SETTLED].sum()),
        "settled_fen": settled_fen,
        "packet_spent_fen": int(tally.packets.sum()) if campaigns == 1 else int(tally.packets[source]),
        "own_money_fen": settled_fen - int(tally.packets[source]),
        "merchants_enrolled": plan.merchants_enrolled,
        "merchants_paid": int(np.count_nonzero(tally.paid[source])),
    }


def box(simulation: Simulation) -> dict[str, Any]:
    """What happened inside the box and at its edge."""
    world = simulation.world
    cap = int(world.rules[rule.EXPOSURE_CAP])
    return {
        **box_payments(simulation.tally),
        "exposure_fen": int(world.scalars[scalar.BOX_TOTAL]),
        "exposure_cap_fen": None if cap == INFINITE else cap,
    }


def box_payments(tally: Tally) -> dict[str, Any]:
    """Payments inside the box, outside, and stopped at its edge."""
    scalars, outcomes = tally.scalars, tally.counts.sum(axis=(0, 2))
    return {
        "inside_payments": int(scalars[T_INSIDE]),
        "inside_settled_fen": int(scalars[T_INSIDE_FEN]),
        "outside_payments": int(scalars[T_ENDED] - scalars[T_INSIDE]),
        "crossing_refused": int(outcomes[OUTCOMES.index("outside_box")]),
        "cap_refused": int(outcomes[OUTCOMES.index("box_cap")]),
    }
