"""Units as people write them elsewhere, and what a scenario calls them. They are mends to offer; none is read."""

from __future__ import annotations

import re
from typing import Final

from sandbox.scenario.numerals import folded


def _names(**ours: str) -> dict[str, str]:
    return {other: unit for unit, others in ours.items() for other in others.split("|")}


_OTHERS: Final[dict[str, dict[str, str]]] = {
    "duration": _names(
        h="hr|hrs", min="mins", s="secs", ms="msec|msecs|millisecond|milliseconds", us="microsecond|microseconds",
        weeks="wk|wks", 小时="时|个小时|钟头|个钟头", 分钟="分", 秒="秒钟", 周="星期|个星期|礼拜",
    ),
    "money": _names(CNY="块|块钱|圆|¥|yuans|renminbi|人民币|元人民币", 角="毛"),
    "dollars": _names(USD="$|us$|dollar|dollars", 美元="美金"),
    "rate": {
        **_names(h="hour|hr|小时", min="minute|分钟", s="sec|second|秒", day="days|天|日"),
        **_names(h="an hour|每小时", min="a minute|每分钟", s="a second", day="a day|每日"),
    },
    "share": {"percent": "%", "pct": "%", "per cent": "%", "%%": "%"},
}  # fmt: skip
_COUNTED: Final = re.compile(r"(?:次|笔|payments?|times)\s*")
_SPLIT: Final = re.compile(r"(.*\d\.?\s*(?:[kK千万萬亿億]|百万)?)\s*(\D*?)[\s.;,、]*", re.DOTALL)


def renamed(words: str, kind: str) -> str | None:
    """A quantity with its unit as a scenario has it; None if nothing about the unit is known to be meant otherwise.

    >>> renamed("5块钱", "money"), renamed("2000 次/天", "rate"), renamed("2 hrs", "duration"), renamed("3 m", "rate")
    ('5 CNY', '2000 /day', '2 h', None)
    """
    plain = folded(words).strip()
    found = _SPLIT.fullmatch(plain)
    if found is None:
        return None
    unit = " ".join(found[2].lower().split())
    if kind == "rate":
        unit = re.sub(r"/\s+", "/", _COUNTED.sub("", unit))
    ours = _OTHERS.get(kind, {}).get(unit.removeprefix("/"), unit if kind == "rate" else found[2])
    if kind == "rate" and ours in ("h", "min", "s", "day"):
        ours = f"/{ours}"
    better = f"{found[1].strip()} {ours}"
    return better if better.replace(" ", "") != plain.replace(" ", "") or "/ " in plain else None
