"""Numbers as people read them: thousands separators, yuan instead of fen, time in the unit that fits.

Every function takes the folder's unit (fen, microseconds, shares 0..1) and None or NaN for "there is no such number",
which becomes an en dash. Money is formatted with integers; no float ever holds a sum.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from sandbox.visible import plain

NOTHING = "–"
FEN_PER_YUAN = 100
US_PER_S = 1_000_000
US_PER_DAY = 86_400 * US_PER_S
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _absent(value: float | None) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def count(value: float | None) -> str:
    """A whole number.

    >>> count(62788), count(-1200), count(None)
    ('62,788', '-1,200', '–')
    """
    return NOTHING if value is None or _absent(value) else f"{round(value):,}"


def decimal(value: float | None) -> str:
    """A number with about three significant digits; large ones whole.

    >>> decimal(0.123456), decimal(12.345), decimal(1234.5), decimal(0.0), decimal(2.0), decimal(0.00001)
    ('0.123', '12.3', '1,234', '0', '2', 'below 0.001')
    """
    if value is None or _absent(value):
        return NOTHING
    if value == 0:
        return "0"
    size = abs(value)
    if size < 0.001:
        return "below 0.001" if value > 0 else "above -0.001"
    if size >= 100:
        return f"{value:,.0f}"
    text = f"{value:.{1 if size >= 10 else 2 if size >= 1 else 3}f}"
    return text.rstrip("0").rstrip(".")


def capital(words: str) -> str:
    """Words with a capital letter in front, as a title or a sentence begins.

    >>> capital("p99 latency"), capital("")
    ('P99 latency', '')
    """
    return words[:1].upper() + words[1:]


def share(value: float | None) -> str:
    """A share of 0..1 in per cent. Never says 100 % of less than all, nor 0 % of more than nothing.

    >>> share(0.991), share(1), share(0.99996), share(0.9999999), share(0), share(0.0004), share(1e-9), share(0.25)
    ('99.1 %', '100 %', '99.996 %', 'above 99.999 %', '0 %', '0.040 %', 'below 0.001 %', '25.0 %')
    """
    if value is None or _absent(value):
        return NOTHING
    percent = value * 100
    if percent in (0, 100):
        return f"{percent:.0f} %"
    for digits in (1, 2, 3):
        text = f"{percent:.{digits}f}"
        if (0 < float(text) < 100 and float(text) >= 10 ** (1 - digits)) or percent > 100:
            return f"{text} %"
        if 0 < float(text) < 100 and digits == 3:
            return f"{text} %"
    return "above 99.999 %" if percent > 50 else "below 0.001 %"


def percent(value: float) -> str:
    """A round share, for ticks and lines.

    >>> percent(0.95), percent(0.037), percent(1.0), percent(0.0005)
    ('95 %', '3.7 %', '100 %', '0.05 %')
    """
    return f"{plain(100 * value, 6)} %"


def points(gap: float | None) -> str:
    """A difference of shares in percentage points.

    >>> points(-0.3513), points(0.0182), points(None)
    ('-35.1 points', '+1.8 points', '–')
    """
    if gap is None:
        return NOTHING
    shown = f"{100 * gap:+.1f}"
    return f"{'0' if float(shown) == 0 else shown} points"


def yuan(fen: int | None) -> str:
    """Money to the fen, for tables.

    >>> yuan(876412345), yuan(5), yuan(-150), yuan(0)
    ('8,764,123.45', '0.05', '-1.50', '0.00')
    """
    if fen is None:
        return NOTHING
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def money(fen: int | None) -> str:
    """Money in words, for sentences; from 10,000 yuan on without fen.

    >>> money(876412345), money(90000), money(1250), money(123456789012345), money(58_813_480)
    ('8.764 million yuan', '900 yuan', '12.50 yuan', '1,234.6 billion yuan', '588,135 yuan')
    """
    if fen is None:
        return NOTHING
    size = abs(fen)
    for name, unit in (("billion", 100_000_000_000), ("million", 100_000_000)):
        if size >= unit:
            digits = 3 if size < 10 * unit else 2 if size < 100 * unit else 1
            scale = 10**digits
            whole, rest = divmod((size * scale + unit // 2) // unit, scale)
            text = f"{whole:,}.{rest:0{digits}d}".rstrip("0").rstrip(".")
            return f"{'-' if fen < 0 else ''}{text} {name} yuan"
    if size >= 1_000_000:
        fen = (size + 50) // FEN_PER_YUAN * (-FEN_PER_YUAN if fen < 0 else FEN_PER_YUAN)
    return whole_money(fen)


def dollars(cents: int | None) -> str:
    """US dollars in words, without cents.

    >>> dollars(5_555_000_000_000), dollars(2_212_345_678), dollars(134_000_00), dollars(None)
    ('US$ 55.5 billion', 'US$ 22.1 million', 'US$ 134,000', '–')
    """
    if cents is None:
        return NOTHING
    for name, unit in (("billion", 100_000_000_000), ("million", 100_000_000)):
        if abs(cents) >= unit:
            return f"US$ {decimal(cents // (unit // 1000) / 1000)} {name}"
    return f"US$ {round(cents / 100):,}"


def whole_money(fen: int | None) -> str:
    """Money in words to the fen, where sums must be seen to add up.

    >>> whole_money(876412345), whole_money(90000)
    ('8,764,123.45 yuan', '900 yuan')
    """
    return NOTHING if fen is None else f"{yuan(fen).removesuffix('.00')} yuan"


def milliseconds(ms: float | None) -> str:
    """A time span given in milliseconds, in the unit that fits.

    >>> milliseconds(190.2), milliseconds(0.25), milliseconds(1520), milliseconds(125_000), milliseconds(0)
    ('190 ms', '0.25 ms', '1.52 s', '2.1 min', '0 ms')
    """
    if ms is None or _absent(ms):
        return NOTHING
    if ms < 1000:
        text = f"{ms:.0f}" if ms >= 10 or ms == 0 else f"{ms:.1f}" if ms >= 1 else plain(ms, 2)
        return "1 s" if text == "1000" else f"{text} ms"
    seconds = ms / 1000
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{decimal(round(seconds / size, 1))} {unit}"
    return f"{plain(seconds)} s"


def duration(us: int | None) -> str:
    """A length of time, exact to its second unit.

    >>> duration(15_000_000), duration(7_200_000_000), duration(540_000_000_000), duration(90_000_000)
    ('15 s', '2 h', '6 days 6 h', '1 min 30 s')
    """
    if us is None:
        return NOTHING
    if us < US_PER_S:
        return milliseconds(us / 1000)
    parts: list[tuple[int, str]] = []
    rest = us // US_PER_S
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        number, rest = divmod(rest, size)
        if number or parts:
            parts.append((number, unit if number != 1 or unit != "days" else "day"))
    return " ".join(f"{number} {unit}" for number, unit in parts[:2] if number)


def moment(start: datetime, us: int | None) -> str:
    """A date and time of the simulated calendar.

    >>> moment(datetime(2020, 10, 12, 18), 3_600_000_000)
    'Mon 12 Oct 2020 19:00'
    >>> moment(datetime(2020, 10, 12, 18), 1_500_000)
    'Mon 12 Oct 2020 18:00:01'
    """
    if us is None:
        return NOTHING
    at = start + timedelta(microseconds=int(us))
    seconds = f":{at.second:02d}" if at.second else ""
    return f"{WEEKDAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]} {at.year} {at.hour:02d}:{at.minute:02d}{seconds}"
