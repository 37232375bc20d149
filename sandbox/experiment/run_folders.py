"""Tables of many runs: each run a run folder, named by its content hash, in a folder or wherever fsspec reaches.

Workers write there themselves, so all must see the place: a folder that they share, or an object store. A run folder
is there as a whole or counts as not there: its manifest comes last. fsspec (and, for a store, its driver: s3fs, gcsfs,
adlfs) is needed for URLs only; who may write there, those libraries' own configuration says.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from sandbox import records
from sandbox.experiment.errors import ExperimentError
from sandbox.experiment.job import JobResult, result_of
from sandbox.extras import ExtraMissing, needed
from sandbox.files import MOST_JSON_BYTES
from sandbox.runfolder import OutputError, check_out, is_run, remove_run

if TYPE_CHECKING:
    from sandbox.running import Record
    from sandbox.scenario.load import Loaded

_FILE: Final = "file://"
_OF_ONE_PROCESS: Final = "memory://"


@dataclass(frozen=True)
class RunFolders:
    """Where run folders are kept, and which payments they record.

    Attributes:
        place: an absolute folder, or a URL.
        record: `all`, `none`, or a share of the payments.
    """

    place: str
    record: Record = "all"

    @classmethod
    def at(cls, place: str, record: str | float = "all") -> Self:
        """With a folder's path made absolute.

        Raises:
            ValueError: `record` is none of its choices.
        """
        from sandbox.running import parse_record

        place = place.removeprefix(_FILE)
        return cls(place.rstrip("/") if "://" in place else os.path.abspath(place), parse_record(record))

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, not a URL."""
        return "://" not in self.place

    def name(self, key: str) -> str:
        """The folder of the run with this content hash; a run with fewer payments recorded is another folder."""
        return key if self.record == "all" else f"{key}-{self.record}"

    def where(self, key: str) -> str:
        """The whole address of that folder."""
        return f"{self.place}/{self.name(key)}"

    def check(self, several: bool) -> None:
        """Before anything is run: can it be written there?

        Args:
            several: whether several processes are to write.

        Raises:
            ExperimentError: it cannot; with the reason.
            ExtraMissing: fsspec is missing.
        """
        if several and self.place.startswith(_OF_ONE_PROCESS):
            raise ExperimentError(
                "{place} is the memory of one process: add --processes 1, or name a folder or a store", place=self.place
            )
        try:
            if self.is_folder:
                place = Path(self.place)
                if is_run(place):
                    raise ExperimentError("{place} is a finished run; name a folder for many", place=self.place)
                check_out(place / "run", force=False)
            else:
                self.found()
        except ImportError as error:
            raise ExperimentError(
                "{place} needs the store's own library, which is not here ({reason}); install it",
                place=self.place,
                reason=_said(error),
            ) from None
        except OutputError as error:
            raise ExperimentError(
                "tables cannot be kept at {place}: {reason}", place=self.place, reason=str(error).partition(": ")[2]
            ) from None
        except (ExperimentError, ExtraMissing):
            raise
        except Exception as error:  # whatever a store's driver raises: no such bucket, no right, no network
            raise ExperimentError(
                "tables cannot be kept at {place}: {reason}", place=self.place, reason=_said(error)
            ) from None

    def found(self) -> frozenset[str]:
        """Names of the run folders that are there as a whole."""
        if self.is_folder:
            place = Path(self.place)
            files = place.glob(f"*/{records.MANIFEST}") if place.is_dir() else ()
            return frozenset(file.parent.name for file in files if not file.parent.name.startswith("."))
        system, path = self._system()
        system.invalidate_cache()
        return frozenset(str(file).split("/")[-2] for file in system.glob(f"{path}/*/{records.MANIFEST}"))

    def write(self, key: str, loaded: Loaded) -> dict[str, Any]:
        """Run a scenario into its folder; returns the summary.

        Raises:
            As `sandbox.api.run`; and whatever the store's driver raises.
        """
        from sandbox.running import write_run

        if self.is_folder:
            return write_run(loaded, self.where(key), record=self.record, force=True).summary
        with tempfile.TemporaryDirectory(prefix="ecny-run-") as folder:
            run = write_run(loaded, Path(folder) / "run", record=self.record)
            self._send(run.path, key)
            return run.summary

    def outcome(self, key: str) -> JobResult | None:
        """The numbers of a run that is there; None if what is there is not as the run wrote it."""
        try:
            if self.is_folder:
                return _outcome(records.open_run(self.where(key)))
            system, path = self._system()
            with tempfile.TemporaryDirectory(prefix="ecny-run-") as folder:
                for name in (records.MANIFEST, records.SUMMARY):
                    file = f"{path}/{self.name(key)}/{name}"
                    if system.size(file) > MOST_JSON_BYTES:
                        return None
                    system.get_file(file, str(Path(folder) / name))
                return _outcome(records.Run(folder))
        except (records.RunError, OSError, ValueError, LookupError, TypeError, AttributeError, OverflowError):
            return None

    def remove(self, keys: Iterable[str]) -> None:
        """Remove the folders of these runs."""
        there = self.found()
        for key in keys:
            if self.name(key) not in there:
                continue
            if self.is_folder:
                remove_run(Path(self.where(key)))
            else:
                system, path = self._system()
                system.rm(f"{path}/{self.name(key)}", recursive=True)

    def _system(self) -> tuple[Any, str]:
        with needed("kept"):
            from fsspec.core import url_to_fs
        system, path = url_to_fs(self.place)
        return system, str(path).rstrip("/")

    def _send(self, run: Path, key: str) -> None:
        """Copy a run folder, the manifest last."""
        system, path = self._system()
        target = f"{path}/{self.name(key)}"
        files = [file.relative_to(run).as_posix() for file in sorted(run.rglob("*")) if file.is_file()]
        for folder in sorted({f"{target}/{name}".rpartition("/")[0] for name in files}):
            system.makedirs(folder, exist_ok=True)
        for name in sorted(files, key=lambda name: (name == records.MANIFEST, name)):
            system.put_file(str(run / name), f"{target}/{name}")


def _outcome(run: records.Run) -> JobResult:
    return result_of(run.summary, float(run.manifest.get("took_s", 0.0)))


def _said(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
