"""Broken scenario files: each is refused with its place and a sentence that names the mend, and quickly.

Goal: whatever a file holds, a user reads `FILE:LINE: PATH: what is wrong` and never a traceback, and no file makes the
loader take much time or memory. Method: a table of files, one mistake each; then files in quantity.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.load import load
from tests.effort import calls

HEAD = "title: A title\nquestion: A question?\n"
"""Two lines, so that the first line of a case's own text is line 3."""

TABLE = Path(__file__).with_name("broken_scenarios.txt")


class Case(NamedTuple):
    """A file's text below `HEAD`, and where and what its one error must be."""

    name: str
    text: str
    line: int
    path: str
    says: str


def _from_table() -> list[Case]:
    cases = []
    for block in TABLE.read_text(encoding="utf-8").split("\n### ")[1:]:
        name, place, text = block.split("\n", 2)
        line, path, says = (part.strip() for part in place.split("|", 2))
        cases.append(Case(name, text.rstrip("\n") + "\n", int(line), path, says))
    return cases


CASES = [
    *_from_table(),
    Case("ten thousand digits", "seed: " + "9" * 10_000, 3, "", "a number of 10000 digits"),
    Case("a name of 70 letters", f"institutions: {{{'x' * 70}: {{share: 1}}}}", 3, f"institutions.{'x' * 70}", "64"),
    Case("a line without end", "look_for: [" + "a" * 20_000 + "]", 3, "", "more than 16,384 characters"),
    Case("deep nesting by lines", "".join(f"{' ' * deep}a:\n" for deep in range(60)), 35, "", "more than 32 deep"),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_broken_file_is_refused_with_its_place(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(HEAD + case.text, encoding="utf-8")
    with pytest.raises(ScenarioErrors) as caught:
        load(file)
    (error,) = caught.value.errors
    assert (error.line, error.path) == (case.line, case.path), str(error)
    assert case.says in str(error)
    assert str(error).startswith(f"{file}:{case.line}: {case.path}")


def test_there_are_many_cases() -> None:
    assert len(CASES) >= 100
    assert len({case.name for case in CASES}) == len(CASES)


BYTES = [
    ("empty", b"", 1, "the file is empty"),
    ("blank", b"\n\n  \n", 1, "the file is empty"),
    ("comments only", b"# nothing\n", 1, "the file is empty"),
    ("a picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", 3, "this is not a text file"),
    ("a program", b"\x7fELF\x02\x01\x01\x00\x00\x00", 1, "this is not a text file"),
    ("a zip file", b"PK\x03\x04\x14\x00\x00\x00\x08\x00", 1, "this is not a text file"),
    ("zeros", b"\x00" * 1000, 1, "this is not a text file"),
    ("UTF-16 with a mark", "title: x\n".encode("utf-16"), 1, "the file is UTF-16, not UTF-8"),
    ("GBK", "title: x\nquestion: 红包测试为什么\n".encode("gbk"), 2, "the file is GB18030 or GBK, not UTF-8"),
    ("Latin-1", "title: caf\xe9 x\n".encode("latin-1"), 1, "the file is not UTF-8 (byte 0xe9)"),
    ("a bell", b"title: x\nquestion: \x07\n", 2, "a control character (U+0007)"),
    ("a list", b"- title: x\n", 1, "not a list"),
    ("a word", b"hello\n", 1, "not 'hello'"),
    ("a number", b"5\n", 1, "not 5"),
    ("JSON that is cut short", b'{"title": "x", ', 1, "ends in the middle of an entry"),
    ("a directive only", b"%YAML 1.2\n", 2, "ends in the middle of an entry"),
    ("megabytes", b"title: x\n" + b"# filler\n" * 200_000, None, "larger than 1 MiB"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "line", "says"), BYTES, ids=[row[0] for row in BYTES])
def test_a_file_that_is_no_scenario_is_refused(
    name: str, data: bytes, line: int | None, says: str, tmp_path: Path
) -> None:
    file = tmp_path / "case.yaml"
    file.write_bytes(data)
    with pytest.raises(ScenarioErrors) as caught:
        load(file)
    assert [(error.file, error.line) for error in caught.value.errors] == [(str(file), line)]
    assert says in str(caught.value)


def test_places_that_are_no_files_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    for path, says in (
        (tmp_path, "this is not an ordinary file"),
        (tmp_path / "pipe.yaml", "this is not an ordinary file"),
        (Path("/dev/zero"), "this is not an ordinary file"),
        (tmp_path / "nothing.yaml", "there is no such file"),
        (tmp_path / "a" / "b.yaml", "there is no such file"),
        (tmp_path / ("x" * 300 + ".yaml"), "cannot be read"),
        ("bad\0name.yaml", "cannot be read"),
        ("no-such-scenario", "neither a scenario of the gallery nor a file"),
    ):
        with pytest.raises(ScenarioErrors, match=says):
            load(path)


def test_a_circle_of_three_is_refused_with_its_chain(tmp_path: Path) -> None:
    for name, parent in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.yaml").write_text(HEAD + f"extends: {parent}.yaml\n")
    with pytest.raises(ScenarioErrors) as caught:
        load(tmp_path / "a.yaml")
    (error,) = caught.value.errors
    assert (error.file, error.line) == (str(tmp_path / "c.yaml"), 3)
    names = [Path(step).name for step in error.problem.split(": ")[1].split(" -> ")]
    assert names == ["a.yaml", "b.yaml", "c.yaml", "a.yaml"]


def test_a_chain_may_be_eight_long_and_no_longer(tmp_path: Path) -> None:
    for number in range(12):
        extends = f"extends: {number + 1}.yaml\n" if number < 11 else ""
        (tmp_path / f"{number}.yaml").write_text(HEAD + extends)
    assert load(tmp_path / "3.yaml").name == "3"
    with pytest.raises(ScenarioErrors, match="more than 8 scenarios extend one another"):
        load(tmp_path / "2.yaml")


def test_a_mistake_in_the_extended_file_is_shown_there(tmp_path: Path) -> None:
    (tmp_path / "parent.yaml").write_text(HEAD + "population:\n  wallets: -5\n")
    (tmp_path / "child.yaml").write_text(HEAD + "extends: parent.yaml\nseed: -1\n")
    with pytest.raises(ScenarioErrors) as caught:
        load(tmp_path / "child.yaml")
    places = [(Path(error.file).name, error.line, error.path) for error in caught.value.errors]
    assert places == [("child.yaml", 4, "seed"), ("parent.yaml", 4, "population.wallets")]


def test_all_mistakes_are_reported_at_once_and_in_order(tmp_path: Path) -> None:
    file = tmp_path / "many.yaml"
    file.write_text(
        textwrap.dedent("""\
        title: Many mistakes
        question: How many?
        seed: -1
        duration: 5
        seed: 3
        population: {walets: 4}
        rules:
          box: {outside: nobody, per_payment_cap: 5 EUR}
        faults:
          - {station: ICBX, starts: 1 h, lasts: 1 h}
        """)
    )
    with pytest.raises(ScenarioErrors) as caught:
        load(file)
    assert [(error.line, error.path) for error in caught.value.errors] == [
        (3, "seed"),
        (4, "duration"),
        (5, ""),
        (6, "population.walets"),
        (8, "rules.box.outside"),
        (8, "rules.box.per_payment_cap"),
        (10, "faults[0].station"),
    ]


def _laughs(levels: int) -> str:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, levels)]
    return "\n".join(lines) + "\n"


