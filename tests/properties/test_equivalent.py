"""Two ways to write one world give one run."""

from __future__ import annotations

import pytest

from tests.properties.towns import DRAWN, baseline, run, same, town, written


@pytest.mark.parametrize("scale", [0.5, 2, 3])
def test_scale_is_more_people_and_payments(scale: float) -> None:
    by_hand: dict[str, object] = {
        "population.wallets": round(200 * scale),
        "population.corporates": round(20 * scale),
        "merchants.count": max(1, round(15 * scale)),
    }
    for name, segment in written()["demand"]["segments"].items():
        by_hand[f"demand.segments.{name}.payments"] = f"{float(segment['payments'].split()[0]) * scale} /day"
    scaled, written_out = run(town({"scale": scale})), run(town(by_hand))
    assert scaled.digests == written_out.digests
    expected = scale * len(baseline().payments)
    assert abs(len(scaled.payments) - expected) < 5 * expected**0.5
    assert scaled.digests["payments"] != baseline().digests["payments"]


def test_a_week_later_is_the_same_week() -> None:
    """Without interest no date matters but the day of the week and where years begin."""
    first, later, another_day = (
        run(town({"rules.regime": "digital_cash", "start": start}))
        for start in ("2026-03-20", "2026-03-27", "2026-03-21")
    )
    for table in ("payments", "ledger", "wallets", "series", "stations"):
        assert first.digests[table] == later.digests[table], table
    assert first.digests["payments"] != another_day.digests["payments"]


def test_time_has_units_and_no_other_meaning() -> None:
    same_times = run(
        town({"behaviour.patience": "180000 ms", "duration": "96 h", "campaigns.spring.starts": "1440 min"})
    )
    assert same_times.digests == baseline().digests


def test_order_of_segments_does_not_matter() -> None:
    segments = written()["demand"]["segments"]
    found = run(town({"demand.segments": dict(reversed(segments.items()))}))
    assert same(found.payments, baseline().payments)


def test_another_seed_is_another_story() -> None:
    other = run(town(seed=2))
    assert other.digests["payments"] != baseline().digests["payments"]
    assert not same(other.born()[DRAWN].head(100), baseline().born()[DRAWN].head(100))
    again = run(town())
    assert again.digests == baseline().digests
    assert again.summary == baseline().summary
