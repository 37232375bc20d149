"""A data exchange's register and the payment ledger's anchors, worked out again from the tables alone.

In this order: every entry of the register (spelling, chain, what it says, the exchange's signature) with the trades
that follow from them; the anchors among the events (chain, batch, root, the ledger's signature) and their recognition;
the rows of `data_trades`; what each of the people got of a pay-out; the payments into escrow and the receipts, where
every payment is recorded; what left escrow and pool, and when; the summary. The first that does not hold is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from sandbox.audit.arrow import numbers, read
from sandbox.audit.counts import differ
from sandbox.audit.joint import Audit, Folder
from sandbox.audit.paid import Settled, accounts_of_kind, settled_payments
from sandbox.audit.problems import AS_SAID, Problem, first_wrong_row, in_row, of_payment, problem
from sandbox.audit.registers import read_register
from sandbox.core.moves import IllegalMove, in_proportion
from sandbox.features.data_exchange.anchors import (
    ANCHORED,
    AnchorRegister,
    DataRegister,
    Due,
    PayOutShares,
    receipts_of,
)
from sandbox.features.data_exchange.results import ENTRY_COLUMNS, ExchangeState, exchange_rows, exchange_summary
from sandbox.features.data_exchange.trade import PEOPLE
from sandbox.journal.chain import ledger_key
from sandbox.language import N_, _
from sandbox.tables import TABLES, table_file
from wallets.signatures import SIGNATURE_BYTES, verify_many
from wallets.strict_json import BadText, hex_bytes, read_object

REGISTER: Final = table_file("data_register")
TRADES: Final = table_file("data_trades")
SHARES: Final = table_file("data_shares")
EVENTS: Final = table_file("events")
POSTINGS: Final = table_file("postings")
LEDGER: Final = table_file("ledger")
PAYMENTS: Final = table_file("payments")


def audit(run: Folder) -> Iterator[Problem]:
    """Everything about a run's data exchange; nothing if it has none."""
    folder, seed, summary = run.path, run.seed, run.summary
    if seed is None or not (folder / REGISTER).is_file() or not (folder / TRADES).is_file():
        return
    register = DataRegister()
    columns = {name: name for name in ENTRY_COLUMNS}
    if not (yield from read_register(folder, "data_register", columns, register, seed)):
        return
    anchors = AnchorRegister()
    anchored_us: dict[int, int] = {}
    for one in _anchor_events(folder):
        bad = _next_anchor(one, anchors, register, seed)
        if bad is not None:
            yield bad
            return
        number = len(anchors.entries) - 1
        anchored_us.update(dict.fromkeys(register.batches[number], one[1]))
    if len(anchors.entries) != len(register.batches):
        yield problem(
            EVENTS,
            "",
            N_("the ledger anchored {found} batches; the register has {said}"),
            found=len(anchors.entries),
            said=len(register.batches),
        )
        return
    yield from _trades(folder, register, anchored_us)
    shares: list[PayOutShares] = []
    for found in _shares(folder, register, shares):
        yield found
        return
    if run.everything:
        yield from _receipts(folder, register, anchors)
    if not register.trades:
        return
    closing = _closing(folder)
    escrow = next(iter(register.trades.values())).terms.escrow
    yield from _releases(folder, register, escrow, closing)
    yield from _people(folder, register, shares, escrow + PEOPLE, closing)
    if summary is not None:
        state = ExchangeState(register, anchored_us, closing[escrow], shares)
        yield from islice(differ(summary, REGISTER, exchange_summary(state)), 1)


def _anchor_events(folder: Path) -> Iterator[tuple[int, int, str | None]]:
    table = read(folder, "events", ["at_us", "actor", "event", "detail"])
    for row, (at_us, actor, event, detail) in enumerate(
        zip(*(table.column(name).to_pylist() for name in ("at_us", "actor", "event", "detail")), strict=True)
    ):
        if actor == "ledger" and event == ANCHORED:
            yield row, at_us, detail