def _laughs_in_mappings(levels: int) -> str:
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{n}: &a{n} {{x: *a{n - 1}, y: *a{n - 1}, z: *a{n - 1}}}" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


def _nested(levels: int) -> str:
    return "a0: &a0 [1]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, levels))


def _quadratic(size: int) -> str:
    return f"a: &a [{'x, ' * size}]\nb: [{'*a, ' * size}]\n"


BOMBS: list[tuple[str, Callable[[int], str], int, str]] = [
    ("a billion laughs", _laughs, 20, "more than 100,000 values"),
    ("laughs in mappings", _laughs_in_mappings, 20, "more than 100,000 values"),
    ("aliases in quantity", _quadratic, 750, "more than 100,000 values"),
    ("aliases that nest", _nested, 60, "nested more than 32 deep"),
    ("brackets", lambda size: f"a: {'[' * size}", 1_000, "nested more than 32 deep"),
    ("exclamation marks", lambda size: f"a: {'!' * size}", 8_000, "is not allowed"),
    ("dashes", lambda size: "- " * size, 4_000, "nested more than 32 deep"),
]
"""Each by its size."""


def refused(file: Path, words: str) -> ScenarioErrors:
    file.write_text(words)
    with pytest.raises(ScenarioErrors) as caught:
        load(file)
    return caught.value


