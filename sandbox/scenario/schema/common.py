"""Checks that several sections of a scenario make in the same words."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from sandbox.language import N_
from sandbox.scenario.paths import Path
from sandbox.scenario.schema.fields import MOST_FEN, Problem
from sandbox.scenario.units import format_money
from sandbox.visible import plain

SHARES_TOLERANCE: Final = 1e-6


def whole_shares(path: Path, shares: Iterable[float], sections: tuple[str, ...] = ()) -> Iterator[Problem]:
    """Shares sum to 100 %."""
    total = math.fsum(shares)
    if abs(total - 1) > SHARES_TOLERANCE:
        percent = f"{plain(100 * total, 9)} %"
        yield Problem(path, N_("the shares sum to {total}, not to 100 %"), sections, total=percent)


def held_fen(path: Path, fen: float, sections: tuple[str, ...] = (), most: int = MOST_FEN) -> Iterator[Problem]:
    """An account can hold a sum."""
    if fen > most:
        message = N_("about {amount} in all, more than an account can hold; at most {limit}")
        yield Problem(path, message, sections, amount=f"{plain(fen / 100)} CNY", limit=format_money(most))


def at_most(path: Path, message: str, count: float, most: int, sections: tuple[str, ...] = ()) -> Iterator[Problem]:
    """There are not too many of something; the message has `{count}` and `{limit}`."""
    if count > most:
        yield Problem(path, message, sections, count=f"{count:,.0f}", limit=f"{most:,}")


def one_of(
    path: Path, message: str, name: str | None, valid: Collection[str], sections: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """A name, if it is given, is one of those that there are; the message has `{name}`."""
    if name is not None and name not in valid:
        yield Problem(path, message, sections, name=name, given=name, valid=list(valid))


def two_corporates(path: Path, corporates: int, sections: tuple[str, ...]) -> Iterator[Problem]:
    """Somebody can pay and somebody be paid."""
    if corporates < 2:
        yield Problem(path, N_("corporate payments need at least 2 `population.corporates`"), sections)
