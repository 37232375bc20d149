"""Rings on the rail: they follow their plan, pass money on, meet rules and adapt; what is written down is what was."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sandbox.core.layout import Outcome, account, code, ended, tags, trait
from sandbox.engine.simulation import Simulation
from sandbox.features.crime.schema import LABELS
from sandbox.simulate import simulate
from sandbox.tables import OUTCOMES
from tests.crime.towns import as_it_is, criminals, only, simulated, town

BORN = ["submitted_at_us", "source", "payer", "payee", "amount_fen", "kind"]


def tables(scenario: Any, folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    folder.mkdir(parents=True, exist_ok=True)
    summary = simulate(scenario, folder, name="town")
    return {file.stem: pd.read_parquet(file) for file in sorted(folder.glob("*.parquet"))}, summary


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    return tables(town(), tmp_path_factory.mktemp("town"))


def test_all_patterns_happen_and_say_so(run: tuple[dict[str, pd.DataFrame], dict[str, Any]]) -> None:
    payments = run[0]["payments"]
    assert set(payments["label"].dropna()) == set(LABELS)


def test_the_truth_is_told_three_times_alike(run: tuple[dict[str, pd.DataFrame], dict[str, Any]]) -> None:
    found, summary = run
    illicit = found["payments"][found["payments"]["label"].notna()].set_index("payment_id").sort_index()
    truth = found["patterns"].set_index("payment_id")
    assert truth.index.is_monotonic_increasing
    assert truth.index.equals(illicit.index)
    assert (truth["pattern"].astype(str) == illicit["label"].astype(str)).all()
    rows = {row["pattern"]: row for row in summary["crime"]["patterns"]}
    for label, group in illicit.groupby(illicit["label"].astype(str)):
        settled = group[group["outcome"] == "settled"]
        row = rows[str(label)]
        assert (row["payments"], row["settled"], row["settled_fen"]) == (
            len(group), len(settled), settled["amount_fen"].sum(),
        )  # fmt: skip
    assert summary["crime"]["payments"] == len(illicit)


def test_the_base_rates_are_kept(run: tuple[dict[str, pd.DataFrame], dict[str, Any]]) -> None:
    """Planned payments: one in twenty, and 38 % of them in no pattern; splits and retries come on top."""
    payments, plans = run[0]["payments"], criminals(as_it_is()).instances
    steps = {True: 0, False: 0}
    for one in plans:
        steps[one.label == "no_pattern"] += len(one.steps)
    planned = sum(steps.values())
    honest = payments["label"].isna().sum()
    assert planned / (planned + honest) == pytest.approx(0.05, rel=0.08)
    assert steps[True] / planned == pytest.approx(0.38, abs=0.02)


@pytest.mark.parametrize("share", [0.001, 0.02])
def test_few_illicit_payments_are_right_on_average(share: float) -> None:
    """A pattern is a whole; the last one is taken by chance, so that small runs are not above their share."""
    counts = [sum(len(one.steps) for one in criminals(Simulation(_built(seed, share))).instances) for seed in range(20)]
    wanted = (13_000 * 2 + 250) * share / (1 - share)
    error = np.std(counts) / np.sqrt(len(counts))
    assert abs(np.mean(counts) - wanted) < 4 * error + 0.06 * wanted


def _built(seed: int, share: float) -> Any:
    from sandbox.world import build

    return build(town(crime__share=share), seed)


def test_honest_payments_are_born_the_same(tmp_path: Path, run: tuple[dict[str, pd.DataFrame], dict[str, Any]]) -> None:
    with_crime = run[0]["payments"]
    without = tables(town(crime=None), tmp_path)[0]
    honest = with_crime[with_crime["label"].isna()].sort_values("payment_id")[BORN].reset_index(drop=True)
    alone = without["payments"].sort_values("payment_id")[BORN].reset_index(drop=True)
    pd.testing.assert_frame_equal(honest.astype({"source": str}), alone.astype({"source": str}))
    assert not {"patterns", "postings"} & set(without)


def test_the_same_run_twice_is_the_same(tmp_path: Path, run: tuple[dict[str, pd.DataFrame], dict[str, Any]]) -> None:
    again = tables(town(), tmp_path)[0]
    for name, table in run[0].items():
        pd.testing.assert_frame_equal(table, again[name])
    other = tables(town(seed=2), tmp_path / "other")[0]
    assert not other["patterns"].equals(again["patterns"])


def test_illicit_payments_hide_among_honest_sources(run: tuple[dict[str, pd.DataFrame], dict[str, Any]]) -> None:
    payments = run[0]["payments"]
    illicit = payments["label"].notna()
    assert "orders" not in set(payments["source"])
    pairs = ["source", "kind"]
    assert set(map(tuple, payments[illicit][pairs].values)) <= set(map(tuple, payments[~illicit][pairs].values))


def test_nobody_passes_on_more_than_came_in(run: tuple[dict[str, pd.DataFrame], dict[str, Any]]) -> None:
    """The money that a mule of a pattern pays on is money of that instance."""
    found = run[0]
    truth = found["patterns"].merge(found["payments"], on="payment_id")
    truth = truth[truth["outcome"] == "settled"].sort_values("payment_id")
    checked = 0
    instances = {(one.label, one.number): one for one in criminals(as_it_is()).instances}
    for key, rows in truth[truth["pattern"] != "no_pattern"].groupby(["pattern", "instance"], observed=True):
        one, held = instances[key], defaultdict(int)  # type: ignore[index,var-annotated]
        for row in rows.itertuples():
            if one.steps[row.step].passes:
                held[row.payer] -= row.amount_fen
                assert held[row.payer] >= 0, (one, row)
                checked += 1
            held[row.payee] += row.amount_fen
    assert checked > 200


def test_steps_come_in_order_and_not_before_they_are_due(run: tuple[dict[str, pd.DataFrame], dict[str, Any]]) -> None:
    found = run[0]
    truth = (
        found["patterns"].merge(found["payments"], on="payment_id").sort_values(["pattern", "instance", "step", "part"])
    )
    due = {(one.label, one.number): [step.at_us for step in one.steps] for one in criminals(as_it_is()).instances}
    for key, rows in truth.groupby(["pattern", "instance"], observed=True):
        assert rows["submitted_at_us"].is_monotonic_increasing
        assert all(
            at >= due[key][step]
            for at, step in zip(rows["submitted_at_us"], rows["step"], strict=True)  # type: ignore[index]
        )
    assert truth["submitted_at_us"].max() < town().duration


def test_losses_are_what_victims_paid() -> None:
    part = criminals(as_it_is())
    assert {one.label for one in part.log.losses} == {"mule_layering", "account_takeover", "merchant_collusion"}
    instances = {(one.label, one.number): one for one in part.instances}
    expected: dict[tuple[str, int], int] = defaultdict(int)
    for attempt in part.log.payments:
        one = instances[attempt.label, attempt.instance]
        whose = one.shape.victims.get(one.steps[attempt.step].payer)
        if whose is not None and attempt.outcome == Outcome.SETTLED:
            expected[attempt.label, one.accounts[whose]] += attempt.amount_fen
    found: dict[tuple[str, int], int] = defaultdict(int)
    for loss in part.log.losses:
        found[loss.label, loss.account] += loss.amount_fen
    takeovers = {key: value for key, value in found.items() if key[0] != "account_takeover"}
    assert takeovers == {key: value for key, value in expected.items() if key[0] != "account_takeover"}
    assert sum(found.values()) == sum(expected.values())
    assert [one.at_us for one in part.log.losses] == sorted(one.at_us for one in part.log.losses)


# --- how they adapt -------------------------------------------------------------------------------------------------


def attempts(simulation: Simulation) -> list[Any]:
    return criminals(simulation).log.payments


def test_they_split_under_a_limit_that_they_meet_and_remember_it() -> None:
    free, bound = simulated(only("fan_in")), simulated(only("fan_in", single="20 CNY", avoids="none"))
    assert criminals(bound).summary()["crime"]["splits"] > 10
    by_step: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for one in attempts(bound):
        by_step[one.instance, one.step].append(one)
    refused = OUTCOMES.index("single_limit")
    again = 0
    for key, tried in by_step.items():
        first = tried[0].amount_fen
        if tried[0].outcome != refused or any(one.outcome not in (Outcome.SETTLED, refused) for one in tried):
            continue
        settled = [one.amount_fen for one in tried if one.outcome == Outcome.SETTLED]
        assert sum(settled) <= first
        assert all(one.amount_fen <= first // 2 + 1 for one in tried[1:]), key
        again += sum(settled) == first
    assert again > 10
    # The same payer's next step is cut up beforehand: it does not run into the limit with the whole amount again.
    assert len(attempts(bound)) > len(attempts(free))


def test_they_stay_below_what_is_reported() -> None:
    low = simulated(only("cycle", avoids="50 CNY"))
    assert 49_00 < max(one.amount_fen for one in attempts(low)) < 50_00
    high = simulated(only("cycle", avoids="none"))
    assert max(one.amount_fen for one in attempts(high)) > 1_000_00


def test_who_does_not_adapt_tries_once() -> None:
    stubborn = simulated(only("fan_in", single="20 CNY", adapts=False))
    found = attempts(stubborn)
    assert len({(one.instance, one.step) for one in found}) == len(found)
    assert criminals(stubborn).summary()["crime"]["splits"] == 0
    assert any(one.outcome == OUTCOMES.index("single_limit") for one in found)


def test_a_frozen_mule_is_replaced() -> None:
    """The collecting account of every instance is frozen from the start: another one takes its place."""
    scenario = only("gather_scatter")
    hubs: set[int] = set()

    def freeze(simulation: Simulation) -> None:
        for one in criminals(simulation).instances:
            hubs.add(one.accounts[0])
            simulation.world.ledger.accounts[one.accounts[0], account.TRAITS] |= trait.FROZEN

    frozen = simulated(scenario, freeze)
    free = simulated(scenario)
    assert criminals(frozen).summary()["crime"]["moves"] >= len(criminals(frozen).instances) > 3
    settled = [sum(one.outcome == Outcome.SETTLED for one in attempts(each)) for each in (frozen, free)]
    assert settled[0] > 0.5 * settled[1]
    accounts = frozen.world.ledger.accounts
    assert all(accounts[hub, account.STAMP] >> account.STAMP_COUNT_SHIFT == 0 for hub in hubs)


def test_the_wallet_of_a_takeover_has_never_paid_before() -> None:
    scenario = only("account_takeover", share="0.5 %")
    counts: list[int] = []

    def watch(simulation: Simulation) -> None:
        victims = {one.accounts[0] for one in criminals(simulation).instances}
        pay = simulation.control.pay

        def noting(payer: int, payee: int, amount_fen: int, **more: Any) -> Any:
            if payer in victims:
                counts.append(int(simulation.world.ledger.accounts[payee, account.STAMP] >> account.STAMP_COUNT_SHIFT))
            return pay(payer, payee, amount_fen, **more)

        simulation.control.pay = noting  # type: ignore[method-assign]

    simulated(scenario, watch)
    assert len(counts) > 10
    assert max(counts) == 0


def test_farmers_spend_packets_that_they_claimed(run: tuple[dict[str, pd.DataFrame], dict[str, Any]]) -> None:
    payments = run[0]["payments"]
    farmed = payments[payments["label"] == "red_packet_farming"]
    assert (farmed["kind"] == "campaign").all()
    assert (farmed["packet_fen"] > 0).mean() > 0.4
    truth = run[0]["patterns"].merge(farmed, on="payment_id")
    assert (truth.groupby("instance")["payee"].nunique() == 1).all()


def test_shells_are_corporates_under_foreign_control(run: tuple[dict[str, pd.DataFrame], dict[str, Any]]) -> None:
    shells = run[0]["payments"].query("label == 'cross_border_shells'")
    block = as_it_is().world.blocks["corporate"]
    for side in ("payer", "payee"):
        assert shells[side].between(block.first, block.end - 1).all()
    assert len(set(shells["payer"]) | set(shells["payee"])) <= 40  # 5 % of 400, spares included


def test_structuring_stays_just_below_the_least_threshold(run: tuple[dict[str, pd.DataFrame], dict[str, Any]]) -> None:
    found = run[0]["payments"].query("label == 'sub_threshold_structuring'").merge(run[0]["patterns"], on="payment_id")
    whole = found[found["part"] == 0]
    limits = {"I": 5_000_000, "II": 5_000_000, "III": 500_000, "IV": 200_000, "corporate": 5_000_000}
    most = whole["payer_class"].astype(str).map(limits)
    near = (whole["amount_fen"] < most) & (whole["amount_fen"] > 0.89 * most)
    assert near.mean() > 0.9


def test_every_loss_is_marked_on_its_payment() -> None:
    """What the rail marks as lost, when and whose, is what the criminals know they took."""
    marked: list[tuple[int, int, int]] = []

    def listen(simulation: Simulation) -> None:
        def take(window: Any) -> None:
            lost = (window[ended.TAG] & tags.LOSS != 0) & (window[ended.CODES] & code.OUTCOME_MASK == Outcome.SETTLED)
            for ended_at, key, amount in window[:, lost][[ended.ENDED_AT, ended.KEY, ended.AMOUNT]].T.tolist():
                marked.append((ended_at, simulation.control.victims[key], amount))

        simulation.control.listen(take)

    known = criminals(simulated(town(), listen)).log.losses
    assert sorted(marked) == sorted((one.at_us, one.account, one.amount_fen) for one in known)
    assert {one.label for one in known} == {"account_takeover", "mule_layering", "merchant_collusion"}
