"""Run folders and folders of experiments that somebody or something spoiled: every verb answers with an error of ours
that names a file, or as it should, in bounded time; never with a bug."""

from __future__ import annotations

import contextlib
import io
import random
import shutil
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

import sandbox
from sandbox import records
from sandbox.cli.main import status_of
from sandbox.experiment.errors import ExperimentFailure
from sandbox.experiment.folder import open_experiment
from tests.conftest import SMALL_TOWN
from tests.hostile.spoiling import spoiled

CRIME: Final = Path(__file__).parents[1] / "crime" / "scenarios" / "crime-town.yaml"
LONGEST_S: Final = 120


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with crime and a sweep, sound, and copies of them to spoil beside a run that stays sound."""
    home = tmp_path_factory.mktemp("spoiled")
    (home / "town.yaml").write_text(SMALL_TOWN.replace("24000 /day", "1200 /day"))
    sandbox.run(CRIME, set={"duration": "6 h"}, out=home / "sound")
    sandbox.sweep(home / "town.yaml", {"ledger.servers": [1, 4]}, replications=1, processes=1, out=home / "many")
    shutil.copytree(home / "sound", home / "runs" / "run")
    shutil.copytree(home / "sound", home / "runs" / "other")
    shutil.copytree(home / "many", home / "sweeps" / "many")
    return home


def called(*arguments: object) -> tuple[int, str, str]:
    """Exit status, output and errors of a command."""
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        status = status_of(list(map(str, arguments)))
    return status, out.getvalue(), errors.getvalue()


@contextlib.contextmanager
def in_time(what: str) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise AssertionError(f"{what}: hangs")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


COUNTS: Final = "select (select count(*) from runs) as runs, (select count(*) from metrics) as metrics, max({}) from {}"
VERBS: Final[dict[str, tuple[object, ...]]] = {
    "query": ("query", COUNTS.format("amount_fen", "payments"), "runs"),
    "amlworld": ("export", "runs/run", "--as", "amlworld", "--out", "out", "--force"),
    "paysim": ("export", "runs/run", "--as", "paysim", "--out", "out", "--force"),
    "iso20022": ("export", "runs/run", "--as", "iso20022", "--out", "out", "--force"),
    "audit": ("audit", "runs/run"),
    "proof": ("audit", "runs/run", "--proof", "5"),
    "report": ("report", "runs/run"),
}
QUICK: Final = tuple(name for name in VERBS if name != "report")


def try_run(home: Path, seed: int, verbs: Sequence[str]) -> None:
    """Spoil the run and call these verbs."""
    with spoiled(home / "sound", home / "runs" / "run", seed) as what:
        for verb in verbs:
            with in_time(f"{verb}: {what}"):
                status, out, errors = called(*VERBS[verb])
            said = f"{verb}: {what}\n{errors}"
            assert status in ((0, 1, 2) if verb == "audit" else (0, 2)), said
            assert "bug" not in errors.replace("ecny-sandbox audit", ""), said
            assert "Traceback" not in errors, said
            assert (status == 0) or errors.strip(), said
            if verb == "query" and status == 0 and f"{records.MANIFEST}: gone" not in what:
                assert ("Left out: " in errors) == (out.splitlines()[1].split()[0] == "1"), said
        with in_time(what), contextlib.suppress(records.RunError):
            run = sandbox.open_run(home / "runs" / "run")
            assert run.manifest["status"] == "complete"
            assert run.summary
            assert len(run.payments.columns) > 10
            for batch in run.iter_batches("ledger", rows=100):
                assert len(batch) <= 100


def try_sweep(home: Path, seed: int) -> None:
    """Spoil the sweep and open and question it."""
    with spoiled(home / "many", home / "sweeps" / "many", seed) as what, in_time(what):
        status, _, errors = called("query", "select count(*), max(value) from sweeps", "sweeps")
        assert status in (0, 2), f"{what}\n{errors}"
        assert "bug" not in errors, f"{what}\n{errors}"
        with contextlib.suppress(records.RunError, ExperimentFailure):
            done = open_experiment(home / "sweeps" / "many")
            assert done.summary
            assert len(done.results.jobs) < 100_000


@pytest.fixture
def there(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(home)
    return home


def test_sound_folders_answer(there: Path) -> None:
    for verb in VERBS:
        status, _, errors = called(*VERBS[verb])
        assert (status, errors) == (0, "") or verb == "iso20022", (verb, errors)


@pytest.mark.parametrize("part", range(4))
def test_spoiled_runs(there: Path, part: int) -> None:
    """One verb for each, in turn."""
    for seed in range(part * 1000, part * 1000 + 25):
        try_run(there, seed, [QUICK[seed % len(QUICK)]])


def test_reports_of_spoiled_runs(there: Path) -> None:
    """Fewer: a report that is drawn after all takes its time."""
    for seed in range(5000, 5006):
        try_run(there, seed, ["report"])


def test_spoiled_sweeps(there: Path) -> None:
    for seed in range(9000, 9040):
        try_sweep(there, seed)


@pytest.mark.long
@pytest.mark.parametrize("part", range(8))
def test_spoiled_folders_many_times(there: Path, part: int) -> None:
    for seed in range(100_000 * (part + 1), 100_000 * (part + 1) + 250):
        try_run(there, seed, ["report"] if seed % 9 == 0 else [QUICK[seed % len(QUICK)], QUICK[seed // 7 % len(QUICK)]])
        try_sweep(there, seed)


def everything_of(folder: Path) -> None:
    run = sandbox.open_run(folder)
    assert run.summary
    assert len(run.payments)


@pytest.mark.parametrize("name", [records.MANIFEST, records.SUMMARY, "payments.parquet"])
@pytest.mark.parametrize("what", ["pipe", "device", "sparse", "folder", "loop"])
def test_what_is_no_file_of_a_run_is_named(there: Path, tmp_path: Path, name: str, what: str) -> None:
    """No verb waits for it or reads it."""
    from tests.hostile.spoiling import put_in_place

    folder = Path(shutil.copytree("sound", tmp_path / "runs" / "run"))
    shutil.copytree("sound", tmp_path / "runs" / "sound")
    put_in_place(folder / name, what)
    for arguments in (["report", folder], ["export", folder, "--as", "paysim", "--out", tmp_path / "out"]):
        status, _, errors = called(*arguments)
        if (name, arguments[0]) != ("payments.parquet", "report") or status:
            assert status == 2
            assert name in errors
    with pytest.raises(records.RunError, match=name.replace(".", r"\.")):
        everything_of(folder)
    status, out, errors = called("query", "select count(distinct run) as n from payments", tmp_path)
    assert (status, out.split()) == (0, ["n", "1"])
    assert errors.startswith("Left out: ")
    assert name in errors


def test_one_bad_summary_spoils_no_question(there: Path, tmp_path: Path) -> None:
    for at in range(3):
        shutil.copytree("sound", tmp_path / f"run-{at}")
    file = tmp_path / "run-1" / records.SUMMARY
    file.write_text(file.read_text().replace('"settled"', '"settled!"'))
    status, out, errors = called("query", "select run from runs order by run", tmp_path)
    assert (status, out.split()) == (0, ["run", "run-0", "run-2"])
    assert errors.count("\n") == 1
    assert str(file) in errors


def test_a_changed_summary_is_not_shown(there: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree("sound", tmp_path / "run"))
    file = folder / records.SUMMARY
    file.write_text(file.read_text().replace('"seed": 1', '"seed": 7'))
    status, _, errors = called("report", folder)
    assert status == 2
    assert f"{file}: not as the run wrote it" in errors


@pytest.mark.parametrize("seed", range(3))
def test_kept_runs_that_were_spoiled_are_made_anew(there: Path, tmp_path: Path, seed: int) -> None:
    """In the store, or as folders: what comes out is what came out."""
    how: dict[str, Any] = {"processes": 1, "out": tmp_path / "s", "keep_tables": str(tmp_path / "kept")}
    first = sandbox.sweep("town.yaml", {"ledger.servers": [1, 4]}, **how)
    rng = random.Random(seed)
    folder = rng.choice(sorted((tmp_path / "kept").iterdir()))
    file = folder / rng.choice((records.SUMMARY, records.SUMMARY, "payments.parquet"))
    file.unlink() if seed % 2 else file.write_text('{"throughput": {"settled": 7}}')
    again = sandbox.sweep("town.yaml", {"ledger.servers": [1, 4]}, force=True, **how)
    assert again.results.values.tobytes() == first.results.values.tobytes()
    told = again.manifest["distrusted"]
    assert told == (0 if file.suffix == ".parquet" and not seed % 2 else 1)
