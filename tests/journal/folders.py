"""A small run folder with everything in it, and hands that change it: clumsy ones, and some that cover their tracks."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import sandbox
from sandbox import records, tables
from sandbox.audit.payments import windows
from sandbox.audit.problems import Findings
from sandbox.files import sha256
from sandbox.journal.chain import BLOCK_ROWS, block_of, ledger_key, signed_line
from sandbox.journal.rows import Hasher
from sandbox.journal.seal import SEAL, close_and_seal
from sandbox.runfolder import json_text
from sandbox.tables import TABLES, arrow_schema, table_file

TOWN = Path(__file__).parents[1] / "properties" / "scenarios" / "town.yaml"
EVENING = {
    "start": "2026-03-20T21:00",
    "duration": "5 h",
    "series.bin": "30 min",
    "faults": "[]",
    "campaigns.spring.starts": "10 min",
    "campaigns.spring.lasts": "4 h",
    "campaigns.spring.claim_within": "30 min",
}
"""Five hours over midnight: a campaign, top-ups, redemption, refusals, an indirect bank."""


def make_run(out: Path, record: str = "all", **changes: object) -> Path:
    """Run the town for an evening."""
    loaded = sandbox.load(TOWN, set={**EVENING, **changes})
    return sandbox.run(loaded, out=out, record=record).path


def covered(folder: Path) -> list[Path]:
    """Every file that the audit answers for."""
    return sorted(file for file in folder.iterdir() if file.is_file() and file.suffix not in (".html", ".md"))


@contextmanager
def kept(*files: Path) -> Iterator[None]:
    """Whatever the block does to these files is undone."""
    before = {file: file.read_bytes() for file in files}
    try:
        yield
    finally:
        for file, data in before.items():
            file.write_bytes(data)


def read_table(folder: Path, name: str) -> dict[str, list[Any]]:
    """A table as lists of Python values."""
    found: dict[str, list[Any]] = pq.read_table(folder / table_file(name)).to_pydict()
    return found


def write_table(folder: Path, name: str, columns: dict[str, list[Any]]) -> None:
    """Write a table anew; the file is sound, whatever it says."""
    table = pa.table(columns, schema=arrow_schema(name))
    pq.write_table(table, folder / table_file(name))


def edit_cell(folder: Path, name: str, column: str, row: int, change: Callable[[Any], Any]) -> None:
    """Change one value of a table."""
    columns = read_table(folder, name)
    columns[column][row] = change(columns[column][row])
    write_table(folder, name, columns)


def new_manifest(folder: Path) -> dict[str, Any]:
    """The manifest with the digests that the files have now, as somebody without the key can write it."""
    manifest: dict[str, Any] = json.loads((folder / records.MANIFEST).read_text())
    for name, entry in manifest["tables"].items():
        file = folder / table_file(name)
        entry.update(rows=pq.read_metadata(file).num_rows, sha256=sha256(file))
    for name, entry in manifest["files"].items():
        entry["sha256"] = sha256(folder / name)
    return manifest


def cover_up(folder: Path) -> None:
    """Make the manifest's digests those of the files."""
    (folder / records.MANIFEST).write_text(json_text(new_manifest(folder)))


def seal_again(folder: Path) -> None:
    """As a thief of the ledger's key would: digests, closing line and seal anew. The blocks stay."""
    manifest, journal = new_manifest(folder), folder / records.JOURNAL
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))
    del manifest["files"][records.JOURNAL], manifest[SEAL]
    close_and_seal(folder, manifest, manifest["seed"])
    (folder / records.MANIFEST).write_text(json_text(manifest))


def journal_again(folder: Path) -> None:
    """As a thief of the key who knows it all: blocks over the payments as they are now, then everything after them."""
    file, seed = folder / records.JOURNAL, json.loads((folder / records.MANIFEST).read_text())["seed"]
    key, header = ledger_key(seed), file.read_bytes().splitlines(keepends=True)[0]
    words, previous = json.loads(header)["words"], bytes.fromhex(json.loads(header)["hash"])
    hasher, lines = Hasher(BLOCK_ROWS), [header]
    parts = [part for window in windows(folder, words, 1 << 40) for part in hasher.add(window.out)]
    for number, part in enumerate([*parts, *hasher.finish()]):
        line, previous = signed_line(block_of(number, part.rows, part.leaves, previous), key)
        lines.append(line)
    file.write_bytes(b"".join([*lines, header]))  # `seal_again` puts the closing line in the place of the last one
    seal_again(folder)


