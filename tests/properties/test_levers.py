"""Policy levers change outcomes, never draws: whatever a regulator or an operator sets, the same payments are born.

Here many at once; `test_every_lever` takes them one by one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.core.layout import birth
from tests.properties.towns import births, town

YUAN = st.integers(0, 10_000).map(lambda amount: f"{amount} CNY")
LIMIT = st.just("none") | YUAN
SHARE = st.integers(0, 100).map(lambda share: f"{share} %")
DURATION = st.integers(1, 5_000).map(lambda minutes: f"{minutes} min")
SERVERS = st.integers(1, 50)
OUTSIDE = st.sampled_from(["allow", "refuse_crossing", "refuse_all"])
CLASS = st.fixed_dictionaries({}, optional=dict.fromkeys(("balance", "single", "daily", "annual"), LIMIT))
PRESET = st.sampled_from(["2021+", "ccb_pilot_2020"])
WALLET_LIMITS = st.fixed_dictionaries(
    {"preset": PRESET, "classes": st.dictionaries(st.sampled_from(["I", "II", "III", "IV"]), CLASS)}
)
BOX_CHANGE = st.fixed_dictionaries({"outside": OUTSIDE}, optional={"per_payment_cap": YUAN, "participant_cap": YUAN})
CHANGE = st.fixed_dictionaries({"at": DURATION, "wallet_limits": WALLET_LIMITS}, optional={"box": BOX_CHANGE})
LIQUIDITY = st.tuples(st.integers(0, 50_000), st.integers(0, 50_000)).map(
    lambda parts: {"floor": f"{parts[0]} CNY", "target": f"{sum(parts)} CNY"}
)

SUPERVISION = st.fixed_dictionaries(
    {},
    optional={
        "watcher": st.sampled_from(["operator", "central_bank", "regulator"]),
        "detectors": st.just({"velocity": {"payments": 2}}),
        "frontier": st.just({"anonymous_below": ["10 CNY", "100 CNY"]}),
    },
)

LEVERS: dict[str, st.SearchStrategy[Any]] = {
    "rules.regime": st.sampled_from(["digital_cash", "digital_deposit"]),
    "rules.wallet_limits": WALLET_LIMITS,
    "rules.kyc_delay": DURATION,
    "rules.waterfall": st.booleans(),
    "rules.interest.rate": SHARE,
    "rules.interest.classes": st.lists(st.sampled_from(["I", "II", "III", "IV"]), unique=True),
    "rules.interest.settlement_months": st.lists(st.integers(1, 12)),
    "rules.interest.settlement_day": st.integers(1, 28),
    "rules.insured_cap": YUAN,
    "rules.box.enabled": st.booleans(),
    "rules.box.starts": DURATION,
    "rules.box.merchants": SHARE,
    "rules.box.institutions": st.lists(st.sampled_from(["north", "south", "village"]), unique=True),
    "rules.box.per_payment_cap": LIMIT,
    "rules.box.participant_cap": LIMIT,
    "rules.box.total_exposure_cap": LIMIT,
    "rules.box.outside": OUTSIDE,
    "rules.box.containment": st.booleans(),
    "rules.changes": st.lists(CHANGE, max_size=3),
    "institutions.north.servers": SERVERS,
    "institutions.south.servers": SERVERS,
    "institutions.village.servers": SERVERS,
    "institutions.north.liquidity": LIQUIDITY,
    "institutions.south.liquidity": LIQUIDITY,
    "institutions.village.liquidity": LIQUIDITY,
    "ledger.servers": SERVERS,
    "supervision": SUPERVISION,
}

PLANS = st.fixed_dictionaries(
    {
        "preset": st.sampled_from(["own", "pboc", "fca", "asic", "hkma", "hangzhou"]),
        "applicants": st.just([{"institution": "north"}]),
        "pace": st.integers(30, 500),
        "gates": st.just({"p99_latency": {"target": "1 h"}}),
    }
)
"""A plan goes neither with caps that change in mid-run nor with a box that leaves its applicant out."""

CAMPAIGN_LEVERS: dict[str, st.SearchStrategy[Any]] = {
    "campaigns.spring.winners": st.integers(1, 200),
    "campaigns.spring.packet": st.integers(1, 500).map(lambda amount: f"{amount} CNY"),
    "campaigns.spring.starts": DURATION,
    "campaigns.spring.lasts": st.integers(720, 5_000).map(lambda minutes: f"{minutes} min"),
    "campaigns.spring.merchants": SHARE,
}
"""These make the campaign's own payments what they are; everybody else's stay."""


def same_births(found: dict[str, Any], expected: dict[str, Any], sources: list[str]) -> bool:
    return all(np.array_equal(found[name], expected[name]) for name in sources)


EXPECTED = births(town())


@given(changes=st.fixed_dictionaries({}, optional=LEVERS))
@settings(max_examples=40)
def test_levers_never_change_draws(changes: dict[str, Any]) -> None:
    found = births(town(changes))
    assert set(found) == set(EXPECTED)
    assert same_births(found, EXPECTED, list(EXPECTED))


@given(plan=PLANS, contained=st.booleans())
@settings(max_examples=10)
def test_a_plan_never_changes_draws(plan: dict[str, Any], contained: bool) -> None:
    found = births(town({"rules.box.plan": plan, "rules.box.containment": contained}))
    assert same_births(found, EXPECTED, list(EXPECTED))


@given(changes=st.fixed_dictionaries({}, optional={**LEVERS, **CAMPAIGN_LEVERS}))
@settings(max_examples=20)
def test_a_campaign_s_levers_change_nobody_else_s_draws(changes: dict[str, Any]) -> None:
    assert same_births(births(town(changes)), EXPECTED, ["retail", "transfers", "wholesale"])


def test_more_packets_keep_the_winners_there_were() -> None:
    """Raising the number of packets adds winners, and those who claimed before claim at the same moment."""
    few, many = (births(town({"campaigns.spring.winners": winners}))["spring claims"] for winners in (60, 120))
    before, after = (set(zip(one[birth.TIME].tolist(), one[birth.PAYER].tolist(), strict=True)) for one in (few, many))
    assert before < after


def test_other_draws_would_be_seen() -> None:
    for changed in (births(town(seed=2)), births(town({"demand.segments.retail.ticket.maximum": "200 CNY"}))):
        assert not same_births(changed, EXPECTED, ["retail"])
    assert len(np.unique(EXPECTED["retail"][birth.KEY])) == EXPECTED["retail"].shape[1]
