"""The documents do what they say: commands and code run, what they print is what is shown, names and links exist.

Every block of `ecny-sandbox` commands and every Python block of README.md and docs/ is run, in order, in a folder of
the document's own; `tests/documents.py` says how blocks are marked.

`WRITE_DOCS=1 pytest tests/test_docs.py` writes the shown outputs again (those with `...` are left alone).
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Collection
from pathlib import Path

import click
import pytest

from reports.chapter import Chapter
from reports.sections.readings import DERIVED
from sandbox.feature import declared
from sandbox.market.trace.parties import CORPORATE, MERCHANT, PARTIES, PERSONAL
from sandbox.market.trace.refusals import Reason
from sandbox.metric import declared_metrics, metric
from sandbox.scenario import gallery
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.introspection import shape_at
from sandbox.scenario.load import load
from sandbox.scenario.paths import parse_path
from sandbox.scenario.schema import scenario_model
from tests.conftest import slow
from tests.documents import COMMAND, Desk, Kept, agrees, blocks, check_command, spans, without_fences

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
OTHER_NAMES = {COMMAND}
"""Words in backquotes that are spelled like names of the gallery and are none."""
WRITE = bool(os.environ.get("WRITE_DOCS"))

LONG = {"contracts.md", "crossborder.md", "experiments.md", "tutorial.md"}
"""Documents that run whole scenarios of the gallery, for a minute each."""


def documents(run_slow: Collection[str] = ()) -> pytest.MarkDecorator:
    """For each document; those named only among the slow tests."""
    return pytest.mark.parametrize(
        "document",
        [slow(one) if one.name in run_slow else one for one in DOCUMENTS],
        ids=lambda document: document.relative_to(ROOT).as_posix(),
    )


@pytest.fixture(scope="module")
def kept() -> Kept:
    return {}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: Kept) -> Desk:
    """A reader's working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setenv("COLUMNS", "100")
    return Desk("document", tmp_path, kept)


def read_through(document: str, desk: Desk, write: bool = False) -> tuple[str, list[str]]:
    """Do all that a document says; returns it with what was really printed, and outputs that are not as shown."""
    lines, wrong = document.split("\n"), []
    for block in blocks(document):
        if block.noted("output") is None:
            desk.do(block)
            continue
        assert desk.printed is not None, f"{desk.name}:{block.line}: an output of nothing that was run"
        if agrees(block.text, desk.printed):
            continue
        if write and "..." not in block.text.splitlines():
            shift = len(lines) - 1 - document.count("\n")
            first = block.line - 1 + shift
            lines[first : first + block.text.count("\n")] = desk.printed.rstrip("\n").split("\n")
        else:
            wrong.append(f"{desk.name}:{block.line}: shown is\n{block.text}\nprinted was\n{desk.printed}")
    return "\n".join(lines), wrong


def wrong_commands(document: str) -> list[str]:
    """Commands in the text that would not be understood."""
    wrong = []
    for span in spans(document):
        if span.startswith(COMMAND + " "):
            try:
                check_command(shlex.split(span)[1:])
            except (AssertionError, click.UsageError, ScenarioErrors) as error:
                wrong.append(f"{span}: {error}")
    return wrong


def unknown_names(document: str) -> list[str]:
    """Names of the gallery, paths of parameters and files of the project that do not exist."""
    unknown = []
    for span in spans(document):
        if re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", span):
            good = span in gallery.names() or span in OTHER_NAMES
        elif re.fullmatch(r"(wallets|sandbox|reports|scenarios|tests|docs|benchmarks)/[\w./-]*", span):
            good = (ROOT / span).exists()
        elif (
            re.fullmatch(r"[a-z_]+[.\[][\w.*\[\]' ]+", span)
            and re.split(r"[.\[]", span)[0] in scenario_model().model_fields
        ):
            path = parse_path(span, with_any=True)
            good = (path is not None and shape_at(path) is not None) or _is_other(span) or is_declared(span)
        else:
            continue
        if not good:
            unknown.append(span)
    return unknown


def _is_other(span: str) -> bool:
    """A file or a function whose name begins like a section of a scenario."""
    return re.search(r"\.(py|parquet|yaml|json|csv|post|open|seal|check)$", span) is not None


def is_declared(span: str) -> bool:
    """Whether it is an entry of a summary, or a pattern of such."""
    return metric(span) is not None or any(one.path == span for one in declared_metrics())


def dead_links(document: str, folder: Path) -> list[str]:
    """Relative links that lead to no file or no heading; `folder` is where the document is."""
    text = without_fences(document)
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", text)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        there = (folder / name).resolve()
        if name and not there.exists():
            dead.append(target)
        elif anchor:
            other = without_fences(there.read_text(encoding="utf-8")) if name else text
            if anchor not in map(_slug, re.findall(r"^#+ (.*)$", other, re.M)):
                dead.append(target)
    return dead


def _slug(heading: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading).strip().lower()).replace(" ", "-")


@documents(run_slow=LONG)
def test_a_document_does_what_it_says(document: Path, desk: Desk) -> None:
    desk.name, text = document.relative_to(ROOT).as_posix(), document.read_text(encoding="utf-8")
    printed, wrong = read_through(text, desk, write=WRITE)
    if printed != text:
        document.write_text(printed, encoding="utf-8")
    assert not wrong, "\n".join(wrong)


