"""What of the contracts does not go with the rest of a scenario."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
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
from sandbox.scenario.schema import Scenario, Section
from sandbox.scenario.schema.fields import MOST_FEN, Problem
from sandbox.scenario.schema.world import SHARES_TOLERANCE
from sandbox.scenario.units import US_PER_DAY, format_duration, format_money
from sandbox.visible import plain

Path = tuple[str | int, ...]

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
    total = math.fsum(contracts.areas.values())
    if contracts.areas and abs(total - 1) > SHARES_TOLERANCE:
        yield Problem(
            (*here, "areas"),
            N_("the shares sum to {total}, not to 100 %"),
            {"total": f"{plain(100 * total, 9)} %"},
            here,
        )
    places: dict[Path, Iterable[str]] = {
        ("demand", "segments"): scenario.demand.segments,
        ("campaigns",): scenario.campaigns,
    }
    for place, names in places.items():
        if "contracts" in names:
            yield Problem((*place, "contracts"), _SOURCE_TAKEN, {"name": "contracts"}, (*here, str(place[0])))
    seen: set[str] = set()
    for kind, name, one in contracts.named():
        where = (*here, kind, name)
        if name in seen:
            yield Problem(where, _TWICE, {"name": name}, here)
        seen.add(name)
        if one.starts >= scenario.duration:
            values: dict[str, object] = {"duration": format_duration(scenario.duration)}
            yield Problem((*where, "starts"), _LATE, values, (*here, "duration"))
        yield from _names(scenario, contracts, where, one)
        yield from _people(scenario, where, one)
    yield from _sizes(scenario, contracts)


def _names(scenario: Scenario, contracts: Contracts, where: Path, one: Contract) -> Iterator[Problem]:
    """Names of institutions, categories, cohorts and areas."""
    known: dict[str, tuple[Iterable[str], str, str]] = {
        "institution": (scenario.institutions, "institutions", N_("'{name}' is not an institution")),
        "category": (scenario.merchants.categories, "merchants", N_("'{name}' is not one of `merchants.categories`")),
        "categories": (scenario.merchants.categories, "merchants", N_("'{name}' is not one of `merchants.categories`")),
        "cohorts": (scenario.population.cohorts, "population", N_("'{name}' is not one of `population.cohorts`")),
        "areas": (contracts.areas, "contracts", _UNKNOWN_AREA),
    }
    for entry, (names, section, message) in known.items():
        given, valid = getattr(one, entry, None), list(names)
        places = enumerate(given) if isinstance(given, list) else [] if given is None else [(None, given)]
        for index, name in places:
            if name not in valid:
                path = (*where, entry) if index is None else (*where, entry, index)
                yield Problem(path, message, {"name": name, "given": name, "valid": valid}, ("contracts", section))


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
        yield Problem((*where, name), _FEW_WALLETS, values, ("contracts", "population", "scale"))
    if isinstance(one, Gifts) and one.told >= wallets:
        values = {"needed": one.told + 1, "wallets": wallets}
        yield Problem((*where, "told"), _FEW_WALLETS, values, ("contracts", "population", "scale"))
    for name in ("schools", "merchants_each"):
        if getattr(one, name, 0) > shops:
            values = {"needed": getattr(one, name), "shops": shops}
            yield Problem((*where, name), _FEW_SHOPS, values, ("contracts", "merchants", "scale"))
    if isinstance(one, Dividend) and scenario.population.corporates < 2:
        yield Problem(
            where, N_("corporate payments need at least 2 `population.corporates`"), {}, ("contracts", "population")
        )


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
            values: dict[str, object] = {"count": f"{counted:,.0f}", "limit": f"{MOST_CONTRACTS:,}"}
            yield Problem(("contracts", kind, name), _TOO_MANY, values, sections)
            return
        if money > MOST_FEN:
            values = {"amount": f"{plain(money / 100)} CNY", "limit": format_money(MOST_FEN)}
            yield Problem(
                ("contracts", kind, name),
                N_("about {amount} in all, more than an account can hold; at most {limit}"),
                values,
                sections,
            )


SECTION: Final = Section("contracts", Contracts, "Programmable money and sub-wallets.", problems=problems)
