"""Numbers as people read them: thousands separators, yuan instead of fen, time in the unit that fits.

Every function takes the folder's unit (fen, microseconds, shares 0..1) and None or NaN for "there is no such number",
which becomes an en dash. Money is formatted with integers; no float ever holds a sum.

Separators in numbers and names of days and months are CLDR's for the reader's language; Babel knows them. Words, the
order of what belongs together, and what stands in a list are messages: Babel lacks lists without an `and` for many
languages. In English a space stands before `%`, and no comma in a date.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from babel.dates import format_datetime
from babel.numbers import format_decimal

from sandbox.language import N_, _, plural, tag
from sandbox.visible import plain

NOTHING = "–"
FEN_PER_YUAN = 100
US_PER_S = 1_000_000
US_PER_DAY = 86_400 * US_PER_S
_LARGE = ((N_("{number} billion"), 100_000_000_000), (N_("{number} million"), 100_000_000))
"""Of fen and cents: what stands for a thousand million, and a million, of their currency."""
_DAYS = N_("{number} days")
_HOURS = N_("{number} h")
_MINUTES = N_("{number} min")
_SECONDS = N_("{number} s")


def _absent(value: float | None) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _grouped(number: str | int) -> str:
    """Digits as they are (commas between them left out), with the separators of the reader's language."""
    plainly = str(number).replace(",", "")
    digits = plainly.partition(".")[2]
    return str(format_decimal(Decimal(plainly), format="#,##0." + "0" * len(digits), locale=tag()))


def count(value: float | None) -> str:
    """A whole number.

    >>> count(62788), count(-1200), count(None)
    ('62,788', '-1,200', '–')
    """
    return NOTHING if value is None or _absent(value) else _grouped(round(value))


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
        return (
            _("below {number}", number=_grouped("0.001"))
            if value > 0
            else _("above {number}", number=_grouped("-0.001"))
        )
    if size >= 100:
        return _grouped(f"{value:.0f}")
    text = f"{value:.{1 if size >= 10 else 2 if size >= 1 else 3}f}"
    return _grouped(text.rstrip("0").rstrip("."))


def capital(words: str) -> str:
    """Words with a capital letter in front, as a title or a sentence begins.

    >>> capital("p99 latency"), capital("")
    ('P99 latency', '')
    """
    return words[:1].upper() + words[1:]


def share(value: float | None) -> str:
    """A share in per cent. Never says 100 % of less than all, nor 0 % of more than nothing.

    >>> share(0.991), share(1), share(0.99996), share(0.9999999), share(0), share(0.0004), share(1e-9), share(0.25)
    ('99.1 %', '100 %', '99.996 %', 'above 99.999 %', '0 %', '0.040 %', 'below 0.001 %', '25.0 %')
    >>> share(-0.25), share(-0.0)
    ('-25.0 %', '0 %')
    """
    if value is None or _absent(value):
        return NOTHING
    if value < 0:
        return f"-{share(-value)}"
    percent = abs(value) * 100
    if percent in (0, 100):
        return _percent(f"{percent:.0f}")
    for digits in (1, 2, 3):
        text = f"{percent:.{digits}f}"
        if (0 < float(text) < 100 and float(text) >= 10 ** (1 - digits)) or percent > 100:
            return _percent(text)
        if 0 < float(text) < 100 and digits == 3:
            return _percent(text)
    if percent > 50:
        return _("above {number}", number=_percent("99.999"))
    return _("below {number}", number=_percent("0.001"))


def _percent(number: str) -> str:
    return _("{number} %", number=_grouped(number))


def percent(value: float) -> str:
    """A round share, for ticks and lines.

    >>> percent(0.95), percent(0.037), percent(1.0), percent(0.0005)
    ('95 %', '3.7 %', '100 %', '0.05 %')
    """
    return _percent(plain(100 * value, 6).replace(",", ""))


def points(gap: float | None) -> str:
    """A difference of shares in percentage points.

    >>> points(-0.3513), points(0.0182), points(None)
    ('-35.1 points', '+1.8 points', '–')
    """
    if gap is None:
        return NOTHING
    shown = f"{100 * gap:+.1f}"
    signed = "0" if float(shown) == 0 else f"{shown[0]}{_grouped(shown[1:])}"
    return _("{number} points", number=signed)


def relative(change: float) -> str:
    """A relative difference, with its sign.

    >>> relative(0.0123), relative(-0.5), relative(0.0)
    ('+1.2 %', '-50.0 %', '0 %')
    """
    return f"{'+' if change > 0 else '-' if change < 0 else ''}{share(abs(change))}"


def yuan(fen: int | None) -> str:
    """Money to the fen, for tables.

    >>> yuan(876412345), yuan(5), yuan(-150), yuan(0)
    ('8,764,123.45', '0.05', '-1.50', '0.00')
    """
    if fen is None:
        return NOTHING
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return _grouped(f"{'-' if fen < 0 else ''}{whole}.{rest:02d}")


def money(fen: int | None) -> str:
    """Money in words, for sentences; from 10,000 yuan on without fen.

    >>> money(876412345), money(90000), money(1250), money(123456789012345), money(58_813_480)
    ('8.764 million yuan', '900 yuan', '12.50 yuan', '1,234.6 billion yuan', '588,135 yuan')
    """
    return NOTHING if fen is None else _("{amount} yuan", amount=amount(fen))


