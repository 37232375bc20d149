"""A run's pending transfers against themselves and everything beside them: each ended in one way and all of its money
is accounted for; each escrow took, gave and holds what they say; who paid in and who was paid; the log of what was
opened and ended; the summary. The first that does not hold is named.

Who was paid is known exactly where that account may hold any sum. What a wallet may not hold goes to the bank behind
it, so that a wallet may have got less than its pendings say, and banks have got the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from sandbox.audit.arrow import Flags, Texts, numbers, read, texts
from sandbox.audit.counts import differ
from sandbox.audit.joint import Audit, Folder
from sandbox.audit.paid import settled_payments
from sandbox.audit.problems import Problem, in_row, problem, wrong_figure
from sandbox.core.draws import Int64Array
from sandbox.features.contracts.accounts import ESCROW, SUB_WALLET, TREASURY
from sandbox.language import N_
from sandbox.tables import TABLES, table_file
from wallets.strict_json import read_object

VOUCHERS: Final = table_file("vouchers")
CONTRACTS: Final = table_file("contracts")
EVENTS: Final = table_file("events")
POSTINGS: Final = table_file("postings")
LEDGER: Final = table_file("ledger")
WALLETS: Final = ("wallet", "corporate")
"""Kinds of accounts that may not hold any sum."""
ENDINGS: Final = ("open", "posted", "voided", "expired")
NOBODY: Final = -1
Sums = tuple[Int64Array, Int64Array, Int64Array]
"""Escrows, accounts and sums between them."""
SUMS: Final = ("amount_fen", "spent_fen", "returned_fen")
_ESCROW_SUMS: Final = N_("the escrow {name} {found} fen; by its pending transfers {said} fen")
_PAIR: Final = N_("escrow {escrow} {way} {found} fen {by} account {account}; by these rows {said} fen")
_EVENT: Final = N_("{contract}, {event} at {at_us} us ({reason}): {name} is {rest} more than in the table of vouchers")


@dataclass(frozen=True)
class Vouchers:
    """`vouchers.parquet`, and of each row the account that holds its money."""

    table: pa.Table
    amount: Int64Array
    spent: Int64Array
    returned: Int64Array
    issuer: Int64Array
    payee: Int64Array
    ending: Texts
    contract: Texts
    escrow: Int64Array

    @property
    def held(self) -> Int64Array:
        """What has neither gone nor come back."""
        return np.asarray(self.amount - self.spent - self.returned)


@dataclass(frozen=True)
class Ledger:
    """What the ledger says of accounts."""

    kinds: Texts
    opening: Int64Array
    debits: Int64Array
    credits: Int64Array
    closing: Int64Array
    escrows: dict[str, int]
    """Escrow account of each contract."""

    def __len__(self) -> int:
        return len(self.closing)


def audit(run: Folder) -> Iterator[Problem]:
    """Everything about a run's pending transfers; nothing if it has none."""
    folder = run.path
    if not (folder / VOUCHERS).is_file():
        return
    ledger = _ledger(folder)
    vouchers = _read(folder, ledger)
    recorded = run.everything and (folder / POSTINGS).is_file()
    flows = _flows(folder, vouchers, ledger) if recorded else ()
    first = next(chain(_rows(vouchers, ledger), _escrows(vouchers, ledger), flows, _events(folder, vouchers)), None)
    yield from _totals(folder, vouchers, run.summary) if first is None else [first]


def _ledger(folder: Path) -> Ledger:
    table = read(folder, "ledger", ["kind", "owner", "opening_fen", "debits_fen", "credits_fen", "closing_fen"])
    kinds, owners = texts(table, "kind"), table.column("owner")
    accounts = np.flatnonzero(kinds.among(ESCROW)).tolist()
    return Ledger(
        kinds=kinds,
        opening=numbers(table, "opening_fen"),
        debits=numbers(table, "debits_fen"),
        credits=numbers(table, "credits_fen"),
        closing=numbers(table, "closing_fen"),
        escrows={owners[one].as_py().removeprefix("escrow of "): one for one in accounts},
    )


def _read(folder: Path, ledger: Ledger) -> Vouchers:
    table = read(folder, "vouchers", [column.name for column in TABLES["vouchers"]])
    contract, shared = texts(table, "contract"), texts(table, "kind").among("sub_wallets")
    of_contract = np.array([ledger.escrows.get(str(name), NOBODY) for name in contract.names] or [NOBODY])
    return Vouchers(
        table=table,
        amount=numbers(table, "amount_fen"),
        spent=numbers(table, "spent_fen"),
        returned=numbers(table, "returned_fen"),
        issuer=numbers(table, "issuer"),
        payee=numbers(table, "payee"),
        ending=texts(table, "ending"),
        contract=contract,
        escrow=np.where(shared, numbers(table, "holder"), of_contract[contract.codes]),
    )


