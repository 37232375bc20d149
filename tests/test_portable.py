"""What holds on every system: files are UTF-8, and commands in documents can be typed into any shell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.sections.basis import command
from tests.sources import parsed

ROOT = Path(__file__).parents[1]
OURS = ("sandbox", "reports", "wallets")
DOCUMENTS = [
    ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "scenarios").glob("*.yaml"),
]  # fmt: skip
_IN_SINGLE_QUOTES = re.compile(r"(?:pip install|--[a-z]+[ =]|--set \S+=|query )\s*'")


def calls() -> Iterator[tuple[str, ast.Call]]:
    for folder in OURS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(parsed(file)):
                if isinstance(node, ast.Call):
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", node


def opens_text(call: ast.Call) -> bool:
    """Whether a call opens a file as text."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    words = [one.value for one in (*call.args, *(key.value for key in call.keywords)) if isinstance(one, ast.Constant)]
    modes = [one for one in words if isinstance(one, str) and re.fullmatch("[rwxabt+]+", one)]
    if any("b" in one for one in modes):
        return False
    return name in ("read_text", "write_text", "fdopen") or (name == "open" and (bool(modes) or not call.args))


NOT_EVERYWHERE = re.compile(
    r"(?:fcntl|resource|pwd|grp|termios|select\.e?poll|os\.(?:fork|getuid|geteuid|killpg|mkfifo|sysconf|uname"
    r"|O_DIRECTORY|O_NOFOLLOW|O_NONBLOCK)|signal\.(?:SIGKILL|SIGHUP|SIGALRM|alarm|setitimer|pthread_sigmask|SIG_BLOCK))"
)
MET = {
    "sandbox/disk.py": {"fcntl", "os.O_DIRECTORY", "os.O_NOFOLLOW"},
    "sandbox/scenario/memory.py": {"resource", "os.sysconf"},
    "sandbox/experiment/workers.py": {"signal.SIGKILL", "signal.pthread_sigmask", "signal.SIG_BLOCK"},
}
"""What not every system has, where the code looks whether it is there, or is asked only where it is."""


def test_what_not_every_system_has_is_used_only_where_its_absence_is_met() -> None:
    found: dict[str, set[str]] = {}
    for folder in OURS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(parsed(file)):
                names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
                names += [ast.unparse(node)] if isinstance(node, ast.Attribute) else []
                for name in filter(NOT_EVERYWHERE.fullmatch, names):
                    found.setdefault(file.relative_to(ROOT).as_posix(), set()).add(name)
    assert found == MET


def test_every_file_of_text_is_utf_8_whatever_the_locale() -> None:
    texts = [(place, call) for place, call in calls() if opens_text(call)]
    assert len(texts) > 5
    named = {place for place, call in texts if any(key.arg == "encoding" for key in call.keywords)}
    functions = ("write_text", "read_text", "gallery.read_text")
    ours = {place for place, call in texts if ast.unparse(call.func) in functions}
    assert {place for place, _ in texts} - named - ours == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_no_command_needs_single_quotes(document: Path) -> None:
    assert _IN_SINGLE_QUOTES.findall(document.read_text(encoding="utf-8")) == []


def test_no_hint_needs_single_quotes() -> None:
    for folder in OURS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            assert "pip install '" not in file.read_text(encoding="utf-8"), file


def test_a_report_repeats_its_run_in_any_shell() -> None:
    words = command("my town", 7, [("a.b", "30 %"), ("c", "true"), ("d", "it's $HOME")])
    assert words == """ecny-sandbox run "my town" --seed 7 --set "a.b=30 %" --set c=true --set 'd=it'"'"'s $HOME'"""


def test_the_demo_says_how_to_go_on() -> None:
    demo = (ROOT / "Makefile").read_text(encoding="utf-8").split("\ndemo: ")[1].split("\n\n")[0]
    assert "$(BIN)/ecny-sandbox list" in demo
    assert "$(BIN)/activate" in demo
