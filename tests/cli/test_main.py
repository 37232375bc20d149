"""The front door: quick to open, and whatever goes wrong is an exit status and a line for people."""

from __future__ import annotations

import errno
import resource
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

import sandbox
from sandbox.cli import main
from sandbox.cli.main import status_of
from sandbox.cli.verbs import FORMER, VERBS, group
from sandbox.core.ledger import BrokenInvariant
from sandbox.records import RunError
from sandbox.runfolder import OutputError
from sandbox.scenario.errors import ScenarioError, ScenarioErrors

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("ecny-sandbox")
HEAVY = ("numpy", "pandas", "pyarrow", "numba", "matplotlib", "pydantic", "simpy", "ruamel.yaml", "jinja2")


def test_help_answers_within_0_3_seconds() -> None:
    took_s = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([COMMAND, "--help"], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took_s.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    # It waits for nothing, so on a free core its processor time is what a user waits; a busy machine changes it least.
    assert min(took_s) < 0.3, took_s


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], *([verb, "--help"] for verb in VERBS)])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from sandbox.cli.main import status_of; status = status_of(sys.argv[1:]);"
        f"print('LOADED', status, sorted(set(sys.modules) & set({HEAVY!r})))"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED 0 []"
    assert len(done.stdout.splitlines()) > 1


def test_help_lists_every_verb_with_a_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(["--help"]) == 0
    shown = capfd.readouterr().out
    for verb in VERBS:
        line = next(line for line in shown.splitlines() if line.startswith(f"  {verb} "))
        assert "..." not in line, f"shorten the first sentence of {verb}'s help"


@pytest.mark.parametrize(
    "rest", [["--help"], [], ["nobody"], ["a", "b", "c", "--nope"], ["--json", "."], ["luohu", "--seeds", "0"]], ids=str
)
@pytest.mark.parametrize(("former", "verb"), FORMER.items())
def test_names_that_verbs_had_do_the_same(
    former: str, verb: str, rest: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    told = [(status_of([name, *rest]), capfd.readouterr()) for name in (verb, former)]
    assert told[0] == told[1]
    assert f"ecny-sandbox {former}" not in told[1][1].out + told[1][1].err


def test_names_that_verbs_had_are_shown_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(["--help"]) == 0
    shown = {line.split()[0] for line in capfd.readouterr().out.splitlines() if line.startswith("  ")}
    offered = {one.value for one in ShellComplete(group, {}, "ecny-sandbox", "_").get_completions([], "")}
    assert set(VERBS) <= shown & offered
    assert not set(FORMER) & (shown | offered)


def test_the_version_is_that_of_the_distribution(capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(["--version"]) == 0
    assert sandbox.__version__ in capfd.readouterr().out
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "sandbox.version.__version__"}
    assert f"version: {sandbox.__version__}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rnu"], "Did you mean 'run'?"),
        (["verfiy"], "Did you mean 'audit'?"),
        (["frobnicate"], "no command 'frobnicate'"),
        (["--nonsense"], "--nonsense"),
        (["run"], "Missing argument"),
        (["run", "a", "b"], "unexpected extra argument"),
        (["run", "x", "--seed", "-1"], "--seed"),
        (["run", "x", "--seed", "one"], "--seed"),
        (["run", "x", "--set", "no-equals-sign"], "is not PATH=VALUE"),
        (["run", "x", "--set", "=3"], "is not PATH=VALUE"),
        (["run", "x", "--set", "a=1", "--set", "a=2"], "'a' is set twice"),
        (["run", "x", "--record", "some"], "'some' is not all, none or sample:F"),
        (["run", "x", "--record", "sample:0"], "sample:F"),
        (["run", "x", "--record", "sample:1.01"], "sample:F"),
        (["run", "x", "--record", "sample:nan"], "sample:F"),
        (["check"], "Missing argument"),
        (["report"], "Missing argument"),
    ],
)
def test_bad_usage_is_2_and_says_what(arguments: list[str], words: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(arguments) == 2
    shown = capfd.readouterr()
    assert words in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""


def test_no_verb_shows_the_help(capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of([]) == 2
    assert "Commands:" in capfd.readouterr().err


MISTAKE = ScenarioError("a.yaml", 3, 1, "rules.box", "something is wrong", None, None, None)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (ScenarioErrors([MISTAKE]), 2, "a.yaml:3: rules.box: something is wrong"),
        (RunError("here: not a run"), 2, "here: not a run"),
        (OutputError("there: taken"), 2, "there: taken"),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "the disk is full"),
        (OSError(errno.EFBIG, "File too large"), 1, "the disk is full or the file size is limited"),
        (OSError(errno.EDQUOT, "Quota exceeded"), 1, "the disk is full"),
        (PermissionError(errno.EACCES, "Permission denied", "/there"), 1, "/there"),
        (MemoryError(), 1, "not enough memory"),
        (BrokenInvariant("CNY sums to 3"), 1, "must always hold was broken: CNY sums to 3"),
        (ZeroDivisionError("division by zero"), 1, "this is a bug: ZeroDivisionError: division by zero"),
        (RecursionError("too deep"), 1, "this is a bug"),
        (KeyboardInterrupt(), 130, "stopped; nothing was left behind"),
    ],
)
def test_what_goes_wrong_is_a_status_and_one_line(
    error: BaseException,
    status: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.delenv("ECNY_SANDBOX_DEBUG", raising=False)
    monkeypatch.setattr(click.Command, "invoke", fail)
    assert status_of(["schema"]) == status
    shown = capfd.readouterr()
    assert words in shown.err
    assert shown.out == ""
    # Click ends the line in which a terminal has shown ^C.
    assert len(shown.err.strip().splitlines()) == 1


def test_only_a_bug_shows_its_traceback_and_only_when_asked(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ECNY_SANDBOX_DEBUG", "1")
    for error, traced in ((ZeroDivisionError(), True), (OutputError("taken"), False)):

        def fail(*arguments: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(click.Command, "invoke", fail)
        status_of(["schema"])
        assert ("Traceback" in capfd.readouterr().err) is traced


def test_a_reader_that_leaves_early_is_no_error() -> None:
    # Reading nothing at all is the surest way to leave early.
    command = f"{COMMAND} --help | true; echo ${{PIPESTATUS[0]}}"
    for _ in range(3):
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
        assert (done.stdout, done.stderr) == ("0\n", "")


def test_a_signal_goes_on_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*arguments: object) -> None:
        raise SystemExit(143)

    monkeypatch.setattr(click.Command, "invoke", stopped)
    with pytest.raises(SystemExit, match="143"):
        status_of(["schema"])


@pytest.mark.parametrize(
    "arguments", [["run", "x", "--seed", "abc"], ["export", "x", "--as", "paysim", "--out", "y", "--most", "1.5"]]
)
def test_what_is_no_whole_number_is_told_so(capfd: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert status_of(arguments) == 2
    assert f"'{arguments[-1]}' is not a valid whole number." in capfd.readouterr().err


def test_ctrl_c_before_anything_looks_after_it_is_told_too(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def interrupted(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "status_of", interrupted)
    monkeypatch.setattr(main, "last_signals_end_at_once", lambda: None)
    with pytest.raises(SystemExit) as ended:
        main.main(["list"])
    assert ended.value.code == 130
    assert capfd.readouterr().err.splitlines() == ["ecny-sandbox: stopped; nothing was left behind"]
