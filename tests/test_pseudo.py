"""Every sentence that a person sees goes through the translation: seen in a language that nobody speaks.

Words that are left in plain letters must be allowed below: they are names, values, or what a scenario's author wrote.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

import pytest
import yaml

from sandbox.scenario.introspection import root_shape
from tests.pseudo import SPEAKS, Page, Said, accented, answers, compiled, plain_words
from tools.visit import SHORTENED, SMALL, TOWN

UNITS: Final = frozenset(["ms", "min", "days", "day", "fen", "CNY", "USD", "million", "billion", "tps"])
"""Of values as a scenario says them, which is how the report repeats them."""
VALUES: Final = frozenset(["true", "false", "none", "all"])
CHOICES: Final = frozenset(("each", "local", "sample", "paysim", "amlworld"))
"""What an option may be, as one types it."""
OUTCOMES: Final = frozenset(("settled", "unavailable", "expired", "frozen"))
"""As in `payments.parquet` and `summary.json`."""
BANKS: Final = frozenset(("ICBC", "CCB", "BoCom", "WeBank", "MYbank", "ledger"))
"""Stations of a scenario that names none."""
MARKS: Final = frozenset(["OPTIONS", "COMMAND", "ARGS"])
"""Of click's, in capitals like the names of our arguments: what one types stands there."""
COMMANDS: Final = frozenset(
    ("run", "compare", "sweep", "capacity", "query", "list", "show", "new", "check", "schema", "report", "audit",
     "export", "validate")
)  # fmt: skip
OF_REPORTS: Final = frozenset(("scale", "duration", "seed", "orders", "claims"))
"""Parameters whose path is one word, and sources of payments as `payments.parquet` names them."""
FILES: Final = {
    "units.yaml": "title: A\nquestion: B\nduration: 5\npopulation: {wallets: many, nope: 3}\nledger: {servers: 2.5}\n",
    "broken.yaml": "title: A\nquestion: [B\n",
    "sums.yaml": "title: A\nquestion: B\ninstitutions: {a: {share: 70 %}, b: {share: 60 %}}\n",
    "names.yaml": "title: A\nquestion: B\nfaults: [{kind: outage, station: nobody, starts: 1 h, lasts: 1 h}]\n",
    "late.yaml": "title: A\nquestion: B\nstart: 2026-02-30\nduration: 1 h\n",
    "town.yaml": TOWN,
}
LINES: Final = (
    "--help", "--version", *(f"{one} --help" for one in sorted(COMMANDS)),
    *(f"check {name}" for name in FILES), "new mine.yaml", "new mine.yaml", "run nobody", "run", "rum",
    "run town.yaml --nope",
    "run town.yaml --seed x", "run town.yaml --set population.nope=1", "report .", "audit nobody",
    "export . --as paysim",
    "run town.yaml --out town", "run town.yaml --out town", "audit town", "export town --as paysim --out data",
    "query town nonsense",
)  # fmt: skip
REPORTS: Final = ("operator-outage",)
MORE_REPORTS: Final = (
    "cloned-cards", "mule-network", "sandbox-life-cycle", "money-with-conditions", "belt-and-road-trade",
    "digital-bills", "data-exchange", "bank-run-ecb", "luohu-red-packets-2020", "anonymity-or-detection",
)  # fmt: skip


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(tmp_path_factory.mktemp("catalogues"))


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory, catalogues: Path) -> dict[tuple[str, ...], Said]:
    folder = tmp_path_factory.mktemp("door")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return answers(folder, catalogues, *(tuple(shlex.split(line)) for line in LINES))


def plain(text: str, allowed: Collection[str]) -> list[str]:
    """Words that came past the translation."""
    return [word for word in plain_words(text) if word not in allowed]


