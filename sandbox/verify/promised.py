"""The tables that a run must have by its scenario: without them nothing that they hold could be worked out again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sandbox.tables import OPTIONAL_TABLES, TABLES, table_file
from sandbox.verify.problems import Problem, problem

SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "bills": ("bills", "bill_entries", "postings"),
    "contracts": ("vouchers", "contracts", "postings"),
    "crime": ("patterns", "postings"),
    "crossborder": ("crossborder", "postings"),
    "data_exchange": ("data_trades", "data_register", "postings"),
    "flight": ("flight",),
    "offline": ("offline", "postings"),
}
"""By section of a scenario; one that is there and empty has its tables too, without rows."""


def check_promised(scenario: dict[str, Any], listed: dict[str, Any]) -> Iterator[Problem]:
    """Tables that the manifest does not list though such a scenario leaves them."""
    wanted = dict.fromkeys(TABLES.keys() - OPTIONAL_TABLES, "every run has it")
    for section, names in SECTIONS.items():
        if isinstance(scenario.get(section), dict):
            wanted |= dict.fromkeys(names, f"every run whose scenario has a section {section} has it")
    for name in sorted(wanted.keys() - listed.keys()):
        yield problem(table_file(name), "", "promised", why=wanted[name])
