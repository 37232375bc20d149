"""What a finished run is, and how to read one: the files of a run folder (`sandbox.tables` says what each table holds).

It imports pyarrow and pandas only when a table is touched.

Units: `_fen` columns are whole fen (1 yuan = 100 fen), `_us` columns whole microseconds since the scenario's start.
A folder is finished when `manifest.json` is in it with status `complete`; `open_run` refuses every other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sandbox import files
from sandbox.language import N_, _
from sandbox.tables import TABLES, arrow_schema, table_file
from wallets.strict_json import BadText, read_object

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

_UNPORTABLE: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]|[. ]+\Z')
_LONGEST_NAME: Final = 100
"""Bytes of a scenario's name in the name of a file or folder: with what is added, fewer than the 255 that fit."""

NO_RUN: Final = N_("{path}: not a run folder: it holds no {name}")
NO_EXPERIMENT: Final = N_("{path}: not the folder of an experiment: it holds no {name}")
"""What `read_json` calls the folder of many runs when it is none."""
MOST_DEEP: Final = 64
"""So deep JSON files of ours may be nested."""
_OF_A_MANIFEST: Final[tuple[tuple[str, type | tuple[type, ...]], ...]] = (
    ("format", int), ("tables", dict), ("files", dict), ("scenario", dict), ("seed", int), ("version", str),
    ("created_at", str), ("took_s", (int, float)),
)  # fmt: skip
_LARGEST_SEED: Final = 2**63 - 1


def file_name(words: str) -> str:
    """A scenario's name as part of a file's name on any system: other characters are `_`, and what is too long is cut.

    >>> file_name("red: packets?"), file_name("红" * 50) == "红" * 33
    ('red_ packets_', True)
    """
    return _UNPORTABLE.sub("_", words).encode("utf-8", "replace")[:_LONGEST_NAME].decode("utf-8", "ignore")


class RunError(Exception):
    """A folder cannot be read as a finished run; the message names the folder and what to do."""


