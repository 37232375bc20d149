"""What a holder of the ledger's key can change unseen: every column and every number of the summary is edited, all is
signed again, and the audit is asked. `python -m tests.journal.thieves` writes what came of it to `found.yaml`, and the
table of `docs/audit.md` is made of that file.

A column is *found* if every edit that was tried is, *not found* if none is, else found *in part*.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml

import sandbox
from sandbox import records
from sandbox.audit import auditor
from sandbox.audit.auditor import audit
from sandbox.tables import TABLES, Column, table_file
from tests.journal.folders import (
    EVENING,
    TOWN,
    journal_again,
    kept,
    read_table,
    seal_again,
    write_table,
)

FOUND_FILE: Final = Path(__file__).with_name("found.yaml")
DOC: Final = Path(__file__).parents[2] / "docs" / "audit.md"
BEGIN, END = "<!-- made by tests/journal/thieves.py -->", "<!-- made until here -->"
SAYS: Final = f"{records.SUMMARY}: "
FOUND, PART, NOT = "found", "in part", "not found"
ROWS: Final = 5
"""Rows of a column that are edited, those with rare values first."""

MARKS: Final = ("outcome", "ending", "state", "move", "event", "status")
"""Columns by whose values rows differ most."""

FEW: Final = {"population.wallets": 150, "population.corporates": 5, "merchants.count": 12}
RUNS: Final[dict[str, tuple[str | Path, dict[str, Any]]]] = {
    "evening": (TOWN, EVENING),
    "cards": (
        "cloned-cards",
        {**FEW, "population.wallets": 400, "duration": "40 h", "offline.attacks.ring.starts": "20 h"},
    ),
    "across": ("mbridge-or-correspondent", {**FEW, "duration": "2 d", "scale": 0.3}),
    "herstatt": ("herstatt-day", {**FEW, "duration": "52 h"}),
    "visitors": ("hong-kong-wallets", {"duration": "1 d", "scale": 0.1}),
    "bills": ("digital-bills", {"duration": "40 d", "scale": 0.01}),
    "data": ("data-exchange", {"duration": "8 d", "population.wallets": 1200}),
    "vouchers": (
        "purpose-bound-subsidy",
        {"duration": "4 d", "population.wallets": 800, "merchants.count": 60, "contracts.subsidies.food.vouchers": 60,
         "demand.segments.shops.payments": "400 /day"},
    ),
    "mules": (
        "mule-network",
        {**FEW, "population.wallets": 800, "population.corporates": 60, "duration": "2 d", "merchants.count": 60,
         "demand.segments.shops.payments": "600 /day", "demand.segments.people.payments": "200 /day",
         "demand.segments.business.payments": "50 /day", "campaigns.spring.winners": 50,
         "campaigns.spring.lasts": "30 h", "crime.share": "10 %"},
    ),
    "box": ("sandbox-life-cycle", {"duration": "12 d", "scale": 0.01}),
    "flight": ("bank-run", {"duration": "1 d", "scale": 0.01}),
}  # fmt: skip
"""Small runs that have every table between them."""


@contextmanager
def scenario_read_once() -> Iterator[None]:
    """Nobody edits the scenario here, and reading it takes most of the time of a small run's audit."""
    read, known = auditor.read_file, {}

    def read_once(path: Path, name: str) -> Any:
        data = path.read_bytes()
        if data not in known:
            known[data] = read(path, name)
        return known[data]

    auditor.read_file = read_once  # type: ignore[assignment]
    try:
        yield
    finally:
        auditor.read_file = read


def make(name: str, place: Path) -> Path:
    """One of these runs."""
    scenario, changes = RUNS[name]
    return sandbox.run(sandbox.load(scenario, set=changes), out=place / name).path


# --- columns ----------------------------------------------------------------------------------------------------------


def others(value: Any, column: Column, known: list[Any]) -> Iterator[Any]:
    """Other values that a cell might say."""
    match column.kind:
        case "bool":
            yield not value
        case "int64" | "int8":
            yield (value or 0) + 1
            yield max(0, (value or 0) - 1) if value else (value or 0) + 2
        case "float64":
            yield (value or 0.0) + 0.25
        case _:
            other = next((one for one in known if one not in (value, None)), None)
            yield other if other is not None else f"{value or ''}x"
    if column.nullable and value is not None:
        yield None


