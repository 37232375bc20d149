"""Signed registers of a run read back from their tables: each entry in its spelling, allowed, in order and signed."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path

from sandbox.audit.arrow import read
from sandbox.audit.problems import AS_SAID, Problem, in_row, problem
from sandbox.core.moves import IllegalMove
from sandbox.journal.register import SignedRegister
from sandbox.language import N_, _
from sandbox.tables import TABLES, table_file
from wallets.keys import simulation_key
from wallets.signatures import SIGNATURE_BYTES, verify_many
from wallets.strict_json import BadText, canonical, hex_bytes, read_object


def read_register(
    folder: Path, table: str, columns: Mapping[str, str], register: SignedRegister, seed: int
) -> Generator[Problem, None, bool]:
    """Fill an empty register with the entries of a table; returns whether all of them hold.

    Args:
        columns: columns of the table by their names in an entry.
    """
    file, signed = table_file(table), []
    rows = read(folder, table, [column.name for column in TABLES[table]]).to_pylist()
    for number, row in enumerate(rows):
        try:
            content = read_object(row["content"], "entry")
            if canonical(content).decode() != row["content"]:
                raise BadText(_("entry: not in its canonical spelling"))
            for column, name in columns.items():
                if content.get(name) != row[column]:
                    raise BadText(_("entry: {name} is not that of its row", name=name))
            register.apply(content)
            signature = hex_bytes(row["signature"], SIGNATURE_BYTES, "signature")
        except (BadText, IllegalMove) as error:
            yield problem(file, in_row(number), AS_SAID, reason=error)
            return False
        public = simulation_key(seed, register.signer(content)).public
        signed.append(register.signed(number, public, signature))
    for number, good in enumerate(verify_many(signed)):
        if not good:
            yield problem(
                file, in_row(number), N_("the signature is not the one of {signer}"), signer=signed[number].public.name
            )
            return False
    return True
