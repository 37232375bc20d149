"""One job: what decides its numbers is in its key, its text travels, its summary becomes flat numbers."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.entries import numbers
from sandbox.experiment import worker_task
from sandbox.experiment.job import jobs_of, portable_scenario, seed_of
from sandbox.experiment.worker_task import run_job, summary_of, this_program
from sandbox.scenario import gallery
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.load import Template, load, template, template_of
from sandbox.tables import REFUSALS
from wallets.classes import CLASS_NAMES


def numbers_in(value: Any) -> Iterator[float | None]:
    """Every number of a summary but those of histograms."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name != "latency_histogram":
                yield from numbers_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from numbers_in(one)
    elif value is None or isinstance(value, (bool, int, float)):
        yield value


def test_every_number_of_a_summary_has_a_name_of_its_own(small_town: Path) -> None:
    (job,) = jobs_of(load(small_town))
    summary = summary_of(job)
    flat = numbers(summary)
    there = list(numbers_in(summary))
    not_refused = 2 * (len(CLASS_NAMES) * len(REFUSALS) - len(summary["refusals"]))
    assert len(flat) == len(there) - 1 + not_refused  # the seed is left out
    known = sorted(float(one) for one in there if one is not None)
    for value in flat.values():
        assert value is None or value == 0 or value in known
    assert flat["throughput.latency_ms.p99"] == summary["throughput"]["latency_ms"]["p99"]
    assert flat["conservation.ok"] == 1.0
    assert flat["stations.ICBC.utilisation"] == next(
        row["utilisation"] for row in summary["stations"] if row["station"] == "ICBC"
    )


def test_names_of_entries() -> None:
    summary = {
        "stations": [{"station": "Bank of X", "queue": 1}, {"station": "a", "queue": 2}, {"station": "a", "queue": 3}],
        "refusals": [{"payer_class": "IV", "outcome": "frozen", "count": 4, "value_fen": 5}],
        "trace": {"examples": ["words"], "first_at_us": None},
        "nameless": [{"count": 6}],
        "scenario": {"seed": 7},
    }
    flat = numbers(summary)
    assert flat["stations.'Bank of X'.queue"] == 1
    assert (flat["stations.a.queue"], flat["stations.a[2].queue"]) == (2, 3)
    assert (flat["refusals.IV.frozen.count"], flat["refusals.I.frozen.count"]) == (4, 0)
    assert flat["trace.first_at_us"] is None
    assert flat["nameless[0].count"] == 6
    assert not any(name.startswith(("scenario", "trace.examples")) for name in flat)


def test_the_key_holds_what_decides_the_numbers_and_nothing_else(small_town: Path) -> None:
    loaded = load(small_town)
    (job,) = jobs_of(loaded, [{"ledger.servers": "4"}], fixed={"rules.kyc_delay": "1 h"})
    changed = [
        replace(job, seed=job.seed + 1),
        replace(job, varied=(("ledger.servers", "5"),)),
        replace(job, varied=()),
        replace(job, fixed=()),
        replace(job, fixed=job.varied, varied=job.fixed),
        replace(job, digest="0" * 64),
    ]
    keys = {one.key("a build") for one in [job, *changed]} | {job.key("another build")}
    assert len(keys) == len(changed) + 2
    same = [replace(job, policy="another name"), replace(job, point=9), replace(job, replication=9)]
    assert {one.key("a build") for one in same} == {job.key("a build")}


@given(seed=st.integers(0, 2**63 - 1), replications=st.integers(2, 50))
def test_seeds_are_different_and_belong_to_their_number(seed: int, replications: int) -> None:
    seeds = [seed_of(seed, number) for number in range(replications)]
    assert seeds[0] == seed
    assert len(set(seeds)) == replications
    assert all(0 <= one < 2**63 for one in seeds)


def test_points_and_policies_share_their_seeds(small_town: Path) -> None:
    loaded = load(small_town)
    jobs = jobs_of(loaded, [{}, {"ledger.servers": "4"}], replications=3) + jobs_of(loaded, replications=3, policy="b")
    assert [job.seed for job in jobs[:3]] == [job.seed for job in jobs[3:6]] == [job.seed for job in jobs[6:]]
    more = jobs_of(loaded, replications=2, first_replication=3)
    assert [job.replication for job in more] == [3, 4]
    assert not {job.seed for job in more} & {job.seed for job in jobs}


