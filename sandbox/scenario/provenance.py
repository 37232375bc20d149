"""Where every value of a scenario comes from: who set it, on which source, and how sure that is.

A source given in `sources:` counts for a value if it stands in the file that set the value or in one that extends it; a
parent's source says nothing about a child's value. The longest path wins; `*` stands for any one name or entry.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from pydantic.fields import FieldInfo

from sandbox.language import _
from sandbox.scenario.errors import ScenarioError, short
from sandbox.scenario.explain import MOST_COMPARED
from sandbox.scenario.introspection import TEXT_FIELDS, Leaf, leaves, shape_at, shown_value
from sandbox.scenario.merge import COMMAND_LINE, DEFAULT, SET
from sandbox.scenario.nodes import Node, Place
from sandbox.scenario.paths import ANY, Path, format_path, nearest, parse_path
from sandbox.scenario.presets import MARK, Presets
from sandbox.scenario.schema.fields import ASSUMED
from sandbox.scenario.schema.plan_presets import plan_source
from sandbox.scenario.schema.scenario import Scenario
from wallets.classes import LIMIT_SOURCES

ON_THE_COMMAND_LINE: Final = "set on the command line"
OWN_WORDS: Final = "text of the scenario"

_STATUS: Final = re.compile(r"\s*(FITTED|ASSUMED)\b", re.IGNORECASE)
_SEE: Final = re.compile(r"\s*see (\S+)\s*\Z")
_LONGEST_CHAIN: Final = 8
_PRESET: Final = "preset"
_LONGEST: Final = 450
"""Of a source that is marked; a longer one would be too long with the mark."""


class Parameter(NamedTuple):
    """One value in force; the columns of `parameters.parquet`."""

    path: str
    value: str
    role: str
    source: str
    status: str
    set_by: str
    doc: str


class _Given(NamedTuple):
    """A source that a file gives, and the level of that file."""

    path: Path
    words: str
    level: int


def parameters(scenario: Scenario, root: Node) -> list[Parameter]:
    """Every value in force with where it comes from, in the order of the schema.

    Args:
        scenario: the scenario in force.
        root: the merged files it was made from.
    """
    given = _given_sources(root)
    by_path = {leaf.path: leaf for leaf in leaves(scenario)}
    rows, presets = [], Presets(scenario)
    for path, leaf in by_path.items():
        place = _place_set(root, path)
        source = _source(leaf, place, given, by_path, root)
        if source.endswith(MARK):
            source = source.removesuffix(MARK) if _still_holds(leaf, by_path, presets) else _unsourced(place)
            if place == DEFAULT:  # what is marked was another preset's
                source = _schema_source(leaf, by_path)
        rows.append(
            Parameter(
                format_path(path), shown_value(leaf.value, leaf.shape), declared_role(leaf.field), source,
                status_of(source), _setter(place), leaf.field.description or "",
            )
        )  # fmt: skip
    return rows


def status_of(source: str) -> str:
    """`FITTED` or `ASSUMED` if the source says so at its start, else `sourced`.

    >>> status_of("Assumed, like Luohu"), status_of("fitted: seed 1-20"), status_of("ECNS 2017, ASSUMED shape")
    ('ASSUMED', 'FITTED', 'sourced')
    """
    match = _STATUS.match(source)
    return match.group(1).upper() if match else "sourced"


def check_sources(scenario: Scenario, root: Node) -> list[ScenarioError]:
    """Sources for paths that the scenario does not have. Inherited ones may speak of what a child took out."""
    node = root.child("sources")
    known = [path for leaf in leaves(scenario) for path in _prefixes(leaf.path)]
    errors: list[ScenarioError] = []
    for words, one in node.value.items() if node is not None and isinstance(node.value, dict) else ():
        path = parse_path(words, with_any=True)
        place = one.key or one.place
        if place.level < 0 or (path is not None and (shape_at(path) is not None and _is_there(path, known))):
            continue
        near = nearest(words, dict.fromkeys(map(format_path, known))) if len(errors) < MOST_COMPARED else None
        problem = _("the scenario has no '{path}'", path=short(words))
        where = short(format_path(("sources", words)), 200)
        errors.append(place.error(where, problem, short(words), nearest=near))
    return errors


def _is_there(path: Path, known: Iterable[Path]) -> bool:
    # A section that may be left out, or an empty list, is there as a place for a source.
    above = (shape_at(path[:end]) for end in range(len(path)))
    return any(_matches(path, one) for one in known) or all(one is not None and one.kind == "section" for one in above)


def _prefixes(path: Path) -> Iterable[Path]:
    return (path[:end] for end in range(1, len(path) + 1))


def _matches(pattern: Path, path: Path) -> bool:
    return len(pattern) == len(path) and all(one in (ANY, step) for one, step in zip(pattern, path, strict=True))


def _given_sources(root: Node) -> list[_Given]:
    node = root.child("sources")
    if node is None or not isinstance(node.value, dict):
        return []
    found = [(parse_path(words, with_any=True), one) for words, one in node.value.items()]
    given = [_Given(path, str(one.value), one.place.level) for path, one in found if path is not None]
    # The longest first; of two as long, the one with fewer wildcards; of those, the later file.
    return sorted(given, key=lambda one: (-len(one.path), one.path.count(ANY), -one.level))


def _place_set(root: Node, path: Path) -> Place:
    """Who set the value at a path: the place of its node, or of the shorthand that stands for it."""
    node = root
    for step in path:
        below = node.child(step)
        if below is None:
            return DEFAULT if isinstance(node.value, dict) else node.place
        node = below
    return node.place


def _setter(place: Place) -> str:
    if place == DEFAULT:
        return "default"
    return SET if place.level == COMMAND_LINE else posixpath.basename(place.file.replace("\\", "/"))


def _source(
    leaf: Leaf, place: Place, given: list[_Given], by_path: Mapping[Path, Leaf], root: Node, turn: int = 0
) -> str:
    if leaf.path[0] in TEXT_FIELDS:
        return OWN_WORDS
    for one in given:
        if _matches(one.path, leaf.path[: len(one.path)]) and one.level >= place.level:
            pointed = _referenced(one.words, leaf.path, by_path)
            if pointed is None or turn >= _LONGEST_CHAIN:
                return one.words
            return _source(pointed, _place_set(root, pointed.path), given, by_path, root, turn + 1)
    if place == DEFAULT:
        return _schema_source(leaf, by_path)
    if place.level == COMMAND_LINE:
        return ON_THE_COMMAND_LINE
    return _unsourced(place)


def _unsourced(place: Place) -> str:
    return f"{ASSUMED} (no source given in {_setter(place)})"


def _schema_source(leaf: Leaf, by_path: Mapping[Path, Leaf]) -> str:
    pointed = _referenced(declared_source(leaf.field), leaf.path, by_path)
    if pointed is not None and pointed.value is not None:
        of_class = LIMIT_SOURCES.get(str(pointed.value), {}).get(str(leaf.path[-2]))
        of_plan = plan_source(str(pointed.value), leaf.path)
        return of_class or of_plan or declared_source(pointed.field)
    return default_source(leaf.field, leaf.path[-1], leaf.value, leaf.above[-1] if leaf.above else None)


def default_source(field: FieldInfo, name: str | int, value: object, around: FieldInfo | None) -> str:
    """The schema's source of a default: the field's, or that of the section around it.

    Args:
        field: declares the value.
        name: the field's, or the name within a mapping.
        value: the default in force.
        around: declares the section that holds the value, if it is a section's part; what the section's default sets
            otherwise than the field, it sets on its own source.
    """
    source = declared_source(field)
    if around is None:
        return source
    default = field.get_default(call_default_factory=True)
    is_own = value == (default.get(name) if isinstance(default, dict) else default)
    above = declared_source(around)
    return above if not is_own or (source == ASSUMED and above.startswith(ASSUMED)) else source


def declared_source(field: FieldInfo) -> str:
    """The source that the schema declares for a field."""
    extra = field.json_schema_extra
    return str(extra.get("source", ASSUMED)) if isinstance(extra, dict) else ASSUMED


def declared_role(field: FieldInfo) -> str:
    """Who may set a field: `lever`, `assumption`, `design` or `text`."""
    extra = field.json_schema_extra
    return str(extra.get("role", "assumption")) if isinstance(extra, dict) else "assumption"


def _referenced(words: str, path: Path, by_path: Mapping[Path, Leaf]) -> Leaf | None:
    """The value that `see PATH` points at: beside this one, or anywhere; of presets the one that is nearest above."""
    match = _SEE.match(words)
    target = parse_path(match.group(1)) if match else None
    if target is None:
        return None
    if target[-1] == _PRESET:
        above = ((*path[:end], _PRESET) for end in range(len(path) - 1, 0, -1))
        return next((by_path[one] for one in above if one in by_path and one != path), None)
    return by_path.get(path[:-1] + target) or by_path.get(target)


def _preset_of(leaf: Leaf, by_path: Mapping[Path, Leaf]) -> Leaf | None:
    """The preset that fills a value in, if one is named."""
    pointed = _referenced(declared_source(leaf.field), leaf.path, by_path)
    named = pointed is not None and pointed.path[-1] == _PRESET and pointed.value is not None
    return pointed if named else None


def _still_holds(leaf: Leaf, by_path: Mapping[Path, Leaf], presets: Presets) -> bool:
    preset = _preset_of(leaf, by_path)
    return preset is not None and presets.give(preset, leaf)


def _given_by_presets(scenario: Scenario, root: Node) -> dict[Path, list[Leaf]]:
    """Values that nobody but a preset has set, by the preset's path: left to it, or marked so where written out."""
    by_path, given = {leaf.path: leaf for leaf in leaves(scenario)}, _given_sources(root)
    found: dict[Path, list[Leaf]] = {}
    for leaf in by_path.values():
        if (preset := _preset_of(leaf, by_path)) is None:
            continue
        place = _place_set(root, leaf.path)
        words = next((one.words for one in given if _matches(one.path, leaf.path[: len(one.path)])), "")
        if place == DEFAULT or (words.endswith(MARK) and place.level == _place_set(root, preset.path).level):
            found.setdefault(preset.path, []).append(leaf)
    return found