# --- one by one -------------------------------------------------------------------------------------------------------


def _rows(vouchers: Vouchers, ledger: Ledger) -> Iterator[Problem]:
    """Each by itself."""
    table, ending, is_open = vouchers.table, vouchers.ending, vouchers.ending.among("open")
    number, refused, created, ended = (
        numbers(table, name) for name in ("voucher", "refused", "created_at_us", "ended_at_us")
    )
    amount, spent, returned, held = vouchers.amount, vouchers.spent, vouchers.returned, vouchers.held
    has_ended, has_reason = (~table.column(name).is_null().to_numpy() for name in ("ended_at_us", "reason"))
    shared = texts(table, "kind").among("sub_wallets")
    wrong = (
        (N_("vouchers are not numbered from 0"), number != np.arange(number.size)),
        (N_("an amount is below zero"), (amount <= 0) | (spent < 0) | (returned < 0) | (held < 0) | (refused < 0)),
        (N_("its ending is none of posted, voided, expired, open"), ~ending.among(*ENDINGS)),
        (N_("it has ended, and spent and returned are not its amount"), ~is_open & (held != 0)),
        (N_("posted is that of which nothing came back"), ~is_open & (ending.among("posted") != (returned == 0))),
        (N_("it is open and has a time of its ending, or has ended and has none"), is_open == has_ended),
        (N_("it has ended, and there is no reason"), ~is_open & ~has_reason),
        (N_("it ended before it was opened"), (created < 0) | (has_ended & (ended < created))),
        (N_("its contract has no escrow"), ~_of_kind(ledger, vouchers.escrow, ESCROW) & ~shared),
        (N_("its holder is no sub-wallet"), ~_of_kind(ledger, vouchers.escrow, SUB_WALLET) & shared),
        (N_("its issuer is no account that pays into contracts"),
         ~_of_kind(ledger, vouchers.issuer, *WALLETS, TREASURY)),
        (N_("its holder is not who holds one of its kind"), ~_is_its_holder(vouchers, ledger)),
        (N_("its payee is none that one of its kind has"), ~_is_its_payee(vouchers, ledger)),
    )  # fmt: skip
    for reason, rows in wrong:
        if rows.any():
            yield problem(VOUCHERS, in_row(int(np.argmax(rows))), reason)


def _is_its_holder(vouchers: Vouchers, ledger: Ledger) -> Flags:
    """A sub-wallet, who got a voucher, nobody, or who paid in."""
    kinds, holder = texts(vouchers.table, "kind"), numbers(vouchers.table, "holder")
    good = holder == vouchers.issuer
    for found, one in (
        (_of_kind(ledger, holder, SUB_WALLET), ("sub_wallets",)),
        (_of_kind(ledger, holder, "wallet"), ("subsidies",)),
        (holder == NOBODY, ("gifts", "dividends")),
    ):
        good = np.where(kinds.among(*one), found, good)
    return np.asarray(good)


def _is_its_payee(vouchers: Vouchers, ledger: Ledger) -> Flags:
    """An office, nobody, or a merchant."""
    kinds, payee = texts(vouchers.table, "kind"), vouchers.payee
    several = kinds.among("gifts", "dividends", "subsidies")
    one = np.where(kinds.among("fees"), _of_kind(ledger, payee, TREASURY), _of_kind(ledger, payee, "merchant"))
    return np.asarray(np.where(several, payee == NOBODY, one))


def _of_kind(ledger: Ledger, accounts: Int64Array, *kinds: str) -> Flags:
    """Which of these are accounts of these kinds."""
    found = (accounts >= 0) & (accounts < len(ledger))
    found[found] = ledger.kinds.among(*kinds)[accounts[found]]
    return np.asarray(found)


# --- escrows ----------------------------------------------------------------------------------------------------------


def _escrows(vouchers: Vouchers, ledger: Ledger) -> Iterator[Problem]:
    """Every escrow took what its pendings were opened with, gave what was spent and returned, and holds the rest."""
    theirs = np.flatnonzero(ledger.kinds.among(ESCROW, SUB_WALLET))
    for name, of_pendings, of_ledger in (
        ("took in", vouchers.amount, ledger.credits),
        ("gave", vouchers.spent + vouchers.returned, ledger.debits),
        ("holds", vouchers.held, ledger.closing - ledger.opening),
    ):
        said = _by_account(vouchers.escrow, of_pendings, len(ledger))[theirs]
        wrong = np.flatnonzero(said != of_ledger[theirs])
        for at in wrong[:1].tolist():
            account, found = int(theirs[at]), int(of_ledger[theirs[at]])
            yield problem(LEDGER, in_row(account), _ESCROW_SUMS, name=name, found=found, said=int(said[at]))


