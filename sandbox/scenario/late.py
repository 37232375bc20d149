"""What a scenario dates at or after its own end: no error, for runs are made shorter, but whoever checks or runs it is
told, and the report tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sandbox.scenario.errors import ScenarioError
from sandbox.scenario.explain import place_of
from sandbox.scenario.paths import Path, format_path
from sandbox.scenario.schema.scenario import Scenario
from sandbox.scenario.units import format_duration
from sandbox.scenario.yamlsource import Node
from sandbox.text import text


class _Dated(NamedTuple):
    """Something that begins, and perhaps ends, at a time of its own (us): the path of its section, the name of the
    entry that says when it begins, and how long it lasts."""

    path: Path
    entry: str
    begins: int
    lasts: int | None = None


def too_late(scenario: Scenario) -> list[str]:
    """Paths of what would begin when demand is over, in the scenario's order."""
    return [format_path((*one.path, one.entry)) for one in _dated(scenario) if one.begins >= scenario.duration]


def notes(scenario: Scenario, root: Node) -> list[ScenarioError]:
    """What never happens, and what has no end within the run, each with its place and a mend.

    Args:
        scenario: the scenario in force.
        root: the merged files it was validated from.
    """
    end = scenario.duration
    found = []
    for one in _dated(scenario):
        if one.begins >= end:
            code, entry, at = "late_start", one.entry, one.begins
        elif one.lasts is not None and one.begins + one.lasts > end:
            code, entry, at = "late_end", "lasts", one.begins + one.lasts
        else:
            continue
        path = (*one.path, entry)
        place = place_of(root, path)
        words = text(code, at=format_duration(at), end=format_duration(end))
        found.append(ScenarioError(place.file, place.line, place.column, format_path(path), words))
    return found


def _dated(scenario: Scenario) -> Iterator[_Dated]:
    rules = scenario.rules
    if rules.box.enabled and rules.box.plan is None:
        yield _Dated(("rules", "box"), "starts", rules.box.starts)
    for number, change in enumerate(rules.changes):
        yield _Dated(("rules", "changes", number), "at", change.at)
    for number, fault in enumerate(scenario.faults):
        yield _Dated(("faults", number), "starts", fault.starts, fault.lasts)
    for number, closure in enumerate(scenario.merchants.closures):
        yield _Dated(("merchants", "closures", number), "starts", closure.starts, closure.lasts)
    for number, festival in enumerate(scenario.demand.festivals):
        yield _Dated(("demand", "festivals", number), "at", festival.at)
    for name, campaign in scenario.campaigns.items():
        yield _Dated(("campaigns", name), "starts", campaign.starts, campaign.lasts)
    for number, failure in enumerate(scenario.bills.failures if scenario.bills is not None else ()):
        yield _Dated(("bills", "failures", number), "at", failure.at)
    for number, news in enumerate(scenario.flight.news if scenario.flight is not None else ()):
        yield _Dated(("flight", "news", number), "at", news.at)
    if scenario.offline is not None:
        for number, down in enumerate(scenario.offline.network):
            lasts = down.lasts if down.every is None else None
            yield _Dated(("offline", "network", number), "starts", down.starts, lasts)
        for name, attack in scenario.offline.attacks.items():
            yield _Dated(("offline", "attacks", name), "starts", attack.starts)


__all__ = ["notes", "too_late"]
