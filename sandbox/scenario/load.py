"""Loading a scenario: from a name or a file to a checked `Scenario`, with the source of every value.

The way: find the file, read it and what it extends, merge them, put in what the command line sets, fill in section
defaults, check them against the schema and references outside it (sources, the trace file), and say where every value
is from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from os.path import normpath
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from sandbox.language import _
from sandbox.scenario import gallery
from sandbox.scenario.confusables import confusable_names
from sandbox.scenario.errors import ScenarioError, ScenarioErrors, short, shown
from sandbox.scenario.experiment_checks import check_varied
from sandbox.scenario.explain import explain, explain_problems, place_of
from sandbox.scenario.introspection import TEXT_FIELDS, root_shape
from sandbox.scenario.merge import COMMAND_LINE, SET, complete, expand, extend, put, without_nulls
from sandbox.scenario.nodes import Node, Place
from sandbox.scenario.past_end import past_end_notes
from sandbox.scenario.paths import parse_path
from sandbox.scenario.provenance import Parameter, check_presets, check_sources, complete_sources, parameters
from sandbox.scenario.python_values import node_of
from sandbox.scenario.schema import Scenario, scenario_from
from sandbox.scenario.yaml_reader import read_bytes, read_file, read_value
from sandbox.scenario.yaml_writer import resolved_yaml

MOST_EXTENDED: Final = 8
SEED: Final = "--seed"


@dataclass(frozen=True)
class Loaded:
    """A scenario in force, and where it comes from.

    Attributes:
        scenario: checked, every default filled in; `extends` is None and `sources` speaks of every value.
        name: of the gallery, or the file's name without its ending.
        base_dir: the folder to which a trace's file is relative.
        notes: what is no mistake, but hardly meant (a fault after the end of the run), each with its place.
        digest: SHA-256, in hex, of everything that decides the numbers except the seed. Titles, sources and what an
            experiment varies do not count; of a trace its bytes count, not its name.
    """

    scenario: Scenario
    name: str
    base_dir: Path
    digest: str
    _rows: tuple[Parameter, ...] = field(repr=False)
    notes: tuple[ScenarioError, ...] = field(default=(), repr=False, compare=False)

    def trace_path(self) -> Path | None:
        """Where the trace is, if the scenario has one."""
        trace = self.scenario.demand.trace
        return None if trace is None else (self.base_dir / trace.file).resolve()

    def resolved_yaml(self) -> str:
        """The scenario as a file with every value in force and its source; loading it gives an equal scenario.

        A trace is named by its full path, for the text may be saved in any folder.
        """
        trace = self.trace_path()
        status = {row.path: row.status for row in self._rows if row.role == "assumption"}
        return resolved_yaml(self.scenario, status, None if trace is None else str(trace))

    def parameters(self) -> list[dict[str, str]]:
        """Every value in force, as the rows of `parameters.parquet`: path, value, role, source, status, set_by, doc."""
        return [row._asdict() for row in self._rows]


@dataclass(frozen=True)
class Template:
    """A scenario's files read and merged, before values from the command line are put in; made once for many runs."""

    name: str
    _root: Node = field(repr=False)
    _chain: _Chain = field(repr=False)

    def load(self, overrides: Mapping[str, Any] | None = None, seed: int | None = None) -> Loaded:
        """As `load`, without reading the files again.

        Raises:
            ScenarioErrors: everything that is wrong, each with its place.
        """
        if not isinstance(overrides, Mapping | None) or not all(isinstance(path, str) for path in overrides or ()):
            raise TypeError("values to set are a mapping by path, such as {'rules.box.enabled': 'true'}")
        root, chain = self._root, self._chain
        errors = list(chain.errors)
        for words, value in (overrides or {}).items():
            try:
                root = put(root, words, _override(value))
            except ScenarioErrors as wrong:
                errors += [_with_path(error, words) for error in wrong.errors]
        if seed is not None:
            if any(parse_path(words) == ("seed",) for words in overrides or {}):
                errors.append(
                    ScenarioError(SET, None, None, "seed", _("the seed is given by `--seed` too; give it once"))
                )
            root = put(root, "seed", node_of(seed, Place(SEED, None, None, COMMAND_LINE)))
        as_written, root = root, _with_defaults(root)
        scenario, wrong_values = _validate(root)
        seen = {(error.file, error.line) for error in errors if error.line is not None}
        errors += [error for error in wrong_values if (error.file, error.line) not in seen]
        base_dir = _base_dir(root, chain)
        trace_hash, wrong_trace = (None, []) if scenario is None else _hash_trace(scenario, root, base_dir)
        if scenario is not None:
            errors += [
                *confusable_names(root),
                *check_sources(scenario, root),
                *check_presets(scenario, root),
                *wrong_trace,
            ]
            errors += check_varied(scenario, as_written, lambda node: _validate(_with_defaults(node))[1])
        if errors or scenario is None:
            raise ScenarioErrors(errors)
        rows = tuple(parameters(scenario, root))
        scenario = scenario.model_copy(update={"sources": complete_sources(scenario, root, rows)})
        return Loaded(
            scenario, self.name, base_dir, _digest(scenario, trace_hash), rows, tuple(past_end_notes(scenario, root))
        )


