"""A run folder with contracts: `verify` passes it and names what was changed; the report tells of it; runs repeat."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sandbox
from reports.document import Chart, Paragraph, Section, Table
from reports.sections import contracts
from reports.sections.context import Context
from reports.source import RunData, read
from sandbox.scenario.schema.contracts import KINDS
from sandbox.verify.check import verify
from tests.contracts.town import TOWN, as_it_is, town
from tests.journal.folders import edit_cell, kept, read_table, seal_again, told


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town as a run folder."""
    return sandbox.run(sandbox.load(TOWN), out=tmp_path_factory.mktemp("town") / "run").path


def test_a_run_with_contracts_is_verified_to_the_fen(folder: Path) -> None:
    found = verify(folder)
    assert told(found) == ""
    assert found.covers == "every_balance"


@pytest.mark.parametrize(
    ("column", "ending", "change", "says"),
    [
        ("spent_fen", "posted", lambda fen: fen - 1, "spent and returned are not its amount"),
        ("returned_fen", "voided", lambda fen: fen - 1, "spent and returned are not its amount"),
        ("ending", "expired", lambda _: "posted", "posted is that of which nothing came back"),
        ("ending", "posted", lambda _: "lost", "none of posted, voided, expired, open"),
        ("ending", "voided", lambda _: "open", "it is open and has a time of its ending"),
        ("amount_fen", "open", lambda fen: fen + 1, "the escrow holds"),
    ],
)
def test_a_changed_voucher_is_named(
    folder: Path, column: str, ending: str, change: Callable[[Any], Any], says: str
) -> None:
    row = read_table(folder, "vouchers")["ending"].index(ending)
    with kept(*(one for one in folder.iterdir() if one.is_file())):
        edit_cell(folder, "vouchers", column, row, change)
        seal_again(folder)
        assert says in told(verify(folder))
    assert told(verify(folder)) == ""


def test_the_table_is_what_the_run_says(folder: Path) -> None:
    table, summary = read_table(folder, "vouchers"), sandbox.open_run(folder).summary["contracts"]
    assert len(table["voucher"]) == summary["count"]
    assert sum(table["spent_fen"]) == summary["spent_fen"]
    assert set(table["kind"]) == set(KINDS)
    stands = read_table(folder, "contracts")
    last = {
        kind: (held, spent, returned)
        for kind, held, spent, returned in zip(*(stands[name] for name in list(stands)[1:]), strict=True)
    }
    for name, place in (("held_fen", 0), ("spent_fen", 1), ("returned_fen", 2)):
        assert sum(one[place] for one in last.values()) == summary[name]


def test_the_report_tells_of_every_contract_and_draws(folder: Path) -> None:
    (chapter,) = contracts.section(Context(read(folder)))
    text = "\n".join(block.text for block in chapter.blocks if isinstance(block, Paragraph))
    for name in ("swimming", "food", "keyword", "parcels", "data", "permit", "shops"):
        assert name in text
    charts = [block for block in chapter.blocks if isinstance(block, Chart)]
    assert [chart.key for chart in charts] == ["contracts-money", "contracts-courses"]
    for chart in charts:
        assert chart.draw() is not None
    assert "lost" in charts[1].alt


SPOILT = (None, 3, "x", [], {"own": None}, [{"kind": "fees", "own": {"receipts": "many"}}, None])


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_spoilt_summary_breaks_no_report(spoilt: Any) -> None:
    run = RunData({"contracts": {"contracts": spoilt, "endings": spoilt, "refused": spoilt, "count": spoilt}})
    (chapter,) = contracts.section(Context(run))
    assert isinstance(chapter, Section)
    assert any(isinstance(block, Table) for block in chapter.blocks)


def test_the_same_seed_gives_the_same_run() -> None:
    one, other = as_it_is(), town()
    np.testing.assert_array_equal(one.rows, other.rows)
    np.testing.assert_array_equal(one.payments, other.payments)
    assert one.simulation.log.rows == other.simulation.log.rows