def _by_account(accounts: Int64Array, values: Int64Array, count: int) -> Int64Array:
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, accounts, values)
    return sums


def _flows(folder: Path, vouchers: Vouchers, ledger: Ledger) -> Iterator[Problem]:
    """Between each escrow and each account: what was paid in, and what went there."""
    holds = ledger.kinds.among(ESCROW, SUB_WALLET)
    payers, payees, fen, at_us = _moved(folder, np.flatnonzero(holds))
    into, out = holds[payees], holds[payers]
    yield from _lodged(vouchers, ledger, payers, payees, fen, at_us)
    pairs: list[Sums] = [(vouchers.escrow, vouchers.issuer, vouchers.amount)]
    yield from _pairs(pairs, (payees[into], payers[into], fen[into]), ledger, "was paid", "by", exact=True)
    # Who gets parts of some is told by no row: of these only what governments get back is known.
    named = vouchers.payee != NOBODY
    known = named | ledger.kinds.among(TREASURY)[vouchers.issuer]
    pairs = [
        (vouchers.escrow[known], vouchers.issuer[known], vouchers.returned[known]),
        (vouchers.escrow[named], vouchers.payee[named], vouchers.spent[named]),
    ]
    tells = np.zeros(len(ledger), dtype=np.bool_)
    tells[vouchers.escrow[named]] = True
    out &= tells[payers] | ledger.kinds.among(TREASURY)[payees]
    yield from _pairs(pairs, (payers[out], payees[out], fen[out]), ledger, "paid", "to", exact=False)


def _lodged(vouchers: Vouchers, ledger: Ledger, *moved: Int64Array) -> Iterator[Problem]:
    """Each payment into a sub-wallet is opened as one pending at the very microsecond."""
    shared = ledger.kinds.among(SUB_WALLET)
    mine = shared[moved[1]]
    paid = Counter(zip(*(column[mine].tolist() for column in moved), strict=True))
    created = numbers(vouchers.table, "created_at_us")
    columns = (vouchers.issuer, vouchers.escrow, vouchers.amount, created)
    for row in np.flatnonzero(shared[vouchers.escrow]).tolist():
        key = tuple(int(column[row]) for column in columns)
        if not paid[key]:
            reason = N_("no payment into its sub-wallet was of this sum at this time")
            yield problem(VOUCHERS, in_row(row), reason)
        paid[key] -= 1


def _moved(folder: Path, escrows: Int64Array) -> tuple[Int64Array, Int64Array, Int64Array, Int64Array]:
    """Payer, payee, sum and time of all that moved from or to these accounts."""
    names = ("payer", "payee", "amount_fen", "at_us")
    postings = read(folder, "postings", list(names))
    posted = np.stack([numbers(postings, name) for name in names])
    posted = posted[:, np.isin(posted[0], escrows) | np.isin(posted[1], escrows)]
    settled = settled_payments(folder, payers=escrows.tolist(), payees=escrows.tolist()).values()
    paid = np.array(list(settled), dtype=np.int64).reshape(-1, len(names)).T
    payers, payees, fen, at_us = np.concatenate([posted, paid], axis=1)
    return payers, payees, fen, at_us


def _pairs(
    said: list[Sums], found: Sums, ledger: Ledger, way: str, by: str, exact: bool
) -> Iterator[Problem]:  # fmt: skip
    """Sums by escrow and account: the same, but for wallets, which may have got less where a bank took the rest."""
    sums: dict[tuple[int, int], list[int]] = {}
    for place, (escrows, accounts, fen) in ((0, found), *((1, one) for one in said)):
        for escrow, account, amount in zip(escrows.tolist(), accounts.tolist(), fen.tolist(), strict=True):
            sums.setdefault((escrow, account), [0, 0])[place] += amount
    banks, wallets = ledger.kinds.among("institution"), ledger.kinds.among(*WALLETS)
    for (escrow, account), (moved, due) in sorted(sums.items()):
        less = not exact and wallets[account] and moved < due
        if moved != due and not less and (exact or not banks[account]):
            values = {"way": way, "by": by, "account": account, "found": moved, "said": due}
            yield problem(VOUCHERS, "", _PAIR, escrow=escrow, **values)


# --- log and summary --------------------------------------------------------------------------------------------------