def load(source: str | Path, *, overrides: Mapping[str, Any] | None = None, seed: int | None = None) -> Loaded:
    """Read, resolve and check a scenario.

    Args:
        source: the name of one in the gallery, or a path.
        overrides: values by path, as `--set` gives them: text is read as YAML, other values are taken as they are, and
            nodes keep their places.
        seed: in place of the scenario's.

    Raises:
        ScenarioErrors: everything that is wrong, each with its place.
    """
    return template(source).load(overrides, seed)


def template(source: str | Path) -> Template:
    """Read a scenario's files.

    Raises:
        ScenarioErrors: a file is not there, or cannot be read to its end.
    """
    located = gallery.locate(source)
    chain = _read_chain(located)
    root = chain.nodes[-1]
    for node in reversed(chain.nodes[:-1]):
        root = extend(root, node)
    return Template(located.name, root, chain)


def template_of(words: str, name: str) -> Template:
    """A scenario given as text that stands on its own, such as a resolved one; errors call it `name`.

    Raises:
        ScenarioErrors: it cannot be read to its end.
    """
    node, errors = read_bytes(words.encode("utf-8"), name)
    root = expand(node, root_shape())
    return Template(name, root, _Chain([root], [Path.cwd()], errors))


@dataclass
class _Chain:
    """A scenario and what it extends, itself first."""

    nodes: list[Node]
    folders: list[Path]
    errors: list[ScenarioError]


def _read_chain(located: gallery.Located) -> _Chain:
    chain = _Chain([], [], [])
    seen: dict[Path, str] = {}
    while True:
        node, errors = read_file(located.path, located.label, level=-len(chain.nodes))
        seen[located.path.resolve()] = located.label
        chain.nodes.append(expand(node, root_shape()))
        chain.folders.append(located.path.parent)
        chain.errors += errors
        named = node.child("extends")
        if named is None or named.value is None:
            return chain
        located = _locate_extended(named, located, chain)
        trail = " -> ".join([*seen.values(), located.label])
        if located.path.resolve() in seen:
            raise _extends_error(chain, named, _("a scenario cannot extend itself: {chain}", chain=trail))
        if len(chain.nodes) > MOST_EXTENDED:
            raise _extends_error(
                chain,
                named,
                _("more than {limit} scenarios extend one another: {chain}", limit=MOST_EXTENDED, chain=trail),
            )


def _locate_extended(named: Node, child: gallery.Located, chain: _Chain) -> gallery.Located:
    name = named.value
    if not isinstance(name, str) or not name.strip() or "\n" in name:
        raise _extends_error(chain, named, _("expected the name of one scenario or a path to a file"), shown(name))
    if name in gallery.names():
        return gallery.in_gallery(name)
    path = child.path.parent / name
    if path.suffix not in gallery.SUFFIXES or not gallery.exists(path):
        near, several = gallery.suggested(name, [*gallery.names(), *gallery.beside(child.path)])
        raise _extends_error(
            chain,
            named,
            _("'{name}' is neither a scenario of the gallery nor a `.yaml` file beside this one", name=short(name)),
            short(name),
            near,
            several,
        )
    return gallery.Located(path.stem, path, normpath(Path(child.label).parent / name))


