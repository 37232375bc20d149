"""What a design of many runs says as a whole; seeds that are shared where they must be and nowhere else."""

import numpy as np
import pytest

from sandbox.experiment.analysis import analysis_of
from sandbox.experiment.compare import compare
from sandbox.experiment.factors import Factor
from sandbox.experiment.plan import ExperimentPlan
from sandbox.experiment.results import Results
from sandbox.experiment.summary import summary_of
from sandbox.scenario.load import load

METRIC = "throughput.settled"
LEVER = Factor("ledger.servers", levels=("1", "2"))
UNKNOWN = Factor("rules.kyc_delay", low="1 h", high="3 h", kind="uncertainty")


@pytest.fixture(scope="module")
def loaded():
    return load("operator-outage")


def plan(loaded, factors, design="grid", samples=4, replications=3):
    return ExperimentPlan("sweep", "x", {loaded.name: loaded}, {}, factors, design, samples, replications, (METRIC,))


def results(question, value, metric=METRIC):
    """Runs that were never run: each job's number is what `value` says of it."""
    jobs = tuple(question.jobs())
    return Results(jobs, (metric,), np.array([[value(job)] for job in jobs]), {})


def test_each_future_has_its_own_seeds_and_all_choices_have_the_same(loaded):
    jobs = plan(loaded, (LEVER, UNKNOWN)).jobs()
    seeds = {
        (dict(job.varied)["rules.kyc_delay"], dict(job.varied)["ledger.servers"], job.replication): job.seed
        for job in jobs
    }
    assert len(seeds) == len(jobs) == 4 * 2 * 3
    by_choice = [{key[::2]: seed for key, seed in seeds.items() if key[1] == words} for words in ("1", "2")]
    assert by_choice[0] == by_choice[1]
    assert len(set(by_choice[0].values())) == 12  # no seed twice within a choice


def test_runs_of_one_future_count_once(loaded):
    question = plan(loaded, (LEVER, UNKNOWN))
    found = results(question, lambda job: job.seed % 1000 + 5.0 * (dict(job.varied)["ledger.servers"] == "2"))
    (one,) = compare(found, (METRIC,), question.factors)
    assert one.paired.pairs == 4  # futures, not the 12 runs
    assert one.paired.difference.value == pytest.approx(5.0)
    assert {row["count"] for row in summary_of(question, found, (METRIC,))["described"]} == {4}


def test_without_futures_each_run_counts(loaded):
    question = plan(loaded, (LEVER,))
    (one,) = compare(results(question, lambda job: float(job.replication)), (METRIC,), question.factors)
    assert one.paired.pairs == 3


def test_regret_is_over_futures(loaded):
    question = plan(loaded, (LEVER, UNKNOWN))
    worth = {"1": 10.0, "2": 12.0}
    found = analysis_of(question, results(question, lambda job: worth[dict(job.varied)["ledger.servers"]]), (METRIC,))
    (row,) = found["regret"]
    assert row["futures"] == 4
    assert [(one["choice"], one["worst"], one["best_in"]) for one in row["choices"]] == [
        ("ledger.servers=2", 0.0, 1.0), ("ledger.servers=1", 2.0, 0.0),
    ]  # fmt: skip


def test_nothing_is_given_away_in_a_number_without_a_direction(loaded):
    question, metric = plan(loaded, (LEVER, UNKNOWN)), "throughput.payments"
    found = analysis_of(question, results(question, lambda job: float(job.point), metric), (metric,))
    assert found["high_is_good"] == {metric: None}
    assert found["regret"] == [{"metric": metric, "futures": 0, "choices": []}]


@pytest.mark.parametrize("design", ["one_at_a_time", "morris", "saltelli"])
def test_sensitivity_finds_what_a_number_hangs_on(loaded, design):
    pytest.importorskip("SALib")
    factors = (
        Factor("rules.kyc_delay", low="1 h", high="3 h", kind="uncertainty"),
        Factor("behaviour.backoff", low="1 s", high="9 s", kind="uncertainty"),
    )
    question = plan(loaded, factors, design, samples=16, replications=2)

    def value(job):
        found = dict(job.varied).get("behaviour.backoff", "5 s")
        number, unit = found.split()
        return float(number) * {"s": 1.0, "ms": 1e-3, "us": 1e-6}[unit] + 0.001 * (job.seed % 100)

    assert question.count == len(question.jobs())
    assert len({job.seed for job in question.jobs()}) == 2  # the same seeds at every point
    (row,) = analysis_of(question, results(question, value), (METRIC,))["sensitivity"]
    assert [bar["path"] for bar in row["bars"]] == ["behaviour.backoff", "rules.kyc_delay"]
    assert row["bars"][0] != row["bars"][1]


def test_a_failed_run_leaves_a_reason_in_the_place_of_bars(loaded):
    question = plan(loaded, (UNKNOWN,), "one_at_a_time")
    found = analysis_of(question, results(question, lambda job: np.nan if job.point == 1 else 1.0), (METRIC,))
    assert found["sensitivity"][0]["bars"] == []
    assert "1 of 3 points have no number" in found["sensitivity"][0]["error"]
