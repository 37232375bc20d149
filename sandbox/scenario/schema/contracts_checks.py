"""What of the contracts does not go with the rest of a scenario."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sandbox.scenario.schema.contracts import (
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
from sandbox.scenario.schema.fields import MOST_FEN, Problem
from sandbox.scenario.schema.world import SHARES_TOLERANCE
from sandbox.scenario.units import US_PER_DAY, format_duration, format_money
from sandbox.visible import plain

Path = tuple[str | int, ...]

if TYPE_CHECKING:
    from sandbox.scenario.schema.scenario import Scenario


def contracts_problems(scenario: Scenario) -> Iterator[Problem]:
    """All of it."""
    contracts = scenario.contracts
    if contracts is None:
        return
    here = ("contracts",)
    total = math.fsum(contracts.areas.values())
    if contracts.areas and abs(total - 1) > SHARES_TOLERANCE:
        yield Problem((*here, "areas"), "shares", {"total": f"{plain(100 * total, 9)} %"}, here)
    places: dict[Path, Iterable[str]] = {
        ("demand", "segments"): scenario.demand.segments,
        ("campaigns",): scenario.campaigns,
    }
    for place, names in places.items():
        if "contracts" in names:
            yield Problem((*place, "contracts"), "source_taken", {"name": "contracts"}, (*here, str(place[0])))
    seen: set[str] = set()
    for kind, name, one in contracts.named():
        where = (*here, kind, name)
        if name in seen:
            yield Problem(where, "contract_twice", {"name": name}, here)
        seen.add(name)
        if one.starts >= scenario.duration:
            values: dict[str, object] = {"duration": format_duration(scenario.duration)}
            yield Problem((*where, "starts"), "contract_late", values, (*here, "duration"))
        yield from _institution(scenario, where, one)
        yield from _words(scenario, contracts, where, one)
        yield from _people(scenario, where, one)
    yield from _sizes(scenario, contracts)


def _institution(scenario: Scenario, where: Path, one: Contract) -> Iterator[Problem]:
    if one.institution is not None:
        yield from _known((*where, "institution"), one.institution, scenario.institutions, "institutions")


def _words(scenario: Scenario, contracts: Contracts, where: Path, one: Contract) -> Iterator[Problem]:
    """Names of categories, cohorts and areas."""
    categories = scenario.merchants.categories
    if isinstance(one, Subsidy):
        for index, name in enumerate(one.categories):
            yield from _known((*where, "categories", index), name, categories, "merchants")
        for index, name in enumerate(one.cohorts):
            yield from _known((*where, "cohorts", index), name, scenario.population.cohorts, "population")
        for index, name in enumerate(one.areas):
            yield from _known((*where, "areas", index), name, contracts.areas, "contracts")
    elif isinstance(one, (Course, Deliveries)) and one.category is not None:
        yield from _known((*where, "category"), one.category, categories, "merchants")


CODES = {
    "institution": "unknown_institution",
    "category": "unknown_category",
    "categories": "unknown_category",
    "cohorts": "unknown_cohort",
    "areas": "unknown_area",
}


def _known(where: Path, given: str, valid: Iterable[str], section: str) -> Iterator[Problem]:
    """One name, which must be among the valid ones."""
    valid = list(valid)
    if given not in valid:
        code = CODES[str(where[-2] if isinstance(where[-1], int) else where[-1])]
        yield Problem(where, code, {"name": given, "given": given, "valid": valid}, ("contracts", section))


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
        yield Problem((*where, name), "contract_wallets", values, ("contracts", "population", "scale"))
    if isinstance(one, Gifts) and one.told >= wallets:
        values = {"needed": one.told + 1, "wallets": wallets}
        yield Problem((*where, "told"), "contract_wallets", values, ("contracts", "population", "scale"))
    for name in ("schools", "merchants_each"):
        if getattr(one, name, 0) > shops:
            values = {"needed": getattr(one, name), "shops": shops}
            yield Problem((*where, name), "contract_shops", values, ("contracts", "merchants", "scale"))
    if isinstance(one, Dividend) and scenario.population.corporates < 2:
        yield Problem(where, "needs_corporates", {}, ("contracts", "population"))


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
            yield Problem(("contracts", kind, name), "too_many_contracts", values, sections)
            return
        if money > MOST_FEN:
            values = {"amount": f"{plain(money / 100)} CNY", "limit": format_money(MOST_FEN)}
            yield Problem(("contracts", kind, name), "too_much_money", values, sections)
