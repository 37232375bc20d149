"""Every lever that the schema declares is tried on small towns that have all sections: none changes anybody's draws.

Which levers there are is read off the schema, so that a new one is tried, or missed here by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from sandbox.engine.simulation import Simulation
from sandbox.features.contracts.component import ProgrammableMoney
from sandbox.features.crime.criminals import Criminals
from sandbox.features.crossborder.demand import CrossBorderDemand, calendars, draw_demand
from sandbox.features.flight.component import DepositFlight
from sandbox.features.offline.plan import owners, tries
from sandbox.features.offline.schema import Offline
from sandbox.scenario.introspection import Leaf, Shape, leaves, shape_at, shapes
from sandbox.scenario.paths import ANY, Path, format_path
from sandbox.scenario.provenance import declared_role
from sandbox.scenario.schema import Scenario, scenario_from
from sandbox.world import build
from tests.properties.towns import DRAWN, births_of, run, same, town

DAY = {
    "duration": "1 days",
    "campaigns.spring": {
        "registered": 500, "winners": 60, "packet": "200 CNY", "starts": "1 h", "lasts": "20 h", "claim_within": "4 h",
        "merchants": "70 %",
    },
    "faults": [{"station": "north", "kind": "outage", "starts": "10 h", "lasts": "20 min"}],
    "population.cohorts": {"elders": {"share": "20 %", "smartphone": False}, "busy": {"share": "10 %", "activity": 3}},
    "crime": {"share": "3 %"},
    "flight": {
        "holding_limit": "2000 CNY", "news": [{"at": "6 h", "reach": "50 %", "within": "3 h"}],
        "tiers": [{"up_to": "500 CNY", "rate": 0.001}, {"up_to": "none", "rate": 0}],
    },
    "crossborder": {
        "corridors": {
            "goods": {"sender": "hong_kong", "receiver": "mainland", "count": 5, "mean": "90000 USD"},
            "home": {
                "sender": "mainland", "receiver": "thailand", "payments": "9 /day", "mean": "400 USD",
                "purpose": "remittance", "individuals": True,
            },
        },
        "visitors": {"busy": {"home": "hong_kong", "trips": "0.2 /day"}},
    },
    "contracts": {
        "areas": {"east": "50 %", "west": "50 %"},
        "courses": {"swimming": {"schools": 2, "customers": 20, "price": "60 CNY", "lessons": 3, "sold_within": "6 h"}},
        "subsidies": {
            "meals": {
                "vouchers": 40, "amount": "50 CNY", "cohorts": ["elders"], "categories": ["food"], "areas": ["east"],
                "lasts": "1 day", "from_hour": 5, "to_hour": 22,
            },
        },
        "gifts": {"keyword": {"senders": 10, "amount": "5 CNY", "lasts": "6 h"}},
        "deliveries": {"parcels": {"orders": 20, "deadline": "12 h"}},
        "dividends": {"data": {"pool": "50 CNY", "wallets": 30, "every": "3 h"}},
        "fees": {"card": {"applicants": 20, "fee": "5 CNY", "deadline": "6 h", "profile": "flat"}},
        "sub_wallets": {"web": {"owners": 10, "leaked": "20 %", "leaks_at": "2 h", "found_after": "5 h"}},
    },
    "offline": {
        "regions": {"valley": "40 %", "hill": "60 %"},
        "network": [{"region": "valley", "starts": "6 h", "lasts": "9 h"}],
        "purses": {"cards": {"cohort": "elders", "pays": "always", "load": "5 CNY", "lost": "0.1 /day"}},
        "attacks": {"ring": {"group": "cards", "starts": "7 h"}}, "caps": {"payment": "50 CNY"},
    },
    "bills": {"core": {"count": 1, "orders": "3 /day"}, "tiers": [{"firms": 2}], "tenor": "1 days"},
    "data_exchange": {"orders": "4 /day"},
    "supervision": {
        "frontier": {"anonymous_below": ["50 CNY"]}, "aggregates": {}, "cases": {"hours": {}},
        "incidents": {"preset": "dora"},
        "visibility": {"merchant": {name: {"linked_from": "0 CNY"} for name in ("I", "II", "III", "IV")}},
    },
}  # fmt: skip
CHANGE = {"at": "12 h", "wallet_limits": {"preset": "2021+"}, "box": {"per_payment_cap": "900 CNY"}}
PLAN = {
    "preset": "own", "applicants": [{"institution": "north"}], "pace": 20, "rollout": {},
    "gates": {"p99_latency": {"target": "1 h"}},
}  # fmt: skip
TOWNS = {
    "caps that change": {**DAY, "rules.changes": [CHANGE]},
    "a plan": {**DAY, "rules.box": {"enabled": True, "plan": PLAN}},
}
"""A plan does not go with caps that change in mid-run."""

AMOUNTS = (1_000, 0, 70_000, 400_000, 30_000_000, 10_000_000_000)
TIMES = (3_600_000_000, 90_000_000, 50_000_000_000, 200_000_000_000, 20_000_000_000_000)
OTHERS: dict[str, tuple[Any, ...]] = {
    "money": AMOUNTS,
    "dollars": AMOUNTS,
    "limit": (*AMOUNTS, None),
    "duration": TIMES,
    "patience": (*TIMES, None),
    "share": (0.25, 0.75, 0.01, 0.0, 1.0),
    "whole": (3, 2, 7, 50, 2_000),
    "number": (0.5, 2.0, 0.0, 50.0, 9_000.0),
    "switch": (False, True),
}
"""Values that are tried by unit, in internal units: the first that is allowed and is not the one in force."""
LISTS: dict[str, Any] = {
    "rules.box.institutions": ["north"],
    "rules.interest.classes": ["I"],
    "rules.interest.settlement_months": [5],
    "rules.box.plan.admission.criteria": ["ready"],
    "supervision.detectors.structuring.thresholds": [70_000, 900_000],
    "supervision.frontier.anonymous_below": [3_000, 9_000],
    "contracts.subsidies.*.areas": ["west"],
    "contracts.subsidies.*.categories": ["education", "health"],
    "contracts.subsidies.*.cohorts": ["busy"],
    "supervision.incidents.clocks.*.report": "another",
}
"""Values of what has no unit."""


def _in_another_order(data: Any) -> None:
    stages = data["rules"]["box"]["plan"]["stages"]
    first, *later = reversed(list(stages))
    for name, after in zip((first, *later), (*later, "graduated"), strict=True):
        stages[name]["next"] = after
    data["rules"]["box"]["plan"]["stages"] = {name: stages[name] for name in (first, *later)}


def _stops_at_a_cap(data: Any) -> None:
    plan = data["rules"]["box"]["plan"]
    plan["automatic_stop"], plan["stages"]["small_scale"]["participants"] = True, 20


TOGETHER: dict[str, Callable[[Any], None]] = {
    "rules.box.plan.stages.*.next": _in_another_order,
    "rules.box.plan.automatic_stop": _stops_at_a_cap,
}
"""Levers that can only be changed with others."""


def levers_of(shape: Shape, path: Path = (), field: FieldInfo | None = None) -> Iterator[str]:
    """Paths of all levers below a place of the schema; `*` stands for any name or entry."""
    if shape.kind == "section" and shape.model is not None:
        for name, one in shapes(shape.model).items():
            yield from levers_of(one, (*path, name), shape.model.model_fields[name])
    elif shape.kind == "value":
        if field is not None and declared_role(field) == "lever":
            yield format_path(path)
    elif shape.item is not None:
        yield from levers_of(shape.item, (*path, ANY), field)


CAMPAIGNS_OWN = ("spring claims", "spring", "criminals")
"""A campaign's levers make its own payments what they are, among which criminals hide."""

