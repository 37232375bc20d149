"""Plain scalars of YAML 1.2's core schema."""

from __future__ import annotations

import re
from typing import Final

from sandbox.scenario.nodes import Scalar
from sandbox.scenario.numerals import MOST_DIGITS

_NULL: Final = re.compile(r"(?:~|null|Null|NULL|)\Z")
_TRUE: Final = re.compile(r"(?:true|True|TRUE)\Z")
_FALSE: Final = re.compile(r"(?:false|False|FALSE)\Z")
INTEGER: Final = re.compile(r"[-+]?[0-9]+\Z")
_BASED: Final = re.compile(r"(?:0o[0-7]+|0x[0-9a-fA-F]+)\Z")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_INFINITE: Final = re.compile(r"([-+]?)\.(?:inf|Inf|INF)\Z")
_NAN: Final = re.compile(r"\.(?:nan|NaN|NAN)\Z")


def resolve(words: str) -> Scalar:
    """What a plain (unquoted) scalar means in YAML 1.2.

    >>> [resolve(words) for words in ("no", "true", "12", "0x1f", "1e5", "2021+", "~", "12:30", "-.5")]
    ['no', True, 12, 31, 100000.0, '2021+', None, '12:30', -0.5]
    """
    if _NULL.match(words):
        return None
    if _TRUE.match(words) or _FALSE.match(words):
        return words.lower() == "true"
    if INTEGER.match(words) and len(words) <= MOST_DIGITS:
        return int(words)
    if _BASED.match(words) and len(words) <= MOST_DIGITS:
        return int(words, 0)
    if _FLOAT.match(words):
        return float(words)
    infinite = _INFINITE.match(words)
    if infinite:
        return float(f"{infinite.group(1)}inf")
    return float("nan") if _NAN.match(words) else words
