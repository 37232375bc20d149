"""Who matters in worlds in which that is known beforehand."""

from pathlib import Path

import pytest

from sandbox.experiment.dispatch import run_jobs
from sandbox.experiment.errors import ExperimentError
from sandbox.experiment.stress import Window, ranking, stress_plan
from sandbox.scenario.load import load

TOWN = """
title: Three banks and a fourth that nobody uses
question: Who matters?
duration: 2 h
population: {wallets: 400, corporates: 0}
merchants: {count: 30, popularity_exponent: 0}
institutions:
  small: {share: 10 %}
  idle: {share: 0 %}
  giant: {share: 65 %}
  middling: {share: 25 %}
demand: {segments: {shops: {payments: 30000 /day, profile: flat}}}
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("stress") / "town.yaml"
    file.write_text(TOWN)
    return file


@pytest.fixture(scope="module")
def failed(town):
    """Every institution failed in turn, four seeds each."""
    return run_jobs(stress_plan(load(town), "each:institution", replications=4).jobs())


def test_the_dominant_institution_comes_first_and_the_unused_one_last(failed):
    rows = ranking(failed)
    assert [row.participant for row in rows] == ["giant", "middling", "small", "idle"]
    assert rows[0].share > 0.8  # it stands on one side at least of 88 of 100 payments
    assert rows[0].lost.clear


def of_policy(results, name):
    return [at for at, job in enumerate(results.jobs) if job.policy == name]


def test_whom_nobody_uses_makes_no_difference_at_all(failed):
    idle = ranking(failed)[-1]
    assert idle.lost.identical
    assert (idle.lost.difference.low, idle.lost.difference.high, idle.share) == (0.0, 0.0, 0.0)
    base, silent = (of_policy(failed, name) for name in ("town", "idle"))
    numbers = [place for place, name in enumerate(failed.metrics) if "idle" not in name and not name.startswith("risk")]
    assert len(numbers) > 50
    for here, there in zip(base, silent, strict=True):
        assert failed.values[here, numbers].tolist() == pytest.approx(
            failed.values[there, numbers].tolist(), nan_ok=True
        )


def test_random_numbers_are_common(failed):
    seeds = {name: [failed.jobs[at].seed for at in of_policy(failed, name)] for name in failed.policies}
    assert len(set(map(tuple, seeds.values()))) == 1
    assert len(set(seeds["town"])) == 4


def test_all_payments_of_a_failed_institution_are_unavailable(failed):
    lost = failed.pair("stations.giant.served", "town", "giant")
    assert lost.first.min() > 0
    assert lost.second.max() == 0


def test_a_fault_that_is_there_already_stays(town):
    loaded = load(
        town, overrides={"faults": "[{station: small, kind: slow_down, starts: 10 min, lasts: 20 min, factor: 2.5}]"}
    )
    plan = stress_plan(loaded, "each:institution")
    again = load(town, overrides=dict(plan.fixed["giant"])).scenario.faults
    assert again[0] == loaded.scenario.faults[0]
    assert (again[1].station, again[1].kind, again[1].starts) == ("giant", "outage", 0)


def test_a_window_and_a_gateway_that_loses_half(town):
    plan = stress_plan(load(town), "each:gateway", window=Window(600_000_000, 60_000_000))
    (fault,) = load(town, overrides=dict(plan.fixed["idle"])).scenario.faults
    assert (fault.kind, fault.loss, fault.starts, fault.lasts) == ("capacity_loss", 0.5, 600_000_000, 60_000_000)
    assert list(stress_plan(load(town), "each:ledger").policies) == ["town", "ledger"]


def test_an_institution_named_as_the_scenario_is_not_taken_for_the_base(town):
    file = town.with_name("giant.yaml")
    file.write_text(TOWN)
    plan = stress_plan(load(file), "each:institution")
    assert list(plan.policies) == ["giant (as it is)", "small", "idle", "giant", "middling"]


@pytest.mark.parametrize("words", ["each:person", "institution", "each:", "each:corridors"])
def test_what_cannot_be_failed_is_refused_with_what_can(town, words):
    with pytest.raises(ExperimentError, match="each:institution, each:gateway, each:ledger"):
        stress_plan(load(town), words)


def test_a_window_behind_the_end_is_refused(town):
    with pytest.raises(ExperimentError, match="after the scenario has ended"):
        stress_plan(load(town), "each:institution", window=Window(7_200_000_000))


def test_the_largest_merchants_come_first_and_nobody_pays_a_closed_one(town):
    plan = stress_plan(load(town, overrides={"merchants.popularity_exponent": "1.5"}), "each:merchant", replications=2)
    assert list(plan.policies)[1:] == [f"merchant {number}" for number in range(10)]
    results = run_jobs(plan.jobs())
    assert ranking(results)[0].participant == "merchant 0"
    assert results.pair("outcomes.frozen", "town", "merchant 0").second.min() > 0
    assert results.pair("outcomes.frozen", "town", "merchant 0").first.max() == 0


ABROAD = """
crossborder:
  corridors:
    large: {sender: hong_kong, receiver: mainland, count: 40, mean: 100000 USD, sigma: 0.1}
    small: {sender: thailand, receiver: uae, count: 4, mean: 1000 USD, sigma: 0.1}
"""


def test_a_corridor_that_is_shut_carries_nothing(tmp_path):
    file = tmp_path / "abroad.yaml"
    file.write_text(TOWN.replace("30000 /day", "24 /day").replace("2 h", "12 h") + ABROAD)
    plan = stress_plan(load(file), "each:corridor", replications=1)
    results = run_jobs(plan.jobs())
    rows = ranking(results, plan.metrics[0])
    assert [row.participant for row in rows] == ["large", "small"]
    assert rows[0].share > 0.99
    for arrangement in ("shared_ledger", "correspondent"):
        assert results.column(f"crossborder.arrangements.{arrangement}.reasons.corridor_shut").tolist()[1:] == [
            40.0,
            4.0,
        ]


def test_a_scenario_without_corridors_has_none_to_shut(town):
    with pytest.raises(ExperimentError, match="no corridor"):
        stress_plan(load(town), "each:corridor")
