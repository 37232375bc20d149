"""Draws, read again from clearing rules, section 6, and the head of `sandbox.core.draws`, in plain integers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_WORD: Final = 2**64
_OCTAVES: Final = 40
_POINTS: Final = 129

SERVICE: Final = 0
BACKOFF: Final = 5
CHECK: Final = 6


def mix(key: int, purpose: int) -> int:
    """SplitMix64's finaliser of the state `key` after `purpose` steps."""
    word = (key + 0x9E3779B97F4A7C15 * purpose) % _WORD
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9 % _WORD
    word = (word ^ word >> 27) * 0x94D049BB133111EB % _WORD
    return word ^ word >> 31


def below(word: int, bound: int) -> int:
    """Uniform in 0..bound-1, from the upper half of the word."""
    return (word // 2**32) * bound // 2**32


def quantile(table: Sequence[int], word: int) -> int:
    """The value of a table's distribution at a word.

    The word's upper 63 bits are a number from 0 to 1. Its first half belongs to the lower tail, its second half to the
    upper tail. Octave n of a tail holds the probabilities from 2**-(n+2) to 2**-(n+1), in 128 steps, lowest first.
    """
    upper, tail = divmod(word // 2, 2**62)
    tail = 2 * tail + 1  # the middle of the word's interval, in parts of 2**64
    octave = 63 - tail.bit_length()
    if octave >= _OCTAVES:
        octave = _OCTAVES - 1
        tail = 2 ** (62 - octave)
    along = tail * 2**octave - 2**62  # from the octave's beginning to its end: 0..2**62
    step = along // 2**55
    share = along // 2**35 % 2**20  # of the step, in parts of 2**20
    first = (upper * _OCTAVES + octave) * _POINTS + step
    low, high = table[first], table[first + 1]
    return low + ((high - low) * share + 2**19) // 2**20


def service_us(table: Sequence[int], key: int, attempt: int, stage: int, slow_permille: int) -> int:
    """Service time of a payment's attempt at a stage."""
    return max(1, quantile(table, mix(key, 16 * attempt + SERVICE + stage)) * slow_permille // 1000)


def check_us(table: Sequence[int], key: int, attempt: int, number: int, slow_permille: int) -> int:
    """Service time of an attempt's status check, numbered from 1."""
    return max(1, quantile(table, mix(key, 16 * attempt + CHECK + 1024 * number)) * slow_permille // 1000)


def pause_us(backoff_us: int, key: int, attempt: int) -> int:
    """Time between a failed attempt and the next."""
    jitter = below(mix(key, 16 * attempt + BACKOFF), 1000)
    return max(1, backoff_us * 2 ** (attempt - 1) * (500 + jitter) // 1000)
