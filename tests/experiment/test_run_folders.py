"""Tables of many runs are kept where they were written, known again, and left alone by what is refused."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

import sandbox
from sandbox.audit.auditor import audit
from sandbox.cli.main import status_of
from sandbox.experiment import worker_task
from sandbox.experiment.errors import ExperimentError
from sandbox.experiment.query import query_runs
from sandbox.experiment.run_folders import RunFolders
from sandbox.records import open_run

fsspec = pytest.importorskip("fsspec")

VARIED = {"ledger.servers": [1, 4]}


@pytest.fixture
def here(small_town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return small_town


@pytest.fixture
def memory() -> Any:
    system = fsspec.filesystem("memory")
    yield system
    if system.exists("/kept"):
        system.rm("/kept", recursive=True)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Seeds of the runs that were really made."""
    seeds: list[int] = []
    real = worker_task.loaded_of

    def counted(job: Any) -> Any:
        seeds.append(job.seed)
        return real(job)

    monkeypatch.setattr(worker_task, "loaded_of", counted)
    return seeds


def swept(town: Path, **how: Any) -> Any:
    return sandbox.sweep(town, VARIED, replications=2, processes=1, force=True, out="s", **how)


def test_each_run_is_a_run_folder_that_the_table_names(here: Path) -> None:
    plain = swept(here).results
    kept = swept(here, keep_tables="kept").results
    assert (kept.metrics, kept.values.tobytes()) == (plain.metrics, plain.values.tobytes())
    assert not plain.tables
    assert sorted(kept.tables) == [0, 1, 2, 3]
    for at, address in kept.tables.items():
        run = open_run(address)
        assert os.path.isabs(address)
        assert run.summary["throughput"]["settled"] == kept.column("throughput.settled")[at]
        assert run.payments["outcome"].eq("settled").sum() == kept.column("throughput.settled")[at]
        assert audit(run.path).ok
    frame = kept.frame()
    assert frame["tables"].tolist() == [kept.tables[at] for at in range(4)]
    assert query_runs("select count(distinct tables) as n from sweeps", Path("s")).to_pylist() == [{"n": 4}]
    assert query_runs("select count(*) as n from payments", Path("kept")).to_pylist()[0]["n"] > 4_000


@pytest.mark.parametrize("place", ["kept", "memory://kept"])
def test_runs_are_known_again_by_their_tables(here: Path, ran: list[int], memory: Any, place: str) -> None:
    first = swept(here, keep_tables=place).results
    assert len(ran) == 4
    again = swept(here, keep_tables=place)
    assert len(ran) == 4, "nothing was run twice"
    assert again.manifest["repeated"] == 4
    assert again.results.values.tobytes() == first.values.tobytes()
    # The store of numbers is gone: the tables alone are enough.
    Path("finished-runs.sqlite").unlink()
    alone = swept(here, keep_tables=place).results
    assert len(ran) == 4
    assert alone.values.tobytes() == first.values.tobytes()
    # One run's tables are gone, or were never finished: it is run again, the others are not.
    lost = first.tables[2]
    if place == "kept":
        shutil.rmtree(lost)
    else:
        memory.rm_file(f"{lost.removeprefix('memory:/')}/manifest.json")
    assert swept(here, keep_tables=place).results.values.tobytes() == first.values.tobytes()
    assert len(ran) == 5
    # Fewer payments recorded are other tables.
    swept(here, keep_tables=place, record="none")
    assert len(ran) == 9


def test_a_store_gets_the_manifest_last(here: Path, memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    real = type(memory).put_file

    def watched(self: Any, local: str, remote: str, **more: Any) -> Any:
        order.append(remote.rsplit("/", 1)[-1])
        return real(self, local, remote, **more)

    monkeypatch.setattr(type(memory), "put_file", watched)
    found = swept(here, keep_tables="memory://kept/").results
    names = order[: len(order) // 4]
    assert names[-1] == "manifest.json"
    assert names.count("manifest.json") == 1
    content = json.loads(memory.cat_file(f"{found.tables[0].removeprefix('memory:/')}/summary.json"))
    assert content["throughput"]["settled"] == found.column("throughput.settled")[0]


def test_two_processes_write_the_same_tables(here: Path) -> None:
    sandbox.sweep(here, VARIED, replications=2, processes=2, out="two", keep_tables="kept")
    found = sandbox.open_experiment("two").results
    assert {open_run(address).manifest["seed"] for address in found.tables.values()} == {job.seed for job in found.jobs}


def test_a_run_whose_tables_cannot_be_written_fails_alone(here: Path) -> None:
    whole = swept(here, keep_tables="kept").results
    blocked = Path(whole.tables[1])
    shutil.rmtree(blocked)
    blocked.write_text("somebody's file")
    found = swept(here, keep_tables="kept")
    assert sorted(found.results.tables) == [0, 2, 3]
    assert list(found.results.errors) == [1]
    assert "is a file" in found.summary["failed"][0]["error"]
    assert blocked.read_text() == "somebody's file"


def test_what_is_refused_leaves_no_tables(here: Path) -> None:
    with pytest.raises(ExperimentError, match="--yes"):
        sandbox.sweep(here, VARIED, replications=1_500, processes=1, out="s", keep_tables="kept")
    assert [one.name for one in Path("kept").iterdir() if not one.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("a-file", "is a file, not a folder"),
        ("memory://kept", "--processes 1"),
        ("nonsense://kept", "nonsense"),
        ("s3://kept", "s3fs"),
        ("a-run", "is a finished run"),
    ],
)
def test_a_place_that_cannot_be_used_is_refused_before_anything_runs(
    here: Path, capsys: pytest.CaptureFixture[str], place: str, says: str
) -> None:
    if place.startswith("s3"):
        try:
            import s3fs  # noqa: F401
        except ImportError:
            pass
        else:
            pytest.skip("its driver is here")
    Path("a-file").write_text("")
    if place == "a-run":
        sandbox.run(here, out="a-run")
    before = sorted(Path().iterdir())
    command = ["sweep", str(here), "--vary", "ledger.servers=1,4", "--processes", "2"]
    assert status_of([*command, "--keep-tables", place]) == 2
    printed = capsys.readouterr()
    assert says in printed.err
    assert len(printed.err.splitlines()) == 1
    assert sorted(Path().iterdir()) == before


def test_the_command_says_where_tables_are(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["run", str(here), "--replications", "2", "--processes", "1", "--no-report", "--out", "r"]
    assert status_of([*command, "--keep-tables", "kept", "--record", "none"]) == 0
    assert f"tables              {Path('kept').absolute()} (" in capsys.readouterr().out
    assert len(open_run(next(Path("kept").iterdir())).payments) == 0
    assert status_of([*command, "--force", "--record", "none"]) == 2
    assert "goes with --keep-tables" in capsys.readouterr().err
    assert status_of(["run", str(here), "--keep-tables", "kept"]) == 2


def test_addresses() -> None:
    assert RunFolders.at("file:///a/b/").place == "/a/b"
    assert RunFolders.at("memory://a/").where("k") == "memory://a/k"
    assert RunFolders.at("/a", "sample:0.25").where("k") == "/a/k-0.25"
    with pytest.raises(ValueError, match="share"):
        RunFolders.at("/a", "some")