@documents()
def test_names_commands_and_links_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert wrong_commands(text) == []
    assert unknown_names(text) == []
    assert dead_links(text, document.parent) == []


# What one document must say in full.


def cited() -> list[str]:
    """Short names of docs/sources.md: what stands in backquotes in the first column of its tables."""
    text = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([^`]+)` \|", text, re.M)


def test_every_source_that_is_cited_is_spelled_out() -> None:
    rows = [row for name in gallery.names() for row in load(name).parameters() if row["role"] != "text"]
    sources = {re.sub(r"\S+\.yaml", "", row["source"]) for row in rows} | held_to()
    dated = sorted(source for source in sources if re.search(r"\b(19|20)\d\d\b", source))
    assert len(dated) > 30
    assert [source for source in dated if not any(name in source for name in cited())] == []


def held_to() -> set[str]:
    """Sources of everything that reports hold numbers against."""
    derived = (*DERIVED, *(one for _, chapter in declared(Chapter) for one in chapter.derived))
    return {one.threshold.source for one in (*declared_metrics(), *derived) if one.threshold is not None}


def test_every_source_that_is_spelled_out_is_cited() -> None:
    files = [*(ROOT / "sandbox" / "scenario" / "schema").glob("*.py"), *(ROOT / "scenarios").glob("*.yaml")]
    files += [ROOT / "wallets" / "classes.py", ROOT / "reports" / "sections" / "risk.py"]
    files += [*(ROOT / "sandbox" / "features").rglob("*.py"), ROOT / "sandbox" / "metric.py"]
    files += [*(ROOT / "sandbox" / "base").rglob("*.py"), ROOT / "docs" / "glossary.md"]
    text = " ".join(" ".join(file.read_text(encoding="utf-8").split()) for file in files)
    text = re.sub(r'" "|# ', "", text)
    assert [name for name in cited() if name not in text] == []


def test_the_page_on_traces_names_every_reason_and_kind() -> None:
    text = (ROOT / "docs" / "traces.md").read_text(encoding="utf-8")
    rows = [
        re.findall(r"`([^`]+)`|\|\s*([a-z]+)\s*(?=\|)", line) for line in text.splitlines() if line.startswith("| `")
    ]
    words = [[one or other for one, other in row] for row in rows]
    assert [reason for reason in Reason if not any(reason.value in row for row in words)] == []
    party = {PERSONAL: "person", CORPORATE: "company", MERCHANT: "merchant"}
    for kind, (payer, payee) in PARTIES.items():
        assert [kind, party[payer], party[payee]] in words


# The checks themselves: each must see the fault that is seeded for it.

SOUND = """\
# A page

See [below](#more-of-it) and `ecny-sandbox show city-retail-day`, its `population.wallets`, `sandbox/records.py`.

```sh
ecny-sandbox check town.yaml
```

## More of it

```python
print(1 + 1)
```

<!-- output -->
```text
2
```

    ecny-sandbox list > list.txt

```yaml
population: {wallets: 10}
```
"""
TOWN = "title: A town\nquestion: Is it there?\n"


def test_a_sound_page_passes(desk: Desk) -> None:
    (desk.folder / "town.yaml").write_text(TOWN)
    assert read_through(SOUND, desk) == (SOUND, [])
    assert (desk.folder / "list.txt").read_text().count("\n") == len(gallery.names())
    assert wrong_commands(SOUND) == unknown_names(SOUND) == dead_links(SOUND, ROOT) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("check town.yaml", "check no-town.yaml"),
        ("check town.yaml", "chekc town.yaml"),
        ("print(1 + 1)", "print(undefined)"),
        ("print(1 + 1)", "print(1 +"),
        ("population: {wallets: 10}", "population: {walets: 10}"),
        ("    ecny-sandbox list >", "    ecny-sandbox lst >"),
    ],
)
def test_a_block_that_does_not_work_is_seen(desk: Desk, old: str, new: str) -> None:
    (desk.folder / "town.yaml").write_text(TOWN)
    assert old in SOUND
    with pytest.raises((AssertionError, NameError, SyntaxError)):
        read_through(SOUND.replace(old, new), desk)


def test_an_output_that_is_not_as_shown_is_seen_and_mended(desk: Desk) -> None:
    (desk.folder / "town.yaml").write_text(TOWN)
    stale = SOUND.replace("\n2\n", "\n3\n")
    assert len(read_through(stale, desk)[1]) == 1
    assert read_through(stale, desk, write=True) == (SOUND, [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("#more-of-it", "#less-of-it"),
        ("#more-of-it", "no/such/file.md"),
        ("show city-retail-day", "show city-retail-night"),
        ("show city-retail-day", "run city-retail-day --set population.wallets=-1"),
        ("show city-retail-day", "shwo city-retail-day"),
        ("`sandbox/records.py`", "`sandbox/no_records.py`"),
        ("`population.wallets`", "`population.walets`"),
        ("`population.wallets`", "`city-retail-night`"),
    ],
)
def test_a_name_that_leads_nowhere_is_seen(old: str, new: str) -> None:
    page = SOUND.replace(old, new)
    assert len(wrong_commands(page) + unknown_names(page) + dead_links(page, ROOT)) == 1


def test_an_open_fence_is_seen() -> None:
    with pytest.raises(AssertionError, match="open"):
        blocks(SOUND + "```sh\n")
