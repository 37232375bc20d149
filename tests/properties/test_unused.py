"""What nobody uses changes nothing; what is added and used leaves everybody else's draws alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.properties.towns import DRAWN, Tables, baseline, run, same, town, written

Changes = dict[str, Any]

OTHER_SEGMENT = {"kind": "fee", "payer": "personal", "payee": "merchant", "payments": "0 /day"}
CAMPAIGN = {"registered": 100, "winners": 20, "packet": "50 CNY", "lasts": "2 days"}
OTHER_BANK = {"share": "0 %", "servers": 3, "service": {"shape": "fixed", "mean": "7 ms"}}


def first(path: str, name: str, value: object) -> Changes:
    """Put an entry before all others of a mapping of the town's file."""
    node: Any = written()
    for step in path.split("."):
        node = node[step]
    return {path: {name: value, **node}}


UNUSED: dict[str, Changes] = {
    "a segment without payments": {"demand.segments.fees": OTHER_SEGMENT},
    "a segment without payments, first": first("demand.segments", "fees", OTHER_SEGMENT),
    "a campaign that nobody claims": {"campaigns.autumn": {**CAMPAIGN, "claimed": "0 %"}},
    "a campaign after the end": {"campaigns.autumn": {**CAMPAIGN, "starts": "40 days"}},
    "an institution without customers": {"institutions.empty": OTHER_BANK},
    "an institution without customers, first": first("institutions", "empty", OTHER_BANK),
    "an indirect bank without customers": {"institutions.empty": {**OTHER_BANK, "kind": "indirect", "via": "north"}},
    "a category without merchants": {
        "merchants.categories": {**town().merchants.categories, "museums": 0.0},
    },
    "a festival after the end": {"demand.festivals": [{"at": "40 days"}]},
    "a rule change after the end": {"rules.changes": [{"at": "40 days", "box": {"per_payment_cap": "1 CNY"}}]},
}


def fault(station: str, kind: str, starts: str, **more: object) -> Changes:
    """One more fault, before those of the file."""
    return {"faults": [{"station": station, "kind": kind, "starts": starts, "lasts": "5 h", **more}, *FAULTS]}


FAULTS = written()["faults"]
IDLE_FAULTS = {
    "a slow-down by nothing": fault("ledger", "slow_down", "20 h", factor=1),
    "a loss of no server": fault("north", "capacity_loss", "20 h", loss=0),
    "an outage after the end": fault("ledger", "outage", "40 days"),
}


def assert_unchanged(found: Tables) -> None:
    assert same(found.payments, baseline().payments)
    assert same(found.tables["wallets"], baseline().tables["wallets"])
    columns = [name for name in baseline().tables["series"].columns if name != "liquidity_fen"]
    assert same(found.tables["series"][columns], baseline().tables["series"][columns])


@pytest.mark.parametrize("name", [*UNUSED, *IDLE_FAULTS])
def test_what_nobody_uses_changes_nothing(name: str) -> None:
    assert_unchanged(run(town({**UNUSED, **IDLE_FAULTS}[name])))


USED: dict[str, Changes] = {
    "a segment with payments": {"demand.segments.fees": {**OTHER_SEGMENT, "payments": "100 /day"}},
    "a campaign that is claimed": {"campaigns.autumn": CAMPAIGN},
    "an institution with customers": {
        "institutions.empty": {**OTHER_BANK, "share": "5 %"},
        "institutions.north.share": "45 %",
    },
    "a festival": {"demand.festivals": [{"at": "30 h"}]},
    "a slow-down": fault("ledger", "slow_down", "20 h", factor=1.5),
    "a loss of a server": fault("north", "capacity_loss", "20 h", loss=0.5),
}


@pytest.mark.parametrize("name", USED)
def test_what_somebody_uses_is_seen(name: str) -> None:
    with pytest.raises(AssertionError):
        assert_unchanged(run(town(USED[name])))


@pytest.mark.parametrize("name", ["a segment with payments", "a campaign that is claimed"])
def test_added_demand_leaves_the_others_their_draws(name: str) -> None:
    found = run(town(USED[name]))
    sources = list(baseline().payments["source"].unique())
    others, before = (
        tables.payments[tables.payments["source"].isin(sources)].sort_values("payment_id")[DRAWN].reset_index(drop=True)
        for tables in (found, baseline())
    )
    assert len(found.payments) > len(before)
    assert same(others, before)


def test_a_shared_sequence_of_random_numbers_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual mistake: one generator from which everyone draws in turn."""
    import numpy as np

    from sandbox.market import campaigns, population

    def shared(seed: int) -> Any:
        generator = np.random.default_rng(seed)

        def draw(key: int, first: int, bound: int, out: Any) -> None:
            out[:] = generator.integers(0, bound, out.size)

        return draw

    found = []
    for name in (None, "a segment without payments", "a category without merchants", "a campaign that nobody claims"):
        draw = shared(7)
        monkeypatch.setattr(population, "uniforms", draw)
        monkeypatch.setattr(campaigns, "uniforms", draw)
        found.append(run(town(UNUSED[name] if name else {})))
    without, segment, category, campaign = found
    assert same(segment.payments, without.payments)
    assert same(category.payments, without.payments)
    assert not same(campaign.payments, without.payments)
