"""The documents do what they say: commands and code run, what they print is what is shown, names and links exist.

Every fenced or indented block of `ecny-sandbox` commands and every Python block of README.md and docs/ is run, in order, in
a folder of the document's own. A comment on the line above a block says what is special about it:

    <!-- not run: WHY -->      commands are only checked (verb, options, scenario); code is only compiled
    <!-- exit: 2 -->           the exit status of the block's last command; the others end with 0 or the same
    <!-- output -->            what the block above printed; a line `...` stands for any number of lines
    <!-- file: NAME -->        the reader saves the block under this name
    <!-- broken file: NAME --> the same, and it is a scenario that must be refused
    <!-- needs: PACKAGE -->    run only where the package is installed
    <!-- no scenario -->       YAML that is something else

`WRITE_DOCS=1 pytest tests/test_docs.py` writes the shown outputs again (blocks with `...` are left alone).
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from reports.thresholds import LINES
from sandbox.cli.main import VERBS, group, status_of
from sandbox.scenario import gallery
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.load import load
from sandbox.scenario.paths import parse_path
from sandbox.scenario.schema import Scenario
from sandbox.scenario.tree import shape_at

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMAND = "ecny-sandbox"
TOO_HEAVY = {"national-day"}
"""Scenarios whose commands are checked and not run: a minute or more each."""
OTHER_NAMES = {COMMAND}
"""Words in backquotes that are spelled like names of the gallery and are none."""
WRITE = bool(os.environ.get("WRITE_DOCS"))


class Block(NamedTuple):
    """A block of code: its language, text, first line (from 1), and the comment above it."""

    language: str
    text: str
    line: int
    note: str

    def noted(self, key: str) -> str | None:
        """What the comment says after `key:`, an empty text for the key alone, None if it says something else."""
        match = re.fullmatch(rf"{key}(?::\s*(.*))?", self.note)
        return None if match is None else (match.group(1) or "")


_FENCE = re.compile(r"^(?P<fence>`{3,})(?P<language>[\w+-]*)[^\n]*\n(?P<text>.*?)^(?P=fence)[ ]*$", re.M | re.S)
_INDENTED = re.compile(r"(?:(?<=\n\n)|\A)(?:(?: {4}[^\n]*)?\n)*(?: {4}[^\n]+\n?)")
_COMMENT = re.compile(r"<!--\s*((?:(?!-->).)*?)\s*-->\s*\Z", re.S)
_SPAN = re.compile(r"`([^`\n]+)`")


def blocks(document: str) -> list[Block]:
    """All fenced blocks, and indented ones as language `indented`, in order."""
    found = []
    without = _FENCE.sub(lambda match: "\n" * match.group(0).count("\n"), document)
    assert "```" not in without, "a fence is open"
    for match in _FENCE.finditer(document):
        comment = _COMMENT.search(document[: match.start()])
        line = document.count("\n", 0, match.start("text")) + 1
        found.append(Block(match["language"], match["text"], line, comment.group(1) if comment else ""))
    for match in _INDENTED.finditer(without):
        text = "\n".join(one[4:] for one in match.group(0).splitlines())
        if text.strip():
            comment = _COMMENT.search(without[: match.start()])
            line = without.count("\n", 0, match.start()) + 1
            found.append(Block("indented", text, line, comment.group(1) if comment else ""))
    return sorted(found, key=lambda one: one.line)


def commands(block: Block) -> Iterator[tuple[int, list[str]]]:
    """The commands of a shell block that are ours: line and words."""
    text = re.sub(r"\\\n", lambda match: "  ", block.text)
    for number, line in enumerate(text.splitlines()):
        words = line.strip().removeprefix("$ ")
        if words.startswith((COMMAND, f".venv/bin/{COMMAND}")):
            yield block.line + number, shlex.split(words, comments=True)[1:]


def prose(document: str) -> str:
    """The text without its blocks and comments."""
    document = re.sub(r"<!--.*?-->", "", _FENCE.sub("", document), flags=re.S)
    return _INDENTED.sub("\n", document)


def check_command(words: list[str]) -> None:
    """The verb and its options are there, and a scenario that it names can be loaded with what it sets."""
    if not words or words[0].startswith("-"):
        return
    assert words[0] in VERBS, f"there is no verb {words[0]!r}"
    if "--help" in words:
        return
    if any(re.fullmatch(r"[A-Z][A-Z_.]*|\.\.\.|…", word) for word in words[1:]):  # a pattern, such as `check FILE`
        known = {name for one in command_of(words[0]).params for name in one.opts}
        assert {word for word in words[1:] if word.startswith("--")} <= known
        return
    context = command_of(words[0]).make_context(words[0], words[1:]) if len(words) > 1 else None
    given = {} if context is None else context.params
    if given.get("scenario") in gallery.names():
        load(given["scenario"], overrides=given.get("overrides"), seed=given.get("seed"))


def command_of(verb: str) -> click.Command:
    found = group.get_command(click.Context(group), verb)
    assert found is not None
    return found


class Desk:
    """The folder in which a document's reader sits, what lies there, and what was printed last."""

    kept: dict[tuple[str, ...], tuple[Path, list[str], str]]
    """Runs of gallery scenarios that another document made already: folder, new run folders, what was printed."""

    def __init__(self, folder: Path, kept: dict[tuple[str, ...], tuple[Path, list[str], str]]) -> None:
        self.folder, self.kept = folder, kept
        self.names: dict[str, object] = {"__name__": "__main__"}
        self.printed: str | None = None

    def run(self, name: str, block: Block) -> None:
        """Do what the reader does with a block; `name` is the document's."""
        place = f"{name}:{block.line}"
        needed = block.noted("needs")
        skipped = block.noted("not run") is not None or (needed and importlib.util.find_spec(needed) is None)
        saved = block.noted("file") or block.noted("broken file")
        if saved:
            (self.folder / saved).write_text(block.text, encoding="utf-8")
        if block.language in ("yaml", "yml") and block.noted("no scenario") is None:
            self._scenario(place, block, saved)
        elif block.language in ("sh", "bash", "shell", "console", "indented"):
            self._shell(name, block, bool(skipped))
        elif block.language in ("python", "py"):
            code = compile("\n" * (block.line - 1) + block.text, place, "exec")
            self.printed = None if skipped else self._captured(lambda: exec(code, self.names))

    def _scenario(self, place: str, block: Block, saved: str | None) -> None:
        """A whole scenario, or a part of one with the keys that every scenario has."""
        words = {"title": "A part", "question": "Is it right?"}
        head = "".join(f"{key}: {value}\n" for key, value in words.items() if not re.search(rf"^{key}:", block.text, re.M))
        file = self.folder / (saved or f"part-{block.line}.yaml")
        file.write_text(block.text if saved else head + block.text, encoding="utf-8")
        if block.noted("broken file"):
            with pytest.raises(ScenarioErrors):
                load(file)
            return
        try:
            load(file)
        except ScenarioErrors as errors:
            pytest.fail(f"{place}: {errors}")

    def _shell(self, name: str, block: Block, skipped: bool) -> None:
        found = list(commands(block))
        if not found:
            return
        expected, printed = int(block.noted("exit") or 0), ""
        for line, words in found:
            check = skipped or (words[:1] == ["run"] and words[1:2] and words[1] in TOO_HEAVY)
            if check:
                check_command(words)
                continue
            status, text = self._command(words)
            assert status == expected, f"{name}:{line}: exit {status}\n{text}"
            printed += text
        self.printed = None if skipped else printed

    def _command(self, words: list[str]) -> tuple[int, str]:
        """Run one command as the shell would; a run of the gallery that is known already is copied."""
        words, target = (words[: words.index(">")], words[-1]) if ">" in words else (words, None)
        key, runs = tuple(words), self.folder / "runs"
        from_gallery = words[:1] == ["run"] and words[1:2] and words[1] in gallery.names()
        there = set(os.listdir(runs)) if runs.is_dir() else set()
        if from_gallery and key in self.kept and not there & set(self.kept[key][1]):
            source, made, text = self.kept[key]
            for one in made:
                shutil.copytree(source / "runs" / one, runs / one)
            return 0, text
        statuses: list[int] = []
        text = self._captured(lambda: statuses.append(status_of(words)))
        if from_gallery and statuses == [0]:
            self.kept[key] = (self.folder, sorted(set(os.listdir(runs)) - there), text)
        if target is not None:
            (self.folder / target).write_text(text, encoding="utf-8")
        return statuses[0], "" if target is not None else text

    def _captured(self, action: object) -> str:
        stream = io.StringIO()
        with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
            action()  # type: ignore[operator]
        return stream.getvalue()


