"""`verify`: what can be recomputed of a run folder is, and whatever does not hold is named, first things first.

In this order: the manifest and its spelling; the digest of each file; the ledger's key, derived anew from the seed; the
journal's lines, chain and signatures, and the seal; each block over `payments.parquet`; ledger, wallets and summary.
The report and its figures are not covered: `ecny-sandbox report` draws them again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sandbox import files, records, tables
from sandbox.feature import declared
from sandbox.files import sha256
from sandbox.journal.chain import BLOCK_ROWS, PART_ROWS, BadJournal, Journal, ledger_key, parts_of, read_journal
from sandbox.journal.rows import Hasher, Part
from sandbox.journal.seal import seal_of
from sandbox.parquet import WrongTable
from sandbox.records import RunError
from sandbox.runfolder import json_text
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.schema import Scenario
from sandbox.scenario.yamlsource import read_file
from sandbox.tables import table_file
from sandbox.text import text
from sandbox.verify import again as anew
from sandbox.verify import counts, money, payments
from sandbox.verify.arrow import WHAT_READING_RAISES, opened
from sandbox.verify.booking import Books, book, new_books
from sandbox.verify.joint import Check, Folder
from sandbox.verify.problems import Problem, Verified, problem
from sandbox.verify.promised import check_promised
from sandbox.verify.series import SERIES, Bins
from wallets.keys import PublicKey
from wallets.signatures import verify_many
from wallets.strict_json import BadText, read_object

FILES: Final = (records.SCENARIO, records.SUMMARY, records.JOURNAL)
"""What every manifest lists beside the tables."""
PAYMENTS: Final = table_file("payments")
AN_EXPERIMENT: Final = "an experiment of many runs, which has no journal; --keep-tables keeps runs that can be verified"
EVERYTHING: Final = ("all", "sample:1", 1, 1.0)
"""`record` of a run that recorded all payments."""


def verify(path: str | Path, first_only: bool = False) -> Verified:
    """Recompute a run folder from its files.

    Args:
        path: the run folder.
        first_only: stop at the first problem.

    Raises:
        RunError: there is no such folder, or it is no finished run.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise RunError(f"{folder}: {'is a file, not a run folder' if folder.exists() else 'there is no such folder'}")
    if not (folder / records.MANIFEST).is_file():
        raise RunError(f"{folder}: not a finished run: it holds no {records.MANIFEST}")
    result = Verified(folder)
    for one in _Check(folder, result).problems():
        result.problems.append(one)
        if first_only:
            break
    return result