def amount(fen: int) -> str:
    """The same without its currency."""
    size = abs(fen)
    for words, unit in _LARGE:
        if size >= unit:
            digits = 3 if size < 10 * unit else 2 if size < 100 * unit else 1
            scale = 10**digits
            whole, rest = divmod((size * scale + unit // 2) // unit, scale)
            text = f"{whole}.{rest:0{digits}d}".rstrip("0").rstrip(".")
            return _(words, number=_grouped(f"{'-' if fen < 0 else ''}{text}"))
    if size >= 1_000_000:
        fen = (size + 50) // FEN_PER_YUAN * (-FEN_PER_YUAN if fen < 0 else FEN_PER_YUAN)
    return yuan(fen) if fen % FEN_PER_YUAN else _grouped(fen // FEN_PER_YUAN)


def dollars(cents: int | None) -> str:
    """US dollars in words, without cents.

    >>> dollars(5_555_000_000_000), dollars(2_212_345_678), dollars(134_000_00), dollars(None)
    ('US$ 55.5 billion', 'US$ 22.1 million', 'US$ 134,000', '–')
    """
    if cents is None:
        return NOTHING
    for words, unit in _LARGE:
        if abs(cents) >= unit:
            return _("US$ {number}", number=_(words, number=decimal(cents // (unit // 1000) / 1000)))
    return _("US$ {number}", number=_grouped(round(cents / 100)))


def whole_money(fen: int | None) -> str:
    """Money in words to the fen, where sums must be seen to add up.

    >>> whole_money(876412345), whole_money(90000)
    ('8,764,123.45 yuan', '900 yuan')
    """
    if fen is None:
        return NOTHING
    return _("{amount} yuan", amount=yuan(fen) if fen % FEN_PER_YUAN else _grouped(fen // FEN_PER_YUAN))


def milliseconds(ms: float | None) -> str:
    """A time span given in milliseconds, in the unit that fits.

    >>> milliseconds(190.2), milliseconds(0.25), milliseconds(1520), milliseconds(125_000), milliseconds(0)
    ('190 ms', '0.25 ms', '1.52 s', '2.1 min', '0 ms')
    >>> milliseconds(-1900.0)
    '-1,900 ms'
    """
    if ms is None or _absent(ms):
        return NOTHING
    if ms < 1000:
        text = f"{ms:.0f}" if ms >= 10 or ms == 0 else f"{ms:.1f}" if ms >= 1 else plain(ms, 2)
        return _(_SECONDS, number="1") if text == "1000" else _("{number} ms", number=_grouped(text))
    seconds = ms / 1000
    for unit, size in ((_DAYS, 86_400), (_HOURS, 3_600), (_MINUTES, 60)):
        if seconds >= 2 * size:
            return _(unit, number=decimal(round(seconds / size, 1)))
    return _(_SECONDS, number=_grouped(plain(seconds)))


def duration(us: int | None) -> str:
    """A length of time, exact to its second unit.

    >>> duration(15_000_000), duration(7_200_000_000), duration(540_000_000_000), duration(90_000_000)
    ('15 s', '2 h', '6 days 6 h', '1 min 30 s')
    """
    if us is None:
        return NOTHING
    if us < US_PER_S:
        return milliseconds(us / 1000)
    days, rest = divmod(us // US_PER_S, 86_400)
    parts = [(days, plural("{number} day", "{number} days", days, number=days))] if days else []
    for unit, size in ((_HOURS, 3_600), (_MINUTES, 60), (_SECONDS, 1)):
        number, rest = divmod(rest, size)
        if number or parts:
            parts.append((number, _(unit, number=number)))
    return " ".join(words for number, words in parts[:2] if number)


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
    return _written(at, _("EEE d MMM y HH:mm:ss") if at.second else _("EEE d MMM y HH:mm"))


def day(at: datetime) -> str:
    """A day of the simulated calendar.

    >>> day(datetime(2020, 10, 12, 18))
    'Mon 12 Oct 2020'
    """
    return _written(at, _("EEE d MMM y"))


def month(at: datetime) -> str:
    """A month, for an axis.

    >>> month(datetime(2020, 10, 12)), day_and_month(datetime(2020, 10, 12))
    ('Oct 2020', '12 Oct')
    """
    return _written(at, _("MMM y"))


def day_and_month(at: datetime) -> str:
    """A day without its year, for an axis."""
    return _written(at, _("d MMM"))


def _written(at: datetime, pattern: str) -> str:
    """A time by a pattern of CLDR, which is a message: languages write day, month and year in another order."""
    return str(format_datetime(at, pattern, tzinfo=at.tzinfo, locale=tag()))


def listed(words: Iterable[str]) -> str:
    """Words as a list.

    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b, c', 'a', '')
    """
    return _(", ").join(words)


def series(words: Iterable[str]) -> str:
    """Parts of a sentence that are long, or lists themselves.

    >>> series(["a, b", "c"])
    'a, b; c'
    """
    return _("; ").join(words)
