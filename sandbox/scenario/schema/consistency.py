"""Checks that need more than one section of a scenario.

Each check names the sections it looked at, so that it can still be trusted when another section is broken. The bounds
on sizes keep a scenario from asking for more memory or more bits than there are: a wallet takes up to 100 bytes, a
recorded payment about 100, and balances are 64-bit fen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from sandbox.language import N_
from sandbox.scenario.paths import Path
from sandbox.scenario.schema.common import at_most, held_fen, one_of, two_corporates, whole_shares
from sandbox.scenario.schema.fields import Problem
from sandbox.scenario.schema.plan import Plan, plan_under_preset
from sandbox.scenario.schema.world import LEDGER
from sandbox.scenario.units import US_PER_DAY
from sandbox.visible import plain

if TYPE_CHECKING:
    from sandbox.scenario.schema.demand import Ticket
    from sandbox.scenario.schema.scenario import Scenario

MOST_WALLETS: Final = 200_000_000
MOST_PAYMENTS: Final = 10_000_000_000
MOST_BINS: Final = 1_000_000
MOST_STATION_ROWS: Final = 50_000_000
MOST_SOURCES: Final = 64
"""What a payment's tag holds."""
STEADY_BINS: Final = 20
"""Bins after the warm-up without which there are no means of a steady state: one for each batch."""
OWN_SOURCES: Final = 2
"""Payments that features and processes ask for."""
MOST_ROLLED_OUT: Final = 50_000_000
"""Most wallets, merchants included, in a roll-out."""
_ASKS_FOR_PAYMENTS: Final = ("demand", "campaigns", "scale", "duration")
"""Sections on which the number of payments depends."""


def find_problems(scenario: Scenario) -> list[Problem]:
    """Everything in the scenario that does not go together."""
    return [problem for check in _CHECKS for problem in check(scenario)]


def _institutions(scenario: Scenario) -> Iterator[Problem]:
    everybody = scenario.institutions
    yield from whole_shares(("institutions",), (one.share for one in everybody.values()))
    operators = [name for name, one in everybody.items() if one.kind == "operator"]
    if not operators:
        message = N_("there is no operator; at least one institution must be of kind `operator`")
        yield Problem(("institutions",), message)
        return
    for name, one in everybody.items():
        via = ("institutions", name, "via")
        if name == LEDGER:
            yield Problem(via[:2], N_("the name '{name}' is taken by the ledger's station"), name=name)
        if one.kind == "indirect" and one.via is None:
            message = N_("an indirect bank must name the operator it stands behind")
            yield Problem(via, message, valid=operators)
        elif one.kind == "indirect" and one.via not in operators:
            yield Problem(via, N_("{name} is not an operator"), name=repr(one.via), given=one.via, valid=operators)
        elif one.kind == "operator" and one.via is not None:
            yield Problem(via, N_("an operator stands behind nobody; leave `via` out"))


def _references(scenario: Scenario) -> Iterator[Problem]:
    stations = [*scenario.institutions, LEDGER]
    for index, fault in enumerate(scenario.faults):
        where, sections = ("faults", index, "station"), ("faults", "institutions")
        yield from one_of(where, N_("'{name}' is not a station"), fault.station, stations, sections)
    for index, name in enumerate(scenario.rules.box.institutions or []):
        yield from _institution(("rules", "box", "institutions", index), name, scenario)


def _institution(path: Path, name: str, scenario: Scenario) -> Iterator[Problem]:
    """A name in the rules is that of an institution."""
    sections = ("rules", "institutions")
    yield from one_of(path, N_("'{name}' is not an institution"), name, scenario.institutions, sections)


def _faults(scenario: Scenario) -> Iterator[Problem]:
    """How much of a kind of fault that is of another kind, or that a slow-down does not say."""
    of_another = N_(
        "`{name}` is of faults of the kind {kind}, and does nothing to one of the kind {given}: change the `kind`, or "
        "leave it out"
    )
    for index, fault in enumerate(scenario.faults):
        for name, kind in (("loss", "capacity_loss"), ("factor", "slow_down")):
            if fault.kind != kind and getattr(fault, name) != type(fault).model_fields[name].default:
                yield Problem(("faults", index, name), of_another, name=name, kind=kind, given=fault.kind)
        if fault.kind == "slow_down" and "factor" not in fault.model_fields_set:
            message = N_("a slow-down says how many times as long service takes, such as `factor: 10`")
            yield Problem(("faults", index, "factor"), message)


def _names(scenario: Scenario) -> Iterator[Problem]:
    demand, sections = scenario.demand, ("campaigns", "demand")
    for name in scenario.campaigns:
        if name in demand.segments:
            message = N_("'{name}' is the name of a segment already; tables would mix the two")
            yield Problem(("campaigns", name), message, sections, name=name)
    for where, names in ((("campaigns",), scenario.campaigns), (("demand", "segments"), demand.segments)):
        if "trace" in names:
            message = N_("the name '{name}' is reserved for payments of a trace")
            yield Problem((*where, "trace"), message, name="trace")
    # A campaign is two sources of payments, its claims and what is paid out of its packets.
    count = 2 * len(scenario.campaigns) + len(demand.segments) + (demand.trace is not None) + OWN_SOURCES
    if count > MOST_SOURCES:
        message = N_("{over} streams of payments too many; a campaign counts as two")
        yield Problem(("demand", "segments"), message, sections, over=count - MOST_SOURCES)


