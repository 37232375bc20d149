"""The end of a run's papers: the journal's closing line, then the ledger's signature of the whole manifest.

The order makes every byte count. Tables and files are digested; the journal's closing line signs those digests and is
the same bytes for the same scenario and seed; the manifest, which also tells time and machine, holds the journal's
digest and is signed last, by a `seal` inside it.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any, Final

from sandbox import records
from sandbox.journal.chain import closing_of, ledger_key, read_journal, signed_line
from sandbox.language import _
from wallets.keys import PublicKey
from wallets.signatures import SIGNATURE_BYTES, Signed, sign
from wallets.strict_json import BadText, canonical, exact_names, hex_at

PURPOSE: Final = "ecny-sandbox manifest"
SEAL: Final = "seal"


def close_and_seal(folder: Path, manifest: dict[str, Any], seed: int) -> None:
    """Close the journal of a run folder and seal its manifest, whose `tables` and `files` are filled in.

    Adds the journal to the manifest's files, and the seal.
    """
    key, file = ledger_key(seed), folder / records.JOURNAL
    open_journal = read_journal(file, closed=False)
    rows = sum(int(block.content["rows"]) for block in open_journal.blocks)
    hashes = [block.hash for block in open_journal.blocks]
    closing = closing_of(open_journal.header.hash, hashes, rows, manifest["tables"], manifest["files"])
    line, __ = signed_line(closing, key)
    with file.open("ab") as stream:
        stream.write(line)
        stream.flush()
        os.fsync(stream.fileno())
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    manifest["files"] = {**manifest["files"], records.JOURNAL: {"sha256": digest}}
    manifest[SEAL] = {"signed_by": key.public.as_object()}
    manifest[SEAL]["signature"] = sign(key, PURPOSE, _message(manifest)).hex()


def seal_of(manifest: dict[str, Any], public: PublicKey) -> Signed:
    """The seal of a manifest with what it is of.

    Raises:
        BadText: it has none, or it is by another key.
    """
    seal = manifest.get(SEAL)
    if not isinstance(seal, dict):
        raise BadText(_("it has no seal"))
    exact_names(seal, frozenset({"signed_by", "signature"}), "its seal")
    if seal["signed_by"] != public.as_object():
        raise BadText(_("its seal is by another key than the ledger's of this seed"))
    signature = hex_at(seal, "signature", SIGNATURE_BYTES, "its seal")
    return Signed(public, PURPOSE, _message(manifest), signature)


def _message(manifest: dict[str, Any]) -> bytes:
    seal = {name: value for name, value in manifest[SEAL].items() if name != "signature"}
    return hashlib.sha256(canonical({**manifest, SEAL: seal})).digest()
