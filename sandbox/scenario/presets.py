"""Which values of a scenario its presets give, and presets whose name was changed above the values of the old one.

A resolved scenario writes out what its presets give. It marks the source of each such value, so that a value that is no
longer its preset's is seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from sandbox.scenario.introspection import Leaf
from sandbox.scenario.paths import Path
from sandbox.scenario.schema.scenario import Scenario

MARK: Final = "; as its preset gives"
"""Ends the source of a value that a preset gives, where the value is written out."""


class Presets:
    """What the presets of a scenario give, and what others in their places would."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._others: dict[tuple[Path, str], Any] = {}

    def give(self, preset: Leaf, leaf: Leaf, name: str | None = None) -> bool:
        """Whether a value is what its preset gives, or what another one of this name would."""
        name = str(preset.value) if name is None else name
        above = preset.path[:-1]
        if (above, name) not in self._others:
            self._others[above, name] = self._other(above, name)
        return bool(_at(self._others[above, name], leaf.path[len(above) :]) == leaf.value)

    def _other(self, above: Path, name: str) -> Any:
        """The section with another preset, all else as it is; None if that cannot be."""
        section = _at(self._scenario, above)
        entries = section.model_dump(exclude=set(section.filled_by_preset)) | {"preset": name}
        try:
            return type(section).model_validate(entries)
        except ValidationError:
            return None

    def misnamed(self, preset: Leaf, values: Iterable[Leaf]) -> str | None:
        """The preset whose values these are, if that is another one than is named."""
        values = list(values)
        names = map(str, preset.shape.choices or ())
        agree = {name: sum(self.give(preset, one, name) for one in values) for name in names}
        best = max(agree, key=lambda name: agree[name])
        return best if agree[best] > agree.get(str(preset.value), 0) else None


class _Nothing:
    """What is not there; equal to no value."""


def _at(value: Any, steps: Path) -> Any:
    for step in steps:
        try:
            value = getattr(value, str(step)) if isinstance(value, BaseModel) else value[step]
        except (AttributeError, LookupError, TypeError):
            return _Nothing()
    return value
