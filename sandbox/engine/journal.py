"""The journal of a run as it is written: payments, in the order in which they ended, into hashed and signed blocks.

`sandbox.journal` says what a row, a block and a line are; `sandbox.journal.seal` closes the journal when the run's
tables are there. It costs less than a tenth of the time in which payments are cleared and recorded: measured by
`python -m benchmarks.journal`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from sandbox import records, tables
from sandbox.core.draws import Int64Array
from sandbox.core.layout import ended, tags
from sandbox.engine.recorder import Names
from sandbox.journal.chain import BLOCK_ROWS, block_of, header_of, ledger_key, signed_line
from sandbox.journal.rows import Chunk, Hasher
from wallets.classes import CLASS_NAMES

SOURCE_MASK: Final = (1 << tags.KIND_SHIFT) - 1


class JournalWriter:
    """`journal.jsonl` without its closing line, for the payments that are recorded."""

    def __init__(self, folder: Path, names: Names, seed: int) -> None:
        self._key = ledger_key(seed)
        self._hasher = Hasher(BLOCK_ROWS)
        self._blocks = 0
        self._file = (folder / records.JOURNAL).open("wb")
        first = [names.sources.index(name) for name in names.sources]
        self._source_codes = None if first == list(range(len(first))) else np.array(first, dtype=np.int64)
        words = {
            "kind": names.kinds,
            "category": names.categories,
            "institution": names.institutions,
            "outcome": tables.OUTCOMES,
            "label": names.labels,
            "source": names.sources,
            "payer_class": CLASS_NAMES,
        }
        line, self._last = signed_line(header_of(self._key.public, words), self._key)
        self._file.write(line)

    def add(self, out: Int64Array) -> None:
        """Take more ended payments: (ended.ROWS, number)."""
        if self._source_codes is not None:
            out = out.copy()
            out[ended.TAG] = (out[ended.TAG] & ~SOURCE_MASK) | self._source_codes[out[ended.TAG] & SOURCE_MASK]
        for chunk in self._hasher.add(out):
            self._write(chunk)

    def close(self) -> None:
        """Write the last block and finish the file."""
        with self._file:
            for chunk in self._hasher.finish():
                self._write(chunk)

    def _write(self, chunk: Chunk) -> None:
        line, self._last = signed_line(block_of(self._blocks, chunk.rows, chunk.leaves, self._last), self._key)
        self._file.write(line)
        self._blocks += 1