def _next_anchor(
    one: tuple[int, int, str | None], anchors: AnchorRegister, register: DataRegister, seed: int
) -> Problem | None:  # fmt: skip
    """An anchor against the register's batch and recognition of that number."""
    row, at_us, detail = one
    place, number = in_row(row), len(anchors.entries)
    try:
        said = read_object(detail or "", "anchor")
        signature = hex_bytes(str(said.pop("signature", "")), SIGNATURE_BYTES, "anchor: signature")
        anchor = anchors.apply({**said, "at_us": at_us})
    except (BadText, IllegalMove) as error:
        return problem(EVENTS, place, AS_SAID, reason=_("anchor {number}: {error}", number=number, error=error))
    if number >= len(register.batches):
        return problem(EVENTS, place, N_("the register has no batch {number}"), number=number)
    batch = register.closed[number]
    expected = {"batch": batch.hash.hex(), "root": batch.content["root"], "at_us": batch.content["at_us"]}
    for name, value in expected.items():
        if anchor.content[name] != value:
            return problem(
                EVENTS, place, N_("its {name} is not that of the register's batch {number}"), name=name, number=number
            )
    if not verify_many([anchors.signed(number, ledger_key(seed).public, signature)])[0]:
        return problem(EVENTS, place, N_("the signature is not the one of {signer}"), signer="the ledger")
    if register.recognised.get(number) != anchor.hash:
        return problem(
            REGISTER,
            in_row(batch.content["entry"] + 1),
            N_("the register does not recognise the ledger's anchor {anchor}"),
            anchor=number,
        )
    return None


def _trades(folder: Path, register: DataRegister, anchored_us: dict[int, int]) -> Iterator[Problem]:
    """The table of trades against what follows from the register."""
    names = [column.name for column in TABLES["data_trades"]]
    said, columns = read(folder, "data_trades", names).to_pylist(), exchange_rows(register, anchored_us)
    found = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    yield from first_wrong_row(TRADES, said, REGISTER, found)


def _shares(folder: Path, register: DataRegister, shares: list[PayOutShares]) -> Iterator[Problem]:
    """The table of pay-outs to people against the register: its digests, whole sums, shares in proportion to use."""
    table = read(folder, "data_shares", [column.name for column in TABLES["data_shares"]])
    number, at_us, *columns = (numbers(table, name) for name in ("pay_out", "at_us", "account", "used", "amount_fen"))
    products = np.array(table.column("product").to_pylist(), dtype=object)
    edges = np.searchsorted(number, np.arange(len(register.pay_outs) + 1))
    if number.size and (np.any(np.diff(number) < 0) or number[0] < 0 or number[-1] >= len(register.pay_outs)):
        yield problem(
            SHARES,
            "",
            N_("pay-out {pay_out} to people: {reason}"),
            pay_out=int(number[-1]),
            reason=_("not in order, or not in the register"),
        )
        return
    for place, one in enumerate(register.pay_outs):
        rows = slice(int(edges[place]), int(edges[place + 1]))
        found = PayOutShares(*(column[rows] for column in columns))
        wrong = None
        if found.accounts.size != one.wallets or found.digest() != one.shares:
            wrong = "its rows are not those that the register has the digest of"
        elif np.any(at_us[rows] != one.at_us) or np.any(products[rows] != one.product):
            wrong = "its time or product is not that of the register"
        elif np.any(found.amounts_fen != in_proportion(one.amount_fen, found.used)):
            wrong = f"its shares are not {one.amount_fen} fen in proportion to use"
        if wrong is not None:
            yield problem(
                SHARES, in_row(rows.start), N_("pay-out {pay_out} to people: {reason}"), pay_out=place, reason=wrong
            )
            return
        shares.append(found)


