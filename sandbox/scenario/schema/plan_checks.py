"""What does not go together in the plan of a box and the rest of the scenario."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from sandbox.language import N_
from sandbox.scenario.schema.fields import Problem
from sandbox.scenario.schema.plan import Plan, plan_under_preset
from sandbox.scenario.units import US_PER_DAY
from sandbox.visible import plain

if TYPE_CHECKING:
    from sandbox.scenario.schema.scenario import Scenario

MOST_ROLLED_OUT: Final = 50_000_000
"""Most wallets, merchants included, in a roll-out."""


def plan_problems(scenario: Scenario) -> Iterator[Problem]:
    """What does not go together in the plan and the rest of the scenario."""
    box = scenario.rules.box
    plan = box.plan
    if plan is not None and "enabled" not in box.model_fields_set:
        yield Problem(
            ("rules", "box", "plan"),
            N_("the box is not enabled, so its plan does nothing; write `enabled: true` beside it (or `false`)"),
            {},
            ("rules",),
        )
    if plan is None or not box.enabled:
        return
    yield from _places(scenario, plan)
    yield from _reach(scenario, plan)
    yield from _latency(scenario, plan)
    yield from _offers(plan)
    yield from _rolled_out(scenario, plan)
    for place, preset in enumerate(plan.compare):
        try:
            plan_under_preset(plan, preset)
        except ValueError:
            where = ("rules", "box", "plan", "compare", place)
            yield Problem(
                where,
                N_("under '{name}' this plan is not possible; see the caps, times and number of its applicants"),
                {"name": preset},
                ("rules",),
            )


def _places(scenario: Scenario, plan: Plan) -> Iterator[Problem]:
    inside = scenario.rules.box.institutions
    for place, one in enumerate(plan.applicants):
        where = ("rules", "box", "plan", "applicants", place, "institution")
        if one.institution not in scenario.institutions:
            values = {"name": one.institution, "given": one.institution, "valid": list(scenario.institutions)}
            yield Problem(where, N_("'{name}' is not an institution"), values, ("rules", "institutions"))
        elif inside is not None and one.institution not in inside:
            yield Problem(
                where,
                N_("'{name}' is not among `rules.box.institutions`"),
                {"name": one.institution, "valid": inside},
                ("rules",),
            )


def _reach(scenario: Scenario, plan: Plan) -> Iterator[Problem]:
    """A plan under which nobody gets in before the run ends is a mistake in the time scale."""
    admission = plan.admission
    first = min(one.applies for one in plan.applicants)
    opens = scenario.rules.box.starts + sum(map(plan.paced, (first, admission.assessment, admission.comment_period)))
    if opens >= scenario.duration:
        values = {"days": f"{plain(opens / US_PER_DAY)}"}
        yield Problem(
            ("rules", "box", "plan", "pace"),
            N_("nobody would be admitted before the run ends: that takes {days} days; raise `pace` or `duration`"),
            values,
            ("rules", "duration"),
        )


def _latency(scenario: Scenario, plan: Plan) -> Iterator[Problem]:
    """99 % of payments cannot be faster than half of the ledger's postings."""
    service = scenario.ledger.service
    median = service.mean
    if service.shape == "exponential":
        median = math.floor(service.mean * math.log(2))
    elif service.shape == "lognormal":
        median = math.floor(service.mean / math.exp(service.sigma**2 / 2))
    if plan.gates.p99_latency.target < median:
        where = ("rules", "box", "plan", "gates", "p99_latency", "target")
        yield Problem(
            where,
            N_("can never be passed: half of the ledger's postings alone take {least} or longer"),
            {"least": f"{plain(median / 1000, 9)} ms"},
            ("rules", "ledger"),
        )


def _offers(plan: Plan) -> Iterator[Problem]:
    """A test in which nobody can take part tests nothing."""
    if all(stage.offered_to == 0 for stage in plan.stages.values()):
        yield Problem(
            ("rules", "box", "plan", "stages"),
            N_("no stage is offered to anybody; set `offered_to` of one of them above 0 %"),
            {},
            ("rules",),
        )


def _rolled_out(scenario: Scenario, plan: Plan) -> Iterator[Problem]:
    if plan.rollout is None:
        return
    where = ("rules", "box", "plan", "rollout")
    if scenario.demand.trace is not None:
        yield Problem(where, N_("a payment trace cannot be made larger; leave `rollout` out"), {}, ("rules", "demand"))
    people = scenario.population.wallets + scenario.population.corporates + scenario.merchants.count
    count, limit = people * scenario.scale * plan.rollout.factor, MOST_ROLLED_OUT
    if count > limit:
        values = {"count": f"{count:,.0f}", "limit": f"{limit:,}"}
        yield Problem(
            (*where, "factor"),
            N_("{count} wallets, merchants included, after `scale`; at most {limit}"),
            values,
            ("rules", "population", "merchants", "scale"),
        )
