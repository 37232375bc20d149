"""A run folder with contracts: the audit passes it and names what was changed; the report tells of it; runs repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sandbox
from reports.document import Chart, Paragraph, Section, Table
from reports.sections.context import Context
from reports.source import RunData, read
from sandbox.audit.auditor import audit
from sandbox.audit.joint import Folder
from sandbox.features.contracts import chapter as contracts
from sandbox.features.contracts.audit import audit as audit_contracts
from sandbox.features.contracts.schema import KINDS
from sandbox.tables import table_file
from tests.contracts.town import TOWN, as_it_is, town
from tests.journal.folders import edit_cell, kept, read_table, seal_again, told, write_table


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town as a run folder."""
    return sandbox.run(sandbox.load(TOWN), out=tmp_path_factory.mktemp("town") / "run").path


def test_a_run_with_contracts_holds_to_the_fen(folder: Path) -> None:
    found = audit(folder)
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
        ("amount_fen", "open", lambda fen: fen + 1, "the escrow took in"),
    ],
)
def test_a_changed_voucher_is_named(
    folder: Path, column: str, ending: str, change: Callable[[Any], Any], says: str
) -> None:
    row = read_table(folder, "vouchers")["ending"].index(ending)
    with kept(*(one for one in folder.iterdir() if one.is_file())):
        edit_cell(folder, "vouchers", column, row, change)
        seal_again(folder)
        assert says in told(audit(folder))
    assert told(audit(folder)) == ""


def others(columns: dict[str, list[Any]], name: str, row: int) -> Iterator[Any]:
    """Values that a clever hand would put there instead: of another row, one more, one less, nonsense.

    Only this table tells which wallet holds a voucher, how often one was refused, and which merchant would have been
    paid had it not gone otherwise; the test leaves these alone.
    """
    own, values = columns[name][row], columns[name]
    yield from list(dict.fromkeys(one for one in values if one != own and one is not None))[:3]
    if not isinstance(own, str) and own is not None:
        yield from (own + 1, own - 1, -own - 1, 2**62)
    elif own is not None:
        yield from sorted({"", "spent", "\u202e"} - {own})


@pytest.mark.parametrize("many", [False, pytest.param(True, marks=pytest.mark.long)])
def test_every_edit_of_a_voucher_is_found_though_all_is_signed_again(folder: Path, many: bool) -> None:
    """By somebody who has the ledger's key: digests, closing line and seal are new, so only recomputation is left."""
    columns, accounts = read_table(folder, "vouchers"), len(read_table(folder, "ledger")["account"])
    found = {(kind, ending if many else ""): row for row, (kind, ending) in enumerate(both(columns, "kind", "ending"))}
    missed, tried = [], 0
    for (kind, _), row in found.items():
        for place, name in enumerate(columns):
            values = list(others(columns, name, row))
            for value in values if many else values[(row + place) % len(values) :][:1]:
                edited = {**columns, name: [*columns[name]]}
                edited[name][row] = value
                tried += 1
                free = name == "refused" and value >= 0
                free |= (name, kind) == ("holder", "subsidies") and 0 <= value < accounts
                free |= name == "payee" and columns["spent_fen"][row] == 0
                if not free and not problems_of(folder, edited):
                    missed.append((kind, name, columns[name][row], value))
    assert not missed
    assert tried > (500 if many else 90)


def both(columns: dict[str, list[Any]], *names: str) -> Iterator[tuple[Any, ...]]:
    """Rows of some columns."""
    return zip(*(columns[name] for name in names), strict=True)


def problems_of(folder: Path, vouchers: dict[str, list[Any]]) -> str:
    """What the recomputation of pending transfers finds with this table in its place."""
    file = folder / table_file("vouchers")
    with kept(file):
        write_table(folder, "vouchers", vouchers)
        summary = sandbox.open_run(folder).summary
        return "\n".join(map(str, audit_contracts(Folder(folder, 0, True, summary, None))))


