"""The tables that a run must have by its scenario: without them nothing that they hold could be worked out again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.audit.problems import Problem, problem
from sandbox.control import Simulated
from sandbox.feature import features
from sandbox.language import N_
from sandbox.scenario.schema import Section
from sandbox.tables import TABLES, Tables, optional_tables, table_file


def check_promised(scenario: dict[str, Any], listed: dict[str, Any]) -> Iterator[Problem]:
    """Tables that the manifest does not list though such a scenario leaves them."""
    wanted = dict.fromkeys(TABLES.keys() - optional_tables(), "every run has it")
    for section, names in _of_features().items():
        if isinstance(scenario.get(section), dict):
            wanted |= dict.fromkeys(names, f"every run whose scenario has a section {section} has it")
    for name in sorted(wanted.keys() - listed.keys()):
        yield problem(table_file(name), "", N_("{why}, and it is not here"), why=wanted[name])


def _of_features() -> dict[str, tuple[str, ...]]:
    found = {}
    for feature in features():
        section, written, simulated = feature.said(Section), feature.said(Tables), feature.said(Simulated)
        if section is not None:
            moved = ("postings",) if simulated is not None and simulated.moves_money else ()
            found[section.key] = (*(written.always() if written is not None else ()), *moved)
    return found
