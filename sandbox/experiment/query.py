"""SQL over finished runs, through DuckDB.

Every run folder below a folder gives its rows to the views; nothing else can be reached: DuckDB may open no file and no
connection, this program's variables are hidden from it, and its configuration is locked before the question is
read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sandbox import records, tables
from sandbox.experiment.errors import ExperimentError
from sandbox.experiment.flat import flatten
from sandbox.experiment.folder import Experiment
from sandbox.experiment.results import TABLES_COLUMN
from sandbox.experiment.table import FILE
from sandbox.extras import needed

if TYPE_CHECKING:
    import pyarrow as pa

LOCKED: Final = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "''",
    "enable_external_access": "false",
    "lock_configuration": "true",
}
"""In this order: the last two close the door."""


def ask(question: str, folder: Path) -> pa.Table | None:
    """The answer to a question in SQL; None if it was none but a statement.

    Views: `runs` (a row a run), `metrics` (a row a run and number of its summary), `sweeps` (a row a run of an
    experiment and metric), and each table by its name, with the run's folder below `folder` in the column `run`.

    Raises:
        ExtraMissing: DuckDB is missing.
        ExperimentError: there is no run, or the question is none.
    """
    with needed("query"):
        import duckdb
    runs, experiments = found_below(folder)
    if not runs and not experiments:
        raise ExperimentError("query_nothing", folder=folder)
    connection = duckdb.connect(":memory:")
    try:
        for name, view in views(runs, experiments, folder).items():
            connection.register(name, view)
        for setting, value in LOCKED.items():
            connection.execute(f"set {setting} = {value}")
        answer = connection.sql(question)
        return None if answer is None else answer.to_arrow_table()
    except duckdb.Error as error:
        raise ExperimentError("query_wrong", problem=" ".join(str(error).split())) from None
    finally:
        connection.close()


def found_below(folder: Path) -> tuple[list[records.Run], list[Experiment]]:
    """Finished runs and experiments in a folder and below it, by path."""
    runs, experiments = [], []
    for manifest in sorted(folder.rglob(records.MANIFEST)):
        if any(part.startswith(".") for part in manifest.relative_to(folder).parts):
            continue  # being written
        try:
            experiment = Experiment(manifest.parent)
            if "kind" in experiment.manifest:
                experiments.append(experiment)
            else:
                runs.append(records.open_run(manifest.parent))
        except records.RunError:
            continue
    return runs, experiments


def views(runs: Sequence[records.Run], experiments: Sequence[Experiment], folder: Path) -> dict[str, Any]:
    """By name, what DuckDB may look at."""
    import pyarrow as pa

    named = {_name(run.path, folder): run for run in runs}
    found: dict[str, Any] = {
        "runs": pa.Table.from_pylist(list(_runs(named)), schema=_runs_schema()),
        "metrics": _metrics(named),
        "sweeps": _sweeps({_name(one.path, folder): one for one in experiments}),
    }
    for table in tables.TABLES:
        having = {name: run for name, run in named.items() if table in run.tables}
        if having:
            found[table] = _dataset(table, having)
    return found


def _name(path: Path, folder: Path) -> str:
    name = path.relative_to(folder).as_posix()
    return path.resolve().name if name == "." else name


def _runs_schema() -> pa.Schema:
    import pyarrow as pa

    texts = ("run", "scenario", "title", "digest", "version", "created_at")
    return pa.schema(
        [*((name, pa.string()) for name in texts), ("seed", pa.int64()), ("took_s", pa.float64())]  # type: ignore[arg-type,unused-ignore]
    )


def _runs(named: dict[str, records.Run]) -> Iterator[dict[str, Any]]:
    for name, run in named.items():
        manifest = run.manifest
        yield {
            "run": name,
            "scenario": manifest.get("scenario", {}).get("name"),
            "title": run.summary.get("scenario", {}).get("title"),
            "digest": manifest.get("scenario", {}).get("digest"),
            "version": manifest.get("version"),
            "created_at": manifest.get("created_at"),
            "seed": manifest.get("seed"),
            "took_s": manifest.get("took_s"),
        }


def _metrics(named: dict[str, records.Run]) -> pa.Table:
    import pyarrow as pa

    rows = [(name, metric, value) for name, run in named.items() for metric, value in flatten(run.summary).items()]
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    types = (pa.string(), pa.string(), pa.float64())
    arrays = [pa.array(column, type=kind) for column, kind in zip(columns, types, strict=True)]
    return pa.Table.from_arrays(arrays, names=["run", "metric", "value"])


def _sweeps(named: dict[str, Experiment]) -> pa.Table:
    """The long tables of all experiments, the varied parameters as JSON text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    text = pa.string()
    schema = pa.schema(
        [("experiment", text), ("run", pa.int32()), ("policy", text), ("point", pa.int32()),
        ("replication", pa.int32()), ("seed", pa.int64()), ("parameters", text), ("metric", text),
        ("value", pa.float64()), ("error", text), (TABLES_COLUMN, text)]
    )  # fmt: skip
    parts = []
    for name, experiment in named.items():
        table = pq.read_table(experiment.path / FILE)
        words = [json.dumps(dict(job.varied), ensure_ascii=False) for job in experiment.results.jobs]
        codes = table["run"].combine_chunks()
        parameters = pa.DictionaryArray.from_arrays(codes, pa.array(words, type=text)).cast(text)
        table = table.append_column("parameters", parameters)
        table = table.append_column("experiment", pa.array([name] * table.num_rows, type=text))
        if TABLES_COLUMN not in table.column_names:
            table = table.append_column(TABLES_COLUMN, pa.nulls(table.num_rows, text))
        parts.append(table.select(schema.names).cast(schema))
    return pa.concat_tables(parts) if parts else schema.empty_table()


def _dataset(table: str, having: dict[str, records.Run]) -> Any:
    """A table of all runs that have it, read as it is needed."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.dataset as ds
    from pyarrow.fs import LocalFileSystem

    plain = [
        pa.field(field.name, field.type.value_type if pa.types.is_dictionary(field.type) else field.type)
        for field in tables.arrow_schema(table)
    ]
    # A run's own column `run` would hide the folder's: no table has one.
    return ds.FileSystemDataset.from_paths(
        [str((run.path / tables.table_file(table)).resolve()) for run in having.values()],
        schema=pa.schema([pa.field("run", pa.string()), *plain]),
        format=ds.ParquetFileFormat(),
        filesystem=LocalFileSystem(),
        partitions=[pc.field("run") == name for name in having],
    )
