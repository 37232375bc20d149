"""How a run folder comes to be: whole, or not at all.

A run is written into a hidden working folder beside the one it will become, `.<name>.partial-<random>`. When everything
is there, `complete` writes `manifest.json` last and atomically and renames the folder to its name. So at the name the
user gave there is, at every instant, nothing, or the earlier run, or the finished one:

- an exception, Ctrl-C, SIGTERM or SIGHUP removes the working folder;
- after SIGKILL or a power cut the working folder stays, and the next run to the same name removes it. It knows a dead
  writer's folder from a living one's by an advisory lock on the folder, which ends with the process that held it; or,
  where folders cannot be locked (Windows), by a file in it that cannot be removed while its writer has it open.

A folder that is not a run is never removed or overwritten, not even with `force`.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from sandbox import disk, records
from sandbox.files import sha256
from sandbox.language import N_, _
from sandbox.signals import signals_as_exits, signals_held

_LONGEST_NAME: Final = 255
"""Bytes of one name in a path that file systems take."""
_DATA: Final = (".parquet", ".json", ".jsonl", ".yaml")


class OutputError(Exception):
    """The run cannot go where it was asked to go; the message names the folder and the mend."""


class RunFolderWriter:
    """Context manager that owns a run folder until it is finished.

    Args:
        out: where the finished run goes; parents are made when the run starts.
        force: replace an earlier finished run there.

    Raises:
        OutputError: on entering, if `out` is taken or cannot be used; nothing has been written then. On `complete`, if
            another run has taken the place meanwhile.
        OSError: the disk is full, or the place cannot be written.
    """

    def __init__(self, out: str | Path, force: bool = False) -> None:
        self.out = Path(os.path.realpath(out))
        self.force = force
        self._path: Path | None = None
        self._lock: int | None = None
        self._replaced: Path | None = None
        self._signals = signals_as_exits()
        self._new_parents: list[Path] = []

    @property
    def path(self) -> Path:
        """The working folder."""
        if self._path is None:
            raise RuntimeError("the writer has no folder: use it in a with statement")
        return self._path

    def __enter__(self) -> Self:
        check_out(self.out, self.force)
        self._signals.__enter__()
        try:
            self._new_parents = [folder for folder in self.out.parents if not folder.exists()]
            self.out.parent.mkdir(parents=True, exist_ok=True)
            clean_up_after_the_dead(self.out)
            with signals_held():
                self._path, self._lock = _make_working_folder(self.out)
        except BaseException:
            self._clean_up()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clean_up()

    def _clean_up(self) -> None:
        """Leave what was there before, or the finished run, and nothing else."""
        try:
            with signals_held():
                self._unlock()
                if self._replaced is not None and not self.out.exists():
                    disk.move(self._replaced, self.out)  # stopped between the two renames: the earlier run goes back
                    self._replaced = None
                for folder in (self._path, self._replaced):
                    if folder is not None:
                        remove_run(folder)
                if not self.out.exists():
                    self._remove_new_parents()
        finally:
            self._signals.__exit__(None, None, None)

    def complete(self, manifest: dict[str, Any], seal: Callable[[Path, dict[str, Any]], None] | None = None) -> Path:
        """Finish the run: write the manifest with every table's rows and hash, then give the folder its name.

        Args:
            manifest: what to say beside `format`, `status`, `tables` and `files`, which are filled in here.
            seal: gets the folder and the whole manifest, and may add to both what vouches for them.

        Returns:
            The finished folder, `out`.
        """
        entries = {"format": records.FORMAT, "status": "complete", **manifest}
        entries["tables"] = {
            file.name.removesuffix(".parquet"): {"rows": _rows(file), "sha256": sha256(file)}
            for file in sorted(self.path.glob("*.parquet"))
        }
        entries["files"] = {
            name: {"sha256": sha256(self.path / name)}
            for name in (records.SCENARIO, records.SUMMARY)
            if (self.path / name).exists()
        }
        if seal is not None:
            seal(self.path, entries)
        (self.path / records.DRAFT_MANIFEST).unlink(missing_ok=True)
        draft = disk.draft(self.path / records.MANIFEST, json_text(entries).encode(), flush=True)
        disk.tree_to_disk(self.path)
        with signals_held():
            self._take_place(draft)
        return self.out

    def _take_place(self, draft: Path) -> None:
        """Give the manifest and the folder their names. Every write is done: what is left is two or three renames."""
        check_out(self.out, self.force)
        if is_run(self.out):
            aside = _hidden_name(self.out)
            self._replaced = aside
            disk.move(self.out, aside)
        else:
            with contextlib.suppress(OSError):
                self.out.rmdir()  # an empty folder, onto which not every system renames
        try:
            os.replace(draft, self.path / records.MANIFEST)
            self._unlock()
            disk.move(self.path, self.out)
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                raise OutputError(
                    _("{path}: another run has taken this place; give another --out", path=self.out)
                ) from error
            raise
        disk.to_disk(self.out)
        disk.to_disk(self.out.parent)

    def _remove_new_parents(self) -> None:
        """Leave no empty folders behind a run that failed; one that somebody else uses by now stays."""
        for folder in self._new_parents:
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _unlock(self) -> None:
        if self._lock is not None and self._path is not None:
            disk.unlock(self._path, self._lock)
            self._lock = None


def is_run(folder: Path) -> bool:
    """Whether a folder holds a manifest of ours; only then may `force` replace it."""
    try:
        manifest = records.read_json(folder / records.MANIFEST)
    except records.RunError:
        return False
    return manifest.get("status") == "complete" and "tables" in manifest


def check_out(out: Path, force: bool) -> None:
    """Refuse a place that cannot become a run folder, before any work is done.

    Raises:
        OutputError: `out` is a finished run (without `force`), a file, a folder with other things in it, the current
            folder, or a place where nothing can be written.
    """
    room = _LONGEST_NAME - len(_hidden_name(Path("x")).name)
    for name in out.parts:
        if len(os.fsencode(name)) > (room if name == out.name else _LONGEST_NAME):
            message = N_("{path}: '{name}' is too long for a file's name; give a shorter --out")
            raise OutputError(_(message, path=out, name=f"{name[:40]}…"))
        if name.encode("utf-8", "replace").decode("utf-8") != name:
            raise OutputError(_("{path}: a name on this way is not UTF-8; give another --out", path=out))
    if not os.path.lexists(out):
        parent = next(folder for folder in out.parents if os.path.exists(folder))
        if not parent.is_dir():
            raise OutputError(_("{path}: {parent} is a file, not a folder", path=out, parent=parent))
        if not os.access(parent, os.W_OK | os.X_OK):
            raise OutputError(
                _("{path}: nothing can be written in {parent}; give another --out", path=out, parent=parent)
            )
        return
    if not out.is_dir():
        raise OutputError(_("{path}: is a file; --out names a folder", path=out))
    if is_run(out):
        if not force:
            raise OutputError(
                _("{path}: a finished run is there; give --force to replace it, or another --out", path=out)
            )
    elif any(out.iterdir()):
        raise OutputError(
            _("{path}: a folder that is not a finished run is there and is left alone; give another --out", path=out)
        )
    if os.path.ismount(out) or out == Path.cwd():
        raise OutputError(
            _("{path}: cannot be replaced, for it is in use as a folder; name a new folder inside it", path=out)
        )
    if not os.access(out.parent, os.W_OK | os.X_OK):
        raise OutputError(
            _("{path}: nothing can be written in {parent}; give another --out", path=out, parent=out.parent)
        )


def clean_up_after_the_dead(out: Path) -> None:
    """Remove working folders for `out` whose writer is no more."""
    for folder in out.parent.glob(f".{_escaped(out.name)}{records.WORKING}*"):
        try:
            lock = disk.lock(folder)
        except BlockingIOError:
            continue
        if lock is not None:
            disk.unlock(folder, lock)
            remove_run(folder)


def remove_run(folder: Path) -> None:
    """Remove a run folder, the manifest first: what is left if this is stopped halfway does not look finished."""
    with contextlib.suppress(FileNotFoundError):
        (folder / records.MANIFEST).unlink()
    shutil.rmtree(folder, ignore_errors=True)


def write_json(file: Path, content: dict[str, Any]) -> None:
    """Write strict JSON atomically: a reader sees the old file or the new one, and so does a power cut.

    Raises:
        ValueError: `content` holds NaN or an infinity.
    """
    write_text(file, json_text(content))


def write_text(file: Path, content: str) -> None:
    """Write a text file atomically."""
    disk.write_whole(file, content.encode(), flush=True)


def json_text(content: dict[str, Any]) -> str:
    """The one spelling of a JSON file of ours."""
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


@contextlib.contextmanager
def redrawing(run: Path) -> Iterator[Path]:
    """Prepare new report files for a finished run and move them in when the block ends well.

    Yields a hidden folder beside the run that shows the run's data; whatever files and folders the block adds there
    take the place of those of the same name in the run, each in one step.
    """
    run = Path(os.path.realpath(run))
    clean_up_after_the_dead(run)
    with signals_as_exits(), _working_folder(run) as folder:
        there = {disk.WRITER}
        for file in run.iterdir():
            if file.suffix in _DATA:
                # A working folder must not look finished, so its manifest goes by its other name.
                name = records.DRAFT_MANIFEST if file.name == records.MANIFEST else file.name
                disk.show_at(file, folder / name)
                there.add(name)
        yield folder
        with signals_held():
            for new in sorted(folder.iterdir()):
                if new.name not in there:
                    disk.tree_to_disk(new)
                    _put(new, run / new.name, folder)


def _put(new: Path, place: Path, spare: Path) -> None:
    if new.is_dir() and place.exists():
        disk.move(place, spare / f".old-{new.name}")  # a folder cannot be replaced in one step
    disk.move(new, place)


@contextlib.contextmanager
def _working_folder(out: Path) -> Iterator[Path]:
    folder, lock = _make_working_folder(out)
    try:
        yield folder
    finally:
        with signals_held():
            if lock is not None:
                disk.unlock(folder, lock)
            remove_run(folder)


def _make_working_folder(out: Path) -> tuple[Path, int | None]:
    while True:
        folder = _hidden_name(out)
        folder.mkdir()
        try:
            lock = disk.lock(folder)
        except BlockingIOError:
            continue  # between mkdir and the lock another run took it for a dead writer's, and removes it
        except BaseException:
            folder.rmdir()
            raise
        if folder.exists():
            return folder, lock
        if lock is not None:
            disk.unlock(folder, lock)


def _hidden_name(out: Path) -> Path:
    return out.with_name(f".{out.name}{records.WORKING}{secrets.token_hex(4)}")


def _escaped(name: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)


def _rows(file: Path) -> int:
    import pyarrow.parquet as pq

    rows: int = pq.read_metadata(file).num_rows
    return rows
