"""Payment traces: the same from CSV and Parquet wherever blocks are cut, and the right line for what is refused."""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args
from unittest import mock

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.market import sources
from sandbox.market.trace import KINDS, TraceWorld, csv_rows, files, inspect, read
from sandbox.market.trace.parties import PARTIES
from sandbox.market.trace.refusals import REASONS, WORDS
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.schema import Segment, Trace
from tests.market.trace_judge import (
    CUTS,
    DAY_US,
    FIELDS,
    START,
    WORLD,
    both_passes,
    clean_rows,
    judged,
    trace_of,
    write_csv,
    write_parquet,
)

# Exact small files.


def test_a_small_csv_file(tmp_path: Path) -> None:
    (tmp_path / "pay.csv").write_text(
        "\ufeffnote,kind,when,from,to,yuan\r\n"
        "a,retail,0.1,Ann,Tea House,12.34\r\n"
        '"b, c",transfer,0.1, Bo ,Ann,0.29\r\n'
        "\r\n"
        '"two\nlines",government,60,Works,Bo,1e3\r\n'
        ",wholesale,60.000001,Works,Mill,100000000000\r\n"
        ",fee,86399.999999,Bo,Ann,1",
        encoding="utf-8",
    )
    columns = {"time": "when", "payer": "from", "payee": "to", "amount": "yuan", "kind": "kind"}
    quality, got = both_passes(tmp_path, Trace.model_validate({"file": "pay.csv", "columns": columns}))
    assert got == {
        "row": [0, 1, 2, 3, 4],
        "at_us": [100_000, 100_000, 60_000_000, 60_000_001, 86_399_999_999],
        "payer": [0, 1, 0, 0, 1],
        "payee": [0, 0, 1, 1, 1],
        "amount_fen": [1234, 29, 100_000, 10**13, 100],
        "kind": [0, 1, 3, 2, 4],
        "payer_is_corporate": [False, False, True, True, False],
        "payee_kind": [2, 0, 0, 1, 2],
    }
    assert (quality.rows, quality.refused, quality.people, quality.corporates, quality.merchants) == (5, 0, 2, 2, 2)
    assert (quality.payers, quality.payees) == (3, 5)  # Ann, Bo, Works; Tea House, Ann, Bo, Mill, Ann's shop
    assert (quality.first_at_us, quality.last_at_us) == (100_000, 86_399_999_999)


def test_without_a_kind_column_all_is_retail(tmp_path: Path) -> None:
    (tmp_path / "pay.csv").write_text("amount,time,payee,payer\n5,1,x,x\n")
    _, got = both_passes(tmp_path, Trace(file="pay.csv"))
    assert (got["kind"], got["payer"], got["payee"], got["payee_kind"]) == ([0], [0], [0], [2])


def test_columns_of_a_parquet_file_in_many_types(tmp_path: Path) -> None:
    at = [0.1, 0.25, 4.35]
    expected = [100_000, 250_000, 4_350_000]
    stamps = [START + timedelta(microseconds=us) for us in expected]
    times: list[tuple[Any, str]] = [
        (pa.array(at), "s"), (pa.array([100, 250, 4350], pa.uint16()), "ms"), (pa.array(expected, pa.uint64()), "us"),
        (pa.array([100.0, 250.0, 4350.0], pa.float32()), "ms"),
        (pa.array(["0.1", " 0.25", "4.350"]).dictionary_encode(), "s"),
        (pa.array(stamps, pa.timestamp("us")), "iso"), (pa.array(stamps, pa.timestamp("ns")), "iso"),
        (pa.array(stamps, pa.timestamp("ms")), "iso"),
        (pa.array([one.isoformat() for one in stamps], pa.large_string()), "iso"),
    ]  # fmt: skip
    amounts: list[tuple[Any, str]] = [
        (pa.array([0.29, 1.15, 4.35]), "CNY"), (pa.array([29, 115, 435], pa.int32()), "fen"),
        (pa.array(["0.29", "1.15", "4.35"]).cast(pa.decimal128(20, 4)), "CNY"), (pa.array([29.0, 115.0, 435.0]), "fen"),
    ]  # fmt: skip
    names = [
        (pa.array([7, 8, 7]), pa.array([8, 8, 9])),
        (pa.array([7, 8, 7], pa.int16()), pa.array(["8", "8", "9"])),
        (pa.array(["7", "8", " 7"]).dictionary_encode(), pa.array(["8", "8 ", "9"], pa.large_string())),
    ]
    tried = 0
    for time, time_unit in times:
        for amount, amount_unit in amounts:
            for payer, payee in names:
                pq.write_table(
                    pa.table({"time": time, "payer": payer, "payee": payee, "amount": amount}), tmp_path / "p.parquet"
                )
                trace = Trace.model_validate({"file": "p.parquet", "time_unit": time_unit, "amount_unit": amount_unit})
                _, got = both_passes(tmp_path, trace)
                assert got["at_us"] == expected, time.type
                assert got["amount_fen"] == [29, 115, 435], amount.type
                assert (got["payer"], got["payee"]) == ([0, 1, 0], [0, 0, 1])
                tried += 1
    assert tried == 9 * 4 * 3


