"""Cohorts: who is in them, what they have of their own, that nobody else is disturbed, that all are counted right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.core.layout import account, birth, trait
from sandbox.features.inclusion.cohorts import FEWEST, Inclusion
from sandbox.scenario.schema import Scenario, scenario_from
from sandbox.simulate import simulate
from sandbox.world import World, build
from tests.properties.towns import Tables, births, run, town

COHORTS: dict[str, Any] = {
    "old": {"share": 0.25, "classes": {"III": 0.5, "IV": 0.5}, "can_top_up": {"III": 1.0, "IV": 0.2}, "activity": 0.5},
    "cards": {"share": 0.1, "smartphone": False, "opening_balance": {"empty_share": 0.0, "mean": 90_000, "sigma": 0.5}},
    "guests": {"share": 0.05, "classes": {"IV": 1.0}, "willing_to_upgrade": 0.0, "activity": 3.0, "top_up_cost": 0.03},
}
ALIKE = {"a": {"share": 0.3}, "b": {"share": 0.7}}
CITY: dict[str, Any] = {
    "title": "t",
    "question": "q",
    "duration": 86_400_000_000,
    "population": {"wallets": 20_000, "corporates": 10},
    "merchants": {"count": 50},
    "demand": {"segments": {"shops": {"payments": 40_000.0}, "friends": {"payee": "personal", "payments": 2_000.0}}},
}


def city(cohorts: dict[str, Any], wallets: int = 20_000) -> Scenario:
    return scenario_from({**CITY, "population": {"wallets": wallets, "corporates": 10, "cohorts": cohorts}})


def people(world: World) -> Any:
    return world.ledger.accounts[world.blocks["personal"].rows]


def of(world: World, cohort: str) -> Any:
    return people(world)[world.cohort_of == world.cohorts[cohort]]


def test_a_cohort_has_what_it_is_given() -> None:
    world = build(city(COHORTS), 1)
    shares = [float((world.cohort_of == number).mean()) for number in range(4)]
    assert np.allclose(shares, [0.6, 0.25, 0.1, 0.05], atol=0.015)
    old, cards, guests = (of(world, name) for name in COHORTS)
    klass = old[:, account.TRAITS] & trait.CLASS_MASK
    assert set(klass.tolist()) == {3, 4}
    assert abs(float((klass == 3).mean()) - 0.5) < 0.03
    may = (old[:, account.TRAITS] & trait.CAN_TOP_UP) > 0
    assert may[klass == 3].all()
    assert abs(float(may[klass == 4].mean()) - 0.2) < 0.03
    assert not (cards[:, account.TRAITS] & (trait.CAN_TOP_UP | trait.WILLING)).any()
    assert (cards[:, 0] > 0).all()
    assert abs(float(cards[:, 0].mean()) / 90_000 - 1) < 0.1
    assert set((guests[:, account.TRAITS] & trait.CLASS_MASK).tolist()) == {4}
    assert not (guests[:, account.TRAITS] & trait.WILLING).any()


def test_nobody_outside_a_cohort_is_changed_by_it() -> None:
    plain, with_cohorts = build(city({}), 1), build(city(COHORTS), 1)
    outside = with_cohorts.cohort_of == 0
    assert outside.any()
    assert np.array_equal(people(plain)[outside], people(with_cohorts)[outside])
    assert not np.array_equal(people(plain)[~outside], people(with_cohorts)[~outside])


def test_cohorts_that_are_like_everybody_change_nothing() -> None:
    plain, alike = build(city({}), 1), build(city(ALIKE), 1)
    assert np.array_equal(plain.ledger.accounts, alike.ledger.accounts)
    few, many = births(city({})), births(city(ALIKE))
    assert all(np.array_equal(few[name], many[name]) for name in few)


def test_a_run_s_tables_are_the_same_with_cohorts_like_everybody() -> None:
    plain, alike = run(town()), run(town({"population.cohorts": {name: _text(one) for name, one in ALIKE.items()}}))
    assert set(alike.tables) == {*plain.tables, "cohorts"}
    for name in ("payments", "ledger", "wallets", "series", "stations", "events"):
        assert alike.digests[name] == plain.digests[name]


def _text(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "share": f"{100 * one['share']} %"}


def test_activity_changes_who_pays_and_nothing_else() -> None:
    active = city({"busy": {"share": 0.2, "activity": 4.0}})
    plain, found = births(city({})), births(active)
    for name in ("shops", "friends"):
        same = [birth.TIME, birth.AMOUNT] if name == "friends" else [birth.TIME, birth.AMOUNT, birth.PAYEE]
        assert np.array_equal(plain[name][same], found[name][same])
    world = build(active, 1)
    busy = np.zeros(len(world.ledger.accounts), dtype=bool)
    busy[world.blocks["personal"].rows] = world.cohort_of == 1
    payers = busy[found["shops"][birth.PAYER]]
    before = float(busy[plain["shops"][birth.PAYER]].mean())
    assert abs(float(payers.mean()) - 4 * before / (4 * before + 1 - before)) < 0.01
    # Nobody who would have paid as one of the busy stops paying.
    assert payers[busy[plain["shops"][birth.PAYER]]].all()


@given(
    shares=st.lists(st.floats(0.01, 0.3), min_size=1, max_size=3),
    activity=st.lists(st.sampled_from([0.0, 0.3, 1.0, 5.0]), min_size=3, max_size=3),
)
@settings(max_examples=15)
def test_idle_cohorts_never_pay(shares: list[float], activity: list[float]) -> None:
    cohorts = {f"c{k}": {"share": share, "activity": activity[k]} for k, share in enumerate(shares)}
    one = city(cohorts, wallets=500)
    world, found = build(one, 1), births(one)
    whose = world.cohort_of[found["shops"][birth.PAYER] - world.blocks["personal"].first]
    idle = [k + 1 for k in range(len(shares)) if activity[k] == 0.0]
    assert not np.isin(whose, idle).any()
    assert found["shops"].shape == births(city({}, wallets=500))["shops"].shape


# --- the table of cohorts, against a recount of the tables ---------------------------------------------------------


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], pd.DataFrame]:
    folder: Path = tmp_path_factory.mktemp("cohorts")
    summary = simulate(city(COHORTS, wallets=3_000), folder, name="city")
    payments, cohorts = (pd.read_parquet(folder / f"{name}.parquet") for name in ("payments", "cohorts"))
    corporate = payments.payer_class == "corporate"
    named = payments[~corporate].merge(cohorts, how="left", left_on="payer", right_on="account")
    named["cohort"] = named.cohort.astype(object).fillna("others")
    return summary, named


def test_the_table_is_what_a_recount_gives(counted: tuple[dict[str, Any], pd.DataFrame]) -> None:
    summary, payments = counted
    assert [row["cohort"] for row in summary["inclusion"]] == [*COHORTS, "others", "everybody"]
    for row in summary["inclusion"]:
        mine = payments if row["cohort"] == "everybody" else payments[payments.cohort == row["cohort"]]
        settled = mine[mine.outcome == "settled"]
        assert row["payments"] == len(mine)
        assert row["settled"] == len(settled)
        assert row["settled_fen"] == int(settled.amount_fen.sum())
        assert row["success_share"] == len(settled) / len(mine)
        assert row["insufficient_share"] == (mine.outcome == "insufficient_balance").mean()
        refused = mine.outcome.isin(["single_limit", "daily_limit", "annual_limit", "balance_cap"])
        assert row["refused_by_limit_share"] == refused.mean()
        lost = mine.amount_fen[mine.outcome != "settled"].sum() / mine.amount_fen.sum()
        assert row["refused_value_share"] == pytest.approx(lost)
        took_ms = (settled.completed_at_us - settled.submitted_at_us) / 1000
        assert row["latency_ms_mean"] == pytest.approx(took_ms.mean())
        assert row["latency_ms_p95"] == pytest.approx(took_ms.quantile(0.95), rel=0.05)
        assert row["top_up_fen"] == int(mine.top_up_fen.sum())
        assert row["top_ups"] == int((mine.top_up_fen > 0).sum())
        assert row["attempts_mean"] == mine.attempt.mean()
    cost = {row["cohort"]: row["cost_fen"] for row in summary["inclusion"]}
    guests = payments[payments.cohort == "guests"]
    assert cost["guests"] == cost["everybody"] == round(0.03 * int(guests.top_up_fen.sum()))


def test_the_risk_names_the_worst_and_what_it_rests_on(counted: tuple[dict[str, Any], pd.DataFrame]) -> None:
    summary, payments = counted
    risk = summary["risk"]["inclusion"]
    success = (payments.outcome == "settled").groupby(payments.cohort).mean().drop("others")
    assert risk["worst_cohort"] == success.idxmin()
    assert risk["success_gap"] == pytest.approx(success.min() - (payments.outcome == "settled").mean())
    assert risk["worst_payments"] == int((payments.cohort == success.idxmin()).sum()) >= FEWEST


def test_a_cohort_with_few_payments_is_not_called_the_worst(tmp_path: Path) -> None:
    one = city(
        {"hermits": {"share": 0.5, "activity": 0.0}, "rare": {"share": 0.001, "smartphone": False}}, wallets=3_000
    )
    summary = simulate(one, tmp_path, name="city")
    assert [row["payments"] < FEWEST for row in summary["inclusion"]] == [True, True, False, False]
    assert summary["risk"]["inclusion"]["worst_cohort"] is None


def test_a_wrong_count_is_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The recount sees cohorts that are taken for their neighbours."""
    real = Inclusion._take

    def shifted(self: Inclusion, ended: Any) -> None:
        self._cohort_of = np.roll(self._cohort_of, 1)
        real(self, ended)
        self._cohort_of = np.roll(self._cohort_of, -1)

    monkeypatch.setattr(Inclusion, "_take", shifted)
    summary = simulate(city(COHORTS, wallets=3_000), tmp_path, name="city")
    payments, cohorts = (pd.read_parquet(tmp_path / f"{name}.parquet") for name in ("payments", "cohorts"))
    cards = set(cohorts.account[cohorts.cohort == "cards"])
    (row,) = (row for row in summary["inclusion"] if row["cohort"] == "cards")
    assert row["payments"] != int(payments.payer.isin(cards).sum())


def test_a_run_without_cohorts_has_nothing_of_them() -> None:
    plain: Tables = run(town())
    assert "cohorts" not in plain.tables
    assert "inclusion" not in plain.summary
    assert "inclusion" not in plain.summary["risk"]
