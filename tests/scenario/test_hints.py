"""Hints in errors: the parameter that was meant, wherever it lives, and none rather than a wrong one."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.load import load


def hint(path: str, value: Any) -> str | None:
    """What the one error about this value suggests."""
    with pytest.raises(ScenarioErrors) as caught:
        load("city-retail-day", overrides={path: value})
    (error,) = caught.value.errors
    assert error.path == path
    return error.nearest


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("supervision.anonymous_below", "supervision.frontier.anonymous_below"),
        ("rules.box.wallets", "population.wallets"),
        ("supervision.detectors.structuring.threshold", "thresholds"),
        ("supervision.detectors.passthrough", "pass_through"),
    ],
)
def test_a_name_in_the_wrong_place_or_misspelt(path: str, meant: str) -> None:
    assert hint(path, 5) == meant


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("supervision.detectors.cycle.between", 3),
        ("supervision.detectors.velocity.counterparties", 3),
        ("supervision.detectors.cycle.payments", 3),
        ("supervision.detectors.velocity.amount", -3),
        ("behaviour.patience", -3),
    ],
)
def test_no_hint_is_better_than_a_wrong_one(path: str, value: Any) -> None:
    """Another detector's parameter, one of quite another part of the file, a negative number with a unit."""
    assert hint(path, value) is None


def test_a_number_without_a_unit_gets_the_usual_one() -> None:
    assert hint("supervision.detectors.velocity.amount", 3) == "3 CNY"
