"""Mutants are worth what they find: each bug put back into the loader, a run or the audit is found within so many.

A bug is one text of a module put in place of another; the functions that it changes take its code while a test lasts.
Where the text is no longer there, the code was changed and the bug has to be written anew.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

import pytest

from tests.fuzz.hunt import hunt
from tests.fuzz.runs import run_mutants
from tests.fuzz.sound import EVERYTHING, MOVED, Within

MOST_MUTANTS = 1_500
MOST_RUNS = 40
FIRST = 500_000
"""Mutants that no other test tries."""


class Bug(NamedTuple):
    """One text of a module put in place of another, the sort of finding that gives it away, and the kinds of mutation
    or the scenarios to look among where only few show it; else all."""

    name: str
    module: str
    right: str
    wrong: str
    gives: tuple[str, ...]
    only: tuple[str, ...] = ()
    within: Within = EVERYTHING


BUGS = [
    Bug(
        "names without a value are not looked at",
        "sandbox.scenario.merge",
        "if one.value is not None or name not in known",
        "if one.value is not None",
        ("accepted", "dropped"),
    ),
    Bug(
        "a comma stands anywhere in a number",
        "sandbox.scenario.units",
        "match = _QUANTITY.match(words)",
        'words = re.sub(r"(?<=[0-9]),(?=[0-9])", "", words); match = _QUANTITY.match(words)',
        ("accepted",),
        ("number: strange",),
    ),
    Bug(
        "a bare number is taken for seconds",
        "sandbox.scenario.units",
        "if _is_number(value):\n            raise self.error(",
        'if _is_number(value):\n            if self.name == "duration":\n'
        "                return round(value * 1_000_000)\n            raise self.error(",
        ("accepted",),
    ),
    Bug(
        "a full-width per cent sign is read",
        "sandbox.scenario.units",
        "if unit not in self.units:",
        'if unit not in (*self.units, "％"):',
        ("accepted",),
        ("unit: wrong",),
    ),
    Bug(
        "an exponent alone is read as a number",
        "sandbox.scenario.units",
        "match = _QUANTITY.match(words)",
        'Decimal(words.split()[0]) if words[:1] == "e" else None; match = _QUANTITY.match(words)',
        ("crash",),
        ("number: strange",),
    ),
    Bug(
        "an entry in braces without a colon is left out",
        "sandbox.scenario.yaml_reader",
        "                self._no_colon(event, before, at)\n",
        "",
        ("accepted", "dropped"),
    ),
    Bug(
        "of two entries of one name the first holds",
        "sandbox.scenario.yaml_reader",
        "first = entries[name].key\n",
        "continue\n",
        ("accepted",),
    ),
    Bug(
        "a default takes the place of what was typed",
        "sandbox.scenario.merge",
        "merge(default, one, below) if default is not None and",
        "merge(one, default, below) if default is not None and",
        ("changed",),
    ),
    Bug(
        "errors point one line too far down",
        "sandbox.scenario.yaml_reader",
        "mark.line + 1, mark.column + 1, self._level)",
        "mark.line + 2, mark.column + 1, self._level)",
        ("message",),
    ),
    Bug(
        "a time zone is dropped",
        "sandbox.scenario.schema.scenario",
        "if value.tzinfo is not None:\n            raise",
        "if value.tzinfo is not None:\n            return value.replace(tzinfo=None)\n            raise",
        ("changed", "accepted"),
    ),
]

BUGS_OF_RUNS = [
    Bug(
        "an empty section has no tables",
        "sandbox.scenario.schema.assembly",
        "return getattr(scenario, section.key, None)",
        "mine = getattr(scenario, section.key, None)\n        return mine if mine and mine.model_fields_set else None",
        ("audit:",),
        within=Within(ways=("emptied",)),
    ),
    Bug(
        "money that waits for a closed merchant counts as paid out",
        "sandbox.base.pending",
        "return int(self.rows[:, P_WAITS].sum())",
        "return 0",
        ("audit:",),
        within=Within(names=("offline-village", "tourist-hard-wallets")),
    ),
    Bug(
        "an exchange that was bound hides one that was not",
        "sandbox.features.crossborder.chain.correspondent",
        "payment.pvp = payment.exposed_from_us is None",
        "payment.pvp = True",
        ("audit:",),
        within=Within(names=("herstatt-day",)),
    ),
    Bug(
        "fees eat a payment up, and it settles",
        "sandbox.features.crossborder.chain.correspondent",
        "        if funds.amount <= 0:\n            return TOO_SMALL\n",
        "",
        ("audit:",),
        within=Within(("validator-loss", "herstatt-day"), (MOVED, "shorter"), ("crossborder", "corridors")),
    ),
    Bug(
        "a corridor has a whole day's payments in an hour",
        "sandbox.features.crossborder.demand",
        'US_PER_DAY if corridor.hours == "any" else office.open_for)',
        'US_PER_DAY if corridor.hours == "any" else min(open_us, office.open_for))',
        ("run:",),
        within=Within(("corridor-trade-off", "validator-loss"), ("shorter",)),
    ),
    Bug(
        "a report tells a mapping as Python has it",
        "reports.view.details",
        "if isinstance(value, Mapping):",
        "if False:",
        ("words:",),
        within=Within(names=("rule-change-mid-run",)),
    ),
]


@pytest.mark.parametrize("bug", [*BUGS, *BUGS_OF_RUNS], ids=lambda bug: bug.name)
def test_it_has_its_place(bug: Bug) -> None:
    assert bug.right in inspect.getsource(importlib.import_module(bug.module)), "the code was changed; write it anew"


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_mutants_find_it(bug: Bug, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    put_back(monkeypatch, bug.module, bug.right, bug.wrong)
    result = hunt(range(FIRST, FIRST + MOST_MUTANTS), tmp_path, bug.only, enough=1)
    print(f"{bug.name}: found after {result.tried} mutants")
    assert result.found
    assert result.found[0].findings[0].startswith(bug.gives), result.found[0].findings


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS_OF_RUNS, ids=[bug.name for bug in BUGS_OF_RUNS])
def test_runs_find_it(bug: Bug, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    put_back(monkeypatch, bug.module, bug.right, bug.wrong)
    result = run_mutants(range(MOST_RUNS * 20), tmp_path, MOST_RUNS, bug.within, enough=1)
    print(f"{bug.name}: found after {result.ran} runs")
    assert result.found
    assert result.found[0].findings[0].startswith(bug.gives), result.found[0].findings


def put_back(monkeypatch: pytest.MonkeyPatch, name: str, right: str, wrong: str) -> None:
    """Give the functions of a module the code that they have with another text."""
    module = importlib.import_module(name)
    source = inspect.getsource(module)
    assert source.count(right) >= 1, "the code was changed; write the bug anew"
    before, after = (
        dict(_codes(compile(text, str(module.__file__), "exec", dont_inherit=True), ""))
        for text in (source, source.replace(right, wrong))
    )
    changed = [at for at, code in after.items() if _differs(before[at], code)]
    assert changed
    for at in changed:
        monkeypatch.setattr(_function(module, at), "__code__", after[at])


def _codes(code: CodeType, above: str) -> Iterator[tuple[str, CodeType]]:
    """Functions of a module, and of its classes; what stands within a function goes with it."""
    for one in code.co_consts:
        if isinstance(one, CodeType) and not one.co_name.startswith("<"):
            name = f"{above}{one.co_name}"
            is_class = "__qualname__" in one.co_names
            if is_class:
                yield from _codes(one, f"{name}.")
            else:
                yield name, one


def _differs(one: CodeType, other: CodeType) -> bool:
    return one.co_code != other.co_code or _plain(one) != _plain(other) or one.co_names != other.co_names


def _plain(code: CodeType) -> list[Any]:
    return [[*_plain(one), one.co_code, one.co_names] if isinstance(one, CodeType) else one for one in code.co_consts]


def _function(module: ModuleType, name: str) -> FunctionType:
    found: Any = module
    for step in name.split("."):
        found = vars(found)[step]
    found = getattr(found, "fget", found)
    found = inspect.unwrap(getattr(found, "__func__", getattr(found, "wrapped", found)))
    found = getattr(found, "__func__", found)
    assert isinstance(found, FunctionType), found
    return found