def _extends_error(
    chain: _Chain,
    named: Node,
    problem: str,
    value: str | None = None,
    near: str | None = None,
    expected: str | None = None,
) -> ScenarioErrors:
    return ScenarioErrors([*chain.errors, named.place.error("extends", problem, value, expected, near)])


def _without_extends(root: Node) -> Node:
    entries = root.value if isinstance(root.value, dict) else {}
    return Node({name: node for name, node in entries.items() if name != "extends"}, root.place)


def _with_defaults(root: Node) -> Node:
    shape = root_shape()
    return complete(without_nulls(expand(_without_extends(root), shape), shape), shape)


def _override(value: Any) -> Node:
    if isinstance(value, Node):
        return value
    if isinstance(value, str):
        return read_value(value, SET, COMMAND_LINE)
    return node_of(value, Place(SET, None, None, COMMAND_LINE))


def _with_path(error: ScenarioError, words: str) -> ScenarioError:
    """An error in reading a value from the command line, with the path it was for."""
    return error if error.path else replace(error, line=None, column=None, path=short(words))


def _validate(root: Node) -> tuple[Scenario | None, list[ScenarioError]]:
    data = root.plain()
    try:
        return scenario_from(data, context={"file": True}), []
    except ValidationError as error:
        return None, explain(error, root) + _cross_section_errors(error, data, root)


def _cross_section_errors(error: ValidationError, data: dict[str, Any], root: Node) -> list[ScenarioError]:
    """What does not go together in the sections that are right, though others are wrong.

    pydantic checks several sections together only when each is right; so check again without the wrong ones.
    """
    broken = {str(found["loc"][0]) for found in error.errors(include_url=False) if found["loc"]}
    if not broken:
        return []
    rest = {name: value for name, value in data.items() if name not in broken}
    words = {name: "-" for name in ("title", "question") if name not in rest}
    try:
        scenario_from({**rest, **words}, context={"file": True})
    except ValidationError as again:
        problems = [
            one for found in again.errors() if found["type"] == "inconsistent" and not found["loc"]
            for one in found["ctx"]["problems"]
        ]  # fmt: skip
        return explain_problems([one for one in problems if broken.isdisjoint(one.sections)], root)
    return []


def _base_dir(root: Node, chain: _Chain) -> Path:
    """The folder of the file that names the trace; of the scenario itself if there is none."""
    node = root.at(("demand", "trace", "file"))
    level = node.place.level if node is not None else 0
    return Path.cwd() if level == COMMAND_LINE else chain.folders[-level]


def _digest(scenario: Scenario, trace_hash: str | None) -> str:
    data = scenario.model_dump(mode="json", exclude={"seed", "experiment", *TEXT_FIELDS})
    if trace_hash is not None:
        data["demand"]["trace"]["file"] = trace_hash
    canonical = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _hash_trace(scenario: Scenario, root: Node, base_dir: Path) -> tuple[str | None, list[ScenarioError]]:
    """SHA-256 of the trace's bytes, if there is a trace; or what keeps it from being read."""
    trace = scenario.demand.trace
    if trace is None:
        return None, []
    try:
        if not (base_dir / trace.file).is_file():
            problem = _(
                "there is no file '{name}' (looked in {folder})",
                name=short(trace.file),
                folder=short(str(base_dir), 200),
            )
        else:
            with (base_dir / trace.file).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest(), []
    except (OSError, ValueError) as error:
        problem = _("the file cannot be read: {reason}", reason=getattr(error, "strerror", None) or str(error))
    place = place_of(root, ("demand", "trace", "file"))
    return None, [place.error("demand.trace.file", problem, short(trace.file))]