EVERY = sorted(levers_of(Shape("section", model=Scenario)))


def generic(path: Path) -> str:
    """A path with `*` for names and entries."""
    above = [shape_at(path[:end]) for end in range(len(path))]
    steps = [step if one is not None and one.kind == "section" else ANY for step, one in zip(path, above, strict=True)]
    return format_path(tuple(steps))


def changed(scenario: Scenario, leaf: Leaf) -> Scenario | None:
    """The scenario with this lever at another value; None if no value that is tried is allowed."""
    words = generic(leaf.path)
    values = (LISTS[words],) if words in LISTS else OTHERS.get(leaf.shape.unit, leaf.shape.choices)
    for value in (None,) if words in TOGETHER else values:
        data: Any = scenario.model_dump(exclude={"sources"})
        if words in TOGETHER:
            TOGETHER[words](data)
        else:
            around = data
            for step in leaf.path[:-1]:
                around = around[step]
            around[leaf.path[-1]] = value
        try:
            other = scenario_from(data)
        except ValidationError:
            continue
        if other.model_copy(update={"sources": scenario.sources}) != scenario:
            return other
    return None


def drawn_by(scenario: Scenario) -> dict[str, Any]:
    """What is drawn for everybody: payments born, depositors, criminals and when they act."""
    simulation = Simulation(build(scenario, scenario.seed))
    found: dict[str, Any] = births_of(simulation.world)
    flight, crime = simulation.control.component(DepositFlight), simulation.control.component(Criminals)
    assert flight is not None
    assert crime is not None
    holders = flight.holders
    found["depositors"] = np.stack([holders.deposit, holders.looks_at, holders.heard_at])
    found["contacts"] = holders.contacts
    found["criminals"] = [(one.label, one.accounts, [step.at_us for step in one.steps]) for one in crime.instances]
    crossborder = scenario.crossborder
    if crossborder is not None:
        drawn = draw_demand(scenario, crossborder, scenario.seed, calendars(scenario, crossborder))
        found |= {f"crossings, {name}": column for name, column in drawn._asdict().items()}
    contracts = simulation.control.component(ProgrammableMoney)
    assert contracts is not None
    found["contracts"] = drawn_for_contracts(contracts)
    offline = scenario.section(Offline)
    if offline is not None:
        who = owners(simulation.world, offline)
        found["purses"] = np.stack([who.accounts, who.regions])
        plan = tries(simulation.world, offline, who)
        found["offline payments"] = np.stack([plan.at_us, plan.purse, plan.amount_fen, plan.to_person])
    return found


