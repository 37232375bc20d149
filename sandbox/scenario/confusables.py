"""Names of entries that a reader cannot tell apart: full-width letters, other spaces and dashes."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.language import _
from sandbox.scenario.errors import ScenarioError, short
from sandbox.scenario.nodes import Node
from sandbox.scenario.numerals import folded
from sandbox.scenario.paths import Path, format_path


def confusable_names(node: Node, path: Path = ()) -> Iterator[ScenarioError]:
    """A mistake for each name that differs from another of its section in the width or the sort of characters alone."""
    if isinstance(node.value, list):
        for number, one in enumerate(node.value):
            yield from confusable_names(one, (*path, number))
    if not isinstance(node.value, dict):
        return
    seen: dict[str, str] = {}
    # What stands in plain characters is what the other one was meant to be.
    for name in sorted(node.value, key=lambda name: folded(name) != name):
        here, one = (*path, name), node.value[name]
        other = seen.setdefault(" ".join(folded(name).split()), name)
        if other != name:
            words = _(
                "'{name}' looks like '{other}', the name of another entry, in other characters; write it as "
                "there, or choose another name",
                name=short(name),
                other=short(other),
            )
            yield (one.key or one.place).error(format_path(here), words, short(name))
        yield from confusable_names(one, here)
