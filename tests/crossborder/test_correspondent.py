"""The chain of correspondents takes and costs what was published, within the bands that are stated."""

from __future__ import annotations

import pytest

from sandbox.features.crossborder.chain.correspondent import CorrespondentArrangement
from sandbox.features.crossborder.published.correspondent import chain_of, costs, times

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def gpi() -> CorrespondentArrangement:
    return chain_of("gpi.yaml", 1)


def test_times_are_those_of_the_tracker(gpi: CorrespondentArrangement) -> None:
    assert [check for check in times(gpi) if not check.holds] == []


def test_costs_are_those_of_the_world_bank() -> None:
    assert [check for check in costs(chain_of("remittance.yaml", 1)) if not check.holds] == []


def test_a_bank_that_takes_all_day_is_noticed(gpi: CorrespondentArrangement) -> None:
    for payment in gpi.payments:
        if payment.completed_us is not None:
            payment.completed_us += 4 * 3_600_000_000
    assert len([check for check in times(gpi) if not check.holds]) >= 4