def drawn_for_contracts(contracts: ProgrammableMoney) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Who takes part, with whom, and when: of everything but vouchers, whose number and purpose are levers."""
    names = ("customers", "school", "senders", "claimant", "after", "buyers", "amounts", "arrives", "company", "people",
             "applicants", "decided", "owners", "merchants")  # fmt: skip
    found = [np.atleast_1d(getattr(one, name)) for one in contracts.contracts for name in names if hasattr(one, name)]
    return np.concatenate(found)


def different(found: dict[str, Any], expected: dict[str, Any], but: tuple[str, ...] = ()) -> list[str]:
    """Whose draws differ, some left out."""
    assert set(found) == set(expected)
    return [name for name in found if name not in but and not _same(found[name], expected[name])]


def _same(left: Any, right: Any) -> bool:
    return np.array_equal(left, right) if isinstance(left, np.ndarray) else bool(left == right)


def test_no_lever_changes_a_draw() -> None:
    """Each is tried once, but those of the rules in each town."""
    tried: set[str] = set()
    wrong = {}
    for overrides in TOWNS.values():
        scenario = town(overrides)
        expected = drawn_by(scenario)
        done = {words for words in tried if not words.startswith("rules.")}
        for leaf in leaves(scenario):
            words = generic(leaf.path)
            if declared_role(leaf.field) != "lever" or words in done:
                continue
            if (other := changed(scenario, leaf)) is not None:
                done.add(words)
                differs = different(drawn_by(other), expected, CAMPAIGNS_OWN if leaf.path[0] == "campaigns" else ())
                wrong.update({words: differs} if differs else {})
        tried |= done
    assert not wrong
    assert not [words for words in EVERY if words not in tried], "no other value was tried"


def test_other_draws_would_be_seen() -> None:
    scenario = town(TOWNS["a plan"])
    expected = drawn_by(scenario)
    drawn = {"spring claims", "spring", "retail", "transfers", "wholesale", "depositors", "contacts", "criminals",
             "purses", "offline payments", "contracts"}  # fmt: skip
    drawn |= {f"crossings, {name}" for name in CrossBorderDemand._fields}
    assert set(different(drawn_by(town(TOWNS["a plan"], seed=2)), expected)) == drawn
    fewer = town({**TOWNS["a plan"], "crime": {"share": "1 %"}, "flight": {"people": {"contacts": 3}}})
    assert {"depositors", "contacts", "criminals"} == set(different(drawn_by(fewer), expected))


WATCHING = {
    "supervision.detectors.velocity": {"window": "3 h", "payments": 2},
    "supervision.cases.freezes": {"after": "1 min", "least_amount": "0 CNY"},
    "supervision.cases.hours": {"opens": "0 h", "closes": "24 h", "weekends": True},
    "supervision.cases.report": {"least_amount": "0 CNY", "least_payments": 1},
    "supervision.incidents.preset": "mas",
}
FLEEING = {"flight.holding_limit": "none", "flight.banks.haircut": "90 %", "rules.regime": "digital_cash"}
CLOSING = {
    "rules.box.plan.gates.success_share": {"target": "100 %", "stop": "99 %"},
    "rules.box.plan.complaints.staff": 1, "rules.box.plan.least_payments": 1,
}  # fmt: skip


def born_by_plan(payments: pd.DataFrame) -> pd.DataFrame:
    """Payments by which nobody answers what has happened: not of criminals or contracts, and no loads of purses."""
    planned = payments[payments["label"].isna() & ~payments["source"].isin(["orders", "contracts"])]
    return planned.sort_values("payment_id")


@pytest.mark.parametrize(
    ("name", "levers"),
    [("caps that change", WATCHING), ("caps that change", FLEEING), ("a plan", CLOSING)],
    ids=["freezes", "a larger flight", "a box that is suspended"],
)
def test_honest_payments_are_born_alike_in_a_whole_run(name: str, levers: dict[str, object]) -> None:
    """Who pays whom how much and when is the same under other levers, and more comes of it than another number."""
    left, right = (run(town({**TOWNS[name], **more})) for more in ({}, levers))
    honest = [born_by_plan(one.payments) for one in (left, right)]
    born = [one[DRAWN].reset_index(drop=True) for one in honest]
    assert same(*born)
    assert not same(*(one["outcome"].reset_index(drop=True) for one in honest))
