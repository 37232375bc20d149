"""`sweep.parquet`: the results of many runs as one long table that pandas, DuckDB and R read.

Columns: `run`, `policy`, `point`, `replication`, `seed`, a column a varied parameter (as it was set, with its unit,
null where the scenario's own value holds), `metric`, `value`, `error`. A run that failed has one row, with its error.
The same results give the same bytes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sandbox.experiment.errors import TableError
from sandbox.experiment.plan import Job
from sandbox.experiment.results import RUN_COLUMNS, VALUE_COLUMNS, Results

FILE: Final = "sweep.parquet"
_KINDS: Final[dict[str, Any]] = {
    "run": pa.int32(), "point": pa.int32(), "replication": pa.int32(), "seed": pa.int64(), "value": pa.float64(),
}  # fmt: skip
_TEXT: Final = pa.dictionary(pa.int32(), pa.string())
_FIXED: Final = b"fixed"
_ROW_GROUP: Final = 1_048_576


def long_table(results: Results) -> pa.Table:
    """The long table."""
    failed = np.array(sorted(results.errors), dtype=np.int64)
    run, metric = np.nonzero(~np.isnan(results.values))
    # A failed run's one row stands where its numbers would.
    rows = np.concatenate([run, failed])
    order = np.argsort(rows, kind="stable")
    rows = rows[order]
    metrics = np.concatenate([metric, np.full(failed.size, -1)])[order]
    values = np.concatenate([results.values[run, metric], np.full(failed.size, np.nan)])[order]
    error_of = {at: number for number, at in enumerate(sorted(results.errors))}
    errors = np.array([error_of.get(at, -1) for at in range(len(results.jobs))], dtype=np.int32)
    jobs = results.jobs
    arrays = [
        _numbers(rows, "run"),
        _texts([job.policy for job in jobs], rows),
        _numbers(np.array([job.point for job in jobs], dtype=np.int64)[rows], "point"),
        _numbers(np.array([job.replication for job in jobs], dtype=np.int64)[rows], "replication"),
        _numbers(np.array([job.seed for job in jobs], dtype=np.int64)[rows], "seed"),
        *(_texts(results.parameter(path), rows) for path in results.parameters),
        _words(metrics, results.metrics),
        pa.array(values, mask=np.isnan(values)),
        _words(np.where(metrics < 0, errors[rows], -1), [results.errors[at] for at in sorted(results.errors)]),
    ]
    names = [*RUN_COLUMNS, *results.parameters, *VALUE_COLUMNS]
    fields = [pa.field(name, _KINDS.get(name, _TEXT)) for name in names]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata={_FIXED: _fixed(results)}))


def _fixed(results: Results) -> bytes:
    """What each policy sets, and the scenario it sets it in: not in a column, for it is the same in all its runs."""
    by_policy = {job.policy: [job.name, job.digest, list(job.fixed)] for job in results.jobs}
    return json.dumps(by_policy, ensure_ascii=False).encode("utf-8")


def _numbers(values: Any, name: str) -> pa.Array:
    return pa.array(values).cast(_KINDS[name])


def _texts(by_job: list[Any], rows: Any) -> pa.Array:
    names = {name: number for number, name in enumerate(dict.fromkeys(by_job)) if name is not None}
    places = {name: number for number, name in enumerate(names)}
    codes = np.array([places.get(name, -1) for name in by_job], dtype=np.int32)
    return _words(codes[rows] if len(codes) else codes, list(places))


def _words(codes: Any, names: Any) -> pa.Array:
    codes = np.asarray(codes).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(list(names), type=pa.string()))


def write_table(results: Results, file: Path) -> None:
    """Write the long table."""
    table = long_table(results)
    texts = [field.name for field in table.schema if field.type == _TEXT]
    pq.write_table(
        table, file, compression="zstd", use_dictionary=texts, row_group_size=_ROW_GROUP, write_statistics=False
    )


def read_results(file: Path) -> Results:
    """Read a long table back.

    Raises:
        TableError: it is none.
    """
    try:
        table = pq.read_table(file)
        names, metadata = table.schema.names, table.schema.metadata or {}
        fixed = json.loads(metadata[_FIXED])
        paths = names[len(RUN_COLUMNS) : -len(VALUE_COLUMNS)]
        if tuple(names) != (*RUN_COLUMNS, *paths, *VALUE_COLUMNS):
            raise ValueError("its columns are others")
        return _results(table.combine_chunks(), paths, fixed)
    except (OSError, pa.ArrowInvalid, KeyError, ValueError, TypeError, AttributeError) as error:
        raise TableError(f"{file}: not the table of an experiment ({error})") from error


def _results(table: pa.Table, paths: list[str], fixed: dict[str, Any]) -> Results:
    run = table["run"].to_numpy()
    count = int(run.max()) + 1 if run.size else 0
    first = np.full(count, -1, dtype=np.int64)
    first[run[::-1]] = np.arange(run.size)[::-1]
    metric = _encoded(table["metric"])
    codes = metric.indices.to_numpy(zero_copy_only=False)
    names = tuple(metric.dictionary.to_pylist())
    known = ~np.isnan(codes.astype(np.float64))
    values = np.full((count, len(names)), np.nan)
    values[run[known], codes[known].astype(np.int64)] = table["value"].to_numpy()[known]
    heads = {name: table[name].take(pa.array(first)).to_pylist() for name in (*RUN_COLUMNS, *paths, "error")}
    jobs = []
    for at in range(count):
        policy = heads["policy"][at]
        name, digest, setting = fixed[policy]
        varied = tuple((path, heads[path][at]) for path in paths if heads[path][at] is not None)
        jobs.append(
            Job(
                policy, heads["point"][at], heads["replication"][at], heads["seed"][at], "", digest,
                tuple((path, words) for path, words in setting), varied, name,
            )
        )  # fmt: skip
    errors = {at: words for at, words in enumerate(heads["error"]) if words is not None}
    return Results(tuple(jobs), names, values, errors)


def _encoded(column: Any) -> Any:
    array = column.combine_chunks()
    return array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
