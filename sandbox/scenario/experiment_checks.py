"""Whether what an experiment varies can be varied: each of its values is put into the scenario and checked there."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final

from sandbox.language import N_, _
from sandbox.scenario.errors import ScenarioError, ScenarioErrors, short
from sandbox.scenario.introspection import RANGED, TEXT_FIELDS, leaves, number_of, shape_at
from sandbox.scenario.merge import COMMAND_LINE, put
from sandbox.scenario.nodes import Node
from sandbox.scenario.paths import Path, format_path, nearest, parse_path
from sandbox.scenario.schema.experiment import Varied
from sandbox.scenario.schema.fields import SWITCHES
from sandbox.scenario.schema.scenario import Scenario
from sandbox.scenario.yaml_reader import read_value

SAME_IN_ALL: Final = ("experiment", "seed", *TEXT_FIELDS)

Check = Callable[[Node], list[ScenarioError]]
"""What is wrong with a scenario, given its tree."""


def check_varied(scenario: Scenario, root: Node, check: Check) -> list[ScenarioError]:
    """Mistakes in `experiment`.

    Args:
        scenario: the scenario in force.
        root: its tree before defaults are filled in.
        check: says what is wrong with such a tree.
    """
    if scenario.experiment is None:
        return []
    entries = root.value if isinstance(root.value, dict) else {}
    without = Node({name: one for name, one in entries.items() if name != "experiment"}, root.place)
    known = [format_path(leaf.path) for leaf in leaves(scenario) if leaf.path[0] != "experiment"]
    errors = []
    for section in ("levers", "uncertainties"):
        for name, varied in getattr(scenario.experiment, section).items():
            path = ("experiment", section, name)
            place, where = (root.at(path) or root).place, format_path(path)
            errors += [
                place.error(where, problem, value, nearest=near)
                for problem, value, near in _problems(name, varied, without, known, check)
            ]
    return errors


def _problems(
    name: str, varied: Varied, root: Node, known: list[str], check: Check
) -> Iterator[tuple[str, str | None, str | None]]:
    """What is wrong, the bad value, the nearest name."""
    path = parse_path(name)
    if path is None or not is_parameter(path):
        if path is not None and path[0] in SAME_IN_ALL:
            message = N_("'{path}' is the same in all runs and cannot be varied; replications have seeds of their own")
            yield _(message, path=short(name)), short(name), None
        else:
            yield _("the scenario has no '{path}'", path=short(name)), short(name), nearest(name, known)
        return
    if (shape := shape_at(path)) is not None and varied.low is not None and shape.unit not in RANGED:
        yield _("'{path}' has no order, so a range means nothing; give `values`", path=short(name)), None, None
        return
    seen: dict[object, str] = {}
    for words in varied.values:
        other = seen.setdefault(_value(name, words), words)
        if other != words:
            message = N_("'{value}' and '{other}' are the same value, spelt in two ways; give it once")
            yield _(message, value=short(words), other=short(other)), short(words), None
    good = True
    for words in (*varied.values, *(one for one in (varied.low, varied.high) if one is not None)):
        try:
            wrong = check(put(root, name, read_value(words, "experiment", COMMAND_LINE)))
        except ScenarioErrors as errors:
            wrong = list(errors.errors)
        for error in wrong[:1]:
            problem = _("{value} cannot stand there: {problem}", value=short(words), problem=error.sentence)
            yield problem, short(words), error.nearest
            good = False
    if good and varied.low is not None and varied.high is not None:
        low, high = number_of(name, varied.low), number_of(name, varied.high)
        if not low < high < math.inf:
            yield _("`low` must be below `high`"), short(varied.low), None
        elif varied.scale == "log" and low <= 0:
            yield _("a log scale needs values above 0"), short(varied.low), None


def _value(name: str, words: str) -> object:
    """What a text sets, however it is spelt; the text itself where only the scenario can tell."""
    number = number_of(name, words)
    if not math.isnan(number):
        return number
    plain = words.strip().casefold()
    shape = shape_at(parse_path(name) or ())
    return SWITCHES.get(plain, plain) if shape is not None and shape.unit == "switch" else words.strip()


def is_parameter(path: Path) -> bool:
    """Whether a path leads to something that runs of one design may set differently: not to words, nor to the seed."""
    return path[0] not in SAME_IN_ALL and shape_at(path) is not None