def test_a_row_more_or_fewer_or_twice_is_found(folder: Path) -> None:
    columns = read_table(folder, "vouchers")
    count = len(columns["voucher"])
    for places in ([*range(count - 1)], [*range(count), count - 1], [1, 0, *range(2, count)], []):
        edited = {name: [values[place] for place in places] for name, values in columns.items()}
        assert problems_of(folder, edited)
        edited["voucher"] = list(range(len(places)))
        if places[:2] != [1, 0]:
            assert problems_of(folder, edited)


def test_a_thief_of_the_key_who_moves_money_between_two_vouchers_is_found(folder: Path) -> None:
    """Sums of the table, of the escrow and of the run stay what they were."""
    columns = read_table(folder, "vouchers")
    parcels = [row for row, one in enumerate(both(columns, "kind", "ending")) if one == ("deliveries", "posted")]
    first = parcels[0]
    other = next(row for row in parcels if columns["payee"][row] != columns["payee"][first])
    with kept(*(one for one in folder.iterdir() if one.is_file())):
        for names in (["payee"], ["issuer", "holder"]):
            edited = {name: [*values] for name, values in columns.items()}
            for name in names:
                edited[name][first], edited[name][other] = edited[name][other], edited[name][first]
            write_table(folder, "vouchers", edited)
            seal_again(folder)
            assert "by these rows" in told(audit(folder)), names


@pytest.mark.parametrize("detail", [None, "", "{", "[]", '{"count": []}', '{"count": "x"}', "{}", "[" * 5_000])
def test_a_log_that_says_nonsense_of_contracts_is_a_problem_and_no_traceback(folder: Path, detail: str | None) -> None:
    row = next(place for place, one in enumerate(read_table(folder, "events")["actor"]) if one == "contract")
    while read_table(folder, "events")["event"][row] != "opened":
        row += 1
    with kept(*(one for one in folder.iterdir() if one.is_file())):
        edit_cell(folder, "events", "detail", row, lambda _: detail)
        seal_again(folder)
        assert told(audit(folder))


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
    run = RunData({"contracts": {"contracts": spoilt, "endings": spoilt, "refused_by_reason": spoilt, "count": spoilt}})
    (chapter,) = contracts.section(Context(run))
    assert isinstance(chapter, Section)
    assert any(isinstance(block, Table) for block in chapter.blocks)


def test_the_same_seed_gives_the_same_run() -> None:
    one, other = as_it_is(), town()
    np.testing.assert_array_equal(one.rows, other.rows)
    np.testing.assert_array_equal(one.payments, other.payments)
    assert one.simulation.log.rows == other.simulation.log.rows


@pytest.mark.parametrize(
    "place",
    [
        ("held_most_fen",),
        ("returned_by_reason_fen", "rejected"),
        ("contracts", 1, "endings", "expired", "expired", "count"),
        ("contracts", 1, "endings", "expired", "expired", "spent_fen"),
    ],
)
def test_another_number_in_the_summary_is_found(folder: Path, place: tuple[Any, ...]) -> None:
    summary = sandbox.open_run(folder).summary
    assert not list(audit_contracts(Folder(folder, 0, True, summary, None)))
    at = summary["contracts"]
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] += 1
    (problem,) = audit_contracts(Folder(folder, 0, True, summary, None))
    assert str(place[-1]) in str(problem)


def test_what_went_back_and_what_was_held_at_most_are_those_of_the_tables(folder: Path) -> None:
    found, table = sandbox.open_run(folder).summary["contracts"], pd.DataFrame(read_table(folder, "vouchers"))
    back = table[table.returned_fen > 0].groupby("reason").returned_fen.sum()
    assert found["returned_by_reason_fen"] == back.to_dict()
    held = pd.DataFrame(read_table(folder, "contracts")).groupby("at_us").held_fen.sum()
    assert found["held_most_fen"] == held.max() > found["held_fen"]
    for one in found["contracts"]:
        mine = table[(table.contract == one["name"]) & (table.ending != "open")]
        counts = {(ending, why): row["count"] for ending, rows in one["endings"].items() for why, row in rows.items()}
        assert counts == mine.groupby(["ending", "reason"]).size().to_dict()
        assert one["refused"] == sum(one["refused_by_reason"].values())
    assert found["refused"] == sum(found["refused_by_reason"].values()) > 0
