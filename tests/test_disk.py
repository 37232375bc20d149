"""Run folders on systems that refuse what Linux grants: Windows and poor network drives, played by stand-ins.

The stand-in keeps the rules that matter here: folders are neither opened nor flushed, a file opened for reading alone
is not flushed, links need a right that few have, and what is open is neither removed nor renamed.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox import disk, records, runfolder
from sandbox.runfolder import RunFolderWriter, redrawing
from tests.test_runfolder import below, make_run


class Windows:
    """Patches `os`; `links` says which links are granted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, links: bool = False) -> None:
        self.open: dict[int, tuple[Path, int, int]] = {}
        self.busy: dict[Path, int] = {}
        """Files that somebody else has open for so many attempts."""
        self._real = {name: getattr(os, name) for name in ("open", "close", "fsync", "unlink", "replace", "rmdir")}
        for name in self._real:
            monkeypatch.setattr(os, name, getattr(self, f"_{name}"))
        monkeypatch.setattr(disk, "fcntl", None)
        monkeypatch.setattr(disk, "_POSIX", False)
        monkeypatch.setattr(os, "symlink", self._refused)
        if not links:
            monkeypatch.setattr(os, "link", self._refused)

    def _refused(self, *arguments: object, **more: object) -> None:
        raise OSError(errno.EINVAL, "A required privilege is not held by the client")

    def _open(self, path: Any, flags: int, *more: Any, **others: Any) -> int:
        if os.path.isdir(path) and "dir_fd" not in others and not flags & os.O_DIRECTORY:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        handle: int = self._real["open"](path, flags, *more, **others)
        self.open[handle] = Path(path), flags, os.fstat(handle).st_ino
        return handle

    def _still(self) -> dict[int, tuple[Path, int]]:
        """What is open: a stream that was made of a handle closes it by itself."""
        for handle, (_, _, number) in list(self.open.items()):
            try:
                gone = os.fstat(handle).st_ino != number
            except OSError:
                gone = True
            if gone:
                del self.open[handle]
        return {handle: (path, flags) for handle, (path, flags, _) in self.open.items()}

    def _close(self, handle: int) -> None:
        self.open.pop(handle, None)
        self._real["close"](handle)

    def _fsync(self, handle: int) -> None:
        still = self._still()
        if handle in still and not still[handle][1] & (os.O_RDWR | os.O_WRONLY):
            raise OSError(errno.EBADF, "Bad file descriptor")

    def _unlink(self, path: Any, **others: Any) -> None:
        self._check(Path(path))
        self._real["unlink"](path, **others)

    def _rmdir(self, path: Any, **others: Any) -> None:
        self._real["rmdir"](path, **others)

    def _replace(self, path: Any, place: Any) -> None:
        self._check(Path(path), Path(place))
        if os.path.isdir(place):
            raise PermissionError(errno.EACCES, "Access is denied", str(place))
        self._real["replace"](path, place)

    def _check(self, *paths: Path) -> None:
        for path in paths:
            if self.busy.get(path, 0) > 0:
                self.busy[path] -= 1
                raise PermissionError(errno.EACCES, "used by another process", str(path))
            for one, _ in self._still().values():
                if one == path or path in one.parents:
                    raise PermissionError(errno.EACCES, "used by this process", str(path))


@pytest.fixture(params=[False, True], ids=["no links", "hard links"])
def windows(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Windows:
    return Windows(monkeypatch, request.param)


def test_a_run_comes_to_be(windows: Windows, tmp_path: Path) -> None:
    out = make_run(tmp_path / "one")
    assert records.open_run(out).summary == {"rows": 3}
    assert disk.WRITER not in os.listdir(out)
    make_run(out, rows=9, force=True)
    assert records.open_run(out).summary == {"rows": 9}
    (tmp_path / "two").mkdir()
    make_run(tmp_path / "two")
    assert below(tmp_path) == ["one", "two"]
    assert not windows.open


def test_one_that_fails_leaves_nothing(windows: Windows, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), RunFolderWriter(tmp_path / "new" / "one"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    assert not windows.open


def test_a_dead_writers_folder_is_removed_and_a_living_ones_is_not(windows: Windows, tmp_path: Path) -> None:
    dead = tmp_path / f".one{records.WORKING}dead"
    dead.mkdir()
    (dead / disk.WRITER).touch()
    (dead / "payments.parquet").write_text("half")
    with RunFolderWriter(tmp_path / "one") as living:
        assert not dead.exists()
        runfolder.clean_up_after_the_dead(tmp_path / "one")
        assert living.path.exists()
        assert (living.path / disk.WRITER).exists()
    assert list(tmp_path.iterdir()) == []


def test_a_report_is_drawn_again(windows: Windows, tmp_path: Path) -> None:
    out = make_run(tmp_path / "one")
    (out / "figures").mkdir()
    (out / "figures" / "old.svg").touch()
    windows.busy[out / "report.md"] = 2
    (out / "report.md").write_text("old")
    with redrawing(out) as folder:
        assert (folder / records.SUMMARY).read_text() == (out / records.SUMMARY).read_text()
        (folder / "report.md").write_text("new")
        (folder / "figures").mkdir()
        (folder / "figures" / "new.svg").touch()
    assert (out / "report.md").read_text() == "new"
    assert [file.name for file in (out / "figures").iterdir()] == ["new.svg"]
    assert disk.WRITER not in os.listdir(out)
    assert below(tmp_path) == ["one"]


def test_what_stays_open_is_told(windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "IN_USE_S", 0.0)
    out = make_run(tmp_path / "one")
    windows.busy[out] = 99
    with pytest.raises(PermissionError, match="used by another process"):
        make_run(out, rows=9, force=True)
    windows.busy.clear()
    assert records.open_run(out).summary == {"rows": 3}
    assert below(tmp_path) == ["one"]


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES])
def test_a_folder_that_cannot_be_flushed_is_no_failure(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync: Callable[[int], None] = os.fsync

    def refuses(handle: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{handle}"):
            raise OSError(number, os.strerror(number))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", refuses)
    assert records.open_run(make_run(tmp_path / "one")).summary == {"rows": 3}


def test_a_disk_that_says_late_that_it_is_full_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        disk.to_disk(tmp_path)


def test_nobody_may_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Windows(monkeypatch)
    monkeypatch.setattr(shutil, "copyfile", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    with pytest.raises(OSError, match="full"):
        disk.show_at(tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize("flush", [True, False])
def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flush: bool) -> None:
    file, taken = tmp_path / "file", tmp_path / "folder"
    disk.write_whole(file, b"old", flush=flush)
    (taken / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="folder"):
        disk.write_whole(taken, b"new", flush=flush)
    monkeypatch.setattr(disk, "move", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        disk.write_whole(file, b"new", flush=flush)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]
    assert file.read_bytes() == b"old"
