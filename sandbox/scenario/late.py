"""What a scenario dates after its own end, as happens when a run is made shorter: no error, but the report tells."""

from __future__ import annotations

from sandbox.scenario.paths import Path, format_path
from sandbox.scenario.schema.scenario import Scenario


def too_late(scenario: Scenario) -> list[str]:
    """Paths of what would begin when demand is over, in the scenario's order."""
    box, demand_ends = scenario.rules.box, scenario.duration
    failures = scenario.bills.failures if scenario.bills is not None else []
    dated: list[tuple[Path, int]] = [
        *([(("rules", "box", "starts"), box.starts)] if box.enabled and box.plan is None else []),
        *((("rules", "changes", number, "at"), one.at) for number, one in enumerate(scenario.rules.changes)),
        *((("faults", number, "starts"), one.starts) for number, one in enumerate(scenario.faults)),
        *((("campaigns", name, "starts"), one.starts) for name, one in scenario.campaigns.items()),
        *((("bills", "failures", number, "at"), one.at) for number, one in enumerate(failures)),
    ]
    return [format_path(path) for path, at in dated if at >= demand_ends]


__all__ = ["too_late"]
