"""How scenario files come together: `extends`, defaults of sections, null, and values from the command line.

Rules: mappings merge entry by entry; lists and single values replace; null takes an entry of a section back to its
default, and a name that the other file gave (a segment) out. A null that does neither is a mistake, and stays to be
told. Who chooses a preset chooses all that it gives: an entry that a preset fills does not survive one given later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Final

from pydantic_core import PydanticUndefined

from sandbox.language import N_, _
from sandbox.scenario.errors import ScenarioError, ScenarioErrors
from sandbox.scenario.introspection import Shape, root_shape, shape_at, shape_of, shapes, written
from sandbox.scenario.nodes import Node, Place
from sandbox.scenario.numerals import folded
from sandbox.scenario.paths import Path, format_path, nearest, parse_path
from sandbox.scenario.python_values import node_of
from sandbox.scenario.schema.demand import Ticket, names_preset
from sandbox.scenario.schema.fields import Model

DEFAULT: Final = Place("", None, None, -1_000)
"""The place of a value that no file gave."""

COMMAND_LINE: Final = 1
"""The level of values from the command line; files have levels 0 (the scenario), -1 (what it extends), and so on."""

SET: Final = "--set"

_PRESET: Final = "preset"
_NOT_INHERITED: Final = ("title", "question", "extends")
_JOINED: Final = "look_for"


def extend(parent: Node, child: Node) -> Node:
    """What a scenario is that extends another.

    The title and the question are the child's own; things to look for are joined, the parent's first.
    """
    if not isinstance(parent.value, dict) or not isinstance(child.value, dict):
        return child
    kept = {name: node for name, node in parent.value.items() if name not in _NOT_INHERITED}
    ours, theirs = child.value.get(_JOINED), kept.get(_JOINED)
    both = merge(replace(parent, value=kept), child, root_shape())
    if ours and theirs and isinstance(ours.value, list) and isinstance(theirs.value, list):
        said = [item.value for item in theirs.value]
        joined = theirs.value + [item for item in ours.value if item.value not in said]
        both = replace(both, value={**_entries(both), _JOINED: replace(ours, value=joined)})
    return both


def merge(parent: Node, child: Node, shape: Shape) -> Node:
    """The child over the parent, both of one shape."""
    if not isinstance(parent.value, dict) or not isinstance(child.value, dict):
        return child
    merged = dict(_kept_beside_preset(parent.value, child.value, shape))
    for name, node in child.value.items():
        if node.value is None and name in merged and shape.kind == "mapping":
            del merged[name]
        else:
            merged[name] = merge(merged[name], node, _shape_below(shape, name) or _ANY) if name in merged else node
    return replace(child, value=merged)


def expand(node: Node, shape: Shape) -> Node:
    """Write shorthands out, so that files merge: a ticket given as the name of its preset."""
    if shape.kind == "section" and shape.model is Ticket and isinstance(node.value, str) and names_preset(node.value):
        return replace(node, value={_PRESET: node})
    return _map_children(node, shape, expand)


def complete(node: Node, shape: Shape) -> Node:
    """Give sections that are given in part what their field's default has in place of the section's own defaults.

    `ledger: {service: {sigma: 0.3}}` keeps the ledger's 20 ms instead of falling back to a gateway's 70 ms.
    """
    if isinstance(node.value, dict) and shape.kind == "section" and shape.model is not None:
        kinds = shapes(shape.model)
        entries = {}
        for name, one in node.value.items():
            below = kinds.get(name, _ANY)
            default = _default(shape, name, None) if below.kind == "section" else None
            entries[name] = merge(default, one, below) if default is not None and isinstance(one.value, dict) else one
        node = replace(node, value=entries)
    return _map_children(node, shape, complete)


def without_nulls(node: Node, shape: Shape, named: Collection[str] = ()) -> Node:
    """Leave out entries that are null: they are at their defaults. One that has none stays, to be told as a mistake:
    a name of a mapping, for a mapping that is given takes the place of the default one.

    Args:
        node: what is read.
        shape: what may stand there.
        named: the names of a mapping that a preset gives, whatever else is given.
    """
    if isinstance(node.value, list):
        return replace(node, value=[without_nulls(one, shape.item or _ANY) for one in node.value])
    if not isinstance(node.value, dict):
        return node
    known = named
    if shape.kind == "section" and shape.model is not None:
        known = [name for name, field in shape.model.model_fields.items() if not field.is_required()]
    preset = node.value.get(_PRESET)
    entries = {
        name: without_nulls(one, _shape_below(shape, name) or _ANY, _names_from_preset(shape, name, preset) or ())
        for name, one in node.value.items()
        if one.value is not None or name not in known
    }
    return replace(node, value=entries)


def _names_from_preset(shape: Shape, name: str, preset: Node | None) -> list[str] | None:
    """Names of a field's entries that a preset gives; None if it gives none."""
    if preset is None or shape.model is None or not issubclass(shape.model, Model):
        return None
    return shape.model.names_in_preset(name, preset.value)


