"""A trace's columns as exact whole numbers: times in int us since the scenario's start, amounts in int fen.

No value passes through binary floating point: text is read digit by digit, and a column of floats is taken at its
shortest decimal spelling (so 0.1 s is 100000 us). What is finer than 1 us or 1 fen is refused, not rounded. Numbers
beyond int64 are clipped to `FAR`, which every bound refuses. Well-formed text goes through compiled Arrow functions;
any other is examined by itself, and what is decided about a row never depends on its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.market.trace.refusals import CODE, LONGEST_TEXT, Codes, Ints, Reason
from sandbox.scenario.numerals import parts

FAR: Final = 2**62
"""Stands for every number beyond it; more than any time or amount that is accepted."""
BLANKS: Final = " \t"
"""Characters around a value that do not count."""

DECIMALS: Final = {"us": 0, "ms": 3, "s": 6, "iso": 6, "fen": 0, "CNY": 2}
"""How many decimals a unit can have before it is finer than 1 us or 1 fen."""

_EPOCH: Final = datetime(1970, 1, 1)
_NOT_FINITE: Final = re.compile(r"[+-]?(nan|inf|infinity)", re.ASCII | re.IGNORECASE)
_DATE_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]((?:[01][0-9]|2[0-3]):[0-9]{2}(?::[0-9]{2})?)(?:\.([0-9]+))?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII,
)
_PLAIN_DATE_TIME: Final = r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?$"
_INTEGER_DIGITS: Final = 12

_Read = Callable[[str], "int | Reason"]


def microseconds(delta_start: datetime, at: datetime) -> int:
    """Exact microseconds from one instant to another."""
    delta = at - delta_start
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def check_text(text: str | None) -> Reason | None:
    """What is wrong with a value whatever it should mean; `text` is without the blanks around it."""
    if not text:
        return Reason.MISSING
    if len(text) > LONGEST_TEXT:
        return Reason.TOO_LONG
    return Reason.NUL if "\0" in text else None


def read_number(text: str, decimals: int) -> int | Reason:
    """Read a decimal number as a whole number of units of 10 to the minus `decimals`, exactly.

    >>> read_number("0.1", 6), read_number("-1.50e2", 2), read_number("12.345", 2).value, read_number("1_0", 2).value
    (100000, -15000, 'too_fine', 'not_a_number')
    """
    found = parts(text)
    if found is None:
        return Reason.NOT_FINITE if _NOT_FINITE.fullmatch(text) else Reason.NOT_A_NUMBER
    is_below, whole, fraction, exponent = found
    digits = int(whole + fraction)
    # Beyond +-1000 nothing changes: the text is at most 200 digits, so the value is far too large or far too fine.
    shift = max(-1000, min(1000, exponent)) - len(fraction) + decimals
    value, rest = (digits * 10**shift, 0) if shift >= 0 else divmod(digits, 10**-shift)
    if rest:
        return Reason.TOO_FINE
    return int(max(-FAR, min(FAR, -value if is_below else value)))


def read_date_time(text: str, start: datetime) -> int | Reason:
    """Read a local date and time of day as microseconds since `start`, exactly.

    >>> read_date_time("2026-03-02 08:30", datetime(2026, 3, 2))
    30600000000
    >>> read_date_time("2026-02-30T08:30:00", datetime(2026, 3, 2)).value
    'not_a_time'
    """
    match = _DATE_TIME.fullmatch(text)
    if not match:
        return Reason.NOT_A_TIME
    date, clock, fraction, zone = match.groups(default="")
    try:
        at = datetime.fromisoformat(f"{date}T{clock}")
    except ValueError:
        return Reason.NOT_A_TIME
    if zone:
        return Reason.TIME_ZONE
    if fraction and clock.count(":") < 2:
        return Reason.NOT_A_TIME
    if fraction[6:].strip("0"):
        return Reason.TOO_FINE
    return microseconds(start, at) + int(fraction[:6].ljust(6, "0"))


def text_column(column: Any) -> tuple[Any, Codes]:
    """Any column as Arrow strings; a null and broken UTF-8 become empty text and get a reason code."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    codes = np.zeros(len(column), dtype=np.int8)
    if pa.types.is_large_string(column.type) or pa.types.is_string(column.type):
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            column, codes = _drop_broken(column, codes)
    if column.type != pa.string():
        column = column.cast(pa.string())
    if column.null_count:
        codes[column.is_null().to_numpy(zero_copy_only=False) & (codes == 0)] = CODE[Reason.MISSING]
        column = column.fill_null("")
    return column, codes


def _drop_broken(column: Any, codes: Codes) -> tuple[Any, Codes]:
    raw = column.cast(pa.large_binary() if pa.types.is_large_string(column.type) else pa.binary()).to_pylist()
    texts: list[str | None] = []
    for row, one in enumerate(raw):
        try:
            texts.append(None if one is None else one.decode("utf-8"))
        except UnicodeDecodeError:
            codes[row] = CODE[Reason.ENCODING]
            texts.append("")
    return pa.array(texts, pa.string()), codes


