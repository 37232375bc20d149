"""Finished runs are kept: exactly, whatever ends the process, whoever else writes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sandbox.experiment.errors import StoreError
from sandbox.experiment.job import JobResult
from sandbox.experiment.store import DiskStore, MemoryStore

ODD = np.array([0.1, -0.0, np.nan, 1e308, 5e-324, 2.0**53 + 2])


def outcome(number: int = 0) -> JobResult:
    names = tuple(f"a.{place}" for place in range(len(ODD)))
    return JobResult(names, ODD + number if number else ODD, took_s=0.25)


def test_what_is_kept_comes_back_to_the_bit(tmp_path: Path) -> None:
    with DiskStore(tmp_path / "deep" / "runs.sqlite") as store:
        assert store.get("a") is None
        assert not store.has("a")
        assert not (tmp_path / "deep").exists(), "nothing is made before there is something to keep"
        store.put("a", outcome())
        store.put("b", outcome(1))
    with DiskStore(tmp_path / "deep" / "runs.sqlite") as store:
        found = store.get("a")
        assert found is not None
        assert store.has("b")
        assert found.names == outcome().names
        assert found.values.tobytes() == ODD.tobytes()
        assert found.took_s == 0.25


def test_a_store_in_memory_reads_through_and_hands_on(tmp_path: Path) -> None:
    with DiskStore(tmp_path / "runs.sqlite") as below:
        below.put("a", outcome())
        above = MemoryStore(below)
        above.put("b", outcome(1))
        assert above.get("a") is not None
        assert not below.has("b")
        above.save(below)
        assert below.has("b")


def foreign(file: Path) -> None:
    """Asked for a run, it would answer for ever."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        endless = "with recursive n(x) as (select 1 union all select x from n) select * from n"
        connection.execute(f"create view runs as {endless}")


def random(file: Path) -> None:
    with DiskStore(file) as store:
        store.put("a", outcome())
    data = bytearray(file.read_bytes())
    data[100:2000] = os.urandom(1900)
    file.write_bytes(data)


WRITER = """
import sys, time
from pathlib import Path
from tests.experiment.test_store import outcome
from sandbox.experiment.store import DiskStore
with DiskStore(Path(sys.argv[1])) as store:
    for number in range(10_000):
        store.put(f"{sys.argv[2]}-{number}", outcome(number))
        if number == 20:
            print("many", flush=True)
"""


def start_writer(file: Path, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", WRITER, str(file), name], stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_a_killed_writer_leaves_whole_runs_only(tmp_path: Path) -> None:
    file = tmp_path / "runs.sqlite"
    writers = [start_writer(file, name) for name in ("a", "b")]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "many\n"
    time.sleep(0.1)
    for writer in writers:
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
    with contextlib.closing(sqlite3.connect(file)) as connection:
        count = connection.execute("select count(*) from runs").fetchone()[0]
    assert count >= 42
    with DiskStore(file) as store:
        kept = 0
        for name in ("a", "b"):
            number = 0
            while (found := store.get(f"{name}-{number}")) is not None:
                assert np.array_equal(found.values, ODD + number, equal_nan=True)
                number += 1
            kept += number
        assert kept == count


def test_a_run_that_cannot_be_read_counts_as_not_there(tmp_path: Path) -> None:
    file = tmp_path / "runs.sqlite"
    with DiskStore(file) as store:
        for name in ("cut", "short", "nameless"):
            store.put(name, outcome())
    connection = sqlite3.connect(file)
    connection.execute('update runs set "values" = substr("values", 1, 9) where key = \'cut\'')
    connection.execute('update runs set "values" = ? where key = ?', (b"x\x9c\x03\x00\x00\x00\x00\x01", "short"))
    connection.execute("update runs set names = 99 where key = 'nameless'")
    connection.commit()
    connection.close()
    with DiskStore(file) as store:
        assert [store.get(name) for name in ("cut", "short", "nameless")] == [None, None, None]


CHANGES = {
    "values": ('update runs set "values" = ?', zlib.compress((ODD + 1).astype("<f8").tobytes())),
    "a bomb": ('update runs set "values" = ?', zlib.compress(bytes(50_000_000))),
    "took": ("update runs set took_s = ?", 7.0),
    "took in words": ("update runs set took_s = ?", "long"),
    "key": ("update runs set key = ? where key = 'b'", "a"),
    "names": ("update names set words = ?", json.dumps([f"b.{place}" for place in range(len(ODD))])),
    "deep names": ("update names set words = ?", "[" * 100_000),
    "no digest": ("update runs set digest = ?", None),
    "a digest": ("update runs set digest = ?", bytes(32)),
}


@pytest.mark.parametrize("case", CHANGES)
def test_what_was_changed_is_not_believed(tmp_path: Path, case: str) -> None:
    file = tmp_path / "runs.sqlite"
    with DiskStore(file) as store:
        store.put("a" if case != "key" else "b", outcome())
    statement, value = CHANGES[case]
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute(statement, (value,))
        connection.commit()
    with DiskStore(file) as store:
        assert store.get("a") is None
        assert not store.has("a")
        assert store.distrusted == {"a"}
        store.put("a", outcome())
        assert store.get("a") is not None


def test_a_store_without_digests_is_kept_and_its_runs_are_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "runs.sqlite"
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            'create table runs (key text primary key, names integer, "values" blob, took_s real) without rowid;'
            "insert into runs values ('a', 1, x'00', 1.0);"
        )
    with DiskStore(file) as store:
        assert store.get("a") is None
        store.put("a", outcome())
        assert store.get("a") is not None


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda file: file.symlink_to("/dev/zero"), foreign, random])
def test_a_store_that_is_none_is_refused(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(file := tmp_path / "runs.sqlite")
    with DiskStore(file) as store, pytest.raises(StoreError, match=r"runs\.sqlite"):
        store.get("a")


def test_a_file_that_is_something_else_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "runs.sqlite"
    file.write_text("not a database, but a letter to a friend\n" * 100)
    with DiskStore(file) as store, pytest.raises(StoreError, match=r"runs\.sqlite"):
        store.get("a")
    with DiskStore(tmp_path / "runs.sqlite" / "below") as store, pytest.raises(StoreError):
        store.put("a", outcome())
    assert file.read_text().startswith("not a database")