def put(root: Node, words: str, value: Node) -> Node:
    """The scenario with one value set from the command line.

    Raises:
        ScenarioErrors: the path is none, or leads into a value or past the end of a list.
    """
    path = parse_path(words)
    if path is None:
        raise _refusal(
            (), _("this is not a path such as `rules.box.enabled` or `faults[0].starts`"), _corrected_path(words)
        )
    if path == ("extends",):
        raise _refusal(path, _("`extends` cannot be set here; name the scenario itself"))
    return _put(root, root_shape(), path, 0, value)


def _put(node: Node, shape: Shape | None, path: Path, at: int, value: Node) -> Node:
    if at == len(path):
        return value
    step, below, is_last = path[at], _shape_below(shape, path[at]), at + 1 == len(path)
    if isinstance(step, int) and isinstance(node.value, list):
        if step >= len(node.value):
            raise _past_the_end(node.value, path, at)
        new = _put(node.value[step], below, path, at + 1, value)
        return replace(node, value=[*node.value[:step], new, *node.value[step + 1 :]])
    if isinstance(step, int) or not isinstance(node.value, dict):
        raise _wrong_step(node, path, at)
    here = node.value.get(step)
    is_mapping = shape is not None and shape.kind == "mapping"
    if is_last and value.value is None and here is not None and is_mapping:
        return replace(node, value={name: one for name, one in node.value.items() if name != step})
    if here is None or here.value is None:
        if not is_last and isinstance(path[at + 1], int) and below is None and shape is not None and shape.model:
            near = nearest(step, tuple(shapes(shape.model)))
            raise _refusal(path[: at + 1], _("'{key}' is not a parameter here", key=step), near)
        # A name of the mapping's own (a wallet class) has values to fill the rest of it in; any other has none.
        if not is_last and shape is not None and is_mapping and step not in (shape.choices or ()):
            message = N_("`{inside}` has no '{name}'; a new one is set as a whole, in braces")
            problem = _(message, name=step, inside=format_path(path[:at]))
            raise _refusal(path, problem, nearest(step, shape.choices or node.value))
        place = value.place if below is None else DEFAULT
        here = (_default(shape, step, node.value.get(_PRESET)) if shape is not None else None) or Node({}, place, place)
    new = _put(here, below, path, at + 1, value)
    entry = replace(new, key=value.key if is_last else here.key)
    return replace(node, value={**_kept_beside_preset(node.value, {step: entry}, shape), step: entry})


def _past_the_end(items: list[Node], path: Path, at: int) -> ScenarioErrors:
    if not items:
        return _refusal(path, _("there is no entry {index}; the list is empty", index=path[at]))
    last = format_path((*path[:at], len(items) - 1, *path[at + 1 :]))
    message = N_("there is no entry {index}; entries count from 0, the last is {last}")
    return _refusal(path, _(message, index=path[at], last=last))