def _from_text(column: Any, plain: str, compiled: Callable[[Any], Ints | None], read: _Read) -> tuple[Ints, Codes]:
    """Values of a column of text: by `compiled` where `plain` matches (None: it could not), by `read` elsewhere."""
    column, codes = text_column(column)
    fits = pc.match_substring_regex(column, plain)
    if not pc.all(fits).as_py():
        column = pc.ascii_trim(column, BLANKS)
        fits = pc.match_substring_regex(column, plain)
    good = fits.to_numpy(zero_copy_only=False)
    all_good = bool(good.all())
    values = compiled(column if all_good else column.filter(fits))
    if values is not None and all_good:
        return values, codes
    result = np.zeros(len(column), dtype=np.int64)
    if values is None:
        good = np.zeros(len(column), dtype=np.bool_)
    else:
        result[good] = values
    rest = np.flatnonzero(~good & (codes == 0))
    for row, text in zip(rest.tolist(), column.take(pa.array(rest)).to_pylist(), strict=True):
        answer = check_text(text) or read(text)
        if isinstance(answer, Reason):
            codes[row] = CODE[answer]
        else:
            result[row] = answer
    return result, codes


def numbers(column: Any, unit: str) -> tuple[Ints, Codes]:
    """A column of numbers in `unit` as exact whole us or fen, and reason codes."""
    decimals = DECIMALS[unit]
    if pa.types.is_integer(column.type):
        return _from_integers(column, 10**decimals)
    kind = pa.decimal128(38, decimals)

    def compiled(texts: Any) -> Ints:
        # A decimal128 is two 64-bit words, the low one first; 12 + 6 digits fit into that one.
        return np.frombuffer(texts.cast(kind).buffers()[1], dtype="<i8")[: 2 * len(texts) : 2].astype(np.int64)

    fraction = rf"(\.[0-9]{{1,{decimals}}}0{{0,20}})?" if decimals else ""
    return _from_text(
        column, rf"^[0-9]{{1,{_INTEGER_DIGITS}}}{fraction}$", compiled, lambda text: read_number(text, decimals)
    )


def _from_integers(column: Any, per_unit: int) -> tuple[Ints, Codes]:
    codes = np.zeros(len(column), dtype=np.int8)
    if column.null_count:
        codes[column.is_null().to_numpy(zero_copy_only=False)] = CODE[Reason.MISSING]
        column = column.fill_null(0)
    values = column.to_numpy(zero_copy_only=False)
    bound = FAR // per_unit
    low, high = (0 if values.dtype.kind == "u" else -bound), bound
    if values.dtype.itemsize < 8:
        values = values.astype(np.int64)
    return np.clip(values, low, high).astype(np.int64) * per_unit, codes


def times(column: Any, unit: str, start: datetime) -> tuple[Ints, Codes]:
    """A column of times as exact us since `start`, and reason codes. `unit` is us, ms, s or iso."""
    if unit != "iso":
        return numbers(column, unit)
    offset = microseconds(_EPOCH, start)
    if pa.types.is_timestamp(column.type):
        return _from_timestamps(column, offset)

    def compiled(texts: Any) -> Ints | None:
        try:
            stamps = texts.cast(pa.timestamp("us"))
        except pa.ArrowInvalid:  # one of them is no date, such as 30 February: examine them all
            return None
        since_epoch: Ints = stamps.cast(pa.int64()).to_numpy(zero_copy_only=False)
        return since_epoch - offset

    return _from_text(column, _PLAIN_DATE_TIME, compiled, lambda text: read_date_time(text, start))


def _from_timestamps(column: Any, offset: int) -> tuple[Ints, Codes]:
    per_us = {"ns": 1_000, "us": 1, "ms": 1, "s": 1}[column.type.unit]
    us_per = {"ns": 1, "us": 1, "ms": 1_000, "s": 1_000_000}[column.type.unit]
    values, codes = _from_integers(column.cast(pa.int64()), 1)
    fine = values % per_us != 0
    codes[fine & (codes == 0)] = CODE[Reason.TOO_FINE]
    bound = FAR // us_per
    return np.clip(np.clip(values // per_us, -bound, bound) * us_per - offset, -FAR, FAR), codes


def words(column: Any, places: dict[str, int]) -> tuple[Codes, Codes]:
    """A column of words as their places, and reason codes (a word that has no place is an unknown kind)."""
    column, codes = text_column(column)
    encoded = column.dictionary_encode()
    table = np.zeros(len(encoded.dictionary), dtype=np.int8)
    wrong = np.zeros(len(encoded.dictionary), dtype=np.int8)
    for index, text in enumerate(encoded.dictionary.to_pylist()):
        text = text.strip(BLANKS)
        if text in places:
            table[index] = places[text]
        else:
            wrong[index] = CODE[check_text(text) or Reason.UNKNOWN_KIND]
    at = encoded.indices.to_numpy(zero_copy_only=False)
    return table[at], np.where(codes != 0, codes, wrong[at])


def shown(column: Any, row: int) -> str:
    """One value as text for an example; never fails."""
    one = column.slice(row, 1)
    try:
        if pa.types.is_dictionary(one.type):
            one = one.dictionary_decode()
        text = one.cast(pa.string())
        text.validate(full=True)
        return text[0].as_py() or ""
    except pa.ArrowInvalid:
        raw: bytes = one.cast(pa.binary())[0].as_py()
        return raw.decode("utf-8", "backslashreplace")