def test_gzip_is_read_like_the_file_in_it(tmp_path: Path) -> None:
    numbered = write_csv(tmp_path / "a.csv", [["1", "Ann", "Tea", "1.5", "retail"], ["0", "Bo", "Tea", "2", "retail"]])
    with gzip.open(tmp_path / "a.csv.gz", "wb") as packed:
        packed.write((tmp_path / "a.csv").read_bytes())
    expected, refused = judged(numbered, WORLD)
    for name in ("a.csv", "a.csv.gz"):
        quality, got = both_passes(tmp_path, trace_of(name, refused_at_most=0.5))
        assert got == expected
        assert [(one.line, one.reason.value) for one in quality.examples] == refused == [(3, "time_backwards")]


# CSV and Parquet, cut anywhere.


@given(
    clean_rows(),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
    CUTS,
    st.integers(1, 9),
)
@settings(max_examples=60)
def test_a_clean_trace_gives_the_same_from_csv_and_parquet(
    rows: list[list[str]], quoting: int, end: str, cut: int, batch: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        numbered = write_csv(folder / "a.csv", rows, quoting, end)
        write_parquet(folder / "a.parquet", rows, row_group_size=batch * 2)
        with mock.patch.object(csv_rows, "BLOCK_BYTES", max(cut, 40)), mock.patch.object(files, "BATCH_ROWS", batch):
            from_csv = both_passes(folder, trace_of("a.csv"))[1]
            from_parquet = both_passes(folder, trace_of("a.parquet"))[1]
    expected, refused = judged(numbered, WORLD)
    assert refused == []
    assert from_csv == from_parquet == expected


# A corruption, and the reason it must give; the judge finds out what else it brings about.
CORRUPTIONS: dict[str, tuple[int, str]] = {
    "missing": (1, ""), "not_a_number": (3, "12 CNY"), "not_finite": (0, "NaN"), "too_fine": (3, "1.005"),
    "time_negative": (0, "-0.000001"), "time_late": (0, "86400"), "amount_not_positive": (3, "0"),
    "amount_too_large": (3, "1e400"), "unknown_kind": (4, "gift"), "too_long": (2, "n" * 201),
}  # fmt: skip
PLAIN_NAMES = st.text(st.sampled_from('ab,"\n 中'), min_size=1, max_size=4).filter(lambda text: bool(text.strip(" ")))


@given(clean_rows(PLAIN_NAMES), st.data(), CUTS, st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
@settings(max_examples=60)
def test_exactly_the_corrupted_rows_are_refused(
    rows: list[list[str]], data: st.DataObject, cut: int, quoting: int
) -> None:
    broken = data.draw(
        st.dictionaries(st.integers(0, len(rows) - 1), st.sampled_from([*CORRUPTIONS, "self", "fields"]), max_size=8)
    )
    for place, what in broken.items():
        if what == "self":
            rows[place][2], rows[place][4] = rows[place][1], "transfer"
        elif what == "fields":
            rows[place].append("more")
        else:
            column, value = CORRUPTIONS[what]
            rows[place][column] = value
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        numbered = write_csv(folder / "a.csv", rows, quoting)
        expected, refused = judged(numbered, WORLD)
        assert [
            (line, {"self": "self_payment"}.get(broken[place], broken[place]))
            for place, (line, _) in enumerate(numbered)
            if place in broken
        ] == refused
        with (
            mock.patch.object(csv_rows, "BLOCK_BYTES", max(cut, 40)),
            mock.patch("sandbox.market.trace.reading.EXAMPLES_KEPT", 100),
        ):
            if not expected["row"]:
                with pytest.raises(ScenarioErrors, match="no payment is left"):
                    inspect(trace_of("a.csv", refused_at_most=1.0), folder, WORLD)
                return
            quality, got = both_passes(folder, trace_of("a.csv", refused_at_most=1.0))
    assert got == expected
    assert [(one.line, one.reason.value) for one in quality.examples] == refused


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 7), st.integers(0, 7), st.sampled_from(KINDS)),
        min_size=1,
        max_size=40,
    ),
    CUTS,
)
@settings(max_examples=60)
def test_order_and_room_are_judged_as_row_by_row(drawn: list[tuple[int, int, int, str]], cut: int) -> None:
    """Times out of order, payments to oneself and more names than a small world has, all at once."""
    small = TraceWorld(wallets=4, corporates=3, merchants=3, duration_us=DAY_US, start=START)
    rows = [[str(at), str(payer), str(payee), "1", kind] for at, payer, payee, kind in drawn]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        expected, refused = judged(write_csv(folder / "a.csv", rows), small)
        pq.write_table(
            pa.table(dict(zip(["time", "payer", "payee", "kind"], map(list, zip(*drawn, strict=True)), strict=True)))
            .append_column("amount", pa.array([1] * len(rows))), folder / "a.parquet",
        )  # fmt: skip
        if not expected["row"]:
            return
        with (
            mock.patch.object(csv_rows, "BLOCK_BYTES", max(cut, 40)),
            mock.patch.object(files, "BATCH_ROWS", max(1, cut // 7)),
            mock.patch("sandbox.market.trace.reading.EXAMPLES_KEPT", 100),
        ):
            quality, got = both_passes(folder, trace_of("a.csv", refused_at_most=1.0), small)
            parquet, same = both_passes(folder, trace_of("a.parquet", refused_at_most=1.0), small)
    assert got == same == expected
    assert [(one.line, one.reason.value) for one in quality.examples] == refused
    assert [(one.line, one.reason.value) for one in parquet.examples] == [
        (line - 1, reason) for line, reason in refused
    ]


# What surrounds the rows.


def test_a_file_that_changes_after_the_check_is_noticed(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [["1", "Ann", "Tea", "1", "retail"]] * 2)
    quality = inspect(trace_of("a.csv"), tmp_path, WORLD)
    write_csv(tmp_path / "a.csv", [["1", "Ann", "Tea", "1", "retail"]] * 3)
    with pytest.raises(ScenarioErrors, match="changed since it was checked"):
        list(read(trace_of("a.csv"), tmp_path, WORLD, quality))


MEMORY = """
import sys
from datetime import datetime
from pathlib import Path
from benchmarks.peak import peak_bytes
from sandbox.market.trace import TraceWorld, inspect, read
from sandbox.scenario.schema import Trace

folder, world = Path(sys.argv[2]), TraceWorld(50, 5, 20, 86_400_000_000, datetime(2026, 3, 2))
inspect(Trace(file="few.csv"), folder, world)
before = peak_bytes()
assert sum(len(batch) for batch in read(Trace(file=sys.argv[1]), folder, world)) == 600_000
print((peak_bytes() - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_a_long_file_takes_little_memory(name: str, tmp_path: Path) -> None:
    rows = range(600_000)
    (tmp_path / "few.csv").write_text("time,payer,payee,amount\n" + "1,a,b,1\n" * 70_000)
    columns = {
        "time": [row // 1000 + 0.5 for row in rows], "payer": [f"p{row % 40}" for row in rows],
        "payee": [f"m{row % 9}" for row in rows], "amount": [row % 99 + 1.25 for row in rows],
    }  # fmt: skip
    if name == "a.csv":
        lines = (
            f"{time},{payer},{payee},{amount}\n" for time, payer, payee, amount in zip(*columns.values(), strict=True)
        )
        (tmp_path / name).write_text("time,payer,payee,amount\n" + "".join(lines))
    else:
        pq.write_table(pa.table(columns), tmp_path / name, row_group_size=len(rows))
    script = [sys.executable, "-c", MEMORY, name, str(tmp_path)]
    done = subprocess.run(script, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 60_000  # read in one piece it takes more than 100,000


def test_kinds_are_those_of_the_schema_and_of_the_tables() -> None:
    assert get_args(Segment.model_fields["kind"].annotation) == KINDS
    assert sources.KINDS[: len(KINDS)] == KINDS
    assert set(PARTIES) == set(KINDS)
    assert set(WORDS) == set(REASONS)


def test_importing_the_package_stays_light() -> None:
    script = "import sys, sandbox.market.trace; print('pyarrow' in sys.modules, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_batches_have_the_stated_types(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [["1", "Ann", "Tea", "1", "retail"], ["2", "Bo", "Tea", "1", "retail"]])
    (batch,) = read(trace_of("a.csv"), tmp_path, WORLD)
    types = [getattr(batch, name).dtype for name in FIELDS]
    assert types == [np.int64] * 5 + [np.int8, np.bool_, np.int8]
