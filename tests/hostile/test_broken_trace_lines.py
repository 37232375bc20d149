"""Broken lines in a trace: each is named with its line, its column and the reason, and the other lines are kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sandbox.market.trace import TraceWorld, inspect, read
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.schema import Trace

WORLD = TraceWorld(wallets=3, corporates=0, merchants=2, duration_us=86_400_000_000, start=datetime(2026, 3, 2))
HEAD = "time,payer,payee,amount\n"
KINDS = {"columns": {"kind": "kind"}}


def not_text(values: list[bytes]) -> Any:
    return pa.array(values, pa.binary()).view(pa.string())


GOOD = "5,a,m,1\n"
ISO = {"time_unit": "iso"}

ONE_LINE: dict[str, tuple[bytes, dict[str, Any], str, str]] = {
    # The lines below HEAD; options; the reason; the message after FILE.
    "no time": (f"{GOOD},a,m,1\n{GOOD}".encode(), {}, "missing", ":3: time: the value is missing"),
    "no payer": (f"{GOOD}5,,m,1\n".encode(), {}, "missing", ":3: payer: the value is missing"),
    "blank payee": (f"{GOOD}5,a, \t,1\n".encode(), {}, "missing", ":3: payee: the value is missing"),
    "no amount": (f"{GOOD}5,a,m,\n".encode(), {}, "missing", ":3: amount: the value is missing"),
    "words for a number": (f"{GOOD}five,a,m,1\n".encode(), {}, "not_a_number", ":3: time: 'five' is not a number"),
    "a unit in the amount": (f"{GOOD}5,a,m,1 CNY\n".encode(), {}, "not_a_number",
        ":3: amount: '1 CNY' is not a number"),
    "a formula": (f"{GOOD}5,a,m,=1+1\n".encode(), {}, "not_a_number", ":3: amount: '=1+1' is not a number"),
    "a decimal comma": (f'{GOOD}5,a,m,"1,5"\n'.encode(), {}, "not_a_number", ":3: amount: '1,5' is not a number"),
    "NaN": (f"{GOOD}5,a,m,NaN\n".encode(), {}, "not_finite", ":3: amount: 'NaN' is not a finite number"),
    "infinity": (f"{GOOD}-inf,a,m,1\n".encode(), {}, "not_finite", ":3: time: '-inf' is not a finite number"),
    "nothing paid": (f"{GOOD}5,a,m,0.00\n".encode(), {}, "amount_not_positive", ":3: amount: '0.00' is not above 0"),
    "a negative amount": (f"{GOOD}5,a,m,-3\n".encode(), {}, "amount_not_positive", ":3: amount: '-3' is not above 0"),
    "finer than a fen": (f"{GOOD}5,a,m,12.345\n".encode(), {}, "too_fine", ":3: amount: '12.345' is finer than"),
    "finer than a microsecond": (f"{GOOD}5.0000001,a,m,1\n".encode(), {}, "too_fine", ":3: time: '5.0000001' is finer"),
    "a fen too much": (f"{GOOD}5,a,m,100000000000.01\n".encode(), {}, "amount_too_large",
        ":3: amount: '100000000000.01' is more than"),
    "an amount beyond 64 bits": (f"{GOOD}5,a,m,{2**64}\n".encode(), {"amount_unit": "fen"}, "amount_too_large",
        ":3: amount: '18446744073709551616'"),
    "an amount beyond floats": (f"{GOOD}5,a,m,1e999\n".encode(), {}, "amount_too_large", ":3: amount: '1e999' is more"),
    "an absurd exponent": (f"{GOOD}5,a,m,1e999999999\n".encode(), {}, "amount_too_large",
        ":3: amount: '1e999999999' is more"),
    "before the start": (f"-1,a,m,1\n{GOOD}".encode(), {}, "time_negative",
        ":2: time: '-1' is before the scenario's start"),
    "at the end": (f"{GOOD}86400,a,m,1\n".encode(), {}, "time_late",
        ":3: time: '86400' is not before the scenario's end"),
    "a time beyond 64 bits": (f"{GOOD}1e30,a,m,1\n".encode(), {}, "time_late", ":3: time: '1e30' is not before"),
    "unsorted": (f"{GOOD}4.999999,a,m,1\n{GOOD}".encode(), {}, "time_backwards",
        ":3: time: '4.999999' is earlier than a line above"),
    "no such day": (b"2026-03-02T05:00:00,a,m,1\n2026-02-30T05:00:00,a,m,1\n", ISO, "not_a_time",
        ":3: time: '2026-02-30T05:00:00' is not a date"),
    "the day before": (b"2026-03-01T05:00:00,a,m,1\n2026-03-02T05:00:00,a,m,1\n", ISO, "time_negative",
        ":2: time: '2026-03-01T05:00:00' is before"),
    "a time zone": (b"2026-03-02T05:00:00,a,m,1\n2026-03-02T05:00:00Z,a,m,1\n", ISO, "time_zone",
        ":3: time: '2026-03-02T05:00:00Z' has a time zone"),
    "a number for a date": (b"2026-03-02T05:00:00,a,m,1\n1772409600,a,m,1\n", ISO, "not_a_time",
        ":3: time: '1772409600' is not a date"),
    "one person too many": (b"1,a,m,1\n1,b,m,1\n1,c,m,1\n2,d,m,1\n3,a,m,1\n", {}, "too_many_people",
        ":5: payer: 'd' finds no wallet free; raise `population.wallets`"),
    "one merchant too many": (b"1,a,m,1\n1,a,n,1\n1,a,o,1\n", {}, "too_many_merchants",
        ":4: payee: 'o' finds no merchant free"),
    "a name of 201 characters": (f"{GOOD}5,{'王' * 201},m,1\n".encode(), {}, "too_long", ":3: payer: too long"),
    "a line of 70,000 bytes": (f"{GOOD}5,a,m,{'1' * 70_000}\n{GOOD}".encode(), {}, "too_long", ":3: too long"),
    "a line of 9,000,000 bytes": (f"{GOOD}5,a,m,{'1' * 9_000_000}\n{GOOD}".encode(), {}, "too_long", ":3: too long"),
    "too few fields": (f"{GOOD}5,a,m\n{GOOD}".encode(), {}, "fields",
        ":3: the line has 3 fields, not as many as the header"),
    "too many fields": (f"{GOOD}5,a,m,1,2\n".encode(), {}, "fields", ":3: the line has 5 fields"),
    "a comma for the decimal point": (f"{GOOD}5,a,m,1,50\n".encode(), {}, "fields", ":3: the line has 5 fields"),
    "a NUL byte": (f"{GOOD}5,a\0,m,1\n".encode(), {}, "nul", ":3: "),
    "wrong encoding": (f"{GOOD}5,".encode() + "王芳".encode("gbk") + b",m,1\n", {}, "encoding", ":3: "),
    "wrong encoding where nobody looks": (b"5,a,m,1\n5,a\xff,m,1\n" + GOOD.encode(), {}, "encoding", ":3: "),
    "a quote left open": (f'{GOOD}5,"a,m,1\n{GOOD}'.encode(), {}, "broken_line", ":3: not a line of CSV"),
    "a quote left open, far from the end": (f'{GOOD}5,"a,m,1\n{GOOD * 300}'.encode(), {}, "broken_line",
        ":3: not a line of CSV"),
    "text after a closing quote": (f'{GOOD}5,"a"b,m,1\n{GOOD}'.encode(), {}, "broken_line", ":3: not a line of CSV"),
    "a stray carriage return": (f"{GOOD}5,a\rb,m,1\n{GOOD}".encode(), {}, "broken_line", ":3: not a line of CSV"),
    "after a name of two lines": (f'5,"a\nb",m,1\n{GOOD}5,a,m,x\n'.encode(), {}, "not_a_number",
        ":5: amount: 'x' is not a number"),
    "after blank lines": (f"\n\r\n{GOOD}\n5,a,m,x\n".encode(), {}, "not_a_number", ":6: amount: 'x' is not a number"),
    "far into the file": ((GOOD * 300_000 + "5,a,m,x\n" + GOOD).encode(), {}, "not_a_number",
        ":300002: amount: 'x' is not a number"),
    "control characters": (f"{GOOD}5,a,m,\x1b[2J\n".encode(), {}, "not_a_number",
        r":3: amount: '\x1b[2J' is not a number"),
}  # fmt: skip


@pytest.mark.parametrize("case", ONE_LINE)
def test_one_broken_line_is_named_and_the_others_are_kept(case: str, tmp_path: Path) -> None:
    lines, more, reason, says = ONE_LINE[case]
    (tmp_path / "t.csv").write_bytes(HEAD.encode() + lines)
    with pytest.raises(ScenarioErrors) as caught:
        inspect(Trace.model_validate({"file": "t.csv", **more}), tmp_path, WORLD)
    whole, one = str(caught.value).splitlines()
    assert whole.startswith(f"{tmp_path / 't.csv'}: lines refused: 1 of ")
    assert whole.endswith(f"demand.trace.refused_at_most allows 0 %: {reason} 1")
    assert one.startswith(f"{tmp_path / 't.csv'}{says}")
    allowed = Trace.model_validate({"file": "t.csv", "refused_at_most": 0.5, **more})
    quality = inspect(allowed, tmp_path, WORLD)
    assert quality.refused_by_reason == {reason: 1}
    assert [(error.line) for error in caught.value.errors] == [None, quality.examples[0].line]
    assert sum(len(batch) for batch in read(allowed, tmp_path, WORLD, quality)) == quality.rows - 1 == quality.accepted
    assert [file.name for file in tmp_path.iterdir()] == ["t.csv"]


KIND_LINES: dict[str, tuple[str, str, str]] = {
    "an unknown kind": ("5,a,m,1,gift", "unknown_kind",
        ":3: kind: 'gift' is not a kind; expected one of retail, transfer, wholesale, government, fee"),
    "a kind in capitals": ("5,a,m,1,RETAIL", "unknown_kind", ":3: kind: 'RETAIL' is not a kind"),
    "no kind": ("5,a,m,1,", "missing", ":3: kind: the value is missing"),
    "a transfer to oneself": ("5,a, a ,1,transfer", "self_payment", ":3: payee: ' a ' pays itself"),
    "no corporates in the world": ("5,a,m,1,wholesale", "too_many_corporates",
        ":3: payer: 'a' finds no corporate wallet free"),
}  # fmt: skip


@pytest.mark.parametrize("case", KIND_LINES)
def test_a_broken_kind_is_named(case: str, tmp_path: Path) -> None:
    line, reason, says = KIND_LINES[case]
    (tmp_path / "t.csv").write_text(f"time,payer,payee,amount,kind\n5,a,m,1,retail\n{line}\n5,a,m,1,fee\n")
    with pytest.raises(ScenarioErrors) as caught:
        inspect(Trace.model_validate({"file": "t.csv", **KINDS}), tmp_path, WORLD)
    whole, one = str(caught.value).splitlines()
    assert whole.endswith(f": {reason} 1")
    assert one.startswith(f"{tmp_path / 't.csv'}{says}")


PARQUET_ROWS: dict[str, tuple[dict[str, Any], str, str]] = {
    "no time": ({"time": [1, None, 2]}, "missing", ":2: time: the value is missing"),
    "no payer": ({"payer": ["a", None, "b"]}, "missing", ":2: payer: the value is missing"),
    "no payer among numbers": ({"payer": [1, None, 2], "payee": [1, 1, 1]}, "missing",
        ":2: payer: the value is missing"),
    "NaN": ({"amount": [1.0, float("nan"), 2.0]}, "not_finite", ":2: amount: 'nan' is not a finite number"),
    "infinity": ({"time": [1.0, float("inf"), 2.0]}, "not_finite", ":2: time: 'inf' is not a finite number"),
    "a sum of floats": ({"time": [0.1, 0.1 + 0.2, 1.0]}, "too_fine", ":2: time: '0.30000000000000004' is finer"),
    "an amount beyond 64 bits": ({"amount": pa.array([1, 2**64 - 1, 1], pa.uint64())}, "amount_too_large",
        ":2: amount: '18446744073709551615'"),
    "yuan that overflow as fen": ({"amount": [1, 2**62, 1]}, "amount_too_large", ":2: amount: '4611686018427387904'"),
    "the most negative number": ({"amount": [1, -(2**63), 1]}, "amount_not_positive",
        ":2: amount: '-9223372036854775808'"),
    "a time beyond 64 bits": ({"time": [1, 2**63 - 1, 2]}, "time_late", ":2: time: '9223372036854775807'"),
    "broken text": ({"payer": not_text([b"a", b"\xff\xfe", b"b"])}, "encoding",
        r":2: payer: '\xff\xfe' is not UTF-8 text"),
    "a NUL in a name": ({"payee": ["m", "m\0", "m"]}, "nul", r":2: payee: 'm\x00' holds a NUL byte"),
    "a long name": ({"payee": ["m", "m" * 201, "m"]}, "too_long", ":2: payee: too long"),
}  # fmt: skip


@pytest.mark.parametrize("case", PARQUET_ROWS)
def test_one_broken_row_of_parquet_is_named(case: str, tmp_path: Path) -> None:
    columns, reason, says = PARQUET_ROWS[case]
    good = {"time": [1, 2, 3], "payer": ["a", "b", "a"], "payee": ["m", "m", "m"], "amount": [1, 1, 1]}
    pq.write_table(pa.table({**good, **columns}), tmp_path / "t.parquet")
    with pytest.raises(ScenarioErrors) as caught:
        inspect(Trace(file="t.parquet"), tmp_path, WORLD)
    whole, one = str(caught.value).splitlines()
    assert whole.endswith(f": lines refused: 1 of 3 (33.3 %), demand.trace.refused_at_most allows 0 %: {reason} 1")
    assert one.startswith(f"{tmp_path / 't.parquet'}{says}")
    assert inspect(Trace(file="t.parquet", refused_at_most=0.4), tmp_path, WORLD).accepted == 2


def test_nanoseconds_that_are_no_microseconds(tmp_path: Path) -> None:
    start = int((WORLD.start - datetime(1970, 1, 1)).total_seconds()) * 10**9
    stamps = pa.array([start, start + 1, start + 2_000], pa.timestamp("ns"))
    good = {"payer": ["a", "b", "a"], "payee": ["m", "m", "m"], "amount": [1, 1, 1]}
    pq.write_table(pa.table({"time": stamps, **good}), tmp_path / "t.parquet")
    trace = Trace.model_validate({"file": "t.parquet", "time_unit": "iso", "refused_at_most": 0.4})
    quality = inspect(trace, tmp_path, WORLD)
    assert quality.refused_by_reason == {"too_fine": 1}
    assert [batch.at_us.tolist() for batch in read(trace, tmp_path, WORLD)] == [[0, 2]]


def test_many_refusals_are_counted_and_ten_are_shown(tmp_path: Path) -> None:
    lines = "".join(f"{number},a,m,{'x' if number % 2 else '-1'}\n" for number in range(99)) + GOOD.replace("5", "100")
    (tmp_path / "t.csv").write_text(HEAD + lines)
    with pytest.raises(ScenarioErrors) as caught:
        inspect(Trace(file="t.csv", refused_at_most=0.98), tmp_path, WORLD)
    whole, *examples = str(caught.value).splitlines()
    assert whole == (
        f"{tmp_path / 't.csv'}: lines refused: 99 of 100 (99 %), demand.trace.refused_at_most allows 98 %: "
        "amount_not_positive 50, not_a_number 49"
    )
    assert [int(one.split(":")[1]) for one in examples] == list(range(2, 12))
    quality = inspect(Trace(file="t.csv", refused_at_most=0.99), tmp_path, WORLD)
    assert (quality.accepted, len(quality.examples)) == (1, 10)
    assert str(quality.examples[0]) == "line 2: amount: '-1' is not above 0"
