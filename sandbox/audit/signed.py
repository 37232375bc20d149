"""The journal and the seal of a run folder: whose they are, whether they are whole, and what they say of its files."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from sandbox import records
from sandbox.audit.problems import AS_SAID, Findings, Problem, in_line, problem
from sandbox.journal.chain import BadJournal, Journal, ledger_key, read_journal
from sandbox.journal.seal import seal_of
from sandbox.language import N_, _
from wallets.keys import PublicKey
from wallets.signatures import verify_many
from wallets.strict_json import BadText


def check_journal(
    folder: Path, manifest: dict[str, Any], seed: int | None, result: Findings
) -> Generator[Problem, None, Journal | None]:
    """What does not hold of the journal; returns it if it could be read."""
    file = folder / records.JOURNAL
    try:
        journal = read_journal(file)
    except OSError as error:
        if file.exists():
            yield problem(file.name, "", N_("cannot be read: {reason}"), reason=error)
        return None
    except BadJournal as error:
        yield problem(file.name, "" if error.line is None else in_line(error.line), AS_SAID, reason=error.reason)
        return None
    public = journal.public
    if seed is not None:
        public = ledger_key(seed).public
        if public != journal.public:
            yield problem(file.name, in_line(1), N_("the ledger's key is not the one of the seed {seed}"), seed=seed)
    yield from _signatures(journal, manifest, public, result)
    closing = journal.closing.content
    files = {name: entry for name, entry in manifest["files"].items() if name != records.JOURNAL}
    for name, said in (("tables", manifest["tables"]), ("files", files)):
        if closing[name] != said:
            differ = sorted(each for each in {*closing[name], *said} if closing[name].get(each) != said.get(each))
            message = N_("its digests of tables and files are not those of the manifest: first {name}")
            yield problem(file.name, in_line(journal.closing.number), message, name=differ[0])
    return journal


def _signatures(
    journal: Journal, manifest: dict[str, Any], public: PublicKey, result: Findings
) -> Iterator[Problem]:  # fmt: skip
    lines = journal.lines()
    signed = [line.signed(public) for line in lines]
    seal = None
    try:
        seal = seal_of(manifest, public)
    except BadText as error:
        yield problem(records.MANIFEST, "", AS_SAID, reason=error)
    good = verify_many([*signed, *([seal] if seal is not None else [])])
    result.signatures = len(good)
    for line, holds in zip(lines, good, strict=False):
        if not holds:
            block = line.content.get("block")
            place = in_line(line.number)
            if block is not None:
                place = _("line {number} (block {block})", number=line.number, block=block)
            yield problem(records.JOURNAL, place, N_("the signature is not the ledger's of this line"))
    if seal is not None and not good[-1]:
        yield problem(records.MANIFEST, "", N_("its seal is not the ledger's signature of what it says"))
