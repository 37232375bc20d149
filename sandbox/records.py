"""What a finished run is: the tables of a run folder by name, column and type, and how to read one.

This is the one description of `docs/run-folder.md` in code: the recorder writes by it, reports read by it. It imports
nothing of ours, and pyarrow and pandas only when a table is touched.

Units: `_fen` columns are whole fen (1 yuan = 100 fen), `_us` columns whole microseconds since the scenario's start.
A folder is finished when `manifest.json` is in it with status `complete`; `open_run` refuses every other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

FORMAT: Final = 1
"""Version of the layout, in the manifest as `format`; goes up when an old reader would misread a new run."""

MANIFEST: Final = "manifest.json"
DRAFT_MANIFEST: Final = "manifest.draft.json"
"""What is known of a run before it is finished: no `status: complete`, no tables. Gone when the manifest is there."""
WORKING: Final = ".partial-"
"""In the hidden name of a folder in which a run is being written: `.<name>.partial-<random>`."""
SCENARIO: Final = "scenario.yaml"
SUMMARY: Final = "summary.json"
JOURNAL: Final = "journal.jsonl"
REPORT_HTML: Final = "report.html"
REPORT_MD: Final = "report.md"
FIGURES: Final = "figures"

OUTCOMES: Final = (
    "settled",
    "frozen",
    "outside_box",
    "box_cap",
    "single_limit",
    "daily_limit",
    "annual_limit",
    "insufficient_balance",
    "balance_cap",
    "unavailable",
    "timed_out",
)
"""How a payment can end, in order of precedence; the code of an outcome is its place here."""

REFUSALS: Final = OUTCOMES[1:]

Kind = Literal["int64", "int8", "bool", "float64", "text", "long_text"]
"""text: few distinct values, dictionary-encoded. long_text: plain strings."""


class Column(NamedTuple):
    """One column of a table."""

    name: str
    kind: Kind
    nullable: bool = False


def _ints(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "int64") for name in names)


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "text") for name in names)


def _flags(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "bool") for name in names)


TABLES: Final[dict[str, tuple[Column, ...]]] = {
    "payments": (
        *_ints("payment_id", "submitted_at_us"),
        Column("completed_at_us", "int64", nullable=True),
        *_ints("payer", "payee", "amount_fen"),
        *_texts("kind"),
        Column("category", "text", nullable=True),
        *_texts("payer_institution", "payee_institution", "outcome"),
        Column("attempt", "int8"),
        *_flags("in_box"),
        Column("label", "text", nullable=True),
        *_texts("source", "payer_class"),
        *_ints("packet_fen", "top_up_fen", "redeemed_fen"),
        *_ints("payer_gateway_wait_us", "payer_gateway_service_us"),
        *_ints("payee_gateway_wait_us", "payee_gateway_service_us"),
        *_ints("ledger_wait_us", "ledger_service_us"),
    ),
    "ledger": (
        *_ints("account"),
        Column("owner", "long_text"),
        *_texts("kind", "currency"),
        *_ints("opening_fen", "debits_fen", "credits_fen", "closing_fen"),
    ),
    "wallets": (
        *_ints("account"),
        *_texts("kind", "class", "class_at_start", "institution"),
        *_flags("in_box", "can_top_up", "frozen"),
        *_ints("balance_fen", "settled"),
    ),
    "series": (
        *_ints("at_us", "submitted", "ended", "settled", "settled_fen", *REFUSALS),
        *(Column(f"latency_{rank}_us", "int64", nullable=True) for rank in ("p50", "p95", "p99", "max")),
        *_ints("in_flight"),
        Column("gateway_queue_mean", "float64"),
        *_ints("gateway_queue_max"),
        Column("gateway_utilisation_max", "float64"),
        Column("ledger_queue_mean", "float64"),
        *_ints("ledger_queue_max"),
        Column("ledger_utilisation", "float64"),
        *_ints("top_up_fen", "liquidity_fen"),
        Column("liquidity_least_share", "float64", nullable=True),
    ),
    "stations": (
        *_ints("at_us"),
        *_texts("station"),
        *_ints("servers", "arrivals", "served", "refused", "withdrawn"),
        Column("wait_mean_us", "float64", nullable=True),
        Column("service_mean_us", "float64", nullable=True),
        Column("queue_mean", "float64"),
        *_ints("queue_max"),
        Column("utilisation", "float64"),
        Column("liquidity_fen", "int64", nullable=True),
    ),
    "events": (
        *_ints("at_us"),
        *_texts("actor", "event"),
        Column("subject", "long_text", nullable=True),
        Column("detail", "long_text", nullable=True),
    ),
    "cohorts": (*_ints("account"), *_texts("cohort")),
    "flight": (
        *_ints("at_us"),
        Column("bank", "text", nullable=True),
        *_ints("deposits_fen", "converted_fen", "reserves_fen", "funding_fen", "unmet_fen", "alarmed"),
    ),
    "patterns": (*_ints("payment_id"), *_texts("pattern"), *_ints("instance", "step", "part")),
    "postings": _ints("at_us", "after", "payer", "payee", "amount_fen"),
    "parameters": (
        Column("path", "long_text"),
        Column("value", "long_text"),
        *_texts("role"),
        Column("source", "long_text", nullable=True),
        *_texts("status", "set_by"),
        Column("doc", "long_text"),
    ),
    "alerts": (
        *_ints("alert_id", "at_us"),
        *_texts("kind", "rule"),
        Column("account", "int64", nullable=True),
        *_ints("amount_fen", "payments"),
        Column("payment_ids", "long_text"),
        Column("figures", "long_text"),
        *_texts("status"),
        Column("closed_at_us", "int64", nullable=True),
    ),
}
"""Every table of a run folder; `<name>.parquet` holds it."""

OPTIONAL_TABLES: Final[frozenset[str]] = frozenset(
    {
        "alerts",
        "cohorts",
        "flight",
        "patterns",
        "postings",
    }
)
"""Tables that only runs have whose scenario uses the part that writes them."""


class RunError(Exception):
    """A folder cannot be read as a finished run; the message names the folder and what to do."""


def table_file(name: str) -> str:
    """The file of a table.

    >>> table_file("payments")
    'payments.parquet'
    """
    return f"{name}.parquet"


def arrow_schema(name: str) -> pa.Schema:
    """The pyarrow schema of a table: text is dictionary-encoded, and a column that is never null says so."""
    import pyarrow as pa

    types = {
        "int64": pa.int64(),
        "int8": pa.int8(),
        "bool": pa.bool_(),
        "float64": pa.float64(),
        "text": pa.dictionary(pa.int32(), pa.string()),
        "long_text": pa.string(),
    }
    return pa.schema([pa.field(column.name, types[column.kind], nullable=column.nullable) for column in TABLES[name]])


class Run:
    """An opened run folder. Tables are read from disk when first asked for, and kept.

    Integer columns that may be missing (`completed_at_us`, latencies) are pandas `Int64`, so no microsecond is rounded;
    text columns are categories. Get one through `open_run`; `Run(folder)` itself does not ask whether it is finished.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r})"

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Status, version, scenario, seed, tables; while a run is being finished, what is known of it so far."""
        name = MANIFEST if (self.path / MANIFEST).exists() else DRAFT_MANIFEST
        return _read_json(self.path / name)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The numbers of the report, as in `summary.json`."""
        return _read_json(self.path / SUMMARY)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that this run has."""
        return tuple(sorted(file.name.removesuffix(".parquet") for file in self.path.glob("*.parquet")))

    @cached_property
    def payments(self) -> pd.DataFrame:
        """One row per payment, in the order in which they ended."""
        return self.table("payments")

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """One row per account and currency."""
        return self.table("ledger")

    @cached_property
    def wallets(self) -> pd.DataFrame:
        """One row per wallet."""
        return self.table("wallets")

    @cached_property
    def series(self) -> pd.DataFrame:
        """One row per bin of time."""
        return self.table("series")

    @cached_property
    def stations(self) -> pd.DataFrame:
        """One row per bin of time and station in which something happened."""
        return self.table("stations")

    @cached_property
    def events(self) -> pd.DataFrame:
        """One row per control event."""
        return self.table("events")

    @cached_property
    def parameters(self) -> pd.DataFrame:
        """One row per parameter in force, with where it comes from."""
        return self.table("parameters")

    def table(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Read a table afresh, or some of its columns.

        Raises:
            RunError: the run has no such table or column, or its file cannot be read.
        """
        return _frame(self.arrow(name, columns))

    def arrow(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """As `table`, as a pyarrow table: pandas is not imported.

        Raises:
            RunError: as `table`.
        """
        import pyarrow as pa

        source = self._open(name, columns)
        try:
            return source.read(columns=_listed(columns))
        except (OSError, pa.ArrowInvalid) as error:
            raise RunError(f"{self.path / table_file(name)}: cannot be read: {error}") from error

    def iter_batches(
        self, name: str, columns: Sequence[str] | None = None, rows: int = 262_144
    ) -> Iterator[pd.DataFrame]:
        """Read a table in pieces of at most `rows` rows, for runs that do not fit in memory.

        Raises:
            RunError: as `table`.
        """
        yield from map(_frame, self.arrow_batches(name, columns, rows))

    def arrow_batches(
        self, name: str, columns: Sequence[str] | None = None, rows: int = 262_144
    ) -> Iterator[pa.RecordBatch]:
        """As `iter_batches`, as pyarrow record batches: pandas is not imported.

        Raises:
            RunError: as `table`.
        """
        import pyarrow as pa

        source = self._open(name, columns)
        try:
            yield from source.iter_batches(batch_size=rows, columns=_listed(columns))
        except (OSError, pa.ArrowInvalid) as error:
            raise RunError(f"{self.path / table_file(name)}: cannot be read: {error}") from error

    def _open(self, name: str, columns: Sequence[str] | None) -> Any:
        import pyarrow as pa
        import pyarrow.parquet as pq

        file = self.path / table_file(name)
        try:
            source = pq.ParquetFile(file)
        except FileNotFoundError:
            have = ", ".join(self.tables) or "none"
            raise RunError(f"{self.path}: this run has no table {name!r}; it has: {have}") from None
        except (OSError, pa.ArrowInvalid) as error:
            raise RunError(f"{file}: cannot be read: {error}") from error
        unknown = sorted(set(columns or ()) - set(source.schema_arrow.names))
        if unknown:
            have = ", ".join(source.schema_arrow.names)
            raise RunError(f"{file}: no column {', '.join(map(repr, unknown))}; it has: {have}")
        return source


def open_run(path: str | Path, *, unfinished: bool = False) -> Run:
    """Open a finished run folder.

    Args:
        path: the run folder.
        unfinished: also take a folder whose tables are written but which is not finished yet; this is what the report
            is drawn from.

    Raises:
        RunError: there is no such folder, it is not a run, it is not finished, or a newer version wrote it.
    """
    folder = Path(path)
    if not folder.is_dir():
        what = "is a file, not a run folder" if folder.exists() else "there is no such folder"
        raise RunError(f"{folder}: {what}")
    run = Run(folder)
    if not unfinished or (folder / MANIFEST).exists():
        _check_finished(run)
    return run


def _check_finished(run: Run) -> None:
    if not (run.path / MANIFEST).is_file():
        raise RunError(f"{run.path}: not a finished run: it holds no {MANIFEST}")
    if run.path.name.startswith(".") and WORKING in run.path.name:
        raise RunError(f"{run.path}: not a finished run: the working folder of one that was stopped")
    manifest = run.manifest
    if manifest.get("status") != "complete":
        raise RunError(f"{run.path / MANIFEST}: its status is {manifest.get('status')!r}, not 'complete'")
    layout = manifest.get("format")
    if not isinstance(layout, int) or layout > FORMAT:
        known = f"this version reads formats up to {FORMAT}: update ecny-sandbox"
        raise RunError(f"{run.path / MANIFEST}: run format {layout!r}; {known}")
    missing = [name for name in manifest.get("tables", {}) if not (run.path / table_file(name)).is_file()]
    missing += [name for name in (SUMMARY, SCENARIO) if not (run.path / name).is_file()]
    if missing:
        raise RunError(f"{run.path}: damaged: missing {', '.join(sorted(missing))}")


def _read_json(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RunError(f"{file.parent}: not a run folder: it holds no {file.name}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(f"{file}: cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise RunError(f"{file}: not a JSON object")
    return content


def _listed(columns: Sequence[str] | None) -> list[str] | None:
    return None if columns is None else list(columns)


def _frame(table: Any) -> pd.DataFrame:
    """To pandas; an integer column with nulls stays an integer."""
    import pandas as pd
    import pyarrow as pa

    exact = [field.name for field in table.schema if field.nullable and field.type == pa.int64()]
    frame: pd.DataFrame = table.drop_columns(exact).to_pandas()
    for place, name in enumerate(table.schema.names):
        if name in exact:
            frame.insert(place, name, pd.Int64Dtype().__from_arrow__(table.column(name)))
    return frame