@pytest.mark.parametrize(("name", "bomb", "size", "says"), BOMBS, ids=[row[0] for row in BOMBS])
def test_a_bomb_goes_off_nowhere(name: str, bomb: Callable[[int], str], size: int, says: str, tmp_path: Path) -> None:
    """One of twice the size takes no more than twice the work."""
    file, said = tmp_path / "bomb.yaml", []
    once, twice = (calls(lambda times=times: said.append(str(refused(file, bomb(times * size))))) for times in (1, 2))
    assert twice < 2.3 * once
    assert all(says in one for one in said)


def test_a_bomb_takes_little_memory(tmp_path: Path) -> None:
    file = tmp_path / "bomb.yaml"
    file.write_text(_laughs(40))
    program = (
        "import sys\n"
        "from benchmarks.peak import peak_bytes\n"
        "from sandbox.scenario.load import load\n"
        "before = peak_bytes()\n"
        "try:\n    load(sys.argv[1])\nexcept Exception as error:\n    print(type(error).__name__)\n"
        "print(peak_bytes() - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)], capture_output=True, text=True, timeout=60, check=True
    )
    kind, grown = done.stdout.split()
    assert kind == "ScenarioErrors"
    assert int(grown) < 50 * 1024 * 1024


def _unknown(count: int) -> str:
    return HEAD + "".join(f"unknown{number}: 1\n" for number in range(count))


def _stations(count: int) -> str:
    names = "".join(f"  Bank number {number}: {{share: {1 / count}}}\n" for number in range(count))
    faults = "".join(f"  - {{station: Bonk {number}, starts: 1 h, lasts: 1 h}}\n" for number in range(count))
    return HEAD + f"institutions:\n{names}faults:\n{faults}"


@pytest.mark.parametrize("mistakes", [_unknown, _stations])
def test_twice_as_many_mistakes_take_twice_the_work(mistakes: Callable[[int], str], tmp_path: Path) -> None:
    file = tmp_path / "many.yaml"
    refused(file, mistakes(1))
    once, twice = (calls(lambda count=count: refused(file, mistakes(count))) for count in (60, 120))
    assert twice < 2.3 * once


def test_a_file_with_thousands_of_mistakes_is_told_in_a_page(tmp_path: Path) -> None:
    found = refused(tmp_path / "many.yaml", _unknown(2_000))
    assert len(found.errors) == 2_000
    lines = str(found).splitlines()
    assert len(lines) == 51
    assert lines[-1] == "... and 1950 more"


def test_unknown_stations_among_many_institutions_are_all_told(tmp_path: Path) -> None:
    assert len(refused(tmp_path / "many.yaml", _stations(120)).errors) == 120


def test_an_absurd_value_is_shortened_in_its_message(tmp_path: Path) -> None:
    file = tmp_path / "long.yaml"
    file.write_text(HEAD + f"duration: {'x' * 10_000}\n{'k' * 900}: 5\n")
    with pytest.raises(ScenarioErrors) as caught:
        load(file)
    assert len(caught.value.errors) == 2
    assert all(len(str(error)) < 800 for error in caught.value.errors)