def _receipts(folder: Path, register: DataRegister, anchors: AnchorRegister) -> Iterator[Problem]:
    """What the ledger says was paid, against the payments: each when the register says, and none beside."""
    paid = settled_payments(folder, payees=accounts_of_kind(folder, "data_escrow"))
    left = dict(paid)
    for trade in register.trades.values():
        one, number = trade.terms, trade.payment
        if number is None:
            continue
        if left.pop(number, None) != Settled(one.buyer, one.escrow, one.price_fen, trade.held_us or 0):
            yield problem(
                REGISTER,
                "",
                N_("{about}: no money moved as payment {payment} says"),
                about=f"trade {one.trade}",
                payment=number,
            )
            return
    for number, settled in left.items():
        yield problem(
            PAYMENTS,
            of_payment(number),
            N_("account {payer} paid account {payee}, and no entry of the register says what for"),
            payer=settled.payer,
            payee=settled.payee,
        )
        return
    for number, trades in enumerate(register.batches):
        payments = [register.trades[one].payment for one in trades]
        rows = [(payment, *paid[payment]) for payment in payments if payment is not None]
        if receipts_of(rows).hex() != anchors.entries[number].content["receipts"]:
            yield problem(
                EVENTS, _("anchor {number}", number=number), N_("its receipts are not the payments of its invoices")
            )
            return


def _closing(folder: Path) -> dict[int, int]:
    accounts = read(folder, "ledger", ["account", "closing_fen"])
    return dict(zip(*(accounts.column(name).to_pylist() for name in ("account", "closing_fen")), strict=True))


def _posted(folder: Path, payer: int) -> list[Due]:
    """What one account paid outside payments, in order."""
    table = read(folder, "postings", ["at_us", "payer", "payee", "amount_fen"])
    mine = numbers(table, "payer") == payer
    columns = (numbers(table, name)[mine].tolist() for name in ("at_us", "payee", "amount_fen"))
    return [Due(*row) for row in zip(*columns, strict=True)]


def _releases(folder: Path, register: DataRegister, escrow: int, closing: Mapping[int, int]) -> Iterator[Problem]:
    """What left the escrow went to whom the trades say and not before they said so; what has not is what they hold, or
    waits for a frozen account."""
    dues = iter([*register.dues, Due(2**63, 0, 0)])
    ahead, owed, gone = next(dues), Counter[int](), Counter[int]()
    for one in _posted(folder, escrow):
        while ahead.at_us <= one.at_us:
            owed[ahead.payee] += ahead.amount_fen
            ahead = next(dues)
        gone[one.payee] += one.amount_fen
        if gone[one.payee] > owed[one.payee]:
            values = {"account": one.payee, "found": gone[one.payee], "said": owed[one.payee]}
            yield problem(
                POSTINGS,
                _("at {at_us} us", at_us=one.at_us),
                N_("the escrow had paid account {account} {found} fen by then; by the register {said} fen"),
                **values,
            )
            return
    held = sum(one.terms.price_fen for one in register.trades.values() if one.payment is not None) - gone.total()
    if closing.get(escrow) != held:
        yield problem(
            LEDGER,
            in_row(escrow),
            N_("the escrow holds {found} fen; by the register {said} fen"),
            found=closing.get(escrow),
            said=held,
        )


def _people(
    folder: Path, register: DataRegister, shares: list[PayOutShares], pool: int, closing: Mapping[int, int]
) -> Iterator[Problem]:
    """What left the pool went to people's wallets as far as shares go, or to the institutions behind them (what a
    wallet may not hold, in all no more than is owed)."""
    owed, gone = Counter[int](), Counter[int]()
    for one in shares:
        for account, amount in zip(one.accounts.tolist(), one.amounts_fen.tolist(), strict=True):
            owed[account] += amount
    institutions = set(accounts_of_kind(folder, "institution"))
    for posting in _posted(folder, pool):
        gone[posting.payee] += posting.amount_fen
    for account, amount in gone.items():
        if account not in institutions and amount > owed[account]:
            values = {"account": account, "found": amount, "said": owed[account]}
            yield problem(
                POSTINGS,
                "",
                N_("the escrow had paid account {account} {found} fen by then; by the register {said} fen"),
                **values,
            )
            return
    came = sum(one.amount_fen for one in register.dues if one.payee == pool)
    if gone.total() > owed.total() or closing.get(pool) != came - gone.total():
        yield problem(
            LEDGER,
            in_row(pool),
            N_("the pool of the people behind the data holds {found} fen; by the register {said} fen"),
            found=closing.get(pool),
            said=came - owed.total(),
        )


AUDIT: Final = Audit("data_register", audit)
