"""SQL over finished runs, through DuckDB.

Every run folder below a folder gives its rows to the views; nothing else can be reached: DuckDB may open no file and no
connection, this program's variables are hidden from it, and its configuration is locked before the question is
read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sandbox import records, tables
from sandbox.entries import numbers
from sandbox.experiment.errors import ExperimentError, ExperimentFailure
from sandbox.experiment.folder import Experiment, open_experiment
from sandbox.experiment.results import TABLES_COLUMN
from sandbox.experiment.table import FILE
from sandbox.extras import needed
from sandbox.language import _

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


LeftOut = Callable[[str], object]
"""Called with why a run that cannot be read is left out."""


def query_runs(question: str, folder: Path, left_out: LeftOut | None = None) -> pa.Table | None:
    """The answer to a question in SQL; None if it was none but a statement. A run that cannot be read is left out.

    Views: `runs` (a row a run), `metrics` (a row a run and number of its summary), `sweeps` (a row a run of an
    experiment and metric), and each table by its name, with the run's folder below `folder` in the column `run`.

    Raises:
        ExtraMissing: DuckDB is missing.
        ExperimentError: there is no run, or the question is none.
    """
    with needed("query"):
        import duckdb
    import pyarrow as pa

    tell = left_out or (lambda problem: None)
    runs, experiments = found_below(folder, tell)
    if not runs and not experiments:
        raise ExperimentError("{folder}: there is no finished run here or below", folder=folder)
    connection = duckdb.connect(":memory:")
    try:
        for name, view in views(runs, experiments, folder, tell, question.lower()).items():
            connection.register(name, view)
        for setting, value in LOCKED.items():
            connection.execute(f"set {setting} = {value}")
        if not (statements := connection.extract_statements(question)):
            raise ExperimentError("there is no question")
        if len(statements) > 1:
            raise ExperimentError("these are {count} questions; ask one at a time", count=len(statements))
        return _run_query(connection, question)
    except (duckdb.Error, pa.ArrowException, UnicodeError) as error:
        said = " ".join(str(error).split())
        raise ExperimentError(said) from None
    finally:
        connection.close()


def _run_query(connection: Any, question: str) -> pa.Table | None:
    """Ask in a thread of its own: DuckDB now and then loses what a signal raises in a thread that waits for it."""

    def answer() -> pa.Table | None:
        answer = connection.sql(question)
        return None if answer is None else answer.to_arrow_table()

    with ThreadPoolExecutor(1) as one:
        answered = one.submit(answer)
        try:
            return answered.result()
        except BaseException:
            connection.interrupt()
            raise


def found_below(folder: Path, left_out: LeftOut) -> tuple[list[records.Run], list[Experiment]]:
    """Finished runs and experiments in a folder and below it, by path."""
    runs, experiments = [], []
    for place in sorted(_with_a_manifest(folder)):
        with _leaving_out(place, left_out):
            if "kind" in Experiment(place).manifest:
                experiments.append(open_experiment(place))
            else:
                runs.append(records.open_run(place))
    return runs, experiments


def _with_a_manifest(folder: Path) -> Iterator[Path]:
    """Folders that look like one of ours; hidden ones are being written."""
    for place, folders, names in os.walk(folder):
        there = {*folders, *names}
        folders[:] = [name for name in folders if not name.startswith(".")]
        if records.MANIFEST in there and there & {records.SCENARIO, records.SUMMARY}:
            yield Path(place)


@contextmanager
def _leaving_out(path: Path, left_out: LeftOut) -> Iterator[None]:
    """Whatever is wrong with one folder is told, and no reason to leave the others unread."""
    try:
        yield
    except (records.RunError, ExperimentFailure) as error:
        left_out(str(error))
    except Exception as error:
        left_out(
            _(
                "{path}: holds what no run of this version writes ({reason}); `ecny-sandbox audit` looks closer",
                path=path,
                reason=" ".join(f"{type(error).__name__}: {error}".split())[:200],
            )
        )


def views(
    runs: Sequence[records.Run], experiments: Sequence[Experiment], folder: Path, left_out: LeftOut, question: str
) -> dict[str, Any]:
    """By name, what DuckDB may look at; tables that the question names are looked at first."""
    import pyarrow as pa

    named, rows, metrics = {}, [], []
    for run in runs:
        with _leaving_out(run.path, left_out):
            name = _name(run.path, folder)
            row = pa.Table.from_pylist([_row(name, run)], schema=_runs_schema())
            numbers = _metrics(name, run)
            _check_tables(run, question)
            named[name] = run
            rows.append(row)
            metrics.append(numbers)
    sweeps = []
    for one in experiments:
        with _leaving_out(one.path, left_out):
            sweeps.append(_sweep(_name(one.path, folder), one))
    found: dict[str, Any] = {
        "runs": pa.concat_tables([_runs_schema().empty_table(), *rows]),
        "metrics": pa.concat_tables([_metrics_schema().empty_table(), *metrics]),
        "sweeps": pa.concat_tables([_sweeps_schema().empty_table(), *sweeps]),
    }
    for table in tables.TABLES:
        having = {name: run for name, run in named.items() if table in run.tables}
        if having:
            found[table] = _dataset(table, having)
    return found


def _check_tables(run: records.Run, question: str) -> None:
    """Raises RunError if a table that the question names is none, or would fill the memory."""
    for table in run.tables:
        if table in question and table in tables.TABLES:
            run.check(table)


def _name(path: Path, folder: Path) -> str:
    name = path.relative_to(folder).as_posix()
    return path.resolve().name if name == "." else name


def _runs_schema() -> pa.Schema:
    import pyarrow as pa

    texts = ("run", "scenario", "title", "digest", "version", "created_at")
    return pa.schema(
        [*((name, pa.string()) for name in texts), ("seed", pa.int64()), ("took_s", pa.float64())]  # type: ignore[arg-type,unused-ignore]
    )


def _row(name: str, run: records.Run) -> dict[str, Any]:
    manifest = run.manifest
    return {
        "run": name,
        "scenario": manifest.get("scenario", {}).get("name"),
        "title": run.summary.get("scenario", {}).get("title"),
        "digest": manifest.get("scenario", {}).get("digest"),
        "version": manifest.get("version"),
        "created_at": manifest.get("created_at"),
        "seed": manifest.get("seed"),
        "took_s": manifest.get("took_s"),
    }


def _metrics_schema() -> pa.Schema:
    import pyarrow as pa

    return pa.schema([("run", pa.string()), ("metric", pa.string()), ("value", pa.float64())])


def _metrics(name: str, run: records.Run) -> pa.Table:
    import pyarrow as pa

    flat = numbers(run.summary)
    return pa.table([[name] * len(flat), list(flat), list(flat.values())], schema=_metrics_schema())


def _sweeps_schema() -> pa.Schema:
    import pyarrow as pa

    text = pa.string()
    return pa.schema(
        [("experiment", text), ("run", pa.int32()), ("policy", text), ("point", pa.int32()),
        ("replication", pa.int32()), ("seed", pa.int64()), ("parameters", text), ("metric", text),
        ("value", pa.float64()), ("error", text), (TABLES_COLUMN, text)]
    )  # fmt: skip


def _sweep(name: str, experiment: Experiment) -> pa.Table:
    """The long table of an experiment, the varied parameters as JSON text."""
    import pyarrow as pa

    from sandbox import parquet

    text, schema = pa.string(), _sweeps_schema()
    words = [json.dumps(dict(job.varied), ensure_ascii=False) for job in experiment.results.jobs]
    table = parquet.read(experiment.path / FILE)
    codes = table["run"].combine_chunks()
    parameters = pa.DictionaryArray.from_arrays(codes, pa.array(words, type=text)).cast(text)
    table = table.append_column("parameters", parameters)
    table = table.append_column("experiment", pa.array([name] * table.num_rows, type=text))
    if TABLES_COLUMN not in table.column_names:
        table = table.append_column(TABLES_COLUMN, pa.nulls(table.num_rows, text))
    return table.select(schema.names).cast(schema)


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