def _people(scenario: Scenario) -> Iterator[Problem]:
    for name, segment in scenario.demand.segments.items():
        if "corporate" in (segment.payer, segment.payee):
            asks = ("demand", "segments", name)
            yield from two_corporates(asks, scenario.population.corporates, ("demand", "population"))
    wallets = max(1, round(scenario.population.wallets * scenario.scale))
    message = N_(
        "{winners} winners (with the campaigns above) need as many wallets; `population.wallets` times `scale` is "
        "{wallets}"
    )
    winners = 0
    for name, campaign in scenario.campaigns.items():
        # A wallet wins at most one packet, so the campaigns share the wallets.
        winners += campaign.winners
        if winners > wallets:
            where, sections = ("campaigns", name, "winners"), ("campaigns", "population", "scale")
            yield Problem(where, message, sections, winners=winners, wallets=wallets)


def _sizes(scenario: Scenario) -> Iterator[Problem]:
    bins = -(-scenario.duration // scenario.series.bin)
    sections = ("series", "duration")
    where = ("series", "bin") if "bin" in scenario.series.model_fields_set else ("duration",)
    if bins > MOST_BINS:
        yield Problem(where, N_("more than {limit} bins; take a longer `series.bin`"), sections, limit=f"{MOST_BINS:,}")
    elif bins * (len(scenario.institutions) + 1) > MOST_STATION_ROWS:
        message = N_("more than {limit} rows of stations and bins; take a longer `series.bin`")
        yield Problem(where, message, (*sections, "institutions"), limit=f"{MOST_STATION_ROWS:,}")
    where = ("scale",) if scenario.scale > 1 else ("population", "wallets")
    yield from _too_many_wallets(where, round(people(scenario) * scenario.scale), MOST_WALLETS)
    payments = expected_payments(scenario)
    if payments > MOST_PAYMENTS:
        message, counted = N_("about {count} payments in all; at most {limit}"), plain(payments)
        yield Problem(("demand",), message, _ASKS_FOR_PAYMENTS, count=counted, limit=f"{MOST_PAYMENTS:,}")


def _too_many_wallets(where: Path, count: float, most: int, *sections: str) -> Iterator[Problem]:
    message = N_("{count} wallets, merchants included, after `scale`; at most {limit}")
    yield from at_most(where, message, count, most, (*sections, "population", "merchants", "scale"))


def _steady(scenario: Scenario) -> Iterator[Problem]:
    """A warm-up after which too little of the run is left, or that nobody asks for."""
    series, where = scenario.series, ("series", "warm_up")
    if series.warm_up is None:
        return
    whole = scenario.duration // series.bin
    left = max(0, whole - series.warm_up // series.bin)
    if not series.steady_state:
        yield Problem(where, N_("has no use without `steady_state: true`"))
    elif left < STEADY_BINS:
        message = N_(
            "nothing would be left to measure: {left} of {whole} bins, and the means of a steady state need {least}; "
            "take a shorter `warm_up` or `bin`, or a longer `duration`"
        )
        yield Problem(where, message, ("series", "duration"), left=left, whole=whole, least=STEADY_BINS)


def _reviews(scenario: Scenario) -> Iterator[Problem]:
    """Reviews of a box's plan that never see enough payments to judge by."""
    box, payments = scenario.rules.box, expected_payments(scenario)
    if box.enabled and box.plan is not None and 0 < payments < box.plan.least_payments:
        message = N_("the run has about {count} payments in all, so no review would ever have as many as this")
        sections = ("rules", *_ASKS_FOR_PAYMENTS)
        yield Problem(("rules", "box", "plan", "least_payments"), message, sections, count=f"{payments:,.0f}")


def people(scenario: Scenario) -> int:
    """Wallets and merchants, before `scale`."""
    return scenario.population.wallets + scenario.population.corporates + scenario.merchants.count


def expected_payments(scenario: Scenario) -> float:
    """About how many payments the scenario asks for: every day counted as its busier kind, bursts added."""
    return math.fsum(_segment_payments(scenario).values()) + math.fsum(
        one.winners * one.claimed * one.payments_per_claimer for one in scenario.campaigns.values()
    )


def _segment_payments(scenario: Scenario) -> dict[str, float]:
    days = scenario.duration / US_PER_DAY + math.fsum(
        one.filling / (1.0 - one.filling) for one in scenario.demand.festivals if one.at <= scenario.duration
    )
    return {
        name: one.payments
        * scenario.scale
        * days
        * max(1.0, math.fsum(one.profile.weekend) / math.fsum(one.profile.weekday))
        for name, one in scenario.demand.segments.items()
    }


def _mean_ticket_fen(ticket: Ticket) -> float:
    # Clipping can only pull the mean of the lognormal towards the bounds.
    return min(max(ticket.median * math.exp(ticket.sigma**2 / 2), ticket.minimum), ticket.maximum)


def _money(scenario: Scenario) -> Iterator[Problem]:
    """Sums that the ledger will have to hold; each stays far from 64 bits, retries and chance included."""
    scale, wallets, payments = scenario.scale, scenario.population, _segment_payments(scenario)
    sections = ("population", "scale")
    held = wallets.wallets * scale * wallets.opening_balance.mean
    yield from held_fen(("population", "opening_balance", "mean"), held, sections)
    held = wallets.corporates * scale * wallets.corporate_opening_balance.mean
    yield from held_fen(("population", "corporate_opening_balance", "mean"), held, sections)
    reserves = sum(max(one.liquidity.opening, one.liquidity.target) for one in scenario.institutions.values())
    yield from held_fen(("institutions",), reserves)
    for name, segment in scenario.demand.segments.items():
        total = payments[name] * _mean_ticket_fen(segment.ticket)
        yield from held_fen(("demand", "segments", name, "ticket"), total, ("demand", "scale", "duration"))
    for name, campaign in scenario.campaigns.items():
        yield from held_fen(("campaigns", name, "packet"), campaign.winners * campaign.packet)
        spent = campaign.winners * campaign.payments_per_claimer * _mean_ticket_fen(campaign.ticket)
        yield from held_fen(("campaigns", name, "ticket"), spent)


# --- the plan of a box ------------------------------------------------------------------------------------------------


def _plan(scenario: Scenario) -> Iterator[Problem]:
    box = scenario.rules.box
    plan, here = box.plan, ("rules", "box", "plan")
    if plan is not None and "enabled" not in box.model_fields_set:
        message = N_("the box is not enabled, so its plan does nothing; write `enabled: true` beside it (or `false`)")
        yield Problem(here, message)
    if plan is None or not box.enabled:
        return
    for place, one in enumerate(plan.applicants):
        where = (*here, "applicants", place, "institution")
        yield from _institution(where, one.institution, scenario)
        known, inside = one.institution in scenario.institutions, box.institutions
        if known and inside is not None and one.institution not in inside:
            message = N_("'{name}' is not among `rules.box.institutions`")
            yield Problem(where, message, name=one.institution, valid=inside)
    yield from _admission(scenario, plan)
    yield from _latency(scenario, plan)
    if all(stage.offered_to == 0 for stage in plan.stages.values()):
        message = N_("no stage is offered to anybody; set `offered_to` of one of them above 0 %")
        yield Problem((*here, "stages"), message)
    if plan.rollout is not None:
        rollout, message = (*here, "rollout"), N_("a payment trace cannot be made larger; leave `rollout` out")
        if scenario.demand.trace is not None:
            yield Problem(rollout, message, ("rules", "demand"))
        count = people(scenario) * scenario.scale * plan.rollout.factor
        yield from _too_many_wallets((*rollout, "factor"), count, MOST_ROLLED_OUT, "rules")
    for place, preset in enumerate(plan.compare):
        try:
            plan_under_preset(plan, preset)
        except ValueError:
            message = N_("under '{name}' this plan is not possible; see the caps, times and number of its applicants")
            yield Problem((*here, "compare", place), message, name=preset)


def _admission(scenario: Scenario, plan: Plan) -> Iterator[Problem]:
    """A plan under which nobody gets in before the run ends is a mistake in the time scale."""
    admission = plan.admission
    first = min(one.applies for one in plan.applicants)
    opens = scenario.rules.box.starts + sum(map(plan.paced, (first, admission.assessment, admission.comment_period)))
    if opens >= scenario.duration:
        message = N_("nobody would be admitted before the run ends: that takes {days} days; raise `pace` or `duration`")
        where, sections = ("rules", "box", "plan", "pace"), ("rules", "duration")
        yield Problem(where, message, sections, days=plain(opens / US_PER_DAY))


def _latency(scenario: Scenario, plan: Plan) -> Iterator[Problem]:
    """99 % of payments cannot be faster than half of the ledger's postings."""
    service = scenario.ledger.service
    median = service.mean
    if service.shape == "exponential":
        median = math.floor(service.mean * math.log(2))
    elif service.shape == "lognormal":
        median = math.floor(service.mean / math.exp(service.sigma**2 / 2))
    if plan.gates.p99_latency.target < median:
        message = N_("can never be passed: half of the ledger's postings alone take {least} or longer")
        where = ("rules", "box", "plan", "gates", "p99_latency", "target")
        yield Problem(where, message, ("rules", "ledger"), least=f"{plain(median / 1000, 9)} ms")


_CHECKS: Final = (_institutions, _references, _faults, _names, _people, _sizes, _money, _steady, _reviews, _plan)
