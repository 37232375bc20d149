"""The Luohu red-packet week of October 2020 against what was published (press reports of 2020, `docs/sources.md`).

Three behaviour parameters are fitted and named so in the scenario: payments a claimer sets out to make, the median
ticket, and the share of claimers who add money of their own. Everything else is published or ASSUMED.
"""

from __future__ import annotations

import pytest

from sandbox.scenario.load import load
from sandbox.validation.luohu import CLAIMED, MERCHANTS, PAYMENTS, VALUE_FEN, campaign_summary

SEEDS = range(1, 21)


@pytest.fixture(scope="module")
def weeks() -> list[dict[str, int]]:
    return [campaign_summary(seed) for seed in SEEDS]


def mean(weeks: list[dict[str, int]], name: str) -> float:
    return sum(week[name] for week in weeks) / len(weeks)


def test_three_parameters_at_most_are_fitted() -> None:
    fitted = [row for row in load("luohu-red-packets-2020").parameters() if row["status"] == "FITTED"]
    assert {row["path"] for row in fitted} == {
        "campaigns.luohu.payments_per_claimer",
        "campaigns.luohu.ticket.median",
        "campaigns.luohu.adds_own_money",
    }


def test_claims_payments_and_value_are_the_published_ones(weeks: list[dict[str, int]]) -> None:
    assert mean(weeks, "claimed") == pytest.approx(CLAIMED, rel=0.01)
    assert mean(weeks, "settled") == pytest.approx(PAYMENTS, rel=0.03)
    assert mean(weeks, "settled_fen") == pytest.approx(VALUE_FEN, rel=0.03)


def test_merchants(weeks: list[dict[str, int]]) -> None:
    assert all(week["merchants_enrolled"] == MERCHANTS for week in weeks)
    assert all(0.97 * MERCHANTS < week["merchants_paid"] <= MERCHANTS for week in weeks)


def test_every_fen_that_was_not_spent_is_back_with_the_issuer(weeks: list[dict[str, int]]) -> None:
    for one in weeks:
        assert one["funded_fen"] == 50_000 * 20_000
        assert one["packet_spent_fen"] + one["returned_fen"] == one["funded_fen"]
        assert one["returned_unclaimed_fen"] == (50_000 - one["claimed"]) * 20_000
        assert one["returned_unclaimed_fen"] + one["returned_unspent_fen"] == one["returned_fen"]
        assert one["settled_fen"] == one["packet_spent_fen"] + one["own_money_fen"]


def test_seeds_differ(weeks: list[dict[str, int]]) -> None:
    assert len({one["settled_fen"] for one in weeks}) == len(weeks)
