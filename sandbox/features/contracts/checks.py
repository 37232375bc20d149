"""What of the contracts does not go with the rest of a scenario."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from sandbox.features.contracts.schema import (
    MOST_CONTRACTS,
    Contract,
    Contracts,
    Course,
    Deliveries,
    Dividend,
    Fees,
    Gifts,
    Subsidy,
    SubWallets,
)
from sandbox.language import N_
from sandbox.scenario.paths import Path
from sandbox.scenario.schema import Scenario, Section
from sandbox.scenario.schema.common import at_most, held_fen, one_of, two_corporates, whole_shares
from sandbox.scenario.schema.fields import Problem
from sandbox.scenario.units import US_PER_DAY, format_duration

_SOURCE_TAKEN: Final = N_("'{name}' is the name of the payments that `contracts` bring about")
_LATE: Final = N_("begins when the run is over; let it begin earlier, or raise `duration` ({duration})")
_TWICE: Final = N_("there are two contracts called '{name}'; each kind's names must differ from the others'")
_FEW_WALLETS: Final = N_("{needed} people, but there are {wallets} personal wallets")
_FEW_SHOPS: Final = N_("{needed} merchants, but there are {shops}")
_UNKNOWN_AREA: Final = N_("'{name}' is not one of `contracts.areas`")
_TOO_MANY: Final = N_("with this about {count} things happen in contracts; at most {limit}")


def problems(scenario: Scenario, contracts: Contracts) -> Iterator[Problem]:
    """All of it."""
    here = ("contracts",)
    if contracts.areas:
        yield from whole_shares((*here, "areas"), contracts.areas.values(), here)
    places: dict[Path, Iterable[str]] = {
        ("demand", "segments"): scenario.demand.segments,
        ("campaigns",): scenario.campaigns,
    }
    for place, names in places.items():
        if "contracts" in names:
            yield Problem((*place, "contracts"), _SOURCE_TAKEN, (*here, str(place[0])), name="contracts")
    seen: set[str] = set()
    for kind, name, one in contracts.named():
        where = (*here, kind, name)
        if name in seen:
            yield Problem(where, _TWICE, here, name=name)
        seen.add(name)
        if one.starts >= scenario.duration:
            yield Problem((*where, "starts"), _LATE, (*here, "duration"), duration=format_duration(scenario.duration))
        yield from _names(scenario, contracts, where, one)
        yield from _people(scenario, where, one)
    yield from _sizes(scenario, contracts)


def _names(scenario: Scenario, contracts: Contracts, where: Path, one: Contract) -> Iterator[Problem]:
    """Names of institutions, categories, cohorts and areas."""
    known: dict[str, tuple[Collection[str], str, str]] = {
        "institution": (scenario.institutions, "institutions", N_("'{name}' is not an institution")),
        "category": (scenario.merchants.categories, "merchants", N_("'{name}' is not one of `merchants.categories`")),
        "categories": (scenario.merchants.categories, "merchants", N_("'{name}' is not one of `merchants.categories`")),
        "cohorts": (scenario.population.cohorts, "population", N_("'{name}' is not one of `population.cohorts`")),
        "areas": (contracts.areas, "contracts", _UNKNOWN_AREA),
    }
    for entry, (names, section, message) in known.items():
        given, path = getattr(one, entry, None), (*where, entry)
        places = [((*path, at), name) for at, name in enumerate(given)] if isinstance(given, list) else [(path, given)]
        for place, name in places:
            yield from one_of(place, message, name, names, ("contracts", section))


def _wallets_needed(one: Contract) -> tuple[str, int]:
    """The parameter that says how many people a contract needs, and how many."""
    for name in ("customers", "vouchers", "senders", "orders", "wallets", "applicants", "owners"):
        if hasattr(one, name):
            return name, int(getattr(one, name))
    raise NotImplementedError(type(one).__name__)


def _people(scenario: Scenario, where: Path, one: Contract) -> Iterator[Problem]:
    wallets = max(2, round(scenario.population.wallets * scenario.scale))
    shops = max(1, round(scenario.merchants.count * scenario.scale))
    name, needed = _wallets_needed(one)
    if needed > wallets:
        values = {"needed": needed, "wallets": wallets}
        yield Problem((*where, name), _FEW_WALLETS, ("contracts", "population", "scale"), **values)
    if isinstance(one, Gifts) and one.told >= wallets:
        values = {"needed": one.told + 1, "wallets": wallets}
        yield Problem((*where, "told"), _FEW_WALLETS, ("contracts", "population", "scale"), **values)
    for name in ("schools", "merchants_each"):
        if getattr(one, name, 0) > shops:
            values = {"needed": getattr(one, name), "shops": shops}
            yield Problem((*where, name), _FEW_SHOPS, ("contracts", "merchants", "scale"), **values)
    if isinstance(one, Dividend):
        yield from two_corporates(where, scenario.population.corporates, ("contracts", "population"))


def _weight(scenario: Scenario, one: Contract) -> tuple[float, float]:
    """About how many things happen in a contract, and how much money it moves (fen)."""
    if isinstance(one, Course):
        lessons = min(one.lessons, 1 + max(0, scenario.duration - one.first_lesson) // one.every)
        return one.customers * (1.0 + lessons), float(one.customers * one.price)
    if isinstance(one, Subsidy):
        return one.vouchers * (1.0 + one.purchases * scenario.duration / US_PER_DAY), float(one.vouchers * one.amount)
    if isinstance(one, Gifts):
        return one.senders * (1.0 + one.told), float(one.senders * one.amount)
    if isinstance(one, Deliveries):
        return 2.0 * one.orders, float(one.orders) * min(one.ticket.maximum, 10_000 * one.ticket.median)
    if isinstance(one, Dividend):
        return 1.0 * one.wallets * one.parts, float(one.pool)
    if isinstance(one, Fees):
        return 2.0 * one.applicants, float(one.applicants * one.fee)
    assert isinstance(one, SubWallets)
    authorised, days = one.owners * one.merchants_each, scenario.duration / US_PER_DAY
    stolen = one.leaked * min(one.found_after, scenario.duration) / one.thief_every
    return authorised * (one.payments * days + stolen), float(authorised * one.thief_amount)


def _sizes(scenario: Scenario, contracts: Contracts) -> Iterator[Problem]:
    """Neither more contracts nor more money than a run can hold; sub-wallets pay one by one, which takes time."""
    sections = ("contracts", "duration")
    counted = 0.0
    for kind, name, one in contracts.named():
        number, money = _weight(scenario, one)
        counted += number * (10 if isinstance(one, SubWallets) else 1)
        if counted > MOST_CONTRACTS:
            yield from at_most(("contracts", kind, name), _TOO_MANY, counted, MOST_CONTRACTS, sections)
            return
        yield from held_fen(("contracts", kind, name), money, sections)


SECTION: Final = Section("contracts", Contracts, "Programmable money and sub-wallets.", problems=problems)
