"""What somebody may have meant by a value that cannot be read: corrections to offer; none is taken unasked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Context, Decimal
from typing import Final

from sandbox.scenario.numerals import MOST_DIGITS_AROUND_POINT, NUMBER, folded, read

# --- numbers ----------------------------------------------------------------------------------------------------------

_EXACT: Final = Context(prec=2 * MOST_DIGITS_AROUND_POINT)
_TIMES: Final = {
    "万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000, "千": 1_000, "百万": 1_000_000,
    "k": 1_000, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000,
}  # fmt: skip


def corrected(words: str, accepts: Callable[[str], object]) -> str | None:
    """What somebody may have meant by a text with a number in it: the first usual correction that `accepts` takes.

    Args:
        words: what they wrote.
        accepts: raises ValueError or gives None for a text that is not right.

    >>> corrected("1,5 h", lambda words: read(words.removesuffix("h")))
    '1.5 h'
    """
    for one in _candidates(" ".join(folded(words).split())):
        if one == words:
            continue
        try:
            if accepts(one) is not None:
                return one
        except ValueError:
            continue
    return None


def _candidates(words: str) -> Iterator[str]:
    yield words
    point, comma, underscore = ".", ",", "_"
    if re.match(r"[+-]?\d{1,3}(\.\d{3})+,\d", words):  # 1.000,5 as in German
        yield words.replace(point, "").replace(comma, point)
    if re.match(r"[+-]?\d{1,3}([ '’]\d{3})+(?!\d)", words):  # 1 000 as in French, 1'000 as in Switzerland
        yield re.sub(r"(?<=\d)[ '’](?=\d{3}(?!\d))", comma, words)
    if words.count(point) > 1:
        yield words.replace(point, comma)
    # A comma before three digits more may stand for either, so nothing is offered where it is no group.
    if not re.match(r"[+-]?(\d{4,}|\d+,\d{3},\d{1,2}),\d{3}(?!\d)", words):
        yield re.sub(r",(?=\d+(?!\d|,))", point, words, count=0 if words.count(comma) == 1 else 1)
        yield re.sub(r",(\d+)(?=\D*\Z)", r".\1", words)
    yield words.replace(underscore, "")
    for name, times in _TIMES.items():
        at = words.lower().find(name)
        size, after = read(words[: max(0, at)]), words[at + len(name) :]
        if size is not None and not re.match(r"[A-Za-z0-9]", after):
            yield f"{_EXACT.multiply(size, Decimal(times)).normalize(_EXACT):f}{after}"
    clock = re.fullmatch(r"(\d{1,3}):(\d{2}):(\d{2})", words)  # without seconds it may be of hours or of minutes
    if clock is not None:
        named = zip(map(int, clock.groups()), ("h", "min", "s"), strict=True)
        yield " ".join(f"{count} {unit}" for count, unit in named if count) or "0 s"
    spelt = _SPELT.match(words)
    if spelt is not None:
        plainly = "0.5" if spelt[2] == "半" else str(_spelt_out(spelt[2]))
        yield f"{plainly} %" if spelt[1] else f"{plainly} {words[spelt.end() :].strip()}".strip()
    counted = re.fullmatch(r"(.*\d)\s*[个個人户戶家笔筆次台]", words)
    if counted is not None:
        yield counted[1]
    money = re.fullmatch(r"(US\$|\$|USD|CNY|RMB|¥)\s*(.*\d.*)", words, re.IGNORECASE)
    if money is not None:
        yield f"{money[2]} {'USD' if money[1].upper() in ('US$', '$', 'USD') else 'CNY'}"


_DIGITS: Final = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_TENS: Final = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_SPELT: Final = re.compile(rf"(百分之)?(半(?=.)|[{''.join((*_DIGITS, *_TENS))}]+)")


def _spelt_out(words: str) -> int:
    """A number in Chinese characters.

    >>> _spelt_out("六十"), _spelt_out("两千零五"), _spelt_out("十二万"), _spelt_out("一百")
    (60, 2005, 120000, 100)
    """
    whole, part, digit = 0, 0, 0
    for char in words:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif _TENS[char] < 10_000:
            part, digit = part + (digit or 1) * _TENS[char], 0
        else:
            whole, part, digit = (whole + part + digit) * _TENS[char], 0, 0
    return whole + part + digit


_GROUP: Final = re.compile(r"[0-9]{3}(?![0-9])")
_GROUP_BEFORE: Final = re.compile(r"(?:.*[^0-9.eE_])?([0-9]{1,3})\Z", re.DOTALL)


def without_group_commas(words: str, is_unordered: bool = True) -> str | None:
    """The list that was meant where commas seem to stand inside numbers as well as between them; None if they do not.

    `100,200,400` is three numbers and `50,100` two; but `1,000,2,000` has a group that no number begins with, and in
    `1,500, 2,600` only some commas have a space. `1,500,2,600` rises and falls: that is odd in a list of values to
    try, though not in every list (`is_unordered` false: it is no reason).

    >>> without_group_commas("1,000,2,000"), without_group_commas("1,500 CNY, 2,600 CNY")
    ('1000,2000', '1500 CNY, 2600 CNY')
    >>> without_group_commas("50,100,200"), without_group_commas("8, 4")
    (None, None)
    """
    pieces = words.split(",")
    joined = [pieces[0]]
    doubted = certain = False
    for one in pieces[1:]:
        before = _GROUP_BEFORE.fullmatch(joined[-1].lstrip(" +-"))
        if before is not None and _GROUP.match(one) and (one[0] == "0" or len(before[1]) < 3):
            certain |= one[0] == "0"
            doubted = True
            joined[-1] += one
        else:
            joined.append(one)
    if not doubted:
        return None
    sizes = [read(found[0]) if (found := re.match(NUMBER, one.strip())) else None for one in pieces]
    known = [size for size in sizes if size is not None]
    rises_and_falls = known not in (sorted(set(known)), sorted(set(known), reverse=True))
    is_odd = certain or any(one.startswith(" ") for one in pieces) or (is_unordered and rises_and_falls)
    return ",".join(joined) if is_odd else None


# --- units ------------------------------------------------------------------------------------------------------------


def _by_other_name(**ours: str) -> dict[str, str]:
    return {other: unit for unit, others in ours.items() for other in others.split("|")}


_UNITS_ELSEWHERE: Final[dict[str, dict[str, str]]] = {
    "duration": _by_other_name(
        h="hr|hrs", min="mins", s="secs", ms="msec|msecs|millisecond|milliseconds", us="microsecond|microseconds",
        weeks="wk|wks", 小时="时|个小时|钟头|个钟头", 分钟="分", 秒="秒钟", 周="星期|个星期|礼拜",
    ),
    "money": _by_other_name(CNY="块|块钱|圆|¥|yuans|renminbi|人民币|元人民币", 角="毛"),
    "dollars": _by_other_name(USD="$|us$|dollar|dollars", 美元="美金"),
    "rate": {
        **_by_other_name(h="hour|hr|小时", min="minute|分钟", s="sec|second|秒", day="days|天|日"),
        **_by_other_name(h="an hour|每小时", min="a minute|每分钟", s="a second", day="a day|每日"),
    },
    "share": {"percent": "%", "pct": "%", "per cent": "%", "%%": "%"},
}  # fmt: skip
_COUNTED: Final = re.compile(r"(?:次|笔|payments?|times)\s*")
_SPLIT: Final = re.compile(r"(.*\d\.?\s*(?:[kK千万萬亿億]|百万)?)\s*(\D*?)[\s.;,、]*", re.DOTALL)


def with_known_unit(words: str, kind: str) -> str | None:
    """A quantity with its unit as a scenario has it; None if nothing about the unit is known to be meant otherwise.

    >>> [with_known_unit(words, "rate") for words in ("2000 次/天", "3 m")], with_known_unit("5块钱", "money")
    (['2000 /day', None], '5 CNY')
    """
    plain = folded(words).strip()
    found = _SPLIT.fullmatch(plain)
    if found is None:
        return None
    unit = " ".join(found[2].lower().split())
    if kind == "rate":
        unit = re.sub(r"/\s+", "/", _COUNTED.sub("", unit))
    ours = _UNITS_ELSEWHERE.get(kind, {}).get(unit.removeprefix("/"), unit if kind == "rate" else found[2])
    if kind == "rate" and ours in ("h", "min", "s", "day"):
        ours = f"/{ours}"
    better = f"{found[1].strip()} {ours}"
    return better if better.replace(" ", "") != plain.replace(" ", "") or "/ " in plain else None


# --- dates ------------------------------------------------------------------------------------------------------------

_DAY: Final = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
_CLOCK: Final = r"(?:(?:[T\s]|(?<=[日号]))\s*(\d{1,2})\s*[:时点]\s*(\d{1,2})?\s*分?(?::(\d{1,2})(?:\.\d+)?)?)?"
_ZONE: Final = r"\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?"
_MOMENT: Final = re.compile(_DAY + _CLOCK + _ZONE, re.ASCII | re.IGNORECASE)
_DAYS: Final = re.compile(_DAY, re.ASCII)


def corrected_date(words: str) -> str | None:
    """The date, or date and time of day, that was meant, as a scenario has it; None if there is none. 24:00 is the
    next day's beginning, and a time zone is left out.

    >>> corrected_date("2026-03-06 24:00"), corrected_date("2026/3/6 8:00"), corrected_date("２０２６年3月6日")
    ('2026-03-07', '2026-03-06 08:00', '2026-03-06')
    >>> corrected_date("2026-02-30"), corrected_date("6.3.2026")
    (None, None)
    """
    found = _MOMENT.fullmatch(folded(words).strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    ends_day = (hour, minute, second) == (24, 0, 0)
    try:
        at = datetime(year, month, day, 0 if ends_day else hour, minute, second) + timedelta(days=int(ends_day))
    except (ValueError, OverflowError):
        return None
    clock = "" if found[4] is None or ends_day else f" {at:%H:%M:%S}" if second else f" {at:%H:%M}"
    return f"{at:%Y-%m-%d}{clock}"


def corrected_days_off(words: str) -> str | None:
    """The day, or the days, that were meant; None if there are none.

    >>> corrected_days_off("2026/10/1 - 2026/10/7"), corrected_days_off("2026-10-1"), corrected_days_off("golden week")
    ('2026-10-01 to 2026-10-07', '2026-10-01', None)
    """
    try:
        days = [date(*map(int, found)) for found in _DAYS.findall(folded(words))]
    except ValueError:
        return None
    if not 1 <= len(days) <= 2 or days != sorted(days):
        return None
    return " to ".join(f"{day:%Y-%m-%d}" for day in days)
