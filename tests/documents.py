"""Reading a document as its reader does: blocks of commands and code, done in order at a desk of one's own.

A comment on the line above a block says what is special about it:

    <!-- not run: WHY -->      commands are only checked (verb, options, scenario); code is only compiled
    <!-- exit: 2 -->           the exit status of each command of the block; 0 without it
    <!-- output -->            what the block above printed; a line `...` stands for any number of lines
    <!-- file: NAME -->        the reader saves the block under this name
    <!-- broken file: NAME --> the same, and it is a scenario that must be refused
    <!-- needs: PACKAGE -->    run only where the package is installed
    <!-- no scenario -->       YAML that is something else
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import click

from sandbox.cli.main import status_of
from sandbox.cli.verbs import VERBS, group
from sandbox.scenario import gallery
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.load import load

COMMAND = "ecny-sandbox"
TOO_HEAVY = {"national-day"}
"""Scenarios whose commands are checked and not run: a minute or more each."""

Kept = dict[tuple[str, ...], tuple[Path, list[str], str]]
"""Runs of gallery scenarios that were made already: by command, the desk, the new run folders, what was printed."""


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
_INDENTED = re.compile(r"(?:(?<=\n\n)|\A) {4}\S[^\n]*\n(?:(?: {4}[^\n]*)?\n)*")
_COMMENT = re.compile(r"<!--\s*((?:(?!-->).)*?)\s*-->\n{1,2}\Z", re.S)
_SHELLS = ("sh", "bash", "shell", "console", "indented")


def blocks(document: str) -> list[Block]:
    """All fenced blocks, and indented ones as language `indented`, in order."""
    found = []
    without = without_fences(document)
    for match in _FENCE.finditer(document):
        line = document.count("\n", 0, match.start("text")) + 1
        found.append(Block(match["language"], match["text"], line, _note(document[: match.start()])))
    for match in _INDENTED.finditer(without):
        text = "\n".join(one[4:] for one in match.group(0).splitlines())
        if text.strip():
            line = without.count("\n", 0, match.start()) + 1
            found.append(Block("indented", text, line, _note(without[: match.start()])))
    return sorted(found, key=lambda one: one.line)


def _note(above: str) -> str:
    comment = _COMMENT.search(above)
    return comment.group(1) if comment else ""


def without_fences(document: str) -> str:
    """The document with empty lines in place of fenced blocks."""
    without = _FENCE.sub(lambda match: "\n" * match.group(0).count("\n"), document)
    assert "```" not in without, "a fence is open"
    return without


def prose(document: str) -> str:
    """The text without its blocks and comments."""
    return _INDENTED.sub("\n", re.sub(r"<!--.*?-->", "", without_fences(document), flags=re.S))


def spans(document: str) -> list[str]:
    """What stands in single backquotes in the text."""
    return re.findall(r"`([^`\n]+)`", prose(document))


def commands(block: Block) -> Iterator[tuple[int, list[str]]]:
    """The commands of a shell block that are ours: line and words."""
    text = block.text.replace("\\\n", "  ")
    for number, line in enumerate(text.splitlines()):
        words = line.strip().removeprefix("$ ")
        if re.match(rf"(\.venv/bin/)?{COMMAND}\b", words):
            yield block.line + number, shlex.split(words, comments=True)[1:]


def check_command(words: list[str]) -> None:
    """The verb and its options are there, and a scenario that it names can be loaded with what it sets.

    Raises AssertionError, click's UsageError or ScenarioErrors.
    """
    if not words or words[0].startswith("-"):
        return
    assert words[0] in VERBS, f"there is no verb {words[0]!r}"
    command = group.get_command(click.Context(group), words[0])
    assert command is not None
    if "--help" in words:
        return
    if any(re.fullmatch(r"[A-Z][A-Z_.]*|\.\.\.|…", word) for word in words[1:]):  # a pattern, such as `check FILE`
        known = {name for one in command.params for name in one.opts}
        assert {word for word in words[1:] if word.startswith("--")} <= known, "there is no such option"
        return
    given = command.make_context(words[0], words[1:]).params if len(words) > 1 else {}
    scenario = given.get("scenario", given.get("from_"))
    if scenario and Path(scenario).suffix not in (".yaml", ".yml"):
        load(scenario, overrides=given.get("overrides"), seed=given.get("seed"))


class Desk:
    """The folder in which a document's reader sits (the working folder), and what was printed last."""

    def __init__(self, name: str, folder: Path, kept: Kept) -> None:
        self.name, self.folder, self.kept = name, folder, kept
        self.names: dict[str, object] = {"__name__": "__main__"}
        self.printed: str | None = None

    def do(self, block: Block) -> None:
        """What the reader does with a block. Raises AssertionError, or what the code raises."""
        needed = block.noted("needs")
        missing = needed is not None and importlib.util.find_spec(needed) is None
        skipped = missing or block.noted("not run") is not None
        saved = block.noted("file") or block.noted("broken file")
        if saved:
            (self.folder / saved).write_text(block.text, encoding="utf-8")
        if block.language in ("yaml", "yml") and block.noted("no scenario") is None:
            self._scenario(block, saved)
        elif block.language in _SHELLS:
            self._shell(block, skipped)
        elif block.language in ("python", "py"):
            code = compile("\n" * (block.line - 1) + block.text, self.name, "exec", dont_inherit=True)
            self.printed = None if skipped else captured(lambda: exec(code, self.names))

    def _scenario(self, block: Block, saved: str | None) -> None:
        """A whole scenario, or a part of one with the keys that every scenario has."""
        file = self.folder / (saved or f"part-{block.line}.yaml")
        if not saved:
            always = {"title": "A part", "question": "Is it right?"}
            head = [
                f"{key}: {words}\n" for key, words in always.items() if not re.search(rf"^{key}:", block.text, re.M)
            ]
            file.write_text("".join(head) + block.text, encoding="utf-8")
        problems = ""
        try:
            load(file)
        except ScenarioErrors as errors:
            problems = str(errors)
        assert bool(problems) == (block.noted("broken file") is not None), f"{self.name}:{block.line}: {problems}"

    def _shell(self, block: Block, skipped: bool) -> None:
        expected, printed, found = int(block.noted("exit") or 0), "", list(commands(block))
        for line, words in found:
            if skipped or (words[:1] == ["run"] and not TOO_HEAVY.isdisjoint(words)):
                check_command(words)
                continue
            status, text = self._command(words)
            assert status == expected, f"{self.name}:{line}: exit {status}\n{text}"
            printed += text
        if found:
            self.printed = None if skipped else printed

    def _command(self, words: list[str]) -> tuple[int, str]:
        """Run one command as the shell would; a run of the gallery that is known already is copied."""
        words, target = (words[: words.index(">")], words[-1]) if ">" in words else (words, None)
        key, runs = tuple(words), self.folder / "runs"
        there = _folders(runs)
        from_gallery = words[:1] == ["run"] and not set(gallery.names()).isdisjoint(words)
        if from_gallery and key in self.kept and not there & set(self.kept[key][1]):
            source, made, text = self.kept[key]
            for one in made:
                shutil.copytree(source / "runs" / one, runs / one)
            return 0, text
        status = []
        text = captured(lambda: status.append(status_of(words)))
        if from_gallery and status == [0]:
            self.kept[key] = self.folder, sorted(_folders(runs) - there), text
        if target is not None:
            (self.folder / target).write_text(text, encoding="utf-8")
        return status[0], "" if target is not None else text


def _folders(runs: Path) -> set[str]:
    return {one.name for one in runs.iterdir()} if runs.is_dir() else set()


def captured(action: Callable[[], object]) -> str:
    """What an action prints, on either stream."""
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        action()
    return stream.getvalue()


def plain(text: str) -> list[str]:
    """Lines without what differs from machine to machine: how long a run took, the digest in a folder's name."""
    text = re.sub(r"( simulated in ).*", r"\1a while", text)
    return re.sub(r"-[0-9a-f]{8}(?=$|/)", "-digest", text, flags=re.M).rstrip().splitlines()


def agrees(shown: str, printed: str) -> bool:
    """Whether what is shown is what was printed; `...` stands for any number of lines."""
    pattern = "".join("(?:.*\n)*?" if line == "..." else re.escape(line + "\n") for line in plain(shown))
    return re.fullmatch(pattern, "".join(line + "\n" for line in plain(printed))) is not None
