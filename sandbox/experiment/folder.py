"""The folder of an experiment: written whole or not at all, and opened again.

`manifest.json` (last), `scenario.yaml` (the first policy's), `sweep.parquet`, `summary.json`, and the report.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from sandbox import records
from sandbox.experiment.plan import ExperimentPlan
from sandbox.experiment.results import Results
from sandbox.experiment.run_folders import RunFolders
from sandbox.experiment.summary import summary_of
from sandbox.experiment.table import FILE, read_results, write_table
from sandbox.experiment.worker_task import this_build
from sandbox.language import _
from sandbox.runfolder import RunFolderWriter, write_json, write_text
from sandbox.version import __version__

KINDS: Final = ("sweep", "compare", "replications", "stress", "capacity")

Finish = Callable[[Path], object]


class Experiment:
    """A finished experiment. Get one through `open_experiment`, or from `sandbox.sweep` and its like."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._files = records.Run(path)

    def __repr__(self) -> str:
        return f"Experiment({str(self.path)!r})"

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Kind, version, scenario, how many runs."""
        return records.read_json(self.path / records.MANIFEST, records.NO_EXPERIMENT)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The design, numbers with intervals, comparisons, failed runs."""
        self._files.check_whole(records.SUMMARY)
        return records.read_json(self.path / records.SUMMARY, records.NO_EXPERIMENT)

    @cached_property
    def results(self) -> Results:
        """Every number of every run."""
        self._files.check_whole(FILE)
        return read_results(self.path / FILE)


def open_experiment(path: str | Path) -> Experiment:
    """Open the folder of a finished experiment.

    Raises:
        RunError: it is none, or not finished.
    """
    found = Experiment(path)
    if found.manifest.get("status") != "complete" or found.manifest.get("kind") not in KINDS:
        raise records.RunError(_("{path}: not the folder of a finished experiment", path=path))
    return found


def write_folder(
    plan: ExperimentPlan,
    results: Results,
    metrics: Sequence[str],
    out: Path,
    *,
    force: bool = False,
    finish: Finish | None = None,
    more: dict[str, Any] | None = None,
    tables: RunFolders | None = None,
) -> Experiment:
    """Write everything, draw the report, give the folder its name.

    Args:
        plan: what was run.
        results: what came out.
        metrics: to look at first.
        out: the folder.
        force: replace a finished one there.
        finish: draws the report; called with the working folder.
        more: for `summary.json`, beside what is always in it.
        tables: where the runs' own tables were kept.

    Raises:
        OutputError, OSError: as `RunFolderWriter`.
    """
    with RunFolderWriter(out, force=force) as writer:
        write_table(results, writer.path / FILE)
        write_text(writer.path / records.SCENARIO, plan.base.resolved_yaml())
        write_json(writer.path / records.SUMMARY, {**summary_of(plan, results, metrics), **(more or {})})
        manifest = {
            "kind": plan.kind,
            "version": __version__,
            "build": this_build(),
            "scenario": {"name": plan.base.name, "digest": plan.base.digest},
            "seed": plan.base.scenario.seed,
            "question": plan.digest,
            "runs": len(results.jobs),
            "failed": len(results.errors),
            "repeated": results.repeated,
            "distrusted": results.distrusted,
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}",
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        if tables is not None:
            manifest["kept_tables"] = {"place": tables.place, "record": tables.record}
        if finish is not None:
            write_json(writer.path / records.DRAFT_MANIFEST, manifest)
            finish(writer.path)
        return open_experiment(writer.complete(manifest))