def sign_line_again(folder: Path, number: int, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a line of the journal and sign it with the ledger's key, the others left alone."""
    file = folder / records.JOURNAL
    lines = file.read_bytes().splitlines(keepends=True)
    content = json.loads(lines[number])
    del content["hash"], content["signature"]
    change(content)
    seed = json.loads((folder / records.MANIFEST).read_text())["seed"]
    lines[number] = signed_line(content, ledger_key(seed))[0]
    file.write_bytes(b"".join(lines))


def copy_of(folder: Path, place: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(folder, place))


def told(found: Findings) -> str:
    """What the audit found, a line each."""
    return "\n".join(map(str, found.problems))


def records_text(manifest: dict[str, Any]) -> str:
    """A manifest as a run spells it."""
    return json_text(manifest)


def change(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    """An edit of an object: another value under this name."""

    def edit(content: dict[str, Any]) -> None:
        content[name] = value

    return edit


# --- random hands --------------------------------------------------------------------------------------------------


def change_byte(folder: Path, rng: random.Random) -> tuple[Path, bytes, str]:
    """One byte of one file is another; the file, its new content and what was done."""
    file = rng.choice(covered(folder))
    data = bytearray(file.read_bytes())
    at, by = rng.randrange(len(data)), rng.randrange(1, 256)
    data[at] ^= by
    return file, bytes(data), f"{file.name}: byte {at} ^ {by}"


def change_length(folder: Path, rng: random.Random) -> tuple[Path, bytes, str]:
    """A byte more, a byte less, or the file cut."""
    file = rng.choice(covered(folder))
    data = file.read_bytes()
    at = rng.randrange(len(data))
    match rng.randrange(3):
        case 0:
            return file, data[:at] + bytes([rng.randrange(256)]) + data[at:], f"{file.name}: a byte more at {at}"
        case 1:
            return file, data[:at] + data[at + 1 :], f"{file.name}: byte {at} gone"
    return file, data[:at], f"{file.name}: cut at {at}"


def another(value: Any, column: tables.Column, rng: random.Random) -> Any:
    """Another value that the column may hold."""
    if column.nullable and value is not None and rng.random() < 0.2:
        return None
    match column.kind:
        case "bool":
            return not value
        case "int8":
            return ((value or 0) + rng.randrange(1, 100)) % 128
        case "int64":
            return (value or 0) + rng.choice([-(10**12), -1, 1, 100, 10**6, 2**40])
        case "float64":
            return (value or 0.0) + rng.choice([-1.0, 1e-9, 1.0])
    return rng.choice([word for word in ("settled", "timed_out", "food", "") if word != value])


def edit_row(folder: Path, tables: dict[str, dict[str, list[Any]]], rng: random.Random) -> tuple[Path, bytes, str]:
    """A value changed, or a row gone, doubled or moved, in a table that is written anew and sound."""
    name = rng.choice([each for each in sorted(tables) if len(next(iter(tables[each].values()))) > 1])
    columns = {column: list(values) for column, values in tables[name].items()}
    count = len(next(iter(columns.values())))
    row, what, chosen = rng.randrange(count), rng.randrange(6), rng.choice(TABLES[name])
    for column, values in columns.items():
        match what:
            case 0:
                del values[row]
            case 1:
                values.insert(row, values[row])
            case 2:
                values[row - 1], values[row] = values[row], values[row - 1]
            case _:
                if column == chosen.name:
                    values[row] = another(values[row], chosen, rng)
    table = pa.table(columns, schema=arrow_schema(name))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return folder / table_file(name), sink.getvalue().to_pybytes(), f"{name}: row {row}, edit {what}"
