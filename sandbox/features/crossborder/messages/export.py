"""Messages of a finished run in archives, one file of XML a message, with an index and the banks' identifiers beside.

An archive holds the messages of at most `ARCHIVE_ROWS` rows and is not compressed, so that its bytes are the same
wherever it is written. Rows are read and written in turn; what is held is a batch of them and an archive's directory.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from sandbox.export.cells import cells
from sandbox.export.files import new_files, stem
from sandbox.extras import needed
from sandbox.features.crossborder.messages.codes import Directory
from sandbox.features.crossborder.messages.flow import flow
from sandbox.features.crossborder.messages.rows import TABLE, PaymentRow, count, payments
from sandbox.features.crossborder.messages.terms import Terms
from sandbox.features.crossborder.messages.values import Clock
from sandbox.features.crossborder.schema.office import HOME_UTC_OFFSET
from sandbox.features.crossborder.schema.section import CrossBorder
from sandbox.language import N_, _
from sandbox.records import SCENARIO, Run, RunError
from sandbox.scenario.load import load
from sandbox.tables import table_file

if TYPE_CHECKING:
    from sandbox.features.crossborder.messages.documents import Documents

ARCHIVE_ROWS: Final = 10_000
"""Rows whose messages are in one archive: fifty thousand files at most, as a rule."""
INDEX: Final = ("payment_id", "path", "outcome", "uetr", "message", "message_id", "archive", "file")
BANKS: Final = ("bic", "name", "jurisdiction")
DAWN: Final = (1980, 1, 1, 0, 0, 0)
"""When every file in an archive was made: the least date that a zip can say."""


def file_names(name: str, rows: int) -> tuple[str, ...]:
    """Index, banks, and as many archives as so many rows need."""
    archives = max(1, -(-rows // ARCHIVE_ROWS))
    numbered = [f"{name}_ISO20022_{number}.zip" for number in range(1, archives + 1)]
    return (
        f"{name}_ISO20022_messages.csv",
        f"{name}_ISO20022_banks.csv",
        *([f"{name}_ISO20022.zip"] if archives == 1 else numbered),
    )


def export(run: Run, folder: Path, force: bool = False, most: int | None = None) -> list[Path]:
    """Write the messages of all payments, or of the first `most` ones; returns where they are.

    Raises:
        ExtraMissing: pyiso20022 or xsdata is not installed.
        RunError: the run has no payments across borders, or a row of them cannot be.
        ScenarioErrors: the scenario in the folder cannot be read.
        OutputError: a file is there already, and no `force`.
    """
    if TABLE not in run.tables:
        raise RunError(
            _("{path}: this run has no payments across borders; a scenario has them by `crossborder`", path=run.path)
        )
    directory, documents, terms = _makers(run)
    rows = count(run, most)
    names = file_names(stem(run), rows)
    with new_files(folder, names, force) as (index, banks, *archives):
        banks.write(_csv([BANKS, *directory.banks()]))
        index.write(_csv([INDEX]))
        one_by_one = payments(run, rows)
        for name, archive in zip(names[2:], archives, strict=True):
            with ZipFile(archive, "w", ZIP_STORED) as written:
                for payment in islice(one_by_one, ARCHIVE_ROWS):
                    made = _made(run, payment, documents, terms)
                    index.write(_csv(_put(payment, made, written, name)))
    return [folder / name for name in names]


def _makers(run: Run) -> tuple[Directory, Documents, Terms]:
    with needed("messages"):
        from sandbox.features.crossborder.messages.documents import Documents
    scenario = load(str(run.path / SCENARIO)).scenario
    crossborder = scenario.section(CrossBorder)
    if crossborder is None:
        message = N_("{path}: damaged: it has a table {table}, but its scenario has no payments across borders")
        raise RunError(_(message, path=run.path, table=TABLE))
    directory = Directory(crossborder)
    clock = Clock(scenario.start, round(HOME_UTC_OFFSET * 60))
    return directory, Documents(directory, clock), Terms(crossborder)


def _made(run: Run, payment: PaymentRow, documents: Documents, terms: Terms) -> list[tuple[str, str, bytes]]:
    try:
        return list(documents.of(flow(payment, terms)))
    except (RunError, OverflowError) as error:  # a time may lie outside the calendar
        row = f"payment {payment.payment_id} ({payment.path})"
        raise RunError(f"{run.path / table_file(TABLE)}: {row}: {error}") from None


def _put(
    payment: PaymentRow, made: list[tuple[str, str, bytes]], archive: ZipFile, name: str
) -> Iterator[tuple[object, ...]]:
    """Write the messages of a payment; gives a line of the index for each."""
    for kind, message, text in made:
        file = ZipInfo(f"{kind}/{message}.xml", DAWN)
        file.external_attr = 0o644 << 16
        file.create_system = 3
        archive.writestr(file, text)
        yield payment.payment_id, payment.path, payment.outcome, payment.uetr, kind, message, name, file.filename


def _csv(lines: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(cells, lines))
    return text.getvalue().encode()
