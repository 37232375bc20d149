"""Rules that begin or change in mid-run: from that microsecond on the rail obeys the new ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.base.box_state import CHANGED, STARTED, Caps, box_detail
from sandbox.control import Component, Control, Process
from sandbox.core.layout import INFINITE, rule
from sandbox.scenario.schema import BoxChange, RuleChange
from sandbox.world import OUTSIDE_CODES, limits_in_force


class BoxKeeper(Component):
    """A component that says itself which rules of the box are in force, beside those of the scenario."""

    def change_box(self, changed: Mapping[str, Any]) -> None:
        """Take new caps of the scenario, or another rule at the edge."""
        raise NotImplementedError

    def box_detail(self) -> dict[str, Any]:
        """The box as it is now, as events say it."""
        raise NotImplementedError


class RuleChanges(Component):
    """The start of the box, unless a plan says when, and the changes of rules that the scenario names."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def start(self) -> None:
        """A process for each."""
        control, rules = self._control, self._control.world.scenario.rules
        if rules.box.enabled and rules.box.plan is None:
            control.env.process(box_starts(control, rules.box.starts))
        for number, change in enumerate(rules.changes):
            control.env.process(rule_change(control, number, change))


def box_starts(control: Control, at_us: int) -> Process:
    """Switch the box on. Of a box that is on from the beginning, only say how it is."""
    yield control.wait_until(at_us)
    control.world.rules[rule.BOX_ON] = 1
    control.record("regulator", STARTED, None, reason="rules.box.starts", box=_box_detail(control))


def rule_change(control: Control, number: int, change: RuleChange) -> Process:
    """Put new wallet limits or caps in force: the change that stands in place `number` of `rules.changes`."""
    yield control.wait_until(change.at)
    reason = f"rules.changes[{number}]"
    if change.wallet_limits is not None:
        control.world.rules[rule.LIMITS :] = limits_in_force(control.world.scenario, change.wallet_limits)
        limits = {name: one.model_dump() for name, one in change.wallet_limits.classes.items()}
        control.record(
            "regulator", "wallet_limits_changed", change.wallet_limits.preset, reason=reason, limits_fen=limits
        )
    if change.box is not None:
        _change_box(control, change.box, reason)


def _change_box(control: Control, change: BoxChange, reason: str) -> None:
    """New caps; a keeper's own hold beside them, whichever is lower."""
    rules, given = control.world.rules, change.model_dump(exclude_none=True)
    if change.outside is not None:
        rules[rule.OUTSIDE] = OUTSIDE_CODES[change.outside]
    keeper = control.component(BoxKeeper)
    if keeper is not None:
        keeper.change_box(given)
    else:
        for column, cap in (
            (rule.PER_PAYMENT_CAP, change.per_payment_cap),
            (rule.PARTICIPANT_CAP, change.participant_cap),
            (rule.EXPOSURE_CAP, change.total_exposure_cap),
        ):
            if cap is not None:
                rules[column] = cap
    control.record("regulator", CHANGED, None, reason=reason, box=_box_detail(control), **given)


def _box_detail(control: Control) -> dict[str, Any]:
    """The box as it is now: by its keeper, or by the rules that the rail obeys."""
    keeper = control.component(BoxKeeper)
    if keeper is not None:
        return keeper.box_detail()
    rules = control.world.rules
    caps = (int(rules[column]) for column in (rule.PER_PAYMENT_CAP, rule.PARTICIPANT_CAP, rule.EXPOSURE_CAP))
    per_payment, per_participant, total = (None if cap == INFINITE else cap for cap in caps)
    return box_detail(bool(rules[rule.BOX_ON]), Caps(None, per_payment, per_participant, total))