def _wrong_step(node: Node, path: Path, at: int) -> ScenarioErrors:
    """A name where entries have numbers, a number where they have names, or either where there are none."""
    inside, numbered = format_path(path[:at]), format_path(_numbered(path))
    if numbered != format_path(path) or isinstance(node.value, list):
        near: str | None = numbered
        if numbered == format_path(path):  # `faults.starts` of `faults[0].starts`
            first = (*path[:at], 0, *path[at:])
            near = format_path(first) if node.value and shape_at(first) is not None else None
        return _refusal(path, _("'{inside}' is a list; its entries are numbered in brackets", inside=inside), near)
    if isinstance(node.value, dict):
        return _refusal(path, _("'{inside}' holds entries by name, not by number", inside=inside))
    return _refusal(path, _("'{inside}' holds no entries; set it as a whole", inside=inside))


def _numbered(path: Path) -> Path:
    """A path with the numbers of entries of lists as such: `faults.0.starts` is `faults[0].starts`."""
    shape: Shape | None = root_shape()
    steps: list[str | int] = []
    for step in path:
        is_list = shape is not None and (shape.kind == "sequence" or shape.unit == "list")
        steps.append(int(step) if is_list and isinstance(step, str) and step.isdecimal() else step)
        shape = _shape_below(shape, step)
    return tuple(steps)


def _corrected_path(words: str) -> str | None:
    """The path that was meant by one spelt as in another language; None if it leads nowhere."""
    brackets = r"[\[(]\s*([\"']?)(.+?)\1\s*[\])]"
    plain = re.sub(brackets, lambda one: f"[{one[2]}]" if one[2].isdecimal() else f".{one[2]}", folded(words))
    path = parse_path(re.sub(r"\s*[./]+\s*", ".", plain).strip(" ."))
    path = None if path is None else _numbered(path)
    return format_path(path) if path is not None and shape_at(path) is not None else None


def _kept_beside_preset(parent: dict[str, Node], child: dict[str, Node], shape: Shape | None) -> dict[str, Node]:
    """The parent's entries that outlive the child's choice of a preset."""
    preset, model = child.get(_PRESET), shape.model if shape is not None else None
    if preset is None or preset.value is None or model is None or not issubclass(model, Model):
        return parent
    return {name: node for name, node in parent.items() if name not in model.filled_by_preset}


def _shape_below(shape: Shape | None, step: str | int) -> Shape | None:
    if shape is None:
        return None
    if shape.kind == "section" and shape.model is not None:
        return shapes(shape.model).get(str(step))
    return shape.item


def _default(shape: Shape, name: str, preset: Node | None) -> Node | None:
    """What a field of a section starts from when a part of it is given; None if it has no default of its own."""
    if shape.kind != "section" or shape.model is None or name not in shape.model.model_fields:
        return None
    names = _names_from_preset(shape, name, preset)
    if names is not None:
        return node_of({one: {} for one in names}, DEFAULT)
    field = shape.model.model_fields[name]
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined or value is None:
        return None
    kind = shapes(shape.model)[name]
    entries = written(value, kind)
    if kind.kind == "section" and isinstance(entries, dict):
        entries = {one: entries[one] for one in type(value).model_fields if one in value.model_fields_set}
    return node_of(entries, DEFAULT)


def _map_children(node: Node, shape: Shape, change: Callable[[Node, Shape], Node]) -> Node:
    if isinstance(node.value, dict):
        return replace(
            node, value={name: change(one, _shape_below(shape, name) or _ANY) for name, one in node.value.items()}
        )
    if isinstance(node.value, list) and shape.kind == "sequence" and shape.item is not None:
        return replace(node, value=[change(one, shape.item) for one in node.value])
    return node


_ANY: Final = shape_of(str)


def _entries(node: Node) -> dict[str, Node]:
    return node.value if isinstance(node.value, dict) else {}


def _refusal(path: Path, problem: str, near: str | None = None) -> ScenarioErrors:
    return ScenarioErrors([ScenarioError(SET, None, None, format_path(path), problem, nearest=near)])
