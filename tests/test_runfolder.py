"""A run folder comes whole or not at all, and nothing of the user's is ever lost to it."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sandbox import records
from sandbox.runfolder import OutputError, RunFolderWriter, clean_up_after_the_dead, is_run, redrawing, write_json


def fill(folder: Path, rows: int = 3) -> None:
    pq.write_table(pa.table({"payment_id": list(range(rows))}), folder / "payments.parquet")
    write_json(folder / records.SUMMARY, {"rows": rows})
    (folder / records.SCENARIO).write_text("title: a test\n")


def make_run(out: Path, rows: int = 3, force: bool = False) -> Path:
    with RunFolderWriter(out, force=force) as writer:
        fill(writer.path, rows)
        return writer.complete({"seed": 1})


def below(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_finished_run_is_at_its_name_with_rows_and_hashes(tmp_path: Path) -> None:
    out = make_run(tmp_path / "new" / "parents" / "one")
    manifest = json.loads((out / records.MANIFEST).read_text())
    data = (out / "payments.parquet").read_bytes()
    assert manifest["status"] == "complete"
    assert manifest["seed"] == 1
    assert manifest["tables"] == {"payments": {"rows": 3, "sha256": hashlib.sha256(data).hexdigest()}}
    assert set(manifest["files"]) == {records.SCENARIO, records.SUMMARY}
    assert below(out.parent) == ["one"]
    run = records.open_run(out)
    assert list(run.table("payments", ["payment_id"]).payment_id) == [0, 1, 2]


def test_while_it_is_written_nothing_is_at_its_name_and_nothing_looks_finished(tmp_path: Path) -> None:
    out = tmp_path / "one"
    with RunFolderWriter(out) as writer:
        fill(writer.path)
        assert not out.exists()
        assert not is_run(writer.path)
        with pytest.raises(records.RunError, match="not a finished run"):
            records.open_run(writer.path)
        assert list(records.open_run(writer.path, unfinished=True).table("payments", ["payment_id"]).payment_id) == [
            0,
            1,
            2,
        ]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, MemoryError])
def test_an_exception_leaves_nothing_not_even_new_parents(tmp_path: Path, error: type[BaseException]) -> None:
    def fail() -> None:
        with RunFolderWriter(tmp_path / "a" / "b" / "one") as writer:
            fill(writer.path)
            raise error

    with pytest.raises(error):
        fail()
    assert below(tmp_path) == []


def test_leaving_without_complete_leaves_nothing(tmp_path: Path) -> None:
    with RunFolderWriter(tmp_path / "one") as writer:
        fill(writer.path)
    assert below(tmp_path) == []


def test_a_finished_run_is_refused_without_force_before_any_work(tmp_path: Path) -> None:
    out = make_run(tmp_path / "one")
    before = (out / records.MANIFEST).read_bytes()
    with pytest.raises(OutputError, match="--force"), RunFolderWriter(out):
        pytest.fail("the body must not run")
    assert (out / records.MANIFEST).read_bytes() == before
    assert below(tmp_path) == ["one"]


def test_force_replaces_a_finished_run_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    out = make_run(tmp_path / "one", rows=3)
    (out / "left-over.txt").write_text("of the first run")
    make_run(out, rows=5, force=True)
    assert json.loads((out / records.MANIFEST).read_text())["tables"]["payments"]["rows"] == 5
    assert not (out / "left-over.txt").exists()
    assert below(tmp_path) == ["one"]


def test_force_keeps_the_earlier_run_when_the_new_one_fails(tmp_path: Path) -> None:
    out = make_run(tmp_path / "one")

    def fail() -> None:
        with RunFolderWriter(out, force=True) as writer:
            fill(writer.path, rows=9)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert records.open_run(out).summary == {"rows": 3}
    assert below(tmp_path) == ["one"]


def test_force_puts_the_earlier_run_back_when_stopped_between_the_two_renames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = make_run(tmp_path / "one")
    move = os.replace
    calls: list[object] = []

    def stopped(source: Path, target: Path) -> None:
        if source.is_dir():
            calls.append(target)
            if len(calls) == 2:
                raise KeyboardInterrupt
        move(source, target)

    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        make_run(out, rows=9, force=True)
    assert records.open_run(out).summary == {"rows": 3}
    assert below(tmp_path) == ["one"]


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(
    "content",
    [
        {"letter.txt": "dear all"},
        {"manifest.json": "{}"},
        {"manifest.json": "not JSON", "payments.parquet": "x"},
        {"manifest.json": '{"status": "complete"}'},
        {"manifest.json": '{"name": "a web app", "status": "running", "tables": []}'},
    ],
)
def test_a_folder_that_is_not_a_run_is_left_alone(tmp_path: Path, content: dict[str, str], force: bool) -> None:
    out = tmp_path / "documents"
    out.mkdir()
    for name, text in content.items():
        (out / name).write_text(text)
    with pytest.raises(OutputError, match="not a finished run"), RunFolderWriter(out, force=force):
        pytest.fail("the body must not run")
    assert {name: (out / name).read_text() for name in content} == content
    assert below(tmp_path) == ["documents"]


@pytest.mark.parametrize("force", [False, True])
def test_a_file_is_left_alone(tmp_path: Path, force: bool) -> None:
    (tmp_path / "letter.txt").write_text("dear all")
    for out in (tmp_path / "letter.txt", tmp_path / "letter.txt" / "run"):
        with pytest.raises(OutputError, match="is a file"), RunFolderWriter(out, force=force):
            pytest.fail("the body must not run")
    assert (tmp_path / "letter.txt").read_text() == "dear all"


def test_an_empty_folder_may_become_the_run_but_not_the_current_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    assert is_run(make_run(tmp_path / "empty"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(OutputError, match="in use"):
        make_run(Path("."))


@pytest.mark.parametrize("out", ["x" * 300, "红" * 80, "y" * 240, "z" * 256 + "/run", "a/" + "b" * 300 + "/c/d"])
def test_a_name_that_no_file_can_have_is_refused_before_any_work(tmp_path: Path, out: str) -> None:
    with pytest.raises(OutputError, match="is too long for a file's name; give a shorter --out"):
        RunFolderWriter(tmp_path / out).__enter__()
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_no_text_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is not UTF-8; give another --out"):
        RunFolderWriter(tmp_path / "a\udcff" / "run").__enter__()
    assert list(tmp_path.iterdir()) == []


def test_the_longest_name_that_is_accepted_fits(tmp_path: Path) -> None:
    with RunFolderWriter(tmp_path / ("x" * 236)) as writer:
        assert writer.path.exists()
    with pytest.raises(OutputError):
        RunFolderWriter(tmp_path / ("x" * 237)).__enter__()


def test_documents_that_appear_during_the_run_are_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "one"

    def race() -> None:
        with RunFolderWriter(out, force=True) as writer:
            fill(writer.path)
            out.mkdir()
            (out / "letter.txt").write_text("dear all")
            writer.complete({})

    with pytest.raises(OutputError):
        race()
    assert (out / "letter.txt").read_text() == "dear all"
    assert below(tmp_path) == ["one"]


def test_the_second_of_two_runs_to_one_name_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "one"

    def race() -> None:
        with RunFolderWriter(out) as slow:
            make_run(out, rows=5)
            fill(slow.path)
            slow.complete({})

    with pytest.raises(OutputError, match="finished run is there"):
        race()
    assert records.open_run(out).summary == {"rows": 5}
    assert below(tmp_path) == ["one"]


def test_summary_numbers_that_json_does_not_know_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "summary.json", {"share": float("nan")})
    assert below(tmp_path) == []


WRITER = """
import sys, time
from pathlib import Path
from sandbox.runfolder import RunFolderWriter
with RunFolderWriter(sys.argv[1]) as writer:
    (writer.path / "payments.parquet").write_bytes(b"half")
    print(writer.path, flush=True)
    time.sleep(60)
