"""A second reading of a scenario file, which shares nothing with the loader: another YAML library, and quantities as
exact fractions by the grammar that the documentation promises.

It is slow to trust: what it cannot read has no value here, and a loader that accepts it has guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any, Final, NamedTuple

import yaml

DEEPEST: Final = 40

_DAY: Final = 86_400_000_000
_UNITS: Final[dict[str, dict[str, Fraction]]] = {
    "money": {
        "cny": Fraction(100), "yuan": Fraction(100), "rmb": Fraction(100), "元": Fraction(100), "fen": Fraction(1),
        "分": Fraction(1), "jiao": Fraction(10), "角": Fraction(10), "thousand cny": Fraction(10**5),
        "million cny": Fraction(10**8), "billion cny": Fraction(10**11), "million yuan": Fraction(10**8),
        "billion yuan": Fraction(10**11), "万元": Fraction(10**6), "亿元": Fraction(10**10),
    },
    "dollars": {
        "usd": Fraction(100), "thousand usd": Fraction(10**5), "million usd": Fraction(10**8),
        "billion usd": Fraction(10**11), "美元": Fraction(100), "万美元": Fraction(10**6), "亿美元": Fraction(10**10),
    },
    "duration": {
        word: Fraction(us)
        for words, us in (
            ("us µs μs 微秒", 1), ("ms 毫秒", 1_000), ("s sec second seconds 秒", 1_000_000),
            ("min minute minutes 分钟", 60_000_000), ("h hour hours 小时", 3_600_000_000),
            ("d day days 天 日", _DAY), ("week weeks 周", 7 * _DAY),
        )
        for word in words.split()
    },
    "rate": {
        word: Fraction(per_day)
        for words, per_day in (
            ("/s|per s|per second|tps|每秒", 86_400), ("/min|per minute", 1_440), ("/h|per hour", 24),
            ("/day|per day|/d|每天", 1),
        )
        for word in words.split("|")
    },
    "share": {"%": Fraction(1, 100), "": Fraction(1)},
}  # fmt: skip
_NUMBER: Final = (
    r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:_[0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?"
)
_ONE: Final = re.compile(rf"({_NUMBER})\s*([^0-9+.,-]*)\Z")
_PIECE: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([^\W\d_]+)\s*")
_PLAIN_NUMBER: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_BASED: Final = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_SWITCHES: Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_NULLS: Final = ("", "~", "null", "Null", "NULL")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class Unreadable(ValueError):
    """This reading makes nothing of a text."""


class Scalar(NamedTuple):
    """A text of the file, and whether it stood in quotes (or in a block of its own)."""

    words: str
    quoted: bool

    @property
    def is_null(self) -> bool:
        """Whether it says that nothing is there."""
        return not self.quoted and self.words in _NULLS


Step = str | int
Typed = tuple[tuple[Step, ...], Scalar | str]
"""Where something was typed, and what; `{}` or `[]` for a collection without entries."""


def read(data: bytes) -> Any:
    """The file as the second library sees it: pairs for mappings (so that nothing is lost), lists, scalars.

    Raises:
        Unreadable: it is no YAML, not UTF-8, or not one document.
    """
    try:
        node = yaml.compose(data.decode("utf-8-sig"), Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from None
    return _plain(node, 0)


def _plain(node: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise Unreadable("too deep")
    if isinstance(node, yaml.MappingNode):
        return _Pairs([(_plain(name, depth + 1), _plain(value, depth + 1)) for name, value in node.value])
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one, depth + 1) for one in node.value]
    return Scalar("" if node is None else node.value, node is not None and bool(node.style))


class _Pairs(list[tuple[Any, Any]]):
    """A mapping as it stands, doubles and all."""


def everything_typed(tree: Any, path: tuple[Step, ...] = ()) -> Iterator[Typed]:
    """Each value that was typed, with its path.

    Raises:
        Unreadable: a name is no text, or stands twice.
    """
    if isinstance(tree, _Pairs):
        names = [name.words if isinstance(name, Scalar) else None for name, _ in tree]
        if None in names or len(set(names)) < len(names):
            raise Unreadable("a name that is no text, or stands twice")
        for name, value in zip(names, (value for _, value in tree), strict=True):
            assert name is not None
            yield from everything_typed(value, (*path, name))
        if not tree:
            yield path, "{}"
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from everything_typed(value, (*path, index))
        if not tree:
            yield path, "[]"
    else:
        yield path, tree


def quantity(words: str, unit: str) -> Fraction:
    """A text with a unit, exactly, in the stored unit.

    Raises:
        Unreadable: it is none.
    """
    kind = {"limit": "money", "patience": "duration"}.get(unit, unit)
    words = "".join(str(_digit(char)) for char in words.strip())
    match = _ONE.match(words)
    if match and any(char.isdigit() for char in match.group(1).lower().partition("e")[0]):
        named = " ".join(match.group(2).lower().split())
        if named in _UNITS[kind]:
            return _exactly(match.group(1).replace(",", "").replace("_", "")) * _UNITS[kind][named]
    elif kind == "duration" and (total := _compound(words)) is not None:
        return total
    raise Unreadable(f"{words!r} is no {kind}")


def _exactly(words: str) -> Fraction:
    return Fraction(re.sub(r"\.(?![0-9])", "", words))


def _digit(char: str) -> str | int:
    # Digits of other scripts have one meaning only.
    return int(char) if char.isdecimal() and not char.isascii() else char


def _compound(words: str) -> Fraction | None:
    """`16 days 4 h`, larger units first."""
    position, total, before = 0, Fraction(0), None
    while position < len(words):
        match = _PIECE.match(words, position)
        size = _UNITS["duration"].get(match.group(2).lower()) if match else None
        if match is None or size is None or (before is not None and size >= before):
            return None
        total, before, position = total + Fraction(match.group(1)) * size, size, match.end()
    return total


def value(scalar: Scalar, unit: str) -> Any:
    """What a scalar means where a value of this unit belongs; a number as a fraction.

    Raises:
        Unreadable: it means nothing there.
    """
    words = scalar.words
    if unit in ("text", "choice"):
        return words if scalar.quoted or _is_text(words) else _refuse(words, "text")
    if unit == "date":
        if not _DATE.match(words.strip()):
            _refuse(words, "date")
        try:
            return datetime.fromisoformat(words.strip().replace("_", "x"))
        except ValueError:
            _refuse(words, "date")
    if unit in ("limit", "patience") and words.strip().lower() in ("none", "无"):
        return None
    if unit in ("money", "dollars", "duration", "rate", "share", "limit", "patience"):
        if unit != "share" and not scalar.quoted and _PLAIN_NUMBER.match(words):
            _refuse(words, f"{unit} without a unit")
        return quantity(words, unit)
    if unit == "switch":
        return _SWITCHES[words.lower()] if words.lower() in _SWITCHES else _refuse(words, "switch")
    if unit in ("whole", "number"):
        return _number(scalar, unit)
    raise AssertionError(unit)


def _number(scalar: Scalar, unit: str) -> Fraction:
    words = scalar.words
    if not scalar.quoted and _BASED.match(words):
        return Fraction(int(words, 0))
    words = re.sub(r"(?<=[0-9])[,_](?=[0-9]{3}(?![0-9]))", "", words)
    if not _PLAIN_NUMBER.match(words.strip()):
        _refuse(words, unit)
    number = _exactly(words.strip())
    return number if unit == "number" or number.denominator == 1 else _refuse(words, unit)


def _is_text(words: str) -> bool:
    no_text = words in _NULLS or words.lower() in ("true", "false") or _PLAIN_NUMBER.match(words) or _BASED.match(words)
    return not (no_text or words.lower().lstrip("+-") in (".inf", ".nan"))


def _refuse(words: str, what: str) -> Any:
    raise Unreadable(f"{words!r} is no {what}")
