"""Reading run folders: the tables are what docs/run-folder.md says, and what is no finished run is refused by name."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sandbox import records, tables
from sandbox.files import sha256

DOC = Path(__file__).parents[1] / "docs" / "run-folder.md"


def described() -> dict[str, set[str]]:
    """Backticked words of each table's section in the documentation."""
    heading = r"^## (\w+\.parquet(?:, \w+\.parquet)*)$"
    sections = re.split(heading, DOC.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    texts = zip(sections[::2], sections[1::2], strict=True)
    return {
        name: set(re.findall(r"`([a-z0-9_]+)`", text.split("\n## ")[0]))
        for names, text in texts
        for name in re.findall(r"(\w+)\.parquet", names)
    }


def test_every_table_is_described_with_every_column() -> None:
    documented = described()
    assert set(documented) == set(tables.TABLES)
    for name, columns in tables.TABLES.items():
        # The eleven outcomes are spelled out once, under payments.
        missing = {column.name for column in columns} - documented[name] - set(tables.REFUSALS)
        assert not missing, f"{name}: not in docs/run-folder.md: {missing}"


def test_column_names_carry_their_unit_and_are_unique() -> None:
    for name, columns in tables.TABLES.items():
        names = [column.name for column in columns]
        assert len(set(names)) == len(names), name
        for column in columns:
            if column.name.endswith("_fen"):
                assert column.kind == "int64", column


def test_exact_integers_survive_missing_values(tmp_path: Path) -> None:
    large = 2**62 + 1
    names = ["payment_id", "completed_at_us"]
    schema = pa.schema([tables.arrow_schema("payments").field(name) for name in names])
    table = pa.table({"payment_id": [1, 2], "completed_at_us": [large, None]}, schema)
    pq.write_table(table, tmp_path / "payments.parquet")
    frame = records.Run(tmp_path).table("payments", names)
    assert frame.completed_at_us[0] == large
    assert frame.completed_at_us.isna().tolist() == [False, True]
    assert list(frame.columns) == names


def test_batches_add_up_to_the_table(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": list(range(10)), "b": list(range(10))}), tmp_path / "payments.parquet")
    batches = list(records.Run(tmp_path).iter_batches("payments", columns=["b"], rows=4))
    assert [list(batch.columns) for batch in batches] == [["b"]] * 3
    assert [value for batch in batches for value in batch.b] == list(range(10))


def finished(folder: Path, **changes: Any) -> Path:
    pq.write_table(tables.arrow_schema("payments").empty_table(), folder / "payments.parquet")
    (folder / "summary.json").write_text("{}")
    (folder / "scenario.yaml").write_text("")
    entries = {"payments": {"rows": 0, "sha256": sha256(folder / "payments.parquet")}}
    manifest = {"format": 1, "status": "complete", "tables": entries, **changes}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_opening_a_finished_run_reads_lazily(tmp_path: Path) -> None:
    run = records.open_run(finished(tmp_path))
    assert run.tables == ("payments",)
    assert run.payments is run.payments
    (tmp_path / "payments.parquet").write_bytes(b"not Parquet")
    with pytest.raises(records.RunError, match="cannot be read"):
        run.table("payments")
    with pytest.raises(records.RunError, match="no table 'alerts'; it has: payments"):
        run.table("alerts")


def test_an_unknown_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(records.RunError, match="no column 'payerr'; it has: payment_id, "):
        records.open_run(finished(tmp_path)).table("payments", columns=["payerr"])


def test_another_table_in_its_place_is_refused(tmp_path: Path) -> None:
    pq.write_table(tables.arrow_schema("events").empty_table(), tmp_path / "payments.parquet")
    run = records.Run(tmp_path)
    with pytest.raises(records.RunError, match=r"payments\.parquet: cannot be read: no column payment_id"):
        run.table("payments")
    with pytest.raises(records.RunError, match="no column payment_id"):
        next(run.iter_batches("payments"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"status": "running"}, "not 'complete'"),
        ({"format": 99}, "update ecny-sandbox"),
        ({"format": None}, "update ecny-sandbox"),
        ({"tables": {"ledger": {}}}, r"damaged: missing ledger\.parquet"),
    ],
)
def test_a_manifest_that_does_not_say_finished_is_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    finished(tmp_path, **changes)
    with pytest.raises(records.RunError, match=message):
        records.open_run(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tables", []), ("tables", {"../ledger": {}}), ("tables", {"a\nb": {}}), ("files", 5), ("files", {"a/b": {}}),
        ("scenario", "town"), ("seed", "1"), ("seed", True), ("seed", -1), ("seed", 2**63), ("version", 1),
        ("created_at", None), ("took_s", "long"),
    ],
)  # fmt: skip
def test_a_manifest_with_what_no_run_writes_is_refused(tmp_path: Path, name: str, value: object) -> None:
    finished(tmp_path, **{name: value})
    with pytest.raises(records.RunError, match=f"its `{name}` is not what a run writes"):
        records.open_run(tmp_path)


@pytest.mark.parametrize("manifest", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_a_manifest_that_is_not_json_is_refused(tmp_path: Path, manifest: bytes) -> None:
    finished(tmp_path)
    (tmp_path / "manifest.json").write_bytes(manifest)
    with pytest.raises(records.RunError, match=r"manifest\.json"):
        records.open_run(tmp_path)


@pytest.mark.parametrize("deep", [records.MOST_DEEP - 1, records.MOST_DEEP])
def test_json_is_read_as_deep_as_ours_is(tmp_path: Path, deep: int) -> None:
    (tmp_path / "a.json").write_text('{"a":' * deep + "1" + "}" * deep)
    if deep < records.MOST_DEEP:
        assert records.read_json(tmp_path / "a.json")
    else:
        with pytest.raises(records.RunError, match=r"a\.json: .*deep"):
            records.read_json(tmp_path / "a.json")


def test_what_is_no_run_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(records.RunError, match="no such folder"):
        records.open_run(tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    with pytest.raises(records.RunError, match="is a file"):
        records.open_run(tmp_path / "file")
    with pytest.raises(records.RunError, match="not a finished run"):
        records.open_run(tmp_path)
