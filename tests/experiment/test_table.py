"""The long table: the same numbers in and out, the same bytes whoever ran what when."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.experiment.errors import TableError, UnknownMetric
from sandbox.experiment.job import Job, JobResult
from sandbox.experiment.results import Results, collect
from sandbox.experiment.table import read_results, write_table

METRICS = ("a.b", "a.c", "stations.'Bank of X'.queue", "金额")
VALUES = st.none() | st.floats(allow_nan=False)
RUNS = st.lists(
    st.one_of(
        st.dictionaries(st.sampled_from(METRICS), VALUES, min_size=1).filter(
            lambda flat: any(v is not None for v in flat.values())
        ),
        st.sampled_from(["it broke", "it broke again", "坏了"]),
    ),
    min_size=1,
    max_size=12,
)


def results_of(runs: list[dict[str, float | None] | str]) -> Results:
    jobs, found = [], {}
    for at, run in enumerate(runs):
        varied = (("ledger.servers", str(at // 4)),) if at % 3 else (("rules.kyc_delay", "1 h"),)
        jobs.append(Job("甲" if at % 2 else "b", at // 2, at % 2, 2**62 + at, "", "d", (("scale", "2"),), varied))
        if isinstance(run, str):
            found[at] = JobResult(error=run)
        else:
            values = [np.nan if value is None else value for value in run.values()]
            found[at] = JobResult(tuple(run), np.array(values, dtype=float))
    return collect(jobs, found)


@given(runs=RUNS)
@settings(max_examples=60)
def test_what_is_written_is_read(
    runs: list[dict[str, float | None] | str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    results = results_of(runs)
    file = tmp_path_factory.mktemp("table") / "sweep.parquet"
    write_table(results, file)
    again = read_results(file)
    assert again.jobs == results.jobs
    assert again.errors == results.errors
    assert set(again.metrics) == set(results.metrics)
    for metric in results.metrics:
        assert np.array_equal(again.column(metric), results.column(metric), equal_nan=True)
    table = pq.read_table(file)
    assert table.num_rows == int((~np.isnan(results.values)).sum()) + len(results.errors)
    rows = table.select(["run", "metric"]).to_pylist()
    assert len({(row["run"], row["metric"]) for row in rows}) == len(rows)
    assert [row["run"] for row in rows] == sorted(row["run"] for row in rows)


def test_pandas_reads_it_with_plain_columns(tmp_path: Path) -> None:
    results = results_of([{"a.b": 1.0, "a.c": None}, {"a.b": 3.0}, "it broke", {"a.b": 4.0, "a.c": 5.0}])
    write_table(results, tmp_path / "sweep.parquet")
    frame = pq.read_table(tmp_path / "sweep.parquet").to_pandas()
    assert list(frame.columns[:5]) == ["run", "policy", "point", "replication", "seed"]
    assert list(frame.columns[-3:]) == ["metric", "value", "error"]
    assert {"ledger.servers", "rules.kyc_delay"} < set(frame.columns)
    assert frame[frame.metric == "a.b"].value.tolist() == [1.0, 3.0, 4.0]
    assert frame[frame.error.notna()].run.tolist() == [2]
    assert frame.value.dtype == np.float64
    wide = results.frame()
    assert wide["a.b"].tolist()[:2] == [1.0, 3.0]
    assert wide["error"].tolist()[2] == "it broke"


def test_pairs_pivots_and_samples() -> None:
    jobs = [
        Job(policy, point, replication, replication, "", "d", varied=(("ledger.servers", str(4 + point)),))
        for policy in ("x", "y")
        for point in range(2)
        for replication in range(3)
    ]
    values = {at: JobResult(("m",), np.array([float(at)])) for at in range(len(jobs))}
    values[1] = JobResult(error="lost")
    results = collect(jobs, values)
    assert results.policies == ("x", "y")
    assert results.sample("m").tolist() == [0, *range(2, 12)]
    pair = results.pair("m", "x", "y")
    assert pair.first.tolist() == [0, 2, 3, 4, 5]
    assert pair.second.tolist() == [6, 8, 9, 10, 11]
    of_x = collect(jobs[:6], {at: values[at] for at in range(6)})
    assert np.array_equal(of_x.pivot("m"), [[0, np.nan, 2], [3, 4, 5]], equal_nan=True)
    with pytest.raises(UnknownMetric, match="Did you mean 'm'"):
        results.column("M")


@pytest.mark.parametrize("content", [b"", b"PAR1 and then nothing", b"x" * 4000])
def test_what_is_no_table_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "sweep.parquet"
    file.write_bytes(content)
    with pytest.raises(TableError, match=r"sweep\.parquet"):
        read_results(file)


def test_another_table_is_refused(tmp_path: Path) -> None:
    import pyarrow as pa

    file = tmp_path / "sweep.parquet"
    pq.write_table(pa.table({"run": [1], "metric": ["a"], "value": [1.0]}), file)
    with pytest.raises(TableError, match=r"sweep\.parquet"):
        read_results(file)
