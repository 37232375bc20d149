"""JSON objects from strangers: bounded, without repeats, without NaN, and with an error that says what is wrong.

Keys, journal lines and proofs come as such objects. `canonical` is their one spelling: what is hashed and signed is
that, so that no byte of a line can change unseen.
"""

from __future__ import annotations

import json
from typing import Any, Final

MOST_BYTES: Final = 65_536
"""No key, line or proof of ours is longer unless its reader says so."""
MOST_DIGITS: Final = 19
"""Digits of an integer: 64 bits."""
SHOWN: Final = 40


class BadText(ValueError):
    """A text is not what it should be; the message says what is wrong with it."""


def read_object(text: str | bytes, what: str, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """Read one JSON object.

    Args:
        text: what somebody gave.
        what: what it should be, for the message.
        most_bytes: longer texts are refused unread.

    Raises:
        BadText: too long, not UTF-8, not JSON, no object, a name twice, NaN, an integer of more than 64 bits, nesting.
    """
    if len(text) > most_bytes:
        raise BadText(f"{what}: longer than {most_bytes:,} bytes")
    try:
        plain = text.decode("utf-8") if isinstance(text, bytes) else text
        found = json.loads(
            plain,
            object_pairs_hook=_without_repeats,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_real,
        )
    except UnicodeDecodeError:
        raise BadText(f"{what}: not UTF-8") from None
    except RecursionError:
        raise BadText(f"{what}: nested too deep") from None
    except json.JSONDecodeError as error:
        raise BadText(f"{what}: not JSON: {error.msg} (character {error.pos + 1})") from None
    except BadText as error:
        raise BadText(f"{what}: {error}") from None
    if not isinstance(found, dict):
        raise BadText(f"{what}: not a JSON object")
    return found


def canonical(content: dict[str, Any]) -> bytes:
    """The one spelling of an object: names sorted, no spaces, ASCII."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def exact_names(content: dict[str, Any], names: frozenset[str], what: str) -> None:
    """Refuse an object that lacks a name or has one too many.

    Raises:
        BadText: it does.
    """
    missing, more = sorted(names - content.keys()), sorted(content.keys() - names)
    if missing:
        raise BadText(f"{what}: lacks {', '.join(missing)}")
    if more:
        raise BadText(f"{what}: does not know {shown(more[0])}")


def text_at(content: dict[str, Any], name: str, what: str) -> str:
    """A text of an object.

    Raises:
        BadText: there is none.
    """
    value = content.get(name)
    if not isinstance(value, str):
        raise BadText(f"{what}: {name} is {shown(value)}, not a text")
    return value


def count_at(content: dict[str, Any], name: str, what: str) -> int:
    """A whole number from 0 on of an object.

    Raises:
        BadText: there is none.
    """
    value = content.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadText(f"{what}: {name} is {shown(value)}, not a whole number from 0 on")
    return value


def hex_at(content: dict[str, Any], name: str, size: int, what: str) -> bytes:
    """So many bytes of an object, written in lower-case hexadecimal.

    Raises:
        BadText: it is not that.
    """
    return hex_bytes(text_at(content, name, what), size, f"{what}: {name}")


def hex_bytes(text: str, size: int, what: str) -> bytes:
    """So many bytes from lower-case hexadecimal.

    >>> hex_bytes("00ff", 2, "this")
    b'\\x00\\xff'

    Raises:
        BadText: it is not that; an upper-case letter would be a second spelling.
    """
    if len(text) != 2 * size or not set(text) <= set("0123456789abcdef"):
        raise BadText(f"{what} is {shown(text)}, not {size} bytes in lower-case hexadecimal")
    return bytes.fromhex(text)


def shown(value: object) -> str:
    """A stranger's value, short enough for a message and in one line.

    >>> shown("x" * 100)
    "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..."
    """
    words = ascii(value) if isinstance(value, (str, int, float, bool, type(None))) else f"a {type(value).__name__}"
    return words if len(words) <= SHOWN else words[:SHOWN] + "..."


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadText("a name stands twice")
    return found


def _no_constant(word: str) -> Any:
    raise BadText(f"{word} is no number")


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS + 1:
        raise BadText("an integer has more than 64 bits")
    return int(digits)


def _real(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise BadText("a number is too large")
    return value
