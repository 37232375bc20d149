"""Values of a payment trace are exact: no binary fraction, no rounding, whatever stands beside them."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.market.trace import values
from sandbox.market.trace.refusals import CODE, REASONS
from tests.market.trace_judge import DAY_US, START, exact


def one_column(text: str, unit: str) -> tuple[int, str | None]:
    """One value through the columns' reader: what it is, and the reason it is refused."""
    column = pa.array([text])
    got, codes = values.times(column, unit, START) if unit == "iso" else values.numbers(column, unit)
    return int(got[0]), REASONS[codes[0] - 1].value if codes[0] else None


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("0.1", "s", 100_000), ("0.000001", "s", 1), ("1e-6", "s", 1), ("4.35", "s", 4_350_000), (".5", "s", 500_000),
        ("5.", "s", 5_000_000), ("+1.5E1", "s", 15_000_000), ("00012", "s", 12_000_000),
        ("0.10000000000", "s", 100_000), ("86399.999999", "s", 86_399_999_999),
        ("1,000", "CNY", 100_000), ("1_000.5", "s", 1_000_500_000), ("12,345,678.90", "CNY", 1_234_567_890),
        ("999999999999.999999", "s", 10**18 - 1), ("0.001", "ms", 1),
        ("1.5", "ms", 1_500), ("7", "us", 7), ("7.0", "us", 7), ("0.29", "CNY", 29), ("1.15", "CNY", 115),
        ("99999999999.99", "CNY", 9_999_999_999_999), ("-3", "CNY", -300),
        ("70368744177664.01", "CNY", 7_036_874_417_766_401), ("12", "fen", 12), ("1" + "0" * 199, "CNY", values.FAR),
        ("-1e999", "fen", -values.FAR), ("1e99999999", "s", values.FAR), ("0e999", "fen", 0), ("\t 2 ", "fen", 2),
        ("2026-03-02T00:00:00.1", "iso", 100_000), ("2026-03-02 08:30", "iso", 30_600_000_000),
        ("2026-03-03T00:00:00", "iso", DAY_US), ("2026-03-01T23:59:59.999999", "iso", -1),
        ("2026-03-02T00:00:01.1000000", "iso", 1_100_000), ("2024-02-29T00:00:00", "iso", -732 * DAY_US),
    ],
)  # fmt: skip
def test_values_are_exact(text: str, unit: str, expected: int) -> None:
    assert one_column(text, unit) == (expected, None)


@pytest.mark.parametrize(
    ("text", "unit", "reason"),
    [
        ("0.0000001", "s", "too_fine"), ("12.345", "CNY", "too_fine"), ("0.5", "fen", "too_fine"),
        ("1e-7", "s", "too_fine"), ("0.30000000000000004", "s", "too_fine"),
        ("2026-03-02T00:00:00.1234567", "iso", "too_fine"), ("nan", "s", "not_finite"), ("-Inf", "CNY", "not_finite"),
        ("1,00", "CNY", "not_a_number"), ("0,500", "s", "not_a_number"), ("1_0", "s", "not_a_number"),
        ("0x10", "fen", "not_a_number"),
        ("5 CNY", "CNY", "not_a_number"), ("٣", "s", "not_a_number"), (".", "s", "not_a_number"),
        ("1e", "s", "not_a_number"), ("1e-9999", "s", "too_fine"), ("--1", "s", "not_a_number"),
        ("5\n", "s", "not_a_number"), ("", "s", "missing"), (" \t", "iso", "missing"), ("1" * 201, "s", "too_long"),
        ("1\0", "s", "nul"), ("2026-02-30T00:00:00", "iso", "not_a_time"), ("2026-03-02", "iso", "not_a_time"),
        ("2026-03-02T24:00:00", "iso", "not_a_time"), ("2026-03-02T00:00:60", "iso", "not_a_time"),
        ("0000-01-01T00:00:00", "iso", "not_a_time"), ("12.5", "iso", "not_a_time"),
        ("2026-03-02T08:00:00Z", "iso", "time_zone"), ("2026-03-02T08:00:00+08:00", "iso", "time_zone"),
        ("2026-03-02T08:00.5", "iso", "not_a_time"),
    ],
)  # fmt: skip
def test_what_is_no_exact_value_is_refused(text: str, unit: str, reason: str) -> None:
    assert one_column(text, unit)[1] == reason


NUMBERISH = st.from_regex(r"\A[ ]?[+-]?[0-9]{0,8}(,[0-9]{3}){0,2}\.?[0-9]{0,9}([eE][+-]?[0-9]{1,2})?\Z") | st.text(
    "0123456789.,_eE+- naif", max_size=9
)


@given(
    st.lists(NUMBERISH, min_size=1, max_size=8),
    st.sampled_from([("s", 1_000_000), ("ms", 1_000), ("us", 1), ("CNY", 100)]),
)
@settings(max_examples=150)
def test_numbers_agree_with_fractions_whatever_stands_beside_them(texts: list[str], unit: tuple[str, int]) -> None:
    got, codes = values.numbers(pa.array(texts), unit[0])
    for text, value, code in zip(texts, got.tolist(), codes.tolist(), strict=True):
        expected = exact(text, unit[1])
        if isinstance(expected, str):
            assert code == CODE[next(reason for reason in REASONS if reason.value == expected)], text
        else:
            assert (value, code) == (max(-values.FAR, min(values.FAR, expected)), 0), text


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(datetime.isoformat)
DATISH = MOMENTS | st.from_regex(
    r"\A20[0-9]{2}-[0-3][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,8})?\Z"
)


@given(st.lists(DATISH, min_size=1, max_size=8))
@settings(max_examples=150)
def test_dates_do_not_depend_on_what_stands_beside_them(texts: list[str]) -> None:
    got, codes = values.times(pa.array(texts), "iso", START)
    for text, value, code in zip(texts, got.tolist(), codes.tolist(), strict=True):
        alone = values.read_date_time(text, START)
        assert (value, code) == ((alone, 0) if isinstance(alone, int) else (0, CODE[alone])), text
