"""Finished runs, kept by the hash of what decides their numbers: a sweep that was stopped goes on, and no run is run
twice.

One SQLite file; each run is one transaction, so whatever ends the process, a run is there as a whole or not at all.
Each comes with a digest of all that it says: what was changed since is not believed, and is run again. Failed runs are
not kept: they are tried again.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sqlite3
import zlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

import numpy as np

from sandbox.experiment.errors import NoStoreError, StoreError
from sandbox.experiment.job import JobResult
from sandbox.files import check_ordinary, reason
from sandbox.language import _

FILE: Final = "finished-runs.sqlite"
LEAST_FREE_BYTES: Final = 1 << 17
WAIT_S: Final = 60.0
"""How long to wait for another sweep that writes."""

_TABLES: Final = """
create table if not exists names (number integer primary key, words text not null unique);
create table if not exists runs (
    key text primary key, names integer not null, "values" blob not null, took_s real not null, digest blob
) without rowid;
"""


def _digest(key: str, names: tuple[str, ...], data: bytes, took_s: float) -> bytes:
    """Of all that is kept of a run."""
    said = json.dumps([key, names, took_s], ensure_ascii=True).encode()
    return hashlib.sha256(said + b"\0" + data).digest()


class Store(Protocol):
    """Where finished runs are kept."""

    distrusted: set[str]
    """Keys of runs that were kept, and are not as they were when they were put here."""

    def get(self, key: str) -> JobResult | None:
        """The run with this key, if it is there."""

    def put(self, key: str, outcome: JobResult) -> None:
        """Keep a finished run."""


class MemoryStore:
    """A store that ends with the process; reads through to `below`, if given."""

    def __init__(self, below: Store | None = None) -> None:
        self.below = below
        self.distrusted: set[str] = set() if below is None else below.distrusted
        self.runs: dict[str, JobResult] = {}

    def get(self, key: str) -> JobResult | None:
        """The run with this key, if it is there or below."""
        found = self.runs.get(key)
        return found if found is not None or self.below is None else self.below.get(key)

    def put(self, key: str, outcome: JobResult) -> None:
        """Keep a run, not below."""
        self.runs[key] = outcome

    def save(self, store: Store) -> None:
        """Hand everything kept here on."""
        for key, outcome in self.runs.items():
            store.put(key, outcome)


class DiskStore:
    """A store in a file, made when the first run is put into it.

    Raises:
        StoreError: the file cannot be read or written, or is something else.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._connection: sqlite3.Connection | None = None
        self.distrusted: set[str] = set()
        self._names: dict[tuple[str, ...], int] = {}
        self._words: dict[int, tuple[str, ...]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def get(self, key: str) -> JobResult | None:
        """The run with this key, if it is there; what does not hold counts as not there."""
        if self._connection is None and not self.file.exists():
            return None
        row = self._execute('select names, "values", took_s, digest from runs where key = ?', (key,)).fetchone()
        if row is None:
            return None
        try:
            names, took_s = self._names_of(int(row[0])), float(row[2])
            data = zlib.decompressobj().decompress(row[1], 8 * len(names) + 1)
            if row[3] == _digest(key, names, data, took_s):
                return JobResult(names, np.frombuffer(data, dtype="<f8").astype(np.float64), took_s=took_s)
        except (TypeError, ValueError, OverflowError, RecursionError, zlib.error):
            pass
        self.distrusted.add(key)
        return None

    def has(self, key: str) -> bool:
        """Whether a run is there, and holds."""
        return self.get(key) is not None

    def put(self, key: str, outcome: JobResult) -> None:
        """Keep a finished run."""
        data = outcome.values.astype("<f8").tobytes()
        number, digest = self._number_of(outcome.names), _digest(key, outcome.names, data, outcome.took_s)
        row = (key, number, zlib.compress(data, 1), outcome.took_s, digest)
        self._execute("insert or replace into runs values (?, ?, ?, ?, ?)", row)

    def _number_of(self, names: tuple[str, ...]) -> int:
        if names not in self._names:
            words = json.dumps(names, ensure_ascii=False)
            self._execute("insert or ignore into names (words) values (?)", (words,))
            self._names[names] = int(self._execute("select number from names where words = ?", (words,)).fetchone()[0])
        return self._names[names]

    def _names_of(self, number: int) -> tuple[str, ...]:
        if number not in self._words:
            row = self._execute("select words from names where number = ?", (number,)).fetchone()
            if row is None:
                raise ValueError(number)
            self._words[number] = tuple(map(str, json.loads(row[0])))
        return self._words[number]

    def _execute(self, statement: str, values: Iterable[object]) -> sqlite3.Cursor:
        try:
            return self._open().execute(statement, tuple(values))
        except (sqlite3.OperationalError, OSError) as error:
            said = os.strerror(errno.ENOSPC) if self._is_full() else reason(error)
            raise StoreError(
                "{path}: finished runs cannot be kept here ({reason}); remove it or free it",
                path=self.file,
                reason=said,
            ) from error
        except sqlite3.Error as error:
            raise NoStoreError(
                "{path}: not a file of finished runs ({reason}); move it away", path=self.file, reason=reason(error)
            ) from error

    def _is_full(self) -> bool:
        """SQLite calls a full disk an error like any other."""
        try:
            return shutil.disk_usage(self.file.parent).free < LEAST_FREE_BYTES
        except OSError:
            return False

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            if os.path.lexists(self.file):
                check_ordinary(self.file)
            # Without transactions of its own, each statement is one.
            connection = sqlite3.connect(self.file, timeout=WAIT_S, isolation_level=None)
            try:
                _prepare(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection


def _prepare(connection: sqlite3.Connection) -> None:
    # A log written ahead needs no waiting for the disk; a power cut may cost the last runs, and no others.
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = normal")
    # A view or a trigger could do anything in the place of what is read here.
    if connection.execute("select 1 from sqlite_master where type in ('view', 'trigger')").fetchone():
        raise sqlite3.DatabaseError(_("it holds views or triggers"))
    connection.executescript(_TABLES)
    if not any(row[1] == "digest" for row in connection.execute("pragma table_info(runs)")):
        connection.execute("alter table runs add column digest blob")  # of a version that kept none
