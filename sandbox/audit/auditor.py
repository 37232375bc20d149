"""The audit: what can be recomputed of a run folder is, and whatever does not hold is named, first things first.

In this order: the manifest and its spelling; the digest of each file; the ledger's key, derived anew from the seed; the
journal's lines, chain and signatures, and the seal; each block over `payments.parquet`; ledger, wallets and summary.
The report and its figures are not covered: `ecny-sandbox report` draws them again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sandbox import files, records, tables
from sandbox.audit import again as anew
from sandbox.audit import counts, money, payments
from sandbox.audit.arrow import WHAT_READING_RAISES, opened
from sandbox.audit.booking import Books, book, new_books
from sandbox.audit.joint import Audit, Folder
from sandbox.audit.payments import PAYMENTS
from sandbox.audit.problems import AS_SAID, ROWS, Findings, Problem, in_row, problem
from sandbox.audit.promised import check_promised
from sandbox.audit.series import SERIES, Bins
from sandbox.audit.signed import check_journal
from sandbox.feature import declared
from sandbox.journal.chain import BLOCK_ROWS, PART_ROWS, Journal, parts_of
from sandbox.journal.rows import Chunk, Hasher
from sandbox.language import N_, _
from sandbox.parquet import WrongTable
from sandbox.records import RunError
from sandbox.runfolder import json_text
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.schema import Scenario
from sandbox.scenario.yaml_reader import read_file
from sandbox.tables import table_file
from wallets.strict_json import BadText, read_object

FILES: Final = (records.SCENARIO, records.SUMMARY, records.JOURNAL)
"""What every manifest lists beside the tables."""
EVERYTHING: Final = ("all", "sample:1", 1, 1.0)
"""`record` of a run that recorded all payments."""


def audit(path: str | Path, first_only: bool = False) -> Findings:
    """Recompute a run folder from its files.

    Args:
        path: the run folder.
        first_only: stop at the first problem.

    Raises:
        RunError: there is no such folder, or it is no finished run.
    """
    folder = records.run_folder(path)
    result = Findings(folder)
    for one in _Auditor(folder, result).problems():
        result.problems.append(one)
        if first_only:
            break
    return result


class _Auditor:
    """One folder being audited; parts that could be read are kept for the checks after."""

    def __init__(self, folder: Path, result: Findings) -> None:
        self.folder, self.result = folder, result
        self.manifest: dict[str, Any] = {}
        self.summary: dict[str, Any] | None = None
        self.scenario: dict[str, Any] = {}
        self.seed: int | None = None
        self.journal: Journal | None = None
        self.accounts: money.Accounts | None = None
        self.bins: Bins | None = None
        self.whole_scenario: Scenario | None = None
        self.again: anew.Again | None = None
        self._said: set[str] = set()
        """Files of which was said that they are not here, or not the tables that they should be."""

    def problems(self) -> Iterator[Problem]:
        """Everything, in order."""
        yield from self._manifest()
        if not self.manifest:
            return
        yield from self._files()
        yield from self._inputs()
        yield from self._promised()
        yield from self._journal()
        yield from self._guarded(money.LEDGER, self._ledger)
        yield from self._guarded(SERIES, self._series)
        books = None
        if self.journal is not None and self.accounts is not None:
            funding = money.funding_of(self.accounts, self._words("institution"), self.scenario)
            books = new_books(len(self.accounts), funding)
            yield from self._world()
            yield from self._guarded(PAYMENTS, lambda: self._payments(books))
        yield from self._sums(books)
        yield from self._registers()

    # --- manifest and files ----------------------------------------------------------------------------------------

    def _manifest(self) -> Iterator[Problem]:
        file = self.folder / records.MANIFEST
        try:
            data = files.read_ordinary(file)
            manifest = read_object(data, "this file", files.MOST_JSON_BYTES)
            for name in ("tables", "files", "scenario"):
                if not isinstance(manifest.get(name), dict):
                    raise BadText(_("its {name} are missing", name=name))
            if manifest.get("status") != "complete" or manifest.get("format") != records.FORMAT:
                raise BadText(_("its status or format is none that this version writes"))
        except OSError as error:
            yield problem(file.name, "", N_("cannot be read: {reason}"), reason=files.reason(error))
        except BadText as error:
            yield problem(file.name, "", N_("no manifest of a run: {reason}"), reason=error)
        else:
            if data != json_text(manifest).encode(errors="surrogatepass"):
                yield problem(
                    file.name, "", N_("not written as a run writes it: the bytes differ though the content may not")
                )
            if "kind" in manifest and not (self.folder / records.JOURNAL).exists():
                message = N_(
                    "{path}: an experiment of many runs, which has no journal; --keep-tables keeps runs that can "
                    "be audited"
                )
                raise RunError(_(message, path=self.folder))
            self.manifest = manifest

    def _files(self) -> Iterator[Problem]:
        """Every file that the manifest names is here with its digest, and no table beside them."""
        tables, files = self.manifest["tables"], self.manifest["files"]
        listed = {table_file(name): entry for name, entry in tables.items()} | files
        here = {file.name for file in self.folder.glob("*.parquet")} | set(FILES)
        for name in sorted(here - listed.keys()):
            if (self.folder / name).exists():
                yield problem(name, "", N_("it is here, and the manifest does not know it"))
            elif name == records.JOURNAL:
                yield problem(
                    name, "", N_("there is none: the run was made by an older version, or the file was taken away")
                )
            else:
                self._said.add(name)
                yield problem(name, "", N_("the manifest names it, and it is not here"))
        for name, entry in listed.items():
            yield from self._guarded(name, lambda name=name, entry=entry: self._file(name, entry))

    def _file(self, name: str, entry: Any) -> Iterator[Problem]:
        import pyarrow.parquet as pq

        file, said = self.folder / name, entry if isinstance(entry, dict) else {}
        if Path(name).name != name or not file.is_file():
            self._said.add(name)
            yield problem(name, "", N_("the manifest names it, and it is not here"))
            return
        found = files.sha256(file)
        if found != said.get("sha256"):
            message = N_("its SHA-256 is {found}, not {said} as the manifest says")
            yield problem(name, "", message, found=found, said=said.get("sha256"))
        if name.endswith(".parquet"):
            self.result.tables += 1
            rows = pq.read_metadata(file).num_rows
            if rows != said.get("rows"):
                yield problem(name, "", ROWS, found=rows, said=said.get("rows"))
            table = name.removesuffix(".parquet")
            if table in tables.TABLES:
                with opened(self.folder, table):
                    pass

    def _inputs(self) -> Iterator[Problem]:
        """The scenario's seed, and the summary."""
        try:
            node, errors = read_file(self.folder / records.SCENARIO, records.SCENARIO)
            if errors:
                raise ScenarioErrors(errors)
            self.scenario = node.plain()
            seed = self.scenario.get("seed")
            if not isinstance(seed, int) or isinstance(seed, bool):
                raise ValueError(_("it has no whole number `seed`"))
            self.seed = seed
        except (ScenarioErrors, ValueError) as error:
            message = N_("its seed cannot be read, so the ledger's key cannot be derived: {reason}")
            yield problem(records.SCENARIO, "", message, reason=str(error).splitlines()[0])
        file = self.folder / records.SUMMARY
        try:
            self.summary = read_object(files.read_ordinary(file), "this file", files.MOST_JSON_BYTES)
        except (OSError, BadText) as error:
            yield problem(file.name, "", N_("cannot be read: {reason}"), reason=error)
        said = {records.MANIFEST: self.manifest.get("seed")}
        if self.summary is not None:
            scenario = self.summary.get("scenario")
            said[records.SUMMARY] = scenario.get("seed") if isinstance(scenario, dict) else None
        for name, seed in said.items():
            if self.seed is not None and seed != self.seed:
                yield problem(
                    name, "", N_("its seed is {found}; that of scenario.yaml is {said}"), found=seed, said=self.seed
                )

    def _promised(self) -> Iterator[Problem]:
        for one in check_promised(self.scenario, self.manifest["tables"]):
            self._said.add(one.file)
            yield one

    def _journal(self) -> Iterator[Problem]:
        self.journal = yield from check_journal(self.folder, self.manifest, self.seed, self.result)

    def _words(self, name: str) -> list[str]:
        assert self.journal is not None
        words: list[str] = self.journal.header.content["words"][name]
        return words

    # --- payments --------------------------------------------------------------------------------------------------

    def _payments(self, books: Books) -> Iterator[Problem]:
        """Blocks against the journal, rows against reason; books them."""
        assert self.journal is not None
        assert self.accounts is not None
        hasher, blocks, faulty = Hasher(BLOCK_ROWS), iter(enumerate(self.journal.blocks)), False
        ids = payments.Ids(self.journal.closing.content["rows"]) if self.manifest.get("record") in EVERYTHING else None
        words = self.journal.header.content["words"]
        for window in payments.windows(self.folder, words, len(self.accounts)):
            self.result.payments += window.out.shape[1]
            good = window.out.shape[1] if window.fault is None else window.fault[0]
            twice = None if ids is None else ids.take(window)
            if twice is not None:
                reason = N_("its payment_id stands twice, or is none of those that a run counts from 0")
                yield problem(PAYMENTS, in_row(twice), reason)
                ids = None
            stuck = book(window.out, 0 if faulty else good, books)
            unfit = None if faulty or self.again is None else self.again.take(window, good)
            if unfit is not None and (window.fault is None or unfit[0] < window.fault[0]):
                window = window._replace(fault=unfit)
            if self.bins is not None and not faulty:
                self.bins.take(window, good)
            if window.fault is not None and not faulty:
                row, reason = window.fault
                yield problem(PAYMENTS, in_row(window.first_row + row), AS_SAID, reason=reason)
            elif stuck >= 0:
                reason = N_("an institution that has no account and no operator moved money")
                yield problem(PAYMENTS, in_row(window.first_row + stuck), reason)
            faulty = faulty or window.fault is not None or stuck >= 0
            for part in hasher.add(window.out):
                yield from self._block(part, blocks)
        for part in hasher.finish():
            yield from self._block(part, blocks)
        said = self.journal.closing.content["rows"]
        if said != self.result.payments:
            message = N_("the journal is about {said} payments; the table has {found}")
            yield problem(records.JOURNAL, "", message, said=said, found=self.result.payments)
        # Without the scenario nobody knows through whom an indirect bank tops up.
        self.booked = not faulty and bool(self.scenario)

    booked = False
    """Whether every payment was booked."""

    def _block(self, part: Chunk, blocks: Iterator[tuple[int, Any]]) -> Iterator[Problem]:
        number, line = next(blocks, (-1, None))
        if line is None:
            return
        self.result.blocks += 1
        found, said = [one.hex() for one in parts_of(part.leaves)], line.content["parts"]
        wrong = [at for at, (one, other) in enumerate(zip(found, said, strict=False)) if one != other]
        if len(found) != len(said):
            wrong.append(min(len(found), len(said)))
        if wrong:
            first = number * BLOCK_ROWS + wrong[0] * PART_ROWS
            last = min(first + PART_ROWS, number * BLOCK_ROWS + max(part.rows, line.content["rows"])) - 1
            yield problem(
                PAYMENTS,
                _("rows {first} to {last}", first=first, last=last),
                N_("block {block} does not hold: these are not the rows that were hashed"),
                block=number,
                first=first,
                last=last,
            )

    def _world(self) -> Iterator[Problem]:
        """The world of the scenario, built again."""
        assert self.journal is not None
        assert self.accounts is not None
        accounts, words = self.accounts, self.journal.header.content["words"]
        try:
            self.whole_scenario = scenario = anew.scenario_of(self.scenario)
            self.again = again = anew.build_again(scenario, accounts, words)
        except (ScenarioErrors, ValueError) as error:
            if self.scenario:
                message = N_("this version cannot build its world again: {reason}")
                yield problem(records.SCENARIO, "", message, reason=" ".join(str(error).split()))
            return
        yield from self._guarded(money.LEDGER, lambda: anew.check_openings(again, self.folder))
        yield from self._guarded(money.WALLETS, lambda: again.know_classes(self.folder))

    # --- money and counts ------------------------------------------------------------------------------------------

    def _ledger(self) -> Iterator[Problem]:
        self.accounts = money.read_accounts(self.folder)
        yield from money.check_accounts(self.accounts)

    def _series(self) -> Iterator[Problem]:
        self.bins = Bins(self.folder)
        yield from ()

    def _sums(self, books: Books | None) -> Iterator[Problem]:
        summary, accounts = self.summary, self.accounts
        whole = books if self.booked and self.manifest.get("record") in EVERYTHING else None
        if accounts is not None:
            if whole is not None:
                exact = (self.folder / table_file("postings")).is_file()
                self.result.covers = "every_balance" if exact else "least_balances"
                yield from self._guarded(money.LEDGER, lambda: money.check_balances(accounts, whole, self.folder))
            yield from self._guarded(money.WALLETS, lambda: money.check_wallets(accounts, whole, self.folder))
        if self.bins is not None:
            yield from self.bins.problems(whole is not None)
        if summary is not None:
            yield from self._guarded(SERIES, lambda: counts.check_summary(summary, accounts, self.folder))
            if whole is not None:
                check = counts.check_counts(summary, whole, self._words("source"))
                yield from self._guarded(records.SUMMARY, lambda: check)
            scenario, name = self.whole_scenario, self.manifest["scenario"].get("name")
            if scenario is not None and accounts is not None:
                tallied = self.again if whole is not None else None
                check = anew.check_summary(self.folder, scenario, name, summary, tallied, accounts)
                yield from self._guarded(records.SUMMARY, lambda: check)

    def _registers(self) -> Iterator[Problem]:
        """What features have worked out again, with the payments that it rests on where all are recorded."""
        everything = self.manifest.get("record") in EVERYTHING
        world = self.again.world if self.again is not None else None
        here = Folder(self.folder, self.seed, everything, self.summary, self.whole_scenario, world)
        for __, one in declared(Audit):
            yield from self._guarded(table_file(one.table), lambda find=one.find: find(here))

    def _guarded(self, file: str, check: Any) -> Iterator[Problem]:
        """What a check finds; a file that breaks while it is read is a problem like others."""
        try:
            yield from check()
        except WrongTable as error:
            if error.file not in self._said:
                self._said.add(error.file)
                yield problem(error.file, "", N_("it is not the table of docs/run-folder.md: {reason}"), reason=error)
        except WHAT_READING_RAISES as error:
            yield problem(
                file, "", N_("cannot be read: {reason}"), reason=" ".join(str(error).split()) or type(error).__name__
            )
