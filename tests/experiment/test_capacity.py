"""The knee of scenarios whose capacity is known in closed form."""

import math

import pytest

from sandbox.experiment.capacity import Bounds, Interval, crossed, find_capacity
from sandbox.experiment.capacity_folder import run_capacity
from sandbox.experiment.dispatch import run_jobs
from sandbox.experiment.errors import CapacityError
from sandbox.experiment.folder import open_experiment
from sandbox.scenario.load import load
from sandbox.validation.measure import SCENARIOS

SMALL = {"duration": "10 min", "population.wallets": 100}
FEW = """
title: Few
question: q
duration: 10 min
population: {wallets: 2}
merchants: {count: 1}
institutions: {north: {share: 100 %}}
demand: {segments: {retail: {payments: 300 /day, ticket: {median: 5 CNY}}}}
"""
IMPATIENT = {"behaviour.patience": "2 s", "behaviour.max_attempts": 1, "behaviour.status_checks.max": 0}


def scenario(file, **more):
    return load(SCENARIOS / file, overrides={**SMALL, **more})


@pytest.fixture(scope="module")
def patient():
    """M/M/1, 70 a second at 10 ms: 99 of 100 within half a second as long as the load is below the closed form."""
    return find_capacity(scenario("mm1.yaml", duration="20 min"), Bounds(500.0, None), by="payments", replications=2)


def test_the_knee_of_one_server_is_where_its_sojourns_quantile_is(patient):
    # A sojourn in M/M/1 is exponential with rate mu - lambda: its 99th percentile is ln(100) / (mu - lambda).
    exact = (100.0 - math.log(100) / 0.5) / 70.0
    assert patient.holds == pytest.approx(exact, rel=0.04)
    assert patient.holds < patient.fails <= patient.holds * 1.021


def test_the_stage_that_saturates_first_is_named_with_its_utilisation(patient):
    station, utilisation = patient.first
    assert station == "bank"
    assert utilisation == pytest.approx(patient.holds * 0.7, abs=0.05)  # the busiest minute, a little above the mean
    assert patient.at(patient.holds).busy["ledger"] < 0.01


def test_loads_are_in_order_and_all_above_the_knee_fail(patient):
    loads = [one.load for one in patient.probes]
    assert loads == sorted(set(loads))
    assert [one.holds for one in patient.probes] == [load <= patient.holds for load in loads]
    assert len(patient.results.jobs) == 2 * len(loads)


@pytest.fixture(scope="module")
def full():
    """Two ledger servers of 20 ms, impatient payers: 100 a second fit, above that some get no answer."""
    return find_capacity(
        scenario("ledger-mm2.yaml", **IMPATIENT), Bounds(None, 0.99), by="payments", replications=2, planned=3.0
    )


def test_capacity_is_servers_over_service_time(full):
    # At the knee 1 of 100 goes without an answer, so the load is a hundredth above what fits.
    assert full.at(full.holds).offered_per_s == pytest.approx(2 / 0.020 / 0.99, rel=0.02)
    assert full.first[0] == "ledger"


def test_a_plan_beyond_the_knee_says_how_many_servers_it_takes(full):
    planned = full.planned
    assert planned.probe.crossed == ("answered",)
    assert full.head_room == pytest.approx(100 / 0.99 / 210, rel=0.03)
    (need,) = planned.needs
    # 210 a second at 20 ms are 4.2 servers at work.
    assert (need.station, need.servers, need.needed) == ("ledger", 2, 5)


def test_by_people_and_by_payments_agree_where_nobody_meets_a_limit():
    bounds, how = Bounds(500.0, None), {"replications": 1, "precision": 0.05}
    people = find_capacity(scenario("mm1.yaml"), bounds, by="people", **how)
    payments = find_capacity(scenario("mm1.yaml"), bounds, by="payments", **how)
    assert people.holds == pytest.approx(payments.holds, rel=0.1)


def test_the_same_question_runs_nothing_twice(patient, monkeypatch):
    ran = []
    monkeypatch.setattr(
        "sandbox.experiment.capacity.run_jobs",
        lambda jobs, workers, store: ran.append(run_jobs(jobs, workers, store)) or ran[-1],
    )
    again = find_capacity(scenario("mm1.yaml"), Bounds(500.0, None), by="payments", replications=1, precision=0.2)
    assert ran[-1].repeated == len(again.probes)  # the table of all is made of what was there
    assert [one.repeated for one in ran[:-1]] == [0] * len(again.probes)


def test_no_knee_up_to_the_most_that_may_be_tried():
    found = find_capacity(scenario("mm1.yaml"), Bounds(60_000.0, 0.5), by="payments", replications=1, most=1.2)
    assert (found.holds, found.fails, found.first) == (1.2, None, None)


