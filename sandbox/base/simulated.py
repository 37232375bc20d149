"""What goes on in every run."""

from __future__ import annotations

from typing import Final

from sandbox.base.campaigns import Campaigns
from sandbox.base.containment import containment
from sandbox.base.days import Days
from sandbox.base.faults import Faults
from sandbox.base.liquidity import Liquidity
from sandbox.base.postings import postings
from sandbox.base.rule_changes import RuleChanges
from sandbox.control import Component, Control, Simulated
from sandbox.scenario.schema import Scenario

ALWAYS: Final = (RuleChanges, Faults, Campaigns, Days, Liquidity)
"""In the order in which they act at one instant."""


def _components(control: Control, scenario: Scenario) -> list[Component]:
    asked_for = (postings(control), containment(control))
    return [*(kind(control) for kind in ALWAYS), *(component for component in asked_for if component is not None)]


SIMULATED: Final = Simulated(_components)
