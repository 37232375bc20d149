"""What a design varies: a parameter with its levels, or with a range from which values are drawn."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from sandbox.scenario import units
from sandbox.scenario.introspection import number_of, shape_at
from sandbox.scenario.paths import parse_path

DIGITS: Final = 10
"""Significant digits of a drawn value: few enough that no platform's logarithm decides a digit."""

_WRITERS: Final[dict[str, Callable[[Any], str]]] = {
    **units.WRITERS,
    "number": lambda value: units.format_number(float(value)),
    "whole": str,
}
_WHOLE: Final = ("money", "limit", "dollars", "duration", "patience", "whole")


@dataclass(frozen=True)
class Factor:
    """One parameter of a design.

    Attributes:
        path: of the parameter.
        levels: the values to try, as `--set` gives them; empty for a range.
        low, high: ends of a range, with units.
        scale: how values spread over a range; `log` where only ratios matter.
        kind: a lever somebody sets, or an uncertainty nobody sets.
    """

    path: str
    levels: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    scale: Literal["linear", "log"] = "linear"
    kind: Literal["lever", "uncertainty"] = "lever"

    def at(self, share: float) -> str:
        """The value that has this share (0..1) of the range, or of the list of levels, below it.

        >>> Factor("rules.kyc_delay", low="1 h", high="3 h").at(0.5), Factor("ledger.servers", ("4", "8")).at(0.5)
        ('2 h', '8')
        """
        if self.levels:
            return self.levels[min(int(share * len(self.levels)), len(self.levels) - 1)]
        low, high = self.bounds
        if self.scale == "log":
            value = math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
        else:
            value = low + share * (high - low)
        return self.formatted(min(max(value, low), high))

    @property
    def bounds(self) -> tuple[float, float]:
        """Ends of the range in the stored unit."""
        return number_of(self.path, self.low), number_of(self.path, self.high)

    @property
    def level_values(self) -> tuple[float, ...]:
        """The levels in the stored unit, NaN where one is no number."""
        return tuple(number_of(self.path, words) for words in self.levels)

    @property
    def unit(self) -> str:
        """Unit of the parameter: money, duration, rate, share, limit, patience, whole, number, choice, ..."""
        steps = parse_path(self.path)
        shape = None if steps is None else shape_at(steps)
        return "" if shape is None else shape.unit

    def formatted(self, value: float) -> str:
        """A number in the stored unit as the text that sets it."""
        unit = self.unit
        rounded = float(f"{value:.{DIGITS}g}")
        return _WRITERS[unit](round(rounded) if unit in _WHOLE else rounded)
