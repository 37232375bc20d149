"""What the command line prints: on any terminal, of any text, into any stream."""

from __future__ import annotations

import ast
import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.api import load
from sandbox.cli import terminal
from sandbox.cli.main import status_of
from sandbox.cli.progress import ProgressBar
from sandbox.records import RunError
from sandbox.runfolder import OutputError
from sandbox.scenario.errors import ScenarioError, ScenarioErrors
from tests.conftest import SMALL_TOWN

CLI = Path(terminal.__file__).parent
COMMAND = Path(sys.executable).with_name("ecny-sandbox")
TITLE = "罗湖 – привет 😀 é"
TOWN = SMALL_TOWN.replace("A small town", TITLE).replace("duration: 2 h", "duration: 10 min")
FORGED = "x\x1b[2Jy\nForged: line\r\u2028\u0085\u202e\u200b\u2066\ufeff\udc80"
SHOWN = r"x\x1b[2Jy\nForged: line\r\u2028\x85\u202e\u200b\u2066\ufeff\udc80"
ENCODINGS = ("ascii", "latin-1", "cp1252", "gbk", "koi8-r", "utf-16")


class Screen:
    """Standard output and standard error in an encoding."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
        self._streams = {}
        for name in ("stdout", "stderr"):
            self._streams[name] = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
            monkeypatch.setattr(sys, name, self._streams[name])
        self.encoding = encoding

    def read(self, name: str = "stdout", encoding: str | None = None) -> str:
        stream = self._streams[name]
        return stream.buffer.getvalue().decode(encoding or self.encoding)  # type: ignore[attr-defined,no-any-return]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scenario of signs from everywhere, and a run of it."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "罗湖.yaml").write_text(TOWN, encoding="utf-8")
    assert status_of(["run", str(folder / "罗湖.yaml"), "--out", str(folder / "run é"), "--quiet", "--no-report"]) == 0
    return folder


LIGHT = (
    ["show", "luohu-red-packets-2020"], ["show", "罗湖.yaml"],
    ["show", "罗湖.yaml", "--resolved"], ["check", "罗湖.yaml"], ["new", "新.yaml"], ["schema"], ["--help"],
    ["query", "select title, 'é' as 名 from runs", "."], ["query", "select title from runs", ".", "--csv"],
    ["audit", "run é"],
)  # fmt: skip
MANY = ("--processes", "1", "--replications", "1", "--no-report", "--out")
HEAVY = (
    ["list"],
    ["run", "罗湖.yaml", "--out", "run 二", "--no-report"],
    ["run", "罗湖.yaml", "--out", "run 三", "--no-report", "--json"],
    ["compare", "罗湖.yaml", "--set", "scale=0.5", *MANY, "比较"],
    ["sweep", "罗湖.yaml", "--vary", "ledger.servers=4", *MANY, "扫"],
    ["capacity", "罗湖.yaml", "--most", "1x", "--precision", "50 %", *MANY, "能力"],
    ["report", "run é"],
)


def run_in(arguments: list[str], town: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> Screen:
    monkeypatch.chdir(town)
    (town / "新.yaml").unlink(missing_ok=True)
    screen = Screen(monkeypatch, encoding)
    assert status_of(arguments) == 0, screen.read("stderr")
    return screen


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_verb_prints_on_every_terminal(encoding: str, town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in LIGHT:
        screen = run_in(arguments, town, monkeypatch, encoding)
        assert screen.read(encoding="utf-8" if "--csv" in arguments else None)
        if arguments[:1] == ["check"]:
            assert "good" in screen.read()
            assert ("罗湖" in screen.read()) is (encoding in ("gbk", "utf-16"))


@pytest.mark.parametrize("arguments", HEAVY, ids=lambda one: one[0])
def test_verbs_that_run_print_on_a_poor_terminal(
    arguments: list[str], town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_in(arguments, town, monkeypatch, "ascii").read()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_documents_read_back_the_same_from_every_terminal(
    encoding: str, town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = tmp_path / "again.yaml"
    written.write_text(run_in(["show", "罗湖.yaml", "--resolved"], town, monkeypatch, encoding).read(), "utf-8")
    assert load(written).scenario == load(town / "罗湖.yaml").scenario
    given = json.loads((town / "run é" / "summary.json").read_text(encoding="utf-8"))
    screen = Screen(monkeypatch, encoding)
    with terminal.streams():
        terminal.tell_json(given | {"forged": FORGED})
    assert json.loads(screen.read()) == given | {"forged": FORGED}
    assert "\x1b" not in screen.read()
    assert "\u202e" not in screen.read()


def test_what_a_terminal_lacks_is_replaced_by_what_is_like_it(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(monkeypatch, "ascii")
    with terminal.streams():
        terminal.tell("a – b … 3× 罗 é")
    assert screen.read() == "a - b ... 3x ? ?\n"


@pytest.mark.slow
@pytest.mark.parametrize("environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}])
def test_a_real_terminal_that_knows_ascii_alone(environment: dict[str, str], town: Path) -> None:
    (town / "新.yaml").unlink(missing_ok=True)
    for arguments in (["show", "罗湖.yaml"], ["new", "新.yaml"]):
        done = subprocess.run(
            [COMMAND, *arguments], cwd=town, capture_output=True,
            env={**os.environ, "PYTHONCOERCECLOCALE": "0", **environment},
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.isascii()
    assert "一" not in (town / "新.yaml").read_text(encoding="utf-8")


def nothing_forged(shown: str, lines: int) -> None:
    assert len(shown.splitlines()) == lines, shown
    assert all(char == "\n" or (char.isprintable()) for char in shown), ascii(shown)
    assert SHOWN in shown or SHOWN.replace(r"\n", " ").replace(r"\r", " ") in shown


@pytest.mark.parametrize(
    "error",
    [
        ScenarioErrors([ScenarioError(FORGED, 1, 1, "a", "is wrong")]),
        ScenarioErrors([ScenarioError("a.yaml", 1, 1, FORGED, "is wrong")]),
        ScenarioErrors([ScenarioError("a.yaml", 1, 1, "a", FORGED, expected="b")]),
        RunError(FORGED),
        OutputError(FORGED),
    ],
    ids=["file", "path", "problem", "run", "output"],
)
def test_an_error_forges_no_line(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr("click.Command.invoke", fail)
    assert status_of(["schema"]) == 2
    nothing_forged(capfd.readouterr().err, 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "x", "--set", FORGED],
        ["run", "x", "--record", FORGED],
        ["sweep", "x", "--vary", FORGED],
        ["run", "x", FORGED],
        [FORGED],
        ["schema", f"--{FORGED}"],
    ],
    ids=lambda one: "-".join(one)[:12].replace("\x1b", ""),
)
def test_usage_errors_forge_no_line(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(arguments) == 2
    shown = capfd.readouterr().err
    (line,) = [line for line in shown.splitlines() if line.startswith("Error: ")]
    assert shown.splitlines()[-1] == line
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_names_of_files_and_titles_forge_no_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "a\nForged: \x1b[2J\u202e.yaml"
    Path(name).write_text(SMALL_TOWN.replace("A small town", '"\\u202eturned\\u200b"'), encoding="utf-8")
    assert status_of(["check", name]) == 0
    assert capfd.readouterr().out == "a\\nForged: \\x1b[2J\\u202e.yaml: good\n"
    assert status_of(["show", name]) == 0
    assert capfd.readouterr().out.startswith("\\u202eturned\\u200b  (a\\nForged: \\x1b[2J\\u202e)\n")
    Path(name).write_text("title: [", encoding="utf-8")
    assert status_of(["check", name]) == 2
    assert capfd.readouterr().err.startswith("a\\nForged: \\x1b[2J\\u202e.yaml:1: ")
    assert status_of(["report", name]) == 2
    assert len(capfd.readouterr().err.splitlines()) == 1


def test_an_answer_forges_no_row(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question = "select 'a' || chr(10) || chr(27) || '[2J' || chr(8238) as \"b\nc\", 2 as d from runs limit 1"
    head, row = run_in(["query", question, "."], town, monkeypatch, "utf-8").read().splitlines()
    assert head.split() == [r"b\nc", "d"]
    assert row.split() == [r"a\n\x1b[2J\u202e", "2"]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_a_text_is_no_formula_in_csv_and_a_number_stays_one(
    begin: str, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = f"chr({ord(begin)}) || '1+2' as a, -5 as b, -0.5 as c, 'a=b' as d, ['x'] as e, null as \"=f\""
    question = f"select {values} from runs limit 1"
    printed = run_in(["query", question, ".", "--csv"], town, monkeypatch, "ascii").read(encoding="utf-8")
    head, row = csv.reader(io.StringIO(printed, newline=""))
    assert head == ["a", "b", "c", "d", "e", "'=f"]
    assert row == [f"'{begin}1+2", "-5", "-0.5", "a=b", "['x']", ""]


def test_nothing_else_writes_to_the_streams() -> None:
    found = []
    for file in sorted(CLI.glob("*.py")):
        if file.name in ("terminal.py", "progress.py"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "click.echo", "click.secho"):
                found.append(f"{file.name}:{node.lineno}")
            if isinstance(node, ast.Attribute) and node.attr in ("write", "buffer") and "sys." in ast.unparse(node):
                found.append(f"{file.name}:{node.lineno}")
    assert found == []


def in_shell(redirected: str, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    words = " ".join(f"'{one}'" for one in arguments)
    command = f"{COMMAND} {words} {redirected}; echo ${{PIPESTATUS[0]}} >&3"
    status, write = os.pipe()
    try:
        done = subprocess.run(
            ["bash", "-c", f"exec 3>&{write}; {command}"], capture_output=True, text=True, cwd=cwd, pass_fds=[write]
        )
    finally:
        os.close(write)
        with open(status, encoding="ascii") as stream:
            done.returncode = int(stream.read())
    return done


FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")


@pytest.mark.parametrize(
    ("redirected", "arguments", "status", "said"),
    [
        (">&-", ["--help"], 0, ""),
        ("<&- >&- 2>&-", ["--help"], 0, ""),
        ("2>&-", ["check", "no such file.yaml"], 2, ""),
        (">&- 2>&-", ["rnu"], 2, ""),
        ("2>&1 | true", ["--version"], 0, ""),
        ("| head -1 >/dev/null", ["schema"], 0, ""),
        ("| true", ["--help"], 0, ""),
        pytest.param(">/dev/full", ["--version"], 1, "standard output takes nothing (No space left", marks=FULL),
        pytest.param(">/dev/full", ["run", "--help"], 1, "standard output takes nothing", marks=FULL),
        pytest.param("2>/dev/full", ["rnu"], 2, "", marks=FULL),
        pytest.param(">/dev/full 2>/dev/full", ["--help"], 1, "", marks=FULL),
    ],
)
def test_a_stream_that_takes_nothing(redirected: str, arguments: list[str], status: int, said: str) -> None:
    done = in_shell(redirected, *arguments)
    assert done.returncode == status, done.stderr
    assert "bug" not in done.stderr
    assert len(done.stderr.splitlines()) == (1 if said else 0), done.stderr
    assert said in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("redirected", [">&- 2>&-", "| true", pytest.param(">/dev/full", marks=FULL)])
def test_a_run_that_cannot_be_told_of_is_there_all_the_same(redirected: str, town: Path) -> None:
    done = in_shell(redirected, "run", "罗湖.yaml", "--out", "untold", "--force", "--no-report", cwd=town)
    assert done.returncode == (1 if "full" in redirected else 0), done.stderr
    assert status_of(["audit", str(town / "untold")]) == 0


class Gone(io.StringIO):
    """A terminal that has hung up."""

    def isatty(self) -> bool:
        return True

    def write(self, words: str) -> int:
        raise OSError(5, "Input/output error")


def test_a_terminal_that_hangs_up_ends_the_bar_and_not_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Gone())
    with ProgressBar() as bar:
        assert bar.shown
        bar(0.5, "half")
        assert not bar.shown
        bar(1.0, "whole")


def test_a_process_without_streams_prints_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert status_of(["--help"]) == 0
    monkeypatch.setattr(sys, "stderr", None)
    assert status_of(["rnu"]) == 2