"""


def start_writer(out: Path) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(out)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_a_dead_writers_folder_is_removed_by_the_next_run_a_living_ones_is_not(tmp_path: Path) -> None:
    out = tmp_path / "one[1]*"
    dead, dead_folder = start_writer(out)
    living, living_folder = start_writer(out)
    try:
        dead.send_signal(signal.SIGKILL)
        dead.wait(10)
        assert dead_folder.is_dir()
        make_run(out)
        assert not dead_folder.exists()
        assert living_folder.is_dir()
    finally:
        living.kill()
        living.wait(10)
    clean_up_after_the_dead(out)
    assert below(tmp_path) == [out.name]


@pytest.mark.usefixtures("signals_count")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    process, folder = start_writer(tmp_path / "one")
    assert folder.is_dir()
    process.send_signal(number)
    assert process.wait(10) != 0
    assert below(tmp_path) == []


def test_signal_handlers_are_put_back(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    make_run(tmp_path / "one")
    assert signal.getsignal(signal.SIGTERM) is before


def test_redrawing_changes_the_report_and_nothing_else(tmp_path: Path) -> None:
    out = make_run(tmp_path / "one")
    (out / "figures").mkdir()
    (out / "figures" / "old.svg").write_text("old")
    (out / "report.html").write_text("old")
    before = {name: (out / name).read_bytes() for name in ("manifest.json", "payments.parquet", "summary.json")}
    with redrawing(out) as folder:
        assert list(records.open_run(folder, unfinished=True).table("payments", ["payment_id"]).payment_id) == [0, 1, 2]
        assert records.Run(folder).manifest["seed"] == 1
        assert not is_run(folder)
        (folder / "report.html").write_text("new")
        (folder / "figures").mkdir()
        (folder / "figures" / "new.svg").write_text("new")
    assert {name: (out / name).read_bytes() for name in before} == before
    assert not (out / "payments.parquet").is_symlink()
    assert (out / "report.html").read_text() == "new"
    assert below(out / "figures") == ["new.svg"]
    assert below(tmp_path) == ["one"]


def test_redrawing_that_fails_keeps_the_old_report(tmp_path: Path) -> None:
    out = make_run(tmp_path / "one")
    (out / "report.html").write_text("old")

    def fail() -> None:
        with redrawing(out) as folder:
            (folder / "report.html").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (out / "report.html").read_text() == "old"
    assert below(tmp_path) == ["one"]
