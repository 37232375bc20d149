"""`ecny-sandbox audit`: recompute a finished run from its files; make and check the proof of one payment."""

from __future__ import annotations

import json
import os
from typing import Final

import click

from sandbox.cli import options, terminal
from sandbox.language import N_, _

MOST_SHOWN = 20
COVERS: Final = {
    "every_balance": N_("Every balance was worked out again from payments and postings."),
    "least_balances": N_(
        "Every balance holds what payments moved; what moved outside payments (issuance, redemption at "
        "midnight, interest) is not in these files and was not worked out again."
    ),
    "no_balances": N_("Not all payments are recorded, so balances were not worked out again from them."),
}
"""What is said of how far balances were worked out again."""


@click.command(
    name="audit",
    help=_(
        "Recheck the finished run RUN: journal, keys, money.\n\nEverything is recomputed from the files of "
        "the folder alone, and the first block, row or balance that does not hold is named. RUN may also "
        "be a file with a proof, as --proof prints it: then the payment that it proves is printed.\n\nExit "
        "status: 0 everything holds, 1 something does not, 2 this is no finished run."
    ),
)
@click.argument("run", type=click.Path())
@options.option(
    "--proof",
    "payment_id",
    type=options.Whole(min=0),
    metavar="PAYMENT",
    help=_("Print a proof that this payment (its payment_id) is in the journal, as JSON."),
)
@options.option("--json", "as_json", is_flag=True, help=_("Print what was found as JSON."))
def command(run: str, payment_id: int | None, as_json: bool) -> int:
    if payment_id is not None:
        return _make_proof(run, payment_id)
    return _check_proof(run) if os.path.isfile(run) else _audit(run, as_json)


def _audit(run: str, as_json: bool) -> int:
    from sandbox.audit.auditor import audit
    from sandbox.cli.failures import FAILED, blaming

    with blaming(run):
        found = audit(run)
    if as_json:
        content = {
            "ok": found.ok, "payments": found.payments, "blocks": found.blocks, "tables": found.tables,
            "signatures": found.signatures, "covers": found.covers,
            "problems": [{"file": one.file, "place": one.place, "what": str(one)} for one in found.problems],
        }  # fmt: skip
        terminal.tell_json(content)
        return 0 if found.ok else FAILED
    if found.ok:
        looked_at = {name: f"{getattr(found, name):,}" for name in ("payments", "blocks", "tables", "signatures")}
        message = N_(
            "{run}: everything holds (payments: {payments}, blocks: {blocks}, tables: {tables}, signatures: "
            "{signatures})"
        )
        terminal.tell(_(message, run=run, **looked_at))
        terminal.tell(_(COVERS[found.covers]))
        return 0
    for one in found.problems[:MOST_SHOWN]:
        terminal.complain(f"{run}/{one}")
    if len(found.problems) > MOST_SHOWN:
        terminal.complain(_("... and {count} more", count=f"{len(found.problems) - MOST_SHOWN:,}"))
    message = N_(
        "{run}: does not hold. Take a sound copy, or run its scenario.yaml again; docs/audit.md says "
        "what each line means"
    )
    terminal.complain(_(message, run=run))
    return FAILED


def _make_proof(run: str, payment_id: int) -> int:
    from sandbox.audit.proof import make_proof
    from sandbox.cli.failures import blaming
    from sandbox.records import open_run

    with blaming(run):
        proof = make_proof(open_run(run).path, payment_id)
    terminal.tell_json(proof)
    return 0


def _check_proof(file: str) -> int:
    from sandbox.audit.proof import MOST_BYTES, BadProof, check_proof
    from sandbox.cli.failures import BAD_INPUT, FAILED
    from sandbox.files import BadFile, read_ordinary

    try:
        data = read_ordinary(file, MOST_BYTES)
        payment = check_proof(data)
    except BadFile:
        terminal.complain(f"{file}: {_('no file of at most {limit} bytes, as a proof is', limit=f'{MOST_BYTES:,}')}")
        return FAILED
    except OSError as error:
        terminal.complain(_("ecny-sandbox: {message}", message=f"{file}: {error.strerror}"))
        return BAD_INPUT
    except BadProof as error:
        terminal.complain(f"{file}: {error}")
        return FAILED
    terminal.tell_json(payment)
    terminal.complain(
        _("proved, if {key} is the key of the run's ledger", key=json.loads(data)["header"]["key"]["public"])
    )
    return 0
