"""`ecny-sandbox verify`: recompute a finished run from its files; make and check the proof of one payment."""

from __future__ import annotations

import json
import os

import click

from sandbox.cli import options, terminal
from sandbox.cli.text import text

MOST_SHOWN = 20
COVERS = (
    ("every_balance", "verify.every_balance"),
    ("least_balances", "verify.least_balances"),
    ("no_balances", "verify.no_balances"),
)
"""What is said of how far balances were worked out again."""


@click.command(name="verify", help=text("verify.help"))
@click.argument("run", type=click.Path())
@click.option("--proof", "payment_id", type=options.Whole(min=0), metavar="PAYMENT", help=text("verify.proof"))
@click.option("--json", "as_json", is_flag=True, help=text("verify.json"))
def command(run: str, payment_id: int | None, as_json: bool) -> int:
    if payment_id is not None:
        return _make_proof(run, payment_id)
    return _check_proof(run) if os.path.isfile(run) else _verify(run, as_json)


def _verify(run: str, as_json: bool) -> int:
    from sandbox.cli.failures import FAILED, blaming
    from sandbox.verify.check import verify

    with blaming(run):
        found = verify(run)
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
        terminal.tell(text("verify.ok", run=run, **looked_at))
        terminal.tell(text(dict(COVERS)[found.covers]))
        return 0
    for one in found.problems[:MOST_SHOWN]:
        terminal.complain(f"{run}/{one}")
    if len(found.problems) > MOST_SHOWN:
        terminal.complain(text("verify.more", count=f"{len(found.problems) - MOST_SHOWN:,}"))
    terminal.complain(text("verify.fails", run=run))
    return FAILED


def _make_proof(run: str, payment_id: int) -> int:
    from sandbox.cli.failures import blaming
    from sandbox.records import open_run
    from sandbox.verify.proof import make_proof

    with blaming(run):
        proof = make_proof(open_run(run).path, payment_id)
    terminal.tell_json(proof)
    return 0


def _check_proof(file: str) -> int:
    from sandbox.cli.failures import BAD_INPUT, FAILED
    from sandbox.files import BadFile, read_ordinary
    from sandbox.verify.proof import MOST_BYTES, BadProof, check_proof

    try:
        data = read_ordinary(file, MOST_BYTES)
        payment = check_proof(data)
    except BadFile:
        terminal.complain(f"{file}: {text('verify.no_proof_file', limit=f'{MOST_BYTES:,}')}")
        return FAILED
    except OSError as error:
        terminal.complain(text("error", message=f"{file}: {error.strerror}"))
        return BAD_INPUT
    except BadProof as error:
        terminal.complain(f"{file}: {error}")
        return FAILED
    terminal.tell_json(payment)
    terminal.complain(text("verify.proved", key=json.loads(data)["header"]["key"]["public"]))
    return 0
