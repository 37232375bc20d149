"""Many runs onto a full disk: it is told why nothing was finished, nothing looks finished, and with room it goes on."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

import sandbox
from sandbox.cli.main import status_of
from sandbox.experiment import worker_task
from sandbox.experiment.errors import StoreError
from sandbox.experiment.job import JobResult
from sandbox.experiment.run_folders import RunFolders
from sandbox.experiment.store import DiskStore
from tests.conftest import SMALL_TOWN
from tests.hostile.test_kills import small_disk

VERBS = {
    "sweep": ["sweep", "town.yaml", "--vary", "ledger.servers=1,4,8", "--replications", "1"],
    "compare": ["compare", "town.yaml", "--set", "ledger.servers=1", "--replications", "2"],
    "run": ["run", "town.yaml", "--replications", "3"],
    "stress": ["compare", "town.yaml", "--stress", "each:ledger", "--replications", "2"],
}
HOW = ["--processes", "1", "--no-report", "--out", "out"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town.yaml").write_text(SMALL_TOWN.replace("24000 /day", "1200 /day"))
    return tmp_path


@pytest.mark.parametrize(
    ("verb", "more", "number"),
    [
        *((verb, [], errno.ENOSPC) for verb in VERBS), ("sweep", ["--quiet"], errno.ENOSPC),
        ("sweep", ["--json"], errno.ENOSPC), ("stress", ["--quiet"], errno.ENOSPC), ("sweep", [], errno.EROFS),
    ],
)  # fmt: skip
def test_tables_that_find_no_room_stop_it_all(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    verb: str,
    more: list[str],
    number: int,
) -> None:
    made: list[str] = []
    write = RunFolders.write

    def refuse(self: RunFolders, key: str, loaded: Any) -> dict[str, Any]:
        if made:
            raise OSError(number, os.strerror(number))
        made.append(key)
        return write(self, key, loaded)

    arguments = [*VERBS[verb], *HOW, "--keep-tables", "kept", *more]
    with monkeypatch.context() as full:
        full.setattr(RunFolders, "write", refuse)
        assert status_of(arguments) == 1
    told = capfd.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert all(words in told.err for words in (os.strerror(number), str(here / "kept"), "goes on"))
    assert not (here / "out").exists()
    ran: list[object] = []
    real = worker_task.loaded_of
    monkeypatch.setattr(worker_task, "loaded_of", lambda job: ran.append(job) or real(job))
    assert status_of([*arguments, "--quiet"]) == 0
    assert len(ran) == len(list((here / "kept").iterdir())) - 1, "the run that found room is not made again"
    assert sandbox.experiment.folder.open_experiment(here / "out").manifest["failed"] == 0


def test_a_run_that_fails_by_itself_is_told_even_in_silence(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> dict[str, Any]:
        raise RuntimeError("no space")

    monkeypatch.setattr(worker_task, "summary_of", fail)
    for more in (["--quiet"], ["--json"]):
        assert status_of([*VERBS["sweep"], *HOW, *more, "--force"]) == 1
        told = capfd.readouterr().err
        assert "3 runs failed" in told
        assert told.count("no space") == 3
        assert sandbox.experiment.folder.open_experiment(here / "out").manifest["repeated"] == 0


def test_a_store_without_room_is_told(tmp_path: Path) -> None:
    with DiskStore(tmp_path / "runs.sqlite") as store:
        store.put("a", JobResult())
        assert store._connection is not None
        store._connection.execute("pragma max_page_count = 4")
        with pytest.raises(StoreError, match="full") as caught:
            store.put("b", JobResult(tuple(map(str, range(50_000)))))
    assert not caught.value.refused


@pytest.mark.slow
@pytest.mark.parametrize("tables", [["--keep-tables", "kept"], []])
@pytest.mark.parametrize("quiet", [["--quiet"], []])
def test_on_a_small_disk(here: Path, capfd: pytest.CaptureFixture[str], tables: list[str], quiet: list[str]) -> None:
    with small_disk(here / "disk", "600k") as disk, pytest.MonkeyPatch.context() as patch:
        (disk / "filling").write_bytes(bytes(500_000 if tables else 590_000))
        patch.chdir(disk)
        shutil.copy(here / "town.yaml", "town.yaml")
        arguments = [*VERBS["sweep"], *HOW, *tables, *quiet]
        assert status_of(arguments) == 1
        told = capfd.readouterr().err
        assert "full" in told or os.strerror(errno.ENOSPC) in told
        assert not Path("out").exists()
        Path("filling").unlink()
        assert status_of([*arguments, "--quiet"]) == 0