class _Check:
    """One folder being verified; parts that could be read are kept for the checks after."""

    def __init__(self, folder: Path, result: Verified) -> None:
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
                    raise BadText(f"its {name} are missing")
            if manifest.get("status") != "complete" or manifest.get("format") != records.FORMAT:
                raise BadText("its status or format is none that this version writes")
        except OSError as error:
            yield problem(file.name, "", "unreadable", reason=files.reason(error))
        except BadText as error:
            yield problem(file.name, "", "bad_manifest", reason=error)
        else:
            if data != json_text(manifest).encode(errors="surrogatepass"):
                yield problem(file.name, "", "not_spelled")
            if "kind" in manifest and not (self.folder / records.JOURNAL).exists():
                raise RunError(f"{self.folder}: {AN_EXPERIMENT}")
            self.manifest = manifest

    def _files(self) -> Iterator[Problem]:
        """Every file that the manifest names is here with its digest, and no table beside them."""
        tables, files = self.manifest["tables"], self.manifest["files"]
        listed = {table_file(name): entry for name, entry in tables.items()} | files
        here = {file.name for file in self.folder.glob("*.parquet")} | set(FILES)
        for name in sorted(here - listed.keys()):
            if (self.folder / name).exists():
                yield problem(name, "", "more")
            elif name == records.JOURNAL:
                yield problem(name, "", "no_journal")
            else:
                self._said.add(name)
                yield problem(name, "", "missing")
        for name, entry in listed.items():
            yield from self._guarded(name, lambda name=name, entry=entry: self._file(name, entry))

    def _file(self, name: str, entry: Any) -> Iterator[Problem]:
        import pyarrow.parquet as pq

        file, said = self.folder / name, entry if isinstance(entry, dict) else {}
        if Path(name).name != name or not file.is_file():
            self._said.add(name)
            yield problem(name, "", "missing")
            return
        if files.is_oversized(file):
            raise files.BadFile(text("longer_than", limit=f"{files.MOST_JSON_BYTES:,}"))
        found = sha256(file)
        if found != said.get("sha256"):
            yield problem(name, "", "digest", found=found, said=said.get("sha256"))
        if name.endswith(".parquet"):
            self.result.tables += 1
            rows = pq.read_metadata(file).num_rows
            if rows != said.get("rows"):
                yield problem(name, "", "rows", found=rows, said=said.get("rows"))
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
                raise ValueError("it has no whole number `seed`")
            self.seed = seed
        except (ScenarioErrors, ValueError) as error:
            yield problem(records.SCENARIO, "", "no_seed", reason=str(error).splitlines()[0])
        file = self.folder / records.SUMMARY
        try:
            self.summary = read_object(files.read_ordinary(file), "this file", files.MOST_JSON_BYTES)
        except (OSError, BadText) as error:
            yield problem(file.name, "", "unreadable", reason=error)
        said = {records.MANIFEST: self.manifest.get("seed")}
        if self.summary is not None:
            scenario = self.summary.get("scenario")
            said[records.SUMMARY] = scenario.get("seed") if isinstance(scenario, dict) else None
        for name, seed in said.items():
            if self.seed is not None and seed != self.seed:
                yield problem(name, "", "seeds", found=seed, said=self.seed)

    def _promised(self) -> Iterator[Problem]:
        for one in check_promised(self.scenario, self.manifest["tables"]):
            self._said.add(one.file)
            yield one

    # --- journal ---------------------------------------------------------------------------------------------------

    def _journal(self) -> Iterator[Problem]:
        file = self.folder / records.JOURNAL
        try:
            self.journal = read_journal(file)
        except OSError as error:
            if file.exists():
                yield problem(file.name, "", "unreadable", reason=error)
            return
        except BadJournal as error:
            place, _, reason = str(error).partition(": ")
            yield (
                problem(file.name, place, "journal", reason=reason)
                if reason
                else problem(file.name, "", "journal", reason=place)
            )
            return
        public = self.journal.public
        if self.seed is not None:
            public = ledger_key(self.seed).public
            if public != self.journal.public:
                yield problem(file.name, "line 1", "key", seed=self.seed)
        yield from self._signatures(self.journal, public)
        closing = self.journal.closing.content
        files = {name: entry for name, entry in self.manifest["files"].items() if name != records.JOURNAL}
        for name, said in (("tables", self.manifest["tables"]), ("files", files)):
            if closing[name] != said:
                differ = sorted(each for each in {*closing[name], *said} if closing[name].get(each) != said.get(each))
                yield problem(file.name, f"line {self.journal.closing.number}", "digests_differ", name=differ[0])

    def _signatures(self, journal: Journal, public: PublicKey) -> Iterator[Problem]:
        lines = journal.lines()
        signed = [line.signed(public) for line in lines]
        seal = None
        try:
            seal = seal_of(self.manifest, public)
        except BadText as error:
            yield problem(records.MANIFEST, "", "seal", reason=error)
        good = verify_many([*signed, *([seal] if seal is not None else [])])
        self.result.signatures = len(good)
        for line, holds in zip(lines, good, strict=False):
            if not holds:
                block = line.content.get("block")
                place = f"line {line.number}" + ("" if block is None else f" (block {block})")
                yield problem(records.JOURNAL, place, "signature")
        if seal is not None and not good[-1]:
            yield problem(records.MANIFEST, "", "seal_signature")

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
                reason = "its payment_id stands twice, or is none of those that a run counts from 0"
                yield problem(PAYMENTS, f"row {twice}", "row", reason=reason)
                ids = None
            stuck = book(window.out, 0 if faulty else good, *books)
            unfit = None if faulty or self.again is None else self.again.take(window, good)
            if unfit is not None and (window.fault is None or unfit[0] < window.fault[0]):
                window = window._replace(fault=unfit)
            if self.bins is not None and not faulty:
                self.bins.take(window, good)
            if window.fault is not None and not faulty:
                row, reason = window.fault
                yield problem(PAYMENTS, f"row {window.first_row + row}", "row", reason=reason)
            elif stuck >= 0:
                reason = "an institution that has no account and no operator moved money"
                yield problem(PAYMENTS, f"row {window.first_row + stuck}", "row", reason=reason)
            faulty = faulty or window.fault is not None or stuck >= 0
            for part in hasher.add(window.out):
                yield from self._block(part, blocks)
        for part in hasher.finish():
            yield from self._block(part, blocks)
        said = self.journal.closing.content["rows"]
        if said != self.result.payments:
            yield problem(records.JOURNAL, "", "journal_rows", said=said, found=self.result.payments)
        # Without the scenario nobody knows through whom an indirect bank tops up.
        self.booked = not faulty and bool(self.scenario)

    booked = False
    """Whether every payment was booked."""

    def _block(self, part: Part, blocks: Iterator[tuple[int, Any]]) -> Iterator[Problem]:
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
            yield problem(PAYMENTS, f"rows {first} to {last}", "block", block=number, first=first, last=last)

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
                yield problem(records.SCENARIO, "", "no_world", reason=" ".join(str(error).split()))
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
        for _, one in declared(Check):
            yield from self._guarded(table_file(one.table), lambda find=one.find: find(here))

    def _guarded(self, file: str, check: Any) -> Iterator[Problem]:
        """What a check finds; a file that breaks while it is read is a problem like others."""
        try:
            yield from check()
        except WrongTable as error:
            if error.file not in self._said:
                self._said.add(error.file)
                yield problem(error.file, "", "schema", reason=error)
        except WHAT_READING_RAISES as error:
            yield problem(file, "", "unreadable", reason=" ".join(str(error).split()) or type(error).__name__)
