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
from sandbox.control import Control, Part, Simulated
from sandbox.scenario.schema import Scenario

ALWAYS: Final = (RuleChanges, Faults, Campaigns, Days, Liquidity)
"""In the order in which they act at one instant."""


def _parts(control: Control, scenario: Scenario) -> list[Part]:
    asked_for = (postings(control), containment(control))
    return [*(kind(control) for kind in ALWAYS), *(part for part in asked_for if part is not None)]


SIMULATED: Final = Simulated(_parts)
