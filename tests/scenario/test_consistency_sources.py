"""A payment's tag has room for 64 sources."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sandbox.scenario.schema import Scenario, scenario_from


def scenario(campaigns: int, segments: int) -> Scenario:
    packet: dict[str, Any] = {"registered": 5, "winners": 1, "packet": 100, "starts": 0, "lasts": 1, "claim_within": 1}
    return scenario_from(
        {
            "title": "Many sources",
            "question": "How many are too many?",
            "campaigns": {f"campaign {number}": packet for number in range(campaigns)},
            "demand": {"segments": {f"segment {number}": {"payments": 1.0} for number in range(segments)}},
        }
    )


def test_what_fits_the_tag_is_good_and_one_more_is_not() -> None:
    assert len(scenario(15, 32).campaigns) == 15
    with pytest.raises(ValidationError, match="2 streams of payments too many"):
        scenario(16, 32)