class Run:
    """An opened run folder. Tables are read from disk when first asked for, and kept.

    Integer columns that may be missing (`completed_at_us`, latencies) are pandas `Int64`, so no microsecond is rounded;
    text columns are categories. Get one through `open_run`; `Run(folder)` itself does not ask whether it is finished.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._whole: set[str] = set()

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r})"

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Status, version, scenario, seed, tables; while a run is being finished, what is known of it so far."""
        name = MANIFEST if (self.path / MANIFEST).exists() else DRAFT_MANIFEST
        return read_json(self.path / name)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The numbers of the report, as in `summary.json`."""
        self.check_whole(SUMMARY)
        return read_json(self.path / SUMMARY)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that this run has."""
        if "tables" in self._entries:
            return tuple(sorted(self._entries["tables"]))
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

    def rows(self, name: str) -> int:
        """How many rows a table has, without reading it.

        Raises:
            RunError: as `table`.
        """
        from sandbox import parquet

        with self._reading(name), parquet.opened(self.path / table_file(name)) as source:
            count: int = source.metadata.num_rows
            return count

    def check(self, name: str) -> None:
        """Look a table over, all of it but its digest.

        Raises:
            RunError: as `table`; what it holds is no table of this name, or would fill the memory.
        """
        from sandbox import parquet

        with self._reading(name):
            parquet.check(self.path / table_file(name), name)

    def arrow(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """As `table`, as a pyarrow table: pandas is not imported.

        Raises:
            RunError: as `table`.
        """
        from sandbox import parquet

        with self._reading(name):
            self._check_columns(name, columns)
            return parquet.read(self.path / table_file(name), columns)

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
        """As `iter_batches`, raising the same, as pyarrow record batches: pandas is not imported."""
        from sandbox import parquet

        with self._reading(name):
            self._check_columns(name, columns)
            pieces = parquet.batches(self.path / table_file(name), columns, rows)
        while True:
            with self._reading(name):
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    @contextmanager
    def _reading(self, name: str) -> Iterator[None]:
        """Whatever reading a table leads to names its file."""
        from sandbox import parquet

        file = self.path / table_file(name)
        if name not in self.tables:
            have = ", ".join(self.tables) or _("none")
            raise RunError(
                _("{path}: this run has no table '{name}'; it has: {have}", path=self.path, name=name, have=have)
            )
        try:
            yield
        except parquet.WHAT_READING_RAISES as error:
            raise RunError(_("{path}: cannot be read: {reason}", path=file, reason=files.reason(error))) from error

    def _check_columns(self, name: str, columns: Sequence[str] | None) -> None:
        """Raises RunError if a table lacks a column, or a column is not what it should be; its digest is checked."""
        from sandbox import parquet

        file = self.path / table_file(name)
        with parquet.opened(file) as source:
            schema = source.schema_arrow
        unknown = sorted(set(columns or ()) - set(schema.names))
        if unknown:
            have = ", ".join(schema.names)
            message = N_("{path}: no column {names}; it has: {have}")
            raise RunError(_(message, path=file, names=", ".join(map(repr, unknown)), have=have))
        if name in TABLES:
            known = arrow_schema(name)
            wanted = [*known.names, *schema.names] if columns is None else columns
            wrong = parquet.wrong_columns(schema, known, wanted, nulls=True)
            if wrong is not None:
                raise parquet.WrongTable(file.name, wrong)
        self.check_whole(file.name)

    @cached_property
    def _entries(self) -> dict[str, Any]:
        """The manifest, or nothing where there is none yet."""
        there = any((self.path / name).exists() for name in (MANIFEST, DRAFT_MANIFEST))
        return _sound_manifest(self.path, self.manifest) if there else {}

    def check_whole(self, name: str) -> None:
        """Raises RunError if a file does not have the digest that the manifest says."""
        known = {table_file(table): entry for table, entry in self._entries.get("tables", {}).items()}
        entry = {**known, **self._entries.get("files", {})}.get(name)
        if entry is None or name in self._whole:
            return
        try:
            found = files.sha256(self.path / name)
        except OSError as error:
            raise RunError(
                _("{path}: cannot be read: {reason}", path=self.path / name, reason=files.reason(error))
            ) from error
        if not isinstance(entry, dict) or entry.get("sha256") != found:
            message = N_(
                "{path}: not as the run wrote it: its digest is another than the manifest's; run the scenario again"
            )
            raise RunError(_(message, path=self.path / name))
        self._whole.add(name)


def open_run(path: str | Path, *, unfinished: bool = False) -> Run:
    """Open a finished run folder.

    Args:
        path: the run folder.
        unfinished: also take a folder whose tables are written but which is not finished yet; this is what the report
            is drawn from.

    Raises:
        RunError: there is no such folder, it is not a run, it is not finished, or a newer version wrote it.
    """
    run = Run(run_folder(path, unfinished))
    if not unfinished or (run.path / MANIFEST).exists():
        _check_finished(run)
    return run


def run_folder(path: str | Path, unfinished: bool = False) -> Path:
    """Where a run is; raises RunError if there is no such folder or, unless it may be unfinished, no manifest in it."""
    folder = Path(path)
    if not folder.is_dir():
        there = folder.exists()
        what = N_("{path}: is a file, not a run folder") if there else N_("{path}: there is no such folder")
        raise RunError(_(what, path=folder))
    if not unfinished and not (folder / MANIFEST).is_file():
        raise RunError(_("{path}: not a finished run: it holds no {name}", path=folder, name=MANIFEST))
    return folder


def _check_finished(run: Run) -> None:
    if run.path.name.startswith(".") and WORKING in run.path.name:
        raise RunError(_("{path}: not a finished run: the working folder of one that was stopped", path=run.path))
    manifest = run.manifest
    if manifest.get("status") != "complete":
        message = N_("{path}: its status is {status}, not 'complete'")
        raise RunError(_(message, path=run.path / MANIFEST, status=f"{manifest.get('status')!r:.40}"))
    if "kind" in manifest:
        raise RunError(
            _("{path}: an experiment of many runs, not one run; sandbox.open_experiment opens it", path=run.path)
        )
    layout = manifest.get("format")
    if not isinstance(layout, int) or layout > FORMAT:
        message = N_("{path}: run format {format}; this version reads formats up to {newest}: update ecny-sandbox")
        raise RunError(_(message, path=run.path / MANIFEST, format=f"{layout!r:.40}", newest=FORMAT))
    _sound_manifest(run.path, manifest)
    names = [*map(table_file, manifest.get("tables", {})), SUMMARY, SCENARIO]
    missing = [name for name in names if not (run.path / name).is_file()]
    if missing:
        raise RunError(_("{path}: damaged: missing {names}", path=run.path, names=", ".join(sorted(missing))))


def _sound_manifest(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """Raises RunError if a manifest holds something of another kind than a run writes."""
    wrong = [
        name
        for name, kind in _OF_A_MANIFEST
        if name in manifest and (not isinstance(manifest[name], kind) or isinstance(manifest[name], bool))
    ]
    if not wrong and not 0 <= manifest.get("seed", 0) <= _LARGEST_SEED:
        wrong.append("seed")
    for section, end in (("tables", ".parquet"), ("files", "")):
        names = () if section in wrong else manifest.get(section, ())
        for name in names:
            if not name.isprintable() or not 0 < len(name) < 100 or Path(name + end).name != name + end:
                wrong.append(section)
    if wrong:
        raise RunError(_("{path}: its `{name}` is not what a run writes", path=folder / MANIFEST, name=wrong[0]))
    return manifest


def read_json(file: Path, otherwise: str = NO_RUN) -> dict[str, Any]:
    """The JSON object in a file of a folder.

    Args:
        file: the file.
        otherwise: what is said if it is not there.

    Raises:
        RunError: there is no such file, it cannot be read, or it holds something else.
    """
    try:
        content = read_object(files.read_ordinary(file), "this file", files.MOST_JSON_BYTES)
        if _depth(content) > MOST_DEEP:
            raise BadText(_("nested more than {limit} deep", limit=MOST_DEEP))
    except FileNotFoundError:
        raise RunError(_(otherwise, path=file.parent, name=file.name)) from None
    except (OSError, BadText) as error:
        raise RunError(_("{path}: cannot be read: {reason}", path=file, reason=files.reason(error))) from error
    return content


def _depth(content: object) -> int:
    """How deep JSON is nested, up to one more than it may be."""
    level, depth = [content], 0
    while level and depth <= MOST_DEEP:
        inner: list[object] = []
        for one in level:
            inner += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        level, depth = inner, depth + 1
    return depth


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
