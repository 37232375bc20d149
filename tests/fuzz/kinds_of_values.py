"""Mutations of values: types, units, numbers, dates, commas."""

from __future__ import annotations

from random import Random
from typing import Final

from tests.fuzz.mutants import OPEN, REFUSED, SAME, Change, kind, pick
from tests.fuzz.reader import Unreadable, quantity
from tests.fuzz.sites import Site, Source

MEASURED: Final = ("money", "dollars", "duration", "rate", "limit", "patience")
NUMBERS: Final = (*MEASURED, "share", "whole", "number")
OTHER_TYPES: Final = (
    "{a: 1}", "[1, 2]", "true", "false", "null", "[]", "{}", "[[1]]", "{a: {b: 2}}", "word", "'5'", "5",
    "!!str 5", "&x 5", "*x", "|\n  5", '"\\u0000"', "- 5", "? 5", "@5", "`5`", "%5", "5: 5",
)  # fmt: skip
RIGHT: Final = {"money": "CNY", "limit": "CNY", "dollars": "USD", "duration": "s", "patience": "s", "rate": "/s"}
WRONG: Final = {
    "money": ("USD", "s", "%", "/day", "EUR", "CN Y", "ＣＮＹ", "￥", "¥", "块", "万", "k", "CNY CNY", "CNY/day"),
    "dollars": ("CNY", "s", "%", "$", "EUR", "美", "ＵＳＤ", "M USD", "dollar s", "fen"),
    "duration": ("CNY", "m", "月", "%", "/s", "months", "year", "hrs", "ｓ", "秒钟s", "ns", "'", "h h", "时"),
    "rate": ("s", "per", "/", "/week", "CNY", "%", "／day", "/ｄａｙ", "per s/", "hz", "/month", "/s/s"),
    "share": ("％", "CNY", "percent", "‰", "%%", "pp", "% %", "/1", "s"),
}
DIGITS: Final = ("٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "०१२३४५६७८९", "〇一二三四五六七八九", "⁰¹²³⁴⁵⁶⁷⁸⁹", "①②③④⑤⑥⑦⑧⑨⓪")
STRANGE: Final = (
    "e5", "1e5", "1E+2", "1e-3", "1e400", "-1e400", "1e999999", ".5", "5.", "-0", "+5", "-5", "--5", "0x1F",
    "0o17", "017", "00", "1_000", "_1", "1__0", "1,5", "0,5", "1,000", "1,000,5", "12,34,567", "1000,000",
    "1 000", "12, 000", ",5", "5,", "1.000.000", "1.5.2", ".nan", "nan", ".inf", "-.inf", "inf", "Infinity",
    "1/3", "50%", "5 5", "十", "10万", "1.5万", "５", "1·5", "1'000", "9223372036854775807", "9223372036854775808",
    "1e18", "1e-18", "0.1e1", "1e", "e", ".", "-", "+", "0b11", "1:30", "2 h 30 min", "1 h 90", "1d 2h", "½",
    "²", "1e5e5", "1e+", "5e-324",
)  # fmt: skip
DATES: Final = (
    "2026-03-06 24:00", "2026-02-30", "2026-13-01", "2026-03-02T00:00:00Z", "2026-03-02 08:00+08:00",
    "0001-01-01", "9999-12-31", "1969-12-31", "2200-01-01", "2026年3月2日", "2026/03/02", "02.03.2026", "2026-3-2",
    "20260302", "1772409600", "2026-03-02 08:00:00.5", "2026-03-02 8:00", "2026-03-02 08", "now", "2026-W10-1",
    "2024-02-29", "2026-03-02T", "2026-03-02 08:60", "２０２６-03-02", "2026-03-02 08:00 AM", "-2026-03-02",
    "2026-03-02,", "2026-03-02T08:00:00.123456789",
)  # fmt: skip


def _is_scalar(site: Site) -> bool:
    return site.words is not None and site.shape is not None and site.path[0] not in ("look_for", "sources", "extends")


def _put(source: Source, site: Site, words: str, meaning: str) -> Change:
    end = "\n" if source.words(site.value).endswith("\n") else ""
    return Change(source.replaced((site.value, words + end)), meaning, site.value.start if meaning == REFUSED else None)


def _is_told(source: Source, site: Site) -> bool:
    """Whether a list of the study names what is varied as text, which has the grammar of its own values."""
    return site.path[0] == "experiment"


@kind("type: another")
def another_type(random: Random, source: Source) -> Change | None:
    """What is of another sort altogether."""
    site = pick(random, source, lambda site: site.shape is not None)
    return None if site is None else _put(source, site, random.choice(OTHER_TYPES), OPEN)


@kind("type: one level more")
def nested(random: Random, source: Source) -> Change | None:
    """A value in brackets or under a name of its own."""
    site = pick(random, source, _is_scalar)
    if site is None or site.words is None or site.unit == "list":
        return None
    words = source.words(site.value)
    return _put(source, site, random.choice((f"[{words}]", f"{{value: {words}}}", f"[[{words}]]")), OPEN)


@kind("unit: none")
def no_unit(random: Random, source: Source) -> Change | None:
    """A bare number where a unit matters."""
    site = pick(random, source, lambda site: site.unit in MEASURED and site.words is not None)
    if site is None or site.words is None or _is_told(source, site):
        return None
    return _put(source, site, random.choice(("5", "24", "0.5", "1000", '"5"', "0", "-3", "1e3")), REFUSED)


@kind("unit: wrong")
def wrong_unit(random: Random, source: Source) -> Change | None:
    """A unit of something else, of nothing, in the wrong width or script."""
    site = pick(random, source, lambda site: site.unit in (*MEASURED, "share") and site.words is not None)
    if site is None or _is_told(source, site):
        return None
    units = WRONG[{"limit": "money", "patience": "duration"}.get(site.unit, site.unit)]
    words = f"{random.choice((5, 1, 60, 0.5))}{random.choice((' ', ''))}{random.choice(units)}"
    return _put(source, site, words if random.random() < 0.5 else f'"{words}"', REFUSED)


@kind("unit: of what has none")
def needless_unit(random: Random, source: Source) -> Change | None:
    """A unit after a number that has none."""
    site = pick(random, source, lambda site: site.unit in ("whole", "number", "switch") and site.words is not None)
    if site is None or _is_told(source, site):
        return None
    return _put(source, site, f"{site.words} {random.choice(('CNY', '%', 's', 'people', '个', 'x'))}", REFUSED)


@kind("number: strange")
def strange(random: Random, source: Source) -> Change | None:
    """A number in a form that somebody might write, with the unit it needs."""
    site = pick(random, source, lambda site: site.unit in NUMBERS and site.words is not None)
    if site is None:
        return None
    unit = RIGHT.get(site.unit, "")
    words = random.choice(STRANGE) + (random.choice((" ", "")) + unit if unit else random.choice(("", "", " %")))
    return _put(source, site, words if random.random() < 0.6 else f'"{words}"', OPEN)


@kind("number: digits of another script")
def digits(random: Random, source: Source) -> Change | None:
    """The same number, written elsewhere."""
    site = pick(random, source, lambda site: site.unit in NUMBERS and site.words is not None)
    if site is None or site.words is None:
        return None
    script = random.choice(DIGITS)
    return _put(source, site, site.words.translate({48 + one: script[one] for one in range(10)}), OPEN)


@kind("number: huge or tiny")
def extreme(random: Random, source: Source) -> Change | None:
    """A number many orders away, or of the other sign."""
    site = pick(random, source, lambda site: site.unit in NUMBERS and site.words is not None)
    if site is None:
        return None
    number = random.choice(("0", "1", "-1", "0.000001", "99999999999", "1" + "0" * random.randrange(20), "1" * 41,
                            "0." + "0" * random.randrange(30) + "1", "9" * random.randrange(1, 70)))  # fmt: skip
    unit = RIGHT.get(site.unit, "")
    return _put(source, site, f"{number} {unit}".strip(), OPEN)


@kind("comma: in braces")
def comma(random: Random, source: Source) -> Change | None:
    """`{wallets: 20,000}`, which is two entries."""
    site = pick(random, source, lambda site: site.flow and site.name is not None and site.unit in NUMBERS)
    if site is None or site.words is None:
        return None
    unit = RIGHT.get(site.unit, "")
    text = random.choice(("20,000", "20, 000", "12，000", "1,5", "0,5", "20,", "20, ,")) + (f" {unit}" if unit else "")
    return _put(source, site, text, OPEN)


@kind("date: strange")
def date(random: Random, source: Source) -> Change | None:
    """A start that is none, or one far away."""
    words = random.choice(DATES)
    site = pick(random, source, lambda site: site.unit == "date")
    if site is None:
        return Change(source.text.rstrip("\n") + f"\nstart: {words}\n", OPEN)
    return _put(source, site, words if random.random() < 0.5 else f"'{words}'", OPEN)


@kind("choice: none of them")
def no_choice(random: Random, source: Source) -> Change | None:
    """A word that is no choice."""
    site = pick(random, source, lambda site: site.unit in ("choice", "switch") and site.words is not None)
    if site is None or site.words is None:
        return None
    choices = site.shape.choices if site.shape is not None else ()
    words = random.choice((site.words.upper(), site.words + "s", "yes", "off", "None", "''", "1", "0", "无", "t", "是"))
    if words in choices or (site.unit == "switch" and words.lower() in ("true", "false", "yes", "off")):
        return None
    return _put(source, site, words, REFUSED)


@kind("same: another unit")
def converted(random: Random, source: Source) -> Change | None:
    """The same quantity in another unit, or with commas between groups of three."""
    site = pick(
        random, source, lambda site: site.unit in ("money", "duration", "limit", "patience") and bool(site.words)
    )
    if site is None or site.words is None or _is_told(source, site):
        return None
    try:
        amount = quantity(site.words, site.unit)
    except Unreadable:
        return None
    unit = {"money": "fen", "limit": "fen"}.get(site.unit, "us")
    if amount.denominator != 1 or amount >= 10**17:
        return None
    words = f"{int(amount):,} {unit}" if random.random() < 0.5 else f"{int(amount)}{unit}"
    return _put(source, site, f'"{words}"', SAME)


@kind("same: in quotes")
def quoted(random: Random, source: Source) -> Change | None:
    """A quantity or a text with quotes around it."""
    site = pick(random, source, lambda site: site.unit in (*MEASURED, "text", "choice") and bool(site.words))
    if site is None or site.words is None or "\n" in site.words or site.path[0] in ("look_for", "sources", "extends"):
        return None
    words = site.words.replace("'", "''")
    return _put(source, site, f"'{words}'", SAME)
