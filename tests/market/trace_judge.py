"""What the tests of payment traces share: a judge that reads a trace row by row, and writers of traces.

The judge uses fractions and plain dictionaries; whatever the reader does in columns and blocks must come out the same.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from sandbox.market.trace import KINDS, TraceBatch, TraceQuality, TraceWorld, inspect, read
from sandbox.market.trace.parties import PARTIES
from sandbox.scenario.schema import Trace

START = datetime(2026, 3, 2)
DAY_US = 86_400_000_000
WORLD = TraceWorld(wallets=50, corporates=5, merchants=20, duration_us=DAY_US, start=START)
COLUMNS = {"time": "time", "payer": "payer", "payee": "payee", "amount": "amount", "kind": "kind"}
HEADER = list(COLUMNS)
FIELDS = ("row", "at_us", "payer", "payee", "amount_fen", "kind", "payer_is_corporate", "payee_kind")


def whole(batches: list[TraceBatch]) -> dict[str, list[Any]]:
    """All batches as one, as plain lists."""
    return {name: [value for batch in batches for value in getattr(batch, name).tolist()] for name in FIELDS}


def both_passes(folder: Path, trace: Trace, world: TraceWorld = WORLD) -> tuple[TraceQuality, dict[str, list[Any]]]:
    quality = inspect(trace, folder, world)
    batches = list(read(trace, folder, world, quality))
    columns = whole(batches)
    assert all(len(batch) for batch in batches)
    assert columns["row"] == list(range(quality.accepted))
    assert quality.rows == quality.accepted + quality.refused
    assert sum(quality.refused_by_reason.values()) == quality.refused
    assert sum(columns["amount_fen"]) == quality.accepted_fen
    return quality, columns


def exact(text: str, per_unit: int) -> int | str:
    text = text.strip(" \t")
    if not text:
        return "missing"
    if len(text) > 200:
        return "too_long"
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return "not_finite"
    if set(text) - set("0123456789.eE+-,_"):
        return "not_a_number"
    for mark in {",", "_"} & set(text):
        first, *groups = text.lstrip("+-").split(mark)
        last, *_ = groups[-1].partition(".")[0].lower().partition("e")
        fits = first.isdigit() and len(first) <= 3 and first[0] != "0"
        if not fits or any(len(one) != 3 for one in [*groups[:-1], last]):
            return "not_a_number"
        text = text.replace(mark, "")
    try:
        mantissa, e, exponent = text.lower().partition("e")
        value = Fraction(mantissa + e + (str(max(-999, min(999, int(exponent)))) if e else "")) * per_unit
    except ValueError:
        return "not_a_number"
    return int(value) if value.denominator == 1 else "too_fine"


class Judge:
    """Accepts or refuses rows one at a time."""

    def __init__(self, world: TraceWorld) -> None:
        self.world = world
        self.room = {"wallet": world.wallets, "corporate": world.corporates, "merchant": world.merchants}
        self.numbers: dict[str, dict[str, int]] = {"wallet": {}, "corporate": {}, "merchant": {}}
        self.latest = 0

    def judge(self, fields: list[str]) -> tuple[Any, ...] | str:
        if len(fields) != len(HEADER):
            return "fields"
        at_us, amount_fen = exact(fields[0], 1_000_000), exact(fields[3], 100)
        payer, payee, kind = (fields[place].strip(" \t") for place in (1, 2, 4))
        if isinstance(at_us, str):
            return at_us
        if at_us < 0:
            return "time_negative"
        if at_us >= self.world.duration_us:
            return "time_late"
        for name in (payer, payee):
            if not name:
                return "missing"
            if len(name) > 200:
                return "too_long"
        if isinstance(amount_fen, str):
            return amount_fen
        if amount_fen <= 0:
            return "amount_not_positive"
        if amount_fen > 10**13:
            return "amount_too_large"
        sorts = {
            "retail": ("wallet", "merchant"), "fee": ("wallet", "merchant"), "transfer": ("wallet", "wallet"),
            "wholesale": ("corporate", "corporate"), "government": ("corporate", "wallet"),
        }.get(kind)  # fmt: skip
        if sorts is None:
            return "unknown_kind" if kind else "missing"
        if sorts[0] == sorts[1] and payer == payee:
            return "self_payment"
        if at_us < self.latest:
            return "time_backwards"
        self.latest = at_us
        new: dict[str, list[str]] = {"wallet": [], "corporate": [], "merchant": []}
        for sort, name in zip(sorts, (payer, payee), strict=True):
            if name not in self.numbers[sort]:
                new[sort].append(name)
                if len(self.numbers[sort]) + len(new[sort]) > self.room[sort]:
                    return {"wallet": "too_many_people", "corporate": "too_many_corporates"}.get(
                        sort, "too_many_merchants"
                    )
        for sort, names in new.items():
            for name in names:
                self.numbers[sort][name] = len(self.numbers[sort])
        places = [self.numbers[sort][name] for sort, name in zip(sorts, (payer, payee), strict=True)]
        paid = ("wallet", "corporate", "merchant").index(sorts[1])
        kinds = ["retail", "transfer", "wholesale", "government", "fee"]
        return at_us, *places, amount_fen, kinds.index(kind), sorts[0] == "corporate", paid


def judged(rows: list[tuple[int, list[str]]], world: TraceWorld) -> tuple[dict[str, list[Any]], list[tuple[int, str]]]:
    judge, accepted, refused = Judge(world), [], []
    for line, fields in rows:
        answer = judge.judge(fields)
        if isinstance(answer, str):
            refused.append((line, answer))
        else:
            accepted.append((len(accepted), *answer))
    return {name: [row[place] for row in accepted] for place, name in enumerate(FIELDS)}, refused


def write_csv(
    file: Path, rows: list[list[str]], quoting: int = csv.QUOTE_MINIMAL, end: str = "\n"
) -> list[tuple[int, list[str]]]:
    """Write rows below a header; returns each with the number of its first line, counted here by hand."""
    numbered, text = [], ""
    for fields in [HEADER, *rows]:
        buffer = io.StringIO()
        csv.writer(buffer, quoting=quoting, lineterminator=end).writerow(fields)  # type: ignore[arg-type]
        numbered.append((text.count("\n") + 1, fields))
        text += buffer.getvalue()
    file.write_bytes(text.encode("utf-8"))
    return numbered[1:]


def write_parquet(file: Path, rows: list[list[str]], **options: Any) -> None:
    pq.write_table(pa.table({name: [row[place] for row in rows] for place, name in enumerate(HEADER)}), file, **options)


def decimal(value: int, digits: int, style: int) -> str:
    """A whole number of 10 to the minus `digits` as text; `style` varies the spelling."""
    text = f"{value // 10**digits}.{value % 10**digits:0{digits}d}"
    if style == 0:
        return text
    if style == 1:
        return text.rstrip("0").rstrip(".") or "0"
    return f" {text}000" if style == 2 else f"{value}e-{digits}"


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=6).filter(
    lambda text: bool(text.strip(" \t"))
)


@st.composite
def clean_rows(draw: st.DrawFn, names: st.SearchStrategy[str] = NAMES) -> list[list[str]]:
    """Rows sorted by time, with names that fit into WORLD."""
    people = draw(st.lists(names, min_size=2, max_size=8, unique_by=lambda text: text.strip(" \t")))
    shops = draw(st.lists(names, min_size=1, max_size=4, unique_by=lambda text: text.strip(" \t")))
    times = sorted(draw(st.lists(st.integers(0, DAY_US - 1) | st.integers(0, 5), min_size=1, max_size=30)))
    rows = []
    for at_us in times:
        kind = draw(st.sampled_from(KINDS))
        payer = draw(st.sampled_from(people[:5]))
        pool = shops if PARTIES[kind][1] == 2 else people[:5]
        payee = draw(st.sampled_from([name for name in pool if pool is shops or name != payer]))
        amount = draw(st.integers(1, 10**13) | st.integers(1, 300))
        style = draw(st.integers(0, 3))
        rows.append([decimal(at_us, 6, style), payer, payee, decimal(amount, 2, style), kind])
    return rows


CUTS = st.sampled_from([1, 7, 40, 200, 2 << 20])
"""Sizes of a block in bytes: small ones cut rows, quoted fields and letters in two."""


def trace_of(name: str, **more: Any) -> Trace:
    return Trace.model_validate({"file": name, "columns": COLUMNS, **more})
