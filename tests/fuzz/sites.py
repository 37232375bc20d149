"""Places of a scenario file where something can be changed: each name and each value, with what belongs there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final, NamedTuple

import yaml
from pydantic.fields import FieldInfo

from sandbox.scenario.introspection import Shape, root_shape, shapes

ROOT: Final = root_shape()


class Span(NamedTuple):
    """From where to where in the text."""

    start: int
    end: int


class Site(NamedTuple):
    """An entry of a mapping or of a list.

    Attributes:
        path: where it stands.
        shape: what belongs there; None if nothing does.
        above: what the entry stands in.
        name: its name in the text; None in a list.
        value: its value in the text.
        words: the value, if it is a scalar.
        flow: whether it stands within braces or brackets.
        column: of its name.
    """

    path: tuple[str | int, ...]
    shape: Shape | None
    above: Shape | None
    name: Span | None
    value: Span
    words: str | None
    flow: bool
    column: int

    @property
    def unit(self) -> str:
        """Of the value that belongs there."""
        return self.shape.unit if self.shape is not None else ""

    @property
    def field(self) -> FieldInfo | None:
        """What declares it, if a section does."""
        model = self.above.model if self.above is not None else None
        return None if model is None else model.model_fields.get(str(self.path[-1]))

    def bounds(self) -> dict[str, Any]:
        """`ge`, `le`, `gt`, `lt` of the field."""
        field = self.field
        declared = field.metadata if field is not None else []
        return {name: getattr(one, name) for one in declared for name in ("ge", "le", "gt", "lt") if hasattr(one, name)}


class Source:
    """The text of a scenario, and its places."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text

    @cached_property
    def sites(self) -> list[Site]:
        """Every entry, in order. Empty if the text is no YAML."""
        try:
            node = yaml.compose(self.text, Loader=yaml.CBaseLoader)
        except (yaml.YAMLError, ValueError):
            return []
        return list(_walk(node, (), ROOT, set()))

    def words(self, span: Span) -> str:
        """The text of a span."""
        return self.text[span.start : span.end]

    def replaced(self, *edits: tuple[Span, str]) -> str:
        """The text with spans replaced; they do not overlap."""
        text = self.text
        for span, words in sorted(edits, reverse=True):
            text = text[: span.start] + words + text[span.end :]
        return text

    def lines(self, site: Site) -> Span:
        """The whole lines of an entry of a block mapping or list: from its name's to where the next begins."""
        begin = site.name.start if site.name is not None else site.value.start
        start = self.text.rfind("\n", 0, begin) + 1
        end = self.text.find("\n", site.value.end)
        if site.value.end > site.value.start and self.text[site.value.end - 1] == "\n":
            end = site.value.end - 1
        return Span(start, len(self.text) if end < 0 else end + 1)


def _step(shape: Shape | None, step: str | int) -> Shape | None:
    if shape is None or shape.kind == "value":
        return shape.item if shape is not None and shape.unit == "list" and isinstance(step, int) else None
    if shape.kind == "section" and shape.model is not None:
        return shapes(shape.model).get(str(step))
    return shape.item if (shape.kind == "mapping") == isinstance(step, str) else None


def _walk(node: Any, path: tuple[str | int, ...], shape: Shape | None, seen: set[int]) -> Iterator[Site]:
    # What an alias stands for has its place at the anchor.
    if isinstance(node, yaml.MappingNode):
        for name, one in node.value:
            if isinstance(name, yaml.ScalarNode) and id(one) not in seen:
                seen.add(id(one))
                steps, below = (*path, name.value), _step(shape, name.value)
                yield _site(one, steps, below, shape, name, bool(node.flow_style))
                yield from _walk(one, steps, below, seen)
    elif isinstance(node, yaml.SequenceNode):
        for index, one in enumerate(node.value):
            if id(one) not in seen:
                seen.add(id(one))
                yield _site(one, (*path, index), _step(shape, index), shape, None, bool(node.flow_style))
                yield from _walk(one, (*path, index), _step(shape, index), seen)


def _site(
    node: Any, path: tuple[str | int, ...], shape: Shape | None, above: Shape | None, name: Any, flow: bool
) -> Site:
    at = name or node
    span = Span(node.start_mark.index, node.end_mark.index)
    words = node.value if isinstance(node, yaml.ScalarNode) else None
    named = None if name is None else Span(name.start_mark.index, name.end_mark.index)
    return Site(path, shape, above, named, span, words, flow, at.start_mark.column)
