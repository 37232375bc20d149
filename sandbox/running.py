"""One run into a run folder: the engine's tables, the inputs, the summary, the manifest and its seal."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from sandbox import records, tables
from sandbox.records import Run, open_run
from sandbox.runfolder import RunFolderWriter, write_json, write_text
from sandbox.version import __version__

if TYPE_CHECKING:
    from sandbox.scenario.load import Loaded

Progress = Callable[[float, str], None]
"""Called now and then with the share of the run that is done (0..1) and what is being done."""

Record = Literal["all", "none"] | float
"""Which payments are recorded: all, none, or this share of them (0 < share < 1)."""

PACKAGES: Final = ("simpy", "numpy", "numba", "pandas", "pyarrow", "pydantic", "ruamel.yaml", "matplotlib", "jinja2")
"""Packages on which a run's numbers, bytes or figures may depend; their versions go into the manifest."""


def write_run(
    loaded: Loaded,
    out: str | Path,
    *,
    record: Record,
    asked: str | float | None = None,
    force: bool = False,
    progress: Progress | None = None,
    finish: Callable[[Path], object] | None = None,
) -> Run:
    """Run a scenario into a folder that becomes visible when all of it is there.

    Args:
        loaded: the scenario.
        out: the run folder.
        record: which payments are recorded: `all`, `none`, or a share of them.
        asked: the same as it was asked for, for the manifest; `record` if not given.
        force, progress, finish: as `sandbox.api.run`.

    Raises:
        As `sandbox.api.run`.
    """
    from sandbox.scenario.memory import check_memory

    check_memory(loaded)
    started = time.perf_counter()
    with RunFolderWriter(out, force=force) as writer:
        summary = _simulate(loaded, writer.path, record, progress)
        _write_inputs(loaded, writer.path)
        write_json(writer.path / records.SUMMARY, summary)
        manifest = _manifest(loaded, record if asked is None else asked)
        if finish is not None:
            write_json(writer.path / records.DRAFT_MANIFEST, manifest)
            finish(writer.path)
        manifest["took_s"] = round(time.perf_counter() - started, 3)
        return open_run(writer.complete(manifest, _seal(loaded)))


def parse_record(text: str | float) -> Record:
    """Read `all`, `none`, `sample:F` or a share F with 0 < F <= 1.

    >>> parse_record("all"), parse_record("sample:0.25"), parse_record("sample:1"), parse_record(0.5)
    ('all', 0.25, 'all', 0.5)

    Raises:
        ValueError: it is none of these.
    """
    if text == "all" or text == "none":
        return "all" if text == "all" else "none"
    from sandbox.scenario.units import parse_share

    try:
        share = float(parse_share(text.removeprefix("sample:") if isinstance(text, str) else text))
    except ValueError:
        share = 0.0
    if isinstance(text, bool) or not 0 < share <= 1:
        raise ValueError(f"{text!r} is not `all`, `none` or `sample:F` with a share F above 0 and at most 1")
    return "all" if share == 1 else share


def _simulate(loaded: Loaded, folder: Path, record: Record, progress: Progress | None) -> dict[str, Any]:
    from sandbox.simulate import simulate

    return simulate(
        loaded.scenario, folder, name=loaded.name, record=record, base_dir=loaded.base_dir, progress=progress
    )


def _write_inputs(loaded: Loaded, folder: Path) -> None:
    from sandbox.engine.recorder import write_rows

    write_text(folder / records.SCENARIO, loaded.resolved_yaml())
    names = [column.name for column in tables.TABLES["parameters"]]
    write_rows(folder, "parameters", [[row[name] for name in names] for row in loaded.parameters()])


def _manifest(loaded: Loaded, record: str | float) -> dict[str, Any]:
    return {
        "version": __version__,
        "scenario": {"name": loaded.name, "digest": loaded.digest},
        "seed": loaded.scenario.seed,
        "record": record,
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "machine": f"{platform.system()} {platform.machine()}",
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _seal(loaded: Loaded) -> Callable[[Path, dict[str, Any]], None]:
    from sandbox.journal.seal import close_and_seal

    return lambda folder, manifest: close_and_seal(folder, manifest, loaded.scenario.seed)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
