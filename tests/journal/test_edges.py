"""Sound runs at the edges of what a scenario may say: each passes the audit and has its report. What was wrong with
the run or with the audit stands beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sandbox
from reports.render import render
from sandbox.audit.auditor import audit
from tests.journal.folders import told

FEW = {
    "population.wallets": 60,
    "population.corporates": 0,
    "merchants.count": 8,
    "demand.segments.shops.payments": "20 /day",
}
EDGES: dict[str, tuple[str, dict[str, Any], str]] = {
    "two exchanges on a way, and one of them bound": (
        "herstatt-day",
        {**FEW, "duration": "2 d", "crossborder.corridors.dollars_for_euros.sender": "mainland",
         "crossborder.corridors.dollars_for_euros.payments": "40 /day"},
        "all",
    ),
    "merchants that are closed when the run ends": (
        "offline-village",
        {**FEW, "population.wallets": 300, "duration": "1 d",
         "merchants.closures": "[{merchant: 0, starts: 8 h, lasts: 3 d}, {merchant: 1, starts: 8 h, lasts: 3 d}]"},
        "all",
    ),
    "charges that eat up payments": (
        "validator-loss",
        {**FEW, "duration": "1 d", "crossborder.corridors.uae_to_mainland.mean": "50 USD",
         "crossborder.corridors.mainland_to_saudi_arabia.mean": "50 USD",
         "crossborder.correspondent.margins": "[{above: 0 USD, margin: 30 %}]"},
        "all",
    ),
}  # fmt: skip


@pytest.mark.parametrize("edge", EDGES)
def test_a_sound_run_passes_the_audit_and_is_reported(edge: str, tmp_path: Path) -> None:
    name, changes, record = EDGES[edge]
    folder = sandbox.run(sandbox.load(name, set=changes), out=tmp_path / "run", record=record).path
    assert told(audit(folder)) == ""
    render(folder)


EMPTY = ("bills", "contracts", "crime", "data_exchange", "flight", "offline", "supervision")
"""Sections that may be there and say nothing; `crossborder` may not, for it has no corridors then."""


@pytest.mark.parametrize("section", EMPTY)
def test_a_section_that_is_there_and_empty_runs_with_its_tables(section: str, tmp_path: Path) -> None:
    text = f"""
        title: Nothing in it
        question: Does it run?
        duration: 2 h
        population: {{wallets: 50, corporates: 2}}
        merchants: {{count: 5}}
        demand: {{segments: {{shops: {{payments: 200 /day, ticket: qr_quantile}}}}}}
        {section}: {{}}
        """
    source = tmp_path / "empty.yaml"
    source.write_text("\n".join(line.strip() for line in text.splitlines()))
    folder = sandbox.run(sandbox.load(source), out=tmp_path / "run").path
    assert told(audit(folder)) == ""
    render(folder)
