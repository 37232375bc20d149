"""What changes in mid-run leaves what was before it as it was, row by row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.properties.towns import DAY_US, DRAWN, Tables, baseline, run, same, town, until, written

DAY_3 = {"at": "2 days"}
"""The third day begins two days after the start."""

STRICT = {"classes": {name: {"single": "20 CNY", "daily": "40 CNY"} for name in ("I", "II", "III", "IV")}}
OUTAGE = {"station": "ledger", "kind": "outage", "starts": "2 days", "lasts": "1 h"}
LATE: dict[str, dict[str, Any]] = {
    "wallet limits": {"rules.changes": [{**DAY_3, "wallet_limits": STRICT}]},
    "another preset": {"rules.changes": [{**DAY_3, "wallet_limits": {"preset": "ccb_pilot_2020"}}]},
    "cap per payment": {"rules.changes": [{**DAY_3, "box": {"per_payment_cap": "50 CNY"}}]},
    "participant cap": {"rules.changes": [{**DAY_3, "box": {"participant_cap": "100 CNY"}}]},
    "total cap": {"rules.changes": [{**DAY_3, "box": {"total_exposure_cap": "10000 CNY"}}]},
    "edge": {"rules.changes": [{**DAY_3, "box": {"outside": "refuse_all"}}]},
    "outage": {"faults": [*written()["faults"], OUTAGE]},
    "festival": {"demand.festivals": [{"at": "70 h", "second_rise": "none"}]},
    "campaign": {"campaigns.late": {"registered": 100, "winners": 50, "packet": "90 CNY", "starts": "2 days",
                                    "lasts": "1 days", "claim_within": "6 h"}},
}  # fmt: skip


def assert_same_before(found: Tables, before: Tables, at_us: int) -> None:
    mine, theirs = until(found, at_us), until(before, at_us)
    assert len(theirs["payments"]) > 3_000
    for name in theirs:
        assert same(mine[name], theirs[name]), name


@pytest.mark.parametrize("name", LATE)
def test_a_change_on_day_three_leaves_days_one_and_two(name: str) -> None:
    found = run(town(LATE[name]))
    assert_same_before(found, baseline(), 2 * DAY_US)
    after = [tables.payments[tables.payments["submitted_at_us"] >= 2 * DAY_US] for tables in (found, baseline())]
    assert not same(after[0].reset_index(drop=True), after[1].reset_index(drop=True)), "and it changes what follows"


def test_a_box_that_starts_on_day_three() -> None:
    off, late, on = (
        run(town({"rules.box.enabled": enabled, "rules.box.starts": starts, "rules.box.per_payment_cap": "500 CNY"}))
        for enabled, starts in (("false", "0 s"), ("true", "2 days"), ("true", "0 s"))
    )
    assert_same_before(late, off, 2 * DAY_US)
    assert late.summary["outcomes"]["box_cap"] > 0
    assert same(late.born()[DRAWN], off.born()[DRAWN])
    with pytest.raises(AssertionError):
        assert_same_before(on, off, 2 * DAY_US)


def test_a_change_a_minute_earlier_would_be_seen() -> None:
    early = run(town({"rules.changes": [{"at": "2875 min", "wallet_limits": STRICT}]}))
    with pytest.raises(AssertionError):
        assert_same_before(early, baseline(), 2 * DAY_US)


def test_a_longer_run_begins_the_same() -> None:
    assert_same_before(run(town({"duration": "5 days"})), baseline(), 4 * DAY_US - 1_800_000_000)