def authored(value: object) -> Iterator[str]:
    """Words of a scenario file: what its author wrote, names of parameters included."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield from (*authored(str(name)), *authored(below))
    elif isinstance(value, list):
        for below in value:
            yield from authored(below)
    else:
        yield from re.findall(r"[A-Za-z']*[A-Za-z]", str(value))


@pytest.fixture(scope="module")
def parameters() -> frozenset[str]:
    """Names of parameters, and of values that may be chosen."""
    from sandbox.scenario.introspection import shapes

    found: set[str] = set()

    def visit(shape: object) -> None:
        model, item = getattr(shape, "model", None), getattr(shape, "item", None)
        found.update(getattr(shape, "choices", ()))
        if model is not None and model.__name__ not in found:
            found.add(model.__name__)
            found.update(model.model_fields)
            for below in shapes(model).values():
                visit(below)
        if item is not None:
            visit(item)

    visit(root_shape())
    return frozenset(found)


@pytest.mark.parametrize("line", dict.fromkeys(LINES))
def test_the_command_line_speaks_the_language(said, parameters, line):
    answer = said[tuple(shlex.split(line))]
    assert "ƀúğ" not in answer.text
    allowed = MARKS | COMMANDS | VALUES | CHOICES | BANKS | OUTCOMES | parameters | {"nobody", "town", "An", "data"}
    left = [word for word in plain(answer.text, allowed) if not word.isupper()]
    assert not left, answer.text


@pytest.mark.parametrize(
    ("line", "variables", "speaks"),
    [
        ("--lang zh --help", {}, True),
        ("--lang=zh --help", {}, True),
        ("--lang zh check --help", {"ECNY_SANDBOX_LANG": "en"}, True),
        ("--lang zh-CN --help", {}, True),
        ("--help", {"ECNY_SANDBOX_LANG": "zh_CN.UTF-8", "LANG": "en_GB.UTF-8"}, True),
        ("check --help", {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8"}, True),
        ("--help", {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, False),
        ("--help", {"LC_ALL": "fr_FR.UTF-8"}, False),
        ("--lang en --help", {"ECNY_SANDBOX_LANG": "zh"}, False),
        ("--help", {"ECNY_SANDBOX_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, False),
        ("check --lang zh --help", {"LC_ALL": "C"}, False),
    ],
)
def test_the_language_is_the_one_asked_for_and_else_the_systems(tmp_path, catalogues, line, variables, speaks):
    words = tuple(line.split())
    answer = answers(tmp_path, catalogues, words, variables={"ECNY_SANDBOX_LANG": "", **variables})[words]
    assert (accented("Usage:") in answer.text, "Usage:" in answer.text) == (speaks, not speaks), answer.text


@pytest.mark.parametrize(
    ("line", "variables"),
    [("--lang fr list", {}), ("--lang fr --help", SPEAKS), ("--lang= list", {}), ("list", {"ECNY_SANDBOX_LANG": "fr"})],
)
def test_a_language_that_there_is_not_is_refused_with_those_that_there_are(tmp_path, catalogues, line, variables):
    words = tuple(line.split())
    answer = answers(tmp_path, catalogues, words, variables={"ECNY_SANDBOX_LANG": "", **variables})[words]
    asked = "" if "--lang=" in line else "fr"
    assert answer == Said(f"ecny-sandbox: there is no language '{asked}'; there are: en, zh\n", 2)


def _page(folder: Path) -> list[str]:
    page = Page()
    page.feed((folder / "report.html").read_text(encoding="utf-8"))
    return page.said


def check_report(name: str, folder: Path, catalogues: Path) -> None:
    """A short run of a scenario, its summary, its report and what its figures say."""
    changes = [part for path, value in SHORTENED.get(name, SMALL).items() for part in ("--set", f"{path}={value}")]
    line = ("run", name, "--out", "run-1", *changes)
    answer = answers(folder, catalogues, line)[line]
    assert answer.status == 0, answer.text
    own = yaml.safe_load((folder / "run-1" / "scenario.yaml").read_text(encoding="utf-8"))
    allowed = {*authored(own), *UNITS, *VALUES, *OUTCOMES, *OF_REPORTS, *name.split("-")}
    drawn = (folder / "drawn.txt").read_text(encoding="utf-8").splitlines()
    left = {word: text for text in (answer.text, *_page(folder / "run-1"), *drawn) for word in plain(text, allowed)}
    assert not left


@pytest.mark.parametrize("name", REPORTS)
def test_reports_speak_the_language(tmp_path, catalogues, name):
    check_report(name, tmp_path, catalogues)


@pytest.mark.parametrize(
    "line",
    [
        "compare town.yaml --set scale=0.5 --replications 2",
        "sweep town.yaml --vary scale=0.5,1 --yes",
        "capacity town.yaml --replications 1 --precision 50% --most 2x --yes",
    ],
)
def test_experiments_speak_the_language(tmp_path, catalogues, line):
    (tmp_path / "town.yaml").write_text(TOWN, encoding="utf-8")
    made = (*shlex.split(line), "--processes", "1", "--quiet", "--out", "out-1")
    answer = answers(tmp_path, catalogues, made)[made]
    assert answer.status == 0, answer.text
    drawn = (tmp_path / "drawn.txt").read_text(encoding="utf-8").splitlines()
    allowed = {*authored(yaml.safe_load(TOWN)), *UNITS, *VALUES, *OUTCOMES, *BANKS, *OF_REPORTS, "town"}
    left = {word: text for text in (answer.text, *_page(tmp_path / "out-1"), *drawn) for word in plain(text, allowed)}
    assert not left


@pytest.mark.slow
@pytest.mark.parametrize("name", MORE_REPORTS)
def test_more_reports_speak_the_language(tmp_path, catalogues, name):
    check_report(name, tmp_path, catalogues)


def test_what_comes_past_the_translation_is_seen(tmp_path):
    (tmp_path / "town.yaml").write_text("title: A\n", encoding="utf-8")
    some = compiled(tmp_path / "some", without=frozenset(("a value is missing",)))
    line = ("check", "town.yaml")
    assert plain(answers(tmp_path, some, line)[line].text, ("question",)) == ["value", "is", "missing"]
    page = Page()
    page.feed(f"<p>{accented('Of all')} payments</p><img alt='Two lines'><code>left out</code>")
    assert [plain(text, {"payments"}) for text in page.said] == [[], ["Two", "lines"]]
