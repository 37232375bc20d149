"""What in the payments across borders does not go together, and what memory they take."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from sandbox.features.crossborder.currencies import MINOR_DIGITS
from sandbox.features.crossborder.schema.chain_checks import chain_problems
from sandbox.features.crossborder.schema.common import Found, no_jurisdiction, no_rates, unknown
from sandbox.features.crossborder.schema.ledger_checks import ledger_problems
from sandbox.features.crossborder.schema.office import LONGEST_CLOSURE, office_problems
from sandbox.features.crossborder.schema.section import MOST_PAYMENTS, Corridor, CrossBorder
from sandbox.language import N_
from sandbox.scenario.schema import Scenario, Section
from sandbox.scenario.schema.fields import Problem
from sandbox.scenario.units import US_PER_DAY, format_duration

MOST_BANKS: Final = 2_000
BYTES_PER_PAYMENT: Final = {"shared_ledger": 3_000, "correspondent": 4_200}
"""Bytes, measured."""
EACH_VISITORS_PAYMENT: Final = 1_000
"""Bytes, ASSUMED."""

_CURRENCY_UNKNOWN: Final = N_("'{name}' is not a currency of ISO 4217 that is known here")
_CORRIDOR_AT_HOME: Final = N_("sender and receiver are both {name}; a payment across borders leaves its jurisdiction")
_CORRIDOR_CLOSED: Final = N_(
    "nothing is ever sent: {name} has no office hours within the run; begin on a working day, run "
    "for longer, or let people pay at any hour (`any`)"
)
_TOO_MANY_BANKS: Final = N_("{count} banks; at most {limit}")
_CORRIDOR_EMPTY: Final = N_("nobody ever pays here; give `payments` above `0 /day`, or a `count`")
_SMALLEST_ABOVE_MEAN: Final = N_("the least size is above the mean")
_TOO_MANY_PAYMENTS: Final = N_("about {count} payments across borders; at most {limit}")
_VISITORS_NO_COHORT: Final = N_(
    "there is no cohort '{name}', whose wallets they would have; add it to `population.cohorts`"
)
_VISITORS_AT_HOME: Final = N_("{name} pays in CNY already; visitors change another currency")
_FAULT_NOBODY: Final = N_("'{name}' is nobody that can fail in this way")
_FAULT_AFTER_END: Final = N_("it begins when the run is over; let it begin earlier, or raise `duration` ({duration})")


def problems(scenario: Scenario, crossborder: CrossBorder) -> Iterator[Problem]:
    """What does not go together in the payments across borders, or not with the rest of the scenario."""
    sections = ("crossborder", "start", "duration")
    for found in (_names, _hours, _sizes, _visitors, _faults, _chain, ledger_problems):
        for path, message, values in found(crossborder, scenario):
            looked_at = (*sections, "population") if found is _visitors else sections
            yield Problem(("crossborder", *path), message, looked_at, **values)


def _names(crossborder: CrossBorder, __: Scenario) -> Found:
    for code in crossborder.currencies:
        if code not in MINOR_DIGITS:
            yield ("currencies", code), _CURRENCY_UNKNOWN, unknown(code, MINOR_DIGITS)
    for name, one in crossborder.jurisdictions.items():
        yield from no_rates(("jurisdictions", name, "currency"), [one.currency], crossborder)
    for name, corridor in crossborder.corridors.items():
        for end in ("sender", "receiver"):
            yield from no_jurisdiction(("corridors", name, end), getattr(corridor, end), crossborder)
        for end in ("payer_currency", "payee_currency"):
            if (given := getattr(corridor, end)) is not None:
                yield from no_rates(("corridors", name, end), [given], crossborder)
        if corridor.sender == corridor.receiver:
            yield ("corridors", name, "receiver"), _CORRIDOR_AT_HOME, {"name": corridor.sender}


def _hours(crossborder: CrossBorder, scenario: Scenario) -> Found:
    days = (scenario.duration + crossborder.settle_within) // US_PER_DAY + LONGEST_CLOSURE + 2
    wrong = set()
    for name, one in crossborder.jurisdictions.items():
        for field, message, values in office_problems(one, scenario.start.date(), days):
            wrong.add(name)
            yield ("jurisdictions", name, field), message, values
    for name, corridor in crossborder.corridors.items():
        office = crossborder.jurisdictions.get(corridor.sender)
        if corridor.hours == "any" or office is None or corridor.sender in wrong:
            continue
        if not any(office.spans(scenario.start, scenario.duration)):
            yield ("corridors", name, "hours"), _CORRIDOR_CLOSED, {"name": corridor.sender}


def _chain(crossborder: CrossBorder, scenario: Scenario) -> Found:
    if "correspondent" in crossborder.arrangement_names:
        days = (scenario.duration + crossborder.settle_within) // US_PER_DAY + LONGEST_CLOSURE + 2
        yield from chain_problems(crossborder, scenario.start.date(), days)


def _sizes(crossborder: CrossBorder, scenario: Scenario) -> Found:
    banks = sum(one.banks for one in crossborder.jurisdictions.values())
    if banks > MOST_BANKS:
        yield ("jurisdictions",), _TOO_MANY_BANKS, {"count": banks, "limit": MOST_BANKS}
    total = 0.0
    for name, one in crossborder.corridors.items():
        if one.count is None and one.payments == 0:
            yield ("corridors", name, "payments"), _CORRIDOR_EMPTY, {}
        if one.smallest > one.mean:
            yield ("corridors", name, "smallest"), _SMALLEST_ABOVE_MEAN, {}
        total += one.count or one.payments * scenario.scale * _days(crossborder, one, scenario)
    if total > MOST_PAYMENTS:
        yield ("corridors",), _TOO_MANY_PAYMENTS, {"count": f"{total:,.0f}", "limit": f"{MOST_PAYMENTS:,}"}


def _days(crossborder: CrossBorder, corridor: Corridor, scenario: Scenario) -> float:
    """How many days' payments the run has."""
    office = crossborder.jurisdictions.get(corridor.sender)
    if corridor.hours == "any" or office is None or office.open_for <= 0:
        return scenario.duration / US_PER_DAY
    return sum(last - first for first, last in office.spans(scenario.start, scenario.duration)) / office.open_for


