"""Files that are no trace: each is refused as a whole with a clear reason, and nothing is written."""

from __future__ import annotations

import gzip
import io
import os
import random
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.market.trace import TraceWorld, inspect, read
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.schema import Trace

WORLD = TraceWorld(wallets=3, corporates=0, merchants=2, duration_us=86_400_000_000, start=datetime(2026, 3, 2))
HEAD = "time,payer,payee,amount\n"
GOOD = "5,a,m,1\n"
KINDS = {"columns": {"kind": "kind"}}


def parquet(**columns: Any) -> bytes:
    buffer = io.BytesIO()
    good = {"time": [1, 2], "payer": ["a", "b"], "payee": ["m", "m"], "amount": [1, 1]}
    pq.write_table(pa.table({**good, **columns}), buffer)
    return buffer.getvalue()


def no_rows() -> bytes:
    return parquet(**{name: pa.array([], pa.int64()) for name in ("time", "payer", "payee", "amount")})


def workbook() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


def doubled_column() -> bytes:
    buffer = io.BytesIO()
    one = pa.array([1])
    pq.write_table(pa.Table.from_arrays([one] * 5, names=["time", "payer", "payee", "amount", "amount"]), buffer)
    return buffer.getvalue()


CHINESE = "time,payer,payee,amount\n1,王芳,茶馆,5\n"
ZONE = timezone(timedelta(hours=8))

WHOLE_FILE: dict[str, tuple[str, bytes, dict[str, Any], str]] = {
    "empty": ("t.csv", b"", {}, "t.csv:1: the file is empty"),
    "lines that end in CR": ("t.csv", b"time,payer,payee,amount\r1,a,m,2\r", {}, "t.csv:1: lines end in CR alone"),
    "only blank lines": ("t.csv", b"\n\r\n\n", {}, "t.csv:1: the file holds no line with the names of columns"),
    "only a header": ("t.csv", HEAD.encode(), {}, "t.csv: the file holds no payments"),
    "no final line break, no rows": ("t.csv", HEAD.strip().encode(), {}, "t.csv: the file holds no payments"),
    "a column missing": ("t.csv", b"time,payer,payees,amount\n1,a,m,5\n", {},
        "t.csv:1: columns.payee: there is no column 'payee'; expected one of 'time', 'payer', 'payees', "
        "'amount'. Did you mean 'payees'?"),
    "several columns missing": ("t.csv", b"a,b,c,d\n1,a,m,5\n", {},
        "t.csv:1: columns.amount: there is no column 'amount'"),
    "kind column missing": ("t.csv", (HEAD + "1,a,m,5\n").encode(), KINDS, "columns.kind: there is no column 'kind'"),
    "a column twice": ("t.csv", b"time,payer,payee,amount,time\n1,a,m,5,1\n", {}, "there are 2 columns called 'time'"),
    "semicolons": ("t.csv", b"time;payer;payee;amount\n1;a;m;5\n", {}, "fields must be separated by commas"),
    "tabs": ("t.csv", b"time\tpayer\tpayee\tamount\n1\ta\tm\t5\n", {}, "fields must be separated by commas"),
    "UTF-16": ("t.csv", CHINESE.encode("utf-16"), {}, "the file is UTF-16; save it as CSV in UTF-8"),
    "UTF-16 without a mark": ("t.csv", CHINESE.encode("utf-16-le"), {}, "neither CSV text nor Parquet"),
    "header in GBK": ("t.csv", "时间,payer,payee,amount\n".encode("gbk"), {}, "the first line is not UTF-8 text"),
    "a picture": ("t.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", {}, "the first line is not UTF-8 text"),
    "zeros": ("t.csv", bytes(300_000), {}, "neither CSV text nor Parquet"),
    "one endless line": ("t.csv", b"x" * 5_000_000, {}, "the first line is not a line of CSV"),
    "a header that never ends": ("t.csv", b'"time\n' + b"x\n" * 500, {}, "the first line is not a line of CSV"),
    "a workbook": ("t.csv", workbook(), {}, "is a zip archive or an Excel workbook; expected CSV or Parquet"),
    "a database": ("t.csv", b"SQLite format 3\0" + bytes(100), {}, "is an SQLite database"),
    "text that calls itself Parquet": ("t.parquet", (HEAD + "1,a,m,5\n").encode(), {},
        "is not a Parquet file, though its name says so"),
    "Parquet cut short": ("t.parquet", parquet()[:-20], {}, "cannot be read to its end"),
    "Parquet of four bytes": ("t.parquet", b"PAR1", {}, "cannot be read to its end"),
    "Parquet without rows": ("t.parquet", no_rows(), {}, "the file holds no payments"),
    "Parquet, a column missing": ("t.parquet", parquet(), {"columns": {"payer": "payor"}},
        "columns.payer: there is no column 'payor'; expected one of 'time', 'payer', 'payee', 'amount'. Did you "
        "mean 'payer'?"),
    "Parquet, a column twice": ("t.parquet", doubled_column(), {}, "there are 2 columns called 'amount'"),
    "Parquet, amounts of true and false": ("t.parquet", parquet(amount=[True, False]), {},
        "t.parquet: amount: the column is bool; expected numbers"),
    "Parquet, lists as names": ("t.parquet", parquet(payer=[["a"], ["b"]]), {},
        "payer: the column is list<element: string>; expected text or whole numbers"),
    "Parquet, fractions as names": ("t.parquet", parquet(payee=[1.5, 2.5]), {}, "payee: the column is double"),
    "Parquet, numbers as kinds": ("t.parquet", parquet(kind=[1, 2]), KINDS, "kind: the column is int64; expected text"),
    "Parquet, times of another zone": ("t.parquet", parquet(time=[datetime(2026, 3, 2, tzinfo=ZONE)] * 2),
        {"time_unit": "iso"}, "expected local times without a time zone"),
    "Parquet, numbers as dates": ("t.parquet", parquet(), {"time_unit": "iso"},
        "time: the column is int64; expected timestamps or text"),
    "Parquet, dates as numbers": ("t.parquet", parquet(time=[datetime(2026, 3, 2)] * 2), {},
        "time: the column is timestamp[us]; expected numbers"),
    "gzip cut short": ("t.csv.gz", gzip.compress((HEAD + "1,a,m,5\n" * 999).encode())[:-30], {},
        "cannot be read to its end"),
    "gzip in name and first bytes only": ("t.csv.gz", b"\x1f\x8b" + b"no such thing", {}, "cannot be read to its end"),
    "gzip of an endless line": ("t.csv.gz", gzip.compress(b"x" * 50_000_000, 1), {},
        "the first line is not a line of CSV"),
}  # fmt: skip


