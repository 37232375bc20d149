"""Hands that spoil folders: seeded, in many ways, each with its name; what was spoiled is put back afterwards."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from sandbox import records
from sandbox.files import read_ordinary, sha256
from sandbox.runfolder import json_text

ODD: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 2**63, 10**40, 1e308, -0.5, float("nan"), "", "x", "\ud800", "\x1b[2J", "9" * 5000, [], [[]], {},
    [None] * 50, {"": 1},
)  # fmt: skip


EDITS: Final = ("gone", "texts", "nulls", "reals", "no rows", "doubled", "renamed", "plain", "lists", "extreme")
LARGEST: Final = 1 << 24
"""Files of these runs are far smaller; it is no use to read what was made to be a giant."""
DATA: Final = (".json", ".parquet", ".jsonl", ".yaml")


def places(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in JSON, the whole aside."""
    if path:
        yield path
    pairs = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for name, one in pairs:
        yield from places(one, (*path, name))


def edit_json(file: Path, rng: random.Random) -> str:
    """A value is another, or gone, or under another name."""
    content = json.loads(file.read_text(encoding="utf-8"))
    *above, last = rng.choice(list(places(content)))
    inside = content
    for step in above:
        inside = inside[step]
    match rng.randrange(4):
        case 0:
            del inside[last]
            what = "gone"
        case 1 if isinstance(inside, dict):
            inside["another"] = inside.pop(last)
            what = "renamed"
        case _:
            inside[last] = rng.choice(ODD)
            what = f"now {inside[last]!r:.20}"
    file.write_text(json.dumps(content, indent=2), encoding="utf-8", errors="surrogatepass")
    return f"{file.name}: {[*above, last]} {what}"


def edit_table(file: Path, rng: random.Random) -> str:
    """A column of another type, gone, null, doubled or odd; no rows; in another encoding."""
    table = pq.read_table(file)
    at = rng.randrange(table.num_columns)
    name, count = table.column_names[at], table.num_rows
    what = rng.choice(EDITS)
    if what == "gone":
        table = table.drop_columns([name])
    elif what == "no rows":
        table = table.slice(0, 0)
    elif what == "doubled":
        table = table.append_column(table.schema.field(at), table.column(at))
    elif what == "renamed":
        table = table.rename_columns([*table.column_names[:at], "another", *table.column_names[at + 1 :]])
    elif what == "plain":
        table = pa.table({one: table[one].cast(pa.string()) for one in table.column_names})
    else:
        values: Any = {
            "texts": ["x"] * count, "nulls": pa.nulls(count, table.schema.field(at).type), "lists": [[1]] * count,
            "reals": [float("nan")] * count, "extreme": [2**63 - 1] * count,
        }[what]  # fmt: skip
        table = table.set_column(at, name, pa.array(values) if isinstance(values, list) else values)
    pq.write_table(table, file)
    return f"{file.name}: {name} {what}"


def edit_bytes(file: Path, rng: random.Random) -> str:
    """A few bytes are others, or the file is cut, emptied or longer."""
    data = bytearray(file.read_bytes())
    match rng.randrange(5):
        case 0:
            file.write_bytes(data[: rng.randrange(len(data) + 1)])
        case 1:
            file.write_bytes(b"")
        case 2:
            file.write_bytes(bytes(data) + bytes(rng.randrange(1, 50)))
        case _:
            for _ in range(rng.choice((1, 1, 4, 50))):
                data[rng.randrange(len(data))] = rng.randrange(256)
            file.write_bytes(data)
    return f"{file.name}: bytes"


def put_in_place(file: Path, what: str) -> None:
    """Something that is no ordinary file, or none that can be read, in a file's place."""
    file.unlink()
    match what:
        case "pipe":
            os.mkfifo(file)
        case "folder":
            file.mkdir()
        case "loop":
            file.symlink_to(file)
        case "device":
            file.symlink_to("/dev/zero")
        case "link to nothing":
            file.symlink_to("/nowhere")
        case "sparse":
            file.touch()
            os.truncate(file, 1 << 36)
        case "deep":
            file.write_bytes(b'{"a":' * 3_000 + b"1" + b"}" * 3_000)


def edit_kind(file: Path, rng: random.Random, others: list[Path]) -> str:
    """Something else is in the file's place, or another file of the folder."""
    what = rng.choice(("gone", "pipe", "folder", "loop", "device", "sparse", "deep", "another", "link to nothing"))
    other = rng.choice(others)
    data = other.read_bytes() if other.is_file() and other.stat().st_size < LARGEST else b""
    put_in_place(file, what)
    if what == "another":
        file.write_bytes(data)
    return f"{file.name}: {what}"


def cover_up(folder: Path) -> None:
    """Make the manifest's digests those of the files, as far as that can be done."""
    try:
        manifest = json.loads(read_ordinary(folder / records.MANIFEST))
        for section, end in (("tables", ".parquet"), ("files", "")):
            for name, entry in manifest[section].items():
                if (folder / (name + end)).stat().st_size < LARGEST:
                    entry["sha256"] = sha256(folder / (name + end))
        (folder / records.MANIFEST).write_text(json_text(manifest))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return


@contextmanager
def spoiled(sound: Path, folder: Path, seed: int) -> Iterator[str]:
    """Spoil one file of a copy, now and then two; half of the time its digest is made to hold. Yields what was done."""
    rng = random.Random(seed)
    files = sorted(one for one in folder.iterdir() if one.is_file() and one.suffix in DATA)
    said = []
    touched = rng.sample(files, rng.choice((1, 1, 1, 2)))
    likely = [file for file in files if file.suffix == ".json"]
    if rng.random() < 0.4:
        touched = [rng.choice(likely)]
    for file in touched:
        how = rng.randrange(10)
        if how < 2:
            said.append(edit_kind(file, rng, files))
        elif how < 4 or file.suffix in (".jsonl", ".yaml"):
            said.append(edit_bytes(file, rng))
        else:
            said.append((edit_json if file.suffix == ".json" else edit_table)(file, rng))
    if rng.random() < 0.5:
        cover_up(folder)
        said.append("digests made to hold")
    try:
        yield f"seed {seed}: {'; '.join(said)}"
    finally:
        for file in [*touched, folder / records.MANIFEST]:
            if file.is_dir() and not file.is_symlink():
                shutil.rmtree(file)
            file.unlink(missing_ok=True)
            shutil.copy2(sound / file.name, file)


def damaged(file: Path, seed: int) -> str:
    """Spoil a file that stays one: for traces and tables alone."""
    rng = random.Random(seed)
    return edit_table(file, rng) if file.suffix == ".parquet" and rng.random() < 0.3 else edit_bytes(file, rng)
