"""Values of a file with their places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sandbox.scenario.errors import ScenarioError

Scalar = str | int | float | bool | None


class Place(NamedTuple):
    """Where something stands. `level`: 0 the scenario itself, -1 what it extends, and so on; 1 the command line."""

    file: str
    line: int | None
    column: int | None
    level: int

    def error(
        self, path: str, problem: str, value: str | None = None, expected: str | None = None, nearest: str | None = None
    ) -> ScenarioError:
        """A mistake that is here."""
        return ScenarioError(self.file, self.line, self.column, path, problem, value, expected, nearest)


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its place. `key` is the place of its name in the mapping; `size` counts values, aliases expanded."""

    value: Scalar | dict[str, Node] | list[Node]
    place: Place
    key: Place | None = None
    size: int = 1
    depth: int = 1

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {name: node.plain() for name, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def at(self, path: Iterable[str | int]) -> Node | None:
        """What stands at a path below, if there is something."""
        node: Node | None = self
        for step in path:
            node = node.child(step) if node is not None else None
        return node

    def child(self, step: str | int) -> Node | None:
        """The entry under a name or index, if there is one."""
        if isinstance(self.value, dict) and isinstance(step, str):
            return self.value.get(step)
        if isinstance(self.value, list) and isinstance(step, int) and 0 <= step < len(self.value):
            return self.value[step]
        return None
