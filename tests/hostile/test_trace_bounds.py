"""Traces from anybody: bounded memory for names, cheap blank lines, an answer of ours to every broken file."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sandbox.market.trace import TraceQuality, TraceWorld, inspect
from sandbox.market.trace import files as trace_files
from sandbox.market.trace import parties as trace_parties
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.schema import Trace
from tests.effort import ratio
from tests.hostile.spoiling import damaged

WORLD = TraceWorld(wallets=500, corporates=0, merchants=20, duration_us=86_400_000_000, start=datetime(2026, 3, 2))


def quality(file: Path) -> TraceQuality:
    return inspect(Trace(file=str(file), refused_at_most=1.0), file.parent, WORLD)


def columns(rows: int, **others: Any) -> dict[str, Any]:
    return {"time": list(range(rows)), "payer": ["a"] * rows, "payee": ["m"] * rows, "amount": [1] * rows, **others}


def dictionary(rows: int, text: str | bytes) -> pa.Array:
    texts = pa.array([text, "ann"]) if isinstance(text, str) else pa.array([text, b"ann"]).view(pa.string())
    return pa.DictionaryArray.from_arrays(pa.array([0] * (rows - 1) + [1], pa.int32()), texts)


@pytest.mark.parametrize("letter", ["x", "\u738b"])
@pytest.mark.parametrize("as_dictionary", [True, False])
def test_a_long_name_for_every_row_is_there_once(tmp_path: Path, letter: str, as_dictionary: bool) -> None:
    """Written out, it would fill 60 GB."""
    rows, file = 60_000, tmp_path / "t.parquet"
    table = pa.table(columns(rows, payer=dictionary(rows, letter * 1_000_000)))
    pq.write_table(table, file, compression="zstd", store_schema=as_dictionary)
    assert pa.types.is_string(pq.read_schema(file).field("payer").type) != as_dictionary
    before = pa.default_memory_pool().max_memory()
    found = quality(file)
    assert (found.accepted, found.refused_by_reason) == (1, {"too_long": rows - 1})
    assert pa.default_memory_pool().max_memory() < before + 400_000_000


def test_long_names_that_are_no_text_are_refused_row_by_row(tmp_path: Path) -> None:
    pq.write_table(pa.table(columns(9, payer=dictionary(9, b"\xff" * 5_000))), tmp_path / "t.parquet")
    assert quality(tmp_path / "t.parquet").refused_by_reason == {"encoding": 8}


def test_long_names_that_all_differ_are_read_a_few_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{number}" + "x" * 100_000 for number in range(200)]
    table = pa.table(columns(200, payer=names))
    pq.write_table(table, tmp_path / "t.parquet", compression="zstd", use_dictionary=False)
    monkeypatch.setattr(trace_files, "BATCH_BYTES", 1 << 20)
    assert trace_files._rows_at_a_time(tmp_path / "t.parquet", {"payer"}) < 12
    assert quality_or_refusal(tmp_path / "t.parquet").startswith("t.parquet: lines refused: 200 of 200")
    monkeypatch.setattr(trace_files, "MOST_COLUMN_BYTES", 1 << 20)
    assert "payer: row group 1 holds 20,0" in quality_or_refusal(tmp_path / "t.parquet")


def quality_or_refusal(file: Path) -> str:
    try:
        return str(quality(file))
    except ScenarioErrors as errors:
        return str(errors).replace(f"{file.parent}/", "")


@pytest.mark.parametrize("room", [500, 300])
def test_all_names_together_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """Also where names find no room, and are looked at one by one."""
    names = [f"{number:0200}" for number in range(400)]
    pq.write_table(pa.table(columns(400, payer=names)), tmp_path / "t.parquet")
    monkeypatch.setattr(trace_parties, "MOST_CHARACTERS", 200 * 250)
    monkeypatch.setitem(globals(), "WORLD", TraceWorld(room, 0, 20, WORLD.duration_us, WORLD.start))
    assert "t.parquet: its names have more than 50,000 characters" in quality_or_refusal(tmp_path / "t.parquet")
    monkeypatch.setattr(trace_parties, "MOST_CHARACTERS", 200 * 401)
    assert quality(tmp_path / "t.parquet").accepted == min(room, 400)


@pytest.mark.parametrize("column", ["payer", "payee"])
def test_an_index_beyond_its_texts_is_told(tmp_path: Path, column: str) -> None:
    file = tmp_path / "t.parquet"
    pq.write_table(pa.table(columns(300, **{column: ["n0", "n1", "n2"] * 100})), file, compression="none")
    spoiled = bytearray(file.read_bytes())
    at = spoiled.index(b"\x24\x49\x92" * 9)  # 0, 1, 2, 0, 1, 2 and so on, two bits each
    spoiled[at + 4] = 0xFF  # four times a fourth text, of three
    file.write_bytes(spoiled)
    said = quality_or_refusal(file)
    assert said == "t.parquet: cannot be read to its end: a text column points beyond its texts"


BODIES = {
    "blank": "\n",
    "blank, CRLF": "\r\n",
    "blank between": "1,a,m,5\n\n\n\n",
    "blank between, CRLF": "1,a,m,5\r\n\r\n\r\n",
    "blank and a quote": '\n\n\n\n\n\n\n"1",a,m,5\n',
}


@pytest.mark.parametrize("case", BODIES)
def test_blank_lines_are_cheap(tmp_path: Path, case: str) -> None:
    """Not dearer, a byte, than lines of payments: they were thirty times as dear."""
    head, size = "time,payer,payee,amount\n1,a,m,5\n", 1_000_000

    def reading(body: str, name: str) -> Callable[[], None]:
        (tmp_path / name).write_text(head + body * (size // len(body)), newline="")

        def read() -> None:
            found = quality(tmp_path / name)
            assert found.rows == found.accepted == 1 + (size // len(body) if "5" in body else 0)

        return read

    assert ratio(reading(BODIES[case], "blank.csv"), reading("1,a,m,5\n", "payments.csv"), times=2) < 4


REFUSED_LINES = {
    "too short": "x\n",
    "too short, CRLF": "x\r\n",
    "too long": "1,a,m,5,6\n",
    "too short, and quotes": "x\n" * 50 + '1,a,"m\n"\n',
    "quotes that stay open": 'b","\n',
}


@pytest.mark.parametrize("case", REFUSED_LINES)
def test_lines_that_are_refused_are_cheap(tmp_path: Path, case: str) -> None:
    """A few times as dear, a byte, as lines of payments: they were up to a hundred times as dear."""

    def reading(body: str, name: str) -> Callable[[], object]:
        (tmp_path / name).write_text("time,payer,payee,amount\n1,a,m,5\n" + body * (500_000 // len(body)), newline="")
        return lambda: quality_or_refusal(tmp_path / name)

    assert ratio(reading(REFUSED_LINES[case], "refused.csv"), reading("1,a,m,5\n", "payments.csv"), times=2) < 20


@pytest.mark.parametrize("odd", ["", '"o\n"'])
def test_lines_are_refused_alike_beside_lines_that_need_care(tmp_path: Path, odd: str) -> None:
    lines = ["1,a,m,5", "", "x", "1,a,m,5,6", "2,b,m", ",,,", "\r", "3,b,m\r", "4,é", ",,,,,", " ", "5,c,m,1"]
    (tmp_path / "t.csv").write_text("\n".join(["time,payer,payee,amount", *lines, odd]), newline="")
    found = quality(tmp_path / "t.csv")
    wrong = {(4, "1"), (5, "5"), (6, "3"), (9, "3"), (10, "2"), (11, "6"), (12, "1")}
    assert {(one.line, one.value) for one in found.examples if one.line < 14 and one.line != 7} == wrong
    assert (found.accepted, found.refused) == (2, 8 + bool(odd))


def test_lines_keep_their_numbers_behind_blank_ones(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("time,payer,payee,amount\n\n\r\n1,a,m,5\n\n2,a,m,x\n\n\n3,b,m,5\n4,b,m\n")
    found = quality(tmp_path / "t.csv")
    assert [(one.line, one.reason.value) for one in found.examples] == [(6, "not_a_number"), (10, "fields")]
    assert found.accepted == 2


def sound(file: Path, rng: random.Random) -> None:
    rows = rng.choice((1, 5, 300))
    names = [f"n{rng.randrange(40)}" for _ in range(rows)]
    values: dict[str, Any] = columns(rows, payer=names, payee=[f"m{rng.randrange(9)}" for _ in range(rows)])
    if file.suffix == ".csv":
        lines = zip(*values.values(), strict=True)
        file.write_text("time,payer,payee,amount\n" + "".join(",".join(map(str, line)) + "\n" for line in lines))
        return
    table = pa.table(values)
    if rng.random() < 0.5:
        table = table.set_column(1, "payer", table["payer"].dictionary_encode())
    compression, version = rng.choice(("none", "snappy", "zstd", "gzip")), rng.choice(("1.0", "2.0"))
    how: dict[str, Any] = {"compression": compression, "data_page_version": version}
    pq.write_table(table, file, row_group_size=rng.choice((7, 1_000)), use_dictionary=rng.random() < 0.6, **how)


def fuzz(folder: Path, seeds: range) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    for seed in seeds:
        rng = random.Random(seed)
        file = folder / rng.choice(("t.csv", "t.parquet", "t.parquet"))
        sound(file, rng)
        what = damaged(file, seed)
        refused, found = [], None
        try:
            found = quality(file)
        except ScenarioErrors as errors:
            refused = errors.errors
        assert all(error.file == str(file) for error in refused), (seed, what)
        assert found is None or found.rows == found.accepted + found.refused, (seed, what)
        outcomes["read" if found else "refused"] += 1
    return outcomes


def test_every_damaged_trace_is_read_or_refused(tmp_path: Path) -> None:
    assert min(fuzz(tmp_path, range(200))[name] for name in ("read", "refused")) > 20


@pytest.mark.long
def test_every_damaged_trace_is_read_or_refused_many_times(tmp_path: Path) -> None:
    assert min(fuzz(tmp_path, range(1_000, 11_000))[name] for name in ("read", "refused")) > 500
