"""What a scenario dates at or after its own end: no error, for runs are made shorter, but whoever checks or runs it is
told, and the report tells."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.language import N_, _
from sandbox.scenario.errors import ScenarioError
from sandbox.scenario.explain import place_of
from sandbox.scenario.nodes import Node
from sandbox.scenario.paths import format_path
from sandbox.scenario.schema import Dated, Scenario, Section, used
from sandbox.scenario.units import format_duration


def begin_past_end(scenario: Scenario) -> list[str]:
    """Paths of what would begin when demand is over, in the scenario's order."""
    return [format_path((*one.path, one.entry)) for one in _dated_entries(scenario) if one.begins >= scenario.duration]


def past_end_notes(scenario: Scenario, root: Node) -> list[ScenarioError]:
    """What never happens, and what has no end within the run, each with its place and a mend.

    Args:
        scenario: the scenario in force.
        root: the merged files it was made from.
    """
    end = scenario.duration
    found = []
    for one in _dated_entries(scenario):
        if one.begins >= end:
            entry, at = one.entry, one.begins
            message = N_(
                "it begins after {at}, but the run ends after {end}, so it never happens; let it begin earlier, "
                "raise `duration`, or leave it out"
            )
        elif one.lasts is not None and one.begins + one.lasts > end:
            entry, at = "lasts", one.begins + one.lasts
            message = N_("it lasts until {at}, but the run ends after {end}; raise `duration` to see its end")
        else:
            continue
        path = (*one.path, entry)
        words = _(message, at=format_duration(at), end=format_duration(end))
        found.append(place_of(root, path).error(format_path(path), words))
    return found


def _dated_entries(scenario: Scenario) -> Iterator[Dated]:
    rules = scenario.rules
    if rules.box.enabled and rules.box.plan is None:
        yield Dated(("rules", "box"), "starts", rules.box.starts)
    for number, change in enumerate(rules.changes):
        yield Dated(("rules", "changes", number), "at", change.at)
    for number, fault in enumerate(scenario.faults):
        yield Dated(("faults", number), "starts", fault.starts, fault.lasts)
    for number, closure in enumerate(scenario.merchants.closures):
        yield Dated(("merchants", "closures", number), "starts", closure.starts, closure.lasts)
    for number, festival in enumerate(scenario.demand.festivals):
        yield Dated(("demand", "festivals", number), "at", festival.at)
    for name, campaign in scenario.campaigns.items():
        yield Dated(("campaigns", name), "starts", campaign.starts, campaign.lasts)
    for section, mine in used(scenario, Section):
        yield from section.dated(mine)