def check_presets(scenario: Scenario, root: Node) -> list[ScenarioError]:
    """Presets whose name was changed in a resolved scenario, above the values of the old one."""
    by_path, presets = {leaf.path: leaf for leaf in leaves(scenario)}, Presets(scenario)
    errors = []
    for path, values in _given_by_presets(scenario, root).items():
        written = [leaf for leaf in values if _place_set(root, leaf.path) != DEFAULT]
        if written and (old := presets.misnamed(by_path[path], written)) is not None:
            entries = ", ".join(dict.fromkeys(f"`{leaf.path[len(path) - 1]}`" for leaf in written))
            place, name = _place_set(root, path), str(by_path[path].value)
            problem = _(
                "the values written out beside it are those of {old}, not of {name}; take out {entries}, and "
                "{name} gives its own, or put {old} back",
                name=name,
                old=old,
                entries=entries,
            )
            errors.append(place.error(format_path(path), problem, short(name)))
    return errors


def complete_sources(scenario: Scenario, root: Node, rows: Iterable[Parameter]) -> dict[str, str]:
    """Sources that say for every value what `rows` say, in as few entries as is easy; what a preset gives is marked.

    Values that differ only in a name or index share an entry with `*` if they share a source.
    """
    by_generic: dict[Path, dict[Path, str]] = {}
    by_path, presets = {leaf.path: leaf for leaf in leaves(scenario)}, Presets(scenario)
    marked = {
        leaf.path
        for preset, values in _given_by_presets(scenario, root).items()
        for leaf in values
        if presets.give(by_path[preset], leaf)
    }
    for row in rows:
        path = parse_path(row.path)
        if path is not None and path[0] not in TEXT_FIELDS:
            mark = MARK if path in marked and len(row.source) <= _LONGEST else ""
            by_generic.setdefault(_generic(path), {})[path] = row.source + mark
    shared: dict[Path, str] = {}
    single: dict[Path, str] = {}
    for generic, sources in by_generic.items():
        if len(set(sources.values())) == 1:
            shared[generic] = next(iter(sources.values()))
        else:
            single.update(sources)
    entries = {**_collapse(shared, by_generic), **single}
    return {format_path(path): entries[path] for path in sorted(entries, key=lambda path: list(map(str, path)))}


def _generic(path: Path) -> Path:
    steps: list[str | int] = []
    for end, step in enumerate(path):
        above = shape_at(path[:end])
        steps.append(step if above is not None and above.kind == "section" else ANY)
    return tuple(steps)


def _collapse(shared: Mapping[Path, str], every: Iterable[Path]) -> dict[Path, str]:
    """One entry for a whole section if all its values share one source."""
    below: dict[Path, set[str | None]] = {}
    for path in every:
        for end in range(1, len(path) + 1):
            below.setdefault(path[:end], set()).add(shared.get(path))
    entries: dict[Path, str] = {}
    for path, source in shared.items():
        top = next(path[:end] for end in range(1, len(path) + 1) if len(below[path[:end]]) == 1)
        entries[top] = source
    return entries