def test_a_scenario_that_never_holds_says_so():
    found = find_capacity(scenario("mm1.yaml", duration="1 min"), Bounds(0.001, None), by="payments", replications=1)
    assert (found.holds, found.first, found.head_room) == (None, None, None)
    assert found.fails == found.probes[0].load < 0.002


def test_one_run_of_each_load_has_no_interval_and_still_a_knee():
    found = find_capacity(scenario("mm1.yaml"), Bounds(500.0, None), by="payments", replications=1, precision=0.3)
    assert found.probes[0].p99_ms.half_width is None
    assert found.holds is not None


def test_bounds_are_crossed_by_what_is_past_them_and_not_on_them():
    def number(value):
        return Interval(value, None, None)

    bounds = Bounds(100.0, 0.99, 0.9)
    assert crossed(bounds, number(100.0), number(0.99), number(0.9)) == ()
    assert crossed(bounds, number(100.1), number(0.98), number(0.89)) == ("p99_ms", "answered", "success")
    assert crossed(bounds, None, number(1.0), number(1.0)) == ("p99_ms",)
    assert crossed(Bounds(None, None), None, number(0.0), number(0.0)) == ()


def test_demand_that_cannot_be_ramped_is_refused(tmp_path):
    (tmp_path / "pay.csv").write_text("time,payer,payee,amount\n0,a,b,1\n")
    file = tmp_path / "traced.yaml"
    file.write_text("title: t\nquestion: q\ndemand: {trace: {file: pay.csv}}\n")
    with pytest.raises(CapacityError, match="no segments of demand"):
        find_capacity(load(file))


def test_a_scenario_that_offers_nothing_has_no_capacity(tmp_path):
    file = tmp_path / "idle.yaml"
    file.write_text(FEW.replace("300 /day", "0 /day"), encoding="utf-8")
    idle = load(file)
    with pytest.raises(CapacityError, match="offers no payment, so there is nothing to hold"):
        find_capacity(idle, replications=1)


def test_runs_without_a_payment_among_others_say_nothing_against_a_load(tmp_path):
    """One payment in three runs: the runs in which nothing is paid have no p99."""
    file = tmp_path / "few.yaml"
    file.write_text(FEW, encoding="utf-8")
    found = find_capacity(load(file), by="payments", replications=3, most=1.0)
    (probe,) = found.probes
    assert 0 < probe.offered_per_s * 600 < 1
    assert probe.p99_ms is not None
    assert probe.holds


def test_a_load_so_light_that_nothing_is_paid_ends_the_search(tmp_path):
    file = tmp_path / "few.yaml"
    file.write_text(FEW, encoding="utf-8")
    found = find_capacity(load(file), Bounds(p99_ms=0.001), by="payments", replications=3)
    assert found.holds is None
    assert found.at(found.fails).offered_per_s > 0
    assert [one.offered_per_s > 0 for one in found.probes] == [False] + [True] * (len(found.probes) - 1)


def test_a_load_that_cannot_be_run_ends_with_its_reason():
    crowded = scenario("mm1.yaml", **{"duration": "1 s", "demand.segments.retail.payments": "6e9 /day"})
    with pytest.raises(CapacityError, match=r"the load 2x cannot be run: --set: demand.segments.retail.payments"):
        find_capacity(crowded, Bounds(None, None), by="payments", replications=1)


def test_the_folder_has_the_runs_and_what_was_found(tmp_path):
    seen = []
    done = run_capacity(
        scenario("mm1.yaml"), Bounds(500.0, None), by="payments", planned=1.1, replications=2, precision=0.1,
        out=tmp_path / "ramp", processes=1, on_probe=seen.append,
    )  # fmt: skip
    again = open_experiment(tmp_path / "ramp")
    found = again.summary["capacity"]
    assert done.manifest["kind"] == again.manifest["kind"] == "capacity"
    assert [one["load"] for one in found["probes"]] == sorted(one.load for one in seen)
    assert found["planned"]["holds"] is True
    assert found["planned"]["head_room"] == found["holds"] / 1.1
    assert len(again.results.jobs) == 2 * len(seen)
    assert again.summary["comparisons"] == []


def test_other_bounds_are_another_question(tmp_path, monkeypatch):
    """Each has a folder of its own name; the runs are shared."""
    (tmp_path / "few.yaml").write_text(FEW.replace("300 /day", "9000 /day"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    asked = [{}, {"bounds": Bounds(p99_ms=900.0)}, {"by": "payments"}, {"most": 0.5}, {"planned": 0.5}]
    how = {"bounds": Bounds(), "replications": 1, "most": 1.0, "processes": 1}
    done = [run_capacity(load("few.yaml"), **{**how, **one}) for one in asked]
    assert len({one.path for one in done}) == len(asked)
