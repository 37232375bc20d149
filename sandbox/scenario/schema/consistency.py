"""Checks that need more than one section of a scenario.

Each check names the sections it looked at, so that it can still be trusted when another section is broken. The bounds
on sizes keep a scenario from asking for more memory or more bits than there are: a wallet takes up to 100 bytes, a
recorded payment about 100, and balances are 64-bit fen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from sandbox.language import N_
from sandbox.scenario.schema.common import held_fen, one_of, two_corporates, whole_shares
from sandbox.scenario.schema.fields import Problem
from sandbox.scenario.schema.plan_checks import plan_problems
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


def find_problems(scenario: Scenario) -> list[Problem]:
    """Everything in the scenario that does not go together."""
    return [problem for check in _CHECKS for problem in check(scenario)]


def _institutions(scenario: Scenario) -> Iterator[Problem]:
    sections = ("institutions",)
    yield from whole_shares(sections, [one.share for one in scenario.institutions.values()], sections)
    operators = [name for name, one in scenario.institutions.items() if one.kind == "operator"]
    if not operators:
        yield Problem(
            sections, N_("there is no operator; at least one institution must be of kind `operator`"), {}, sections
        )
        return
    for name, one in scenario.institutions.items():
        if name == LEDGER:
            yield Problem(
                ("institutions", name),
                N_("the name '{name}' is taken by the ledger's station"),
                {"name": name},
                sections,
            )
        if one.kind == "indirect" and one.via is None:
            yield Problem(
                ("institutions", name, "via"),
                N_("an indirect bank must name the operator it stands behind"),
                {"valid": operators},
                sections,
            )
        elif one.kind == "indirect" and one.via not in operators:
            values = {"name": repr(one.via), "given": one.via, "valid": operators}
            yield Problem(("institutions", name, "via"), N_("{name} is not an operator"), values, sections)
        elif one.kind == "operator" and one.via is not None:
            yield Problem(
                ("institutions", name, "via"), N_("an operator stands behind nobody; leave `via` out"), {}, sections
            )


def _references(scenario: Scenario) -> Iterator[Problem]:
    stations = [*scenario.institutions, LEDGER]
    for index, fault in enumerate(scenario.faults):
        where = ("faults", index, "station")
        yield from one_of(where, N_("'{name}' is not a station"), fault.station, stations, ("faults", "institutions"))
    for index, name in enumerate(scenario.rules.box.institutions or []):
        yield from one_of(
            ("rules", "box", "institutions", index), N_("'{name}' is not an institution"), name, scenario.institutions,
            ("rules", "institutions"),
        )  # fmt: skip


def _faults(scenario: Scenario) -> Iterator[Problem]:
    """How much of a kind of fault that is of another kind, or that a slow-down does not say."""
    for index, fault in enumerate(scenario.faults):
        for name, kind in (("loss", "capacity_loss"), ("factor", "slow_down")):
            if fault.kind != kind and getattr(fault, name) != type(fault).model_fields[name].default:
                values = {"name": name, "kind": kind, "given": fault.kind}
                yield Problem(
                    ("faults", index, name),
                    N_(
                        "`{name}` is of faults of the kind {kind}, and does nothing to one of the kind {given}: change "
                        "the `kind`, or leave it out"
                    ),
                    values,
                    ("faults",),
                )
        if fault.kind == "slow_down" and "factor" not in fault.model_fields_set:
            yield Problem(
                ("faults", index, "factor"),
                N_("a slow-down says how many times as long service takes, such as `factor: 10`"),
                {},
                ("faults",),
            )


def _names(scenario: Scenario) -> Iterator[Problem]:
    for name in scenario.campaigns:
        if name in scenario.demand.segments:
            yield Problem(
                ("campaigns", name),
                N_("'{name}' is the name of a segment already; tables would mix the two"),
                {"name": name},
                ("campaigns", "demand"),
            )
    for section, names in (("campaigns", scenario.campaigns), ("demand", scenario.demand.segments)):
        if "trace" in names:
            where = (section, "trace") if section == "campaigns" else (section, "segments", "trace")
            yield Problem(
                where, N_("the name '{name}' is reserved for payments of a trace"), {"name": "trace"}, (section,)
            )
    demand = scenario.demand
    # A campaign is two sources of payments, its claims and what is paid out of its packets.
    count = 2 * len(scenario.campaigns) + len(demand.segments) + (demand.trace is not None) + OWN_SOURCES
    if count > MOST_SOURCES:
        over = {"over": count - MOST_SOURCES}
        yield Problem(
            ("demand", "segments"),
            N_("{over} streams of payments too many; a campaign counts as two"),
            over,
            ("campaigns", "demand"),
        )


def _people(scenario: Scenario) -> Iterator[Problem]:
    sections = ("demand", "population")
    for name, segment in scenario.demand.segments.items():
        if "corporate" in (segment.payer, segment.payee):
            yield from two_corporates(("demand", "segments", name), scenario.population.corporates, sections)
    wallets = max(1, round(scenario.population.wallets * scenario.scale))
    winners = 0
    for name, campaign in scenario.campaigns.items():
        # A wallet wins at most one packet, so the campaigns share the wallets.
        winners += campaign.winners
        if winners > wallets:
            values: Mapping[str, object] = {"winners": winners, "wallets": wallets}
            where = ("campaigns", name, "winners")
            yield Problem(
                where,
                N_(
                    "{winners} winners (with the campaigns above) need as many wallets; `population.wallets` times "
                    "`scale` is {wallets}"
                ),
                values,
                ("campaigns", "population", "scale"),
            )


def _sizes(scenario: Scenario) -> Iterator[Problem]:
    bins = -(-scenario.duration // scenario.series.bin)
    sections: tuple[str, ...] = ("series", "duration")
    where: tuple[str, ...] = ("series", "bin") if "bin" in scenario.series.model_fields_set else ("duration",)
    if bins > MOST_BINS:
        yield Problem(
            where, N_("more than {limit} bins; take a longer `series.bin`"), {"limit": f"{MOST_BINS:,}"}, sections
        )
    elif bins * (len(scenario.institutions) + 1) > MOST_STATION_ROWS:
        values: Mapping[str, object] = {"limit": f"{MOST_STATION_ROWS:,}"}
        yield Problem(
            where,
            N_("more than {limit} rows of stations and bins; take a longer `series.bin`"),
            values,
            (*sections, "institutions"),
        )
    people = scenario.population.wallets + scenario.population.corporates + scenario.merchants.count
    wallets = round(people * scenario.scale)
    if wallets > MOST_WALLETS:
        values = {"count": f"{wallets:,}", "limit": f"{MOST_WALLETS:,}"}
        where = ("scale",) if scenario.scale > 1 else ("population", "wallets")
        yield Problem(
            where,
            N_("{count} wallets, merchants included, after `scale`; at most {limit}"),
            values,
            ("population", "merchants", "scale"),
        )
    payments = expected_payments(scenario)
    if payments > MOST_PAYMENTS:
        values = {"count": f"{plain(payments)}", "limit": f"{MOST_PAYMENTS:,}"}
        yield Problem(
            ("demand",),
            N_("about {count} payments in all; at most {limit}"),
            values,
            ("demand", "campaigns", "scale", "duration"),
        )


def _steady(scenario: Scenario) -> Iterator[Problem]:
    """A warm-up after which too little of the run is left, or that nobody asks for."""
    series, where = scenario.series, ("series", "warm_up")
    if series.warm_up is None:
        return
    whole = scenario.duration // series.bin
    left = max(0, whole - series.warm_up // series.bin)
    if not series.steady_state:
        yield Problem(where, N_("has no use without `steady_state: true`"), {}, ("series",))
    elif left < STEADY_BINS:
        values: Mapping[str, object] = {"left": left, "whole": whole, "least": STEADY_BINS}
        yield Problem(
            where,
            N_(
                "nothing would be left to measure: {left} of {whole} bins, and the means of a steady state need "
                "{least}; take a shorter `warm_up` or `bin`, or a longer `duration`"
            ),
            values,
            ("series", "duration"),
        )


def _reviews(scenario: Scenario) -> Iterator[Problem]:
    """Reviews of a box's plan that never see enough payments to judge by."""
    box, payments = scenario.rules.box, expected_payments(scenario)
    if box.enabled and box.plan is not None and 0 < payments < box.plan.least_payments:
        where = ("rules", "box", "plan", "least_payments")
        values: Mapping[str, object] = {"count": f"{payments:,.0f}"}
        yield Problem(
            where,
            N_("the run has about {count} payments in all, so no review would ever have as many as this"),
            values,
            ("rules", "demand", "campaigns", "scale", "duration"),
        )


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
    people = scenario.population
    sums: list[tuple[tuple[str | int, ...], float, tuple[str, ...]]] = [
        (
            ("population", "opening_balance", "mean"),
            people.wallets * scenario.scale * people.opening_balance.mean,
            ("population", "scale"),
        ),
        (
            ("population", "corporate_opening_balance", "mean"),
            people.corporates * scenario.scale * people.corporate_opening_balance.mean,
            ("population", "scale"),
        ),
        (
            ("institutions",),
            float(sum(max(one.liquidity.opening, one.liquidity.target) for one in scenario.institutions.values())),
            ("institutions",),
        ),
    ]
    payments = _segment_payments(scenario)
    for name, segment in scenario.demand.segments.items():
        total = payments[name] * _mean_ticket_fen(segment.ticket)
        sums.append((("demand", "segments", name, "ticket"), total, ("demand", "scale", "duration")))
    for name, campaign in scenario.campaigns.items():
        spent = campaign.winners * campaign.payments_per_claimer * _mean_ticket_fen(campaign.ticket)
        sums.append((("campaigns", name, "packet"), float(campaign.winners * campaign.packet), ("campaigns",)))
        sums.append((("campaigns", name, "ticket"), spent, ("campaigns",)))
    for path, fen, sections in sums:
        yield from held_fen(path, fen, sections)


_CHECKS: Final[tuple[Callable[[Scenario], Iterator[Problem]], ...]] = (
    _institutions, _references, _faults, _names, _people, _sizes, _money, _steady, _reviews,
    plan_problems,
)  # fmt: skip
