"""From pydantic's findings to our own messages, each with its place in a file.

An error points at the value; one about a missing value points at the section that lacks it, one about an unknown name
at the name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import ValidationError

from sandbox.language import _
from sandbox.scenario.errors import ScenarioError, short, shown
from sandbox.scenario.introspection import shape_at
from sandbox.scenario.merge import DEFAULT
from sandbox.scenario.nodes import Node, Place
from sandbox.scenario.paths import Path, format_path, nearest
from sandbox.scenario.pydantic_messages import MESSAGES, Explanation, Finding, one_of, unforeseen
from sandbox.scenario.schema.fields import Problem

MOST_COMPARED: Final = 50
"""Errors for which the nearest name is looked up; a file with more has another trouble."""

MOST_NAMES: Final = 24
LONGEST_PATH: Final = 200
LONGEST_FILLED: Final = 300  # characters that a sentence is filled in with: a name may be as long as its file


def explain(error: ValidationError, root: Node) -> list[ScenarioError]:
    """Every mistake that validation found, with its place in the files that `root` came from."""
    said: list[ScenarioError] = []
    missing: dict[str, ScenarioError] = {}
    meant: set[str] = set()
    unknown: set[Path] = set()
    for index, found in enumerate(error.errors(include_url=False)):
        steps = found["loc"][:-1] if found["loc"] and found["loc"][-1] == "[key]" else found["loc"]
        path = tuple(steps)
        compare = index < MOST_COMPARED
        context: Mapping[str, Any] = found.get("ctx", {})
        if found["type"] == "inconsistent":
            problems: Iterable[Problem] = context["problems"]
            said.extend(explain_problems(problems, root, path))
            continue
        node = root.at(path)
        value = node.value if node is not None else found["input"]
        kind = "unknown_name" if steps != found["loc"] and found["type"] == "literal_error" else found["type"]
        if kind in ("unknown_name", "extra_forbidden") or steps != found["loc"]:
            value = path[-1]
        if value is None and path in unknown:
            continue  # a name that is none, with nothing, is one mistake
        if kind == "unknown_name":
            unknown.add(path)
        finding = Finding(kind, path, value, context, shape_at(path), found["msg"], compare)
        words = MESSAGES.get(kind, unforeseen)(finding)
        at = place_of(root, path, name=kind in ("unknown_name", "extra_forbidden") or steps != found["loc"])
        given = (
            None if kind == "missing" else short(str(value)) if not isinstance(value, (dict, list)) else shown(value)
        )
        said.append(_error(at, path, words, given))
        if kind == "missing":
            missing[format_path(path)] = said[-1]
        elif kind == "extra_forbidden" and words.near is not None:
            meant.add(format_path((*path[:-1], words.near)))
    # A value that is missing because its name is misspelt is one mistake, not two.
    misspelt = [error for path, error in missing.items() if path in meant]
    return [error for error in said if error not in misspelt]


def explain_problems(problems: Iterable[Problem], root: Node, above: Path = ()) -> list[ScenarioError]:
    """What checks of several values found, each with its place."""
    return [_problem(one, root, above, number < MOST_COMPARED) for number, one in enumerate(problems)]


def _problem(problem: Problem, root: Node, above: Path, compare: bool) -> ScenarioError:
    path = above + problem.path
    values = problem.values
    valid, given = values.get("valid"), values.get("given")
    bounded = {name: short(one, LONGEST_FILLED) if isinstance(one, str) else one for name, one in values.items()}
    words = Explanation(_(problem.message, **bounded))
    if isinstance(valid, list) and valid:
        words = Explanation(
            words.problem, one_of(valid), nearest(given, valid) if given is not None and compare else None
        )
    return _error(place_of(root, path), path, words, None if given is None else short(str(given)))


def place_of(root: Node, path: Path, name: bool = False) -> Place:
    """The place of a value, or of its name, or of the nearest section above it that a file gave."""
    place = root.place
    node: Node | None = root
    for step in path:
        node = node.child(step) if node is not None else None
        if node is None:
            break
        stands_alone = not isinstance(node.value, (dict, list)) and not (name and step == path[-1])
        found = node.place if stands_alone or node.key is None else node.key
        if found != DEFAULT:
            place = found
    return place


def _error(place: Place, path: Path, said: Explanation, value: str | None) -> ScenarioError:
    return place.error(short(format_path(path), LONGEST_PATH), said.problem, value, said.expected, said.near)