def _events(folder: Path, vouchers: Vouchers) -> Iterator[Problem]:
    """What the log says was opened and ended, when and why, are the rows. Sub-wallets tell of their endings alone."""
    said: Counter[tuple[Any, ...]] = Counter()
    events = read(folder, "events", ["at_us", "actor", "event", "subject", "detail"])
    for row in events.filter(pa.array(texts(events, "actor").among("contract"))).to_pylist():
        if row["event"] in ("opened", *ENDINGS[1:]):
            detail = read_object(row["detail"] or "{}", "detail")
            key = (row["subject"], row["at_us"], row["event"], str(detail["reason"]) if "reason" in detail else None)
            for name in ("count", *SUMS):
                said[*key, name] += int(str(detail.get(name, 0)))
    names = ("contract", "kind", "created_at_us", "ended_at_us", "ending", "reason", *SUMS)
    rows = zip(*(vouchers.table.column(name).to_pylist() for name in names), strict=True)
    for contract, kind, created, ended, ending, reason, amount, spent, returned in rows:
        if kind != "sub_wallets":
            said[contract, created, "opened", None, "count"] -= 1
            said[contract, created, "opened", None, "amount_fen"] -= amount
        if ending != "open":
            for name, value in (("count", 1), ("spent_fen", spent), ("returned_fen", returned)):
                said[contract, ended, ending, reason, name] -= value
    for (contract, at_us, event, reason, name), rest in said.items():
        if rest:
            values = {"contract": contract, "at_us": at_us, "event": event, "reason": reason or "-", "name": name}
            yield problem(EVENTS, "", _EVENT, rest=rest, **values)


def _totals(folder: Path, vouchers: Vouchers, summary: Mapping[str, Any] | None) -> Iterator[Problem]:
    """Sums of the summary, and the last bins of each kind."""
    said = summary.get("contracts") if summary is not None else None
    if isinstance(said, dict):
        sums = {**_sums(vouchers, slice(None)), "returned_by_reason_fen": _returned(vouchers)}
        yield from differ(said, VOUCHERS, sums, "contracts")
        yield from differ(said, CONTRACTS, {"held_most_fen": _held_most(folder)}, "contracts")
        contracts = said.get("contracts")
        for one in contracts if isinstance(contracts, list) else []:
            if isinstance(one, dict):
                name = f"contracts[{one.get('name')}]"
                mine = vouchers.contract.among(str(one.get("name")))
                yield from differ(one, VOUCHERS, {**_sums(vouchers, mine), "endings": _endings(vouchers, mine)}, name)
    kinds = texts(vouchers.table, "kind")
    table = read(folder, "contracts", ["kind", "held_fen", "spent_fen", "returned_fen"]).to_pylist()
    last = {row["kind"]: row for row in table}
    for kind, row in last.items():
        of_kind = _sums(vouchers, kinds.among(kind))
        for name in ("held_fen", "spent_fen", "returned_fen"):
            if row[name] != of_kind[name]:
                yield wrong_figure(CONTRACTS, "", f"{name} of {kind}, the last", row[name], VOUCHERS, of_kind[name])


def _held_most(folder: Path) -> int:
    """The most that the kinds held together at the end of a bin."""
    held: Counter[int] = Counter()
    for row in read(folder, "contracts", ["at_us", "held_fen"]).to_pylist():
        held[row["at_us"]] += row["held_fen"]
    return max(held.values(), default=0)


def _returned(vouchers: Vouchers) -> dict[str, int]:
    """What went back (fen), by reason."""
    reasons = texts(vouchers.table, "reason")
    by_reason = {str(name): int(vouchers.returned[reasons.codes == at].sum()) for at, name in enumerate(reasons.names)}
    return {name: fen for name, fen in by_reason.items() if fen}


def _endings(vouchers: Vouchers, mine: Flags) -> dict[str, Any]:
    """What has ended of these, by ending and reason."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    columns = (vouchers.table.column(name).to_pylist() for name in ("ending", "reason"))
    for ending, reason, spent, returned, one in zip(*columns, vouchers.spent, vouchers.returned, mine, strict=True):
        if one and ending != "open":
            none = {"count": 0, "spent_fen": 0, "returned_fen": 0}
            sums = found.setdefault(ending, {}).setdefault(reason, none)
            for name, value in (("count", 1), ("spent_fen", spent), ("returned_fen", returned)):
                sums[name] += int(value)
    return found


def _sums(vouchers: Vouchers, which: Any) -> dict[str, int]:
    """Figures of the summary of some of the rows."""
    amount, spent, returned = (
        int(column[which].sum()) for column in (vouchers.amount, vouchers.spent, vouchers.returned)
    )
    endings = {name: int(np.count_nonzero(vouchers.ending.among(name)[which])) for name in ENDINGS}
    sums = dict(zip(SUMS, (amount, spent, returned), strict=True))
    return {"count": sum(endings.values()), **endings, **sums, "held_fen": amount - spent - returned}


AUDIT: Final = Audit("vouchers", audit)
