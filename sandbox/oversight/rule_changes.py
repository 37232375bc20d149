"""Rules that begin or change in mid-run: from that microsecond on the rail obeys the new ones."""

from __future__ import annotations

from sandbox.control import Control, Process
from sandbox.core.layout import R_BOX_ON, R_LIMITS, R_OUTSIDE, R_PARTICIPANT_CAP, R_PER_PAYMENT_CAP, R_TOTAL_CAP
from sandbox.scenario.schema import RuleChange
from sandbox.world import OUTSIDE_CODES, limits_in_force


def box_starts(control: Control, at_us: int) -> Process:
    """Switch the box on."""
    yield control.wait_until(at_us)
    control.world.rules[R_BOX_ON] = 1
    control.record("regulator", "box_started")


def rule_change(control: Control, change: RuleChange) -> Process:
    """Put new wallet limits or caps in force."""
    yield control.wait_until(change.at)
    rules = control.world.rules
    if change.wallet_limits is not None:
        rules[R_LIMITS:] = limits_in_force(control.world.scenario, change.wallet_limits)
        control.record("regulator", "wallet_limits_changed", change.wallet_limits.preset)
    if change.box is not None:
        caps = (
            (R_PER_PAYMENT_CAP, change.box.per_payment_cap),
            (R_PARTICIPANT_CAP, change.box.participant_cap),
            (R_TOTAL_CAP, change.box.total_exposure_cap),
        )
        for column, cap in caps:
            if cap is not None:
                rules[column] = cap
        if change.box.outside is not None:
            rules[R_OUTSIDE] = OUTSIDE_CODES[change.box.outside]
        control.record("regulator", "box_changed", None, **change.box.model_dump(exclude_none=True))
