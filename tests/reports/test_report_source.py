"""What a report reads of a run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from reports.source import _while_busy

HOUR = 3_600_000_000


@pytest.mark.parametrize(
    ("submitted", "ended", "bins"),
    [
        # Demand lasts two hours; what ends later counts, quiet hours after it do not, quiet hours before it do.
        ([1, 1, 0, 0, 0], [1, 1, 0, 0, 0], 2),
        ([1, 1, 0, 0, 0], [1, 0, 0, 1, 0], 4),
        ([1, 1, 1, 0, 0], [1, 1, 0, 0, 0], 3),
        ([0, 0, 0, 0, 0], [0, 0, 0, 0, 0], 2),
    ],
)
def test_bins_after_everything_has_ended_are_left_out(submitted: list[int], ended: list[int], bins: int) -> None:
    series = {"at_us": np.arange(5) * HOUR, "submitted": np.array(submitted), "ended": np.array(ended)}
    kept = _while_busy(series, {"scenario": {"duration_us": 2 * HOUR}})
    assert {name: len(values) for name, values in kept.items()} == dict.fromkeys(series, bins)


def test_a_run_that_does_not_say_how_long_it_was_is_shown_whole() -> None:
    series: dict[str, Any] = {name: np.zeros(3) for name in ("at_us", "submitted", "ended")}
    assert _while_busy(series, {}) is series
