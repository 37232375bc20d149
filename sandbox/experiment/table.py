"""`sweep.parquet`: the results of many runs as one long table that pandas, DuckDB and R read.

Columns: `run`, `policy`, `point`, `replication`, `seed`, a column a varied parameter (as it was set, with its unit,
null where the scenario's own value holds), `metric`, `value`, `error`, and `tables` (the address of the run's own
folder) if those were kept. A run that failed has one row, with its error.
The same results give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sandbox import parquet
from sandbox.experiment.errors import TableError
from sandbox.experiment.job import Job
from sandbox.experiment.results import RUN_COLUMNS, TABLES_COLUMN, VALUE_COLUMNS, Results
from sandbox.files import reason
from sandbox.language import _
from sandbox.parquet import MOST_TIMES

FILE: Final = "sweep.parquet"
_KINDS: Final[dict[str, Any]] = {
    "run": pa.int32(), "point": pa.int32(), "replication": pa.int32(), "seed": pa.int64(), "value": pa.float64(),
}  # fmt: skip
_TEXT: Final = pa.dictionary(pa.int32(), pa.string())
_FIXED: Final = b"fixed"
_ROW_GROUP: Final = 1_048_576
_LEAST_CELLS: Final = 1 << 22
_RUNS: Final = 1_000
"""Runs in memory at a time while the table is written."""


def _schema(results: Results) -> pa.Schema:
    names = [*RUN_COLUMNS, *results.parameters, *VALUE_COLUMNS, *([TABLES_COLUMN] if results.tables else [])]
    return pa.schema([(name, _KINDS.get(name, _TEXT)) for name in names], metadata={_FIXED: _fixed(results)})


def _pieces(results: Results) -> Iterator[pa.RecordBatch]:
    """The table in pieces of _RUNS runs, so that a large one is never in memory as a whole."""
    jobs, schema = results.jobs, _schema(results)
    integers = {
        name: np.array([getattr(job, name) for job in jobs], dtype=np.int64)
        for name in ("point", "replication", "seed")
    }
    texts = {"policy": _encoded_texts([job.policy for job in jobs])}
    texts |= {path: _encoded_texts(results.parameter(path)) for path in results.parameters}
    errors = _encoded_texts([results.errors.get(at) for at in range(len(jobs))])
    tables = _encoded_texts([results.tables.get(at) for at in range(len(jobs))]) if results.tables else None
    metrics = pa.array(list(results.metrics), type=pa.string())
    for first in range(0, len(jobs), _RUNS):
        run, metric, values = _rows(results, first, min(first + _RUNS, len(jobs)))
        arrays = [pa.array(run).cast(pa.int32()), _words(*texts["policy"], run)]
        arrays += [pa.array(integers[name][run]).cast(_KINDS[name]) for name in ("point", "replication", "seed")]
        arrays += [_words(*texts[path], run) for path in results.parameters]
        arrays += [_words(metric, metrics), pa.array(values, mask=np.isnan(values))]
        arrays += [_words(np.where(metric < 0, errors[0][run], -1), errors[1])]
        arrays += [] if tables is None else [_words(*tables, run)]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _rows(results: Results, first: int, end: int) -> tuple[Any, Any, Any]:
    """Run, metric (-1: the one row of a failed run) and value of the rows of some runs."""
    part = results.values[first:end]
    run, metric = np.nonzero(~np.isnan(part))
    failed = np.array([at - first for at in results.errors if first <= at < end], dtype=np.int64)
    values = np.concatenate([part[run, metric], np.full(failed.size, np.nan)])
    run, metric = np.concatenate([run, failed]), np.concatenate([metric, np.full(failed.size, -1)])
    order = np.argsort(run, kind="stable")
    return run[order] + first, metric[order], values[order]


def _fixed(results: Results) -> bytes:
    """What each policy sets, and the scenario it sets it in: not in a column, for it is the same in all its runs."""
    by_policy = {job.policy: [job.name, job.digest, list(job.fixed)] for job in results.jobs}
    return json.dumps(by_policy, ensure_ascii=False).encode("utf-8")


def _encoded_texts(by_job: list[Any]) -> tuple[Any, pa.Array]:
    """Codes by job, -1 for none, and the words behind them."""
    names = list(dict.fromkeys(name for name in by_job if name is not None))
    places = {name: number for number, name in enumerate(names)}
    return np.array([places.get(name, -1) for name in by_job], dtype=np.int64), pa.array(names, type=pa.string())


def _words(codes: Any, names: pa.Array, rows: Any = None) -> pa.Array:
    codes = (codes if rows is None else codes[rows]).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), names)


def write_table(results: Results, file: Path) -> None:
    """Write the long table."""
    schema = _schema(results)
    texts = [column.name for column in schema if column.type == _TEXT]
    with pq.ParquetWriter(file, schema, compression="zstd", use_dictionary=texts, write_statistics=False) as writer:
        for piece in _pieces(results):
            writer.write_batch(piece, row_group_size=_ROW_GROUP)


def read_results(file: Path) -> Results:
    """Read a long table back.

    Raises:
        TableError: it is none.
    """
    try:
        table = parquet.read(file)
        names, metadata = table.schema.names, table.schema.metadata or {}
        fixed = json.loads(metadata[_FIXED])
        tables = names[-1:] if names[-1:] == [TABLES_COLUMN] else []
        paths = names[len(RUN_COLUMNS) : len(names) - len(tables) - len(VALUE_COLUMNS)]
        wanted = (*RUN_COLUMNS, *paths, *VALUE_COLUMNS, *tables)
        types = [_KINDS.get(name, _TEXT) for name in wanted]
        if tuple(names) != wanted or table.schema.types != types:
            raise ValueError(_("its columns are others"))
        return _results(table.combine_chunks(), paths, fixed)
    except (*parquet.WHAT_READING_RAISES, LookupError, TypeError, AttributeError) as error:
        raise TableError(
            "{path}: not the table of an experiment ({reason})", path=file, reason=reason(error)
        ) from error


def _results(table: pa.Table, paths: list[str], fixed: dict[str, Any]) -> Results:
    run = table["run"].to_numpy()
    there, first = np.unique(run, return_index=True)
    count = there.size
    if not np.array_equal(there, np.arange(count)):
        raise ValueError(_("its runs are not those of an experiment"))
    metric = _encoded(table["metric"])
    codes = metric.indices.to_numpy(zero_copy_only=False)
    names = tuple(metric.dictionary.to_pylist())
    if count * len(names) > _LEAST_CELLS + MOST_TIMES * run.size:
        raise ValueError(_("its runs are not those of an experiment"))
    known = ~np.isnan(codes.astype(np.float64))
    values = np.full((count, len(names)), np.nan)
    values[run[known], codes[known].astype(np.int64)] = table["value"].to_numpy()[known]
    known_tables = [TABLES_COLUMN] if TABLES_COLUMN in table.schema.names else []
    wanted = (*RUN_COLUMNS, *paths, "error", *known_tables)
    heads = {name: table[name].take(pa.array(first)).to_pylist() for name in wanted}
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
    tables = {at: words for at, words in enumerate(heads.get(TABLES_COLUMN, ())) if words is not None}
    return Results(tuple(jobs), names, values, errors, tables)


def _encoded(column: Any) -> Any:
    array = column.combine_chunks()
    return array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