SET = st.fixed_dictionaries(
    {},
    optional={
        "rules.wallet_limits.preset": st.sampled_from(["2021+", "ccb_pilot_2020"]),
        "rules.wallet_limits.classes.IV.single": st.sampled_from(["100 CNY", "none"]),
        "rules.regime": st.sampled_from(["digital_cash", "digital_deposit"]),
        "rules.box": st.sampled_from(["{enabled: true, merchants: 50 %}", "{}"]),
        "rules.changes": st.just("[{at: 1 h, wallet_limits: {preset: ccb_pilot_2020}}]"),
        "ledger.servers": st.integers(1, 9).map(str),
        "ledger.service.sigma": st.just("0.3"),
        "institutions.ICBC.servers": st.integers(1, 9).map(str),
        "population.wallets": st.just("70000"),
        "behaviour.patience": st.sampled_from(["none", "3 s"]),
        "series": st.just("{bin: 30 min}"),
        "scale": st.just("0.5"),
    },
)


@cache
def both(name: str) -> tuple[Template, Template]:
    original = template(name)
    return original, template_of(portable_scenario(original.load()), name)


@given(name=st.sampled_from(gallery.names()), overrides=SET)
@settings(max_examples=12)
def test_what_is_set_in_the_text_that_travels_is_set_in_the_scenario(name: str, overrides: dict[str, str]) -> None:
    """A worker sets values in the resolved text; the same values set in the original files give the same scenario."""
    original, travelled = both(name)
    try:
        here = original.load(overrides, 5).scenario
    except ScenarioErrors:  # not everything goes with every scenario; then it must not there either
        with pytest.raises(ScenarioErrors):
            travelled.load(overrides, 5)
        return
    there = travelled.load(overrides, 5).scenario
    words = {"sources": {}, "experiment": None}
    assert there.model_copy(update=words) == here.model_copy(update=words)
    assert list(there.institutions) == list(here.institutions)


def test_what_does_not_go_together_fails_in_its_run(small_town: Path) -> None:
    liquidity = {"institutions.ICBC.liquidity.floor": "5000 CNY", "institutions.ICBC.liquidity.target": "1 CNY"}
    (job,) = jobs_of(load(small_town), [liquidity])
    outcome = run_job(job, this_program())
    assert outcome.error is not None
    assert "institutions.ICBC.liquidity" in outcome.error
    assert "\n" not in outcome.error
    assert not outcome.names


def test_a_run_is_the_run_that_run_makes(small_town: Path, tmp_path: Path) -> None:
    """Nothing written, nothing recorded, and yet the same numbers."""
    import sandbox

    run = sandbox.run(small_town, seed=11, set={"ledger.servers": 1}, out=tmp_path / "run")
    (job,) = jobs_of(load(small_town, seed=11), [{"ledger.servers": "1"}])
    outcome = run_job(job, this_program())
    expected = numbers({**run.summary, "scenario": {**run.summary["scenario"], "name": "small-town"}})
    assert outcome.names == tuple(expected)
    assert np.array_equal(outcome.values, [np.nan if one is None else one for one in expected.values()], equal_nan=True)


@pytest.mark.parametrize("changed", ["numpy", "numba", "Python", "build"])
def test_a_program_is_another_on_another_python_or_numpy(changed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = this_program()
    this_program.cache_clear()
    monkeypatch.setattr(worker_task, "version", lambda name: "0.9" if name == changed else version(name))
    if changed == "Python":
        monkeypatch.setattr(platform, "python_version", lambda: "3.99.1")
    if changed == "build":
        monkeypatch.setattr(worker_task, "this_build", lambda: "another")
    assert this_program() != usual
    this_program.cache_clear()
    monkeypatch.undo()
    patch = platform.python_version().rpartition(".")[0] + ".99"
    monkeypatch.setattr(platform, "python_version", lambda: patch)
    assert this_program() == usual  # a patch release is the same Python
    this_program.cache_clear()


def test_another_program_does_nothing(small_town: Path) -> None:
    (job,) = jobs_of(load(small_town))
    outcome = run_job(job, "another")
    assert outcome.other_program == this_program()
    assert not outcome.names


def test_a_trace_that_is_another_file_is_seen(tmp_path: Path) -> None:
    trace = tmp_path / "trace.csv"
    head, row = "time,payer,payee,amount\n", "{},p1,m1,12.50\n"
    trace.write_text(head + row.format("12"))
    (tmp_path / "traced.yaml").write_text(
        "title: T\nquestion: Q?\nduration: 1 day\ndemand: {trace: {file: trace.csv}}\n"
    )
    (job,) = jobs_of(load(tmp_path / "traced.yaml"))
    first = run_job(job, this_program())
    assert first.error is None, first.error
    trace.write_text(head + 2 * row.format("12"))
    second = run_job(job, this_program())
    assert second.error is not None
    assert "not the same file" in second.error


@pytest.mark.parametrize("name", gallery.names())
def test_the_text_that_travels_stands_alone(name: str) -> None:
    loaded = load(name)
    again = template_of(portable_scenario(loaded), name).load()
    assert again.digest == loaded.digest
    assert again.scenario.experiment is None