@pytest.mark.parametrize("case", WHOLE_FILE)
def test_a_file_that_is_no_trace_is_refused_whole(case: str, tmp_path: Path) -> None:
    name, content, more, says = WHOLE_FILE[case]
    (tmp_path / name).write_bytes(content)
    trace = Trace.model_validate({"file": name, "refused_at_most": 1.0, **more})
    with pytest.raises(ScenarioErrors) as caught:
        inspect(trace, tmp_path, WORLD)
    assert says in str(caught.value)
    assert all(error.file == str(tmp_path / name) for error in caught.value.errors)
    try:
        rows = list(read(trace, tmp_path, WORLD))
    except ScenarioErrors:
        rows = []
    assert rows == []
    assert [file.name for file in tmp_path.iterdir()] == [name]


def directory(path: Path) -> None:
    path.mkdir()


def loop(path: Path) -> None:
    path.symlink_to(path)


PLACES: dict[str, tuple[Callable[[Path], None] | None, str, str]] = {
    "nothing there": (None, "t.csv", "there is no such file"),
    "a folder": (directory, "t.csv", "not an ordinary file"),
    "a pipe nobody writes to": (os.mkfifo, "t.csv", "not an ordinary file"),
    "a device": (None, "/dev/zero", "not an ordinary file"),
    "a link to itself": (loop, "t.csv", "cannot be opened"),
    "a name with a NUL": (None, "t\0.csv", "cannot be opened"),
    "an endless name": (None, "t" * 5000, "cannot be opened"),
    "a folder in the way": (None, "/dev/null/t.csv", "cannot be opened"),
}


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices")
@pytest.mark.parametrize("case", PLACES)
def test_only_regular_files_are_opened(case: str, tmp_path: Path) -> None:
    make, name, says = PLACES[case]
    if make is not None:
        make(tmp_path / name)
    with pytest.raises(ScenarioErrors, match=says):
        inspect(Trace(file=name), tmp_path, WORLD)


def test_an_absolute_path_and_one_that_climbs_are_both_fine(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(HEAD + GOOD)
    (tmp_path / "inner").mkdir()
    assert inspect(Trace(file=str(tmp_path / "t.csv")), Path("elsewhere"), WORLD).accepted == 1
    assert inspect(Trace(file="../t.csv"), tmp_path / "inner", WORLD).accepted == 1


TOKENS = st.sampled_from(
    ["1", "a", ",", ",", "\n", "\n", '"', '""', "\r", "\r\n", "\0", "é", " ", "\ufeff", "-", "9" * 300, "time"]
)


@given(st.lists(TOKENS, max_size=60).map("".join), st.booleans(), st.integers(0, 60))
@settings(max_examples=300)
def test_any_text_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, body: str, header: bool, cut: int
) -> None:
    """Whatever the file holds, the answer is a quality report or `ScenarioErrors`, and no line is lost."""
    file = tmp_path_factory.getbasetemp() / "any.csv"
    content = ((HEAD if header else "") + body).encode()
    file.write_bytes(content[: len(content) - min(cut, 1)])
    try:
        quality = inspect(Trace(file=str(file), refused_at_most=1.0), file.parent, WORLD)
    except ScenarioErrors:
        return
    assert quality.rows == quality.accepted + sum(quality.refused_by_reason.values())


def test_parquet_with_flipped_bytes_is_read_or_refused(tmp_path: Path) -> None:
    draw = random.Random(7)
    whole = parquet(payer=["a" * 50, "b"])
    outcomes = {"read": 0, "refused": 0}
    for _ in range(400):
        flipped = bytearray(whole)
        for _ in range(draw.choice([1, 1, 2, 8])):
            flipped[draw.randrange(4, len(flipped))] = draw.randrange(256)
        (tmp_path / "t.parquet").write_bytes(flipped)
        try:
            inspect(Trace(file="t.parquet", refused_at_most=1.0), tmp_path, WORLD)
            outcomes["read"] += 1
        except ScenarioErrors:
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 0