def rows_to_edit(values: list[Any], columns: dict[str, list[Any]]) -> list[int]:
    """Some rows, of each outcome some, and those where the column says something."""
    marks = next((columns[name] for name in MARKS if name in columns), None)
    by_mark: dict[Any, list[int]] = {}
    for row, value in enumerate(values):
        by_mark.setdefault((marks[row] if marks else None, value in (None, 0, False, "")), []).append(row)
    several = [rows[len(rows) // 2 :: max(1, len(rows) // 2)] for rows in by_mark.values()]
    chosen = [rows[0] for rows in several] + [rows[1] for rows in several if len(rows) > 1]
    return chosen[:ROWS]


def edits_found(folder: Path, table: str, column: Column, columns: dict[str, list[Any]]) -> list[bool]:
    """Of each edit of a column whether it was found."""
    values, found = columns[column.name], []
    known = list(dict.fromkeys(values))[:50]
    for row in rows_to_edit(values, columns):
        for other in others(values[row], column, known):
            edited = [*values]
            edited[row] = other
            changed = {**columns, column.name: edited}
            found.append(_is_found(folder, table_file(table), partial(write_table, folder, table, changed)))
    return found


def _is_found(folder: Path, file: str, edit: Callable[[], object]) -> bool:
    with kept(*{folder / name for name in (file, records.MANIFEST, records.JOURNAL)}):
        edit()
        try:
            journal_again(folder) if file == table_file("payments") else seal_again(folder)
        except (ValueError, OverflowError, KeyError):
            return True  # a value that no journal can hold
        return not audit(folder, first_only=True).ok


# --- summary ----------------------------------------------------------------------------------------------------------


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, Callable[[Any], None], Any]]:
    """Every number of a summary: its path with `*` for numbers in lists, a way to set it, and what it is."""
    if isinstance(node, dict | list):
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in items:
            step = f"{path}.*" if isinstance(node, list) else f"{path}.{key}" if path else str(key)
            if isinstance(value, int | float):
                yield step, lambda new, node=node, key=key: node.__setitem__(key, new), value
            else:
                yield from leaves(value, step)


def numbers_found(folder: Path, wanted: Callable[[str], bool], most: int = 2) -> dict[str, list[bool]]:
    """Of each number of the summary whether edits of it were found; of those with one path, the first few."""
    file = folder / records.SUMMARY
    summary = json.loads(file.read_text())
    found: dict[str, list[bool]] = {}
    for path, put, value in list(leaves(summary)):
        if not wanted(path) or len(found.get(path, ())) >= most:
            continue
        put(not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else value + 0.25)
        text = json.dumps(summary)
        found.setdefault(path, []).append(_is_found(folder, records.SUMMARY, partial(file.write_text, text)))
        put(value)
    return found


# --- all of it --------------------------------------------------------------------------------------------------------


def verdict(found: list[bool]) -> str:
    """In a word."""
    return FOUND if all(found) else PART if any(found) else NOT


def derive(folder: Path, done: set[str]) -> dict[str, list[bool]]:
    """Of one run whatever no run before had: `payments.amount_fen` and `summary.json: throughput.payments`."""
    found: dict[str, list[bool]] = {}
    for file in sorted(folder.glob("*.parquet")):
        columns = read_table(folder, file.stem)
        for column in TABLES[file.stem]:
            name = f"{file.stem}.{column.name}"
            if columns[column.name] and name not in done:
                found[name] = edits_found(folder, file.stem, column, columns)
    said = numbers_found(folder, lambda path: f"{SAYS}{path}" not in done)
    return found | {f"{SAYS}{path}": edits for path, edits in said.items()}


def derived(runs: list[str] | None = None) -> dict[str, str]:
    """What is found, found in part and not found, in all these runs."""
    verdicts: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as place, scenario_read_once():
        for name in runs or RUNS:
            folder = make(name, Path(place))
            assert audit(folder).ok, name
            verdicts |= {path: verdict(edits) for path, edits in derive(folder, set(verdicts)).items()}
            shutil.rmtree(folder)
    return verdicts


# --- the table of the docs --------------------------------------------------------------------------------------------


def table(verdicts: dict[str, str]) -> str:
    """Rows of Markdown: tables by their columns, the summary by its sections; what shares a word is told once."""
    head = ["| where | found | found in part | not found |", "| --- | --- | --- | --- |"]
    rows: dict[str, dict[str, str]] = {}
    for path, word in verdicts.items():
        name, _, rest = path.removeprefix(SAYS).partition(".")
        rows.setdefault(f"{SAYS if path.startswith(SAYS) else ''}`{name}`", {})[rest] = word
    for name, words in rows.items():
        dot = "." if name.startswith(SAYS) else ""
        told = {word: [dot * bool(one) + one for one in _shortest(words, word)] for word in (FOUND, PART, NOT)}
        head.append(f"| {name} | " + " | ".join(_cell(told, word) for word in told) + " |")
    return "\n".join(head)


def _shortest(words: dict[str, str], word: str) -> Iterator[str]:
    """The fewest beginnings of paths under which all have this word."""
    told: list[str] = []
    for path in [path for path, other in words.items() if other == word]:
        steps = path.split(".")
        for count in range(len(steps) + 1):
            beginning = ".".join(steps[:count])
            below = [one for other, one in words.items() if f"{other}.".startswith(f"{beginning}." if count else "")]
            if set(below) == {word}:
                told.append(beginning)
                break
    yield from dict.fromkeys(told)


def _cell(told: dict[str, list[str]], word: str) -> str:
    if told[word] == [""]:
        return "everything"
    if word == FOUND and told[word]:
        return "everything else"
    return ", ".join(f"`{one}`" for one in told[word]).replace(".*", "[]") or "-"


def docs_with(verdicts: dict[str, str]) -> str:
    """The docs with this table in its place."""
    before, _, rest = DOC.read_text().partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table(verdicts)}\n\n{END}{rest.partition(END)[2]}"


def main() -> None:
    """Write `found.yaml` and the table of the docs."""
    verdicts = derived()
    FOUND_FILE.write_text(yaml.safe_dump(verdicts, sort_keys=False, width=200))
    DOC.write_text(docs_with(verdicts))


if __name__ == "__main__":
    main()