def plain(text: str) -> list[str]:
    """Lines without what differs from machine to machine: how long a run took, the digest in a folder's name."""
    text = re.sub(r"( simulated in ).*", r"\1a while", text)
    return re.sub(r"-[0-9a-f]{8}(?=$|/)", "-digest", text, flags=re.M).rstrip().splitlines()


def agrees(shown: list[str], printed: list[str]) -> bool:
    """Whether `shown` is what was printed; `...` stands for any number of lines."""
    pattern = "".join("(?:.*\n)*?" if line == "..." else re.escape(line + "\n") for line in shown)
    return re.fullmatch(pattern, "".join(line + "\n" for line in printed)) is not None


def with_output(document: str, block: Block, printed: str) -> str:
    """The document with what was printed in place of what the block shows."""
    lines = document.split("\n")
    lines[block.line - 1 : block.line - 1 + block.text.count("\n")] = printed.rstrip("\n").split("\n")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def kept() -> dict[tuple[str, ...], tuple[Path, list[str], str]]:
    return {}


def name_of(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_a_document_does_what_it_says(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: dict[tuple[str, ...], tuple[Path, list[str], str]]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setenv("COLUMNS", "100")
    text = document.read_text(encoding="utf-8")
    desk, wrong = Desk(tmp_path, kept), []
    changed = text
    for block in blocks(text):
        if block.noted("output") is None:
            desk.run(name_of(document), block)
            continue
        assert desk.printed is not None, f"{name_of(document)}:{block.line}: an output of nothing that was run"
        if agrees(plain(block.text), plain(desk.printed)):
            continue
        if WRITE and "..." not in block.text.splitlines():
            changed = with_output(changed, block._replace(line=block.line + changed.count("\n") - text.count("\n")), desk.printed)
        else:
            wrong.append(f"{name_of(document)}:{block.line}: shown is\n{block.text}\nprinted was\n{desk.printed}")
    if changed != text:
        document.write_text(changed, encoding="utf-8")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_commands_in_the_text_exist(document: Path) -> None:
    for span in _SPAN.findall(prose(document.read_text(encoding="utf-8"))):
        if span.startswith(COMMAND + " "):
            check_command(shlex.split(span)[1:])


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_names_in_the_text_exist(document: Path) -> None:
    """Names of the gallery, paths of parameters and files of the project in backquotes."""
    unknown = []
    for span in _SPAN.findall(prose(document.read_text(encoding="utf-8"))):
        if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", span):
            good = span in gallery.names() or span in OTHER_NAMES
        elif re.fullmatch(r"(wallets|sandbox|reports|scenarios|tests|docs|benchmarks)/[\w./-]*", span):
            good = (ROOT / span).exists()
        elif is_path_of_a_parameter(span):
            path = parse_path(span, with_any=True)
            good = path is not None and shape_at(path) is not None
        else:
            continue
        if not good:
            unknown.append(span)
    assert unknown == []


def is_path_of_a_parameter(span: str) -> bool:
    first = re.split(r"[.\[]", span)[0]
    is_file = re.search(r"\.(py|parquet|yaml|json|csv|md|html|post|check|open|seal|block|add)$", span)
    return first in Scenario.model_fields and first != span and not is_file and " " not in span and "(" not in span


def slug(heading: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading).strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(document: Path) -> None:
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", _SPAN.sub("", _FENCE.sub("", document.read_text(encoding="utf-8")))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (document.parent / file).resolve() if file else document
        if not there.exists():
            dead.append(target)
        elif anchor:
            headings = re.findall(r"^#+ (.*)$", _FENCE.sub("", there.read_text(encoding="utf-8")), re.M)
            if anchor not in map(slug, headings):
                dead.append(target)
    assert dead == []


def cited() -> list[str]:
    """Short names of docs/sources.md: what stands in backquotes in the first column of its tables."""
    text = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([^`]+)` \|", text, re.M)


def test_every_source_that_is_cited_is_spelled_out() -> None:
    names = cited()
    rows = [row for name in gallery.names() for row in load(name).parameters()]
    dated = {row["source"] for row in rows if re.search(r"\b(19|20)\d\d\b", row["source"]) and row["role"] != "text"}
    dated = {re.sub(r"\S+\.yaml", "", one) for one in dated} | {line.source for line in LINES.values()}
    dated = {one for one in dated if re.search(r"\b(19|20)\d\d\b", one)}
    assert len(dated) > 30
    assert [one for one in sorted(dated) if not any(name in one for name in names)] == []


def test_every_source_that_is_spelled_out_is_cited() -> None:
    files = [*(ROOT / "sandbox" / "scenario" / "schema").glob("*.py"), *(ROOT / "scenarios").glob("*.yaml")]
    files += [ROOT / "wallets" / "classes.py", ROOT / "reports" / "thresholds.py"]
    text = " ".join(" ".join(file.read_text(encoding="utf-8").split()) for file in files)
    text = re.sub(r'" "|" #|# ', " ", text)
    assert [name for name in cited() if name not in text] == []
