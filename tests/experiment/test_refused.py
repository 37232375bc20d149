"""What would be accepted and do nothing in an experiment is refused, with what to do instead."""

from __future__ import annotations

from pathlib import Path

import pytest

import sandbox
from sandbox.cli.summary import summary_lines
from sandbox.experiment.dispatch import run_jobs
from sandbox.experiment.errors import ExperimentError
from sandbox.experiment.plan import comparison_plan, replications_plan, sweep_plan
from sandbox.feature import Feature, using
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.load import load

TOWN = "title: A\nquestion: B\nduration: 1 h\npopulation: {wallets: 100}\nmerchants: {count: 5}\n"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    file = tmp_path / "town.yaml"
    file.write_text(TOWN, encoding="utf-8")
    return file


@pytest.mark.parametrize("path", ["seed", "'seed'", "title", "question", "look_for", "sources", "experiment.samples"])
def test_a_variant_that_would_do_nothing(path: str, town: Path) -> None:
    said = "give --seed N, and" if "seed" in path else f"--set {path}: it decides no"
    with pytest.raises(ExperimentError, match=said):
        comparison_plan([town], variants=[{path: "5"}], replications=2)


def test_a_seed_does_what_it_says_or_is_refused_everywhere(town: Path) -> None:
    assert replications_plan(load(town, overrides={"seed": "5"}), 2).jobs()[0].seed == 5
    assert sweep_plan(town, vary={"ledger.servers": ["1", "2"]}, overrides={"seed": "5"}).jobs()[0].seed == 5
    with pytest.raises(ScenarioErrors, match="replications have seeds of their own"):
        sweep_plan(town, vary={"seed": ["5", "6"]})
    with pytest.raises(ScenarioErrors, match="seed: the seed is given by `--seed` too"):
        load(town, overrides={"seed": "5"}, seed=6)
    assert comparison_plan([town], variants=[{"ledger.servers": "2"}], replications=1, seed=5).jobs()[1].seed == 5


def test_what_is_varied_cannot_be_set_as_well(town: Path) -> None:
    with pytest.raises(ExperimentError, match="servers: is set, and is to be varied"):
        sweep_plan(town, vary={"ledger.servers": ["1", "2"]}, overrides={"'ledger'.servers": "3"})


def test_a_grid_of_values_draws_no_samples(town: Path) -> None:
    vary = {"ledger.servers": ["1", "2"]}
    with pytest.raises(ExperimentError, match="--samples 3: a grid of values draws none"):
        sweep_plan(town, vary=vary, samples=3)
    uncertain = {"ledger.service.mean": {"low": "1 ms", "high": "2 ms"}}
    assert sweep_plan(town, vary=vary, uncertain=uncertain, samples=3, replications=1).count == 6


def test_the_same_policy_twice_is_no_comparison(town: Path) -> None:
    two, three = {"ledger.servers": "2"}, {"ledger.servers": "3"}
    with pytest.raises(ExperimentError, match=r"'ledger\.servers=2' and 'ledger\.servers=2' are the same policy"):
        comparison_plan([town], variants=[two, three, two], replications=1)
    with pytest.raises(ExperimentError, match="'town' and 'town' are the same policy"):
        comparison_plan([town, town], replications=1)
    assert len(comparison_plan([town], variants=[two, three], replications=1).policies) == 3


def test_a_feature_of_ones_own_is_refused_and_nothing_is_kept(town: Path, tmp_path: Path) -> None:
    with using(Feature("watcher", ())):
        with pytest.raises(ExperimentError, match="watcher: not installed"):
            run_jobs(replications_plan(load(town), 1).jobs())
        with pytest.raises(ExperimentError, match="watcher"):
            sandbox.replicate(town, 2, out=tmp_path / "out", processes=1)
    assert not (tmp_path / "out").exists()


def test_a_process_of_ones_own_cannot_be_handed_to_an_experiment(town: Path, tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="'prepare' says nothing of how runs are carried out"):
        sandbox.replicate(town, 2, out=tmp_path / "out", prepare=print)


@pytest.mark.parametrize(
    ("series", "problem"),
    [
        ("{steady_state: true, warm_up: 1 h}", "nothing would be left to measure: 0 of 60 bins"),
        ("{steady_state: true, warm_up: 9 h}", "nothing would be left to measure: 0 of 60 bins"),
        ("{steady_state: true, warm_up: 41 min}", "nothing would be left to measure: 19 of 60 bins"),
        ("{steady_state: true, warm_up: 1 min, bin: 5 min}", "12 of 12 bins"),
        ("{warm_up: 10 min}", "has no use without `steady_state: true`"),
    ],
)
def test_a_warm_up_after_which_nothing_is_left(series: str, problem: str, town: Path) -> None:
    town.write_text(f"{TOWN}series: {series}\n", encoding="utf-8")
    with pytest.raises(ScenarioErrors, match=f"series.warm_up: .*{problem}") as caught:
        load(town)
    assert caught.value.errors[0].line == 6


def test_a_run_too_short_for_a_steady_state_says_so(town: Path, tmp_path: Path) -> None:
    town.write_text(f"{TOWN}series: {{steady_state: true, warm_up: 40 min}}\n", encoding="utf-8")
    assert load(town).scenario.series.warm_up is not None
    short = {"duration": "10 min", "series.warm_up": "null"}
    from reports.render import render

    found = sandbox.run(town, set=short, out=tmp_path / "run", record="none", finish=render)
    told = "\n".join(summary_lines(found))
    assert "Nothing is left to measure: 10 bins after the warm-up" in told
    assert "Nothing is left to measure: 10 bins" in (tmp_path / "run" / "report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("behaviour.redeem_share", ["0.5", "50 %"]), ("behaviour.redeem_share", [0.5, "0.50"]),
        ("rules.kyc_delay", ["1 h", "2 h", "60 min"]), ("ledger.servers", ["1,000", "1000"]),
        ("rules.box.enabled", ["true", "yes"]), ("behaviour.patience", ["none", "无"]),
        ("demand.segments.shops.payments", ["1 /s", "86400 /day"]), ("rules.regime", ["digital_cash", " digital_cash"]),
    ],
)  # fmt: skip
def test_one_value_spelt_in_two_ways_is_one_point(path: str, values: list[object]) -> None:
    with pytest.raises(ScenarioErrors, match=r"are the same value, spelt in two ways|a value is given twice"):
        sweep_plan("city-retail-day", vary={path: values})
    sweep_plan("city-retail-day", vary={path: values[:1]})