def _visitors(crossborder: CrossBorder, scenario: Scenario) -> Found:
    cohorts = list(scenario.population.cohorts)
    for name, one in crossborder.visitors.items():
        if name not in cohorts:
            yield ("visitors", name), _VISITORS_NO_COHORT, unknown(name, cohorts)
        yield from no_jurisdiction(("visitors", name, "home"), one.home, crossborder)
        if one.home in crossborder.jurisdictions and crossborder.jurisdictions[one.home].currency == "CNY":
            yield ("visitors", name, "home"), _VISITORS_AT_HOME, {"name": one.home}
        wallets = scenario.population.wallets * scenario.scale
        share = scenario.population.cohorts[name].share if name in cohorts else 0.0
        each = one.trips * scenario.duration / US_PER_DAY * (one.payments + one.transfers + 2)
        if wallets * share * each > MOST_PAYMENTS:
            values: dict[str, object] = {"count": f"{wallets * share * each:,.0f}", "limit": f"{MOST_PAYMENTS:,}"}
            yield ("visitors", name, "trips"), _TOO_MANY_PAYMENTS, values


def _faults(crossborder: CrossBorder, scenario: Scenario) -> Found:
    names = {
        "validator": crossborder.validators(),
        "bank": [name for __, name in crossborder.banks()],
        "correspondent": crossborder.correspondent.names(),
        "corridor": list(crossborder.corridors),
    }
    for place, one in enumerate(crossborder.faults):
        if one.who not in names[one.kind]:
            yield ("faults", place, "who"), _FAULT_NOBODY, unknown(one.who, names[one.kind][:100])
        if one.starts >= scenario.duration + crossborder.settle_within:
            yield ("faults", place, "starts"), _FAULT_AFTER_END, {"duration": format_duration(scenario.duration)}


def needs(scenario: Scenario, crossborder: CrossBorder) -> Iterator[tuple[str, float, float]]:
    """Payments are held until the end, and so is what visitors pay."""
    days = scenario.duration / US_PER_DAY
    payments = math.fsum(one.count or one.payments * scenario.scale * days for one in crossborder.corridors.values())
    yield "crossborder.corridors", payments, sum(BYTES_PER_PAYMENT[one] for one in crossborder.arrangement_names)
    for name, visitors in crossborder.visitors.items():
        wallets = scenario.population.wallets * scenario.scale * scenario.population.cohorts[name].share
        payments = visitors.trips * days * (visitors.payments + visitors.transfers + 2)
        yield f"crossborder.visitors.{name}.trips", wallets * payments, EACH_VISITORS_PAYMENT


SECTION: Final = Section("crossborder", CrossBorder, "Payments across borders.", problems=problems, needs=needs)
